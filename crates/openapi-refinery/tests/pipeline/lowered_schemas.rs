//! Lowered schemas, and warnings about what they do not enforce.

use super::documents::{
    build_document_with_body, build_document_with_operation, build_document_with_schemas, lower_body, lower_operation,
    prepare_document,
};
use super::{build_empty_lock, generate_code};
use openapi_refinery::Output;
use serde_json::{Map, Value, json};

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

/// YAML reads `1.0` without quotes as a number.
#[test]
fn values_of_other_types_are_ignored_with_a_warning() {
    let warnings_of = |schema: Value| {
        let prepared = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap();
        prepared.warnings().to_string()
    };
    let warnings = warnings_of(json!({ "type": "string", "enum": ["latest", 1.5, true, null] }));
    let at = "/paths/~1things/post/requestBody/content/application~1json/schema/enum";
    let warning = |place: &str| format!("`enum/{place}` is ignored: it is not of the schema's type (at {at})\n");
    assert_eq!(warnings, warning("1: 1.5") + &warning("2: true"));
    assert_eq!(warnings_of(json!({ "enum": ["latest", 1.5] })).matches("is ignored").count(), 0);
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
        (json!({ "const": 1 }), "const"),
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

/// JSON Schema 2020-12, Core, section 8.2.1. The schema does not contain `other`, which is therefore that of the document.
#[test]
fn references_are_relative_to_the_id_around_them() {
    let node = json!({
        "$id": "https://example.com/node",
        "type": "object",
        "properties": {
            "next": { "$ref": "#" },
            "name": { "$ref": "#/$defs/a%20name" },
            "other": { "$ref": "#/components/schemas/other" },
            "inner": { "$id": "inner", "type": "array", "items": { "$ref": "#" } },
        },
        "$defs": { "a name": { "type": "string" } },
    });
    let schemas = json!({ "node": node, "other": { "type": "boolean" } });
    let document = build_document_with_schemas(json!({ "$ref": "#/components/schemas/node" }), schemas);
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client);
    for field in [
        "pub next: ::std::option::Option<::std::boxed::Box<Node>>,",
        "pub name: ::std::option::Option<::std::string::String>,",
        "pub other: ::std::option::Option<bool>,",
        "pub inner: ::std::option::Option<::std::vec::Vec<::serde_json::Value>>,",
    ] {
        assert!(code.contains(field), "{field}: {code}");
    }
    assert!(!prepared.warnings().to_string().contains("is not a keyword"), "{}", prepared.warnings());
}

/// JSON Schema 2020-12, Core, section 8.2.1: a schema may be named by its URI.
#[test]
fn references_by_id_are_resolved() {
    let schemas = json!({
        "node": { "$id": "https://example.com/schemas/node", "type": "object", "properties": {
            "by_name": { "$ref": "leaf" },
            "by_pointer": { "$ref": "leaf#/$defs/size" },
            "by_anchor": { "$ref": "/schemas/leaf#color" },
        }},
        "leaf": { "$id": "https://example.com/schemas/leaf#", "type": "boolean", "$defs": {
            "size": { "type": "integer" },
            "color": { "$anchor": "color", "type": "string" },
        }},
        "unrelated": { "$anchor": "color", "type": "array" },
    });
    let document = build_document_with_schemas(json!({ "$ref": "https://example.com/schemas/node" }), schemas);
    let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    for field in [
        "pub by_name: ::std::option::Option<bool>,",
        "pub by_pointer: ::std::option::Option<i64>,",
        "pub by_anchor: ::std::option::Option<::std::string::String>,",
    ] {
        assert!(code.contains(field), "{field}: {code}");
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
            r#"optional(additional_properties("additional_properties",Plain)),others(additional_properties2("/additional_properties_"),Plain)"#
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
        (json!({ "exclusiveMaximum": 18_446_744_073_709_551_616_f64 }), "i128"),
    ] {
        assert_eq!(integer(bounds), (expected.to_owned(), String::new()));
    }
    // The smaller one is 2 to the power of 64.
    for maximum in [18_446_744_073_709_551_616.0, 1e30] {
        let (_, warnings) = integer(json!({ "minimum": 0, "maximum": maximum }));
        assert!(warnings.starts_with("`maximum` allows integers beyond 64 bits"), "{warnings}");
    }
    let below: Value = serde_json::from_str("-9223372036854775809").unwrap();
    let (_, warnings) = integer(json!({ "minimum": below, "maximum": 1 }));
    assert!(warnings.starts_with("`minimum` allows integers beyond 64 bits"), "{warnings}");
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
fn members_of_all_of_may_extend_the_same_schema() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    for members in [["middle", "base"], ["base", "middle"], ["middle", "other"]] {
        let mut document = build_document_with_body(reference("thing"));
        document["components"]["schemas"] = json!({
            "base": { "type": "object", "properties": { "id": { "type": "string" } } },
            "middle": { "allOf": [reference("base")], "properties": { "note": { "type": "string" } } },
            "other": { "allOf": [reference("base")] },
            "thing": { "allOf": members.map(reference) },
        });
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        assert_eq!(prepared.warnings().to_string(), "");
        let properties = prepared.lowered()["components"]["schemas"]["Thing"]["properties"].as_object().unwrap();
        assert_eq!(properties.keys().collect::<Vec<_>>(), ["id", "note"]);
    }
}

