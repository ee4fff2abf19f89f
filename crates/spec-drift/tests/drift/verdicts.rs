//! Verdicts where parts of a document depend on each other, each in both directions.

use openapi_spec_drift::Verdict::{self, Breaking, Compatible};
use serde_json::{Value, json};

use crate::edge_cases::{build_document, classify};

/// Classifies a change of a body, and its reverse, in a request and in a response.
fn classify_schemas(old: &Value, new: &Value) -> [[Verdict; 2]; 2] {
    let with = |schema: &Value, is_request: bool| {
        let body = json!({ "description": "", "content": { "application/json": { "schema": schema } } });
        let operation = match is_request {
            true => json!({ "requestBody": body, "responses": {} }),
            false => json!({ "responses": { "200": body } }),
        };
        let mut document = build_document(&operation);
        let base = json!({ "type": "object", "properties": { "kind": { "type": "string" } } });
        let derived = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, { "required": ["kind"] }] });
        document["components"]["schemas"]["Base"] = base;
        document["components"]["schemas"]["Derived"] = derived;
        document["components"]["schemas"]["Nullable"] = json!({ "type": ["string", "null"] });
        document
    };
    [true, false].map(|is_request| {
        let [old, new] = [old, new].map(|schema| with(schema, is_request));
        [classify(&old, &new), classify(&new, &old)]
    })
}

const WIDER: [[Verdict; 2]; 2] = [[Compatible, Breaking], [Breaking, Compatible]];
const NARROWER: [[Verdict; 2]; 2] = [[Breaking, Compatible], [Compatible, Breaking]];

#[test]
fn null_is_found_in_nested_alternatives() {
    let no_value = json!({ "type": "null" });
    let nested = json!({ "anyOf": [{ "type": "string", "maxLength": 2 }, { "type": "string", "minLength": 5 }] });
    let derived = json!({ "$ref": "#/components/schemas/Derived" });
    let nullable = json!({ "type": ["string", "null"] });
    let twice = json!([{ "$ref": "#/components/schemas/Nullable" }, no_value, { "type": "integer" }]);
    for (what, old, new, expected) in [
        (
            "a nested list",
            json!({ "anyOf": [nested, { "type": "integer" }] }),
            json!({ "anyOf": [nested, { "type": "integer" }, no_value] }),
            WIDER,
        ),
        (
            "a component whose type is that of another",
            json!({ "oneOf": [derived, { "type": "integer" }] }),
            json!({ "oneOf": [derived, { "type": "integer" }, no_value] }),
            WIDER,
        ),
        (
            "null that fits two alternatives",
            json!({ "oneOf": [nullable] }),
            json!({ "oneOf": [nullable, no_value] }),
            NARROWER,
        ),
        (
            "null that a nested list rejected, beside another null",
            json!({ "oneOf": [no_value, { "oneOf": twice }] }),
            json!({ "oneOf": [no_value, { "anyOf": twice }] }),
            NARROWER,
        ),
    ] {
        assert_eq!(classify_schemas(&old, &new), expected, "{what}");
    }
}

#[test]
fn operations_are_compared_by_what_applies() {
    let body = |schema: Value| json!({ "schema": schema });
    let (any, short) = (body(json!({ "type": "string" })), body(json!({ "type": "string", "maxLength": 2 })));
    let request = |content: Value| json!({ "requestBody": { "content": content }, "responses": {} });
    let response = |content: Value| json!({ "responses": { "200": { "description": "", "content": content } } });
    let statuses = |statuses: &[&str]| {
        let statuses: serde_json::Map<String, Value> =
            statuses.iter().map(|status| (status.to_string(), json!({ "description": "" }))).collect();
        json!({ "responses": statuses })
    };
    let header = |more: Value| {
        let mut header = json!({ "schema": { "type": "object", "properties": { "a": { "type": "integer" } } } });
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "responses": { "200": { "description": "", "headers": { "X-A": header } } } })
    };
    let written = |kind: &str| {
        let content = json!({ "text/plain": { "schema": { "type": kind } } });
        json!({ "responses": { "200": { "description": "", "headers": { "X-A": { "content": content } } } } })
    };
    let query =
        |schema: Value| json!({ "parameters": [{ "name": "q", "in": "query", "schema": schema }], "responses": {} });
    let strings = |more: Value| {
        let mut list = json!({ "type": "array", "items": { "type": "string" } });
        list.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        query(list)
    };
    let string = query(json!({ "type": "string" }));
    let webhook = |request: Value, response: Value| json!({ "callbacks": { "moved": { "{$url}": { "post": { "requestBody": request, "responses": { "200": response } } } } }, "responses": {} });
    let done = json!({ "description": "" });
    let mut with_header = done.clone();
    with_header["headers"] = json!({ "X-A": { "required": true, "schema": { "type": "string" } } });
    let content = json!({ "content": { "application/json": short } });
    for (what, old, new, expected) in [
        (
            "a member of a media range in a request",
            request(json!({ "text/*": any })),
            request(json!({ "text/*": any, "text/csv": short })),
            [Breaking, Compatible],
        ),
        (
            "a member of a media range in a response",
            response(json!({ "text/*": short })),
            response(json!({ "text/*": short, "text/csv": any })),
            [Breaking, Compatible],
        ),
        ("a range beside a status", statuses(&["200"]), statuses(&["200", "2XX"]), [Breaking, Breaking]),
        ("a range beside another status", statuses(&["404"]), statuses(&["404", "4XX"]), [Compatible, Compatible]),
        (
            "a media range beside its member",
            request(json!({ "text/csv": any })),
            request(json!({ "text/csv": any, "text/*": any })),
            [Compatible, Breaking],
        ),
        ("an exploded header", header(json!({})), header(json!({ "explode": true })), [Breaking, Breaking]),
        ("the content of a header", written("integer"), written("number"), [Breaking, Compatible]),
        ("a list of several", string.clone(), strings(json!({ "minItems": 2 })), [Breaking, Breaking]),
        ("a list of none", string.clone(), strings(json!({ "maxItems": 0 })), [Breaking, Breaking]),
        (
            "a list that another keyword restricts",
            string.clone(),
            strings(json!({ "not": { "maxItems": 1 } })),
            [Breaking, Breaking],
        ),
        ("a list with a value", string, strings(json!({ "contains": { "const": "x" } })), [Breaking, Breaking]),
        (
            "a boolean that becomes a restricted text",
            query(json!({ "type": "boolean" })),
            query(json!({ "type": "string", "pattern": "^x" })),
            [Breaking, Breaking],
        ),
        (
            "a required header of an answer",
            webhook(json!(null), done.clone()),
            webhook(json!(null), with_header),
            [Breaking, Breaking],
        ),
        (
            "the body of a callback",
            webhook(content, done.clone()),
            json!({ "callbacks": { "moved": { "{$url}": { "post": { "responses": { "200": done } } } } }, "responses": {} }),
            [Breaking, Breaking],
        ),
    ] {
        let [old, new] = [old, new].map(|mut operation| {
            let pointer = "/callbacks/moved/{$url}/post";
            if let Some(Value::Object(called)) = operation.pointer_mut(pointer) {
                called.retain(|_, value| !value.is_null());
            }
            build_document(&operation)
        });
        assert_eq!([classify(&old, &new), classify(&new, &old)], expected, "{what}");
    }
}

