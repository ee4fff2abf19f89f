//! Generates the client from the documents in `openapi/`.

#[allow(dead_code)] // the tests use more of it
#[path = "src/codegen/mod.rs"]
mod codegen;

use std::path::Path;
use std::{env, fs};

use codegen::{Handwritten, Input, Inputs};

/// What adds methods to generated types.
const HANDWRITTEN: [&str; 4] = ["src/bulk.rs", "src/client.rs", "src/ext.rs", "src/transport.rs"];

fn main() {
    if let Err(message) = generate() {
        println!("cargo::error={message}");
    }
}

/// While this is there, the documents are partly of one `accept` and partly of another.
const JOURNAL: &str = "openapi/.accepted";

fn generate() -> Result<(), String> {
    if Path::new(JOURNAL).exists() {
        return Err(format!(
            "{JOURNAL}: an `accept` was interrupted; run the `spec-drift check` that is built already, which finishes it, or \
             put each `.new` file of openapi/ and tests/snapshots/ in its place and remove this one"
        ));
    }
    let mut handwritten = Handwritten::default();
    for path in HANDWRITTEN {
        handwritten.read(&read(path)?);
    }
    let inputs = Inputs {
        document: input("openapi/integrations.yaml")?,
        corrections: input("openapi/corrections.yaml")?,
        lock: input("openapi/lock.yaml")?,
        handwritten,
    };
    let prepared = codegen::prepare(inputs).map_err(|error| error.to_string())?;
    for left in prepared.corrections.iter().filter_map(|correction| correction.left_to_do()) {
        println!("cargo::warning=openapi/corrections.yaml: {left}");
    }
    for widened in prepared.widened().to_string().lines() {
        println!("cargo::warning=openapi/integrations.yaml: {widened}");
    }
    write("generated.rs", prepared.client())?;
    if env::var_os("CARGO_FEATURE_MOCK").is_some() {
        write("mock.rs", prepared.mock())?;
    }
    Ok(())
}

fn write(name: &str, code: codegen::Result<String>) -> Result<(), String> {
    let code = code.map_err(|error| error.to_string())?;
    let out_dir = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run this with Cargo")?;
    let path = Path::new(&out_dir).join(name);
    fs::write(&path, code).map_err(|error| format!("{}: {error}", path.display()))
}

fn input(path: &str) -> Result<Input, String> {
    Input::load(path, &read(path)?).map_err(|error| error.to_string())
}

/// Reads a file, and has Cargo run this script again when it changes.
fn read(path: &str) -> Result<String, String> {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}
