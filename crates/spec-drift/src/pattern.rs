//! Regular expressions of `pattern` and `patternProperties`.

use std::cell::RefCell;
use std::collections::HashMap;

use fancy_regex::{Regex, RegexBuilder};

/// A regular expression (JSON Schema 2020-12, Core, section 6.4).
pub(super) struct Pattern {
    /// `None` if it cannot be compiled.
    regex: Option<Regex>,
    answers: RefCell<HashMap<String, bool>>,
}

/// Maximum number of steps of a search that needs backtracking.
const MAX_STEPS: usize = 10_000;

impl Pattern {
    pub(super) fn new(pattern: &str) -> Self {
        let regex = RegexBuilder::new(&from_ecma(pattern)).backtrack_limit(MAX_STEPS).build().ok();
        Self { regex, answers: RefCell::default() }
    }

    /// Returns whether a name may match. Also returns `true` if the pattern cannot be compiled or the search takes too many steps.
    pub(super) fn may_match(&self, name: &str) -> bool {
        let search = || self.regex.as_ref().is_none_or(|regex| regex.is_match(name).unwrap_or(true));
        *self.answers.borrow_mut().entry(name.to_owned()).or_insert_with(search)
    }

    /// Returns whether a text certainly matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
    }
}

/// Translates a pattern of ECMA-262, whose classes have neither nested classes nor operators (ECMA-262, section 22.2.1).
fn from_ecma(pattern: &str) -> String {
    let (mut translated, mut is_in_class) = (String::new(), false);
    let mut rest = pattern;
    while let Some(char) = rest.chars().next() {
        let token = match char {
            '\\' => &rest[..1 + rest[1..].chars().next().map_or(0, char::len_utf8)],
            '[' if !is_in_class && rest.starts_with("[^]") => "[^]",
            '[' if !is_in_class && rest.starts_with("[]") => "[]",
            char => &rest[..char.len_utf8()],
        };
        rest = &rest[token.len()..];
        let is_set = |escape: &str| matches!(escape, "\\d" | "\\D" | "\\s" | "\\S" | "\\w" | "\\W");
        match (token, is_in_class) {
            ("[^]", _) => translated.push_str(r"[\s\S]"),
            ("[]", _) => translated.push_str("(?!)"),
            ("[" | "&" | "~", true) => translated.extend(["\\", token]),
            // A hyphen after a set, or before another one, is not an operator.
            ("-", true) if rest.starts_with('-') => translated.push_str("\\-"),
            (set, true) if is_set(set) && rest.starts_with('-') => {
                translated.extend([set, "\\-"]);
                rest = &rest[1..];
            }
            _ => translated.push_str(token),
        }
        is_in_class = match token {
            "[" => true,
            "]" => false,
            _ => is_in_class,
        };
    }
    translated
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_are_read_as_in_ecma_262() {
        for (pattern, name, matches) in [
            ("^[^]b$", "ab", true),
            (r"^[\w-.]+$", "a-.", true),
            (r"^[\w-.]+$", "a b", false),
            ("^[--~]+$", "-a", true),
            ("^[--~]+$", "+", false),
            ("^[a&&b]b", "&b", true),
            ("^[[a]b", "[b", true),
            ("^a[]b", "ab", false),
            (r"^\]a", "]a", true),
            ("^(?=a)é$", "a", false),
            // It cannot be compiled.
            ("(", "a", true),
            // It takes too many steps.
            (r"^(?:(a|aa)+)+\1c$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true),
        ] {
            assert_eq!(Pattern::new(pattern).may_match(name), matches, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_compiled_does_not_certainly_match() {
        assert!(Pattern::new("^a").matches("ab"));
        assert!(!Pattern::new("(").matches("a"));
    }
}
