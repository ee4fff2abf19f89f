//! JSON Schema of generated types.

use serde_json::Value;

/// The schema in a generated text, its references to types resolved.
pub(crate) fn json_schema(text: &str, references: &[(&str, schemars::Schema)]) -> schemars::Schema {
    let mut schema: Value = serde_json::from_str(text).unwrap_or(Value::Bool(true));
    resolve(&mut schema, references);
    schema.try_into().unwrap_or_default()
}

fn resolve(schema: &mut Value, references: &[(&str, schemars::Schema)]) {
    let name = schema.get("$ref").and_then(Value::as_str);
    if let Some((_, target)) = references.iter().find(|(known, _)| Some(*known) == name) {
        *schema = target.clone().to_value();
        return;
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(|member| resolve(member, references)),
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, references)),
        _ => {}
    }
}
