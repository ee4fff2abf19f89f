//! Values of the candidate that OpenAPI or JSON Schema does not allow.

use std::collections::{BTreeMap, BTreeSet};

use openapi_refinery::pointer::unescape;
use openapi_refinery::{InvalidValue, METHODS, Normal};

use super::operation::operation_name;
use super::{Comparison, Document, Node, Verdict};

impl Comparison<'_> {
    /// Records the values that are invalid in the candidate, unless the vendored document has at least the same number of them with the
    /// same message. They replace the changes at the same location, which result from ignoring the values. Invalid values are breaking,
    /// except in documentation, because their intended effect is unknown. This includes values in a new part, since it may only have moved.
    pub(super) fn record_invalid_values(&mut self) {
        let (before, after) = (by_message(self.old), by_message(self.new));
        let mut added: Vec<&InvalidValue<'_>> = Vec::new();
        for (message, values) in &after {
            let known = before.get(message).map_or(&[][..], Vec::as_slice);
            // A location may have changed.
            if distinct(values).len() > distinct(known).len() {
                let known = distinct(known);
                added.extend(values.iter().filter(|value| !known.contains(value.pointer)));
            }
        }
        let ignored: BTreeSet<&str> = added.iter().map(|value| value.pointer).collect();
        self.changes.retain(|(pointer, ..), _| !ignored.contains(pointer.as_str()));
        for InvalidValue { pointer, normal_pointer, is_documentation, message, .. } in added {
            let at = Node { pointer: (*normal_pointer).to_owned(), ..self.root(Document::Candidate) };
            let (wire, message) = match is_documentation {
                true => (Verdict::Docs, message.clone()),
                false => (Verdict::Breaking, format!("{message}; the effect on clients is unknown")),
            };
            self.operation = operation_of(normal_pointer);
            self.record_at((*pointer).to_owned(), "value-invalid", wire, &at, message);
        }
        self.operation = None;
    }
}

fn by_message(normal: &Normal) -> BTreeMap<String, Vec<InvalidValue<'_>>> {
    let mut values: BTreeMap<String, Vec<InvalidValue<'_>>> = BTreeMap::new();
    normal.invalid_values().for_each(|value| values.entry(value.message.clone()).or_default().push(value));
    values
}

fn distinct<'a>(values: &[InvalidValue<'a>]) -> BTreeSet<&'a str> {
    values.iter().map(|value| value.pointer).collect()
}

/// Returns the name of the operation that contains a location in the normal form.
fn operation_of(pointer: &str) -> Option<String> {
    let segments: Vec<String> = pointer.split('/').map(unescape).collect();
    let [_, paths, path, method, ..] = segments.as_slice() else { return None };
    let is_operation = ["paths", "webhooks"].contains(&paths.as_str()) && METHODS.contains(&method.as_str());
    is_operation.then(|| operation_name(method, path, paths == "webhooks"))
}
