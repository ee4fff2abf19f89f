//! Client construction, and secrecy of the keys.

use std::ffi::OsStr;
use std::process::Command;
use std::sync::Mutex;

use crate::server::{Response, Server};
use sendcloud_integrations::{Client, ClientBuilder};
use serde_json::Value;

const PUBLIC: &str = "pk-c0ffee";
const SECRET: &str = "sk-deadbeef";

pub fn builder_with_keys() -> ClientBuilder {
    Client::builder().credentials(PUBLIC, SECRET)
}

pub fn build_error(builder: ClientBuilder) -> String {
    builder.build().unwrap_err().to_string()
}

#[test]
fn the_default_base_url_is_the_server_of_the_document() {
    let document: Value = serde_saphyr::from_str(include_str!("../../openapi/integrations.yaml")).unwrap();
    let url = document["servers"][0]["url"].as_str().unwrap();
    assert_eq!(format!("{:?}", builder_with_keys().build().unwrap()), format!("Client {{ base_url: {url:?}, .. }}"));
}

#[test]
fn invalid_keys_are_rejected() {
    assert!(build_error(Client::builder()).contains("there are no credentials"));
    let keys = [
        ("", SECRET, "the public key is empty"),
        (PUBLIC, "", "the secret key is empty"),
        ("a:b", SECRET, "the public key contains a `:`"),
        ("a\nb", SECRET, "the public key contains a control character"),
        ("a\u{7f}", SECRET, "the public key contains a control character"),
        (PUBLIC, "s\r\n", "the secret key contains a control character"),
    ];
    for (public, secret, expected) in keys {
        let message = build_error(Client::builder().credentials(public, secret));
        assert!(message.contains(expected), "{message}");
    }
    // All other characters are sent as UTF-8 (RFC 7617).
    Client::builder().credentials("ключ", "s:ключ").build().unwrap();
}

