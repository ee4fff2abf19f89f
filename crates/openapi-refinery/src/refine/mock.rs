//! Rewriting of the mock: it matches requests below any base URL as a client sends them, its methods accept what those of the client
//! accept, and they are documented.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprMethodCall, File, FnArg, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemTrait, Macro, Token,
    TraitItem, Type, parse_quote,
};

use super::secrets::ReplaceSecrets;
use super::setters::{self, Setter};
use super::{not_found, text, text_types, tree};
use crate::lower::{BodyEncoding, Documentation, Location, Lowered, OperationDetails, Parameter};
use crate::{Provenance, Result, names};

/// Runs all passes over the mock.
pub fn rebuild(file: &mut File, lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    for item in &mut file.items {
        if let Item::Trait(extension) = item {
            document_trait(extension, lowered);
        }
    }
    let operations = tree::content(tree::module(&mut file.items, "operations")?)?;
    operations.insert(0, parse_quote! { use super::{matchers, runtime}; });
    operations.iter_mut().for_each(|item| ReplaceSecrets(Type::clone).visit_item_mut(item));
    rebuild_operations(operations, lowered, provenance)?;
    for (name, details) in &lowered.operations {
        let operation = BTreeSet::from([details.pointer.clone()]);
        let helpers = ["when", "then"].map(|helper| names::builder_name(&format!("{name}_{helper}")));
        helpers.iter().for_each(|helper| provenance.record(format!("operations::{helper}"), &operation));
        provenance.record(format!("MockServerExt::{name}()"), &operation);
    }
    file.items.insert(0, parse_quote! { #[allow(unused_imports)] use crate::generated::runtime; });
    file.items.push(matchers_used_by(&quote!(#file).to_string()));
    file.items.push(parse_quote! {
        mod sealed {
            pub trait Sealed {}
            impl Sealed for ::httpmock::MockServer {}
        }
    });
    Ok(())
}

/// Rewrites and documents the helpers of operations.
fn rebuild_operations(items: &mut [Item], lowered: &Lowered, provenance: &mut Provenance) -> Result<()> {
    let helpers = helpers(lowered);
    let texts = text_types(lowered);
    let mut rebuilt = 0;
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
                let Some(helper) = helpers.get(&name) else { continue };
                if helper.is_request {
                    let Helper { operation, details, .. } = helper;
                    Requests { operation, details, lowered, texts: &texts }.rebuild(block, &name, provenance);
                    rebuilt += 1;
                }
                helper.rebuild_responses(block);
                helper.document(&name, block, provenance);
            }
            _ => {}
        }
    }
    let is_complete = rebuilt == lowered.operations.len();
    if is_complete { Ok(()) } else { Err(not_found("matcher for each operation in the mock")) }
}

/// Returns the functions that add conditions to a matcher, without those that the code does not call.
fn matchers_used_by(code: &str) -> Item {
    let mut module = matchers();
    if let Some((_, items)) = &mut module.content {
        items.retain(|item| match item {
            Item::Fn(function) => code.contains(&format!("matchers :: {} (", function.sig.ident)),
            _ => true,
        });
    }
    Item::Mod(module)
}

fn matchers() -> ItemMod {
    parse_quote! {
        #[allow(unused_imports)]
        mod matchers {
            use super::runtime;
            use ::httpmock::When;

            pub(super) fn path(when: When, template: &str, others: &'static [&'static str]) -> When {
                let when = when.path_matches(runtime::path_pattern(template, None));
                if others.is_empty() {
                    return when;
                }
                when.is_true(|request| {
                    let uri = request.uri();
                    !others.iter().any(|other| runtime::ends_with_path(uri.path(), other))
                })
            }

            pub(super) fn path_value(
                when: When,
                template: &str,
                name: &str,
                style: runtime::Style,
                value: &impl ::serde::Serialize,
            ) -> When {
                when.path_matches(runtime::path_pattern(template, Some((name, &runtime::path_value(name, style, value)))))
            }

            pub(super) fn query(
                when: When,
                name: &str,
                members: &[&str],
                style: runtime::Style,
                value: &impl ::serde::Serialize,
            ) -> When {
                let when = runtime::query_counts(name, members, style, value)
                    .into_iter()
                    .fold(when, |when, (name, value, count)| when.query_param_count(name, value, count));
                let lists = runtime::query_lists(name, style, value);
                if lists.is_empty() {
                    return when;
                }
                when.is_true(move |request| {
                    runtime::has_lists(request.uri().query().unwrap_or_default().as_bytes(), &lists)
                })
            }

            pub(super) fn header(when: When, name: &str, style: runtime::Style, value: &impl ::serde::Serialize) -> When {
                match runtime::header(name, style, value) {
                    None => when.header_missing(name),
                    // The client appends the parameters that are cookies.
                    Some(cookies) if name.eq_ignore_ascii_case("cookie") => {
                        when.header_matches("(?i)^cookie$", runtime::cookie_pattern(&[cookies]))
                    }
                    Some(value) => when.header(name, value),
                }
            }

            pub(super) fn cookie(
                when: When,
                name: &str,
                members: &[&str],
                style: runtime::Style,
                value: &impl ::serde::Serialize,
            ) -> When {
                runtime::cookie_counts(name, members, style, value)
                    .into_iter()
                    .fold(when, |when, (cookies, count)| when.header_count("(?i)^cookie$", cookies, count))
            }

            pub(super) fn form(when: When, styles: &[(&str, runtime::Style)], value: &impl ::serde::Serialize) -> When {
                let when = runtime::form_counts(styles, value)
                    .into_iter()
                    .fold(when, |when, (name, value, count)| when.form_urlencoded_tuple_count(name, value, count));
                let lists = runtime::form_lists(styles, value);
                if lists.is_empty() { when } else { when.is_true(move |request| runtime::has_lists(request.body_ref(), &lists)) }
            }

            pub(super) fn bytes(when: When, value: &[u8]) -> When {
                // Only text has a matcher that shows differences.
                match ::std::string::String::from_utf8(value.to_vec()) {
                    Ok(text) => when.body(text),
                    Err(error) => {
                        let bytes = error.into_bytes();
                        when.is_true(move |request| request.body_ref() == bytes)
                    }
                }
            }
        }
    }
}

/// Rewrites the matcher of the requests of an operation. Its setters accept what those of the client's builder accept.
struct Requests<'a> {
    operation: &'a str,
    details: &'a OperationDetails,
    lowered: &'a Lowered,
    /// The types that are parsed from text.
    texts: &'a BTreeSet<Ident>,
}

