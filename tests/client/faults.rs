//! Faults of servers, proxies and gateways, on real connections.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crate::server::{Received, Response, Server};
use sendcloud_integrations::types::IntegrationModel;
use sendcloud_integrations::{Client, ClientBuilder, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A timeout longer than any response of these servers takes.
const SHORT: Duration = Duration::from_millis(200);

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().credentials("public", "secret").base_url(base_url).max_retries(0)
}

fn change() -> IntegrationModel {
    IntegrationModel::builder().shop_name("x").build().unwrap()
}

/// Returns the error of a call to a server that handles each connection with `fault`.
async fn error_with_server<F>(fault: impl Fn(TcpStream) -> F + Send + 'static) -> Error
where
    F: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            fault(stream).await;
        }
    });
    let client = builder(&base_url).timeout(SHORT).build().unwrap();
    let error = client.update(1, change()).await.unwrap_err();
    serving.abort();
    error
}

/// Reads a request up to the end of its JSON body.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        stream.read_buf(&mut request).await.unwrap();
    }
}

/// Resets a connection: closing it with unread data does that.
async fn reset(mut stream: TcpStream) {
    let _ = stream.read_u8().await;
}

/// Sends bytes after the request, and keeps the connection open until the client closes it.
async fn send_and_hold(mut stream: TcpStream, bytes: &[u8]) {
    read_request(&mut stream).await;
    stream.write_all(bytes).await.unwrap();
    let _ = stream.read_u8().await;
}

#[tokio::test]
async fn a_connection_reset_before_the_head_is_retryable() {
    let error = error_with_server(reset).await;
    assert!(error.status().is_none() && error.is_retryable(), "{error:?}");
    assert!(error.to_string().starts_with("the connection to the API failed: "), "{error}");
}

#[tokio::test]
async fn a_connection_reset_after_the_head_keeps_the_status() {
    let error = error_with_server(|mut stream| async move {
        stream.peek(&mut [0]).await.unwrap();
        stream.write_all(b"HTTP/1.1 500 Broken\r\ncontent-length: 100\r\n\r\n{\"err").await.unwrap();
        reset(stream).await;
    });
    assert_eq!(error.await.status().unwrap(), 500);
}

