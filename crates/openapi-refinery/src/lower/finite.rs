//! Schemas that only infinite values would match.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Direction;
use super::combine::is_omitted;
use crate::normalize::Normal;
use crate::references::{References, strongly_connected};

/// Returns the locations of the components that require themselves, directly or by others, so that no value matches them.
pub(super) fn list_infinite(normal: &Normal) -> Vec<String> {
    let Some(components) = normal.document()["components"]["schemas"].as_object() else { return Vec::new() };
    let mut search = Search { normal, finite: BTreeSet::new(), waiting: BTreeMap::new() };
    let mut pending: Vec<&str> = components.keys().map(String::as_str).collect();
    while let Some(name) = pending.pop() {
        if !search.finite.contains(name) && search.is_finite(&components[name], name) {
            search.finite.insert(name);
            pending.extend(search.waiting.remove(name).unwrap_or_default());
        }
    }
    // The names that are still waited for are not finite.
    let mut references = References::new();
    for (target, names) in search.waiting {
        references.entry(target.to_owned()).or_default();
        for name in names.into_iter().filter(|name| !search.finite.contains(name)) {
            references.entry(name.to_owned()).or_default().insert(target.to_owned());
        }
    }
    let cycles = strongly_connected(&references).into_iter();
    let cycles =
        cycles.filter(|cycle| cycle.iter().any(|name| references[*name].iter().any(|it| cycle.contains(&**it))));
    cycles.flatten().map(|name| format!("/components/schemas/{name}")).collect()
}

struct Search<'v> {
    normal: &'v Normal,
    /// The components that finite values match.
    finite: BTreeSet<&'v str>,
    /// The components that may be finite once another one is, by that one.
    waiting: BTreeMap<&'v str, Vec<&'v str>>,
}

impl<'v> Search<'v> {
    /// Returns whether a finite value matches the schema, which is a part of the component `name`, as far as references decide that.
    fn is_finite(&mut self, schema: &'v Value, name: &'v str) -> bool {
        let list = |keyword: &str| schema[keyword].as_array().into_iter().flatten();
        let is_object = schema.get("type").is_none_or(|kind| kind == "object");
        let required = list("required").filter(|_| is_object).filter_map(|it| schema["properties"].get(it.as_str()?));
        // The types of responses require nothing.
        let normal = self.normal;
        let required = required.filter(|property| !is_omitted(normal, property, Direction::Request));
        let reference = schema["$ref"].as_str().and_then(|it| it.strip_prefix("#/components/schemas/"));
        reference.is_none_or(|target| self.is_target_finite(target, name))
            && list("allOf").chain(required).all(|part| self.is_finite(part, name))
            && ["anyOf", "oneOf"].iter().all(|keyword| {
                let mut alternatives = list(keyword).peekable();
                alternatives.peek().is_none() || alternatives.any(|part| self.is_finite(part, name))
            })
    }

    fn is_target_finite(&mut self, target: &'v str, name: &'v str) -> bool {
        let is_finite = self.finite.contains(target);
        if !is_finite {
            self.waiting.entry(target).or_default().push(name);
        }
        is_finite
    }
}
