//! Operations of paths, webhooks and callbacks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Comparison, Direction, Document, Node, Verdict, quote, reverse};
use openapi_refinery::{METHODS, Normal, operation_key};

/// An operation.
#[derive(Clone)]
pub(super) struct Operation<'a> {
    /// Method and path.
    name: String,
    pub(super) path: String,
    pub(super) item: Node<'a>,
    path_item: Node<'a>,
}

impl<'a> Operation<'a> {
    /// Returns the location to report for an operation that the other document does not have: that of a referenced path item if the other
    /// document does not have its path either, otherwise that of the operation.
    fn location(&self, normal: &Normal, other_paths: &BTreeSet<String>, key_of: OperationKey) -> &Node<'a> {
        let is_referenced = normal.reference(&self.path_item.pointer).is_some();
        if is_referenced && !other_paths.contains(&key_of("", &self.path)) { &self.path_item } else { &self.item }
    }
}

/// A function that returns the key by which operations are matched, given the method and the path, name or expression.
type OperationKey = fn(&str, &str) -> String;

/// Returns the key of an operation by its exact name or expression.
fn exact_key(method: &str, name: &str) -> String {
    format!("{method} {name}")
}

/// Returns the name of an operation. That of a webhook begins with `webhook`, since a webhook may have the name of a path.
pub(super) fn operation_name(method: &str, path: &str, is_webhook: bool) -> String {
    format!("{}{} {path}", if is_webhook { "webhook " } else { "" }, method.to_uppercase())
}

/// Returns the operations of path items by key.
fn list_operations<'a>(paths: &Node<'a>, key_of: OperationKey) -> BTreeMap<String, Operation<'a>> {
    let mut operations = BTreeMap::new();
    // The name of a webhook may begin with `x-`; in other objects, such a key is an extension.
    let is_extension = |name: &str| name.starts_with("x-") && paths.pointer != "/webhooks";
    for (path, path_item) in paths.members().into_iter().filter(|(path, _)| !is_extension(path)) {
        for (method, item) in path_item.members().into_iter().filter(|(method, _)| METHODS.contains(method)) {
            let name = operation_name(method, path, paths.pointer == "/webhooks");
            let operation = Operation { name, path: path.to_owned(), item, path_item: path_item.clone() };
            operations.insert(key_of(method, path), operation);
        }
    }
    operations
}

