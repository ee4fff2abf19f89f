//! Property tests of loading, correcting and lowering, with arbitrary bytes, mutated documents and arbitrary schemas. They must neither
//! panic nor hang, and a lowered schema must accept each instance that the original schema accepts.
//!
//! Each run tests the same cases. `FUZZ_SEED` selects other cases, and `FUZZ_FACTOR` multiplies their number. If `LOWERED` is set, the
//! first lowered documents are written to this folder, for a validator of OpenAPI 3.0.

use openapi_refinery::{Inputs, Prepared, load};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

use super::schemas::{any_instance, any_schema, build_validator};
use super::{CORRECTIONS, DOCUMENT, SHELVES, build_input};

const DOCUMENTS: [&str; 3] = [DOCUMENT, SHELVES, CORRECTIONS];

fn prepare_corrected(document: Value, corrections: Value) -> Result<Prepared, String> {
    let inputs = Inputs {
        corrections: build_input("corrections", corrections),
        ..Inputs::new(build_input("document", document))
    };
    Ok(openapi_refinery::prepare(inputs)?)
}

/// Runs a test with cases of a strategy. They are the same in each run unless `FUZZ_SEED` is set.
pub fn fuzz<S: Strategy>(strategy: S, cases: u64, mut case: impl FnMut(S::Value)) {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let seed = number("FUZZ_SEED", 0);
    println!("FUZZ_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    for _ in 0..cases * number("FUZZ_FACTOR", 1) {
        case(strategy.new_tree(&mut runner).unwrap().current());
    }
}

/// Writes a lowered document to the folder `LOWERED`, if that is set. Documents from the hundredth on are skipped.
fn save_lowered(name: &str, number: usize, prepared: &Prepared) {
    if let Some(folder) = std::env::var_os("LOWERED").filter(|_| number < 100) {
        std::fs::create_dir_all(&folder).unwrap();
        let path = std::path::Path::new(&folder).join(format!("{name}-{number}.json"));
        std::fs::write(path, prepared.lowered().to_string()).unwrap();
    }
}

#[test]
fn unmodified_documents_are_lowered() {
    let [vendored, shelves, corrections] = DOCUMENTS.map(|text| load(text).unwrap());
    save_lowered("document", 0, &prepare_corrected(vendored, corrections).unwrap());
    save_lowered("document", 1, &prepare_corrected(shelves, json!([])).unwrap());
}

/// Generates JSON values that resemble parts of a document.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(vec![-1_i64, 0, 1, 2, 7, 300, i64::MIN, i64::MAX]).prop_map(Value::from),
        select(vec![0.5, -1e300, 1e300, 7.0]).prop_map(Value::from),
        select(list_words()).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((select(list_words()), inner), 0..4)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// Returns keywords and values that have a meaning in documents.
fn list_words() -> Vec<&'static str> {
    let words = "openapi info paths components schemas parameters responses requestBody content schema $ref allOf oneOf anyOf not \
                 if then else type properties required additionalProperties patternProperties propertyNames items prefixItems \
                 enum const minLength maxLength pattern format minimum maximum exclusiveMinimum multipleOf uniqueItems nullable \
                 default title description operationId name in path query header cookie style explode get put post delete 200 \
                 204 2XX default string integer number boolean object array null uri uuid date-time int32 int64 binary 3.1.0 \
                 application/json multipart/form-data text/csv application/octet-stream #/components/schemas/integration-model \
                 #/components/schemas/errors #/paths/~1things # #/ /things /{id} {id} self type Self unlisted security servers url \
                 discriminator mapping propertyName op test add replace value why patch $defs $dynamicRef unevaluatedProperties";
    words.split(' ').filter(|word| !word.is_empty()).collect()
}

