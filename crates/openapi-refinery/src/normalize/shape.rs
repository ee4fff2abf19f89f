//! The values that keywords may have (JSON Schema 2020-12, Validation and Core; OpenAPI 3.1.1, section 4.8.25).

use serde_json::Value;

/// Returns what the value of a keyword must be, if it is something else.
pub(super) fn expected_shape(keyword: &str, value: &Value) -> Option<&'static str> {
    let is_count = |value: &Value| value.as_f64().is_some_and(|count| count >= 0.0 && count.fract() == 0.0);
    let are_texts = |values: &Vec<Value>| values.iter().all(Value::is_string);
    let (is_valid, expected) = match keyword {
        "maxContains" | "maxItems" | "maxLength" | "maxProperties" | "minContains" | "minItems" | "minLength"
        | "minProperties" => (is_count(value), "an integer of at least 0"),
        "maximum" | "minimum" => (value.is_number(), "a number"),
        // A boolean in OpenAPI 3.0.
        "exclusiveMaximum" | "exclusiveMinimum" => (value.is_number() || value.is_boolean(), "a number"),
        "multipleOf" => (value.as_f64().is_some_and(|number| number > 0.0), "a number above 0"),
        "required" => (value.as_array().is_some_and(are_texts), "a list of the names of properties"),
        "type" => {
            let is_list = value.as_array().is_some_and(|types| !types.is_empty() && are_texts(types));
            (value.is_string() || is_list, "the name of a type, or a list of such names")
        }
        "enum" => (value.is_array(), "a list"),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            (value.as_array().is_some_and(|schemas| !schemas.is_empty()), "a list of at least one schema")
        }
        "description" | "format" | "pattern" | "title" => (value.is_string(), "text"),
        "discriminator" => (value["propertyName"].is_string(), "an object with a `propertyName`"),
        "deprecated" | "nullable" | "readOnly" | "uniqueItems" | "writeOnly" => (value.is_boolean(), "true or false"),
        _ => return None,
    };
    (!is_valid).then_some(expected)
}
