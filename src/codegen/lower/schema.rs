//! Schemas: JSON Schema 2020-12, or OpenAPI 3.0's, to what progenitor's type generator understands.
//!
//! Each schema that becomes a type of its own carries a place (direction and JSON pointer) in `title` until all of them are
//! known; then each place gets its Rust name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::combine::{Combined, combined};
use super::keywords::{self, Widened, is_annotation};
use super::{Direction, IntegerRange, NamedType, escape};
use crate::codegen::names::{self, Names};
use crate::codegen::{Error, Result};

/// Schemas that are nested deeper are any JSON value.
const MAX_DEPTH: usize = 64;

/// A document that takes more than this many schemas to write out is refused: each reference may double them.
const MAX_SCHEMAS: usize = 1_000_000;

/// The least and the greatest integer that JSON readers have.
const LEAST: i128 = i64::MIN as i128;
const GREATEST: i128 = u64::MAX as i128;

const INTEGER_BOUNDS: [&str; 4] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// No type is called so: it is a keyword, or what generated code calls so is something else.
const RESERVED: [&str; 6] = ["Self", "Default", "Err", "Ok", "String", "Uri"];

/// The schemas of a document, lowered as operations reach them.
pub struct Schemas<'a> {
    document: &'a Value,
    components: BTreeMap<String, Component>,
    places: BTreeMap<String, Place>,
    integers: BTreeSet<IntegerRange>,
    /// What is not kept.
    pub widened: Widened,
    /// The components that contain themselves without an object in between: they have no type.
    pub untyped: BTreeSet<String>,
    /// The targets of references that are being written out.
    written_out: Vec<String>,
    depth: usize,
    schemas: usize,
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
    /// The names of variants by place.
    pub variants: BTreeMap<String, String>,
    /// Ranges of integers.
    pub integers: BTreeSet<IntegerRange>,
    /// What is not kept.
    pub widened: Widened,
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
    /// Whether it refers to what it is itself a part of.
    is_circular: bool,
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
    /// `untyped` are components known to have no type.
    pub fn new(document: &'a Value, untyped: BTreeSet<String>) -> Self {
        Self {
            document,
            components: BTreeMap::new(),
            places: BTreeMap::new(),
            integers: BTreeSet::new(),
            widened: Widened::default(),
            untyped,
            written_out: Vec::new(),
            depth: 0,
            schemas: 0,
        }
    }

    /// Lowers the schema at `pointer`, and all that it refers to.
    pub fn lower(&mut self, schema: &Value, pointer: &str, direction: Direction, words: &[String]) -> Result<Lowered> {
        self.schemas += 1;
        if self.schemas > MAX_SCHEMAS {
            let problem = "references lead to more schemas than can be written out";
            return Err(Error::at(pointer, problem, "give objects that are repeated a component of their own"));
        }
        if self.depth == MAX_DEPTH {
            return Ok(self.any("$ref", pointer));
        }
        self.depth += 1;
        let lowered = self.lower_at(schema, &Site { pointer, direction, words });
        self.depth -= 1;
        lowered
    }

    /// Lowers a schema within another. As a component, an object is generated apart from what is around it, with a builder.
    pub fn lower_within(
        &mut self,
        schema: &Value,
        pointer: &str,
        direction: Direction,
        words: &[String],
    ) -> Result<Lowered> {
        let mut lowered = self.lower(schema, pointer, direction, words)?;
        let place = direction.place(pointer);
        if lowered.schema["title"] == place.as_str() {
            self.components.insert(place.clone(), Component::Done(lowered.clone()));
            let original = lowered.schema;
            lowered.schema = json!({ "$ref": place });
            if let Some(members) = original.as_object() {
                lowered.schema = described(lowered.schema, members);
            }
        }
        Ok(lowered)
    }

    fn lower_at(&mut self, schema: &Value, site: &Site<'_>) -> Result<Lowered> {
        let members = match schema {
            Value::Bool(true) | Value::Null => &Map::new(),
            Value::Bool(false) => return Ok(self.any("not", site.pointer)),
            Value::Object(members) => members,
            _ => return Err(Error::at(site.pointer, "this is not a schema", "give an object")),
        };
        let (schema, nullable) = without_null(members);
        let lowered = if let Some(reference) = only_reference(&schema, site.direction) {
            self.reference(reference, site)?
        } else if schema.contains_key("allOf") || schema.contains_key("$ref") {
            self.combination(&schema, site)?
        } else {
            self.typed(&schema, site)?
        };
        let nullable = nullable || lowered.nullable;
        Ok(Lowered { schema: described(lowered.schema, &schema), nullable, ..lowered })
    }

    /// Any JSON value, as a keyword is not kept.
    fn any(&mut self, keyword: &str, pointer: &str) -> Lowered {
        self.widened.keyword(keyword, pointer);
        Lowered::any()
    }

    /// A component with a type of its own is referred to; any other is written out.
    fn reference(&mut self, reference: &str, site: &Site<'_>) -> Result<Lowered> {
        let (pointer, target) = target(self.document, site.pointer, reference)?;
        let place = site.direction.place(&pointer);
        if self.untyped.contains(&place) {
            return Ok(self.any("$ref", &pointer));
        }
        let referred_to = json!({ "$ref": place });
        match self.components.get_mut(&place) {
            Some(Component::Done(lowered)) => return Ok(Lowered { schema: referred_to, ..lowered.clone() }),
            Some(begun) => {
                *begun = Component::ReferredToFromWithin;
                let nullable = target.as_object().is_some_and(|members| without_null(members).1);
                let expected = "must be an object".to_owned();
                return Ok(Lowered { schema: referred_to, expected, nullable, is_circular: true });
            }
            None => self.components.insert(place.clone(), Component::Begun),
        };
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        // What is written out around a component is not written out in it.
        let around = std::mem::take(&mut self.written_out);
        let lowered = self.lower(target, &pointer, site.direction, &[name])?;
        self.written_out = around;
        if lowered.schema["title"] == place.as_str() {
            self.components.insert(place, Component::Done(lowered.clone()));
            return Ok(Lowered { schema: referred_to, ..lowered });
        }
        if let Some(Component::ReferredToFromWithin) = self.components.remove(&place) {
            self.untyped.insert(place);
        }
        Ok(lowered)
    }

    fn combination(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Lowered> {
        let Combined { schema, targets } = combined(self.document, schema, site.pointer, &mut self.widened)?;
        if targets.iter().any(|target| self.written_out.contains(target)) {
            return Ok(self.any("$ref", site.pointer));
        }
        let around = self.written_out.len();
        self.written_out.extend(targets);
        let lowered = self.lower(&schema.into(), site.pointer, site.direction, site.words);
        self.written_out.truncate(around);
        lowered
    }

    /// Notes what of a schema of this type, or of none, is not kept.
    fn pass_over(&mut self, schema: &Map<String, Value>, kind: Option<&str>, kept: &[&str], site: &Site<'_>) {
        for keyword in keywords::not_kept(schema, kind, kept) {
            self.widened.keyword(keyword, site.pointer);
        }
    }

    fn typed(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Lowered> {
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
                if alternatives.len() > 1 && (keyword == "oneOf" || site.direction == Direction::Response) {
                    self.widened.keyword(keyword, site.pointer);
                }
                let alternatives = distributed(schema, keyword, alternatives);
                return self.alternatives(schema, &alternatives, &format!("{}/{keyword}", site.pointer), site);
            }
        }
        let lowered = match (types(schema).as_slice(), site.direction) {
            (["string"], _) => self.string(schema, site)?,
            (["object"], _) => self.object(schema, site)?,
            (["array"], _) => self.array(schema, site)?,
            (["integer"], Direction::Request) => self.integer(schema, site)?,
            (["integer"], Direction::Response) => {
                self.pass_over(schema, Some("integer"), &INTEGER_BOUNDS, site);
                json!({ "type": "integer" })
            }
            ([scalar @ ("boolean" | "number")], _) => {
                self.pass_over(schema, Some(scalar), &[], site);
                json!({ "type": scalar })
            }
            ([_], _) => self.any("type", site.pointer).schema,
            // A single value where a list is declared too is read as a list of one.
            (several, Direction::Response) if several.contains(&"array") => self.array(schema, site)?,
            // Any scalar can be read as its text.
            (several, Direction::Response) if several.contains(&"string") => json!({ "type": "string" }),
            ([], _) | (_, Direction::Response) => {
                self.pass_over(schema, None, &[], site);
                json!({})
            }
            (several, Direction::Request) => {
                let alternatives: Vec<Value> = several.iter().map(|one| single_type(schema, one)).collect();
                return self.alternatives(schema, &alternatives, &format!("{}/type", site.pointer), site);
            }
        };
        Ok(Lowered { schema: lowered, expected: expected(schema), nullable: false, is_circular: false })
    }

    /// One of several schemas: the first that an instance fits. In a response, where all fit somehow, the JSON value.
    fn alternatives(
        &mut self,
        schema: &Map<String, Value>,
        alternatives: &[Value],
        pointer: &str,
        site: &Site<'_>,
    ) -> Result<Lowered> {
        let mut distinct: Vec<Lowered> = Vec::new();
        let mut nullable = false;
        for (index, alternative) in alternatives.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            let words = [site.words, &[format!("Variant{index}")]].concat();
            let alternative = self.lower_within(alternative, &pointer, site.direction, &words)?.boxed();
            nullable |= alternative.nullable;
            if distinct.iter().all(|other| other.schema != alternative.schema) {
                distinct.push(alternative);
            }
        }
        if distinct.len() < 2 {
            let only = distinct.pop().unwrap_or_else(Lowered::any);
            return Ok(Lowered { nullable, ..only });
        }
        let expected = distinct.iter().map(|alternative| alternative.expected.as_str()).collect::<Vec<_>>();
        let expected = format!("must be {}", expected.join(" or ").replace("must be ", ""));
        let fits_all = distinct.iter().any(|alternative| alternative.schema == json!({}));
        let schema = if fits_all || site.direction == Direction::Response {
            json!({})
        } else {
            let schemas: Vec<Value> = distinct.into_iter().map(|alternative| alternative.schema).collect();
            self.titled(json!({ "anyOf": schemas }), schema, &expected, site)
        };
        Ok(Lowered { schema, expected, nullable, is_circular: false })
    }

    /// An object that holds what any of several objects holds, for responses of different shapes; any JSON value if one of
    /// them is no object.
    pub fn union(&mut self, schemas: &[(String, Value)], pointer: &str, words: &[String]) -> Result<Lowered> {
        let mut properties = Map::new();
        for (at, schema) in schemas {
            let (at, schema) = follow(self.document, at, schema)?;
            let Some(members) = schema.as_object() else { return Ok(Lowered::any()) };
            let members = combined(self.document, members, &at, &mut self.widened)?.schema;
            if types(&without_null(&members).0) != ["object"] {
                return Ok(Lowered::any());
            }
            for (name, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let property = match properties.get(name) {
                    Some(other) if other != property => Value::Bool(true),
                    _ => property.clone(),
                };
                properties.insert(name.clone(), property);
            }
        }
        self.lower_within(&json!({ "type": "object", "properties": properties }), pointer, Direction::Response, words)
    }

    /// Any integer of the document's range, 7.0 included: to JSON Schema, that is one.
    fn integer(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        self.pass_over(schema, Some("integer"), &INTEGER_BOUNDS, site);
        let range = integer_range(schema);
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
            self.pass_over(schema, Some("string"), &["enum", "const", "minLength", "maxLength"], site);
            lowered["enum"] = values.clone().into();
            return Ok(self.titled(lowered, schema, &expected(schema), site));
        }
        let (min, max) = (length(schema, "minLength"), length(schema, "maxLength"));
        if is_uri(schema) {
            // No URI is empty: `minLength: 1` says nothing more.
            let kept: &[&str] = if min.is_none_or(|min| min <= 1) { &["minLength"] } else { &[] };
            self.pass_over(schema, Some("string"), kept, site);
            if site.direction == Direction::Request {
                lowered["format"] = "uri".into();
            }
            return Ok(lowered);
        }
        self.pass_over(schema, Some("string"), &["minLength", "maxLength"], site);
        if site.direction == Direction::Response || (min, max) == (None, None) {
            return Ok(lowered);
        }
        if min > max.or(min) {
            return Err(empty(site.pointer));
        }
        for (keyword, bound) in [("minLength", min), ("maxLength", max)] {
            if let Some(bound) = bound {
                lowered[keyword] = bound.into();
            }
        }
        Ok(self.titled(lowered, schema, &expected(schema), site))
    }

    fn array(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        self.pass_over(schema, Some("array"), &["items"], site);
        let pointer = format!("{}/items", site.pointer);
        let words = [site.words, &["Item".to_owned()]].concat();
        // Beside `prefixItems`, `items` is about the rest.
        let items = schema.get("items").filter(|_| !schema.contains_key("prefixItems"));
        let items = self.lower_within(items.unwrap_or(&Value::Bool(true)), &pointer, site.direction, &words)?;
        Ok(json!({ "type": "array", "items": items.or_null() }))
    }

    fn object(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        let closed = is_closed(schema);
        let kept: &[&str] = if closed { &["unevaluatedProperties"] } else { &[] };
        let kept = [&["properties", "required", "additionalProperties"], kept].concat();
        self.pass_over(schema, Some("object"), &kept, site);
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
            return self.map(additional.filter(|_| !schema.contains_key("patternProperties")), site);
        }
        if additional.is_some() {
            self.widened.keyword("additionalProperties", site.pointer);
        }
        let mut lowered = Map::new();
        for (name, property) in &properties {
            let pointer = format!("{}/properties/{}", site.pointer, escape(name));
            let words = [site.words, std::slice::from_ref(name)].concat();
            let property = self.lower_within(property, &pointer, site.direction, &words)?;
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
        let values = self.lower_within(values, &pointer, site.direction, &words)?;
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
    pub fn named(self, paths: &mut Map<String, Value>, recorded: &Names) -> Result<Named> {
        let wanted = self.places.iter().map(|(place, it)| (place.clone(), it.candidates.clone())).collect();
        let names = names::assign(&wanted, &recorded.types, &BTreeSet::from(RESERVED));
        let mut variants = BTreeMap::new();
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
        let mut schemas = 0;
        for (place, Place { direction, schema, expected, .. }) in &self.places {
            let values = schema.as_object().map(enumerated).unwrap_or_default();
            let given = names::variants(place, &values, &recorded.variants);
            let own_variants = values.iter().map(|value| given[&names::variant_place(place, value)].clone()).collect();
            variants.extend(given);
            let schema = match direction {
                Direction::Request => {
                    let mut renaming =
                        Renaming { document: self.document, names: &names, place, written_out: Vec::new(), schemas };
                    let schema = renaming.schema(schema)?;
                    schemas = renaming.schemas;
                    schema
                }
                Direction::Response => Value::Null,
            };
            let (direction, expected) = (*direction, expected.clone());
            types.insert(
                names[place].clone(),
                NamedType { direction, schema, expected, values, variants: own_variants },
            );
        }
        Ok(Named { components, types, names, variants, integers: self.integers, widened: self.widened })
    }
}

