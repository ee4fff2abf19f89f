//! The JSON Schema of what is sent, for those who use the client: with Rust names for references.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Direction;
use super::keywords::{holds_data, holds_names, is_annotation};
use super::reference::target;
use crate::Result;

/// Writes the schemas of requests with Rust names for references, and with what they refer to where that has no name.
pub struct Writing<'a> {
    document: &'a Value,
    names: &'a BTreeMap<String, String>,
    /// Where the type stands that is written.
    pointer: String,
    written_out: Vec<String>,
    schemas: usize,
    most_schemas: usize,
}

impl<'a> Writing<'a> {
    /// Of all types of a document.
    pub fn new(document: &'a Value, names: &'a BTreeMap<String, String>, most_schemas: usize) -> Self {
        Self { document, names, pointer: String::new(), written_out: Vec::new(), schemas: 0, most_schemas }
    }

    /// The schema of a type.
    ///
    /// # Errors
    /// If it refers to what is not there.
    pub fn schema_at(&mut self, place: &str, schema: &Value) -> Result<Value> {
        self.pointer = place.split_once(' ').map_or(place, |(_, pointer)| pointer).to_owned();
        self.schema(schema)
    }

    fn schema(&mut self, schema: &Value) -> Result<Value> {
        match schema {
            Value::Array(schemas) => schemas.iter().map(|schema| self.schema(schema)).collect(),
            Value::Object(members) => self.object(members),
            scalar => Ok(scalar.clone()),
        }
    }

    fn object(&mut self, members: &Map<String, Value>) -> Result<Value> {
        let mut renamed = Map::new();
        for (key, value) in members.iter().filter(|(key, _)| *key != "$ref") {
            let value = match (key.as_str(), value) {
                (keyword, data) if holds_data(keyword) => data.clone(),
                (keyword, Value::Object(by_name)) if holds_names(keyword) => {
                    let schemas = by_name.iter().map(|(name, schema)| Ok((name.clone(), self.schema(schema)?)));
                    Value::Object(schemas.collect::<Result<_>>()?)
                }
                (_, schema) => self.schema(schema)?,
            };
            renamed.insert(key.clone(), value);
        }
        let Some(Value::String(reference)) = members.get("$ref") else { return Ok(renamed.into()) };
        let referred_to = self.referred_to(reference)?;
        let is_alone = renamed.keys().all(|keyword| is_annotation(keyword));
        Ok(if is_alone { referred_to } else { json!({ "allOf": [referred_to, renamed] }) })
    }

    fn referred_to(&mut self, reference: &str) -> Result<Value> {
        let (pointer, target) = target(self.document, &self.pointer, reference)?;
        if let Some(name) = self.names.get(&Direction::Request.place(&pointer)) {
            return Ok(json!({ "$ref": name }));
        }
        self.schemas += 1;
        // What contains itself has no type either: see `Schemas::reference`.
        if self.written_out.contains(&pointer) || self.schemas > self.most_schemas {
            return Ok(true.into());
        }
        self.written_out.push(pointer);
        let schema = self.schema(target);
        self.written_out.pop();
        schema
    }
}
