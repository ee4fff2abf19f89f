//! Attributes changes of generated code to changes of the document. Each is reported once, at its cause.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapi_refinery::pointer::is_within;
use openapi_refinery::{Names, Provenance};

use super::api::{Api, ItemChange};
use super::{Change, Document, Verdict};

/// Generated code before and after, and the locations in the documents that its items come from.
pub struct Generations<'a> {
    /// The code before.
    pub old: &'a Api,
    /// The code after.
    pub new: &'a Api,
    /// The locations in the old document that its items come from.
    pub before: &'a Provenance,
    /// The same for the new document.
    pub after: &'a Provenance,
    /// The locations in both documents.
    pub both: &'a Provenance,
    /// The names of both.
    pub names: &'a Names,
    /// The locations of parameters that have the same index in both documents.
    pub parameters: BTreeSet<&'a str>,
}

/// Returns the locations of parameters that have the same index in both documents: those from which the same item is generated in both.
pub fn parameters_with_same_index<'a>(before: &'a Provenance, after: &'a Provenance) -> BTreeSet<&'a str> {
    let of_items = before.items().filter(|(item, _)| item.starts_with("builder::"));
    let common = of_items.flat_map(|(item, locations)| {
        let known: BTreeSet<&str> = after.sources(item).collect();
        locations.filter(move |location| known.contains(location)).collect::<Vec<_>>()
    });
    common.filter_map(indexed_parameter).collect()
}

/// Returns the location of the parameter that contains a location, if the parameter is addressed by its index.
fn indexed_parameter(location: &str) -> Option<&str> {
    let (parameters, rest) = location.split_once("/parameters/")?;
    let index = rest.split('/').next().filter(|index| index.starts_with(|c: char| c.is_ascii_digit()))?;
    location.get(..parameters.len() + "/parameters/".len() + index.len())
}

/// Derives the `rust` verdict of each change of the document from the items that it changes. Items without a cause are reported
/// separately.
///
/// Returns the changed items of each change, by its index.
pub fn attribute(changes: &mut Vec<Change>, generations: &Generations<'_>) -> BTreeMap<usize, Vec<ItemChange>> {
    let code_verdict = generations.old.difference(generations.new);
    for change in changes.iter_mut() {
        change.rust = Some(change.wire.min(code_verdict).min(Verdict::Compatible));
    }
    let unexplained = generations.attribute_validation(changes);
    let mut others: BTreeMap<String, Vec<ItemChange>> = BTreeMap::new();
    let mut caused: BTreeMap<usize, Vec<ItemChange>> = BTreeMap::new();
    for item in generations.old.changes(generations.new) {
        match generations.cause(changes, &item.path) {
            Some(index) => {
                changes[index].rust = changes[index].rust.max(Some(item.verdict));
                caused.entry(index).or_default().push(item);
            }
            None => others.entry(owner_name(&item.path)).or_default().push(item),
        }
    }
    // The runtime contains only what the generated code needs. An item that is removed from it is explained by the removed items that used
    // it.
    let is_loss = caused.values().flatten().any(|item| item.verdict == Verdict::Breaking);
    let is_needed = |item: &ItemChange| item.verdict < Verdict::Breaking || (is_loss && item.what == "removed");
    others.retain(|owner, items| owner != "runtime" || caused.is_empty() || !items.iter().all(is_needed));
    for (index, items) in &caused {
        let change = &mut changes[*index];
        let worse: Vec<ItemChange> = items.iter().filter(|item| item.verdict > change.wire).cloned().collect();
        if !worse.is_empty() {
            change.message.push_str(&format!("; in the generated code, {}", list_items(worse)));
        }
    }
    changes_without_cause(generations, others, unexplained).into_iter().for_each(|(change, items)| {
        caused.insert(changes.len(), items);
        changes.push(change);
    });
    if code_verdict > Verdict::None && changes.iter().all(|change| change.rust < Some(code_verdict)) {
        attribute_code(changes, generations, code_verdict);
    }
    caused
}

