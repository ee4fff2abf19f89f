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
        if let Some(fault) = find_encoding_fault(text) {
            return Err(fault.into());
        }
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

/// Describes the first character that must be percent-encoded (RFC 3986, section 2), or `%` if it encodes nothing.
fn find_encoding_fault(text: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        let encoded: String = c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")).collect();
        return Some(format!("must be a URI, in which {c:?} is written as `{encoded}`"));
    }
    let is_encoded = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    let is_faulty = text.split('%').skip(1).any(|rest| !is_encoded(rest));
    is_faulty.then(|| "must be a URI, in which the character `%` is written as `%25`".to_owned())
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
            ("https://shop.example/a b", "must be a URI, in which ' ' is written as `%20`"),
            ("https://shöp.example", "must be a URI, in which 'ö' is written as `%C3%B6`"),
            ("https://shop.example/{id}\n", "must be a URI, in which '{' is written as `%7B`"),
            ("https://shop.example/\n", "must be a URI, in which '\\n' is written as `%0A`"),
            ("https://shop.example/100%", "must be a URI, in which the character `%` is written as `%25`"),
            ("https://shop.example/5%/1", "must be a URI, in which the character `%` is written as `%25`"),
            ("https://shop.example/#a#b", scheme),
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
