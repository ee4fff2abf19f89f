//! Origins of the parts of a normal form in the published document.

use std::collections::BTreeMap;

/// Locations in the published document, by location in the normal form. A location that is not listed has that of its nearest listed
/// ancestor.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins(BTreeMap<String, String>);

impl Origins {
    /// Returns the location in the published document of a location in the normal form.
    pub(super) fn of(&self, pointer: &str) -> String {
        let mut ancestors =
            std::iter::successors(Some(pointer), |pointer| pointer.rsplit_once('/').map(|(parent, _)| parent));
        let found = ancestors.find_map(|ancestor| Some((self.0.get(ancestor)?, &pointer[ancestor.len()..])));
        found.map_or_else(|| pointer.to_owned(), |(origin, rest)| format!("{origin}{rest}"))
    }

    /// Records the origin of a part, unless it follows from that of its ancestors.
    pub(super) fn set(&mut self, pointer: &str, origin: &str) {
        if self.of(pointer) != origin {
            self.0.insert(pointer.to_owned(), origin.to_owned());
        }
    }

    /// Moves a part of the normal form. It keeps its origin.
    pub(super) fn relocate(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        let origin = self.of(from);
        let below = |pointer: &str| {
            let prefix = format!("{pointer}/");
            let keys = self.0.range(prefix.clone()..).map(|(key, _)| key.clone());
            keys.take_while(|key| key.starts_with(&prefix)).collect::<Vec<_>>()
        };
        let (moved, stale) = (below(from), below(to));
        let moved: Vec<_> = moved.iter().filter_map(|key| self.0.remove_entry(key)).collect();
        // A part inside `from` may also be inside `to`. It is moved.
        stale.iter().for_each(|key| drop(self.0.remove(key)));
        self.0.remove(from);
        self.0.remove(to);
        self.set(to, &origin);
        self.0.extend(moved.into_iter().map(|(key, origin)| (format!("{to}{}", &key[from.len()..]), origin)));
    }
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
        assert_eq!(origins.0.len(), 2);
        origins.relocate("/a/allOf/0/c", "/a/c");
        origins.relocate("/a/allOf/0", "/a/d");
        let of = |pointer: &str| origins.of(pointer);
        assert_eq!([of("/a/c/e"), of("/a/d/e"), of("/a/b"), of("/ab")], ["/y/e", "/x/allOf/0/e", "/x/b", "/ab"]);
    }
}
