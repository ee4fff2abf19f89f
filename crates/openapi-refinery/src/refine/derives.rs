//! Derives of `Eq` and `Hash`.

use std::collections::{BTreeMap, BTreeSet};

use quote::format_ident;
use syn::{Attribute, Field, Ident, Item, Meta, parse_quote};

use super::text;

/// The traits, each with the types outside of the document that do not implement it.
const TRAITS: [(&str, &[&str]); 2] = [("Eq", &["f32", "f64"]), ("Hash", &["f32", "f64", "HashMap"])];

/// Adds the traits to each type that derives `PartialEq` and consists only of types that implement them.
pub fn derive_eq_and_hash(items: &mut [Item]) {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, parts) in items.iter().filter_map(field_types) {
        parts.into_iter().for_each(|part| owners.entry(part).or_default().push(name.to_string()));
    }
    for (name, without) in TRAITS {
        let without = with_owners(without, &owners);
        for (ident, attributes) in items.iter_mut().filter_map(attributes) {
            if !without.contains(ident.to_string().as_str()) {
                extend_derive(attributes, name);
            }
        }
    }
}

/// Returns the types and all types that contain them, directly or not.
fn with_owners<'a>(types: &[&'a str], owners: &'a BTreeMap<String, Vec<String>>) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = types.iter().copied().collect();
    let mut open = types.to_vec();
    while let Some(part) = open.pop() {
        let owners = owners.get(part).into_iter().flatten().map(String::as_str);
        open.extend(owners.filter(|owner| found.insert(owner)));
    }
    found
}

/// Returns the name of a struct or enum, and all names in the types of its fields.
pub fn field_types(item: &Item) -> Option<(&Ident, BTreeSet<String>)> {
    let (ident, fields): (_, Vec<&Field>) = match item {
        Item::Struct(object) => (&object.ident, object.fields.iter().collect()),
        Item::Enum(union) => (&union.ident, union.variants.iter().flat_map(|variant| &variant.fields).collect()),
        _ => return None,
    };
    let types = fields.into_iter().map(|field| text(&field.ty)).collect::<Vec<_>>().join(",");
    let names = types.split(|c: char| !c.is_alphanumeric() && c != '_');
    Some((ident, names.map(str::to_owned).collect()))
}

fn attributes(item: &mut Item) -> Option<(&Ident, &mut Vec<Attribute>)> {
    match item {
        Item::Struct(object) => Some((&object.ident, &mut object.attrs)),
        Item::Enum(enumeration) => Some((&enumeration.ident, &mut enumeration.attrs)),
        _ => None,
    }
}

/// Adds a trait to the `derive` that has `PartialEq`, unless it has the trait already.
fn extend_derive(attributes: &mut [Attribute], name: &str) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let Meta::List(list) = &attribute.meta else { continue };
        let derived = text(&list.tokens);
        let has = |name: &str| derived.split(',').any(|known| known == name);
        if has("PartialEq") && !has(name) {
            let (before, name) = (&list.tokens, format_ident!("{name}"));
            *attribute = parse_quote! { #[derive(#before, #name)] };
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn traits_are_derived_if_all_fields_implement_them() {
        let derive = quote!(#[derive(Clone, PartialEq)]);
        let mut items: Vec<Item> = vec![
            parse_quote! { #derive struct Price { amount: ::std::option::Option<f64> } },
            parse_quote! { #derive struct Book { price: ::std::vec::Vec<Price>, next: ::std::boxed::Box<Book> } },
            parse_quote! { #derive enum Media { Book(Book), Text(::std::string::String) } },
            parse_quote! { #derive struct Shelf { name: String, below: ::std::boxed::Box<Shelf> } },
            parse_quote! { #derive struct Labels(::std::collections::HashMap<String, String>); },
            parse_quote! { #[derive(Clone, Eq, Hash, PartialEq)] enum Color { Red } },
        ];
        derive_eq_and_hash(&mut items);
        let derives = items.iter_mut().filter_map(attributes).map(|(name, attributes)| {
            let Meta::List(list) = &attributes[0].meta else { return name.to_string() };
            format!("{name}: {}", text(&list.tokens))
        });
        assert_eq!(
            derives.collect::<Vec<_>>(),
            [
                "Price: Clone,PartialEq",
                "Book: Clone,PartialEq",
                "Media: Clone,PartialEq",
                "Shelf: Clone,PartialEq,Eq,Hash",
                "Labels: Clone,PartialEq,Eq",
                "Color: Clone,Eq,Hash,PartialEq",
            ]
        );
    }
}
