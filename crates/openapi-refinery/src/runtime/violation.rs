//! Constraints of the OpenAPI document that a request violates.

use std::convert::Infallible;
use std::fmt;
use std::num::TryFromIntError;
use std::ops::Deref;
use std::str::FromStr;

use serde::Serialize;

use super::json::to_json;

/// The location that `Display` writes instead of an empty pointer, which refers to the body as a whole.
const BODY: &str = "body";

/// A constraint of the OpenAPI document that a request violates, with the location of the violation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Violation {
    /// JSON pointer (RFC 6901) into the request body, or `/` and the name of a parameter.
    pub pointer: String,
    /// What the constraint requires.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { BODY } else { &self.pointer };
        write!(f, "{place}: {}", self.message)
    }
}

/// All violations of a request. Dereferences to a slice of [`Violation`]s, and is serialized as an array of objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Returns `Ok` if there are no violations.
    ///
    /// # Errors
    /// Returns the violations if there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Adds a violation.
    pub fn push(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push(Violation { pointer: pointer.into(), message: message.into() });
    }

    /// Returns whether there is a violation at this pointer or below it.
    #[must_use]
    pub fn has_violation_at(&self, pointer: &str) -> bool {
        self.0.iter().any(|violation| is_within(&violation.pointer, pointer))
    }

    /// Adds the violations of a parameter or body, which generated setters store as text.
    pub(crate) fn with<T>(mut self, value: &Result<T, String>) -> Self {
        self.extend(value.as_ref().err().map(|reasons| Self::parse(reasons)).unwrap_or_default());
        self
    }

    /// Returns the argument of a setter, after removing the violations of the value that it replaces.
    pub(crate) fn replace_value<T>(&mut self, pointer: &str, value: T) -> Option<T> {
        self.0.retain(|violation| !is_within(&violation.pointer, pointer));
        Some(value)
    }

    /// Converts the argument of a setter, or adds its violations.
    pub(crate) fn take<T, V: TryInto<T, Error: Into<Self>>>(&mut self, pointer: &str, value: V) -> Option<T> {
        self.replace_value(pointer, value.try_into()).and_then(|value| self.check(pointer, value))
    }

    /// Checks that each discriminator in a value selects the alternative that contains it. Returns the value, or adds its violations.
    pub(crate) fn check_tagged<T: Serialize>(&mut self, pointer: &str, value: T) -> Option<T> {
        self.check(pointer, to_json(&value)).map(|_| value)
    }

    /// Returns the items of a required parameter, or adds a violation if there are none, since no style writes an empty list.
    pub(crate) fn require_items<T>(&mut self, pointer: &str, items: Vec<T>) -> Option<Vec<T>> {
        if items.is_empty() {
            self.push(pointer, "must have at least one item");
        }
        Some(items).filter(|items| !items.is_empty())
    }

    /// Converts each item of a list, like [`take`](Self::take).
    pub(crate) fn take_list<T, V: TryInto<T, Error: Into<Self>>>(
        &mut self,
        pointer: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Option<Vec<T>> {
        self.take_all(pointer, values.into_iter().map(TryInto::try_into))
    }

    /// Converts each item of a list that is not absent, like [`take`](Self::take).
    pub(crate) fn take_nullable_list<T, V: TryInto<T, Error: Into<Self>>>(
        &mut self,
        pointer: &str,
        values: impl IntoIterator<Item = Option<V>>,
    ) -> Option<Vec<Option<T>>> {
        self.take_all(pointer, values.into_iter().map(|value| value.map(TryInto::try_into).transpose()))
    }

    /// Parses each item of a list, like [`take_list`](Self::take_list).
    pub(crate) fn take_texts<T: FromStr<Err: Into<Self>>>(
        &mut self,
        pointer: &str,
        texts: impl IntoIterator<Item: AsRef<str>>,
    ) -> Option<Vec<T>> {
        self.take_all(pointer, texts.into_iter().map(|text| text.as_ref().parse()))
    }

    /// Converts each value of a map, like [`take`](Self::take).
    pub(crate) fn take_map<T, M: FromIterator<(String, T)>>(
        &mut self,
        pointer: &str,
        members: impl IntoIterator<Item = (impl Into<String>, impl TryInto<T, Error: Into<Self>>)>,
    ) -> Option<M> {
        self.take_members(pointer, members.into_iter().map(|(name, value)| (name.into(), value.try_into())))
    }

    /// Converts each value of a map that is not absent, like [`take`](Self::take).
    pub(crate) fn take_nullable_map<T, V: TryInto<T, Error: Into<Self>>, M: FromIterator<(String, Option<T>)>>(
        &mut self,
        pointer: &str,
        members: impl IntoIterator<Item = (impl Into<String>, Option<V>)>,
    ) -> Option<M> {
        let convert = |value: Option<V>| value.map(TryInto::try_into).transpose();
        self.take_members(pointer, members.into_iter().map(|(name, value)| (name.into(), convert(value))))
    }

    /// Parses each value of a map, like [`take_map`](Self::take_map).
    pub(crate) fn take_text_map<T: FromStr<Err: Into<Self>>, M: FromIterator<(String, T)>>(
        &mut self,
        pointer: &str,
        members: impl IntoIterator<Item = (impl Into<String>, impl AsRef<str>)>,
    ) -> Option<M> {
        self.take_members(pointer, members.into_iter().map(|(name, text)| (name.into(), text.as_ref().parse())))
    }

    fn take_members<T, E: Into<Self>, M: FromIterator<(String, T)>>(
        &mut self,
        pointer: &str,
        members: impl Iterator<Item = (String, Result<T, E>)>,
    ) -> Option<M> {
        let members = self.replace_value(pointer, members)?;
        // Collected first, so that the violations of all members are added.
        let checked: Vec<_> = members
            .map(|(name, value)| {
                let value = self.check(&format!("{pointer}{}", member_pointer(&name)), value)?;
                Some((name, value))
            })
            .collect();
        checked.into_iter().collect()
    }

    fn take_all<T, E: Into<Self>>(
        &mut self,
        pointer: &str,
        values: impl Iterator<Item = Result<T, E>>,
    ) -> Option<Vec<T>> {
        let values = self.replace_value(pointer, values)?.enumerate();
        // Collected first, so that the violations of all items are added.
        let checked: Vec<_> = values.map(|(index, value)| self.check(&format!("{pointer}/{index}"), value)).collect();
        checked.into_iter().collect()
    }

    /// Adds a violation if a required property was not set.
    pub(crate) fn require(&mut self, name: &str, is_set: bool) {
        let pointer = member_pointer(name);
        if !is_set && !self.has_violation_at(&pointer) {
            self.push(pointer, "is required");
        }
    }

    /// Moves violations from the pointer of the field for further members to those of the members, which are in the object itself.
    pub(crate) fn move_further(&mut self, pointer: &str) {
        for violation in self.0.iter_mut().filter(|violation| is_within(&violation.pointer, pointer)) {
            violation.pointer.replace_range(..pointer.len(), "");
        }
    }

    /// Adds a violation for each further member with the name of a property, since a JSON object has each name once.
    pub(crate) fn reject_named<'a>(&mut self, properties: &[&str], others: impl Iterator<Item = &'a str>) {
        for name in others.filter(|name| properties.contains(name)) {
            self.push(member_pointer(name), "must be set as a property, not as a further member");
        }
    }

    /// Parses the output of `Display`.
    pub(crate) fn parse(text: &str) -> Self {
        fn located(text: &str) -> Option<(&str, &str)> {
            text.split_once(": ").filter(|(place, _)| place.starts_with('/') || *place == BODY)
        }
        if located(text).is_none() {
            return Self(vec![Violation { pointer: String::new(), message: text.to_owned() }]);
        }
        let ends = text.match_indices("; ").map(|(at, _)| at).filter(|at| located(&text[at + 2..]).is_some());
        let mut start = 0;
        let violations = ends.chain([text.len()]).map(|end| {
            let violation = text[start..end].trim_start_matches("; ");
            start = end;
            let (place, message) = located(violation).unwrap_or((BODY, violation));
            let pointer = if place == BODY { "" } else { place };
            Violation { pointer: pointer.to_owned(), message: message.to_owned() }
        });
        Self(violations.collect())
    }

    /// Returns a value, or adds its violations.
    pub(super) fn check<T, E: Into<Self>>(&mut self, pointer: &str, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.0.extend(error.into().prepend_pointer(pointer))).ok()
    }

    /// Returns the violations with this pointer prepended to theirs.
    pub(super) fn prepend_pointer(self, pointer: &str) -> impl Iterator<Item = Violation> + '_ {
        self.0.into_iter().map(move |mut violation| {
            violation.pointer.insert_str(0, pointer);
            violation
        })
    }
}