/// Handles code that differs although no change explains it. If no public item breaks, and some changes may affect the code, it is
/// attributed to them; otherwise, it is recorded as `rust-code-changed`.
fn attribute_code(changes: &mut Vec<Change>, generations: &Generations<'_>, code_verdict: Verdict) {
    let mut causes = changes.iter_mut().filter(|change| may_change_code(change)).peekable();
    if code_verdict < Verdict::Breaking && causes.peek().is_some() {
        return causes.for_each(|change| change.rust = Some(code_verdict));
    }
    let message = match code_verdict {
        Verdict::Docs => "only documentation or formatting of the generated code differs",
        _ if generations.old.differs_in_runtime_only(generations.new) => "the code of the runtime differs",
        _ => "the generated code differs, but its public items do not",
    };
    changes.push(Change::in_code("rust-code-changed", code_verdict, "", message));
}

/// Generated code without a cause that comes from one location.
struct Uncaused {
    location: String,
    document: Document,
    items: Vec<ItemChange>,
    /// The types whose validation differs, although no item of theirs breaks callers.
    validating: Vec<ItemChange>,
}

impl Uncaused {
    /// Returns whether a type is added or removed, as by another name of its component.
    fn has_type(&self, what: &str) -> bool {
        let is_type = |path: &str| path.strip_prefix("types::").is_some_and(|name| !name.contains(':'));
        self.items.iter().any(|item| item.what == what && is_type(&item.path))
    }

    fn join(&mut self, other: Self) {
        self.items.extend(other.items);
        self.validating.extend(other.validating);
    }

    fn change(&self) -> Change {
        let names = self.validating.iter().map(|item| format!("`{}`", owner_name(&item.path)));
        let names = names.collect::<Vec<_>>().join(" and ");
        let validates = if self.validating.len() == 1 { "validates" } else { "validate" };
        let (rule, what) = match (self.items.is_empty(), self.validating.is_empty()) {
            (true, _) => ("rust-code-changed", format!("{names} {validates} requests differently")),
            (false, true) => ("rust-items-changed", list_items(self.items.clone())),
            (false, false) => {
                let items = list_items(self.items.clone());
                ("rust-items-changed", format!("{items}, and {names} {validates} requests differently"))
            }
        };
        let verdict = self.items.iter().chain(&self.validating).map(|item| item.verdict).max().unwrap_or_default();
        let change = Change::in_code(rule, verdict, &self.location, format!("in the generated code, {what}"));
        let summary = match rule {
            "rust-code-changed" => "the validation of requests changed".to_owned(),
            _ => change.summary.clone(),
        };
        Change { document: self.document, summary, ..change }
    }
}

/// Creates the changes for items without a cause, which are grouped by owner, and for types whose code differs without a cause. Items that
/// come from one location, or from parts of it, form one change.
fn changes_without_cause(
    generations: &Generations<'_>,
    mut items_by_owner: BTreeMap<String, Vec<ItemChange>>,
    validating: BTreeSet<String>,
) -> Vec<(Change, Vec<ItemChange>)> {
    let mut paths: BTreeMap<String, String> = validating.into_iter().map(|path| (owner_name(&path), path)).collect();
    paths.keys().for_each(|owner| _ = items_by_owner.entry(owner.clone()).or_default());
    let mut found: Vec<Uncaused> = Vec::new();
    for (owner, items) in items_by_owner {
        // If one of the items is breaking, only the items are listed: the changed validation of the type adds nothing.
        let is_breaking = items.iter().any(|item| item.verdict == Verdict::Breaking);
        let path = paths.remove(&owner).filter(|_| !is_breaking);
        let validating = path.map(|path| ItemChange { path, what: "changed", verdict: Verdict::Breaking });
        let all: Vec<ItemChange> = items.iter().chain(&validating).cloned().collect();
        let (location, document) = generations.location(&all).unwrap_or((&owner, Document::Candidate));
        found.push(Uncaused {
            location: location.to_owned(),
            document,
            items,
            validating: validating.into_iter().collect(),
        });
    }
    found.sort_by_key(|it| (it.location.len(), it.document));
    let mut merged: Vec<Uncaused> = Vec::new();
    for one in found {
        let around = |it: &&mut Uncaused| it.location.starts_with('/') && is_within(&one.location, &it.location);
        match merged.iter_mut().find(around) {
            Some(whole) => whole.join(one),
            None => merged.push(one),
        }
    }
    let merged = merge_renamed(generations, merged).into_iter();
    let with_items = |it: Uncaused| (it.change(), [it.items, it.validating].concat());
    merged.map(with_items).collect()
}

