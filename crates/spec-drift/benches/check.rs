//! The command as a CI run calls it, in whole: `cargo bench -p openapi-spec-drift`.
//!
//! To compare with: tools that compare two such documents without regenerating take 60 ms for this API's, and 2.1 s for documents
//! of 3.7 MB (oasdiff, measured on 2026-11-23 on two cores).
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod documents {
    include!("../../openapi-refinery/benches/documents/mod.rs");
}

use std::path::{Path, PathBuf};
use std::process::Command;

use documents::{document, large};
use serde_json::Value;

fn main() {
    divan::main();
}

fn write(name: &str, document: &Value) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, document.to_string()).unwrap();
    path
}

fn spec_drift(arguments: &[&str]) {
    let command = Command::new(env!("CARGO_BIN_EXE_spec-drift"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output();
    assert_eq!(command.unwrap().status.code(), Some(1), "something moved");
}

/// A candidate of this API, regeneration and diff included.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn check_a_candidate(bencher: divan::Bencher<'_, '_>) {
    let mut candidate = document();
    candidate["components"]["schemas"]["integration-model"]["properties"]["shop_name"]["maxLength"] = 300.into();
    let candidate = write("candidate.json", &candidate);
    bencher.bench(|| spec_drift(&["check", "--upstream", candidate.to_str().unwrap()]));
}

/// Two documents of 3.7 MB.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn compare_large_documents(bencher: divan::Bencher<'_, '_>) {
    let old = large(3_700_000);
    let mut new = old.clone();
    for schema in new["components"]["schemas"].as_object_mut().unwrap().values_mut().step_by(50) {
        schema["properties"]["added"] = serde_json::json!({ "type": "string" });
    }
    let (old, new) = (write("large.json", &old), write("large-candidate.json", &new));
    let arguments =
        ["check", "--no-regenerate", "--vendored", old.to_str().unwrap(), "--upstream", new.to_str().unwrap()];
    bencher.bench(|| spec_drift(&arguments));
}
