//! The builders of operations.

use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Fields, Item, ItemImpl, ItemMod, LitStr, Stmt, parse_quote};

use super::{nothing, text, tree};
use crate::codegen::Result;
use crate::codegen::lower::Lowered;

/// Sends no header that the document does not name: progenitor adds `api-version` to each call.
pub fn drop_undocumented_header(module: &mut ItemMod, operations: usize) -> Result<()> {
    let mut pass = ApiVersion { dropped: 0 };
    pass.visit_item_mod_mut(module);
    if pass.dropped == operations { Ok(()) } else { Err(nothing("`api-version` in each operation")) }
}

struct ApiVersion {
    dropped: usize,
}

impl VisitMut for ApiVersion {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let before = block.stmts.len();
        let starts = |stmt: &Stmt, start: &str| text(stmt).starts_with(start);
        block.stmts.retain(|stmt| !(starts(stmt, "header_map.append") && text(stmt).contains("\"api-version\"")));
        if block.stmts.len() < before {
            self.dropped += 1;
            let others = block.stmts.iter().any(|stmt| text(stmt).contains("header_map.append"));
            if !others {
                block.stmts.retain(|stmt| !starts(stmt, "letmutheader_map"));
                NoHeaders.visit_block_mut(block);
            }
        }
        visit_mut::visit_block_mut(self, block);
    }
}

/// Removes `.headers(header_map)` from a chain of calls.
struct NoHeaders;

impl VisitMut for NoHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
        {
            *expr = (*call.receiver).clone();
        }
        visit_mut::visit_expr_mut(self, expr);
    }
}

/// Tells which parameter a setter refused, and what it must be.
pub fn name_parameters(module: &mut ItemMod, lowered: &Lowered) -> Result<()> {
    let items = tree::content(module)?;
    items.insert(0, parse_quote! { #[allow(unused_imports)] use super::support; });
    let mut checks = Vec::new();
    for item in &mut *items {
        match item {
            Item::Struct(operation) => checks.push(violations(operation, lowered)),
            Item::Impl(block) => {
                if let Some(operation) = tree::last_ident(&block.self_ty).map(ToString::to_string) {
                    Messages { operation, lowered }.visit_item_impl_mut(block);
                }
            }
            _ => {}
        }
    }
    items.extend(checks.into_iter().map(Item::Impl));
    Ok(())
}

/// A method that tells all refused parameters at once.
fn violations(operation: &syn::ItemStruct, lowered: &Lowered) -> ItemImpl {
    let name = &operation.ident;
    let Fields::Named(fields) = &operation.fields else { return parse_quote! { impl #name<'_> {} } };
    let parameters = fields.named.iter().filter_map(|field| field.ident.as_ref());
    let checks = parameters
        .filter(|field| lowered.parameters.contains_key(&(name.to_string(), field.to_string())))
        .map(|field| (format!("/{field}"), format_ident!("{field}")))
        .map(|(pointer, field)| quote! { support::parameter(&mut violations, #pointer, &self.#field); });
    parse_quote! {
        impl #name<'_> {
            /// The parameters that are missing or were refused. The body has a check of its own.
            #[must_use]
            pub fn violations(&self) -> support::Violations {
                #[allow(unused_mut)]
                let mut violations = support::Violations::default();
                #(#checks)*
                violations
            }
        }
    }
}

/// Puts the schema's expectation in place of progenitor's message.
struct Messages<'a> {
    operation: String,
    lowered: &'a Lowered,
}

impl VisitMut for Messages<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let message = literal.value();
        let parameter = message
            .strip_suffix(" was not initialized")
            .or_else(|| message.strip_prefix("conversion to `")?.strip_suffix(" failed")?.rsplit("` for ").next());
        let Some(parameter) = parameter else { return };
        if let Some(expected) = self.lowered.parameters.get(&(self.operation.clone(), parameter.to_owned())) {
            *literal = LitStr::new(&format!("/{parameter}: {expected}"), literal.span());
        }
    }
}
