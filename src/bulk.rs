//! Bulk changes: many changes, sent concurrently within the API's rate limit.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use tokio::task::JoinSet;
use tracing::Instrument;

use progenitor_client::ClientInfo;

use crate::rate_limit::{BulkRateLimiter, Limit};
use crate::transport::Transport;
use crate::types::builder;
use crate::{Client, Error};

const DEFAULT_MAX_PAUSE: Duration = Duration::from_secs(10 * 60);

/// Concurrency and rate limit of [`Client::update_all`].
///
/// ```
/// use std::time::Duration;
/// use sendcloud_integrations::BulkOptions;
///
/// // For an account with a higher rate limit.
/// let options = BulkOptions::default().limit(500, Duration::from_secs(60)).burst(50).concurrency(32);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct BulkOptions {
    concurrency: usize,
    limit: Option<(u32, Duration)>,
    burst: u32,
    max_pause: Duration,
}

impl Default for BulkOptions {
    /// Returns options with 16 concurrent calls, Sendcloud's published rate limit, and pauses of up to 10 minutes.
    fn default() -> Self {
        let (changes, per, burst) = crate::ext::PUBLISHED_LIMIT;
        Self { concurrency: 16, limit: Some((changes, per)), burst, max_pause: DEFAULT_MAX_PAUSE }
    }
}

impl BulkOptions {
    /// Sets the number of concurrent calls. The default is 16; 0 is treated as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Sets the maximum number of requests in any period of length `per`, retries included. The default is Sendcloud's limit, 100
    /// per minute. 0 requests are treated as 1; if `per` is zero, there is no limit.
    ///
    /// The limit applies to one run of [`update_all`](Client::update_all). Other requests of the same account are not counted.
    pub fn limit(mut self, requests: u32, per: Duration) -> Self {
        self.limit = Some((requests, per));
        self
    }

    /// Sets how many requests may be sent without delay at the start. Later requests follow at equal intervals. The default is 14: with the
    /// default limit, the next request follows after 0.69 seconds, which makes 15 in the first second, the most that Sendcloud allows.
    ///
    /// Values are clamped to the range from 1 to a sixth of the number of requests set with [`limit`](Self::limit). A burst counts
    /// towards the limit, so a larger burst lowers the rate of the other requests.
    pub fn burst(mut self, requests: u32) -> Self {
        self.burst = requests;
        self
    }

