//! Every error and warning of the pipeline, in `messages.txt`, to be reviewed as prose.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use openapi_refinery::{Configuration, Error, Output, load};
use serde_json::{Value, json};

use super::documents::{build_document_with_body, build_document_with_operation, prepare_corrected, prepare_document};
use super::listing::Listing;
use super::prose::{assert_listed, find_sentences};
use super::{build_empty_lock, generate_code};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pipeline/messages.txt");

const SLOW: &str = "the document takes seconds";
const OF_BUILD: &str = "`build` prints it for Cargo";
const OF_MEMORY: &str = "memory would have to be short";
const OF_PROGENITOR: &str = "no document is known to lead to it";
const OF_CLIENTS: &str = "a violation in a generated client, which the tests of the client list";

/// Sentences that the list cannot have, and why.
const UNLISTED: [(&str, &str); 32] = [
    ("lines are indented less than YAML 1.2 requires", "the text takes seconds"),
    ("the document has too many parts once its references are resolved", SLOW),
    ("let fewer callbacks and paths refer to the same path item", SLOW),
    ("schemas nested this deep accept any JSON value", "the document would have 40,000 components in a chain"),
    ("free some memory", OF_MEMORY),
    ("cannot start a thread:", OF_MEMORY),
    ("the environment variable OUT_DIR is not set", OF_BUILD),
    ("call `build` from a build script", OF_BUILD),
    ("cannot be written:", OF_BUILD),
    ("make its folder writable", OF_BUILD),
    ("another call of `build` has already written", OF_BUILD),
    ("generate each document in a package of its own", OF_BUILD),
    ("invalid indentation in quoted scalar", "a message of the parser, which `load.rs` matches"),
    ("the end of a collection has no start", "the parser reports it first"),
    ("panic without a message", "progenitor's panics have messages"),
    ("progenitor cannot generate this", OF_PROGENITOR),
    ("progenitor cannot generate this:", OF_PROGENITOR),
    ("change it with an entry in the corrections", OF_PROGENITOR),
    ("must be a JSON value", OF_CLIENTS),
    ("must be a URI with a scheme", OF_CLIENTS),
    ("must be a media type in the range `", OF_CLIENTS),
    ("must be a string", OF_CLIENTS),
    ("must be a string of", OF_CLIENTS),
    ("must be a string of exactly", OF_CLIENTS),
    ("must be a string of at least", OF_CLIENTS),
    ("must be a string of at most", OF_CLIENTS),
    ("must be an array", OF_CLIENTS),
    ("must be an integer from", OF_CLIENTS),
    ("must be an integer of at most", OF_CLIENTS),
    ("must be one of", OF_CLIENTS),
    ("must be one of the values in the OpenAPI document", OF_CLIENTS),
    ("one of the objects", OF_CLIENTS),
];

#[test]
fn messages_match_the_reviewed_list() {
    let mut messages = Listing::default();
    list_texts(&mut messages);
    list_configurations(&mut messages);
    list_inputs(&mut messages);
    list_documents(&mut messages);
    list_unsupported_versions(&mut messages);
    list_widened_schemas(&mut messages);
    list_deviating_documents(&mut messages);
    list_deviating_operations(&mut messages);
    messages.assert_reviewed(LIST);
}

/// Each sentence of the sources is listed, so that none is added without a review.
#[test]
fn the_list_has_all_messages_of_the_sources() {
    let listed = fs::read_to_string(LIST).unwrap();
    // The other files have texts of generated code.
    let has_messages = |file: &str| {
        file == "refine/mod.rs" || file != "embed.rs" && !file.starts_with("refine/") && !file.starts_with("runtime/")
    };
    assert_listed(&find_sentences(SOURCES, has_messages), &listed, &UNLISTED);
}

