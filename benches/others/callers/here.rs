use crate::Outcome;
use sendcloud_integrations::{Client, types::IntegrationModel};

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    let Ok(change) = serde_json::from_str::<IntegrationModel>(change) else { return Outcome::Failure };
    let client = Client::builder().credentials("public", "secret").base_url(base_url).build().expect("a valid base URL");
    match client.update(id, change).await {
        Ok(()) => Outcome::Success,
        Err(error) if !error.errors().is_empty() => Outcome::Decoded,
        Err(_) => Outcome::Failure,
    }
}
