//! Compares two OpenAPI documents, and the Rust clients generated from them, and classifies each change.
//!
//! A change narrows or widens the set of accepted values. A narrowed request or a widened response may break a client; the opposite
//! is compatible.
//!
//! ```
//! use openapi_spec_drift::{Verdict, compare};
//! use serde_json::json;
//!
//! let document = |schema| {
//!     json!({ "openapi": "3.1.0", "info": { "title": "Shelves", "version": "1" }, "paths": { "/shelves": { "get": {
//!         "parameters": [{ "name": "label", "in": "query", "schema": schema }],
//!         "responses": { "204": { "description": "Done" } },
//!     }}}})
//! };
//! let changes = compare(&document(json!({ "type": "string" })), &document(json!({ "type": "string", "maxLength": 9 })))?;
//! assert_eq!(changes[0].rule, "max-length-narrowed");
//! assert_eq!(changes[0].wire, Verdict::Breaking);
//! # Ok::<(), openapi_refinery::Error>(())
//! ```
//!
//! [`check::check`] also regenerates the client of a project with an `openapi/generate.yaml`; the command `spec-drift` prints its
//! report.

pub mod accept;
mod affected;
mod aliases;
mod annotations;
pub mod api;
mod attribution;
pub mod changelog;
pub mod check;
mod encoding;
mod flat;
mod git;
mod interface;
mod invalid;
pub mod items;
pub mod junit;
mod matching;
mod naming;
mod operation;
mod pattern;
pub mod project;
mod range;
pub mod report;
pub mod rules;
pub mod sarif;
mod schema;
mod security;
mod server;
pub mod source;

use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::affected::{Affected, Referrers};
use openapi_refinery::lower::Direction;
use openapi_refinery::normalize::is_documentation;
use openapi_refinery::pointer::{escape, last_token};
use openapi_refinery::{Error, Normal, Result, normalize};

/// The consequence of a change for existing clients, from harmless to worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No change.
    #[default]
    #[value(skip)]
    None,
    /// Only documentation differs.
    Docs,
    /// Existing clients keep working.
    Compatible,
    /// Existing clients may fail.
    Breaking,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// The operations of a candidate that are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Scope {
    /// The vendored operations.
    #[default]
    Vendored,
    /// All operations.
    All,
}

/// A change of the document or of the generated code, reported where it was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The stable id of the rule that classified it.
    pub rule: String,
    /// The consequence for clients of the old document.
    pub wire: Verdict,
    /// The consequence for code that uses the generated client. `None` if nothing was generated.
    pub rust: Option<Verdict>,
    /// Its location in `document` as a JSON pointer (RFC 6901), or a path in the generated code.
    pub pointer: String,
    /// The line in `document`.
    pub line: Option<usize>,
    /// The document that has this location: the vendored one for removed parts.
    pub document: Document,
    /// The first of `operations`.
    pub operation: Option<String>,
    /// The operations for which it has this verdict, as method and path.
    pub operations: Vec<String>,
    /// The change and its consequence.
    pub message: String,
    /// The location of the changed part; `pointer` may be that of a reference to it.
    #[serde(skip)]
    origin: String,
    /// The verdict on what clients send. `wire` is the worse of this and the verdict on what they read.
    #[serde(skip)]
    wire_of_requests: Verdict,
    /// The message without the effect on the generated code.
    #[serde(skip)]
    summary: String,
    /// The affected items of the generated client.
    #[serde(skip)]
    affected_items: naming::AffectedItems,
}

/// One of the documents that are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Document {
    /// The candidate; without one, the vendored document.
    #[default]
    Candidate,
    /// The vendored document.
    Vendored,
}

impl Change {
    /// Creates a change of the generated code or the project: without effect on the wire, and without operations and line.
    fn in_code(rule: &str, rust: Verdict, pointer: &str, message: impl Into<String>) -> Self {
        Self { rust: Some(rust), ..Self::new(rule, Verdict::None, pointer, message) }
    }

    fn new(rule: &str, wire: Verdict, pointer: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            rule: rule.to_owned(),
            wire,
            wire_of_requests: wire,
            rust: None,
            pointer: pointer.to_owned(),
            origin: pointer.to_owned(),
            line: None,
            document: Document::Candidate,
            operation: None,
            operations: Vec::new(),
            summary: message.clone(),
            message,
            affected_items: naming::AffectedItems::default(),
        }
    }

    /// Returns the worse of both verdicts.
    pub fn verdict(&self) -> Verdict {
        self.wire.max(self.rust.unwrap_or_default())
    }
}

