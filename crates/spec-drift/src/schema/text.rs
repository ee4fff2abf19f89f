//! Comparison of values that are transmitted as text, as in a URL: a number is also a string, and a single value a list of one item.

use std::collections::BTreeSet;

use super::role::Transmission;
use super::values::describe_types;
use super::{At, Pair};
use crate::flat::{Flat, is_docs};
use crate::{Effect, Place};

const SCALARS: [&str; 5] = ["string", "number", "integer", "boolean", "null"];

/// Keywords that restrict a string.
const OF_STRINGS: [&str; 5] = ["minLength", "maxLength", "pattern", "enum", "format"];

impl<'a> At<'_, 'a> {
    /// Compares values as text. Returns whether that is all to compare.
    pub(super) fn text(&mut self, pair: &Pair<'a>) -> bool {
        self.restricted_text() || self.any_text() || self.single_and_list(pair)
    }

    /// Compares numbers with restricted strings. The restrictions apply to what is written.
    fn restricted_text(&mut self) -> bool {
        let is_scalar = |flat: &Flat<'_>| {
            ["integer", "boolean"].iter().any(|kind| declares(flat, kind)) && !declares(flat, "string")
        };
        let is_restricted = |flat: &Flat<'_>| {
            declares(flat, "string") && OF_STRINGS.iter().any(|keyword| !flat.get(keyword).is_empty())
        };
        let [old, new] = [self.old, self.new];
        let differ = is_scalar(old) && is_restricted(new) || is_restricted(old) && is_scalar(new);
        if differ {
            self.record_types(Effect::Both, ", which is written differently");
        }
        differ
    }

    /// Compares alternatives with a string that has no restrictions, so that each single value fits it.
    fn any_text(&mut self) -> bool {
        let [old, new] = [self.old, self.new];
        let is_any = |flat: &Flat<'_>| {
            let keywords = flat.keywords.keys();
            declares(flat, "string") && keywords.filter(|key| !is_docs(key)).all(|key| *key == "default")
        };
        let (alternatives, effect) = match (old.alternatives(), new.alternatives()) {
            (alternatives, _) if is_any(new) => (alternatives, Effect::Widens),
            (_, alternatives) if is_any(old) => (alternatives, Effect::Narrows),
            _ => return false,
        };
        let [list] = &alternatives[..] else { return false };
        let document = if effect == Effect::Widens { self.comparison.old } else { self.comparison.new };
        for alternative in list.items() {
            let flat = Flat::of(document, &[alternative]);
            let is_single = |types: &BTreeSet<&str>| types.iter().all(|kind| SCALARS.contains(kind));
            if !flat.types.as_ref().is_some_and(is_single) {
                return false;
            }
        }
        self.record_presence(list.name(), effect, effect == Effect::Narrows);
        true
    }

    /// Compares a single value with the items of a list.
    fn single_and_list(&mut self, pair: &Pair<'a>) -> bool {
        let [old, new] = [self.old, self.new];
        let is_single = |flat: &Flat<'_>| SCALARS.iter().any(|kind| declares(flat, kind)) && !declares(flat, "array");
        let is_list =
            |flat: &Flat<'_>| declares(flat, "array") && !SCALARS[..4].iter().any(|kind| declares(flat, kind));
        let items = |flat: &Flat<'a>| -> Vec<Place<'a>> { flat.get("items").to_vec() };
        let (before, after, list, effect) = match (is_single(old), is_single(new)) {
            _ if self.role.transmission == Transmission::PartOfText => return false,
            (true, false) if is_list(new) => (pair.old.clone(), items(new), new, Effect::Widens),
            (false, true) if is_list(old) => (items(old), pair.new.clone(), old, Effect::Narrows),
            _ => return false,
        };
        if !before.is_empty() && !after.is_empty() {
            self.comparison.conjunctions(before, after, self.role);
        }
        let is_beyond = |keyword: &str, fits: fn(f64) -> bool| !list.numbers(keyword).into_iter().all(fits);
        let needs_other_than_one = is_beyond("minItems", |least| least <= 1.0)
            || is_beyond("maxItems", |most| most >= 1.0)
            || ["contains", "prefixItems"].iter().any(|keyword| !list.get(keyword).is_empty());
        match needs_other_than_one {
            true => self.record_types(Effect::Both, ", with restrictions that one item does not meet"),
            false => self.record_types(effect, ""),
        }
        true
    }

    fn record_types(&mut self, effect: Effect, how: &str) {
        let [old_types, new_types] = [self.old, self.new].map(|flat| describe_types(flat.types.as_ref()));
        self.record_keyword("type", effect, &format!("the type was {old_types} and is {new_types}{how}"));
    }
}

fn declares(flat: &Flat<'_>, kind: &str) -> bool {
    flat.types.as_ref().is_some_and(|types| types.contains(kind))
}
