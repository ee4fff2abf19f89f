//! Operations: parameters, bodies, responses and callbacks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::schema::Transmission;
use super::{Comparison, Direction, Document, Effect, Place, Verdict, present, quoted, reversed};
use openapi_refinery::{METHODS, Normal, Result, identity, media_range_includes};

/// An operation.
#[derive(Clone)]
struct Operation<'a> {
    /// Method and path.
    name: String,
    path: String,
    item: Place<'a>,
    path_item: Place<'a>,
}

impl<'a> Operation<'a> {
    /// Returns the place of an operation that is missing in the other document: the reference to its path item, if the path is missing.
    fn place(&self, normal: &Normal, other_paths: &BTreeSet<String>, identity: Identity) -> &Place<'a> {
        let is_referenced = normal.reference(&self.path_item.pointer).is_some();
        if is_referenced && !other_paths.contains(&identity("", &self.path)) { &self.path_item } else { &self.item }
    }
}

/// Returns the identity of an operation, given its method and its path, name or expression.
type Identity = fn(&str, &str) -> String;

/// Identifies an operation by its exact name or expression.
fn exact(method: &str, name: &str) -> String {
    format!("{method} {name}")
}

/// Returns the operations of path items by their identity.
fn operations<'a>(paths: &Place<'a>, identity: Identity) -> BTreeMap<String, Operation<'a>> {
    let mut operations = BTreeMap::new();
    for (path, path_item) in paths.members() {
        for (method, item) in path_item.members().into_iter().filter(|(method, _)| METHODS.contains(method)) {
            let name = format!("{} {path}", method.to_uppercase());
            let operation = Operation { name, path: path.to_owned(), item, path_item: path_item.clone() };
            operations.insert(identity(method, path), operation);
        }
    }
    operations
}

