//! The part of a document that another one covers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::escape;
use crate::codegen::lower::METHODS;

/// What identifies an operation to the API: its method and its path, whatever the parameters in it are called.
pub fn identity(method: &str, path: &str) -> String {
    let mut identity = format!("{} ", method.to_uppercase());
    for (index, part) in path.split('{').enumerate() {
        match part.split_once('}').filter(|_| index > 0) {
            Some((_, rest)) => identity.extend(["{}", rest]),
            None => identity.push_str(part),
        }
    }
    identity
}

/// The operations of a document by identity, each with its path and method.
pub fn operations(document: &Value) -> BTreeMap<String, (String, &'static str)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = METHODS.into_iter().filter(|method| item.get(method).is_some());
        methods.map(move |method| (identity(method, path), (path.clone(), method)))
    });
    operations.collect()
}

/// Cuts a document down to the operations that another has, and what they reach. Returns the operations left out.
pub fn cut(document: &Value, to: &Value) -> (Value, Vec<String>) {
    let kept = operations(to);
    let mut slice = document.clone();
    let mut left_out = Vec::new();
    for (identity, (path, method)) in operations(document) {
        if !kept.contains_key(&identity) {
            left_out.push(format!("{} {path}", method.to_uppercase()));
            if let Some(item) = slice["paths"][&path].as_object_mut() {
                item.remove(method);
            }
        }
    }
    left_out.sort();
    if let Some(paths) = slice["paths"].as_object_mut() {
        paths.retain(|_, item| {
            METHODS.into_iter().any(|method| item.get(method).is_some()) || item.get("$ref").is_some()
        });
    }
    if let Some(root) = slice.as_object_mut() {
        root.remove("webhooks");
    }
    if to.get("webhooks").is_some() {
        slice["webhooks"] = document["webhooks"].clone();
    }
    keep_reached_components(&mut slice);
    (slice, left_out)
}

/// The components that the value at a pointer refers to, directly and by others, as pointers.
pub fn reached_from(document: &Value, pointer: &str) -> BTreeSet<String> {
    let reached = Reached::from(document.pointer(pointer), &document["components"]);
    reached.components.into_iter().map(|component| format!("/components/{component}")).collect()
}

/// What values refer to, directly and by others.
#[derive(Default)]
struct Reached {
    /// As `schemas/error`.
    components: BTreeSet<String>,
    /// The names of security schemes.
    schemes: BTreeSet<String>,
}

impl Reached {
    fn from<'a>(values: impl IntoIterator<Item = &'a Value>, components: &'a Value) -> Self {
        let mut reached = Self::default();
        let mut open: Vec<&Value> = values.into_iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Array(values) => open.extend(values),
                Value::Object(members) => {
                    open.extend(members.values());
                    if let Some(requirements) = members.get("security").and_then(Value::as_array) {
                        let names = requirements.iter().filter_map(Value::as_object).flat_map(Map::keys);
                        reached.schemes.extend(names.cloned());
                    }
                    let reference = members.get("$ref").and_then(Value::as_str);
                    let target = reference.and_then(|reference| reference.strip_prefix("#/components/"));
                    let component: Option<String> =
                        target.map(|target| target.splitn(3, '/').take(2).collect::<Vec<_>>().join("/"));
                    if let Some(component) = component.filter(|it| reached.components.insert(it.clone())) {
                        open.extend(components.pointer(&format!("/{component}")));
                    }
                }
                _ => {}
            }
        }
        reached
    }
}

fn keep_reached_components(document: &mut Value) {
    let Some(root) = document.as_object_mut() else { return };
    let Some(components) = root.remove("components") else { return };
    let Reached { components: mut reached, schemes: mut used_schemes } = Reached::from(root.values(), &components);
    let schemes = components["securitySchemes"].as_object();
    if let Some(requirements) = root.get("security").and_then(Value::as_array) {
        used_schemes.extend(requirements.iter().filter_map(Value::as_object).flat_map(Map::keys).cloned());
    }
    reached.extend(
        schemes
            .into_iter()
            .flat_map(Map::keys)
            .filter(|name| used_schemes.contains(*name))
            .map(|name| format!("securitySchemes/{}", escape(name))),
    );
    let mut kept = Map::new();
    for (kind, members) in components.as_object().into_iter().flatten() {
        let Some(members) = members.as_object() else { continue };
        let members: Map<String, Value> = members
            .iter()
            .filter(|(name, _)| reached.contains(&format!("{kind}/{}", escape(name))))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !members.is_empty() {
            kept.insert(kind.clone(), members.into());
        }
    }
    root.insert("components".to_owned(), kept.into());
}
