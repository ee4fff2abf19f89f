//! Lowering of schemas to those that typify, progenitor's type generator, supports.
//!
//! A schema that becomes a named type has its key (direction and JSON pointer) in `title` until all such schemas are known. Then
//! [`Schemas::assign_names`] replaces the keys with Rust names. The lock has other keys: those of [`Keys`].

mod named;
mod object;
mod reference;
mod typed;
mod union;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use self::named::PlannedType;
pub use self::named::{NamedSchemas, RESERVED_TYPES};
use self::reference::MAX_SCHEMAS;
use super::combine::follow_reference;
use super::inspect::{contradiction, is_combination, mentions_passwords, only_reference, types, without_null};
use super::keys::Keys;
use super::lowered::{LoweredSchema, is_named, with_description};
use super::warnings::Warnings;
use super::{Direction, IntegerRange, MAX_DEPTH, MAX_LEVELS, size};
use crate::names::Looks;
use crate::normalize::{Normal, ValueKind, value_kind};
use crate::pointer::{escape, last_token};
use crate::{Error, Result};

/// The schemas of a document. Each is lowered when an operation reaches it.
pub struct Schemas<'a> {
    /// The input document.
    document: &'a Value,
    normal: &'a Normal,
    components: BTreeMap<String, Component>,
    planned_types: BTreeMap<String, PlannedType>,
    integers: BTreeSet<IntegerRange>,
    /// Warnings about the document.
    pub warnings: Warnings,
    /// The names outside of ASCII.
    pub looks: Looks,
    /// Errors that make the document unusable.
    pub errors: Vec<Error>,
    /// The components that have no Rust type, because they contain themselves without a named type in between. `true` if the component
    /// accepts any JSON value for another reason, which is reported separately.
    pub untyped: BTreeMap<String, bool>,
    /// The locations of the schemas that were combined into one, by its location.
    combined: BTreeMap<String, BTreeSet<String>>,
    /// The keys of types in the lock.
    keys: Keys<'a>,
    /// The references, as pairs of location and target.
    references: BTreeSet<(String, String)>,
    /// The targets of the references that are currently inlined.
    inlined: Vec<String>,
    /// The unions whose discriminator values are currently listed, each an alternative of the one before.
    nested_unions: Vec<String>,
    /// The depth of the current schema in its component.
    depth: usize,
    /// The same, including the components that refer to it.
    levels: usize,
    schemas: usize,
    max_schemas: usize,
    /// Whether any schema of the document is a password.
    mentions_passwords: bool,
}

/// The state of a component, which may refer to itself.
#[derive(Clone)]
enum Component {
    InProgress,
    /// In progress, and known to refer to itself.
    Recursive,
    Lowered(LoweredSchema),
}

/// The location of a schema.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub pointer: &'a str,
    pub direction: Direction,
    /// The names on the path to it, from which its type is named.
    pub words: &'a [String],
}

impl<'a> Site<'a> {
    /// Returns the location of a schema in requests.
    pub fn in_request(pointer: &'a str, words: &'a [String]) -> Self {
        Self { pointer, direction: Direction::Request, words }
    }

    /// Returns the location of a schema in responses.
    pub fn in_response(pointer: &'a str, words: &'a [String]) -> Self {
        Self { pointer, direction: Direction::Response, words }
    }
}

impl<'a> Schemas<'a> {
    /// Creates an empty set of schemas. `untyped` contains the components that are known to have no type. `looks` contains the names of
    /// operations with non-ASCII letters.
    pub fn new(corrected: &'a Value, normal: &'a Normal, untyped: BTreeMap<String, bool>, looks: Looks) -> Self {
        Self {
            document: corrected,
            normal,
            looks,
            components: BTreeMap::new(),
            planned_types: BTreeMap::new(),
            integers: BTreeSet::new(),
            warnings: Warnings::of(normal),
            errors: Vec::new(),
            untyped,
            combined: BTreeMap::new(),
            keys: Keys::new(corrected),
            references: BTreeSet::new(),
            inlined: Vec::new(),
            nested_unions: Vec::new(),
            depth: 0,
            levels: 0,
            schemas: 0,
            max_schemas: MAX_SCHEMAS + 10 * size(normal.document()),
            mentions_passwords: mentions_passwords(normal.document()),
        }
    }

    /// Returns the location in the input document.
    pub fn origin(&self, pointer: &str) -> String {
        self.normal.origin(pointer)
    }

    /// Returns the location of a part in the input document. The origin of an alternative for one of several types contains `/type/` and an
    /// index. If the document has no such location, for example because it does not state the types, these two tokens are omitted.
    fn location(&self, pointer: &str) -> String {
        let origin = self.normal.origin(pointer);
        if self.document.pointer(&origin).is_some() {
            return origin;
        }
        let mut parts = origin.split("/type/");
        let start = parts.next().unwrap_or_default().to_owned();
        parts.fold(start, |location, part| {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            let is_index = rest.len() < part.len() && (rest.is_empty() || rest.starts_with('/'));
            if is_index { location + rest } else { format!("{location}/type/{part}") }
        })
    }