#[tokio::test]
async fn a_connection_closed_without_a_response_is_retryable() {
    let error = error_with_server(|mut stream| async move { read_request(&mut stream).await }).await;
    assert!(error.status().is_none() && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_missing_response_times_out() {
    let error = error_with_server(|stream| async move { send_and_hold(stream, b"").await }).await;
    assert!(error.to_string().starts_with("the API did not respond in time: ") && error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_slow_head_times_out() {
    let error = error_with_server(|stream| async move { send_and_hold(stream, b"HTTP/1.1 204 No").await }).await;
    assert!(error.status().is_none() && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_slow_body_keeps_the_status() {
    let bytes = b"HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\n{\"errors\": [{\"code\": \"not_found\"}]";
    let error = error_with_server(move |stream| async move { send_and_hold(stream, bytes).await }).await;
    assert_eq!(error.status().unwrap(), 404);
    assert!(error.to_string().contains("not_found"), "{error}");
}

#[tokio::test]
async fn a_malformed_head_is_an_error() {
    let error = error_with_server(|stream| async move { send_and_hold(stream, b"GARBAGE\r\n\r\n").await }).await;
    assert!(error.status().is_none(), "{error:?}");
}

#[tokio::test]
async fn the_page_of_a_captive_portal_is_an_error() {
    for status in [200, 203, 206] {
        let server =
            Server::start(move |_| Response::status(status).header("content-type", "text/html").body("<html>Sign in"))
                .await
                .unwrap();
        let error = builder(&server.base_url()).build().unwrap().update(1, change()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert!(error.to_string().ends_with("<html>Sign in"), "{error}");
    }
}

/// Starts a proxy that responds to CONNECT with status 407. Returns its URL, and the head of the request in lower case.
pub async fn proxy_that_requires_credentials() -> (String, tokio::task::JoinHandle<String>) {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = proxy.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_buf(&mut head).await.unwrap();
        }
        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        String::from_utf8(head).unwrap().to_lowercase()
    });
    (url, serving)
}

/// The proxy sees the host of the call, and neither its headers nor its body.
#[tokio::test]
async fn a_proxy_that_requires_credentials_is_an_error() {
    let (url, serving) = proxy_that_requires_credentials().await;
    let client = builder("https://panel.example/api/v3")
        .configure_http(|http| http.proxy(reqwest::Proxy::all(url).unwrap()))
        .build()
        .unwrap();
    let error = client.update(1, change()).await.unwrap_err();
    assert!(error.status().is_none() && error.to_string().contains("proxy"), "{error}");
    assert!(!error.is_retryable(), "a retry adds no credentials: {error:?}");
    let head = serving.await.unwrap();
    assert!(head.starts_with("connect panel.example:443 ") && !head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn only_transient_statuses_are_retried() {
    for (status, attempts) in [
        (400, 1),
        (401, 1),
        (403, 1),
        (404, 1),
        (408, 2),
        (409, 1),
        (422, 1),
        (429, 2),
        (500, 1),
        (501, 1),
        (502, 2),
        (503, 2),
        (504, 2),
    ] {
        let server = Server::start(move |_| Response::status(status).header("retry-after", "0")).await.unwrap();
        let client = builder(&server.base_url()).max_retries(1).build().unwrap();
        let error = client.update(1, change()).await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), server.received().len()), (status, attempts));
        assert_eq!(error.is_retryable(), attempts == 2);
    }
}

/// A delay that would exceed the deadline is not started.
#[tokio::test]
async fn no_call_exceeds_its_deadline() {
    let server = Server::start(|_| Response::status(503).header("retry-after", "60")).await.unwrap();
    let client = builder(&server.base_url()).max_retries(9).deadline(Duration::from_secs(30)).build().unwrap();
    let error = client.update(1, change()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), server.received().len()), (503, 1));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let client = builder(&base_url).max_retries(9).deadline(SHORT).build().unwrap();
    let error = tokio::time::timeout(Duration::from_secs(20), client.update(1, change())).await.unwrap().unwrap_err();
    assert!(error.to_string().starts_with("the API did not respond in time: "), "{error}");
}

/// Makes a call through a gateway that handles the first connection with `fault`, and forwards the second to an accepting server.
/// Returns the result and that server.
async fn update_after_fault<F>(
    fault: impl FnOnce(TcpStream) -> F + Send + 'static,
    timeout: Duration,
) -> (Result<(), Error>, Server)
where
    F: Future<Output = ()> + Send,
{
    let server = Server::start(|_| Response::status(204)).await.unwrap();
    let address = address(&server);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let gateway = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        fault(stream).await;
        let (mut from, _) = listener.accept().await.unwrap();
        let mut to = TcpStream::connect(address).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
    });
    let client = builder(&base_url).max_retries(1).timeout(timeout).build().unwrap();
    let result = client.update(1, change()).await;
    gateway.abort();
    (result, server)
}

fn address(server: &Server) -> String {
    server.base_url().trim_start_matches("http://").split('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn requests_without_a_response_are_retried() {
    let long = Duration::from_secs(20);
    let (result, server) = update_after_fault(reset, long).await;
    result.unwrap();
    assert_eq!(server.received().len(), 1);
    let (result, server) = update_after_fault(|mut stream| async move { read_request(&mut stream).await }, long).await;
    result.unwrap();
    assert_eq!(server.received().len(), 1);
    let (result, server) = update_after_fault(|stream| async move { send_and_hold(stream, b"").await }, SHORT).await;
    result.unwrap();
    assert_eq!(server.received().len(), 1);
}

/// Another protocol, and a head that is too long.
#[tokio::test]
async fn responses_that_are_not_http_are_not_retried() {
    let endless = [b"HTTP/1.1 204 No Content\r\nx: ".as_slice(), &[b'x'; 1 << 20]].concat();
    for bytes in [b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), endless] {
        let long = Duration::from_secs(20);
        let (result, server) = update_after_fault(
            move |mut stream| {
                let bytes = bytes.clone();
                async move {
                    read_request(&mut stream).await;
                    let _ = stream.write_all(&bytes).await;
                }
            },
            long,
        )
        .await;
        let error = result.unwrap_err();
        assert!(!error.is_retryable() && server.received().is_empty(), "{error:?}");
        assert!(error.to_string().starts_with("the response is not valid HTTP: "), "{error}");
    }
}

