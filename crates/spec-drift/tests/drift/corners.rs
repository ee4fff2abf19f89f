//! Cases that the table of keywords does not reach: what stands in what. Each was found as a fault in the rules that no other test
//! saw, and its verdict written down before it was asked.

use openapi_spec_drift::Verdict::{self, Breaking, Compatible, Docs, None as Nothing};
use openapi_spec_drift::compare;
use serde_json::{Value, json};

use crate::checkout::Checkout;

/// Two values, and what the change from one to the other means in a request and in a response.
type Case = (&'static str, Value, Value, Verdict, Verdict);

pub fn document(operation: &Value) -> Value {
    let string = json!({ "type": "string" });
    let object = |property: &str| json!({ "type": "object", "properties": { property: string } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Corners", "version": "1" },
        "paths": { "/things": { "post": operation } },
        "components": { "schemas": { "A": object("a"), "B": object("b") } },
    })
}

fn judged(old: &Value, new: &Value) -> Verdict {
    compare(old, new).unwrap().iter().map(|change| change.wire).max().unwrap_or_default()
}

fn body(schema: &Value) -> Value {
    json!({ "content": { "application/json": { "schema": schema } } })
}

fn request(schema: &Value) -> Value {
    document(&json!({ "requestBody": body(schema), "responses": { "204": { "description": "" } } }))
}

fn response(schema: &Value) -> Value {
    let mut response = body(schema);
    response["description"] = "".into();
    document(&json!({ "responses": { "200": response } }))
}

fn not(schema: &Value) -> Value {
    json!({ "not": schema })
}

/// Objects of a kind, and strings.
fn kinds(kinds: &[&str]) -> Vec<Value> {
    let object =
        |kind: &&str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    kinds.iter().map(object).chain([json!({ "type": "string" })]).collect()
}

fn schemas() -> Vec<Case> {
    let longest = |length: u8| json!({ "maxLength": length });
    let object = |property: &str| json!({ "type": "object", "properties": { property: { "type": "string" } } });
    let string = json!({ "type": "string" });
    let no_value = json!({ "type": "null" });
    let one_of = |schemas: Value| json!({ "oneOf": schemas });
    let told_apart = |schemas: &[Value]| json!({ "oneOf": schemas, "discriminator": { "propertyName": "kind" } });
    let open = |kind: &str| json!({ "type": "object", "properties": { "kind": { "type": "string" }, kind: {} } });
    let mapped = |to: &str| {
        json!({
            "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }],
            "discriminator": { "propertyName": "kind", "mapping": { "a": to } },
        })
    };
    let requiring = json!({ "type": "object", "required": ["b"], "properties": { "a": {}, "b": {} } });
    vec![
        ("not in not", not(&not(&longest(5))), not(&not(&longest(3))), Breaking, Compatible),
        (
            "if in not",
            not(&json!({ "if": longest(5), "then": { "pattern": "a" } })),
            not(&json!({ "if": longest(3), "then": { "pattern": "a" } })),
            Breaking,
            Breaking,
        ),
        (
            "not in if",
            json!({ "if": not(&longest(5)), "then": { "pattern": "a" } }),
            json!({ "if": not(&longest(3)), "then": { "pattern": "a" } }),
            Breaking,
            Breaking,
        ),
        ("a condition without consequence", json!({ "if": longest(5) }), json!({ "if": longest(3) }), Nothing, Nothing),
        (
            "types in not",
            not(&json!({ "type": "string" })),
            not(&json!({ "type": ["string", "null"] })),
            Breaking,
            Compatible,
        ),
        ("values in not", not(&json!({ "enum": ["a"] })), not(&json!({ "enum": ["a", "b"] })), Breaking, Compatible),
        ("nothing excluded", json!({}), not(&json!(false)), Nothing, Nothing),
        ("formats of numbers", json!({ "format": "double" }), json!({ "format": "float" }), Breaking, Compatible),
        ("a default", json!({ "default": "a" }), json!({ "default": "b" }), Breaking, Docs),
        (
            "the strictest of several bounds",
            json!({ "allOf": [{ "minLength": 1 }, { "minLength": 3 }] }),
            json!({ "allOf": [{ "minLength": 2 }, { "minLength": 3 }] }),
            Nothing,
            Nothing,
        ),
        (
            "bounds beyond what floats tell apart",
            json!({ "maximum": 9_007_199_254_740_993_u64 }),
            json!({ "maximum": 9_007_199_254_740_992_u64 }),
            Breaking,
            Compatible,
        ),
        (
            "null as an only value",
            json!({ "type": ["string", "null"] }),
            one_of(json!([string, { "enum": [null] }])),
            Nothing,
            Nothing,
        ),
        (
            "anything, then alternatives",
            json!({}),
            one_of(json!([{ "type": "string", "maxLength": 5 }, { "type": "integer" }])),
            Breaking,
            Compatible,
        ),
        (
            "one schema, then one of several that are told apart",
            open("a"),
            told_apart(&[open("a"), string.clone()]),
            Compatible,
            Breaking,
        ),
        (
            "one more that is told apart",
            told_apart(&[open("a"), string.clone()]),
            told_apart(&[open("a"), string.clone(), open("b")]),
            Compatible,
            Breaking,
        ),
        (
            "one more that is not",
            one_of(json!([open("a"), string])),
            one_of(json!([open("a"), string, open("b")])),
            Breaking,
            Breaking,
        ),
        (
            "one more of another kind",
            one_of(kinds(&["a"]).into()),
            one_of(kinds(&["a", "b"]).into()),
            Compatible,
            Breaking,
        ),
        (
            "one more that knows other properties",
            one_of(json!([object("a"), string])),
            one_of(json!([object("a"), string, object("b")])),
            Breaking,
            Breaking,
        ),
        (
            "one more that requires what is not known",
            one_of(json!([object("a"), string])),
            one_of(json!([object("a"), string, requiring])),
            Compatible,
            Breaking,
        ),
        (
            "one more that does not know what is required",
            one_of(json!([requiring.clone(), string])),
            one_of(json!([requiring, string, object("a")])),
            Breaking,
            Breaking,
        ),
        (
            "what is required of what must not be",
            not(&object("a")),
            not(&json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } })),
            Compatible,
            Breaking,
        ),
        (
            "alternatives go whose properties an unevaluatedProperties exempted",
            json!({ "type": "object", "unevaluatedProperties": false, "anyOf": [object("a"), object("b")] }),
            json!({ "type": "object", "unevaluatedProperties": false }),
            Breaking,
            Breaking,
        ),
        (
            "a schema for one that depends on a property, beside another of the same",
            json!({ "type": "object", "properties": { "a": true }, "allOf": [{ "dependentSchemas": { "a": { "minProperties": 1 } } }] }),
            json!({
                "type": "object", "properties": { "a": true }, "dependentSchemas": { "a": { "minProperties": 3 } },
                "allOf": [{ "dependentSchemas": { "a": { "minProperties": 1 } } }],
            }),
            Breaking,
            Compatible,
        ),
        (
            "a required property gets the schema that applied to it",
            json!({ "type": "object", "required": ["a"], "additionalProperties": { "type": "string" } }),
            json!({
                "type": "object", "required": ["a"], "additionalProperties": { "type": "string" },
                "properties": { "a": { "type": "string" } },
            }),
            Nothing,
            Nothing,
        ),
        (
            "a required property gets another schema than applied to it",
            json!({ "type": "object", "required": ["a"], "additionalProperties": { "type": "string" } }),
            json!({
                "type": "object", "required": ["a"], "additionalProperties": { "type": "string" },
                "properties": { "a": { "type": ["integer", "string"] } },
            }),
            Compatible,
            Breaking,
        ),
        (
            "an if evaluates what an unevaluatedItems restricted",
            json!({ "type": "array", "unevaluatedItems": { "type": "string" } }),
            json!({ "type": "array", "unevaluatedItems": { "type": "string" }, "if": { "items": true } }),
            Breaking,
            Breaking,
        ),
        (
            "a property goes that an alternative has had all along",
            json!({ "type": "object", "properties": { "a": { "type": "string" } }, "anyOf": [object("a"), object("b")] }),
            json!({ "type": "object", "anyOf": [object("a"), object("b")] }),
            Breaking,
            Breaking,
        ),
        (
            "a closed object that is combined with another",
            json!({ "type": "object", "unevaluatedProperties": false }),
            json!({ "type": "object", "unevaluatedProperties": false, "allOf": [object("a")] }),
            Compatible,
            Compatible,
        ),
        (
            "one that is there twice",
            one_of(json!([string, true])),
            one_of(json!([string, string, true])),
            Breaking,
            Breaking,
        ),
        (
            "a type that the values have",
            json!({ "enum": ["a", "b"] }),
            json!({ "type": "string", "enum": ["a", "b"] }),
            Nothing,
            Nothing,
        ),
        (
            "a type that the numbers have",
            json!({ "enum": [1, 2] }),
            json!({ "type": "number", "enum": [1, 2] }),
            Nothing,
            Nothing,
        ),
        (
            "alternatives or null, in two ways",
            one_of(json!([string, object("a"), no_value])),
            json!({ "anyOf": [one_of(json!([string, object("a")])), no_value] }),
            Nothing,
            Nothing,
        ),
        (
            "what stands beside alternatives that were all",
            one_of(json!([{ "type": "integer" }, { "type": "string", "minLength": 1 }])),
            json!({ "maxLength": 1, "oneOf": [string, { "type": "integer" }] }),
            Breaking,
            Breaking,
        ),
        (
            "alternatives of a component at the same place",
            one_of(json!([{ "type": "string", "maxLength": 1 }, { "type": "object" }])),
            one_of(json!([{ "minimum": 1 }, { "maximum": 5 }])),
            Breaking,
            Breaking,
        ),
        (
            "null no more, beside what asks for something else",
            json!({ "allOf": [{ "enum": ["a", null] }, { "minLength": 1 }] }),
            json!({ "allOf": [{ "enum": ["a"] }, { "minLength": 1 }] }),
            Breaking,
            Compatible,
        ),
        (
            "null no more among alternatives, beside a condition",
            json!({ "allOf": [one_of(json!([string, object("a"), no_value])), { "not": longest(5) }] }),
            json!({ "allOf": [one_of(json!([string, object("a")])), { "not": longest(5) }] }),
            Breaking,
            Compatible,
        ),
        (
            "null no more by another list",
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "allOf": [{ "enum": ["a", null] }, { "enum": ["a"] }] }),
            Breaking,
            Compatible,
        ),
        (
            "null no more by one of two lists in a schema",
            json!({ "enum": ["a", null], "oneOf": [{ "minLength": 1, "type": "string" }, object("a"), no_value] }),
            json!({ "enum": ["a", null], "oneOf": [{ "minLength": 1, "type": "string" }, object("a")] }),
            Breaking,
            Compatible,
        ),
        (
            "null no more by a list, beside a type",
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "type": ["string", "null"], "enum": ["a"] }),
            Breaking,
            Compatible,
        ),
        (
            "null that a list of types beside never allowed",
            json!({ "allOf": [{ "enum": ["a", null] }, one_of(json!([{ "type": "string", "minLength": 1 }, object("a")]))] }),
            json!({ "allOf": [{ "enum": ["a"] }, one_of(json!([{ "type": "string", "minLength": 1 }, object("a")]))] }),
            Nothing,
            Nothing,
        ),
        (
            "what asks for nothing, beside a schema or null",
            json!({ "anyOf": [{ "properties": { "a": {} } }, no_value] }),
            json!({ "anyOf": [{ "properties": { "a": {} } }, no_value], "required": [] }),
            Nothing,
            Nothing,
        ),
        (
            "values of which only some count",
            json!({ "allOf": [{ "enum": ["a", 1] }, { "enum": ["a"] }] }),
            json!({ "type": "string", "enum": ["a"] }),
            Nothing,
            Nothing,
        ),
        (
            "what asks for nothing, beside null",
            json!({ "enum": ["a", null] }),
            json!({ "enum": ["a", null], "allOf": [{ "required": [] }] }),
            Nothing,
            Nothing,
        ),
        (
            "values or null, in two ways",
            json!({ "anyOf": [{ "enum": ["a"] }, no_value] }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            Nothing,
            Nothing,
        ),
        (
            "what is said without a type, or null",
            json!({ "properties": { "a": {} } }),
            json!({ "anyOf": [{ "properties": { "a": {} } }, no_value] }),
            Compatible,
            Breaking,
        ),
        ("a name in place of a reference", mapped("#/components/schemas/A"), mapped("A"), Nothing, Nothing),
    ]
}

