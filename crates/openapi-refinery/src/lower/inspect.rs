//! Reading the keywords of one schema: types, `null`, values, ranges and contradictions.

use std::borrow::Cow;

use serde_json::{Map, Number, Value, json};

use super::{Direction, IntegerRange};
use crate::normalize::{is_annotation, is_of_type, is_type};

/// The range of integers that JSON parsers support: 64 bits, signed or unsigned.
pub const MIN_INTEGER: i128 = i64::MIN as i128;
pub const MAX_INTEGER: i128 = u64::MAX as i128;

/// The keywords that bound integers.
pub const INTEGER_BOUNDS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// The types of values that can be written as text.
pub const SCALARS: [&str; 4] = ["string", "integer", "number", "boolean"];

/// Returns the types that a schema declares, without unknown ones, or the one that its other keywords imply.
pub fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(only)) => Some(only.as_str()).filter(is_type).into_iter().collect(),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).filter(is_type).collect(),
        _ if schema.contains_key("properties") => vec!["object"],
        _ if schema.contains_key("items") => vec!["array"],
        _ => Vec::new(),
    }
}

/// Returns the schema without `null`, and whether it allowed `null`.
pub fn without_null(schema: &Map<String, Value>) -> (Cow<'_, Map<String, Value>>, bool) {
    let is_null = |keyword: &str, part: &Value| match keyword {
        "type" => part == "null",
        "enum" => part.is_null(),
        _ => *part == json!({ "type": "null" }),
    };
    let mut without = Cow::Borrowed(schema);
    for keyword in ["type", "enum", "oneOf", "anyOf"] {
        let Some(Value::Array(parts)) = schema.get(keyword) else { continue };
        if !parts.iter().any(|part| is_null(keyword, part)) {
            continue;
        }
        let others: Vec<&Value> = parts.iter().filter(|part| !is_null(keyword, part)).collect();
        let others = if let ("type", [only]) = (keyword, others.as_slice()) { json!(only) } else { json!(others) };
        without.to_mut().insert(keyword.to_owned(), others);
    }
    let nullable = matches!(without, Cow::Owned(_));
    (without, nullable)
}

/// Returns the required properties.
pub fn required(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Returns the values of an enum of strings that satisfy `minLength` and `maxLength`; none if a value is not a string.
pub fn enum_values(schema: &Map<String, Value>) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let Some(texts) = listed.map(Value::as_str).collect::<Option<Vec<&str>>>() else { return Vec::new() };
    let lengths = length(schema, "minLength").unwrap_or(0)..=length(schema, "maxLength").unwrap_or(u64::MAX);
    let fits = |text: &&str| lengths.contains(&(text.chars().count() as u64));
    texts.into_iter().filter(fits).map(str::to_owned).collect()
}

/// Returns the scalars that an enum or `const` allows, as text.
pub fn constants(schema: &Map<String, Value>) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let texts = enum_values(schema);
    if texts.is_empty() { listed.filter_map(text).collect() } else { texts }
}

/// Returns the value of a keyword that bounds a length.
pub fn length(schema: &Map<String, Value>, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}

/// Returns the range of integers that a schema allows, limited to those that JSON parsers support.
pub fn integer_range(schema: &Map<String, Value>) -> IntegerRange {
    let (min, max) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("int64") => (i64::MIN.into(), i64::MAX.into()),
        _ => (MIN_INTEGER, MAX_INTEGER),
    };
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_number).and_then(Number::as_i128);
    IntegerRange {
        min: bound("minimum").map_or(min, |least| min.max(least)),
        max: bound("maximum").map_or(max, |greatest| max.min(greatest)),
    }
}

/// Returns the `format` for integers in responses, unless signed 64 bits are enough.
pub fn received_integer(schema: &Map<String, Value>) -> Option<&'static str> {
    if schema.get("format").is_some_and(|format| format == "uint64") {
        return Some("uint64");
    }
    let IntegerRange { min, max } = integer_range(schema);
    match (min >= 0, max > i64::MAX.into()) {
        (true, true) => Some("uint64"),
        // Without a bound, `i64` is the most convenient type.
        (false, true) if ["maximum", "exclusiveMaximum"].iter().any(|keyword| schema.contains_key(*keyword)) => {
            Some("int128")
        }
        _ => None,
    }
}

