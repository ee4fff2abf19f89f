//! Comparison of keywords, by a table that says how each constrains instances.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::role::{Role, Sense};
use super::undescribed::{items_of, others_of};
use super::values::lengths_of_format;
use super::{PairComparison, describe_values, effect_on, schema_of_type};
use crate::affected::dynamic_targets;
use crate::flat::{Flat, Openness, Schemas, canonical, constrains_instances, is_docs, names};
use crate::matching::{Matched, same_schema};
use crate::pattern::Pattern;
use crate::{Effect, Node, quote};
use openapi_refinery::normalize::{replace_anchors, value_kind};
use openapi_refinery::pointer::last_token;

/// How a keyword constrains instances, which determines whether a change narrows or widens.
pub(super) enum Row {
    /// A lower bound, with its default: a greater one narrows.
    Least(f64),
    /// An upper bound: a lower one narrows.
    Most,
    /// `true` narrows.
    Flag,
    /// A divisor: a multiple of it narrows.
    Divisor,
    /// A value whose presence narrows; another value narrows and widens.
    Value,
    /// A schema for a part of the instance, or for all of it, whose presence narrows.
    Schema(Sense),
    /// A schema for counted items, with the keyword of their upper bound: if there is one, accepting more items may exceed it.
    Counted(&'static str),
    /// Schemas by key, with the keywords for keys without a schema.
    Schemas(&'static [&'static str]),
    /// Schemas by position, with the keywords for later positions.
    Positions(&'static [&'static str]),
    /// Names by key; each narrows.
    Names,
    /// A schema for what other keywords of the same schema do not evaluate.
    Unevaluated,
}

/// Keywords that are compared one by one, with the type that they constrain, or `None` if they constrain several types. Keywords that
/// depend on each other have functions of their own; `allOf` and `$ref` are combined first.
pub(super) const TABLE: [(&str, Option<&str>, Row); 27] = [
    ("minLength", Some("string"), Row::Least(0.0)),
    ("minItems", Some("array"), Row::Least(0.0)),
    ("minProperties", Some("object"), Row::Least(0.0)),
    ("minContains", Some("array"), Row::Least(1.0)),
    ("maxLength", Some("string"), Row::Most),
    ("maxItems", Some("array"), Row::Most),
    ("maxProperties", Some("object"), Row::Most),
    ("maxContains", Some("array"), Row::Most),
    ("uniqueItems", Some("array"), Row::Flag),
    ("multipleOf", Some("integer"), Row::Divisor),
    ("pattern", Some("string"), Row::Value),
    ("contentEncoding", Some("string"), Row::Value),
    ("contentMediaType", Some("string"), Row::Value),
    ("contentSchema", Some("string"), Row::Schema(Sense::Same)),
    ("if", None, Row::Schema(Sense::Either)),
    ("then", None, Row::Schema(Sense::Same)),
    ("else", None, Row::Schema(Sense::Same)),
    ("items", Some("array"), Row::Schema(Sense::Same)),
    ("contains", Some("array"), Row::Counted("maxContains")),
    ("propertyNames", Some("object"), Row::Schema(Sense::Same)),
    ("unevaluatedItems", Some("array"), Row::Unevaluated),
    ("unevaluatedProperties", Some("object"), Row::Unevaluated),
    ("not", None, Row::Schema(Sense::Reversed)),
    ("patternProperties", Some("object"), Row::Schemas(&["additionalProperties", "unevaluatedProperties"])),
    ("dependentSchemas", Some("object"), Row::Schemas(&[])),
    ("prefixItems", Some("array"), Row::Positions(&["items", "unevaluatedItems"])),
    ("dependentRequired", Some("object"), Row::Names),
];

/// Keywords whose subschemas apply to the same instance (in-place applicators; JSON Schema 2020-12, Core, section 10.2). Their siblings may
/// describe the same properties.
const IN_PLACE: [&str; 5] = ["if", "then", "else", "not", "dependentSchemas"];

