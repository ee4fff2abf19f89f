//! The vendored document, its corrections and its locked names.

use std::path::Path;

use openapi_refinery::{Configuration, Output, Prepared, prepare};
use serde_json::{Value, json};

/// Returns the document as the build prepares it.
fn prepared() -> Prepared {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs = Configuration::read(root, "openapi/generate.yaml").and_then(|configuration| configuration.inputs());
    inputs.and_then(prepare).map_err(|error| error.to_string()).unwrap()
}

#[test]
fn every_correction_applies() {
    let outcomes = prepared().corrections;
    assert!(!outcomes.is_empty());
    assert!(outcomes.iter().all(|correction| correction.applies && !correction.why.is_empty()));
}

#[test]
fn the_corrected_document_accepts_its_own_examples() {
    let accepts = |document: &Value, schema: &str, instance: &Value| {
        let mut schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
        schema["components"] = document["components"].clone();
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap().is_valid(instance)
    };
    let document = prepared().corrected;
    let operation = &document["paths"]["/integrations/{id}"]["patch"];
    let mut count = 0;
    for (content, schema) in [
        (&operation["requestBody"]["content"], "integration-model"),
        (&operation["responses"]["400"]["content"], "errors"),
        (&operation["responses"]["404"]["content"], "errors"),
    ] {
        for example in content["application/json"]["examples"].as_object().unwrap().values() {
            assert!(accepts(&document, schema, &example["value"]), "{example}");
            count += 1;
        }
    }
    assert_eq!(count, 6);
    assert!(!accepts(&document, "integration-model", &json!({ "shop": "x" })));
}

#[test]
fn locked_names_are_kept() {
    let lock: Value = serde_saphyr::from_str(include_str!("../../openapi/lock.yaml")).unwrap();
    let names = serde_json::to_value(prepared().names()).unwrap();
    for kind in ["operations", "types", "variants"] {
        for (place, name) in lock[kind].as_object().unwrap() {
            assert_eq!(&names[kind][place], name, "{place}");
        }
    }
}

/// `spec-drift` compares the code that this crate is compiled from.
#[test]
fn the_build_script_writes_the_generated_code() {
    assert_eq!(include_str!(concat!(env!("OUT_DIR"), "/client.rs")), prepared().code(Output::Client).unwrap().text);
    #[cfg(feature = "mock")]
    assert_eq!(include_str!(concat!(env!("OUT_DIR"), "/mock.rs")), prepared().code(Output::Mock).unwrap().text);
}
