//! Matching of items of two documents.

use super::Node;
use super::flat::Flat;

/// A condition under which two items correspond.
pub(super) type Criterion<'l> = &'l dyn Fn(&Node<'_>, &Node<'_>) -> bool;

/// Items of the old and the new document, paired where possible.
pub(super) struct Matched<'a> {
    pub(super) pairs: Vec<(Node<'a>, Node<'a>)>,
    pub(super) removed: Vec<Node<'a>>,
    pub(super) added: Vec<Node<'a>>,
}

impl<'a> Matched<'a> {
    /// Pairs items by the first criterion that finds a counterpart, in the order of `criteria`.
    pub(super) fn of(old: Vec<Node<'a>>, mut new: Vec<Node<'a>>, criteria: &[Criterion<'_>]) -> Self {
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

/// Returns whether two schemas have the same type, unless one states none, and, if they are objects, a property in common.
pub(super) fn similar(old: &Flat<'_>, new: &Flat<'_>) -> bool {
    let (mut old_names, new_names) = (old.properties.keys(), &new.properties);
    (old.types.is_none() || new.types.is_none() || old.types == new.types)
        && (old.properties.is_empty() && new_names.is_empty() || old_names.any(|name| new_names.contains_key(name)))
}
