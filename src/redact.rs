//! Redaction of secrets in text that a server sent.

use std::ops::Range;

use secrecy::{ExposeSecret, SecretString};

pub(crate) const REDACTED: &str = "[redacted]";
/// Maximum number of times that JSON escapes are decoded: a server may quote JSON in a JSON string.
const MAX_NESTING: usize = 3;

/// Number of bytes at the start of a secret by which it is recognized, because a text may be truncated in the middle of a secret.
const RECOGNIZED: usize = 8;

/// A decoded character, and its range of bytes in the original text.
type Decoded = (char, Range<usize>);

/// Replaces secrets in a text, including those whose characters are written as JSON escapes (RFC 8259, section 7).
pub(crate) fn redact(text: &str, secrets: &[SecretString]) -> String {
    let has_prefix = || secrets.iter().any(|secret| text.contains(recognized_prefix(secret.expose_secret())));
    if secrets.is_empty() || !(text.contains('\\') || has_prefix()) {
        return text.to_owned();
    }
    let mut characters: Vec<Decoded> = text.char_indices().map(|(start, c)| (c, start..start + c.len_utf8())).collect();
    let mut found = find_secrets(&characters, secrets);
    for _ in 0..MAX_NESTING {
        if !characters.iter().any(|(c, _)| *c == '\\') {
            break;
        }
        characters = unescape(&characters);
        found.extend(find_secrets(&characters, secrets));
    }
    found.sort_by_key(|range| range.start);
    let (mut redacted, mut end) = (String::new(), 0);
    for range in found {
        if range.start >= end {
            redacted.push_str(&text[end..range.start]);
            redacted.push_str(REDACTED);
        }
        end = end.max(range.end);
    }
    redacted.push_str(&text[end..]);
    redacted
}

fn find_secrets(characters: &[Decoded], secrets: &[SecretString]) -> Vec<Range<usize>> {
    let mut decoded = String::new();
    let mut starts = Vec::with_capacity(characters.len());
    for (c, _) in characters {
        starts.push(decoded.len());
        decoded.push(*c);
    }
    let character = |offset: usize| starts.partition_point(|start| *start < offset);
    let found = secrets.iter().flat_map(|secret| {
        let secret = secret.expose_secret();
        let decoded = &decoded;
        let found = decoded.match_indices(recognized_prefix(secret));
        found.map(move |(offset, _)| (offset, common_prefix(secret, &decoded[offset..]))).collect::<Vec<_>>()
    });
    let ranges = found.filter_map(|(offset, length)| {
        let (first, end) = (character(offset), character(offset + length));
        Some(characters.get(first)?.1.start..characters.get(end.checked_sub(1)?)?.1.end)
    });
    ranges.collect()
}

fn recognized_prefix(secret: &str) -> &str {
    let end = secret.char_indices().map(|(at, _)| at).find(|at| *at >= RECOGNIZED);
    &secret[..end.unwrap_or(secret.len())]
}

/// Returns the length of the longest common prefix of two texts, in bytes.
fn common_prefix(one: &str, other: &str) -> usize {
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    common.map(|(c, _)| c.len_utf8()).sum()
}

/// Decodes each JSON escape. All other text is kept.
fn unescape(mut characters: &[Decoded]) -> Vec<Decoded> {
    let mut decoded = Vec::with_capacity(characters.len());
    while let [first, rest @ ..] = characters {
        let (c, length) = escape(characters).unwrap_or((first.0, 1));
        let end = characters.get(length - 1).map_or(first.1.end, |(_, range)| range.end);
        decoded.push((c, first.1.start..end));
        characters = characters.get(length..).unwrap_or(rest);
    }
    decoded
}

/// Decodes the escape at the start of a text. Returns the character and the length of the escape in characters.
fn escape(characters: &[Decoded]) -> Option<(char, usize)> {
    let [('\\', _), (kind, _), ..] = characters else { return None };
    // `\uXXXX`, or two of them for a surrogate pair.
    let lengths: &[usize] = if *kind == 'u' { &[6, 12] } else { &[2] };
    lengths.iter().find_map(|length| {
        let escape: String = characters.get(..*length)?.iter().map(|(c, _)| c).collect();
        let c = serde_json::from_str(&format!("\"{escape}\"")).ok()?;
        Some((c, *length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_secrets_are_redacted() {
        let secrets = ["ü/\"k€y😀".to_owned().into()];
        for escaped in [
            r#"ü/"k€y😀"#,
            r#"\u00fc\/\"k\u20ACy\ud83d\ude00"#,
            r#"ü\/\u0022\u006b€y\uD83D\uDE00"#,
            r#"\\u00fc\\\/\\\"k\\u20acy\\ud83d\\ude00"#,
        ] {
            let text = format!(r#"{{"a": "\n {escaped}, {escaped}\"}}"#);
            assert_eq!(redact(&text, &secrets), r#"{"a": "\n [redacted], [redacted]\"}"#);
        }
        for text in ["", "\\", r"\u", r"\ud83d\u0041", r"\x ü/k", r#"ü/"k\ude00"#] {
            assert_eq!(redact(text, &secrets), text);
        }
    }

    #[test]
    fn overlapping_secrets_are_redacted() {
        let secrets = ["abcd".to_owned().into(), "cdef".to_owned().into()];
        assert_eq!(redact("xabcdefy", &secrets), "x[redacted]y");
    }

    #[test]
    fn truncated_secrets_are_redacted() {
        let secrets = ["0123456789abcdef==".to_owned().into()];
        for text in ["01234567", "0123456789ab", "0123456789abcdef", "0123456789abcdef=="] {
            assert_eq!(redact(&format!("is {text}"), &secrets), "is [redacted]");
        }
        assert_eq!(redact("0123456789abcdef%3D%3D, 0123456", &secrets), "[redacted]%3D%3D, 0123456");
    }
}
