//! Bodies of requests, responses and parts: their media types, encodings and headers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::encoding;
use super::flat::{Flat, is_omitted};
use super::operation::removal_consequence;
use super::range::{self, KeyChange};
use super::schema::{Role, Transmission, describe_types};
use super::{Comparison, Direction, Effect, Node, Verdict, choose_present, quote};
use openapi_refinery::normalize::is_raw;
use openapi_refinery::pointer::last_token;
use openapi_refinery::{Normal, is_xml, media_range_includes};

/// The consequence of the removal of a media type that clients choose.
const CLIENTS_FAIL: &str = "clients that use it fail";

/// How a body is transmitted.
pub(super) struct Body<'p, 'a> {
    pub(super) direction: Direction,
    /// Whether the client chooses the media type.
    pub(super) is_negotiated: bool,
    pub(super) transmission: Transmission,
    /// The new response, if it was split off a range that remains: `404` beside `4XX`.
    pub(super) split_off: Option<&'p Node<'a>>,
    /// Whether the response was merged into a range that existed before. Media types and headers that the range adds are then not reported
    /// on their own: `response-widened` stands for them.
    pub(super) is_merged: bool,
}

impl<'p, 'a> Body<'p, 'a> {
    /// A body of a media type that the sender chooses.
    pub(super) fn sent(direction: Direction, is_required: bool) -> Self {
        let transmission = if is_required { Transmission::RequiredValue } else { Transmission::Value };
        Self { direction, is_negotiated: false, transmission, split_off: None, is_merged: false }
    }