/// Compares two documents as published.
///
/// # Errors
/// Returns an error if one of them is not an OpenAPI document, or has a reference that cannot be resolved.
pub fn compare(old: &Value, new: &Value) -> Result<Vec<Change>> {
    compare_published(
        &Published { value: old, normal: normalize(old)?.into() },
        &Published { value: new, normal: normalize(new)?.into() },
    )
}

/// A document as published, and its normal form.
struct Published<'v> {
    value: &'v Value,
    normal: flat::Schemas,
}

/// Compares the normal forms of two documents.
fn compare_published(old: &Published<'_>, new: &Published<'_>) -> Result<Vec<Change>> {
    let [of_vendored, of_candidate] = [old, new].map(|it| Referrers::of(&it.normal));
    let mut comparison = Comparison::new(old, new, Affected::between(&old.normal, &new.normal, &of_candidate));
    comparison.compare_documents();
    if let Some(error) = comparison.exceeded {
        return Err(error);
    }
    comparison.merge_added_properties();
    comparison.merge_equal_statements();
    let changes = comparison.changes.into_values().map(
        |Recorded { mut change, messages, mut operations, directions, pointer }| {
            change.message = messages.into_iter().reduce(|one, other| join_messages(&one, &other)).unwrap_or_default();
            let referrers = if change.document == Document::Vendored { &of_vendored } else { &of_candidate };
            operations.extend(referrers.operations(&pointer, &directions));
            change.operation = operations.first().cloned();
            change.operations = operations.into_iter().collect();
            change
        },
    );
    let mut changes = annotations::summarize(changes.collect());
    changes.iter_mut().for_each(|change| change.summary.clone_from(&change.message));
    Ok(changes)
}

/// Returns the opposite direction.
fn reverse(direction: Direction) -> Direction {
    match direction {
        Direction::Request => Direction::Response,
        Direction::Response => Direction::Request,
    }
}

/// The effect of a change on the set of accepted instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Narrows,
    Widens,
    /// Narrows and widens, or neither is certain.
    Both,
}

impl Effect {
    fn verdict(self, direction: Direction) -> Verdict {
        match (self, direction) {
            (Self::Narrows, Direction::Response) | (Self::Widens, Direction::Request) => Verdict::Compatible,
            _ => Verdict::Breaking,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Narrows => "narrowed",
            Self::Widens => "widened",
            Self::Both => "changed",
        }
    }

    /// Returns the consequence for clients. `messages` are requests or responses.
    fn consequence(self, direction: Direction, messages: &str) -> String {
        match (self, direction) {
            (Self::Narrows, Direction::Request) => format!("existing {messages} may be rejected"),
            (Self::Widens, Direction::Request) => format!("more {messages} are accepted"),
            (Self::Both, Direction::Request) => format!("existing {messages} may be rejected, others are accepted"),
            (Self::Narrows, Direction::Response) => format!("{messages} stay within what existing clients expect"),
            (Self::Widens, Direction::Response) => {
                format!("{messages} may contain what existing clients do not expect")
            }
            (Self::Both, Direction::Response) => format!("{messages} may differ from what existing clients expect"),
        }
    }
}

/// A value of a document, and its location in the normal form (a node of RFC 9535).
#[derive(Clone, Debug)]
struct Node<'v> {
    document: Document,
    pointer: String,
    value: &'v Value,
}

static ABSENT: Value = Value::Null;

impl<'v> Node<'v> {
    /// Returns a member; `null` if it is absent.
    fn member(&self, key: &str) -> Self {
        self.child(key, self.value.get(key).unwrap_or(&ABSENT))
    }

    fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| self.child(&index.to_string(), value)).collect()
    }

    fn members(&self) -> BTreeMap<&'v str, Self> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), self.child(key, value))).collect()
    }

    fn child(&self, key: &str, value: &'v Value) -> Self {
        Self { document: self.document, pointer: [&self.pointer, &*escape(key)].join("/"), value }
    }

    fn is_present(&self) -> bool {
        !self.value.is_null()
    }

    fn is_true(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    fn text(&self, key: &str) -> Option<&'v str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Returns the location of the value that contains this one, as a node without a value.
    fn parent(&self) -> Self {
        let pointer = self.pointer.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        Self { document: self.document, pointer, value: &ABSENT }
    }

    /// Returns the last token of its pointer, escaped.
    fn escaped_name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the target of its `$ref`.
    fn target(&self, normal: &'v Normal) -> Self {
        self.resolve(normal, self.text("$ref").unwrap_or_default())
    }

    /// Returns the target of a reference in it.
    fn resolve(&self, normal: &'v Normal, reference: &'v str) -> Self {
        let (pointer, value) = normal.target(reference);
        Self { document: self.document, pointer: pointer.to_owned(), value }
    }
}

