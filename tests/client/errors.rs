//! Errors of calls to a real server: status, decoded errors, `Display`, and retries.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use crate::server::{Response, Server};
use sendcloud_integrations::types::{ErrorObjectCode, IntegrationModel};
use sendcloud_integrations::{Client, Error};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn client(base_url: &str, max_retries: u32) -> Client {
    Client::builder().credentials("public", "secret").base_url(base_url).max_retries(max_retries).build().unwrap()
}

pub async fn failing_update(client: &Client) -> Error {
    client.update(1, IntegrationModel::builder().shop_name("x")).await.unwrap_err()
}

/// Returns the error of a call with this response.
pub async fn error_of(answer: Response) -> Error {
    let server = Server::start(move |_| answer.clone()).await.unwrap();
    failing_update(&client(&server.base_url(), 0)).await
}

/// Returns the error of a call whose response is these bytes, after which the connection is closed.
pub async fn error_of_bytes(bytes: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    let error = failing_update(&client(&base_url, 0)).await;
    serving.await.unwrap();
    error
}

/// Reads a request up to the end of its JSON body.
async fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        stream.read_buf(&mut request).await.unwrap();
    }
}

/// Returns the example of an error in the vendored document.
fn documented_error(status: &str) -> Value {
    let document: Value = serde_saphyr::from_str(include_str!("../../openapi/integrations.yaml")).unwrap();
    let examples = format!("/paths/~1integrations~1{{id}}/patch/responses/{status}/content/application~1json/examples");
    let examples = document.pointer(&examples).unwrap().as_object().unwrap();
    examples.values().next().unwrap()["value"].clone()
}

#[tokio::test]
async fn documented_errors_are_decoded() {
    for (status, code) in [(400, ErrorObjectCode::Invalid), (404, ErrorObjectCode::NotFound)] {
        let body = documented_error(&status.to_string());
        let error = error_of(Response::json(status, &body)).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.errors().len(), 1);
        assert_eq!(error.errors()[0].status, Some(status.to_string()));
        assert_eq!(error.errors()[0].code, Some(code));
        let detail = body["errors"][0]["detail"].as_str().unwrap();
        assert_eq!(error.errors()[0].detail.as_deref(), Some(detail));
        assert!(error.to_string().contains(detail) && error.to_string().contains(&status.to_string()), "{error}");
        assert!(!error.is_retryable());
    }
    assert!(documented_error("404")["errors"][0]["status"].is_u64(), "the example has an integer in place of a string");
}

#[tokio::test]
async fn undocumented_statuses_keep_headers_and_errors() {
    for status in [401, 403, 409, 422, 429, 500, 502, 503, 504] {
        let body =
            json!({ "errors": [{ "code": "brand_new", "detail": "why", "source": { "pointer": "/shop_name" } }] });
        let error = error_of(Response::json(status, &body).header("x-request-id", "7")).await;
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.headers().unwrap()["x-request-id"], "7");
        assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::Unlisted("brand_new".to_owned())));
        let phrase = error.status().unwrap().to_string();
        let remedy = if status == 401 { " (check the keys)" } else { "" };
        assert_eq!(error.to_string(), format!("the API returned {phrase}{remedy}: brand_new: why (at /shop_name)"));
        assert_eq!(error.is_retryable(), [408, 429, 502, 503, 504].contains(&status), "{status}");
    }
}

#[tokio::test]
async fn an_error_object_in_place_of_a_list_is_decoded() {
    let error = error_of(Response::json(400, &json!({ "errors": { "code": "required", "new": [1] } }))).await;
    assert_eq!(error.errors().len(), 1);
    assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::Required));
}

