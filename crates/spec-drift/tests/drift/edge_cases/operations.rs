//! Parts of operations: parameters, bodies, webhooks and security.

use super::{build_body, build_document, build_request, classify};
use crate::checkout::Checkout;
use openapi_spec_drift::Verdict::{self, Breaking, Compatible, Docs, None as NoChange};
use openapi_spec_drift::compare;
use serde_json::{Value, json};

/// A label, two operations, and the verdict on the change.
fn list_operation_cases() -> Vec<(&'static str, Value, Value, Verdict)> {
    let parameter = |place: &str, name: &str, more: Value| {
        let mut parameter = json!({ "name": name, "in": place });
        parameter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "parameters": [parameter] })
    };
    let query = |schema: Value| parameter("query", "q", json!({ "schema": schema }));
    let array_of = |kind: &str| json!({ "type": "array", "items": { "type": kind } });
    let with_callback = |schema: &Value| json!({ "callbacks": { "done": { "{$url}": { "post": { "requestBody": build_body(schema) } } } } });
    let headers =
        |name: &str| json!({ "responses": { "200": { "description": "", "headers": { name: { "schema": {} } } } } });
    let media_types = |names: &[&str]| {
        let content: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        json!({ "requestBody": { "content": content } })
    };
    let written_as_json = |length: u8| {
        parameter("query", "q", json!({ "content": { "application/json": { "schema": { "maxLength": length } } } }))
    };
    let (string, nullable) = (json!({ "type": "string" }), json!({ "type": ["string", "null"] }));
    vec![
        (
            "a string, then an array of strings with the same default",
            query(json!({ "type": "string", "default": "a", "description": "A letter." })),
            query(
                json!({ "type": "array", "items": { "type": "string" }, "default": ["a"], "description": "A letter." }),
            ),
            Compatible,
        ),
        (
            "a string, then an array of strings with another default",
            query(json!({ "type": "string", "default": "a" })),
            query(json!({ "type": "array", "items": { "type": "string" }, "default": ["a", "b"] })),
            Breaking,
        ),
        (
            "another default of a number beside any text",
            query(json!({ "anyOf": [{ "type": "integer", "default": 1 }, string] })),
            query(json!({ "anyOf": [{ "type": "integer", "default": 2 }, string] })),
            Breaking,
        ),
        (
            "a default of a number beside any text",
            query(json!({ "anyOf": [{ "type": "integer" }, string] })),
            query(json!({ "anyOf": [{ "type": "integer", "default": 2 }, string] })),
            Breaking,
        ),
        (
            "a default of one of several values",
            query(json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "boolean" }] })),
            query(json!({ "anyOf": [{ "type": "integer", "minimum": 1, "default": 2 }, { "type": "boolean" }] })),
            Breaking,
        ),
        (
            "a deprecated number beside any text",
            query(json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, string] })),
            query(json!({ "anyOf": [{ "type": "integer", "minimum": 1, "deprecated": true }, string] })),
            Compatible,
        ),
        ("a string, then an array of strings", query(string.clone()), query(array_of("string")), Compatible),
        ("a string, then an array of integers", query(string.clone()), query(array_of("integer")), Breaking),
        (
            "a boolean, then its texts",
            query(json!({ "type": "boolean", "default": true })),
            query(json!({ "enum": ["false", "true"], "default": "true" })),
            NoChange,
        ),
        (
            "texts, then a boolean",
            query(json!({ "type": "string", "enum": ["false", "true", "auto"] })),
            query(json!({ "type": "boolean" })),
            Breaking,
        ),
        (
            "listed numbers, then more as texts",
            query(json!({ "type": "integer", "enum": [1, 2] })),
            query(json!({ "type": "string", "enum": ["1", "2", "3"] })),
            Compatible,
        ),
        (
            "a boolean, then its texts, one of which is rejected",
            query(json!({ "type": "boolean" })),
            query(json!({ "type": "string", "enum": ["false", "true"], "not": { "const": "true" } })),
            Breaking,
        ),
        (
            "texts, then numbers, some of which are rejected",
            query(json!({ "type": "string", "enum": ["1", "2"] })),
            query(json!({ "type": "integer", "enum": [1, 2], "multipleOf": 2 })),
            Breaking,
        ),
        (
            "a boolean or an array, then the texts of booleans",
            query(json!({ "type": ["boolean", "array"] })),
            query(json!({ "type": "string", "enum": ["false", "true"] })),
            Breaking,
        ),
        (
            "numbers, then strings, one of which is rejected",
            query(json!({ "type": "integer", "not": { "enum": ["12"] } })),
            query(json!({ "type": "string", "not": { "enum": ["12"] } })),
            Breaking,
        ),
        (
            "numbers, then strings that a member of `allOf` restricts",
            query(json!({ "type": "integer" })),
            query(json!({ "allOf": [{ "type": "string" }, { "type": ["integer", "string"], "minLength": 3 }] })),
            Breaking,
        ),
        (
            "numbers, then encoded bytes",
            query(json!({ "type": "integer" })),
            query(json!({ "type": "string", "contentEncoding": "base64" })),
            Breaking,
        ),
        (
            "numbers and strings, then strings, one of which is rejected",
            query(json!({ "type": ["integer", "string"], "not": { "enum": ["12"] } })),
            query(json!({ "type": "string", "not": { "enum": ["12"] } })),
            Breaking,
        ),
        (
            "a string, then a number, from an `enum` that also has the string",
            query(json!({ "enum": ["a", "true"], "maxLength": 1, "type": ["integer", "string"] })),
            query(json!({ "allOf": [{ "type": "integer" }, { "enum": ["a", 12], "type": ["integer", "string"] }] })),
            Breaking,
        ),
        (
            "reserved characters in a header",
            parameter("header", "X-A", json!({ "schema": string })),
            parameter("header", "X-A", json!({ "schema": string, "allowReserved": true })),
            NoChange,
        ),
        (
            "reserved characters in a number",
            query(json!({ "type": "integer" })),
            parameter("query", "q", json!({ "schema": { "type": "integer" }, "allowReserved": true })),
            NoChange,
        ),
        (
            "reserved characters in numbers or strings",
            query(json!({ "type": ["integer", "string"] })),
            parameter("query", "q", json!({ "schema": { "type": ["integer", "string"] }, "allowReserved": true })),
            Breaking,
        ),
        (
            "a default that cannot be written",
            query(json!({ "type": ["integer", "null"] })),
            query(json!({ "type": ["integer", "null"], "default": null })),
            NoChange,
        ),
        (
            "a default, then one that cannot be written",
            query(json!({ "type": ["integer", "null"], "default": 3 })),
            query(json!({ "type": ["integer", "null"], "default": null })),
            Breaking,
        ),
        (
            "a default that is the text `null`",
            query(string.clone()),
            query(json!({ "type": "string", "default": "null" })),
            Breaking,
        ),
        ("a parameter written as JSON", written_as_json(5), written_as_json(3), Breaking),
        ("a widened callback body", with_callback(&string), with_callback(&nullable), Breaking),
        ("a narrowed callback body", with_callback(&nullable), with_callback(&string), Compatible),
        (
            "a header that security defines",
            json!({}),
            parameter("header", "Authorization", json!({ "required": true })),
            NoChange,
        ),
        ("a header in another case", headers("X-Total"), headers("x-total"), NoChange),
        (
            "a media type with whitespace before its parameter",
            media_types(&["text/plain; charset=utf-8"]),
            media_types(&["text/plain;charset=utf-8"]),
            NoChange,
        ),
        (
            "a media type with a parameter removed beside the same type without",
            media_types(&["application/json", "application/json;v=2"]),
            media_types(&["application/json"]),
            Breaking,
        ),
        (
            "another parameter of a media type beside the same type without",
            media_types(&["application/json", "application/json;v=2"]),
            media_types(&["application/json", "application/json;v=3"]),
            Breaking,
        ),
        (
            "a media type with a parameter that the type without replaces",
            media_types(&["application/json;v=2"]),
            media_types(&["application/json"]),
            Compatible,
        ),
        (
            "a boundary removed beside the same media type without",
            media_types(&["multipart/mixed", "multipart/mixed; boundary=abc"]),
            media_types(&["multipart/mixed"]),
            NoChange,
        ),
        (
            "a charset removed beside the same media type without",
            media_types(&["text/csv", "text/csv; charset=utf-8"]),
            media_types(&["text/csv"]),
            NoChange,
        ),
        ("an added optional body", json!({}), json!({ "requestBody": build_body(&string) }), Compatible),
        (
            "an added required body",
            json!({}),
            json!({ "requestBody": { "required": true, "content": { "application/json": {} } } }),
            Breaking,
        ),
    ]
}

