//! Annotations: changes that affect the documentation only.

use std::collections::BTreeSet;

use openapi_refinery::normalize::VALUES;
use openapi_refinery::pointer::escape;
use serde_json::{Value, json};

use super::*;

#[test]
fn changes_of_annotations_are_documentation() {
    let edits: [Edit; 15] = [
        ("/servers/0/description", json!("other")),
        ("/components/securitySchemes/HTTPBasicAuth/description", json!("other")),
        ("/components/securitySchemes/HTTPBasicAuth/bearerFormat", json!("other")),
        ("/paths/x-note", json!("note")),
        ("/components/x-note", json!("note")),
        ("/info/version", json!("9")),
        ("/info/x-note", json!("note")),
        ("/tags", json!([{ "name": "other" }])),
        ("/paths/~1integrations~1{id}/patch/summary", json!("other")),
        ("/paths/~1integrations~1{id}/patch/tags", json!(["other"])),
        ("/paths/~1integrations~1{id}/patch/x-note", json!("note")),
        ("/paths/~1integrations~1{id}/patch/responses/400/description", json!("other")),
        ("/components/schemas/integration-model/properties/shop_name/description", json!("other")),
        ("/components/schemas/integration-model/properties/shop_name/example", json!("other")),
        ("/components/schemas/integration-model/title", json!("other")),
    ];
    for edit in edits {
        let new = edit_vendored(std::slice::from_ref(&edit));
        assert_eq!(classify(&load_vendored(), &new), Docs, "{edit:?}: {:#?}", list_changes(&load_vendored(), &new));
    }
}

/// An annotation may be next to a reference, behind it, or in a member of `allOf` or `oneOf`.
#[test]
fn annotations_next_to_and_behind_references_are_compared() {
    let reference = |more: Value| extend(json!({ "$ref": "#/components/schemas/probe" }), more);
    let document = |property: Value, component: Value| {
        let mut document = add_property(REQUEST, &property);
        document["components"]["schemas"]["probe"] = component;
        document
    };
    let annotated = |keyword: &str, value: &str| json!({ "type": "string", keyword: value });
    for keyword in ["description", "title", "x-note"] {
        let [one, other] = ["one", "other"].map(|value| annotated(keyword, value));
        let pairs = [
            [combine([one.clone()]), combine([other.clone()])].map(|schema| document(schema, json!({}))),
            [
                json!({ "oneOf": [one.clone(), { "type": "null" }] }),
                json!({ "oneOf": [other.clone(), { "type": "null" }] }),
            ]
            .map(|schema| document(schema, json!({}))),
            [&one, &other].map(|schema| {
                document(
                    json!({ "oneOf": [{ "const": "a" }, extend(json!({ "const": "b" }), schema.clone())] }),
                    json!({}),
                )
            }),
            [one.clone(), other.clone()].map(|schema| document(combine([reference(json!({}))]), schema)),
            [one, other].map(|schema| document(reference(json!({ "maxLength": 5 })), schema)),
        ];
        for [old, new] in pairs {
            assert_eq!(classify(&old, &new), Docs, "{keyword}");
        }
    }
    let [old, new] = ["one", "other"].map(|value| document(reference(json!({ "description": value })), json!({})));
    assert_eq!(classify(&old, &new), Docs);
}

#[test]
fn descriptions_of_scopes_are_documentation() {
    let [old, new] = ["one", "other"].map(|text| {
        let flow = json!({ "tokenUrl": "https://a.example", "scopes": { "read": text } });
        edit_vendored(&[
            ("/components/securitySchemes/OAuth", json!({ "type": "oauth2", "flows": { "clientCredentials": flow } })),
            ("/paths/~1integrations~1{id}/patch/security", json!([{ "OAuth": ["read"] }])),
        ])
    });
    assert_eq!(classify(&old, &new), Docs);
}

