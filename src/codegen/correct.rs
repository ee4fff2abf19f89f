//! Step 2: what upstream's document gets wrong, put right.

use json_patch::{Patch, PatchOperation};
use serde::Deserialize;
use serde_json::Value;

use super::{Error, Result};

/// One entry of `corrections.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Correction {
    why: String,
    patch: Patch,
}

/// What became of a correction.
pub struct Outcome {
    /// Why the correction was made, in its author's words.
    pub why: String,
    /// Whether its `test` operations held. If not, upstream has changed what it corrects, and the document is as upstream
    /// has it.
    pub applies: bool,
}

/// Applies the corrections in order, each of them whole or not at all.
///
/// # Errors
/// When the corrections are not a list of RFC 6902 patches with a reason, or when one has no `test`.
pub fn correct(document: &mut Value, corrections: Value) -> Result<Vec<Outcome>> {
    let corrections: Vec<Correction> = serde_json::from_value(corrections).map_err(|error| {
        Error::at("", format!("the corrections are not a list of `why` and `patch`: {error}"), "write them so")
    })?;
    corrections
        .into_iter()
        .enumerate()
        .map(|(index, correction)| {
            if !correction.patch.iter().any(|operation| matches!(operation, PatchOperation::Test(_))) {
                return Err(Error::at(
                    format!("/{index}/patch"),
                    "the correction has no `test` operation",
                    "add one that holds as long as upstream is wrong",
                ));
            }
            // `patch` undoes its own first steps when a later one fails.
            let applies = json_patch::patch(document, &correction.patch).is_ok();
            Ok(Outcome { why: correction.why, applies })
        })
        .collect()
}
