//! Between steps 2 and 3: order that means nothing is lost, so that what is generated does not depend on it.

use serde_json::Value;

use super::lower::{holds_data, holds_names};

/// The document with the members of objects sorted, and so what JSON Schema takes for sets (2020-12: validation, sections 6.1.1,
/// 6.1.2 and 6.5.3).
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
