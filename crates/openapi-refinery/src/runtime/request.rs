//! Construction of requests from parameters and bodies.

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

use super::base_url::without_secrets;
use super::json::to_json;
use super::response::ShownUrl;
use super::style::Place;
use super::violation::member_pointer;
use super::{BaseUrl, Builder, Style, Violations};

/// Adds a body to a request.
type AddBody = Box<dyn FnOnce(RequestBuilder) -> RequestBuilder + Send>;

/// A builder of a request. The violations of all its parts are reported together by [`build`](Self::build).
#[derive(Default)]
pub(crate) struct Request {
    method: Method,
    path: String,
    /// The path that errors show, with placeholders for secrets.
    shown_path: String,
    query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
    /// The names that parameters of the query are written under, also those of absent parameters.
    names: Vec<String>,
    /// The members of exploded maps in the query, each with the name of its parameter.
    members: Vec<(String, String)>,
    body: Option<AddBody>,
    pub(super) violations: Violations,
}

impl Request {
    /// Creates a request to a path template, which has the names of parameters in braces.
    pub(crate) fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), shown_path: path.to_owned(), ..Self::default() }
    }

    /// Sets a parameter of the path. An empty value and a segment `.` or `..` are violations, because they would change the other
    /// segments: dot segments are removed (RFC 3986, section 5.2.4), and no encoding prevents that.
    pub(crate) fn path<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
        if let Some(expanded) = self.expand_path(name, style, value) {
            self.shown_path = self.shown_path.replace(&format!("{{{name}}}"), &expanded);
        }
    }

    /// Sets a parameter of the path that may be a secret, which errors do not show.
    pub(crate) fn secret_path<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
        self.expand_path(name, style, value);
        self.shown_path = self.shown_path.replace(&format!("{{{name}}}"), "[redacted]");
    }

    /// Sets a parameter of the path, and returns its value as it is written.
    fn expand_path<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) -> Option<String> {
        let value = self.styled(name, style, Place::Path, value)?;
        let expanded = style.in_path(name, &value).unwrap_or_default();
        let expression = format!("{{{name}}}");
        let mut segments = self.path.split('/').filter(|segment| segment.contains(&expression));
        let is_removed = |segment: &str| matches!(segment.replace(&expression, &expanded).as_str(), "" | "." | "..");
        if expanded.is_empty() || segments.any(is_removed) {
            let message = "must not be empty, `.` or `..`: it is a segment of the path";
            self.violations.push(member_pointer(name), message);
            return None;
        }
        // An expanded value contains no braces, since they are encoded.
        self.path = self.path.replace(&expression, &expanded);
        Some(expanded)
    }

    /// Adds a parameter to the query, unless it is absent.
    pub(crate) fn query<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
        let value = self.append_query(name, style, value);
        if !style.writes_members(value.as_ref()) {
            self.names.push(name.to_owned());
        }
    }

    /// Adds an exploded map to the query as [`query`](Self::query) does. Its members must not be named like other parameters, because a
    /// server would read them as these.
    pub(crate) fn query_map<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
        let value = self.append_query(name, style, value).unwrap_or_default();
        let members = value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        self.members.extend(members.map(|(member, _)| (name.to_owned(), member.clone())));
    }

    fn append_query<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) -> Option<Value> {
        let value = self.styled(name, style, Place::Query, value)?;
        style.append(&mut self.query, name, &value);
        Some(value)
    }

    /// Adds a header, unless it is absent.
    pub(crate) fn header<T: Serialize>(&mut self, name: &'static str, style: Style, value: Result<T, String>) {
        let value = self.styled(name, style, Place::Header, value).and_then(|value| style.in_header(name, &value));
        // Recipients remove white space around a value (RFC 9110, section 5.5).
        if value.as_deref().is_some_and(|value| value.trim_matches([' ', '\t']) != value) {
            return self.violations.push(member_pointer(name), "must not begin or end with a space or tab");
        }
        match (HeaderName::try_from(name), value.map(HeaderValue::try_from)) {
            (Ok(name), Some(Ok(value))) => {
                self.headers.append(name, value);
            }
            (_, Some(_)) => self.violations.push(member_pointer(name), "must be text without control characters"),
            (_, None) => {}
        }
    }

    /// Adds a cookie, unless it is absent.
    pub(crate) fn cookie<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
        if let Some(value) = self.styled(name, style, Place::Query, value) {
            self.cookies.extend(style.in_cookies(name, &value));
        }
    }

    /// Sets the header `Accept`.
    pub(crate) fn accept(&mut self, media_types: &'static str) {
        self.headers.insert(ACCEPT, HeaderValue::from_static(media_types));
    }

    /// Sets a JSON body.
    pub(crate) fn json<T: Serialize>(&mut self, media_type: &'static str, body: Result<T, String>) {
        let Some(body) = self.check(body) else { return };
        match serde_json::to_vec(&body) {
            Ok(json) => self.set_body(media_type, json.into()),
            Err(error) => {
                self.violations.extend(to_json(&body).err().unwrap_or_else(|| Violations::parse(&error.to_string())))
            }
        }
    }

    /// Sets a form (`application/x-www-form-urlencoded`). Fields without a style are sent as text, and objects as JSON.
    pub(crate) fn form<T: Serialize>(&mut self, styles: &[(&str, Style)], body: Result<T, String>) {
        let Some(body) = self.value("", body) else { return };
        for (name, style, value) in styled_fields(styles, &body) {
            self.violations.extend(style.find_separators(Place::Query, name, value));
        }
        self.set_body("application/x-www-form-urlencoded", encode_form(styles, &body).into());
    }

    /// Sets a form as [`form`](Self::form) does, from its builder, whose violations are reported together with those of the encoding.
    pub(crate) fn form_of<B: Builder + Serialize>(&mut self, styles: &[(&str, Style)], body: Result<B, String>) {
        if let Some(body) = self.check(body) {
            self.violations.extend(body.violations());
            self.form(styles, Ok(body));
        }
    }

    /// Sets a body of bytes. If its media type is a range, a parameter sets the header `Content-Type` to one in this range.
    pub(crate) fn bytes(&mut self, media_type: &'static str, body: Result<reqwest::Body, String>) {
        let given = self.headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok());
        if given.is_some_and(|given| !includes(media_type, given)) {
            let message = format!("must be a media type in the range `{media_type}`");
            self.violations.push(member_pointer("Content-Type"), message);
        }
        if let Some(body) = self.check(body) {
            let default = if media_type == "*/*" { "application/octet-stream" } else { media_type };
            self.set_body(default, body);
        }
    }

    /// Builds the request, and the URL that errors show.
    ///
    /// # Errors
    /// Returns all violations as text, or the error of an invalid base URL.
    pub(crate) fn build(
        mut self,
        client: &reqwest::Client,
        base_url: &BaseUrl,
    ) -> Result<(RequestBuilder, ShownUrl), String> {
        for (name, member) in self.members.iter().filter(|(_, member)| self.names.contains(member)) {
            let pointer = format!("{}{}", member_pointer(name), member_pointer(member));
            self.violations.push(pointer, "must not have the name of another parameter of the query");
        }
        self.violations.into_result().map_err(|violations| violations.to_string())?;
        let mut url = base_url.join(&self.path)?;
        let has_secrets = self.shown_path != self.path;
        let redacted = has_secrets.then(|| base_url.join(&self.shown_path).map(without_secrets)).transpose()?;
        if !self.query.is_empty() {
            let query = url.query().into_iter().chain([self.query.as_str()]).collect::<Vec<_>>().join("&");
            url.set_query(Some(&query));
        }
        // POST, PUT and PATCH without a body need a `Content-Length` (RFC 9110, section 8.6).
        if self.body.is_none() && [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) {
            self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        // A parameter may set the header `Cookie`, too.
        let given = self.headers.get(COOKIE).map(HeaderValue::as_bytes);
        let cookies: Vec<&[u8]> = given.into_iter().chain(self.cookies.iter().map(String::as_bytes)).collect();
        // Encoded cookies have no characters that a header does not allow.
        if let (false, Ok(mut cookies)) = (cookies.is_empty(), HeaderValue::from_bytes(&cookies.join(&b"; "[..]))) {
            // Cookies are often credentials, which must not be shown.
            cookies.set_sensitive(true);
            self.headers.insert(COOKIE, cookies);
        }
        let request = client.request(self.method, url).headers(self.headers);
        Ok((self.body.into_iter().fold(request, |request, add_body| add_body(request)), ShownUrl { redacted }))
    }

    fn set_body(&mut self, media_type: &'static str, body: reqwest::Body) {
        self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
        if body.as_bytes() != Some(b"") {
            self.add_body(|request| request.body(body));
        }
    }

    pub(super) fn add_body(&mut self, add: impl FnOnce(RequestBuilder) -> RequestBuilder + Send + 'static) {
        self.body = Some(Box::new(add));
    }

    /// Returns the value of a parameter as JSON, or adds its violations.
    fn styled<T: Serialize>(
        &mut self,
        name: &str,
        style: Style,
        place: Place,
        value: Result<T, String>,
    ) -> Option<Value> {
        let value = self.value(&member_pointer(name), value)?;
        let violations = style.find_separators(place, name, &value);
        let is_valid = violations.is_empty();
        self.violations.extend(violations);
        is_valid.then_some(value)
    }

    /// Returns the value at this pointer as JSON, or adds its violations.
    fn value<T: Serialize>(&mut self, pointer: &str, value: Result<T, String>) -> Option<Value> {
        let value = self.check(value)?;
        self.violations.check(pointer, to_json(&value))
    }

    /// Returns a value, or adds its violations.
    pub(super) fn check<T>(&mut self, value: Result<T, String>) -> Option<T> {
        value.map_err(|reason| self.violations.extend(Violations::parse(&reason))).ok()
    }
}