impl Requests<'_> {
    fn rebuild(&self, block: &mut ItemImpl, helper: &str, provenance: &mut Provenance) {
        let names = setters::name_setters(self.operation, self.lowered);
        let mut setters = Vec::new();
        for item in std::mem::take(&mut block.items) {
            let ImplItem::Fn(method) = item else { continue };
            let name = &method.sig.ident;
            let parameter = self.lowered.parameters.get(&(self.operation.to_owned(), name.to_string()));
            match (parameter, argument(&method)) {
                (Some(parameter), Some(ty)) => {
                    let (names, sources) = (&names[&name.to_string()], &parameter.documentation.sources);
                    setters.push((self.setter(&names.plain, &ty, parameter), sources));
                    let missing = names.missing.as_ref().map(|name| self.missing(name, parameter));
                    setters.extend(missing.map(|missing| (missing, sources)));
                }
                (None, Some(ty)) if name == "body" => {
                    setters.extend(self.body(&ty).map(|body| (body, &self.details.body_sources)));
                }
                _ if name == "new" => block.items.push(ImplItem::Fn(self.constructor())),
                _ => block.items.push(ImplItem::Fn(method)),
            }
        }
        for (method, sources) in setters {
            provenance.record(format!("operations::{helper}::{}()", method.sig.ident), sources);
            block.items.push(ImplItem::Fn(method));
        }
    }

    fn constructor(&self) -> ImplItemFn {
        let OperationDetails { method, path, .. } = self.details;
        let method = format_ident!("{}", method.to_uppercase());
        let others = self.lowered.operations.values();
        let others = others.filter(|it| it.method == self.details.method && takes_precedence(&it.path, path));
        let others = others.map(|it| &it.path);
        parse_quote! {
            pub fn new(inner: ::httpmock::When) -> Self {
                Self(matchers::path(inner.method(::httpmock::Method::#method), #path, &[#(#others),*]))
            }
        }
    }

    /// Returns the setter of a parameter.
    fn setter(&self, name: &Ident, ty: &Type, parameter: &Parameter) -> ImplItemFn {
        let Setter { ty, argument, value } = Setter::of_parts(ty, Some(parameter), self.texts, self.lowered)
            .unwrap_or_else(|| Setter::of_value(ty, parameter));
        let matcher = self.matcher(parameter, &quote!(&value));
        let documentation = tree::doc(&parameter.documentation.description);
        parse_quote! {
            #documentation
            pub fn #name(self, value: #argument) -> Self {
                let value = runtime::expect_valid::<#ty>(#value);
                Self(#matcher)
            }
        }
    }

    /// Returns the method that matches requests without a parameter.
    fn missing(&self, name: &Ident, parameter: &Parameter) -> ImplItemFn {
        let matcher = self.matcher(parameter, &quote!(&()));
        let documentation = tree::doc(&format!("Matches requests without the parameter `{}`.", parameter.name));
        parse_quote! {
            #documentation
            pub fn #name(self) -> Self {
                Self(#matcher)
            }
        }
    }

    fn matcher(&self, parameter: &Parameter, value: &TokenStream) -> TokenStream {
        let Parameter { name, style, location, members, .. } = parameter;
        let members = quote!(&[#(#members),*]);
        let path = &self.details.path;
        match location {
            Location::Path => quote!(matchers::path_value(self.0, #path, #name, #style, #value)),
            Location::Query => quote!(matchers::query(self.0, #name, #members, #style, #value)),
            Location::Header => quote!(matchers::header(self.0, #name, #style, #value)),
            Location::Cookie => quote!(matchers::cookie(self.0, #name, #members, #style, #value)),
        }
    }

    /// Returns the method that matches a body as the client sends it. Each `multipart/form-data` has another boundary, so no matcher of
    /// httpmock compares it.
    fn body(&self, ty: &Type) -> Option<ImplItemFn> {
        let matcher = match self.details.body_encoding.as_ref()? {
            BodyEncoding::Multipart => return None,
            BodyEncoding::Bytes(_) => {
                return Some(parse_quote! {
                    /// Matches exactly this body.
                    pub fn body(self, value: impl ::std::convert::AsRef<[u8]>) -> Self {
                        Self(matchers::bytes(self.0, value.as_ref()))
                    }
                });
            }
            BodyEncoding::Json(_) => quote!(self.0.json_body_obj(&value)),
            BodyEncoding::Form(styles) => {
                let styles = styles.iter().map(|(name, style)| quote!((#name, #style)));
                quote!(matchers::form(self.0, &[#(#styles),*], &value))
            }
        };
        let is_form = matches!(self.details.body_encoding, Some(BodyEncoding::Form(_)));
        let documentation = if is_form {
            "Matches exactly these form fields, in any order, but the values of a list in this one."
        } else {
            "Matches exactly this body."
        };
        let documentation = tree::doc(documentation);
        let Setter { ty, argument, value } =
            Setter::of_builder(ty, self.lowered).or_else(|| Setter::of_parts(ty, None, self.texts, self.lowered))?;
        Some(parse_quote! {
            #documentation
            pub fn body(self, value: #argument) -> Self {
                let value = runtime::expect_valid::<#ty>(#value);
                Self(#matcher)
            }
        })
    }
}

/// Returns whether the body is `multipart/form-data`.
fn is_multipart(details: &OperationDetails) -> bool {
    matches!(details.body_encoding, Some(BodyEncoding::Multipart))
}

/// Returns the type of the value that a setter of progenitor takes: `X` of `X`, `&X` or `T: Into<Option<&'a X>>`.
fn argument(method: &ImplItemFn) -> Option<Type> {
    let FnArg::Typed(value) = method.sig.inputs.iter().nth(1)? else { return None };
    let optional = tree::bound_argument(method).and_then(|bound| tree::argument(bound, "Option"));
    let ty = match optional.unwrap_or(&value.ty) {
        Type::Reference(reference) => &reference.elem,
        ty => ty,
    };
    Some(if text(ty) == "str" { parse_quote!(::std::string::String) } else { ty.clone() })
}

/// Returns whether requests that match the first path template belong to it, even if they also match the second below some base URL. That
/// is so in two cases: both have the same number of segments, and the first is concrete where the second has a parameter (OpenAPI 3.1.1,
/// section 4.8.8.2); or the first has additional segments at its start, and one of them is concrete. If all of them were parameters, they
/// could match the end of the base URL instead.
fn takes_precedence(first: &str, second: &str) -> bool {
    let split = |path| str::split(path, '/').skip(1).collect::<Vec<_>>();
    let (first, second) = (split(first), split(second));
    let Some(further) = first.len().checked_sub(second.len()) else { return false };
    let (further, last) = first.split_at(further);
    let is_concrete = |segment: &&str| !segment.contains('{');
    let pairs = || last.iter().zip(&second);
    pairs().all(|(first, second)| first == second || !is_concrete(second))
        && if further.is_empty() {
            pairs().any(|(first, second)| is_concrete(first) && !is_concrete(second))
        } else {
            further.iter().any(is_concrete)
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

/// Passes bodies by reference, since progenitor passes some by value. Adds the status to the message of the assertion that it is in the
/// range of the response.
struct AdaptResponse;

impl VisitMut for AdaptResponse {
    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).unwrap_or_default();
        let (true, Some(actual), Some(class)) = (call.path.is_ident("assert_eq"), arguments.get(0), arguments.get(1))
        else {
            return;
        };
        let message = format!("{{status}} is not in {}XX", text(class).trim_end_matches("u16"));
        *call = parse_quote!(assert!(#actual == #class, #message));
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "json_body_obj" {
            call.args.iter_mut().for_each(|value| *value = parse_quote!(&#value));
        }
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
    /// The type of the operation's builder.
    operation: String,
    details: &'a OperationDetails,
    is_request: bool,
}

/// Returns the helpers by the names of their types.
fn helpers(lowered: &Lowered) -> BTreeMap<String, Helper<'_>> {
    let mut helpers = BTreeMap::new();
    for (key, name) in &lowered.names.operations {
        let (builder_name, details) = (names::builder_name(name), &lowered.operations[name]);
        for (suffix, is_request) in [("when", true), ("then", false)] {
            let helper = Helper { title: title(key), operation: builder_name.clone(), details, is_request };
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

    /// Documents the methods that have no documentation.
    fn document(&self, name: &str, block: &mut ItemImpl, provenance: &mut Provenance) {
        for item in &mut block.items {
            let ImplItem::Fn(method) = item else { continue };
            if !method.attrs.is_empty() {
                continue;
            }
            let response = self.find_response(method);
            if let Some((_, documentation)) = response {
                provenance.record(format!("operations::{name}::{}()", method.sig.ident), &documentation.sources);
            }
            let response = response.map(|(status, documentation)| describe_response(status, documentation));
            let description = response.unwrap_or_else(|| self.description(method));
            method.attrs.push(tree::doc(&description));
        }
    }

    /// Lets the methods for responses send values of any type, and those for bytes take bytes, and send them in the media type of the
    /// document, unless that is a range.
    fn rebuild_responses(&self, block: &mut ItemImpl) {
        let methods = block.items.iter_mut().filter_map(|item| match item {
            ImplItem::Fn(method) if !self.is_request => Some(method),
            _ => None,
        });
        for method in methods {
            AdaptResponse.visit_block_mut(&mut method.block);
            let block = text(&method.block);
            let is_for = |status: &str| method.sig.ident == method_key(status) || block.contains(&method_key(status));
            let Some((_, media_type)) = self.details.bytes.iter().find(|(status, _)| is_for(status)) else { continue };
            if let Some(FnArg::Typed(value)) = method.sig.inputs.last_mut() {
                value.ty = parse_quote!(impl ::std::convert::AsRef<[u8]>);
            }
            Bytes(media_type).visit_block_mut(&mut method.block);
        }
    }

    /// Returns the response that a method is for, with its status.
    fn find_response(&self, method: &ImplItemFn) -> Option<(&String, &Documentation)> {
        let (name, block) = (method.sig.ident.to_string(), text(&method.block));
        let is_for = |key: &str| name == key || block.contains(key);
        self.details.responses.iter().find(|(status, _)| !self.is_request && is_for(&method_key(status)))
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
            _ => format!("`{name}`."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_and_concrete_paths_take_precedence() {
        for (first, second, expected) in [
            ("/rooms/{room}/messages", "/messages", true),
            ("/books/search", "/books/{id}", true),
            ("/rooms/{room}/messages", "/{room}/{list}", true),
            // Below the base URL `https://example.org/x`, `/x/messages` may belong to either.
            ("/{room}/messages", "/messages", false),
            ("/rooms/{room}", "/messages", false),
            ("/{a}/b", "/a/{b}", false),
            ("/rooms/{room}/calls", "/messages", false),
            ("/messages", "/rooms/{room}/messages", false),
            ("/books/{id}", "/books/search", false),
            ("/books/{id}", "/books/{id}", false),
        ] {
            assert_eq!(takes_precedence(first, second), expected, "{first} {second}");
        }
    }
}
