//! Extensions of the vendored document.

use serde_json::{Value, json};

/// Adds the other operations of the API.
pub fn add_operations(document: &mut Value) {
    merge(document, serde_saphyr::from_str(include_str!("../documents/whole.yaml")).unwrap());
}

fn merge(value: &mut Value, other: Value) {
    match (value, other) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, other) in others {
                merge(members.entry(name).or_insert(Value::Null), other);
            }
        }
        (value, other) => *value = other,
    }
}

/// Adds properties and operations with different kinds of schemas.
pub fn add_properties(document: &mut Value) {
    let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
    properties["nickname"] = json!({ "type": ["string", "null"], "maxLength": 5 });
    properties["mirrors"] = json!({ "type": "array", "items": { "type": "string", "format": "uri" } });
    properties["owner"] = json!({ "$ref": "#/components/schemas/owner" });
    properties["feedback_type"]["enum"].as_array_mut().unwrap().push("late".into());
    properties["delay"] = json!({ "type": "integer", "minimum": 0, "maximum": 30 });
    properties["contact"] = json!({ "anyOf": [{ "type": ["string", "null"] }, { "type": "integer" }] });
    properties["tree"] = json!({ "$ref": "#/components/schemas/tree" });
    document["components"]["schemas"]["owner"] = json!({
        "type": "object",
        "required": ["name", "age"],
        "properties": {
            "name": { "type": "string", "minLength": 2 },
            "age": { "type": "integer", "format": "int32" },
            "type": { "type": "string", "enum": ["person", "company"] },
        },
    });
    document["components"]["schemas"]["tree"] = json!({
        "type": "object",
        "properties": { "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } } },
    });
    document["paths"]["/things"]["get"] = json!({
        "operationId": "x-get-list_things",
        "parameters": [
            { "name": "type", "in": "query", "schema": { "type": "string", "minLength": 1 } },
            { "name": "page", "in": "query", "schema": { "type": "integer", "minimum": 1 } },
            { "name": "X-Partner-Id", "in": "header", "schema": { "type": "string" } },
        ],
        "responses": {
            "200": { "description": "all", "content": { "application/json": { "schema": {
                "type": "array",
                "items": { "oneOf": [{ "$ref": "#/components/schemas/tree" }, { "type": "string" }] },
            }}}},
            "500": { "description": "a page", "content": { "text/html": { "schema": { "type": "string" } } } },
        },
    });
    document["paths"]["/things/{code}"] = json!({
        "parameters": [{ "name": "code", "in": "path", "required": true, "schema": { "type": "string", "minLength": 2 } }],
        "get": { "operationId": "x-get-thing", "responses": { "204": { "description": "there" } } },
        "delete": { "operationId": "x-delete-thing", "responses": { "204": { "description": "gone" } } },
    });
    document["paths"]["/integrations/{id}"]["put"] = json!({
        "operationId": "sc-public-v3-integrations-put-update_integration",
        "responses": { "204": { "description": "done" } },
    });
}

/// Adds properties and operations whose names collide with a keyword, a method, a field, a helper or each other.
pub fn add_odd_names(document: &mut Value) {
    let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
    for name in [
        "validate", "build", "violations", "enable_webhook", "clear_webhook", "self", "2fa", "it's", "fooBar",
        "foo_bar",
    ] {
        properties[name] = json!({ "type": "string", "minLength": 1 });
    }
    properties["type"] =
        json!({ "type": ["array", "null"], "items": { "type": "string", "enum": ["a-b", "a_b", "unlisted"] } });
    properties["closed"] = json!({ "type": "object", "additionalProperties": false });
    properties["asked"] = json!({ "type": "object", "required": ["anything"] });
    properties["locals"] = json!({
        "type": "object",
        "required": ["violations", "builder", "value"],
        "properties": { "violations": { "type": "string" }, "member": { "type": "string" } },
    });
    properties["either"] = json!({
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "type": "string" } },
        "anyOf": [{ "properties": { "a": { "type": "integer" } }, "required": ["a"] }, { "required": ["b"] }],
    });
    // Names of types that generated code imports.
    for name in ["Uri", "default", "String", "Ok", "Err", "Option", "Vec"] {
        document["components"]["schemas"][name] = json!({ "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "x-docs": { "$ref": "./docs.md" } } } });
        document["components"]["schemas"]["integration-model"]["properties"][name] =
            json!({ "$ref": format!("#/components/schemas/{name}") });
    }
    let codes = &mut document["components"]["schemas"]["ErrorObject"]["properties"]["code"]["enum"];
    codes.as_array_mut().unwrap().push("unlisted".into());
    let done = json!({ "204": { "description": "done" } });
    let operations = "client inner baseurl post exec clone builder update new fmt self gen get_a_1 get_a1 \
        error response_value byte_stream client_info client_hooks operation_info request_builder_ext \
        option result string into from try_into try_from default ok err some none box vec extend to_string";
    for name in operations.split_whitespace() {
        document["paths"][format!("/odd/{name}/{{x}}")]["get"] = json!({
            "operationId": format!("x-get-{name}"),
            "parameters": [{ "name": "self", "in": "query", "schema": { "type": "integer" } }],
            "responses": done,
        });
    }
    let numbers = json!({ "type": "object", "properties": {
        "list": { "type": "array", "items": { "type": "integer" } },
        "map": { "type": "object", "additionalProperties": { "type": "integer" } },
    }});
    for (path, method, schema) in [
        ("/number/{x}/{x}", "get", json!({ "type": "integer" })),
        ("/numbers", "get", numbers.clone()),
        ("/numbers", "head", numbers),
        ("/text", "get", json!({ "type": "string" })),
        ("/text", "options", json!({ "type": "string" })),
        ("/text", "trace", json!({ "type": "string" })),
    ] {
        let content = json!({ "application/json": { "schema": schema } });
        document["paths"][path][method]["responses"]["200"] = json!({ "description": "a value", "content": content });
    }
    let parameters = ["send", "violations", "new", "client", "request", "url", "info", "result", "response", "gen"];
    let parameters =
        parameters.map(|name| json!({ "name": name, "in": "query", "schema": { "type": "integer", "minimum": 1 } }));
    let mut parameters = parameters.to_vec();
    parameters.push(json!({ "name": "api-version", "in": "header", "schema": { "type": "string" } }));
    document["paths"]["/odd"]["post"] = json!({
        "operationId": "x-post-odd",
        "parameters": parameters,
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/owner" } } } },
        "responses": done,
    });
}
