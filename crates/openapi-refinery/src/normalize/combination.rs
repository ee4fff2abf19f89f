//! Normalization of schemas that combine others: `allOf`, `anyOf`, `oneOf` and `discriminator`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Normalizer;
use super::keywords::{Constrains, has_no_effect_on, is_annotation, keyword};
use super::reference::target;
use super::schema::{Schema, is_documentation, is_of_type, type_of, types};
use crate::pointer::{escape, last_token};

const ALTERNATIVES: [&str; 2] = ["oneOf", "anyOf"];

/// The extension of the normal form that contains the annotations of merged alternatives. A key is either a list of values as JSON
/// (`[1,2]`), or a list of types (`integer or string`), in which `null` is omitted beside other types.
pub const VALUES: &str = "x-openapi-refinery-values";

impl Schema<'_, '_> {
    pub(super) fn list(&self, keyword: &str) -> &[Value] {
        self.members.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn pointer(&self, keyword: &str) -> String {
        format!("{}/{}", self.at, escape(keyword))
    }

    /// Keeps those members of a list that satisfy a condition, given their index.
    fn retain(&mut self, keyword: &str, condition: impl Fn(usize, &Value) -> bool) {
        let kept: Vec<usize> =
            self.list(keyword).iter().enumerate().filter(|(index, it)| condition(*index, it)).map(|it| it.0).collect();
        if kept.len() == self.list(keyword).len() {
            return;
        }
        let list: Vec<Value> = kept.iter().map(|index| self.list(keyword)[*index].clone()).collect();
        let at = self.pointer(keyword);
        for (index, old) in kept.into_iter().enumerate() {
            self.normalizer.origins.relocate(&format!("{at}/{old}"), &format!("{at}/{index}"));
        }
        self.members.insert(keyword.to_owned(), list.into());
    }

    /// Removes unsatisfiable alternatives, and repeated ones in `anyOf` (JSON Schema 2020-12, Core, section 10.2.1). If one alternative
    /// accepts every value, the others are kept only if they may declare properties, or properties of items or of values of a map.
    pub(super) fn remove_impossible_alternatives(&mut self) {
        for keyword in ALTERNATIVES {
            if self.list(keyword).iter().all(|it| *it == false) {
                continue;
            }
            self.retain(keyword, |_, it| *it != false);
        }
        let alternatives = self.list("anyOf").to_vec();
        self.retain("anyOf", |index, it| !alternatives[..index].contains(it));
        let alternatives = self.list("anyOf");
        let must_be_kept = alternatives.iter().any(may_declare_properties_of_values) || self.normalizer.has_unevaluated;
        if alternatives.contains(&json!({})) && !must_be_kept {
            self.members.remove("anyOf");
        }
    }

    /// Writes `null` after the other alternatives. Their order has no meaning (JSON Schema 2020-12, Core, section 10.2.1).
    pub(super) fn write_null_last(&mut self) {
        for keyword in ALTERNATIVES {
            let mut alternatives = self.list(keyword).to_vec();
            let Some(index) = alternatives.iter().position(|it| *it == json!({ "type": "null" })) else { continue };
            alternatives[index..].rotate_left(1);
            let last = alternatives.len() - 1;
            let at = |index: usize| format!("{}/{index}", self.pointer(keyword));
            let moves = (index..last).map(|to| (at(to + 1), at(to)));
            let moves = [vec![(at(index), at(last + 1))], moves.collect(), vec![(at(last + 1), at(last))]].concat();
            moves.iter().for_each(|(from, to)| self.normalizer.origins.relocate(from, to));
            self.members.insert(keyword.to_owned(), alternatives.into());
        }
    }

    /// Writes alternatives that only list values (an annotated enumeration) as an `enum`. If there are other alternatives, too, those that
    /// list values of the same type become one alternative. An `enum` beside the alternatives applies, too (JSON Schema 2020-12, Core,
    /// section 10.2). [`VALUES`] keeps the annotations of the values, among them `default` if the alternatives have different ones.
    pub(super) fn write_values_as_enum(&mut self) {
        for keyword in ALTERNATIVES {
            let group = self.alternatives_with_values(keyword);
            let mut values: Vec<Value> = group.iter().flat_map(|(_, values)| values.clone()).collect();
            let distinct: BTreeSet<String> = values.iter().map(Value::to_string).collect();
            if group.len() < 2 || (keyword == "oneOf" && distinct.len() < values.len()) {
                continue;
            }
            let are_all = group.len() == self.list(keyword).len();
            if let Some(Value::Array(beside)) = self.members.get("enum").filter(|_| are_all) {
                values.retain(|value| beside.contains(value));
            }
            if values.is_empty() {
                continue;
            }
            let defaults = self.defaults_of_values(keyword, &group);
            let beside = self.members.get("default").filter(|_| are_all);
            let all_defaults: Vec<&Value> = defaults.iter().map(|it| &it.0).chain(beside).collect();
            let is_one_default = all_defaults.windows(2).all(|pair| pair[0] == pair[1]);
            let list = self.pointer(keyword);
            let list_origin = self.normalizer.origins.of(&list);
            let annotations = self.annotations_of_values(keyword, &group, !is_one_default);
            let mut merged = Map::from_iter([("enum".to_owned(), values.into())]);
            let default = defaults.into_iter().next().filter(|_| is_one_default);
            merged.extend(default.iter().map(|(value, _)| ("default".to_owned(), value.clone())));
            let at = if are_all {
                self.members.remove(keyword);
                self.members.extend(merged);
                self.normalizer.origins.relocate(&list, &self.pointer("enum"));
                self.at.clone()
            } else {
                self.replace_alternatives(keyword, &group, merged)
            };
            self.normalizer.origins.set(&format!("{at}/enum"), &list_origin);
            self.add_annotations(&at, annotations);
            if let Some((_, origin)) = default {
                self.normalizer.origins.set(&format!("{at}/default"), &origin);
            }
        }
    }

    /// Returns the defaults of alternatives that list values, with their origins.
    fn defaults_of_values(&self, keyword: &str, group: &[(usize, Vec<Value>)]) -> Vec<(Value, String)> {
        let default = |(index, _): &(usize, Vec<Value>)| {
            let at = format!("{}/{index}/default", self.pointer(keyword));
            Some((self.list(keyword)[*index].get("default")?.clone(), self.normalizer.origins.of(&at)))
        };
        group.iter().filter_map(default).collect()
    }

    /// Returns the alternatives that can be merged into an `enum`, as index and values: all, if each lists values; otherwise the first
    /// group that has one type.
    fn alternatives_with_values(&self, keyword: &str) -> Vec<(usize, Vec<Value>)> {
        let alternatives = self.list(keyword);
        let listed = alternatives.iter().enumerate().filter_map(|(index, it)| Some((index, listed_values(it)?)));
        let listed: Vec<_> = listed.collect();
        // A single alternative beside `null` is left to the rule that writes alternatives as types.
        let are_several = alternatives.iter().filter(|it| !is_null(it)).count() > 1;
        if listed.len() == alternatives.len() && are_several {
            return listed;
        }
        // A discriminator selects whole alternatives.
        if self.members.contains_key("discriminator") {
            return Vec::new();
        }
        let kind = |index: usize| alternatives[index].get("type").filter(|kind| *kind != "null");
        let of_kind = |it: usize| listed.iter().filter(|(other, _)| kind(*other) == kind(it)).cloned().collect();
        let groups = listed.iter().filter(|(index, _)| kind(*index).is_some()).map(|(index, _)| of_kind(*index));
        groups.into_iter().find(|group: &Vec<_>| group.len() > 1).unwrap_or_default()
    }

    /// Replaces several alternatives by one, and returns its location.
    fn replace_alternatives(
        &mut self,
        keyword: &str,
        group: &[(usize, Vec<Value>)],
        merged: Map<String, Value>,
    ) -> String {
        let (first, others) = (group[0].0, &group[1..]);
        self.retain(keyword, |index, _| !others.iter().any(|(other, _)| *other == index));
        let at = format!("{}/{first}", self.pointer(keyword));
        let mut schema = Schema { normalizer: &mut *self.normalizer, members: merged, at: at.clone() };
        schema.apply_rules();
        let merged = schema.into_value();
        if let Some(place) = self.members.get_mut(keyword).and_then(|list| list.get_mut(first)) {
            *place = merged;
        }
        at
    }

    /// Returns the annotations of alternatives that list values, by these values as JSON, with their origins.
    fn annotations_of_values(
        &self,
        keyword: &str,
        group: &[(usize, Vec<Value>)],
        with_defaults: bool,
    ) -> BTreeMap<String, (Value, String)> {
        let is_kept = |key: &str| is_annotation(key) && (key != "default" || with_defaults);
        let annotations = group
            .iter()
            .map(|(index, values)| self.annotations_of(keyword, *index, json!(values).to_string(), is_kept));
        annotations.flatten().collect()
    }

    /// Returns the documentation of alternatives that consist of types, by these types, with their origins.
    fn annotations_of_types(&self, keyword: &str) -> BTreeMap<String, (Value, String)> {
        let is_kept = |key: &str| is_documentation(key) || key == "deprecated";
        let annotations = self.list(keyword).iter().enumerate().filter_map(|(index, alternative)| {
            let types = types(alternative.as_object()?)?;
            let is_named = |kind: &&str| *kind != "null" || types.len() == 1;
            let types = types.iter().copied().filter(is_named).collect::<Vec<_>>().join(" or ");
            Some(self.annotations_of(keyword, index, types, is_kept))
        });
        annotations.flatten().collect()
    }

    /// Returns the annotations of an alternative by `name`, its values or types, with their origin. If the alternative was merged itself,
    /// those of its parts precede them.
    fn annotations_of(
        &self,
        keyword: &str,
        index: usize,
        name: String,
        is_kept: impl Fn(&str) -> bool,
    ) -> Vec<(String, (Value, String))> {
        let at = format!("{}/{index}", self.pointer(keyword));
        let origin = |part: &str| self.normalizer.origins.of(&format!("{at}{part}"));
        let mut own = self.list(keyword)[index].as_object().cloned().unwrap_or_default();
        own.retain(|key, _| is_kept(key));
        let mut annotations = Vec::new();
        if let Some(Value::Object(by_part)) = own.remove(VALUES) {
            let origin = |part: &str| origin(&format!("/{VALUES}/{}", escape(part)));
            annotations.extend(by_part.into_iter().map(|(part, value)| (part.clone(), (value, origin(&part)))));
        }
        if !own.is_empty() {
            annotations.push((name, (own.into(), origin(""))));
        }
        annotations
    }

    /// Adds annotations to [`VALUES`] of the schema at a location. Different texts for the same values become a list.
    fn add_annotations(&mut self, at: &str, added: BTreeMap<String, (Value, String)>) {
        let mut schema = Value::Object(std::mem::take(&mut self.members));
        let origins = &mut self.normalizer.origins;
        for (name, (annotations, origin)) in added {
            let list = format!("{at}/{VALUES}/{}", escape(&name));
            let own = |key: &str| format!("{list}/{}", escape(key));
            let Some(Value::Object(members)) = schema.pointer_mut(&at[self.at.len()..]) else { continue };
            let Value::Object(annotations) = annotations else { continue };
            let Some(all) = make_object(members.entry(VALUES).or_insert(Value::Null)) else { continue };
            let Some(present) = make_object(all.entry(name).or_insert(Value::Null)) else { continue };
            let known: Vec<_> = present.keys().map(|key| own(key)).collect();
            let known: Vec<_> = known.into_iter().map(|it| (origins.of(&it), it)).collect();
            origins.set(&list, &origin);
            known.iter().for_each(|(origin, key)| origins.set(key, origin));
            for (key, value) in annotations {
                origins.set(&own(&key), &format!("{origin}/{}", escape(&key)));
                let both = present.get(&key).filter(|it| **it != value).map(|it| json!([it, value]));
                present.insert(key, both.unwrap_or(value));
            }
        }
        if let Value::Object(members) = schema {
            self.members = members;
        }
    }

    /// Writes alternatives that consist only of different types as a list of types.
    pub(super) fn write_alternatives_as_types(&mut self) {
        for list in ALTERNATIVES {
            let may_stand_beside = |key: &String| key == list || is_annotation(key) || constrains_one_type(key);
            if self.list(list).len() < 2
                || !self.members.keys().all(may_stand_beside)
                || self.members.contains_key("discriminator")
            {
                continue;
            }
            let merged = merge_alternatives(self.list(list));
            let is_free = |key: &String| !constrains_one_type(key) || !self.members.contains_key(key);
            let Some(merged) = merged.filter(|merged| merged.iter().all(|(key, _)| is_free(key))) else { continue };
            let at = self.pointer(list);
            let are_several = self.list(list).iter().filter(|it| !is_null(it)).count() > 1;
            let annotations = if are_several { self.annotations_of_types(list) } else { BTreeMap::new() };
            let origins = self.origins_of_types(list);
            self.members.remove(list);
            for (key, (index, value)) in merged {
                if !self.members.contains_key(&key) {
                    self.normalizer.origins.relocate(&format!("{at}/{index}/{key}"), &self.pointer(&key));
                    self.members.insert(key, value);
                }
            }
            let types = self
                .list("type")
                .iter()
                .enumerate()
                .filter_map(|(index, kind)| Some((index, origins.get(kind.as_str()?)?)));
            let located: Vec<_> =
                types.map(|(index, origin)| (format!("{}/{index}", self.pointer("type")), origin)).collect();
            located.into_iter().for_each(|(at, origin)| self.normalizer.origins.set(&at, origin));
            self.add_annotations(&self.at.clone(), annotations);
        }
    }

    /// Returns the origin of the alternative for each type.
    fn origins_of_types(&self, keyword: &str) -> BTreeMap<String, String> {
        let alternatives = self.list(keyword).iter().enumerate();
        let origins = alternatives.flat_map(|(index, alternative)| {
            let origin = self.normalizer.origins.of(&format!("{}/{index}", self.pointer(keyword)));
            let kinds = alternative.as_object().and_then(types).into_iter().flatten();
            kinds.map(|kind| (kind.to_owned(), origin.clone())).collect::<Vec<_>>()
        });
        origins.collect()
    }

    /// Writes several types with their own keywords as alternatives. `null`, which has no keywords, becomes the alternative `{type: null}`.
    pub(super) fn write_types_as_alternatives(&mut self) {
        let types: Vec<String> = self.types().into_iter().flatten().map(str::to_owned).collect();
        let own: Vec<String> = self.members.keys().filter(|key| constrains_one_type(key)).cloned().collect();
        let is_combined = ["anyOf", "oneOf", "enum", "unevaluatedItems", "unevaluatedProperties"]
            .iter()
            .any(|it| self.members.contains_key(*it));
        if types.iter().filter(|it| *it != "null").count() < 2 || own.is_empty() || is_combined {
            return;
        }
        let origin = self.normalizer.origins.of(&self.pointer("type"));
        let listed = self.normalizer.document.pointer(&origin).and_then(Value::as_array);
        self.normalizer.origins.relocate(&self.pointer("type"), &self.pointer("anyOf"));
        let mut alternatives = Vec::new();
        for (index, kind) in types.iter().enumerate() {
            let at = format!("{}/{index}", self.pointer("anyOf"));
            // The types are sorted.
            if let Some(index) = listed.and_then(|listed| listed.iter().position(|it| it == kind)) {
                self.normalizer.origins.set(&at, &format!("{origin}/{index}"));
            }
            let mut alternative = Map::from_iter([("type".to_owned(), json!(kind))]);
            for key in own.iter().filter(|key| !has_no_effect_on(key, kind)) {
                self.normalizer.origins.relocate(&self.pointer(key), &format!("{at}/{}", escape(key)));
                alternative.insert(key.clone(), self.members[key].clone());
            }
            alternatives.push(Value::Object(alternative));
        }
        self.members.retain(|key, _| key != "type" && !own.contains(key));
        self.members.insert("anyOf".to_owned(), alternatives.into());
    }

    /// Writes a single alternative as a member of `allOf`.
    pub(super) fn write_one_alternative_as_all_of(&mut self) {
        for keyword in ALTERNATIVES {
            let [only] = self.list(keyword) else { continue };
            let only = only.clone();
            let mut all_of = self.list("allOf").to_vec();
            let to = format!("{}/{}", self.pointer("allOf"), all_of.len());
            self.normalizer.origins.relocate(&format!("{}/0", self.pointer(keyword)), &to);
            all_of.push(only);
            self.members.remove(keyword);
            self.members.insert("allOf".to_owned(), all_of.into());
        }
    }

    /// Writes `oneOf` as `anyOf` if no instance satisfies two alternatives, unless a discriminator distinguishes them.
    pub(super) fn write_disjoint_one_of_as_any_of(&mut self) {
        let alternatives = self.list("oneOf");
        if alternatives.is_empty() || ["anyOf", "discriminator"].iter().any(|it| self.members.contains_key(*it)) {
            return;
        }
        let characteristics: Vec<Characteristics> =
            alternatives.iter().map(|it| Characteristics::of(it, self.normalizer)).collect();
        let are_disjoint = (1..characteristics.len())
            .all(|index| characteristics[..index].iter().all(|it| it.is_disjoint_from(&characteristics[index])));
        if are_disjoint && let Some(alternatives) = self.members.remove("oneOf") {
            self.members.insert("anyOf".to_owned(), alternatives);
            self.normalizer.origins.relocate(&self.pointer("oneOf"), &self.pointer("anyOf"));
        }
    }

    /// Inlines nested `allOf`, and removes members that accept everything or are repeated.
    pub(super) fn flatten_all_of(&mut self) {
        if self.inline_nested_list("allOf") {
            return;
        }
        let members = self.list("allOf").to_vec();
        self.retain("allOf", |index, it| *it != json!({}) && !members[..index].contains(it));
        if self.members.get("allOf") == Some(&json!([])) {
            self.members.remove("allOf");
        }
    }

    /// Inlines nested `anyOf`. A discriminator selects whole alternatives.
    pub(super) fn flatten_any_of(&mut self) {
        if !self.members.contains_key("discriminator") {
            self.inline_nested_list("anyOf");
        }
    }

    /// Inlines nested lists: a member that has no keyword but `keyword` is replaced by the first member of its own list, and the other
    /// members of that list are appended. Returns whether a list was inlined.
    fn inline_nested_list(&mut self, keyword: &str) -> bool {
        let at = self.pointer(keyword);
        let mut members = self.list(keyword).to_vec();
        let mut is_nested = false;
        for index in 0..members.len() {
            let Some(nested) = only_list(&members[index], keyword).map(<[Value]>::to_vec) else { continue };
            for (number, member) in nested.iter().enumerate().skip(1) {
                let to = format!("{at}/{}", members.len());
                self.normalizer.origins.relocate(&format!("{at}/{index}/{keyword}/{number}"), &to);
                members.push(member.clone());
            }
            self.normalizer.origins.relocate(&format!("{at}/{index}/{keyword}/0"), &format!("{at}/{index}"));
            members[index] = nested[0].clone();
            is_nested = true;
        }
        if is_nested {
            self.members.insert(keyword.to_owned(), members.into());
        }
        is_nested
    }

    /// Replaces a schema that consists of one member of `allOf` by that member. Annotations of the schema take precedence.
    pub(super) fn unwrap_all_of(&mut self) {
        let [Value::Object(only)] = self.list("allOf") else { return };
        if !self.has_only(&["allOf"]) {
            return;
        }
        let only = only.clone();
        let member = format!("{}/0", self.pointer("allOf"));
        self.members.remove("allOf");
        for (key, value) in only {
            if !self.members.contains_key(&key) {
                self.normalizer.origins.relocate(&format!("{member}/{}", escape(&key)), &self.pointer(&key));
                self.members.insert(key, value);
            }
        }
    }

    /// Replaces `not: { not: schema }` by the schema.
    pub(super) fn remove_double_negation(&mut self) {
        let inner = self.members.get("not").and_then(|not| {
            let not = not.as_object().filter(|not| not.len() == 1)?;
            not.get("not").cloned()
        });
        if let Some(inner) = inner.filter(|_| self.has_only(&["not"]) && !self.normalizer.has_unevaluated) {
            self.normalizer
                .origins
                .relocate(&format!("{}/not", self.pointer("not")), &format!("{}/0", self.pointer("allOf")));
            self.members.remove("not");
            self.members.insert("allOf".to_owned(), json!([inner]));
        }
    }

    /// Adds the implicit names of a discriminator to its mapping: those of the alternatives, and of the components that extend the schema
    /// by `allOf` (OpenAPI 3.1.1, section 4.8.25). `origin` is the location of the schema.
    pub(super) fn complete_discriminator(&mut self, origin: &str) {
        let Some(Value::Object(discriminator)) = self.members.get("discriminator") else { return };
        let mut discriminator = discriminator.clone();
        let mut mapping = Map::new();
        for (name, to) in discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten() {
            let to = to.as_str().unwrap_or_default();
            let named = format!("#/components/schemas/{}", escape(to));
            // The value is a name or a reference.
            let pointer = [named.as_str(), to].into_iter().find_map(|it| target(self.normalizer.document, "", it).ok());
            let to = match pointer {
                Some((pointer, _)) => format!("#/components/schemas/{}", self.normalizer.component_name(&pointer)),
                None => to.to_owned(),
            };
            mapping.insert(name.clone(), to.into());
        }
        let alternatives = ALTERNATIVES.iter().flat_map(|keyword| self.list(keyword));
        let references = alternatives.filter_map(|it| it.get("$ref").and_then(Value::as_str));
        let references: Vec<String> = references.map(str::to_owned).collect();
        let children = self.normalizer.children.get(origin).cloned().unwrap_or_default();
        let children: Vec<String> = children
            .iter()
            .map(|child| format!("#/components/schemas/{}", self.normalizer.component_name(child)))
            .collect();
        // If all alternatives extend this schema by `allOf`, the mapping lists them. As constraints, they would make the schema circular.
        let is_child = |it: &Value| it["$ref"].as_str().is_some_and(|it| children.iter().any(|child| child == it));
        for keyword in ALTERNATIVES {
            if !self.list(keyword).is_empty() && self.list(keyword).iter().all(is_child) {
                self.members.remove(keyword);
            }
        }
        for reference in references.into_iter().chain(children) {
            let pointer = self.normalizer.origins.of(&reference[1..]);
            mapping.entry(last_token(&pointer)).or_insert_with(|| reference.into());
        }
        if !mapping.is_empty() {
            discriminator.insert("mapping".to_owned(), mapping.into());
        }
        self.members.insert("discriminator".to_owned(), discriminator.into());
    }
}

/// Returns whether a schema may declare properties of an object.
pub(super) fn may_declare_properties(schema: &Value) -> bool {
    let keywords = [
        "properties", "required", "dependentRequired", "dependentSchemas", "$ref", "allOf", "anyOf", "oneOf", "not",
        "if",
    ];
    keywords.iter().any(|keyword| schema.get(keyword).is_some())
}

/// Returns whether a schema may declare properties of an object, or of objects in it: of its items, or of the values of a map.
fn may_declare_properties_of_values(schema: &Value) -> bool {
    let single = ["items", "additionalProperties"].into_iter().filter_map(|keyword| schema.get(keyword));
    let positions = schema["prefixItems"].as_array().into_iter().flatten();
    let by_pattern = schema["patternProperties"].as_object().into_iter().flat_map(Map::values);
    may_declare_properties(schema) || single.chain(positions).chain(by_pattern).any(may_declare_properties_of_values)
}

/// Returns whether a keyword constrains instances of one type only.
fn constrains_one_type(name: &str) -> bool {
    keyword(name).is_some_and(|row| matches!(row.constrains, Constrains::Type(_)))
}

/// Returns the schemas that a keyword lists, if there are any and it is the only keyword of the schema.
fn only_list<'v>(schema: &'v Value, keyword: &str) -> Option<&'v [Value]> {
    let members = schema.as_object().filter(|members| members.len() == 1)?;
    members.get(keyword)?.as_array().map(Vec::as_slice).filter(|list| !list.is_empty())
}

