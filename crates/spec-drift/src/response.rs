//! Responses by status.

use super::body::Body;
use super::range::{self, Entries, Entry, KeyChange};
use super::{Comparison, Direction, Effect, Node, Verdict};
use openapi_refinery::normalize::ValueKind;

impl<'a> Comparison<'a> {
    /// Compares the response for each status: its own, that of its range, or the default (OpenAPI 3.1.1, section 4.8.16). A client handles
    /// a status by its class (RFC 9110, section 15), so that only an added success is unexpected. It reads `default` as the description of
    /// errors if the document describes a success.
    pub(super) fn compare_responses(&mut self, old: &Node<'a>, new: &Node<'a>, direction: Direction) {
        self.compare_annotations(old, new, &[]);
        let by_status = |node: &Node<'a>| -> Entries<'a> {
            node.members().into_iter().filter(|(status, _)| !status.starts_with("x-")).collect()
        };
        let (before, after) = (by_status(old), by_status(new));
        let is_described = |entries: &Entries<'a>, range: &str, status: &str| {
            let is_error = range == "default" && status.starts_with('2') && direction == Direction::Response;
            is_status_within(range, status) && !(is_error && entries.keys().any(|it| it.starts_with('2')))
        };
        for key in range::pair_keys(&before, &after, is_described) {
            match key {
                KeyChange::Described { old: (old_key, old), new: (new_key, new) } => {
                    let is_split_off = old_key != new_key && after.contains_key(old_key);
                    // `KeyChange::Added` reports the statuses that an added range describes.
                    let is_merged = old_key != new_key && !is_split_off && before.contains_key(new_key);
                    if is_merged {
                        self.record_merged_status([&old, &new], [old_key, new_key], direction);
                    } else if is_split_off {
                        // What differs is recorded, too.
                        let message = format!("status {new_key} now has its own response beside {old_key}");
                        self.record_at_reference("response-split", Verdict::Docs, &new, message);
                    }
                    let body = Body {
                        split_off: is_split_off.then_some(&new),
                        is_merged,
                        is_negotiated: direction == Direction::Response,
                        ..Body::sent(direction, false)
                    };
                    self.compare_response(&old, &new, &body);
                }
                KeyChange::Added { new, replaced } => self.record_added_status(new, &replaced, direction),
                KeyChange::Removed { old, replacements } => self.record_removed_status(old, &replacements, direction),
            }
        }
    }

    /// Records a response that was added, given the statuses that it describes in place of their own responses.
    fn record_added_status(&mut self, (status, new): Entry<'a>, replaced: &[&str], direction: Direction) {
        let (verdict, consequence) =
            self.effect_on_statuses(Effect::Widens, direction, &[&[status], replaced].concat());
        let (rule, change) = if replaced.is_empty() {
            ("response-added", format!("{} was added", describe_status(status)))
        } else {
            let [noun, verb] = if replaced.len() == 1 { ["status", "is"] } else { ["statuses", "are"] };
            ("response-widened", format!("{noun} {} {verb} now described by {status}", replaced.join(", ")))
        };
        self.record_at_reference(rule, verdict, &new, format!("{change}: {consequence}"));
    }

    /// Records a response that was removed, given the responses that describe a part of its statuses instead.
    fn record_removed_status(&mut self, (status, old): Entry<'a>, replacements: &[Entry<'a>], direction: Direction) {
        let names = replacements.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let (rule, change, (verdict, consequence)) = if replacements.is_empty() {
            let effect = self.effect_on_statuses(Effect::Narrows, direction, &[status]);
            ("response-removed", "removed".to_owned(), effect)
        } else {
            let effect = (Effect::Narrows.verdict(direction), self.consequence(Effect::Narrows, direction));
            ("response-narrowed", format!("replaced by {names}"), effect)
        };
        let message = format!("{} was {change}: {consequence}", describe_status(status));
        self.record_at_reference(rule, verdict, &old, message);
    }

    /// Records that a status, whose response was removed, is now described by a range that existed before. That is documentation if clients
    /// read the same response, unless a success is described by `default`, which clients read as the description of errors.
    fn record_merged_status(&mut self, [old, new]: [&Node<'a>; 2], [status, range]: [&str; 2], direction: Direction) {
        let is_error = range == "default" && status.starts_with('2') && direction == Direction::Response;
        let is_same = |part: &&str| self.are_same(&old.member(part), &new.member(part), ValueKind::ByName);
        let (verdict, consequence) = match range {
            _ if !is_error && ["headers", "content"].iter().all(is_same) => {
                (Verdict::Docs, "the response is the same".to_owned())
            }
            "default" => self.effect_on_statuses(Effect::Widens, direction, &[status]),
            // Media types and headers that the range adds are not reported on their own.
            _ => (Verdict::Compatible, format!("the response of {range} applies")),
        };
        let message = format!("status {status} is now described by {range}: {consequence}");
        self.record_at_reference("response-widened", verdict, old, message);
    }

    /// Compares the responses to a status. A range also describes other statuses, so that its documentation is not compared with that of a
    /// single status.
    fn compare_response(&mut self, old: &Node<'a>, new: &Node<'a>, body: &Body<'_, 'a>) {
        let own = ["description", "summary", "links"];
        let is_of_same_key = body.split_off.is_none() && !body.is_merged;
        let (docs, others): (&[&str], &[&str]) = if is_of_same_key { (&own, &[]) } else { (&[], &own) };
        self.compare_members(old, new, docs, &[others, &["headers", "content"]].concat());
        if !body.split_off.is_some_and(|response| never_has_content(response.escaped_name())) {
            self.compare_content(&old.member("content"), &new.member("content"), body);
        }
        self.compare_headers(&old.member("headers"), &new.member("headers"), body);
    }

    /// Returns the verdict on statuses that were added or removed, and the consequence for clients.
    fn effect_on_statuses(&self, effect: Effect, direction: Direction, statuses: &[&str]) -> (Verdict, String) {
        let has_success = statuses.iter().any(|status| status.starts_with('2'));
        match (direction, effect) {
            (Direction::Request, _) => (effect.verdict(direction), self.consequence(effect, direction)),
            (_, _) if !has_success => {
                (Verdict::Compatible, "clients handle statuses other than 2XX by their class".to_owned())
            }
            (_, Effect::Narrows) => (Verdict::Breaking, "existing clients may depend on it".to_owned()),
            (..) => (Verdict::Breaking, self.consequence(effect, direction)),
        }
    }
}

/// Describes the response to a status or range.
fn describe_status(status: &str) -> String {
    if status == "default" { "the default response".to_owned() } else { format!("status {status}") }
}

/// Returns whether a status is 304 or 1xx: such responses never have content (RFC 9110, sections 15.2 and 15.4.5). Neither does a 204, but
/// it is not included, because clients expect the content that a success had before.
fn never_has_content(status: &str) -> bool {
    status.starts_with('1') || status == "304"
}

/// Returns whether a status is this one or in this range, as 204 in 2XX, or everything in `default`.
fn is_status_within(range: &str, status: &str) -> bool {
    let class = range.strip_suffix("XX");
    status == range || range == "default" || class.is_some_and(|class| class.len() == 1 && status.starts_with(class))
}
