//! How a property of a schema differs.

use std::collections::BTreeSet;

use super::PairComparison;
use super::properties::allows_some;
use super::role::Sense;
use crate::flat::{Flat, Schemas, intersect, is_omitted};
use crate::{Direction, Node};

/// How a property of a schema differs.
pub(super) enum PropertyChange {
    /// It is described before and after.
    Kept,
    /// Another schema that applies to the same instance still names it.
    NamedBySiblings,
    /// The schema for other properties applies to it.
    Additional,
    /// All alternatives describe it, before or after.
    InAllAlternatives,
    /// It has moved into alternatives, or out of them: values may still have it.
    Moved,
    Removed,
    /// It was named elsewhere, and now has a schema.
    Restricted,
    Added,
}

impl<'a> PairComparison<'_, 'a> {
    /// Returns the names of the properties that instances can have, before and after.
    pub(super) fn present_properties(&self) -> [BTreeSet<&'a str>; 2] {
        let (old, new) = (self.old, self.new);
        let mut before = old.visible_properties(self.comparison.old, self.role.direction);
        let mut after = new.visible_properties(self.comparison.new, self.role.direction);
        for name in intersect(&before, &after) {
            match (self.is_forbidden(old, self.comparison.old, name), self.is_forbidden(new, self.comparison.new, name))
            {
                (false, true) => _ = after.remove(name),
                (true, false) if self.was_absent(name) => _ = before.remove(name),
                _ => {}
            }
        }
        [before, after]
    }

    /// Returns whether an optional property could not be present before, because its own schema accepted no value. Returns `false`:
    /// - if it was required, since the schema then accepted no object
    /// - if only another schema rejected it, since its own schema described it to clients
    fn was_absent(&self, name: &str) -> bool {
        let (old, document) = (self.old, self.comparison.old);
        self.is_whole() && !old.required.contains(name) && Flat::of(document, &old.properties[name]).rejects_all
    }

    /// Returns how a property differs.
    pub(super) fn property_change(&self, name: &str, was_present: bool, is_present: bool) -> PropertyChange {
        let (old, new) = (self.old, self.new);
        let [old_document, new_document] = [self.comparison.old, self.comparison.new];
        if was_present && is_present {
            return PropertyChange::Kept;
        }
        if is_present {
            let is_named = || {
                // The siblings of a schema in `items` are unknown. Under `not` and `if`, what counts is the effect of the property's
                // schema.
                let is_unknown =
                    self.role.is_partial && (self.siblings[0].is_empty() || self.role.sense != Sense::Same);
                is_unknown
                    || allows_some(&Self::other_schemas_with_unevaluated(old_document, old, name))
                    || old_document.may_describe(&old.parts, &[], name)
                    || self.may_have_been_evaluated(name)
                    || self.was_described_by_siblings(name)
            };
            return match old.properties.contains_key(name) {
                false if Self::is_described_by_alternatives_only(old_document, old, name) => {
                    PropertyChange::InAllAlternatives
                }
                false if self.was_in_alternatives_only(name) => PropertyChange::Moved,
                false if is_named() => PropertyChange::Restricted,
                _ => PropertyChange::Added,
            };
        }
        // A property that is described, but cannot be present, is removed.
        if new.properties.contains_key(name) {
            return PropertyChange::Removed;
        }
        if self.is_kept_by_siblings(name) {
            let is_forbidden =
                Flat::of(new_document, &Self::other_schemas_with_unevaluated(new_document, new, name)).rejects_all;
            return if is_forbidden { PropertyChange::Removed } else { PropertyChange::NamedBySiblings };
        }
        let others = self.schemas_of_undescribed(name);
        let is_visible = |schemas: &[Node<'a>]| !is_omitted(new_document, schemas, self.role.direction);
        if self.role.direction == Direction::Request && allows_some(&others) && is_visible(&others) {
            return PropertyChange::Additional;
        }
        let is_possible = |it: &Flat<'a>| {
            let schemas = [it.schemas_of(name), new.other_schemas_of(name)].concat();
            it.properties.contains_key(name) && !self.is_impossible(new_document, &schemas)
        };
        if Self::is_described_by_alternatives_only(new_document, new, name)
            || self.is_read() && new.alternatives_if_all(new_document, is_possible).is_some()
        {
            return PropertyChange::InAllAlternatives;
        }
        if self.is_moved(name) { PropertyChange::Moved } else { PropertyChange::Removed }
    }

    /// Returns whether a property has moved into alternatives: those of this schema or, if this schema is in a list that replaces a single
    /// schema, those of that list. The property's schema may differ there.
    fn is_moved(&self, name: &str) -> bool {
        let document = self.comparison.new;
        let is_possible = |schemas: &Vec<Node<'a>>| !self.is_impossible(document, schemas);
        let values = |nodes: &[Node<'a>]| nodes.iter().map(|node| node.value).collect::<Vec<_>>();
        let own = values(&self.old.properties[name]);
        let has_own = |flat: &Flat<'a>| flat.properties.get(name).is_some_and(|it| values(it) == own);
        let has_it = |flat: &Flat<'a>| {
            flat.visible_properties(document, self.role.direction).contains(name) && is_possible(&flat.properties[name])
        };
        // An alternative that names no possible property accepts objects with any properties.
        let names_properties = |flat: &Flat<'a>| flat.properties.values().any(is_possible) || !flat.required.is_empty();
        let split = self.split_alternatives();
        // In responses, an alternative may reject or restrict a property that another alternative has.
        let may_restrict = split.is_some() && self.is_read();
        let lists = split.map_or_else(|| self.new.object_alternatives(document), |list| vec![list]);
        let described: Vec<_> = self.old.object_alternatives(self.comparison.old).into_iter().flatten().collect();
        let described: Vec<_> = described.into_iter().filter(|flat| flat.properties.contains_key(name)).collect();
        (may_restrict || self.new.other_schemas_of(name).is_empty())
            && lists.iter().any(|list| list.iter().all(names_properties) && list.iter().any(has_it))
            && (described.is_empty() || !described.iter().any(has_own) && lists.iter().flatten().any(has_own))
            && !self.restricts_unevaluated(&["unevaluatedProperties"])
    }

    /// Returns the alternatives that accept objects, if this schema is in a list of alternatives that replaces a single schema.
    pub(super) fn split_alternatives(&self) -> Option<Vec<Flat<'a>>> {
        let nodes = self.comparison.lists.get(self.role.split_into?)?;
        Some(Flat::objects_among(self.comparison.new, nodes.clone()))
    }

    /// Returns whether alternatives that were removed described a property, and nothing else named or restricted it.
    fn was_in_alternatives_only(&self, name: &str) -> bool {
        let (old, document) = (self.old, self.comparison.old);
        let lists = old.alternatives();
        let alternatives: Vec<Node<'a>> = lists.iter().flat_map(Node::items).collect();
        let described = |flat: &Flat<'a>| flat.properties.contains_key(name);
        let is_only_described = |node: &Node<'a>| {
            let flat = Flat::of(document, std::slice::from_ref(node));
            // An alternative that names no property accepts objects with any properties.
            let names_others = !flat.properties.is_empty() || !flat.required.is_empty();
            described(&flat) || names_others && !document.may_describe(&flat.parts, &[], name)
        };
        self.role.sense == Sense::Same
            && !self.role.is_partial
            && self.new.alternatives().is_empty()
            && old.object_alternatives(document).iter().flatten().any(described)
            && alternatives.iter().all(is_only_described)
            && lists.iter().all(|list| !self.have_overlap(list))
            && !document.may_describe(&old.parts, &alternatives, name)
            && !self.restricts_unevaluated(&["unevaluatedProperties"])
            && !self.was_described_by_siblings(name)
    }

    /// Returns whether all alternatives of a list that accept objects describe a property, and the schema itself does not restrict it.
    fn is_described_by_alternatives_only(document: &'a Schemas, schema: &Flat<'a>, name: &str) -> bool {
        schema.other_schemas_of(name).is_empty()
            && schema.alternatives_if_all(document, |it| it.properties.contains_key(name)).is_some()
    }

    /// Returns whether sibling schemas described a property. Other alternatives describe other instances, unless they overlap.
    fn was_described_by_siblings(&self, name: &str) -> bool {
        let (document, siblings) = (self.comparison.old, &self.siblings[0]);
        let others = match self.role.has_overlap {
            true => Vec::new(),
            false => document.alternatives_around(&self.old.parts, siblings),
        };
        document.may_describe(siblings, &others, name)
    }

    /// Returns whether sibling schemas still describe or require a property.
    fn is_kept_by_siblings(&self, name: &str) -> bool {
        if self.role.is_partial {
            return self.comparison.new.property_names(&self.siblings[1]).contains(name);
        }
        let siblings = &self.sibling_schemas[1];
        siblings.properties.contains_key(name) || siblings.required.contains(name)
    }

    /// Returns whether a property is forbidden. In a response, any schema that applies to it may forbid it. In a request, its own schema in
    /// `properties` does not count, since one that accepts no value is compared as a restriction.
    fn is_forbidden(&self, flat: &Flat<'a>, document: &'a Schemas, name: &str) -> bool {
        let schemas = if self.is_read() { flat.schemas_of(name) } else { flat.other_schemas_of(name) };
        self.is_impossible(document, &schemas)
    }

    /// Returns whether no other schema describes the same response.
    fn is_whole(&self) -> bool {
        self.is_read() && !self.role.is_partial && !self.role.is_alternative
    }
}