#[test]
fn keywords_are_compared_with_those_beside_them() {
    let requires = |name: &str| json!({ "required": [name] });
    let when = |first: &str, then: &str| json!({ "if": requires(first), "then": requires(then) });
    let value = |value: &str, least: u8| json!({ "contains": { "const": value }, "minContains": least });
    let string = json!({ "type": "string" });
    let all = |schemas: [Value; 2]| json!({ "type": "object", "allOf": schemas });
    let closed = |names: &[&str]| {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| (name.to_string(), string.clone())).collect();
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    };
    let with = |property: Option<Value>| {
        let properties = property.map_or_else(|| json!({}), |schema| json!({ "a": schema }));
        json!({ "type": "object", "properties": properties, "additionalProperties": { "type": "string" } })
    };
    let dependent = |more: Value| {
        let properties = json!({ "a": string, "b": string });
        json!({ "type": "object", "properties": properties, "dependentSchemas": { "a": more } })
    };
    for (what, old, new, expected) in [
        (
            "conditions exchanged",
            all([when("a", "c"), when("b", "d")]),
            all([when("a", "d"), when("b", "c")]),
            [[Breaking; 2], [Breaking; 2]],
        ),
        (
            "counts exchanged",
            json!({ "type": "array", "allOf": [value("a", 2), value("b", 1)] }),
            json!({ "type": "array", "allOf": [value("a", 1), value("b", 2)] }),
            [[Breaking; 2], [Breaking; 2]],
        ),
        (
            "positions in another schema",
            json!({ "type": "array", "allOf": [{ "prefixItems": [string] }, { "items": { "type": "integer" } }] }),
            json!({ "type": "array", "prefixItems": [string], "items": { "type": "integer" } }),
            [[Breaking; 2], [Breaking; 2]],
        ),
        (
            "a property that a pattern does not name",
            json!({ "type": "object", "allOf": [
                { "patternProperties": { "^a": string }, "additionalProperties": false },
                { "properties": { "b": string } },
            ] }),
            json!({
                "type": "object", "patternProperties": { "^a": string }, "properties": { "b": string },
                "additionalProperties": false,
            }),
            [[Compatible, Breaking], [Breaking, Breaking]],
        ),
        ("a condition added", all([when("a", "c"), json!({})]), all([when("a", "c"), when("b", "d")]), NARROWER),
        (
            "a property that a closed schema does not name",
            json!({ "allOf": [closed(&["a"]), { "properties": { "b": string } }] }),
            closed(&["a", "b"]),
            [[Compatible, Breaking], [Breaking, Breaking]],
        ),
        (
            "a property that others restricted",
            with(None),
            with(Some(json!({ "type": "string", "maxLength": 2 }))),
            [[Breaking, Compatible], [Compatible, Breaking]],
        ),
        (
            "a schema that depends on another property",
            dependent(json!({ "minProperties": 1 })),
            dependent(json!({ "minProperties": 1, "properties": { "b": { "maxLength": 2 } } })),
            NARROWER,
        ),
    ] {
        assert_eq!(classify_schemas(&old, &new), expected, "{what}");
    }
}
