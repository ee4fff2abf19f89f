//! Methods that handwritten code adds to generated types.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{ImplItem, Item};

/// Names of the methods that handwritten code adds to generated types. Generated methods avoid these names.
///
/// ```
/// use openapi_refinery::{Handwritten, Settings};
///
/// let mut handwritten = Handwritten::default();
/// handwritten.read("impl Client { pub fn update(&self) {} }");
/// let settings = Settings { handwritten, ..Settings::default() };
/// ```
#[derive(Clone, Debug, Default)]
pub struct Handwritten(BTreeMap<String, BTreeSet<String>>);

impl Handwritten {
    /// Adds the methods in the `impl` blocks of a Rust file. A text that is not Rust is ignored, since the compiler will report it.
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

    /// Returns the methods of a type.
    pub(crate) fn methods(&self, type_name: &str) -> BTreeSet<&str> {
        self.0.get(type_name).into_iter().flatten().map(String::as_str).collect()
    }
}
