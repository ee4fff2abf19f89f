//! Which change of the document each change of the generated code comes from. Each is reported once, at its cause.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapi_refinery::{Names, Provenance, is_within};

use super::api::{Api, ItemChange};
use super::{Change, Verdict};

/// Generated code before and after, and where its items come from, in either document.
pub struct Generations<'a> {
    /// The code before.
    pub old: &'a Api,
    /// The code after.
    pub new: &'a Api,
    /// The locations that the items of either come from.
    pub provenance: &'a Provenance,
    /// The names in either.
    pub names: &'a Names,
}

/// Judges each change of the document by what it changes in the generated code; what comes from none of them is reported by itself.
pub fn attribute(changes: &mut Vec<Change>, generations: &Generations<'_>) {
    let rest = generations.old.difference(generations.new);
    for change in changes.iter_mut() {
        change.rust = Some(change.wire.min(rest).min(Verdict::Compatible));
    }
    let mut unexplained = generations.judge_checks(changes);
    let mut others: BTreeMap<String, Vec<ItemChange>> = BTreeMap::new();
    let mut worse: BTreeMap<usize, Vec<ItemChange>> = BTreeMap::new();
    for item in generations.old.changes(generations.new) {
        match generations.cause(changes, &item.path) {
            Some(index) => {
                changes[index].rust = changes[index].rust.max(Some(item.verdict));
                if item.verdict > changes[index].wire {
                    worse.entry(index).or_default().push(item);
                }
            }
            None => {
                let owner = generations.provenance.owner(&item.path).unwrap_or(&item.path).to_owned();
                others.entry(owner).or_default().push(item);
            }
        }
    }
    for (index, items) in worse {
        changes[index].message.push_str(&format!("; in the generated code, {}", listed(items)));
    }
    changes.append(&mut unexplained);
    if rest > Verdict::None && others.is_empty() && changes.iter().all(|change| change.rust < Some(rest)) {
        let message = match rest {
            Verdict::Docs => "only documentation or formatting of the generated code differs",
            _ => "generated code differs behind the same public items",
        };
        changes.push(Change::of_rust("rust-code-changed", rest, "", message));
    }
    for (owner, items) in others {
        let verdict = items.iter().map(|item| item.verdict).max().unwrap_or_default();
        let message = format!("in the generated code, {}", listed(items));
        changes.push(Change::of_rust("rust-items-changed", verdict, &owner, message));
    }
}

impl Generations<'_> {
    /// Judges code that is the same to the compiler and may check requests in another way. Returns what no change explains.
    fn judge_checks(&self, changes: &mut [Change]) -> Vec<Change> {
        let requests = self.names.types.iter().filter(|(place, _)| place.starts_with("request "));
        let requests: BTreeSet<&str> = requests.map(|(_, name)| name.as_str()).collect();
        let mut unexplained = Vec::new();
        for path in self.old.types_with_other_code(self.new) {
            let type_name = path.rsplit("::").next().unwrap_or_default();
            let is_request = path.starts_with("types::") && requests.contains(type_name);
            let is_operation = path.starts_with("builder::");
            if !is_request && !is_operation {
                continue;
            }
            // Of an operation, its parameters are checked.
            let items = self.provenance.parts(path).filter(|item| is_request || *item != path);
            let sources: BTreeSet<&str> = items.flat_map(|item| self.provenance.sources(item)).collect();
            let reached = self.provenance.targets(sources.iter().copied());
            let mut is_explained = is_operation;
            for change in changes.iter_mut().filter(|change| change.wire > Verdict::Docs) {
                if sources.iter().any(|source| Relation::of(&change.pointer, source).is_some()) {
                    change.rust = change.rust.max(Some(change.wire));
                    is_explained = true;
                }
                is_explained |= reached.iter().any(|target| is_within(&change.pointer, target));
            }
            if !is_explained {
                let message = "requests are checked in another way, and no change of the document explains it";
                unexplained.push(Change::of_rust("rust-code-changed", Verdict::Breaking, path, message));
            }
        }
        unexplained
    }

    /// The change that an item comes from: the one at its own locations, else at those of its owner, else at a reference that leads
    /// there, else at the target of a reference in it.
    fn cause(&self, changes: &[Change], path: &str) -> Option<usize> {
        let sources: BTreeSet<&str> = self.provenance.sources(path).collect();
        let owner = self.provenance.owner(path).and_then(|item| item.rsplit_once("::")).map_or("", |(owner, _)| owner);
        let nearest = |locations: &BTreeSet<&str>| {
            let relation =
                |change: &Change| locations.iter().filter_map(|location| Relation::of(&change.pointer, location)).max();
            let related = changes.iter().enumerate().filter(|(_, change)| change.wire > Verdict::Docs);
            let related = related.filter_map(|(index, change)| Some((relation(change)?, change.wire, Reverse(index))));
            related.max().map(|(_, _, Reverse(index))| index)
        };
        nearest(&sources)
            .or_else(|| nearest(&self.provenance.sources(owner).collect()))
            .or_else(|| nearest(&self.provenance.referrers(sources.iter().copied())))
            .or_else(|| nearest(&self.provenance.targets(sources.iter().copied())))
    }
}

/// How a change relates to a location.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    /// It concerns all of what is around the location.
    Around,
    /// It is there, or below.
    Within,
}

impl Relation {
    fn of(pointer: &str, location: &str) -> Option<Self> {
        if is_within(pointer, location) {
            return Some(Self::Within);
        }
        (!pointer.is_empty() && is_within(location, pointer)).then_some(Self::Around)
    }
}

/// The worst items first, and not all of many.
fn listed(mut items: Vec<ItemChange>) -> String {
    const SHOWN: usize = 4;
    items.sort_by_key(|item| Reverse(item.verdict));
    let shown = items.iter().take(SHOWN).map(|item| format!("`{}` is {}", item.path, item.what));
    let mut listed = shown.collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        listed.push_str(&format!(", and {} more", items.len() - SHOWN));
    }
    listed
}
