//! The alternatives of one document.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::super::keywords::{CHECKED, satisfies_all};
use super::super::schema_of_type;
use super::overlap::{Overlaps, require_disjoint_values};
use super::{LIST_KEYWORDS, schema_name};
use crate::flat::{Flat, Openness, Schemas, canonical, is_docs};
use crate::matching::{Criterion, Matched, is_component, same_component, same_required, same_schema, similar};
use crate::{Node, follow};
use openapi_refinery::normalize::{VALUES, type_of};

/// The alternatives of a schema.
pub(super) struct Alternatives<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) origin: Origin,
    pub(super) discriminator: Option<Node<'a>>,
}

/// The part of a schema that alternatives come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// `oneOf` without a discriminator: an instance of two alternatives is rejected.
    OneOf,
    /// `anyOf`, or `oneOf` with a discriminator, which selects one alternative.
    AnyOf,
    /// A single schema that is compared with a list of alternatives in the other document, and whose only constraint is a `$ref`, one list
    /// (`oneOf` or `anyOf`) of a schema and `null`, or several types. The alternatives are the target of the `$ref`, the members of that
    /// list, or the types.
    OnlyConstraint,
    /// Any other single schema compared with a list of alternatives in the other document. The schema itself is the only alternative. Each
    /// of its annotations is compared with the same annotation beside the list or, if there is none, with that of the corresponding
    /// alternative.
    WholeSchema,
}

impl<'a> Alternatives<'a> {
    pub(super) fn of(list: &Node<'a>, schema: &Flat<'a>) -> Self {
        let discriminator = schema.get("discriminator").first().cloned();
        let is_exactly_one = list.escaped_name() == "oneOf" && discriminator.is_none();
        let origin = if is_exactly_one { Origin::OneOf } else { Origin::AnyOf };
        Self { nodes: list.items(), origin, discriminator }
    }

    /// Treats a schema as a list of alternatives. If its only constraint is a `$ref`, the target is the only alternative. If it is a
    /// `oneOf` or `anyOf` other than `list`, the members are the alternatives. If `splits_types` is set and several types are its only
    /// constraint, each type is an alternative. Otherwise, the schema itself is the only alternative. `list` is the result of
    /// [`Flat::only_alternatives`] for this schema.
    pub(super) fn of_single_schema(
        document: &'a Schemas,
        node: &Node<'a>,
        list: Option<&Node<'a>>,
        splits_types: bool,
    ) -> Self {
        let is_own = |keyword: &str| !is_docs(keyword) && !LIST_KEYWORDS.contains(&keyword);
        let keywords: Vec<_> = node.members().into_iter().filter(|(keyword, _)| is_own(keyword)).collect();
        let is_plain = || LIST_KEYWORDS.iter().chain([&VALUES]).all(|keyword| !node.member(keyword).is_present());
        let (nodes, origin) = match &keywords[..] {
            [("oneOf" | "anyOf", own)] if list.is_none_or(|list| list.pointer != own.pointer) => {
                (own.items(), Origin::OnlyConstraint)
            }
            [("$ref", _)] => (vec![node.target(document)], Origin::OnlyConstraint),
            [("type", types)] if splits_types && types.items().len() > 1 && is_plain() => {
                let of_type = |item: Node<'a>| Some(Node { value: schema_of_type(item.value.as_str()?)?, ..item });
                (types.items().into_iter().filter_map(of_type).collect(), Origin::OnlyConstraint)
            }
            _ => (vec![node.clone()], Origin::WholeSchema),
        };
        Self { nodes, origin, discriminator: Some(node.member("discriminator")).filter(Node::is_present) }
    }