#[test]
fn examples_behind_references_are_documentation() {
    let [old, new] = ["one", "other"].map(|value| {
        edit_vendored(&[
            ("/components/examples", json!({ "shared": { "value": value } })),
            (
                "/paths/~1integrations~1{id}/patch/requestBody/content/application~1json/examples",
                json!({ "a": { "$ref": "#/components/examples/shared" } }),
            ),
        ])
    });
    assert_eq!(classify(&old, &new), Docs, "{:#?}", list_changes(&old, &new));
}

/// The annotations of the former schema are compared with those beside `oneOf` only if there are any.
#[test]
fn annotations_of_a_schema_that_becomes_an_alternative_are_compared_there() {
    let object = |name: &str, more: Value| {
        extend(json!({ "type": "object", "properties": { name: { "type": "string" } }, "required": [name] }), more)
    };
    let one = |text: &str| object("a", json!({ "description": text, "xml": { "name": "one" } }));
    let other = || object("b", json!({ "description": "Other." }));
    let document = |schema: Value| {
        let mut document = load_vendored();
        document["components"]["schemas"]["One"] = one("One.");
        set_member(&mut document, &format!("{BODY}/content"), json!({ "application/xml": { "schema": schema } }));
        document
    };
    let reference = json!({ "$ref": "#/components/schemas/One" });
    let cases = [
        (one("One."), json!({ "oneOf": [other(), one("One.")] }), vec!["alternative-added"]),
        (one("One."), json!({ "oneOf": [other(), one("Another.")] }), vec!["alternative-added", "docs"]),
        (
            one("One."),
            json!({ "description": "All.", "oneOf": [one("One."), other()] }),
            vec!["alternative-added", "docs"],
        ),
        (reference.clone(), json!({ "anyOf": [reference, other()] }), vec!["alternative-added"]),
    ];
    for (single, list, expected) in cases {
        for [old, new] in [[&single, &list], [&list, &single]] {
            let changes = list_changes(&document(old.clone()), &document(new.clone()));
            let rules: Vec<String> = changes.iter().map(|change| change.rule.replace("removed", "added")).collect();
            assert_eq!(rules, expected, "{old} and {new}: {changes:#?}");
        }
    }
}

/// Alternatives that the normal form merges keep their annotations.
#[test]
fn annotations_of_merged_alternatives_are_compared() {
    let integer = json!({ "type": "integer" });
    let text = |more: Value| extend(json!({ "type": "string" }), more);
    let a = |more: Value| extend(json!({ "const": "a" }), more);
    let value = |more: Value| json!([a(more), { "const": "b", "description": "B." }]);
    let [one, two] = ["One.", "Two."].map(|text| json!({ "description": text }));
    let deprecated = extend(two.clone(), json!({ "deprecated": true }));
    let lists: [&dyn Fn(Value) -> Value; 10] = [
        // An extension of the document may have the name that the normal form uses.
        &|more| json!({ VALUES: ["a"], "oneOf": value(more) }),
        &|more| json!({ VALUES: { "string": "a" }, "anyOf": [integer, text(more)] }),
        &|more| json!({ "oneOf": [text(more), integer] }),
        &|more| json!({ "anyOf": [integer, text(more), { "type": "null", "description": "None." }] }),
        &|more| json!({ "anyOf": [{ "anyOf": [text(more), integer] }, { "type": "boolean" }] }),
        &|more| json!({ "oneOf": [{ "title": "Id", "oneOf": [integer, text(more)] }, { "type": "boolean", "title": "No" }] }),
        &|more| json!({ "oneOf": value(more), "anyOf": value(two.clone()) }),
        &|more| json!({ "oneOf": value(two.clone()), "anyOf": value(more) }),
        &|more| json!({ "oneOf": value(json!({ "title": "A" })), "anyOf": value(more) }),
        &|more| json!({ "oneOf": [text(more), integer], "anyOf": [text(two.clone()), integer] }),
    ];
    for list in lists {
        for place in [REQUEST, RESPONSE] {
            let [one, two, deprecated] = [&one, &two, &deprecated].map(|more| add_property(place, &list(more.clone())));
            for (old, new, rule) in
                [(&one, &two, "docs"), (&two, &deprecated, "deprecated"), (&deprecated, &two, "no-longer-deprecated")]
            {
                let changes = list_changes(old, new);
                let rules: Vec<&str> = changes.iter().map(|change| change.rule.as_str()).collect();
                assert_eq!(rules, [rule], "{changes:#?}");
                assert!(new.pointer(&changes[0].pointer).is_some(), "{changes:#?}");
            }
        }
    }
    let nullable = extend(one.clone(), json!({ "type": ["string", "null"] }));
    for single in [text(one), nullable] {
        let list = json!({ "oneOf": [single, integer] });
        let changes = list_changes(&add_property(REQUEST, &single), &add_property(REQUEST, &list));
        assert_eq!(changes.iter().map(|change| change.rule.as_str()).collect::<Vec<_>>(), ["type-widened"]);
    }
}

