//! Maps whose keys may be ranges: responses by status, and bodies by media type.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;

/// The entries of a map by key.
pub(super) type Entries<'a> = BTreeMap<&'a str, Place<'a>>;

/// An entry with its key.
pub(super) type Entry<'a> = (&'a str, Place<'a>);

/// What becomes of the description of a key, except of what a more specific key of either map describes.
pub(super) enum Part<'a> {
    /// It has a description in both, by its own entry or that of a range around it.
    Described { old: Entry<'a>, new: Entry<'a> },
    /// It has a description in the new map only, which takes the place of these entries.
    Added { new: Entry<'a>, replaced: Vec<&'a str> },
    /// It has a description in the old map only, which these entries take the place of.
    Removed { old: Entry<'a>, replacements: Vec<Entry<'a>> },
}

/// Returns what becomes of each key of two maps. `includes` says whether the first key is the second, or a range around it.
pub(super) fn parts<'a>(old: &Entries<'a>, new: &Entries<'a>, includes: fn(&str, &str) -> bool) -> Vec<Part<'a>> {
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let [was, is] = [old, new].map(|entries| -> BTreeMap<&str, Entry<'a>> {
        keys.iter().filter_map(|key| Some((*key, applied(entries, key, includes)?))).collect()
    });
    let mut replaced: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    for key in old.keys() {
        is.get(key).into_iter().for_each(|(by, _)| replaced.entry(by).or_default().push(key));
    }
    let mut replacements: BTreeMap<&str, Vec<Entry<'a>>> = BTreeMap::new();
    for (key, place) in new {
        was.get(key).into_iter().for_each(|(of, _)| replacements.entry(of).or_default().push((key, place.clone())));
    }
    let part = |key: &&str| match (was.get(key).cloned(), is.get(key).cloned()) {
        (Some(old), Some(new)) => Some(Part::Described { old, new }),
        (None, Some(new)) => Some(Part::Added { replaced: replaced.get(new.0).cloned().unwrap_or_default(), new }),
        (Some(old), None) => {
            Some(Part::Removed { replacements: replacements.get(old.0).cloned().unwrap_or_default(), old })
        }
        (None, None) => None,
    };
    keys.iter().filter_map(part).collect()
}

/// Returns the most specific entry for a key, which is its own if it has one.
fn applied<'a>(entries: &Entries<'a>, key: &str, includes: fn(&str, &str) -> bool) -> Option<Entry<'a>> {
    let most_specific = if entries.contains_key(key) {
        key
    } else {
        let around = entries.keys().filter(|it| includes(it, key));
        around.reduce(|best, it| if includes(best, it) { it } else { best })?
    };
    entries.get_key_value(most_specific).map(|(key, place)| (*key, place.clone()))
}
