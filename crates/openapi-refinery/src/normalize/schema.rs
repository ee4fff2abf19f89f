//! Normalization of schemas to one spelling in JSON Schema 2020-12.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value, json};

use super::anchors::IDENTIFIERS;
use super::combination::may_declare_properties;
use super::keywords::{ValueKind, has_no_effect_on, is_annotation, value_kind};
use super::reference::is_reference;
use super::value_kinds::{describe_value, expected_value};
use super::{Node, Normalizer};

/// The types of JSON Schema 2020-12 (Core, section 4.2.1). `integer` is a part of `number`.
const TYPES: [&str; 6] = ["array", "boolean", "null", "number", "object", "string"];

/// The keywords that combine other schemas, which may reject `null`.
const COMBINING: [&str; 4] = ["$ref", "allOf", "oneOf", "anyOf"];

/// Annotations that apply to the values other than `null`, and determine how these are read.
const OF_VALUES: [&str; 4] = ["discriminator", "format", "contentEncoding", "contentMediaType"];

/// A schema whose parts are normalized.
pub(super) struct Schema<'n, 'a> {
    pub(super) normalizer: &'n mut Normalizer<'a>,
    pub(super) members: Map<String, Value>,
    /// Its location in the normal form.
    pub(super) at: String,
}

impl<'a> Normalizer<'a> {
    /// Normalizes a schema with its parts.
    pub(super) fn normalize_schema(&mut self, node: &Node<'a>) -> Value {
        self.origins.set(&node.to, &node.from);
        match node.value {
            Value::Bool(false) => return false.into(),
            Value::Bool(true) => return json!({}),
            Value::Null => {
                if node.exists {
                    self.warn_about_value(node, "a schema");
                }
                return json!({});
            }
            Value::Object(_) => {}
            _ => return self.reject(node, "this is not a schema", "use an object or a boolean"),
        }
        self.warn_about_ignored_members(node);
        let mut parts = Map::new();
        for (keyword, value) in self.read_members(node.value) {
            let part = node.member(keyword);
            if let Some(expected) = expected_value(keyword, value) {
                self.warn_about_value(&part, &expected);
                continue;
            }
            let value = match value_kind(keyword) {
                ValueKind::Definitions => continue,
                ValueKind::Schema => self.normalize_schema(&part),
                ValueKind::List => self.normalize_items(&part, Self::normalize_schema),
                ValueKind::ByName => self.normalize_members(&part, Self::normalize_schema),
                ValueKind::Data if keyword == "$ref" => match self.normalize_reference(node) {
                    Some(reference) => reference.into(),
                    None => continue,
                },
                ValueKind::Data => value.clone(),
            };
            parts.insert(keyword.clone(), value);
        }
        self.warn_about_values_of_other_types(node, &parts);
        let mut schema = Schema { normalizer: self, members: parts, at: node.to.clone() };
        schema.complete_discriminator(&node.from);
        schema.translate_nullable();
        schema.apply_rules();
        schema.into_value()
    }

    /// Warns about values in `enum` that the schema's `type` excludes, such as an unquoted number of YAML among strings. If it excludes
    /// all of them, lowering reports that.
    fn warn_about_values_of_other_types(&mut self, node: &Node<'a>, members: &Map<String, Value>) {
        let Some(types) = types(members) else { return };
        let values = node.member("enum");
        let fits = |value: &Value| types.iter().any(|kind| is_of_type(value, kind));
        let listed = values.value.as_array().filter(|listed| listed.iter().any(fits));
        for (index, value) in listed.into_iter().flatten().enumerate() {
            if !value.is_null() && !fits(value) {
                let part = format!("enum/{index}: {}", describe_value(value));
                self.warn(&values, &part, "is ignored: it is not of the schema's type");
            }
        }
    }

