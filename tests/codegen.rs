//! Document in, Rust out: the steps that `build.rs` runs, on the vendored document and on others.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
#[path = "../src/codegen/mod.rs"]
mod codegen;

use codegen::{Generated, Inputs, load};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../openapi/integrations.yaml");
const CORRECTIONS: &str = include_str!("../openapi/corrections.yaml");
const LOCK: &str = include_str!("../openapi/lock.yaml");

fn vendored() -> Value {
    load(DOCUMENT).unwrap()
}

fn lock() -> Value {
    load(LOCK).unwrap()
}

fn no_names() -> Value {
    json!({ "operations": {}, "types": {} })
}

fn generate(document: Value, lock: Value) -> Result<Generated, String> {
    let inputs = Inputs { document, corrections: json!([]), lock };
    codegen::generate(inputs).map_err(|error| error.to_string())
}

/// A document with one operation that takes this schema.
fn taking(schema: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "make_thing",
            "requestBody": { "content": { "application/json": { "schema": schema } } },
            "responses": { "204": { "description": "done" } },
        }}},
        "components": { "schemas": {
            "loop": { "type": "array", "items": { "$ref": "#/components/schemas/loop" } },
            "tree": { "type": "object", "properties": {
                "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } },
            }},
        }},
    })
}

#[test]
fn every_correction_applies_and_changes_something() {
    let inputs = Inputs { document: vendored(), corrections: load(CORRECTIONS).unwrap(), lock: lock() };
    let generated = codegen::generate(inputs).unwrap();
    assert!(!generated.corrections.is_empty());
    assert!(generated.corrections.iter().all(|correction| correction.applies && !correction.why.is_empty()));
    let uncorrected = generate(vendored(), lock()).unwrap();
    assert_ne!(generated.code, uncorrected.code);
}

#[test]
fn the_lock_lists_the_names_in_use() {
    let inputs = Inputs { document: vendored(), corrections: load(CORRECTIONS).unwrap(), lock: lock() };
    let names = serde_json::to_value(codegen::generate(inputs).unwrap().names).unwrap();
    assert_eq!(names, lock(), "openapi/lock.yaml should hold\n{names:#}");
}

