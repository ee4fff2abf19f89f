//! What becomes of each keyword of a schema: it is kept in the types, it has no say in which instances are valid, or it is widened:
//! more is accepted than the document says. What is accepted less is told, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

/// Keywords without a say in which instances are valid. A `format` is one of them too (JSON Schema 2020-12, Validation, section
/// 7.2.1), except those that the lowering of strings and integers enforces: `uri`, `int32` and `int64`.
const ANNOTATIONS: [&str; 21] = [
    "$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$schema", "$vocabulary", "contentEncoding",
    "contentMediaType", "contentSchema", "default", "definitions", "deprecated", "description", "example", "examples",
    "externalDocs", "readOnly", "title", "writeOnly", "xml",
];

/// Keywords that constrain instances of one type, and have no say in those of others.
const CONSTRAINED: [(&str, &[&str]); 4] = [
    ("string", &["minLength", "maxLength", "pattern"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (
        "array",
        &[
            "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
            "unevaluatedItems",
        ],
    ),
    (
        "object",
        &[
            "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties",
            "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
        ],
    ),
];

/// What is accepted where a keyword is not kept.
const WIDENED: [(&str, &str); 37] = [
    ("$dynamicRef", "any value is accepted"),
    ("$ref", "what contains itself without an object with properties in between is any JSON value"),
    ("additionalProperties", "beside named properties, others are accepted and passed over"),
    ("allOf", "of two that say different things with this keyword, the first counts"),
    ("anyOf", "the first that fits is taken; a response is any JSON value"),
    ("const", "any value of the type is accepted, unless it is a string"),
    ("contains", "lists of any items are accepted"),
    ("dependentRequired", "what depends on another property may be absent"),
    ("dependentSchemas", "what depends on another property is not checked"),
    ("else", "the condition is not checked"),
    ("enum", "any value of the type is accepted, unless all values are strings"),
    ("exclusiveMaximum", "numbers that are no integers have no greatest value"),
    ("exclusiveMinimum", "numbers that are no integers have no least value"),
    ("if", "the condition is not checked"),
    ("maxContains", "lists of any items are accepted"),
    ("maxItems", "lists of any length are accepted"),
    ("maxLength", "URIs of any length are accepted"),
    ("maxProperties", "objects of any size are accepted"),
    ("maximum", "numbers that are no integers have no greatest value"),
    ("minContains", "lists of any items are accepted"),
    ("minItems", "lists of any length are accepted"),
    ("minLength", "URIs of any length are accepted"),
    ("minProperties", "objects of any size are accepted"),
    ("minimum", "numbers that are no integers have no least value"),
    ("multipleOf", "any number is accepted"),
    ("not", "what it excludes is accepted"),
    ("oneOf", "more than one may fit, and the first that fits is taken; a response is any JSON value"),
    ("pattern", "any string is accepted"),
    ("patternProperties", "properties of these names may be anything"),
    ("prefixItems", "items may be anything"),
    ("propertyNames", "properties of any name are accepted"),
    ("required", "without a type, what is not there is accepted"),
    ("then", "the condition is not checked"),
    (
        "type",
        "of several, a response is any JSON value, unless a property is read as text or a list; so is an unknown type",
    ),
    ("unevaluatedItems", "further items are accepted"),
    ("unevaluatedProperties", "further properties are accepted where other schemas have a say in them"),
    ("uniqueItems", "items may be repeated"),
];

/// Returns whether the value of a keyword is data, even if it has the form of a schema.
pub fn holds_data(keyword: &str) -> bool {
    matches!(keyword, "const" | "default" | "enum" | "example" | "examples") || keyword.starts_with("x-")
}

/// Returns whether the keys in the value of a keyword are names that the author of the document chooses.
pub(crate) fn holds_names(keyword: &str) -> bool {
    matches!(keyword, "$defs" | "dependentSchemas" | "patternProperties" | "properties")
}

/// The parts of a document that generated types do not enforce, with their locations.
///
/// `Display` writes one line for each keyword and its effect, with the first location and the number of others. See
/// [`Prepared::widened`](crate::Prepared::widened).
#[derive(Debug, Default)]
pub struct Widened(BTreeMap<(String, String), BTreeSet<String>>);

impl Widened {
    /// Adds a keyword that is not enforced.
    pub(crate) fn keyword(&mut self, keyword: &str, pointer: &str) {
        let known = WIDENED.iter().find(|(known, _)| *known == keyword);
        self.note(
            keyword,
            known.map_or("is no keyword of JSON Schema 2020-12, and passed over", |(_, became)| became),
            pointer,
        );
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

/// Whether a keyword has no say in which instances are valid.
pub fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword == "discriminator" || keyword.starts_with("x-")
}

/// The keywords of a schema of this type, or of none, that say something about its instances which is not kept.
pub fn not_kept<'s>(
    schema: &'s Map<String, Value>,
    kind: Option<&'s str>,
    kept: &'s [&str],
) -> impl Iterator<Item = &'s str> {
    let says_nothing = move |keyword: &str| {
        matches!(keyword, "type" | "format")
            || is_annotation(keyword)
            || kind.is_some_and(|kind| constrains_others(keyword, kind))
    };
    schema.keys().map(String::as_str).filter(move |keyword| !kept.contains(keyword) && !says_nothing(keyword))
}

fn constrains_others(keyword: &str, kind: &str) -> bool {
    let kind = if kind == "integer" { "number" } else { kind };
    CONSTRAINED.iter().any(|(constrained, keywords)| *constrained != kind && keywords.contains(&keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_say_what_the_table_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lowering.md");
        let docs = std::fs::read_to_string(path).unwrap_or_default();
        let keywords = docs.split("## Formats").next().unwrap_or_default();
        let rows = keywords.lines().filter(|line| line.starts_with("| `"));
        let rows: Vec<(&str, &str)> = rows
            .filter_map(|row| {
                let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
                Some((cells.first()?.trim_matches('`'), *cells.last()?))
            })
            .collect();
        assert_eq!(rows, WIDENED);
        for keyword in ANNOTATIONS {
            assert!(keywords.contains(&format!("`{keyword}`, ")), "{keyword}");
        }
    }
}
