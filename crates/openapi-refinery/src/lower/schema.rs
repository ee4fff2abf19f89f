//! Lowering of schemas to those that typify, progenitor's type generator, supports.
//!
//! A schema that becomes a named type has its place (direction and JSON pointer) in `title` until all of them are known. Then
//! [`Schemas::assign_names`] replaces the places with Rust names.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::combine::{combine, follow_reference, take_members, with_members};
use super::inspect::{
    INTEGER_BOUNDS, SCALARS, bound_beyond_64_bits, constants, contradiction, distributed, enumerated, expected,
    integer_range, is_closed, is_combination, is_uri, length, only_properties, only_reference, received_integer,
    required, single_type, types, without_null,
};
use super::json_schema::SchemaWriter;
use super::lowered::{LoweredSchema, with_description};
use super::widened::unenforced_keywords;
use super::{Direction, IntegerRange, MAX_DEPTH, MAX_LEVELS, NamedType, Part, Style, Tagging, Widened, escape, size};
use crate::names::{self, Names};
use crate::normalize::Normal;
use crate::{Error, Result};

/// Maximum number of inlined schemas, plus ten for each JSON value of the document. References can multiply them exponentially.
const MAX_SCHEMAS: usize = 10_000;

/// Reserved names of types: keywords, and names with another meaning in generated code.
const RESERVED: [&str; 6] = ["Self", "Default", "Err", "Ok", "String", "Uri"];

/// The schemas of a document. Each is lowered when an operation reaches it.
pub struct Schemas<'a> {
    normal: &'a Normal,
    components: BTreeMap<String, Component>,
    places: BTreeMap<String, Place>,
    integers: BTreeSet<IntegerRange>,
    /// The parts of the document that are not enforced.
    widened: Widened,
    /// Errors that make the document unusable.
    pub errors: Vec<Error>,
    /// The components that contain themselves without a named type in between, which have no Rust type.
    pub untyped: BTreeSet<String>,
    /// The locations of the schemas that were combined into one, by its location.
    combined: BTreeMap<String, BTreeSet<String>>,
    /// The references, as pairs of location and target.
    references: BTreeSet<(String, String)>,
    /// The targets of the references that are currently inlined.
    inlined: Vec<String>,
    /// The depth of the current schema in its component.
    depth: usize,
    /// The same, including the components that refer to it.
    levels: usize,
    schemas: usize,
    max_schemas: usize,
}

/// The source locations that were determined before, by location.
pub type Sources = HashMap<String, BTreeSet<String>>;

/// The state of a component, which may refer to itself.
#[derive(Clone)]
enum Component {
    InProgress,
    /// In progress, and known to refer to itself.
    Recursive,
    Lowered(LoweredSchema),
}

/// The lowered schemas with their Rust names.
pub struct Named {
    /// The components of the lowered document.
    pub components: Map<String, Value>,
    /// All types by name.
    pub types: BTreeMap<String, NamedType>,
    /// The names by place.
    pub names: BTreeMap<String, String>,
    /// The names of variants by place.
    pub variants: BTreeMap<String, String>,
    /// The values that were added to enums, by place.
    pub appended: BTreeMap<String, Vec<String>>,
    /// The ranges of integers in requests.
    pub integers: BTreeSet<IntegerRange>,
    /// The parts of the document that are not enforced.
    pub widened: Widened,
    /// The references, as pairs of location and target.
    pub references: BTreeSet<(String, String)>,
}

/// A schema that becomes a named type.
struct Place {
    direction: Direction,
    /// Its location in the normal form.
    pointer: String,
    is_component: bool,
    candidates: Vec<String>,
    schema: Value,
    /// The labels of its alternatives.
    alternatives: Vec<String>,
    expected: String,
    tagging: Option<Tagging>,
    parts: Option<BTreeMap<String, Part>>,
    others: Option<String>,
}

/// A discriminator and its values for each alternative.
struct Tagged {
    property: String,
    tags: Vec<Vec<String>>,
}

/// One of the alternatives of a union.
struct Alternative {
    /// The wanted name of its variant.
    label: String,
    lowered: LoweredSchema,
    /// The values of the discriminator that select it.
    tags: Vec<String>,
    /// Whether all other values of the discriminator select it.
    is_fallback: bool,
}

/// The location of a schema.
#[derive(Clone)]
struct Site<'a> {
    pointer: &'a str,
    direction: Direction,
    /// The names on the path to it, from which its type is named.
    words: &'a [String],
}

impl<'a> Schemas<'a> {
    /// Creates an empty set of schemas. `untyped` are the components that are known to have no type.
    pub fn new(normal: &'a Normal, untyped: BTreeSet<String>) -> Self {
        Self {
            normal,
            components: BTreeMap::new(),
            places: BTreeMap::new(),
            integers: BTreeSet::new(),
            widened: Widened::of(normal),
            errors: Vec::new(),
            untyped,
            combined: BTreeMap::new(),
            references: BTreeSet::new(),
            inlined: Vec::new(),
            depth: 0,
            levels: 0,
            schemas: 0,
            max_schemas: MAX_SCHEMAS + 10 * size(normal.document()),
        }
    }

    /// Returns the location in the published document.
    pub fn origin(&self, pointer: &str) -> String {
        self.normal.origin(pointer)
    }

    /// Reports a keyword that is not enforced.
    fn report_keyword(&mut self, keyword: &str, pointer: &str) {
        self.widened.add_keyword(keyword, &self.normal.origin(pointer));
    }

    /// Reports a part of the document that is not enforced.
    pub fn report_widened(&mut self, part: &str, effect: &str, pointer: &str) {
        self.widened.add_widened(part, effect, &self.normal.origin(pointer));
    }

    /// Reports a part of the document from which the client deviates.
    pub fn report(&mut self, part: &str, effect: &str, pointer: &str) {
        self.widened.add(part, effect, &self.normal.origin(pointer));
    }

