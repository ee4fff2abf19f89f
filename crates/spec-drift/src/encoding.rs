//! Encoding of the properties of a form (OpenAPI 3.1.1, section 4.8.15).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::flat::{Flat, Schemas, canonical};
use super::schema::{describe_values, effect_on};
use super::{Effect, Node};
use openapi_refinery::media_range_includes;

const BYTES: &str = "application/octet-stream";

/// Returns the schemas of each property of a form.
pub(super) fn properties<'a>(document: &'a Schemas, form: &Node<'a>) -> BTreeMap<&'a str, Vec<Node<'a>>> {
    Flat::of(document, std::slice::from_ref(form)).properties
}

/// Describes which members of an encoding differ, or else that the default does.
pub(super) fn describe(old: &Node<'_>, new: &Node<'_>) -> String {
    let keys = ["contentType", "style", "explode", "allowReserved"].into_iter();
    let values = |node: &Node<'_>, key: &str| node.value.get(key).map(canonical).into_iter().collect::<Vec<_>>();
    let differing = keys.filter(|key| old.value.get(key) != new.value.get(key));
    let described: Vec<String> =
        differing.map(|key| describe_values(key, &values(old, key), &values(new, key))).collect();
    if described.is_empty() { "the default media type has changed".to_owned() } else { described.join(", ") }
}

/// Returns the members that serialize a value as in a query, instead of by its media type.
pub(super) fn style<'a>(encoding: &Node<'a>) -> [Option<&'a Value>; 3] {
    ["style", "explode", "allowReserved"].map(|key| encoding.value.get(key))
}

/// Returns the media types and ranges that a property may have: those that its encoding lists, otherwise the default for its schema.
/// `of_object` is the default for an object.
pub(super) fn media_types<'a>(
    document: &'a Schemas,
    encoding: &Node<'a>,
    schemas: &[Node<'a>],
    of_object: &str,
) -> BTreeSet<String> {
    match encoding.text("contentType") {
        Some(listed) => listed.split(", ").map(str::to_owned).collect(),
        None => default_media_types(document, schemas, of_object),
    }
}

/// Returns the default media types (OpenAPI 3.1.1, section 4.8.15.1.1). Each type has its own; those of an array are those of its items.
fn default_media_types<'a>(document: &'a Schemas, schemas: &[Node<'a>], of_object: &str) -> BTreeSet<String> {
    let mut media_types = BTreeSet::new();
    // The items of a list may be that list.
    let (mut schemas, mut entered) = (schemas.to_vec(), HashSet::new());
    loop {
        let flat = Flat::of(document, &schemas);
        let content_types: Vec<&str> = flat.get("contentMediaType").iter().filter_map(|it| it.value.as_str()).collect();
        let items = flat.get("items");
        let mut is_list = false;
        match &flat.types {
            _ if !content_types.is_empty() => media_types.extend(content_types.into_iter().map(str::to_owned)),
            None => drop(media_types.insert(BYTES.to_owned())),
            Some(types) => {
                is_list = types.contains("array") && !items.is_empty();
                let own = types.iter().filter(|kind| **kind != "null" && !(is_list && **kind == "array"));
                media_types.extend(own.map(|kind| match *kind {
                    "array" => BYTES.to_owned(),
                    "object" => of_object.to_owned(),
                    "string" if !flat.get("contentEncoding").is_empty() => BYTES.to_owned(),
                    _ => "text/plain".to_owned(),
                }));
            }
        }
        if !is_list || items.iter().filter(|it| entered.insert(it.pointer.clone())).count() == 0 {
            return media_types;
        }
        schemas = items.to_vec();
    }
}

/// Returns the effect of a change of the media types that a property may have.
pub(super) fn effect(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Option<Effect> {
    let is_within = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.iter().all(|one| those.iter().any(|range| media_range_includes(range, one)))
    };
    effect_on(std::slice::from_ref(old), std::slice::from_ref(new), is_within)
}
