//! Errors, and how a program can react to them.
//!
//! ```sh
//! cargo run --example errors
//! ```
//!
//! The requests are sent to a local server, whose response depends on the id.

mod console;
#[allow(dead_code)] // other examples use the rest
mod server;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use sendcloud_integrations::types::{ErrorObjectCode, IntegrationModel};
use sendcloud_integrations::{Client, Error};
use serde_json::json;
use server::{Received, Response, Server};

/// Shows how a program can react to errors. The requests are sent to a local server.
#[derive(Parser)]
struct Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments = Arguments::parse();
    console::exit_code(run().await)
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    let server = Server::start(respond).await?;
    let builder = || Client::builder().credentials("public key", "secret key").max_retries(0);
    let client = builder().base_url(server.base_url()).build()?;
    let change = IntegrationModel::builder().shop_name("My Webshop");
    for id in [400, 404, 429, 502] {
        print(&mut out, &format!("response with status {id}"), client.update(id, change.clone()).await)?;
    }

    let invalid = IntegrationModel::builder().shop_name("").enable_webhook("mywebshop.com");
    print(&mut out, "invalid change", client.update(0, invalid).await)?;

    let unreachable = builder().base_url("http://localhost:1").build()?;
    print(&mut out, "no connection", unreachable.update(12345, change).await)?;

    let misconfigured = Client::builder().credentials("", "secret key").base_url("http://panel.sendcloud.sc").build();
    print(&mut out, "invalid configuration", misconfigured.map(drop))?;
    Ok(())
}

fn print(out: &mut impl Write, name: &str, result: Result<(), Error>) -> io::Result<()> {
    match result {
        Ok(()) => writeln!(out, "# {name}: success\n"),
        Err(error) => writeln!(out, "# {name}: {}\n{error}\n", reaction_to(&error)),
    }
}

/// Returns how a program may react to an error.
fn reaction_to(error: &Error) -> String {
    let pointers: Vec<&str> = error.violations().iter().map(|violation| violation.pointer.as_str()).collect();
    let codes: Vec<_> = error.errors().iter().filter_map(|error| error.code.as_ref()).collect();
    if !pointers.is_empty() {
        format!("fix {}", pointers.join(", "))
    } else if codes.contains(&&ErrorObjectCode::NotFound) {
        "delete this id from your records".to_owned()
    } else if let Some(delay) = error.retry_after() {
        format!("retry in {} s", delay.as_secs())
    } else if error.is_retryable() {
        "retry later".to_owned()
    } else {
        "notify an operator".to_owned()
    }
}

/// Responds like the API and its gateways.
fn respond(request: &Received) -> Response {
    let error = |status, code: &str, detail: &str| {
        let error = json!({ "status": status, "code": code, "detail": detail, "source": { "pointer": "/data" } });
        Response::json(status, &json!({ "errors": [error] }))
    };
    match request.path.rsplit('/').next() {
        Some("400") => error(400, "invalid", "This name is taken."),
        Some("404") => error(404, "not_found", "No integration has this id."),
        Some("429") => error(429, "throttled", "Request was throttled.").header("retry-after", "30"),
        Some("502") => Response::status(502).header("content-type", "text/html").body("<h1>Bad gateway</h1>"),
        _ => Response::status(204),
    }
}
