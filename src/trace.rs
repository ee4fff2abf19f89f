//! One span for each call, with the feature `tracing`.
//!
//! The span holds the operation, the path, the id in it, the number of attempts, the status or error that the caller gets, and
//! the time; nothing of headers or bodies.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use reqwest::{Request, Response};
use tracing::field::Empty;
use tracing::{Span, info_span};

/// A call.
pub(crate) struct Trace {
    /// Without the feature, one that records nothing.
    span: Span,
    /// `None` if nothing is recorded.
    started: Option<Instant>,
    attempts: AtomicU32,
}

impl Trace {
    pub(crate) fn of(operation: &str, request: &Request) -> Self {
        let path = request.url().path();
        let span = if cfg!(feature = "tracing") {
            let id = path.split('/').find_map(|segment| segment.parse::<u64>().ok());
            // Recorded later.
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
    pub(crate) fn attempt(&self) {
        self.span.record("attempts", self.attempts.fetch_add(1, Ordering::Relaxed) + 1);
    }
}

/// However the call ends: a caller may drop it.
impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(started) = self.started {
            self.span.record("milliseconds", started.elapsed().as_secs_f64() * 1000.0);
        }
    }
}
