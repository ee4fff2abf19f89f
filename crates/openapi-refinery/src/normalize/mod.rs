//! Step 3: conversion to a normal form.
//!
//! The normal form of a document is an equivalent OpenAPI 3.1 document with JSON Schema 2020-12. Documents with different meanings never
//! have the same normal form; equivalent spellings have the same one if a rule of this module covers them:
//!
//! - References to schemas become references to components; all others are resolved. Only components that operations and webhooks use are
//!   kept.
//! - Each operation is self-contained: it includes parameters, security and servers of its path item and of the document. Headers that
//!   OpenAPI ignores are removed.
//! - Media types have one spelling ([`canonical_media_type`]).
//! - Explicit defaults, and keywords that every instance satisfies, are removed.
//! - Equivalent schemas are written in one way: see the methods of `Schema` in the modules `schema` and `combination`, and
//!   `Schema::into_value` for those that are written as `false`.

mod anchors;
mod combination;
mod form;
mod keywords;
mod media_type;
mod objects;
mod operation;
mod origin;
mod reduce;
mod reference;
mod schema;
mod server;
mod value_kinds;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value};

pub use self::anchors::replace_anchors;
pub use self::combination::VALUES;
pub(crate) use self::form::is_untyped_file;
pub use self::keywords::{
    Constrains, KEYWORDS, Keyword, ValueKind, has_no_effect_on, is_annotation, keyword, value_kind,
};
pub use self::media_type::{canonical_media_type, is_xml, media_range_includes};
pub(crate) use self::media_type::{is_json, is_text_or_json};
use self::objects::list_unknown_members;
pub(crate) use self::operation::LOCATIONS;
pub use self::operation::is_raw;
use self::origin::Origins;
pub use self::reduce::{ReducedDocument, operation_key, reduce_to_operations};
pub(crate) use self::schema::is_of_type;
pub use self::schema::{is_documentation, type_of};
pub use self::server::{expand_server_url, normalize_url};
pub use self::value_kinds::TYPES;
pub(crate) use self::value_kinds::is_type;
use self::value_kinds::{expected_member, is_documentation_member};
use crate::lower::size;
use crate::pointer::{escape, last_token};
use crate::{Error, Result};

/// The keys of the operations in a path item (OpenAPI 3.1.1, section 4.8.9.1).
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Base of the limit for operations and callbacks in the normal form, which references can multiply exponentially. The limit is this number
/// plus ten for each JSON value of the document.
const BASE_OPERATIONS: usize = 100_000;
/// Maximum nesting of callbacks. References can make them circular.
const MAX_CALLBACKS: usize = 20;

/// The normal form of a document.
///
/// ```
/// use openapi_refinery::normalize;
/// use serde_json::json;
///
/// let document = json!({
///     "openapi": "3.0.3",
///     "info": { "title": "Shelves", "version": "1" },
///     "paths": { "/shelves": {
///         "parameters": [{ "$ref": "#/components/parameters/label" }],
///         "get": { "responses": { "204": { "description": "Done." } } },
///     }},
///     "components": { "parameters": {
///         "label": { "name": "label", "in": "query", "style": "form", "schema": { "type": "string", "nullable": true } },
///     }},
/// });
/// let normal = normalize(&document)?;
/// let parameter = "/paths/~1shelves/get/parameters/0";
/// assert_eq!(
///     normal.document().pointer(parameter),
///     Some(&json!({ "name": "label", "in": "query", "schema": { "type": ["null", "string"] } })),
/// );
/// assert_eq!(normal.origin(parameter), "/components/parameters/label");
/// assert_eq!(normal.reference(parameter), Some("/paths/~1shelves/parameters/0"));
/// # Ok::<(), openapi_refinery::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Normal {
    document: Value,
    origins: Origins,
    warnings: Vec<Warning>,
}

/// A warning about a part of a document that is ignored.
#[derive(Clone, Debug)]
pub(crate) struct Warning {
    /// The name of the part.
    pub part: String,
    /// The effect on the client, as the end of a sentence that begins with the name.
    pub effect: String,
    /// Its location in the document.
    pub pointer: String,
    /// Its location in the normal form, if it is ignored because its value is invalid. A `null` is ignored like an absent member.
    pub invalid_at: Option<String>,
}

