//! What is told of a call while it runs: one span, behind the feature `tracing`. Without it, nothing is done here.
//!
//! The span holds the operation, the path, the id in it, the number of attempts, the status or error that the caller gets, and
//! the time; nothing of headers or bodies.

use std::future::Future;

use reqwest::{Request, Response};

/// A call.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    started: std::time::Instant,
    #[cfg(feature = "tracing")]
    attempts: std::sync::atomic::AtomicU32,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn of(operation: &str, request: &Request) -> Self {
        use tracing::field::Empty;
        let path = request.url().path();
        let span = tracing::info_span!(
            "call",
            operation,
            path,
            id = path.split('/').find_map(|segment| segment.parse::<u64>().ok()),
            attempts = Empty,
            status = Empty,
            error = Empty,
            milliseconds = Empty,
        );
        Self { span, started: std::time::Instant::now(), attempts: 0.into() }
    }

    /// The span is entered whenever the call is worked on.
    pub(crate) async fn during(
        &self,
        call: impl Future<Output = reqwest::Result<Response>>,
    ) -> reqwest::Result<Response> {
        use tracing::Instrument;
        let result = call.instrument(self.span.clone()).await;
        match &result {
            Ok(response) => self.span.record("status", response.status().as_u16()),
            Err(error) => self.span.record("error", crate::error::with_cause(error)),
        };
        result
    }

    pub(crate) fn attempt(&self) {
        let attempts = self.attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        self.span.record("attempts", attempts);
    }
}

/// However the call ends: a caller may give it up.
#[cfg(feature = "tracing")]
impl Drop for Trace {
    fn drop(&mut self) {
        self.span.record("milliseconds", self.started.elapsed().as_secs_f64() * 1000.0);
    }
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub(crate) fn of(_: &str, _: &Request) -> Self {
        Self {}
    }

    pub(crate) fn during(
        &self,
        call: impl Future<Output = reqwest::Result<Response>>,
    ) -> impl Future<Output = reqwest::Result<Response>> {
        call
    }

    #[allow(clippy::unused_self)]
    pub(crate) fn attempt(&self) {}
}
