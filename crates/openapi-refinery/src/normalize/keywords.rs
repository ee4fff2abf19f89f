//! The keywords of JSON Schema 2020-12 and OpenAPI: the kind of their values, the instances that they constrain, and what lowering keeps.

/// A keyword of a schema.
pub struct Keyword {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub value_kind: ValueKind,
    /// The instances that it constrains.
    pub constrains: Constrains,
    /// The effect on generated types if lowering does not keep it.
    pub widened: Option<&'static str>,
}

/// The kind of a keyword's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
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

const fn row(
    name: &'static str,
    value_kind: ValueKind,
    constrains: Constrains,
    widened: Option<&'static str>,
) -> Keyword {
    Keyword { name, value_kind, constrains, widened }
}

/// An annotation.
const fn annotation(name: &'static str, value_kind: ValueKind) -> Keyword {
    row(name, value_kind, Constrains::None, None)
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
    annotation("$anchor", ValueKind::Data),
    annotation("$comment", ValueKind::Data),
    annotation("$defs", ValueKind::Definitions),
    annotation("$dynamicAnchor", ValueKind::Data),
    row("$dynamicRef", ValueKind::Data, Constrains::All, Some("any value is accepted")),
    annotation("$id", ValueKind::Data),
    row("$ref", ValueKind::Data, Constrains::All, Some("a list or map that contains itself, without an object with properties or a union in between, accepts any JSON value")),
    annotation("$schema", ValueKind::Data),
    annotation("$vocabulary", ValueKind::Data),
    row("additionalProperties", ValueKind::Schema, OBJECT, Some("beside `patternProperties`, other properties accept any value")),
    row("allOf", ValueKind::List, Constrains::All, Some("if two members have different values for a keyword, the first is used")),
    row("anyOf", ValueKind::List, Constrains::All, Some("without a discriminator, a request uses the alternative that preserves the largest part of the value, and a response is any JSON value")),
    row("const", ValueKind::Data, Constrains::All, None),
    row("contains", ValueKind::Schema, ARRAY, Some("lists of any items are accepted")),
    annotation("contentEncoding", ValueKind::Data),
    annotation("contentMediaType", ValueKind::Data),
    annotation("contentSchema", ValueKind::Schema),
    annotation("default", ValueKind::Data),
    annotation("definitions", ValueKind::Definitions),
    row("dependentRequired", ValueKind::Data, OBJECT, Some("dependent properties may be absent")),
    row("dependentSchemas", ValueKind::ByName, OBJECT, Some("schemas that depend on a property are not checked; beside `properties`, properties that only they describe are not sent or read")),
    annotation("deprecated", ValueKind::Data),
    annotation("description", ValueKind::Data),
    annotation("discriminator", ValueKind::Data),
    row("else", ValueKind::Schema, Constrains::All, Some("the condition is not checked; beside `properties`, properties that only it describes are not sent or read")),
    row("enum", ValueKind::Data, Constrains::All, Some("any other value of the type is accepted")),
    annotation("example", ValueKind::Data),
    annotation("examples", ValueKind::Data),
    row("exclusiveMaximum", ValueKind::Data, NUMBER, Some("numbers have no upper bound")),
    row("exclusiveMinimum", ValueKind::Data, NUMBER, Some("numbers have no lower bound")),
    annotation("externalDocs", ValueKind::Data),
    annotation("format", ValueKind::Data),
    row("if", ValueKind::Schema, Constrains::All, Some("the condition is not checked")),
    row("items", ValueKind::Schema, ARRAY, None),
    row("maxContains", ValueKind::Data, ARRAY, Some("lists of any items are accepted")),
    row("maxItems", ValueKind::Data, ARRAY, Some("lists of any length are accepted")),
    row("maxLength", ValueKind::Data, STRING, Some("strings of any length are accepted")),
    row("maxProperties", ValueKind::Data, OBJECT, Some("objects of any size are accepted")),
    row("maximum", ValueKind::Data, NUMBER, Some("numbers have no upper bound")),
    row("minContains", ValueKind::Data, ARRAY, Some("lists of any items are accepted")),
    row("minItems", ValueKind::Data, ARRAY, Some("lists of any length are accepted")),
    row("minLength", ValueKind::Data, STRING, Some("strings of any length are accepted")),
    row("minProperties", ValueKind::Data, OBJECT, Some("objects of any size are accepted")),
    row("minimum", ValueKind::Data, NUMBER, Some("numbers have no lower bound")),
    row("multipleOf", ValueKind::Data, NUMBER, Some("any number is accepted")),
    row("not", ValueKind::Schema, Constrains::All, Some("excluded values are accepted")),
    row("oneOf", ValueKind::List, Constrains::All, Some("without a discriminator, several alternatives may match: a request uses the one that preserves the largest part of the value, and a response is any JSON value")),
    row("pattern", ValueKind::Data, STRING, Some("any string is accepted")),
    row("patternProperties", ValueKind::ByName, OBJECT, Some("values of these members are not checked; beside `properties`, these members are not sent or read")),
    row("prefixItems", ValueKind::List, ARRAY, Some("items accept any value")),
    row("properties", ValueKind::ByName, OBJECT, None),
    row("propertyNames", ValueKind::Schema, OBJECT, Some("properties with any name are accepted")),
    annotation("readOnly", ValueKind::Data),
    row("required", ValueKind::Data, OBJECT, Some("in a schema with neither `type` nor `properties`, missing properties are accepted")),
    row("then", ValueKind::Schema, Constrains::All, Some("the condition is not checked; beside `properties`, properties that only it describes are not sent or read")),
    annotation("title", ValueKind::Data),
    row("type", ValueKind::Data, Constrains::All, Some("in a response, a value of several types is any JSON value, except that a property is a string if all its types are scalars and one is `string`, and a list if the types are `array` and `object`")),
    row("unevaluatedItems", ValueKind::Schema, ARRAY, Some("further items are accepted")),
    row("unevaluatedProperties", ValueKind::Schema, OBJECT, Some("values of further members are not checked; beside `properties`, these members are not sent or read")),
    row("uniqueItems", ValueKind::Data, ARRAY, Some("items may be repeated")),
    annotation("writeOnly", ValueKind::Data),
    annotation("xml", ValueKind::Data),
];

/// Returns the row of a keyword, unless it is unknown.
pub fn keyword(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.binary_search_by(|row| row.name.cmp(name)).ok().map(|index| &KEYWORDS[index])
}

/// Returns the kind of a keyword's value. Values of unknown keywords are data.
pub fn value_kind(name: &str) -> ValueKind {
    keyword(name).map_or(ValueKind::Data, |row| row.value_kind)
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
