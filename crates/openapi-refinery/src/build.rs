//! Generation in a build script.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use super::{Configuration, Error, Outcome, Output, Result, Warnings, prepare};

/// The files that this build script has written.
static WRITTEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Generates code in a build script: `client.rs` and `mock.rs` in the folder `OUT_DIR`. Each document needs a package of its own.
///
/// `configuration` is the path of a [`generate.yaml`](Configuration), relative to the package.
///
/// An error fails the build. Constraints that the generated types do not enforce, and corrections that no longer apply, are warnings.
/// Cargo runs the build script again when one of the input files changes.
///
/// ```no_run
/// // build.rs
/// use openapi_refinery::Output;
///
/// openapi_refinery::build("openapi/generate.yaml", &[Output::Client]);
/// ```
pub fn build(configuration: &str, outputs: &[Output]) {
    if let Err(error) = generate(configuration, outputs) {
        println!("cargo::error={error}");
    }
}

fn generate(configuration: &str, outputs: &[Output]) -> Result<()> {
    println!("cargo::rerun-if-changed={configuration}");
    let configuration = Configuration::read(Path::new(""), configuration)?;
    for source in configuration.sources() {
        println!("cargo::rerun-if-changed={source}");
    }
    let prepared = prepare(configuration.inputs()?);
    match &prepared {
        Ok(prepared) => print_warnings(&configuration, &prepared.corrections, prepared.warnings()),
        Err(error) => print_warnings(&configuration, error.corrections(), error.warnings()),
    }
    let prepared = prepared?;
    let out_dir = env::var_os("OUT_DIR")
        .ok_or_else(|| Error::new("the environment variable OUT_DIR is not set", "call `build` from a build script"))?;
    for output in outputs {
        let path = Path::new(&out_dir).join(output.file_name());
        claim(&path)?;
        fs::write(&path, prepared.code(*output)?.text).map_err(|error| {
            Error::new(format!("{} cannot be written: {error}", path.display()), "make its folder writable")
        })?;
    }
    Ok(())
}

fn print_warnings(configuration: &Configuration, corrections: &[Outcome], warnings: &Warnings) {
    for remaining in corrections.iter().filter_map(Outcome::warning) {
        println!("cargo::warning={}: {remaining}", configuration.corrections.as_deref().unwrap_or_default());
    }
    for warning in warnings.to_string().lines() {
        println!("cargo::warning={}: {warning}", configuration.document);
    }
}

/// Reserves a file for the caller.
///
/// # Errors
/// Returns an error if it was reserved before: its content would be lost.
fn claim(path: &Path) -> Result<()> {
    if WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned()) {
        return Ok(());
    }
    let problem = format!("another call of `build` has already written {}", path.display());
    Err(Error::new(problem, "generate each document in a package of its own"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::claim;

    #[test]
    fn a_file_is_written_once() {
        let [client, mock] = ["client.rs", "mock.rs"].map(|name| Path::new("a_file_is_written_once").join(name));
        claim(&client).unwrap();
        claim(&mock).unwrap();
        assert!(claim(&client).unwrap_err().to_string().contains("has already written"));
    }
}
