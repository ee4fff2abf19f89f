//! Rules that a request breaks, and where.

use std::convert::Infallible;
use std::fmt;
use std::num::TryFromIntError;
use std::ops::Deref;
use std::str::FromStr;

/// A rule that a request breaks: where, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer (RFC 6901) into the request body, or `/` and the name of a parameter.
    pub pointer: String,
    /// What must hold there, and does not.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// All rules that a request breaks; a slice of [`Violation`]s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// `Ok` if there are none.
    ///
    /// # Errors
    /// The violations, if there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Adds one.
    pub fn push(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push(Violation { pointer: pointer.into(), message: message.into() });
    }

    /// Whether a value was refused at this pointer or below it.
    #[must_use]
    pub fn concern(&self, pointer: &str) -> bool {
        self.0.iter().any(|violation| is_within(&violation.pointer, pointer))
    }

    /// Accepts the value that a setter was given. What was noted of an earlier one is forgotten.
    pub(crate) fn accept<T>(&mut self, pointer: &str, value: T) -> Option<T> {
        self.0.retain(|violation| !is_within(&violation.pointer, pointer));
        Some(value)
    }

    /// Converts the value that a setter was given, or notes why that fails.
    pub(crate) fn take<T, V: TryInto<T, Error: Into<Self>>>(&mut self, pointer: &str, value: V) -> Option<T> {
        self.accept(pointer, value.try_into()).and_then(|value| self.check(pointer, value))
    }

    /// Like [`take`](Self::take), for a text.
    pub(crate) fn take_text<T: FromStr<Err: Into<Self>>>(&mut self, pointer: &str, text: impl AsRef<str>) -> Option<T> {
        self.accept(pointer, text.as_ref().parse()).and_then(|value| self.check(pointer, value))
    }

    /// Like [`take`](Self::take), for each item of a list.
    pub(crate) fn take_list<T, V: TryInto<T, Error: Into<Self>>>(
        &mut self,
        pointer: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Option<Vec<T>> {
        self.take_all(pointer, values.into_iter().map(TryInto::try_into))
    }

    /// Like [`take_text`](Self::take_text), for each item of a list.
    pub(crate) fn take_texts<T: FromStr<Err: Into<Self>>>(
        &mut self,
        pointer: &str,
        texts: impl IntoIterator<Item: AsRef<str>>,
    ) -> Option<Vec<T>> {
        self.take_all(pointer, texts.into_iter().map(|text| text.as_ref().parse()))
    }

    fn take_all<T, E: Into<Self>>(
        &mut self,
        pointer: &str,
        values: impl Iterator<Item = Result<T, E>>,
    ) -> Option<Vec<T>> {
        let values = self.accept(pointer, values)?.enumerate();
        // Collected first, so that each faulty item is noted.
        let checked: Vec<_> = values.map(|(index, value)| self.check(&format!("{pointer}/{index}"), value)).collect();
        checked.into_iter().collect()
    }

    /// Notes a required property that was never set.
    pub(crate) fn require<T>(&mut self, pointer: &str, value: Option<&T>) {
        if value.is_none() && !self.concern(pointer) {
            self.push(pointer, "is required");
        }
    }

    /// What `Display` wrote of them.
    pub(crate) fn parse(text: &str) -> Self {
        if !text.starts_with('/') {
            return Self(vec![Violation { pointer: String::new(), message: text.to_owned() }]);
        }
        let ends = text.match_indices("; /").map(|(at, _)| at).chain([text.len()]);
        let mut start = 0;
        let violations = ends.map(|end| {
            let violation = text[start..end].trim_start_matches("; ");
            start = end;
            let (pointer, message) = match violation.split_once(": ") {
                Some((pointer, message)) if pointer.starts_with('/') => (pointer, message),
                _ => ("", violation),
            };
            Violation { pointer: pointer.to_owned(), message: message.to_owned() }
        });
        Self(violations.collect())
    }

    fn check<T, E: Into<Self>>(&mut self, pointer: &str, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.0.extend(error.into().below(pointer))).ok()
    }

    /// The same, seen from further up.
    pub(super) fn below(self, pointer: &str) -> impl Iterator<Item = Violation> + '_ {
        self.0.into_iter().map(move |mut violation| {
            violation.pointer.insert_str(0, pointer);
            violation
        })
    }
}

fn is_within(pointer: &str, outer: &str) -> bool {
    pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Deref for Violations {
    type Target = [Violation];

    fn deref(&self) -> &[Violation] {
        &self.0
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl Extend<Violation> for Violations {
    fn extend<I: IntoIterator<Item = Violation>>(&mut self, violations: I) {
        self.0.extend(violations);
    }
}

impl FromIterator<Violation> for Violations {
    fn from_iter<I: IntoIterator<Item = Violation>>(violations: I) -> Self {
        Self(violations.into_iter().collect())
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<ConversionError> for Violations {
    fn from(error: ConversionError) -> Self {
        Self(vec![Violation { pointer: String::new(), message: error.0 }])
    }
}

impl From<TryFromIntError> for Violations {
    fn from(error: TryFromIntError) -> Self {
        ConversionError::from(error.to_string()).into()
    }
}

impl From<Infallible> for Violations {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// Why a text is not a value of a type: what the type asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionError(String);

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConversionError {}

impl From<&str> for ConversionError {
    fn from(message: &str) -> Self {
        Self(message.to_owned())
    }
}

impl From<String> for ConversionError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

/// Why a parameter was refused. Generated setters keep that as text.
pub(crate) fn refused<T>(value: &Result<T, String>) -> Violations {
    value.as_ref().err().map(|reason| Violations::parse(reason)).unwrap_or_default()
}

/// `Ok` if there are no violations, else all of them as the text that an operation's error has.
pub(crate) fn together<const N: usize>(violations: [Violations; N]) -> Result<(), String> {
    let all: Violations = violations.into_iter().flatten().collect();
    all.into_result().map_err(|all| all.to_string())
}