/// Joins two messages on one change. A common beginning is written once, and so is a common end if both have the same
/// subject.
fn join_messages(one: &str, other: &str) -> String {
    let subject = |what: &str| what.split_once(" was ").map(|(subject, _)| subject.to_owned());
    match (one.split_once(": "), other.split_once(": ")) {
        (Some((what, first)), Some((same, second))) if what == same => {
            let known: Vec<&str> = first.split(", ").collect();
            let added = second.split(", ").filter(|consequence| !known.contains(consequence));
            format!("{what}: {}", known.iter().copied().chain(added).collect::<Vec<_>>().join(", "))
        }
        (Some((what, consequence)), Some((other, same))) if consequence == same && subject(what) == subject(other) => {
            format!("{what}; {other}: {same}")
        }
        _ => format!("{one}; {other}"),
    }
}

/// Returns a name in backquotes.
fn quote(name: &str) -> String {
    if name.is_empty() { "`\"\"`".to_owned() } else { format!("`{name}`") }
}

/// Follows a reference without constraints beside it.
fn follow<'v>(document: &'v Normal, node: Node<'v>) -> Node<'v> {
    let is_plain = |key: &str| key == "$ref" || is_documentation(key);
    let is_reference = node.text("$ref").is_some() && node.members().into_keys().all(is_plain);
    if is_reference { node.target(document) } else { node }
}

/// Returns the new node, or the old one if only that is present.
fn choose_present<'p, 'v>(old: &'p Node<'v>, new: &'p Node<'v>) -> &'p Node<'v> {
    if new.is_present() || !old.is_present() { new } else { old }
}

/// A change that may still be merged with others.
struct Recorded {
    change: Change,
    /// Its messages, each once.
    messages: Vec<String>,
    /// The operations under comparison when it was recorded.
    operations: BTreeSet<String>,
    /// Whether instances of the schema are sent, received, or both.
    directions: BTreeSet<Direction>,
    /// Its location in the normal form.
    pointer: String,
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
                self.operations.extend(other.operations);
                self.directions.extend(other.directions);
            }
            Ordering::Less => {}
        }
        self.change.wire_of_requests = wire_of_requests;
    }
}

/// The state of a comparison.
struct Comparison<'a> {
    old: &'a flat::Schemas,
    new: &'a flat::Schemas,
    /// The old and the new document as published.
    published: [&'a Value; 2],
    affected: Affected,
    /// The names of properties that the documents describe differently.
    differing_names: BTreeSet<&'a str>,
    /// By location and rule: a change is reported once, however many references lead to it.
    changes: BTreeMap<(String, Document, String), Recorded>,
    /// Schemas that have been queued.
    seen: HashSet<(String, String, schema::Role, bool)>,
    pending: Vec<schema::Pair<'a>>,
    /// Number of pairs that may still be compared: of single schemas, and of combinations.
    remaining: [usize; 2],
    /// The error, if that number was exceeded.
    exceeded: Option<Error>,
    /// The name of the operation under comparison.
    operation: Option<String>,
    /// Whether the API sends the requests of this operation: it is a webhook or callback.
    is_called_by_api: bool,
    /// The direction in which instances of the schemas under comparison are sent.
    direction: Option<Direction>,
    /// Whether requests or responses, by `direction`, omit the instances under comparison, so that changes have the verdict `docs`.
    is_omitted: bool,
}

impl<'a> Comparison<'a> {
    fn new(old: &'a Published<'_>, new: &'a Published<'_>, affected: Affected) -> Self {
        let published = [old.value, new.value];
        let (old, new) = (&old.normal, &new.normal);
        Self {
            old,
            new,
            published,
            differing_names: affected.differing_names(old.document(), new.document()),
            affected,
            changes: BTreeMap::new(),
            seen: HashSet::new(),
            pending: Vec::new(),
            remaining: schema::limits(old.document(), new.document()),
            exceeded: None,
            operation: None,
            is_called_by_api: false,
            direction: None,
            is_omitted: false,
        }
    }

