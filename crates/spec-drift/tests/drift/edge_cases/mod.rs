//! Edge cases that the tables of `rules` do not contain. Each was a fault that no other test detected.

mod implied;
mod operations;
mod schemas;
mod servers;

use openapi_spec_drift::{Verdict, compare};
use serde_json::{Value, json};

pub fn build_document(operation: &Value) -> Value {
    let string = json!({ "type": "string" });
    let object = |property: &str| json!({ "type": "object", "properties": { property: string } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Edge cases", "version": "1" },
        "paths": { "/things": { "post": operation } },
        "components": { "schemas": { "A": object("a"), "B": object("b"), "Renamed": object("a") } },
    })
}

pub fn classify(old: &Value, new: &Value) -> Verdict {
    compare(old, new).unwrap().iter().map(|change| change.wire).max().unwrap_or_default()
}

fn build_body(schema: &Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

fn build_request(schema: &Value) -> Value {
    build_document(&json!({ "requestBody": build_body(schema), "responses": { "204": { "description": "" } } }))
}

fn build_response(schema: &Value) -> Value {
    let mut response = build_body(schema);
    response["description"] = "".into();
    build_document(&json!({ "responses": { "200": response } }))
}