/// Returns the members of a value; one that is not an object, such as an extension of the document, is replaced.
fn make_object(value: &mut Value) -> Option<&mut Map<String, Value>> {
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut()
}

/// Returns whether a schema consists of the type `null`.
fn is_null(schema: &Value) -> bool {
    *schema == json!({ "type": "null" })
}

/// Merges alternatives that consist only of types, or one alternative and `null`, into one schema. Returns its keywords, each with the
/// index of its alternative.
fn merge_alternatives(alternatives: &[Value]) -> Option<Vec<(String, (usize, Value))>> {
    let others: Vec<usize> = (0..alternatives.len()).filter(|index| !is_null(&alternatives[*index])).collect();
    let (mut kinds, mut values, mut merged) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (index, alternative) in alternatives.iter().enumerate() {
        let members = alternative.as_object()?;
        for kind in types(members)? {
            let is_part =
                matches!(kind, "integer" | "number") && ["integer", "number"].iter().any(|it| kinds.contains(*it));
            if is_part || !kinds.insert(kind) {
                return None;
            }
        }
        let listed = members.get("enum").and_then(Value::as_array);
        let listed: Option<Vec<Value>> =
            listed.map(|values| values.iter().filter(|it| is_of_declared_type(it, members)).cloned().collect());
        values.push(listed.or_else(|| is_null(alternative).then(|| vec![Value::Null])));
        for (key, value) in members.iter().filter(|(key, _)| !matches!(key.as_str(), "type" | "enum")) {
            match others.as_slice() {
                [_] if constrains_one_type(key) || is_annotation(key) => {
                    merged.push((key.clone(), (index, value.clone())))
                }
                [_, ..] if is_documentation(key) || key == "deprecated" => {}
                _ => return None,
            }
        }
    }
    // If one type has an `enum`, all types need one; `null` has one value.
    if let Some(index) = others.iter().find(|index| alternatives[**index].get("enum").is_some()) {
        let listed: Vec<Value> = values.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        merged.push(("enum".to_owned(), (*index, listed.into())));
    }
    merged.push(("type".to_owned(), (*others.first()?, json!(kinds))));
    Some(merged)
}

