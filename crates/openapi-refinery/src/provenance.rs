//! Locations in the document that generated items come from.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::pointer::{ancestors, is_within};

/// The locations in the document, as JSON pointers (RFC 6901), that each public item of the generated code comes from.
///
/// An item is identified by its path in the generated module, a method with parentheses: `types::Shelf`, `types::Shelf::name`,
/// `types::builder::Shelf::name()`, `Client::get_shelf()`, `builder::GetShelf::id()`. An item that is not recorded, such as the
/// implementation of a trait, has the locations of its owner.
///
/// ```
/// use openapi_refinery::{Input, Inputs, Output, prepare};
///
/// let document = "
/// openapi: 3.1.0
/// info: { title: Shelves, version: '1' }
/// paths:
///   /shelves/{id}:
///     delete:
///       operationId: remove_shelf
///       parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
///       responses: { '204': { description: Done. } }
/// ";
/// let prepared = prepare(Inputs::new(Input::load("shelves.yaml", document)?))?;
/// let provenance = prepared.code(Output::Client)?.provenance;
/// let sources: Vec<&str> = provenance.sources("Client::remove_shelf()").collect();
/// assert_eq!(sources, ["/paths/~1shelves~1{id}/delete"]);
/// # Ok::<(), openapi_refinery::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// The locations of each item, sorted. Equal locations share an allocation.
    items: BTreeMap<String, Vec<Arc<str>>>,
    locations: HashSet<Arc<str>>,
    /// The targets of references between schemas, by the location of the reference.
    references: BTreeMap<String, BTreeSet<String>>,
    /// The locations of references between schemas, by target.
    referrers: BTreeMap<String, BTreeSet<String>>,
}

impl Provenance {
    /// Creates provenance with the references between schemas, from the location of each to its target.
    pub(crate) fn new(references: &BTreeSet<(String, String)>) -> Self {
        let mut provenance = Self::default();
        for (from, to) in references {
            provenance.references.entry(from.clone()).or_default().insert(to.clone());
            provenance.referrers.entry(to.clone()).or_default().insert(from.clone());
        }
        provenance
    }

    pub(crate) fn record(&mut self, item: impl Into<String>, sources: &BTreeSet<String>) {
        let known = self.items.entry(item.into()).or_default();
        for source in sources {
            if let Err(position) = known.binary_search_by(|it| (**it).cmp(source)) {
                let location = self.locations.get(source.as_str()).cloned().unwrap_or_else(|| source.as_str().into());
                self.locations.insert(Arc::clone(&location));
                known.insert(position, location);
            }
        }
    }

    /// Returns the path of the item if it is recorded, otherwise of its innermost recorded owner.
    pub fn owner<'p>(&self, path: &'p str) -> Option<&'p str> {
        let without_trait = path.split_once(": ").map_or(path, |(item, _)| item);
        let mut owners =
            std::iter::successors(Some(without_trait), |path| path.rsplit_once("::").map(|(owner, _)| owner));
        owners.find(|owner| self.items.contains_key(*owner))
    }

    /// Returns all recorded items, each with the locations that it comes from.
    pub fn items(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.items.iter().map(|(item, locations)| (item.as_str(), locations.iter().map(|location| &**location)))
    }

    /// Returns the locations that an item comes from.
    pub fn sources(&self, item: &str) -> impl Iterator<Item = &str> {
        self.items.get(item).into_iter().flatten().map(|location| &**location)
    }

    /// Returns the recorded items that belong to an item, including itself.
    pub fn parts<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = &'a str> {
        let items = self.items.keys().map(String::as_str);
        items.filter(move |item| item.strip_prefix(owner).is_some_and(|part| part.is_empty() || part.starts_with("::")))
    }

    /// Returns the locations of the references that lead to these locations, directly or through other references.
    pub fn referrers<'a>(&'a self, locations: Vec<&'a str>) -> BTreeSet<&'a str> {
        let referrers_of =
            |location: &'a str| ancestors(location).filter_map(|target| self.referrers.get(target)).flatten();
        closure(locations, |location| referrers_of(location).map(String::as_str).collect())
    }

    /// Returns the targets of the references at or below these locations, directly or through other references.
    pub fn targets<'a>(&'a self, locations: Vec<&'a str>) -> BTreeSet<&'a str> {
        closure(locations, |location| {
            let from = self.references.range(location.to_owned()..);
            let below = from.take_while(|(from, _)| from.starts_with(location));
            let below = below.filter(|(from, _)| is_within(from, location));
            below.flat_map(|(_, targets)| targets).map(String::as_str).collect()
        })
    }

    /// Adds the items and references of another provenance.
    pub fn extend(&mut self, other: Self) {
        for (item, locations) in other.items {
            let known = self.items.entry(item).or_default();
            known.extend(locations);
            known.sort_unstable();
            known.dedup();
        }
        self.locations.extend(other.locations);
        let pairs = [(&mut self.references, other.references), (&mut self.referrers, other.referrers)];
        for (known, more) in pairs {
            for (key, locations) in more {
                known.entry(key).or_default().extend(locations);
            }
        }
    }
}

/// Returns all locations that are reached from these by repeating a step.
fn closure<'a>(mut open: Vec<&'a str>, step: impl Fn(&'a str) -> Vec<&'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    while let Some(location) = open.pop() {
        open.extend(step(location).into_iter().filter(|next| found.insert(*next)));
    }
    found
}
