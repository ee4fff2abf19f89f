//! Operations: parameters, bodies, responses and callbacks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use super::encoding;
use super::flat::{Flat, Schemas};
use super::range::{self, Entries, Entry, KeyChange};
use super::schema::{Role, Transmission, describe_types};
use super::{Comparison, Direction, Document, Effect, Node, Verdict, choose_present, quote, reverse};
use openapi_refinery::normalize::{ValueKind, is_raw};
use openapi_refinery::pointer::last_token;
use openapi_refinery::{METHODS, Normal, is_xml, media_range_includes, operation_key};

/// The consequence of the removal of a media type that clients choose.
const CLIENTS_FAIL: &str = "clients that use it fail";

/// How a body is transmitted.
struct Body<'p, 'a> {
    direction: Direction,
    /// Whether the client chooses the media type.
    is_negotiated: bool,
    transmission: Transmission,
    /// The new response, if it was split off a range that remains: `404` beside `4XX`.
    split_off: Option<&'p Node<'a>>,
    /// Whether the response was merged into a range that existed before. Media types and headers that the range adds are then not reported
    /// on their own: `response-widened` stands for them.
    is_merged: bool,
}

impl<'p, 'a> Body<'p, 'a> {
    /// A body of a media type that the sender chooses.
    fn sent(direction: Direction, is_required: bool) -> Self {
        let transmission = if is_required { Transmission::RequiredValue } else { Transmission::Value };
        Self { direction, is_negotiated: false, transmission, split_off: None, is_merged: false }
    }

    /// Returns the location to report for a removed media type or header, and a suffix for the message. If the response was split off a
    /// range, the removal concerns its status only.
    fn removal_location(&self, old: &'p Node<'a>) -> (&'p Node<'a>, String) {
        self.split_off.map_or_else(|| (old, String::new()), |at| (at, format!(" of status {}", at.escaped_name())))
    }
}

/// An operation.
#[derive(Clone)]
struct Operation<'a> {
    /// Method and path.
    name: String,
    path: String,
    item: Node<'a>,
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