    /// Adds an error that makes the document unusable. All errors are returned together.
    pub fn reject(&mut self, pointer: &str, problem: impl Into<String>, remedy: &str) {
        self.errors.push(Error::at(self.normal.origin(pointer), problem, remedy));
    }

    /// Returns the location of a schema in the published document, in one direction.
    fn place(&self, direction: Direction, pointer: &str) -> String {
        direction.place(&self.normal.origin(pointer))
    }

    /// Lowers the schema at `pointer` and the schemas that it refers to.
    pub fn lower(
        &mut self,
        schema: &Value,
        pointer: &str,
        direction: Direction,
        words: &[String],
    ) -> Result<LoweredSchema> {
        self.count_inlined(pointer)?;
        if self.depth == MAX_DEPTH || self.levels == MAX_LEVELS {
            self.report_widened("schema", "schemas nested this deep accept any JSON value", pointer);
            return Ok(LoweredSchema::any());
        }
        self.depth += 1;
        self.levels += 1;
        let lowered = self.lower_at(schema, &Site { pointer, direction, words });
        self.depth -= 1;
        self.levels -= 1;
        lowered
    }

    /// Lowers the schema of a request body, including `null`.
    pub fn lower_body(&mut self, schema: &Value, pointer: &str, words: &[String]) -> Result<Value> {
        Ok(self.lower(schema, pointer, Direction::Request, words)?.or_null())
    }

    /// Lowers a `multipart/form-data` body. Files get a type of the runtime. Returns `None` unless the schema is an object with
    /// properties.
    pub fn lower_multipart(
        &mut self,
        content: &Value,
        pointer: &str,
        at: &str,
        words: &[String],
    ) -> Result<Option<Value>> {
        let mut whole = self.resolve(&content["schema"], at, Direction::Request)?;
        let (target, _) = follow_reference(self.normal, at, &content["schema"]);
        self.combined.entry(at.to_owned()).or_default().insert(target);
        if types(&whole) != ["object"] {
            return Ok(None);
        }
        let Some(Value::Object(properties)) = whole.get_mut("properties") else { return Ok(None) };
        let mut parts = BTreeMap::new();
        for (name, property) in properties {
            let place = format!("{at}/properties/{}", escape(name));
            let own = self.resolve(property, &place, Direction::Request)?;
            let items = own.get("items").filter(|_| types(&own) == ["array"]);
            let item = match items {
                Some(items) => self.resolve(items, &format!("{place}/items"), Direction::Request)?,
                None => own.clone(),
            };
            let encoding = &content["encoding"][name];
            if encoding.get("headers").is_some() {
                self.report_widened(
                    "headers",
                    "the headers of the part are not sent",
                    &format!("{pointer}/encoding/{}", escape(name)),
                );
            }
            if encoding.as_object().and_then(Style::of_field).is_some_and(|style| style.name != "JSON") {
                let effect = "has no effect in a multipart body: each item of a list is a part, and an object is JSON";
                self.report("style", effect, &format!("{pointer}/encoding/{}", escape(name)));
            }
            let part = Part::of(&item, encoding);
            if part.is_file {
                // This format is unambiguous: normalization translates it in all other schemas.
                let mut file =
                    Map::from_iter([("type".to_owned(), "string".into()), ("format".to_owned(), "binary".into())]);
                file.extend(item.get("description").map(|text| ("description".to_owned(), text.clone())));
                *property = match items {
                    Some(_) => {
                        let mut list = own.clone();
                        list.insert("items".to_owned(), file.into());
                        list.into()
                    }
                    None => file.into(),
                };
            }
            parts.insert(name.clone(), part);
        }
        let schema = self.lower_body(&whole.into(), at, words)?;
        if let Some(place) = self.places.get_mut(&self.place(Direction::Request, at)) {
            place.parts = Some(parts);
        }
        Ok(Some(schema))
    }

    /// Lowers a nested schema. A named type becomes a component, so that progenitor generates a builder for it.
    pub fn lower_within(
        &mut self,
        schema: &Value,
        pointer: &str,
        direction: Direction,
        words: &[String],
    ) -> Result<LoweredSchema> {
        let mut lowered = self.lower(schema, pointer, direction, words)?;
        let place = self.place(direction, pointer);
        if lowered.schema["title"] == place.as_str() {
            self.components.insert(place.clone(), Component::Lowered(lowered.clone()));
            let original = lowered.schema;
            lowered.schema = json!({ "$ref": place });
            if let Some(members) = original.as_object() {
                lowered.schema = with_description(lowered.schema, members);
            }
        }
        Ok(lowered)
    }

    /// Lowers the schema of a value that is not a property, including `null`.
    pub fn lower_value(
        &mut self,
        schema: &Value,
        pointer: &str,
        direction: Direction,
        words: &[String],
    ) -> Result<Value> {
        let lowered = self.lower_within(schema, pointer, direction, words)?;
        if lowered.in_property.is_some() {
            self.report_keyword("type", pointer);
        }
        Ok(lowered.or_null())
    }

    fn lower_at(&mut self, schema: &Value, site: &Site<'_>) -> Result<LoweredSchema> {
        let members = match schema {
            Value::Bool(false) => return Ok(self.any_value("not", site.pointer)),
            Value::Object(members) => members,
            _ => &Map::new(),
        };
        let (schema, nullable) = without_null(members);
        let lowered = if let Some(reference) = only_reference(&schema, site.direction) {
            self.lower_reference(reference, site)?
        } else if is_combination(&schema) {
            self.lower_combination(&schema, site)?
        } else {
            let is_empty = site.direction == Direction::Request && !nullable;
            if let Some(keyword) = contradiction(&schema).first().filter(|_| is_empty) {
                self.report(keyword, "contradicts another keyword of the schema: no value is valid", site.pointer);
            }
            self.lower_typed(&schema, site)?
        };
        let nullable = nullable || lowered.nullable;
        Ok(LoweredSchema { schema: with_description(lowered.schema, &schema), nullable, ..lowered })
    }

