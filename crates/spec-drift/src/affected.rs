//! The components and operations that a change of a component affects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operation::operation_name;
use openapi_refinery::pointer::{escape, unescape};
use openapi_refinery::{METHODS, Normal};

const SCHEMAS: &str = "/components/schemas/";
const SCHEMES: &str = "/components/securitySchemes/";

/// What led to a change. The operations that the change affects are found from it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The comparison of an operation, by its name.
    Operation(String),
    /// The comparison of a pair of schemas, by its number.
    Pair(usize),
    /// A part that is not compared for each operation, by its pointer in the normal form.
    Part(String),
}

/// A referrer of a component.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Referrer {
    /// An operation, by its name.
    Operation(String),
    /// Another component, by its pointer.
    Component(String),
}

/// The referrers of each component.
#[derive(Default)]
pub(super) struct Referrers<'a> {
    /// By the pointer of the component.
    by_pointer: BTreeMap<&'a str, BTreeSet<Referrer>>,
    /// The operations that require a security scheme, by its name.
    by_scheme: BTreeMap<&'a str, BTreeSet<String>>,
}

impl<'a> Referrers<'a> {
    pub(super) fn of(document: &'a Normal) -> Self {
        let mut referrers = Self::default();
        let document = document.document();
        for paths in ["paths", "webhooks"] {
            for (path, path_item) in members(&document[paths]) {
                for (method, operation) in operations(path_item) {
                    referrers.add_operation(&operation_name(method, path, paths == "webhooks"), operation);
                }
            }
        }
        for (name, schema) in members(&document["components"]["schemas"]) {
            referrers.add(&Referrer::Component(format!("{SCHEMAS}{}", escape(name))), schema);
        }
        referrers
    }

    /// Adds the references of an operation, including those of its callbacks.
    fn add_operation(&mut self, name: &str, operation: &'a Value) {
        self.add(&Referrer::Operation(name.to_owned()), operation);
        let path_items = members(&operation["callbacks"]).flat_map(|(_, callback)| members(callback));
        let called = path_items.flat_map(|(_, path_item)| operations(path_item)).map(|(_, called)| called);
        for operation in called.chain([operation]) {
            let requirements = operation["security"].as_array().into_iter().flatten();
            for (scheme, _) in requirements.flat_map(members) {
                self.by_scheme.entry(scheme).or_default().insert(name.to_owned());
            }
        }
    }

    fn add(&mut self, referrer: &Referrer, value: &'a Value) {
        for target in targets(value) {
            self.by_pointer.entry(target).or_default().insert(referrer.clone());
        }
    }

    /// Returns the operations that reach a schema, or that require a security scheme.
    pub(super) fn operations(&self, pointer: &str) -> BTreeSet<String> {
        if let Some(scheme) = pointer.strip_prefix(SCHEMES).and_then(|rest| rest.split('/').next()) {
            return self.by_scheme.get(unescape(scheme).as_str()).cloned().unwrap_or_default();
        }
        let name = pointer.strip_prefix(SCHEMAS).and_then(|rest| rest.split('/').next());
        let component = name.map(|name| format!("{SCHEMAS}{name}"));
        let operations = self.reaching(component.into_iter().collect()).into_iter().filter_map(|it| match it {
            Referrer::Operation(name) => Some(name.clone()),
            Referrer::Component(_) => None,
        });
        operations.collect()
    }

    /// Returns all referrers of components, and the referrers of these.
    fn reaching(&self, components: Vec<String>) -> BTreeSet<&Referrer> {
        let (mut pending, mut found) = (components, BTreeSet::new());
        while let Some(component) = pending.pop() {
            for referrer in self.by_pointer.get(component.as_str()).into_iter().flatten() {
                if found.insert(referrer)
                    && let Referrer::Component(pointer) = referrer
                {
                    pending.push(pointer.clone());
                }
            }
        }
        found
    }
}

/// The component schemas that differ between two documents, and those that lead to such a schema by references. All others have no changes.
pub(super) struct Affected(BTreeSet<String>);

impl Affected {
    pub(super) fn between(old: &Normal, new: &Normal, referrers: &Referrers<'_>) -> Self {
        let [old, new] = [old, new].map(|normal| &normal.document()["components"]["schemas"]);
        let names: BTreeSet<&str> = members(old).chain(members(new)).map(|(name, _)| name).collect();
        let is_known = |schema: &Value| targets(schema).into_iter().all(|target| target.starts_with(SCHEMAS));
        let differ = names.into_iter().filter(|&name| old.get(name) != new.get(name) || !is_known(&new[name]));
        let differ: Vec<String> = differ.map(|name| format!("{SCHEMAS}{}", escape(name))).collect();
        let referring = referrers.reaching(differ.clone()).into_iter().filter_map(|it| match it {
            Referrer::Component(pointer) => Some(pointer.clone()),
            Referrer::Operation(_) => None,
        });
        Self(referring.chain(differ).collect())
    }