#[tokio::test]
async fn other_bodies_are_shown_as_an_excerpt() {
    let html = format!("<html>\r\n <title>Bad\tgateway</title>{}</html>", "x".repeat(5000));
    let error = error_of(Response::status(502).header("content-type", "text/html").body(html)).await;
    assert_eq!(error.status().unwrap(), 502);
    let shown = error.to_string();
    assert!(shown.starts_with("the API returned 502 Bad Gateway: <html> <title>Bad gateway</title>x"), "{shown}");
    assert!(shown.ends_with('…') && shown.len() < 300 && !shown.contains('\n'), "{shown}");

    let bodies: [&[u8]; 4] = [b"", b"{\"errors\": [{\"code\"", b"\xff\xfe\x00", b"null"];
    for body in bodies {
        let error = error_of(Response::status(400).header("content-type", "application/json").body(body)).await;
        assert_eq!(error.status().unwrap(), 400, "{body:?}");
        assert!(error.errors().is_empty());
    }
}

#[tokio::test]
async fn a_truncated_body_keeps_the_status() {
    let error = error_of_bytes(b"HTTP/1.1 422 Unprocessable Entity\r\ncontent-length: 500\r\n\r\n{\"errors\": [").await;
    assert_eq!(error.status().unwrap(), 422);
    assert!(error.to_string().contains("{\"errors\": ["), "{error}");
}

#[tokio::test]
async fn a_long_body_is_read_up_to_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 3221225472\r\n\r\n").await;
        // Until the client closes the connection.
        while stream.write_all(&[b'x'; 65536]).await.is_ok() {}
    });
    let generated = client(&base_url, 0).update_integration().id(1).send().await.unwrap_err();
    serving.await.unwrap();
    let sendcloud_integrations::progenitor_client::Error::UnexpectedResponse(response) = generated else {
        panic!("not an error response");
    };
    assert_eq!(response.status(), 500);
    assert_eq!(response.bytes().await.unwrap().len(), 1024 * 1024);
}

/// No async runtime is needed.
#[test]
fn an_error_made_from_a_response_keeps_a_body_in_memory() {
    let body = json!({ "errors": [{ "code": "not_found", "detail": "gone" }] }).to_string();
    let response = http::Response::builder().status(404).header("x-request-id", "7").body(body).unwrap();
    let error = Error::from(reqwest::Response::from(response));
    assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::NotFound));
    assert_eq!(error.to_string(), "the API returned 404 Not Found: not_found: gone");
    assert_eq!(error.headers().unwrap()["x-request-id"], "7");
    let large = http::Response::new(vec![b'x'; 3 * 1024 * 1024]);
    assert!(Error::from(reqwest::Response::from(large)).to_string().ends_with("xxx…"));
}

