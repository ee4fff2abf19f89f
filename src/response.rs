//! Bodies of error responses: reading, decoding, redaction and display.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue, SET_COOKIE};
use reqwest::{Response, ResponseBuilderExt, StatusCode, Url, Version};
use secrecy::SecretString;

use crate::generated::runtime::read_tolerantly;
use crate::redact::{REDACTED, redact};
use crate::types;

/// Maximum number of errors that `Display` shows.
const SHOWN_ERRORS: usize = 5;
/// Maximum length, in bytes, of what `Display` shows of each text in a body.
const EXCERPT_LIMIT: usize = 200;
/// Default maximum length of an error body, in bytes.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;
/// Time limit for reading the body of an error response. Its status is known by then.
const BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// An error response, with its body in memory.
#[derive(Clone)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    version: Version,
    url: Url,
    pub(crate) headers: HeaderMap,
    bytes: Vec<u8>,
    pub(crate) body: Body,
}

/// The content of a body, without secrets.
#[derive(Clone, Default)]
pub(crate) struct Body {
    pub(crate) errors: Vec<types::ErrorObject>,
    excerpt: String,
}

impl Failure {
    /// Reads a response, with its body up to a limit. If the body is truncated or takes too long, the part that was read is kept.
    pub(crate) async fn read(mut response: Response, limit: usize, secrets: &[SecretString]) -> Self {
        let mut bytes = Vec::new();
        // If the time limit elapses, `bytes` has what was read.
        let _ = tokio::time::timeout(BODY_TIMEOUT, read_body(&mut response, limit, &mut bytes)).await;
        Self::new(response, bytes, secrets)
    }

    /// Copies status and headers of a response, without its body.
    pub(crate) fn from_head(response: &Response, secrets: &[SecretString]) -> Self {
        Self {
            status: response.status(),
            version: response.version(),
            url: response.url().clone(),
            headers: redact_headers(response.headers().clone(), secrets),
            bytes: Vec::new(),
            body: Body::default(),
        }
    }

    /// Takes a response, with its body as far as that is in memory.
    pub(crate) fn from_memory(mut response: Response) -> Self {
        let mut bytes = Vec::new();
        // Polled once: it is pending if the rest of the body has to be awaited.
        let _ = pin!(read_body(&mut response, BODY_LIMIT, &mut bytes)).poll(&mut Context::from_waker(Waker::noop()));
        Self::new(response, bytes, &[])
    }

    fn new(mut response: Response, bytes: Vec<u8>, secrets: &[SecretString]) -> Self {
        let (status, version, url) = (response.status(), response.version(), response.url().clone());
        let headers = redact_headers(std::mem::take(response.headers_mut()), secrets);
        let body = response.extensions_mut().remove().unwrap_or_else(|| Body::read(&bytes, &headers, secrets));
        Self { status, version, url, headers, bytes, body }
    }

    /// Returns a response with redacted headers, the original body, and the decoded body as an extension.
    pub(crate) fn into_response(self) -> Response {
        // The builder fails only for invalid parts, and these are valid.
        let mut response = http::Response::builder().url(self.url).body(self.bytes).unwrap_or_default();
        *response.status_mut() = self.status;
        *response.version_mut() = self.version;
        *response.headers_mut() = self.headers;
        response.extensions_mut().insert(self.body);
        response.into()
    }
}

/// Replaces secrets in headers, and marks cookies as sensitive, so that `Debug` does not show them.
fn redact_headers(mut headers: HeaderMap, secrets: &[SecretString]) -> HeaderMap {
    for (name, value) in &mut headers {
        let text = decoded(value.as_bytes());
        let redacted = redact(&text, secrets);
        if redacted != text {
            let redacted = HeaderValue::try_from(redacted);
            *value = redacted.unwrap_or(HeaderValue::from_static(REDACTED));
        }
        value.set_sensitive(value.is_sensitive() || name == SET_COOKIE);
    }
    headers
}

/// Appends a body to `bytes` until its end, the limit or an error.
async fn read_body(response: &mut Response, limit: usize, bytes: &mut Vec<u8>) {
    while let Ok(Some(chunk)) = response.chunk().await {
        let remaining = limit - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(remaining)]);
        if chunk.len() >= remaining {
            break;
        }
    }
}