/// Writes the schemas of requests with Rust names for references, and with what they refer to where that has no name.
struct Renaming<'a> {
    document: &'a Value,
    names: &'a BTreeMap<String, String>,
    /// The type that they are written for.
    place: &'a str,
    written_out: Vec<String>,
    schemas: usize,
}

impl Renaming<'_> {
    fn schema(&mut self, schema: &Value) -> Result<Value> {
        match schema {
            Value::Array(schemas) => schemas.iter().map(|schema| self.schema(schema)).collect(),
            Value::Object(members) => self.object(members),
            scalar => Ok(scalar.clone()),
        }
    }

    fn object(&mut self, members: &Map<String, Value>) -> Result<Value> {
        let mut renamed = Map::new();
        for (key, value) in members.iter().filter(|(key, _)| *key != "$ref") {
            let value = match (key.as_str(), value) {
                // What stands in these is data, even if it looks like a schema.
                ("example" | "examples" | "default" | "enum" | "const", data) => data.clone(),
                (extension, data) if extension.starts_with("x-") => data.clone(),
                ("properties" | "patternProperties" | "dependentSchemas" | "$defs", Value::Object(by_name)) => {
                    let schemas = by_name.iter().map(|(name, schema)| Ok((name.clone(), self.schema(schema)?)));
                    Value::Object(schemas.collect::<Result<_>>()?)
                }
                (_, schema) => self.schema(schema)?,
            };
            renamed.insert(key.clone(), value);
        }
        let Some(Value::String(reference)) = members.get("$ref") else { return Ok(renamed.into()) };
        let referred_to = self.referred_to(reference)?;
        let is_alone = renamed.keys().all(|keyword| is_annotation(keyword));
        Ok(if is_alone { referred_to } else { json!({ "allOf": [referred_to, renamed] }) })
    }

    fn referred_to(&mut self, reference: &str) -> Result<Value> {
        let at = self.place.split_once(' ').map_or(self.place, |(_, pointer)| pointer);
        let (pointer, target) = target(self.document, at, reference)?;
        if let Some(name) = self.names.get(&Direction::Request.place(&pointer)) {
            return Ok(json!({ "$ref": name }));
        }
        self.schemas += 1;
        // What contains itself has no type either: see `Schemas::reference`.
        if self.written_out.contains(&pointer) || self.schemas > MAX_SCHEMAS {
            return Ok(true.into());
        }
        self.written_out.push(pointer);
        let schema = self.schema(target);
        self.written_out.pop();
        schema
    }
}

