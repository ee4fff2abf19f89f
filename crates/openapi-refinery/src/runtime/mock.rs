//! Request matching of the mock.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// The parameters that a value is sent as in a query.
pub(crate) fn query_parameters(name: &str, value: &(impl Serialize + ?Sized)) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Array(items) => items.iter().map(|item| (name.to_owned(), text(item))).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        scalar => vec![(name.to_owned(), text(&scalar))],
    }
}

/// The pattern of a path, without the anchor at its start: what goes before it is the base URL's.
pub(crate) fn under_any_base(pattern: &str) -> String {
    pattern.trim_start_matches('^').to_owned()
}

/// A value as it stands in a path, each of its characters for itself in a pattern.
pub(crate) fn path_segment(value: &str) -> String {
    progenitor_client::encode_path(value).chars().fold(String::new(), |mut pattern, c| {
        if c.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(c);
        pattern
    })
}

/// The value that a mock is made to expect.
///
/// # Panics
/// If the document does not allow it: no client could send it.
pub(crate) fn mocked<T, E: fmt::Display>(parameter: &str, value: Result<T, E>) -> T {
    value.unwrap_or_else(|reason| panic!("no request has this `{parameter}`: {reason}"))
}
