//! Random pairs of schemas, and random instances that a validator checks against both: a change that breaks an instance is breaking.
//!
//! Each run tests the same pairs. `FUZZ_SEED` selects others, `FUZZ_FACTOR` multiplies their number. `FUZZ_ALL` prints all that are missed.

use openapi_spec_drift::Verdict::Breaking;
use openapi_spec_drift::compare;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::schemas::{any_annotated_enum, any_instance, any_schema, build_validator};

/// Generates a schema and its successor, alone or as a part of a schema.
fn any_pair() -> impl Strategy<Value = (Value, Value)> {
    (any_single_pair(), any_schema(), any_schema(), [0..24_u8, 0..48]).prop_map(|((old, new), inner, outer, kinds)| {
        let within = |part| build_around(kinds[1], build_around(kinds[0], part, &inner), &outer);
        (within(old), within(new))
    })
}

/// Returns a schema that has another one as a part, or the part itself.
fn build_around(kind: u8, part: Value, other: &Value) -> Value {
    match kind {
        0 => json!({ "allOf": [part], "unevaluatedProperties": other }),
        1 => json!({ "allOf": [part], "unevaluatedItems": other }),
        2 => json!({ "if": other, "then": part }),
        3 => json!({ "if": part, "then": other }),
        4 => json!({ "allOf": [other, { "not": part }] }),
        5 => json!({ "type": ["object", "string"], "anyOf": [without_type(part), without_type(other.clone())] }),
        6 => json!({ "type": ["object", "string"], "oneOf": [without_type(part), without_type(other.clone())] }),
        7 => json!({ "type": "object", "required": ["a"], "properties": { "a": part, "b": other } }),
        8 => json!({ "type": "array", "contains": part, "maxContains": 1, "items": other }),
        9 => json!({ "type": "array", "prefixItems": [other], "items": part }),
        10 => json!({ "type": "object", "properties": { "b": other }, "dependentSchemas": { "b": part } }),
        11 => json!({ "allOf": [part, other], "unevaluatedProperties": false }),
        12 => json!({ "type": "object", "propertyNames": part, "properties": { "b": other } }),
        13 => {
            json!({ "type": "object", "required": ["b"], "properties": { "a": other }, "additionalProperties": part })
        }
        // Closed schemas within a closed schema.
        14 => {
            json!({ "allOf": [close(part, json!(false)), { "properties": { "a": {}, "b": other } }], "unevaluatedProperties": false })
        }
        15 => json!({ "allOf": [close(part, json!(false)), close(other.clone(), json!({ "type": "string" }))] }),
        16 => json!({ "allOf": [close(other.clone(), json!(false)), { "properties": { "b": {} } }, part] }),
        17 => {
            json!({ "allOf": [close(part, json!({ "type": "string" })), { "items": other }], "unevaluatedItems": false })
        }
        _ => part,
    }
}

/// Returns the schema with `unevaluatedProperties` and `unevaluatedItems`.
fn close(mut schema: Value, rest: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        let keywords = ["unevaluatedProperties", "unevaluatedItems"];
        members.extend(keywords.map(|keyword| (keyword.to_owned(), rest.clone())));
    }
    schema
}

fn without_type(mut schema: Value) -> Value {
    schema.as_object_mut().map(|members| members.remove("type"));
    schema
}

/// Generates a schema and its successor: another schema, the same with a keyword of another, or the same without a keyword or a property.
fn any_single_pair() -> impl Strategy<Value = (Value, Value)> {
    let schemas = prop_oneof![
        15 => (any_schema(), any_schema()),
        1 => (any_annotated_enum(), any_annotated_enum()),
    ];
    (schemas, 0..5_u8, any::<prop::sample::Index>()).prop_map(|((old, other), kind, index)| {
        let (Value::Object(members), Value::Object(others)) = (&old, &other) else { return (old, other) };
        let mut new = members.clone();
        match kind {
            0 => return (old, other),
            1 if !members.is_empty() => {
                let key = members.keys().nth(index.index(members.len())).unwrap();
                new.remove(key);
            }
            2 if old["properties"].is_object() => {
                let properties = new["properties"].as_object_mut().unwrap();
                let key = properties.keys().nth(index.index(properties.len())).unwrap().clone();
                properties.remove(&key);
            }
            _ if !others.is_empty() => {
                let (key, value) = others.iter().nth(index.index(others.len())).unwrap();
                new.insert(key.clone(), value.clone());
            }
            _ => {}
        }
        (old, new.into())
    })
}