#[test]
fn unsafe_base_urls_are_rejected() {
    let rejected = [
        ("", "not an absolute URL"),
        ("/api/v3", "not an absolute URL"),
        ("panel.sendcloud.sc/api/v3", "not an absolute URL"),
        ("https:/api/v3", "not an absolute URL"),
        ("https:///api/v3", "not an absolute URL"),
        ("https:panel.sendcloud.sc/x", "not an absolute URL"),
        (" https://panel.sendcloud.sc", "not an absolute URL"),
        ("https://panel.send\tcloud.sc", "not an absolute URL"),
        ("localhost:1", "does not begin with https"),
        ("panel.sendcloud.sc:443/api/v3", "does not begin with https"),
        ("ftp://panel.sendcloud.sc", "scheme other than https"),
        ("file:///etc/passwd", "scheme other than https"),
        ("https://user@panel.sendcloud.sc", "user or password"),
        ("https://user:hunter2@panel.sendcloud.sc", "user or password"),
        ("https://:hunter2@panel.sendcloud.sc", "user or password"),
        ("https://panel.sendcloud.sc/?key=hunter2", "query or fragment"),
        ("https://panel.sendcloud.sc/#x", "query or fragment"),
        ("http://panel.sendcloud.sc/api/v3", "plain http"),
        ("http://localhost.example", "plain http"),
        ("http://127.0.0.1.example", "plain http"),
        ("http://[2001:db8::1]", "plain http"),
        ("http://user:hunter2@localhost", "user or password"),
        ("https://@panel.sendcloud.sc", "user or password"),
        ("https://:@panel.sendcloud.sc", "user or password"),
        ("https://panel.sendcloud.sc:99999", "invalid host or port"),
        ("https://1.2.3.4.5", "invalid host or port"),
    ];
    for (base_url, expected) in rejected {
        let message = build_error(builder_with_keys().base_url(base_url));
        assert!(message.contains(expected), "{base_url}: {message}");
        assert!(!message.contains("hunter2"), "{message}");
        assert!(!format!("{:?}", builder_with_keys().base_url(base_url)).contains("hunter2"));
    }
    for base_url in
        ["http://localhost:8080", "http://127.0.0.2", "http://[::1]:1/x", "https://panel.sendcloud.sc/api/v3"]
    {
        builder_with_keys().base_url(base_url).build().unwrap();
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let message = build_error(Client::builder().credentials("a:b", "").base_url("http://panel.sendcloud.sc"));
    for part in ["`:`", "secret key is empty", "plain http"] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_trailing_slash_of_the_base_url_is_ignored() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    for slashes in ["", "/", "//"] {
        let client = builder_with_keys().base_url(server.base_url() + slashes).build().unwrap();
        client.update_integration().id(7).send().await.unwrap();
    }
    assert!(server.received().iter().all(|request| request.path == "/api/v3/integrations/7"));
}

#[tokio::test]
async fn configure_http_does_not_override_settings_of_the_client() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let proxy = Server::start(|_| Response::status(204)).await.unwrap();
    let client = builder_with_keys()
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
    assert!(proxy.received().is_empty(), "no proxy receives keys in plain text");
    let received = server.received();
    assert_eq!(received[0].headers["via"], "1.1 test");
    assert!(received[0].headers["user-agent"].to_str().unwrap().starts_with("sendcloud-integrations/"));
    assert!(received[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn the_application_is_prepended_to_the_user_agent() {
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let client = builder_with_keys().base_url(server.base_url()).user_agent("my-shop/1.2").build().unwrap();
    client.update_integration().id(7).send().await.unwrap();
    let expected = concat!("my-shop/1.2 sendcloud-integrations/", env!("CARGO_PKG_VERSION"));
    assert_eq!(server.received()[0].headers["user-agent"], expected);
    let error = build_error(builder_with_keys().user_agent("my-shop\n"));
    assert!(error.contains("the user agent contains a control character"), "{error}");
}

#[tokio::test]
async fn keys_are_sent_to_the_base_url_only() {
    use sendcloud_integrations::progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
    let api = Server::start(|_| Response::status(204)).await.unwrap();
    let other = Server::start(|_| Response::status(204)).await.unwrap();
    let client = builder_with_keys().base_url(api.base_url()).build().unwrap();
    for url in [other.base_url() + "/x", api.base_url() + "x/y", api.base_url() + "/x"] {
        let request = client.client().get(url).build().unwrap();
        client.exec(request, &OperationInfo { operation_id: "x" }).await.unwrap();
    }
    let has_keys = |server: &Server| -> Vec<bool> {
        server.received().iter().map(|request| request.headers.contains_key("authorization")).collect()
    };
    assert_eq!(has_keys(&other), [false]);
    assert_eq!(has_keys(&api), [false, true]);
}

#[tokio::test]
async fn keys_are_not_in_debug_or_display() {
    let server = Server::start(|_| Response::status(401).body("go away")).await.unwrap();
    let builder = builder_with_keys().base_url(server.base_url()).max_retries(0);
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

/// Records all log messages.
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
async fn keys_are_not_logged() {
    static LOG: Log = Log(Mutex::new(String::new()));
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let verbose = builder_with_keys().base_url(server.base_url()).configure_http(|http| http.connection_verbose(true));
    verbose.build().unwrap().update_integration().id(1).send().await.unwrap();
    let received = server.received();
    let encoded = received[0].headers["authorization"].to_str().unwrap().trim_start_matches("Basic ");
    let logged = LOG.0.lock().unwrap();
    assert!(logged.contains("reqwest"), "the logger records messages: {logged}");
    for secret in [PUBLIC, SECRET, encoded] {
        assert!(!logged.contains(secret), "{logged}");
    }
}

/// Runs `build_from_env_in_child` in a process with these environment variables. Returns its output.
pub fn run_in_child(variables: &[(&str, impl AsRef<OsStr>)]) -> String {
    let names = ["SENDCLOUD_PUBLIC_KEY", "SENDCLOUD_SECRET_KEY", "SENDCLOUD_BASE_URL"];
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in names {
        command.env_remove(name);
    }
    let test = ["--exact", "construction::build_from_env_in_child", "--ignored", "--nocapture"];
    let output = command.envs(variables.iter().map(|(name, value)| (name, value))).args(test).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "run by the next test, in a process with its own environment"]
fn build_from_env_in_child() {
    match Client::from_env() {
        Ok(client) => println!("built {client:?}"),
        Err(error) => println!("error: {error}"),
    }
    // A variable is not named for a value that replaced it.
    let replaced = ClientBuilder::from_env().map(|builder| builder.credentials("", "").base_url("replaced").build());
    if let Ok(Err(error)) = replaced {
        println!("replaced: {error}");
    }
}

#[test]
fn a_client_is_built_from_the_environment() {
    let keys = [("SENDCLOUD_PUBLIC_KEY", PUBLIC), ("SENDCLOUD_SECRET_KEY", SECRET)];
    assert!(run_in_child(&keys).contains("built Client { base_url: \"https://panel.sendcloud.sc/api/v3\""));
    let with_base_url = [keys[0], keys[1], ("SENDCLOUD_BASE_URL", "http://localhost:1/x")];
    assert!(run_in_child(&with_base_url).contains("built Client { base_url: \"http://localhost:1/x\""));
    let message = run_in_child(&[] as &[(&str, &str)]);
    assert!(message.contains("SENDCLOUD_PUBLIC_KEY is not set") && message.contains("SENDCLOUD_SECRET_KEY is not set"));
    let message = run_in_child(&[keys[0], ("SENDCLOUD_SECRET_KEY", "")]);
    assert!(message.contains("SENDCLOUD_SECRET_KEY: the secret key is empty"), "{message}");
    let replaced =
        "replaced: the client cannot be built: the public key is empty; the secret key is empty; the base URL is not";
    assert!(run_in_child(&with_base_url).contains(replaced));
    let message = run_in_child(&[keys[0], keys[1], ("SENDCLOUD_BASE_URL", "panel.example")]);
    assert!(message.contains("SENDCLOUD_BASE_URL: the base URL is not an absolute URL"), "{message}");
    // Compose files set a variable with an empty default like this.
    let unset = run_in_child(&[keys[0], keys[1], ("SENDCLOUD_BASE_URL", "")]);
    assert!(unset.contains("built Client { base_url: \"https://panel.sendcloud.sc/api/v3\""), "{unset}");
}