/// Returns the name of an operation: a webhook may have the name of a path.
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

    fn compare_parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>, direction: Direction) {
        let (before, mut after) = (list_parameters(old), list_parameters(new));
        let mut removed = Vec::new();
        for (key, old) in before {
            match after.remove(&key) {
                Some(new) => self.compare_parameter(&old, &new, direction),
                None => removed.push(old),
            }
        }
        let added: Vec<_> = after.into_values().collect();
        let [old_origins, new_origins] =
            [&removed, &added].map(|nodes| nodes.iter().map(|it| self.normal(it).origin(&it.pointer)).collect());
        for old in &removed {
            let consequence = removal_consequence(direction, self.consequence(Effect::Narrows, direction));
            let name = quote(old.text("name").unwrap_or_default());
            let message = format!("the parameter {name} was removed: {consequence}");
            self.record_parameter("parameter-removed", Verdict::Breaking, old, &new_origins, message);
        }
        for new in &added {
            let (rule, verdict, what) = if new.is_true("required") {
                let consequence = self.consequence(Effect::Narrows, direction);
                let verdict = Effect::Narrows.verdict(direction);
                ("required-parameter-added", verdict, format!("added and is required: {consequence}"))
            } else {
                ("parameter-added", Verdict::Compatible, "added".to_owned())
            };
            let message = format!("the parameter {} was {what}", quote(new.text("name").unwrap_or_default()));
            self.record_parameter(rule, verdict, new, &old_origins, message);
        }
    }

    /// Records that a parameter was added or removed. If the same component is a parameter of the operation in the other document, its
    /// name or place was changed, so that the change is located there.
    fn record_parameter(
        &mut self,
        rule: &str,
        verdict: Verdict,
        at: &Node<'a>,
        other_origins: &BTreeSet<String>,
        message: String,
    ) {
        let is_component = self.normal(at).reference(&at.pointer).is_some();
        if is_component && other_origins.contains(&self.normal(at).origin(&at.pointer)) {
            self.record(rule, verdict, at, message);
        } else {
            self.record_at_reference(rule, verdict, at, message);
        }
    }

    fn compare_parameter(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        let subject = format!("the parameter {}", quote(new.text("name").unwrap_or_default()));
        self.compare_parameter_or_header(old, new, "parameter", &subject, direction);
        match (old.is_true("allowEmptyValue"), new.is_true("allowEmptyValue")) {
            (true, false) => {
                let what = format!("{subject} can no longer be empty");
                self.record_effect("parameter-empty", Effect::Narrows, new, &what, direction);
            }
            (false, true) => {
                let what = format!("{subject} can be empty");
                self.record_effect("parameter-empty", Effect::Widens, new, &what, direction);
            }
            _ => {}
        }
    }

    fn compare_parameter_or_header(
        &mut self,
        old: &Node<'a>,
        new: &Node<'a>,
        rule: &str,
        subject: &str,
        direction: Direction,
    ) {
        let elsewhere = [
            "name", "in", "required", "deprecated", "schema", "content", "style", "explode", "allowReserved",
            "allowEmptyValue",
        ];
        self.compare_members(old, new, &["description", "example", "examples"], &elsewhere);
        self.compare_deprecation(new, subject, [old, new].map(|it| it.is_true("deprecated")));
        self.compare_required(old, new, rule, subject, direction);
        self.compare_text(old, new, rule, subject, direction)
    }

    /// Compares the value of a parameter or header, which is serialized as text.
    fn compare_text(&mut self, old: &Node<'a>, new: &Node<'a>, rule: &str, subject: &str, direction: Direction) {
        let (old_style, new_style) = (serialization(self.old, old), serialization(self.new, new));
        if old_style.differs_from(&new_style) {
            let message = format!(
                "{subject} was serialized {old_style} and is serialized {new_style}: the same value is written differently"
            );
            self.record(format!("{rule}-style-changed"), Verdict::Breaking, new, message);
        }
        // The default of a required value has no effect.
        let is_required = [old, new].iter().any(|it| it.is_true("required"));
        match (old_style.is_content, new_style.is_content) {
            (true, true) => {
                let transmission = if is_required { Transmission::RequiredValue } else { Transmission::EncodedText };
                let body = Body { transmission, ..Body::sent(direction, is_required) };
                self.compare_content(&old.member("content"), &new.member("content"), &body)
            }
            (false, false) => {
                let transmission = if is_required { Transmission::RequiredText } else { Transmission::Text };
                self.queue_schemas(old.member("schema"), new.member("schema"), Role::of(direction, transmission))
            }
            _ => {}
        }
    }

    fn compare_required(&mut self, old: &Node<'a>, new: &Node<'a>, rule: &str, subject: &str, direction: Direction) {
        let (effect, what) = match (old.is_true("required"), new.is_true("required")) {
            (false, true) => (Effect::Narrows, "is now required"),
            (true, false) => (Effect::Widens, "is no longer required"),
            _ => return,
        };
        self.record_effect(&format!("{rule}-required"), effect, new, &format!("{subject} {what}"), direction);
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
    fn record_effect_at_reference(
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

    fn compare_request_bodies(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        let rule = "request-body";
        match (old.is_present(), new.is_present()) {
            (false, false) => {}
            (false, true) if new.is_true("required") => {
                self.record_effect_at_reference(
                    rule,
                    Effect::Narrows,
                    new,
                    "a required request body was added",
                    direction,
                );
            }
            (false, true) => {
                self.record_effect_at_reference(rule, Effect::Widens, new, "a request body was added", direction)
            }
            (true, false) => {
                let consequence = removal_consequence(direction, self.consequence(Effect::Narrows, direction));
                let message = format!("the request body was removed: {consequence}");
                self.record_at_reference("request-body-removed", Verdict::Breaking, old, message);
            }
            (true, true) => {
                self.compare_members(old, new, &["description"], &["required", "content"]);
                self.compare_required(old, new, rule, "the request body", direction);
                let body = Body::sent(direction, [old, new].iter().any(|it| it.is_true("required")));
                self.compare_content(&old.member("content"), &new.member("content"), &body);
            }
        }
    }

    /// Compares bodies by media type. Of those that include a media type, the most specific describes it (OpenAPI 3.1.1, section 4.8.14).
    /// A client negotiates responses (RFC 9110, section 12), so that it does not receive an added media type.
    fn compare_content(&mut self, old: &Node<'a>, new: &Node<'a>, body: &Body<'_, 'a>) {
        let direction = body.direction;
        for key in range::pair_keys(&old.members(), &new.members(), |_, range, name| media_range_includes(range, name))
        {
            match key {
                KeyChange::Described { old: (_, old), new: (name, new) } => {
                    self.compare_members(&old, &new, &["example", "examples"], &["schema", "encoding"]);
                    self.compare_encodings(&old, &new, name, direction);
                    let (old, new) = (old.member("schema"), new.member("schema"));
                    if !is_raw(name) || !self.compare_bytes([&old, &new], direction) {
                        let role = Role::of(direction, body.transmission).within_xml(is_xml(name));
                        self.queue_schemas(old, new, role);
                    }
                }
                KeyChange::Added { replaced, .. } if replaced.is_empty() && body.is_merged => {}
                KeyChange::Added { new: (name, new), replaced } if replaced.is_empty() => {
                    let verdict = match direction {
                        Direction::Response if !body.is_negotiated => Verdict::Breaking,
                        _ => Verdict::Compatible,
                    };
                    let message = format!("the media type {} was added", quote(name));
                    self.record("media-type-added", verdict, &new, message);
                }
                KeyChange::Added { new: (name, new), replaced } => {
                    let what = format!("{} replaced {}", describe_media_range(name), quote_names(replaced));
                    self.record_effect("media-type", Effect::Widens, &new, &what, direction);
                }
                KeyChange::Removed { old: (name, old), replacements } => match replacements.first() {
                    Some((_, first)) => {
                        let names = replacements.iter().map(|(name, _)| *name);
                        let what = format!("{} was narrowed to {}", describe_media_range(name), quote_names(names));
                        self.record_effect("media-type", Effect::Narrows, first, &what, direction);
                    }
                    None => {
                        let (at, of) = body.removal_location(&old);
                        let consequence = match body.is_negotiated {
                            true => CLIENTS_FAIL.to_owned(),
                            false => removal_consequence(direction, CLIENTS_FAIL),
                        };
                        let message = format!("the media type {}{of} was removed: {consequence}", quote(name));
                        self.record("media-type-removed", Verdict::Breaking, at, message);
                    }
                },
            }
        }
    }

    /// Records a change if a body of bytes is newly encoded as text, such as base64 for `format: byte`, or no longer encoded, or if only one
    /// of the schemas accepts strings, which stand for bytes. Then the reader of one form cannot read the other. Returns whether a change was
    /// recorded.
    fn compare_bytes(&mut self, [old, new]: [&Node<'a>; 2], direction: Direction) -> bool {
        let flats = [(self.old, old), (self.new, new)]
            .map(|(document, schema)| Flat::of(document, std::slice::from_ref(schema)));
        let [before, after] = flats.each_ref().map(|schema| {
            let mut encodings = schema.get("contentEncoding").iter().cloned();
            // These leave bytes unchanged (RFC 2045, section 6.2).
            encodings.find(|it| !["7bit", "8bit", "binary"].map(Value::from).contains(it.value))
        });
        let [was_bytes, is_bytes] = flats.each_ref().map(|schema| schema.accepts("string"));
        let (rule, at, what) = match (before, after) {
            _ if was_bytes != is_bytes => {
                let describe = |schema: &Flat<'_>, is_bytes| {
                    if is_bytes { "bytes".to_owned() } else { describe_types(schema.types.as_ref()) }
                };
                let [was, is] = [describe(&flats[0], was_bytes), describe(&flats[1], is_bytes)];
                let types = flats.iter().rev().find_map(Flat::type_node);
                (
                    "type",
                    types.unwrap_or_else(|| choose_present(old, new).clone()),
                    format!("the body was {was} and is {is}"),
                )
            }
            (None, Some(at)) => ("content-encoding", at.clone(), format!("`contentEncoding` {} was added", at.value)),
            (Some(at), None) => ("content-encoding", at.clone(), format!("`contentEncoding` {} was removed", at.value)),
            _ => return false,
        };
        self.record_effect(rule, Effect::Both, &at, &what, direction);
        true
    }

    /// Compares how properties of a form are serialized, except those that were added or removed.
    /// `media_type` is that of the form.
    fn compare_encodings(&mut self, old: &Node<'a>, new: &Node<'a>, media_type: &str, direction: Direction) {
        let (before, after) = (old.member("encoding").members(), new.member("encoding").members());
        if before.is_empty() && after.is_empty() {
            return;
        }
        // Without an encoding, an object is JSON in `multipart`, and serialized with `style: form` in a URL-encoded form.
        let is_multipart = media_type.starts_with("multipart/");
        let of_object = if is_multipart { "application/json" } else { "style=form" };
        let old_properties = encoding::properties(self.old, &old.member("schema"));
        let new_properties = encoding::properties(self.new, &new.member("schema"));
        for (name, old_schemas) in old_properties {
            let Some(new_schemas) = new_properties.get(name) else { continue };
            let (old, new) = (old.member("encoding").member(name), new.member("encoding").member(name));
            if !old.is_present() && !new.is_present() {
                continue;
            }
            let others = ["contentType", "headers", "style", "explode", "allowReserved"];
            self.compare_members(&old, &new, if is_multipart { &[] } else { &["headers"] }, &others);
            let at = choose_present(&old, &new);
            let flats = [Flat::of(self.old, &old_schemas), Flat::of(self.new, new_schemas)];
            let effect = match [&old, &new].map(|it| encoding::style(it, &flats)) {
                [None, None] => {
                    let old_types = encoding::media_types(self.old, &old, &old_schemas, of_object);
                    encoding::effect(&old_types, &encoding::media_types(self.new, &new, new_schemas, of_object))
                }
                [old, new] => (old != new).then_some(Effect::Both),
            };
            if let Some(effect) = effect {
                let what = encoding::describe(&old, &new);
                self.record_effect(
                    "encoding",
                    effect,
                    at,
                    &format!("in the encoding of {}, {what}", quote(name)),
                    direction,
                );
            }
            // The headers of an encoding are those of a part.
            if is_multipart {
                self.compare_headers(&old.member("headers"), &new.member("headers"), &Body::sent(direction, false));
            }
        }
    }

    /// Compares the response for each status: its own, that of its range, or the default (OpenAPI 3.1.1, section 4.8.16). A client handles
    /// a status by its class (RFC 9110, section 15), so that only an added success is unexpected. It reads `default` as the description of
    /// errors if the document describes a success.
    fn compare_responses(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        self.compare_annotations(old, new, &[]);
        let by_status = |node: &Node<'a>| -> Entries<'a> {
            node.members().into_iter().filter(|(status, _)| !status.starts_with("x-")).collect()
        };
        let (before, after) = (by_status(old), by_status(new));
        let is_described = |entries: &Entries<'a>, range: &str, status: &str| {
            let is_error = range == "default" && status.starts_with('2') && direction == Direction::Response;
            is_status_within(range, status) && !(is_error && entries.keys().any(|it| it.starts_with('2')))
        };
        for key in range::pair_keys(&before, &after, is_described) {
            match key {
                KeyChange::Described { old: (old_key, old), new: (new_key, new) } => {
                    let is_split_off = old_key != new_key && after.contains_key(old_key);
                    // `KeyChange::Added` reports the statuses that an added range describes.
                    let is_merged = old_key != new_key && !is_split_off && before.contains_key(new_key);
                    if is_merged {
                        self.record_merged_status([&old, &new], [old_key, new_key], direction);
                    } else if is_split_off {
                        // What differs is recorded, too.
                        let message = format!("status {new_key} now has its own response beside {old_key}");
                        self.record_at_reference("response-split", Verdict::Docs, &new, message);
                    }
                    let body = Body {
                        split_off: is_split_off.then_some(&new),
                        is_merged,
                        is_negotiated: direction == Direction::Response,
                        ..Body::sent(direction, false)
                    };
                    self.compare_response(&old, &new, &body);
                }
                KeyChange::Added { new, replaced } => self.record_added_status(new, &replaced, direction),
                KeyChange::Removed { old, replacements } => self.record_removed_status(old, &replacements, direction),
            }
        }
    }

    /// Records a response that was added, given the statuses that it describes in place of their own responses.
    fn record_added_status(&mut self, (status, new): Entry<'a>, replaced: &[&str], direction: Direction) {
        let (verdict, consequence) =
            self.effect_on_statuses(Effect::Widens, direction, &[&[status], replaced].concat());
        let (rule, change) = if replaced.is_empty() {
            ("response-added", format!("{} was added", describe_status(status)))
        } else {
            let [noun, verb] = if replaced.len() == 1 { ["status", "is"] } else { ["statuses", "are"] };
            ("response-widened", format!("{noun} {} {verb} now described by {status}", replaced.join(", ")))
        };
        self.record_at_reference(rule, verdict, &new, format!("{change}: {consequence}"));
    }

    /// Records a response that was removed, given the responses that describe a part of its statuses instead.
    fn record_removed_status(&mut self, (status, old): Entry<'a>, replacements: &[Entry<'a>], direction: Direction) {
        let names = replacements.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let (rule, change, (verdict, consequence)) = if replacements.is_empty() {
            let effect = self.effect_on_statuses(Effect::Narrows, direction, &[status]);
            ("response-removed", "removed".to_owned(), effect)
        } else {
            let effect = (Effect::Narrows.verdict(direction), self.consequence(Effect::Narrows, direction));
            ("response-narrowed", format!("replaced by {names}"), effect)
        };
        let message = format!("{} was {change}: {consequence}", describe_status(status));
        self.record_at_reference(rule, verdict, &old, message);
    }

    /// Records that a status, whose response was removed, is now described by a range that existed before. That is documentation if clients
    /// read the same response, unless a success is described by `default`, which clients read as the description of errors.
    fn record_merged_status(&mut self, [old, new]: [&Node<'a>; 2], [status, range]: [&str; 2], direction: Direction) {
        let is_error = range == "default" && status.starts_with('2') && direction == Direction::Response;
        let is_same = |part: &&str| self.are_same(&old.member(part), &new.member(part), ValueKind::ByName);
        let (verdict, consequence) = match range {
            _ if !is_error && ["headers", "content"].iter().all(is_same) => {
                (Verdict::Docs, "the response is the same".to_owned())
            }
            "default" => self.effect_on_statuses(Effect::Widens, direction, &[status]),
            // Media types and headers that the range adds are not reported on their own.
            _ => (Verdict::Compatible, format!("the response of {range} applies")),
        };
        let message = format!("status {status} is now described by {range}: {consequence}");
        self.record_at_reference("response-widened", verdict, old, message);
    }

    /// Compares the responses to a status. A range also describes other statuses, so that its documentation is not compared with that of a
    /// single status.
    fn compare_response(&mut self, old: &Node<'a>, new: &Node<'a>, body: &Body<'_, 'a>) {
        let own = ["description", "summary", "links"];
        let is_of_same_key = body.split_off.is_none() && !body.is_merged;
        let (docs, others): (&[&str], &[&str]) = if is_of_same_key { (&own, &[]) } else { (&[], &own) };
        self.compare_members(old, new, docs, &[others, &["headers", "content"]].concat());
        self.compare_content(&old.member("content"), &new.member("content"), body);
        self.compare_headers(&old.member("headers"), &new.member("headers"), body);
    }

    /// Returns the verdict on statuses that were added or removed, and the consequence for clients.
    fn effect_on_statuses(&self, effect: Effect, direction: Direction, statuses: &[&str]) -> (Verdict, String) {
        let has_success = statuses.iter().any(|status| status.starts_with('2'));
        match (direction, effect) {
            (Direction::Request, _) => (effect.verdict(direction), self.consequence(effect, direction)),
            (_, _) if !has_success => {
                (Verdict::Compatible, "clients handle statuses other than 2XX by their class".to_owned())
            }
            (_, Effect::Narrows) => (Verdict::Breaking, "existing clients may depend on it".to_owned()),
            (..) => (Verdict::Breaking, self.consequence(effect, direction)),
        }
    }

    /// Compares the headers of a response, or of a part of a body.
    fn compare_headers(&mut self, old: &Node<'a>, new: &Node<'a>, body: &Body<'_, 'a>) {
        let (direction, mut after) = (body.direction, new.members());
        for (name, old) in old.members() {
            let Some(header) = after.remove(name) else {
                let (at, of) = body.removal_location(&old);
                let consequence = match direction {
                    Direction::Request => self.consequence(Effect::Narrows, direction),
                    Direction::Response => format!("{} no longer contain it", self.message_kind(direction)),
                };
                let name = quote(&spelling_in_document(self.old, &old, name));
                let message = format!("the header {name}{of} was removed: {consequence}");
                self.record_at_reference("header-removed", Verdict::Breaking, at, message);
                continue;
            };
            let subject = format!("the header {}", quote(&spelling_in_document(self.new, &header, name)));
            self.compare_parameter_or_header(&old, &header, "header", &subject, direction);
        }
        for (name, node) in after {
            let name = quote(&spelling_in_document(self.new, &node, name));
            if node.is_true("required") && direction == Direction::Request {
                let consequence = self.consequence(Effect::Narrows, direction);
                let message = format!("the header {name} was added and is required: {consequence}");
                self.record_at_reference("required-header-added", Verdict::Breaking, &node, message);
            } else if !body.is_merged {
                self.record_at_reference(
                    "header-added",
                    Verdict::Compatible,
                    &node,
                    format!("the header {name} was added"),
                );
            }
        }
    }

    fn compare_callbacks(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        let (before, mut after) = (old.members(), new.members());
        for (name, old) in before {
            match after.remove(name) {
                Some(new) => {
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
fn removal_consequence(direction: Direction, of_request: impl Into<String>) -> String {
    match direction {
        Direction::Request => of_request.into(),
        Direction::Response => "it is no longer sent".to_owned(),
    }
}

/// Returns the name of a header as the document spells it.
fn spelling_in_document(normal: &Normal, header: &Node<'_>, name: &str) -> String {
    // The name of a component is that of the header by chance only.
    let locations =
        normal.reference(&header.pointer).map(str::to_owned).into_iter().chain([normal.origin(&header.pointer)]);
    let spelling = locations.map(|at| last_token(&at)).find(|spelling| spelling.eq_ignore_ascii_case(name));
    spelling.unwrap_or_else(|| name.to_owned())
}

/// Describes a media type, which may include those with additional parameters, or a media range.
fn describe_media_range(name: &str) -> String {
    format!("the media {} {}", if name.contains('*') { "range" } else { "type" }, quote(name))
}

/// Returns names in backquotes.
fn quote_names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// Describes the response to a status or range.
fn describe_status(status: &str) -> String {
    if status == "default" { "the default response".to_owned() } else { format!("status {status}") }
}

/// Returns whether a status is this one or in this range, as 204 in 2XX, or everything in `default`.
fn is_status_within(range: &str, status: &str) -> bool {
    let class = range.strip_suffix("XX");
    status == range || range == "default" || class.is_some_and(|class| class.len() == 1 && status.starts_with(class))
}

/// Returns the parameters of an operation by location and name; those in the path by position.
fn list_parameters<'a>(operation: &Operation<'a>) -> BTreeMap<(String, String), Node<'a>> {
    let position = |name: &str| Some(operation.path.split_once(&format!("{{{name}}}"))?.0.matches('{').count());
    let parameters = operation.item.member("parameters").items().into_iter().map(|parameter| {
        let (name, parameter_in) =
            (parameter.text("name").unwrap_or_default(), parameter.text("in").unwrap_or_default().to_owned());
        let name = match parameter_in.as_str() {
            // A parameter that is not in the path template has no position.
            "path" => position(name).map_or_else(|| name.to_owned(), |position| position.to_string()),
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        ((parameter_in, name), parameter)
    });
    let mut by_key = BTreeMap::new();
    for ((parameter_in, name), parameter) in parameters {
        // If a second header's name differs only in case, it gets a key of its own, so that both are compared.
        let spelling = parameter.text("name").unwrap_or_default().to_owned();
        let is_taken = by_key.contains_key(&(parameter_in.clone(), name.clone()));
        let name = if is_taken { format!("{name} {spelling}") } else { name };
        by_key.insert((parameter_in, name), parameter);
    }
    by_key
}

/// How a parameter is serialized, with defaults (OpenAPI 3.1.1, section 4.8.12).
struct Serialization<'a> {
    style: &'a str,
    /// The name, if it is part of the path: only `style: matrix` writes it.
    name: Option<&'a str>,
    /// Whether reserved characters are written as they are; `None` if the value has none.
    is_reserved: Option<bool>,
    is_content: bool,
    /// Whether arrays and objects are exploded; `None` if the value has no parts. In the simple style, this concerns objects only.
    explode: Option<bool>,
}

impl fmt::Display for Serialization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_content {
            return f.write_str("by its media type");
        }
        write!(f, "with `style: {}`", self.style)?;
        if let Some(name) = self.name {
            write!(f, ", `name: {name}`")?;
        }
        if let Some(explode) = self.explode {
            write!(f, ", `explode: {explode}`")?;
        }
        f.write_str(if self.is_reserved == Some(true) { ", `allowReserved: true`" } else { "" })
    }
}

impl Serialization<'_> {
    fn differs_from(&self, other: &Self) -> bool {
        let differ = |one: Option<bool>, other: Option<bool>| one.zip(other).is_some_and(|(one, other)| one != other);
        (self.style, self.is_content) != (other.style, other.is_content)
            || self.name.zip(other.name).is_some_and(|(one, other)| one != other)
            || differ(self.explode, other.explode)
            || differ(self.is_reserved, other.is_reserved)
    }
}

fn serialization<'a>(document: &'a Schemas, parameter: &Node<'a>) -> Serialization<'a> {
    let place = parameter.text("in");
    let style = parameter.text("style").unwrap_or(match place {
        Some("query" | "cookie") => "form",
        _ => "simple",
    });
    let schema = Flat::of(document, &[parameter.member("schema")]);
    let has_parts = schema.accepts("object") || (style != "simple" && schema.accepts("array"));
    let explode = parameter.value["explode"].as_bool().unwrap_or(style == "form");
    // An exploded object is written with the names of its properties.
    let is_named = style == "matrix" && !(explode && encoding::is_object(&schema));
    let may_be_reserved = place == Some("query") && encoding::may_be_reserved(&schema);
    Serialization {
        style,
        name: parameter.text("name").filter(|_| is_named),
        is_reserved: may_be_reserved.then(|| parameter.is_true("allowReserved")),
        is_content: parameter.value.get("content").is_some(),
        explode: has_parts.then_some(explode),
    }
}