fn build_document(schema: &Value, is_request: bool) -> Value {
    let body = json!({ "description": "", "required": true, "content": { "application/json": { "schema": schema } } });
    let mut response = body.clone();
    response.as_object_mut().unwrap().remove("required");
    let responses = if is_request { json!({ "204": { "description": "" } }) } else { json!({ "200": response }) };
    let mut operation = json!({ "responses": responses });
    if is_request {
        operation["requestBody"] = body;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "post": operation } },
        "components": { "schemas": { "tree": {
            "type": "object",
            "properties": { "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } } },
        }}},
    })
}

/// The schemas that say which members of an instance a client knows.
#[derive(Clone, Copy)]
struct Known<'a> {
    document: &'a Value,
    /// Whether only alternatives that accept the instance count: a client sends the properties that the chosen alternative names.
    is_sent: bool,
}

impl<'a> Known<'a> {
    /// Collects the schema and its subschemas that apply to the same instance. Those that reject all objects say nothing about one.
    fn collect_in_place(self, schema: &'a Value, instance: &Value, found: &mut Vec<&'a Value>) {
        if found.iter().any(|known| std::ptr::eq(*known, schema))
            || instance.is_object() && rejects_objects(schema)
            || rejects_all(&schema)
        {
            return;
        }
        found.push(schema);
        let list = |keyword: &str| schema[keyword].as_array().into_iter().flatten();
        let alternatives = ["anyOf", "oneOf"].into_iter().flat_map(list);
        let alternatives = alternatives.filter(|schema| !self.is_sent || self.accepts(schema, instance));
        // Without `if`, `then` and `else` have no effect.
        let conditional = ["if", "then", "else"].iter().filter(|_| schema.get("if").is_some());
        let single = conditional.chain(&["not"]).filter_map(|keyword| schema.get(*keyword));
        let dependent = schema["dependentSchemas"].as_object().into_iter().flat_map(|schemas| schemas.values());
        let tree = schema.get("$ref").map(|_| &self.document["components"]["schemas"]["tree"]);
        let parts = list("allOf").chain(alternatives).chain(single).chain(dependent).chain(tree);
        parts.for_each(|part| self.collect_in_place(part, instance, found));
    }

    fn accepts(self, schema: &Value, instance: &Value) -> bool {
        let document = json!({ "schema": schema, "components": self.document["components"] });
        build_validator(&document, "/schema").is_valid(instance)
    }

    /// Removes members that the schemas do not name, since clients do not know them.
    fn remove_unknown_members(self, schemas: &[&'a Value], instance: &Value) -> Value {
        let mut all = Vec::new();
        schemas.iter().for_each(|schema| self.collect_in_place(schema, instance, &mut all));
        match instance {
            Value::Object(members) => {
                let keys = |schema: &Value, keyword: &str, name: &str| schema[keyword].get(name).is_some();
                let requires = |schema: &Value, name: &str| {
                    schema["required"].as_array().is_some_and(|it| it.contains(&json!(name)))
                };
                let names = |schema: &Value, name: &str| {
                    let mut dependent =
                        schema["dependentRequired"].as_object().into_iter().flat_map(|lists| lists.values());
                    let keywords = ["properties", "dependentRequired"];
                    keywords.iter().any(|keyword| keys(schema, keyword, name))
                        || requires(schema, name)
                        || dependent.any(|list| list.as_array().is_some_and(|names| names.contains(&json!(name))))
                };
                let kept = members.iter().filter(|(name, _)| all.iter().any(|schema| names(schema, name)));
                let kept = kept.filter_map(|(name, value)| {
                    let own: Vec<&Value> = all.iter().filter_map(|schema| schema["properties"].get(name)).collect();
                    let known = self.remove_unknown_members(&own, value);
                    // No client knows a property that cannot be present.
                    let mut combined = Vec::new();
                    if let [schema] = schemas {
                        collect_combined(schema, name, &mut combined);
                    }
                    let is_possible =
                        own.is_empty() || !own.iter().all(rejects_all) && !combined.iter().any(rejects_all);
                    is_possible.then(|| (name.clone(), known))
                });
                Value::Object(kept.collect())
            }
            Value::Array(values) => {
                let known = values.iter().enumerate().map(|(index, value)| {
                    let schemas_of = |schema: &&'a Value| {
                        let own = schema["prefixItems"].get(index).or(schema.get("items"));
                        own.into_iter().chain(schema.get("contains"))
                    };
                    self.remove_unknown_members(&all.iter().flat_map(schemas_of).collect::<Vec<_>>(), value)
                });
                known.collect()
            }
            scalar => scalar.clone(),
        }
    }
}

