//! Two documents in, a verdict out.
//!
//! One idea: a change narrows or widens the set of accepted instances. A request that is narrowed or a response that is widened
//! may break a client; the other way round is compatible.

mod lines;
mod scope;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::codegen::Result;

pub use self::lines::lines;
pub use self::scope::{cut, identity, operations};

/// What a change means for those who rely on what was there before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// There is no change.
    #[default]
    None,
    /// Something is said in other words.
    Docs,
    /// Whatever worked still does.
    Compatible,
    /// What worked may fail.
    Breaking,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Docs => "docs",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        })
    }
}

/// One change, at its cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Stable name of the rule that judged it.
    pub rule: String,
    /// May a client written to the old document fail?
    pub wire: Verdict,
    /// Would code that uses the generated client still compile and mean the same? `None` if nothing was generated.
    pub rust: Option<Verdict>,
    /// Where, in the candidate: a JSON pointer (RFC 6901), or a path in the generated code.
    pub pointer: String,
    /// The line in the candidate.
    pub line: Option<usize>,
    /// Method and path, if one operation is concerned.
    pub operation: Option<String>,
    /// What changed, and what that means.
    pub message: String,
}

impl Change {
    /// The worse of both verdicts.
    pub fn verdict(&self) -> Verdict {
        self.wire.max(self.rust.unwrap_or_default())
    }
}

pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Compares two documents as published.
///
/// # Errors
/// When one of them is no OpenAPI document, or refers to what is not there.
pub fn compare(old: &Value, new: &Value) -> Result<Vec<Change>> {
    let unclassified = Change {
        rule: "unclassified".to_owned(),
        wire: Verdict::Breaking,
        rust: None,
        pointer: String::new(),
        line: None,
        operation: None,
        message: "differs in a way that no rule knows: take it as breaking".to_owned(),
    };
    Ok((old != new).then_some(unclassified).into_iter().collect())
}
