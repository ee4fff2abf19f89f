// Documents for benchmarks. This is not an inner comment because another file includes this one.

use openapi_refinery::load;
use serde_json::Value;

/// Returns the document of a small API.
pub fn load_document() -> Value {
    load(include_str!("../../../../tests/documents/integrations.yaml")).unwrap()
}

/// Returns the document with renamed copies of its parts, until it has at least this length in bytes.
pub fn build_large_document(length: usize) -> Value {
    let one = load_document();
    let (mut all, mut size) = (one.clone(), one.to_string().len());
    let schemas = one["components"]["schemas"].as_object().unwrap();
    let operation = one["paths"]["/integrations/{id}"].to_string();
    for copy in 0.. {
        if size > length {
            break;
        }
        let renamed = |text: &str| -> Value {
            let text = text.replace("#/components/schemas/", &format!("#/components/schemas/copy{copy}-"));
            serde_json::from_str(&text).unwrap()
        };
        for (name, schema) in schemas {
            all["components"]["schemas"][format!("copy{copy}-{name}")] = renamed(&schema.to_string());
        }
        all["paths"][format!("/copy{copy}/{{id}}")] = renamed(&operation);
        size += one["components"].to_string().len() + operation.len();
    }
    all
}
