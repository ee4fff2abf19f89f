//! The pipeline through its public API, on documents that are written for it, mutated and generated.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod documents;
mod fuzz;
mod names;
mod normal;
mod schemas;

use openapi_refinery::{Input, Output, Prepared};
use serde_json::{Value, json};

/// A document shaped like that of the client, and its corrections.
const DOCUMENT: &str = include_str!("../../../../tests/documents/integrations.yaml");
const CORRECTIONS: &str = include_str!("../../../../tests/documents/corrections.yaml");
/// A document that uses what the other does not.
const SHELVES: &str = include_str!("../../../../tests/documents/shelves.yaml");

fn input(name: &str, value: Value) -> Input {
    Input { name: name.to_owned(), value }
}

fn no_names() -> Value {
    json!({ "operations": {}, "types": {} })
}

fn generated(prepared: &Prepared, output: Output) -> String {
    prepared.code(output).map_err(|error| error.to_string()).unwrap().text
}
