//! The keywords of JSON Schema 2020-12 and OpenAPI: the kind of their values, the instances that they constrain, and what lowering keeps.

/// A keyword of a schema.
pub struct Keyword {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub holds: Holds,
    /// The instances that it constrains.
    pub constrains: Constrains,
    /// What generated types accept if lowering does not keep it.
    pub widened: Option<&'static str>,
}

/// The kind of a keyword's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Data, even if it looks like a schema.
    Data,
    /// A schema.
    Schema,
    /// A list of schemas.
    List,
    /// Schemas by names that the author of the document chooses.
    ByName,
    /// Schemas by name that have no effect unless they are referenced.
    Definitions,
}

/// The instances that a keyword constrains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constrains {
    /// None: the keyword is an annotation.
    None,
    /// Instances of this type.
    Type(&'static str),
    /// Instances of every type.
    All,
}

const fn row(name: &'static str, holds: Holds, constrains: Constrains, widened: Option<&'static str>) -> Keyword {
    Keyword { name, holds, constrains, widened }
}

/// An annotation.
const fn annotation(name: &'static str, holds: Holds) -> Keyword {
    row(name, holds, Constrains::None, None)
}

const STRING: Constrains = Constrains::Type("string");
const NUMBER: Constrains = Constrains::Type("number");
const ARRAY: Constrains = Constrains::Type("array");
const OBJECT: Constrains = Constrains::Type("object");

/// All keywords, by name.
///
/// `format` is an annotation (JSON Schema 2020-12, Validation, section 7.2.1); lowering enforces `uri`, `int32` and `int64`.
#[rustfmt::skip]
pub static KEYWORDS: &[Keyword] = &[
    annotation("$anchor", Holds::Data),
    annotation("$comment", Holds::Data),
    annotation("$defs", Holds::Definitions),
    annotation("$dynamicAnchor", Holds::Data),
    row("$dynamicRef", Holds::Data, Constrains::All, Some("any value is accepted")),
    annotation("$id", Holds::Data),
    row("$ref", Holds::Data, Constrains::All, Some("a schema that refers to itself without properties in between accepts any JSON value")),
    annotation("$schema", Holds::Data),
    annotation("$vocabulary", Holds::Data),
    row("additionalProperties", Holds::Schema, OBJECT, Some("beside `patternProperties`, other properties accept any value")),
    row("allOf", Holds::List, Constrains::All, Some("of two members with different values for a keyword, the first one counts")),
    row("anyOf", Holds::List, Constrains::All, Some("without a discriminator, the alternative that keeps most of the value is used, and a response is any JSON value")),
    row("const", Holds::Data, Constrains::All, None),
    row("contains", Holds::Schema, ARRAY, Some("lists of any items are accepted")),
    annotation("contentEncoding", Holds::Data),
    annotation("contentMediaType", Holds::Data),
    annotation("contentSchema", Holds::Schema),
    annotation("default", Holds::Data),
    annotation("definitions", Holds::Definitions),
    row("dependentRequired", Holds::Data, OBJECT, Some("dependent properties may be absent")),
    row("dependentSchemas", Holds::ByName, OBJECT, Some("schemas that depend on a property are not checked")),
    annotation("deprecated", Holds::Data),
    annotation("description", Holds::Data),
    annotation("discriminator", Holds::Data),
    row("else", Holds::Schema, Constrains::All, Some("the condition is not checked")),
    row("enum", Holds::Data, Constrains::All, Some("any other value of the type is accepted")),
    annotation("example", Holds::Data),
    annotation("examples", Holds::Data),
    row("exclusiveMaximum", Holds::Data, NUMBER, Some("numbers have no upper bound")),
    row("exclusiveMinimum", Holds::Data, NUMBER, Some("numbers have no lower bound")),
    annotation("externalDocs", Holds::Data),
    annotation("format", Holds::Data),
    row("if", Holds::Schema, Constrains::All, Some("the condition is not checked")),
    row("items", Holds::Schema, ARRAY, None),
    row("maxContains", Holds::Data, ARRAY, Some("lists of any items are accepted")),
    row("maxItems", Holds::Data, ARRAY, Some("lists of any length are accepted")),
    row("maxLength", Holds::Data, STRING, Some("strings of any length are accepted")),
    row("maxProperties", Holds::Data, OBJECT, Some("objects of any size are accepted")),
    row("maximum", Holds::Data, NUMBER, Some("numbers have no upper bound")),
    row("minContains", Holds::Data, ARRAY, Some("lists of any items are accepted")),
    row("minItems", Holds::Data, ARRAY, Some("lists of any length are accepted")),
    row("minLength", Holds::Data, STRING, Some("strings of any length are accepted")),
    row("minProperties", Holds::Data, OBJECT, Some("objects of any size are accepted")),
    row("minimum", Holds::Data, NUMBER, Some("numbers have no lower bound")),
    row("multipleOf", Holds::Data, NUMBER, Some("any number is accepted")),
    row("not", Holds::Schema, Constrains::All, Some("excluded values are accepted")),
    row("oneOf", Holds::List, Constrains::All, Some("without a discriminator, several alternatives may match: the one that keeps most of the value is used, and a response is any JSON value")),
    row("pattern", Holds::Data, STRING, Some("any string is accepted")),
    row("patternProperties", Holds::ByName, OBJECT, Some("properties with these names accept any value")),
    row("prefixItems", Holds::List, ARRAY, Some("items accept any value")),
    row("properties", Holds::ByName, OBJECT, None),
    row("propertyNames", Holds::Schema, OBJECT, Some("properties with any name are accepted")),
    annotation("readOnly", Holds::Data),
    row("required", Holds::Data, OBJECT, Some("without a type, missing properties are accepted")),
    row("then", Holds::Schema, Constrains::All, Some("the condition is not checked")),
    annotation("title", Holds::Data),
    row("type", Holds::Data, Constrains::All, Some("a response with several types is any JSON value, unless a property is read as a string or list; so is an unknown type")),
    row("unevaluatedItems", Holds::Schema, ARRAY, Some("further items are accepted")),
    row("unevaluatedProperties", Holds::Schema, OBJECT, Some("further properties are accepted if other schemas evaluate them")),
    row("uniqueItems", Holds::Data, ARRAY, Some("items may be repeated")),
    annotation("writeOnly", Holds::Data),
    annotation("xml", Holds::Data),
];

