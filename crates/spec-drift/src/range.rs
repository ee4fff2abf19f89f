//! Maps whose keys may be ranges: responses by status, and bodies by media type.

use std::collections::{BTreeMap, BTreeSet};

use super::Node;

/// The entries of a map by key.
pub(super) type Entries<'a> = BTreeMap<&'a str, Node<'a>>;

/// An entry with its key.
pub(super) type Entry<'a> = (&'a str, Node<'a>);

/// A key of either map, with the entries that describe it: its own, or that of the most specific range that includes it.
pub(super) enum KeyChange<'a> {
    /// Both maps describe it.
    Described { old: Entry<'a>, new: Entry<'a> },
    /// Only the new map describes it. `replaced` are the keys of the old map that its entry now also covers: `200` and `201` if `2XX` is
    /// added.
    Added { new: Entry<'a>, replaced: Vec<&'a str> },
    /// Only the old map describes it. `replacements` are the entries of the new map for keys that its entry covered.
    Removed { old: Entry<'a>, replacements: Vec<Entry<'a>> },
}

/// Pairs the entries that describe each key of two maps. `includes` returns whether, among the entries of a map, the first key equals the
/// second or is a range that includes it.
pub(super) fn pair_keys<'a>(
    old: &Entries<'a>,
    new: &Entries<'a>,
    includes: impl Fn(&Entries<'a>, &str, &str) -> bool,
) -> Vec<KeyChange<'a>> {
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let [before, after] = [old, new].map(|entries| -> BTreeMap<&str, Entry<'a>> {
        keys.iter().filter_map(|key| Some((*key, most_specific(entries, key, &includes)?))).collect()
    });
    let mut replaced: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for key in old.keys() {
        after.get(key).into_iter().for_each(|(by, _)| replaced.entry(by).or_default().push(key));
    }
    let mut replacements: BTreeMap<&str, Vec<Entry<'a>>> = BTreeMap::new();
    for (key, node) in new {
        before.get(key).into_iter().for_each(|(of, _)| replacements.entry(of).or_default().push((key, node.clone())));
    }
    let change = |key: &&str| match (before.get(key).cloned(), after.get(key).cloned()) {
        (Some(old), Some(new)) => Some(KeyChange::Described { old, new }),
        (None, Some(new)) => Some(KeyChange::Added { replaced: replaced.get(new.0).cloned().unwrap_or_default(), new }),
        (Some(old), None) => {
            Some(KeyChange::Removed { replacements: replacements.get(old.0).cloned().unwrap_or_default(), old })
        }
        (None, None) => None,
    };
    keys.iter().filter_map(change).collect()
}

/// Returns the most specific entry for a key, which is its own if it has one.
fn most_specific<'a>(
    entries: &Entries<'a>,
    key: &str,
    includes: impl Fn(&Entries<'a>, &str, &str) -> bool,
) -> Option<Entry<'a>> {
    let most_specific = if entries.contains_key(key) {
        key
    } else {
        let ranges = entries.keys().filter(|it| includes(entries, it, key));
        ranges.reduce(|best, it| if includes(entries, best, it) { it } else { best })?
    };
    entries.get_key_value(most_specific).map(|(key, node)| (*key, node.clone()))
}
