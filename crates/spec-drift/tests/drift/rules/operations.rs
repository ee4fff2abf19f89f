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
            vec![(RESPONSES, json!({ "200": { "description": "" }, "default": { "description": "" } }))],
            vec![(RESPONSES, json!({ "200": { "description": "" }, "202": { "description": "" } }))],
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
            [("", NoChange), ("", NoChange)],
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
            vec![("/servers", json!([{ "url": "https://a.example/" }, { "url": "https://b.example" }]))],
            [("server-added", Compatible), ("server-removed", Breaking)],
        ),
        (
            vec![("/servers", json!([{ "url": "https://a.example" }]))],
            vec![("/servers", json!([{ "url": "https://b.example" }, { "url": "https://a.example/" }]))],
            [("server-default-changed", Breaking), ("server-removed", Breaking)],
        ),
        (
            vec![("/servers", json!([{ "url": "https://a.example" }, { "url": "https://b.example" }]))],
            vec![("/servers", json!([{ "url": "https://b.example" }, { "url": "https://a.example" }]))],
            [("server-default-changed", Breaking), ("server-default-changed", Breaking)],
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
            [("", NoChange), ("", NoChange)],
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
                [("", NoChange), ("", NoChange)],
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
    let written_as_json = |schema: Value| {
        let content = json!({ "application/json": { "schema": schema } });
        vec![(PARAMETERS, json!([{ "name": "probe", "in": "query", "content": content }]))]
    };
    table.extend([
        (
            query(json!({})),
            query(json!({ "schema": { "type": "string", "default": "a" } })),
            [("default-added", Breaking), ("default-changed", Breaking)],
        ),
        (
            written_as_json(json!({ "type": "integer" })),
            written_as_json(json!({ "type": "integer", "default": 3 })),
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

const HEADERS: &str = "/paths/~1integrations~1{id}/patch/responses/204/headers";

/// Rows about ranges of media types and statuses: the most specific description applies.
fn list_rows_with_ranges() -> Vec<Row> {
    let text = |more: Value| json!({ "schema": extend(json!({ "type": "string" }), more) });
    let short = text(json!({ "maxLength": 2 }));
    let request = |content: Value| vec![(BODY, json!({ "content": content }))];
    let response = |content: Value| vec![(RESPONSES, json!({ "200": { "description": "", "content": content } }))];
    let hook = |content: Value| {
        vec![("/webhooks", json!({ "moved": { "post": { "requestBody": { "content": content }, "responses": {} } } }))]
    };
    let statuses = |statuses: &[&str]| {
        let described = statuses.iter().map(|status| (status.to_string(), json!({ "description": "" })));
        vec![(RESPONSES, Value::Object(described.collect()))]
    };
    let beside = |range: &'static str, name: &'static str, other: &Value| {
        [json!({ range: text(json!({})) }), json!({ range: text(json!({})), name: other })]
    };
    let [range, both] = beside("application/*", "application/json", &short);
    let [any, csv] = beside("*/*", "text/csv", &short);
    let [plain, utf8] = beside("text/plain", "text/plain; charset=utf-8", &short);
    let [alone, wider] = [json!({ "text/csv": {} }), json!({ "text/csv": {}, "text/*": {} })];
    let narrowed = [("max-length-narrowed", Breaking), ("max-length-widened", Compatible)];
    vec![
        (request(range.clone()), request(both.clone()), narrowed),
        (request(any), request(csv), narrowed),
        (request(plain), request(utf8), narrowed),
        (response(range), response(both), [("max-length-narrowed", Compatible), ("max-length-widened", Breaking)]),
        (
            request(alone.clone()),
            request(wider.clone()),
            [("media-type-added", Compatible), ("media-type-removed", Breaking)],
        ),
        (hook(alone), hook(wider), [("media-type-added", Breaking), ("media-type-removed", Breaking)]),
        (statuses(&["200"]), statuses(&["200", "2XX"]), [("response-added", Breaking), ("response-removed", Breaking)]),
        (
            statuses(&["404"]),
            statuses(&["404", "4XX"]),
            [("response-added", Compatible), ("response-removed", Compatible)],
        ),
        (statuses(&["4XX"]), statuses(&["404", "4XX"]), [("response-split", Docs), ("response-widened", Docs)]),
        (statuses(&["200", "2XX"]), statuses(&["2XX"]), [("response-widened", Docs), ("response-split", Docs)]),
        (statuses(&["404", "default"]), statuses(&["default"]), [("response-widened", Docs), ("response-split", Docs)]),
        (
            statuses(&["4XX"]),
            statuses(&["default"]),
            [("response-widened", Compatible), ("response-narrowed", Compatible)],
        ),
        (
            statuses(&["200", "default"]),
            statuses(&["default"]),
            [("response-widened", Breaking), ("response-split", Docs)],
        ),
        // Beside the description of a success, `default` describes errors.
        (
            statuses(&["200", "default"]),
            statuses(&["200", "202", "default"]),
            [("response-added", Breaking), ("response-removed", Breaking)],
        ),
        (
            statuses(&["200", "default"]),
            statuses(&["2XX", "default"]),
            [("response-widened", Breaking), ("response-narrowed", Compatible)],
        ),
        (
            statuses(&["200", "default"]),
            statuses(&["200", "404", "default"]),
            [("response-split", Docs), ("response-widened", Docs)],
        ),
    ]
}

/// Rows about headers, encodings and XML.
fn list_rows_with_serialization() -> Vec<Row> {
    let header = |header: Value| vec![(HEADERS, json!({ "X-Size": header }))];
    let object = json!({ "type": "object", "properties": { "width": { "type": "integer" } } });
    let content = |schema: &Value| json!({ "content": { "application/json": { "schema": schema } } });
    let form = |kind: &str, encoding: Value| {
        let schema = json!({ "type": "object", "properties": { "part": { "type": kind } } });
        vec![(
            BODY,
            json!({ "content": { "multipart/form-data": { "schema": schema, "encoding": { "part": encoding } } } }),
        )]
    };
    let part_header = |header: Value| form("string", json!({ "headers": { "X-Size": header } }));
    let xml = |media_type: &str, xml: Value| {
        vec![(BODY, json!({ "content": { media_type: { "schema": { "type": "object", "xml": xml } } } }))]
    };
    let [png, images, any] = ["image/png", "image/png, image/jpeg", "image/*"].map(|it| json!({ "contentType": it }));
    let both = |rule| [(rule, Breaking), (rule, Breaking)];
    let widened = [("encoding-widened", Compatible), ("encoding-narrowed", Breaking)];
    vec![
        (
            header(json!({ "schema": object })),
            header(json!({ "schema": object, "explode": true })),
            both("header-style-changed"),
        ),
        (header(json!({ "schema": object })), header(content(&object)), both("header-style-changed")),
        (
            header(content(&json!({ "type": "object" }))),
            header(content(&object)),
            [("property-added", Compatible), ("property-removed", Breaking)],
        ),
        (form("string", png.clone()), form("string", images.clone()), widened),
        (form("string", images), form("string", any), widened),
        (
            form("string", json!({ "contentType": "a/b, c/d" })),
            form("string", json!({ "contentType": "c/d,A/B" })),
            [("", NoChange), ("", NoChange)],
        ),
        (
            form("string", json!({})),
            form("string", json!({ "contentType": "text/plain" })),
            [("", NoChange), ("", NoChange)],
        ),
        (
            form("object", json!({})),
            form("object", json!({ "contentType": "application/json" })),
            [("", NoChange), ("", NoChange)],
        ),
        (form("string", json!({})), form("string", png), both("encoding-changed")),
        (
            part_header(json!({ "required": true, "schema": { "type": "string" } })),
            part_header(json!({ "schema": { "type": "string" } })),
            [("header-required-widened", Compatible), ("header-required-narrowed", Breaking)],
        ),
        (
            xml("application/problem+xml", json!({ "name": "a" })),
            xml("application/problem+xml", json!({ "name": "b" })),
            both("xml-changed"),
        ),
        (
            xml("application/json", json!({ "name": "a" })),
            xml("application/json", json!({ "name": "b" })),
            [("docs", Docs), ("docs", Docs)],
        ),
    ]
}

/// Rows about path items, webhooks and requirements.
fn list_rows_with_context() -> Vec<Row> {
    let shared = json!({ "get": { "responses": {} } });
    let path_item = vec![
        ("/components/pathItems", json!({ "shared": shared })),
        ("/paths/~1other", json!({ "$ref": "#/components/pathItems/shared" })),
    ];
    let parameter = json!({ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } });
    let key = ("/components/securitySchemes/Key", json!({ "type": "apiKey", "in": "header", "name": "X-Key" }));
    let security = |security: Value| vec![("/paths/~1integrations~1{id}/patch/security", security)];
    let hook = |hook: Value| {
        let hook = extend(json!({ "responses": { "200": { "description": "" } } }), hook);
        vec![("/webhooks", json!({ "moved": { "post": hook } }))]
    };
    let answer = |headers: Value| hook(json!({ "responses": { "200": { "description": "", "headers": headers } } }));
    let required = json!({ "X-Size": { "required": true, "schema": { "type": "integer" } } });
    let sent = json!({ "requestBody": { "content": { "application/json": {} } } });
    let body = |required: bool, schema: Value| {
        vec![(BODY, json!({ "required": required, "content": { "application/json": { "schema": schema } } }))]
    };
    let default = json!({ "type": "object", "default": {} });
    vec![
        (
            path_item.clone(),
            vec![("/paths/~1other/post", json!({ "responses": {} }))],
            [("operation-added", Compatible), ("operation-removed", Breaking)],
        ),
        (
            path_item,
            vec![("/paths/~1other/parameters", json!([parameter]))],
            [("required-parameter-added", Breaking), ("parameter-removed", Breaking)],
        ),
        (vec![], vec![("/paths/x-other", json!({ "get": { "responses": {} } }))], [("docs", Docs), ("docs", Docs)]),
        (
            [vec![key.clone()], security(json!([{}]))].concat(),
            security(json!([{}, { "Key": [] }])),
            [("security-added", Compatible), ("security-redundant-removed", Compatible)],
        ),
        (
            [vec![key.clone()], security(json!([{ "Key": [] }]))].concat(),
            security(json!([{ "Key": [] }, { "Key": [], "HTTPBasicAuth": [] }])),
            [("security-added", Compatible), ("security-redundant-removed", Compatible)],
        ),
        (
            [vec![key], hook(json!({}))].concat(),
            hook(json!({ "security": [{ "Key": [] }] })),
            [("webhook-security-narrowed", Compatible), ("webhook-security-widened", Breaking)],
        ),
        (answer(json!({})), answer(required), [("required-header-added", Breaking), ("header-removed", Breaking)]),
        (hook(sent), hook(json!({})), [("request-body-removed", Breaking), ("request-body-widened", Breaking)]),
        (
            body(true, default.clone()),
            body(true, json!({ "type": "object" })),
            [("default-changed", Docs), ("default-added", Docs)],
        ),
        (
            body(false, default),
            body(false, json!({ "type": "object" })),
            [("default-changed", Breaking), ("default-added", Docs)],
        ),
    ]
}

#[test]
fn content_removed_from_one_status_of_a_range_is_located_there() {
    let described = |content: Value| json!({ "description": "", "content": content });
    let range = described(json!({ "application/json": {} }));
    let [old, new] = [json!({ "4XX": range }), json!({ "4XX": range, "404": described(json!({})) })]
        .map(|responses| edit_vendored(&[(RESPONSES, responses)]));
    let found = list_changes(&old, &new);
    let found: Vec<_> = found.iter().map(|change| (change.pointer.clone(), change.message.as_str())).collect();
    let messages = [
        "the media type `application/json` of status 404 was removed: clients that use it fail",
        "status 404 now has its own response beside 4XX",
    ];
    assert_eq!(found, messages.map(|message| (format!("{RESPONSES}/404"), message)));
}

/// What the range adds to the status is no change of the range.
#[test]
fn status_that_a_range_describes_now_is_one_change() {
    let problem = json!({
        "description": "A problem.",
        "headers": { "X-Left": { "schema": { "type": "integer" } } },
        "content": { "application/problem+json": {} },
    });
    let own = json!({ "description": "Not modified." });
    let [old, new] = [json!({ "304": own, "default": problem }), json!({ "default": problem })]
        .map(|responses| edit_vendored(&[(RESPONSES, responses)]));
    let found = list_changes(&old, &new);
    let [change] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((change.pointer.as_str(), change.wire), (&*format!("{RESPONSES}/304"), Compatible));
    let expected = "status 304 is now described by default: clients handle statuses other than 2XX by their class";
    assert_eq!(change.message, expected);
}

#[test]
fn each_change_of_an_operation_is_reported_once() {
    for rows in [list_rows_with_ranges(), list_rows_with_serialization(), list_rows_with_context()] {
        for (before, after, _) in rows {
            let old = edit_vendored(&before);
            let mut new = old.clone();
            after.iter().for_each(|(pointer, value)| set_member(&mut new, pointer, value.clone()));
            for (old, new) in [(&old, &new), (&new, &old)] {
                assert!(list_changes(old, new).len() <= 1, "{after:?}: {:#?}", list_changes(old, new));
            }
        }
    }
}

#[test]
fn changes_of_operations_are_classified_in_both_directions() {
    let rows = [list_rows(), list_rows_with_ranges(), list_rows_with_serialization(), list_rows_with_context()];
    for (before, after, expected) in rows.into_iter().flatten() {
        let old = edit_vendored(&before);
        let mut new = old.clone();
        after.iter().for_each(|(pointer, value)| set_member(&mut new, pointer, value.clone()));
        for ((old, new), (rule, verdict)) in [(&old, &new), (&new, &old)].into_iter().zip(expected) {
            let (code, report) = run_check(old, new);
            let found = report["changes"].as_array().unwrap();
            assert_eq!(read_text(&report, "wire"), verdict.to_string(), "{after:?}, {rule}: {found:#?}");
            assert_eq!(code, Some(i32::from(verdict != NoChange)), "{after:?}");
            let is_reported =
                found.iter().any(|change| change["rule"] == rule) || (rule.is_empty() && found.is_empty());
            assert!(is_reported, "{after:?}: {rule} is not reported: {found:#?}");
        }
    }
}
