//! Async client (Tokio, reqwest) for one operation of [Sendcloud](https://www.sendcloud.com)'s Integrations API v3.
//! [`PATCH /integrations/{id}`](https://sendcloud.dev/api/v3/integrations/update-certain-parts-of-an-integration) updates the settings of
//! an integration (the connection of a shop to Sendcloud): shop name and URL, service points, webhook, and feedback about the status of
//! parcels. Other operations are not covered;
//! [`GET /integrations`](https://sendcloud.dev/api/v3/integrations/retrieve-a-list-of-integrations) returns the ids.
//!
//! The operation and its types are generated from Sendcloud's OpenAPI document. This crate is not affiliated with Sendcloud.
//!
//! ```no_run
//! use sendcloud_integrations::{Client, Error, types::IntegrationModel};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     let client = Client::builder().credentials("public key", "secret key").build()?;
//!     let change = IntegrationModel::builder()
//!         .shop_name("My Webshop")
//!         .enable_webhook("https://mywebshop.com/feedback");
//!     client.update(12345, change).await
//! }
//! ```
//!
//! # Partial updates
//!
//! [`Client::update`] takes the id of an integration and a change: the properties to update. Properties that the change does not
//! contain are left unchanged. Only `webhook_url` can also be set to `null`:
//!
//! | property | setter | request body |
//! |---|---|---|
//! | left unchanged | none | `{}` |
//! | set to `null` | `webhook_url_null()` | `{"webhook_url": null}` |
//! | set to a value | `webhook_url("https://…")` | `{"webhook_url": "https://…"}` |
//!
//! Each property also has a setter with the prefix `maybe_`, which takes an [`Option`] and does nothing for `None`:
//!
//! ```
//! use sendcloud_integrations::types::IntegrationModel;
//!
//! fn change(name: Option<String>, url: Option<String>) -> Result<IntegrationModel, sendcloud_integrations::Violations> {
//!     IntegrationModel::builder().maybe_shop_name(name).maybe_webhook_url(url).build()
//! }
//! # assert_eq!(serde_json::to_value(change(Some("A".into()), None)?).unwrap(), serde_json::json!({"shop_name": "A"}));
//! # Ok::<(), sendcloud_integrations::Violations>(())
//! ```
//!
//! Further methods of the [builder](types::builder::IntegrationModel) set properties that belong together. For a webhook:
//!
//! | to | call | sets |
//! |---|---|---|
//! | change the URL only | `webhook_url("https://…")` | `webhook_url` |
//! | enable the webhook | `enable_webhook("https://…")` | `webhook_active: true`, `webhook_url` |
//! | disable it and leave the URL unchanged | `disable_webhook()` | `webhook_active: false` |
//! | disable it and remove the URL | `clear_webhook()` | `webhook_active: false`, `webhook_url: null` |
//!
//! [`IntegrationModel`](types::IntegrationModel) implements serde's `Serialize` and `Deserialize`, and `schemars::JsonSchema`.
//!
//! # Configuration
//!
//! [`Client::from_env`] reads the keys from `SENDCLOUD_PUBLIC_KEY` and `SENDCLOUD_SECRET_KEY`, and an optional base URL from
//! `SENDCLOUD_BASE_URL`. [`ClientBuilder`] sets the same values in code, and these limits:
//!
//! | setting | limits | default |
//! |---|---|---|
//! | [`timeout`](ClientBuilder::timeout) | one attempt | 30 seconds |
//! | [`connect_timeout`](ClientBuilder::connect_timeout) | connecting, in each attempt | 10 seconds |
//! | [`deadline`](ClientBuilder::deadline) | a call, including all attempts and delays | none |
//! | [`max_retries`](ClientBuilder::max_retries) | retries of a call | 3 |
//! | [`retry_after_cap`](ClientBuilder::retry_after_cap) | longest `Retry-After` that is waited for; after a longer one, the call is not retried | 60 seconds |
//! | [`max_error_body`](ClientBuilder::max_error_body) | bytes read from an error body | 1 MiB |
//!
//! [`configure_http`](ClientBuilder::configure_http) gives access to the underlying [`reqwest::ClientBuilder`], for example
//! to set a proxy or to trust a private certificate authority.
//!
//! # Validation
//!
//! A request is validated before it is sent. All violations are reported at once, each with a JSON pointer (RFC 6901):
//!
//! ```
//! use sendcloud_integrations::types::IntegrationModel;
//!
//! let change = IntegrationModel::builder().shop_name("").webhook_active(true);
//! let violations = change.validate().unwrap_err();
//! assert_eq!(violations[0].to_string(), "/shop_name: must be a string of 1 to 250 characters");
//! assert_eq!(violations[1].to_string(), "/webhook_url: is required if `webhook_active` is true");
//! ```
//!
//! Deserializing an `IntegrationModel` is strict: it rejects unknown properties, and stops at the first violation. Responses are
//! deserialized tolerantly: unknown properties are ignored, and error codes that the OpenAPI document does not list are kept as
//! [`ErrorObjectCode::Unlisted`](types::ErrorObjectCode::Unlisted).
//!
//! # Errors
//!
//! [`Client::update`] returns an [`Error`], and outcomes of [`Client::update_all`] contain one. Its methods help to decide how to react.
//! With `?`, [`Violations`] and the errors of the request builders in [`operations`] convert to it.
//!
//! ```
//! use sendcloud_integrations::Error;
//! use sendcloud_integrations::types::ErrorObjectCode;
//!
//! fn report(error: &Error) -> String {
//!     if !error.violations().is_empty() {
//!         return format!("fix the change: {error}");
//!     }
//!     if error.errors().iter().any(|error| error.code == Some(ErrorObjectCode::NotFound)) {
//!         return "the integration does not exist".to_owned();
//!     }
//!     match error.retry_after() {
//!         Some(delay) => format!("retry in {} seconds", delay.as_secs()),
//!         None if error.is_retryable() => "retry later".to_owned(),
//!         None => error.to_string(),
//!     }
//! }
//! ```
//!
//! # Retries
//!
//! A call is retried if the connection failed or was lost (except for TLS errors; see [`Error::is_retryable`]), if the attempt timed
//! out, or if the response has status 408, 429, 502, 503 or 504. Delays between attempts grow exponentially, with full jitter.
//! `Retry-After` replaces the random delay; if it is longer than [`retry_after_cap`](ClientBuilder::retry_after_cap), the call is not
//! retried. The cap does not apply to 429 responses in [`update_all`](Client::update_all). A PATCH request to this API does nothing but set
//! values, so it is safe to repeat it.
//!
//! # Security
//!
//! Redirects are not followed. Credentials are sent to the base URL only, over https or to a loopback address. Logs and the client's
//! `Debug` do not contain them. If the headers or the body of a response contain the encoded credentials or the secret key, an [`Error`]
//! shows `[redacted]` in their place. Secret keys of fewer than 8 bytes are not redacted.
//!
//! # Bulk changes
//!
//! With the feature `bulk`, [`Client::update_all`] takes an iterator or a stream of changes. It sends them concurrently
//! within Sendcloud's rate limit (100 requests per minute, at most 15 in one second) and yields the outcome of each
//! change with its id:
//!
//! ```
//! # #[cfg(feature = "bulk")]
//! # async fn example(client: sendcloud_integrations::Client, ids: Vec<u64>) {
//! use sendcloud_integrations::{BulkOptions, types::IntegrationModel};
//!
//! let change = IntegrationModel::builder().enable_webhook("https://mywebshop.com/feedback");
//! let changes = ids.into_iter().map(|id| (id, change.clone()));
//! let mut outcomes = client.update_all(changes, BulkOptions::default());
//! while let Some((id, outcome)) = outcomes.next().await {
//!     println!("{id}: {outcome:?}");
//! }
//! # }
//! ```
//!
//! # Testing
//!
//! With the feature `mock`, the module [`mock`] adds a method for each operation to httpmock's `MockServer`. The closure that you pass to
//! the method has two arguments: a typed `when`, which matches requests, and a typed `then`, which has a method for each documented
//! response. For example, to mock an integration that does not exist:
//!
//! ```
//! # #[cfg(feature = "mock")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sendcloud_integrations::mock::{MockServerExt, httpmock::MockServer};
//! use sendcloud_integrations::types::{ErrorObjectCode, Errors, IntegrationModel};
//! use sendcloud_integrations::Client;
//!
//! let server = MockServer::start_async().await;
//! let body: Errors = serde_json::from_str(r#"{"errors": [{"code": "not_found"}]}"#)?;
//! server.update_integration(|when, then| {
//!     when.id(12345);
//!     then.not_found(&body);
//! });
//!
//! let client = Client::builder().credentials("public", "secret").base_url(server.url("/api/v3")).build()?;
//! let error = client.update(12345, IntegrationModel::builder().shop_name("My Webshop")).await.unwrap_err();
//! assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::NotFound));
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "mock"))]
//! # fn main() {}
//! ```
//!
//! [`mock::error`] creates an [`Error`] without a server, for a test double of your own trait.
//!
//! # Tracing
//!
//! With the feature `tracing`, each call that passes validation is recorded as a span named `call` with the fields `operation`, `path`,
//! `id`, `attempts`, `status`, `error` and `milliseconds` (of all attempts and delays). Headers and bodies are not recorded. The span has
//! the level `INFO` and no events: to print it with tracing-subscriber's `fmt`, call `.with_span_events(FmtSpan::CLOSE)`.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `rustls` | yes | TLS with aws-lc-rs and the certificates that the system trusts |
//! | `rustls-ring` | no | TLS with ring, which builds faster; disable the default features, since `rustls` takes precedence |
//! | `bulk` | no | [`Client::update_all`] |
//! | `mock` | no | the module [`mock`], for tests |
//! | `tracing` | no | a [tracing](https://docs.rs/tracing) span for each call |
//!
//! Without either TLS feature, [`ClientBuilder::build`] rejects https URLs.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Some links lead to items of optional features.
#![cfg_attr(not(all(feature = "bulk", feature = "mock")), allow(rustdoc::broken_intra_doc_links))]

