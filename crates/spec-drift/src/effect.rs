//! What a change does to the set of accepted instances, and what that means for clients.

use super::Verdict;
use openapi_refinery::lower::Direction;

/// The effect of a change on the set of accepted instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Narrows,
    Widens,
    /// Narrows and widens, or neither is certain.
    Both,
}

impl Effect {
    pub(super) fn verdict(self, direction: Direction) -> Verdict {
        match (self, direction) {
            (Self::Narrows, Direction::Response) | (Self::Widens, Direction::Request) => Verdict::Compatible,
            _ => Verdict::Breaking,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Narrows => "narrowed",
            Self::Widens => "widened",
            Self::Both => "changed",
        }
    }

    /// Returns the consequence for clients. `messages` are requests or responses.
    pub(super) fn consequence(self, direction: Direction, messages: &str) -> String {
        match (self, direction) {
            (Self::Narrows, Direction::Request) => format!("existing {messages} may be rejected"),
            (Self::Widens, Direction::Request) => format!("more {messages} are accepted"),
            (Self::Both, Direction::Request) => format!("existing {messages} may be rejected, others are accepted"),
            (Self::Narrows, Direction::Response) => format!("{messages} stay within what existing clients expect"),
            (Self::Widens, Direction::Response) => {
                format!("{messages} may contain what existing clients do not expect")
            }
            (Self::Both, Direction::Response) => format!("{messages} may differ from what existing clients expect"),
        }
    }
}

/// Returns the opposite direction.
pub(super) fn reverse(direction: Direction) -> Direction {
    match direction {
        Direction::Request => Direction::Response,
        Direction::Response => Direction::Request,
    }
}