    /// Returns the members of a schema that are read, without its identifiers: all references have become pointers. Beside a `$ref`, OpenAPI
    /// 3.0 ignores all members (3.0.4, section 4.7.23.1), but documentation, `deprecated` and `nullable` are usually intended. The others
    /// are ignored: some, such as `default`, `readOnly` and `xml`, determine what is sent.
    pub(super) fn read_members(&self, schema: &'a Value) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let is_ignored = self.ignored_members(schema);
        let members = schema.as_object().into_iter().flatten();
        members.filter(move |(keyword, _)| !IDENTIFIERS.contains(&keyword.as_str()) && !is_ignored(keyword))
    }

    /// Returns a predicate for the members of a schema that are ignored beside its `$ref`.
    fn ignored_members(&self, schema: &Value) -> impl Fn(&str) -> bool + use<> {
        let ignores = self.is_30 && is_reference(schema);
        move |keyword| {
            let is_intended = ["$ref", "nullable", "deprecated"].contains(&keyword) || is_documentation(keyword);
            ignores && (!is_intended || keyword == "xml")
        }
    }

    /// Warns about the members that are ignored beside a `$ref`, except for those that would have no effect on clients.
    fn warn_about_ignored_members(&mut self, node: &Node<'a>) {
        let is_ignored = self.ignored_members(node.value);
        for keyword in node.value.as_object().into_iter().flat_map(Map::keys) {
            if is_ignored(keyword) && keyword != "xml" {
                self.warn(
                    &node.member(keyword),
                    keyword,
                    "has no effect beside `$ref` in OpenAPI 3.0: combine both with `allOf`",
                );
            }
        }
    }

