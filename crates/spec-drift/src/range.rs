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
    let applied = |entries: &Entries<'a>, key: &str| applied(entries, key, includes);
    let part = |key: &'a str| match (applied(old, key), applied(new, key)) {
        (Some(old), Some(new)) => Some(Part::Described { old, new }),
        (None, Some(added)) => {
            let is_replaced = |key: &&str| applied(new, key).is_some_and(|(by, _)| by == added.0);
            Some(Part::Added { replaced: old.keys().copied().filter(is_replaced).collect(), new: added })
        }
        (Some(removed), None) => {
            let is_replacement =
                |(key, _): &(&&str, &Place<'_>)| applied(old, key).is_some_and(|(by, _)| by == removed.0);
            let replacements = new.iter().filter(is_replacement).map(|(key, place)| (*key, place.clone())).collect();
            Some(Part::Removed { old: removed, replacements })
        }
        (None, None) => None,
    };
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    keys.into_iter().filter_map(part).collect()
}

/// Returns the most specific entry for a key.
fn applied<'a>(entries: &Entries<'a>, key: &str, includes: fn(&str, &str) -> bool) -> Option<Entry<'a>> {
    let mut around = entries.keys().filter(|it| includes(it, key));
    let first = around.next()?;
    let most_specific = around.fold(first, |best, it| if includes(best, it) { it } else { best });
    entries.get_key_value(most_specific).map(|(key, place)| (*key, place.clone()))
}
