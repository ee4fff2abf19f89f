//! `spec-drift accept`: what it leaves, also when it is interrupted, and what it says is left to do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod checkout;

use std::fs;
use std::time::Instant;

use checkout::{Checkout, DOCUMENT, changed, page, properties, whole};
use sendcloud_integrations::codegen::load;
use serde_json::{Value, json};

#[test]
fn what_is_accepted_is_no_drift() {
    let checkout = Checkout::new("accept");
    let client = checkout.read("tests/snapshots/client.rs");
    let mut candidate = whole();
    properties(&mut candidate)["nickname"] = json!({ "type": ["string", "null"], "maxLength": 5 });
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
    assert_eq!(checkout.check(&candidate, &[]).0, 0);
    // A slice: other operations, and what only they reach, are left out.
    let vendored = load(&checkout.read("openapi/integrations.yaml")).unwrap();
    assert!(
        vendored["paths"].get("/integrations").is_none() && vendored["components"]["schemas"].get("reason").is_none()
    );
    assert!(checkout.read("openapi/lock.yaml").contains("Nickname"));

    // All of it, and what needs no slicing, byte for byte.
    candidate["paths"]["/integrations/{id}"]["delete"].as_object_mut().unwrap().remove("parameters");
    let text = format!("{candidate:#}");
    checkout.write("candidate.json", &text);
    assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json", "--scope", "all"]).code, 0);
    assert_eq!(checkout.read("openapi/integrations.yaml"), text);
    let page = checkout.write("page.md", page());
    assert_eq!(checkout.run(&["accept", "--upstream", &page, "--scope", "all"]).code, 0);
    assert_eq!(checkout.read("openapi/integrations.yaml"), DOCUMENT);
    assert_eq!(checkout.read("tests/snapshots/client.rs"), client);
}

/// As `accept` leaves the files when it is stopped: before all new ones are complete, and at each step after.
#[test]
fn an_interrupted_accept_leaves_the_old_or_the_new() {
    let files = ["openapi/integrations.yaml", "openapi/lock.yaml", "tests/snapshots/client.rs"];
    let candidate = changed(|document| properties(document)["nickname"] = json!({ "type": "string" })).to_string();
    let accepted = Checkout::new("interrupted-new");
    accepted.write("candidate.json", &candidate);
    assert_eq!(accepted.run(&["accept", "--upstream", "candidate.json"]).code, 0);
    let old = Checkout::new("interrupted-old");

    for staged in 0..=files.len() {
        let checkout = Checkout::new("interrupted");
        for file in &files[..staged] {
            checkout.write(&format!("{file}.new"), accepted.read(file));
        }
        let is_there = |file: &&str| checkout.0.join(format!("{file}.new")).exists();
        // They may as well be those of an `accept` that runs beside: the next one writes over them.
        assert_eq!(checkout.run(&["check"]).code, 0);
        assert_eq!(files.iter().filter(|file| is_there(file)).count(), staged);
        assert_eq!(checkout.run(&["accept"]).code, 0);
        assert!(!files.iter().any(is_there));
        files.iter().for_each(|file| assert_eq!(checkout.read(file), old.read(file)));
    }
    for renamed in 0..=files.len() {
        let checkout = Checkout::new("interrupted");
        for file in &files[..renamed] {
            checkout.write(file, accepted.read(file));
        }
        for file in &files[renamed..] {
            checkout.write(&format!("{file}.new"), accepted.read(file));
        }
        checkout.write("openapi/.accepted", "");
        assert_eq!(checkout.run(&["check"]).code, 0);
        files.iter().for_each(|file| assert_eq!(checkout.read(file), accepted.read(file)));
        assert!(!checkout.0.join("openapi/.accepted").exists());
    }
}

#[test]
fn what_cannot_be_written_changes_nothing() {
    let checkout = Checkout::new("unwritable");
    let in_the_way = checkout.0.join("tests/snapshots/client.rs.new");
    fs::create_dir(&in_the_way).unwrap();
    let candidate = changed(|document| properties(document)["nickname"] = json!({ "type": "string" }));
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert_eq!((run.code, run.output.as_str()), (2, ""));
    assert!(run.errors.starts_with("spec-drift: nothing was changed: "), "{}", run.errors);
    assert!(!checkout.0.join("openapi/integrations.yaml.new").exists());
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
    fs::remove_dir(&in_the_way).unwrap();
    assert_eq!(checkout.run(&["accept", "--upstream", "candidate.json"]).code, 0);
}

