//! One error for callers, whatever went wrong.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, ResponseBuilderExt, StatusCode};
use secrecy::{ExposeSecret, SecretString};

use crate::generated::runtime::{Violation, Violations, read_tolerantly};
use crate::transport::Transport;
use crate::types;

/// So many errors are told by `Display`.
const SHOWN_ERRORS: usize = 5;
/// So much is told of each text in a body.
const EXCERPT_LIMIT: usize = 200;
/// So long the body of an error is waited for: its status is known already.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a call did not succeed, or a client could not be built.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use sendcloud_integrations::{Client, types::IntegrationModel};
///
/// let client = Client::builder().credentials("public key", "secret key").build()?;
/// let error = client.update(0, IntegrationModel::builder().shop_name("")).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "nothing was sent: /id: must be an integer of at least 1; /shop_name: must be a string of 1 to 250 characters",
/// );
/// # Ok::<(), sendcloud_integrations::Error>(())
/// # }).unwrap();
/// ```
pub struct Error(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Configuration(String),
    Violations(Violations),
    Transport(reqwest::Error),
    Response { status: StatusCode, headers: HeaderMap, body: Body },
    Payload(serde_json::Error),
    Other(String),
}

/// What could be read of an error's body.
#[derive(Clone, Debug, Default)]
struct Body {
    errors: Vec<types::ErrorObject>,
    excerpt: String,
}

impl Error {
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Kind::Configuration(message.into()).into()
    }

    /// The status of the API's answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &*self.0 {
            Kind::Response { status, .. } => Some(*status),
            Kind::Transport(error) => error.status(),
            _ => None,
        }
    }

    /// The errors in the API's answer, as far as they could be read.
    #[must_use]
    pub fn errors(&self) -> &[types::ErrorObject] {
        match &*self.0 {
            Kind::Response { body, .. } => &body.errors,
            _ => &[],
        }
    }

    /// The rules that the call breaks: nothing was sent.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match &*self.0 {
            Kind::Violations(violations) => violations,
            _ => &[],
        }
    }

    /// How long the API asks to wait (`Retry-After`, RFC 9110, section 10.2.3), counted from now if it names a date.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.headers().and_then(retry_after)
    }

    /// Whether the same call may succeed later: a connection that failed (not for its certificate) or broke, no answer in time, or
    /// status 408, 429, 502, 503 or 504.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &*self.0 {
            Kind::Transport(error) => is_retryable(error),
            Kind::Response { status, .. } => is_retryable_status(*status),
            _ => false,
        }
    }

    /// The headers of the API's answer, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match &*self.0 {
            Kind::Response { headers, .. } => Some(headers),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Configuration(message) => write!(f, "the client cannot be built: {message}"),
            Kind::Violations(violations) => write!(f, "nothing was sent: {violations}"),
            Kind::Transport(error) if error.is_timeout() => {
                write!(f, "the API did not answer in time: {}", with_cause(error))
            }
            Kind::Transport(error) if is_no_http(error) => {
                write!(f, "the API's answer could not be read: {}", with_cause(error))
            }
            Kind::Transport(error) => write!(f, "the API could not be reached: {}", with_cause(error)),
            Kind::Response { status, body, .. } if status.is_success() => {
                write!(f, "the API answered {status}, which its document does not list{body}")
            }
            Kind::Response { status, body, .. } => write!(f, "the API answered {status}{body}"),
            Kind::Payload(error) => write!(f, "the API's answer is not as its document says: {error}"),
            Kind::Other(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.errors.iter().take(SHOWN_ERRORS).map(shown).filter(|shown| !shown.is_empty());
        for (index, error) in shown.enumerate() {
            write!(f, "{}{error}", if index == 0 { ": " } else { "; " })?;
        }
        if let Some(more @ 1..) = self.errors.len().checked_sub(SHOWN_ERRORS) {
            write!(f, "; and {more} more")?;
        }
        if !self.excerpt.is_empty() {
            let label = if self.errors.is_empty() { "" } else { "the body reads " };
            write!(f, ": {label}{}", self.excerpt)?;
        }
        Ok(())
    }
}

/// One error of the API: code, detail (or title), and what it is about. What is blank is left out.
fn shown(error: &types::ErrorObject) -> String {
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

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whoever returns it from `main` reads this: what happened, first.
        f.debug_struct("Error").field("message", &self.to_string()).field("kind", &self.0).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Transport(error) => Some(error),
            // `Display` has told all that there is.
            _ => None,
        }
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Kind::Violations(violations).into()
    }
}

/// What the generated operations return. Their client has read the body of an error by then.
impl<E> From<progenitor_client::Error<E>> for Error {
    fn from(error: progenitor_client::Error<E>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::InvalidRequest(message) => Violations::parse(&message).into(),
            Generated::CommunicationError(error)
            | Generated::InvalidUpgrade(error)
            | Generated::ResponseBodyError(error) => Kind::Transport(error).into(),
            Generated::UnexpectedResponse(response) => response.into(),
            Generated::ErrorResponse(value) => {
                Kind::Response { status: value.status(), headers: value.headers().clone(), body: Body::default() }
                    .into()
            }
            Generated::InvalidResponsePayload(_, error) => Kind::Payload(error).into(),
            Generated::Custom(message) => Kind::Other(message).into(),
        }
    }
}

