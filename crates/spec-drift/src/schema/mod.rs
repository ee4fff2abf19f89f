//! Comparison of schemas: whether a change narrows or widens the set of accepted instances.

mod alternatives;
mod discriminator;
mod keywords;
mod meaning;
mod omission;
mod part;
mod properties;
mod property_change;
mod role;
mod text;
mod undescribed;
mod unevaluated;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use heck::ToKebabCase;
use serde_json::{Value, json};

pub(super) use self::alternatives::LIST_KEYWORDS;
use self::keywords::TABLE;
use self::properties::gains_or_loses_schema;
pub(super) use self::role::{Role, Transmission};
use self::text::restricts_strings;
pub(super) use self::values::describe_types;
use super::flat::{Flat, Schemas, TYPE_KEYWORDS, canonical, is_omitted};
use super::{Comparison, Effect, Node, follow};
use openapi_refinery::Error;
use openapi_refinery::lower::size;
use openapi_refinery::normalize::TYPES;

/// Base of the limit for pairs of single schemas. The limit is this number plus two for each JSON value: see [`limits`].
const BASE_SINGLE: usize = 10_000;
/// Maximum number of pairs of combined schemas that are compared; takes up to two seconds.
const MAX_COMBINED: usize = 100_000;

/// Returns the maximum number of pairs of single schemas that are compared, and that of pairs of combined schemas. A single schema may be
/// compared twice, once in each direction. The number of combined schemas may double with each level of nesting. Unchanged schemas do not
/// count.
pub(super) fn limits(old: &Value, new: &Value) -> [usize; 2] {
    [BASE_SINGLE + 2 * size(old).max(size(new)), MAX_COMBINED]
}

/// A schema that accepts everything.
static ANYTHING: Value = Value::Bool(true);

/// Returns a schema that accepts all values of a type.
fn schema_of_type(kind: &str) -> Option<&'static Value> {
    static SCHEMAS: LazyLock<BTreeMap<&str, Value>> =
        LazyLock::new(|| TYPES.into_iter().map(|kind| (kind, json!({ "type": kind }))).collect());
    SCHEMAS.get(kind)
}

/// Two corresponding schemas, each a combination of several.
pub(super) struct Pair<'a> {
    old: Vec<Node<'a>>,
    new: Vec<Node<'a>>,
    /// The first of the new schemas.
    node: Node<'a>,
    role: Role,
    /// The old and the new sibling schemas, which apply to the same instance. Empty unless `role.is_alternative` or `role.is_partial`.
    siblings: [Vec<Node<'a>>; 2],
    number: usize,
    is_called_by_api: bool,
}

impl<'a> Comparison<'a> {
    /// Queues two schemas for comparison.
    pub(super) fn queue_schemas(&mut self, old: Node<'a>, new: Node<'a>, role: Role) {
        self.queue_conjunctions(vec![old], vec![new], role)
    }

    /// Queues two combinations of schemas, unless they have been queued before.
    fn queue_conjunctions(&mut self, old: Vec<Node<'a>>, new: Vec<Node<'a>>, role: Role) {
        self.queue_with_siblings(old, new, role, [Vec::new(), Vec::new()])
    }

