//! Tests of the client through its public API, against a local server.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(feature = "bulk")]
mod bulk;
#[cfg(feature = "bulk")]
mod cargo;
mod construction;
mod docs;
mod document;
mod errors;
mod faults;
#[cfg(unix)]
mod listing;
#[cfg(unix)]
mod messages;
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

use proptest::test_runner::{Config, RngSeed};

/// Returns a configuration that generates the same cases in each run, unless `PROPTEST_RNG_SEED` is set.
fn reproducible(cases: u32) -> Config {
    let seed = Config { rng_seed: RngSeed::Fixed(0), ..Config::with_cases(cases) };
    Config { failure_persistence: None, ..proptest::test_runner::contextualize_config(seed) }
}
