//! Lowered schemas, and how they are embedded in others.

use serde_json::{Map, Value, json};

use super::Direction;
use crate::refine::docs::code_as_text;

/// The extension of a lowered list for which the document also allows a single object.
pub const ONE_OR_MORE: &str = "x-one-or-more";

/// A placeholder type for a value that `Debug` must not show. Refine replaces it with `runtime::Secret` in the client, and with the type of
/// the value in the mock. typify accepts only types of other crates here.
pub const SECRET: &str = "std::mem::ManuallyDrop";

const OPTION: &str = "std::option::Option";

/// A lowered schema. `null` is recorded separately.
#[derive(Clone)]
pub struct LoweredSchema {
    /// The schema without `null`.
    pub schema: Value,
    /// The requirement on an instance, as the text of an error.
    pub expected: String,
    /// The schema for a property of a response, if it differs, because properties are decoded tolerantly.
    pub in_property: Option<Value>,
    /// Whether it allows `null`.
    pub nullable: bool,
    /// Whether it refers to a schema that contains it.
    pub is_circular: bool,
}

impl LoweredSchema {
    /// Creates a schema that does not allow `null`; `expected` is the requirement on an instance.
    pub fn new(schema: Value, expected: impl Into<String>) -> Self {
        Self { schema, expected: expected.into(), in_property: None, nullable: false, is_circular: false }
    }

    /// Creates a schema that accepts any JSON value.
    pub fn any() -> Self {
        Self::new(json!({}), "must be a JSON value")
    }

    /// Returns a copy with another schema.
    pub fn with_schema(&self, schema: Value) -> Self {
        let Self { expected, in_property, nullable, is_circular, .. } = self;
        let (expected, in_property) = (expected.clone(), in_property.clone());
        Self { schema, expected, in_property, nullable: *nullable, is_circular: *is_circular }
    }

    /// Returns the schema, as an `Option` if it allows `null`. This `Option` is distinct from that of a property that may be absent.
    pub fn or_null(self) -> Value {
        if !self.nullable {
            return self.schema;
        }
        optional(&self.schema)
    }

    /// Wraps a circular schema in a `Box`. typify does this on its own, except for cycles through a type of [`std_type`].
    pub fn boxed(mut self) -> Self {
        if self.is_circular {
            self.schema = std_type("std::boxed::Box", &self.schema);
            self.is_circular = false;
        }
        self
    }

    /// Returns the schema of a property, for which absent, `null` and empty are distinct.
    pub fn into_property(mut self, required: bool, direction: Direction) -> Value {
        let description = self.schema.get("description").cloned();
        if direction == Direction::Response {
            self.nullable = false;
            self.schema = self.in_property.take().unwrap_or(self.schema);
        }
        // typify does not distinguish an absent array or map from an empty one, unless it is nullable.
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

/// Returns the schema of an `Option`.
pub fn optional(schema: &Value) -> Value {
    std_type(OPTION, schema)
}

/// Returns whether a lowered schema is that of an `Option`.
pub fn is_optional(schema: &Value) -> bool {
    schema.pointer("/x-rust-type/path").is_some_and(|path| path == OPTION)
}

/// Returns whether a lowered schema has a type of its own, or is a list or map of such values.
pub fn is_named(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.contains_key("$ref") || members.contains_key("title") || members.values().any(is_named)
        }
        Value::Array(items) => items.iter().any(is_named),
        _ => false,
    }
}

/// Returns the schema of a generic type of the standard library.
pub fn std_type(path: &str, parameter: &Value) -> Value {
    json!({ "x-rust-type": { "crate": "std", "version": "*", "path": path, "parameters": [parameter] } })
}

/// Returns the lowered schema with the description of the original. In OpenAPI 3.0, a reference cannot have one and is wrapped in `allOf`.
pub fn with_description(lowered: Value, schema: &Map<String, Value>) -> Value {
    let Some(description) = description(schema.get("description")) else { return lowered };
    let mut lowered = if lowered.get("$ref").is_some() { json!({ "allOf": [lowered] }) } else { lowered };
    lowered["description"] = description.into();
    lowered
}

/// Returns the first paragraph of a description as one line, unless the description begins with another block.
pub fn first_paragraph(text: &str) -> Option<String> {
    let is_block = |line: &&str| {
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = number.len() < line.len() && number.starts_with(". ");
        is_numbered || ["```", "~~~", "#", "|", ">", "- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
    };
    let lines = text.trim().lines().map(str::trim).take_while(|line| !line.is_empty() && !is_block(line));
    Some(lines.collect::<Vec<_>>().join(" ")).filter(|line| !line.is_empty())
}

/// Returns a description unless it is blank. Closes an open code block, so that text after it is not part of it.
pub fn description(text: Option<&Value>) -> Option<String> {
    let text = text?.as_str().filter(|text| !text.trim().is_empty())?;
    Some(code_as_text(text))
}