/// Starts a server that asks for a delay before the first retry. Returns it with the times at which requests arrived.
async fn start_asking_server(headers: Vec<(&'static str, String)>) -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrivals);
    let server = Server::start(move |_| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        Response { status: if seen.len() == 1 { 503 } else { 204 }, headers: headers.clone(), body: Vec::new() }
    });
    (server.await.unwrap(), arrivals)
}

/// In seconds, as a date, and with two values.
#[tokio::test]
async fn retry_after_delays_the_retry() {
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    let asks: [&[&str]; 3] = [&["1"], &[date.as_str()], &["0", "1"]];
    for values in asks {
        let headers = values.iter().map(|value| ("retry-after", (*value).to_owned())).collect();
        let (server, arrivals) = start_asking_server(headers).await;
        builder(&server.base_url()).max_retries(1).build().unwrap().update(1, change()).await.unwrap();
        let arrivals = arrivals.lock().unwrap();
        assert!(arrivals[1] - arrivals[0] >= Duration::from_secs(1), "{values:?}");
    }
}

#[tokio::test]
async fn a_long_retry_after_does_not_overflow() {
    let server = Server::start(|_| Response::status(503).header("retry-after", "9".repeat(40))).await.unwrap();
    let client = builder(&server.base_url()).max_retries(1).retry_after_cap(Duration::MAX);
    let error = client.deadline(Duration::from_secs(60)).build().unwrap().update(1, change()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(u64::MAX)));
}

/// The body of the response never ends.
#[tokio::test]
async fn the_connection_is_closed_before_the_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = builder(&format!("http://{}", listener.local_addr().unwrap())).max_retries(1).build().unwrap();
    let call = tokio::spawn(async move { client.update(1, change()).await });
    let (stream, _) = listener.accept().await.unwrap();
    let bytes = b"HTTP/1.1 503 Busy\r\nretry-after: 50\r\ncontent-length: 100\r\n\r\n{";
    let closed = send_and_hold(stream, bytes);
    tokio::time::timeout(Duration::from_secs(20), closed).await.expect("the client closes the connection");
    assert!(!call.is_finished());
    call.abort();
}

#[tokio::test]
async fn http_settings_cannot_redirect_or_repeat_calls() {
    let other = Server::start(|_| Response::status(204)).await.unwrap();
    let location = other.base_url();
    let server = Server::start(move |_| Response::status(307).header("location", location.clone())).await.unwrap();
    let port = address(&server).parse::<std::net::SocketAddr>().unwrap().port();
    let elsewhere = std::net::TcpListener::bind(("127.9.9.9", port)).unwrap();
    let other_address = elsewhere.local_addr().unwrap();
    let localhost = server.base_url().replace("127.0.0.1", "localhost");
    let client = builder(&localhost)
        .configure_http(|http| http.redirect(reqwest::redirect::Policy::limited(5)))
        .configure_http(move |http| http.resolve("localhost", other_address))
        .configure_http(|http| {
            let host = ("host".parse().unwrap(), "other.example".parse().unwrap());
            http.default_headers([host].into_iter().collect())
        })
        .configure_http(|http| {
            let always = reqwest::retry::for_host("localhost").no_budget().max_retries_per_request(5);
            http.retry(always.classify_fn(|attempt| attempt.retryable()))
        });
    let error = client.timeout(Duration::from_secs(5)).build().unwrap().update(1, change()).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307), "{error}");
    let received = server.received();
    assert_eq!((received.len(), other.received().len()), (1, 0));
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "no connection to the other address");
    assert_eq!(received[0].headers["host"], address(&server).replace("127.0.0.1", "localhost").as_str());
}

