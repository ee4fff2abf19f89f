//! Annotations: changes that affect the documentation only.

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
