//! Types that are strings with a rule: enumerations and bounded strings.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Expr, ExprCall, Ident, Item, ItemEnum, LitStr, parse_quote};

use super::{nothing, tree};
use crate::lower::{Direction, Lowered, NamedType};
use crate::{Provenance, Result};

/// Says in errors what a type accepts, and accepts a `&String` wherever a `&str` will do.
pub fn tell_expectations(items: &mut Vec<Item>, lowered: &Lowered) -> Result<()> {
    let bounded = bounded_strings(items);
    let is_read_by_typify = |item: &Item| {
        tree::trait_name(item).as_deref() == Some("Deserialize")
            && tree::self_type(item).is_some_and(|name| bounded.contains(name))
    };
    items.retain(|item| !is_read_by_typify(item));
    let mut conversions: Vec<Item> = Vec::new();
    for name in &bounded {
        conversions.push(reader(name, named(name, lowered)?));
        conversions.push(parse_quote! {
            impl ::std::convert::AsRef<str> for #name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }
        });
    }
    for item in &mut *items {
        let (Some(name), Some("FromStr")) = (tree::self_type(item).cloned(), tree::trait_name(item).as_deref()) else {
            continue;
        };
        Expectation(&named(&name, lowered)?.expected).visit_item_mut(item);
        conversions.push(parse_quote! {
            impl ::std::convert::TryFrom<&::std::string::String> for #name {
                type Error = self::error::ConversionError;
                fn try_from(value: &::std::string::String) -> ::std::result::Result<Self, self::error::ConversionError> {
                    value.parse()
                }
            }
        });
    }
    items.extend(conversions);
    Ok(())
}

fn bounded_strings(items: &[Item]) -> BTreeSet<Ident> {
    let from_text = |item: &&Item| tree::trait_name(item).as_deref() == Some("FromStr");
    let named: BTreeSet<&Ident> = items.iter().filter(from_text).filter_map(tree::self_type).collect();
    let structs = items.iter().filter_map(|item| match item {
        Item::Struct(it) => Some(&it.ident),
        _ => None,
    });
    structs.filter(|name| named.contains(name)).cloned().collect()
}

/// Reads a type from a string, and from nothing else.
fn reader(name: &Ident, origin: &NamedType) -> Item {
    let expected = origin.expected.trim_start_matches("must be ");
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                super::runtime::parse(deserializer, #expected)
            }
        }
    }
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

/// Lets enumerations be added to: none can be matched exhaustively, and one in a response keeps a value that the document does
/// not list. Only a string is read as a value. Where an instance fits none of several schemas, the error names them.
pub fn open_enumerations(items: &mut Vec<Item>, lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    let mut enumerations = BTreeSet::new();
    let mut added: Vec<Item> = Vec::new();
    for item in &mut *items {
        let Item::Enum(enumeration) = item else { continue };
        let origin = named(&enumeration.ident, lowered)?;
        if enumeration.variants.iter().any(|variant| !variant.fields.is_empty()) {
            let expected = &origin.expected;
            enumeration.attrs.push(parse_quote!(#[serde(expecting = #expected)]));
            let alternatives = enumeration.variants.len();
            for (index, variant) in enumeration.variants.iter_mut().enumerate() {
                let said = format!("Of {alternatives} alternatives, tried as number {}.", index + 1);
                variant.attrs.push(tree::doc(&said));
            }
            continue;
        }
        for (variant, value) in enumeration.variants.iter().zip(&origin.values) {
            provenance.record(format!("types::{}::{}", enumeration.ident, variant.ident), &origin.members[value]);
        }
        added.extend(open(enumeration, origin)?);
        enumerations.insert(enumeration.ident.clone());
    }
    items.retain(|item| {
        let is_replaced = matches!(tree::trait_name(item).as_deref(), Some("Display" | "FromStr"));
        !(is_replaced && tree::self_type(item).is_some_and(|name| enumerations.contains(name)))
    });
    items.extend(added);
    Ok(())
}

/// An enumeration's variants are told apart by the document's values: progenitor was given their Rust names.
fn open(enumeration: &mut ItemEnum, origin: &NamedType) -> Result<Vec<Item>> {
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
        parse_quote! {
            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str(self.as_ref())
                }
            }
        },
        parse_quote! {
            impl ::serde::Serialize for #name {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_ref())
                }
            }
        },
        reader(name, origin),
    ];
    if is_open {
        tree::remove_derives(&mut enumeration.attrs, &["Copy"])?;
        enumeration.variants.push(parse_quote! {
            /// A value that the document does not list, as it was received.
            Unlisted(::std::string::String)
        });
    }
    Ok(added.into())
}

/// Where a generated type comes from.
pub fn named<'a>(name: &Ident, lowered: &'a Lowered) -> Result<&'a NamedType> {
    lowered.types.get(&name.to_string()).ok_or_else(|| nothing(&format!("schema that `{name}` comes from")))
}
