//! Constraints that have no effect of their own, because other parts of the document imply them.

use super::{build_document, build_request, build_response};
use openapi_spec_drift::Verdict::{self, Breaking, Compatible, Docs};
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
            document["components"]["schemas"]["Open"] = json!({});
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

/// A list without further items, or an object without further properties, has a greatest size.
#[test]
fn a_size_that_closed_lists_and_objects_imply_is_not_compared() {
    let list = |items: Value, most: u8| json!({ "type": "array", "prefixItems": [{ "maxLength": 1 }, {}], "items": items, "maxItems": most });
    let object = |additional: Value, most: u8| {
        let properties = json!({ "a": { "maxLength": 1 }, "b": {} });
        json!({ "type": "object", "properties": properties, "additionalProperties": additional, "maxProperties": most })
    };
    let anything = json!({});
    for (closed, open, tighter, rules) in [
        (list(json!(false), 9), list(anything.clone(), 2), list(json!(false), 1), ["items", "max-items"]),
        (
            object(json!(false), 9),
            object(anything, 2),
            object(json!(false), 1),
            ["additional-properties", "max-properties"],
        ),
    ] {
        let [closing, bound] = rules;
        let rule = |name: &str, effect: &str| format!("{name}-{effect}");
        let [widened, narrowed] = ["widened", "narrowed"].map(|effect| rule(closing, effect));
        let mut unbounded = closed.clone();
        unbounded
            .as_object_mut()
            .unwrap()
            .retain(|keyword, _| !["maxItems", "maxProperties"].contains(&keyword.as_str()));
        for (old, new, rule, [in_request, in_response]) in [
            (&unbounded, &open, widened, [Compatible, Breaking]),
            (&open, &unbounded, narrowed, [Breaking, Compatible]),
            (&unbounded, &tighter, rule(bound, "narrowed"), [Breaking, Compatible]),
            (&tighter, &closed, rule(bound, "widened"), [Compatible, Breaking]),
        ] {
            let expected = [in_request, in_response].map(|wire| expect(&[(&rule, wire)]));
            assert_eq!(list_schema_rules(old, new), expected, "{old} to {new}");
        }
        assert_eq!(list_schema_rules(&unbounded, &closed), [[], []]);
    }
}

#[test]
fn names_of_properties_are_strings() {
    let names = |schema: Value| json!({ "type": "object", "propertyNames": schema });
    let any = json!({ "type": "object" });
    let short = json!({ "maxLength": 3 });
    let short_text = json!({ "maxLength": 3, "type": ["string", "null"] });
    for (old, new) in [
        (any.clone(), names(json!({ "type": "string" }))),
        (any.clone(), names(json!({ "$ref": "#/components/schemas/Text" }))),
        (names(short.clone()), names(short_text)),
        (names(json!({ "$ref": "#/components/schemas/Open" })), names(json!({ "type": "string" }))),
    ] {
        for (old, new) in [(&old, &new), (&new, &old)] {
            let found = list_schema_rules(old, new);
            assert!(found.iter().flatten().all(|(_, wire)| *wire <= Docs), "{old} to {new}: {found:?}");
        }
    }
    for restricted in [short, json!({ "type": "integer" }), json!(false)] {
        let found = list_schema_rules(&any, &names(restricted));
        assert_eq!(found, [Breaking, Compatible].map(|wire| expect(&[("property-names-narrowed", wire)])));
    }
}

