//! Comparison of the alternatives of `oneOf` and `anyOf`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::At;
use super::role::{Role, Sense};
use crate::flat::{Flat, Schemas, is_docs, is_null};
use crate::matching::{Matched, is_component, same_component, same_schema, similar};
use crate::{Effect, Place, follow, quoted};
use openapi_refinery::Result;

/// Keywords that concern a list of alternatives as a whole.
pub(in super::super) const OF_THE_WHOLE: [&str; 5] =
    ["discriminator", "default", "deprecated", "readOnly", "writeOnly"];

/// The alternatives of a schema.
pub(super) struct Alternatives<'a> {
    places: Vec<Place<'a>>,
    /// Whether an instance of two alternatives is rejected, and no discriminator selects one.
    pub(super) is_exactly_one: bool,
    /// Whether this is one schema that stands for alternatives, with the annotations of all of them.
    pub(super) is_whole: bool,
    discriminator: Option<Place<'a>>,
}

impl<'a> Alternatives<'a> {
    pub(super) fn of(list: &Place<'a>, schema: &Flat<'a>) -> Self {
        let discriminator = schema.get("discriminator").first().cloned();
        let is_exactly_one = list.name() == "oneOf" && discriminator.is_none();
        Self { places: list.items(), is_exactly_one, is_whole: false, discriminator }
    }

    /// Removes `null`.
    pub(super) fn without_null(mut self) -> Self {
        self.places.retain(|place| !is_null(place.value));
        self
    }

    /// Returns a schema as alternatives: those that it consists of, the component that it refers to, otherwise itself as the only one.
    pub(super) fn written_out(document: &'a Schemas, place: &Place<'a>) -> Self {
        let is_own = |keyword: &str| !is_docs(keyword) && !OF_THE_WHOLE.contains(&keyword);
        let said: Vec<_> = place.members().into_iter().filter(|(keyword, _)| is_own(keyword)).collect();
        let places = match &said[..] {
            [("oneOf" | "anyOf", list)] => Some(list.items()),
            [("$ref", _)] => Some(vec![place.target(document)]),
            _ => None,
        };
        let is_whole = places.is_none();
        Self {
            places: places.unwrap_or_else(|| vec![place.clone()]),
            is_exactly_one: false,
            is_whole,
            discriminator: None,
        }
    }

