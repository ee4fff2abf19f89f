//! Comparison of properties, by what a client can send and read.

use std::collections::BTreeSet;

use super::At;
use super::role::Sense;
use crate::flat::{Flat, Openness, Schemas, constrains_instances, intersection};
use crate::{Direction, Effect, Place, Verdict, quoted};

/// What becomes of a property of a schema.
enum Fate {
    /// It is described before and after.
    Kept,
    /// Another schema that applies to the same instance still names it.
    Released,
    /// The schema for other properties applies to it.
    Other,
    /// It has moved into an alternative: values may still have it.
    Moved,
    Removed,
    /// It was named elsewhere, and now has a schema.
    Restricted,
    Added,
}

impl<'a> At<'_, 'a> {
    pub(super) fn properties(&mut self) {
        let (old, new) = (self.old, self.new);
        let [before, after] = self.present_properties();
        for &name in before.union(&after) {
            let fate = self.fate(name, before.contains(name), after.contains(name));
            self.property(name, &fate);
        }
        for &name in old.required.symmetric_difference(&new.required) {
            if !old.properties.contains_key(name) && !new.properties.contains_key(name) {
                self.required(name, old.required.contains(name), new.required.contains(name));
            }
        }
    }

    /// Returns the names of the properties that instances can have, before and after.
    fn present_properties(&self) -> [BTreeSet<&'a str>; 2] {
        let (old, new) = (self.old, self.new);
        let mut before = old.visible_properties(self.comparison.old, self.role.direction);
        let mut after = new.visible_properties(self.comparison.new, self.role.direction);
        for name in intersection(&before, &after) {
            match (self.rejects(old, self.comparison.old, name), self.rejects(new, self.comparison.new, name)) {
                (false, true) => _ = after.remove(name),
                // Another schema may have forbidden what its own one describes.
                (true, false) if self.is_whole() && Flat::of(self.comparison.old, &old.properties[name]).never => {
                    before.remove(name);
                }
                _ => {}
            }
        }
        [before, after]
    }

    /// Returns what becomes of a property.
    fn fate(&self, name: &str, was_present: bool, is_present: bool) -> Fate {
        let (old, new) = (self.old, self.new);
        let [old_document, new_document] = [self.comparison.old, self.comparison.new];
        if was_present && is_present {
            return Fate::Kept;
        }
        if is_present {
            let is_named = || {
                // The sibling schemas of the items of a list are unknown. Under `not` and `if`, the effect is that of the schema.
                let is_unknown =
                    self.role.is_partial && (self.siblings[0].is_empty() || self.role.sense != Sense::Same);
                is_unknown
                    || allows_some(&old.schemas_by_pattern(name))
                    || old_document.property_names(&old.parts).contains(name)
                    || self.is_named_by_siblings(old_document, &self.siblings[0], name)
            };
            return if !old.properties.contains_key(name) && is_named() { Fate::Restricted } else { Fate::Added };
        }
        // A property that is described, but cannot be present, is removed.
        if new.properties.contains_key(name) {
            return Fate::Removed;
        }
        if self.is_named_by_siblings(new_document, &self.siblings[1], name) {
            let is_forbidden = Flat::of(new_document, &self.schemas_of_other_properties(name)).never;
            return if is_forbidden { Fate::Removed } else { Fate::Released };
        }
        if self.role.direction == Direction::Request && allows_some(&new.schemas_by_pattern(name)) {
            return Fate::Other;
        }
        let schemas = &old.properties[name];
        let is_moved =
            new.has_in_alternative(new_document, name, schemas) && !old.has_in_alternative(old_document, name, schemas);
        if is_moved { Fate::Moved } else { Fate::Removed }
    }

    /// Returns whether sibling schemas name a property. Other alternatives describe other instances.
    fn is_named_by_siblings(&self, document: &'a Schemas, siblings: &[Place<'a>], name: &str) -> bool {
        if self.role.is_partial {
            return document.property_names(siblings).contains(name);
        }
        let siblings = Flat::of(document, siblings);
        siblings.properties.contains_key(name) || siblings.required.contains(name)
    }

    /// Records what becomes of a property.
    fn property(&mut self, name: &str, fate: &Fate) {
        let (old, new) = (self.old, self.new);
        let place = self.place_of(name);
        let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
        match fate {
            Fate::Kept => {
                self.required(name, was_required, is_required);
                // The default of a required value has no effect.
                let role = self.role.to_property(was_required);
                let siblings = self.sibling_schemas_of(name);
                self.comparison.conjunctions_with_siblings(old.schemas_of(name), new.schemas_of(name), role, siblings);
            }
            Fate::Released => {
                self.required(name, was_required, is_required);
                let [before, after] = self.sibling_schemas_of(name);
                let after = [self.schemas_of_other_properties(name), after].concat();
                if !after.is_empty() {
                    let before = [old.schemas_of(name), before].concat();
                    return self.comparison.conjunctions(before, after, self.role.to(Sense::Same));
                }
                if old.properties[name].iter().any(|place| constrains_instances(place.value)) {
                    let what = format!("a further schema for {} was removed", quoted(name));
                    self.record("property-no-longer-restricted", self.role.effect(Effect::Widens), &place, &what);
                }
            }
            Fate::Other => {
                self.required(name, was_required, is_required);
                let role = self.role.to(Sense::Same);
                self.comparison.conjunctions(old.schemas_of(name), new.schemas_by_pattern(name), role);
            }
            Fate::Moved => {
                let document = self.comparison.new;
                let is_required_there = new.is_in_all_alternatives(document, |flat| flat.required.contains(name));
                self.required(name, was_required, is_required || is_required_there);
                // Where it is required, values that match another alternative have it, too.
                if is_required && !new.is_in_all_alternatives(document, |flat| flat.properties.contains_key(name)) {
                    let what = format!("{} has its schema in some alternatives only", quoted(name));
                    self.record("property-no-longer-restricted", self.role.effect(Effect::Widens), &place, &what);
                }
            }
            Fate::Removed => {
                let consequence = match self.role.direction {
                    Direction::Request => "that set it may be rejected",
                    Direction::Response => "no longer contain it",
                };
                let messages = self.comparison.messages(self.role.direction);
                let message = format!("{} was removed: {messages} {consequence}", quoted(name));
                self.comparison.record("property-removed", Verdict::Breaking, &place, message);
            }
            Fate::Restricted => {
                self.required(name, was_required, is_required);
                self.restricted_property(&place, name);
            }
            Fate::Added => self.added_property(&place, name, is_required),
        }
    }

    fn added_property(&mut self, place: &Place<'a>, name: &str, is_required: bool) {
        if is_required && self.role.direction == Direction::Request {
            let messages = self.comparison.messages(Direction::Request);
            let message = format!("{} was added and is required: {messages} without it may be rejected", quoted(name));
            return self.comparison.record("required-property-added", Verdict::Breaking, place, message);
        }
        // Under `not` and `if`, the effect is reversed.
        let verdict = if self.role.sense == Sense::Same { Verdict::Compatible } else { Verdict::Breaking };
        self.comparison.record("property-added", verdict, place, format!("{} was added", quoted(name)));
    }

    /// Returns whether a property cannot be present: in a response, because no value fits it; in a request, that is a restriction, unless
    /// another schema forbids the property.
    fn rejects(&self, flat: &Flat<'a>, document: &'a Schemas, name: &str) -> bool {
        let is_read = self.role.direction == Direction::Response && self.role.sense == Sense::Same;
        let schemas = if is_read { flat.schemas_of(name) } else { flat.schemas_by_pattern(name) };
        Flat::of(document, &schemas).never
    }

    /// Returns whether no other schema describes the same response.
    fn is_whole(&self) -> bool {
        self.role.direction == Direction::Response
            && self.role.sense == Sense::Same
            && !self.role.is_partial
            && !self.role.is_alternative
    }

    /// Compares a property that gets its own schema but could be present before, as one that was required. Its schema is compared with those that
    /// applied before, if any.
    fn restricted_property(&mut self, at: &Place<'a>, name: &str) {
        let (old, own) = (self.old, &self.new.properties[name]);
        let [before, after] = self.sibling_schemas_of(name);
        let applied = [[old.schemas_by_pattern(name), before].concat(), old.get("unevaluatedProperties").to_vec()];
        if let Some(applied) = applied.into_iter().find(|places| !places.is_empty()) {
            let schemas = [self.new.schemas_of(name), after].concat();
            return self.comparison.conjunctions(applied, schemas, self.role.to(Sense::Same));
        }
        if self.role.is_partial || own.iter().any(|place| constrains_instances(place.value)) {
            let what = format!("a schema for {} was added", quoted(name));
            self.record("property-restricted", self.role.effect(Effect::Narrows), at, &what);
        }
    }

    /// Returns the new schemas of a property without a schema of its own.
    fn schemas_of_other_properties(&self, name: &str) -> Vec<Place<'a>> {
        [&self.new.schemas_by_pattern(name), self.new.get("unevaluatedProperties")].concat()
    }

    /// Returns the schemas of a property in the sibling schemas, before and after.
    fn sibling_schemas_of(&self, name: &str) -> [Vec<Place<'a>>; 2] {
        let before = Flat::of(self.comparison.old, &self.siblings[0]).schemas_of(name);
        [before, Flat::of(self.comparison.new, &self.siblings[1]).schemas_of(name)]
    }

    /// Returns the place of a property: in the candidate, unless it was removed. A property without a schema has the place of `required`.
    fn place_of(&self, name: &str) -> Place<'a> {
        let places = [self.new, self.old].into_iter().find_map(|flat| flat.properties.get(name));
        let place = places.and_then(|places| places.first()).cloned();
        place.unwrap_or_else(|| self.stated("required"))
    }

    fn required(&mut self, name: &str, was: bool, is: bool) {
        let (effect, what) = match (was, is) {
            (false, true) => (Effect::Narrows, format!("{} is now required", quoted(name))),
            (true, false) => (Effect::Widens, format!("{} is no longer required", quoted(name))),
            _ => return,
        };
        let rule = if is { "property-now-required" } else { "property-no-longer-required" };
        let effect = self.role.effect(effect);
        let messages = self.comparison.messages(self.role.direction);
        let consequence = match (self.role.direction, effect) {
            (Direction::Request, Effect::Narrows) => format!("{messages} without it may be rejected"),
            (Direction::Request, Effect::Widens) => format!("{messages} can omit it"),
            (Direction::Response, Effect::Narrows) => format!("{messages} always contain it"),
            (Direction::Response, Effect::Widens) => format!("{messages} may omit it"),
            (direction, Effect::Both) => effect.consequence(direction, messages),
        };
        let at = self.place_of(name);
        self.comparison.record(rule, effect.verdict(self.role.direction), &at, format!("{what}: {consequence}"));
    }

    /// Compares which additional properties are accepted: none, those that fit a schema, or any.
    pub(super) fn additional_properties(&mut self) {
        let (old, new) = (self.old, self.new);
        let keyword = "additionalProperties";
        match (old.openness(&[keyword]), new.openness(&[keyword])) {
            (Openness::Restricted, Openness::Restricted) => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.comparison.conjunctions(old, new, self.role.to(Sense::Same));
            }
            (before, after) if after != before => {
                let effect = if after < before { Effect::Narrows } else { Effect::Widens };
                let what = format!("`{keyword}` was {} and is {}", before.describe(), after.describe());
                self.record_keyword(keyword, effect, &what);
            }
            _ => {}
        }
    }
}

/// Returns whether schemas restrict a value, but do not reject all.
pub(super) fn allows_some(schemas: &[Place<'_>]) -> bool {
    !schemas.is_empty() && schemas.iter().all(|schema| *schema.value != false)
}
