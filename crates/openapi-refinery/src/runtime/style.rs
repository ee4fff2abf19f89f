//! Serialization of parameters and form fields by their `style`.

use serde_json::{Map, Value};

use super::Violations;
use super::integer::whole;
use super::violation::member_pointer;

/// The serialization of a parameter or form field (OpenAPI 3.1.1, section 4.8.12.3).
#[derive(Clone, Copy)]
pub(crate) struct Style {
    kind: Kind,
    /// Whether each item or member is written separately.
    explode: bool,
    /// Whether reserved characters are not encoded.
    reserved: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Simple,
    Label,
    Matrix,
    Form,
    Space,
    Pipe,
    DeepObject,
    /// Not a style, but the default of form fields: a scalar as text, an object as JSON, a list item by item.
    Content,
    /// Not a style, but a form field with a JSON media type: each value as JSON, a list item by item.
    Json,
}

/// The part of a request that a value is written to.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Path,
    Header,
    /// A query, a cookie or `application/x-www-form-urlencoded`.
    Query,
    /// A part of a form with files, which is not encoded.
    Part,
}

/// Characters that are never encoded, besides letters and digits (RFC 3986, section 2.3).
const UNRESERVED: &[u8] = b"-._~";
/// Characters that `application/x-www-form-urlencoded` does not encode (URL Standard, section 5.2).
const FORM: &[u8] = b"*-._";
/// Characters of `FORM` and reserved characters, except for those that separate parameters or end the query.
const RESERVED: &[u8] = b"*-._:/?@!$'(),;";
/// Characters of a token, besides letters and digits. Names of cookies are tokens (RFC 6265, section 4.1.1).
const TOKEN: &[u8] = b"!#$%&'*+-.^_`|~";

impl Style {
    pub(crate) const SIMPLE: Self = Self::new(Kind::Simple, false);
    pub(crate) const LABEL: Self = Self::new(Kind::Label, false);
    pub(crate) const MATRIX: Self = Self::new(Kind::Matrix, false);
    pub(crate) const FORM: Self = Self::new(Kind::Form, true);
    pub(crate) const SPACE_DELIMITED: Self = Self::new(Kind::Space, false);
    pub(crate) const PIPE_DELIMITED: Self = Self::new(Kind::Pipe, false);
    pub(crate) const DEEP_OBJECT: Self = Self::new(Kind::DeepObject, true);
    pub(crate) const CONTENT: Self = Self::new(Kind::Content, true);
    pub(crate) const JSON: Self = Self::new(Kind::Json, true);

    /// Returns whether a value in a query is written under the names of its members, instead of that of the parameter.
    pub(crate) fn writes_members(self, value: Option<&Value>) -> bool {
        self.kind == Kind::DeepObject || self.kind == Kind::Form && self.explode && value.is_some_and(Value::is_object)
    }

    const fn new(kind: Kind, explode: bool) -> Self {
        Self { kind, explode, reserved: false }
    }

    pub(crate) const fn explode(self, explode: bool) -> Self {
        Self { explode, ..self }
    }

    pub(crate) const fn allow_reserved(self) -> Self {
        Self { reserved: true, ..self }
    }

