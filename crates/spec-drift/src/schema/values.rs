//! Comparison of types and values: `type`, `enum`, `format` and bounds of numbers.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{At, Pair, describe_values, effect_on, effect_on_sets};
use crate::Effect;
use crate::flat::{Bound, Flat};
use openapi_refinery::Result;

impl<'a> At<'_, 'a> {
    /// Compares text that becomes or was a number, and a single string that becomes or was a list. Returns whether that is all to compare.
    pub(super) fn text(&mut self, pair: &Pair<'a>) -> Result<bool> {
        let (old, new) = (self.old, self.new);
        let declares = |flat: &Flat<'_>, kind: &str| flat.types.as_ref().is_some_and(|types| types.contains(kind));
        let is_scalar = |flat: &Flat<'_>| {
            ["integer", "boolean"].iter().any(|kind| declares(flat, kind)) && !declares(flat, "string")
        };
        let is_restricted = |flat: &Flat<'_>| {
            let keywords = ["minLength", "maxLength", "pattern", "enum", "format"];
            declares(flat, "string") && keywords.iter().any(|keyword| !flat.get(keyword).is_empty())
        };
        if is_scalar(old) && is_restricted(new) || is_restricted(old) && is_scalar(new) {
            let [was, is] = [old, new].map(|flat| listed(flat.types.as_ref()));
            self.note_keyword(
                "type",
                Effect::Both,
                &format!("the type was {was} and is {is}, which is written differently"),
            );
            return Ok(true);
        }
        let is_list = |flat: &Flat<'_>| declares(flat, "array") && !declares(flat, "string");
        let (before, after) = match (declares(old, "string") && !is_list(old), declares(new, "string") && !is_list(new))
        {
            (true, false) if is_list(new) => (pair.old.clone(), new.get("items").to_vec()),
            (false, true) if is_list(old) => (old.get("items").to_vec(), pair.new.clone()),
            _ => return Ok(false),
        };
        if !before.is_empty() && !after.is_empty() {
            self.comparison.conjunctions(before, after, self.role)?;
        }
        // A single text is a list of one item.
        let needs_more = |flat: &Flat<'_>| {
            let is_beyond = |keyword: &str, fits: fn(f64) -> bool| !flat.numbers(keyword).into_iter().all(fits);
            is_beyond("minItems", |least| least <= 1.0)
                || is_beyond("maxItems", |most| most >= 1.0)
                || ["contains", "prefixItems"].iter().any(|keyword| !flat.get(keyword).is_empty())
        };
        if is_list(old) && needs_more(old) || is_list(new) && needs_more(new) {
            let [was, is] = [old, new].map(|flat| listed(flat.types.as_ref()));
            let what = format!("the type was {was} and is {is}, with restrictions that one item does not meet");
            self.note_keyword("type", Effect::Both, &what);
            return Ok(true);
        }
        Ok(false)
    }

    /// Compares whether any instance is accepted. Returns whether that differs, so that there is nothing else to compare.
    pub(super) fn never(&mut self) -> bool {
        let (effect, what) = match (self.old.never, self.new.never) {
            (false, true) => (Effect::Narrows, "no value is accepted any more"),
            (true, false) => (Effect::Widens, "values are accepted where none was"),
            _ => return false,
        };
        self.note_keyword("schema", effect, what);
        true
    }

    /// Compares the accepted types, given how the documents declare them. Returns whether there are none in common, so that their constraints
    /// cannot be compared.
    pub(super) fn types(&mut self, [was, is]: [String; 2]) -> bool {
        let effect = effect_on_sets(&self.old.types, &self.new.types);
        if let Some(effect) = effect {
            self.note_keyword("type", effect, &format!("the type was {was} and is {is}"));
        }
        self.null();
        effect == Some(Effect::Both)
    }

    /// Compares whether `null` fits several alternatives of `oneOf`.
    pub(super) fn ambiguous_null(&mut self) {
        let (effect, what) = match (self.old.null_is_ambiguous, self.new.null_is_ambiguous) {
            (false, true) => (Effect::Narrows, "`null` fits several alternatives of `oneOf`, which rejects it"),
            (true, false) => (Effect::Widens, "`null` no longer fits several alternatives of `oneOf`"),
            _ => return,
        };
        self.note_keyword("type", effect, what);
    }

    /// Compares whether `null` is accepted where no type is declared.
    fn null(&mut self) {
        let (old, new) = (self.old, self.new);
        if old.types.is_some() || new.types.is_some() {
            return;
        }
        match (old.accepts_null_untyped(), new.accepts_null_untyped()) {
            (Some(false), Some(true)) => self.note_keyword("type", Effect::Widens, "`null` is now allowed"),
            (Some(true), Some(false)) => self.note_keyword("type", Effect::Narrows, "`null` is no longer allowed"),
            _ => {}
        }
    }

    pub(super) fn values(&mut self) {
        let (old, new) = (self.old.values(), self.new.values());
        let Some(effect) = effect_on_sets(&old, &new) else { return };
        let none = BTreeSet::new();
        let (before, after) = (old.as_ref().unwrap_or(&none), new.as_ref().unwrap_or(&none));
        let missing =
            |these: &BTreeSet<String>, those: &BTreeSet<String>| these.difference(those).cloned().collect::<Vec<_>>();
        let are = |values: &[String], what: &str| {
            format!("{} {} {what}", values.join(", "), if values.len() == 1 { "is" } else { "are" })
        };
        let what = match (&old, &new) {
            (None, Some(values)) if values.is_empty() => "no value is allowed any more".to_owned(),
            (None, _) => format!("only {}", are(&missing(after, before), "allowed")),
            (_, None) => format!("any value is allowed instead of only {}", missing(before, after).join(", ")),
            _ => match (missing(before, after), missing(after, before)) {
                (gone, added) if added.is_empty() => are(&gone, "no longer allowed"),
                (gone, added) if gone.is_empty() => are(&added, "now allowed"),
                (gone, added) => {
                    format!("{}, {}", are(&gone, "no longer allowed"), are(&added, "allowed instead"))
                }
            },
        };
        self.note_keyword("enum", effect, &what);
    }

    /// Compares bounds, including those that a format implies.
    pub(super) fn bounds(&mut self) {
        let (before, after) = (self.old, self.new);
        for (keyword, old, new, beyond) in [
            ("minimum", &before.least, &after.least, Ordering::Greater),
            ("maximum", &before.greatest, &after.greatest, Ordering::Less),
        ] {
            if old.is_empty() && new.is_empty() {
                // A change of the format has its own rule.
                continue;
            }
            let [before, after] = [(old, before), (new, after)].map(|(said, flat)| flat.with_implied(said, beyond));
            if let Some(effect) = effect_on(&before, &after, |a, b| a.implies(b, beyond)) {
                let written =
                    |bounds: &[Bound<'a>]| bounds.iter().map(|it| it.written(self.comparison)).collect::<Vec<_>>();
                let (old, new) = (written(old), written(new));
                let keywords: BTreeSet<&String> = old.iter().chain(&new).map(|(keyword, ..)| keyword).collect();
                // If both documents use one keyword, it says whether the bounds are exclusive.
                let (shown, is_one) = match Vec::from_iter(keywords)[..] {
                    [only] if only.starts_with("exclusive") => (only.as_str(), true),
                    _ => (keyword, false),
                };
                let described = |(_, number, is_exclusive): &(String, String, bool)| {
                    format!("{number}{}", if *is_exclusive && !is_one { " (exclusive)" } else { "" })
                };
                let [old, new] = [&old, &new].map(|bounds| bounds.iter().map(described).collect::<Vec<_>>());
                self.note_keyword(keyword, effect, &describe_values(shown, &old, &new));
            }
        }
    }

    pub(super) fn format(&mut self) {
        let (old, new) = (self.old, self.new);
        let [before, after] = [old, new].map(Flat::formats);
        let implies = |a: &String, b: &String| {
            a == b || matches!((&**a, &**b), (r#""int32""#, r#""int64""#) | (r#""float""#, r#""double""#))
        };
        if let Some(effect) = effect_on(&before, &after, implies) {
            self.note_values("format", effect, &old.texts("format"), &new.texts("format"));
        }
    }
}

pub(super) fn listed(types: Option<&BTreeSet<&str>>) -> String {
    types.map_or_else(
        || "any".to_owned(),
        |types| {
            let shown = types.iter().filter(|name| **name != "integer" || !types.contains("number"));
            let shown = shown.copied().collect::<Vec<_>>().join(" or ");
            if shown.is_empty() { "none".to_owned() } else { shown }
        },
    )
}