    /// Reports a keyword that is not enforced.
    fn report_keyword(&mut self, keyword: &str, pointer: &str) {
        self.warnings.add_keyword(&self.written_keyword(keyword, pointer), keyword, &self.location(pointer));
    }

    /// Returns the keyword as the document writes it: for example, `const` where the normal form has `enum`.
    fn written_keyword(&self, keyword: &str, pointer: &str) -> String {
        last_token(&self.normal.origin(&format!("{pointer}/{}", escape(keyword))))
    }

    /// Reports a constraint that is not enforced.
    pub fn report_widened(&mut self, part: &str, effect: &str, pointer: &str) {
        self.warnings.add_widened(part, effect, &self.location(pointer));
    }

    /// Reports a part of the document from which the client deviates.
    pub fn report(&mut self, part: &str, effect: &str, pointer: &str) {
        self.warnings.add(part, effect, &self.location(pointer));
    }

    /// Adds an error that makes the document unusable. All errors are returned together.
    pub fn reject(&mut self, pointer: &str, problem: impl Into<String>, remedy: &str) {
        self.errors.push(Error::at(self.normal.origin(pointer), problem, remedy));
    }

    /// Returns whether the value of a parameter may be a secret: that of a cookie, or of a security scheme.
    pub fn is_secret(&self, name: &str, location: &str) -> bool {
        let schemes = self.normal.document()["components"]["securitySchemes"].as_object();
        let is_named = |scheme: &Value| {
            scheme["in"] == location && scheme["name"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        let is_cookie = location == "cookie" || (location == "header" && name.eq_ignore_ascii_case("cookie"));
        is_cookie || schemes.is_some_and(|schemes| schemes.values().any(is_named))
    }

    /// Returns the key of the type of a schema in one direction.
    fn name_key(&self, direction: Direction, pointer: &str) -> String {
        direction.name_key(&self.normal.origin(pointer))
    }

    /// Lowers a schema and the schemas that it refers to.
    pub fn lower(&mut self, schema: &Value, site: &Site<'_>) -> Result<LoweredSchema> {
        self.count_schema(site.pointer)?;
        if self.depth == MAX_DEPTH || self.levels == MAX_LEVELS {
            self.report_widened("schema", "schemas nested this deep accept any JSON value", site.pointer);
            return Ok(LoweredSchema::any());
        }
        self.depth += 1;
        self.levels += 1;
        let lowered = self.lower_at(schema, site);
        self.depth -= 1;
        self.levels -= 1;
        lowered
    }

    /// Lowers the schema of a request body, including `null`.
    pub fn lower_body(&mut self, schema: &Value, site: &Site<'_>) -> Result<Value> {
        Ok(self.lower(schema, site)?.or_null())
    }

    /// Lowers a nested schema. A named type becomes a component, so that progenitor generates a builder for it.
    pub fn lower_within(&mut self, schema: &Value, site: &Site<'_>) -> Result<LoweredSchema> {
        let lowered = self.lower(schema, site)?;
        let key = self.name_key(site.direction, site.pointer);
        if lowered.schema["title"] == key.as_str() {
            let mut reference = json!({ "$ref": key });
            if let Some(members) = lowered.schema.as_object() {
                reference = with_description(reference, members);
            }
            let referring = lowered.with_schema(reference);
            self.components.insert(key, Component::Lowered(lowered));
            return Ok(referring);
        }
        Ok(lowered)
    }

    /// Lowers the schema of a value that is not a property, including `null`.
    pub fn lower_value(&mut self, schema: &Value, site: &Site<'_>) -> Result<Value> {
        let lowered = self.lower_within(schema, site)?;
        if lowered.in_property.is_some() {
            self.report_keyword("type", site.pointer);
        }
        Ok(lowered.or_null())
    }

    fn lower_at(&mut self, schema: &Value, site: &Site<'_>) -> Result<LoweredSchema> {
        let members = match schema {
            Value::Bool(false) => {
                let part = last_token(&self.normal.origin(site.pointer));
                self.report_widened(&part, "any value is accepted, although the schema allows none", site.pointer);
                return Ok(LoweredSchema::any());
            }
            Value::Object(members) => members,
            _ => &Map::new(),
        };
        let (schema, nullable) = without_null(members);
        let schema = self.without_implied_type(schema);
        self.check_mapping(&schema, site);
        let lowered = if let Some(reference) = only_reference(&schema, site.direction) {
            self.lower_reference(reference, site)?
        } else if is_combination(&schema) {
            self.lower_combination(&schema, site)?
        } else {
            let possible = if nullable { Cow::Borrowed(&*schema) } else { self.report_contradiction(&schema, site) };
            self.lower_typed(&possible, site)?
        };
        let nullable = nullable || lowered.nullable;
        Ok(LoweredSchema { schema: with_description(lowered.schema, &schema), nullable, ..lowered })
    }

    /// Removes the `type` beside a reference whose target has the same type. The schema then has the type of its target, with the schemas
    /// that extend it.
    fn without_implied_type<'s>(&self, schema: Cow<'s, Map<String, Value>>) -> Cow<'s, Map<String, Value>> {
        if !is_combination(&schema) {
            return schema;
        }
        let mut schema = schema.into_owned();
        if let Some(own) = schema.remove("type") {
            let reference = only_reference(&schema, Direction::Request);
            if reference.is_none_or(|reference| self.normal.target(reference).1.get("type") != Some(&own)) {
                schema.insert("type".to_owned(), own);
            }
        }
        Cow::Owned(schema)
    }

