//! Warnings about a document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::normalize::{self, Normal, has_no_effect_on, is_annotation};

/// Warnings about a document, with their locations: constraints that the generated types do not enforce (*widened*), parts that are
/// ignored, and deviations of the client.
///
/// `Display` writes one line for each keyword and its effect, with the first location and the number of further ones. See
/// [`Prepared::warnings`](crate::Prepared::warnings).
#[derive(Debug, Default)]
pub struct Warnings(BTreeMap<(String, String), BTreeSet<String>>);

impl Warnings {
    /// Creates the list with the warnings of normalization.
    pub(crate) fn of(normal: &Normal) -> Self {
        let mut warnings = Self::default();
        normal.warnings().iter().for_each(|it| warnings.add(&it.part, &it.effect, &it.pointer));
        warnings
    }

    /// Adds a keyword that is not enforced. `written` is the keyword in the document.
    pub(crate) fn add_keyword(&mut self, written: &str, keyword: &str, pointer: &str) {
        match normalize::keyword(keyword).and_then(|row| row.widened) {
            Some(effect) => self.add_widened(written, effect, pointer),
            None => self.add(written, "is not a keyword of JSON Schema 2020-12 and has no effect", pointer),
        }
    }

    /// Adds a constraint that is not enforced: the types accept more, as `effect` says.
    pub(crate) fn add_widened(&mut self, part: &str, effect: &str, pointer: &str) {
        self.add(part, &format!("is widened: {effect}"), pointer);
    }

    /// Adds a part of the document and how the client deviates from it.
    pub(crate) fn add(&mut self, part: &str, effect: &str, pointer: &str) {
        self.0.entry((part.to_owned(), effect.to_owned())).or_default().insert(pointer.to_owned());
    }
}

impl fmt::Display for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((part, effect), places) in &self.0 {
            let first = places.first().map_or("", String::as_str);
            let others = match places.len() - 1 {
                0 => String::new(),
                others => format!(", and at {others} more"),
            };
            writeln!(f, "`{part}` {effect} (at {first}{others})")?;
        }
        Ok(())
    }
}

/// Returns the keywords that constrain instances of this type, or of any type, and are not enforced.
pub fn unenforced_keywords<'s>(
    schema: &'s Map<String, Value>,
    kind: Option<&'s str>,
    enforced: &'s [&str],
) -> impl Iterator<Item = &'s str> {
    let has_no_effect = move |keyword: &str| {
        keyword == "type" || is_annotation(keyword) || kind.is_some_and(|kind| has_no_effect_on(keyword, kind))
    };
    schema.keys().map(String::as_str).filter(move |keyword| !enforced.contains(keyword) && !has_no_effect(keyword))
}
