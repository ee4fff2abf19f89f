//! Comparison of the media types of parts of a form, as far as their schemas imply them.

use std::collections::HashSet;

use super::role::Role;
use super::{Pair, PairComparison, Transmission, describe_types, effect_on_sets};
use crate::flat::Flat;
use crate::{Comparison, Direction, Effect, Node};

/// Keywords that determine the media type of a string.
const OF_STRINGS: [&str; 2] = ["contentMediaType", "contentEncoding"];

impl<'a> Comparison<'a> {
    /// Records that the schemas of a part imply another media type. The location and the statement are those that the comparison of the
    /// schemas has for the same cause, so that both become one change.
    pub(in super::super) fn record_implied_media_type(
        &mut self,
        [mut old, mut new]: [Vec<Node<'a>>; 2],
        effect: Effect,
        direction: Direction,
    ) {
        let mut entered = HashSet::new();
        while let Some(node) = new.first().cloned() {
            let flats = [Flat::of(self.old, &old), Flat::of(self.new, &new)];
            let items =
                flats.each_ref().map(|flat| if is_list(flat) { flat.get("items").to_vec() } else { Vec::new() });
            // The media type of a list is that of its items, which may be that list.
            if items.iter().any(Vec::is_empty) || !entered.insert(node.pointer.clone()) {
                let role = Role::of(direction, Transmission::Value);
                // The number is not used, because the pair is not queued.
                let (number, siblings) = (0, [Vec::new(), Vec::new()]);
                let is_called_by_api = self.is_called_by_api;
                let pair = Pair { old, new, node, role, siblings, number, is_called_by_api };
                let none = [Flat::default(), Flat::default()];
                let [old, new] = &flats;
                return PairComparison::of(self, &pair, [old, new], &none).record_implied_media_type(effect);
            }
            [old, new] = items;
        }
    }
}

impl PairComparison<'_, '_> {
    /// Records the effect at the keyword that has caused it. Records nothing if types were both added and removed, or if both schemas have
    /// types and only these have caused it: the change of the types is reported with the same verdict.
    fn record_implied_media_type(&mut self, effect: Effect) {
        let (old, new) = (self.old, self.new);
        let is_untyped =
            |flat: &Flat<'_>| flat.types.is_none() && !flat.has_constraints_except(&["minLength", "maxLength"]);
        let cause = OF_STRINGS.into_iter().find(|keyword| old.texts(keyword) != new.texts(keyword));
        let (keyword, what) = match cause {
            _ if effect_on_sets(&old.types, &new.types) == Some(Effect::Both) => return,
            Some(keyword) => (keyword, self.describe_written(keyword)),
            // Items without a schema have no type.
            None if is_list(old) && is_list(new) => {
                let became = if old.get("items").is_empty() { "added" } else { "removed" };
                ("items", format!("`items` was {became}"))
            }
            None if is_untyped(old) != is_untyped(new) => {
                let [old, new] = [old, new].map(|flat| describe_types(flat.types.as_ref()));
                ("type", format!("the type was {old} and is {new}"))
            }
            None => return,
        };
        self.record(&format!("encoding-{}", effect.word()), effect, &self.keyword_node(keyword), &what);
    }
}

fn is_list(flat: &Flat<'_>) -> bool {
    flat.types.as_ref().is_some_and(|types| types.iter().all(|kind| ["array", "null"].contains(kind)))
}
