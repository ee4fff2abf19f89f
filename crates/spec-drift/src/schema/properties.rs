//! Comparison of properties, by what a client can send and read.

use super::At;
use super::role::Sense;
use crate::flat::{Flat, Openness, Schemas, constrains_instances, intersection};
use crate::{Direction, Effect, Place, Verdict, quoted};
use openapi_refinery::Result;

impl<'a> At<'_, 'a> {
    pub(super) fn properties(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let around = Flat::of(self.comparison.new, self.around)?;
        let named_around = self.comparison.new.property_names(self.around);
        let mut before = old.visible_properties(self.comparison.old, self.role.direction)?;
        let mut after = new.visible_properties(self.comparison.new, self.role.direction)?;
        for name in intersection(&before, &after) {
            match (self.refuses(old, self.comparison.old, name)?, self.refuses(new, self.comparison.new, name)?) {
                (false, true) => _ = after.remove(name),
                // Another schema may have forbidden what its own one describes.
                (true, false) if self.is_whole() && Flat::of(self.comparison.old, &old.properties[name])?.never => {
                    before.remove(name);
                }
                _ => {}
            }
        }
        for &name in before.union(&after) {
            let place = self.property(name);
            let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
            match (before.contains(name), after.contains(name), self.role.direction) {
                (true, true, _) => {
                    self.required(&place, name, was_required, is_required);
                    // The default of a required value has no effect.
                    let role = self.role.to_property(was_required);
                    let (before, after) = (old.schemas_of(name), new.schemas_of(name));
                    self.comparison.conjunctions_within(before, after, role, around.schemas_of(name))?;
                }
                (true, false, _) if named_around.contains(name) && !new.properties.contains_key(name) => {
                    self.required(&place, name, was_required, is_required);
                    if old.properties[name].iter().any(|place| constrains_instances(place.value)) {
                        let what = format!("{} no longer has a schema", quoted(name));
                        let effect = self.role.effect(Effect::Widens);
                        self.note("property-no-longer-restricted", effect, &place, &what);
                    }
                }
                // Other properties may have its name.
                (true, false, Direction::Request)
                    if !new.properties.contains_key(name) && allows_some(&new.applied(name)) =>
                {
                    self.required(&place, name, was_required, is_required);
                    let role = self.role.to(Sense::Same);
                    self.comparison.conjunctions(old.schemas_of(name), new.applied(name), role)?;
                }
                // It has moved into an alternative: values may still have it.
                (true, false, _)
                    if !new.properties.contains_key(name)
                        && new.has_in_alternative(self.comparison.new, name, &old.properties[name])?
                        && !old.has_in_alternative(self.comparison.old, name, &old.properties[name])? =>
                {
                    let is_required = is_required || new.is_required_by_alternatives(self.comparison.new, name)?;
                    self.required(&place, name, was_required, is_required);
                }
                (false, true, _)
                    if !old.properties.contains_key(name)
                        && (self.role.is_partial
                            || allows_some(&old.applied(name))
                            || self.comparison.old.property_names(&old.parts).contains(name)) =>
                {
                    self.required(&place, name, was_required, is_required);
                    self.restricted_property(&place, name)?;
                }
                (true, false, direction) => {
                    let consequence = match direction {
                        Direction::Request => "requests that set it may be rejected",
                        Direction::Response => "responses no longer contain it",
                    };
                    let message = format!("{} was removed: {consequence}", quoted(name));
                    self.comparison.note("property-removed", Verdict::Breaking, &place, message);
                }
                (false, _, Direction::Request) if is_required => {
                    let message =
                        format!("{} was added and is required: requests without it may be rejected", quoted(name));
                    self.comparison.note("required-property-added", Verdict::Breaking, &place, message);
                }
                (false, ..) => {
                    let message = format!("{} was added", quoted(name));
                    // Under `not` and `if`, the effect is reversed.
                    let is_plain = self.role.sense == Sense::Same;
                    let verdict = if is_plain { Verdict::Compatible } else { Verdict::Breaking };
                    self.comparison.note("property-added", verdict, &place, message);
                }
            }
        }
        for &name in old.required.symmetric_difference(&new.required) {
            if !old.properties.contains_key(name) && !new.properties.contains_key(name) {
                let place = self.property(name);
                self.required(&place, name, old.required.contains(name), new.required.contains(name));
            }
        }
        Ok(())
    }

    /// Returns whether a property cannot be present: in a response, because no value fits it; in a request, that is a restriction, unless
    /// another schema forbids the property.
    fn refuses(&self, flat: &Flat<'a>, document: &'a Schemas, name: &str) -> Result<bool> {
        let is_read = self.role.direction == Direction::Response && self.role.sense == Sense::Same;
        let schemas = if is_read { flat.schemas_of(name) } else { flat.applied(name) };
        Ok(Flat::of(document, &schemas)?.never)
    }

    /// Returns whether no other schema describes the same response.
    fn is_whole(&self) -> bool {
        self.role.direction == Direction::Response
            && self.role.sense == Sense::Same
            && !self.role.is_partial
            && !self.role.is_alternative
    }

    /// Compares an added schema of a property that was named before. The schema for other properties applied to it, if there was one.
    fn restricted_property(&mut self, at: &Place<'a>, name: &str) -> Result<()> {
        let (old, own) = (self.old, &self.new.properties[name]);
        let others = [old.applied(name), old.get("unevaluatedProperties").to_vec()];
        let applied = others.into_iter().find(|places| !places.is_empty());
        let effect = match applied {
            _ if self.role.is_partial => Effect::Narrows,
            Some(applied) => {
                return self.comparison.conjunctions(applied, self.new.schemas_of(name), self.role.to(Sense::Same));
            }
            None if own.iter().any(|place| constrains_instances(place.value)) => Effect::Narrows,
            None => return Ok(()),
        };
        let what = format!("{} now has a schema", quoted(name));
        self.note("property-restricted", self.role.effect(effect), at, &what);
        Ok(())
    }

    /// Returns the place of a property: in the candidate, unless it was removed. A property without a schema has the place of `required`.
    fn property(&self, name: &str) -> Place<'a> {
        let places = [self.new, self.old].into_iter().find_map(|flat| flat.properties.get(name));
        let place = places.and_then(|places| places.first()).cloned();
        place.unwrap_or_else(|| self.stated("required"))
    }

    fn required(&mut self, at: &Place<'a>, name: &str, was: bool, is: bool) {
        let (effect, what) = match (was, is) {
            (false, true) => (Effect::Narrows, format!("{} is now required", quoted(name))),
            (true, false) => (Effect::Widens, format!("{} is no longer required", quoted(name))),
            _ => return,
        };
        let rule = if is { "property-now-required" } else { "property-no-longer-required" };
        let effect = self.role.effect(effect);
        let consequence = match (self.role.direction, effect) {
            (Direction::Request, Effect::Narrows) => "requests without it may be rejected",
            (Direction::Request, Effect::Widens) => "requests can omit it",
            (Direction::Response, Effect::Narrows) => "responses always contain it",
            (Direction::Response, Effect::Widens) => "responses may omit it",
            (direction, Effect::Both) => effect.consequence(direction),
        };
        self.comparison.note(rule, effect.verdict(self.role.direction), at, format!("{what}: {consequence}"));
    }

    /// Compares which additional properties are accepted: none, those that fit a schema, or any.
    pub(super) fn additional_properties(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let keyword = "additionalProperties";
        match (old.openness(&[keyword]), new.openness(&[keyword])) {
            (Openness::Some, Openness::Some) => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.comparison.conjunctions(old, new, self.role.to(Sense::Same))?;
            }
            (before, after) if after != before => {
                let effect = if after < before { Effect::Narrows } else { Effect::Widens };
                let what = format!("`{keyword}` was {} and is {}", before.described(), after.described());
                self.note_keyword(keyword, effect, &what);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Returns whether schemas restrict a value, but do not reject all.
fn allows_some(schemas: &[Place<'_>]) -> bool {
    !schemas.is_empty() && schemas.iter().all(|schema| *schema.value != false)
}
