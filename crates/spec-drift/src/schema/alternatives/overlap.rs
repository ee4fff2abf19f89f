//! Whether an instance may match several alternatives.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::properties::allows_some;
use crate::Node;
use crate::flat::{Flat, Schemas, intersect, is_docs, names};

/// Pairs of alternatives, by pointer: an instance written for the first one may match the second one.
#[derive(Default)]
pub(super) struct Overlaps(Vec<[String; 2]>);

impl Overlaps {
    /// Returns the overlaps of the alternatives of a schema, assuming that each instance is written for one of them.
    pub(super) fn of<'a>(document: &'a Schemas, outer: [&Flat<'a>; 2], alternatives: &[Node<'a>]) -> Self {
        Self::given(document, &DescribedOutside::of(document, outer, alternatives), alternatives)
    }

    /// Returns the overlaps of the alternatives of a schema, assuming that an instance may have the properties of several, as with `anyOf`.
    pub(super) fn of_combined<'a>(document: &'a Schemas, outer: [&Flat<'a>; 2], alternatives: &[Node<'a>]) -> Self {
        let mut described = DescribedOutside::of(document, outer, alternatives);
        described.names.extend(document.property_names(alternatives));
        Self::given(document, &described, alternatives)
    }

    /// Returns the overlaps, given the properties that any instance may have.
    fn given<'a>(document: &'a Schemas, described: &DescribedOutside<'_, 'a>, alternatives: &[Node<'a>]) -> Self {
        let expanded: Vec<_> = alternatives.iter().map(|node| alternatives_of(document, node)).collect();
        let mut found = Vec::new();
        for (index, these) in expanded.iter().enumerate() {
            for (other, those) in expanded.iter().enumerate().filter(|(other, _)| *other != index) {
                if may_match([document, document], described, these, those) {
                    found.push([index, other].map(|index| alternatives[index].pointer.clone()));
                }
            }
        }
        Self(found)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether an alternative overlaps another one.
    pub(super) fn has_overlap(&self, node: &Node<'_>) -> bool {
        self.0.iter().any(|pair| pair.contains(&node.pointer))
    }

    /// Returns whether an alternative overlaps another one, both of which are among these.
    pub(super) fn has_overlap_within(&self, node: &Node<'_>, others: &[Node<'_>]) -> bool {
        let is_other = |pointer: &String| others.iter().any(|other| other.pointer == *pointer);
        self.0.iter().any(|pair| pair.contains(&node.pointer) && pair.iter().all(is_other))
    }

    /// Returns whether an instance that is written for one of these may also match the alternative.
    pub(super) fn is_matched_by_any(&self, node: &Node<'_>, others: &[Node<'_>]) -> bool {
        let is_other = |pointer: &String| others.iter().any(|other| other.pointer == *pointer);
        self.0.iter().any(|[written, matched]| *matched == node.pointer && is_other(written))
    }
}

