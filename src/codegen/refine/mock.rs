//! The mock: at home under any base URL, with parameters made of what people have, and documented.

use std::collections::BTreeMap;

use serde_json::Value;
use syn::parse::ParseStream;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, File, FnArg, GenericArgument, Ident, ImplItem, ImplItemFn, Item, ItemImpl, LitStr, Macro,
    PathArguments, Stmt, Token, TraitItem, Type, TypeParamBound, WherePredicate, parse_quote,
};

use super::operations::{self, Facts};
use super::{nothing, text, tree};
use crate::codegen::lower::Lowered;
use crate::codegen::{Result, names};

/// Runs all passes over the mock.
pub fn mock(mut file: File, lowered: &Lowered) -> Result<File> {
    let mut urls = Urls { found: 0 };
    urls.visit_file_mut(&mut file);
    if urls.found < lowered.names.operations.len() {
        return Err(nothing("path for each operation in the mock"));
    }
    let docs = Docs::new(lowered);
    docs.document_trait(&mut file.items);
    let operations = tree::content(tree::module(&mut file.items, "operations")?)?;
    operations.insert(0, parse_quote! { #[allow(unused_imports)] use super::support; });
    let facts = operations::facts(lowered);
    for item in operations {
        docs.document(item);
        let helper = tree::self_type(item).map(ToString::to_string).unwrap_or_default();
        if let Some(facts) = helper.strip_suffix("When").and_then(|operation| facts.get(operation)) {
            Facts(facts).visit_item_mut(item);
        }
    }
    file.items.insert(0, parse_quote! { #[allow(unused_imports)] use crate::generated::support; });
    Ok(file)
}

/// Matches the path at the end of the URL's, as a text: a base URL may have a path of its own, and no crate is needed. Matches
/// each parameter that a value is sent as.
struct Urls {
    found: usize,
}

impl VisitMut for Urls {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(unwrap) = expr
            && let Expr::Call(new) = &*unwrap.receiver
            && text(&new.func) == "regex::Regex::new"
        {
            let pattern = new.args.first();
            *expr = parse_quote!(support::under_any_base(#pattern));
            self.found += 1;
        }
        if let Expr::MethodCall(call) = expr
            && call.method == "json_body_obj"
        {
            // Some values come as they are, others by reference.
            call.args.iter_mut().for_each(|value| *value = parse_quote!(&#value));
        }
        // A list is sent as several parameters, and so is an object.
        if let Expr::MethodCall(call) = expr
            && call.method == "query_param"
        {
            let (when, name) = (&call.receiver, call.args.first());
            *expr = parse_quote! {
                support::query_parameters(#name, &value)
                    .into_iter()
                    .fold(#when, |when, (name, value)| when.query_param(name, value))
            };
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let arguments = call.parse_body_with(|arguments: ParseStream<'_>| {
            let pattern: LitStr = arguments.parse()?;
            arguments.parse::<Token![,]>()?;
            Ok((pattern, arguments.parse::<Expr>()?))
        });
        if let (true, Ok((pattern, value))) = (call.path.is_ident("format"), arguments) {
            // A path may have its parameter in several places.
            let pattern = pattern.value().replace("{}", "{0}");
            call.tokens = parse_quote!(#pattern, support::path_segment(&#value));
        }
    }

    fn visit_item_impl_mut(&mut self, block: &mut ItemImpl) {
        visit_mut::visit_item_impl_mut(self, block);
        let is_request = tree::last_ident(&block.self_ty).is_some_and(|name| name.to_string().ends_with("When"));
        for item in block.items.iter_mut().filter(|_| is_request) {
            if let ImplItem::Fn(method) = item {
                accept_what_converts(method);
                tree::keep_apart(method, &["new", "into_inner"]);
            }
        }
    }
}

/// `when.id(12345)`: a parameter is made of any value that converts to its type.
fn accept_what_converts(method: &mut ImplItemFn) {
    let name = method.sig.ident.to_string();
    let Some(FnArg::Typed(value)) = method.sig.inputs.iter().nth(1) else { return };
    let (ty, borrow) = match &*value.ty {
        Type::Reference(reference) => (&*reference.elem, Some(<Token![&]>::default())),
        ty => (ty, None),
    };
    let optional = optional_type(method);
    let (ty, borrow) = optional.as_ref().map_or((ty, borrow), |ty| (ty, Some(<Token![&]>::default())));
    if name == "body" || !text(ty).contains("::") {
        return;
    }
    let ty = ty.clone();
    // That one is not to be there is said with `into_inner`.
    if let [Stmt::Expr(Expr::If(branches), _)] = &method.block.stmts[..] {
        method.block.stmts = branches.then_branch.stmts.clone();
    }
    method.sig.inputs[1] = parse_quote!(value: V);
    method.sig.generics = parse_quote!(<V>);
    method.sig.generics.where_clause = Some(parse_quote! {
        where V: ::std::convert::TryInto<#ty, Error: ::std::fmt::Display>
    });
    let statement = parse_quote!(let value: #borrow #ty = #borrow support::mocked(#name, value.try_into()););
    method.block.stmts.insert(0, statement);
}

/// `X` of `T: Into<Option<&'a X>>`.
fn optional_type(method: &ImplItemFn) -> Option<Type> {
    let WherePredicate::Type(bound) = method.sig.generics.where_clause.as_ref()?.predicates.first()? else {
        return None;
    };
    let TypeParamBound::Trait(into) = bound.bounds.first()? else { return None };
    let PathArguments::AngleBracketed(arguments) = &into.path.segments.last()?.arguments else { return None };
    let Some(GenericArgument::Type(option)) = arguments.args.first() else { return None };
    match tree::argument(option, "Option")? {
        Type::Reference(reference) => Some((*reference.elem).clone()),
        _ => None,
    }
}

/// What the document says of operations, their parameters and responses.
struct Docs {
    /// By operation and method of the mock.
    methods: BTreeMap<(String, String), String>,
    /// By operation: method and path.
    operations: BTreeMap<String, String>,
}

impl Docs {
    fn new(lowered: &Lowered) -> Self {
        let mut docs = Self { methods: BTreeMap::new(), operations: BTreeMap::new() };
        for (path, item) in lowered.document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                docs.read(&format!("{} {path}", method.to_uppercase()), operation);
            }
        }
        docs
    }

    fn read(&mut self, place: &str, operation: &Value) {
        let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let said = |value: &Value, otherwise: &str| match value["description"].as_str() {
            Some(said) if !said.is_empty() => said.to_owned(),
            _ => otherwise.to_owned(),
        };
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter_name = parameter["name"].as_str().unwrap_or_default();
            let key = (name.clone(), names::value_name(parameter_name));
            self.methods.insert(key, said(parameter, &format!("The parameter `{parameter_name}`.")));
        }
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            self.methods
                .insert((name.clone(), format!("status({status}u16)")), said(response, &format!("Status {status}.")));
        }
        self.operations.insert(name, place.to_owned());
    }

    fn document_trait(&self, items: &mut [Item]) {
        for item in items {
            let Item::Trait(extension) = item else { continue };
            for method in &mut extension.items {
                if let TraitItem::Fn(method) = method {
                    let place = self.operations.get(&method.sig.ident.to_string()).map_or("", String::as_str);
                    method.attrs.push(doc(&format!("Mocks `{place}`.")));
                }
            }
        }
    }

    fn document(&self, item: &mut Item) {
        match item {
            Item::Struct(helper) => {
                let Some((place, is_request)) = self.side(&helper.ident) else { return };
                let what = if is_request { "Which requests to answer" } else { "How to answer" };
                helper.attrs.push(doc(&format!("{what}: `{}`.", self.operations[&place])));
            }
            Item::Impl(block) => {
                let Some((operation, is_request)) = tree::last_ident(&block.self_ty).and_then(|name| self.side(name))
                else {
                    return;
                };
                for method in block.items.iter_mut() {
                    if let ImplItem::Fn(method) = method {
                        let text = self.method(&operation, is_request, method);
                        method.attrs.push(doc(&text));
                    }
                }
            }
            _ => {}
        }
    }

    /// The operation that a helper is for, and whether it is for its requests.
    fn side(&self, name: &Ident) -> Option<(String, bool)> {
        let name = name.to_string();
        let operation = |suffix: &str| {
            let stem = name.strip_suffix(suffix)?;
            self.operations.keys().find(|operation| names::operation_type(operation) == stem).cloned()
        };
        operation("When").map(|it| (it, true)).or_else(|| operation("Then").map(|it| (it, false)))
    }

    fn method(&self, operation: &str, is_request: bool, method: &ImplItemFn) -> String {
        let name = method.sig.ident.to_string();
        match (name.as_str(), is_request) {
            ("new", _) => return "Narrows httpmock's own down to this operation.".to_owned(),
            ("into_inner", true) => return "httpmock's own, for what the document does not say.".to_owned(),
            ("into_inner", false) => {
                return "httpmock's own, for an answer that the document does not list.".to_owned();
            }
            ("body", true) => return "Exactly this body.".to_owned(),
            _ => {}
        }
        let block = text(&method.block);
        let documented = self.methods.iter().find(|((of, key), _)| {
            of == operation
                && if is_request { name == *key || name == format!("{key}_") } else { block.contains(key.as_str()) }
        });
        documented.map_or_else(|| format!("`{name}`."), |(_, text)| text.clone())
    }
}

fn doc(text: &str) -> Attribute {
    let text = format!(" {text}");
    parse_quote!(#[doc = #text])
}
