//! Deserialization of JSON objects: strict for requests, tolerant for responses.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Violations;
use super::tolerant::tolerant;

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
    /// If the value is invalid, or the property occurs twice.
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
        // As a raw value, so that invalid text, a number out of range or deep nesting inside it does not fail the enclosing object.
        let value: Box<RawValue> = self.members.next_value()?;
        *slot = tolerant(value.get()).or_else(|| slot.take());
        Ok(())
    }

    /// Rejects a member that the document does not define.
    pub(crate) fn refuse(self, known: &[&str]) -> Result<(), A::Error> {
        let expected = if known.is_empty() { "none".to_owned() } else { format!("one of {}", known.join(", ")) };
        Err(self.fault(&format!("unknown property, expected {expected}")))
    }

    /// Ignores a member that the document does not define.
    pub(crate) fn ignore(self) -> Result<(), A::Error> {
        self.members.next_value::<IgnoredAny>().map(|_| ())
    }

    fn fault(&self, message: &str) -> A::Error {
        fault(self.name, message)
    }
}

/// Returns an error whose violations have JSON pointers that begin with this name. An error of a nested value may contain several.
fn fault<E: serde::de::Error>(name: &str, error: impl fmt::Display) -> E {
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    let violations: Violations = Violations::parse(&error.to_string()).below(&pointer).collect();
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
    use serde_json::{from_str, from_value, json};

    use super::super::text::Lossy;
    use super::*;

    /// A request body, as the generator would write it.
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
                _ => member.refuse(&["name", "note"]),
            }
        }
    }

    impl<'de> Deserialize<'de> for Change {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            object(deserializer)
        }
    }

    /// A response, as the generator would write it.
    #[derive(Debug, Default, PartialEq)]
    struct Shelf {
        name: Option<String>,
        counts: Option<Vec<u8>>,
    }

    impl Object for Shelf {
        type Name = Lossy;

        fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error> {
            match member.name {
                "name" => member.tolerate(&mut self.name),
                "counts" => member.tolerate(&mut self.counts),
                _ => member.ignore(),
            }
        }
    }

    impl<'de> Deserialize<'de> for Shelf {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            object(deserializer)
        }
    }

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
    fn an_error_of_a_request_begins_with_a_pointer() {
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
    fn every_violation_of_a_nested_value_gets_the_pointer() {
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
                member.refuse(&[])
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
        // Of duplicate members, the last one that can be decoded.
        assert_eq!(shelf(r#"{"name": "a", "name": "b"}"#), named("b"));
        assert_eq!(shelf(r#"{"name": "a", "name": null}"#), named("a"));
        assert_eq!(shelf(r#"{"name": "a\ud800", "\udc00": 1}"#), named("a\u{fffd}\u{fffd}\u{fffd}"));
        let counts = Shelf { name: None, counts: Some(vec![1, 2]) };
        assert_eq!(shelf(r#"{"counts": [1, 300, "x", 2.0]}"#), counts);
    }
}