fn list_texts(messages: &mut Listing) {
    messages.section("Texts that are neither YAML nor JSON");
    let deep: String = (0..101).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    for (case, text) in [
        ("an empty text", ""),
        ("a syntax error", "a: [1, 2"),
        ("a syntax error in JSON", "{\n  \"a\": 1,\n  \"b\": [1, 2\n"),
        ("a duplicate key", "a: 1\na: 2"),
        ("a number that JSON does not have", "a: .nan"),
        ("a key that is a list", "? [a, b]\n: c"),
        ("a key that is a list by an alias", "a: &x [b]\n*x : c"),
        ("two documents", "a: 1\n---\nb: 2"),
        ("an alias in its own target", "a: &x [*x]"),
        ("a merge key with a text", "a: { <<: b }"),
        ("a document that is nested too deep", &deep),
        ("a document that is too large", &format!("a0: &a0 [x]\n{bomb}")),
    ] {
        messages.add(case, load(text).map(|value| value.to_string()).expect_err(case));
    }
}

fn list_configurations(messages: &mut Listing) {
    messages.section("generate.yaml");
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("messages");
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("shelves.yaml"), "openapi: 3.1.0\npaths: {}\n").unwrap();
    let missing = Configuration::read(&root, "missing.yaml").unwrap_err();
    messages.add("no file", replace_text_of_system(missing));
    let whole = "document: shelves.yaml\ncorrections: null\nlock: null\nsnapshots: null\nhandwritten: []\ninner: null\nconstructors: public\n";
    for (case, from, to) in [
        ("a missing key", "lock: null\n", ""),
        ("an unknown key", "handwritten:", "handwriten:"),
        ("a value of another type", "document: shelves.yaml", "document: [shelves.yaml]"),
        ("an unknown value", "constructors: public", "constructors: none"),
        ("a missing key within another", "snapshots: null", "snapshots: { client: client.rs }"),
        ("an invalid path of a type", "inner: null", "inner: 'crate::'"),
        ("a file that does not exist", "corrections: null", "corrections: missing.yaml"),
        ("a handwritten file that does not exist", "handwritten: []", "handwritten: [src/missing.rs]"),
    ] {
        fs::write(root.join("generate.yaml"), whole.replace(from, to)).unwrap();
        let inputs = Configuration::read(&root, "generate.yaml").and_then(|configuration| configuration.inputs());
        messages.add(case, replace_text_of_system(inputs.expect_err(case)));
    }
}

/// Replaces the text of the operating system for a file that does not exist.
fn replace_text_of_system(error: impl ToString) -> String {
    let text = error.to_string();
    let system = fs::read_to_string("/nowhere/at/all").unwrap_err().to_string();
    text.replace(&system, "(the text of the operating system)")
}

