//! Lowering of references, and of schemas that combine others by `allOf`.

use serde_json::{Map, Value, json};

use super::{Component, Schemas, Site};
use crate::lower::Direction;
use crate::lower::combine::{combine, follow_reference, take_members, with_members};
use crate::lower::inspect::{only_reference, without_null};
use crate::lower::lowered::LoweredSchema;
use crate::pointer::last_token;
use crate::{Error, Result};

/// Maximum number of lowered schemas of a small document; each JSON value adds ten. References can multiply schemas exponentially.
pub(super) const MAX_SCHEMAS: usize = 10_000;

impl<'a> Schemas<'a> {
    /// Lowers a reference. A component that is a named type is referred to; any other is inlined.
    pub(super) fn lower_reference(&mut self, reference: &str, site: &Site<'_>) -> Result<LoweredSchema> {
        let (pointer, target) = self.normal.target(reference);
        self.references.insert((site.pointer.to_owned(), pointer.to_owned()));
        let key = self.name_key(site.direction, pointer);
        let untyped = self.untyped.get(&key).copied();
        if untyped == Some(false) {
            return Ok(self.any_value("$ref", pointer));
        }
        let lowered_reference = json!({ "$ref": key });
        match self.components.get_mut(&key) {
            Some(Component::Lowered(lowered)) => {
                return Ok(lowered.with_schema(lowered_reference));
            }
            Some(_) if untyped.is_some() => return Ok(LoweredSchema::any()),
            Some(state) => {
                *state = Component::Recursive;
                let nullable = target.as_object().is_some_and(|members| without_null(members).1);
                let object = LoweredSchema::new(lowered_reference, "must be an object");
                return Ok(LoweredSchema { nullable, is_circular: true, ..object });
            }
            None => self.components.insert(key.clone(), Component::InProgress),
        };
        let name = name_of(&self.normal.origin(pointer));
        // Inlined references and nesting depth are counted anew in each component.
        let outer = (std::mem::take(&mut self.inlined), std::mem::take(&mut self.depth));
        let lowered = self.lower(target, &Site { pointer, words: &[name], ..*site });
        (self.inlined, self.depth) = outer;
        let lowered = lowered?;
        if lowered.schema["title"] == key.as_str() {
            let reference = lowered.with_schema(lowered_reference);
            self.components.insert(key, Component::Lowered(lowered));
            return Ok(reference);
        }
        if let Some(Component::Recursive) = self.components.remove(&key) {
            self.untyped.insert(key, lowered.schema == json!({}));
        }
        self.combined.entry(site.pointer.to_owned()).or_default().insert(pointer.to_owned());
        Ok(lowered)
    }

    /// Lowers a schema with `allOf`, or with `$ref` beside other keywords.
    pub(super) fn lower_combination(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<LoweredSchema> {
        let outer = self.inlined.len();
        let lowered = match self.flatten(schema, site.pointer, site.direction)? {
            Some(schema) => self.lower_at(&schema.into(), site),
            None => Ok(self.any_value("$ref", site.pointer)),
        };
        self.inlined.truncate(outer);
        lowered
    }

    /// Combines a schema with its members, recursively. Their references are added to the inlined ones. Returns `None` if the schema
    /// contains itself.
    fn flatten(
        &mut self,
        schema: &Map<String, Value>,
        pointer: &str,
        direction: Direction,
    ) -> Result<Option<Map<String, Value>>> {
        let mut flat = schema.clone();
        let mut members = take_members(&mut flat, pointer);
        let outer = self.inlined.len();
        loop {
            let whole = with_members(&flat, &members);
            if members.is_empty() || only_reference(&whole, direction).is_some() {
                return Ok(Some(whole));
            }
            self.count_schema(pointer)?;
            // Several members may refer to the same schema.
            let known = &self.inlined[outer..];
            let combined = combine(self.normal, flat, members, known, pointer, &mut self.warnings);
            self.references.extend(combined.targets.iter().map(|target| (pointer.to_owned(), target.clone())));
            self.combined.entry(pointer.to_owned()).or_default().extend(combined.sources);
            if combined.targets.iter().any(|target| self.inlined.contains(target)) {
                return Ok(None);
            }
            self.inlined.extend(combined.targets);
            (flat, members) = (combined.schema, combined.members);
        }
    }

    /// Returns a schema with references resolved and members combined, without `null`; an empty schema if it contains itself.
    pub(super) fn resolve(
        &mut self,
        schema: &Value,
        pointer: &str,
        direction: Direction,
    ) -> Result<Map<String, Value>> {
        Ok(self.resolve_nullable(schema, pointer, direction)?.0)
    }

    /// Returns a schema as [`resolve`](Self::resolve) does, and whether it allows `null`.
    pub(super) fn resolve_nullable(
        &mut self,
        schema: &Value,
        pointer: &str,
        direction: Direction,
    ) -> Result<(Map<String, Value>, bool)> {
        let (pointer, schema) = follow_reference(self.normal, pointer, schema);
        let outer = self.inlined.len();
        let flat = schema.as_object().map(|members| self.flatten(members, &pointer, direction)).transpose();
        self.inlined.truncate(outer);
        let flat = flat?.flatten().unwrap_or_default();
        let (schema, nullable) = without_null(&flat);
        Ok((schema.into_owned(), nullable))
    }

    /// Counts a lowered schema.
    ///
    /// # Errors
    /// Returns an error if there are too many.
    pub(super) fn count_schema(&mut self, pointer: &str) -> Result<()> {
        self.schemas += 1;
        if self.schemas > self.max_schemas {
            let problem = format!("references expand to more than {} schemas", self.max_schemas);
            let remedy = "move repeated objects to `components`";
            return Err(Error::at(self.origin(pointer), problem, remedy));
        }
        Ok(())
    }
}

/// Returns the text that names the schema at a location: its key, or if it is not a component, the keys on the path to it.
fn name_of(pointer: &str) -> String {
    let structure = ["$defs", "content", "paths", "properties", "schema"];
    let (prefix, root) = ("/components/schemas/", "/paths/");
    let pointer = pointer.strip_prefix(prefix).or(pointer.strip_prefix(root)).unwrap_or(pointer);
    let (first, rest) = pointer.split_once('/').unwrap_or((pointer, ""));
    let rest = rest.split('/').filter(|token| !structure.contains(token));
    let rest = rest.map(|token| if token == "items" { "item".to_owned() } else { last_token(token) });
    std::iter::once(last_token(first)).chain(rest).collect::<Vec<_>>().join(" ")
}
