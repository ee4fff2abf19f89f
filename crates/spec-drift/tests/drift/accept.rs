//! `spec-drift accept`: the written files, interruption, and the tasks that it reports.

use std::fs;
use std::time::Instant;

use crate::checkout::{Checkout, DOCUMENT, change_document, markdown_page, properties, upstream_document};
use openapi_refinery::load;
use serde_json::{Value, json};

#[test]
fn an_accepted_document_has_no_drift() {
    let checkout = Checkout::new("accept");
    let client = checkout.read("tests/snapshots/client.rs");
    let mut candidate = upstream_document();
    properties(&mut candidate)["nickname"] = json!({ "type": ["string", "null"], "maxLength": 5 });
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
    assert_eq!(checkout.check(&candidate, &[]).0, 0);
    // The reduced document omits other operations and the components that only they reach.
    let vendored = load(&checkout.read("openapi/integrations.yaml")).unwrap();
    assert!(
        vendored["paths"].get("/integrations").is_none() && vendored["components"]["schemas"].get("reason").is_none()
    );
    assert!(checkout.read("openapi/lock.yaml").contains("Nickname"));

    // With the scope `all`, and if nothing is omitted, the document is stored byte for byte.
    candidate["paths"]["/integrations/{id}"]["delete"].as_object_mut().unwrap().remove("parameters");
    let text = format!("{candidate:#}");
    checkout.write("candidate.json", &text);
    assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json", "--scope", "all"]).code, 0);
    assert_eq!(checkout.read("openapi/integrations.yaml"), text);
    let page = checkout.write("page.md", markdown_page());
    assert_eq!(checkout.run(&["accept", "--upstream", &page, "--scope", "all"]).code, 0);
    assert_eq!(checkout.read("openapi/integrations.yaml"), DOCUMENT);
    assert_eq!(checkout.read("tests/snapshots/client.rs"), client);
}

/// Files that `accept` writes, in this order: the lock is last.
const FILES: [&str; 4] =
    ["openapi/integrations.yaml", "tests/snapshots/client.rs", "tests/snapshots/mock.rs", "openapi/lock.yaml"];

/// Returns a candidate that changes all of them.
fn change_all_files() -> String {
    let candidate = change_document(|document| {
        properties(document)["nickname"] = json!({ "type": "string" });
        let responses = document.pointer_mut("/paths/~1integrations~1{id}/patch/responses").unwrap();
        responses.as_object_mut().unwrap().remove("404");
    });
    candidate.to_string()
}

/// Simulates an `accept` that is interrupted between two files.
#[test]
fn an_interrupted_accept_is_reported_with_its_remedy() {
    let accepted = Checkout::new("interrupted-new");
    accepted.write("candidate.json", change_all_files());
    assert_eq!(accepted.run(&["accept", "--upstream", "candidate.json"]).code, 0);
    for replaced in 1..FILES.len() {
        let checkout = Checkout::new("interrupted");
        for file in &FILES[..replaced] {
            checkout.write(file, accepted.read(file));
        }
        for file in &FILES[replaced..] {
            checkout.write(&format!("{file}.new"), accepted.read(file));
        }
        let run = checkout.run(&["check"]);
        assert_eq!(run.code, 1);
        for file in &FILES[..replaced] {
            let reported = |line: &str| {
                line.contains(file) && line.contains("`accept` was interrupted: run `spec-drift accept` again")
            };
            assert!(run.output.lines().any(reported), "{file}: {}", run.output);
        }
        // The remedy of the message.
        assert_eq!(
            checkout.run(&["accept", "--upstream", &accepted.0.join("candidate.json").to_string_lossy()]).code,
            0
        );
        assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
        for file in &FILES[..3] {
            assert_eq!(checkout.read(file), accepted.read(file));
        }
    }
}

#[test]
fn failed_writes_change_no_file() {
    let checkout = Checkout::new("unwritable");
    let obstacle = checkout.0.join("tests/snapshots/client.rs.new");
    fs::create_dir(&obstacle).unwrap();
    let candidate = change_document(|document| properties(document)["nickname"] = json!({ "type": "string" }));
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert_eq!((run.code, run.output.as_str()), (2, ""));
    assert!(run.errors.starts_with("spec-drift: nothing was changed: "), "{}", run.errors);
    assert!(!checkout.0.join("openapi/integrations.yaml.new").exists());
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
    fs::remove_dir(&obstacle).unwrap();
    assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json"]).code, 0);
}

