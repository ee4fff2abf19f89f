#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// The snippets of the README are tested where all that they use is there.
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
mod pace;
mod redact;
mod response;
mod trace;
mod transport;

// The documentation of generated items is the document's: its links and its wording are upstream's.
#[allow(missing_docs, rustdoc::all, clippy::all, clippy::unwrap_used, clippy::expect_used)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// A server for the tests of those who use this crate, which knows the operations of the API; feature `mock`.
///
/// [`MockServerExt`](mock::MockServerExt) adds a method for each operation to httpmock's server. In it, `when` says which
/// requests are meant and `then` how they are answered, in the terms of the document; `into_inner` leaves those terms. The
/// server may stand for a base URL with a path.
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

    /// Returns the error of a call whose response has this status and this body, usually [`types::Errors`](crate::types::Errors).
    ///
    /// It is for test doubles of a trait that hides the client: no server is involved. For an error with headers, such as
    /// `Retry-After`, see [`Error::from_response`](crate::Error::from_response).
    ///
    /// # Panics
    /// If the status is not from 100 to 999, or the body cannot be serialized.
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
    /// assert_eq!(error.to_string(), "the API answered 404 Not Found: not_found: no such integration");
    /// ```
    pub fn error(status: impl TryInto<u16>, body: impl Serialize) -> crate::Error {
        let body = serde_json::to_vec(&body).unwrap_or_else(|error| panic!("the body cannot be serialized: {error}"));
        let response = http::Response::builder().header("content-type", "application/json").body(body);
        let mut response = response.expect("the header is valid");
        let status = status.try_into().ok().and_then(|status| http::StatusCode::from_u16(status).ok());
        *response.status_mut() = status.expect("the status must be from 100 to 999");
        crate::reqwest::Response::from(response).into()
    }

    include!(concat!(env!("OUT_DIR"), "/mock.rs"));
}

#[cfg(feature = "bulk")]
#[cfg_attr(docsrs, doc(cfg(feature = "bulk")))]
pub use bulk::{BulkOptions, Changes, Outcomes};
pub use client::ClientBuilder;
pub use error::Error;
/// The way to the API, made by [`Client::builder`] or [`Client::from_env`]. Clones share their connections.
///
/// ```
/// use sendcloud_integrations::Client;
///
/// let client = Client::builder().credentials("public key", "secret key").build()?;
/// assert_eq!(format!("{client:?}"), r#"Client { base_url: "https://panel.sendcloud.sc/api/v3", .. }"#);
/// # Ok::<(), sendcloud_integrations::Error>(())
/// ```
pub use generated::Client;
/// Builders of single operations, such as [`Client::update_integration`] returns.
pub use generated::builder as operations;
pub use generated::runtime::ConversionError;
/// An absolute URI (RFC 3986), kept as it was written.
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
/// A rule that a request breaks, and where.
///
/// ```
/// use sendcloud_integrations::types::IntegrationModel;
///
/// let violations = IntegrationModel::builder().shop_name("").build().unwrap_err();
/// assert_eq!(violations[0].pointer, "/shop_name");
/// assert_eq!(violations[0].message, "must be a string of 1 to 250 characters");
/// ```
pub use generated::runtime::Violation;
/// All rules that a request breaks: each is a [`Violation`].
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