/// Returns the JSON pointer of a member (RFC 6901, section 3).
pub(super) fn member_pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns the message of an error of `serde_json` without its position, which the error of the enclosing value has, too.
pub(super) fn without_position(error: impl fmt::Display) -> String {
    let text = error.to_string();
    let is_position = |text: &str| {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        text.split_once(" column ").is_some_and(|(line, column)| is_number(line) && is_number(column))
    };
    let message =
        text.rsplit_once(" at line ").filter(|(_, position)| is_position(position)).map(|(message, _)| message);
    message.unwrap_or(&text).to_owned()
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

/// Adds violations, each once.
impl Extend<Violation> for Violations {
    fn extend<I: IntoIterator<Item = Violation>>(&mut self, violations: I) {
        for violation in violations {
            if !self.0.contains(&violation) {
                self.0.push(violation);
            }
        }
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

/// Error returned when a value cannot be converted to a generated type. The message says what the type requires.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// Converts the argument of a setter, or returns its violations as text.
pub(crate) fn convert<T>(take: impl FnOnce(&mut Violations) -> Option<T>) -> Result<T, String> {
    let mut violations = Violations::default();
    take(&mut violations).ok_or_else(|| violations.to_string())
}

/// Builds the value of a builder, or returns its violations as text.
pub(crate) fn build<T: TryFrom<B, Error = Violations>, B>(builder: B) -> Result<T, String> {
    T::try_from(builder).map_err(|violations| violations.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use super::super::{Integer, Uri};
    use super::*;

    type Percent = Integer<0, 100>;

    fn list_violations(violations: &Violations) -> Vec<(&str, &str)> {
        violations.iter().map(|violation| (violation.pointer.as_str(), violation.message.as_str())).collect()
    }

    #[test]
    fn the_last_call_of_a_setter_replaces_earlier_violations() {
        let mut violations = Violations::default();
        violations.push("/url_other", "is required");
        violations.push("/url/0", "is required");
        assert_eq!(violations.take::<Uri, &str>("/url", "shop"), None);
        assert_eq!(
            list_violations(&violations),
            [
                ("/url_other", "is required"),
                ("/url", "must be a URI with a scheme, such as `https://shop.example/path`"),
            ]
        );
        let url = violations.take::<Uri, &str>("/url", "https://shop.example").unwrap();
        assert_eq!(url.as_str(), "https://shop.example");
        assert_eq!(list_violations(&violations), [("/url_other", "is required")]);
    }

    #[test]
    fn every_invalid_item_of_a_list_is_reported() {
        let mut violations = Violations::default();
        assert_eq!(violations.take_list::<Percent, i32>("/shares", [1, 101, 2, -1]), None);
        let message = "must be an integer from 0 to 100";
        assert_eq!(list_violations(&violations), [("/shares/1", message), ("/shares/3", message)]);
        let shares = violations.take_list::<Percent, i32>("/shares", [100]).unwrap();
        assert_eq!(shares.into_iter().map(Percent::get).collect::<Vec<_>>(), [100]);
        assert!(violations.is_empty());
        assert_eq!(violations.take_texts::<Uri>("/urls", ["urn:a:b", "c"]), None);
        assert_eq!(violations[0].pointer, "/urls/1");
        assert_eq!(violations.take_texts::<Uri>("/urls", [""; 0]), Some(Vec::new()));
        assert_eq!(violations, Violations::default());
        assert_eq!(violations.take_nullable_list::<Uri, &str>("/urls", [Some("c"), None]), None);
        assert_eq!(violations[0].pointer, "/urls/0");
        let urls = violations.take_nullable_list::<Uri, &str>("/urls", [Some("urn:a:b"), None]);
        assert!(matches!(urls.as_deref(), Some([Some(_), None])));
        assert!(violations.is_empty());
        let urls: Option<HashMap<_, Option<Uri>>> =
            violations.take_nullable_map("/by", [("a", Some("c")), ("b", None)]);
        assert_eq!((urls, violations[0].pointer.as_str()), (None, "/by/a"));
    }

    #[test]
    fn violations_of_a_nested_value_have_its_pointer_as_prefix() {
        let mut violations = Violations::default();
        let nested = Violations::parse("/name: is required; /urls/0: must have a host");
        assert_eq!(violations.check("/shops/1", Err::<(), _>(nested)), None);
        assert_eq!(
            list_violations(&violations),
            [("/shops/1/name", "is required"), ("/shops/1/urls/0", "must have a host")]
        );
        assert!(violations.has_violation_at("/shops") && violations.has_violation_at("/shops/1/name"));
        assert!(!violations.has_violation_at("/shop") && !violations.has_violation_at("/shops/1/name/0"));
    }

    #[test]
    fn a_required_property_is_reported_once() {
        let mut violations = Violations::default();
        violations.require("set", true);
        violations.require("unset", false);
        violations.require("unset", false);
        violations.push("/invalid/0", "must have a host");
        violations.require("invalid", false);
        assert_eq!(list_violations(&violations), [("/unset", "is required"), ("/invalid/0", "must have a host")]);
    }

    #[test]
    fn displayed_violations_can_be_parsed() {
        let mut violations = Violations::default();
        violations.push("/a~1b", "must be: this; or that");
        violations.push("/c/0", "is required");
        let text = "/a~1b: must be: this; or that; /c/0: is required";
        assert_eq!(violations.to_string(), text);
        assert_eq!(Violations::parse(text), violations);
        // The error of a type that is not an object.
        let without_pointer = Violations::parse("must be: this; or that");
        assert_eq!(list_violations(&without_pointer), [("", "must be: this; or that")]);
        for text in ["body: is required", "/a: must be: this; body: is required; /b: or that", "body: x; /b: y"] {
            assert_eq!(Violations::parse(text).to_string(), text);
        }
        assert_eq!(Violations::parse("/a: is required; body: is required")[1].pointer, "");
    }
}
