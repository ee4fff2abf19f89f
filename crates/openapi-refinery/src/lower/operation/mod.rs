//! Lowering of operations: parameters, request bodies and responses.

mod media_type;
mod parameter;
mod request;
mod response;

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::lowered::description;
use super::schema::Schemas;
use super::{OperationDetails, Parameter};
use crate::Result;
use crate::names::{self, Looks};
use crate::normalize::{METHODS, Normal};
use crate::pointer::escape;

/// The extension of a lowered operation with the schema of its error bodies, which progenitor ignores.
pub(crate) const ERROR_BODY: &str = "x-error-body";

/// Reserved names of operations: methods of progenitor's clients, of `ClientInfo`, `ClientHooks` and derived traits.
pub const CLIENT_METHODS: [&str; 10] =
    ["new", "new_with_client", "api_version", "baseurl", "client", "inner", "pre", "post", "exec", "clone"];

/// Reserved names of builders: those that the module of operation builders imports or uses from the prelude.
pub const BUILDER_TYPES: [&str; 23] = [
    "ByteStream", "ClientHooks", "ClientInfo", "Error", "OperationInfo", "RequestBuilderExt", "ResponseValue", "Box",
    "Default", "Err", "Extend", "From", "Into", "None", "Ok", "Option", "Result", "Some", "String", "ToString",
    "TryFrom", "TryInto", "Vec",
];

/// An operation of the document.
pub struct Operation<'a> {
    /// Its method and path, which identify it.
    pub key: String,
    path: String,
    pub method: &'static str,
    /// Its location in the normal form.
    pub pointer: String,
    /// The operation object.
    pub item: &'a Value,
}

/// Returns all operations of a document.
pub fn list_operations(normal: &Normal) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, path_item) in normal.document()["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if let Some(item) = path_item.get(method).filter(|_| !path.starts_with("x-")) {
                let (key, pointer) = (format!("{method} {path}"), format!("/paths/{}/{method}", escape(path)));
                operations.push(Operation { key, path: path.clone(), method, pointer, item });
            }
        }
    }
    operations
}

/// Returns whether each parameter of a path is a name in braces, and no other brace is in it (OpenAPI 3.1.1, section 4.8.8.1).
fn is_template(path: &str) -> bool {
    let mut parts = path.split('{');
    let is_outside = |text: &str| !text.contains('}');
    let is_parameter =
        |part: &str| part.split_once('}').is_some_and(|(name, rest)| !name.is_empty() && is_outside(rest));
    parts.next().is_none_or(is_outside) && parts.all(is_parameter)
}

/// Returns a path without the names of its parameters: two paths with the same one are identical (OpenAPI 3.1.1, section 4.8.8.1).
fn template_shape(path: &str) -> String {
    let without_name = |part| str::split_once(part, '}').map_or(part, |(_, rest)| rest);
    path.split('{').map(without_name).collect::<Vec<_>>().join("{}")
}

/// Rejects paths with unmatched braces, paths that differ only in the names of their parameters if both have operations with the same
/// method, and misspelled methods. Reports paths with a query, and webhooks.
pub fn check_path_items(normal: &Normal, schemas: &mut Schemas<'_>) {
    let document = normal.document();
    if document["webhooks"].as_object().is_some_and(|webhooks| !webhooks.is_empty()) {
        schemas.report("webhooks", "are requests that the API sends: nothing is generated for them", "/webhooks");
    }
    let mut shapes: BTreeMap<(&str, String), String> = BTreeMap::new();
    for (path, path_item) in
        document["paths"].as_object().into_iter().flatten().filter(|(path, _)| path.starts_with('/'))
    {
        let pointer = format!("/paths/{}", escape(path));
        if path.contains(['?', '#']) {
            let effect = "contains `?` or `#`, which are sent percent-encoded: declare a query as parameters";
            schemas.report(path, effect, &pointer);
        }
        if !is_template(path) {
            schemas.reject(&pointer, "the braces of the path do not match", "write each parameter as `{name}`");
        }
        // Identical paths with operations of different methods can be told apart.
        let methods = METHODS.into_iter().filter(|method| path_item.get(*method).is_some());
        let identical =
            methods.filter_map(|method| shapes.insert((method, template_shape(path)), schemas.origin(&pointer)));
        if let Some(other) = identical.last() {
            let problem = format!("the path differs from that at {other} only in the names of its parameters");
            schemas.reject(&pointer, problem, "remove one of the operations with the same method");
        }
        for (key, value) in path_item.as_object().into_iter().flatten() {
            let is_method = METHODS.contains(&key.to_ascii_lowercase().as_str()) || value.get("responses").is_some();
            if is_method && !METHODS.contains(&key.as_str()) && !key.starts_with("x-") {
                let pointer = format!("/paths/{}/{}", escape(path), escape(key));
                let remedy = format!("use one of `{}`", METHODS.join("`, `"));
                schemas.reject(&pointer, format!("`{key}` is not a method"), &remedy);
            }
        }
    }
}

