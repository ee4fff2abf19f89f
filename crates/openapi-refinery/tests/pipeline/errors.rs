//! Errors of documents that no client can be generated from.

use super::documents::{build_document_with_body, build_lock, load_vendored, prepare_document};
use super::{build_empty_lock, build_input};
use openapi_refinery::{Inputs, prepare};
use serde_json::{Value, json};

#[test]
fn invalid_documents_are_rejected_with_location_and_remedy() {
    let schema = "/paths/~1things/post/requestBody/content/application~1json/schema";
    let with = |pointer: &str, value: Value| {
        let mut document = build_document_with_body(json!({ "type": "string" }));
        *document.pointer_mut(pointer).unwrap() = value;
        document
    };
    let documents = [
        (json!("text"), "document, at the root: this is not an OpenAPI document".to_owned()),
        (json!({ "swagger": "2.0" }), "document, at the root: this is not an OpenAPI document".to_owned()),
        (json!({ "openapi": "4.0.0", "paths": {} }), "at /openapi: version `4.0.0` is not supported".to_owned()),
        (json!({ "openapi": 4.2 }), "at /openapi: version `4.2` is not supported".to_owned()),
        (json!({ "openapi": "3.1.0", "paths": [] }), "at /paths: this is not an object".to_owned()),
        (
            build_document_with_body(json!({ "$ref": "#nowhere" })),
            format!("at {schema}: the target of `$ref: #nowhere` does not exist"),
        ),
        (
            build_document_with_body(json!({ "$ref": "#/nowhere" })),
            format!("at {schema}: the target of `$ref: #/nowhere` does not exist"),
        ),
        (
            build_document_with_body(json!({ "$ref": "other.yaml#/a" })),
            format!("at {schema}: the target of `$ref: other.yaml#/a` does not exist"),
        ),
        (build_document_with_body(json!(7)), format!("at {schema}: this is not a schema")),
        (
            with("/paths/~1things/post/requestBody", json!({ "$ref": "#/paths/~1things/post/requestBody" })),
            "circular `$ref`".to_owned(),
        ),
        (
            build_document_with_body(json!({ "allOf": [{ "$ref": format!("#{schema}") }] })),
            format!("at {schema}: the schema contains itself without an object, a list or alternatives in between"),
        ),
    ];
    for (document, expected) in documents {
        let message = prepare_document(document, build_empty_lock()).err().unwrap();
        assert!(message.contains(&expected), "{message}");
        assert!(message.contains("; "), "the message has no remedy: {message}");
    }
}

#[test]
fn invalid_header_names_and_media_types_are_reported_together() {
    let mut document = build_document_with_body(json!({ "type": "string" }));
    let header = json!({ "name": "X-Request Id", "in": "header", "schema": { "type": "string" } });
    let cookie = json!({ "name": "last visit", "in": "cookie", "schema": { "type": "string" } });
    document["paths"]["/things"]["post"]["parameters"] = json!([header, cookie]);
    document["paths"]["/other"]["put"] = json!({
        "requestBody": { "content": { "image/\u{fc}": { "schema": {} } } },
        "responses": { "204": { "description": "" } },
    });
    let message = prepare_document(document, build_empty_lock()).err().unwrap();
    for expected in [
        "at /paths/~1things/post/parameters/0: `X-Request Id` is not a valid header name (RFC 9110",
        "at /paths/~1things/post/parameters/1: `last visit` is not a valid cookie name (RFC 6265",
        "at /paths/~1other/put/requestBody: `image/\u{fc}` is not a media type",
    ] {
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn errors_come_with_the_warnings_about_other_parts() {
    let mut document = build_document_with_body(json!({ "type": "string", "pattern": "^a" }));
    document["component"] = json!({});
    document["paths"]["/broken"] = json!({ "get": { "responses": { "204": { "$ref": "#/missing" } } } });
    let why = json!([{ "why": "Misspelled.", "patch": [{ "op": "test", "path": "/info/title", "value": "s" }] }]);
    let corrections = build_input("corrections", why);
    let error = prepare(Inputs { corrections, ..Inputs::new(build_input("document", document)) }).err().unwrap();
    assert!(error.to_string().starts_with("document, at /paths/~1broken/get/responses/204: the target"), "{error}");
    let warnings = error.warnings().to_string();
    assert!(
        warnings.contains("`component` is not a member") && warnings.contains("`pattern` is widened"),
        "{warnings}"
    );
    assert!(!error.corrections()[0].applies);
}

/// Normalization omits invalid parts, so that lowering finds the faults of the others.
#[test]
fn errors_of_all_steps_are_reported_together() {
    let mut document = load_vendored();
    let responses = json!({ "204": { "$ref": "#/components/responses/missing" } });
    document["paths"]["/broken/{id"] = json!({ "get": { "operationId": "x-get-broken", "responses": responses } });
    let message = prepare_document(document, build_lock()).err().unwrap();
    for part in ["at /paths/~1broken~1{id: the braces", "at /paths/~1broken~1{id/get/responses/204: the target"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn exponential_reference_expansion_is_rejected() {
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/d20" }));
    document["components"]["schemas"]["d0"] = json!({ "type": "array", "items": { "type": "string" } });
    for level in 1..=20 {
        let below = json!({ "$ref": format!("#/components/schemas/d{}", level - 1) });
        document["components"]["schemas"][format!("d{level}")] =
            json!({ "type": "array", "items": { "oneOf": [below, { "type": "array", "items": below }] } });
    }
    let message = prepare_document(document, build_empty_lock()).err().unwrap();
    assert!(message.contains("references expand to more than "), "{message}");
}

#[test]
fn documents_without_paths_and_versions_without_patch_are_accepted() {
    for version in [json!("3.1"), json!("3.0"), json!(3.1), json!("3.1.1")] {
        prepare_document(json!({ "openapi": version, "components": {} }), build_empty_lock()).unwrap();
    }
}
