//! Comparison of which properties requests and responses omit, because they are `readOnly` or `writeOnly`.

use super::PairComparison;
use crate::flat::{Flat, Schemas, conjuncts, hiding_keyword, is_omitted};
use crate::matching::is_component;
use crate::{Node, Verdict, quote};
use openapi_refinery::pointer::last_token;

impl<'a> PairComparison<'_, 'a> {
    /// Compares a property that requests or responses omit in one document, and that the schema of the other one does not describe.
    pub(super) fn compare_omitted_property(&mut self, name: &str) {
        let sides = [(self.old, self.comparison.old, 0), (self.new, self.comparison.new, 1)];
        let [was_hidden, is_hidden] =
            [sides[0], sides[1]].map(|(flat, document, _)| self.is_hidden(flat, document, name));
        let [was_visible, is_visible] = [sides[0], sides[1]].map(|side| self.is_visible_in_alternatives(side, name));
        let [was_visible_around, is_visible_around] = [sides[0], sides[1]].map(|(_, document, side)| {
            self.sibling_schemas[side].visible_properties(document, self.role.direction).contains(name)
        });
        // If only one of the schemas around this one has the property, the change is recorded there.
        let is_visible_around = was_visible_around && is_visible_around;
        let is_required = self.new.required.contains(name);
        let node = self.property_node(name);
        if is_hidden && (was_visible || is_visible_around) {
            self.record_removed_property(&node, &node, name);
        } else if was_hidden && (is_visible || is_visible_around) {
            self.record_added_property(&node, name, is_required);
        } else if was_hidden && is_required {
            self.compare_required(name, false, true);
        } else if !sides.into_iter().all(|side| self.is_described_in_place(side, name)) {
            // It is reported because the generated types have it. A property that has only moved is described on both sides.
            self.record_omitted_property(name, self.new.properties.contains_key(name));
        }
    }

    /// Returns whether requests or responses can have a property that one of the alternatives of a schema describes.
    fn is_visible_in_alternatives(&self, (schema, document, _): (&Flat<'a>, &'a Schemas, usize), name: &str) -> bool {
        let is_visible = |it: &Flat<'a>| it.visible_properties(document, self.role.direction).contains(name);
        schema.object_alternatives(document).iter().flatten().any(is_visible)
    }

    /// Returns whether a schema, one of its alternatives or a sibling schema describes a property.
    fn is_described_in_place(&self, (schema, document, side): (&Flat<'a>, &'a Schemas, usize), name: &str) -> bool {
        let describes = |it: &Flat<'a>| it.properties.contains_key(name);
        [schema, &self.sibling_schemas[side]].into_iter().any(describes)
            || schema.object_alternatives(document).iter().flatten().any(describes)
    }

    /// Records that a `readOnly` property of a request, or a `writeOnly` one of a response, was added or removed.
    fn record_omitted_property(&mut self, name: &str, is_added: bool) {
        let (rule, message) = match is_added {
            true => ("property-added", format!("{} was added", quote(name))),
            false => {
                let messages = self.comparison.message_kind(self.role.direction);
                ("property-removed", format!("{} was removed: {messages} omit it", quote(name)))
            }
        };
        self.comparison.record(rule, Verdict::Docs, &self.property_node(name), message);
    }

    /// Returns whether a property is described, but omitted in this direction.
    pub(super) fn is_hidden(&self, schema: &Flat<'a>, document: &'a Schemas, name: &str) -> bool {
        schema.properties.contains_key(name) && !schema.visible_properties(document, self.role.direction).contains(name)
    }

    /// Compares whether requests or responses omit a property with these schemas. Returns whether that differs, so that there is nothing
    /// else to compare.
    pub(super) fn compare_omission(&mut self, old: &[Node<'a>], new: &[Node<'a>]) -> bool {
        let direction = self.role.direction;
        let omitted = |document: &'a Schemas, nodes: &[Node<'a>]| {
            nodes.iter().find(|node| is_omitted(document, std::slice::from_ref(*node), direction)).cloned()
        };
        let (node, is_added) = match [omitted(self.comparison.old, old), omitted(self.comparison.new, new)] {
            [None, Some(node)] => (node, true),
            [Some(node), None] => (new.first().cloned().unwrap_or(node), false),
            _ => return false,
        };
        let at = self.omitting_component(old, new).unwrap_or_else(|| node.clone());
        let name = self.name_of(&at);
        match is_added {
            true => self.record_removed_property(&node, &at, &name),
            false => self.record_present_property(&node, &at, self.describe_shown(&name)),
        }
        true
    }

    /// Returns the component to which a property refers in both documents, and that requests or responses omit in one of them only.
    fn omitting_component(&self, old: &[Node<'a>], new: &[Node<'a>]) -> Option<Node<'a>> {
        let [before, after] = [(self.comparison.old, old), (self.comparison.new, new)].map(|(document, nodes)| {
            let components = conjuncts(document, nodes).into_iter().map(|(part, _)| part).filter(is_component);
            let is_omitted = |it: &Node<'a>| is_omitted(document, std::slice::from_ref(it), self.role.direction);
            components.map(|it| (is_omitted(&it), it)).collect::<Vec<_>>()
        });
        let differs = |(is_omitted, node): &&(bool, Node<'a>)| {
            before.iter().any(|(was_omitted, it)| it.pointer == node.pointer && was_omitted != is_omitted)
        };
        // Inner schemas come last.
        after.iter().rev().find(differs).map(|(_, component)| component.clone())
    }

    /// Returns the location and name to report for a property that is omitted in one document only.
    pub(super) fn omission_location(&self, node: Node<'a>, name: &str) -> (Node<'a>, String) {
        let of_property = |flat: &Flat<'a>| flat.properties.get(name).cloned().unwrap_or_default();
        match self.omitting_component(&of_property(self.old), &of_property(self.new)) {
            Some(component) => {
                let name = self.name_of(&component);
                (component, name)
            }
            None => (node, name.to_owned()),
        }
    }

    /// Returns the name of a property, component or keyword in the document.
    pub(super) fn name_of(&self, node: &Node<'a>) -> String {
        last_token(&self.comparison.normal(node).origin(&node.pointer))
    }

    /// Compares how many alternatives are `readOnly` (in requests) or `writeOnly` (in responses). A difference is documentation, because
    /// `compare_omission` compares properties that are omitted as a whole.
    pub(super) fn compare_omitted_alternatives(&mut self) {
        let keyword = hiding_keyword(self.role.direction);
        let omitted = |flat: &Flat<'a>, document: &'a Schemas| -> Vec<Node<'a>> {
            let items = flat.alternatives().into_iter().flat_map(|list| list.items());
            items.filter(|item| is_omitted(document, std::slice::from_ref(item), self.role.direction)).collect()
        };
        let (before, after) = (omitted(self.old, self.comparison.old), omitted(self.new, self.comparison.new));
        let is_known = |node: &&Node<'a>| !before.iter().any(|other| other.value == node.value);
        let node = after.iter().find(is_known).or(before.first()).or(after.first());
        if let Some(node) = node.filter(|_| before.len() != after.len()) {
            self.comparison.record_documentation(keyword, node, [!before.is_empty(), !after.is_empty()]);
        }
    }

    /// Describes that requests or responses no longer omit a property.
    pub(super) fn describe_shown(&self, name: &str) -> String {
        format!("{} is no longer {}", quote(name), quote(hiding_keyword(self.role.direction)))
    }

    /// Compares whether requests or responses omit the properties that a keyword describes. Returns whether that differs.
    pub(super) fn compare_omission_of_others(&mut self, keyword: &str) -> bool {
        let (old, new) = (self.old, self.new);
        let role = self.role;
        self.role = role.to_property();
        let differs = self.compare_omission(old.get(keyword), new.get(keyword));
        self.role = role;
        differs
    }
}
