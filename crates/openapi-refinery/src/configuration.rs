//! `generate.yaml`: what a client is generated from, and how.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};

use super::{Error, Handwritten, Input, Inputs, Result, load};

/// The content of a `generate.yaml`. Paths start at the folder of the package. Every key has to be there, so that none is left out
/// by a slip; `null` or `[]` stands for nothing.
///
/// ```yaml
/// document: openapi/shelves.yaml         # as published
/// corrections: openapi/corrections.yaml  # or null
/// lock: openapi/lock.yaml                # or null: names may change with the document
/// snapshots:                             # only the command `spec-drift` reads and writes them
///   client: tests/snapshots/client.rs
///   mock: null
/// handwritten: [src/ext.rs]              # files that add methods to generated types
/// inner: crate::Session                  # or null: the client has no inner value
/// constructors: public                   # or private
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The folder of the package.
    #[serde(skip)]
    root: PathBuf,
    /// The path of this file.
    #[serde(skip)]
    name: String,
    /// The path of the OpenAPI document.
    pub document: String,
    /// The path of its corrections: see [`Inputs::corrections`].
    #[serde(deserialize_with = "nullable")]
    pub corrections: Option<String>,
    /// The path of the lock: see [`Inputs::lock`].
    #[serde(deserialize_with = "nullable")]
    pub lock: Option<String>,
    /// The generated code that was accepted last.
    pub snapshots: Snapshots,
    /// Paths of Rust files that add methods to generated types: nothing generated takes the names of those.
    pub handwritten: Vec<String>,
    /// See [`Settings::inner`].
    #[serde(deserialize_with = "nullable")]
    pub inner: Option<String>,
    /// Who may construct a client.
    pub constructors: Constructors,
}

/// Paths of the generated code that was accepted last.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshots {
    /// The client's.
    pub client: String,
    /// The mock's.
    #[serde(deserialize_with = "nullable")]
    pub mock: Option<String>,
}

/// How a client is generated.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The methods that are added to generated types by hand.
    pub handwritten: Handwritten,
    /// The type of the value that each client holds for its hooks, as a Rust path. With it, the crate must implement
    /// `progenitor_client::ClientHooks` for its client: without that implementation, it does not compile.
    pub inner: Option<String>,
    /// Who may construct a client.
    pub constructors: Constructors,
}

/// Who may construct a client: everyone, or only the crate that it is generated into.
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
    /// Reads the file `name` below the folder of a package.
    ///
    /// # Errors
    /// If it cannot be read, or a key is missing or unknown.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let text = fs::read_to_string(root.join(name))
            .map_err(|error| Error::new(format!("this file cannot be read: {error}"), "add it").in_input(name))?;
        let keys = load(&text).map_err(|error| error.in_input(name))?;
        let configuration: Self = serde_json::from_value(keys).map_err(|error| {
            let remedy = "give each key once; `null` or `[]` stands for nothing";
            Error::new(error.to_string(), remedy).in_input(name)
        })?;
        Ok(Self { root: root.to_owned(), name: name.to_owned(), ..configuration })
    }

    /// A path of the package on this machine.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The paths of all files that determine the generated code, this one included.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.corrections, &self.lock].into_iter().flatten();
        [&self.name, &self.document].into_iter().chain(optional).chain(&self.handwritten).map(String::as_str)
    }

    /// Reads all that the client is generated from.
    ///
    /// # Errors
    /// If a file cannot be read, or `inner` is not a Rust type.
    pub fn inputs(&self) -> Result<Inputs> {
        let input = |key: &str, path: &str| Input::load(path, &self.text(key, path)?);
        let mut inputs = Inputs::new(input("document", &self.document)?);
        if let Some(path) = &self.corrections {
            inputs.corrections = input("corrections", path)?;
        }
        if let Some(path) = &self.lock {
            inputs.lock = input("lock", path)?;
        }
        for (index, path) in self.handwritten.iter().enumerate() {
            inputs.settings.handwritten.read(&self.text(&format!("handwritten/{index}"), path)?);
        }
        if let Some(inner) = &self.inner
            && syn::parse_str::<syn::Type>(inner).is_err()
        {
            let problem = format!("`{inner}` is not a Rust type");
            return Err(Error::at("/inner", problem, "give a path such as `crate::Session`").in_input(&self.name));
        }
        inputs.settings.inner = self.inner.clone();
        inputs.settings.constructors = self.constructors;
        Ok(inputs)
    }

    /// Reads the text of a file that a key names.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn text(&self, key: &str, path: &str) -> Result<String> {
        fs::read_to_string(self.path(path)).map_err(|error| {
            let problem = format!("`{path}` cannot be read: {error}");
            Error::at(format!("/{key}"), problem, "name a file of the package").in_input(&self.name)
        })
    }
}

/// A key that has to be there, even if it is `null`.
fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}
