//! Types that are strings with a rule: enumerations and bounded strings.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, ExprCall, Ident, Item, ItemEnum, ItemStruct, LitStr, parse_quote};

use super::{nothing, tree};
use crate::lower::{Direction, Lowered, NamedType};
use crate::{Provenance, Result};

/// The traits that the runtime implements for each of these types.
const OF_THE_RUNTIME: [&str; 4] = ["Deserialize", "Display", "Serialize", "TryFrom"];

/// Rebuilds bounded strings: an error says what they accept.
pub fn rebuild_bounded(items: &mut Vec<Item>, lowered: &Lowered) -> Result<()> {
    let parsed = items.iter().filter(|item| tree::trait_name(item).as_deref() == Some("FromStr"));
    let parsed: BTreeSet<Ident> = parsed.filter_map(tree::self_type).cloned().collect();
    let mut bounded = BTreeSet::new();
    let mut added: Vec<Item> = Vec::new();
    for item in &mut *items {
        if let Item::Struct(object) = item
            && parsed.contains(&object.ident)
        {
            bounded.insert(object.ident.clone());
            added.extend(rebuild_struct(object, named(&object.ident, lowered)?)?);
        }
        if let Some(name) = tree::self_type(item).cloned()
            && tree::trait_name(item).as_deref() == Some("FromStr")
        {
            Expectation(&named(&name, lowered)?.expected).visit_item_mut(item);
        }
    }
    remove_traits(items, &bounded, &OF_THE_RUNTIME);
    items.extend(added);
    Ok(())
}

fn rebuild_struct(object: &mut ItemStruct, origin: &NamedType) -> Result<[Item; 2]> {
    tree::remove_derives(&mut object.attrs, &["Serialize"])?;
    object.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    let name = &object.ident;
    let conversions = conversions(name, origin);
    let as_text = parse_quote! {
        impl ::std::convert::AsRef<str> for #name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
    Ok([as_text, conversions])
}

/// The conversions of a type that is parsed from a string: see `string_type` in the runtime.
fn conversions(name: &Ident, origin: &NamedType) -> Item {
    let expected = origin.expected.trim_start_matches("must be ");
    parse_quote!(runtime::string_type!(#name, #expected);)
}

fn remove_traits(items: &mut Vec<Item>, types: &BTreeSet<Ident>, traits: &[&str]) {
    items.retain(|item| {
        let is_removed = tree::trait_name(item).is_some_and(|name| traits.contains(&name.as_str()));
        !(is_removed && tree::self_type(item).is_some_and(|name| types.contains(name)))
    });
}

/// Replaces the text in `Err("…".into())`.
struct Expectation<'a>(&'a str);

impl VisitMut for Expectation<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        if matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err")) {
            ReplaceText(self.0).visit_expr_call_mut(call);
        } else {
            visit_mut::visit_expr_call_mut(self, call);
        }
    }
}

struct ReplaceText<'a>(&'a str);

impl VisitMut for ReplaceText<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        *literal = LitStr::new(self.0, literal.span());
    }
}

/// Opens enumerations to additions: none can be matched exhaustively, and one in a response keeps a value that the document does not
/// list. Where an instance fits none of several schemas, the error names them.
pub fn open_enumerations(items: &mut Vec<Item>, lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    let mut enumerations = BTreeSet::new();
    let mut added: Vec<Item> = Vec::new();
    for item in &mut *items {
        let Item::Enum(enumeration) = item else { continue };
        let origin = named(&enumeration.ident, lowered)?;
        if origin.values.is_empty() {
            continue;
        }
        for (variant, value) in enumeration.variants.iter().zip(&origin.values) {
            provenance.record(format!("types::{}::{}", enumeration.ident, variant.ident), &origin.members[value]);
        }
        added.extend(open(enumeration, origin)?);
        enumerations.insert(enumeration.ident.clone());
    }
    remove_traits(items, &enumerations, &OF_THE_RUNTIME);
    remove_traits(items, &enumerations, &["FromStr"]);
    items.extend(added);
    Ok(())
}

/// An enumeration's variants are told apart by the document's values: progenitor was given their Rust names.
fn open(enumeration: &mut ItemEnum, origin: &NamedType) -> Result<[Item; 3]> {
    if enumeration.variants.len() != origin.values.len() {
        return Err(nothing(&format!("variant for each value of `{}`", enumeration.ident)));
    }
    tree::remove_derives(&mut enumeration.attrs, &["Serialize", "Deserialize"])?;
    enumeration.attrs.push(parse_quote!(#[non_exhaustive]));
    for (variant, value) in enumeration.variants.iter_mut().zip(&origin.values) {
        let text = format!(" `{value}`");
        variant.attrs = vec![parse_quote!(#[doc = #text])];
    }
    let name = &enumeration.ident;
    let values = &origin.values;
    let variants: Vec<Ident> = enumeration.variants.iter().map(|variant| variant.ident.clone()).collect();
    let expected = &origin.expected;
    let is_open = origin.direction == Direction::Response;
    let (shown, read): (Option<Arm>, Arm) = if is_open {
        (Some(parse_quote!(Self::Unlisted(value) => value,)), parse_quote!(other => Self::Unlisted(other.to_owned()),))
    } else {
        (None, parse_quote!(_ => return ::std::result::Result::Err(#expected.into()),))
    };
    let added = [
        parse_quote! {
            impl ::std::convert::AsRef<str> for #name {
                fn as_ref(&self) -> &str {
                    match self {
                        #(Self::#variants => #values,)*
                        #shown
                    }
                }
            }
        },
        parse_quote! {
            impl ::std::str::FromStr for #name {
                type Err = self::error::ConversionError;
                fn from_str(value: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                    ::std::result::Result::Ok(match value {
                        #(#values => Self::#variants,)*
                        #read
                    })
                }
            }
        },
        conversions(name, origin),
    ];
    if is_open {
        tree::remove_derives(&mut enumeration.attrs, &["Copy"])?;
        enumeration.variants.push(parse_quote! {
            /// A value that the document does not list, as it was received.
            Unlisted(::std::string::String)
        });
    }
    Ok(added)
}

/// Where a generated type comes from.
pub fn named<'a>(name: &Ident, lowered: &'a Lowered) -> Result<&'a NamedType> {
    lowered.types.get(&name.to_string()).ok_or_else(|| nothing(&format!("schema that `{name}` comes from")))
}