#[test]
fn a_reference_to_a_schema_that_accepts_everything_restricts_nothing() {
    let any = json!({ "$ref": "#/components/schemas/Any" });
    let combined = json!({ "allOf": [any, { "title": "Anything." }] });
    let object = |more: Value| {
        let mut object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    for (old, new) in [
        (object(json!({})), object(json!({ "additionalProperties": any }))),
        (object(json!({})), object(json!({ "additionalProperties": combined }))),
        (object(json!({})), object(json!({ "propertyNames": any }))),
        (json!({ "type": "array" }), json!({ "type": "array", "items": any })),
    ] {
        for (old, new) in [(&old, &new), (&new, &old)] {
            let found = list_schema_rules(old, new);
            assert!(found.iter().flatten().all(|(_, wire)| *wire <= Docs), "{old} to {new}: {found:?}");
        }
    }
    let names_b = json!({ "properties": { "a": { "type": "string" }, "b": any }, "required": ["b"] });
    assert_eq!(list_schema_rules(&object(json!({ "required": ["b"] })), &object(names_b)), [[], []]);
    let closed = object(json!({ "additionalProperties": false }));
    let found = list_schema_rules(&closed, &object(json!({ "additionalProperties": any })));
    assert_eq!(found, [Compatible, Breaking].map(|wire| expect(&[("additional-properties-widened", wire)])));
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

/// Requests need not have a required property that is `readOnly`.
#[test]
fn omitted_properties_do_not_count_as_required_ones() {
    let object = |least: u8| json!({ "allOf": [{ "$ref": "#/components/schemas/Stored" }], "minProperties": least });
    let [old, new] = [0, 1].map(|least| {
        let mut document = build_request(&object(least));
        document["components"]["schemas"]["Stored"] = json!({
            "type": "object", "required": ["id"],
            "properties": { "id": { "$ref": "#/components/schemas/Id" }, "b": { "type": "string" } },
        });
        document["components"]["schemas"]["Id"] = json!({ "type": "string", "readOnly": true });
        document
    });
    assert_eq!(list_rules(&old, &new), expect(&[("min-properties-narrowed", Breaking)]));
}

/// The annotations of a schema that accepts every value are compared, although it does not restrict anything.
#[test]
fn annotations_of_schemas_that_accept_everything_are_compared() {
    for keyword in ["additionalProperties", "unevaluatedProperties", "items"] {
        let schema = json!({ (keyword): { "$ref": "#/components/schemas/Any" } });
        for (more, rule, wire) in
            [(json!({ "description": "e" }), "docs", Docs), (json!({ "deprecated": true }), "deprecated", Compatible)]
        {
            for build in [build_request, build_response] {
                let [old, new] = [json!({}), more.clone()].map(|more| {
                    let mut document = build(&schema);
                    document["components"]["schemas"]["Any"] = json!({ "description": "d" });
                    document["components"]["schemas"]["Any"]
                        .as_object_mut()
                        .unwrap()
                        .extend(more.as_object().unwrap().clone());
                    document
                });
                assert_eq!(list_rules(&old, &new), expect(&[(rule, wire)]), "{keyword} {more}");
            }
        }
    }
}

/// A list of one alternative is not the counterpart of another list.
#[test]
fn a_single_alternative_is_not_compared_with_another_list() {
    let cat = json!({ "type": "object", "properties": { "c": { "type": "string" } } });
    let object = json!({ "type": "object", "properties": { "a": {}, "b": {} }, "oneOf": [cat] });
    let mut both = object.clone();
    both["anyOf"] = json!([{ "required": ["a"] }, { "required": ["b"] }]);
    assert_eq!(
        list_schema_rules(&object, &both),
        [Breaking, Compatible].map(|wire| expect(&[("any-of-narrowed", wire)]))
    );
}

/// The default media type of a part depends on its schema (OpenAPI 3.1.1, section 4.8.15.1.1). A change of both is one change.
#[test]
fn a_part_with_another_default_media_type_is_encoded_differently() {
    let document = |version: &str, part: &Value, build: fn(Value) -> Value| {
        let form = json!({ "type": "object", "properties": { "a": part } });
        let mut document =
            build(json!({ "content": { "multipart/form-data": { "schema": form } }, "description": "" }));
        document["openapi"] = version.into();
        // Schemas that are also used elsewhere are not normalized.
        document["components"]["schemas"]["Holder"] = json!({ "type": "object", "properties": { "a": part } });
        document["components"]["schemas"]["Any"] = json!({ "description": "Any." });
        document["components"]["schemas"]["Text"] = json!({ "type": "string", "description": "Any." });
        document
    };
    let in_request: fn(Value) -> Value = |form| build_document(&json!({ "requestBody": form, "responses": {} }));
    let in_response: fn(Value) -> Value = |form| build_document(&json!({ "responses": { "200": form } }));
    let [string, number, object] = ["string", "number", "object"].map(|kind| json!({ "type": kind }));
    let [binary, byte] = ["binary", "byte"].map(|format| json!({ "type": "string", "format": format }));
    let list = |item: &Value| json!({ "type": "array", "items": item });
    let any_of = |one: &Value, other: &Value| json!({ "anyOf": [one, other] });
    let (short, any) = (json!({ "type": "string", "maxLength": 9 }), json!({}));
    let named = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let png = json!({ "type": "string", "contentMediaType": "image/png" });
    let (encoding, kind) = (["encoding-changed"; 2], ["type-changed"; 2]);
    for (version, old, new, rules) in [
        ("3.0.3", &binary, &string, encoding),
        ("3.0.3", &byte, &string, encoding),
        ("3.0.3", &list(&binary), &list(&string), encoding),
        ("3.0.3", &list(&list(&binary)), &list(&list(&string)), encoding),
        ("3.0.3", &binary, &object, kind),
        ("3.0.3", &string, &list(&binary), kind),
        ("3.0.3", &string, &object, kind),
        ("3.0.3", &number, &string, kind),
        ("3.0.3", &short, &string, ["max-length-widened", "max-length-narrowed"]),
        ("3.1.0", &any, &string, encoding),
        ("3.1.0", &list(&any), &list(&string), encoding),
        ("3.1.0", &png, &string, encoding),
        ("3.1.0", &string, &any_of(&string, &object), ["type-widened", "type-narrowed"]),
    ] {
        for build in [in_request, in_response] {
            let [old_document, new_document] = [old, new].map(|part| document(version, part, build));
            for (old, new, rule) in [(&old_document, &new_document, rules[0]), (&new_document, &old_document, rules[1])]
            {
                let found = list_rules(old, new);
                assert_eq!(found.iter().map(|(rule, _)| rule).collect::<Vec<_>>(), [rule], "{old} to {new}");
                assert!(!rules.contains(&"encoding-changed") || found[0].1 == Breaking);
            }
        }
    }
    let [any, text] = ["Any", "Text"].map(|name| document("3.1.0", &named(name), in_request));
    assert!(list_rules(&text, &any).contains(&("encoding-changed".to_owned(), Breaking)));
    let alternatives = [any_of(&binary, &number), any_of(&number, &binary)];
    let [old, new] = alternatives.map(|part| document("3.0.3", &part, in_request));
    assert_eq!(list_rules(&old, &new), []);
}

#[test]
fn parts_without_a_name_have_a_default_media_type() {
    let form = |schema: Value| {
        let content = json!({ "multipart/form-data": { "schema": schema } });
        build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
    };
    let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
    let string = json!({ "type": "string" });
    for with in [
        |part: &Value| json!({ "type": "object", "additionalProperties": part }),
        |part: &Value| json!({ "type": "object", "patternProperties": { "^file": part } }),
        |part: &Value| json!({ "type": "object", "additionalProperties": { "type": "array", "items": part } }),
    ] {
        let [files, strings] = [&file, &string].map(|part| form(with(part)));
        for (old, new) in [(&files, &strings), (&strings, &files)] {
            assert_eq!(list_rules(old, new), expect(&[("encoding-changed", Breaking)]), "{old} to {new}");
        }
    }
    let old = form(json!({ "type": "object", "additionalProperties": file }));
    let new = form(json!({ "type": "object", "properties": { "note": string }, "additionalProperties": file }));
    let found = list_rules(&old, &new);
    assert!(found.contains(&("encoding-changed".to_owned(), Breaking)), "{found:?}");
}

/// A file that becomes a text changes the schema and the media type of a part, for the same reason.
#[test]
fn another_implied_media_type_has_each_consequence_once() {
    let document = |part: Value| {
        let form = json!({ "type": "object", "properties": { "part": part } });
        let content = json!({ "multipart/form-data": { "schema": form } });
        build_document(&json!({ "responses": { "200": { "description": "", "content": content } } }))
    };
    let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
    let changes = compare(&document(file), &document(json!({ "type": "string" }))).unwrap();
    let messages: Vec<&str> = changes.iter().map(|change| change.message.as_str()).collect();
    let what = "`contentMediaType` \"application/octet-stream\" was removed";
    assert_eq!(messages, [format!("{what}: responses may differ from what existing clients expect")]);
}

/// The alternatives of a form that describe the same part correspond by their component or their properties, in any order.
#[test]
fn the_parts_of_alternatives_are_compared_with_their_counterparts() {
    let form = |alternatives: Value| {
        let content = json!({ "multipart/form-data": { "schema": { "oneOf": alternatives } } });
        let mut document = build_document(&json!({ "requestBody": { "content": content }, "responses": {} }));
        document["openapi"] = "3.0.3".into();
        document
    };
    let [file, text] = [json!({ "type": "string", "format": "binary" }), json!({ "type": "string" })];
    let with = |part: &Value, other: &str| json!({ "type": "object", "required": ["part", other], "properties": { "part": part, other: text } });
    let old = form(json!([with(&file, "a"), with(&text, "b")]));
    assert_eq!(list_rules(&old, &form(json!([with(&text, "b"), with(&file, "a")]))), []);
    let swapped = form(json!([with(&file, "b"), with(&text, "a")]));
    assert_eq!(list_rules(&old, &swapped), expect(&[("encoding-changed", Breaking), ("encoding-changed", Breaking)]));
    let old = form(json!([with(&file, "a")]));
    let found = list_rules(&old, &form(json!([with(&file, "b"), with(&text, "a")])));
    assert!(found.contains(&("encoding-changed".to_owned(), Breaking)), "{found:?}");
}

/// A format that remains bounds the length of its values.
#[test]
fn a_length_that_the_format_implies_is_not_compared() {
    let with = |format: &str, more: Value| {
        let mut schema = json!({ "type": "string", "format": format });
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    for (format, keyword, rule, implied, tighter) in [
        ("uuid", "minLength", "min-length", 36, 37),
        ("uuid", "maxLength", "max-length", 36, 35),
        ("date", "minLength", "min-length", 1, 11),
        ("date", "maxLength", "max-length", 10, 9),
        ("date-time", "minLength", "min-length", 20, 21),
        ("time", "minLength", "min-length", 9, 10),
        ("duration", "minLength", "min-length", 3, 4),
        ("email", "minLength", "min-length", 3, 4),
        ("ipv4", "minLength", "min-length", 7, 8),
        ("ipv4", "maxLength", "max-length", 15, 14),
        ("ipv6", "minLength", "min-length", 2, 3),
        ("ipv6", "maxLength", "max-length", 45, 44),
        ("uri", "minLength", "min-length", 2, 3),
        ("byte", "minLength", "min-length", 0, 1),
    ] {
        let plain = with(format, json!({}));
        let [implied, tighter] = [implied, tighter].map(|length| with(format, json!({ (keyword): length })));
        assert_eq!(list_schema_rules(&plain, &implied), [[], []], "{implied}");
        assert_eq!(list_schema_rules(&implied, &plain), [[], []], "{implied}");
        let [narrowed, widened] = ["narrowed", "widened"].map(|effect| format!("{rule}-{effect}"));
        let expected = |rule: &str, wires: [Verdict; 2]| wires.map(|wire| expect(&[(rule, wire)]));
        for before in [&plain, &implied] {
            assert_eq!(list_schema_rules(before, &tighter), expected(&narrowed, [Breaking, Compatible]), "{tighter}");
            assert_eq!(list_schema_rules(&tighter, before), expected(&widened, [Compatible, Breaking]), "{tighter}");
        }
    }
    let [in_request, _] = list_schema_rules(&with("date", json!({})), &with("uuid", json!({ "maxLength": 36 })));
    assert_eq!(in_request, expect(&[("format-changed", Breaking), ("max-length-narrowed", Breaking)]));
}