/// Returns whether a schema evidently rejects all objects.
fn rejects_objects(schema: &Value) -> bool {
    let has_object = |list: &Value| list.as_array().is_none_or(|values| values.iter().any(Value::is_object));
    let is_typed = match &schema["type"] {
        Value::String(kind) => kind == "object",
        Value::Array(kinds) => kinds.contains(&json!("object")),
        _ => true,
    };
    let is_constant = schema.get("const").is_some_and(|value| !value.is_object());
    let lists = ["anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array());
    let has_no_alternative = lists.into_iter().any(|list| list.iter().all(rejects_objects));
    // The schema requires a property that no value fits (JSON Schema 2020-12, Validation, section 6.5.3).
    let is_impossible =
        |name: &Value| combined(schema, name.as_str().unwrap_or_default()).into_iter().any(|it| rejects_all(&it));
    let has_impossible = schema["required"].as_array().is_some_and(|names| names.iter().any(is_impossible));
    !is_typed
        || is_constant
        || !has_object(&schema["enum"])
        || schema["not"] == true
        || has_no_alternative
        || has_impossible
}

/// Returns whether a schema evidently accepts all instances: an `if` without `then` and `else` restricts nothing.
fn accepts_all(schema: &Value) -> bool {
    *schema == true || schema.as_object().is_some_and(|members| members.keys().all(|keyword| keyword == "if"))
}

/// Returns whether a schema evidently accepts no instance.
fn rejects_all(schema: &&Value) -> bool {
    let list = |keyword: &str| schema[keyword].as_array();
    let alternatives = ["anyOf", "oneOf"].into_iter().filter_map(list);
    **schema == false
        || list("allOf").is_some_and(|list| list.iter().any(|part| rejects_all(&part)))
        || accepts_all(&schema["not"])
        || alternatives.into_iter().any(|list| list.iter().all(|alternative| rejects_all(&alternative)))
}

/// Collects the schemas of a property in a schema and in those that it combines.
fn collect_combined<'a>(schema: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    found.extend(schema["properties"].get(name));
    let lists =
        ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| Some((keyword, schema[keyword].as_array()?)));
    for (keyword, list) in lists {
        let possible: Vec<&Value> = list.iter().filter(|part| !rejects_all(part)).collect();
        if keyword == "allOf" || possible.len() == 1 {
            possible.into_iter().for_each(|part| collect_combined(part, name, found));
        }
    }
}

fn combined<'a>(schema: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    collect_combined(schema, name, &mut found);
    found
}

/// Returns the new schema of a response, changed for properties that moved from the schema into an alternative: all other alternatives now
/// reject them. By docs/drift-rules.md, responses contain such a property only as its alternative describes it.
fn bind_moved_properties(old: &Value, new: &Value) -> Value {
    let bind = |(key, value): (&String, &Value)| (key.clone(), bind_moved_properties(&old[key], value));
    let mut bound: Value = match new {
        Value::Object(members) => members.iter().map(bind).collect(),
        Value::Array(values) => {
            let bind = |(index, value): (usize, &Value)| bind_moved_properties(&old[index], value);
            values.iter().enumerate().map(bind).collect()
        }
        scalar => scalar.clone(),
    };
    for name in ["a", "b", "c"] {
        let before = combined(old, name);
        if !before.is_empty() && combined(new, name).is_empty() {
            bind_in_alternatives(&mut bound, name, &before);
        }
    }
    bound
}

fn bind_in_alternatives(schema: &mut Value, name: &str, before: &[&Value]) {
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    parts.into_iter().flatten().for_each(|part| bind_in_alternatives(part, name, before));
    for keyword in ["anyOf", "oneOf"] {
        let Some(list) = schema.get_mut(keyword).and_then(Value::as_array_mut) else { continue };
        let is_moved = list.iter().any(|it| combined(it, name).iter().any(|own| before.contains(own)));
        let names_properties = |it: &Value| ["properties", "required"].iter().any(|keyword| it.get(keyword).is_some());
        let mut possible: Vec<&mut Value> = list.iter_mut().filter(|it| !rejects_all(&&**it)).collect();
        if is_moved && possible.iter().all(|it| names_properties(it)) {
            let others = possible.iter_mut().filter(|it| combined(it, name).is_empty());
            others.for_each(|alternative| alternative["properties"][name] = false.into());
        }
    }
}

