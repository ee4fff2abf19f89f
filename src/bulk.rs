//! Many changes at once, paced to what the API allows.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use tokio::task::JoinSet;

use progenitor_client::ClientInfo;

use crate::pace::{Limit, Queue};
use crate::transport::Transport;
use crate::types::builder;
use crate::{Client, Error};

const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// How [`Client::update_all`] goes about it.
///
/// ```
/// use std::time::Duration;
/// use sendcloud_integrations::BulkOptions;
///
/// // An account with a higher limit.
/// let options = BulkOptions::default().limit(500, Duration::from_secs(60)).burst(50).concurrency(32);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct BulkOptions {
    concurrency: usize,
    limit: Option<(u32, Duration)>,
    burst: u32,
    longest_pause: Duration,
}

impl Default for BulkOptions {
    /// Returns 16 calls at once, the limit that Sendcloud publishes, and pauses of up to 10 minutes.
    fn default() -> Self {
        let (changes, per, burst) = crate::ext::PUBLISHED_LIMIT;
        Self { concurrency: 16, limit: Some((changes, per)), burst, longest_pause: LONGEST_PAUSE }
    }
}

impl BulkOptions {
    /// How many calls are under way at once, at least 1: 16 by default.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// How many requests are sent in any such time, repeated ones included, at least 1: by default, the 100 a minute that
    /// Sendcloud allows. In no time at all, any number is.
    ///
    /// It counts for one [`update_all`](Client::update_all): what else an account is used for is not seen.
    pub fn limit(mut self, requests: u32, per: Duration) -> Self {
        self.limit = Some((requests, per));
        self
    }

    /// How many requests are sent in a row after a pause, at least 1 and at most a sixth of the [limit](Self::limit), in which they
    /// count: by default, the 15 that Sendcloud allows in a second. The fewer in a row, the more one by one.
    pub fn burst(mut self, requests: u32) -> Self {
        self.burst = requests;
        self
    }

    /// Sets the longest pause after a 429 response that a run without a [deadline](crate::ClientBuilder::deadline) obeys: 10 minutes by
    /// default. During a longer one, every change that is pending fails at once with the response that asked for it.
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause;
        self
    }

    /// Sends as fast as it goes. If the API answers 429, all calls still wait as long as it asks.
    pub fn no_limit(mut self) -> Self {
        self.limit = None;
        self
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "bulk")))]
impl Client {
    /// Makes many changes, and yields the outcome of each as it comes: its id, and what [`update`](Self::update) returns.
    ///
    /// `changes` is an iterator or a stream of ids and changes, from which no more is taken than is under way. They are sent at the
    /// pace that the options set. An answer with status 429 makes all of them wait as long as it asks, whatever
    /// [`retry_after_cap`](crate::ClientBuilder::retry_after_cap) says, and does not count as one of the attempts that
    /// [`max_retries`](crate::ClientBuilder::max_retries) allows, until it comes a hundred times.
    ///
    /// A [`deadline`](crate::ClientBuilder::deadline) applies to each change. Time in the rate limiter does not count towards it; a
    /// pause after a 429 response does, also for changes that have not been sent. If the pause does not end before the deadline (or
    /// without one, is longer than [`longest_pause`](BulkOptions::longest_pause)), the change fails at once with the response that
    /// asked for the pause: [`Error::retry_after`] returns how long it asked to wait. The order of outcomes is that in
    /// which they come; changes of one integration should not be under way together.
    ///
    /// Each change is made once, or its outcome is an error. After a lost connection nobody knows whether it was made, and it is
    /// made again, which is harmless: a change only sets values. Calls go on while nobody asks for outcomes, and stop when
    /// [`Outcomes`] is dropped.
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
        let transport =
            Transport { pace: Some(Arc::new(Queue::new(limit, options.longest_pause))), ..self.inner().clone() };
        let client = Self::new_with_client(self.baseurl(), self.client().clone(), transport);
        let calls = changes.into_stream().map(move |(id, change)| {
            let (client, change) = (client.clone(), change.into());
            let call_id = id.clone();
            let call = apart(async move { client.update(call_id, change).await });
            async move { (id, call.await) }
        });
        Outcomes(calls.buffer_unordered(options.concurrency).boxed())
    }
}

/// Has a task of its own do it, so that no time-out strikes because nobody polls; when this is dropped, so is that.
async fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await {
        Some(Ok(outcome)) => outcome,
        Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime is shutting down: nobody will ask again.
        _ => std::future::pending().await,
    }
}

/// The outcomes of [`Client::update_all`], as they come: a stream, with [`next`](Self::next) for those without stream utilities.
#[must_use = "nothing is sent until outcomes are asked for"]
pub struct Outcomes<'a, Id>(BoxStream<'a, (Id, Result<(), Error>)>);

impl<Id> Outcomes<'_, Id> {
    /// The next outcome; `None` when there are no more.
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

/// What [`Client::update_all`] takes: every iterator and every stream. `Source` only keeps the two apart.
pub trait Changes<'a, Source> {
    /// An id and a change.
    type Item;

    /// As a stream.
    fn into_stream(self) -> impl Stream<Item = Self::Item> + Send + 'a;
}

/// The source of [`Changes`] that are an iterator.
#[derive(Debug)]
pub enum FromIterator {}

/// The source of [`Changes`] that are a stream.
#[derive(Debug)]
pub enum FromStream {}

impl<'a, I: IntoIterator<IntoIter: Send + 'a>> Changes<'a, FromIterator> for I {
    type Item = I::Item;

    fn into_stream(self) -> impl Stream<Item = I::Item> + Send + 'a {
        stream::iter(self)
    }
}

impl<'a, S: Stream + Send + 'a> Changes<'a, FromStream> for S {
    type Item = S::Item;

    fn into_stream(self) -> impl Stream<Item = S::Item> + Send + 'a {
        self
    }
}
