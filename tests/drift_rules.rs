//! What each kind of change means, written down before it is asked: one table for schemas, one for what stands around them.
//!
//! The table for schemas is judged itself, by a validator that knows nothing of drift: what narrows accepts less.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use sendcloud_integrations::codegen::load;
use sendcloud_integrations::drift::Verdict::{self, Breaking, Compatible, Docs, None as Nothing};
use sendcloud_integrations::drift::{Change, compare};
use serde_json::{Map, Value, json};

const REQUEST: &str = "/components/schemas/integration-model/properties";
const RESPONSE: &str = "/components/schemas/ErrorObject/properties";
const OPERATION: &str = "/paths/~1integrations~1{id}/patch";

fn vendored() -> Value {
    load(include_str!("../openapi/integrations.yaml")).unwrap()
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    compare(old, new).unwrap()
}

fn wire(old: &Value, new: &Value) -> Verdict {
    changes(old, new).iter().map(|change| change.wire).max().unwrap_or_default()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Effect {
    Narrows,
    Widens,
    Both,
}

use Effect::{Both, Narrows, Widens};

impl Effect {
    fn reversed(self) -> Self {
        match self {
            Narrows => Widens,
            Widens => Narrows,
            Both => Both,
        }
    }

    /// For a request, and for a response.
    fn verdicts(self) -> [Verdict; 2] {
        match self {
            Narrows => [Breaking, Compatible],
            Widens => [Compatible, Breaking],
            Both => [Breaking, Breaking],
        }
    }
}

/// A schema before, the same after, and what the change does.
fn schemas() -> Vec<(Value, Value, Effect)> {
    let list = |more: Value| with(json!({ "type": "array" }), more);
    let object = |more: Value| with(json!({ "type": "object" }), more);
    let choice = |more: &[Value]| {
        let two = [json!({ "type": "string", "maxLength": 1 }), json!({ "type": "object" })];
        json!({ "oneOf": ([two.as_slice(), more].concat()) })
    };
    vec![
        (json!({ "type": "string" }), json!({ "type": ["string", "null"] }), Widens),
        (json!({ "type": "string" }), json!({}), Widens),
        (json!({ "type": "integer" }), json!({ "type": "number" }), Widens),
        (json!({ "type": "integer" }), json!({ "type": "string" }), Both),
        (json!({ "type": ["string", "integer"] }), json!({ "type": ["string", "boolean"] }), Both),
        (json!({ "type": "string" }), json!({ "type": "string", "enum": ["a"] }), Narrows),
        (json!({ "enum": ["a", "ab"] }), json!({ "enum": ["a"] }), Narrows),
        (json!({ "enum": ["a"] }), json!({ "enum": ["ab"] }), Both),
        (json!({}), json!({ "const": "a" }), Narrows),
        (json!({ "enum": ["a", 1] }), json!({ "const": 1 }), Narrows),
        (json!({ "const": "a" }), json!({ "const": "ab" }), Both),
        (json!({ "const": { "title": "a" } }), json!({ "const": { "title": "b" } }), Both),
        (json!({ "enum": [{ "title": "a" }] }), json!({ "enum": [{ "title": "b" }, { "title": "a" }] }), Widens),
        (json!({ "enum": ["a"] }), json!({ "enum": ["a", null] }), Widens),
        (json!({ "enum": ["a"] }), json!({ "anyOf": [{ "enum": ["a"] }, { "type": "null" }] }), Widens),
        (json!({ "enum": ["a"] }), json!({ "type": ["string", "null"], "enum": ["a", null] }), Widens),
        (json!({ "const": "a" }), json!({ "oneOf": [{ "const": "a" }, { "const": null }] }), Widens),
        (choice(&[]), json!({ "anyOf": [choice(&[]), { "type": "null" }] }), Widens),
        (choice(&[]), choice(&[json!({ "type": "null" })]), Widens),
        (
            json!({ "not": { "type": "null" } }),
            json!({ "anyOf": [{ "not": { "type": "null" } }, { "type": "null" }] }),
            Widens,
        ),
        (json!({ "minLength": 1 }), json!({ "minLength": 2 }), Narrows),
        (json!({ "type": "string" }), json!({ "type": "string", "minLength": 1 }), Narrows),
        (json!({ "maxLength": 5 }), json!({ "maxLength": 1 }), Narrows),
        (json!({ "type": "string" }), json!({ "type": "string", "pattern": "^a" }), Narrows),
        (json!({ "pattern": "^a" }), json!({ "pattern": "b$" }), Both),
        (json!({ "minimum": 1 }), json!({ "minimum": 2 }), Narrows),
        (json!({ "minimum": 1 }), json!({ "exclusiveMinimum": 1 }), Narrows),
        (json!({ "exclusiveMinimum": 1 }), json!({ "exclusiveMinimum": 2 }), Narrows),
        (json!({ "maximum": 5 }), json!({ "maximum": 4 }), Narrows),
        (json!({ "maximum": 5 }), json!({ "exclusiveMaximum": 5 }), Narrows),
        (json!({ "type": "integer" }), json!({ "type": "integer", "multipleOf": 2 }), Narrows),
        (json!({ "multipleOf": 2 }), json!({ "multipleOf": 4 }), Narrows),
        (json!({ "multipleOf": 2 }), json!({ "multipleOf": 3 }), Both),
        (list(json!({})), list(json!({ "minItems": 1 })), Narrows),
        (list(json!({ "maxItems": 3 })), list(json!({ "maxItems": 1 })), Narrows),
        (list(json!({})), list(json!({ "uniqueItems": true })), Narrows),
        (list(json!({})), list(json!({ "items": { "type": "integer" } })), Narrows),
        (list(json!({ "items": { "type": "integer" } })), list(json!({ "items": { "type": "string" } })), Both),
        (list(json!({ "items": { "minimum": 1 } })), list(json!({ "items": { "minimum": 2 } })), Narrows),
        (list(json!({})), list(json!({ "prefixItems": [{ "type": "integer" }] })), Narrows),
        (
            list(json!({ "prefixItems": [{ "minimum": 1 }] })),
            list(json!({ "prefixItems": [{ "minimum": 2 }] })),
            Narrows,
        ),
        (list(json!({})), list(json!({ "contains": { "type": "string" } })), Narrows),
        (
            list(json!({ "contains": { "type": "integer" } })),
            list(json!({ "contains": { "type": "integer" }, "minContains": 2 })),
            Narrows,
        ),
        (
            list(json!({ "contains": { "type": "integer" } })),
            list(json!({ "contains": { "type": "integer" }, "maxContains": 1 })),
            Narrows,
        ),
        (
            list(json!({ "prefixItems": [{}] })),
            list(json!({ "prefixItems": [{}], "unevaluatedItems": false })),
            Narrows,
        ),
        (object(json!({})), object(json!({ "required": ["a"] })), Narrows),
        (object(json!({})), object(json!({ "additionalProperties": false })), Narrows),
        (object(json!({})), object(json!({ "additionalProperties": { "type": "integer" } })), Narrows),
        (
            object(json!({ "additionalProperties": { "minimum": 1 } })),
            object(json!({ "additionalProperties": { "minimum": 2 } })),
            Narrows,
        ),
        (
            object(json!({ "additionalProperties": { "type": "integer" } })),
            object(json!({ "additionalProperties": false })),
            Narrows,
        ),
        (object(json!({})), object(json!({ "patternProperties": { "^a": { "type": "string" } } })), Narrows),
        (
            object(json!({ "patternProperties": { "^a": { "minimum": 1 } } })),
            object(json!({ "patternProperties": { "^a": { "minimum": 2 } } })),
            Narrows,
        ),
        (object(json!({})), object(json!({ "propertyNames": { "maxLength": 1 } })), Narrows),
        (object(json!({})), object(json!({ "minProperties": 1 })), Narrows),
        (object(json!({})), object(json!({ "maxProperties": 1 })), Narrows),
        (object(json!({})), object(json!({ "dependentRequired": { "a": ["b"] } })), Narrows),
        (object(json!({})), object(json!({ "dependentSchemas": { "a": { "required": ["b"] } } })), Narrows),
        (object(json!({})), object(json!({ "unevaluatedProperties": false })), Narrows),
        (
            object(json!({ "properties": { "a": { "minimum": 1 } } })),
            object(json!({ "properties": { "a": { "minimum": 2 } } })),
            Narrows,
        ),
        (
            json!({ "allOf": [{ "type": "string" }] }),
            json!({ "allOf": [{ "type": "string" }, { "minLength": 1 }] }),
            Narrows,
        ),
        (
            json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
            json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }, { "type": "null" }] }),
            Widens,
        ),
        (json!({ "type": "string" }), json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }), Widens),
        (json!({ "type": "string" }), json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }), Widens),
        (
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string", "minLength": 1 }] }),
            json!({ "oneOf": [{ "type": "string", "minLength": 2 }, { "type": "integer" }] }),
            Narrows,
        ),
        (
            json!({ "oneOf": [{ "minimum": 1 }, { "maximum": 5 }] }),
            json!({ "anyOf": [{ "minimum": 1 }, { "maximum": 5 }] }),
            Widens,
        ),
        (json!({}), json!({ "not": { "type": "string" } }), Narrows),
        (
            json!({ "not": { "type": "string", "maxLength": 1 } }),
            json!({ "not": { "type": "string", "maxLength": 3 } }),
            Narrows,
        ),
        (
            json!({ "if": { "type": "string" } }),
            json!({ "if": { "type": "string" }, "then": { "minLength": 1 } }),
            Narrows,
        ),
        (
            json!({ "if": { "type": "string" } }),
            json!({ "if": { "type": "string" }, "else": { "type": "integer" } }),
            Narrows,
        ),
        (json!(true), json!(false), Narrows),
        (
            json!({ "if": { "type": "string" }, "then": { "minLength": 1 } }),
            json!({ "if": { "type": "string" }, "then": { "minLength": 2 } }),
            Narrows,
        ),
        (
            json!({ "if": { "type": "string" }, "then": { "minLength": 2 }, "else": { "type": "integer" } }),
            json!({ "if": { "type": "boolean" }, "then": { "minLength": 2 }, "else": { "type": "integer" } }),
            Both,
        ),
        // What a schema that goes has kept from the one for all others.
        (
            object(json!({ "additionalProperties": false, "patternProperties": { "^a": {} } })),
            object(json!({ "additionalProperties": false })),
            Narrows,
        ),
        (
            object(
                json!({ "additionalProperties": { "type": "integer" }, "patternProperties": { "^a": { "type": "string" } } }),
            ),
            object(json!({ "additionalProperties": { "type": "integer" } })),
            Both,
        ),
        (
            list(json!({ "prefixItems": [{ "type": "string" }], "items": { "type": "integer" } })),
            list(json!({ "items": { "type": "integer" } })),
            Both,
        ),
        // Of what is counted, more may be too many.
        (
            list(json!({ "contains": { "const": "a" }, "maxContains": 1 })),
            list(json!({ "contains": { "enum": ["a", 1] }, "maxContains": 1 })),
            Both,
        ),
        (
            list(json!({ "contains": { "type": "string" } })),
            list(json!({ "contains": { "type": "string" }, "minContains": 0 })),
            Widens,
        ),
        // What fits two of them is refused.
        (
            object(json!({ "required": ["a", "b"] })),
            object(json!({ "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] })),
            Both,
        ),
        (
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
            json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }, { "type": "string" }] }),
            Both,
        ),
        // Each list by itself.
        (
            json!({ "oneOf": [{ "type": "string", "minLength": 1 }, { "type": "integer" }], "anyOf": [{ "type": "string", "maxLength": 2 }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "type": "string", "minLength": 1 }, { "type": "integer" }], "anyOf": [{ "type": "string", "maxLength": 1 }, { "type": "integer" }] }),
            Narrows,
        ),
        // What is said of a type that was not there before refuses nothing that was.
        (json!({ "type": "string" }), json!({ "type": ["string", "integer"], "minimum": 1 }), Widens),
        (json!({ "type": "string" }), json!({ "type": ["string", "array"], "items": { "type": "string" } }), Widens),
        (json!({ "type": "string" }), json!({ "type": ["string", "object"], "required": ["a"] }), Widens),
        (
            json!({ "type": "string", "maxLength": 1 }),
            json!({ "maxLength": 1, "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
            Widens,
        ),
        // What a combination says is said by all of its members.
        (
            combined([json!({ "multipleOf": 2 })]),
            combined([json!({ "multipleOf": 2 }), json!({ "multipleOf": 3 })]),
            Narrows,
        ),
        (
            combined([json!({ "uniqueItems": false })]),
            combined([json!({ "uniqueItems": false }), json!({ "uniqueItems": true })]),
            Narrows,
        ),
        (
            combined([json!({ "additionalProperties": true })]),
            combined([json!({ "additionalProperties": true }), json!({ "additionalProperties": false })]),
            Narrows,
        ),
        (combined([json!({ "maximum": 5 })]), combined([json!({ "maximum": 5 }), json!({ "maximum": 4 })]), Narrows),
    ]
}

