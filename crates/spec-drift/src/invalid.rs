//! Values of the candidate that OpenAPI or JSON Schema does not allow.

use std::collections::BTreeSet;

use openapi_refinery::normalize::is_documentation;
use openapi_refinery::pointer::{last_token, unescape};
use openapi_refinery::{InvalidValue, METHODS};

use super::operation::operation_name;
use super::{Comparison, Direction, Document, Node, Verdict};

impl Comparison<'_> {
    /// Records the values that are invalid in the candidate only. They replace the changes at the same location, which result from ignoring
    /// the values. In a part that is new, they have no effect on existing clients.
    pub(super) fn record_invalid_values(&mut self) {
        let known: BTreeSet<&str> = self.old.invalid_values().map(|value| value.pointer).collect();
        let added = || self.new.invalid_values().filter(|value| !known.contains(value.pointer));
        let ignored: BTreeSet<&str> = added().map(|value| value.pointer).collect();
        self.changes.retain(|(pointer, ..), _| !ignored.contains(pointer.as_str()));
        for InvalidValue { pointer, normal_pointer, message, .. } in added() {
            let at = Node { pointer: normal_pointer.to_owned(), ..self.root(Document::Candidate) };
            let holder = pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
            let has_effect = !is_documentation(&last_token(pointer)) && self.published[0].pointer(holder).is_some();
            let (wire, message) = match has_effect {
                true => (Verdict::Breaking, format!("{message}; the effect on clients is unknown")),
                false => (Verdict::Docs, message),
            };
            self.operation = operation_of(normal_pointer);
            for direction in [Direction::Request, Direction::Response] {
                self.direction = Some(direction);
                self.record_at(pointer.to_owned(), "value-invalid", wire, &at, message.clone());
            }
        }
        (self.operation, self.direction) = (None, None);
    }
}

/// Returns the name of the operation that contains a location in the normal form.
fn operation_of(pointer: &str) -> Option<String> {
    let segments: Vec<String> = pointer.split('/').map(unescape).collect();
    let [_, paths, path, method, ..] = segments.as_slice() else { return None };
    let is_operation = ["paths", "webhooks"].contains(&paths.as_str()) && METHODS.contains(&method.as_str());
    is_operation.then(|| operation_name(method, path, paths == "webhooks"))
}
