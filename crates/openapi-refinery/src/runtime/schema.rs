//! JSON Schemas of generated types.

use serde_json::Value;

/// Implements `JsonSchema` for a type. Its schema refers to the other types by name.
macro_rules! json_schema {
    ($name:ident, $schema:literal $(, $other:ident)*) => {
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            #[allow(unused_variables)]
            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                runtime::parse_schema($schema, &[$((stringify!($other), generator.subschema_for::<$other>())),*])
            }
        }
    };
}
pub(crate) use json_schema;

/// Parses the schema of a generated type and replaces its references to other types with their schemas.
pub(crate) fn parse_schema(text: &str, references: &[(&str, schemars::Schema)]) -> schemars::Schema {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_references_are_replaced() {
        let name: schemars::Schema = json!({ "type": "string", "minLength": 1 }).try_into().unwrap();
        let text = r#"{
            "properties": { "name": { "$ref": "Name" }, "other": { "$ref": "Other" } },
            "anyOf": [{ "items": { "$ref": "Name" } }]
        }"#;
        let schema = parse_schema(text, &[("Name", name)]).to_value();
        let name = json!({ "type": "string", "minLength": 1 });
        let expected = json!({
            "properties": { "name": name, "other": { "$ref": "Other" } },
            "anyOf": [{ "items": name }],
        });
        assert_eq!(schema, expected);
    }

    #[test]
    fn a_schema_may_be_a_reference_or_a_boolean() {
        let name: schemars::Schema = json!({ "type": "string" }).try_into().unwrap();
        assert_eq!(parse_schema(r#"{"$ref": "Name"}"#, &[("Name", name)]).to_value(), json!({ "type": "string" }));
        assert_eq!(parse_schema("false", &[]).to_value(), json!(false));
    }
}