/// Returns the bound that allows integers beyond 64 bits, if there is one.
pub fn bound_beyond_64_bits(schema: &Map<String, Value>) -> Option<&'static str> {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    // As floats, integers just beyond the range of 64 bits are rounded to its bounds.
    let is_integer = |keyword: &str| schema.get(keyword).is_some_and(|it| it.is_i64() || it.is_u64());
    let is_beyond = |keyword: &&str| {
        !is_integer(keyword)
            && match *keyword {
                "minimum" => bound(keyword).is_some_and(|least| least <= MIN_INTEGER as f64),
                _ => bound(keyword) >= Some(MAX_INTEGER as f64),
            }
    };
    ["minimum", "maximum"].into_iter().find(is_beyond)
}

/// Returns whether a schema has `format: uri`.
pub fn is_uri(schema: &Map<String, Value>) -> bool {
    schema.get("format").is_some_and(|format| format == "uri")
}

/// Returns whether a schema has `format: password`.
fn is_password(schema: &Map<String, Value>) -> bool {
    schema.get("format").is_some_and(|format| format == "password")
}

/// Returns the properties of an object whose schema does not constrain any others.
pub fn only_properties(schema: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let others = ["oneOf", "anyOf", "patternProperties", "allOf", "$ref", "discriminator"];
    let are_typed = schema.get("additionalProperties").is_some_and(Value::is_object);
    let constrains_others = are_typed || others.iter().any(|keyword| schema.contains_key(*keyword));
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.filter(|_| types(schema) == ["object"] && !constrains_others)
}

/// Returns whether an object must not have other properties than those in `properties`.
pub fn is_closed(schema: &Map<String, Value>) -> bool {
    let is_false = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(false));
    let evaluating = ["if", "dependentSchemas", "not", "$dynamicRef"];
    let is_alone = !evaluating.iter().any(|keyword| schema.contains_key(*keyword));
    let is_closed = is_false("additionalProperties") || (is_false("unevaluatedProperties") && is_alone);
    is_closed && !schema.contains_key("patternProperties")
}

/// Returns whether `required` is the only constraint of a schema.
pub fn only_requires(schema: &Map<String, Value>) -> bool {
    schema.contains_key("required")
        && schema
            .iter()
            .all(|(key, value)| key == "required" || is_annotation(key) || (key == "type" && value == "object"))
}

/// Returns whether a schema includes other schemas.
pub fn is_combination(schema: &Map<String, Value>) -> bool {
    schema.contains_key("allOf") || schema.contains_key("$ref")
}

/// Returns the `$ref` of a schema that has no other constraints, directly or as the only member of `allOf`.
pub fn only_reference(schema: &Map<String, Value>, direction: Direction) -> Option<&str> {
    let ignored =
        |key: &str| is_annotation(key) || (direction == Direction::Response && matches!(key, "required" | "type"));
    let mut keys = schema.iter().filter(|(key, _)| !ignored(key));
    match (keys.next(), keys.next()) {
        (Some((key, Value::String(reference))), None) if key == "$ref" => Some(reference),
        (Some((key, Value::Array(members))), None) if key == "allOf" => match members.as_slice() {
            [Value::Object(only)] => only_reference(only, direction),
            _ => None,
        },
        _ => None,
    }
}