    /// Returns what is sent in a direction: "requests" or "responses". For webhooks, which the API sends, it is the reverse.
    fn message_kind(&self, direction: Direction) -> &'static str {
        match (direction, self.is_called_by_api) {
            (Direction::Request, false) | (Direction::Response, true) => "requests",
            (Direction::Request, true) | (Direction::Response, false) => "responses",
        }
    }

    /// Returns the consequence of an effect for clients.
    fn consequence(&self, effect: Effect, direction: Direction) -> String {
        effect.consequence(direction, self.message_kind(direction))
    }

    /// Records a change at a location; removed parts have a location in the vendored document. If the same change is recorded twice, the
    /// worse verdict is kept.
    fn record(&mut self, rule: impl Into<String>, wire: Verdict, at: &Node<'_>, message: impl Into<String>) {
        self.record_at(self.normal(at).origin(&at.pointer), rule, wire, at, message);
    }

    /// Records that a part was added or removed. If it is reached through a reference, the change is located at the reference.
    fn record_at_reference(
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

    fn normal(&self, of: &Node<'_>) -> &'a flat::Schemas {
        if of.document == Document::Vendored { self.old } else { self.new }
    }

    /// Returns the location of a value in the published document, and the value as it is written there.
    fn published_value(&self, node: &Node<'_>) -> Option<(String, &'a Value)> {
        let pointer = self.normal(node).origin(&node.pointer);
        let value = self.published_document(node.document).pointer(&pointer)?;
        Some((pointer, value))
    }

    fn published_document(&self, document: Document) -> &'a Value {
        let [old, new] = self.published;
        if document == Document::Vendored { old } else { new }
    }

    fn record_at(
        &mut self,
        pointer: String,
        rule: impl Into<String>,
        wire: Verdict,
        at: &Node<'_>,
        message: impl Into<String>,
    ) {
        let (rule, origin) = (rule.into(), self.normal(at).origin(&at.pointer));
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
            operations: self.operation.iter().cloned().collect(),
            directions: self.direction.into_iter().collect(),
            pointer: at.pointer.clone(),
        };
        match self.changes.entry((pointer, at.document, rule)) {
            Entry::Vacant(entry) => drop(entry.insert(recorded)),
            Entry::Occupied(mut entry) => entry.get_mut().join(recorded),
        }
    }

    /// Keeps only the worse of `required-property-added` and `property-added` for the same property: they are one change, whose rule
    /// depends on the direction. If `property-added` is breaking, both are kept.
    fn merge_added_properties(&mut self) {
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

    /// Keeps only the worst of several changes at one location that differ in their rule and consequence only: a number that becomes a string
    /// changes a value in JSON, but widens a parameter.
    fn merge_equal_statements(&mut self) {
        let mut by_statement: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (key, recorded) in &self.changes {
            let [message] = &recorded.messages[..] else { continue };
            let Some((what, _)) = message.rsplit_once(": ") else { continue };
            by_statement.entry((key.0.clone(), key.1, what.to_owned())).or_default().push(key.clone());
        }
        for keys in by_statement.into_values().filter(|keys| keys.len() > 1) {
            let mut merged: Vec<_> = keys.into_iter().filter_map(|key| self.changes.remove_entry(&key)).collect();
            merged.sort_by_key(|(_, recorded)| recorded.change.wire);
            let Some((key, mut worst)) = merged.pop() else { continue };
            merged.into_iter().rev().for_each(|(_, other)| worst.join(other));
            self.changes.insert(key, worst);
        }
    }

    /// Records a change without a rule, which counts as breaking.
    fn record_unclassified(&mut self, at: &Node<'_>) {
        let name = last_token(&at.pointer);
        let message = format!("{} has changed, and no rule covers it: the change counts as breaking", quote(&name));
        self.record("unclassified", Verdict::Breaking, at, message);
    }

    /// Compares annotations.
    fn compare_annotations(&mut self, old: &Node<'_>, new: &Node<'_>, keys: &[&str]) {
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
    fn record_documentation(&mut self, key: &str, at: &Node<'_>, exists: [bool; 2]) {
        let what = match exists {
            [false, true] => "added",
            [true, false] => "removed",
            _ => "changed",
        };
        self.record(annotations::RULE, Verdict::Docs, at, format!("`{key}` was {what}"));
    }

    /// Compares the annotations of an object. Members that are neither annotations nor compared elsewhere must be equal.
    fn compare_members(&mut self, old: &Node<'_>, new: &Node<'_>, docs: &[&str], elsewhere: &[&str]) {
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
}
