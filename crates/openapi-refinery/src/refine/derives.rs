//! Derives of `Eq` and `Hash`.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Ident, Item};

use super::tree;
use crate::Result;
use crate::references::References;

/// The traits, each with the types outside of the document that do not implement it.
const TRAITS: [(&str, &[&str]); 2] = [("Eq", &["f32", "f64"]), ("Hash", &["f32", "f64", "HashMap"])];

/// Adds the traits to each type that derives `PartialEq` and consists only of types that implement them.
pub fn derive_eq_and_hash(items: &mut [Item], references: &References) -> Result<()> {
    let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, parts) in references {
        parts.iter().for_each(|part| owners.entry(part).or_default().push(name));
    }
    let traits = TRAITS.map(|(name, without)| (name, with_owners(without, &owners)));
    for (ident, attributes) in items.iter_mut().filter_map(attributes) {
        let ident = ident.to_string();
        let implemented = traits.iter().filter(|(_, without)| !without.contains(ident.as_str()));
        tree::add_derives(attributes, implemented.map(|(name, _)| *name))?;
    }
    Ok(())
}

/// Returns the types and all types that contain them, directly or not.
fn with_owners<'a>(types: &[&'a str], owners: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut found: BTreeSet<&str> = types.iter().copied().collect();
    let mut open = types.to_vec();
    while let Some(part) = open.pop() {
        open.extend(owners.get(part).into_iter().flatten().filter(|owner| found.insert(owner)));
    }
    found
}

fn attributes(item: &mut Item) -> Option<(&Ident, &mut Vec<Attribute>)> {
    match item {
        Item::Struct(object) => Some((&object.ident, &mut object.attrs)),
        Item::Enum(enumeration) => Some((&enumeration.ident, &mut enumeration.attrs)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use quote::quote;
    use syn::{Meta, parse_quote};

    use super::super::text;
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
        let references = tree::references(&items);
        derive_eq_and_hash(&mut items, &references).unwrap();
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