/// Returns whether the types of a schema, if it has any, include that of a value.
fn is_of_declared_type(value: &Value, schema: &Map<String, Value>) -> bool {
    types(schema).is_none_or(|types| types.iter().any(|kind| is_of_type(value, kind)))
}

/// Characteristics of the instances of a schema, used to prove that two schemas have no common instance.
#[derive(Default)]
struct Characteristics {
    types: Option<BTreeSet<String>>,
    values: Option<BTreeSet<String>>,
    /// The values of required properties.
    required: Vec<(String, BTreeSet<String>)>,
}

impl Characteristics {
    /// Returns the characteristics of a normalized schema; for a reference, those of its target in the document before normalization.
    fn of(schema: &Value, normalizer: &Normalizer<'_>) -> Self {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|it| normalizer.document.pointer(&normalizer.origins.of(&it[1..])));
        let Some(members) = target.unwrap_or(schema).as_object() else { return Self::default() };
        let is_nullable = target.is_some() && members.get("nullable") == Some(&true.into());
        // OpenAPI 3.0 ignores keywords beside a reference.
        if is_nullable || (target.is_some() && members.contains_key("$ref")) {
            return Self::default();
        }
        let kinds = types(members)
            .filter(|_| members["type"] != json!([null]))
            .map(|it| it.into_iter().map(str::to_owned).collect());
        let required =
            members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let required_values =
            required.filter_map(|name| Some((name.to_owned(), enum_values(members.get("properties")?.get(name)?)?)));
        Self { types: kinds, values: enum_values(&Value::Object(members.clone())), required: required_values.collect() }
    }