#[test]
fn parts_of_operations_are_classified() {
    for (case, old, new, expected) in list_operation_cases() {
        assert_eq!(classify(&build_document(&old), &build_document(&new)), expected, "{case}");
    }
}

/// A client that asks for the removed type may get 406, although the type that remains includes it.
#[test]
fn a_response_no_longer_offered_with_a_parameter_is_reported_once() {
    let kind = |kind: &str| json!({ "schema": { "type": "object", "properties": { "a": { "type": kind } } } });
    for kind_of_specialized in ["string", "integer"] {
        let content = json!({ "application/json": kind("string"), "application/json;v=2": kind(kind_of_specialized) });
        let [old, new] = [content, json!({ "application/json": kind("string") })].map(|content| {
            build_document(&json!({ "responses": { "200": { "description": "", "content": content } } }))
        });
        let found: Vec<_> = compare(&old, &new).unwrap().into_iter().map(|it| (it.rule, it.wire)).collect();
        assert_eq!(found, [("media-type-removed".to_owned(), Breaking)]);
    }
}

/// `;id=5` contains the name, `/5` and the exploded object `;a=1;b=2` do not.
#[test]
fn names_of_matrix_parameters_are_in_the_url() {
    let with = |name: &str, more: &Value| {
        let mut parameter = json!({ "name": name, "in": "path", "required": true });
        parameter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut document = build_document(&json!({}));
        document["paths"] =
            json!({ format!("/things/{{{name}}}"): { "get": { "parameters": [parameter], "responses": {} } } });
        document
    };
    for (more, expected) in [
        (json!({ "schema": { "type": "string" } }), NoChange),
        (json!({ "schema": { "type": "string" }, "style": "label" }), NoChange),
        (json!({ "schema": { "type": "string" }, "style": "matrix" }), Breaking),
        (json!({ "schema": { "type": "object" }, "style": "matrix" }), Breaking),
        (json!({ "schema": { "type": "object" }, "style": "matrix", "explode": true }), NoChange),
        (json!({ "schema": { "type": ["object", "array"] }, "style": "matrix", "explode": true }), Breaking),
    ] {
        assert_eq!(classify(&with("id", &more), &with("key", &more)), expected, "{more}");
    }
}