/// Two alternatives, the names of both for their discriminator.
fn told_apart(property: &str, [one, other]: [&str; 2]) -> Value {
    let kinds = json!({ "kind": { "type": "string" }, "sort": { "type": "string" } });
    json!({
        "oneOf": [{ "type": "object", "properties": kinds }, { "type": "array", "items": { "type": "string" } }],
        "discriminator": { "propertyName": property, "mapping": { one: "errors", other: "ErrorObject" } },
    })
}

fn combined<const N: usize>(members: [Value; N]) -> Value {
    json!({ "allOf": members.to_vec() })
}

/// Keywords that a validator takes for annotations, and clients do not.
fn annotations() -> Vec<(Value, Value, Effect)> {
    vec![
        (json!({ "type": "string", "format": "uri" }), json!({ "type": "string" }), Widens),
        (json!({ "type": "string", "format": "date" }), json!({ "type": "string", "format": "date-time" }), Both),
        (json!({ "type": "integer", "format": "int32" }), json!({ "type": "integer", "format": "int64" }), Widens),
        (json!({ "type": "string" }), json!({ "type": "string", "contentEncoding": "base64" }), Narrows),
        (json!({ "contentMediaType": "image/png" }), json!({ "contentMediaType": "image/gif" }), Both),
        (json!({ "contentSchema": { "minimum": 1 } }), json!({ "contentSchema": { "minimum": 2 } }), Narrows),
        (told_apart("kind", ["a", "b"]), told_apart("sort", ["a", "b"]), Both),
        (told_apart("kind", ["a", "b"]), told_apart("kind", ["b", "a"]), Both),
        (
            combined([json!({ "format": "uri" })]),
            combined([json!({ "format": "uri" }), json!({ "format": "email" })]),
            Narrows,
        ),
    ]
}

