//! `allOf`, and keywords beside `$ref`: one schema that says what several say together.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::Widened;
use super::reading::contradiction;
use crate::normalize::{Normal, is_annotation};

/// One schema in place of a combination.
pub struct Combined {
    /// What all of them say.
    pub schema: Map<String, Value>,
    /// What they combine with in turn.
    pub members: Vec<Member>,
    /// The pointers of the schemas that were combined.
    pub sources: Vec<String>,
    /// Those of them that a reference led to.
    pub targets: Vec<String>,
}

/// A schema in `allOf`, or a reference beside other keywords.
#[derive(PartialEq)]
pub struct Member {
    pointer: String,
    schema: Value,
}

/// Takes the members out of a schema.
pub fn take_members(schema: &mut Map<String, Value>, pointer: &str) -> Vec<Member> {
    let reference = schema.remove("$ref").map(|reference| json!({ "$ref": reference }));
    let listed = schema.remove("allOf");
    let mut members = listed.as_ref().map(|listed| all_of(listed, pointer)).unwrap_or_default();
    members.extend(reference.map(|schema| Member { pointer: pointer.to_owned(), schema }));
    members
}

/// Puts members back into the schema that they were taken out of.
pub fn with_members(schema: &Map<String, Value>, members: &[Member]) -> Map<String, Value> {
    let mut schema = schema.clone();
    if !members.is_empty() {
        let members: Vec<&Value> = members.iter().map(|member| &member.schema).collect();
        schema.insert("allOf".to_owned(), json!(members));
    }
    schema
}

fn all_of(listed: &Value, pointer: &str) -> Vec<Member> {
    let at = |index| format!("{pointer}/allOf/{index}");
    let listed = listed.as_array().into_iter().flatten().enumerate();
    listed.map(|(index, schema)| Member { pointer: at(index), schema: schema.clone() }).collect()
}

/// Combines a schema with its members. Of two that cannot hold together in one keyword, the first counts.
pub fn combined(
    normal: &Normal,
    mut schema: Map<String, Value>,
    members: Vec<Member>,
    pointer: &str,
    widened: &mut Widened,
) -> Combined {
    let mut next: Vec<Member> = Vec::new();
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for member in members {
        let (at, value) = follow_alone(normal, &member.pointer, &member.schema);
        let is_union = ["oneOf", "anyOf"].iter().any(|keyword| value.get(keyword).is_some());
        for (keyword, value) in value.as_object().into_iter().flatten() {
            match keyword.as_str() {
                // Who extends a schema is none of those that extend it.
                "discriminator" if !is_union => {}
                // A reference with keywords beside it is one more member.
                "$ref" => next.push(Member { pointer: at.clone(), schema: json!({ "$ref": value }) }),
                "allOf" => next.extend(all_of(value, &at)),
                _ if combine(&mut schema, keyword, value) => {}
                _ => widened.keyword("allOf", &normal.origin(pointer)),
            }
        }
        if at != member.pointer {
            targets.push(at.clone());
        }
        sources.push(at);
    }
    let mut distinct: Vec<Member> = Vec::new();
    for member in next {
        if distinct.iter().all(|known| known.schema != member.schema) {
            distinct.push(member);
        }
    }
    // What each of them allows and all of them together do not is a slip: none of the bounds counts.
    let contradictory = if distinct.is_empty() { contradiction(&schema) } else { &[] };
    for keyword in contradictory {
        if schema.remove(*keyword).is_some() {
            widened.note(keyword, "it contradicts what is combined with it by `allOf`", &normal.origin(pointer));
        }
    }
    Combined { schema, members: distinct, sources, targets }
}

/// Follows a schema that is nothing but a reference. What stands beside a reference counts, too.
pub fn follow_alone<'v>(normal: &'v Normal, pointer: &str, schema: &'v Value) -> (String, &'v Value) {
    let (mut pointer, mut schema) = (pointer.to_owned(), schema);
    let is_alone =
        |schema: &Value| schema.as_object().into_iter().flatten().all(|(key, _)| key == "$ref" || is_annotation(key));
    while let Some(reference) = schema.get("$ref").and_then(Value::as_str).filter(|_| is_alone(schema)) {
        let (target, value) = normal.target(reference);
        (pointer, schema) = (target.to_owned(), value);
    }
    (pointer, schema)
}

/// Adds what another schema says with a keyword; returns whether both count now.
fn combine(combined: &mut Map<String, Value>, keyword: &str, value: &Value) -> bool {
    let Some(present) = combined.get_mut(keyword) else {
        combined.insert(keyword.to_owned(), value.clone());
        return true;
    };
    if present == value || is_annotation(keyword) {
        return true;
    }
    match (keyword, &mut *present, value) {
        ("required", Value::Array(present), Value::Array(more)) => {
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
