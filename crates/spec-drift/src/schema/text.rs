//! Comparison of values that are transmitted as text, as in a URL: a number is also a string, and a single value a list of one item.

use std::collections::BTreeSet;

use super::LIST_KEYWORDS;
use super::meaning::{defaults_of, defaults_of_alternatives};
use super::role::Role;
use super::values::describe_types;
use super::{Pair, PairComparison, effect_on_sets};
use crate::flat::{Flat, Schemas, is_docs};
use crate::matching::{Matched, same_schema};
use crate::{Effect, Node, Verdict, follow};
use openapi_refinery::normalize::{has_no_effect_on, is_annotation};
use openapi_refinery::pointer::last_token;

const SCALARS: [&str; 5] = ["string", "number", "integer", "boolean", "null"];

/// Keywords that may reject a list of one item.
const OF_LISTS: [&str; 7] = ["minItems", "maxItems", "contains", "prefixItems", "not", "enum", "if"];

impl<'a> PairComparison<'_, 'a> {
    /// Compares values as text. Returns whether that is all to compare.
    pub(super) fn compare_text(&mut self, pair: &Pair<'a>) -> bool {
        if self.compare_restricted_text() || self.compare_any_text() {
            self.compare_meaning_of_alternatives();
            return true;
        }
        self.compare_single_with_list(pair)
    }

    /// Compares `default` and `deprecated` of the alternatives, after their constraints were compared as text.
    fn compare_meaning_of_alternatives(&mut self) {
        let sides = self.sides();
        // Otherwise, the defaults of the whole schemas were compared.
        if sides.iter().all(|(flat, _)| defaults_of(flat).is_empty()) {
            let [before, after] = sides.map(|(flat, document)| defaults_of_alternatives(flat, document));
            self.compare_defaults([before, after]);
        }
        let [before, after] = sides.map(|(flat, document)| {
            let items = flat.alternatives().into_iter().flat_map(|list| list.items());
            items.map(|item| follow(document, item)).collect()
        });
        let same_type = |old: &Node<'_>, new: &Node<'_>| old.value["type"] == new.value["type"];
        for (old, new) in Matched::of(before, after, &[&same_schema, &same_type]).pairs {
            let are_deprecated = [&old, &new].map(|node| node.is_true("deprecated"));
            let subject = self.describe_alternative(&new);
            self.comparison.compare_deprecation(&new, &subject, are_deprecated);
        }
    }

    /// Compares numbers with restricted strings. The restrictions apply to what is written.
    fn compare_restricted_text(&mut self) -> bool {
        let is_restricted = |flat: &Flat<'_>| declares(flat, "string") && restricts_strings(flat);
        let [old, new] = [self.old, self.new];
        let differ = is_scalar(old) && is_restricted(new) || is_restricted(old) && is_scalar(new);
        if differ {
            let effect = match [old, new].map(texts) {
                [Some(old), Some(new)] => effect_on_sets(&Some(old), &Some(new)),
                _ => Some(Effect::Both),
            };
            let constraints = [old, new].map(|flat| self.constraints(flat));
            effect.iter().for_each(|effect| self.record_types(*effect, &constraints));
        }
        differ
    }

    /// Compares single values or alternatives with what accepts every text, so that each single value fits it.
    fn compare_any_text(&mut self) -> bool {
        let sides = self.sides();
        let have_lists = sides.map(|(flat, _)| !flat.alternatives().is_empty());
        let (effect, other, is_any_list) = match sides.map(accepts_any_text) {
            [true, true] => return have_lists != [false, false] && self.compare_equal_texts(sides),
            [false, true] => (Effect::Widens, sides[0], have_lists[1]),
            [true, false] => (Effect::Narrows, sides[1], have_lists[0]),
            [false, false] => return false,
        };
        let lists = other.0.alternatives();
        if !have_single_values(other) || lists.is_empty() && !is_any_list && !is_scalar(other.0) {
            return false;
        }
        match &lists[..] {
            _ if is_any_list && effect == Effect::Widens => {
                self.record_keyword("type", effect, "any text is now allowed")
            }
            _ if is_any_list => self.record_keyword("type", effect, "any text is no longer allowed"),
            [list] => self.record_presence(list.escaped_name(), effect, effect == Effect::Narrows),
            _ => self.record_types(effect, &[self.old, self.new].map(|flat| self.constraints(flat))),
        }
        true
    }

    /// Compares schemas that both accept every text. If both accept single values only and their constraints differ, records this and
    /// returns `true`. Otherwise returns `false`, since there may be more to compare, such as the annotations of alternatives.
    fn compare_equal_texts(&mut self, [old, new]: [(&Flat<'a>, &'a Schemas); 2]) -> bool {
        let are_same = |one: &Node<'a>, other: &Node<'a>, kind| self.comparison.are_same(one, other, kind);
        let differ = have_single_values(old) && have_single_values(new) && !old.0.has_constraints_of(new.0, are_same);
        if differ {
            let message = "the alternatives were changed: any text is still allowed";
            self.comparison.record("alternative-changed", Verdict::Docs, &self.node, message.to_owned());
        }
        differ
    }

    /// Compares a single value with the items of a list.
    fn compare_single_with_list(&mut self, pair: &Pair<'a>) -> bool {
        let [old, new] = [self.old, self.new];
        let is_single = |flat: &Flat<'_>| SCALARS.iter().any(|kind| declares(flat, kind)) && !declares(flat, "array");
        let is_list =
            |flat: &Flat<'_>| declares(flat, "array") && !SCALARS[..4].iter().any(|kind| declares(flat, kind));
        let items = |flat: &Flat<'a>| -> Vec<Node<'a>> { flat.get("items").to_vec() };
        let (before, after, list, effect) = match (is_single(old), is_single(new)) {
            _ if self.role.is_part_of_text() => return false,
            (true, false) if is_list(new) => (pair.old.clone(), items(new), new, Effect::Widens),
            (false, true) if is_list(old) => (items(old), pair.new.clone(), old, Effect::Narrows),
            _ => return false,
        };
        if !before.is_empty() && !after.is_empty() {
            // The annotations of the single value are compared with those of the list.
            let role = Role { compares_annotations: false, ..self.role };
            self.comparison.queue_conjunctions(before, after, role);
        }
        let rejects_one_item = |keyword: &&str| match *keyword {
            "minItems" => list.numbers(keyword).iter().any(|least| *least > 1.0),
            "maxItems" => list.numbers(keyword).iter().any(|most| *most < 1.0),
            _ => !list.get(keyword).is_empty(),
        };
        let keywords: Vec<&str> = OF_LISTS.into_iter().filter(rejects_one_item).collect();
        let effect = if keywords.is_empty() { effect } else { Effect::Both };
        let own = |flat: &Flat<'_>| -> Vec<String> {
            let own = keywords.iter().filter(|keyword| !flat.get(keyword).is_empty());
            own.map(|keyword| (*keyword).to_owned()).collect()
        };
        self.record_types(effect, &[old, new].map(own));
        true
    }

    /// Returns the keywords beside the type that constrain values, as the document writes them.
    fn constraints(&self, flat: &Flat<'a>) -> Vec<String> {
        let is_constraint = |key: &str| !is_docs(key) && !LIST_KEYWORDS.contains(&key);
        let keywords = flat.keywords.iter().filter(|(key, _)| is_constraint(key)).flat_map(|(_, nodes)| nodes);
        let written = keywords.map(|node| last_token(&self.comparison.normal(node).origin(&node.pointer)));
        written.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Records a change of types, with the keywords that constrain values, before and after.
    fn record_types(&mut self, effect: Effect, [old, new]: &[Vec<String>; 2]) {
        let describe = |flat: &Flat<'_>, keywords: &[String]| {
            let with = if keywords.is_empty() { "" } else { " with " };
            let keywords: Vec<String> = keywords.iter().map(|keyword| format!("`{keyword}`")).collect();
            format!("{}{with}{}", describe_types(flat.types.as_ref()), keywords.join(" and "))
        };
        let what = format!("the type was {} and is {}", describe(self.old, old), describe(self.new, new));
        self.record_keyword("type", effect, &what);
    }
}

