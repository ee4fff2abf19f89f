//! Comparison of discriminators, and of the schemas that they select.

use std::collections::{BTreeMap, BTreeSet};

use super::alternatives::schema_name;
use super::{PairComparison, effect_on_sets};
use crate::flat::{Flat, Schemas, canonical, is_docs};
use crate::matching::same_component;
use crate::{Document, Node, Verdict, quote};

impl<'a> PairComparison<'_, 'a> {
    /// Compares which values of the discriminator stand for which schema, and these schemas.
    pub(super) fn compare_discriminator(&mut self) {
        self.compare_mapped_schemas();
        self.compare_mappings();
    }

    /// Compares the schemas that extend this one, as its discriminator lists them. If the schema has alternatives, those that do not extend it
    /// are compared with their list.
    fn compare_mapped_schemas(&mut self) {
        let targets = |mapping: BTreeMap<&'a str, Node<'a>>, document: &'a Schemas| -> BTreeMap<&'a str, Node<'a>> {
            mapping.into_iter().filter_map(|(name, to)| Some((name, target_of(&to, document)?))).collect()
        };
        let [before, after] = self.mappings();
        let (before, mut after) = (targets(before, self.comparison.old), targets(after, self.comparison.new));
        for (name, old) in before {
            // A change of the target is a change of the mapping.
            let new = after.remove(name).filter(|new| same_component(&old, new));
            if let Some(new) = new.filter(|new| self.new.alternatives().is_empty() || self.is_extended_by(new)) {
                self.comparison.queue_conjunctions(vec![old], vec![new], self.role);
            }
        }
    }

    /// Returns whether a schema of the candidate extends the one that has the discriminator.
    fn is_extended_by(&self, schema: &Node<'a>) -> bool {
        let holders = self.new.get("discriminator").iter().map(|it| it.parent().pointer);
        holders.into_iter().any(|holder| self.comparison.new.combines(schema, &holder))
    }

    /// Returns the mappings of the discriminators, before and after, from values to references. If this schema is a child of a schema with a
    /// discriminator, as `Cat` is a child of `Pet`, a value of it is only included if it selects this schema, or one that extends it.
    fn mappings(&self) -> [BTreeMap<&'a str, Node<'a>>; 2] {
        let sides = [(self.old, self.comparison.old), (self.new, self.comparison.new)];
        let children_of = |(flat, document): (&'_ Flat<'a>, &'a Schemas)| {
            let discriminators = flat.get("discriminator").iter();
            discriminators.flat_map(|it| self.children_among_parts(flat, document, it)).collect::<Vec<_>>()
        };
        // A child in one document is a child in the other, too, even if it adds no properties there.
        let children = sides.map(children_of).concat();
        sides.map(|(flat, document)| {
            let entries_of = |discriminator: &Node<'a>| {
                let holder = discriminator.parent().pointer;
                let is_part = |child: &str| flat.parts.iter().any(|part| part.pointer == child);
                let children = children.iter().filter(|(of, child)| *of == holder && is_part(child));
                let children: Vec<String> = children.map(|(_, child)| child.clone()).collect();
                let selects_part = move |to: &Node<'a>| {
                    let target = target_of(to, document);
                    children.iter().all(|child| target.as_ref().is_some_and(|it| document.combines(it, child)))
                };
                discriminator.member("mapping").members().into_iter().filter(move |(_, to)| selects_part(to))
            };
            flat.get("discriminator").iter().flat_map(entries_of).collect()
        })
    }

    /// Returns those parts of a schema that are children of the schema with a discriminator: they are selected by one of its values, and add
    /// properties. A part that adds none is another name for the schema with the discriminator. Each is returned as two pointers: that of the
    /// schema with the discriminator, and its own.
    fn children_among_parts(
        &self,
        flat: &Flat<'a>,
        document: &'a Schemas,
        discriminator: &Node<'a>,
    ) -> Vec<(String, String)> {
        let (mapping, holder) = (discriminator.member("mapping"), discriminator.parent().pointer);
        // The normal form adds the names of components. They only count if the document itself has no mapping.
        let stated = self.comparison.published_value(&mapping).and_then(|(_, mapping)| mapping.as_object());
        let is_stated = |value: &str| stated.is_none_or(|mapping| mapping.contains_key(value));
        let selecting = mapping.members().into_iter().filter(|(value, _)| is_stated(value));
        let targets: Vec<_> = selecting.filter_map(|(_, to)| target_of(&to, document)).collect();
        let properties = |node: &Node<'a>| Flat::of(document, std::slice::from_ref(node)).properties;
        let of_holder = flat.parts.iter().find(|part| part.pointer == holder).map(&properties).unwrap_or_default();
        let is_child = |part: &&Node<'a>| {
            part.pointer != holder
                && targets.iter().any(|target| target.pointer == part.pointer)
                && document.combines(part, &holder)
                && properties(part).keys().any(|name| !of_holder.contains_key(name))
        };
        flat.parts.iter().filter(is_child).map(|part| (holder.clone(), part.pointer.clone())).collect()
    }

    /// Compares which values of the discriminator stand for which schema.
    fn compare_mappings(&mut self) {
        let (old, new) = (self.old, self.new);
        if let ([old], [new]) = (old.get("discriminator"), new.get("discriminator")) {
            self.comparison.compare_annotations(old, new, &[]);
        }
        let targets = |flat: &Flat<'a>| -> BTreeSet<&'a str> {
            let alternatives = flat.alternatives().into_iter().flat_map(|list| list.items());
            alternatives.chain(flat.parts.clone()).filter_map(|node| node.text("$ref")).collect()
        };
        let (old_targets, new_targets) = (targets(old), targets(new));
        let target = |to: &Node<'a>| to.value.as_str().unwrap_or_default();
        let is_in_one = |to: &Node<'a>| old_targets.contains(target(to)) != new_targets.contains(target(to));
        // Two components count as one that was renamed if the same value selects one before and the other after.
        let [old_mapping, new_mapping] = self.mappings();
        let pairs = old_mapping.iter().filter_map(|(value, to)| Some((*value, [to, new_mapping.get(value)?])));
        let kept: BTreeMap<&str, _> = pairs.filter(|(_, targets)| targets.iter().all(|to| is_in_one(to))).collect();
        let renamed: BTreeSet<&str> = kept.values().flatten().map(|to| target(to)).collect();
        let has_list = [old, new].iter().any(|flat| !flat.alternatives().is_empty());
        let is_compared = |value: &str, to: &Node<'a>| match is_in_one(to) {
            false => true,
            // The name of a component is an implicit value, which is not compared.
            true if renamed.contains(target(to)) => !kept.contains_key(value) && value != schema_name(to.value),
            // What selects an alternative that was added or removed is reported with the alternative. The normal form writes a single
            // alternative without a list.
            true => !has_list,
        };
        let entries = [(&old_mapping, &new_mapping), (&new_mapping, &old_mapping)].map(|(own, other)| {
            let is_implied =
                |value: &str, to: &Node<'a>| !other.contains_key(value) && self.is_implied_in_other(value, to);
            describe_entries(own, |value, to| is_compared(value, to) && !is_implied(value, to))
        });
        let members = [old, new].map(describe_members);
        let is_present = |index: usize| !entries[index].is_empty() || !members[index].is_empty();
        let node = self.keyword_node("discriminator");
        let mut record = |rule: &str, what: &str| self.comparison.record(rule, Verdict::Compatible, &node, what);
        match (is_present(0), is_present(1)) {
            (false, true) => record("discriminator-added", "a discriminator was added"),
            (true, false) => record("discriminator-removed", "the discriminator was removed"),
            _ => {
                self.compare_described_members(entries);
                self.compare_described_members(members);
            }
        }
    }

    /// Returns whether an entry of a mapping states what the schemas of the other document imply: the target lists the value for the property
    /// of the discriminator.
    fn is_implied_in_other(&self, value: &str, to: &Node<'a>) -> bool {
        let (flat, document) = match to.document {
            Document::Vendored => (self.new, self.comparison.new),
            Document::Candidate => (self.old, self.comparison.old),
        };
        let Some(target) = target_of(to, document) else { return false };
        let properties = Flat::of(document, &[target]).properties;
        let names = flat.get("discriminator").iter().filter_map(|it| it.text("propertyName"));
        let listed = names.filter_map(|name| Flat::of(document, properties.get(name)?).values());
        listed.into_iter().any(|values| values.contains(&canonical(&value.into())))
    }

    /// Records the difference between entries of a mapping, or between other members of a discriminator.
    fn compare_described_members(&mut self, [before, after]: [BTreeMap<DescribedMember, Node<'a>>; 2]) {
        let effect = effect_on_sets(&Some(before.keys().collect()), &Some(after.keys().collect()));
        let Some(effect) = effect.map(|effect| self.role.effect(effect)) else { return };
        let removed = before.iter().filter(|(what, _)| !after.contains_key(*what));
        let added = after.iter().filter(|(what, _)| !before.contains_key(*what));
        let what = describe_discriminator(removed.clone().map(|it| it.0), added.clone().map(|it| it.0));
        let node = added.chain(removed).next().map(|(_, node)| node.clone());
        let node = node.unwrap_or_else(|| self.keyword_node("discriminator"));
        self.record(&format!("discriminator-{}", effect.word()), effect, &node, &what);
    }
}