fn with(mut schema: Value, more: Value) -> Value {
    schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    schema
}

/// The vendored document with a property of this schema.
fn with_property(place: &str, schema: &Value) -> Value {
    let mut document = vendored();
    document.pointer_mut(place).unwrap()["probe"] = schema.clone();
    document
}

/// What the command tells of two documents, and its exit code.
fn told(old: &Value, new: &Value) -> (Option<i32>, Value) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drift-rules");
    std::fs::create_dir_all(&folder).unwrap();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let [old, new] = [("old", old), ("new", new)].map(|(name, document)| {
        let path = folder.join(format!("{name}-{count}.json"));
        std::fs::write(&path, document.to_string()).unwrap();
        path
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-drift"));
    command.args(["check", "--no-regenerate", "--format", "json", "--scope", "all"]);
    let output = command.arg("--vendored").arg(old).arg("--upstream").arg(new).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn text<'v>(change: &'v Value, member: &str) -> &'v str {
    change[member].as_str().unwrap()
}

/// All of the table at once, each row a property of its own.
#[test]
fn each_keyword_is_read_in_two_directions() {
    let rows: Vec<_> = schemas().into_iter().chain(annotations()).collect();
    let document = |side: fn(&(Value, Value, Effect)) -> &Value| {
        let mut document = vendored();
        for (index, row) in rows.iter().enumerate() {
            for place in [REQUEST, RESPONSE] {
                document.pointer_mut(place).unwrap()[format!("probe-{index}")] = side(row).clone();
            }
        }
        document
    };
    let (before, after) = (document(|row| &row.0), document(|row| &row.1));
    for (old, new, is_reversed) in [(&before, &after, false), (&after, &before, true)] {
        let (code, report) = told(old, new);
        assert_eq!(code, Some(1));
        let mut left = report["changes"].as_array().unwrap().clone();
        for (index, (before, after, effect)) in rows.iter().enumerate() {
            let effect = if is_reversed { effect.reversed() } else { *effect };
            for (place, expected) in [REQUEST, RESPONSE].into_iter().zip(effect.verdicts()) {
                let probe = format!("{place}/probe-{index}");
                let of_probe = |change: &Value| {
                    text(change, "pointer")
                        .strip_prefix(&probe)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                let (found, others): (Vec<Value>, Vec<Value>) = left.into_iter().partition(of_probe);
                left = others;
                let worst = [Breaking, Compatible, Docs]
                    .into_iter()
                    .find(|verdict| found.iter().any(|change| text(change, "wire") == verdict.to_string()));
                assert_eq!(worst, Some(expected), "{before} -> {after}, {effect:?} at {place}: {found:#?}");
                assert!(found.iter().all(|change| change["rule"] != "unclassified"), "{found:#?}");
            }
        }
        assert!(left.is_empty(), "{left:#?}");
    }
}

/// Instances of every kind, on either side of each bound in the table.
fn instances() -> Vec<Value> {
    let scalars =
        [json!(null), json!(true), json!(""), json!("a"), json!("ab"), json!("abc"), json!("b"), json!("aaaaaa")];
    let numbers =
        [json!(-1), json!(0), json!(1), json!(1.5), json!(2), json!(3), json!(4), json!(5), json!(6), json!(12)];
    let lists = [
        json!([]),
        json!([1]),
        json!([2]),
        json!(["a"]),
        json!([1, 1]),
        json!([1, 2]),
        json!([1, "a"]),
        json!(["a", 1, 2, 3]),
    ];
    let objects = [
        json!({}),
        json!({ "a": 1 }),
        json!({ "a": 2 }),
        json!({ "a": "x" }),
        json!({ "b": 1 }),
        json!({ "a": 1, "b": 1 }),
        json!({ "ab": 2 }),
        json!({ "b": "x" }),
        json!({ "title": "a" }),
        json!({ "title": "b" }),
    ];
    scalars.into_iter().chain(numbers).chain(lists).chain(objects).collect()
}

#[test]
fn the_table_tells_the_truth() {
    for (before, after, effect) in schemas() {
        let accepted = |schema: &Value| -> BTreeSet<String> {
            let validator = jsonschema::draft202012::new(schema).unwrap();
            instances().iter().filter(|instance| validator.is_valid(instance)).map(ToString::to_string).collect()
        };
        let (before_set, after_set) = (accepted(&before), accepted(&after));
        let found = match (after_set.is_subset(&before_set), before_set.is_subset(&after_set)) {
            (true, false) => Narrows,
            (false, true) => Widens,
            (false, false) => Both,
            (true, true) => panic!("{before} -> {after}: no instance shows a difference"),
        };
        assert_eq!(found, effect, "{before} -> {after}");
    }
}

/// A change of a document at a pointer.
type Edit = (&'static str, Value);

fn edited(edits: &[Edit]) -> Value {
    let mut document = vendored();
    for (pointer, value) in edits {
        set(&mut document, pointer, value.clone());
    }
    document
}

/// Sets a member, and what leads to it; `null` removes it.
fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let mut place = document;
    for word in parent.split('/').skip(1) {
        let word = word.replace("~1", "/").replace("~0", "~");
        place = match word.parse::<usize>() {
            Ok(index) if place.is_array() => &mut place[index],
            _ => &mut place[word.as_str()],
        };
    }
    let key = key.replace("~1", "/").replace("~0", "~");
    if value.is_null() {
        place.as_object_mut().unwrap().remove(&key).expect("something to remove");
    } else {
        place[key.as_str()] = value;
    }
}

const PARAMETERS: &str = "/paths/~1integrations~1{id}/patch/parameters";
const BODY: &str = "/paths/~1integrations~1{id}/patch/requestBody";
const RESPONSES: &str = "/paths/~1integrations~1{id}/patch/responses";

fn parameter(place: &str, more: Value) -> Value {
    with(json!({ "name": "probe", "in": place, "schema": { "type": "string" } }), more)
}

/// What is there before, what is changed, and what is told of it; and of the same the other way round.
type Row = (Vec<Edit>, Vec<Edit>, [(&'static str, Verdict); 2]);

/// What is there before, what is changed, the rule that tells, and what it means; and the same the other way round.
fn around() -> Vec<Row> {
    let mut table = vec![
        // Paths, methods, operation ids.
        (
            vec![],
            vec![("/paths/~1other", json!({ "get": { "responses": {} } }))],
            [("operation-added", Compatible), ("operation-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/get", json!({ "responses": {} }))],
            [("operation-added", Compatible), ("operation-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/operationId", json!("other"))],
            [("docs", Docs), ("docs", Docs)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/deprecated", json!(true))],
            [("deprecated", Compatible), ("no-longer-deprecated", Docs)],
        ),
        // Bodies and media types.
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/requestBody/required", json!(true))],
            [("request-body-required-narrowed", Breaking), ("request-body-required-widened", Compatible)],
        ),
        (
            vec![(BODY, json!({ "content": { "application/json": {} } }))],
            vec![("/paths/~1integrations~1{id}/patch/requestBody/content/application~1xml", json!({}))],
            [("media-type-added", Compatible), ("media-type-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/400/content/text~1plain", json!({}))],
            [("media-type-added", Compatible), ("media-type-removed", Breaking)],
        ),
        (
            vec![],
            vec![(BODY, Value::Null)],
            [("request-body-narrowed", Breaking), ("request-body-widened", Compatible)],
        ),
        // Responses and headers.
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/429", json!({ "description": "" }))],
            [("response-added", Compatible), ("response-removed", Compatible)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/200", json!({ "description": "" }))],
            [("response-added", Breaking), ("response-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/default", json!({ "description": "" }))],
            [("response-added", Compatible), ("response-removed", Compatible)],
        ),
        (
            vec![("/paths/~1integrations~1{id}/patch/responses", json!({ "2XX": { "description": "" } }))],
            vec![("/paths/~1integrations~1{id}/patch/responses", json!({ "204": { "description": "" } }))],
            [("response-narrowed", Compatible), ("response-widened", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/204/headers", json!({ "X-Left": { "schema": {} } }))],
            [("header-added", Compatible), ("header-removed", Breaking)],
        ),
        (
            vec![(
                "/paths/~1integrations~1{id}/patch/responses/204/headers",
                json!({ "X-Left": { "schema": { "type": "integer" } } }),
            )],
            vec![("/paths/~1integrations~1{id}/patch/responses/204/headers/X-Left/required", json!(true))],
            [("header-required-narrowed", Compatible), ("header-required-widened", Breaking)],
        ),
        (
            vec![(
                "/paths/~1integrations~1{id}/patch/responses/204/headers",
                json!({ "X-Left": { "schema": { "type": "integer" } } }),
            )],
            vec![("/paths/~1integrations~1{id}/patch/responses/204/headers/X-Left/schema/maximum", json!(9))],
            [("maximum-narrowed", Compatible), ("maximum-widened", Breaking)],
        ),
        // Security and servers.
        (
            vec![],
            vec![
                ("/security", json!([{ "HTTPBasicAuth": [] }])),
                ("/paths/~1integrations~1{id}/patch/security", Value::Null),
            ],
            [("", Nothing), ("", Nothing)],
        ),
        (
            vec![("/components/securitySchemes/Key", json!({ "type": "apiKey", "in": "header", "name": "X-Key" }))],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([{ "HTTPBasicAuth": [] }, { "Key": [] }]))],
            [("security-added", Compatible), ("security-removed", Breaking)],
        ),
        (
            vec![("/components/securitySchemes/Key", json!({ "type": "apiKey", "in": "header", "name": "X-Key" }))],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([{ "HTTPBasicAuth": [], "Key": [] }]))],
            [("security-removed", Breaking), ("security-added", Compatible)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([]))],
            [("security-added", Compatible), ("security-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/securitySchemes/HTTPBasicAuth/scheme", json!("bearer"))],
            [("security-removed", Breaking), ("security-removed", Breaking)],
        ),
        (
            vec![
                (
                    "/components/securitySchemes/OAuth",
                    json!({ "type": "oauth2", "flows": { "implicit": { "authorizationUrl": "https://a.example", "scopes": {} } } }),
                ),
                ("/paths/~1integrations~1{id}/patch/security", json!([{ "OAuth": ["read"] }])),
            ],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([{ "OAuth": ["read", "write"] }]))],
            [("security-removed", Breaking), ("security-added", Compatible)],
        ),
        (
            vec![("/servers", json!([{ "url": "https://a.example" }]))],
            vec![("/servers", json!([{ "url": "https://b.example" }, { "url": "https://a.example/" }]))],
            [("server-added", Compatible), ("server-removed", Breaking)],
        ),
        (
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu", "enum": ["eu", "us"] } } }]),
            )],
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "us", "enum": ["us", "eu"] } } }]),
            )],
            [("server-removed", Breaking), ("server-removed", Breaking)],
        ),
        (
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu", "enum": ["eu"] } } }]),
            )],
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu", "enum": ["us", "eu"] } } }]),
            )],
            [("server-variable-widened", Compatible), ("server-variable-narrowed", Breaking)],
        ),
        (vec![], vec![("/servers/0/novelty", json!(1))], [("unclassified", Breaking), ("unclassified", Breaking)]),
        (
            vec![],
            vec![("/components/securitySchemes/HTTPBasicAuth/novelty", json!(1))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/query", json!({ "responses": {} }))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        // Properties, by what a client can say and read.
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/probe", json!({}))],
            [("property-added", Compatible), ("property-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/ErrorObject/properties/probe", json!({}))],
            [("property-added", Compatible), ("property-removed", Breaking)],
        ),
        (
            vec![],
            vec![
                ("/components/schemas/integration-model/properties/probe", json!({})),
                ("/components/schemas/integration-model/required", json!(["probe"])),
            ],
            [("required-property-added", Breaking), ("property-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/required", json!(["shop_name"]))],
            [("property-now-required", Breaking), ("property-no-longer-required", Compatible)],
        ),
        (
            vec![],
            vec![("/components/schemas/ErrorObject/required", json!(["title"]))],
            [("property-now-required", Compatible), ("property-no-longer-required", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/readOnly", json!(true))],
            [("property-removed", Breaking), ("property-added", Compatible)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/writeOnly", json!(true))],
            [("", Nothing), ("", Nothing)],
        ),
        (
            vec![],
            vec![("/components/schemas/ErrorObject/properties/detail/writeOnly", json!(true))],
            [("property-removed", Breaking), ("property-added", Compatible)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/deprecated", json!(true))],
            [("deprecated", Compatible), ("no-longer-deprecated", Docs)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/webhook_active/default", json!(true))],
            [("default-added", Docs), ("default-changed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/$dynamicRef", json!("#x"))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/novelty", json!(1))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        (vec![], vec![("/novelty", json!(1))], [("unclassified", Breaking), ("unclassified", Breaking)]),
        // Callbacks: there, the API sends the request.
        (
            vec![],
            vec![(
                "/paths/~1integrations~1{id}/patch/callbacks",
                json!({ "told": { "{$request.body#/webhook_url}": { "post": { "responses": {} } } } }),
            )],
            [("callback-added", Compatible), ("callback-removed", Breaking)],
        ),
    ];
    // Parameters, in each place.
    for place in ["query", "header", "cookie"] {
        let with =
            |more: Value| vec![("/paths/~1integrations~1{id}/patch/parameters", json!([parameter(place, more)]))];
        let none = vec![("/paths/~1integrations~1{id}/patch/parameters", json!([]))];
        table.extend([
            (none.clone(), with(json!({})), [("parameter-added", Compatible), ("parameter-removed", Breaking)]),
            (
                none,
                with(json!({ "required": true })),
                [("required-parameter-added", Breaking), ("parameter-removed", Breaking)],
            ),
            (
                with(json!({})),
                with(json!({ "required": true })),
                [("parameter-required-narrowed", Breaking), ("parameter-required-widened", Compatible)],
            ),
            (
                with(json!({ "schema": { "type": "object" } })),
                with(json!({ "schema": { "type": "object" }, "explode": place != "query" && place != "cookie" })),
                [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
            ),
            (
                with(json!({})),
                with(json!({ "explode": place != "query" && place != "cookie" })),
                [("", Nothing), ("", Nothing)],
            ),
            (
                with(json!({})),
                with(json!({ "schema": { "type": "string", "maxLength": 3 } })),
                [("max-length-narrowed", Breaking), ("max-length-widened", Compatible)],
            ),
            (
                with(json!({ "schema": { "type": "integer" } })),
                with(json!({})),
                [("type-widened", Compatible), ("type-narrowed", Breaking)],
            ),
            (
                with(json!({})),
                with(json!({ "deprecated": true })),
                [("deprecated", Compatible), ("no-longer-deprecated", Docs)],
            ),
        ]);
    }
    let query = |more: Value| vec![("/paths/~1integrations~1{id}/patch/parameters", json!([parameter("query", more)]))];
    table.extend([
        (
            query(json!({})),
            query(json!({ "schema": { "type": "string", "default": "a" } })),
            [("default-added", Breaking), ("default-changed", Breaking)],
        ),
        (
            query(json!({})),
            query(json!({ "style": "pipeDelimited", "explode": true })),
            [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
        ),
        (
            query(json!({})),
            query(json!({ "allowReserved": true })),
            [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
        ),
        (
            query(json!({})),
            query(json!({ "allowEmptyValue": true })),
            [("parameter-empty-widened", Compatible), ("parameter-empty-narrowed", Breaking)],
        ),
        (
            query(json!({})),
            vec![(
                "/paths/~1integrations~1{id}/patch/parameters",
                json!([{ "name": "probe", "in": "query", "content": { "application/json": {} } }]),
            )],
            [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
        ),
    ]);
    table
}

#[test]
fn what_stands_around_schemas_is_judged_by_what_a_client_sends_and_reads() {
    for (before, after, expected) in around() {
        let old = edited(&before);
        let mut new = old.clone();
        after.iter().for_each(|(pointer, value)| set(&mut new, pointer, value.clone()));
        for ((old, new), (rule, verdict)) in [(&old, &new), (&new, &old)].into_iter().zip(expected) {
            let (code, report) = told(old, new);
            let found = report["changes"].as_array().unwrap();
            assert_eq!(text(&report, "wire"), verdict.to_string(), "{after:?}, {rule}: {found:#?}");
            assert_eq!(code, Some(i32::from(verdict != Nothing)), "{after:?}");
            let tells = found.iter().any(|change| change["rule"] == rule) || (rule.is_empty() && found.is_empty());
            assert!(tells, "{after:?}: {rule} is not told: {found:#?}");
        }
    }
}

#[test]
fn what_is_said_for_people_is_documentation() {
    let edits: [Edit; 15] = [
        ("/servers/0/description", json!("other")),
        ("/components/securitySchemes/HTTPBasicAuth/description", json!("other")),
        ("/components/securitySchemes/HTTPBasicAuth/bearerFormat", json!("other")),
        ("/paths/x-note", json!("note")),
        ("/components/x-note", json!("note")),
        ("/info/version", json!("9")),
        ("/info/x-note", json!("note")),
        ("/tags", json!([{ "name": "other" }])),
        ("/paths/~1integrations~1{id}/patch/summary", json!("other")),
        ("/paths/~1integrations~1{id}/patch/tags", json!(["other"])),
        ("/paths/~1integrations~1{id}/patch/x-note", json!("note")),
        ("/paths/~1integrations~1{id}/patch/responses/400/description", json!("other")),
        ("/components/schemas/integration-model/properties/shop_name/description", json!("other")),
        ("/components/schemas/integration-model/properties/shop_name/example", json!("other")),
        ("/components/schemas/integration-model/title", json!("other")),
    ];
    for edit in edits {
        let new = edited(std::slice::from_ref(&edit));
        assert_eq!(wire(&vendored(), &new), Docs, "{edit:?}: {:#?}", changes(&vendored(), &new));
    }
}

/// What is said beside a reference, behind it, or by a member of a combination is said for people, too.
#[test]
fn what_is_said_for_people_is_told_wherever_it_stands() {
    let referred = |more: Value| with(json!({ "$ref": "#/components/schemas/probe" }), more);
    let document = |property: Value, component: Value| {
        let mut document = with_property(REQUEST, &property);
        document["components"]["schemas"]["probe"] = component;
        document
    };
    let said = |keyword: &str, value: &str| json!({ "type": "string", keyword: value });
    for keyword in ["description", "title", "x-note"] {
        let [one, other] = ["one", "other"].map(|value| said(keyword, value));
        let pairs = [
            [combined([one.clone()]), combined([other.clone()])].map(|schema| document(schema, json!({}))),
            [
                json!({ "oneOf": [one.clone(), { "type": "null" }] }),
                json!({ "oneOf": [other.clone(), { "type": "null" }] }),
            ]
            .map(|schema| document(schema, json!({}))),
            [one.clone(), other.clone()].map(|schema| document(combined([referred(json!({}))]), schema)),
            [one, other].map(|schema| document(referred(json!({ "maxLength": 5 })), schema)),
        ];
        for [old, new] in pairs {
            assert_eq!(wire(&old, &new), Docs, "{keyword}");
        }
    }
    let [old, new] = ["one", "other"].map(|value| document(referred(json!({ "description": value })), json!({})));
    assert_eq!(wire(&old, &new), Docs);
}

/// The same said in another way.
#[test]
fn there_is_no_noise() {
    let operation = |document: &Value| document.pointer(OPERATION).unwrap().clone();
    let mut moved = vendored();
    let parameters = moved.pointer(PARAMETERS).cloned().unwrap_or_else(|| json!([]));
    if moved["paths"]["/integrations/{id}"]["parameters"].is_null() {
        moved.pointer_mut(OPERATION).unwrap().as_object_mut().unwrap().remove("parameters");
        moved["paths"]["/integrations/{id}"]["parameters"] = parameters;
    } else {
        let parameters = moved["paths"]["/integrations/{id}"].as_object_mut().unwrap().remove("parameters").unwrap();
        moved.pointer_mut(OPERATION).unwrap()["parameters"] = parameters;
    }
    let mut inlined = vendored();
    let schema = inlined["components"]["schemas"]["integration-model"].clone();
    set(&mut inlined, &format!("{BODY}/content/application~1json/schema"), schema);
    let mut renamed = vendored();
    let item = renamed["paths"].as_object_mut().unwrap().remove("/integrations/{id}").unwrap();
    let text = item.to_string().replace("\"id\"", "\"integration\"");
    renamed["paths"]["/integrations/{integration}"] = serde_json::from_str(&text).unwrap();
    let mut component = vendored();
    let response = component.pointer(&format!("{RESPONSES}/404")).unwrap().clone();
    component["components"]["responses"]["missing"] = response;
    set(&mut component, &format!("{RESPONSES}/404"), json!({ "$ref": "#/components/responses/missing" }));
    let mut scheme = vendored();
    let basic = scheme["components"]["securitySchemes"]["HTTPBasicAuth"].take();
    scheme["components"]["securitySchemes"] = json!({ "Other": basic });
    set(&mut scheme, &format!("{OPERATION}/security"), json!([{ "Other": [] }]));
    // A path parameter that the path does not name takes the place of none.
    let mut extra = vendored();
    let tagged = |tags: [&str; 2]| edited(&[("/paths/~1integrations~1{id}/patch/tags", json!(tags))]);
    assert_eq!(changes(&tagged(["a", "b"]), &tagged(["b", "a"])), []);
    let unnamed = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    extra["paths"]["/integrations/{id}"]["parameters"] = json!([unnamed("b"), unnamed("a"), unnamed("id")]);
    let mut reordered = extra.clone();
    reordered["paths"]["/integrations/{id}"]["parameters"] = json!([unnamed("a"), unnamed("id"), unnamed("b")]);
    assert_eq!(changes(&extra, &reordered), []);
    for document in [moved, inlined, renamed, component, scheme] {
        assert_ne!(document, vendored());
        let found = changes(&vendored(), &document);
        assert!(found.iter().all(|change| change.wire <= Docs), "{}: {found:#?}", operation(&vendored()));
    }
    let spellings = [
        [json!({ "type": ["string", "null"] }), json!({ "type": ["null", "string"] })],
        [json!({ "type": ["string", "null"] }), json!({ "type": "string", "nullable": true })],
        [json!({ "type": ["string", "null"] }), json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] })],
        [json!({ "type": ["string", "null"] }), json!({ "anyOf": [{ "type": "null" }, { "type": "string" }] })],
        [
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "type": ["string", "null"], "enum": [null, "a"] }),
        ],
        [json!({ "minimum": 1, "exclusiveMinimum": true }), json!({ "exclusiveMinimum": 1 })],
        [json!({ "type": "integer", "exclusiveMinimum": 0 }), json!({ "type": "integer", "minimum": 1 })],
        [
            json!({ "type": ["integer", "null"], "exclusiveMaximum": 5 }),
            json!({ "type": ["integer", "null"], "maximum": 4 }),
        ],
        [json!({ "const": "a" }), json!({ "enum": ["a"] })],
        [json!({ "const": null }), json!({ "type": "null" })],
        [json!({ "enum": [null] }), json!({ "type": "null" })],
        [json!({ "not": {} }), json!(false)],
        [json!({ "items": { "not": true } }), json!({ "items": false })],
        [
            json!({ "type": "object", "properties": { "a": {} }, "additionalProperties": { "not": {} } }),
            json!({ "type": "object", "properties": { "a": {} }, "additionalProperties": false }),
        ],
        [json!({ "type": "object", "required": ["a", "b"] }), json!({ "type": "object", "required": ["b", "a"] })],
        [json!({ "type": "string", "minLength": 1 }), json!({ "allOf": [{ "type": "string" }, { "minLength": 1 }] })],
        [json!({ "allOf": [{ "type": "string" }] }), json!({ "type": "string" })],
        [
            json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
        ],
        [json!({ "additionalProperties": true }), json!({ "additionalProperties": {} })],
        [json!({ "additionalProperties": true }), json!({})],
        [json!({ "pattern": ".*" }), json!({})],
        [json!({ "type": ["string", "integer"] }), json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] })],
        [json!({ "type": ["string", "integer"] }), json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] })],
        [
            json!({ "anyOf": [{ "minimum": 1 }, { "maxLength": 5 }] }),
            json!({ "anyOf": [{ "minimum": 1 }, { "maxLength": 5 }, { "minimum": 1 }] }),
        ],
        [json!({ "minLength": 0, "minItems": 0, "minProperties": 0 }), json!({})],
        [json!({ "contains": { "type": "string" } }), json!({ "contains": { "type": "string" }, "minContains": 1 })],
        [json!({ "enum": [1, { "a": 1, "b": 2 }] }), json!({ "enum": [1.0, { "b": 2, "a": 1 }] })],
        [
            combined([json!({ "multipleOf": 2 }), json!({ "multipleOf": 3 })]),
            combined([json!({ "multipleOf": 3 }), json!({ "multipleOf": 2 })]),
        ],
        [combined([json!({ "multipleOf": 2 }), json!({ "multipleOf": 4 })]), json!({ "multipleOf": 4 })],
    ];
    for [one, other] in spellings {
        for place in [REQUEST, RESPONSE] {
            let found = changes(&with_property(place, &one), &with_property(place, &other));
            assert!(found.is_empty(), "{one} and {other}: {found:#?}");
        }
    }
}

