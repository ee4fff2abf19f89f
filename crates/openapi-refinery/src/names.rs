//! Rust names for operations and types.
//!
//! A name depends on the document alone, not on the order of its keys: each place has candidates, the shortest first, and gets
//! the first that no other place wants. Names that were given once are recorded in the lock and stay, whatever is added later.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Error, Result};

/// Names by place: operations by method and path, types by direction and JSON pointer, variants by that and their value.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Methods of the client.
    pub operations: BTreeMap<String, String>,
    /// Types of the `types` module.
    pub types: BTreeMap<String, String>,
    /// Variants of enumerations, by the place of the type and the value.
    #[serde(default)]
    pub variants: BTreeMap<String, String>,
}

impl Names {
    /// The JSON pointer of the schema that a type comes from.
    pub fn place_of_type(&self, name: impl ToString) -> String {
        let name = name.to_string();
        let place = self.types.iter().find(|(_, given)| **given == name);
        place.and_then(|(place, _)| place.split_once(' ')).map_or_else(String::new, |(_, pointer)| pointer.to_owned())
    }
}

/// Reads the lock. What else it tells, of where the document came from, has no say here.
pub fn recorded(mut lock: Value) -> Result<Names> {
    if let Some(members) = lock.as_object_mut() {
        members.remove("origin");
    }
    serde_json::from_value(lock)
        .map_err(|error| Error::at("", format!("the lock does not list names: {error}"), "restore it"))
}

/// Gives each place a name that is not reserved: its recorded one, else the first of its candidates that no other place wants
/// too, else the last of them with a number, in the order of the places. Names that make one type are one name.
pub fn assign(
    wanted: &BTreeMap<String, Vec<String>>,
    recorded: &BTreeMap<String, String>,
    reserved: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let mut given: BTreeMap<String, String> = recorded
        .iter()
        .filter(|(place, _)| wanted.contains_key(*place))
        .map(|(place, name)| (place.clone(), name.clone()))
        .collect();
    let names_in_use = given.values().map(String::as_str).chain(reserved.iter().copied());
    let mut taken: BTreeSet<String> = names_in_use.map(operation_type).collect();
    let levels = wanted.values().map(Vec::len).max().unwrap_or(0);
    for level in 0..levels {
        let mut claims: BTreeMap<String, Vec<(&String, &String)>> = BTreeMap::new();
        for (place, candidates) in wanted.iter().filter(|(place, _)| !given.contains_key(*place)) {
            if let Some(name) = candidates.get(level).or(candidates.last()) {
                claims.entry(operation_type(name)).or_default().push((place, name));
            }
        }
        for (ty, places) in claims {
            if let [(place, name)] = places[..]
                && taken.insert(ty)
            {
                given.insert(place.clone(), name.clone());
            }
        }
    }
    for (place, candidates) in wanted {
        if let (false, Some(name)) = (given.contains_key(place), candidates.last()) {
            given.insert(place.clone(), numbered(name, |name| taken.insert(operation_type(name))));
        }
    }
    given
}

/// The name itself if it is free, else with a number; it is taken from then on.
pub fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    numbered(name, |name| taken.insert(name.to_owned()))
}

/// The name itself if it can be taken, else with the first number that lets it be.
fn numbered(name: &str, mut take: impl FnMut(&str) -> bool) -> String {
    let mut free = name.to_owned();
    let mut number = 2;
    while !take(&free) {
        free = format!("{name}{number}");
        number += 1;
    }
    free
}

/// Words as the name of a type. In OpenAPI 3.0, the key of a component is ASCII.
pub fn type_name(words: &[impl AsRef<str>]) -> String {
    cased(&words.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" "), |c| c.is_ascii_alphanumeric())
}

/// A value as the name of a variant.
fn variant_name(value: &str) -> String {
    let name = cased(value, |_| true);
    let is_name = syn::parse_str::<syn::Ident>(&name).is_ok();
    if is_name { name } else { type_name(&[value]) }
}

/// typify cases a name once more, so this is one that casing leaves as it is.
fn cased(words: &str, keep: fn(char) -> bool) -> String {
    let mut name = words.to_owned();
    loop {
        let mut cased = name.replace('\'', "").to_pascal_case();
        cased.retain(keep);
        if !cased.starts_with(char::is_alphabetic) {
            cased.insert(0, 'X');
        }
        if cased == name {
            return name;
        }
        name = cased;
    }
}

/// What progenitor calls the builder of an operation. The name of a type is itself.
pub fn operation_type(operation: &str) -> String {
    let name = operation.to_pascal_case();
    let attempts = [format!("{name}_"), format!("_{name}")];
    [&name].into_iter().chain(&attempts).find(|name| is_name(name)).unwrap_or(&name).clone()
}

/// The variants of an enumeration by place, which is that of the type and the value. `Unlisted` is for none of them.
pub fn variants(type_place: &str, values: &[String], recorded: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let wanted = values.iter().map(|value| (variant_place(type_place, value), vec![variant_name(value)])).collect();
    assign(&wanted, recorded, &BTreeSet::from(["Unlisted"]))
}

/// What identifies a variant.
pub fn variant_place(type_place: &str, value: &str) -> String {
    format!("{type_place} {value}")
}

/// A name as that of a method, field or parameter.
pub fn value_name(name: &str) -> String {
    let name = name.to_snake_case();
    let ascii: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let attempts = [
        name.clone(),
        format!("{name}_"),
        format!("_{name}"),
        format!("value_{ascii}").trim_end_matches('_').to_owned(),
    ];
    attempts.iter().find(|name| is_name(name)).unwrap_or(&attempts[3]).clone()
}

/// Whether progenitor takes a name as it is. `gen` is a keyword since the edition 2024, which syn does not know.
fn is_name(name: &str) -> bool {
    !["_", "gen"].contains(&name) && syn::parse_str::<syn::Ident>(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(wanted: &[(&str, &[&str])], recorded: &[(&str, &str)], reserved: &[&str]) -> Vec<String> {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let wanted = wanted.iter().map(|(place, names)| ((*place).to_owned(), owned(names))).collect();
        let recorded = recorded.iter().map(|(place, name)| ((*place).to_owned(), (*name).to_owned())).collect();
        assign(&wanted, &recorded, &reserved.iter().copied().collect()).into_values().collect()
    }

    #[test]
    fn names_that_make_one_type_are_one_name() {
        let both: [(&str, &[&str]); 2] = [("1", &["get_a_1"]), ("2", &["get_a1"])];
        assert_eq!(assigned(&both, &[], &[]), ["get_a_1", "get_a12"]);
        assert_eq!(assigned(&both, &[("2", "get_a1")], &[]), ["get_a_12", "get_a1"]);
        assert_eq!(assigned(&[("1", &["response_value", "get_it"])], &[], &["ResponseValue"]), ["get_it"]);
        assert_eq!(
            assigned(&[("1", &["thing"]), ("2", &["thing"]), ("3", &["thing_2"])], &[], &[]),
            ["thing", "thing3", "thing_2"]
        );
    }

    #[test]
    fn types_of_operations_are_called_as_progenitor_calls_them() {
        let named = ["get_a_1", "self_", "_2fa", "gen_", "Thing2"].map(operation_type);
        assert_eq!(named, ["GetA1", "Self_", "_2fa", "Gen", "Thing2"]);
        assert_eq!(["gen", "self", "2fa"].map(value_name), ["gen_", "self_", "_2fa"]);
    }
}