/// Replaces the value at one of the places in a document, or removes it.
fn mutate(document: &mut Value, mut place: usize, value: Option<Value>) {
    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(values) => values.iter().map(count).sum(),
            Value::Object(members) => members.values().map(count).sum(),
            _ => 0,
        }
    }
    place %= count(document);
    let mut at = document;
    while place > 0 {
        place -= 1;
        // Finds the child that contains the place, and makes the place relative to that child.
        let mut inside = |child: &Value| {
            let size = count(child);
            let is_there = place < size;
            place = if is_there { place } else { place - size };
            is_there
        };
        match at {
            Value::Array(values) => {
                let index = values.iter().position(&mut inside).unwrap();
                if place == 0 && value.is_none() {
                    values.remove(index);
                    return;
                }
                at = &mut values[index];
            }
            Value::Object(members) => {
                let name = members.iter().find(|(_, child)| inside(child)).unwrap().0.clone();
                if place == 0 && value.is_none() {
                    members.remove(&name);
                    return;
                }
                at = members.get_mut(&name).unwrap();
            }
            _ => unreachable!("a scalar has one place"),
        }
    }
    *at = value.unwrap_or_default();
}

#[test]
fn arbitrary_text_does_not_panic() {
    let yaml = "[\\x00-\\x7f\u{85}\u{feff}é]{0,60}|([-?:,\\[\\]{}#&*!|>'\"%@` a\n]){0,60}|(- |\\? |: |&a |\\*a |\\[|\\{|!!x |\n ){0,40}";
    fuzz(yaml, 4_000, |text| drop(load(&text)));
    let texts = DOCUMENTS.map(str::as_bytes);
    fuzz((select(texts.to_vec()), any::<prop::sample::Index>(), any::<u8>()), 100, |(text, at, byte)| {
        let mut bytes = text.to_vec();
        bytes[at.index(text.len())] = byte;
        drop(load(&String::from_utf8_lossy(&bytes)));
    });
}

#[test]
fn mutated_documents_are_lowered_or_rejected_with_a_remedy() {
    let loaded = DOCUMENTS.map(|text| load(text).unwrap());
    let [vendored, shelves, corrections] = loaded;
    let json = any_json().boxed();
    let mutation = || (any::<usize>(), prop::option::weighted(0.8, json.clone()));
    let mutations = || prop::collection::vec(mutation(), 1..6);
    let mut lowered = 0;
    fuzz((any::<bool>(), mutations(), prop::option::weighted(0.2, mutations())), 80, |(which, mutations, others)| {
        let mut document = if which { vendored.clone() } else { shelves.clone() };
        let mut patches = if which { corrections.clone() } else { json!([]) };
        mutations.into_iter().for_each(|(place, value)| mutate(&mut document, place, value));
        others.into_iter().flatten().for_each(|(place, value)| mutate(&mut patches, place, value));
        match prepare_corrected(document, patches) {
            Ok(prepared) => {
                save_lowered("mutated", lowered, &prepared);
                lowered += 1;
                assert_eq!(prepared.lowered()["openapi"], "3.0.3");
            }
            Err(problem) => {
                assert!(
                    problem.contains(", at ") && problem.contains("; "),
                    "the message has no location or no remedy: {problem}"
                )
            }
        }
    });
    assert!(lowered > 10, "only {lowered} mutated documents were lowered");
}

/// Returns a document with one operation whose request and response bodies have this schema.
pub fn build_document(schema: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "make",
            "requestBody": { "content": { "application/json": { "schema": schema } } },
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": schema } } } },
        }}},
        "components": { "schemas": { "tree": {
            "type": "object",
            "properties": { "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } } },
        }}},
    })
}

