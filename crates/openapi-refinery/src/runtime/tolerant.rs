//! Tolerant decoding of responses: invalid parts are omitted, the rest is kept.

use std::any::TypeId;
use std::cell::Cell;
use std::collections::BTreeMap;

use progenitor_client::ResponseValue;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::integer::whole;
use super::text::Lossy;

thread_local! {
    /// Whether `decode_tolerantly` omitted anything since the last call of `read_tolerantly`.
    static HAS_OMISSIONS: Cell<bool> = const { Cell::new(false) };
}

/// Decodes as much as possible of a response's body, and returns whether anything was omitted.
pub(crate) fn read_tolerantly<T: DeserializeOwned>(body: &[u8]) -> (Option<T>, bool) {
    let text = String::from_utf8_lossy(body);
    // A byte order mark may be ignored (RFC 8259, section 8.1).
    let text = text.trim_start_matches('\u{feff}');
    HAS_OMISSIONS.set(false);
    // Trailing characters are accepted: they do not invalidate the value before them.
    let read = T::deserialize(&mut serde_json::Deserializer::from_str(text)).ok();
    let has_omissions = read.is_none() || HAS_OMISSIONS.get();
    (read, has_omissions)
}

/// Maximum depth of lists and maps in which invalid parts are repaired. Deeper lists and maps are omitted as a whole if they are invalid,
/// so that a body cannot exhaust the stack.
const MAX_DEPTH: usize = 32;

/// Decodes as much as possible of a JSON value. What does not have the declared type is decoded as [`repair`] rewrites it, up to
/// [`MAX_DEPTH`] levels of lists and maps.
pub(crate) fn decode_tolerantly<T: DeserializeOwned>(json: &str) -> Option<T> {
    if let Ok(read) = serde_json::from_str(json) {
        return Some(read);
    }
    let repaired = repair(json, MAX_DEPTH, &|json| serde_json::from_str::<T>(json).is_ok());
    let read = repaired.and_then(|json| serde_json::from_str(&json).ok());
    if read.is_none() && json != "null" {
        HAS_OMISSIONS.set(true);
    }
    read
}

/// Rewrites a JSON value that is not valid: integers such as 7.0 as 7, a scalar as its text, and a list or map with its items rewritten, or
/// without those for which that fails.
fn repair(json: &str, depth: usize, is_valid: &dyn Fn(&str) -> bool) -> Option<String> {
    if is_valid(json) {
        return Some(json.to_owned());
    }
    let integers = || write_integers(json).filter(|json| is_valid(json));
    let repaired = match json.as_bytes().first()? {
        b'n' => return None,
        b'{' | b'[' if depth == 0 => return None,
        b'{' => integers().or_else(|| Some(repair_parts(["{", "}"], &list_members(json)?, depth, is_valid))),
        b'[' => Some(repair_parts(["[", "]"], &list_items(json)?, depth, is_valid)),
        b'"' => serde_json::from_str(json).ok().map(|Lossy(text)| Value::String(text).to_string()),
        _ => integers().or_else(|| Some(Value::from(json).to_string())),
    };
    repaired.filter(|json| is_valid(json))
}

fn write_integers(json: &str) -> Option<String> {
    let mut value = serde_json::from_str(json).ok()?;
    convert_to_integers(&mut value);
    Some(value.to_string())
}

fn convert_to_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(integer) = whole(number) {
                *value = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(convert_to_integers),
        Value::Object(members) => members.values_mut().for_each(convert_to_integers),
        _ => {}
    }
}

/// Returns the items of a list, each with an empty prefix.
fn list_items(json: &str) -> Option<Vec<(String, &RawValue)>> {
    let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    Some(items.into_iter().map(|item| (String::new(), item)).collect())
}

/// Returns the members of an object, each with its key as a prefix.
pub(super) fn list_members(json: &str) -> Option<Vec<(String, &RawValue)>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
    Some(members.into_iter().map(|(key, value)| (format!("{}:", Value::String(key)), value)).collect())
}

/// Rewrites the items of a list or map, without those that remain invalid.
fn repair_parts(
    [open, close]: [&str; 2],
    parts: &[(String, &RawValue)],
    depth: usize,
    is_valid: &dyn Fn(&str) -> bool,
) -> String {
    let repaired = parts.iter().filter_map(|(key, value)| {
        let is_valid = |value: &str| is_valid(&format!("{open}{key}{value}{close}"));
        repair(value.get(), depth - 1, &is_valid).map(|value| format!("{key}{value}"))
    });
    let repaired: Vec<String> = repaired.collect();
    if repaired.len() < parts.len() {
        HAS_OMISSIONS.set(true);
    }
    format!("{open}{}{close}", repaired.join(","))
}

/// Returns the value of a successful response without a body.
pub(crate) fn no_body(mut response: Response) -> ResponseValue<()> {
    ResponseValue::new((), response.status(), std::mem::take(response.headers_mut()))
}

