//! What the document says in words only, and helpers for what its page lists.

use std::future::Future;
#[cfg(feature = "bulk")]
use std::time::Duration;

use crate::generated::runtime::Violations;
use crate::types::{IntegrationModel, builder};
use crate::{Client, Error};

/// PATCH of this API only sets values: done twice, it is as done once (RFC 9110, section 9.2.2).
pub(crate) const PATCH_IS_IDEMPOTENT: bool = true;

/// Requests that change something, the time in which so many may be sent, and how many of them in a second
/// (sendcloud.dev, "Rate limits").
#[cfg(feature = "bulk")]
pub(crate) const PUBLISHED_LIMIT: (u32, Duration, u32) = (100, Duration::from_secs(60), 15);

impl Client {
    /// Changes an integration: what the change names, and nothing else.
    ///
    /// `id` is the integration's id at Sendcloud, at least 1. `change` is an [`IntegrationModel`], a reference to one, or its
    /// [builder](builder::IntegrationModel). All of it is checked before anything is sent, what the document says in words included, which
    /// [`update_integration`](Self::update_integration) alone does not. A change that names nothing is sent as it is.
    ///
    /// The future is `Send` and borrows the client: to spawn it, move a clone of the client into an `async` block.
    ///
    /// # Errors
    /// All [violations](Error::violations) at once; else what the API answered, or why no answer came.
    ///
    /// ```no_run
    /// # async fn example(client: sendcloud_integrations::Client) -> Result<(), sendcloud_integrations::Error> {
    /// use sendcloud_integrations::types::IntegrationModel;
    ///
    /// let change = IntegrationModel::builder().shop_name("My Webshop").enable_webhook("https://mywebshop.com/feedback");
    /// client.update(12345, change).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(
        &self,
        id: impl TryInto<u64>,
        change: impl Into<builder::IntegrationModel>,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let operation = self.update_integration();
        let operation = match id.try_into() {
            Ok(id) => operation.id(id),
            Err(_) => operation,
        };
        let change = change.into();
        let mut violations = operation.violations();
        violations.extend(change.validate().err().into_iter().flatten());
        let operation = operation.body(change);
        async move {
            violations.into_result()?;
            operation.send().await?;
            Ok(())
        }
    }
}

impl IntegrationModel {
    /// Checks the rules that the document states in words. Those that it states in schema form hold for every value.
    ///
    /// # Errors
    /// All violations.
    ///
    /// ```
    /// use sendcloud_integrations::types::IntegrationModel;
    ///
    /// let change: IntegrationModel = serde_json::from_str(r#"{"webhook_active": true}"#)?;
    /// assert_eq!(change.validate().unwrap_err()[0].pointer, "/webhook_url");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn validate(&self) -> Result<(), Violations> {
        builder::IntegrationModel::from(self).validate()
    }
}

impl builder::IntegrationModel {
    /// Checks what the setters were given, and the rules that the document states in words.
    ///
    /// # Errors
    /// All violations.
    ///
    /// ```
    /// use sendcloud_integrations::types::IntegrationModel;
    ///
    /// let change = IntegrationModel::builder().shop_name("").service_point_enabled(true);
    /// let violations = change.validate().unwrap_err();
    /// let pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
    /// assert_eq!(pointers, ["/shop_name", "/service_point_carriers"]);
    /// ```
    pub fn validate(&self) -> Result<(), Violations> {
        let mut violations = self.violations();
        // `components/schemas/integration-model/properties/webhook_url/description`
        let has_url = matches!(self.webhook_url, Some(Some(_)));
        if self.webhook_active == Some(true) && !has_url && !violations.concern("/webhook_url") {
            violations.push("/webhook_url", "is required if `webhook_active` is true");
        }
        // `components/schemas/integration-model/properties/service_point_carriers/description`
        let has_carriers = self.service_point_carriers.as_ref().is_some_and(|carriers| !carriers.is_empty());
        if self.service_point_enabled == Some(true) && !has_carriers && !violations.concern("/service_point_carriers") {
            violations.push("/service_point_carriers", "needs at least one carrier if `service_point_enabled` is true");
        }
        violations.into_result()
    }

    /// Offers delivery to the service points of these carriers: sets `service_point_enabled` and `service_point_carriers`.
    ///
    /// ```
    /// # use sendcloud_integrations::types::IntegrationModel;
    /// let change = IntegrationModel::builder().enable_service_points(["ups", "dhl"]).build()?;
    /// # let json = serde_json::json!({"service_point_enabled": true, "service_point_carriers": ["ups", "dhl"]});
    /// # assert_eq!(serde_json::to_value(change).unwrap(), json);
    /// # Ok::<(), sendcloud_integrations::Violations>(())
    /// ```
    pub fn enable_service_points(self, carriers: impl IntoIterator<Item: AsRef<str>>) -> Self {
        self.service_point_enabled(true).service_point_carriers(carriers)
    }

    /// Offers no delivery to service points. The carriers stay as they are.
    ///
    /// ```
    /// # use sendcloud_integrations::types::IntegrationModel;
    /// let change = IntegrationModel::builder().disable_service_points().build()?;
    /// # assert_eq!(serde_json::to_value(change).unwrap(), serde_json::json!({"service_point_enabled": false}));
    /// # Ok::<(), sendcloud_integrations::Violations>(())
    /// ```
    pub fn disable_service_points(self) -> Self {
        self.service_point_enabled(false)
    }

    /// Sends updates on parcels to this URL: sets `webhook_active` and `webhook_url`.
    ///
    /// As the document has it, that is an absolute URI of any scheme (RFC 3986), so `localhost:80` is one, of the scheme `localhost`.
    ///
    /// ```
    /// # use sendcloud_integrations::types::IntegrationModel;
    /// let change = IntegrationModel::builder().enable_webhook("https://mywebshop.com/feedback").build()?;
    /// # let json = serde_json::json!({"webhook_active": true, "webhook_url": "https://mywebshop.com/feedback"});
    /// # assert_eq!(serde_json::to_value(change).unwrap(), json);
    /// # Ok::<(), sendcloud_integrations::Violations>(())
    /// ```
    pub fn enable_webhook(self, url: impl AsRef<str>) -> Self {
        self.webhook_active(true).webhook_url(url)
    }

    /// Sends no updates on parcels. The URL stays as it is.
    ///
    /// ```
    /// # use sendcloud_integrations::types::IntegrationModel;
    /// let change = IntegrationModel::builder().disable_webhook().build()?;
    /// # assert_eq!(serde_json::to_value(change).unwrap(), serde_json::json!({"webhook_active": false}));
    /// # Ok::<(), sendcloud_integrations::Violations>(())
    /// ```
    pub fn disable_webhook(self) -> Self {
        self.webhook_active(false)
    }

    /// Sends no updates on parcels, and forgets the URL.
    ///
    /// ```
    /// # use sendcloud_integrations::types::IntegrationModel;
    /// let change = IntegrationModel::builder().clear_webhook().build()?;
    /// # assert_eq!(serde_json::to_value(change).unwrap(), serde_json::json!({"webhook_active": false, "webhook_url": null}));
    /// # Ok::<(), sendcloud_integrations::Violations>(())
    /// ```
    pub fn clear_webhook(self) -> Self {
        self.webhook_active(false).webhook_url_null()
    }
}
