//! Rules that the OpenAPI document states only in prose, and helpers for properties that belong together.

use std::future::Future;
#[cfg(feature = "bulk")]
use std::time::Duration;

use crate::generated::runtime::Violations;
use crate::types::{IntegrationModel, builder};
use crate::{Client, Error};

/// A PATCH request to this API does nothing but set values, so it is idempotent (RFC 9110, section 9.2.2).
pub(crate) const PATCH_IS_IDEMPOTENT: bool = true;

/// Sendcloud's rate limit for requests other than GET (sendcloud.dev, "Rate limits"): requests, the period, and the burst. Sendcloud also
/// limits requests to 15 per second. The burst is 14, because one more request follows in the same second. In a minute that begins with a
/// burst, 86 requests remain. They follow at intervals of 60 / 87 = 0.69 seconds, so that the 87th request after the burst belongs to the
/// next minute.
#[cfg(feature = "bulk")]
pub(crate) const PUBLISHED_LIMIT: (u32, Duration, u32) = (100, Duration::from_secs(60), 14);

impl Client {
    /// Updates an integration: sets the properties that `change` contains, and leaves all others unchanged.
    ///
    /// `id` is the Sendcloud id of the integration, at least 1, as `GET /integrations` of the API returns it. `change` is an
    /// [`IntegrationModel`], a reference to one, or its [builder](builder::IntegrationModel). An empty change is also sent.
    ///
    /// The request is validated first: against the schema, and against the rules at [`IntegrationModel::validate`], which the OpenAPI
    /// document states only in prose. [`update_integration`](Self::update_integration) sends the same request and does not check these
    /// rules.
    ///
    /// The future is `Send` and borrows the client. To spawn it, move a clone of the client into an `async` block.
    ///
    /// # Errors
    /// Returns all [violations](Error::violations) at once if the request is invalid. Otherwise, returns the API's error response or the
    /// connection error.
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
        // An id that does not fit into a `u64` is replaced with a number that the schema forbids, so that it is reported with the other
        // violations.
        let operation = self.update_integration().id(id.try_into().map_or(i128::MIN, i128::from));
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
    /// Checks the rules that the OpenAPI document states only in prose: a change that sets `webhook_active` to `true` must contain
    /// `webhook_url`, and one that sets `service_point_enabled` to `true` must contain at least one carrier, even if the integration
    /// already has a webhook URL or carriers. The schema itself is not checked again, since every [`IntegrationModel`] satisfies it.
    ///
    /// # Errors
    /// Returns all violations.
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
    /// Validates this change: each value against its schema, and the whole against the rules at [`IntegrationModel::validate`].
    ///
    /// # Errors
    /// Returns all violations.
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
        // `/components/schemas/integration-model/properties/webhook_url/description`
        let has_url = matches!(self.webhook_url, Some(Some(_)));
        if self.webhook_active == Some(true) && !has_url && !violations.has_violation_at("/webhook_url") {
            violations.push("/webhook_url", "is required if `webhook_active` is true");
        }
        // `/components/schemas/integration-model/properties/service_point_carriers/description`
        let has_carriers = self.service_point_carriers.as_ref().is_some_and(|carriers| !carriers.is_empty());
        if self.service_point_enabled == Some(true)
            && !has_carriers
            && !violations.has_violation_at("/service_point_carriers")
        {
            violations
                .push("/service_point_carriers", "must have at least one carrier if `service_point_enabled` is true");
        }
        violations.into_result()
    }

    /// Enables delivery to the service points of these carriers: sets `service_point_enabled` and `service_point_carriers`.
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

    /// Disables delivery to service points. The carriers are left unchanged.
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

    /// Enables the webhook, to which Sendcloud sends parcel updates: sets `webhook_active` and `webhook_url`.
    ///
    /// As in the OpenAPI document, a URI of any scheme is accepted (RFC 3986); http and https URLs must have a host. `localhost:80` is
    /// also accepted: it is a URI with the scheme `localhost`.
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

    /// Disables the webhook. The URL is left unchanged.
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

    /// Disables the webhook and removes its URL: sets `webhook_active` to `false` and `webhook_url` to `null`.
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
