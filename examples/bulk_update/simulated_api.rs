//! A local server that accepts all changes within the rate limit of the API.

use std::io;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::server::{Response, Server};

const BURST: f64 = 15.0;
const REQUESTS_PER_SECOND: f64 = 100.0 / 60.0;

pub struct SimulatedApi(Server);

impl SimulatedApi {
    pub async fn start() -> io::Result<Self> {
        let bucket = Mutex::new(Bucket { tokens: BURST, updated: Instant::now() });
        let respond = move |_: &_| match bucket.lock().ok().and_then(|mut bucket| bucket.take().err()) {
            None => Response::status(204),
            Some(delay) => Response::status(429).header("retry-after", delay.as_secs().saturating_add(1).to_string()),
        };
        Ok(Self(Server::start(respond).await?))
    }

    pub fn base_url(&self) -> String {
        self.0.base_url()
    }
}

/// A token bucket.
struct Bucket {
    tokens: f64,
    updated: Instant,
}

impl Bucket {
    /// Takes a token, or returns the time until the next one.
    fn take(&mut self) -> Result<(), Duration> {
        let now = Instant::now();
        let added = now.duration_since(self.updated).as_secs_f64() * REQUESTS_PER_SECOND;
        (self.tokens, self.updated) = ((self.tokens + added).min(BURST), now);
        if self.tokens < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.tokens) / REQUESTS_PER_SECOND));
        }
        self.tokens -= 1.0;
        Ok(())
    }
}

/// Returns changes for a demonstration, one per line.
pub fn sample_changes() -> String {
    let change = |id| format!(r#"{{"id": {id}, "change": {{"webhook_url": "https://mywebshop.com/feedback/{id}"}}}}"#);
    (1..=30).map(change).collect::<Vec<_>>().join("\n")
}
