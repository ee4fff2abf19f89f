//! A program that uses the whole API. Compiled by `the_client_builds_from_an_extended_document`.

use std::collections::HashMap;

use sendcloud_integrations::Client;
use sendcloud_integrations::mock::{MockServerExt, httpmock::MockServer};
use sendcloud_integrations::types::{IntegrationModel, LogLevel, ShopOrderStatus};
use serde_json::{from_value, json};

#[tokio::test]
async fn all_operations_are_usable() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start_async().await;
    let client = Client::builder().credentials("public", "secret").base_url(server.url("/api/v3")).build()?;

    let page = json!({ "data": [{ "id": 7, "system": "api", "shop_name": "A shop", "webhook_url": null }], "next": null });
    let listed = server.list_integrations(|when, then| {
        when.page_size(1).system(["api".to_owned()]);
        then.ok(&from_value(page).unwrap());
    });
    let page = client.list_integrations().page_size(1).system(["api".to_owned()].to_vec()).send().await?.into_inner();
    let first = page.data.as_deref().and_then(|data| data.first()).ok_or("an integration")?;
    assert_eq!((first.id, first.shop_name.as_deref()), (Some(7), Some("A shop")));
    listed.assert();

    server.put_mapping(|when, then| {
        when.id(7);
        then.no_content();
    });
    let status = ShopOrderStatus::builder().code("paid").name_null().build()?;
    let mapping = HashMap::from([("paid".to_owned(), Some(status.clone())), ("late".to_owned(), None)]);
    assert_eq!(client.put_mapping().id(7).body(mapping).send().await?.into_inner(), None);

    let created = server.post_shop_order_statuses(|when, then| {
        when.id(7);
        then.created(&from_value(json!({ "count": 1 })).unwrap());
    });
    let response = client.post_shop_order_statuses().id(7).body(vec![status]).send().await?.into_inner();
    assert_eq!(response.count, Some(1));
    created.assert();

    assert!(client.logs().level(LogLevel::Warning).violations().is_empty());
    let _others = (client.get_integration(), client.delete_integration(), client.integration_logs());
    // The locked name is kept.
    client.update(7, IntegrationModel::builder().shop_name("B")).await.unwrap_err();
    Ok(())
}
