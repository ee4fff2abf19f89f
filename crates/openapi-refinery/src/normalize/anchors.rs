//! Resolution of references by anchor and within schemas with an `$id` (JSON Schema 2020-12, Core, sections 8.2.1 to 8.2.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::reference::percent_decode;
use crate::pointer::escape;

/// The pointers of the schemas with an anchor, by its name.
type Pointers = BTreeMap<String, Vec<String>>;

/// Replaces references to anchors, and references within schemas with an `$id`, by references to JSON pointers into the document. Other
/// references are left unchanged.
pub(super) fn replace_anchors(document: &Value) -> Cow<'_, Value> {
    if !has_anchor(document) {
        return Cow::Borrowed(document);
    }
    let mut pointers = Pointers::new();
    collect_anchors(document, &mut Vec::new(), &mut pointers);
    let mut rewritten = document.clone();
    Rewriter { document, pointers }.rewrite(&mut rewritten, "", "");
    Cow::Owned(rewritten)
}

/// Returns whether there is an anchor, an `$id` or a dynamic reference. Avoids collecting pointers for the many documents without.
fn has_anchor(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            ["$anchor", "$dynamicAnchor", "$dynamicRef", "$id"].iter().any(|key| members.contains_key(*key))
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

/// Replaces the references of a document.
struct Rewriter<'a> {
    document: &'a Value,
    pointers: Pointers,
}

impl Rewriter<'_> {
    /// Rewrites the references of a value at `pointer`. `base` is the pointer of the innermost schema with an `$id` around it.
    fn rewrite(&self, value: &mut Value, pointer: &str, base: &str) {
        match value {
            Value::Object(members) => {
                let base = if has_id(members) { pointer } else { base };
                replace_dynamic_reference(members, &self.pointers);
                members.iter_mut().for_each(|(key, member)| match (key.as_str(), member) {
                    ("$ref", Value::String(reference)) => {
                        if let Some(pointer) = self.resolve(reference, base) {
                            // `%` is an escape in URIs (RFC 6901, section 6).
                            *reference = format!("#{}", pointer.replace('%', "%25"));
                        }
                    }
                    (key, member) => self.rewrite(member, &format!("{pointer}/{}", escape(key)), base),
                });
            }
            Value::Array(values) => {
                values.iter_mut().enumerate().for_each(|(index, value)| {
                    self.rewrite(value, &format!("{pointer}/{index}"), base);
                });
            }
            _ => {}
        }
    }

    /// Returns the pointer of the anchor or of the part of the schema at `base` that a reference names. Documents also refer to their
    /// components from such a schema, although it does not contain them.
    fn resolve(&self, reference: &str, base: &str) -> Option<String> {
        // If several anchors have the same name, the first one is used.
        let anchor = targets(reference, &self.pointers).first().cloned();
        anchor.or_else(|| {
            let pointer = [base, &percent_decode(reference.strip_prefix('#')?)].concat();
            (!base.is_empty() && self.document.pointer(&pointer).is_some()).then_some(pointer)
        })
    }
}

/// Returns whether a schema has a URI, to which its references are relative. Before 2019-09, `$id` was also used for anchors.
fn has_id(schema: &Map<String, Value>) -> bool {
    schema.get("$id").and_then(Value::as_str).is_some_and(|id| !id.starts_with('#'))
}

/// Renames `$dynamicRef` to `$ref` where it cannot depend on how the schema is reached, since it has a JSON pointer, or only one anchor has its
/// name.
fn replace_dynamic_reference(members: &mut Map<String, Value>, pointers: &Pointers) {
    let is_static = |reference: &str| reference.starts_with("#/") || targets(reference, pointers).len() == 1;
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