/// The response comes from the user's own HTTP client.
#[tokio::test]
async fn an_error_made_from_a_response_reads_its_body_up_to_a_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (go, head_was_read) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read_u8().await;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 3221225472\r\n\r\n").await.unwrap();
        head_was_read.await.unwrap();
        stream.write_all(br#"{"errors": [{"code": "invalid", "detail": "why"}], "more": ""#).await.unwrap();
        // Until the client closes the connection.
        while stream.write_all(&[b'x'; 65536]).await.is_ok() {}
    });
    let response = reqwest::get(url).await.unwrap();
    go.send(()).unwrap();
    let error = Error::from_response(response).await;
    serving.await.unwrap();
    assert_eq!(error.status().unwrap(), 400);
    assert!(error.to_string().contains(r#""detail": "why"}], "more": "xx"#), "{error}");
}

#[tokio::test]
async fn errors_without_documented_properties_are_shown_as_text() {
    for body in [json!({ "errors": { "shop_name": ["Too long"] } }), json!({ "errors": [{ "message": "boom" }] })] {
        let error = error_of(Response::json(422, &body)).await;
        assert!(error.errors().is_empty());
        assert_eq!(error.to_string(), format!("the API returned 422 Unprocessable Entity: {body}"));
    }
}

#[tokio::test]
async fn display_is_one_short_line() {
    let wild = json!({ "code": "a\nb\u{1b}[31m", "detail": "c\r\nd", "source": { "pointer": "/x\n" } });
    let error = error_of(Response::json(400, &json!({ "errors": vec![wild; 1000] }))).await;
    let shown = error.to_string();
    assert_eq!(error.errors().len(), 1000);
    assert!(shown.len() < 500 && shown.chars().all(|c| !c.is_control()), "{shown}");
    assert!(shown.ends_with("a b\\u{1b}[31m: c d (at /x); and 995 more"), "{shown}");
}

/// Unicode categories Cc, Cf, Zl and Zp.
#[tokio::test]
async fn characters_that_control_display_are_escaped() {
    let detail = "a\u{202e}b\u{200b}c\u{2028}d\u{2029}e\u{7f}f\u{9b}g\u{feff}h \u{1f468}\u{200d}\u{1f33e} é\u{301}";
    let escaped =
        "a\\u{202e}b\\u{200b}c\\u{2028}d\\u{2029}e\\u{7f}f\\u{9b}g\\u{feff}h \u{1f468}\u{200d}\u{1f33e} é\u{301}";
    let error = error_of(Response::json(400, &json!({ "errors": [{ "detail": detail }] }))).await;
    assert_eq!(error.to_string(), format!("the API returned 400 Bad Request: {escaped}"));
    assert_eq!(error.errors()[0].detail.as_deref(), Some(detail));
    let error = error_of(Response::status(502).body(format!("<p>{detail}"))).await;
    assert_eq!(error.to_string(), format!("the API returned 502 Bad Gateway: <p>{escaped}"));
}

/// The body is the start of a gzip stream, although the client does not accept compression.
#[tokio::test]
async fn a_compressed_body_is_described() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xabV*\xa9,HU\xb2R\xca\xcf".to_vec();
    for (answer, expected) in [
        (Response::status(400).header("content-encoding", "gzip"), ": (compressed body: gzip, 21 bytes)"),
        (Response::status(400).header("content-encoding", "br"), ": (compressed body: br, 21 bytes)"),
        (Response::status(400), ": (binary body, 21 bytes)"),
    ] {
        let error = error_of(answer.header("x-request-id", "7").body(gzip.clone())).await;
        assert_eq!(error.to_string(), format!("the API returned 400 Bad Request{expected}"));
        assert_eq!(error.headers().unwrap()["x-request-id"], "7");
        assert!(error.errors().is_empty() && error.status().unwrap() == 400);
    }
    let body = json!({ "errors": [{ "code": "invalid" }] });
    let error = error_of(Response::json(400, &body).header("content-encoding", "identity")).await;
    assert_eq!(error.errors().len(), 1);
}

#[tokio::test]
async fn an_undocumented_success_status_is_an_error() {
    let error = error_of(Response::status(200).header("content-type", "text/html").body("<html>\nSign in")).await;
    assert_eq!(error.status().unwrap(), 200);
    let expected = "the API returned 200 OK (the OpenAPI document does not list this status: check the base URL and any proxy): <html> Sign in";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start(|_| Response::status(204)).await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        let error = error_of(Response::status(status).header("location", other.base_url())).await;
        assert_eq!(error.status().unwrap(), status);
    }
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn a_failed_connection_is_an_error_without_status() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = failing_update(&client(&format!("http://{free}"), 0)).await;
    assert!(refused.status().is_none() && refused.headers().is_none());
    assert!(refused.is_retryable());
    assert!(refused.is_connect() && !refused.is_timeout());
    assert!(refused.reqwest_error().unwrap().is_connect());
    let message = refused.to_string();
    assert!(message.starts_with("the API could not be reached: "), "{message}");
    // `Display` includes all causes, so error reporters must not find them again.
    assert!(refused.source().is_none());
    assert_eq!(message.matches("refused").count(), 1, "{message}");
    assert_eq!(message.matches("http://").count(), 1, "{message}");

    let closed = error_of_bytes(b"").await;
    assert!(closed.status().is_none() && closed.is_retryable());
}