impl<'a> Comparison<'a> {
    pub(super) fn root(&self) -> Place<'a> {
        root(self.new, Document::Candidate)
    }

    pub(super) fn documents(&mut self) -> Result<()> {
        let (old, new) = (root(self.old, Document::Vendored), self.root());
        let docs = ["openapi", "tags", "externalDocs", "jsonSchemaDialect"];
        self.members(&old, &new, &docs, &["info", "paths", "components", "servers", "security", "webhooks"]);
        let (was, is) = (old.member("info"), new.member("info"));
        let of_info: Vec<&str> = was.members().into_keys().chain(is.members().into_keys()).collect();
        self.docs(&was, &is, &of_info);
        // A webhook may have any name.
        for holder in ["paths", "components"] {
            self.docs(&old.member(holder), &new.member(holder), &[]);
        }
        self.schemes(
            &old.member("components").member("securitySchemes"),
            &new.member("components").member("securitySchemes"),
        );
        self.operations(&old.member("paths"), &new.member("paths"), Direction::Request, identity)?;
        self.operations(&old.member("webhooks"), &new.member("webhooks"), Direction::Response, exact)?;
        self.operation = None;
        Ok(())
    }

    /// Compares operations. `direction` is that of their requests: those of webhooks and callbacks are sent by the API.
    fn operations(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction, identity: Identity) -> Result<()> {
        let (before, mut after) = (operations(old, identity), operations(new, identity));
        let paths = |operations: &BTreeMap<String, Operation<'_>>| -> BTreeSet<String> {
            operations.values().map(|it| identity("", &it.path)).collect()
        };
        let [paths_before, paths_after] = [&before, &after].map(paths);
        let around = self.operation.clone();
        for (key, old) in before {
            let new = after.remove(&key);
            let name = new.as_ref().map_or(&old.name, |new| &new.name);
            self.operation = around.clone().or_else(|| Some(name.clone()));
            match new {
                Some(new) => self.operation(&old, &new, direction)?,
                None => {
                    let consequence = match direction {
                        Direction::Request => "calls to it fail",
                        Direction::Response => "it is no longer sent",
                    };
                    let message = format!("{} was removed: {consequence}", old.name);
                    let at = old.place(self.old, &paths_after, identity);
                    self.note_use("operation-removed", Verdict::Breaking, at, message);
                }
            }
            self.compare_pending()?;
        }
        for new in after.into_values() {
            self.operation = around.clone().or_else(|| Some(new.name.clone()));
            let at = new.place(self.new, &paths_before, identity);
            self.note_use("operation-added", Verdict::Compatible, at, format!("{} was added", new.name));
        }
        self.operation = around;
        Ok(())
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>, direction: Direction) -> Result<()> {
        self.members(&old.path_item, &new.path_item, &["summary", "description"], &METHODS);
        let (was, is) = (&old.item, &new.item);
        let docs = ["summary", "description", "tags", "externalDocs", "operationId"];
        let elsewhere = ["parameters", "requestBody", "responses", "callbacks", "deprecated", "security", "servers"];
        self.members(was, is, &docs, &elsewhere);
        self.deprecation(is, was.is_true("deprecated"), is.is_true("deprecated"));
        self.parameters(old, new, direction)?;
        self.request_bodies(&was.member("requestBody"), &is.member("requestBody"), direction)?;
        self.responses(&was.member("responses"), &is.member("responses"), reversed(direction))?;
        self.callbacks(&was.member("callbacks"), &is.member("callbacks"), direction)?;
        if direction == Direction::Request {
            self.security(was, is);
            self.servers(was, is);
        }
        Ok(())
    }

    pub(super) fn deprecation(&mut self, at: &Place<'_>, was: bool, is: bool) {
        match (was, is) {
            (false, true) => self.note("deprecated", Verdict::Compatible, at, "this is now deprecated"),
            (true, false) => self.note("no-longer-deprecated", Verdict::Docs, at, "this is no longer deprecated"),
            _ => {}
        }
    }

    fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>, direction: Direction) -> Result<()> {
        let (before, mut after) = (parameters(old), parameters(new));
        for (key, old) in before {
            let name = old.text("name").unwrap_or_default();
            match after.remove(&key) {
                Some(new) => self.parameter(&old, &new, direction)?,
                None => {
                    let consequence = match direction {
                        Direction::Request => Effect::Narrows.consequence(direction),
                        Direction::Response => "it is no longer sent",
                    };
                    let message = format!("the parameter {} was removed: {consequence}", quoted(name));
                    self.note_use("parameter-removed", Verdict::Breaking, &old, message);
                }
            }
        }
        for new in after.into_values() {
            let name = new.text("name").unwrap_or_default();
            let (rule, verdict, what) = if new.is_true("required") {
                let consequence = Effect::Narrows.consequence(direction);
                let verdict = Effect::Narrows.verdict(direction);
                ("required-parameter-added", verdict, format!("added and is required: {consequence}"))
            } else {
                ("parameter-added", Verdict::Compatible, "added".to_owned())
            };
            self.note_use(rule, verdict, &new, format!("the parameter {} was {what}", quoted(name)));
        }
        Ok(())
    }

    fn parameter(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let elsewhere = [
            "name", "in", "required", "deprecated", "schema", "content", "style", "explode", "allowReserved",
            "allowEmptyValue",
        ];
        self.members(old, new, &["description", "example", "examples"], &elsewhere);
        self.deprecation(new, old.is_true("deprecated"), new.is_true("deprecated"));
        let name = quoted(new.text("name").unwrap_or_default());
        let described = format!("the parameter {name}");
        self.required(old, new, "parameter", &described, direction);
        match (old.is_true("allowEmptyValue"), new.is_true("allowEmptyValue")) {
            (true, false) => {
                let what = format!("{described} can no longer be empty");
                self.effect("parameter-empty", Effect::Narrows, new, &what, direction);
            }
            (false, true) => {
                let what = format!("{described} can be empty");
                self.effect("parameter-empty", Effect::Widens, new, &what, direction);
            }
            _ => {}
        }
        // The default of a required value has no effect.
        let transmission = if old.is_true("required") { Transmission::RequiredText } else { Transmission::Text };
        self.text(old, new, "parameter", &described, direction, transmission)
    }

    /// Compares the value of a parameter or header, which is serialized as text.
    fn text(
        &mut self,
        old: &Place<'a>,
        new: &Place<'a>,
        rule: &str,
        described: &str,
        direction: Direction,
        transmission: Transmission,
    ) -> Result<()> {
        let (before, after) = (serialization(self.old, old)?, serialization(self.new, new)?);
        if before.differs_from(&after) {
            let message = format!("{described} was serialized {before} and is {after}: the same value is another text");
            self.note(format!("{rule}-style-changed"), Verdict::Breaking, new, message);
        }
        match (old.member("content"), new.member("content")) {
            (old, new) if old.is_present() && new.is_present() => self.content(&old, &new, direction, false),
            (before, after) if before.is_present() || after.is_present() => Ok(()),
            _ => self.schemas(old.member("schema"), new.member("schema"), direction, transmission),
        }
    }

    fn required(&mut self, old: &Place<'a>, new: &Place<'a>, rule: &str, described: &str, direction: Direction) {
        let (effect, what) = match (old.is_true("required"), new.is_true("required")) {
            (false, true) => (Effect::Narrows, "is now required"),
            (true, false) => (Effect::Widens, "is no longer required"),
            _ => return,
        };
        self.effect(&format!("{rule}-required"), effect, new, &format!("{described} {what}"), direction);
    }

    /// Notes an effect, with the consequence for callers.
    pub(super) fn effect(&mut self, rule: &str, effect: Effect, place: &Place<'a>, what: &str, direction: Direction) {
        let message = format!("{what}: {}", effect.consequence(direction));
        self.note(format!("{rule}-{}", effect.word()), effect.verdict(direction), place, message);
    }

    /// Notes the effect of a part that was added or removed.
    fn effect_of_use(&mut self, rule: &str, effect: Effect, place: &Place<'a>, what: &str, direction: Direction) {
        let message = format!("{what}: {}", effect.consequence(direction));
        self.note_use(format!("{rule}-{}", effect.word()), effect.verdict(direction), place, message);
    }

    fn request_bodies(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let rule = "request-body";
        match (old.is_present(), new.is_present()) {
            (false, false) => {}
            (false, true) if new.is_true("required") => {
                self.effect_of_use(rule, Effect::Narrows, new, "a required request body was added", direction);
            }
            (false, true) => self.effect_of_use(rule, Effect::Widens, new, "a request body was added", direction),
            (true, false) => {
                let consequence = match direction {
                    Direction::Request => Effect::Narrows.consequence(direction),
                    Direction::Response => "it is no longer sent",
                };
                let message = format!("the request body was removed: {consequence}");
                self.note_use("request-body-removed", Verdict::Breaking, old, message);
            }
            (true, true) => {
                self.members(old, new, &["description"], &["required", "content"]);
                self.required(old, new, rule, "the request body", direction);
                self.content(&old.member("content"), &new.member("content"), direction, false)?;
            }
        }
        Ok(())
    }

    /// Compares bodies by media type. A client negotiates responses (RFC 9110, section 12), so that it does not receive an added media type.
    fn content(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction, is_negotiated: bool) -> Result<()> {
        let (before, after) = (old.members(), new.members());
        for (name, old) in &before {
            let includes = |other: &&str| !before.contains_key(*other) && media_range_includes(name, other);
            let included: Vec<&str> = after.keys().copied().filter(includes).collect();
            let around = after.keys().copied().find(|other| media_range_includes(other, name));
            let (effect, counterparts) = match around {
                _ if after.contains_key(name) => (None, vec![*name]),
                Some(around) => (Some(Effect::Widens), vec![around]),
                None => (Some(Effect::Narrows), included),
            };
            match (&effect, counterparts.as_slice()) {
                (_, []) => {
                    let message = format!("the media type {} was removed: clients that use it fail", quoted(name));
                    self.note("media-type-removed", Verdict::Breaking, old, message);
                }
                (Some(effect), [first, ..]) => {
                    let is = counterparts.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
                    let what = format!("the media type {} is now {is}", quoted(name));
                    self.effect("media-type", *effect, &after[first], &what, direction);
                }
                _ => {}
            }
            for new in counterparts.iter().map(|name| &after[name]) {
                self.media_type(old, new, direction)?;
            }
        }
        for (name, place) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let around = before.iter().filter(|(it, _)| media_range_includes(it, name));
            let around: Vec<_> = around.map(|(_, old)| old).collect();
            for old in &around {
                self.media_type(old, place, direction)?;
            }
            // A range that takes the place of a member is wider.
            let is_wider = before.keys().any(|it| media_range_includes(name, it) && !after.contains_key(it));
            if around.is_empty() && !is_wider {
                let verdict = match direction {
                    Direction::Response if !is_negotiated => Verdict::Breaking,
                    _ => Verdict::Compatible,
                };
                self.note("media-type-added", verdict, place, format!("the media type {} was added", quoted(name)));
            }
        }
        Ok(())
    }

    fn media_type(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        self.members(old, new, &["example", "examples"], &["schema", "encoding"]);
        self.encodings(old, new, direction)?;
        self.schemas(old.member("schema"), new.member("schema"), direction, Transmission::Value)
    }

    /// Compares how properties of a form are serialized, except those of added properties.
    fn encodings(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let properties = super::schema::properties(self.old, &old.member("schema"))?;
        let (before, after) = (old.member("encoding"), new.member("encoding"));
        let names: BTreeSet<&str> = before.members().into_keys().chain(after.members().into_keys()).collect();
        for name in names.intersection(&properties) {
            let (old, new) = (before.member(name), after.member(name));
            if old.value != new.value {
                let [was, is] = [&old, &new].map(|place| match place.is_present() {
                    true => place.value.to_string(),
                    false => "the default".to_owned(),
                });
                let what = format!("the encoding of {} was {was} and is {is}", quoted(name));
                let message = format!("{what}: the API reads other values");
                self.note("encoding-changed", Effect::Both.verdict(direction), present(&old, &new), message);
            }
        }
        Ok(())
    }

    /// Compares the response for each status: its own, that of its range, or the default (OpenAPI 3.1.1, section 4.8.16). A client handles
    /// a status by its class (RFC 9110, section 15), so that only an added success is unexpected.
    fn responses(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        self.docs(old, new, &[]);
        let by_status = |place: &Place<'a>| -> BTreeMap<&'a str, Place<'a>> {
            place.members().into_iter().filter(|(status, _)| !status.starts_with("x-")).collect()
        };
        let (before, after) = (by_status(old), by_status(new));
        let verdict = |effect: Effect, status: &str| match direction {
            Direction::Request => effect.verdict(direction),
            Direction::Response if status.starts_with('2') => Verdict::Breaking,
            Direction::Response => Verdict::Compatible,
        };
        let statuses: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        let described = |status: &str| match status {
            "default" => "the default response".to_owned(),
            status => format!("status {status}"),
        };
        for status in statuses {
            // The statuses of a range that have another description in the other document.
            let within = |responses: &BTreeMap<&'a str, Place<'a>>, others: &BTreeMap<&'a str, Place<'a>>| {
                let statuses = responses.keys().copied().filter(|it| is_within(it, status) && !others.contains_key(it));
                statuses.collect::<Vec<_>>().join(", ")
            };
            let (are_new, were_old) = (within(&after, &before), within(&before, &after));
            match (effective(&before, status), effective(&after, status)) {
                (Some((_, old)), Some((name, new))) => {
                    if before.contains_key(status) && name != status {
                        let message = format!("status {status} is now described by {name}");
                        self.note_use("response-widened", verdict(Effect::Widens, status), &new, message);
                    }
                    self.response(&old, &new, direction)?;
                }
                (Some((_, old)), None) if are_new.is_empty() || status == "default" => {
                    let message = format!("{} was removed", described(status));
                    self.note_use("response-removed", verdict(Effect::Narrows, status), &old, message);
                }
                (Some((_, old)), None) => {
                    let message = format!("status {status} was replaced by {are_new}");
                    self.note_use("response-narrowed", Effect::Narrows.verdict(direction), &old, message);
                }
                (None, Some((_, new))) if were_old.is_empty() || status == "default" => {
                    let message = format!("{} was added", described(status));
                    self.note_use("response-added", verdict(Effect::Widens, status), &new, message);
                }
                (None, _) => {}
            }
        }
        Ok(())
    }

    fn response(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        self.members(old, new, &["description", "summary", "links"], &["headers", "content"]);
        self.content(&old.member("content"), &new.member("content"), direction, true)?;
        let (before, mut after) = (old.member("headers").members(), new.member("headers").members());
        for (name, old) in before {
            let Some(header) = after.remove(name) else {
                let message = format!(
                    "the header {} was removed: responses no longer contain it",
                    quoted(&spelled(self.old, &old, name))
                );
                self.note_use("header-removed", Verdict::Breaking, &old, message);
                continue;
            };
            let elsewhere = ["deprecated", "required", "schema", "content", "style", "explode"];
            self.members(&old, &header, &["description", "example", "examples"], &elsewhere);
            self.deprecation(&header, old.is_true("deprecated"), header.is_true("deprecated"));
            let described = format!("the header {}", quoted(&spelled(self.new, &header, name)));
            self.required(&old, &header, "header", &described, direction);
            self.text(&old, &header, "header", &described, direction, Transmission::Text)?;
        }
        for (name, place) in after {
            let name = quoted(&spelled(self.new, &place, name));
            if place.is_true("required") && direction == Direction::Request {
                let message =
                    format!("the header {name} was added and is required: {}", Effect::Narrows.consequence(direction));
                self.note_use("required-header-added", Verdict::Breaking, &place, message);
            } else {
                self.note_use("header-added", Verdict::Compatible, &place, format!("the header {name} was added"));
            }
        }
        Ok(())
    }

    fn callbacks(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let (before, mut after) = (old.members(), new.members());
        for (name, old) in before {
            match after.remove(name) {
                Some(new) => {
                    self.operations(&old, &new, reversed(direction), exact)?;
                }
                None => {
                    let message = format!("the callback {} was removed: it is no longer sent", quoted(name));
                    self.note_use("callback-removed", Verdict::Breaking, &old, message);
                }
            }
        }
        for (name, place) in after {
            self.note_use(
                "callback-added",
                Verdict::Compatible,
                &place,
                format!("the callback {} was added", quoted(name)),
            );
        }
        Ok(())
    }
}