/// The README, whose snippets use these features, as documentation tests.
#[cfg(all(doctest, feature = "bulk", feature = "mock"))]
#[doc = include_str!("../README.md")]
struct Readme;

// rustdoc shows the methods of `Client` in the order of these modules.
mod client;

mod ext;

#[cfg(feature = "bulk")]
mod bulk;
mod error;
#[cfg(feature = "bulk")]
mod rate_limit;
mod redact;
mod response;
mod trace;
mod transport;

// The documentation of generated items comes from Sendcloud's OpenAPI document, links and wording included.
#[allow(missing_docs, rustdoc::all, clippy::all, clippy::unwrap_used, clippy::expect_used)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// A mock of the API for your tests (feature `mock`).
///
/// [`MockServerExt`](mock::MockServerExt) adds a method for each operation to [`httpmock::MockServer`](mock::httpmock::MockServer).
/// Each method takes a closure with two arguments: `when` matches requests, `then` defines the response. Both have typed methods for
/// what the OpenAPI document defines; `into_inner` returns httpmock's own types for everything else, such as an undocumented status.
/// A mock matches regardless of the path in the client's base URL.
///
/// httpmock returns 404 for a request that no mock matches, which looks like an error of the API; assert that the mock was called.
///
/// ```
/// use sendcloud_integrations::mock::{MockServerExt, httpmock::MockServer};
/// use sendcloud_integrations::{Client, types::IntegrationModel};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sendcloud_integrations::Error> {
/// let server = MockServer::start_async().await;
/// let change = IntegrationModel::builder().shop_name("My Webshop").build()?;
/// let mock = server.update_integration(|when, then| {
///     when.id(12345).body(&change);
///     then.no_content();
/// });
///
/// let client = Client::builder().credentials("public", "secret").base_url(server.url("/api/v3")).build()?;
/// client.update(12345, &change).await?;
/// mock.assert();
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
#[allow(rustdoc::all, clippy::all, clippy::unwrap_used, clippy::expect_used)]
pub mod mock {
    pub use httpmock;
    use serde::Serialize;

