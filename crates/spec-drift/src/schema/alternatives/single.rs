//! Lists of one alternative, which the normal form writes as `allOf`.

use super::super::Pair;
use crate::encoding::is_object;
use crate::flat::{Flat, Schemas};
use crate::matching::{same_component, same_schema};
use crate::{Comparison, Node, follow};

impl<'a> Comparison<'a> {
    /// Combines the schemas of both documents. If only one document has a list of alternatives, and the other has a single alternative in its
    /// place, this alternative counts as a list and is not combined.
    pub(in super::super) fn combine(&self, pair: &Pair<'a>) -> [Flat<'a>; 2] {
        let [old, new] = [Flat::of(self.old, &pair.old), Flat::of(self.new, &pair.new)];
        if pair.role.is_text() && ![&old, &new].into_iter().all(is_object) {
            return [old, new];
        }
        let single = |document, nodes, flat: &Flat<'a>, other_document, other: &Flat<'a>| {
            let list = other.alternatives().pop().filter(|_| flat.alternatives().is_empty())?;
            let is_whole = other.only_alternatives(other_document).is_some();
            let only = find_single([document, other_document], nodes, &list).filter(|_| !is_whole)?;
            Some(Flat::with_list(document, nodes, only, if list.escaped_name() == "oneOf" { "oneOf" } else { "anyOf" }))
        };
        let old_single = single(self.old, &pair.old, &old, self.new, &new);
        let new_single = single(self.new, &pair.new, &new, self.old, &old);
        [old_single.unwrap_or(old), new_single.unwrap_or(new)]
    }
}

/// Returns the `allOf` of a schema if its only member was written as a list of one alternative, or is one of the alternatives of the other
/// document.
fn find_single<'a>(
    [document, other_document]: [&'a Schemas; 2],
    schemas: &[Node<'a>],
    list: &Node<'a>,
) -> Option<Node<'a>> {
    let others: Vec<_> = list.items().into_iter().map(|it| follow(other_document, it)).collect();
    let first = format!("{}/0", other_document.origin(&list.pointer));
    let keyword = ["/oneOf/0", "/anyOf/0"].into_iter().find(|keyword| first.ends_with(keyword));
    let is_alternative = |member: &Node<'a>| {
        let written = document.origin(&member.pointer);
        let target = follow(document, member.clone());
        keyword.is_some_and(|keyword| written.ends_with(keyword))
            || others.iter().any(|other| same_schema(&target, other) || same_component(&target, other))
    };
    let all_of = schemas.iter().map(|schema| follow(document, schema.clone()).member("allOf"));
    all_of.into_iter().find(|list| matches!(&list.items()[..], [only] if is_alternative(only)))
}
