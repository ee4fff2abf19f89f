//! References within a document (RFC 6901; JSON Schema 2020-12, Core, section 8.2.3.1).

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::{Node, Normalizer};
use crate::pointer::{escape, last_token};
use crate::references::{References, strongly_connected};
use crate::{Error, Result};

impl<'a> Normalizer<'a> {
    /// Resolves the references of an object that is not a schema. Its location in the normal form does not change.
    pub(super) fn resolve(&mut self, node: Node<'a>) -> Node<'a> {
        self.resolve_all(node.clone()).pop().unwrap_or(node)
    }

    /// Resolves the references of an object that is not a schema. Returns the objects that refer to each other; the last is the target.
    pub(super) fn resolve_all(&mut self, node: Node<'a>) -> Vec<Node<'a>> {
        match chain(self.document, &node.from, node.value, is_reference) {
            Ok(chain) => {
                self.reached.extend(chain.iter().map(|(from, _)| from.clone()));
                // OpenAPI 3.0 ignores what is beside a reference (OpenAPI 3.0.4, section 4.7.23).
                let references = if self.is_30 { 0 } else { chain.len() - 1 };
                let description = chain[..references]
                    .iter()
                    .find_map(|(from, reference)| Some((format!("{from}/description"), reference.get("description")?)));
                let resolved = chain.into_iter().map(|(from, value)| {
                    let description = description.clone();
                    Node { from, value, description, ..node.clone() }
                });
                let resolved: Vec<Node<'a>> = resolved.collect();
                if let Some(target) = resolved.last() {
                    self.origins.set(&node.to, &target.from);
                    if target.from != node.from {
                        self.origins.set_reference(&node.to, &node.from);
                    }
                }
                resolved
            }
            Err(error) => {
                self.errors.push(error);
                vec![Node { value: &Value::Null, exists: false, ..node }]
            }
        }
    }

    /// Rejects component schemas that contain themselves: no instance could be validated (JSON Schema 2020-12, Core, section 9.4.1).
    pub(super) fn reject_circular(&mut self, schemas: &mut Map<String, Value>) {
        let mut references: References =
            schemas.iter().map(|(name, schema)| (name.clone(), combined_components(schema))).collect();
        references.values_mut().for_each(|targets| targets.retain(|target| schemas.contains_key(target)));
        for cycle in strongly_connected(&references) {
            let Some(&name) = cycle.first() else { continue };
            if cycle.len() > 1 || references[name].contains(name) {
                let at = |name: &str| self.origins.of(&format!("/components/schemas/{}", escape(name)));
                let problem = "the schema contains itself without an object, a list or alternatives in between";
                let others: Vec<String> = cycle.iter().skip(1).map(|name| at(name)).collect();
                let remedy = match others.as_slice() {
                    [] => "remove the reference to itself".to_owned(),
                    others => format!("remove one of the references between it and {}", others.join(", ")),
                };
                self.errors.push(Error::at(at(name), problem, remedy));
                cycle.iter().for_each(|name| drop(schemas.insert((*name).to_owned(), true.into())));
            }
        }
    }
}

/// Returns the names of the components that apply to all instances of a schema.
fn combined_components(schema: &Value) -> BTreeSet<String> {
    let names = combined_references(schema).into_iter().filter_map(|it| it.strip_prefix("#/components/schemas/"));
    names.map(str::to_owned).collect()
}

/// Returns the references of a schema to those that apply to all of its instances: `$ref`, also within `allOf`.
pub(super) fn combined_references(schema: &Value) -> Vec<&str> {
    let (mut pending, mut references) = (vec![schema], Vec::new());
    while let Some(schema) = pending.pop() {
        references.extend(schema.get("$ref").and_then(Value::as_str));
        pending.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    references
}

/// Returns whether a value that is not a schema is a reference.
pub(super) fn is_reference(value: &Value) -> bool {
    value.get("$ref").is_some_and(Value::is_string)
}

/// Follows a chain of references. Returns the last target with its location, and all visited locations.
pub(super) fn follow<'v>(
    document: &'v Value,
    pointer: &str,
    value: &'v Value,
    is_reference: impl Fn(&Value) -> bool,
) -> Result<(String, &'v Value, HashSet<String>)> {
    let chain = chain(document, pointer, value, is_reference)?;
    let passed = chain.iter().map(|(pointer, _)| pointer.clone()).collect();
    let (pointer, value) = chain.into_iter().next_back().unwrap_or_else(|| (pointer.to_owned(), value));
    Ok((pointer, value, passed))
}

/// Returns the objects of a chain of references with their locations; the last is the target.
pub(super) fn chain<'v>(
    document: &'v Value,
    pointer: &str,
    value: &'v Value,
    is_reference: impl Fn(&Value) -> bool,
) -> Result<Vec<(String, &'v Value)>> {
    let (mut chain, mut passed) = (Vec::new(), HashSet::new());
    let (mut pointer, mut value) = (pointer.to_owned(), value);
    while is_reference(value)
        && let Some(reference) = value.get("$ref").and_then(Value::as_str)
    {
        if !passed.insert(pointer.clone()) {
            return Err(Error::at(pointer, "circular `$ref`", "refer to an object that is not a reference"));
        }
        let next = target(document, &pointer, reference)?;
        chain.push((pointer, value));
        (pointer, value) = next;
    }
    chain.push((pointer, value));
    Ok(chain)
}

/// Returns the target of a `$ref` at `pointer`, with the pointer of the target.
///
/// # Errors
/// Returns an error if the reference leads to another document, or to a location that does not exist.
pub(crate) fn target<'v>(document: &'v Value, pointer: &str, reference: &str) -> Result<(String, &'v Value)> {
    if reference == "#" {
        let problem = "`$ref: #` refers to the whole document";
        return Err(Error::at(pointer, problem, "refer to a part of it, as in `#/components/schemas/NAME`"));
    }
    let target = reference.strip_prefix('#').map(percent_decode).and_then(|target| {
        let value = document.pointer(&target)?;
        Some((target, value))
    });
    target.ok_or_else(|| {
        let problem = format!("the target of `$ref: {reference}` does not exist in this document");
        let remedy = match (find_component(document, reference), reference.starts_with('#')) {
            (Some(component), _) => format!("write `{component}`"),
            (None, true) => "correct the reference, or add its target to the document".to_owned(),
            (None, false) => "bundle the document with those that it refers to".to_owned(),
        };
        Error::at(pointer, problem, remedy)
    })
}

/// Returns a reference to the component that a misspelled reference names: `Shelf`, `#/definitions/Shelf` (Swagger 2.0) or
/// `#/components/schema/Shelf`.
fn find_component(document: &Value, reference: &str) -> Option<String> {
    let (path, name) = match reference.strip_prefix('#') {
        // A reference to a part of a component does not name another component.
        Some(pointer) if pointer.split('/').count() <= 4 => pointer.rsplit_once('/')?,
        Some(_) => return None,
        None if reference.contains(['/', '#']) => return None,
        None => ("", reference),
    };
    let kinds = [last_token(path), "schemas".to_owned()];
    let kind = kinds.iter().find(|kind| document["components"][kind.as_str()].get(percent_decode(name)).is_some())?;
    Some(format!("#/components/{kind}/{name}"))
}

/// Decodes the percent-encoding of a fragment (RFC 6901, section 6).
pub(crate) fn percent_decode(fragment: &str) -> String {
    percent_encoding::percent_decode_str(fragment).decode_utf8_lossy().into_owned()
}
