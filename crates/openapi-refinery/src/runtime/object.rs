//! Deserialization of JSON objects: strict for requests, tolerant for responses.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Violations;
use super::tolerant::decode_tolerantly;
use super::violation::{member_pointer, without_position};

/// Implements tolerant deserialization of an object in a response. Each field is listed with the name of its property in the document.
/// Those in brackets are lists, for which the document also allows a single object.
macro_rules! response_object {
    (
        $name:ident $(, $field:ident($member:literal))* $(, [$($list:ident($list_member:literal)),*])? $(; $others:ident)?
    ) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                runtime::object(deserializer)
            }
        }

        impl runtime::Object for $name {
            type Name = runtime::Lossy;

            fn member<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                member: runtime::Member<'_, A>,
            ) -> ::std::result::Result<(), A::Error> {
                match member.name {
                    $($member => member.tolerate(&mut self.$field),)*
                    $($($list_member => member.tolerate_one_or_more(&mut self.$list),)*)?
                    $(_ => member.tolerate_other(&mut self.$others),)?
                    #[allow(unreachable_patterns)]
                    _ => member.ignore(&[]),
                }
            }
        }
    };
}
pub(crate) use response_object;

/// Implements strict deserialization of an object in a request, and its conversions from and to its builder. `violations` is the
/// builder's field of violations, `unknown` the method of [`Member`] for unknown properties, `others` the field of additional properties
/// with the pointer at which its setter reports violations, `tagged` the fields that may contain unions with a discriminator, with their
/// pointers, and `read` how a value is deserialized: a type that implements [`Read`].
macro_rules! request_object {
    (
        $name:ident, $violations:ident, $unknown:ident,
        required($($required:ident($required_member:literal, $read_required:ty)),*),
        optional($($field:ident($member:literal, $read:ty)),*)
        $(, others($others:ident($others_pointer:literal), $read_other:ty))?
        $(, tagged($($tagged:ident($pointer:literal)),*))?
    ) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let builder = runtime::object::<builder::$name, D>(deserializer)?;
                ::std::convert::TryFrom::try_from(builder).map_err(<D::Error as ::serde::de::Error>::custom)
            }
        }

        impl runtime::Object for builder::$name {
            type Name = ::std::string::String;

            fn member<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                member: runtime::Member<'_, A>,
            ) -> ::std::result::Result<(), A::Error> {
                #[allow(unused_imports)]
                use runtime::{List, Map, Nullable, Plain};
                match member.name {
                    $($required_member => member.read::<$read_required, _>(&mut self.$required),)*
                    $($member => member.read::<$read, _>(&mut self.$field),)*
                    $(_ => member.read_other::<$read_other, _, _>(&mut self.$others),)?
                    #[allow(unreachable_patterns)]
                    _ => member.$unknown(&[$($required_member,)* $($member),*]),
                }
            }
        }

        impl runtime::Builder for builder::$name {
            fn violations(&self) -> runtime::Violations {
                #[allow(unused_mut)]
                let mut violations = ::std::clone::Clone::clone(&self.$violations);
                $(violations.move_further($others_pointer);)?
                $(violations.require($required_member, ::std::option::Option::is_some(&self.$required));)*
                #[allow(unused_variables)]
                let named: &[&str] = &[$($required_member,)* $($member),*];
                $(violations.reject_named(named, self.$others.iter().flatten().map(|(name, _)| name.as_str()));)?
                $($(violations.check_tagged($pointer, &self.$tagged);)*)?
                violations
            }
        }

        impl ::std::convert::TryFrom<builder::$name> for $name {
            type Error = runtime::Violations;

            #[allow(irrefutable_let_patterns)]
            fn try_from(builder: builder::$name) -> ::std::result::Result<Self, runtime::Violations> {
                let violations = runtime::Builder::violations(&builder);
                let ($(::std::option::Option::Some($required),)*) = ($(builder.$required,)*) else {
                    return ::std::result::Result::Err(violations);
                };
                violations.into_result()?;
                ::std::result::Result::Ok(Self {
                    $($required,)*
                    $($field: builder.$field,)*
                    $($others: builder.$others,)?
                })
            }
        }

        impl ::std::convert::From<$name> for builder::$name {
            #[allow(unused_variables)]
            fn from(value: $name) -> Self {
                Self {
                    $($required: ::std::option::Option::Some(value.$required),)*
                    $($field: value.$field,)*
                    $($others: value.$others,)?
                    $violations: ::std::default::Default::default(),
                }
            }
        }

        impl ::std::convert::From<&$name> for builder::$name {
            fn from(value: &$name) -> Self {
                ::std::convert::From::from(::std::clone::Clone::clone(value))
            }
        }
    };
}
pub(crate) use request_object;

