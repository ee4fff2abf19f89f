//! What can go wrong, and what an error tells of it.
//!
//! ```sh
//! cargo run --example errors
//! ```
//!
//! It sends to a server that it starts on this machine, which answers by id.

#[allow(dead_code)] // other examples use the rest
mod server;

use sendcloud_integrations::types::{ErrorObjectCode, IntegrationModel};
use sendcloud_integrations::{Client, Error};
use serde_json::json;
use server::{Answer, Received, Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(answer).await?;
    let builder = || Client::builder().credentials("public key", "secret key").max_retries(0);
    let client = builder().base_url(server.base_url()).build()?;
    let change = IntegrationModel::builder().shop_name("My Webshop");
    for id in [400, 404, 429, 502] {
        let outcome = client.update(id, change.clone()).await;
        println!("# {id}: {}", outcome.err().map_or("changed".to_owned(), |error| what_to_do(&error)));
    }

    let faulty = IntegrationModel::builder().shop_name("").enable_webhook("mywebshop.com");
    let outcome = client.update(0, faulty).await;
    println!("# faulty: {}", outcome.err().map_or("changed".to_owned(), |error| what_to_do(&error)));

    let nowhere = builder().base_url("http://localhost:1").build()?;
    let outcome = nowhere.update(12345, change).await;
    println!("# nowhere: {}", outcome.err().map_or("changed".to_owned(), |error| what_to_do(&error)));

    let misconfigured = Client::builder().credentials("", "secret key").base_url("http://panel.sendcloud.sc").build();
    println!("# misconfigured: {}", misconfigured.err().map_or("built".to_owned(), |error| what_to_do(&error)));
    Ok(())
}

/// An error, as a program may look at it: from what is the caller's to what passes.
fn what_to_do(error: &Error) -> String {
    let pointers: Vec<&str> = error.violations().iter().map(|violation| violation.pointer.as_str()).collect();
    let codes: Vec<_> = error.errors().iter().filter_map(|error| error.code.as_ref()).collect();
    let advice = if !pointers.is_empty() {
        format!("mend {}", pointers.join(", "))
    } else if codes.contains(&&ErrorObjectCode::NotFound) {
        "forget this integration".to_owned()
    } else if let Some(wait) = error.retry_after() {
        format!("try again in {} s", wait.as_secs())
    } else if error.is_retryable() {
        "try again".to_owned()
    } else {
        "ask a person".to_owned()
    };
    format!("{advice}\n{error}\n")
}

/// As the API answers, or what stands before it.
fn answer(request: &Received) -> Answer {
    let error = |status, code: &str, detail: &str| {
        let error = json!({ "status": status, "code": code, "detail": detail, "source": { "pointer": "/data" } });
        Answer::json(status, &json!({ "errors": [error] }))
    };
    match request.path.rsplit('/').next() {
        Some("400") => error(400, "invalid", "This name is taken."),
        Some("404") => error(404, "not_found", "No integration has this id."),
        Some("429") => error(429, "throttled", "Request was throttled.").with("retry-after", "30"),
        Some("502") => Answer::status(502).with("content-type", "text/html").body("<h1>Bad gateway</h1>"),
        _ => Answer::status(204),
    }
}