impl From<Response> for Error {
    fn from(response: Response) -> Self {
        let body = response.extensions().get::<Body>().cloned().unwrap_or_default();
        Kind::Response { status: response.status(), headers: response.headers().clone(), body }.into()
    }
}

/// Reads the body of an error, up to a limit in bytes, and lays what it says beside the response: it stays readable as it came.
pub(crate) async fn with_body_read(mut response: Response, transport: &Transport) -> Response {
    let limit = transport.max_error_body;
    let mut bytes = Vec::new();
    let end = tokio::time::Instant::now() + ERROR_BODY_TIMEOUT;
    // A body that breaks off, or takes too long, says what it says until then: the status counts more than the reason.
    while let Ok(Ok(Some(chunk))) = tokio::time::timeout_at(end, response.chunk()).await {
        let room = limit - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    let mut builder =
        http::Response::builder().status(response.status()).version(response.version()).url(response.url().clone());
    if let Some(headers) = builder.headers_mut() {
        headers.clone_from(response.headers());
    }
    let secrets = &transport.secrets;
    for value in builder.headers_mut().into_iter().flat_map(HeaderMap::values_mut) {
        let text = String::from_utf8_lossy(value.as_bytes());
        let is_secret = secrets.iter().any(|secret| text.contains(secret.expose_secret()));
        value.set_sensitive(is_secret);
    }
    let body = Body::read(&without(secrets, &bytes));
    match builder.extension(body).body(bytes) {
        Ok(rebuilt) => rebuilt.into(),
        Err(_) => response,
    }
}

/// A body with other words in place of secrets.
fn without<'a>(secrets: &[SecretString], body: &'a [u8]) -> Cow<'a, [u8]> {
    let text = String::from_utf8_lossy(body);
    if !secrets.iter().any(|secret| text.contains(secret.expose_secret())) {
        return Cow::Borrowed(body);
    }
    let shown = secrets.iter().fold(text.into_owned(), |text, secret| text.replace(secret.expose_secret(), "(a key)"));
    Cow::Owned(shown.into_bytes())
}

impl Body {
    fn read(bytes: &[u8]) -> Self {
        let (body, left_out) = read_tolerantly::<types::Errors>(bytes);
        let errors = body.and_then(|body| body.errors).unwrap_or_default();
        let all = errors.len();
        // An object that says nothing the document knows of says more as text.
        let says_something = |error: &types::ErrorObject| *error != types::ErrorObject::default();
        let errors: Vec<_> = errors.into_iter().filter(says_something).collect();
        let is_blank = errors.iter().all(|error| shown(error).is_empty());
        let needs_excerpt = left_out || is_blank || errors.len() < all;
        let excerpt = if needs_excerpt { one_line(&String::from_utf8_lossy(bytes)) } else { String::new() };
        Self { errors, excerpt }
    }
}

/// An error with what lies at its root: reqwest tells each part alone.
pub(crate) fn with_cause(error: &reqwest::Error) -> String {
    match causes(error).last() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

type Cause<'a> = &'a (dyn std::error::Error + 'static);

/// What lies behind an error, down to its root.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = Cause<'_>> {
    // The source of an I/O error is not what it wraps, but the source of that.
    let wrapped = |cause: Cause<'_>| cause.downcast_ref::<io::Error>().is_some_and(|error| error.get_ref().is_some());
    std::iter::successors(std::error::Error::source(error), move |cause| {
        if !wrapped(*cause) {
            return cause.source();
        }
        cause.downcast_ref::<io::Error>()?.get_ref().map(|inner| inner as Cause<'_>)
    })
}

/// The start of a text, on one line and without control characters.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if line.len() >= EXCERPT_LIMIT {
                line.push('…');
                return line;
            }
            line.push(c);
        }
    }
    line
}

pub(crate) fn is_retryable(error: &reqwest::Error) -> bool {
    !error.is_builder() && !is_tls_refusal(error) && !is_no_http(error)
}

/// Whether what came is no answer in HTTP, or one that is too large to be read: it will be the same again.
fn is_no_http(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse)
}

/// Whether the two sides do not agree on TLS, as when a certificate is not trusted: they will not agree later either.
fn is_tls_refusal(error: &reqwest::Error) -> bool {
    let io_errors = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    error.is_connect() && io_errors.map(io::Error::kind).any(|kind| kind == io::ErrorKind::InvalidData)
}

pub(crate) fn is_retryable_status(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    // Of several, the longest: whoever put it there wants that much.
    headers.get_all(RETRY_AFTER).iter().filter_map(|value| asked(value.to_str().ok()?.trim())).max()
}

/// Seconds, or a date (RFC 9110, section 10.2.3).
fn asked(value: &str) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