#[test]
fn what_scopes_are_for_is_said_for_people() {
    let [old, new] = ["one", "other"].map(|text| {
        let flow = json!({ "tokenUrl": "https://a.example", "scopes": { "read": text } });
        edited(&[(
            "/components/securitySchemes/OAuth",
            json!({ "type": "oauth2", "flows": { "clientCredentials": flow } }),
        )])
    });
    assert_eq!(wire(&old, &new), Docs);
}

#[test]
fn a_change_is_told_once_however_many_places_reach_it() {
    let mut old = vendored();
    for path in ["/a", "/b"] {
        old["paths"][path]["put"] = json!({
            "requestBody": { "$ref": "#/components/requestBodies/change" },
            "responses": { "204": { "description": "" } },
        });
    }
    old["components"]["requestBodies"]["change"] = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/integration-model" } } } });
    let mut new = old.clone();
    new.pointer_mut(REQUEST).unwrap()["shop_name"]["maxLength"] = 9.into();
    let found = changes(&old, &new);
    assert!(matches!(&found[..], [only] if only.rule == "max-length-narrowed"), "{found:#?}");
}

/// Chains and webs of references take no more time than there are schemas.
#[test]
fn a_web_of_references_ends() {
    let mut old = vendored();
    let schemas = old["components"]["schemas"].as_object_mut().unwrap();
    for n in 0..2_000 {
        let next = |by: usize| json!({ "$ref": format!("#/components/schemas/s{}", (n + by) % 2_000) });
        let properties =
            json!({ "a": next(1), "b": next(2), "c": next(3), "d": { "type": "array", "items": next(5) } });
        schemas.insert(format!("s{n}"), json!({ "type": "object", "properties": properties }));
    }
    old.pointer_mut(REQUEST).unwrap()["web"] = json!({ "$ref": "#/components/schemas/s0" });
    let mut new = old.clone();
    new["components"]["schemas"]["s1999"]["properties"]["b"] = json!({ "type": "string" });
    let found = changes(&old, &new);
    assert!(matches!(&found[..], [only] if only.rule == "type-changed"), "{found:#?}");
}

