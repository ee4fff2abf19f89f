//! `Debug` of types that contain passwords.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Fields, Ident, Item, Type, parse_quote};

use super::tree;
use crate::Result;
use crate::lower::{Lowered, NamedType, SECRET};

/// Replaces the derived `Debug` of types and builders by one that omits properties that contain passwords. If a type has no properties and
/// may be a password itself, `Debug` shows only its name.
pub fn hide(types: &mut Vec<Item>, builders: &mut Vec<Item>, lowered: &Lowered) -> Result<()> {
    let mut hidden: BTreeMap<Ident, BTreeSet<Ident>> = BTreeMap::new();
    let mut of_types = Vec::new();
    for item in &mut *types {
        let Some((name, attributes, fields)) = parts(item) else { continue };
        let origin = lowered.types.get(&name.to_string()).filter(|origin| !origin.secrets.is_empty());
        let Some(origin) = origin else { continue };
        let secret = fields.iter().filter(|field| is_secret(field, origin)).filter_map(|field| field.ident.clone());
        let secret = hidden.entry(name.clone()).or_insert(secret.collect());
        of_types.push(replace_debug(name, attributes, fields, secret)?);
    }
    let mut of_builders = Vec::new();
    for item in &mut *builders {
        let Some((name, attributes, fields)) = parts(item) else { continue };
        if let Some(secret) = hidden.get(name) {
            of_builders.push(replace_debug(name, attributes, fields, secret)?);
        }
    }
    types.extend(of_types);
    builders.extend(of_builders);
    Ok(())
}

/// Replaces the type that stands for values that may be secrets by the type that this function returns for the type of the value.
pub struct ReplaceSecrets(pub fn(&Type) -> Type);

impl VisitMut for ReplaceSecrets {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Some(value) = SECRET.rsplit("::").next().and_then(|name| tree::argument(ty, name)) {
            *ty = self.0(value);
        }
    }
}

/// Returns the name, the attributes and the named fields of a type.
fn parts(item: &mut Item) -> Option<(&Ident, &mut Vec<Attribute>, Vec<&Field>)> {
    match item {
        Item::Struct(object) => {
            let named = matches!(object.fields, Fields::Named(_));
            let fields = object.fields.iter().filter(|_| named).collect();
            Some((&object.ident, &mut object.attrs, fields))
        }
        Item::Enum(enumeration) => Some((&enumeration.ident, &mut enumeration.attrs, Vec::new())),
        _ => None,
    }
}

fn is_secret(field: &Field, origin: &NamedType) -> bool {
    let name = tree::serde(&field.attrs, "rename").or(field.ident.as_ref().map(ToString::to_string));
    let is_other = tree::serde(&field.attrs, "flatten").is_some();
    let name = if is_other { origin.additional_field.clone() } else { name };
    name.is_some_and(|name| origin.secrets.contains(&name))
}

fn replace_debug(
    name: &Ident,
    attributes: &mut Vec<Attribute>,
    fields: Vec<&Field>,
    secret: &BTreeSet<Ident>,
) -> Result<Item> {
    tree::remove_derives(attributes, &["Debug"])?;
    let shown = fields.into_iter().filter_map(|field| field.ident.as_ref()).filter(|field| !secret.contains(*field));
    Ok(debug_without_secrets(name, name, shown))
}

/// Returns an implementation of `Debug` that only shows these fields. The output does not say which others there are.
pub fn debug_without_secrets<'a>(ty: impl ToTokens, name: &Ident, shown: impl Iterator<Item = &'a Ident>) -> Item {
    let name = name.to_string();
    parse_quote!(runtime::debug_without_secrets!(#ty, #name #(, #shown)*);)
}
