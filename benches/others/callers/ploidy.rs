use crate::Outcome;

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    let Ok(change) = serde_json::from_str::<ploidy::types::IntegrationModel>(change) else { return Outcome::Failure };
    let client = ploidy::Client::new(base_url).expect("a valid base URL");
    // Its errors have no body.
    match client.sc_public_v3_integrations_patch_update_integration(&id.to_string(), change).await {
        Ok(()) => Outcome::Success,
        Err(_) => Outcome::Failure,
    }
}