/// The normal form keeps the annotations of several values by value, those of a single one beside it.
#[test]
fn annotations_of_a_single_value_are_compared_with_those_of_several() {
    let integer = json!({ "type": "integer" });
    let a = |more: Value| extend(json!({ "const": "a" }), more);
    let (deprecated, described) = (json!({ "deprecated": true }), json!({ "description": "A." }));
    let b = json!({ "const": "b", "description": "B." });
    let one_of = |list: &[&Value]| json!({ "title": "All", "oneOf": list });
    let cases = [
        (deprecated.clone(), deprecated.clone(), vec!["enum-widened"]),
        (described.clone(), described.clone(), vec!["enum-widened"]),
        (json!({}), deprecated.clone(), vec!["deprecated", "enum-widened"]),
        (deprecated.clone(), described.clone(), vec!["docs", "enum-widened", "no-longer-deprecated"]),
    ];
    for (before, after, expected) in cases {
        let [before, after] = [before, after].map(a);
        for (old, new) in [
            (one_of(&[&before, &integer]), one_of(&[&after, &integer, &b])),
            (one_of(&[&before]), one_of(&[&after, &b])),
            (one_of(&[&before, &json!({ "type": "null" })]), one_of(&[&after, &b, &json!({ "type": "null" })])),
            (before.clone(), json!({ "oneOf": [after, b] })),
        ] {
            let changes = list_changes(&add_property(REQUEST, &old), &add_property(REQUEST, &new));
            let rules: BTreeSet<&str> = changes.iter().map(|change| change.rule.as_str()).collect();
            assert_eq!(rules, expected.iter().copied().collect(), "{old} and {new}: {changes:#?}");
        }
    }
}

/// A change with a rule of its own, such as `property-moved`, is not part of the summary of changed annotations.
#[test]
fn only_changes_of_texts_are_summarized() {
    let schema = |text: &str, before: Value, alternative: Value| {
        extend(
            json!({ "type": "object", "description": text, "anyOf": [alternative, { "properties": { "d": {} } }] }),
            before,
        )
    };
    let c = json!({ "type": "string" });
    let old = schema("One.", json!({ "properties": { "a": c, "b": c } }), json!({ "properties": { "c": c } }));
    let new = schema("Two.", json!({ "properties": { "b": c } }), json!({ "properties": { "a": c, "c": c } }));
    let changes = list_changes(&add_property(RESPONSE, &old), &add_property(RESPONSE, &new));
    let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.message.as_str())).collect();
    assert_eq!(found, [("property-moved", "`a` was moved into alternatives"), ("docs", "`description` was changed")],);
}

