//! Random pairs of schemas, and random instances that a validator checks against both: a change that breaks an instance is breaking.
//!
//! Each run tests the same pairs. `FUZZ_SEED` selects others, `FUZZ_FACTOR` multiplies their number.

use openapi_spec_drift::Verdict::Breaking;
use openapi_spec_drift::compare;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::schemas::{any_instance, any_schema, build_validator};

/// Generates a schema and its successor, alone or as a part of a schema.
fn any_pair() -> impl Strategy<Value = (Value, Value)> {
    (any_single_pair(), any_schema(), 0..10_u8).prop_map(|((old, new), other, kind)| {
        let within = |part: Value| match kind {
            0 => json!({ "allOf": [part], "unevaluatedProperties": other }),
            1 => json!({ "allOf": [part], "unevaluatedItems": other }),
            2 => json!({ "if": other, "then": part }),
            _ => part,
        };
        (within(old), within(new))
    })
}

/// Generates a schema and its successor: another schema, the same with a keyword of another, or the same without a keyword.
fn any_single_pair() -> impl Strategy<Value = (Value, Value)> {
    (any_schema(), any_schema(), 0..4_u8, any::<prop::sample::Index>()).prop_map(|(old, other, kind, index)| {
        let (Value::Object(members), Value::Object(others)) = (&old, &other) else { return (old, other) };
        let mut new = members.clone();
        match kind {
            0 => return (old, other),
            1 if !members.is_empty() => {
                let key = members.keys().nth(index.index(members.len())).unwrap();
                new.remove(key);
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

/// Collects the schema and its subschemas that apply to the same instance. Those that reject all objects say nothing about one.
fn collect_in_place<'a>(document: &'a Value, schema: &'a Value, is_object: bool, found: &mut Vec<&'a Value>) {
    if found.iter().any(|known| std::ptr::eq(*known, schema))
        || is_object && rejects_objects(schema)
        || rejects_all(&schema)
    {
        return;
    }
    found.push(schema);
    let lists = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema[*keyword].as_array()).flatten();
    // Without `if`, `then` and `else` have no effect.
    let conditional = ["if", "then", "else"].iter().filter(|_| schema.get("if").is_some());
    let single = conditional.chain(&["not"]).filter_map(|keyword| schema.get(*keyword));
    let dependent = schema["dependentSchemas"].as_object().into_iter().flat_map(|schemas| schemas.values());
    let tree = schema.get("$ref").map(|_| &document["components"]["schemas"]["tree"]);
    let parts = lists.chain(single).chain(dependent).chain(tree);
    parts.for_each(|part| collect_in_place(document, part, is_object, found));
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
    !is_typed || is_constant || !has_object(&schema["enum"]) || schema["not"] == true || has_no_alternative
}

/// Returns whether a schema evidently accepts no instance.
fn rejects_all(schema: &&Value) -> bool {
    let list = |keyword: &str| schema[keyword].as_array();
    let alternatives = ["anyOf", "oneOf"].into_iter().filter_map(list);
    **schema == false
        || list("allOf").is_some_and(|list| list.iter().any(|part| rejects_all(&part)))
        || schema["not"] == json!({})
        || schema["not"] == true
        || alternatives.into_iter().any(|list| list.iter().all(|alternative| rejects_all(&alternative)))
}

/// Collects the schemas of a property in a schema and in those that it combines.
fn collect_combined<'a>(schema: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    found.extend(schema["properties"].get(name));
    let lists =
        ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| Some((keyword, schema[keyword].as_array()?)));
    let combined = lists.filter(|(keyword, list)| *keyword == "allOf" || list.len() == 1);
    combined.flat_map(|(_, list)| list).for_each(|part| collect_combined(part, name, found));
}

/// Removes members that the schemas do not name, since clients do not know them.
fn remove_unknown_members(document: &Value, schemas: &[&Value], instance: &Value) -> Value {
    let mut all = Vec::new();
    schemas.iter().for_each(|schema| collect_in_place(document, schema, instance.is_object(), &mut all));
    match instance {
        Value::Object(members) => {
            let keys = |schema: &Value, keyword: &str, name: &str| schema[keyword].get(name).is_some();
            let requires =
                |schema: &Value, name: &str| schema["required"].as_array().is_some_and(|it| it.contains(&json!(name)));
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
                let known = remove_unknown_members(document, &own, value);
                // No client knows a property that cannot be present.
                let mut combined = Vec::new();
                if let [schema] = schemas {
                    collect_combined(schema, name, &mut combined);
                }
                let is_possible = own.is_empty() || !own.iter().all(rejects_all) && !combined.iter().any(rejects_all);
                is_possible.then(|| (name.clone(), known))
            });
            Value::Object(kept.collect())
        }
        Value::Array(values) => {
            let item_schemas = all.iter().flat_map(|schema| {
                let list = schema["prefixItems"].as_array().into_iter().flatten();
                list.chain(["items", "contains"].into_iter().filter_map(|keyword| schema.get(keyword)))
            });
            let item_schemas: Vec<&Value> = item_schemas.collect();
            values.iter().map(|value| remove_unknown_members(document, &item_schemas, value)).collect()
        }
        scalar => scalar.clone(),
    }
}

#[test]
fn changes_that_break_an_instance_are_breaking() {
    let number = |name: &str, default: u32| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (seed, factor) = (number("FUZZ_SEED", 0), number("FUZZ_FACTOR", 1));
    println!("FUZZ_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let strategy = (any_pair(), prop::collection::vec(any_instance(3), 12));
    let (mut broken, mut missed) = (0, Vec::new());
    for _ in 0..800 * factor {
        let ((old, new), instances) = strategy.new_tree(&mut runner).unwrap().current();
        for is_request in [true, false] {
            let [before, after] = [&old, &new].map(|schema| build_document(schema, is_request));
            let pointer = if is_request { "requestBody" } else { "responses/200" };
            let pointer = format!("/paths/~1things/post/{pointer}/content/application~1json/schema");
            let [validator_before, validator_after] =
                [&before, &after].map(|document| build_validator(document, &pointer));
            let breaks = |instance: &&Value| {
                let known = remove_unknown_members(&before, &[&old], instance);
                match is_request {
                    true => validator_before.is_valid(&known) && !validator_after.is_valid(&known),
                    // Both the complete and the reduced instance were rejected before.
                    false => {
                        let was_rejected = [instance, &known].iter().all(|it| !validator_before.is_valid(it));
                        validator_after.is_valid(instance) && was_rejected
                    }
                }
            };
            let Some(instance) = instances.iter().find(breaks) else { continue };
            broken += 1;
            let Ok(changes) = compare(&before, &after) else { continue };
            if changes.iter().all(|change| change.wire < Breaking) {
                missed.push(format!(
                    "{} {instance}: {old} -> {new}: {changes:#?}",
                    if is_request { "request" } else { "response" }
                ));
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
