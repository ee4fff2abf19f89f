//! Names, bounds and security schemes in messages.

use openapi_spec_drift::{Document, compare};
use serde_json::{Value, json};

use crate::changes::list_changes;
use crate::edge_cases::build_document;

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

    let mut shared = response(json!({ "X-Left": { "$ref": "#/components/headers/Left" } }));
    shared["components"]["headers"] = json!({ "Left": { "schema": { "type": "integer" } } });
    assert_eq!(message(&shared, &none), "the header `X-Left` was removed: responses no longer contain it");
    let page = |default: Value| {
        let parameter = json!({ "name": "page", "in": "query", "schema": { "type": "string", "default": default } });
        build_document(&json!({ "parameters": [parameter], "responses": {} }))
    };
    assert_eq!(
        message(&page(json!("a")), &page(json!("b"))),
        "`default` was \"a\" and is \"b\": requests that omit the value mean something else"
    );

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
    assert_eq!(message, "the discriminator value `puss` no longer selects `Cat`: existing requests may be rejected");
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
}

/// A removed webhook is not reported as a failing call, nor is a media type that the API sends.
#[test]
fn messages_on_webhooks_state_what_the_api_sends() {
    let mut old = build_document(&json!({ "responses": { "204": { "description": "done" } } }));
    let new = old.clone();
    old["webhooks"] = json!({ "moved": { "post": { "responses": { "204": { "description": "done" } } } } });
    assert_eq!(compare(&old, &new).unwrap()[0].message, "webhook POST moved was removed: it is no longer sent");
    let with = |content: Value| {
        let mut document = new.clone();
        let operation = json!({ "requestBody": { "content": content }, "responses": {} });
        document["webhooks"] = json!({ "moved": { "post": operation } });
        document
    };
    let found = list_changes(
        &with(json!({ "application/json": {}, "text/csv": {} })),
        &with(json!({ "application/json": {} })),
    );
    assert_eq!(found[0].4, "the media type `text/csv` was removed: it is no longer sent");
    // The name of a webhook may be that of a path.
    let both = |kind: &str| {
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Shelf" } } });
        let operation = json!({ "requestBody": { "content": content }, "responses": {} });
        let mut document = new.clone();
        document["webhooks"] = json!({ "/things": { "put": operation } });
        document["paths"]["/things"]["put"] = operation;
        document["components"]["schemas"] = json!({ "Shelf": { "type": "string", "maxLength": 9 } });
        document["components"]["schemas"]["Shelf"]["type"] = kind.into();
        document
    };
    let found = list_changes(&both("string"), &both("integer"));
    assert_eq!(found[0].3, ["PUT /things", "webhook PUT /things"]);
    let expected = "the type was string and is integer: existing requests may be rejected, others are accepted, \
                    requests may differ from what existing clients expect";
    assert_eq!(found[0].4, expected);
}

#[test]
fn statuses_that_the_default_describes_are_stated_once() {
    let with = |statuses: &[&str]| {
        let response = |status: &&str| (status.to_string(), json!({ "description": "" }));
        let responses: serde_json::Map<String, Value> = statuses.iter().map(response).collect();
        build_document(&json!({ "responses": responses }))
    };
    for (old, expected) in [
        (&["200", "404"][..], "statuses 200, 404 are now described by default"),
        (&["200", "default"], "status 200 is now described by default"),
    ] {
        let found: Vec<String> =
            list_changes(&with(old), &with(&["default"])).into_iter().map(|change| change.4).collect();
        assert_eq!(found, [format!("{expected}: responses may contain what existing clients do not expect")]);
    }
}