/// A value that is ignored because it is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidValue<'a> {
    /// Its location in the document, as a JSON pointer.
    pub pointer: &'a str,
    /// Its location in the normal form, which does not contain it.
    pub normal_pointer: &'a str,
    /// Whether it is documentation, so that clients do not depend on it.
    pub is_documentation: bool,
    /// What the value is, and what it must be.
    pub message: String,
}

impl Normal {
    /// Returns the normal form as an OpenAPI 3.1 document.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Returns the warnings about parts of the document that are ignored.
    pub(crate) fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns the values that are ignored because they are invalid, without `null`. A value that several operations use occurs several
    /// times.
    pub fn invalid_values(&self) -> impl Iterator<Item = InvalidValue<'_>> {
        self.warnings.iter().filter_map(|Warning { part, effect, pointer, invalid_at }| {
            let message = format!("`{part}` {effect}");
            let is_documentation = is_documentation_member(&last_token(pointer));
            Some(InvalidValue { pointer, normal_pointer: invalid_at.as_deref()?, is_documentation, message })
        })
    }

    /// Returns the component that a `$ref` of the normal form refers to, with its location.
    pub fn target<'v>(&'v self, reference: &'v str) -> (&'v str, &'v Value) {
        let pointer = reference.trim_start_matches('#');
        (pointer, self.document.pointer(pointer).unwrap_or(&Value::Null))
    }

    /// Returns the location in the input document that a location in the normal form comes from, both as JSON pointers. [`lines`]
    /// returns its line.
    ///
    /// [`lines`]: crate::lines()
    pub fn origin(&self, pointer: &str) -> String {
        self.origins.of(pointer)
    }

    /// Returns the location in the input document of the reference that a part was reached through, if the part is not a schema.
    pub fn reference(&self, pointer: &str) -> Option<&str> {
        self.origins.reference(pointer)
    }
}

/// Returns the normal form of an OpenAPI 3.0 or 3.1 document.
///
/// # Errors
/// Returns an error if the version is missing or not supported, or a part of the document has a wrong form or a reference that cannot be
/// resolved. All such parts are reported together.
pub fn normalize(document: &Value) -> Result<Normal> {
    normalize_with_targets(document).map(|(normal, _)| normal)
}

/// Returns the normal form, and the locations that references lead to.
fn normalize_with_targets(document: &Value) -> Result<(Normal, HashSet<String>)> {
    let PartialNormal { normal, reached, errors } = normalize_valid_parts(document)?;
    match Error::all(errors) {
        Some(error) => Err(error),
        None => Ok((normal, reached)),
    }
}

/// The normal form of the valid parts of a document, and the errors of the others.
pub(crate) struct PartialNormal {
    /// The normal form, without the invalid parts.
    pub normal: Normal,
    /// The locations that references lead to.
    reached: HashSet<String>,
    /// The errors of the invalid parts.
    pub errors: Vec<Error>,
}

/// Normalizes those parts of a document that are valid, so that all errors can be reported with those of later steps.
///
/// # Errors
/// Returns an error if the version is missing or not supported.
pub(crate) fn normalize_valid_parts(document: &Value) -> Result<PartialNormal> {
    let is_30 = check_version(document)? == "3.0";
    let document = replace_anchors(document);
    let mut normalizer = Normalizer::new(&document, is_30);
    normalizer.has_unevaluated = has_unevaluated(&document);
    let normalized = normalizer.normalize();
    // If normalization has removed all `unevaluated*` keywords, those that were kept only for them can be removed, too.
    let is_done = !has_unevaluated(&document) || has_unevaluated(normalized.normal.document());
    let mut normalized = if is_done { normalized } else { Normalizer::new(&document, is_30).normalize() };
    normalized.normal.warnings.extend(list_unknown_members(&document));
    Ok(normalized)
}

/// Returns whether a document has version 3.0 of OpenAPI.
pub(crate) fn is_30(document: &Value) -> bool {
    check_version(document).is_ok_and(|version| version == "3.0")
}

