//! The lock, whose names may be edited by hand.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::Value;

use super::error::deserialize;
use super::lower::{BUILDER_TYPES, CLIENT_METHODS, RESERVED_TYPES};
use super::names::{
    Names, UNLISTED, is_name, shape_of_type, shape_of_variant, split_variant_key, to_stable_pascal_case, type_name,
    value_name, variant_name,
};
use super::pointer::escape;
use super::{Error, Result};

/// Parses the names that are recorded in a lock. The member `origin`, which `spec-drift` adds, is ignored.
///
/// # Errors
/// Returns an error if the lock is malformed, or if a name does not have the form of generated names, is reserved, or collides with another
/// one. All such names are reported.
pub fn parse_lock(mut lock: Value) -> Result<Names> {
    if let Some(members) = lock.as_object_mut() {
        members.remove("origin");
    }
    let names: Names = deserialize(lock, "restore the lock from version control")?;
    let errors = [
        OPERATIONS.check(&names.operations, |_| None),
        TYPES.check(&names.types, |_| None),
        VARIANTS.check(&names.variants, |key| Some(split_variant_key(key)?.0)),
    ];
    Error::all(errors.into_iter().flatten().collect()).map_or(Ok(names), Err)
}

/// The rules for the names of one kind.
struct Rules {
    /// The member of the lock.
    member: &'static str,
    has_form: fn(&str) -> bool,
    /// Returns a similar name that `has_form` accepts.
    correct: fn(&str) -> String,
    reserved: &'static [&'static [&'static str]],
    /// Names with equal shapes collide.
    shape: fn(&str) -> String,
}

const OPERATIONS: Rules = Rules {
    member: "operations",
    has_form: is_method_name,
    correct: value_name,
    reserved: &[&CLIENT_METHODS, &BUILDER_TYPES],
    shape: shape_of_type,
};

const TYPES: Rules = Rules {
    member: "types",
    has_form: is_type_name,
    correct: |name| type_name(&[name]),
    reserved: &[&RESERVED_TYPES],
    shape: shape_of_type,
};

const VARIANTS: Rules = Rules {
    member: "variants",
    has_form: is_variant_name,
    correct: variant_name,
    reserved: &[&[UNLISTED]],
    shape: shape_of_variant,
};

impl Rules {
    /// Returns an error for each name that does not have the form of generated names, is reserved, or collides with another one in its
    /// scope.
    fn check(&self, names: &BTreeMap<String, String>, scope: fn(&str) -> Option<String>) -> Vec<Error> {
        let mut taken: BTreeMap<(Option<String>, String), (&str, &str)> = BTreeMap::new();
        let mut errors = Vec::new();
        for (key, name) in names {
            let shape = (self.shape)(name);
            let (problem, remedy) = if !(self.has_form)(name) {
                let problem = format!("`{name}` does not have the form of the names that the generator assigns");
                (problem, format!("use a name such as `{}`", (self.correct)(name)))
            } else if self.reserved.iter().copied().flatten().any(|reserved| (self.shape)(reserved) == shape) {
                (format!("the name `{name}` has another meaning in the generated code"), "use another name".to_owned())
            } else if let Some((other, of)) = taken.get(&(scope(key), shape.clone())) {
                let problem = format!("`{name}` and the name `{other}` of `{of}` collide");
                (problem, "use a different name for each".to_owned())
            } else {
                taken.insert((scope(key), shape), (name, key));
                continue;
            };
            errors.push(Error::at(format!("/{}/{}", self.member, escape(key)), problem, remedy));
        }
        errors
    }
}

fn is_method_name(name: &str) -> bool {
    // `value_name` may replace letters outside of ASCII, which a name may contain, so only the case of such a name is checked.
    is_name(name)
        && if name.is_ascii() { value_name(name) == name } else { name.to_snake_case() == name.trim_matches('_') }
}

fn is_type_name(name: &str) -> bool {
    is_name(name) && is_pascal_case(name)
}

/// Digits may be separated, as in `X1_0`, and keywords end with `_`.
fn is_variant_name(name: &str) -> bool {
    let word = name.strip_suffix('_').filter(|word| !is_name(word)).unwrap_or(name);
    let mut parts = word.split('_');
    is_name(name)
        && parts.next().is_some_and(is_pascal_case)
        && parts.all(|part| part.starts_with(|c: char| c.is_ascii_digit()) && is_pascal_case(&format!("X{part}")))
}

fn is_pascal_case(name: &str) -> bool {
    to_stable_pascal_case(name, char::is_alphanumeric) == name
}
