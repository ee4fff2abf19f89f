//! Resolution of references by anchor (JSON Schema 2020-12, Core, section 8.2.2).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::reference::percent_decode;
use crate::pointer::escape;

/// Replaces references to anchors by references to JSON pointers. Other references are left unchanged.
pub(super) fn replace_anchors(document: &Value) -> Cow<'_, Value> {
    if !has_anchor(document) {
        return Cow::Borrowed(document);
    }
    let mut pointers = BTreeMap::new();
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

/// Collects the pointers of anchors. If several anchors have the same name, the first one is used.
fn collect_anchors<'v>(value: &'v Value, path: &mut Vec<Cow<'v, str>>, pointers: &mut BTreeMap<String, String>) {
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
                let pointer = || path.iter().map(|key| format!("/{key}")).collect();
                pointers.entry(name.to_owned()).or_insert_with(pointer);
            }
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| below(index.to_string().into(), value));
        }
        _ => {}
    }
}

fn rewrite_references(value: &mut Value, pointers: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(key, member)| match (key.as_str(), member) {
            ("$ref", Value::String(reference)) => {
                let name = reference.strip_prefix('#').map(percent_decode);
                if let Some(pointer) = name.and_then(|name| pointers.get(&name)) {
                    // `%` is an escape in URIs (RFC 6901, section 6).
                    *reference = format!("#{}", pointer.replace('%', "%25"));
                }
            }
            (_, member) => rewrite_references(member, pointers),
        }),
        Value::Array(values) => values.iter_mut().for_each(|value| rewrite_references(value, pointers)),
        _ => {}
    }
}