/// Merges the items at references to a component into the group of its type, if that type is added or removed. If the references lead to
/// one added and one removed type, the component was renamed, and both groups are merged.
fn merge_renamed(generations: &Generations<'_>, groups: Vec<Uncaused>) -> Vec<Uncaused> {
    let has_type = |it: &Uncaused| it.has_type("added") || it.has_type("removed");
    let (mut merged, places): (Vec<_>, Vec<_>) = groups.into_iter().partition(has_type);
    for place in places {
        let targets = generations.both.targets(vec![&place.location]);
        let is_target = |it: &Uncaused| has_type(it) && targets.contains(it.location.as_str());
        let (mut components, others): (Vec<_>, Vec<_>) = merged.into_iter().partition(is_target);
        merged = others;
        components.sort_by_key(|it| it.document);
        if let [new, old] = &mut components[..]
            && new.has_type("added")
            && old.has_type("removed")
        {
            new.items.splice(..0, std::mem::take(&mut old.items));
            components.pop();
        }
        match components.first_mut() {
            Some(component) => component.join(place),
            None => components.push(place),
        }
        merged.extend(components);
    }
    merged
}

impl Generations<'_> {
    /// Attributes changes of request validation, which do not affect compilation. Returns the paths of types whose differences no change
    /// explains.
    fn attribute_validation(&self, changes: &mut [Change]) -> BTreeSet<String> {
        let requests = self.names.types.iter().filter(|(key, _)| key.starts_with("request "));
        let requests: BTreeSet<&str> = requests.map(|(_, name)| name.as_str()).collect();
        let mut unexplained = BTreeSet::new();
        for path in self.old.types_with_different_code(self.new) {
            let is_request = path.starts_with("types::") && requests.contains(owner_name(path).as_str());
            let is_operation = path.starts_with("builder::");
            if !is_request && !is_operation {
                continue;
            }
            // An operation validates its parameters and its body.
            let items = || self.both.parts(path).filter(|item| is_request || *item != path);
            let sources: BTreeSet<&str> = items().flat_map(|item| self.sources(item, Document::Candidate)).collect();
            let of_vendored: BTreeSet<&str> = items().flat_map(|item| self.sources(item, Document::Vendored)).collect();
            let reached = self.both.targets(sources.iter().copied().collect());
            let mut is_explained = is_operation;
            for change in changes.iter_mut().filter(|change| may_change_code(change)) {
                let sources = if change.document == Document::Vendored { &of_vendored } else { &sources };
                if sources.iter().any(|source| relation(change, source).is_some()) {
                    change.rust = change.rust.max(Some(change.wire_of_requests));
                    is_explained = true;
                }
                is_explained |= reached.iter().any(|target| is_within(&change.origin, target));
            }
            if !is_explained {
                unexplained.insert(path.to_owned());
            }
        }
        unexplained
    }

    /// Returns the change that an item comes from. These locations are tried in order:
    ///
    /// 1. those of the item,
    /// 2. those of its owner,
    /// 3. references to those of the item,
    /// 4. targets of references in those of the item.
    fn cause(&self, changes: &[Change], path: &str) -> Option<usize> {
        let item = self.both.owner(path)?;
        let owner = item.rsplit_once("::").map_or("", |(owner, _)| owner);
        let sources = |item| [Document::Candidate, Document::Vendored].map(|document| self.sources(item, document));
        let nearest = |[of_candidate, of_vendored]: [BTreeSet<&str>; 2]| {
            let relation = |change: &Change| {
                let locations = if change.document == Document::Vendored { &of_vendored } else { &of_candidate };
                locations.iter().filter_map(|location| relation(change, location)).max()
            };
            let related = changes.iter().enumerate().filter(|(_, change)| may_change_items(change));
            let related = related.filter_map(|(index, change)| Some((relation(change)?, change.wire, Reverse(index))));
            related.max().map(|(_, _, Reverse(index))| index)
        };
        nearest(sources(item))
            .or_else(|| nearest(sources(owner)))
            .or_else(|| nearest(sources(item).map(|sources| self.both.referrers(sources.into_iter().collect()))))
            .or_else(|| nearest(sources(item).map(|sources| self.both.targets(sources.into_iter().collect()))))
    }

    /// Returns a location that the items come from, in the candidate if possible. Traits have none.
    fn location(&self, items: &[ItemChange]) -> Option<(&str, Document)> {
        let items = items.iter().filter(|item| !item.path.contains(": "));
        let items: Vec<&str> = items.filter_map(|item| self.both.owner(&item.path)).collect();
        let mut locations = [(self.after, Document::Candidate), (self.before, Document::Vendored)].into_iter();
        locations.find_map(|(provenance, document)| {
            let location = items.iter().flat_map(|item| provenance.sources(item)).next()?;
            Some((location, document))
        })
    }

    /// Returns the locations of a recorded item in a document. This includes its locations in the other document, except for those with the
    /// index of a parameter, since the index may differ.
    fn sources(&self, item: &str, document: Document) -> BTreeSet<&str> {
        let is_position =
            |source: &str| indexed_parameter(source).is_some_and(|parameter| !self.parameters.contains(parameter));
        let (own, other) = match document {
            Document::Candidate => (self.after, self.before),
            Document::Vendored => (self.before, self.after),
        };
        own.sources(item).chain(other.sources(item).filter(|source| !is_position(source))).collect()
    }
}

