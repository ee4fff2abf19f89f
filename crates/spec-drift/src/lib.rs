//! Compares two OpenAPI documents, and the Rust clients generated from them, and classifies each change.
//!
//! A change narrows or widens the set of accepted values. A narrowed request or a widened response may break a client; the opposite
//! is compatible.
//!
//! ```
//! use openapi_spec_drift::{Verdict, compare};
//! use serde_json::json;
//!
//! let document = |schema| {
//!     json!({ "openapi": "3.1.0", "info": { "title": "Shelves", "version": "1" }, "paths": { "/shelves": { "get": {
//!         "parameters": [{ "name": "label", "in": "query", "schema": schema }],
//!         "responses": { "204": { "description": "Done" } },
//!     }}}})
//! };
//! let changes = compare(&document(json!({ "type": "string" })), &document(json!({ "type": "string", "maxLength": 9 })))?;
//! assert_eq!(changes[0].rule, "max-length-narrowed");
//! assert_eq!(changes[0].wire, Verdict::Breaking);
//! # Ok::<(), openapi_refinery::Error>(())
//! ```
//!
//! [`check::check`] also regenerates the client of a project with an `openapi/generate.yaml`; the command `spec-drift` prints its
//! report.

pub mod accept;
mod affected;
mod aliases;
mod annotations;
pub mod api;
mod attribution;
mod body;
pub mod changelog;
pub mod check;
mod comparison;
mod effect;
mod encoding;
mod flat;
mod git;
mod interface;
mod invalid;
pub mod items;
pub mod junit;
mod matching;
mod naming;
mod node;
mod operation;
mod parameter;
mod pattern;
pub mod project;
mod range;
pub mod report;
mod response;
pub mod rules;
pub mod sarif;
mod schema;
mod security;
mod server;
pub mod source;

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::comparison::{Comparison, Published, compare_published};
use self::effect::{Effect, reverse};
use self::node::{ABSENT, Node, choose_present, follow};
use openapi_refinery::lower::Direction;
use openapi_refinery::{Result, normalize};

/// The consequence of a change for existing clients, from harmless to worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No change.
    #[default]
    #[value(skip)]
    None,
    /// Only documentation differs.
    Docs,
    /// Existing clients keep working.
    Compatible,
    /// Existing clients may fail.
    Breaking,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// The operations of a candidate that are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Scope {
    /// The vendored operations.
    #[default]
    Vendored,
    /// All operations.
    All,
}

/// A change of the document or of the generated code, reported where it was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The stable id of the rule that classified it.
    pub rule: String,
    /// The consequence for clients of the old document.
    pub wire: Verdict,
    /// The consequence for code that uses the generated client. `None` in the result of [`compare`], and for changes of the document with
    /// `--no-regenerate`.
    pub rust: Option<Verdict>,
    /// Its location in `document` as a JSON pointer (RFC 6901), or a path in the generated code.
    pub pointer: String,
    /// The line in `document`.
    pub line: Option<usize>,
    /// The document that has this location: the vendored one for removed parts.
    pub document: Document,
    /// The first of `operations`.
    pub operation: Option<String>,
    /// The operations for which it has this verdict, as method and path.
    pub operations: Vec<String>,
    /// The change and its consequence.
    pub message: String,
    /// The location of the changed part; `pointer` may be that of a reference to it.
    #[serde(skip)]
    origin: String,
    /// The verdict on what clients send. `wire` is the worse of this and the verdict on what they read.
    #[serde(skip)]
    wire_of_requests: Verdict,
    /// The message without the effect on the generated code.
    #[serde(skip)]
    summary: String,
    /// The affected items of the generated client.
    #[serde(skip)]
    affected_items: naming::AffectedItems,
}

/// One of the documents that are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Document {
    /// The candidate; without one, the vendored document.
    #[default]
    Candidate,
    /// The vendored document.
    Vendored,
}

impl Change {
    /// Creates a change of the generated code or the project: without effect on the wire, and without operations and line.
    fn in_code(rule: &str, rust: Verdict, pointer: &str, message: impl Into<String>) -> Self {
        Self { rust: Some(rust), ..Self::new(rule, Verdict::None, pointer, message) }
    }

    fn new(rule: &str, wire: Verdict, pointer: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            rule: rule.to_owned(),
            wire,
            wire_of_requests: wire,
            rust: None,
            pointer: pointer.to_owned(),
            origin: pointer.to_owned(),
            line: None,
            document: Document::Candidate,
            operation: None,
            operations: Vec::new(),
            summary: message.clone(),
            message,
            affected_items: naming::AffectedItems::default(),
        }
    }

    /// Returns the worse of both verdicts.
    pub fn verdict(&self) -> Verdict {
        self.wire.max(self.rust.unwrap_or_default())
    }
}

/// Compares two documents as published.
///
/// # Errors
/// Returns an error if one of them is not an OpenAPI document, or has a reference that cannot be resolved.
pub fn compare(old: &Value, new: &Value) -> Result<Vec<Change>> {
    compare_published(
        &Published { value: old, normal: normalize(old)?.into() },
        &Published { value: new, normal: normalize(new)?.into() },
    )
}

/// Returns a name in backquotes.
fn quote(name: &str) -> String {
    if name.is_empty() { "`\"\"`".to_owned() } else { format!("`{name}`") }
}
