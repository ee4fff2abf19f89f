//! One error for all steps: it names the place and the remedy.

use std::fmt;

/// Shorthand for the results of this module.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a document cannot be turned into Rust: where, what is wrong, and what to do about it.
#[derive(Debug)]
pub struct Error {
    input: String,
    place: String,
    problem: String,
    remedy: String,
}

impl Error {
    /// A fault at a JSON pointer (RFC 6901).
    pub fn at(pointer: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        let pointer = pointer.into();
        let place = if pointer.is_empty() { "the root".to_owned() } else { pointer };
        Self { input: String::new(), place, problem: problem.into(), remedy: remedy.into() }
    }

    /// A fault at a line and column, both counted from 1.
    pub fn at_line(line: usize, column: usize, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::at(format!("line {line}, column {column}"), problem, remedy)
    }

    /// The JSON pointer of the fault, if it has one.
    pub fn pointer(&self) -> Option<&str> {
        Some(self.place.as_str()).filter(|place| place.starts_with('/'))
    }

    /// The same, with the name of the input that is at fault.
    pub fn in_input(mut self, name: &str) -> Self {
        self.input = format!("{name}, ");
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}at {}: {}; {}", self.input, self.place, self.problem, self.remedy)
    }
}

impl std::error::Error for Error {}
