//! Parameters, and headers, which are serialized in the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::body::Body;
use super::encoding;
use super::flat::{Flat, Schemas};
use super::operation::{Operation, removal_consequence};
use super::schema::{Role, Transmission};
use super::{Comparison, Direction, Effect, Node, Verdict, quote};

impl<'a> Comparison<'a> {
    pub(super) fn compare_parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>, direction: Direction) {
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

    /// Records that a parameter was added or removed. If the same component is a parameter of the operation in the other document, its name
    /// or place was changed, so the change is located at the component.
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

    pub(super) fn compare_parameter_or_header(
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

    pub(super) fn compare_required(
        &mut self,
        old: &Node<'a>,
        new: &Node<'a>,
        rule: &str,
        subject: &str,
        direction: Direction,
    ) {
        let (effect, what) = match (old.is_true("required"), new.is_true("required")) {
            (false, true) => (Effect::Narrows, "is now required"),
            (true, false) => (Effect::Widens, "is no longer required"),
            _ => return,
        };
        self.record_effect(&format!("{rule}-required"), effect, new, &format!("{subject} {what}"), direction);
    }
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
    /// Whether reserved characters are written as they are; `None` if this has no effect: outside of a query, or if the value has none.
    is_reserved: Option<bool>,
    is_content: bool,
    /// Whether arrays and objects are exploded; `None` if the value has no parts, and for `deepObject`. In the simple style, this concerns
    /// objects only.
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
    let accepts_parts = schema.accepts("object") || (style != "simple" && schema.accepts("array"));
    let explode = parameter.value["explode"].as_bool().unwrap_or(style == "form");
    // An exploded object is written with the names of its properties.
    let is_named = style == "matrix" && !(explode && encoding::is_object(&schema));
    let may_be_reserved = place == Some("query") && encoding::may_be_reserved(&schema);
    Serialization {
        style,
        name: parameter.text("name").filter(|_| is_named),
        is_reserved: may_be_reserved.then(|| parameter.is_true("allowReserved")),
        is_content: parameter.value.get("content").is_some(),
        explode: Some(explode).filter(|_| accepts_parts && style != "deepObject"),
    }
}
