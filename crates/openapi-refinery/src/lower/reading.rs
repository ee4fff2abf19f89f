//! What a schema says, in whichever spelling: types, `null`, values, ranges.

use serde_json::{Map, Number, Value, json};

use super::{Direction, IntegerRange};
use crate::normalize::is_annotation;

/// The least and the greatest integer that JSON readers have.
pub const LEAST: i128 = i64::MIN as i128;
pub const GREATEST: i128 = u64::MAX as i128;

/// The keywords that bound integers.
pub const INTEGER_BOUNDS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// Types of values that can be written as a text.
pub const SCALARS: [&str; 4] = ["string", "integer", "number", "boolean"];

/// The types that a schema names, or that its other keywords imply.
pub fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(only)) => vec![only],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema.contains_key("properties") => vec!["object"],
        _ if schema.contains_key("items") => vec!["array"],
        _ => Vec::new(),
    }
}

/// The schema without `null`, and whether `null` was there.
pub fn without_null(schema: &Map<String, Value>) -> (Map<String, Value>, bool) {
    let mut schema = schema.clone();
    let mut nullable = false;
    for (keyword, null) in [
        ("type", json!("null")),
        ("enum", Value::Null),
        ("oneOf", json!({ "type": "null" })),
        ("anyOf", json!({ "type": "null" })),
    ] {
        let Some(Value::Array(parts)) = schema.get_mut(keyword) else { continue };
        let before = parts.len();
        parts.retain(|part| *part != null);
        nullable |= parts.len() < before;
        if let ("type", [only]) = (keyword, parts.as_slice()) {
            let only = only.clone();
            schema.insert(keyword.to_owned(), only);
        }
    }
    (schema, nullable)
}

/// The properties that an object must have.
pub fn required(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The values of an enumeration of strings, without those that its other keywords rule out.
pub fn enumerated(schema: &Map<String, Value>) -> Vec<String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let Some(texts) = listed.map(Value::as_str).collect::<Option<Vec<&str>>>() else { return Vec::new() };
    let lengths = length(schema, "minLength").unwrap_or(0)..=length(schema, "maxLength").unwrap_or(u64::MAX);
    let fits = |text: &&str| lengths.contains(&(text.chars().count() as u64));
    texts.into_iter().filter(fits).map(str::to_owned).collect()
}

pub fn length(schema: &Map<String, Value>, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(Value::as_u64)
}

/// The integers that a schema allows, as far as JSON readers have them at all.
pub fn integer_range(schema: &Map<String, Value>) -> IntegerRange {
    let (min, max) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("int64") => (i64::MIN.into(), i64::MAX.into()),
        _ => (LEAST, GREATEST),
    };
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_number).and_then(Number::as_i128);
    IntegerRange {
        min: bound("minimum").map_or(min, |least| min.max(least)),
        max: bound("maximum").map_or(max, |greatest| max.min(greatest)),
    }
}

/// The `format` of the integers that a response may have, unless 64 bits with a sign are enough.
pub fn received_integer(schema: &Map<String, Value>) -> Option<&'static str> {
    if schema.get("format").is_some_and(|format| format == "uint64") {
        return Some("uint64");
    }
    let IntegerRange { min, max } = integer_range(schema);
    match (min >= 0, max > i64::MAX.into()) {
        (true, true) => Some("uint64"),
        // Without any bound, signed integers are the common ones.
        (false, true) if schema.contains_key("maximum") => Some("int128"),
        _ => None,
    }
}

/// The bound that allows integers of more than 64 bits, if there is one.
pub fn bound_beyond_64_bits(schema: &Map<String, Value>) -> Option<&'static str> {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let is_beyond = |keyword: &&str| match *keyword {
        "minimum" => bound(keyword).is_some_and(|least| least < LEAST as f64),
        _ => bound(keyword).is_some_and(|greatest| greatest > GREATEST as f64),
    };
    ["minimum", "maximum"].into_iter().find(is_beyond)
}

pub fn is_uri(schema: &Map<String, Value>) -> bool {
    schema.get("format").is_some_and(|format| format == "uri")
}

/// The properties of an object that says of no others what they are.
pub fn only_properties(schema: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let others = ["oneOf", "anyOf", "patternProperties", "allOf", "$ref", "discriminator"];
    let are_typed = schema.get("additionalProperties").is_some_and(Value::is_object);
    let says_more = are_typed || others.iter().any(|keyword| schema.contains_key(*keyword));
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.filter(|_| types(schema) == ["object"] && !says_more)
}

/// Whether an object has no other properties than those that are named here.
pub fn is_closed(schema: &Map<String, Value>) -> bool {
    let is_false = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(false));
    let have_a_say = ["if", "dependentSchemas", "not", "$dynamicRef"];
    let is_alone = !have_a_say.iter().any(|keyword| schema.contains_key(*keyword));
    let is_closed = is_false("additionalProperties") || (is_false("unevaluatedProperties") && is_alone);
    is_closed && !schema.contains_key("patternProperties")
}

/// Whether a schema says a part of what it says elsewhere.
pub fn is_combination(schema: &Map<String, Value>) -> bool {
    schema.contains_key("allOf") || schema.contains_key("$ref")
}

/// The `$ref` of a schema that says nothing else about its instances, directly or as the only member of `allOf`.
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

/// The keywords of a schema of one type that no instance can fit at once, as far as that can be seen in the schema alone.
pub fn contradiction(schema: &Map<String, Value>) -> &'static [&'static str] {
    if ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|keyword| schema.contains_key(*keyword)) {
        return &[];
    }
    let properties = schema.get("properties");
    let is_named = |name: &str| properties.is_some_and(|properties| properties.get(name).is_some());
    let greater_than = |least: Option<u64>, greatest: Option<u64>| least > greatest.or(least);
    let range = integer_range(schema);
    match types(schema).as_slice() {
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

/// Alternatives that hold what stands beside them.
pub fn distributed(schema: &Map<String, Value>, keyword: &str, alternatives: &[Value]) -> Vec<Value> {
    // Of several alternatives that fit, each has a say in which properties there are.
    let is_shared = |key: &str| keyword == "anyOf" && key == "unevaluatedProperties";
    let is_beside = |key: &str| key != keyword && !is_annotation(key) && !is_shared(key);
    let beside = schema.iter().filter(|(key, _)| is_beside(key)).map(|(key, value)| (key.clone(), value.clone()));
    let beside: Map<String, Value> = beside.collect();
    if beside.is_empty() {
        return alternatives.to_vec();
    }
    alternatives.iter().map(|alternative| json!({ "allOf": [alternative, beside] })).collect()
}

/// A schema of one of its types.
pub fn single_type(schema: &Map<String, Value>, only: &str) -> Value {
    let mut schema = schema.clone();
    schema.remove("title");
    schema.insert("type".to_owned(), only.into());
    schema.into()
}

/// What an instance of a schema must be, in the words of an error.
pub fn expected(schema: &Map<String, Value>) -> String {
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_number);
    let values = enumerated(schema);
    if !values.is_empty() {
        return format!("must be one of {}", values.join(", "));
    }
    match types(schema).as_slice() {
        ["string"] if is_uri(schema) => "must be an absolute URI".to_owned(),
        ["string"] => match (number("minLength"), number("maxLength")) {
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
