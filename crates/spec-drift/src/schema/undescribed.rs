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
    /// more instances. The same applies to the properties of items, and of values of a map.
    pub(super) fn record_undescribed_properties(&mut self, removed: &[Node<'a>]) {
        let [_, remaining] = self.siblings_of_parts();
        let known = self.comparison.new.property_names(&remaining);
        let is_known = |at: &Self, name: &str| {
            known.contains(name)
                || at.old.properties.contains_key(name)
                || allows_some(&at.schemas_of_undescribed(name))
        };
        self.record_properties_of(removed, is_known);
        let values = schemas_of_values(&self.comparison.old.schemas_in_place(removed, &[]));
        let others = schemas_of_values(&self.old.parts);
        self.record_values_except(&values, &others);
    }

    /// Records the properties of items, or of values of a map, whose schemas are removed, as
    /// [`record_undescribed_properties`](Self::record_undescribed_properties) does.
    pub(super) fn record_undescribed_values(&mut self, removed: &[Node<'a>]) {
        self.record_values_except(removed, &[]);
    }

    /// Records the properties of removed schemas that neither the schemas of items and values of the candidate name nor `others` of the
    /// vendored document.
    fn record_values_except(&mut self, removed: &[Node<'a>], others: &[Node<'a>]) {
        let [_, remaining] = self.siblings_of_parts();
        let remaining = schemas_of_values(&self.comparison.new.schemas_in_place(&remaining, &[]));
        let mut known = self.comparison.old.property_names(others);
        known.extend(self.comparison.new.property_names(&remaining));
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

/// Returns the schemas for items, and for properties without a schema of their own, that schemas state themselves.
fn schemas_of_values<'a>(schemas: &[Node<'a>]) -> Vec<Node<'a>> {
    let of_schema = |schema: &Node<'a>| {
        let single = ["items", "unevaluatedItems", "additionalProperties", "unevaluatedProperties"];
        let single = single.map(|keyword| schema.member(keyword)).into_iter().filter(Node::is_present);
        let by_pattern = schema.member("patternProperties").members().into_values();
        single.chain(schema.member("prefixItems").items()).chain(by_pattern).collect::<Vec<_>>()
    };
    schemas.iter().flat_map(of_schema).collect()
}
