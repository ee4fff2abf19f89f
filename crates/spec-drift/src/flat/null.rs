//! Whether schemas accept `null`.

use serde_json::Value;

use super::openness::has_constraints;
use super::{Schemas, types};
use crate::Node;
use openapi_refinery::normalize::{Constrains, keyword};

/// Maximum number of passes over schemas that form a cycle. Schemas that do not are decided in the first pass.
const MAX_PASSES: usize = 16;

/// Schemas of which some must accept `null`.
struct Group<'a> {
    schemas: Vec<Node<'a>>,
    /// Whether it must be exactly one of them.
    is_exclusive: bool,
}

impl Schemas {
    /// Returns whether a schema may accept `null`, which depends on the schemas that it combines. They may form long chains and cycles.
    pub(crate) fn may_be_null<'a>(&'a self, schema: &Node<'a>) -> bool {
        let mut known = self.accept_null.borrow_mut();
        let (mut undecided, mut unvisited) = (Vec::new(), vec![(schema.clone(), false)]);
        while let Some((node, is_left)) = unvisited.pop() {
            if is_left {
                undecided.push(node);
                continue;
            }
            if known.contains_key(&node.pointer) {
                continue;
            }
            known.insert(node.pointer.clone(), false);
            let inner = null_groups(self, &node).into_iter().flat_map(|group| group.schemas);
            let inner = inner.map(|schema| (schema, false)).collect::<Vec<_>>();
            unvisited.push((node, true));
            unvisited.extend(inner);
        }
        for _ in 0..MAX_PASSES {
            let mut is_changed = false;
            for node in &undecided {
                let accepts = accepts_null_given(self, node, |it| known.get(&it.pointer) == Some(&true));
                is_changed |= known.insert(node.pointer.clone(), accepts) != Some(accepts);
            }
            if !is_changed {
                break;
            }
        }
        known.get(&schema.pointer) == Some(&true)
    }
}

/// Returns whether a schema may accept `null`, given which of the schemas that it combines do.
fn accepts_null_given<'a>(document: &'a Schemas, node: &Node<'a>, accepts: impl Fn(&Node<'a>) -> bool) -> bool {
    let is_met = |group: Group<'a>| {
        let count = group.schemas.iter().filter(|schema| accepts(schema)).count();
        if group.is_exclusive { count == 1 } else { count > 0 }
    };
    evaluate_null(node.value, Some(true)) != Some(false) && null_groups(document, node).into_iter().all(is_met)
}

/// Returns groups of schemas: a schema accepts `null` only if in each group at least one does. The target of `$ref` and each member of
/// `allOf` are a group of one, `oneOf` and `anyOf` a group each.
fn null_groups<'a>(document: &'a Schemas, node: &Node<'a>) -> Vec<Group<'a>> {
    let combined = node.text("$ref").map(|_| node.target(document)).into_iter().chain(node.member("allOf").items());
    let combined = combined.map(|schema| Group { schemas: vec![schema], is_exclusive: false });
    let lists = ["oneOf", "anyOf"].map(|keyword| node.member(keyword)).into_iter().filter(Node::is_present);
    // A discriminator selects one alternative.
    let has_discriminator = node.member("discriminator").is_present();
    let lists = lists.map(|list| Group {
        schemas: list.items(),
        is_exclusive: list.escaped_name() == "oneOf" && !has_discriminator,
    });
    combined.chain(lists).collect()
}

/// Returns whether `not` or a condition of a schema rejects `null`.
pub(super) fn excludes_null(schema: &Value) -> bool {
    let accepts = |keyword: &str| schema.get(keyword).and_then(accepts_null);
    let branch = accepts("if").and_then(|is_met| accepts(if is_met { "then" } else { "else" }));
    accepts("not") == Some(true) || branch == Some(false)
}

/// Returns whether a schema accepts `null`; `None` if that depends on a reference or a condition, or if the schema only constrains other
/// types.
fn accepts_null(schema: &Value) -> Option<bool> {
    evaluate_null(schema, is_null(schema).then_some(true))
}

/// Returns whether a schema accepts `null`; `None` if that is unknown. `untyped` is the result for parts that do not constrain `null`, such
/// as `{minLength: 1}`: `Some(true)` if the schema that contains them has the type `null`, otherwise `None`.
fn evaluate_null(schema: &Value, untyped: Option<bool>) -> Option<bool> {
    let accepts_null = |part: &Value| evaluate_null(part, untyped);
    let Value::Object(members) = schema else { return Some(*schema != false) };
    let accepts = |(keyword, value): (&String, &Value)| {
        let mut values = value.as_array().into_iter().flatten();
        match keyword.as_str() {
            "type" => Some(types(schema)?.contains("null")),
            "enum" => Some(values.any(Value::is_null)),
            "const" => Some(value.is_null()),
            "not" => accepts_null(value).map(|accepts| !accepts),
            "if" => {
                let branch = if accepts_null(value)? { "then" } else { "else" };
                members.get(branch).map_or(Some(true), accepts_null)
            }
            "then" | "else" => Some(true),
            "allOf" => all(values.map(accepts_null)),
            "anyOf" => all(values.map(|it| accepts_null(it).map(|accepts| !accepts))).map(|rejects| !rejects),
            "oneOf" => {
                Some(values.map(accepts_null).collect::<Option<Vec<_>>>()?.iter().filter(|it| **it).count() == 1)
            }
            _ => None,
        }
    };
    let decisive: Vec<_> = members.iter().filter(|(keyword, _)| constrains_null(keyword)).collect();
    if decisive.is_empty() && has_constraints(schema, &[]) { untyped } else { all(decisive.into_iter().map(accepts)) }
}

/// Returns whether all conditions hold; `None` if that depends on unknown ones.
fn all(mut conditions: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    conditions
        .try_fold(Some(true), |all, one| if one == Some(false) { Err(()) } else { Ok(all.and(one)) })
        .unwrap_or(Some(false))
}

/// If one of two alternatives is `null`, returns the other one, flagged as an alternative to `null`.
pub(super) fn non_null_alternative<'a>(alternatives: &Node<'a>) -> Option<(Node<'a>, bool)> {
    match alternatives.items().as_slice() {
        // `oneOf` rejects a `null` that both accept.
        [null, only] | [only, null] if is_null(null.value) && accepts_null(null.value) == Some(true) => {
            let is_decided = alternatives.escaped_name() == "anyOf" || !has_only_typed_keywords(only.value);
            is_decided.then(|| (only.clone(), true))
        }
        _ => None,
    }
}

/// Returns whether each keyword constrains instances of one type only, so that `null` is accepted.
fn has_only_typed_keywords(schema: &Value) -> bool {
    schema.as_object().map_or(*schema == true, |members| !members.keys().any(|name| constrains_null(name)))
}

/// Returns whether a keyword constrains instances of all types, such as `null`.
fn constrains_null(name: &str) -> bool {
    keyword(name).is_some_and(|row| row.constrains == Constrains::All)
}

/// Returns whether a schema accepts no other value than `null`, by its type.
pub(super) fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}