/// Names and URLs are spelled as in the document.
#[test]
fn messages_state_what_differs_in_security_schemes() {
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
    let mut unknown = same.clone();
    unknown.as_object_mut().unwrap().remove("key");
    let (key, oauth) = (json!([{ "key": [] }]), json!([{ "oauth": ["read"] }]));
    let both = json!([{ "key": [], "oauth": ["read"] }]);
    let (vendored, candidate) = (Document::Vendored, Document::Candidate);
    let flow = "/components/securitySchemes/oauth/flows/clientCredentials";
    for (old, new, document, pointer, message) in [
        (
            (&both, &same),
            (&json!([{ "key": [], "oauth": ["read", "write"] }]), &same),
            candidate,
            "/security/0",
            "`oauth` now also requires the scope `write`: existing requests may be rejected",
        ),
        (
            (&both, &same),
            (&json!([{ "basic": [], "key": [], "oauth": ["read"] }]), &same),
            candidate,
            "/security/0",
            "`key` and `oauth` now also require `basic` (HTTP basic): existing requests may be rejected",
        ),
        (
            (&json!([{ "oauth": ["read", "write"] }]), &same),
            (&oauth, &same),
            candidate,
            "/security/0",
            "`oauth` no longer requires the scope `write`",
        ),
        ((&key, &same), (&Value::Null, &same), vendored, "/security", "authentication is no longer required"),
        ((&key, &same), (&json!([]), &same), candidate, "/security", "authentication is no longer required"),
        (
            (&both, &same),
            (&both, &other_key),
            candidate,
            "/components/securitySchemes/key",
            "`key` was API key in header `X-Key` and is API key in header `X-Other`: existing requests may be rejected",
        ),
        (
            (&key, &same),
            (&key, &unknown),
            vendored,
            "/components/securitySchemes/key",
            "`key` was API key in header `X-Key` and is an unknown scheme: existing requests may be rejected",
        ),
        (
            (&oauth, &same),
            (&oauth, &fewer),
            vendored,
            &format!("{flow}/scopes/write"),
            "the scope `write` was removed from `oauth`: requests for a token with it may be rejected",
        ),
        (
            (&oauth, &fewer),
            (&oauth, &same),
            candidate,
            &format!("{flow}/scopes/write"),
            "the scope `write` was added to `oauth`",
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
            "`refreshUrl` of `oauth` was `https://one.example` and is `https://two.example`: tokens can no longer be refreshed at the old URL",
        ),
        (
            format!("{flow}/tokenUrl"),
            "`tokenUrl` of `oauth` was `https://one.example` and is `https://two.example`: existing requests may be rejected",
        ),
    ];
    assert_eq!(found, expected.each_ref().map(|(pointer, message)| (pointer.as_str(), *message)));
}