/// What must not be is told by what it does to the whole.
#[test]
fn what_must_not_be_is_told_as_callers_meet_it() {
    let [old, new] = [1, 3].map(|limit| json!({ "type": "string", "not": { "maxLength": limit } }));
    let found = changes(&with_property(REQUEST, &old), &with_property(REQUEST, &new));
    let [only] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((only.rule.as_str(), only.wire), ("max-length-narrowed", Breaking));
    assert!(only.message.ends_with("requests that were fine may be refused"), "{}", only.message);
}

#[test]
fn what_no_rule_knows_is_seen_in_each_member_of_a_combination() {
    let [old, new] = [2, 3].map(|value| combined([json!({ "novelty": 1 }), json!({ "novelty": value })]));
    let found = changes(&with_property(REQUEST, &old), &with_property(REQUEST, &new));
    assert!(matches!(&found[..], [only] if only.rule == "unclassified"), "{found:#?}");
}

#[test]
fn a_discriminator_is_seen_without_alternatives() {
    let discriminator = json!({ "type": "object", "discriminator": { "propertyName": "kind" } });
    let (old, new) = (with_property(REQUEST, &json!({ "type": "object" })), with_property(REQUEST, &discriminator));
    assert_eq!((wire(&old, &new), wire(&new, &old)), (Compatible, Compatible));
}

