//! Builders of operations.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprCall, ExprMatch, FieldValue, FnArg, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod,
    ItemStruct, LitStr, Member, Pat, Stmt, Type, parse_quote,
};

use super::secrets::debug_without_secrets;
use super::setters::{self, Setter};
use super::{not_found, text, tree};
use crate::lower::{
    BodyEncoding, ERROR_BODY, ErrorContent, Location, Lowered, OperationDetails, Parameter, SECRET, Style,
};
use crate::pointer::escape;
use crate::{Provenance, Result, names};

/// Rebuilds the methods `send`. They read each part of the request from a field of the builder, so that the name of a parameter never
/// conflicts with a variable or function. Returns the bodies whose builders are serialized as forms.
pub fn rebuild_send(module: &mut ItemMod, lowered: &Lowered) -> Result<BTreeSet<Ident>> {
    let names = lowered.operations.iter().map(|(name, details)| (names::builder_name(name), (name, details)));
    let names: BTreeMap<String, (&String, &OperationDetails)> = names.collect();
    let items = tree::content(module)?;
    let builders = items.iter().filter_map(|item| match item {
        Item::Struct(builder) => Some((builder.ident.clone(), Fields::of(builder)?)),
        _ => None,
    });
    let builders: BTreeMap<Ident, Fields> = builders.collect();
    let errors = error_types(lowered);
    let mut forms = BTreeSet::new();
    let mut rebuilt = 0;
    for item in &mut *items {
        let Item::Impl(block) = item else { continue };
        let Some(ident) = tree::last_ident(&block.self_ty).cloned() else { continue };
        let (Some(fields), Some((name, details))) = (builders.get(&ident), names.get(&ident.to_string())) else {
            continue;
        };
        let methods = block.items.iter_mut().filter_map(|item| match item {
            ImplItem::Fn(method)
                if method.sig.receiver().is_some() && method.sig.ident == "send" && !tree::is_setter(method) =>
            {
                Some(method)
            }
            _ => None,
        });
        for send in methods {
            let before = std::mem::take(&mut send.block.stmts);
            send.block = send_block(&ident, name, details, fields, before, lowered)?;
            if let Some(error) = errors.get(name.as_str()) {
                WithError(error).visit_return_type_mut(&mut send.sig.output);
            }
            forms.extend(fields.built.clone().filter(|_| details.body_encoding.as_ref().is_some_and(is_ambiguous)));
            rebuilt += 1;
        }
    }
    items.retain(|item| !matches!(item, Item::Use(_)));
    items.insert(
        0,
        parse_quote! {
            #[allow(unused_imports)]
            use super::{ByteStream, Error, ResponseValue, execute, runtime, types};
        },
    );
    if rebuilt == lowered.operations.len() { Ok(forms) } else { Err(not_found("method `send` for each operation")) }
}

/// Returns whether a form has a list or object whose items must not contain the separator.
fn is_ambiguous(encoding: &BodyEncoding) -> bool {
    matches!(encoding, BodyEncoding::Form(styles) if styles.iter().any(|(_, style)| style.may_be_ambiguous()))
}

/// Returns the types of documented error bodies, by operation.
fn error_types(lowered: &Lowered) -> BTreeMap<&str, Type> {
    let path_items = lowered.document["paths"].as_object().into_iter().flatten();
    let operations = path_items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let errors = operations.filter_map(|(_, operation)| {
        let body = operation.get(ERROR_BODY).filter(|body| !body.is_null())?;
        Some((operation["operationId"].as_str()?, error_type(body)))
    });
    errors.collect()
}

