//! Deserialization of unions: values that match one of several schemas.

use std::cmp::Reverse;

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json::serialize_violation;
use super::style;
use super::text::list_values;
use super::tolerant::{decode_tolerantly, list_members};
use super::violation::{ConversionError, member_pointer};

/// Implements deserialization of a union without a discriminator: as the alternative that preserves the largest part of the value or, if
/// several preserve the same, as the first of them.
macro_rules! untagged_union {
    ($name:ident, $expected:expr $(, $variant:ident)*) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                runtime::best_alternative(deserializer, $expected, &[$(|value| runtime::try_alternative(value, Self::$variant)),*])
            }
        }
    };
}
pub(crate) use untagged_union;

/// Implements the conversions of a text to a union that has alternatives for text.
macro_rules! union_with_text {
    ($name:ident) => {
        impl ::std::str::FromStr for $name {
            type Err = runtime::ConversionError;

            fn from_str(text: &str) -> ::std::result::Result<Self, runtime::ConversionError> {
                runtime::parse_alternative(text)
            }
        }

        runtime::string_type!($name: &str, &::std::string::String, ::std::string::String);
    };
}
pub(crate) use union_with_text;

/// Implements the conversions from primitive numbers to the alternative for numbers.
macro_rules! union_with_number {
    ($name:ident, $number:ty: $($type:ty)*) => {$(
        impl ::std::convert::TryFrom<$type> for $name {
            type Error = runtime::ConversionError;

            fn try_from(number: $type) -> ::std::result::Result<Self, runtime::ConversionError> {
                <$number as ::std::convert::TryFrom<$type>>::try_from(number).map(::std::convert::From::from)
            }
        }
    )*};
}
pub(crate) use union_with_number;

/// Implements the conversion from the builder of an alternative. `value` is the alternative as it is stored, perhaps in a box.
macro_rules! union_with_builder {
    ($name:ident, $object:ident, $value:ty) => {
        impl ::std::convert::TryFrom<builder::$object> for $name {
            type Error = runtime::Violations;

            fn try_from(builder: builder::$object) -> ::std::result::Result<Self, runtime::Violations> {
                let value: $value = ::std::convert::Into::into(builder.build()?);
                ::std::result::Result::Ok(::std::convert::From::from(value))
            }
        }
    };
}
pub(crate) use union_with_builder;

/// Implements strict deserialization of a union in a request, as the alternative that its discriminator selects, and its serialization,
/// which checks the discriminator.
macro_rules! tagged_request {
    ($name:ident, $property:expr, [$($value:literal => $variant:ident),*] $(, $other:ident)?) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                let values = [$(($value, ::std::stringify!($variant))),*];
                match self {
                    $(#[allow(unreachable_patterns)]
                    Self::$variant(value) => {
                        runtime::serialize_alternative(value, $property, &values, ::std::stringify!($variant), serializer)
                    })*
                    $(Self::$other(value) => runtime::serialize_alternative(value, $property, &values, "", serializer),)?
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = runtime::read_value(deserializer)?;
                match runtime::discriminator_value(&value, $property).as_deref() {
                    $(::std::option::Option::Some($value) => runtime::read_alternative(value, Self::$variant),)*
                    $(_ => runtime::read_alternative(value, Self::$other),)?
                    #[allow(unreachable_patterns)]
                    _ => ::std::result::Result::Err(runtime::unknown_discriminator($property, &[$($value),*])),
                }
            }
        }
    };
}
pub(crate) use tagged_request;

/// Implements tolerant deserialization of a union in a response: as the alternative that its discriminator selects, or as JSON if there
/// is none.
macro_rules! tagged_response {
    ($name:ident, $property:expr, [$($value:literal => $variant:ident),*], $unlisted:ident $(, $other:ident)?) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let json = runtime::read_raw_value(deserializer)?;
                let read = match runtime::raw_discriminator_value(&json, $property).as_deref() {
                    $(::std::option::Option::Some($value) => runtime::decode_tolerantly(json.get()).map(Self::$variant),)*
                    $(_ => runtime::decode_tolerantly(json.get()).map(Self::$other),)?
                    #[allow(unreachable_patterns)]
                    _ => ::std::option::Option::None,
                };
                let unlisted = || runtime::parse_unlisted(&json).map(Self::$unlisted);
                read.map_or_else(unlisted, ::std::result::Result::Ok)
            }
        }
    };
}
pub(crate) use tagged_response;

