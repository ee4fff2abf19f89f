//! Step 2: corrections of mistakes in the document.

use json_patch::{Patch, PatchErrorKind, PatchOperation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::deserialize;
use super::{Error, Result};

/// One entry of `corrections.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    why: String,
    patch: Patch,
}

/// The outcome of a correction.
///
/// ```
/// use openapi_refinery::{Input, Inputs, prepare};
///
/// let document = Input::load("shelves.yaml", "{ openapi: 3.1.0, info: { title: Shelfs }, paths: {} }")?;
/// let corrections = Input::load(
///     "corrections.yaml",
///     "
///     - why: The title is misspelled.
///       patch:
///         - { op: test, path: /info/title, value: Shelfs }
///         - { op: replace, path: /info/title, value: Shelves }
///     ",
/// )?;
/// let prepared = prepare(Inputs { corrections, ..Inputs::new(document) })?;
/// assert_eq!(prepared.corrected["info"]["title"], "Shelves");
/// assert!(prepared.corrections[0].applies);
/// # Ok::<(), openapi_refinery::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The reason for the correction, as its author wrote it.
    pub why: String,
    /// Whether the `test` operations succeeded and the document was changed. If not, the correction had no effect: the mistake was fixed,
    /// or a tested location does not exist.
    pub applies: bool,
    /// The location that a `test` operation names, if it does not exist in the document.
    #[serde(skip)]
    missing: Option<String>,
}

impl Outcome {
    /// Returns the warning about a correction that does not apply, or `None` if it applies.
    pub fn warning(&self) -> Option<String> {
        let why = &self.why;
        match &self.missing {
            _ if self.applies => None,
            Some(pointer) => Some(format!(
                "the correction \"{why}\" tests {pointer}, which does not exist: change its location, or remove it"
            )),
            None => Some(format!("the correction \"{why}\" no longer applies: remove it")),
        }
    }
}

/// Applies the corrections in order, each as a whole or not at all.
///
/// # Errors
/// Returns an error if [`parse`] does, or if an operation fails although the `test` operations succeed.
pub fn correct(document: &mut Value, corrections: Value) -> Result<Vec<Outcome>> {
    let corrections = parse(corrections)?.into_iter().enumerate();
    corrections.map(|(index, correction)| apply(document, correction, &pointer(index))).collect()
}

/// Parses corrections.
///
/// # Errors
/// Returns an error if they are not a list of patches (RFC 6902) with reasons, or if one has no `test` operation.
pub fn parse(corrections: Value) -> Result<Vec<Correction>> {
    let remedy = "use a list in which each entry has a reason `why` and a `patch` (RFC 6902)";
    let corrections: Vec<Correction> = deserialize(corrections, remedy)?;
    if let Some(index) = corrections.iter().position(|correction| !correction.patch.iter().any(is_test)) {
        let remedy = "add one that succeeds as long as the document has the mistake";
        return Err(Error::at(pointer(index), "the correction has no `test` operation", remedy));
    }
    Ok(corrections)
}

/// Returns the location of a patch.
fn pointer(index: usize) -> String {
    format!("/{index}/patch")
}

fn is_test(operation: &PatchOperation) -> bool {
    matches!(operation, PatchOperation::Test(_))
}

fn apply(document: &mut Value, Correction { why, patch }: Correction, pointer: &str) -> Result<Outcome> {
    let before = document.clone();
    // If a later operation fails, `patch` undoes the earlier ones.
    match json_patch::patch(document, &patch) {
        Ok(()) => Ok(Outcome { why, applies: *document != before, missing: None }),
        Err(error) if patch.get(error.operation).is_some_and(is_test) => {
            let is_missing = matches!(error.kind, PatchErrorKind::InvalidPointer);
            Ok(Outcome { why, applies: false, missing: is_missing.then(|| error.path.to_string()) })
        }
        Err(error) => {
            let pointer = format!("{pointer}/{}", error.operation);
            let problem = format!("the operation fails at {}: {}", error.path, error.kind);
            Err(Error::at(pointer, problem, "correct the operation"))
        }
    }
}