/// Each file is either the old or the new one whenever the process is killed, and `check` detects a mixture.
#[test]
fn killing_accept_leaves_complete_files() {
    let candidate = change_all_files();
    let read = |checkout: &Checkout| FILES.map(|file| checkout.read(file));
    let accepted = Checkout::new("killed-new");
    accepted.write("candidate.json", &candidate);
    let started = Instant::now();
    assert_eq!(accepted.run(&["accept", "--upstream", "candidate.json"]).code, 0);
    let (new, duration) = (read(&accepted), started.elapsed());
    for step in 0..12 {
        let checkout = Checkout::new("killed");
        checkout.write("candidate.json", &candidate);
        let old = read(&checkout);
        let mut child = checkout.start(&["accept", "--upstream", "candidate.json"]);
        std::thread::sleep(duration * step / 10);
        child.kill().unwrap();
        child.wait().unwrap();
        let files = read(&checkout);
        assert!(files.iter().zip(&old).zip(&new).all(|((file, old), new)| file == old || file == new));
        let is_consistent = files == old || files == new;
        assert_eq!(
            checkout.run(&["check"]).code,
            i32::from(!is_consistent),
            "after {step} of 10 parts of {duration:?}"
        );
    }
}

/// Changes outside the vendored operations leave the vendored document as it was published.
#[test]
fn a_document_without_relevant_changes_is_not_rewritten() {
    let checkout = Checkout::new("unchanged");
    let before = checkout.read("tests/snapshots/client.rs");
    let candidate = checkout.write("candidate.json", upstream_document().to_string());
    let run = checkout.run(&["accept", "--upstream", &candidate]);
    let written = format!("accepted {candidate}: changed openapi/lock.yaml\n");
    assert_eq!((run.code, run.output, run.errors.as_str()), (0, written, ""));
    assert_eq!(checkout.read("openapi/integrations.yaml"), DOCUMENT);
    assert_eq!(checkout.read("tests/snapshots/client.rs"), before);
    // The folder of the candidate, which other machines do not have, is left out.
    assert!(checkout.read("openapi/lock.yaml").contains("source: candidate.json"));
}

/// No command is suggested, since `accept` cannot remove a correction.
#[test]
fn obsolete_corrections_must_be_removed_manually() {
    let corrected: fn(&mut Value) = |document| document["info"]["version"] = "4".into();
    let removed: fn(&mut Value) = |document| drop(document["info"].as_object_mut().unwrap().remove("version"));
    let cases = [
        (corrected, "openapi/corrections.yaml: the correction \"because"),
        (
            removed,
            "openapi/corrections.yaml: the correction \"because\" tests /info/version, which does not exist: change its location",
        ),
    ];
    for (change, expected) in cases {
        let checkout = Checkout::new("obsolete");
        checkout.correct("/info/version", "because");
        checkout.write("candidate.json", change_document(change).to_string());
        let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
        assert_eq!((run.code, run.errors.as_str()), (0, ""));
        let [task] = run.tasks()[..] else { panic!("{}", run.output) };
        assert!(task.starts_with(expected), "{task}");
        let check = checkout.run(&["check"]);
        assert!(check.code == 1 && check.output.contains(task), "{}", check.output);
        assert!(!check.output.contains("accept with"), "{}", check.output);
    }
}

/// A renamed component becomes another type, unless the lock maps it to the previous name.
#[test]
fn the_lock_can_restore_the_name_of_a_renamed_component() {
    let checkout = Checkout::new("renamed");
    let renamed = DOCUMENT.replace("integration-model", "integration-change");
    checkout.write("openapi/corrections.yaml", "[]");
    checkout.write("candidate.yaml", renamed);
    let run = checkout.run(&["accept", "--upstream", "candidate.yaml"]);
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    assert!(run.tasks()[0].starts_with("`IntegrationModel` is no longer generated: "), "{}", run.output);

    let lock = checkout.read("openapi/lock.yaml");
    checkout.write("openapi/lock.yaml", lock.replace(": IntegrationChange\n", ": IntegrationModel\n"));
    assert!(checkout.run(&["accept"]).tasks().is_empty());
    let client = checkout.read("tests/snapshots/client.rs");
    assert!(client.contains("pub struct IntegrationModel {") && !client.contains("IntegrationChange"));
}

