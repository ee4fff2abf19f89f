//! What stands around schemas: operations, parameters, bodies, responses and servers.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::Travel;
use super::{Comparison, Direction, Effect, Place, Verdict, turned};
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

/// What identifies an operation among path items, given its method and its path, name or expression.
type Identity = fn(&str, &str) -> String;

/// A name or an expression means something else if a letter differs.
fn exact(method: &str, name: &str) -> String {
    format!("{method} {name}")
}

/// Returns the operations of path items, by what identifies them to the API.
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
        root(self.new)
    }

    pub(super) fn documents(&mut self) -> Result<()> {
        let (old, new) = (root(self.old), self.root());
        let docs = ["openapi", "info", "tags", "externalDocs", "jsonSchemaDialect"];
        self.members(&old, &new, &docs, &["paths", "components", "servers", "security", "webhooks"]);
        for holder in ["paths", "components", "webhooks"] {
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

    /// Operations, their requests in this direction: those of webhooks and callbacks come from the API.
    fn operations(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction, identity: Identity) -> Result<()> {
        let (before, mut after) = (operations(old, identity), operations(new, identity));
        let around = self.operation.clone();
        for (identity, old) in before {
            let new = after.remove(&identity);
            let name = new.as_ref().map_or(&old.name, |new| &new.name);
            self.operation = around.clone().or_else(|| Some(name.clone()));
            match new {
                Some(new) => self.operation(&old, &new, direction)?,
                None => {
                    let pointer = self.old.origin(&old.item.pointer);
                    let consequence = match direction {
                        Direction::Request => "calls of it fail",
                        Direction::Response => "it is no longer sent",
                    };
                    let message = format!("{} is gone: {consequence}", old.name);
                    self.note_at("operation-removed", Verdict::Breaking, &pointer, message);
                }
            }
            self.settle()?;
        }
        for new in after.into_values() {
            self.operation = around.clone().or_else(|| Some(new.name.clone()));
            self.note("operation-added", Verdict::Compatible, &new.item.pointer, format!("{} is new", new.name));
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
        self.deprecation(&is.pointer, was.is_true("deprecated"), is.is_true("deprecated"));
        self.parameters(old, new, direction)?;
        self.request_bodies(&was.member("requestBody"), &is.member("requestBody"), direction)?;
        self.responses(&was.member("responses"), &is.member("responses"), turned(direction))?;
        self.callbacks(&was.member("callbacks"), &is.member("callbacks"), direction)?;
        if direction == Direction::Request {
            self.security(was, is);
            self.servers(old, new);
        }
        Ok(())
    }

    pub(super) fn deprecation(&mut self, pointer: &str, was: bool, is: bool) {
        match (was, is) {
            (false, true) => self.note("deprecated", Verdict::Compatible, pointer, "this is now deprecated"),
            (true, false) => self.note("no-longer-deprecated", Verdict::Docs, pointer, "this is no longer deprecated"),
            _ => return,
        };
    }

    fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>, direction: Direction) -> Result<()> {
        let (before, mut after) = (parameters(old), parameters(new));
        for (key, old) in before {
            let name = old.text("name").unwrap_or_default();
            match after.remove(&key) {
                Some(new) => self.parameter(&old, &new, direction)?,
                None => {
                    let operation = self.new.origin(&new.item.pointer);
                    let pointer = format!("{operation}/parameters/{}", super::escape(name));
                    let consequence = match direction {
                        Direction::Request => Effect::Narrows.consequence(direction),
                        Direction::Response => "it is no longer sent",
                    };
                    let message = format!("the parameter `{name}` is gone: {consequence}");
                    let gone = self.old.origin(&old.pointer);
                    self.note_at("parameter-removed", Verdict::Breaking, &pointer, message).change.gone = Some(gone);
                }
            }
        }
        for new in after.into_values() {
            let name = new.text("name").unwrap_or_default();
            let (rule, verdict, what) = if new.is_true("required") {
                let consequence = Effect::Narrows.consequence(direction);
                let verdict = Effect::Narrows.verdict(direction);
                ("required-parameter-added", verdict, format!("new and required: {consequence}"))
            } else {
                ("parameter-added", Verdict::Compatible, "new".to_owned())
            };
            self.note(rule, verdict, &new.pointer, format!("the parameter `{name}` is {what}"));
        }
        Ok(())
    }

    fn parameter(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let elsewhere = [
            "name", "in", "required", "deprecated", "schema", "content", "style", "explode", "allowReserved",
            "allowEmptyValue",
        ];
        self.members(old, new, &["description", "example", "examples"], &elsewhere);
        self.deprecation(&new.pointer, old.is_true("deprecated"), new.is_true("deprecated"));
        self.required(old, new, "parameter", direction);
        if written(self.old, old)?.differs_from(&written(self.new, new)?) {
            let message = "the parameter is written in another way: values are read as something else";
            self.note("parameter-style-changed", Verdict::Breaking, &new.pointer, message);
        }
        match (old.is_true("allowEmptyValue"), new.is_true("allowEmptyValue")) {
            (true, false) => self.effect("parameter-empty", Effect::Narrows, new, direction),
            (false, true) => self.effect("parameter-empty", Effect::Widens, new, direction),
            _ => {}
        }
        if old.member("content").is_there() && new.member("content").is_there() {
            return self.content(&old.member("content"), &new.member("content"), direction, false);
        }
        // A default of what must be sent means nothing.
        let travel = if old.is_true("required") { Travel::RequiredText } else { Travel::Text };
        self.schemas(old.member("schema"), new.member("schema"), direction, travel)
    }

    fn required(&mut self, old: &Place<'a>, new: &Place<'a>, what: &str, direction: Direction) {
        match (old.is_true("required"), new.is_true("required")) {
            (false, true) => self.effect(&format!("{what}-required"), Effect::Narrows, new, direction),
            (true, false) => self.effect(&format!("{what}-required"), Effect::Widens, new, direction),
            _ => {}
        }
    }

    fn effect(&mut self, rule: &str, effect: Effect, place: &Place<'a>, direction: Direction) {
        let what = match effect {
            Effect::Narrows if rule.ends_with("required") => "now required",
            Effect::Widens if rule.ends_with("required") => "no longer required",
            _ => effect.word(),
        };
        let message = format!("this is {what}: {}", effect.consequence(direction));
        self.note(format!("{rule}-{}", effect.word()), effect.verdict(direction), &place.pointer, message);
    }

    fn request_bodies(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        match (old.is_there(), new.is_there()) {
            (false, false) => {}
            (false, true) if new.is_true("required") => self.effect("request-body", Effect::Narrows, new, direction),
            (false, true) => self.effect("request-body", Effect::Widens, new, direction),
            (true, false) => self.effect("request-body", Effect::Narrows, new, direction),
            (true, true) => {
                self.members(old, new, &["description"], &["required", "content"]);
                self.required(old, new, "request-body", direction);
                self.content(&old.member("content"), &new.member("content"), direction, false)?;
            }
        }
        Ok(())
    }

    /// Bodies by media type. A client that is answered negotiates (RFC 9110, section 12): what is possible beside is not sent to it.
    fn content(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction, is_negotiated: bool) -> Result<()> {
        let (before, after) = (old.members(), new.members());
        let is_known = |name: &str| before.contains_key(name) || before.keys().any(|it| media_range_includes(it, name));
        for (name, old) in &before {
            let includes = |other: &&str| !before.contains_key(*other) && media_range_includes(name, other);
            let included: Vec<&str> = after.keys().copied().filter(includes).collect();
            let around = after.keys().copied().find(|other| media_range_includes(other, name));
            let (effect, counterparts) = match around {
                _ if after.contains_key(name) => (None, vec![*name]),
                Some(around) => (Some(Effect::Widens), vec![around]),
                None => (Some(Effect::Narrows), included),
            };
            match (effect, counterparts.as_slice()) {
                (_, []) => {
                    let pointer = format!("{}/{}", new.pointer, super::escape(name));
                    let message = format!("{name} is gone: clients that use it fail");
                    self.note("media-type-removed", Verdict::Breaking, &pointer, message);
                }
                (Some(effect), [first, ..]) => {
                    let message =
                        format!("{name} is now {}: {}", counterparts.join(", "), effect.consequence(direction));
                    let rule = format!("media-type-{}", effect.word());
                    self.note(rule, effect.verdict(direction), &after[first].pointer, message);
                }
                _ => {}
            }
            for new in counterparts.iter().map(|name| &after[name]) {
                self.members(old, new, &["example", "examples"], &["schema", "encoding"]);
                self.encodings(old, new, direction)?;
                self.schemas(old.member("schema"), new.member("schema"), direction, Travel::Value)?;
            }
        }
        for (name, place) in after.iter().filter(|(name, _)| !is_known(name)) {
            let is_wider = before.keys().any(|it| media_range_includes(name, it));
            let verdict = match direction {
                Direction::Response if !is_negotiated => Verdict::Breaking,
                _ => Verdict::Compatible,
            };
            if !is_wider {
                self.note("media-type-added", verdict, &place.pointer, format!("{name} is possible too"));
            }
        }
        Ok(())
    }

    /// How properties of a form are written. That of a property that is new comes with it.
    fn encodings(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let properties = super::schema::properties(self.old, &old.member("schema"))?;
        let (before, after) = (old.member("encoding").members(), new.member("encoding").members());
        for name in before.keys().chain(after.keys()).filter(|name| properties.contains(**name)) {
            if before.get(name).map(|it| it.value) != after.get(name).map(|it| it.value) {
                let pointer = new.member("encoding").member(name).pointer;
                self.note(
                    "encoding-changed",
                    Effect::Both.verdict(direction),
                    &pointer,
                    format!("`{name}` is encoded in another way"),
                );
            }
        }
        Ok(())
    }

    /// Responses by what is sent for a status: its own response, that of its range, or the default (OpenAPI 3.1.1, section 4.8.16). A client
    /// knows a status by its class (RFC 9110, section 15): only another success is unexpected.
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
        for status in statuses {
            let pointer = new.member(status).pointer;
            let within = |responses: &BTreeMap<&'a str, Place<'a>>| {
                responses.keys().copied().filter(|other| is_within(other, status)).collect::<Vec<_>>().join(", ")
            };
            match (effective(&before, status), effective(&after, status)) {
                (Some((_, old)), Some((name, new))) => {
                    if before.contains_key(status) && name != status {
                        let message = format!("status {status} is now any of {name}");
                        self.note("response-widened", verdict(Effect::Widens, status), &new.pointer, message);
                    }
                    self.response(&old, &new, direction)?;
                }
                (Some(_), None) if within(&after).is_empty() || status == "default" => {
                    let message = format!("status {status} is gone");
                    self.note("response-removed", verdict(Effect::Narrows, status), &pointer, message);
                }
                (Some(_), None) => {
                    let message = format!("of {status}, only {} are left", within(&after));
                    self.note("response-narrowed", Effect::Narrows.verdict(direction), &pointer, message);
                }
                (None, Some((_, new))) if within(&before).is_empty() || status == "default" => {
                    let message = format!("status {status} is new");
                    self.note("response-added", verdict(Effect::Widens, status), &new.pointer, message);
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
                let pointer = format!("{}/headers/{}", new.pointer, super::escape(name));
                let message = format!("the header `{name}` is gone: responses no longer contain it");
                let gone = self.old.origin(&old.pointer);
                self.note("header-removed", Verdict::Breaking, &pointer, message).change.gone = Some(gone);
                continue;
            };
            let elsewhere = ["deprecated", "required", "schema", "style", "explode"];
            self.members(&old, &header, &["description", "example", "examples"], &elsewhere);
            self.deprecation(&header.pointer, old.is_true("deprecated"), header.is_true("deprecated"));
            self.required(&old, &header, "header", direction);
            self.schemas(old.member("schema"), header.member("schema"), direction, Travel::Text)?;
        }
        for (name, place) in after {
            self.note("header-added", Verdict::Compatible, &place.pointer, format!("the header `{name}` is new"));
        }
        Ok(())
    }

    fn callbacks(&mut self, old: &Place<'a>, new: &Place<'a>, direction: Direction) -> Result<()> {
        let (before, mut after) = (old.members(), new.members());
        for (name, old) in before {
            match after.remove(name) {
                Some(new) => {
                    self.operations(&old, &new, turned(direction), exact)?;
                }
                None => {
                    let message = format!("the callback `{name}` is gone: whoever waits for it waits in vain");
                    self.note("callback-removed", Verdict::Breaking, &new.member(name).pointer, message);
                }
            }
        }
        for (name, place) in after {
            self.note("callback-added", Verdict::Compatible, &place.pointer, format!("the callback `{name}` is new"));
        }
        Ok(())
    }

    fn servers(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let mut before = servers(self.old, old);
        let after = servers(self.new, new);
        for (url, server) in after {
            match before.remove(&url) {
                Some(old) => self.server(&old, &server),
                None => {
                    self.note("server-added", Verdict::Compatible, &server.pointer, format!("the server {url} is new"));
                }
            }
        }
        for (url, server) in before {
            let message = format!("the server {url} is gone: requests to it may fail");
            let pointer = self.old.origin(&server.pointer);
            let noted = self.note_at("server-removed", Verdict::Breaking, &pointer, message);
            noted.change.gone = Some(pointer);
        }
    }

    fn server(&mut self, old: &Place<'a>, new: &Place<'a>) {
        self.members(old, new, &["description"], &["url", "variables"]);
        let mut before = old.member("variables").members();
        for (name, variable) in new.member("variables").members() {
            let Some(old) = before.remove(name) else { continue };
            self.members(&old, &variable, &["description"], &["default", "enum"]);
            if let Some(effect) = super::schema::effect_on_values(&old, &variable) {
                self.effect("server-variable", effect, &variable, Direction::Request);
            }
        }
    }
}

/// Whether a status is one of a range, as 204 of 2XX, or of all.
fn is_within(status: &str, range: &str) -> bool {
    let class = range.strip_suffix("XX");
    status != range && (range == "default" || class.is_some_and(|class| class.len() == 1 && status.starts_with(class)))
}

/// The response that applies to a status, with its key.
fn effective<'a>(responses: &BTreeMap<&'a str, Place<'a>>, status: &str) -> Option<(&'a str, Place<'a>)> {
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    let keys = [status, range.as_str(), "default"];
    keys.into_iter().find_map(|key| responses.get_key_value(key)).map(|(key, place)| (*key, place.clone()))
}