/// Returns the name of a header as the document spells it.
fn spelled(normal: &Normal, header: &Place<'_>, name: &str) -> String {
    let spelled = last_segment(&normal.origin(&header.pointer));
    if spelled.eq_ignore_ascii_case(name) { spelled } else { name.to_owned() }
}

/// Returns the last segment of a JSON pointer, unescaped.
pub(super) fn last_segment(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
}

/// Returns whether a status is in a range, as 204 in 2XX, or in `default`.
fn is_within(status: &str, range: &str) -> bool {
    let class = range.strip_suffix("XX");
    status != range && (range == "default" || class.is_some_and(|class| class.len() == 1 && status.starts_with(class)))
}

/// Returns the response that applies to a status, with its key.
fn effective<'a>(responses: &BTreeMap<&'a str, Place<'a>>, status: &str) -> Option<(&'a str, Place<'a>)> {
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    let keys = [status, range.as_str(), "default"];
    keys.into_iter().find_map(|key| responses.get_key_value(key)).map(|(key, place)| (*key, place.clone()))
}

/// Returns the parameters of an operation by location and name; those in the path by position.
fn parameters<'a>(operation: &Operation<'a>) -> BTreeMap<(String, String), Place<'a>> {
    let position = |name: &str| Some(operation.path.split_once(&format!("{{{name}}}"))?.0.matches('{').count());
    let parameters = operation.item.member("parameters").items().into_iter().map(|parameter| {
        let (name, place) =
            (parameter.text("name").unwrap_or_default(), parameter.text("in").unwrap_or_default().to_owned());
        let name = match place.as_str() {
            // A parameter that is not in the path template has no position.
            "path" => position(name).map_or_else(|| name.to_owned(), |position| position.to_string()),
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        ((place, name), parameter)
    });
    let mut by_key = BTreeMap::new();
    for ((place, name), parameter) in parameters {
        // Header names that differ in case only are parameters of their own.
        let exact = parameter.text("name").unwrap_or_default().to_owned();
        let is_taken = by_key.contains_key(&(place.clone(), name.clone()));
        let name = if is_taken { format!("{name} {exact}") } else { name };
        by_key.insert((place, name), parameter);
    }
    by_key
}

