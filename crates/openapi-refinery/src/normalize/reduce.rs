//! Reduction of a document to the operations of another one.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::reference::{chain, is_reference, target};
use super::{METHODS, Normal, normalize_with_targets};
use crate::Result;
use crate::pointer::{escape, is_within};

/// The maximum number of references to removed operations that are replaced by their targets. The limit ends cycles.
const MAX_REPLACED: usize = 200;

/// An operation of a document as published.
struct Operation<'v> {
    path: &'v str,
    method: &'static str,
    pointer: String,
    /// The path item, and those that it refers to.
    path_items: Vec<(String, &'v Value)>,
}

/// Operations by their [`operation_key`].
type Operations<'v> = BTreeMap<String, Operation<'v>>;

/// A document that is reduced to the operations of another one.
#[derive(Clone, Debug)]
pub struct ReducedDocument {
    /// The reduced document, otherwise as published.
    pub document: Value,
    /// Its normal form.
    pub normal: Normal,
    /// The operations that were removed, as method and path.
    pub removed_operations: Vec<String>,
}

/// Returns the key by which operations are matched: the method and the path without the names of parameters (OpenAPI 3.1.1, section
/// 4.8.8.1).
///
/// ```
/// assert_eq!(openapi_refinery::operation_key("get", "/shelves/{id}"), "GET /shelves/{}");
/// ```
pub fn operation_key(method: &str, path: &str) -> String {
    let mut key = format!("{} ", method.to_uppercase());
    for (index, part) in path.split('{').enumerate() {
        match part.split_once('}').filter(|_| index > 0) {
            Some((_, rest)) => key.extend(["{}", rest]),
            None => key.push_str(part),
        }
    }
    key
}

fn list_operations(document: &Value) -> Result<Operations<'_>> {
    let mut operations = Operations::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten().filter(|(path, _)| path.starts_with('/')) {
        let path_items = chain(document, &format!("/paths/{}", escape(path)), item, is_reference)?;
        for method in METHODS {
            let Some((holder, _)) = path_items.iter().find(|(_, item)| item.get(method).is_some()) else { continue };
            let pointer = format!("{holder}/{method}");
            let path_items = path_items.clone();
            operations.insert(operation_key(method, path), Operation { path, method, pointer, path_items });
        }
    }
    Ok(operations)
}

/// Merges a path item with those that it refers to. Its own members take precedence; parameters are combined.
fn merge_path_items(path_items: &[(String, &Value)]) -> Value {
    let mut merged = Map::new();
    for (key, value) in path_items.iter().rev().filter_map(|(_, item)| item.as_object()).flatten() {
        match (merged.get_mut(key), value) {
            (Some(Value::Array(all)), Value::Array(values)) if key == "parameters" => {
                all.extend(values.iter().cloned())
            }
            _ => drop(merged.insert(key.clone(), value.clone())),
        }
    }
    merged.remove("$ref");
    merged.into()
}

/// Reduces a document to the operations of another one, and what they reference.
///
/// # Errors
/// Returns an error if either document cannot be normalized.
///
/// ```
/// use openapi_refinery::reduce_to_operations;
/// use serde_json::json;
///
/// let done = json!({ "responses": { "204": { "description": "Done." } } });
/// let document = json!({ "openapi": "3.1.0", "paths": { "/shelves": { "get": done, "put": done } } });
/// let vendored = json!({ "openapi": "3.1.0", "paths": { "/shelves": { "get": done } } });
/// let reduced = reduce_to_operations(&document, &vendored)?;
/// assert_eq!(reduced.document["paths"], vendored["paths"]);
/// assert_eq!(reduced.removed_operations, ["PUT /shelves"]);
/// # Ok::<(), openapi_refinery::Error>(())
/// ```
pub fn reduce_to_operations(document: &Value, reference: &Value) -> Result<ReducedDocument> {
    let (kept, all) = (list_operations(reference)?, list_operations(document)?);
    let (within, removed): (Operations<'_>, Operations<'_>) =
        all.into_iter().partition(|(key, _)| kept.contains_key(key));
    let mut reduced = document.clone();
    if !removed.is_empty() {
        remove_operations(&mut reduced, document, &within, &removed);
    }
    if let Some(paths) = reduced.get_mut("paths").and_then(Value::as_object_mut) {
        let has_operation = |item: &Value| METHODS.iter().any(|method| item.get(method).is_some());
        paths.retain(|path, item| !path.starts_with('/') || has_operation(item) || item.get("$ref").is_some());
    }
    if reference.get("webhooks").is_none()
        && let Some(root) = reduced.as_object_mut()
    {
        root.remove("webhooks");
    }
    let normal = keep_reached_components(&mut reduced)?;
    let mut names: Vec<String> =
        removed.values().map(|it| format!("{} {}", it.method.to_uppercase(), it.path)).collect();
    names.sort();
    Ok(ReducedDocument { document: reduced, normal, removed_operations: names })
}

fn remove_operations(reduced: &mut Value, document: &Value, within: &Operations<'_>, removed: &Operations<'_>) {
    let reduced_items: HashSet<String> =
        removed.values().map(|operation| format!("/paths/{}", escape(operation.path))).collect();
    // A path item with a `$ref` is replaced by a copy of what it refers to, if that loses an operation. Other path items keep their `$ref`.
    for operation in within.values().chain(removed.values()) {
        if !operation.path_items.iter().any(|(pointer, _)| reduced_items.contains(pointer)) {
            continue;
        }
        let item = &mut reduced["paths"][operation.path];
        if item.get("$ref").is_some() {
            *item = merge_path_items(&operation.path_items);
        }
    }
    for operation in removed.values() {
        if let Some(item) = reduced["paths"][operation.path].as_object_mut() {
            item.remove(operation.method);
        }
    }
    let pointers: Vec<&str> = removed.values().map(|operation| operation.pointer.as_str()).collect();
    let mut remaining = MAX_REPLACED;
    replace_references(reduced, document, &pointers, &mut remaining);
}

/// Replaces references into removed operations by their targets.
fn replace_references(value: &mut Value, document: &Value, removed: &[&str], remaining: &mut usize) {
    let reference = value.get("$ref").and_then(Value::as_str);
    let found = reference.and_then(|reference| target(document, "", reference).ok());
    if let Some((_, target)) = found.filter(|(pointer, _)| removed.iter().any(|it| is_within(pointer, it)))
        && *remaining > 0
    {
        *remaining -= 1;
        *value = target.clone();
        return replace_references(value, document, removed, remaining);
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(|it| replace_references(it, document, removed, remaining)),
        Value::Object(members) => {
            members.values_mut().for_each(|it| replace_references(it, document, removed, remaining));
        }
        _ => {}
    }
}

/// Removes the components that are not part of the normal form. Returns the normal form.
fn keep_reached_components(document: &mut Value) -> Result<Normal> {
    let (normal, reached) = normalize_with_targets(document)?;
    let component = |pointer: &String| pointer.splitn(5, '/').take(4).collect::<Vec<_>>().join("/");
    let reached: HashSet<String> = reached.iter().map(component).collect();
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else { return Ok(normal) };
    components.retain(|kind, members| {
        if kind.starts_with("x-") {
            return true;
        }
        let Some(members) = members.as_object_mut() else { return false };
        members.retain(|name, _| reached.contains(&format!("/components/{kind}/{}", escape(name))));
        !members.is_empty()
    });
    Ok(normal)
}
