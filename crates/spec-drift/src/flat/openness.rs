//! Which values are accepted where no other schema applies.

use serde_json::Value;

use super::is_docs;
use crate::Effect;

/// Which values are accepted where no other schema applies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Openness {
    Rejected,
    Restricted,
    Allowed,
}

impl Openness {
    pub(crate) fn of(schema: &Value) -> Self {
        match schema {
            Value::Bool(false) => Self::Rejected,
            schema if constrains_instances(schema) => Self::Restricted,
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

pub(crate) fn constrains_instances(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.keys().any(|key| !is_docs(key)),
        Value::Bool(accepts) => !accepts,
        _ => false,
    }
}
