// Generated code, do not edit. `spec-drift accept` renews it.

#[allow(unused_imports)]
use progenitor_client::{ClientHooks, OperationInfo};
#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
#[allow(rustdoc::all)]
pub mod types {
    #[allow(unused_imports)]
    use super::runtime;
    mod error {
        #[allow(unused_imports)]
        pub use super::super::runtime::ConversionError;
    }
    /// Error in a JSON:API error format
    #[derive(::serde::Serialize, Clone, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct ErrorObject {
        /// A unique error code for the error, in snake case format.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<ErrorObjectCode>,
        /// A human-readable explanation of the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detail: ::std::option::Option<::std::string::String>,
        /// A unique identifier for the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        /// A set of hyperlinks that provide additional information about the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub links: ::std::option::Option<ErrorObjectLinks>,
        /// Additional metadata about the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub meta: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        /// An object that identifies the source of the error within the request payload.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub source: ::std::option::Option<ErrorObjectSource>,
        /// The HTTP status code of the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<::std::string::String>,
        /// A short, human-readable summary of the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
    }
    /// A unique error code for the error, in snake case format.
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[non_exhaustive]
    pub enum ErrorObjectCode {
        /// `authentication_failed`
        AuthenticationFailed,
        /// `forbidden`
        Forbidden,
        /// `invalid`
        Invalid,
        /// `invalid_choice`
        InvalidChoice,
        /// `min_value`
        MinValue,
        /// `non_field_errors`
        NonFieldErrors,
        /// `not_a_list`
        NotAList,
        /// `not_found`
        NotFound,
        /// `null`
        Null,
        /// `parcel_announcement_error`
        ParcelAnnouncementError,
        /// `required`
        Required,
        /// `unknown_field`
        UnknownField,
        /// `validation_error`
        ValidationError,
        /// A value that the OpenAPI document does not list, as received.
        Unlisted(::std::string::String),
    }
    /// A set of hyperlinks that provide additional information about the error.
    #[derive(::serde::Serialize, Clone, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct ErrorObjectLinks {
        /// A URL that provides additional information about the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub about: ::std::option::Option<::std::string::String>,
    }
    /// An object that identifies the source of the error within the request payload.
    #[derive(::serde::Serialize, Clone, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct ErrorObjectSource {
        /// The name of the `header` parameter that caused the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub header: ::std::option::Option<::std::string::String>,
        /// The name of the `query` parameter that caused the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub parameter: ::std::option::Option<::std::string::String>,
        /// A `JSON` pointer to the location of the error within the request payload.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub pointer: ::std::option::Option<::std::string::String>,
    }
    /// A standardized format for errors in JSON:API responses.
    #[derive(::serde::Serialize, Clone, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct Errors {
        /// The property `errors`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub errors: ::std::option::Option<::std::vec::Vec<ErrorObject>>,
    }
    /// Define how your shop status feedback should be sent into your system.
    /// Note that this will not apply to Prestashop V2 as the custom status mapping will define this.\
    /// Use the following states:
    ///    - eager: Change the parcels’ status to “sent” once the label is created.
    ///    - delayed: Change the parcels’ status to “sent” once the carrier scans the label.
    ///    - none: Don’t send any feedback.
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[non_exhaustive]
    pub enum FeedbackType {
        /// `delayed`
        Delayed,
        /// `eager`
        Eager,
        /// `none`
        None,
    }
    /// A partial update of an integration: absent properties are left unchanged.
    ///
    /// [`IntegrationModel::builder`] creates a [`builder::IntegrationModel`], which builds values of this type.
    #[derive(::serde::Serialize, Clone, Debug, Default, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub struct IntegrationModel {
        /// Define how your shop status feedback should be sent into your system.
        /// Note that this will not apply to Prestashop V2 as the custom status mapping will define this.\
        /// Use the following states:
        ///    - eager: Change the parcels’ status to “sent” once the label is created.
        ///    - delayed: Change the parcels’ status to “sent” once the carrier scans the label.
        ///    - none: Don’t send any feedback.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub feedback_type: ::std::option::Option<FeedbackType>,
        /// List of carriers available for the service point picker. If service point delivery is enabled, make sure to provide at least one carrier.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_point_carriers: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
        /// Flag indicating if delivery to service points is enabled.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_point_enabled: ::std::option::Option<bool>,
        /// Name of the shop.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shop_name: ::std::option::Option<ShopName>,
        /// URL of the shop the integration connects to.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shop_url: ::std::option::Option<super::runtime::Uri>,
        /// Flag indicating if parcel updates should be sent via the webhook.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub webhook_active: ::std::option::Option<bool>,
        /// URL for sending updates on a parcel. A value for `webhook_url` is required if `webhook_active` is set to `true`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub webhook_url: ::std::option::Option<
            ::std::option::Option<super::runtime::Uri>,
        >,
    }
    impl IntegrationModel {
        /// Creates an empty builder.
        pub fn builder() -> builder::IntegrationModel {
            Default::default()
        }
    }
    /// Name of the shop.
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    pub struct ShopName(::std::string::String);
    runtime::bounded_string!(
        ShopName, min(1), max(250), "a string of 1 to 250 characters"
    );
    runtime::string_enum!(
        ErrorObjectCode, AuthenticationFailed("authentication_failed"),
        Forbidden("forbidden"), Invalid("invalid"), InvalidChoice("invalid_choice"),
        MinValue("min_value"), NonFieldErrors("non_field_errors"),
        NotAList("not_a_list"), NotFound("not_found"), Null("null"),
        ParcelAnnouncementError("parcel_announcement_error"), Required("required"),
        UnknownField("unknown_field"), ValidationError("validation_error"); Unlisted
    );
    runtime::string_enum!(
        FeedbackType, Delayed("delayed"), Eager("eager"), None("none")
    );
    runtime::response_object!(
        ErrorObject, code("code"), detail("detail"), id("id"), links("links"),
        meta("meta"), source("source"), status("status"), title("title")
    );
    runtime::response_object!(ErrorObjectLinks, about("about"));
    runtime::response_object!(
        ErrorObjectSource, header("header"), parameter("parameter"), pointer("pointer")
    );
    runtime::response_object!(Errors, errors("errors"));
    runtime::json_schema!(
        IntegrationModel,
        r#"{
  "additionalProperties": false,
  "description": "A partial update of an integration: absent properties are left unchanged.",
  "properties": {
    "feedback_type": {
      "description": "Define how your shop status feedback should be sent into your system. \nNote that this will not apply to Prestashop V2 as the custom status mapping will define this.  \nUse the following states:\n   - eager: Change the parcels’ status to “sent” once the label is created.\n   - delayed: Change the parcels’ status to “sent” once the carrier scans the label.\n   - none: Don’t send any feedback.",
      "enum": ["delayed", "eager", "none"],
      "title": "Feedback Type",
      "type": "string"
    },
    "service_point_carriers": {
      "description": "List of carriers available for the service point picker. If service point delivery is enabled, make sure to provide at least one carrier.",
      "example": ["ups", "dhl"],
      "items": { "example": "ups", "type": "string" },
      "title": "Service point carriers",
      "type": "array"
    },
    "service_point_enabled": {
      "description": "Flag indicating if delivery to service points is enabled.",
      "example": false,
      "title": "Service point enabled",
      "type": "boolean"
    },
    "shop_name": {
      "description": "Name of the shop.",
      "example": "My Shop Integration",
      "maxLength": 250,
      "minLength": 1,
      "title": "Shop Name",
      "type": "string"
    },
    "shop_url": {
      "description": "URL of the shop the integration connects to.",
      "example": "https://www.my-shop-integration.com/",
      "format": "uri",
      "minLength": 1,
      "title": "Shop url",
      "type": "string"
    },
    "webhook_active": {
      "description": "Flag indicating if parcel updates should be sent via the webhook.",
      "example": false,
      "title": "Webhook active",
      "type": "boolean"
    },
    "webhook_url": {
      "description": "URL for sending updates on a parcel. A value for `webhook_url` is required if `webhook_active` is set to `true`.",
      "example": "https://my-shop-integration.integrator/api/webhooks/sendcloud",
      "format": "uri",
      "minLength": 1,
      "title": "Webhook url",
      "type": ["null", "string"]
    }
  },
  "title": "Integration Object",
  "type": "object"
}"#
    );
    runtime::request_object!(
        IntegrationModel, violations, reject, required(),
        optional(feedback_type("feedback_type", read),
        service_point_carriers("service_point_carriers", read_list),
        service_point_enabled("service_point_enabled", read), shop_name("shop_name",
        read), shop_url("shop_url", read), webhook_active("webhook_active", read),
        webhook_url("webhook_url", read_nullable))
    );
    runtime::json_schema!(
        ShopName,
        r#"{
  "description": "Name of the shop.",
  "example": "My Shop Integration",
  "maxLength": 250,
  "minLength": 1,
  "title": "Shop Name",
  "type": "string"
}"#
    );
    runtime::json_schema!(
        FeedbackType,
        r#"{
  "description": "Define how your shop status feedback should be sent into your system. \nNote that this will not apply to Prestashop V2 as the custom status mapping will define this.  \nUse the following states:\n   - eager: Change the parcels’ status to “sent” once the label is created.\n   - delayed: Change the parcels’ status to “sent” once the carrier scans the label.\n   - none: Don’t send any feedback.",
  "enum": ["delayed", "eager", "none"],
  "title": "Feedback Type",
  "type": "string"
}"#
    );
    /// Builders for request bodies, each with the name of the type that it builds.
    pub mod builder {
        #[allow(unused_imports)]
        use super::runtime;
        /// Builder for [`types::IntegrationModel`](super::IntegrationModel).
        ///
        /// Setters do not fail; [`build`](Self::build) reports all violations at once.
        #[doc(alias = "IntegrationModelBuilder")]
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use]
        pub struct IntegrationModel {
            pub(crate) feedback_type: ::std::option::Option<super::FeedbackType>,
            pub(crate) service_point_carriers: ::std::option::Option<
                ::std::vec::Vec<::std::string::String>,
            >,
            pub(crate) service_point_enabled: ::std::option::Option<bool>,
            pub(crate) shop_name: ::std::option::Option<super::ShopName>,
            pub(crate) shop_url: ::std::option::Option<super::runtime::Uri>,
            pub(crate) webhook_active: ::std::option::Option<bool>,
            pub(crate) webhook_url: ::std::option::Option<
                ::std::option::Option<super::runtime::Uri>,
            >,
            pub(crate) violations: runtime::Violations,
        }
        impl IntegrationModel {
            /// Define how your shop status feedback should be sent into your system.
            /// Note that this will not apply to Prestashop V2 as the custom status mapping will define this.\
            /// Use the following states:
            ///    - eager: Change the parcels’ status to “sent” once the label is created.
            ///    - delayed: Change the parcels’ status to “sent” once the carrier scans the label.
            ///    - none: Don’t send any feedback.
            pub fn feedback_type(
                mut self,
                value: impl ::std::convert::AsRef<str>,
            ) -> Self {
                self.feedback_type = self
                    .violations
                    .take("/feedback_type", value.as_ref());
                self
            }
            /// Calls [`feedback_type`](Self::feedback_type) if `value` is `Some`.
            pub fn maybe_feedback_type(
                self,
                value: ::std::option::Option<impl ::std::convert::AsRef<str>>,
            ) -> Self {
                value.into_iter().fold(self, Self::feedback_type)
            }
            /// List of carriers available for the service point picker. If service point delivery is enabled, make sure to provide at least one carrier.
            pub fn service_point_carriers(
                mut self,
                value: impl ::std::iter::IntoIterator<Item: ::std::convert::AsRef<str>>,
            ) -> Self {
                self.service_point_carriers = self
                    .violations
                    .take_texts("/service_point_carriers", value);
                self
            }
            /// Calls [`service_point_carriers`](Self::service_point_carriers) if `value` is `Some`.
            pub fn maybe_service_point_carriers(
                self,
                value: ::std::option::Option<
                    impl ::std::iter::IntoIterator<Item: ::std::convert::AsRef<str>>,
                >,
            ) -> Self {
                value.into_iter().fold(self, Self::service_point_carriers)
            }
            /// Flag indicating if delivery to service points is enabled.
            pub fn service_point_enabled(
                mut self,
                value: impl ::std::convert::TryInto<
                    bool,
                    Error: ::std::convert::Into<runtime::Violations>,
                >,
            ) -> Self {
                self.service_point_enabled = self
                    .violations
                    .take("/service_point_enabled", value);
                self
            }
            /// Calls [`service_point_enabled`](Self::service_point_enabled) if `value` is `Some`.
            pub fn maybe_service_point_enabled(
                self,
                value: ::std::option::Option<
                    impl ::std::convert::TryInto<
                        bool,
                        Error: ::std::convert::Into<runtime::Violations>,
                    >,
                >,
            ) -> Self {
                value.into_iter().fold(self, Self::service_point_enabled)
            }
            /// Name of the shop.
            pub fn shop_name(mut self, value: impl ::std::convert::AsRef<str>) -> Self {
                self.shop_name = self.violations.take("/shop_name", value.as_ref());
                self
            }
            /// Calls [`shop_name`](Self::shop_name) if `value` is `Some`.
            pub fn maybe_shop_name(
                self,
                value: ::std::option::Option<impl ::std::convert::AsRef<str>>,
            ) -> Self {
                value.into_iter().fold(self, Self::shop_name)
            }
            /// URL of the shop the integration connects to.
            pub fn shop_url(mut self, value: impl ::std::convert::AsRef<str>) -> Self {
                self.shop_url = self.violations.take("/shop_url", value.as_ref());
                self
            }
            /// Calls [`shop_url`](Self::shop_url) if `value` is `Some`.
            pub fn maybe_shop_url(
                self,
                value: ::std::option::Option<impl ::std::convert::AsRef<str>>,
            ) -> Self {
                value.into_iter().fold(self, Self::shop_url)
            }
            /// Flag indicating if parcel updates should be sent via the webhook.
            pub fn webhook_active(
                mut self,
                value: impl ::std::convert::TryInto<
                    bool,
                    Error: ::std::convert::Into<runtime::Violations>,
                >,
            ) -> Self {
                self.webhook_active = self.violations.take("/webhook_active", value);
                self
            }
            /// Calls [`webhook_active`](Self::webhook_active) if `value` is `Some`.
            pub fn maybe_webhook_active(
                self,
                value: ::std::option::Option<
                    impl ::std::convert::TryInto<
                        bool,
                        Error: ::std::convert::Into<runtime::Violations>,
                    >,
                >,
            ) -> Self {
                value.into_iter().fold(self, Self::webhook_active)
            }
            /// URL for sending updates on a parcel. A value for `webhook_url` is required if `webhook_active` is set to `true`.
            pub fn webhook_url(
                mut self,
                value: impl ::std::convert::AsRef<str>,
            ) -> Self {
                self.webhook_url = self
                    .violations
                    .take("/webhook_url", value.as_ref())
                    .map(::std::option::Option::Some);
                self
            }
            /// Calls [`webhook_url`](Self::webhook_url) if `value` is `Some`.
            pub fn maybe_webhook_url(
                self,
                value: ::std::option::Option<impl ::std::convert::AsRef<str>>,
            ) -> Self {
                value.into_iter().fold(self, Self::webhook_url)
            }
            /// Sets `webhook_url` to `null`.
            pub fn webhook_url_null(mut self) -> Self {
                self.webhook_url = self.violations.replace_value("/webhook_url", None);
                self
            }
            /// Returns the violations in the values set so far, including missing required properties.
            #[must_use]
            pub fn violations(&self) -> runtime::Violations {
                runtime::Builder::violations(self)
            }
            /// Builds the value.
            ///
            /// # Errors
            /// Returns all [violations](Self::violations) of the schemas in the OpenAPI document. Rules stated only in prose are not checked.
            pub fn build(
                self,
            ) -> ::std::result::Result<super::IntegrationModel, runtime::Violations> {
                ::std::convert::TryFrom::try_from(self)
            }
        }
    }
}
/// The URL of the document's first server with an absolute URL, or of its first server.
#[allow(dead_code)]
pub const DEFAULT_BASE_URL: &str = "https://panel.sendcloud.sc/api/v3";
/// Whether operations of the document accept HTTP Basic authentication (RFC 7617).
#[allow(dead_code)]
pub const ACCEPTS_HTTP_BASIC: bool = true;
/// The statuses of successful responses that the document lists, by operation.
#[allow(dead_code)]
pub const SUCCESSES: &[(&str, &[&str])] = &[("update_integration", &["204"])];
/// Client for the API `Integrations`, version 3.0.0.
#[derive(Clone)]
#[allow(rustdoc::all)]
pub struct Client {
    pub(crate) baseurl: runtime::BaseUrl,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::transport::Transport,
}
#[allow(rustdoc::all)]
impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    #[allow(dead_code)]
    pub(crate) fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::transport::Transport,
    ) -> Self {
        Self {
            baseurl: runtime::BaseUrl::new(baseurl),
            client,
            inner,
        }
    }
}
#[allow(rustdoc::all)]
impl ClientInfo<crate::transport::Transport> for Client {
    fn api_version() -> &'static str {
        "3.0.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::transport::Transport {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::transport::Transport>,
    {}
};
#[allow(rustdoc::all)]
impl Client {
    /// Update certain parts of an integration
    ///
    /// Update the shop name, shop URL, service point settings, webhook settings, and feedback type of an integration.
    ///
    /// Sends a `PATCH` request to `/integrations/{id}`
    ///
    /// Arguments:
    /// - `id`: The Sendcloud id of the integration, at least 1
    /// - `body`: The body of the request.
    /// ```text
    /// let response = client.update_integration()
    ///     .id(id)
    ///     .body(body)
    ///     .send()
    ///     .await;
    /// ```
    ///
    /// Validates only the constraints in the schemas of the OpenAPI document.
    pub fn update_integration(&self) -> builder::UpdateIntegration<'_> {
        builder::UpdateIntegration::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
#[allow(rustdoc::all)]
pub mod builder {
    #[allow(unused_imports)]
    use super::{ByteStream, Error, ResponseValue, execute, runtime, types};
    /// Builder for [`Client::update_integration`]
    ///
    /// [`Client::update_integration`]: super::Client::update_integration
    #[derive(Debug, Clone)]
    pub struct UpdateIntegration<'a> {
        client: &'a super::Client,
        id: Result<super::runtime::Integer<1>, String>,
        body: Result<types::builder::IntegrationModel, String>,
    }
    impl<'a> UpdateIntegration<'a> {
        pub(crate) fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("/id: must be an integer of at least 1".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        /// The Sendcloud id of the integration, at least 1
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<super::runtime::Integer<1>>,
        {
            self.id = value
                .try_into()
                .map_err(|_| "/id: must be an integer of at least 1".to_string());
            self
        }
        /// Sets the body. An object can also be passed by reference or as its builder; `send` reports the builder's violations.
        pub fn body(
            mut self,
            value: impl Into<types::builder::IntegrationModel>,
        ) -> Self {
            self.body = Ok(value.into());
            self
        }
        /// Modifies the builder of the body.
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::IntegrationModel,
            ) -> types::builder::IntegrationModel,
        {
            self.body = self.body.map(f);
            self
        }
        /// Sends a `PATCH` request to `/integrations/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Errors>> {
            #[allow(unused_mut)]
            let mut request = runtime::Request::new(
                ::reqwest::Method::PATCH,
                "/integrations/{id}",
            );
            request.path("id", runtime::Style::SIMPLE, self.id);
            request
                .json(
                    "application/json",
                    self.body.and_then(runtime::build::<types::IntegrationModel, _>),
                );
            let response = execute(self.client, request, "update_integration").await?;
            match response.status().as_u16() {
                204u16 => Ok(runtime::no_body(response)),
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    impl UpdateIntegration<'_> {
        /// Returns the violations of all parameters. Those of the body are returned by its own builder.
        #[must_use]
        pub fn violations(&self) -> runtime::Violations {
            #[allow(unused_mut)]
            let mut violations = runtime::Violations::default();
            violations.extend(runtime::violations_of(&self.id));
            violations
        }
    }
}
#[allow(rustdoc::all)]
impl ::std::fmt::Debug for Client {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("Client").field("base_url", &self.baseurl).finish_non_exhaustive()
    }
}
/// Sends a request of an operation.
#[allow(dead_code)]
async fn execute<E>(
    client: &Client,
    request: runtime::Request,
    operation_id: &'static str,
) -> Result<reqwest::Response, Error<E>> {
    let request = request
        .build(&client.client, &client.baseurl)
        .map_err(Error::InvalidRequest)?;
    let mut request = request.build()?;
    let info = OperationInfo { operation_id };
    client.pre(&mut request, &info).await?;
    let result = client.exec(request, &info).await;
    client.post(&result, &info).await?;
    Ok(result?)
}
#[allow(dead_code, unused_imports, unused_macros)]
pub mod runtime {
    //! Runtime support for generated clients, embedded in each as source.

