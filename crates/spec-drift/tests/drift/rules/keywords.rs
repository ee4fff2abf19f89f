//! Keywords of JSON Schema: a table of changes and their effects. The table itself is tested against a validator: a narrowed schema accepts
//! fewer instances.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Effect {
    Narrows,
    Widens,
    Both,
}

use Effect::{Both, Narrows, Widens};

impl Effect {
    fn reversed(self) -> Self {
        match self {
            Narrows => Widens,
            Widens => Narrows,
            Both => Both,
        }
    }

    /// Returns the verdicts for a request and for a response.
    fn verdicts(self) -> [Verdict; 2] {
        match self {
            Narrows => [Breaking, Compatible],
            Widens => [Compatible, Breaking],
            Both => [Breaking, Breaking],
        }
    }
}

/// Two schemas, and the effect of the change.
fn list_keyword_changes() -> Vec<(Value, Value, Effect)> {
    let list = |more: Value| extend(json!({ "type": "array" }), more);
    let object = |more: Value| extend(json!({ "type": "object" }), more);
    let choice = |more: &[Value]| {
        let two = [json!({ "type": "string", "maxLength": 1 }), json!({ "type": "object" })];
        json!({ "oneOf": ([two.as_slice(), more].concat()) })
    };
    vec![
        (json!({ "type": "string" }), json!({ "type": ["string", "null"] }), Widens),
        (json!({ "type": "string" }), json!({}), Widens),
        (json!({ "type": "integer" }), json!({ "type": "number" }), Widens),
        (json!({ "type": "integer" }), json!({ "type": "string" }), Both),
        (json!({ "type": ["string", "integer"] }), json!({ "type": ["string", "boolean"] }), Both),
        (json!({ "type": "string" }), json!({ "type": "string", "enum": ["a"] }), Narrows),
        (json!({ "enum": ["a", "ab"] }), json!({ "enum": ["a"] }), Narrows),
        (json!({ "enum": ["a"] }), json!({ "enum": ["ab"] }), Both),
        (json!({}), json!({ "const": "a" }), Narrows),
        (json!({ "enum": ["a", 1] }), json!({ "const": 1 }), Narrows),
        (json!({ "const": "a" }), json!({ "const": "ab" }), Both),
        (json!({ "const": { "title": "a" } }), json!({ "const": { "title": "b" } }), Both),
        (json!({ "enum": [{ "title": "a" }] }), json!({ "enum": [{ "title": "b" }, { "title": "a" }] }), Widens),
        (json!({ "enum": ["a"] }), json!({ "enum": ["a", null] }), Widens),
        (json!({ "enum": ["a"] }), json!({ "anyOf": [{ "enum": ["a"] }, { "type": "null" }] }), Widens),
        (json!({ "enum": ["a"] }), json!({ "type": ["string", "null"], "enum": ["a", null] }), Widens),
        (json!({ "const": "a" }), json!({ "oneOf": [{ "const": "a" }, { "const": null }] }), Widens),
        (choice(&[]), json!({ "anyOf": [choice(&[]), { "type": "null" }] }), Widens),
        (choice(&[]), choice(&[json!({ "type": "null" })]), Widens),
        (
            json!({ "not": { "type": "null" } }),
            json!({ "anyOf": [{ "not": { "type": "null" } }, { "type": "null" }] }),
            Widens,
        ),
        (json!({ "minLength": 1 }), json!({ "minLength": 2 }), Narrows),
        (json!({ "type": "string" }), json!({ "type": "string", "minLength": 1 }), Narrows),
        (json!({ "maxLength": 5 }), json!({ "maxLength": 1 }), Narrows),
        (json!({ "type": "string" }), json!({ "type": "string", "pattern": "^a" }), Narrows),
        (json!({ "pattern": "^a" }), json!({ "pattern": "b$" }), Both),
        (json!({ "minimum": 1 }), json!({ "minimum": 2 }), Narrows),
        (json!({ "minimum": 1 }), json!({ "exclusiveMinimum": 1 }), Narrows),
        (json!({ "exclusiveMinimum": 1 }), json!({ "exclusiveMinimum": 2 }), Narrows),
        (json!({ "maximum": 5 }), json!({ "maximum": 4 }), Narrows),
        (json!({ "maximum": 5 }), json!({ "exclusiveMaximum": 5 }), Narrows),
        (json!({ "type": "integer" }), json!({ "type": "integer", "multipleOf": 2 }), Narrows),
        (json!({ "multipleOf": 2 }), json!({ "multipleOf": 4 }), Narrows),
        (json!({ "multipleOf": 2 }), json!({ "multipleOf": 3 }), Both),
        (list(json!({})), list(json!({ "minItems": 1 })), Narrows),
        (list(json!({ "maxItems": 3 })), list(json!({ "maxItems": 1 })), Narrows),
        (list(json!({})), list(json!({ "uniqueItems": true })), Narrows),
        (list(json!({})), list(json!({ "items": { "type": "integer" } })), Narrows),
        (list(json!({ "items": { "type": "integer" } })), list(json!({ "items": { "type": "string" } })), Both),
        (list(json!({ "items": { "minimum": 1 } })), list(json!({ "items": { "minimum": 2 } })), Narrows),
        (list(json!({})), list(json!({ "prefixItems": [{ "type": "integer" }] })), Narrows),
        (
            list(json!({ "prefixItems": [{ "minimum": 1 }] })),
            list(json!({ "prefixItems": [{ "minimum": 2 }] })),
            Narrows,
        ),
        (list(json!({})), list(json!({ "contains": { "type": "string" } })), Narrows),
        (
            list(json!({ "contains": { "type": "integer" } })),
            list(json!({ "contains": { "type": "integer" }, "minContains": 2 })),
            Narrows,
        ),
        (
            list(json!({ "contains": { "type": "integer" } })),
            list(json!({ "contains": { "type": "integer" }, "maxContains": 1 })),
            Narrows,
        ),
        (
            list(json!({ "prefixItems": [{}] })),
            list(json!({ "prefixItems": [{}], "unevaluatedItems": false })),
            Narrows,
        ),
        (object(json!({})), object(json!({ "required": ["a"] })), Narrows),
        (object(json!({})), object(json!({ "additionalProperties": false })), Narrows),
        (object(json!({})), object(json!({ "additionalProperties": { "type": "integer" } })), Narrows),
        (
            object(json!({ "additionalProperties": { "minimum": 1 } })),
            object(json!({ "additionalProperties": { "minimum": 2 } })),
            Narrows,
        ),
        (
            object(json!({ "additionalProperties": { "type": "integer" } })),
            object(json!({ "additionalProperties": false })),
            Narrows,
        ),
        (object(json!({})), object(json!({ "patternProperties": { "^a": { "type": "string" } } })), Narrows),
        (
            object(json!({ "patternProperties": { "^a": { "minimum": 1 } } })),
            object(json!({ "patternProperties": { "^a": { "minimum": 2 } } })),
            Narrows,
        ),
        (object(json!({})), object(json!({ "propertyNames": { "maxLength": 1 } })), Narrows),
        (object(json!({})), object(json!({ "minProperties": 1 })), Narrows),
        (object(json!({})), object(json!({ "maxProperties": 1 })), Narrows),
        (object(json!({})), object(json!({ "dependentRequired": { "a": ["b"] } })), Narrows),
        (object(json!({})), object(json!({ "dependentSchemas": { "a": { "required": ["b"] } } })), Narrows),
        (object(json!({})), object(json!({ "unevaluatedProperties": false })), Narrows),
        (
            object(json!({ "properties": { "a": { "minimum": 1 } } })),
            object(json!({ "properties": { "a": { "minimum": 2 } } })),
            Narrows,
        ),
        (
            json!({ "allOf": [{ "type": "string" }] }),
            json!({ "allOf": [{ "type": "string" }, { "minLength": 1 }] }),
            Narrows,
        ),
        (
            json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
            json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }, { "type": "null" }] }),
            Widens,
        ),
        (json!({ "type": "string" }), json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }), Widens),
        (json!({ "type": "string" }), json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }), Widens),
        (
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string", "minLength": 1 }] }),
            json!({ "oneOf": [{ "type": "string", "minLength": 2 }, { "type": "integer" }] }),
            Narrows,
        ),
        (
            json!({ "oneOf": [{ "minimum": 1 }, { "maximum": 5 }] }),
            json!({ "anyOf": [{ "minimum": 1 }, { "maximum": 5 }] }),
            Widens,
        ),
        (json!({}), json!({ "not": { "type": "string" } }), Narrows),
        (
            json!({ "not": { "type": "string", "maxLength": 1 } }),
            json!({ "not": { "type": "string", "maxLength": 3 } }),
            Narrows,
        ),
        (
            json!({ "if": { "type": "string" } }),
            json!({ "if": { "type": "string" }, "then": { "minLength": 1 } }),
            Narrows,
        ),
        (
            json!({ "if": { "type": "string" } }),
            json!({ "if": { "type": "string" }, "else": { "type": "integer" } }),
            Narrows,
        ),
        (list(json!({ "prefixItems": [{}] })), list(json!({ "prefixItems": [false] })), Narrows),
        (
            json!({ "if": { "type": "string" }, "then": { "minLength": 1 } }),
            json!({ "if": { "type": "string" }, "then": { "minLength": 2 } }),
            Narrows,
        ),
        (
            json!({ "if": { "type": "string" }, "then": { "minLength": 2 }, "else": { "type": "integer" } }),
            json!({ "if": { "type": "boolean" }, "then": { "minLength": 2 }, "else": { "type": "integer" } }),
            Both,
        ),
        // A removed schema exempted its properties or items from the schema for all others.
        (
            object(json!({ "additionalProperties": false, "patternProperties": { "^a": {} } })),
            object(json!({ "additionalProperties": false })),
            Narrows,
        ),
        (
            object(
                json!({ "additionalProperties": { "type": "integer" }, "patternProperties": { "^a": { "type": "string" } } }),
            ),
            object(json!({ "additionalProperties": { "type": "integer" } })),
            Both,
        ),
        (
            list(json!({ "prefixItems": [{ "type": "string" }], "items": { "type": "integer" } })),
            list(json!({ "items": { "type": "integer" } })),
            Both,
        ),
        // A wider `contains` may match more items than `maxContains` allows.
        (
            list(json!({ "contains": { "const": "a" }, "maxContains": 1 })),
            list(json!({ "contains": { "enum": ["a", 1] }, "maxContains": 1 })),
            Both,
        ),
        (
            list(json!({ "contains": { "type": "string" } })),
            list(json!({ "contains": { "type": "string" }, "minContains": 0 })),
            Widens,
        ),
        // `oneOf` rejects instances that match two alternatives.
        (
            object(json!({ "required": ["a", "b"] })),
            object(json!({ "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] })),
            Both,
        ),
        (
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
            json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }, { "type": "string" }] }),
            Both,
        ),
        // `oneOf` and `anyOf` of one schema are compared separately.
        (
            json!({ "oneOf": [{ "type": "string", "minLength": 1 }, { "type": "integer" }], "anyOf": [{ "type": "string", "maxLength": 2 }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "type": "string", "minLength": 1 }, { "type": "integer" }], "anyOf": [{ "type": "string", "maxLength": 1 }, { "type": "integer" }] }),
            Narrows,
        ),
        // A keyword for an added type rejects nothing that was accepted before.
        (json!({ "type": "string" }), json!({ "type": ["string", "integer"], "minimum": 1 }), Widens),
        (json!({ "type": "string" }), json!({ "type": ["string", "array"], "items": { "type": "string" } }), Widens),
        (json!({ "type": "string" }), json!({ "type": ["string", "object"], "required": ["a"] }), Widens),
        (
            json!({ "type": "string", "maxLength": 1 }),
            json!({ "maxLength": 1, "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
            Widens,
        ),
        // All members of `allOf` apply.
        (
            combine([json!({ "multipleOf": 2 })]),
            combine([json!({ "multipleOf": 2 }), json!({ "multipleOf": 3 })]),
            Narrows,
        ),
        (
            combine([json!({ "uniqueItems": false })]),
            combine([json!({ "uniqueItems": false }), json!({ "uniqueItems": true })]),
            Narrows,
        ),
        (
            combine([json!({ "additionalProperties": true })]),
            combine([json!({ "additionalProperties": true }), json!({ "additionalProperties": false })]),
            Narrows,
        ),
        (combine([json!({ "maximum": 5 })]), combine([json!({ "maximum": 5 }), json!({ "maximum": 4 })]), Narrows),
    ]
}

