//! Comparison of annotations, and of the keywords that determine the meaning of instances.

use std::collections::{BTreeMap, BTreeSet};

use super::alternatives::schema_name;
use super::role::Transmission;
use super::{At, describe_values, effect_on_sets};
use crate::flat::{Flat, canonical, is_docs};
use crate::matching::same_component;
use crate::operation::last_segment;
use crate::{Direction, Effect, Place, Verdict, quoted};
use openapi_refinery::Normal;

impl<'a> At<'_, 'a> {
    /// Compares the annotations of all combined schemas.
    pub(super) fn docs(&mut self) {
        let (old, new) = (self.old, self.new);
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| is_docs(key)).collect();
        for key in keys {
            let (old, new) = (old.texts(key), new.texts(key));
            if old.iter().collect::<BTreeSet<_>>() == new.iter().collect() {
                continue;
            }
            let at = self.stated(key);
            if key == "xml" && self.role.is_xml {
                let written = |flat: &Flat<'a>| flat.get(key).iter().map(|it| it.value.to_string()).collect::<Vec<_>>();
                let what = describe_values(key, &written(self.old), &written(self.new));
                self.record("xml-changed", Effect::Both, &at, &what);
            } else {
                self.comparison.documentation(key, &at, [!old.is_empty(), !new.is_empty()]);
            }
        }
    }

    /// Compares `default`, `deprecated` and `discriminator`, which determine the meaning of instances.
    pub(super) fn meaning(&mut self) {
        let (old, new) = (self.old, self.new);
        let described = self.describe();
        self.comparison.deprecation(&self.place, &described, [old, new].map(|flat| flat.is_set("deprecated")));
        let (before, after) = (old.texts("default"), new.texts("default"));
        if before != after {
            let place = self.stated("default");
            let rule = if before.is_empty() { "default-added" } else { "default-changed" };
            let what = describe_values("default", &before, &after);
            // An omitted property may remain unset; an omitted parameter always has a meaning.
            let was_unset = match self.role.transmission {
                Transmission::Value | Transmission::PartOfText => before.is_empty(),
                Transmission::Text => false,
                Transmission::RequiredValue | Transmission::RequiredText => true,
            };
            if self.role.direction == Direction::Response || was_unset {
                let message = format!("{what}: documentation only");
                self.comparison.record(rule, Verdict::Docs, &place, message);
            } else {
                let message = format!("{what}: requests that omit the value mean something else");
                self.comparison.record(rule, Verdict::Breaking, &place, message);
            }
        }
        self.discriminator();
        // Alternatives are compared separately.
        if new.alternatives().is_empty() {
            self.mapped();
        }
    }

    /// Returns the name of the component or property that the candidate's schema describes; otherwise calls it the schema.
    fn describe(&self) -> String {
        let pointer = self.comparison.normal(&self.place).origin(&self.place.pointer);
        match pointer.rsplit('/').nth(1) {
            Some("schemas" | "properties") => quoted(&last_segment(&pointer)),
            _ => "the schema".to_owned(),
        }
    }

    /// Compares the schemas that extend this one, as its discriminator lists them.
    fn mapped(&mut self) {
        let (old, new) = (self.old, self.new);
        let mapping = |flat: &Flat<'a>, document: &'a Normal| -> BTreeMap<&'a str, Place<'a>> {
            let members = flat.get("discriminator").iter().flat_map(|it| it.member("mapping").members());
            let target = |to: Place<'a>| Some(to.referred(document, to.value.as_str()?));
            members.filter_map(|(name, to)| Some((name, target(to).filter(Place::is_present)?))).collect()
        };
        let (before, mut after) = (mapping(old, self.comparison.old), mapping(new, self.comparison.new));
        for (name, old) in before {
            // A change of the target is a change of the mapping.
            if let Some(new) = after.remove(name).filter(|new| same_component(&old, new)) {
                self.comparison.conjunctions(vec![old], vec![new], self.role);
            }
        }
    }

    /// Compares which values of the discriminator stand for which alternative.
    fn discriminator(&mut self) {
        let (old, new) = (self.old, self.new);
        let listed = |flat: &Flat<'a>| -> BTreeSet<&'a str> {
            let alternatives = flat.alternatives().into_iter().flat_map(|list| list.items());
            alternatives.chain(flat.parts.clone()).filter_map(|place| place.text("$ref")).collect()
        };
        // The names of an alternative are added and removed with it.
        let (are_old, are_new) = (listed(old), listed(new));
        let is_in_one =
            |to: &Place<'a>| to.value.as_str().is_some_and(|to| are_old.contains(to) != are_new.contains(to));
        // By subject and value, in words.
        let stated = |flat: &Flat<'a>| -> BTreeMap<(String, String), Place<'a>> {
            let members = flat.get("discriminator").iter().flat_map(Place::members).filter(|(key, _)| !is_docs(key));
            let stated = members.flat_map(|(key, place)| match key {
                // A target is a reference or the name of a component.
                "mapping" => place
                    .members()
                    .into_iter()
                    .filter(|(_, to)| !is_in_one(to))
                    .map(|(value, to)| ((format!("value {}", quoted(value)), quoted(schema_name(to.value))), to))
                    .collect(),
                _ => vec![((quoted(key), canonical(place.value)), place)],
            });
            stated.collect()
        };
        let (before, after) = (stated(old), stated(new));
        let place = self.stated("discriminator");
        let mut note = |rule: &str, what: &str| self.comparison.record(rule, Verdict::Compatible, &place, what);
        match (before.is_empty(), after.is_empty()) {
            (true, false) => return note("discriminator-added", "a discriminator was added"),
            (false, true) => return note("discriminator-removed", "the discriminator was removed"),
            _ => {}
        }
        let effect = effect_on_sets(&Some(before.keys().collect()), &Some(after.keys().collect()));
        let Some(effect) = effect.map(|effect| self.role.effect(effect)) else { return };
        let removed = before.iter().filter(|(what, _)| !after.contains_key(*what));
        let added = after.iter().filter(|(what, _)| !before.contains_key(*what));
        let mut values: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
        let sides = removed.clone().map(|(what, _)| (what, 0)).chain(added.clone().map(|(what, _)| (what, 1)));
        for ((subject, value), side) in sides {
            values.entry(subject).or_default()[side] = Some(value);
        }
        let all = values.into_iter().map(|(subject, values)| describe_discriminator(subject, values));
        let what = all.collect::<Vec<_>>().join(", ");
        let place = added.chain(removed).next().map_or(place, |(_, place)| place.clone());
        self.record(&format!("discriminator-{}", effect.word()), effect, &place, &what);
    }
}

/// Describes a change of the alternative that a value of the discriminator selects, or of another member of the discriminator.
fn describe_discriminator(subject: &str, values: [Option<&str>; 2]) -> String {
    let of = format!("the discriminator {subject}");
    match (subject.starts_with("value "), values) {
        (true, [Some(old), Some(new)]) => format!("{of} selected {old} and selects {new}"),
        (true, [Some(old), None]) => format!("{of} no longer selects {old}"),
        (true, [None, new]) => format!("{of} now selects {}", new.unwrap_or_default()),
        (false, [Some(old), Some(new)]) => format!("{subject} of the discriminator was {old} and is {new}"),
        (false, [Some(old), None]) => format!("{subject} {old} of the discriminator was removed"),
        (false, [None, new]) => format!("{subject} {} of the discriminator was added", new.unwrap_or_default()),
    }
}
