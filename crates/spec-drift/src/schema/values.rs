//! Comparison of types and values: `type`, `enum`, `format` and bounds of numbers.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::{PairComparison, describe_values, effect_on, effect_on_sets};
use crate::flat::{Bound, Flat};
use crate::matching::is_component;
use crate::{Effect, Node, follow};

/// The keywords that may reject `null`, apart from those that list types or values.
const NULL_KEYWORDS: [&str; 6] = ["not", "if", "then", "else", "oneOf", "anyOf"];

impl<'a> PairComparison<'_, 'a> {
    /// Compares whether any instance is accepted. Returns whether that differs, so that there is nothing else to compare.
    pub(super) fn compare_satisfiability(&mut self) -> bool {
        let (effect, what) = match (self.old.rejects_all, self.new.rejects_all) {
            (false, true) => (Effect::Narrows, "the schema now rejects all values"),
            (true, false) => (Effect::Widens, "the schema rejected all values and now accepts some"),
            _ => return false,
        };
        self.record_keyword("schema", effect, what);
        true
    }

    /// Compares the accepted types, given how the documents declare them. Returns whether types were both added and removed: constraints
    /// are then not compared.
    pub(super) fn compare_types(&mut self, [old_types, new_types]: [String; 2]) -> bool {
        let effect = effect_on_sets(&self.old.types, &self.new.types);
        if let Some(effect) = effect {
            self.record_keyword("type", effect, &format!("the type was {old_types} and is {new_types}"));
        }
        self.compare_null();
        effect == Some(Effect::Both)
    }

    /// Compares whether `null` fits several alternatives of `oneOf`.
    pub(super) fn compare_ambiguous_null(&mut self) {
        // Whether `null` is allowed at all is compared elsewhere.
        if ![self.old, self.new].into_iter().all(|flat| flat.accepts("null") && !flat.rejects_null()) {
            return;
        }
        let [was_ambiguous, is_ambiguous] = [self.old, self.new].map(|flat| flat.null_is_ambiguous);
        let (effect, what) = match (was_ambiguous, is_ambiguous) {
            (false, true) => (Effect::Narrows, "`null` now fits several alternatives of `oneOf`, which rejects it"),
            (true, false) => (Effect::Widens, "`null` no longer fits several alternatives of `oneOf`"),
            _ => return,
        };
        self.record_keyword("type", effect, what);
    }

    /// Compares whether `null` is accepted, unless both documents declare types.
    fn compare_null(&mut self) {
        let (old, new) = (self.old, self.new);
        let accepts = |flat: &Flat<'_>| match &flat.types {
            Some(types) => Some(types.contains("null")),
            None => flat.rejects_null().then_some(false),
        };
        match [old.types.is_some(), new.types.is_some()] {
            [false, false] => self.record_null([old.accepts_null_untyped(), new.accepts_null_untyped()]),
            [true, true] => {}
            // A change of what rejects `null` is reported for its keyword.
            _ if NULL_KEYWORDS.iter().all(|keyword| old.texts(keyword) == new.texts(keyword)) => {
                self.record_null([old, new].map(accepts));
            }
            _ => {}
        }
    }

    /// Records a change if `null` is newly accepted or no longer accepted. `accepts` says whether it is accepted before and after; if one
    /// is `None`, it is unknown, and nothing is recorded.
    pub(super) fn record_null(&mut self, accepts: [Option<bool>; 2]) {
        // `null` cannot be written as text.
        if self.role.ignores_null || self.role.is_text() {
            return;
        }
        let (effect, what) = match accepts {
            [Some(false), Some(true)] => (Effect::Widens, "`null` is now allowed"),
            [Some(true), Some(false)] => (Effect::Narrows, "`null` is no longer allowed"),
            _ => return,
        };
        let effect = self.role.effect(effect);
        let node = self.component_that_accepts_null().unwrap_or_else(|| self.keyword_node("type"));
        self.record(&format!("type-{}", effect.word()), effect, &node, what);
    }

    /// Returns the type of a component among the alternatives that now accepts `null`, or no longer does.
    fn component_that_accepts_null(&self) -> Option<Node<'a>> {
        let [before, after] = self.sides().map(|(flat, document)| -> Vec<(Node<'a>, bool)> {
            let items = flat.alternatives().into_iter().flat_map(|list| list.items());
            let targets = items.map(|item| follow(document, item)).filter(is_component);
            targets.map(|target| (target.clone(), document.may_be_null(&target))).collect()
        });
        let differs = |(node, accepts): &(Node<'a>, bool)| {
            before.iter().any(|(other, accepted)| other.pointer == node.pointer && accepted != accepts)
        };
        let (component, _) = after.into_iter().find(differs)?;
        Some(Some(component.member("type")).filter(Node::is_present).unwrap_or(component))
    }

    pub(super) fn compare_values(&mut self) {
        if self.old.is_null() && self.new.is_null() {
            // `Flat::values` does not return `null`.
            return self.record_null([self.old, self.new].map(|flat| Some(flat.lists_null())));
        }
        let (old, new) = (self.old.values(), self.new.values());
        let Some(effect) = effect_on_sets(&old, &new) else { return };
        let none = BTreeSet::new();
        let (before, after) = (old.as_ref().unwrap_or(&none), new.as_ref().unwrap_or(&none));
        let missing =
            |these: &BTreeSet<String>, those: &BTreeSet<String>| these.difference(those).cloned().collect::<Vec<_>>();
        let with_verb = |values: &[String], what: &str| {
            format!("{} {} {what}", values.join(", "), if values.len() == 1 { "is" } else { "are" })
        };
        let what = match (&old, &new) {
            (None, Some(values)) if values.is_empty() => "no value is allowed".to_owned(),
            (Some(values), None) if values.is_empty() => "any value is allowed instead of none".to_owned(),
            (None, _) => format!("only {}", with_verb(&missing(after, before), "allowed")),
            (_, None) => format!("any value is allowed instead of only {}", missing(before, after).join(", ")),
            _ => match (missing(before, after), missing(after, before)) {
                (removed, added) if added.is_empty() => with_verb(&removed, "no longer allowed"),
                (removed, added) if removed.is_empty() => with_verb(&added, "now allowed"),
                (removed, added) => {
                    format!("{}, {}", with_verb(&removed, "no longer allowed"), with_verb(&added, "allowed instead"))
                }
            },
        };
        self.record_keyword("enum", effect, &what);
    }

    /// Compares bounds, including those that a format implies.
    pub(super) fn compare_bounds(&mut self) {
        let (before, after) = (self.old, self.new);
        for (keyword, old, new, tighter) in [
            ("minimum", &before.least, &after.least, Ordering::Greater),
            ("maximum", &before.greatest, &after.greatest, Ordering::Less),
        ] {
            let is_unchanged = effect_on(old, new, |a, b| a.implies(b, tighter)).is_none();
            let [implied_before, implied_after] = [before, after].map(|flat| flat.with_implied(&[], tighter));
            let own = |bounds: &[Bound<'a>], implied: &[Bound<'a>]| -> Vec<Bound<'a>> {
                let is_own = |bound: &&Bound<'a>| !implied.iter().any(|it| it.implies(bound, tighter));
                bounds.iter().filter(is_own).cloned().collect()
            };
            let (old, new) = (own(old, &implied_before), own(new, &implied_after));
            if is_unchanged || (old.is_empty() && new.is_empty()) {
                // A change of the format has its own rule.
                continue;
            }
            let [before, after] = [[&old[..], &implied_before].concat(), [&new[..], &implied_after].concat()];
            let effect = effect_on(&before, &after, |a, b| a.implies(b, tighter));
            let accept = |bounds: &[Bound<'a>], value: &Value| bounds.iter().all(|bound| bound.accepts(value, tighter));
            let effect = effect.and_then(|effect| {
                self.effect_on_unlisted(effect, |value| accept(&before, value), |value| accept(&after, value))
            });
            if let Some(effect) = effect {
                let [old, new] = [&old, &new]
                    .map(|bounds| bounds.iter().map(|it| it.published(self.comparison)).collect::<Vec<_>>());
                let keywords: BTreeSet<&String> = old.iter().chain(&new).map(|(keyword, ..)| keyword).collect();
                // If both documents use the same keyword, its name says whether the bounds are exclusive.
                let (shown, is_one) = match Vec::from_iter(keywords)[..] {
                    [only] if only.starts_with("exclusive") => (only.as_str(), true),
                    _ => (keyword, false),
                };
                let describe = |(_, number, is_exclusive): &(String, String, bool)| {
                    format!("{number}{}", if *is_exclusive && !is_one { " (exclusive)" } else { "" })
                };
                let [old, new] = [&old, &new].map(|bounds| bounds.iter().map(describe).collect::<Vec<_>>());
                // Bounds of integers are rounded: if they are written as before, only the type has changed.
                if old != new {
                    self.record_keyword(keyword, effect, &describe_values(shown, &old, &new));
                }
            }
        }
    }

    /// Returns what remains of the effect of a constraint beside `enum`, given which values the old and the new constraint certainly
    /// accept. Nothing is narrowed if the new constraint accepts all values that the old `enum` lists; nothing is widened if the old
    /// constraint accepts all values that the new `enum` lists.
    pub(super) fn effect_on_unlisted(
        &self,
        effect: Effect,
        old_accepts: impl Fn(&Value) -> bool,
        new_accepts: impl Fn(&Value) -> bool,
    ) -> Option<Effect> {
        let narrows = effect != Effect::Widens && !self.old.lists_only(new_accepts);
        let widens = effect != Effect::Narrows && !self.new.lists_only(old_accepts);
        match (narrows, widens) {
            (true, true) => Some(Effect::Both),
            (true, false) => Some(Effect::Narrows),
            (false, true) => Some(Effect::Widens),
            (false, false) => None,
        }
    }

    pub(super) fn compare_format(&mut self) {
        let (old, new) = (self.old, self.new);
        // The format of an integer restricts nothing if the bounds, or the listed values, are within its range.
        let with_implied = |flat: &Flat<'a>, other: &Flat<'a>| -> Vec<String> {
            let implied = other.formats().into_iter().filter(|format| flat.implies_format(format));
            flat.formats().into_iter().chain(implied).collect()
        };
        let [before, after] = [with_implied(old, new), with_implied(new, old)];
        let implies = |a: &String, b: &String| a == b || is_narrower(a.trim_matches('"'), b.trim_matches('"'));
        if let Some(effect) = effect_on(&before, &after, implies) {
            return self.record_values("format", effect, &old.texts("format"), &new.texts("format"));
        }
        let [before, after] = [old, new].map(Flat::is_hidden);
        if before != after {
            self.comparison.record_documentation("format", &self.keyword_node("format"), [before, after]);
        }
    }
}

