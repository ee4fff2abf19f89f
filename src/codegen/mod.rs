//! Document in, Rust out. One way through: [`load`], [`correct`], [`lower`], [`generate`], [`refine`].
//!
//! `build.rs` includes this module by its path. Nothing here knows Sendcloud's API: every fact about it is in `openapi/`.

mod correct;
mod error;
mod generate;
mod load;
mod lower;
mod names;
mod refine;

use serde_json::Value;

pub use self::correct::Outcome;
pub use self::error::{Error, Result};
pub use self::load::load;

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
    /// As [`load`], with the name.
    pub fn load(name: &str, text: &str) -> Result<Self> {
        let value = load(text).map_err(|error| error.in_input(name))?;
        Ok(Self { name: name.to_owned(), value })
    }
}

/// What the build needs to know.
pub struct Inputs {
    /// The OpenAPI document, as published.
    pub document: Input,
    /// What is wrong with it: see [`correct`].
    pub corrections: Input,
    /// The Rust names given so far: see [`names`].
    pub lock: Input,
    /// Methods of the client that are written by hand: no operation takes their names.
    pub reserved: &'static [&'static str],
}

/// What the build makes of it.
pub struct Generated {
    /// One module of Rust, formatted.
    pub code: String,
    /// What became of each correction, in their order.
    pub corrections: Vec<Outcome>,
    /// The Rust names in use, in the form of the lock.
    pub names: names::Names,
    /// The document with its corrections.
    pub corrected: Value,
}

/// Generates client and types.
///
/// # Errors
/// Names the place in the input, what is wrong there and what to do about it.
pub fn generate(inputs: Inputs) -> Result<Generated> {
    let Inputs { mut document, corrections, lock, reserved } = inputs;
    let recorded = names::recorded(lock.value).map_err(|error| error.in_input(&lock.name))?;
    let outcomes = correct::correct(&mut document.value, corrections.value);
    let outcomes = outcomes.map_err(|error| error.in_input(&corrections.name))?;
    let (code, names) = code(&document.value, &recorded, reserved).map_err(|error| error.in_input(&document.name))?;
    Ok(Generated { code, corrections: outcomes, names, corrected: document.value })
}

fn code(document: &Value, recorded: &names::Names, reserved: &[&str]) -> Result<(String, names::Names)> {
    let lowered = lower::lower(document, recorded, reserved)?;
    let code = refine::refine(generate::generate(&lowered)?, &lowered)?;
    Ok((prettyplease::unparse(&code), lowered.names))
}
