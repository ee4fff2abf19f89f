//! Which change of the document a change of the generated code comes from: each is told once, at its cause.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};

use super::api::ItemChange;
use super::{Change, Verdict, escape};
use crate::codegen::names::Names;

/// Judges each change of the document by the items that it changes; what comes from none of them is told after them. `rest` is
/// how much the code differs where no item does.
pub fn attribute(changes: &mut Vec<Change>, items: Vec<ItemChange>, rest: Verdict, names: &Names) {
    for change in changes.iter_mut() {
        change.rust = Some(change.wire.min(rest).min(Verdict::Compatible));
    }
    let mut others: BTreeMap<String, Vec<ItemChange>> = BTreeMap::new();
    for item in items {
        let origin = Origin::of(&item.path, names);
        match changes.iter_mut().filter(|change| change.wire > Verdict::Docs).find(|change| origin.is(&change.pointer))
        {
            Some(change) => change.rust = change.rust.max(Some(item.verdict)),
            None => others.entry(origin.owner).or_default().push(item),
        }
    }
    if others.is_empty() && rest > Verdict::None && changes.iter().all(|change| change.rust < Some(rest)) {
        changes.push(told(
            "rust-code-changed",
            rest,
            "",
            "the generated code differs in what no one can name".to_owned(),
        ));
    }
    for (owner, items) in others {
        let verdict = items.iter().map(|item| item.verdict).max().unwrap_or_default();
        let named: Vec<String> = items.iter().map(|item| format!("`{}` {}", item.path, item.what)).collect();
        changes.push(told(
            "rust-items-changed",
            verdict,
            &owner,
            format!("in the generated code: {}", named.join(", ")),
        ));
    }
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
}

impl Origin {
    /// `types::builder::Thing::name()` comes from the property `name` of the schema that `Thing` comes from, `Client::act()` and
    /// `builder::Act` from the operation `act`.
    fn of(path: &str, names: &Names) -> Self {
        let path = path.split(": ").next().unwrap_or(path);
        let is_type = path.starts_with("types::");
        let words: Vec<&str> =
            path.split("::").filter(|word| !matches!(*word, "types" | "builder" | "Client")).collect();
        let owner = words.first().map(|word| word.trim_end_matches("()")).unwrap_or_default().to_owned();
        let member = words.get(1).map(|word| word.trim_end_matches("()").trim_end_matches("_null").to_owned());
        let pointer = if is_type {
            let place = names.types.iter().find(|(_, name)| **name == owner).map(|(place, _)| place);
            place.and_then(|place| place.split_once(' ')).map(|(_, pointer)| pointer.to_owned())
        } else {
            let operation = owner.to_snake_case();
            let place = names.operations.iter().find(|(_, name)| **name == operation || name.to_pascal_case() == owner);
            place
                .and_then(|(place, _)| place.split_once(' '))
                .map(|(method, path)| format!("/paths/{}/{method}", escape(path)))
        };
        Self { owner, pointer, member }
    }

    /// Whether a change at this pointer may be the cause.
    fn is(&self, pointer: &str) -> bool {
        let Some(below) = self.pointer.as_ref().and_then(|own| pointer.strip_prefix(own.as_str())) else {
            // A type that is new comes from what the change at a pointer added around it.
            return self
                .pointer
                .as_ref()
                .is_some_and(|own| own.starts_with(&format!("{pointer}/")) && !pointer.is_empty());
        };
        match (&self.member, below.split('/').collect::<Vec<_>>().as_slice()) {
            (Some(member), ["", "properties", property, ..]) => {
                property.to_snake_case() == member.trim_end_matches('_')
            }
            (_, ["" | "enum" | "type", ..] | []) => true,
            _ => below.starts_with('/') && self.member.is_none(),
        }
    }
}
