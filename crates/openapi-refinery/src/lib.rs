//! Generates Rust clients from OpenAPI documents: `load` → `correct` → `lower` → `generate` → `refine`.

mod anchors;
mod build;
mod configuration;
mod correct;
mod embed;
mod error;
mod generate;
mod handwritten;
mod load;
pub mod lower;
pub mod names;
mod order;
mod provenance;
mod refine;
/// Compiled here for its unit tests only: clients have it as text.
#[cfg(test)]
#[allow(dead_code, unused_imports)]
mod runtime;

use serde_json::{Value, json};

pub use self::anchors::as_pointers;
pub use self::build::build;
pub use self::configuration::{Configuration, Constructors, Settings, Snapshots};
pub use self::correct::Outcome;
pub use self::error::{Error, Result};
pub use self::generate::Output;
pub use self::handwritten::Handwritten;
pub use self::load::{lines, load};
pub use self::lower::Widened;
pub use self::names::Names;
pub use self::provenance::{Provenance, is_within};

/// A loaded input, and its name in errors.
#[derive(Clone, Debug)]
pub struct Input {
    /// Usually its path.
    pub name: String,
    /// Its content.
    pub value: Value,
}

impl Input {
    /// Loads a text.
    ///
    /// # Errors
    /// As [`load`], with the name.
    pub fn load(name: &str, text: &str) -> Result<Self> {
        let value = load(text).map_err(|error| error.in_input(name))?;
        Ok(Self { name: name.to_owned(), value })
    }
}

/// What a client is generated from.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The OpenAPI document, as published.
    pub document: Input,
    /// Corrections of its mistakes: a list of RFC 6902 patches, each with a reason.
    pub corrections: Input,
    /// The Rust names assigned so far.
    pub lock: Input,
    /// How the client is generated.
    pub settings: Settings,
}

impl Inputs {
    /// A document without corrections and assigned names, with default settings.
    ///
    /// ```
    /// use openapi_refinery::{Input, Inputs, Output, prepare};
    ///
    /// let document = "{openapi: 3.1.0, info: {title: Shelves, version: '1'}, paths: {}}";
    /// let prepared = prepare(Inputs::new(Input::load("shelves.yaml", document)?))?;
    /// assert!(prepared.code(Output::Client)?.text.contains("pub struct Client"));
    /// # Ok::<(), openapi_refinery::Error>(())
    /// ```
    pub fn new(document: Input) -> Self {
        let input = |name: &str, value| Input { name: name.to_owned(), value };
        Self {
            document,
            corrections: input("corrections", json!([])),
            lock: input("lock", json!(Names::default())),
            settings: Settings::default(),
        }
    }
}

/// A document that is corrected and lowered.
pub struct Prepared {
    /// The outcome of each correction, in their order.
    pub corrections: Vec<Outcome>,
    /// The document with its corrections.
    pub corrected: Value,
    name: String,
    lowered: lower::Lowered,
    settings: Settings,
}

/// Runs the steps before generation: correct and lower.
///
/// # Errors
/// Names the location in the input, the problem and the remedy.
pub fn prepare(inputs: Inputs) -> Result<Prepared> {
    let Inputs { mut document, corrections, lock, settings } = inputs;
    let recorded = names::recorded(lock.value).map_err(|error| error.in_input(&lock.name))?;
    let outcomes = correct::correct(&mut document.value, corrections.value);
    let outcomes = outcomes.map_err(|error| error.in_input(&corrections.name))?;
    let ordered = order::ordered(&document.value);
    let lowered = lower::lower(&anchors::as_pointers(&ordered), &recorded, &settings.handwritten)
        .map_err(|error| error.in_input(&document.name))?;
    Ok(Prepared { corrections: outcomes, corrected: document.value, name: document.name, lowered, settings })
}

impl Prepared {
    /// The Rust names in use, in the form of the lock.
    pub fn names(&self) -> &Names {
        &self.lowered.names
    }

    /// What the types do not keep of the document.
    pub fn widened(&self) -> &Widened {
        &self.lowered.widened
    }

    /// The OpenAPI 3.0 document that progenitor reads.
    pub fn lowered(&self) -> &Value {
        &self.lowered.document
    }

    /// Generates one formatted module: client and types with the runtime, or the helpers for httpmock.
    ///
    /// # Errors
    /// Names the location in the document that cannot be generated.
    pub fn code(&self, output: Output) -> Result<Code> {
        let generated = generate::generate(&self.lowered, output, &self.settings);
        let refined = generated.and_then(|file| refine::refine(file, output, &self.lowered, &self.settings));
        let (file, provenance) = refined.map_err(|error| error.in_input(&self.name))?;
        let mut text = prettyplease::unparse(&file);
        if output == Output::Client {
            text += &embed::runtime();
        }
        Ok(Code { text, provenance })
    }
}

/// Generated code.
#[derive(Clone, Debug)]
pub struct Code {
    /// The module: no inner attributes, so that it can be included.
    pub text: String,
    /// Where its items come from.
    pub provenance: Provenance,
}

/// A client without its runtime, if that is the one of this version.
pub fn without_runtime(client: &str) -> Option<&str> {
    client.strip_suffix(&embed::runtime())
}
