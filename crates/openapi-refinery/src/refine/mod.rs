//! Step 6: rewriting of the syntax tree that progenitor generates. A pass that expects certain code returns an error if it is missing,
//! which detects an incompatible version of progenitor.

mod boxed;
mod client;
mod derives;
pub(crate) mod docs;
mod json;
mod mock;
mod operations;
mod secrets;
mod setters;
mod strings;
mod structs;
mod tree;
mod unions;

use std::collections::BTreeSet;

use quote::{ToTokens, format_ident};
use syn::token::Brace;
use syn::visit_mut::VisitMut;
use syn::{File, Ident, Item, ItemMod, parse_quote};

use self::docs::CodeAsText;
use self::secrets::ReplaceSecrets;
use super::lower::Lowered;
use super::{Error, Output, Provenance, Result, Settings};

/// Runs all passes over one of the outputs, and records the provenance of its items.
pub fn refine(mut file: File, output: Output, lowered: &Lowered, settings: &Settings) -> Result<(File, Provenance)> {
    let mut provenance = Provenance::new(&lowered.references);
    match output {
        Output::Client => refine_client(&mut file, lowered, settings, &mut provenance)?,
        Output::Mock => mock::rebuild(&mut file, lowered, &mut provenance)?,
    }
    CodeAsText::new(lowered).visit_file_mut(&mut file);
    docs::allow_any_text(&mut file.items);
    Ok((file, provenance))
}

fn refine_client(file: &mut File, lowered: &Lowered, settings: &Settings, provenance: &mut Provenance) -> Result<()> {
    client::rebuild(file, settings.constructors, &lowered.document["info"])?;
    client::add_debug(file);
    client::deprecate_operations(file, lowered);
    client::add_constants(file, lowered, provenance);
    client::add_execute(file);
    let operations = tree::module(&mut file.items, "builder")?;
    ReplaceSecrets(|value| parse_quote!(runtime::Secret<#value>)).visit_item_mod_mut(operations);
    let forms = operations::rebuild_send(operations, lowered)?;
    let types = tree::module(&mut file.items, "types")?;
    let mut items = std::mem::take(tree::content(types)?);
    tree::remove_module(&mut items, "error")?;
    strings::rebuild(&mut items, lowered, provenance)?;
    let texts = text_types(lowered);
    unions::rebuild(&mut items, &texts, lowered)?;
    for (name, origin) in &lowered.types {
        provenance.record(format!("types::{name}"), &origin.sources);
    }
    let references = tree::references(&items);
    boxed::bound_recursion(&mut items, &references);
    unions::convert_builders(&mut items, lowered);
    structs::name_fields(&mut items, lowered.looks.clone());
    let tagged = unions::list_tagged(&references, lowered);
    let mut builders =
        structs::rebuild(&mut items, &texts, &tagged, &forms, lowered, &settings.handwritten, provenance)?;
    derives::derive_eq_and_hash(&mut items, &references)?;
    secrets::hide(&mut items, &mut builders, lowered)?;
    *tree::content(types)? = with_builders(items, builders);
    operations::rebuild_setters(tree::module(&mut file.items, "builder")?, &texts, lowered, provenance)?;
    allow_own_deprecated(file, lowered)
}

/// Returns the generated types that are parsed from text.
fn text_types(lowered: &Lowered) -> BTreeSet<Ident> {
    lowered.types.iter().filter(|(_, ty)| ty.is_text).map(|(name, _)| format_ident!("{name}")).collect()
}

/// Allows deprecated items in the modules of types and builders, since only their users should be warned.
fn allow_own_deprecated(file: &mut File, lowered: &Lowered) -> Result<()> {
    let has_properties = lowered.types.values().any(|origin| !origin.deprecated.is_empty());
    let has_parameters = lowered.parameters.values().any(|parameter| parameter.deprecated);
    for (module, is_needed) in [("types", has_properties), ("builder", has_properties || has_parameters)] {
        if is_needed {
            tree::module(&mut file.items, module)?.attrs.push(parse_quote!(#[allow(deprecated)]));
        }
    }
    Ok(())
}

fn with_builders(items: Vec<Item>, builders: Vec<Item>) -> Vec<Item> {
    let runtime: Item = parse_quote! { #[allow(unused_imports)] use super::runtime; };
    let error = parse_quote! {
        mod error {
            #[allow(unused_imports)]
            pub use super::super::runtime::ConversionError;
        }
    };
    let mut module: ItemMod = parse_quote! {
        /// Builders for request bodies, each with the name of the type that it builds.
        pub mod builder {}
    };
    // Set directly, because `parse_quote` would parse all builders again.
    module.content = Some((Brace::default(), [runtime.clone()].into_iter().chain(builders).collect()));
    [runtime, error].into_iter().chain(items).chain([Item::Mod(module)]).collect()
}

/// Returns the error of a pass that does not find the code that it rewrites.
fn not_found(wanted: &str) -> Error {
    let problem = format!("cannot refine the code of progenitor: there is no {wanted}");
    Error::new(problem, "report this with the document and the version of progenitor")
}

/// Returns tokens as text without white space, for comparisons.
fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect()
}
