//! Helpers to search and modify syntax trees.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, Field, GenericArgument, Ident, ImplItemFn, Item, ItemMod, Lit, LitStr, Meta,
    MetaNameValue, Path, PathArguments, PathSegment, Token, Type, TypeParamBound, WherePredicate,
};

use super::not_found;
use crate::Result;
use crate::references::References;

/// Returns the module with this name.
pub fn module<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut ItemMod> {
    items
        .iter_mut()
        .find_map(|item| match item {
            Item::Mod(module) if module.ident == name => Some(module),
            _ => None,
        })
        .ok_or_else(|| not_found(&format!("module `{name}`")))
}

/// Returns the items of a module.
pub fn content(module: &mut ItemMod) -> Result<&mut Vec<Item>> {
    let name = module.ident.to_string();
    module.content.as_mut().map(|(_, items)| items).ok_or_else(|| not_found(&format!("content in module `{name}`")))
}

/// Removes a module.
pub fn remove_module(items: &mut Vec<Item>, name: &str) -> Result<()> {
    module(items, name)?;
    items.retain(|item| !matches!(item, Item::Mod(module) if module.ident == name));
    Ok(())
}

/// Returns the name of the type that an `impl` is for.
pub fn self_type(item: &Item) -> Option<&Ident> {
    match item {
        Item::Impl(block) => last_ident(&block.self_ty),
        _ => None,
    }
}

/// Returns whether an item implements a trait.
pub fn is_impl_of(item: &Item, name: &str) -> bool {
    matches!(item, Item::Impl(block) if block.trait_.as_ref().is_some_and(|(path, ..)| is_last(path, name)))
}

/// Returns the last segment of a path type.
pub fn last_ident(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// Returns whether a type is parsed from text: whether it is one of these generated types, a string or a URI.
pub fn is_text(ty: &Type, generated: &BTreeSet<Ident>) -> bool {
    let Type::Path(path) = ty else { return false };
    let mut names = path.path.segments.iter().rev().map(|segment| &segment.ident);
    let (name, module) = (names.next(), names.next().map(ToString::to_string));
    name.is_some_and(|name| match module.as_deref() {
        Some("string") => name == "String",
        Some("runtime") => name == "Uri",
        _ => generated.contains(name),
    })
}

/// Returns `T` of `Wrapper<T>`.
pub fn argument<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    arguments(path.path.segments.last().filter(|segment| segment.ident == wrapper)?).next()
}

/// Returns the type in a box.
pub fn unboxed(ty: &Type) -> Option<&Type> {
    argument(ty, "Box").or_else(|| argument(ty, "Boxed"))
}

/// Returns the type that a type is converted from by an `impl` of `From`.
pub fn converted_from(item: &Item) -> Option<&Type> {
    let Item::Impl(block) = item else { return None };
    let (path, ..) = block.trait_.as_ref()?;
    arguments(path.segments.last().filter(|segment| segment.ident == "From")?).next()
}

/// Returns `T` of `HashMap<String, T>`.
pub fn map_value(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    arguments(path.path.segments.last().filter(|segment| segment.ident == "HashMap")?).last()
}

/// Returns `T` of `where V: Into<T>` or a similar bound.
pub fn bound_argument(method: &ImplItemFn) -> Option<&Type> {
    let Some(WherePredicate::Type(bound)) = method.sig.generics.where_clause.as_ref()?.predicates.first() else {
        return None;
    };
    let Some(TypeParamBound::Trait(conversion)) = bound.bounds.first() else { return None };
    arguments(conversion.path.segments.last()?).next()
}

fn arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    })
}

/// Returns whether a method takes `self` and one argument.
pub fn is_setter(method: &ImplItemFn) -> bool {
    method.sig.receiver().is_some() && method.sig.inputs.len() == 2
}

/// Returns the documentation among attributes.
pub fn docs(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}

/// Returns an attribute with documentation.
pub fn doc(text: &str) -> Attribute {
    doc_line(&format!(" {text}"), AttrStyle::Outer)
}

/// Returns the attribute of a line of documentation. It is not parsed, because there is one for each line of the generated documentation.
pub fn doc_line(line: &str, style: AttrStyle) -> Attribute {
    let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(LitStr::new(line, Span::call_site())) });
    let meta = MetaNameValue { path: format_ident!("doc").into(), eq_token: Default::default(), value };
    Attribute { pound_token: Default::default(), style, bracket_token: Default::default(), meta: meta.into() }
}

/// Returns the value of a `serde` attribute; an empty text if it has none.
pub fn serde<'a>(attributes: impl IntoIterator<Item = &'a Attribute>, name: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes.into_iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // An error only means that the attribute contains entries that are skipped.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(syn::parse::ParseBuffer::parse::<LitStr>);
            if meta.path.is_ident(name) {
                found = Some(value.map(|value| value.value()).unwrap_or_default());
            }
            Ok(())
        });
    }
    found
}

/// Removes traits from a `derive`.
pub fn remove_derives(attributes: &mut Vec<Attribute>, removed: &[&str]) -> Result<()> {
    change_derives(attributes, |derived| derived.retain(|path| !removed.iter().any(|name| is_last(path, name))))
}

/// Adds traits to the `derive` that has `PartialEq`, except those that it has already.
pub fn add_derives(
    attributes: &mut Vec<Attribute>,
    added: impl IntoIterator<Item = &'static str> + Clone,
) -> Result<()> {
    let has = |derived: &[Path], name: &str| derived.iter().any(|path| is_last(path, name));
    change_derives(attributes, |derived| {
        if has(derived, "PartialEq") {
            let missing =
                added.clone().into_iter().filter(|name| !has(derived, name)).map(|name| format_ident!("{name}").into());
            derived.extend(missing.collect::<Vec<Path>>());
        }
    })
}

fn is_last(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// Changes the traits of each `derive`, and removes those without traits.
fn change_derives(attributes: &mut Vec<Attribute>, change: impl Fn(&mut Vec<Path>)) -> Result<()> {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let Meta::List(list) = &mut attribute.meta else { continue };
        let derived = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        let mut derived = derived.map_err(|_| not_found("`derive` that can be parsed"))?.into_iter().collect();
        change(&mut derived);
        list.tokens = quote!(#(#derived),*);
    }
    let is_empty = |attribute: &Attribute| {
        attribute.path().is_ident("derive") && attribute.meta.require_list().is_ok_and(|list| list.tokens.is_empty())
    };
    attributes.retain(|attribute| !is_empty(attribute));
    Ok(())
}

/// Returns the names of structs and enums, each with all names in the types of its fields.
pub fn references(items: &[Item]) -> References {
    let mut references = References::new();
    for item in items {
        let (ident, fields): (_, Vec<&Field>) = match item {
            Item::Struct(object) => (&object.ident, object.fields.iter().collect()),
            Item::Enum(union) => (&union.ident, union.variants.iter().flat_map(|variant| &variant.fields).collect()),
            _ => continue,
        };
        let names = references.entry(ident.to_string()).or_default();
        fields.into_iter().for_each(|field| add_names(field.ty.to_token_stream(), names));
    }
    references
}

/// Returns whether a type mentions one of these names.
pub fn mentions(ty: &Type, names: &BTreeSet<String>) -> bool {
    let mut mentioned = BTreeSet::new();
    add_names(ty.to_token_stream(), &mut mentioned);
    !names.is_disjoint(&mentioned)
}

fn add_names(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => drop(names.insert(name.to_string())),
            TokenTree::Group(group) => add_names(group.stream(), names),
            _ => {}
        }
    }
}