/// Decodes as much as possible of the body of a successful response, which the document describes as JSON.
pub(crate) async fn body<T: DeserializeOwned + 'static, E>(
    mut response: Response,
) -> Result<ResponseValue<T>, progenitor_client::Error<E>> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = response.bytes().await.map_err(progenitor_client::Error::ResponseBodyError)?;
    // An empty body is not JSON. `decode_body` would decode it as `null`, which is a valid `Value`.
    let is_any = TypeId::of::<T>() == TypeId::of::<Value>();
    let decoded =
        if is_any && body.is_empty() { serde_json::from_slice(b"") } else { decode_body(&headers, &body, true) };
    match decoded {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(progenitor_client::Error::InvalidResponsePayload(body, error)),
    }
}

/// Decodes as much as possible of a body. An empty body is decoded as `null`. Text is decoded as a string, or as JSON if the declared type
/// is not a string. If the declared type is any JSON value, text that is not JSON is decoded as a string, unless the document says that
/// the body is JSON. If `is_json`, only `text/plain` counts as text: a page in `text/html` may come from a proxy.
pub(super) fn decode_body<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
    is_json: bool,
) -> serde_json::Result<T> {
    let media_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    // Media types are case-insensitive (RFC 9110, section 8.3.1).
    let expected: &[u8] = if is_json { b"text/plain" } else { b"text/" };
    let is_text =
        media_type.and_then(|value| value.get(..expected.len())).is_some_and(|it| it.eq_ignore_ascii_case(expected));
    let text = || T::deserialize(Value::String(String::from_utf8_lossy(body).into_owned())).ok().filter(|_| is_text);
    // A type that accepts both text and a list is `serde_json::Value`, not a string.
    let is_string = T::deserialize(Value::Array(Vec::new())).is_err();
    let string = text().filter(|_| is_string).map(Ok);
    string.unwrap_or_else(|| serde_json::from_slice(body)).or_else(|error| {
        let json: &[u8] = if body.is_empty() { b"null" } else { body };
        let json = serde_json::from_slice::<&RawValue>(json);
        json.ok().and_then(|json| decode_tolerantly(json.get())).or_else(|| text().filter(|_| !is_json)).ok_or(error)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use serde_json::{Map, json};

    use super::*;

    #[test]
    fn deep_nesting_does_not_exhaust_the_stack() {
        let json = ["[".repeat(100_000), "]".repeat(100_000)].concat();
        let decode = move || decode_tolerantly::<Vec<u8>>(&json);
        assert_eq!(std::thread::spawn(decode).join().unwrap(), Some(Vec::new()));
    }

    #[test]
    fn omissions_are_reported() {
        assert_eq!(
            read_tolerantly::<Map<String, Value>>(br#"{"a": 1}"#),
            (json!({ "a": 1 }).as_object().cloned(), false)
        );
        assert_eq!(read_tolerantly::<Value>(b"<html>"), (None, true));
        assert_eq!(read_tolerantly::<Value>(b""), (None, true));
        assert_eq!(decode_tolerantly::<bool>("[1]"), None);
        assert!(HAS_OMISSIONS.get());
        // The state of an earlier call has no effect.
        assert_eq!(read_tolerantly::<u8>(b"1"), (Some(1), false));
    }

    #[test]
    fn surrounding_bytes_are_ignored_and_invalid_utf_8_is_replaced() {
        for body in [&b"7"[..], b"\xef\xbb\xbf7", b" 7\n", b"7 and more", b"7\xff"] {
            assert_eq!(read_tolerantly::<u8>(body), (Some(7), false), "{body:?}");
        }
        let (text, _) = read_tolerantly::<String>(b"\"a\xffb\"");
        assert_eq!(text.unwrap(), "a\u{fffd}b");
    }

    #[test]
    fn scalars_are_decoded_as_text() {
        for (json, text) in
            [("7", "7"), ("-7.50", "-7.50"), ("true", "true"), (r#""a\ud800""#, "a\u{fffd}\u{fffd}\u{fffd}")]
        {
            assert_eq!(decode_tolerantly::<String>(json).unwrap(), text);
        }
        for json in ["null", "{}", "[]"] {
            assert_eq!(decode_tolerantly::<String>(json), None, "{json}");
        }
        let errors =
            decode_tolerantly::<HashMap<String, Vec<String>>>(r#"{"name": ["too short", 5.0, null, {}], "age": 7}"#);
        let expected = ["too short", "5.0"].map(str::to_owned).to_vec();
        assert_eq!(errors.unwrap(), HashMap::from([("name".to_owned(), expected)]));
        assert_eq!(decode_tolerantly::<Vec<String>>(r#"["a\ud800"]"#).unwrap(), ["a\u{fffd}\u{fffd}\u{fffd}"]);
    }

    #[test]
    fn null_is_not_an_omission() {
        HAS_OMISSIONS.set(false);
        assert_eq!(decode_tolerantly::<u8>("null"), None);
        assert!(!HAS_OMISSIONS.get());
        assert_eq!(decode_tolerantly::<u8>("300"), None);
        assert!(HAS_OMISSIONS.get());
    }

    #[test]
    fn lists_and_maps_lose_only_their_invalid_parts() {
        let nested = decode_tolerantly::<HashMap<String, Vec<Vec<u8>>>>(r#"{"a": [[1, null, 3.0], 5, {}], "b": 7}"#);
        assert_eq!(nested.unwrap(), HashMap::from([("a".to_owned(), vec![vec![1, 3]])]));
        assert_eq!(decode_tolerantly::<Vec<u8>>("[1, 300, 2.0, null, \"3\"]").unwrap(), [1, 2]);
        let map = decode_tolerantly::<HashMap<String, u8>>(r#"{"a": 1, "b": "x", "c": 3.0, "d": -1}"#).unwrap();
        assert_eq!(map, HashMap::from([("a".to_owned(), 1), ("c".to_owned(), 3)]));
        HAS_OMISSIONS.set(false);
        assert_eq!(decode_tolerantly::<Vec<u8>>("[1.0, 2]").unwrap(), [1, 2]);
        assert!(!HAS_OMISSIONS.get());
    }

    #[test]
    fn an_object_is_not_decoded_as_a_list() {
        let object = r#"{"a": 1}"#;
        assert_eq!(decode_tolerantly::<Vec<HashMap<String, u8>>>(object), None);
        assert_eq!(decode_tolerantly::<Vec<String>>(object), None);
        let headers = HeaderMap::new();
        let error = super::decode_body::<Vec<HashMap<String, u8>>>(&headers, object.as_bytes(), true).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: map, expected a sequence at line 1 column 0");
    }

    #[test]
    fn integers_are_decoded_from_floats_without_a_fraction() {
        assert_eq!(decode_tolerantly::<i64>("7.0"), Some(7));
        assert_eq!(decode_tolerantly::<i64>("-1e3"), Some(-1000));
        assert_eq!(decode_tolerantly::<i64>("7.5"), None);
        // Beyond 2^53, a float does not represent one integer.
        assert_eq!(decode_tolerantly::<i64>("9007199254740993.0"), None);
    }

    fn decode_body<T: DeserializeOwned + 'static>(body: &'static str) -> Option<T> {
        decode_body_of_type("application/json", body)
    }

    fn decode_body_of_type<T: DeserializeOwned + 'static>(media_type: &str, body: &'static str) -> Option<T> {
        let response = http::Response::builder().status(201).header("x-total", "3").header("content-type", media_type);
        let response = response.body(body).unwrap();
        // The body is in memory, so it is ready at once.
        let mut future = pin!(super::body::<T, ()>(response.into()));
        let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
            panic!("the body is not ready")
        };
        match result {
            Ok(value) => {
                assert_eq!((value.status().as_u16(), &value.headers()["x-total"]), (201, &"3".parse().unwrap()));
                Some(value.into_inner())
            }
            Err(progenitor_client::Error::InvalidResponsePayload(bytes, _)) => {
                assert_eq!(bytes, body);
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn the_body_of_a_success_is_decoded() {
        assert_eq!(decode_body::<Vec<u8>>("[1, 2]"), Some(vec![1, 2]));
        assert_eq!(decode_body::<Vec<u8>>("[1, 300]"), Some(vec![1]));
        assert_eq!(decode_body::<Option<u8>>(""), Some(None));
        assert_eq!(decode_body::<u8>(""), None);
        assert_eq!(decode_body::<u8>("<html>"), None);
        assert_eq!(decode_body::<Value>("null"), Some(Value::Null));
        assert_eq!(decode_body::<Value>(""), None);
        assert_eq!(decode_body::<Option<Value>>(""), Some(None));
        assert_eq!(decode_body_of_type::<Value>("text/html", "<html>"), None);
    }

    #[test]
    fn text_is_recognized_by_its_media_type() {
        for media_type in ["text/plain", "Text/Plain; charset=utf-8"] {
            assert_eq!(decode_body_of_type::<String>(media_type, "plain").as_deref(), Some("plain"), "{media_type}");
        }
        for media_type in ["application/json", "text", "text/html"] {
            assert_eq!(decode_body_of_type::<String>(media_type, "plain"), None, "{media_type}");
        }
    }

    #[test]
    fn text_is_decoded_as_json_only_if_the_type_is_not_a_string() {
        for (media_type, text) in [("text/plain", "\"a\""), ("application/json", "a"), ("text/json", "a")] {
            assert_eq!(decode_body_of_type::<String>(media_type, "\"a\"").as_deref(), Some(text));
        }
        assert_eq!(decode_body_of_type::<Option<String>>("text/plain", "null"), Some(Some("null".to_owned())));
        assert_eq!(decode_body_of_type("text/plain", "\"a\""), Some(json!("a")));
        assert_eq!(decode_body_of_type("text/plain", "[7]"), Some(vec![7]));
        assert_eq!(decode_body_of_type("text/plain", "7"), Some(7));
    }
}