pub(super) fn root(normal: &Normal, document: Document) -> Place<'_> {
    Place { document, pointer: String::new(), value: normal.document() }
}

/// How a parameter is serialized, with defaults (OpenAPI 3.1.1, section 4.8.12).
struct Serialization<'a> {
    style: &'a str,
    is_reserved: bool,
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
        if let Some(explode) = self.explode {
            write!(f, ", `explode: {explode}`")?;
        }
        f.write_str(if self.is_reserved { ", `allowReserved: true`" } else { "" })
    }
}

impl Serialization<'_> {
    fn differs_from(&self, other: &Self) -> bool {
        let explode = self.explode.zip(other.explode);
        (self.style, self.is_reserved, self.is_content) != (other.style, other.is_reserved, other.is_content)
            || explode.is_some_and(|(one, another)| one != another)
    }
}

fn serialization<'a>(document: &'a Normal, parameter: &Place<'a>) -> Result<Serialization<'a>> {
    let style = parameter.text("style").unwrap_or(match parameter.text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    });
    let schema = parameter.member("schema");
    let may_be = |kind: &str| super::schema::may_accept(document, &schema, kind);
    let has_parts = may_be("object")? || (style != "simple" && may_be("array")?);
    let explode = parameter.value["explode"].as_bool().unwrap_or(style == "form");
    let is_content = parameter.value.get("content").is_some();
    let is_reserved = parameter.is_true("allowReserved");
    Ok(Serialization { style, is_reserved, is_content, explode: has_parts.then_some(explode) })
}
