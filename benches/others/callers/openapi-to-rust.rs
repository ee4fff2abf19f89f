#[path = "generated/mod.rs"]
mod generated;

use crate::Outcome;
use generated::{ApiOpError, HttpClient};

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    let Ok(change) = serde_json::from_str(change) else { return Outcome::Failure };
    let client = HttpClient::new().with_base_url(base_url);
    match client.sc_public_v3_integrations_patch_update_integration(id, Some(change)).await {
        Ok(()) => Outcome::Success,
        Err(ApiOpError::Api(error)) if error.typed.is_some() => Outcome::Decoded,
        Err(_) => Outcome::Failure,
    }
}
