//! Updates an integration.
//!
//! Without arguments, it starts a local server, sends all request examples of the OpenAPI document to it, and prints requests and
//! responses. Then it shows the errors of an invalid change and of an integration that does not exist.
//!
//! With arguments, and with keys in `SENDCLOUD_PUBLIC_KEY` and `SENDCLOUD_SECRET_KEY`, it updates a real integration:
//!
//! ```sh
//! cargo run --example update_integration -- 12345 --shop-name "My Webshop" --webhook https://mywebshop.com/feedback
//! ```

mod console;
#[allow(dead_code)] // other examples use the rest
mod server;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser};
use sendcloud_integrations::Client;
use sendcloud_integrations::types::{IntegrationModel, builder};
use serde_json::{Value, json};
use server::{Received, Response, Server};

const DOCUMENT: &str = include_str!("../openapi/integrations.yaml");

/// Updates an integration.
///
/// The keys are read from SENDCLOUD_PUBLIC_KEY and SENDCLOUD_SECRET_KEY. Without arguments, requests are sent to a local
/// server and printed.
#[derive(Parser)]
struct Arguments {
    /// The id of the integration
    #[arg(requires = "Change")]
    id: Option<u64>,
    #[command(flatten)]
    change: Change,
}

#[derive(Args)]
#[group(multiple = true, requires = "id")]
struct Change {
    /// Set the name of the shop
    #[arg(long, value_name = "NAME")]
    shop_name: Option<String>,
    /// Set the URL of the shop
    #[arg(long, value_name = "URL")]
    shop_url: Option<String>,
    /// Enable service points of these carriers, separated by commas
    #[arg(long, value_name = "CARRIERS", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    service_points: Option<Vec<String>>,
    /// Disable service points
    #[arg(long, conflicts_with = "service_points")]
    no_service_points: bool,
    /// Enable the webhook with this URL
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Set the URL of the webhook, without enabling or disabling it
    #[arg(long, value_name = "URL", conflicts_with = "webhook")]
    webhook_url: Option<String>,
    /// Disable the webhook
    #[arg(long, conflicts_with = "webhook")]
    no_webhook: bool,
    /// Disable the webhook and set its URL to `null`
    #[arg(long, conflicts_with_all = ["webhook", "webhook_url", "no_webhook"])]
    clear_webhook: bool,
    /// Set the feedback type: `eager`, `delayed` or `none`
    #[arg(long, value_name = "TYPE")]
    feedback_type: Option<String>,
}

impl From<Change> for builder::IntegrationModel {
    fn from(change: Change) -> Self {
        let mut builder = IntegrationModel::builder()
            .maybe_shop_name(change.shop_name)
            .maybe_shop_url(change.shop_url)
            .maybe_webhook_url(change.webhook_url)
            .maybe_feedback_type(change.feedback_type);
        if let Some(carriers) = change.service_points {
            builder = builder.enable_service_points(carriers);
        }
        if change.no_service_points {
            builder = builder.disable_service_points();
        }
        if let Some(url) = change.webhook {
            builder = builder.enable_webhook(url);
        }
        if change.no_webhook {
            builder = builder.disable_webhook();
        }
        if change.clear_webhook {
            builder = builder.clear_webhook();
        }
        builder
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    console::exit_code(run(Arguments::parse()).await)
}

async fn run(Arguments { id, change }: Arguments) -> Result<(), Box<dyn Error>> {
    let Some(id) = id else { return demonstrate().await };
    Client::from_env()?.update(id, change).await?;
    writeln!(io::stdout(), "updated integration {id}")?;
    Ok(())
}

async fn demonstrate() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let server = Server::start(respond).await?;
    let client = Client::builder().credentials("public key", "secret key").base_url(server.base_url()).build()?;
    writeln!(out, "All requests are sent to a local server at {}.", server.base_url())?;

    for (name, body) in request_examples()? {
        writeln!(out, "\n# {name}")?;
        let change: IntegrationModel = serde_json::from_value(body)?;
        client.update(12345, change).await?;
        print_last(&server, &mut out)?;
    }

    writeln!(out, "\n# An invalid change is not sent, and all violations are reported at once")?;
    let no_carriers: [&str; 0] = [];
    let invalid = IntegrationModel::builder().shop_name("").webhook_active(true).enable_service_points(no_carriers);
    let sent = server.received().len();
    let error = client.update(0, invalid).await.err().ok_or("an invalid change was sent")?;
    writeln!(out, "{error}")?;
    writeln!(out, "(requests sent: {})", server.received().len() - sent)?;

    writeln!(out, "\n# An error response is decoded")?;
    let missing = client.update(404, IntegrationModel::builder().shop_name("My Webshop")).await;
    let error = missing.err().ok_or("an error response was not reported as an error")?;
    print_last(&server, &mut out)?;
    writeln!(out, "{error}")?;
    writeln!(
        out,
        "status: {:?}, code: {:?}",
        error.status(),
        error.errors().first().and_then(|error| error.code.as_ref())
    )?;
    Ok(())
}

/// Responds like the API. Integration 404 does not exist.
fn respond(request: &Received) -> Response {
    if !request.path.ends_with("/404") {
        return Response::status(204);
    }
    let error = json!({
        "status": 404,
        "code": "not_found",
        "title": "Not Found",
        "detail": "The Integration could not be found with the search criteria given",
    });
    Response::json(404, &json!({ "errors": [error] }))
}

/// Prints the last request and its response.
fn print_last(server: &Server, out: &mut impl Write) -> io::Result<()> {
    let Some((request, response)) = server.last() else { return Ok(()) };
    writeln!(out, "> {} {}", request.method, request.path)?;
    for (name, value) in &request.headers {
        let shown = if name == "authorization" { "Basic [redacted]" } else { value.to_str().unwrap_or("…") };
        writeln!(out, "> {name}: {shown}")?;
    }
    writeln!(out, "> {}", String::from_utf8_lossy(&request.body))?;
    writeln!(out, "< {}", response.status)?;
    if !response.body.is_empty() {
        writeln!(out, "< {}", String::from_utf8_lossy(&response.body))?;
    }
    Ok(())
}

/// Returns the names and values of all examples of request bodies in the OpenAPI document.
fn request_examples() -> Result<Vec<(String, Value)>, Box<dyn Error>> {
    let document: Value = serde_saphyr::from_str(DOCUMENT)?;
    let content = "/paths/~1integrations~1{id}/patch/requestBody/content/application~1json/examples";
    let examples =
        document.pointer(content).and_then(Value::as_object).ok_or("the OpenAPI document has no examples")?;
    Ok(examples.iter().map(|(name, example)| (name.clone(), example["value"].clone())).collect())
}
