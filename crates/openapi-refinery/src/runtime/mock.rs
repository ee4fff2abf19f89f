//! Request matching for the generated mock.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::Style;
use super::request::encode_form;

fn json(value: &(impl Serialize + ?Sized)) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Regular expressions for the name and the value of a parameter or field, and how often it occurs.
type Count = (String, String, usize);

/// The values of parameters or fields that occur several times, by name.
type Lists = BTreeMap<String, Vec<String>>;

/// Returns the counts that a query must have to represent a value: how many parameters have a name such as `filter[from]`, how many have
/// each name, and how many have each name and value. `members` are the names that the members of an exploded object may have.
pub(crate) fn query_counts(
    name: &str,
    members: &[&str],
    style: Style,
    value: &(impl Serialize + ?Sized),
) -> Vec<Count> {
    let mut query = String::new();
    style.append(&mut query, name, &json(value));
    let sent = decode_pairs(&query);
    // The members of an object have names of their own, or names such as `filter[from]`.
    let of_members = format!("^{}\\[", escape_pattern(name));
    let are_members = |sent: &&(String, String)| sent.0.strip_prefix(name).is_some_and(|rest| rest.starts_with('['));
    let mut counts = vec![(of_members, String::new(), sent.iter().filter(are_members).count())];
    let names = sent.iter().map(|(name, _)| name.as_str()).chain([name]).chain(members.iter().copied());
    let names: BTreeSet<&str> = names.collect();
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

/// Returns the lists among the parameters of a query that represent a value: those names that occur several times, each with its values in
/// order.
pub(crate) fn query_lists(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Lists {
    let mut query = String::new();
    style.append(&mut query, name, &json(value));
    find_lists(decode_pairs(&query))
}

/// Returns the lists among the fields of the form that represents a value, like [`query_lists`].
pub(crate) fn form_lists(styles: &[(&str, Style)], value: &(impl Serialize + ?Sized)) -> Lists {
    find_lists(decode_pairs(&encode_form(styles, &json(value))))
}

fn find_lists(pairs: Vec<(String, String)>) -> Lists {
    let mut lists = Lists::new();
    pairs.into_iter().for_each(|(name, value)| lists.entry(name).or_default().push(value));
    lists.retain(|_, values| values.len() > 1);
    lists
}

/// Returns whether a query or form has these lists, with their values in this order.
pub(crate) fn has_lists(encoded: &[u8], lists: &Lists) -> bool {
    let sent = find_lists(decode_pairs(&String::from_utf8_lossy(encoded)));
    lists.iter().all(|(name, values)| sent.get(name) == Some(values))
}

/// Decodes a query or form.
fn decode_pairs(encoded: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("mock:?{encoded}"));
    url.iter().flat_map(reqwest::Url::query_pairs).map(|(name, value)| (name.into(), value.into())).collect()
}

/// Returns the header that represents a value, unless it is absent.
///
/// # Panics
/// Panics if the header is not ASCII: httpmock answers each request with such a header with status 500.
pub(crate) fn header(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Option<String> {
    let header = style.in_header(name, &json(value))?;
    assert!(header.is_ascii(), "httpmock cannot receive the header `{name}: {header}`, because it is not ASCII");
    Some(header)
}

/// Returns regular expressions, each with the number of `Cookie` headers that must match it. If the value is sent as cookies, the first
/// expression must match one header: it finds the cookies in the order in which they are sent, with any others in between. All other
/// expressions must match no header: each finds more cookies of one name than are sent. `members` are the names that the members of an
/// exploded object may have.
pub(crate) fn cookie_counts(
    name: &str,
    members: &[&str],
    style: Style,
    value: &(impl Serialize + ?Sized),
) -> Vec<(String, usize)> {
    let sent = style.in_cookies(name, &json(value));
    let name_of = |cookie: &str| cookie.split('=').next().unwrap_or_default().to_owned();
    let own = [name].into_iter().chain(members.iter().copied());
    let own = own.flat_map(|name| Style::FORM.in_cookies(name, &Value::from("")));
    let names: BTreeSet<String> = sent.iter().cloned().chain(own).map(|cookie| name_of(&cookie)).collect();
    let further = names.iter().map(|name| {
        let most = sent.iter().filter(|cookie| name_of(cookie) == *name).count();
        (format!(r"((^|; ){}=.*){{{}}}", escape_pattern(name), most + 1), 0)
    });
    let present = (!sent.is_empty()).then(|| (cookie_pattern(&sent), 1));
    present.into_iter().chain(further).collect()
}

/// Returns a regular expression for the header `Cookie` that matches it if it contains these cookies in this order, perhaps among others.
pub(crate) fn cookie_pattern(cookies: &[impl AsRef<str>]) -> String {
    let cookies: Vec<String> = cookies.iter().map(|cookie| escape_pattern(cookie.as_ref())).collect();
    format!("(^|; ){}(;|$)", cookies.join("(;.*)?; "))
}

/// Returns a regular expression that matches the paths of a template below any base URL. `given` is a parameter and its value in the path.
pub(crate) fn path_pattern(template: &str, given: Option<(&str, &str)>) -> String {
    let mut parts = template.split('{');
    let mut pattern = literal_pattern(parts.next().unwrap_or_default());
    for part in parts {
        let (name, literal) = part.split_once('}').unwrap_or((part, ""));
        let value = given.filter(|given| given.0 == name);
        pattern += &value.map_or_else(|| "[^/]*".to_owned(), |(_, value)| escape_pattern(value));
        pattern += &literal_pattern(literal);
    }
    pattern + "$"
}

/// Returns a regular expression for a text in a path template.
fn literal_pattern(literal: &str) -> String {
    escape_pattern(&encode_literal(literal))
}

/// Percent-encodes a text in a path template as the client does.
fn encode_literal(literal: &str) -> String {
    let path = reqwest::Url::parse("http://mock").ok().and_then(|mut url| {
        // Only a segment without this character may be a dot segment.
        url.set_path(&format!("-{literal}"));
        url.path().strip_prefix("/-").map(str::to_owned)
    });
    path.unwrap_or_else(|| literal.to_owned())
}

/// Returns the value of a path parameter, encoded.
pub(crate) fn path_value(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> String {
    style.in_path(name, &json(value)).unwrap_or_default()
}

/// Returns whether the last segments of a path match a template.
pub(crate) fn ends_with_path(path: &str, template: &str) -> bool {
    let mut segments = path.rsplit('/');
    let mut expected = template.rsplit('/').take(template.matches('/').count());
    expected.all(|expected| segments.next().is_some_and(|segment| matches_segment(segment, expected)))
}

/// Returns whether a segment of a path matches that of a template. Text between parameters is ignored.
fn matches_segment(segment: &str, template: &str) -> bool {
    match (template.split_once('{'), template.rsplit_once('}')) {
        (Some((start, _)), Some((_, end))) => segment
            .strip_prefix(encode_literal(start).as_str())
            .is_some_and(|segment| segment.ends_with(&encode_literal(end))),
        _ => segment == encode_literal(template),
    }
}

/// Returns a regular expression that matches exactly this text.
fn whole_pattern(text: &str) -> String {
    format!("^{}$", escape_pattern(text))
}

/// Returns a regular expression that matches this text anywhere. Only characters with a special meaning are escaped, because `\<` would
/// match the start of a word.
fn escape_pattern(text: &str) -> String {
    text.chars().fold(String::new(), |mut pattern, c| {
        if r"\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
        pattern
    })
}

/// Returns the value of a parameter or body that a mock expects.
///
/// # Panics
/// Panics if the document does not allow the value, since no client can send it.
pub(crate) fn expect_valid<T>(value: Result<T, String>) -> T {
    value.unwrap_or_else(|violations| panic!("the mock expects an invalid value: {violations}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the counts, each as a text of the name, the value and the number.
    fn list_counts(style: Style, value: Value) -> Vec<String> {
        let counts = query_counts("q", &[], style, &value).into_iter();
        counts.map(|(name, value, count)| format!("{name} {value} {count}")).collect()
    }

    #[test]
    fn parameters_are_expected_as_the_client_sends_them() {
        let none = r"^q\[  0";
        assert_eq!(list_counts(Style::FORM, json!("a b")), [none, "^q$  1", "^q$ ^a b$ 1"]);
        assert_eq!(list_counts(Style::FORM, json!(7.5)), [none, "^q$  1", r"^q$ ^7\.5$ 1"]);
        assert_eq!(list_counts(Style::FORM, json!(["a", true, "a"])), [none, "^q$  3", "^q$ ^a$ 2", "^q$ ^true$ 1"]);
        // A regular expression reads `\<` as the start of a word.
        assert_eq!(list_counts(Style::FORM, json!("<\u{e4}>"))[2], "^q$ ^<\u{e4}>$ 1");
        assert_eq!(list_counts(Style::FORM, json!([])), [none, "^q$  0"]);
        assert_eq!(
            list_counts(Style::DEEP_OBJECT, json!({ "a": "b" })),
            [r"^q\[  1", "^q$  0", r"^q\[a\]$  1", r"^q\[a\]$ ^b$ 1"]
        );
        assert_eq!(header("x-q", Style::SIMPLE, &["a", "b"]).as_deref(), Some("a,b"));
        assert_eq!(header("x-q", Style::SIMPLE, &json!([])), None);
    }

    #[test]
    fn lists_are_expected_in_order() {
        let lists = query_lists("q", Style::FORM, &json!(["a b", "c", "a b"]));
        for (query, expected) in [
            ("q=a+b&q=c&q=a%20b", true),
            ("x=1&q=a+b&x=2&q=c&q=a+b", true),
            ("q=c&q=a+b&q=a+b", false),
            ("q=a+b&q=c", false),
        ] {
            assert_eq!(has_lists(query.as_bytes(), &lists), expected, "{query}");
        }
        for value in [json!("a"), json!(["a"]), json!([]), json!(null)] {
            assert!(query_lists("q", Style::FORM, &value).is_empty(), "{value}");
        }
        let lists = form_lists(&[("b", Style::FORM.explode(false))], &json!({ "a": [1, 2], "b": [1, 2], "c": 1 }));
        assert!(has_lists(b"c=1&a=1&b=1,2&a=2", &lists));
        assert!(!has_lists(b"a=2&a=1&b=1,2&c=1", &lists));
    }

    #[test]
    #[should_panic = "httpmock cannot receive the header `x-q: t\u{e9}`, because it is not ASCII"]
    fn a_header_that_is_not_ascii_panics() {
        header("x-q", Style::SIMPLE, "t\u{e9}");
    }

    #[test]
    fn cookies_are_expected_in_their_number() {
        let of_list = |value| cookie_counts("q.r", &[], Style::FORM, &value);
        let counts = |counts: &[(&str, usize)]| -> Vec<(String, usize)> {
            counts.iter().map(|(pattern, count)| ((*pattern).to_owned(), *count)).collect()
        };
        let list = counts(&[(r"(^|; )q\.r=a%20b(;.*)?; q\.r=c(;|$)", 1), (r"((^|; )q\.r=.*){3}", 0)]);
        assert_eq!(of_list(json!(["a b", "c"])), list);
        for absent in [json!([]), json!(null)] {
            assert_eq!(of_list(absent), counts(&[(r"((^|; )q\.r=.*){1}", 0)]));
        }
        let object = [(r"(^|; )a=7(;|$)", 1), (r"((^|; )a=.*){2}", 0), (r"((^|; )q\.r=.*){1}", 0)];
        assert_eq!(of_list(json!({ "a": 7 })), counts(&object));
    }

    #[test]
    fn members_of_exploded_objects_are_expected_to_be_absent_unless_they_are_sent() {
        for (value, of_query, of_cookies) in [
            (json!(null), ["^a$  0", "^b$  0"], [r"((^|; )a=.*){1} 0", r"((^|; )b=.*){1} 0"]),
            (json!({ "a": 7 }), ["^a$  1", "^b$  0"], [r"((^|; )a=.*){2} 0", r"((^|; )b=.*){1} 0"]),
        ] {
            let counts = query_counts("q", &["a", "b"], Style::FORM, &value).into_iter();
            let counts: Vec<String> = counts.map(|(name, value, count)| format!("{name} {value} {count}")).collect();
            assert_eq!(counts[1..3], of_query);
            let counts = cookie_counts("q", &["a", "b"], Style::FORM, &value).into_iter();
            let counts: Vec<String> = counts.map(|(pattern, count)| format!("{pattern} {count}")).collect();
            assert!(of_cookies.iter().all(|expected| counts.iter().any(|count| count == expected)), "{counts:?}");
        }
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
        assert_eq!(path_pattern("/shelves/{id}", None), r"/shelves/[^/]*$");
        assert_eq!(path_pattern("/a b.c/{id}.{format}/d", None), r"/a%20b\.c/[^/]*\.[^/]*/d$");
        assert_eq!(path_pattern("/{id}.{format}/{id}", Some(("id", "x.7"))), r"/x\.7\.[^/]*/x\.7$");
        assert_eq!(path_pattern("/-/{id}/-/x", None), r"/-/[^/]*/-/x$");
        assert_eq!(path_pattern("/{id}-/-", None), r"/[^/]*-/-$");
    }

    #[test]
    fn a_path_ends_with_the_segments_of_a_template() {
        let template = "/rooms/{room}/v{n}.json";
        for (path, expected) in [
            ("/rooms/r/v7.json", true),
            ("/api/rooms/r/v7.json", true),
            ("/rooms/r/w7.json", false),
            ("/rooms/r/v7", false),
            ("/bathrooms/r/v7.json", false),
            ("/r/v7.json", false),
        ] {
            assert_eq!(ends_with_path(path, template), expected, "{path}");
        }
        // The path is encoded, the template is not.
        for (path, template, expected) in [
            ("/books/a%20b", "/books/a b", true),
            ("/books/s%C3%BC%C3%9F", "/books/süß", true),
            ("/books/a%20b", "/books/a%20b", true),
            ("/books/%C3%BC7%20x", "/books/ü{n} x", true),
            ("/books/%C3%BC7%20y", "/books/ü{n} x", false),
            ("/-/x", "/-/{id}", true),
        ] {
            assert_eq!(ends_with_path(path, template), expected, "{path} {template}");
        }
    }

    #[test]
    fn a_segment_is_encoded_and_escaped() {
        let pattern = |style, value| path_pattern("{id}", Some(("id", &path_value("id", style, &value))));
        let simple = |value: &str| pattern(Style::SIMPLE, json!(value));
        assert_eq!(simple("shelf7"), "shelf7$");
        assert_eq!(simple("a/b"), r"a%2Fb$");
        assert_eq!(simple("1.5*(x)"), r"1\.5%2A%28x%29$");
        assert_eq!(simple("ä"), r"%C3%A4$");
        assert_eq!(pattern(Style::MATRIX, json!(7)), r";id=7$");
    }

    #[test]
    fn a_valid_value_is_returned() {
        assert_eq!(expect_valid(Ok(7)), 7);
    }

    #[test]
    #[should_panic = "the mock expects an invalid value: /id: must be an integer of at least 1"]
    fn an_invalid_value_panics() {
        expect_valid::<u8>(Err("/id: must be an integer of at least 1".to_owned()));
    }
}