    /// Queues two combinations of schemas, with their sibling schemas.
    fn queue_with_siblings(
        &mut self,
        old: Vec<Node<'a>>,
        new: Vec<Node<'a>>,
        role: Role,
        siblings: [Vec<Node<'a>>; 2],
    ) {
        let Some(node) = new.first().map(|node| follow(self.new, node.clone())) else { return };
        // A reference with annotations is not followed here, so that they are compared together with those of its target.
        let has_annotations = |node: &Node<'_>| node.members().len() > 1;
        let follow = |document, node| if has_annotations(&node) { node } else { follow(document, node) };
        let old: Vec<_> = old.into_iter().map(|node| follow(self.old, node)).collect();
        let new: Vec<_> = new.into_iter().map(|node| follow(self.new, node)).collect();
        let siblings = if role.is_partial || role.is_alternative { siblings } else { [Vec::new(), Vec::new()] };
        if self.are_unchanged(&old, &new) && !self.siblings_gain_or_lose_schema(&old, &siblings) {
            return;
        }
        let pointers =
            |nodes: &[Node<'_>]| nodes.iter().map(|node| node.pointer.as_str()).collect::<Vec<_>>().join(" ");
        let [old_siblings, new_siblings] = siblings.each_ref().map(|nodes| pointers(nodes));
        let [old_key, new_key] =
            [(&old, old_siblings), (&new, new_siblings)].map(|(it, siblings)| format!("{}, {siblings}", pointers(it)));
        // It does not matter which of several mappings leads to a schema.
        let role_key = Role { mapped_by: role.mapped_by.map(|_| 0), ..role };
        let count_of_pairs = self.causes_of_pairs.len();
        let number = *self.numbers.entry((old_key, new_key, role_key, self.is_called_by_api)).or_insert(count_of_pairs);
        let cause = self.cause();
        if let Some(causes) = self.causes_of_pairs.get_mut(number) {
            causes.extend(cause);
            return;
        }
        self.causes_of_pairs.push(cause.into_iter().collect());
        let count = old.len() * new.len();
        let remaining = &mut self.remaining[usize::from(count > 1)];
        let Some(rest) = remaining.checked_sub(count) else {
            let problem = "schemas are combined in more ways than can be compared";
            self.exceeded = Some(Error::at(node.pointer, problem, "move the combined schemas to one component"));
            return;
        };
        *remaining = rest;
        let is_called_by_api = self.is_called_by_api;
        self.pending.push(Pair { old, new, node, role, siblings, number, is_called_by_api });
    }

    fn are_unchanged(&self, old: &[Node<'_>], new: &[Node<'_>]) -> bool {
        let is_unchanged = |(old, new): (&Node<'_>, &Node<'_>)| self.affected.are_unchanged(old.value, new.value);
        old.len() == new.len() && old.iter().zip(new).all(is_unchanged)
    }

    /// Returns whether a sibling of an unchanged schema starts or stops describing a property that this schema, or a part of it, names.
    fn siblings_gain_or_lose_schema(&self, schemas: &[Node<'a>], siblings: &[Vec<Node<'a>>; 2]) -> bool {
        let [old, new] = siblings;
        if self.are_unchanged(old, new) {
            return false;
        }
        let siblings = [Flat::of(self.old, old), Flat::of(self.new, new)];
        self.old.property_names(schemas).into_iter().any(|name| gains_or_loses_schema(name, &siblings))
    }

    /// Compares the queued schemas, and those that they lead to.
    pub(super) fn compare_pending(&mut self) {
        while let Some(mut pair) = self.pending.pop() {
            self.pair = Some(pair.number);
            self.is_called_by_api = pair.is_called_by_api;
            let direction = pair.role.direction;
            self.direction = Some(direction);
            pair.role.is_omitted |= pair.role.is_property
                && is_omitted(self.old, &pair.old, direction)
                && is_omitted(self.new, &pair.new, direction);
            (self.is_omitted, self.is_covered) = (pair.role.is_omitted, pair.role.is_covered);
            self.compare_pair(&pair);
        }
        (self.pair, self.direction, self.is_omitted, self.is_covered) = (None, None, false, false);
    }

    fn compare_pair(&mut self, pair: &Pair<'a>) {
        let [mut old, mut new] = self.combine(pair);
        // Computed before scalars are accepted as text, since bounds apply to numbers only.
        let compares_bounds = old.accepts("integer") == new.accepts("integer");
        let siblings = &[Flat::of(self.old, &pair.siblings[0]), Flat::of(self.new, &pair.siblings[1])];
        let role = pair.role;
        let mut at = PairComparison::of(self, pair, [&old, &new], siblings);
        if role.is_property && at.compare_omission(&pair.old, &pair.new) {
            return;
        }
        at.compare_omitted_alternatives();
        if role.compares_annotations {
            let mut at = PairComparison::of(self, pair, [&old, &new], siblings);
            let is_compared_elsewhere = at.annotations_of_alternatives(&pair.old, &pair.new);
            at.compare_annotations(is_compared_elsewhere);
            let replaces_list = at.replaces_list(&pair.old, &pair.new);
            at.compare_meaning(replaces_list);
        }
        if role.is_text() && PairComparison::of(self, pair, [&old, &new], siblings).compare_text(pair) {
            return;
        }
        old.read_alternatives_as_values(&new, self.old);
        new.read_alternatives_as_values(&old, self.new);
        old.read_multiples_as_integers(&new);
        new.read_multiples_as_integers(&old);
        let describe = |flats: [&Flat<'a>; 2]| flats.map(|flat| describe_types(flat.types.as_ref()));
        let mut declared = describe([&old, &new]);
        if role.is_text() {
            // Restrictions of strings do not apply to numbers. If both schemas have such restrictions, numbers do not count as strings.
            let are_strings = ![&old, &new].into_iter().all(restricts_strings);
            old.accept_text(are_strings);
            new.accept_text(are_strings);
        }
        let mut at = PairComparison::of(self, pair, [&old, &new], siblings);
        if at.compare_satisfiability() {
            return;
        }
        let is_replaced = at.compare_single_with_alternatives(&pair.old, &pair.new);
        if !is_replaced && !role.is_text() {
            match (old.types.is_some(), new.types.is_some()) {
                (true, false) => old.limit_types_to_alternatives(self.old),
                (false, true) => new.limit_types_to_alternatives(self.new),
                _ => {}
            }
            old.add_implied_constraints(&new, self.old, &siblings[0]);
            new.add_implied_constraints(&old, self.new, &siblings[1]);
            declared = describe([&old, &new]);
        }
        PairComparison::of(self, pair, [&old, &new], siblings).compare_ambiguous_null();
        if role.ignores_null {
            [&mut old, &mut new].into_iter().for_each(Flat::remove_null);
        }
        let mut at = PairComparison::of(self, pair, [&old, &new], siblings);
        if is_replaced || at.compare_types(declared) {
            return;
        }
        at.compare_constraints(compares_bounds)
    }
}

/// A comparison of two combinations of schemas.
struct PairComparison<'c, 'a> {
    comparison: &'c mut Comparison<'a>,
    old: &'c Flat<'a>,
    new: &'c Flat<'a>,
    /// The first of the new schemas.
    node: Node<'a>,
    role: Role,
    /// The old and the new sibling schemas, which apply to the same instance. Empty unless `role.is_alternative` or `role.is_partial`.
    siblings: &'c [Vec<Node<'a>>; 2],
    /// The combination of the old siblings, and that of the new ones.
    sibling_schemas: &'c [Flat<'a>; 2],
}

impl<'c, 'a> PairComparison<'c, 'a> {
    fn of(
        comparison: &'c mut Comparison<'a>,
        pair: &'c Pair<'a>,
        [old, new]: [&'c Flat<'a>; 2],
        sibling_schemas: &'c [Flat<'a>; 2],
    ) -> Self {
        let (node, role, siblings) = (pair.node.clone(), pair.role, &pair.siblings);
        Self { comparison, old, new, node, role, siblings, sibling_schemas }
    }