/// A schema that each of these refers to twice, and the last of them.
fn with_chain(length: usize, references: usize, last: Value) -> Value {
    let mut document = vendored();
    for n in 0..length {
        let next = json!({ "$ref": format!("#/components/schemas/s{}", n + 1) });
        document["components"]["schemas"][format!("s{n}")] = json!({ "allOf": vec![next; references] });
    }
    document["components"]["schemas"][format!("s{length}")] = last;
    document.pointer_mut(REQUEST).unwrap()["chain"] = json!({ "$ref": "#/components/schemas/s0" });
    document
}

/// Each schema is read once, however many references lead to it, and a long way is no circle.
#[test]
fn a_chain_of_combinations_ends() {
    for (length, references) in [(30, 2), (2_000, 1), (2_000, 2)] {
        let [old, new] =
            [9, 5].map(|limit| with_chain(length, references, json!({ "type": "string", "maxLength": limit })));
        let started = std::time::Instant::now();
        let found = changes(&old, &new);
        assert!(matches!(&found[..], [only] if only.rule == "max-length-narrowed"), "{found:#?}");
        assert!(started.elapsed() < std::time::Duration::from_secs(10), "{:?}", started.elapsed());
    }
    let mut plain = vendored();
    for n in 0..200 {
        plain["components"]["schemas"][format!("s{n}")] = json!({ "$ref": format!("#/components/schemas/s{}", n + 1) });
    }
    plain["components"]["schemas"]["s200"] = json!({ "type": "string" });
    plain.pointer_mut(REQUEST).unwrap()["chain"] = json!({ "$ref": "#/components/schemas/s0" });
    assert_eq!(changes(&plain, &plain), []);
}

