//! The error of all calls, and which errors are retryable.

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use crate::generated::runtime::{Violation, Violations};
use crate::response::{BODY_LIMIT, Body, Failure};
use crate::types;

/// Error returned by a call, or when a client cannot be built.
///
/// `Display` is one line. For an error response, it shows the status, the delay of `Retry-After`, and up to five errors, each with its
/// code, its detail or title, and its location. If the body is text that cannot be decoded completely, its start is shown. Texts are
/// truncated to about 200 bytes. Methods that do not apply to the kind of error return `None`, `false` or an empty slice.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use sendcloud_integrations::{Client, types::IntegrationModel};
///
/// let client = Client::builder().credentials("public key", "secret key").build()?;
/// let error = client.update(0, IntegrationModel::builder().shop_name("")).await.unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid request (not sent): /id: must be an integer of at least 1; /shop_name: must be a string of 1 to 250 characters",
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

impl Error {
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Kind::Configuration(message.into()).into()
    }

    /// Returns the HTTP status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &*self.0 {
            Kind::Response { status, .. } => Some(*status),
            Kind::Transport(error) => error.status(),
            _ => None,
        }
    }

    /// Returns the errors in the body of the response, as far as they could be decoded.
    ///
    /// ```
    /// use sendcloud_integrations::{Error, types::ErrorObjectCode};
    ///
    /// fn is_missing(error: &Error) -> bool {
    ///     error.errors().iter().any(|error| error.code == Some(ErrorObjectCode::NotFound))
    /// }
    /// ```
    #[must_use]
    pub fn errors(&self) -> &[types::ErrorObject] {
        match &*self.0 {
            Kind::Response { body, .. } => &body.errors,
            _ => &[],
        }
    }

    /// Returns the violations that prevented the request from being sent.
    ///
    /// ```
    /// use sendcloud_integrations::{Error, types::IntegrationModel};
    ///
    /// let error = Error::from(IntegrationModel::builder().shop_name("").build().unwrap_err());
    /// assert_eq!(error.violations()[0].pointer, "/shop_name");
    /// ```
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match &*self.0 {
            Kind::Violations(violations) => violations,
            _ => &[],
        }
    }

    /// Returns the delay that the response asks for (`Retry-After`, RFC 9110, section 10.2.3). A date is converted to the time from
    /// now; if there are several values, the longest is used.
    ///
    /// ```
    /// use sendcloud_integrations::{Error, reqwest::Response}; // also requires the crate `http`
    ///
    /// let response = http::Response::builder().status(429).header("retry-after", "30").body("")?;
    /// let error = Error::from(Response::from(response));
    /// assert!(error.is_retryable());
    /// assert_eq!(error.retry_after().unwrap().as_secs(), 30);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.headers().and_then(retry_after)
    }

    /// Returns whether the same call may succeed later. This is the case if the connection failed or was lost, if the attempt timed out, or
    /// if the response has the status 408, 429, 502, 503 or 504. The call has already been retried, within the limits of the client.
    ///
    /// TLS errors such as an untrusted certificate, 407 responses of proxies, and responses that are not HTTP are not retryable.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &*self.0 {
            Kind::Transport(error) => is_retryable(error),
            Kind::Response { status, .. } => is_retryable_status(*status),
            _ => false,
        }
    }

    /// Returns whether the last attempt timed out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.reqwest_error().is_some_and(reqwest::Error::is_timeout)
    }

    /// Returns whether the last attempt failed to connect. An earlier attempt may have sent the request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.reqwest_error().is_some_and(reqwest::Error::is_connect)
    }

    /// Returns the error of the HTTP client if it received no response, for example because the connection failed or the attempt timed out,
    /// or if it could not read the body of a successful response. Returns `None` for an error response, even if its body could only be read
    /// in part.
    ///
    /// [`source`](std::error::Error::source) of [`Error`] returns `None`, because the `Display` of [`Error`] already includes the message
    /// and the root cause of the [`reqwest::Error`].
    #[must_use]
    pub fn reqwest_error(&self) -> Option<&reqwest::Error> {
        match &*self.0 {
            Kind::Transport(error) => Some(error),
            _ => None,
        }
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match &*self.0 {
            Kind::Response { headers, .. } => Some(headers),
            _ => None,
        }
    }

    /// Creates an error from a response, and reads its body: at most 1 MiB, for at most 5 seconds.
    ///
    /// For a response whose body is in memory, because it was created from an `http::Response`, `Error::from(response)` does the same
    /// without waiting.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use sendcloud_integrations::{Error, reqwest::Response}; // also requires the crate `http`
    ///
    /// let response = http::Response::builder().status(429).header("retry-after", "30");
    /// let response = Response::from(response.body(r#"{"errors": [{"detail": "slow down"}]}"#)?);
    /// let error = Error::from_response(response).await;
    /// assert_eq!(error.to_string(), "the API returned 429 Too Many Requests (Retry-After: 30 s): slow down");
    /// assert_eq!(error.retry_after().unwrap().as_secs(), 30);
    /// # Ok::<(), http::Error>(())
    /// # }).unwrap();
    /// ```
    pub async fn from_response(response: Response) -> Self {
        Failure::read(response, BODY_LIMIT, &[]).await.into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Configuration(message) => write!(f, "the client cannot be built: {message}"),
            Kind::Violations(violations) => write!(f, "invalid request (not sent): {violations}"),
            Kind::Transport(error) if error.is_timeout() => {
                write!(f, "the API did not respond in time: {}", with_cause(error))
            }
            Kind::Transport(error) if is_malformed_response(error) => {
                write!(f, "the response is not valid HTTP: {}", with_cause(error))
            }
            Kind::Transport(error) if is_tls_failure(error) => {
                write!(f, "the TLS handshake failed: {}", with_cause(error))
            }
            Kind::Transport(error) if is_proxy_auth_required(error) => {
                write!(f, "the proxy requires credentials, see `reqwest::Proxy::basic_auth`: {}", with_cause(error))
            }
            Kind::Transport(error) if error.is_connect() => {
                write!(f, "the API could not be reached: {}", with_cause(error))
            }
            Kind::Transport(error) => write!(f, "the connection to the API failed: {}", with_cause(error)),
            Kind::Response { status, body, .. } => {
                write!(f, "the API returned {status}{}", remedy(*status))?;
                if let Some(delay) = self.retry_after().filter(|delay| !delay.is_zero()) {
                    write!(f, " (Retry-After: {} s)", delay.as_secs_f64().ceil())?;
                }
                write!(f, "{body}")
            }
            Kind::Payload(error) => write!(f, "the body of the response does not match the OpenAPI document: {error}"),
            Kind::Other(message) => f.write_str(message),
        }
    }
}

