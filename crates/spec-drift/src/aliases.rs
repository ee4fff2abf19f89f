//! Changes of values that a document uses in several places by YAML aliases.

use std::collections::{BTreeMap, BTreeSet};

use openapi_refinery::{aliases, lines};

use super::comparison::join_messages;
use super::source::Source;
use super::{Change, Document};

/// Merges the changes of one anchored value into the first of them. It is located at the anchor, if that is among them.
pub(super) fn merge_aliased(changes: &mut Vec<Change>, candidate: &Source, vendored: &Source) {
    if changes.len() < 2 {
        return;
    }
    let [candidate, vendored] = [candidate, vendored].map(Anchors::of);
    if candidate.aliases.is_empty() && vendored.aliases.is_empty() {
        return;
    }
    let mut merged: Vec<Change> = Vec::new();
    let mut indexes: BTreeMap<(String, Document, String), usize> = BTreeMap::new();
    for change in changes.drain(..) {
        let anchors = if change.document == Document::Vendored { &vendored } else { &candidate };
        let anchored = anchors.locate(&change.pointer);
        let key = (anchored.clone(), change.document, change.rule.clone());
        match indexes.get(&key).filter(|_| change.pointer.starts_with('/')) {
            Some(&index) => merged[index].absorb(change, &anchored),
            None => {
                indexes.insert(key, merged.len());
                merged.push(change);
            }
        }
    }
    *changes = merged;
}

/// The anchors of a text.
struct Anchors {
    /// The pointer of the anchor by that of each alias.
    aliases: BTreeMap<String, String>,
    lines: BTreeMap<String, usize>,
}

impl Anchors {
    fn of(source: &Source) -> Self {
        // Reading a text again takes long, and most have no alias.
        let aliases = if source.text.contains('*') { aliases(&source.text) } else { BTreeMap::new() };
        let lines = if aliases.is_empty() { BTreeMap::new() } else { lines(&source.text) };
        Self { aliases, lines }
    }

    /// Returns the pointer of a value at the anchor that it comes from; otherwise its own.
    fn locate(&self, pointer: &str) -> String {
        pointer.split('/').skip(1).fold(String::new(), |mut holder, token| {
            let member = |holder: &str| format!("{holder}/{token}");
            // A member without a line comes from the mapping that is merged.
            while !self.lines.contains_key(&member(&holder))
                && let Some(merged) = self.aliases.get(&format!("{holder}/<<"))
            {
                holder.clone_from(merged);
            }
            let own = member(&holder);
            self.aliases.get(&own).cloned().unwrap_or(own)
        })
    }
}

impl Change {
    /// Adds the operations of the same change of another use of a value, and takes the worse verdicts.
    fn absorb(&mut self, other: Self, anchored: &str) {
        let is_anchor = other.pointer == anchored;
        let (pointer, origin) = if is_anchor { (&other.pointer, &other.origin) } else { (&self.pointer, &self.origin) };
        let (pointer, origin) = (pointer.clone(), origin.clone());
        let operations: BTreeSet<String> = self.operations.iter().chain(&other.operations).cloned().collect();
        let [worse, lesser] =
            if other.verdict() > self.verdict() { [other, self.clone()] } else { [self.clone(), other] };
        let is_equal = worse.verdict() > lesser.verdict() || worse.message == lesser.message;
        *self = Self {
            pointer,
            origin,
            wire: worse.wire.max(lesser.wire),
            rust: worse.rust.max(lesser.rust),
            operation: operations.first().cloned(),
            operations: operations.into_iter().collect(),
            message: if is_equal { worse.message.clone() } else { join_messages(&worse.message, &lesser.message) },
            ..worse
        };
    }
}
