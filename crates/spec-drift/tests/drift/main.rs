//! Tests of `spec-drift`: the comparison through its public API, the command through arguments, standard streams, files and exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accept;
mod attribution;
mod changelog;
mod changes;
mod checkout;
mod command;
#[cfg(unix)]
mod draft;
mod edge_cases;
mod formats;
mod items;
mod messages;
mod oracle;
mod rules;
