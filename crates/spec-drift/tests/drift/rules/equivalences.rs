//! Equivalent documents: different spellings of the same contract are not reported.

use serde_json::{Value, json};

use super::*;

#[test]
fn equivalent_documents_have_no_changes() {
    let operation = |document: &Value| document.pointer(OPERATION).unwrap().clone();
    let mut moved = load_vendored();
    let parameters = moved.pointer(PARAMETERS).cloned().unwrap_or_else(|| json!([]));
    if moved["paths"]["/integrations/{id}"]["parameters"].is_null() {
        moved.pointer_mut(OPERATION).unwrap().as_object_mut().unwrap().remove("parameters");
        moved["paths"]["/integrations/{id}"]["parameters"] = parameters;
    } else {
        let parameters = moved["paths"]["/integrations/{id}"].as_object_mut().unwrap().remove("parameters").unwrap();
        moved.pointer_mut(OPERATION).unwrap()["parameters"] = parameters;
    }
    let mut inlined = load_vendored();
    let schema = inlined["components"]["schemas"]["integration-model"].clone();
    set_member(&mut inlined, &format!("{BODY}/content/application~1json/schema"), schema);
    let mut renamed = load_vendored();
    let item = renamed["paths"].as_object_mut().unwrap().remove("/integrations/{id}").unwrap();
    let text = item.to_string().replace("\"id\"", "\"integration\"");
    renamed["paths"]["/integrations/{integration}"] = serde_json::from_str(&text).unwrap();
    let mut component = load_vendored();
    let response = component.pointer(&format!("{RESPONSES}/404")).unwrap().clone();
    component["components"]["responses"]["missing"] = response;
    set_member(&mut component, &format!("{RESPONSES}/404"), json!({ "$ref": "#/components/responses/missing" }));
    let mut scheme = load_vendored();
    let basic = scheme["components"]["securitySchemes"]["HTTPBasicAuth"].take();
    scheme["components"]["securitySchemes"] = json!({ "Other": basic });
    set_member(&mut scheme, &format!("{OPERATION}/security"), json!([{ "Other": [] }]));
    // A path parameter that is not in the template is not matched by position.
    let mut extra = load_vendored();
    let tagged = |tags: [&str; 2]| edit_vendored(&[("/paths/~1integrations~1{id}/patch/tags", json!(tags))]);
    assert_eq!(list_changes(&tagged(["a", "b"]), &tagged(["b", "a"])), []);
    let unnamed = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    extra["paths"]["/integrations/{id}"]["parameters"] = json!([unnamed("b"), unnamed("a"), unnamed("id")]);
    let mut reordered = extra.clone();
    reordered["paths"]["/integrations/{id}"]["parameters"] = json!([unnamed("a"), unnamed("id"), unnamed("b")]);
    assert_eq!(list_changes(&extra, &reordered), []);
    for document in [moved, inlined, renamed, component, scheme] {
        assert_ne!(document, load_vendored());
        let found = list_changes(&load_vendored(), &document);
        assert!(found.iter().all(|change| change.wire <= Docs), "{}: {found:#?}", operation(&load_vendored()));
    }
    let spellings = [
        [json!({ "type": ["string", "null"] }), json!({ "type": "string", "nullable": true })],
        [json!({ "type": ["string", "null"] }), json!({ "type": "string", "nullable": true })],
        [json!({ "type": ["string", "null"] }), json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] })],
        [json!({ "type": ["string", "null"] }), json!({ "anyOf": [{ "type": "null" }, { "type": "string" }] })],
        [
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "type": ["string", "null"], "enum": [null, "a"] }),
        ],
        // What all alternatives state may stand beside them.
        [
            json!({ "anyOf": [
                { "type": "object", "required": ["k", "a"], "properties": { "k": { "type": "string" }, "a": { "type": "string" } } },
                { "type": "object", "required": ["k", "b"], "properties": { "k": { "type": "string" }, "b": { "type": "string" } } },
            ] }),
            json!({
                "type": "object", "required": ["k"], "properties": { "k": { "type": "string" } },
                "anyOf": [
                    { "required": ["a"], "properties": { "a": { "type": "string" } } },
                    { "required": ["b"], "properties": { "b": { "type": "string" } } },
                ],
            }),
        ],
        [
            json!({ "type": "object", "properties": { "a": { "minLength": 1 }, "b": {} }, "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
            json!({ "oneOf": [
                { "type": "object", "required": ["a"], "properties": { "a": { "minLength": 1 }, "b": {} } },
                { "type": "object", "required": ["b"], "properties": { "a": { "minLength": 1 }, "b": {} } },
            ] }),
        ],
        [
            json!({ "anyOf": [{ "type": "string", "maxLength": 5 }, { "type": "array", "maxItems": 5 }] }),
            json!({ "type": ["array", "string"], "anyOf": [{ "type": "string", "maxLength": 5 }, { "type": "array", "maxItems": 5 }] }),
        ],
        [
            json!({ "anyOf": [{ "anyOf": [{ "maxLength": 1 }, { "minLength": 9 }] }, { "pattern": "^a" }] }),
            json!({ "anyOf": [{ "maxLength": 1 }, { "minLength": 9 }, { "pattern": "^a" }] }),
        ],
        [json!({ "minimum": 1, "exclusiveMinimum": true }), json!({ "exclusiveMinimum": 1 })],
        [json!({ "type": "integer", "exclusiveMinimum": 0 }), json!({ "type": "integer", "minimum": 1 })],
        [
            json!({ "type": ["integer", "null"], "exclusiveMaximum": 5 }),
            json!({ "type": ["integer", "null"], "maximum": 4 }),
        ],
        [json!({ "const": "a" }), json!({ "enum": ["a"] })],
        // No reference remains that depends on the name of a schema.
        [json!({ "type": "string" }), json!({ "type": "string", "$anchor": "name" })],
        [json!({ "type": "string" }), json!({ "type": "string", "$dynamicAnchor": "name" })],
        [json!({ "type": "string" }), json!({ "type": "string", "$id": "https://example.com/name" })],
        [json!({ "const": null }), json!({ "type": "null" })],
        [json!({ "enum": [null] }), json!({ "type": "null" })],
        [json!({ "not": {} }), json!(false)],
        [json!({ "items": { "not": true } }), json!({ "items": false })],
        [
            json!({ "type": "object", "properties": { "a": {} }, "additionalProperties": { "not": {} } }),
            json!({ "type": "object", "properties": { "a": {} }, "additionalProperties": false }),
        ],
        [json!({ "type": "object", "required": ["a", "b"] }), json!({ "type": "object", "required": ["b", "a"] })],
        [json!({ "type": "string", "minLength": 1 }), json!({ "allOf": [{ "type": "string" }, { "minLength": 1 }] })],
        [json!({ "allOf": [{ "type": "string" }] }), json!({ "type": "string" })],
        [
            json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
        ],
        [json!({ "additionalProperties": true }), json!({ "additionalProperties": {} })],
        [json!({ "additionalProperties": true }), json!({})],
        [json!({ "pattern": ".*" }), json!({})],
        [json!({ "type": ["string", "integer"] }), json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] })],
        [json!({ "type": ["string", "integer"] }), json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] })],
        [
            json!({ "anyOf": [{ "minimum": 1 }, { "maxLength": 5 }] }),
            json!({ "anyOf": [{ "minimum": 1 }, { "maxLength": 5 }, { "minimum": 1 }] }),
        ],
        [json!({ "minLength": 0, "minItems": 0, "minProperties": 0 }), json!({})],
        // No items and properties are unevaluated.
        [
            json!({ "type": "array", "items": { "minLength": 1 }, "unevaluatedItems": false }),
            json!({ "type": "array", "items": { "minLength": 1 } }),
        ],
        [json!({ "type": "array", "items": {}, "unevaluatedItems": { "minLength": 1 } }), json!({ "type": "array" })],
        [
            json!({ "type": "object", "additionalProperties": { "minLength": 1 }, "unevaluatedProperties": false }),
            json!({ "type": "object", "additionalProperties": { "minLength": 1 } }),
        ],
        [json!({ "contains": { "type": "string" } }), json!({ "contains": { "type": "string" }, "minContains": 1 })],
        [json!({ "enum": [1, { "a": 1, "b": 2 }] }), json!({ "enum": [1.0, { "b": 2, "a": 1 }] })],
        [
            combine([json!({ "multipleOf": 2 }), json!({ "multipleOf": 3 })]),
            combine([json!({ "multipleOf": 3 }), json!({ "multipleOf": 2 })]),
        ],
        [combine([json!({ "multipleOf": 2 }), json!({ "multipleOf": 4 })]), json!({ "multipleOf": 4 })],
        [json!({ "type": "number", "multipleOf": 1 }), json!({ "type": "integer" })],
        [
            json!({ "type": ["null", "number"], "multipleOf": 2.0 }),
            json!({ "type": ["integer", "null"], "multipleOf": 2 }),
        ],
    ];
    for [one, other] in spellings {
        for place in [REQUEST, RESPONSE] {
            let found = list_changes(&add_property(place, &one), &add_property(place, &other));
            assert!(found.is_empty(), "{one} and {other}: {found:#?}");
        }
    }
}
