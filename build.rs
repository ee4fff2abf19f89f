//! Generates the client from the documents in `openapi/`.

#[allow(dead_code)] // the tests use more of it
#[path = "src/codegen/mod.rs"]
mod codegen;

use std::path::Path;
use std::{env, fs};

use codegen::{Input, Inputs};

/// What `src/` adds to the generated client.
const RESERVED: &[&str] = &["builder", "from_env", "update"];

fn main() {
    if let Err(message) = generate() {
        println!("cargo::error={message}");
    }
}

fn generate() -> Result<(), String> {
    let inputs = Inputs {
        document: input("openapi/integrations.yaml")?,
        corrections: input("openapi/corrections.yaml")?,
        lock: input("openapi/lock.yaml")?,
        reserved: RESERVED,
    };
    let prepared = codegen::prepare(inputs).map_err(|error| error.to_string())?;
    for correction in prepared.corrections.iter().filter(|correction| !correction.applies) {
        println!("cargo::warning=openapi/corrections.yaml: this no longer applies, remove it: {}", correction.why);
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

/// Loads a file, and has Cargo run this script again when it changes.
fn input(path: &str) -> Result<Input, String> {
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Input::load(path, &text).map_err(|error| error.to_string())
}