    /// Reports a keyword that is not enforced, and returns a schema that accepts any JSON value.
    fn any_value(&mut self, keyword: &str, pointer: &str) -> LoweredSchema {
        self.report_keyword(keyword, pointer);
        LoweredSchema::any()
    }

    /// Lowers a reference. A component that is a named type is referred to; any other is inlined.
    fn lower_reference(&mut self, reference: &str, site: &Site<'_>) -> Result<LoweredSchema> {
        let (pointer, target) = self.normal.target(reference);
        self.references.insert((site.pointer.to_owned(), pointer.to_owned()));
        let place = self.place(site.direction, pointer);
        if self.untyped.contains(&place) {
            return Ok(self.any_value("$ref", pointer));
        }
        let lowered_reference = json!({ "$ref": place });
        match self.components.get_mut(&place) {
            Some(Component::Lowered(lowered)) => {
                return Ok(LoweredSchema { schema: lowered_reference, ..lowered.clone() });
            }
            Some(state) => {
                *state = Component::Recursive;
                let nullable = target.as_object().is_some_and(|members| without_null(members).1);
                let object = LoweredSchema::new(lowered_reference, "must be an object");
                return Ok(LoweredSchema { nullable, is_circular: true, ..object });
            }
            None => self.components.insert(place.clone(), Component::InProgress),
        };
        let name = place.rsplit('/').next().unwrap_or_default().to_owned();
        // Inlined references and nesting depth are counted anew in each component.
        let outer = (std::mem::take(&mut self.inlined), std::mem::take(&mut self.depth));
        let lowered = self.lower(target, pointer, site.direction, &[name]);
        (self.inlined, self.depth) = outer;
        let lowered = lowered?;
        if lowered.schema["title"] == place.as_str() {
            self.components.insert(place, Component::Lowered(lowered.clone()));
            return Ok(LoweredSchema { schema: lowered_reference, ..lowered });
        }
        if let Some(Component::Recursive) = self.components.remove(&place) {
            self.untyped.insert(place);
        }
        self.combined.entry(site.pointer.to_owned()).or_default().insert(pointer.to_owned());
        Ok(lowered)
    }

