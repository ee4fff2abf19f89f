//! Schemas: JSON Schema 2020-12, or OpenAPI 3.0's, to what progenitor's type generator understands.
//!
//! Each schema that becomes a type of its own carries a place (direction and JSON pointer) in `title` until all of them are
//! known; then each place gets its Rust name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Direction, IntegerRange, NamedType, escape};
use crate::codegen::names;
use crate::codegen::{Error, Result};

/// Deeper nesting than this means that a schema contains itself without an object in between.
const MAX_DEPTH: usize = 64;

/// No type is called so: it is a keyword.
const RESERVED: &str = "Self";

/// Keywords without a say in which instances are valid. A `format` is one of them too (JSON Schema 2020-12, Validation, section
/// 7.2.1), except those that a rule below enforces: `uri`, `int32` and `int64`.
const ANNOTATIONS: [&str; 14] = [
    "title",
    "description",
    "example",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "$comment",
    "xml",
];

/// Keywords that constrain instances of one type, and have no say in those of others.
const CONSTRAINED: [(&str, &[&str]); 4] = [
    ("string", &["minLength", "maxLength", "pattern"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
    ),
];

/// The schemas of a document, lowered as operations reach them.
pub struct Schemas<'a> {
    document: &'a Value,
    components: BTreeMap<String, Component>,
    places: BTreeMap<String, Place>,
    integers: BTreeSet<IntegerRange>,
    depth: usize,
}

/// A component as far as it is known: it may contain itself.
#[derive(Clone)]
enum Component {
    Begun,
    ReferredToFromWithin,
    Done(Lowered),
}

/// The schemas with their Rust names.
pub struct Named {
    /// The document's components.
    pub components: Map<String, Value>,
    /// All types by name.
    pub types: BTreeMap<String, NamedType>,
    /// The names by place.
    pub names: BTreeMap<String, String>,
    /// Ranges of integers.
    pub integers: BTreeSet<IntegerRange>,
}

/// A schema that becomes a type of its own.
struct Place {
    direction: Direction,
    candidates: Vec<String>,
    schema: Value,
    expected: String,
}

/// A lowered schema, the `null` taken out of it.
#[derive(Clone)]
pub struct Lowered {
    /// Without `null`.
    pub schema: Value,
    /// What an instance must be, in the words of an error.
    pub expected: String,
    nullable: bool,
}

/// Where a schema stands.
#[derive(Clone)]
struct Site<'a> {
    pointer: &'a str,
    direction: Direction,
    /// What leads to it, as the words of a name.
    words: &'a [String],
}

impl Direction {
    fn place(self, pointer: &str) -> String {
        match self {
            Self::Request => format!("request {pointer}"),
            Self::Response => format!("response {pointer}"),
        }
    }
}

impl<'a> Schemas<'a> {
    pub fn new(document: &'a Value) -> Self {
        Self { document, components: BTreeMap::new(), places: BTreeMap::new(), integers: BTreeSet::new(), depth: 0 }
    }