/// Deserializes a value as the alternative that preserves the largest part of it or, if several preserve the same, as the first of them.
/// `expected` is the error if none matches.
///
/// # Errors
/// Fails if no alternative matches, or the best one loses a member that another one keeps.
pub(crate) fn best_alternative<'de, D: Deserializer<'de>, U: Serialize>(
    deserializer: D,
    expected: &str,
    alternatives: &[fn(&Value) -> Option<U>],
) -> Result<U, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let matching = alternatives.iter().filter_map(|alternative| alternative(&value));
    let mut matching: Vec<(Value, U)> =
        matching.map(|read| (serde_json::to_value(&read).unwrap_or_default(), read)).collect();
    matching.sort_by_cached_key(|(kept, _)| Reverse(size(kept)));
    let lost = matching.split_first().and_then(|((best, _), others)| {
        find_lost(&value, best, &others.iter().map(|(kept, _)| kept).collect::<Vec<_>>())
    });
    if let Some(pointer) = lost {
        let message = "belongs to another alternative than the other properties";
        return Err(D::Error::custom(format!("{pointer}: {message}")));
    }
    matching.into_iter().next().map(|(_, best)| best).ok_or_else(|| D::Error::custom(expected))
}

/// Returns the pointer of the first part of a value that the best alternative loses and another one keeps.
fn find_lost(value: &Value, best: &Value, others: &[&Value]) -> Option<String> {
    let parts: Vec<(String, &Value)> = match value {
        _ if others.is_empty() => Vec::new(),
        Value::Object(members) => members.iter().map(|(name, part)| (member_pointer(name), part)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, part)| (format!("/{index}"), part)).collect(),
        _ => Vec::new(),
    };
    parts.into_iter().find_map(|(pointer, part)| {
        let others: Vec<&Value> = others.iter().filter_map(|kept| kept.pointer(&pointer)).collect();
        let below = match best.pointer(&pointer) {
            Some(best) => find_lost(part, best, &others)?,
            None => others.first().map(|_| String::new())?,
        };
        Some(pointer + &below)
    })
}

/// Returns a value as an alternative, if it matches.
pub(crate) fn try_alternative<T: DeserializeOwned, U>(value: &Value, variant: fn(T) -> U) -> Option<U> {
    T::deserialize(value).ok().map(variant)
}

/// Converts a text to the alternative that accepts it as a JSON string.
pub(crate) fn parse_alternative<T: DeserializeOwned>(text: &str) -> Result<T, ConversionError> {
    T::deserialize(Value::from(text)).map_err(|error| error.to_string().into())
}

/// Returns the number of values that a value consists of.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

/// Deserializes any JSON value.
pub(crate) fn read_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Value::deserialize(deserializer)
}

/// Deserializes a value without parsing it, so that an invalid part does not fail all of it.
pub(crate) fn read_raw_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<RawValue>, D::Error> {
    Deserialize::deserialize(deserializer)
}

/// Returns the value of the discriminator as text.
pub(crate) fn discriminator_value(value: &Value, property: &str) -> Option<String> {
    value.get(property).map(style::text)
}

/// Returns the value of the discriminator in an unparsed object as text.
pub(crate) fn raw_discriminator_value(json: &RawValue, property: &str) -> Option<String> {
    let (_, selector) =
        list_members(json.get())?.into_iter().find(|(key, _)| *key == format!("{}:", Value::from(property)))?;
    serde_json::from_str(selector.get()).ok().map(|value: Value| style::text(&value))
}

/// Deserializes a value as the alternative that the discriminator selects.
pub(crate) fn read_alternative<T: DeserializeOwned, U, E: serde::de::Error>(
    value: Value,
    variant: fn(T) -> U,
) -> Result<U, E> {
    T::deserialize(value).map(variant).map_err(E::custom)
}

/// Parses a value for which the document has no alternative. `null` is rejected: where it is allowed, it is
/// decoded as an absent value.
pub(crate) fn parse_unlisted<E: serde::de::Error>(json: &RawValue) -> Result<Value, E> {
    match serde_json::from_str(json.get()).map_err(E::custom)? {
        Value::Null => Err(E::custom("must not be null")),
        value => Ok(value),
    }
}

/// Serializes an alternative, after a check that its discriminator selects it. `values` lists each discriminator value with the variant
/// that it selects. `variant` is the variant of the alternative; it is empty for the fallback, which all other discriminator values select.
///
/// # Errors
/// Fails if the discriminator selects another alternative. The error has no location; [`to_json`](super::json::to_json) adds it.
pub(crate) fn serialize_alternative<S: Serializer>(
    value: &impl Serialize,
    property: &str,
    values: &[(&str, &str)],
    variant: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let value = serde_json::to_value(value).map_err(S::Error::custom)?;
    let selector = discriminator_value(&value, property).unwrap_or_default();
    let selected = values.iter().find(|(known, _)| *known == selector).map_or("", |(_, variant)| variant);
    if selected == variant {
        return value.serialize(serializer);
    }
    let own: Vec<&str> = values.iter().filter(|(_, of)| *of == variant).map(|(known, _)| *known).collect();
    let message = match own.len() {
        0 => format!("must not be `{selector}`: it selects another alternative"),
        1 => format!("must be {} in this alternative", list_values(&own)),
        _ => format!("must be one of {} in this alternative", list_values(&own)),
    };
    serialize_violation(value, property, &message, serializer)
}