/// Returns whether an instance written for `one` of the old `alternatives` may match one of `others`, which are new. `outer` is the schema
/// that has the old alternatives, followed by its siblings.
pub(super) fn may_match_any<'a>(
    documents: [&'a Schemas; 2],
    outer: [&Flat<'a>; 2],
    alternatives: &[Node<'a>],
    one: &Node<'a>,
    others: &[Node<'a>],
) -> bool {
    let described = DescribedOutside::of(documents[0], outer, alternatives);
    let these = alternatives_of(documents[0], one);
    others.iter().any(|other| may_match(documents, &described, &these, &alternatives_of(documents[1], other)))
}

/// Returns whether an instance written for one of `these` schemas may match one of `those`, which are in the second document.
fn may_match<'a>(
    documents: [&'a Schemas; 2],
    outside: &DescribedOutside<'_, 'a>,
    these: &[Flat<'a>],
    those: &[Flat<'a>],
) -> bool {
    these.iter().any(|one| those.iter().any(|other| fits(documents, outside, one, other)))
}

/// The properties of an instance that are described outside of a list of alternatives: by the schema that has the list, and by its
/// siblings.
struct DescribedOutside<'f, 'a> {
    schemas: [&'f Flat<'a>; 2],
    names: BTreeSet<&'a str>,
}

impl<'f, 'a> DescribedOutside<'f, 'a> {
    fn of(document: &'a Schemas, schemas: [&'f Flat<'a>; 2], alternatives: &[Node<'a>]) -> Self {
        let [schema, siblings] = schemas;
        let mut names = document.property_names_except(&schema.parts, alternatives);
        names.extend(siblings.properties.keys().chain(&siblings.required));
        Self { schemas, names }
    }

    fn contains(&self, name: &str) -> bool {
        self.names.contains(name) || self.schemas.iter().any(|schema| allows_some(&schema.other_schemas_of(name)))
    }
}

/// Maximum number of alternatives that a schema is expanded to.
const MAX_EXPANDED: usize = 16;

/// Expands a schema to its alternatives, and these to theirs. Returns the schema itself if it has none, or more than [`MAX_EXPANDED`].
/// Alternatives may refer back to the schema.
fn alternatives_of<'a>(document: &'a Schemas, node: &Node<'a>) -> Vec<Flat<'a>> {
    let (mut found, mut visited, mut unvisited) = (Vec::new(), BTreeSet::new(), vec![node.clone()]);
    while let Some(next) = unvisited.pop() {
        if found.len() + unvisited.len() > MAX_EXPANDED {
            return vec![Flat::of(document, std::slice::from_ref(node))];
        }
        if visited.insert(next.pointer.clone()) {
            let mut flat = Flat::of(document, &[next]);
            match flat.only_alternatives(document) {
                Some(list) => unvisited.extend(list.items()),
                None => {
                    flat.remove_null();
                    found.push(flat);
                }
            }
        }
    }
    found
}

/// Returns whether an instance written for one alternative of a schema may match another. Such an instance has only properties that the
/// first alternative or the schema describes. `documents` are those of the two alternatives.
fn fits<'a>(documents: [&'a Schemas; 2], outside: &DescribedOutside<'_, 'a>, one: &Flat<'a>, other: &Flat<'a>) -> bool {
    let is_described = |name: &str| {
        let others = one.other_schemas_of(name);
        let is_rejected = others.iter().any(|schema| schema.value == &Value::Bool(false));
        !is_rejected && (outside.contains(name) || one.properties.contains_key(name) || allows_some(&others))
    };
    let mut others = other.required.iter().filter(|name| !is_described(name)).peekable();
    let requires_other_property = !one.properties.is_empty() && others.peek().is_some() && {
        let named = documents[0].property_names(&one.parts);
        others.any(|name| !named.contains(name))
    };
    let requires_rejected = |these: &Flat<'a>, those: &Flat<'a>| {
        these.required.iter().any(|name| those.other_schemas_of(name).iter().any(|it| it.value == &Value::Bool(false)))
    };
    let excludes_objects = || {
        requires_other_property
            || requires_rejected(one, other)
            || requires_rejected(other, one)
            || require_disjoint_values(documents, one, other)
    };
    !are_disjoint(one, other) && (share_other_type(outside, one, other) || !excludes_objects())
}

/// Returns whether two alternatives of a schema have a declared type other than `object` in common, whose instances have no properties.
/// `null` is compared separately.
fn share_other_type<'a>(outside: &DescribedOutside<'_, 'a>, one: &Flat<'a>, other: &Flat<'a>) -> bool {
    let declared = outside.schemas.into_iter().chain([one, other]).filter_map(|schema| schema.types.clone());
    let common = declared.reduce(|these, those| intersect(&these, &those));
    common.is_some_and(|types| types.iter().any(|kind| is_other_type(kind)))
}

/// Returns whether a type is neither `object` nor `null`.
pub(super) fn is_other_type(kind: &str) -> bool {
    !matches!(kind, "object" | "null")
}

/// Returns whether one of two objects requires a property whose schemas in the two objects exclude each other.
pub(super) fn require_disjoint_values<'a>(
    [document, other_document]: [&'a Schemas; 2],
    one: &Flat<'a>,
    other: &Flat<'a>,
) -> bool {
    one.required.union(&other.required).any(|name| {
        let schemas = one.properties.get(name).zip(other.properties.get(name));
        schemas.is_some_and(|(these, those)| are_disjoint(&Flat::of(document, these), &Flat::of(other_document, those)))
    })
}

/// Returns whether the types, the listed values, the bounds or the lengths of two schemas exclude each other, or one rejects what the other
/// requires.
fn are_disjoint(one: &Flat<'_>, other: &Flat<'_>) -> bool {
    fn are_disjoint_sets<T: Ord>(these: Option<&BTreeSet<T>>, those: Option<&BTreeSet<T>>) -> bool {
        these.zip(those).is_some_and(|(these, those)| these.is_disjoint(those))
    }
    are_disjoint_sets(one.types.as_ref(), other.types.as_ref())
        || [(one, other), (other, one)].iter().any(|(one, other)| is_below(one, other) || rejects_required(one, other))
        || (are_disjoint_sets(one.values().as_ref(), other.values().as_ref())
            && !(one.lists_null() && other.lists_null()))
}

/// Returns whether one schema rejects what another requires, by `not: {required: […]}`.
fn rejects_required(one: &Flat<'_>, other: &Flat<'_>) -> bool {
    one.get("not").iter().any(|excluded| {
        let keywords: Vec<&str> = excluded.members().into_keys().filter(|keyword| !is_docs(keyword)).collect();
        keywords == ["required"] && names(excluded.member("required").value).is_subset(&other.required)
    })
}

/// Returns whether numbers, strings or lists are the only type that two schemas have in common, and all such values of the first schema are
/// less (numbers) or shorter (strings, lists) than those of the second.
fn is_below(one: &Flat<'_>, other: &Flat<'_>) -> bool {
    let (Some(these), Some(those)) = (&one.types, &other.types) else { return false };
    let common: Vec<&str> = these.intersection(those).copied().collect();
    let are_shorter = |most: &str, least: &str| {
        one.numbers(most).iter().any(|most| other.numbers(least).iter().any(|least| most < least))
    };
    match common[..] {
        ["integer"] | ["integer", "number"] => {
            one.greatest.iter().any(|most| other.least.iter().any(|least| most.is_below(least)))
        }
        ["string"] => are_shorter("maxLength", "minLength"),
        ["array"] => are_shorter("maxItems", "minItems"),
        _ => false,
    }
}
