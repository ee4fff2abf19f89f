//! Reports as text, JSON, Markdown and annotations, and exit codes.

use std::process::Command;

use crate::checkout::{Checkout, DOCUMENT, change_document, properties};
use serde_json::{Value, json};

#[test]
fn diffs_show_code_verbatim() {
    let checkout = Checkout::new("code");
    // The added line is next to one that begins with a path.
    let candidate = change_document(|document| properties(document)["webhook_secret"] = json!({ "type": "string" }));
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["check", "--upstream", "candidate.json"]);
    let shows = |code: &str| run.output.lines().any(|line| line.trim_start().starts_with(code));
    assert!(shows("::std::option::Option<super::runtime::Uri>"), "{}", run.output);
}

/// Messages also state the effect on the generated code.
#[test]
fn messages_state_the_old_and_the_new_value() {
    let candidate = change_document(|document| {
        properties(document)["shop_name"]["maxLength"] = 100.into();
        let code = &mut document["components"]["schemas"]["ErrorObject"]["properties"]["code"];
        code["enum"].as_array_mut().unwrap().retain(|value| value != "not_a_list");
    });
    let checkout = Checkout::new("facts");
    let (_, report) = checkout.check(&candidate, &[]);
    let messages: Vec<&str> =
        report["changes"].as_array().unwrap().iter().map(|change| change["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "\"not_a_list\" is no longer allowed: responses stay within what existing clients expect; in the generated code, \
             `ErrorObjectCode::NotAList` is removed",
            "`maxLength` was 250 and is 100: existing requests may be rejected",
        ]
    );
}

#[test]
fn json_reports_have_stable_members() {
    let checkout = Checkout::new("json");
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let candidate = change_document(|document| properties(document)["shop_name"]["maxLength"] = 300.into());
    let (_, report) = checkout.check(&candidate, &[]);
    let expected = ["changes", "corrections", "generated", "not_vendored", "rust", "semver", "verdict", "wire"];
    assert_eq!(members(&report), expected);
    let expected = ["document", "line", "message", "operation", "operations", "pointer", "rule", "rust", "wire"];
    assert_eq!(members(&report["changes"][0]), expected);
    assert_eq!(members(&report["generated"]), ["added", "diff", "identical", "removed"]);
    assert_eq!(members(&report["corrections"][0]), ["applies", "why"]);
    assert_eq!((&report["verdict"], &report["semver"]), (&json!("compatible"), &json!("minor")));

    let (code, report) = checkout.check(&candidate, &["--no-regenerate"]);
    assert_eq!(
        (code, &report["rust"], &report["generated"], &report["wire"]),
        (1, &Value::Null, &Value::Null, &json!("compatible"))
    );
}

#[test]
fn fail_on_sets_the_lowest_failing_verdict() {
    let checkout = Checkout::new("fail-on");
    let docs = change_document(|document| document["info"]["title"] = "Another".into());
    let compatible = change_document(|document| properties(document)["shop_name"]["maxLength"] = 300.into());
    let breaking = change_document(|document| properties(document)["shop_name"]["maxLength"] = 100.into());
    for (candidate, codes) in [(docs, [1, 0, 0]), (compatible, [1, 1, 0]), (breaking, [1, 1, 1])] {
        for (threshold, code) in ["docs", "compatible", "breaking"].into_iter().zip(codes) {
            assert_eq!(checkout.check(&candidate, &["--fail-on", threshold]).0, code, "{threshold}");
        }
    }
}

#[test]
fn reports_start_with_the_verdict_and_end_with_the_remedy() {
    let candidate = change_document(|document| {
        properties(document)["shop_name"]["maxLength"] = 100.into();
        document["info"]["title"] = "Another".into();
    });
    let checkout = Checkout::new("report");
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["check", "--upstream", "candidate.json"]);
    let lines: Vec<&str> = run.output.lines().collect();
    assert_eq!(lines[0], "spec drift: breaking (wire: breaking, rust: breaking, semver: major)");
    assert!(lines[1].starts_with("breaking") && lines[1].contains("existing requests may be rejected"), "{}", lines[1]);
    assert!(lines[2].starts_with("docs"), "{}", lines[2]);
    assert!(
        lines.contains(&"--- accepted tests/snapshots/client.rs")
            && lines.contains(&"+++ regenerated tests/snapshots/client.rs")
    );
    assert_eq!(lines.last(), Some(&"accept with: cargo drift accept --upstream candidate.json"));

    let markdown = checkout.run(&["check", "--upstream", "candidate.json", "--format", "markdown"]).output;
    assert!(markdown.starts_with("## spec drift: breaking"), "{markdown}");
    assert!(markdown.contains("\n```diff\n--- accepted tests/snapshots/client.rs\n"), "{markdown}");

    let annotations = checkout.run(&["check", "--upstream", "candidate.json", "--format", "github"]).output;
    let annotation = annotations.lines().next().unwrap();
    assert!(
        annotation.starts_with("::error file=candidate.json,line=1,title=breaking%3A max-length-narrowed::PATCH "),
        "{annotation}"
    );
    // A change without a location is annotated at the vendored document.
    checkout.write("openapi/integrations.yaml", candidate.to_string());
    let annotations = checkout.run(&["check", "--format", "github"]).output;
    let expected =
        "::error file=openapi/integrations.yaml,title=breaking%3A document-edited::openapi/integrations.yaml differs ";
    assert!(annotations.lines().any(|line| line.starts_with(expected)), "{annotations}");
}

