//! The comparison of two documents, and the changes that it records.

use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::affected::{Affected, Cause, Referrers};
use super::node::choose_present;
use super::{Change, Document, Effect, Node, Verdict, annotations, flat, quote, schema};
use openapi_refinery::lower::Direction;
use openapi_refinery::pointer::last_token;
use openapi_refinery::{Error, Result};

/// A document as published, and its normal form.
pub(super) struct Published<'v> {
    pub(super) value: &'v Value,
    pub(super) normal: flat::Schemas,
}

/// Compares the normal forms of two documents.
pub(super) fn compare_published(old: &Published<'_>, new: &Published<'_>) -> Result<Vec<Change>> {
    let [of_vendored, of_candidate] = [old, new].map(|it| Referrers::of(&it.normal));
    let mut comparison = Comparison::new(old, new, Affected::between(&old.normal, &new.normal, &of_candidate));
    comparison.compare_documents();
    if let Some(error) = comparison.exceeded {
        return Err(error);
    }
    comparison.merge_added_properties();
    comparison.merge_equal_statements();
    let Comparison { changes, causes_of_pairs, .. } = comparison;
    let changes = changes.into_values().map(|Recorded { mut change, messages, causes }| {
        change.message = messages.into_iter().reduce(|one, other| join_messages(&one, &other)).unwrap_or_default();
        let referrers = if change.document == Document::Vendored { &of_vendored } else { &of_candidate };
        let operations = list_operations(&causes, &causes_of_pairs, referrers);
        change.operation = operations.first().cloned();
        change.operations = operations.into_iter().collect();
        change
    });
    let mut changes = annotations::summarize(changes.collect());
    changes.iter_mut().for_each(|change| change.summary.clone_from(&change.message));
    Ok(changes)
}

/// Returns the operations whose comparison led to a change. A pair of schemas is compared once, even if several operations lead to it.
fn list_operations(
    causes: &BTreeSet<Cause>,
    causes_of_pairs: &[BTreeSet<Cause>],
    referrers: &Referrers<'_>,
) -> BTreeSet<String> {
    let (mut pending, mut visited, mut operations) = (vec![causes], BTreeSet::new(), BTreeSet::new());
    while let Some(causes) = pending.pop() {
        for cause in causes {
            match cause {
                Cause::Operation(name) => drop(operations.insert(name.clone())),
                Cause::Part(pointer) => operations.extend(referrers.operations(pointer)),
                Cause::Pair(number) if visited.insert(*number) => pending.extend(causes_of_pairs.get(*number)),
                Cause::Pair(_) => {}
            }
        }
    }
    operations
}