/// The default depends on the type of the property, which a reference or `allOf` may declare.
#[test]
fn encodings_are_compared_by_their_effect() {
    let with = |media_type: &str, schema: &Value, encoding: &Value| {
        let content =
            json!({ media_type: { "schema": { "$ref": "#/components/schemas/Form" }, "encoding": encoding } });
        let mut document = build_document(&json!({ "requestBody": { "content": content }, "responses": {} }));
        let form = json!({ "type": "object", "properties": { "a": { "allOf": [schema, { "title": "A" }] } } });
        document["components"]["schemas"]["Form"] = form;
        document
    };
    let form = "application/x-www-form-urlencoded";
    let [string, number, list, object] = ["string", "number", "array", "object"].map(|kind| json!({ "type": kind }));
    let header = json!({ "headers": { "X-A": { "required": true, "schema": string } } });
    for (media_type, schema, encoding, expected) in [
        (form, &list, json!({ "explode": true }), NoChange),
        (form, &list, json!({ "explode": false }), Breaking),
        (form, &string, json!({ "explode": false }), NoChange),
        (form, &string, json!({ "style": "form" }), NoChange),
        (form, &object, json!({ "style": "form" }), Breaking),
        (form, &string, json!({ "allowReserved": true }), Breaking),
        (form, &number, json!({ "allowReserved": true }), NoChange),
        (form, &string, header.clone(), Docs),
        ("multipart/form-data", &string, header, Breaking),
    ] {
        let [without, with] = [json!({}), encoding].map(|encoding| with(media_type, schema, &json!({ "a": encoding })));
        assert_eq!(classify(&without, &with), expected, "{schema} {with:#}");
    }
}

