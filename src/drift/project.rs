//! A checkout: where its documents are, and what was accepted last.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::replace;
use crate::codegen::names::{Names, recorded};
use crate::codegen::{self, Handwritten, Input, Inputs, Prepared};

/// The document, as a path from the root.
pub const DOCUMENT: &str = "openapi/integrations.yaml";
/// What is wrong with it.
pub const CORRECTIONS: &str = "openapi/corrections.yaml";
/// Names given so far, and what was accepted last.
pub const LOCK: &str = "openapi/lock.yaml";
/// The client as it was accepted.
pub const SNAPSHOT: &str = "tests/snapshots/client.rs";
/// What changes together when a candidate is accepted.
pub const ACCEPTED: [&str; 3] = [DOCUMENT, LOCK, SNAPSHOT];

const HEADER: &str =
    "// The client as generated from openapi/, accepted with `cargo drift accept`: not to be edited.\n\n";

/// What adds methods to generated types.
const HANDWRITTEN: [&str; 4] = [
    include_str!("../bulk.rs"),
    include_str!("../client.rs"),
    include_str!("../ext.rs"),
    include_str!("../transport.rs"),
];

/// What was accepted last, so that a check can tell who moved.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Origin {
    /// Where the document came from.
    pub source: String,
    /// SHA-256 of the document.
    pub document: String,
    /// SHA-256 of the corrections.
    pub corrections: String,
    /// SHA-256 of the snapshot.
    pub snapshot: String,
    /// What generated it, with versions.
    pub generator: String,
}

/// A checkout of this project.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    /// The lock: names, and `origin`.
    pub lock: Value,
    /// What is wrong with the document.
    pub corrections: Value,
    /// The text of the snapshot, without its header; empty if there is none.
    pub snapshot: String,
    /// What was accepted last.
    pub accepted: Origin,
    /// The same, as things are now.
    pub present: Origin,
}

impl Project {
    /// Finds the checkout that a folder is in, and finishes an `accept` that was interrupted there.
    ///
    /// # Errors
    /// If it is in none, or what belongs to it cannot be read.
    pub fn find(from: &Path) -> Result<Self, String> {
        let root = from.ancestors().find(|folder| folder.join(DOCUMENT).is_file() && folder.join(LOCK).is_file());
        let root = root.ok_or_else(|| {
            format!(
                "there is no {DOCUMENT} in {} or above it; run this in the checkout, or name --vendored",
                from.display()
            )
        })?;
        let root = root.to_owned();
        replace::finish(&root, &ACCEPTED)?;
        let text = |path: &str| fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"));
        let snapshot = match fs::read_to_string(root.join(SNAPSHOT)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            read => read.map_err(|error| format!("{SNAPSHOT}: {error}"))?,
        };
        let load =
            |path: &str| Input::load(path, &text(path)?).map(|input| input.value).map_err(|error| error.to_string());
        let (lock, corrections) = (load(LOCK)?, load(CORRECTIONS)?);
        let accepted: Origin = match lock.get("origin") {
            Some(origin) => serde_json::from_value(origin.clone())
                .map_err(|error| format!("{LOCK}, at /origin: {error}; restore it"))?,
            None => Origin::default(),
        };
        let present = Origin {
            source: accepted.source.clone(),
            document: digest(&text(DOCUMENT)?),
            corrections: digest(&text(CORRECTIONS)?),
            snapshot: digest(&snapshot),
            generator: generator(&text("Cargo.lock").unwrap_or_default()),
        };
        let snapshot = snapshot.strip_prefix(HEADER).unwrap_or(&snapshot).to_owned();
        Ok(Self { root, lock, corrections, snapshot, accepted, present })
    }

    /// Where the checkout begins.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file of the project.
    pub fn path(&self, of: &str) -> PathBuf {
        self.root.join(of)
    }

