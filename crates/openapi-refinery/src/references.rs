//! Strongly connected components of references between names.

use std::collections::{BTreeMap, BTreeSet};

/// Names, each with those that it refers to.
pub type References = BTreeMap<String, BTreeSet<String>>;

/// Returns the strongly connected components, by Kosaraju's algorithm: sets of names that refer to each other, directly or indirectly. A
/// component comes after those that it refers to.
pub fn strongly_connected(references: &References) -> Vec<BTreeSet<&str>> {
    let mut referrers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, targets) in references {
        targets.iter().for_each(|target| referrers.entry(target).or_default().push(name));
    }
    let targets = |name| references[name].iter().map(String::as_str).collect();
    let referrers = |name| referrers.get(name).cloned().unwrap_or_default();
    let mut known = BTreeSet::new();
    let order: Vec<&str> = references.keys().flat_map(|name| postorder(name, referrers, &mut known)).collect();
    let mut known = BTreeSet::new();
    let components = order.into_iter().rev().map(|name| postorder(name, targets, &mut known).into_iter().collect());
    components.filter(|component: &BTreeSet<&str>| !component.is_empty()).collect()
}

/// Returns the names that are reached from a name and not known yet, in the postorder of a depth-first search.
fn postorder<'a>(name: &'a str, next: impl Fn(&'a str) -> Vec<&'a str>, known: &mut BTreeSet<&'a str>) -> Vec<&'a str> {
    let mut finished = Vec::new();
    if !known.insert(name) {
        return finished;
    }
    let mut path = vec![(name, next(name))];
    while let Some((name, open)) = path.last_mut() {
        match open.pop() {
            Some(other) if known.insert(other) => path.push((other, next(other))),
            Some(_) => {}
            None => {
                finished.push(*name);
                path.pop();
            }
        }
    }
    finished
}
