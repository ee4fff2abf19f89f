//! Values of a document, with their locations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Document;
use openapi_refinery::Normal;
use openapi_refinery::normalize::is_documentation;
use openapi_refinery::pointer::escape;

/// A value of a document, and its location in the normal form (a node of RFC 9535).
#[derive(Clone, Debug)]
pub(super) struct Node<'v> {
    pub(super) document: Document,
    pub(super) pointer: String,
    pub(super) value: &'v Value,
}

pub(super) static ABSENT: Value = Value::Null;

impl<'v> Node<'v> {
    /// Returns a member; `null` if it is absent.
    pub(super) fn member(&self, key: &str) -> Self {
        self.child(key, self.value.get(key).unwrap_or(&ABSENT))
    }

    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| self.child(&index.to_string(), value)).collect()
    }

    pub(super) fn members(&self) -> BTreeMap<&'v str, Self> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), self.child(key, value))).collect()
    }

    pub(super) fn child(&self, key: &str, value: &'v Value) -> Self {
        Self { document: self.document, pointer: [&self.pointer, &*escape(key)].join("/"), value }
    }

    pub(super) fn is_present(&self) -> bool {
        !self.value.is_null()
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    pub(super) fn text(&self, key: &str) -> Option<&'v str> {
        self.value.get(key).and_then(Value::as_str)
    }

    /// Returns the location of the value that contains this one, as a node without a value.
    pub(super) fn parent(&self) -> Self {
        let pointer = self.pointer.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        Self { document: self.document, pointer, value: &ABSENT }
    }

    /// Returns the last token of its pointer, escaped.
    pub(super) fn escaped_name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the target of its `$ref`.
    pub(super) fn target(&self, normal: &'v Normal) -> Self {
        self.resolve(normal, self.text("$ref").unwrap_or_default())
    }

    /// Returns the target of a reference in it.
    pub(super) fn resolve(&self, normal: &'v Normal, reference: &'v str) -> Self {
        let (pointer, value) = normal.target(reference);
        Self { document: self.document, pointer: pointer.to_owned(), value }
    }
}

/// Follows a reference without constraints beside it.
pub(super) fn follow<'v>(document: &'v Normal, node: Node<'v>) -> Node<'v> {
    let is_plain = |key: &str| key == "$ref" || is_documentation(key);
    let is_reference = node.text("$ref").is_some() && node.members().into_keys().all(is_plain);
    if is_reference { node.target(document) } else { node }
}

/// Returns the new node, or the old one if only that is present.
pub(super) fn choose_present<'p, 'v>(old: &'p Node<'v>, new: &'p Node<'v>) -> &'p Node<'v> {
    if new.is_present() || !old.is_present() { new } else { old }
}
