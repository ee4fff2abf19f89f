//! The part of a document that another one covers.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::operation::{Operations, operations};
use super::{Place, escape, target};
use openapi_refinery::lower::METHODS;
use openapi_refinery::{Result, as_pointers};

/// Enough for what is written out of operations that are left out; more is a circle.
const MAX_WRITTEN_OUT: usize = 200;

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

/// Cuts a document down to the operations that another has, and what they reach. Returns the operations left out.
///
/// # Errors
/// When a path item refers to what is not there.
pub fn cut(document: &Value, to: &Value) -> Result<(Value, Vec<String>)> {
    let paths = |document| Place { pointer: String::new(), value: document }.member("paths");
    let (kept, all) = (operations(to, &paths(to))?, operations(document, &paths(document))?);
    let (within, left_out): (Operations<'_>, Operations<'_>) =
        all.into_iter().partition(|(identity, _)| kept.contains_key(identity));
    let mut slice = document.clone();
    if !left_out.is_empty() {
        leave_out(&mut slice, document, &within, &left_out);
    }
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
    let mut names: Vec<String> = left_out.into_values().map(|operation| operation.name).collect();
    names.sort();
    Ok((slice, names))
}

fn leave_out(slice: &mut Value, document: &Value, within: &Operations<'_>, left_out: &Operations<'_>) {
    // What several paths refer to is written out, so that each keeps its own.
    for operation in within.values().chain(left_out.values()) {
        let item = &mut slice["paths"][&operation.path];
        if item.get("$ref").is_some() {
            *item = operation.path_item.value.clone();
        }
    }
    for operation in left_out.values() {
        if let Some(item) = slice["paths"][&operation.path].as_object_mut() {
            item.remove(operation.item.name());
        }
    }
    let pointers: Vec<&str> = left_out.values().map(|operation| operation.item.pointer.as_str()).collect();
    let mut left = MAX_WRITTEN_OUT;
    write_out(slice, document, &pointers, &mut left);
}

/// Puts in place of references what they refer to, where that is about to be left out.
fn write_out(value: &mut Value, document: &Value, left_out: &[&str], left: &mut usize) {
    let leads_out = |pointer: &str| {
        left_out
            .iter()
            .any(|out| pointer.strip_prefix(out).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    if let Some((_, target)) = referred_to(document, value).filter(|(pointer, _)| leads_out(pointer))
        && *left > 0
    {
        *left -= 1;
        *value = target.clone();
        return write_out(value, document, left_out, left);
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| write_out(value, document, left_out, left)),
        Value::Object(members) => members.values_mut().for_each(|value| write_out(value, document, left_out, left)),
        _ => {}
    }
}

/// What a value refers to, with its pointer. What leads nowhere is told elsewhere.
fn referred_to<'v>(document: &'v Value, value: &Value) -> Option<(String, &'v Value)> {
    target(document, "", value.get("$ref")?.as_str()?).ok()
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
    fn from<'a>(values: impl IntoIterator<Item = &'a Value>, document: &'a Value) -> Self {
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
                    let Some((pointer, _)) = referred_to(document, value) else { continue };
                    let within = pointer.strip_prefix("/components/");
                    let component: Option<String> =
                        within.map(|within| within.splitn(3, '/').take(2).collect::<Vec<_>>().join("/"));
                    if let Some(component) = component.filter(|it| reached.components.insert(it.clone())) {
                        open.extend(document.pointer(&format!("/components/{component}")));
                    }
                }
                _ => {}
            }
        }
        reached
    }
}

fn keep_reached_components(document: &mut Value) {
    let followed = as_pointers(document);
    let Some(root) = followed.as_object() else { return };
    let beside = root.iter().filter(|(key, _)| *key != "components").map(|(_, value)| value);
    let Reached { components: mut reached, schemes: mut used_schemes } = Reached::from(beside, &followed);
    if let Some(requirements) = root.get("security").and_then(Value::as_array) {
        used_schemes.extend(requirements.iter().filter_map(Value::as_object).flat_map(Map::keys).cloned());
    }
    reached.extend(used_schemes.iter().map(|name| format!("securitySchemes/{}", escape(name))));
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    components.retain(|kind, members| {
        let is_extension = kind.starts_with("x-");
        if let Value::Object(members) = members
            && !is_extension
        {
            members.retain(|name, _| reached.contains(&format!("{kind}/{}", escape(name))));
        }
        is_extension || members.as_object().is_some_and(|members| !members.is_empty())
    });
}
