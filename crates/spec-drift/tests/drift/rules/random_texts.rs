//! Random pairs of schemas of parameters and response headers, and random texts that a validator checks against both.

use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::random::{BrokenPair, check_pairs};
use super::schemas::{build_object, build_validator};

/// Generates schemas for values that are written as text, and lists of them.
fn any_schema() -> impl Strategy<Value = Value> {
    let bound = || select(vec![0, 1, 2, 3]).prop_map(Value::from);
    let value = || select(vec![json!("a"), json!("true"), json!("12"), json!(12), json!(1.5), json!(true)]);
    let types = vec![
        json!("string"),
        json!("integer"),
        json!("number"),
        json!("boolean"),
        json!(["integer", "string"]),
        json!(["boolean", "null"]),
    ];
    let keyword = prop_oneof![
        2 => (select(vec!["minLength", "maxLength"]), bound()),
        1 => (select(vec!["minimum", "maximum", "exclusiveMinimum"]), bound()),
        1 => Just(("multipleOf", json!(2))),
        1 => select(vec!["^a", "^1", "^[0-9]+$"]).prop_map(|pattern| ("pattern", json!(pattern))),
        1 => prop::collection::hash_set(value().prop_map(|it| it.to_string()), 1..4)
            .prop_map(|values| ("enum", values.iter().map(|it| serde_json::from_str::<Value>(it).unwrap()).collect())),
    ];
    let scalar = (select(types), prop::collection::vec(keyword, 0..3)).prop_map(|(kind, keywords)| {
        let is_of_type = build_validator(&json!({ "type": kind }), "");
        let mut schema = build_object(keywords);
        // An `enum` without a value of the declared type means the texts of its values; such schemas are not generated.
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values: Vec<Value> = values.iter().filter(|value| is_of_type.is_valid(value)).cloned().collect();
            schema["enum"] = values.into();
        }
        if schema.get("enum") == Some(&json!([])) {
            return json!({ "type": kind });
        }
        schema["type"] = kind;
        schema
    });
    let schema = scalar.clone().prop_recursive(2, 6, 2, move |inner| {
        prop_oneof![
            3 => inner.clone(),
            1 => (select(vec!["anyOf", "oneOf", "allOf"]), prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(keyword, list)| json!({ keyword: list })),
            1 => (inner, value()).prop_map(|(schema, excluded)| json!({ "allOf": [schema], "not": { "enum": [excluded] } })),
        ]
    });
    let size = prop::option::of((select(vec!["minItems", "maxItems"]), bound()));
    let list = (scalar, size).prop_map(|(items, size)| {
        let mut list = json!({ "type": "array", "items": items });
        size.into_iter().for_each(|(keyword, bound)| list[keyword] = bound);
        list
    });
    prop_oneof![4 => schema, 1 => list]
}

fn build_document(schema: &Value, is_request: bool) -> Value {
    let mut operation = json!({ "responses": { "204": { "description": "" } } });
    match is_request {
        true => operation["parameters"] = json!([{ "name": "p", "in": "query", "required": true, "schema": schema }]),
        false => operation["responses"]["204"]["headers"] = json!({ "X-P": { "required": true, "schema": schema } }),
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "get": operation } },
    })
}

/// Returns the values that a text may stand for.
fn read_text(text: &str) -> Vec<Value> {
    let scalar = serde_json::from_str::<Value>(text).ok().filter(|value| value.is_number() || value.is_boolean());
    [Value::from(text)].into_iter().chain(scalar).collect()
}

/// Returns whether a schema accepts texts: as a list, or a single text as a single value.
fn accepts(validator: &Validator, texts: &[&str]) -> bool {
    let mut lists = vec![Vec::new()];
    for text in texts {
        let extend =
            |list: &Vec<Value>| read_text(text).into_iter().map(|it| [&list[..], &[it]].concat()).collect::<Vec<_>>();
        lists = lists.iter().flat_map(extend).collect();
    }
    let is_single = |list: &Vec<Value>| list.len() == 1 && validator.is_valid(&list[0]);
    lists.iter().any(|list| is_single(list) || validator.is_valid(&Value::from(list.clone())))
}

#[test]
fn changes_that_break_a_text_are_breaking() {
    let texts = select(vec!["a", "aa", "b", "12", "1", "-1", "1.5", "true", "123456", "1a"]);
    let strategy = (any_schema(), any_schema(), prop::collection::vec(prop::collection::vec(texts, 1..3), 12));
    check_pairs(strategy, 600, |(old, new, texts)| {
        let find_broken = |is_request| {
            let documents = [&old, &new].map(|schema| build_document(schema, is_request));
            let [before, after] = [&old, &new].map(|schema| build_validator(schema, ""));
            let breaks = |texts: &&Vec<&str>| {
                let [is_known, is_possible] = [&before, &after].map(|validator| accepts(validator, texts));
                if is_request { is_known && !is_possible } else { is_possible && !is_known }
            };
            let texts = texts.iter().find(breaks)?;
            let kind = if is_request { "parameter" } else { "header" };
            Some(BrokenPair { description: format!("{kind} {texts:?}: {old} -> {new}"), documents })
        };
        [true, false].into_iter().filter_map(find_broken).collect()
    });
}
