//! String types with constraints: enums and bounded strings.

use std::collections::BTreeSet;

use proc_macro2::Literal;
use quote::{format_ident, quote};
use syn::{Ident, Item, ItemEnum, parse_quote};

use super::docs::code;
use super::{not_found, tree};
use crate::lower::{Direction, Lowered, NamedType};
use crate::{Provenance, Result};

/// Replaces the implementations of bounded strings, so that their errors describe what they accept. Returns these types.
pub fn rebuild_bounded(items: &mut Vec<Item>, lowered: &Lowered) -> Result<BTreeSet<Ident>> {
    let parsed = items.iter().filter(|item| tree::trait_name(item).as_deref() == Some("FromStr"));
    let parsed: BTreeSet<Ident> = parsed.filter_map(tree::self_type).cloned().collect();
    let mut bounded = BTreeSet::new();
    let mut added: Vec<Item> = Vec::new();
    for item in &mut *items {
        if let Item::Struct(object) = item
            && parsed.contains(&object.ident)
        {
            tree::remove_derives(&mut object.attrs, &["Serialize"])?;
            object.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            let name = &object.ident;
            let origin = named_type(name, lowered)?;
            let bound = |keyword: &str| origin.schema[keyword].as_u64().map(Literal::u64_unsuffixed);
            let min = bound("minLength").map(|min| quote!(min(#min),));
            let max = bound("maxLength").map(|max| quote!(max(#max),));
            let expected = origin.expected.trim_start_matches("must be ");
            added.push(parse_quote!(runtime::bounded_string!(#name, #min #max #expected);));
            bounded.insert(name.clone());
        }
    }
    remove_implementations(items, &bounded);
    items.extend(added);
    Ok(bounded)
}

/// Removes the trait implementations of these types, which macros of the runtime replace.
fn remove_implementations(items: &mut Vec<Item>, types: &BTreeSet<Ident>) {
    let is_of = |item: &Item| {
        let converted = tree::trait_argument(item).and_then(tree::last_ident);
        [tree::self_type(item), converted].into_iter().flatten().any(|name| types.contains(name))
    };
    items.retain(|item| !(tree::trait_name(item).is_some() && is_of(item)));
}

/// Makes enums of strings extensible: they are `non_exhaustive`, and those in responses keep values that the document does not list.
/// Returns these types.
pub fn open_enumerations(
    items: &mut Vec<Item>,
    lowered: &Lowered,
    provenance: &mut Provenance,
) -> Result<BTreeSet<Ident>> {
    let mut enumerations = BTreeSet::new();
    let mut added: Vec<Item> = Vec::new();
    for item in &mut *items {
        let Item::Enum(enumeration) = item else { continue };
        let origin = named_type(&enumeration.ident, lowered)?;
        if origin.values.is_empty() {
            continue;
        }
        for (variant, value) in enumeration.variants.iter().zip(&origin.values) {
            provenance.record(format!("types::{}::{}", enumeration.ident, variant.ident), &origin.members[value]);
        }
        added.push(open(enumeration, origin)?);
        enumerations.insert(enumeration.ident.clone());
    }
    remove_implementations(items, &enumerations);
    items.extend(added);
    Ok(enumerations)
}

/// Makes an enum extensible and returns its implementation, which restores the values of the document: typify gets the names of variants
/// as values.
fn open(enumeration: &mut ItemEnum, origin: &NamedType) -> Result<Item> {
    if enumeration.variants.len() != origin.values.len() {
        return Err(not_found(&format!("variant for each value of `{}`", enumeration.ident)));
    }
    tree::remove_derives(&mut enumeration.attrs, &["Serialize", "Deserialize"])?;
    enumeration.attrs.push(parse_quote!(#[non_exhaustive]));
    for (variant, value) in enumeration.variants.iter_mut().zip(&origin.values) {
        variant.attrs = vec![tree::doc(&code(value))];
    }
    let name = &enumeration.ident;
    let values = &origin.values;
    let variants: Vec<Ident> = enumeration.variants.iter().map(|variant| variant.ident.clone()).collect();
    let is_open = origin.direction == Direction::Response;
    let kind = format_ident!("{}", if is_open { "open" } else { "closed" });
    let implementation = parse_quote!(runtime::string_enum!(#name, #kind, #(#variants(#values)),*););
    if is_open {
        tree::remove_derives(&mut enumeration.attrs, &["Copy"])?;
        enumeration.variants.push(parse_quote! {
            /// A value that the OpenAPI document does not list, as received.
            Unlisted(::std::string::String)
        });
    }
    Ok(implementation)
}

/// Returns the schema that a generated type comes from.
pub fn named_type<'a>(name: &Ident, lowered: &'a Lowered) -> Result<&'a NamedType> {
    lowered.types.get(&name.to_string()).ok_or_else(|| not_found(&format!("schema that `{name}` comes from")))
}
