use crate::Outcome;
use integrations::apis::{IntegrationsApi, ScPublicV3IntegrationsPatchUpdateIntegrationError as Documented};
use integrations::runtime::client::Client;

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    let Ok(change) = serde_json::from_str(change) else { return Outcome::Failure };
    let client = Client::new(base_url);
    let api = IntegrationsApi::new(&client);
    match api.sc_public_v3_integrations_patch_update_integration(id, Some(&change)).await {
        Ok(_) => Outcome::Success,
        Err(Documented::NotFound(error) | Documented::BadRequest(error)) if error.body().is_ok() => Outcome::Decoded,
        Err(_) => Outcome::Failure,
    }
}
