//! Path parameters.

/// Percent-encodes the value of a path parameter (RFC 3986, section 2.1). In http URLs, a backslash also separates segments (URL Standard,
/// section 4.4).
pub(crate) fn encode_segment(value: String) -> String {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    if value.bytes().all(is_unreserved) {
        return value;
    }
    progenitor_client::encode_path(&value).replace('\\', "%5C")
}

/// Encodes the value of a path parameter, so that it is one segment of the path.
///
/// # Errors
/// Returns a violation at this pointer if no encoding achieves that: dot segments are removed (RFC 3986, section 5.2.4), and an empty one makes it the path of something else.
pub(crate) fn segment(pointer: &str, value: String) -> Result<String, String> {
    match value.as_str() {
        "" | "." | ".." => Err(format!("{pointer}: must not be empty, `.` or `..`: it is a segment of the path")),
        _ => Ok(encode_segment(value)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_are_encoded() {
        for (value, encoded) in [("12345", "12345"), ("a b/ü?", "a%20b%2F%C3%BC%3F"), (r"..\admin", "..%5Cadmin")] {
            assert_eq!(segment("/id", value.to_owned()).as_deref(), Ok(encoded));
        }
    }

    #[test]
    fn values_that_would_change_the_path_are_refused() {
        for value in ["", ".", ".."] {
            let refusal = segment("/id", value.to_owned()).unwrap_err();
            assert!(refusal.starts_with("/id: must not be empty"), "{refusal}");
        }
        assert_eq!(segment("/id", "...".to_owned()).as_deref(), Ok("..."));
    }
}