#[test]
fn removed_enum_values_are_reported_as_variants() {
    let checkout = Checkout::new("removed-value");
    checkout.write("candidate.yaml", DOCUMENT.replace("            - none\n", ""));
    let run = checkout.run(&["accept", "--upstream", "candidate.yaml"]);
    assert!(run.tasks()[0].starts_with("`FeedbackType::None` is no longer generated: "), "{}", run.output);

    // A removed type is reported without its variants.
    let without =
        change_document(|document| drop(properties(document).as_object_mut().unwrap().remove("feedback_type")));
    checkout.write("candidate.json", without.to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert!(run.tasks()[0].starts_with("`FeedbackType` is no longer generated: "), "{}", run.output);
}

/// The variants of an enum keep their order: an added value changes neither discriminants nor what is derived from them.
#[test]
fn added_values_of_an_enum_are_appended() {
    let checkout = Checkout::new("appended");
    let mut candidate = change_document(|_| ());
    for (value, order) in [("abrupt", "Delayed Eager None Abrupt"), ("early", "Delayed Eager None Abrupt Early")] {
        let values = properties(&mut candidate)["feedback_type"]["enum"].as_array_mut().unwrap();
        values.insert(0, value.into());
        checkout.write("candidate.json", candidate.to_string());
        assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json"]).errors, "");
        let client = checkout.read("tests/snapshots/client.rs");
        let (_, variants) = client.split_once("pub enum FeedbackType {").unwrap();
        let (variants, _) = variants.split_once('}').unwrap();
        let names = variants.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect::<String>();
        assert_eq!(names.replace(',', " ").trim(), order);
        assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
    }
}

/// Neither the order, nor a title, nor an added value removes names of alternatives from the client.
#[test]
fn alternatives_keep_their_names() {
    let checkout = Checkout::new("alternatives");
    let object = |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
    let titled = |title: &str, name: &str| {
        let mut schema = object(name);
        schema["title"] = title.into();
        schema
    };
    let listed = |title: &str, value: &str| json!({ "type": "string", "enum": [value], "title": title });
    let candidate = |keyword: &str, alternatives: &[Value]| {
        let candidate = change_document(|document| properties(document)["probe"] = json!({ keyword: alternatives }));
        checkout.write("candidate.json", candidate.to_string());
    };
    let auto = listed("Auto", "auto");
    for (keyword, old, new, verdict) in [
        ("oneOf", [object("a"), object("b")], vec![object("b"), object("a")], "docs"),
        ("oneOf", [object("a"), object("b")], vec![titled("C", "a"), titled("D", "b")], "docs"),
        ("oneOf", [titled("A", "a"), titled("B", "b")], vec![titled("A v2", "a"), titled("B", "b")], "docs"),
        ("anyOf", [auto.clone(), object("a")], vec![listed("Off", "off"), auto, object("a")], "compatible"),
    ] {
        candidate(keyword, &old);
        assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json"]).errors, "");
        candidate(keyword, &new);
        let run = checkout.run(&["check", "--upstream", "candidate.json"]);
        assert!(run.output.starts_with(&format!("spec drift: {verdict}")), "{}", run.output);
    }
}

/// Keys of properties and values may contain spaces.
#[test]
fn enums_with_spaces_have_no_drift_after_accept() {
    let checkout = Checkout::new("spaces");
    let candidate = change_document(|document| {
        properties(document)["a"] = json!({ "type": "string", "enum": ["b c", "x"] });
        properties(document)["a b"] = json!({ "type": "string", "enum": ["c", "y"] });
    });
    checkout.write("candidate.json", candidate.to_string());
    assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json"]).errors, "");
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
}
