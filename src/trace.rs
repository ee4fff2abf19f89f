//! What is told of a call while it runs: one span, behind the feature `tracing`. Without it, nothing is done here.
//!
//! The span holds the operation, the path (with the ids in it), the number of attempts, the last status and the time; nothing of
//! headers or bodies.

use std::future::Future;

use reqwest::{Request, Response};

/// A call.
pub(crate) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
    #[cfg(feature = "tracing")]
    attempts: std::sync::atomic::AtomicU32,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(crate) fn of(operation: &str, request: &Request) -> Self {
        use tracing::field::Empty;
        let span = tracing::info_span!(
            "call",
            operation,
            path = request.url().path(),
            attempts = Empty,
            status = Empty,
            error = Empty,
            milliseconds = Empty,
        );
        Self { span, attempts: 0.into() }
    }

    /// The span is entered whenever the call is worked on.
    pub(crate) async fn during<T>(&self, call: impl Future<Output = T>) -> T {
        use tracing::Instrument;
        let started = std::time::Instant::now();
        let result = call.instrument(self.span.clone()).await;
        self.span.record("milliseconds", started.elapsed().as_secs_f64() * 1000.0);
        result
    }

    pub(crate) fn attempted(&self, result: &reqwest::Result<Response>) {
        let attempts = self.attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        self.span.record("attempts", attempts);
        match result {
            Ok(response) => self.span.record("status", response.status().as_u16()),
            Err(error) => self.span.record("error", crate::error::with_cause(error)),
        };
    }
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub(crate) fn of(_: &str, _: &Request) -> Self {
        Self {}
    }

    pub(crate) fn during<T>(&self, call: impl Future<Output = T>) -> impl Future<Output = T> {
        call
    }

    #[allow(clippy::unused_self)]
    pub(crate) fn attempted(&self, _: &reqwest::Result<Response>) {}
}
