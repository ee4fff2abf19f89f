//! Encoding of the properties of a form (OpenAPI 3.1.1, section 4.8.15).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::flat::{Flat, Schemas};
use super::schema::effect_on;
use super::{Effect, Place};
use openapi_refinery::{Result, media_range_includes};

const BYTES: &str = "application/octet-stream";

/// Returns the schemas of each property of a form.
pub(super) fn properties<'a>(document: &'a Schemas, form: &Place<'a>) -> Result<BTreeMap<&'a str, Vec<Place<'a>>>> {
    Ok(Flat::of(document, std::slice::from_ref(form))?.properties)
}

/// Returns the members that serialize a value as in a query, instead of by its media type.
pub(super) fn style<'a>(encoding: &Place<'a>) -> [Option<&'a Value>; 3] {
    ["style", "explode", "allowReserved"].map(|key| encoding.value.get(key))
}

/// Returns the media types and ranges that a property may have: those that its encoding lists, otherwise the default for its schema.
/// `of_object` is the default for an object.
pub(super) fn media_types<'a>(
    document: &'a Schemas,
    encoding: &Place<'a>,
    schemas: &[Place<'a>],
    of_object: &str,
) -> Result<BTreeSet<String>> {
    match encoding.text("contentType") {
        Some(listed) => Ok(listed.split(", ").map(str::to_owned).collect()),
        None => default_media_types(document, schemas, of_object),
    }
}

/// Returns the default media types (OpenAPI 3.1.1, section 4.8.15.1.1). Each type has its own; those of an array are those of its items.
fn default_media_types<'a>(document: &'a Schemas, schemas: &[Place<'a>], of_object: &str) -> Result<BTreeSet<String>> {
    let flat = Flat::of(document, schemas)?;
    let stated: BTreeSet<String> =
        flat.get("contentMediaType").iter().filter_map(|it| it.value.as_str()).map(str::to_owned).collect();
    let Some(types) = flat.types.as_ref().filter(|_| stated.is_empty()) else {
        return Ok(if stated.is_empty() { BTreeSet::from([BYTES.to_owned()]) } else { stated });
    };
    let mut media_types = BTreeSet::new();
    for kind in types {
        match *kind {
            "null" => {}
            "array" if flat.get("items").is_empty() => drop(media_types.insert(BYTES.to_owned())),
            "array" => media_types.extend(default_media_types(document, flat.get("items"), of_object)?),
            "object" => drop(media_types.insert(of_object.to_owned())),
            "string" if !flat.get("contentEncoding").is_empty() => drop(media_types.insert(BYTES.to_owned())),
            _ => drop(media_types.insert("text/plain".to_owned())),
        }
    }
    Ok(media_types)
}

/// Returns the effect of a change of the media types that a property may have.
pub(super) fn effect(old: &BTreeSet<String>, new: &BTreeSet<String>) -> Option<Effect> {
    let is_within = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.iter().all(|one| those.iter().any(|range| media_range_includes(range, one)))
    };
    effect_on(std::slice::from_ref(old), std::slice::from_ref(new), is_within)
}