/// Returns whether another format includes all values of a format (OpenAPI Format Registry; JSON Schema 2020-12, Validation, section 7.3).
fn is_narrower(format: &str, other: &str) -> bool {
    let wider: &[&str] = match format {
        "int32" => &["int64"],
        "float" => &["double"],
        "email" => &["idn-email"],
        "hostname" => &["idn-hostname"],
        "uri" => &["uri-reference", "iri", "iri-reference"],
        "uri-reference" | "iri" => &["iri-reference"],
        _ => &[],
    };
    wider.contains(&other)
}

/// Returns the least and the greatest length of the values of a format: RFC 9562, section 4; RFC 3339, section 5.6 and appendix A;
/// RFC 5321, section 4.1.2; RFC 2673, section 3.2; RFC 4291, section 2.2; RFC 3986, section 3 (JSON Schema 2020-12, Validation,
/// section 7.3).
pub(super) fn lengths_of_format(format: &str) -> [Option<usize>; 2] {
    match format {
        "uuid" => [Some(36), Some(36)],
        "date" => [Some(10), Some(10)],
        "date-time" => [Some(20), None],
        "time" => [Some(9), None],
        "duration" | "email" | "idn-email" => [Some(3), None],
        "ipv4" => [Some(7), Some(15)],
        "ipv6" => [Some(2), Some(45)],
        "uri" | "iri" => [Some(2), None],
        _ => [None, None],
    }
}

/// Returns types without `integer` if `number` includes it.
pub(super) fn stated_types<'a>(types: &BTreeSet<&'a str>) -> impl Iterator<Item = &'a str> {
    types.iter().copied().filter(|name| *name != "integer" || !types.contains("number"))
}

/// Describes accepted types; `None` accepts all.
pub(in super::super) fn describe_types(types: Option<&BTreeSet<&str>>) -> String {
    types.map_or_else(
        || "any".to_owned(),
        |types| {
            let (null, others): (Vec<&str>, Vec<&str>) = stated_types(types).partition(|name| *name == "null");
            let shown = [others, null].concat().join(" or ");
            if shown.is_empty() { "none".to_owned() } else { shown }
        },
    )
}
