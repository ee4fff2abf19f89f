//! How a client is made, and what it never shows.

use std::process::Command;
use std::sync::Mutex;

use crate::server::{Answer, Server};
use sendcloud_integrations::{Client, ClientBuilder};
use serde_json::Value;

const PUBLIC: &str = "pk-c0ffee";
const SECRET: &str = "sk-deadbeef";

fn with_keys() -> ClientBuilder {
    Client::builder().credentials(PUBLIC, SECRET)
}

fn refusal(builder: ClientBuilder) -> String {
    builder.build().unwrap_err().to_string()
}

#[test]
fn the_base_url_is_the_documents_server() {
    let document: Value = serde_saphyr::from_str(include_str!("../../openapi/integrations.yaml")).unwrap();
    let url = document["servers"][0]["url"].as_str().unwrap();
    assert_eq!(format!("{:?}", with_keys().build().unwrap()), format!("Client {{ base_url: {url:?}, .. }}"));
}

#[test]
fn keys_that_cannot_be_sent_are_refused() {
    assert!(refusal(Client::builder()).contains("there are no credentials"));
    let keys = [
        ("", SECRET, "the public key is empty"),
        (PUBLIC, "", "the secret key is empty"),
        ("a:b", SECRET, "the public key has a `:`"),
        ("a\nb", SECRET, "the public key has a control character"),
        ("a\u{7f}", SECRET, "the public key has a control character"),
        (PUBLIC, "s\r\n", "the secret key has a control character"),
    ];
    for (public, secret, expected) in keys {
        let message = refusal(Client::builder().credentials(public, secret));
        assert!(message.contains(expected), "{message}");
    }
    // Any other text goes: RFC 7617 has it in UTF-8.
    Client::builder().credentials("ключ", "s:ключ").build().unwrap();
}

