//! The builders of operations.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens, format_ident, quote};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprMethodCall, FnArg, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, LitStr,
    Local, Macro, Pat, Stmt, Token, Type, parse_quote,
};

use super::setters::{self, Conversion};
use super::{nothing, text, tree};
use crate::lower::{Lowered, OperationFacts, Parameter, escape};
use crate::{Provenance, Result, names};

/// The methods of an operation's builder that are not setters.
const OTHERS: [&str; 3] = ["new", "send", "violations"];

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
        block.stmts.retain(|stmt| !(starts(stmt, "header_map.append") && text(stmt).contains("api_version()")));
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

/// Appends the path of each request to the base URL, which is parsed only once, and checks that each is sent by the client's hooks.
pub fn rebuild_requests(module: &mut ItemMod, lowered: &Lowered) -> Result<()> {
    let operations = lowered.operations.len();
    let mut pass = Requests { lowered, operation: String::new(), prepared: 0, hooks: 0 };
    pass.visit_item_mod_mut(module);
    match (pass.prepared == operations, pass.hooks == 3 * operations) {
        (true, true) => Ok(()),
        (false, _) => Err(nothing("request with `url` in each operation")),
        (_, false) => Err(nothing("call of the hooks `pre`, `exec` and `post` in each operation")),
    }
}

struct Requests<'a> {
    lowered: &'a Lowered,
    /// The type of the operation.
    operation: String,
    prepared: usize,
    hooks: usize,
}