/// The state of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a flat::Schemas,
    pub(super) new: &'a flat::Schemas,
    /// The old and the new document as published.
    pub(super) published: [&'a Value; 2],
    pub(super) affected: Affected,
    /// The names of properties that the documents describe differently.
    pub(super) differing_names: BTreeSet<&'a str>,
    /// By location and rule: a change is reported once, however many references lead to it.
    pub(super) changes: BTreeMap<(String, Document, String), Recorded>,
    /// The pointers of schemas that have a discriminator, by the number in `Role::mapped_by`.
    pub(super) holders: Vec<String>,
    /// The lists of alternatives that replace a single schema, by the number in `Role::split_into`.
    pub(super) lists: Vec<Vec<Node<'a>>>,
    /// The numbers of the pairs of schemas that have been queued.
    pub(super) numbers: HashMap<(String, String, schema::Role, bool), usize>,
    /// What led to each of these pairs, by its number.
    pub(super) causes_of_pairs: Vec<BTreeSet<Cause>>,
    pub(super) pending: Vec<schema::Pair<'a>>,
    /// Number of pairs that may still be compared: of single schemas, and of combinations.
    pub(super) remaining: [usize; 2],
    /// The error, if that number was exceeded.
    pub(super) exceeded: Option<Error>,
    /// The name of the operation under comparison.
    pub(super) operation: Option<String>,
    /// The number of the pair of schemas under comparison.
    pub(super) pair: Option<usize>,
    /// Whether the API sends the requests of this operation: it is a webhook or callback.
    pub(super) is_called_by_api: bool,
    /// The direction in which instances of the schemas under comparison are sent.
    pub(super) direction: Option<Direction>,
    /// Whether requests or responses, by `direction`, omit the instances under comparison, so that changes have the verdict `docs`.
    pub(super) is_omitted: bool,
    /// Whether another alternative accepts the instances under comparison, so that only defaults and documentation are recorded.
    pub(super) is_covered: bool,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &'a Published<'_>, new: &'a Published<'_>, affected: Affected) -> Self {
        let published = [old.value, new.value];
        let (old, new) = (&old.normal, &new.normal);
        Self {
            old,
            new,
            published,
            differing_names: affected.differing_names(old.document(), new.document()),
            affected,
            changes: BTreeMap::new(),
            holders: Vec::new(),
            lists: Vec::new(),
            numbers: HashMap::new(),
            causes_of_pairs: Vec::new(),
            pending: Vec::new(),
            remaining: schema::limits(old.document(), new.document()),
            exceeded: None,
            operation: None,
            pair: None,
            is_called_by_api: false,
            direction: None,
            is_omitted: false,
            is_covered: false,
        }
    }

    /// Returns what is sent in a direction: "requests" or "responses". For webhooks, which the API sends, it is the reverse.
    pub(super) fn message_kind(&self, direction: Direction) -> &'static str {
        match (direction, self.is_called_by_api) {
            (Direction::Request, false) | (Direction::Response, true) => "requests",
            (Direction::Request, true) | (Direction::Response, false) => "responses",
        }
    }

    /// Returns the consequence of an effect for clients.
    pub(super) fn consequence(&self, effect: Effect, direction: Direction) -> String {
        effect.consequence(direction, self.message_kind(direction))
    }

    /// Records a change at a location; removed parts have a location in the vendored document. If the same change is recorded twice, the
    /// worse verdict is kept.
    pub(super) fn record(&mut self, rule: impl Into<String>, wire: Verdict, at: &Node<'_>, message: impl Into<String>) {
        self.record_at(self.normal(at).origin(&at.pointer), rule, wire, at, message);
    }

    /// Records that a part was added or removed. If it is reached through a reference, the change is located at the reference.
    pub(super) fn record_at_reference(
        &mut self,
        rule: impl Into<String>,
        wire: Verdict,
        at: &Node<'_>,
        message: impl Into<String>,
    ) {
        let normal = self.normal(at);
        let pointer = normal.reference(&at.pointer).map_or_else(|| normal.origin(&at.pointer), str::to_owned);
        self.record_at(pointer, rule, wire, at, message);
    }

    /// Records a change of `part` at `at`. For example, `at` is a component, and `part` a property that refers to it.
    pub(super) fn record_for(
        &mut self,
        part: &Node<'_>,
        rule: impl Into<String>,
        wire: Verdict,
        at: &Node<'_>,
        message: impl Into<String>,
    ) {
        self.record_at(self.normal(at).origin(&at.pointer), rule, wire, part, message);
    }

    pub(super) fn normal(&self, of: &Node<'_>) -> &'a flat::Schemas {
        if of.document == Document::Vendored { self.old } else { self.new }
    }

    /// Returns the location of a value in the published document, and the value as it is written there.
    pub(super) fn published_value(&self, node: &Node<'_>) -> Option<(String, &'a Value)> {
        let pointer = self.normal(node).origin(&node.pointer);
        let value = self.published_document(node.document).pointer(&pointer)?;
        Some((pointer, value))
    }

    pub(super) fn published_document(&self, document: Document) -> &'a Value {
        let [old, new] = self.published;
        if document == Document::Vendored { old } else { new }
    }

    pub(super) fn record_at(
        &mut self,
        pointer: String,
        rule: impl Into<String>,
        wire: Verdict,
        at: &Node<'_>,
        message: impl Into<String>,
    ) {
        let (rule, origin) = (rule.into(), self.normal(at).origin(&at.pointer));
        // What is removed takes its defaults with it.
        let concerns_default = || {
            rule.starts_with("default-")
                || at.document == Document::Vendored
                    && self.direction == Some(Direction::Request)
                    && self.normal(at).states_default(at)
        };
        if self.is_covered && wire > Verdict::Docs && !concerns_default() {
            return;
        }
        let (mut wire, mut message) = (wire, message.into());
        if let Some(direction) = self.direction.filter(|_| self.is_omitted && wire > Verdict::Docs) {
            let what = message.rsplit_once(": ").map_or(message.as_str(), |(what, _)| what);
            (wire, message) = (Verdict::Docs, format!("{what}: {} omit the property", self.message_kind(direction)));
        }
        let wire_of_requests = if self.direction == Some(Direction::Response) { Verdict::None } else { wire };
        let change =
            Change { document: at.document, origin, wire_of_requests, ..Change::new(&rule, wire, &pointer, message) };
        let recorded = Recorded {
            messages: vec![change.message.clone()],
            change,
            causes: BTreeSet::from([self.cause().unwrap_or_else(|| Cause::Part(at.pointer.clone()))]),
        };
        match self.changes.entry((pointer, at.document, rule)) {
            Entry::Vacant(entry) => drop(entry.insert(recorded)),
            Entry::Occupied(mut entry) => entry.get_mut().join(recorded),
        }
    }

    /// Returns what is under comparison: a pair of schemas or an operation.
    pub(super) fn cause(&self) -> Option<Cause> {
        self.pair.map(Cause::Pair).or_else(|| self.operation.clone().map(Cause::Operation))
    }

    /// Keeps only the worse of `required-property-added` and `property-added` for the same property: they are one change, whose rule
    /// depends on the direction. If `property-added` is breaking, both are kept.
    pub(super) fn merge_added_properties(&mut self) {
        let keys = self.changes.keys().filter(|(_, _, rule)| rule == "required-property-added");
        let keys: Vec<_> = keys.cloned().collect();
        for required in keys {
            let added = (required.0.clone(), required.1, "property-added".to_owned());
            let wire = |key| self.changes.get(key).map(|recorded| recorded.change.wire);
            let removed = match wire(&added) {
                Some(Verdict::Breaking) | None => continue,
                Some(other) if Some(other) > wire(&required) => required,
                Some(_) => added,
            };
            self.changes.remove(&removed);
        }
    }

    /// Keeps only the worst of several changes at one location that differ in their rule and consequence only: a number that becomes a
    /// string changes a value in JSON, but widens a parameter.
    pub(super) fn merge_equal_statements(&mut self) {
        let mut by_statement: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (key, recorded) in &self.changes {
            let whats = recorded.messages.iter().map(|message| message.rsplit_once(": ").map(|(what, _)| what));
            let whats: BTreeSet<_> = whats.collect();
            let Some(Some(what)) = whats.first().filter(|_| whats.len() == 1) else { continue };
            by_statement.entry((key.0.clone(), key.1, (*what).to_owned())).or_default().push(key.clone());
        }
        for keys in by_statement.into_values().filter(|keys| keys.len() > 1) {
            let mut merged: Vec<_> = keys.into_iter().filter_map(|key| self.changes.remove_entry(&key)).collect();
            // If the verdicts are equal, a rule that both narrows and widens is kept: its consequences include those of the other.
            merged.sort_by_key(|(key, recorded)| (recorded.change.wire, key.2.ends_with(Effect::Both.word())));
            let Some((key, mut worst)) = merged.pop() else { continue };
            merged.into_iter().rev().for_each(|(_, other)| worst.join(other));
            self.changes.insert(key, worst);
        }
    }

    /// Records a change without a rule, which counts as breaking.
    pub(super) fn record_unclassified(&mut self, at: &Node<'_>) {
        let name = last_token(&at.pointer);
        let message = format!("{} has changed, and no rule covers it: the change counts as breaking", quote(&name));
        self.record("unclassified", Verdict::Breaking, at, message);
    }

    /// Compares annotations.
    pub(super) fn compare_annotations(&mut self, old: &Node<'_>, new: &Node<'_>, keys: &[&str]) {
        let extensions = old.members().into_keys().chain(new.members().into_keys()).filter(|key| key.starts_with("x-"));
        let keys: BTreeSet<&str> = keys.iter().copied().chain(extensions).collect();
        for key in keys {
            let (old, new) = (old.member(key), new.member(key));
            let is_same = match key {
                "tags" if old.value.is_array() => flat::is_same_set(old.value, new.value),
                _ => old.value == new.value,
            };
            if !is_same {
                self.record_documentation(key, choose_present(&old, &new), [old.is_present(), new.is_present()]);
            }
        }
    }

    /// Records a change of documentation that exists before, after, or both.
    pub(super) fn record_documentation(&mut self, key: &str, at: &Node<'_>, exists: [bool; 2]) {
        let what = match exists {
            [false, true] => "added",
            [true, false] => "removed",
            _ => "changed",
        };
        self.record(annotations::RULE, Verdict::Docs, at, format!("`{key}` was {what}"));
    }

    /// Compares the annotations of an object. Members that are neither annotations nor compared elsewhere must be equal.
    pub(super) fn compare_members(&mut self, old: &Node<'_>, new: &Node<'_>, docs: &[&str], elsewhere: &[&str]) {
        self.compare_annotations(old, new, docs);
        let keys: BTreeSet<&str> = old.members().into_keys().chain(new.members().into_keys()).collect();
        let is_known = |key: &str| docs.contains(&key) || elsewhere.contains(&key) || key.starts_with("x-");
        for key in keys.into_iter().filter(|key| !is_known(key)) {
            let (old, new) = (old.member(key), new.member(key));
            if old.value != new.value {
                self.record_unclassified(choose_present(&old, &new));
            }
        }
    }

    /// Records an effect, with the consequence for callers.
    pub(super) fn record_effect(
        &mut self,
        rule: &str,
        effect: Effect,
        node: &Node<'a>,
        what: &str,
        direction: Direction,
    ) {
        let message = format!("{what}: {}", self.consequence(effect, direction));
        self.record(format!("{rule}-{}", effect.word()), effect.verdict(direction), node, message);
    }

    /// Records the effect of a part that was added or removed.
    pub(super) fn record_effect_at_reference(
        &mut self,
        rule: &str,
        effect: Effect,
        node: &Node<'a>,
        what: &str,
        direction: Direction,
    ) {
        let message = format!("{what}: {}", self.consequence(effect, direction));
        self.record_at_reference(format!("{rule}-{}", effect.word()), effect.verdict(direction), node, message);
    }
}

