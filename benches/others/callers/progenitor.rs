use crate::Outcome;
use other::{Client, Error, types::IntegrationModel};

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    let Ok(change) = serde_json::from_str::<IntegrationModel>(change) else { return Outcome::Failure };
    match Client::new(base_url).update_integration(id, &change).await {
        Ok(_) => Outcome::Success,
        Err(Error::ErrorResponse(_)) => Outcome::Decoded,
        Err(_) => Outcome::Failure,
    }
}
