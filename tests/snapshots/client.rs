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
    runtime::response_object!(Errors, [errors("errors")]);
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
        optional(feedback_type("feedback_type", Plain),
        service_point_carriers("service_point_carriers", List < Plain >),
        service_point_enabled("service_point_enabled", Plain), shop_name("shop_name",
        Plain), shop_url("shop_url", Plain), webhook_active("webhook_active", Plain),
        webhook_url("webhook_url", Nullable < Plain >))
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
/// The URL of the first server in the document with an absolute URL; if there is none, that of the first server.
#[allow(dead_code)]
pub const DEFAULT_BASE_URL: &str = "https://panel.sendcloud.sc/api/v3";
/// Whether any operation of the document accepts HTTP Basic authentication (RFC 7617) without other credentials.
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
                id: Err("/id: is required".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        /// The Sendcloud id of the integration, at least 1
        pub fn id(
            mut self,
            value: impl ::std::convert::TryInto<
                super::runtime::Integer<1>,
                Error: ::std::convert::Into<runtime::Violations>,
            >,
        ) -> Self {
            self.id = runtime::convert(|violations| violations.take("/id", value));
            self
        }
        /// Sets the body: a value, a reference to one, or its builder, whose violations `send` returns.
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
            let response = execute(
                    self.client,
                    request,
                    "update_integration",
                    &[
                        ("400", runtime::ErrorContent::Json),
                        ("404", runtime::ErrorContent::Json),
                    ],
                )
                .await?;
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
            runtime::Violations::default().with(&self.id)
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
    documented_errors: &[(&str, runtime::ErrorContent)],
) -> Result<reqwest::Response, Error<E>> {
    let (request, url) = request
        .build(&client.client, &client.baseurl)
        .map_err(Error::InvalidRequest)?;
    let mut request = request.build().map_err(|error| url.in_error(error))?;
    let info = OperationInfo { operation_id };
    client.pre(&mut request, &info).await?;
    let result = client.exec(request, &info).await;
    client.post(&result, &info).await?;
    match result {
        Ok(response) => Ok(url.in_response(response, documented_errors)),
        Err(error) => Err(url.in_error(error).into()),
    }
}
/// The interface of the runtime. The code of the runtime is not part of the snapshot.
pub mod runtime {
    const SHA_256: &str = "731ab1d379120d3fb772e943a856518a22a35e55232c5a7480d5e6d8fc075330";
    mod error_body {
        pub trait ErrorBody<E>: Sized {
            fn into_body(
                self,
            ) -> impl ::std::future::Future<
                Output = Result<ResponseValue<E>, Self>,
            > + Send;
            fn into_body_as<T: DeserializeOwned + Serialize + Send>(
                self,
            ) -> impl ::std::future::Future<
                Output = Result<ResponseValue<T>, Self>,
            > + Send;
        }
        impl<E: DeserializeOwned + Serialize + Send> ErrorBody<E> for Error<E> {}
    }
    mod integer {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct Integer<
            const MIN: i128 = { i64::MIN as i128 },
            const MAX: i128 = { u64::MAX as i128 },
        >(
            i128,
        );
        pub type Int32 = Integer<{ i32::MIN as i128 }, { i32::MAX as i128 }>;
        pub type Int64 = Integer<{ i64::MIN as i128 }, { i64::MAX as i128 }>;
        impl<const MIN: i128, const MAX: i128> Integer<MIN, MAX> {
            #[must_use]
            pub fn get(self) -> i128 {}
        }
        integer_from!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
        impl<const MIN: i128, const MAX: i128> fmt::Display for Integer<MIN, MAX> {}
        impl<const MIN: i128, const MAX: i128> Serialize for Integer<MIN, MAX> {}
        impl<'de, const MIN: i128, const MAX: i128> Deserialize<'de>
        for Integer<MIN, MAX> {}
    }
    mod uri {
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct Uri(String);
        impl Uri {
            #[must_use]
            pub fn as_str(&self) -> &str {}
        }
        impl FromStr for Uri {
            type Err = ConversionError;
        }
        impl AsRef<str> for Uri {}
        impl From<Uri> for String {}
        runtime::string_type!(Uri, "a URI with a scheme");
    }
    mod violation {
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
        pub struct Violation {
            pub pointer: String,
            pub message: String,
        }
        impl fmt::Display for Violation {}
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
        pub struct Violations(Vec<Violation>);
        impl Violations {
            pub fn into_result(self) -> Result<(), Self> {}
            pub fn push(
                &mut self,
                pointer: impl Into<String>,
                message: impl Into<String>,
            ) {}
            #[must_use]
            pub fn has_violation_at(&self, pointer: &str) -> bool {}
        }
        impl Deref for Violations {
            type Target = [Violation];
        }
        impl fmt::Display for Violations {}
        impl std::error::Error for Violations {}
        impl Extend<Violation> for Violations {}
        impl FromIterator<Violation> for Violations {}
        impl IntoIterator for Violations {
            type Item = Violation;
            type IntoIter = std::vec::IntoIter<Violation>;
        }
        impl From<ConversionError> for Violations {}
        impl From<TryFromIntError> for Violations {}
        impl From<Infallible> for Violations {}
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct ConversionError(String);
        impl fmt::Display for ConversionError {}
        impl std::error::Error for ConversionError {}
        impl From<&str> for ConversionError {}
        impl From<String> for ConversionError {}
    }
    pub use self::error_body::ErrorBody;
    pub use self::integer::{Int32, Int64, Integer};
    pub use self::uri::Uri;
    pub use self::violation::{ConversionError, Violation, Violations};
}
