// Generated code, do not edit. `spec-drift accept` renews it.

#[allow(unused_imports)]
use crate::generated::runtime;
#[allow(rustdoc::all)]
pub mod operations {
    //! [`When`](::httpmock::When) and [`Then`](::httpmock::Then)
    //! wrappers for each operation. Each can be converted to
    //! its inner type with a call to `into_inner()`. This can
    //! be used to explicitly deviate from permitted values.
    #[allow(unused_imports)]
    use super::{matchers, runtime};
    #[allow(unused_imports)]
    use crate::generated::*;
    /// Matches requests of `PATCH /integrations/{id}`.
    pub struct UpdateIntegrationWhen(::httpmock::When);
    impl UpdateIntegrationWhen {
        /// Wraps an [`httpmock::When`](::httpmock::When) and restricts it to this operation.
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                matchers::path(
                    inner.method(::httpmock::Method::PATCH),
                    "/integrations/{id}",
                    &[],
                ),
            )
        }
        /// Returns the wrapped [`httpmock::When`](::httpmock::When), for conditions that the OpenAPI document does not describe.
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        /// The Sendcloud id of the integration, at least 1
        pub fn id(
            self,
            value: impl ::std::convert::TryInto<
                super::runtime::Integer<1>,
                Error: ::std::convert::Into<runtime::Violations>,
            >,
        ) -> Self {
            let value = runtime::expect_valid::<
                super::runtime::Integer<1>,
            >(runtime::convert(|violations| violations.take("/id", value)));
            Self(
                matchers::path_value(
                    self.0,
                    "/integrations/{id}",
                    "id",
                    runtime::Style::SIMPLE,
                    &value,
                ),
            )
        }
        /// Matches exactly this body.
        pub fn body(
            self,
            value: impl ::std::convert::Into<types::builder::IntegrationModel>,
        ) -> Self {
            let value = runtime::expect_valid::<
                types::IntegrationModel,
            >(runtime::build(value.into()));
            Self(self.0.json_body_obj(&value))
        }
    }
    /// Builds responses of `PATCH /integrations/{id}`.
    pub struct UpdateIntegrationThen(::httpmock::Then);
    impl UpdateIntegrationThen {
        /// Wraps an [`httpmock::Then`](::httpmock::Then).
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        /// Returns the wrapped [`httpmock::Then`](::httpmock::Then), for responses that the OpenAPI document does not list.
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        /// Responds with status 204: No content
        pub fn no_content(self) -> Self {
            Self(self.0.status(204u16))
        }
        /// Responds with status 400: Webhook URL required when enable webhook is set to `true`.
        pub fn bad_request(self, value: &types::Errors) -> Self {
            Self(
                self
                    .0
                    .status(400u16)
                    .header("content-type", "application/json")
                    .json_body_obj(&value),
            )
        }
        /// Responds with status 404: Not Found
        pub fn not_found(self, value: &types::Errors) -> Self {
            Self(
                self
                    .0
                    .status(404u16)
                    .header("content-type", "application/json")
                    .json_body_obj(&value),
            )
        }
    }
}
/// An extension trait for [`MockServer`](::httpmock::MockServer) that
/// adds a method for each operation. These are the equivalent of
/// type-checked [`mock()`](::httpmock::MockServer::mock) calls.
#[allow(rustdoc::all)]
pub trait MockServerExt: sealed::Sealed {
    /// Mocks `PATCH /integrations/{id}`.
    fn update_integration<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::UpdateIntegrationWhen, operations::UpdateIntegrationThen);
}
#[allow(rustdoc::all)]
impl MockServerExt for ::httpmock::MockServer {
    fn update_integration<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::UpdateIntegrationWhen, operations::UpdateIntegrationThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::UpdateIntegrationWhen::new(when),
                operations::UpdateIntegrationThen::new(then),
            )
        })
    }
}
#[allow(unused_imports)]
#[allow(rustdoc::all)]
mod matchers {
    use super::runtime;
    use ::httpmock::When;
    pub(super) fn path(
        when: When,
        template: &str,
        others: &'static [&'static str],
    ) -> When {
        let when = when.path_matches(runtime::path_pattern(template, None));
        if others.is_empty() {
            return when;
        }
        when.is_true(|request| {
            let uri = request.uri();
            !others.iter().any(|other| runtime::ends_with_path(uri.path(), other))
        })
    }
    pub(super) fn path_value(
        when: When,
        template: &str,
        name: &str,
        style: runtime::Style,
        value: &impl ::serde::Serialize,
    ) -> When {
        when.path_matches(
            runtime::path_pattern(
                template,
                Some((name, &runtime::path_value(name, style, value))),
            ),
        )
    }
}
#[allow(rustdoc::all)]
mod sealed {
    pub trait Sealed {}
    impl Sealed for ::httpmock::MockServer {}
}
