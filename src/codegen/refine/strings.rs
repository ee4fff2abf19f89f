//! Types that are strings with a rule: enumerations and bounded strings.

use std::collections::BTreeSet;

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, Ident, ImplItem, Item, ItemEnum, LitStr, parse_quote};

use super::{nothing, tree};
use crate::codegen::Result;
use crate::codegen::lower::{Direction, Lowered, NamedType};

/// Says in errors what a type accepts, and accepts a `&String` wherever a `&str` will do.
pub fn tell_expectations(items: &mut Vec<Item>, lowered: &Lowered) -> Result<()> {
    let mut conversions: Vec<Item> = Vec::new();
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
/// not list. Only a string is read as a value.
pub fn open_response_enums(items: &mut Vec<Item>, lowered: &Lowered) -> Result<()> {
    let mut open = BTreeSet::new();
    let mut readers: Vec<Item> = Vec::new();
    for item in &mut *items {
        let Item::Enum(enumeration) = item else { continue };
        if enumeration.variants.iter().any(|variant| !variant.fields.is_empty()) {
            continue;
        }
        tree::remove_derives(&mut enumeration.attrs, &["Deserialize"])?;
        enumeration.attrs.push(parse_quote!(#[non_exhaustive]));
        if named(&enumeration.ident, lowered)?.direction == Direction::Response {
            add_unlisted(enumeration)?;
            open.insert(enumeration.ident.clone());
        }
        document_variants(enumeration);
        let name = &enumeration.ident;
        readers.push(parse_quote! {
            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
                where
                    D: ::serde::Deserializer<'de>,
                {
                    super::support::parse(deserializer)
                }
            }
        });
    }
    for item in &mut *items {
        let is_open = tree::self_type(item).is_some_and(|name| open.contains(name));
        match (is_open, tree::trait_name(item).as_deref()) {
            (true, Some("Display")) => show_unlisted(item)?,
            (true, Some("FromStr")) => KeepUnlisted.visit_item_mut(item),
            _ => {}
        }
    }
    items.extend(readers);
    Ok(())
}

fn add_unlisted(enumeration: &mut ItemEnum) -> Result<()> {
    if enumeration.variants.iter().any(|variant| variant.ident == "Unlisted") {
        return Err(nothing("room for the variant `Unlisted`: the document lists a value of that name"));
    }
    tree::remove_derives(&mut enumeration.attrs, &["Copy"])?;
    enumeration.variants.push(parse_quote! {
        /// A value that the document does not list, as it was received.
        #[serde(untagged)]
        Unlisted(::std::string::String)
    });
    Ok(())
}

fn document_variants(enumeration: &mut ItemEnum) {
    for variant in enumeration.variants.iter_mut().filter(|variant| tree::docs(&variant.attrs).is_empty()) {
        let value = variant.attrs.iter().find_map(rename).unwrap_or_else(|| variant.ident.to_string());
        let text = format!(" `{value}`");
        variant.attrs.push(parse_quote!(#[doc = #text]));
    }
}

/// The name that serde gives a field or variant.
pub fn rename(attribute: &syn::Attribute) -> Option<String> {
    let mut name = None;
    if attribute.path().is_ident("serde") {
        // What else the attribute holds is passed over, its values with it.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(syn::parse::ParseBuffer::parse::<LitStr>);
            if meta.path.is_ident("rename") {
                name = value.ok().map(|value| value.value());
            }
            Ok(())
        });
    }
    name
}

/// `Display` for an enumeration with an unlisted value.
fn show_unlisted(item: &mut Item) -> Result<()> {
    let Item::Impl(block) = item else { return Err(nothing("`Display`")) };
    let Some(ImplItem::Fn(method)) = block.items.first_mut() else { return Err(nothing("`fmt`")) };
    let Some(syn::Stmt::Expr(Expr::Match(values), _)) = method.block.stmts.first_mut() else {
        return Err(nothing("`match` in `fmt`"));
    };
    *values.expr = parse_quote!(self);
    values.arms.push(parse_quote!(Self::Unlisted(value) => f.write_str(value),));
    Ok(())
}

/// Puts `Ok(Self::Unlisted(…))` in place of `Err(…)`.
struct KeepUnlisted;

impl VisitMut for KeepUnlisted {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Call(call) = expr
            && matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err"))
        {
            *expr = syn::parse2(quote!(Ok(Self::Unlisted(value.to_string())))).unwrap_or(parse_quote!(value));
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// Where a generated type comes from.
pub fn named<'a>(name: &Ident, lowered: &'a Lowered) -> Result<&'a NamedType> {
    lowered.types.get(&name.to_string()).ok_or_else(|| nothing(&format!("schema that `{name}` comes from")))
}