/// A builder of a request body.
pub(crate) trait Builder {
    /// Returns the violations in the values set so far, including missing required properties.
    fn violations(&self) -> Violations;
}

/// A type that is deserialized from a JSON object.
pub(crate) trait Object: Default {
    /// The type that the names of members are deserialized as.
    type Name: DeserializeOwned + AsRef<str>;

    /// Deserializes a member.
    fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error>;
}

/// A member of an object whose value has not been deserialized yet.
pub(crate) struct Member<'a, A> {
    pub(crate) name: &'a str,
    members: &'a mut A,
}

impl<'de, A: MapAccess<'de>> Member<'_, A> {
    /// Deserializes a value of a request strictly.
    ///
    /// # Errors
    /// Fails if the value is invalid, or the property occurs twice. The error points to the invalid part of the value.
    pub(crate) fn read<R: Read<'de, T>, T>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(self.fault("duplicate property"));
        }
        let value = self.members.next_value::<Located<R, T>>().map_err(|error| fault(self.name, error))?;
        *slot = Some(value.0);
        Ok(())
    }

    /// Deserializes as much as possible of a value in a response. The last of duplicate members that can be deserialized is kept.
    pub(crate) fn tolerate<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        // Read as a raw value, so that invalid text, a number out of range or deep nesting in it does not fail the enclosing object.
        let value: Box<RawValue> = self.members.next_value()?;
        *slot = decode_tolerantly(value.get()).or_else(|| slot.take());
        Ok(())
    }

    /// Deserializes a list like [`tolerate`](Self::tolerate), and a single object as a list with one item.
    pub(crate) fn tolerate_one_or_more<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        let value: Box<RawValue> = self.members.next_value()?;
        let json = value.get();
        let list = if json.starts_with('{') { Cow::from(format!("[{json}]")) } else { Cow::from(json) };
        *slot = decode_tolerantly(&list).or_else(|| slot.take());
        Ok(())
    }

    /// Deserializes an additional property, strictly.
    ///
    /// # Errors
    /// Fails if the value is invalid.
    pub(crate) fn read_other<R: Read<'de, T>, T, M: Default + Extend<(String, T)>>(
        self,
        others: &mut Option<M>,
    ) -> Result<(), A::Error> {
        let mut value = None;
        let name = self.name.to_owned();
        self.read::<R, T>(&mut value)?;
        value.into_iter().for_each(|value| others.get_or_insert_default().extend([(name.clone(), value)]));
        Ok(())
    }

    /// Deserializes as much as possible of an additional property.
    pub(crate) fn tolerate_other<T: DeserializeOwned, M: Default + Extend<(String, T)>>(
        self,
        others: &mut Option<M>,
    ) -> Result<(), A::Error> {
        let mut value = None;
        let name = self.name.to_owned();
        self.tolerate(&mut value)?;
        value.into_iter().for_each(|value| others.get_or_insert_default().extend([(name.clone(), value)]));
        Ok(())
    }

    /// Rejects an unknown property.
    pub(crate) fn reject(self, known: &[&str]) -> Result<(), A::Error> {
        let expected = if known.is_empty() { "none".to_owned() } else { format!("one of `{}`", known.join("`, `")) };
        Err(self.fault(&format!("unknown property, expected {expected}")))
    }

    /// Ignores an unknown property.
    pub(crate) fn ignore(self, _: &[&str]) -> Result<(), A::Error> {
        self.members.next_value::<IgnoredAny>().map(|_| ())
    }

    fn fault(&self, message: &str) -> A::Error {
        fault(self.name, message)
    }
}

