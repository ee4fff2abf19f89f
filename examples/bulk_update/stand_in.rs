//! A server that stands in for the API, limits included.

use std::io;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::server::{Answer, Server};

const BURST: f64 = 15.0;
const A_SECOND: f64 = 100.0 / 60.0;

pub struct StandIn(Server);

impl StandIn {
    pub async fn start() -> io::Result<Self> {
        let bucket = Mutex::new(Bucket { left: BURST, at: Instant::now() });
        let answer = move |_: &_| match bucket.lock().ok().and_then(|mut bucket| bucket.take().err()) {
            None => Answer::status(204),
            Some(wait) => Answer::status(429).with("retry-after", wait.as_secs().saturating_add(1).to_string()),
        };
        Ok(Self(Server::start(answer).await?))
    }

    pub fn base_url(&self) -> String {
        self.0.base_url()
    }
}

/// Requests that may come now; so many more each second.
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    /// Takes one, or says how long to wait for it.
    fn take(&mut self) -> Result<(), Duration> {
        let now = Instant::now();
        let more = now.duration_since(self.at).as_secs_f64() * A_SECOND;
        (self.left, self.at) = ((self.left + more).min(BURST), now);
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / A_SECOND));
        }
        self.left -= 1.0;
        Ok(())
    }
}

/// So that there is something to see.
pub fn made_up_changes() -> String {
    let change = |id| format!(r#"{{"id": {id}, "change": {{"webhook_url": "https://mywebshop.com/feedback/{id}"}}}}"#);
    (1..=30).map(change).collect::<Vec<_>>().join("\n")
}