/// A process that is killed leaves the old files or the new, whenever that is.
#[test]
fn a_killed_accept_leaves_the_old_or_the_new() {
    let files = ["openapi/integrations.yaml", "openapi/lock.yaml", "tests/snapshots/client.rs"];
    let candidate = changed(|document| properties(document)["nickname"] = json!({ "type": "string" })).to_string();
    let read = |checkout: &Checkout| files.map(|file| checkout.read(file));
    let accepted = Checkout::new("killed-new");
    accepted.write("candidate.json", &candidate);
    let started = Instant::now();
    assert_eq!(accepted.run(&["accept", "--upstream", "candidate.json"]).code, 0);
    let (new, takes) = (read(&accepted), started.elapsed());
    for step in 0..24 {
        let checkout = Checkout::new("killed");
        checkout.write("candidate.json", &candidate);
        let old = read(&checkout);
        let mut child = checkout.start(&["accept", "--upstream", "candidate.json"]);
        std::thread::sleep(takes * step / 20);
        child.kill().unwrap();
        child.wait().unwrap();
        // Whoever comes next finishes what was begun.
        assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
        let left = read(&checkout);
        assert!(left == old || left == new, "after {step} of 20 parts of {takes:?}");
    }
}

/// Upstream's other operations are none of this project's: what they do leaves its document as it was published.
#[test]
fn a_document_that_has_not_moved_stays_as_it_is() {
    let checkout = Checkout::new("unmoved");
    let before = checkout.read("tests/snapshots/client.rs");
    checkout.write("candidate.json", whole().to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert_eq!((run.code, run.output.as_str(), run.errors.as_str()), (0, "accepted\n", ""));
    assert_eq!(checkout.read("openapi/integrations.yaml"), DOCUMENT);
    assert_eq!(checkout.read("tests/snapshots/client.rs"), before);
    assert!(checkout.read("openapi/lock.yaml").contains("source: candidate.json"));
}

/// What no `accept` can do is left to people, and no command is named that would do it.
#[test]
fn a_correction_that_is_no_longer_needed_is_to_be_removed() {
    let mended: fn(&mut Value) = |document| document["info"]["version"] = "4".into();
    let gone: fn(&mut Value) = |document| drop(document["info"].as_object_mut().unwrap().remove("version"));
    let cases = [
        (mended, "openapi/corrections.yaml: a correction no longer applies, remove it and accept once more: because"),
        (
            gone,
            "openapi/corrections.yaml: a correction is about /info/version, which is gone: have it say where that is now",
        ),
    ];
    for (change, expected) in cases {
        let checkout = Checkout::new("mended");
        checkout.correct("/info/version", "because");
        checkout.write("candidate.json", changed(change).to_string());
        let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
        assert_eq!((run.code, run.errors.as_str()), (0, ""));
        let [accepted, left] = run.output.lines().collect::<Vec<_>>()[..] else { panic!("{}", run.output) };
        assert_eq!(accepted, "accepted");
        assert!(left.starts_with(expected), "{left}");
        let check = checkout.run(&["check"]);
        assert!(check.code == 1 && check.output.contains(left), "{}", check.output);
        assert!(!check.output.contains("accept with"), "{}", check.output);
    }
}

/// A component that is called otherwise is another type. It keeps its name in Rust if the lock says so.
#[test]
fn a_name_that_goes_can_be_given_again() {
    let checkout = Checkout::new("renamed");
    let renamed = DOCUMENT.replace("integration-model", "integration-change");
    checkout.write("openapi/corrections.yaml", "[]");
    checkout.write("candidate.yaml", renamed);
    let run = checkout.run(&["accept", "--upstream", "candidate.yaml"]);
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    assert!(run.output.starts_with("accepted\nno longer generated: `IntegrationModel`; "), "{}", run.output);

    let lock = checkout.read("openapi/lock.yaml");
    checkout.write("openapi/lock.yaml", lock.replace(": IntegrationChange\n", ": IntegrationModel\n"));
    assert_eq!(checkout.run(&["accept"]).output, "accepted\n");
    let client = checkout.read("tests/snapshots/client.rs");
    assert!(client.contains("pub struct IntegrationModel {") && !client.contains("IntegrationChange"));
}

#[test]
fn a_value_that_goes_is_told_by_its_variant() {
    let checkout = Checkout::new("valueless");
    checkout.write("candidate.yaml", DOCUMENT.replace("            - none\n", ""));
    let run = checkout.run(&["accept", "--upstream", "candidate.yaml"]);
    assert!(run.output.starts_with("accepted\nno longer generated: `FeedbackType::None`; "), "{}", run.output);

    // With a type go all of its variants.
    let without = changed(|document| drop(properties(document).as_object_mut().unwrap().remove("feedback_type")));
    checkout.write("candidate.json", without.to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert!(run.output.starts_with("accepted\nno longer generated: `FeedbackType`; "), "{}", run.output);
}
