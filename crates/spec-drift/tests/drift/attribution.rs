//! Attribution of changes in the generated code to changes in the document.

use openapi_spec_drift::Verdict;
use serde_json::{Value, json};

use crate::checkout::{Checkout, change_document, list_rules};

/// Compares two documents outside a project.
fn compare(case: &str) -> Value {
    let [old, new] = ["old", "new"].map(|side| format!("{}/tests/real/{case}-{side}.yaml", env!("CARGO_MANIFEST_DIR")));
    let arguments = ["check", "--format", "json", "--vendored", &old, "--upstream", &new];
    serde_json::from_str(&Checkout::new(case).run(&arguments).output).unwrap()
}

fn list_pointers(report: &Value) -> Vec<&str> {
    report["changes"].as_array().unwrap().iter().map(|change| change["pointer"].as_str().unwrap()).collect()
}

#[test]
fn a_property_composed_into_several_types_is_reported_once() {
    let report = compare("06-trait");
    assert_eq!(list_pointers(&report), ["/components/schemas/Trait/properties/align"]);
    assert_eq!(report["changes"][0]["rust"], "compatible");
}

#[test]
fn an_operation_and_a_schema_of_the_same_name_are_distinguished() {
    let report = compare("07-operation-named-as-schema");
    assert_eq!(list_rules(&report), ["parameter-added"]);
    assert_eq!((&report["rust"], &report["semver"]), (&json!("compatible"), &json!("minor")));
}

#[test]
fn changes_of_a_base_schema_explain_those_of_the_combining_types() {
    let report = compare("10-allof-base");
    assert_eq!(list_rules(&report), ["enum-widened"]);
    assert_eq!((&report["rust"], &report["semver"]), (&json!("compatible"), &json!("minor")));
}

/// The generated client contains the version as a string that no request uses.
#[test]
fn a_changed_document_version_is_documentation() {
    let candidate = change_document(|document| document["info"]["version"] = json!("9"));
    let (code, report) = Checkout::new("version").check(&candidate, &[]);
    assert_eq!((code, list_rules(&report)), (1, vec!["docs"]));
    assert_eq!((&report["wire"], &report["rust"]), (&json!("docs"), &json!("docs")));
}

#[test]
fn a_removed_response_breaks_callers_of_the_mock() {
    let responses = "/paths/~1integrations~1{id}/patch/responses";
    let candidate = change_document(|document| {
        drop(document.pointer_mut(responses).unwrap().as_object_mut().unwrap().remove("404"))
    });
    let (code, report) = Checkout::new("mocked").check(&candidate, &[]);
    assert_eq!((code, list_rules(&report)), (1, vec!["response-removed"]));
    assert_eq!((&report["wire"], &report["rust"]), (&json!("compatible"), &json!("breaking")));
    let message = report["changes"][0]["message"].as_str().unwrap();
    assert!(message.contains("`operations::UpdateIntegrationThen::not_found()` is removed"), "{message}");
}

