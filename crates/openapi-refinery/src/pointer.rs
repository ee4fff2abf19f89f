//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// Escapes a key as a reference token.
///
/// ```
/// assert_eq!(openapi_refinery::pointer::escape("/books/{id}"), "~1books~1{id}");
/// ```
pub fn escape(key: &str) -> Cow<'_, str> {
    if key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        key.replace('~', "~0").replace('/', "~1").into()
    } else {
        key.into()
    }
}

/// Returns the key that a reference token stands for.
pub fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns the key of the last reference token.
///
/// ```
/// assert_eq!(openapi_refinery::pointer::last_token("/paths/~1books"), "/books");
/// ```
pub fn last_token(pointer: &str) -> String {
    unescape(pointer.rsplit('/').next().unwrap_or_default())
}

/// Returns a pointer and those of the values that contain its value, the innermost first.
///
/// ```
/// assert!(openapi_refinery::pointer::ancestors("/info/title").eq(["/info/title", "/info", ""]));
/// ```
pub fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0))
}

/// Returns whether a pointer is that of a location or of a part of it.
///
/// ```
/// use openapi_refinery::pointer::is_within;
///
/// assert!(is_within("/paths/~1shelves/get", "/paths"));
/// assert!(!is_within("/paths", "/path"));
/// ```
pub fn is_within(pointer: &str, location: &str) -> bool {
    pointer.strip_prefix(location).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