/// Returns the type of a lowered schema: that of a component, a scalar, or a list or map of those; of any other, a JSON value.
fn error_type(schema: &Value) -> Type {
    let target = schema["allOf"].get(0).unwrap_or(schema)["$ref"].as_str();
    if let Some(name) = target.and_then(|target| target.rsplit('/').next()) {
        let name = format_ident!("{name}");
        return parse_quote!(types::#name);
    }
    if let Some(inner) = schema.pointer("/x-rust-type/parameters/0") {
        let inner = error_type(inner);
        return match schema.pointer("/x-rust-type/path") {
            Some(path) if path == SECRET => parse_quote!(runtime::Secret<#inner>),
            _ => parse_quote!(::std::option::Option<#inner>),
        };
    }
    match (schema["type"].as_str(), schema["format"].as_str(), schema.get("additionalProperties")) {
        (Some("string"), ..) => parse_quote!(::std::string::String),
        (Some("integer"), Some("uint64"), _) => parse_quote!(u64),
        (Some("integer"), Some("int128"), _) => parse_quote!(i128),
        (Some("integer"), ..) => parse_quote!(i64),
        (Some("number"), ..) => parse_quote!(f64),
        (Some("boolean"), ..) => parse_quote!(bool),
        (Some("array"), ..) => {
            let item = error_type(&schema["items"]);
            parse_quote!(::std::vec::Vec<#item>)
        }
        (Some("object"), _, Some(value)) => {
            let value = error_type(value);
            parse_quote!(::std::collections::HashMap<::std::string::String, #value>)
        }
        _ => parse_quote!(::serde_json::Value),
    }
}

/// Sets the type of error bodies. progenitor writes `Error<()>` for operations without one.
struct WithError<'a>(&'a Type);

impl VisitMut for WithError<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if text(ty) == "Error<()>" {
            let error = self.0;
            *ty = parse_quote!(Error<#error>);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// The fields of an operation's builder.
struct Fields {
    client: Ident,
    /// The type that the builder of the body builds, if it has one.
    built: Option<Ident>,
}

impl Fields {
    fn of(builder: &ItemStruct) -> Option<Self> {
        let client = builder.fields.iter().next()?.ident.clone()?;
        let body = builder.fields.iter().find(|field| field.ident.as_ref().is_some_and(|name| name == "body"));
        let body = body.and_then(|field| tree::argument(&field.ty, "Result"));
        let built = body.filter(|body| text(body).starts_with("types::builder::")).and_then(tree::last_ident).cloned();
        Some(Self { client, built })
    }
}

/// Returns the body of `send`: it builds the request, sends it and reads the response. The latter is taken from progenitor.
fn send_block(
    builder: &Ident,
    name: &str,
    details: &OperationDetails,
    fields: &Fields,
    before: Vec<Stmt>,
    lowered: &Lowered,
) -> Result<Block> {
    let Some(Stmt::Expr(Expr::Match(mut read), _)) = before.into_iter().next_back() else {
        return Err(not_found("`match` of statuses in each operation"));
    };
    ReadResponse.visit_expr_match_mut(&mut read);
    let method = format_ident!("{}", details.method.to_uppercase());
    let path = &details.path;
    let operation = builder.to_string();
    let from = lowered.parameters.range((operation.clone(), String::new())..);
    let own = from.take_while(|((it, _), _)| *it == operation);
    let parameters = own.map(|((_, field), parameter)| {
        let (field, name, style) = (format_ident!("{field}"), &parameter.name, &parameter.style);
        let add = match parameter.location {
            Location::Path if parameter.secret => quote!(secret_path),
            Location::Path => quote!(path),
            Location::Query if parameter.is_exploded_map => quote!(query_map),
            Location::Query => quote!(query),
            Location::Header => quote!(header),
            Location::Cookie => quote!(cookie),
        };
        quote! { request.#add(#name, #style, self.#field); }
    });
    let accept = details.accept.as_ref().map(|accept| quote! { request.accept(#accept); });
    let body = details.body_encoding.as_ref().map(|encoding| match details.body_may_be_absent {
        true => {
            let add = add_body(encoding, fields, true);
            quote! { if let ::std::option::Option::Some(body) = self.body { #add } }
        }
        false => add_body(encoding, fields, false),
    });
    let client = &fields.client;
    let errors = details.errors.iter().map(|(status, content)| quote!((#status, runtime::ErrorContent::#content)));
    let mut block: Block = parse_quote! {{
        #[allow(unused_mut)]
        let mut request = runtime::Request::new(::reqwest::Method::#method, #path);
        #(#parameters)*
        #accept
        #body
        let response = execute(self.#client, request, #name, &[#(#errors),*]).await?;
    }};
    // Appended, because `parse_quote` would parse it again.
    block.stmts.push(Stmt::Expr(Expr::Match(read), None));
    Ok(block)
}

/// Returns the statement that adds the body to the request: the variable `body` if `is_optional`, otherwise the field `self.body`.
fn add_body(encoding: &BodyEncoding, fields: &Fields, is_optional: bool) -> TokenStream {
    let given = if is_optional { quote!(::std::result::Result::Ok(body)) } else { quote!(self.body) };
    let body = match &fields.built {
        Some(built) if is_optional => quote!(runtime::build::<types::#built, _>(body)),
        Some(built) => quote!(self.body.and_then(runtime::build::<types::#built, _>)),
        None => given.clone(),
    };
    match encoding {
        BodyEncoding::Json(media_type) => quote! { request.json(#media_type, #body); },
        BodyEncoding::Form(styles) => {
            let styles = styles.iter().map(|(name, style)| quote!((#name, #style)));
            match fields.built {
                Some(_) if is_ambiguous(encoding) => quote! { request.form_of(&[#(#styles),*], #given); },
                _ => quote! { request.form(&[#(#styles),*], #body); },
            }
        }
        BodyEncoding::Multipart => quote! { request.multipart(#given); },
        BodyEncoding::Bytes(media_type) => quote! { request.bytes(#media_type, #body); },
    }
}

impl ToTokens for ErrorContent {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::None => quote!(None),
            Self::Json => quote!(Json),
            Self::Text => quote!(Text),
        });
    }
}

impl ToTokens for Style {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = format_ident!("{}", self.name);
        let explode = self.explode.map(|explode| quote!(.explode(#explode)));
        let reserved = self.reserved.then(|| quote!(.allow_reserved()));
        tokens.extend(quote!(runtime::Style::#name #explode #reserved));
    }
}

/// Replaces the functions that read the bodies of successes by tolerant ones.
struct ReadResponse;

impl VisitMut for ReadResponse {
    /// A status takes precedence over its range (OpenAPI 3.1.1, section 4.8.16.2), but progenitor may write the range first.
    fn visit_expr_match_mut(&mut self, read: &mut ExprMatch) {
        visit_mut::visit_expr_match_mut(self, read);
        read.arms.sort_by_key(|arm| match arm.pat {
            Pat::Lit(_) => 0,
            Pat::Range(_) => 1,
            _ => 2,
        });
    }

    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        match text(&call.func).as_str() {
            "ResponseValue::from_response" => *call.func = parse_quote!(runtime::body),
            // progenitor's function copies the headers.
            "ResponseValue::empty" => *call.func = parse_quote!(runtime::no_body),
            _ => {}
        }
    }

    /// Renames the response, to which progenitor adds underscores if a parameter is called `response`.
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident.to_string().trim_start_matches('_') == "response" {
            *ident = format_ident!("response");
        }
    }
}

/// Rebuilds the setters of operations. Their violations contain the name of the parameter in the document and the requirement of its
/// schema.
pub fn rebuild_setters(
    module: &mut ItemMod,
    texts: &BTreeSet<Ident>,
    lowered: &Lowered,
    provenance: &mut Provenance,
) -> Result<()> {
    let items = tree::content(module)?;
    for (name, details) in &lowered.operations {
        let operation = names::builder_name(name);
        provenance.record(format!("Client::{name}()"), &BTreeSet::from([details.pointer.clone()]));
        provenance.record(format!("builder::{operation}"), &BTreeSet::from([details.pointer.clone()]));
    }
    let details = details(lowered);
    let mut named = 0;
    let mut added = Vec::new();
    for item in &mut *items {
        match item {
            Item::Struct(operation) => {
                unbox_objects(operation);
                let parameters = parameters(operation, lowered);
                named += parameters.len();
                added.push(Item::Impl(violations(operation, parameters)));
                let details = details.get(&operation.ident.to_string()).copied();
                if details.is_some_and(|details| details.body_may_be_absent) {
                    make_body_optional(operation);
                }
                added.extend(hide_secrets(operation, details, lowered)?);
            }
            Item::Impl(block) => {
                if let Some(operation) = tree::last_ident(&block.self_ty).map(ToString::to_string) {
                    let details = details.get(&operation).copied();
                    Setters { operation, details, texts, lowered, provenance }.rebuild(block);
                }
            }
            _ => {}
        }
    }
    items.extend(added);
    if named == lowered.parameters.len() { Ok(()) } else { Err(not_found("field for each parameter")) }
}

/// Removes the `Box` that lowering puts around objects in parameters.
fn unbox_objects(operation: &mut ItemStruct) {
    for field in &mut operation.fields {
        let Some(value) = tree::argument(&field.ty, "Result") else { continue };
        let optional = tree::argument(value, "Option");
        if let Some(object) = tree::argument(optional.unwrap_or(value), "Box") {
            let value = if optional.is_some() { quote!(::std::option::Option<#object>) } else { quote!(#object) };
            field.ty = parse_quote!(::std::result::Result<#value, ::std::string::String>);
        }
    }
}

/// Makes the builder of an optional body an `Option`.
fn make_body_optional(operation: &mut ItemStruct) {
    for field in operation.fields.iter_mut().filter(|field| field.ident.as_ref().is_some_and(|name| name == "body")) {
        if let Some(builder) = tree::argument(&field.ty, "Result").cloned() {
            field.ty = parse_quote!(::std::option::Option<#builder>);
        }
    }
}

/// Returns the fields of an operation's builder that are parameters.
fn parameters(operation: &ItemStruct, lowered: &Lowered) -> Vec<Ident> {
    let fields = operation.fields.iter().filter_map(|field| field.ident.clone());
    let name = operation.ident.to_string();
    fields.filter(|field| lowered.parameters.contains_key(&(name.clone(), field.to_string()))).collect()
}

/// Returns the method that reports the violations of all parameters, and of a body that has no builder.
fn violations(operation: &ItemStruct, mut fields: Vec<Ident>) -> ItemImpl {
    let ident = &operation.ident;
    let body = operation.fields.iter().find(|field| field.ident.as_ref().is_some_and(|name| name == "body"));
    let own = body.filter(|body| !text(&body.ty).contains("types::builder::"));
    let summary = match (body, own) {
        (None, _) => "Returns the violations of all parameters.",
        (_, Some(_)) => "Returns the violations of all parameters and of the body.",
        (_, None) => "Returns the violations of all parameters. Those of the body are returned by its own builder.",
    };
    fields.extend(own.and_then(|body| body.ident.clone()));
    let summary = tree::doc(summary);
    parse_quote! {
        impl #ident<'_> {
            #summary
            #[must_use]
            pub fn violations(&self) -> runtime::Violations {
                runtime::Violations::default()#(.with(&self.#fields))*
            }
        }
    }
}

/// Replaces the derived `Debug` of a builder by one without the parameters and the body that may be secrets, if it has any. A body of a
/// generated type hides its passwords itself.
fn hide_secrets(
    operation: &mut ItemStruct,
    details: Option<&OperationDetails>,
    lowered: &Lowered,
) -> Result<Option<Item>> {
    let ident = &operation.ident;
    let name = ident.to_string();
    let body_is_secret = details.is_some_and(|details| details.body_is_secret);
    let is_secret =
        |name_of_field: &Ident, ty: &Type| match lowered.parameters.get(&(name.clone(), name_of_field.to_string())) {
            Some(parameter) => parameter.secret,
            None => body_is_secret && name_of_field == "body" && !text(ty).contains("types::"),
        };
    let fields = operation.fields.iter().filter_map(|field| Some((field.ident.as_ref()?, &field.ty)));
    let (secret, shown): (Vec<_>, Vec<_>) = fields.partition(|(field, ty)| is_secret(field, ty));
    if secret.is_empty() {
        return Ok(None);
    }
    tree::remove_derives(&mut operation.attrs, &["Debug"])?;
    Ok(Some(debug_without_secrets(quote!(#ident<'_>), ident, shown.into_iter().map(|(field, _)| field))))
}

/// Returns the properties of operations, by the names of their builders.
fn details(lowered: &Lowered) -> BTreeMap<String, &OperationDetails> {
    lowered.operations.iter().map(|(name, details)| (names::builder_name(name), details)).collect()
}

/// The setters of an operation.
struct Setters<'a> {
    operation: String,
    details: Option<&'a OperationDetails>,
    /// The types that are parsed from text.
    texts: &'a BTreeSet<Ident>,
    lowered: &'a Lowered,
    provenance: &'a mut Provenance,
}

impl<'a> Setters<'a> {
    fn rebuild(&mut self, block: &mut ItemImpl) {
        self.visit_item_impl_mut(block);
        let names = setters::name_setters(&self.operation, self.lowered);
        let mut added: Vec<ImplItem> = Vec::new();
        for method in block.items.iter_mut().filter_map(setter) {
            let field = method.sig.ident.clone();
            let (parameter, names) = (self.parameter(&field), names.get(&field.to_string()));
            if let Some(names) = names {
                method.sig.ident = names.plain.clone();
            }
            self.convert_parts(method, &field, parameter);
            self.document(method, &field, parameter);
            let of_option = names.and_then(|names| names.of_option.as_ref());
            if let (Some(name), Some(FnArg::Typed(argument))) = (of_option, method.sig.inputs.last()) {
                let argument = argument.ty.to_token_stream();
                let of_option = setters::of_option(name, &method.sig.ident, &method.sig.generics, &argument);
                let deprecated = parameter.is_some_and(|it| it.deprecated).then(|| quote!(#[deprecated]));
                added.push(parse_quote!(#deprecated #of_option));
                self.record(name, parameter);
            }
        }
        block.items.extend(added);
    }

    fn parameter(&self, field: &Ident) -> Option<&'a Parameter> {
        self.lowered.parameters.get(&(self.operation.clone(), field.to_string()))
    }

    /// Replaces setters. The new setter of a list converts each item, that of an object also accepts its builder, and that of a union or
    /// any other body reports the violations of its type.
    fn convert_parts(&self, method: &mut ImplItemFn, field: &Ident, parameter: Option<&Parameter>) {
        let Some(argument) = tree::bound_argument(method) else { return };
        let Some(Setter { argument, value, .. }) = Setter::of_parts(argument, parameter, self.texts, self.lowered)
        else {
            return;
        };
        let name = &method.sig.ident;
        let present = parameter.filter(|parameter| !parameter.required).map(|_| quote!(.map(Some)));
        *method = parse_quote! {
            pub fn #name(mut self, value: #argument) -> Self {
                self.#field = #value #present;
                self
            }
        };
    }

    fn document(&mut self, method: &mut ImplItemFn, field: &Ident, parameter: Option<&Parameter>) {
        let description = match parameter {
            Some(parameter) => parameter.documentation.description.as_str(),
            None if field == "body_map" => "Modifies the builder of the body.",
            None if text(&method.sig).contains("types::builder::") && self.body_may_be_absent() => {
                "Sets the body: a value, a reference to one, or its builder, whose violations `send` returns. By default, no body is sent."
            }
            None if text(&method.sig).contains("types::builder::") => {
                "Sets the body: a value, a reference to one, or its builder, whose violations `send` returns."
            }
            None => "Sets the body.",
        };
        method.attrs.push(tree::doc(description));
        if parameter.is_some_and(|parameter| parameter.deprecated) {
            method.attrs.push(parse_quote!(#[deprecated]));
        }
        self.record(&method.sig.ident, parameter);
    }

    fn body_may_be_absent(&self) -> bool {
        self.details.is_some_and(|details| details.body_may_be_absent)
    }

    fn record(&mut self, setter: &Ident, parameter: Option<&Parameter>) {
        let sources =
            parameter.map(|it| &it.documentation.sources).or(self.details.map(|details| &details.body_sources));
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

impl VisitMut for Setters<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let message = literal.value();
        let missing = message.strip_suffix(" was not initialized");
        let invalid = || message.strip_prefix("conversion to `")?.strip_suffix(" failed")?.rsplit("` for ").next();
        let Some(field) = missing.or_else(invalid) else { return };
        let parameter = self.lowered.parameters.get(&(self.operation.clone(), field.to_owned()));
        let message = match (parameter, missing) {
            (Some(it), Some(_)) => format!("/{}: is required", escape(&it.name)),
            (Some(it), None) => format!("/{}: {}", escape(&it.name), it.expected),
            (None, Some(_)) => "body: is required".to_owned(),
            (None, None) => return,
        };
        *literal = LitStr::new(&message, literal.span());
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        visit_mut::visit_field_value_mut(self, field);
        if self.body_may_be_absent() && matches!(&field.member, Member::Named(name) if name == "body") {
            field.expr = parse_quote!(::std::option::Option::None);
        }
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, method);
        // Only the client creates builders of operations.
        if method.sig.receiver().is_none() {
            method.vis = parse_quote!(pub(crate));
        }
        // progenitor converts a body with a builder to a value first, and back to a builder.
        if method.sig.ident == "body"
            && let Some(body) = body_type(method)
        {
            let present = if self.body_may_be_absent() { quote!(Some) } else { quote!(Ok) };
            *method = parse_quote! {
                pub fn body(mut self, value: impl Into<types::builder::#body>) -> Self {
                    self.body = #present(value.into());
                    self
                }
            };
        }
        if method.sig.ident == "body_map" && self.body_may_be_absent() {
            method.block = parse_quote! {{
                self.body = Some(f(self.body.unwrap_or_default()));
                self
            }};
        }
    }
}

/// Returns `X` of `V: TryInto<types::X>` if the setter converts it to a builder.
fn body_type(method: &ImplItemFn) -> Option<Ident> {
    let makes_builder = text(&method.block).contains(".map(From::from)");
    tree::bound_argument(method).filter(|_| makes_builder).and_then(tree::last_ident).cloned()
}