/// Returns whether a change may affect more than documentation of the generated code. Some changes with the wire verdict `docs` do: types
/// contain all alternatives, and also the properties that requests or responses omit; a mock has a method for each status.
fn may_change_code(change: &Change) -> bool {
    let is_text = ["docs", "default-added", "default-changed"].contains(&change.rule.as_str());
    change.wire > Verdict::Docs || (change.wire == Verdict::Docs && !is_text)
}

/// Returns whether a change may affect public items. The attribute `deprecated` does not count as one.
fn may_change_items(change: &Change) -> bool {
    may_change_code(change) && !["deprecated", "no-longer-deprecated"].contains(&change.rule.as_str())
}

/// Returns the name of the type or operation that an item belongs to.
fn owner_name(path: &str) -> String {
    let item = path.split(": ").next().unwrap_or_default();
    let mut words = item.split("::").filter(|word| !matches!(*word, "types" | "builder" | "operations"));
    words.next().unwrap_or_default().to_owned()
}

/// The position of a change relative to a location. The closer relation is the greater one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    /// The change concerns a schema that contains the location: its type, its list of alternatives, or a constraint that also applies to
    /// the alternative at the location.
    Around,
    /// The change contains the location.
    Contains,
    /// The change is at or below the location.
    Inside,
}

fn relation(change: &Change, location: &str) -> Option<Relation> {
    let pointer = change.origin.as_str();
    let contains = !pointer.is_empty() && is_within(location, pointer);
    let around = || {
        is_type_around(change, location)
            || is_beside_alternatives(pointer, location)
            || is_other_alternative(change, location)
            || is_of_split_range(change, location)
    };
    is_within(pointer, location)
        .then_some(Relation::Inside)
        .or(contains.then_some(Relation::Contains))
        .or_else(|| around().then_some(Relation::Around))
}

