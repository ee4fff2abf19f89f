//! Comparison of discriminators, and of the schemas that they select.

use std::collections::{BTreeMap, BTreeSet};

use super::alternatives::schema_name;
use super::role::Role;
use super::{PairComparison, effect_on_sets};
use crate::flat::{Flat, Schemas, canonical, is_docs, is_omitted};
use crate::matching::same_component;
use crate::{Document, Effect, Node, Verdict, follow, quote};

/// The entries of the mappings of one or more discriminators, by the key of the discriminator, and by value.
type Entries<'a> = BTreeMap<(String, &'a str), Node<'a>>;

impl<'a> PairComparison<'_, 'a> {
    /// Compares which values of the discriminator stand for which schema, and these schemas.
    pub(super) fn compare_discriminator(&mut self) {
        self.compare_mapped_schemas();
        self.compare_mappings();
    }

    /// Compares the schemas that the discriminator selects, except for parts of this schema, and for alternatives, which are compared with
    /// their list. If the mapping selects alternatives, other schemas count only if they extend the one that has the discriminator.
    fn compare_mapped_schemas(&mut self) {
        let is_part = |flat: &Flat<'a>, node: &Node<'a>| flat.parts.iter().any(|part| part.pointer == node.pointer);
        let alternatives: BTreeSet<String> =
            alternatives_of(self.new, self.comparison.new).into_iter().map(|it| it.pointer).collect();
        let targets = |entries: Entries<'a>, document: &'a Schemas| -> Entries<'a> {
            entries.into_iter().filter_map(|(key, to)| Some((key, target_of(&to, document)?))).collect()
        };
        let [before, after] = self.mappings();
        let (mut before, after) = (targets(before, self.comparison.old), targets(after, self.comparison.new));
        let selects_alternatives = after.values().any(|target| alternatives.contains(&target.pointer));
        for (key, new) in after {
            // Any other change of the target is a change of the mapping.
            let is_same = |old: &Node<'a>| same_component(old, &new) || self.is_renamed([old, &new]);
            let Some(old) = before.remove(&key).filter(is_same) else { continue };
            let are_parts = is_part(self.old, &old) && is_part(self.new, &new);
            let is_compared_with_list =
                alternatives.contains(&new.pointer) || selects_alternatives && !self.is_extended_by(&new);
            if !are_parts && !is_compared_with_list {
                let role = Role { mapped_by: self.holder_of(&key.0), ..self.role };
                self.comparison.queue_conjunctions(vec![old], vec![new], role);
            }
        }
    }

    /// Returns whether two components that the same value selects count as one that was renamed: each name is in one document only.
    fn is_renamed(&self, [old, new]: [&Node<'a>; 2]) -> bool {
        let [old_document, new_document] = [self.comparison.old, self.comparison.new].map(|it| it.document());
        new_document.pointer(&old.pointer).is_none() && old_document.pointer(&new.pointer).is_none()
    }

    /// Returns whether the document itself has an entry of a mapping: the normal form adds the names of components.
    fn is_stated(&self, to: &Node<'a>, value: &str) -> bool {
        self.comparison.published_value(&to.parent()).is_some_and(|(_, mapping)| mapping.get(value).is_some())
    }

    /// Returns whether a schema of the candidate extends the one that has the discriminator.
    fn is_extended_by(&self, schema: &Node<'a>) -> bool {
        let holders = self.new.get("discriminator").iter().map(|it| it.parent().pointer);
        holders.into_iter().any(|holder| self.comparison.new.combines(schema, &holder))
    }

    /// Returns the position in `Comparison::holders` of the schema that has the discriminator with this key. Adds the schema if necessary.
    fn holder_of(&mut self, key: &str) -> Option<usize> {
        let holder = self.new.get("discriminator").iter().find(|it| self.key_of(it) == key)?.parent().pointer;
        let holders = &mut self.comparison.holders;
        Some(holders.iter().position(|known| *known == holder).unwrap_or_else(|| {
            holders.push(holder);
            holders.len() - 1
        }))
    }

    /// Returns the key of a discriminator in [`Entries`]: empty if both schemas have exactly one discriminator. Otherwise, it is the
    /// property of the discriminator, which may have moved to another schema. If several discriminators of one schema have the same
    /// property, it is the pointer of the schema that has the discriminator.
    fn key_of(&self, discriminator: &Node<'a>) -> String {
        let all = self.sides().map(|(flat, _)| flat.get("discriminator"));
        let name = |it: &Node<'a>| it.text("propertyName").unwrap_or_default().to_owned();
        let are_distinct = |side: &&[Node<'a>]| side.iter().map(name).collect::<BTreeSet<_>>().len() == side.len();
        match all {
            [[_], [_]] => String::new(),
            _ if all.iter().all(are_distinct) => name(discriminator),
            _ => discriminator.parent().pointer,
        }
    }

    /// Returns the mappings of the discriminators, before and after. If this schema is a child of a schema with a discriminator, as `Cat`
    /// is a child of `Pet`, a value of that discriminator is only included if it selects this schema, or a schema that extends this one.
    fn mappings(&self) -> [Entries<'a>; 2] {
        let children = self.children();
        self.sides().map(|(flat, document)| {
            let is_part = |pointer: &str| flat.parts.iter().any(|part| part.pointer == pointer);
            let children: Vec<_> = children.iter().filter(|(_, child)| is_part(child)).collect();
            let entries_of = |discriminator: &Node<'a>| {
                let key = self.key_of(discriminator);
                let has_children = children.iter().any(|(of, _)| *of == key);
                let mut entries: Entries<'a> = BTreeMap::new();
                for (value, to) in discriminator.member("mapping").members() {
                    let target = target_of(&to, document);
                    // A target that is a part of this schema only has to extend the children of the same discriminator.
                    let is_part = target.as_ref().is_some_and(|target| is_part(&target.pointer));
                    let mut relevant = children.iter().filter(|(of, _)| has_children && (!is_part || *of == key));
                    let extends = |child: &str| target.as_ref().is_some_and(|target| document.combines(target, child));
                    if relevant.all(|(_, child)| extends(child)) {
                        entries.insert((key.clone(), value), to);
                    }
                }
                entries
            };
            flat.get("discriminator").iter().flat_map(entries_of).collect()
        })
    }

    /// Returns the children among the parts of this schema, with the keys of their discriminators. A child in one document is a child in
    /// the other, too, even if it adds no properties there.
    fn children(&self) -> Vec<(String, String)> {
        let children_of = |(flat, document): (&'_ Flat<'a>, &'a Schemas)| {
            let discriminators = flat.get("discriminator").iter();
            discriminators.flat_map(|it| self.children_among_parts(flat, document, it)).collect::<Vec<_>>()
        };
        self.sides().map(children_of).concat()
    }

    /// Returns those parts of a schema that are children of the schema with a discriminator: they are selected by one of its values, and
    /// add properties. A part that adds none is another name for the schema with the discriminator. Each is returned as the key of the
    /// discriminator and its own pointer.
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
        flat.parts.iter().filter(is_child).map(|part| (self.key_of(discriminator), part.pointer.clone())).collect()
    }

    /// Compares which values of the discriminator stand for which schema.
    fn compare_mappings(&mut self) {
        if let ([old], [new]) = (self.old.get("discriminator"), self.new.get("discriminator")) {
            self.comparison.compare_annotations(old, new, &[]);
        }
        let mappings = self.mappings();
        let members = self.compared_members(&mappings);
        let is_present =
            |side: &BTreeMap<_, Described<'a>>| side.values().any(|it| !it.entries.is_empty() || !it.others.is_empty());
        match members.each_ref().map(is_present) {
            [false, true] => {
                let node = self.keyword_node("discriminator");
                self.comparison.record("discriminator-added", Verdict::Compatible, &node, "a discriminator was added");
            }
            [true, false] => self.record_removed_discriminator(&mappings[0]),
            _ => {
                let keys: BTreeSet<&String> = members.iter().flat_map(BTreeMap::keys).collect();
                for key in keys {
                    let [old, new] = members.each_ref().map(|side| side.get(key).cloned().unwrap_or_default());
                    self.compare_described_members([old.entries, new.entries]);
                    self.compare_described_members([old.others, new.others]);
                }
            }
        }
    }

    /// Records that the discriminator was removed. Clients can no longer send the schemas that it selected, except for alternatives, which
    /// are compared with their list, and parts of this schema.
    fn record_removed_discriminator(&mut self, mapping: &Entries<'a>) {
        let node = self.keyword_node("discriminator");
        let listed = self.sides().map(|(flat, document)| alternatives_of(flat, document)).concat();
        let is_kept = |target: &Node<'a>| listed.iter().chain(&self.new.parts).any(|it| it.pointer == target.pointer);
        let is_lost = |to: &Node<'a>| target_of(to, self.comparison.old).is_some_and(|target| !is_kept(&target));
        if !mapping.values().any(is_lost) {
            let what = "the discriminator was removed";
            return self.comparison.record("discriminator-removed", Verdict::Compatible, &node, what);
        }
        // The message is the same for each schema that leads to the discriminator, so that they are reported as one change.
        let targets = self.old.get("discriminator").iter().flat_map(|it| it.member("mapping").members().into_values());
        let selected: BTreeSet<String> = targets.map(|to| quote(schema_name(to.value))).collect();
        let what = format!("the discriminator that selected {} was removed", Vec::from_iter(selected).join(", "));
        self.record("discriminator-narrowed", self.role.effect(Effect::Narrows), &node, &what);
    }

    /// Records that the property of a former discriminator may have values that selected no alternative, because one schema takes the place
    /// of the alternatives. If these list their values, the comparison of the property reports that. If the schema is one of them, values
    /// select it as before.
    pub(super) fn compare_selecting_values(&mut self, discriminator: &Node<'a>, alternatives: &[Flat<'a>]) {
        let name = discriminator.text("propertyName").unwrap_or_default();
        let values = |flat: &Flat<'a>, document| Flat::of(document, flat.properties.get(name)?).values();
        let [before, after] = [self.comparison.old, self.comparison.new];
        // Values other than strings are written as text in a mapping.
        let mapped = discriminator.member("mapping").members().into_keys();
        let selecting: BTreeSet<String> =
            mapped.flat_map(|value| [canonical(&value.into()), value.to_owned()]).collect();
        let is_selecting = values(self.new, after).is_some_and(|values| values.is_subset(&selecting));
        let are_listed = alternatives.iter().all(|flat| values(flat, before).is_some());
        let remains =
            |flat: &Flat<'a>| flat.parts.iter().any(|old| self.new.parts.iter().any(|new| same_component(old, new)));
        let is_selected = alternatives.iter().any(remains) || !self.new.get("discriminator").is_empty();
        let is_present = self.new.properties.get(name).is_some_and(|it| !is_omitted(after, it, self.role.direction));
        if self.is_read() && is_present && !is_selected && !is_selecting && !are_listed {
            let what = format!("{} may have values that selected no alternative", quote(name));
            let effect = self.role.effect(Effect::Widens);
            self.record(&format!("discriminator-{}", effect.word()), effect, &self.property_node(name), &what);
        }
    }

    /// Returns the members of the discriminators to compare, before and after, by key. Two kinds of entries are left out: those that
    /// select an alternative that was added or removed, and those that were compared with the schema that led here.
    fn compared_members(
        &mut self,
        [old_mapping, new_mapping]: &[Entries<'a>; 2],
    ) -> [BTreeMap<String, Described<'a>>; 2] {
        let (old, new) = (self.old, self.new);
        let (old_targets, new_targets) = (targets_of(old), targets_of(new));
        let target = |to: &Node<'a>| to.value.as_str().unwrap_or_default();
        let is_in_one = |to: &Node<'a>| old_targets.contains(target(to)) != new_targets.contains(target(to));
        // Two components count as one that was renamed if the same value selects one before and the other after.
        let is_renamed = |targets: &[&Node<'a>; 2]| {
            let [old, new] = [(targets[0], self.comparison.old), (targets[1], self.comparison.new)];
            let [old, new] = [old, new].map(|(to, document)| target_of(to, document));
            targets.iter().all(|to| is_in_one(to))
                || old.zip(new).is_some_and(|(old, new)| self.is_renamed([&old, &new]))
        };
        let pairs = old_mapping.iter().filter_map(|(key, to)| Some((key.1, [to, new_mapping.get(key)?])));
        let kept: BTreeMap<&str, _> = pairs.filter(|(_, targets)| is_renamed(targets)).collect();
        let renamed: BTreeSet<&str> = kept.values().flatten().map(|to| target(to)).collect();
        let has_list = [old, new].iter().any(|flat| !flat.alternatives().is_empty());
        // The mapping that led here was compared with the schema that has it.
        let keys: BTreeSet<String> = old_mapping.keys().chain(new_mapping.keys()).map(|(key, _)| key.clone()).collect();
        let known: Vec<String> = match self.role.mapped_by {
            Some(holder) => keys.into_iter().filter(|key| self.holder_of(key) == Some(holder)).collect(),
            None => Vec::new(),
        };
        let is_compared = |value: &str, to: &Node<'a>| match is_in_one(to) {
            // The name of a component is an implicit value, which is not compared unless the document states it.
            _ if renamed.contains(target(to)) => {
                !kept.contains_key(value) && (value != schema_name(to.value) || self.is_stated(to, value))
            }
            false => true,
            // What selects an alternative that was added or removed is reported with the alternative. The normal form writes a single
            // alternative without a list.
            true => !has_list,
        };
        [(old, old_mapping), (new, new_mapping)].map(|(flat, mapping)| {
            let mut members = self.other_members(flat);
            for ((key, value), to) in mapping.iter().filter(|((key, _), _)| !known.contains(key)) {
                if is_compared(value, to) && !self.is_implied_in_other(key, value, to) {
                    // A target is a reference or the name of a component.
                    let described = (format!("value {}", quote(value)), quote(schema_name(to.value)));
                    members.entry(key.clone()).or_default().entries.insert(described, to.clone());
                }
            }
            members
        })
    }

    /// Returns the members of each discriminator other than its `mapping`, by key.
    fn other_members(&self, flat: &Flat<'a>) -> BTreeMap<String, Described<'a>> {
        let describe = |discriminator: &Node<'a>| {
            let members = discriminator.members().into_iter();
            let members = members.filter(|(key, _)| !is_docs(key) && *key != "mapping");
            let others = members.map(|(key, node)| ((quote(key), canonical(node.value)), node)).collect();
            (self.key_of(discriminator), Described { entries: BTreeMap::new(), others })
        };
        flat.get("discriminator").iter().map(describe).collect()
    }

    /// Returns whether an entry of a mapping states what the schemas of the other document imply: there, the mapping has no such value, but
    /// the target lists it for the property of the discriminator, and no other target does.
    fn is_implied_in_other(&self, key: &str, value: &str, to: &Node<'a>) -> bool {
        let [old, new] = self.sides();
        let (flat, document) = if to.document == Document::Vendored { new } else { old };
        let discriminators = flat.get("discriminator").iter().filter(|it| self.key_of(it) == key);
        discriminators.into_iter().any(|discriminator| {
            let entries = discriminator.member("mapping").members();
            if entries.contains_key(value) {
                return false;
            }
            let name = discriminator.text("propertyName").unwrap_or_default();
            let lists_value = |target: &Node<'a>| {
                let mut properties = Flat::of(document, std::slice::from_ref(target)).properties;
                let values = properties.remove(name).and_then(|schemas| Flat::of(document, &schemas).values());
                values.is_some_and(|values| values.contains(&canonical(&value.into())))
            };
            let targets = entries.values().filter_map(|it| target_of(it, document));
            let listing: BTreeSet<String> = targets.filter(lists_value).map(|target| target.pointer).collect();
            let own = target_of(to, document).map(|target| target.pointer);
            own.is_some_and(|own| listing == BTreeSet::from([own]))
        })
    }

    /// Records the difference between entries of a mapping, or between other members of a discriminator.
    fn compare_described_members(&mut self, [before, after]: [DescribedMembers<'a>; 2]) {
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

type DescribedMembers<'a> = BTreeMap<DescribedMember, Node<'a>>;

/// The members of a discriminator.
#[derive(Clone, Default)]
struct Described<'a> {
    /// The entries of its `mapping`.
    entries: DescribedMembers<'a>,
    others: DescribedMembers<'a>,
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

/// Returns the alternatives of a schema. References are followed.
fn alternatives_of<'a>(flat: &Flat<'a>, document: &'a Schemas) -> Vec<Node<'a>> {
    let items = flat.alternatives().into_iter().flat_map(|list| list.items());
    items.map(|item| follow(document, item)).collect()
}

/// Returns the references to the alternatives and parts of a schema.
fn targets_of<'a>(flat: &Flat<'a>) -> BTreeSet<&'a str> {
    let alternatives = flat.alternatives().into_iter().flat_map(|list| list.items());
    alternatives.chain(flat.parts.clone()).filter_map(|node| node.text("$ref")).collect()
}

/// Returns the schema that a discriminator selects, if it exists.
fn target_of<'a>(to: &Node<'a>, document: &'a Schemas) -> Option<Node<'a>> {
    Some(to.resolve(document, to.value.as_str()?)).filter(Node::is_present)
}
