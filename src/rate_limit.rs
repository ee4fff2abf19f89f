//! Rate limiting of bulk changes.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use governor::Quota;
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use tokio::sync::watch;

use crate::response::Failure;
use crate::transport::{Pause, RateLimiter};

/// The rate limit of an API (GCRA).
#[derive(Debug)]
pub(crate) struct Limit(governor::RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<Instant>>);

impl Limit {
    /// Creates a limit of `requests` in any period of length `per`, of which `burst` may be sent at once. Returns `None` if the interval
    /// between requests rounds to zero.
    pub(crate) fn new(requests: u32, per: Duration, burst: u32) -> Option<Self> {
        // More than a hundred years, which the clock can represent.
        let per = per.min(Duration::from_secs(u32::MAX.into()));
        // A burst counts towards the limit, so it lowers the steady rate: by at most a sixth.
        let burst = burst.min(requests / 6).max(1);
        let interval = per / (requests.max(1) - burst + 1);
        // Timers fire up to 3 ms late; a small burst allowance makes up for it.
        let late = Duration::from_millis(3).as_nanos() / interval.as_nanos().max(1);
        let burst = burst.max(u32::try_from(late).unwrap_or(burst));
        let quota = Quota::with_period(interval)?.allow_burst(NonZeroU32::new(burst)?);
        Some(Self(governor::RateLimiter::direct_with_clock(quota, MonotonicClock)))
    }
}

/// The rate limiter of one call of `update_all`: a limit, and pauses that apply to all of its requests.
#[derive(Debug)]
pub(crate) struct BulkRateLimiter {
    limit: Option<Limit>,
    max_pause: Duration,
    pause: watch::Sender<Option<Pause>>,
    /// Held while waiting for the limit, so that requests pass it in order of arrival.
    turn: tokio::sync::Mutex<()>,
}

impl BulkRateLimiter {
    pub(crate) fn new(limit: Option<Limit>, max_pause: Duration) -> Self {
        Self { limit, max_pause, pause: watch::Sender::new(None), turn: tokio::sync::Mutex::new(()) }
    }

    /// Waits for the limit.
    async fn wait_for_limit(&self) {
        let _turn = self.turn.lock().await;
        let next = |limit: &Limit| Some(limit.0.check().err()?.wait_time_from(MonotonicClock.now()));
        while let Some(delay) = self.limit.as_ref().and_then(next) {
            tokio::time::sleep(delay).await;
        }
    }
}

impl RateLimiter for BulkRateLimiter {
    fn acquire(&self, end: Option<Instant>) -> Pin<Box<dyn Future<Output = Result<Duration, Failure>> + Send + '_>> {
        Box::pin(async move {
            let mut pauses = self.pause.subscribe();
            let mut queued = Duration::ZERO;
            loop {
                let pause = pauses.borrow_and_update().clone();
                let now = Instant::now();
                let left = end.and_then(|end| Some(end.checked_add(queued)?.saturating_duration_since(now)));
                let rest = pause.as_ref().map_or(Duration::ZERO, |pause| pause.until.saturating_duration_since(now));
                if let Some(pause) = pause {
                    let fits = left.map_or(pause.length <= self.max_pause, |left| rest < left);
                    let is_over = left.is_some_and(|left| left.is_zero());
                    if is_over || (!rest.is_zero() && !fits && pause.has_body) {
                        return Err((*pause.cause).clone());
                    }
                }
                // Both branches end early when the pause changes.
                if rest.is_zero() {
                    let is_next =
                        matches!(select(pin!(pauses.changed()), pin!(self.wait_for_limit())).await, Either::Right(_));
                    queued += now.elapsed();
                    if is_next {
                        return Ok(queued);
                    }
                } else {
                    let _ = tokio::time::timeout(left.unwrap_or(rest).min(rest), pauses.changed()).await;
                }
            }
        })
    }

    fn pause(&self, pause: Pause) {
        self.pause.send_if_modified(|current| {
            let is_later = current.as_ref().is_none_or(|current| current.until <= pause.until);
            if is_later {
                *current = Some(pause);
            }
            is_later
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// In any period, the number of requests exceeds the limit by at most 2 % + 1. The steady rate is more than 80 % of the limit.
    #[test]
    fn the_rate_stays_close_to_the_limit() {
        for (requests, seconds, burst) in
            [(100, 60, 14), (10, 1, 15), (20, 1, 15), (500, 1, 500), (500, 1, 1), (1, 60, 15), (300, 1, 50)]
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
    fn extreme_limits_do_not_overflow() {
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
