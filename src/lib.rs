#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod error;
mod ext;

// The documentation of generated items is the document's: its links and its wording are upstream's.
#[allow(missing_docs, rustdoc::all, clippy::all, clippy::unwrap_used, clippy::expect_used)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

pub use client::ClientBuilder;
pub use error::Error;
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
pub use generated::support::ConversionError;
/// ```
/// use sendcloud_integrations::Uri;
///
/// let uri: Uri = "HTTPS://Shop.example/%7efeedback".parse()?;
/// assert_eq!(uri.as_str(), "HTTPS://Shop.example/%7efeedback");
/// assert!("shop.example/feedback".parse::<Uri>().is_err());
/// # Ok::<(), sendcloud_integrations::ConversionError>(())
/// ```
pub use generated::support::Uri;
/// ```
/// use sendcloud_integrations::types::IntegrationModel;
///
/// let violations = IntegrationModel::builder().shop_name("").build().unwrap_err();
/// assert_eq!(violations[0].pointer, "/shop_name");
/// assert_eq!(violations[0].message, "must be a string of 1 to 250 characters");
/// ```
pub use generated::support::Violation;
/// ```
/// use sendcloud_integrations::types::IntegrationModel;
///
/// let change = IntegrationModel::builder().shop_name("").enable_webhook("shop.example");
/// let violations = change.validate().unwrap_err();
/// assert_eq!(violations.len(), 2);
/// ```
pub use generated::support::Violations;
pub use generated::types;
#[doc(no_inline)]
pub use progenitor_client;
#[doc(no_inline)]
pub use reqwest;