    /// Lowers the schema at `pointer`, and all that it refers to.
    pub fn lower(&mut self, schema: &Value, pointer: &str, direction: Direction, words: &[String]) -> Result<Lowered> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(circular(pointer));
        }
        let lowered = self.lower_at(schema, &Site { pointer, direction, words });
        self.depth -= 1;
        lowered
    }

    fn lower_at(&mut self, schema: &Value, site: &Site<'_>) -> Result<Lowered> {
        let members = match schema {
            Value::Bool(true) | Value::Null => &Map::new(),
            Value::Object(members) => members,
            _ => return Err(Error::at(site.pointer, "this is not a schema", "give an object")),
        };
        let (schema, nullable) = without_null(members);
        let lowered = if let Some(reference) = only_reference(&schema, site.direction) {
            self.reference(reference, site)?
        } else if schema.contains_key("allOf") || schema.contains_key("$ref") {
            let merged = self.merge(&schema, site.pointer)?;
            self.lower(&merged.into(), site.pointer, site.direction, site.words)?
        } else {
            self.typed(&schema, site)?
        };
        let nullable = nullable || lowered.nullable;
        Ok(Lowered { schema: described(lowered.schema, &schema), nullable, ..lowered })
    }

    /// A component with a type of its own is referred to; any other is written out.
    fn reference(&mut self, reference: &str, site: &Site<'_>) -> Result<Lowered> {
        let (pointer, target) = target(self.document, site.pointer, reference)?;
        let place = site.direction.place(&pointer);
        let referred_to = json!({ "$ref": place });
        match self.components.get_mut(&place) {
            Some(Component::Done(lowered)) => return Ok(Lowered { schema: referred_to, ..lowered.clone() }),
            Some(begun) => {
                *begun = Component::ReferredToFromWithin;
                let nullable = target.as_object().is_some_and(|members| without_null(members).1);
                return Ok(Lowered { schema: referred_to, expected: "must be an object".to_owned(), nullable });
            }
            None => self.components.insert(place.clone(), Component::Begun),
        };
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let lowered = self.lower(target, &pointer, site.direction, &[name])?;
        if lowered.schema["title"] == place.as_str() {
            self.components.insert(place, Component::Done(lowered.clone()));
            return Ok(Lowered { schema: referred_to, ..lowered });
        }
        match self.components.remove(&place) {
            Some(Component::ReferredToFromWithin) => Err(circular(&pointer)),
            _ => Ok(lowered),
        }
    }

    /// One schema that says what a schema and all that it combines by `allOf` and `$ref` say.
    fn merge(&self, schema: &Map<String, Value>, pointer: &str) -> Result<Map<String, Value>> {
        let mut merged = schema.clone();
        let reference = merged.remove("$ref").map(|reference| json!({ "$ref": reference }));
        let members = merged.remove("allOf");
        let members = members.as_ref().and_then(Value::as_array).into_iter().flatten().chain(&reference);
        for member in members {
            let (pointer, member) = follow(self.document, pointer, member)?;
            for (keyword, value) in member.as_object().into_iter().flatten() {
                combine(&mut merged, keyword, value, &pointer)?;
            }
        }
        Ok(merged)
    }

    fn typed(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Lowered> {
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
                let alternatives = distributed(schema, keyword, alternatives);
                return self.alternatives(schema, &alternatives, &format!("{}/{keyword}", site.pointer), site);
            }
        }
        let lowered = match (types(schema).as_slice(), site.direction) {
            ([], _) => {
                check(schema, None, &[], site)?;
                json!({})
            }
            (["string"], _) => self.string(schema, site)?,
            (["object"], _) => self.object(schema, site)?,
            (["array"], _) => self.array(schema, site)?,
            (["integer"], Direction::Request) => self.integer(schema, site)?,
            ([scalar @ ("boolean" | "number" | "integer")], _) => {
                check(schema, Some(scalar), &[], site)?;
                json!({ "type": scalar })
            }
            ([_], Direction::Request) => return Err(unsupported("type", site.pointer)),
            // A single value where a list is declared too is read as a list of one.
            (several, Direction::Response) if several.contains(&"array") => self.array(schema, site)?,
            // Any scalar can be read as its text.
            (several, Direction::Response) if several.contains(&"string") => json!({ "type": "string" }),
            (_, Direction::Response) => json!({}),
            (several, Direction::Request) => {
                let alternatives: Vec<Value> = several.iter().map(|one| single_type(schema, one)).collect();
                return self.alternatives(schema, &alternatives, &format!("{}/type", site.pointer), site);
            }
        };
        Ok(Lowered { schema: lowered, expected: expected(schema), nullable: false })
    }

    /// One of several schemas: the first that an instance fits. In a response, where all fit somehow, the JSON value.
    fn alternatives(
        &mut self,
        schema: &Map<String, Value>,
        alternatives: &[Value],
        pointer: &str,
        site: &Site<'_>,
    ) -> Result<Lowered> {
        let mut lowered = Vec::new();
        for (index, alternative) in alternatives.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            let words = [site.words, &[format!("Variant{index}")]].concat();
            let mut alternative = self.lower(alternative, &pointer, site.direction, &words)?;
            let place = site.direction.place(&pointer);
            // As a component, an object is generated apart from the alternatives, with a builder.
            if alternative.schema["title"] == place.as_str() && alternative.schema.get("properties").is_some() {
                self.components.insert(place.clone(), Component::Done(alternative.clone()));
                alternative.schema = json!({ "$ref": place });
            }
            lowered.push(alternative);
        }
        let nullable = lowered.iter().any(|alternative| alternative.nullable);
        let lowered = match <[Lowered; 1]>::try_from(lowered) {
            Ok([only]) => return Ok(only),
            Err(several) => several,
        };
        let expected = lowered.iter().map(|alternative| alternative.expected.as_str()).collect::<Vec<_>>();
        let expected = format!("must be {}", expected.join(" or ").replace("must be ", ""));
        let schema = match site.direction {
            Direction::Response => json!({}),
            Direction::Request => {
                let schemas: Vec<Value> = lowered.into_iter().map(|alternative| alternative.schema).collect();
                self.titled(json!({ "oneOf": schemas }), schema, &expected, site)
            }
        };
        Ok(Lowered { schema, expected, nullable })
    }

    fn integer(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        check(schema, Some("integer"), &["minimum", "maximum"], site)?;
        let bound = |keyword: &str| {
            let Some(bound) = schema.get(keyword) else { return Ok(None) };
            let bound = bound.as_i64().map(i128::from).or(bound.as_u64().map(i128::from));
            bound.map(Some).ok_or_else(|| unsupported(keyword, site.pointer))
        };
        let (min, max) = (bound("minimum")?, bound("maximum")?);
        let format = schema.get("format").and_then(Value::as_str).filter(|format| matches!(*format, "int32" | "int64"));
        if (min, max) == (None, None) {
            return Ok(match format {
                Some(format) => json!({ "type": "integer", "format": format }),
                None => json!({ "type": "integer" }),
            });
        }
        let (least, greatest) = match format {
            Some("int32") => (i128::from(i32::MIN), i128::from(i32::MAX)),
            Some("int64") => (i128::from(i64::MIN), i128::from(i64::MAX)),
            _ => (i128::from(i64::MIN), i128::from(u64::MAX)),
        };
        let range = IntegerRange { min: min.unwrap_or(least), max: max.unwrap_or(greatest) };
        if range.min > range.max {
            return Err(empty(site.pointer));
        }
        self.integers.insert(range);
        Ok(json!({ "type": "integer", "format": range.format() }))
    }

    fn string(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        let mut lowered = json!({ "type": "string" });
        let values = enumerated(schema);
        if !values.is_empty() {
            check(schema, Some("string"), &["enum", "const", "minLength", "maxLength"], site)?;
            lowered["enum"] = names::variant_names(&values).into();
            return Ok(self.titled(lowered, schema, &expected(schema), site));
        }
        if site.direction == Direction::Response {
            return Ok(lowered);
        }
        check(schema, Some("string"), &["minLength", "maxLength"], site)?;
        let (min, max) = (length(schema, "minLength", site)?, length(schema, "maxLength", site)?);
        if min > max.or(min) {
            return Err(empty(site.pointer));
        }
        if schema.get("format").is_some_and(|format| format == "uri") {
            // No URI is empty: `minLength: 1` says nothing more.
            let kept = [("minLength", min.filter(|min| *min > 1)), ("maxLength", max)];
            if let Some((keyword, _)) = kept.into_iter().find(|(_, bound)| bound.is_some()) {
                return Err(unsupported(keyword, site.pointer));
            }
            lowered["format"] = "uri".into();
            return Ok(lowered);
        }
        if (min, max) == (None, None) {
            return Ok(lowered);
        }
        for (keyword, bound) in [("minLength", min), ("maxLength", max)] {
            if let Some(bound) = bound {
                lowered[keyword] = bound.into();
            }
        }
        Ok(self.titled(lowered, schema, &expected(schema), site))
    }

    fn array(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        check(schema, Some("array"), &["items"], site)?;
        let pointer = format!("{}/items", site.pointer);
        let words = [site.words, &["Item".to_owned()]].concat();
        let items = self.lower(schema.get("items").unwrap_or(&Value::Bool(true)), &pointer, site.direction, &words)?;
        Ok(json!({ "type": "array", "items": items.or_null() }))
    }

    fn object(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        check(schema, Some("object"), &["properties", "required", "additionalProperties"], site)?;
        let required: Vec<&str> = match site.direction {
            Direction::Request => schema
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect(),
            Direction::Response => Vec::new(),
        };
        let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        let mut properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for name in &required {
            if closed && !properties.contains_key(*name) {
                return Err(empty(site.pointer));
            }
            // What is only required to be there may be anything.
            properties.entry(*name).or_insert(Value::Bool(true));
        }
        let additional = schema.get("additionalProperties").filter(|additional| additional.is_object());
        if properties.is_empty() && !(closed && site.direction == Direction::Request) {
            return self.map(additional, site);
        }
        if additional.is_some() && site.direction == Direction::Request {
            let problem = "named and additional properties stand in one object";
            let remedy = "set `additionalProperties` to true or false in a correction";
            return Err(Error::at(site.pointer, problem, remedy));
        }
        let mut lowered = Map::new();
        for (name, property) in &properties {
            let pointer = format!("{}/properties/{}", site.pointer, escape(name));
            let words = [site.words, std::slice::from_ref(name)].concat();
            let property = self.lower(property, &pointer, site.direction, &words)?;
            let is_required = required.contains(&name.as_str());
            lowered.insert(name.clone(), property.into_property(is_required, site.direction));
        }
        let mut object = json!({ "type": "object", "properties": lowered, "required": required });
        if closed && site.direction == Direction::Request {
            object["additionalProperties"] = false.into();
        }
        Ok(self.titled(object, schema, "must be an object", site))
    }

    /// An object of any names.
    fn map(&mut self, values: Option<&Value>, site: &Site<'_>) -> Result<Value> {
        let Some(values) = values else { return Ok(json!({ "type": "object" })) };
        let pointer = format!("{}/additionalProperties", site.pointer);
        let words = [site.words, &["Value".to_owned()]].concat();
        let values = self.lower(values, &pointer, site.direction, &words)?;
        Ok(json!({ "type": "object", "additionalProperties": values.or_null() }))
    }

    /// Marks a schema as one with a type of its own.
    fn titled(&mut self, mut lowered: Value, schema: &Map<String, Value>, expected: &str, site: &Site<'_>) -> Value {
        let place = site.direction.place(site.pointer);
        lowered["title"] = place.clone().into();
        let qualified = names::type_name(site.words);
        // A component is named by its key; an inline schema by its title, where it has one.
        let title = schema.get("title").and_then(Value::as_str).filter(|_| site.words.len() > 1);
        let mut candidates: Vec<String> = title.map(|title| names::type_name(&[title])).into_iter().collect();
        candidates.push(qualified.clone());
        if site.direction == Direction::Response {
            candidates.push(names::type_name(&[qualified.as_str(), "Response"]));
        }
        let schema = schema.clone().into();
        let expected = expected.to_owned();
        self.places.insert(place, Place { direction: site.direction, candidates, schema, expected });
        lowered
    }

    /// Gives every place its Rust name.
    pub fn named(self, paths: &mut Map<String, Value>, recorded: &BTreeMap<String, String>) -> Result<Named> {
        let wanted = self.places.iter().map(|(place, it)| (place.clone(), it.candidates.clone())).collect();
        let names = names::assign(&wanted, recorded, &BTreeSet::from([RESERVED]));
        paths.values_mut().for_each(|path| rename(path, &names));
        let mut components = Map::new();
        for (place, component) in &self.components {
            if let Component::Done(Lowered { schema, .. }) = component {
                let mut schema = schema.clone();
                rename(&mut schema, &names);
                components.insert(names[place].clone(), schema);
            }
        }
        let mut types = BTreeMap::new();
        for (place, Place { direction, schema, expected, .. }) in &self.places {
            let values = schema.as_object().map(enumerated).unwrap_or_default();
            let schema = match direction {
                Direction::Request => self.with_rust_names(schema, &names, 0)?,
                Direction::Response => Value::Null,
            };
            types.insert(
                names[place].clone(),
                NamedType { direction: *direction, schema, expected: expected.clone(), values },
            );
        }
        Ok(Named { components, types, names, integers: self.integers })
    }

    /// A schema of a request whose references are Rust names, or what they refer to where that has none.
    fn with_rust_names(&self, schema: &Value, names: &BTreeMap<String, String>, depth: usize) -> Result<Value> {
        let deeper = |value: &Value| self.with_rust_names(value, names, depth + 1);
        match schema {
            Value::Array(values) => values.iter().map(deeper).collect(),
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref")
                    && depth < MAX_DEPTH
                {
                    let (pointer, target) = target(self.document, reference, reference)?;
                    return match names.get(&Direction::Request.place(&pointer)) {
                        Some(name) => Ok(json!({ "$ref": name })),
                        None => deeper(target),
                    };
                }
                let members = members.iter().map(|(key, value)| {
                    // What stands in these is data, even if it looks like a schema.
                    let is_data = matches!(key.as_str(), "example" | "examples" | "default" | "enum" | "const");
                    Ok((key.clone(), if is_data { value.clone() } else { deeper(value)? }))
                });
                members.collect::<Result<Map<_, _>>>().map(Value::Object)
            }
            scalar => Ok(scalar.clone()),
        }
    }
}