/// Returns two alternatives and a discriminator that maps these values to them.
fn discriminate(property: &str, [one, other]: [&str; 2]) -> Value {
    let kinds = json!({ "kind": { "type": "string" }, "sort": { "type": "string" } });
    json!({
        "oneOf": [{ "type": "object", "properties": kinds }, { "type": "array", "items": { "type": "string" } }],
        "discriminator": { "propertyName": property, "mapping": { one: "One", other: "Other" } },
    })
}

/// Changes of keywords that are annotations for validators, but restrict clients.
fn list_annotation_changes() -> Vec<(Value, Value, Effect)> {
    vec![
        (json!({ "type": "string", "format": "uri" }), json!({ "type": "string" }), Widens),
        (json!({ "type": "string", "format": "date" }), json!({ "type": "string", "format": "date-time" }), Both),
        (json!({ "type": "integer", "format": "int32" }), json!({ "type": "integer", "format": "int64" }), Widens),
        (json!({ "type": "string" }), json!({ "type": "string", "contentEncoding": "base64" }), Narrows),
        (json!({ "contentMediaType": "image/png" }), json!({ "contentMediaType": "image/gif" }), Both),
        (json!({ "contentSchema": { "minimum": 1 } }), json!({ "contentSchema": { "minimum": 2 } }), Narrows),
        (discriminate("kind", ["a", "b"]), discriminate("sort", ["a", "b"]), Both),
        (discriminate("kind", ["a", "b"]), discriminate("kind", ["b", "a"]), Both),
        (
            combine([json!({ "format": "uri" })]),
            combine([json!({ "format": "uri" }), json!({ "format": "email" })]),
            Narrows,
        ),
    ]
}

