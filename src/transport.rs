//! Authentication, timeouts and retries.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode};
use secrecy::SecretString;
use tracing::Instrument;

use crate::ext::PATCH_IS_IDEMPOTENT;
use crate::generated::SUCCESSES;
use crate::response::Failure;
use crate::trace::Trace;
use crate::{Client, error};

/// Maximum number of retries of a change after 429 responses, in `update_all`.
const MAX_RATE_LIMIT_RETRIES: u32 = 100;
/// Minimum pause after a 429 response in `update_all`, so that 100 retries take at least 20 seconds.
const MIN_PAUSE: Duration = Duration::from_millis(200);
/// Maximum length of a pause, more than a hundred years, so that adding it to an `Instant` does not overflow.
const MAX_PAUSE: Duration = Duration::from_secs(u32::MAX as u64);

/// The settings of a client, as `ClientBuilder` sets them.
#[derive(Clone, Debug)]
pub struct Transport {
    /// The `Authorization` header of each request.
    pub(crate) authorization: HeaderValue,
    /// Texts that are redacted in responses: the credentials as they are sent, and the secret key.
    pub(crate) secrets: Vec<SecretString>,
    /// The maximum number of retries of a call.
    pub(crate) max_retries: u32,
    /// The longest `Retry-After` that is waited for.
    pub(crate) retry_after_cap: Duration,
    /// The maximum length of an error body, in bytes.
    pub(crate) max_error_body: usize,
    /// The timeout for one attempt.
    pub(crate) timeout: Duration,
    /// The maximum total time of a call, including all attempts and delays.
    pub(crate) deadline: Option<Duration>,
    /// The rate limiter that the calls of `update_all` share.
    pub(crate) rate_limiter: Option<Arc<dyn RateLimiter>>,
}

impl Transport {
    /// Reads an error response.
    async fn read_failure(&self, response: Response) -> Failure {
        Failure::read(response, self.max_error_body, &self.secrets).await
    }
}

/// A rate limiter.
pub trait RateLimiter: fmt::Debug + Send + Sync {
    /// Waits until the next request may be sent. Returns the time spent waiting for the rate limit, without pauses. It does not count
    /// towards the deadline; pauses do.
    ///
    /// # Errors
    /// Returns the response that caused a pause if the pause would exceed the deadline at `end` or, without a deadline,
    /// `max_pause`.
    fn acquire(&self, end: Option<Instant>) -> Pin<Box<dyn Future<Output = Result<Duration, Failure>> + Send + '_>>;

    /// Blocks all requests during a pause.
    fn pause(&self, pause: Pause);
}

/// A pause after a 429 response.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "bulk"), expect(dead_code, reason = "only `update_all` reads it"))]
pub struct Pause {
    pub(crate) length: Duration,
    pub(crate) until: Instant,
    /// The 429 response.
    pub(crate) cause: Arc<Failure>,
    /// Whether the body of the response was read.
    pub(crate) has_body: bool,
}

/// Sends the requests of all generated operations.
impl ClientHooks<Transport> for Client {
    // Not an `async fn`, whose future would store the request twice. The future is moved several times, so its size matters.
    fn exec(&self, mut request: Request, operation: &OperationInfo) -> impl Future<Output = reqwest::Result<Response>> {
        let transport = self.inner();
        // Not a default header of the HTTP client: the keys are sent to the API only.
        let path = request.url().as_str().strip_prefix(self.baseurl());
        if path.is_some_and(|path| path.starts_with('/')) {
            request.headers_mut().insert(AUTHORIZATION, transport.authorization.clone());
        }
        let trace = Trace::new(operation.operation_id, &request);
        let span = trace.span();
        async move {
            let result = self.send_with_retries(request, &trace).await;
            trace.record(&result);
            let response = result?;
            let is_success = is_documented_success(operation.operation_id, response.status());
            Ok(if is_success { response } else { Box::pin(transport.read_failure(response)).await.into_response() })
        }
        .instrument(span)
    }
}

