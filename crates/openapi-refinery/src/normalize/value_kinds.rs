//! The values that keywords and members of objects may have (JSON Schema 2020-12, Validation and Core; OpenAPI 3.1.1, section 4.8).

use serde_json::Value;

use super::schema::is_documentation;

/// The types of JSON Schema 2020-12 (Core, section 4.2.1), and `integer`.
pub const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// Returns whether a name is that of a type.
pub(crate) fn is_type(name: &&str) -> bool {
    TYPES.contains(name)
}

/// Returns what the value of a keyword must be, if it is something else.
pub(super) fn expected_value(keyword: &str, value: &Value) -> Option<String> {
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
        "type" => return expected_type(value),
        "enum" => (value.is_array(), "a list"),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
            (value.as_array().is_some_and(|schemas| !schemas.is_empty()), "a list of at least one schema")
        }
        "description" | "format" | "pattern" | "title" => (value.is_string(), "text"),
        "discriminator" => (value["propertyName"].is_string(), "an object with a `propertyName`"),
        "deprecated" | "nullable" | "readOnly" | "uniqueItems" | "writeOnly" => (value.is_boolean(), "true or false"),
        _ => return None,
    };
    (!is_valid).then(|| expected.to_owned())
}

/// Returns what `type` must be, if it is something else. In a list, a null value is read as the type.
fn expected_type(value: &Value) -> Option<String> {
    let types = match value {
        Value::Array(types) => types.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is_known = |one: &&Value| one.is_null() || one.as_str().is_some_and(|one| is_type(&one));
    match types.iter().find(|one| !is_known(one)) {
        Some(_) if !value.is_array() => Some(join_alternatives(&TYPES)),
        Some(unknown) => Some(format!("{}, not `{}`", join_alternatives(&TYPES), describe_value(unknown))),
        None if types.is_empty() => Some("the name of a type, or a list of such names".to_owned()),
        None => None,
    }
}

/// Returns what a member of an object other than a schema must be, if it is something else.
pub(super) fn expected_member(key: &str, value: &Value) -> Option<&'static str> {
    let (is_valid, expected) = match key {
        "allowEmptyValue" | "allowReserved" | "deprecated" | "explode" | "required" => {
            (value.is_boolean(), "true or false")
        }
        "contentType" | "description" | "operationId" | "style" | "summary" | "title" | "version" => {
            (value.is_string(), "text")
        }
        _ => return None,
    };
    (!is_valid).then_some(expected)
}

/// Returns whether a member of an object, or a keyword of a schema, is documentation, so that clients do not depend on its value.
pub(super) fn is_documentation_member(key: &str) -> bool {
    is_documentation(key) || matches!(key, "deprecated" | "operationId" | "summary" | "version")
}

/// Returns a list of alternatives as prose.
pub(super) fn join_alternatives(alternatives: &[&str]) -> String {
    match alternatives {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        few => few.concat(),
    }
}

/// Returns the text of a value as a document has it.
pub(super) fn describe_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
