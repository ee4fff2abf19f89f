//! Requests of `Client::update` as a server receives them, compared with the vendored document.

use crate::server::{Received, Response, Server};
use jsonschema::Validator;
use sendcloud_integrations::types::{FeedbackType, IntegrationModel, builder};
use sendcloud_integrations::{Client, Error};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../openapi/integrations.yaml");

fn document() -> Value {
    serde_saphyr::from_str(DOCUMENT).unwrap()
}

/// Returns a validator of request bodies by the vendored document (JSON Schema 2020-12).
fn document_validator() -> Validator {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/components/schemas/integration-model",
        "components": document()["components"],
    });
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

async fn start_accepting() -> (Server, Client) {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let client = client(&server);
    (server, client)
}

fn client(server: &Server) -> Client {
    Client::builder().credentials("public", "secret").base_url(server.base_url()).max_retries(0).build().unwrap()
}

/// Sends a change and returns the request that arrived.
async fn send_and_receive(change: impl Into<builder::IntegrationModel>) -> Received {
    let (server, client) = start_accepting().await;
    client.update(12345, change).await.unwrap();
    let mut received = server.received();
    assert_eq!(received.len(), 1);
    received.remove(0)
}

#[tokio::test]
async fn request_examples_of_the_document_are_sent_unchanged() {
    let document = document();
    let examples = "/paths/~1integrations~1{id}/patch/requestBody/content/application~1json/examples";
    let examples = document.pointer(examples).unwrap().as_object().unwrap();
    assert!(!examples.is_empty());
    for (name, example) in examples {
        let change: IntegrationModel = serde_json::from_value(example["value"].clone()).unwrap();
        assert_eq!(send_and_receive(change).await.json(), example["value"], "{name}");
    }
}

#[tokio::test]
async fn request_bodies_match_the_document_validator() {
    let schema = document_validator();
    let changes = [
        IntegrationModel::builder(),
        IntegrationModel::builder().shop_name("ü".repeat(250)).shop_url("https://shop.example/%C3%BC?x=1"),
        IntegrationModel::builder().enable_webhook("https://mywebshop.com/feedback"),
        IntegrationModel::builder().enable_service_points(["ups", "dhl"]).feedback_type(FeedbackType::None),
        IntegrationModel::builder().clear_webhook().disable_service_points(),
        IntegrationModel::builder().service_point_carriers(Vec::<String>::new()).webhook_url_null(),
    ];
    for change in changes {
        let body = send_and_receive(change).await.json();
        assert!(schema.is_valid(&body), "{body}: {:?}", schema.iter_errors(&body).next());
    }
    assert!(!schema.is_valid(&json!({ "shop_name": "" })), "the validator rejects invalid bodies");
}

#[tokio::test]
async fn requests_have_the_documented_method_path_and_headers() {
    let request = send_and_receive(IntegrationModel::builder().shop_name("My Webshop")).await;
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.path, "/api/v3/integrations/12345");
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.headers["accept"], "application/json");
    // "public:secret" in base64
    assert_eq!(request.headers["authorization"], "Basic cHVibGljOnNlY3JldA==");
    assert_eq!(request.headers["user-agent"], concat!("sendcloud-integrations/", env!("CARGO_PKG_VERSION")));
    let mut names: Vec<&str> = request.headers.keys().map(hyper::header::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"]
    );
    assert_eq!(request.headers["accept-encoding"], "identity");
}

#[tokio::test]
async fn the_documented_example_is_sent() {
    let (server, client) = start_accepting().await;
    let change = IntegrationModel::builder()
        .shop_name("My Webshop")
        .enable_webhook("https://mywebshop.com/feedback")
        .enable_service_points(["ups", "dhl"])
        .feedback_type(FeedbackType::None);
    client.update(12345, change).await.unwrap();
    let expected = json!({
        "shop_name": "My Webshop",
        "webhook_active": true,
        "webhook_url": "https://mywebshop.com/feedback",
        "service_point_enabled": true,
        "service_point_carriers": ["ups", "dhl"],
        "feedback_type": "none",
    });
    assert_eq!(server.received()[0].json(), expected);
}

#[tokio::test]
async fn update_accepts_all_integers_and_forms_of_a_change() {
    let (server, client) = start_accepting().await;
    let model = IntegrationModel::builder().shop_name("x").build().unwrap();
    client.update(1_u8, &model).await.unwrap();
    client.update(2_i64, model.clone()).await.unwrap();
    client.update(u64::MAX, builder::IntegrationModel::from(&model)).await.unwrap();
    let paths: Vec<String> = server.received().into_iter().map(|request| request.path).collect();
    let last = format!("/api/v3/integrations/{}", u64::MAX);
    assert_eq!(paths, ["/api/v3/integrations/1", "/api/v3/integrations/2", last.as_str()]);
}

#[tokio::test]
async fn all_violations_are_reported_at_once_and_nothing_is_sent() {
    let (server, client) = start_accepting().await;
    let change = IntegrationModel::builder()
        .shop_name("x".repeat(251))
        .shop_url("shop.example")
        .feedback_type("sometimes")
        .webhook_active(true)
        .enable_service_points([""; 0]);
    let error = client.update(-1, change).await.unwrap_err();
    let pointers: Vec<&str> = error.violations().iter().map(|violation| violation.pointer.as_str()).collect();
    let expected = ["/id", "/shop_name", "/shop_url", "/feedback_type", "/webhook_url", "/service_point_carriers"];
    assert_eq!(pointers, expected);
    assert!(expected.iter().all(|pointer| error.to_string().contains(pointer)), "{error}");
    assert!(!error.is_retryable() && error.status().is_none());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_id_below_one_is_a_violation() {
    let (server, client) = start_accepting().await;
    let change = IntegrationModel::builder().shop_name("x").build().unwrap();
    for error in [
        client.update(0, &change).await.unwrap_err(),
        client.update(-7_i8, &change).await.unwrap_err(),
        client.update(u128::MAX, &change).await.unwrap_err(),
    ] {
        assert_eq!(error.violations().len(), 1);
        assert_eq!(error.violations()[0].pointer, "/id");
        assert_eq!(error.violations()[0].message, "must be an integer of at least 1");
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn the_generated_operation_skips_validation_and_its_error_converts() {
    let (server, client) = start_accepting().await;
    let without_url = IntegrationModel::builder().webhook_active(true).build().unwrap();
    client.update_integration().id(5).body(without_url).send().await.unwrap();
    assert_eq!(server.received()[0].json(), json!({ "webhook_active": true }));

    async fn send_invalid(client: &Client) -> Result<(), Error> {
        client.update_integration().id(0).send().await?;
        Ok(())
    }
    let error = send_invalid(&client).await.unwrap_err();
    assert_eq!(error.violations()[0].pointer, "/id");
    assert_eq!(error.violations()[0].message, "must be an integer of at least 1");

    let body = IntegrationModel::builder().shop_name("").shop_url("shop.example");
    let error = Error::from(client.update_integration().id(5).body(body).send().await.unwrap_err());
    let pointers: Vec<&str> = error.violations().iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, ["/shop_name", "/shop_url"]);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn the_client_and_its_future_are_send() {
    fn is_send_and_sync<T: Send + Sync + Clone + 'static>(_: &T) {}
    let (server, client) = start_accepting().await;
    is_send_and_sync(&client);
    let change = IntegrationModel::builder().shop_name("x").build().unwrap();
    let clone = client.clone();
    tokio::spawn(async move { clone.update(1, &change).await }).await.unwrap().unwrap();
    assert_eq!(server.received().len(), 1);
}