impl Requests<'_> {
    /// Has the runtime encode a path parameter: `encode_path(&id.to_string())`.
    fn as_segment(&self, value: Expr) -> Expr {
        let Expr::Call(encode) = &value else { return value };
        let Some(Expr::Reference(text)) = encode.args.first() else { return value };
        let Expr::MethodCall(to_string) = &*text.expr else { return value };
        let name = to_string.receiver.to_token_stream().to_string();
        let Some(parameter) = self.lowered.parameters.get(&(self.operation.clone(), name)) else { return value };
        let pointer = format!("/{}", escape(&parameter.name));
        parse_quote!(runtime::segment(#pointer, #to_string).map_err(Error::InvalidRequest)?)
    }
}

impl VisitMut for Requests<'_> {
    fn visit_item_impl_mut(&mut self, block: &mut ItemImpl) {
        self.operation = tree::last_ident(&block.self_ty).map(ToString::to_string).unwrap_or_default();
        visit_mut::visit_item_impl_mut(self, block);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        // Where a parameter has one of these names, progenitor puts underscores before its own.
        let is = |expr: &Expr, name: &str| text(expr).trim_start_matches('_') == name;
        if ["pre", "exec", "post"].iter().any(|hook| call.method == hook) && is(&call.receiver, "client") {
            self.hooks += 1;
        }
        if let Expr::Field(http) = &*call.receiver
            && is(&call.receiver, "client.client")
            && let Some(url) = call.args.iter_mut().find(|argument| is(argument, "url"))
        {
            let client = &http.base;
            *url = parse_quote!(#client.baseurl.join(&#url).map_err(Error::InvalidRequest)?);
            self.prepared += 1;
            // reqwest has a method for each of the other methods.
            let method = call.method.to_string().to_uppercase();
            if ["OPTIONS", "TRACE"].contains(&method.as_str()) {
                let method = format_ident!("{method}");
                call.method = format_ident!("request");
                call.args.insert(0, parse_quote!(::reqwest::Method::#method));
            }
        }
    }

    /// Has `format!` write only the path.
    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let arguments = call.parse_body_with(|arguments: ParseStream<'_>| {
            let pattern: LitStr = arguments.parse()?;
            arguments.parse::<Token![,]>()?;
            Ok((pattern.value(), Punctuated::<Expr, Token![,]>::parse_terminated(arguments)?))
        });
        let Ok((pattern, values)) = arguments else { return };
        let mut values = values.into_iter().map(|value| self.as_segment(value));
        if let (Some(path), Some(base)) = (pattern.strip_prefix("{}/"), values.next())
            && call.path.is_ident("format")
            && text(&base).ends_with("client.baseurl")
        {
            let path = format!("/{path}");
            call.tokens = quote!(#path #(, #values)*);
        }
    }
}

/// Rebuilds the setters of operations. They report a parameter by its name in the document and what its schema expects, and keep the
/// violations of a body until it is sent.
pub fn rebuild_setters(
    module: &mut ItemMod,
    texts: &BTreeSet<Ident>,
    lowered: &Lowered,
    provenance: &mut Provenance,
) -> Result<()> {
    let items = tree::content(module)?;
    items.insert(0, parse_quote! { #[allow(unused_imports)] use super::runtime; });
    for (name, facts) in &lowered.operations {
        let operation = names::operation_type(name);
        provenance.record(format!("Client::{name}()"), &BTreeSet::from([facts.pointer.clone()]));
        provenance.record(format!("builder::{operation}"), &BTreeSet::from([facts.pointer.clone()]));
    }
    let facts = facts(lowered);
    let mut named = 0;
    let mut checks = Vec::new();
    for item in &mut *items {
        match item {
            Item::Struct(operation) => {
                let parameters = parameters(operation, lowered);
                named += parameters.len();
                checks.push(violations(&operation.ident, &parameters));
            }
            Item::Impl(block) => {
                if let Some(operation) = tree::last_ident(&block.self_ty).map(ToString::to_string) {
                    let facts = facts.get(&operation).copied();
                    Setters { operation, facts, texts, lowered, provenance }.rebuild(block);
                }
            }
            _ => {}
        }
    }
    items.extend(checks.into_iter().map(Item::Impl));
    if named == lowered.parameters.len() { Ok(()) } else { Err(nothing("field for each parameter")) }
}

/// The fields of an operation's builder that are parameters.
fn parameters(operation: &ItemStruct, lowered: &Lowered) -> Vec<Ident> {
    let fields = operation.fields.iter().filter_map(|field| field.ident.clone());
    let name = operation.ident.to_string();
    fields.filter(|field| lowered.parameters.contains_key(&(name.clone(), field.to_string()))).collect()
}

/// A method that tells all refused parameters at once.
fn violations(operation: &Ident, parameters: &[Ident]) -> ItemImpl {
    parse_quote! {
        impl #operation<'_> {
            /// The parameters that are missing or were refused. The body has a check of its own.
            #[must_use]
            pub fn violations(&self) -> runtime::Violations {
                #[allow(unused_mut)]
                let mut violations = runtime::Violations::default();
                #(violations.extend(runtime::refused(&self.#parameters));)*
                violations
            }
        }
    }
}

/// Writes what progenitor was not told: parameters as the document calls them, the media type of a body. Reads the bodies of
/// successes tolerantly, none at all among them.
pub fn restore_facts(module: &mut ItemMod, lowered: &Lowered) -> Result<()> {
    let facts = facts(lowered);
    for item in tree::content(module)? {
        let operation = tree::self_type(item).map(ToString::to_string);
        if let Some(facts) = operation.and_then(|name| facts.get(&name)) {
            Facts(facts).visit_item_mut(item);
        }
    }
    Ok(())
}

/// What is said of operations, by the names of their types.
fn facts(lowered: &Lowered) -> BTreeMap<String, &OperationFacts> {
    lowered.operations.iter().map(|(name, facts)| (names::operation_type(name), facts)).collect()
}

/// What is said of one operation.
pub struct Facts<'a>(pub &'a OperationFacts);

impl VisitMut for Facts<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let text = literal.value();
        let media_type = self.0.media_type.as_ref().filter(|_| text == "application/octet-stream");
        if let Some(original) = self.0.parameters.get(&text).or(media_type) {
            *literal = LitStr::new(original, literal.span());
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            // reqwest leaves a media type that is there already.
            Expr::MethodCall(call) if call.method == "json" => {
                if let Some(media_type) = &self.0.media_type {
                    let request = &call.receiver;
                    *call.receiver = parse_quote!(#request.header(::reqwest::header::CONTENT_TYPE, #media_type));
                }
            }
            Expr::Call(call) if text(&call.func) == "ResponseValue::from_response" => {
                *call.func = parse_quote!(runtime::body);
            }
            // progenitor's copies the headers.
            Expr::Call(call) if text(&call.func) == "ResponseValue::empty" => {
                *call.func = parse_quote!(runtime::no_body);
            }
            _ => {}
        }
    }
}

/// The setters of an operation.
struct Setters<'a> {
    operation: String,
    facts: Option<&'a OperationFacts>,
    /// The types that are parsed from a text.
    texts: &'a BTreeSet<Ident>,
    lowered: &'a Lowered,
    provenance: &'a mut Provenance,
}