/// Returns what to check after a response with this status, in parentheses.
fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => " (check the keys)",
        _ if status.is_success() => {
            " (the OpenAPI document does not list this status: check the base URL and any proxy)"
        }
        _ if status.is_redirection() => " (redirects are not followed: check the base URL)",
        _ => "",
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message comes first because `main` prints this when it returns an error.
        f.debug_struct("Error").field("message", &self.to_string()).field("kind", &self.0).finish()
    }
}

/// `source` returns `None`, because `Display` already includes the root cause. For all causes, follow `source` of
/// [`Error::reqwest_error`].
impl std::error::Error for Error {}

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

/// Converts the error that a request builder in [`operations`](crate::operations) returns. A response body is already in memory, so the
/// conversion does not wait.
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

/// Converts a response whose body is in memory. For a body that has to be read first, use [`Error::from_response`].
impl From<Response> for Error {
    fn from(response: Response) -> Self {
        Failure::from_memory(response).into()
    }
}

impl From<Failure> for Error {
    fn from(Failure { status, headers, body, .. }: Failure) -> Self {
        Kind::Response { status, headers, body }.into()
    }
}

/// Returns the message of an error and of its root cause, which reqwest's `Display` leaves out.
pub(crate) fn with_cause(error: &reqwest::Error) -> String {
    match causes(error).last() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

type Cause<'a> = &'a (dyn std::error::Error + 'static);

/// Returns the causes of an error, down to the root cause.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = Cause<'_>> {
    // `source` of an I/O error skips the error that it wraps.
    let wrapped = |cause: Cause<'_>| cause.downcast_ref::<io::Error>().is_some_and(|error| error.get_ref().is_some());
    std::iter::successors(std::error::Error::source(error), move |cause| {
        if !wrapped(*cause) {
            return cause.source();
        }
        cause.downcast_ref::<io::Error>()?.get_ref().map(|inner| inner as Cause<'_>)
    })
}

pub(crate) fn is_retryable(error: &reqwest::Error) -> bool {
    !error.is_builder() && !is_tls_failure(error) && !is_proxy_auth_required(error) && !is_malformed_response(error)
}

/// Returns whether the response is not HTTP, or its head is too large: a retry would fail in the same way.
fn is_malformed_response(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|cause| cause.downcast_ref::<hyper::Error>()).any(hyper::Error::is_parse)
}

/// Returns whether the TLS handshake failed, for example because a certificate is not trusted: a retry would fail in the same way.
fn is_tls_failure(error: &reqwest::Error) -> bool {
    let io_errors = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    error.is_connect() && io_errors.map(io::Error::kind).any(|kind| kind == io::ErrorKind::InvalidData)
}

/// Returns whether a proxy responded to CONNECT with 407: it requires credentials, which a retry does not add. hyper-util keeps the type of
/// the error private, so its message is compared.
fn is_proxy_auth_required(error: &reqwest::Error) -> bool {
    error.is_connect() && causes(error).any(|cause| cause.to_string().ends_with("proxy authorization required"))
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
    headers.get_all(RETRY_AFTER).iter().filter_map(|value| parse_retry_after(value.to_str().ok()?.trim())).max()
}

/// Parses seconds or a date (RFC 9110, section 10.2.3).
fn parse_retry_after(value: &str) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}
