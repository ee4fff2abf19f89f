//! Unions: selection of one of several alternatives.

use std::collections::{BTreeMap, BTreeSet};

use quote::{format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{Fields, Ident, Item, ItemEnum, Path, Type, parse_quote};

use super::docs::code;
use super::strings::named_type;
use super::{not_found, text, tree};
use crate::Result;
use crate::lower::{Direction, Discriminator, Lowered, NamedType};
use crate::references::References;

/// Replaces the deserialization of unions: the alternative is selected by the discriminator if there is one, otherwise it is the one that
/// keeps most of the value. `texts` are the generated types that are parsed from text.
pub fn rebuild(items: &mut Vec<Item>, texts: &BTreeSet<Ident>, lowered: &Lowered) -> Result<()> {
    name_variants(items, lowered)?;
    let mut added: Vec<Item> = Vec::new();
    let mut with_text: BTreeSet<Ident> = BTreeSet::new();
    for item in &mut *items {
        let Item::Enum(union) = item else { continue };
        let origin = named_type(&union.ident, lowered)?;
        if origin.is_text {
            continue;
        }
        tree::remove_derives(&mut union.attrs, &["Deserialize"])?;
        // The API may accept or return further alternatives later.
        union.attrs.push(parse_quote!(#[non_exhaustive]));
        if let Some(discriminator) = &origin.discriminator {
            added.push(select_by_discriminator(union, discriminator, origin.direction)?);
            continue;
        }
        added.push(select_by_value(union, origin));
        let mut types = union.variants.iter().flat_map(|variant| &variant.fields).map(|field| &field.ty);
        if types.any(|ty| tree::is_text(ty, texts)) {
            let name = &union.ident;
            added.push(parse_quote!(runtime::union_with_text!(#name);));
            with_text.insert(name.clone());
        }
    }
    // typify implements `FromStr` and `TryFrom` if all alternatives can be parsed, but takes the first one that accepts the text.
    let parses = |item: &Item| ["FromStr", "TryFrom"].iter().any(|name| tree::is_impl_of(item, name));
    items.retain(|item| !parses(item) || tree::self_type(item).is_none_or(|name| !with_text.contains(name)));
    let numbers = convert_numbers(items);
    items.extend(added);
    items.extend(numbers);
    Ok(())
}

/// Returns implementations of `TryFrom<i32>` and of other primitive numbers, for each union that implements `From<runtime::Number>`, or
/// `From<T>` for exactly one integer type `T` of the runtime.
fn convert_numbers(items: &[Item]) -> Vec<Item> {
    let mut numbers: BTreeMap<&Ident, (Vec<&Type>, Vec<&Type>)> = BTreeMap::new();
    for item in items {
        let (Some(union), Some(value)) = (tree::self_type(item), tree::converted_from(item)) else { continue };
        match text(value).strip_prefix("super::runtime::") {
            Some("Number") => numbers.entry(union).or_default().1.push(value),
            Some(other) if other.starts_with("Int") => numbers.entry(union).or_default().0.push(value),
            _ => {}
        }
    }
    let conversions = numbers.into_iter().flat_map(|(union, (integers, numbers))| {
        let of_integers = match (integers.as_slice(), numbers.as_slice()) {
            ([ty], _) => Some(parse_quote!(runtime::union_with_number!(#union, #ty: i32 i64 u32 u64);)),
            // A float does not represent all integers of 64 bits.
            ([], [ty]) => Some(parse_quote!(runtime::union_with_number!(#union, #ty: i32 u32);)),
            _ => None,
        };
        let of_numbers = numbers.first().map(|ty| parse_quote!(runtime::union_with_number!(#union, #ty: f64);));
        of_integers.into_iter().chain(of_numbers)
    });
    conversions.collect()
}

/// Returns whether a type in a request is a union, or a list, a map or an optional value of unions.
pub fn is_union(ty: &Type, lowered: &Lowered) -> bool {
    let wrapped = ["Option", "Vec", "Box", "Boxed"].iter().find_map(|wrapper| tree::argument(ty, wrapper));
    match wrapped.or_else(|| tree::map_value(ty)) {
        Some(inner) => is_union(inner, lowered),
        None => {
            let origin = tree::last_ident(ty).and_then(|name| lowered.types.get(&name.to_string()));
            origin.is_some_and(|it| it.direction == Direction::Request && !it.is_text && !it.variants.is_empty())
        }
    }
}

/// Returns whether a type in a request is an object of its own, which has a builder.
pub fn has_builder(ty: &Type, lowered: &Lowered) -> bool {
    let origin = tree::last_ident(ty).and_then(|name| lowered.types.get(&name.to_string()));
    let is_generated = text(ty).starts_with("types::");
    is_generated && origin.is_some_and(|it| it.direction == Direction::Request && !it.is_text && it.variants.is_empty())
}

/// Returns whether a type in a request is a union that may have a wrong discriminator: its own, or that of an alternative.
pub fn may_be_wrong(ty: &Type, lowered: &Lowered) -> bool {
    is_union(ty, lowered) && lowered.types.values().any(is_tagged)
}

/// Returns the names of unions in requests that have a discriminator, and of all types that contain them.
pub fn list_tagged(references: &References, lowered: &Lowered) -> BTreeSet<String> {
    let mut tagged: BTreeSet<String> =
        lowered.types.iter().filter(|(_, origin)| is_tagged(origin)).map(|(name, _)| name.clone()).collect();
    let mut count = 0;
    while count < tagged.len() {
        count = tagged.len();
        let containing = references.iter().filter(|(_, parts)| !parts.is_disjoint(&tagged));
        let containing: Vec<String> = containing.map(|(name, _)| name.clone()).collect();
        tagged.extend(containing);
    }
    tagged
}

fn is_tagged(origin: &NamedType) -> bool {
    origin.discriminator.is_some() && origin.direction == Direction::Request
}

/// Implements `TryFrom<builder::A>` for each union that implements `From<A>`, if `A` is an object of a request.
pub fn convert_builders(items: &mut Vec<Item>, lowered: &Lowered) {
    let objects = items.iter().filter_map(|item| match item {
        Item::Struct(object) if matches!(object.fields, Fields::Named(_)) => Some(&object.ident),
        _ => None,
    });
    let is_request = |name: &Ident| {
        lowered.types.get(&name.to_string()).is_some_and(|origin| origin.direction == Direction::Request)
    };
    let objects: BTreeSet<&Ident> = objects.filter(|name| is_request(name)).collect();
    let conversions = items.iter().filter_map(|item| {
        let (union, value) = (tree::self_type(item)?, tree::converted_from(item)?);
        let Type::Path(path) = tree::unboxed(value).unwrap_or(value) else { return None };
        // A type of the standard library may be named like an object. It has no builder, and is recognized by its longer path.
        let object = path.path.get_ident().filter(|name| objects.contains(name))?;
        Some(parse_quote!(runtime::union_with_builder!(#union, #object, #value);))
    });
    let conversions: Vec<Item> = conversions.collect();
    items.extend(conversions);
}

/// Returns the deserialization of a union without a discriminator.
fn select_by_value(union: &mut ItemEnum, NamedType { expected, positions, .. }: &NamedType) -> Item {
    let count = union.variants.len();
    for (variant, position) in union.variants.iter_mut().zip(positions) {
        // Alternatives that accept no value have no variant.
        let number = positions.iter().filter(|other| *other <= position).count();
        variant.attrs.push(tree::doc(&format!("Alternative {number} of {count}.")));
    }
    let (name, variants) = (&union.ident, union.variants.iter().map(|variant| &variant.ident));
    parse_quote!(runtime::untagged_union!(#name, #expected #(, #variants)*);)
}

/// Returns the deserialization of a union with a discriminator, and the serialization if it is sent.
fn select_by_discriminator(union: &mut ItemEnum, discriminator: &Discriminator, direction: Direction) -> Result<Item> {
    let Discriminator { property, values, fallback } = discriminator;
    let name = union.ident.clone();
    let variants: Vec<Ident> = union.variants.iter().map(|variant| variant.ident.clone()).collect();
    if values.len() != variants.len() {
        return Err(not_found(&format!("variant for each alternative of `{name}`")));
    }
    for (variant, values) in union.variants.iter_mut().zip(values) {
        let (property, values) = (code(property), values.iter().map(|value| code(value)).collect::<Vec<_>>());
        let text = match values.as_slice() {
            [] => format!("The alternative with any other {property}."),
            values => format!("The alternative with the {property} {}.", values.join(" or ")),
        };
        variant.attrs.push(tree::doc(&text));
    }
    let arms = values.iter().zip(&variants);
    let arms = arms.flat_map(|(values, variant)| values.iter().map(move |value| quote!(#value => #variant)));
    let fallback = fallback.map(|index| &variants[index]).map(|variant| quote!(, #variant));
    Ok(match direction {
        Direction::Request => {
            tree::remove_derives(&mut union.attrs, &["Serialize"])?;
            let attributes = union.variants.iter_mut().map(|variant| &mut variant.attrs).chain([&mut union.attrs]);
            attributes.for_each(|it| it.retain(|attribute| !attribute.path().is_ident("serde")));
            parse_quote!(runtime::tagged_request!(#name, #property, [#(#arms),*] #fallback);)
        }
        Direction::Response => {
            let unlisted = unlisted_name(&variants);
            union.variants.push(parse_quote! {
                /// A value for which the document has no alternative, as it was received.
                #unlisted(::serde_json::Value)
            });
            parse_quote!(runtime::tagged_response!(#name, #property, [#(#arms),*], #unlisted #fallback);)
        }
    })
}

/// Names variants after their alternatives, since typify numbers them.
fn name_variants(items: &mut [Item], lowered: &Lowered) -> Result<()> {
    let mut renamed: BTreeMap<Ident, VariantNames> = BTreeMap::new();
    for item in &mut *items {
        let Item::Enum(union) = item else { continue };
        let origin = named_type(&union.ident, lowered)?;
        if origin.is_text {
            continue;
        }
        if origin.variants.len() != union.variants.len() {
            return Err(not_found(&format!("variant for each alternative of `{}`", union.ident)));
        }
        let names = renamed.entry(union.ident.clone()).or_default();
        for (variant, name) in union.variants.iter_mut().zip(&origin.variants) {
            let name = format_ident!("{name}");
            names.0.insert(std::mem::replace(&mut variant.ident, name.clone()), name);
        }
    }
    for item in items {
        let names = tree::self_type(item).and_then(|name| renamed.get_mut(name));
        if let (Some(names), Item::Impl(block)) = (names, item) {
            names.visit_item_impl_mut(block);
        }
    }
    Ok(())
}

/// The names of variants, by the names that typify assigned.
#[derive(Default)]
struct VariantNames(BTreeMap<Ident, Ident>);

impl VisitMut for VariantNames {
    fn visit_path_mut(&mut self, path: &mut Path) {
        let is_variant = path.segments.len() == 2 && path.segments[0].ident == "Self";
        if let Some(name) = path.segments.last_mut().filter(|_| is_variant).map(|segment| &mut segment.ident)
            && let Some(new) = self.0.get(name)
        {
            *name = new.clone();
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}

/// Returns the name of the variant for unlisted values, which no alternative has.
fn unlisted_name(variants: &[Ident]) -> Ident {
    let mut name = format_ident!("Unlisted");
    while variants.contains(&name) {
        name = format_ident!("{name}_");
    }
    name
}
