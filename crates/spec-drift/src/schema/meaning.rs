//! Comparison of annotations, defaults and `deprecated`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::role::Transmission;
use super::values::describe_types;
use super::{PairComparison, describe_values};
use crate::flat::{Flat, Schemas, add_distinct, canonical, is_docs, values_of};
use crate::{ABSENT, Direction, Effect, Node, Verdict, choose_present, quote};
use openapi_refinery::normalize::VALUES;
use openapi_refinery::pointer::last_token;

impl<'a> PairComparison<'_, 'a> {
    /// Compares the annotations of all combined schemas, except those that are compared elsewhere.
    pub(super) fn compare_annotations(&mut self, is_compared_elsewhere: impl Fn(&str) -> bool) {
        let (old, new) = (self.old, self.new);
        let keys = old.keywords.keys().chain(new.keywords.keys()).copied();
        let is_elsewhere = |key: &str| is_compared_elsewhere(key) || self.is_of_values(key);
        let keys: BTreeSet<&str> = keys.filter(|key| is_docs(key) && !is_elsewhere(key)).collect();
        for key in keys {
            if is_overridden([old, new], key) {
                continue;
            }
            let (old, new) = (annotations(old, new, key), annotations(new, old, key));
            let differ = |these: &[String], those: &[String]| these.iter().any(|it| !those.contains(it));
            let (removed, added) = (differ(&old, &new), differ(&new, &old));
            if !removed && !added {
                continue;
            }
            if key == VALUES {
                self.compare_annotations_of_values();
                continue;
            }
            let at = self.keyword_node(key);
            if key == "xml" && self.compare_xml(&at, [self.old, self.new].map(|flat| flat.get(key).to_vec())) {
                continue;
            }
            // An annotation may have another name in the normal form than in the document.
            let written = self.name_of(&at);
            self.comparison.record_documentation(&written, &at, [removed, added]);
        }
    }

    /// Compares how a schema is written as XML. Returns whether a change was recorded: in other media types, `xml` is documentation, and so
    /// are its extensions.
    fn compare_xml(&mut self, at: &Node<'a>, nodes: [Vec<Node<'a>>; 2]) -> bool {
        let is_stated = |key: &str, member: &Node<'a>| !key.starts_with("x-") && *member.value != false;
        let describe = |xml: &Node<'a>| {
            let members = xml.members().into_iter().filter(|(key, member)| is_stated(key, member));
            let members = members.map(|(key, member)| format!("`{key}: {}`", member.value)).collect::<Vec<_>>();
            (!members.is_empty()).then(|| members.join(", "))
        };
        let [old, new] = nodes.map(|nodes| nodes.iter().filter_map(describe).collect::<Vec<_>>());
        let is_changed = self.role.is_xml && BTreeSet::from_iter(&old) != BTreeSet::from_iter(&new);
        if is_changed {
            self.record("xml-changed", Effect::Both, at, &describe_values("xml", &old, &new));
        }
        is_changed
    }

    /// Returns the key of [`VALUES`] in `merged` that has the values or types of `schema`, and the only part of `schema`. `merged` is the
    /// schema of the other document: normalization merges alternatives that list values or types into one schema, and keeps their
    /// annotations in [`VALUES`], by values or types.
    fn single_values(&self, [schema, merged]: [&Flat<'a>; 2]) -> Option<(&'a str, Node<'a>)> {
        let ([part], []) = (&schema.parts[..], schema.get(VALUES)) else { return None };
        let (values, types) = (schema.values(), describe_types(schema.types.as_ref()));
        let without_null = |list: &str| values_of(list).filter(|it| !it.is_null()).map(|it| canonical(&it)).collect();
        let is_same = |key: &&str| match &values {
            Some(values) => *values == without_null(key),
            None => types.trim_end_matches(" or null") == *key,
        };
        let mut keys = merged.get(VALUES).iter().flat_map(Node::members).map(|it| it.0);
        Some((keys.find(is_same)?, part.clone()))
    }

    /// Returns whether an annotation is about one of several alternatives in one document, and about the schema in the other.
    fn is_of_values(&self, key: &str) -> bool {
        let sides = [[self.old, self.new], [self.new, self.old]];
        let is_single = |side: [&Flat<'a>; 2]| side[1].get(key).is_empty() && self.single_values(side).is_some();
        (is_docs(key) || key == "deprecated") && sides.into_iter().any(is_single)
    }

    /// Compares the annotations of values and types that were alternatives. If only one document lists a value or type, its annotations
    /// belong to the change that adds or removes it.
    fn compare_annotations_of_values(&mut self) {
        let annotations = |side: [&Flat<'a>; 2]| -> BTreeMap<&'a str, Node<'a>> {
            side[0].get(VALUES).iter().flat_map(Node::members).chain(self.single_values(side)).collect()
        };
        let sides = [[self.old, self.new], [self.new, self.old]];
        let [before, after] = sides.map(annotations);
        let is_single = sides.iter().any(|side| self.single_values(*side).is_some());
        let sides = [self.old, self.new].map(|flat| (flat, flat.values()));
        let is_listed = |value: &Value| match value {
            Value::Null => sides.iter().all(|(flat, _)| flat.accepts("null")),
            value => sides.iter().all(|(_, values)| values.as_ref().is_none_or(|it| it.contains(&canonical(value)))),
        };
        let is_kept = |key: &str| match key.starts_with('[') {
            true => values_of(key).all(|value| is_listed(&value)),
            false => key.split(" or ").all(|kind| sides.iter().all(|(flat, _)| flat.accepts(kind))),
        };
        let names = before.keys().chain(after.keys()).copied().filter(|values| is_kept(values));
        for values in names.collect::<BTreeSet<_>>() {
            let Some(at) = after.get(values).or(before.get(values)) else { continue };
            let absent = Node { value: &ABSENT, ..at.clone() };
            let [old, new] = [&before, &after].map(|side| side.get(values).unwrap_or(&absent));
            let subject = match values.strip_prefix('[').and_then(|list| list.strip_suffix(']')) {
                Some(list) => list.replace(',', ", "),
                None => quote(values),
            };
            let keys = old.members().into_keys().chain(new.members().into_keys());
            let (deprecated, others): (Vec<&str>, Vec<&str>) = keys
                .filter(|key| *key != "default" && (!is_single || self.is_of_values(key)))
                .partition(|key| *key == "deprecated");
            if !deprecated.is_empty() {
                self.comparison.compare_deprecation(at, &subject, [old, new].map(|it| it.is_true("deprecated")));
            }
            let xml = [old, new].map(|it| it.member("xml"));
            let is_recorded =
                self.compare_xml(choose_present(&xml[0], &xml[1]), xml.each_ref().map(|it| vec![it.clone()]));
            let others: Vec<&str> = others.into_iter().filter(|key| *key != "xml" || !is_recorded).collect();
            self.comparison.compare_annotations(old, new, &others);
        }
    }

    /// Compares `default`, `deprecated` and `discriminator`, which determine the meaning of instances.
    /// `replaces_list` says whether a list of alternatives replaces a single schema, or the reverse.
    pub(super) fn compare_meaning(&mut self, replaces_list: bool) {
        let (old, new) = (self.old, self.new);
        let deprecated = self.keyword_node("deprecated");
        let schema = deprecated.parent();
        let subject = self.describe(&schema);
        if !self.is_of_values("deprecated") {
            self.comparison.compare_deprecation(&schema, &subject, [old, new].map(|flat| flat.is_set("deprecated")));
        }
        let defaults = self.defaults(replaces_list);
        self.compare_defaults(defaults);
        // A schema that became an alternative, or the reverse, may still have its discriminator there.
        if !replaces_list || [old, new].iter().all(|flat| !flat.get("discriminator").is_empty()) {
            self.compare_discriminator();
        }
    }

    /// Compares the defaults that apply to the same instance, before and after.
    pub(super) fn compare_defaults(&mut self, mut defaults: [Vec<Node<'a>>; 2]) {
        if self.role.is_text() {
            // `null` cannot be written as text.
            defaults.iter_mut().for_each(|nodes| nodes.retain(|node| !node.value.is_null()));
        }
        let [old, new] = &defaults;
        let is_in = |node: &Node<'a>, others: &[Node<'a>]| others.iter().any(|it| self.is_same_default(it, node));
        let missing = |these: &[Node<'a>], others: &[Node<'a>]| -> Vec<Node<'a>> {
            these.iter().filter(|node| !is_in(node, others)).cloned().collect()
        };
        let (removed, added) = (missing(old, new), missing(new, old));
        let Some(node) = added.iter().chain(&removed).next().cloned() else { return };
        let shown = |nodes: &[Node<'a>]| {
            let texts: BTreeSet<String> = nodes.iter().map(|it| canonical(it.value)).collect();
            Vec::from_iter(texts)
        };
        let rule = if old.is_empty() { "default-added" } else { "default-changed" };
        let what = describe_values("default", &shown(&removed), &shown(&added));
        // An omitted property may remain unset; an omitted parameter always has a meaning.
        let default_has_no_effect = match self.role.transmission {
            Transmission::Value | Transmission::PartOfText => old.is_empty(),
            Transmission::Text | Transmission::EncodedText => false,
            Transmission::RequiredValue | Transmission::RequiredText | Transmission::RequiredPartOfText => true,
        };
        let (verdict, consequence) = match self.role.direction == Direction::Response
            || default_has_no_effect
            || self.role.is_omitted
            || self.role.ignores_default
        {
            true => (Verdict::Docs, "documentation only"),
            false => (Verdict::Breaking, "requests that omit the value mean something else"),
        };
        self.comparison.record(rule, verdict, &node, format!("{what}: {consequence}"));
    }

    /// Returns whether two defaults are equal or, if they are transmitted as text, the same text: types do not matter there, and a list of
    /// one item is written as the item.
    fn is_same_default(&self, one: &Node<'a>, other: &Node<'a>) -> bool {
        let written = |value: &Value| match value {
            Value::Array(items) if items.len() == 1 => canonical(&items[0]).trim_matches('"').to_owned(),
            value => canonical(value).trim_matches('"').to_owned(),
        };
        match self.role.is_text() {
            true => written(one.value) == written(other.value),
            false => canonical(one.value) == canonical(other.value),
        }
    }

    /// Returns the defaults, before and after: those of the schema itself or, if it has none, those of its alternatives. If a list of
    /// alternatives loses its default, those of the alternatives do not replace it: it is not certain that one of them applies. Two lists
    /// without a default beside them are compared alternative by alternative.
    fn defaults(&self, replaces_list: bool) -> [Vec<Node<'a>>; 2] {
        let [own_before, own_after] = [self.old, self.new].map(|flat| self.own_defaults(flat));
        let are_lists = !replaces_list && [self.old, self.new].iter().all(|flat| !flat.alternatives().is_empty());
        let before = match own_before.is_empty() && !(are_lists && own_after.is_empty()) {
            true => defaults_of_alternatives(self.old, self.comparison.old),
            false => own_before,
        };
        let after = match own_after.is_empty() && !are_lists {
            true => defaults_of_alternatives(self.new, self.comparison.new),
            false => own_after,
        };
        [before, after]
    }

    /// Returns the defaults of a schema itself, except `null` in a value that is transmitted as text, which cannot represent it.
    pub(super) fn own_defaults(&self, flat: &Flat<'a>) -> Vec<Node<'a>> {
        let has_effect = |node: &Node<'a>| !self.role.is_text() || !node.value.is_null();
        defaults_of(flat).into_iter().filter(has_effect).collect()
    }

    /// Returns the name of the component or property that a schema belongs to, or `the schema` if there is none. A member of `allOf`
    /// belongs to the schema that has the `allOf`.
    fn describe(&self, schema: &Node<'a>) -> String {
        let pointer = self.comparison.normal(schema).origin(&schema.pointer);
        let pointer = pointer.split("/allOf/").next().unwrap_or_default();
        match pointer.rsplit('/').nth(1) {
            Some("schemas" | "properties") => quote(&last_token(pointer)),
            _ => "the schema".to_owned(),
        }
    }
}

/// Returns the values of an annotation. If only the other document has a list of alternatives, and the schema has a value of its own,
/// returns only that: other values come from a single alternative that was combined with the schema, and alternatives are compared
/// separately.
fn annotations(schema: &Flat<'_>, other: &Flat<'_>, keyword: &str) -> Vec<String> {
    let is_single = schema.alternatives().is_empty() && !other.alternatives().is_empty();
    let own = schema.parts.first().map(|part| part.member(keyword)).filter(Node::is_present);
    let values = own.filter(|_| is_single).map_or_else(|| schema.get(keyword).to_vec(), |own| vec![own]);
    values.iter().filter_map(|node| describe_annotation(keyword, node.value)).collect()
}

/// Returns the value of an annotation as text, the same for equal ones. In `xml`, `attribute` and `wrapped` are `false` by default (OpenAPI
/// 3.1.1, section 4.8.26); `None` if it only states such defaults.
fn describe_annotation(keyword: &str, value: &Value) -> Option<String> {
    let Value::Object(members) = value else { return Some(canonical(value)) };
    let is_default = |member: &Value| keyword == "xml" && *member == false;
    let stated = members.iter().filter(|(_, member)| !is_default(member));
    let stated: serde_json::Map<_, _> = stated.map(|(key, member)| (key.clone(), member.clone())).collect();
    (keyword != "xml" || !stated.is_empty()).then(|| canonical(&stated.into()))
}

/// Returns whether both schemas have the same value of an annotation themselves, and at least one of them combines no other schema that has
/// the annotation. The value of the schema itself takes precedence.
fn is_overridden(schemas: [&Flat<'_>; 2], key: &str) -> bool {
    let [old, new] = schemas.map(|schema| schema.parts.first().map(|part| part.member(key)).filter(Node::is_present));
    let has_no_other = |schema: &Flat<'_>| schema.get(key).len() == 1;
    old.zip(new).is_some_and(|(old, new)| old.value == new.value) && schemas.into_iter().any(has_no_other)
}

/// Returns the defaults of a schema. If it has none itself, returns those of alternatives that were merged.
pub(super) fn defaults_of<'a>(schema: &Flat<'a>) -> Vec<Node<'a>> {
    let values = schema.get(VALUES).iter().flat_map(|all| all.members().into_values());
    let of_values = values.map(|annotations| annotations.member("default")).filter(Node::is_present);
    let mut defaults = schema.get("default").to_vec();
    if defaults.is_empty() {
        of_values.for_each(|default| add_distinct(&mut defaults, default));
    }
    defaults
}

/// Returns the defaults of the alternatives of a schema. An alternative without a default of its own has those of its alternatives.
pub(super) fn defaults_of_alternatives<'a>(schema: &Flat<'a>, document: &'a Schemas) -> Vec<Node<'a>> {
    let (mut found, mut visited, mut unvisited) = (Vec::new(), BTreeSet::new(), schema.alternatives());
    while let Some(list) = unvisited.pop() {
        let is_new = visited.insert(list.pointer.clone());
        for node in list.items().into_iter().filter(|_| is_new) {
            let flat = Flat::of(document, &[node]);
            match defaults_of(&flat) {
                own if own.is_empty() => unvisited.extend(flat.alternatives()),
                own => found.extend(own),
            }
        }
    }
    found
}
