//! Values that may be secrets.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A value that may be a secret, which `Debug` does not show. It dereferences to the value.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Secret<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_omits_the_value() {
        let read: Secret<Vec<String>> = serde_json::from_str(r#"["c0ffee"]"#).unwrap();
        assert_eq!((format!("{read:?}").as_str(), read.len()), ("Secret { .. }", 1));
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["c0ffee"]"#);
        assert_eq!(read.into_inner(), ["c0ffee"]);
    }
}