    /// Returns the reference to a component of the normal form. If a component only refers to another one, the other one is used.
    fn normalize_reference(&mut self, node: &Node<'a>) -> Option<String> {
        let is_plain = |value: &Value| {
            let members = value.as_object().into_iter().flatten();
            value.get("$ref").is_some() && members.clone().all(|(key, _)| key == "$ref" || is_documentation(key))
        };
        let reference = node.member("$ref");
        let Some(text) = reference.value.as_str() else {
            let problem = format!("`$ref: {}` is not a reference", describe_value(reference.value));
            self.reject(&reference, problem, "use text, as in `#/components/schemas/NAME`");
            return None;
        };
        let is_alone =
            |value: &Value| value.as_object().into_iter().flatten().all(|(key, _)| key == "$ref" || is_annotation(key));
        let target = super::reference::target(self.document, &node.from, text).and_then(|(pointer, value)| {
            super::reference::follow(self.document, &pointer, value, is_alone)?;
            super::reference::follow(self.document, &pointer, value, is_plain)
        });
        match target {
            Ok((pointer, _, passed)) => {
                self.reached.extend(passed);
                Some(format!("#/components/schemas/{}", self.component_name(&pointer)))
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }
}

/// Returns whether a keyword is documentation.
pub fn is_documentation(keyword: &str) -> bool {
    const DOCUMENTATION: [&str; 8] =
        ["$comment", "$schema", "description", "example", "examples", "externalDocs", "title", "xml"];
    DOCUMENTATION.contains(&keyword) || keyword.starts_with("x-")
}

impl Schema<'_, '_> {
    /// Applies all rules. Rules for combinations may make other rules applicable.
    pub(super) fn apply_rules(&mut self) {
        self.apply_own_rules();
        let is_combined = |members: &Map<String, Value>| {
            members.get("type").is_some_and(Value::is_array)
                || ["allOf", "anyOf", "oneOf", "not"].iter().any(|keyword| members.contains_key(*keyword))
        };
        while is_combined(&self.members) {
            let before = self.members.clone();
            self.remove_impossible_alternatives();
            self.write_null_last();
            self.write_values_as_enum();
            self.write_alternatives_as_types();
            self.write_types_as_alternatives();
            self.write_one_alternative_as_all_of();
            self.write_disjoint_one_of_as_any_of();
            self.flatten_any_of();
            self.flatten_all_of();
            self.unwrap_all_of();
            self.remove_double_negation();
            self.apply_own_rules();
            if self.members == before {
                return;
            }
        }
    }

    /// Applies the rules for single schemas.
    fn apply_own_rules(&mut self) {
        self.read_null_types();
        self.translate_exclusive_bounds();
        self.translate_binary_formats();
        self.write_const_as_enum();
        self.sort_sets();
        self.write_one_type_as_text();
        self.reconcile_bounds_and_values();
        self.reconcile_types_and_values();
        self.keep_the_stronger_bound();
        self.round_bounds_of_integers();
        self.remove_keywords_of_other_types();
        self.write_contains_anything_as_length();
        self.remove_unevaluated_beside_others();
        self.remove_type_of_names();
        self.remove_keywords_without_effect();
    }

    /// Returns the schema. `not: {}` is `false` (JSON Schema 2020-12, Core, section 4.3.2), and so is a combination with it.
    pub(super) fn into_value(self) -> Value {
        let combines_false = self.list("allOf").contains(&Value::Bool(false));
        let rejects_all = combines_false || self.is("not", &json!({}));
        if rejects_all { false.into() } else { self.members.into() }
    }

    /// Returns the types that a schema allows, or `None` if it has no `type`.
    pub(super) fn types(&self) -> Option<BTreeSet<&str>> {
        types(&self.members)
    }

    pub(super) fn set_types(&mut self, types: &BTreeSet<String>) {
        self.members.insert("type".to_owned(), json!(types));
    }

    /// Returns whether a schema has only annotations and these keywords.
    pub(super) fn has_only(&self, keywords: &[&str]) -> bool {
        self.members.keys().all(|key| keywords.contains(&key.as_str()) || is_annotation(key))
    }

    fn is(&self, keyword: &str, value: &Value) -> bool {
        self.members.get(keyword) == Some(value)
    }

    fn remove_if(&mut self, keyword: &str, condition: impl Fn(&Value) -> bool) {
        if self.members.get(keyword).is_some_and(condition) {
            self.members.remove(keyword);
        }
    }

    /// Translates `nullable`. It adds `null` to `type` (OpenAPI 3.0.4, section 4.7.24.2), so without a type, or if another keyword rejects
    /// `null`, such as an `enum` without it, it has no effect. But most documents use it to allow `null` anyway. OpenAPI 3.1 does not have
    /// the keyword, but converted documents still use it.
    fn translate_nullable(&mut self) {
        if self.members.remove("nullable") != Some(Value::Bool(true)) {
            return;
        }
        let rejects_null = COMBINING.iter().any(|key| self.members.contains_key(*key))
            || self.members.get("enum").and_then(Value::as_array).is_some_and(|values| !values.contains(&Value::Null))
            || self.members.get("const").is_some_and(|value| !value.is_null());
        if let Some(types) = self.types().filter(|_| !rejects_null) {
            let types = types.into_iter().chain(["null"]).map(str::to_owned).collect();
            return self.set_types(&types);
        }
        if self.has_only(&[]) {
            return;
        }
        let members = std::mem::take(&mut self.members);
        let (annotations, constraints): (Map<_, _>, Map<_, _>) =
            members.into_iter().partition(|(key, _)| is_annotation(key) && !OF_VALUES.contains(&key.as_str()));
        let at = format!("{}/anyOf/0", self.at);
        let origins = &mut self.normalizer.origins;
        // The list itself is moved first, since the others are moved into its place.
        let (lists, others): (Vec<_>, Vec<_>) = constraints.keys().partition(|key| *key == "anyOf");
        for keyword in lists.into_iter().chain(others) {
            origins.relocate(&format!("{}/{keyword}", self.at), &format!("{at}/{keyword}"));
        }
        let origin = origins.of(&self.at);
        origins.set(&at, &origin);
        let mut constrained = Schema { normalizer: &mut *self.normalizer, members: constraints, at };
        constrained.apply_rules();
        let constraints = constrained.into_value();
        self.members = annotations;
        self.members.insert("anyOf".to_owned(), json!([constraints, { "type": "null" }]));
    }

    /// Reads a null value in a list of types as the type: in YAML, `type: [string, null]` has one.
    fn read_null_types(&mut self) {
        match self.members.get_mut("type") {
            Some(Value::Array(types)) => types.iter_mut().filter(|it| it.is_null()).for_each(|it| *it = "null".into()),
            Some(one @ Value::Null) => *one = "null".into(),
            _ => {}
        }
    }

    /// Translates `exclusiveMinimum: true` beside `minimum` (OpenAPI 3.0.4, section 4.7.24.1), which is a bound of its own in 3.1.
    fn translate_exclusive_bounds(&mut self) {
        for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            match self.members.get(exclusive) {
                Some(Value::Bool(false)) => drop(self.members.remove(exclusive)),
                Some(Value::Bool(true)) => {
                    self.members.remove(exclusive);
                    if let Some(bound) = self.members.remove(inclusive) {
                        self.members.insert(exclusive.to_owned(), bound);
                        let at = |keyword: &str| format!("{}/{keyword}", self.at);
                        self.normalizer.origins.relocate(&at(inclusive), &at(exclusive));
                    }
                }
                _ => {}
            }
        }
    }

    /// Translates `format: binary` and `format: byte` (OpenAPI 3.1.1, section 4.4.2, "Migrating binary descriptions from OAS 3.0").
    fn translate_binary_formats(&mut self) {
        let (keyword, value) = match self.members.get("format").and_then(Value::as_str) {
            Some("binary") => ("contentMediaType", "application/octet-stream"),
            Some("byte") => ("contentEncoding", "base64"),
            _ => return,
        };
        if keyword == "contentMediaType" || !self.members.contains_key(keyword) {
            self.members.remove("format");
        }
        if !self.members.contains_key(keyword) {
            self.members.insert(keyword.to_owned(), value.into());
            self.normalizer.origins.relocate(&format!("{}/format", self.at), &format!("{}/{keyword}", self.at));
        }
    }

    /// Writes `const` as an `enum` with one value (JSON Schema 2020-12, Validation, section 6.1.3).
    fn write_const_as_enum(&mut self) {
        if self.members.contains_key("enum") {
            let Some(value) = self.members.get("const") else { return };
            let value = convert_to_integers(value.clone());
            let is_listed = self.members["enum"].as_array().is_some_and(|values| values.contains(&value));
            if is_listed {
                self.members.remove("const");
                self.members.insert("enum".to_owned(), json!([value]));
            }
        } else if let Some(value) = self.members.remove("const") {
            self.members.insert("enum".to_owned(), json!([value]));
            self.normalizer.origins.relocate(&format!("{}/const", self.at), &format!("{}/enum", self.at));
        }
    }

    /// Sorts `enum`, `required` and `type`, which are sets (JSON Schema 2020-12, Validation, sections 6.1.1, 6.1.2 and 6.5.3). 7.0 equals 7
    /// (Core, section 4.2.2).
    fn sort_sets(&mut self) {
        self.sort_types();
        for (keyword, value) in &mut self.members {
            if value.is_number() {
                *value = convert_to_integers(value.take());
            }
            if let ("enum" | "required", Value::Array(set)) = (keyword.as_str(), value) {
                *set = std::mem::take(set).into_iter().map(convert_to_integers).collect();
                set.sort_by_cached_key(Value::to_string);
                set.dedup();
            }
        }
    }

    /// Sorts `type`. Each type keeps its origin.
    fn sort_types(&mut self) {
        let Some(Value::Array(types)) = self.members.get("type") else { return };
        let at = |index: usize| format!("{}/type/{index}", self.at);
        let located = types.iter().enumerate().rev();
        let located =
            located.map(|(index, kind)| (kind.to_string(), (kind.clone(), self.normalizer.origins.of(&at(index)))));
        let (types, origins): (Vec<Value>, Vec<String>) = located.collect::<BTreeMap<_, _>>().into_values().unzip();
        origins.iter().enumerate().for_each(|(index, origin)| self.normalizer.origins.set(&at(index), origin));
        self.members.insert("type".to_owned(), types.into());
    }

    /// Writes a list with one type as that type, and removes a list of all types. `number` includes `integer` (JSON Schema 2020-12,
    /// Validation, section 6.1.1).
    fn write_one_type_as_text(&mut self) {
        let Some(Value::Array(types)) = self.members.get_mut("type") else { return };
        if types.iter().any(|it| it == "number") {
            types.retain(|it| it != "integer");
        }
        if let [one] = types.as_slice() {
            let one = one.clone();
            self.members.insert("type".to_owned(), one);
        } else if types.iter().eq(TYPES.iter()) {
            self.members.remove("type");
        }
    }

    /// Removes types without a value in `enum`, and values without a type (JSON Schema 2020-12, Validation, section 6.1).
    fn reconcile_types_and_values(&mut self) {
        let Some(Value::Array(values)) = self.members.get("enum") else { return };
        let allowed = self.types();
        let fits = |value: &&Value| allowed.as_ref().is_none_or(|types| types.iter().any(|it| is_of_type(value, it)));
        let values: Vec<Value> = values.iter().filter(fits).cloned().collect();
        if values.is_empty() {
            // The schema is contradictory, which lowering reports.
            return;
        }
        let types: BTreeSet<String> = values.iter().map(|value| type_of(value).to_owned()).collect();
        let is_number = types.contains("number") && types.contains("integer");
        let types: BTreeSet<String> = types.into_iter().filter(|it| !(is_number && it == "integer")).collect();
        // If all values of the types are listed, `enum` is redundant.
        let lists_all = types.iter().all(|it| match it.as_str() {
            "boolean" => [true, false].iter().all(|value| values.contains(&json!(value))),
            it => it == "null",
        });
        self.set_types(&types);
        if lists_all {
            self.members.remove("enum");
        } else {
            self.members.insert("enum".to_owned(), values.into());
        }
        self.write_one_type_as_text();
    }

    /// Rounds bounds of integers to integers, and writes exclusive bounds as inclusive ones.
    fn round_bounds_of_integers(&mut self) {
        let Some(types) = self.types() else { return };
        if !types.contains("integer") {
            return;
        }
        for (keyword, exclusive, step) in [("minimum", "exclusiveMinimum", 1_i128), ("maximum", "exclusiveMaximum", -1)]
        {
            let rounded = |number: &Number| {
                let float = number.as_f64().filter(|float| number.is_f64() && float.abs() < 9e15)?;
                Some(if step > 0 { float.ceil() } else { float.floor() } as i128)
            };
            let bound = self.members.get(keyword).and_then(Value::as_number).and_then(rounded);
            if let Some(bound) = bound.and_then(Number::from_i128) {
                self.members.insert(keyword.to_owned(), bound.into());
            }
            let Some(Value::Number(number)) = self.members.get(exclusive) else { continue };
            let next = rounded(number).or_else(|| number.as_i128()?.checked_add(step));
            let next = next.and_then(Number::from_i128).filter(|_| !self.members.contains_key(keyword));
            if let Some(next) = next {
                self.members.remove(exclusive);
                self.members.insert(keyword.to_owned(), next.into());
                let at = |keyword: &str| format!("{}/{keyword}", self.at);
                self.normalizer.origins.relocate(&at(exclusive), &at(keyword));
            }
        }
    }

    /// Removes the weaker one of an inclusive and an exclusive bound (JSON Schema 2020-12, Validation, section 6.2).
    fn keep_the_stronger_bound(&mut self) {
        for (inclusive, exclusive, sign) in
            [("minimum", "exclusiveMinimum", 1.0), ("maximum", "exclusiveMaximum", -1.0)]
        {
            let number = |keyword: &str| self.members.get(keyword).and_then(Value::as_f64);
            if let (Some(one), Some(other)) = (number(inclusive), number(exclusive)) {
                self.members.remove(if one * sign > other * sign { exclusive } else { inclusive });
            }
        }
    }

    /// Removes values in `enum` that a bound rejects, and then the bounds (JSON Schema 2020-12, Validation, section 6.1.2).
    fn reconcile_bounds_and_values(&mut self) {
        let Some(Value::Array(values)) = self.members.get("enum") else { return };
        let bounds = BOUNDS.iter().filter_map(|keyword| Some((*keyword, self.members.get(*keyword)?.as_f64()?)));
        let bounds: Vec<(&str, f64)> = bounds.collect();
        let values: Vec<Value> =
            values.iter().filter(|value| bounds.iter().all(|bound| is_within(value, *bound))).cloned().collect();
        // Numbers beyond this are not exact. A schema without values is contradictory, which lowering reports.
        let is_exact = |value: &Value| value.as_f64().is_none_or(|number| number.abs() < 9e15);
        if !values.is_empty() && values.iter().all(is_exact) {
            self.members.retain(|keyword, _| !bounds.iter().any(|(bound, _)| bound == keyword));
            self.members.insert("enum".to_owned(), values.into());
        }
    }

    /// Removes keywords that only constrain other types (JSON Schema 2020-12, Core, section 7.6.1).
    fn remove_keywords_of_other_types(&mut self) {
        let Some(types) = self.types() else { return };
        let types: Vec<String> = types.into_iter().map(str::to_owned).collect();
        self.members.retain(|keyword, _| !types.iter().all(|kind| has_no_effect_on(keyword, kind)));
    }

    /// Writes `contains: true` as bounds of the length (JSON Schema 2020-12, Validation, section 6.4.4).
    fn write_contains_anything_as_length(&mut self) {
        if self.members.get("contains") != Some(&json!({})) || self.normalizer.has_unevaluated {
            return;
        }
        let number = |keyword: &str| self.members.get(keyword).and_then(Value::as_u64);
        let least = number("minContains").unwrap_or(1).max(number("minItems").unwrap_or(0));
        let most = [number("maxContains"), number("maxItems")].into_iter().flatten().min();
        self.members.retain(|keyword, _| !matches!(keyword.as_str(), "contains" | "minContains" | "maxContains"));
        self.members.insert("minItems".to_owned(), least.into());
        if let Some(most) = most {
            self.members.insert("maxItems".to_owned(), most.into());
        }
    }

    /// Removes `unevaluatedItems` and `unevaluatedProperties` that apply to nothing: `items` and `additionalProperties` of the same schema
    /// evaluate all that remains (JSON Schema 2020-12, Core, sections 11.2 and 11.3).
    fn remove_unevaluated_beside_others(&mut self) {
        for (other, unevaluated) in [("items", "unevaluatedItems"), ("additionalProperties", "unevaluatedProperties")] {
            if self.members.contains_key(other) {
                self.members.remove(unevaluated);
            }
        }
    }

    /// Removes the type of `propertyNames` if it allows strings: names are always strings (JSON Schema 2020-12, Core, section 10.3.2.4).
    fn remove_type_of_names(&mut self) {
        let Some(Value::Object(names)) = self.members.get_mut("propertyNames") else { return };
        if types(names).is_some_and(|types| types.contains("string")) {
            names.remove("type");
        }
    }

    /// Removes keywords that every instance satisfies, and explicit defaults.
    fn remove_keywords_without_effect(&mut self) {
        let anything = json!({});
        for keyword in ["minLength", "minItems", "minProperties"] {
            self.remove_if(keyword, |it| it.as_f64() == Some(0.0));
        }
        for keyword in ["uniqueItems", "deprecated", "readOnly", "writeOnly"] {
            self.remove_if(keyword, |it| *it == false);
        }
        for keyword in [
            "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items", "propertyNames", "then",
            "else", "properties", "patternProperties", "dependentSchemas", "dependentRequired",
        ] {
            // Under `unevaluatedProperties`, a schema that accepts everything marks it as evaluated (Core, section 11).
            let marks_evaluated =
                matches!(keyword, "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" | "items");
            if !(marks_evaluated && self.normalizer.has_unevaluated) {
                self.remove_if(keyword, |it| *it == anything);
            }
        }
        let required = self.members.get("required").and_then(Value::as_array).map_or(0, Vec::len);
        self.remove_if("minProperties", |it| it.as_u64().is_some_and(|least| least <= required as u64));
        let are_integers = self.types().is_some_and(|types| !types.contains("number"));
        self.remove_if("multipleOf", |it| are_integers && it.as_f64() == Some(1.0));
        self.remove_if("required", |it| *it == json!([]));
        self.remove_if("not", |it| *it == false);
        self.remove_if("pattern", |it| matches!(it.as_str(), Some("" | "^" | "$" | ".*" | "^.*" | ".*$")));
        // Under `unevaluatedItems`, it marks the items that it matches as evaluated (Core, section 10.3.1.3).
        let is_optional = self.is("minContains", &json!(0)) && !self.members.contains_key("maxContains");
        if is_optional && !self.normalizer.has_unevaluated {
            self.members.remove("contains");
        }
        if !self.members.contains_key("contains") {
            self.members.remove("minContains");
            self.members.remove("maxContains");
        }
        self.remove_if("minContains", |it| it.as_f64() == Some(1.0));
        // JSON Schema 2020-12, Core, section 10.2.2.
        if !self.members.contains_key("if") {
            self.members.remove("then");
            self.members.remove("else");
        }
        // Without `then` and `else`, `if` may still name properties or mark them as evaluated.
        if !["then", "else"].iter().any(|it| self.members.contains_key(*it)) && !self.normalizer.has_unevaluated {
            self.remove_if("if", |it| !may_declare_properties(it));
        }
    }
}

/// The keywords that bound numbers and sizes (JSON Schema 2020-12, Validation, sections 6.2 to 6.5).
const BOUNDS: [&str; 10] = [
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems",
    "minProperties", "maxProperties",
];

/// Returns whether a bound allows a value; it allows all values of other types.
fn is_within(value: &Value, (keyword, bound): (&str, f64)) -> bool {
    let size = match value {
        Value::Number(number) if keyword.ends_with("imum") => number.as_f64(),
        Value::String(text) if keyword.ends_with("Length") => Some(text.chars().count() as f64),
        Value::Array(items) if keyword.ends_with("Items") => Some(items.len() as f64),
        Value::Object(members) if keyword.ends_with("Properties") => Some(members.len() as f64),
        _ => None,
    };
    size.is_none_or(|size| match keyword {
        "exclusiveMinimum" => size > bound,
        "exclusiveMaximum" => size < bound,
        _ if keyword.starts_with("min") => size >= bound,
        _ => size <= bound,
    })
}

/// Returns the types that a schema allows, or `None` if it has no `type`.
pub(super) fn types(schema: &Map<String, Value>) -> Option<BTreeSet<&str>> {
    match schema.get("type")? {
        Value::String(one) => Some(BTreeSet::from([one.as_str()])),
        several => Some(several.as_array().into_iter().flatten().filter_map(Value::as_str).collect()),
    }
}

/// Converts numbers without a fraction to integers, also inside a value.
fn convert_to_integers(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|it| number.is_f64() && it.fract() == 0.0 && it.abs() < 9e15);
            float.map_or(Value::Number(number), |float| (float as i64).into())
        }
        Value::Array(values) => values.into_iter().map(convert_to_integers).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, convert_to_integers(value))).collect(),
        scalar => scalar,
    }
}

/// Returns the most specific type of a value.
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

pub(crate) fn is_of_type(value: &Value, kind: &str) -> bool {
    let own = type_of(value);
    own == kind || (own == "integer" && kind == "number")
}
