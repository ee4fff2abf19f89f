//! The mock: at home under any base URL, with parameters made of what people have, and documented.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use syn::parse::ParseStream;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, File, FnArg, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, LitStr, Macro, PathArguments, Stmt,
    Token, TraitItem, Type, TypeParamBound, WherePredicate, parse_quote,
};

use super::operations::Facts;
use super::{nothing, text, tree};
use crate::lower::Lowered;
use crate::{Provenance, Result, names};

/// Runs all passes over the mock.
pub fn mock(file: &mut File, lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    let mut urls = Urls { found: 0 };
    urls.visit_file_mut(file);
    if urls.found < lowered.names.operations.len() {
        return Err(nothing("path for each operation in the mock"));
    }
    let docs = Docs::new(lowered);
    for (name, facts) in &lowered.operations {
        let operation = BTreeSet::from([facts.pointer.clone()]);
        provenance.record(format!("MockServerExt::{name}()"), &operation);
        for helper in ["when", "then"] {
            let helper = names::operation_type(&format!("{name}_{helper}"));
            provenance.record(format!("operations::{helper}"), &operation);
        }
    }
    docs.document_trait(&mut file.items);
    let operations = tree::content(tree::module(&mut file.items, "operations")?)?;
    operations.insert(0, parse_quote! { #[allow(unused_imports)] use super::runtime; });
    for item in operations {
        docs.document(item, provenance);
        let operation = tree::self_type(item).and_then(|helper| docs.helpers.get(&helper.to_string()));
        if let Some(facts) = operation.and_then(|helper| lowered.operations.get(&helper.operation)) {
            Facts(facts).visit_item_mut(item);
        }
    }
    file.items.insert(0, parse_quote! { #[allow(unused_imports)] use crate::generated::runtime; });
    Ok(())
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
            *expr = parse_quote!(runtime::under_any_base(#pattern));
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
                runtime::query_parameters(#name, &value)
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
            call.tokens = parse_quote!(#pattern, runtime::path_segment(&#value));
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
    let statement = parse_quote!(let value: #borrow #ty = #borrow runtime::mocked(#name, value.try_into()););
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
    /// By the names of their types.
    helpers: BTreeMap<String, Helper>,
    /// By operation: method and path.
    operations: BTreeMap<String, String>,
}

/// What helps to mock an operation: its requests, or its answers.
struct Helper {
    operation: String,
    is_request: bool,
    /// Parameters by their names, responses by the call that sets their status.
    methods: BTreeMap<String, Described>,
}

/// A parameter or a response.
struct Described {
    description: String,
    sources: BTreeSet<String>,
}

impl Docs {
    fn new(lowered: &Lowered) -> Self {
        let mut docs = Self { helpers: BTreeMap::new(), operations: BTreeMap::new() };
        for (path, item) in lowered.document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                docs.read(&format!("{} {path}", method.to_uppercase()), operation, lowered);
            }
        }
        docs
    }

    fn read(&mut self, place: &str, operation: &Value, lowered: &Lowered) {
        let name = operation["operationId"].as_str().unwrap_or_default();
        let operation_type = names::operation_type(name);
        let from = lowered.parameters.range((operation_type.clone(), String::new())..);
        let own = from.take_while(|((operation, _), _)| *operation == operation_type);
        let parameters = own.map(|((_, rust_name), parameter)| {
            let (description, sources) = (parameter.description.clone(), parameter.sources.clone());
            (rust_name.clone(), Described { description, sources })
        });
        let responses = operation["responses"].as_object().into_iter().flatten().map(|(status, response)| {
            let description = response["description"].as_str().unwrap_or_default().to_owned();
            let sources = lowered.operations.get(name).and_then(|facts| facts.responses.get(status));
            (format!("status({status}u16)"), Described { description, sources: sources.cloned().unwrap_or_default() })
        });
        for (suffix, is_request, methods) in
            [("when", true, parameters.collect()), ("then", false, responses.collect())]
        {
            let helper = Helper { operation: name.to_owned(), is_request, methods };
            self.helpers.insert(names::operation_type(&format!("{name}_{suffix}")), helper);
        }
        self.operations.insert(name.to_owned(), place.to_owned());
    }

    fn document_trait(&self, items: &mut [Item]) {
        for item in items {
            let Item::Trait(extension) = item else { continue };
            for method in &mut extension.items {
                if let TraitItem::Fn(method) = method {
                    let place = self.operations.get(&method.sig.ident.to_string()).map_or("", String::as_str);
                    method.attrs.push(tree::doc(&format!("Mocks `{place}`.")));
                }
            }
        }
    }

    fn document(&self, item: &mut Item, provenance: &mut Provenance) {
        match item {
            Item::Struct(it) => {
                let Some(helper) = self.helpers.get(&it.ident.to_string()) else { return };
                let what = if helper.is_request { "Which requests to answer" } else { "How to answer" };
                it.attrs.push(tree::doc(&format!("{what}: `{}`.", self.operations[&helper.operation])));
            }
            Item::Impl(block) => {
                let Some(name) = tree::last_ident(&block.self_ty).map(ToString::to_string) else { return };
                let Some(helper) = self.helpers.get(&name) else { return };
                for method in block.items.iter_mut() {
                    if let ImplItem::Fn(method) = method {
                        if let Some(described) = helper.described(method) {
                            provenance
                                .record(format!("operations::{name}::{}()", method.sig.ident), &described.sources);
                        }
                        method.attrs.push(tree::doc(&helper.description(method)));
                    }
                }
            }
            _ => {}
        }
    }
}

impl Helper {
    /// The parameter or response that a method is for.
    fn described(&self, method: &ImplItemFn) -> Option<&Described> {
        let (name, block) = (method.sig.ident.to_string(), text(&method.block));
        let is_for = |key: &str| match self.is_request {
            true => name == key || name == format!("{key}_"),
            false => block.contains(key),
        };
        self.methods.iter().find(|(key, _)| is_for(key)).map(|(_, described)| described)
    }

    fn description(&self, method: &ImplItemFn) -> String {
        let name = method.sig.ident.to_string();
        match (name.as_str(), self.is_request) {
            ("new", _) => "Narrows httpmock's own down to this operation.".to_owned(),
            ("into_inner", true) => "httpmock's own, for what the document does not say.".to_owned(),
            ("into_inner", false) => "httpmock's own, for an answer that the document does not list.".to_owned(),
            ("body", true) => "Exactly this body.".to_owned(),
            _ => self.described(method).map_or_else(|| format!("`{name}`."), |it| it.description.clone()),
        }
    }
}
