//! The mock. `examples/mock_in_tests.rs` shows how programs use it.

use sendcloud_integrations::mock::{MockServerExt, httpmock::MockServer};
use sendcloud_integrations::types::{ErrorObject, ErrorObjectCode, Errors, IntegrationModel};
use sendcloud_integrations::{Client, Error, mock};

fn client(server: &MockServer, path: &str) -> Client {
    let client = Client::builder().credentials("public", "secret").base_url(server.url(path)).max_retries(0);
    client.build().unwrap()
}

fn change() -> IntegrationModel {
    IntegrationModel::builder().shop_name("My Webshop").build().unwrap()
}

/// Returns the body of an error response.
fn errors(code: ErrorObjectCode, detail: &str) -> Errors {
    let mut error = ErrorObject::default();
    error.code = Some(code);
    error.detail = Some(detail.to_owned());
    let mut errors = Errors::default();
    errors.errors = Some(vec![error]);
    errors
}

#[tokio::test]
async fn success_with_any_base_url() {
    for path in ["/api/v3", "", "/api/v3/", "/a+b/c"] {
        let server = MockServer::start_async().await;
        let mock = server.update_integration(|when, then| {
            when.id(12345).body(change());
            then.no_content();
        });
        client(&server, path).update(12345, change()).await.unwrap();
        mock.assert();
    }
}

#[tokio::test]
async fn another_id_or_body_or_path_does_not_match() {
    let server = MockServer::start_async().await;
    let mock = server.update_integration(|when, then| {
        when.id(12345).body(change());
        then.no_content();
    });
    let client = client(&server, "/api/v3");
    for (id, body) in [(1234, change()), (123456, change()), (12345, IntegrationModel::default())] {
        assert_eq!(client.update(id, body).await.unwrap_err().status().unwrap(), 404);
    }
    mock.assert_calls(0);
}

#[tokio::test]
async fn documented_errors() {
    let server = MockServer::start_async().await;
    server.update_integration(|when, then| {
        when.id(400);
        then.bad_request(&errors(ErrorObjectCode::Invalid, "Webhook URL required"));
    });
    server.update_integration(|when, then| {
        when.id(404);
        then.not_found(&errors(ErrorObjectCode::NotFound, "no such integration"));
    });
    let client = client(&server, "/api/v3");
    for (status, code) in [(400, ErrorObjectCode::Invalid), (404, ErrorObjectCode::NotFound)] {
        let error: Error = client.update(status, change()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), u16::try_from(status).unwrap());
        assert_eq!(error.errors()[0].code, Some(code));
    }
}

#[tokio::test]
async fn an_undocumented_error() {
    let server = MockServer::start_async().await;
    server.update_integration(|_, then| {
        then.into_inner().status(429).header("retry-after", "7").body("slow down");
    });
    let error = client(&server, "/api/v3").update(1, change()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(error.retry_after().unwrap().as_secs(), 7);
    assert!(error.to_string().contains("slow down"));
}

#[tokio::test]
async fn an_error_without_a_server_equals_one_from_a_server() {
    let server = MockServer::start_async().await;
    let body = errors(ErrorObjectCode::NotFound, "no such integration");
    server.update_integration(|_, then| {
        then.not_found(&body);
    });
    let expected = client(&server, "/api/v3").update(1, change()).await.unwrap_err();
    for error in [mock::error(404, &body), mock::error(reqwest::StatusCode::NOT_FOUND, body.clone())] {
        assert_eq!(error.to_string(), expected.to_string());
        assert_eq!((error.status(), error.errors()), (expected.status(), expected.errors()));
        assert_eq!(error.headers().unwrap()["content-type"], expected.headers().unwrap()["content-type"]);
    }
    assert!(mock::error(503, ()).is_retryable());
}

#[test]
#[should_panic = "the status must be between 100 and 999"]
fn an_invalid_status_panics() {
    let _ = mock::error(99, ());
}

#[test]
#[should_panic = "the mock expects an invalid value: /id: must be an integer of at least 1"]
fn an_invalid_parameter_panics_when_the_mock_is_defined() {
    MockServer::start().update_integration(|when, _| {
        when.id(0);
    });
}
