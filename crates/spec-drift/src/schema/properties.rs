//! Comparison of properties, by what a client can send and read.

use std::collections::BTreeSet;

use super::PairComparison;
use super::property_change::PropertyChange;
use super::role::{Role, Sense};
use super::undescribed::others_of;
use crate::flat::{Flat, Openness, Schemas, constrains_instances, hiding_keyword, is_omitted, names};
use crate::matching::is_component;
use crate::{Direction, Document, Effect, Node, Verdict, quote};

impl<'a> PairComparison<'_, 'a> {
    pub(super) fn compare_properties(&mut self) {
        let (old, new) = (self.old, self.new);
        let [before, after] = self.present_properties();
        for &name in before.union(&after) {
            let change = self.property_change(name, before.contains(name), after.contains(name));
            self.compare_property(name, &change);
        }
        let is_omitted = |name: &str| !before.contains(name) && !after.contains(name);
        let [old_names, new_names] = [old, new].map(|flat| flat.properties.keys().collect::<BTreeSet<_>>());
        for &name in old_names.symmetric_difference(&new_names).filter(|name| is_omitted(name)) {
            self.compare_omitted_property(name);
        }
        for &name in old_names.intersection(&new_names).filter(|name| is_omitted(name)) {
            // The generated types have it.
            self.comparison.queue_conjunctions(old.schemas_of(name), new.schemas_of(name), self.role.to_property());
        }
        for &name in old.required.symmetric_difference(&new.required) {
            if !old.properties.contains_key(name) && !new.properties.contains_key(name) {
                self.compare_required(name, old.required.contains(name), new.required.contains(name));
            }
        }
    }

    /// Returns whether the schema or one of its alternatives only names a property, for example in a condition: a value may then have it
    /// without being checked by its schema.
    fn is_named_without_schema(&self, name: &str) -> bool {
        let (new, document) = (self.new, self.comparison.new);
        let alternatives: Vec<Node<'a>> = new.alternatives().iter().flat_map(Node::items).collect();
        let only_names = |schema: &Flat<'a>| {
            !schema.properties.contains_key(name)
                && document.property_names_except(&schema.parts, &alternatives).contains(name)
        };
        only_names(new) || new.object_alternatives(document).iter().flatten().any(only_names)
    }

    /// Returns whether alternatives or conditions may have exempted a property from `unevaluatedProperties`.
    pub(super) fn may_have_been_evaluated(&self, name: &str) -> bool {
        let keywords = ["patternProperties", "additionalProperties", "unevaluatedProperties"];
        self.old.openness(self.comparison.old, &["unevaluatedProperties"]) != Openness::Allowed
            && self.comparison.old.parts_may_evaluate(&self.old.parts, &keywords, |it| it == name)
    }

    /// Returns whether `unevaluatedProperties` of a sibling schema applies to a property that the sibling does not describe itself.
    fn is_unevaluated_in_siblings(&self, document: &'a Schemas, side: usize, name: &str) -> bool {
        self.siblings[side].iter().any(|sibling| {
            Openness::of(document, &sibling.member("unevaluatedProperties")) != Openness::Allowed
                && !Flat::of(document, std::slice::from_ref(sibling)).properties.contains_key(name)
        })
    }

    /// Returns whether no sibling of a partial schema states anything about one of its properties.
    fn is_described_here_only(&self, name: &str) -> bool {
        let is_only = |document: &'a Schemas, schema: &Flat<'a>, side: usize| {
            self.sibling_schemas[side].schemas_of(name).is_empty()
                && !document.property_names_except(&self.siblings[side], &schema.parts).contains(name)
        };
        self.role.is_partial
            && self.role.sense == Sense::Same
            && !self.siblings[0].is_empty()
            && is_only(self.comparison.old, self.old, 0)
            && is_only(self.comparison.new, self.new, 1)
    }

    /// Compares the schemas of a property, or records its change.
    fn compare_property(&mut self, name: &str, change: &PropertyChange) {
        let (old, new) = (self.old, self.new);
        let node = self.property_node(name);
        let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
        match change {
            PropertyChange::Kept => {
                self.compare_required(name, was_required, is_required);
                // The default of a required value has no effect.
                let is_always_present = was_required || is_required;
                let mut role =
                    if is_always_present { self.role.to_required_property() } else { self.role.to_property() };
                if self.is_described_here_only(name) {
                    // The members of its value are compared as those of an alternative, since the value may be absent.
                    role = Role { is_partial: false, is_alternative: true, ..role };
                }
                let (before, after) = (old.schemas_of(name), new.schemas_of(name));
                let [siblings_before, siblings_after] = self.sibling_schemas_of(name);
                if !gains_or_loses_schema(name, self.sibling_schemas) {
                    return self.comparison.queue_with_siblings(before, after, role, [siblings_before, siblings_after]);
                }
                let [before, after] = [[before, siblings_before].concat(), [after, siblings_after].concat()];
                self.comparison.queue_conjunctions(before, after, role);
            }
            PropertyChange::InAllAlternatives => {
                self.compare_required(name, was_required, is_required);
                self.record_removal_in_alternatives(name);
                // If the numbers of lists are equal, `compare_alternatives` pairs the lists and compares the property there.
                if old.alternatives().len() != new.alternatives().len() {
                    self.compare_with_alternatives(name);
                }
            }
            PropertyChange::NamedBySiblings => {
                self.compare_required(name, was_required, is_required);
                self.compare_with_siblings(&node, name);
            }
            PropertyChange::Additional => {
                self.compare_required(name, was_required, is_required);
                let role = self.role.to_property();
                self.comparison.queue_conjunctions(old.schemas_of(name), self.schemas_of_undescribed(name), role);
            }
            PropertyChange::Moved => {
                self.record_moved_property(&node, name);
                self.record_removal_in_alternatives(name);
            }
            PropertyChange::Removed => {
                let (at, name) = self.omission_location(node.clone(), name);
                self.record_removed_property(&node, &at, &name);
            }
            PropertyChange::Restricted => {
                self.compare_required(name, was_required, is_required);
                self.compare_restricted_property(&node, name);
            }
            PropertyChange::Added => self.record_added_property(&node, name, is_required),
        }
    }

    /// Compares a removed property with its schemas in siblings, which are now the only ones that name it.
    fn compare_with_siblings(&mut self, node: &Node<'a>, name: &str) {
        let (old, new) = (self.old, self.new);
        let [before, after] = self.sibling_schemas_of(name);
        let after = [Self::other_schemas_with_unevaluated(self.comparison.new, new, name), after].concat();
        let is_unevaluated = self.is_unevaluated_in_siblings(self.comparison.new, 1, name);
        if !after.is_empty() && !is_unevaluated {
            let before = [old.schemas_of(name), before].concat();
            return self.comparison.queue_conjunctions(before, after, self.role.to_property());
        }
        let constrains = |node: &Node<'a>| constrains_instances(self.comparison.old, node);
        if is_unevaluated || old.properties[name].iter().any(constrains) {
            let what = format!("a further schema for {} was removed", quote(name));
            let effect = if is_unevaluated { Effect::Both } else { Effect::Widens };
            self.record("property-no-longer-restricted", self.role.effect(effect), node, &what);
        }
    }

    /// Records that a property has moved into alternatives, or out of them, and compares it with what it is there.
    fn record_moved_property(&mut self, node: &Node<'a>, name: &str) {
        let (old, new, document) = (self.old, self.new, self.comparison.new);
        let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
        let [was_required_there, is_required_there] = [(old, self.comparison.old), (new, document)]
            .map(|(flat, document)| flat.alternatives_if_all(document, |it| it.required.contains(name)).is_some());
        self.compare_required(name, was_required || was_required_there, is_required || is_required_there);
        if self.is_named_without_schema(name) {
            let what = format!("the schema of {} now applies in some alternatives only", quote(name));
            self.record("property-no-longer-restricted", self.role.effect(Effect::Widens), node, &what);
        } else {
            let to = if old.properties.contains_key(name) { "into" } else { "out of" };
            let message = format!("{} was moved {to} alternatives", quote(name));
            self.comparison.record("property-moved", Verdict::Docs, node, message);
        }
        self.compare_with_alternatives(name);
        self.compare_where_undescribed(name);
        self.compare_with_split(name);
    }

    /// Compares a property that has moved to other alternatives with the schema for the other properties of this one.
    fn compare_where_undescribed(&mut self, name: &str) {
        let others = self.new.other_schemas_of(name);
        if self.old.properties.contains_key(name) && !self.is_impossible(self.comparison.new, &others) {
            let role = Role { compares_annotations: false, ..self.role.to_property() };
            self.comparison.queue_conjunctions(self.old.schemas_of(name), others, role);
        }
    }

    /// Compares the properties of a schema that alternatives replace with those of the alternatives that a property has moved to. In
    /// responses, each alternative is compared with the whole schema instead.
    fn compare_with_split(&mut self, moved: &str) {
        if self.role.direction != Direction::Request {
            return;
        }
        let alternatives = self.split_alternatives().unwrap_or_default().into_iter();
        for alternative in alternatives.filter(|it| it.properties.contains_key(moved)) {
            for name in self.old.properties.keys().filter(|name| alternative.properties.contains_key(*name)) {
                let [before, after] = [self.old.schemas_of(name), alternative.schemas_of(name)];
                if !self.becomes_absent(&before, &after) {
                    self.comparison.queue_conjunctions(before, after, self.role.to_property());
                }
            }
        }
    }

    /// Records that requests or responses can no longer have a property. `at` is the location to report.
    pub(super) fn record_removed_property(&mut self, node: &Node<'a>, at: &Node<'a>, name: &str) {
        let consequence = match self.role.direction {
            Direction::Request => "that set it may be rejected",
            Direction::Response => "no longer contain it",
        };
        let messages = self.comparison.message_kind(self.role.direction);
        let what = match node.document {
            Document::Candidate if is_omitted(self.comparison.new, std::slice::from_ref(node), self.role.direction) => {
                format!("is now {}", quote(hiding_keyword(self.role.direction)))
            }
            Document::Candidate => "no longer has valid values".to_owned(),
            Document::Vendored => "was removed".to_owned(),
        };
        let message = format!("{} {what}: {messages} {consequence}", quote(name));
        self.comparison.record_for(node, "property-removed", Verdict::Breaking, at, message);
    }

    /// Records that a property of this schema has moved into alternatives, and that requests or responses cannot have it in some of them.
    fn record_removal_in_alternatives(&mut self, name: &str) {
        let Some(own) = self.old.properties.get(name) else { return };
        let values = |flat: &Flat<'a>| flat.parts.iter().map(|part| part.value).collect::<Vec<_>>();
        let before = self.old.object_alternatives(self.comparison.old).into_iter().flatten();
        let known: Vec<_> = before.map(|it| values(&it)).collect();
        let added = self.new.object_alternatives(self.comparison.new).into_iter().flatten();
        let added = added.chain(self.split_alternatives().unwrap_or_default());
        let added = added.filter(|it| it.properties.contains_key(name) && !known.contains(&values(it)));
        let excluding = added.filter(|it| self.becomes_absent(own, &it.schemas_of(name)));
        let nodes: Vec<_> = excluding.map(|it| it.properties[name][0].clone()).collect();
        nodes.iter().for_each(|node| self.record_removed_property(node, node, name));
    }

    /// Compares a property with the same property in each alternative of the other document that describes it.
    fn compare_with_alternatives(&mut self, name: &str) {
        let (old, new) = (self.old, self.new);
        let schemas = |document: &'a Schemas, flat: &Flat<'a>| -> Vec<Vec<Node<'a>>> {
            let describes = |it: &Flat<'a>| it.properties.contains_key(name);
            if describes(flat) {
                return vec![flat.schemas_of(name)];
            }
            let alternatives = flat.alternatives_if_all(document, describes);
            let alternatives =
                alternatives.unwrap_or_else(|| flat.object_alternatives(document).into_iter().flatten().collect());
            alternatives.into_iter().filter(describes).map(|it| it.schemas_of(name)).collect()
        };
        let [before, after] = [schemas(self.comparison.old, old), schemas(self.comparison.new, new)];
        for old in &before {
            for new in &after {
                if !self.becomes_absent(old, new) {
                    self.comparison.queue_conjunctions(old.clone(), new.clone(), self.role.to_property());
                }
            }
        }
    }

    /// Returns whether requests or responses could have a property with the old schemas, and cannot have it with the new ones.
    fn becomes_absent(&self, before: &[Node<'a>], after: &[Node<'a>]) -> bool {
        let is_absent = |document: &'a Schemas, schemas: &[Node<'a>]| {
            is_omitted(document, schemas, self.role.direction)
                || self.is_read() && self.is_impossible(document, schemas)
        };
        !is_absent(self.comparison.old, before) && is_absent(self.comparison.new, after)
    }

    /// Returns whether clients read instances of this schema, and what it rejects is missing from them.
    pub(super) fn is_read(&self) -> bool {
        self.role.direction == Direction::Response && self.role.sense == Sense::Same
    }

    pub(super) fn record_added_property(&mut self, node: &Node<'a>, name: &str, is_required: bool) {
        let is_shown = self.is_hidden(self.old, self.comparison.old, name);
        let what = if is_shown { self.describe_shown(name) } else { format!("{} was added", quote(name)) };
        if is_required && self.role.direction == Direction::Request {
            let messages = self.comparison.message_kind(Direction::Request);
            let message = format!("{what} and is required: {messages} without it may be rejected");
            return self.comparison.record("required-property-added", Verdict::Breaking, node, message);
        }
        if !is_shown {
            return self.record_present_property(node, node, what);
        }
        let (at, name) = self.omission_location(node.clone(), name);
        self.record_present_property(node, &at, self.describe_shown(&name));
    }

    /// Records that requests or responses can have a property that they could not have before. `at` is the location to report.
    pub(super) fn record_present_property(&mut self, node: &Node<'a>, at: &Node<'a>, what: String) {
        // Under `not`, the effect is reversed; under `if`, it is uncertain.
        let verdict = if self.role.sense == Sense::Same { Verdict::Compatible } else { Verdict::Breaking };
        self.comparison.record_for(node, "property-added", verdict, at, what);
    }

    /// Returns whether no value of a property satisfies its schemas. In a request, or in a value that is transmitted as text, values of an
    /// `enum` count even if their type is not accepted, since `1` may be listed instead of `"1"`.
    pub(super) fn is_impossible(&self, document: &'a Schemas, schemas: &[Node<'a>]) -> bool {
        let property = Flat::of(document, schemas);
        property.has_no_value() || self.is_read() && !self.role.is_text() && property.lists_other_types()
    }

    /// Compares a property that gets its own schema but could be present before, for example because it was required. Its schema is
    /// compared with those that applied before, if any.
    fn compare_restricted_property(&mut self, at: &Node<'a>, name: &str) {
        let (old, own) = (self.old, &self.new.properties[name]);
        let [before, after] = self.sibling_schemas_of(name);
        // What alternatives and conditions evaluate is exempt only where they apply.
        let is_uncertain =
            self.may_have_been_evaluated(name) || self.is_unevaluated_in_siblings(self.comparison.old, 0, name);
        let schemas_before = [Self::other_schemas_with_unevaluated(self.comparison.old, old, name), before].concat();
        if !schemas_before.is_empty() && !is_uncertain {
            let others_after = Self::other_schemas_with_unevaluated(self.comparison.new, self.new, name);
            let schemas_after = [own.clone(), others_after, after].concat();
            if self.sibling_schemas[0].properties.contains_key(name)
                && self.becomes_absent(&schemas_before, &schemas_after)
            {
                // If the schema around this one no longer has the property, the removal is recorded there.
                if self.sibling_schemas[1].properties.contains_key(name) {
                    self.record_removed_property(at, at, name);
                }
                return;
            }
            return self.comparison.queue_conjunctions(schemas_before, schemas_after, self.role.to_property());
        }
        let is_certain = !self.role.is_partial && !self.restricts_unevaluated(&["unevaluatedProperties"]);
        if !is_certain || own.iter().any(|node| constrains_instances(self.comparison.new, node)) {
            let what = format!("a schema for {} was added", quote(name));
            let effect = self.effect_beside_unevaluated(Effect::Narrows);
            self.record("property-restricted", self.role.effect(effect), at, &what);
        }
    }

    /// Returns the schemas that apply to a property, except its own in `properties`: those of [`Flat::other_schemas_of`], and
    /// `unevaluatedProperties` of each combined schema that has no keyword which evaluates the property. `unevaluatedProperties` of a
    /// nested schema evaluates it, too (JSON Schema 2020-12, Core, section 11.3).
    pub(super) fn other_schemas_with_unevaluated(
        document: &'a Schemas,
        schema: &Flat<'a>,
        name: &str,
    ) -> Vec<Node<'a>> {
        let keyword = "unevaluatedProperties";
        let unevaluated = schema.parts.iter().filter_map(|part| {
            let is_evaluated = || {
                let flat = Flat::of(document, std::slice::from_ref(part));
                let mut others = flat.parts.iter().filter(|other| other.pointer != part.pointer);
                flat.properties.contains_key(name)
                    || !flat.get("additionalProperties").is_empty()
                    || !flat.other_schemas_of(name).is_empty()
                    || others.any(|other| other.member(keyword).is_present())
            };
            let unevaluated = part.member(keyword);
            (unevaluated.is_present() && !is_evaluated()).then_some(unevaluated)
        });
        schema.other_schemas_of(name).into_iter().chain(unevaluated).collect()
    }

    /// Returns the new schemas of a property that neither this schema nor a sibling describes. `unevaluatedProperties` is left out where it
    /// may not apply: under `not` and `if`, and in alternatives that overlap, or that only this property distinguishes.
    pub(super) fn schemas_of_undescribed(&self, name: &str) -> Vec<Node<'a>> {
        let document = self.comparison.new;
        let alternatives = document.alternatives_around(&self.new.parts, &self.siblings[1]);
        let distinguishes = document.property_names_except(&alternatives, &self.new.parts).contains(name);
        if self.role.sense != Sense::Same || self.role.has_overlap || distinguishes {
            return self.new.other_schemas_of(name);
        }
        let schemas = [self.new, &self.sibling_schemas[1]].into_iter();
        let schemas = schemas.flat_map(|it| Self::other_schemas_with_unevaluated(self.comparison.new, it, name));
        schemas.filter(|schema| Openness::of(document, schema) != Openness::Allowed).collect()
    }

    /// Returns the schemas of a property in the sibling schemas, before and after.
    fn sibling_schemas_of(&self, name: &str) -> [Vec<Node<'a>>; 2] {
        self.sibling_schemas.each_ref().map(|siblings| siblings.schemas_of(name))
    }

    /// Returns a property: of the candidate, unless it was removed. If several of the combined schemas describe it, returns the one that
    /// omits it, if any. For a property without a schema, returns `required`.
    pub(super) fn property_node(&self, name: &str) -> Node<'a> {
        let sides = [(self.new, self.comparison.new), (self.old, self.comparison.old)];
        let described = sides.into_iter().find_map(|(flat, document)| Some((flat.properties.get(name)?, document)));
        let node = described.and_then(|(nodes, document)| {
            let omits = |node: &&Node<'a>| is_omitted(document, std::slice::from_ref(*node), self.role.direction);
            nodes.iter().find(omits).or(nodes.first()).cloned()
        });
        node.unwrap_or_else(|| self.keyword_node("required"))
    }

    /// Returns the location to report if a property became required or optional: the property in the schema that requires it in one
    /// document only, or `required` of that schema if another one describes the property.
    fn requirement_node(&self, name: &str) -> Node<'a> {
        let [old, new] = [&self.old.parts, &self.new.parts];
        let requires = |part: &Node<'a>| names(part.member("required").value).contains(name);
        let counterpart =
            |part: &Node<'a>, others: &'_ [Node<'a>]| others.iter().find(|it| it.pointer == part.pointer).cloned();
        let differs = |part: &&Node<'a>, others: &[Node<'a>]| {
            requires(part) && !counterpart(part, others).is_some_and(|it| requires(&it))
        };
        let added = new.iter().find(|part| differs(part, old));
        // A component that the candidate does not combine may have been replaced by another one.
        let is_replaced = |part: &Node<'a>| is_component(part) && counterpart(part, new).is_none();
        let removed = || old.iter().find(|part| differs(part, new) && !is_replaced(part));
        let Some(part) = added.or_else(removed) else { return self.property_node(name) };
        let schemas = counterpart(part, new).into_iter().chain([part.clone()]);
        let mut nodes = schemas.flat_map(|it| [it.member("properties").member(name), it.member("required")]);
        nodes.find(Node::is_present).unwrap_or_else(|| self.property_node(name))
    }

    pub(super) fn compare_required(&mut self, name: &str, was_required: bool, is_required: bool) {
        let (effect, what) = match (was_required, is_required) {
            (false, true) => (Effect::Narrows, format!("{} is now required", quote(name))),
            (true, false) => (Effect::Widens, format!("{} is no longer required", quote(name))),
            _ => return,
        };
        let rule = if is_required { "property-now-required" } else { "property-no-longer-required" };
        let effect = self.role.effect(effect);
        let messages = self.comparison.message_kind(self.role.direction);
        let consequence = match (self.role.direction, effect) {
            (Direction::Request, Effect::Narrows) => format!("{messages} without it may be rejected"),
            (Direction::Request, Effect::Widens) => format!("{messages} can omit it"),
            (Direction::Response, Effect::Narrows) => format!("{messages} always contain it"),
            (Direction::Response, Effect::Widens) => format!("{messages} may omit it"),
            (direction, Effect::Both) => effect.consequence(direction, messages),
        };
        let at = self.requirement_node(name);
        let message = format!("{what}{}: {consequence}", self.role.describe_context());
        self.comparison.record(rule, effect.verdict(self.role.direction), &at, message);
    }

    /// Compares which additional properties are accepted: none, those that fit a schema, or any.
    pub(super) fn compare_additional_properties(&mut self) {
        let (old, new) = (self.old, self.new);
        let keyword = "additionalProperties";
        if self.compare_omission_of_others(keyword) {
            return;
        }
        let openness = |flat: &Flat<'a>, document: &'a Schemas| flat.openness(document, &[keyword]);
        match (openness(old, self.comparison.old), openness(new, self.comparison.new)) {
            (Openness::Restricted, Openness::Restricted) => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.comparison.queue_conjunctions(old, new, self.role.to_required_property());
            }
            (before, after) if after != before => {
                let effect = if after < before { Effect::Narrows } else { Effect::Widens };
                let effect = self.effect_beside_unevaluated(effect);
                let what = format!("`{keyword}` was {} and is {}", before.describe(), after.describe());
                self.record_keyword(keyword, effect, &what);
                if after == Openness::Allowed {
                    self.record_undescribed_parts(old.get(keyword), others_of);
                }
            }
            // If `additionalProperties` allows all properties, `unevaluatedProperties` applies to none.
            _ if self.restricts_unevaluated(&["unevaluatedProperties"]) => {
                match (old.get(keyword).is_empty(), new.get(keyword).is_empty()) {
                    (true, false) => self.record_presence(keyword, Effect::Widens, true),
                    (false, true) => self.record_presence(keyword, Effect::Narrows, false),
                    _ => {}
                }
            }
            _ => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.queue_open_schemas(old, new, self.role.to_required_property());
            }
        }
    }
}

/// Returns whether one of the combined schemas starts or stops describing a property.
pub(super) fn gains_or_loses_schema(name: &str, [before, after]: &[Flat<'_>; 2]) -> bool {
    let locations = |flat: &Flat<'_>| -> BTreeSet<String> {
        flat.properties.get(name).into_iter().flatten().map(|node| node.pointer.clone()).collect()
    };
    locations(before) != locations(after)
}

/// Returns whether schemas restrict a value, but do not reject all.
pub(super) fn allows_some(schemas: &[Node<'_>]) -> bool {
    !schemas.is_empty() && schemas.iter().all(|schema| *schema.value != false)
}