    /// Resolves references, except to a component that occurs repeatedly in `oneOf`. Returns the targets and, in the same order, the
    /// unresolved alternatives. Equal alternatives of `anyOf` are returned once, unless there is a discriminator.
    fn resolve(&self, document: &'a Schemas) -> (Vec<Node<'a>>, Vec<Node<'a>>) {
        let (mut nodes, mut listed) = (Vec::new(), Vec::new());
        let targets: Vec<_> = self.nodes.iter().map(|node| follow(document, node.clone())).collect();
        for (node, target) in self.nodes.iter().zip(&targets) {
            let is_repeated = || targets.iter().filter(|it| it.pointer == target.pointer).count() > 1;
            let is_distinct = self.origin == Origin::OneOf && is_repeated();
            let target = if is_distinct { node.clone() } else { target.clone() };
            if self.origin == Origin::OneOf
                || self.discriminator.is_some()
                || !nodes.iter().any(|known: &Node<'_>| same_schema(known, &target))
            {
                nodes.push(target);
                listed.push(node.clone());
            }
        }
        (nodes, listed)
    }

    /// Replaces unmatched alternatives that are lists of alternatives themselves by the members of these lists, if one of the members is
    /// among `others`, the unmatched alternatives of the other document, and the same instances remain accepted. A `default`, a
    /// discriminator and the like beside such a list must be the same in `counterpart`, the schema of the other document.
    pub(super) fn expand(
        &self,
        document: &'a Schemas,
        outer: [&Flat<'a>; 2],
        counterpart: &Flat<'a>,
        [unmatched, others]: [&[Node<'a>]; 2],
    ) -> Self {
        let is_other = |node: Node<'a>| {
            let target = follow(document, node);
            others.iter().any(|other| same_schema(&target, other) || same_component(&target, other))
        };
        let members = |node: &Node<'a>| -> Option<Vec<Node<'a>>> {
            let target = follow(document, node.clone());
            unmatched.iter().find(|it| it.pointer == target.pointer)?;
            let flat = Flat::of(document, &[target]);
            let list = flat.only_alternatives(document)?;
            let have_meaning = ["discriminator", "default", "deprecated", "readOnly", "writeOnly", "xml"];
            let is_lost =
                |keyword: &str| !flat.get(keyword).is_empty() && flat.texts(keyword) != counterpart.texts(keyword);
            if have_meaning.into_iter().any(is_lost) {
                return None;
            }
            let is_any_of = self.origin == Origin::AnyOf && list.escaped_name() == "anyOf";
            let items = Some(list.items()).filter(|items| items.iter().cloned().any(is_other))?;
            (is_any_of || Overlaps::of_combined(document, outer, &items).is_empty()).then_some(items)
        };
        let nodes = self.nodes.iter().flat_map(|node| members(node).unwrap_or_else(|| vec![node.clone()])).collect();
        Self { nodes, origin: self.origin, discriminator: self.discriminator.clone() }
    }

    /// Returns whether an alternative of another schema, apart from `null`, is one of these.
    pub(super) fn has_one_of(&self, document: &'a Schemas, other: &Self, other_document: &'a Schemas) -> bool {
        let targets: Vec<_> = self.nodes.iter().map(|node| follow(document, node.clone())).collect();
        let mut others = other.nodes.iter().map(|node| follow(other_document, node.clone()));
        others.any(|node| node.value["type"] != "null" && targets.iter().any(|it| same_schema(&node, it)))
    }

    /// Returns whether some discriminator value selects both an alternative and its counterpart. Also true if one of the
    /// two is not selected by any value.
    fn share_discriminator_value(&self, other: &Self, one: &Node<'_>, counterpart: &Node<'_>) -> bool {
        let (these, those) = (self.selecting(one), other.selecting(counterpart));
        these.is_empty() || those.is_empty() || !these.is_disjoint(&those)
    }

    /// Returns whether the discriminator selects each of the alternatives, apart from `null`, by some value.
    pub(super) fn are_selected(&self, document: &'a Schemas) -> bool {
        let targets = self.nodes.iter().map(|node| follow(document, node.clone()));
        targets.filter(|target| target.value["type"] != "null").all(|target| !self.selecting(&target).is_empty())
    }

    /// Returns the values of the discriminator that select a component. In the normal form, the mapping has implied names, too.
    fn selecting(&self, alternative: &Node<'_>) -> BTreeSet<&'a str> {
        let mapping = self.discriminator.iter().flat_map(|discriminator| discriminator.member("mapping").members());
        let selects = |to: &Node<'_>| is_component(alternative) && schema_name(to.value) == alternative.escaped_name();
        mapping.filter(|(_, to)| selects(to)).map(|(value, _)| value).collect()
    }
}

/// The alternatives of one document, as they are compared.
pub(super) struct Side<'a> {
    pub(super) document: &'a Schemas,
    pub(super) nodes: Vec<Node<'a>>,
    /// The alternatives as the list has them: references may have annotations beside them.
    listed: Vec<Node<'a>>,
    pub(super) flats: Vec<Flat<'a>>,
    /// The index of each alternative, by its pointer.
    indices: HashMap<String, usize>,
    pub(super) overlaps: Overlaps,
    /// Whether an instance of several alternatives is accepted, with the same result as if it matched one.
    accepts_overlaps: bool,
    /// Whether this is a single schema that is compared with a list of alternatives.
    pub(super) is_single_schema: bool,
}

impl<'a> Side<'a> {
    pub(super) fn of(
        document: &'a Schemas,
        [schema, siblings]: [&Flat<'a>; 2],
        list: &Alternatives<'a>,
        ignores_null: bool,
    ) -> Self {
        let (nodes, listed) = list.resolve(document);
        let all = nodes.into_iter().zip(listed).filter_map(|(node, listed)| {
            let mut flat = Flat::of(document, std::slice::from_ref(&listed));
            let is_compared = !ignores_null || !flat.is_null();
            if ignores_null {
                flat.remove_null();
            }
            is_compared.then_some(((node, listed), flat))
        });
        let ((nodes, listed), flats): ((Vec<_>, Vec<_>), Vec<_>) = all.unzip();
        let indices = nodes.iter().enumerate().map(|(index, node)| (node.pointer.clone(), index)).collect();
        let is_exactly_one = list.origin == Origin::OneOf;
        let overlaps =
            if is_exactly_one { Overlaps::of(document, [schema, siblings], &nodes) } else { Overlaps::default() };
        // Each alternative exempts what it evaluates from `unevaluatedProperties` and `unevaluatedItems`.
        let unevaluated = ["unevaluatedProperties", "unevaluatedItems"];
        let restricts = [schema, siblings].iter().any(|it| it.openness(document, &unevaluated) != Openness::Allowed);
        let accepts_overlaps = !is_exactly_one && list.discriminator.is_none() && !restricts;
        let is_single_schema = list.origin == Origin::WholeSchema;
        Self { document, nodes, listed, flats, indices, overlaps, accepts_overlaps, is_single_schema }
    }

    /// Returns the combination of an alternative of this side.
    pub(super) fn flat(&self, node: &Node<'_>) -> Option<&Flat<'a>> {
        self.indices.get(&node.pointer).map(|index| &self.flats[*index])
    }

    /// Returns an alternative of this side, as the list has it.
    pub(super) fn listed(&self, node: &Node<'a>) -> Node<'a> {
        self.indices.get(&node.pointer).map_or(node, |index| &self.listed[*index]).clone()
    }

    /// Returns whether the alternatives together accept all instances of each type of a schema.
    pub(super) fn accept_types_of(&self, schema: &Flat<'a>) -> bool {
        let is_number = |kind: &str| matches!(kind, "integer" | "number");
        let accepts_some = |flat: &Flat<'a>, kind: &str| {
            flat.accepts(kind) || (is_number(kind) && ["integer", "number"].iter().any(|number| flat.accepts(number)))
        };
        let accept_all = |kind: &str| {
            let mut accepting = self.flats.iter().filter(|flat| accepts_some(flat, kind));
            let is_all = |flat: &Flat<'a>| flat.accepts(kind) && !flat.has_constraints_except(&["type"]);
            match self.accepts_overlaps {
                true => accepting.any(is_all),
                false => accepting.next().is_some_and(is_all) && accepting.next().is_none(),
            }
        };
        schema.types.as_ref().is_some_and(|types| types.iter().all(|kind| accept_all(kind)))
    }

    /// Returns whether the alternatives together accept all values that a schema lists.
    pub(super) fn accept_values_of(&self, schema: &Flat<'a>) -> bool {
        let accept = |value: &Value| {
            let lists = |flat: &Flat<'a>| match value {
                Value::Null => flat.lists_null(),
                value => flat.values().is_none_or(|values| values.contains(&canonical(value))),
            };
            let may_accept = |flat: &&Flat<'a>| flat.accepts(type_of(value)) && lists(flat);
            let known = [&["type", "enum"], &CHECKED[..]].concat();
            let is_certain = |flat: &Flat<'a>| {
                !flat.rejects_all && !flat.has_constraints_except(&known) && satisfies_all(value, flat)
            };
            let mut accepting = self.flats.iter().filter(may_accept);
            match self.accepts_overlaps {
                true => accepting.any(is_certain),
                false => accepting.next().is_some_and(is_certain) && accepting.next().is_none(),
            }
        };
        let may_be_null = schema.accepts("null") && schema.lists_null();
        schema.lists_only(|value| !value.is_object() && !value.is_array() && accept(value))
            && (!may_be_null || accept(&Value::Null))
    }

    /// Returns whether one of these alternatives, other than the counterpart, accepts all instances of an alternative of the other side.
    pub(super) fn covers(&self, other: &Self, node: &Node<'a>, counterpart: Option<&Node<'a>>) -> bool {
        let others = self.nodes.iter().zip(&self.flats);
        let mut others = others.filter(|(candidate, _)| counterpart.is_none_or(|it| candidate.pointer != it.pointer));
        self.accepts_overlaps
            && !other.overlaps.has_overlap(node)
            && other.flat(node).is_some_and(|own| others.any(|(_, flat)| flat.accepts_all_of(own)))
    }

    /// Finds alternatives of the other side that were merged into one of this side or, if this side is the old one, split off from it.
    /// Removes them from `unmatched`, and returns each with its counterpart on this side. These conditions apply:
    ///
    /// - The counterpart is not in `unchanged`.
    /// - Neither of the two overlaps another alternative.
    /// - Both have the same types and the same property names, at least one. A single schema that replaces the alternatives may have more.
    /// - If one of them requires a property, the schemas of this property in the two do not exclude each other.
    pub(super) fn take_merged(
        &self,
        other: &Self,
        unmatched: &mut Vec<Node<'a>>,
        unchanged: &[Node<'a>],
    ) -> Vec<(Node<'a>, Node<'a>)> {
        let mut merged = Vec::new();
        unmatched.retain(|node| {
            let Some(part) = other.flat(node).filter(|_| !other.overlaps.has_overlap(node)) else { return true };
            let mut candidates = self.nodes.iter().zip(&self.flats);
            let whole = candidates.find(|(candidate, flat)| {
                let mut names = part.properties.keys();
                let describes_all = match self.is_single_schema {
                    true => names.all(|name| flat.properties.contains_key(name)),
                    false => names.eq(flat.properties.keys()),
                };
                part.types == flat.types
                    && describes_all
                    && !part.properties.is_empty()
                    && !self.overlaps.has_overlap(candidate)
                    && unchanged.iter().all(|it| it.pointer != candidate.pointer)
                    && !require_disjoint_values([other.document, self.document], part, flat)
            });
            merged.extend(whole.map(|(whole, _)| (node.clone(), whole.clone())));
            whole.is_none()
        });
        merged
    }
}

/// Matches equal alternatives, and those that are the same component.
pub(super) fn match_equal<'a>([before, after]: [&Side<'a>; 2], [old, new]: [&Alternatives<'a>; 2]) -> Matched<'a> {
    let same =
        |one: &Node<'_>, other: &Node<'_>| same_schema(one, other) && old.share_discriminator_value(new, one, other);
    Matched::of(before.nodes.clone(), after.nodes.clone(), &[&same, &same_component])
}

/// Matches the alternatives of two documents.
pub(super) fn match_sides<'a>([before, after]: [&Side<'a>; 2], [old, new]: [&Alternatives<'a>; 2]) -> Matched<'a> {
    let same =
        |one: &Node<'_>, other: &Node<'_>| same_schema(one, other) && old.share_discriminator_value(new, one, other);
    // Two components correspond by name only.
    let flats = |one: &Node<'_>, other: &Node<'_>| {
        let are_components = is_component(one) && is_component(other);
        before.flat(one).zip(after.flat(other)).filter(|_| !are_components)
    };
    let extends = |one: &Node<'_>, other: &Node<'_>| {
        flats(one, other).is_some_and(|(old, new)| old.combines(other) || new.combines(one))
    };
    // The flats do not include `null` where it is compared for all alternatives together.
    let same_types = |one: &Node<'_>, other: &Node<'_>| {
        let have_types_only = |(old, new): (&Flat<'_>, &Flat<'_>)| {
            old.types == new.types && [old, new].iter().all(|flat| !flat.has_constraints_except(&["type"]))
        };
        flats(one, other).is_some_and(have_types_only)
    };
    let same_required =
        |one: &Node<'_>, other: &Node<'_>| flats(one, other).is_some_and(|(old, new)| same_required(old, new));
    let similar = |one: &Node<'_>, other: &Node<'_>| flats(one, other).is_some_and(|(old, new)| similar(old, new));
    // The closest matches first: equal schemas, the same component or a combination with it, then similar schemas.
    let criteria: [Criterion<'_, 'a>; 6] = [&same, &same_component, &extends, &same_types, &same_required, &similar];
    Matched::of(before.nodes.clone(), after.nodes.clone(), &criteria)
}
