//! Tests of the steps from a document to generated code, with the vendored document and small ones.

use openapi_refinery::{Handwritten, Inputs, Output, Prepared, Settings, lines, load, prepare};
use serde_json::{Map, Value, json};

use super::{CORRECTIONS, DOCUMENT, build_empty_lock, build_input, generate_code};

fn load_vendored() -> Value {
    load(DOCUMENT).unwrap()
}

/// Returns the names that are assigned to the vendored document.
fn build_lock() -> Value {
    json!(prepare_document(load_vendored(), build_empty_lock()).unwrap().names())
}

pub fn prepare_document(document: Value, lock: Value) -> Result<Prepared, String> {
    prepare_corrected(document, json!([]), lock)
}

pub fn prepare_corrected(document: Value, corrections: Value, lock: Value) -> Result<Prepared, String> {
    let mut handwritten = Handwritten::default();
    handwritten.read("impl Client { fn update(&self) {} } impl builder::Thing { fn check(&self) {} }");
    let prepared = prepare(Inputs {
        document: build_input("document", document),
        corrections: build_input("corrections", corrections),
        lock: build_input("lock", lock),
        settings: Settings { handwritten, ..Settings::default() },
    })?;
    prepared.code(Output::Client)?;
    Ok(prepared)
}

/// Returns a document with one operation whose request body has this schema.
pub fn build_document_with_body(schema: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "make_thing",
            "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
            "responses": { "204": { "description": "done" } },
        }}},
        "components": { "schemas": {
            "loop": { "type": "array", "items": { "$ref": "#/components/schemas/loop" } },
            "tree": { "type": "object", "properties": {
                "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } },
            }},
        }},
    })
}

#[test]
fn load_parses_like_serde_saphyr() {
    for text in [
        DOCUMENT,
        CORRECTIONS,
        "{a: 404, b: '404', c: null, d: 'null', e: ~, f: , g: true, h: 'true', i: yes, j: 0x1F, k: 0o17, l: 1e3, m: -1.5}",
        "a: [1, +2, -3, .5, 1., 12e03, 0.0]\nb: >-\n  folded\n  text\nc: |\n  kept\n",
        "base: &x {p: 1}\nuse: [*x, *x]",
        "{\"json\": [1, \"\\u00fc\", null, {\"deep\": {}}]}",
        "'404': quoted key\n405: plain key",
        "2026-11-23",
        "text: 1.2.3\nplus: +\ndash: -x\nversion: 3.0.0",
    ] {
        // YAML 1.2: `yes` is text.
        let options = serde_saphyr::options! { strict_booleans: true };
        let expected: Value = serde_saphyr::from_str_with_options(text, options).unwrap();
        assert_eq!(load(text).unwrap(), expected, "{text}");
    }
    // `serde_saphyr` deviates from YAML 1.2.2, section 10.3.2, for these scalars.
    assert_eq!(load("[01, 1_000, !!str 1, !!int '7']").unwrap(), json!([1, "1_000", "1", 7]));
}

