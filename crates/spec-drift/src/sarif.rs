//! Reports in SARIF 2.1.0, for code scanning.

use reqwest::Url;
use serde_json::{Value, json};

use super::project::digest;
use super::report::{Report, locate_message, on_one_line};
use super::rules::{Rule, rules};
use super::{Change, Verdict};

/// Returns a report as a SARIF log: each rule with its help, and a result for each change.
///
/// # Errors
/// Fails like [`rules`].
pub fn sarif(report: &Report) -> Result<String, String> {
    let rules = rules()?;
    let results: Vec<Value> = report.changes.iter().map(|change| result(change, report, &rules)).collect();
    let driver = json!({
        "name": "spec-drift",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(descriptor).collect::<Vec<_>>(),
    });
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    serde_json::to_string_pretty(&log).map(|text| text + "\n").map_err(|error| error.to_string())
}

fn descriptor(rule: &Rule) -> Value {
    let worst = rule.request.max(rule.response);
    // The rules of a project have no verdict of their own.
    let level = worst.map_or("warning", level);
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.explanation },
        "help": { "text": rule.help() },
        "defaultConfiguration": { "level": level },
    })
}

fn result(change: &Change, report: &Report, rules: &[Rule]) -> Value {
    let mut result = json!({
        "ruleId": change.rule,
        "level": level(change.verdict()),
        "message": { "text": message(&locate_message(change)) },
        "locations": [location(change, report)],
        // Identifies the change in later runs, independently of its line.
        "partialFingerprints": { "change/v1": digest(&format!("{} {} {:?}", change.rule, change.pointer, change.document)) },
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == change.rule) {
        result["ruleIndex"] = index.into();
    }
    result
}

/// Escapes a text as a SARIF message, in which braces mark arguments (SARIF 2.1.0, section 3.11.5).
fn message(text: &str) -> String {
    on_one_line(text).replace('{', "{{").replace('}', "}}")
}

fn level(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Breaking => "error",
        Verdict::Compatible => "warning",
        Verdict::Docs => "note",
        Verdict::None => "none",
    }
}

/// Returns the file, the line and the pointer of a change.
fn location(change: &Change, report: &Report) -> Value {
    let (file, line) = report.file_and_line(change);
    let mut physical = json!({});
    if let Some(file) = file {
        physical["artifactLocation"] = json!({ "uri": uri(file) });
    }
    if let Some(line) = line {
        physical["region"] = json!({ "startLine": line });
    }
    let mut location = json!({ "physicalLocation": physical });
    if !change.pointer.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": change.pointer, "kind": "member" }]);
    }
    location
}

/// Returns a path as a URI, relative to the current folder if possible.
fn uri(path: &str) -> String {
    let relative = || {
        let folder = std::env::current_dir().ok()?;
        let file = Url::from_file_path(folder.join(path)).ok()?;
        Url::from_directory_path(&folder).ok()?.make_relative(&file)
    };
    relative().unwrap_or_else(|| path.to_owned())
}