    mod base_url {
        //! The base URL of a client.

        use std::fmt;

        /// A base URL without trailing slashes. It is parsed only once, because parsing it for each request would dominate the cost of a
        /// call.
        #[derive(Clone)]
        pub(crate) struct BaseUrl {
            text: String,
            parsed: Result<reqwest::Url, String>,
        }

        impl BaseUrl {
            pub(crate) fn new(text: &str) -> Self {
                let text = text.trim_end_matches('/').to_owned();
                // The message does not contain the text, which may include a password.
                let parsed = text.parse().map_err(|error| format!("the base URL is not a URL: {error}"));
                Self { text, parsed }
            }

            pub(crate) fn as_str(&self) -> &str {
                &self.text
            }

            /// Appends a path, which begins with a slash.
            ///
            /// # Errors
            /// Returns an error if the base URL is invalid.
            pub(crate) fn join(&self, path: &str) -> Result<reqwest::Url, String> {
                let mut url = self.parsed.clone()?;
                let path = [url.path().trim_end_matches('/'), path].concat();
                url.set_path(&path);
                Ok(url)
            }
        }

        /// Omits user and password.
        impl fmt::Debug for BaseUrl {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Ok(mut url) = self.parsed.clone() else { return f.write_str("(not a URL)") };
                // Fails only for URLs that cannot have a user and password.
                let _ = (url.set_username(""), url.set_password(None));
                fmt::Debug::fmt(url.as_str().trim_end_matches('/'), f)
            }
        }
    }

    mod error_body {
        //! Bodies of error responses.

        use progenitor_client::{Error, ResponseValue};
        use serde::de::DeserializeOwned;

        /// Access to the documented body of an error. `E` is its type. If bodies differ by status, it is one with the properties of all, or any
        /// JSON value if not all of them are objects.
        pub trait ErrorBody<E>: Sized {
            /// Decodes as much as possible of the body of an error response.
            ///
            /// # Errors
            /// Returns the error itself if it has no response, and a decoding error if the body is not of this type.
            fn into_body(self) -> impl ::std::future::Future<Output = Result<ResponseValue<E>, Self>> + Send;
        }

        impl<E: DeserializeOwned + Send> ErrorBody<E> for Error<E> {
            async fn into_body(self) -> Result<ResponseValue<E>, Self> {
                match self {
                    Self::UnexpectedResponse(response) => super::body(response).await,
                    Self::ErrorResponse(body) => Ok(body),
                    other => Err(other),
                }
            }
        }
    }

    mod integer {
        //! Bounded integers.

        use std::fmt;
        use std::num::TryFromIntError;

        use serde::de::{Deserializer, Error as _};
        use serde::{Deserialize, Serialize, Serializer};

        use super::ConversionError;

        /// An integer from `MIN` to `MAX`, both inclusive. By default, any signed or unsigned integer of 64 bits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct Integer<const MIN: i128 = { i64::MIN as i128 }, const MAX: i128 = { u64::MAX as i128 }>(i128);

        /// `format: int32`.
        pub type Int32 = Integer<{ i32::MIN as i128 }, { i32::MAX as i128 }>;

        /// `format: int64`.
        pub type Int64 = Integer<{ i64::MIN as i128 }, { i64::MAX as i128 }>;

        impl<const MIN: i128, const MAX: i128> Integer<MIN, MAX> {
            /// Returns the integer as a primitive.
            #[must_use]
            pub fn get(self) -> i128 {
                self.0
            }

            fn check(integer: Option<i128>) -> Result<Self, ConversionError> {
                match integer.filter(|integer| (MIN..=MAX).contains(integer)) {
                    Some(integer) => Ok(Self(integer)),
                    None => Err(Self::expected().into()),
                }
            }

            fn expected() -> String {
                match (MIN > i128::from(i64::MIN), MAX < i128::from(i64::MAX)) {
                    (true, true) => format!("must be an integer from {MIN} to {MAX}"),
                    (true, false) => format!("must be an integer of at least {MIN}"),
                    (false, true) => format!("must be an integer of at most {MAX}"),
                    (false, false) => "must be an integer".to_owned(),
                }
            }
        }

        macro_rules! integer_from {
            ($($type:ty)*) => {$(
                impl<const MIN: i128, const MAX: i128> TryFrom<$type> for Integer<MIN, MAX> {
                    type Error = ConversionError;

                    fn try_from(integer: $type) -> Result<Self, ConversionError> {
                        Self::check(integer.try_into().ok())
                    }
                }

                // The items of a slice.
                impl<const MIN: i128, const MAX: i128> TryFrom<&$type> for Integer<MIN, MAX> {
                    type Error = ConversionError;

                    fn try_from(integer: &$type) -> Result<Self, ConversionError> {
                        (*integer).try_into()
                    }
                }

                impl<const MIN: i128, const MAX: i128> TryFrom<Integer<MIN, MAX>> for $type {
                    type Error = TryFromIntError;

                    fn try_from(integer: Integer<MIN, MAX>) -> Result<Self, TryFromIntError> {
                        // Infallible for i128.
                        Self::try_from(integer.0).map_err(Into::into)
                    }
                }
            )*};
        }

        integer_from!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

        impl<const MIN: i128, const MAX: i128> fmt::Display for Integer<MIN, MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<const MIN: i128, const MAX: i128> Serialize for Integer<MIN, MAX> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match (i64::try_from(self.0), u64::try_from(self.0)) {
                    (Ok(integer), _) => serializer.serialize_i64(integer),
                    (_, Ok(integer)) => serializer.serialize_u64(integer),
                    _ => serializer.serialize_i128(self.0),
                }
            }
        }

        impl<'de, const MIN: i128, const MAX: i128> Deserialize<'de> for Integer<MIN, MAX> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = serde_json::Number::deserialize(deserializer)
                    .map_err(|error| D::Error::custom(format!("{}: {error}", Self::expected())))?;
                let integer = number.as_i128().or(whole(&number).map(i128::from));
                Self::check(integer).map_err(D::Error::custom)
            }
        }

        /// Returns a number such as 7.0 as an integer, which it is in JSON Schema (2020-12, Core, section 4.2.3).
        pub(super) fn whole(number: &serde_json::Number) -> Option<i64> {
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15);
            float.map(|float| float as i64)
        }
    }

    mod mock {
        //! Request matching for the generated mock.

        use std::fmt;

        use serde::Serialize;
        use serde_json::Value;

        use super::Style;

        fn json(value: &(impl Serialize + ?Sized)) -> Value {
            serde_json::to_value(value).unwrap_or_default()
        }

        /// Returns the query parameters that represent a value, decoded.
        pub(crate) fn query_parameters(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Vec<(String, String)> {
            let mut query = String::new();
            style.append(&mut query, name, &json(value));
            let url = reqwest::Url::parse(&format!("mock:?{query}"));
            url.iter().flat_map(reqwest::Url::query_pairs).map(|(name, value)| (name.into(), value.into())).collect()
        }

        /// Returns the header that represents a value.
        pub(crate) fn header(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> String {
            style.in_header(name, &json(value)).unwrap_or_default()
        }

        /// Returns regular expressions for the header `Cookie` that match exactly the cookies that represent a value.
        pub(crate) fn cookie_patterns(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> Vec<String> {
            style.in_cookies(name, &json(value)).iter().map(|cookie| cookie_pattern(cookie)).collect()
        }

        /// Returns a regular expression for the header `Cookie` that matches it if it contains these cookies, perhaps among others.
        pub(crate) fn cookie_pattern(cookies: &str) -> String {
            format!("(^|; ){}(;|$)", escape_pattern(cookies))
        }

        /// Removes the anchor at the start of a path pattern, so that it matches below any base URL.
        pub(crate) fn under_any_base(pattern: &str) -> String {
            pattern.trim_start_matches('^').to_owned()
        }

        /// Returns a regular expression that matches exactly this value of a path parameter.
        pub(crate) fn path_pattern(name: &str, style: Style, value: &(impl Serialize + ?Sized)) -> String {
            escape_pattern(&style.in_path(name, &json(value)).unwrap_or_default())
        }

        /// Returns a regular expression that matches exactly this text.
        fn escape_pattern(text: &str) -> String {
            text.chars().fold(String::new(), |mut pattern, c| {
                if c.is_ascii_punctuation() {
                    pattern.push('\\');
                }
                pattern.push(c);
                pattern
            })
        }

        /// Returns the value that a mock expects for a parameter.
        ///
        /// # Panics
        /// Panics if the document does not allow the value, since no client can send it.
        pub(crate) fn expect_valid<T, E: fmt::Display>(parameter: &str, value: Result<T, E>) -> T {
            value.unwrap_or_else(|reason| panic!("invalid value for `{parameter}`: {reason}"))
        }
    }

    mod object {
        //! Deserialization of JSON objects: strict for requests, tolerant for responses.

        use std::fmt;
        use std::marker::PhantomData;

        use serde::Deserialize;
        use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
        use serde_json::value::RawValue;

        use super::Violations;
        use super::tolerant::decode_tolerantly;
        use super::violation::member_pointer;

        /// Implements tolerant deserialization of an object in a response. Each field is listed with the name of its property in the document.
        macro_rules! response_object {
            ($name:ident $(, $field:ident($member:literal))* $(; $others:ident)?) => {
                impl<'de> ::serde::Deserialize<'de> for $name {
                    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                        runtime::object(deserializer)
                    }
                }

                impl runtime::Object for $name {
                    type Name = runtime::Lossy;

                    fn member<'de, A: ::serde::de::MapAccess<'de>>(
                        &mut self,
                        member: runtime::Member<'_, A>,
                    ) -> ::std::result::Result<(), A::Error> {
                        match member.name {
                            $($member => member.tolerate(&mut self.$field),)*
                            $(_ => member.tolerate_other(&mut self.$others),)?
                            #[allow(unreachable_patterns)]
                            _ => member.ignore(&[]),
                        }
                    }
                }
            };
        }
        pub(crate) use response_object;

        /// Implements strict deserialization of an object in a request, and its conversions from and to its builder. `violations` is the
        /// builder's field of violations, `unknown` the method of [`Member`] for unknown properties, `read` the one for a
        /// property, and `others` the field of additional properties.
        macro_rules! request_object {
            (
                $name:ident, $violations:ident, $unknown:ident,
                required($($required:ident($required_member:literal, $read_required:ident)),*),
                optional($($field:ident($member:literal, $read:ident)),*)
                $(, others($others:ident))?
            ) => {
                impl<'de> ::serde::Deserialize<'de> for $name {
                    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                        let builder = runtime::object::<builder::$name, D>(deserializer)?;
                        ::std::convert::TryFrom::try_from(builder).map_err(<D::Error as ::serde::de::Error>::custom)
                    }
                }

                impl runtime::Object for builder::$name {
                    type Name = ::std::string::String;

                    fn member<'de, A: ::serde::de::MapAccess<'de>>(
                        &mut self,
                        member: runtime::Member<'_, A>,
                    ) -> ::std::result::Result<(), A::Error> {
                        match member.name {
                            $($required_member => member.$read_required(&mut self.$required),)*
                            $($member => member.$read(&mut self.$field),)*
                            $(_ => member.read_other(&mut self.$others),)?
                            #[allow(unreachable_patterns)]
                            _ => member.$unknown(&[$($required_member,)* $($member),*]),
                        }
                    }
                }

                impl runtime::Builder for builder::$name {
                    fn violations(&self) -> runtime::Violations {
                        #[allow(unused_mut)]
                        let mut violations = ::std::clone::Clone::clone(&self.$violations);
                        $(violations.require($required_member, ::std::option::Option::is_some(&self.$required));)*
                        #[allow(unused_variables)]
                        let named: &[&str] = &[$($required_member,)* $($member),*];
                        $(violations.reject_named(named, self.$others.iter().flatten().map(|(name, _)| name.as_str()));)?
                        violations
                    }
                }

                impl ::std::convert::TryFrom<builder::$name> for $name {
                    type Error = runtime::Violations;

                    #[allow(irrefutable_let_patterns)]
                    fn try_from(builder: builder::$name) -> ::std::result::Result<Self, runtime::Violations> {
                        let violations = runtime::Builder::violations(&builder);
                        let ($(::std::option::Option::Some($required),)*) = ($(builder.$required,)*) else {
                            return ::std::result::Result::Err(violations);
                        };
                        violations.into_result()?;
                        ::std::result::Result::Ok(Self {
                            $($required,)*
                            $($field: builder.$field,)*
                            $($others: builder.$others,)?
                        })
                    }
                }

                impl ::std::convert::From<$name> for builder::$name {
                    #[allow(unused_variables)]
                    fn from(value: $name) -> Self {
                        Self {
                            $($required: ::std::option::Option::Some(value.$required),)*
                            $($field: value.$field,)*
                            $($others: value.$others,)?
                            $violations: ::std::default::Default::default(),
                        }
                    }
                }

                impl ::std::convert::From<&$name> for builder::$name {
                    fn from(value: &$name) -> Self {
                        ::std::convert::From::from(::std::clone::Clone::clone(value))
                    }
                }
            };
        }
        pub(crate) use request_object;

        /// A builder of a request body.
        pub(crate) trait Builder {
            /// Returns the violations in the values set so far, including missing required properties.
            fn violations(&self) -> Violations;
        }

        /// A type that is deserialized from a JSON object.
        pub(crate) trait Object: Default {
            /// The type that the names of members are deserialized as.
            type Name: DeserializeOwned + AsRef<str>;

            /// Deserializes a member.
            fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error>;
        }

        /// A member of an object whose value has not been deserialized yet.
        pub(crate) struct Member<'a, A> {
            pub(crate) name: &'a str,
            members: &'a mut A,
        }

        impl<'de, A: MapAccess<'de>> Member<'_, A> {
            /// Deserializes a value of a request strictly.
            ///
            /// # Errors
            /// Fails if the value is invalid, or the property occurs twice.
            pub(crate) fn read<T: Deserialize<'de>>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
                if slot.is_some() {
                    return Err(self.fault("duplicate property"));
                }
                let value = self.members.next_value().map_err(|error| fault(self.name, error))?;
                *slot = Some(value);
                Ok(())
            }

            /// Deserializes a nullable value like [`read`](Self::read). Errors mention that `null` is allowed.
            pub(crate) fn read_nullable<T: Deserialize<'de>>(self, slot: &mut Option<Option<T>>) -> Result<(), A::Error> {
                let mut value = slot.take().map(Nullable);
                self.read(&mut value)?;
                *slot = value.map(|value| value.0);
                Ok(())
            }

            /// Deserializes a list like [`read`](Self::read). Errors point to the invalid item.
            pub(crate) fn read_list<T: Deserialize<'de>>(self, slot: &mut Option<Vec<T>>) -> Result<(), A::Error> {
                let mut list = slot.take().map(List);
                self.read(&mut list)?;
                *slot = list.map(|list| list.0);
                Ok(())
            }

            /// Deserializes a nullable list like [`read_list`](Self::read_list).
            pub(crate) fn read_nullable_list<T: Deserialize<'de>>(
                self,
                slot: &mut Option<Option<Vec<T>>>,
            ) -> Result<(), A::Error> {
                let mut list = slot.take().map(|list| list.map(List));
                self.read_nullable(&mut list)?;
                *slot = list.map(|list| list.map(|list| list.0));
                Ok(())
            }

            /// Deserializes as much as possible of a value in a response. The last of duplicate members that can be deserialized is kept.
            pub(crate) fn tolerate<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
                // Read as a raw value, so that invalid text, a number out of range or deep nesting in it does not fail the enclosing object.
                let value: Box<RawValue> = self.members.next_value()?;
                *slot = decode_tolerantly(value.get()).or_else(|| slot.take());
                Ok(())
            }

            /// Deserializes an additional property, strictly.
            ///
            /// # Errors
            /// Fails if the value is invalid.
            pub(crate) fn read_other<T: DeserializeOwned, M: Default + Extend<(String, T)>>(
                self,
                others: &mut Option<M>,
            ) -> Result<(), A::Error> {
                let mut value = None;
                let name = self.name.to_owned();
                self.read(&mut value)?;
                value.into_iter().for_each(|value| others.get_or_insert_default().extend([(name.clone(), value)]));
                Ok(())
            }

            /// Deserializes as much as possible of an additional property.
            pub(crate) fn tolerate_other<T: DeserializeOwned, M: Default + Extend<(String, T)>>(
                self,
                others: &mut Option<M>,
            ) -> Result<(), A::Error> {
                let mut value = None;
                let name = self.name.to_owned();
                self.tolerate(&mut value)?;
                value.into_iter().for_each(|value| others.get_or_insert_default().extend([(name.clone(), value)]));
                Ok(())
            }

            /// Rejects an unknown property.
            pub(crate) fn reject(self, known: &[&str]) -> Result<(), A::Error> {
                let expected = if known.is_empty() { "none".to_owned() } else { format!("one of {}", known.join(", ")) };
                Err(self.fault(&format!("unknown property, expected {expected}")))
            }

            /// Ignores an unknown property.
            pub(crate) fn ignore(self, _: &[&str]) -> Result<(), A::Error> {
                self.members.next_value::<IgnoredAny>().map(|_| ())
            }

            fn fault(&self, message: &str) -> A::Error {
                fault(self.name, message)
            }
        }

        /// Returns an error with this name prepended to the pointers of its violations. An error of a nested value may contain several violations.
        fn fault<E: serde::de::Error>(name: &str, error: impl fmt::Display) -> E {
            let violations: Violations = Violations::parse(&error.to_string()).prepend_pointer(&member_pointer(name)).collect();
            E::custom(violations)
        }

        /// A value or `null`.
        struct Nullable<T>(Option<T>);

        impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Option::deserialize(deserializer).map(Self).map_err(|error: D::Error| {
                    let error = error.to_string();
                    let is_nested = error.starts_with('/');
                    D::Error::custom(if is_nested { error } else { format!("{error}, or null") })
                })
            }
        }

        /// A list whose errors point to the invalid item.
        struct List<T>(Vec<T>);

        impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_seq(ListVisitor(PhantomData))
            }
        }

        struct ListVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element().map_err(|error| fault(&list.len().to_string(), error))? {
                    list.push(item);
                }
                Ok(List(list))
            }
        }

        /// Deserializes an object.
        pub(crate) fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
            deserializer.deserialize_map(ObjectVisitor(PhantomData))
        }

        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
                let mut object = T::default();
                while let Some(name) = members.next_key::<T::Name>()? {
                    object.member(Member { name: name.as_ref(), members: &mut members })?;
                }
                Ok(object)
            }
        }
    }

    mod request {
        //! Construction of requests from parameters and bodies.

        use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
        use reqwest::{Method, RequestBuilder};
        use serde::Serialize;
        use serde_json::Value;

        use super::violation::member_pointer;
        use super::{BaseUrl, Style, Violations};

        /// Adds a body to a request.
        type AddBody = Box<dyn FnOnce(RequestBuilder) -> RequestBuilder + Send>;

        /// A builder of a request. The violations of all its parts are reported together by [`build`](Self::build).
        #[derive(Default)]
        pub(crate) struct Request {
            method: Method,
            path: String,
            query: String,
            headers: HeaderMap,
            cookies: Vec<String>,
            body: Option<AddBody>,
            violations: Violations,
        }

        impl Request {
            /// Creates a request to a path template, which has the names of parameters in braces.
            pub(crate) fn new(method: Method, path: &str) -> Self {
                Self { method, path: path.to_owned(), ..Self::default() }
            }

            /// Sets a parameter of the path. An empty value and a segment `.` or `..` are violations, because they would change the other
            /// segments: dot segments are removed (RFC 3986, section 5.2.4), and no encoding prevents that.
            pub(crate) fn path<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
                let Some(value) = self.value(value) else { return };
                let expanded = style.in_path(name, &value).unwrap_or_default();
                let expression = format!("{{{name}}}");
                let mut segments = self.path.split('/').filter(|segment| segment.contains(&expression));
                let is_removed = |segment: &str| matches!(segment.replace(&expression, &expanded).as_str(), "" | "." | "..");
                if value == "" || segments.any(is_removed) {
                    let message = "must not be empty, `.` or `..`: it is a segment of the path";
                    return self.violations.push(member_pointer(name), message);
                }
                // An expanded value contains no braces, since they are encoded.
                self.path = self.path.replace(&expression, &expanded);
            }

            /// Adds a parameter to the query, unless it is absent.
            pub(crate) fn query<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
                if let Some(value) = self.value(value) {
                    style.append(&mut self.query, name, &value);
                }
            }

            /// Adds a header, unless it is absent.
            pub(crate) fn header<T: Serialize>(&mut self, name: &'static str, style: Style, value: Result<T, String>) {
                let value = self.value(value).and_then(|value| style.in_header(name, &value));
                match (HeaderName::try_from(name), value.map(HeaderValue::try_from)) {
                    (Ok(name), Some(Ok(value))) => {
                        self.headers.append(name, value);
                    }
                    (_, Some(_)) => self.violations.push(member_pointer(name), "must be text without control characters"),
                    (_, None) => {}
                }
            }

            /// Adds a cookie, unless it is absent.
            pub(crate) fn cookie<T: Serialize>(&mut self, name: &str, style: Style, value: Result<T, String>) {
                if let Some(value) = self.value(value) {
                    self.cookies.extend(style.in_cookies(name, &value));
                }
            }

            /// Sets the header `Accept`.
            pub(crate) fn accept(&mut self, media_types: &'static str) {
                self.headers.insert(ACCEPT, HeaderValue::from_static(media_types));
            }

            /// Sets a JSON body.
            pub(crate) fn json<T: Serialize>(&mut self, media_type: &'static str, body: Result<T, String>) {
                let Some(body) = self.check(body) else { return };
                match serde_json::to_vec(&body) {
                    Ok(json) => self.set_body(media_type, json.into()),
                    Err(error) => self.violations.extend(Violations::parse(&error.to_string())),
                }
            }

            /// Sets a form (`application/x-www-form-urlencoded`). Fields without a style are sent as text, and objects as JSON.
            pub(crate) fn form<T: Serialize>(&mut self, styles: &[(&str, Style)], body: Result<T, String>) {
                let Some(body) = self.value(body) else { return };
                let mut form = String::new();
                for (name, value) in body.as_object().into_iter().flatten() {
                    let style = styles.iter().find(|(known, _)| known == name).map_or(Style::CONTENT, |(_, style)| *style);
                    style.append(&mut form, name, value);
                }
                self.set_body("application/x-www-form-urlencoded", form.into());
            }

            /// Sets a body of bytes. If its media type is a range, a parameter sets the header `Content-Type` to one in this range.
            pub(crate) fn bytes(&mut self, media_type: &'static str, body: Result<reqwest::Body, String>) {
                let given = self.headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok());
                if given.is_some_and(|given| !includes(media_type, given)) {
                    let message = format!("must be a media type in the range `{media_type}`");
                    self.violations.push(member_pointer(CONTENT_TYPE.as_str()), message);
                }
                if let Some(body) = self.check(body) {
                    let default = if media_type == "*/*" { "application/octet-stream" } else { media_type };
                    self.set_body(default, body);
                }
            }

            /// Builds the request.
            ///
            /// # Errors
            /// Returns all violations as text, or the error of an invalid base URL.
            pub(crate) fn build(mut self, client: &reqwest::Client, base_url: &BaseUrl) -> Result<RequestBuilder, String> {
                self.violations.into_result().map_err(|violations| violations.to_string())?;
                let mut url = base_url.join(&self.path)?;
                if !self.query.is_empty() {
                    let query = url.query().into_iter().chain([self.query.as_str()]).collect::<Vec<_>>().join("&");
                    url.set_query(Some(&query));
                }
                // The method defines a meaning for content, so a request without any says so (RFC 9110, section 8.6).
                if self.body.is_none() && [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) {
                    self.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
                }
                // A parameter may set the header `Cookie`, too.
                let given = self.headers.get(COOKIE).map(HeaderValue::as_bytes);
                let cookies: Vec<&[u8]> = given.into_iter().chain(self.cookies.iter().map(String::as_bytes)).collect();
                // Encoded cookies have no characters that a header does not allow.
                if let (false, Ok(mut cookies)) = (cookies.is_empty(), HeaderValue::from_bytes(&cookies.join(&b"; "[..]))) {
                    // Cookies are often credentials, which must not be shown.
                    cookies.set_sensitive(true);
                    self.headers.insert(COOKIE, cookies);
                }
                let request = client.request(self.method, url).headers(self.headers);
                Ok(self.body.into_iter().fold(request, |request, add_body| add_body(request)))
            }

            fn set_body(&mut self, media_type: &'static str, body: reqwest::Body) {
                self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
                if body.as_bytes() != Some(b"") {
                    self.add_body(|request| request.body(body));
                }
            }

            pub(super) fn add_body(&mut self, add: impl FnOnce(RequestBuilder) -> RequestBuilder + Send + 'static) {
                self.body = Some(Box::new(add));
            }

            /// Returns a value as JSON, or adds its violations.
            fn value<T: Serialize>(&mut self, value: Result<T, String>) -> Option<Value> {
                let value = self.check(value)?;
                let value = serde_json::to_value(value).map_err(|error| error.to_string());
                self.check(value)
            }

            /// Returns a value, or adds its violations.
            pub(super) fn check<T>(&mut self, value: Result<T, String>) -> Option<T> {
                value.map_err(|reason| self.violations.extend(Violations::parse(&reason))).ok()
            }
        }

        /// Returns whether this is a media type in a range (RFC 9110, section 12.5.1), also in one of a suffix as `application/*+xml`.
        fn includes(range: &str, media_type: &str) -> bool {
            let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let (range, essence) = (essence(range), essence(media_type));
            let (Some(range), Some(parts)) = (range.split_once('/'), essence.split_once('/')) else { return false };
            let is_within = |range: &str, part: &str| match range.strip_prefix('*') {
                Some(suffix) => part.strip_suffix(suffix).is_some_and(|rest| !rest.is_empty()),
                None => part == range,
            };
            !essence.contains('*') && !parts.1.is_empty() && is_within(range.0, parts.0) && is_within(range.1, parts.1)
        }
    }

    mod schema {
        //! JSON Schemas of generated types.

        use serde_json::Value;

        /// Implements `JsonSchema` for a type. Its schema refers to the other types by name.
        macro_rules! json_schema {
            ($name:ident, $schema:literal $(, $other:ident)*) => {
                impl ::schemars::JsonSchema for $name {
                    fn schema_name() -> ::std::borrow::Cow<'static, str> {
                        stringify!($name).into()
                    }

                    #[allow(unused_variables)]
                    fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                        runtime::parse_schema($schema, &[$((stringify!($other), generator.subschema_for::<$other>())),*])
                    }
                }
            };
        }
        pub(crate) use json_schema;

        /// Parses the schema of a generated type and replaces its references to other types with their schemas.
        pub(crate) fn parse_schema(text: &str, references: &[(&str, schemars::Schema)]) -> schemars::Schema {
            let mut schema: Value = serde_json::from_str(text).unwrap_or(Value::Bool(true));
            resolve(&mut schema, references);
            schema.try_into().unwrap_or_default()
        }

        fn resolve(schema: &mut Value, references: &[(&str, schemars::Schema)]) {
            let name = schema.get("$ref").and_then(Value::as_str);
            if let Some((_, target)) = references.iter().find(|(known, _)| Some(*known) == name) {
                *schema = target.clone().to_value();
                return;
            }
            match schema {
                Value::Object(members) => members.values_mut().for_each(|member| resolve(member, references)),
                Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, references)),
                _ => {}
            }
        }
    }

    mod style {
        //! Serialization of parameters and form fields by their `style`.

        use serde_json::{Map, Value};

        use super::integer::whole;

        /// The serialization of a parameter or form field (OpenAPI 3.1.1, section 4.8.12.3).
        #[derive(Clone, Copy)]
        pub(crate) struct Style {
            kind: Kind,
            /// Whether each item or member is written separately.
            explode: bool,
            /// Whether reserved characters are not encoded.
            reserved: bool,
        }

        #[derive(Clone, Copy, PartialEq)]
        enum Kind {
            Simple,
            Label,
            Matrix,
            Form,
            Space,
            Pipe,
            DeepObject,
            /// Not a style, but the default of form fields: a scalar as text, an object as JSON, a list item by item.
            Content,
            /// Not a style, but a form field with a JSON media type: each value as JSON, a list item by item.
            Json,
        }

        /// Characters that are never encoded, besides letters and digits (RFC 3986, section 2.3).
        const UNRESERVED: &[u8] = b"-._~";
        /// Characters that `application/x-www-form-urlencoded` does not encode (URL Standard, section 5.2).
        const FORM: &[u8] = b"*-._";
        /// Characters of `FORM` and reserved characters, except for those that separate parameters or end the query.
        const RESERVED: &[u8] = b"*-._:/?@!$'(),;";
        /// Characters of a token, besides letters and digits, which the name of a cookie is (RFC 6265, section 4.1.1).
        const TOKEN: &[u8] = b"!#$%&'*+-.^_`|~";

        impl Style {
            pub(crate) const SIMPLE: Self = Self::new(Kind::Simple, false);
            pub(crate) const LABEL: Self = Self::new(Kind::Label, false);
            pub(crate) const MATRIX: Self = Self::new(Kind::Matrix, false);
            pub(crate) const FORM: Self = Self::new(Kind::Form, true);
            pub(crate) const SPACE_DELIMITED: Self = Self::new(Kind::Space, false);
            pub(crate) const PIPE_DELIMITED: Self = Self::new(Kind::Pipe, false);
            pub(crate) const DEEP_OBJECT: Self = Self::new(Kind::DeepObject, true);
            pub(crate) const CONTENT: Self = Self::new(Kind::Content, true);
            pub(crate) const JSON: Self = Self::new(Kind::Json, true);

            const fn new(kind: Kind, explode: bool) -> Self {
                Self { kind, explode, reserved: false }
            }

            pub(crate) const fn explode(self, explode: bool) -> Self {
                Self { explode, ..self }
            }

            pub(crate) const fn allow_reserved(self) -> Self {
                Self { reserved: true, ..self }
            }

            /// Returns the value in a path, encoded; `None` if it is absent.
            pub(crate) fn in_path(self, name: &str, value: &Value) -> Option<String> {
                self.expand(name, value, |text| encode(text, UNRESERVED))
            }

            /// Returns the value of a header; `None` if it is absent.
            pub(crate) fn in_header(self, name: &str, value: &Value) -> Option<String> {
                self.expand(name, value, str::to_owned)
            }

            /// Returns the cookies for a value, encoded (RFC 6265, section 4.2.1): an exploded value has several.
            pub(crate) fn in_cookies(self, name: &str, value: &Value) -> Vec<String> {
                let pairs = self.pairs(name, value).into_iter();
                // In a form, only a space is encoded as `+`.
                pairs.map(|(name, value)| format!("{}={}", encode(&name, TOKEN), value.replace('+', "%20"))).collect()
            }

            /// Appends the name and the value to a query or form, encoded.
            pub(crate) fn append(self, query: &mut String, name: &str, value: &Value) {
                for (name, value) in self.pairs(name, value) {
                    if !query.is_empty() {
                        query.push('&');
                    }
                    query.extend([self.encode(&name).as_str(), "=", value.as_str()]);
                }
            }

            /// Expands a value outside of a query (RFC 6570, sections 3.2.2, 3.2.5 and 3.2.7).
            fn expand(self, name: &str, value: &Value, encode: impl Fn(&str) -> String) -> Option<String> {
                if value.is_null() {
                    return None;
                }
                let parts = self.parts(value, encode);
                Some(match (self.kind, self.explode) {
                    (Kind::Label, explode) => format!(".{}", parts.join(if explode { "." } else { "," })),
                    (Kind::Matrix, true) if value.is_object() => parts.iter().map(|part| format!(";{part}")).collect(),
                    (Kind::Matrix, true) if value.is_array() => parts.iter().map(|part| write_matrix(name, part)).collect(),
                    (Kind::Matrix, _) => write_matrix(name, &parts.join(",")),
                    _ => parts.join(","),
                })
            }

            /// Encodes a text for a query or form.
            fn encode(self, text: &str) -> String {
                encode(text, if self.reserved { RESERVED } else { FORM }).replace("%20", "+")
            }

            /// Expands a value in a query or form (OpenAPI 3.1.1, sections 4.8.12.3 and 4.8.15.1.2). Returns names and encoded values.
            fn pairs(self, name: &str, value: &Value) -> Vec<(String, String)> {
                let encode = |text: &str| self.encode(text);
                let pair = |value: &str| (name.to_owned(), encode(value));
                let separator = match self.kind {
                    Kind::Space => "%20",
                    Kind::Pipe => "%7C",
                    _ => ",",
                };
                match (self.kind, value) {
                    (_, Value::Null) => Vec::new(),
                    (Kind::DeepObject, Value::Array(items)) => {
                        let items = items.iter().enumerate();
                        items.flat_map(|(index, item)| self.pairs(&format!("{name}[{index}]"), item)).collect()
                    }
                    (Kind::DeepObject, Value::Object(members)) => {
                        members.iter().flat_map(|(key, value)| self.pairs(&format!("{name}[{key}]"), value)).collect()
                    }
                    (Kind::Content | Kind::Json, Value::Array(items)) => {
                        items.iter().flat_map(|item| self.pairs(name, item)).collect()
                    }
                    (Kind::Json, value) => vec![pair(&value.to_string())],
                    (Kind::Content, value) => vec![pair(&text(value))],
                    (_, Value::Array(items)) if self.explode => items.iter().map(|item| pair(&text(item))).collect(),
                    (_, Value::Object(members)) if self.explode => {
                        present_members(members).map(|(key, value)| (key.clone(), encode(&text(value)))).collect()
                    }
                    (_, value) => {
                        let parts = self.parts(value, encode);
                        let is_empty = parts.is_empty();
                        (!is_empty).then(|| (name.to_owned(), parts.join(separator))).into_iter().collect()
                    }
                }
            }

            /// Returns the items of a list, the members of an object, or a scalar, encoded. Members that are not exploded are names and values in turn.
            fn parts(self, value: &Value, encode: impl Fn(&str) -> String) -> Vec<String> {
                match value {
                    Value::Array(items) => items.iter().map(|item| encode(&text(item))).collect(),
                    Value::Object(members) if self.explode => present_members(members)
                        .map(|(key, value)| format!("{}={}", encode(key), encode(&text(value))))
                        .collect(),
                    Value::Object(members) => {
                        present_members(members).flat_map(|(key, value)| [encode(key), encode(&text(value))]).collect()
                    }
                    scalar => vec![encode(&text(scalar))],
                }
            }
        }

        /// Returns a name and value in the style `matrix`. An empty value has no `=` (RFC 6570, section 3.2.7).
        fn write_matrix(name: &str, value: &str) -> String {
            let name = encode(name, UNRESERVED);
            if value.is_empty() { format!(";{name}") } else { format!(";{name}={value}") }
        }

        /// Returns the members that are not `null`, which no style can express.
        fn present_members(members: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
            members.iter().filter(|(_, value)| !value.is_null())
        }

        /// Returns a scalar as text and any other value as JSON. A number without a fraction is written as an integer.
        pub(crate) fn text(value: &Value) -> String {
            match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string()),
                value => value.to_string(),
            }
        }

        /// Percent-encodes all characters except for ASCII letters, digits and `kept` (RFC 3986, section 2.1).
        fn encode(text: &str, kept: &[u8]) -> String {
            let mut encoded = String::with_capacity(text.len());
            for byte in text.bytes() {
                if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
                    encoded.push(byte.into());
                } else {
                    encoded.push_str(&format!("%{byte:02X}"));
                }
            }
            encoded
        }
    }

    mod text {
        //! Deserialization of strings: bounded strings, enums, and text with invalid Unicode.

        use std::fmt;
        use std::marker::PhantomData;
        use std::str::FromStr;

        use serde::Deserialize;
        use serde::de::{Deserializer, Visitor};

        /// Implements the conversions of a type with `FromStr` and `AsRef<str>` from and to strings. `expected` describes what it accepts, for
        /// the error of a value that is not a string. The module `runtime` must be in scope.
        macro_rules! string_type {
            ($name:ident, $expected:expr) => {
                runtime::string_type!($name: &str, &::std::string::String, ::std::string::String);

                impl ::std::fmt::Display for $name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(self.as_ref())
                    }
                }

                impl ::serde::Serialize for $name {
                    fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                        serializer.serialize_str(self.as_ref())
                    }
                }

                impl<'de> ::serde::Deserialize<'de> for $name {
                    fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
                    where
                        D: ::serde::Deserializer<'de>,
                    {
                        runtime::parse(deserializer, $expected)
                    }
                }
            };
            ($name:ident: $($text:ty),+) => {$(
                impl ::std::convert::TryFrom<$text> for $name {
                    type Error = runtime::ConversionError;

                    fn try_from(text: $text) -> ::std::result::Result<Self, runtime::ConversionError> {
                        text.parse()
                    }
                }
            )+};
        }
        pub(crate) use string_type;

        /// Implements a string with a bounded number of characters.
        macro_rules! bounded_string {
            ($name:ident, $(min($min:literal),)? $(max($max:literal),)? $expected:literal) => {
                impl ::std::ops::Deref for $name {
                    type Target = ::std::string::String;

                    fn deref(&self) -> &::std::string::String {
                        &self.0
                    }
                }

                impl ::std::convert::From<$name> for ::std::string::String {
                    fn from(value: $name) -> Self {
                        value.0
                    }
                }

                impl ::std::convert::AsRef<str> for $name {
                    fn as_ref(&self) -> &str {
                        &self.0
                    }
                }

                impl ::std::str::FromStr for $name {
                    type Err = runtime::ConversionError;

                    fn from_str(text: &str) -> ::std::result::Result<Self, runtime::ConversionError> {
                        let length = text.chars().count();
                        if true $(&& length >= $min)? $(&& length <= $max)? {
                            ::std::result::Result::Ok(Self(text.to_owned()))
                        } else {
                            ::std::result::Result::Err(concat!("must be ", $expected).into())
                        }
                    }
                }

                runtime::string_type!($name, $expected);
            };
        }
        pub(crate) use bounded_string;

        /// Implements an enum of strings. Other strings are kept in the variant `unlisted`, or rejected if there is none.
        macro_rules! string_enum {
            ($name:ident, $($variant:ident($value:literal)),+ $(; $unlisted:ident)?) => {
                impl ::std::convert::AsRef<str> for $name {
                    fn as_ref(&self) -> &str {
                        match self {
                            $(Self::$variant => $value,)+
                            $(Self::$unlisted(value) => value,)?
                        }
                    }
                }

                impl ::std::str::FromStr for $name {
                    type Err = runtime::ConversionError;

                    fn from_str(text: &str) -> ::std::result::Result<Self, runtime::ConversionError> {
                        match text {
                            $($value => ::std::result::Result::Ok(Self::$variant),)+
                            $(_ => ::std::result::Result::Ok(Self::$unlisted(text.to_owned())),)?
                            #[allow(unreachable_patterns)]
                            _ => ::std::result::Result::Err(concat!("must be ", runtime::one_of!($($value),+)).into()),
                        }
                    }
                }

                runtime::string_type!($name, runtime::one_of!($($value),+));
            };
        }
        pub(crate) use string_enum;

        /// Expands to `one of …` with these values, separated by commas.
        macro_rules! one_of {
            ($first:literal $(, $other:literal)*) => { concat!("one of ", $first $(, ", ", $other)*) };
        }
        pub(crate) use one_of;

        /// Deserializes a value from a string. `expected` describes it, for the error of a value that is not a string.
        pub(crate) fn parse<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(
            deserializer: D,
            expected: &'static str,
        ) -> Result<T, D::Error> {
            deserializer.deserialize_str(Text(expected, PhantomData))
        }

        struct Text<T>(&'static str, PhantomData<T>);

        impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
                text.parse().map_err(E::custom)
            }
        }

        /// A string in which invalid Unicode is replaced with U+FFFD. An unpaired surrogate becomes three U+FFFD, because
        /// `serde_json` encodes it in three bytes.
        pub(crate) struct Lossy(pub(super) String);

        impl AsRef<str> for Lossy {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for Lossy {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // Read as bytes, because `serde_json` rejects invalid Unicode in a `str`.
                deserializer.deserialize_bytes(LossyVisitor)
            }
        }

        struct LossyVisitor;

        impl Visitor<'_> for LossyVisitor {
            type Value = Lossy;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Lossy, E> {
                Ok(Lossy(text.to_owned()))
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Lossy, E> {
                Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
            }
        }
    }

    mod tolerant {
        //! Tolerant decoding of responses: invalid parts are omitted, the rest is kept.

        use std::cell::Cell;
        use std::collections::BTreeMap;

        use serde::de::DeserializeOwned;
        use serde_json::Value;
        use serde_json::value::RawValue;

        use super::integer::whole;
        use super::text::Lossy;

        thread_local! {
            /// Whether `decode_tolerantly` omitted anything since the last call of `read_tolerantly`.
            static HAS_OMISSIONS: Cell<bool> = const { Cell::new(false) };
        }

        /// Decodes as much as possible of a response's body, and returns whether anything was omitted.
        pub(crate) fn read_tolerantly<T: DeserializeOwned>(body: &[u8]) -> (Option<T>, bool) {
            let text = String::from_utf8_lossy(body);
            // A byte order mark may be ignored (RFC 8259, section 8.1).
            let text = text.trim_start_matches('\u{feff}');
            HAS_OMISSIONS.set(false);
            // Trailing characters are accepted: they do not invalidate the value before them.
            let read = T::deserialize(&mut serde_json::Deserializer::from_str(text)).ok();
            let has_omissions = read.is_none() || HAS_OMISSIONS.get();
            (read, has_omissions)
        }

        /// Decodes as much as possible of a JSON value. If it does not have the declared type, a scalar is decoded as its text, an object as a
        /// list with one item, and a list or map without its invalid items.
        pub(crate) fn decode_tolerantly<T: DeserializeOwned>(json: &str) -> Option<T> {
            if let Ok(read) = serde_json::from_str(json) {
                return Some(read);
            }
            let read = match json.as_bytes().first()? {
                b'n' => return None,
                b'{' => decode_with_integers(json)
                    .or_else(|| serde_json::from_str(&format!("[{json}]")).ok())
                    .or_else(|| decode_parts(["{", "}"], &list_members(json)?)),
                b'[' => decode_parts(["[", "]"], &list_items(json)?),
                b'-' | b'0'..=b'9' => {
                    decode_with_integers(json).or_else(|| T::deserialize(Value::String(json.to_owned())).ok())
                }
                b'"' => serde_json::from_str(json).ok().and_then(|Lossy(text)| T::deserialize(Value::String(text)).ok()),
                _ => T::deserialize(Value::String(json.to_owned())).ok(),
            };
            if read.is_none() {
                HAS_OMISSIONS.set(true);
            }
            read
        }

        /// Decodes a value after rewriting integers such as 7.0 as 7.
        fn decode_with_integers<T: DeserializeOwned>(json: &str) -> Option<T> {
            serde_json::from_str(&write_integers(json)?).ok()
        }

        fn write_integers(json: &str) -> Option<String> {
            let mut value = serde_json::from_str(json).ok()?;
            convert_to_integers(&mut value);
            Some(value.to_string())
        }

        fn convert_to_integers(value: &mut Value) {
            match value {
                Value::Number(number) => {
                    if let Some(integer) = whole(number) {
                        *value = integer.into();
                    }
                }
                Value::Array(items) => items.iter_mut().for_each(convert_to_integers),
                Value::Object(members) => members.values_mut().for_each(convert_to_integers),
                _ => {}
            }
        }

        /// Returns the items of a list, each with an empty prefix.
        fn list_items(json: &str) -> Option<Vec<(String, &RawValue)>> {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            Some(items.into_iter().map(|item| (String::new(), item)).collect())
        }

        /// Returns the members of an object, each with its key as a prefix.
        pub(super) fn list_members(json: &str) -> Option<Vec<(String, &RawValue)>> {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
            Some(members.into_iter().map(|(key, value)| (format!("{}:", Value::String(key)), value)).collect())
        }

        /// Decodes a list or a map without the parts that cannot be decoded.
        fn decode_parts<T: DeserializeOwned>([open, close]: [&str; 2], parts: &[(String, &RawValue)]) -> Option<T> {
            let can_be_read = |part: &String| serde_json::from_str::<T>(&format!("{open}{part}{close}")).is_ok();
            let readable = parts.iter().filter_map(|(key, value)| {
                let part = |value: &str| Some(format!("{key}{value}")).filter(can_be_read);
                part(value.get()).or_else(|| part(&write_integers(value.get())?))
            });
            let readable: Vec<String> = readable.collect();
            if readable.len() < parts.len() {
                HAS_OMISSIONS.set(true);
            }
            serde_json::from_str(&format!("{open}{}{close}", readable.join(","))).ok()
        }

        /// Returns the value of a successful response without a body.
        pub(crate) fn no_body(mut response: reqwest::Response) -> progenitor_client::ResponseValue<()> {
            progenitor_client::ResponseValue::new((), response.status(), std::mem::take(response.headers_mut()))
        }

        /// Decodes as much as possible of the body of a response. An empty body is decoded as `null`. Plain text is decoded as a string, or as JSON
        /// if the declared type is not a string.
        pub(crate) async fn body<T: DeserializeOwned, E>(
            mut response: reqwest::Response,
        ) -> Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<E>> {
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let media_type = headers.get("content-type").map(reqwest::header::HeaderValue::as_bytes);
            // Media types are case-insensitive (RFC 9110, section 8.3.1).
            let is_text = media_type.and_then(|value| value.get(..5)).is_some_and(|kind| kind.eq_ignore_ascii_case(b"text/"));
            let body = response.bytes().await.map_err(progenitor_client::Error::ResponseBodyError)?;
            let text = || T::deserialize(Value::String(String::from_utf8_lossy(&body).into_owned())).ok().filter(|_| is_text);
            // A type that also accepts a list is that of any JSON value.
            let is_string = T::deserialize(Value::Array(Vec::new())).is_err();
            let string = text().filter(|_| is_string).map(Ok);
            let value = string.unwrap_or_else(|| serde_json::from_slice(&body)).or_else(|error| {
                let json: &[u8] = if body.is_empty() { b"null" } else { &body };
                let json = serde_json::from_slice::<&RawValue>(json);
                json.ok().and_then(|json| decode_tolerantly(json.get())).or_else(text).ok_or(error)
            });
            let value = value.map_err(|error| progenitor_client::Error::InvalidResponsePayload(body, error))?;
            Ok(progenitor_client::ResponseValue::new(value, status, headers))
        }
    }

    mod uri {
        //! `format: uri`.

        use std::str::FromStr;

        use super::super::runtime;
        use super::ConversionError;

        /// A URI with a scheme (RFC 3986, section 3), kept exactly as given. With the scheme http or https, a host is required (RFC 9110, section
        /// 4.2).
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct Uri(String);

        impl Uri {
            /// Returns the URI as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for Uri {
            type Err = ConversionError;

            fn from_str(text: &str) -> Result<Self, ConversionError> {
                let uri = iri_string::types::UriStr::new(text)
                    .map_err(|_| ConversionError::from("must be a URI with a scheme, such as `https://shop.example/path`"))?;
                let is_web = ["http", "https"].iter().any(|scheme| uri.scheme_str().eq_ignore_ascii_case(scheme));
                let has_host = uri.authority_components().is_some_and(|authority| !authority.host().is_empty());
                if is_web && !has_host {
                    return Err(
                        "must have a host because the scheme is http or https, as in `https://shop.example/path`".into()
                    );
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl AsRef<str> for Uri {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<Uri> for String {
            fn from(uri: Uri) -> Self {
                uri.0
            }
        }

        runtime::string_type!(Uri, "a URI with a scheme");
    }

    mod violation {
        //! Violations in a request of constraints in the OpenAPI document.

        use std::convert::Infallible;
        use std::fmt;
        use std::num::TryFromIntError;
        use std::ops::Deref;
        use std::str::FromStr;

        use serde::Serialize;

        /// A constraint of the OpenAPI document that a request violates, with the location of the violation.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
        pub struct Violation {
            /// JSON pointer (RFC 6901) into the request body, or `/` and the name of a parameter.
            pub pointer: String,
            /// What the constraint requires.
            pub message: String,
        }

        impl fmt::Display for Violation {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if self.pointer.is_empty() {
                    return f.write_str(&self.message);
                }
                write!(f, "{}: {}", self.pointer, self.message)
            }
        }

        /// All violations of a request. Dereferences to a slice of [`Violation`]s, and is serialized as an array of objects.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
        pub struct Violations(Vec<Violation>);

        impl Violations {
            /// Returns `Ok` if there are no violations.
            ///
            /// # Errors
            /// Returns the violations if there are any.
            pub fn into_result(self) -> Result<(), Self> {
                if self.0.is_empty() { Ok(()) } else { Err(self) }
            }

            /// Adds a violation.
            pub fn push(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
                self.0.push(Violation { pointer: pointer.into(), message: message.into() });
            }

            /// Returns whether there is a violation at this pointer or below it.
            #[must_use]
            pub fn has_violation_at(&self, pointer: &str) -> bool {
                self.0.iter().any(|violation| is_within(&violation.pointer, pointer))
            }

            /// Returns the argument of a setter, after removing the violations of the value that it replaces.
            pub(crate) fn replace_value<T>(&mut self, pointer: &str, value: T) -> Option<T> {
                self.0.retain(|violation| !is_within(&violation.pointer, pointer));
                Some(value)
            }

            /// Converts the argument of a setter, or adds its violations.
            pub(crate) fn take<T, V: TryInto<T, Error: Into<Self>>>(&mut self, pointer: &str, value: V) -> Option<T> {
                self.replace_value(pointer, value.try_into()).and_then(|value| self.check(pointer, value))
            }

            /// Converts each item of a list, like [`take`](Self::take).
            pub(crate) fn take_list<T, V: TryInto<T, Error: Into<Self>>>(
                &mut self,
                pointer: &str,
                values: impl IntoIterator<Item = V>,
            ) -> Option<Vec<T>> {
                self.take_all(pointer, values.into_iter().map(TryInto::try_into))
            }

            /// Parses each item of a list, like [`take_list`](Self::take_list).
            pub(crate) fn take_texts<T: FromStr<Err: Into<Self>>>(
                &mut self,
                pointer: &str,
                texts: impl IntoIterator<Item: AsRef<str>>,
            ) -> Option<Vec<T>> {
                self.take_all(pointer, texts.into_iter().map(|text| text.as_ref().parse()))
            }

            fn take_all<T, E: Into<Self>>(
                &mut self,
                pointer: &str,
                values: impl Iterator<Item = Result<T, E>>,
            ) -> Option<Vec<T>> {
                let values = self.replace_value(pointer, values)?.enumerate();
                // Collected first, so that the violations of all items are added.
                let checked: Vec<_> = values.map(|(index, value)| self.check(&format!("{pointer}/{index}"), value)).collect();
                checked.into_iter().collect()
            }

            /// Adds a violation if a required property was not set.
            pub(crate) fn require(&mut self, name: &str, is_set: bool) {
                let pointer = member_pointer(name);
                if !is_set && !self.has_violation_at(&pointer) {
                    self.push(pointer, "is required");
                }
            }

            /// Adds a violation for each further member with the name of a property, since a JSON object has each name once.
            pub(crate) fn reject_named<'a>(&mut self, properties: &[&str], others: impl Iterator<Item = &'a str>) {
                for name in others.filter(|name| properties.contains(name)) {
                    self.push(member_pointer(name), "must be set as a property, not as a further member");
                }
            }

            /// Parses the output of `Display`.
            pub(crate) fn parse(text: &str) -> Self {
                if !text.starts_with('/') {
                    return Self(vec![Violation { pointer: String::new(), message: text.to_owned() }]);
                }
                let ends = text.match_indices("; /").map(|(at, _)| at).chain([text.len()]);
                let mut start = 0;
                let violations = ends.map(|end| {
                    let violation = text[start..end].trim_start_matches("; ");
                    start = end;
                    let (pointer, message) = match violation.split_once(": ") {
                        Some((pointer, message)) if pointer.starts_with('/') => (pointer, message),
                        _ => ("", violation),
                    };
                    Violation { pointer: pointer.to_owned(), message: message.to_owned() }
                });
                Self(violations.collect())
            }

            fn check<T, E: Into<Self>>(&mut self, pointer: &str, value: Result<T, E>) -> Option<T> {
                value.map_err(|error| self.0.extend(error.into().prepend_pointer(pointer))).ok()
            }

            /// Returns the violations with this pointer prepended to theirs.
            pub(super) fn prepend_pointer(self, pointer: &str) -> impl Iterator<Item = Violation> + '_ {
                self.0.into_iter().map(move |mut violation| {
                    violation.pointer.insert_str(0, pointer);
                    violation
                })
            }
        }

        /// Returns the JSON pointer of a member (RFC 6901, section 3).
        pub(super) fn member_pointer(name: &str) -> String {
            format!("/{}", name.replace('~', "~0").replace('/', "~1"))
        }

        fn is_within(pointer: &str, outer: &str) -> bool {
            pointer.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }

        impl Deref for Violations {
            type Target = [Violation];

            fn deref(&self) -> &[Violation] {
                &self.0
            }
        }

        impl fmt::Display for Violations {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (index, violation) in self.0.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{violation}")?;
                }
                Ok(())
            }
        }

        impl std::error::Error for Violations {}

        impl Extend<Violation> for Violations {
            fn extend<I: IntoIterator<Item = Violation>>(&mut self, violations: I) {
                self.0.extend(violations);
            }
        }

        impl FromIterator<Violation> for Violations {
            fn from_iter<I: IntoIterator<Item = Violation>>(violations: I) -> Self {
                Self(violations.into_iter().collect())
            }
        }

        impl IntoIterator for Violations {
            type Item = Violation;
            type IntoIter = std::vec::IntoIter<Violation>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl From<ConversionError> for Violations {
            fn from(error: ConversionError) -> Self {
                Self(vec![Violation { pointer: String::new(), message: error.0 }])
            }
        }

        impl From<TryFromIntError> for Violations {
            fn from(error: TryFromIntError) -> Self {
                ConversionError::from(error.to_string()).into()
            }
        }

        impl From<Infallible> for Violations {
            fn from(never: Infallible) -> Self {
                match never {}
            }
        }

        /// Error returned when a value cannot be converted to a generated type. The message says what the type requires.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct ConversionError(String);

        impl fmt::Display for ConversionError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::error::Error for ConversionError {}

        impl From<&str> for ConversionError {
            fn from(message: &str) -> Self {
                Self(message.to_owned())
            }
        }

        impl From<String> for ConversionError {
            fn from(message: String) -> Self {
                Self(message)
            }
        }

        /// Converts the argument of a setter, or returns its violations as text.
        pub(crate) fn convert<T>(take: impl FnOnce(&mut Violations) -> Option<T>) -> Result<T, String> {
            let mut violations = Violations::default();
            take(&mut violations).ok_or_else(|| violations.to_string())
        }

        /// Returns the violations of a parameter or body, which generated setters store as text.
        pub(crate) fn violations_of<T>(value: &Result<T, String>) -> Violations {
            value.as_ref().err().map(|reason| Violations::parse(reason)).unwrap_or_default()
        }

        /// Builds the value of a builder, or returns its violations as text.
        pub(crate) fn build<T: TryFrom<B, Error = Violations>, B>(builder: B) -> Result<T, String> {
            T::try_from(builder).map_err(|violations| violations.to_string())
        }
    }

    pub use self::error_body::ErrorBody;
    pub use self::integer::{Int32, Int64, Integer};
    pub use self::uri::Uri;
    pub use self::violation::{ConversionError, Violation, Violations};

    pub(crate) use self::base_url::BaseUrl;
    pub(crate) use self::mock::{
        cookie_pattern, cookie_patterns, expect_valid, header, path_pattern, query_parameters, under_any_base,
    };
    pub(crate) use self::object::{Builder, Member, Object, object, request_object, response_object};
    pub(crate) use self::request::Request;
    pub(crate) use self::schema::{json_schema, parse_schema};
    pub(crate) use self::style::Style;
    pub(crate) use self::text::{Lossy, bounded_string, one_of, parse, string_enum, string_type};
    pub(crate) use self::tolerant::{body, decode_tolerantly, no_body, read_tolerantly};
    pub(crate) use self::violation::{build, convert, violations_of};
}