/// Returns keywords that no instance can satisfy together. Schemas of several types and combinations are not examined.
pub fn contradiction(schema: &Map<String, Value>) -> &'static [&'static str] {
    if ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|keyword| schema.contains_key(*keyword)) {
        return &[];
    }
    let properties = schema.get("properties");
    let is_named = |name: &str| properties.is_some_and(|properties| properties.get(name).is_some());
    let greater_than = |least: Option<u64>, greatest: Option<u64>| least > greatest.or(least);
    let range = integer_range(schema);
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    match types(schema).as_slice() {
        _ if lists_no_value(schema) => &["enum"],
        ["number"] if number("minimum") > number("maximum").or(number("minimum")) => &["minimum", "maximum"],
        ["string"] if greater_than(length(schema, "minLength"), length(schema, "maxLength")) => {
            &["minLength", "maxLength"]
        }
        ["integer"] if range.min > range.max => &INTEGER_BOUNDS,
        ["object"] if is_closed(schema) && !required(schema).all(is_named) => {
            &["additionalProperties", "unevaluatedProperties"]
        }
        _ => &[],
    }
}

/// Returns whether no value in `enum` has a type that the schema allows.
fn lists_no_value(schema: &Map<String, Value>) -> bool {
    let types = types(schema);
    let is_allowed = |value: &Value| types.is_empty() || types.iter().any(|kind| is_of_type(value, kind));
    schema.get("enum").and_then(Value::as_array).is_some_and(|values| !values.iter().any(is_allowed))
}

/// Returns the alternatives of `oneOf` or `anyOf`, each combined with the other constraints of the schema.
pub fn distribute(schema: &Map<String, Value>, keyword: &str, alternatives: &[Value]) -> Vec<Value> {
    // `unevaluatedProperties` beside `anyOf` applies to what all matching alternatives leave, so it cannot be moved into one of them.
    let is_shared = |key: &str| keyword == "anyOf" && key == "unevaluatedProperties";
    let is_beside = |key: &str| key != keyword && !is_annotation(key) && !is_shared(key);
    let beside = schema.iter().filter(|(key, _)| is_beside(key)).map(|(key, value)| (key.clone(), value.clone()));
    let beside: Map<String, Value> = beside.collect();
    if beside.is_empty() {
        return alternatives.to_vec();
    }
    alternatives.iter().map(|alternative| json!({ "allOf": [alternative, beside] })).collect()
}

/// Returns a schema restricted to one of its types.
pub fn single_type(schema: &Map<String, Value>, only: &str) -> Value {
    let mut schema = schema.clone();
    schema.remove("title");
    schema.insert("type".to_owned(), only.into());
    schema.into()
}

/// Returns the requirement of a schema on instances, as the text of an error.
pub fn expected(schema: &Map<String, Value>) -> String {
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_number);
    let values = enum_values(schema);
    if !values.is_empty() && is_password(schema) {
        return "must be one of the values in the OpenAPI document".to_owned();
    }
    if !values.is_empty() {
        let show = |value: &String| if value.is_empty() { "\"\"".to_owned() } else { format!("`{value}`") };
        let shown: Vec<String> = values.iter().map(show).collect();
        return format!("must be one of {}", shown.join(", "));
    }
    match types(schema).as_slice() {
        ["string"] if is_uri(schema) => "must be a URI with a scheme".to_owned(),
        ["string"] => match (number("minLength"), number("maxLength")) {
            (Some(min), Some(max)) if min == max => format!("must be a string of exactly {}", characters(min)),
            (Some(min), Some(max)) => format!("must be a string of {min} to {max} characters"),
            (Some(min), None) => format!("must be a string of at least {}", characters(min)),
            (None, Some(max)) => format!("must be a string of at most {}", characters(max)),
            (None, None) => "must be a string".to_owned(),
        },
        ["integer"] => integer_range(schema).expected(),
        ["number"] => "must be a number".to_owned(),
        ["object"] => "must be an object".to_owned(),
        ["array"] => "must be an array".to_owned(),
        ["boolean"] => "must be true or false".to_owned(),
        _ => "must be a JSON value".to_owned(),
    }
}

fn characters(count: &Number) -> String {
    format!("{count} character{}", if count.as_u64() == Some(1) { "" } else { "s" })
}

/// Returns whether a value contains a schema of passwords.
pub fn mentions_passwords(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("format").is_some_and(|it| it == "password") || members.values().any(mentions_passwords)
        }
        Value::Array(items) => items.iter().any(mentions_passwords),
        _ => false,
    }
}
