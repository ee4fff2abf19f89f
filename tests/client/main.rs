//! The client as its users call it: through the public API, against a server on loopback.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(feature = "bulk")]
mod bulk;
#[cfg(feature = "bulk")]
mod cargo;
mod construction;
mod document;
mod errors;
mod faults;
#[cfg(feature = "mock")]
mod mock;
mod schema;
/// Shared with the examples.
#[allow(dead_code)]
mod server {
    include!("../../examples/server/mod.rs");
}
#[cfg(feature = "tracing")]
mod trace;
mod types;
mod update;