#[test]
fn schemas_within_schemas() {
    for (what, old, new, in_request, in_response) in schemas() {
        assert_eq!(judged(&request(&old), &request(&new)), in_request, "{what}, in a request");
        assert_eq!(judged(&response(&old), &response(&new)), in_response, "{what}, in a response");
    }
}

/// What a component is by its name stays the same alternative, whatever changes in it.
#[test]
fn an_alternative_is_known_by_its_name() {
    let old = response(&json!({ "oneOf": [{ "$ref": "#/components/schemas/A" }, { "type": "string" }] }));
    let mut new = old.clone();
    new["components"]["schemas"]["A"]["properties"] = json!({ "a": { "type": "string" }, "new": { "type": "string" } });
    assert_eq!(judged(&old, &new), Compatible);
}

/// With parts of an operation: what was, what is, and what that means.
fn operations() -> Vec<(&'static str, Value, Value, Verdict)> {
    let parameter = |place: &str, name: &str, more: Value| {
        let mut parameter = json!({ "name": name, "in": place });
        parameter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "parameters": [parameter] })
    };
    let query = |schema: Value| parameter("query", "q", json!({ "schema": schema }));
    let list = |of: &str| json!({ "type": "array", "items": { "type": of } });
    let called_back =
        |schema: &Value| json!({ "callbacks": { "done": { "{$url}": { "post": { "requestBody": body(schema) } } } } });
    let headers =
        |name: &str| json!({ "responses": { "200": { "description": "", "headers": { name: { "schema": {} } } } } });
    let media_type = |name: &str| json!({ "requestBody": { "content": { name: {} } } });
    let written_as_json = |length: u8| {
        parameter("query", "q", json!({ "content": { "application/json": { "schema": { "maxLength": length } } } }))
    };
    let (string, text) = (json!({ "type": "string" }), json!({ "type": ["string", "null"] }));
    vec![
        ("a text, then a list of texts", query(string.clone()), query(list("string")), Compatible),
        ("a text, then a list of numbers", query(string.clone()), query(list("integer")), Breaking),
        ("a parameter written as JSON", written_as_json(5), written_as_json(3), Breaking),
        ("what calls back says more", called_back(&string), called_back(&text), Breaking),
        ("what calls back says less", called_back(&text), called_back(&string), Compatible),
        (
            "a header that security tells",
            json!({}),
            parameter("header", "Authorization", json!({ "required": true })),
            Nothing,
        ),
        ("a header in other letters", headers("X-Total"), headers("x-total"), Nothing),
        (
            "a media type with a space",
            media_type("text/plain; charset=utf-8"),
            media_type("text/plain;charset=utf-8"),
            Nothing,
        ),
        ("a body that may be sent", json!({}), json!({ "requestBody": body(&string) }), Compatible),
        (
            "a body that must be sent",
            json!({}),
            json!({ "requestBody": { "required": true, "content": { "application/json": {} } } }),
            Breaking,
        ),
    ]
}

