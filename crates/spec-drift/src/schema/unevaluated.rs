//! Comparison of `unevaluatedProperties` and `unevaluatedItems`.

use std::collections::BTreeSet;

use super::role::{Role, Sense};
use super::undescribed::{items_of, others_of};
use super::{PairComparison, effect_on};
use crate::flat::{Evaluated, Flat, Schemas, conjuncts, constrains_instances};
use crate::{Direction, Effect, Node};

/// A combined schema with the keyword.
struct Closed<'a> {
    /// The schema of all that is not evaluated.
    rest: Node<'a>,
    /// What is evaluated: the properties or items to which the keyword does not apply.
    evaluated: BTreeSet<Evaluated>,
}

impl<'a> PairComparison<'_, 'a> {
    /// Compares the keyword in each of the combined schemas. It applies to what neither the schema that contains it nor a subschema of this
    /// schema evaluates, even if another combined schema evaluates it (JSON Schema 2020-12, Core, section 11.3).
    pub(super) fn compare_unevaluated(&mut self, keyword: &str) {
        if keyword == "unevaluatedProperties" && self.compare_omission_of_others(keyword) {
            return;
        }
        let is_within = self.siblings_restrict(&[keyword]);
        let sides = self.sides();
        let [mut before, mut after] = sides.map(|(flat, document)| {
            let mut closed = list_closed(flat, document, keyword);
            closed.retain(|it| is_within || constrains_instances(document, &it.rest));
            closed
        });
        match (before.is_empty(), after.is_empty()) {
            (true, true) => {
                let [old, new] = [self.old, self.new].map(|flat| flat.get(keyword).to_vec());
                return self.queue_open_schemas(old, new, self.role_of_unevaluated(keyword));
            }
            (false, false) => {}
            _ if before.iter().chain(&after).all(|it| it.evaluated.iter().any(Evaluated::is_everything)) => return,
            (is_added, _) => {
                // The keyword around this schema does not apply to what this schema evaluates.
                let effect = if is_within { Effect::Both } else { Effect::Narrows };
                let effect = if is_added { effect } else { Sense::Reversed.of(effect) };
                self.record_presence(keyword, effect, is_added);
                let removed: Vec<_> = before.into_iter().map(|it| it.rest).collect();
                return match keyword {
                    "unevaluatedItems" => self.record_undescribed_parts(&removed, items_of),
                    _ => self.record_undescribed_parts(&removed, others_of),
                };
            }
        }
        let [all_before, all_after] = sides.map(|(flat, document)| document.evaluated(&flat.parts, keyword));
        // Properties and items that were added or removed are compared elsewhere, so they do not count here.
        let is_kept = |entry: &Evaluated| all_before.contains(entry) && all_after.contains(entry);
        before.iter_mut().chain(&mut after).for_each(|it| it.evaluated.retain(is_kept));
        self.compare_closed(keyword, &before, &after);
    }

    fn role_of_unevaluated(&self, keyword: &str) -> Role {
        match keyword {
            "unevaluatedProperties" => self.role.to_required_property(),
            _ => self.role.to_item(Sense::Same),
        }
    }

    /// Compares the combined schemas with the keyword. Their entries of `evaluated` are limited to those that occur in both documents.
    fn compare_closed(&mut self, keyword: &str, before: &[Closed<'a>], after: &[Closed<'a>]) {
        let is_single = before.len() == 1 && after.len() == 1;
        let corresponds = |one: &Closed<'a>, other: &Closed<'a>| is_single || one.rest.value == other.rest.value;
        for (old, new) in before.iter().flat_map(|old| after.iter().map(move |new| (old, new))) {
            if corresponds(old, new) {
                let (old, new) = (vec![old.rest.clone()], vec![new.rest.clone()]);
                self.comparison.queue_conjunctions(old, new, self.role_of_unevaluated(keyword));
            }
        }
        let implies = |one: &Closed<'a>, other: &Closed<'a>| {
            one.evaluated.is_subset(&other.evaluated) && (corresponds(one, other) || *one.rest.value == false)
        };
        let Some(effect) = effect_on(before, after, implies) else { return };
        let evaluated =
            |closed: &[Closed<'a>]| closed.iter().flat_map(|it| it.evaluated.clone()).collect::<BTreeSet<_>>();
        let (before, after) = (evaluated(before), evaluated(after));
        // For clients that read the property, it is removed.
        let loses_property =
            self.role.direction == Direction::Response && before.difference(&after).any(|it| it.value.is_none());
        let effect = if loses_property { Effect::Both } else { effect };
        let applies = describe_change(&before, &after);
        let what = match effect {
            _ if !applies.is_empty() => format!("`{keyword}` of a combined schema {applies}"),
            Effect::Narrows => format!("one of several schemas of `{keyword}` was added"),
            Effect::Widens => format!("one of several schemas of `{keyword}` was removed"),
            Effect::Both => format!("one of several schemas of `{keyword}` was replaced"),
        };
        self.record_keyword(keyword, effect, &what);
    }
}

/// Describes to which properties or items a keyword now applies, and to which it no longer does, since another set of them is evaluated.
fn describe_change(before: &BTreeSet<Evaluated>, after: &BTreeSet<Evaluated>) -> String {
    let list = |applies: &str, one: &BTreeSet<Evaluated>, other: &BTreeSet<Evaluated>| {
        let names: BTreeSet<&str> = one.difference(other).map(|it| it.what.as_str()).collect();
        (!names.is_empty()).then(|| format!("{applies} to {}", Vec::from_iter(names).join(", ")))
    };
    let parts = [list("now applies", before, after), list("no longer applies", after, before)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", and ")
}

/// Lists the combined schemas that have the keyword, except those that contain, by `$ref` or `allOf`, another schema that has it: the
/// keyword in the inner schema evaluates all properties or items, so that none are left for the outer one.
fn list_closed<'a>(flat: &Flat<'a>, document: &'a Schemas, keyword: &str) -> Vec<Closed<'a>> {
    let closed = flat.parts.iter().filter(|part| part.member(keyword).is_present());
    let innermost = closed.filter(|part| {
        let mut others = conjuncts(document, std::slice::from_ref(*part)).into_iter().skip(1);
        !others.any(|(other, _)| other.member(keyword).is_present())
    });
    let describe = |part: &Node<'a>| {
        let evaluated = document.evaluated(std::slice::from_ref(part), keyword);
        Closed { rest: part.member(keyword), evaluated }
    };
    innermost.map(describe).collect()
}
