//! Bounds of numbers.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::{Comparison, Node};

/// A bound of numbers, and whether it is exclusive.
#[derive(Clone)]
pub(crate) struct Bound<'a> {
    number: Number,
    is_exclusive: bool,
    /// The keyword that states it, unless a format implies it.
    keyword: Option<Node<'a>>,
}

impl<'a> Bound<'a> {
    /// Returns the bounds of one schema.
    pub(super) fn of(schema: &Node<'a>, inclusive: &str, exclusive: &str) -> impl Iterator<Item = Self> {
        let bound = |keyword: &str, is_exclusive| {
            let keyword = schema.member(keyword);
            Some(Self { number: keyword.value.as_number()?.clone(), is_exclusive, keyword: Some(keyword) })
        };
        bound(inclusive, false).into_iter().chain(bound(exclusive, true))
    }

    /// Returns the bound that a format of integers implies. `tighter` is the same as for `implies`.
    pub(super) fn of_format(format: &str, tighter: Ordering) -> Option<Self> {
        let name = format.trim_matches('"');
        let (is_signed, bits) = match name.strip_prefix("int") {
            Some(bits) => (true, bits),
            None => (false, name.strip_prefix("uint")?),
        };
        let bits: u32 = bits.parse().ok().filter(|bits| [8, 16, 32, 64].contains(bits))?;
        let (least, greatest) = match is_signed {
            true => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
            false => (0, (1i128 << bits) - 1),
        };
        let number = Number::from_i128(if tighter == Ordering::Greater { least } else { greatest })?;
        Some(Self { number, is_exclusive: false, keyword: None })
    }

    /// Returns the keyword and the number as the document writes them, and whether the bound is exclusive: the normal form rounds bounds of
    /// integers.
    pub(crate) fn published(&self, comparison: &Comparison<'a>) -> (String, String, bool) {
        let published = self.keyword.as_ref().and_then(|node| comparison.published_value(node));
        let Some((pointer, Value::Number(number))) = published else {
            return (String::new(), self.number.to_string(), self.is_exclusive);
        };
        let (schema, keyword) = pointer.rsplit_once('/').unwrap_or_default();
        // In OpenAPI 3.0, a flag beside the bound makes it exclusive.
        let flag = format!("exclusive{}", keyword.replacen('m', "M", 1));
        let flag = self
            .keyword
            .as_ref()
            .and_then(|node| comparison.published_document(node.document).pointer(&format!("{schema}/{flag}")));
        let is_exclusive = keyword.starts_with("exclusive") || flag == Some(&Value::Bool(true));
        (keyword.to_owned(), number.to_string(), is_exclusive)
    }

    /// Returns whether this upper bound excludes all numbers above a lower bound.
    pub(crate) fn is_below(&self, least: &Self) -> bool {
        let order = compare_numbers(&self.number, &least.number);
        order == Ordering::Less || (order == Ordering::Equal && (self.is_exclusive || least.is_exclusive))
    }

    /// Returns whether this bound implies another. `tighter` is `Greater` for lower bounds and `Less` for upper bounds.
    pub(crate) fn implies(&self, other: &Self, tighter: Ordering) -> bool {
        let order = compare_numbers(&self.number, &other.number);
        order == tighter || (order == Ordering::Equal && (self.is_exclusive || !other.is_exclusive))
    }

    /// Returns whether a value is a number within this bound. `tighter` is the same as for `implies`.
    pub(crate) fn accepts(&self, value: &Value, tighter: Ordering) -> bool {
        let order = value.as_number().map(|number| compare_numbers(number, &self.number));
        order == Some(tighter) || (order == Some(Ordering::Equal) && !self.is_exclusive)
    }
}

/// Compares numbers, integers exactly: beyond 2^53, floats cannot represent each of them.
fn compare_numbers(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}
