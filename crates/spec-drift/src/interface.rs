//! The interface of a client's runtime: its public items, without documentation and code.

use std::collections::BTreeSet;

use openapi_refinery::{Output, Prepared, Provenance};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{ImplItem, ImplItemFn, Item, ItemFn, ItemImpl, ItemMod, TraitItemFn, Type, parse_quote};

use super::api::{WithoutDocs, is_public, private_type};
use super::project::digest;

/// Generates code in the form of a snapshot: the runtime is reduced to its interface, because the document only determines which of its
/// modules are included.
///
/// # Errors
/// Returns an error if progenitor cannot generate code for a part of the document.
pub fn generate_snapshot(prepared: &Prepared, output: Output) -> openapi_refinery::Result<(String, Provenance)> {
    let code = prepared.code(output)?;
    let (generated, runtime) = code.split_runtime();
    Ok((generated.to_owned() + &interface(runtime), code.provenance))
}

fn interface(runtime: &str) -> String {
    // Code that cannot be parsed is left as it is.
    let Ok(mut file) = syn::parse_file(runtime) else { return runtime.to_owned() };
    WithoutDocs.visit_file_mut(&mut file);
    // So that a change of the code is noticed, too.
    let digest = digest(&file.to_token_stream().to_string());
    WithoutCode.visit_file_mut(&mut file);
    for item in &mut file.items {
        let Item::Mod(ItemMod { content: Some((_, items)), attrs, .. }) = item else { continue };
        *attrs = vec![
            parse_quote!(#[doc = " The interface of the runtime. The code of the runtime is not part of the snapshot."]),
        ];
        let private_traits = items.iter().flat_map(private_traits).collect();
        retain_public(items, &private_traits);
        items.insert(0, parse_quote!(const SHA_256: &str = #digest;));
    }
    prettyplease::unparse(&file)
}

/// Removes the bodies of functions.
struct WithoutCode;

impl VisitMut for WithoutCode {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        visit_mut::visit_item_fn_mut(self, function);
        function.block.stmts.clear();
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, method);
        method.block.stmts.clear();
    }

    fn visit_trait_item_fn_mut(&mut self, method: &mut TraitItemFn) {
        visit_mut::visit_trait_item_fn_mut(self, method);
        method.default.iter_mut().for_each(|block| block.stmts.clear());
    }
}

fn private_traits(item: &Item) -> Vec<String> {
    match item {
        Item::Mod(ItemMod { content: Some((_, items)), .. }) => items.iter().flat_map(private_traits).collect(),
        Item::Trait(it) if !is_public(&it.vis) => vec![it.ident.to_string()],
        _ => Vec::new(),
    }
}

/// Removes private items, and implementations for private types and of private traits.
fn retain_public(items: &mut Vec<Item>, private_traits: &BTreeSet<String>) {
    let private_types = items.iter().filter_map(private_type).collect();
    items.retain_mut(|item| match item {
        Item::Mod(ItemMod { content: Some((_, items)), .. }) => {
            retain_public(items, private_traits);
            !items.is_empty()
        }
        Item::Impl(it) => retain_public_methods(it, &private_types, private_traits),
        Item::Use(it) => is_public(&it.vis),
        Item::Const(it) => is_public(&it.vis),
        Item::Enum(it) => is_public(&it.vis),
        Item::Fn(it) => is_public(&it.vis),
        Item::Struct(it) => is_public(&it.vis),
        Item::Trait(it) => is_public(&it.vis),
        Item::Type(it) => is_public(&it.vis),
        // The invocation of a macro that implements traits.
        Item::Macro(it) => it.ident.is_none() && !it.mac.path.is_ident("thread_local"),
        _ => false,
    });
}

/// Returns whether public methods or the implementation of a public trait remain.
fn retain_public_methods(
    block: &mut ItemImpl,
    private_types: &BTreeSet<String>,
    private_traits: &BTreeSet<String>,
) -> bool {
    let owner = match &*block.self_ty {
        Type::Path(owner) => owner.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    if owner.is_some_and(|owner| private_types.contains(&owner)) {
        return false;
    }
    let Some((of, _)) = &block.trait_ else {
        block.items.retain(|item| matches!(item, ImplItem::Fn(method) if is_public(&method.vis)));
        return !block.items.is_empty();
    };
    block.items.retain(|item| matches!(item, ImplItem::Type(_)));
    of.segments.last().is_none_or(|last| !private_traits.contains(&last.ident.to_string()))
}

#[cfg(test)]
mod tests {
    use super::interface;

    #[test]
    fn comments_do_not_change_the_interface() {
        let plain = interface("mod runtime { pub fn f() -> u8 { 1 } }");
        let commented = interface("mod runtime { /// Returns a number.\n pub fn f() -> u8 { /* one */ 1 } }");
        assert_eq!(plain, commented);
        assert_ne!(plain, interface("mod runtime { pub fn f() -> u8 { 2 } }"));
    }
}