#[test]
fn operations_with_parts() {
    for (what, old, new, expected) in operations() {
        assert_eq!(judged(&document(&old), &document(&new)), expected, "{what}");
    }
}

/// What an operation says itself replaces what its path says.
#[test]
fn the_nearest_counts() {
    let with = |length: u8, url: &str| {
        let parameter = |length: u8| json!([{ "name": "q", "in": "query", "schema": { "maxLength": length } }]);
        let mut document =
            document(&json!({ "parameters": parameter(10), "servers": [{ "url": "https://own.example" }] }));
        document["paths"]["/things"]["parameters"] = parameter(length);
        document["paths"]["/things"]["servers"] = json!([{ "url": url }]);
        document
    };
    assert_eq!(judged(&with(5, "https://a.example"), &with(3, "https://b.example")), Nothing);
}

#[test]
fn a_version_without_a_patch_may_be_a_number() {
    let number = |document: Value| {
        let mut document = document;
        document["openapi"] = json!(3.1);
        document
    };
    let schema = |longest: u8| request(&json!({ "type": "string", "maxLength": longest }));
    assert_eq!(judged(&schema(5), &number(schema(5))), Nothing);
    assert_eq!(judged(&number(schema(5)), &number(schema(3))), Breaking);
}

/// A webhook is sent to the client.
#[test]
fn a_webhook_is_read() {
    let with = |schema: &Value| {
        let mut document = document(&json!({}));
        document["webhooks"] = json!({ "moved": { "post": { "requestBody": body(schema) } } });
        document
    };
    let [string, text] = [json!({ "type": "string" }), json!({ "type": ["string", "null"] })];
    assert_eq!(judged(&with(&string), &with(&text)), Breaking);
    assert_eq!(judged(&with(&text), &with(&string)), Compatible);
}

/// A scheme is what goes over the wire for it.
#[test]
fn schemes_are_told_apart_by_what_is_sent() {
    let with = |scheme: Value| {
        let mut document = document(&json!({ "security": [{ "key": [] }] }));
        document["components"]["securitySchemes"] = json!({ "key": scheme });
        document
    };
    let key = |place: &str, name: &str| with(json!({ "type": "apiKey", "in": place, "name": name }));
    assert_eq!(judged(&key("header", "X-Key"), &key("header", "x-key")), Nothing);
    assert_eq!(judged(&key("query", "Key"), &key("query", "key")), Breaking);
    let flow = |url: &str| {
        let flow = json!({ "tokenUrl": url, "scopes": {} });
        with(json!({ "type": "oauth2", "flows": { "clientCredentials": flow } }))
    };
    assert_eq!(judged(&flow("https://a.example/token"), &flow("https://b.example/token")), Breaking);
}

/// A change of a component is one change, and names the operations that reach it.
#[test]
fn a_change_of_a_component_names_all_operations_that_it_affects() {
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