/// Annotations beside a reference do not belong to the component: changes are located at the reference.
#[test]
fn annotations_beside_references_are_compared_where_they_are() {
    let component = json!({ "type": "object", "description": "A probe.", "properties": { "a": { "type": "string" } } });
    let reference = |more: Value| extend(json!({ "$ref": "#/components/schemas/probe" }), more);
    let document = |property: Value| {
        let mut document = add_property(RESPONSE, &property);
        document["components"]["schemas"]["probe"] = component.clone();
        document
    };
    let at = |schema: Value| schema;
    let in_list = |schema: Value| json!({ "oneOf": [schema, { "type": "array", "minItems": 1 }] });
    let nullable = |schema: Value| json!({ "oneOf": [schema, { "type": "null" }] });
    let (probe, of_list) = (format!("{RESPONSE}/probe"), format!("{RESPONSE}/probe/oneOf/0"));
    let described = json!({ "description": "Beside." });
    let titled = json!({ "example": {}, "title": "Beside" });
    let deprecated = json!({ "deprecated": true });
    let cases = [
        (
            at(reference(json!({}))),
            at(reference(described.clone())),
            format!("{probe}/description"),
            "`description` was added",
        ),
        (
            in_list(reference(json!({}))),
            in_list(reference(described.clone())),
            format!("{of_list}/description"),
            "`description` was added",
        ),
        (
            nullable(reference(json!({}))),
            nullable(reference(described.clone())),
            format!("{of_list}/description"),
            "`description` was added",
        ),
        (at(reference(json!({}))), at(reference(titled)), probe.clone(), "`example`, `title` were changed"),
        (at(reference(json!({}))), at(reference(deprecated)), probe, "`probe` is now deprecated"),
    ];
    for (old, new, pointer, message) in cases {
        let [old, new] = [old, new].map(document);
        let found = |old: &Value, new: &Value| -> Vec<(String, String)> {
            list_changes(old, new).into_iter().map(|it| (it.pointer, it.message)).collect()
        };
        assert_eq!(found(&old, &new), [(pointer.clone(), message.to_owned())]);
        let removed = message.replace("was added", "was removed").replace("is now", "is no longer");
        assert_eq!(found(&new, &old), [(pointer, removed)]);
    }
    let [inline, beside] = [extend(component.clone(), described.clone()), reference(described)].map(document);
    // The description beside a reference takes precedence over that of the component.
    assert_eq!(list_changes(&beside, &inline), []);
}

/// Returns a document whose request body has a schema, and whose component `probe` has another one.
fn build_with_component(media_type: &str, schema: &Value, component: &Value) -> Value {
    let mut document = load_vendored();
    set_member(&mut document, &format!("{BODY}/content"), json!({ media_type: { "schema": schema } }));
    document["components"]["schemas"]["probe"] = component.clone();
    document
}

/// Constraints beside a reference to an alternative are not documentation, nor is `xml` in a body of XML.
#[test]
fn members_beside_references_to_alternatives_are_compared_by_their_rules() {
    let component = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "required": ["a"] });
    let other = json!({ "type": "object", "properties": { "b": { "type": "string" } }, "required": ["b"] });
    let beside = |more: Value| extend(json!({ "$ref": "#/components/schemas/probe" }), more);
    let list = |more: Value| json!({ "oneOf": [beside(more), other] });
    let named = |name: &str| json!({ "xml": { "name": name } });
    let types = |more: Value| json!({ "oneOf": [extend(json!({ "type": "integer" }), more), { "type": "boolean" }] });
    let [one, two] = ["one", "two"].map(|text| json!({ "description": text }));
    let removed = "alternative-removed";
    let cases = [
        (list(json!({})), beside(json!({ "maxProperties": 1 })), vec![removed, "max-properties-narrowed"]),
        (list(json!({})), beside(json!({ "properties": { "c": {} } })), vec![removed, "property-added"]),
        (list(json!({})), beside(json!({ "type": "object" })), vec![removed]),
        (list(json!({})), list(json!({ "deprecated": true })), vec!["deprecated"]),
        (list(one.clone()), beside(extend(one.clone(), json!({ "type": "object" }))), vec![removed]),
        (list(one), beside(extend(two, json!({ "type": "object" }))), vec![removed, "docs"]),
        (list(named("one")), list(named("two")), vec!["xml-changed"]),
        (types(named("one")), types(named("two")), vec!["xml-changed"]),
        (types(json!({})), types(named("two")), vec!["xml-changed"]),
    ];
    for (old, new, expected) in cases {
        let [before, after] = [&old, &new].map(|it| build_with_component("application/xml", it, &component));
        let changes = list_changes(&before, &after);
        let mut rules: Vec<&str> = changes.iter().map(|change| change.rule.as_str()).collect();
        rules.sort_unstable();
        assert_eq!(rules, expected, "{old} and {new}: {changes:#?}");
    }
}