#[test]
fn each_verdict_has_a_semver_level_and_an_annotation() {
    let checkout = Checkout::new("levels");
    let reworded =
        change_document(|document| properties(document)["shop_name"]["description"] = "What it is called.".into());
    let added = change_document(|document| properties(document)["nickname"] = json!({ "type": "string" }));
    let narrowed = change_document(|document| properties(document)["shop_name"]["maxLength"] = 100.into());
    for (candidate, verdict, semver, annotation) in [
        (reworded, "docs", "patch", "::notice "),
        (added, "compatible", "minor", "::warning "),
        (narrowed, "breaking", "major", "::error "),
    ] {
        let (code, report) = checkout.check(&candidate, &[]);
        assert_eq!((code, &report["wire"], &report["rust"]), (1, &json!(verdict), &json!(verdict)));
        assert_eq!(report["semver"], semver);
        let annotations = checkout.run(&["check", "--upstream", "candidate.json", "--format", "github"]).output;
        assert!(annotations.starts_with(annotation), "{annotations}");
    }
}

#[test]
fn suggested_commands_can_be_run_verbatim() {
    let checkout = Checkout::new("remedy");
    let candidate = change_document(|document| document["info"]["title"] = "Another".into()).to_string();
    checkout.write("it's a $(candidate).json", &candidate);
    let run = checkout.run(&["check", "--no-regenerate", "--upstream", "it's a $(candidate).json"]);
    let remedy = r"accept with: cargo drift accept --upstream 'it'\''s a $(candidate).json'";
    assert_eq!(run.output.lines().last(), Some(remedy));
    let run = checkout.run(&["check", "--no-regenerate", "--scope", "all", "--upstream", "it's a $(candidate).json"]);
    assert_eq!(run.output.lines().last(), Some(format!("{remedy} --scope all").as_str()));
    // Outside Cargo, the command suggests itself instead of Cargo's alias.
    let installed = Command::new(env!("CARGO_BIN_EXE_spec-drift"))
        .args(["check", "--no-regenerate", "--upstream", "it's a $(candidate).json"])
        .current_dir(&checkout.0)
        .env_remove("CARGO")
        .output()
        .unwrap();
    let output = String::from_utf8(installed.stdout).unwrap();
    assert_eq!(output.lines().last(), Some(remedy.replace("cargo drift", "spec-drift").as_str()));
    // Standard input cannot be read again.
    let run = checkout.run_with(&["check", "--no-regenerate", "--upstream", "-"], candidate.as_bytes());
    assert!(run.code == 1 && !run.output.contains("accept with"), "{}", run.output);
    // Documents outside a project cannot be accepted.
    let vendored = checkout.write("vendored.yaml", DOCUMENT);
    let candidate = checkout.write("candidate.json", &candidate);
    for format in ["text", "markdown"] {
        let run = checkout.run(&["check", "--vendored", &vendored, "--upstream", &candidate, "--format", format]);
        assert!(run.code == 1 && !run.output.to_lowercase().contains("accept with"), "{}", run.output);
    }
}

#[test]
fn markdown_reports_fit_into_an_issue() {
    let checkout = Checkout::new("long");
    let candidate = change_document(|document| {
        for n in 0..1_000 {
            properties(document)[format!("property_{n}")] = json!({ "type": "string" });
            document["paths"][format!("/other/path/{n}")]["get"] = json!({ "responses": {} });
        }
    });
    checkout.write("candidate.json", candidate.to_string());
    let report = checkout.run(&["check", "--upstream", "candidate.json", "--format", "markdown"]).output;
    assert!(report.chars().count() < 65_536, "{}", report.chars().count());
    assert!(report.contains(" more changes.") && report.contains(" more\n"), "{report}");
}

#[test]
fn untrusted_text_is_escaped_in_reports() {
    let hostile = "x`|@someone\u{1b}[31m\u{202e}\n::error::no%0A<!-- ";
    let candidate =
        change_document(|document| properties(document)[hostile] = json!({ "type": "string", "description": hostile }));
    let checkout = Checkout::new("hostile");
    checkout.write("candidate.json", candidate.to_string());
    for format in ["text", "markdown", "github"] {
        let run = checkout.run(&["check", "--upstream", "candidate.json", "--format", format]);
        assert_eq!(run.code, 1, "{}", run.errors);
        assert!(!run.output.contains(['\u{1b}', '\u{202e}']), "{}", run.output);
        if format == "markdown" {
            let table = run.output.split("```").next().unwrap();
            assert!(!table.contains("@someone") && !table.contains("<!--") && !table.contains("x`|"), "{table}");
        }
        if format == "github" {
            assert!(run.output.lines().all(|line| !line.starts_with("::error::")), "{}", run.output);
        }
    }
}

#[test]
fn line_breaks_in_names_are_escaped() {
    let checkout = Checkout::new("lines");
    let hostile = change_document(|document| properties(document)["a\n::error::b"] = json!({ "type": "string" }));
    let candidate = checkout.write("candidate.json", hostile.to_string());
    for format in ["text", "markdown", "github"] {
        let run = checkout.run(&["check", "--upstream", &candidate, "--format", format]);
        assert_eq!(run.code, 1);
        assert!(run.output.contains("::error::b"), "{}", run.output);
        assert!(!run.output.lines().any(|line| line.starts_with("::error::b")), "{}", run.output);
    }
}
