//! Setters of the builders of bodies and operations.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Generics, Ident, Type};

use super::tree;

/// How a setter converts its argument.
pub struct Conversion {
    /// The bounds of the argument's type.
    pub bounds: TokenStream,
    /// The method of `Violations` that converts it.
    pub take: Ident,
    /// The method that is called on the argument before.
    pub borrow: Option<TokenStream>,
    /// The method that puts the result into boxes, if these are stored.
    pub boxing: Option<TokenStream>,
}

impl Conversion {
    /// Returns the conversion to this type. If it is a box, the argument may be anything that converts to its content. `texts` are the
    /// generated types that are parsed from text.
    pub fn to(value: &Type, texts: &BTreeSet<Ident>) -> Self {
        let list_item = tree::argument(value, "Vec");
        let stored = list_item.unwrap_or(value);
        let unboxed = tree::unboxed(stored);
        let item = unboxed.unwrap_or(stored);
        let boxing = unboxed.map(|_| match list_item {
            Some(_) => quote! {
                .map(|items: ::std::vec::Vec<#item>| items.into_iter().map(::std::convert::Into::into).collect())
            },
            None => quote!(.map(|value: #item| ::std::convert::Into::into(value))),
        });
        let is_text = tree::is_text(item, texts);
        let item = if is_text {
            quote!(::std::convert::AsRef<str>)
        } else {
            quote!(::std::convert::TryInto<#item, Error: ::std::convert::Into<runtime::Violations>>)
        };
        let (bounds, take) = match list_item {
            Some(_) if is_text => (quote!(::std::iter::IntoIterator<Item: #item>), "take_texts"),
            Some(_) => (quote!(::std::iter::IntoIterator<Item: #item>), "take_list"),
            None => (item, "take"),
        };
        let borrow = (is_text && list_item.is_none()).then(|| quote!(.as_ref()));
        Self { bounds, take: format_ident!("{take}"), borrow, boxing }
    }
}

/// Returns a setter that takes an `Option` and, if it is `Some`, calls `setter`. `generics` and `argument` are those of `setter`.
pub fn of_option(name: &Ident, setter: &Ident, generics: &Generics, argument: &TokenStream) -> TokenStream {
    let summary = format!(" Calls [`{setter}`](Self::{setter}) if `value` is `Some`.");
    let bounds = &generics.where_clause;
    quote! {
        #[doc = #summary]
        pub fn #name #generics(self, value: ::std::option::Option<#argument>) -> Self #bounds {
            value.into_iter().fold(self, Self::#setter)
        }
    }
}

/// Returns the name of a setter for an `Option`.
pub fn name_of_option(setter: &Ident) -> Ident {
    format_ident!("maybe_{}", setter.to_string().trim_matches('_'))
}

/// Makes names distinct from each other and from those that are taken. Earlier names take precedence. Callers pass derived setters, such as
/// `maybe_…`, before plain ones, so that a property that is added later does not rename them.
pub fn make_distinct<'a>(names: impl IntoIterator<Item = &'a mut Ident>, taken: &mut BTreeSet<String>) {
    for name in names {
        while !taken.insert(name.to_string()) {
            *name = format_ident!("{name}_");
        }
    }
}