/// A change that may still be merged with others.
pub(super) struct Recorded {
    pub(super) change: Change,
    /// Its messages, each once.
    pub(super) messages: Vec<String>,
    /// What led to it.
    pub(super) causes: BTreeSet<Cause>,
}

impl Recorded {
    /// Adds another change at the same location. The worse verdict and its operations are kept.
    fn join(&mut self, other: Self) {
        let wire_of_requests = self.change.wire_of_requests.max(other.change.wire_of_requests);
        match other.change.wire.cmp(&self.change.wire) {
            Ordering::Greater => *self = other,
            Ordering::Equal => {
                let is_known = |message: &String| self.messages.contains(message);
                let messages: Vec<String> = other.messages.into_iter().filter(|message| !is_known(message)).collect();
                self.messages.extend(messages);
                self.causes.extend(other.causes);
            }
            Ordering::Less => {}
        }
        self.change.wire_of_requests = wire_of_requests;
    }
}

/// Joins two messages on one change. A common beginning is written once, and so is a common end if both have the same
/// subject.
pub(super) fn join_messages(one: &str, other: &str) -> String {
    let subject = |what: &str| what.split_once(" was ").map(|(subject, _)| subject.to_owned());
    match (one.split_once(": "), other.split_once(": ")) {
        (Some((what, first)), Some((same, second))) if what == same => {
            let known: Vec<&str> = first.split(", ").collect();
            let is_known = |it: &str| known.iter().any(|known| *known == it || includes_consequence(known, it));
            let added = second.split(", ").filter(|consequence| !is_known(consequence));
            format!("{what}: {}", known.iter().copied().chain(added).collect::<Vec<_>>().join(", "))
        }
        (Some((what, consequence)), Some((other, same))) if consequence == same && subject(what) == subject(other) => {
            format!("{what}; {other}: {same}")
        }
        _ => format!("{one}; {other}"),
    }
}

/// Returns whether a consequence of a change that both narrows and widens includes one of a change that widens.
fn includes_consequence(of_both: &str, of_widening: &str) -> bool {
    ["requests", "responses"].into_iter().any(|messages| {
        [(Effect::Both, of_both), (Effect::Widens, of_widening)]
            .into_iter()
            .all(|(effect, consequence)| effect.consequence(Direction::Response, messages) == consequence)
    })
}
