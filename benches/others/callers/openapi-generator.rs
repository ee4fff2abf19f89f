use crate::Outcome;
use openapi::apis::Error;
use openapi::apis::configuration::Configuration;
use openapi::apis::integrations_api as api;

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    let Ok(change) = serde_json::from_str(change) else { return Outcome::Failure };
    let mut configuration = Configuration::new();
    configuration.base_path = base_url.to_owned();
    configuration.basic_auth = Some(("public".to_owned(), Some("secret".to_owned())));
    type Documented = api::ScPublicV3IntegrationsPatchUpdateIntegrationError;
    match api::sc_public_v3_integrations_patch_update_integration(&configuration, id as i32, Some(change)).await {
        Ok(()) => Outcome::Success,
        Err(Error::ResponseError(response)) => match response.entity {
            Some(Documented::Status400(_) | Documented::Status404(_)) => Outcome::Decoded,
            _ => Outcome::Failure,
        },
        Err(_) => Outcome::Failure,
    }
}
