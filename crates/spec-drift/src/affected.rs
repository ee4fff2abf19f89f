//! The operations that a change of a component affects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::escape;
use openapi_refinery::{METHODS, Normal};

const SCHEMAS: &str = "/components/schemas/";

/// What refers to a component.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Referrer {
    /// An operation, as method and path.
    Operation(String),
    /// Another component, by its pointer.
    Component(String),
}

/// The referrers of each component, by its pointer.
pub(super) struct Referrers<'a>(BTreeMap<&'a str, BTreeSet<Referrer>>);

impl<'a> Referrers<'a> {
    pub(super) fn of(document: &'a Normal) -> Self {
        let mut referrers = Self(BTreeMap::new());
        let document = document.document();
        for (path, path_item) in members(&document["paths"]).chain(members(&document["webhooks"])) {
            for (method, operation) in members(path_item).filter(|(method, _)| METHODS.contains(method)) {
                referrers.add(&Referrer::Operation(format!("{} {path}", method.to_uppercase())), operation);
            }
        }
        for (name, schema) in members(&document["components"]["schemas"]) {
            referrers.add(&Referrer::Component(format!("{SCHEMAS}{}", escape(name))), schema);
        }
        referrers
    }

    fn add(&mut self, referrer: &Referrer, value: &'a Value) {
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            let references = members(&value["mapping"]).map(|(_, to)| to).chain(value.get("$ref"));
            for target in references.filter_map(|it| it.as_str()?.strip_prefix('#')) {
                self.0.entry(target).or_default().insert(referrer.clone());
            }
            pending.extend(members(value).map(|(_, member)| member));
            pending.extend(value.as_array().into_iter().flatten());
        }
    }

    /// The operations that reach what is at a location.
    pub(super) fn operations(&self, pointer: &str) -> BTreeSet<String> {
        let name = pointer.strip_prefix(SCHEMAS).and_then(|rest| rest.split('/').next());
        let mut pending: Vec<String> = name.map(|name| format!("{SCHEMAS}{name}")).into_iter().collect();
        let (mut seen, mut operations) = (BTreeSet::new(), BTreeSet::new());
        while let Some(component) = pending.pop() {
            for referrer in self.0.get(component.as_str()).into_iter().flatten() {
                match referrer {
                    Referrer::Operation(name) => drop(operations.insert(name.clone())),
                    Referrer::Component(pointer) if seen.insert(pointer) => pending.push(pointer.clone()),
                    Referrer::Component(_) => {}
                }
            }
        }
        operations
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}