/// Returns the minor version of an OpenAPI document.
fn check_version(document: &Value) -> Result<&'static str> {
    // In YAML, an unquoted version without a patch is a number.
    let version =
        document.get("openapi").map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned));
    let is = |minor: &&str| {
        let rest = version.as_deref().and_then(|version| version.strip_prefix(*minor));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    match (["3.0", "3.1"].into_iter().find(is), &version) {
        (Some(minor), _) => Ok(minor),
        (None, Some(version)) => {
            Err(Error::at("/openapi", format!("version `{version}` is not supported"), "use 3.0 or 3.1"))
        }
        (None, None) => {
            Err(Error::at("", "this is not an OpenAPI document: `openapi` is missing", "use OpenAPI 3.0 or 3.1"))
        }
    }
}

/// A part of the document, with its location in the document and in the normal form.
#[derive(Clone)]
struct Node<'v> {
    value: &'v Value,
    /// Its location in the input document.
    from: String,
    /// Its location in the normal form.
    to: String,
    /// The description beside a reference to it, with its location in the input document.
    description: Option<(String, &'v Value)>,
    /// Whether it exists in the document; a missing member is `null`.
    exists: bool,
}

impl<'v> Node<'v> {
    /// Returns a part with its locations in the document and in the normal form.
    fn of(value: &'v Value, from: String, to: String) -> Self {
        Self { value, from, to, description: None, exists: true }
    }

    /// Returns a member, or `null` if it is missing.
    fn member(&self, key: &str) -> Self {
        let value = self.value.get(key);
        let (from, to) = (format!("{}/{}", self.from, escape(key)), format!("{}/{}", self.to, escape(key)));
        Self { exists: value.is_some(), ..Self::of(value.unwrap_or(&Value::Null), from, to) }
    }

    fn item(&self, index: usize, value: &'v Value) -> Self {
        Self::of(value, format!("{}/{index}", self.from), format!("{}/{index}", self.to))
    }

    /// Returns the same part at another location in the normal form.
    fn at(self, to: String) -> Self {
        Self { to, ..self }
    }

    fn text(&self, key: &str) -> &'v str {
        self.value.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

struct Normalizer<'a> {
    /// The document, with references to anchors replaced by references to pointers.
    document: &'a Value,
    is_30: bool,
    /// Whether any schema depends on which properties or items others evaluate.
    has_unevaluated: bool,
    origins: Origins,
    /// The names of components by their location in the document.
    components: HashMap<String, String>,
    names: BTreeSet<String>,
    /// Referenced components that are not normalized yet.
    pending: Vec<(String, String)>,
    /// The components that extend each schema with a discriminator, by the location of that schema.
    children: BTreeMap<String, Vec<String>>,
    /// Locations that references lead to.
    reached: HashSet<String>,
    errors: Vec<Error>,
    warnings: Vec<Warning>,
    /// The locations of forms in the normal form.
    forms: Vec<String>,
    /// The number of operations and callbacks that may still be normalized.
    remaining_operations: usize,
    /// The number of callbacks around the current part.
    callbacks: usize,
}

impl<'a> Normalizer<'a> {
    fn new(document: &'a Value, is_30: bool) -> Self {
        Self {
            document,
            is_30,
            has_unevaluated: false,
            origins: Origins::default(),
            components: HashMap::new(),
            names: BTreeSet::new(),
            pending: Vec::new(),
            children: find_children(document, is_30),
            reached: HashSet::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            forms: Vec::new(),
            remaining_operations: BASE_OPERATIONS + 10 * size(document),
            callbacks: 0,
        }
    }