/// Returns an error with this name prepended to the pointers of its violations. An error of a nested value may contain several violations.
fn fault<E: serde::de::Error>(name: &str, error: impl fmt::Display) -> E {
    let violations: Violations =
        Violations::parse(&without_position(error)).prepend_pointer(&member_pointer(name)).collect();
    E::custom(violations)
}

/// Deserializes a `T` strictly, with errors that point to the invalid part. Implemented by markers that describe the
/// structure of `T`: `Nullable<List<Plain>>` for `Option<Vec<T>>`.
pub(crate) trait Read<'de, T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// Marker of values that are deserialized by their own `Deserialize`: generated types, whose errors have pointers, and scalars.
pub(crate) struct Plain;

/// Marker of a value or `null`. Errors mention that `null` is allowed.
pub(crate) struct Nullable<R>(PhantomData<R>);

/// Marker of a list.
pub(crate) struct List<R>(PhantomData<R>);

/// Marker of a map.
pub(crate) struct Map<R>(PhantomData<R>);

impl<'de, T: Deserialize<'de>> Read<'de, T> for Plain {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

impl<'de, T, R: Read<'de, T>> Read<'de, Option<T>> for Nullable<R> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        let value = Option::<Located<R, T>>::deserialize(deserializer).map_err(|error| {
            let error = without_position(error);
            let is_nested = error.starts_with('/');
            D::Error::custom(if is_nested { error } else { format!("{error}, or null") })
        })?;
        Ok(value.map(|value| value.0))
    }
}

impl<'de, T, R: Read<'de, T>> Read<'de, Vec<T>> for List<R> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(PartsVisitor::<R, Vec<T>>(PhantomData))
    }
}

impl<'de, T, R: Read<'de, T>> Read<'de, HashMap<String, T>> for Map<R> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<HashMap<String, T>, D::Error> {
        deserializer.deserialize_map(PartsVisitor::<R, HashMap<String, T>>(PhantomData))
    }
}

/// A value that is deserialized by `R`.
struct Located<R, T>(T, PhantomData<R>);

impl<'de, T, R: Read<'de, T>> Deserialize<'de> for Located<R, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        R::read(deserializer).map(|value| Self(value, PhantomData))
    }
}

/// Deserializes a list or a map, whose items or members are deserialized by `R`.
struct PartsVisitor<R, C>(PhantomData<(R, C)>);

impl<'de, T, R: Read<'de, T>> Visitor<'de> for PartsVisitor<R, Vec<T>> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) =
            items.next_element::<Located<R, T>>().map_err(|error| fault(&list.len().to_string(), error))?
        {
            list.push(item.0);
        }
        Ok(list)
    }
}

impl<'de, T, R: Read<'de, T>> Visitor<'de> for PartsVisitor<R, HashMap<String, T>> {
    type Value = HashMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<HashMap<String, T>, A::Error> {
        let mut map = HashMap::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value::<Located<R, T>>().map_err(|error| fault(&name, error))?;
            map.insert(name, value.0);
        }
        Ok(map)
    }
}

