//! Errors, and how a program can react to them.
//!
//! ```sh
//! cargo run --example errors
//! ```
//!
//! The requests are sent to a local server, whose response depends on the id.

#[allow(dead_code)] // other examples use the rest
mod server;

use sendcloud_integrations::types::{ErrorObjectCode, IntegrationModel};
use sendcloud_integrations::{Client, Error};
use serde_json::json;
use server::{Received, Response, Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(respond).await?;
    let builder = || Client::builder().credentials("public key", "secret key").max_retries(0);
    let client = builder().base_url(server.base_url()).build()?;
    let change = IntegrationModel::builder().shop_name("My Webshop");
    for id in [400, 404, 429, 502] {
        print(&format!("response with status {id}"), client.update(id, change.clone()).await);
    }

    let invalid = IntegrationModel::builder().shop_name("").enable_webhook("mywebshop.com");
    print("invalid change", client.update(0, invalid).await);

    let unreachable = builder().base_url("http://localhost:1").build()?;
    print("no connection", unreachable.update(12345, change).await);

    let misconfigured = Client::builder().credentials("", "secret key").base_url("http://panel.sendcloud.sc").build();
    print("invalid configuration", misconfigured.map(drop));
    Ok(())
}

fn print(name: &str, result: Result<(), Error>) {
    match result {
        Ok(()) => println!("# {name}: success\n"),
        Err(error) => println!("# {name}: {}\n{error}\n", reaction_to(&error)),
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