/// The type has another name: one change, at the component, wherever it is used.
#[test]
fn a_renamed_component_is_reported_once() {
    let [old, new] = ["Label", "Tag"].map(|name| {
        let label = json!({ "type": "object", "properties": { "text": { "type": "string" } } });
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        let shelf = json!({ "type": "object", "properties": { "first": reference, "all": { "type": "array", "items": reference } } });
        let content = |schema: &Value| json!({ "application/json": { "schema": schema } });
        let operation = |schema: &Value| {
            json!({ "requestBody": { "content": content(schema) }, "responses": { "200": { "description": "", "content": content(schema) } } })
        };
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Shelves", "version": "1" },
            "paths": {
                "/labels": { "put": operation(&reference), "post": operation(&reference) },
                "/shelves": { "put": operation(&json!({ "$ref": "#/components/schemas/Shelf" })) },
            },
            "components": { "schemas": { name: label, "Shelf": shelf } },
        })
    });
    let checkout = Checkout::new("renamed");
    checkout.write("openapi/corrections.yaml", "[]");
    checkout.write("old.json", old.to_string());
    assert_eq!(checkout.run(&["accept", "--scope", "all", "--upstream", "old.json"]).code, 0);
    let (code, report) = checkout.check(&new, &["--scope", "all"]);
    let [change] = &report["changes"].as_array().unwrap()[..] else { panic!("{report:#}") };
    assert_eq!((code, &change["rule"], &change["rust"]), (1, &json!("rust-items-changed"), &json!("breaking")));
    assert_eq!((&change["document"], &change["pointer"]), (&json!("candidate"), &json!("/components/schemas/Tag")));
    let message = change["message"].as_str().unwrap();
    let types = "`Label` is removed, `LabelResponse` is removed, `Tag` is added, `TagResponse` is added";
    assert!(message.starts_with(&format!("in the generated code, {types}, and ")), "{message}");
}

/// Returns the document of an API with one operation.
fn build_document(parameters: Value, responses: Value) -> Value {
    let body = json!({ "content": { "application/json": { "schema": { "type": "object", "properties": {
        "name": { "type": "string" },
    }}}}});
    json!({ "openapi": "3.1.0", "info": { "title": "Shelves", "version": "1" }, "paths": { "/shelves": { "post": {
        "operationId": "add_shelf", "parameters": parameters, "requestBody": body, "responses": responses,
    }}}})
}

fn build_parameter(name: &str, place: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "schema": schema })
}

