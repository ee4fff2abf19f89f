//! Step 2: corrections of mistakes in the document.

use json_patch::{Patch, PatchErrorKind, PatchOperation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::deserialize;
use super::{Error, Result};

/// One entry of `corrections.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Correction {
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
/// Returns an error if the corrections are not a list of patches (RFC 6902) with reasons, if one has no `test` operation, or if one fails
/// although its `test` operations succeed.
pub fn correct(document: &mut Value, corrections: Value) -> Result<Vec<Outcome>> {
    let remedy = "use a list in which each entry has a reason `why` and a `patch` (RFC 6902)";
    let corrections: Vec<Correction> = deserialize(corrections, remedy)?;
    let corrections = corrections.into_iter().enumerate();
    corrections.map(|(index, correction)| apply(document, correction, &format!("/{index}/patch"))).collect()
}

fn apply(document: &mut Value, Correction { why, patch }: Correction, pointer: &str) -> Result<Outcome> {
    let is_test = |operation: &PatchOperation| matches!(operation, PatchOperation::Test(_));
    if !patch.iter().any(is_test) {
        let remedy = "add one that succeeds as long as the document has the mistake";
        return Err(Error::at(pointer, "the correction has no `test` operation", remedy));
    }
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