/// Returns the error of a missing or unknown discriminator.
pub(crate) fn unknown_discriminator<E: serde::de::Error>(property: &str, values: &[&str]) -> E {
    E::custom(format!("{}: must be one of {}", member_pointer(property), list_values(values)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use serde_json::{from_str, from_value, json};

    use crate::runtime;

    /// Alternatives, as the generator writes them.
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct A {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<String>,
    }

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct B {
        b: Option<u8>,
    }

    /// Alternatives with members of other alternatives.
    #[derive(Debug, PartialEq, serde::Serialize)]
    #[serde(untagged)]
    enum Nested {
        As(Vec<HashMap<String, A>>),
        Bs(Vec<HashMap<String, B>>),
    }
    runtime::untagged_union!(Nested, "must be a list", As, Bs);

    #[derive(Debug, PartialEq, serde::Serialize)]
    #[serde(untagged)]
    enum Either {
        A(A),
        B(B),
        Text(String),
    }
    runtime::untagged_union!(Either, "must be an A, a B or a string", A, B, Text);
    runtime::union_with_text!(Either);

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Vehicle {
        kind: String,
    }

    enum Owned {
        Car(Vehicle),
        Bike(Vehicle),
        Other(Vehicle),
    }
    runtime::tagged_request!(Owned, "kind", ["car" => Car, "van" => Car, "bike" => Bike], Other);

    #[test]
    fn the_discriminator_of_a_sent_alternative_selects_it() {
        let send = |variant: fn(Vehicle) -> Owned, kind: &str| {
            serde_json::to_string(&variant(Vehicle { kind: kind.to_owned() })).map_err(|error| error.to_string())
        };
        for (variant, kind) in
            [(Owned::Car as fn(_) -> _, "car"), (Owned::Car, "van"), (Owned::Bike, "bike"), (Owned::Other, "train")]
        {
            assert_eq!(send(variant, kind), Ok(format!(r#"{{"kind":"{kind}"}}"#)));
        }
        for (variant, kind, error) in [
            (Owned::Car as fn(_) -> _, "bike", "`kind` must be one of `car`, `van` in this alternative"),
            (Owned::Bike, "train", "`kind` must be `bike` in this alternative"),
            (Owned::Other, "van", "`kind` must not be `van`: it selects another alternative"),
        ] {
            assert_eq!(send(variant, kind), Err(error.to_owned()));
        }
    }

    /// An alternative with a discriminator inside of unions without one.
    #[derive(serde::Serialize)]
    #[serde(untagged)]
    enum Mixed {
        One(Owned),
        Lists(Vec<Vec<Mixed>>),
    }

    #[test]
    fn wrong_discriminators_are_violations_with_pointers() {
        let car = |kind: &str| Owned::Car(Vehicle { kind: kind.to_owned() });
        let set = |mut violations: runtime::Violations| {
            violations.check_tagged("/owned", car("bike"));
            violations.check_tagged("/all", vec![Some(car("bike")), None, Some(car("van")), Some(car("x"))]);
            let mixed = Mixed::Lists(vec![vec![Mixed::One(car("bike")), Mixed::One(car("car"))]]);
            violations.check_tagged("/mixed", HashMap::from([("x".to_owned(), mixed)]));
            violations.check_tagged("/by", HashMap::from([("a/b".to_owned(), Box::new(car("bike")))]));
            violations.to_string()
        };
        let message = "must be one of `car`, `van` in this alternative";
        let pointers =
            ["/owned", "/all/0", "/all/3", "/mixed/x/0/0", "/by/a~1b"].map(|at| format!("{at}/kind: {message}"));
        assert_eq!(set(runtime::Violations::default()), pointers.join("; "));
    }

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Truck {
        kind: String,
        trailer: Owned,
    }

    enum Loaded {
        Truck(Truck),
        Owned(Owned),
    }
    runtime::tagged_request!(Loaded, "kind", ["truck" => Truck], Owned);

    #[test]
    fn wrong_discriminators_inside_of_each_other_are_all_reported() {
        let vehicle = |kind: &str| Vehicle { kind: kind.to_owned() };
        let truck = Loaded::Truck(Truck { kind: "car".to_owned(), trailer: Owned::Bike(vehicle("car")) });
        let mut violations = runtime::Violations::default();
        violations.check_tagged("", vec![truck, Loaded::Owned(Owned::Bike(vehicle("van")))]);
        let expected = [
            "/0/kind: must be `truck` in this alternative",
            "/0/trailer/kind: must be `bike` in this alternative",
            "/1/kind: must be `bike` in this alternative",
        ];
        assert_eq!(violations.to_string(), expected.join("; "));
    }

    #[derive(Debug, PartialEq)]
    enum Request {
        A(A),
        B(B),
    }
    runtime::tagged_request!(Request, "kind", ["a" => A, "b" => B, "" => B]);

    #[derive(Debug, PartialEq)]
    enum Extended {
        A(A),
        B(B),
    }
    runtime::tagged_request!(Extended, "kind", ["a" => A], B);

    #[derive(Debug, PartialEq)]
    enum Response {
        A(A),
        B(B),
        Unlisted(serde_json::Value),
    }
    runtime::tagged_response!(Response, "kind", ["a" => A, "b" => B], Unlisted);

    #[derive(Debug, PartialEq)]
    enum ExtendedResponse {
        A(A),
        B(B),
        Unlisted(serde_json::Value),
    }
    runtime::tagged_response!(ExtendedResponse, "kind", ["a" => A], Unlisted, B);

    #[test]
    fn the_alternative_that_keeps_most_members_is_selected() {
        let a = |a: &str| Either::A(A { a: Some(a.to_owned()) });
        for (value, expected) in [
            (json!({ "a": "1" }), a("1")),
            (json!({ "b": 1 }), Either::B(B { b: Some(1) })),
            (json!({ "b": 1, "c": 2 }), Either::B(B { b: Some(1) })),
            (json!({ "a": "1", "c": 2 }), a("1")),
            (json!("text"), Either::Text("text".to_owned())),
        ] {
            assert_eq!(from_value::<Either>(value).unwrap(), expected);
        }
        for (value, error) in [
            (json!(1), "must be an A, a B or a string"),
            (json!({ "a": "1", "b": 1 }), "/b: belongs to another alternative than the other properties"),
        ] {
            assert_eq!(from_value::<Either>(value).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn no_member_is_lost_at_any_depth() {
        let read = |value| from_value::<Nested>(value).map_err(|error| error.to_string());
        let a = HashMap::from([("x".to_owned(), A { a: Some("1".to_owned()) })]);
        assert_eq!(read(json!([{ "x": { "a": "1", "c": 2 } }])), Ok(Nested::As(vec![a])));
        let error = "/0/x/b: belongs to another alternative than the other properties";
        assert_eq!(read(json!([{ "x": { "a": "1", "b": 1 } }])), Err(error.to_owned()));
    }

    #[test]
    fn a_text_is_converted_to_the_alternative_that_accepts_it() {
        assert_eq!(Either::try_from("a"), Ok(Either::Text("a".to_owned())));
        assert_eq!(Either::try_from("b".to_owned()), Ok(Either::Text("b".to_owned())));
    }

    #[test]
    fn a_discriminator_selects_the_alternative_of_a_request() {
        let read = |value| from_value::<Request>(value).map_err(|error| error.to_string());
        assert_eq!(read(json!({ "kind": "", "b": 7, "a": "x" })), Ok(Request::B(B { b: Some(7) })));
        assert_eq!(read(json!({ "kind": "a", "b": 7, "a": "x" })), Ok(Request::A(A { a: Some("x".to_owned()) })));
        for value in [json!({ "kind": "c" }), json!({}), json!([])] {
            assert_eq!(read(value), Err("/kind: must be one of `a`, `b`, \"\"".to_owned()));
        }
        assert!(read(json!({ "kind": "a", "a": 1 })).is_err_and(|error| error.contains("invalid type")));
        assert_eq!(from_value::<Extended>(json!({ "kind": "new", "b": 1 })).unwrap(), Extended::B(B { b: Some(1) }));
    }

    #[test]
    fn a_discriminator_selects_the_alternative_of_a_response() {
        let read = |text| from_str::<Response>(text).unwrap();
        assert_eq!(read(r#"{"b": 7, "kind": "b"}"#), Response::B(B { b: Some(7) }));
        assert_eq!(read(r#"{"kind": "c", "b": 7}"#), Response::Unlisted(json!({ "kind": "c", "b": 7 })));
        assert_eq!(read("[1]"), Response::Unlisted(json!([1])));
        assert!(from_str::<Response>("null").is_err());
        assert_eq!(from_value::<Response>(json!({ "kind": "a" })).unwrap(), Response::A(A { a: None }));
        let read = |value| from_value::<ExtendedResponse>(value).unwrap();
        assert_eq!(read(json!({ "kind": "new", "b": 1 })), ExtendedResponse::B(B { b: Some(1) }));
        assert_eq!(read(json!({ "kind": "a", "b": 1 })), ExtendedResponse::A(A { a: None }));
        assert_eq!(read(json!("x")), ExtendedResponse::Unlisted(json!("x")));
    }
}
