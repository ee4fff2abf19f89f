//! Between steps 2 and 3: sorting of what has no order, so that the generated code does not depend on it.

use serde_json::Value;

use super::lower::{holds_data, holds_names};

/// Returns the document with sorted members of objects, and sorted arrays where JSON Schema defines a set (2020-12, Validation, sections
/// 6.1.1, 6.1.2 and 6.5.3).
pub fn ordered(document: &Value) -> Value {
    let mut document = document.clone();
    // Some builds of `serde_json` keep the order of keys.
    document.sort_all_objects();
    sort_sets(&mut document);
    document
}

fn sort_sets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("enum" | "required" | "type", Value::Array(set)) => set.sort_by_cached_key(Value::to_string),
                    (key, Value::Object(by_name)) if holds_names(key) || matches!(key, "responses" | "schemas") => {
                        by_name.values_mut().for_each(sort_sets);
                    }
                    (key, _) if holds_data(key) => {}
                    (_, member) => sort_sets(member),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(sort_sets),
        _ => {}
    }
}