    fn normalize(mut self) -> PartialNormal {
        let root = Node::of(self.document, String::new(), String::new());
        let mut normal = Map::new();
        for (key, value) in self.expect_members(&root).into_iter().flatten() {
            if !matches!(key.as_str(), "components" | "paths" | "webhooks" | "servers" | "security" | "openapi") {
                normal.insert(key.clone(), value.clone());
            }
        }
        self.check_members(&root.member("info"));
        normal.insert("openapi".to_owned(), "3.1.0".into());
        normal.insert("servers".to_owned(), self.normalize_servers(&root.member("servers")));
        normal.insert("paths".to_owned(), self.normalize_paths(&root.member("paths")));
        if root.value.get("webhooks").is_some() {
            let webhooks = self.normalize_members(&root.member("webhooks"), |normalizer, node| {
                normalizer.normalize_path_item(node, None)
            });
            normal.insert("webhooks".to_owned(), webhooks);
        }
        let mut schemas = Map::new();
        while let Some((from, name)) = self.pending.pop() {
            let value = self.document.pointer(&from).unwrap_or(&Value::Null);
            let to = format!("/components/schemas/{name}");
            schemas.insert(name, self.normalize_schema(&Node::of(value, from, to)));
        }
        self.reject_circular(&mut schemas);
        let components = root.member("components");
        let mut all = Map::new();
        for (key, value) in components.value.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("x-"))
        {
            all.insert(key.clone(), value.clone());
        }
        all.insert("schemas".to_owned(), retain_referenced(&normal, schemas).into());
        all.insert(
            "securitySchemes".to_owned(),
            self.normalize_security_schemes(&components.member("securitySchemes")),
        );
        normal.insert("components".to_owned(), all.into());
        let mut document = Value::Object(normal);
        self.complete_forms(&mut document);
        // With the feature `preserve_order`, `serde_json` keeps the order of keys.
        document.sort_all_objects();
        let normal = Normal { document, origins: self.origins, warnings: self.warnings };
        PartialNormal { normal, reached: self.reached, errors: self.errors }
    }

    /// Returns the name of a component in the normal form, and queues its schema for normalization if it is new. A schema that is not a
    /// component is named after its location.
    fn component_name(&mut self, origin: &str) -> String {
        if let Some(name) = self.components.get(origin) {
            return name.clone();
        }
        let own = origin.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
        let is_valid = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let name = own.unwrap_or(origin.trim_start_matches('/')).replace(|c| !is_valid(c), ".");
        let schemas = &self.document["components"]["schemas"];
        let is_free = |name: &str| own == Some(name) || schemas.get(name).is_none();
        let numbered = (2..).map(|number| format!("{name}.{number}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(|it| is_free(it) && !self.names.contains(it));
        let name = name.unwrap_or_default();
        self.names.insert(name.clone());
        self.origins.set(&format!("/components/schemas/{name}"), origin);
        self.reached.insert(origin.to_owned());
        self.components.insert(origin.to_owned(), name.clone());
        self.pending.push((origin.to_owned(), name.clone()));
        name
    }

    /// Records an error at an invalid part. Returns `null`, which takes its place.
    fn reject(&mut self, node: &Node<'_>, problem: impl Into<String>, remedy: &str) -> Value {
        self.errors.push(Error::at(node.from.clone(), problem, remedy));
        Value::Null
    }

    /// Records a warning about a part; `effect` ends the sentence that begins with its name.
    fn warn(&mut self, node: &Node<'_>, part: &str, effect: impl Into<String>) {
        let (part, effect, pointer) = (part.to_owned(), effect.into(), node.from.clone());
        self.warnings.push(Warning { part, effect, pointer, invalid_at: None });
    }

    /// Records a warning about a part that is ignored because of its value.
    fn warn_about_value(&mut self, node: &Node<'_>, expected: &str) {
        let (parent, token) = node.from.rsplit_once('/').unwrap_or_default();
        let token = last_token(token);
        let is_item = token.bytes().all(|byte| byte.is_ascii_digit());
        let name = if is_item { format!("{}/{token}", last_token(parent)) } else { token };
        let part =
            if node.value.is_array() || node.value.is_object() { name } else { format!("{name}: {}", node.value) };
        let (effect, pointer) = (format!("is ignored: it must be {expected}"), node.from.clone());
        let invalid_at = (!node.value.is_null()).then(|| node.to.clone());
        self.warnings.push(Warning { part, effect, pointer, invalid_at });
    }

    /// Records a warning about each member of an object that is ignored because of its value.
    fn check_members(&mut self, node: &Node<'_>) {
        for (key, value) in node.value.as_object().into_iter().flatten() {
            if let Some(expected) = expected_member(key, value) {
                self.warn_about_value(&node.member(key), expected);
            }
        }
    }

    /// Counts an operation or a callback. Returns `false` if there are too many, with an error for the first of these.
    fn count_operation(&mut self, node: &Node<'_>) -> bool {
        let is_last = self.remaining_operations == 1;
        self.remaining_operations = self.remaining_operations.saturating_sub(1);
        if is_last {
            self.reject(
                node,
                "the document has too many parts once its references are resolved",
                "let fewer callbacks and paths refer to the same path item",
            );
        }
        self.remaining_operations > 0
    }

    /// Returns the members of an object. Rejects any other value, except `null`, which is ignored with a warning.
    fn expect_members(&mut self, node: &Node<'a>) -> Option<&'a Map<String, Value>> {
        match node.value {
            Value::Object(members) => Some(members),
            Value::Null => {
                if node.exists {
                    self.warn_about_value(node, "an object");
                }
                None
            }
            _ => {
                self.reject(node, "this is not an object", "use an object");
                None
            }
        }
    }

    /// Returns the items of an array. Rejects any other value, except `null`, which is ignored with a warning.
    fn expect_items(&mut self, node: &Node<'a>) -> Vec<Node<'a>> {
        match node.value {
            Value::Array(values) => values.iter().enumerate().map(|(index, value)| node.item(index, value)).collect(),
            Value::Null => {
                if node.exists {
                    self.warn_about_value(node, "a list");
                }
                Vec::new()
            }
            _ => {
                self.reject(node, "this is not a list", "use a list");
                Vec::new()
            }
        }
    }

    fn normalize_items(&mut self, node: &Node<'a>, part: impl Fn(&mut Self, &Node<'a>) -> Value) -> Value {
        self.expect_items(node).iter().map(|item| part(self, item)).collect()
    }

    fn normalize_members(&mut self, node: &Node<'a>, part: impl Fn(&mut Self, &Node<'a>) -> Value) -> Value {
        let names: Vec<&String> = self.expect_members(node).into_iter().flat_map(Map::keys).collect();
        let parts = names.into_iter().map(|name| (name.clone(), part(self, &node.member(name))));
        Value::Object(parts.collect())
    }
}

/// Removes schemas that are no longer referenced, since rules may have removed references.
fn retain_referenced(normal: &Map<String, Value>, mut schemas: Map<String, Value>) -> Map<String, Value> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&Value> = normal.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => {
                let name = text.strip_prefix("#/components/schemas/").map(str::to_owned);
                if let Some(name) = name.filter(|name| names.insert(name.clone())) {
                    open.extend(schemas.get(&name));
                }
            }
            Value::Array(values) => open.extend(values),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    schemas.retain(|name, _| names.contains(name));
    schemas
}

