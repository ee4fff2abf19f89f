//! Tests of the pipeline through its public API, with handwritten, mutated and generated documents.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod documents;
mod errors;
mod fuzz;
/// Shared with the tests of the client.
mod listing {
    include!("../../../../tests/client/listing.rs");
}
mod loading;
mod lowered_schemas;
mod messages;
mod names;
mod normal;
mod operations;
mod prose;
mod schemas;
mod stable_names;
mod unions;

use openapi_refinery::{Input, Output, Prepared};
use serde_json::{Value, json};

/// A document with the structure of the one that the client is generated from.
const DOCUMENT: &str = include_str!("../../../../tests/documents/integrations.yaml");
/// The corrections of this document.
const CORRECTIONS: &str = include_str!("../../../../tests/documents/corrections.yaml");
/// A document with the features of OpenAPI that the other one does not use.
const SHELVES: &str = include_str!("../../../../tests/documents/shelves.yaml");

fn build_input(name: &str, value: Value) -> Input {
    Input { name: name.to_owned(), value }
}

/// Returns a lock without recorded names.
fn build_empty_lock() -> Value {
    json!({ "operations": {}, "types": {} })
}

fn generate_code(prepared: &Prepared, output: Output) -> String {
    prepared.code(output).map_err(|error| error.to_string()).unwrap().text
}
