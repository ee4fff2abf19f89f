//! Origins of the parts of a normal form: their locations in the input document, which was normalized.

use std::collections::BTreeMap;

use crate::pointer::ancestors;

/// Locations in the input document, by location in the normal form.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    /// A location that is not listed has the origin of its nearest listed ancestor.
    listed: BTreeMap<String, String>,
    /// The references that parts were reached through.
    references: BTreeMap<String, String>,
}

impl Origins {
    /// Returns the location in the input document of a location in the normal form.
    pub(super) fn of(&self, pointer: &str) -> String {
        let found =
            ancestors(pointer).find_map(|ancestor| Some((self.listed.get(ancestor)?, &pointer[ancestor.len()..])));
        found.map_or_else(|| pointer.to_owned(), |(origin, rest)| format!("{origin}{rest}"))
    }

    /// Returns the location in the input document of the reference that a part was reached through.
    pub(super) fn reference(&self, pointer: &str) -> Option<&str> {
        self.references.get(pointer).map(String::as_str)
    }

    /// Records the origin of a part, unless it follows from that of its ancestors.
    pub(super) fn set(&mut self, pointer: &str, origin: &str) {
        if self.of(pointer) != origin {
            self.listed.insert(pointer.to_owned(), origin.to_owned());
        }
    }

    /// Records the reference that a part was reached through.
    pub(super) fn set_reference(&mut self, pointer: &str, reference: &str) {
        self.references.insert(pointer.to_owned(), reference.to_owned());
    }

    /// Moves a part of the normal form. It keeps its origin.
    pub(super) fn relocate(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        let (origin, reference) = (self.of(from), self.references.get(from).cloned());
        relocate(&mut self.listed, from, to);
        relocate(&mut self.references, from, to);
        self.set(to, &origin);
        reference.iter().for_each(|reference| self.set_reference(to, reference));
    }
}

/// Moves the entries below `from` to `to`, replacing those at and below `to`, and removes the entry at `from`.
fn relocate(entries: &mut BTreeMap<String, String>, from: &str, to: &str) {
    let below = |pointer: &str| {
        let prefix = format!("{pointer}/");
        let keys = entries.range(prefix.clone()..).map(|(key, _)| key.clone());
        keys.take_while(|key| key.starts_with(&prefix)).collect::<Vec<_>>()
    };
    let (moved, stale) = (below(from), below(to));
    let moved: Vec<_> = moved.iter().filter_map(|key| entries.remove_entry(key)).collect();
    // A part inside `from` may also be inside `to`. It is moved.
    stale.iter().for_each(|key| drop(entries.remove(key)));
    entries.remove(from);
    entries.remove(to);
    entries.extend(moved.into_iter().map(|(key, value)| (format!("{to}{}", &key[from.len()..]), value)));
}

#[cfg(test)]
mod tests {
    use super::Origins;

    #[test]
    fn moved_parts_keep_their_origins() {
        let mut origins = Origins::default();
        origins.set("/a", "/x");
        origins.set("/a/b", "/x/b");
        origins.set("/a/allOf/0/c", "/y");
        assert_eq!(origins.listed.len(), 2);
        origins.relocate("/a/allOf/0/c", "/a/c");
        origins.relocate("/a/allOf/0", "/a/d");
        let of = |pointer: &str| origins.of(pointer);
        assert_eq!([of("/a/c/e"), of("/a/d/e"), of("/a/b"), of("/ab")], ["/y/e", "/x/allOf/0/e", "/x/b", "/ab"]);
    }
}
