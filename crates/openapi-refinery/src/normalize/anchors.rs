//! Resolution of references by anchor (JSON Schema 2020-12, Core, sections 8.2.2 and 8.2.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::reference::percent_decode;
use crate::pointer::escape;

/// The pointers of the schemas with an anchor, by its name.
type Pointers = BTreeMap<String, Vec<String>>;

/// Replaces references to anchors by references to JSON pointers. Other references are left unchanged.
pub(super) fn replace_anchors(document: &Value) -> Cow<'_, Value> {
    if !has_anchor(document) {
        return Cow::Borrowed(document);
    }
    let mut pointers = Pointers::new();
    collect_anchors(document, &mut Vec::new(), &mut pointers);
    let mut document = document.clone();
    rewrite_references(&mut document, &pointers);
    Cow::Owned(document)
}

/// Returns whether there is an anchor. Avoids collecting pointers for the many documents without anchors.
fn has_anchor(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            ["$anchor", "$dynamicAnchor"].iter().any(|key| members.contains_key(*key))
                || members.values().any(has_anchor)
        }
        Value::Array(values) => values.iter().any(has_anchor),
        _ => false,
    }
}

/// Collects the pointers of anchors.
fn collect_anchors<'v>(value: &'v Value, path: &mut Vec<Cow<'v, str>>, pointers: &mut Pointers) {
    let mut below = |key: Cow<'v, str>, value: &'v Value| {
        path.push(key);
        collect_anchors(value, path, pointers);
        path.pop();
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| below(escape(key), member));
            let names = ["$anchor", "$dynamicAnchor"].into_iter().filter_map(|key| members.get(key)?.as_str());
            for name in names {
                let pointer = path.iter().map(|key| format!("/{key}")).collect();
                pointers.entry(name.to_owned()).or_default().push(pointer);
            }
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| below(index.to_string().into(), value));
        }
        _ => {}
    }
}

fn rewrite_references(value: &mut Value, pointers: &Pointers) {
    match value {
        Value::Object(members) => {
            replace_dynamic_reference(members, pointers);
            members.iter_mut().for_each(|(key, member)| match (key.as_str(), member) {
                ("$ref", Value::String(reference)) => {
                    // If several anchors have the same name, the first one is used.
                    if let Some(pointer) = targets(reference, pointers).first() {
                        // `%` is an escape in URIs (RFC 6901, section 6).
                        *reference = format!("#{}", pointer.replace('%', "%25"));
                    }
                }
                (_, member) => rewrite_references(member, pointers),
            });
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rewrite_references(value, pointers)),
        _ => {}
    }
}

/// Renames `$dynamicRef` to `$ref` where it cannot depend on how the schema is reached, since only one anchor has its name.
fn replace_dynamic_reference(members: &mut Map<String, Value>, pointers: &Pointers) {
    let is_static = |reference: &str| targets(reference, pointers).len() == 1;
    if members.get("$dynamicRef").and_then(Value::as_str).is_some_and(is_static) && !members.contains_key("$ref") {
        let reference = members.remove("$dynamicRef");
        members.extend(reference.map(|reference| ("$ref".to_owned(), reference)));
    }
}

/// Returns the pointers of the schemas with the anchor that a reference names.
fn targets<'p>(reference: &str, pointers: &'p Pointers) -> &'p [String] {
    let name = reference.strip_prefix('#').map(percent_decode);
    name.and_then(|name| pointers.get(&name)).map_or(&[], Vec::as_slice)
}