/// Reports ids that several operations have, although they must be unique (OpenAPI 3.1.1, section 4.8.10.1).
pub fn report_duplicate_ids(operations: &[Operation<'_>], schemas: &mut Schemas<'_>) {
    let mut by_id: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in operations {
        if let Some(id) = operation.item["operationId"].as_str() {
            by_id.entry(id).or_default().push(&operation.pointer);
        }
    }
    for (id, pointers) in by_id.into_iter().filter(|(_, pointers)| pointers.len() > 1) {
        let effect = "is the `operationId` of several operations: methods of the client are named after the HTTP method and the id or path";
        pointers.iter().for_each(|pointer| schemas.report(id, effect, pointer));
    }
}

/// Names operations after their ids. If a name is taken, it is prefixed with the method; then the whole id is used, then method and path.
pub fn name_operations(
    operations: &[Operation<'_>],
    recorded: &BTreeMap<String, String>,
    handwritten: &BTreeSet<&str>,
    looks: &mut Looks,
) -> BTreeMap<String, String> {
    let wanted = operations.iter().map(|operation| {
        let id = operation.item["operationId"].as_str().filter(|id| !id.to_snake_case().is_empty());
        let with_id = id.into_iter().flat_map(|id| {
            let short = names::value_name(without_namespace(id, operation.method).unwrap_or(id));
            let with_method = names::value_name(&format!("{}_{short}", operation.method));
            [short, with_method, names::value_name(id)]
        });
        let candidates = with_id.chain([names::value_name(&operation.key)]).collect();
        (operation.key.clone(), candidates)
    });
    let reserved = handwritten.iter().copied().chain(CLIENT_METHODS).chain(BUILDER_TYPES).collect();
    names::assign(&[wanted.collect()], recorded, &reserved, names::shape_of_type, looks)
}

/// Returns the last part of an id that begins with a namespace and the method: `shop-api-get-list_orders`.
fn without_namespace<'i>(id: &'i str, method: &str) -> Option<&'i str> {
    let (before, name) = id.rsplit_once('-')?;
    let namespace = before.strip_suffix(method)?.strip_suffix('-')?;
    // A single letter is not a meaningful name.
    (!namespace.is_empty() && name.chars().count() > 1).then_some(name)
}

impl Operation<'_> {
    /// Returns the facts that are known before the operation is lowered.
    pub fn details(&self, schemas: &Schemas<'_>) -> OperationDetails {
        let (method, path) = (self.method, self.path.clone());
        let deprecated = self.item["deprecated"] == true;
        OperationDetails {
            method,
            path,
            deprecated,
            pointer: schemas.origin(&self.pointer),
            ..OperationDetails::default()
        }
    }

    /// Lowers the operation. Returns its path and its operation object for progenitor.
    pub fn lower(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        known: &mut BTreeMap<(String, String), Parameter>,
        details: &mut OperationDetails,
    ) -> Result<(String, Value)> {
        let mut lowered = json!({ "operationId": name });
        for key in ["summary", "description"] {
            if let Some(text) = description(self.item.get(key)) {
                lowered[key] = text.into();
            }
        }
        let mut path = self.path.clone();
        lowered["parameters"] = self.lower_parameters(name, &mut path, schemas, known)?;
        if let Some(body) = self.item.get("requestBody") {
            let pointer = format!("{}/requestBody", self.pointer);
            details.body_sources.extend([format!("{}/requestBody", details.pointer), schemas.origin(&pointer)]);
            if let Some(body) = self.lower_request_body(&pointer, body, name, schemas, details)? {
                lowered["requestBody"] = body;
            }
        }
        if self.item.get("servers").is_some() {
            let effect = "of an operation are ignored: requests go to the base URL of the client";
            schemas.report("servers", effect, &format!("{}/servers", self.pointer));
        }
        if self.item["callbacks"].as_object().is_some_and(|callbacks| !callbacks.is_empty()) {
            let effect = "are requests that the API sends: nothing is generated for them";
            schemas.report("callbacks", effect, &format!("{}/callbacks", self.pointer));
        }
        let (responses, error) = self.lower_responses(name, schemas, details)?;
        lowered["responses"] = responses;
        if let Some(error) = error {
            lowered[ERROR_BODY] = error;
        }
        Ok((path, lowered))
    }
}

/// Returns the description of a part of the document, or a default.
fn description_or(item: &Value, default: impl FnOnce() -> String) -> String {
    description(item.get("description")).map_or_else(default, |text| text.trim().to_owned())
}
