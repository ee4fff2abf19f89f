//! Operations: a table of changes of paths, parameters, bodies, responses, security, servers, properties and callbacks, with the rule and
//! the verdict of each.

use serde_json::{Value, json};

use super::*;

fn build_parameter(place: &str, more: Value) -> Value {
    extend(json!({ "name": "probe", "in": place, "schema": { "type": "string" } }), more)
}

/// Edits that make the old document, further edits that make the new one, and the rule and verdict of the change and of its reverse.
type Row = (Vec<Edit>, Vec<Edit>, [(&'static str, Verdict); 2]);

fn list_rows() -> Vec<Row> {
    let mut table = vec![
        // Paths, methods, operation ids.
        (
            vec![],
            vec![("/paths/~1other", json!({ "get": { "responses": {} } }))],
            [("operation-added", Compatible), ("operation-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/get", json!({ "responses": {} }))],
            [("operation-added", Compatible), ("operation-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/operationId", json!("other"))],
            [("docs", Docs), ("docs", Docs)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/deprecated", json!(true))],
            [("deprecated", Compatible), ("no-longer-deprecated", Docs)],
        ),
        // Bodies and media types.
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/requestBody/required", json!(true))],
            [("request-body-required-narrowed", Breaking), ("request-body-required-widened", Compatible)],
        ),
        (
            vec![(BODY, json!({ "content": { "application/json": {} } }))],
            vec![("/paths/~1integrations~1{id}/patch/requestBody/content/application~1xml", json!({}))],
            [("media-type-added", Compatible), ("media-type-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/400/content/text~1plain", json!({}))],
            [("media-type-added", Compatible), ("media-type-removed", Breaking)],
        ),
        (vec![], vec![(BODY, Value::Null)], [("request-body-removed", Breaking), ("request-body-widened", Compatible)]),
        // Responses and headers.
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/429", json!({ "description": "" }))],
            [("response-added", Compatible), ("response-removed", Compatible)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/200", json!({ "description": "" }))],
            [("response-added", Breaking), ("response-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/default", json!({ "description": "" }))],
            [("response-added", Compatible), ("response-removed", Compatible)],
        ),
        (
            vec![("/paths/~1integrations~1{id}/patch/responses", json!({ "2XX": { "description": "" } }))],
            vec![("/paths/~1integrations~1{id}/patch/responses", json!({ "204": { "description": "" } }))],
            [("response-narrowed", Compatible), ("response-widened", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/responses/204/headers", json!({ "X-Left": { "schema": {} } }))],
            [("header-added", Compatible), ("header-removed", Breaking)],
        ),
        (
            vec![(
                "/paths/~1integrations~1{id}/patch/responses/204/headers",
                json!({ "X-Left": { "schema": { "type": "integer" } } }),
            )],
            vec![("/paths/~1integrations~1{id}/patch/responses/204/headers/X-Left/required", json!(true))],
            [("header-required-narrowed", Compatible), ("header-required-widened", Breaking)],
        ),
        (
            vec![(
                "/paths/~1integrations~1{id}/patch/responses/204/headers",
                json!({ "X-Left": { "schema": { "type": "integer" } } }),
            )],
            vec![("/paths/~1integrations~1{id}/patch/responses/204/headers/X-Left/schema/maximum", json!(9))],
            [("maximum-narrowed", Compatible), ("maximum-widened", Breaking)],
        ),
        // Security and servers.
        (
            vec![],
            vec![
                ("/security", json!([{ "HTTPBasicAuth": [] }])),
                ("/paths/~1integrations~1{id}/patch/security", Value::Null),
            ],
            [("", Nothing), ("", Nothing)],
        ),
        (
            vec![("/components/securitySchemes/Key", json!({ "type": "apiKey", "in": "header", "name": "X-Key" }))],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([{ "HTTPBasicAuth": [] }, { "Key": [] }]))],
            [("security-added", Compatible), ("security-removed", Breaking)],
        ),
        (
            vec![("/components/securitySchemes/Key", json!({ "type": "apiKey", "in": "header", "name": "X-Key" }))],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([{ "HTTPBasicAuth": [], "Key": [] }]))],
            [("security-removed", Breaking), ("security-added", Compatible)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([]))],
            [("security-added", Compatible), ("security-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/securitySchemes/HTTPBasicAuth/scheme", json!("bearer"))],
            [("security-removed", Breaking), ("security-removed", Breaking)],
        ),
        (
            vec![
                (
                    "/components/securitySchemes/OAuth",
                    json!({ "type": "oauth2", "flows": { "implicit": { "authorizationUrl": "https://a.example", "scopes": {} } } }),
                ),
                ("/paths/~1integrations~1{id}/patch/security", json!([{ "OAuth": ["read"] }])),
            ],
            vec![("/paths/~1integrations~1{id}/patch/security", json!([{ "OAuth": ["read", "write"] }]))],
            [("security-removed", Breaking), ("security-added", Compatible)],
        ),
        (
            vec![("/servers", json!([{ "url": "https://a.example" }]))],
            vec![("/servers", json!([{ "url": "https://b.example" }, { "url": "https://a.example/" }]))],
            [("server-added", Compatible), ("server-removed", Breaking)],
        ),
        (
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu", "enum": ["eu", "us"] } } }]),
            )],
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "us", "enum": ["us", "eu"] } } }]),
            )],
            [("server-default-changed", Breaking), ("server-default-changed", Breaking)],
        ),
        (
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu", "enum": ["eu"] } } }]),
            )],
            vec![(
                "/servers",
                json!([{ "url": "https://{r}.example", "variables": { "r": { "default": "eu", "enum": ["us", "eu"] } } }]),
            )],
            [("server-variable-widened", Compatible), ("server-variable-narrowed", Breaking)],
        ),
        (vec![], vec![("/servers/0/novelty", json!(1))], [("unclassified", Breaking), ("unclassified", Breaking)]),
        (
            vec![],
            vec![("/components/securitySchemes/HTTPBasicAuth/novelty", json!(1))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/query", json!({ "responses": {} }))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        // Properties.
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/probe", json!({}))],
            [("property-added", Compatible), ("property-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/ErrorObject/properties/probe", json!({}))],
            [("property-added", Compatible), ("property-removed", Breaking)],
        ),
        (
            vec![],
            vec![
                ("/components/schemas/integration-model/properties/probe", json!({})),
                ("/components/schemas/integration-model/required", json!(["probe"])),
            ],
            [("required-property-added", Breaking), ("property-removed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/required", json!(["shop_name"]))],
            [("property-now-required", Breaking), ("property-no-longer-required", Compatible)],
        ),
        (
            vec![],
            vec![("/components/schemas/ErrorObject/required", json!(["title"]))],
            [("property-now-required", Compatible), ("property-no-longer-required", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/readOnly", json!(true))],
            [("property-removed", Breaking), ("property-added", Compatible)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/writeOnly", json!(true))],
            [("", Nothing), ("", Nothing)],
        ),
        (
            vec![],
            vec![("/components/schemas/ErrorObject/properties/detail/writeOnly", json!(true))],
            [("property-removed", Breaking), ("property-added", Compatible)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/deprecated", json!(true))],
            [("deprecated", Compatible), ("no-longer-deprecated", Docs)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/webhook_active/default", json!(true))],
            [("default-added", Docs), ("default-changed", Breaking)],
        ),
        (
            vec![],
            vec![("/components/schemas/integration-model/properties/shop_name/$dynamicRef", json!("#x"))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        (
            vec![],
            vec![("/paths/~1integrations~1{id}/patch/novelty", json!(1))],
            [("unclassified", Breaking), ("unclassified", Breaking)],
        ),
        (vec![], vec![("/novelty", json!(1))], [("unclassified", Breaking), ("unclassified", Breaking)]),
        // Callbacks.
        (
            vec![],
            vec![(
                "/paths/~1integrations~1{id}/patch/callbacks",
                json!({ "changed": { "{$request.body#/webhook_url}": { "post": { "responses": {} } } } }),
            )],
            [("callback-added", Compatible), ("callback-removed", Breaking)],
        ),
    ];
    // Parameters in each location.
    for place in ["query", "header", "cookie"] {
        let with_parameter =
            |more: Value| vec![("/paths/~1integrations~1{id}/patch/parameters", json!([build_parameter(place, more)]))];
        let without = vec![("/paths/~1integrations~1{id}/patch/parameters", json!([]))];
        table.extend([
            (
                without.clone(),
                with_parameter(json!({})),
                [("parameter-added", Compatible), ("parameter-removed", Breaking)],
            ),
            (
                without,
                with_parameter(json!({ "required": true })),
                [("required-parameter-added", Breaking), ("parameter-removed", Breaking)],
            ),
            (
                with_parameter(json!({})),
                with_parameter(json!({ "required": true })),
                [("parameter-required-narrowed", Breaking), ("parameter-required-widened", Compatible)],
            ),
            (
                with_parameter(json!({ "schema": { "type": "object" } })),
                with_parameter(
                    json!({ "schema": { "type": "object" }, "explode": place != "query" && place != "cookie" }),
                ),
                [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
            ),
            (
                with_parameter(json!({})),
                with_parameter(json!({ "explode": place != "query" && place != "cookie" })),
                [("", Nothing), ("", Nothing)],
            ),
            (
                with_parameter(json!({})),
                with_parameter(json!({ "schema": { "type": "string", "maxLength": 3 } })),
                [("max-length-narrowed", Breaking), ("max-length-widened", Compatible)],
            ),
            (
                with_parameter(json!({ "schema": { "type": "integer" } })),
                with_parameter(json!({})),
                [("type-widened", Compatible), ("type-narrowed", Breaking)],
            ),
            (
                with_parameter(json!({})),
                with_parameter(json!({ "deprecated": true })),
                [("deprecated", Compatible), ("no-longer-deprecated", Docs)],
            ),
        ]);
    }
    let query =
        |more: Value| vec![("/paths/~1integrations~1{id}/patch/parameters", json!([build_parameter("query", more)]))];
    table.extend([
        (
            query(json!({})),
            query(json!({ "schema": { "type": "string", "default": "a" } })),
            [("default-added", Breaking), ("default-changed", Breaking)],
        ),
        (
            query(json!({})),
            query(json!({ "style": "pipeDelimited", "explode": true })),
            [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
        ),
        (
            query(json!({})),
            query(json!({ "allowReserved": true })),
            [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
        ),
        (
            query(json!({})),
            query(json!({ "allowEmptyValue": true })),
            [("parameter-empty-widened", Compatible), ("parameter-empty-narrowed", Breaking)],
        ),
        (
            query(json!({})),
            vec![(
                "/paths/~1integrations~1{id}/patch/parameters",
                json!([{ "name": "probe", "in": "query", "content": { "application/json": {} } }]),
            )],
            [("parameter-style-changed", Breaking), ("parameter-style-changed", Breaking)],
        ),
    ]);
    table
}

#[test]
fn changes_of_operations_are_classified_in_both_directions() {
    for (before, after, expected) in list_rows() {
        let old = edit_vendored(&before);
        let mut new = old.clone();
        after.iter().for_each(|(pointer, value)| set_member(&mut new, pointer, value.clone()));
        for ((old, new), (rule, verdict)) in [(&old, &new), (&new, &old)].into_iter().zip(expected) {
            let (code, report) = run_check(old, new);
            let found = report["changes"].as_array().unwrap();
            assert_eq!(read_text(&report, "wire"), verdict.to_string(), "{after:?}, {rule}: {found:#?}");
            assert_eq!(code, Some(i32::from(verdict != Nothing)), "{after:?}");
            let is_reported =
                found.iter().any(|change| change["rule"] == rule) || (rule.is_empty() && found.is_empty());
            assert!(is_reported, "{after:?}: {rule} is not reported: {found:#?}");
        }
    }
}