    /// Creates the error that a call returns for a response with this status and body. `body` is serialized as JSON, for example a
    /// [`types::Errors`](crate::types::Errors).
    ///
    /// Use it in test doubles of a trait that wraps the client; no server is involved. For an error with headers, such as
    /// `Retry-After`, see [`Error::from_response`](crate::Error::from_response).
    ///
    /// # Panics
    /// Panics if the status is not between 100 and 999, or if the body cannot be serialized.
    ///
    /// ```
    /// use sendcloud_integrations::types::ErrorObjectCode;
    /// use sendcloud_integrations::{Error, mock};
    /// use serde_json::json;
    ///
    /// trait Shops {
    ///     fn rename(&self, id: u64, name: &str) -> Result<(), Error>;
    /// }
    ///
    /// struct NoShops;
    ///
    /// impl Shops for NoShops {
    ///     fn rename(&self, _: u64, _: &str) -> Result<(), Error> {
    ///         Err(mock::error(404, json!({ "errors": [{ "code": "not_found", "detail": "no such integration" }] })))
    ///     }
    /// }
    ///
    /// let error = NoShops.rename(12345, "My Webshop").unwrap_err();
    /// assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::NotFound));
    /// assert_eq!(error.to_string(), "the API returned 404 Not Found: not_found: no such integration");
    /// ```
    pub fn error(status: impl TryInto<u16>, body: impl Serialize) -> crate::Error {
        let body = serde_json::to_vec(&body).unwrap_or_else(|error| panic!("the body cannot be serialized: {error}"));
        let response = http::Response::builder().header("content-type", "application/json").body(body);
        let mut response = response.expect("the header is valid");
        let status = status.try_into().ok().and_then(|status| http::StatusCode::from_u16(status).ok());
        *response.status_mut() = status.expect("the status must be between 100 and 999");
        crate::reqwest::Response::from(response).into()
    }

