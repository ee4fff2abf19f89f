//! Normalization of the parts of `multipart/form-data` bodies that have no type.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::Normalizer;
use super::keywords::is_annotation;
use super::media_type::is_text_or_json;
use crate::pointer::escape;

/// The name of a property of a form, the location of its schema, and whether only the form uses this schema.
type Property = (String, String, bool);

/// Returns whether a part of a form is a file by its schema and its encoding: its schema has no `type`, so that its default media type is
/// `application/octet-stream` (OpenAPI 3.1.1, section 4.8.15.1.1). Keywords such as `oneOf`, `enum` and `properties` imply a type;
/// `maxLength` and `minLength` may bound the size of a file (section 4.4.2).
pub(crate) fn is_untyped_file(schema: &Map<String, Value>, encoding: &Value) -> bool {
    let has_style = ["style", "explode", "allowReserved"].iter().any(|key| encoding.get(key).is_some());
    let declared = encoding["contentType"].as_str();
    let implies_no_type = |keyword: &str| matches!(keyword, "minLength" | "maxLength") || is_annotation(keyword);
    !schema.contains_key("type")
        && !schema.contains_key("contentEncoding")
        && match declared {
            Some(media_type) => !is_text_or_json(media_type),
            None => !has_style && schema.keys().all(|keyword| implies_no_type(keyword)),
        }
}

impl Normalizer<'_> {
    /// Completes those parts of forms that have no type. In OpenAPI 3.1, they are files, and get the same normal form as `format: binary`
    /// of OpenAPI 3.0. In OpenAPI 3.0, they have no default media type (3.0.4, section 4.7.15.1.1): it depends on the type of each value.
    /// Schemas that are also used elsewhere are not changed.
    pub(super) fn complete_forms(&mut self, document: &mut Value) {
        for form in std::mem::take(&mut self.forms) {
            for (name, at, is_own) in list_properties(document, &format!("{form}/schema")) {
                let encoding = format!("{form}/encoding/{}", escape(&name));
                let encoding = document.pointer(&encoding).cloned().unwrap_or_default();
                let Some((at, is_own, is_list)) = find_item(document, at, is_own) else { continue };
                let item = document.pointer(&at).cloned().unwrap_or_else(|| json!({}));
                if !item.as_object().is_some_and(|item| is_untyped_file(item, &encoding)) {
                    continue;
                }
                if self.is_30 {
                    if encoding.get("contentType").is_none() {
                        set_media_types(document, &form, &name);
                    }
                } else if is_own {
                    write_as_binary(document, &at, is_list);
                }
            }
        }
    }
}

/// Returns the properties of a form, also those of schemas in `allOf` and behind references.
fn list_properties(document: &Value, form: &str) -> Vec<Property> {
    let (mut open, mut entered, mut properties) = (vec![(form.to_owned(), true)], HashSet::new(), Vec::new());
    while let Some((at, is_own)) = open.pop() {
        let Some(schema) = document.pointer(&at).filter(|_| entered.insert(at.clone())) else { continue };
        if let Some(reference) = schema["$ref"].as_str() {
            let is_own = is_own && count_uses(document, reference) == 1;
            open.push((reference.trim_start_matches('#').to_owned(), is_own));
        }
        let members = schema["allOf"].as_array().map_or(0, Vec::len);
        open.extend((0..members).map(|index| (format!("{at}/allOf/{index}"), is_own)));
        let names = schema["properties"].as_object().into_iter().flat_map(Map::keys);
        properties.extend(names.map(|name| (name.clone(), format!("{at}/properties/{}", escape(name)), is_own)));
    }
    properties
}

fn count_uses(value: &Value, text: &str) -> usize {
    match value {
        Value::String(own) => usize::from(own == text),
        Value::Array(items) => items.iter().map(|item| count_uses(item, text)).sum(),
        Value::Object(members) => members.values().map(|member| count_uses(member, text)).sum(),
        _ => 0,
    }
}

/// Finds the schema of the parts of a field: that of its items if the field is a list, otherwise its own. Returns the location of the
/// schema, whether only the form uses it, and whether the field is a list. There may be no schema at this location, since `items: {}` is
/// removed.
fn find_item(document: &Value, at: String, is_own: bool) -> Option<(String, bool, bool)> {
    let (at, is_own) = follow(document, at, is_own);
    let schema = document.pointer(&at)?;
    if schema["type"] != "array" {
        return Some((at, is_own, false));
    }
    let (at, is_own) = follow(document, format!("{at}/items"), is_own);
    schema.get("prefixItems").is_none().then_some((at, is_own, true))
}

/// Follows references, as long as they have only annotations beside them. They are never circular.
fn follow(document: &Value, mut at: String, mut is_own: bool) -> (String, bool) {
    let is_alone =
        |schema: &Value| schema.as_object().into_iter().flatten().all(|(key, _)| key == "$ref" || is_annotation(key));
    let reference = |at: &str| document.pointer(at).filter(|schema| is_alone(schema))?["$ref"].as_str();
    while let Some(reference) = reference(&at) {
        is_own &= count_uses(document, reference) == 1;
        at = reference.trim_start_matches('#').to_owned();
    }
    (at, is_own)
}

/// Changes a schema to that of a file.
fn write_as_binary(document: &mut Value, at: &str, is_item: bool) {
    let list = at.strip_suffix("/items").filter(|_| is_item).and_then(|list| document.pointer_mut(list));
    if let Some(Value::Object(list)) = list {
        list.entry("items").or_insert_with(|| json!({}));
    }
    if let Some(Value::Object(schema)) = document.pointer_mut(at) {
        schema.insert("type".to_owned(), "string".into());
        schema.entry("contentMediaType").or_insert("application/octet-stream".into());
    }
}

/// Declares that the media type of a part depends on the type of its value.
fn set_media_types(document: &mut Value, form: &str, name: &str) {
    if let Some(Value::Object(form)) = document.pointer_mut(form) {
        let encoding = form.entry("encoding").or_insert_with(|| json!({}));
        encoding[name]["contentType"] = "text/plain, application/json".into();
    }
}
