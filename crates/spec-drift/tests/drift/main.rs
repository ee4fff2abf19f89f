//! Tests of `spec-drift`: the comparison through its public API, the command through arguments, standard streams, files and exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accept;
mod attribution;
mod changelog;
mod changes;
mod check;
mod checkout;
#[cfg(unix)]
mod draft;
mod edge_cases;
mod formats;
mod items;
/// Shared with the tests of the client.
#[cfg(unix)]
mod listing {
    include!("../../../../tests/client/listing.rs");
}
mod message_names;
#[cfg(unix)]
mod messages;
mod oracle;
/// Shared with the tests of the pipeline.
#[cfg(unix)]
mod prose {
    include!("../../../openapi-refinery/tests/pipeline/prose.rs");
}
mod projects;
mod reports;
mod rules;
mod sources;
mod verdicts;