#[tokio::test]
async fn an_attempt_ends_at_the_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = Client::builder()
        .credentials("public", "secret")
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .timeout(Duration::from_millis(50))
        .max_retries(0)
        .build()
        .unwrap();
    let error = failing_update(&client).await;
    assert!(error.to_string().starts_with("the API did not respond in time: "), "{error}");
    assert!(error.is_retryable() && error.is_timeout() && !error.is_connect());
}

#[tokio::test]
async fn retry_after_is_parsed_as_seconds_or_a_date() {
    let seconds = error_of(Response::status(429).header("retry-after", "120")).await;
    assert_eq!(seconds.retry_after(), Some(Duration::from_secs(120)));
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(300));
    let wait = error_of(Response::status(503).header("retry-after", date)).await.retry_after().unwrap();
    assert!((290..=300).contains(&wait.as_secs()), "{wait:?}");
    let past = error_of(Response::status(503).header("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")).await;
    assert_eq!(past.retry_after(), Some(Duration::ZERO));
    assert_eq!(error_of(Response::status(503).header("retry-after", "soon")).await.retry_after(), None);
}

#[tokio::test]
async fn a_call_is_retried_up_to_max_retries() {
    for max_retries in [0, 2] {
        let server = Server::start(|_| Response::status(503).header("retry-after", "0")).await.unwrap();
        let error = failing_update(&client(&server.base_url(), max_retries)).await;
        assert_eq!(error.status().unwrap(), 503);
        let received = server.received();
        assert_eq!(received.len(), 1 + max_retries as usize);
        assert!(received.iter().all(|request| request.body == received[0].body));
        assert!(received.iter().all(|request| request.headers == received[0].headers));
    }
}

