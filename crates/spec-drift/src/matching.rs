//! Matching of items of two documents.

use std::collections::BTreeSet;

use super::Node;
use super::flat::types;

/// A condition under which two items correspond.
type Criterion<'l> = &'l dyn Fn(&Node<'_>, &Node<'_>) -> bool;

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

/// Returns whether two inline schemas require the same properties.
pub(super) fn same_required(old: &Node<'_>, new: &Node<'_>) -> bool {
    let [old_names, new_names] = [old, new].map(|node| node.member("required").items().len());
    let are_inline = !is_component(old) || !is_component(new);
    are_inline && old_names > 0 && new_names > 0 && old.member("required").value == new.member("required").value
}

/// Returns whether two inline schemas have the same type, unless one states none, and, if they are objects, a property in common.
pub(super) fn similar(old: &Node<'_>, new: &Node<'_>) -> bool {
    if is_component(old) && is_component(new) {
        return false;
    }
    let properties =
        |node: &Node<'_>| node.member("properties").members().into_keys().map(str::to_owned).collect::<BTreeSet<_>>();
    let (old_names, new_names) = (properties(old), properties(new));
    let (old_types, new_types) = (types(old.value), types(new.value));
    (old_types.is_none() || new_types.is_none() || old_types == new_types)
        && (old_names.is_empty() && new_names.is_empty() || old_names.intersection(&new_names).next().is_some())
}