/// Keywords that are compared together if a schema has the first one, on which the others depend. The `Sense` applies to those whose value
/// is a schema.
const GROUPS: [(&[&str], Sense); 4] = [
    (&["if", "then", "else"], Sense::Either),
    (&["contains", "minContains", "maxContains"], Sense::Either),
    (&["prefixItems", "items"], Sense::Same),
    (&["patternProperties", "additionalProperties"], Sense::Same),
];

/// Keywords that are not in the table: they have functions of their own, or are combined first.
const OTHERS: [&str; 19] = [
    "type", "enum", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "properties", "required",
    "additionalProperties", "oneOf", "anyOf", "allOf", "$ref", "default", "deprecated", "readOnly", "writeOnly",
    "discriminator",
];

impl<'a> PairComparison<'_, 'a> {
    /// Compares keywords that depend on each other, where several of the combined schemas have them. Returns those that it has compared.
    pub(super) fn compare_groups(&mut self) -> BTreeSet<&'static str> {
        let (old, new) = (self.old, self.new);
        let mut compared = BTreeSet::new();
        for (keywords, sense) in GROUPS {
            let parts_with_keyword = |flat: &Flat<'a>| -> Vec<Node<'a>> {
                let has_keyword = |part: &&Node<'a>| keywords.iter().any(|keyword| part.member(keyword).is_present());
                flat.parts.iter().filter(has_keyword).cloned().collect()
            };
            let [mut before, mut after] = [old, new].map(parts_with_keyword);
            let depends = before.iter().chain(&after).any(|part| part.member(keywords[0]).is_present())
                || self.evaluates_restricted(keywords);
            if !depends || before.len().max(after.len()) < 2 {
                continue;
            }
            if keywords[0] == "if" && !self.restricts_unevaluated(&["unevaluatedProperties", "unevaluatedItems"]) {
                let has_effect = |part: &Node<'a>| ["then", "else"].iter().any(|it| self.constrains(&part.member(it)));
                before.retain(has_effect);
                after.retain(has_effect);
            }
            compared.extend(keywords);
            let is_equal = |old: &Node<'a>, new: &Node<'a>| {
                keywords.iter().all(|keyword| old.member(keyword).value == new.member(keyword).value)
            };
            let comparison = &*self.comparison;
            let are_same = |old: &Node<'a>, new: &Node<'a>| {
                let are_same = |it: &&str| comparison.are_same(&old.member(it), &new.member(it), value_kind(it));
                keywords.iter().all(are_same)
            };
            let Matched { pairs, removed, added } = Matched::of(before, after, &[&is_equal, &are_same]);
            pairs.iter().for_each(|(old, new)| self.queue_group(old, new, keywords, sense));
            let (effect, became) = match (removed.is_empty(), added.is_empty()) {
                (true, true) => continue,
                (false, true) => (Effect::Widens, "removed"),
                (true, false) => (Effect::Narrows, "added"),
                (false, false) => (Effect::Both, "replaced"),
            };
            let names = keywords.iter().map(|keyword| quote(keyword)).collect::<Vec<_>>().join(", ");
            let what = format!("one of several schemas with {names} was {became}");
            let is_present = |keyword: &&&str| [old, new].iter().any(|flat| !flat.get(keyword).is_empty());
            let keyword = keywords.iter().find(is_present).unwrap_or(&keywords[0]);
            self.record_keyword(keyword, self.effect_beside_unevaluated(effect), &what);
            if keywords[0] == "if" {
                let branches: Vec<_> =
                    removed.iter().flat_map(|part| ["then", "else"].map(|it| part.member(it))).collect();
                self.record_undescribed_properties(&branches);
            }
        }
        compared
    }

    /// Queues the schemas of a group. Equal ones may refer to components that differ, and the same ones may have other documentation.
    fn queue_group(&mut self, old: &Node<'a>, new: &Node<'a>, keywords: &[&str], sense: Sense) {
        let role = Role { is_property: keywords[0] == "patternProperties", ..self.role.in_place(sense) };
        let pairs = values_of(old, keywords).into_iter().zip(values_of(new, keywords));
        for (old, new) in pairs.filter(|(old, new)| old.value.is_object() && new.value.is_object()) {
            match IN_PLACE.contains(&keywords[0]) {
                true => self.queue_in_place(vec![old], vec![new], role),
                false => self.comparison.queue_conjunctions(vec![old], vec![new], role),
            }
        }
    }

    pub(super) fn compare_keyword(&mut self, keyword: &str, row: &Row) {
        let (old, new) = (self.old, self.new);
        let pairs = |flat: &Flat<'a>| -> Vec<(&'a str, &'a str)> {
            let members = flat.get(keyword).iter().flat_map(Node::members);
            members.flat_map(|(key, node)| names(node.value).into_iter().map(move |name| (key, name))).collect()
        };
        let effect = match row {
            Row::Least(default) => {
                let [old, new] = self.bounds(keyword, *default, f64::max);
                effect_on(&[old], &[new], |[_, effective], [stated, _]| effective >= stated)
            }
            Row::Most => {
                let [old, new] = self.bounds(keyword, f64::INFINITY, f64::min);
                effect_on(&[old], &[new], |[_, effective], [stated, _]| effective <= stated)
            }
            Row::Divisor => effect_on(&old.divisors(new), &new.divisors(old), |a, b| is_multiple_of(*a, *b)),
            Row::Flag => effect_on(&[old.is_set(keyword)], &[new.is_set(keyword)], |a, b| a >= b),
            Row::Value => effect_on(&old.texts(keyword), &new.texts(keyword), |a, b| a == b),
            Row::Schema(sense) => return self.compare_subschemas(keyword, *sense),
            Row::Counted(most) => {
                let is_bounded = !old.get(most).is_empty() || !new.get(most).is_empty();
                return self.compare_subschemas(keyword, if is_bounded { Sense::Either } else { Sense::Same });
            }
            Row::Schemas(others) => return self.compare_schemas_by_key(keyword, others),
            Row::Positions(others) => return self.compare_positions(keyword, others),
            Row::Names => effect_on(&pairs(old), &pairs(new), |a, b| a == b),
            Row::Unevaluated => return self.compare_unevaluated(keyword),
        };
        let accepts = |flat: &'_ Flat<'a>, value: &Value| {
            flat.get(keyword).iter().all(|constraint| satisfies(value, keyword, constraint))
        };
        let effect = effect.and_then(|effect| {
            self.effect_on_unlisted(effect, |value| accepts(old, value), |value| accepts(new, value))
        });
        if let Some(effect) = effect {
            let what = match row {
                Row::Names => describe_names(&pairs(old), &pairs(new)),
                Row::Value => self.describe_written(keyword),
                _ => describe_values(keyword, &old.texts(keyword), &new.texts(keyword)),
            };
            self.record_keyword(keyword, effect, &what);
        }
    }

    /// Returns the bound that each schema states, and the strictest of those that it states or implies.
    fn bounds(&self, keyword: &str, default: f64, strictest: fn(f64, f64) -> f64) -> [[f64; 2]; 2] {
        self.sides().map(|(flat, document)| {
            let stated = flat.numbers(keyword).into_iter().reduce(strictest).unwrap_or(default);
            [stated, self.implied_bounds(keyword, flat, document).into_iter().fold(stated, strictest)]
        })
    }

    /// Returns the bounds of a size that other keywords imply: an object has at least the required properties that are not omitted and, if
    /// it is closed, at most those that are described; a list without further items has at most those of `prefixItems`; a string has a
    /// length that its format allows.
    fn implied_bounds(&self, keyword: &str, flat: &Flat<'a>, document: &'a Schemas) -> Vec<f64> {
        let is_closed = |part: &&Node<'_>, keyword: &str| *part.member(keyword).value == false;
        let parts = flat.parts.iter();
        let sizes: Vec<usize> = match keyword {
            "minProperties" => {
                vec![flat.required.iter().filter(|name| !self.is_hidden(flat, document, name)).count()]
            }
            "maxProperties" => {
                let closed = parts.filter(|it| is_closed(it, "additionalProperties"));
                let closed = closed.filter(|it| !it.member("patternProperties").is_present());
                closed.map(|it| it.member("properties").members().len()).collect()
            }
            "maxItems" => {
                parts.filter(|it| is_closed(it, "items")).map(|it| it.member("prefixItems").items().len()).collect()
            }
            // A change of the format has its own rule.
            "minLength" | "maxLength" if self.old.texts("format") == self.new.texts("format") => {
                let formats = flat.get("format").iter().filter_map(|format| format.value.as_str());
                let lengths = formats.map(lengths_of_format);
                lengths.filter_map(|[least, most]| if keyword == "minLength" { least } else { most }).collect()
            }
            _ => Vec::new(),
        };
        sizes.into_iter().map(|size| size as f64).collect()
    }

    /// Describes a change of a keyword as the documents write it: `format: binary` has another name in the normal form.
    pub(super) fn describe_written(&self, keyword: &str) -> String {
        let written = |flat: &Flat<'a>| -> Option<Vec<(String, String)>> {
            let written = |node: &Node<'a>| {
                let (pointer, value) = self.comparison.published_value(node)?;
                Some((last_token(&pointer), canonical(value)))
            };
            flat.get(keyword).iter().map(written).collect()
        };
        let [old, new] = [self.old, self.new].map(|flat| written(flat).unwrap_or_default());
        let names: BTreeSet<&String> = old.iter().chain(&new).map(|(name, _)| name).collect();
        let values = |written: &[(String, String)]| written.iter().map(|it| it.1.clone()).collect::<Vec<_>>();
        match Vec::from_iter(names)[..] {
            [name] => describe_values(name, &values(&old), &values(&new)),
            _ => describe_values(keyword, &self.old.texts(keyword), &self.new.texts(keyword)),
        }
    }

    /// Compares schemas by position. `others` are the keywords that apply to items after the last of these schemas.
    fn compare_positions(&mut self, keyword: &str, others: &[&str]) {
        let positions = |flat: &Flat<'a>| flat.get(keyword).iter().flat_map(Node::items).collect::<Vec<_>>();
        let (old, new) = (self.old, self.new);
        let (before, after) = (positions(old), positions(new));
        let (old_count, new_count) = (before.len(), after.len());
        for (old, new) in before.iter().zip(&after) {
            self.comparison.queue_conjunctions(vec![old.clone()], vec![new.clone()], self.role.to_item(Sense::Same));
        }
        // The other document applies `items` to positions that only one of them lists.
        let items = |flat: &Flat<'a>| flat.get("items").to_vec();
        let [old_document, new_document] = [self.comparison.old, self.comparison.new];
        let (rest, lacking, document) = match old_count < new_count {
            true => (&after[old_count..], old, old_document),
            false => (&before[new_count..], new, new_document),
        };
        // Without `items`, any value is accepted there.
        let is_comparable = |openness: Openness| match openness {
            Openness::Allowed => !rest.iter().any(|position| self.constrains(position)),
            _ => !items(lacking).is_empty(),
        };
        let effect = match lacking.openness(document, others) {
            _ if rest.is_empty() => return,
            _ if self.may_be_exempt(keyword, others, |_| false) => Effect::Both,
            Openness::Rejected => Effect::Widens,
            openness if is_comparable(openness) => {
                for position in rest {
                    let (position, items) = (vec![position.clone()], items(lacking));
                    let (old, new) = if old_count < new_count { (items, position) } else { (position, items) };
                    self.queue_open_schemas(old, new, self.role.to_item(Sense::Same));
                }
                return;
            }
            Openness::Restricted => Effect::Both,
            Openness::Allowed => Effect::Narrows,
        };
        let effect = if old_count < new_count { effect } else { Sense::Reversed.of(effect) };
        let what = format!("the number of `{keyword}` was {old_count} and is {new_count}");
        self.record_keyword(keyword, effect, &what);
        if old_count > new_count {
            self.record_undescribed_parts(rest, items_of);
        }
    }

    /// Compares a keyword whose value is a schema. A schema that accepts everything counts as absent.
    fn compare_subschemas(&mut self, keyword: &str, sense: Sense) {
        let (old, new) = (self.old, self.new);
        let comparison = &*self.comparison;
        let constrains = |node: &Node<'a>| match sense {
            Sense::Reversed => node.value != &Value::Bool(false),
            // `contains: true` requires an item, and `if: true` makes `then` apply.
            _ if matches!(keyword, "contains" | "if") => true,
            // Names are always strings (JSON Schema 2020-12, Core, section 10.3.2.4).
            _ if keyword == "propertyNames" => {
                let names = Flat::of(comparison.normal(node), std::slice::from_ref(node));
                self.constrains(node) && !names.accepts_all_of(&Flat::of_type("string"))
            }
            _ => self.constrains(node),
        };
        let is_in_place = IN_PLACE.contains(&keyword);
        let role = if is_in_place { self.role.in_place(sense) } else { self.role.to_item(sense) };
        let is_evaluated = self.affects_unevaluated(keyword);
        let one_more = if is_evaluated { Effect::Both } else { Effect::Narrows };
        match (old.get(keyword), new.get(keyword)) {
            _ if self.is_reported_with_if(keyword) || self.is_if_without_effect(keyword, is_evaluated) => {}
            ([], new) if is_evaluated && !new.is_empty() || new.iter().any(constrains) => {
                self.record_presence(keyword, one_more, true);
            }
            (old, []) if is_evaluated && !old.is_empty() || old.iter().any(constrains) => {
                self.record_presence(keyword, Sense::Reversed.of(one_more), false);
                let branches = match keyword {
                    "if" => &["then", "else"],
                    "then" | "else" => std::slice::from_ref(&keyword),
                    _ => &[],
                };
                let removed: Vec<_> = branches.iter().flat_map(|branch| self.old.get(branch)).cloned().collect();
                self.record_undescribed_properties(&removed);
                if keyword == "items" {
                    self.record_undescribed_parts(old, items_of);
                }
            }
            (old, new) if keyword == "propertyNames" && !old.iter().chain(new).any(constrains) => {
                self.queue_open_names([old, new], role);
            }
            ([], _) | (_, []) => self.queue_open_schemas(old.get(keyword).to_vec(), new.get(keyword).to_vec(), role),
            (old, new) if sense == Sense::Reversed && old.len().max(new.len()) > 1 => {
                self.compare_exclusions(keyword, old, new);
            }
            (old, new) if is_in_place => self.queue_in_place(old.to_vec(), new.to_vec(), role),
            (old, new) => self.comparison.queue_conjunctions(old.to_vec(), new.to_vec(), role),
        }
    }

    /// Queues schemas of `propertyNames` that accept all names. Names are strings, so only annotations can differ.
    fn queue_open_names(&mut self, [old, new]: [&[Node<'a>]; 2], role: Role) {
        let with_type = |names: &[Node<'a>], around: &Flat<'a>| -> Vec<Node<'a>> {
            let holder = names.first().or(around.parts.first());
            let strings = holder.zip(schema_of_type("string")).map(|(holder, schema)| holder.child("type", schema));
            names.iter().cloned().chain(strings).collect()
        };
        let [old, new] = [with_type(old, self.old), with_type(new, self.new)];
        self.comparison.queue_conjunctions(old, new, role);
    }

    /// Compares several schemas that exclude instances, each independently.
    fn compare_exclusions(&mut self, keyword: &str, old: &[Node<'a>], new: &[Node<'a>]) {
        let any = |_: &Node<'_>, _: &Node<'_>| true;
        let Matched { pairs, removed, added } = Matched::of(old.to_vec(), new.to_vec(), &[&same_schema, &any]);
        for (old, new) in pairs {
            self.queue_in_place(vec![old], vec![new], self.role.in_place(Sense::Reversed));
        }
        let (effect, what) = match (removed.is_empty(), added.is_empty()) {
            (true, true) => return,
            (false, _) => (Effect::Widens, "removed"),
            (true, false) => (Effect::Narrows, "added"),
        };
        self.record_keyword(keyword, effect, &format!("one of several schemas of `{keyword}` was {what}"));
    }

    /// Returns whether a keyword affects which properties or items are evaluated, and `unevaluatedProperties` or `unevaluatedItems` rejects
    /// or restricts the rest.
    fn affects_unevaluated(&self, keyword: &str) -> bool {
        match keyword {
            "items" | "contains" => self.restricts_unevaluated(&["unevaluatedItems"]),
            "if" | "then" | "else" => self.restricts_unevaluated(&["unevaluatedProperties", "unevaluatedItems"]),
            _ => false,
        }
    }

    /// Returns whether `if` was added or removed. That change is reported in place of changes of `then` and `else`.
    fn is_if_changed(&self) -> bool {
        [self.old, self.new].iter().any(|flat| flat.get("if").is_empty())
    }

    /// Returns whether a keyword is `then` or `else`, whose change is reported with that of `if`.
    fn is_reported_with_if(&self, keyword: &str) -> bool {
        matches!(keyword, "then" | "else") && self.is_if_changed()
    }

    /// Returns whether a keyword is an `if` whose change has no effect. Without `then` and `else`, it only marks properties and items as
    /// evaluated.
    fn is_if_without_effect(&self, keyword: &str, is_evaluated: bool) -> bool {
        let have_effect = [self.old, self.new].map(|flat| {
            let mut branches = ["then", "else"].iter().flat_map(|keyword| flat.get(keyword));
            branches.any(|branch| self.constrains(branch))
        });
        // If the `if` is the same, branches that were added or removed are reported as changes of `then` and `else`, so they do not count
        // here.
        let has_effect = if self.is_if_changed() { have_effect != [false, false] } else { have_effect == [true, true] };
        keyword == "if" && !is_evaluated && !has_effect
    }

    /// Returns whether one of these keywords exempts all items or properties that it applies to from `unevaluatedItems` or
    /// `unevaluatedProperties`, so that it matters which of the combined schemas has it.
    fn evaluates_restricted(&self, keywords: &[&str]) -> bool {
        keywords.contains(&"items") && self.restricts_unevaluated(&["unevaluatedItems"])
            || keywords.contains(&"additionalProperties") && self.restricts_unevaluated(&["unevaluatedProperties"])
    }

    /// Returns whether one of these keywords, here or in a sibling schema, rejects properties or items. A change of another keyword then
    /// also changes which of them count as evaluated (JSON Schema 2020-12, Core, section 11), so that its effect is not certain.
    pub(super) fn restricts_unevaluated(&self, unevaluated: &[&str]) -> bool {
        let sides = self.sides();
        let mut openness = sides.map(|(flat, document)| flat.openness(document, unevaluated)).into_iter();
        openness.any(|it| it != Openness::Allowed) || self.siblings_restrict(unevaluated)
    }

    /// Returns whether one of these keywords of a sibling schema rejects properties or items.
    pub(super) fn siblings_restrict(&self, unevaluated: &[&str]) -> bool {
        let mut siblings = self.sibling_schemas.iter().zip([self.comparison.old, self.comparison.new]);
        siblings.any(|(flat, document)| flat.openness(document, unevaluated) != Openness::Allowed)
    }

    fn constrains(&self, schema: &Node<'a>) -> bool {
        constrains_instances(self.comparison.normal(schema), schema)
    }

    /// Returns the effect of adding or removing a subschema. It is `Both` beside `unevaluatedProperties` or `unevaluatedItems`, which
    /// exempt the properties and items that the subschema evaluates.
    pub(super) fn effect_beside_unevaluated(&self, effect: Effect) -> Effect {
        if self.restricts_unevaluated(&["unevaluatedProperties", "unevaluatedItems"]) { Effect::Both } else { effect }
    }

    /// Returns whether `unevaluatedProperties` or `unevaluatedItems` restricts a property or item that an entry of `patternProperties`,
    /// `dependentSchemas` or `prefixItems` is for, and another keyword or a sibling may exempt it. `others` are the keywords that apply to
    /// properties or items without an entry, if there are any; `is_name` returns whether the entry applies to a name.
    fn may_be_exempt(&self, keyword: &str, others: &[&str], is_name: impl Fn(&str) -> bool) -> bool {
        let (unevaluated, mut evaluating): (Vec<&str>, Vec<&str>) =
            others.iter().partition(|keyword| keyword.starts_with("unevaluated"));
        evaluating.extend((keyword == "prefixItems").then_some("contains"));
        let in_parts = [&evaluating[..], &unevaluated, &[keyword]].concat();
        let may_evaluate = |(flat, document): (&Flat<'a>, &'a Schemas)| {
            flat.openness(document, &unevaluated) != Openness::Allowed
                && (evaluating.iter().any(|keyword| !flat.get(keyword).is_empty())
                    || document.parts_may_evaluate(&flat.parts, &in_parts, &is_name))
        };
        let sides = self.sides();
        self.siblings_restrict(&unevaluated) || sides.into_iter().any(may_evaluate)
    }

    /// Returns the effect of adding a member with these schemas to `patternProperties` or `dependentSchemas`. A schema that accepts
    /// everything has none, unless other keywords restrict the properties to which it applies.
    fn effect_of_adding_key(&self, keyword: &str, others: &[&str], key: &str, schemas: &[Node<'a>]) -> Option<Effect> {
        let is_name = |name: &str| self.comparison.new.pattern(key).may_match(name);
        let effect = match self.may_be_exempt(keyword, others, is_name) {
            true => Effect::Both,
            // Without the entry, the other keywords apply.
            false => {
                let [before, after] = self.sides().map(|(flat, document)| flat.openness(document, others));
                let is_open = before == Openness::Allowed && after == Openness::Allowed;
                if is_open && !schemas.iter().any(|schema| self.constrains(schema)) {
                    return None;
                }
                before.effect_of_adding_entry(after)
            }
        };
        Some(if IN_PLACE.contains(&keyword) { self.effect_beside_unevaluated(effect) } else { effect })
    }

    fn compare_schemas_by_key(&mut self, keyword: &str, others: &[&str]) {
        let (old, new) = (self.old, self.new);
        let members = |flat: &Flat<'a>| {
            let mut members: BTreeMap<&str, Vec<Node<'a>>> = BTreeMap::new();
            for (key, node) in flat.get(keyword).iter().flat_map(Node::members) {
                members.entry(key).or_default().push(node);
            }
            members
        };
        let (before, after) = (members(old), members(new));
        let is_in_place = IN_PLACE.contains(&keyword);
        let role = if is_in_place { self.role.in_place(Sense::Same) } else { self.role.to_required_property() };
        for &key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            let [old, new] = [&before, &after].map(|side| side.get(key).cloned().unwrap_or_default());
            match (old.is_empty(), new.is_empty()) {
                (false, false) if is_in_place => self.queue_in_place(old, new, role),
                (false, false) => self.comparison.queue_conjunctions(old, new, role),
                _ => match self.effect_of_adding_key(keyword, others, key, &[&old[..], &new].concat()) {
                    None => self.queue_open_schemas(old, new, role),
                    Some(effect) if old.is_empty() => {
                        self.record_keyword(keyword, effect, &format!("{} was added to `{keyword}`", quote(key)));
                    }
                    Some(effect) => {
                        let what = format!("{} was removed from `{keyword}`", quote(key));
                        self.record_keyword(keyword, Sense::Reversed.of(effect), &what);
                        match is_in_place {
                            true => self.record_undescribed_properties(&old),
                            false => self.record_undescribed_parts(&old, others_of),
                        }
                    }
                },
            }
        }
    }

    /// Returns whether the possible targets of a `$dynamicRef` differ.
    fn targets_differ(&self) -> bool {
        let names = self.new.get("$dynamicRef").iter().filter_map(|node| node.value.as_str());
        let [old, new] = self.comparison.published.map(replace_anchors);
        names.into_iter().any(|name| dynamic_targets(&old, name) != dynamic_targets(&new, name))
    }

    /// Records changes of keywords without a rule; they count as breaking.
    pub(super) fn record_unknown_keywords(&mut self) {
        let (old, new) = (self.old, self.new);
        let is_known =
            |key: &str| is_docs(key) || OTHERS.contains(&key) || TABLE.iter().any(|(keyword, ..)| *keyword == key);
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| !is_known(key)).collect();
        for key in keys {
            let differs = effect_on(&old.texts(key), &new.texts(key), |a, b| a == b).is_some();
            if differs || (key == "$dynamicRef" && self.targets_differ()) {
                self.comparison.record_unclassified(&self.keyword_node(key));
            }
        }
    }
}

