//! Changes of documentation, summarized by the operation or component that contains them.

use std::collections::BTreeMap;

use openapi_refinery::pointer::last_token;

use super::{Change, Document};

/// The rule for changes of documentation.
pub(super) const RULE: &str = "docs";

/// Replaces several changed annotations of one operation or component by one change.
pub(super) fn summarize(changes: Vec<Change>) -> Vec<Change> {
    let (annotations, mut changes): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.rule == RULE);
    let mut by_holder: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for annotation in annotations {
        by_holder.entry(annotated_location(&annotation.pointer)).or_default().push(annotation);
    }
    changes.extend(by_holder.into_values().filter_map(merge_annotations));
    changes
}

/// Returns the location of the operation or component that has an annotation, otherwise that of the member of the document.
fn annotated_location(pointer: &str) -> String {
    let segments: Vec<&str> = pointer.split('/').collect();
    let depth = if matches!(segments.get(1), Some(&("paths" | "webhooks" | "components"))) { 4 } else { 2 };
    segments[..depth.min(segments.len())].join("/")
}

/// Merges changes into one at their common location.
fn merge_annotations(changes: Vec<Change>) -> Option<Change> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for change in &changes {
        *counts.entry(keyword_of(&change.pointer)).or_default() += 1;
    }
    let describe = |(keyword, count): (&String, &usize)| match count {
        1 => format!("`{keyword}`"),
        count => format!("`{keyword}` ({count} times)"),
    };
    let keywords = counts.iter().map(describe).collect::<Vec<_>>().join(", ");
    if let [_] = &changes[..] {
        return changes.into_iter().next();
    }
    let message = format!("{keywords} were changed");
    changes.into_iter().reduce(join_changes).map(|change| Change { message, ..change })
}

/// Returns the last keyword of a pointer, without the index of an item or the name of a property.
fn keyword_of(pointer: &str) -> String {
    let is_index = |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    match pointer.rsplit_once('/') {
        Some((parent, token)) if is_index(token) || parent.ends_with("/properties") => last_token(parent),
        _ => last_token(pointer),
    }
}

/// Returns a change at the common location of both, with the operations of both.
fn join_changes(mut one: Change, other: Change) -> Change {
    let common = one.pointer.split('/').zip(other.pointer.split('/')).take_while(|(a, b)| a == b);
    one.pointer = common.map(|(segment, _)| segment).collect::<Vec<_>>().join("/");
    one.operations.extend(other.operations);
    one.operations.sort();
    one.operations.dedup();
    one.operation = one.operations.first().cloned();
    if other.document == Document::Candidate {
        one.document = Document::Candidate;
    }
    one
}