/// Any schema for the same form may describe a property: an alternative, a child of the discriminator, or none.
#[test]
fn encodings_of_properties_of_other_schemas_are_compared() {
    let part = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let child = json!({ "allOf": [{ "$ref": "#/components/schemas/Form" }, part] });
    let forms = [
        json!({ "oneOf": [part, { "type": "object", "properties": { "b": { "type": "string" } } }] }),
        json!({ "type": "object", "if": { "required": ["b"] }, "then": part }),
        json!({ "type": "object", "discriminator": { "propertyName": "k", "mapping": { "c": "Child" } } }),
        json!({ "type": "object", "required": ["a"] }),
        json!({ "type": "object", "propertyNames": { "enum": ["a", "b"] } }),
        json!({ "type": "object", "unevaluatedProperties": { "type": "string" } }),
    ];
    for form in forms {
        let with = |media_type: &str| {
            let encoding = json!({ "a": { "contentType": media_type } });
            let body = json!({ "schema": { "$ref": "#/components/schemas/Form" }, "encoding": encoding });
            let content = json!({ "multipart/form-data": body });
            let mut document = build_document(&json!({ "requestBody": { "content": content }, "responses": {} }));
            document["components"]["schemas"] = json!({ "Form": form, "Child": child });
            document
        };
        assert_eq!(classify(&with("text/csv"), &with("image/png")), Breaking, "{form}");
    }
    // Each alternative has a default media type of its own.
    let alternative =
        |kind: &str| json!({ "type": "object", "required": [kind], "properties": { "a": { "type": kind } } });
    let with = |encoding: Value| {
        let form = json!({ "oneOf": [alternative("string"), alternative("object")] });
        let content = json!({ "multipart/form-data": { "schema": form, "encoding": encoding } });
        build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
    };
    let text = with(json!({ "a": { "contentType": "text/plain" } }));
    assert_eq!(classify(&text, &with(json!({}))), Breaking);
    // No such part is sent.
    for form in [
        json!({ "type": "object", "properties": { "b": { "type": "string" } } }),
        json!({ "type": "object", "required": ["a"], "additionalProperties": false }),
        json!({ "type": "object", "properties": { "a": { "type": "string", "readOnly": true } } }),
    ] {
        let with = |media_type: &str| {
            let encoding = json!({ "a": { "contentType": media_type } });
            let content = json!({ "multipart/form-data": { "schema": form, "encoding": encoding } });
            build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
        };
        assert_eq!(classify(&with("text/csv"), &with("image/png")), NoChange, "{form}");
    }
}

/// A response of these statuses cannot have the content that `default` describes (RFC 9110, section 15).
#[test]
fn a_status_without_content_beside_default_is_documentation() {
    let content = json!({ "application/json": { "schema": { "type": "object" } } });
    let with = |statuses: Value| {
        let mut responses = json!({
            "default": { "description": "a thing, or a problem", "content": content },
        });
        responses.as_object_mut().unwrap().extend(statuses.as_object().unwrap().clone());
        build_document(&json!({ "responses": responses }))
    };
    let headers = json!({ "E-Tag": { "required": true, "schema": { "type": "string" } } });
    for (status, expected) in [("100", Docs), ("304", Docs), ("204", Breaking), ("404", Breaking)] {
        let new = with(json!({ status: { "description": "none" } }));
        assert_eq!(classify(&with(json!({})), &new), expected, "{status}");
    }
    let new = with(json!({ "304": { "description": "none", "headers": headers } }));
    assert_eq!(classify(&with(json!({})), &new), Compatible, "headers are compared");
}

#[test]
fn renamed_parameter_components_are_reported_once() {
    let with = |name: &str| {
        let reference = json!({ "$ref": "#/components/parameters/q" });
        let operation = json!({ "parameters": [reference], "responses": {} });
        let mut document = build_document(&operation);
        document["paths"]["/shelves"] = json!({ "get": operation });
        document["components"]["parameters"] =
            json!({ "q": { "name": name, "in": "query", "schema": { "type": "string" } } });
        document
    };
    let mut without = with("q");
    without["paths"]["/things"]["post"]["parameters"] = json!([]);
    let found = |old: &Value, new: &Value| {
        let changes = compare(old, new).unwrap().into_iter();
        changes.map(|it| (it.rule, it.pointer, it.operations.join(", "))).collect::<Vec<_>>()
    };
    let at_component =
        |rule: &str| (rule.to_owned(), "/components/parameters/q".to_owned(), "GET /shelves, POST /things".to_owned());
    assert_eq!(found(&with("q"), &with("r")), [at_component("parameter-added"), at_component("parameter-removed")]);
    let at_reference =
        ("parameter-removed".to_owned(), "/paths/~1things/post/parameters/0".to_owned(), "POST /things".to_owned());
    assert_eq!(found(&with("q"), &without), [at_reference]);
}