/// Returns whether a change of a type, or of the presence of alternatives, concerns a schema that contains a location: the types of its
/// parts may then no longer exist, or have other names.
fn is_type_around(change: &Change, location: &str) -> bool {
    let keywords = [("type-", "/type"), ("any-of-", "/anyOf"), ("one-of-", "/oneOf")];
    let keyword = keywords.iter().find(|(rule, _)| change.rule.starts_with(rule));
    let schema = keyword.and_then(|(_, keyword)| change.origin.strip_suffix(keyword));
    schema.is_some_and(|schema| is_within(location, schema))
}

/// Returns whether the location is that of an alternative, and the change concerns the schema that has the list of alternatives, but not
/// the list.
fn is_beside_alternatives(pointer: &str, location: &str) -> bool {
    let list = location.rsplit_once('/').map_or("", |(list, _)| list);
    let schema = ["/anyOf", "/oneOf"].iter().find_map(|keyword| list.strip_suffix(keyword));
    schema.is_some_and(|schema| is_within(pointer, schema) && !is_within(pointer, list))
}

/// Returns whether a change adds or removes an alternative of the list that contains a location: if one alternative becomes two, or the
/// reverse, the type at the location becomes part of a union, or no longer is.
fn is_other_alternative(change: &Change, location: &str) -> bool {
    let list = change.origin.rsplit_once('/').map_or("", |(list, _)| list);
    let is_list = ["/anyOf", "/oneOf"].iter().any(|keyword| list.ends_with(keyword));
    is_list && change.rule.starts_with("alternative-") && is_within(location, list)
}

/// Returns whether a change splits a status off the range that contains a location: the types of the responses of the operation then have
/// other names.
fn is_of_split_range(change: &Change, location: &str) -> bool {
    let (responses, status) = change.origin.rsplit_once('/').unwrap_or_default();
    let range = format!("{responses}/{}XX", status.get(..1).unwrap_or_default());
    change.rule == "response-split" && [range, format!("{responses}/default")].iter().any(|it| is_within(location, it))
}

fn is_runtime_macro(item: &ItemChange) -> bool {
    item.path.contains(": runtime::")
}

/// Lists up to four items, the worst first, without the parts of added and removed items. If some are removed, those that may take their
/// place come before changed ones.
fn list_items(mut items: Vec<ItemChange>) -> String {
    const SHOWN: usize = 4;
    let owners = items.iter().filter(|item| item.what != "changed").map(|item| item.path.clone());
    let owners: BTreeSet<String> = owners.collect();
    // A macro of the runtime implements traits for a type. The type is listed instead of the macro, and only if there are no other items.
    if items.iter().all(is_runtime_macro) {
        items.iter_mut().for_each(|item| (item.path, item.what) = (owner_name(&item.path), "changed"));
        items.dedup();
    }
    items.retain(|item| !is_runtime_macro(item));
    items.retain(|ItemChange { path, .. }| {
        let owner = path.split_once(": ").or_else(|| path.rsplit_once("::")).map_or("", |(owner, _)| owner);
        let [built, owner_built] = [path, owner].map(|path| path.replacen("::builder::", "::", 1));
        ![owner, &owner_built].iter().any(|owner| owners.contains(*owner))
            && (built == *path || !owners.contains(&built))
    });
    let are_replaced = items.iter().any(|item| item.what == "removed");
    items.sort_by_key(|item| (are_replaced && item.what == "changed", Reverse(item.verdict)));
    let shown = items.iter().take(SHOWN).map(|item| format!("`{}` is {}", item.path.replace("types::", ""), item.what));
    let mut listed = shown.collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        listed.push_str(&format!(", and {} more", items.len() - SHOWN));
    }
    listed
}