/// Compares all rows at once, each as a property of its own.
#[test]
fn each_keyword_is_classified_in_both_directions() {
    let rows: Vec<_> = list_keyword_changes().into_iter().chain(list_annotation_changes()).collect();
    let document = |side: fn(&(Value, Value, Effect)) -> &Value| {
        let mut document = load_vendored();
        for (index, row) in rows.iter().enumerate() {
            for place in [REQUEST, RESPONSE] {
                document.pointer_mut(place).unwrap()[format!("probe-{index}")] = side(row).clone();
            }
        }
        document
    };
    let (before, after) = (document(|row| &row.0), document(|row| &row.1));
    for (old, new, is_reversed) in [(&before, &after, false), (&after, &before, true)] {
        let (code, report) = run_check(old, new);
        assert_eq!(code, Some(1));
        let mut remaining = report["changes"].as_array().unwrap().clone();
        for (index, (before, after, effect)) in rows.iter().enumerate() {
            let effect = if is_reversed { effect.reversed() } else { *effect };
            for (place, expected) in [REQUEST, RESPONSE].into_iter().zip(effect.verdicts()) {
                let probe = format!("{place}/probe-{index}");
                let is_of_probe = |change: &Value| {
                    read_text(change, "pointer")
                        .strip_prefix(&probe)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                let (found, others): (Vec<Value>, Vec<Value>) = remaining.into_iter().partition(is_of_probe);
                remaining = others;
                let worst = [Breaking, Compatible, Docs]
                    .into_iter()
                    .find(|verdict| found.iter().any(|change| read_text(change, "wire") == verdict.to_string()));
                assert_eq!(worst, Some(expected), "{before} -> {after}, {effect:?} at {place}: {found:#?}");
                assert!(found.iter().all(|change| change["rule"] != "unclassified"), "{found:#?}");
            }
        }
        assert!(remaining.is_empty(), "{remaining:#?}");
    }
}

/// Returns instances of every type, on both sides of each bound in the table.
fn list_instances() -> Vec<Value> {
    let scalars =
        [json!(null), json!(true), json!(""), json!("a"), json!("ab"), json!("abc"), json!("b"), json!("aaaaaa")];
    let numbers =
        [json!(-1), json!(0), json!(1), json!(1.5), json!(2), json!(3), json!(4), json!(5), json!(6), json!(12)];
    let lists = [
        json!([]),
        json!([1]),
        json!([2]),
        json!(["a"]),
        json!([1, 1]),
        json!([1, 2]),
        json!([1, "a"]),
        json!(["a", 1, 2, 3]),
    ];
    let objects = [
        json!({}),
        json!({ "a": 1 }),
        json!({ "a": 2 }),
        json!({ "a": "x" }),
        json!({ "b": 1 }),
        json!({ "a": 1, "b": 1 }),
        json!({ "ab": 2 }),
        json!({ "b": "x" }),
        json!({ "title": "a" }),
        json!({ "title": "b" }),
    ];
    scalars.into_iter().chain(numbers).chain(lists).chain(objects).collect()
}

#[test]
fn effects_in_the_table_agree_with_a_validator() {
    for (before, after, effect) in list_keyword_changes() {
        let accepted = |schema: &Value| -> BTreeSet<String> {
            let validator = jsonschema::draft202012::new(schema).unwrap();
            list_instances().iter().filter(|instance| validator.is_valid(instance)).map(ToString::to_string).collect()
        };
        let (before_set, after_set) = (accepted(&before), accepted(&after));
        let found = match (after_set.is_subset(&before_set), before_set.is_subset(&after_set)) {
            (true, false) => Narrows,
            (false, true) => Widens,
            (false, false) => Both,
            (true, true) => panic!("{before} -> {after}: no instance shows a difference"),
        };
        assert_eq!(found, effect, "{before} -> {after}");
    }
}

/// A wider schema under `not` narrows the schema that contains it.
#[test]
fn changes_under_not_are_reported_with_the_reversed_effect() {
    let [old, new] = [1, 3].map(|limit| json!({ "type": "string", "not": { "maxLength": limit } }));
    let found = list_changes(&add_property(REQUEST, &old), &add_property(REQUEST, &new));
    let [only] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((only.rule.as_str(), only.wire), ("max-length-narrowed", Breaking));
    assert!(only.message.ends_with("existing requests may be rejected"), "{}", only.message);
}

#[test]
fn unknown_keywords_are_detected_in_each_member_of_all_of() {
    let [old, new] = [2, 3].map(|value| combine([json!({ "novelty": 1 }), json!({ "novelty": value })]));
    let found = list_changes(&add_property(REQUEST, &old), &add_property(REQUEST, &new));
    assert!(matches!(&found[..], [only] if only.rule == "unclassified"), "{found:#?}");
}

#[test]
fn a_discriminator_without_alternatives_is_a_compatible_change() {
    let discriminator = json!({ "type": "object", "discriminator": { "propertyName": "kind" } });
    let (old, new) = (add_property(REQUEST, &json!({ "type": "object" })), add_property(REQUEST, &discriminator));
    assert_eq!((classify(&old, &new), classify(&new, &old)), (Compatible, Compatible));
}

/// `readOnly` hides a property from requests.
#[test]
fn read_only_is_recognized_behind_and_next_to_references() {
    let reference = json!({ "$ref": "#/components/schemas/probe" });
    let document = |property: Value, component: Value| {
        let mut document = add_property(REQUEST, &property);
        document["components"]["schemas"]["probe"] = component;
        document
    };
    let (shown, hidden) = (json!({ "type": "string" }), json!({ "type": "string", "readOnly": true }));
    let old = document(reference.clone(), shown.clone());
    let combined = combine([reference.clone()]);
    for new in [
        document(reference.clone(), hidden.clone()),
        document(combined.clone(), hidden.clone()),
        document(json!({ "$ref": "#/components/schemas/probe", "readOnly": true }), shown.clone()),
        document(json!({ "allOf": [reference], "readOnly": true }), shown),
    ] {
        assert!(
            matches!(&list_changes(&old, &new)[..], [only] if only.rule == "property-removed"),
            "{:#?}",
            list_changes(&old, &new)
        );
        assert_eq!(classify(&new, &old), Compatible);
    }
}

fn any_schema() -> impl Strategy<Value = Value> {
    let table = list_keyword_changes().into_iter().chain(list_annotation_changes());
    let known: Vec<Value> = table.flat_map(|(before, after, _)| [before, after]).collect();
    prop::sample::select(known)
}

/// Returns whether both or neither schema has `properties`: adding a property changes what clients send and read, but not what a validator
/// accepts.
fn both_or_neither_have_properties(before: &Value, after: &Value) -> bool {
    let [before, after] = [before, after].map(|schema| schema.to_string().contains("\"properties\""));
    before == after
}

/// Returns the schema with its keys, and the arrays that are sets, in reverse order.
fn reverse_order(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev().map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("enum" | "required" | "type" | "tags", Value::Array(values)) => {
                        values.iter().rev().cloned().collect()
                    }
                    _ => reverse_order(value),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(values) => values.iter().map(reverse_order).collect(),
        scalar => scalar.clone(),
    }
}