#[test]
fn changes_of_a_security_scheme_list_the_operations_that_require_it() {
    let with = |url: &str| {
        let mut document = build_document(&json!({ "security": [{ "a/b": ["read"] }], "responses": {} }));
        document["paths"]["/shelves"] = json!({ "get": { "responses": {} } });
        let flow = json!({ "tokenUrl": "https://a.example", "refreshUrl": url, "scopes": { "read": "" } });
        document["components"]["securitySchemes"] =
            json!({ "a/b": { "type": "oauth2", "flows": { "clientCredentials": flow } } });
        document
    };
    let mut without = with("");
    without["components"]["securitySchemes"]["a/b"]["flows"]["clientCredentials"]
        .as_object_mut()
        .unwrap()
        .remove("refreshUrl");
    assert_eq!(classify(&with("https://a.example"), &without), NoChange, "the token URL is that for a refresh");
    let changes = compare(&with("https://b.example"), &with("https://c.example")).unwrap();
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(
        (change.rule.as_str(), &change.operations[..]),
        ("refresh-url-changed", &["POST /things".to_owned()][..])
    );
}

/// A scheme of another type is one change, at the scheme, whatever flows and scopes it had.
#[test]
fn another_type_of_a_security_scheme_is_reported_once() {
    let with = |scheme: &Value, other: &Value| {
        let mut document = build_document(&json!({ "security": [{ "b": ["read"], "a": [] }], "responses": {} }));
        document["paths"]["/shelves"] = json!({ "get": { "security": [{ "b": [] }], "responses": {} } });
        document["components"]["securitySchemes"] = json!({ "a": other, "b": scheme });
        document
    };
    let flow = json!({ "tokenUrl": "https://a.example", "scopes": { "read": "" } });
    let oauth = json!({ "type": "oauth2", "flows": { "clientCredentials": flow, "password": flow } });
    let discovered = json!({ "type": "openIdConnect", "openIdConnectUrl": "https://a.example" });
    let [basic, bearer, digest] =
        ["basic", "bearer", "digest"].map(|scheme| json!({ "type": "http", "scheme": scheme }));
    let key = json!({ "type": "apiKey", "in": "header", "name": "x" });
    let found = |[old, new]: [&Value; 2]| {
        let changes = compare(old, new).unwrap().into_iter();
        changes.map(|it| (it.pointer, it.operations.join(", "), it.message)).collect::<Vec<_>>()
    };
    let expect = |what: &str| {
        let at = "/components/securitySchemes/b".to_owned();
        let message = format!("`b` was {what}: existing requests may be rejected");
        vec![(at, "GET /shelves, POST /things".to_owned(), message)]
    };
    for (scheme, what) in [(&discovered, "OpenID Connect"), (&bearer, "HTTP bearer")] {
        let [one, other] = [&oauth, scheme].map(|scheme| with(scheme, &key));
        assert_eq!(found([&one, &other]), expect(&format!("OAuth 2 and is {what}")));
        assert_eq!(found([&other, &one]), expect(&format!("{what} and is OAuth 2")));
    }
    // Other types of schemes have no scopes.
    let mut without_scopes = with(&bearer, &key);
    without_scopes["paths"]["/things"]["post"]["security"] = json!([{ "b": [], "a": [] }]);
    assert_eq!(found([&with(&oauth, &key), &without_scopes]), expect("OAuth 2 and is HTTP bearer"));
    // Two schemes that are required together may both change.
    let both = found([&with(&basic, &bearer), &with(&digest, &key)]);
    let what = "`b` was HTTP basic and is HTTP digest; `a` was HTTP bearer and is API key in header `x`";
    assert!(both.iter().any(|(.., message)| message.starts_with(what)), "{both:#?}");
    // One of them may become what the other was.
    let single = json!({ "type": "oauth2", "flows": { "clientCredentials": flow } });
    let both = found([&with(&bearer, &oauth), &with(&single, &discovered)]);
    assert_eq!(both.iter().filter(|(_, operations, _)| operations.contains("POST /things")).count(), 1, "{both:#?}");
}

