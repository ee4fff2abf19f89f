//! Matching of items of two documents.

use std::collections::{BTreeMap, HashSet};

use super::flat::{Flat, is_docs};
use super::{Comparison, Node, follow};
use openapi_refinery::is_xml;
use openapi_refinery::normalize::{ValueKind, value_kind};

/// A condition under which two items correspond.
pub(super) type Criterion<'l, 'a> = &'l dyn Fn(&Node<'a>, &Node<'a>) -> bool;

/// Items of the old and the new document, paired where possible.
pub(super) struct Matched<'a> {
    pub(super) pairs: Vec<(Node<'a>, Node<'a>)>,
    pub(super) removed: Vec<Node<'a>>,
    pub(super) added: Vec<Node<'a>>,
}

impl<'a> Matched<'a> {
    /// Pairs items by the first criterion that finds a counterpart, in the order of `criteria`.
    pub(super) fn of(old: Vec<Node<'a>>, mut new: Vec<Node<'a>>, criteria: &[Criterion<'_, 'a>]) -> Self {
        let (mut pairs, mut removed) = (Vec::new(), old);
        for corresponds in criteria {
            for node in std::mem::take(&mut removed) {
                match new.iter().position(|other| corresponds(&node, other)) {
                    Some(index) => pairs.push((node, new.remove(index))),
                    None => removed.push(node),
                }
            }
        }
        Self { pairs, removed, added: new }
    }
}

pub(super) fn same_schema(old: &Node<'_>, new: &Node<'_>) -> bool {
    old.value == new.value
}

/// Returns whether both are components with the same name.
pub(super) fn same_component(old: &Node<'_>, new: &Node<'_>) -> bool {
    old.pointer == new.pointer && is_component(old)
}

pub(super) fn is_component(node: &Node<'_>) -> bool {
    node.pointer.starts_with("/components/schemas/") && node.pointer.matches('/').count() == 3
}

/// Returns whether two schemas require the same properties.
pub(super) fn same_required(old: &Flat<'_>, new: &Flat<'_>) -> bool {
    !old.required.is_empty() && old.required == new.required
}

/// Returns whether two schemas have the same types. A `number` with an integer as `multipleOf` counts as `integer`.
fn same_types<'a>(old: &Flat<'a>, new: &Flat<'a>) -> bool {
    let types = |flat: &Flat<'a>, other| {
        let mut flat = flat.clone();
        flat.read_multiples_as_integers(other);
        flat.types
    };
    old.types == new.types || types(old, new) == types(new, old)
}

/// Returns whether two schemas have the same type, unless one states none, and, if they are objects, a property in common.
pub(super) fn similar<'a>(old: &Flat<'a>, new: &Flat<'a>) -> bool {
    let (mut old_names, new_names) = (old.properties.keys(), &new.properties);
    (old.types.is_none() || new.types.is_none() || same_types(old, new))
        && (old.properties.is_empty() && new_names.is_empty() || old_names.any(|name| new_names.contains_key(name)))
}

impl<'a> Comparison<'a> {
    /// Returns whether two parts of documents are the same apart from documentation, with schemas inline or by reference. In bodies that
    /// are XML, `xml` is compared, too.
    pub(super) fn are_same(&self, old: &Node<'a>, new: &Node<'a>, kind: ValueKind) -> bool {
        let (mut pending, mut visited) = (vec![(old.clone(), new.clone(), kind, false)], HashSet::new());
        while let Some((old, new, kind, is_within_xml)) = pending.pop() {
            if self.affected.are_unchanged(old.value, new.value) {
                continue;
            }
            let is_schema = kind == ValueKind::Schema;
            let (old, new) = if is_schema { (follow(self.old, old), follow(self.new, new)) } else { (old, new) };
            if !visited.insert((old.pointer.clone(), new.pointer.clone(), is_within_xml)) {
                continue;
            }
            match kind {
                ValueKind::List if old.items().len() == new.items().len() => {
                    let pairs = old.items().into_iter().zip(new.items());
                    pending.extend(pairs.map(|(old, new)| (old, new, ValueKind::Schema, is_within_xml)));
                }
                ValueKind::Schema | ValueKind::ByName if old.value.is_object() && new.value.is_object() => {
                    let is_compared = |key: &str| !is_schema || !is_docs(key) || is_within_xml && key == "xml";
                    let own = |node: &Node<'a>| -> BTreeMap<&'a str, Node<'a>> {
                        node.members().into_iter().filter(|(key, _)| is_compared(key)).collect()
                    };
                    let (before, after) = (own(&old), own(&new));
                    if !before.keys().eq(after.keys()) {
                        return false;
                    }
                    pending.extend(before.into_iter().zip(after.into_values()).map(|((key, one), other)| match key {
                        // The key may be a media type.
                        _ if !is_schema => (one, other, ValueKind::Schema, is_within_xml || is_xml(key)),
                        "$ref" => (old.target(self.old), new.target(self.new), ValueKind::Schema, is_within_xml),
                        _ => (one, other, kind_of_part(key), is_within_xml),
                    }));
                }
                _ if old.value == new.value => {}
                _ => return false,
            }
        }
        true
    }
}

/// Returns the kind of a member of a schema, response, header or media type.
fn kind_of_part(key: &str) -> ValueKind {
    match key {
        "schema" => ValueKind::Schema,
        "headers" | "content" | "encoding" => ValueKind::ByName,
        _ => value_kind(key),
    }
}