    /// Lowers a schema with `allOf`, or with `$ref` beside other keywords.
    fn lower_combination(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<LoweredSchema> {
        let outer = self.inlined.len();
        let lowered = match self.flatten(schema, site.pointer, site.direction)? {
            Some(schema) => self.lower_at(&schema.into(), site),
            None => Ok(self.any_value("$ref", site.pointer)),
        };
        self.inlined.truncate(outer);
        lowered
    }

    /// Combines a schema with its members, recursively. Their references are added to the inlined ones. Returns `None` if the schema
    /// contains itself.
    fn flatten(
        &mut self,
        schema: &Map<String, Value>,
        pointer: &str,
        direction: Direction,
    ) -> Result<Option<Map<String, Value>>> {
        let mut flat = schema.clone();
        let mut members = take_members(&mut flat, pointer);
        loop {
            let whole = with_members(&flat, &members);
            if members.is_empty() || only_reference(&whole, direction).is_some() {
                return Ok(Some(whole));
            }
            self.count_inlined(pointer)?;
            let combined = combine(self.normal, flat, members, pointer, &mut self.widened);
            self.references.extend(combined.targets.iter().map(|target| (pointer.to_owned(), target.clone())));
            self.combined.entry(pointer.to_owned()).or_default().extend(combined.sources);
            if combined.targets.iter().any(|target| self.inlined.contains(target)) {
                return Ok(None);
            }
            self.inlined.extend(combined.targets);
            (flat, members) = (combined.schema, combined.members);
        }
    }

    /// Returns a schema with references resolved and members combined, without `null`; an empty schema if it contains itself.
    fn resolve(&mut self, schema: &Value, pointer: &str, direction: Direction) -> Result<Map<String, Value>> {
        let (pointer, schema) = follow_reference(self.normal, pointer, schema);
        let outer = self.inlined.len();
        let flat = schema.as_object().map(|members| self.flatten(members, &pointer, direction)).transpose();
        self.inlined.truncate(outer);
        Ok(without_null(&flat?.flatten().unwrap_or_default()).0)
    }

    /// Counts an inlined schema.
    ///
    /// # Errors
    /// Returns an error if there are too many.
    fn count_inlined(&mut self, pointer: &str) -> Result<()> {
        self.schemas += 1;
        if self.schemas > self.max_schemas {
            let problem = format!("references expand to more than {} schemas", self.max_schemas);
            let remedy = "move repeated objects to `components`";
            return Err(Error::at(self.origin(pointer), problem, remedy));
        }
        Ok(())
    }

    /// Reports the keywords that constrain instances of this type, or of any type, and are not enforced.
    fn report_unenforced(
        &mut self,
        schema: &Map<String, Value>,
        kind: Option<&str>,
        enforced: &[&str],
        site: &Site<'_>,
    ) {
        for keyword in unenforced_keywords(schema, kind, enforced) {
            self.report_keyword(keyword, site.pointer);
        }
    }

    /// Rejects names of a discriminator whose schema does not exist.
    fn check_mapping(&mut self, schema: &Map<String, Value>, site: &Site<'_>) {
        let mapping = schema.get("discriminator").and_then(|discriminator| discriminator["mapping"].as_object());
        for (name, to) in mapping.into_iter().flatten() {
            let reference = to.as_str().unwrap_or_default();
            if !self.normal.target(reference).1.is_object() {
                let pointer = format!("{}/discriminator/mapping/{}", site.pointer, escape(name));
                let problem = format!("the schema `{reference}` does not exist in this document");
                self.reject(&pointer, problem, "correct the reference, or add the schema to the document");
            }
        }
    }

    /// Lowers a schema without references and `allOf`.
    fn lower_typed(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<LoweredSchema> {
        self.check_mapping(schema, site);
        if let Some((base, subtypes)) = self.subtypes(schema, site) {
            return self.lower_hierarchy(schema, base, &subtypes, site);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
                if keyword == "anyOf" && schema.contains_key("unevaluatedProperties") {
                    self.report_keyword("unevaluatedProperties", site.pointer);
                }
                let pointer = format!("{}/{keyword}", site.pointer);
                let in_property = match site.direction {
                    Direction::Response => self.tolerant_alternatives(alternatives, &pointer, site)?,
                    Direction::Request => None,
                };
                let tagged = self.find_discriminator_values(schema, alternatives);
                if alternatives.len() > 1 && in_property.is_none() && tagged.is_none() {
                    self.report_keyword(keyword, site.pointer);
                }
                let mut alternatives = distributed(schema, keyword, alternatives);
                if let Some(tagged) = &tagged {
                    self.add_discriminator_property(&mut alternatives, tagged, &pointer, site.direction)?;
                }
                let lowered = self.lower_alternatives(schema, &alternatives, &pointer, tagged, site)?;
                return Ok(LoweredSchema { in_property: in_property.or(lowered.in_property.clone()), ..lowered });
            }
        }
        if let Some(keyword) = ["properties", "items"].iter().find(|it| schema.contains_key(**it))
            && !schema.contains_key("type")
        {
            let effect = "implies a type that the schema does not declare: values of other types are rejected";
            self.report(keyword, effect, site.pointer);
        }
        let mut in_property = None;
        let lowered = match (types(schema).as_slice(), site.direction) {
            (["string"], _) => self.lower_string(schema, site),
            (["object"], _) => self.lower_object(schema, site)?,
            (["array"], _) => self.lower_array(schema, site)?,
            (["integer"], Direction::Request) => self.lower_integer(schema, site),
            (["integer"], Direction::Response) => {
                self.report_unenforced(schema, Some("integer"), &INTEGER_BOUNDS, site);
                match received_integer(schema) {
                    Some(format) => json!({ "type": "integer", "format": format }),
                    None => json!({ "type": "integer" }),
                }
            }
            (["number"], Direction::Request) => {
                self.report_unenforced(schema, Some("number"), &[], site);
                // This format is unambiguous, since no other schema keeps its format.
                json!({ "type": "number", "format": "finite" })
            }
            ([scalar @ ("boolean" | "number")], _) => {
                self.report_unenforced(schema, Some(scalar), &[], site);
                json!({ "type": scalar })
            }
            (["null"], _) => {
                self.report_widened("type", "a schema that only allows `null` accepts any JSON value", site.pointer);
                json!({})
            }
            ([_], _) => self.any_value("type", site.pointer).schema,
            ([], _) => {
                self.report_unenforced(schema, None, &[], site);
                json!({})
            }
            (several, Direction::Response) => {
                in_property = tolerant(several);
                if in_property.is_none() {
                    self.report_keyword("type", site.pointer);
                }
                json!({})
            }
            (several, Direction::Request) => {
                let alternatives: Vec<Value> = several.iter().map(|one| single_type(schema, one)).collect();
                return self.lower_alternatives(schema, &alternatives, &format!("{}/type", site.pointer), None, site);
            }
        };
        Ok(LoweredSchema { in_property, ..LoweredSchema::new(lowered, expected(schema)) })
    }

    /// Returns a schema that can decode all alternatives tolerantly, if there is one.
    fn tolerant_alternatives(
        &mut self,
        alternatives: &[Value],
        pointer: &str,
        site: &Site<'_>,
    ) -> Result<Option<Value>> {
        let types: Vec<&str> = alternatives.iter().map(|it| it["type"].as_str().unwrap_or_default()).collect();
        let are_all = |known: &[&str]| types.iter().all(|one| known.contains(one));
        let list = alternatives.iter().zip(0..).find(|(it, _)| it["type"] == "array");
        match list.and_then(|(list, index)| Some((list.as_object()?, index))) {
            // A single object is decoded as a list with one item.
            Some((list, index)) if are_all(&["array", "object"]) => {
                let pointer = format!("{pointer}/{index}");
                Ok(Some(self.lower_array(list, &Site { pointer: &pointer, ..site.clone() })?))
            }
            _ => Ok(tolerant(&types)),
        }
    }

    /// Lowers the alternatives of a union, without duplicates and those that no instance can satisfy.
    fn lower_alternatives(
        &mut self,
        schema: &Map<String, Value>,
        alternatives: &[Value],
        pointer: &str,
        tagged: Option<Tagged>,
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        let labels = self.labels(alternatives, tagged.as_ref());
        let mut distinct: Vec<Alternative> = Vec::new();
        let mut nullable = false;
        let is_possible = |one: &Value| one.as_object().is_none_or(|members| contradiction(members).is_empty());
        let is_any_possible = alternatives.iter().any(is_possible);
        let possible = alternatives.iter().enumerate().filter(|(_, one)| !is_any_possible || is_possible(one));
        for (index, alternative) in possible {
            let pointer = format!("{pointer}/{index}");
            let words = [site.words, std::slice::from_ref(&labels[index])].concat();
            let alternative = self.lower_within(alternative, &pointer, site.direction, &words)?.boxed();
            nullable |= alternative.nullable;
            let tags = tagged.as_ref().map(|tagged| tagged.tags[index].clone()).unwrap_or_default();
            match distinct.iter_mut().find(|other| other.lowered.schema == alternative.schema) {
                Some(other) => other.tags.extend(tags),
                None => {
                    let label = labels[index].clone();
                    distinct.push(Alternative { label, lowered: alternative, tags, is_fallback: false });
                }
            }
        }
        self.build_union(schema, distinct, tagged.map(|tagged| tagged.property), nullable, site)
    }

    /// Builds the union of lowered alternatives, the narrowest first. In a response without a discriminator, any JSON value is accepted:
    /// objects are decoded tolerantly, so that every alternative would match.
    fn build_union(
        &mut self,
        schema: &Map<String, Value>,
        mut alternatives: Vec<Alternative>,
        discriminator: Option<String>,
        nullable: bool,
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        if alternatives.len() < 2 {
            let only = alternatives.pop().map_or_else(LoweredSchema::any, |only| only.lowered);
            return Ok(LoweredSchema { nullable, ..only });
        }
        alternatives.sort_by_cached_key(|alternative| self.breadth(&alternative.lowered.schema));
        let mut expected: Vec<&str> = Vec::new();
        for alternative in &alternatives {
            let one = alternative.lowered.expected.trim_start_matches("must be ");
            if !expected.contains(&one) {
                expected.push(one);
            }
        }
        let expected = format!("must be {}", expected.join(" or "));
        let accepts_any = alternatives.iter().any(|alternative| alternative.lowered.schema == json!({}));
        let is_undiscriminated = site.direction == Direction::Response && discriminator.is_none();
        if accepts_any || is_undiscriminated {
            return Ok(LoweredSchema { nullable, ..LoweredSchema::new(json!({}), expected) });
        }
        let schemas: Vec<&Value> = alternatives.iter().map(|alternative| &alternative.lowered.schema).collect();
        let lowered = self.make_named(json!({ "anyOf": schemas }), schema, &expected, site);
        let labels = alternatives.iter().map(|alternative| alternative.label.clone()).collect();
        let tagging = discriminator.map(|property| Tagging {
            property,
            other: alternatives.iter().position(|alternative| alternative.is_fallback),
            tags: alternatives.into_iter().map(|alternative| alternative.tags).collect(),
        });
        if let Some(place) = self.places.get_mut(&self.place(site.direction, site.pointer)) {
            place.tagging = tagging;
            place.alternatives = labels;
        }
        Ok(LoweredSchema { nullable, ..LoweredSchema::new(lowered, expected) })
    }

    /// Returns a label for each alternative: the name of its component, otherwise its discriminator value, its title, the only value of a
    /// property, or its type.
    fn labels(&self, alternatives: &[Value], tagged: Option<&Tagged>) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let label = |(index, alternative): (usize, &Value)| {
            // `distributed` combines each alternative with the other keywords of the union.
            let own = alternative["allOf"].get(0).unwrap_or(alternative);
            let tag = || tagged.and_then(|tagged| tagged.tags[index].first().cloned());
            let title = || own["title"].as_str().filter(|title| title.is_ascii()).map(str::to_owned);
            let label = own["$ref"].as_str().map(last_token);
            let label = label.or_else(tag).or_else(title).or_else(|| self.constant(own)).unwrap_or_else(|| kind(own));
            names::reserve_name(&names::type_name(&[label]), &mut taken)
        };
        alternatives.iter().enumerate().map(label).collect()
    }

