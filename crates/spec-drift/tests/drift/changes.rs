//! Changes: location, affected operations and message of each.

use openapi_spec_drift::{Document, compare};
use serde_json::{Value, json};

use crate::checkout::Checkout;
use crate::edge_cases::build_document;

/// Returns rule, document, pointer, operations and message of each change.
pub fn list_changes(old: &Value, new: &Value) -> Vec<(String, Document, String, Vec<String>, String)> {
    let changes = compare(old, new).unwrap().into_iter();
    changes.map(|it| (it.rule, it.document, it.pointer, it.operations, it.message)).collect()
}

#[test]
fn removed_parameters_of_the_same_name_are_separate_changes() {
    let parameter = |place: &str| json!({ "name": "key", "in": place, "schema": { "type": "string" } });
    let operation =
        |parameters: Value| json!({ "parameters": parameters, "responses": { "204": { "description": "done" } } });
    let old = build_document(&operation(json!([parameter("query"), parameter("cookie")])));
    let new = build_document(&operation(json!([])));
    let pointers: Vec<_> =
        list_changes(&old, &new).into_iter().map(|(_, document, pointer, ..)| (document, pointer)).collect();
    let expected = ["0", "1"].map(|index| (Document::Vendored, format!("/paths/~1things/post/parameters/{index}")));
    assert_eq!(pointers, expected);
}

