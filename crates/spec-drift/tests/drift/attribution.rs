//! Which change of the document each change of the generated code is attributed to.

use serde_json::{Value, json};

use crate::checkout::{Checkout, changed, rules};

/// Checks two documents that belong to no project.
fn check(case: &str) -> Value {
    let [old, new] = ["old", "new"].map(|side| format!("{}/tests/real/{case}-{side}.yaml", env!("CARGO_MANIFEST_DIR")));
    let arguments = ["check", "--format", "json", "--vendored", &old, "--upstream", &new];
    serde_json::from_str(&Checkout::new(case).run(&arguments).output).unwrap()
}

fn pointers(report: &Value) -> Vec<&str> {
    report["changes"].as_array().unwrap().iter().map(|change| change["pointer"].as_str().unwrap()).collect()
}

#[test]
fn a_property_that_is_composed_into_several_types_is_one_change() {
    let report = check("06-trait");
    assert_eq!(pointers(&report), ["/components/schemas/Trait/properties/align"]);
    assert_eq!(report["changes"][0]["rust"], "compatible");
}

#[test]
fn an_operation_is_told_from_a_schema_of_its_name() {
    let report = check("07-operation-named-as-schema");
    assert_eq!(rules(&report), ["parameter-added"]);
    assert_eq!((&report["rust"], &report["semver"]), (&json!("compatible"), &json!("minor")));
}

#[test]
fn a_change_of_a_base_is_the_cause_of_what_changes_in_the_types_that_combine_it() {
    let report = check("10-allof-base");
    assert_eq!(rules(&report), ["enum-widened"]);
    assert_eq!((&report["rust"], &report["semver"]), (&json!("compatible"), &json!("minor")));
}

/// The generated client has the version as a text that no request uses.
#[test]
fn another_version_of_the_document_is_documentation() {
    let candidate = changed(|document| document["info"]["version"] = json!("9"));
    let (code, report) = Checkout::new("version").check(&candidate, &[]);
    assert_eq!((code, rules(&report)), (1, vec!["docs"]));
    assert_eq!((&report["wire"], &report["rust"]), (&json!("docs"), &json!("docs")));
}

#[test]
fn a_response_that_goes_breaks_those_who_mock_it() {
    let responses = "/paths/~1integrations~1{id}/patch/responses";
    let candidate =
        changed(|document| drop(document.pointer_mut(responses).unwrap().as_object_mut().unwrap().remove("404")));
    let (code, report) = Checkout::new("mocked").check(&candidate, &[]);
    assert_eq!((code, rules(&report)), (1, vec!["response-removed"]));
    assert_eq!((&report["wire"], &report["rust"]), (&json!("compatible"), &json!("breaking")));
    let message = report["changes"][0]["message"].as_str().unwrap();
    assert!(message.contains("`operations::UpdateIntegrationThen::not_found()` is removed"), "{message}");
}

/// The document of a small API, with parameters `alpha` and `gamma`.
fn shelf(parameters: Value, responses: Value) -> Value {
    let body = json!({ "content": { "application/json": { "schema": { "type": "object", "properties": {
        "name": { "type": "string" },
    }}}}});
    json!({ "openapi": "3.1.0", "info": { "title": "Shelves", "version": "1" }, "paths": { "/shelves": { "post": {
        "operationId": "add_shelf", "parameters": parameters, "requestBody": body, "responses": responses,
    }}}})
}

fn parameter(name: &str, place: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "schema": schema })
}

/// Checks a candidate of a project with another document, and returns the verdict on Rust of each rule.
fn judged(name: &str, old: &Value, new: &Value) -> Vec<(String, String)> {
    let checkout = Checkout::new(name);
    checkout.write("openapi/corrections.yaml", "[]");
    checkout.write("old.json", old.to_string());
    assert_eq!(checkout.run(&["accept", "--scope", "all", "--upstream", "old.json"]).code, 0);
    let (_, report) = checkout.check(new, &["--scope", "all"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    report["changes"].as_array().unwrap().iter().map(|it| (text(&it["rule"]), text(&it["rust"]))).collect()
}

fn expected<const N: usize>(changes: [(&str, &str); N]) -> Vec<(String, String)> {
    changes.map(|(rule, rust)| (rule.to_owned(), rust.to_owned())).to_vec()
}

#[test]
fn the_position_of_a_parameter_is_not_its_name() {
    let (text, done) = (json!({ "type": "string" }), json!({ "204": { "description": "done" } }));
    let query = |name: &str| parameter(name, "query", text.clone());
    let old = shelf(json!([query("alpha"), query("gamma")]), done.clone());
    let replaced = shelf(json!([query("zero"), query("gamma")]), done.clone());
    let mut changes = judged("replaced", &old, &replaced);
    changes.sort();
    assert_eq!(changes, expected([("parameter-added", "compatible"), ("parameter-removed", "breaking")]));

    let long = json!({ "type": "string", "minLength": 3 });
    let narrowed = shelf(json!([parameter("gamma", "query", long)]), done);
    let mut changes = judged("narrowed", &old, &narrowed);
    changes.sort();
    assert_eq!(changes, expected([("min-length-narrowed", "breaking"), ("parameter-removed", "breaking")]));
}

/// The compiler sees none of these: the same call sends something else.
#[test]
fn what_a_call_sends_counts() {
    let (text, done) = (json!({ "type": "string" }), json!({ "204": { "description": "done" } }));
    let old = shelf(json!([parameter("beta", "query", text.clone())]), done.clone());
    let moved = shelf(json!([parameter("beta", "header", text)]), done);
    let mut changes = judged("moved", &old, &moved);
    changes.sort();
    assert_eq!(changes, expected([("parameter-added", "compatible"), ("parameter-removed", "breaking")]));

    let mut merged = old.clone();
    let content = merged["paths"]["/shelves"]["post"]["requestBody"]["content"].as_object_mut().unwrap();
    let schema = content.remove("application/json").unwrap();
    content.insert("application/merge-patch+json".to_owned(), schema);
    let changes = judged("merged", &old, &merged);
    assert_eq!(changes, expected([("media-type-removed", "breaking"), ("media-type-added", "compatible")]));
}

#[test]
fn a_range_of_responses_that_goes_is_the_cause_of_what_goes_with_it() {
    let described = json!({ "description": "an answer" });
    let old = shelf(json!([]), json!({ "204": described, "5XX": described }));
    let new = shelf(json!([]), json!({ "204": described, "410": described }));
    let changes = judged("range", &old, &new);
    assert_eq!(changes, expected([("response-removed", "breaking"), ("response-added", "compatible")]));
}

/// The runtime is a part of what callers use.
#[test]
fn a_change_of_the_runtime_is_judged_as_all_else() {
    for (from, to, verdict) in [
        ("pub message: String", "pub msg: String", "breaking"),
        ("pub use self::uri::Uri;", "", "compatible"),
        ("if is_web && !has_host {", "if false {", "compatible"),
    ] {
        let checkout = Checkout::new("runtime");
        let client = checkout.read("tests/snapshots/client.rs");
        assert!(client.contains(from), "{from}");
        checkout.write("tests/snapshots/client.rs", client.replace(from, to));
        let report: Value = serde_json::from_str(&checkout.run(&["check", "--format", "json"]).output).unwrap();
        assert_eq!(report["rust"], verdict, "{from}: {report:#}");
    }
}