/// Returns `old`, the schema of a response, modified: each alternative also names the properties that `new` adds to it, with any value. By
/// docs/drift-rules.md, such an addition is `property-added`, even if another alternative has the property.
fn allow_added_properties(old: &Value, new: &Value) -> Value {
    let allow = |(key, value): (&String, &Value)| {
        let mut value = allow_added_properties(value, &new[key]);
        if let ("anyOf" | "oneOf", Some(alternatives)) = (key.as_str(), value.as_array_mut()) {
            for (index, alternative) in alternatives.iter_mut().enumerate().filter(|(_, it)| it.is_object()) {
                for name in new[key][index]["properties"].as_object().into_iter().flat_map(|it| it.keys()) {
                    if alternative["properties"].get(name).is_none() {
                        alternative["properties"][name] = json!({});
                    }
                }
            }
        }
        (key.clone(), value)
    };
    match old {
        Value::Object(members) => members.iter().map(allow).collect(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(index, value)| allow_added_properties(value, &new[index])).collect()
        }
        scalar => scalar.clone(),
    }
}

/// Removes the schemas of properties that evidently accept no value: no client knows such a property, as if the schema did not name it.
fn remove_impossible_properties(schema: &Value) -> Value {
    let remove = |(keyword, value): (&String, &Value)| {
        let mut value = remove_impossible_properties(value);
        if let Some(properties) = value.as_object_mut().filter(|_| keyword == "properties") {
            properties.retain(|_, schema| !rejects_all(&&*schema));
        }
        (keyword.clone(), value)
    };
    match schema {
        Value::Object(members) => members.iter().map(remove).collect(),
        Value::Array(values) => values.iter().map(remove_impossible_properties).collect(),
        scalar => scalar.clone(),
    }
}

fn remove_keywords(schema: &Value, keywords: &[&str]) -> Value {
    match schema {
        Value::Object(members) => {
            let kept = members.iter().filter(|(keyword, _)| !keywords.contains(&keyword.as_str()));
            kept.map(|(keyword, value)| (keyword.clone(), remove_keywords(value, keywords))).collect()
        }
        Value::Array(values) => values.iter().map(|value| remove_keywords(value, keywords)).collect(),
        scalar => scalar.clone(),
    }
}

/// Two documents whose difference breaks a client, with a description.
pub struct BrokenPair {
    pub documents: [Value; 2],
    pub description: String,
}