impl Lowered {
    /// A value that may be `null`, as an `Option` of its own: apart from the `Option` of a property that may be absent.
    fn or_null(self) -> Value {
        if !self.nullable {
            return self.schema;
        }
        json!({ "x-rust-type": {
            "crate": "std",
            "version": "*",
            "path": "std::option::Option",
            "parameters": [self.schema],
        }})
    }

    /// A property that is absent stays apart from one that is `null` and from one that is empty.
    fn into_property(mut self, required: bool, direction: Direction) -> Value {
        if direction == Direction::Response {
            self.nullable = false;
        }
        let description = self.schema.get("description").cloned();
        let empty_is_absent =
            matches!(self.schema["type"].as_str(), Some("array" | "object")) && self.schema.get("properties").is_none();
        if !required && !self.nullable && empty_is_absent {
            self.schema["nullable"] = true.into();
        }
        let mut property = self.or_null();
        if let Some(description) = description {
            property["description"] = description;
        }
        property
    }
}

/// What an instance of a schema must be, in the words of an error.
fn expected(schema: &Map<String, Value>) -> String {
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_number);
    let values = enumerated(schema);
    if !values.is_empty() {
        return format!("must be one of {}", values.join(", "));
    }
    let is_uri = schema.get("format").is_some_and(|format| format == "uri");
    match types(schema).as_slice() {
        ["string"] if is_uri => "must be an absolute URI".to_owned(),
        ["string"] => match (number("minLength"), number("maxLength")) {
            (Some(min), Some(max)) => format!("must be a string of {min} to {max} characters"),
            (Some(min), None) => format!("must be a string of at least {min} characters"),
            (None, Some(max)) => format!("must be a string of at most {max} characters"),
            (None, None) => "must be a string".to_owned(),
        },
        [kind @ ("integer" | "number")] => {
            let kind = if *kind == "integer" { "an integer" } else { "a number" };
            match (number("minimum"), number("maximum")) {
                (Some(min), Some(max)) => format!("must be {kind} from {min} to {max}"),
                (Some(min), None) => format!("must be {kind} of at least {min}"),
                (None, Some(max)) => format!("must be {kind} of at most {max}"),
                (None, None) => format!("must be {kind}"),
            }
        }
        ["object"] => "must be an object".to_owned(),
        ["array"] => "must be an array".to_owned(),
        ["boolean"] => "must be true or false".to_owned(),
        _ => "must be a JSON value".to_owned(),
    }
}

