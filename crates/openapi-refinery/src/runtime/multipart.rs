//! Bodies of type `multipart/form-data` (RFC 7578).

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use reqwest::multipart::{Form, Part as Content};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::json::to_json;
use super::request::includes;
use super::style::{self, Place};
use super::violation::member_pointer;
use super::{Builder, Request, Style, Violations};

/// A file in a `multipart/form-data` body.
///
/// It is serialized to JSON as its content, decoded as UTF-8.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct File {
    bytes: Vec<u8>,
    name: Option<String>,
    media_type: Option<String>,
}

impl File {
    /// Creates a file with this content.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), name: None, media_type: None }
    }

    /// Sets the file name. By default, it is the name of the form's field.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Sets the media type, which must be one of those in the document. By default, it is the first of them that is not a range, otherwise
    /// `application/octet-stream`.
    #[must_use]
    pub fn media_type(self, media_type: impl Into<String>) -> Self {
        Self { media_type: Some(media_type.into()), ..self }
    }
}

/// Shows the length of the content instead of the content.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("bytes", &self.bytes.len())
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .finish()
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<&[u8]> for File {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes)
    }
}

impl From<&str> for File {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(&self.bytes))
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// The builder of a body that is sent as `multipart/form-data`.
pub(crate) trait Multipart {
    /// Adds the parts of all fields.
    fn add_to(self, parts: &mut Parts);
}

/// The parts of a form, with the names of their fields, and the violations of those that cannot be sent.
#[derive(Default)]
pub(crate) struct Parts {
    contents: Vec<(String, Content)>,
    violations: Violations,
}

impl Parts {
    /// Adds a part, or the violation that its media type is invalid.
    fn add(&mut self, name: &str, content: Content, media_type: Option<&str>) {
        let content = match media_type {
            Some(media_type) => content.mime_str(media_type).map_err(|_| format!("`{media_type}` is not a media type")),
            None => Ok(content),
        };
        match content {
            Ok(content) => self.contents.push((name.to_owned(), content)),
            Err(message) => self.violations.push(member_pointer(name), message),
        }
    }

    /// Returns the value at this pointer as JSON, or adds its violations.
    fn check(&mut self, pointer: &str, value: &impl Serialize) -> Option<Value> {
        self.violations.check(pointer, to_json(value))
    }
}

/// The files of one field: one, several, or none.
pub(crate) trait Files {
    fn list(self) -> Vec<File>;
}

impl Files for File {
    fn list(self) -> Vec<File> {
        vec![self]
    }
}

impl Files for Vec<File> {
    fn list(self) -> Vec<File> {
        self
    }
}

impl<F: Files> Files for Option<F> {
    fn list(self) -> Vec<File> {
        self.map(Files::list).unwrap_or_default()
    }
}

/// Adds files, each as a part. `media_types` are those that the document allows, separated by commas.
pub(crate) fn add_files(parts: &mut Parts, name: &str, media_types: Option<&str>, files: impl Files) {
    for file in files.list() {
        let default = media_types.into_iter().flat_map(split).find(|it| !it.contains('*'));
        let media_type = file.media_type.as_deref().or(default).unwrap_or("application/octet-stream");
        let excludes = |allowed: &&str| !split(allowed).any(|range| includes(range, media_type));
        if let Some(allowed) = media_types.filter(excludes) {
            let allowed = split(allowed).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" or ");
            parts.violations.push(member_pointer(name), format!("must have the media type {allowed}"));
            continue;
        }
        let content = Content::bytes(file.bytes).file_name(quotable(file.name.as_deref().unwrap_or(name)));
        parts.add(name, content, Some(media_type));
    }
}

/// Adds a value: a scalar as text, an object as JSON, and each item of a list as a part. An absent value and `null` are not sent.
/// `media_types` are those that the document allows, separated by commas.
pub(crate) fn add_value(parts: &mut Parts, name: &str, media_types: Option<&str>, value: &impl Serialize) {
    let declared = || media_types.into_iter().flat_map(split).filter(|it| !it.contains('*'));
    let is_json = |media_type: &&str| media_type.ends_with("json");
    let items = match parts.check(&member_pointer(name), value) {
        Some(Value::Array(items)) => items,
        value => value.into_iter().collect(),
    };
    for item in items.into_iter().filter(|item| !item.is_null()) {
        let is_data = item.is_object() || item.is_array();
        let media_type =
            if is_data { declared().find(is_json).or(Some("application/json")) } else { declared().next() };
        let is_json = media_type.as_ref().is_some_and(is_json);
        parts.add(name, Content::text(if is_json { item.to_string() } else { style::text(&item) }), media_type);
    }
}

/// Adds the members that the document does not name, each as a value.
pub(crate) fn add_members(parts: &mut Parts, members: &impl Serialize) {
    let members = parts.check("", members).unwrap_or_default();
    members.as_object().into_iter().flatten().for_each(|(name, value)| add_value(parts, name, None, value));
}

