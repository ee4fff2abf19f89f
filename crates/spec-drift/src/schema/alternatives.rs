//! Comparison of the alternatives of `oneOf` and `anyOf`.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::PairComparison;
use super::keywords::{CHECKED, satisfies_all};
use super::meaning::defaults_of;
use super::properties::allows_some;
use super::role::Role;
use crate::flat::{Flat, Openness, Schemas, canonical, intersect, is_docs, names, types};
use crate::matching::{Criterion, Matched, is_component, same_component, same_required, same_schema, similar};
use crate::{Document, Effect, Node, Verdict, follow, quote};
use openapi_refinery::lower::{Label, unique_labels};
use openapi_refinery::normalize::{ValueKind, type_of};
use openapi_refinery::pointer::last_token;

/// Keywords beside a list of alternatives that concern all of them.
pub(in super::super) const LIST_KEYWORDS: [&str; 5] =
    ["discriminator", "default", "deprecated", "readOnly", "writeOnly"];

/// The consequence of a change of an alternative whose instances another one accepts.
const ANOTHER_ACCEPTS: &str = "another one accepts its values";

/// The alternatives of a schema.
struct Alternatives<'a> {
    nodes: Vec<Node<'a>>,
    origin: Origin,
    discriminator: Option<Node<'a>>,
}

/// The part of a schema that alternatives come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// `oneOf` without a discriminator: an instance of two alternatives is rejected.
    OneOf,
    /// `anyOf`, or `oneOf` with a discriminator, which selects one alternative.
    AnyOf,
    /// A single schema that is compared with a list of alternatives in the other document, and whose only constraint is a `$ref`, or one
    /// list (`oneOf` or `anyOf`) of a schema and `null`. The alternatives are the target of the `$ref`, or the members of that list.
    OnlyConstraint,
    /// Any other single schema compared with a list of alternatives in the other document. The schema itself is the only alternative. Each
    /// of its annotations is compared with the same annotation beside the list or, if there is none, with that of the corresponding
    /// alternative.
    WholeSchema,
}

impl<'a> Alternatives<'a> {
    fn of(list: &Node<'a>, schema: &Flat<'a>) -> Self {
        let discriminator = schema.get("discriminator").first().cloned();
        let is_exactly_one = list.escaped_name() == "oneOf" && discriminator.is_none();
        let origin = if is_exactly_one { Origin::OneOf } else { Origin::AnyOf };
        Self { nodes: list.items(), origin, discriminator }
    }

