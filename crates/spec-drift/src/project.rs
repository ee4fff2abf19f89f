//! A project with an `openapi/generate.yaml`: its documents, and the state that was accepted last.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use openapi_refinery::lock::parse_lock;
use openapi_refinery::names::split_variant_key;
use openapi_refinery::{Configuration, Input, Inputs, Names, Output, Prepared, load, prepare};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::git::file_at_head;
use super::source::unreadable;

/// The configuration, as a path from the folder of the project.
const CONFIGURATION: &str = "openapi/generate.yaml";

/// The first lines of each snapshot.
pub const HEADER: &str = "// Generated code, do not edit. `spec-drift accept` renews it.\n\n";

/// The state of a project's files. A check compares the accepted state with the present one.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, expecting = "the source and the digests of what was accepted")]
pub struct State {
    /// The source of the document.
    pub source: String,
    /// SHA-256 of the document.
    pub document: String,
    /// SHA-256 of the corrections.
    pub corrections: String,
    /// SHA-256 of each snapshot, by its path.
    pub snapshots: BTreeMap<String, String>,
    /// The packages that generated them, with their versions.
    pub generator: String,
}

/// Generated code as it was accepted.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The output that it is a snapshot of.
    pub output: Output,
    /// Its path from the folder of the project.
    pub path: String,
    /// The code; empty if there is no such file.
    pub code: String,
}

/// A project with an `openapi/generate.yaml`.
#[derive(Clone, Debug)]
pub struct Project {
    /// The configuration.
    pub configuration: Configuration,
    /// The generated code that was accepted last, the client first.
    pub snapshots: Vec<Snapshot>,
    /// The state that was accepted last.
    pub accepted: State,
    /// The present state.
    pub present: State,
    inputs: Inputs,
}

/// Finds the configuration in a folder or the nearest parent that has one.
///
/// # Errors
/// Returns an error if the configuration cannot be read.
pub fn find(from: &Path) -> Result<Option<Configuration>, String> {
    let root = from.ancestors().find(|folder| folder.join(CONFIGURATION).is_file());
    Ok(root.map(|root| Configuration::read(root, CONFIGURATION)).transpose()?)
}

/// Finds the configuration in the current folder or the nearest parent that has one.
///
/// # Errors
/// Returns an error if there is none, or it cannot be read. The error also suggests `option`, with which the command needs no project.
pub fn find_current(option: Option<&str>) -> Result<Configuration, String> {
    let folder = std::env::current_dir()
        .map_err(|error| format!("the current folder cannot be determined: {error}; change to another"))?;
    let message = || {
        let option = option.map_or_else(String::new, |option| format!(", or pass {option}"));
        format!("there is no {CONFIGURATION} in {} or above it; add one{option}", folder.display())
    };
    find(&folder)?.ok_or_else(message)
}

impl Project {
    /// Reads the project with this configuration.
    ///
    /// # Errors
    /// Returns an error if a file of the project cannot be read.
    pub fn read(configuration: Configuration) -> Result<Self, String> {
        let inputs = configuration.inputs()?;
        let accepted = match inputs.lock.value.get("origin") {
            Some(origin) => State::deserialize(origin).map_err(|error| {
                format!("{}, at /origin: {error}; restore it from version control", inputs.lock.name)
            })?,
            None => State::default(),
        };
        let mut present = State {
            source: accepted.source.clone(),
            document: digest(&configuration.read_file("document", &configuration.document)?),
            generator: generator(&configuration.path("")),
            ..State::default()
        };
        if let Some(path) = &configuration.corrections {
            present.corrections = digest(&configuration.read_file("corrections", path)?);
        }
        let Some(accepted_code) = &configuration.snapshots else {
            return Err(format!("{CONFIGURATION}, at /snapshots: this is null; set the path of the accepted client"));
        };
        if accepted_code.mock.as_ref() == Some(&accepted_code.client) {
            return Err(format!(
                "{CONFIGURATION}, at /snapshots/mock: `client` has the same path; choose another for `mock`"
            ));
        }
        let mut snapshots = Vec::new();
        let mock = accepted_code.mock.as_ref().map(|path| (Output::Mock, path));
        for (output, path) in [(Output::Client, &accepted_code.client)].into_iter().chain(mock) {
            let text = match fs::read_to_string(configuration.path(path)) {
                Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
                read => read.map_err(|error| format!("{path}: {}", unreadable(&error)))?,
            };
            present.snapshots.insert(path.clone(), digest(&text));
            let code = text.strip_prefix(HEADER).unwrap_or(&text).to_owned();
            snapshots.push(Snapshot { output, path: path.clone(), code });
        }
        Ok(Self { configuration, snapshots, accepted, present, inputs })
    }

