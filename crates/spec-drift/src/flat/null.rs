//! Whether schemas accept `null`.

use std::collections::HashMap;

use serde_json::Value;

use super::openness::has_constraints;
use super::{Schemas, types};
use crate::Node;
use openapi_refinery::normalize::{Constrains, keyword};

impl Schemas {
    /// Returns whether a schema may accept `null`, as the least fixed point of [`null_requirements`](Self::null_requirements): schemas may
    /// form long chains and cycles.
    pub(crate) fn may_be_null<'a>(&'a self, schema: &Node<'a>) -> bool {
        let mut known = self.accept_null.borrow_mut();
        // The requirements of each schema, and the schemas whose requirements list it.
        let mut requirements: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        let mut listed_by: HashMap<String, Vec<String>> = HashMap::new();
        let mut unvisited = vec![schema.clone()];
        while let Some(node) = unvisited.pop() {
            if known.contains_key(&node.pointer) {
                continue;
            }
            known.insert(node.pointer.clone(), false);
            if evaluate_null(node.value, Some(true)) == Some(false) {
                continue;
            }
            let lists = self.null_requirements(&node);
            for part in lists.iter().flatten() {
                listed_by.entry(part.pointer.clone()).or_default().push(node.pointer.clone());
            }
            let pointers = lists.iter().map(|list| list.iter().map(|part| part.pointer.clone()).collect());
            requirements.insert(node.pointer, pointers.collect());
            unvisited.extend(lists.into_iter().flatten());
        }
        let mut undecided: Vec<String> = requirements.keys().cloned().collect();
        while let Some(pointer) = undecided.pop() {
            let accepts = |pointer: &String| known.get(pointer) == Some(&true);
            let is_met =
                requirements.get(&pointer).is_some_and(|lists| lists.iter().all(|list| list.iter().any(accepts)));
            if is_met && !accepts(&pointer) {
                undecided.extend(listed_by.remove(&pointer).unwrap_or_default());
                known.insert(pointer, true);
            }
        }
        known.get(&schema.pointer) == Some(&true)
    }

    /// Returns groups of schemas: a schema accepts `null` if in each group at least one schema does. The target of `$ref` and each member
    /// of `allOf` are a group of one, `oneOf` and `anyOf` a group each.
    fn null_requirements<'a>(&'a self, node: &Node<'a>) -> Vec<Vec<Node<'a>>> {
        let combined = node.text("$ref").map(|_| node.target(self)).into_iter().chain(node.member("allOf").items());
        let lists = ["oneOf", "anyOf"].map(|keyword| node.member(keyword)).into_iter();
        let lists = lists.filter(|list| list.is_present() && non_null_alternative(list).is_none());
        combined.map(|part| vec![part]).chain(lists.map(|list| list.items())).collect()
    }
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
