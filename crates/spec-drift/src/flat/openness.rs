//! Which values are accepted where no other schema applies.

use serde_json::Value;

use super::{Schemas, conjuncts, is_docs};
use crate::{Effect, Node};

/// Which values are accepted where no other schema applies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Openness {
    Rejected,
    Restricted,
    Allowed,
}

impl Openness {
    pub(crate) fn of<'a>(document: &'a Schemas, schema: &Node<'a>) -> Self {
        match schema.value {
            Value::Bool(false) => Self::Rejected,
            _ if constrains_instances(document, schema) => Self::Restricted,
            _ => Self::Allowed,
        }
    }

    /// Describes the value of the keyword.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Rejected => "`false`",
            Self::Restricted => "a schema",
            Self::Allowed => "`true`",
        }
    }

    /// Returns the effect of an entry that is added to `properties`, `patternProperties` or `prefixItems`, given which other values are
    /// accepted before and after.
    pub(crate) fn effect_of_adding_entry(self, after: Self) -> Effect {
        match (self, after) {
            (Self::Allowed, Self::Allowed) => Effect::Narrows,
            (Self::Rejected, Self::Rejected) => Effect::Widens,
            _ => Effect::Both,
        }
    }
}

/// Keywords other than documentation that reject no value themselves.
const ACCEPTING: [&str; 6] = ["$ref", "allOf", "default", "deprecated", "readOnly", "writeOnly"];

/// Returns whether a schema, or one that it combines by `$ref` or `allOf`, has keywords that may reject values.
pub(crate) fn constrains_instances<'a>(document: &'a Schemas, schema: &Node<'a>) -> bool {
    let combined = conjuncts(document, std::slice::from_ref(schema));
    combined.iter().any(|(part, _)| has_constraints(part.value, &ACCEPTING))
}

/// Returns whether a schema has keywords other than documentation and `ignored` ones.
pub(super) fn has_constraints(schema: &Value, ignored: &[&str]) -> bool {
    match schema {
        Value::Object(members) => members.keys().any(|key| !is_docs(key) && !ignored.contains(&key.as_str())),
        Value::Bool(accepts) => !accepts,
        _ => false,
    }
}