    /// Returns the project with the document, corrections, lock and snapshots of the commit HEAD. Corrections and a lock that HEAD does not
    /// have remain the present ones. Returns `None` if HEAD has no document.
    ///
    /// # Errors
    /// Returns an error if git cannot be run, or a file at HEAD cannot be read.
    pub fn at_head(&self) -> Result<Option<Self>, String> {
        let root = self.configuration.path("");
        let at_head = |path: &str| file_at_head(&root, path);
        let input = |path: &str, text: &str| {
            Input::load(path, text).map_err(|error| String::from(error.in_input(&format!("{path} at HEAD"))))
        };
        let mut project = self.clone();
        let Some(document) = at_head(&self.configuration.document)? else { return Ok(None) };
        project.inputs.document = input(&self.configuration.document, &document)?;
        let Inputs { corrections, lock, .. } = &mut project.inputs;
        for (path, of) in [(&self.configuration.corrections, corrections), (&self.configuration.lock, lock)] {
            if let Some(path) = path
                && let Some(text) = at_head(path)?
            {
                *of = input(path, &text)?;
            }
        }
        for snapshot in &mut project.snapshots {
            let text = at_head(&snapshot.path)?.unwrap_or_default();
            snapshot.code = text.strip_prefix(HEADER).unwrap_or(&text).to_owned();
        }
        Ok(Some(project))
    }

    /// Returns whether the vendored document differs from the accepted one.
    pub(crate) fn is_document_edited(&self) -> bool {
        self.accepted != State::default() && self.accepted.document != self.present.document
    }

    /// Returns the accepted document if the commit HEAD has it.
    pub(crate) fn accepted_document(&self) -> Option<Value> {
        let text = self.document_at_head()?;
        (digest(&text) == self.accepted.document).then(|| load(&text).ok())?
    }

    /// Returns whether the commit HEAD has the document.
    pub fn is_committed(&self) -> bool {
        self.document_at_head().is_some()
    }

    /// Returns the text of the document in the commit HEAD, if there is one and git can read it.
    fn document_at_head(&self) -> Option<String> {
        file_at_head(&self.configuration.path(""), &self.configuration.document).ok()?
    }

    /// Returns a short digest of the document and the snapshots.
    pub fn identity(&self) -> String {
        let code: String = self.snapshots.iter().map(|snapshot| snapshot.code.as_str()).collect();
        digest(&format!("{}{code}", self.document())).chars().take(12).collect()
    }

    /// Returns the vendored document.
    pub fn document(&self) -> &Value {
        &self.inputs.document.value
    }

    /// Returns the name of the file of corrections.
    pub fn corrections(&self) -> &str {
        &self.inputs.corrections.name
    }

    /// Returns the assigned names.
    ///
    /// # Errors
    /// Returns an error if the lock cannot be read.
    pub fn names(&self) -> openapi_refinery::Result<Names> {
        parse_lock(self.inputs.lock.value.clone()).map_err(|error| error.in_input(&self.inputs.lock.name))
    }

    /// Runs the steps before generation on a document, as the build does.
    ///
    /// # Errors
    /// Returns an error if the build would fail.
    pub fn prepare(&self, name: &str, value: Value) -> openapi_refinery::Result<Prepared> {
        prepare(Inputs { document: Input { name: name.to_owned(), value }, ..self.inputs.clone() })
    }

    /// Returns the assigned names of types and operations that are no longer used, and those of variants, unless their type is unused, too.
    ///
    /// # Errors
    /// Returns an error if the lock cannot be read.
    pub fn unused_names(&self, prepared: &Prepared) -> openapi_refinery::Result<Vec<String>> {
        let (before, after) = (all_names(&self.names()?), all_names(prepared.names()));
        let unused: BTreeSet<&String> = before.difference(&after).collect();
        let is_of_unused_type =
            |name: &str| name.split_once("::").is_some_and(|(type_name, _)| unused.contains(&type_name.to_owned()));
        Ok(unused.iter().filter(|name| !is_of_unused_type(name)).map(ToString::to_string).collect())
    }
}

/// Returns the lock with these names.
///
/// # Errors
/// Returns an error if it cannot be written as YAML.
pub fn lock_text(names: &Names, accepted: &State) -> Result<String, String> {
    let mut lock = json!(names);
    lock["origin"] = json!(accepted);
    let lock = yaml(&lock)?;
    Ok(format!(
        "# Assigned Rust names by location in the document, which keeps them stable, and digests of the accepted files, which\n\
         # `spec-drift check` compares. Written by `spec-drift accept`.\n{lock}"
    ))
}

/// Lists names of operations, types, and variants with their types.
fn all_names(names: &Names) -> BTreeSet<String> {
    let variants = names.variants.iter().filter_map(|(key, variant)| {
        let (type_key, _) = split_variant_key(key)?;
        Some(format!("{}::{variant}", names.types.get(&type_key)?))
    });
    names.types.values().chain(names.operations.values()).cloned().chain(variants).collect()
}

/// Returns the SHA-256 digest in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the packages that determine the generated code, with the versions in the `Cargo.lock` of a folder or one above it.
fn generator(folder: &Path) -> String {
    let locks = folder.ancestors().filter_map(|folder| fs::read_to_string(folder.join("Cargo.lock")).ok());
    let cargo_lock = locks.take(1).next().unwrap_or_default();
    let version = |name: &str| {
        let (_, rest) = cargo_lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", rest.split('"').next()?))
    };
    let packages = ["openapi-refinery", "progenitor", "typify", "prettyplease"];
    packages.into_iter().filter_map(version).collect::<Vec<_>>().join(", ")
}

/// Writes a value as YAML, or as JSON if YAML would not be read back as equal.
///
/// # Errors
/// Returns an error if neither is possible.
pub fn yaml(value: &Value) -> Result<String, String> {
    let text = serde_saphyr::to_string(value).map_err(|error| error.to_string())?;
    match load(&text) {
        Ok(read) if read == *value => Ok(text),
        _ => serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| error.to_string()),
    }
}
