//! Finding things in a syntax tree.

use quote::format_ident;
use syn::{
    Attribute, GenericArgument, Ident, ImplItemFn, Item, ItemMod, LitStr, PathArguments, PathSegment, Type,
    TypeParamBound, WherePredicate,
};

use super::nothing;
use crate::Result;

/// The module of that name.
pub fn module<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut ItemMod> {
    items
        .iter_mut()
        .find_map(|item| match item {
            Item::Mod(module) if module.ident == name => Some(module),
            _ => None,
        })
        .ok_or_else(|| nothing(&format!("module `{name}`")))
}

/// The items of a module.
pub fn content(module: &mut ItemMod) -> Result<&mut Vec<Item>> {
    let name = module.ident.to_string();
    module.content.as_mut().map(|(_, items)| items).ok_or_else(|| nothing(&format!("content in module `{name}`")))
}

/// Takes a module out.
pub fn remove_module(items: &mut Vec<Item>, name: &str) -> Result<()> {
    module(items, name)?;
    items.retain(|item| !matches!(item, Item::Mod(module) if module.ident == name));
    Ok(())
}

/// The name of the type that an `impl` is for.
pub fn self_type(item: &Item) -> Option<&Ident> {
    match item {
        Item::Impl(block) => last_ident(&block.self_ty),
        _ => None,
    }
}

/// The name of the trait that an `impl` implements.
pub fn trait_name(item: &Item) -> Option<String> {
    match item {
        Item::Impl(block) => block.trait_.as_ref().and_then(|it| Some(it.0.segments.last()?.ident.to_string())),
        _ => None,
    }
}

/// `T` of `impl Trait<T> for …`.
pub fn trait_argument(item: &Item) -> Option<&Type> {
    match item {
        Item::Impl(block) => first_argument(block.trait_.as_ref()?.0.segments.last()?),
        _ => None,
    }
}

/// The last word of a path type.
pub fn last_ident(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// `T` of `Wrapper<T>`.
pub fn argument<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    first_argument(path.path.segments.last().filter(|segment| segment.ident == wrapper)?)
}

/// `T` of `where V: Into<T>` or a similar bound.
pub fn bound_argument(method: &ImplItemFn) -> Option<&Type> {
    let Some(WherePredicate::Type(bound)) = method.sig.generics.where_clause.as_ref()?.predicates.first() else {
        return None;
    };
    let Some(TypeParamBound::Trait(conversion)) = bound.bounds.first() else { return None };
    first_argument(conversion.path.segments.last()?)
}

fn first_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(argument)) => Some(argument),
        _ => None,
    }
}

/// Whether a method takes one value, and what it is called on.
pub fn is_setter(method: &ImplItemFn) -> bool {
    method.sig.receiver().is_some() && method.sig.inputs.len() == 2
}

/// A setter that would be called as another method gets an underscore.
pub fn keep_apart(method: &mut ImplItemFn, others: &[&str]) {
    if is_setter(method) && others.iter().any(|other| method.sig.ident == other) {
        method.sig.ident = format_ident!("{}_", method.sig.ident);
    }
}

/// The documentation among attributes.
pub fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}

/// Documentation of this text.
pub fn doc(text: &str) -> Attribute {
    let text = format!(" {text}");
    syn::parse_quote!(#[doc = #text])
}

/// What serde is told by that name; of a word alone, nothing but that it is there.
pub fn serde<'a>(attributes: impl IntoIterator<Item = &'a Attribute>, name: &str) -> Option<String> {
    let mut told = None;
    for attribute in attributes.into_iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // What else the attribute holds is passed over, its values with it.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(syn::parse::ParseBuffer::parse::<LitStr>);
            if meta.path.is_ident(name) {
                told = Some(value.map(|value| value.value()).unwrap_or_default());
            }
            Ok(())
        });
    }
    told
}

/// Takes traits out of a `derive`.
pub fn remove_derives(attributes: &mut [Attribute], removed: &[&str]) -> Result<()> {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let mut kept = Vec::new();
        attribute
            .parse_nested_meta(|meta| {
                if !meta.path.segments.last().is_some_and(|last| removed.iter().any(|name| last.ident == name)) {
                    kept.push(meta.path);
                }
                Ok(())
            })
            .map_err(|_| nothing("readable `derive`"))?;
        *attribute = syn::parse_quote! { #[derive(#(#kept),*)] };
    }
    Ok(())
}
