//! Matching of items of two documents.

use std::collections::BTreeSet;

use super::Place;
use super::flat::types;

type Likeness<'l> = &'l dyn Fn(&Place<'_>, &Place<'_>) -> bool;

/// Items of two sides, with their counterparts.
pub(super) struct Matched<'a> {
    pub(super) pairs: Vec<(Place<'a>, Place<'a>)>,
    pub(super) gone: Vec<Place<'a>>,
    pub(super) added: Vec<Place<'a>>,
}

impl<'a> Matched<'a> {
    /// Matches items by the first criterion that finds a counterpart.
    pub(super) fn of(old: Vec<Place<'a>>, mut new: Vec<Place<'a>>, likenesses: &[Likeness<'_>]) -> Self {
        let (mut pairs, mut gone) = (Vec::new(), old);
        for is_alike in likenesses {
            for place in std::mem::take(&mut gone) {
                match new.iter().position(|other| is_alike(&place, other)) {
                    Some(index) => pairs.push((place, new.remove(index))),
                    None => gone.push(place),
                }
            }
        }
        Self { pairs, gone, added: new }
    }
}

pub(super) fn same_schema(old: &Place<'_>, new: &Place<'_>) -> bool {
    old.value == new.value
}

/// Returns whether both are components with the same name.
pub(super) fn same_component(old: &Place<'_>, new: &Place<'_>) -> bool {
    old.pointer == new.pointer && is_component(old)
}

pub(super) fn is_component(place: &Place<'_>) -> bool {
    place.pointer.starts_with("/components/schemas/") && place.pointer.matches('/').count() == 3
}

/// Returns whether two inline schemas have the same type and, if they are objects, a property in common.
pub(super) fn similar(old: &Place<'_>, new: &Place<'_>) -> bool {
    if is_component(old) && is_component(new) {
        return false;
    }
    let properties = |place: &Place<'_>| {
        place.member("properties").members().into_keys().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (old_names, new_names) = (properties(old), properties(new));
    types(old.value) == types(new.value)
        && (old_names.is_empty() && new_names.is_empty() || old_names.intersection(&new_names).next().is_some())
}