impl<'a> Comparison<'a> {
    pub(super) fn root(&self, document: Document) -> Node<'a> {
        let normal = if document == Document::Vendored { self.old } else { self.new };
        Node { document, pointer: String::new(), value: normal.document() }
    }

    pub(super) fn compare_documents(&mut self) {
        let (old, new) = (self.root(Document::Vendored), self.root(Document::Candidate));
        let docs = ["openapi", "tags", "externalDocs", "jsonSchemaDialect"];
        self.compare_members(&old, &new, &docs, &["info", "paths", "components", "servers", "security", "webhooks"]);
        let (old_info, new_info) = (old.member("info"), new.member("info"));
        let of_info: Vec<&str> = old_info.members().into_keys().chain(new_info.members().into_keys()).collect();
        self.compare_annotations(&old_info, &new_info, &of_info);
        // `webhooks` is skipped: a name that begins with `x-` is not an extension there.
        for holder in ["paths", "components"] {
            self.compare_annotations(&old.member(holder), &new.member(holder), &[]);
        }
        self.compare_schemes(
            &old.member("components").member("securitySchemes"),
            &new.member("components").member("securitySchemes"),
        );
        self.compare_operations(&old.member("paths"), &new.member("paths"), Direction::Request, operation_key);
        self.compare_operations(&old.member("webhooks"), &new.member("webhooks"), Direction::Response, exact_key);
        self.operation = None;
        self.record_invalid_values();
    }

    /// Compares operations. `direction` is that of their requests: those of webhooks and callbacks are sent by the API.
    fn compare_operations(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction, key_of: OperationKey) {
        let (before, mut after) = (list_operations(old, key_of), list_operations(new, key_of));
        let paths = |operations: &BTreeMap<String, Operation<'_>>| -> BTreeSet<String> {
            operations.values().map(|it| key_of("", &it.path)).collect()
        };
        let [paths_before, paths_after] = [&before, &after].map(paths);
        let enclosing = (self.operation.clone(), self.is_called_by_api);
        self.is_called_by_api = direction == Direction::Response;
        for (key, old) in before {
            let new = after.remove(&key);
            let name = new.as_ref().map_or(&old.name, |new| &new.name);
            self.operation = enclosing.0.clone().or_else(|| Some(name.clone()));
            match new {
                Some(new) if self.is_unchanged(&old, &new) => {}
                Some(new) => self.compare_operation(&old, &new, direction),
                None => {
                    let consequence = removal_consequence(direction, "calls to it fail");
                    let message = format!("{} was removed: {consequence}", old.name);
                    let at = old.location(self.old, &paths_after, key_of);
                    self.record_at_reference("operation-removed", Verdict::Breaking, at, message);
                }
            }
            self.compare_pending();
        }
        for new in after.into_values() {
            self.operation = enclosing.0.clone().or_else(|| Some(new.name.clone()));
            let at = new.location(self.new, &paths_before, key_of);
            self.record_at_reference("operation-added", Verdict::Compatible, at, format!("{} was added", new.name));
        }
        (self.operation, self.is_called_by_api) = enclosing;
    }

    /// Returns whether two operations, and what they refer to and inherit, are the same.
    fn is_unchanged(&self, old: &Operation<'a>, new: &Operation<'a>) -> bool {
        let [old_document, new_document] = [self.old, self.new].map(|normal| normal.document());
        let are_same = |pointer: &&str| old_document.pointer(pointer) == new_document.pointer(pointer);
        old.path == new.path
            && ["/servers", "/security", "/components/securitySchemes"].iter().all(are_same)
            && self.affected.are_unchanged(old.path_item.value, new.path_item.value)
    }

    fn compare_operation(&mut self, old: &Operation<'a>, new: &Operation<'a>, direction: Direction) {
        self.compare_members(&old.path_item, &new.path_item, &["summary", "description"], &METHODS);
        let (old_item, new_item) = (&old.item, &new.item);
        let docs = ["summary", "description", "tags", "externalDocs", "operationId"];
        let elsewhere = ["parameters", "requestBody", "responses", "callbacks", "deprecated", "security", "servers"];
        self.compare_members(old_item, new_item, &docs, &elsewhere);
        self.compare_deprecation(new_item, &new.name, [old_item, new_item].map(|it| it.is_true("deprecated")));
        self.compare_parameters(old, new, direction);
        self.compare_request_bodies(&old_item.member("requestBody"), &new_item.member("requestBody"), direction);
        self.compare_responses(&old_item.member("responses"), &new_item.member("responses"), reverse(direction));
        self.compare_callbacks(&old_item.member("callbacks"), &new_item.member("callbacks"), direction);
        match direction {
            Direction::Request => {
                self.compare_security(old_item, new_item);
                self.compare_servers(old_item, new_item);
            }
            Direction::Response => self.compare_webhook_security(old_item, new_item),
        }
    }

    /// Compares `deprecated` of what `subject` names.
    pub(super) fn compare_deprecation(&mut self, at: &Node<'_>, subject: &str, [old, new]: [bool; 2]) {
        let (rule, verdict, what) = match (old, new) {
            (false, true) => ("deprecated", Verdict::Compatible, "is now deprecated"),
            (true, false) => ("no-longer-deprecated", Verdict::Docs, "is no longer deprecated"),
            _ => return,
        };
        self.record(rule, verdict, at, format!("{subject} {what}"));
    }

    fn compare_callbacks(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        let (before, mut after) = (old.members(), new.members());
        for (name, old) in before {
            match after.remove(name) {
                Some(new) => {
                    self.compare_annotations(&old, &new, &[]);
                    self.compare_operations(&old, &new, reverse(direction), exact_key);
                }
                None => {
                    let message = format!("the callback {} was removed: its requests are no longer sent", quote(name));
                    self.record_at_reference("callback-removed", Verdict::Breaking, &old, message);
                }
            }
        }
        for (name, node) in after {
            self.record_at_reference(
                "callback-added",
                Verdict::Compatible,
                &node,
                format!("the callback {} was added", quote(name)),
            );
        }
    }
}

/// Returns the consequence of the removal of what a client or the API sends.
pub(super) fn removal_consequence(direction: Direction, of_request: impl Into<String>) -> String {
    match direction {
        Direction::Request => of_request.into(),
        Direction::Response => "it is no longer sent".to_owned(),
    }
}