/// Normalization converts exclusive bounds; messages show the original ones.
#[test]
fn messages_show_bounds_as_written() {
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

/// Normalization replaces `oneOf` with one alternative by that alternative.
#[test]
fn messages_name_alternatives_added_to_or_removed_from_a_single_one() {
    let cat = json!({ "$ref": "#/components/schemas/A" });
    let dog = json!({ "$ref": "#/components/schemas/B" });
    let object =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
    let body = |schema: &Value| {
        build_document(
            &json!({ "requestBody": { "content": { "application/json": { "schema": schema } } }, "responses": {} }),
        )
    };
    let annotated = json!({ "description": "one of them", "deprecated": true });
    let discriminated = json!({ "discriminator": { "propertyName": "kind" } });
    let mapped = json!({ "discriminator": { "propertyName": "kind", "mapping": { "cat": "A", "dog": "B" } } });
    for (case, all, more, name) in [
        ("components", [&cat, &dog], json!({}), "`B`"),
        ("components with annotations", [&cat, &dog], annotated.clone(), "`B`"),
        ("components with a discriminator", [&cat, &dog], discriminated, "`B`"),
        ("components with a mapping", [&cat, &dog], mapped, "`B`"),
        ("inline schemas with annotations", [&object("a"), &object("b")], annotated, "with `b`"),
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
        for (old, new, rule, effect) in
            [(&two, &one, "alternative-removed", "removed"), (&one, &two, "alternative-added", "added")]
        {
            let found = list_changes(old, new);
            let [(found_rule, .., message)] = &found[..] else { panic!("{case}: {found:#?}") };
            assert_eq!(found_rule, rule, "{case}");
            assert!(message.starts_with(&format!("the alternative {name} was {effect}: ")), "{case}: {message}");
        }
    }
}

/// An inline alternative without a title is named after what distinguishes it in its list, or by its index.
#[test]
fn messages_name_alternatives_by_what_distinguishes_them() {
    let object =
        |name: &str, schema: Value| json!({ "type": "object", "required": [name], "properties": { name: schema } });
    let [loan, gift] = ["loan", "gift"].map(|kind| object("kind", json!({ "const": kind })));
    let text = json!({ "type": "string", "minLength": 1 });
    let list = |values: &[&str]| json!({ "enum": values });
    let reference = json!({ "$ref": "#/components/schemas/A" });
    let short = json!({ "type": "string", "maxLength": 9 });
    for (known, added, expected) in [
        (&loan, gift.clone(), r#"with `kind` = "gift""#),
        (&loan, object("kind", json!({ "enum": [3] })), "with `kind` = 3"),
        (&loan, json!({ "allOf": [reference, { "minProperties": 1 }] }), "that combines `A`"),
        (&loan, object("tweet", json!({ "type": "string" })), "with `tweet`"),
        (&loan, text.clone(), "of type `string`"),
        (&loan, json!({ "type": "array", "items": { "type": "string" } }), "of type `array<string>`"),
        (&loan, list(&["a"]), r#"with the value "a""#),
        (&loan, list(&["a", "b", "c", "d"]), r#"with the values "a", "b", "c" and 1 more"#),
        (&text, short, "`2`"),
    ] {
        let body = |alternatives: &[&Value]| {
            let content = json!({ "application/json": { "schema": { "oneOf": alternatives } } });
            build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
        };
        let other = json!({ "type": "integer", "maximum": 3 });
        let found = list_changes(&body(&[known, &other]), &body(&[known, &other, &added]));
        let messages: Vec<&String> = found.iter().map(|change| &change.4).collect();
        let expected = format!("the alternative {expected} was added: ");
        assert!(messages.iter().any(|message| message.starts_with(&expected)), "{expected}: {messages:#?}");
    }
}

/// The removal of a path is the removal of each of its operations.
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
    // If the path item remains, the removed operation is located at its definition.
    let found = list_changes(&old, &path_item(json!({ "get": { "responses": {} } })));
    assert_eq!(found[0].2, "/components/pathItems/others/put");
}

/// A schema may be used as text and as JSON: the same change then widens the one, and changes the other.
#[test]
fn the_worst_consequence_of_a_change_is_stated_once() {
    let document = |kind: &str| {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        let content = json!({ "application/json": { "schema": { "properties": { "p": reference } } } });
        let parameters = json!([{ "name": "q", "in": "query", "schema": reference }]);
        let operation = json!({ "parameters": parameters, "requestBody": { "content": content }, "responses": {} });
        let mut document = build_document(&operation);
        document["components"]["schemas"]["A"] = json!({ "type": kind });
        document
    };
    let found = list_changes(&document("integer"), &document("string"));
    let [(rule, _, pointer, _, message)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((rule.as_str(), pointer.as_str()), ("type-changed", "/components/schemas/A/type"));
    let expected = "the type was integer and is string: existing requests may be rejected, others are accepted";
    assert_eq!(message, expected);
}

#[test]
fn messages_state_what_changed_as_the_document_writes_it() {
    let body = |schema: Value| {
        let content = json!({ "application/json": { "schema": schema } });
        build_document(&json!({ "requestBody": { "content": content }, "responses": {} }))
    };
    let query = |schema: Value, component: Value| {
        let parameters = json!([{ "name": "q", "in": "query", "schema": schema }]);
        let mut document = build_document(&json!({ "parameters": parameters, "responses": {} }));
        document["components"]["schemas"]["A"] = component;
        document
    };
    let both = |more: Value| {
        let mut second = json!({ "type": "string", "maxLength": 9 });
        second.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let properties = [json!({ "type": "string" }), second].map(|schema| json!({ "properties": { "a": schema } }));
        body(json!({ "allOf": properties }))
    };
    let default = |value: u8| {
        let reference = json!({ "$ref": "#/components/schemas/A", "default": 3 });
        query(reference, json!({ "type": "integer", "default": value }))
    };
    let strings = json!({ "type": "array", "items": { "type": "string" } });
    for (old, new, expected) in [
        (
            both(json!({})),
            both(json!({ "readOnly": true })),
            ("/allOf/1/properties/a", "`a` is now `readOnly`: requests that set it may be rejected"),
        ),
        (
            body(json!({ "properties": { "a": { "type": "string" } } })),
            body(json!({ "properties": { "a": { "type": "string", "format": "binary" } } })),
            ("/a/format", "`format` \"binary\" was added: existing requests may be rejected"),
        ),
        (
            body(json!({ "properties": { "a": {} }, "additionalProperties": { "maxLength": 9, "readOnly": true } })),
            body(json!({ "additionalProperties": { "maxLength": 9, "readOnly": true } })),
            ("/properties/a", "`a` was removed: requests that set it may be rejected"),
        ),
        (
            default(1),
            default(2),
            ("/A/default", "`default` was 1 and is 2: requests that omit the value mean something else"),
        ),
        (
            query(strings, json!({})),
            query(json!({ "type": "integer" }), json!({})),
            (
                "/schema/type",
                "the type was array and is integer; the type was string and is integer: existing requests may be rejected",
            ),
        ),
    ] {
        let found = list_changes(&old, &new);
        let [(_, _, pointer, _, message)] = &found[..] else { panic!("{found:#?}") };
        assert_eq!(message, expected.1);
        assert!(pointer.ends_with(expected.0), "{pointer}");
    }
}
