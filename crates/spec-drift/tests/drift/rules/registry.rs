//! The registry of rules: examples, completeness, and documentation.

use std::collections::BTreeSet;
use std::fmt::Write;

use openapi_refinery::normalize::{Constrains, KEYWORDS};
use openapi_spec_drift::rules::{Example, Part, Rule, keywords, rules};

use super::*;

const PAGE: &str = include_str!("../../../../../docs/drift-rules.md");

/// Returns a document with this operation, and a webhook with the same.
fn build_document(operation: &Value) -> Value {
    let operation = extend(json!({ "responses": { "200": { "description": "fine" } } }), operation.clone());
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "put": operation } },
        "webhooks": { "moved": { "post": operation } },
        "components": { "schemas": { "Cat": { "type": "object", "properties": { "kind": { "type": "string" } } } } },
    })
}

/// Completes the example of a part to a document.
pub fn complete(part: Part, example: &Value) -> Value {
    match part {
        Part::Schema => {
            let content = json!({ "content": { "application/json": { "schema": example } } });
            let responses = json!({ "200": extend(json!({ "description": "fine" }), content.clone()) });
            build_document(&json!({ "requestBody": content, "responses": responses }))
        }
        Part::Request => build_document(example),
        Part::Response => {
            let mut responses = json!({ "200": { "description": "fine" } });
            responses.as_object_mut().unwrap().extend(example["responses"].as_object().cloned().unwrap_or_default());
            build_document(&json!({ "responses": responses }))
        }
        Part::Document => extend(build_document(&json!({})), example.clone()),
    }
}

/// Compares the example, and returns the verdicts for requests and for responses.
fn classify_example(rule: &Rule, Example { of, before, after, .. }: &Example) -> [Option<Verdict>; 2] {
    let (old, new) = (complete(*of, before), complete(*of, after));
    let found = list_changes(&old, &new);
    // The request of an operation is sent by the client; that of a webhook is read.
    let (sent, read) = match of {
        Part::Schema => ("/paths/~1things/put/requestBody", "/paths/~1things/put/responses"),
        Part::Response => ("/webhooks/", "/paths/"),
        Part::Document => ("/", "/webhooks/"),
        _ => ("/paths/", "/webhooks/"),
    };
    let verdict = |place: &str| {
        let is_at = |change: &&Change| change.rule == rule.id && change.pointer.starts_with(place);
        found.iter().filter(is_at).map(|change| change.wire).max()
    };
    [verdict(sent), verdict(read)]
}

#[test]
fn each_rule_classifies_its_example() {
    let mut wrong = Vec::new();
    for rule in rules().unwrap() {
        if let Some(example) = &rule.example {
            let expected = [rule.request, rule.response];
            let found = classify_example(&rule, example);
            if found != expected {
                wrong.push(format!("{}: {found:?} instead of {expected:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rule_ids_are_unique() {
    let rules = rules().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids.len(), rules.len());
}

/// Keywords that are compared by rules with other names, or that normalization removes.
const OTHERS: [&str; 8] =
    ["$dynamicRef", "$ref", "allOf", "const", "exclusiveMaximum", "exclusiveMinimum", "properties", "required"];

#[test]
fn each_constraining_keyword_has_rules() {
    let listed = keywords().unwrap();
    for keyword in KEYWORDS.iter().filter(|keyword| keyword.constrains != Constrains::None) {
        let has_rules = listed.iter().any(|it| it.keyword == keyword.name);
        assert!(has_rules || OTHERS.contains(&keyword.name), "{}", keyword.name);
    }
}

#[test]
fn the_command_prints_the_rules() {
    let print = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_spec-drift")).arg("rules").args(arguments).output().unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]));
        String::from_utf8(output.stdout).unwrap()
    };
    let (text, printed) = (print(&[]), print(&["--format", "json"]));
    let printed: Vec<Rule> = serde_json::from_str(&printed).unwrap();
    assert_eq!(printed, rules().unwrap());
    assert!(printed.iter().all(|rule| text.contains(&format!("{}\n  {}\n", rule.id, rule.explanation))), "{text}");
}

#[test]
fn the_documentation_lists_the_rules() {
    let mut tables = "| keyword | narrower when |\n|---|---|\n".to_owned();
    for keyword in keywords().unwrap() {
        writeln!(tables, "| `{}` | {} |", keyword.keyword, keyword.narrower).unwrap();
    }
    assert!(PAGE.contains(&tables), "docs/drift-rules.md should contain:\n{tables}");
    let own = rules().unwrap().into_iter().filter(|rule| !rule.compares.contains("; narrower when "));
    let mut tables = "| rule | sent by clients | read by clients | means |\n|---|---|---|---|\n".to_owned();
    for Rule { id, request, response, explanation, .. } in own {
        let verdict = |verdict: Option<Verdict>| verdict.map_or_else(String::new, |it| it.to_string());
        writeln!(tables, "| `{id}` | {} | {} | {explanation} |", verdict(request), verdict(response)).unwrap();
    }
    assert!(PAGE.contains(&tables), "docs/drift-rules.md should contain:\n{tables}");
}