    /// Returns whether two schemas are equal, and so are all that they lead to.
    pub(super) fn are_unchanged(&self, old: &Value, new: &Value) -> bool {
        old == new && targets(new).into_iter().all(|target| target.starts_with(SCHEMAS) && !self.0.contains(target))
    }

    /// Returns the names of properties that two documents describe differently.
    pub(super) fn differing_names<'a>(&self, old: &'a Value, new: &'a Value) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        collect_differing_names(self, [old, new], &mut names);
        names
    }
}

/// Collects the names of properties that two values, or what they refer to, describe differently.
fn collect_differing_names<'a>(affected: &Affected, [old, new]: [&'a Value; 2], names: &mut BTreeSet<&'a str>) {
    if affected.are_unchanged(old, new) {
        return;
    }
    for keyword in ["properties", "dependentRequired"] {
        let (old, new) = (&old[keyword], &new[keyword]);
        let all = members(old).chain(members(new)).map(|(name, _)| name);
        names.extend(all.filter(|name| !affected.are_unchanged(&old[*name], &new[*name])));
    }
    let required = [old, new].map(|schema| schema["required"].as_array().into_iter().flatten());
    let [old_required, new_required] = required.map(|names| names.filter_map(Value::as_str).collect::<BTreeSet<_>>());
    names.extend(old_required.symmetric_difference(&new_required));
    let keys: BTreeSet<&str> = members(old).chain(members(new)).map(|(key, _)| key).collect();
    keys.into_iter().for_each(|key| collect_differing_names(affected, [&old[key], &new[key]], names));
    let count = [old, new].map(|value| value.as_array().map_or(0, Vec::len)).into_iter().max().unwrap_or_default();
    (0..count).for_each(|index| collect_differing_names(affected, [&old[index], &new[index]], names));
}

/// Returns the pointers that a value refers to.
fn targets(value: &Value) -> Vec<&str> {
    let (mut pending, mut targets) = (vec![value], Vec::new());
    while let Some(value) = pending.pop() {
        // A dynamic reference has a name, not a component: its targets are not known here.
        let references = ["$ref", "$dynamicRef"].into_iter().filter_map(|keyword| value.get(keyword));
        let references = members(&value["mapping"]).map(|(_, to)| to).chain(references);
        targets.extend(references.filter_map(|it| it.as_str()?.strip_prefix('#')));
        pending.extend(members(value).map(|(_, member)| member));
        pending.extend(value.as_array().into_iter().flatten());
    }
    targets
}

/// Returns the schemas that a dynamic reference may reach in a published document, and what they refer to, by pointer. Each `$id` is
/// returned, too: it determines which of the schemas are reached (JSON Schema 2020-12, Core, section 8.2.3.2).
pub(super) fn dynamic_targets<'a>(document: &'a Value, reference: &str) -> BTreeMap<String, &'a Value> {
    let name = reference.rsplit('#').next().unwrap_or_default();
    let (mut targets_by_pointer, mut pending) = (BTreeMap::new(), Vec::new());
    let mut unvisited = vec![(String::new(), document)];
    while let Some((pointer, value)) = unvisited.pop() {
        let items = value.as_array().into_iter().flatten().enumerate();
        unvisited.extend(items.map(|(index, item)| (format!("{pointer}/{index}"), item)));
        unvisited.extend(members(value).map(|(key, member)| (format!("{pointer}/{}", escape(key)), member)));
        if let Some(id) = value.get("$id").filter(|id| id.is_string()) {
            targets_by_pointer.insert(format!("{pointer}/$id"), id);
        }
        if value["$dynamicAnchor"] == name {
            pending.push((pointer, value));
        }
    }
    while let Some((pointer, value)) = pending.pop() {
        if targets_by_pointer.insert(pointer, value).is_none() {
            let referred = targets(value).into_iter();
            pending.extend(referred.filter_map(|target| Some((target.to_owned(), document.pointer(target)?))));
        }
    }
    targets_by_pointer
}

fn operations(path_item: &Value) -> impl Iterator<Item = (&str, &Value)> {
    members(path_item).filter(|(method, _)| METHODS.contains(method))
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}