    /// Returns the location to report for a removed media type or header, and a suffix for the message. If the response was split off a
    /// range, the removal concerns its status only.
    pub(super) fn removal_location(&self, old: &'p Node<'a>) -> (&'p Node<'a>, String) {
        self.split_off.map_or_else(|| (old, String::new()), |at| (at, format!(" of status {}", at.escaped_name())))
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn compare_request_bodies(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
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

    /// Compares bodies by media type. Of those that include a media type, the most specific describes it (OpenAPI 3.1.1, sections 4.8.13.1
    /// and 4.8.17.1). A client negotiates responses (RFC 9110, section 12), so that it does not receive an added media type.
    pub(super) fn compare_content(&mut self, old: &Node<'a>, new: &Node<'a>, body: &Body<'_, 'a>) {
        let direction = body.direction;
        let (before, after) = (old.members(), new.members());
        // A server that no longer lists a media type with parameters may reject it, although the type without parameters includes it.
        let is_withdrawn = |name: &str| {
            let general = general_media_type(name).filter(|_| before.contains_key(name) && !after.contains_key(name));
            general.is_some_and(|general| before.contains_key(general) && after.contains_key(general))
        };
        let includes = |range: &str, name: &str| media_range_includes(range, name) && !is_withdrawn(name);
        for key in range::pair_keys(&before, &after, |_, range, name| includes(range, name)) {
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

    /// Records a change if a body of bytes is newly encoded as text, such as base64 for `format: byte`, or no longer encoded, or if only
    /// one of the schemas accepts strings, which stand for bytes. Then the reader of one form cannot read the other. Returns whether a
    /// change was recorded.
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
        if self.affected.are_unchanged(old.value, new.value) {
            return;
        }
        let is_multipart = media_type.starts_with("multipart/");
        let (old_form, new_form) = (old.member("schema"), new.member("schema"));
        let encodings = [old, new].map(|it| it.member("encoding").members());
        let mut names: BTreeSet<&str> = encodings.iter().flat_map(|members| members.keys().copied()).collect();
        if is_multipart {
            // Without an encoding, the schema determines the media type of a part.
            names.extend(self.old.property_names(std::slice::from_ref(&old_form)));
            // An added property may have been a part without a name of its own.
            if !encoding::descriptions_without_name(self.old, &old_form, direction).is_empty() {
                names.extend(self.new.property_names(std::slice::from_ref(&new_form)));
            }
            self.compare_parts_without_name([&old_form, &new_form], direction);
        }
        for name in names {
            let [before, after] = [(self.old, &old_form), (self.new, &new_form)]
                .map(|(document, form)| encoding::descriptions_of(document, form, name));
            let is_omitted = |document, descriptions: &[Vec<Node<'a>>]| {
                descriptions.iter().all(|schemas| is_omitted(document, schemas, direction))
            };
            // The encoding of a property that was added or removed, or that is not sent, has no effect of its own.
            if before.is_empty() || after.is_empty() || is_omitted(self.old, &before) || is_omitted(self.new, &after) {
                continue;
            }
            let [before, after] = encoding::align_descriptions([self.old, self.new], [before, after]);
            let (old, new) = (old.member("encoding").member(name), new.member("encoding").member(name));
            let others = ["contentType", "headers", "style", "explode", "allowReserved"];
            self.compare_members(&old, &new, if is_multipart { &[] } else { &["headers"] }, &others);
            self.compare_encoding([&old, &new], [before, after], is_multipart, direction);
            // The headers of an encoding are those of a part.
            if is_multipart {
                self.compare_headers(&old.member("headers"), &new.member("headers"), &Body::sent(direction, false));
            }
        }
    }

    /// Compares the style or the media types of a property of a form, given its descriptions.
    fn compare_encoding(
        &mut self,
        [old, new]: [&Node<'a>; 2],
        [before, after]: [Vec<Vec<Node<'a>>>; 2],
        is_multipart: bool,
        direction: Direction,
    ) {
        let flats = before.iter().map(|schemas| Flat::of(self.old, schemas));
        let flats: Vec<_> = flats.chain(after.iter().map(|schemas| Flat::of(self.new, schemas))).collect();
        // Without an encoding, an object is JSON in `multipart`, and serialized with `style: form` in a URL-encoded form.
        let of_object = if is_multipart { "application/json" } else { "style=form" };
        let media_types = |document, node: &Node<'a>, schemas: &Vec<Node<'a>>| {
            encoding::media_types(document, node, schemas, of_object)
        };
        let effect = match [old, new].map(|it| encoding::style(it, &flats)) {
            [None, None] => {
                let was = before.iter().map(|schemas| media_types(self.old, old, schemas)).collect::<Vec<_>>();
                let is = after.iter().map(|schemas| media_types(self.new, new, schemas)).collect::<Vec<_>>();
                if [old, new].iter().all(|it| it.text("contentType").is_none()) {
                    return self.compare_implied_media_types([before, after], [was, is], direction);
                }
                encoding::effect(&was, &is)
            }
            [old, new] => (old != new).then_some(Effect::Both),
        };
        if let Some(effect) = effect {
            let name = quote(&last_token(&choose_present(old, new).pointer));
            let what = format!("in the encoding of {name}, {}", encoding::describe(old, new));
            self.record_effect("encoding", effect, choose_present(old, new), &what, direction);
        }
    }

    /// Compares the media types of the parts of a form that only `additionalProperties` and `patternProperties` describe. Without a name, a
    /// part has no encoding of its own.
    fn compare_parts_without_name(&mut self, [old, new]: [&Node<'a>; 2], direction: Direction) {
        let [before, mut after] = [(self.old, old), (self.new, new)]
            .map(|(document, form)| encoding::descriptions_without_name(document, form, direction));
        for (pattern, old) in before {
            let Some(new) = after.remove(&pattern) else { continue };
            let [was, is] = [(self.old, &old), (self.new, &new)]
                .map(|(document, schemas)| encoding::default_media_types(document, schemas, "application/json"));
            self.compare_implied_media_types([vec![old], vec![new]], [vec![was], vec![is]], direction);
        }
    }

    /// Compares the media types that corresponding descriptions of a part imply. Descriptions that were added or removed are those of
    /// alternatives, which are compared as such.
    fn compare_implied_media_types(
        &mut self,
        [before, after]: [Vec<Vec<Node<'a>>>; 2],
        [was, is]: [Vec<BTreeSet<String>>; 2],
        direction: Direction,
    ) {
        for ((old, was), (new, is)) in before.into_iter().zip(was).zip(after.into_iter().zip(is)) {
            if let Some(effect) = encoding::effect(&[was], &[is]) {
                self.record_implied_media_type([old, new], effect, direction);
            }
        }
    }

    /// Compares the headers of a response, or of a part of a body.
    pub(super) fn compare_headers(&mut self, old: &Node<'a>, new: &Node<'a>, body: &Body<'_, 'a>) {
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
}

/// Returns the name of a header as the document spells it.
fn spelling_in_document(normal: &Normal, header: &Node<'_>, name: &str) -> String {
    // A reference to a header component has the name of the header; the component may have another name.
    let locations =
        normal.reference(&header.pointer).map(str::to_owned).into_iter().chain([normal.origin(&header.pointer)]);
    let spelling = locations.map(|at| last_token(&at)).find(|spelling| spelling.eq_ignore_ascii_case(name));
    spelling.unwrap_or_else(|| name.to_owned())
}

/// Describes a media range, or a media type that includes the same type with additional parameters.
fn describe_media_range(name: &str) -> String {
    format!("the media {} {}", if name.contains('*') { "range" } else { "type" }, quote(name))
}

/// Returns names in backquotes.
fn quote_names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// Returns a media type without its parameters if it has others than `charset` and `boundary`, which only say how a body is written.
fn general_media_type(name: &str) -> Option<&str> {
    let (essence, parameters) = name.split_once("; ")?;
    let is_syntax = |parameter: &str| ["charset=", "boundary="].iter().any(|name| parameter.starts_with(name));
    parameters.split("; ").any(|parameter| !is_syntax(parameter)).then_some(essence)
}