/// Adds the members that the document does not name, each as a file or several.
pub(crate) fn add_file_members(
    parts: &mut Parts,
    media_types: Option<&str>,
    members: Option<HashMap<String, impl Files>>,
) {
    let members: BTreeMap<_, _> = members.into_iter().flatten().collect();
    members.into_iter().for_each(|(name, files)| add_files(parts, &name, media_types, files));
}

/// Adds a value by its style, which expands it to pairs of name and text; each pair becomes a part. The parts are not encoded, since
/// boundaries delimit them (OpenAPI 3.1.1, appendix E).
pub(crate) fn add_styled(parts: &mut Parts, name: &str, style: Style, value: &impl Serialize) {
    let Some(value) = parts.check(&member_pointer(name), value) else { return };
    parts.violations.extend(style.find_separators(Place::Part, name, &value));
    for (name, texts) in style.pairs(name, &value) {
        parts.add(&name, Content::text(texts.join(style.separator())), None);
    }
}

/// Returns the media types of a list.
fn split(media_types: &str) -> impl Iterator<Item = &str> {
    media_types.split(',').map(str::trim)
}

/// Returns the name of a field or file as browsers write it: only characters that would end it are encoded (HTML, section 4.10.21.8). RFC
/// 7578 has no `name*`.
fn quotable(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Request {
    /// Sets a `multipart/form-data` body.
    pub(crate) fn multipart<B: Multipart + Builder>(&mut self, body: Result<B, String>) {
        if let Some(body) = self.check(body) {
            self.violations.extend(body.violations());
            self.add_parts(body);
        }
    }

    /// Adds the parts of a form. If no field is set, there is no body, since it would need at least one part (RFC 2046, section 5.1.1).
    fn add_parts(&mut self, body: impl Multipart) {
        let mut parts = Parts::default();
        body.add_to(&mut parts);
        let Parts { contents, violations } = parts;
        self.violations.extend(violations);
        if !contents.is_empty() {
            let form = Form::new().percent_encode_noop();
            let form = contents.into_iter().fold(form, |form, (name, content)| form.part(quotable(&name), content));
            self.add_body(|request| request.multipart(form));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use reqwest::Method;
    use serde_json::json;

    use super::super::BaseUrl;
    use super::*;

    struct Upload {
        cover: File,
        pages: Option<Vec<File>>,
        tags: Vec<&'static str>,
        about: Option<Value>,
    }

    impl Multipart for Upload {
        fn add_to(self, parts: &mut Parts) {
            add_files(parts, "cover", Some("image/png, image/*+xml"), self.cover);
            add_files(parts, "pages", None, self.pages);
            add_value(parts, "tags", None, &self.tags.iter().map(Some).chain([None]).collect::<Vec<_>>());
            add_value(parts, "about the \"bücher\"", None, &self.about);
        }
    }

    /// Returns the boundary and the body of a form.
    fn encode(form: impl Multipart) -> Result<(String, String), String> {
        let mut request = Request::new(Method::POST, "/books");
        request.add_parts(form);
        let request = request.build(&reqwest::Client::new(), &BaseUrl::new("https://api.example"))?.0.build().unwrap();
        let media_type = request.headers()["content-type"].to_str().unwrap();
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
        Ok((boundary, read_body(request)))
    }

    /// Returns the body of a request. Its parts are in memory, so it is ready at once.
    fn read_body(mut request: reqwest::Request) -> String {
        let body = request.body_mut().take().unwrap();
        let mut text = pin!(reqwest::Response::from(http::Response::new(body)).text());
        let Poll::Ready(text) = text.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("the body is not ready")
        };
        text.unwrap()
    }

    #[test]
    fn a_form_has_parts_and_a_boundary() {
        let pages = vec![File::new("1").name("one.txt").media_type("text/plain"), File::from(vec![50])];
        let about = Some(json!({ "title": "Emma" }));
        let (boundary, body) =
            encode(Upload { cover: "png".into(), pages: Some(pages), tags: vec!["a", "b"], about }).unwrap();
        let parts: Vec<String> = body.split(&format!("--{boundary}")).map(|part| part.replace("\r\n", "|")).collect();
        assert_eq!(
            parts,
            [
                "",
                "|Content-Disposition: form-data; name=\"cover\"; filename=\"cover\"|Content-Type: image/png||png|",
                "|Content-Disposition: form-data; name=\"pages\"; filename=\"one.txt\"|Content-Type: text/plain||1|",
                "|Content-Disposition: form-data; name=\"pages\"; filename=\"pages\"|Content-Type: application/octet-stream||2|",
                "|Content-Disposition: form-data; name=\"tags\"||a|",
                "|Content-Disposition: form-data; name=\"tags\"||b|",
                "|Content-Disposition: form-data; name=\"about the %22bücher%22\"|Content-Type: application/json||{\"title\":\"Emma\"}|",
                "--|",
            ]
        );
    }

    #[test]
    fn a_styled_value_is_not_encoded() {
        struct Styled(Style, Value);
        impl Multipart for Styled {
            fn add_to(self, parts: &mut Parts) {
                add_styled(parts, "p", self.0, &self.1);
            }
        }
        let (list, object) = (json!(["a%", "c&d"]), json!({ "x": 1, "y": "z w" }));
        for (style, value, expected) in [
            (Style::FORM.explode(false), &list, vec!["\"p\"||a%,c&d"]),
            (Style::FORM, &list, vec!["\"p\"||a%", "\"p\"||c&d"]),
            (Style::FORM, &object, vec!["\"x\"||1", "\"y\"||z w"]),
            (Style::SPACE_DELIMITED, &list, vec!["\"p\"||a% c&d"]),
            (Style::PIPE_DELIMITED, &list, vec!["\"p\"||a%|c&d"]),
            (Style::DEEP_OBJECT, &object, vec!["\"p[x]\"||1", "\"p[y]\"||z w"]),
        ] {
            let (boundary, body) = encode(Styled(style, value.clone())).unwrap();
            let body = body.replace(&boundary, "").replace("\r\n", "|");
            let parts = body.split("Content-Disposition: form-data; name=").skip(1);
            let parts: Vec<&str> = parts.map(|part| part.trim_end_matches(['-', '|'])).collect();
            assert_eq!(parts, expected);
        }
    }

    #[test]
    fn a_form_without_parts_is_not_sent() {
        struct Nothing;
        impl Multipart for Nothing {
            fn add_to(self, parts: &mut Parts) {
                add_value(parts, "tags", None, &None::<String>);
            }
        }
        let mut request = Request::new(Method::POST, "/books");
        request.add_parts(Nothing);
        let request = request.build(&reqwest::Client::new(), &BaseUrl::new("https://api.example")).unwrap().0.build();
        let request = request.unwrap();
        assert!(request.body().is_none() && !request.headers().contains_key("content-type"));
        assert_eq!(request.headers()["content-length"], "0");
    }

    #[test]
    fn a_file_name_cannot_end_its_header() {
        let cover = File::new("png").name("a\"\r\nX: y");
        let (_, body) = encode(Upload { cover, pages: None, tags: Vec::new(), about: None }).unwrap();
        assert!(body.contains("; filename=\"a%22%0D%0AX: y\"\r\nContent-Type: image/png\r\n"), "{body}");
    }

    #[test]
    fn all_invalid_media_types_are_violations() {
        let file = |media_type| File::new("png").media_type(media_type);
        let pages = Some(vec![file("image"), file("b c")]);
        let error = encode(Upload { cover: file("image/gif"), pages, tags: Vec::new(), about: None }).unwrap_err();
        let expected = "/cover: must have the media type `image/png` or `image/*+xml`; /pages: `image` is not a media type; \
            /pages: `b c` is not a media type";
        assert_eq!(error, expected);
    }

    #[test]
    fn the_media_type_of_a_file_is_one_of_the_document() {
        let send = |media_type: &str| {
            let cover = File::new("png").media_type(media_type);
            encode(Upload { cover, pages: None, tags: Vec::new(), about: None }).map(|(_, body)| body)
        };
        for media_type in ["image/png", "image/svg+xml"] {
            assert!(send(media_type).unwrap().contains(&format!("Content-Type: {media_type}\r\n")));
        }
        assert_eq!(send("image/gif").unwrap_err(), "/cover: must have the media type `image/png` or `image/*+xml`");
    }

    #[test]
    fn the_media_type_of_a_value_is_the_first_that_can_be_sent() {
        struct Value<'v>(&'static str, &'v serde_json::Value);
        impl Multipart for Value<'_> {
            fn add_to(self, parts: &mut Parts) {
                add_value(parts, "p", Some(self.0), self.1);
            }
        }
        let (text, object) = (json!("a"), json!({ "b": 1 }));
        for (media_types, value, expected) in [
            ("text/*, text/csv", &text, "text/csv\r\n\r\na"),
            ("text/plain, application/json", &text, "text/plain\r\n\r\na"),
            ("text/plain, application/merge-patch+json", &object, "application/merge-patch+json\r\n\r\n{\"b\":1}"),
            // No XML is written.
            ("application/xml", &object, "application/json\r\n\r\n{\"b\":1}"),
        ] {
            let (_, body) = encode(Value(media_types, value)).unwrap();
            assert!(body.contains(&format!("\r\nContent-Type: {expected}\r\n")), "{body}");
        }
    }

    #[test]
    fn debug_output_omits_the_content_of_a_file() {
        let shown = format!("{:?}", File::new("secret").name("a"));
        assert_eq!(shown, "File { bytes: 6, name: Some(\"a\"), media_type: None }");
    }
}
