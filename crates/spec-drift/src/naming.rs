//! Names of items of the generated client, as callers write them: `IntegrationModel::builder().shop_name(…)`.

use std::collections::{BTreeMap, BTreeSet};

use openapi_refinery::pointer::ancestors;
use openapi_refinery::{Names, Provenance};

use super::api::ItemChange;

/// The items of the generated client that a change affects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AffectedItems {
    /// The items, as callers write them.
    pub items: Vec<String>,
    /// The traits that a type no longer implements, by the type.
    pub lost_traits: BTreeMap<String, Vec<String>>,
    /// How all of them changed: `added`, `removed` or `changed`. `changed` includes items of which only the meaning differs.
    pub what: &'static str,
}

/// How callers use an item. Only the affected items of one kind are named: of the first of these kinds that occurs. If it is `Setter`,
/// which only requests have, affected members of types that callers only read are named as well.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Operation,
    Parameter,
    Setter,
    Member,
    Type,
    Other,
}

/// The items of the generated client by their location in the document.
pub struct Naming<'a> {
    by_location: BTreeMap<&'a str, Vec<&'a str>>,
    /// The methods of `Client` by the builder that each returns.
    operations: BTreeMap<&'a str, &'a str>,
    /// The types of requests. Callers do not build values of other types.
    requests: BTreeSet<&'a str>,
}

impl<'a> Naming<'a> {
    /// Collects the items of a client, or those of a client before and after a change.
    pub fn new(provenance: &'a Provenance, names: &'a Names) -> Self {
        let mut by_location: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (item, locations) in provenance.items() {
            locations.for_each(|location| by_location.entry(location).or_default().push(item));
        }
        // The builder and the method of an operation share its location.
        let operations = by_location.values().filter_map(|items| {
            let named = |module: &str| {
                items.iter().find_map(|item| item.strip_prefix(module)).filter(|name| !name.contains("::"))
            };
            Some((named("builder::")?, named("Client::")?))
        });
        let operations = operations.collect();
        let requests = names.types.iter().filter(|(location, _)| location.starts_with("request "));
        Self { by_location, operations, requests: requests.map(|(_, name)| name.as_str()).collect() }
    }

    /// Names the items that a change at a location caused; if there are none, the items that are generated from the location.
    pub fn affected_items(&self, pointer: &str, caused: &[ItemChange]) -> AffectedItems {
        AffectedItems { lost_traits: lost_traits(caused), ..self.named_items(pointer, caused) }
    }

    fn named_items(&self, pointer: &str, caused: &[ItemChange]) -> AffectedItems {
        let paths: BTreeSet<&str> = caused.iter().map(|item| item.path.as_str()).collect();
        // The members of an added or removed type are not named separately.
        let is_part = |item: &ItemChange| {
            let owner = item.path.rsplit_once("::").map_or("", |(owner, _)| owner);
            item.what != "changed" && (paths.contains(owner) || paths.contains(owner.replace("builder::", "").as_str()))
        };
        let named = caused.iter().filter(|item| !is_part(item) && self.caller_name(&item.path).is_some());
        // Compatible items are consequences of the breaking ones, unless they take the place of removed ones.
        let worst = named.clone().map(|item| item.verdict).max();
        let are_replaced = named.clone().any(|item| item.what == "removed");
        let is_named = |item: &&ItemChange| Some(item.verdict) == worst || (are_replaced && item.what == "added");
        let named = named.filter(is_named);
        let named = self.first_kind(named.map(|item| (item.path.as_str(), item.what)));
        if !named.items.is_empty() {
            return named;
        }
        let nearest = ancestors(pointer).filter_map(|location| self.by_location.get(location));
        // Items such as constants are not named here: one that differs would be among `caused`.
        let is_part_of_api = |item: &&&str| self.caller_name(item).is_some_and(|(used, _)| used != Use::Other);
        let mut named =
            nearest.map(|items| self.first_kind(items.iter().filter(is_part_of_api).map(|item| (*item, "changed"))));
        named.find(|named| !named.items.is_empty()).unwrap_or_default()
    }