/// A parameter of a path item belongs to all its operations, a keyword of a base to all schemas that combine it.
#[test]
fn changes_of_shared_definitions_are_reported_once_at_the_definition() {
    let operation = json!({ "responses": { "204": { "description": "done" } } });
    let mut old = build_document(&operation);
    old["paths"]["/things"]["put"] = operation;
    let new = old.clone();
    old["paths"]["/things"]["parameters"] = json!([{ "name": "key", "in": "query", "schema": { "type": "string" } }]);
    let both = ["POST /things", "PUT /things"].map(str::to_owned).to_vec();
    let message = "the parameter `key` was removed: existing requests may be rejected".to_owned();
    let pointer = "/paths/~1things/parameters/0".to_owned();
    assert_eq!(
        list_changes(&old, &new),
        [("parameter-removed".to_owned(), Document::Vendored, pointer, both, message)]
    );

    let with_base = |base: Value| {
        let body = |name: &str| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            json!({ "requestBody": { "content": { "application/json": { "schema": schema } } }, "responses": {} })
        };
        let kind = |own: &str| {
            let own = json!({ "properties": { own: { "type": "string" } } });
            json!({ "allOf": [{ "$ref": "#/components/schemas/base" }, own] })
        };
        let mut document = build_document(&body("cat"));
        document["paths"]["/things"]["put"] = body("dog");
        document["components"]["schemas"] = json!({ "base": base, "cat": kind("purrs"), "dog": kind("barks") });
        document
    };
    let bases = [
        json!({ "type": "object", "minProperties": 1 }),
        json!({ "type": "object", "minProperties": 2, "required": ["name"] }),
        json!({ "type": "object", "minProperties": 1, "properties": { "age": { "type": "integer" } } }),
        json!({ "type": "object" }),
    ];
    for (old, new, expected) in [
        (
            0,
            1,
            vec![
                ("min-properties-narrowed", Document::Candidate, "minProperties"),
                ("property-now-required", Document::Candidate, "required"),
            ],
        ),
        (
            1,
            0,
            vec![
                ("min-properties-widened", Document::Candidate, "minProperties"),
                ("property-no-longer-required", Document::Vendored, "required"),
            ],
        ),
        (0, 2, vec![("property-added", Document::Candidate, "properties/age")]),
        (2, 0, vec![("property-removed", Document::Vendored, "properties/age")]),
        (0, 3, vec![("min-properties-widened", Document::Vendored, "minProperties")]),
    ] {
        let found = list_changes(&with_base(bases[old].clone()), &with_base(bases[new].clone()));
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(rule, document, keyword)| (rule.to_owned(), document, format!("/components/schemas/base/{keyword}")))
            .collect();
        for (.., operations, _) in &found {
            assert_eq!(operations, &["POST /things", "PUT /things"], "{found:#?}");
        }
        let found: Vec<_> = found.into_iter().map(|(rule, document, pointer, ..)| (rule, document, pointer)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn reworded_annotations_are_summarized_by_operation_and_component() {
    let texts = |text: &str| {
        let mut document = build_document(&json!({
            "summary": text,
            "description": text,
            "parameters": [{ "name": "key", "in": "query", "description": text, "schema": { "type": "string" } }],
            "responses": { "204": { "description": "done" } },
        }));
        document["info"]["title"] = text.into();
        document
    };
    let found = list_changes(&texts("one"), &texts("two"));
    let found: Vec<_> = found.iter().map(|(_, _, pointer, _, message)| (pointer.as_str(), message.as_str())).collect();
    let expected = [
        ("/info/title", "`title` was reworded"),
        ("/paths/~1things/post", "`description` (2 times), `summary` were reworded"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn messages_use_the_names_of_the_document() {
    let response = |headers: Value| {
        build_document(&json!({ "responses": { "204": { "description": "done", "headers": headers } } }))
    };
    let message =
        |old: &Value, new: &Value| list_changes(old, new).into_iter().map(|it| it.4).collect::<Vec<_>>().join("\n");
    let none = response(json!({}));
    let left = response(json!({ "X-Left": { "schema": { "type": "integer" } } }));
    assert_eq!(message(&left, &none), "the header `X-Left` was removed: responses no longer contain it");

    let body = |schema: Value| {
        build_document(
            &json!({ "requestBody": { "content": { "application/json": { "schema": schema } } }, "responses": {} }),
        )
    };
    let removed = "the request body was removed: existing requests may be rejected";
    assert_eq!(message(&body(json!(true)), &build_document(&json!({ "responses": {} }))), removed);
    let empty = |properties: Value| body(json!({ "type": "object", "properties": properties }));
    assert_eq!(message(&empty(json!({})), &empty(json!({ "": {} }))), "`\"\"` was added");
    let bound = |minimum: Value| body(json!({ "type": "integer", "format": "int32", "minimum": minimum }));
    let mut unbound = bound(json!(1));
    unbound["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] =
        json!({ "type": "integer", "format": "int32" });
    assert_eq!(message(&bound(json!(5)), &unbound), "`minimum` 5 was removed: more requests are accepted");
    let values = |values: Value| body(json!({ "type": "string", "enum": values }));
    assert_eq!(
        message(&values(json!(["a"])), &values(json!([]))),
        "\"a\" is no longer allowed: existing requests may be rejected"
    );

    let pets = |mapping: Value| {
        let mut document = body(json!({
            "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
            "discriminator": { "propertyName": "kind", "mapping": mapping },
        }));
        let pet = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } });
        document["components"]["schemas"] = json!({ "Cat": pet, "Dog": pet });
        document
    };
    let both = json!({ "cat": "#/components/schemas/Cat", "puss": "#/components/schemas/Cat", "dog": "Dog" });
    let found = list_changes(&pets(both), &pets(json!({ "cat": "#/components/schemas/Cat", "dog": "Dog" })));
    let [(rule, document, pointer, _, message)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((rule.as_str(), *document), ("discriminator-narrowed", Document::Vendored));
    assert!(pointer.ends_with("/discriminator/mapping/puss"), "{pointer}");
    assert_eq!(message, "in the discriminator, `puss` for `Cat` was removed: existing requests may be rejected");
}

/// A scope that all flows require is stated once; a removed flow is named.
#[test]
fn messages_name_flows_that_differ() {
    let scheme = |flows: &[&str]| {
        let flow = |name: &&str| {
            (
                name.to_string(),
                json!({ "authorizationUrl": "https://a.example", "tokenUrl": "https://t.example", "scopes": {} }),
            )
        };
        let flows: serde_json::Map<String, Value> = flows.iter().map(flow).collect();
        json!({ "type": "oauth2", "flows": flows })
    };
    let requiring = |flows: &[&str], scopes: Value| {
        let mut document = build_document(&json!({ "responses": {} }));
        document["security"] = json!([{ "oauth": scopes }]);
        document["components"]["securitySchemes"] = json!({ "oauth": scheme(flows) });
        document
    };
    let both = ["authorizationCode", "password"];
    let message =
        |old: &Value, new: &Value| list_changes(old, new).into_iter().map(|it| it.4).collect::<Vec<_>>().join("\n");
    assert_eq!(
        message(&requiring(&both, json!(["read"])), &requiring(&both, json!(["read", "write"]))),
        "`oauth` now also requires the scope `write`: existing requests may be rejected"
    );
    assert_eq!(
        message(&requiring(&both, json!([])), &requiring(&both[..1], json!([]))),
        "`oauth` (OAuth 2, password) is no longer accepted: existing requests may be rejected"
    );
}

/// Lines and annotations also refer to the vendored document.
#[test]
fn removed_parts_are_located_in_the_vendored_document() {
    let operation =
        |parameters: Value| json!({ "parameters": parameters, "responses": { "204": { "description": "done" } } });
    let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let server = |host: &str| json!({ "url": format!("https://{host}.example") });
    let mut old = build_document(&operation(json!([parameter("page"), parameter("size")])));
    old["servers"] = json!([server("one"), server("two"), server("three")]);
    let mut new = build_document(&operation(json!([parameter("page")])));
    new["servers"] = json!([server("two")]);
    let checkout = Checkout::new("removed");
    let [old, new] =
        [("old", &old), ("new", &new)].map(|(name, it)| checkout.write(&format!("{name}.json"), format!("{it:#}")));
    let arguments = ["check", "--no-regenerate", "--vendored", &old, "--upstream", &new, "--format"];
    let run = |format: &str| checkout.run(&[&arguments[..], &[format]].concat()).output;
    let report: Value = serde_json::from_str(&run("json")).unwrap();
    let places = report["changes"].as_array().unwrap().iter().map(|change| {
        let text = |key: &str| change[key].as_str().unwrap();
        (text("rule"), text("document"), text("pointer"))
    });
    let expected = [
        ("parameter-removed", "vendored", "/paths/~1things/post/parameters/1"),
        ("server-removed", "vendored", "/servers/0"),
        ("server-removed", "vendored", "/servers/2"),
    ];
    assert_eq!(places.collect::<Vec<_>>(), expected);
    let text = std::fs::read_to_string(&old).unwrap();
    let line = text.lines().position(|line| line.contains("https://one.example")).unwrap();
    assert!(run("text").contains(&format!("/servers/0, line {line} of the vendored document:")), "{}", run("text"));
    assert!(run("github").contains(&format!("file={old},line={line},")), "{}", run("github"));
}

/// A removed webhook is not reported as a failing call.
#[test]
fn messages_name_security_schemes_and_scopes() {
    let flows = json!({ "clientCredentials": { "tokenUrl": "https://one.example/token", "scopes": { "read": "r", "write": "w" } } });
    let requiring = |security: Value| {
        let mut document = build_document(&json!({ "responses": { "204": { "description": "done" } } }));
        document["security"] = security;
        document["components"]["securitySchemes"] = json!({
            "basic": { "type": "http", "scheme": "basic" },
            "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
            "oauth": { "type": "oauth2", "flows": flows },
        });
        document
    };
    let message = |old: Value, new: Value| {
        let changes = compare(&requiring(old), &requiring(new)).unwrap();
        changes.into_iter().map(|change| change.message).collect::<Vec<_>>().join("\n")
    };
    let read = json!([{ "oauth": ["read"] }]);
    assert_eq!(
        message(read.clone(), json!([{ "oauth": ["read", "write"] }])),
        "`oauth` now also requires the scope `write`: existing requests may be rejected",
    );
    assert_eq!(
        message(json!([{ "basic": [] }, { "key": [] }]), json!([{ "basic": [] }])),
        "`key` (API key in header `X-Key`) is no longer accepted: existing requests may be rejected",
    );
    assert_eq!(
        message(json!([{ "basic": [] }]), json!([{ "basic": [] }, { "key": [] }])),
        "authentication by `key` (API key in header `X-Key`) is now accepted",
    );
    assert_eq!(message(json!([{ "basic": [] }]), json!([{ "basic": [] }, {}])), "authentication is no longer required");
    assert!(
        message(json!([{ "key": [], "basic": [] }]), json!([{ "key": [], "oauth": [] }]))
            .contains("`key` (API key in header `X-Key`) and `basic` (HTTP basic) are no longer accepted")
    );
    let required = "authentication by `basic` (HTTP basic) is now required: existing requests may be rejected";
    assert_eq!(message(json!([]), json!([{ "basic": [] }])), required);
    let mut old = build_document(&json!({ "responses": { "204": { "description": "done" } } }));
    let new = old.clone();
    old["webhooks"] = json!({ "moved": { "post": { "responses": { "204": { "description": "done" } } } } });
    assert_eq!(compare(&old, &new).unwrap()[0].message, "POST moved was removed: it is no longer sent");
}

/// A `readOnly` property affects the operations that return it, a `writeOnly` one those that receive it.
#[test]
fn changes_list_only_affected_operations() {
    let shelf = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/shelf" } } });
    let with = |properties: Value| {
        let mut document = build_document(&json!({ "requestBody": { "content": shelf }, "responses": {} }));
        let done = json!({ "description": "done", "content": shelf });
        document["paths"]["/things"]["get"] = json!({ "responses": { "200": done } });
        document["components"]["schemas"] = json!({ "shelf": { "type": "object", "properties": properties } });
        document
    };
    for (name, operations) in [
        ("readOnly", &["GET /things"][..]),
        ("writeOnly", &["POST /things"][..]),
        ("deprecated", &["GET /things", "POST /things"][..]),
    ] {
        let found = list_changes(&with(json!({})), &with(json!({ "id": { name: true } })));
        let [(rule, _, _, affected, _)] = &found[..] else { panic!("{found:#?}") };
        assert_eq!(
            (rule.as_str(), affected),
            ("property-added", &operations.iter().map(|it| it.to_string()).collect())
        );
    }
}

/// Normalization makes these names equal.
#[test]
fn media_types_headers_and_parameters_with_equal_names_are_compared() {
    let response = |members: Value| build_document(&json!({ "responses": { "200": members } }));
    let kind = |kind: &str| json!({ "schema": { "type": kind } });
    let content = |first: &str| {
        let content = json!({ "application/json": kind(first), "application/json; charset=utf-8": kind("string") });
        response(json!({ "description": "done", "content": content }))
    };
    let headers = |first: &str| {
        let headers = json!({ "X-A": kind(first), "x-a": kind("string") });
        response(json!({ "description": "done", "headers": headers }))
    };
    let parameters = |is_required: bool| {
        let parameter = |name: &str, is_required: bool| json!({ "name": name, "in": "header", "required": is_required, "schema": { "type": "string" } });
        let parameters = [parameter("X-A", is_required), parameter("x-a", false)];
        build_document(&json!({ "parameters": parameters, "responses": {} }))
    };
    for (old, new, rule) in [
        (content("string"), content("boolean"), "type-changed"),
        (headers("array"), headers("object"), "type-changed"),
        (parameters(false), parameters(true), "parameter-required-narrowed"),
    ] {
        let found = list_changes(&old, &new);
        assert!(found.iter().any(|it| it.0 == rule), "{found:#?}");
    }
}

/// Without the variable, only its default remains.
#[test]
fn values_of_a_removed_server_variable_are_removed() {
    let server = |server: Value| {
        let mut document = build_document(&json!({ "responses": {} }));
        document["servers"] = json!([server]);
        document
    };
    let variables = json!({ "region": { "default": "eu", "enum": ["eu", "us"] } });
    let old = server(json!({ "url": "https://{region}.example", "variables": variables }));
    let found = list_changes(&old, &server(json!({ "url": "https://eu.example" })));
    let [(rule, document, .., message)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((rule.as_str(), *document), ("server-variable-narrowed", Document::Vendored));
    let reduced = "the values of the server variable `region` are reduced to its default";
    assert!(message.starts_with(reduced), "{message}");
}
