//! Boxed values of types that refer to each other in long chains.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value on the heap, like a `Box`. Its type is erased, so that long chains of types do not exceed the recursion limit of the compiler
/// when it determines size, drop and auto traits.
pub struct Boxed<T>(Box<dyn DerefMut<Target = T> + Send + Sync + UnwindSafe + RefUnwindSafe>);

impl<T: Send + Sync + UnwindSafe + RefUnwindSafe + 'static> From<T> for Boxed<T> {
    fn from(value: T) -> Self {
        Self(Box::new(Box::new(value)))
    }
}

impl<T> Deref for Boxed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Boxed<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Clone + Send + Sync + UnwindSafe + RefUnwindSafe + 'static> Clone for Boxed<T> {
    fn clone(&self) -> Self {
        T::clone(self).into()
    }
}

impl<T: fmt::Debug> fmt::Debug for Boxed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: PartialEq> PartialEq for Boxed<T> {
    fn eq(&self, other: &Self) -> bool {
        T::eq(self, other)
    }
}

impl<T: Eq> Eq for Boxed<T> {}

impl<T: Hash> Hash for Boxed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        T::hash(self, state);
    }
}

impl<T: Serialize> Serialize for Boxed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::serialize(self, serializer)
    }
}

impl<'de, T> Deserialize<'de> for Boxed<T>
where
    T: Deserialize<'de> + Send + Sync + UnwindSafe + RefUnwindSafe + 'static,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_boxed_value_behaves_like_the_value() {
        let mut boxed = Boxed::from(vec![1]);
        let before = boxed.clone();
        boxed.push(2);
        assert_eq!((before.len(), &*boxed), (1, &vec![1, 2]));
        assert_eq!(serde_json::to_string(&boxed).unwrap(), "[1,2]");
        assert_eq!(serde_json::from_str::<Boxed<Vec<u8>>>("[1,2]").unwrap(), boxed);
        assert_eq!(format!("{boxed:?}"), "[1, 2]");
    }
}
