//! Parameters, bodies, responses and servers.

use super::documents::{
    build_document_with_body, build_document_with_operation, build_document_with_schemas, lower_operation,
    prepare_document,
};
use super::{build_empty_lock, generate_code};
use openapi_refinery::Output;
use serde_json::{Value, json};

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

/// Only clients with such forms need the feature `multipart` of reqwest.
#[test]
fn forms_with_files_are_sent_as_multipart() {
    let binary = json!({ "type": "string", "format": "binary" });
    let files = json!({ "type": "array", "items": binary });
    let either = json!({ "anyOf": [binary, files, { "type": "null" }] });
    let properties = json!({ "file": binary, "files": files, "either": either, "meta": { "type": "object" }, "patch": { "type": "object" }, "more": {}, "coded": { "type": "string", "contentEncoding": "base64" } });
    let schema = json!({ "type": "object", "required": ["file"], "properties": properties });
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/form" }));
    document["components"]["schemas"]["form"] = schema;
    let prepared = prepare_document(document.clone(), build_empty_lock()).unwrap();
    assert_eq!(prepared.features(), []);
    assert!(!generate_code(&prepared, Output::Client).contains("multipart"));
    let content = &mut document["paths"]["/things"]["post"]["requestBody"]["content"];
    *content = json!({ "multipart/form-data": {
        "schema": content["application/json"]["schema"],
        "encoding": {
            "meta": { "contentType": "application/json" },
            "patch": { "contentType": "application/merge-patch+json" },
            "files": { "contentType": "image/png, image/gif" },
            "more": { "style": "form", "explode": false },
        },
    }});
    let prepared = prepare_document(document.clone(), build_empty_lock()).unwrap();
    assert_eq!(prepared.features(), [("reqwest", "multipart")]);
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in [
        "pubfile:super::runtime::File,",
        "pubfiles:::std::option::Option<::std::vec::Vec<super::runtime::File>>,",
        "pubeither:::std::option::Option<::std::vec::Vec<super::runtime::File>>,",
        r#"add_files(parts,"file",::std::option::Option::None,self.file);"#,
        r#"add_files(parts,"files",::std::option::Option::Some("image/png,image/gif"),self.files,);"#,
        r#"add_value(parts,"coded",::std::option::Option::Some("application/octet-stream"),&self.coded,);"#,
        // The default of objects.
        r#"add_value(parts,"meta",::std::option::Option::None,&self.meta);"#,
        r#"add_value(parts,"patch",::std::option::Option::Some("application/merge-patch+json"),&self.patch,);"#,
        r#"add_styled(parts,"more",runtime::Style::FORM.explode(false),&self.more,);"#,
        "request.multipart(self.body);",
    ] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
    // In OpenAPI 3.0, encoded text is text.
    document["openapi"] = "3.0.4".into();
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    assert!(code.contains(r#"add_value(parts,"coded",::std::option::Option::None,&self.coded);"#));
}

#[test]
fn documentation_shows_the_path_of_the_document() {
    let operation = json!({ "responses": { "204": { "description": "" } } });
    let mut document = build_document_with_operation(operation.clone());
    document["paths"] = json!({ "/things/{имя}": { "get": operation } });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client);
    assert_eq!(code.matches("Sends a `GET` request to `/things/{имя}`").count(), 2, "{code}");
    assert_eq!(code.matches(" request to `").count(), 2);
}

/// OpenAPI 3.1.1, section 4.8.15.1.1.
#[test]
fn parts_without_a_type_are_files() {
    let list = |item: Value| json!({ "type": "array", "items": item });
    let reference = json!({ "$ref": "#/components/schemas/any" });
    let properties = json!({
        "one": {}, "several": list(json!({})), "shared": reference, "all": list(reference.clone()), "never": false,
        "either": { "oneOf": [{ "$ref": "#/components/schemas/a" }, { "$ref": "#/components/schemas/b" }] },
        "json": {}, "text": {}, "png": { "maxLength": 9 }, "limited": { "minimum": 1 }, "fixed": { "type": "array", "prefixItems": [{}] },
    });
    let encoding = json!({
        "json": { "contentType": "application/json" }, "text": { "contentType": "text/csv" }, "png": { "contentType": "image/png" },
    });
    let tagged =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { (name): { "type": "string" } } });
    let is_file = |version: &str, name: &str| {
        let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/any" }));
        document["openapi"] = version.into();
        document["components"]["schemas"] = json!({ "any": {}, "a": tagged("a"), "b": tagged("b") });
        let schema = json!({ "type": "object", "properties": { (name): properties[name] } });
        let content = json!({ "schema": schema, "encoding": { (name): encoding.get(name).cloned().unwrap_or_else(|| json!({})) } });
        document["paths"]["/things"]["post"]["requestBody"]["content"] = json!({ "multipart/form-data": content });
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        generate_code(&prepared, Output::Client).contains("super::runtime::File")
    };
    for name in ["one", "several", "shared", "all", "png"] {
        assert!(is_file("3.1.0", name), "{name}");
        assert_eq!(is_file("3.0.4", name), name == "png", "{name}");
    }
    for name in ["never", "either", "json", "text", "limited", "fixed"] {
        assert!(!is_file("3.1.0", name), "{name}");
    }
}

