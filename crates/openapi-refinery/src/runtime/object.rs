//! Deserialization of JSON objects: strict for requests, tolerant for responses.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Violations;
use super::tolerant::decode_tolerantly;
use super::violation::member_pointer;

/// Implements tolerant deserialization of an object in a response. Each field is listed with the name of its property in the document.
macro_rules! response_object {
    ($name:ident $(, $field:ident($member:literal))* $(; $others:ident)?) => {
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
/// builder's field of violations, `unknown` the method of [`Member`] for unknown properties, `read` the one for a
/// property, and `others` the field of additional properties.
macro_rules! request_object {
    (
        $name:ident, $violations:ident, $unknown:ident,
        required($($required:ident($required_member:literal, $read_required:ident)),*),
        optional($($field:ident($member:literal, $read:ident)),*)
        $(, others($others:ident))?
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
                match member.name {
                    $($required_member => member.$read_required(&mut self.$required),)*
                    $($member => member.$read(&mut self.$field),)*
                    $(_ => member.read_other(&mut self.$others),)?
                    #[allow(unreachable_patterns)]
                    _ => member.$unknown(&[$($required_member,)* $($member),*]),
                }
            }
        }

        impl runtime::Builder for builder::$name {
            fn violations(&self) -> runtime::Violations {
                #[allow(unused_mut)]
                let mut violations = ::std::clone::Clone::clone(&self.$violations);
                $(violations.require($required_member, ::std::option::Option::is_some(&self.$required));)*
                #[allow(unused_variables)]
                let named: &[&str] = &[$($required_member,)* $($member),*];
                $(violations.reject_named(named, self.$others.iter().flatten().map(|(name, _)| name.as_str()));)?
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
    /// Fails if the value is invalid, or the property occurs twice.
    pub(crate) fn read<T: Deserialize<'de>>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(self.fault("duplicate property"));
        }
        let value = self.members.next_value().map_err(|error| fault(self.name, error))?;
        *slot = Some(value);
        Ok(())
    }

    /// Deserializes a nullable value like [`read`](Self::read). Errors mention that `null` is allowed.
    pub(crate) fn read_nullable<T: Deserialize<'de>>(self, slot: &mut Option<Option<T>>) -> Result<(), A::Error> {
        let mut value = slot.take().map(Nullable);
        self.read(&mut value)?;
        *slot = value.map(|value| value.0);
        Ok(())
    }

    /// Deserializes a list like [`read`](Self::read). Errors point to the invalid item.
    pub(crate) fn read_list<T: Deserialize<'de>>(self, slot: &mut Option<Vec<T>>) -> Result<(), A::Error> {
        let mut list = slot.take().map(List);
        self.read(&mut list)?;
        *slot = list.map(|list| list.0);
        Ok(())
    }

    /// Deserializes a nullable list like [`read_list`](Self::read_list).
    pub(crate) fn read_nullable_list<T: Deserialize<'de>>(
        self,
        slot: &mut Option<Option<Vec<T>>>,
    ) -> Result<(), A::Error> {
        let mut list = slot.take().map(|list| list.map(List));
        self.read_nullable(&mut list)?;
        *slot = list.map(|list| list.map(|list| list.0));
        Ok(())
    }

    /// Deserializes as much as possible of a value in a response. The last of duplicate members that can be deserialized is kept.
    pub(crate) fn tolerate<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        // Read as a raw value, so that invalid text, a number out of range or deep nesting in it does not fail the enclosing object.
        let value: Box<RawValue> = self.members.next_value()?;
        *slot = decode_tolerantly(value.get()).or_else(|| slot.take());
        Ok(())
    }

    /// Deserializes an additional property, strictly.
    ///
    /// # Errors
    /// Fails if the value is invalid.
    pub(crate) fn read_other<T: DeserializeOwned, M: Default + Extend<(String, T)>>(
        self,
        others: &mut Option<M>,
    ) -> Result<(), A::Error> {
        let mut value = None;
        let name = self.name.to_owned();
        self.read(&mut value)?;
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
        let expected = if known.is_empty() { "none".to_owned() } else { format!("one of {}", known.join(", ")) };
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
    let violations: Violations = Violations::parse(&error.to_string()).prepend_pointer(&member_pointer(name)).collect();
    E::custom(violations)
}

/// A value or `null`.
struct Nullable<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self).map_err(|error: D::Error| {
            let error = error.to_string();
            let is_nested = error.starts_with('/');
            D::Error::custom(if is_nested { error } else { format!("{error}, or null") })
        })
    }
}

/// A list whose errors point to the invalid item.
struct List<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element().map_err(|error| fault(&list.len().to_string(), error))? {
            list.push(item);
        }
        Ok(List(list))
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
    use std::collections::HashMap;

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
    }

    impl Object for Change {
        type Name = String;

        fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error> {
            match member.name {
                "name" => member.read(&mut self.name),
                "note" => member.read_nullable(&mut self.note),
                "counts" => member.read_list(&mut self.counts),
                "tags" => member.read_nullable_list(&mut self.tags),
                "inner" => member.read(&mut self.inner),
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
            (r#"{"a/b~c": 1}"#, "/a~1b~0c: unknown property, expected one of name, note"),
            (r#"{"inner": {"inner": {"name": 1}}}"#, "/inner/inner/name: invalid type: integer `1`, expected a string"),
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
                    return member.read_other(&mut self.strict);
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
