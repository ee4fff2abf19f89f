//! Document in, Rust out. One way through: `load`, `correct`, `lower`, `generate`, `refine`.
//!
//! `build.rs` includes this module by its path. Nothing here knows Sendcloud's API: every fact about it is in `openapi/`.

mod anchors;
mod correct;
mod error;
mod generate;
mod handwritten;
mod load;
pub(crate) mod lower;
pub(crate) mod names;
mod order;
mod refine;

use serde_json::Value;
use syn::File;

use self::generate::Output;

#[allow(unused_imports)] // the command uses it
pub use self::anchors::as_pointers;
pub use self::correct::Outcome;
pub use self::error::{Error, Result};
pub use self::handwritten::Handwritten;
pub use self::load::load;
pub use self::lower::Widened;
#[allow(unused_imports)] // the command uses it
pub use self::names::Names;

/// A loaded input, and what to call it in errors.
pub struct Input {
    /// Its path, usually.
    pub name: String,
    /// What it says.
    pub value: Value,
}

impl Input {
    /// Loads a text.
    ///
    /// # Errors
    /// As `load`, with the name.
    pub fn load(name: &str, text: &str) -> Result<Self> {
        let value = load(text).map_err(|error| error.in_input(name))?;
        Ok(Self { name: name.to_owned(), value })
    }
}

/// What the build needs to know.
pub struct Inputs {
    /// The OpenAPI document, as published.
    pub document: Input,
    /// What is wrong with it: see `correct`.
    pub corrections: Input,
    /// The Rust names given so far: see `names`.
    pub lock: Input,
    /// What is added to generated types by hand: see `handwritten`.
    pub handwritten: Handwritten,
}

/// A document that is ready to be generated from.
pub struct Prepared {
    /// What became of each correction, in their order.
    pub corrections: Vec<Outcome>,
    /// The document with its corrections.
    pub corrected: Value,
    name: String,
    lowered: lower::Lowered,
}

/// Runs the steps before generation: correct and lower.
///
/// # Errors
/// Names the place in the input, what is wrong there and what to do about it.
pub fn prepare(inputs: Inputs) -> Result<Prepared> {
    let Inputs { mut document, corrections, lock, handwritten } = inputs;
    let recorded = names::recorded(lock.value).map_err(|error| error.in_input(&lock.name))?;
    let outcomes = correct::correct(&mut document.value, corrections.value);
    let outcomes = outcomes.map_err(|error| error.in_input(&corrections.name))?;
    let settled = order::settled(&document.value);
    let lowered = lower::lower(&anchors::as_pointers(&settled), &recorded, handwritten)
        .map_err(|error| error.in_input(&document.name))?;
    Ok(Prepared { corrections: outcomes, corrected: document.value, name: document.name, lowered })
}

impl Prepared {
    /// The Rust names in use, in the form of the lock.
    pub fn names(&self) -> &names::Names {
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

    /// Generates client and types: one module, formatted.
    ///
    /// # Errors
    /// Names the place in the document that cannot be generated.
    pub fn client(&self) -> Result<String> {
        self.generated().and_then(|code| self.refined(code)).map(|code| write(&code) + &support())
    }

    /// Generates the mock's helpers: one module, formatted, to stand beside the client's module `generated`.
    ///
    /// # Errors
    /// Names the place in the document that cannot be generated.
    pub fn mock(&self) -> Result<String> {
        let code = generate::generate(&self.lowered, Output::Mock).and_then(|code| refine::mock(code, &self.lowered));
        code.map(|code| write(&code)).map_err(|error| error.in_input(&self.name))
    }

    /// Client and types as progenitor writes them.
    ///
    /// # Errors
    /// Names the place in the document that cannot be generated.
    pub fn generated(&self) -> Result<File> {
        generate::generate(&self.lowered, Output::Client).map_err(|error| error.in_input(&self.name))
    }

    /// Client and types as they should be.
    ///
    /// # Errors
    /// If progenitor wrote something else than is known here.
    pub fn refined(&self, code: File) -> Result<File> {
        refine::client(code, &self.lowered).map_err(|error| error.in_input(&self.name))
    }
}

/// Code as text, without what it stands on.
pub fn write(code: &File) -> String {
    prettyplease::unparse(code)
}

/// The module that each client ends with: what it stands on.
fn support() -> String {
    let lines = include_str!("support.rs").lines();
    let indented = lines.map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") });
    format!("#[allow(dead_code)]\npub mod support {{\n{}}}\n", indented.collect::<String>())
}

/// A client without the module that it ends with, if that is the one of this version.
#[allow(dead_code)] // the command uses it
pub fn without_support(client: &str) -> Option<&str> {
    client.strip_suffix(&support())
}
