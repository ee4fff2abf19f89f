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
