//! Measures the command as CI runs it: `cargo bench -p openapi-spec-drift`.
//!
//! For comparison, oasdiff compares two documents of this API in 60 ms, and two documents of 3.7 MB in 2.1 s, without regeneration
//! (measured on 2026-11-23 on two cores).
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod documents {
    include!("../../openapi-refinery/benches/documents/mod.rs");
}

use std::path::{Path, PathBuf};
use std::process::Command;

use documents::{build_large_document, load_document};
use serde_json::Value;

fn main() {
    divan::main();
}

fn write_document(name: &str, document: &Value) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, document.to_string()).unwrap();
    path
}

fn run_spec_drift(arguments: &[&str]) {
    let command = Command::new(env!("CARGO_BIN_EXE_spec-drift"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output();
    assert_eq!(command.unwrap().status.code(), Some(1), "the command must report changes");
}

/// Measures the check of a candidate of this API, with regeneration and diff.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn check_a_candidate(bencher: divan::Bencher<'_, '_>) {
    let mut candidate = load_document();
    candidate["components"]["schemas"]["integration-model"]["properties"]["shop_name"]["maxLength"] = 300.into();
    let candidate = write_document("candidate.json", &candidate);
    bencher.bench(|| run_spec_drift(&["check", "--upstream", candidate.to_str().unwrap()]));
}

/// Measures the comparison of two documents of 3.7 MB.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn compare_large_documents(bencher: divan::Bencher<'_, '_>) {
    let old = build_large_document(3_700_000);
    let mut new = old.clone();
    for schema in new["components"]["schemas"].as_object_mut().unwrap().values_mut().step_by(50) {
        schema["properties"]["added"] = serde_json::json!({ "type": "string" });
    }
    let (old, new) = (write_document("large.json", &old), write_document("large-candidate.json", &new));
    let arguments =
        ["check", "--no-regenerate", "--vendored", old.to_str().unwrap(), "--upstream", new.to_str().unwrap()];
    bencher.bench(|| run_spec_drift(&arguments));
}