    /// Sets the longest pause that calls wait for after a 429 response. The default is 10 minutes. If a response asks for a longer pause,
    /// calls do not wait: each call that would start during the pause fails with that 429 response. Usually, these are all remaining
    /// changes of the run: send them again later.
    ///
    /// This setting is ignored if the client has a [deadline](crate::ClientBuilder::deadline), which limits pauses instead.
    pub fn max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    /// Removes the rate limit. A 429 response still pauses all requests.
    pub fn no_limit(mut self) -> Self {
        self.limit = None;
        self
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "bulk")))]
impl Client {
    /// Sends many changes concurrently, and yields each id with the outcome of its [`update`](Self::update).
    ///
    /// `changes` is an iterator or a stream of ids and changes. It is consumed lazily. Include at most one change for each integration:
    /// changes are sent concurrently, so two could be applied in either order. Outcomes are yielded in the order of completion.
    ///
    /// New calls are started only when the returned stream is polled, which requires a Tokio runtime. Started calls continue in tasks
    /// while the stream is not polled. Dropping [`Outcomes`] aborts all calls; requests that were
    /// already sent may still take effect.
    ///
    /// A 429 response pauses all calls for its `Retry-After`, or for a backoff if it has none, regardless of
    /// [`retry_after_cap`](crate::ClientBuilder::retry_after_cap). Retries after 429 responses do not count towards
    /// [`max_retries`](crate::ClientBuilder::max_retries); a change fails after 100 of them.
    ///
    /// A [`deadline`](crate::ClientBuilder::deadline) applies to each change, from the start of its call. Time spent in the rate limiter
    /// does not count towards the deadline. Pauses after 429 responses count, even if another call received the 429 response. If a pause
    /// would exceed the deadline (or [`max_pause`](BulkOptions::max_pause), if there is no deadline), the change fails immediately with the
    /// 429 response, and [`Error::retry_after`] returns the `Retry-After` of that response, if it has one.
    ///
    /// ```
    /// # async fn example(client: sendcloud_integrations::Client) {
    /// use sendcloud_integrations::{BulkOptions, types::IntegrationModel};
    ///
    /// let changes = [12345, 23456, 34567]
    ///     .map(|id| (id, IntegrationModel::builder().enable_webhook(format!("https://mywebshop.com/feedback/{id}"))));
    /// let mut outcomes = client.update_all(changes, BulkOptions::default());
    /// while let Some((id, outcome)) = outcomes.next().await {
    ///     match outcome {
    ///         Ok(()) => println!("{id}: changed"),
    ///         Err(error) => println!("{id}: {error}"),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn update_all<'a, Id, Change, Source>(
        &self,
        changes: impl Changes<'a, Source, Item = (Id, Change)>,
        options: BulkOptions,
    ) -> Outcomes<'a, Id>
    where
        Id: TryInto<u64> + Clone + Send + 'static,
        Change: Into<builder::IntegrationModel> + 'a,
    {
        let limit = options.limit.and_then(|(requests, per)| Limit::new(requests, per, options.burst));
        let transport = Transport {
            rate_limiter: Some(Arc::new(BulkRateLimiter::new(limit, options.max_pause))),
            ..self.inner().clone()
        };
        let client = Self::new_with_client(self.baseurl(), self.client().clone(), transport);
        let calls = changes.into_stream().map(move |(id, change)| {
            let (client, change) = (client.clone(), change.into());
            let call_id = id.clone();
            let call = spawn(async move { client.update(call_id, change).await });
            async move { (id, call.await) }
        });
        Outcomes(calls.buffer_unordered(options.concurrency).boxed())
    }
}

/// Runs a future in its own task, so that timeouts are not missed while the caller does not poll. Dropping this aborts the task.
async fn spawn<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let mut task = JoinSet::new();
    task.spawn(future.in_current_span());
    match task.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is shutting down and will not poll this again.
        _ => std::future::pending().await,
    }
}

/// Stream of the outcomes of [`Client::update_all`], in order of completion. [`next`](Self::next) can be called without importing
/// `StreamExt`.
#[must_use = "nothing is sent until an outcome is awaited"]
pub struct Outcomes<'a, Id>(BoxStream<'a, (Id, Result<(), Error>)>);

impl<Id> Outcomes<'_, Id> {
    /// Returns the next id and its outcome, or `None` after the last one.
    pub async fn next(&mut self) -> Option<(Id, Result<(), Error>)> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<Id> Stream for Outcomes<'_, Id> {
    type Item = (Id, Result<(), Error>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<Id> fmt::Debug for Outcomes<'_, Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes").finish_non_exhaustive()
    }
}

/// The changes that [`Client::update_all`] accepts: any iterator or stream. `Source` is inferred; it only keeps the two implementations
/// from overlapping.
pub trait Changes<'a, Source> {
    /// An id and a change.
    type Item;

    /// Converts the changes to a stream.
    fn into_stream(self) -> impl Stream<Item = Self::Item> + Send + 'a;
}

/// Marker for changes from an iterator.
#[derive(Debug)]
pub enum IteratorSource {}

/// Marker for changes from a stream.
#[derive(Debug)]
pub enum StreamSource {}

impl<'a, I: IntoIterator<IntoIter: Send + 'a>> Changes<'a, IteratorSource> for I {
    type Item = I::Item;

    fn into_stream(self) -> impl Stream<Item = I::Item> + Send + 'a {
        stream::iter(self)
    }
}

impl<'a, S: Stream + Send + 'a> Changes<'a, StreamSource> for S {
    type Item = S::Item;

    fn into_stream(self) -> impl Stream<Item = S::Item> + Send + 'a {
        self
    }
}