    /// Returns a violation for each item or member that contains the separator, if a server cannot distinguish this text from a separator
    /// and would read several items.
    pub(super) fn find_separators(self, place: Place, name: &str, value: &Value) -> Violations {
        let mut violations = Violations::default();
        let Some(separator) = self.ambiguous_separator(place) else { return violations };
        let mut check = |key: &str, texts: &[String]| {
            if texts.iter().any(|text| text.contains(separator)) {
                let shown = if separator == " " { "a space".to_owned() } else { format!("`{separator}`") };
                let message = format!("must not contain {shown}: it separates items");
                violations.push(format!("{}{}", member_pointer(name), member_pointer(key)), message);
            }
        };
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| check(&index.to_string(), &[text(item)]));
            }
            Value::Object(members) => {
                present_members(members).for_each(|(key, value)| check(key, &[key.clone(), text(value)]));
            }
            _ => {}
        }
        violations
    }

    /// Returns the separator, if a server cannot distinguish it from the same text in an item.
    fn ambiguous_separator(self, place: Place) -> Option<&'static str> {
        match (place, self.kind) {
            (Place::Header, _) => Some(","),
            (Place::Path, Kind::Label) if self.explode => Some("."),
            (Place::Path, _) | (_, Kind::Content | Kind::Json | Kind::DeepObject) => None,
            _ if self.explode => None,
            (_, Kind::Space | Kind::Pipe) | (Place::Part, _) => Some(self.separator()),
            _ => self.reserved.then(|| self.separator()),
        }
    }

    /// Returns the value in a path, encoded; `None` if it is absent.
    pub(crate) fn in_path(self, name: &str, value: &Value) -> Option<String> {
        self.expand(name, value, |text| encode(text, UNRESERVED))
    }

    /// Returns the value of a header; `None` if it is absent.
    pub(crate) fn in_header(self, name: &str, value: &Value) -> Option<String> {
        self.expand(name, value, str::to_owned)
    }

    /// Returns the cookies for a value, encoded (RFC 6265, section 4.2.1): an exploded value has several.
    pub(crate) fn in_cookies(self, name: &str, value: &Value) -> Vec<String> {
        let pairs = self.pairs(name, value).into_iter();
        // Each `+` here stands for a space: a `+` in the text is encoded as `%2B`.
        let encode_parts = |parts: &[String]| self.encode_parts(parts).replace('+', "%20");
        pairs.map(|(name, parts)| format!("{}={}", encode(&name, TOKEN), encode_parts(&parts))).collect()
    }

    /// Appends the name and the value to a query or form, encoded.
    pub(crate) fn append(self, query: &mut String, name: &str, value: &Value) {
        for (name, parts) in self.pairs(name, value) {
            if !query.is_empty() {
                query.push('&');
            }
            query.extend([self.encode(&name).as_str(), "=", self.encode_parts(&parts).as_str()]);
        }
    }

    /// Expands a value outside of a query (RFC 6570, sections 3.2.2, 3.2.5 and 3.2.7). Like `null`, a list or object without items or
    /// members is absent (sections 2.3 and 3.2.1).
    fn expand(self, name: &str, value: &Value, encode: impl Fn(&str) -> String) -> Option<String> {
        let parts = self.parts(value, encode);
        if value.is_null() || parts.is_empty() {
            return None;
        }
        Some(match (self.kind, self.explode) {
            (Kind::Label, explode) => format!(".{}", parts.join(if explode { "." } else { "," })),
            // The separator of a name and an empty value is omitted, as in `write_matrix`.
            (Kind::Matrix, true) if value.is_object() => {
                parts.iter().map(|part| format!(";{}", part.strip_suffix('=').unwrap_or(part))).collect()
            }
            (Kind::Matrix, true) if value.is_array() => parts.iter().map(|part| write_matrix(name, part)).collect(),
            (Kind::Matrix, _) => write_matrix(name, &parts.join(",")),
            _ => parts.join(","),
        })
    }

    /// Encodes a text for a query or form. Where reserved characters are not encoded, percent-encoded triplets are not, either (RFC 6570,
    /// section 3.2.3).
    fn encode(self, text: &str) -> String {
        let encode = |text: &str, kept| encode(text, kept).replace("%20", "+");
        if !self.reserved {
            return encode(text, FORM);
        }
        let (mut encoded, mut rest) = (String::new(), text);
        while let Some(at) = find_triplet(rest) {
            let (before, triplet) = rest[..at + 3].split_at(at);
            encoded += &encode(before, RESERVED);
            encoded += triplet;
            rest = &rest[at + 3..];
        }
        encoded + &encode(rest, RESERVED)
    }

    /// Encodes the parts of a value for a query or form, with separators.
    fn encode_parts(self, parts: &[String]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.encode(part)).collect();
        parts.join(&encode(self.separator(), b","))
    }

    /// Returns the text between the parts of a value in a query or form.
    pub(super) fn separator(self) -> &'static str {
        match self.kind {
            Kind::Space => " ",
            Kind::Pipe => "|",
            _ => ",",
        }
    }

    /// Expands a value in a query or form (OpenAPI 3.1.1, sections 4.8.12.3 and 4.8.15.1.2). Returns names and the parts of their values.
    pub(super) fn pairs(self, name: &str, value: &Value) -> Vec<(String, Vec<String>)> {
        let pair = |value: String| (name.to_owned(), vec![value]);
        match (self.kind, value) {
            (_, Value::Null) => Vec::new(),
            (Kind::DeepObject, Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.flat_map(|(index, item)| self.pairs(&format!("{name}[{index}]"), item)).collect()
            }
            (Kind::DeepObject, Value::Object(members)) => {
                members.iter().flat_map(|(key, value)| self.pairs(&format!("{name}[{key}]"), value)).collect()
            }
            (Kind::Content | Kind::Json, Value::Array(items)) => {
                items.iter().flat_map(|item| self.pairs(name, item)).collect()
            }
            (Kind::Json, value) => vec![pair(value.to_string())],
            (Kind::Content, value) => vec![pair(text(value))],
            (_, Value::Array(items)) if self.explode => present_items(items).map(|item| pair(text(item))).collect(),
            (_, Value::Object(members)) if self.explode => {
                present_members(members).map(|(key, value)| (key.clone(), vec![text(value)])).collect()
            }
            (_, value) => {
                let parts = self.parts(value, str::to_owned);
                let is_empty = parts.is_empty();
                (!is_empty).then(|| (name.to_owned(), parts)).into_iter().collect()
            }
        }
    }

    /// Returns the items of a list, the members of an object, or a scalar, encoded. Members that are not exploded are names and values in
    /// turn.
    fn parts(self, value: &Value, encode: impl Fn(&str) -> String) -> Vec<String> {
        match value {
            Value::Array(items) => present_items(items).map(|item| encode(&text(item))).collect(),
            Value::Object(members) if self.explode => present_members(members)
                .map(|(key, value)| format!("{}={}", encode(key), encode(&text(value))))
                .collect(),
            Value::Object(members) => {
                present_members(members).flat_map(|(key, value)| [encode(key), encode(&text(value))]).collect()
            }
            scalar => vec![encode(&text(scalar))],
        }
    }
}

