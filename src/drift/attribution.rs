//! Which change of the document a change of the generated code comes from: each is told once, at its cause.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::api::{Api, ItemChange};
use super::scope::reached_from;
use super::{Change, Verdict, escape};
use crate::codegen::names::Names;

/// A document, and the code generated from it.
pub struct Generation<'a> {
    /// As published, cut to what counts.
    pub document: &'a Value,
    /// What people can name.
    pub api: Api,
}

/// Judges each change of the document by what it changes in the generated code; what comes from none of them is told after them.
pub fn attribute(changes: &mut Vec<Change>, before: &Generation<'_>, after: &Generation<'_>, names: &Names) {
    let (old, new) = (&before.api, &after.api);
    let rest = old.difference(new);
    for change in changes.iter_mut() {
        change.rust = Some(change.wire.min(rest).min(Verdict::Compatible));
    }
    // What requests are made of may be checked otherwise: it is what it was to the compiler, but not to who uses it.
    let requests: BTreeSet<&String> =
        names.types.iter().filter(|(place, _)| place.starts_with("request ")).map(|(_, name)| name).collect();
    let mut unexplained = Vec::new();
    for name in old.types_with_other_code(new).filter(|name| requests.contains(&(*name).to_owned())) {
        let origin = Origin::of(&format!("types::{name}"), names);
        let reached = origin.reached(after.document);
        let mut is_explained = false;
        for change in changes.iter_mut().filter(|change| change.wire > Verdict::Docs) {
            if origin.is(change) {
                change.rust = change.rust.max(Some(change.wire));
            }
            is_explained |= origin.is(change) || reached.iter().any(|component| is_below(&change.pointer, component));
        }
        if !is_explained {
            let message = "requests are checked in another way, and no change of the document says why";
            unexplained.push(told(
                "rust-code-changed",
                Verdict::Breaking,
                &format!("types::{name}"),
                message.to_owned(),
            ));
        }
    }
    // So may what calls are made of.
    let operations = names.operations.iter().filter(|(_, name)| {
        let builder = name.to_pascal_case();
        old.types_with_other_code(new).any(|other| other == builder)
    });
    for (place, _) in operations {
        let says = |change: &Change| {
            change.rule.contains("parameter")
                || ["/parameters/", "/requestBody"].iter().any(|part| change.pointer.contains(part))
        };
        let of = |change: &Change| change.operation.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(place));
        for change in changes.iter_mut().filter(|change| says(change) && of(change)) {
            change.rust = change.rust.max(Some(change.wire));
        }
    }
    let reached: Vec<Reached> = changes.iter().map(|change| Reached::by(change, before, after)).collect();
    let mut others: BTreeMap<String, Vec<ItemChange>> = BTreeMap::new();
    let mut worse: BTreeMap<usize, Vec<ItemChange>> = BTreeMap::new();
    for item in old.changes(new) {
        let origin = Origin::of(&item.path, names);
        match cause(changes, &reached, &origin, old, new) {
            Some(index) => {
                changes[index].rust = changes[index].rust.max(Some(item.verdict));
                if item.verdict > changes[index].wire {
                    worse.entry(index).or_default().push(item);
                }
            }
            None => others.entry(origin.owner).or_default().push(item),
        }
    }
    for (index, items) in worse {
        changes[index].message.push_str(&format!("; in the generated code, {}", listed(items)));
    }
    changes.append(&mut unexplained);
    if rest > Verdict::None && others.is_empty() && changes.iter().all(|change| change.rust < Some(rest)) {
        changes.push(told(
            "rust-code-changed",
            rest,
            "",
            "the generated code differs in what no one can name".to_owned(),
        ));
    }
    for (owner, items) in others {
        let verdict = items.iter().map(|item| item.verdict).max().unwrap_or_default();
        changes.push(told("rust-items-changed", verdict, &owner, format!("in the generated code, {}", listed(items))));
    }
}

/// The components that what came or went refers to.
enum Reached {
    Removed(BTreeSet<String>),
    Added(BTreeSet<String>),
    Nothing,
}

impl Reached {
    fn by(change: &Change, before: &Generation<'_>, after: &Generation<'_>) -> Self {
        if change.rule.ends_with("-removed") {
            Self::Removed(reached_from(before.document, &change.pointer))
        } else if change.rule.ends_with("-added") {
            Self::Added(reached_from(after.document, &change.pointer))
        } else {
            Self::Nothing
        }
    }
}