    /// Returns each schema with its document.
    fn sides(&self) -> [(&'c Flat<'a>, &'a Schemas); 2] {
        [(self.old, self.comparison.old), (self.new, self.comparison.new)]
    }
}

impl<'a> PairComparison<'_, 'a> {
    /// Compares the constraints of schemas, unless types were both added and removed.
    fn compare_constraints(&mut self, compares_bounds: bool) {
        self.compare_values();
        self.compare_format();
        self.compare_alternatives();
        // Constraints on a type that only one side accepts are not compared: the change of the types covers them. Constraints on a type
        // that neither side accepts are compared, since the document declares them.
        let (old, new) = (self.old, self.new);
        let compares = |kind: &str| old.accepts(kind) == new.accepts(kind);
        if compares_bounds {
            self.compare_bounds();
        }
        if compares("object") {
            self.compare_properties();
        }
        let grouped = self.compare_groups();
        if compares("object") && !grouped.contains("additionalProperties") {
            self.compare_additional_properties();
        }
        for (keyword, kind, row) in &TABLE {
            if kind.is_none_or(compares) && !grouped.contains(keyword) {
                self.compare_keyword(keyword, row);
            }
        }
        self.record_unknown_keywords();
    }

    /// Queues two combinations of schemas. One may be empty, provided that the other accepts everything: a missing schema accepts
    /// everything, too, so only annotations can differ.
    fn queue_open_schemas(&mut self, old: Vec<Node<'a>>, new: Vec<Node<'a>>, role: Role) {
        let or_anything = |schemas: Vec<Node<'a>>, around: &Flat<'a>| {
            let part = around.parts.first().filter(|_| schemas.is_empty());
            let anything = part.map(|part| Node { value: &ANYTHING, ..part.clone() });
            schemas.into_iter().chain(anything).collect::<Vec<_>>()
        };
        let [before, after] = [or_anything(old, self.old), or_anything(new, self.new)];
        if !before.is_empty() && !after.is_empty() {
            self.comparison.queue_conjunctions(before, after, role);
        }
    }

    /// Queues parts that apply to the same instance.
    fn queue_in_place(&mut self, old: Vec<Node<'a>>, new: Vec<Node<'a>>, role: Role) {
        self.comparison.queue_with_siblings(old, new, role, self.siblings_of_parts())
    }

    /// Returns, for each side, the siblings of a subschema: the combined schemas and their own siblings.
    fn siblings_of_parts(&self) -> [Vec<Node<'a>>; 2] {
        self.siblings_of_parts_among(|_| true)
    }

