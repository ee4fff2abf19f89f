//! Tests of a program that updates integrations, with the mock of the API. Use them as a starting point. In your package, add the
//! feature for tests only: `cargo add --dev --path ../sendcloud-integrations --features mock`.
//!
//! ```sh
//! cargo test --features mock --example mock_in_tests
//! ```

use sendcloud_integrations::types::{ErrorObjectCode, IntegrationModel};
use sendcloud_integrations::{Client, Error};

/// The code under test: enables the webhook of an integration and sets its URL. Returns whether the integration exists.
pub async fn enable_webhook(client: &Client, id: u64, url: &str) -> Result<bool, Error> {
    match client.update(id, IntegrationModel::builder().enable_webhook(url)).await {
        Ok(()) => Ok(true),
        // The error code `not_found` distinguishes a missing integration from a wrong base URL.
        Err(error) if error.errors().iter().any(|error| error.code == Some(ErrorObjectCode::NotFound)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn main() {
    eprintln!("run the tests with `cargo test --features mock --example mock_in_tests`");
}

#[cfg(test)]
mod tests {
    use sendcloud_integrations::mock::{MockServerExt, httpmock::MockServer};
    use sendcloud_integrations::types::{ErrorObject, Errors};

    use super::*;

    const URL: &str = "https://mywebshop.com/feedback";

    fn client(server: &MockServer) -> Result<Client, Error> {
        // Without retries, tests have no delays.
        Client::builder().credentials("public", "secret").base_url(server.url("/api/v3")).max_retries(0).build()
    }

    fn errors(code: ErrorObjectCode, detail: &str) -> Errors {
        let mut error = ErrorObject::default();
        error.code = Some(code);
        error.detail = Some(detail.to_owned());
        let mut errors = Errors::default();
        errors.errors = Some(vec![error]);
        errors
    }

    #[tokio::test]
    async fn enables_the_webhook() -> Result<(), Error> {
        let server = MockServer::start_async().await;
        let expected = IntegrationModel::builder().enable_webhook(URL).build()?;
        let mock = server.update_integration(|when, then| {
            when.id(7).body(&expected);
            then.no_content();
        });
        assert!(enable_webhook(&client(&server)?, 7, URL).await?);
        mock.assert();
        Ok(())
    }

    #[tokio::test]
    async fn ignores_an_integration_that_does_not_exist() -> Result<(), Error> {
        let server = MockServer::start_async().await;
        let mock = server.update_integration(|when, then| {
            when.id(7);
            then.not_found(&errors(ErrorObjectCode::NotFound, "no such integration"));
        });
        assert!(!enable_webhook(&client(&server)?, 7, URL).await?);
        mock.assert();
        Ok(())
    }

    #[tokio::test]
    async fn returns_an_error_of_the_api() -> Result<(), Error> {
        let server = MockServer::start_async().await;
        server.update_integration(|_, then| {
            then.bad_request(&errors(ErrorObjectCode::Invalid, "this host is not allowed"));
        });
        let result = enable_webhook(&client(&server)?, 7, URL).await;
        assert!(result.is_err_and(|error| error.errors()[0].code == Some(ErrorObjectCode::Invalid)));
        Ok(())
    }

    #[tokio::test]
    async fn returns_the_requested_delay() -> Result<(), Error> {
        let server = MockServer::start_async().await;
        server.update_integration(|_, then| {
            // The OpenAPI document does not list this response.
            then.into_inner().status(429).header("retry-after", "60");
        });
        let result = enable_webhook(&client(&server)?, 7, URL).await;
        assert!(result.is_err_and(|error| error.retry_after().is_some_and(|delay| delay.as_secs() == 60)));
        Ok(())
    }
}