/// The change that an item comes from: the worst at its place, or, for a type that came or went, of what refers to it.
fn cause(changes: &[Change], reached: &[Reached], origin: &Origin, old: &Api, new: &Api) -> Option<usize> {
    let path = format!("types::{}", origin.owner);
    let (was, is) = (old.has(&path), new.has(&path));
    let refers = |index: usize| match &reached[index] {
        Reached::Removed(components) => was && !is && components.iter().any(|component| origin.is_at(component)),
        Reached::Added(components) => !was && is && components.iter().any(|component| origin.is_at(component)),
        Reached::Nothing => false,
    };
    let worst = |fits: &dyn Fn(usize) -> bool| {
        let fitting = (0..changes.len()).filter(|index| changes[*index].wire > Verdict::Docs && fits(*index));
        fitting.max_by_key(|index| (changes[*index].wire, Reverse(*index)))
    };
    worst(&|index| origin.is(&changes[index])).or_else(|| worst(&refers))
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

fn told(rule: &str, rust: Verdict, pointer: &str, message: String) -> Change {
    Change {
        rule: rule.to_owned(),
        wire: Verdict::None,
        rust: Some(rust),
        pointer: pointer.to_owned(),
        line: None,
        operation: None,
        message,
    }
}

/// Where an item comes from.
struct Origin {
    /// The type or operation that it belongs to.
    owner: String,
    /// Its pointer in the document, if that is known.
    pointer: Option<String>,
    /// The field or method, in the words of the generated code.
    member: Option<String>,
    /// Method and path, if it comes from an operation: some of what that says stands elsewhere.
    operation: Option<String>,
    /// How the rules begin that tell of what a constant comes from.
    rules: &'static [&'static str],
}

/// What the constants of the client come from.
const CONSTANTS: [(&str, &[&str]); 2] =
    [("DEFAULT_BASE_URL", &["server-"]), ("ACCEPTS_HTTP_BASIC", &["security-", "operation-"])];

impl Origin {
    /// `types::builder::Thing::name()` comes from the property `name` of the schema that `Thing` comes from; `Client::act()` and
    /// `builder::Act` from the operation `act`.
    fn of(path: &str, names: &Names) -> Self {
        let (item, is_trait) = path.split_once(": ").map_or((path, false), |(item, _)| (item, true));
        let words: Vec<&str> =
            path.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
        if path.starts_with("types::")
            && let Some((place, owner)) = names.types.iter().find(|(_, name)| words.contains(&name.as_str()))
        {
            let after = item.rsplit_once(&format!("{owner}::")).map(|(_, member)| member).filter(|_| !is_trait);
            let member = after.map(|member| member.trim_end_matches("()").trim_end_matches("_null").to_owned());
            let pointer = place.split_once(' ').map(|(_, pointer)| pointer.to_owned());
            return Self { owner: owner.clone(), pointer, member, operation: None, rules: &[] };
        }
        let operation = names
            .operations
            .iter()
            .find(|(_, name)| words.contains(&name.as_str()) || words.contains(&name.to_pascal_case().as_str()));
        let pointer = operation.and_then(|(place, _)| place.split_once(' '));
        let pointer = pointer.map(|(method, path)| format!("/paths/{}/{method}", escape(path)));
        let owner =
            operation.map(|(_, name)| name.clone()).or(words.first().map(ToString::to_string)).unwrap_or_default();
        let rules = CONSTANTS.iter().find(|(name, _)| *name == path).map_or(&[][..], |(_, rules)| *rules);
        Self { owner, pointer, member: None, operation: operation.map(|(place, _)| place.clone()), rules }
    }

    /// The components that it reaches, as pointers.
    fn reached(&self, document: &Value) -> BTreeSet<String> {
        self.pointer.as_ref().map(|pointer| reached_from(document, pointer)).unwrap_or_default()
    }

    /// Whether a change may be the cause.
    fn is(&self, change: &Change) -> bool {
        let of_operation = self.operation.as_ref().zip(change.operation.as_ref());
        self.is_at(&change.pointer)
            || of_operation.is_some_and(|(own, other)| own.eq_ignore_ascii_case(other))
                && change.pointer.starts_with("/paths/")
            || self.rules.iter().any(|rules| change.rule.starts_with(rules))
    }

    /// Whether a change at this pointer may be.
    fn is_at(&self, pointer: &str) -> bool {
        let Some(own) = &self.pointer else { return false };
        let Some(below) = pointer.strip_prefix(own.as_str()) else {
            // A type that is new comes from what the change added around it.
            return !pointer.is_empty() && own.starts_with(&format!("{pointer}/"));
        };
        match (&self.member, below.split('/').collect::<Vec<_>>().as_slice()) {
            (Some(member), ["", "properties", property, ..]) => {
                property.to_snake_case() == member.trim_end_matches('_')
            }
            (_, words) => words.first() == Some(&""),
        }
    }
}

fn is_below(pointer: &str, ancestor: &str) -> bool {
    pointer.strip_prefix(ancestor).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}
