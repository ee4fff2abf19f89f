//! Projects: configuration, the first `accept`, `generate`, and documents without a project.

use std::fs;

use crate::checkout::{Checkout, DOCUMENT, change_document, document, list_rules, properties};
use serde_json::{Value, json};

#[test]
fn documents_are_compared_outside_a_project() {
    // Unlike the target folder, the temporary folder is not part of a checkout.
    let folder = std::env::temp_dir().join(format!("spec-drift-outside-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let checkout = Checkout(folder);
    checkout.write("old.yaml", DOCUMENT);
    let (code, report) = checkout.check(&document(), &["--vendored", "old.yaml"]);
    assert_eq!((code, &report["generated"]["identical"], &report["corrections"]), (0, &json!(true), &json!([])));
    let candidate = change_document(|document| properties(document)["nickname"] = json!({ "type": "string" }));
    let (code, report) = checkout.check(&candidate, &["--vendored", "old.yaml"]);
    assert_eq!((code, list_rules(&report), &report["rust"]), (1, vec!["property-added"], &json!("compatible")));
    let run = checkout.run(&["check", "--vendored", "old.yaml"]);
    assert!(run.code == 2 && run.errors.contains("pass --upstream"), "{}", run.errors);
    let run = Checkout(std::env::temp_dir()).run(&["check"]);
    assert!(run.code == 2 && run.errors.contains("pass --vendored"), "{}", run.errors);
    fs::remove_dir_all(&checkout.0).unwrap();
}

#[test]
fn generate_prints_the_accepted_client() {
    let checkout = Checkout::new("generate");
    let client = checkout.run(&["generate"]);
    assert_eq!(client.code, 0, "{}", client.errors);
    let snapshot = checkout.read("tests/snapshots/client.rs");
    let (snapshot, interface) = snapshot.split_once("/// The interface of the runtime").unwrap();
    let (generated, runtime) = client.output.split_at(client.output.rfind("\n#[allow(").unwrap() + 1);
    assert!(snapshot.ends_with(generated) && generated.contains("pub struct Client"));
    // The snapshot has each re-export of the runtime, but none of its code.
    assert!(runtime.contains("starts_with") && !interface.contains("starts_with"));
    let exports = |code: &str| code.matches("\n    pub use self::").count();
    assert_eq!(exports(runtime), exports(interface));
    assert!(!client.output.contains("#!["), "`include!` takes no inner attributes");
    let lowered: Value = serde_json::from_str(&checkout.run(&["generate", "--what", "lowered"]).output).unwrap();
    assert_eq!(lowered["openapi"], "3.0.3");
    assert!(checkout.run(&["generate", "--what", "mock"]).output.contains("httpmock"));
    // Corrections apply to another document only if they are given.
    checkout.write("other.json", document().to_string());
    let uncorrected = checkout.run(&["generate", "--document", "other.json"]).output;
    assert!(
        uncorrected.contains(" ignore, required(") && client.output.contains(" reject, required("),
        "{uncorrected}"
    );
    let run = checkout.run(&[
        "generate",
        "--document",
        "other.json",
        "--corrections",
        "openapi/corrections.yaml",
        "--out",
        "out.rs",
    ]);
    assert_eq!((run.code, run.output.as_str()), (0, ""));
    let corrected = checkout.read("out.rs");
    assert!(corrected.contains(" reject, required("), "{corrected}");
}

#[test]
fn generate_prints_warnings_beside_errors() {
    let checkout = Checkout::new("warnings");
    let mut other = document();
    other["component"] = serde_json::json!({});
    other["paths"]["/other"] = serde_json::json!({ "get": { "responses": { "204": { "$ref": "#/missing" } } } });
    checkout.write("other.json", other.to_string());
    let patch = "- why: typo\n  patch: [{op: test, path: /openapi, value: 2.0.0}]\n";
    checkout.write("other.yaml", patch);
    let run = checkout.run(&["generate", "--document", "other.json", "--corrections", "other.yaml"]);
    assert_eq!((run.code, run.output.as_str()), (2, ""));
    let (warnings, error) =
        run.errors.split_once("spec-drift: other.json, at /paths/~1other/get/responses/204").unwrap();
    assert!(warnings.contains("`component` is not a member") && error.lines().count() == 1, "{}", run.errors);
    assert!(warnings.starts_with("the correction \"typo\" no longer applies: remove it\n"), "{warnings}");
}

#[test]
fn configuration_errors_name_file_and_key() {
    let checkout = Checkout::new("configuration");
    let configuration = checkout.read("openapi/generate.yaml");
    for (from, to, expected) in [
        ("lock: openapi/lock.yaml\n", "", "openapi/generate.yaml, at the root: missing field `lock`; "),
        ("inner: null\n", "", "openapi/generate.yaml, at the root: missing field `inner`; "),
        (
            "document:",
            "documnet:",
            "openapi/generate.yaml, at /documnet: unknown field `documnet`, expected one of `document`, ",
        ),
        (
            "corrections.yaml",
            "none.yaml",
            "openapi/generate.yaml, at /corrections: `openapi/none.yaml` cannot be read: ",
        ),
        ("[src/ext.rs]", "[src/gone.rs]", "openapi/generate.yaml, at /handwritten/0: `src/gone.rs` cannot be read: "),
        ("inner: null", "inner: a b", "openapi/generate.yaml, at /inner: `a b` is not a Rust type; "),
        (
            "private",
            "secret",
            "openapi/generate.yaml, at /constructors: unknown variant `secret`, expected `public` or `private`; ",
        ),
        ("inner: null", "inner: [", "openapi/generate.yaml, at line "),
    ] {
        assert!(configuration.contains(from), "{from}");
        checkout.write("openapi/generate.yaml", configuration.replacen(from, to, 1));
        for arguments in [["check", "--upstream", "openapi/integrations.yaml"].as_slice(), &["accept"], &["generate"]] {
            let run = checkout.run(arguments);
            assert_eq!((run.code, run.output.as_str()), (2, ""), "{to}");
            assert!(run.errors.starts_with(&format!("spec-drift: {expected}")), "{}", run.errors);
        }
    }
    checkout.write("openapi/generate.yaml", configuration.replacen("lock: openapi/lock.yaml", "lock: null", 1));
    let run = checkout.run(&["accept"]);
    assert!(run.code == 2 && run.errors.contains("at /lock: there is no lock"), "{}", run.errors);
}

/// Malformed corrections and locks are mistakes of the project, not changes of the document.
#[test]
fn commands_fail_on_corrections_and_locks_of_another_form() {
    let checkout = Checkout::new("other-form");
    for (file, text, expected) in [
        (
            "corrections",
            "- { reason: Wrong., patch: [] }",
            "/0/reason: unknown field `reason`, expected `why` or `patch`; ",
        ),
        ("corrections", "- { why: Wrong., patch: [] }", "/0/patch: the correction has no `test` operation; "),
        ("lock", "{ types: 1 }", "/types: invalid type: integer `1`, expected a map; "),
    ] {
        let path = format!("openapi/{file}.yaml");
        let accepted = checkout.read(&path);
        checkout.write(&path, text);
        for arguments in
            [["check"].as_slice(), &["check", "--no-regenerate"], &["changelog"], &["accept"], &["generate"]]
        {
            let run = checkout.run(arguments);
            assert_eq!((run.code, run.output.as_str()), (2, ""), "{arguments:?} {text}");
            assert!(run.errors.starts_with(&format!("spec-drift: {path}, at {expected}")), "{}", run.errors);
        }
        checkout.write(&path, accepted);
    }
}

#[test]
fn configuration_errors_are_reported_even_if_both_documents_are_given() {
    let checkout = Checkout::new("both-given");
    let configuration = checkout.read("openapi/generate.yaml");
    checkout.write("openapi/generate.yaml", configuration.replace("handwritten:", "handwriten:"));
    let arguments = ["check", "--vendored", "openapi/integrations.yaml", "--upstream", "openapi/integrations.yaml"];
    let run = checkout.run(&arguments);
    assert!(run.code == 2 && run.errors.contains("unknown field `handwriten`"), "{}", run.errors);
}

/// A new project has an empty lock; one without snapshots supports only `generate`.
#[test]
fn a_new_project_must_be_accepted_first() {
    let checkout = Checkout::new("new");
    checkout.write("openapi/lock.yaml", "{}");
    let run = checkout.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!((run.code, list_rules(&report)), (1, vec!["not-accepted"]));
    assert_eq!(checkout.run(&["accept"]).code, 0);
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");

    let configuration = checkout.read("openapi/generate.yaml");
    let (before, after) = configuration.split_once("snapshots:").unwrap();
    let after = after.split_once("handwritten:").unwrap().1;
    checkout.write("openapi/generate.yaml", format!("{before}snapshots: null\nhandwritten:{after}"));
    assert_eq!(checkout.run(&["generate"]).code, 0);
    let run = checkout.run(&["check"]);
    assert!(run.code == 2 && run.errors.contains("at /snapshots: this is null"), "{}", run.errors);

    checkout.write("openapi/generate.yaml", configuration.replace("snapshots/mock.rs", "snapshots/client.rs"));
    let run = checkout.run(&["check"]);
    assert!(run.code == 2 && run.errors.contains("at /snapshots/mock: `client` has the same path"), "{}", run.errors);
}
