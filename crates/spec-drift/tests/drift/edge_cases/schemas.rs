//! Nested and combined schemas.

mod alternatives;
mod conditions;
mod properties;
mod values;

use super::{build_request, build_response, classify};
use openapi_spec_drift::Verdict::{self, Compatible};
use serde_json::{Value, json};

/// A label, two schemas, and the verdict on the change in a request and in a response.
type Case = (&'static str, Value, Value, Verdict, Verdict);

#[test]
fn nested_schemas_are_classified() {
    let cases = [alternatives::list_cases(), conditions::list_cases(), properties::list_cases(), values::list_cases()];
    for (case, old, new, in_request, in_response) in cases.into_iter().flatten() {
        assert_eq!(classify(&build_request(&old), &build_request(&new)), in_request, "{case}, in a request");
        assert_eq!(classify(&build_response(&old), &build_response(&new)), in_response, "{case}, in a response");
    }
}

/// An alternative that refers to a component is identified by its name, whatever changes in it.
#[test]
fn alternatives_are_matched_by_component_name() {
    let old = build_response(&json!({ "oneOf": [{ "$ref": "#/components/schemas/A" }, { "type": "string" }] }));
    let mut new = old.clone();
    new["components"]["schemas"]["A"]["properties"] = json!({ "a": { "type": "string" }, "new": { "type": "string" } });
    assert_eq!(classify(&old, &new), Compatible);
}
