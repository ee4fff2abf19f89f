//! Comparison of the properties that only an alternative, a condition or the like describes, if this part of a schema is removed.

use std::collections::{BTreeMap, BTreeSet};

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
        let removed = self.comparison.old.schemas_in_place(removed, &[]);
        let remaining = self.comparison.new.schemas_in_place(&remaining, &[]);
        let visited = &mut BTreeSet::new();
        let known = [&self.old.parts, &remaining].map(|schemas| items_of(schemas));
        self.record_undescribed_values(&items_of(&removed), known, visited);
        self.record_undescribed_others(&removed, [&self.old.parts, &remaining], visited);
    }

    /// Records the properties of items, or of values of a map, that removed schemas of these describe, like
    /// [`record_undescribed_properties`](Self::record_undescribed_properties). `parts_of` returns the schemas of such values in given
    /// schemas.
    pub(super) fn record_undescribed_parts(
        &mut self,
        removed: &[Node<'a>],
        parts_of: fn(&[Node<'a>]) -> Vec<Node<'a>>,
    ) {
        let [_, remaining] = self.siblings_of_parts();
        let remaining = parts_of(&self.comparison.new.schemas_in_place(&remaining, &[]));
        self.record_undescribed_values(removed, [Vec::new(), remaining], &mut BTreeSet::new());
    }

    /// Records the properties of values that removed schemas describe, at any depth. `old` and `new` are the other schemas of these values,
    /// in the vendored document and in the candidate. `visited` are the pointers of removed schemas, which may contain themselves.
    fn record_undescribed_values(
        &mut self,
        removed: &[Node<'a>],
        [old, new]: [Vec<Node<'a>>; 2],
        visited: &mut BTreeSet<String>,
    ) {
        let mut removed = self.comparison.old.schemas_in_place(removed, &[]);
        removed.retain(|schema| visited.insert(schema.pointer.clone()));
        if removed.is_empty() {
            return;
        }
        let mut known = self.comparison.old.property_names(&old);
        known.extend(self.comparison.new.property_names(&new));
        self.record_properties_of(&removed, |_, name| known.contains(name));
        let (old, new) =
            (self.comparison.old.schemas_in_place(&old, &[]), self.comparison.new.schemas_in_place(&new, &[]));
        self.record_undescribed_values(&items_of(&removed), [items_of(&old), items_of(&new)], visited);
        self.record_undescribed_others(&removed, [&old, &new], visited);
    }

    /// Records the properties of the values of a map that removed schemas of the map describe, like
    /// [`record_undescribed_values`](Self::record_undescribed_values). Values whose names match a pattern may also be described by the same
    /// pattern in the other schemas of the map.
    fn record_undescribed_others(
        &mut self,
        removed: &[Node<'a>],
        known: [&[Node<'a>]; 2],
        visited: &mut BTreeSet<String>,
    ) {
        self.record_undescribed_values(&others_of(removed), known.map(others_of), visited);
        for (pattern, schema) in removed.iter().flat_map(|schema| schema.member("patternProperties").members()) {
            let known = known.map(|schemas| [others_of(schemas), matching(schemas, pattern)].concat());
            self.record_undescribed_values(std::slice::from_ref(&schema), known, visited);
        }
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

/// Returns the schemas of `items`, `unevaluatedItems` and `prefixItems` in the given schemas.
pub(super) fn items_of<'a>(schemas: &[Node<'a>]) -> Vec<Node<'a>> {
    let positions = schemas.iter().flat_map(|schema| schema.member("prefixItems").items());
    members(schemas, ["items", "unevaluatedItems"]).chain(positions).collect()
}

/// Returns the schemas of a pattern of `patternProperties` in the given schemas.
fn matching<'a>(schemas: &[Node<'a>], pattern: &str) -> Vec<Node<'a>> {
    let schemas = schemas.iter().map(|schema| schema.member("patternProperties").member(pattern));
    schemas.filter(Node::is_present).collect()
}

/// Returns the schemas of `additionalProperties` and `unevaluatedProperties` in the given schemas.
pub(super) fn others_of<'a>(schemas: &[Node<'a>]) -> Vec<Node<'a>> {
    members(schemas, ["additionalProperties", "unevaluatedProperties"]).collect()
}

fn members<'s, 'a>(schemas: &'s [Node<'a>], keywords: [&'s str; 2]) -> impl Iterator<Item = Node<'a>> + 's {
    let of_schema = move |schema: &'s Node<'a>| keywords.map(|keyword| schema.member(keyword));
    schemas.iter().flat_map(of_schema).filter(Node::is_present)
}
