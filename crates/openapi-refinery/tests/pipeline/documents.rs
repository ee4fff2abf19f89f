//! Documents for tests, and their preparation.

use super::{DOCUMENT, build_empty_lock, build_input, generate_code};
use openapi_refinery::lock::parse_lock;
use openapi_refinery::{Handwritten, Inputs, Output, Prepared, Settings, load, prepare};
use serde_json::{Value, json};

pub fn load_vendored() -> Value {
    load(DOCUMENT).unwrap()
}

/// Returns the names that are assigned to the vendored document.
pub fn build_lock() -> Value {
    json!(prepare_document(load_vendored(), build_empty_lock()).unwrap().names())
}

pub fn prepare_document(document: Value, lock: Value) -> Result<Prepared, String> {
    prepare_corrected(document, json!([]), lock)
}

pub fn prepare_corrected(document: Value, corrections: Value, lock: Value) -> Result<Prepared, String> {
    let mut handwritten = Handwritten::default();
    handwritten.read("impl Client { fn update(&self) {} } impl builder::Thing { fn check(&self) {} }");
    let prepared = prepare(Inputs {
        document: build_input("document", document),
        corrections: build_input("corrections", corrections),
        lock: build_input("lock", lock),
        settings: Settings { handwritten, ..Settings::default() },
    })?;
    prepared.code(Output::Client)?;
    // The generator accepts the names that it assigns.
    parse_lock(json!(prepared.names())).unwrap();
    Ok(prepared)
}

/// Returns a document with one operation whose request body has this schema.
pub fn build_document_with_body(schema: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "make_thing",
            "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
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

/// Returns the lowered schema of the request body, with references resolved and titles removed.
pub fn lower_body(schema: Value) -> Value {
    fn resolve_references(document: &Value, schema: &Value) -> Value {
        match schema {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) => resolve_references(document, document.pointer(&reference[1..]).unwrap()),
                None => members
                    .iter()
                    .filter(|(key, value)| *key != "title" || !value.is_string())
                    .map(|(key, value)| match key.as_str() {
                        // A property may refer to the schema that contains it.
                        "properties" => (key.clone(), value.clone()),
                        _ => (key.clone(), resolve_references(document, value)),
                    })
                    .collect(),
            },
            Value::Array(values) => values.iter().map(|value| resolve_references(document, value)).collect(),
            scalar => scalar.clone(),
        }
    }
    let document = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap().lowered().clone();
    let body = &document["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    resolve_references(&document, body)
}

/// Returns a document whose request and response bodies have this schema, with these components.
pub fn build_document_with_schemas(schema: Value, schemas: Value) -> Value {
    let mut document = build_document_with_body(schema.clone());
    let content = json!({ "application/json": { "schema": schema } });
    document["paths"]["/things"]["post"]["responses"] = json!({ "200": { "description": "", "content": content } });
    document["components"]["schemas"] = schemas;
    document
}

/// Returns a document with this operation.
pub fn build_document_with_operation(operation: Value) -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let path_item = json!({ "parameters": [id], "post": operation });
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/things/{id}": path_item } })
}

/// Returns the lowered operation and the warnings.
pub fn lower_operation(operation: Value) -> (Value, String) {
    let prepared = prepare_document(build_document_with_operation(operation), build_empty_lock()).unwrap();
    generate_code(&prepared, Output::Mock);
    (prepared.lowered()["paths"]["/things/{id}"]["post"].clone(), prepared.warnings().to_string())
}