/// Shows the status and the number of errors: headers and texts may contain secrets.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure").field("status", &self.status).field("body", &self.body).finish_non_exhaustive()
    }
}

/// Returns the content codings of a body (RFC 9110, section 8.4), if it has any, although the client accepts none.
fn content_codings(headers: &HeaderMap) -> String {
    let values = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.collect();
    let codings = values.iter().flat_map(|value| value.split(',')).map(str::trim);
    let codings: Vec<_> =
        codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")).collect();
    one_line(&codings.join(", "))
}

/// Decodes a text as UTF-8 or, if it is not UTF-8, as Latin-1, which can decode any bytes, so that secrets are found in both. A
/// truncated character at the end is left out.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let text = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]),
        text => text,
    };
    text.map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), Cow::Borrowed)
}

impl Body {
    /// Decodes a body.
    fn read(bytes: &[u8], headers: &HeaderMap, secrets: &[SecretString]) -> Self {
        let text = decoded(bytes);
        // Text has none of these bytes, and compressed data is not UTF-8.
        let is_binary =
            matches!(text, Cow::Owned(_)) && bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31));
        if is_binary {
            let (codings, length) = (content_codings(headers), bytes.len());
            let kind =
                if codings.is_empty() { "binary body".to_owned() } else { format!("compressed body: {codings}") };
            return Self { errors: Vec::new(), excerpt: format!("({kind}, {length} bytes)") };
        }
        let text = redact(&text, secrets);
        let (body, is_partial) = read_tolerantly::<types::Errors>(text.as_bytes());
        let errors = body.and_then(|body| body.errors).unwrap_or_default();
        let all = errors.len();
        // Error objects without any documented property are shown as text.
        let has_content = |error: &types::ErrorObject| *error != types::ErrorObject::default();
        let errors: Vec<_> = errors.into_iter().filter(has_content).collect();
        let is_blank = errors.iter().all(|error| summary(error).is_empty());
        let has_excerpt = is_partial || is_blank || errors.len() < all;
        let excerpt = if has_excerpt { one_line(&text) } else { String::new() };
        Self { errors, excerpt }
    }
}

/// Shows only the number of errors, since a server determines the length of their texts.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("errors", &self.errors.len()).finish_non_exhaustive()
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.errors.iter().take(SHOWN_ERRORS).map(summary).filter(|summary| !summary.is_empty());
        let mut is_first = true;
        for error in shown {
            write!(f, "{}{error}", if is_first { ": " } else { "; " })?;
            is_first = false;
        }
        if let Some(more @ 1..) = self.errors.len().checked_sub(SHOWN_ERRORS) {
            write!(f, "; and {more} more")?;
        }
        if !self.excerpt.is_empty() {
            write!(f, "{}{}", if is_first { ": " } else { "; body: " }, self.excerpt)?;
        }
        Ok(())
    }
}

/// Returns an error's code, detail (or title) and source, as far as they are not blank.
fn summary(error: &types::ErrorObject) -> String {
    let line = |text: &String| Some(one_line(text)).filter(|line| !line.is_empty());
    let code = error.code.as_ref().and_then(|code| line(&code.to_string()));
    let text = error.detail.as_ref().and_then(line).or_else(|| error.title.as_ref().and_then(line));
    let at = error
        .source
        .as_ref()
        .and_then(|source| [&source.pointer, &source.parameter, &source.header].into_iter().flatten().find_map(line));
    let what = [code, text].into_iter().flatten().collect::<Vec<_>>().join(": ");
    match at {
        Some(at) if what.is_empty() => format!("(at {at})"),
        Some(at) => format!("{what} (at {at})"),
        None => what,
    }
}

/// Returns the start of a text as one line, with characters that control display escaped.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_ascii_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if line.len() >= EXCERPT_LIMIT {
                line.push('…');
                return line;
            }
            if is_unsafe(c) {
                line.extend(c.escape_unicode());
            } else {
                line.push(c);
            }
        }
    }
    line
}

/// Returns whether a character controls display: its category is Cc, Cf, Zl or Zp. The zero-width joiner is allowed because emoji need
/// it.
fn is_unsafe(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    c != '\u{200d}' && matches!(category, Control | Format | LineSeparator | ParagraphSeparator)
}