/// Converts a schema of OpenAPI 3.0 to JSON Schema 2020-12, which represents `null` differently.
fn convert_to_2020_12(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            // OpenAPI 3.0 ignores the keywords beside a reference.
            if let Some(reference) = members.get("$ref") {
                return json!({ "$ref": reference });
            }
            let rest = members.iter().filter(|(name, _)| !matches!(name.as_str(), "nullable" | "x-rust-type"));
            let rest: Map<String, Value> =
                rest.map(|(name, value)| (name.clone(), convert_to_2020_12(value))).collect();
            let parameters = members.get("x-rust-type").map(|it| convert_to_2020_12(&it["parameters"][0]));
            let is_optional = members.get("x-rust-type").is_some_and(|it| it["path"] == "std::option::Option");
            let schema = parameters.unwrap_or_else(|| rest.into());
            let nullable = is_optional || members.get("nullable") == Some(&Value::Bool(true));
            if nullable { json!({ "anyOf": [schema, { "type": "null" }] }) } else { schema }
        }
        Value::Array(values) => values.iter().map(convert_to_2020_12).collect(),
        scalar => scalar.clone(),
    }
}

#[test]
fn lowered_schemas_accept_all_valid_instances() {
    let (mut accepted, mut rejected) = (0, 0);
    fuzz((any_schema(), prop::collection::vec(any_instance(3), 12)), 300, |(schema, instances)| {
        match count_accepted_after_lowering(&schema, &instances, accepted) {
            Some(instances) => accepted += instances,
            None => rejected += 1,
        }
    });
    println!("{accepted} instances accepted, {rejected} schemas rejected");
    assert!(accepted > 100);
}

/// Returns the number of valid instances, and asserts that the lowered schema accepts all of them. Returns `None` if the schema is
/// rejected as unsatisfiable, and asserts that no instance is valid.
fn count_accepted_after_lowering(schema: &Value, instances: &[Value], before: usize) -> Option<usize> {
    let document = build_document(schema);
    let pointer = "/paths/~1things/post/requestBody/content/application~1json/schema";
    let original = build_validator(&document, pointer);
    let mut fitting = instances.iter().filter(|instance| original.is_valid(instance));
    // Unsatisfiable schemas may be rejected.
    let Ok(prepared) = prepare_corrected(document.clone(), json!([])) else {
        let fits = fitting.next();
        assert!(fits.is_none(), "rejected as unsatisfiable, but {fits:?} is valid for {schema}");
        return None;
    };
    save_lowered("schema", before, &prepared);
    // Only the request is checked: responses are decoded more tolerantly than their schema allows, see `runtime::tolerant`.
    let lowered = build_validator(&convert_to_2020_12(prepared.lowered()), pointer);
    let mut accepted = 0;
    for instance in fitting {
        accepted += 1;
        let document = prepared.lowered();
        assert!(
            lowered.is_valid(instance),
            "{instance} is valid for {schema}, but not for the lowered schema: {document}"
        );
    }
    Some(accepted)
}

/// Cases that an earlier version failed.
#[test]
fn known_valid_instances_are_accepted() {
    let closed = |name: &str| json!({ "type": "object", "properties": { name: {} } });
    let cases = [
        (
            json!({ "type": "object", "anyOf": [closed("a"), closed("b")], "unevaluatedProperties": false }),
            json!({ "a": 1, "b": 2 }),
        ),
        (json!({ "type": ["object", "null"], "properties": { "a": {} } }), Value::Null),
        (json!({ "type": "integer", "oneOf": [{ "minimum": 5, "maximum": 2 }, { "minimum": 1 }] }), json!(1)),
        (json!({ "type": ["string", "null"], "minLength": 5, "maxLength": 2 }), Value::Null),
        (
            json!({ "allOf": [{ "$ref": "#/components/schemas/tree", "properties": { "b": {} } }], "unevaluatedProperties": false }),
            json!({ "b": 1 }),
        ),
        (
            json!({ "type": "object", "required": ["a"], "properties": {
                "a": { "type": "integer", "readOnly": true },
            }}),
            json!({ "a": 1 }),
        ),
    ];
    for (schema, instance) in cases {
        assert_eq!(count_accepted_after_lowering(&schema, &[instance], 1_000), Some(1));
    }
}
