//! Path parameters.

/// Percent-encodes the value of a path parameter (RFC 3986, section 2.1), so that it remains one segment. In http URLs, a backslash also
/// separates segments (URL Standard, section 4.4).
pub(crate) fn segment(value: String) -> String {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    if value.bytes().all(is_unreserved) {
        return value;
    }
    progenitor_client::encode_path(&value).replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use super::segment;

    #[test]
    fn reserved_characters_are_encoded() {
        for (value, encoded) in [("12345", "12345"), ("a b/ü?", "a%20b%2F%C3%BC%3F"), (r"..\admin", "..%5Cadmin")] {
            assert_eq!(segment(value.to_owned()), encoded);
        }
    }
}
