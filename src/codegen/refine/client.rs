//! The client: how it is made, and what it knows of the document.

use quote::quote;
use syn::{File, ImplItem, Item, parse_quote};

use super::{nothing, text, tree};
use crate::codegen::Result;
use crate::codegen::lower::Lowered;

/// Leaves the front door as the only way to a client: no public constructors, no public fields, no derived `Debug` that would
/// show what the HTTP client carries.
pub fn seal(file: &mut File) -> Result<()> {
    tree::remove_module(&mut file.items, "prelude")?;
    let mut sealed = 0;
    for item in &mut file.items {
        match item {
            Item::Struct(client) if client.ident == "Client" => {
                tree::remove_derives(&mut client.attrs, &["Debug"])?;
                sealed += 1;
            }
            Item::Impl(block) if block.trait_.is_none() => {
                sealed += seal_constructors(&mut block.items);
                block.items.iter_mut().for_each(tell_what_is_checked);
            }
            _ => {}
        }
    }
    if sealed == 3 { Ok(()) } else { Err(nothing("client with two constructors")) }
}

fn seal_constructors(items: &mut Vec<ImplItem>) -> usize {
    let named = |item: &ImplItem, name: &str| matches!(item, ImplItem::Fn(method) if method.sig.ident == name);
    let before = items.len();
    items.retain(|item| !named(item, "new"));
    let mut sealed = before - items.len();
    for item in items.iter_mut().filter(|item| named(item, "new_with_client")) {
        if let ImplItem::Fn(method) = item {
            method.vis = parse_quote!(pub(crate));
            method.attrs.push(parse_quote!(#[allow(dead_code)]));
            sealed += 1;
        }
    }
    sealed
}

/// An operation checks less than a method that was written for it by hand may do.
fn tell_what_is_checked(item: &mut ImplItem) {
    if let ImplItem::Fn(method) = item
        && text(&method.sig.output).starts_with("->builder::")
    {
        method.attrs.push(parse_quote!(#[doc = ""]));
        method.attrs.push(parse_quote! {
            #[doc = "Nothing is checked but what the document says in schema form: rules that it states in words are not."]
        });
    }
}

/// Shows where a client sends requests, and nothing that it sends with them.
pub fn add_debug(file: &mut File) {
    file.items.push(parse_quote! {
        impl ::std::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct("Client").field("base_url", &self.baseurl).finish_non_exhaustive()
            }
        }
    });
}

/// Adds what the document says about the API as a whole.
pub fn add_constants(file: &mut File, lowered: &Lowered) {
    let base_url = &lowered.base_url;
    let accepts_http_basic = lowered.accepts_http_basic;
    let successes = lowered.operations.iter().map(|(operation, facts)| {
        let statuses = &facts.successes;
        quote! { (#operation, &[#(#statuses),*]) }
    });
    let position = file.items.iter().position(|item| matches!(item, Item::Struct(_))).unwrap_or(0);
    let constants: [Item; 3] = [
        parse_quote! {
            /// The URL of the document's first server.
            #[allow(dead_code)]
            pub const DEFAULT_BASE_URL: &str = #base_url;
        },
        parse_quote! {
            /// Whether operations of the document accept HTTP Basic authentication (RFC 7617).
            #[allow(dead_code)]
            pub const ACCEPTS_HTTP_BASIC: bool = #accepts_http_basic;
        },
        parse_quote! {
            /// The statuses that the document lists as successes, by operation.
            #[allow(dead_code)]
            pub const SUCCESSES: &[(&str, &[&str])] = &[#(#successes),*];
        },
    ];
    file.items.splice(position..position, constants);
}
