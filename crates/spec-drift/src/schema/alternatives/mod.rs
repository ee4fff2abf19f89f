//! Comparison of the alternatives of `oneOf` and `anyOf`.

mod overlap;
mod side;
mod single;

use std::collections::BTreeSet;

use heck::ToKebabCase;
use serde_json::Value;

use self::overlap::{Overlaps, is_other_type};
use self::side::{Alternatives, Origin, Side, match_equal, match_sides};
use super::PairComparison;
use super::meaning::defaults_of;
use super::role::Role;
use super::values::stated_types;
use crate::flat::{Flat, Schemas, constrains_instances, is_docs, types};
use crate::matching::{Matched, is_component};
use crate::{Direction, Document, Effect, Node, Verdict, quote};
use openapi_refinery::lower::{Label, unique_labels};
use openapi_refinery::normalize::ValueKind;

/// Keywords beside a list of alternatives that concern all of them.
pub(in super::super) const LIST_KEYWORDS: [&str; 5] =
    ["discriminator", "default", "deprecated", "readOnly", "writeOnly"];

/// The consequence of a change of an alternative whose instances another one accepts.
const ANOTHER_ACCEPTS: &str = "another one accepts its values";

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
        self.match_alternatives([before, after], true, false);
        true
    }

    /// Returns a schema and the alternatives that replace it, or the reverse, if that is the case.
    fn single_and_alternatives(&self, old_nodes: &[Node<'a>], new_nodes: &[Node<'a>]) -> Option<[Alternatives<'a>; 2]> {
        let (old, new) = (self.old, self.new);
        let [old_document, new_document] = [self.comparison.old, self.comparison.new];
        let lists = (old.only_alternatives(old_document), new.only_alternatives(new_document));
        let find = |[document, other_document]: [&'a Schemas; 2],
                    [flat, other]: [&Flat<'a>; 2],
                    nodes: &[Node<'a>],
                    [own, list]: [&Option<Node<'a>>; 2]| {
            let ([node], Some(list)) = (nodes, list) else { return None };
            let list = Alternatives::of(list, other);
            let has_one_type = |node: &Node<'a>| {
                let types = Flat::of(other_document, std::slice::from_ref(node)).types;
                types.is_none_or(|types| stated_types(&types).filter(|kind| *kind != "null").count() <= 1)
            };
            let splits_types = !self.role.is_text() && list.nodes.iter().all(has_one_type);
            let single = Alternatives::of_single_schema(document, node, own.as_ref(), splits_types);
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

    /// Returns whether a list of alternatives replaces a single schema, or the reverse.
    pub(super) fn replaces_list(&self, old_nodes: &[Node<'a>], new_nodes: &[Node<'a>]) -> bool {
        self.single_and_alternatives(old_nodes, new_nodes).is_some()
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

    /// Returns whether old alternatives of a `oneOf` may overlap.
    pub(super) fn have_overlap(&self, list: &Node<'a>) -> bool {
        let schemas = [self.old, &self.sibling_schemas[0]];
        list.escaped_name() == "oneOf" && !Overlaps::of(self.comparison.old, schemas, &list.items()).is_empty()
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
            let is_other_kind = self.compare_kinds_of_lists(&before, &after);
            let lists = [Alternatives::of(&before, old), Alternatives::of(&after, new)];
            self.match_alternatives(lists, ignores_null, is_other_kind);
        }
        let [widens, narrows] = [Effect::Widens, Effect::Narrows].map(|effect| self.effect_beside_unevaluated(effect));
        for list in removed.iter().filter(|list| !is_implied(self.comparison.old, list, new)) {
            self.record_list(list, widens, "removed");
            self.record_undescribed_properties(&list.items());
        }
        let is_fulfilled = |list: &Node<'a>| {
            is_implied(self.comparison.new, list, old) || narrows == Effect::Narrows && self.fits_all(list, old)
        };
        let unfulfilled: Vec<_> = added.into_iter().filter(|list| !is_fulfilled(list)).collect();
        unfulfilled.iter().for_each(|list| self.record_list(list, narrows, "added"));
    }

    /// Returns whether an added list is an `anyOf` that repeats the properties of the old schema, with an alternative that accepts all
    /// its instances.
    fn fits_all(&self, list: &Node<'a>, schema: &Flat<'a>) -> bool {
        let (document, alternatives) = (self.comparison.new, list.items());
        let is_known = |name: &&str| schema.properties.contains_key(name);
        let are_same = |new: &Node<'a>, old: &Node<'a>| self.comparison.are_same(old, new, ValueKind::Schema);
        let accepts_all =
            |node: &Node<'a>| Flat::of(document, std::slice::from_ref(node)).accepts_objects_of(schema, are_same);
        list.escaped_name() == "anyOf"
            && document.property_names(&alternatives).iter().all(is_known)
            && alternatives.iter().any(accepts_all)
    }

    /// Records that `oneOf` takes the place of `anyOf`, or the reverse, unless the alternatives are disjoint, or a discriminator selects
    /// one of them, before and after: both keywords then mean the same. Returns whether that is recorded.
    fn compare_kinds_of_lists(&mut self, before: &Node<'a>, after: &Node<'a>) -> bool {
        let (one, other) = (before.escaped_name(), after.escaped_name());
        let outer = [self.old, &self.sibling_schemas[0]];
        let sides = [(before, self.old, self.comparison.old), (after, self.new, self.comparison.new)];
        let are_selected =
            || sides.iter().all(|(list, flat, document)| Alternatives::of(list, flat).are_selected(document));
        let is_other_kind = one != other
            && ![one, other].contains(&"allOf")
            && self.written_keyword(before) != self.written_keyword(after)
            && !are_selected()
            && !Overlaps::of_combined(self.comparison.old, outer, &before.items()).is_empty();
        if is_other_kind {
            let effect = if other == "anyOf" { Effect::Widens } else { Effect::Narrows };
            self.record_keyword(other, effect, &format!("`{one}` is now `{other}`"));
        }
        is_other_kind
    }

    fn record_list(&mut self, list: &Node<'a>, effect: Effect, verb: &str) {
        let (effect, keyword) = (self.role.effect(effect), self.written_keyword(list));
        let what = format!("`{keyword}` was {verb}");
        self.record(&format!("{}-{}", keyword.to_kebab_case(), effect.word()), effect, list, &what);
    }

    /// Returns the keyword of a list as the document writes it: the normal form of a `oneOf` with disjoint alternatives is `anyOf`.
    fn written_keyword(&self, list: &Node<'a>) -> &'static str {
        let mut written = [self.name_of(list), list.escaped_name().to_owned()].into_iter();
        written.find_map(|name| ["oneOf", "anyOf"].into_iter().find(|it| *it == name)).unwrap_or("allOf")
    }

    /// Matches and compares the alternatives of two lists. If `ignores_null`, `null` is compared for the lists as a whole. If one list is
    /// `anyOf` and the other `oneOf`, which is recorded, overlaps between alternatives are not compared.
    fn match_alternatives(&mut self, lists: [Alternatives<'a>; 2], ignores_null: bool, is_other_kind: bool) {
        let ([old, new], [before, after]) = self.corresponding_sides(lists, ignores_null);
        let mut matched = match_sides([&before, &after], [&old, &new]);
        let kept: [Vec<_>; 2] = matched.pairs.iter().cloned().unzip().into();
        self.pair_merged(&mut matched, [&before, &after], [&old, &new]);
        let Matched { pairs, removed, added } = matched;
        if let Some(discriminator) = old.discriminator.as_ref().filter(|_| after.is_single_schema) {
            self.compare_selecting_values(discriminator, &before.flats);
        }
        self.compare_defaults_of_unmatched([&before, &after], [&removed, &added]);
        self.record_unmatched_alternatives(&removed, "removed", Effect::Narrows, [&before, &after], &kept[0]);
        self.record_unmatched_alternatives(&added, "added", Effect::Widens, [&after, &before], &kept[1]);
        // An added discriminator tells the alternatives apart, and is recorded, too.
        let is_recorded = is_other_kind || old.discriminator.is_none() && new.discriminator.is_some();
        let role = self.role_of_alternatives([&old, &new], ignores_null);
        let siblings = if role.compares_annotations { self.siblings_of_alternatives() } else { self.siblings.clone() };
        for pair in &pairs {
            let pair = [&pair.0, &pair.1];
            let role = self.compare_alternative([&before, &after], pair, &kept, is_recorded, role);
            let [one, other] = [before.listed(pair[0]), after.listed(pair[1])];
            self.comparison.queue_with_siblings(vec![one], vec![other], role, siblings.clone());
        }
    }

    /// Returns the alternatives of two lists, before and after. If both lists have some without a counterpart, nested lists are expanded,
    /// since they may have been flattened, or the reverse.
    fn corresponding_sides(
        &self,
        [mut old, mut new]: [Alternatives<'a>; 2],
        ignores_null: bool,
    ) -> ([Alternatives<'a>; 2], [Side<'a>; 2]) {
        let documents = [self.comparison.old, self.comparison.new];
        let outer = [[self.old, &self.sibling_schemas[0]], [self.new, &self.sibling_schemas[1]]];
        let sides = |old: &Alternatives<'a>, new: &Alternatives<'a>| {
            [(0, old), (1, new)].map(|(index, list)| Side::of(documents[index], outer[index], list, ignores_null))
        };
        let [before, after] = sides(&old, &new);
        let Matched { removed, added, .. } = match_equal([&before, &after], [&old, &new]);
        if removed.is_empty() || added.is_empty() {
            return ([old, new], [before, after]);
        }
        old = old.expand(documents[0], outer[0], self.new, [&removed, &added]);
        new = new.expand(documents[1], outer[1], self.old, [&added, &removed]);
        let sides = sides(&old, &new);
        ([old, new], sides)
    }

    /// Pairs several alternatives that were merged into one with that one, or those into which one was split. A discriminator beside the
    /// one may not select it for all instances.
    fn pair_merged(
        &self,
        Matched { pairs, removed, added }: &mut Matched<'a>,
        [before, after]: [&Side<'a>; 2],
        [old, new]: [&Alternatives<'a>; 2],
    ) {
        let unchanged = pairs.iter().filter(|(one, other)| self.comparison.are_same(one, other, ValueKind::Schema));
        let [old_unchanged, new_unchanged]: [Vec<_>; 2] = unchanged.cloned().unzip().into();
        let breaks = |effect: Effect| self.role.effect(effect).verdict(self.role.direction) == Verdict::Breaking;
        if breaks(Effect::Narrows) && new.discriminator.is_none() {
            pairs.extend(after.take_merged(before, removed, &new_unchanged));
        }
        if breaks(Effect::Widens) && old.discriminator.is_none() {
            let split = before.take_merged(after, added, &old_unchanged);
            pairs.extend(split.into_iter().map(|(one, other)| (other, one)));
        }
    }

    /// Returns the role for the comparison of corresponding alternatives.
    fn role_of_alternatives(&mut self, lists: [&Alternatives<'a>; 2], ignores_null: bool) -> Role {
        // The annotations of a single schema were compared with those of the list, if it has some.
        let compares_annotations = lists.iter().all(|list| list.origin != Origin::WholeSchema);
        let ignores_default = [self.old, self.new].iter().any(|flat| !self.own_defaults(flat).is_empty());
        let split_into = self.number_of_split(lists);
        Role { compares_annotations, ignores_null, ignores_default, split_into, ..self.role.to_alternative() }
    }

    /// Compares the annotations and the overlaps of an alternative with those of its counterpart. Returns the role for the comparison of
    /// their schemas.
    fn compare_alternative(
        &mut self,
        sides: [&Side<'a>; 2],
        pair: [&Node<'a>; 2],
        kept: &[Vec<Node<'a>>; 2],
        is_recorded: bool,
        role: Role,
    ) -> Role {
        if !role.compares_annotations {
            self.compare_annotations_of_alternative(sides, pair);
        }
        let is_covered = self.is_covered(sides, pair);
        if is_covered {
            let [one, other] = pair;
            let message = format!("{} was changed: {ANOTHER_ACCEPTS}", self.describe_alternative(other));
            self.comparison.record("alternative-changed", Verdict::Docs, other, message);
            self.record_undescribed_properties(std::slice::from_ref(one));
        }
        let has_overlap = self.compare_overlaps(sides, pair, kept, is_recorded);
        Role { has_overlap: role.has_overlap || has_overlap, is_covered: role.is_covered || is_covered, ..role }
    }

    /// Returns the position in `Comparison::lists` of a list of alternatives, and adds the list if necessary. Returns `None` if the list
    /// does not replace a single schema. In requests, also returns `None` unless the list is an `anyOf` without a discriminator: another
    /// list may reject a value that an alternative accepts.
    fn number_of_split(&mut self, [old, new]: [&Alternatives<'a>; 2]) -> Option<usize> {
        let fits_any = new.origin == Origin::AnyOf && new.discriminator.is_none();
        if old.origin != Origin::WholeSchema || !(self.is_read() || fits_any) {
            return None;
        }
        let pointers = |nodes: &[Node<'a>]| nodes.iter().map(|node| node.pointer.clone()).collect::<Vec<_>>();
        let (own, lists) = (pointers(&new.nodes), &mut self.comparison.lists);
        Some(lists.iter().position(|known| pointers(known) == own).unwrap_or_else(|| {
            lists.push(new.nodes.clone());
            lists.len() - 1
        }))
    }

    /// Returns whether an alternative and its counterpart differ, and other alternatives accept all instances of both.
    fn is_covered(&self, [before, after]: [&Side<'a>; 2], [one, other]: [&Node<'a>; 2]) -> bool {
        let Some((old, new)) = before.flat(one).zip(after.flat(other)) else { return false };
        let are_same = |one: &Node<'a>, other: &Node<'a>, kind| self.comparison.are_same(one, other, kind);
        after.covers(before, one, Some(other))
            && before.covers(after, other, Some(one))
            && !old.has_constraints_of(new, are_same)
    }

    /// Compares whether an alternative and its counterpart overlap others. `kept` are the alternatives that have a counterpart: an overlap
    /// with a removed or added one is reported with that one. `is_recorded` says whether another change covers that of the overlaps.
    /// Returns whether both overlap others.
    fn compare_overlaps(
        &mut self,
        [before, after]: [&Side<'a>; 2],
        [one, other]: [&Node<'a>; 2],
        kept: &[Vec<Node<'a>>; 2],
        is_recorded: bool,
    ) -> bool {
        // No former instance contains an added property, so an overlap that depends on one rejects none of them.
        let concerns_former_instances = || {
            let (documents, outer) = ([before.document, after.document], [self.old, &self.sibling_schemas[0]]);
            let may_match = |one: &Node<'a>, others: &[Node<'a>]| {
                overlap::may_match_any(documents, outer, &before.nodes, one, others)
            };
            let others: Vec<_> = kept[1].iter().filter(|it| it.pointer != other.pointer).cloned().collect();
            let mut former = kept[0].iter().filter(|it| it.pointer != one.pointer);
            may_match(one, &others) || former.any(|it| may_match(it, std::slice::from_ref(other)))
        };
        match [before.overlaps.has_overlap(one), after.overlaps.has_overlap(other)] {
            [false, true]
                if !is_recorded
                    && after.overlaps.has_overlap_within(other, &kept[1])
                    && concerns_former_instances() =>
            {
                let what = "alternatives now overlap, and `oneOf` rejects values that match several";
                self.record_overlap(Effect::Narrows, what);
            }
            [true, false] if !is_recorded && before.overlaps.has_overlap_within(one, &kept[0]) => {
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
            // What a schema evaluates is exempt from `unevaluatedProperties` and `unevaluatedItems`.
            let evaluates = self.restricts_unevaluated(&["unevaluatedProperties", "unevaluatedItems"]);
            if is_accepted && is_single && !evaluates && !side.overlaps.has_overlap(node) {
                self.record_hint(node, verb, [side, other]);
                continue;
            }
            let loses_default =
                || self.role.direction == Direction::Request && side.document.states_inner_default(node);
            if other.covers(side, node, None) && !loses_default() {
                let message = format!("{} was {verb}: {ANOTHER_ACCEPTS}", self.describe_alternative(node));
                self.comparison.record(format!("alternative-{verb}"), Verdict::Docs, node, message);
                if verb == "removed" {
                    self.record_undescribed_properties(std::slice::from_ref(node));
                }
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

    /// Compares the defaults of alternatives that have no counterpart. Those of a single schema that replaces a list, and those beside a
    /// list, which take precedence, are compared by `compare_meaning`.
    fn compare_defaults_of_unmatched(&mut self, sides: [&Side<'a>; 2], unmatched: [&[Node<'a>]; 2]) {
        let is_beside = [self.old, self.new].iter().any(|flat| !self.own_defaults(flat).is_empty());
        if is_beside || sides.iter().any(|side| side.is_single_schema) {
            return;
        }
        let defaults = sides.map(|side| side.flats.iter().flat_map(defaults_of).collect::<Vec<_>>());
        let differs = |index: usize| {
            let own = unmatched[index].iter().filter_map(|node| sides[index].flat(node)).flat_map(defaults_of);
            let others = &defaults[1 - index];
            own.into_iter().any(|default| others.iter().all(|other| other.value != default.value))
        };
        if differs(0) || differs(1) {
            self.compare_defaults(defaults);
        }
    }

    /// Compares the annotations and the discriminator of a single schema with those of the corresponding alternative, except those that the
    /// schema with the list has, too.
    fn compare_annotations_of_alternative(&mut self, sides: [&Side<'a>; 2], [one, other]: [&Node<'a>; 2]) {
        let (old, new) = (self.old, self.new);
        let Some((before, after)) = sides[0].flat(one).zip(sides[1].flat(other)) else { return };
        let is_of_list = |key: &str| !old.get(key).is_empty() && !new.get(key).is_empty();
        let (node, role, siblings) = (other.clone(), self.role, self.siblings);
        let sibling_schemas = self.sibling_schemas;
        let comparison = &mut *self.comparison;
        let mut pair = PairComparison { comparison, old: before, new: after, node, role, siblings, sibling_schemas };
        pair.compare_annotations(is_of_list);
        if !is_of_list("discriminator") {
            pair.compare_discriminator();
        }
    }

    /// Describes an alternative by its title, its component, what distinguishes it from the others of its list, or its position in the
    /// document.
    pub(super) fn describe_alternative(&self, node: &Node<'a>) -> String {
        let normal = self.comparison.normal(node);
        let title = node.text("title").filter(|title| !title.trim().is_empty()).map(quote);
        let distinctive = || describe_distinctive(normal.document(), node).filter(|_| !is_component(node));
        let name = || quote(&self.name_of(node));
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

/// Returns whether a list is an `anyOf` with an alternative that accepts all instances of `by`: it only requires properties that `by`
/// requires, too, or it accepts everything, and the alternatives describe neither properties nor items.
fn is_implied<'a>(document: &'a Schemas, list: &Node<'a>, by: &Flat<'a>) -> bool {
    let alternatives = list.items();
    let describe_parts = || {
        ["unevaluatedProperties", "unevaluatedItems"].iter().any(|it| !document.evaluated(&alternatives, it).is_empty())
    };
    let is_implied = |node: &Node<'a>| {
        let keywords: Vec<&str> = node.members().into_keys().filter(|keyword| !is_docs(keyword)).collect();
        keywords == ["required"] && Flat::of(document, std::slice::from_ref(node)).required.is_subset(&by.required)
            || !constrains_instances(document, node) && !describe_parts()
    };
    list.escaped_name() == "anyOf" && alternatives.iter().any(is_implied)
}

/// Describes what distinguishes an item of a list of alternatives from the others, in the order of preference of [`unique_labels`].
fn describe_distinctive(document: &Value, node: &Node<'_>) -> Option<String> {
    const SHOWN: usize = 3;
    let (list, index) = node.pointer.rsplit_once('/')?;
    if list.ends_with("/type") {
        return node.text("type").map(|kind| format!("of type {}", quote(kind)));
    }
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

/// Returns whether a schema is a component or an item of a list. Others have no name of their own.
fn is_in_list_or_component(node: &Node<'_>) -> bool {
    is_component(node) || node.escaped_name().parse::<usize>().is_ok()
}

/// Returns the last segment of a reference.
pub(super) fn schema_name(reference: &Value) -> &str {
    reference.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default()
}