/// Repeated references to a component are distinguished by what is beside them.
#[test]
fn repeated_references_to_a_component_are_compared_one_by_one() {
    let object =
        |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } }, "required": [name] });
    let beside = |more: Value| extend(json!({ "$ref": "#/components/schemas/probe" }), more);
    let [one, two, three] = ["1", "2", "3"].map(|text| beside(json!({ "description": text })));
    let [few, many] = [json!({ "maxProperties": 2 }), json!({ "minProperties": 4 })].map(beside);
    let list = |keyword: &str, members: &[&Value]| json!({ keyword: ([members, &[&object("y")]].concat()) });
    let cases = [
        (list("oneOf", &[&one, &two]), list("oneOf", &[&three, &two]), "docs", "oneOf/0/description"),
        (list("oneOf", &[&one, &two]), list("oneOf", &[&one, &three]), "docs", "oneOf/1/description"),
        (list("anyOf", &[&few]), list("anyOf", &[&few, &many]), "alternative-added", "anyOf/1"),
        (list("anyOf", &[&few]), list("anyOf", &[&many, &few]), "alternative-added", "anyOf/0"),
        (list("anyOf", &[&few, &many]), list("anyOf", &[&few]), "alternative-removed", "anyOf/1"),
    ];
    for (old, new, rule, place) in cases {
        for direction in ["/requestBody", "/responses/200"] {
            let [before, after] = [&old, &new].map(|schema| {
                let mut document = load_vendored();
                let content = json!({ "application/json": { "schema": schema } });
                set_member(&mut document, &format!("{OPERATION}{direction}"), json!({ "content": content }));
                document["components"]["schemas"]["probe"] = object("x");
                document
            });
            let changes = list_changes(&before, &after);
            let found: Vec<_> = changes.iter().map(|it| (it.rule.as_str(), it.pointer.clone())).collect();
            let pointer = format!("{OPERATION}{direction}/content/application~1json/schema/{place}");
            assert_eq!(found, [(rule, pointer)], "{old} and {new}: {changes:#?}");
        }
    }
}

/// An extension in a document may have the former name of an extension of the normal form.
#[test]
fn extensions_of_documents_are_annotations() {
    let schema = |more: Value| extend(json!({ "type": "string", "enum": ["a"] }), json!({ "x-values": more }));
    let [old, new] =
        [json!({ "a": { "deprecated": true } }), json!({})].map(|more| add_property(REQUEST, &schema(more)));
    let changes = list_changes(&old, &new);
    assert_eq!(changes.iter().map(|it| it.rule.as_str()).collect::<Vec<_>>(), ["docs"], "{changes:#?}");
}

/// Almost all objects of OpenAPI may have extensions (3.1.1, section 4.9).
#[test]
fn extensions_of_each_object_are_annotations() {
    const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: t, version: '1', x-note: 1, contact: {x-note: 1}, license: {name: MIT, x-note: 1}}
