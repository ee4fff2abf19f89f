//! Boxing of references in long chains of types. To determine size, drop and auto traits, the compiler follows the types of fields up to
//! its recursion limit of 128. Each reference uses up to seven levels (`Option<Box<…>>` uses five).

use std::collections::{BTreeMap, BTreeSet};

use syn::visit_mut::{self, VisitMut};
use syn::{Item, Type, TypePath, parse_quote};

use super::tree;
use crate::references::{References, strongly_connected};

/// The maximum number of types in a chain of references.
const MAX_CHAIN: usize = 12;

/// Replaces references by `runtime::Boxed` where chains or cycles of types are longer than [`MAX_CHAIN`].
pub fn bound_recursion(items: &mut [Item], references: &References) {
    let own = |parts: &BTreeSet<String>| parts.iter().filter(|part| references.contains_key(*part)).cloned().collect();
    let boxed = choose_boxed(&references.iter().map(|(name, parts)| (name.clone(), own(parts))).collect());
    for item in items {
        let owner = match &*item {
            Item::Struct(object) => Some(&object.ident),
            Item::Enum(union) => Some(&union.ident),
            Item::Impl(_) => tree::self_type(item),
            _ => None,
        };
        let Some(targets) = owner.and_then(|owner| boxed.get(&owner.to_string())) else { continue };
        let mut boxing = Boxing(targets);
        match item {
            Item::Struct(object) => boxing.visit_fields_mut(&mut object.fields),
            Item::Enum(union) => union.variants.iter_mut().for_each(|variant| boxing.visit_variant_mut(variant)),
            // Conversions from the value of a variant.
            Item::Impl(block) => {
                block.trait_.iter_mut().for_each(|it| boxing.visit_path_mut(&mut it.0));
                block.items.iter_mut().for_each(|item| boxing.visit_impl_item_mut(item));
            }
            _ => {}
        }
    }
}

/// Returns the references to box: those within a large cycle, and those that would make a chain too long.
fn choose_boxed(references: &References) -> References {
    let mut boxed = References::new();
    let mut chains: BTreeMap<&str, usize> = BTreeMap::new();
    // A component comes after the components that it refers to.
    for component in strongly_connected(references) {
        let is_large = component.len() > MAX_CHAIN;
        let own = if is_large { 1 } else { component.len() };
        let mut longest = 0;
        for &name in &component {
            for target in &references[name] {
                let is_within = component.contains(target.as_str());
                let chain = chains.get(target.as_str()).copied().unwrap_or_default();
                if if is_within { is_large } else { own + chain > MAX_CHAIN } {
                    boxed.entry(name.to_owned()).or_default().insert(target.clone());
                } else {
                    longest = longest.max(chain);
                }
            }
        }
        chains.extend(component.into_iter().map(|name| (name, own + longest)));
    }
    boxed
}

/// Boxes these types wherever they are used.
struct Boxing<'a>(&'a BTreeSet<String>);

impl Boxing<'_> {
    fn is_boxed(&self, ty: &TypePath) -> bool {
        ty.path.get_ident().is_some_and(|name| self.0.contains(&name.to_string()))
    }
}

impl VisitMut for Boxing<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let inner = tree::argument(ty, "Box").unwrap_or(ty);
        match inner {
            Type::Path(path) if self.is_boxed(path) => *ty = parse_quote!(super::runtime::Boxed<#path>),
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::{format_ident, quote};

    use super::super::text;
    use super::*;

    fn build_references(edges: impl IntoIterator<Item = (usize, usize)>) -> References {
        let mut references = References::new();
        for (from, to) in edges {
            references.entry(format!("{to:02}")).or_default();
            references.entry(format!("{from:02}")).or_default().insert(format!("{to:02}"));
        }
        references
    }

    #[test]
    fn long_chains_and_large_cycles_are_boxed() {
        let chain = |length: usize| build_references((1..length).map(|index| (index - 1, index)));
        assert!(choose_boxed(&chain(MAX_CHAIN)).is_empty());
        let long = choose_boxed(&chain(3 * MAX_CHAIN));
        assert_eq!(long.keys().collect::<Vec<_>>(), ["11", "23"]);
        let cycle = |length: usize| build_references((0..length).map(|index| (index, (index + 1) % length)));
        assert!(choose_boxed(&cycle(MAX_CHAIN)).is_empty());
        assert_eq!(choose_boxed(&cycle(MAX_CHAIN + 1)).len(), MAX_CHAIN + 1);
        // A chain that ends in a cycle.
        let both = build_references((0..20).map(|index| (index, index + 1)).chain([(20, 15)]));
        assert_eq!(
            choose_boxed(&both),
            build_references([(8, 9)]).into_iter().filter(|(_, targets)| !targets.is_empty()).collect()
        );
    }

    #[test]
    fn nested_types_are_boxed() {
        let chain = (0..=MAX_CHAIN).map(|index| {
            let (name, next) = (format_ident!("S{index:02}"), format_ident!("S{:02}", index + 1));
            let field = if index == 0 { quote!(Vec<Box<#next>>) } else { quote!(Option<#next>) };
            let field = if index == MAX_CHAIN { quote!(String) } else { field };
            parse_quote!(pub struct #name { next: #field })
        });
        let mut items: Vec<Item> = chain.collect();
        let references = tree::references(&items);
        bound_recursion(&mut items, &references);
        let code = text(&quote!(#(#items)*));
        assert!(code.contains("S00{next:Vec<super::runtime::Boxed<S01>>}"), "{code}");
        assert!(code.contains("S01{next:Option<S02>}"), "{code}");
    }
}