/// Returns a name and value in the style `matrix`. An empty value has no `=` (RFC 6570, section 3.2.7).
fn write_matrix(name: &str, value: &str) -> String {
    let name = encode(name, UNRESERVED);
    if value.is_empty() { format!(";{name}") } else { format!(";{name}={value}") }
}

/// Returns the items that are not `null`, which no style can express (RFC 6570, section 2.3).
fn present_items(items: &[Value]) -> impl Iterator<Item = &Value> {
    items.iter().filter(|item| !item.is_null())
}

/// Returns the members that are not `null`, which no style can express.
fn present_members(members: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    members.iter().filter(|(_, value)| !value.is_null())
}

/// Returns a scalar as text and any other value as JSON. A number without a fraction is written as an integer.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string()),
        value => value.to_string(),
    }
}

/// Returns the position of the first `%` with two hexadecimal digits (RFC 3986, section 2.1).
fn find_triplet(text: &str) -> Option<usize> {
    let is_encoded =
        |at: &usize| text.as_bytes().get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    text.match_indices('%').map(|(at, _)| at).find(is_encoded)
}

/// Percent-encodes all characters except for ASCII letters, digits and `kept` (RFC 3986, section 2.1).
fn encode(text: &str, kept: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encode_query(style: Style, value: Value) -> String {
        let mut query = String::new();
        style.append(&mut query, "color", &value);
        query
    }

    #[test]
    fn triplets_are_not_encoded_again_where_reserved_characters_are_allowed() {
        for (text, encoded, of_reserved) in [
            ("a%20b/c d", "a%2520b%2Fc+d", "a%20b/c+d"),
            ("%c3%A9%", "%25c3%25A9%25", "%c3%A9%25"),
            ("100%, %2é", "100%25%2C+%252%C3%A9", "100%25,+%252%C3%A9"),
        ] {
            assert_eq!(encode_query(Style::FORM, json!(text)), format!("color={encoded}"));
            assert_eq!(encode_query(Style::FORM.allow_reserved(), json!(text)), format!("color={of_reserved}"));
        }
    }

    #[test]
    fn null_is_omitted() {
        let (list, object) = (json!(["a", null]), json!({ "a": 1, "b": null }));
        for (style, of_list, of_object) in [
            (Style::FORM, "color=a", "a=1"),
            (Style::FORM.explode(false), "color=a", "color=a,1"),
            (Style::PIPE_DELIMITED, "color=a", "color=a%7C1"),
            (Style::DEEP_OBJECT, "color%5B0%5D=a", "color%5Ba%5D=1"),
            (Style::CONTENT, "color=a", "color=%7B%22a%22%3A1%2C%22b%22%3Anull%7D"),
        ] {
            assert_eq!(encode_query(style, list.clone()), of_list);
            assert_eq!(encode_query(style, object.clone()), of_object);
        }
        assert_eq!(Style::SIMPLE.in_header("color", &list).as_deref(), Some("a"));
    }

    /// The table of OpenAPI 3.1.1, section 4.8.12.4, as far as it defines values.
    #[test]
    fn styles_expand_as_in_the_openapi_table() {
        // Sorted, so that the order does not depend on whether `serde_json` keeps it.
        let (text, list) = (json!("blue"), json!(["blue", "black", "brown"]));
        let object = json!({ "B": 150, "G": 200, "R": 100 });
        let in_path = |style: Style, value: &Value| style.in_path("color", value).unwrap_or_default();
        for (style, explode, expected) in [
            (Style::MATRIX, false, [";color", ";color=blue", ";color=blue,black,brown", ";color=B,150,G,200,R,100"]),
            (
                Style::MATRIX,
                true,
                [";color", ";color=blue", ";color=blue;color=black;color=brown", ";B=150;G=200;R=100"],
            ),
            (Style::LABEL, false, [".", ".blue", ".blue,black,brown", ".B,150,G,200,R,100"]),
            (Style::LABEL, true, [".", ".blue", ".blue.black.brown", ".B=150.G=200.R=100"]),
            (Style::SIMPLE, false, ["", "blue", "blue,black,brown", "B,150,G,200,R,100"]),
            (Style::SIMPLE, true, ["", "blue", "blue,black,brown", "B=150,G=200,R=100"]),
        ] {
            let style = style.explode(explode);
            let expanded = [&json!(""), &text, &list, &object].map(|value| in_path(style, value));
            assert_eq!(expanded, expected);
        }
        for (style, expected) in [
            (Style::FORM.explode(false), ["color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100"]),
            (Style::FORM, ["color=blue", "color=blue&color=black&color=brown", "B=150&G=200&R=100"]),
            (Style::SPACE_DELIMITED, ["color=blue", "color=blue%20black%20brown", "color=B%20150%20G%20200%20R%20100"]),
            (Style::PIPE_DELIMITED, ["color=blue", "color=blue%7Cblack%7Cbrown", "color=B%7C150%7CG%7C200%7CR%7C100"]),
            (
                Style::DEEP_OBJECT,
                [
                    "color=blue",
                    "color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
                    "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
                ],
            ),
        ] {
            let expanded = [&text, &list, &object].map(|value| encode_query(style, value.clone()));
            assert_eq!(expanded, expected);
        }
    }

    #[test]
    fn empty_lists_and_objects_are_absent() {
        for value in [json!([]), json!({}), json!({ "a": null }), Value::Null] {
            for style in [Style::SIMPLE, Style::LABEL, Style::MATRIX] {
                for style in [style, style.explode(true)] {
                    assert_eq!((style.in_path("p", &value), style.in_header("p", &value)), (None, None), "{value}");
                }
            }
            assert_eq!(encode_query(Style::FORM, value.clone()), "");
            assert!(Style::FORM.explode(false).in_cookies("p", &value).is_empty());
        }
        assert_eq!(Style::SIMPLE.in_header("p", &json!("")).as_deref(), Some(""));
        assert_eq!(Style::LABEL.in_path("p", &json!([""])).as_deref(), Some("."));
        let members = json!({ "a": "", "b": "=" });
        assert_eq!(Style::MATRIX.explode(true).in_path("p", &members).as_deref(), Some(";a;b=%3D"));
    }

    #[test]
    fn delimiters_inside_values_are_encoded() {
        let list = json!(["a,b", "c d", "e;f=g", "h.i/j\\k"]);
        assert_eq!(Style::SIMPLE.in_path("p", &list).as_deref(), Some("a%2Cb,c%20d,e%3Bf%3Dg,h.i%2Fj%5Ck"));
        assert_eq!(encode_query(Style::FORM.explode(false), list), "color=a%2Cb,c+d,e%3Bf%3Dg,h.i%2Fj%5Ck");
        assert_eq!(Style::MATRIX.in_path("p q", &json!("a;b")).as_deref(), Some(";p%20q=a%3Bb"));
        assert_eq!(Style::SIMPLE.in_path("p", &json!("a,b;c@d e")).as_deref(), Some("a%2Cb%3Bc%40d%20e"));
        assert_eq!(Style::SIMPLE.in_header("p", &json!(["a", 1, true])).as_deref(), Some("a,1,true"));
        assert_eq!(encode_query(Style::FORM.allow_reserved(), json!("a/b:c&d#e")), "color=a/b:c%26d%23e");
    }

    #[test]
    fn separators_inside_items_are_violations_unless_they_are_encoded() {
        let list = json!(["a|b", "c d", "e,f", "g.h", "i;j"]);
        let comma = "/p/2: must not contain `,`: it separates items";
        for (style, place, expected) in [
            (Style::PIPE_DELIMITED, Place::Query, "/p/0: must not contain `|`: it separates items"),
            (Style::SPACE_DELIMITED, Place::Query, "/p/1: must not contain a space: it separates items"),
            (Style::SPACE_DELIMITED, Place::Part, "/p/1: must not contain a space: it separates items"),
            (Style::SIMPLE, Place::Header, comma),
            (Style::FORM.explode(false), Place::Part, comma),
            (Style::FORM.explode(false).allow_reserved(), Place::Query, comma),
            (Style::LABEL.explode(true), Place::Path, "/p/3: must not contain `.`: it separates items"),
            (Style::PIPE_DELIMITED.explode(true), Place::Query, ""),
            (Style::FORM.explode(false), Place::Query, ""),
            (Style::FORM, Place::Part, ""),
            (Style::LABEL, Place::Path, ""),
            (Style::SIMPLE, Place::Path, ""),
            (Style::MATRIX.explode(true), Place::Path, ""),
            (Style::DEEP_OBJECT, Place::Query, ""),
            (Style::CONTENT, Place::Part, ""),
        ] {
            assert_eq!(style.find_separators(place, "p", &list).to_string(), expected);
        }
        let object = json!({ "a": "b", "c,d": "e", "f": "g,h", "none": null });
        let violations = Style::SIMPLE.find_separators(Place::Header, "p", &object);
        let pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/p/c,d", "/p/f"]);
        assert!(Style::SIMPLE.find_separators(Place::Header, "p", &json!("a,b")).is_empty());
    }

    #[test]
    fn absent_values_are_not_sent() {
        assert_eq!(Style::SIMPLE.in_header("p", &Value::Null), None);
        assert_eq!(encode_query(Style::FORM, json!([])), "");
        assert_eq!(encode_query(Style::FORM.explode(false), json!([])), "");
        assert_eq!(encode_query(Style::FORM, json!({ "a": null, "b": 7.0 })), "b=7");
        assert_eq!(
            encode_query(Style::DEEP_OBJECT, json!({ "a": null, "b": { "c": 1.5 } })),
            "color%5Bb%5D%5Bc%5D=1.5"
        );
    }

    #[test]
    fn form_fields_are_serialized_as_text_or_json() {
        let list = json!(["a b", { "c": 1 }, 2]);
        assert_eq!(encode_query(Style::CONTENT, list.clone()), "color=a+b&color=%7B%22c%22%3A1%7D&color=2");
        assert_eq!(encode_query(Style::JSON, list), "color=%22a+b%22&color=%7B%22c%22%3A1%7D&color=2");
    }
}
