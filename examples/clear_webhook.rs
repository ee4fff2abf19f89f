//! Turns a shop's webhook off and has Sendcloud forget its URL: `null` is a value of its own.
//!
//! ```sh
//! cargo run --example clear_webhook
//! ```
//!
//! It sends to a server that it starts on this machine. With an id as argument, and keys in the environment, it does it for real.

#[allow(dead_code)] // other examples use the rest
mod server;

use std::error::Error;

use sendcloud_integrations::Client;
use sendcloud_integrations::types::IntegrationModel;
use server::{Answer, Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let change = IntegrationModel::builder().clear_webhook();
    if let Some(id) = std::env::args().nth(1) {
        let id: u64 = id.parse().map_err(|_| format!("`{id}` is not an id"))?;
        return Ok(Client::from_env()?.update(id, change).await?);
    }
    let server = Server::start(|_| Answer::status(204)).await?;
    let client = Client::builder().credentials("public key", "secret key").base_url(server.base_url()).build()?;
    client.update(12345, change).await?;
    for request in server.received() {
        println!("{} {}\n{}", request.method, request.path, request.json());
    }
    Ok(())
}