/// Returns the row of a keyword, unless it is unknown.
pub fn keyword(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.binary_search_by(|row| row.name.cmp(name)).ok().map(|index| &KEYWORDS[index])
}

/// Returns the kind of a keyword's value. Values of unknown keywords are data.
pub fn holds(name: &str) -> Holds {
    keyword(name).map_or(Holds::Data, |row| row.holds)
}

/// Returns whether a keyword does not affect validity. An unknown keyword may affect it.
pub fn is_annotation(name: &str) -> bool {
    name.starts_with("x-") || keyword(name).is_some_and(|row| row.constrains == Constrains::None)
}

/// Returns whether a keyword does not affect the validity of instances of a type.
pub fn has_no_effect_on(name: &str, kind: &str) -> bool {
    let kind = if kind == "integer" { "number" } else { kind };
    matches!(keyword(name).map(|row| row.constrains), Some(Constrains::Type(constrained)) if constrained != kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted_by_key(|row| row.name));
    }

    #[test]
    fn the_documentation_has_the_same_table() {
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
        let widened: Vec<_> = KEYWORDS.iter().filter_map(|row| Some((row.name, row.widened?))).collect();
        assert_eq!(rows, widened);
        for row in KEYWORDS.iter().filter(|row| row.constrains == Constrains::None && row.name != "format") {
            assert!(keywords.contains(&format!("`{}`", row.name)), "{}", row.name);
        }
    }
}