impl<'a> Setters<'a> {
    fn rebuild(&mut self, block: &mut ItemImpl) {
        self.visit_item_impl_mut(block);
        let mut methods: Vec<&mut ImplItemFn> = block.items.iter_mut().filter_map(setter).collect();
        let fields: Vec<Ident> = methods.iter().map(|method| method.sig.ident.clone()).collect();
        let mut of_options: Vec<Option<Ident>> = fields.iter().map(|field| self.name_of_option(field)).collect();
        let mut taken = OTHERS.map(str::to_owned).into();
        setters::make_distinct(of_options.iter_mut().flatten(), &mut taken);
        setters::make_distinct(methods.iter_mut().map(|method| &mut method.sig.ident), &mut taken);
        let mut added: Vec<ImplItem> = Vec::new();
        for (method, (field, of_option)) in methods.into_iter().zip(fields.iter().zip(of_options)) {
            let parameter = self.parameter(field);
            self.convert_items(method, field, parameter);
            self.document(method, field, parameter);
            if let (Some(name), Some(FnArg::Typed(argument))) = (of_option, method.sig.inputs.last()) {
                let argument = argument.ty.to_token_stream();
                let of_option = setters::of_option(&name, &method.sig.ident, &method.sig.generics, &argument);
                added.push(parse_quote!(#of_option));
                self.record(&name, parameter);
            }
        }
        block.items.extend(added);
    }

    fn parameter(&self, field: &Ident) -> Option<&'a Parameter> {
        self.lowered.parameters.get(&(self.operation.clone(), field.to_string()))
    }

    fn name_of_option(&self, field: &Ident) -> Option<Ident> {
        self.parameter(field).filter(|parameter| !parameter.required).map(|_| setters::name_of_option(field))
    }

    /// Has the setter of a list convert each item: progenitor's converts only the list.
    fn convert_items(&self, method: &mut ImplItemFn, field: &Ident, parameter: Option<&Parameter>) {
        let Some(list) = list_type(method) else { return };
        // The items of a body are at `/0` and so on.
        let pointer = parameter.map_or_else(String::new, |parameter| format!("/{}", escape(&parameter.name)));
        let name = &method.sig.ident;
        let Conversion { bounds, take, .. } = Conversion::to(&list, self.texts);
        let present = parameter.filter(|parameter| !parameter.required).map(|_| quote!(.map(Some)));
        *method = parse_quote! {
            pub fn #name(mut self, value: impl #bounds) -> Self {
                self.#field = runtime::convert(|violations| violations.#take(#pointer, value))#present;
                self
            }
        };
    }

