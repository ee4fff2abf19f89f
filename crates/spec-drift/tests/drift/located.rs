//! Where a change is located, in which words, and that it is reported once.

use openapi_spec_drift::Document;
use openapi_spec_drift::Verdict::{Breaking, Compatible, None as Nothing};
use serde_json::{Value, json};

use crate::changes::list_changes;
use crate::edge_cases::{build_document, classify};

/// Servers are the URLs that a client can build from them.
#[test]
fn servers_are_compared_by_their_urls() {
    let with = |servers: &Value| {
        let mut document = build_document(&json!({}));
        document["servers"] = servers.clone();
        document
    };
    let server = |url: &str| json!({ "url": url });
    let variable = |url: &str, values: &[&str], more: &[&str]| {
        let listed = |values: &[&str]| json!({ "default": values[0], "enum": values });
        let open = |values: &[&str]| json!({ "default": values[0] });
        let second = if more.is_empty() { open(&["a"]) } else { listed(more) };
        let first = if values.len() > 1 { listed(values) } else { open(values) };
        json!({ "url": url, "variables": { "region": first, "zone": second } })
    };
    let [eu, us] = ["https://eu.example", "https://us.example"].map(server);
    let region = "https://{region}.example";
    let any = variable(region, &["eu"], &[]);
    let both = variable(region, &["eu", "us"], &[]);
    let many: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let zoned = |zones: &[&str]| variable("https://{region}.{zone}.example", &many, zones);
    for (what, old, new, expected) in [
        ("a free variable beside its default", json!([eu, any]), json!([eu]), [Breaking, Compatible]),
        ("two with one default", json!([any, both]), json!([both]), [Breaking, Compatible]),
        ("a value of its own server", json!([both]), json!([eu, us]), [Nothing, Nothing]),
        ("a value without a server", json!([both]), json!([eu]), [Breaking, Compatible]),
        (
            "a value that another server has",
            json!([both, us]),
            json!([variable(region, &["eu"], &[]), us]),
            [Compatible, Breaking],
        ),
        ("another default", json!([both]), json!([variable(region, &["us", "eu"], &[])]), [Breaking, Breaking]),
        (
            "one of two variables",
            json!([variable("https://{region}.{zone}.example", &["eu", "us"], &["a", "b"])]),
            json!([variable("https://eu.{zone}.example", &["eu"], &["a", "b"])]),
            [Breaking, Compatible],
        ),
        ("one of many values", json!([zoned(&many)]), json!([zoned(&many[..39])]), [Breaking, Compatible]),
    ] {
        let [old, new] = [with(&old), with(&new)];
        assert_eq!([classify(&old, &new), classify(&new, &old)], expected, "{what}");
    }
}

/// What is one change for two reasons is stated with both.
#[test]
fn messages_at_the_same_location_are_joined() {
    let path_item = |path_item: Value| {
        let mut document = build_document(&json!({ "responses": {} }));
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
        let mut document = build_document(&operation);
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

/// `oneOf` with one alternative stands for that alternative, with the annotations and the discriminator of the list.
#[test]
fn a_single_alternative_is_matched_with_those_of_a_list() {
    let cat = json!({ "$ref": "#/components/schemas/A" });
    let dog = json!({ "$ref": "#/components/schemas/B" });
    let object =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
    let body = |schema: &Value| {
        build_document(
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
        let mut document = build_document(&json!({ "responses": {} }));
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
            let mut document = build_document(&json!({ "requestBody": body, "responses": {} }));
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
        let mut document = build_document(&json!({ "requestBody": { "content": content }, "responses": {} }));
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
        let mut document = build_document(&json!({ "responses": {} }));
        document["webhooks"] = json!({ "x-moved": { "post": { "requestBody": body, "responses": {} } } });
        document
    };
    let rules: Vec<_> = list_changes(&with("string"), &with("integer")).into_iter().map(|it| it.0).collect();
    assert_eq!(rules, ["type-changed"]);
}
