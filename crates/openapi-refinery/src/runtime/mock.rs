//! Request matching for the generated mock.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::encode_segment;

/// Returns the query parameters that represent a value: one for a scalar, one for each item of a list or member of an object.
pub(crate) fn query_parameters(name: &str, value: &(impl Serialize + ?Sized)) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Array(items) => items.iter().map(|item| (name.to_owned(), text(item))).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        scalar => vec![(name.to_owned(), text(&scalar))],
    }
}

/// Removes the anchor from the start of a path's pattern, so that it matches below any base URL.
pub(crate) fn under_any_base(pattern: &str) -> String {
    pattern.trim_start_matches('^').to_owned()
}

/// Returns a pattern that matches exactly this value as a segment of a path.
pub(crate) fn path_pattern(value: &str) -> String {
    encode_segment(value.to_owned()).chars().fold(String::new(), |mut pattern, c| {
        if c.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(c);
        pattern
    })
}

/// Returns the value that a mock expects for a parameter.
///
/// # Panics
/// If the document does not allow the value, since no client can send it.
pub(crate) fn mocked<T, E: fmt::Display>(parameter: &str, value: Result<T, E>) -> T {
    value.unwrap_or_else(|reason| panic!("invalid value for `{parameter}`: {reason}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parameters(value: Value) -> Vec<String> {
        query_parameters("q", &value).into_iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn a_value_is_expected_as_the_client_sends_it() {
        assert_eq!(parameters(json!("a b")), ["q=a b"]);
        assert_eq!(parameters(json!(7.5)), ["q=7.5"]);
        assert_eq!(parameters(json!(["a", 1, true])), ["q=a", "q=1", "q=true"]);
        assert_eq!(parameters(json!([])), [""; 0]);
        assert_eq!(parameters(json!({ "filter[a]": "b", "c": 1 })), ["c=1", "filter[a]=b"]);
    }

    #[test]
    fn a_path_matches_below_any_base_url() {
        assert_eq!(under_any_base("^/shelves/[^/]*$"), "/shelves/[^/]*$");
        assert_eq!(under_any_base("/shelves"), "/shelves");
    }

    #[test]
    fn a_segment_is_encoded_and_escaped() {
        assert_eq!(path_pattern("shelf7"), "shelf7");
        assert_eq!(path_pattern("a/b"), r"a\%2Fb");
        assert_eq!(path_pattern("1.5*(x)"), r"1\.5\*\(x\)");
        assert_eq!(path_pattern("ä"), r"\%C3\%A4");
    }

    #[test]
    fn a_valid_value_is_returned() {
        assert_eq!(mocked::<_, String>("id", Ok(7)), 7);
    }

    #[test]
    #[should_panic = "invalid value for `id`: must be an integer of at least 1"]
    fn an_invalid_value_panics() {
        mocked::<u8, _>("id", Err("must be an integer of at least 1"));
    }
}
