//! Step 4: OpenAPI 3.0 to Rust, by progenitor.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;
use serde_json::{Value, json};

use super::lower::{Lowered, escape};
use super::{Error, Result};

/// Generates client and types as a syntax tree.
pub fn generate(lowered: &Lowered) -> Result<syn::File> {
    quietly(|| attempt(&lowered.document)).map_err(|problem| {
        let place = quietly(|| blame(&lowered.document));
        Error::at(
            place,
            format!("progenitor cannot generate this: {problem}"),
            "describe it in another way with an entry in the corrections",
        )
    })
}

fn attempt(document: &Value) -> std::result::Result<syn::File, String> {
    let settings = settings().map_err(|error| error.to_string())?;
    let generated = panic::catch_unwind(|| {
        let document = serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
        let tokens = Generator::new(&settings).generate_tokens(&document).map_err(|error| error.to_string())?;
        syn::parse2(tokens).map_err(|error| error.to_string())
    });
    generated.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default())
    })
}

fn settings() -> serde_json::Result<GenerationSettings> {
    let uri = serde_json::from_value(json!({ "type": "string", "format": "uri" }))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Optional)
        .with_inner_type(quote!(support::Transport))
        .with_derive("PartialEq")
        .with_crate("std", CrateVers::Any, None)
        .with_conversion(uri, "super::support::Uri", std::iter::empty());
    Ok(settings)
}

/// Finds the first schema or operation that cannot be generated without the rest.
fn blame(document: &Value) -> String {
    let mut without_paths = document.clone();
    without_paths["paths"] = json!({});
    if attempt(&without_paths).is_err() {
        return blamed_schema(&without_paths).unwrap_or_else(|| "/components/schemas".to_owned());
    }
    let operations = document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    });
    for (path, method, operation) in operations {
        let mut alone = without_paths.clone();
        alone["paths"] = json!({ path.as_str(): { method.as_str(): operation } });
        if attempt(&alone).is_err() {
            return format!("/paths/{}/{method}", escape(path));
        }
    }
    "/paths".to_owned()
}

/// Taking out the one schema to blame is what makes the rest work.
fn blamed_schema(document: &Value) -> Option<String> {
    let schemas = document["components"]["schemas"].as_object()?;
    let blamed = schemas.keys().find(|&name| {
        let mut without = document.clone();
        without["components"]["schemas"][name] = json!({});
        attempt(&without).is_ok()
    })?;
    Some(format!("/components/schemas/{}", escape(blamed)))
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs without the report that a panic prints: `attempt` tells it as an error. Other threads report theirs as ever.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                report(info);
            }
        }));
    });
    QUIET.set(true);
    let result = work();
    QUIET.set(false);
    result
}
