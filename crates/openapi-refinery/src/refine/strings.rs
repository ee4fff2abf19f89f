//! String types with constraints: enums and bounded strings.

use proc_macro2::Literal;
use quote::{format_ident, quote};
use syn::{Ident, Item, ItemEnum, ItemStruct, parse_quote};

use super::docs::code;
use super::{not_found, tree};
use crate::lower::{Direction, Lowered, NamedType};
use crate::{Provenance, Result};

/// Adds the implementations of strings, so that their errors describe what they accept, and makes enums extensible: they are
/// `non_exhaustive`, and those in responses keep values that the document does not list.
pub fn rebuild(items: &mut Vec<Item>, lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    let (mut bounded, mut enumerations) = (Vec::new(), Vec::new());
    for item in &mut *items {
        match item {
            Item::Struct(object) => {
                let origin = named_type(&object.ident, lowered)?;
                if origin.is_text {
                    bounded.push(implement_bounded_string(object, origin)?);
                }
            }
            Item::Enum(enumeration) => {
                let origin = named_type(&enumeration.ident, lowered)?;
                if origin.is_text {
                    for (variant, value) in origin.variants.iter().zip(&origin.values) {
                        let item = format!("types::{}::{variant}", enumeration.ident);
                        provenance.record(item, &origin.members[value]);
                    }
                    enumerations.push(make_enum_extensible(enumeration, origin)?);
                }
            }
            _ => {}
        }
    }
    items.extend(bounded);
    items.extend(enumerations);
    Ok(())
}

/// Returns the implementation of a string of limited length.
fn implement_bounded_string(object: &mut ItemStruct, origin: &NamedType) -> Result<Item> {
    tree::remove_derives(&mut object.attrs, &["Serialize"])?;
    object.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    let name = &object.ident;
    let bound = |keyword: &str| origin.schema[keyword].as_u64().map(Literal::u64_unsuffixed);
    let min = bound("minLength").map(|min| quote!(min(#min),));
    let max = bound("maxLength").map(|max| quote!(max(#max),));
    let expected = origin.expected.trim_start_matches("must be ");
    Ok(parse_quote!(runtime::bounded_string!(#name, #min #max #expected);))
}

/// Makes an enum extensible and returns its implementation, which restores names and values: typify gets placeholders.
fn make_enum_extensible(enumeration: &mut ItemEnum, origin: &NamedType) -> Result<Item> {
    if enumeration.variants.len() != origin.values.len() {
        return Err(not_found(&format!("variant for each value of `{}`", enumeration.ident)));
    }
    tree::remove_derives(&mut enumeration.attrs, &["Serialize", "Deserialize"])?;
    enumeration.attrs.push(parse_quote!(#[non_exhaustive]));
    for (variant, (name, value)) in enumeration.variants.iter_mut().zip(origin.variants.iter().zip(&origin.values)) {
        variant.ident = format_ident!("{name}");
        variant.attrs = vec![tree::doc(&code(value))];
    }
    let name = &enumeration.ident;
    let values = &origin.values;
    let variants: Vec<Ident> = enumeration.variants.iter().map(|variant| variant.ident.clone()).collect();
    let is_open = origin.direction == Direction::Response;
    let unlisted = is_open.then(|| quote!(; Unlisted));
    // An error does not show passwords.
    let expected = origin.expected.trim_start_matches("must be ");
    let expected = (!origin.secrets.is_empty()).then(|| quote!(: #expected));
    let implementation = parse_quote!(runtime::string_enum!(#name #expected, #(#variants(#values)),* #unlisted););
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
    lowered.types.get(&name.to_string()).ok_or_else(|| not_found(&format!("known schema for the type `{name}`")))
}