/// Follows references within the document to what they stand for; returns it with its pointer.
pub fn follow<'v>(document: &'v Value, pointer: &str, value: &'v Value) -> Result<(String, &'v Value)> {
    let (mut pointer, mut value) = (pointer.to_owned(), value);
    for _ in 0..MAX_DEPTH {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => (pointer, value) = target(document, &pointer, reference)?,
            None => return Ok((pointer, value)),
        }
    }
    Err(Error::at(pointer, "a `$ref` leads back to itself", "break the circle"))
}

/// What a reference at `pointer` refers to, with its own pointer.
fn target<'v>(document: &'v Value, pointer: &str, reference: &str) -> Result<(String, &'v Value)> {
    let target = reference.strip_prefix('#').and_then(|target| Some((target.to_owned(), document.pointer(target)?)));
    target.ok_or_else(|| {
        let problem = format!("`$ref: {reference}` leads nowhere in this document");
        Error::at(pointer, problem, "correct the reference, or bring what it refers to into the document")
    })
}

fn circular(pointer: &str) -> Error {
    let problem = "the schema contains itself without an object in between";
    Error::at(pointer, problem, "break the circle with an object that has properties")
}

/// Refuses what the type at hand would not keep: in a request, no constraint is dropped unseen. A response is read tolerantly,
/// whatever else it is constrained by.
fn check(schema: &Map<String, Value>, kind: Option<&str>, kept: &[&str], site: &Site<'_>) -> Result<()> {
    if site.direction == Direction::Response {
        return Ok(());
    }
    let is_passed_over = |keyword: &str| {
        matches!(keyword, "type" | "format" | "discriminator")
            || ANNOTATIONS.contains(&keyword)
            || keyword.starts_with("x-")
            || kind.is_some_and(|kind| constrains_others(keyword, kind))
    };
    match schema.keys().find(|keyword| !kept.contains(&keyword.as_str()) && !is_passed_over(keyword)) {
        Some(keyword) => Err(unsupported(keyword, site.pointer)),
        None => Ok(()),
    }
}