    /// Treats a schema as a list of alternatives: the members of its only `oneOf` or `anyOf`, the target of its `$ref`, or the schema
    /// itself. `list` is the result of [`only_alternatives`] for this schema. If the schema consists of that list, it is not replaced by
    /// the members: the schema itself is the only alternative.
    fn of_single_schema(document: &'a Schemas, node: &Node<'a>, list: Option<&Node<'a>>) -> Self {
        let is_own = |keyword: &str| !is_docs(keyword) && !LIST_KEYWORDS.contains(&keyword);
        let keywords: Vec<_> = node.members().into_iter().filter(|(keyword, _)| is_own(keyword)).collect();
        let (nodes, origin) = match &keywords[..] {
            [("oneOf" | "anyOf", own)] if list.is_none_or(|list| list.pointer != own.pointer) => {
                (own.items(), Origin::OnlyConstraint)
            }
            [("$ref", _)] => (vec![node.target(document)], Origin::OnlyConstraint),
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

    /// Replaces unmatched alternatives that are lists of alternatives themselves by the members of these lists, if one of the members is among
    /// `others`, the unmatched alternatives of the other document, and the same instances remain accepted.
    fn expand(&self, document: &'a Schemas, outer: [&Flat<'a>; 2], [unmatched, others]: [&[Node<'a>]; 2]) -> Self {
        let is_other = |node: Node<'a>| {
            let target = follow(document, node);
            others.iter().any(|other| same_schema(&target, other) || same_component(&target, other))
        };
        let members = |node: &Node<'a>| -> Option<Vec<Node<'a>>> {
            let target = follow(document, node.clone());
            unmatched.iter().find(|it| it.pointer == target.pointer)?;
            let flat = Flat::of(document, &[target]);
            let list = only_alternatives(document, &flat)?;
            let has_meaning = ["discriminator", "default", "deprecated", "readOnly", "writeOnly", "xml"];
            if has_meaning.iter().any(|keyword| !flat.get(keyword).is_empty()) {
                return None;
            }
            let is_any_of = self.origin == Origin::AnyOf && list.escaped_name() == "anyOf";
            let items = Some(list.items()).filter(|items| items.iter().cloned().any(is_other))?;
            (is_any_of || Overlaps::of_combined(document, outer, &items).0.is_empty()).then_some(items)
        };
        let nodes = self.nodes.iter().flat_map(|node| members(node).unwrap_or_else(|| vec![node.clone()])).collect();
        Self { nodes, origin: self.origin, discriminator: self.discriminator.clone() }
    }

    /// Returns whether an alternative of another schema, apart from `null`, is one of these.
    fn has_one_of(&self, document: &'a Schemas, other: &Self, other_document: &'a Schemas) -> bool {
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

    /// Returns the values of the discriminator that select a component. In the normal form, the mapping has implied names, too.
    fn selecting(&self, alternative: &Node<'_>) -> BTreeSet<&'a str> {
        let mapping = self.discriminator.iter().flat_map(|discriminator| discriminator.member("mapping").members());
        let selects = |to: &Node<'_>| is_component(alternative) && schema_name(to.value) == alternative.escaped_name();
        mapping.filter(|(_, to)| selects(to)).map(|(value, _)| value).collect()
    }
}

/// The alternatives of one document, as they are compared.
struct Side<'a> {
    document: &'a Schemas,
    nodes: Vec<Node<'a>>,
    /// The alternatives as the list has them: references may have annotations beside them.
    listed: Vec<Node<'a>>,
    flats: Vec<Flat<'a>>,
    /// The index of each alternative, by its pointer.
    indices: HashMap<String, usize>,
    overlaps: Overlaps,
    /// Whether an instance of several alternatives is accepted, with the same result as if it matched one.
    accepts_overlaps: bool,
    /// Whether this is a single schema that is compared with a list of alternatives.
    is_single_schema: bool,
}

impl<'a> Side<'a> {
    fn of(
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
        let restricts = [schema, siblings].iter().any(|it| it.openness(&unevaluated) != Openness::Allowed);
        let accepts_overlaps = !is_exactly_one && list.discriminator.is_none() && !restricts;
        let is_single_schema = list.origin == Origin::WholeSchema;
        Self { document, nodes, listed, flats, indices, overlaps, accepts_overlaps, is_single_schema }
    }

    /// Returns the combination of an alternative of this side.
    fn flat(&self, node: &Node<'_>) -> Option<&Flat<'a>> {
        self.indices.get(&node.pointer).map(|index| &self.flats[*index])
    }

    /// Returns an alternative of this side, as the list has it.
    fn listed(&self, node: &Node<'a>) -> Node<'a> {
        self.indices.get(&node.pointer).map_or(node, |index| &self.listed[*index]).clone()
    }

    /// Returns whether the alternatives together accept all instances of each type of a schema.
    fn accept_types_of(&self, schema: &Flat<'a>) -> bool {
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
    fn accept_values_of(&self, schema: &Flat<'a>) -> bool {
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
    fn covers(&self, other: &Self, node: &Node<'a>, counterpart: Option<&Node<'a>>) -> bool {
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
    /// - Both have the same types and the same property names, at least one.
    /// - If one of them requires a property, the schemas of this property in the two do not exclude each other.
    fn take_merged(
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
                let describes_same = part.types == flat.types && part.properties.keys().eq(flat.properties.keys());
                describes_same
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

/// Pairs of alternatives, by pointer: an instance written for the first one may match the second one.
#[derive(Default)]
struct Overlaps(Vec<[String; 2]>);

impl Overlaps {
    /// Returns the overlaps of the alternatives of a schema, assuming that each instance is written for one of them.
    fn of<'a>(document: &'a Schemas, outer: [&Flat<'a>; 2], alternatives: &[Node<'a>]) -> Self {
        Self::given(document, &DescribedOutside::of(document, outer, alternatives), alternatives)
    }

    /// Returns the overlaps of the alternatives of a schema, assuming that an instance may have the properties of several, as with `anyOf`.
    fn of_combined<'a>(document: &'a Schemas, outer: [&Flat<'a>; 2], alternatives: &[Node<'a>]) -> Self {
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
                if may_match(document, described, these, those) {
                    found.push([index, other].map(|index| alternatives[index].pointer.clone()));
                }
            }
        }
        Self(found)
    }

    /// Returns whether an alternative overlaps another one.
    fn has_overlap(&self, node: &Node<'_>) -> bool {
        self.0.iter().any(|pair| pair.contains(&node.pointer))
    }

    /// Returns whether an alternative overlaps another one, both of which are among these.
    fn has_overlap_within(&self, node: &Node<'_>, others: &[Node<'_>]) -> bool {
        let is_other = |pointer: &String| others.iter().any(|other| other.pointer == *pointer);
        self.0.iter().any(|pair| pair.contains(&node.pointer) && pair.iter().all(is_other))
    }

    /// Returns whether an instance that is written for one of these may also match the alternative.
    fn is_matched_by_any(&self, node: &Node<'_>, others: &[Node<'_>]) -> bool {
        let is_other = |pointer: &String| others.iter().any(|other| other.pointer == *pointer);
        self.0.iter().any(|[written, matched]| *matched == node.pointer && is_other(written))
    }
}

impl<'a> PairComparison<'_, 'a> {
    /// Compares a schema with alternatives that replace it, or the reverse. Returns whether that is the case.
    pub(super) fn compare_single_with_alternatives(&mut self, old_nodes: &[Node<'a>], new_nodes: &[Node<'a>]) -> bool {
        let Some([before, after]) = self.single_and_alternatives(old_nodes, new_nodes) else { return false };
        let documents = [self.comparison.old, self.comparison.new];
        let accepts_null =
            |document: &'a Schemas, nodes: &[Node<'a>]| nodes.iter().all(|node| document.may_be_null(node));
        let accept_null = [accepts_null(documents[0], old_nodes), accepts_null(documents[1], new_nodes)];
        // If a schema without a type is compared with alternatives that have types, the recorded change of the type or of the alternatives
        // includes `null`.
        let is_typed =
            |document: &'a Schemas, node: &Node<'a>| Flat::of(document, std::slice::from_ref(node)).types.is_some();
        let is_implied = |single: &Flat<'a>, document: &'a Schemas, list: &Alternatives<'a>| {
            single.types.is_none()
                && single.alternatives().is_empty()
                && list.nodes.iter().all(|node| is_typed(document, node))
        };
        let is_recorded_with_type = accept_null[0] && is_implied(self.old, documents[1], &after)
            || accept_null[1] && is_implied(self.new, documents[0], &before);
        if !is_recorded_with_type {
            self.record_null(accept_null.map(Some));
        }
        self.match_alternatives(before, after, true);
        true
    }

    /// Returns a schema and the alternatives that replace it, or the reverse, if that is the case.
    fn single_and_alternatives(&self, old_nodes: &[Node<'a>], new_nodes: &[Node<'a>]) -> Option<[Alternatives<'a>; 2]> {
        let (old, new) = (self.old, self.new);
        let [old_document, new_document] = [self.comparison.old, self.comparison.new];
        let lists = (only_alternatives(old_document, old), only_alternatives(new_document, new));
        let find = |[document, other_document]: [&'a Schemas; 2],
                    [flat, other]: [&Flat<'a>; 2],
                    nodes: &[Node<'a>],
                    [own, list]: [&Option<Node<'a>>; 2]| {
            let ([node], Some(list)) = (nodes, list) else { return None };
            let single = Alternatives::of_single_schema(document, node, own.as_ref());
            let list = Alternatives::of(list, other);
            // A schema with alternatives of its own is compared with a list only if the list has it.
            let is_one = flat.has_constraints_except(&[])
                && (flat.alternatives().is_empty() || list.has_one_of(other_document, &single, document));
            is_one.then_some([single, list])
        };
        let [before, after] = [&lists.0, &lists.1];
        find([old_document, new_document], [old, new], old_nodes, [before, after]).or_else(|| {
            let [single, list] = find([new_document, old_document], [new, old], new_nodes, [after, before])?;
            Some([list, single])
        })
    }

    /// Returns whether one of the schemas consists of alternatives and is itself an alternative of the other one.
    pub(super) fn is_listed(&self, old_nodes: &[Node<'a>], new_nodes: &[Node<'a>]) -> bool {
        [self.old, self.new].iter().all(|flat| !flat.alternatives().is_empty())
            && self.single_and_alternatives(old_nodes, new_nodes).is_some()
    }

    /// Returns a predicate for the case that a list of alternatives replaces a single schema, or the reverse. It returns true if an
    /// annotation is compared with those of the alternatives, and false if it is compared with those beside the list. It is true in these
    /// cases, by the origin of the single schema:
    ///
    /// - [`Origin::WholeSchema`]: the annotation is absent beside the list
    /// - [`Origin::OnlyConstraint`]: the single schema does not have it itself, beside its `$ref`, `oneOf` or `anyOf`
    ///
    /// Otherwise, it is false.
    pub(super) fn annotations_of_alternatives(
        &self,
        old_nodes: &[Node<'a>],
        new_nodes: &[Node<'a>],
    ) -> impl Fn(&str) -> bool + use<'a> {
        let replaced = self.single_and_alternatives(old_nodes, new_nodes);
        let origins = replaced.map(|sides| sides.map(|side| side.origin));
        let own = |nodes: &[Node<'a>]| nodes.first().into_iter().flat_map(Node::members).map(|it| it.0).collect();
        let own: [BTreeSet<&str>; 2] = [old_nodes, new_nodes].map(own);
        let all = [self.old, self.new].map(|flat| flat.keywords.keys().copied().collect::<BTreeSet<_>>());
        move |key| {
            origins.into_iter().any(|origins| {
                (0..2).any(|side| match origins[side] {
                    Origin::WholeSchema => !all[1 - side].contains(key),
                    Origin::OnlyConstraint => !own[side].contains(key),
                    Origin::OneOf | Origin::AnyOf => false,
                })
            })
        }
    }

    pub(super) fn compare_alternatives(&mut self) {
        let (old, new) = (self.old, self.new);
        let same = |old: &Node<'_>, new: &Node<'_>| old.value == new.value && old.escaped_name() == new.escaped_name();
        let same_keyword = |old: &Node<'_>, new: &Node<'_>| old.escaped_name() == new.escaped_name();
        let any = |_: &Node<'_>, _: &Node<'_>| true;
        // `null` is compared by `compare_types` or `compare_null`.
        let ignores_null = self.role.ignores_null || old.types.is_some() == new.types.is_some();
        let Matched { pairs, removed, added } =
            Matched::of(old.alternatives(), new.alternatives(), &[&same, &same_keyword, &any]);
        for (before, after) in pairs {
            // For disjoint alternatives, both keywords mean the same.
            if before.escaped_name() != after.escaped_name()
                && !Overlaps::of_combined(self.comparison.old, [old, &self.sibling_schemas[0]], &before.items())
                    .0
                    .is_empty()
            {
                let effect = if after.escaped_name() == "anyOf" { Effect::Widens } else { Effect::Narrows };
                let what = format!("`{}` is now `{}`", before.escaped_name(), after.escaped_name());
                self.record_keyword(after.escaped_name(), effect, &what);
            }
            self.match_alternatives(Alternatives::of(&before, old), Alternatives::of(&after, new), ignores_null);
        }
        let [widens, narrows] = [Effect::Widens, Effect::Narrows].map(|effect| self.effect_beside_unevaluated(effect));
        removed.iter().for_each(|list| self.record_presence(list.escaped_name(), widens, false));
        added.iter().for_each(|list| self.record_presence(list.escaped_name(), narrows, true));
    }

    /// Matches and compares the alternatives of two lists. If `ignores_null`, `null` is compared for the lists as a whole.
    fn match_alternatives(&mut self, old: Alternatives<'a>, new: Alternatives<'a>, ignores_null: bool) {
        let documents = [self.comparison.old, self.comparison.new];
        let outer = [[self.old, &self.sibling_schemas[0]], [self.new, &self.sibling_schemas[1]]];
        let sides = |old: &Alternatives<'a>, new: &Alternatives<'a>| {
            [(0, old), (1, new)].map(|(index, list)| Side::of(documents[index], outer[index], list, ignores_null))
        };
        let [mut before, mut after] = sides(&old, &new);
        let Matched { mut pairs, mut removed, mut added } = match_sides([&before, &after], [&old, &new]);
        if !removed.is_empty() && !added.is_empty() {
            // Nested lists may have been flattened, or the reverse.
            let expanded_old = old.expand(documents[0], outer[0], [&removed, &added]);
            let expanded_new = new.expand(documents[1], outer[1], [&added, &removed]);
            [before, after] = sides(&expanded_old, &expanded_new);
            Matched { pairs, removed, added } = match_sides([&before, &after], [&expanded_old, &expanded_new]);
        }
        let kept: [Vec<_>; 2] = pairs.iter().cloned().unzip().into();
        // Several alternatives may have been merged into one, or one split into several.
        if old.discriminator.is_none() && new.discriminator.is_none() {
            let unchanged = pairs.iter().filter(|(one, other)| self.comparison.are_same(one, other, ValueKind::Schema));
            let [old_unchanged, new_unchanged]: [Vec<_>; 2] = unchanged.cloned().unzip().into();
            let breaks = |effect: Effect| self.role.effect(effect).verdict(self.role.direction) == Verdict::Breaking;
            if breaks(Effect::Narrows) {
                pairs.extend(after.take_merged(&before, &mut removed, &new_unchanged));
            }
            if breaks(Effect::Widens) {
                pairs.extend(
                    before.take_merged(&after, &mut added, &old_unchanged).into_iter().map(|(one, other)| (other, one)),
                );
            }
        }
        self.record_unmatched_alternatives(&removed, "removed", Effect::Narrows, [&before, &after], &kept[0]);
        self.record_unmatched_alternatives(&added, "added", Effect::Widens, [&after, &before], &kept[1]);
        // The annotations of a single schema were compared with those of the list, if it has some.
        let compares_annotations = [old.origin, new.origin].iter().all(|origin| *origin != Origin::WholeSchema);
        let role = Role { compares_annotations, ignores_null, ..self.role.to_alternative() };
        let siblings = if compares_annotations { self.siblings_of_alternatives() } else { self.siblings.clone() };
        for (one, other) in pairs {
            if !compares_annotations {
                self.compare_annotations_of_alternative([&before, &after], [&one, &other]);
            }
            let is_covered = after.covers(&before, &one, Some(&other)) && before.covers(&after, &other, Some(&one));
            let flats = before.flat(&one).zip(after.flat(&other));
            let are_same = |one: &Node<'a>, other: &Node<'a>, kind| self.comparison.are_same(one, other, kind);
            let has_same_default = flats.is_none_or(|(one, other)| one.texts("default") == other.texts("default"));
            if is_covered
                && has_same_default
                && !flats.is_some_and(|(one, other)| one.has_constraints_of(other, are_same))
            {
                let message = format!("{} was changed: {ANOTHER_ACCEPTS}", self.describe_alternative(&other));
                self.comparison.record("alternative-changed", Verdict::Docs, &other, message);
                continue;
            }
            let has_overlap = self.compare_overlaps([&before, &after], [&one, &other], &kept, new.origin);
            let role = Role { has_overlap: role.has_overlap || has_overlap, ..role };
            let [one, other] = [before.listed(&one), after.listed(&other)];
            self.comparison.queue_with_siblings(vec![one], vec![other], role, siblings.clone());
        }
    }

    /// Compares whether an alternative and its counterpart overlap others. `kept` are the alternatives that have a counterpart: an overlap
    /// with a removed or added one is reported with that one. Returns whether both overlap others.
    fn compare_overlaps(
        &mut self,
        [before, after]: [&Side<'a>; 2],
        [one, other]: [&Node<'a>; 2],
        kept: &[Vec<Node<'a>>; 2],
        new_origin: Origin,
    ) -> bool {
        match [before.overlaps.has_overlap(one), after.overlaps.has_overlap(other)] {
            [false, true] if after.overlaps.has_overlap_within(other, &kept[1]) => self.record_overlap(
                Effect::Narrows,
                "alternatives now overlap, and `oneOf` rejects values that match several",
            ),
            // If `anyOf` replaces `oneOf`, `compare_alternatives` reports the replacement instead.
            [true, false] if new_origin != Origin::AnyOf && before.overlaps.has_overlap_within(one, &kept[0]) => {
                self.record_overlap(Effect::Widens, "alternatives no longer overlap");
            }
            [true, true] => return true,
            _ => {}
        }
        false
    }

    /// Records alternatives of the first side without a counterpart on the other. `kept` are those that have one.
    fn record_unmatched_alternatives(
        &mut self,
        nodes: &[Node<'a>],
        verb: &str,
        effect: Effect,
        [side, other]: [&Side<'a>; 2],
        kept: &[Node<'a>],
    ) {
        for node in nodes {
            // `type: [a, b]` and `anyOf: [{type: a}, {type: b}]` mean the same.
            let has_types_only = |flat: &Flat<'a>| !flat.has_constraints_except(&["type"]);
            let is_accepted = side.flat(node).is_some_and(|flat| {
                (side.is_single_schema || has_types_only(flat)) && other.accept_types_of(flat)
                    || other.accept_values_of(flat)
            });
            let is_single = side.is_single_schema || other.is_single_schema;
            let has_no_type = side.flat(node).is_some_and(|flat| flat.types.as_ref().is_some_and(BTreeSet::is_empty));
            if has_no_type {
                continue;
            }
            if is_accepted && is_single && !side.overlaps.has_overlap(node) {
                self.record_hint(node, verb, [side, other]);
                self.record_default(node, verb, side);
                continue;
            }
            if other.covers(side, node, None) {
                let message = format!("{} was {verb}: {ANOTHER_ACCEPTS}", self.describe_alternative(node));
                self.comparison.record(format!("alternative-{verb}"), Verdict::Docs, node, message);
                continue;
            }
            let effect = if side.overlaps.is_matched_by_any(node, kept) { Effect::Both } else { effect };
            let what = match is_in_list_or_component(node) {
                true => format!("{} was {verb}", self.describe_alternative(node)),
                false if verb == "removed" => "the alternatives do not include the former schema".to_owned(),
                false => "the former alternatives do not include the schema".to_owned(),
            };
            self.record(&format!("alternative-{verb}"), self.role.effect(effect), node, &what);
        }
    }

    /// Records `format: password` of an alternative if the other document does not have it.
    fn record_hint(&mut self, node: &Node<'a>, verb: &str, [side, other]: [&Side<'a>; 2]) {
        let is_hidden = side.flat(node).is_some_and(Flat::is_hidden);
        if is_hidden && !other.flats.iter().any(Flat::is_hidden) {
            let exists = [verb == "removed", verb == "added"];
            self.comparison.record_documentation("format", &node.member("format"), exists);
        }
    }

    /// Records the default of an alternative whose values the other document accepts, too. If one of the schemas has a default itself,
    /// `compare_meaning` has compared it with those of the alternatives.
    fn record_default(&mut self, node: &Node<'a>, verb: &str, side: &Side<'a>) {
        let defaults = side.flat(node).map(defaults_of).unwrap_or_default();
        if [self.old, self.new].iter().all(|flat| defaults_of(flat).is_empty()) {
            let sides = if verb == "removed" { [defaults, Vec::new()] } else { [Vec::new(), defaults] };
            self.compare_defaults(sides);
        }
    }

    /// Compares the annotations of a single schema with those of the corresponding alternative, except those that the schema with the list
    /// has, too.
    fn compare_annotations_of_alternative(&mut self, sides: [&Side<'a>; 2], [one, other]: [&Node<'a>; 2]) {
        let (old, new) = (self.old, self.new);
        let Some((before, after)) = sides[0].flat(one).zip(sides[1].flat(other)) else { return };
        let is_of_list = |key: &str| !old.get(key).is_empty() && !new.get(key).is_empty();
        let (node, role, siblings) = (other.clone(), self.role, self.siblings);
        let sibling_schemas = self.sibling_schemas;
        let comparison = &mut *self.comparison;
        PairComparison { comparison, old: before, new: after, node, role, siblings, sibling_schemas }
            .compare_annotations(is_of_list);
    }

    /// Describes an alternative by its title, its component, what distinguishes it from the others of its list, or its position in the
    /// document.
    pub(super) fn describe_alternative(&self, node: &Node<'a>) -> String {
        let normal = self.comparison.normal(node);
        let title = node.text("title").filter(|title| !title.trim().is_empty()).map(quote);
        let distinctive = || describe_distinctive(normal.document(), node).filter(|_| !is_component(node));
        let name = || quote(&last_token(&normal.origin(&node.pointer)));
        format!("the alternative {}", title.or_else(distinctive).unwrap_or_else(name))
    }

    /// Returns the schemas that apply to the same instance as the alternatives: the parts of this schema, and those siblings that name a
    /// property that differs between the documents, declare a type other than `object`, or have `unevaluatedProperties` or
    /// `unevaluatedItems`. If all siblings were included, alternatives that many schemas share would be compared once for each path that
    /// leads to them.
    fn siblings_of_alternatives(&self) -> [Vec<Node<'a>>; 2] {
        let differs = |name: &str| self.comparison.differing_names.contains(name);
        let restricts = |node: &Node<'a>| {
            ["unevaluatedProperties", "unevaluatedItems"].iter().any(|it| node.member(it).is_present())
                || types(node.value).is_some_and(|types| types.into_iter().any(is_other_type))
        };
        let [old_document, new_document] = [self.comparison.old, self.comparison.new];
        let [before, after] = &self.siblings;
        let around_old = old_document.alternatives_around(&self.old.parts, before);
        let around_new = new_document.alternatives_around(&self.new.parts, after);
        let names = |node: &Node<'a>| {
            let (document, around) = match node.document {
                Document::Vendored => (old_document, &around_old),
                Document::Candidate => (new_document, &around_new),
            };
            document.property_names_except(std::slice::from_ref(node), around)
        };
        let is_relevant =
            |node: &Node<'a>| self.role.is_partial || restricts(node) || names(node).into_iter().any(differs);
        self.siblings_of_parts_among(is_relevant)
    }

    /// Records that alternatives of `oneOf` now overlap, or no longer do.
    fn record_overlap(&mut self, effect: Effect, what: &str) {
        let effect = self.role.effect(effect);
        self.record(&format!("one-of-{}", effect.word()), effect, &self.node.clone(), what);
    }
}

/// Describes what distinguishes an item of a list of alternatives from the others, in the order of preference of [`unique_labels`].
fn describe_distinctive(document: &Value, node: &Node<'_>) -> Option<String> {
    const SHOWN: usize = 3;
    let (list, index) = node.pointer.rsplit_once('/')?;
    let items = document.pointer(list)?.as_array()?;
    let labels = unique_labels(document, items.iter()).into_iter().nth(index.parse().ok()?)?;
    Some(match labels.into_iter().next()? {
        Label::Constant(name, value) => format!("with {} = {value}", quote(&name)),
        Label::Component(name) if node.text("$ref").is_some() => quote(&name),
        Label::Component(name) => format!("that combines {}", quote(&name)),
        Label::Property(name) => format!("with {}", quote(&name)),
        Label::Type(kind) if kind == "enum" => {
            let values = node.value["enum"].as_array()?;
            let shown = values.iter().take(SHOWN).map(Value::to_string).collect::<Vec<_>>().join(", ");
            let more = values.len().checked_sub(SHOWN).filter(|more| *more > 0);
            let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
            format!("with the value{} {shown}{more}", if values.len() == 1 { "" } else { "s" })
        }
        Label::Type(kind) if kind == "any" => return None,
        Label::Type(kind) => format!("of type {}", quote(&kind.replace(',', "` or `"))),
        _ => return None,
    })
}

/// Matches the alternatives of two documents.
fn match_sides<'a>([before, after]: [&Side<'a>; 2], [old, new]: [&Alternatives<'a>; 2]) -> Matched<'a> {
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
    let same_required =
        |one: &Node<'_>, other: &Node<'_>| flats(one, other).is_some_and(|(old, new)| same_required(old, new));
    let similar = |one: &Node<'_>, other: &Node<'_>| flats(one, other).is_some_and(|(old, new)| similar(old, new));
    // The closest matches first: equal schemas, the same component or a combination with it, then similar schemas.
    let criteria: [Criterion<'_>; 5] = [&same, &same_component, &extends, &same_required, &similar];
    Matched::of(before.nodes.clone(), after.nodes.clone(), &criteria)
}

/// Returns whether a schema is a component or an item of a list. Others have no name of their own.
fn is_in_list_or_component(node: &Node<'_>) -> bool {
    is_component(node) || node.escaped_name().parse::<usize>().is_ok()
}

/// Returns whether an instance written for one of `these` schemas may match one of `those`.
fn may_match<'a>(
    document: &'a Schemas,
    outside: &DescribedOutside<'_, 'a>,
    these: &[Flat<'a>],
    those: &[Flat<'a>],
) -> bool {
    these.iter().any(|one| those.iter().any(|other| fits(document, outside, one, other)))
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
            match only_alternatives(document, &flat) {
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

/// Returns the list of alternatives if it is the only constraint of a schema, apart from types that every alternative implies.
pub(super) fn only_alternatives<'a>(document: &'a Schemas, flat: &Flat<'a>) -> Option<Node<'a>> {
    let lists = flat.alternatives();
    let [list] = &lists[..] else { return None };
    let is_implied = |types: &BTreeSet<&str>| {
        list.items().into_iter().all(|node| {
            let own = Flat::of(document, &[node]).types;
            own.is_some_and(|own| own.is_subset(types))
        })
    };
    let has_own_types = flat.types.as_ref().is_some_and(|types| !is_implied(types));
    (!has_own_types && !flat.has_constraints_except(&["type", list.escaped_name()])).then(|| list.clone())
}

/// Returns whether an instance written for one alternative of a schema may match another. Such an instance has only properties that the
/// first alternative or the schema describes.
fn fits<'a>(document: &'a Schemas, outside: &DescribedOutside<'_, 'a>, one: &Flat<'a>, other: &Flat<'a>) -> bool {
    let is_described = |name: &str| {
        let others = one.other_schemas_of(name);
        let is_rejected = others.iter().any(|schema| schema.value == &Value::Bool(false));
        !is_rejected && (outside.contains(name) || one.properties.contains_key(name) || allows_some(&others))
    };
    let mut others = other.required.iter().filter(|name| !is_described(name)).peekable();
    let requires_other_property = !one.properties.is_empty() && others.peek().is_some() && {
        let named = document.property_names(&one.parts);
        others.any(|name| !named.contains(name))
    };
    let requires_rejected = |these: &Flat<'a>, those: &Flat<'a>| {
        these.required.iter().any(|name| those.other_schemas_of(name).iter().any(|it| it.value == &Value::Bool(false)))
    };
    let excludes_objects = || {
        requires_other_property
            || requires_rejected(one, other)
            || requires_rejected(other, one)
            || require_disjoint_values([document, document], one, other)
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
fn is_other_type(kind: &str) -> bool {
    !matches!(kind, "object" | "null")
}

/// Returns whether one of two objects requires a property whose schemas in the two objects exclude each other.
fn require_disjoint_values<'a>([document, other_document]: [&'a Schemas; 2], one: &Flat<'a>, other: &Flat<'a>) -> bool {
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

/// Returns the last segment of a reference.
pub(super) fn schema_name(reference: &Value) -> &str {
    reference.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default()
}