    /// Reports keywords that no value satisfies. Returns the schema without an `enum` of values that other keywords exclude.
    fn report_contradiction<'s>(
        &mut self,
        schema: &'s Map<String, Value>,
        site: &Site<'_>,
    ) -> Cow<'s, Map<String, Value>> {
        let mut possible = Cow::Borrowed(schema);
        match contradiction(schema) {
            ["enum", ..] => {
                let keyword = self.written_keyword("enum", site.pointer);
                self.report(
                    &keyword,
                    "lists no value of the schema's type, and is ignored: any value of the type is accepted",
                    site.pointer,
                );
                possible.to_mut().remove("enum");
            }
            [keyword, ..] => {
                self.report(keyword, "contradicts another keyword of the schema: no value is valid", site.pointer);
            }
            [] => {}
        }
        possible
    }

    /// Reports a keyword that is not enforced, and returns a schema that accepts any JSON value.
    fn any_value(&mut self, keyword: &str, pointer: &str) -> LoweredSchema {
        self.report_keyword(keyword, pointer);
        LoweredSchema::any()
    }

    /// Returns whether the document marks a schema, or the one that it refers to, as deprecated.
    pub fn is_deprecated(&self, schema: &Value) -> bool {
        schema["deprecated"] == true || follow_reference(self.normal, "", schema).1["deprecated"] == true
    }

    /// Returns whether instances of a schema may be passwords or contain passwords. If the lowered schema has a type of its own,
    /// `properties` are not searched, since `Debug` of this type hides them.
    pub fn has_passwords(&self, schema: &Value, lowered: &Value) -> bool {
        if !self.mentions_passwords {
            return false;
        }
        let is_named = is_named(lowered);
        let (mut open, mut entered) = (vec![schema], BTreeSet::new());
        while let Some(schema) = open.pop() {
            let (pointer, schema) = follow_reference(self.normal, "", schema);
            if schema["format"] == "password" {
                return true;
            }
            if pointer.is_empty() || entered.insert(pointer) {
                for (keyword, value) in schema.as_object().into_iter().flatten() {
                    match value_kind(keyword) {
                        _ if keyword == "not" || (is_named && keyword == "properties") => {}
                        ValueKind::Schema => open.push(value),
                        ValueKind::List => open.extend(value.as_array().into_iter().flatten()),
                        ValueKind::ByName => open.extend(value.as_object().into_iter().flat_map(Map::values)),
                        ValueKind::Data | ValueKind::Definitions => {}
                    }
                }
            }
        }
        false
    }

    /// Returns the properties of a named type that contain passwords; the empty name if it has no properties and may be a password itself.
    fn list_secrets(&self, schema: &Value, lowered: &Value) -> BTreeSet<String> {
        let is_secret = |(name, lowered): &(&String, &Value)| {
            // A field without a property of its name holds the members that `additionalProperties` allows.
            let property = schema["properties"].get(name.as_str()).unwrap_or(&schema["additionalProperties"]);
            self.has_passwords(property, lowered)
        };
        let properties = lowered["properties"].as_object().into_iter().flatten();
        let secret = properties.filter(is_secret).map(|(name, _)| name.clone());
        let is_secret_itself = schema.get("properties").is_none() && self.has_passwords(schema, lowered);
        secret.chain(is_secret_itself.then(String::new)).collect()
    }

    /// Returns whether a schema or one of its alternatives is that of objects with members that it does not name.
    pub fn has_unnamed_members(&self, schema: &Value) -> bool {
        let (mut open, mut entered) = (vec![schema], BTreeSet::new());
        while let Some(schema) = open.pop() {
            let (pointer, schema) = follow_reference(self.normal, "", schema);
            let others = &schema["additionalProperties"];
            let is_object = schema.as_object().is_some_and(|members| types(members).contains(&"object"));
            if others.is_object() || is_object && *others != false && schema.get("properties").is_none() {
                return true;
            }
            if pointer.is_empty() || entered.insert(pointer) {
                let lists = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema[*keyword].as_array());
                open.extend(lists.flatten());
            }
        }
        false
    }

    /// Returns the target of a lowered reference; any other schema is returned unchanged.
    pub fn resolve_lowered<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let alone = schema["allOf"].as_array().filter(|members| members.len() == 1).map_or(schema, |all| &all[0]);
        match alone["$ref"].as_str().and_then(|key| self.components.get(key)) {
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
}
