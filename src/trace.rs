//! Tracing spans (feature `tracing`).
//!
//! Each call has a span with the operation, the path, the id, the number of attempts, the final status or error, and the duration.
//! Headers and bodies are not recorded.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use reqwest::{Request, Response};
use tracing::field::Empty;
use tracing::{Span, info_span};

/// The span of a call.
pub(crate) struct Trace {
    /// Disabled without the feature.
    span: Span,
    /// `None` if the span is disabled.
    started: Option<Instant>,
    attempts: AtomicU32,
}

impl Trace {
    pub(crate) fn new(operation: &str, request: &Request) -> Self {
        let path = request.url().path();
        let span = if cfg!(feature = "tracing") {
            let id = path.rsplit('/').find_map(|segment| segment.parse::<u64>().ok());
            // Recorded during the call.
            let (attempts, status, error, milliseconds) = (Empty, Empty, Empty, Empty);
            info_span!("call", operation, path, id, attempts, status, error, milliseconds)
        } else {
            Span::none()
        };
        let started = (!span.is_disabled()).then(Instant::now);
        Self { span, started, attempts: AtomicU32::new(0) }
    }

    /// Returns the span.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Records the outcome.
    pub(crate) fn record(&self, result: &reqwest::Result<Response>) {
        match result {
            Ok(response) => self.span.record("status", response.status().as_u16()),
            Err(error) => self.span.record("error", crate::error::with_cause(error)),
        };
    }

    /// Counts an attempt.
    pub(crate) fn count_attempt(&self) {
        self.span.record("attempts", self.attempts.fetch_add(1, Ordering::Relaxed) + 1);
    }
}

/// Records the duration, also if the caller drops the call.
impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(started) = self.started {
            self.span.record("milliseconds", started.elapsed().as_secs_f64() * 1000.0);
        }
    }
}
