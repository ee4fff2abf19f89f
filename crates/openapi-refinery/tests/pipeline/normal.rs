//! Tests of the normal form: it has the meaning of the document, and equivalent documents have the same normal form.

use openapi_refinery::{Normal, load, normalize};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::SHELVES;
use super::fuzz::{build_document, fuzz};
use super::schemas::{any_instance, any_schema, build_validator};

const SCHEMA: &str = "/paths/~1things/post/requestBody/content/application~1json/schema";

fn normalize_document(document: &Value) -> Normal {
    normalize(document).map_err(|error| error.to_string()).unwrap()
}

#[test]
fn a_schema_and_its_normal_form_accept_the_same_instances() {
    let (mut accepted, mut rejected) = (0, 0);
    fuzz((any_schema(), prop::collection::vec(any_instance(3), 12)), 400, |(schema, instances)| {
        let published = build_document(&schema);
        // Schemas that cannot be normalized are skipped.
        let Ok(normal) = normalize(&published) else { return };
        let (before, after) = (build_validator(&published, SCHEMA), build_validator(normal.document(), SCHEMA));
        for instance in instances {
            let is_valid = before.is_valid(&instance);
            let normal = &normal.document().pointer(SCHEMA).unwrap();
            assert_eq!(after.is_valid(&instance), is_valid, "{instance}: {schema} became {normal}");
            *if is_valid { &mut accepted } else { &mut rejected } += 1;
        }
    });
    println!("{accepted} instances accepted, {rejected} rejected");
    assert!(accepted > 500 && rejected > 500);
}

#[test]
fn normalization_is_idempotent() {
    fuzz(any_schema(), 400, |schema| {
        let Ok(once) = normalize(&build_document(&schema)) else { return };
        let twice = normalize_document(once.document());
        assert_eq!(twice.document(), once.document(), "{schema}");
    });
    let once = normalize_document(&load(SHELVES).unwrap());
    assert_eq!(normalize_document(once.document()).document(), once.document());
}

/// Returns a document with one operation after `edit` has changed it.
fn edit_document(edit: impl FnOnce(&mut Value)) -> Value {
    let mut document = build_document(&json!({ "type": "string" }));
    edit(&mut document);
    document
}

fn build_document_with_schema(schema: &Value) -> Value {
    edit_document(|document| *document.pointer_mut(SCHEMA).unwrap() = schema.clone())
}

fn build_document_3_0(schema: &Value) -> Value {
    let mut document = build_document_with_schema(schema);
    document["openapi"] = "3.0.3".into();
    document
}

