//! Changes: number, locations and affected operations.

use openapi_spec_drift::{Document, Verdict, compare};
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

/// Operations and schemas that are the same are compared if what they refer to, or inherit, is not.
#[test]
fn changes_behind_parts_that_are_the_same_are_reported() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let with = |length: u64, key: &str| {
        let body = json!({ "application/json": { "schema": reference("first") } });
        let mut document = build_document(&json!({ "requestBody": { "content": body }, "responses": {} }));
        document["components"] = json!({
            "schemas": {
                "first": { "properties": { "second": reference("second") } },
                "second": { "items": reference("third") },
                "third": { "properties": { "name": { "maxLength": length }, "first": reference("first") } },
            },
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": key } },
        });
        document["security"] = json!([{ "key": [] }]);
        document
    };
    let old = with(9, "Key");
    assert_eq!(list_changes(&old, &old), []);
    for (new, rule) in [(with(8, "Key"), "max-length-narrowed"), (with(9, "Token"), "security-")] {
        let changes = list_changes(&old, &new);
        assert!(!changes.is_empty() && changes.iter().all(|(it, ..)| it.starts_with(rule)), "{changes:#?}");
    }
}

/// An invalid value is ignored, so that its effect on existing clients is unknown.
#[test]
fn values_that_became_invalid_are_reported_in_place_of_their_removal() {
    let with = |component: &str, schema: Value| {
        let reference = format!("#/components/schemas/{component}");
        let content = json!({ "application/json": { "schema": { "$ref": reference } } });
        let mut document = build_document(&json!({ "requestBody": { "content": content }, "responses": {} }));
        document["components"]["schemas"][component] = schema;
        document
    };
    let object = |length: Value, title: Value| {
        let name = json!({ "type": "string", "maxLength": length, "title": title });
        json!({ "type": "object", "properties": { "name": name } })
    };
    let old = with("thing", object(9.into(), "Name".into()));
    let at = |path: &str| format!("/components/schemas/{path}");
    let cases = [
        (with("thing", object("nine".into(), "Name".into())), Verdict::Breaking, at("thing/properties/name/maxLength")),
        (with("moved", object("nine".into(), "Name".into())), Verdict::Breaking, at("moved/properties/name/maxLength")),
        (with("thing", object(9.into(), 5.into())), Verdict::Docs, at("thing/properties/name/title")),
    ];
    for (new, verdict, pointer) in cases {
        let changes = compare(&old, &new).unwrap();
        let invalid: Vec<_> = changes.iter().filter(|change| change.rule == "value-invalid").collect();
        let [change] = &invalid[..] else { panic!("{changes:#?}") };
        assert_eq!((change.wire, &change.pointer), (verdict, &pointer));
        assert_eq!(change.operations, ["POST /things"]);
        assert!(compare(&new, &new).unwrap().is_empty());
    }
}