/// Returns a configuration with a fixed seed, so that all runs test the same cases.
fn configure_fixed_seed() -> ProptestConfig {
    let rng_seed = proptest::test_runner::RngSeed::Fixed(0);
    ProptestConfig { rng_seed, failure_persistence: None, ..ProptestConfig::with_cases(100) }
}

proptest! {
    #![proptest_config(configure_fixed_seed())]

    /// The verdict on a change in a request is that on the reverse change in a response.
    #[test]
    fn requests_and_responses_mirror_each_other(before in any_schema(), after in any_schema()) {
        prop_assume!(both_or_neither_have_properties(&before, &after));
        let verdict = |place: &str, old: &Value, new: &Value| classify(&add_property(place, old), &add_property(place, new));
        prop_assert_eq!(verdict(REQUEST, &before, &after), verdict(RESPONSE, &after, &before), "{} -> {}", before, after);
        prop_assert_eq!(verdict(REQUEST, &before, &before), NoChange);
        prop_assert_eq!(verdict(RESPONSE, &before, &reverse_order(&before)), NoChange);
    }

    /// Reporting a narrowed schema as compatible is the worst error.
    #[test]
    fn compatible_changes_accept_all_instances_accepted_before(before in any_schema(), after in any_schema()) {
        prop_assume!(both_or_neither_have_properties(&before, &after));
        let verdict = classify(&add_property(REQUEST, &before), &add_property(REQUEST, &after));
        if verdict != Breaking {
            let (before_validator, after_validator) =
                (jsonschema::draft202012::new(&before).unwrap(), jsonschema::draft202012::new(&after).unwrap());
            for instance in list_instances() {
                prop_assert!(
                    !before_validator.is_valid(&instance) || after_validator.is_valid(&instance),
                    "{} -> {} is {}, but rejects {}", before, after, verdict, instance
                );
            }
        }
    }
}
