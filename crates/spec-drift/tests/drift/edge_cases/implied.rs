//! Constraints that have no effect of their own, because other parts of the document imply them.

use super::{build_document, build_request, build_response};
use openapi_spec_drift::Verdict::{self, Breaking, Compatible};
use openapi_spec_drift::compare;
use serde_json::{Value, json};

type Found = Vec<(String, Verdict)>;

fn list_rules(old: &Value, new: &Value) -> Found {
    compare(old, new).unwrap().into_iter().map(|change| (change.rule, change.wire)).collect()
}

/// Returns the rules of a changed schema in a request, and those in a response.
fn list_schema_rules(old: &Value, new: &Value) -> [Found; 2] {
    [build_request, build_response].map(|build| {
        let [old, new] = [old, new].map(|schema| {
            let mut document = build(schema);
            document["components"]["schemas"]["Any"] = json!({ "description": "Any value." });
            document["components"]["schemas"]["Text"] = json!({ "type": "string", "description": "Any text." });
            document
        });
        list_rules(&old, &new)
    })
}

fn expect(rules: &[(&str, Verdict)]) -> Found {
    rules.iter().map(|(rule, wire)| ((*rule).to_owned(), *wire)).collect()
}

/// `explode` applies to lists and objects only, and `deepObject` writes each member of an object anyway.
#[test]
fn explode_of_deep_objects_has_no_effect() {
    let style = |explode: Option<bool>, style: &str| {
        let mut style = json!({ "style": style });
        explode.into_iter().for_each(|explode| style["explode"] = explode.into());
        style
    };
    let parameter = |style: Value| {
        let mut parameter = json!({ "name": "filter", "in": "query", "schema": { "type": "object" } });
        parameter.as_object_mut().unwrap().extend(style.as_object().unwrap().clone());
        build_document(&json!({ "parameters": [parameter], "responses": {} }))
    };
    let form = |style: Value| {
        let schema = json!({ "type": "object", "properties": { "filter": { "type": "object" } } });
        let body = json!({ "schema": schema, "encoding": { "filter": style } });
        let content = json!({ "application/x-www-form-urlencoded": body });
        build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
    };
    for build in [&parameter as &dyn Fn(Value) -> Value, &form] {
        for explode in [true, false] {
            let [without, with] = [None, Some(explode)].map(|explode| build(style(explode, "deepObject")));
            assert_eq!(list_rules(&without, &with), []);
            assert_eq!(list_rules(&with, &without), []);
        }
    }
    let [old, new] = [style(Some(true), "deepObject"), style(None, "form")].map(parameter);
    let message = compare(&old, &new).unwrap().remove(0).message;
    assert!(message.contains("with `style: deepObject` and is"), "{message}");
}

/// An object with all required properties has at least as many.
#[test]
fn a_number_of_properties_that_required_implies_is_not_compared() {
    let object = |required: Value, least: u8| json!({ "type": "object", "properties": { "a": {}, "b": {} }, "required": required, "minProperties": least });
    let by_reference = json!({ "allOf": [object(json!(["a"]), 0), { "type": "object" }], "minProperties": 1 });
    for (old, new, in_request, in_response) in [
        (object(json!(["a"]), 1), by_reference, [].as_slice(), [].as_slice()),
        (
            object(json!(["a"]), 1),
            object(json!([]), 1),
            &[("property-no-longer-required", Compatible)],
            &[("property-no-longer-required", Breaking)],
        ),
        (
            object(json!([]), 1),
            object(json!(["a"]), 0),
            &[("property-now-required", Breaking)],
            &[("property-now-required", Compatible)],
        ),
        (
            object(json!(["a"]), 0),
            object(json!(["a"]), 2),
            &[("min-properties-narrowed", Breaking)],
            &[("min-properties-narrowed", Compatible)],
        ),
        (
            object(json!(["a"]), 2),
            object(json!(["a"]), 0),
            &[("min-properties-widened", Compatible)],
            &[("min-properties-widened", Breaking)],
        ),
    ] {
        assert_eq!(list_schema_rules(&old, &new), [in_request, in_response].map(expect), "{old} to {new}");
    }
}

/// The bound of an integer is rounded in the normal form.
#[test]
fn a_bound_is_not_reported_if_only_the_type_changes() {
    for bound in [json!({ "exclusiveMinimum": 0 }), json!({ "maximum": 1.5 })] {
        let [integer, number] = ["integer", "number"].map(|kind| {
            let mut schema = bound.clone();
            schema["type"] = kind.into();
            schema
        });
        let found = list_schema_rules(&integer, &number);
        assert_eq!(found, [Compatible, Breaking].map(|wire| expect(&[("type-widened", wire)])));
        let found = list_schema_rules(&number, &integer);
        assert_eq!(found, [Breaking, Compatible].map(|wire| expect(&[("type-narrowed", wire)])));
    }
}

/// JSON Schema 2020-12, Validation, section 7.3: each URI is an IRI and a reference, each hostname an internationalized one.
#[test]
fn a_format_that_includes_another_is_wider() {
    for [narrow, wide] in [
        ["uri", "uri-reference"],
        ["uri", "iri"],
        ["uri", "iri-reference"],
        ["uri-reference", "iri-reference"],
        ["iri", "iri-reference"],
        ["hostname", "idn-hostname"],
        ["email", "idn-email"],
    ] {
        let [narrow, wide] = [narrow, wide].map(|format| json!({ "type": "string", "format": format }));
        let found = list_schema_rules(&narrow, &wide);
        assert_eq!(found, [Compatible, Breaking].map(|wire| expect(&[("format-widened", wire)])));
        let found = list_schema_rules(&wide, &narrow);
        assert_eq!(found, [Breaking, Compatible].map(|wire| expect(&[("format-narrowed", wire)])));
    }
}