/// A change of the overridden definitions has no effect.
#[test]
fn operation_parameters_and_servers_override_those_of_the_path() {
    let with = |length: u8, url: &str| {
        let parameter = |length: u8| json!([{ "name": "q", "in": "query", "schema": { "maxLength": length } }]);
        let mut document =
            build_document(&json!({ "parameters": parameter(10), "servers": [{ "url": "https://own.example" }] }));
        document["paths"]["/things"]["parameters"] = parameter(length);
        document["paths"]["/things"]["servers"] = json!([{ "url": url }]);
        document
    };
    assert_eq!(classify(&with(5, "https://a.example"), &with(3, "https://b.example")), NoChange);
}

#[test]
fn versions_without_a_patch_number_may_be_yaml_numbers() {
    let number = |document: Value| {
        let mut document = document;
        document["openapi"] = json!(3.1);
        document
    };
    let schema = |max_length: u8| build_request(&json!({ "type": "string", "maxLength": max_length }));
    assert_eq!(classify(&schema(5), &number(schema(5))), NoChange);
    assert_eq!(classify(&number(schema(5)), &number(schema(3))), Breaking);
}

/// A webhook is sent by the API and read by the client.
#[test]
fn webhook_bodies_are_compared_like_responses() {
    let with = |schema: &Value| {
        let mut document = build_document(&json!({}));
        document["webhooks"] = json!({ "moved": { "post": { "requestBody": build_body(schema) } } });
        document
    };
    let [string, nullable] = [json!({ "type": "string" }), json!({ "type": ["string", "null"] })];
    assert_eq!(classify(&with(&string), &with(&nullable)), Breaking);
    assert_eq!(classify(&with(&nullable), &with(&string)), Compatible);
}

/// Header names are case-insensitive; names of query parameters are not.
#[test]
fn security_schemes_are_compared_by_what_is_sent() {
    let with = |scheme: Value| {
        let mut document = build_document(&json!({ "security": [{ "key": [] }] }));
        document["components"]["securitySchemes"] = json!({ "key": scheme });
        document
    };
    let key = |place: &str, name: &str| with(json!({ "type": "apiKey", "in": place, "name": name }));
    assert_eq!(classify(&key("header", "X-Key"), &key("header", "x-key")), NoChange);
    assert_eq!(classify(&key("query", "Key"), &key("query", "key")), Breaking);
    let flow = |url: &str| {
        let flow = json!({ "tokenUrl": url, "scopes": {} });
        with(json!({ "type": "oauth2", "flows": { "clientCredentials": flow } }))
    };
    assert_eq!(classify(&flow("https://a.example/token"), &flow("https://b.example/token")), Breaking);
    assert_eq!(classify(&flow("https://a.example/token"), &flow("https://A.example:443/token")), NoChange);
}

#[test]
fn lists_that_contain_themselves_have_media_types() {
    let with = |encoding: Value| {
        let form = json!({ "type": "object", "properties": { "tree": { "$ref": "#/components/schemas/Tree" } } });
        let content = json!({ "multipart/form-data": { "schema": form, "encoding": { "tree": encoding } } });
        let mut document = build_document(&json!({ "requestBody": { "content": content }, "responses": {} }));
        document["components"]["schemas"]["Tree"] =
            json!({ "type": "array", "items": { "$ref": "#/components/schemas/Tree" } });
        document
    };
    assert_eq!(classify(&with(json!({})), &with(json!({ "contentType": "text/plain" }))), Compatible);
    assert_eq!(classify(&with(json!({ "contentType": "text/plain" })), &with(json!({}))), Breaking);
}

/// The time grows with the square of the number of media types, servers and requirements at most.
#[test]
fn long_lists_are_compared_in_reasonable_time() {
    let content = |from: usize| {
        let content: serde_json::Map<String, Value> =
            (from..from + 500).map(|number| (format!("text/a{number}"), json!({}))).collect();
        build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
    };
    assert_eq!(compare(&content(0), &content(500)).unwrap().len(), 1_000);
    let security = |from: usize| {
        let names = (from..from + 500).map(|number| format!("s{number}"));
        let scheme = |name: String| (name.clone(), json!({ "type": "apiKey", "in": "header", "name": name }));
        let mut document = build_document(&json!({}));
        document["security"] = names.clone().map(|name| json!({ name: [] })).collect();
        document["components"]["securitySchemes"] = Value::Object(names.map(scheme).collect());
        document
    };
    assert_eq!(compare(&security(0), &security(500)).unwrap().len(), 501);
}