/// Accepts a document in a project, compares another one with it, and returns rule and `rust` verdict of each change.
fn accept_and_check(name: &str, old: &Value, new: &Value) -> Vec<(String, String)> {
    let checkout = Checkout::new(name);
    checkout.write("openapi/corrections.yaml", "[]");
    checkout.write("old.json", old.to_string());
    assert_eq!(checkout.run(&["accept", "--scope", "all", "--upstream", "old.json"]).code, 0);
    let (_, report) = checkout.check(new, &["--scope", "all"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    report["changes"].as_array().unwrap().iter().map(|it| (text(&it["rule"]), text(&it["rust"]))).collect()
}

fn to_strings<const N: usize>(changes: [(&str, &str); N]) -> Vec<(String, String)> {
    changes.map(|(rule, rust)| (rule.to_owned(), rust.to_owned())).to_vec()
}

#[test]
fn parameters_are_matched_by_name_instead_of_position() {
    let (text, done) = (json!({ "type": "string" }), json!({ "204": { "description": "done" } }));
    let query = |name: &str| build_parameter(name, "query", text.clone());
    let old = build_document(json!([query("alpha"), query("gamma")]), done.clone());
    let replaced = build_document(json!([query("zero"), query("gamma")]), done.clone());
    let mut changes = accept_and_check("replaced", &old, &replaced);
    changes.sort();
    assert_eq!(changes, to_strings([("parameter-added", "compatible"), ("parameter-removed", "breaking")]));

    let long = json!({ "type": "string", "minLength": 3 });
    let narrowed = build_document(json!([build_parameter("gamma", "query", long)]), done);
    let mut changes = accept_and_check("narrowed", &old, &narrowed);
    changes.sort();
    assert_eq!(changes, to_strings([("min-length-narrowed", "breaking"), ("parameter-removed", "breaking")]));
}

/// The lock identifies parameters and alternatives by what they state, so that added and reordered ones do not rename types.
#[test]
fn types_of_other_parameters_and_alternatives_keep_their_names() {
    let query = |name: &str| build_parameter(name, "query", json!({ "enum": [name, "x"] }));
    let step = |mode: &str| {
        let properties = json!({ "mode": { "const": mode }, "size": { "enum": [mode, "x"] } });
        json!({ "type": "object", "required": ["mode"], "properties": properties })
    };
    let document = |parameters: &[&str], modes: &[&str]| {
        let parameters: Value = parameters.iter().map(|name| query(name)).collect();
        let mut document = build_document(parameters, json!({ "204": { "description": "done" } }));
        let body = &mut document["paths"]["/shelves"]["post"]["requestBody"]["content"]["application/json"];
        let steps: Vec<Value> = modes.iter().map(|mode| step(mode)).collect();
        body["schema"] = json!({ "oneOf": steps });
        document
    };
    let old = document(&["sort", "unit"], &["walk", "ride"]);
    let changes =
        accept_and_check("added-elements", &old, &document(&["page", "sort", "unit"], &["bike", "walk", "ride"]));
    let added = [("parameter-added", "compatible"), ("alternative-added", "compatible")];
    assert_eq!(changes, to_strings(added));
    let changes = accept_and_check("reordered-elements", &old, &document(&["unit", "sort"], &["ride", "walk"]));
    assert_eq!(changes, to_strings([("rust-code-changed", "docs")]));
}

/// The same code still compiles, but reads or sets another property.
#[test]
fn additions_that_take_the_name_of_another_member_are_breaking() {
    let document = |names: &[&str]| {
        let text = json!({ "type": "string" });
        let parameters = names.iter().map(|name| build_parameter(name, "query", text.clone())).collect();
        let properties: Value = names.iter().map(|name| ((*name).to_owned(), text.clone())).collect();
        let content = json!({ "application/json": { "schema": { "type": "object", "properties": properties } } });
        let responses = json!({ "200": { "description": "done", "content": content } });
        let mut document = build_document(parameters, responses);
        document["paths"]["/shelves"]["post"]["requestBody"]["content"] = content;
        document
    };
    let old = document(&["shelfName"]);
    let property = ("property-added", "breaking");
    let changes = accept_and_check("taken-names", &old, &document(&["shelfName", "shelf_name"]));
    assert_eq!(changes, to_strings([("parameter-added", "breaking"), property, property]));
    let changes = accept_and_check("free-names", &old, &document(&["shelfName", "shelf"]));
    let property = ("property-added", "compatible");
    assert_eq!(changes, to_strings([("parameter-added", "compatible"), property, property]));

    // Names of headers are case-insensitive (RFC 9110, section 5.1).
    let [old, new] = ["X-Shelf", "x-shelf"].map(|name| {
        let parameters = json!([build_parameter(name, "header", json!({ "type": "string" }))]);
        build_document(parameters, json!({ "204": { "description": "done" } }))
    });
    assert_eq!(accept_and_check("header-case", &old, &new), to_strings([("rust-code-changed", "compatible")]));
}

/// The same calls still compile.
#[test]
fn calls_that_send_other_requests_are_breaking() {
    let (text, done) = (json!({ "type": "string" }), json!({ "204": { "description": "done" } }));
    let old = build_document(json!([build_parameter("beta", "query", text.clone())]), done.clone());
    let moved = build_document(json!([build_parameter("beta", "header", text)]), done);
    let mut changes = accept_and_check("moved", &old, &moved);
    changes.sort();
    assert_eq!(changes, to_strings([("parameter-added", "compatible"), ("parameter-removed", "breaking")]));

    let mut merged = old.clone();
    let content = merged["paths"]["/shelves"]["post"]["requestBody"]["content"].as_object_mut().unwrap();
    let schema = content.remove("application/json").unwrap();
    content.insert("application/merge-patch+json".to_owned(), schema);
    let changes = accept_and_check("merged", &old, &merged);
    assert_eq!(changes, to_strings([("media-type-removed", "breaking"), ("media-type-added", "compatible")]));
}

#[test]
fn a_changed_encoding_explains_another_conversion_to_parts() {
    let mut old = build_document(json!([]), json!({ "204": { "description": "done" } }));
    let content = &mut old["paths"]["/shelves"]["post"]["requestBody"]["content"];
    let schema = content["application/json"]["schema"].take();
    *content =
        json!({ "multipart/form-data": { "schema": schema, "encoding": { "name": { "contentType": "text/plain" } } } });
    let mut new = old.clone();
    let encoding = &mut new["paths"]["/shelves"]["post"]["requestBody"]["content"]["multipart/form-data"]["encoding"];
    encoding["name"]["contentType"] = "text/html".into();
    assert_eq!(accept_and_check("encoding", &old, &new), to_strings([("encoding-changed", "breaking")]));
}

/// The client has the property, although requests omit it.
#[test]
fn an_omitted_property_explains_another_type() {
    let old = build_document(json!([]), json!({ "204": { "description": "done" } }));
    let mut new = old.clone();
    let content = &mut new["paths"]["/shelves"]["post"]["requestBody"]["content"];
    content["application/json"]["schema"]["properties"]["id"] = json!({ "type": "string", "readOnly": true });
    assert_eq!(accept_and_check("omitted", &old, &new), to_strings([("property-added", "compatible")]));
    assert_eq!(accept_and_check("omitted", &new, &old), to_strings([("property-removed", "breaking")]));
}

#[test]
fn a_removed_range_of_responses_explains_the_removed_code() {
    let described = json!({ "description": "a response" });
    let old = build_document(json!([]), json!({ "204": described, "5XX": described }));
    let new = build_document(json!([]), json!({ "204": described, "410": described }));
    let changes = accept_and_check("range", &old, &new);
    assert_eq!(changes, to_strings([("response-removed", "breaking"), ("response-added", "compatible")]));
}

/// Compares two documents with one request body outside a project.
fn compare_bodies(case: &str, [old, new]: [Value; 2]) -> Vec<Value> {
    let checkout = Checkout::new(case);
    for (name, schema) in [("old.json", old), ("new.json", new)] {
        let mut document = build_document(json!([]), json!({ "204": { "description": "done" } }));
        document["paths"]["/shelves"]["post"]["requestBody"]["content"]["application/json"]["schema"] = schema;
        checkout.write(name, document.to_string());
    }
    let run = checkout.run(&["check", "--format", "json", "--vendored", "old.json", "--upstream", "new.json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    report["changes"].as_array().unwrap().clone()
}

const BODY: &str = "/paths/~1shelves/post/requestBody/content/application~1json/schema";

/// A type and its validation that differ without a cause on the wire are one change, located in the document.
#[test]
fn a_field_that_another_keyword_still_allows_is_one_change_of_the_code() {
    let text = json!({ "type": "string" });
    let object =
        |properties: Value| json!({ "type": "object", "properties": properties, "additionalProperties": text });
    let changes = compare_bodies("allowed", [object(json!({ "a": text, "b": text })), object(json!({ "b": text }))]);
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(change["wire"], "none", "{change:#}");
    assert_eq!((&change["rust"], &change["document"]), (&json!("breaking"), &json!("vendored")), "{change:#}");
    assert_eq!(change["pointer"], format!("{BODY}/properties/a"), "{change:#}");
}

/// Without an accepted document to compare with, an edit of the document shows only in the generated code.
#[test]
fn validation_without_a_cause_is_located_in_the_document() {
    let checkout = Checkout::new("validation");
    let path = "openapi/integrations.yaml";
    checkout.write(path, checkout.read(path).replacen("maxLength: 250", "maxLength: 100", 1));
    let report: Value = serde_json::from_str(&checkout.run(&["check", "--format", "json"]).output).unwrap();
    let change = report["changes"].as_array().unwrap().iter().find(|it| it["rule"] == "rust-code-changed").unwrap();
    assert_eq!(change["pointer"], "/components/schemas/integration-model/properties/shop_name", "{change:#}");
    assert!(change["line"].is_u64(), "{change:#}");
}

/// The types of nested objects are removed because the type around them changed.
#[test]
fn a_changed_type_explains_the_types_of_its_parts() {
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let nested = object(json!({ "n": object(json!({ "w": object(json!({ "v": {} })) })) }));
    let changes = compare_bodies("nested", [nested, object(json!({ "n": { "type": "string" } }))]);
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(change["pointer"], format!("{BODY}/properties/n/type"), "{change:#}");
}

/// The parameter has the same index in both documents.
#[test]
fn a_changed_type_of_a_parameter_explains_its_removed_type() {
    let done = json!({ "204": { "description": "done" } });
    let with = |schema: Value| build_document(json!([build_parameter("beta", "query", schema)]), done.clone());
    let old = with(json!({ "type": "string", "maxLength": 3 }));
    let changes = accept_and_check("parameter-type", &old, &with(json!({ "type": "integer" })));
    assert_eq!(changes, to_strings([("type-changed", "breaking")]));
}

/// The runtime gets a type for numbers.
#[test]
fn additions_to_the_runtime_are_not_reported_beside_their_cause() {
    let with = |kind: &str| json!({ "type": "object", "properties": { "a": { "type": kind } } });
    let changes = compare_bodies("runtime-number", ["integer", "number"].map(with));
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(change["rule"], "type-widened", "{change:#}");
}

/// The mock has a method for each status.
#[test]
fn a_redundant_status_explains_the_method_of_the_mock() {
    let text = json!({ "description": "", "content": { "application/json": { "schema": { "type": "string" } } } });
    let [old, new] = [json!({ "201": text, "2XX": text }), json!({ "2XX": text })]
        .map(|responses| build_document(json!([]), responses));
    assert_eq!(accept_and_check("redundant-status", &old, &new), to_strings([("response-widened", "breaking")]));
    assert_eq!(accept_and_check("redundant-status-added", &new, &old), to_strings([("response-split", "compatible")]));
}

/// The type of the range gets another name.
#[test]
fn a_status_that_is_split_off_explains_the_type_of_the_range() {
    let response =
        |schema: Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let range = response(json!({ "type": "object", "properties": { "code": { "type": "string" } } }));
    let text = response(json!({ "type": "string" }));
    let [old, new] = [json!({ "2XX": range }), json!({ "2XX": range, "201": text })]
        .map(|responses| build_document(json!([]), responses));
    let mut changes = accept_and_check("split-type", &old, &new);
    changes.sort();
    assert_eq!(changes, to_strings([("response-split", "breaking"), ("type-changed", "breaking")]));
}

/// The validation of requests accepts more, although existing clients may not expect the value in a response.
#[test]
fn the_verdict_on_responses_is_not_that_on_the_validation_of_requests() {
    let document = |values: Value| {
        let shelf = json!({ "type": "object", "properties": { "size": { "type": "string", "enum": values } } });
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Shelf" } } });
        let mut document = build_document(json!([]), json!({ "200": { "description": "done", "content": content } }));
        document["paths"]["/shelves"]["post"]["requestBody"]["content"] = content;
        document["components"]["schemas"]["Shelf"] = shelf;
        document
    };
    let [old, new] = [document(json!(["a"])), document(json!(["a", "b"]))];
    assert_eq!(accept_and_check("shared-enum", &old, &new), to_strings([("enum-widened", "compatible")]));
    assert_eq!(accept_and_check("shared-enum-narrowed", &new, &old), to_strings([("enum-narrowed", "breaking")]));
}

/// Types and builders with secrets implement `Debug`, too, although they do not derive it.
#[test]
fn secrets_do_not_remove_debug() {
    let body = |pin: Value| json!({ "type": "object", "properties": { "a": { "type": "string" }, "pin": pin } });
    let [plain, secret] = [json!({ "type": "string" }), json!({ "type": "string", "format": "password" })].map(body);
    let without = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let done = json!({ "204": { "description": "done" } });
    let [hidden, shown] = ["cookie", "query"].map(|place| build_parameter("sid", place, json!({ "type": "string" })));
    let [with_cookie, with_query] = [json!([hidden, shown]), json!([shown])].map(|it| build_document(it, done.clone()));
    let bodies = |case: &str, [old, new]: [&Value; 2]| {
        let changes = compare_bodies(case, [old.clone(), new.clone()]);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        changes.iter().map(|it| [&it["rule"], &it["rust"], &it["message"]].map(text)).collect::<Vec<_>>()
    };
    let expect = |rule: &str, rust: &str, message: &str| vec![[rule, rust, message].map(str::to_owned)];
    let found = bodies("secret-added", [&without, &secret]);
    assert_eq!(found, expect("property-added", "compatible", "`pin` was added"));
    assert_eq!(bodies("hidden", [&plain, &secret]), expect("docs", "docs", "`format` was added"));
    assert_eq!(bodies("shown", [&secret, &plain]), expect("docs", "docs", "`format` was removed"));
    let added = accept_and_check("cookie-added", &with_query, &with_cookie);
    assert_eq!(added, to_strings([("parameter-added", "compatible")]));
    let removed = accept_and_check("cookie-removed", &with_cookie, &with_query);
    assert_eq!(removed, to_strings([("parameter-removed", "breaking")]));
}

/// The attribute `deprecated` is no public item.
#[test]
fn an_operation_that_is_no_longer_deprecated_explains_the_generated_code() {
    let old = build_document(json!([]), json!({ "204": { "description": "done" } }));
    let mut deprecated = old.clone();
    deprecated["paths"]["/shelves"]["post"]["deprecated"] = true.into();
    assert_eq!(accept_and_check("deprecated", &deprecated, &old), to_strings([("no-longer-deprecated", "compatible")]));
}

/// Requests omit a property that is `readOnly`, but the generated type has it.
#[test]
fn changes_of_an_omitted_property_explain_the_generated_code() {
    let body = |id: Value, name: &str| {
        let mut id = id;
        id["readOnly"] = true.into();
        json!({ "type": "object", "properties": { "id": id, name: { "type": "string" } } })
    };
    let nested = |names: &[&str]| {
        let properties = names.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" })));
        json!({ "type": "object", "properties": properties.collect::<serde_json::Map<_, _>>(), "required": names })
    };
    let string = json!({ "type": "string" });
    let cases = [
        (string.clone(), json!({ "type": "integer" }), "type-changed", "breaking"),
        (string.clone(), json!({ "type": "string", "description": "Its id." }), "docs", "docs"),
        (string, json!({ "type": "string", "default": "a" }), "default-added", "docs"),
        (nested(&[]), nested(&["a"]), "required-property-added", "breaking"),
    ];
    for (index, (old, new, rule, rust)) in cases.into_iter().enumerate() {
        let changes = compare_bodies(&format!("omitted-{index}"), [old, new].map(|id| body(id, "name")));
        let [change] = &changes[..] else { panic!("{changes:#?}") };
        assert_eq!((&change["rule"], &change["wire"], &change["rust"]), (&json!(rule), &json!("docs"), &json!(rust)));
    }
}

/// In XML, `xml` determines what clients read, also through a reference and beside the same schema in JSON.
#[test]
fn a_status_whose_xml_differs_from_that_of_its_range_is_not_equal() {
    let object = |name: &str| json!({ "type": "object", "xml": { "name": name } });
    let reference = json!({ "$ref": "#/components/schemas/Failure" });
    let response = |media_type: &str, schema: &Value| {
        let content = json!({ "application/json": { "schema": schema }, media_type: { "schema": schema } });
        json!({ "description": "", "content": content })
    };
    for (media_type, expected) in [("application/xml", Verdict::Compatible), ("application/yaml", Verdict::Docs)] {
        let document = |responses: Value| {
            let mut document = build_document(json!([]), responses);
            document["components"]["schemas"]["Failure"] = object("b");
            document
        };
        let range = response(media_type, &reference);
        let status = document(json!({ "404": response(media_type, &object("a")), "4XX": range }));
        let changes = openapi_spec_drift::compare(&status, &document(json!({ "4XX": range }))).unwrap();
        let merged = changes.iter().filter(|change| change.rule == "response-widened").map(|change| change.wire);
        assert_eq!(merged.collect::<Vec<_>>(), [expected], "{media_type}: {changes:#?}");
    }
}

/// The range refers to a component; the status has the same schema, written in several ways.
#[test]
fn an_equal_status_explains_the_types_of_its_response() {
    let object = json!({ "type": "object", "properties": { "code": { "type": "string" } } });
    let reference = json!({ "$ref": "#/components/schemas/Failure" });
    let response =
        |schema: &Value| json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    let document = |responses: Value, is_deprecated: bool| {
        let mut document = build_document(json!([]), responses);
        document["components"]["schemas"]["Failure"] = object.clone();
        document["paths"]["/shelves"]["post"]["deprecated"] = is_deprecated.into();
        document
    };
    let range = document(json!({ "4XX": response(&reference) }), false);
    let with_status = |schema: &Value| document(json!({ "404": response(schema), "4XX": response(&reference) }), false);
    let mut described = object.clone();
    described["description"] = "A failure.".into();
    let beside = json!({ "$ref": "#/components/schemas/Failure", "description": "A failure." });
    for (index, schema) in [&object, &described, &beside].into_iter().enumerate() {
        let status = with_status(schema);
        let merged = openapi_spec_drift::compare(&status, &range).unwrap();
        let merged: Vec<_> = merged.iter().filter(|it| it.rule == "response-widened").map(|it| &it.message).collect();
        assert_eq!(merged, ["status 404 is now described by 4XX: the response is the same"], "{schema}");
        let found = accept_and_check(&format!("equal-status-added-{index}"), &range, &status);
        assert_eq!(found[0], ("response-split".to_owned(), "breaking".to_owned()), "{schema}: {found:?}");
    }
    let combined = with_status(&json!({ "allOf": [reference, { "type": "object" }] }));
    let found = accept_and_check("combined-status-added", &range, &combined);
    assert_eq!(found, to_strings([("response-split", "breaking")]));
    let found = accept_and_check("equal-status", &with_status(&object), &range);
    assert_eq!(found, to_strings([("response-widened", "breaking")]));
    // The attribute `deprecated` is no public item.
    let deprecated = document(json!({ "4XX": response(&reference) }), true);
    let found = accept_and_check("status-added-to-deprecated", &deprecated, &with_status(&object));
    assert_eq!(found, to_strings([("response-split", "breaking"), ("no-longer-deprecated", "docs")]));
}

/// The types of a schema that moved are one change for each place.
#[test]
fn types_of_a_moved_schema_are_reported_by_location() {
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let document = |schema: Value, schemas: Value| {
        let mut document = build_document(json!([]), json!({ "204": { "description": "done" } }));
        let body = &mut document["paths"]["/shelves"]["post"]["requestBody"]["content"]["application/json"];
        body["schema"] = object(json!({ "n": schema }));
        document["components"] = json!({ "schemas": schemas });
        document
    };
    let inner = object(json!({ "w": object(json!({ "v": { "type": "string", "enum": ["a", "b"] } })) }));
    let old = document(inner.clone(), json!({}));
    let new = document(json!({ "$ref": "#/components/schemas/Moved" }), json!({ "Moved": inner }));
    let mut changes = accept_and_check("moved-schema", &old, &new);
    changes.sort();
    let items = "rust-items-changed";
    assert_eq!(changes, to_strings([(items, "breaking"), (items, "compatible")]));
}

/// The types of all alternatives differ once there is no union.
#[test]
fn a_removed_alternative_explains_the_types_of_others() {
    let alternative = |kind: &str| {
        let kind = json!({ "type": "string", "const": kind });
        json!({ "type": "object", "title": "One", "required": ["kind"], "properties": { "kind": kind } })
    };
    let with = |alternatives: &[Value]| json!({ "type": "object", "title": "Whole", "oneOf": alternatives });
    let [one, other] = ["a", "b"].map(alternative);
    let changes = compare_bodies("alternatives", [with(&[one.clone(), other]), with(&[one])]);
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(change["rule"], "alternative-removed", "{change:#}");
}

/// Alternatives have the properties of the schema around them.
#[test]
fn an_added_property_explains_the_types_of_alternatives() {
    let requiring = |name: &str| json!({ "required": [name] });
    let with = |properties: Value| json!({ "type": "object", "properties": properties, "anyOf": [requiring("a"), requiring("b")] });
    let changes =
        compare_bodies("around", [with(json!({ "a": {}, "b": {} })), with(json!({ "a": {}, "b": {}, "c": {} }))]);
    let [change] = &changes[..] else { panic!("{changes:#?}") };
    assert_eq!(change["rule"], "property-added", "{change:#}");
}

/// The runtime loses what only the removed operation used.
#[test]
fn a_removed_operation_explains_the_items_of_the_runtime() {
    let body = json!({ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } });
    let upload = json!({
        "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": body } } },
        "responses": { "204": { "description": "Done" } },
    });
    let checkout = Checkout::new("multipart");
    let old = change_document(|document| document["paths"]["/files"]["post"] = upload);
    checkout.write("old.json", old.to_string());
    let (_, report) = checkout.check(&change_document(|_| {}), &["--scope", "all", "--vendored", "old.json"]);
    assert!(report["generated"]["diff"].as_str().unwrap().contains("-    pub use self::multipart::File"), "{report:#}");
    assert_eq!(list_rules(&report), ["operation-removed"], "{:#}", report["changes"]);
}