/// Deserializes an object.
pub(crate) fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let mut object = T::default();
        while let Some(name) = members.next_key::<T::Name>()? {
            object.member(Member { name: name.as_ref(), members: &mut members })?;
        }
        Ok(object)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{from_str, from_value, json};

    use super::super as runtime;
    use super::*;

    /// A request body, as the generator writes it.
    #[derive(Debug, Default, PartialEq)]
    struct Change {
        name: Option<String>,
        note: Option<Option<String>>,
        counts: Option<Vec<u8>>,
        tags: Option<Option<Vec<String>>>,
        inner: Option<Box<Change>>,
        rows: Option<Vec<Vec<Option<u8>>>>,
        maps: Option<HashMap<String, HashMap<String, Vec<Change>>>>,
    }

    impl Object for Change {
        type Name = String;

        fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error> {
            match member.name {
                "name" => member.read::<Plain, _>(&mut self.name),
                "note" => member.read::<Nullable<Plain>, _>(&mut self.note),
                "counts" => member.read::<List<Plain>, _>(&mut self.counts),
                "tags" => member.read::<Nullable<List<Plain>>, _>(&mut self.tags),
                "inner" => member.read::<Plain, _>(&mut self.inner),
                "rows" => member.read::<List<List<Nullable<Plain>>>, _>(&mut self.rows),
                "maps" => member.read::<Map<Map<List<Plain>>>, _>(&mut self.maps),
                _ => member.reject(&["name", "note"]),
            }
        }
    }

    impl<'de> Deserialize<'de> for Change {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            object(deserializer)
        }
    }

    /// A response, as the generator writes it.
    #[derive(Debug, Default, PartialEq)]
    struct Shelf {
        name: Option<String>,
        counts: Option<Vec<u8>>,
    }

    response_object!(Shelf, name("name"), counts("counts"));

    #[test]
    fn absent_null_and_empty_differ() {
        let change = |value| from_value::<Change>(value).unwrap();
        assert_eq!(change(json!({})), Change::default());
        assert_eq!(change(json!({ "note": null })), Change { note: Some(None), ..Change::default() });
        assert_eq!(change(json!({ "note": "" })), Change { note: Some(Some(String::new())), ..Change::default() });
        assert_eq!(change(json!({ "tags": null })), Change { tags: Some(None), ..Change::default() });
        assert_eq!(change(json!({ "tags": [] })), Change { tags: Some(Some(Vec::new())), ..Change::default() });
        assert_eq!(change(json!({ "counts": [1, 2] })), Change { counts: Some(vec![1, 2]), ..Change::default() });
    }

    #[test]
    fn request_errors_begin_with_a_pointer() {
        for (body, expected) in [
            (r#"{"name": null}"#, "/name: invalid type: null, expected a string"),
            (r#"{"name": "a", "name": "b"}"#, "/name: duplicate property"),
            (r#"{"note": null, "note": null}"#, "/note: duplicate property"),
            (r#"{"counts": [], "counts": []}"#, "/counts: duplicate property"),
            (r#"{"note": 1}"#, "/note: invalid type: integer `1`, expected a string"),
            (r#"{"counts": [1, 2, 300]}"#, "/counts/2: invalid value: integer `300`, expected u8"),
            (r#"{"counts": null}"#, "/counts: invalid type: null, expected an array"),
            (r#"{"tags": ["a", 1]}"#, "/tags/1: invalid type: integer `1`, expected a string"),
            (r#"{"tags": 1}"#, "/tags: invalid type: integer `1`, expected an array"),
            (r#"{"a/b~c": 1}"#, "/a~1b~0c: unknown property, expected one of `name`, `note`"),
            (r#"{"inner": {"inner": {"name": 1}}}"#, "/inner/inner/name: invalid type: integer `1`, expected a string"),
            (r#"{"rows": [[], [1, null, ""]]}"#, "/rows/1/2: invalid type: string \"\", expected u8"),
            (r#"{"maps": {"a/": {"b": [{}, {"name": 1}]}}}"#, "/maps/a~1/b/1/name: invalid type: integer `1`"),
            (r#"{"maps": {"a": {"b": {}}}}"#, "/maps/a/b: invalid type: map, expected an array"),
            (r#"{"maps": {"a": []}}"#, "/maps/a: invalid type: sequence, expected an object"),
            ("[]", "invalid type: sequence, expected an object"),
        ] {
            let error = from_str::<Change>(body).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{body}: {error}");
        }
    }

    #[test]
    fn only_errors_of_the_nullable_value_itself_mention_null() {
        let error = |value| from_value::<Change>(value).unwrap_err().to_string();
        assert_eq!(error(json!({ "note": 1 })), "/note: invalid type: integer `1`, expected a string, or null");
        assert_eq!(error(json!({ "tags": 1 })), "/tags: invalid type: integer `1`, expected an array, or null");
        assert_eq!(error(json!({ "tags": [1] })), "/tags/0: invalid type: integer `1`, expected a string");
        let error = from_str::<Change>(r#"{"note": 1}"#).unwrap_err().to_string();
        assert_eq!(error, "/note: invalid type: integer `1`, expected a string, or null at line 1 column 11");
    }

    #[test]
    fn additional_members_are_kept() {
        #[derive(Debug, Default, PartialEq)]
        struct Counts {
            strict: Option<HashMap<String, u8>>,
            tolerant: Option<HashMap<String, u8>>,
        }
        impl Object for Counts {
            type Name = String;

            fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error> {
                if member.name.starts_with('s') {
                    return member.read_other::<Plain, _, _>(&mut self.strict);
                }
                member.tolerate_other(&mut self.tolerant)
            }
        }
        let read = |value| object::<Counts, _>(value);
        let one = |name: &str, value| Some(HashMap::from([(name.to_owned(), value)]));
        let counts = read(json!({ "s/1": 1, "a": 2.0, "b": 300 })).unwrap();
        assert_eq!(counts, Counts { strict: one("s/1", 1), tolerant: one("a", 2) });
        assert_eq!(read(json!({})).unwrap(), Counts::default());
        let error = read(json!({ "s/1": "x" })).unwrap_err().to_string();
        assert!(error.starts_with("/s~11: invalid type"), "{error}");
    }

    #[test]
    fn the_pointer_is_prepended_to_every_violation_of_a_nested_value() {
        let error: serde_json::Error = fault("shops", "/0/name: is required; /1/url: must have a host");
        assert_eq!(error.to_string(), "/shops/0/name: is required; /shops/1/url: must have a host");
    }

    #[test]
    fn an_unknown_property_of_an_empty_object_is_rejected() {
        #[derive(Default)]
        struct Empty;
        impl Object for Empty {
            type Name = String;

            fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error> {
                member.reject(&[])
            }
        }
        let error = object::<Empty, _>(json!({ "a": 1 })).err().unwrap();
        assert_eq!(error.to_string(), "/a: unknown property, expected none");
        assert!(object::<Empty, _>(json!({})).is_ok());
    }

    #[test]
    fn a_response_is_decoded_as_far_as_possible() {
        let shelf = |body: &str| from_str::<Shelf>(body).unwrap();
        let named = |name: &str| Shelf { name: Some(name.to_owned()), counts: None };
        assert_eq!(shelf(r#"{"name": "a", "unknown": [{}], "counts": {}}"#), named("a"));
        assert_eq!(shelf(r#"{"name": 7, "counts": null}"#), named("7"));
        // The last one of duplicate members that can be decoded is used.
        assert_eq!(shelf(r#"{"name": "a", "name": "b"}"#), named("b"));
        assert_eq!(shelf(r#"{"name": "a", "name": null}"#), named("a"));
        assert_eq!(shelf(r#"{"name": "a\ud800", "\udc00": 1}"#), named("a\u{fffd}\u{fffd}\u{fffd}"));
        let counts = Shelf { name: None, counts: Some(vec![1, 2]) };
        assert_eq!(shelf(r#"{"counts": [1, 300, "x", 2.0]}"#), counts);
    }
}