    /// Resolves references. Where several alternatives may match, equal ones count once.
    pub(super) fn followed(&self, document: &'a Schemas) -> Result<Vec<Place<'a>>> {
        let mut places = Vec::new();
        for place in &self.places {
            let place = follow(document, place.clone());
            if self.is_exactly_one || !places.iter().any(|known: &Place<'_>| same_schema(known, &place)) {
                places.push(place);
            }
        }
        Ok(places)
    }

    /// Returns whether a value of the discriminator selects both an alternative and its counterpart, or none selects one of them.
    pub(super) fn are_selected_alike(&self, other: &Self, one: &Place<'_>, counterpart: &Place<'_>) -> bool {
        let (these, those) = (self.selecting(one), other.selecting(counterpart));
        these.is_empty() || those.is_empty() || !these.is_disjoint(&those)
    }

    /// Returns the values of the discriminator that select a component. In the normal form, the mapping has implied names, too.
    fn selecting(&self, alternative: &Place<'_>) -> BTreeSet<&'a str> {
        let mapping = self.discriminator.iter().flat_map(|discriminator| discriminator.member("mapping").members());
        let selects = |to: &Place<'_>| is_component(alternative) && schema_name(to.value) == alternative.name();
        mapping.filter(|(_, to)| selects(to)).map(|(value, _)| value).collect()
    }

    /// Returns whether an alternative excludes instances of others.
    pub(super) fn excludes(&self, document: &'a Schemas, one: &Place<'a>, others: &[Place<'a>]) -> Result<bool> {
        if !self.is_exactly_one {
            return Ok(false);
        }
        let flat = Flat::of(document, std::slice::from_ref(one))?;
        for other in others {
            if fits(document, &Flat::of(document, std::slice::from_ref(other))?, &flat)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<'a> At<'_, 'a> {
    /// Compares a schema with alternatives that replace it, or the reverse. Returns whether that is the case.
    pub(super) fn single_and_alternatives(
        &mut self,
        old_places: &[Place<'a>],
        new_places: &[Place<'a>],
    ) -> Result<bool> {
        let (old, new) = (self.old, self.new);
        let only_alternatives = |flat: &Flat<'a>| match &flat.alternatives()[..] {
            [list] if !flat.has_more_than(&[list.name()]) => Some(list.clone()),
            _ => None,
        };
        let is_one = |flat: &Flat<'a>| flat.alternatives().is_empty() && flat.has_more_than(&[]);
        let (before, after) = match (only_alternatives(old), only_alternatives(new), old_places, new_places) {
            (None, Some(list), [place], _) if is_one(old) => {
                (Alternatives::written_out(self.comparison.old, place), Alternatives::of(&list, new))
            }
            (Some(list), None, _, [place]) if is_one(new) => {
                (Alternatives::of(&list, old), Alternatives::written_out(self.comparison.new, place))
            }
            _ => return Ok(false),
        };
        self.match_alternatives(before, after)?;
        Ok(true)
    }

    pub(super) fn alternatives(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let same = |old: &Place<'_>, new: &Place<'_>| old.value == new.value && old.name() == new.name();
        let same_keyword = |old: &Place<'_>, new: &Place<'_>| old.name() == new.name();
        let any = |_: &Place<'_>, _: &Place<'_>| true;
        // `null` is compared with the types, or by `null`.
        let without_null = old.types.is_some() == new.types.is_some();
        let Matched { pairs, gone, added } =
            Matched::of(old.alternatives(), new.alternatives(), &[&same, &same_keyword, &any]);
        for (before, after) in pairs {
            // For disjoint alternatives, both keywords mean the same.
            if before.name() != after.name() && overlap(self.comparison.old, &before.items())? {
                let effect = if after.name() == "anyOf" { Effect::Widens } else { Effect::Narrows };
                let what = format!("`{}` is now `{}`", before.name(), after.name());
                self.note_keyword(after.name(), effect, &what);
            }
            let of = |list: &Place<'a>, flat: &Flat<'a>| {
                let alternatives = Alternatives::of(list, flat);
                if without_null { alternatives.without_null() } else { alternatives }
            };
            self.match_alternatives(of(&before, old), of(&after, new))?;
        }
        let [widens, narrows] = [Effect::Widens, Effect::Narrows].map(|effect| self.effect_of_evaluating(effect));
        gone.iter().for_each(|list| self.note_presence(list.name(), widens, false));
        added.iter().for_each(|list| self.note_presence(list.name(), narrows, true));
        Ok(())
    }

    fn match_alternatives(&mut self, old: Alternatives<'a>, new: Alternatives<'a>) -> Result<()> {
        let (before, after) = (old.followed(self.comparison.old)?, new.followed(self.comparison.new)?);
        // The closest matches first: equal schemas, the same component, then similar schemas.
        let same =
            |one: &Place<'_>, other: &Place<'_>| same_schema(one, other) && old.are_selected_alike(&new, one, other);
        let Matched { pairs, gone, added } = Matched::of(before, after, &[&same, &same_component, &similar]);
        let (kept_before, kept_after): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
        for place in gone {
            let effect =
                if old.excludes(self.comparison.old, &place, &kept_before)? { Effect::Both } else { Effect::Narrows };
            let what = format!("the alternative {} was removed", alternative_name(&place));
            self.note("alternative-removed", self.role.sense.of(effect), &place, &what);
        }
        for place in added {
            let effect =
                if new.excludes(self.comparison.new, &place, &kept_after)? { Effect::Both } else { Effect::Widens };
            let what = format!("the alternative {} was added", alternative_name(&place));
            self.note("alternative-added", self.role.sense.of(effect), &place, &what);
        }
        let overlaps = new.is_exactly_one && overlap(self.comparison.new, &kept_after)?;
        if overlaps && !overlap(self.comparison.old, &kept_before)? {
            let what = "alternatives now overlap, and `oneOf` rejects values that match several";
            self.note("one-of-narrowed", self.role.sense.of(Effect::Narrows), &self.place.clone(), what);
        }
        // The annotations of the whole were compared with those of the list.
        let role = Role { describes: !(old.is_whole || new.is_whole), ..self.role.to(Sense::Same) };
        for (old, new) in pairs {
            self.comparison.conjunctions_within(vec![old], vec![new], role, self.around.to_vec())?;
        }
        Ok(())
    }
}

/// Returns the name of an alternative: its title, its component or its position.
fn alternative_name(place: &Place<'_>) -> String {
    quoted(place.text("title").unwrap_or(place.name()))
}

/// Returns whether an instance may match two of these alternatives.
pub(super) fn overlap<'a>(document: &'a Schemas, alternatives: &[Place<'a>]) -> Result<bool> {
    let flats = alternatives.iter().map(|place| Flat::of(document, std::slice::from_ref(place)));
    let flats = flats.collect::<Result<Vec<_>>>()?;
    for (index, one) in flats.iter().enumerate() {
        for other in &flats[..index] {
            if fits(document, one, other)? || fits(document, other, one)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Returns whether an instance written for one schema may match another. It has only properties that the first one names.
fn fits<'a>(document: &'a Schemas, one: &Flat<'a>, other: &Flat<'a>) -> Result<bool> {
    let asks_unknown =
        !one.properties.is_empty() && other.required.iter().any(|name| !one.properties.contains_key(name));
    if exclude(one, other) || asks_unknown {
        return Ok(false);
    }
    for name in one.required.intersection(&other.required) {
        if let (Some(one), Some(another)) = (one.properties.get(name), other.properties.get(name)) {
            let (one, another) = (Flat::of(document, one)?, Flat::of(document, another)?);
            if exclude(&one, &another) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Returns whether the types or the listed values of two schemas are disjoint.
fn exclude(one: &Flat<'_>, other: &Flat<'_>) -> bool {
    fn are_disjoint<T: Ord>(these: Option<&BTreeSet<T>>, those: Option<&BTreeSet<T>>) -> bool {
        these.zip(those).is_some_and(|(these, those)| these.is_disjoint(those))
    }
    are_disjoint(one.types.as_ref(), other.types.as_ref())
        || is_below(one, other)
        || is_below(other, one)
        || are_disjoint(one.values().as_ref(), other.values().as_ref())
}

/// Returns whether all numbers of one schema are less than those of another, or all lengths, if they have only that type in common.
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