/// Parts that are objects are JSON in any case.
#[test]
fn an_explicit_media_type_of_a_part_that_is_the_default_changes_no_code() {
    let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let schema =
        json!({ "type": "object", "properties": { "one": object, "several": { "type": "array", "items": object } } });
    let [old, new] = [json!({}), json!({ "contentType": "application/json" })].map(|encoding| {
        let mut document = build_document(json!([]), json!({ "204": { "description": "done" } }));
        let encodings = json!({ "one": encoding, "several": encoding });
        document["paths"]["/shelves"]["post"]["requestBody"]["content"] =
            json!({ "multipart/form-data": { "schema": schema, "encoding": encodings } });
        document
    });
    assert_eq!(accept_and_check("default-content-type", &old, &new), []);
}

/// The interface of the runtime is part of the public API of the client; its code is compared by a digest.
#[test]
fn changes_of_the_runtime_are_classified() {
    for (from, to, verdict, message) in [
        ("pub message: String", "pub msg: String", "breaking", "`runtime::Violation::message` is"),
        ("pub use self::uri::Uri;", "", "compatible", "`runtime::Uri` is"),
        ("const SHA_256: &str = \"", "const SHA_256: &str = \"0", "compatible", "the code of the runtime differs"),
    ] {
        let checkout = Checkout::new("runtime");
        let client = checkout.read("tests/snapshots/client.rs");
        assert!(client.contains(from), "{from}");
        checkout.write("tests/snapshots/client.rs", client.replace(from, to));
        let report: Value = serde_json::from_str(&checkout.run(&["check", "--format", "json"]).output).unwrap();
        assert_eq!(report["rust"], verdict, "{from}: {report:#}");
        let mut changes = report["changes"].as_array().unwrap().iter();
        assert!(changes.any(|it| it["message"].as_str().unwrap().contains(message)), "{from}: {report:#}");
    }
}
