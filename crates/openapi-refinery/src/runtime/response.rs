//! Responses and errors without secrets, and with what the document describes for their status.

use reqwest::header::SET_COOKIE;
use reqwest::{Body, Response, ResponseBuilderExt, Url};

use super::base_url::without_secrets;

/// The body that the document describes for the status of an error response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ErrorContent {
    /// No body, or one that is read as bytes.
    None,
    Json,
    Text,
}

impl ErrorContent {
    /// Returns the content for a status. A status takes precedence over its class, and that over `default` (OpenAPI 3.1.1, section
    /// 4.8.16.2).
    fn of_status(status: u16, documented: &[(&str, Self)]) -> Self {
        let keys = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
        let mut found = keys.iter().filter_map(|key| documented.iter().find(|(status, _)| status == key));
        found.next().map_or(Self::None, |(_, content)| *content)
    }
}

/// The URL that errors show: that of the request or response, without user, password, query and fragment, which may be secrets.
pub(crate) struct ShownUrl {
    /// If the path of the request has secrets: the URL with placeholders in their place.
    pub(super) redacted: Option<Url>,
}

impl ShownUrl {
    pub(super) fn of(&self, url: &Url) -> Url {
        self.redacted.clone().unwrap_or_else(|| without_secrets(url.clone()))
    }

    /// Hides secrets in the URL of an error.
    pub(crate) fn in_error(&self, mut error: reqwest::Error) -> reqwest::Error {
        if let Some(url) = error.url_mut() {
            *url = self.of(url);
        }
        error
    }

    /// Hides secrets in the URL of a response and the values of its cookies, and adds the documented content as an extension.
    pub(crate) fn in_response(&self, response: Response, documented: &[(&str, ErrorContent)]) -> Response {
        let content = ErrorContent::of_status(response.status().as_u16(), documented);
        let url = self.of(response.url());
        let (mut head, body) = into_parts(response, url);
        for (_, value) in head.headers.iter_mut().filter(|(name, _)| **name == SET_COOKIE) {
            value.set_sensitive(true);
        }
        head.extensions.insert(content);
        http::Response::from_parts(head, body).into()
    }
}

/// Splits a response. The head gets this URL.
pub(super) fn into_parts(response: Response, url: Url) -> (http::response::Parts, Body) {
    // An `http::Response` has no URL, except as an extension that only reqwest can create.
    let with_url = http::Response::builder().url(url).body(()).unwrap_or_default();
    let (mut head, body) = http::Response::<Body>::from(response).into_parts();
    head.extensions.extend(with_url.into_parts().0.extensions);
    (head, body)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const URL: &str = "https://ann:sesame@api.example/v1/keys/sesame?key=sesame#sesame";

    #[test]
    fn errors_and_responses_do_not_show_secrets() {
        for (redacted, expected) in [
            (None, "https://api.example/v1/keys/sesame"),
            (Some("https://api.example/v1/keys/[redacted]"), "https://api.example/v1/keys/[redacted]"),
        ] {
            let shown = ShownUrl { redacted: redacted.map(|url| url.parse().unwrap()) };
            let response = http::Response::builder().url(URL.parse().unwrap()).header("set-cookie", "id=sesame");
            let response = shown.in_response(response.body("").unwrap().into(), &[]);
            assert_eq!(
                (response.url().as_str(), &response.headers()["set-cookie"]),
                (expected, &"id=sesame".parse().unwrap())
            );
            assert_eq!(format!("{response:?}").contains("sesame"), redacted.is_none());
            let error = reqwest::Client::new().get("x:").build().unwrap_err().with_url(URL.parse().unwrap());
            assert_eq!(shown.in_error(error).url().unwrap().as_str(), expected);
        }
    }

    #[test]
    fn the_most_specific_status_determines_the_content() {
        use ErrorContent::{Json, None, Text};
        let documented = [("404", None), ("4XX", Text), ("default", Json)];
        for (status, expected) in [(404, None), (409, Text), (500, Json)] {
            assert_eq!(ErrorContent::of_status(status, &documented), expected, "{status}");
        }
        assert_eq!(ErrorContent::of_status(500, &documented[..2]), None);
    }
}
