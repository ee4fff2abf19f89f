//! Step 5: on progenitor's syntax tree, what the steps before cannot reach. Each pass fails if it finds nothing to do.

mod client;
mod docs;
mod mock;
mod operations;
mod strings;
mod structs;
mod tree;

use quote::ToTokens;
use syn::token::Brace;
use syn::visit_mut::VisitMut;
use syn::{File, Item, ItemMod, parse_quote};

use self::docs::CodeAsText;
use super::lower::Lowered;
use super::{Error, Result};

pub use self::mock::mock;

/// Runs all passes over the client.
pub fn client(mut file: File, lowered: &Lowered) -> Result<File> {
    client::seal(&mut file)?;
    client::add_debug(&mut file);
    client::add_constants(&mut file, lowered);
    let operations = tree::module(&mut file.items, "builder")?;
    operations::drop_undocumented_header(operations, lowered.names.operations.len())?;
    operations::prepare_urls(operations, lowered.names.operations.len())?;
    operations::restore_facts(operations, lowered)?;
    operations::name_parameters(operations, lowered)?;
    let types = tree::module(&mut file.items, "types")?;
    let mut items = std::mem::take(tree::content(types)?);
    tree::remove_module(&mut items, "error")?;
    // There are builders only where there are objects.
    items.retain(|item| !matches!(item, Item::Mod(module) if module.ident == "builder"));
    strings::tell_expectations(&mut items, lowered)?;
    strings::open_enumerations(&mut items, lowered)?;
    let builders = structs::rebuild(&mut items, lowered)?;
    *tree::content(types)? = with_builders(items, builders);
    CodeAsText.visit_file_mut(&mut file);
    Ok(file)
}

fn with_builders(items: Vec<Item>, builders: Vec<Item>) -> Vec<Item> {
    let support: Item = parse_quote! { #[allow(unused_imports)] use super::support; };
    let error = parse_quote! {
        mod error {
            #[allow(unused_imports)]
            pub use super::super::support::ConversionError;
        }
    };
    let mut module: ItemMod = parse_quote! {
        /// Builders of request bodies.
        pub mod builder {}
    };
    // Not through `parse_quote`, which would parse them all once more.
    module.content = Some((Brace::default(), [support.clone()].into_iter().chain(builders).collect()));
    [support, error].into_iter().chain(items).chain([Item::Mod(module)]).collect()
}

/// A pass found nothing where there should be something.
fn nothing(wanted: &str) -> Error {
    Error::at("", format!("the generated code has no {wanted}"), "adapt the refine step to this version of progenitor")
}

/// Tokens as a text to search in, free of white space.
fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect()
}
