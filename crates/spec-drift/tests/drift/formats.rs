//! `check --format sarif` and `--format junit`, validated with the published schema and a JUnit parser.

use openapi_spec_drift::rules::rules;
use quick_junit::{Report, TestCaseStatus};
use serde_json::{Value, json};

use crate::checkout::{Checkout, Run, change_document, document, properties};

const SCHEMA: &str = include_str!("../sarif/sarif-schema-2.1.0.json");

/// Returns a candidate with a change of each verdict, a removal, and a name with a character that XML does not allow.
fn build_candidate() -> Value {
    change_document(|document| {
        let properties = properties(document);
        properties.as_object_mut().unwrap().remove("shop_url");
        properties["shop_name"]["maxLength"] = json!(300);
        properties["feedback_type"]["description"] = json!("When to report.");
        properties["a\u{1}<b>&"] = json!({ "type": "string" });
    })
}

fn run_check(checkout: &Checkout, arguments: &[&str]) -> Run {
    let run = checkout.run(&[&["check"], arguments].concat());
    assert_eq!(run.errors, "");
    run
}

/// Parses a log, and validates it with the published schema.
fn parse_log(text: &str) -> Value {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    // As published, this pattern is not a regular expression of ECMA-262: its last bracket is not escaped.
    for place in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{place}/properties/language")).unwrap();
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let log = serde_json::from_str(text).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    log
}

#[test]
fn sarif_is_valid_and_contains_rules_and_results() {
    let checkout = Checkout::new("sarif");
    checkout.write("candidate.json", format!("{:#}", build_candidate()));
    let run = run_check(&checkout, &["--upstream", "candidate.json", "--format", "sarif"]);
    assert_eq!(run.code, 1);
    let run = &parse_log(&run.output)["runs"][0];

    let descriptors = run["tool"]["driver"]["rules"].as_array().unwrap();
    let registry = rules().unwrap();
    assert_eq!(descriptors.len(), registry.len());
    for (descriptor, rule) in descriptors.iter().zip(&registry) {
        assert_eq!(
            (&descriptor["id"], &descriptor["shortDescription"]["text"]),
            (&json!(rule.id), &json!(rule.explanation))
        );
        assert!(descriptor["help"]["text"].as_str().unwrap().starts_with(&rule.explanation), "{descriptor}");
    }

    let results = run["results"].as_array().unwrap();
    let mut found: Vec<_> = results
        .iter()
        .map(|result| {
            let rule = result["ruleId"].as_str().unwrap();
            assert_eq!(descriptors[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], rule);
            let place = &result["locations"][0]["physicalLocation"];
            assert!(place["region"]["startLine"].as_u64().unwrap() > 1, "{result}");
            (rule, result["level"].as_str().unwrap(), place["artifactLocation"]["uri"].as_str().unwrap())
        })
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("docs", "note", "candidate.json"),
            ("max-length-widened", "warning", "candidate.json"),
            ("property-added", "warning", "candidate.json"),
            ("property-removed", "error", "openapi/integrations.yaml"),
        ]
    );
    // Unescaped, braces in a message are placeholders.
    let text = results[0]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("PATCH /integrations/{{id}}, "), "{text}");
}

#[test]
fn sarif_locations_are_relative_to_the_repository() {
    let checkout = Checkout::new("sarif places");
    checkout.write("a candidate.json", build_candidate().to_string());
    let uri = |log: &Value| {
        log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone()
    };
    let absolute = checkout.0.join("a candidate.json");
    for path in ["a candidate.json", "./a candidate.json", absolute.to_str().unwrap()] {
        let run = run_check(&checkout, &["--upstream", path, "--format", "sarif"]);
        assert_eq!(uri(&parse_log(&run.output)), "a%20candidate.json", "{path}");
    }
    // A candidate from another source is located at the vendored document, without a line.
    let run =
        checkout.run_with(&["check", "--upstream", "-", "--format", "sarif"], build_candidate().to_string().as_bytes());
    let log = parse_log(&run.output);
    assert_eq!(uri(&log), "openapi/integrations.yaml");
    assert!(log["runs"][0]["results"][1]["locations"][0]["physicalLocation"].get("region").is_none());
}

/// Changes of the project have no location in a document.
#[test]
fn sarif_contains_results_without_a_location() {
    let checkout = Checkout::new("sarif-project");
    let none = run_check(&checkout, &["--format", "sarif"]);
    assert_eq!((none.code, parse_log(&none.output)["runs"][0]["results"].as_array().unwrap().len()), (0, 0));
    let client = checkout.read("tests/snapshots/client.rs");
    checkout.write("tests/snapshots/client.rs", client + "\n");
    let edited = run_check(&checkout, &["--format", "sarif"]);
    let log = parse_log(&edited.output);
    let rules: Vec<&Value> =
        log["runs"][0]["results"].as_array().unwrap().iter().map(|result| &result["ruleId"]).collect();
    assert!(edited.code == 1 && rules.contains(&&json!("snapshot-edited")), "{rules:?}");
}

#[test]
fn junit_has_a_test_case_for_each_change() {
    let checkout = Checkout::new("junit");
    checkout.write("candidate.json", build_candidate().to_string());
    for (fail_on, failures) in [("docs", 4), ("compatible", 3), ("breaking", 1)] {
        let run = run_check(&checkout, &["--upstream", "candidate.json", "--format", "junit", "--fail-on", fail_on]);
        let report = Report::deserialize_from_str(&run.output).unwrap();
        assert_eq!((run.code, report.tests, report.failures, report.errors), (1, 4, failures, 0), "{}", run.output);
        let worst = &report.test_suites[0].test_cases[0];
        assert_eq!(worst.classname.as_deref(), Some("property-removed"));
        let TestCaseStatus::NonSuccess { message, ty, description, .. } = &worst.status else { panic!("{worst:?}") };
        assert!(message.as_deref().unwrap().starts_with("`shop_url` "), "{message:?}");
        assert_eq!(ty.as_deref(), Some("breaking"));
        let help = rules().unwrap().into_iter().find(|rule| rule.id == "property-removed").unwrap().explanation;
        assert!(description.as_deref().unwrap().starts_with(&help), "{description:?}");
    }
    checkout.write("candidate.json", document().to_string());
    let run = run_check(&checkout, &["--upstream", "candidate.json", "--format", "junit"]);
    let report = Report::deserialize_from_str(&run.output).unwrap();
    assert_eq!((run.code, report.tests, report.failures), (0, 1, 0), "{}", run.output);
}