fn constrains_others(keyword: &str, kind: &str) -> bool {
    let kind = if kind == "integer" { "number" } else { kind };
    CONSTRAINED.iter().any(|(constrained, keywords)| *constrained != kind && keywords.contains(&keyword))
}

fn empty(pointer: &str) -> Error {
    Error::at(pointer, "nothing can be as this asks", "mend what contradicts itself with an entry in the corrections")
}

fn length(schema: &Map<String, Value>, keyword: &str, site: &Site<'_>) -> Result<Option<u64>> {
    let Some(length) = schema.get(keyword) else { return Ok(None) };
    length.as_u64().map(Some).ok_or_else(|| unsupported(keyword, site.pointer))
}

fn unsupported(keyword: &str, pointer: &str) -> Error {
    Error::at(
        pointer,
        format!("the keyword `{keyword}` is not supported here"),
        "teach the lowering step this keyword, or remove it with an entry in the corrections",
    )
}

/// The schema without `null`, in whichever spelling, and whether `null` was there.
fn without_null(schema: &Map<String, Value>) -> (Map<String, Value>, bool) {
    let mut schema = schema.clone();
    let mut nullable = schema.remove("nullable") == Some(Value::Bool(true));
    let is_null = |value: &Value| value == "null";
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        let before = types.len();
        types.retain(|one| !is_null(one));
        nullable |= types.len() < before;
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        let before = values.len();
        values.retain(|value| !value.is_null());
        // In OpenAPI 3.0 and 3.1 alike, `null` must be in `type` as well where there is a type.
        nullable |= values.len() < before && !schema.contains_key("type");
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(Value::Array(alternatives)) = schema.get_mut(keyword) {
            let before = alternatives.len();
            alternatives.retain(|one| !one.get("type").is_some_and(is_null));
            nullable |= alternatives.len() < before;
        }
    }
    (schema, nullable)
}

