//! When the next request of a bulk run may go out.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use crate::generated::support::Pace;

/// What an API allows.
#[derive(Debug)]
pub(crate) struct Limit(RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<Instant>>);

impl Limit {
    /// At most so many requests in any such time, and so many in a row; `None` if that is too many to be counted.
    pub(crate) fn new(requests: u32, per: Duration, burst: u32) -> Option<Self> {
        let burst = NonZeroU32::new(burst.min(requests)).unwrap_or(NonZeroU32::MIN);
        // What is sent in a row leaves that much less to be sent one by one.
        let one_by_one = requests.max(1) - burst.get() + 1;
        let quota = Quota::with_period(per / one_by_one)?.allow_burst(burst);
        Some(Self(RateLimiter::direct_with_clock(quota, MonotonicClock)))
    }
}

/// Those who want to send a request, one after the other: first the limit, then whoever waits longest.
#[derive(Debug)]
pub(crate) struct Queue {
    limit: Option<Limit>,
    held_until: Mutex<Instant>,
    first: tokio::sync::Mutex<()>,
}

impl Queue {
    pub(crate) fn new(limit: Option<Limit>) -> Self {
        Self { limit, held_until: Mutex::new(Instant::now()), first: tokio::sync::Mutex::new(()) }
    }

    /// How long the first one has to wait still; `None` once it may go.
    fn wait(&self) -> Option<Duration> {
        let now = Instant::now();
        let held_until = *self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        if held_until > now {
            return Some(held_until - now);
        }
        let not_until = self.limit.as_ref()?.0.check().err()?;
        Some(not_until.wait_time_from(MonotonicClock.now()))
    }
}

impl Pace for Queue {
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            let _first = self.first.lock().await;
            while let Some(wait) = self.wait() {
                tokio::time::sleep(wait).await;
            }
        })
    }

    fn hold(&self, wait: Duration) {
        let mut held_until = self.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        *held_until = Instant::now().checked_add(wait).map_or(*held_until, |until| until.max(*held_until));
    }
}