#[test]
fn an_open_code_block_ends_with_its_description() {
    let operation = json!({ "description": "```\nlet a;", "summary": " ", "responses": {} });
    let prepared = prepare_document(build_document_with_operation(operation), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client);
    assert!(code.contains("```text\n    /// let a;\n    /// ```\n"), "{code}");
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
        "requestBody": { "description": "none", "content": {} },
        "responses": { "20x": { "description": "" }, "5xx": { "description": "" }, "777": {}, "x-y": {} },
    }));
    assert_eq!(operation.get("requestBody"), None);
    assert_eq!(operation["responses"].as_object().unwrap().keys().collect::<Vec<_>>(), ["2XX", "5XX"]);
    assert!(warnings.contains("`777` is not a status code: ") && warnings.contains("/responses/777"), "{warnings}");
}

/// Multiple types become one of them only if it can represent the values of the others.
#[test]
fn multiple_types_in_a_response_lose_no_value() {
    let of = |types: Value| json!({ "type": types });
    let object = |name: &str| json!({ "type": "object", "properties": { name: {} } });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let read = |schema: Value| {
        let content = json!({ "application/json": { "schema": schema } });
        let (operation, warnings) = lower_operation(json!({ "responses": { "200": { "content": content } } }));
        (operation["responses"]["200"]["content"]["application/json"]["schema"].clone(), warnings)
    };
    let property = |schema: Value| {
        let content = json!({ "application/json": { "schema": { "type": "object", "properties": { "a": schema } } } });
        let prepared = prepare_document(
            build_document_with_operation(json!({ "responses": { "200": { "content": content } } })),
            build_empty_lock(),
        );
        let prepared = prepared.unwrap();
        let schemas = prepared.lowered()["components"]["schemas"].as_object().unwrap();
        (schemas.values().next().unwrap()["properties"]["a"].clone(), prepared.warnings().to_string())
    };
    let (text, warnings) = property(of(json!(["string", "integer", "null"])));
    assert_eq!((text, warnings.as_str()), (json!({ "type": "string" }), ""));
    let one_or_more = [
        of(json!(["array", "object"])),
        json!({ "type": ["array", "object", "null"], "items": object("a") }),
        json!({ "type": ["array", "object"], "items": { "allOf": [object("a"), object("b")] } }),
        json!({ "oneOf": [object("a"), list(object("a"))] }),
        json!({ "anyOf": [list(json!({})), { "type": "object" }] }),
        json!({ "anyOf": [list(json!({ "type": ["object", "null"] })), { "type": "object" }] }),
    ];
    for schema in one_or_more {
        let (list, warnings) = property(schema);
        assert_eq!((&list["type"], &list["x-one-or-more"], warnings.as_str()), (&json!("array"), &json!(true), ""));
    }
    assert_eq!(property(of(json!("array"))).0.get("x-one-or-more"), None);
    // If the item were a string, a list or an `a`, an object would be lost.
    for schema in [
        json!({ "type": ["array", "object"], "items": { "type": "string" } }),
        json!({ "type": ["array", "object"], "items": { "type": ["string", "null"] } }),
        json!({ "type": ["array", "object"], "items": list(json!({})) }),
        json!({ "oneOf": [object("a"), list(object("b"))] }),
        json!({ "oneOf": [list(object("a")), list(object("b"))] }),
    ] {
        let (list, warnings) = property(schema);
        assert_eq!((&list["type"], &list["items"]), (&json!("array"), &json!({})));
        assert!(warnings.contains(" is widened: "), "{warnings}");
    }
    let any = [
        property(of(json!(["string", "object"]))),
        property(of(json!(["array", "string"]))),
        property(of(json!(["integer", "boolean"]))),
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
fn lengths_are_described_in_words() {
    for (schema, expected) in [
        (json!({ "type": "string", "minLength": 1 }), "a string of at least 1 character"),
        (json!({ "type": "string", "minLength": 3, "maxLength": 3 }), "a string of exactly 3 characters"),
    ] {
        let prepared = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap();
        assert!(generate_code(&prepared, Output::Client).contains(&format!("\"{expected}\"")));
    }
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

#[test]
fn a_schema_that_only_infinite_values_match_is_reported() {
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let object = |required: Value, next: Value| json!({ "type": "object", "required": required, "properties": { "next": next } });
    let requires = |next: Value| object(json!(["next"]), next);
    let places = ["/components/schemas/a", "/components/schemas/b", ", and at 1 more"];
    for (a, b, expected) in [
        (requires(of("a")), json!({}), &places[..1]),
        (requires(of("b")), requires(of("a")), &[places[0], places[2]]),
        (requires(json!({ "oneOf": [of("a"), requires(of("b"))] })), requires(of("a")), &[places[0], places[2]]),
        (
            json!({ "type": "object", "allOf": [requires(of("b")), of("tree")] }),
            requires(requires(of("b"))),
            &places[1..2],
        ),
        (requires(of("b")), requires(json!({ "oneOf": [of("a"), { "type": "null" }] })), &[]),
        (requires(of("b")), object(json!([]), of("a")), &[]),
        (requires(json!({ "oneOf": [of("a"), requires(of("b"))] })), json!({ "type": "string" }), &[]),
        (requires(json!({ "type": "array", "items": of("a") })), json!({}), &[]),
        (requires(json!({ "type": "object", "additionalProperties": of("a") })), json!({}), &[]),
        (requires(json!({ "readOnly": true, "allOf": [of("a")] })), json!({}), &[]),
    ] {
        let mut document = build_document_with_body(requires(json!({ "type": "array", "items": of("a") })));
        for (name, schema) in [("a", a), ("b", b)] {
            document["components"]["schemas"][name] = schema;
        }
        let warnings = prepare_document(document, build_empty_lock()).unwrap().warnings().to_string();
        let warning =
            warnings.lines().find(|line| line.contains("makes each value contain another one")).unwrap_or_default();
        let found: Vec<&str> = places.into_iter().filter(|place| warning.contains(place)).collect();
        assert_eq!(found, expected, "{warnings}");
    }
}
