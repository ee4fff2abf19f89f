//! How requests are sent: with the keys, in good time, and again when that may help.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, Request, Response, StatusCode};

use crate::ext::PATCH_IS_IDEMPOTENT;
use crate::generated::SUCCESSES;
use crate::generated::support::Transport;
use crate::trace::Trace;
use crate::{Client, error};

/// So often a call that is paced is repeated for its pace alone.
const MAX_REFUSALS: u32 = 100;

/// Sends for all generated operations.
impl ClientHooks<Transport> for Client {
    async fn exec(&self, mut request: Request, operation: &OperationInfo) -> reqwest::Result<Response> {
        // Here, not among the HTTP client's own headers: the keys go with requests to the API and with nothing else.
        let path = request.url().as_str().strip_prefix(self.baseurl());
        let is_for_the_api = path.is_some_and(|path| path.starts_with('/'));
        if let Some(authorization) = self.inner().authorization.as_ref().filter(|_| is_for_the_api) {
            request.headers_mut().insert(AUTHORIZATION, authorization.clone());
        }
        let trace = Trace::of(operation.operation_id, &request);
        let response = trace.during(self.attempts(request, &trace)).await?;
        let is_success = is_documented_success(operation.operation_id, response.status());
        Ok(if is_success { response } else { error::with_body_read(response, self.inner().max_error_body).await })
    }
}

impl Client {
    /// Sends a request, the same each time, until there is an answer that counts or no more attempt.
    async fn attempts(&self, request: Request, trace: &Trace) -> reqwest::Result<Response> {
        let transport = self.inner();
        let mut delays = delays(transport.max_retries);
        let mut patience = self::delays(MAX_REFUSALS);
        let mut started = None;
        let mut attempt = request;
        loop {
            if let Some(pace) = &transport.pace {
                pace.turn().await;
            }
            let started = *started.get_or_insert_with(Instant::now);
            let next = attempt.try_clone();
            let left = transport.deadline.map(|deadline| deadline.saturating_sub(started.elapsed()));
            *attempt.timeout_mut() = Some(left.map_or(transport.timeout, |left| left.min(transport.timeout)));
            let result = self.client().execute(attempt).await;
            trace.attempted(&result);
            // Without a connection, nothing can have been processed.
            let unsent = result.as_ref().is_err_and(reqwest::Error::is_connect);
            let next = next.filter(|next| unsent || is_idempotent(next.method()));
            let refusing = transport.pace.as_ref().filter(|_| is_refusal(&result));
            let delays = if refusing.is_some() { &mut patience } else { &mut delays };
            let wait = wait(&result, delays, transport.retry_after_cap);
            if let Some(pace) = refusing {
                pace.hold(wait.unwrap_or(transport.retry_after_cap));
            }
            let in_time = |wait: &Duration| {
                transport.deadline.is_none_or(|deadline| started.elapsed().saturating_add(*wait) < deadline)
            };
            match (next, wait.filter(in_time)) {
                (Some(next), Some(wait)) => {
                    tokio::time::sleep(wait).await;
                    attempt = next;
                }
                _ => return result,
            }
        }
    }
}

/// Whether it is the pace that the API did not like.
fn is_refusal(result: &reqwest::Result<Response>) -> bool {
    result.as_ref().is_ok_and(|response| response.status() == StatusCode::TOO_MANY_REQUESTS)
}

/// Exponential, with full jitter: any wait up to one that doubles, so that many clients do not come back together.
fn delays(max_retries: u32) -> impl Iterator<Item = Duration> {
    let longest = ExponentialBuilder::new().with_max_times(max_retries as usize).build();
    longest.map(|longest| longest.mul_f64(fastrand::f64()))
}

/// Any other success means something that no one knows here: a page of a proxy, perhaps.
fn is_documented_success(operation: &str, status: StatusCode) -> bool {
    let documented = SUCCESSES.iter().filter(|(known, _)| *known == operation).flat_map(|(_, statuses)| *statuses);
    status.is_success() && documented.into_iter().any(|known| *known == status.as_str() || *known == "2XX")
}

/// RFC 9110, section 9.2.2, and what this API says of PATCH.
fn is_idempotent(method: &Method) -> bool {
    method.is_idempotent() || (PATCH_IS_IDEMPOTENT && *method == Method::PATCH)
}

/// How long to wait before the next attempt, if there is to be one.
fn wait(
    result: &reqwest::Result<Response>,
    delays: &mut impl Iterator<Item = Duration>,
    cap: Duration,
) -> Option<Duration> {
    match result {
        Err(error) if error::is_retryable(error) => delays.next(),
        Ok(response) if error::is_retryable_status(response.status()) => {
            let delay = delays.next()?;
            error::retry_after(response.headers()).map_or(Some(delay), |asked| (asked <= cap).then_some(asked))
        }
        _ => None,
    }
}