fn list_inputs(messages: &mut Listing) {
    messages.section("Corrections and lock");
    let mut add = |case: &str, corrections: Value, lock: Value| {
        messages
            .add(case, prepare_corrected(build_document_with_body(json!({})), corrections, lock).err().expect(case));
    };
    let test = json!({ "op": "test", "path": "/info/title", "value": "t" });
    add("corrections that are not a list", json!({ "why": "" }), build_empty_lock());
    add("a correction without a reason", json!([{ "patch": [test] }]), build_empty_lock());
    add(
        "a correction with an unknown operation",
        json!([{ "why": "", "patch": [{ "op": "set" }] }]),
        build_empty_lock(),
    );
    let untested = json!([{ "op": "remove", "path": "/info/title" }]);
    add("a correction without a test", json!([{ "why": "", "patch": untested }]), build_empty_lock());
    let misplaced = json!([test, { "op": "add", "path": "/imfo/x", "value": 1 }]);
    add("an operation with a wrong path", json!([{ "why": "", "patch": misplaced }]), build_empty_lock());
    add("a lock that is a text", json!([]), json!("shelves"));
    add("a lock with a wrong value", json!([]), json!({ "operations": {}, "types": { "request /a": 7 } }));
    let places = "request /paths/~1places/get/parameters/0/schema";
    let variants = |names: [&str; 2]| json!({ format!("{places} km"): names[0], format!("{places} mi"): names[1] });
    let names = json!({
        "operations": { "get /places": "listPlaces", "post /places": "new", "get /a1": "get_a1", "get /a/1": "get_a_1" },
        "types": { "request /a": "SortURL", "request /b": "Same", "response /b": "Same", "request /c": "Ok", "request /d": "X 1" },
        "variants": variants(["kilo-m", "Unlisted"]),
    });
    add("a lock with names that the generator does not assign", json!([]), names);
    add("a lock with the same name for two variants", json!([]), json!({ "variants": variants(["Same", "Same"]) }));
    let corrections = json!([
        { "why": "The title is misspelled.", "patch": [{ "op": "test", "path": "/info/title", "value": "s" }] },
        { "why": "The contact is not reachable.", "patch": [{ "op": "test", "path": "/info/contact", "value": "s" }] },
    ]);
    let outcomes =
        prepare_corrected(build_document_with_body(json!({})), corrections, build_empty_lock()).unwrap().corrections;
    for (case, outcome) in ["a correction that has no effect", "a correction of a missing value"].iter().zip(outcomes) {
        messages.add(case, outcome.warning().expect(case));
    }
}