impl Client {
    /// Sends a request, and retries it as configured.
    fn send_with_retries(
        &self,
        mut request: Request,
        trace: &Trace,
    ) -> impl Future<Output = reqwest::Result<Response>> + Send {
        let transport = self.inner();
        // Created on first use.
        let (mut delays, mut pauses) = (None, None);
        let mut end = transport.deadline.and_then(|deadline| Instant::now().checked_add(deadline));
        let method = request.method().clone();
        async move {
            loop {
                if let Some(rate_limiter) = &transport.rate_limiter {
                    match rate_limiter.acquire(end).await {
                        Ok(queued) => end = end.and_then(|end| end.checked_add(queued)),
                        Err(cause) => return Ok(cause.into_response()),
                    }
                }
                let left = || end.map(|end| end.saturating_duration_since(Instant::now()));
                let next = copy_request(&request);
                // The HTTP client applies the timeout of an attempt by default.
                if let Some(left) = left().filter(|left| *left < transport.timeout) {
                    *request.timeout_mut() = Some(left);
                }
                trace.count_attempt();
                let result = self.client().execute(request).await;
                let rate_limiter = transport.rate_limiter.as_ref().filter(|_| is_rate_limited(&result));
                let delay = match rate_limiter {
                    Some(_) => {
                        let pauses = pauses.get_or_insert_with(|| backoff(MAX_RATE_LIMIT_RETRIES));
                        next_delay(&result, pauses, Duration::MAX).map(|delay| delay.max(MIN_PAUSE))
                    }
                    None => {
                        let delays = delays.get_or_insert_with(|| backoff(transport.max_retries));
                        next_delay(&result, delays, transport.retry_after_cap)
                    }
                };
                let Some(delay) = delay.filter(|_| is_safe_to_repeat(&method, &result)) else { return result };
                let Some(next) = next else { return result };
                match (rate_limiter, result) {
                    // The pause applies to all requests of `update_all`, this one included.
                    (Some(rate_limiter), Ok(response)) => {
                        let head = Arc::new(Failure::from_head(&response, &transport.secrets));
                        let until = Instant::now() + delay.min(MAX_PAUSE);
                        let pause = Pause { length: delay, until, cause: head, has_body: false };
                        rate_limiter.pause(pause.clone());
                        let cause = Arc::new(Box::pin(transport.read_failure(response)).await);
                        rate_limiter.pause(Pause { cause, has_body: true, ..pause });
                    }
                    (_, result) if left().is_some_and(|left| delay >= left) => return result,
                    (_, result) => {
                        // Releases the connection during the delay.
                        drop(result);
                        tokio::time::sleep(delay).await;
                    }
                }
                request = next;
            }
        }
    }
}

/// Copies a request, unless its body is a stream. `Request::try_clone` would also allocate extensions that are not set.
fn copy_request(request: &Request) -> Option<Request> {
    let mut copy = Request::new(request.method().clone(), request.url().clone());
    copy.headers_mut().clone_from(request.headers());
    if let Some(body) = request.body() {
        *copy.body_mut() = Some(body.as_bytes()?.to_vec().into());
    }
    Some(copy)
}

fn is_rate_limited(result: &reqwest::Result<Response>) -> bool {
    result.as_ref().is_ok_and(|response| response.status() == StatusCode::TOO_MANY_REQUESTS)
}

/// Returns the delays of an exponential backoff with full jitter, so that many clients do not retry at the same time.
fn backoff(max_retries: u32) -> impl Iterator<Item = Duration> {
    let longest = ExponentialBuilder::new().with_max_times(max_retries as usize).build();
    longest.map(|longest| longest.mul_f64(fastrand::f64()))
}

/// Returns whether the OpenAPI document lists this status as a success of the operation. Another 2xx response may come from a proxy, such
/// as a login page.
fn is_documented_success(operation: &str, status: StatusCode) -> bool {
    let documented = SUCCESSES.iter().filter(|(known, _)| *known == operation).flat_map(|(_, statuses)| *statuses);
    status.is_success() && documented.into_iter().any(|known| *known == status.as_str() || *known == "2XX")
}

/// Returns whether a request is safe to repeat: its method is idempotent (RFC 9110, section 9.2.2), or it was not sent, because no
/// connection was made.
fn is_safe_to_repeat(method: &Method, result: &reqwest::Result<Response>) -> bool {
    let is_idempotent = method.is_idempotent() || (PATCH_IS_IDEMPOTENT && *method == Method::PATCH);
    is_idempotent || result.as_ref().is_err_and(reqwest::Error::is_connect)
}

/// Returns the delay before the next attempt, or `None` if the request must not be retried.
fn next_delay(
    result: &reqwest::Result<Response>,
    delays: &mut impl Iterator<Item = Duration>,
    cap: Duration,
) -> Option<Duration> {
    match result {
        Err(error) if error::is_retryable(error) => delays.next(),
        Ok(response) if error::is_retryable_status(response.status()) => {
            let delay = delays.next()?;
            error::retry_after(response.headers()).map_or(Some(delay), |delay| (delay <= cap).then_some(delay))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_exponentially_with_jitter() {
        let longest: Vec<Duration> = (0..200).fold(vec![Duration::ZERO; 3], |longest, _| {
            let delays: Vec<Duration> = backoff(3).collect();
            assert_eq!(delays.len(), 3);
            assert!((0..3).all(|index| delays[index] < Duration::from_secs(1 << index)), "{delays:?}");
            longest.into_iter().zip(delays).map(|(longest, delay)| longest.max(delay)).collect()
        });
        // Of two hundred random delays, one is close to the maximum.
        assert!((0..3).all(|index| longest[index] > Duration::from_millis(900 << index)), "{longest:?}");
        assert_eq!(backoff(0).count(), 0);
    }

    #[tokio::test]
    async fn only_idempotent_or_unsent_requests_are_repeated() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let unsent = reqwest::Client::new().post(format!("http://{free}")).send().await;
        let responded = || Ok(Response::from(http::Response::new("")));
        for (method, is_idempotent) in [(Method::PUT, true), (Method::PATCH, true), (Method::POST, false)] {
            assert!(is_safe_to_repeat(&method, &unsent), "{method}");
            assert_eq!(is_safe_to_repeat(&method, &responded()), is_idempotent, "{method}");
        }
    }
}
