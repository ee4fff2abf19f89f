//! Selection of media types.

use http::HeaderName;
use serde_json::Value;

use crate::lower::schema::Schemas;
use crate::normalize::is_json;

pub(super) const JSON: &str = "application/json";

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

pub(super) const BYTES: &str = "application/octet-stream";

pub(super) const MULTIPART: &str = "multipart/form-data";

/// Returns the preferred media type of a body: JSON, then forms, then others. Within JSON and others, ranges come last.
pub(super) fn preferred_media_type(body: &Value) -> Option<(&str, &Value)> {
    let rank = |media_type: &str| match essence(media_type) {
        JSON => 0,
        essence if is_json(essence) => 1 + usize::from(is_range(essence)),
        FORM => 3,
        MULTIPART => 4,
        essence => 5 + usize::from(is_range(essence)),
    };
    let content = body["content"].as_object()?.iter();
    let preferred = content.min_by_key(|(media_type, _)| (rank(media_type), media_type.as_str()))?;
    Some((preferred.0, preferred.1))
}

/// Reports that other media types of a body are not used.
pub(super) fn report_unused(media_type: &str, pointer: &str, schemas: &mut Schemas<'_>) {
    schemas.report("content", &format!("has several media types: only `{media_type}` is used"), pointer);
}

/// Returns whether this is a media range (RFC 9110, section 12.5.1) or a wildcard with a structured suffix, such as `*/*+json`.
pub(super) fn is_range(essence: &str) -> bool {
    essence.contains('*')
}

/// Returns whether a text can be sent as a media type, or is a range of them (RFC 9110, section 8.3.1).
pub(super) fn media_type_is_valid(media_type: &str) -> bool {
    let is_token = |token: &str| HeaderName::from_bytes(token.as_bytes()).is_ok();
    let is_pair =
        essence(media_type).split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    is_pair && media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Returns a media type without its parameters.
pub(super) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default()
}