#[test]
fn equivalent_schemas_have_one_normal_form() {
    let tagged = |kind: &str| json!({ "type": "object", "required": ["k"], "properties": { "k": { "const": kind } } });
    let anything = json!(["null", "boolean", "object", "array", "number", "string"]);
    let pairs = [
        (
            json!({ "type": "string", "$id": "https://example.com/a", "$anchor": "a", "$dynamicAnchor": "a" }),
            json!({ "type": "string" }),
        ),
        (json!({ "type": "integer", "minimum": 0.5 }), json!({ "type": "integer", "minimum": 1 })),
        (json!({ "type": "integer", "exclusiveMinimum": 0 }), json!({ "type": "integer", "minimum": 1.0 })),
        (json!({ "minimum": 1, "exclusiveMinimum": 1 }), json!({ "exclusiveMinimum": 1 })),
        (json!({ "oneOf": [tagged("a"), tagged("b")] }), json!({ "anyOf": [tagged("a"), tagged("b")] })),
        (json!({ "type": "string", "enum": ["a", "b"] }), json!({ "oneOf": [{ "const": "a" }, { "const": "b" }] })),
        (json!({ "const": "b" }), json!({ "enum": ["b", "c"], "oneOf": [{ "const": "a" }, { "const": "b" }] })),
        (
            json!({ "anyOf": [{ "const": "b", "title": "B" }, { "const": "a" }] }),
            json!({ "oneOf": [{ "const": "a" }, { "const": "b", "title": "B" }] }),
        ),
        (
            json!({ "anyOf": [{ "const": "b", "deprecated": true }, { "const": "a" }] }),
            json!({ "oneOf": [{ "const": "a" }, { "const": "b", "deprecated": true }] }),
        ),
        (
            json!({ "anyOf": [{ "const": "b", "readOnly": true }, { "enum": ["c", "a"] }, { "type": "integer" }] }),
            json!({ "oneOf": [{ "enum": ["a", "c"] }, { "const": "b", "readOnly": true }, { "type": "integer" }] }),
        ),
        (json!({ "enum": ["b", "a"] }), json!({ "type": "string", "enum": ["a", "b"] })),
        (json!({ "propertyNames": { "type": ["null", "string"] } }), json!({})),
        (
            json!({ "propertyNames": { "type": "string", "enum": ["a"] } }),
            json!({ "propertyNames": { "enum": ["a"] } }),
        ),
        (json!({ "const": 1.0 }), json!({ "type": "integer", "enum": [1] })),
        (
            json!({ "type": ["string", "integer"], "maxLength": 3 }),
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string", "maxLength": 3 }] }),
        ),
        (json!({ "type": ["string", "integer"] }), json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] })),
        (
            json!({ "type": ["string", "null"], "maxLength": 3 }),
            json!({ "anyOf": [{ "type": "string", "maxLength": 3 }, { "type": "null" }] }),
        ),
        (json!({ "type": [null, "string"] }), json!({ "type": ["string", "null"] })),
        (
            json!({ "anyOf": [{ "required": ["a"] }, { "required": ["b"] }, { "type": "null" }] }),
            json!({ "anyOf": [{ "required": ["a"] }, { "type": "null" }, { "required": ["b"] }] }),
        ),
        (json!({}), json!({ "type": anything })),
        (json!({}), json!(true)),
        (json!({ "type": "boolean" }), json!({ "type": "boolean", "enum": [true, false] })),
        (json!({ "type": "array" }), json!({ "type": "array", "contains": { "type": "string" }, "minContains": 0 })),
        (json!({ "type": "string" }), json!({ "type": "string", "minLength": 0, "minimum": 5, "pattern": ".*" })),
        (json!({ "type": "string", "maxLength": 3 }), json!({ "allOf": [{ "type": "string", "maxLength": 3 }, {}] })),
        (
            json!({ "type": "object" }),
            json!({ "type": "object", "additionalProperties": true, "required": [], "if": { "minProperties": 1 } }),
        ),
        (json!(false), json!({ "not": {} })),
        (json!(false), json!({ "type": "null", "anyOf": [false] })),
        (json!({ "enum": ["a", "bbb"] }), json!({ "enum": ["a", "bbb", "cccc"], "minLength": 1, "maxLength": 3 })),
        (json!({ "enum": [1, "bbb"] }), json!({ "enum": [1, 5, "bbb"], "maximum": 2, "exclusiveMinimum": 0 })),
        (json!({ "type": "integer" }), json!({ "type": "integer", "multipleOf": 1 })),
        (
            json!({ "type": "object", "required": ["a", "b"] }),
            json!({ "type": "object", "required": ["a", "b"], "minProperties": 2 }),
        ),
    ];
    for (one, other) in pairs {
        let [one, other] =
            [one, other].map(|schema| normalize_document(&build_document_with_schema(&schema)).document().clone());
        assert_eq!(one, other);
    }
}

/// Returns the normal form of a document whose operation has a form with this field.
fn normalize_form(version: &str, field: &Value, encoding: &Value) -> Value {
    let schema = json!({ "type": "object", "properties": { "file": field } });
    let media_type = json!({ "schema": schema, "encoding": { "file": encoding } });
    let document = edit_document(|it| {
        it["openapi"] = version.into();
        it["paths"]["/things"]["post"]["requestBody"] = json!({ "content": { "multipart/form-data": media_type } });
        it["components"]["schemas"] = json!({ "any": {} });
    });
    normalize_document(&document).document().clone()
}

/// OpenAPI 3.1.1, section 4.8.15.1.1. OpenAPI 3.0 has no default media type for a part without a type.
#[test]
fn a_part_without_a_type_is_a_file_in_openapi_3_1_only() {
    let binary = json!({ "type": "string", "format": "binary" });
    let list = |item: &Value| json!({ "type": "array", "items": item });
    let [none, png, text] = [json!({}), json!({ "contentType": "image/png" }), json!({ "contentType": "text/csv" })];
    let any = json!({});
    let reference = json!({ "$ref": "#/components/schemas/any" });
    for (old, new, encoding) in [
        (binary.clone(), any.clone(), &none),
        (binary.clone(), any.clone(), &png),
        (list(&binary), list(&any), &none),
        (list(&binary), list(&any), &png),
        (json!({ "type": "string", "format": "binary", "maxLength": 9 }), json!({ "maxLength": 9 }), &none),
    ] {
        let form = normalize_form("3.1.0", &new, encoding);
        assert_eq!(normalize_form("3.0.4", &old, encoding), form, "{new}");
        assert_eq!(normalize_document(&form).document(), &form);
    }
    for (one, other) in [(&binary, &any), (&list(&binary), &list(&any))] {
        assert_ne!(normalize_form("3.0.4", one, &none), normalize_form("3.0.4", other, &none));
        assert_ne!(normalize_form("3.1.0", one, &text), normalize_form("3.1.0", other, &text));
    }
    let by_type = json!({ "contentType": "text/plain, application/json" });
    for schema in [&any, &list(&any), &reference, &list(&reference)] {
        assert_eq!(normalize_form("3.0.4", schema, &none), normalize_form("3.1.0", schema, &by_type), "{schema}");
        assert_eq!(normalize_form("3.0.4", schema, &by_type), normalize_form("3.0.4", schema, &none), "{schema}");
    }
}