/// Debug pages of servers show the request.
#[tokio::test]
async fn keys_in_responses_are_redacted() {
    let echo = |request: &Received| {
        let keys = request.headers["authorization"].to_str().unwrap().to_owned();
        let detail = format!("{keys} and s3cret-s3cret");
        let body = serde_json::json!({ "errors": [{ "code": "invalid", "detail": detail }], "more": detail });
        Response::json(400, &body).header("x-echo", keys)
    };
    let page =
        |request: &Received| Response::status(500).body(format!("<pre>{:?}</pre>", request.headers["authorization"]));
    let servers = [Server::start(echo).await.unwrap(), Server::start(page).await.unwrap()];
    for server in servers {
        let client = Client::builder().credentials("public-key", "s3cret-s3cret").base_url(server.base_url());
        let client = client.build().unwrap();
        let error = client.update(1, change()).await.unwrap_err();
        let generated = client.update_integration().id(1).send().await.unwrap_err();
        let shown = format!("{error} {error:?} {:?} {generated} {generated:?}", error.errors());
        for secret in ["s3cret-s3cret", "cHVibGljLWtleTpzM2NyZXQtczNjcmV0"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        for error in [error, generated.into()] {
            assert!(error.to_string().contains("[redacted]"), "{error}");
            assert!(error.headers().unwrap().get("x-echo").is_none_or(|echo| echo == "Basic [redacted]"));
        }
    }
}

#[tokio::test]
async fn keys_in_json_escapes_are_redacted() {
    // Unnecessary escapes, and JSON quoted in JSON.
    let spelled = r#"s3cr\u00fc\/t\"s3cret"#;
    let direct =
        format!(r#"{{"errors": [{{"code": "{spelled}", "detail": "why {spelled}", "meta": {{"{spelled}": 1}}}}]}}"#);
    let quoted = serde_json::json!({ "errors": [{ "detail": direct }] }).to_string();
    let latin: Vec<u8> = "key s3crü/t\"s3cret".chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let bodies = [direct.clone(), quoted, format!("<pre>{direct}</pre>"), format!("cut off: {}", &spelled[..18])];
    for body in bodies.map(String::into_bytes).into_iter().chain([latin]) {
        let answer = Response::status(400).body(body).header("x-echo", spelled);
        let server = Server::start(move |_| answer.clone()).await.unwrap();
        let client = Client::builder().credentials("public-key", "s3crü/t\"s3cret").base_url(server.base_url());
        let error = client.build().unwrap().update(1, change()).await.unwrap_err();
        let shown = format!("{error} {error:?} {:?} {}", error.errors(), serde_json::json!(error.errors()));
        assert!(!shown.contains("s3cret") && !shown.contains("s3cr"), "{shown}");
        assert!(error.to_string().contains("[redacted]"), "{error}");
        assert_eq!(error.headers().unwrap()["x-echo"], "[redacted]");
    }
}

#[tokio::test]
async fn cookies_are_not_shown() {
    let server = Server::start(|_| Response::status(500).header("set-cookie", "session=c0ffee")).await.unwrap();
    let error = builder(&server.base_url()).build().unwrap().update(1, change()).await.unwrap_err();
    assert!(!format!("{error:?}").contains("c0ffee"), "{error:?}");
    assert_eq!(error.headers().unwrap()["set-cookie"], "session=c0ffee");
}

/// Polls a future up to this many times, and then drops it. Returns whether it completed.
async fn poll_times<F: Future>(future: F, polls: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        let is_done = poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready())).await;
        if is_done {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

#[tokio::test]
async fn a_call_can_be_dropped_at_any_point() {
    let server =
        Server::start(|_| Response::status(503).header("retry-after", "0").body("x".repeat(1 << 16))).await.unwrap();
    let client = builder(&server.base_url()).max_retries(3).build().unwrap();
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    client.update(1, change()).await.unwrap_err();
    // Until a call completes.
    let mut polls = 0;
    while !poll_times(client.update(1, change()), polls).await {
        polls += 1 + polls / 16;
    }
    assert!(polls > 4, "a call is pending more often than that");
    let error = client.update(1, change()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    // The client and its connections leave no task. The last one is the server's.
    drop(client);
    let stopped = async {
        while tasks() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), stopped).await.expect("all tasks of the client end");
}

/// The connection is closed at once, not only after the response.
#[tokio::test]
async fn dropping_a_call_closes_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = builder(&format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
    let call = client.update(1, change());
    let (mut stream, ()) = tokio::select! {
        served = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            (stream, ())
        } => served,
        outcome = call => panic!("there was no response: {outcome:?}"),
    };
    let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_u8()).await;
    assert!(closed.expect("the client closes the connection").is_err());
}