    fn document(&mut self, method: &mut ImplItemFn, field: &Ident, parameter: Option<&Parameter>) {
        let description = match parameter {
            Some(parameter) => parameter.described.description.as_str(),
            None if field == "body_map" => "Changes the builder of the body.",
            None => {
                "Sets the body: a value, or for an object, also a reference to one or its builder, whose violations `send` reports."
            }
        };
        method.attrs.push(tree::doc(description));
        self.record(&method.sig.ident, parameter);
    }

    fn record(&mut self, setter: &Ident, parameter: Option<&Parameter>) {
        let sources = parameter.map(|it| &it.described.sources).or(self.facts.map(|facts| &facts.body));
        if let Some(sources) = sources {
            self.provenance.record(format!("builder::{}::{setter}()", self.operation), sources);
        }
    }
}

/// Returns an item if it is a setter.
fn setter(item: &mut ImplItem) -> Option<&mut ImplItemFn> {
    match item {
        ImplItem::Fn(method) if tree::is_setter(method) => Some(method),
        _ => None,
    }
}

/// Returns `Vec<X>` of `V: TryInto<Vec<X>>`.
fn list_type(method: &ImplItemFn) -> Option<Type> {
    tree::bound_argument(method).filter(|ty| tree::argument(ty, "Vec").is_some()).cloned()
}

impl VisitMut for Setters<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let message = literal.value();
        let parameter = message
            .strip_suffix(" was not initialized")
            .or_else(|| message.strip_prefix("conversion to `")?.strip_suffix(" failed")?.rsplit("` for ").next());
        let Some(parameter) = parameter else { return };
        if let Some(it) = self.lowered.parameters.get(&(self.operation.clone(), parameter.to_owned())) {
            *literal = LitStr::new(&format!("/{}: {}", escape(&it.name), it.expected), literal.span());
        }
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, method);
        // What begins an operation is the client's.
        if method.sig.receiver().is_none() {
            method.vis = parse_quote!(pub(crate));
        }
        if method.sig.ident == "send" {
            tell_together(&mut method.block.stmts);
        }
        // Only of a body with a builder does progenitor make a value first, to take it apart again.
        if method.sig.ident == "body"
            && let Some(body) = body_type(method)
        {
            *method = parse_quote! {
                pub fn body(mut self, value: impl Into<types::builder::#body>) -> Self {
                    self.body = Ok(value.into());
                    self
                }
            };
        }
    }
}

/// Makes all values first, the body's with them, and then tells all that was refused: progenitor tells the first only.
fn tell_together(stmts: &mut Vec<Stmt>) {
    let Some(first) = stmts.iter_mut().position(|stmt| checked(stmt).is_some()) else { return };
    let mut made: Vec<Stmt> = Vec::new();
    let mut names = Vec::new();
    for (name, value) in stmts.iter_mut().filter_map(checked) {
        made.push(parse_quote!(let #name = #value;));
        *value = parse_quote!(#name);
        names.push(name);
    }
    made.push(parse_quote!(runtime::together([#(runtime::refused(&#names)),*]).map_err(Error::InvalidRequest)?;));
    stmts.splice(first..first, made);
}

/// Name and value of `let name = value.map_err(Error::InvalidRequest)?;`.
fn checked(stmt: &mut Stmt) -> Option<(Ident, &mut Expr)> {
    let Stmt::Local(Local { pat: Pat::Ident(name), init: Some(init), .. }) = stmt else { return None };
    let Expr::Try(tried) = &mut *init.expr else { return None };
    let Expr::MethodCall(call) = &mut *tried.expr else { return None };
    let is_checked = call.args.first().is_some_and(|argument| text(argument) == "Error::InvalidRequest");
    is_checked.then_some((name.ident.clone(), &mut *call.receiver))
}

/// `X` of `V: TryInto<types::X>`, where the setter goes on to make a builder of it.
fn body_type(method: &ImplItemFn) -> Option<Ident> {
    let makes_builder = text(&method.block).contains(".map(From::from)");
    tree::bound_argument(method).filter(|_| makes_builder).and_then(tree::last_ident).cloned()
}