#[test]
fn the_content_of_a_yaml_alias_has_the_line_of_the_anchor() {
    let checkout = Checkout::new("alias");
    let [old, new] = ["string", "integer"].map(|kind| {
        let document = build_document(&json!({ "parameters": [], "responses": {} })).to_string();
        let parameters = format!(
            "[\n{{name: a, in: query, schema: &kind {{type: {kind}}}}},\n{{name: b, in: query, schema: *kind}}]"
        );
        checkout.write(
            &format!("{kind}.yaml"),
            document.replace(r#""parameters":[]"#, &format!(r#""parameters": {parameters}"#)),
        )
    });
    let run = checkout.run(&["check", "--no-regenerate", "--vendored", &old, "--upstream", &new, "--format", "json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    let lines: Vec<_> = report["changes"].as_array().unwrap().iter().map(|change| &change["line"]).collect();
    assert_eq!(lines, [2], "{report:#}");
}

/// A value with an anchor is changed once, however many aliases use it.
#[test]
fn changes_of_a_yaml_anchor_list_all_affected_operations() {
    let document = |kind: &str| {
        format!(
            r#"
openapi: 3.1.0
info: {{ title: t, version: '1' }}
paths:
  /books:
    get:
      parameters: [{{ name: limit, in: query, schema: &limit {{ type: {kind} }} }}]
      responses: &done {{ '200': {{ description: done }} }}
    put:
      parameters:
        - {{ name: limit, in: query, schema: *limit }}
        - {{ name: start, in: query, schema: {{ <<: *limit, minimum: 1 }} }}
      responses: *done
"#
        )
    };
    let checkout = Checkout::new("anchor");
    let [old, new] = ["integer", "boolean"].map(|kind| checkout.write(&format!("{kind}.yaml"), document(kind)));
    let run = checkout.run(&["check", "--no-regenerate", "--vendored", &old, "--upstream", &new, "--format", "json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    let [change] = &report["changes"].as_array().unwrap()[..] else { panic!("{report:#}") };
    let expected = json!(["/paths/~1books/get/parameters/0/schema/type", 7, ["GET /books", "PUT /books"]]);
    assert_eq!(json!([change["pointer"], change["line"], change["operations"]]), expected);
}

/// A change of a component is reported once.
#[test]
fn changes_of_a_component_list_all_affected_operations() {
    let document = |kind: &str| {
        let done = |name: &str| {
            let content =
                json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
            json!({ "responses": { "200": { "description": "done", "content": content } } })
        };
        json!({
            "openapi": "3.1.0", "info": { "title": "t", "version": "1" },
            "paths": {
                "/books": { "get": done("books"), "post": done("book") },
                "/books/{id}": { "get": done("book"), "put": done("books") },
                "/shelves": { "get": done("shelf") },
            },
            "components": { "schemas": {
                "books": { "type": "array", "items": { "$ref": "#/components/schemas/book" } },
                "book": { "type": "object", "properties": { "pages": { "type": kind } } },
                "shelf": { "type": "object" },
            } },
        })
    };
    let checkout = Checkout::new("affected");
    let [old, new] =
        ["integer", "string"].map(|kind| checkout.write(&format!("{kind}.json"), document(kind).to_string()));
    let arguments = ["check", "--no-regenerate", "--vendored", &old, "--upstream", &new];
    let report: Value =
        serde_json::from_str(&checkout.run(&[&arguments[..], &["--format", "json"]].concat()).output).unwrap();
    let expected = json!(["GET /books", "GET /books/{id}", "POST /books", "PUT /books/{id}"]);
    assert_eq!((report["changes"].as_array().unwrap().len(), &report["changes"][0]["operations"]), (1, &expected));
    let text = checkout.run(&arguments).output;
    assert!(text.contains(" GET /books, GET /books/{id}, POST /books and 1 more, /components/schemas/book/"), "{text}");
}
