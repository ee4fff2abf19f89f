//! Integers with bounds.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

use super::ConversionError;

/// An integer from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Integer<const MIN: i128, const MAX: i128>(i128);

impl<const MIN: i128, const MAX: i128> Integer<MIN, MAX> {
    /// The integer itself.
    #[must_use]
    pub fn get(self) -> i128 {
        self.0
    }

    fn check(integer: Option<i128>) -> Result<Self, ConversionError> {
        match integer.filter(|integer| (MIN..=MAX).contains(integer)) {
            Some(integer) => Ok(Self(integer)),
            None => Err(Self::expected().into()),
        }
    }

    fn expected() -> String {
        match (MIN > i128::from(i64::MIN), MAX < i128::from(i64::MAX)) {
            (true, true) => format!("must be an integer from {MIN} to {MAX}"),
            (true, false) => format!("must be an integer of at least {MIN}"),
            (false, true) => format!("must be an integer of at most {MAX}"),
            (false, false) => "must be an integer".to_owned(),
        }
    }
}

macro_rules! integer_from {
    ($($type:ty)*) => {$(
        impl<const MIN: i128, const MAX: i128> TryFrom<$type> for Integer<MIN, MAX> {
            type Error = ConversionError;

            fn try_from(integer: $type) -> Result<Self, ConversionError> {
                Self::check(integer.try_into().ok())
            }
        }
    )*};
}

integer_from!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl<const MIN: i128, const MAX: i128> fmt::Display for Integer<MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: i128, const MAX: i128> Serialize for Integer<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (i64::try_from(self.0), u64::try_from(self.0)) {
            (Ok(integer), _) => serializer.serialize_i64(integer),
            (_, Ok(integer)) => serializer.serialize_u64(integer),
            _ => serializer.serialize_i128(self.0),
        }
    }
}

impl<'de, const MIN: i128, const MAX: i128> Deserialize<'de> for Integer<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)
            .map_err(|error| D::Error::custom(format!("{}: {error}", Self::expected())))?;
        // By JSON Schema, 7.0 is an integer too.
        let whole = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
        let integer = number.as_i128().or(whole.map(|number| number as i128));
        Self::check(integer).map_err(D::Error::custom)
    }
}
