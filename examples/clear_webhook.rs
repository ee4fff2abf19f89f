//! Disables the webhook of an integration and sets its URL to `null`.
//!
//! ```sh
//! cargo run --example clear_webhook -- 12345
//! ```
//!
//! Without the id of an integration, it sends the request to a local server.

mod console;
#[allow(dead_code)] // other examples use the rest
mod server;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use sendcloud_integrations::Client;
use sendcloud_integrations::types::IntegrationModel;
use server::{Response, Server};

/// Disables the webhook of an integration and sets its URL to `null`.
///
/// The keys are read from SENDCLOUD_PUBLIC_KEY and SENDCLOUD_SECRET_KEY. Without an id, the request is sent to a local
/// server and printed.
#[derive(Parser)]
struct Arguments {
    /// The id of the integration
    id: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    console::exit_code(run(Arguments::parse()).await)
}

async fn run(Arguments { id }: Arguments) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let change = IntegrationModel::builder().clear_webhook();
    if let Some(id) = id {
        Client::from_env()?.update(id, change).await?;
        writeln!(out, "cleared the webhook of integration {id}")?;
        return Ok(());
    }
    let server = Server::start(|_| Response::status(204)).await?;
    let client = Client::builder().credentials("public key", "secret key").base_url(server.base_url()).build()?;
    client.update(12345, change).await?;
    for request in server.received() {
        writeln!(out, "{} {}\n{}", request.method, request.path, request.json())?;
    }
    Ok(())
}