tags: [{name: a, x-note: 1, externalDocs: {url: https://a.example, x-note: 1}}]
externalDocs: {url: https://a.example, x-note: 1}
security: [{o: [w]}]
servers: [{url: 'https://{v}.example', x-note: 1, variables: {v: {default: a, x-note: 1}}}]
x-note: 1
paths:
  x-note: 1
  /x:
    x-note: 1
    post:
      x-note: 1
      externalDocs: {url: https://a.example, x-note: 1}
      parameters: [{name: q, in: query, x-note: 1, content: {application/json: {schema: {type: string}, x-note: 1}}}]
      requestBody:
        x-note: 1
        content:
          multipart/form-data:
            x-note: 1
            schema: {type: object, properties: {f: {type: string}}}
            encoding: {f: {contentType: text/plain, x-note: 1, headers: {X-A: {schema: {type: string}, x-note: 1}}}}
          application/json: {schema: {$ref: '#/components/schemas/A'}, examples: {e: {value: 1, x-note: 1}}}
      responses:
        x-note: 1
        '200':
          x-note: 1
          description: ok
          headers: {X-A: {schema: {type: string}, x-note: 1}}
          content: {application/xml: {schema: {type: object, properties: {a: {type: string, xml: {name: b, x-note: 1}}}}}}
          links: {l: {operationId: x, x-note: 1, server: {url: https://a.example, x-note: 1}}}
      callbacks: {cb: {x-note: 1, '{$request.body#/url}': {x-note: 1, post: {x-note: 1, responses: {'204': {description: ok}}}}}}
webhooks:
  w: {x-note: 1, post: {x-note: 1, responses: {'204': {description: ok, x-note: 1}}}}
components:
  x-note: 1
  securitySchemes:
    o: {type: oauth2, x-note: 1, flows: {x-note: 1, clientCredentials: {tokenUrl: https://a.example, x-note: 1, scopes: {w: write}}}}
  schemas:
    A: {x-note: 1, oneOf: [{$ref: '#/components/schemas/B'}, {type: string}], discriminator: {propertyName: kind, x-note: 1}}
    B: {type: object, x-note: 1, properties: {kind: {type: string, x-note: 1}}, additionalProperties: {type: string, x-note: 1}}
";
    fn add_locations(value: &Value, pointer: &str, found: &mut Vec<String>) {
        let members = value.as_object().into_iter().flatten().map(|(key, value)| (escape(key).into_owned(), value));
        let items = value.as_array().into_iter().flatten().enumerate().map(|(index, value)| (index.to_string(), value));
        for (key, value) in members.chain(items) {
            let pointer = format!("{pointer}/{key}");
            if key == "x-note" { found.push(pointer) } else { add_locations(value, &pointer, found) }
        }
    }
    let document = load(DOCUMENT).unwrap();
    let mut locations = Vec::new();
    add_locations(&document, "", &mut locations);
    assert!(locations.len() > 40, "{locations:?}");
    for pointer in locations {
        let mut new = document.clone();
        // An extension may have any value.
        set_member(&mut new, &pointer, json!({ "description": { "type": "string" } }));
        for [old, new] in [[&document, &new], [&new, &document]] {
            let changes = list_changes(old, new);
            // `externalDocs`, for example, is reported as a whole.
            let is_docs = |it: &Change| it.rule == "docs" && it.verdict() == Docs && pointer.starts_with(&it.pointer);
            assert!(changes.len() == 1 && is_docs(&changes[0]), "{pointer}: {changes:#?}");
        }
    }
}

#[test]
fn stated_defaults_of_xml_equal_omitted_ones() {
    let document = |more: Value| {
        let list = extend(json!({ "type": "array", "items": { "type": "string" } }), more);
        build_with_component("application/xml", &json!({ "properties": { "a": list } }), &json!({}))
    };
    let named = json!({ "xml": { "name": "b" } });
    for (old, new, expected) in [
        (json!({}), json!({ "xml": { "attribute": false, "wrapped": false } }), NoChange),
        (named.clone(), json!({ "xml": { "name": "b", "wrapped": false } }), NoChange),
        (named, json!({ "xml": { "name": "b", "wrapped": true } }), Breaking),
        (json!({ "xml": { "wrapped": true } }), json!({ "xml": { "wrapped": false } }), Breaking),
        (json!({ "xml": { "wrapped": true } }), json!({ "xml": { "wrapped": true, "x-note": 1 } }), Docs),
        (json!({}), json!({ "xml": { "x-note": 1 } }), Docs),
    ] {
        let [old, new] = [old, new].map(document);
        assert_eq!([classify(&old, &new), classify(&new, &old)], [expected; 2], "{:#?}", list_changes(&old, &new));
    }
}

/// OpenAPI 3.0 ignores members beside a reference. Documentation, `deprecated` and `nullable` are usually intended.
#[test]
fn most_members_beside_references_have_no_effect_in_openapi_3_0() {
    let component = json!({ "type": "string", "minLength": 1 });
    let ignored = json!({
        "xml": { "name": "one" }, "default": "a", "readOnly": true, "writeOnly": true, "format": "date", "maxLength": 3,
        "contentEncoding": "base64", "contentMediaType": "text/csv", "enum": ["a"], "not": {}, "type": "integer",
    });
    let ignored = ignored.as_object().unwrap().iter().map(|(key, value)| (json!({ key: value }), NoChange));
    let read = [
        (json!({ "description": "A text." }), Docs),
        (json!({ "deprecated": true }), Compatible),
        (json!({ "nullable": true }), Compatible),
    ];
    for (more, verdict) in ignored.chain(read) {
        let documents = [json!({}), more.clone()].map(|more| {
            let property = extend(json!({ "$ref": "#/components/schemas/probe" }), more);
            let schema = json!({ "type": "object", "properties": { "a": property } });
            let mut document = build_with_component("application/xml", &schema, &component);
            document["openapi"] = "3.0.3".into();
            document
        });
        assert_eq!(classify(&documents[0], &documents[1]), verdict, "{more}");
    }
}

/// Inline, behind a reference, and combined with nothing else.
#[test]
fn annotations_of_raw_bodies_are_documentation() {
    let raw = json!({ "type": "string", "format": "binary" });
    let document = |schema: &Value, component: &Value| {
        let mut document = build_with_component("application/octet-stream", schema, component);
        document["openapi"] = "3.0.3".into();
        document
    };
    for more in [
        json!({ "description": "An image." }),
        json!({ "deprecated": true }),
        json!({ "default": "AA" }),
        json!({ "readOnly": true }),
    ] {
        let sets_default = more.get("default").is_some();
        let annotated = extend(raw.clone(), more);
        let reference = json!({ "$ref": "#/components/schemas/probe" });
        let inline = document(&annotated, &raw);
        let referring = [
            reference.clone(),
            json!({ "allOf": [reference] }),
            json!({ "oneOf": [{ "anyOf": [reference] }] }),
            json!({ "allOf": [annotated] }),
        ];
        let referring = referring.map(|schema| document(&schema, &annotated));
        referring.iter().for_each(|it| assert_eq!(list_changes(&inline, it), []));
        let old = document(&raw, &raw);
        for new in [inline].into_iter().chain(referring) {
            assert!(classify(&old, &new) < Breaking, "{:#?}", list_changes(&old, &new));
            // Requests that omit a default mean something else once it is removed.
            assert_eq!(classify(&new, &old) == Breaking, sets_default, "{:#?}", list_changes(&new, &old));
        }
    }
    let limited = json!({ "allOf": [{ "$ref": "#/components/schemas/probe" }], "maxLength": 3 });
    assert_eq!(classify(&document(&raw, &raw), &document(&limited, &raw)), Breaking);
    let circular = json!({ "anyOf": [{ "$ref": "#/components/schemas/probe" }] });
    assert!(compare(&document(&raw, &raw), &document(&circular, &circular)).is_err());
    let described = |more: Value| document(&extend(raw.clone(), more), &raw);
    let encoded = described(json!({ "contentEncoding": "base64" }));
    assert_eq!(classify(&described(json!({})), &encoded), Breaking);
}

/// Another alternative accepts all objects.
#[test]
fn a_covered_alternative_may_change_behind_a_reference() {
    let schema = json!({ "anyOf": [
        { "type": "object", "properties": { "a": { "$ref": "#/components/schemas/probe" } } },
        { "type": "object" },
    ] });
    let document = |component: Value| build_with_component("application/json", &schema, &component);
    let text = |more: Value| document(extend(json!({ "type": "string" }), more));
    let [plain, short, described] =
        [json!({}), json!({ "maxLength": 3 }), json!({ "description": "A text." })].map(text);
    for [old, new] in [[&plain, &short], [&short, &plain], [&plain, &described]] {
        assert_eq!(classify(old, new), Docs, "{:#?}", list_changes(old, new));
    }
}
