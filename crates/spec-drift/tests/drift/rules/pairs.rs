//! Pairs of documents that other tools classify incorrectly.

use openapi_refinery::{load, reduce_to_operations};
use openapi_spec_drift::compare;
use serde_json::Value;

use super::{NoChange, classify, run_check};

/// Loads name, correct verdicts and documents of each pair.
fn load_pairs() -> Vec<(String, Vec<String>, Value, Value)> {
    let pairs = load(include_str!("pairs.yaml")).unwrap();
    let text = |pair: &Value, key: &str| pair[key].as_str().unwrap().to_owned();
    let pair = |pair: &Value| {
        let verdicts = pair["wire"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
        let [old, new] = ["old", "new"].map(|key| load(&text(pair, key)).unwrap());
        (text(pair, "name"), verdicts, old, new)
    };
    pairs.as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn pairs_of_documents_have_a_correct_verdict() {
    for (name, verdicts, old, new) in load_pairs() {
        let found = classify(&old, &new).to_string();
        assert!(verdicts.contains(&found), "{name}: {found} instead of one of {verdicts:?}");
    }
}

#[test]
fn a_document_reduced_to_all_its_operations_is_unchanged() {
    for (name, _, old, new) in load_pairs() {
        for document in [old, new] {
            let reduced = reduce_to_operations(&document, &document).unwrap();
            assert_eq!(compare(&document, &reduced.document).unwrap(), [], "{name}");
            assert_eq!(classify(&reduced.document, &document), NoChange, "{name}");
            assert!(reduced.removed_operations.is_empty(), "{name}");
        }
    }
}

#[test]
fn locations_of_changes_exist_in_the_named_document() {
    for (name, _, old, new) in load_pairs() {
        for (old, new) in [(&old, &new), (&new, &old)] {
            for change in run_check(old, new).1["changes"].as_array().unwrap() {
                let document = if change["document"] == "vendored" { old } else { new };
                assert!(document.pointer(change["pointer"].as_str().unwrap()).is_some(), "{name}: {change:#}");
                assert_eq!(change["line"], 1, "{name}: {change:#}");
            }
        }
    }
}