/// Returns whether any schema depends on which properties or items others evaluate (JSON Schema 2020-12, Core, section 11).
fn has_unevaluated(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(key, value)| key.starts_with("unevaluated") || has_unevaluated(value))
        }
        Value::Array(values) => values.iter().any(has_unevaluated),
        _ => false,
    }
}

/// Returns a map from the location of each schema with a discriminator to the components that extend it, directly or indirectly, by `allOf`
/// (OpenAPI 3.1.1, section 4.8.24.4.1) or by keywords beside `$ref`.
fn find_children(document: &Value, is_30: bool) -> BTreeMap<String, Vec<String>> {
    let is_alias = |schema: &Value| {
        let mut keys = schema.as_object().into_iter().flatten().map(|(key, _)| key);
        reference::is_reference(schema) && (is_30 || keys.all(|key| key == "$ref" || is_documentation(key)))
    };
    let mut direct: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let components = document["components"]["schemas"].as_object().into_iter().flatten();
    for (name, schema) in components.filter(|(_, schema)| !is_alias(schema)) {
        let targets = reference::combined_references(schema).into_iter().filter_map(|reference| {
            let (pointer, value) = reference::target(document, "", reference).ok()?;
            reference::follow(document, &pointer, value, is_alias).ok()
        });
        for (parent, ..) in targets {
            direct.entry(parent).or_default().push(format!("/components/schemas/{}", escape(name)));
        }
    }
    let has_discriminator =
        |parent: &&String| document.pointer(parent).is_some_and(|schema| schema.get("discriminator").is_some());
    let all = direct.keys().filter(has_discriminator).map(|parent| {
        let mut all: Vec<String> = Vec::new();
        let mut open = direct[parent].clone();
        while let Some(child) = open.pop() {
            if child != *parent && !all.contains(&child) {
                open.extend(direct.get(&child).into_iter().flatten().cloned());
                all.push(child);
            }
        }
        all.sort();
        (parent.clone(), all)
    });
    all.collect()
}
