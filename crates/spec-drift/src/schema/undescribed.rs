//! Comparison of the properties that only an alternative, a condition or the like describes, if this part of a schema is removed.

use std::collections::BTreeMap;

use super::PairComparison;
use super::properties::allows_some;
use super::role::Sense;
use crate::flat::is_omitted;
use crate::{Direction, Node};

impl<'a> PairComparison<'_, 'a> {
    /// Records the properties that removed subschemas describe and the candidate no longer does. `removed` apply to the same instance as
    /// this schema. Clients send only what the document describes, so they can no longer set these properties, although the schema accepts
    /// more instances. The same applies to the properties of items.
    pub(super) fn record_undescribed_properties(&mut self, removed: &[Node<'a>]) {
        let [_, remaining] = self.siblings_of_parts();
        let known = self.comparison.new.property_names(&remaining);
        let is_known = |at: &Self, name: &str| {
            known.contains(name)
                || at.old.properties.contains_key(name)
                || allows_some(&at.schemas_of_undescribed(name))
        };
        self.record_properties_of(removed, is_known);
        let items = items_of(&self.comparison.old.schemas_in_place(removed, &[]));
        let items_of_old = items_of(&self.old.parts);
        let items_of_new = items_of(&self.comparison.new.schemas_in_place(&remaining, &[]));
        self.record_items_except(&items, &items_of_old, &items_of_new);
    }

    /// Records the properties of items whose schemas are removed, as [`record_undescribed_properties`](Self::record_undescribed_properties)
    /// does.
    pub(super) fn record_undescribed_items(&mut self, removed: &[Node<'a>]) {
        let positions: Vec<_> = self.new.get("prefixItems").iter().flat_map(Node::items).collect();
        self.record_items_except(removed, &[], &positions);
    }

    /// Records the properties of removed schemas of items that other schemas of items, old and new, do not name.
    fn record_items_except(&mut self, removed: &[Node<'a>], old: &[Node<'a>], new: &[Node<'a>]) {
        let mut known = self.comparison.old.property_names(old);
        known.extend(self.comparison.new.property_names(new));
        self.record_properties_of(removed, |_, name| known.contains(name));
    }

    fn record_properties_of(&mut self, removed: &[Node<'a>], is_known: impl Fn(&Self, &str) -> bool) {
        if self.role.direction != Direction::Request || self.role.sense != Sense::Same {
            return;
        }
        let document = self.comparison.old;
        let mut described = BTreeMap::new();
        // The first schemas come last.
        for schema in document.schemas_in_place(removed, &[]) {
            described.extend(schema.member("properties").members());
        }
        let is_absent = |property: &Node<'a>| {
            *property.value == false || is_omitted(document, std::slice::from_ref(property), Direction::Request)
        };
        described.retain(|name, property| !is_known(self, name) && !is_absent(property));
        for (name, property) in described {
            self.record_removed_property(&property, &property, name);
        }
    }
}

/// Returns the schemas of items that schemas state themselves.
fn items_of<'a>(schemas: &[Node<'a>]) -> Vec<Node<'a>> {
    let items = |schema: &Node<'a>| {
        let all = Some(schema.member("items")).filter(Node::is_present);
        all.into_iter().chain(schema.member("prefixItems").items())
    };
    schemas.iter().flat_map(items).collect()
}