/// The `$ref` of a schema that says nothing else about its instances, directly or as the only member of `allOf`.
fn only_reference(schema: &Map<String, Value>, direction: Direction) -> Option<&str> {
    let ignored = |key: &str| {
        ANNOTATIONS.contains(&key)
            || key.starts_with("x-")
            || (direction == Direction::Response && matches!(key, "required" | "type"))
    };
    let mut keys = schema.iter().filter(|(key, _)| !ignored(key));
    match (keys.next(), keys.next()) {
        (Some((key, Value::String(reference))), None) if key == "$ref" => Some(reference),
        (Some((key, Value::Array(members))), None) if key == "allOf" => match members.as_slice() {
            [Value::Object(only)] => only_reference(only, direction),
            _ => None,
        },
        _ => None,
    }
}

/// Adds what one keyword of a combined schema says.
fn combine(merged: &mut Map<String, Value>, keyword: &str, value: &Value, pointer: &str) -> Result<()> {
    match (merged.get_mut(keyword), value) {
        (None, _) => {
            merged.insert(keyword.to_owned(), value.clone());
        }
        (Some(present), _) if present == value || ANNOTATIONS.contains(&keyword) => {}
        (Some(Value::Array(present)), Value::Array(more)) if matches!(keyword, "required" | "allOf") => {
            let more: Vec<Value> = more.iter().filter(|name| !present.contains(name)).cloned().collect();
            present.extend(more);
        }
        (Some(Value::Object(present)), Value::Object(more)) if keyword == "properties" => {
            for (name, property) in more {
                let both = match present.get(name) {
                    Some(other) if other != property => json!({ "allOf": [other, property] }),
                    _ => property.clone(),
                };
                present.insert(name.clone(), both);
            }
        }
        (Some(_), _) => {
            let problem = format!("`allOf` combines schemas that say different things with `{keyword}`");
            return Err(Error::at(pointer, problem, "write the combination out with an entry in the corrections"));
        }
    }
    Ok(())
}

