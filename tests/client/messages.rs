//! Every error message that a user of the client can meet, in `messages.txt`, to be reviewed as prose.
//!
//! Not listed are two messages that need another build or document: a build without TLS rejects https URLs, and a body of a successful
//! response can only be invalid if the document defines one.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use crate::construction::{build_error, builder_with_keys, run_in_child};
use crate::errors::{error_of, error_of_bytes, failing_update};
use crate::listing::Listing;
use crate::server::{Response, Server};
use sendcloud_integrations::reqwest::{self, tls};
use sendcloud_integrations::types::{FeedbackType, IntegrationModel};
use sendcloud_integrations::{Client, ClientBuilder, Error, Uri};
use serde_json::json;
use tokio::net::TcpListener;

/// The list, without what differs in each run.
#[derive(Default)]
struct Messages(Listing);

impl Messages {
    fn section(&mut self, title: &str) {
        self.0.section(title);
    }

    fn add(&mut self, case: &str, message: impl ToString) {
        self.0.add(case, without_properties(&without_ports(&message.to_string())));
    }
}

/// Replaces the list of all properties, so that a property that upstream adds changes no message.
fn without_properties(message: &str) -> String {
    match message.split_once("unknown property, expected one of ") {
        Some((before, _)) => format!("{before}unknown property, expected one of PROPERTIES"),
        None => message.to_owned(),
    }
}

