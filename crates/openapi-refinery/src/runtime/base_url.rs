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
        let parsed = match text.parse::<reqwest::Url>() {
            Ok(url) if url.has_host() => Ok(url),
            // In `localhost:8080`, `localhost` is the scheme.
            Ok(_) => Err("the base URL does not begin with `https://` or `http://`: add one of them".to_owned()),
            Err(error) => Err(format!("the base URL is not a URL: {error}")),
        };
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

/// Returns a URL without those parts that may be secrets.
pub(super) fn without_secrets(mut url: reqwest::Url) -> reqwest::Url {
    // Fails only for URLs that cannot have a user and password.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Omits user, password, query and fragment.
impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(url) = self.parsed.clone() else { return f.write_str("(not a URL)") };
        fmt::Debug::fmt(without_secrets(url).as_str().trim_end_matches('/'), f)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_appended_to_that_of_the_base_url() {
        for base in ["https://api.example/v1", "https://api.example/v1/", "https://api.example/v1//"] {
            let base = BaseUrl::new(base);
            assert_eq!(base.as_str(), "https://api.example/v1");
            let url = base.join("/shelves/a%2Fb").unwrap();
            assert_eq!(url.as_str(), "https://api.example/v1/shelves/a%2Fb");
        }
        assert_eq!(BaseUrl::new("https://api.example").join("/x").unwrap().path(), "/x");
    }

    #[test]
    fn an_invalid_base_url_is_reported_when_a_path_is_joined() {
        let base = BaseUrl::new("/v1/");
        let problem = base.join("/shelves").unwrap_err();
        assert!(problem.starts_with("the base URL is not a URL: "), "{problem}");
        let problem = BaseUrl::new("localhost:8080").join("/shelves").unwrap_err();
        assert_eq!(problem, "the base URL does not begin with `https://` or `http://`: add one of them");
    }

    #[test]
    fn debug_output_omits_secrets() {
        for url in ["https://ann:sesame@api.example/v1/", "https://api.example/v1?key=sesame#sesame"] {
            assert_eq!(format!("{:?}", BaseUrl::new(url)), "\"https://api.example/v1\"");
        }
        assert_eq!(format!("{:?}", BaseUrl::new("//ann:sesame@api")), "(not a URL)");
    }
}