    /// Returns the only value of a property that an object requires.
    fn constant(&self, schema: &Value) -> Option<String> {
        let mut required = schema.as_object().into_iter().flat_map(required);
        required.find_map(|name| {
            let (_, property) = follow_reference(self.normal, "", &schema["properties"][name]);
            match property.as_object().map(enumerated)?.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            }
        })
    }

    /// Returns the discriminator if it has values for each alternative: from its mapping, or from an enum in the alternative.
    fn find_discriminator_values(&self, schema: &Map<String, Value>, alternatives: &[Value]) -> Option<Tagged> {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator["propertyName"].as_str()?;
        let names = |alternative: &Value| -> Vec<String> {
            let reference = &alternative["$ref"];
            let mapping = discriminator["mapping"].as_object().into_iter().flatten();
            let named: Vec<String> = mapping
                .filter(|(_, to)| reference.is_string() && *to == reference)
                .map(|(name, _)| name.clone())
                .collect();
            if !named.is_empty() {
                return named;
            }
            let (_, target) = follow_reference(self.normal, "", alternative);
            let (_, tag) = follow_reference(self.normal, "", &target["properties"][property]);
            tag.as_object().map(constants).unwrap_or_default()
        };
        let tags: Vec<Vec<String>> = alternatives.iter().map(names).collect();
        let is_each_named = tags.iter().all(|names| !names.is_empty());
        is_each_named.then(|| Tagged { property: property.to_owned(), tags })
    }

    /// Adds the property of the discriminator to objects that do not define it, because the API selects the alternative by it.
    fn add_discriminator_property(
        &mut self,
        alternatives: &mut [Value],
        tagged: &Tagged,
        pointer: &str,
        direction: Direction,
    ) -> Result<()> {
        let Tagged { property, tags } = tagged;
        for (index, (alternative, names)) in alternatives.iter_mut().zip(tags).enumerate() {
            let whole = self.resolve(alternative, &format!("{pointer}/{index}"), direction)?;
            let defines = whole.get("properties").is_some_and(|properties| properties.get(property).is_some());
            if types(&whole) == ["object"] && !defines {
                let tag = json!({ "type": "string", "enum": names });
                let tag = json!({ "type": "object", "required": [property], "properties": { (property): tag } });
                *alternative = json!({ "allOf": [alternative, tag] });
            }
        }
        Ok(())
    }

    /// Returns a base schema without its discriminator, and the schemas that extend it by `allOf`, as pairs of discriminator value and
    /// reference (OpenAPI 3.1.1, section 4.8.25.5).
    fn subtypes(&self, schema: &Map<String, Value>, site: &Site<'_>) -> Option<(Value, Vec<(String, String)>)> {
        let mapping = schema.get("discriminator")?["mapping"].as_object()?;
        if ["oneOf", "anyOf"].iter().any(|keyword| schema.contains_key(*keyword)) || types(schema) != ["object"] {
            return None;
        }
        let subtypes = mapping.iter().filter_map(|(name, to)| {
            let reference = json!({ "$ref": to });
            let (target, _) = follow_reference(self.normal, "", &reference);
            let is_component = self.normal.document().pointer(&target).is_some_and(Value::is_object);
            (is_component && target != site.pointer).then(|| (name.clone(), format!("#{target}")))
        });
        let subtypes: Vec<(String, String)> = subtypes.collect();
        let mut base = schema.clone();
        base.remove("discriminator");
        (!subtypes.is_empty()).then(|| (base.into(), subtypes))
    }

    /// Lowers a base schema to a union of its subtypes and itself.
    fn lower_hierarchy(
        &mut self,
        schema: &Map<String, Value>,
        base: Value,
        subtypes: &[(String, String)],
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        let property = schema["discriminator"]["propertyName"].as_str().unwrap_or_default().to_owned();
        let mut alternatives: Vec<Alternative> = Vec::new();
        for (name, reference) in subtypes {
            let subtype = json!({ "$ref": reference });
            let lowered = self.lower_within(&subtype, site.pointer, site.direction, site.words)?.boxed();
            match alternatives.iter_mut().find(|other| other.lowered.schema == lowered.schema) {
                Some(other) => other.tags.push(name.clone()),
                None => {
                    let label = last_token(reference);
                    alternatives.push(Alternative { label, lowered, tags: vec![name.clone()], is_fallback: false });
                }
            }
        }
        let pointer = format!("{}/discriminator", site.pointer);
        self.combined.entry(pointer.clone()).or_default().insert(site.pointer.to_owned());
        let mut labels = alternatives.iter().map(|alternative| alternative.label.clone()).collect();
        let label = names::reserve_name("Base", &mut labels);
        let words = [site.words, std::slice::from_ref(&label)].concat();
        let lowered = self.lower_within(&base, &pointer, site.direction, &words)?.boxed();
        alternatives.push(Alternative { label, lowered, tags: Vec::new(), is_fallback: true });
        self.build_union(schema, alternatives, Some(property), false, site)
    }

    /// Returns a key that sorts narrow schemas before wide ones, because the first of several matching alternatives is used. A closed
    /// object is narrower than an open one, then one with more required constants, then one with more required properties.
    fn breadth(&self, schema: &Value) -> (bool, Reverse<usize>, Reverse<usize>) {
        let object = self.resolved(schema);
        let required: Vec<&str> = object.as_object().into_iter().flat_map(required).collect();
        let is_constant = |name: &&&str| {
            let values = &self.resolved(&object["properties"][**name])["enum"];
            values.as_array().is_some_and(|values| values.len() == 1)
        };
        let constants = required.iter().filter(is_constant).count();
        (object["additionalProperties"] != false, Reverse(constants), Reverse(required.len()))
    }

    /// Returns whether the document marks a schema, or the one that it refers to, as deprecated.
    pub fn is_deprecated(&self, schema: &Value) -> bool {
        schema["deprecated"] == true || follow_reference(self.normal, "", schema).1["deprecated"] == true
    }

    /// Returns the target of a lowered reference; any other schema is returned as it is.
    pub fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let alone = schema["allOf"].as_array().filter(|members| members.len() == 1).map_or(schema, |all| &all[0]);
        match alone["$ref"].as_str().and_then(|place| self.components.get(place)) {
            Some(Component::Lowered(lowered)) => &lowered.schema,
            _ => alone,
        }
    }

    /// Returns whether a schema allows values that are not text.
    pub fn is_data(&self, schema: &Value) -> bool {
        let (_, schema) = follow_reference(self.normal, "", schema);
        let Some(members) = schema.as_object() else { return false };
        let is_union = ["oneOf", "anyOf"].iter().any(|keyword| members.contains_key(*keyword));
        is_union || is_combination(members) || types(members).iter().any(|name| !matches!(*name, "string" | "null"))
    }

    /// Lowers several response bodies to an object with the properties of all, or to any JSON value if one of them has more than named
    /// properties.
    pub fn lower_merged(&mut self, schemas: &[(String, Value)], pointer: &str, words: &[String]) -> Result<Value> {
        let mut properties = Map::new();
        for (at, schema) in schemas {
            let whole = self.resolve(schema, at, Direction::Response)?;
            let Some(named) = only_properties(&whole) else { return Ok(json!({})) };
            for (name, property) in named {
                let property = match properties.get(name) {
                    Some(other) if other != property => Value::Bool(true),
                    _ => property.clone(),
                };
                properties.insert(name.clone(), property);
            }
        }
        self.lower_value(&json!({ "type": "object", "properties": properties }), pointer, Direction::Response, words)
    }

    /// Lowers an integer of a request. Its range is represented by its `format`.
    fn lower_integer(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Value {
        self.report_unenforced(schema, Some("integer"), &INTEGER_BOUNDS, site);
        if let Some(keyword) = bound_beyond_64_bits(schema) {
            self.report(keyword, "allows integers beyond 64 bits, which are not supported", site.pointer);
        }
        let range = integer_range(schema);
        self.integers.insert(range);
        json!({ "type": "integer", "format": range.format() })
    }

    fn lower_string(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Value {
        let mut lowered = json!({ "type": "string" });
        let values = enumerated(schema);
        if !values.is_empty() {
            self.report_unenforced(schema, Some("string"), &["enum", "const", "minLength", "maxLength"], site);
            lowered["enum"] = values.clone().into();
            return self.make_named(lowered, schema, &expected(schema), site);
        }
        if schema.get("format").is_some_and(|format| format == "binary") {
            return json!({ "type": "string", "format": "file" });
        }
        let (min, max) = (length(schema, "minLength"), length(schema, "maxLength"));
        if is_uri(schema) {
            // No URI is empty, so `minLength: 1` is always satisfied.
            let enforced: &[&str] = if min.is_none_or(|min| min <= 1) { &["minLength"] } else { &[] };
            self.report_unenforced(schema, Some("string"), enforced, site);
            if site.direction == Direction::Request {
                lowered["format"] = "uri".into();
            }
            return lowered;
        }
        self.report_unenforced(schema, Some("string"), &["minLength", "maxLength"], site);
        if site.direction == Direction::Response || (min, max) == (None, None) {
            return lowered;
        }
        for (keyword, bound) in [("minLength", min), ("maxLength", max)] {
            if let Some(bound) = bound {
                lowered[keyword] = bound.into();
            }
        }
        self.make_named(lowered, schema, &expected(schema), site)
    }

    fn lower_array(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        self.report_unenforced(schema, Some("array"), &["items"], site);
        let pointer = format!("{}/items", site.pointer);
        let words = [site.words, &["Item".to_owned()]].concat();
        // Beside `prefixItems`, `items` only applies to the items after the prefix.
        let items = schema.get("items").filter(|_| !schema.contains_key("prefixItems"));
        let items = self.lower_value(items.unwrap_or(&Value::Bool(true)), &pointer, site.direction, &words)?;
        Ok(json!({ "type": "array", "items": items }))
    }

    fn lower_object(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        let schema = &self.without_read_only(schema, site)?;
        let closed = is_closed(schema);
        let enforced: &[&str] = if closed { &["unevaluatedProperties"] } else { &[] };
        let enforced = [&["properties", "required", "additionalProperties"], enforced].concat();
        self.report_unenforced(schema, Some("object"), &enforced, site);
        let required: Vec<&str> = match site.direction {
            Direction::Request => required(schema).collect(),
            Direction::Response => Vec::new(),
        };
        let mut properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for name in &required {
            // A required property without a schema accepts any value.
            properties.entry(*name).or_insert(Value::Bool(true));
        }
        let additional = schema.get("additionalProperties").filter(|additional| additional.is_object());
        if properties.is_empty() && !(closed && site.direction == Direction::Request) {
            return self.lower_map(additional.filter(|_| !schema.contains_key("patternProperties")), site);
        }
        // `additionalProperties` does not apply to properties that match a pattern.
        let others = additional.filter(|_| !schema.contains_key("patternProperties"));
        if additional.is_some() && others.is_none() {
            self.report_keyword("additionalProperties", site.pointer);
        }
        let mut lowered = Map::new();
        for (name, property) in &properties {
            let pointer = format!("{}/properties/{}", site.pointer, escape(name));
            let words = [site.words, std::slice::from_ref(name)].concat();
            let property = self.lower_within(property, &pointer, site.direction, &words)?;
            let is_required = required.contains(&name.as_str());
            lowered.insert(name.clone(), property.into_property(is_required, site.direction));
        }
        let others = match others {
            Some(values) => {
                let mut name = "additional_properties".to_owned();
                while properties.contains_key(&name) {
                    name.push('_');
                }
                let mut map = self.lower_map(Some(values), site)?;
                map["nullable"] = true.into();
                lowered.insert(name.clone(), map);
                Some(name)
            }
            None => None,
        };
        let mut object = json!({ "type": "object", "properties": lowered });
        // OpenAPI 3.0 does not allow an empty `required`.
        if !required.is_empty() {
            object["required"] = required.into();
        }
        if closed && site.direction == Direction::Request {
            object["additionalProperties"] = false.into();
        }
        let named = self.make_named(object, schema, "must be an object", site);
        if let Some(place) = self.places.get_mut(&self.place(site.direction, site.pointer)) {
            place.others = others;
        }
        Ok(named)
    }

    /// Returns the schema of an object without requiring read-only properties, which requests omit.
    fn without_read_only(&self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Map<String, Value>> {
        let mut schema = schema.clone();
        let (Some(Value::Array(names)), Some(properties)) = (schema.get("required"), schema.get("properties")) else {
            return Ok(schema);
        };
        let mut required = Vec::new();
        for name in names {
            let property = name.as_str().and_then(|name| properties.get(name)).unwrap_or(&Value::Null);
            let (_, target) = follow_reference(self.normal, site.pointer, property);
            if property["readOnly"] != true && target["readOnly"] != true {
                required.push(name.clone());
            }
        }
        schema.insert("required".to_owned(), required.into());
        Ok(schema)
    }

    /// Lowers an object without named properties.
    fn lower_map(&mut self, values: Option<&Value>, site: &Site<'_>) -> Result<Value> {
        let Some(values) = values else { return Ok(json!({ "type": "object" })) };
        let pointer = format!("{}/additionalProperties", site.pointer);
        let words = [site.words, &["Value".to_owned()]].concat();
        let values = self.lower_value(values, &pointer, site.direction, &words)?;
        Ok(json!({ "type": "object", "additionalProperties": values }))
    }

    /// Makes a schema a named type.
    fn make_named(
        &mut self,
        mut lowered: Value,
        schema: &Map<String, Value>,
        expected: &str,
        site: &Site<'_>,
    ) -> Value {
        let place = self.place(site.direction, site.pointer);
        lowered["title"] = place.clone().into();
        let is_component = site.words.len() == 1;
        let qualified = names::type_name(site.words);
        // A component is named after its key, an inline schema preferably after its title.
        let title = schema.get("title").and_then(Value::as_str).filter(|title| !is_component && title.is_ascii());
        let mut candidates: Vec<String> = title.map(|title| names::type_name(&[title])).into_iter().collect();
        candidates.push(qualified.clone());
        if site.direction == Direction::Response {
            candidates.push(names::type_name(&[qualified.as_str(), "Response"]));
        }
        let schema = schema.clone().into();
        let expected = expected.to_owned();
        let pointer = site.pointer.to_owned();
        let direction = site.direction;
        self.places.insert(
            place,
            Place {
                direction,
                pointer,
                is_component,
                candidates,
                schema,
                alternatives: Vec::new(),
                expected,
                tagging: None,
                parts: None,
                others: None,
            },
        );
        lowered
    }

    /// Returns the locations in the published document that a location in the normal form comes from.
    pub fn origins(&self, pointer: &str, known: &mut Sources) -> BTreeSet<String> {
        self.sources(pointer, known).iter().map(|it| self.normal.origin(it)).collect()
    }

    /// Returns the locations in the normal form that a location comes from: several if schemas were combined in it or in a schema that
    /// contains it. `known` caches the results.
    fn sources(&self, place: &str, known: &mut Sources) -> BTreeSet<String> {
        if let Some(sources) = known.get(place) {
            return sources.clone();
        }
        let Some((parent, token)) = place.rsplit_once('/') else { return BTreeSet::from([String::new()]) };
        let parents = self.sources(parent, known);
        let mut sources: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = parents.iter().map(|parent| format!("{parent}/{token}")).collect();
        open.push(place.to_owned());
        while let Some(location) = open.pop() {
            let combined = self.combined.get(&location).into_iter().flatten();
            open.extend(combined.filter(|it| !sources.contains(*it)).cloned());
            if self.normal.document().pointer(&location).is_some() {
                sources.insert(location);
            }
        }
        // A location that does not exist in the document comes from the one that contains it.
        let sources = if sources.is_empty() { parents } else { sources };
        known.insert(place.to_owned(), sources.clone());
        sources
    }

    /// Removes the types that no operation uses: those of alternatives that became any JSON value.
    fn retain_used(&mut self, paths: &Map<String, Value>) {
        let mut used = BTreeSet::new();
        let mut open: Vec<&Value> = paths.values().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(members) => {
                    let places = ["title", "$ref"].iter().filter_map(|key| members.get(*key)?.as_str());
                    for place in places.filter(|place| self.places.contains_key(*place)) {
                        if let (true, Some(Component::Lowered(component))) =
                            (used.insert(place.to_owned()), self.components.get(place))
                        {
                            open.push(&component.schema);
                        }
                    }
                    open.extend(members.values());
                }
                Value::Array(values) => open.extend(values),
                _ => {}
            }
        }
        self.places.retain(|place, _| used.contains(place));
        self.components.retain(|place, _| used.contains(place));
    }

    /// Assigns a Rust name to each place and replaces the places in the lowered schemas with the names.
    pub fn assign_names(mut self, paths: &mut Map<String, Value>, recorded: &Names) -> Result<Named> {
        self.retain_used(paths);
        let (components, inline) = self.places.iter().partition::<Vec<_>, _>(|(_, it)| it.is_component);
        // Components get their names first, so that an inline schema never gets the name of a component.
        let components =
            components.into_iter().map(|(place, it)| (place.clone(), last_token(place), it.candidates.clone()));
        let mut wanted = names::closest_first(components);
        wanted.push(inline.into_iter().map(|(place, it)| (place.clone(), it.candidates.clone())).collect());
        let names = names::assign(&wanted, &recorded.types, &BTreeSet::from(RESERVED));
        let (mut variants, mut appended) = (BTreeMap::new(), BTreeMap::new());
        paths.values_mut().for_each(|path| rename(path, &names));
        let mut components = Map::new();
        for (place, component) in std::mem::take(&mut self.components) {
            if let Component::Lowered(LoweredSchema { mut schema, .. }) = component {
                rename(&mut schema, &names);
                components.insert(names[&place].clone(), schema);
            }
        }
        let (mut types, mut known) = (BTreeMap::new(), Sources::new());
        let mut writer = SchemaWriter::new(self.normal, &names, self.max_schemas);
        for (
            place,
            Place { direction, pointer, schema: original, alternatives, expected, tagging, parts, others, .. },
        ) in std::mem::take(&mut self.places)
        {
            let mut values = original.as_object().map(enumerated).unwrap_or_default();
            let added = names::appended(&place, &values, recorded);
            values.retain(|value| !added.contains(value));
            values.extend(added.iter().cloned());
            if !added.is_empty() {
                appended.insert(place.clone(), added);
            }
            let named = if alternatives.is_empty() { &values } else { &alternatives };
            let given = names::variants(&place, named, &recorded.variants);
            let own_variants = named.iter().map(|value| given[&names::variant_place(&place, value)].clone()).collect();
            variants.extend(given);
            let schema = match direction {
                Direction::Request => writer.schema(&original),
                Direction::Response => Value::Null,
            };
            let sources = self.origins(&pointer, &mut known);
            let of_values = self.origins(&format!("{pointer}/enum"), &mut known);
            let properties = original["properties"].as_object().into_iter().flat_map(Map::keys).map(|name| {
                (name.clone(), self.origins(&format!("{pointer}/properties/{}", escape(name)), &mut known))
            });
            let members: BTreeMap<String, BTreeSet<String>> =
                properties.chain(values.iter().map(|value| (value.clone(), of_values.clone()))).collect();
            let deprecated = members.keys().filter(|name| self.is_deprecated(&original["properties"][*name]));
            let deprecated = deprecated.cloned().collect();
            types.insert(
                names[&place].clone(),
                NamedType {
                    direction,
                    schema,
                    expected,
                    tagging,
                    others,
                    parts,
                    values,
                    variants: own_variants,
                    sources,
                    members,
                    deprecated,
                },
            );
        }
        let located = self.references.iter().flat_map(|(from, to)| {
            let to = self.normal.origin(to);
            self.origins(from, &mut known).into_iter().map(|from| (from, to.clone())).collect::<Vec<_>>()
        });
        let references = located.collect();
        let (integers, widened) = (self.integers, self.widened);
        Ok(Named { components, types, names, variants, appended, integers, widened, references })
    }
}

/// Returns the last reference token of a reference, unescaped.
fn last_token(reference: &str) -> String {
    let token = reference.rsplit('/').next().unwrap_or_default();
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns a label for the type of a schema.
fn kind(schema: &Value) -> String {
    let members = schema.as_object();
    let word = match members.map(types).unwrap_or_default().as_slice() {
        ["string"] if members.is_some_and(is_uri) => "Uri",
        ["string"] => "Text",
        ["integer"] => "Integer",
        ["number"] => "Number",
        ["boolean"] => "Boolean",
        ["array"] => "List",
        ["object"] => "Object",
        _ => "Value",
    };
    word.to_owned()
}

/// Returns a schema that can decode values of several types tolerantly: an object as a list with one item, a scalar as its text.
fn tolerant(types: &[&str]) -> Option<Value> {
    let are_all = |known: &[&str]| types.iter().all(|one| known.contains(one));
    match types {
        types if types.contains(&"array") && are_all(&["array", "object"]) => {
            Some(json!({ "type": "array", "items": {} }))
        }
        types if types.contains(&"string") && are_all(&SCALARS) => Some(json!({ "type": "string" })),
        _ => None,
    }
}

/// Replaces places with Rust names.
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