#[tokio::test]
async fn a_retry_can_succeed() {
    let attempts = std::sync::atomic::AtomicU32::new(0);
    let server = Server::start(move |_| match attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Response::status(429).header("retry-after", "0"),
        _ => Response::status(204),
    });
    let server = server.await.unwrap();
    client(&server.base_url(), 1).update(1, IntegrationModel::builder().shop_name("x")).await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn other_errors_are_not_retried() {
    for answer in [Response::status(400), Response::status(500), Response::status(429).header("retry-after", "3600")] {
        let server = Server::start(move |_| answer.clone()).await.unwrap();
        failing_update(&client(&server.base_url(), 5)).await;
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn the_error_of_a_generated_operation_is_converted_completely() {
    let body = json!({ "errors": [{ "code": "forbidden" }] });
    let server = Server::start(move |_| Response::json(403, &body)).await.unwrap();
    let client = client(&server.base_url(), 0);
    let generated = client.update_integration().id(1).send().await.unwrap_err();
    let error = Error::from(generated);
    assert_eq!(error.status().unwrap(), 403);
    assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::Forbidden));

    let generated = client.update_integration().id(1).send().await.unwrap_err();
    let sendcloud_integrations::progenitor_client::Error::UnexpectedResponse(response) = generated else {
        panic!("not an error response");
    };
    assert_eq!(response.text().await.unwrap(), r#"{"errors":[{"code":"forbidden"}]}"#);
}

#[tokio::test]
async fn an_invalid_part_of_an_error_body_does_not_affect_the_rest() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let bodies: [(&str, Vec<u8>); 8] = [
        ("a lone surrogate", br#"{"errors": [{"code": "invalid", "detail": "why \ud800"}]}"#.to_vec()),
        ("a lone surrogate in a name", br#"{"\ud800": 1, "errors": [{"code": "invalid", "detail": "why"}]}"#.to_vec()),
        (
            "a number that is too large",
            br#"{"x": 1e999, "errors": [{"code": "invalid", "detail": "why", "id": 1e999}]}"#.to_vec(),
        ),
        ("depth", format!(r#"{{"errors": [{{"code": "invalid", "detail": "why", "meta": {{"a": {deep}}}}}]}}"#).into()),
        ("Latin-1", b"{\"errors\": [{\"code\": \"invalid\", \"detail\": \"why \xe9\"}]}".to_vec()),
        ("a byte order mark", "\u{feff}{\"errors\": [{\"code\": \"invalid\", \"detail\": \"why\"}]}".into()),
        ("trailing bytes", br#"{"errors": [{"code": "invalid", "detail": "why"}]} </html>"#.to_vec()),
        ("a duplicate name", br#"{"errors": [{"code": "invalid", "detail": "why"}], "errors": null}"#.to_vec()),
    ];
    for (name, body) in bodies {
        let error = error_of(Response::status(400).header("content-type", "application/json").body(body)).await;
        assert_eq!(error.errors().len(), 1, "{name}: {error}");
        assert_eq!(error.errors()[0].code, Some(ErrorObjectCode::Invalid), "{name}");
        assert!(error.errors()[0].detail.as_ref().unwrap().starts_with("why"), "{name}: {error}");
    }
}

#[tokio::test]
async fn invalid_parts_of_an_error_body_are_shown_as_text() {
    let bodies = [
        json!({ "errors": [{ "code": "invalid", "detail": "why" }, "and this"] }),
        json!({ "errors": [{ "code": "invalid", "detail": "why" }, { "message": "and this" }] }),
        json!({ "errors": [{ "code": "invalid", "detail": "why", "title": ["and this"] }] }),
    ];
    for body in bodies {
        let error = error_of(Response::json(400, &body)).await;
        assert_eq!(error.errors().len(), 1);
        let shown = error.to_string();
        assert!(shown.starts_with("the API returned 400 Bad Request: invalid: why; body: {"), "{shown}");
        assert!(shown.contains("and this"), "{shown}");
    }
}

#[tokio::test]
async fn limits_are_configurable() {
    let answer = || Response::status(429).header("retry-after", "1").body("x".repeat(64));
    let server = Server::start(move |_| answer()).await.unwrap();
    let client = Client::builder()
        .credentials("public", "secret")
        .base_url(server.base_url())
        .retry_after_cap(Duration::ZERO)
        .max_error_body(16)
        .build()
        .unwrap();
    let error = failing_update(&client).await;
    assert_eq!(server.received().len(), 1, "no retry if the wait exceeds the cap");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    assert!(error.to_string().ends_with(&format!(": {}", "x".repeat(16))), "{error}");
}

#[tokio::test]
async fn post_requests_are_not_retried_after_a_response() {
    use sendcloud_integrations::progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
    use sendcloud_integrations::reqwest::Method;
    let server = Server::start(|_| Response::status(503).header("retry-after", "0")).await.unwrap();
    let client = client(&server.base_url(), 1);
    for (method, attempts) in [(Method::POST, 1), (Method::PATCH, 2), (Method::PUT, 2)] {
        let before = server.received().len();
        let request = client.client().request(method.clone(), server.base_url() + "/x").build().unwrap();
        client.exec(request, &OperationInfo { operation_id: "x" }).await.unwrap();
        assert_eq!(server.received().len() - before, attempts, "{method}");
    }
}

#[tokio::test]
async fn blank_texts_are_not_shown() {
    let blank = json!({ "code": "", "detail": " ", "title": "", "source": { "pointer": "", "parameter": "id" } });
    let error = error_of(Response::json(400, &json!({ "errors": [blank] }))).await;
    assert_eq!(error.to_string(), "the API returned 400 Bad Request: (at id)");
    let error =
        error_of(Response::json(400, &json!({ "errors": [{ "detail": "", "source": { "pointer": "" } }] }))).await;
    assert!(error.to_string().starts_with("the API returned 400 Bad Request: {"), "{error}");
}

#[tokio::test]
async fn a_long_retry_after_is_capped_at_the_maximum_duration() {
    let error = error_of(Response::status(429).header("retry-after", "9".repeat(40))).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(u64::MAX)));
}
