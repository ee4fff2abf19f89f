//! Deserialization of strings: bounded strings, enums, and text with invalid Unicode.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

/// Implements the conversions of a type with `FromStr` and `AsRef<str>` from and to strings. `expected` describes what it accepts, for
/// the error of a value that is not a string. The module `runtime` must be in scope.
macro_rules! string_type {
    ($name:ident, $expected:expr) => {
        runtime::string_type!($name: &str, &::std::string::String, ::std::string::String);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_ref())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_ref())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                runtime::parse(deserializer, $expected)
            }
        }
    };
    ($name:ident: $($text:ty),+) => {$(
        impl ::std::convert::TryFrom<$text> for $name {
            type Error = runtime::ConversionError;

            fn try_from(text: $text) -> ::std::result::Result<Self, runtime::ConversionError> {
                text.parse()
            }
        }
    )+};
}
pub(crate) use string_type;

/// Implements a string with a bounded number of characters.
macro_rules! bounded_string {
    ($name:ident, $(min($min:literal),)? $(max($max:literal),)? $expected:literal) => {
        impl ::std::ops::Deref for $name {
            type Target = ::std::string::String;

            fn deref(&self) -> &::std::string::String {
                &self.0
            }
        }

        impl ::std::convert::From<$name> for ::std::string::String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = runtime::ConversionError;

            fn from_str(text: &str) -> ::std::result::Result<Self, runtime::ConversionError> {
                let length = text.chars().count();
                if true $(&& length >= $min)? $(&& length <= $max)? {
                    ::std::result::Result::Ok(Self(text.to_owned()))
                } else {
                    ::std::result::Result::Err(concat!("must be ", $expected).into())
                }
            }
        }

        runtime::string_type!($name, $expected);
    };
}
pub(crate) use bounded_string;

/// Implements an enum of strings. Other strings are kept in the variant `unlisted`, or rejected if there is none. The error lists the
/// values, unless `expected` describes them.
macro_rules! string_enum {
    ($name:ident, $($variant:ident($value:tt)),+ $(; $unlisted:ident)?) => {
        runtime::string_enum!($name: runtime::one_of!($($value),+), $($variant($value)),+ $(; $unlisted)?);
    };
    ($name:ident: $expected:expr, $($variant:ident($value:tt)),+ $(; $unlisted:ident)?) => {
        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)+
                    $(Self::$unlisted(value) => value,)?
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = runtime::ConversionError;

            fn from_str(text: &str) -> ::std::result::Result<Self, runtime::ConversionError> {
                match text {
                    $($value => ::std::result::Result::Ok(Self::$variant),)+
                    $(_ => ::std::result::Result::Ok(Self::$unlisted(text.to_owned())),)?
                    #[allow(unreachable_patterns)]
                    _ => ::std::result::Result::Err(concat!("must be ", $expected).into()),
                }
            }
        }

        runtime::string_type!($name, $expected);
    };
}
pub(crate) use string_enum;

/// Implements `Debug` so that it shows only these fields of a type with secrets.
macro_rules! debug_without_secrets {
    ($ty:ty, $name:literal $(, $shown:ident)*) => {
        impl ::std::fmt::Debug for $ty {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct($name)$(.field(stringify!($shown), &self.$shown))*.finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use debug_without_secrets;

/// Expands to `one of …` with these values in backticks, separated by commas. The empty value is in quotes.
macro_rules! one_of {
    (@value "") => { "\"\"" };
    (@value $value:tt) => { concat!("`", $value, "`") };
    ($first:tt $(, $other:tt)*) => {
        concat!("one of ", runtime::one_of!(@value $first) $(, ", ", runtime::one_of!(@value $other))*)
    };
}
pub(crate) use one_of;

/// Lists values as [`one_of`] does.
pub(crate) fn list_values(values: &[&str]) -> String {
    let shown = values.iter().map(|value| if value.is_empty() { "\"\"".to_owned() } else { format!("`{value}`") });
    shown.collect::<Vec<_>>().join(", ")
}

/// Deserializes a value from a string. `expected` describes it, for the error of a value that is not a string.
pub(crate) fn parse<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text(expected, PhantomData))
}

struct Text<T>(&'static str, PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// A string in which invalid Unicode is replaced with U+FFFD. An unpaired surrogate becomes three U+FFFD, because
/// `serde_json` encodes it in three bytes.
pub(crate) struct Lossy(pub(super) String);

impl AsRef<str> for Lossy {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Lossy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Read as bytes, because `serde_json` rejects invalid Unicode in a `str`.
        deserializer.deserialize_bytes(LossyVisitor)
    }
}

struct LossyVisitor;

impl Visitor<'_> for LossyVisitor {
    type Value = Lossy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Lossy, E> {
        Ok(Lossy(text.to_owned()))
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Lossy, E> {
        Ok(Lossy(String::from_utf8_lossy(bytes).into_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::Ipv4Addr;

    use serde_json::{from_str, json};

    use super::super as runtime;
    use super::*;

    #[test]
    fn a_string_is_parsed() {
        let address = |value: serde_json::Value| parse::<Ipv4Addr, _>(value, "an IPv4 address");
        assert_eq!(address(json!("127.0.0.1")).unwrap(), Ipv4Addr::LOCALHOST);
        assert_eq!(address(json!("localhost")).unwrap_err().to_string(), "invalid IPv4 address syntax");
        assert_eq!(address(json!(1)).unwrap_err().to_string(), "invalid type: integer `1`, expected an IPv4 address");
        assert_eq!(address(json!(null)).unwrap_err().to_string(), "invalid type: null, expected an IPv4 address");
    }

    #[test]
    fn the_empty_value_of_an_enum_is_visible() {
        assert_eq!(runtime::one_of!("", "+name"), "one of \"\", `+name`");
    }

    #[test]
    fn invalid_unicode_is_replaced() {
        for (json, text) in
            [(r#""a""#, "a"), (r#""\u00e4\ud83d\ude00""#, "ä😀"), (r#""a\ud800""#, "a\u{fffd}\u{fffd}\u{fffd}")]
        {
            assert_eq!(from_str::<Lossy>(json).unwrap().as_ref(), text);
        }
        assert_eq!(serde_json::from_value::<Lossy>(json!("ä")).unwrap().as_ref(), "ä");
        let error = from_str::<Lossy>("7").err().unwrap().to_string();
        assert!(error.starts_with("invalid type: integer `7`, expected a string"), "{error}");
    }
}
