//! References within a document.

use std::collections::HashSet;

use serde_json::Value;

use super::keywords::is_annotation;
use crate::{Error, Result};

/// Follows references within the document to what they stand for; returns it with its pointer.
pub fn follow<'v>(document: &'v Value, pointer: &str, value: &'v Value) -> Result<(String, &'v Value)> {
    follow_where(document, pointer, value, |_| true)
}

/// Follows a schema that is nothing but a reference: in a schema, what stands beside one counts too.
pub fn follow_alone<'v>(document: &'v Value, pointer: &str, schema: &'v Value) -> Result<(String, &'v Value)> {
    follow_where(document, pointer, schema, |schema| {
        schema.as_object().into_iter().flatten().all(|(key, _)| key == "$ref" || is_annotation(key))
    })
}

/// Follows references for as long as the objects that hold them fulfil a condition.
///
/// # Errors
/// When a reference leads nowhere or back to itself.
pub fn follow_where<'v>(
    document: &'v Value,
    pointer: &str,
    value: &'v Value,
    is_alone: impl Fn(&Value) -> bool,
) -> Result<(String, &'v Value)> {
    let (mut pointer, mut value) = (pointer.to_owned(), value);
    let mut passed = HashSet::new();
    while let Some(reference) = value.get("$ref").and_then(Value::as_str).filter(|_| is_alone(value)) {
        if !passed.insert(pointer.clone()) {
            return Err(Error::at(pointer, "a `$ref` leads back to itself", "break the circle"));
        }
        (pointer, value) = target(document, &pointer, reference)?;
    }
    Ok((pointer, value))
}

/// Returns the target of a `$ref` at `pointer`, with the pointer of the target.
///
/// # Errors
/// If the reference leads to another document, or to a location that does not exist.
pub fn target<'v>(document: &'v Value, pointer: &str, reference: &str) -> Result<(String, &'v Value)> {
    let target = reference.strip_prefix('#').map(percent_decoded).and_then(|target| {
        let value = document.pointer(&target)?;
        Some((target, value))
    });
    target.ok_or_else(|| {
        let problem = format!("`$ref: {reference}` leads nowhere in this document");
        Error::at(pointer, problem, "correct the reference, or bring what it refers to into the document")
    })
}

/// Decodes the percent-encoding of a fragment (RFC 6901, section 6).
pub fn percent_decoded(fragment: &str) -> String {
    percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned()
}
