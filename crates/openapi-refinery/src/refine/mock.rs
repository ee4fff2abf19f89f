//! Rewriting of the mock: it matches requests under any base URL, its methods accept all types that convert to a parameter, and they are
//! documented.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use quote::quote;
use syn::parse::ParseStream;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, File, FnArg, ImplItem, ImplItemFn, Item, ItemImpl, ItemTrait, LitStr, Macro, Stmt, Token, TraitItem, Type,
    parse_quote,
};

use super::{not_found, text, tree};
use crate::lower::{BodyEncoding, Documentation, Location, Lowered, OperationDetails, Parameter};
use crate::{Provenance, Result, names};

/// Runs all passes over the mock.
pub fn rebuild(file: &mut File, lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    let mut requests = Requests::of(lowered);
    requests.visit_file_mut(file);
    if requests.found < lowered.names.operations.len() {
        return Err(not_found("path for each operation in the mock"));
    }
    for item in &mut file.items {
        if let Item::Trait(extension) = item {
            document_trait(extension, lowered);
        }
    }
    let operations = tree::content(tree::module(&mut file.items, "operations")?)?;
    operations.insert(0, parse_quote! { use super::runtime; });
    rebuild_operations(operations, lowered, provenance);
    for (name, details) in &lowered.operations {
        let operation = BTreeSet::from([details.pointer.clone()]);
        let helpers = ["when", "then"].map(|helper| names::builder_name(&format!("{name}_{helper}")));
        helpers.iter().for_each(|helper| provenance.record(format!("operations::{helper}"), &operation));
        provenance.record(format!("MockServerExt::{name}()"), &operation);
    }
    file.items.insert(0, parse_quote! { #[allow(unused_imports)] use crate::generated::runtime; });
    file.items.push(parse_quote! {
        mod sealed {
            pub trait Sealed {}
            impl Sealed for ::httpmock::MockServer {}
        }
    });
    Ok(())
}

/// Rewrites and documents the helpers of operations.
fn rebuild_operations(items: &mut [Item], lowered: &Lowered, provenance: &mut Provenance) {
    let helpers = helpers(lowered);
    for item in items {
        match item {
            // Operations without parameters and bodies use no types.
            Item::Use(import) => import.attrs.push(parse_quote!(#[allow(unused_imports)])),
            Item::Struct(it) => {
                if let Some(helper) = helpers.get(&it.ident.to_string()) {
                    it.attrs.push(tree::doc(&helper.summary()));
                }
            }
            Item::Impl(block) => {
                let name = tree::last_ident(&block.self_ty).map(ToString::to_string).unwrap_or_default();
                if let Some(helper) = helpers.get(&name) {
                    helper.respond_with_bytes(block);
                    helper.document(&name, block, provenance);
                    OriginalNames(helper.details).visit_item_impl_mut(block);
                }
            }
            _ => {}
        }
    }
}

/// Rewrites request matchers: a path matches below any base URL and without the crate `regex`, and a parameter matches as a client sends
/// it.
struct Requests<'a> {
    lowered: &'a Lowered,
    /// The types of operations and their properties, by the types of their helpers.
    operations: BTreeMap<String, (String, &'a OperationDetails)>,
    /// The parameters of the current helper, by Rust name.
    parameters: BTreeMap<&'a str, &'a Parameter>,
    /// The parameter of the current method.
    parameter: Option<&'a Parameter>,
    found: usize,
}

impl<'a> Requests<'a> {
    fn of(lowered: &'a Lowered) -> Self {
        let helper = |name: &String| names::builder_name(&format!("{name}_when"));
        let operations = lowered.operations.iter();
        let operations = operations.map(|(name, details)| (helper(name), (names::builder_name(name), details)));
        Self { lowered, operations: operations.collect(), parameters: BTreeMap::new(), parameter: None, found: 0 }
    }
}

impl VisitMut for Requests<'_> {
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
        let Expr::MethodCall(call) = expr else { return };
        if call.method == "json_body_obj" {
            // Some values are passed by value, others by reference.
            call.args.iter_mut().for_each(|value| *value = parse_quote!(&#value));
        }
        let Some(Parameter { name, style, location, .. }) = self.parameter else { return };
        let when = &call.receiver;
        // A list or an object may be sent as several parameters.
        if call.method == "query_param" {
            *expr = parse_quote! {
                runtime::query_counts(#name, #style, &value)
                    .into_iter()
                    .fold(#when, |when, (name, value, count)| when.query_param_count(name, value, count))
            };
        } else if call.method == "header" && *location == Location::Cookie {
            *expr = parse_quote! {
                runtime::cookie_patterns(#name, #style, &value)
                    .into_iter()
                    .fold(#when, |when, cookie| when.header_matches("(?i)^cookie$", cookie))
            };
        } else if call.method == "header_missing" && *location == Location::Cookie {
            *expr = parse_quote!(#when.header_count("(?i)^cookie$", runtime::named_cookie_pattern(#name), 0));
        } else if call.method == "header" && name.eq_ignore_ascii_case("cookie") {
            // The client appends the parameters that are cookies.
            *expr = parse_quote! {
                runtime::header(#name, #style, &value).into_iter().fold(#when, |when, cookies| {
                    when.header_matches("(?i)^cookie$", runtime::cookie_pattern(&cookies))
                })
            };
        } else if call.method == "header" {
            *expr = parse_quote! {
                runtime::header(#name, #style, &value).into_iter().fold(#when, |when, value| when.header(#name, value))
            };
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let arguments = call.parse_body_with(|arguments: ParseStream<'_>| {
            let pattern: LitStr = arguments.parse()?;
            arguments.parse::<Token![,]>()?;
            Ok((pattern, arguments.parse::<Expr>()?))
        });
        if let (true, Ok((pattern, _)), Some(Parameter { name, style, .. })) =
            (call.path.is_ident("format"), arguments, self.parameter)
        {
            // A path may contain a parameter several times.
            let pattern = pattern.value().replace("{}", "{0}");
            call.tokens = parse_quote!(#pattern, runtime::path_pattern(#name, #style, &value));
        }
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        self.parameter = self.parameters.get(method.sig.ident.to_string().as_str()).copied();
        visit_mut::visit_impl_item_fn_mut(self, method);
        self.parameter = None;
    }

    fn visit_item_impl_mut(&mut self, block: &mut ItemImpl) {
        let helper = tree::last_ident(&block.self_ty).map(ToString::to_string).unwrap_or_default();
        let operation = self.operations.get(&helper).cloned();
        let own = operation.iter().flat_map(|(operation, _)| {
            let from = self.lowered.parameters.range((operation.clone(), String::new())..);
            from.take_while(move |((it, _), _)| it == operation)
        });
        self.parameters = own.map(|((_, name), parameter)| (name.as_str(), parameter)).collect();
        visit_mut::visit_item_impl_mut(self, block);
        let Some((_, details)) = operation else { return };
        let is_body = |item: &ImplItem| matches!(item, ImplItem::Fn(method) if method.sig.ident == "body");
        if is_multipart(details) {
            block.items.retain(|item| !is_body(item));
        }
        for item in &mut block.items {
            if let ImplItem::Fn(method) = item {
                if method.sig.ident == "body" {
                    match_body(method, details);
                }
                accept_convertible(method);
                tree::make_setter_distinct(method, &["new", "into_inner"]);
            }
        }
    }
}

/// Returns whether the body is `multipart/form-data`. Each request has another boundary, so no matcher of httpmock compares such a body.
fn is_multipart(details: &OperationDetails) -> bool {
    matches!(details.body_encoding, Some(BodyEncoding::Multipart))
}

/// Makes a method match a body as a client sends it, if it is not JSON.
fn match_body(method: &mut ImplItemFn, details: &OperationDetails) {
    match &details.body_encoding {
        Some(BodyEncoding::Form(styles)) => {
            let styles = styles.iter().map(|(name, style)| quote!((#name, #style)));
            method.block = parse_quote! {{
                let counts = runtime::form_counts(&[#(#styles),*], &value);
                Self(counts.into_iter().fold(self.0, |when, (name, value, count)| {
                    when.form_urlencoded_tuple_count(name, value, count)
                }))
            }};
        }
        Some(BodyEncoding::Bytes(_)) => {
            // Only text has a matcher that shows differences.
            *method = parse_quote! {
                pub fn body(self, value: impl ::std::convert::AsRef<[u8]>) -> Self {
                    Self(match ::std::string::String::from_utf8(value.as_ref().to_vec()) {
                        Ok(text) => self.0.body(text),
                        Err(error) => {
                            let bytes = error.into_bytes();
                            self.0.is_true(move |request| request.body_ref() == bytes)
                        }
                    })
                }
            };
        }
        Some(BodyEncoding::Json(_) | BodyEncoding::Multipart) | None => {}
    }
}

/// Makes a method accept any value that converts to the type of its parameter, as in `when.id(12345)`.
fn accept_convertible(method: &mut ImplItemFn) {
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
    // The branch for an absent parameter is removed: `into_inner` can match that.
    if let [Stmt::Expr(Expr::If(branches), _)] = &method.block.stmts[..] {
        method.block.stmts = branches.then_branch.stmts.clone();
    }
    method.sig.inputs[1] = parse_quote!(value: V);
    method.sig.generics = parse_quote!(<V>);
    method.sig.generics.where_clause = Some(parse_quote! {
        where V: ::std::convert::TryInto<#ty, Error: ::std::fmt::Display>
    });
    let statement = parse_quote!(let value: #borrow #ty = #borrow runtime::expect_valid(#name, value.try_into()););
    method.block.stmts.insert(0, statement);
}

/// Returns `X` of `T: Into<Option<&'a X>>`.
fn optional_type(method: &ImplItemFn) -> Option<Type> {
    match tree::argument(tree::bound_argument(method)?, "Option")? {
        Type::Reference(reference) => Some((*reference.elem).clone()),
        _ => None,
    }
}

/// Replaces the names of renamed parameters by those in the document.
struct OriginalNames<'a>(&'a OperationDetails);

impl VisitMut for OriginalNames<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(original) = self.0.parameters.get(&literal.value()) {
            *literal = LitStr::new(original, literal.span());
        }
    }
}

/// Replaces a JSON body by bytes of this media type.
struct Bytes<'a>(&'a str);

impl VisitMut for Bytes<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let Expr::MethodCall(json) = expr else { return visit_mut::visit_expr_mut(self, expr) };
        let (Expr::MethodCall(header), "json_body") = (&*json.receiver, &*json.method.to_string()) else {
            return visit_mut::visit_expr_mut(self, expr);
        };
        let (then, media_type) = (&header.receiver, self.0);
        *expr = match media_type.contains('*') {
            true => parse_quote!(#then.body(value)),
            false => parse_quote!(#then.header("content-type", #media_type).body(value)),
        };
    }
}

/// Documents the methods of the extension trait, and seals it, because each new operation adds a method.
fn document_trait(extension: &mut ItemTrait, lowered: &Lowered) {
    extension.colon_token = Some(Token![:](Span::call_site()));
    extension.supertraits = parse_quote! { sealed::Sealed };
    let keys: BTreeMap<&str, &str> =
        lowered.names.operations.iter().map(|(key, name)| (name.as_str(), key.as_str())).collect();
    for item in &mut extension.items {
        if let TraitItem::Fn(method) = item
            && let Some(key) = keys.get(method.sig.ident.to_string().as_str())
        {
            method.attrs.push(tree::doc(&format!("Mocks `{}`.", title(key))));
        }
    }
}

/// Returns the method in upper case and the path.
fn title(key: &str) -> String {
    key.split_once(' ').map_or_else(String::new, |(method, path)| format!("{} {path}", method.to_uppercase()))
}

/// A type that matches requests of an operation, or builds its responses.
struct Helper<'a> {
    title: String,
    details: &'a OperationDetails,
    is_request: bool,
    /// Parameters by their names, responses by their `method_key`, each with the documentation of its method.
    methods: BTreeMap<String, (String, &'a Documentation)>,
}

/// Returns the helpers by the names of their types.
fn helpers(lowered: &Lowered) -> BTreeMap<String, Helper<'_>> {
    let mut helpers = BTreeMap::new();
    for (key, name) in &lowered.names.operations {
        let (builder_name, details) = (names::builder_name(name), &lowered.operations[name]);
        let from = lowered.parameters.range((builder_name.clone(), String::new())..);
        let own = from.take_while(|((operation, _), _)| *operation == builder_name);
        let parameters = own.map(|((_, rust_name), Parameter { documentation, .. })| {
            (rust_name.clone(), (documentation.description.clone(), documentation))
        });
        let responses = details.responses.iter();
        let responses =
            responses.map(|(status, response)| (method_key(status), (describe_response(status, response), response)));
        let (parameters, responses) = (parameters.collect(), responses.collect());
        for (suffix, is_request, methods) in [("when", true, parameters), ("then", false, responses)] {
            let helper = Helper { title: title(key), details, is_request, methods };
            helpers.insert(names::builder_name(&format!("{name}_{suffix}")), helper);
        }
    }
    helpers
}

/// Returns the key of the method for a response: the call that sets its status, or its name for a range of statuses.
fn method_key(status: &str) -> String {
    let names = ["informational", "success", "redirect", "client_error", "server_error"];
    match (status.strip_suffix("XX"), status.parse::<usize>()) {
        (Some(class), _) => {
            class.parse().ok().and_then(|class: usize| names.get(class - 1)).map_or("", |name| name).to_owned()
        }
        (None, Ok(status)) => format!("status({status}u16)"),
        (None, Err(_)) => format!("{status}_response"),
    }
}

/// Returns the documentation of the method for a response.
fn describe_response(status: &str, Documentation { description, .. }: &Documentation) -> String {
    // Methods for ranges of statuses and for `default` have the status as an argument.
    let status = if status.parse::<u16>().is_ok() { format!("status {status}") } else { "this status".to_owned() };
    format!("Responds with {status}: {description}")
}

impl Helper<'_> {
    fn summary(&self) -> String {
        let what = if self.is_request { "Matches requests" } else { "Builds responses" };
        let mut summary = format!("{what} of `{}`.", self.title);
        if self.is_request && is_multipart(self.details) {
            summary.push_str(" Their bodies are not compared, because each has a random boundary.");
        }
        summary
    }

    fn document(&self, name: &str, block: &mut ItemImpl, provenance: &mut Provenance) {
        for item in &mut block.items {
            let ImplItem::Fn(method) = item else { continue };
            if let Some((_, documentation)) = self.find_documentation(method) {
                provenance.record(format!("operations::{name}::{}()", method.sig.ident), &documentation.sources);
            }
            let description = self.description(method);
            method.attrs.push(tree::doc(&description));
        }
    }

    fn describe_body(&self) -> &'static str {
        match self.details.body_encoding {
            Some(BodyEncoding::Form(_)) => "Matches exactly these form fields, in any order.",
            _ => "Matches exactly this body.",
        }
    }

    /// Lets the methods for responses that are bytes take bytes, and send them in the media type of the document, unless that is a range.
    fn respond_with_bytes(&self, block: &mut ItemImpl) {
        let methods = block.items.iter_mut().filter_map(|item| match item {
            ImplItem::Fn(method) if !self.is_request => Some(method),
            _ => None,
        });
        for method in methods {
            let block = text(&method.block);
            let is_for = |status: &str| method.sig.ident == method_key(status) || block.contains(&method_key(status));
            let Some((_, media_type)) = self.details.bytes.iter().find(|(status, _)| is_for(status)) else { continue };
            if let Some(FnArg::Typed(value)) = method.sig.inputs.last_mut() {
                value.ty = parse_quote!(impl ::std::convert::AsRef<[u8]>);
            }
            Bytes(media_type).visit_block_mut(&mut method.block);
        }
    }

    /// Returns the parameter or response that a method is for, and the documentation of the method.
    fn find_documentation(&self, method: &ImplItemFn) -> Option<&(String, &Documentation)> {
        let (name, block) = (method.sig.ident.to_string(), text(&method.block));
        let is_for = |key: &str| name == key || name == format!("{key}_") || (!self.is_request && block.contains(key));
        self.methods.iter().find(|(key, _)| is_for(key)).map(|(_, documented)| documented)
    }

    fn description(&self, method: &ImplItemFn) -> String {
        let name = method.sig.ident.to_string();
        match (name.as_str(), self.is_request) {
            ("new", true) => {
                "Wraps an [`httpmock::When`](::httpmock::When) and restricts it to this operation.".to_owned()
            }
            ("new", false) => "Wraps an [`httpmock::Then`](::httpmock::Then).".to_owned(),
            ("into_inner", true) => {
                "Returns the wrapped [`httpmock::When`](::httpmock::When), for conditions that the \
                                     OpenAPI document does not describe."
                    .to_owned()
            }
            ("into_inner", false) => {
                "Returns the wrapped [`httpmock::Then`](::httpmock::Then), for responses that the \
                                      OpenAPI document does not list."
                    .to_owned()
            }
            ("body", true) => self.describe_body().to_owned(),
            _ => self.find_documentation(method).map_or_else(|| format!("`{name}`."), |(text, _)| text.clone()),
        }
    }
}
