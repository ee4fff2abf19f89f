//! References within a document (RFC 6901; JSON Schema 2020-12, Core, section 8.2.3.1).

use std::collections::HashSet;

use serde_json::Value;

use super::{Node, Normalizer};
use crate::{Error, Result};

impl<'a> Normalizer<'a> {
    /// Resolves the references of an object that is not a schema. Its location in the normal form does not change.
    pub(super) fn resolve(&mut self, node: Node<'a>) -> Node<'a> {
        let is_reference = |value: &Value| value.get("$ref").is_some_and(Value::is_string);
        match follow(self.document, &node.from, node.value, is_reference) {
            Ok((from, value, passed)) => {
                self.reached.extend(passed);
                self.origins.set(&node.to, &from);
                if from != node.from {
                    self.origins.set_reference(&node.to, &node.from);
                }
                Node { from, value, ..node }
            }
            Err(error) => {
                self.faults.push(error);
                Node { value: &Value::Null, ..node }
            }
        }
    }
}

/// Follows a chain of references. Returns the last target with its location, and the locations of all references.
pub(super) fn follow<'v>(
    document: &'v Value,
    pointer: &str,
    value: &'v Value,
    is_reference: impl Fn(&Value) -> bool,
) -> Result<(String, &'v Value, HashSet<String>)> {
    let (mut pointer, mut value) = (pointer.to_owned(), value);
    let mut passed = HashSet::new();
    while is_reference(value)
        && let Some(reference) = value.get("$ref").and_then(Value::as_str)
    {
        if !passed.insert(pointer.clone()) {
            return Err(Error::at(pointer, "the `$ref` leads back to itself", "refer to something else"));
        }
        (pointer, value) = target(document, &pointer, reference)?;
    }
    passed.insert(pointer.clone());
    Ok((pointer, value, passed))
}

/// Returns the target of a `$ref` at `pointer`, with the pointer of the target.
///
/// # Errors
/// Returns an error if the reference leads to another document, or to a location that does not exist.
pub(crate) fn target<'v>(document: &'v Value, pointer: &str, reference: &str) -> Result<(String, &'v Value)> {
    let target = reference.strip_prefix('#').map(percent_decoded).and_then(|target| {
        let value = document.pointer(&target)?;
        Some((target, value))
    });
    target.ok_or_else(|| {
        let problem = format!("the target of `$ref: {reference}` does not exist in this document");
        let remedy = match reference.starts_with('#') {
            true => "correct the reference, or add its target to the document",
            false => "bundle the document with those that it refers to",
        };
        Error::at(pointer, problem, remedy)
    })
}

/// Decodes the percent-encoding of a fragment (RFC 6901, section 6).
pub(crate) fn percent_decoded(fragment: &str) -> String {
    percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned()
}
