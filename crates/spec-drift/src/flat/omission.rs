//! Properties that requests or responses omit, because they are `readOnly` or `writeOnly`.

use std::collections::HashMap;

use serde_json::Value;

use super::null::is_null;
use super::{Schemas, conjuncts, values_of};
use crate::{Direction, Node};
use openapi_refinery::normalize::VALUES;

/// Returns the keyword of properties that a direction omits.
pub(crate) fn hiding_keyword(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// Returns whether a direction omits a property with these schemas: requests if it is `readOnly`, responses if it is `writeOnly`, by one of
/// the combined schemas or by all alternatives of a list.
pub(crate) fn is_omitted<'a>(document: &'a Schemas, property: &[Node<'a>], direction: Direction) -> bool {
    let mut known = HashMap::new();
    property.iter().any(|node| is_hidden_by(document, node, hiding_keyword(direction), &mut known))
}

/// Returns whether an annotation of a schema is `true`: in one of the schemas that it combines, or in all alternatives of a list. `known`
/// has the results by pointer, since alternatives may refer back to the schema.
fn is_hidden_by<'a>(document: &'a Schemas, schema: &Node<'a>, hidden: &str, known: &mut HashMap<String, bool>) -> bool {
    if let Some(is_hidden) = known.get(&schema.pointer) {
        return *is_hidden;
    }
    known.insert(schema.pointer.clone(), false);
    let mut all_hide = |list: Node<'a>| {
        let mut values = list.items().into_iter().filter(|item| !is_null(item.value)).peekable();
        values.peek().is_some() && values.all(|item| is_hidden_by(document, &item, hidden, known))
    };
    let is_hidden = conjuncts(document, std::slice::from_ref(schema)).into_iter().any(|(part, _)| {
        part.is_true(hidden)
            || lists_hidden_values(&part, hidden)
            || ["oneOf", "anyOf"].iter().any(|it| all_hide(part.member(it)))
    });
    known.insert(schema.pointer.clone(), is_hidden);
    is_hidden
}

/// Returns whether a schema lists values, and each of them, apart from `null`, comes from an alternative with an annotation that is `true`.
fn lists_hidden_values(schema: &Node<'_>, hidden: &str) -> bool {
    let annotated = schema.member(VALUES).members().into_iter().filter(|(_, annotations)| annotations.is_true(hidden));
    let annotated: Vec<Value> = annotated.flat_map(|(list, _)| values_of(list)).collect();
    let listed = schema.member("enum").items();
    !annotated.is_empty() && listed.iter().all(|it| it.value.is_null() || annotated.contains(it.value))
}