    /// Runs the steps before generation on a document, as the build does.
    ///
    /// # Errors
    /// As the build.
    pub fn prepare(&self, name: &str, document: Value) -> codegen::Result<Prepared> {
        let corrections = Input { name: CORRECTIONS.to_owned(), value: self.corrections.clone() };
        prepare(Input { name: name.to_owned(), value: document }, corrections, self.lock.clone(), handwritten())
    }

    /// Names given so far that are given no longer: of types, operations, and variants of types that are left.
    ///
    /// # Errors
    /// If the lock cannot be read.
    pub fn names_that_go(&self, prepared: &Prepared) -> Result<Vec<String>, String> {
        let recorded = recorded(self.lock.clone()).map_err(|error| error.to_string())?;
        let (before, after) = (all_names(&recorded), all_names(prepared.names()));
        let gone: BTreeSet<&String> = before.difference(&after).collect();
        let goes_with_its_type =
            |name: &str| name.split_once("::").is_some_and(|(type_name, _)| gone.contains(&type_name.to_owned()));
        Ok(gone.iter().filter(|name| !goes_with_its_type(name)).map(ToString::to_string).collect())
    }

    /// The lock after these names were given.
    pub fn renewed_lock(&self, prepared: &Prepared, origin: &Origin) -> Result<String, String> {
        let mut lock = json!(prepared.names());
        lock["origin"] = json!(origin);
        let lock = yaml(&lock)?;
        Ok(format!(
            "# The Rust names given so far: what is added to the document later renames none of them. And what was accepted last:\n\
             # `cargo drift check` tells from it who moved.\n{lock}"
        ))
    }
}

/// Operations, types, and variants with their types.
fn all_names(names: &Names) -> BTreeSet<String> {
    let variants = names.variants.iter().filter_map(|(place, variant)| {
        let is_of = |type_place: &str| place.strip_prefix(type_place).is_some_and(|value| value.starts_with(' '));
        // A pointer may hold spaces, too: the longest that fits comes last.
        let (_, type_name) = names.types.iter().rev().find(|(type_place, _)| is_of(type_place))?;
        Some(format!("{type_name}::{variant}"))
    });
    names.types.values().chain(names.operations.values()).cloned().chain(variants).collect()
}

/// Prepares a document that belongs to no project.
///
/// # Errors
/// Names the place in the document, what is wrong there and what to do.
pub fn prepare_alone(document: Input, corrections: Option<Input>, names: &Names) -> codegen::Result<Prepared> {
    let none = Input { name: String::new(), value: json!([]) };
    let lock = json!({ "operations": names.operations, "types": names.types });
    prepare(document, corrections.unwrap_or(none), lock, Handwritten::default())
}

fn prepare(document: Input, corrections: Input, lock: Value, handwritten: Handwritten) -> codegen::Result<Prepared> {
    codegen::prepare(Inputs { document, corrections, lock: Input { name: LOCK.to_owned(), value: lock }, handwritten })
}

fn handwritten() -> Handwritten {
    let mut handwritten = Handwritten::default();
    HANDWRITTEN.into_iter().for_each(|text| handwritten.read(text));
    handwritten
}

/// The snapshot of a client.
pub fn snapshot(client: &str) -> String {
    format!("{HEADER}{client}")
}

/// SHA-256, in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Who generates, by the versions that the build is locked to.
fn generator(cargo_lock: &str) -> String {
    let version = |name: &str| {
        let (_, rest) = cargo_lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", rest.split('"').next()?))
    };
    ["progenitor", "typify", "prettyplease"].into_iter().filter_map(version).collect::<Vec<_>>().join(", ")
}

/// A value as YAML, or as JSON where that would not come back equal.
///
/// # Errors
/// If it can be neither.
pub fn yaml(value: &Value) -> Result<String, String> {
    let text = serde_saphyr::to_string(value).map_err(|error| error.to_string())?;
    match codegen::load(&text) {
        Ok(read) if read == *value => Ok(text),
        _ => serde_json::to_string_pretty(value).map(|text| text + "\n").map_err(|error| error.to_string()),
    }
}