/// A member that is `null` counts as absent, and an invalid value may move.
#[test]
fn invalid_values_without_an_effect_are_not_reported() {
    let with = |parameters: Value| {
        let mut document = build_document(&json!({ "parameters": parameters, "responses": {} }));
        document["info"]["title"] = "Things".into();
        document
    };
    let one = json!({ "name": "one", "in": "query", "schema": { "type": "string", "maxLength": "nine" } });
    let two = json!({ "name": "two", "in": "query", "schema": { "type": "string" } });
    let mut null = with(json!([one, two]));
    null["paths"]["/things"]["post"]["callbacks"] = Value::Null;
    for (old, new) in [(with(json!([one, two])), with(json!([two, one]))), (with(json!([one, two])), null)] {
        let changes = compare(&old, &new).unwrap();
        assert!(changes.is_empty(), "{changes:#?}");
    }
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
fn changed_annotations_are_summarized_by_operation_and_component() {
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
        ("/info/title", "`title` was changed"),
        ("/paths/~1things/post", "`description` (2 times), `summary` were changed"),
    ];
    assert_eq!(found, expected);
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

/// What a schema adds to its base does not concern the others that extend the base. A component is the cause for all that refer to it.
#[test]
fn changes_are_located_at_the_schema_that_states_them() {
    let document = |schemas: Value| {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let content = |name: &str| json!({ "content": { "application/json": { "schema": reference(name) } } });
        let done = json!({ "204": { "description": "done" } });
        let parameter = json!({ "name": "q", "in": "query", "schema": reference("value") });
        let mut response = content("base");
        response["description"] = json!("done");
        let mut document =
            build_document(&json!({ "requestBody": content("kind"), "responses": done, "parameters": [parameter] }));
        document["paths"]["/things"]["put"] =
            json!({ "requestBody": content("base"), "responses": { "200": response } });
        let base = json!({ "properties": { "a": reference("value"), "b": reference("value") } });
        document["components"]["schemas"] = json!({ "base": base, "kind": { "allOf": [reference("base")] } });
        for (name, more) in schemas.as_object().unwrap() {
            let schema = document["components"]["schemas"][name].as_object_mut();
            match schema {
                Some(members) => members.extend(more.as_object().unwrap().clone()),
                None => document["components"]["schemas"][name] = more.clone(),
            }
        }
        document
    };
    let required = |names: &[&str]| json!({ "value": {}, "kind": { "required": names } });
    let value = |schema: Value| json!({ "value": schema });
    let omitted = json!({ "value": {}, "kind": {} });
    // A member of `allOf` that is removed.
    let with = |members: Value| document(json!({ "value": {}, "kind": { "allOf": members } }));
    let base = json!({ "$ref": "#/components/schemas/base" });
    let found = list_changes(&with(json!([base, { "required": ["a"] }])), &with(json!([base])));
    let [(rule, Document::Vendored, pointer, operations, _)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(
        (rule.as_str(), pointer.as_str()),
        ("property-no-longer-required", "/components/schemas/kind/allOf/1/required")
    );
    assert_eq!(operations, &["POST /things"]);
    // It may be used otherwise than as a property.
    let listed = |value: Value| {
        let mut document = document(json!({ "value": value }));
        let list = json!({ "type": "array", "items": { "$ref": "#/components/schemas/value" } });
        document["paths"]["/lists"] = json!({ "post": {
            "requestBody": { "content": { "application/json": { "schema": list } } },
            "responses": {},
        } });
        document
    };
    let found = list_changes(&listed(json!({})), &listed(json!({ "readOnly": true })));
    assert!(found.iter().all(|(.., operations, _)| operations == &["POST /things", "PUT /things"]), "{found:#?}");
    let (post, both) = (&["POST /things"][..], &["POST /things", "PUT /things"][..]);
    for (old, new, expected) in [
        (required(&["a"]), required(&["a", "b"]), ("property-now-required", "kind/required", post)),
        (required(&["a", "b"]), required(&["a"]), ("property-no-longer-required", "kind/required", post)),
        (required(&["a"]), omitted.clone(), ("property-no-longer-required", "kind/required", post)),
        (omitted, required(&["a"]), ("property-now-required", "kind/required", post)),
        (value(json!({})), value(json!({ "readOnly": true })), ("property-removed", "value", both)),
        (value(json!({ "readOnly": true })), value(json!({})), ("property-added", "value", both)),
        // As text, the type is only wider.
        (value(json!({ "type": "integer" })), value(json!({ "type": "string" })), ("type-changed", "value/type", both)),
        (value(json!({ "type": "string" })), value(json!({ "type": "integer" })), ("type-changed", "value/type", both)),
    ] {
        let found = list_changes(&document(old.clone()), &document(new.clone()));
        let [(rule, _, pointer, operations, _)] = &found[..] else { panic!("{old} and {new}: {found:#?}") };
        let pointer = pointer.strip_prefix("/components/schemas/").unwrap();
        assert_eq!((rule.as_str(), pointer), (expected.0, expected.1), "{found:#?}");
        assert_eq!(operations, expected.2, "{found:#?}");
    }
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
        // Of parameters with the same name, the last counts.
        let parameters = [parameter("X-A", false), parameter("x-a", is_required)];
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

/// Removing or adding a reference to a component is a change of the operation, not of the component.
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

/// If the verdicts on the operations that use a component differ, only those with the worst one are listed.
#[test]
fn changes_list_the_operations_with_the_worst_verdict() {
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

/// If one use of a component is replaced, others do not change, although the change is located at the component.
#[test]
fn changes_list_only_the_operations_that_lead_to_them() {
    let shelf = |properties: Value| json!({ "type": "object", "properties": properties });
    let label = json!({ "type": "string" });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let with = |schema: &Value| {
        let content = |schema: &Value| json!({ "application/json": { "schema": schema } });
        let answers =
            |schema: &Value| json!({ "responses": { "200": { "description": "", "content": content(schema) } } });
        let sends = json!({ "requestBody": { "content": content(&reference("Full")) }, "responses": {} });
        let mut document = build_document(&sends);
        document["paths"]["/things"]["get"] = answers(schema);
        let shelf = |name: &str| json!({ "type": "object", "properties": { "shelf": reference(name) } });
        document["paths"]["/holders"] = json!({ "get": answers(&shelf("Full")), "put": answers(&shelf("Short")) });
        document["paths"]["/others"] = json!({ "get": answers(&reference("Full")) });
        document
    };
    let [full, short] = [json!({ "label": label, "color": label }), json!({ "label": label })].map(shelf);
    let list = |[old, new]: [(&Value, &Value); 2]| {
        let documents = [old, new].map(|(schema, full)| {
            let mut document = with(schema);
            document["components"]["schemas"] = json!({ "Full": full, "Short": short });
            document
        });
        let found = list_changes(&documents[0], &documents[1]);
        found.into_iter().map(|(rule, _, pointer, operations, _)| (rule, pointer, operations)).collect::<Vec<_>>()
    };
    let (whole, part) = (reference("Full"), reference("Short"));
    let at = "/components/schemas/Full/properties/color";
    let expect = |rule: &str, operations: &[&str]| {
        vec![(rule.to_owned(), at.to_owned(), operations.iter().map(|it| it.to_string()).collect::<Vec<_>>())]
    };
    for other in [&part, &short] {
        assert_eq!(list([(&whole, &full), (other, &full)]), expect("property-removed", &["GET /things"]));
        assert_eq!(list([(other, &full), (&whole, &full)]), expect("property-added", &["GET /things"]));
    }
    // A pair of schemas is compared once, but all operations that lead to it are listed.
    let mut limited = full.clone();
    limited["properties"]["color"]["maxLength"] = 9.into();
    let found = list([(&whole, &limited), (&whole, &full)]);
    assert_eq!(found[0].2, ["GET /holders", "GET /others", "GET /things"], "{found:#?}");
}

/// The name of a webhook may begin with `x-`.
#[test]
fn changes_of_webhooks_named_like_extensions_are_reported_once() {
    let with = |kind: &str| {
        let body = json!({ "content": { "application/json": { "schema": { "type": kind } } } });
        let mut document = build_document(&json!({ "responses": {} }));
        document["webhooks"] = json!({ "x-moved": { "post": { "requestBody": body, "responses": {} } } });
        document
    };
    let rules: Vec<_> = list_changes(&with("string"), &with("integer")).into_iter().map(|it| it.0).collect();
    assert_eq!(rules, ["type-changed"]);
}