impl Lowered {
    /// Any JSON value.
    pub fn any() -> Self {
        Self { schema: json!({}), expected: "must be a JSON value".to_owned(), nullable: false, is_circular: false }
    }

    /// A value that may be `null`, as an `Option` of its own: apart from the `Option` of a property that may be absent.
    fn or_null(self) -> Value {
        if !self.nullable {
            return self.schema;
        }
        optional(&self.schema)
    }

    /// In a box if it is part of a circle: typify does not see those that lead through a type of `of_std`.
    fn boxed(mut self) -> Self {
        if self.is_circular {
            self.schema = of_std("std::boxed::Box", &self.schema);
            self.is_circular = false;
        }
        self
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
        let mut property = self.boxed().or_null();
        if let Some(description) = description {
            property["description"] = description;
        }
        property
    }
}

/// A value of a schema, or none.
pub fn optional(schema: &Value) -> Value {
    of_std("std::option::Option", schema)
}

/// A generic type of the standard library.
fn of_std(path: &str, parameter: &Value) -> Value {
    json!({ "x-rust-type": { "crate": "std", "version": "*", "path": path, "parameters": [parameter] } })
}

/// What an instance of a schema must be, in the words of an error.
fn expected(schema: &Map<String, Value>) -> String {
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_number);
    let values = enumerated(schema);
    if !values.is_empty() {
        return format!("must be one of {}", values.join(", "));
    }
    match types(schema).as_slice() {
        ["string"] if is_uri(schema) => "must be an absolute URI".to_owned(),
        ["string"] => match (number("minLength"), number("maxLength")) {
            (Some(min), Some(max)) => format!("must be a string of {min} to {max} characters"),
            (Some(min), None) => format!("must be a string of at least {min} characters"),
            (None, Some(max)) => format!("must be a string of at most {max} characters"),
            (None, None) => "must be a string".to_owned(),
        },
        ["integer"] => integer_range(schema).expected(),
        ["number"] => "must be a number".to_owned(),
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

fn empty(pointer: &str) -> Error {
    Error::at(pointer, "nothing can be as this asks", "mend what contradicts itself with an entry in the corrections")
}

fn length(schema: &Map<String, Value>, keyword: &str) -> Option<u64> {
    schema.get(keyword).and_then(whole).and_then(|length| u64::try_from(length).ok())
}

/// The integer that a number is: 7.0 is 7.
fn whole(number: &Value) -> Option<i128> {
    let float = || number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15);
    number.as_i64().map(i128::from).or(number.as_u64().map(i128::from)).or(float().map(|float| float as i128))
}

