//! Serialization of requests to JSON, with the locations of violations.

use std::cell::Cell;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::Violations;
use super::violation::member_pointer;

thread_local! {
    /// Whether violations are serialized as part of the value, so that their locations are found.
    static IS_LOCATING: Cell<bool> = const { Cell::new(false) };
}

/// The key of the member that is added to an object with a violation. Its value is a list of the property's name and the message.
const VIOLATION: &str = "\0violation";

/// Converts a value to JSON.
///
/// # Errors
/// Fails with all violations that the types of the value report when they are serialized.
pub(crate) fn to_json(value: &impl Serialize) -> Result<Value, Violations> {
    serde_json::to_value(value).map_err(|error| {
        // An error of `serde_json` has no location.
        IS_LOCATING.set(true);
        let located = serde_json::to_value(value);
        IS_LOCATING.set(false);
        let mut violations = Violations::default();
        find_violations(&located.unwrap_or_default(), "", &mut violations);
        if violations.is_empty() { Violations::parse(&error.to_string()) } else { violations }
    })
}

/// Reports a violation of a property. While violations are located, the object is serialized with the additional member [`VIOLATION`], so
/// that violations of its other members are found, too. Otherwise, an error is returned instead.
pub(super) fn serialize_violation<S: Serializer>(
    object: Value,
    property: &str,
    message: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if IS_LOCATING.get() {
        let mut members = if let Value::Object(members) = object { members } else { Map::new() };
        // If the alternative is a union that has reported a violation itself, that one is kept.
        members.entry(VIOLATION).or_insert_with(|| Value::from_iter([property, message]));
        return members.serialize(serializer);
    }
    Err(S::Error::custom(format!("`{property}` {message}")))
}

fn find_violations(value: &Value, pointer: &str, violations: &mut Violations) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value.as_array().map(Vec::as_slice)) {
                    (VIOLATION, Some([Value::String(property), Value::String(message)])) => {
                        violations.push(format!("{pointer}{}", member_pointer(property)), message);
                    }
                    _ => find_violations(value, &format!("{pointer}{}", member_pointer(name)), violations),
                }
            }
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| find_violations(item, &format!("{pointer}/{index}"), violations));
        }
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    /// An object that is invalid itself, or a valid one that contains such objects.
    enum Part {
        Valid(Vec<Part>),
        Invalid,
    }

    impl Serialize for Part {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Valid(parts) => BTreeMap::from([("a/b", parts)]).serialize(serializer),
                Self::Invalid => serialize_violation(json!({}), "~", "must be x", serializer),
            }
        }
    }

    #[test]
    fn all_violations_are_located() {
        let value = Part::Valid(vec![Part::Invalid, Part::Valid(vec![]), Part::Valid(vec![Part::Invalid])]);
        assert_eq!(serde_json::to_string(&value).unwrap_err().to_string(), "`~` must be x");
        let violations = to_json(&value).unwrap_err().to_string();
        assert_eq!(violations, "/a~1b/0/~0: must be x; /a~1b/2/a~1b/0/~0: must be x");
        assert_eq!(to_json(&Part::Invalid).unwrap_err().to_string(), "/~0: must be x");
        assert_eq!(to_json(&Part::Valid(vec![])), Ok(json!({ "a/b": [] })));
        // Later values are serialized as usual.
        assert!(serde_json::to_string(&value).is_err());
    }

    #[test]
    fn other_errors_have_no_location() {
        let error = to_json(&BTreeMap::from([(vec![1], 1)])).unwrap_err();
        assert_eq!((error[0].pointer.as_str(), error[0].message.as_str()), ("", "key must be a string"));
    }
}
