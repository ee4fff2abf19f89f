//! `format: uri`.

use std::str::FromStr;

use super::super::runtime;
use super::ConversionError;

/// A URI with its scheme (RFC 3986, section 3), kept exactly as given. One of http or https has a host (RFC 9110, section 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uri(String);

impl Uri {
    /// The URI as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Uri {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        let uri = iri_string::types::UriStr::new(text).map_err(|_| {
            ConversionError::from("must be an absolute URI (RFC 3986), such as `https://shop.example/path`")
        })?;
        let is_web = ["http", "https"].iter().any(|scheme| uri.scheme_str().eq_ignore_ascii_case(scheme));
        let has_host = uri.authority_components().is_some_and(|authority| !authority.host().is_empty());
        if is_web && !has_host {
            return Err("must have a host, as in `https://shop.example/path`".into());
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

runtime::string_type!(Uri, "an absolute URI");