/// A pair of texts for the message that reports a change of a discriminator: for an entry of `mapping`, its value and the name of the
/// component that it selects; for any other member, such as `propertyName`, its key and its value.
type DescribedMember = (String, String);

/// Returns the members of a discriminator other than its `mapping`.
fn describe_members<'a>(flat: &Flat<'a>) -> BTreeMap<DescribedMember, Node<'a>> {
    let members = flat.get("discriminator").iter().flat_map(Node::members);
    let members = members.filter(|(key, _)| !is_docs(key) && *key != "mapping");
    members.map(|(key, node)| ((quote(key), canonical(node.value)), node)).collect()
}

/// Returns those entries of a mapping that are compared. A target is a reference or the name of a component.
fn describe_entries<'a>(
    mapping: &BTreeMap<&'a str, Node<'a>>,
    is_compared: impl Fn(&str, &Node<'a>) -> bool,
) -> BTreeMap<DescribedMember, Node<'a>> {
    let entries = mapping.iter().filter(|(value, to)| is_compared(value, to));
    entries.map(|(value, to)| ((format!("value {}", quote(value)), quote(schema_name(to.value))), to.clone())).collect()
}

/// Describes the changes of a discriminator.
fn describe_discriminator<'d>(
    removed: impl Iterator<Item = &'d DescribedMember>,
    added: impl Iterator<Item = &'d DescribedMember>,
) -> String {
    let mut values: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
    for ((subject, value), side) in removed.map(|it| (it, 0)).chain(added.map(|it| (it, 1))) {
        values.entry(subject).or_default()[side] = Some(value);
    }
    let all = values.into_iter().map(|(subject, values)| describe_discriminator_member(subject, values));
    all.collect::<Vec<_>>().join(", ")
}

/// Describes a change of the alternative that a value of the discriminator selects, or of another member of the discriminator.
fn describe_discriminator_member(subject: &str, values: [Option<&str>; 2]) -> String {
    let of = format!("the discriminator {subject}");
    match (subject.starts_with("value "), values) {
        (true, [Some(old), Some(new)]) => format!("{of} selected {old} and selects {new}"),
        (true, [Some(old), None]) => format!("{of} no longer selects {old}"),
        (true, [None, new]) => format!("{of} now selects {}", new.unwrap_or_default()),
        (false, [Some(old), Some(new)]) => format!("{subject} of the discriminator was {old} and is {new}"),
        (false, [Some(old), None]) => format!("{subject} {old} of the discriminator was removed"),
        (false, [None, new]) => format!("{subject} {} of the discriminator was added", new.unwrap_or_default()),
    }
}

/// Returns the schema that a discriminator selects, if it exists.
fn target_of<'a>(to: &Node<'a>, document: &'a Schemas) -> Option<Node<'a>> {
    Some(to.resolve(document, to.value.as_str()?)).filter(Node::is_present)
}