fn list_documents(messages: &mut Listing) {
    messages.section("Documents");
    let mut add = |case: &str, document: Value| {
        messages.add(case, prepare_document(document, build_empty_lock()).err().expect(case))
    };
    add("a text", json!("text"));
    let mut twins = build_document_with_operation(json!({ "responses": {} }));
    for method in ["GET", "gett"] {
        twins["paths"]["/things/{id}"][method] = json!({ "responses": { "204": { "description": "" } } });
    }
    add("members of a path item that are not methods", twins);
    let mapping = json!({ "a": "#/components/schemas/tree", "b": "#/components/schemas/threes" });
    let base = json!({ "type": "object", "discriminator": { "propertyName": "kind", "mapping": mapping } });
    add("a mapping to a missing schema", build_document_with_body(base));
    let only = json!({ "oneOf": [{ "$ref": "#/components/schemas/tree" }], "discriminator": { "propertyName": "kind", "mapping": { "a": "threes" } } });
    add("a mapping to a missing schema beside one alternative", build_document_with_body(only));
    add("a document that describes nothing", json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" } }));
    add("another format", json!({ "swagger": "2.0" }));
    add("another version", json!({ "openapi": "4.0.0", "paths": {} }));
    add("a list in place of an object", json!({ "openapi": "3.1.0", "paths": [] }));
    add("an object in place of a list", build_document_with_operation(json!({ "parameters": {}, "responses": {} })));
    let version = json!({ "default": "v".repeat(200) });
    let server = json!({ "url": format!("https://a.example/{}", "{v}".repeat(50)), "variables": { "v": version } });
    add("a server with a long URL", json!({ "openapi": "3.1.0", "paths": {}, "servers": [server] }));
    add("a path without a slash", json!({ "openapi": "3.1.0", "paths": { "things": {} } }));
    let parameter =
        |parameter: Value| build_document_with_operation(json!({ "parameters": [parameter], "responses": {} }));
    add("a parameter without a name", parameter(json!({ "in": "query" })));
    add("a parameter whose name is a number", parameter(json!({ "name": 7, "in": "query" })));
    add("a parameter with another location", parameter(json!({ "name": "a", "in": "body" })));
    add("a header with an invalid name", parameter(json!({ "name": "X Id", "in": "header", "schema": {} })));
    let body = json!({ "content": { "image/\u{fc}": {} } });
    add(
        "a media type that is not ASCII",
        build_document_with_operation(json!({ "requestBody": body, "responses": {} })),
    );
    add("a schema that is a number", build_document_with_body(json!(7)));
    add("a reference to a missing target", build_document_with_body(json!({ "$ref": "#/components/schemas/shelf" })));
    for reference in ["tree", "#/definitions/tree", "#/components/schema/tree"] {
        add(&format!("the reference {reference}"), build_document_with_body(json!({ "$ref": reference })));
    }
    add("a reference that is a number", build_document_with_body(json!({ "$ref": 7 })));
    add("a reference to another file", build_document_with_body(json!({ "$ref": "other.yaml#/a" })));
    add("a reference to the whole document", build_document_with_body(json!({ "$ref": "#" })));
    let mut circle = build_document_with_body(json!({}));
    circle["paths"]["/things"]["post"]["requestBody"] = json!({ "$ref": "#/paths/~1things/post/requestBody" });
    add("a reference to itself", circle);
    let callbacks = json!({ "done": { "{$request.query.url}": { "$ref": "#/paths/~1things~1{id}" } } });
    add(
        "a callback that refers to its operation",
        build_document_with_operation(json!({ "callbacks": callbacks, "responses": {} })),
    );
    let mut doubling = build_document_with_body(json!({ "$ref": "#/components/schemas/d20" }));
    doubling["components"]["schemas"]["d0"] = json!({ "type": "array", "items": { "type": "string" } });
    for level in 1..=20 {
        let below = json!({ "$ref": format!("#/components/schemas/d{}", level - 1) });
        doubling["components"]["schemas"][format!("d{level}")] =
            json!({ "type": "array", "items": { "oneOf": [below, { "type": "array", "items": below }] } });
    }
    add("references that expand too far", doubling);
    let itself = "#/paths/~1things/post/requestBody/content/application~1json/schema";
    add("a schema that contains itself", build_document_with_body(json!({ "allOf": [{ "$ref": itself }] })));
    let mut mutual = build_document_with_body(json!({ "$ref": "#/components/schemas/a" }));
    mutual["components"]["schemas"]["a"] = json!({ "allOf": [{ "$ref": "#/components/schemas/b" }] });
    mutual["components"]["schemas"]["b"] = json!({ "minLength": 1, "allOf": [{ "$ref": "#/components/schemas/a" }] });
    add("two schemas that contain each other", mutual);
    // Errors of all steps are reported together.
    let mut broken = build_document_with_body(json!({ "$ref": "#/components/schemas/shelf" }));
    for path in ["/broken/{id", "/broken/id}", "/broken/{}", "/broken/{a{b}}", "/things/{id}", "/things/{name}"] {
        broken["paths"][path]["get"] = json!({ "responses": { "204": { "description": "" } } });
    }
    broken["paths"]["/things"]["post"]["parameters"] = json!([{ "name": "X Id", "in": "header", "schema": {} }]);
    add("paths with unmatched braces, identical paths, an invalid header and a missing target", broken);
}

/// No document leads to these errors: they are read from the sources.
fn list_unsupported_versions(messages: &mut Listing) {
    messages.section("Code that is generated by an unsupported version of progenitor");
    let remedy = "report this with the document and the version of progenitor";
    let mut wanted = BTreeSet::new();
    for entry in fs::read_dir(format!("{SOURCES}/refine")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        let calls = source.split("not_found(").skip(1).map(|call| call.trim_start_matches("&format!("));
        wanted.extend(calls.filter_map(|call| Some(call.strip_prefix('"')?.split('"').next()?.to_owned())));
    }
    for wanted in wanted {
        let problem = format!("cannot refine the code of progenitor: there is no {wanted}");
        messages.add(&format!("no {wanted}"), Error::new(problem, remedy));
    }
}

/// Schemas with keywords that the generated types do not enforce.
const WIDENED: &str = "
$dynamicRef: { $dynamicRef: '#shelf' }
$ref: { $ref: '#/components/schemas/loop' }
additionalProperties: { type: object, properties: { a: {} }, patternProperties: { ^x: {} }, additionalProperties: { type: string } }
an enum with a value of another type: { type: string, enum: [latest, 1.5] }
allOf: { allOf: [{ type: string, const: a }, { const: b }] }
a constant of allOf: { allOf: [{ type: string }, { const: 1 }] }
bounds of allOf: { allOf: [{ type: string, minLength: 5 }, { maxLength: 2 }] }
anyOf: { anyOf: [{ type: string, maxLength: 5 }, { type: string, minLength: 9 }] }
contains: { type: array, contains: { type: string }, minContains: 2, maxContains: 3 }
dependentRequired: { type: object, dependentRequired: { a: [b] } }
dependentSchemas: { type: object, dependentSchemas: { a: { minProperties: 2 } } }
if: { type: string, if: { maxLength: 3 }, then: { pattern: ^a }, else: { pattern: ^b } }
enum: { type: integer, enum: [1, 2] }
values of another type: { type: object, properties: { a: { type: string, enum: [1, 2] }, b: { enum: [] }, c: { type: string, const: 1 } } }
values of several types: { type: object, properties: { a: { enum: [1, x, true] } } }
contradictory bounds of numbers: { type: number, minimum: 5, maximum: 3 }
exclusive bounds: { type: number, exclusiveMinimum: 1, exclusiveMaximum: 9 }
bounds: { type: number, minimum: 1, maximum: 9 }
bounds beyond 64 bits: { type: integer, maximum: 1e30 }
an alternative without a value: { oneOf: [{ type: string, enum: [1] }, { type: string }] }
bounds that contradict each other: { type: string, minLength: 5, maxLength: 2 }
multipleOf: { type: number, multipleOf: 2 }
false: { type: array, items: false }
lengths of lists: { type: array, minItems: 1, maxItems: 9, uniqueItems: true }
lengths of URIs: { type: string, format: uri, minLength: 2, maxLength: 9 }
lengths without a type: { minLength: 1 }
sizes of objects: { type: object, minProperties: 1, maxProperties: 9 }
not: { not: { const: 1 } }
oneOf: { oneOf: [{ type: string, maxLength: 5 }, { type: string, minLength: 3 }] }
pattern: { type: string, pattern: ^a }
patternProperties: { type: object, patternProperties: { ^x: { type: string } } }
prefixItems: { type: array, prefixItems: [{ type: string }] }
propertyNames: { type: object, propertyNames: { maxLength: 9 } }
required: { required: [a] }
type: { type: strng, properties: { a: { type: [string, file] } } }
null: { type: 'null' }
a type that is not declared: { properties: { a: {} } }
wrong values: { minLength: -1, minimum: '5', multipleOf: 0, required: a, type: [], oneOf: [], format: 5, discriminator: x, uniqueItems: 'yes', exclusiveMinimum: a, enum: a }
unevaluatedItems: { type: array, contains: { type: string }, unevaluatedItems: { type: integer } }
unevaluatedProperties: { unevaluatedProperties: false, anyOf: [{ $ref: '#/components/schemas/tree' }, { properties: {} }] }
an unknown keyword: { type: string, unit: m }
";

fn list_widened_schemas(messages: &mut Listing) {
    messages.section("Warnings about schemas");
    let mut add = |case: &str, schema: Value| {
        let prepared = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap();
        let widened = prepared.warnings().to_string();
        let place = "/paths/~1things/post/requestBody/content/application~1json/schema";
        messages.add(case, widened.replace(place, "SCHEMA"));
    };
    for (case, schema) in load(WIDENED).unwrap().as_object().unwrap() {
        add(case, schema.clone());
    }
    let two = |name: &str| json!({ "type": "object", "properties": { (name): { "type": "integer", "enum": [7] } } });
    add("one keyword in several places", json!({ "type": "object", "properties": { "a": two("b"), "c": two("d") } }));
}

fn list_deviating_documents(messages: &mut Listing) {
    messages.section("Warnings about documents");
    let mut add = |case: &str, key: &str, value: Value| {
        let mut document = build_document_with_operation(json!({ "responses": {} }));
        document[key] = value;
        messages.add(case, prepare_document(document, build_empty_lock()).unwrap().warnings().to_string());
    };
    let path_item = |member: &str| json!({ "/things": { (member): {}, "get": { "responses": {} } }, "x-shape": {} });
    add("a version that is a number", "info", json!({ "title": "t", "version": 1.1 }));
    add("an operation that is null", "paths", json!({ "/things": { "get": null }, "/shelves": null }));
    add("an unknown member of a path item", "paths", path_item("tags"));
    add("a path without its parameters", "paths", json!({ "/things/{id}": { "get": { "responses": {} } } }));
    let named = json!({ "operationId": "list", "responses": {} });
    add("a repeated operation id", "paths", json!({ "/things": { "get": named }, "/shelves": { "get": named } }));
    add("a path with a query", "paths", json!({ "/things?kind=all": { "get": { "responses": {} } } }));
    add("webhooks", "webhooks", json!({ "done": { "post": { "responses": {} } } }));
    add("a misspelled member", "component", json!({}));
    add("a misspelled member of info", "info", json!({ "titel": "t", "x-id": 7 }));
    for url in
        ["/v1", "api.example", "http://[bad", "https://{region}.example", "https://a.example/?x=1", "//a.example"]
    {
        add(&format!("the server {url}"), "servers", json!([{ "url": url }]));
    }
    add("a relative server", "servers", json!([{ "url": "/v1" }, { "url": "https://a.example/v1" }]));
    let limited = json!({ "$ref": "#/components/schemas/tree", "minProperties": 1, "title": "A tree" });
    let mut document = build_document_with_body(limited);
    document["openapi"] = "3.0.3".into();
    let warnings = prepare_document(document, build_empty_lock()).unwrap().warnings().to_string();
    messages.add("a schema beside a reference in OpenAPI 3.0", warnings);
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/ring" }));
    let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let ring = |name: &str| json!({ "type": "object", "required": ["next"], "properties": { "next": of(name) } });
    document["components"]["schemas"] = json!({ "ring": ring("other"), "other": ring("ring") });
    let warnings = prepare_document(document, build_empty_lock()).unwrap().warnings().to_string();
    messages.add("schemas that require each other", warnings);
}

fn list_deviating_operations(messages: &mut Listing) {
    messages.section("Warnings about operations");
    let mut add = |case: &str, operation: Value| {
        let prepared = prepare_document(build_document_with_operation(operation), build_empty_lock()).unwrap();
        generate_code(&prepared, Output::Mock);
        messages.add(case, prepared.warnings().to_string());
    };
    let parameter = |parameter: Value| json!({ "parameters": [parameter], "responses": {} });
    let nested =
        json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "type": "integer" } } } });
    add("servers of an operation", json!({ "servers": [{ "url": "https://shelves.example" }], "responses": {} }));
    let content = json!({ "application/json": { "schema": nested } });
    let member = |operation: Value, key: &str, value: Value| {
        let mut operation = operation;
        operation[key] = value;
        operation
    };
    let empty = json!({ "responses": {} });
    add(
        "members of Swagger 2.0",
        json!({
            "consumes": ["application/json"],
            "parameters": [{ "name": "a", "in": "query", "type": "integer" }],
            "responses": { "200": { "description": "", "schema": { "type": "string" } }, "x-id": { "schema": {} } },
        }),
    );
    let untyped = json!({ "application/json": { "type": "string", "x-id": 7 } });
    let headers = json!({ "x-id": { "name": "x-id", "schema": {} } });
    let answer = json!({ "description": "", "contents": {}, "content": untyped, "headers": headers });
    add("misspelled members", json!({ "requestbody": {}, "responses": { "200": answer } }));
    let reference = json!({ "$ref": "#/paths/~1things~1{id}/parameters/0", "required": true });
    add("a member beside a reference", parameter(reference));
    add(
        "a parameter with a schema and content",
        parameter(json!({ "name": "a", "in": "query", "schema": {}, "content": { "application/json": {} } })),
    );
    add("a request body without a media type", json!({ "requestBody": { "content": {} }, "responses": {} }));
    add("a request body without content", json!({ "requestBody": { "schema": {} }, "responses": {} }));
    add("a header that OpenAPI ignores", parameter(json!({ "name": "Accept", "in": "header", "schema": {} })));
    add("a path parameter that is not required", parameter(json!({ "name": "id", "in": "path", "schema": {} })));
    let callbacks = json!({ "done": { "{$request.query.url}": {} } });
    add("callbacks", member(empty.clone(), "callbacks", callbacks));
    add("an operation id that is a number", member(empty.clone(), "operationId", json!(7)));
    add("responses that are null", member(empty.clone(), "responses", Value::Null));
    add("a parameter that is null", parameter(Value::Null));
    let odd = |location: &str, style: &str| {
        let schema = json!({ "type": "string" });
        json!({ "name": location, "in": location, "style": style, "explode": "yes", "required": "true", "schema": schema })
    };
    let odd = [odd("query", "matrix"), odd("header", "form"), odd("path", "deepObject")];
    add("members of parameters with wrong values", json!({ "parameters": odd, "responses": {} }));
    add("a parameter that is not in the path", parameter(json!({ "name": "Id", "in": "path", "schema": {} })));
    let twice = json!([{ "name": "a", "in": "query", "schema": {} }, { "name": "a", "in": "query", "schema": { "type": "string" } }]);
    add("a parameter that is declared twice", member(empty, "parameters", twice));
    let twins = ["X-Id", "x-id"].map(|name| json!({ "name": name, "in": "header", "schema": {} }));
    add("two headers of one name", json!({ "parameters": twins, "responses": {} }));
    let list = json!({ "name": "a", "in": "query", "style": "deepObject", "schema": { "type": "array" } });
    add("a list in the style deepObject", parameter(list));
    add("a parameter in JSON", parameter(json!({ "name": "a", "in": "query", "content": content })));
    for style in ["deepObject", "form"] {
        let case = format!("nested values in the style {style}");
        add(&case, parameter(json!({ "name": "a", "in": "query", "style": style, "schema": nested })));
    }
    let nullable = json!({ "type": ["string", "null"] });
    for (case, schema) in [
        ("a property that may be null", json!({ "type": "object", "properties": { "b": nullable } })),
        ("items that may be null", json!({ "type": "array", "items": nullable })),
        ("members that may be null", json!({ "type": "object", "additionalProperties": nullable })),
    ] {
        add(case, parameter(json!({ "name": "a", "in": "query", "schema": schema })));
    }
    let body = |content: Value| json!({ "requestBody": { "required": true, "content": content }, "responses": {} });
    let list = json!({ "type": "array", "items": nullable });
    let fields = json!({ "type": "object", "properties": { "a": nullable, "b": list } });
    add("a form field that may be null", body(json!({ "application/x-www-form-urlencoded": { "schema": fields } })));
    let optional = json!({ "application/json": { "schema": { "type": "string" } } });
    add("an optional body", json!({ "requestBody": { "content": optional }, "responses": {} }));
    let schema = json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } });
    let optional = json!({ "application/json": { "schema": schema } });
    add("an optional object", json!({ "requestBody": { "content": optional }, "responses": {} }));
    add("several media types", body(json!({ "application/json": {}, "text/csv": {} })));
    add("a media range", body(json!({ "image/*": {} })));
    add("any media type", body(json!({ "*/*": {} })));
    add("a media range of JSON", body(json!({ "application/*+json": {} })));
    add("a header that the HTTP client sets", parameter(json!({ "name": "Host", "in": "header", "schema": {} })));
    add("multipart/related", body(json!({ "multipart/related": { "schema": nested } })));
    let form = json!({ "type": "object", "properties": { "a": { "type": "object" } } });
    let encoding = json!({ "a": { "contentType": "text/csv" } });
    add(
        "a media type in a form",
        body(json!({ "application/x-www-form-urlencoded": { "schema": form, "encoding": encoding } })),
    );
    let encoding = json!({ "a": { "contentType": "application/xml, text/xml" } });
    add("an object in XML in a form", body(json!({ "multipart/form-data": { "schema": form, "encoding": encoding } })));
    let encoding = json!({ "a": { "headers": { "X-Id": { "schema": { "type": "string" } } } } });
    add("headers in a form", body(json!({ "multipart/form-data": { "schema": form, "encoding": encoding } })));
    let misnamed = json!({ "b": { "explode": false } });
    add(
        "an encoding of no property",
        body(json!({ "application/x-www-form-urlencoded": { "schema": form, "encoding": misnamed } })),
    );
    let encoding = json!({ "a": { "style": "spaceDelimited" } });
    add(
        "a style in another multipart body",
        body(json!({ "multipart/mixed": { "schema": form, "encoding": encoding } })),
    );
    let pairs = json!({ "type": "object", "properties": { "a": nested } });
    add("nested values in a form", body(json!({ "multipart/form-data": { "schema": pairs, "encoding": encoding } })));
    let file = json!({ "type": "string", "contentMediaType": "image/png" });
    let form = json!({ "type": "object", "properties": { "a": file } });
    add("a style of a file", body(json!({ "multipart/form-data": { "schema": form, "encoding": encoding } })));
    let either = json!({ "oneOf": [file, { "type": "integer" }] });
    let form = json!({ "type": "object", "properties": { "a": either } });
    add("a file or a number", body(json!({ "multipart/form-data": { "schema": form } })));
    let form = json!({ "type": "object", "properties": {
        "a": { "type": ["string", "null"] },
        "all": { "allOf": [{ "type": ["string", "null"] }, { "maxLength": 9 }] },
        "list": { "type": "array", "items": { "type": ["string", "null"] } },
        "xml": { "type": "string", "contentMediaType": "application/atom+xml" },
        "b": { "type": "array", "items": { "type": "object", "properties": { "c": file } } },
    } });
    add("null and a file in JSON in a form", body(json!({ "multipart/form-data": { "schema": form } })));
    let response =
        |schema: Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let object = |name: &str| json!({ "type": "object", "properties": { (name): { "type": "string" } } });
    add("an unknown status", json!({ "responses": { "204": { "description": "" }, "777": { "description": "" } } }));
    add("different objects", json!({ "responses": { "200": response(object("a")), "201": response(object("b")) } }));
    let text = response(json!({ "type": "string" }));
    add("different types", json!({ "responses": { "200": response(object("a")), "201": text } }));
    let invalid = json!({ "description": "", "content": { "json": {} } });
    add("a response with an invalid media type", json!({ "responses": { "200": invalid } }));
    let pdf = json!({ "description": "", "content": { "application/pdf": {} } });
    add("JSON and bytes", json!({ "responses": { "200": response(object("a")), "202": pdf } }));
    let text = json!({ "description": "", "content": { "text/plain": { "schema": { "type": "string" } } } });
    add("text", json!({ "responses": { "200": text, "400": text } }));
    let xml = json!({ "application/xml": { "schema": nested } });
    let answer = json!({ "description": "", "content": xml });
    add("data in XML", json!({ "requestBody": { "required": true, "content": xml }, "responses": { "200": answer } }));
    let text = response(json!({ "type": "string" }));
    add("different errors", json!({ "responses": { "400": response(object("a")), "404": text } }));
    let types = json!({ "type": ["string", "object"] });
    add("several types", json!({ "responses": { "200": response(types) } }));
}
