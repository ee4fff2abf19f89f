//! Classification of changes: tables of changes with expected verdicts, properties that hold for all changes, and the registry of rules.

mod annotations;
mod decisions;
mod equivalences;
mod keywords;
mod operations;
mod pairs;
mod random;
mod random_texts;
mod references;
pub mod registry;
/// Shared with the tests of the pipeline.
#[allow(dead_code)]
mod schemas {
    include!("../../../../openapi-refinery/tests/pipeline/schemas.rs");
}

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use openapi_refinery::load;
use openapi_spec_drift::Verdict::{self, Breaking, Compatible, Docs, None as NoChange};
use openapi_spec_drift::rules::rules;
use openapi_spec_drift::{Change, compare};
use serde_json::{Value, json};

const REQUEST: &str = "/components/schemas/integration-model/properties";
const RESPONSE: &str = "/components/schemas/ErrorObject/properties";
const OPERATION: &str = "/paths/~1integrations~1{id}/patch";

fn load_vendored() -> Value {
    load(include_str!("../../../../../tests/documents/integrations.yaml")).unwrap()
}

/// Compares two documents, and asserts that each change has a rule of the registry.
fn list_changes(old: &Value, new: &Value) -> Vec<Change> {
    static IDS: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| rules().unwrap().into_iter().map(|rule| rule.id).collect());
    let changes = compare(old, new).unwrap();
    changes.iter().for_each(|change| assert!(IDS.contains(&change.rule), "{} is not a rule", change.rule));
    changes
}

/// Returns the verdict on the wire.
fn classify(old: &Value, new: &Value) -> Verdict {
    list_changes(old, new).iter().map(|change| change.wire).max().unwrap_or_default()
}

/// Returns a schema that combines these.
fn combine<const N: usize>(members: [Value; N]) -> Value {
    json!({ "allOf": members.to_vec() })
}

/// Returns the schema with additional members.
fn extend(mut schema: Value, more: Value) -> Value {
    schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    schema
}

/// Returns the vendored document with an added property of this schema.
fn add_property(place: &str, schema: &Value) -> Value {
    let mut document = load_vendored();
    document.pointer_mut(place).unwrap()["probe"] = schema.clone();
    document
}

/// Compares two documents with the command, and returns its exit code and its report.
fn run_check(old: &Value, new: &Value) -> (Option<i32>, Value) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("drift-rules");
    std::fs::create_dir_all(&folder).unwrap();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let [old, new] = [("old", old), ("new", new)].map(|(name, document)| {
        let path = folder.join(format!("{name}-{count}.json"));
        std::fs::write(&path, document.to_string()).unwrap();
        path
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-drift"));
    command.args(["check", "--no-regenerate", "--format", "json", "--scope", "all"]);
    let output = command.arg("--vendored").arg(old).arg("--upstream").arg(new).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn read_text<'v>(change: &'v Value, member: &str) -> &'v str {
    change[member].as_str().unwrap()
}

/// A pointer and the value to set there; `null` removes it.
type Edit = (&'static str, Value);

/// Returns the vendored document with these edits.
fn edit_vendored(edits: &[Edit]) -> Value {
    let mut document = load_vendored();
    for (pointer, value) in edits {
        set_member(&mut document, pointer, value.clone());
    }
    document
}

/// Sets a member and creates its parents; `null` removes it.
fn set_member(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let mut place = document;
    for word in parent.split('/').skip(1) {
        let word = word.replace("~1", "/").replace("~0", "~");
        place = match word.parse::<usize>() {
            Ok(index) if place.is_array() => &mut place[index],
            _ => &mut place[word.as_str()],
        };
    }
    let key = key.replace("~1", "/").replace("~0", "~");
    if value.is_null() {
        place.as_object_mut().unwrap().remove(&key).expect("the member to remove");
    } else {
        place[key.as_str()] = value;
    }
}

const PARAMETERS: &str = "/paths/~1integrations~1{id}/patch/parameters";
const BODY: &str = "/paths/~1integrations~1{id}/patch/requestBody";
const RESPONSES: &str = "/paths/~1integrations~1{id}/patch/responses";