/// Asserts that a breaking change is reported for every random pair of documents whose difference breaks a client.
pub fn check_pairs<S: Strategy>(strategy: S, cases: u32, find_broken: impl Fn(S::Value) -> Vec<BrokenPair>) {
    let number = |name: &str, default: u32| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (seed, factor) = (number("FUZZ_SEED", 0), number("FUZZ_FACTOR", 1));
    println!("FUZZ_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let (mut broken, mut missed) = (0, Vec::new());
    for _ in 0..cases * factor {
        for pair in find_broken(strategy.new_tree(&mut runner).unwrap().current()) {
            broken += 1;
            let [before, after] = &pair.documents;
            let Ok(changes) = compare(before, after) else { continue };
            if changes.iter().all(|change| change.wire < Breaking) {
                missed.push(format!("{}: {changes:#?}", pair.description));
            }
        }
    }
    println!("{broken} pairs break, {} missed", missed.len());
    if std::env::var_os("FUZZ_ALL").is_some() {
        missed.sort_by_key(String::len);
        missed.iter().for_each(|it| println!("missed: {it}"));
    }
    assert!(missed.is_empty(), "{} missed: {}", missed.len(), missed.iter().min_by_key(|it| it.len()).unwrap());
    assert!(broken > 100);
}

/// Returns the two documents if one of the instances shows that a client breaks: a request that is no longer accepted, or a response that
/// is new.
fn find_broken([old, new]: [&Value; 2], instances: &[Value], is_request: bool) -> Option<BrokenPair> {
    let documents = [old, new].map(|schema| build_document(schema, is_request));
    let part = if is_request { "requestBody" } else { "responses/200" };
    let pointer = format!("/paths/~1things/post/{part}/content/application~1json/schema");
    let [before, after] = documents.each_ref().map(|document| build_validator(document, &pointer));
    let after_bound = build_validator(&build_document(&bind_moved_properties(old, new), is_request), &pointer);
    let before_without_impossible = build_validator(&remove_impossible_properties(&documents[0]), &pointer);
    let before_with_added = build_validator(&build_document(&allow_added_properties(old, new), is_request), &pointer);
    let without = |document: &Value, keywords: &[&str]| build_validator(&remove_keywords(document, keywords), &pointer);
    let before_without_counts = without(&documents[0], &["minProperties"]);
    let after_without_required = without(&documents[1], &["required", "dependentRequired", "minProperties"]);
    let known =
        |instance: &Value, is_sent| Known { document: &documents[0], is_sent }.remove_unknown_members(&[old], instance);
    let breaks_request = |instance: &Value| before.is_valid(instance) && !after.is_valid(instance);
    let breaks = |instance: &&Value| match is_request {
        true => [false, true].into_iter().all(|is_sent| breaks_request(&known(instance, is_sent))),
        // The instance was rejected before, with and without the members that clients do not know. It is accepted now, also without these
        // members, so they are not the only reason.
        false => {
            let known = known(instance, false);
            let similar = [&before, &before_without_impossible, &before_with_added];
            let was_valid = similar.into_iter().any(|validator| validator.is_valid(instance));
            let is_part = after.is_valid(&known) || after_without_required.is_valid(&known);
            // Members that clients do not know still count.
            let was_part = before.is_valid(&known) || known != **instance && before_without_counts.is_valid(&known);
            after.is_valid(instance) && after_bound.is_valid(instance) && is_part && !was_valid && !was_part
        }
    };
    let instance = instances.iter().find(breaks)?;
    let kind = if is_request { "request" } else { "response" };
    Some(BrokenPair { description: format!("{kind} {instance}: {old} -> {new}"), documents })
}

#[test]
fn changes_that_break_an_instance_are_breaking() {
    let strategy = (any_pair(), prop::collection::vec(any_instance(3), 12));
    check_pairs(strategy, 600, |(pair, instances)| find_broken_in_both_directions(&pair, &instances));
}

#[test]
fn changes_of_listed_values_that_break_an_instance_are_breaking() {
    let pair = (any_annotated_enum(), any_annotated_enum());
    let strategy = (pair, prop::collection::vec(any_instance(0), 12));
    check_pairs(strategy, 200, |(pair, instances)| find_broken_in_both_directions(&pair, &instances));
}

fn find_broken_in_both_directions((old, new): &(Value, Value), instances: &[Value]) -> Vec<BrokenPair> {
    let find_broken = |is_request| find_broken([old, new], instances, is_request);
    [true, false].into_iter().filter_map(find_broken).collect()
}

/// By docs/drift-rules.md, an alternative may get a property that another alternative has.
#[test]
fn added_properties_are_judged_by_the_alternatives_that_get_them() {
    let closed = |a: Value| json!({ "anyOf": [{ "properties": a }, { "properties": { "a": { "type": "number" } } }], "unevaluatedProperties": false });
    for (old, is_broken) in [(json!({}), false), (json!({ "a": { "type": "boolean" } }), true)] {
        let pair = [&closed(old), &closed(json!({ "a": { "type": "string" } }))];
        assert_eq!(find_broken(pair, &[json!({ "a": "" })], false).is_some(), is_broken);
    }
}

/// By docs/drift-rules.md, values with a property that moves into an alternative remain those of this alternative.
#[test]
fn moved_properties_are_judged_by_the_alternatives_that_name_them() {
    let own = json!({ "type": "object", "properties": { "c": { "type": "string" } } });
    let old = json!({ "anyOf": [false, own] });
    for (other, is_broken) in [
        (json!({ "type": "object", "properties": { "b": {} } }), false),
        (json!({ "type": "object", "properties": { "c": { "type": "integer" } } }), true),
        (json!({ "type": "object" }), true),
    ] {
        let new = json!({ "anyOf": [other, own] });
        assert_eq!(find_broken([&old, &new], &[json!({ "c": 1 })], false).is_some(), is_broken, "{new}");
    }
}