    include!(concat!(env!("OUT_DIR"), "/mock.rs"));
}

#[cfg(feature = "bulk")]
#[cfg_attr(docsrs, doc(cfg(feature = "bulk")))]
pub use bulk::{BulkOptions, Changes, Outcomes};
pub use client::ClientBuilder;
pub use error::Error;
/// An asynchronous client, created with [`Client::builder`] or [`Client::from_env`].
///
/// Cloning is cheap, and clones share one connection pool.
///
/// ```
/// use sendcloud_integrations::Client;
///
/// let client = Client::builder().credentials("public key", "secret key").build()?;
/// assert_eq!(format!("{client:?}"), r#"Client { base_url: "https://panel.sendcloud.sc/api/v3", .. }"#);
/// # Ok::<(), sendcloud_integrations::Error>(())
/// ```
pub use generated::Client;
/// Request builders for the generated operations, as returned by [`Client::update_integration`].
///
/// They validate only against the schemas of the OpenAPI document. `send` returns a [`progenitor_client::Error`], which converts to
/// [`Error`].
///
/// ```no_run
/// # async fn example(client: sendcloud_integrations::Client) -> Result<(), sendcloud_integrations::Error> {
/// use sendcloud_integrations::types::IntegrationModel;
///
/// let response = client.update_integration().id(12345).body(IntegrationModel::builder().shop_name("My Webshop")).send().await?;
/// println!("{:?}", response.headers());
/// # Ok(())
/// # }
/// ```
pub use generated::builder as operations;
/// The error of `parse` and `try_from` for the types in [`types`].
///
/// ```
/// use sendcloud_integrations::types::FeedbackType;
///
/// let error = "never".parse::<FeedbackType>().unwrap_err();
/// assert_eq!(error.to_string(), "must be one of `delayed`, `eager`, `none`");
/// ```
pub use generated::runtime::ConversionError;
/// The type of `shop_url` and `webhook_url`.
///
/// ```
/// use sendcloud_integrations::Uri;
///
/// let uri: Uri = "HTTPS://Shop.example/%7efeedback".parse()?;
/// assert_eq!(uri.as_str(), "HTTPS://Shop.example/%7efeedback");
/// assert!("shop.example/feedback".parse::<Uri>().is_err());
/// # Ok::<(), sendcloud_integrations::ConversionError>(())
/// ```
pub use generated::runtime::Uri;
/// An element of [`Violations`] and of [`Error::violations`].
///
/// ```
/// use sendcloud_integrations::types::IntegrationModel;
///
/// let violations = IntegrationModel::builder().shop_name("").build().unwrap_err();
/// assert_eq!(violations[0].pointer, "/shop_name");
/// assert_eq!(violations[0].message, "must be a string of 1 to 250 characters");
/// ```
pub use generated::runtime::Violation;
/// Error returned by `build` and `validate` of a [change](types::builder::IntegrationModel).
///
/// ```
/// use sendcloud_integrations::types::IntegrationModel;
///
/// let change = IntegrationModel::builder().shop_name("").enable_webhook("shop.example");
/// let violations = change.validate().unwrap_err();
/// assert_eq!(violations.len(), 2);
/// ```
pub use generated::runtime::Violations;
pub use generated::types;
#[doc(no_inline)]
pub use progenitor_client;
#[doc(no_inline)]
pub use reqwest;
