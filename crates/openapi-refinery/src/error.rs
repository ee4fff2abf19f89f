//! The error type of all steps.

use std::collections::HashSet;
use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::pointer::escape;
use crate::{Outcome, Warnings};

/// The result type of all steps.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of the generator: location, problem and remedy.
///
/// `Display` writes one line: `document.yaml, at /paths: the problem; the remedy`. If several errors of a document are reported together,
/// it writes one line for each.
#[derive(Debug)]
pub struct Error {
    input: String,
    location: String,
    problem: String,
    remedy: String,
    /// What is reported together with it.
    together: Box<Together>,
}

/// What is reported together with an error.
#[derive(Debug, Default)]
struct Together {
    /// Further errors.
    errors: Vec<Error>,
    /// The warnings about the document.
    warnings: Warnings,
    /// The outcomes of the corrections.
    corrections: Vec<Outcome>,
}

impl Error {
    /// Creates an error of an input as a whole.
    pub fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            input: String::new(),
            location: String::new(),
            problem: problem.into(),
            remedy: remedy.into(),
            together: Box::default(),
        }
    }

    /// Creates an error at a JSON pointer (RFC 6901); an empty pointer is the root.
    pub fn at(pointer: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        let pointer = pointer.into();
        let location = if pointer.is_empty() { "the root".to_owned() } else { pointer };
        Self { location, ..Self::new(problem, remedy) }
    }

    /// Creates an error at a line and column, both counted from 1.
    pub fn at_line(line: usize, column: usize, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::at(format!("line {line}, column {column}"), problem, remedy)
    }

    /// Combines errors into one that reports each of them once, as a part that is used in several places has the same error in each.
    /// Returns `None` if there are none.
    pub(crate) fn all(mut errors: Vec<Self>) -> Option<Self> {
        let mut reported = HashSet::new();
        errors.retain(|error| reported.insert(error.to_string()));
        let mut errors = errors.into_iter();
        let mut first = errors.next()?;
        first.together.errors = errors.collect();
        Some(first)
    }

    /// Adds the warnings about the document.
    pub(crate) fn with_warnings(mut self, warnings: Warnings) -> Self {
        self.together.warnings = warnings;
        self
    }

    /// Adds the outcomes of the corrections.
    pub(crate) fn with_corrections(mut self, corrections: Vec<Outcome>) -> Self {
        self.together.corrections = corrections;
        self
    }

    /// Returns the warnings about the parts of the document that were read, which `Display` does not write.
    pub fn warnings(&self) -> &Warnings {
        &self.together.warnings
    }

    /// Returns the outcomes of the corrections, if they were applied before the error was found.
    pub fn corrections(&self) -> &[Outcome] {
        &self.together.corrections
    }

    /// Returns the JSON pointer of the location, if there is one.
    pub fn pointer(&self) -> Option<&str> {
        Some(self.location.as_str()).filter(|location| location.starts_with('/'))
    }

    /// Sets the name of the input that contains the error.
    pub fn in_input(mut self, name: &str) -> Self {
        self.input = name.to_owned();
        let others = std::mem::take(&mut self.together.errors);
        self.together.errors = others.into_iter().map(|error| error.in_input(name)).collect();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.input.as_str(), self.location.as_str()) {
            ("", "") => {}
            (input, "") => write!(f, "{input}: ")?,
            ("", location) => write!(f, "at {location}: ")?,
            (input, location) => write!(f, "{input}, at {location}: ")?,
        }
        write!(f, "{}; {}", self.problem, self.remedy)?;
        self.together.errors.iter().try_for_each(|other| write!(f, "\n{other}"))
    }
}

impl std::error::Error for Error {}

/// Deserializes a value. The error has the location of the member that is wrong, missing or unknown.
pub(crate) fn deserialize<T: DeserializeOwned>(value: Value, remedy: &str) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let segment = |segment: &Segment| match segment {
            Segment::Map { key } => format!("/{}", escape(key)),
            Segment::Seq { index } => format!("/{index}"),
            // These are not members of the value.
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        };
        let pointer: String = error.path().iter().map(segment).collect();
        Error::at(pointer, error.into_inner().to_string(), remedy)
    })
}

impl From<Error> for String {
    fn from(error: Error) -> Self {
        error.to_string()
    }
}
