//! Combination of `allOf`, and of keywords beside `$ref`, into one schema.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::inspect::contradiction;
use super::{Direction, Warnings};
use crate::normalize::{Normal, is_annotation};
use crate::pointer::last_token;

/// Maximum number of alternatives that result from combining unions. Each further union multiplies them.
const MAX_ALTERNATIVES: usize = 64;

/// The result of one step of combining a schema with its members.
pub struct Combined {
    /// The combined keywords.
    pub schema: Map<String, Value>,
    /// The members of the combined schemas, which remain to be combined.
    pub members: Vec<Member>,
    /// The pointers of the schemas that were combined.
    pub sources: Vec<String>,
    /// The pointers of those that were reached by a reference.
    pub targets: Vec<String>,
}

/// A schema in `allOf`, or a reference beside other keywords, as a schema of its own.
#[derive(PartialEq)]
pub struct Member {
    pointer: String,
    schema: Value,
}

/// Removes `allOf` and `$ref` from a schema and returns their schemas.
pub fn take_members(schema: &mut Map<String, Value>, pointer: &str) -> Vec<Member> {
    let reference = schema.remove("$ref").map(|reference| json!({ "$ref": reference }));
    let listed = schema.remove("allOf");
    let mut members = listed.as_ref().map(|listed| all_of_members(listed, pointer)).unwrap_or_default();
    members.extend(reference.map(|schema| Member { pointer: pointer.to_owned(), schema }));
    members
}

/// Returns the schema with the members in `allOf`. The inverse of [`take_members`].
pub fn with_members(schema: &Map<String, Value>, members: &[Member]) -> Map<String, Value> {
    let mut schema = schema.clone();
    if !members.is_empty() {
        let members: Vec<&Value> = members.iter().map(|member| &member.schema).collect();
        schema.insert("allOf".to_owned(), json!(members));
    }
    schema
}

fn all_of_members(listed: &Value, pointer: &str) -> Vec<Member> {
    let at = |index| format!("{pointer}/allOf/{index}");
    let listed = listed.as_array().into_iter().flatten().enumerate();
    listed.map(|(index, schema)| Member { pointer: at(index), schema: schema.clone() }).collect()
}

