//! Defaults of alternatives.

use openapi_refinery::load;
use openapi_spec_drift::Verdict::{Breaking, Docs};
use openapi_spec_drift::compare;
use serde_json::{Value, json};

use super::super::{build_document, build_request, build_response};

fn build_query(schema: &Value) -> Value {
    build_document(&json!({ "parameters": [{ "name": "q", "in": "query", "schema": schema }], "responses": {} }))
}

fn build_property(schema: &Value) -> Value {
    build_request(&json!({ "type": "object", "properties": { "q": schema } }))
}

/// An omitted value may mean the default of any alternative.
#[test]
fn defaults_of_alternatives_are_compared_wherever_alternatives_come_and_go() {
    for (old, new) in [
        ("{type: string, maxLength: 3}", "anyOf: [{type: string, maxLength: 3}, {enum: [me], default: me}]"),
        ("{type: string, maxLength: 3}", "anyOf: [{type: string, maxLength: 3, default: b}, {type: integer}]"),
        (
            "anyOf: [{type: integer, maximum: 9, default: 5}, {type: integer}]",
            "anyOf: [{type: integer}, {type: boolean}]",
        ),
        (
            "anyOf: [{enum: [a, b], default: a}, {type: string}, {type: array}]",
            "anyOf: [{type: string}, {type: array}]",
        ),
        (
            "anyOf: [{type: integer}, {type: boolean}]",
            "anyOf: [{type: integer}, {type: boolean}, {type: string, maxLength: 3, default: x}]",
        ),
        (
            "oneOf: [{type: object, required: [k], properties: {k: {enum: [a]}}, default: {k: a}}, {type: object, required: [k], \
             properties: {k: {enum: [b]}}}]",
            "{type: object, required: [k], properties: {k: {enum: [a, b]}}}",
        ),
    ] {
        let [old, new] = [old, new].map(|schema| load(schema).unwrap());
        for (before, after) in [(&old, &new), (&new, &old)] {
            let changes = compare(&build_query(before), &build_query(after)).unwrap();
            let of_default = changes.iter().filter(|it| it.rule.starts_with("default-"));
            let verdicts: Vec<_> = of_default.map(|it| it.wire).collect();
            assert_eq!(verdicts, [Breaking], "{before} and {after}, in a query: {changes:#?}");
            let changes = compare(&build_property(before), &build_property(after)).unwrap();
            let of_default: Vec<_> = changes.iter().filter(|it| it.rule.starts_with("default-")).collect();
            // A property without a default before may remain unset.
            let expected = if of_default[0].rule == "default-added" { Docs } else { Breaking };
            assert_eq!(of_default.len(), 1, "{before} and {after}, in a property: {changes:#?}");
            assert_eq!(of_default[0].wire, expected, "{before} and {after}, in a property: {changes:#?}");
        }
    }
}

/// Another alternative accepts all values before and after, but the server fills in another value.
#[test]
fn a_default_within_an_alternative_is_compared_even_if_another_accepts_its_values() {
    let schema = |default: &str| {
        let property = json!({ "type": "string", "default": default });
        json!({ "anyOf": [{ "type": "object", "properties": { "a": property } }, { "type": "object" }] })
    };
    let [old, new] = [&schema("x"), &schema("y")].map(build_request);
    let changes = compare(&old, &new).unwrap();
    let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.wire)).collect();
    assert_eq!(found, [("alternative-changed", Docs), ("default-changed", Breaking)], "{changes:#?}");

    let nested = json!({ "properties": { "i": { "properties": { "a": { "default": "x" } } } }, "type": "object" });
    for default in [schema("x"), json!({ "anyOf": [nested, { "type": "object" }] })] {
        let remaining = json!({ "anyOf": [{ "type": "object" }] });
        let changes = compare(&build_request(&default), &build_request(&remaining)).unwrap();
        let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.wire)).collect();
        assert_eq!(found, [("alternative-removed", Breaking)], "{changes:#?}");
    }

    // In a response, defaults are documentation.
    let [removed, remaining] = [schema("x"), json!({ "anyOf": [{ "type": "object" }] })].map(|it| build_response(&it));
    let changes = compare(&remaining, &removed).unwrap();
    assert!(changes.iter().all(|it| it.wire == Docs), "{changes:#?}");

    // The default of a removed property no longer applies.
    let mut without = schema("x");
    without["anyOf"][0]["properties"] = json!({ "b": {} });
    let mut with = without.clone();
    with["anyOf"][0]["properties"]["a"] = json!({ "default": "x" });
    let changes = compare(&build_request(&with), &build_request(&without)).unwrap();
    let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.wire)).collect();
    assert_eq!(found, [("alternative-changed", Docs), ("property-removed", Breaking)], "{changes:#?}");

    // The same applies to an alternative within the alternative, and to other properties.
    let inner = json!({ "type": "object", "properties": { "z": { "default": "x" } } });
    let integer = json!({ "type": "integer" });
    for (with, without, rule) in [
        (
            json!({ "properties": { "a": { "anyOf": [inner, integer] } } }),
            json!({ "properties": { "a": { "anyOf": [integer, { "type": "boolean" }] } } }),
            "alternative-removed",
        ),
        (json!({ "additionalProperties": inner }), json!({ "minProperties": 1 }), "property-removed"),
    ] {
        let [old, new] = [with, without].map(|mut alternative| {
            alternative["type"] = "object".into();
            build_request(&json!({ "anyOf": [alternative, { "type": "object" }] }))
        });
        let changes = compare(&old, &new).unwrap();
        assert!(changes.iter().any(|it| it.rule == rule && it.wire == Breaking), "{changes:#?}");
    }
}

