//! Where generated items come from.

use std::collections::{BTreeMap, BTreeSet};

/// The locations in the document, as JSON pointers (RFC 6901), that each public item of the generated code comes from.
///
/// An item has the path that Rust gives it in the generated module, methods with parentheses: `types::Shelf`, `types::Shelf::name`,
/// `types::builder::Shelf::name()`, `Client::get_shelf()`, `builder::GetShelf::id()`. Lowering and refining record them. An item that
/// is not recorded, such as the implementation of a trait, comes from where its owner comes from.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    items: BTreeMap<String, BTreeSet<String>>,
    /// References between schemas: targets by location, and locations by target.
    references: BTreeMap<String, BTreeSet<String>>,
    referrers: BTreeMap<String, BTreeSet<String>>,
}

impl Provenance {
    /// With the references between schemas: from the location of each to its target.
    pub(crate) fn new(references: &BTreeSet<(String, String)>) -> Self {
        let mut provenance = Self::default();
        for (from, to) in references {
            provenance.references.entry(from.clone()).or_default().insert(to.clone());
            provenance.referrers.entry(to.clone()).or_default().insert(from.clone());
        }
        provenance
    }

    pub(crate) fn record(&mut self, item: impl Into<String>, sources: &BTreeSet<String>) {
        self.items.entry(item.into()).or_default().extend(sources.iter().cloned());
    }

    /// The path of the recorded item that is this one or owns it.
    pub fn owner<'p>(&self, path: &'p str) -> Option<&'p str> {
        let without_trait = path.split_once(": ").map_or(path, |(item, _)| item);
        let mut owners =
            std::iter::successors(Some(without_trait), |path| path.rsplit_once("::").map(|(owner, _)| owner));
        owners.find(|owner| self.items.contains_key(*owner))
    }

    /// The locations that an item comes from.
    pub fn sources(&self, path: &str) -> impl Iterator<Item = &str> {
        let sources = self.owner(path).and_then(|owner| self.items.get(owner));
        sources.into_iter().flatten().map(String::as_str)
    }

    /// All recorded items that belong to one, itself included.
    pub fn parts<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.items.range(owner.to_owned()..).map(|(item, _)| item.as_str());
        from.take_while(move |item| item.starts_with(owner))
            .filter(move |item| item[owner.len()..].is_empty() || item[owner.len()..].starts_with("::"))
    }

    /// The locations of the references that lead to one of these locations, directly and by way of others.
    pub fn referrers<'a>(&'a self, locations: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let around = |location: &'a str| ancestors(location).filter_map(|target| self.referrers.get(target)).flatten();
        closure(locations, |location| around(location).map(String::as_str).collect())
    }

    /// The targets of the references at or below these locations, directly and by way of others.
    pub fn targets<'a>(&'a self, locations: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        closure(locations, |location| {
            let from = self.references.range(location.to_owned()..);
            let below = from.take_while(|(from, _)| from.starts_with(location));
            let below = below.filter(|(from, _)| is_within(from, location));
            below.flat_map(|(_, targets)| targets).map(String::as_str).collect()
        })
    }

    /// Adds what another one records.
    pub fn extend(&mut self, other: Self) {
        let pairs = [
            (&mut self.items, other.items),
            (&mut self.references, other.references),
            (&mut self.referrers, other.referrers),
        ];
        for (known, more) in pairs {
            for (key, locations) in more {
                known.entry(key).or_default().extend(locations);
            }
        }
    }
}

/// What is found from these locations, step by step.
fn closure<'a>(
    locations: impl IntoIterator<Item = &'a str>,
    step: impl Fn(&'a str) -> Vec<&'a str>,
) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = locations.into_iter().collect();
    while let Some(location) = open.pop() {
        open.extend(step(location).into_iter().filter(|next| found.insert(*next)));
    }
    found
}

/// The pointer itself and what it leads through, the innermost first.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| pointer.rsplit_once('/').map(|(parent, _)| parent))
}

/// Whether a JSON pointer leads to a location or into it.
pub fn is_within(pointer: &str, location: &str) -> bool {
    pointer.strip_prefix(location).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
