//! Bounded integers.

use std::fmt;
use std::num::TryFromIntError;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

use super::ConversionError;

/// An integer from `MIN` to `MAX`, both inclusive. By default, any signed or unsigned integer of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Integer<const MIN: i128 = { i64::MIN as i128 }, const MAX: i128 = { u64::MAX as i128 }>(i128);

/// `format: int32`.
pub type Int32 = Integer<{ i32::MIN as i128 }, { i32::MAX as i128 }>;

/// `format: int64`.
pub type Int64 = Integer<{ i64::MIN as i128 }, { i64::MAX as i128 }>;

impl<const MIN: i128, const MAX: i128> Integer<MIN, MAX> {
    /// Returns the integer as a primitive.
    #[must_use]
    pub fn get(self) -> i128 {
        self.0
    }

    fn check(integer: i128) -> Result<Self, ConversionError> {
        if (MIN..=MAX).contains(&integer) { Ok(Self(integer)) } else { Err(Self::expected(Some(integer)).into()) }
    }

    /// Describes the range. Bounds of 64 bits are only mentioned if this integer exceeds them.
    fn expected(integer: Option<i128>) -> String {
        let is_too_small = integer.is_some_and(|integer| integer < MIN);
        let is_too_large = integer.is_some_and(|integer| integer > MAX);
        match (MIN > i128::from(i64::MIN) || is_too_small, MAX < i128::from(i64::MAX) || is_too_large) {
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
                // Only a `u128` may exceed an `i128`.
                Self::check(integer.try_into().unwrap_or(i128::MAX))
            }
        }

        // The items of a slice.
        impl<const MIN: i128, const MAX: i128> TryFrom<&$type> for Integer<MIN, MAX> {
            type Error = ConversionError;

            fn try_from(integer: &$type) -> Result<Self, ConversionError> {
                (*integer).try_into()
            }
        }

        impl<const MIN: i128, const MAX: i128> TryFrom<Integer<MIN, MAX>> for $type {
            type Error = TryFromIntError;

            fn try_from(integer: Integer<MIN, MAX>) -> Result<Self, TryFromIntError> {
                // Infallible for i128.
                Self::try_from(integer.0).map_err(Into::into)
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
            .map_err(|error| D::Error::custom(format!("{}: {error}", Self::expected(None))))?;
        let integer = number.as_i128().or(whole(&number).map(i128::from));
        integer.map_or_else(|| Err(Self::expected(None).into()), Self::check).map_err(D::Error::custom)
    }
}

/// Returns a number such as 7.0 as an integer, which it is in JSON Schema (2020-12, Core, section 4.2.3).
pub(super) fn whole(number: &serde_json::Number) -> Option<i64> {
    let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15);
    float.map(|float| float as i64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{from_str, to_string};

    use super::*;

    type Percent = Integer<0, 100>;
    type Id = Integer<1, { u64::MAX as i128 }>;

    #[test]
    fn bounds_are_inclusive() {
        for integer in [0, 1, 100] {
            assert_eq!(Percent::try_from(integer).unwrap().get(), i128::from(integer));
        }
        for integer in [-1, 101, i64::MIN, i64::MAX] {
            let error = Percent::try_from(integer).unwrap_err().to_string();
            assert_eq!(error, "must be an integer from 0 to 100", "{integer}");
        }
        // This integer does not even fit into `i128`.
        assert!(Percent::try_from(u128::MAX).is_err());
        assert_eq!(Id::try_from(u64::MAX).unwrap().get(), 18_446_744_073_709_551_615);
    }

    #[test]
    fn integers_convert_to_primitives() {
        let percent = Percent::try_from(100).unwrap();
        assert_eq!(u64::try_from(percent), Ok(100));
        assert_eq!(i64::try_from(percent), Ok(100));
        assert_eq!(i128::try_from(percent), Ok(100));
        let id = Id::try_from(u64::MAX).unwrap();
        assert_eq!(u64::try_from(id), Ok(u64::MAX));
        assert!(i64::try_from(id).is_err());
    }

    #[test]
    fn bounds_of_64_bits_are_only_mentioned_if_they_are_exceeded() {
        type AtMost = Integer<{ i64::MIN as i128 }, 9>;
        type Any = Integer<{ i64::MIN as i128 }, { i64::MAX as i128 }>;
        assert_eq!(Id::try_from(0_i32).unwrap_err().to_string(), "must be an integer of at least 1");
        assert_eq!(AtMost::try_from(10_i32).unwrap_err().to_string(), "must be an integer of at most 9");
        for (error, expected) in [
            (Any::try_from(u64::MAX).unwrap_err(), "must be an integer of at most 9223372036854775807"),
            (Any::try_from(i128::MIN).unwrap_err(), "must be an integer of at least -9223372036854775808"),
            (Id::try_from(u128::MAX).unwrap_err(), "must be an integer from 1 to 18446744073709551615"),
        ] {
            assert_eq!(error.to_string(), expected);
        }
        assert_eq!(from_str::<Any>("7.5").unwrap_err().to_string(), "must be an integer");
    }

    #[test]
    fn every_spelling_of_an_integer_is_deserialized() {
        for (json, expected) in [("7", 7), ("7.0", 7), ("1e2", 100), ("-0.0", 0)] {
            assert_eq!(from_str::<Percent>(json).unwrap().get(), expected, "{json}");
        }
        for json in ["7.5", "101", "1e3", "-1.0"] {
            let error = from_str::<Percent>(json).unwrap_err().to_string();
            assert!(error.starts_with("must be an integer from 0 to 100"), "{json}: {error}");
        }
        let error = from_str::<Percent>(r#""7""#).unwrap_err().to_string();
        assert!(error.starts_with("must be an integer from 0 to 100: invalid type: string \"7\""), "{error}");
    }

    #[test]
    fn integers_of_64_bits_are_serialized_exactly() {
        for json in ["1", "9223372036854775808", "18446744073709551615"] {
            let id: Id = from_str(json).unwrap();
            assert_eq!(to_string(&id).unwrap(), json);
            assert_eq!(id.to_string(), json);
        }
        let least: Integer<{ i64::MIN as i128 }, 0> = i64::MIN.try_into().unwrap();
        assert_eq!(to_string(&least).unwrap(), "-9223372036854775808");
    }
}
