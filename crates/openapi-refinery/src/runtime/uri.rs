//! `format: uri`.

use std::str::FromStr;

use iri_string::types::UriStr;

use super::super::runtime;
use super::ConversionError;

/// A URI with a scheme (RFC 3986, section 3), kept exactly as given. A URI with the scheme http or https must have a host (RFC 9110,
/// section 4.2), which must be in ASCII and must not be percent-encoded.
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
        if text.trim() != text {
            return Err("must be a URI without white space around it".into());
        }
        if let Some(fault) = find_host_fault(text).or_else(|| find_encoding_fault(text)) {
            return Err(fault.into());
        }
        let uri = UriStr::new(text).map_err(|_| describe_syntax_fault(text))?;
        let has_host = uri.authority_components().is_some_and(|authority| !authority.host().is_empty());
        if is_web(uri.scheme_str()) && !has_host {
            return Err(
                "must have a host because the scheme is http or https, as in `https://shop.example/path`".into()
            );
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_web(scheme: &str) -> bool {
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

/// Returns what precedes the path (RFC 3986, section 3): the scheme, and the authority if there is one.
fn before_path(text: &str) -> (&str, Option<&str>) {
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    (scheme, rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#']).next()))
}

/// Describes the first character that the host of an http or https URI must not contain, even percent-encoded.
fn find_host_fault(text: &str) -> Option<String> {
    let (_, authority) = Some(before_path(text)).filter(|(scheme, _)| is_web(scheme))?;
    let host = authority?.rsplit('@').next()?;
    let c = host.chars().find(|c| *c == '%' || !c.is_ascii_graphic())?;
    Some(match c.is_ascii() {
        true => format!("must have a host without {c:?}"),
        false => "must have a host in ASCII, such as `xn--bcher-kva.example`".to_owned(),
    })
}

/// Describes why a text is not a URI, although all of its characters may occur in one.
fn describe_syntax_fault(text: &str) -> ConversionError {
    let (scheme, authority) = before_path(text);
    let is_valid = |start: &str| UriStr::new(start).is_ok();
    let message = if !is_valid(&format!("{scheme}:")) {
        "must be a URI with a scheme, such as `https://shop.example/path`"
    } else if authority.is_some_and(|authority| !is_valid(&format!("{scheme}://{authority}"))) {
        "must be a URI with a valid host and port, such as `https://shop.example:8080` or `https://[::1]/path`"
    } else {
        "must be a URI, in which `[`, `]` and further `#` are written as `%5B`, `%5D` and `%23`"
    };
    message.into()
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
            "HTTPS://a%20@Shop.Example:443/%7efeedback/../x",
            "urn://shop%20",
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
        let around = "must be a URI without white space around it";
        let authority =
            "must be a URI with a valid host and port, such as `https://shop.example:8080` or `https://[::1]/path`";
        let delimiters = "must be a URI, in which `[`, `]` and further `#` are written as `%5B`, `%5D` and `%23`";
        for (text, message) in [
            ("", scheme),
            ("shop.example/path", scheme),
            ("/path", scheme),
            ("//shop.example", scheme),
            ("https://shop.example/a b", "must be a URI, in which ' ' is written as `%20`"),
            ("https://shop.example/ö", "must be a URI, in which 'ö' is written as `%C3%B6`"),
            ("https://shop.example/{id}\n/", "must be a URI, in which '{' is written as `%7B`"),
            ("https://shop.example/\n/", "must be a URI, in which '\\n' is written as `%0A`"),
            (" https://shop.example", around),
            ("https://shop.example\n", around),
            ("HTTPS://a:%40@shöp.example/%20", "must have a host in ASCII, such as `xn--bcher-kva.example`"),
            ("https://shop .example", "must have a host without ' '"),
            ("http://shop.example%20?a", "must have a host without '%'"),
            ("https://[::1", authority),
            ("https://shop.example:a", authority),
            ("urn://[::1", authority),
            ("https://shop.example/[a]", delimiters),
            ("https://shop.example/100%", "must be a URI, in which the character `%` is written as `%25`"),
            ("https://shop.example/5%/1", "must be a URI, in which the character `%` is written as `%25`"),
            ("https://shop.example/#a#b", delimiters),
            ("a b:c", "must be a URI, in which ' ' is written as `%20`"),
            ("1a://b", scheme),
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