/// Returns the texts of all values: those that a schema lists, or those of booleans. `None` if there may be others, or other keywords
/// reject some.
fn texts(flat: &Flat<'_>) -> Option<BTreeSet<String>> {
    let are_boolean = |types: &BTreeSet<&str>| types.iter().all(|kind| ["boolean", "null"].contains(kind));
    let is_boolean = flat.types.as_ref().is_some_and(are_boolean);
    let booleans = is_boolean.then(|| ["true", "false"].map(str::to_owned).into());
    let values = flat.values().or(booleans).filter(|_| has_only_values(flat))?;
    Some(values.iter().map(|value| value.trim_matches('"').to_owned()).collect())
}

/// Returns whether a schema has a keyword that may reject strings, such as `pattern`, `not` or `anyOf`, or says what they contain.
pub(super) fn restricts_strings(flat: &Flat<'_>) -> bool {
    let restricts = |key: &str| key.starts_with("content") || !is_annotation(key) && !has_no_effect_on(key, "string");
    !flat.formats().is_empty() || flat.keywords.keys().any(|key| restricts(key))
}

/// Returns whether a schema constrains values by its type and `enum` only.
fn has_only_values(flat: &Flat<'_>) -> bool {
    flat.keywords.keys().all(|key| *key == "enum" || is_annotation(key))
}

/// Returns whether a schema accepts every text: it, or one of its alternatives, is a string that has no restrictions.
fn accepts_any_text<'a>((flat, document): (&Flat<'a>, &'a Schemas)) -> bool {
    let is_any_text = |flat: &Flat<'_>| declares(flat, "string") && !restricts_strings(flat);
    let lists = flat.only_alternatives(document).filter(|list| list.escaped_name() == "anyOf");
    is_any_text(flat)
        || lists.is_some_and(|list| list.items().into_iter().any(|it| is_any_text(&Flat::of(document, &[it]))))
}

/// Returns whether all types of a schema, or of each of its alternatives, are scalars.
fn have_single_values<'a>((flat, document): (&Flat<'a>, &'a Schemas)) -> bool {
    match &flat.alternatives()[..] {
        [] => has_single_values(flat),
        [list] => list.items().into_iter().all(|it| has_single_values(&Flat::of(document, &[it]))),
        _ => false,
    }
}

/// Returns whether all types of a schema are scalars.
fn has_single_values(flat: &Flat<'_>) -> bool {
    flat.types.as_ref().is_some_and(|types| types.iter().all(|kind| SCALARS.contains(kind)))
}

/// Returns whether a schema declares scalars other than strings.
fn is_scalar(flat: &Flat<'_>) -> bool {
    ["integer", "boolean"].iter().any(|kind| declares(flat, kind)) && !declares(flat, "string")
}

fn declares(flat: &Flat<'_>, kind: &str) -> bool {
    flat.types.as_ref().is_some_and(|types| types.contains(kind))
}
