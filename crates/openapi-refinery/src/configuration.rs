//! The configuration file `generate.yaml`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};

use super::error::deserialize;
use super::lock::parse_lock;
use super::{Error, Handwritten, Input, Inputs, Result, correct, load};

/// The content of a `generate.yaml`.
///
/// Paths are relative to the package. Every key is required, so that none is omitted by mistake; `null` or `[]` disables an option.
///
/// ```yaml
/// document: openapi/shelves.yaml         # the document as it was published
/// corrections: openapi/corrections.yaml  # or null
/// lock: openapi/lock.yaml                # or null: names may change when the document changes
/// snapshots:                             # or null: only the command `spec-drift` uses them
///   client: tests/snapshots/client.rs
///   mock: null
/// handwritten: [src/ext.rs]              # files that add methods to generated types
/// inner: crate::Session                  # or null: clients hold no value for hooks
/// constructors: public                   # or private
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The folder of the package.
    #[serde(skip)]
    root: PathBuf,
    /// The path of the file itself.
    #[serde(skip)]
    name: String,
    /// The path of the OpenAPI document.
    pub document: String,
    /// The path of the corrections: see [`Inputs::corrections`].
    #[serde(deserialize_with = "nullable")]
    pub corrections: Option<String>,
    /// The path of the lock: see [`Inputs::lock`].
    #[serde(deserialize_with = "nullable")]
    pub lock: Option<String>,
    /// The paths of the snapshots.
    #[serde(deserialize_with = "nullable")]
    pub snapshots: Option<Snapshots>,
    /// The paths of Rust files that add methods to generated types. Generated methods avoid the names of these methods.
    pub handwritten: Vec<String>,
    /// See [`Settings::inner`].
    #[serde(deserialize_with = "nullable")]
    pub inner: Option<String>,
    /// See [`Settings::constructors`].
    pub constructors: Constructors,
}

/// Paths of the snapshots: the generated code that was accepted last with `spec-drift accept`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshots {
    /// The snapshot of the client.
    pub client: String,
    /// The snapshot of the mock, if there is one.
    #[serde(deserialize_with = "nullable")]
    pub mock: Option<String>,
}

/// Options of the generator.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The methods that handwritten code adds to generated types.
    pub handwritten: Handwritten,
    /// The type of the value that each client holds for its hooks, as a Rust path. If it is set, the crate must implement
    /// `progenitor_client::ClientHooks` for its client; otherwise the crate does not compile.
    pub inner: Option<String>,
    /// The visibility of the client's constructors.
    pub constructors: Constructors,
}

/// Visibility of a client's constructors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Constructors {
    /// `Client::new` and `Client::new_with_client` are public.
    #[default]
    Public,
    /// `Client::new_with_client` is `pub(crate)`, and there is no `new`.
    Private,
}

impl Configuration {
    /// Reads the configuration file `name`, relative to the package folder `root`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or a key is missing or unknown.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let text = fs::read_to_string(root.join(name)).map_err(|error| {
            let remedy = "add it, or pass its path relative to the package";
            Error::new(format!("this file cannot be read: {error}"), remedy).in_input(name)
        })?;
        let keys = load(&text).map_err(|error| error.in_input(name))?;
        let remedy = "set every key of `openapi_refinery::Configuration`; `null` or `[]` disables an option";
        let configuration: Self = deserialize(keys, remedy).map_err(|error| error.in_input(name))?;
        Ok(Self { root: root.to_owned(), name: name.to_owned(), ..configuration })
    }

    /// Returns the file system path of a path in the configuration.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Returns the paths of all files that determine the generated code, including the configuration itself.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.corrections, &self.lock].into_iter().flatten();
        [&self.name, &self.document].into_iter().chain(optional).chain(&self.handwritten).map(String::as_str)
    }

    /// Reads all inputs of the generator.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, the corrections or the lock are malformed, or `inner` is not a Rust type.
    pub fn inputs(&self) -> Result<Inputs> {
        let input = |key: &str, path: &str| Input::load(path, &self.read_file(key, path)?);
        let mut inputs = Inputs::new(input("document", &self.document)?);
        if let Some(path) = &self.corrections {
            inputs.corrections = input("corrections", path)?;
            correct::parse(inputs.corrections.value.clone()).map_err(|error| error.in_input(path))?;
        }
        if let Some(path) = &self.lock {
            inputs.lock = input("lock", path)?;
            parse_lock(inputs.lock.value.clone()).map_err(|error| error.in_input(path))?;
        }
        for (index, path) in self.handwritten.iter().enumerate() {
            inputs.settings.handwritten.read(&self.read_file(&format!("handwritten/{index}"), path)?);
        }
        if let Some(inner) = &self.inner
            && syn::parse_str::<syn::Type>(inner).is_err()
        {
            let problem = format!("`{inner}` is not a Rust type");
            return Err(Error::at("/inner", problem, "use a path such as `crate::Session`").in_input(&self.name));
        }
        inputs.settings.inner = self.inner.clone();
        inputs.settings.constructors = self.constructors;
        Ok(inputs)
    }

    /// Reads a file that the configuration names under `key`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read. The error mentions the key.
    pub fn read_file(&self, key: &str, path: &str) -> Result<String> {
        fs::read_to_string(self.path(path)).map_err(|error| {
            let problem = format!("`{path}` cannot be read: {error}");
            Error::at(format!("/{key}"), problem, "create it, or correct the path").in_input(&self.name)
        })
    }
}

/// Deserializes a key that is required even if its value is `null`.
fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