/// Combines a schema with its members, except for references to schemas at `known` pointers, which were combined before. Where two values
/// of a keyword cannot be combined, the first one is kept, with a warning about `allOf`.
pub fn combine(
    normal: &Normal,
    mut schema: Map<String, Value>,
    members: Vec<Member>,
    known: &[String],
    pointer: &str,
    warnings: &mut Warnings,
) -> Combined {
    let mut next: Vec<Member> = Vec::new();
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    for member in members {
        let (at, value) = follow_reference(normal, &member.pointer, &member.schema);
        if known.contains(&at) {
            continue;
        }
        let is_union = ["oneOf", "anyOf"].iter().any(|keyword| value.get(keyword).is_some());
        for (keyword, value) in value.as_object().into_iter().flatten() {
            match keyword.as_str() {
                // The discriminator of a base schema selects one of its subtypes, which does not apply to the subtype itself.
                "discriminator" if !is_union => {}
                // A reference with other keywords beside it is another member.
                "$ref" => next.push(Member { pointer: at.clone(), schema: json!({ "$ref": value }) }),
                "allOf" => next.extend(all_of_members(value, &at)),
                _ if combine_keyword(&mut schema, keyword, value) => {}
                _ => warnings.add_keyword("allOf", "allOf", &normal.origin(pointer)),
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
    // No instance can satisfy contradictory keywords, so they are assumed to be a mistake in the document and ignored.
    let contradictory = if distinct.is_empty() { contradiction(&schema) } else { &[] };
    for keyword in contradictory {
        if schema.remove(*keyword).is_some() {
            let effect = "it is ignored, because it contradicts another schema of the same `allOf`";
            let written = written_keyword(normal, keyword, sources.iter().map(String::as_str).chain([pointer]));
            warnings.add_widened(&written, effect, &normal.origin(pointer));
        }
    }
    Combined { schema, members: distinct, sources, targets }
}

/// Returns the name that the document uses for a keyword of the normal form, in the first of these schemas that has the keyword: for
/// example, `const` for `enum`. If none has it, the keyword itself is returned.
fn written_keyword<'p>(normal: &Normal, keyword: &str, mut pointers: impl Iterator<Item = &'p str>) -> String {
    let written = pointers.find_map(|at| {
        let at = format!("{at}/{keyword}");
        normal.document().pointer(&at).map(|_| last_token(&normal.origin(&at)))
    });
    written.unwrap_or_else(|| keyword.to_owned())
}

/// Follows references from a schema, as long as it has no other keywords than `$ref` and annotations. Returns the pointer and the
/// schema at the end.
pub fn follow_reference<'v>(normal: &'v Normal, pointer: &str, schema: &'v Value) -> (String, &'v Value) {
    let (mut pointer, mut schema) = (pointer.to_owned(), schema);
    let is_alone =
        |schema: &Value| schema.as_object().into_iter().flatten().all(|(key, _)| key == "$ref" || is_annotation(key));
    while let Some(reference) = schema.get("$ref").and_then(Value::as_str).filter(|_| is_alone(schema)) {
        let (target, value) = normal.target(reference);
        (pointer, schema) = (target.to_owned(), value);
    }
    (pointer, schema)
}

/// Returns whether messages of a direction omit a property: requests a `readOnly` one, responses a `writeOnly` one.
pub fn is_omitted(normal: &Normal, property: &Value, direction: Direction) -> bool {
    let keyword = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    property[keyword] == true || follow_reference(normal, "", property).1[keyword] == true
}

/// Adds a keyword of another schema. Returns `false` if both values cannot be combined into one.
fn combine_keyword(combined: &mut Map<String, Value>, keyword: &str, value: &Value) -> bool {
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
                let combined = present.get(name).map_or_else(|| property.clone(), |other| all_of(other, property));
                present.insert(name.clone(), combined);
            }
        }
        // Each alternative of one union is combined with the other union.
        ("anyOf" | "oneOf", Value::Array(alternatives), Value::Array(others))
            if count_listed(alternatives).saturating_mul(count_listed(others)) <= MAX_ALTERNATIVES =>
        {
            let other = json!({ (keyword): others });
            alternatives.iter_mut().for_each(|one| *one = all_of(one, &other));
        }
        ("items" | "additionalProperties", _, _) => *present = all_of(present, value),
        ("type" | "enum", _, _) => {
            let common = common_values(present, value);
            if common.is_empty() {
                return false;
            }
            *present = common.into();
        }
        ("minLength" | "minItems" | "minProperties" | "minimum", _, _) => {
            *present = stricter_bound(present, value, Ordering::Less)
        }
        ("maxLength" | "maxItems" | "maxProperties" | "maximum", _, _) => {
            *present = stricter_bound(present, value, Ordering::Greater);
        }
        _ => return false,
    }
    true
}

/// Returns the number of alternatives of a union, which are multiplied where `allOf` combines unions.
fn count_listed(alternatives: &[Value]) -> usize {
    alternatives.iter().map(count_alternatives).fold(0, usize::saturating_add)
}

fn count_alternatives(schema: &Value) -> usize {
    let list = |keyword| schema.get(keyword).and_then(Value::as_array);
    let unions = ["anyOf", "oneOf"].into_iter().filter_map(list).map(|alternatives| count_listed(alternatives));
    let members = list("allOf").into_iter().flatten().map(count_alternatives);
    unions.chain(members).fold(1, usize::saturating_mul)
}

/// Returns a schema that requires both schemas.
fn all_of(one: &Value, other: &Value) -> Value {
    match (one, other) {
        _ if one == other => one.clone(),
        (Value::Bool(true), schema) | (schema, Value::Bool(true)) => schema.clone(),
        (Value::Bool(false), _) | (_, Value::Bool(false)) => false.into(),
        _ => json!({ "allOf": [one, other] }),
    }
}

/// Returns the types or values that both lists contain. `integer` is contained in `number`.
fn common_values(one: &Value, other: &Value) -> Vec<Value> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let (one, other) = (list(one), list(other));
    let is_within = |value: &Value, than: &Value| value == than || (value == "integer" && than == "number");
    let of_one = one.iter().filter(|value| other.iter().any(|than| is_within(value, than)));
    let of_other = other.iter().filter(|value| !one.contains(value) && one.iter().any(|than| is_within(value, than)));
    of_one.chain(of_other).cloned().collect()
}

/// Returns the stricter one of two bounds. `wider` is how a wider bound compares to a stricter one.
fn stricter_bound(one: &Value, other: &Value, wider: Ordering) -> Value {
    let ordering = one.as_f64().partial_cmp(&other.as_f64());
    if ordering == Some(wider) { other.clone() } else { one.clone() }
}
