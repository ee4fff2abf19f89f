//! A schema that is lowered, and what stands around it.

use serde_json::{Map, Value, json};

use super::Direction;

/// A lowered schema, the `null` taken out of it.
#[derive(Clone)]
pub struct LoweredSchema {
    /// Without `null`.
    pub schema: Value,
    /// What an instance must be, in the words of an error.
    pub expected: String,
    /// What it is in a property of a response, unless it is the same: properties are read tolerantly.
    pub in_property: Option<Value>,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Whether it refers to what it is itself a part of.
    pub is_circular: bool,
}

impl LoweredSchema {
    /// A schema, and what its instances must be.
    pub fn new(schema: Value, expected: impl Into<String>) -> Self {
        Self { schema, expected: expected.into(), in_property: None, nullable: false, is_circular: false }
    }

    /// Any JSON value.
    pub fn any() -> Self {
        Self::new(json!({}), "must be a JSON value")
    }

    /// A value that may be `null`, as an `Option` of its own: apart from the `Option` of a property that may be absent.
    pub fn or_null(self) -> Value {
        if !self.nullable {
            return self.schema;
        }
        optional(&self.schema)
    }

    /// In a box if it is part of a circle: typify does not see those that lead through a type of `of_std`.
    pub fn boxed(mut self) -> Self {
        if self.is_circular {
            self.schema = of_std("std::boxed::Box", &self.schema);
            self.is_circular = false;
        }
        self
    }

    /// A property that is absent stays apart from one that is `null` and from one that is empty.
    pub fn into_property(mut self, required: bool, direction: Direction) -> Value {
        let description = self.schema.get("description").cloned();
        if direction == Direction::Response {
            self.nullable = false;
            self.schema = self.in_property.take().unwrap_or(self.schema);
        }
        let empty_is_absent =
            matches!(self.schema["type"].as_str(), Some("array" | "object")) && self.schema.get("properties").is_none();
        if !required && !self.nullable && empty_is_absent {
            self.schema["nullable"] = true.into();
        }
        let mut property = self.boxed().or_null();
        if let Some(description) = description {
            property["description"] = description;
        }
        property
    }
}

/// A value of a schema, or none.
pub fn optional(schema: &Value) -> Value {
    of_std("std::option::Option", schema)
}

/// A generic type of the standard library.
pub fn of_std(path: &str, parameter: &Value) -> Value {
    json!({ "x-rust-type": { "crate": "std", "version": "*", "path": path, "parameters": [parameter] } })
}

/// The lowered schema with the description of the original. A reference has no room for one: it goes into `allOf`.
pub fn described(lowered: Value, schema: &Map<String, Value>) -> Value {
    let Some(description) = schema.get("description").filter(|it| it.is_string()) else { return lowered };
    let mut lowered = if lowered.get("$ref").is_some() { json!({ "allOf": [lowered] }) } else { lowered };
    lowered["description"] = description.clone();
    lowered
}