/// The integers that a schema allows, as far as JSON readers have them at all.
fn integer_range(schema: &Map<String, Value>) -> IntegerRange {
    let (mut min, mut max) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("int64") => (i64::MIN.into(), i64::MAX.into()),
        _ => (LEAST, GREATEST),
    };
    // OpenAPI 3.0 has `true` beside the bound, 3.1 the bound itself.
    let excluded = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(true));
    let bound = |keyword: &str, round: fn(f64) -> f64| {
        let bound = schema.get(keyword)?;
        let rounded = || bound.as_f64().map(round).filter(|bound| bound.abs() < 9e15).map(|bound| bound as i128);
        whole(bound).or_else(rounded)
    };
    if let Some(least) = bound("minimum", f64::ceil) {
        min = min.max(least + i128::from(excluded("exclusiveMinimum")));
    }
    if let Some(below) = bound("exclusiveMinimum", f64::floor) {
        min = min.max(below + 1);
    }
    if let Some(greatest) = bound("maximum", f64::floor) {
        max = max.min(greatest - i128::from(excluded("exclusiveMaximum")));
    }
    if let Some(above) = bound("exclusiveMaximum", f64::ceil) {
        max = max.min(above - 1);
    }
    IntegerRange { min, max }
}

fn is_uri(schema: &Map<String, Value>) -> bool {
    schema.get("format").is_some_and(|format| format == "uri")
}

/// Whether an object has no other properties than those that are named here.
fn is_closed(schema: &Map<String, Value>) -> bool {
    let is_false = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(false));
    let have_a_say = ["if", "dependentSchemas", "not", "$dynamicRef"];
    let is_alone = !have_a_say.iter().any(|keyword| schema.contains_key(*keyword));
    let is_closed = is_false("additionalProperties") || (is_false("unevaluatedProperties") && is_alone);
    is_closed && !schema.contains_key("patternProperties")
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
    let ignored =
        |key: &str| is_annotation(key) || (direction == Direction::Response && matches!(key, "required" | "type"));
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
    let is_beside = |key: &str| key != keyword && !is_annotation(key);
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
