//! The parts of a document that generated types do not enforce.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::normalize::{self, has_no_say, is_annotation};

/// The parts of a document that generated types do not enforce, with their locations.
///
/// `Display` writes one line for each keyword and its effect, with the first location and the number of others. See
/// [`Prepared::widened`](crate::Prepared::widened).
#[derive(Debug, Default)]
pub struct Widened(BTreeMap<(String, String), BTreeSet<String>>);

impl Widened {
    /// Adds a keyword that is not enforced.
    pub(crate) fn keyword(&mut self, keyword: &str, pointer: &str) {
        let known = normalize::keyword(keyword).and_then(|row| row.widened);
        self.note(keyword, known.unwrap_or("is no keyword of JSON Schema 2020-12, and passed over"), pointer);
    }

    /// Adds something other than a keyword of a schema.
    pub(crate) fn note(&mut self, what: &str, became: &str, pointer: &str) {
        self.tell(what, &format!("is widened: {became}"), pointer);
    }

    /// Adds a part of the document and what became of it.
    pub(crate) fn tell(&mut self, what: &str, became: &str, pointer: &str) {
        self.0.entry((what.to_owned(), became.to_owned())).or_default().insert(pointer.to_owned());
    }
}

impl fmt::Display for Widened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((what, became), places) in &self.0 {
            let first = places.first().map_or("", String::as_str);
            let others = match places.len() - 1 {
                0 => String::new(),
                others => format!(", and at {others} more"),
            };
            writeln!(f, "`{what}` {became} (at {first}{others})")?;
        }
        Ok(())
    }
}

/// Returns the keywords of a schema of this type, or of none, that constrain its instances and are not kept.
pub fn not_kept<'s>(
    schema: &'s Map<String, Value>,
    kind: Option<&'s str>,
    kept: &'s [&str],
) -> impl Iterator<Item = &'s str> {
    let says_nothing = move |keyword: &str| {
        keyword == "type" || is_annotation(keyword) || kind.is_some_and(|kind| has_no_say(keyword, kind))
    };
    schema.keys().map(String::as_str).filter(move |keyword| !kept.contains(keyword) && !says_nothing(keyword))
}
