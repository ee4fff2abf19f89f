//! Alternatives of `oneOf` and `anyOf`, matched between two documents.

use std::collections::BTreeSet;

use serde_json::Value;

use super::flat::{Flat, Schemas, is_docs, is_null, types};
use super::{Place, follow};
use openapi_refinery::Result;

/// Keywords that concern a list of alternatives as a whole.
pub(super) const OF_THE_WHOLE: [&str; 5] = ["discriminator", "default", "deprecated", "readOnly", "writeOnly"];

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

/// Returns the last segment of a reference.
pub(super) fn schema_name(reference: &Value) -> &str {
    reference.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default()
}

fn is_component(place: &Place<'_>) -> bool {
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