/// A large document is compared whose schemas are many, and combine nothing.
#[test]
fn what_is_large_is_compared() {
    let properties: Map<String, Value> = (0..100).map(|n| (format!("p{n}"), json!({ "type": "string" }))).collect();
    let mut document = vendored();
    for n in 0..510 {
        document["components"]["schemas"][format!("s{n}")] = json!({ "type": "object", "properties": properties });
        for pointer in [REQUEST, RESPONSE] {
            document.pointer_mut(pointer).unwrap()[format!("s{n}")] =
                json!({ "$ref": format!("#/components/schemas/s{n}") });
        }
    }
    assert_eq!(changes(&document, &document), []);
}

/// What hides a property may stand behind a reference, or beside one.
#[test]
fn a_property_is_hidden_wherever_that_is_said() {
    let referred = json!({ "$ref": "#/components/schemas/probe" });
    let with = |property: Value, component: Value| {
        let mut document = with_property(REQUEST, &property);
        document["components"]["schemas"]["probe"] = component;
        document
    };
    let (shown, hidden) = (json!({ "type": "string" }), json!({ "type": "string", "readOnly": true }));
    let old = with(referred.clone(), shown.clone());
    let combined = combined([referred.clone()]);
    for new in [
        with(referred.clone(), hidden.clone()),
        with(combined.clone(), hidden.clone()),
        with(json!({ "$ref": "#/components/schemas/probe", "readOnly": true }), shown.clone()),
        with(json!({ "allOf": [referred], "readOnly": true }), shown),
    ] {
        assert!(
            matches!(&changes(&old, &new)[..], [only] if only.rule == "property-removed"),
            "{:#?}",
            changes(&old, &new)
        );
        assert_eq!(wire(&new, &old), Compatible);
    }
}

