//! The JSON Schemas of request types, which generated clients expose. References are Rust names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Direction;
use super::inspect::without_null;
use crate::normalize::{Normal, VALUES, ValueKind, is_annotation, value_kind};

/// Writes the schemas of requests. A reference to a named type becomes its Rust name; any other is replaced by its target.
pub struct SchemaWriter<'a> {
    normal: &'a Normal,
    names: &'a BTreeMap<String, String>,
    inlined: Vec<String>,
    schemas: usize,
    max_schemas: usize,
}

impl<'a> SchemaWriter<'a> {
    /// Creates a writer for a document with the Rust names of its types, which inlines at most `max_schemas` schemas.
    pub fn new(normal: &'a Normal, names: &'a BTreeMap<String, String>, max_schemas: usize) -> Self {
        Self { normal, names, inlined: Vec::new(), schemas: 0, max_schemas }
    }

    /// Returns the schema of a type.
    pub fn write_schema(&mut self, schema: &Value) -> Value {
        match schema {
            Value::Array(schemas) => schemas.iter().map(|schema| self.write_schema(schema)).collect(),
            Value::Object(members) => self.write_object(members),
            scalar => scalar.clone(),
        }
    }

    fn write_object(&mut self, members: &Map<String, Value>) -> Value {
        let mut renamed = Map::new();
        for (key, value) in members.iter().filter(|(key, _)| !["$ref", VALUES].contains(&key.as_str())) {
            let value = match (value_kind(key), value) {
                (ValueKind::Data | ValueKind::Definitions, data) => data.clone(),
                (ValueKind::ByName, Value::Object(by_name)) => {
                    by_name.iter().map(|(name, schema)| (name.clone(), self.write_schema(schema))).collect()
                }
                (_, schema) => self.write_schema(schema),
            };
            renamed.insert(key.clone(), value);
        }
        let Some(Value::String(reference)) = members.get("$ref") else { return renamed.into() };
        let target = self.write_reference(reference);
        let is_alone = renamed.keys().all(|keyword| is_annotation(keyword));
        if is_alone { target } else { json!({ "allOf": [target, renamed] }) }
    }

    fn write_reference(&mut self, reference: &str) -> Value {
        let (pointer, target) = self.normal.target(reference);
        if let Some(name) = self.names.get(&Direction::Request.name_key(&self.normal.origin(pointer))) {
            let reference = json!({ "$ref": name });
            // The schema of the type excludes `null`.
            let is_nullable = target.as_object().is_some_and(|members| without_null(members).1);
            return if is_nullable { json!({ "anyOf": [reference, { "type": "null" }] }) } else { reference };
        }
        self.schemas += 1;
        // A schema that contains itself without a named type in between cannot be inlined: see `Schemas::lower_reference`.
        if self.inlined.iter().any(|it| it == pointer) || self.schemas > self.max_schemas {
            return true.into();
        }
        self.inlined.push(pointer.to_owned());
        let schema = self.write_schema(target);
        self.inlined.pop();
        schema
    }
}
