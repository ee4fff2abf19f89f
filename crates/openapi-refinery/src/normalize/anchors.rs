//! Resolution of references by anchor and by `$id` (JSON Schema 2020-12, Core, sections 8.2.1 to 8.2.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use iri_string::types::{UriAbsoluteStr, UriReferenceStr};
use serde_json::{Map, Value};

use super::reference::percent_decode;
use crate::pointer::escape;

/// The keywords that name a schema.
pub(super) const IDENTIFIERS: [&str; 3] = ["$anchor", "$dynamicAnchor", "$id"];

/// The pointers of the schemas with an anchor, by its name.
type Pointers = BTreeMap<String, Vec<String>>;

/// The schemas that references can name by other means than a pointer into the document.
#[derive(Default)]
struct Targets {
    anchors: Pointers,
    /// The pointers of the schemas with an `$id`, by their URI.
    identified: BTreeMap<String, String>,
}

/// A schema with an `$id`, to which the references within it are relative. Empty for the document itself.
#[derive(Default)]
struct Base {
    pointer: String,
    uri: String,
}

/// Replaces references to anchors, and references to or within schemas with an `$id`, by references to JSON pointers into the document.
/// Other references are left unchanged.
///
/// ```
/// use openapi_refinery::normalize::replace_anchors;
/// use serde_json::json;
///
/// let schemas = |reference| json!({ "$defs": { "a": { "$anchor": "top" }, "b": { "$ref": reference } } });
/// assert_eq!(*replace_anchors(&schemas("#top")), schemas("#/$defs/a"));
/// ```
pub fn replace_anchors(document: &Value) -> Cow<'_, Value> {
    if !has_anchor(document) {
        return Cow::Borrowed(document);
    }
    let mut targets = Targets::default();
    collect_targets(document, &mut Vec::new(), "", &mut targets);
    let mut rewritten = document.clone();
    Rewriter { document, targets }.rewrite(&mut rewritten, "", &Base::default());
    Cow::Owned(rewritten)
}

/// Returns whether there is an anchor, an `$id` or a dynamic reference. Avoids collecting pointers for the many documents without.
fn has_anchor(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            IDENTIFIERS.iter().chain(&["$dynamicRef"]).any(|key| members.contains_key(*key))
                || members.values().any(has_anchor)
        }
        Value::Array(values) => values.iter().any(has_anchor),
        _ => false,
    }
}

/// Collects the anchors and the schemas with an `$id` of the value at `path`. `base` is the URI of the innermost schema with an `$id`
/// around it.
fn collect_targets<'v>(value: &'v Value, path: &mut Vec<Cow<'v, str>>, base: &str, targets: &mut Targets) {
    let mut below = |key: Cow<'v, str>, value: &'v Value, base: &str, targets: &mut Targets| {
        path.push(key);
        collect_targets(value, path, base, targets);
        path.pop();
    };
    match value {
        Value::Object(members) => {
            let id = id(members).map(|id| resolve_uri(base, id));
            let inner = id.as_deref().unwrap_or(base);
            members.iter().for_each(|(key, member)| below(escape(key), member, inner, targets));
            let pointer: String = path.iter().map(|key| format!("/{key}")).collect();
            let names = ["$anchor", "$dynamicAnchor"].into_iter().filter_map(|key| members.get(key)?.as_str());
            for name in names {
                targets.anchors.entry(name.to_owned()).or_default().push(pointer.clone());
            }
            targets.identified.extend(id.map(|id| (id, pointer)));
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                below(index.to_string().into(), value, base, targets);
            }
        }
        _ => {}
    }
}

/// Replaces the references of a document.
struct Rewriter<'a> {
    document: &'a Value,
    targets: Targets,
}

impl Rewriter<'_> {
    /// Rewrites the references of a value at `pointer`. `base` is the innermost schema with an `$id` around it.
    fn rewrite(&self, value: &mut Value, pointer: &str, base: &Base) {
        match value {
            Value::Object(members) => {
                let own = id(members).map(|id| Base { pointer: pointer.to_owned(), uri: resolve_uri(&base.uri, id) });
                let base = own.as_ref().unwrap_or(base);
                replace_dynamic_reference(members, &self.targets.anchors);
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

    /// Returns the pointer of the schema that a reference names by its anchor, by the `$id` of a schema, or by its location in such a
    /// schema. Documents also refer to their components from a schema with an `$id`, although it does not contain them.
    fn resolve(&self, reference: &str, base: &Base) -> Option<String> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decode(fragment);
        let schema = match uri {
            "" => &base.pointer,
            uri => self.targets.identified.get(&resolve_uri(&base.uri, uri))?,
        };
        let anchors = self.targets.anchors.get(&fragment).map_or(&[][..], Vec::as_slice);
        let is_within = |pointer: &&String| {
            pointer.strip_prefix(schema.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // If several anchors have the same name, the first one in the schema is used. `#name` may also refer to an anchor outside of it.
        let anchor = anchors.iter().find(is_within).or(anchors.first().filter(|_| uri.is_empty()));
        anchor.cloned().or_else(|| {
            let pointer = [schema, &fragment[..]].concat();
            (!schema.is_empty() && self.document.pointer(&pointer).is_some()).then_some(pointer)
        })
    }
}

/// Returns the URI of a schema, to which its references are relative. Before 2019-09, `$id` was also used for anchors.
fn id(schema: &Map<String, Value>) -> Option<&str> {
    let id = schema.get("$id")?.as_str()?;
    Some(id.strip_suffix('#').unwrap_or(id)).filter(|id| !id.is_empty() && !id.starts_with('#'))
}

/// Resolves a URI against the one of the schema around it (RFC 3986, section 5). Without a base, it is returned as written.
fn resolve_uri(base: &str, uri: &str) -> String {
    let resolve = || Some(UriReferenceStr::new(uri).ok()?.resolve_against(UriAbsoluteStr::new(base).ok()?).to_string());
    resolve().unwrap_or_else(|| uri.to_owned())
}

/// Renames `$dynamicRef` to `$ref` where it cannot depend on how the schema is reached, since it has a JSON pointer, or only one anchor has
/// its name.
fn replace_dynamic_reference(members: &mut Map<String, Value>, pointers: &Pointers) {
    let is_static = |reference: &str| reference.starts_with("#/") || anchored(reference, pointers).len() == 1;
    if members.get("$dynamicRef").and_then(Value::as_str).is_some_and(is_static) && !members.contains_key("$ref") {
        let reference = members.remove("$dynamicRef");
        members.extend(reference.map(|reference| ("$ref".to_owned(), reference)));
    }
}

/// Returns the pointers of the schemas with the anchor that a reference names.
fn anchored<'p>(reference: &str, pointers: &'p Pointers) -> &'p [String] {
    let name = reference.strip_prefix('#').map(percent_decode);
    name.and_then(|name| pointers.get(&name)).map_or(&[], Vec::as_slice)
}