/// Returns the values of some keywords, or the schemas that they contain.
fn values_of<'a>(part: &Node<'a>, keywords: &[&str]) -> Vec<Node<'a>> {
    let values = keywords.iter().flat_map(|keyword| match *keyword {
        "prefixItems" => part.member(keyword).items(),
        "patternProperties" => part.member(keyword).members().into_values().collect(),
        _ => vec![part.member(keyword)],
    });
    values.collect()
}

/// Describes a change of the pairs of a property and a name that it requires.
fn describe_names(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
    let missing = |these: &[(&str, &str)], those: &[(&str, &str)], verb: &str| -> Vec<String> {
        let missing = these.iter().filter(|pair| !those.contains(pair));
        missing.map(|(key, name)| format!("{} {verb} {}", quote(key), quote(name))).collect()
    };
    [missing(old, new, "no longer requires"), missing(new, old, "now requires")].concat().join(", ")
}

/// Keywords that [`satisfies_all`] checks.
pub(super) const CHECKED: [&str; 4] = ["minLength", "maxLength", "multipleOf", "pattern"];

/// Returns whether a value certainly satisfies the constraints of a schema by [`CHECKED`] keywords.
pub(super) fn satisfies_all(value: &Value, schema: &Flat<'_>) -> bool {
    CHECKED.iter().all(|keyword| schema.get(keyword).iter().all(|constraint| satisfies(value, keyword, constraint)))
}

/// Returns whether a value certainly satisfies a constraint on strings or numbers.
fn satisfies(value: &Value, keyword: &str, constraint: &Node<'_>) -> bool {
    let length = || value.as_str().map(|text| text.chars().count() as f64);
    let holds = match keyword {
        "minLength" => length().zip(constraint.value.as_f64()).map(|(length, least)| length >= least),
        "maxLength" => length().zip(constraint.value.as_f64()).map(|(length, most)| length <= most),
        "multipleOf" => value.as_f64().zip(constraint.value.as_f64()).map(|(number, it)| is_multiple_of(number, it)),
        "pattern" => value.as_str().zip(constraint.value.as_str()).map(|(text, it)| Pattern::new(it).matches(text)),
        _ => None,
    };
    holds.unwrap_or(false)
}

/// Returns whether a number is a multiple of another, apart from rounding errors.
fn is_multiple_of(number: f64, divisor: f64) -> bool {
    let quotient = number / divisor;
    (quotient - quotient.round()).abs() <= 4.0 * f64::EPSILON * quotient.abs()
}
