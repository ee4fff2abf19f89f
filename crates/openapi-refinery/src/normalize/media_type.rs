//! Media types (RFC 9110, section 8.3.1).

use std::collections::BTreeMap;

/// Returns the canonical spelling of a media type or media range (RFC 9110, sections 5.6.6 and 8.3).
///
/// Type, subtype, names of parameters and the value of `charset` are case-insensitive, a quoted value equals a token, and parameters have
/// no order. JSON has no `charset` (RFC 8259, section 11).
///
/// ```
/// use openapi_refinery::canonical_media_type;
///
/// assert_eq!(canonical_media_type("Text/CSV;Charset=\"UTF-8\""), "text/csv; charset=utf-8");
/// assert_eq!(canonical_media_type("application/json; charset=utf-8"), "application/json");
/// ```
pub fn canonical_media_type(text: &str) -> String {
    let mut parts = split(text, ';').into_iter();
    let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut parameters = BTreeMap::new();
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let name = name.trim().to_ascii_lowercase();
        let value = unquote(value.trim());
        let value = if name == "charset" { value.to_ascii_lowercase() } else { value };
        let is_ignored = name.is_empty() || (name == "charset" && is_json(&essence));
        if !is_ignored {
            parameters.insert(name, value);
        }
    }
    parameters.into_iter().fold(essence, |text, (name, value)| {
        let is_token = !value.is_empty() && value.bytes().all(is_token_byte);
        let value = if is_token { value } else { format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")) };
        format!("{text}; {name}={value}")
    })
}

/// Returns whether a canonical media range includes a canonical media type or range (RFC 9110, section 12.5.1). A type without parameters
/// includes the same type with parameters.
///
/// ```
/// use openapi_refinery::media_range_includes;
///
/// assert!(media_range_includes("text/*", "text/csv; charset=utf-8"));
/// assert!(!media_range_includes("text/csv; charset=utf-8", "text/csv"));
/// ```
pub fn media_range_includes(range: &str, media_type: &str) -> bool {
    let (mut range, mut media_type) = (range.split("; "), media_type.split("; "));
    let (pattern, essence) = (range.next().unwrap_or_default(), media_type.next().unwrap_or_default());
    let kind = |essence: &str| essence.split('/').next().unwrap_or_default().to_owned();
    let is_included =
        pattern == essence || pattern == "*/*" || (pattern.ends_with("/*") && kind(pattern) == kind(essence));
    let parameters: Vec<&str> = media_type.collect();
    is_included && range.all(|parameter| parameters.contains(&parameter))
}

/// Returns whether bodies of a media type are text or JSON.
pub(crate) fn is_text_or_json(media_type: &str) -> bool {
    is_json(media_type) || media_type.starts_with("text/")
}

/// Returns whether bodies of a media type without its parameters are JSON (MIME Sniffing Standard, section 4.6).
pub(crate) fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}

/// Returns whether bodies of a media type are XML (RFC 7303, section 4). A range that includes such media types counts.
///
/// ```
/// use openapi_refinery::is_xml;
///
/// assert!(is_xml("application/problem+xml; charset=utf-8"));
/// assert!(!is_xml("application/json"));
/// ```
pub fn is_xml(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.ends_with("+xml") || ["application/xml", "text/xml"].iter().any(|xml| media_range_includes(essence, xml))
}

/// Splits a text at a separator that is not inside a quoted string.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            c if c == separator && !is_quoted => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Returns the content of a quoted string, or the text if it is not one.
fn unquote(text: &str) -> String {
    let Some(quoted) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return text.to_owned() };
    let mut content = String::new();
    let mut characters = quoted.chars();
    while let Some(c) = characters.next() {
        content.push(if c == '\\' { characters.next().unwrap_or(c) } else { c });
    }
    content
}

/// Returns whether a byte may be part of a token (RFC 9110, section 5.6.2).
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::canonical_media_type;

    #[test]
    fn equal_media_types_have_the_same_spelling() {
        for (text, canonical) in [
            ("text/html;charset=utf-8", "text/html; charset=utf-8"),
            ("Text/HTML;Charset=\"utf-8\"", "text/html; charset=utf-8"),
            ("text/html; b=2 ; A=1", "text/html; a=1; b=2"),
            ("application/Vnd.X+JSON;charset=UTF-8", "application/vnd.x+json"),
            ("text/plain; profile=\"a;b=\\\"c\\\"\"", "text/plain; profile=\"a;b=\\\"c\\\"\""),
            ("application/x; profile=A b", "application/x; profile=\"A b\""),
            ("*/*", "*/*"),
            ("", ""),
        ] {
            assert_eq!(canonical_media_type(text), canonical, "{text}");
            assert_eq!(canonical_media_type(canonical), canonical);
        }
    }
}