fn any_schema() -> impl Strategy<Value = Value> {
    let table = schemas().into_iter().chain(annotations());
    let known: Vec<Value> = table.flat_map(|(before, after, _)| [before, after]).collect();
    prop::sample::select(known)
}

/// A property that is new is judged by what a client can say and read: a validator knew of it all along.
fn name_the_same_properties(before: &Value, after: &Value) -> bool {
    let [before, after] = [before, after].map(|schema| schema.to_string().contains("\"properties\""));
    before == after
}

/// The same with its keys, and the members of its sets, in another order.
fn shuffled(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev().map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("enum" | "required" | "type" | "tags", Value::Array(values)) => {
                        values.iter().rev().cloned().collect()
                    }
                    _ => shuffled(value),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(values) => values.iter().map(shuffled).collect(),
        scalar => scalar.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    /// What one direction of travel makes of a change, the other makes of its reverse.
    #[test]
    fn a_change_and_its_reverse_mirror_each_other(before in any_schema(), after in any_schema()) {
        prop_assume!(name_the_same_properties(&before, &after));
        let judged = |place: &str, old: &Value, new: &Value| wire(&with_property(place, old), &with_property(place, new));
        prop_assert_eq!(judged(REQUEST, &before, &after), judged(RESPONSE, &after, &before), "{} -> {}", before, after);
        prop_assert_eq!(judged(REQUEST, &before, &before), Nothing);
        prop_assert_eq!(judged(RESPONSE, &before, &shuffled(&before)), Nothing);
    }

    /// What no instance shows to be narrower is not called compatible wrongly: the worst mistake of a judge.
    #[test]
    fn what_is_called_compatible_accepts_all_that_was_accepted(before in any_schema(), after in any_schema()) {
        prop_assume!(name_the_same_properties(&before, &after));
        let judged = wire(&with_property(REQUEST, &before), &with_property(REQUEST, &after));
        if judged != Breaking {
            let (before_validator, after_validator) =
                (jsonschema::draft202012::new(&before).unwrap(), jsonschema::draft202012::new(&after).unwrap());
            for instance in instances() {
                prop_assert!(
                    !before_validator.is_valid(&instance) || after_validator.is_valid(&instance),
                    "{} -> {} is called {}, and refuses {}", before, after, judged, instance
                );
            }
        }
    }
}