/// Replaces ports of local servers, which differ in each run.
fn without_ports(message: &str) -> String {
    let mut parts = message.split("127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "127.0.0.1:PORT" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[tokio::test]
async fn messages_are_those_that_were_reviewed() {
    let mut messages = Messages::default();
    client_construction(&mut messages);
    violations(&mut messages).await;
    responses(&mut messages).await;
    connections(&mut messages).await;
    messages.0.assert_reviewed(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client/messages.txt"));
}

fn client_construction(messages: &mut Messages) {
    messages.section("Client construction");
    type Variables = &'static [(&'static str, &'static [u8])];
    let environments: [(&str, Variables); 3] = [
        ("no keys in the environment", &[]),
        ("a key that is not UTF-8", &[("SENDCLOUD_PUBLIC_KEY", b"\xff"), ("SENDCLOUD_SECRET_KEY", b"secret")]),
        (
            "an invalid base URL in the environment",
            &[
                ("SENDCLOUD_PUBLIC_KEY", b"public"),
                ("SENDCLOUD_SECRET_KEY", b"secret"),
                ("SENDCLOUD_BASE_URL", b"sendcloud"),
            ],
        ),
    ];
    for (case, variables) in environments {
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, OsStr::from_bytes(value))).collect();
        let output = run_in_child(&variables);
        messages.add(case, output.lines().find_map(|line| line.split_once("error: ")).unwrap().1);
    }
    let keys = |public: &str, secret: &str| Client::builder().credentials(public, secret);
    let with_base_url = |url: &str| builder_with_keys().base_url(url);
    let builders: [(&str, ClientBuilder); 16] = [
        ("no credentials", Client::builder()),
        ("an empty public key", keys("", "secret")),
        ("an empty secret key", keys("public", "")),
        ("a public key with a colon", keys("a:b", "secret")),
        ("a public key with a line break", keys("a\n", "secret")),
        ("a secret key with a line break", keys("public", "a\n")),
        ("several problems", keys("", "").base_url("http://sendcloud.example")),
        ("a base URL that is not absolute", with_base_url("/api/v3")),
        ("a base URL with an invalid port", with_base_url("https://sendcloud.example:99999")),
        ("a base URL without a scheme", with_base_url("localhost:8080")),
        ("a base URL with another scheme", with_base_url("ftp://sendcloud.example")),
        ("a base URL with a user", with_base_url("https://user@sendcloud.example")),
        ("a base URL with a query", with_base_url("https://sendcloud.example/?a=b")),
        ("a base URL with plain http", with_base_url("http://sendcloud.example")),
        ("a user agent with a line break", builder_with_keys().user_agent("my-shop\n")),
        (
            "contradictory settings of the HTTP client",
            builder_with_keys().configure_http(|http| {
                http.tls_version_min(tls::Version::TLS_1_3).tls_version_max(tls::Version::TLS_1_2)
            }),
        ),
    ];
    for (case, builder) in builders {
        messages.add(case, build_error(builder));
    }
}

async fn violations(messages: &mut Messages) {
    messages.section("Violations");
    let change = |body| serde_json::from_value::<IntegrationModel>(body);
    let bodies = [
        ("a string that is too short", json!({ "shop_name": "" })),
        ("a string that is too long", json!({ "shop_name": "x".repeat(251) })),
        ("a value of another type", json!({ "shop_name": 7 })),
        ("a value that is not a URI", json!({ "shop_url": "shop.example" })),
        ("a URL with a character that must be encoded", json!({ "webhook_url": "https://shop.example/a b" })),
        ("a URL with `%` that encodes nothing", json!({ "webhook_url": "https://shop.example/100%" })),
        ("a URL in white space", json!({ "webhook_url": " https://shop.example\n" })),
        ("a URL with `#` twice", json!({ "webhook_url": "https://shop.example/#a#b" })),
        ("a URL with an invalid host", json!({ "webhook_url": "https://[::1/" })),
        ("a URL with a host that is not in ASCII", json!({ "webhook_url": "https://bücher.example" })),
        ("a URL with a host that is percent-encoded", json!({ "webhook_url": "https://shop%20.example" })),
        ("a URL without host", json!({ "webhook_url": "https:///feedback" })),
        ("another value than the listed ones", json!({ "feedback_type": "never" })),
        ("null where it is not allowed", json!({ "webhook_active": null })),
        ("an invalid item of a list", json!({ "service_point_carriers": ["ups", 7] })),
        ("an unknown property", json!({ "shopName": "x" })),
        ("a body that is not an object", json!([])),
    ];
    for (case, body) in bodies {
        messages.add(case, change(body).unwrap_err());
    }
    let duplicate = serde_json::from_str::<IntegrationModel>(r#"{"shop_name": "a", "shop_name": "b"}"#);
    messages.add("a duplicate property", duplicate.unwrap_err());
    messages.add("text that is not a URI", "shop.example".parse::<Uri>().unwrap_err());
    messages.add("text that is not a listed value", "never".parse::<FeedbackType>().unwrap_err());
    messages
        .add("an active webhook without URL", IntegrationModel::builder().webhook_active(true).validate().unwrap_err());
    let without_carriers = IntegrationModel::builder().service_point_enabled(true).validate();
    messages.add("enabled service points without carriers", without_carriers.unwrap_err());
    let several = builder_with_keys().build().unwrap().update(0, IntegrationModel::builder().shop_name("")).await;
    messages.add("several violations of a call", several.unwrap_err());
}

async fn responses(messages: &mut Messages) {
    messages.section("Responses");
    let error = json!({ "code": "invalid", "detail": "Must be unique.", "source": { "pointer": "/shop_name" } });
    let html = "<html>\n<title>Bad Gateway</title>\n";
    let cases = [
        ("an error with code, detail and pointer", Response::json(400, &json!({ "errors": [error] }))),
        ("an error with a title only", Response::json(404, &json!({ "errors": [{ "title": "Not Found" }] }))),
        ("a code that the document does not list", Response::json(422, &json!({ "errors": [{ "code": "taken" }] }))),
        (
            "more errors than are shown",
            Response::json(400, &json!({ "errors": vec![json!({ "code": "invalid" }); 7] })),
        ),
        ("a partly invalid body", Response::json(400, &json!({ "errors": [{ "code": "invalid" }, 7] }))),
        ("another JSON body", Response::json(401, &json!({ "message": "no such key" }))),
        ("a body that is not JSON", Response::status(502).header("content-type", "text/html").body(html)),
        ("no body", Response::status(503)),
        ("a delay before the next attempt", Response::status(429).header("retry-after", "3600")),
        ("a compressed body", Response::status(400).header("content-encoding", "gzip").body(b"\x1f\x8b\x08\x00\xff")),
        ("a binary body", Response::status(400).body(b"\x00\xff")),
        ("a redirect", Response::status(302).header("location", "https://sendcloud.example")),
        ("a success that the document does not list", Response::status(200).body("<html>Sign in")),
    ];
    for (case, response) in cases {
        messages.add(case, error_of(response).await);
    }
}

async fn connections(messages: &mut Messages) {
    messages.section("Connections");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let silent =
        builder_with_keys().base_url(format!("http://{address}")).timeout(Duration::from_millis(50)).max_retries(0);
    messages.add("no response in time", failing_update(&silent.build().unwrap()).await);
    drop(listener);
    let refused = builder_with_keys().base_url(format!("http://{address}")).max_retries(0).build().unwrap();
    // The rest of the message is the text of the operating system.
    let refused = failing_update(&refused).await.to_string().replace("refused (os error 61)", "refused (os error 111)");
    messages.add("no connection", refused);
    messages.add("a connection that is closed", error_of_bytes(b"").await);
    messages.add("a response that is not HTTP", error_of_bytes(b"SSH-2.0-OpenSSH_9.6\r\n").await);

    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let without_tls = server.base_url().replace("http://", "https://");
    let client = builder_with_keys().base_url(without_tls).max_retries(0).build().unwrap();
    messages.add("a server without TLS", failing_update(&client).await);
    messages.add("a proxy that requires credentials", proxy_error().await);
}

/// Returns the error of a call through a proxy that responds to CONNECT with status 407.
async fn proxy_error() -> Error {
    let (url, serving) = crate::faults::proxy_that_requires_credentials().await;
    let builder = builder_with_keys().base_url("https://sendcloud.example").max_retries(0);
    let client = builder.configure_http(|http| http.proxy(reqwest::Proxy::all(url).unwrap())).build().unwrap();
    let error = failing_update(&client).await;
    serving.await.unwrap();
    error
}