    /// Returns whether the two have no common instance.
    fn is_disjoint_from(&self, other: &Self) -> bool {
        let part = |kind: &String| if kind == "integer" { "number".to_owned() } else { kind.clone() };
        let wide = |types: &BTreeSet<String>| types.iter().map(part).collect::<BTreeSet<_>>();
        let types = self.types.as_ref().map(wide).zip(other.types.as_ref().map(wide));
        let are_objects = types.as_ref().is_some_and(|(one, other)| one == other && one.iter().eq(["object"]));
        let mut required = self.required.iter().flat_map(|(name, values)| {
            other.required.iter().filter(move |(other, _)| other == name).map(move |(_, others)| (values, others))
        });
        types.is_some_and(|(one, other)| one.is_disjoint(&other))
            || self.values.as_ref().zip(other.values.as_ref()).is_some_and(|(one, other)| one.is_disjoint(other))
            || (are_objects && required.any(|(one, other)| one.is_disjoint(other)))
    }
}

/// Returns the values that a schema lists, if it states nothing else. The type `null` lists one value.
fn listed_values(schema: &Value) -> Option<Vec<Value>> {
    let members = schema.as_object()?;
    let is_plain = members.keys().all(|key| matches!(key.as_str(), "enum" | "type") || is_annotation(key));
    let values = match members.get("enum") {
        Some(values) => values.as_array()?.clone(),
        None => members.get("type").filter(|kind| *kind == "null").map(|_| vec![Value::Null])?,
    };
    // An alternative whose type rejects its values accepts none.
    (is_plain && values.iter().all(|value| is_of_declared_type(value, members))).then_some(values)
}

/// Returns the values in the `enum` of a schema, as JSON.
fn enum_values(schema: &Value) -> Option<BTreeSet<String>> {
    let text = |value: &Value| match value {
        Value::Number(number) => number.as_f64().map_or_else(|| value.to_string(), |float| float.to_string()),
        _ => value.to_string(),
    };
    match (schema.get("enum"), schema.get("const")) {
        // Objects and arrays are not compared: the texts of equal objects may differ in key order.
        (Some(Value::Array(values)), _) if values.iter().all(|it| !matches!(type_of(it), "object" | "array")) => {
            Some(values.iter().map(text).collect())
        }
        (None, Some(value)) if !value.is_object() && !value.is_array() => Some(BTreeSet::from([text(value)])),
        _ => None,
    }
}