#[test]
fn parse_errors_name_the_location_and_cause() {
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    let texts = [
        (String::new(), "line 1, column 1: the text is empty"),
        ("a: 1\na: 2".to_owned(), "line 2, column 1: duplicate key `a`"),
        ("a: .nan".to_owned(), "line 1, column 4: `.nan` cannot be represented in JSON"),
        ("? [a, b]\n: c".to_owned(), "line 1, column 3: a key is a collection"),
        ("a: 1\n---\nb: 2".to_owned(), "a second document begins"),
        ("a: &x [*x]".to_owned(), "an alias refers to a collection that contains it"),
        ("a: [1, 2".to_owned(), "correct the YAML"),
        (
            "{\n  \"a\": 1,\n  \"b\": [1, 2\n".to_owned(),
            "line 3, column 12: EOF while parsing a list; correct the JSON",
        ),
        ("\u{0}\u{1}".to_owned(), "line 1"),
        ("[".repeat(200_000), "line 1, column 256: recursion limit exceeded"),
        (
            (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
            "line 101, column 101: collections are nested more than 100 deep",
        ),
        (format!("a0: &a0 [x]\n{bomb}"), "with its aliases expanded"),
    ];
    for (text, expected) in texts {
        let start = &text[..text.len().min(40)];
        let message = load(&text).map(|value| value.to_string().len()).unwrap_err().to_string();
        assert!(message.contains(expected), "{start:?}: {message}");
    }
}

#[test]
fn inapplicable_corrections_are_reported_and_invalid_ones_are_rejected() {
    let corrections = json!([{
        "why": "the mistake was corrected upstream",
        "patch": [
            { "op": "remove", "path": "/info/version" },
            { "op": "test", "path": "/info/title", "value": "Something else" },
        ],
    }]);
    let outcome = prepare_corrected(load_vendored(), corrections, build_lock()).unwrap();
    assert!(!outcome.corrections[0].applies);
    assert_eq!(outcome.corrections[0].why, "the mistake was corrected upstream");
    assert_eq!(outcome.corrected, load_vendored());
    let title = load_vendored()["info"]["title"].clone();
    let patch = json!([
        { "op": "test", "path": "/info/title", "value": title },
        { "op": "replace", "path": "/info/title", "value": title },
    ]);
    let idle =
        prepare_corrected(load_vendored(), json!([{ "why": "has no effect", "patch": patch }]), build_lock()).unwrap();
    assert!(!idle.corrections[0].applies);

    let untested = json!([{ "why": "no test operation", "patch": [{ "op": "remove", "path": "/info" }] }]);
    let message = prepare_corrected(load_vendored(), untested, build_lock()).err().unwrap();
    assert!(message.contains("corrections, at /0/patch: the correction has no `test` operation"), "{message}");
    let mistyped = json!([{ "why": "the path is mistyped", "patch": [
        { "op": "test", "path": "/info/title", "value": title },
        { "op": "add", "path": "/imfo/x", "value": 1 },
    ]}]);
    let message = prepare_corrected(load_vendored(), mistyped, build_lock()).err().unwrap();
    assert!(message.contains("corrections, at /0/patch/1: the operation fails at /imfo/x"), "{message}");
}

#[test]
fn added_operations_do_not_rename_existing_operations() {
    let mut document = load_vendored();
    let before = prepare_document(document.clone(), build_lock()).unwrap().names().operations.len();
    let mut add = |path: &str, method: &str, id: &str| {
        document["paths"][path][method] = json!({ "responses": { "204": { "description": "done" } } });
        document["paths"][path][method]["operationId"] = id.into();
    };
    add("/a", "put", "sc-public-v3-integrations-put-update_integration");
    add("/a", "get", "sc-public-v3-integrations-get-retrieve");
    add("/b", "patch", "sc-public-v3-others-patch-update_integration");
    add("/0", "patch", "a-patch-update_integration");
    add("/0", "put", "sc-public-v3-integrations-patch-update_integration");
    add("/0", "get", "no");
    add("/0", "post", "x-post-update");
    add("/0", "delete", "x-delete-type");
    document["paths"]["/0"]["get"].as_object_mut().unwrap().remove("operationId");
    let names = prepare_document(document, build_lock()).unwrap().names().operations.clone();
    for (place, name) in build_lock()["operations"].as_object().unwrap() {
        assert_eq!(name, &names[place]);
    }
    assert_eq!(names["get /a"], "retrieve");
    assert_eq!(names["get /0"], "get_0");
    assert_eq!(names["post /0"], "post_update", "the name of a handwritten method is avoided");
    assert_eq!(names["delete /0"], "type_");
    let distinct: std::collections::BTreeSet<&String> = names.values().collect();
    assert_eq!(distinct.len(), before + 8, "{names:?}");
}

#[test]
fn added_types_do_not_rename_existing_types() {
    let mut document = load_vendored();
    let before = prepare_document(document.clone(), build_lock()).unwrap().names().types.clone();
    let schemas = &mut document["components"]["schemas"];
    schemas["FeedbackType"] = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    schemas["Integration-Model"] = json!({ "type": "object", "properties": { "b": { "type": "string" } } });
    let properties = &mut schemas["integration-model"]["properties"];
    properties["other"] = json!({ "$ref": "#/components/schemas/FeedbackType" });
    properties["another"] = json!({ "$ref": "#/components/schemas/Integration-Model" });
    let after = prepare_document(document, build_lock()).unwrap().names().types.clone();
    for added in ["FeedbackType", "Integration-Model"] {
        assert!(after.contains_key(&format!("request /components/schemas/{added}")), "{after:?}");
    }
    for (place, name) in before {
        assert_eq!(after[&place], name);
    }
}

/// An added value may lead to the same variant name as an existing value, which must keep its name.
#[test]
fn added_enum_values_do_not_rename_existing_variants() {
    let place = "request /paths/~1things/post/requestBody/content/application~1json/schema";
    let names = |values: Value, lock: Value| {
        let prepared =
            prepare_document(build_document_with_body(json!({ "type": "string", "enum": values })), lock).unwrap();
        json!(prepared.names())
    };
    let before = names(json!(["none", "not_found"]), build_empty_lock());
    assert_eq!(before["variants"][format!("{place} none")], "None");
    let after = names(json!(["None", "not-found", "none", "NOT_FOUND", "not_found"]), before.clone());
    for value in ["none", "not_found"] {
        let place = format!("{place} {value}");
        assert_eq!(after["variants"][&place], before["variants"][&place]);
    }
    assert_eq!(after["variants"].as_object().unwrap().len(), 5);
}

#[test]
fn invalid_documents_are_rejected_with_location_and_remedy() {
    let schema = "/paths/~1things/post/requestBody/content/application~1json/schema";
    let with = |pointer: &str, value: Value| {
        let mut document = build_document_with_body(json!({ "type": "string" }));
        *document.pointer_mut(pointer).unwrap() = value;
        document
    };
    let documents = [
        (json!("text"), "document, at the root: this is not an OpenAPI document".to_owned()),
        (json!({ "swagger": "2.0" }), "document, at the root: this is not an OpenAPI document".to_owned()),
        (json!({ "openapi": "4.0.0", "paths": {} }), "at /openapi: version `4.0.0` is not supported".to_owned()),
        (json!({ "openapi": 4.2 }), "at /openapi: version `4.2` is not supported".to_owned()),
        (json!({ "openapi": "3.1.0", "paths": [] }), "at /paths: this is not an object".to_owned()),
        (
            build_document_with_body(json!({ "$ref": "#nowhere" })),
            format!("at {schema}: the target of `$ref: #nowhere` does not exist"),
        ),
        (
            build_document_with_body(json!({ "$ref": "#/nowhere" })),
            format!("at {schema}: the target of `$ref: #/nowhere` does not exist"),
        ),
        (
            build_document_with_body(json!({ "$ref": "other.yaml#/a" })),
            format!("at {schema}: the target of `$ref: other.yaml#/a` does not exist"),
        ),
        (build_document_with_body(json!(7)), format!("at {schema}: this is not a schema")),
        (
            with("/paths/~1things/post/requestBody", json!({ "$ref": "#/paths/~1things/post/requestBody" })),
            "circular `$ref`".to_owned(),
        ),
        (
            build_document_with_body(json!({ "allOf": [{ "$ref": format!("#{schema}") }] })),
            format!("at {schema}: the schema contains itself without an object or a list in between"),
        ),
    ];
    for (document, expected) in documents {
        let message = prepare_document(document, build_empty_lock()).err().unwrap();
        assert!(message.contains(&expected), "{message}");
        assert!(message.contains("; "), "the message has no remedy: {message}");
    }
}

/// An unsatisfiable schema must not make the rest of the document unusable: an optional property can be omitted.
#[test]
fn contradictory_keywords_are_kept_with_a_warning() {
    let schema = "/paths/~1things/post/requestBody/content/application~1json/schema";
    for (contradictory, keyword) in [
        (json!({ "type": "string", "minLength": 5, "maxLength": 2 }), "minLength"),
        (json!({ "type": "integer", "minimum": 5, "maximum": 2 }), "minimum"),
        (json!({ "type": "object", "required": ["a"], "additionalProperties": false }), "additionalProperties"),
    ] {
        let prepared = prepare_document(build_document_with_body(contradictory.clone()), build_empty_lock()).unwrap();
        let warnings =
            format!("`{keyword}` contradicts another keyword of the schema: no value is valid (at {schema})");
        assert!(prepared.warnings().to_string().contains(&warnings), "{}", prepared.warnings());
        generate_code(&prepared, Output::Client);
    }
}

#[test]
fn invalid_header_names_and_media_types_are_reported_together() {
    let mut document = build_document_with_body(json!({ "type": "string" }));
    let header = json!({ "name": "X-Request Id", "in": "header", "schema": { "type": "string" } });
    document["paths"]["/things"]["post"]["parameters"] = json!([header]);
    document["paths"]["/other"]["put"] = json!({
        "requestBody": { "content": { "image/\u{fc}": { "schema": {} } } },
        "responses": { "204": { "description": "" } },
    });
    let message = prepare_document(document, build_empty_lock()).err().unwrap();
    for expected in [
        "at /paths/~1things/post/parameters/0: `X-Request Id` is not a valid header name",
        "at /paths/~1other/put/requestBody: `image/\u{fc}` is not a media type",
    ] {
        assert!(message.contains(expected), "{message}");
    }
}

/// A range is replaced with a media type that it includes, or the caller sets the media type with a parameter.
#[test]
fn media_ranges_are_never_sent() {
    for (media_types, sent, parameter) in [
        (
            json!({ "text/json": {}, "application/*+json": {} }),
            "request\n                .json(\n                    \"text/json\"",
            false,
        ),
        (json!({ "application/*+json": {} }), "\"application/json\"", false),
        (json!({ "image/*": {} }), "request.bytes(\"image/*\", self.body)", true),
        (json!({ "*/*": {} }), "request.bytes(\"*/*\", self.body)", true),
        (json!({ "*/*": {}, "image/png": {} }), "request.bytes(\"image/png\", self.body)", false),
    ] {
        let mut document = build_document_with_body(json!({}));
        document["paths"]["/things"]["post"]["requestBody"]["content"] = media_types;
        let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
        let compact = |text: &str| text.split_whitespace().collect::<String>();
        assert!(compact(&code).contains(&compact(sent)), "{code}");
        assert_eq!(code.contains("pub fn content_type"), parameter);
    }
}

/// Normalization omits invalid parts, so that lowering finds the faults of the others.
#[test]
fn errors_of_all_steps_are_reported_together() {
    let mut document = load_vendored();
    let responses = json!({ "204": { "$ref": "#/components/responses/missing" } });
    document["paths"]["/broken/{id"] = json!({ "get": { "operationId": "x-get-broken", "responses": responses } });
    let message = prepare_document(document, build_lock()).err().unwrap();
    for part in ["at /paths/~1broken~1{id: the braces", "at /paths/~1broken~1{id/get/responses/204: the target"] {
        assert!(message.contains(part), "{message}");
    }
}

/// Each case is a schema and the keyword that is reported.
#[test]
fn unenforced_keywords_are_widened_with_a_warning() {
    let cases = [
        (json!({ "type": "object", "properties": { "a": { "not": { "const": 1 } } } }), "not"),
        (json!({ "$ref": "#/components/schemas/loop" }), "$ref"),
        (json!({ "type": "number", "minimum": 1 }), "minimum"),
        (json!({ "type": "integer", "enum": [1, 2] }), "enum"),
        (json!({ "type": "string", "format": "uri", "maxLength": 9 }), "maxLength"),
        (json!({ "enum": [1, 2] }), "enum"),
        (json!({ "const": 1 }), "enum"),
        (json!({ "minLength": 1 }), "minLength"),
        (json!({ "type": "boolean", "enum": [true] }), "enum"),
        (json!({ "type": "string", "pattern": "a" }), "pattern"),
        (json!({ "type": "array", "minItems": 1 }), "minItems"),
        (json!({ "type": "string", "anyOf": [{ "minLength": 2 }, { "pattern": "a" }] }), "pattern"),
        (json!({ "allOf": [{ "type": "string", "const": "a" }, { "const": "b" }] }), "allOf"),
        (json!({ "allOf": [{ "type": "string", "minLength": 5 }, { "maxLength": 2 }] }), "maxLength"),
        (json!({ "required": ["a"] }), "required"),
        (json!({ "type": "null" }), "type"),
        (json!({ "anyOf": [{ "type": "string", "maxLength": 5 }, { "type": "string", "minLength": 9 }] }), "anyOf"),
        (
            json!({ "unevaluatedProperties": false, "anyOf": [refer_to_tree(), { "properties": {} }] }),
            "unevaluatedProperties",
        ),
    ];
    for (schema, keyword) in cases {
        let prepared = prepare_document(build_document_with_body(schema.clone()), build_empty_lock()).unwrap();
        let warnings = prepared.warnings().to_string();
        assert!(warnings.contains(&format!("`{keyword}` is widened: ")), "{schema}: {warnings}");
        assert!(!warnings.contains("is not a keyword"), "{schema}: {warnings}");
        generate_code(&prepared, Output::Client);
    }
    // Enforced keywords are not reported.
    let enforced = json!({ "type": "integer", "exclusiveMinimum": 1.5, "maximum": 9 });
    assert_eq!(
        prepare_document(build_document_with_body(enforced), build_empty_lock()).unwrap().warnings().to_string(),
        ""
    );
}

fn refer_to_tree() -> Value {
    json!({ "$ref": "#/components/schemas/tree" })
}

/// Keywords that imply a type without declaring it are reported.
#[test]
fn implied_types_are_reported() {
    for (schema, keyword) in
        [(json!({ "properties": { "a": {} } }), "properties"), (json!({ "items": { "type": "string" } }), "items")]
    {
        let warnings =
            prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap().warnings().to_string();
        assert!(
            warnings.contains(&format!("`{keyword}` implies a type that the schema does not declare")),
            "{warnings}"
        );
    }
}

/// Returns the lowered schema of the request body, with references resolved and titles removed.
fn lower_body(schema: Value) -> Value {
    fn resolve_references(document: &Value, schema: &Value) -> Value {
        match schema {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(reference) => resolve_references(document, document.pointer(&reference[1..]).unwrap()),
                None => members
                    .iter()
                    .filter(|(key, value)| *key != "title" || !value.is_string())
                    .map(|(key, value)| match key.as_str() {
                        // A property may refer to the schema that contains it.
                        "properties" => (key.clone(), value.clone()),
                        _ => (key.clone(), resolve_references(document, value)),
                    })
                    .collect(),
            },
            Value::Array(values) => values.iter().map(|value| resolve_references(document, value)).collect(),
            scalar => scalar.clone(),
        }
    }
    let document = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap().lowered().clone();
    let body = &document["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    resolve_references(&document, body)
}

#[test]
fn keywords_beside_a_reference_apply() {
    let text = json!({ "type": "string" });
    let with_b = json!({ "$ref": "#/components/schemas/tree", "properties": { "b": text } });
    for schema in [json!({ "allOf": [with_b] }), json!({ "allOf": [{ "$ref": TARGET }], "x-target": with_b })] {
        let properties = &lower_body(schema)["properties"];
        assert_eq!(properties["b"], text);
        assert!(properties.get("branches").is_some(), "{properties}");
    }
}

/// The pointer of the member `x-target` in the schema of the request body.
const TARGET: &str = "#/paths/~1things/post/requestBody/content/application~1json/schema/x-target";

#[test]
fn percent_encoded_references_and_anchors_are_resolved() {
    for (reference, target) in [
        (TARGET.replace('~', "%7E"), json!({ "type": "boolean" })),
        ("#here".to_owned(), json!({ "type": "boolean", "$anchor": "here" })),
    ] {
        let schema = json!({ "allOf": [{ "$ref": reference }], "x-target": target });
        assert_eq!(lower_body(schema), json!({ "type": "boolean" }));
    }
}

#[test]
fn read_only_properties_are_not_required_in_requests() {
    let schema = json!({ "type": "object", "required": ["id", "name"], "properties": {
        "id": { "type": "integer", "readOnly": true },
        "name": { "type": "string" },
    }});
    assert_eq!(lower_body(schema)["required"], json!(["name"]));
}

#[test]
fn exclusive_bounds_of_integers_become_inclusive() {
    let bounds = [
        json!({ "minimum": 0.5, "exclusiveMinimum": true, "maximum": 9.5, "exclusiveMaximum": true }),
        json!({ "exclusiveMinimum": 0.5, "exclusiveMaximum": 9.5 }),
        json!({ "exclusiveMinimum": 0, "exclusiveMaximum": 10 }),
        json!({ "minimum": 0, "exclusiveMinimum": true, "maximum": 10, "exclusiveMaximum": true }),
    ];
    for mut schema in bounds {
        schema["type"] = "integer".into();
        assert_eq!(lower_body(schema)["format"], "integer from 1 to 9");
    }
}

#[test]
fn unsatisfiable_alternatives_are_removed() {
    let possible = json!({ "type": "string" });
    let impossible = json!({ "type": "string", "minLength": 5, "maxLength": 2 });
    assert_eq!(lower_body(json!({ "oneOf": [impossible, possible] })), possible);
}

#[test]
fn more_specific_alternatives_are_tried_first() {
    let object = |kind: Value, required: Value| json!({ "type": "object", "required": required, "properties": { "kind": kind, "a": {}, "b": {} } });
    let text = json!({ "type": "string" });
    let constant = json!({ "type": "string", "const": "round" });
    let closed = json!({ "type": "object", "properties": { "c": {} }, "additionalProperties": false });
    let alternatives = json!([
        { "type": "object", "properties": { "kind": {} } },
        object(text.clone(), json!(["a", "b"])),
        object(constant, json!(["kind"])),
        object(text, json!(["a"])),
        closed,
    ]);
    let lowered = lower_body(json!({ "anyOf": alternatives }));
    let order: Vec<&Value> = lowered["anyOf"].as_array().unwrap().iter().map(|one| &one["required"]).collect();
    assert_eq!(order, [&Value::Null, &json!(["kind"]), &json!(["a", "b"]), &json!(["a"]), &Value::Null]);
    assert_eq!(lowered["anyOf"][0]["additionalProperties"], false);
}

/// Returns a document whose request and response bodies have this schema, with these components.
fn build_document_with_schemas(schema: Value, schemas: Value) -> Value {
    let mut document = build_document_with_body(schema.clone());
    let content = json!({ "application/json": { "schema": schema } });
    document["paths"]["/things"]["post"]["responses"] = json!({ "200": { "description": "", "content": content } });
    document["components"]["schemas"] = schemas;
    document
}

/// A schema extends another one with `allOf`, directly or through a third one. This holds for requests and responses.
#[test]
fn schemas_that_extend_a_schema_with_a_discriminator_become_its_alternatives() {
    let extend = |parent: &str, name: &str| {
        let reference = json!({ "$ref": format!("#/components/schemas/{parent}") });
        json!({ "allOf": [reference, { "type": "object", "properties": { (name): { "type": "integer" } } }] })
    };
    let pet = json!({
        "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
        "discriminator": { "propertyName": "kind", "mapping": { "c": "#/components/schemas/Cat" } },
    });
    let only = json!({ "allOf": [{ "$ref": "#/components/schemas/Pet" }] });
    let schemas = json!({ "Pet": pet, "Cat": extend("Pet", "lives"), "Lion": extend("Cat", "mane"), "Fish": only });
    let document = build_document_with_schemas(json!({ "$ref": "#/components/schemas/Pet" }), schemas);
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    assert_eq!(prepared.warnings().to_string(), "");
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in [
        r#"tagged_request!(Pet,"kind",["Cat"=>Cat,"c"=>Cat,"Lion"=>Lion],Base);"#,
        r#"tagged_response!(PetResponse,"kind",["Cat"=>Cat,"c"=>Cat,"Lion"=>Lion],Unlisted,Base);"#,
        "pubmane:::std::option::Option<i64>,",
    ] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

/// The value is a name of the mapping or a constant of the alternative.
#[test]
fn alternatives_are_tagged_if_each_has_a_discriminator_value() {
    let tagged =
        |kind: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    let alternatives = json!([{ "$ref": "#/components/schemas/A" }, tagged("b")]);
    let named = json!({ "oneOf": alternatives, "discriminator": { "propertyName": "kind", "mapping": { "a": "A" } } });
    let unnamed = json!({ "oneOf": [tagged("b"), { "type": "string" }], "discriminator": { "propertyName": "kind" } });
    for (schema, is_tagged) in [(named, true), (unnamed, false)] {
        let schemas = json!({ "A": { "type": "object", "properties": { "size": { "type": "number" } } } });
        let prepared = prepare_document(build_document_with_schemas(schema, schemas), build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client);
        for kind in ["request", "response"] {
            assert_eq!(code.contains(&format!("runtime::tagged_{kind}!(")), is_tagged, "{code}");
        }
        assert_eq!(prepared.warnings().to_string().contains("Of` is widened"), !is_tagged, "{}", prepared.warnings());
    }
}

/// A union without a discriminator is any JSON value in a response.
#[test]
fn unused_types_are_not_generated() {
    let object =
        |name: &str| json!({ "title": name, "type": "object", "properties": { (name): { "type": "string" } } });
    let mut document = build_document_with_body(json!({ "oneOf": [object("left"), object("right")] }));
    let operation = &mut document["paths"]["/things"]["post"];
    operation["responses"] = json!({ "200": { "content": operation["requestBody"]["content"] } });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client);
    assert!(code.contains("pub struct Left {") && code.contains("ResponseValue<::serde_json::Value>"), "{code}");
    assert!(!code.contains("runtime::response_object!("), "{code}");
}

/// Without the property, the discriminator value would not be serialized.
#[test]
fn missing_discriminator_properties_are_added() {
    let schema = json!({
        "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }],
        "discriminator": { "propertyName": "kind" },
    });
    let object = |name: &str| json!({ "type": "object", "properties": { (name): { "type": "string" } } });
    let schemas = json!({ "A": object("a"), "B": object("kind") });
    let prepared = prepare_document(build_document_with_schemas(schema, schemas), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    assert_eq!(code.matches(r#"kind("kind""#).count(), 4, "{code}");
    assert!(code.contains(r#"required(kind("kind",read)),optional(a("a",read))"#), "{code}");
}

/// Only clients with such forms need the feature `multipart` of reqwest.
#[test]
fn forms_with_files_are_sent_as_multipart() {
    let binary = json!({ "type": "string", "format": "binary" });
    let properties =
        json!({ "file": binary, "files": { "type": "array", "items": binary }, "meta": { "type": "object" } });
    let schema = json!({ "type": "object", "required": ["file"], "properties": properties });
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/form" }));
    document["components"]["schemas"]["form"] = schema;
    let prepared = prepare_document(document.clone(), build_empty_lock()).unwrap();
    assert_eq!(prepared.features(), []);
    assert!(!generate_code(&prepared, Output::Client).contains("multipart"));
    let content = &mut document["paths"]["/things"]["post"]["requestBody"]["content"];
    *content = json!({ "multipart/form-data": {
        "schema": content["application/json"]["schema"],
        "encoding": { "meta": { "contentType": "application/json" }, "files": { "contentType": "image/png, image/gif" } },
    }});
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    assert_eq!(prepared.features(), [("reqwest", "multipart")]);
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in [
        "pubfile:super::runtime::File,",
        "pubfiles:::std::option::Option<::std::vec::Vec<super::runtime::File>>,",
        r#"add_files(parts,"file",::std::option::Option::None,self.file)?"#,
        r#"add_files(parts,"files",::std::option::Option::None,self.files)?"#,
        r#"add_value(parts,"meta",::std::option::Option::Some("application/json"),&self.meta,)?"#,
        "request.multipart(self.body.and_then(runtime::build::<types::MakeThingBody,",
    ] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

#[test]
fn additional_properties_with_a_schema_are_kept() {
    let schema = |additional: Value| json!({ "type": "object", "properties": { "additional_properties": { "type": "string" } }, "additionalProperties": additional });
    let integers = schema(json!({ "type": "integer" }));
    let prepared = prepare_document(build_document_with_schemas(integers, json!({})), build_empty_lock()).unwrap();
    assert_eq!(prepared.warnings().to_string(), "");
    let code = generate_code(&prepared, Output::Client);
    assert_eq!(code.matches("#[serde(flatten)]").count(), 2, "{code}");
    let compact = code.split_whitespace().collect::<String>();
    assert!(
        compact.contains(
            r#"optional(additional_properties("additional_properties",read)),others(additional_properties2)"#
        ),
        "{code}"
    );
    for additional in [json!(true), json!(false)] {
        let prepared =
            prepare_document(build_document_with_schemas(schema(additional), json!({})), build_empty_lock()).unwrap();
        assert!(!generate_code(&prepared, Output::Client).contains("serde(flatten)"));
    }
}

#[test]
fn response_integers_cover_the_range_of_the_schema() {
    let integer = |bounds: Value| {
        let mut schema = json!({ "type": "integer" });
        schema.as_object_mut().unwrap().extend(bounds.as_object().unwrap().clone());
        let prepared = prepare_document(build_document_with_schemas(schema, json!({})), build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client);
        let (_, ty) = code.split_once("-> Result<ResponseValue<").unwrap();
        (ty.split_once('>').unwrap().0.to_owned(), prepared.warnings().to_string())
    };
    for (bounds, expected) in [
        (json!({}), "i64"),
        (json!({ "minimum": 0 }), "u64"),
        (json!({ "minimum": 0, "maximum": u64::MAX }), "u64"),
        (json!({ "minimum": 1, "maximum": 9 }), "i64"),
        (json!({ "format": "int64", "minimum": 0 }), "i64"),
        (json!({ "minimum": -1, "maximum": u64::MAX }), "i128"),
    ] {
        assert_eq!(integer(bounds), (expected.to_owned(), String::new()));
    }
    let (_, warnings) = integer(json!({ "minimum": 0, "maximum": 1e30 }));
    assert!(warnings.starts_with("`maximum` allows integers beyond 64 bits"), "{warnings}");
}

#[test]
fn long_chains_of_all_of_are_combined() {
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/level0" }));
    for level in 0..90 {
        let mut properties = json!({});
        properties[format!("p{level}")] = json!({ "type": "string" });
        let next = json!({ "$ref": format!("#/components/schemas/level{}", level + 1) });
        document["components"]["schemas"][format!("level{level}")] =
            json!({ "allOf": [next, { "type": "object", "properties": properties }] });
    }
    document["components"]["schemas"]["level90"] = json!({ "type": "object" });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    assert_eq!(prepared.warnings().to_string(), "");
    assert!(generate_code(&prepared, Output::Client).contains("p89"));
}

#[test]
fn exponential_reference_expansion_is_rejected() {
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/d20" }));
    document["components"]["schemas"]["d0"] = json!({ "type": "array", "items": { "type": "string" } });
    for level in 1..=20 {
        let below = json!({ "$ref": format!("#/components/schemas/d{}", level - 1) });
        document["components"]["schemas"][format!("d{level}")] =
            json!({ "type": "array", "items": { "oneOf": [below, { "type": "array", "items": below }] } });
    }
    let message = prepare_document(document, build_empty_lock()).err().unwrap();
    assert!(message.contains("references expand to more than "), "{message}");
}

/// Returns a document with this operation.
pub fn build_document_with_operation(operation: Value) -> Value {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let path_item = json!({ "parameters": [id], "post": operation });
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/things/{id}": path_item } })
}

/// Returns the lowered operation and the warnings.
fn lower_operation(operation: Value) -> (Value, String) {
    let prepared = prepare_document(build_document_with_operation(operation), build_empty_lock()).unwrap();
    generate_code(&prepared, Output::Mock);
    (prepared.lowered()["paths"]["/things/{id}"]["post"].clone(), prepared.warnings().to_string())
}

#[test]
fn alternatives_that_extend_their_union_become_its_variants() {
    let child = |name: &str| json!({ "allOf": [{ "$ref": "#/components/schemas/pet" }, { "type": "object", "properties": { (name): { "type": "integer" } } }] });
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/pet" }));
    document["components"]["schemas"] = json!({
        "pet": {
            "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
            "discriminator": { "propertyName": "kind", "mapping": { "tabby": "#/components/schemas/cat" } },
            "oneOf": [{ "$ref": "#/components/schemas/cat" }, { "$ref": "#/components/schemas/dog" }],
        },
        "cat": child("claws"),
        "dog": child("age"),
    });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    assert_eq!(prepared.warnings().to_string(), "");
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in ["Cat(Cat)", "Dog(Dog)", r#""tabby"=>Cat"#, r#""dog"=>Dog"#, "pubclaws:"] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

#[test]
fn a_discriminator_may_be_a_number() {
    let one = |kind: u8| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    let union = json!({ "oneOf": [one(1), one(2), one(3)], "discriminator": { "propertyName": "kind" } });
    let prepared = prepare_document(build_document_with_schemas(union, json!({})), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in ["tagged_request!(", "tagged_response!(", r#""3"=>X3"#] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
    assert!(!prepared.warnings().to_string().contains("without a discriminator"));
}

#[test]
fn the_most_similar_name_takes_precedence() {
    let texts =
        json!({ "type": "object", "properties": { "@type": {}, "type": {}, "SELF": {}, "self": {}, "`": {}, "": {} } });
    let mut document =
        build_document_with_body(json!({ "type": "array", "items": { "$ref": "#/components/schemas/User" } }));
    for name in ["USER", "User", "user"] {
        document["components"]["schemas"][name] = texts.clone();
    }
    let properties = ["USER", "user"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    document["components"]["schemas"]["User"]["properties"]["others"] = json!({ "anyOf": properties });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let names = json!(prepared.names())["types"].clone();
    assert_eq!(names["request /components/schemas/User"], "User");
    let code = generate_code(&prepared, Output::Client);
    for expected in [r#"type_("type""#, r#"type_2("@type""#, r#"self_("self""#, r#"self_2("SELF""#] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
    assert!(code.contains("/// The property `` ` ``.") && code.contains("/// The property `\"\"`."), "{code}");
}

#[test]
fn an_open_code_block_ends_with_its_description() {
    let operation = json!({ "description": "```\nlet a;", "summary": " ", "responses": {} });
    let prepared = prepare_document(build_document_with_operation(operation), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client);
    assert!(code.contains("```text\n    ///let a;\n    ///```\n"), "{code}");
}

#[test]
fn the_default_base_url_is_absolute() {
    for (servers, expected) in [
        (json!([{ "url": "/v1" }, { "url": "https://a.example/v1" }]), "https://a.example/v1"),
        (json!([{ "url": "https://{region}.example" }]), "https://{region}.example"),
        (
            json!([{ "url": "https://{region}.example", "variables": { "region": { "default": "eu" } } }]),
            "https://eu.example",
        ),
    ] {
        let mut document = build_document_with_body(json!({}));
        document["servers"] = servers;
        let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
        assert!(code.contains(&format!("DEFAULT_BASE_URL: &str = \"{expected}\"")), "{expected}");
    }
}

/// Checks some rules of OpenAPI 3.0. A validator checks the others in CI.
#[test]
fn lowered_documents_conform_to_openapi_3_0() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let content = json!({ "application/json": { "schema": schema } });
    let (operation, _) = lower_operation(json!({ "requestBody": { "content": content }, "responses": {} }));
    let text = operation.to_string();
    assert!(!text.contains("\"required\":[]"), "{text}");
    assert!(!operation["responses"].as_object().unwrap().is_empty());
    let (operation, warnings) = lower_operation(json!({
        "requestBody": { "description": "none" },
        "responses": { "20x": { "description": "" }, "5xx": { "description": "" }, "777": {}, "x-y": {} },
    }));
    assert_eq!(operation.get("requestBody"), None);
    assert_eq!(operation["responses"].as_object().unwrap().keys().collect::<Vec<_>>(), ["2XX", "5XX"]);
    assert!(warnings.contains("`777` is not a status code: ") && warnings.contains("/responses/777"), "{warnings}");
}

#[test]
fn documents_without_paths_and_versions_without_patch_are_accepted() {
    for version in [json!("3.1"), json!("3.0"), json!(3.1), json!("3.1.1")] {
        prepare_document(json!({ "openapi": version, "components": {} }), build_empty_lock()).unwrap();
    }
}

#[test]
fn method_names_omit_the_namespace_of_the_operation_id() {
    for (id, name) in [
        ("a", "a"),
        ("things-post-a", "things_post_a"),
        ("things-post-all", "all"),
        ("my-api-post-add_thing", "add_thing"),
        ("list-things", "list_things"),
        ("post-thing", "post_thing"),
        ("show-thing-by-id", "show_thing_by_id"),
    ] {
        let document = build_document_with_operation(json!({ "operationId": id, "responses": {} }));
        assert_eq!(
            prepare_document(document, build_empty_lock()).unwrap().names().operations["post /things/{id}"],
            name
        );
    }
}

/// Values whose serialization OpenAPI does not define are reported.
#[test]
fn lists_and_objects_are_serialized_in_every_style() {
    let list = json!({ "type": "array", "items": { "type": "integer" } });
    let flat = json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "boolean" } } });
    let nested = json!({ "type": "object", "properties": { "a": list } });
    let either = json!({ "oneOf": [flat, { "type": "string", "minLength": 1 }] });
    for (location, style, explode, schema, sent, is_defined) in [
        ("query", "deepObject", true, &flat, "DEEP_OBJECT, self.q", true),
        ("query", "deepObject", true, &nested, "DEEP_OBJECT, self.q", false),
        ("query", "deepObject", true, &either, "DEEP_OBJECT, self.q", true),
        ("query", "form", true, &list, "FORM, self.q", true),
        ("query", "form", false, &flat, "FORM.explode(false), self.q", true),
        ("query", "pipeDelimited", false, &list, "PIPE_DELIMITED, self.q", true),
        ("query", "form", true, &nested, "FORM, self.q", false),
        ("path", "matrix", true, &list, "MATRIX.explode(true), self.q", true),
        ("path", "label", false, &flat, "LABEL, self.q", true),
        ("header", "simple", true, &flat, "SIMPLE.explode(true), self.q", true),
    ] {
        let parameter = json!({ "name": "q", "in": location, "style": style, "explode": explode, "schema": schema });
        let path = if location == "path" { "/things/{q}" } else { "/things" };
        let document = json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": {
            path: { "get": { "parameters": [parameter], "responses": {} } },
        }});
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client);
        assert!(code.contains(&format!("runtime::Style::{sent}")), "{sent}: {code}");
        let warnings = prepared.warnings().to_string();
        assert_eq!(warnings.contains("`style` is undefined for nested values"), !is_defined, "{warnings}");
        generate_code(&prepared, Output::Mock);
    }
}

#[test]
fn path_and_header_parameters_may_refer_to_scalar_schemas() {
    let kind = json!({ "$ref": "#/components/schemas/kind" });
    let mut document = build_document_with_operation(json!({
        "parameters": [
            { "name": "id", "in": "path", "required": true, "schema": kind },
            { "name": "kind", "in": "header", "schema": kind },
        ],
        "responses": {},
    }));
    document["components"]["schemas"]["kind"] = json!({ "type": "string", "enum": ["a", "b"] });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    assert_eq!(prepared.warnings().to_string(), "");
    assert!(generate_code(&prepared, Output::Client).contains("types::Kind"));
}

/// Multiple types become one of them only if it can represent the values of the others.
#[test]
fn multiple_types_in_a_response_lose_no_value() {
    let of = |types: Value| json!({ "type": types });
    let read = |schema: Value| {
        let content = json!({ "application/json": { "schema": schema } });
        let (operation, warnings) = lower_operation(json!({ "responses": { "200": { "content": content } } }));
        (operation["responses"]["200"]["content"]["application/json"]["schema"].clone(), warnings)
    };
    let property = |types: Value| {
        let content =
            json!({ "application/json": { "schema": { "type": "object", "properties": { "a": of(types) } } } });
        let prepared = prepare_document(
            build_document_with_operation(json!({ "responses": { "200": { "content": content } } })),
            build_empty_lock(),
        );
        let prepared = prepared.unwrap();
        let schemas = prepared.lowered()["components"]["schemas"].as_object().unwrap();
        (schemas.values().next().unwrap()["properties"]["a"].clone(), prepared.warnings().to_string())
    };
    let (text, warnings) = property(json!(["string", "integer", "null"]));
    assert_eq!((text, warnings.as_str()), (json!({ "type": "string" }), ""));
    let (list, warnings) = property(json!(["array", "object"]));
    assert_eq!((&list["type"], warnings.as_str()), (&json!("array"), ""));
    let any = [
        property(json!(["string", "object"])),
        property(json!(["array", "string"])),
        property(json!(["integer", "boolean"])),
        read(of(json!(["string", "integer"]))),
        read(of(json!(["array", "object"]))),
    ];
    for (schema, warnings) in any {
        assert_eq!(schema, json!({}));
        assert!(warnings.contains("`type` is widened: "), "{warnings}");
    }
    let mixed = of(json!(["string", "integer"]));
    assert_eq!(read(json!({ "type": "array", "items": mixed })).0["items"], json!({}));
    assert_eq!(read(json!({ "type": "object", "additionalProperties": mixed })).0["additionalProperties"], json!({}));
}

#[test]
fn success_responses_share_a_type_only_if_it_decodes_all() {
    let plain = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let read = |other: Value| {
        let response = |schema: &Value| json!({ "content": { "application/json": { "schema": schema } } });
        let responses = json!({ "200": response(&plain), "201": response(&other) });
        let (operation, _) = lower_operation(json!({ "responses": responses }));
        operation["responses"]["200"]["content"]["application/json"]["schema"].clone()
    };
    let combined = json!({ "allOf": [{ "allOf": [{ "properties": { "b": {} } }] }], "type": "object" });
    assert!(read(combined).get("$ref").is_some());
    for other in [
        json!({ "type": "object" }),
        json!({ "type": "object", "properties": { "b": {} }, "additionalProperties": { "type": "string" } }),
        json!({ "type": "object", "properties": { "b": {} }, "oneOf": [{ "required": ["b"] }, { "required": ["c"] }] }),
    ] {
        assert_eq!(read(other), json!({}));
    }
}

#[test]
fn partly_supported_bodies_are_reported() {
    let json_body = json!({ "application/json": { "schema": { "type": "string" } } });
    let responses = json!({ "200": { "content": json_body }, "202": { "content": { "application/pdf": {} } } });
    let (operation, warnings) = lower_operation(json!({ "responses": responses }));
    assert_eq!(operation["responses"]["200"]["content"]["application/json"]["schema"], json!({ "type": "string" }));
    assert!(warnings.contains("`content` of success responses differs: "), "{warnings}");
    let nested = json!({ "type": "object", "properties": { "a": { "type": "array" } } });
    let body = json!({ "content": { "multipart/related": { "schema": nested } } });
    let (_, warnings) = lower_operation(json!({ "requestBody": body, "responses": {} }));
    assert!(warnings.contains("`multipart/related` is not encoded: "), "{warnings}");
}

#[test]
fn nullable_bodies_become_options() {
    let body = json!({ "content": { "application/json": { "schema": { "type": ["object", "null"], "properties": { "a": {} } } } } });
    let operation = json!({ "requestBody": body, "responses": { "200": { "content": body["content"] } } });
    let (operation, _) = lower_operation(operation);
    for body in [&operation["requestBody"], &operation["responses"]["200"]] {
        let schema = &body["content"]["application/json"]["schema"];
        assert_eq!(schema["x-rust-type"]["path"], "std::option::Option", "{schema}");
    }
}

/// References do not count towards the depth limit: the depth is that of each component alone.
#[test]
fn components_that_refer_to_each_other_keep_their_types() {
    let refer_to = |names: Vec<usize>| {
        let properties = names
            .into_iter()
            .map(|name| (format!("to{name}"), json!({ "$ref": format!("#/components/schemas/S{name}") })));
        let mut properties: Map<String, Value> = properties.collect();
        properties.insert("name".to_owned(), json!({ "type": "string" }));
        json!({ "type": "object", "properties": properties })
    };
    let chain: Vec<Value> =
        (1..=64).map(|next| refer_to(vec![next].into_iter().filter(|next| *next < 64).collect())).collect();
    let web: Vec<Value> = (0..140).map(|name| refer_to(vec![(name + 1) % 140, (name * 7 + 3) % 140])).collect();
    let mutual = vec![refer_to(vec![1]), refer_to(vec![0])];
    let long: Vec<Value> = (1..=600).map(|next| refer_to(vec![next % 600])).collect();
    for schemas in [chain, web, mutual, long] {
        let count = schemas.len();
        let schemas = schemas.into_iter().enumerate().map(|(index, schema)| (format!("S{index}"), schema));
        let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/S0" }));
        document["components"]["schemas"] = Value::Object(schemas.collect());
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        assert_eq!(prepared.warnings().to_string(), "");
        assert_eq!(prepared.lowered()["components"]["schemas"].as_object().unwrap().len(), count);
    }
}

#[test]
fn recursive_objects_are_generated() {
    let code = generate_code(
        &prepare_document(build_document_with_body(refer_to_tree()), build_empty_lock()).unwrap(),
        Output::Client,
    );
    assert!(code.contains("pub struct Tree"));
}

#[test]
fn arrays_without_items_become_lists_of_json_values() {
    let schema = json!({ "type": "object", "properties": { "tags": { "type": "array" } } });
    assert!(
        generate_code(&prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap(), Output::Client)
            .contains("Vec<::serde_json::Value>")
    );
}

#[test]
fn names_become_valid_rust_identifiers() {
    let document = build_document_with_body(json!({ "type": "object", "properties": {
        "2fa": { "type": "object", "properties": { "x_y": { "type": "string", "enum": ["a", "b"] } } },
        "self": { "type": "string", "minLength": 1 },
        "build": { "type": ["string", "null"], "minLength": 1 },
        "build_null": { "type": "string" },
        "violations": { "type": "string" },
        "it's": { "type": "string", "maxLength": 3, "title": "Self" },
    }}));
    let names = prepare_document(document, build_empty_lock()).unwrap().names().types.clone();
    assert!(names.values().any(|name| name == "MakeThingBody2faXY" || name == "MakeThingBody2faXy"), "{names:?}");
}

#[test]
fn generated_code_does_not_depend_on_key_order() {
    let shuffled = "components: {schemas: {b: {type: object, properties: {y: {type: string}, x: {type: string}}},
        a: {properties: {z: {$ref: '#/components/schemas/b'}}, type: object}}}
paths: {/q: {get: {responses: {'204': {description: d}}}, delete: {responses: {'204': {description: d}}}},
    /p: {put: {responses: {'204': {description: d}},
        requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/a'}}}}}}}
info: {version: '1', title: t}
openapi: 3.1.0";
    let document = load(shuffled).unwrap();
    let sorted = load(&document.to_string()).unwrap();
    let code = |document| generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    assert_eq!(code(document), code(sorted));
}

/// Lists in a constant are not sorted, even if their key is a keyword whose list is a set.
#[test]
fn constants_keep_their_order_and_enum_values_are_sorted() {
    let constant = json!({ "required": ["b", "a"] });
    let client = |schema: Value| {
        generate_code(&prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap(), Output::Client)
    };
    let code = client(json!({ "type": "object", "properties": { "default": { "const": constant } } }));
    let compact = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert!(compact(&code).contains(&compact(&format!("\"enum\": [{constant}]"))), "{code}");
    let listed =
        |values: [&str; 2]| client(json!({ "type": "object", "properties": { "default": { "enum": values } } }));
    assert_eq!(listed(["b", "a"]), listed(["a", "b"]));
}

#[test]
fn a_limit_of_one_character_is_singular() {
    let prepared =
        prepare_document(build_document_with_body(json!({ "type": "string", "minLength": 1 })), build_empty_lock())
            .unwrap();
    assert!(generate_code(&prepared, Output::Client).contains("\"a string of at least 1 character\""));
}

#[test]
fn lines_are_returned_by_pointer() {
    let lines = lines("list:\n  - &one 1\n  - *one\n  - x: 2\n/a/b~:\n  y: 3\n");
    let expected = [("", 1), ("/list", 1), ("/list/1", 3), ("/list/2/x", 4), ("/~1a~1b~0", 5), ("/~1a~1b~0/y", 6)];
    for (pointer, line) in expected {
        assert_eq!(lines.get(pointer), Some(&line), "{pointer}");
    }
    assert_eq!(lines.get("/~1a~1b~0/z"), None);
}

/// The schema that defines the required property may be reached through several references.
#[test]
fn closed_objects_may_require_properties_of_nested_all_of() {
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/thing" }));
    let schemas = &mut document["components"]["schemas"];
    schemas["thing"] = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "allOf": [{ "$ref": "#/components/schemas/middle" }],
    });
    schemas["middle"] =
        json!({ "allOf": [{ "$ref": "#/components/schemas/base" }], "properties": { "note": { "type": "string" } } });
    schemas["base"] = json!({ "properties": { "id": { "type": "string" } } });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let thing = &prepared.lowered()["components"]["schemas"]["Thing"];
    assert_eq!(thing["additionalProperties"], false, "{thing}");
    assert!(!prepared.warnings().to_string().contains("contradicts"), "{}", prepared.warnings());
}
