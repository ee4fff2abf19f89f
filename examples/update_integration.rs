//! Changes an integration.
//!
//! Without arguments, it starts a server on loopback, sends every request example of the document to it, and shows what was
//! sent and what came back; then a change that is refused before it is sent, and an error of the API.
//!
//! With arguments, and keys in `SENDCLOUD_PUBLIC_KEY` and `SENDCLOUD_SECRET_KEY`, it does it for real:
//!
//! ```sh
//! cargo run --example update_integration -- 12345 --shop-name "My Webshop" --webhook https://mywebshop.com/feedback
//! ```

#[allow(dead_code)] // other examples use the rest
mod server;

use std::error::Error;
use std::process::ExitCode;

use sendcloud_integrations::Client;
use sendcloud_integrations::types::{IntegrationModel, builder};
use serde_json::{Value, json};
use server::{Answer, Received, Server};

const DOCUMENT: &str = include_str!("../openapi/integrations.yaml");
const USAGE: &str = "usage: update_integration ID CHANGE...
changes:
  --shop-name NAME            --shop-url URL
  --service-points ups,dhl    --no-service-points
  --webhook URL               --no-webhook             --clear-webhook
  --feedback-type eager|delayed|none";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    match arguments.split_first() {
        None => demonstrate().await,
        Some((id, changes)) => {
            let id: u64 = id.parse().map_err(|_| format!("`{id}` is not an id\n{USAGE}"))?;
            let change = change(changes)?;
            Client::from_env()?.update(id, change).await?;
            println!("integration {id} is changed");
            Ok(())
        }
    }
}

/// The change that the arguments name.
fn change(arguments: &[String]) -> Result<builder::IntegrationModel, String> {
    let mut change = IntegrationModel::builder();
    let mut arguments = arguments.iter().map(String::as_str);
    let mut named = 0;
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value\n{USAGE}"));
        change = match name {
            "--shop-name" => change.shop_name(value()?),
            "--shop-url" => change.shop_url(value()?),
            "--service-points" => change.enable_service_points(value()?.split(',')),
            "--no-service-points" => change.disable_service_points(),
            "--webhook" => change.enable_webhook(value()?),
            "--no-webhook" => change.disable_webhook(),
            "--clear-webhook" => change.clear_webhook(),
            "--feedback-type" => change.feedback_type(value()?),
            _ => return Err(format!("{name} is no change\n{USAGE}")),
        };
        named += 1;
    }
    if named == 0 { Err(format!("no change is named\n{USAGE}")) } else { Ok(change) }
}

async fn demonstrate() -> Result<(), Box<dyn Error>> {
    let server = Server::start(answer).await?;
    let client = Client::builder().credentials("public key", "secret key").base_url(server.base_url()).build()?;
    println!("A server listens at {}: nothing leaves this machine.", server.base_url());

    for (name, body) in request_examples()? {
        println!("\n# {name}");
        let change: IntegrationModel = serde_json::from_value(body)?;
        client.update(12345, change).await?;
        show_last(&server);
    }

    println!("\n# Refused before it is sent, all faults at once");
    let faulty = IntegrationModel::builder().shop_name("").webhook_active(true).enable_service_points([""; 0]);
    let sent = server.received().len();
    let error = client.update(0, faulty).await.err().ok_or("a faulty change was sent")?;
    println!("{error}");
    println!("(requests sent: {})", server.received().len() - sent);

    println!("\n# An error of the API, decoded");
    let missing = client.update(404, IntegrationModel::builder().shop_name("My Webshop")).await;
    let error = missing.err().ok_or("an error of the API was taken for success")?;
    show_last(&server);
    println!("{error}");
    println!("status: {:?}, code: {:?}", error.status(), error.errors().first().and_then(|it| it.code.as_ref()));
    Ok(())
}

/// Answers as the API does: integration 404 is not there.
fn answer(request: &Received) -> Answer {
    if !request.path.ends_with("/404") {
        return Answer::status(204);
    }
    let error = json!({
        "status": 404,
        "code": "not_found",
        "title": "Not Found",
        "detail": "The Integration could not be found with the search criteria given",
    });
    Answer::json(404, &json!({ "errors": [error] }))
}

/// The request as it arrived, and what the server answered.
fn show_last(server: &Server) {
    let Some((request, answer)) = server.last() else { return };
    println!("> {} {}", request.method, request.path);
    for (name, value) in &request.headers {
        let shown = if name == "authorization" { "Basic (keys not shown)" } else { value.to_str().unwrap_or("…") };
        println!("> {name}: {shown}");
    }
    println!("> {}", String::from_utf8_lossy(&request.body));
    println!("< {}", answer.status);
    if !answer.body.is_empty() {
        println!("< {}", String::from_utf8_lossy(&answer.body));
    }
}

/// Every example of a request body in the document.
fn request_examples() -> Result<Vec<(String, Value)>, Box<dyn Error>> {
    let document: Value = serde_saphyr::from_str(DOCUMENT)?;
    let content = "/paths/~1integrations~1{id}/patch/requestBody/content/application~1json/examples";
    let examples = document.pointer(content).and_then(Value::as_object).ok_or("the document has no examples")?;
    Ok(examples.iter().map(|(name, example)| (name.clone(), example["value"].clone())).collect())
}