/// Returns the members of an object as a form.
pub(super) fn encode_form(styles: &[(&str, Style)], body: &Value) -> String {
    let mut form = String::new();
    for (name, style, value) in styled_fields(styles, body) {
        style.append(&mut form, name, value);
    }
    form
}

/// Returns the members of an object, each with its style.
fn styled_fields<'b>(styles: &[(&str, Style)], body: &'b Value) -> Vec<(&'b String, Style, &'b Value)> {
    let style =
        |name: &str| styles.iter().find(|(known, _)| *known == name).map_or(Style::CONTENT, |(_, style)| *style);
    body.as_object().into_iter().flatten().map(|(name, value)| (name, style(name), value)).collect()
}

/// Returns whether a media range (RFC 9110, section 12.5.1), or one with a suffix such as `application/*+xml`, includes a media type.
pub(super) fn includes(range: &str, media_type: &str) -> bool {
    let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (range, essence) = (essence(range), essence(media_type));
    let (Some(range), Some(parts)) = (range.split_once('/'), essence.split_once('/')) else { return false };
    let is_within = |range: &str, part: &str| match range.strip_prefix('*') {
        Some(suffix) => part.strip_suffix(suffix).is_some_and(|rest| !rest.is_empty()),
        None => part == range,
    };
    !essence.contains('*') && !parts.1.is_empty() && is_within(range.0, parts.0) && is_within(range.1, parts.1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn build_request(request: Request) -> Result<reqwest::Request, String> {
        let base_url = BaseUrl::new("https://api.example/v1/");
        Ok(request.build(&reqwest::Client::new(), &base_url)?.0.build().unwrap())
    }

    fn encode_path(name: &str, style: Style, value: &str) -> Result<String, String> {
        let mut request = Request::new(Method::GET, "/shelves/{id}");
        request.path(name, style, Ok(value));
        build_request(request).map(|request| request.url().path().to_owned())
    }

    #[test]
    fn a_path_value_remains_one_segment() {
        for (value, encoded) in [
            ("12345", "12345"),
            ("a b/ü?", "a%20b%2F%C3%BC%3F"),
            (r"..\..\admin", "..%5C..%5Cadmin"),
            ("%2e%2e", "%252e%252e"),
            ("{id}", "%7Bid%7D"),
            ("a\tb\n", "a%09b%0A"),
            ("a:b'(@)", "a%3Ab%27%28%40%29"),
            ("...", "..."),
        ] {
            assert_eq!(encode_path("id", Style::SIMPLE, value), Ok(format!("/v1/shelves/{encoded}")));
        }
        assert_eq!(encode_path("id", Style::MATRIX, ".."), Ok("/v1/shelves/;id=..".to_owned()));
        assert_eq!(encode_path("id", Style::MATRIX, ""), Ok("/v1/shelves/;id".to_owned()));
        for (style, value) in
            [(Style::SIMPLE, ""), (Style::SIMPLE, "."), (Style::SIMPLE, ".."), (Style::LABEL, ""), (Style::LABEL, ".")]
        {
            let error = encode_path("id", style, value).unwrap_err();
            assert!(error.contains("/id: must not be empty"), "{error}");
        }
    }

    #[test]
    fn members_of_a_map_are_not_sent_as_other_parameters() {
        let build = |member: &str| {
            let mut request = Request::new(Method::GET, "/shelves");
            request.query_map("filter", Style::FORM, Ok(json!({ (member): "x", "page": null })));
            request.query("limit", Style::FORM, Ok(None::<u8>));
            request.query("page", Style::FORM, Ok(2));
            request.query("deep", Style::DEEP_OBJECT, Ok(None::<u8>));
            build_request(request).map(|request| request.url().query().unwrap_or_default().to_owned())
        };
        for (member, expected) in
            [("color", "color=x&page=2"), ("filter", "filter=x&page=2"), ("deep", "deep=x&page=2")]
        {
            assert_eq!(build(member), Ok(expected.to_owned()));
        }
        let error = "/filter/limit: must not have the name of another parameter of the query";
        assert_eq!(build("limit"), Err(error.to_owned()));
    }

    #[test]
    fn the_shown_url_has_no_query_and_no_secret_path_values() {
        let show = |is_secret: bool| {
            let mut request = Request::new(Method::GET, "/{user}/{key}");
            request.path("user", Style::SIMPLE, Ok("ann"));
            match is_secret {
                true => request.secret_path("key", Style::SIMPLE, Ok("sesame")),
                false => request.path("key", Style::SIMPLE, Ok("public")),
            }
            request.query("token", Style::FORM, Ok("sesame"));
            let base_url = BaseUrl::new("https://api.example/v1?key=sesame");
            let (request, shown) = request.build(&reqwest::Client::new(), &base_url).unwrap();
            let request = request.build().unwrap();
            assert_eq!(request.url().query(), Some("key=sesame&token=sesame"));
            shown.of(request.url()).to_string()
        };
        assert_eq!(show(true), "https://api.example/v1/ann/[redacted]");
        assert_eq!(show(false), "https://api.example/v1/ann/public");
    }

    #[test]
    fn dots_are_refused_only_as_a_whole_segment() {
        for (template, is_refused) in [("/{a}-{b}", false), ("/{a}{b}/c", true), ("/{a}/{b}", true)] {
            let mut request = Request::new(Method::GET, template);
            request.path("a", Style::SIMPLE, Ok("."));
            request.path("b", Style::SIMPLE, Ok("."));
            assert_eq!(build_request(request).is_err(), is_refused, "{template}");
        }
    }

    #[test]
    fn violations_of_all_parts_are_reported_together() {
        let mut request = Request::new(Method::PUT, "/shelves/{id}");
        request.path("id", Style::SIMPLE, Ok(".."));
        request.query("page", Style::FORM, Err::<u8, _>("/page: is required".to_owned()));
        request.header("x-a", Style::SIMPLE, Ok("a\nb"));
        request.json("application/json", Err::<u8, _>("/name: is required; /url: must have a host".to_owned()));
        let error = build_request(request).unwrap_err();
        let reasons = error.matches("; /").count() + 1;
        assert_eq!(reasons, 5, "{error}");
    }

    /// An object that is invalid.
    struct Invalid;

    impl Serialize for Invalid {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            super::super::json::serialize_violation(json!({}), "kind", "must be x", serializer)
        }
    }

    #[test]
    fn violations_of_types_have_pointers_in_all_locations() {
        let mut request = Request::new(Method::PUT, "/{id}");
        request.path("id", Style::SIMPLE, Ok(Invalid));
        request.query("page", Style::DEEP_OBJECT, Ok([Some(Invalid), None]));
        request.header("x-a", Style::SIMPLE, Ok(Invalid));
        request.cookie("c", Style::FORM, Ok(Invalid));
        request.json("application/json", Ok([("a", Invalid)]));
        request.form(&[], Ok([Invalid]));
        let pointers = ["/id", "/page/0", "/x-a", "/c", "/0/1", "/0"];
        let expected = pointers.map(|pointer| format!("{pointer}/kind: must be x")).join("; ");
        assert_eq!(build_request(request).unwrap_err(), expected);
    }

    #[test]
    fn each_part_is_sent_in_its_location() {
        let mut request = Request::new(Method::PUT, "/shelves/{id}/{id}");
        request.path("id", Style::SIMPLE, Ok(7));
        request.query("a", Style::FORM, Ok(Some(["b c", "d"])));
        request.query("e", Style::FORM, Ok(None::<u8>));
        request.header("x-list", Style::SIMPLE, Ok([1, 2]));
        request.accept("application/json");
        request.form(
            &[("tags", Style::FORM.explode(false))],
            Ok(json!({ "tags": ["a", "b"], "who": { "name": "Ann" }, "none": null })),
        );
        let request = build_request(request).unwrap();
        assert_eq!(request.url().as_str(), "https://api.example/v1/shelves/7/7?a=b+c&a=d");
        let headers: Vec<&str> =
            ["x-list", "accept", "content-type"].map(|name| request.headers()[name].to_str().unwrap()).into();
        assert_eq!(headers, ["1,2", "application/json", "application/x-www-form-urlencoded"]);
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        assert_eq!(String::from_utf8_lossy(body), "tags=a,b&who=%7B%22name%22%3A%22Ann%22%7D");
    }

    #[test]
    fn a_header_does_not_begin_or_end_with_white_space() {
        for (value, is_refused) in
            [(" a", true), ("a\t", true), (" ", true), ("", false), ("a b", false), ("\u{a0}", false)]
        {
            let mut request = Request::new(Method::GET, "/");
            request.header("x-a", Style::SIMPLE, Ok(value));
            let expected = is_refused.then(|| "/x-a: must not begin or end with a space or tab".to_owned());
            assert_eq!(build_request(request).err(), expected, "{value:?}");
        }
    }

    #[test]
    fn cookies_are_sent_in_one_sensitive_header() {
        let mut request = Request::new(Method::GET, "/shelves");
        request.cookie("~session+", Style::FORM, Ok("a b;c=ü"));
        request.cookie("none", Style::FORM, Ok(None::<u8>));
        request.cookie("tags", Style::FORM, Ok(["x", "y"]));
        request.cookie("ids", Style::FORM.explode(false), Ok([1, 2]));
        let header = build_request(request).unwrap().headers_mut().remove(COOKIE).unwrap();
        assert_eq!(header, "~session+=a%20b%3Bc%3D%C3%BC; tags=x; tags=y; ids=1,2");
        assert!(header.is_sensitive());
    }

    #[test]
    fn cookies_are_appended_to_the_header_that_a_parameter_sets() {
        let mut request = Request::new(Method::GET, "/shelves");
        request.cookie("ids", Style::FORM, Ok(1));
        request.header("Cookie", Style::SIMPLE, Ok("session=a"));
        let header = build_request(request).unwrap().headers_mut().remove(COOKIE).unwrap();
        assert_eq!(header, "session=a; ids=1");
        assert!(header.is_sensitive());
    }

    #[test]
    fn the_media_type_of_bytes_is_in_the_range_of_the_document() {
        let send = |range: &'static str, media_type: Option<&str>| {
            let mut request = Request::new(Method::PUT, "/cover");
            request.header("content-type", Style::SIMPLE, Ok(media_type));
            request.bytes(range, Ok("bytes".into()));
            build_request(request).map(|request| request.headers()[CONTENT_TYPE].to_str().unwrap().to_owned())
        };
        for (range, media_type) in [
            ("image/*", "image/png"),
            ("image/*", "Image/svg+xml; charset=utf-8"),
            ("*/*", "text/plain"),
            ("application/*+xml", "application/atom+xml"),
        ] {
            assert_eq!(send(range, Some(media_type)).as_deref(), Ok(media_type));
        }
        for (range, media_type) in [
            ("image/*", "image/*"),
            ("image/*", "text/plain"),
            ("*/*", "png"),
            ("*/*", "*/*"),
            ("image/*", "image/"),
            ("image/*", "imagex/png"),
            ("image/png", "image/pngx"),
            ("application/*+xml", "applicationx/atom+xml"),
            ("application/*+xml", "application/+xml"),
        ] {
            let error = send(range, Some(media_type)).unwrap_err();
            assert!(error.contains(&format!("/Content-Type: must be a media type in the range `{range}`")), "{error}");
        }
        assert_eq!(send("*/*", None).as_deref(), Ok("application/octet-stream"));
        assert_eq!(send("image/png", None).as_deref(), Ok("image/png"));
    }

    #[test]
    fn a_request_without_a_body_says_so() {
        let length = |method: Method, body: Option<&'static str>| {
            let mut request = Request::new(method, "/shelves");
            body.into_iter().for_each(|body| request.bytes("text/plain", Ok(body.into())));
            build_request(request).unwrap().headers().get(CONTENT_LENGTH).cloned()
        };
        for method in [Method::POST, Method::PUT, Method::PATCH] {
            assert_eq!(length(method.clone(), None), Some(HeaderValue::from_static("0")));
            assert_eq!(length(method.clone(), Some("")), Some(HeaderValue::from_static("0")));
            assert_eq!(length(method, Some("x")), None);
        }
        assert_eq!(length(Method::GET, None), None);
    }
}
