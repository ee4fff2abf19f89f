//! Request matching for the generated mock.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::Style;
use super::request::encode_form;

fn json(value: &(impl Serialize + ?Sized)) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Regular expressions for the name and the value of a parameter or field, and how often it occurs.
type Count = (String, String, usize);

/// Returns the query parameters that represent a value, with their number for each name.
pub(crate) fn query_counts(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Vec<Count> {
    let mut query = String::new();
    style.append(&mut query, name, &json(value));
    let sent = decode_pairs(&query);
    // The members of an object have names of their own, or names such as `filter[from]`.
    let of_members = format!("^{}\\[", escape_pattern(name));
    let are_members = |sent: &&(String, String)| sent.0.strip_prefix(name).is_some_and(|rest| rest.starts_with('['));
    let mut counts = vec![(of_members, String::new(), sent.iter().filter(are_members).count())];
    let names: BTreeSet<&str> = sent.iter().map(|(name, _)| name.as_str()).chain([name]).collect();
    counts.extend(
        names
            .into_iter()
            .map(|name| (whole_pattern(name), String::new(), sent.iter().filter(|(other, _)| other == name).count())),
    );
    counts.extend(count_pairs(&sent));
    counts
}

/// Returns the fields of the form that represents a value. The first entry matches any field, and has the number of all fields.
pub(crate) fn form_counts(styles: &[(&str, Style)], value: &(impl Serialize + ?Sized)) -> Vec<Count> {
    let fields = decode_pairs(&encode_form(styles, &json(value)));
    let any = (String::new(), String::new(), fields.len());
    [any].into_iter().chain(count_pairs(&fields)).collect()
}

fn count_pairs(pairs: &[(String, String)]) -> Vec<Count> {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for (name, value) in pairs {
        *counts.entry((whole_pattern(name), whole_pattern(value))).or_default() += 1;
    }
    counts.into_iter().map(|((name, value), count)| (name, value, count)).collect()
}

/// Decodes a query or form.
fn decode_pairs(encoded: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("mock:?{encoded}"));
    url.iter().flat_map(reqwest::Url::query_pairs).map(|(name, value)| (name.into(), value.into())).collect()
}

/// Returns the header that represents a value, unless it is absent.
pub(crate) fn header(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Option<String> {
    style.in_header(name, &json(value))
}

/// Returns regular expressions for the header `Cookie` that match exactly the cookies that represent a value.
pub(crate) fn cookie_patterns(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Vec<String> {
    style.in_cookies(name, &json(value)).iter().map(|cookie| cookie_pattern(cookie)).collect()
}

/// Returns a regular expression for the header `Cookie` that matches it if it contains these cookies, perhaps among others.
pub(crate) fn cookie_pattern(cookies: &str) -> String {
    format!("(^|; ){}(;|$)", escape_pattern(cookies))
}

/// Returns a regular expression for the header `Cookie` that matches it if it contains a cookie with this name.
pub(crate) fn named_cookie_pattern(name: &str) -> String {
    format!("(^|; ){}", escape_pattern(&Style::FORM.in_cookies(name, &Value::from("")).concat()))
}

/// Removes the anchor at the start of a path pattern, so that it matches below any base URL.
pub(crate) fn under_any_base(pattern: &str) -> String {
    pattern.trim_start_matches('^').to_owned()
}

/// Returns a regular expression that matches exactly this value of a path parameter.
pub(crate) fn path_pattern(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> String {
    escape_pattern(&style.in_path(name, &json(value)).unwrap_or_default())
}

/// Returns a regular expression that matches exactly this text.
fn whole_pattern(text: &str) -> String {
    format!("^{}$", escape_pattern(text))
}

/// Returns a regular expression that matches this text anywhere.
fn escape_pattern(text: &str) -> String {
    text.chars().fold(String::new(), |mut pattern, c| {
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
/// Panics if the document does not allow the value, since no client can send it.
pub(crate) fn expect_valid<T, E: fmt::Display>(parameter: &str, value: Result<T, E>) -> T {
    value.unwrap_or_else(|reason| panic!("invalid value for `{parameter}`: {reason}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the counts of names and of values, without those of members.
    fn list_counts(style: Style, value: Value) -> Vec<String> {
        let counts = query_counts("q", style, &value).into_iter();
        counts.map(|(name, value, count)| format!("{name} {value} {count}")).collect()
    }

    #[test]
    fn parameters_are_expected_as_the_client_sends_them() {
        let none = r"^q\[  0";
        assert_eq!(list_counts(Style::FORM, json!("a b")), [none, "^q$  1", "^q$ ^a b$ 1"]);
        assert_eq!(list_counts(Style::FORM, json!(7.5)), [none, "^q$  1", r"^q$ ^7\.5$ 1"]);
        assert_eq!(list_counts(Style::FORM, json!(["a", true, "a"])), [none, "^q$  3", "^q$ ^a$ 2", "^q$ ^true$ 1"]);
        assert_eq!(list_counts(Style::FORM, json!([])), [none, "^q$  0"]);
        assert_eq!(
            list_counts(Style::DEEP_OBJECT, json!({ "a": "b" })),
            [r"^q\[  1", "^q$  0", r"^q\[a\]$  1", r"^q\[a\]$ ^b$ 1"]
        );
        assert_eq!(cookie_patterns("q", Style::FORM, &["a b", "c"]), [r"(^|; )q\=a\%20b(;|$)", r"(^|; )q\=c(;|$)"]);
        assert_eq!(named_cookie_pattern("q.r"), r"(^|; )q\.r\=");
        assert_eq!(header("x-q", Style::SIMPLE, &["a", "b"]).as_deref(), Some("a,b"));
        assert_eq!(header("x-q", Style::SIMPLE, &json!([])), None);
    }

    #[test]
    fn a_form_is_expected_field_by_field() {
        let styles = [("b", Style::DEEP_OBJECT)];
        let counts = form_counts(&styles, &json!({ "a": ["x y", "1.5", "x y"], "b": { "c": 7 }, "d": null }));
        let counts: Vec<_> =
            counts.iter().map(|(name, value, count)| (name.as_str(), value.as_str(), *count)).collect();
        assert_eq!(counts, [("", "", 4), ("^a$", r"^1\.5$", 1), ("^a$", "^x y$", 2), (r"^b\[c\]$", "^7$", 1)]);
        assert_eq!(form_counts(&styles, &json!({})), [(String::new(), String::new(), 0)]);
    }

    #[test]
    fn a_path_matches_below_any_base_url() {
        assert_eq!(under_any_base("^/shelves/[^/]*$"), "/shelves/[^/]*$");
        assert_eq!(under_any_base("/shelves"), "/shelves");
    }

    #[test]
    fn a_segment_is_encoded_and_escaped() {
        let pattern = |value| path_pattern("id", Style::SIMPLE, value);
        assert_eq!(pattern("shelf7"), "shelf7");
        assert_eq!(pattern("a/b"), r"a\%2Fb");
        assert_eq!(pattern("1.5*(x)"), r"1\.5\%2A\%28x\%29");
        assert_eq!(pattern("ä"), r"\%C3\%A4");
        assert_eq!(path_pattern("id", Style::MATRIX, &7), r"\;id\=7");
    }

    #[test]
    fn a_valid_value_is_returned() {
        assert_eq!(expect_valid::<_, String>("id", Ok(7)), 7);
    }

    #[test]
    #[should_panic = "invalid value for `id`: must be an integer of at least 1"]
    fn an_invalid_value_panics() {
        expect_valid::<u8, _>("id", Err("must be an integer of at least 1"));
    }
}