/// OpenAPI 3.1.1, section 4.8.15.1.2.
#[test]
fn an_explicit_style_replaces_the_media_type_of_a_field() {
    let string = json!({ "type": "string" });
    let properties = json!({ "one": string, "list": { "type": "array", "items": string }, "file": { "type": "string", "format": "binary" } });
    let encoding = json!({
        "one": { "style": "form", "contentType": "application/json" },
        "list": { "explode": true, "contentType": "application/json" },
        "file": { "style": "form", "contentType": "image/png" },
    });
    let media_type = json!({ "schema": { "type": "object", "properties": properties }, "encoding": encoding });
    for (name, expected) in [
        (
            "multipart/form-data",
            [
                r#"add_styled(parts,"one",runtime::Style::FORM,&self.one);"#,
                r#"add_styled(parts,"list",runtime::Style::FORM,&self.list);"#,
                r#"add_files(parts,"file",::std::option::Option::Some("image/png"),self.file,);"#,
            ],
        ),
        (
            "application/x-www-form-urlencoded",
            [r#"("one",runtime::Style::FORM)"#, r#"("list",runtime::Style::FORM)"#, r#"("file",runtime::Style::FORM)"#],
        ),
    ] {
        let mut document = build_document_with_body(json!({}));
        document["paths"]["/things"]["post"]["requestBody"]["content"] = json!({ (name): media_type });
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
        expected.iter().for_each(|expected| assert!(code.contains(expected), "{expected}: {code}"));
    }
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
fn members_of_an_exploded_map_are_compared_with_other_parameters() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let named = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let both = json!({ "allOf": [named, map] });
    for (style, explode, schema, is_map) in [
        ("form", true, map.clone(), true),
        ("form", true, json!({ "type": "object" }), true),
        ("form", true, json!({}), true),
        ("form", true, json!({ "type": ["object", "null"] }), true),
        ("form", true, json!({ "oneOf": [{ "type": "string" }, both] }), true),
        ("form", true, named, false),
        ("form", true, json!({ "type": "array", "items": map }), false),
        ("form", false, map.clone(), false),
        ("deepObject", true, map, false),
    ] {
        let parameter = json!({ "name": "q", "in": "query", "style": style, "explode": explode, "schema": schema });
        let document = build_document_with_operation(json!({ "parameters": [parameter], "responses": {} }));
        let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
        assert_eq!(code.contains("request.query_map(\"q\""), is_map, "{schema}");
    }
}

#[test]
fn the_article_of_a_method_is_that_of_its_sound() {
    let document = json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": {
        "/things": { "options": { "responses": {} }, "patch": { "responses": {} } },
    }});
    let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    for summary in ["Sends an `OPTIONS` request to `/things`", "Sends a `PATCH` request to `/things`"] {
        assert_eq!(code.matches(summary).count(), 2, "{code}");
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

/// A body of text is sent without validation.
#[test]
fn constraints_on_text_bodies_are_reported() {
    let warnings_of = |schema: Value| {
        let body = json!({ "content": { "text/plain": { "schema": schema } }, "required": true });
        lower_operation(json!({ "requestBody": body, "responses": {} })).1
    };
    for (schema, expected) in [
        (json!({ "type": "string", "enum": ["a"] }), "`enum` is widened: any other value of the type is accepted (at "),
        (
            json!({ "type": "string", "maxLength": 5 }),
            "`maxLength` is widened: strings of any length are accepted (at ",
        ),
    ] {
        let warnings = warnings_of(schema);
        assert!(warnings.starts_with(expected) && warnings.lines().count() == 1, "{warnings}");
    }
    assert_eq!(warnings_of(json!({ "type": "string", "format": "date" })), "");
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

/// Passwords are hidden by all types that contain them, in both directions.
#[test]
fn passwords_are_not_shown_by_debug() {
    let password = json!({ "type": "string", "format": "password" });
    let tree = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Tree" } });
    let schemas = json!({
        "Short": { "type": "string", "format": "password", "maxLength": 8 },
        "Tree": { "anyOf": [{ "type": "integer" }, tree] },
        "Login": {
            "type": "object",
            "properties": {
                "user": { "type": "string" },
                "tree": { "$ref": "#/components/schemas/Tree" },
                "Pass-Word": password,
                "old": { "type": "array", "items": { "$ref": "#/components/schemas/Short" } },
                "either": { "oneOf": [password, { "type": "integer" }, { "type": "null" }] },
                "nested": { "type": "object", "properties": { "inner": password } },
            },
            "additionalProperties": password,
        },
    });
    let mut document = build_document_with_schemas(json!({ "$ref": "#/components/schemas/Login" }), schemas);
    document["paths"]["/things"]["post"]["parameters"] =
        json!([{ "name": "pin", "in": "query", "schema": { "$ref": "#/components/schemas/Short" } }]);
    let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    let code = code.split("pub mod runtime").next().unwrap_or_default().split_whitespace().collect::<String>();
    let hidden = code.split("runtime::debug_without_secrets!(").skip(1).filter_map(|rest| rest.split(");").next());
    let mut hidden: Vec<&str> = hidden.collect();
    hidden.sort_unstable();
    let expected = [
        "Login,\"Login\",nested,tree,user",
        "Login,\"Login\",nested,tree,user,violations",
        "LoginEither,\"LoginEither\"",
        "LoginNested,\"LoginNested\"",
        "LoginNested,\"LoginNested\",violations",
        "LoginNestedResponse,\"LoginNestedResponse\"",
        "LoginResponse,\"LoginResponse\",nested,tree,user",
        "MakeThing<'_>,\"MakeThing\",client,body",
        "Short,\"Short\"",
    ];
    assert_eq!(hidden, expected);
}

/// Also in parameters and unions, whose messages do not depend on the type of the value.
#[test]
fn passwords_that_the_document_lists_are_not_shown_by_errors() {
    let password = json!({ "enum": ["c0ffee"], "format": "password" });
    let either = json!({ "oneOf": [password, { "type": "boolean" }] });
    let object = json!({ "type": "object", "properties": { "fixed": password, "either": either } });
    let mut document = build_document_with_body(object);
    document["paths"]["/things"]["post"]["parameters"] = json!([{ "name": "pin", "in": "query", "schema": password }]);
    let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    assert!(!code.contains("one of c0ffee"), "{code}");
    assert_eq!(code.matches("one of the values in the OpenAPI document").count(), 5, "{code}");
}

/// A body that is a password, or a list or map of them, may have no type of its own that hides it.
#[test]
fn bodies_that_are_passwords_are_not_shown_by_debug() {
    let password = json!({ "type": "string", "format": "password" });
    let list = json!({ "type": "array", "items": password });
    let map = json!({ "type": "object", "patternProperties": { "^x": password } });
    let conditional = json!({ "if": { "minLength": 8 }, "then": password });
    let text = json!({ "type": "string", "not": password });
    for (schema, expected) in [(password, true), (list, true), (map, true), (conditional, true), (text, false)] {
        let document = build_document_with_schemas(schema, json!({}));
        let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
        let code = code.split("pub mod runtime").next().unwrap_or_default().split_whitespace().collect::<String>();
        let hidden = code.contains("debug_without_secrets!(MakeThing<'_>,\"MakeThing\",client);");
        assert_eq!(hidden, expected, "{code}");
    }
}

/// Text is read with `ErrorBody::into_body_as`.
#[test]
fn the_type_of_errors_is_that_of_json_bodies_if_others_are_text() {
    let body = |media_type: &str, schema: Value| json!({ "content": { (media_type): { "schema": schema } } });
    let text = |maximum: u8| body("text/plain", json!({ "type": "string", "maxLength": maximum }));
    let list = body("application/json", json!({ "type": "array", "items": { "type": "integer" } }));
    let secret = body("text/plain", json!({ "type": "string", "format": "password" }));
    for (responses, expected) in [
        (json!({ "400": list, "404": text(9), "429": text(8), "5XX": list }), "::std::vec::Vec<i64>"),
        (json!({ "404": text(9), "429": text(8) }), "::std::string::String"),
        (json!({ "404": text(9), "429": secret }), "runtime::Secret<::std::string::String>"),
    ] {
        let document = build_document_with_operation(json!({ "responses": responses }));
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        let warnings = prepared.warnings().to_string();
        assert!(!warnings.contains("any JSON value"), "{warnings}");
        let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
        assert!(code.contains(&format!("Error<{expected}>")), "{expected} {code}");
    }
}

/// Only `Debug` of a generated type hides its passwords.
#[test]
fn responses_that_are_passwords_are_not_shown_by_debug() {
    let password = json!({ "type": "string", "format": "password" });
    let object = json!({ "type": "object", "properties": { "p": password } });
    for (schema, success, error) in [
        (json!(password), "::std::string::String", "::std::string::String"),
        (
            json!({ "type": "array", "items": password }),
            "::std::vec::Vec<::std::string::String>",
            "::std::vec::Vec<::std::string::String>",
        ),
        (json!({ "oneOf": [password, { "type": "object" }] }), "::serde_json::Value", "::serde_json::Value"),
        (json!({ "oneOf": [object, { "type": "array" }] }), "::serde_json::Value", "::serde_json::Value"),
    ] {
        let content = json!({ "application/json": { "schema": schema } });
        let responses = json!({ "200": { "content": content }, "400": { "content": content } });
        let document = build_document_with_operation(json!({ "responses": responses }));
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
        let expected = format!("Result<ResponseValue<runtime::Secret<{success}>>,Error<runtime::Secret<{error}>>");
        assert!(code.contains(&expected), "{expected} {code}");
        let mock = generate_code(&prepared, Output::Mock).split_whitespace().collect::<String>();
        assert!(mock.contains(&format!("value:&{success}")), "{mock}");
        assert!(!(code + &mock).contains("ManuallyDrop"));
    }
}

#[test]
fn passwords_in_json_values_are_not_shown_by_debug() {
    let secret = json!({ "type": "object", "properties": { "p": { "type": "string", "format": "password" } } });
    let union = json!({ "oneOf": [secret, { "type": "object", "properties": { "q": {} } }] });
    let list = json!({ "type": "array", "items": union });
    let object = json!({ "type": "object", "properties": { "a": union, "b": list, "c": secret, "d": {} } });
    let body = json!({ "content": { "application/json": { "schema": object } } });
    let document = build_document_with_operation(json!({ "responses": { "200": body } }));
    let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    let shown = "debug_without_secrets!(PostThingsIdResponse,\"PostThingsIdResponse\",c,d)";
    assert!(code.split_whitespace().collect::<String>().contains(shown), "{code}");
}

#[test]
fn passwords_in_bodies_that_differ_are_not_shown_by_debug() {
    let body = |p: Value| {
        let schema = json!({ "type": "object", "properties": { "p": p, "q": {} } });
        json!({ "content": { "application/json": { "schema": schema } } })
    };
    let password = json!({ "type": "string", "format": "password" });
    for secret in [json!({ "type": "object", "properties": { "a": password } }), password] {
        let responses =
            json!({ "200": body(secret), "201": body(json!({ "type": "string" })), "202": body(json!({})) });
        let document = build_document_with_operation(json!({ "responses": responses }));
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        assert!(!prepared.warnings().to_string().contains("format"), "{}", prepared.warnings());
        let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
        assert!(code.contains(",\"PostThingsIdResponse\",q"), "{code}");
    }
}

/// A range includes only the statuses that have no response of their own.
#[test]
fn a_status_takes_precedence_over_its_range() {
    let content = json!({ "application/json": { "schema": { "type": "string" } } });
    let responses = json!({
        "2XX": { "description": "other", "content": content },
        "204": { "description": "no content" },
        "200": { "description": "text", "content": content },
    });
    let document = build_document_with_operation(json!({ "operationId": "make", "responses": responses }));
    let code = generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    let arms: Vec<&str> = code.lines().filter(|line| line.contains("=> runtime::body(response)")).collect();
    assert_eq!(arms.len(), 3, "{code}");
    assert!(arms[2].trim().starts_with("200..=299"), "{arms:?}");
}