    /// Returns the combined schemas on each side, and the siblings that satisfy a condition.
    fn siblings_of_parts_among(&self, is_relevant: impl Fn(&Node<'a>) -> bool) -> [Vec<Node<'a>>; 2] {
        let with_parts = |siblings: &[Node<'a>], parts: &[Node<'a>]| {
            let others = siblings.iter().filter(|node| is_relevant(node));
            let others = others.filter(|node| parts.iter().all(|part| part.pointer != node.pointer));
            parts.iter().chain(others).cloned().collect()
        };
        [with_parts(&self.siblings[0], &self.old.parts), with_parts(&self.siblings[1], &self.new.parts)]
    }

    /// Records the effect of a change of a keyword, with its values.
    fn record_values(&mut self, keyword: &str, effect: Effect, old: &[String], new: &[String]) {
        self.record_keyword(keyword, effect, &describe_values(keyword, old, new));
    }

    /// Records that a keyword was added or removed.
    fn record_presence(&mut self, keyword: &str, effect: Effect, is_added: bool) {
        let what = format!("`{keyword}` was {}", if is_added { "added" } else { "removed" });
        self.record_keyword(keyword, effect, &what);
    }

    fn record_keyword(&mut self, keyword: &str, effect: Effect, what: &str) {
        let effect = self.role.effect(effect);
        let node = self.keyword_node(keyword);
        self.record(&format!("{}-{}", keyword.to_kebab_case(), effect.word()), effect, &node, what);
    }

    /// Records a change by its effect on the whole schema of the request or response, with the consequence for callers.
    fn record(&mut self, rule: &str, effect: Effect, at: &Node<'a>, what: &str) {
        let consequence = self.comparison.consequence(effect, self.role.direction);
        let message = format!("{what}{}: {consequence}", self.role.describe_context());
        self.comparison.record(rule, effect.verdict(self.role.direction), at, message);
    }

    /// Returns a keyword that differs: of one of the combined schemas of the candidate, otherwise of the vendored document.
    fn keyword_node(&self, keyword: &str) -> Node<'a> {
        let keywords: &[&str] = match keyword {
            "minimum" => &["minimum", "exclusiveMinimum"],
            "maximum" => &["maximum", "exclusiveMaximum"],
            "type" => &TYPE_KEYWORDS,
            "enum" => &["enum", "anyOf", "oneOf"],
            _ => std::slice::from_ref(&keyword),
        };
        let nodes = |flat: &'_ Flat<'a>| -> Vec<Node<'a>> {
            let keyword = |part: &Node<'a>| keywords.iter().map(|it| part.member(it)).find(Node::is_present);
            flat.parts.iter().filter_map(keyword).collect()
        };
        let (old, new) = (nodes(self.old), nodes(self.new));
        let differs = |node: &&Node<'a>, others: &[Node<'a>]| others.iter().all(|it| it.value != node.value);
        let changed = new.iter().find(|it| differs(it, &old)).or_else(|| old.iter().find(|it| differs(it, &new)));
        changed.or(new.first()).cloned().unwrap_or_else(|| self.node.member(keyword))
    }
}

/// Describes a change of the values of a keyword.
pub(super) fn describe_values(keyword: &str, old: &[String], new: &[String]) -> String {
    let list = |values: &[String]| values.join(" and ");
    match (old, new) {
        ([], new) => format!("`{keyword}` {} was added", list(new)),
        (old, []) => format!("`{keyword}` {} was removed", list(old)),
        (old, new) => format!("`{keyword}` was {} and is {}", list(old), list(new)),
    }
}

/// Returns the effect of a change of constraints that must all hold. `implies` returns whether the first constraint implies the second.
pub(super) fn effect_on<T>(old: &[T], new: &[T], implies: impl Fn(&T, &T) -> bool) -> Option<Effect> {
    let imply = |these: &[T], those: &[T]| those.iter().all(|that| these.iter().any(|this| implies(this, that)));
    match (imply(new, old), imply(old, new)) {
        (true, true) => None,
        (true, false) => Some(Effect::Narrows),
        (false, true) => Some(Effect::Widens),
        (false, false) => Some(Effect::Both),
    }
}

/// Returns the effect of a change of a set of accepted values; `None` accepts all.
fn effect_on_sets<T: Ord>(old: &Option<BTreeSet<T>>, new: &Option<BTreeSet<T>>) -> Option<Effect> {
    effect_on(old.as_slice(), new.as_slice(), BTreeSet::is_subset)
}

/// Returns the effect of a change of `enum`.
pub(super) fn effect_on_values(old: &Node<'_>, new: &Node<'_>) -> Option<Effect> {
    let values = |node: &Node<'_>| {
        let values = node.member("enum");
        values.is_present().then(|| values.items().iter().map(|it| canonical(it.value)).collect::<BTreeSet<_>>())
    };
    effect_on_sets(&values(old), &values(new))
}
