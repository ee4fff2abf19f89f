//! Numbers that JSON can represent.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

use super::ConversionError;

/// A finite number: JSON has neither NaN nor infinities (RFC 8259, section 6).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Number(f64);

impl Number {
    /// Returns the number as a primitive.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Lawful, since no number is NaN.
impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // 0 and -0 are equal, and this sum is never -0.
        (self.0 + 0.0).to_bits().hash(state);
    }
}

/// Converts a number to the one that is written in the same way: 0.1 remains 0.1, although `f64::from(0.1_f32)` is 0.10000000149011612.
fn as_written(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

macro_rules! number_from {
    ($convert:path: $($type:ty)*) => {$(
        impl TryFrom<$type> for Number {
            type Error = ConversionError;

            fn try_from(number: $type) -> Result<Self, ConversionError> {
                let number: f64 = $convert(number);
                if number.is_finite() { Ok(Self(number)) } else { Err("must be a finite number".into()) }
            }
        }

        // The items of a slice.
        impl TryFrom<&$type> for Number {
            type Error = ConversionError;

            fn try_from(number: &$type) -> Result<Self, ConversionError> {
                (*number).try_into()
            }
        }
    )*};
}

number_from!(as_written: f32);
number_from!(f64::from: f64 i8 i16 i32 u8 u16 u32);

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        number.0
    }
}

impl PartialEq<f64> for Number {
    fn eq(&self, other: &f64) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number =
            f64::deserialize(deserializer).map_err(|error| D::Error::custom(format!("must be a number: {error}")))?;
        number.try_into().map_err(D::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{from_str, to_string};

    use super::*;

    #[test]
    fn a_number_is_finite() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Number::try_from(number).unwrap_err().to_string(), "must be a finite number");
        }
        for (number, json) in [(1.5, "1.5"), (-0.0, "-0.0"), (1e300, "1e+300")] {
            assert_eq!(to_string(&Number::try_from(number).unwrap()).unwrap(), json);
            assert_eq!(from_str::<Number>(json).unwrap(), number);
        }
        assert!(from_str::<Number>("\"7\"").unwrap_err().to_string().starts_with("must be a number: invalid type"));
        assert_eq!(from_str::<Number>("7").unwrap(), 7.0);
    }

    #[test]
    fn a_number_of_32_bits_has_the_digits_that_it_was_written_with() {
        for (number, json) in
            [(0.1_f32, "0.1"), (16_777_216.0, "16777216.0"), (f32::MAX, "3.4028235e+38"), (-1.5e-7, "-1.5e-7")]
        {
            assert_eq!(to_string(&Number::try_from(number).unwrap()).unwrap(), json);
        }
        assert!(Number::try_from(&f32::NAN).is_err() && Number::try_from(f32::INFINITY).is_err());
    }

    #[test]
    fn equal_numbers_have_one_hash() {
        let numbers = [0.0, -0.0, 1.0].map(|number| Number::try_from(number).unwrap());
        assert_eq!(HashSet::from(numbers).len(), 2);
    }
}