#[test]
fn yaml_is_read_as_another_reader_reads_it() {
    for text in [
        DOCUMENT,
        CORRECTIONS,
        "{a: 404, b: '404', c: null, d: 'null', e: ~, f: , g: true, h: 'true', i: yes, j: 0x1F, k: 0o17, l: 1e3, m: -1.5}",
        "a: [1, +2, -3, .5, 1., 12e03, 0.0]\nb: >-\n  folded\n  text\nc: |\n  kept\n",
        "base: &x {p: 1}\nuse: [*x, *x]",
        "{\"json\": [1, \"\\u00fc\", null, {\"deep\": {}}]}",
        "'404': quoted key\n405: plain key",
        "2026-11-23",
        "text: 1.2.3\nplus: +\ndash: -x\nversion: 3.0.0",
    ] {
        // YAML 1.2: `yes` is text.
        let options = serde_saphyr::options! { strict_booleans: true };
        let theirs: Value = serde_saphyr::from_str_with_options(text, options).unwrap();
        assert_eq!(load(text).unwrap(), theirs, "{text}");
    }
    // Where that reader goes its own way, YAML 1.2.2, section 10.3.2 decides.
    assert_eq!(load("[01, 1_000, !!str 1, !!int '7']").unwrap(), json!([1, "1_000", "1", 7]));
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    let texts = [
        (String::new(), "line 1, column 1: there is no document"),
        ("a: 1\na: 2".to_owned(), "line 2, column 1: the key `a` is there twice"),
        ("a: .nan".to_owned(), "line 1, column 4: `.nan` has no counterpart in JSON"),
        ("? [a, b]\n: c".to_owned(), "line 1, column 3: a key is a collection"),
        ("a: 1\n---\nb: 2".to_owned(), "a second document begins"),
        ("a: &x [*x]".to_owned(), "an alias stands inside what it refers to"),
        ("a: [1, 2".to_owned(), "mend the YAML"),
        ("\u{0}\u{1}".to_owned(), "line 1"),
        ("[".repeat(200_000), "line 1, column 256: recursion limit exceeded"),
        (
            (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
            "line 101, column 101: collections are nested more than 100 deep",
        ),
        (format!("a0: &a0 [x]\n{bomb}"), "once its aliases are followed"),
    ];
    for (text, expected) in texts {
        let start = &text[..text.len().min(40)];
        let message = load(&text).map(|value| value.to_string().len()).unwrap_err().to_string();
        assert!(message.contains(expected), "{start:?}: {message}");
    }
}

#[test]
fn a_correction_that_no_longer_applies_is_reported_and_changes_nothing() {
    let corrections = json!([{
        "why": "upstream mended it",
        "patch": [
            { "op": "remove", "path": "/info/version" },
            { "op": "test", "path": "/info/title", "value": "Something else" },
        ],
    }]);
    let corrected = codegen::generate(Inputs { document: vendored(), corrections, lock: lock() }).unwrap();
    assert!(!corrected.corrections[0].applies);
    assert_eq!(corrected.corrections[0].why, "upstream mended it");
    assert_eq!(corrected.code, generate(vendored(), lock()).unwrap().code);

    let untested = json!([{ "why": "no reason", "patch": [{ "op": "remove", "path": "/info" }] }]);
    let refused = codegen::generate(Inputs { document: vendored(), corrections: untested, lock: lock() });
    assert!(refused.err().unwrap().to_string().contains("/0/patch: the correction has no `test` operation"));
}

#[test]
fn an_operation_added_later_renames_none_that_is_there() {
    let name = "sc-public-v3-integrations-patch-update_integration";
    let no_content = json!({ "responses": { "204": { "description": "done" } } });
    let mut document = vendored();
    let mut add = |path: &str, method: &str, id: &str| {
        document["paths"][path][method] = no_content.clone();
        document["paths"][path][method]["operationId"] = id.into();
    };
    add("/a", "put", "sc-public-v3-integrations-put-update_integration");
    add("/a", "get", "sc-public-v3-integrations-get-retrieve");
    add("/b", "patch", "sc-public-v3-others-patch-update_integration");
    add("/0", "patch", "a-update_integration");
    let names = generate(document.clone(), lock()).unwrap().names.operations;
    assert_eq!(names[name], "update_integration");
    assert_eq!(names["sc-public-v3-integrations-put-update_integration"], "put_update_integration");
    assert_eq!(names["sc-public-v3-integrations-get-retrieve"], "retrieve");
    let distinct: std::collections::BTreeSet<&String> = names.values().collect();
    assert_eq!(distinct.len(), 5, "{names:?}");

    // The same whatever the order of the paths.
    let paths = document["paths"].as_object().unwrap();
    let reversed = paths.iter().rev().map(|(path, item)| (path.clone(), item.clone())).collect();
    document["paths"] = Value::Object(reversed);
    assert_eq!(generate(document.clone(), lock()).unwrap().names.operations, names);
    let unrecorded = generate(document, no_names()).unwrap().names.operations;
    assert_eq!(unrecorded["sc-public-v3-integrations-get-retrieve"], "retrieve");
}

#[test]
fn a_type_added_later_renames_none_that_is_there() {
    let mut document = vendored();
    let before = generate(document.clone(), lock()).unwrap().names.types;
    let schemas = &mut document["components"]["schemas"];
    schemas["FeedbackType"] = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    schemas["Integration-Model"] = json!({ "type": "object", "properties": { "b": { "type": "string" } } });
    let properties = &mut schemas["integration-model"]["properties"];
    properties["other"] = json!({ "$ref": "#/components/schemas/FeedbackType" });
    properties["another"] = json!({ "$ref": "#/components/schemas/Integration-Model" });
    let after = generate(document, lock()).unwrap().names.types;
    assert_eq!(after.len(), before.len() + 2);
    for (place, name) in before {
        assert_eq!(after[&place], name);
    }
}

#[test]
fn what_cannot_be_generated_is_named_with_pointer_and_remedy() {
    let schema = "/paths/~1things/post/requestBody/content/application~1json/schema";
    let with = |pointer: &str, value: Value| {
        let mut document = taking(json!({ "type": "string" }));
        *document.pointer_mut(pointer).unwrap() = value;
        document
    };
    let documents = [
        (json!("text"), "at the root: this is not an OpenAPI document".to_owned()),
        (json!({ "swagger": "2.0" }), "at the root: this is not an OpenAPI document".to_owned()),
        (json!({ "openapi": "4.0.0", "paths": {} }), "at /openapi: version `4.0.0` is not supported".to_owned()),
        (json!({ "openapi": "3.1.0" }), "at /paths: there are no paths".to_owned()),
        (taking(json!({ "$ref": "#/nowhere" })), format!("at {schema}: `$ref: #/nowhere` leads nowhere")),
        (taking(json!({ "$ref": "other.yaml#/a" })), format!("at {schema}: `$ref: other.yaml#/a` leads nowhere")),
        (
            taking(json!({ "type": "object", "properties": { "a": { "not": {} } } })),
            format!("at {schema}/properties/a: the keyword `not`"),
        ),
        (
            taking(json!({ "$ref": "#/components/schemas/loop" })),
            "contains itself without an object in between".to_owned(),
        ),
        (taking(json!(7)), format!("at {schema}: this is not a schema")),
        (
            with("/paths/~1things/post/requestBody/content", json!({ "text/csv": {} })),
            "/content: the content is text/csv".to_owned(),
        ),
        (
            with("/paths/~1things/post/requestBody", json!({ "$ref": "#/paths/~1things/post/requestBody" })),
            "leads back to itself".to_owned(),
        ),
    ];
    for (document, expected) in documents {
        let message = generate(document, no_names()).err().unwrap();
        assert!(message.contains(&expected), "{message}");
        assert!(message.contains("; "), "no remedy: {message}");
    }
}

#[test]
fn a_panic_of_the_generator_is_an_error_that_names_what_is_to_blame() {
    let mut document = vendored();
    document["paths"]["/broken/{id}"] = json!({ "get": {
        "operationId": "x-get-broken",
        "parameters": [{ "name": "other", "in": "path", "required": true, "schema": { "type": "string" } }],
        "responses": { "204": { "description": "" } },
    }});
    let message = generate(document, lock()).err().unwrap();
    assert!(message.contains("at /paths/~1broken~1{id}/get: progenitor cannot generate this: "), "{message}");
}

#[test]
fn an_object_that_contains_itself_is_generated() {
    let code = generate(taking(json!({ "$ref": "#/components/schemas/tree" })), no_names()).unwrap().code;
    assert!(code.contains("pub struct Tree"));
}

#[test]
fn the_same_document_gives_the_same_code() {
    assert_eq!(generate(vendored(), lock()).unwrap().code, generate(vendored(), lock()).unwrap().code);
}
