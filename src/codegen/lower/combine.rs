//! `allOf`, and keywords beside `$ref`: one schema that says what several say together.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::keywords::{Widened, is_annotation};
use super::reading::contradiction;
use super::reference::follow_alone;
use crate::codegen::Result;

/// A schema that stands for a combination.
pub struct Combined {
    /// What all of them say.
    pub schema: Map<String, Value>,
    /// The pointers of those that were referred to.
    pub targets: Vec<String>,
}

/// Combines a schema with all that it names in `allOf` and `$ref`. Where two say what cannot be said at once, the first counts.
pub fn combined(
    document: &Value,
    schema: &Map<String, Value>,
    pointer: &str,
    widened: &mut Widened,
) -> Result<Combined> {
    let mut combined = schema.clone();
    let reference = combined.remove("$ref").map(|reference| json!({ "$ref": reference }));
    let members = combined.remove("allOf");
    let members = members.as_ref().and_then(Value::as_array).into_iter().flatten().chain(&reference);
    let mut targets = Vec::new();
    for member in members {
        let (at, schema) = follow_alone(document, pointer, member)?;
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            if !combine(&mut combined, keyword, value) {
                widened.keyword("allOf", pointer);
            }
        }
        if at != pointer {
            targets.push(at);
        }
    }
    // What each of them allows and all of them together do not is a slip: none of the bounds counts.
    for keyword in contradiction(&combined) {
        if combined.remove(*keyword).is_some() {
            widened.note(keyword, "it contradicts what is combined with it by `allOf`", pointer);
        }
    }
    Ok(Combined { schema: combined, targets })
}

/// Adds what another schema says with a keyword; returns whether both count now.
fn combine(combined: &mut Map<String, Value>, keyword: &str, value: &Value) -> bool {
    // A reference with keywords beside it is one more of what is combined.
    if keyword == "$ref" {
        return combine(combined, "allOf", &json!([{ "$ref": value }]));
    }
    let Some(present) = combined.get_mut(keyword) else {
        combined.insert(keyword.to_owned(), value.clone());
        return true;
    };
    if present == value || is_annotation(keyword) {
        return true;
    }
    match (keyword, &mut *present, value) {
        ("required" | "allOf", Value::Array(present), Value::Array(more)) => {
            let more: Vec<Value> = more.iter().filter(|one| !present.contains(one)).cloned().collect();
            present.extend(more);
        }
        ("properties", Value::Object(present), Value::Object(more)) => {
            for (name, property) in more {
                let both = present.get(name).map_or_else(|| property.clone(), |other| both(other, property));
                present.insert(name.clone(), both);
            }
        }
        ("items" | "additionalProperties", _, _) => *present = both(present, value),
        ("type" | "enum", _, _) => {
            let common = common(present, value);
            if common.is_empty() {
                return false;
            }
            *present = common.into();
        }
        ("minLength" | "minItems" | "minProperties" | "minimum", _, _) => {
            *present = further(present, value, Ordering::Less)
        }
        ("maxLength" | "maxItems" | "maxProperties" | "maximum", _, _) => {
            *present = further(present, value, Ordering::Greater);
        }
        ("nullable", _, _) => *present = true.into(),
        _ => return false,
    }
    true
}

/// What two schemas say together.
fn both(one: &Value, other: &Value) -> Value {
    match (one, other) {
        _ if one == other => one.clone(),
        (Value::Bool(true), schema) | (schema, Value::Bool(true)) => schema.clone(),
        (Value::Bool(false), _) | (_, Value::Bool(false)) => false.into(),
        _ => json!({ "allOf": [one, other] }),
    }
}

/// The types or values that both name. Of an integer and a number, that is the integer.
fn common(one: &Value, other: &Value) -> Vec<Value> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let (one, other) = (list(one), list(other));
    let narrower = |value: &Value, than: &Value| value == than || (value == "integer" && than == "number");
    let of_one = one.iter().filter(|value| other.iter().any(|than| narrower(value, than)));
    let of_other = other.iter().filter(|value| !one.contains(value) && one.iter().any(|than| narrower(value, than)));
    of_one.chain(of_other).cloned().collect()
}

/// The bound that leaves less.
fn further(one: &Value, other: &Value, wider: Ordering) -> Value {
    let ordering = one.as_f64().partial_cmp(&other.as_f64());
    if ordering == Some(wider) { other.clone() } else { one.clone() }
}