    /// Names the items of the first kind that occurs.
    fn first_kind<'i>(&self, items: impl Iterator<Item = (&'i str, &'static str)>) -> AffectedItems {
        let items: BTreeMap<&str, &'static str> = items.collect();
        let accompanies = |path: &str| base_setters(path).any(|setter| items.contains_key(setter.as_str()));
        let own = items.iter().filter(|(path, _)| !accompanies(path));
        let mut named: Vec<_> = own.filter_map(|(path, what)| Some((self.caller_name(path)?, *what))).collect();
        let first = named.iter().map(|((used, _), _)| *used).min();
        let is_read = |name: &str| name.split_once("::").is_some_and(|(owner, _)| !self.requests.contains(owner));
        named.retain(|((used, name), _)| {
            Some(*used) == first || (first == Some(Use::Setter) && *used == Use::Member && is_read(name))
        });
        let kinds: BTreeSet<&'static str> = named.iter().map(|(_, what)| *what).collect();
        let what = if kinds.len() == 1 { named[0].1 } else { "changed" };
        let items: BTreeSet<String> = named.into_iter().map(|((_, name), _)| name).collect();
        AffectedItems { items: items.into_iter().collect(), what, ..AffectedItems::default() }
    }

    /// Returns an item as callers write it, or `None` if they only use it through another item.
    fn caller_name(&self, path: &str) -> Option<(Use, String)> {
        let parts: Vec<&str> = path.split("::").collect();
        let method = |part: &str| part.strip_suffix("()").map(str::to_owned);
        match parts[..] {
            // An implementation of a trait.
            _ if path.contains(": ") => None,
            ["Client", operation] => Some((Use::Operation, format!("Client::{operation}"))),
            ["builder", operation, part] => {
                let operation = self.operations.get(operation)?;
                let call = match method(part)?.as_str() {
                    own @ ("send" | "violations") => format!("{own}()"),
                    "body_map" => return None,
                    parameter => format!("{parameter}(…)"),
                };
                Some((Use::Parameter, format!("Client::{operation}.{call}")))
            }
            ["types", "builder", owner, part] if self.requests.contains(owner) => {
                // Without the plain setter, another setter of a property is named with its field.
                let (used, call) = match method(part)?.as_str() {
                    "violations" | "build" => return None,
                    null if null.ends_with("_null") => (Use::Member, format!("{null}()")),
                    maybe if maybe.starts_with("maybe_") => (Use::Member, format!("{maybe}(…)")),
                    setter => (Use::Setter, format!("{setter}(…)")),
                };
                Some((used, format!("{owner}::builder().{call}")))
            }
            ["builder", _] | ["types", "builder", ..] => None,
            ["types", owner, member] => Some((Use::Member, format!("{owner}::{member}"))),
            ["types", name] => Some((Use::Type, name.to_owned())),
            _ => Some((Use::Other, path.to_owned())),
        }
    }
}

/// Returns the traits that types no longer implement, by type. Those of removed types and of builders are left out.
fn lost_traits(caused: &[ItemChange]) -> BTreeMap<String, Vec<String>> {
    let removed: BTreeSet<&str> =
        caused.iter().filter(|item| item.what == "removed").map(|item| item.path.as_str()).collect();
    let mut lost: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in &removed {
        let Some((owner, implemented)) = path.split_once(": ") else { continue };
        let Some(name) = owner.strip_prefix("types::").filter(|name| !name.contains("::")) else { continue };
        let is_own = !implemented.contains(" for ") && !implemented.starts_with("runtime::");
        if is_own && !removed.contains(owner) {
            let (path, parameters) = implemented.split_at(implemented.find('<').unwrap_or(implemented.len()));
            let last = path.rsplit("::").next().unwrap_or_default();
            lost.entry(name.to_owned()).or_default().push(format!("{last}{parameters}"));
        }
    }
    lost
}

/// Returns the plain setters that correspond to a setter for an `Option` or for `null`.
fn base_setters(path: &str) -> impl Iterator<Item = String> {
    let (owner, method) = path.rsplit_once("::").unwrap_or_default();
    let setters =
        [method.strip_prefix("maybe_").map(str::to_owned), method.strip_suffix("_null()").map(|it| format!("{it}()"))];
    setters.into_iter().flatten().map(move |setter| format!("{owner}::{setter}"))
}
