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

/// What the build needs to know, as loaded values.
pub struct Inputs {
    /// The OpenAPI document, as published.
    pub document: Value,
    /// What is wrong with it: see [`correct`].
    pub corrections: Value,
    /// The Rust names given so far: see [`names`].
    pub lock: Value,
}

/// What the build makes of it.
pub struct Generated {
    /// One module of Rust, formatted.
    pub code: String,
    /// What became of each correction, in their order.
    pub corrections: Vec<Outcome>,
    /// The Rust names in use, in the form of the lock.
    pub names: names::Names,
}

/// Generates client and types.
///
/// # Errors
/// Names the place in the document, what is wrong there and what to do about it.
pub fn generate(inputs: Inputs) -> Result<Generated> {
    let Inputs { mut document, corrections, lock } = inputs;
    let recorded = names::recorded(lock)?;
    let corrections = correct::correct(&mut document, corrections)?;
    let lowered = lower::lower(&document, &recorded)?;
    let code = refine::refine(generate::generate(&lowered)?, &lowered)?;
    Ok(Generated { code: prettyplease::unparse(&code), corrections, names: lowered.names })
}