/// The types that a schema names, or that its other keywords imply.
fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(only)) => vec![only],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema.contains_key("properties") => vec!["object"],
        _ if schema.contains_key("items") => vec!["array"],
        _ if !enumerated(schema).is_empty() => vec!["string"],
        _ => Vec::new(),
    }
}

/// Alternatives that hold what stands beside them.
fn distributed(schema: &Map<String, Value>, keyword: &str, alternatives: &[Value]) -> Vec<Value> {
    let is_beside =
        |key: &str| key != keyword && key != "discriminator" && !ANNOTATIONS.contains(&key) && !key.starts_with("x-");
    let beside = schema.iter().filter(|(key, _)| is_beside(key)).map(|(key, value)| (key.clone(), value.clone()));
    let beside: Map<String, Value> = beside.collect();
    if beside.is_empty() {
        return alternatives.to_vec();
    }
    alternatives.iter().map(|alternative| json!({ "allOf": [alternative, beside] })).collect()
}

/// A schema of one of its types.
fn single_type(schema: &Map<String, Value>, only: &str) -> Value {
    let mut schema = schema.clone();
    schema.remove("title");
    schema.insert("type".to_owned(), only.into());
    schema.into()
}

/// The values of an enumeration of strings, each once, those left out that its other keywords rule out.
fn enumerated(schema: &Map<String, Value>) -> Vec<String> {
    let listed = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => values.as_slice(),
        (_, Some(value)) => std::slice::from_ref(value),
        _ => return Vec::new(),
    };
    let Some(texts) = listed.iter().map(Value::as_str).collect::<Option<Vec<&str>>>() else { return Vec::new() };
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    let lengths = bound("minLength").unwrap_or(0)..=bound("maxLength").unwrap_or(u64::MAX);
    let mut values: Vec<String> = Vec::new();
    for text in texts {
        let fits =
            lengths.contains(&(text.chars().count() as u64)) && schema.get("const").is_none_or(|only| only == text);
        if fits && !values.iter().any(|value| value == text) {
            values.push(text.to_owned());
        }
    }
    values
}

/// The lowered schema with the description of the original. A reference has no room for one: it goes into `allOf`.
fn described(lowered: Value, schema: &Map<String, Value>) -> Value {
    let Some(description) = schema.get("description") else { return lowered };
    let mut lowered = if lowered.get("$ref").is_some() { json!({ "allOf": [lowered] }) } else { lowered };
    lowered["description"] = description.clone();
    lowered
}

/// Puts Rust names in place of places.
fn rename(schema: &mut Value, names: &BTreeMap<String, String>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value.as_str().and_then(|place| names.get(place))) {
                    ("title", Some(name)) => *value = name.as_str().into(),
                    ("$ref", Some(name)) => *value = format!("#/components/schemas/{name}").into(),
                    _ => rename(value, names),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}
