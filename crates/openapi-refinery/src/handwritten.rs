//! What handwritten code adds to generated types: nothing generated takes the names of its methods.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{ImplItem, Item};

/// Names of methods by the type that has them, as the handwritten code writes it.
#[derive(Clone, Debug, Default)]
pub struct Handwritten(BTreeMap<String, BTreeSet<String>>);

impl Handwritten {
    /// Adds what a Rust file has in its `impl` blocks. Of what is not Rust, the compiler will tell.
    pub fn read(&mut self, text: &str) {
        let Ok(file) = syn::parse_file(text) else { return };
        for item in file.items {
            let Item::Impl(block) = item else { continue };
            let methods = block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) => Some(method.sig.ident.to_string()),
                _ => None,
            });
            let type_name = block.self_ty.to_token_stream().to_string().replace(' ', "");
            self.0.entry(type_name).or_default().extend(methods);
        }
    }

    /// The methods of a type.
    pub fn methods(&self, type_name: &str) -> BTreeSet<&str> {
        self.0.get(type_name).into_iter().flatten().map(String::as_str).collect()
    }
}
