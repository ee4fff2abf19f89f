//! The JSON Schema of what is sent, for those who use the client: with Rust names for references.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Direction;
use crate::normalize::{Holds, Normal, holds, is_annotation};

/// Writes the schemas of requests with Rust names for references, and with what they refer to where that has no name.
pub struct Writing<'a> {
    normal: &'a Normal,
    names: &'a BTreeMap<String, String>,
    written_out: Vec<String>,
    schemas: usize,
    most_schemas: usize,
}

impl<'a> Writing<'a> {
    /// Of all types of a document.
    pub fn new(normal: &'a Normal, names: &'a BTreeMap<String, String>, most_schemas: usize) -> Self {
        Self { normal, names, written_out: Vec::new(), schemas: 0, most_schemas }
    }

    /// The schema of a type.
    pub fn schema(&mut self, schema: &Value) -> Value {
        match schema {
            Value::Array(schemas) => schemas.iter().map(|schema| self.schema(schema)).collect(),
            Value::Object(members) => self.object(members),
            scalar => scalar.clone(),
        }
    }

    fn object(&mut self, members: &Map<String, Value>) -> Value {
        let mut renamed = Map::new();
        for (key, value) in members.iter().filter(|(key, _)| *key != "$ref") {
            let value = match (holds(key), value) {
                (Holds::Data | Holds::Definitions, data) => data.clone(),
                (Holds::ByName, Value::Object(by_name)) => {
                    by_name.iter().map(|(name, schema)| (name.clone(), self.schema(schema))).collect()
                }
                (_, schema) => self.schema(schema),
            };
            renamed.insert(key.clone(), value);
        }
        let Some(Value::String(reference)) = members.get("$ref") else { return renamed.into() };
        let referred_to = self.referred_to(reference);
        let is_alone = renamed.keys().all(|keyword| is_annotation(keyword));
        if is_alone { referred_to } else { json!({ "allOf": [referred_to, renamed] }) }
    }

    fn referred_to(&mut self, reference: &str) -> Value {
        let (pointer, target) = self.normal.target(reference);
        if let Some(name) = self.names.get(&Direction::Request.place(&self.normal.origin(pointer))) {
            return json!({ "$ref": name });
        }
        self.schemas += 1;
        // What contains itself has no type either: see `Schemas::reference`.
        if self.written_out.iter().any(|it| it == pointer) || self.schemas > self.most_schemas {
            return true.into();
        }
        self.written_out.push(pointer.to_owned());
        let schema = self.schema(target);
        self.written_out.pop();
        schema
    }
}
