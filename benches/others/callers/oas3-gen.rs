use crate::Outcome;
use oas3_gen::*;

pub async fn call(base_url: &str, id: i64, change: &str) -> Outcome {
    // The type has no `Deserialize`.
    let change: serde_json::Value = serde_json::from_str(change).expect("valid JSON");
    let text = |name: &str| change[name].as_str().map(str::to_owned);
    let change = IntegrationModel {
        shop_name: text("shop_name"),
        webhook_url: text("webhook_url"),
        webhook_active: change["webhook_active"].as_bool(),
        service_point_enabled: change["service_point_enabled"].as_bool(),
        ..Default::default()
    };
    let request = ScPublicV3IntegrationsPatchUpdateIntegrationRequest {
        path: ScPublicV3IntegrationsPatchUpdateIntegrationRequestPath { id },
        body: Some(change),
    };
    let client = IntegrationsClient::with_base_url(base_url).expect("a valid base URL");
    match client.sc_public_v3_integrations_patch_update_integration(request).await {
        Ok(ApiResponse::NoContent) => Outcome::Success,
        Ok(ApiResponse::BadRequest(_) | ApiResponse::NotFound(_)) => Outcome::Decoded,
        _ => Outcome::Failure,
    }
}
