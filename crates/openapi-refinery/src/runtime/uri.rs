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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_uri_is_kept_as_given() {
        for text in [
            "https://shop.example/path?a=b#c",
            "HTTPS://Shop.Example:443/%7efeedback/../x",
            "http://[::1]:8080",
            "urn:isbn:9780141439549",
            "mailto:ann@shop.example",
            "file:///etc/hosts",
        ] {
            let uri: Uri = serde_json::from_value(json!(text)).unwrap();
            assert_eq!((uri.as_str(), uri.to_string().as_str()), (text, text));
            assert_eq!(serde_json::to_value(&uri).unwrap(), json!(text));
            assert_eq!(String::from(uri), text);
        }
    }

    #[test]
    fn other_texts_are_rejected_with_a_reason() {
        let scheme = "must be a URI with a scheme, such as `https://shop.example/path`";
        let host = "must have a host because the scheme is http or https, as in `https://shop.example/path`";
        for (text, message) in [
            ("", scheme),
            ("shop.example/path", scheme),
            ("/path", scheme),
            ("//shop.example", scheme),
            ("https://shop.example/a b", scheme),
            ("https://shöp.example", scheme),
            ("https:", host),
            ("http:path", host),
            ("HTTP:///path", host),
            ("https://:443/", host),
        ] {
            assert_eq!(Uri::try_from(text).unwrap_err().to_string(), message, "{text}");
            assert_eq!(Uri::try_from(text.to_owned()).unwrap_err().to_string(), message, "{text}");
            assert_eq!(serde_json::from_value::<Uri>(json!(text)).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn other_json_types_are_rejected() {
        let error = serde_json::from_value::<Uri>(json!(5)).unwrap_err().to_string();
        assert_eq!(error, "invalid type: integer `5`, expected a URI with a scheme");
    }
}
