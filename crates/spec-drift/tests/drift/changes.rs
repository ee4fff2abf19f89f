//! Changes: location, affected operations and message of each.

use openapi_spec_drift::{Document, compare};
use serde_json::{Value, json};

use crate::checkout::Checkout;
use crate::edge_cases::build_document;

/// Returns rule, document, pointer, operations and message of each change.
fn list_changes(old: &Value, new: &Value) -> Vec<(String, Document, String, Vec<String>, String)> {
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

/// What is one change for two reasons is stated with both.
#[test]
fn messages_at_the_same_location_are_joined() {
    let path_item = |path_item: Value| {
        let mut document = document(&json!({ "responses": {} }));
        document["paths"]["/others"] = json!({ "$ref": "#/components/pathItems/others" });
        document["components"]["pathItems"] = json!({ "others": path_item });
        document
    };
    let old = path_item(json!({ "get": { "responses": {} }, "put": { "responses": {} } }));
    let mut new = old.clone();
    new["paths"].as_object_mut().unwrap().remove("/others");
    let found = list_changes(&old, &new);
    let [(rule, document, pointer, operations, message)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(
        (rule.as_str(), *document, pointer.as_str()),
        ("operation-removed", Document::Vendored, "/paths/~1others")
    );
    assert_eq!(operations, &["GET /others", "PUT /others"]);
    assert_eq!(message, "GET /others was removed: calls to it fail; PUT /others was removed: calls to it fail");
    // An operation of a path item that remains is removed where it was defined.
    let found = list_changes(&old, &path_item(json!({ "get": { "responses": {} } })));
    assert_eq!(found[0].2, "/components/pathItems/others/put");
}

/// A component that an operation no longer uses, or uses now, is a change of the operation.
#[test]
fn removed_and_added_parts_are_located_at_their_use() {
    let reference = |kind: &str| json!({ "$ref": format!("#/components/{kind}/one") });
    let with = |operation: Value| {
        let mut document = document(&operation);
        let parameter = json!({ "name": "key", "in": "query", "schema": { "type": "string" } });
        document["paths"]["/things"]["get"] = json!({
            "parameters": [reference("parameters")],
            "requestBody": reference("requestBodies"),
            "responses": { "200": { "description": "", "headers": { "X-One": reference("headers") } }, "404": reference("responses") },
            "callbacks": { "moved": reference("callbacks") },
        });
        let components = document["components"].as_object_mut().unwrap();
        for (kind, one) in [
            ("parameters", parameter),
            ("requestBodies", json!({ "content": { "text/plain": {} } })),
            ("headers", json!({ "schema": { "type": "string" } })),
            ("responses", json!({ "description": "" })),
            ("callbacks", json!({ "{$request.query.url}": { "post": { "responses": {} } } })),
        ] {
            components.insert(kind.to_owned(), json!({ "one": one }));
        }
        document
    };
    let all = with(json!({
        "parameters": [reference("parameters")],
        "requestBody": reference("requestBodies"),
        "responses": { "200": { "description": "", "headers": { "X-One": reference("headers") } }, "404": reference("responses") },
        "callbacks": { "moved": reference("callbacks") },
    }));
    let none = with(json!({ "responses": { "200": { "description": "" } } }));
    let places = ["callbacks/moved", "parameters/0", "requestBody", "responses/200/headers/X-One", "responses/404"];
    for (old, new, document) in [(&all, &none, Document::Vendored), (&none, &all, Document::Candidate)] {
        let found = list_changes(old, new);
        let found: Vec<_> = found.iter().map(|it| (it.1, it.2.as_str(), &it.3[..])).collect();
        let operations = ["POST /things".to_owned()];
        let expected = places.map(|place| (document, format!("/paths/~1things/post/{place}")));
        let expected: Vec<_> =
            expected.iter().map(|(document, place)| (*document, place.as_str(), &operations[..])).collect();
        assert_eq!(found, expected);
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

/// `oneOf` with one alternative stands for that alternative, with the annotations and the discriminator of the list.
#[test]
fn a_single_alternative_is_matched_with_those_of_a_list() {
    let cat = json!({ "$ref": "#/components/schemas/A" });
    let dog = json!({ "$ref": "#/components/schemas/B" });
    let object =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
    let body = |schema: &Value| {
        document(
            &json!({ "requestBody": { "content": { "application/json": { "schema": schema } } }, "responses": {} }),
        )
    };
    let text = json!({ "description": "one of them", "deprecated": true });
    let named = json!({ "discriminator": { "propertyName": "kind" } });
    let mapped = json!({ "discriminator": { "propertyName": "kind", "mapping": { "cat": "A", "dog": "B" } } });
    for (what, all, more, name) in [
        ("components", [&cat, &dog], json!({}), "B"),
        ("components with text", [&cat, &dog], text.clone(), "B"),
        ("components with a discriminator", [&cat, &dog], named, "B"),
        ("components with a mapping", [&cat, &dog], mapped, "B"),
        ("inline schemas with text", [&object("a"), &object("b")], text, "1"),
    ] {
        let with = |alternatives: &[&Value]| {
            let mut schema = more.clone();
            schema["oneOf"] = json!(alternatives);
            if let Some(mapping) = schema.pointer_mut("/discriminator/mapping").filter(|_| alternatives.len() == 1) {
                mapping.as_object_mut().unwrap().remove("dog");
            }
            body(&schema)
        };
        let (two, one) = (with(&all), with(&all[..1]));
        for (old, new, rule, became) in
            [(&two, &one, "alternative-removed", "removed"), (&one, &two, "alternative-added", "added")]
        {
            let found = list_changes(old, new);
            let [(found_rule, .., message)] = &found[..] else { panic!("{what}: {found:#?}") };
            assert_eq!(found_rule, rule, "{what}");
            assert!(message.starts_with(&format!("the alternative `{name}` was {became}: ")), "{what}: {message}");
        }
    }
}

/// Each scheme is named with what differs in it, in the spelling of the document.
#[test]
fn security_changes_name_the_schemes_that_differ() {
    let schemes = |key: &str, token: &str, scopes: &[&str]| {
        let scopes: serde_json::Map<String, Value> =
            scopes.iter().map(|scope| (scope.to_string(), "".into())).collect();
        let flow = json!({ "tokenUrl": token, "refreshUrl": token, "scopes": scopes });
        json!({
            "basic": { "type": "http", "scheme": "basic" },
            "key": { "type": "apiKey", "in": "header", "name": key },
            "oauth": { "type": "oauth2", "flows": { "clientCredentials": flow } },
        })
    };
    let with = |security: &Value, schemes: &Value| {
        let mut document = document(&json!({ "responses": {} }));
        document["components"]["securitySchemes"] = schemes.clone();
        if !security.is_null() {
            document["security"] = security.clone();
        }
        document
    };
    let same = schemes("X-Key", "https://one.example", &["read", "write"]);
    let other_key = schemes("X-Other", "https://one.example", &["read", "write"]);
    let other_url = schemes("X-Key", "https://two.example", &["read", "write"]);
    let fewer = schemes("X-Key", "https://one.example", &["read"]);
    let (key, oauth) = (json!([{ "key": [] }]), json!([{ "oauth": ["read"] }]));
    let both = json!([{ "key": [], "oauth": ["read"] }]);
    let (of_vendored, of_candidate) = (Document::Vendored, Document::Candidate);
    let flow = "/components/securitySchemes/oauth/flows/clientCredentials";
    for (old, new, document, pointer, message) in [
        (
            (&both, &same),
            (&json!([{ "key": [], "oauth": ["read", "write"] }]), &same),
            of_candidate,
            "/security/0",
            "`oauth` now also requires the scope `write`: existing requests may be rejected",
        ),
        (
            (&both, &same),
            (&json!([{ "basic": [], "key": [], "oauth": ["read"] }]), &same),
            of_candidate,
            "/security/0",
            "`key` and `oauth` now also require `basic` (HTTP basic): existing requests may be rejected",
        ),
        (
            (&json!([{ "oauth": ["read", "write"] }]), &same),
            (&oauth, &same),
            of_candidate,
            "/security/0",
            "`oauth` no longer requires the scope `write`",
        ),
        ((&key, &same), (&Value::Null, &same), of_vendored, "/security", "authentication is no longer required"),
        ((&key, &same), (&json!([]), &same), of_candidate, "/security", "authentication is no longer required"),
        (
            (&both, &same),
            (&both, &other_key),
            of_candidate,
            "/components/securitySchemes/key",
            "`key` was API key in header `X-Key` and is API key in header `X-Other`: existing requests may be rejected",
        ),
        (
            (&oauth, &same),
            (&oauth, &fewer),
            of_vendored,
            &format!("{flow}/scopes/write"),
            "`oauth` no longer has the scope `write`: requests for a token with it may be rejected",
        ),
        (
            (&oauth, &fewer),
            (&oauth, &same),
            of_candidate,
            &format!("{flow}/scopes/write"),
            "`oauth` has the scope `write` now",
        ),
    ] {
        let found = list_changes(&with(old.0, old.1), &with(new.0, new.1));
        let found: Vec<_> = found.iter().map(|it| (it.1, it.2.as_str(), it.4.as_str())).collect();
        assert_eq!(found, [(document, pointer, message)]);
    }
    let found = list_changes(&with(&oauth, &same), &with(&oauth, &other_url));
    let found: Vec<_> = found.iter().map(|it| (it.2.as_str(), it.4.as_str())).collect();
    let expected = [
        (
            format!("{flow}/refreshUrl"),
            "`refreshUrl` of `oauth` was `https://one.example` and is `https://two.example`: tokens can no longer be refreshed there",
        ),
        (
            format!("{flow}/tokenUrl"),
            "`tokenUrl` of `oauth` was `https://one.example` and is `https://two.example`: existing requests may be rejected",
        ),
    ];
    assert_eq!(found, expected.each_ref().map(|(pointer, message)| (pointer.as_str(), *message)));
}

/// Bounds are shown as the document writes them, whatever they are in the normal form.
#[test]
fn bounds_are_shown_as_written() {
    let message = |old: Value, new: Value| {
        let with = |schema: &Value, version: &str| {
            let body = json!({ "content": { "application/json": { "schema": schema } } });
            let mut document = document(&json!({ "requestBody": body, "responses": {} }));
            document["openapi"] = version.into();
            document
        };
        let version = if new["exclusiveMaximum"].is_boolean() { "3.0.3" } else { "3.1.0" };
        list_changes(&with(&old, version), &with(&new, version)).remove(0).4
    };
    let with = |bounds: Value| {
        let mut schema = bounds;
        schema["type"] = "integer".into();
        schema
    };
    for (old, new, expected) in [
        (json!({ "exclusiveMaximum": 10 }), json!({ "exclusiveMaximum": 8 }), "`exclusiveMaximum` was 10 and is 8: "),
        (json!({ "exclusiveMaximum": 10 }), json!({ "maximum": 8 }), "`maximum` was 10 (exclusive) and is 8: "),
        (json!({}), json!({ "exclusiveMinimum": 1.5 }), "`exclusiveMinimum` 1.5 was added: "),
        (
            json!({ "maximum": 10 }),
            json!({ "maximum": 10, "exclusiveMaximum": true }),
            "`maximum` was 10 and is 10 (exclusive): ",
        ),
    ] {
        let found = message(with(old), with(new));
        assert!(found.starts_with(expected), "{found}");
    }
}

/// A change of a component that breaks some operations is reported for those.
#[test]
fn operations_are_those_with_the_worse_verdict() {
    let with = |kind: Value| {
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/shelf" } } });
        let mut document = document(&json!({ "requestBody": { "content": content }, "responses": {} }));
        document["paths"]["/things"]["get"] =
            json!({ "responses": { "200": { "description": "", "content": content } } });
        document["components"]["schemas"] = json!({ "shelf": { "type": kind } });
        document
    };
    let (one, two) = (with(json!("string")), with(json!(["string", "boolean"])));
    for (old, new, operation) in [(&two, &one, "POST /things"), (&one, &two, "GET /things")] {
        let found = list_changes(old, new);
        assert_eq!(found[0].3, [operation], "{found:#?}");
    }
}

/// A webhook may have any name.
#[test]
fn a_webhook_named_like_an_extension_changes_once() {
    let with = |kind: &str| {
        let body = json!({ "content": { "application/json": { "schema": { "type": kind } } } });
        let mut document = document(&json!({ "responses": {} }));
        document["webhooks"] = json!({ "x-moved": { "post": { "requestBody": body, "responses": {} } } });
        document
    };
    let rules: Vec<_> = list_changes(&with("string"), &with("integer")).into_iter().map(|it| it.0).collect();
    assert_eq!(rules, ["type-changed"]);
}