/// `null` cannot be written as text, so it does not take precedence.
#[test]
fn a_null_beside_the_alternatives_of_a_parameter_is_no_default() {
    let list = |default: &str| {
        let text = json!({ "type": "string", "maxLength": 3, "default": default });
        json!({ "anyOf": [text, { "type": "integer" }], "default": null })
    };
    let [old, new] = ["a", "b"].map(|default| build_query(&list(default)));
    let changes = compare(&old, &new).unwrap();
    let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.wire)).collect();
    assert_eq!(found, [("default-changed", Breaking)], "{changes:#?}");
}

/// Several alternatives may lead to the same list.
#[test]
fn defaults_of_lists_that_are_reached_twice_are_found() {
    let nested = json!({ "oneOf": [{ "type": "string", "maxLength": 3, "default": "a" }, { "type": "integer" }] });
    let reference = json!({ "$ref": "#/components/schemas/L" });
    let list = json!({ "oneOf": [nested, reference, { "allOf": [reference], "title": "L" }] });
    let [old, new] = [&json!({ "type": "string", "maxLength": 3 }), &list].map(|schema| {
        let mut document = build_query(schema);
        document["components"]["schemas"]["L"] = json!({ "oneOf": [{ "type": "boolean" }, { "type": "array" }] });
        document
    });
    let changes = compare(&old, &new).unwrap();
    assert!(changes.iter().any(|it| it.rule == "default-added" && it.wire == Breaking), "{changes:#?}");
}

/// The default beside a list takes precedence over those of its alternatives.
#[test]
fn a_default_that_moves_beside_the_list_is_compared_with_those_of_alternatives() {
    let list = |default: Value| {
        let mut alternative = json!({ "type": "string", "maxLength": 3 });
        let object = alternative.as_object_mut().unwrap();
        object.extend(default.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
        json!({ "anyOf": [alternative, { "type": "integer" }] })
    };
    let beside = |default: &str| {
        let mut list = list(json!({}));
        list["default"] = default.into();
        list
    };
    for (default, expected) in [("a", vec![("default-changed", Docs)]), ("b", vec![("default-changed", Breaking)])] {
        let changes =
            compare(&build_property(&list(json!({ "default": "a" }))), &build_property(&beside(default))).unwrap();
        let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.wire)).collect();
        assert!(expected.iter().all(|it| found.contains(it)), "{default}: {changes:#?}");
        let worst = found.iter().map(|it| it.1).max();
        assert_eq!(worst, expected.iter().map(|it| it.1).max(), "{default}: {changes:#?}");
    }
}

/// A parameter that has the object, or the list, also has its required properties, or its items.
#[test]
fn the_default_of_a_required_part_of_a_parameter_is_documentation() {
    let object = |required: &[&str], default: &str| json!({ "type": "object", "required": required, "properties": { "a": { "type": "string", "default": default } } });
    let list = |default: &str| json!({ "type": "array", "items": { "type": "string", "default": default } });
    for (place, style) in [("query", "deepObject"), ("query", "form"), ("header", "simple"), ("path", "simple")] {
        for [old, new, expected] in [
            [object(&["a"], "q"), object(&["a"], "w"), json!("docs")],
            [object(&[], "q"), object(&[], "w"), json!("breaking")],
            [list("q"), list("w"), json!("docs")],
        ] {
            let [old, new] = [old, new].map(|schema| {
                let parameter =
                    json!({ "name": "p", "in": place, "style": style, "required": place == "path", "schema": schema });
                build_document(&json!({ "parameters": [parameter], "responses": {} }))
            });
            let found: Vec<_> = compare(&old, &new).unwrap().into_iter().map(|it| (it.rule, json!(it.wire))).collect();
            assert_eq!(found, [("default-changed".to_owned(), expected)], "{new}");
        }
    }
}
