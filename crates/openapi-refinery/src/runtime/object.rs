//! JSON objects: requests are read strictly, responses tolerantly.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Violations;
use super::tolerant::tolerant;

/// What is read from a JSON object, and from nothing else.
pub(crate) trait Object: Default {
    /// How the names of members are read.
    type Name: DeserializeOwned + AsRef<str>;

    /// Reads a member.
    fn member<'de, A: MapAccess<'de>>(&mut self, member: Member<'_, A>) -> Result<(), A::Error>;
}

/// A member of an object, its value still to be read.
pub(crate) struct Member<'a, A> {
    pub(crate) name: &'a str,
    members: &'a mut A,
}

impl<'de, A: MapAccess<'de>> Member<'_, A> {
    /// Reads the value of a request: strictly, and once.
    pub(crate) fn read<T: Deserialize<'de>>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(self.fault("is there twice"));
        }
        let value = self.members.next_value().map_err(|error| fault(self.name, error))?;
        *slot = Some(value);
        Ok(())
    }

    /// Like [`read`](Self::read), for a value that may be `null`: an error tells that, too.
    pub(crate) fn read_nullable<T: Deserialize<'de>>(self, slot: &mut Option<Option<T>>) -> Result<(), A::Error> {
        let mut value = slot.take().map(Nullable);
        self.read(&mut value)?;
        *slot = value.map(|value| value.0);
        Ok(())
    }

    /// Like [`read`](Self::read), for a list: an error names the item.
    pub(crate) fn read_list<T: Deserialize<'de>>(self, slot: &mut Option<Vec<T>>) -> Result<(), A::Error> {
        let mut list = slot.take().map(List);
        self.read(&mut list)?;
        *slot = list.map(|list| list.0);
        Ok(())
    }

    /// Like [`read_list`](Self::read_list), for a list that may be `null`.
    pub(crate) fn read_nullable_list<T: Deserialize<'de>>(
        self,
        slot: &mut Option<Option<Vec<T>>>,
    ) -> Result<(), A::Error> {
        let mut list = slot.take().map(|list| list.map(List));
        self.read_nullable(&mut list)?;
        *slot = list.map(|list| list.map(|list| list.0));
        Ok(())
    }

    /// Reads the value of a response: as far as it can be read. Of a member that is there twice, the last value stays.
    pub(crate) fn tolerate<T: DeserializeOwned>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        // Raw, so that no text, number or depth inside it ends the reading of what is around it.
        let value: Box<RawValue> = self.members.next_value()?;
        *slot = tolerant(value.get()).or_else(|| slot.take());
        Ok(())
    }

    /// Refuses a member that the document does not name.
    pub(crate) fn refuse(self, known: &[&str]) -> Result<(), A::Error> {
        Err(self.fault(&format!("is no property; these are: {}", known.join(", "))))
    }

    /// Passes over a member that the document does not name.
    pub(crate) fn ignore(self) -> Result<(), A::Error> {
        self.members.next_value::<IgnoredAny>().map(|_| ())
    }

    fn fault(&self, message: &str) -> A::Error {
        fault(self.name, message)
    }
}

/// An error that starts with a JSON pointer; errors from further down, of which there may be several, already do.
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
            let within = error.starts_with('/');
            D::Error::custom(if within { error } else { format!("{error}, or null") })
        })
    }
}

/// A list that is read item by item.
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

/// Reads an object.
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