#[test]
fn base_urls_that_would_do_harm_are_refused() {
    let refused = [
        ("", "not absolute"),
        ("/api/v3", "not absolute"),
        ("panel.sendcloud.sc/api/v3", "not absolute"),
        ("https:/api/v3", "must have a host"),
        ("https:///api/v3", "must have a host"),
        ("https:panel.sendcloud.sc/x", "must have a host"),
        (" https://panel.sendcloud.sc", "not absolute"),
        ("https://panel.send\tcloud.sc", "not absolute"),
        ("ftp://panel.sendcloud.sc", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("https://user@panel.sendcloud.sc", "user or password"),
        ("https://user:hunter2@panel.sendcloud.sc", "user or password"),
        ("https://:hunter2@panel.sendcloud.sc", "user or password"),
        ("https://panel.sendcloud.sc/?key=hunter2", "query or a fragment"),
        ("https://panel.sendcloud.sc/#x", "query or a fragment"),
        ("http://panel.sendcloud.sc/api/v3", "plain http"),
        ("http://localhost.example", "plain http"),
        ("http://127.0.0.1.example", "plain http"),
        ("http://[2001:db8::1]", "plain http"),
        ("http://user:hunter2@localhost", "user or password"),
        ("https://@panel.sendcloud.sc", "user or password"),
        ("https://:@panel.sendcloud.sc", "user or password"),
        ("https://panel.sendcloud.sc:99999", "host or port that cannot be used"),
        ("https://1.2.3.4.5", "host or port that cannot be used"),
    ];
    for (base_url, expected) in refused {
        let message = refusal(with_keys().base_url(base_url));
        assert!(message.contains(expected), "{base_url}: {message}");
        assert!(!message.contains("hunter2"), "{message}");
        assert!(!format!("{:?}", with_keys().base_url(base_url)).contains("hunter2"));
    }
    for base_url in
        ["http://localhost:8080", "http://127.0.0.2", "http://[::1]:1/x", "https://panel.sendcloud.sc/api/v3"]
    {
        with_keys().base_url(base_url).build().unwrap();
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let message = refusal(Client::builder().credentials("a:b", "").base_url("http://panel.sendcloud.sc"));
    for part in ["`:`", "secret key is empty", "plain http"] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_makes_no_difference() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    for slashes in ["", "/", "//"] {
        let client = with_keys().base_url(server.base_url() + slashes).build().unwrap();
        client.update_integration().id(7).send().await.unwrap();
    }
    assert!(server.received().iter().all(|request| request.path == "/api/v3/integrations/7"));
}

#[tokio::test]
async fn the_http_client_can_be_configured_but_not_around_our_policies() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let proxy = Server::start(|_| Answer::status(204)).await.unwrap();
    let client = with_keys()
        .base_url(server.base_url())
        .configure_http(|http| {
            http.user_agent("other")
                .connection_verbose(true)
                .redirect(sendcloud_integrations::reqwest::redirect::Policy::limited(5))
                .proxy(sendcloud_integrations::reqwest::Proxy::all(proxy.base_url()).unwrap())
                .default_headers(
                    [(sendcloud_integrations::reqwest::header::VIA, "1.1 test".parse().unwrap())].into_iter().collect(),
                )
        })
        .build()
        .unwrap();
    client.update_integration().id(7).send().await.unwrap();
    assert!(proxy.received().is_empty(), "no proxy sees keys in the clear");
    let received = server.received();
    assert_eq!(received[0].headers["via"], "1.1 test");
    assert!(received[0].headers["user-agent"].to_str().unwrap().starts_with("sendcloud-integrations/"));
    assert!(received[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_application_adds_itself_to_the_user_agent() {
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let client = with_keys().base_url(server.base_url()).user_agent("my-shop/1.2").build().unwrap();
    client.update_integration().id(7).send().await.unwrap();
    let expected = concat!("my-shop/1.2 sendcloud-integrations/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.received()[0].headers["user-agent"], expected);
    assert!(refusal(with_keys().user_agent("my-shop\n")).contains("the user agent has a control character"));
}

#[tokio::test]
async fn keys_go_to_the_base_url_only() {
    use sendcloud_integrations::progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
    let api = Server::start(|_| Answer::status(204)).await.unwrap();
    let other = Server::start(|_| Answer::status(204)).await.unwrap();
    let client = with_keys().base_url(api.base_url()).build().unwrap();
    for url in [other.base_url() + "/x", api.base_url() + "x/y", api.base_url() + "/x"] {
        let request = client.client().get(url).build().unwrap();
        client.exec(request, &OperationInfo { operation_id: "x" }).await.unwrap();
    }
    let carry = |server: &Server| -> Vec<bool> {
        server.received().iter().map(|request| request.headers.contains_key("authorization")).collect()
    };
    assert_eq!(carry(&other), [false]);
    assert_eq!(carry(&api), [false, true]);
}

#[tokio::test]
async fn keys_are_never_shown() {
    let server = Server::start(|_| Answer::status(401).body("go away")).await.unwrap();
    let builder = with_keys().base_url(server.base_url()).max_retries(0);
    let mut shown = format!("{builder:?} {builder:#?}");
    let client = builder.build().unwrap();
    let operation = client.update_integration().id(1);
    shown += &format!("{:?}", sendcloud_integrations::progenitor_client::ClientInfo::inner(&client));
    shown += &format!("{client:?} {client:#?} {operation:?}");
    let generated = operation.clone().send().await.unwrap_err();
    shown += &format!("{generated} {generated:?}");
    let error = sendcloud_integrations::Error::from(generated);
    shown += &format!("{error} {error:?} {error:#?}");
    let encoded =
        server.received()[0].headers["authorization"].to_str().unwrap().trim_start_matches("Basic ").to_owned();
    for secret in [PUBLIC, SECRET, &encoded] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Keeps all that is logged.
struct Log(Mutex<String>);

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        *self.0.lock().unwrap() += &format!("{} {}\n", record.target(), record.args());
    }

    fn flush(&self) {}
}

#[tokio::test]
async fn keys_are_never_logged() {
    static LOG: Log = Log(Mutex::new(String::new()));
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = Server::start(|_| Answer::status(204)).await.unwrap();
    let verbose = with_keys().base_url(server.base_url()).configure_http(|http| http.connection_verbose(true));
    verbose.build().unwrap().update_integration().id(1).send().await.unwrap();
    let received = server.received();
    let encoded = received[0].headers["authorization"].to_str().unwrap().trim_start_matches("Basic ");
    let logged = LOG.0.lock().unwrap();
    assert!(logged.contains("reqwest"), "the logger must be at work: {logged}");
    for secret in [PUBLIC, SECRET, encoded] {
        assert!(!logged.contains(secret), "{logged}");
    }
}

/// Runs `environment_in_child` in a process with these variables.
fn from_env(variables: &[(&str, &str)]) -> String {
    let names = ["SENDCLOUD_PUBLIC_KEY", "SENDCLOUD_SECRET_KEY", "SENDCLOUD_BASE_URL"];
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in names {
        command.env_remove(name);
    }
    let test = ["--exact", "construction::environment_in_child", "--ignored", "--nocapture"];
    let output = command.envs(variables.iter().copied()).args(test).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "the test below runs this one, in a process with an environment of its own"]
fn environment_in_child() {
    match Client::from_env() {
        Ok(client) => println!("made {client:?}"),
        Err(error) => println!("refused {error}"),
    }
}

#[test]
fn the_environment_makes_a_client() {
    let keys = [("SENDCLOUD_PUBLIC_KEY", PUBLIC), ("SENDCLOUD_SECRET_KEY", SECRET)];
    assert!(from_env(&keys).contains("made Client { base_url: \"https://panel.sendcloud.sc/api/v3\""));
    let elsewhere = [keys[0], keys[1], ("SENDCLOUD_BASE_URL", "http://localhost:1/x")];
    assert!(from_env(&elsewhere).contains("made Client { base_url: \"http://localhost:1/x\""));
    let nothing = from_env(&[]);
    assert!(nothing.contains("SENDCLOUD_PUBLIC_KEY is not set") && nothing.contains("SENDCLOUD_SECRET_KEY is not set"));
    let message = from_env(&[keys[0], ("SENDCLOUD_SECRET_KEY", "")]);
    assert!(message.contains("SENDCLOUD_SECRET_KEY: the secret key is empty"), "{message}");
    let message = from_env(&[keys[0], keys[1], ("SENDCLOUD_BASE_URL", "panel.example")]);
    assert!(message.contains("SENDCLOUD_BASE_URL: the base URL is not absolute"), "{message}");
    // As compose files set it for a default that is empty.
    let unset = from_env(&[keys[0], keys[1], ("SENDCLOUD_BASE_URL", "")]);
    assert!(unset.contains("made Client { base_url: \"https://panel.sendcloud.sc/api/v3\""), "{unset}");
}