/// Covers `nullable`, exclusive bounds as flags, and binary formats.
#[test]
fn openapi_3_0_is_translated() {
    let pairs = [
        (json!({ "type": "string", "nullable": true }), json!({ "type": ["string", "null"] })),
        (
            json!({ "type": "number", "minimum": 1, "exclusiveMinimum": true }),
            json!({ "type": "number", "exclusiveMinimum": 1 }),
        ),
        (
            json!({ "type": "number", "minimum": 1, "exclusiveMinimum": false }),
            json!({ "type": "number", "minimum": 1 }),
        ),
        (
            json!({ "type": "string", "format": "binary" }),
            json!({ "type": "string", "contentMediaType": "application/octet-stream" }),
        ),
        (json!({ "type": "string", "format": "byte" }), json!({ "type": "string", "contentEncoding": "base64" })),
        (
            json!({ "$ref": "#/components/schemas/tree", "maxProperties": 5 }),
            json!({ "$ref": "#/components/schemas/tree" }),
        ),
        (
            json!({ "nullable": true, "allOf": [{ "$ref": "#/components/schemas/tree" }] }),
            json!({ "anyOf": [{ "$ref": "#/components/schemas/tree" }, { "type": "null" }] }),
        ),
        (
            json!({ "type": "object", "nullable": true, "allOf": [{ "$ref": "#/components/schemas/tree" }] }),
            json!({ "anyOf": [
                { "type": "object", "allOf": [{ "$ref": "#/components/schemas/tree" }] },
                { "type": "null" },
            ] }),
        ),
        (
            json!({ "type": "string", "nullable": true, "enum": ["a"] }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
        ),
        (json!({ "nullable": true, "allOf": [false] }), json!({ "type": "null" })),
        (json!({ "nullable": true, "not": {} }), json!({ "type": "null" })),
    ];
    for (old, new) in pairs {
        assert_eq!(
            normalize_document(&build_document_3_0(&old)).document(),
            normalize_document(&build_document_with_schema(&new)).document()
        );
    }
}

#[test]
fn equivalent_operations_have_one_normal_form() {
    let parameter = json!({ "name": "q", "in": "query", "schema": { "type": "string" } });
    let spelled_out = json!({
        "name": "q", "in": "query", "required": false, "style": "form", "explode": true, "schema": { "type": "string" },
    });
    let with_description = |parameter: &Value, text: &str| {
        let mut parameter = parameter.clone();
        parameter["description"] = text.into();
        parameter
    };
    let post = |document: &mut Value, key: &str, value: Value| document["paths"]["/things"]["post"][key] = value;
    let response = |content: Value| json!({ "200": { "description": "", "content": content } });
    let pairs = [
        [
            edit_document(|it| post(it, "parameters", json!([parameter]))),
            edit_document(|it| it["paths"]["/things"]["parameters"] = json!([spelled_out])),
        ],
        [
            edit_document(|it| post(it, "parameters", json!([parameter]))),
            edit_document(|it| {
                post(
                    it,
                    "parameters",
                    json!([{ "$ref": "#/components/parameters/q" }, { "name": "Accept", "in": "header" }]),
                );
                it["components"]["parameters"] = json!({ "q": parameter });
            }),
        ],
        [
            edit_document(|it| post(it, "responses", response(json!({ "application/json": {} })))),
            edit_document(|it| {
                post(it, "responses", response(json!({ "Application/JSON; charset=UTF-8": { "schema": {} } })))
            }),
        ]
        .map(|mut it| {
            it["paths"]["/things"]["post"]["responses"]["200"]["content"]
                .as_object_mut()
                .unwrap()
                .values_mut()
                .for_each(|it| {
                    it["schema"] = json!(true);
                });
            it
        }),
        [
            edit_document(|it| post(it, "parameters", json!([{ "name": "h", "in": "header", "schema": {} }]))),
            edit_document(|it| {
                let parameter = json!({ "name": "h", "in": "header", "allowEmptyValue": true, "schema": {} });
                post(it, "parameters", json!([parameter]));
            }),
        ],
        [
            edit_document(|it| post(it, "requestBody", json!({ "content": { "image/png": {} } }))),
            edit_document(|it| {
                let schema = json!({ "type": "string", "format": "binary" });
                post(it, "requestBody", json!({ "content": { "image/png": { "schema": schema } } }));
            }),
        ],
        [
            edit_document(|it| post(it, "parameters", json!([with_description(&parameter, "own")]))),
            edit_document(|it| {
                let reference = json!({ "$ref": "#/components/parameters/q", "description": "own" });
                post(it, "parameters", json!([reference]));
                it["components"]["parameters"] = json!({ "q": with_description(&parameter, "shared") });
            }),
        ],
        // What is beside a reference to a path item counts more than what it refers to.
        [
            edit_document(|it| {
                post(it, "parameters", json!([parameter]));
                it["paths"]["/things"]["summary"] = "own".into();
            }),
            edit_document(|it| {
                let shared = json!({ "summary": "shared", "post": it["paths"]["/things"]["post"].take() });
                it["components"]["pathItems"] = json!({ "things": shared });
                it["paths"]["/things"] = json!({
                    "$ref": "#/components/pathItems/things", "summary": "own", "parameters": [parameter],
                });
            }),
        ],
        [
            edit_document(|it| it["paths"]["/things"]["put"] = json!({ "responses": {} })),
            edit_document(|it| {
                let shared = json!({ "post": it["paths"]["/things"]["post"].take() });
                it["components"]["pathItems"] = json!({ "things": shared });
                it["paths"]["/things"] = json!({
                    "$ref": "#/components/pathItems/things", "put": { "responses": {} },
                });
            }),
        ],
        [
            edit_document(|it| post(it, "responses", json!({ "4xx": { "description": "" } }))),
            edit_document(|it| {
                post(it, "responses", json!({ "4XX": { "description": "", "headers": { "Content-Type": {} } } }))
            }),
        ],
        [
            edit_document(|it| {
                let parameter = json!({ "name": "f", "in": "query", "style": "deepObject", "schema": {} });
                post(it, "parameters", json!([parameter]));
            }),
            edit_document(|it| {
                let parameter =
                    json!({ "name": "f", "in": "query", "style": "deepObject", "explode": true, "schema": {} });
                post(it, "parameters", json!([parameter]));
            }),
        ],
        [edit_document(|_| {}), edit_document(|it| it["servers"] = json!([{ "url": "/" }]))],
        [
            edit_document(|it| {
                it["servers"] = json!([{ "url": "https://{a}.example/", "variables": { "a": { "default": "x" } } }])
            }),
            edit_document(|it| {
                let server = json!({ "url": "https://{b}.example", "variables": { "b": { "default": "x" } } });
                post(it, "servers", json!([server]));
                it["servers"] = json!([server]);
            }),
        ],
        [
            edit_document(|it| post(it, "security", json!([{ "key": [] }]))),
            edit_document(|it| it["security"] = json!([{ "key": [] }])),
        ]
        .map(|mut it| {
            it["components"]["securitySchemes"] = json!({ "key": { "type": "http", "scheme": "Basic" } });
            it
        }),
    ];
    for [one, other] in pairs {
        assert_eq!(normalize_document(&one).document(), normalize_document(&other).document());
    }
}

#[test]
fn different_meanings_have_different_normal_forms() {
    let content = |name: &str| {
        edit_document(|it| it["paths"]["/things"]["post"]["responses"]["200"]["content"] = json!({ name: {} }))
    };
    let callback = |expression: &str| {
        edit_document(|it| {
            it["paths"]["/things"]["post"]["callbacks"] = json!({ "done": { expression: { "post": {} } } })
        })
    };
    for [one, other] in [
        [content("text/plain; profile=a"), content("text/plain; profile=A")],
        [content("application/json"), content("application/*")],
        [callback("{$request.body#/a}"), callback("{$request.body#/b}")],
        [
            build_document_with_schema(&json!({ "oneOf": [{ "minimum": 1 }, { "minimum": 2 }] })),
            build_document_with_schema(&json!({ "anyOf": [{ "minimum": 1 }, { "minimum": 2 }] })),
        ],
        [
            build_document_with_schema(&json!({ "type": "number", "exclusiveMinimum": 0 })),
            build_document_with_schema(&json!({ "type": "number", "minimum": 1 })),
        ],
    ] {
        assert_ne!(normalize_document(&one).document(), normalize_document(&other).document());
    }
}

#[test]
fn parts_keep_their_origins() {
    let document = edit_document(|it| {
        *it.pointer_mut(SCHEMA).unwrap() = json!({ "description": "d", "allOf": [{ "type": "string", "const": "a" }] });
        it["paths"]["/things"]["parameters"] = json!([{ "$ref": "#/components/parameters/q" }]);
        it["components"]["parameters"] = json!({ "q": { "name": "q", "in": "query", "schema": { "$ref": "#/components/parameters/q/x-schema" }, "x-schema": { "type": "string" } } });
    });
    let normal = normalize_document(&document);
    let parameter = "/paths/~1things/post/parameters/0";
    assert_eq!(normal.document().pointer(parameter).unwrap()["name"], "q");
    for (pointer, origin) in [
        (format!("{SCHEMA}/enum"), format!("{SCHEMA}/allOf/0/const")),
        (format!("{SCHEMA}/description"), format!("{SCHEMA}/description")),
        (parameter.to_owned(), "/components/parameters/q".to_owned()),
        (format!("{parameter}/schema"), "/components/parameters/q/schema".to_owned()),
        (
            "/components/schemas/components.parameters.q.x-schema".to_owned(),
            "/components/parameters/q/x-schema".to_owned(),
        ),
    ] {
        assert_eq!(normal.origin(&pointer), origin);
        assert!(normal.document().pointer(&pointer).is_some(), "{pointer}");
    }
}

#[test]
fn reordered_alternatives_keep_their_origins() {
    for (schema, alternatives) in [
        (
            json!({ "anyOf": [{ "required": ["a"] }, { "type": "null" }, { "required": ["b"] }] }),
            ["anyOf/0", "anyOf/2", "anyOf/1"],
        ),
        (json!({ "type": ["string", "integer", "array"], "maxLength": 3 }), ["type/2", "type/1", "type/0"]),
    ] {
        let normal = normalize_document(&build_document_with_schema(&schema));
        for (index, origin) in alternatives.iter().enumerate() {
            assert_eq!(normal.origin(&format!("{SCHEMA}/anyOf/{index}")), format!("{SCHEMA}/{origin}"));
        }
    }
}

#[test]
fn invalid_parts_are_reported_together() {
    let document = edit_document(|it| {
        it["paths"]["/things"]["post"]["parameters"] = json!({ "q": {} });
        it["paths"]["/things"]["post"]["responses"] = json!([]);
        it["paths"]["/other"] = json!({ "get": { "parameters": [{ "in": "query" }, { "name": "q", "in": "body" }] } });
        *it.pointer_mut(SCHEMA).unwrap() = json!({ "properties": [], "items": { "$ref": "#/nowhere" } });
    });
    let message = normalize(&document).err().unwrap().to_string();
    for expected in [
        "at /paths/~1things/post/parameters: this is not a list; use a list",
        "at /paths/~1things/post/responses: this is not an object; use an object",
        "at /paths/~1other/get/parameters/0: the parameter has no name; add a `name`",
        "at /paths/~1other/get/parameters/1: the parameter has the unknown location `in: body`",
        "schema/properties: this is not an object",
        "schema/items: the target of `$ref: #/nowhere` does not exist in this document",
    ] {
        assert!(message.contains(expected), "{expected}: {message}");
    }
    assert_eq!(message.lines().count(), 6, "{message}");
}

#[test]
fn merge_keys_are_merged_and_flow_content_may_be_indented_less() {
    let merged = load("a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc: {<<: [*a, *b], y: 4}\nd:\n  <<: *a\n  '<<': 5\n").unwrap();
    assert_eq!(merged["c"], json!({ "x": 1, "y": 4, "z": 3 }));
    assert_eq!(merged["d"], json!({ "x": 1, "y": 2, "<<": 5 }));
    assert_eq!(load(r#"{"\u0000<<": {"x": 1}}"#).unwrap(), json!({ "\0<<": { "x": 1 } }));
    let twice = load("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n").unwrap_err().to_string();
    assert!(twice.contains("line 4, column 3: duplicate key `<<`"), "{twice}");
    assert!(load("a: {<<: 1}").unwrap_err().to_string().contains("the value of the merge key `<<` is neither"));
    let text =
        "a:\n  b: {\n    \"c\": [1\n  ]\n  }\n  d: 'it''s\n\n  text\n continued'\n  e: \"\\\"x\n y\"\n  f: |\n    }\n";
    let read = load(text).unwrap();
    assert_eq!(read["a"]["b"], json!({ "c": [1] }));
    assert_eq!((&read["a"]["d"], &read["a"]["e"]), (&json!("it's\ntext continued"), &json!("\"x y")));
    assert_eq!(openapi_refinery::lines(text)["/a/f"], 12);
}