/// The parameters of an operation: one in the path by its position, others by name.
fn parameters<'a>(operation: &Operation<'a>) -> BTreeMap<(String, String), Place<'a>> {
    let position = |name: &str| Some(operation.path.split_once(&format!("{{{name}}}"))?.0.matches('{').count());
    let parameters = operation.item.member("parameters").items().into_iter().map(|parameter| {
        let (name, place) =
            (parameter.text("name").unwrap_or_default(), parameter.text("in").unwrap_or_default().to_owned());
        let name = match place.as_str() {
            // One that is not in the path has no position.
            "path" => position(name).map_or_else(|| name.to_owned(), |position| position.to_string()),
            "header" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        ((place, name), parameter)
    });
    parameters.collect()
}

fn root(document: &Normal) -> Place<'_> {
    Place { pointer: String::new(), value: document.document() }
}

/// How a parameter's value is written, defaults included (OpenAPI 3.1.1, section 4.8.12).
struct Written<'a> {
    style: &'a str,
    is_reserved: bool,
    is_content: bool,
    /// Whether parts are written apart, of what has parts: in the simple style, only objects differ by it.
    explode: Option<bool>,
}

impl Written<'_> {
    fn differs_from(&self, other: &Self) -> bool {
        let explode = self.explode.zip(other.explode);
        (self.style, self.is_reserved, self.is_content) != (other.style, other.is_reserved, other.is_content)
            || explode.is_some_and(|(one, another)| one != another)
    }
}

fn written<'a>(document: &'a Normal, parameter: &Place<'a>) -> Result<Written<'a>> {
    let style = parameter.text("style").unwrap_or(match parameter.text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    });
    let schema = parameter.member("schema");
    let may_be = |kind: &str| super::schema::may_be(document, &schema, kind);
    let has_parts = may_be("object")? || (style != "simple" && may_be("array")?);
    let explode = parameter.value["explode"].as_bool().unwrap_or(style == "form");
    let is_content = parameter.value.get("content").is_some();
    let is_reserved = parameter.is_true("allowReserved");
    Ok(Written { style, is_reserved, is_content, explode: has_parts.then_some(explode) })
}

/// An operation's servers by their URLs, with the defaults of variables.
fn servers<'a>(document: &'a Normal, operation: &Operation<'a>) -> BTreeMap<String, Place<'a>> {
    let own = operation.item.member("servers");
    let place = if own.is_there() { own } else { root(document).member("servers") };
    let servers = place.items().into_iter().map(|server| {
        let url = server.text("url").unwrap_or_default().to_owned();
        let variables = server.member("variables").members().into_iter();
        let url = variables.fold(url, |url, (name, variable)| {
            url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default())
        });
        (url, server)
    });
    servers.collect()
}
