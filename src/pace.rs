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

use crate::transport::Pace;

/// What an API allows.
#[derive(Debug)]
pub(crate) struct Limit(RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<Instant>>);

impl Limit {
    /// At most so many requests in any such time, and so many in a row; `None` if that is too many to be counted.
    pub(crate) fn new(requests: u32, per: Duration, burst: u32) -> Option<Self> {
        // Longer than any run, and short enough for a clock.
        let per = per.min(Duration::from_secs(u32::MAX.into()));
        // What is sent in a row leaves that much less to be sent one by one: a sixth costs no more than that.
        let burst = burst.min(requests / 6).max(1);
        let one_by_one = per / (requests.max(1) - burst + 1);
        // Nobody wakes up to the millisecond: those who are late by a few catch up.
        let late = Duration::from_millis(3).as_nanos() / one_by_one.as_nanos().max(1);
        let burst = burst.max(u32::try_from(late).unwrap_or(burst));
        let quota = Quota::with_period(one_by_one)?.allow_burst(NonZeroU32::new(burst)?);
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
        let wait = wait.min(Duration::from_secs(u32::MAX.into()));
        *held_until = (Instant::now() + wait).max(*held_until);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// In any such time no more than is allowed, and in the long run not much less.
    #[test]
    fn a_limit_is_kept_and_used() {
        for (requests, seconds, burst) in
            [(100, 60, 15), (10, 1, 15), (20, 1, 15), (500, 1, 500), (500, 1, 1), (1, 60, 15), (300, 1, 50)]
        {
            let per = Duration::from_secs(seconds);
            let limit = Limit::new(requests, per, burst).unwrap();
            let in_a_row = (0..).take_while(|_| limit.0.check().is_ok()).count();
            let wait = limit.0.check().unwrap_err().quota().replenish_interval();
            let most = in_a_row as f64 + (per.as_secs_f64() / wait.as_secs_f64()).floor() - 1.0;
            assert!(most <= f64::from(requests) * 1.02 + 1.0, "{requests} in {seconds} s: {most}");
            assert!(per.as_secs_f64() / wait.as_secs_f64() > f64::from(requests) * 0.8, "{requests} in {seconds} s");
        }
    }

    #[test]
    fn no_limit_is_too_large() {
        for per in [Duration::MAX, Duration::from_secs(10_000 * 365 * 86_400)] {
            for (requests, burst) in [(1, 1), (2_000, 1_900), (u32::MAX, u32::MAX), (0, 0)] {
                if let Some(limit) = Limit::new(requests, per, burst) {
                    assert!(limit.0.check().is_ok());
                }
            }
        }
        assert!(Limit::new(1, Duration::ZERO, 1).is_none());
    }
}
