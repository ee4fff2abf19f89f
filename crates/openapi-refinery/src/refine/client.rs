//! The client: constructors, `Debug`, and constants from the document.

use std::collections::BTreeSet;

use quote::quote;
use serde_json::Value;
use syn::visit_mut::VisitMut;
use syn::{Attribute, FieldValue, File, ImplItem, Item, parse_quote};

use super::{not_found, text, tree};
use crate::lower::Lowered;
use crate::{Constructors, Provenance, Result};

/// Rebuilds the client: its base URL is parsed once, `Debug` is not derived, since the HTTP client may contain credentials, and its
/// constructors have the configured visibility.
pub fn rebuild(file: &mut File, constructors: Constructors, info: &Value) -> Result<()> {
    tree::remove_module(&mut file.items, "prelude")?;
    let mut rebuilt = 0;
    for item in &mut file.items {
        match item {
            Item::Struct(client) if client.ident == "Client" => {
                tree::remove_derives(&mut client.attrs, &["Debug"])?;
                client.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
                client.attrs.push(document(info));
                let base_url =
                    client.fields.iter_mut().find(|field| field.ident.as_ref().is_some_and(|it| it == "baseurl"));
                base_url.ok_or_else(|| not_found("field `baseurl`"))?.ty = parse_quote!(runtime::BaseUrl);
                rebuilt += 1;
            }
            Item::Impl(block) if block.trait_.is_none() => {
                rebuilt += rebuild_constructors(&mut block.items, constructors);
                block.items.iter_mut().for_each(document_checks);
            }
            _ => {}
        }
    }
    if rebuilt == 3 { Ok(()) } else { Err(not_found("client with two constructors")) }
}

/// Returns the documentation of the client. Version and description are those of the API, which may be larger than the client.
fn document(info: &Value) -> Attribute {
    let text = |key: &str| info[key].as_str().unwrap_or_default().trim();
    let summary = format!("Client for the API `{}`, version {}.", text("title"), text("version"));
    let text = match text("description") {
        "" => summary,
        description => format!("{summary}\n\nThe OpenAPI document describes the API as follows:\n\n{description}"),
    };
    parse_quote!(#[doc = #text])
}

fn rebuild_constructors(items: &mut Vec<ImplItem>, constructors: Constructors) -> usize {
    let mut rebuilt = 0;
    items.retain_mut(|item| {
        let ImplItem::Fn(method) = item else { return true };
        let is_private = constructors == Constructors::Private;
        match method.sig.ident.to_string().as_str() {
            "new" => {
                let docs = [
                    "",
                    "A request that takes more than 15 seconds, including its response, is canceled. For other timeouts, use",
                    "[`Self::new_with_client`].",
                    "",
                    "# Panics",
                    "Panics if the HTTP client cannot load its TLS backend or the configuration of the system.",
                ];
                method.attrs.extend(docs.map(tree::doc));
                rebuilt += 1;
            }
            "new_with_client" => {
                ParsedBaseUrl.visit_impl_item_fn_mut(method);
                if is_private {
                    method.vis = parse_quote!(pub(crate));
                    method.attrs.push(parse_quote!(#[allow(dead_code)]));
                }
                rebuilt += 1;
            }
            _ => {}
        }
        !(is_private && method.sig.ident == "new")
    });
    rebuilt
}

/// Replaces the initialization of `baseurl` by a parsed URL.
struct ParsedBaseUrl;

impl VisitMut for ParsedBaseUrl {
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if text(&field.member) == "baseurl" {
            field.expr = parse_quote!(runtime::BaseUrl::new(baseurl));
        }
    }
}

/// Marks the methods of operations that the document marks as deprecated.
pub fn deprecate_operations(file: &mut File, lowered: &Lowered) {
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        for item in block.items.iter_mut().filter(|_| block.trait_.is_none()) {
            if let ImplItem::Fn(method) = item
                && lowered.operations.get(&method.sig.ident.to_string()).is_some_and(|details| details.deprecated)
            {
                method.attrs.push(parse_quote!(#[deprecated]));
            }
        }
    }
}

/// Documents what an operation validates, since handwritten methods may validate more.
fn document_checks(item: &mut ImplItem) {
    if let ImplItem::Fn(method) = item
        && text(&method.sig.output).starts_with("->builder::")
    {
        method.attrs.push(parse_quote!(#[doc = ""]));
        method.attrs.push(parse_quote! {
            #[doc = "Validates only the constraints in the schemas of the OpenAPI document."]
        });
    }
}

/// Adds `Debug`, which shows the base URL and no credentials.
pub fn add_debug(file: &mut File) {
    file.items.push(parse_quote! {
        impl ::std::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct("Client").field("base_url", &self.baseurl).finish_non_exhaustive()
            }
        }
    });
}

/// Adds the function that sends all requests and calls the client's hooks. It is generated, because the hooks are implemented for the
/// generated client only.
pub fn add_execute(file: &mut File) {
    file.items.retain(|item| !matches!(item, Item::Use(import) if text(import).contains("encode_path")));
    file.items.insert(
        0,
        parse_quote! {
            #[allow(unused_imports)]
            use progenitor_client::{ClientHooks, OperationInfo};
        },
    );
    file.items.push(parse_quote! {
        /// Sends a request of an operation.
        #[allow(dead_code)]
        async fn execute<E>(
            client: &Client,
            request: runtime::Request,
            operation_id: &'static str,
            documented_errors: &[(&str, runtime::ErrorContent)],
        ) -> Result<reqwest::Response, Error<E>> {
            let (request, url) = request.build(&client.client, &client.baseurl).map_err(Error::InvalidRequest)?;
            let mut request = request.build().map_err(|error| url.in_error(error))?;
            let info = OperationInfo { operation_id };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            match result {
                Ok(response) => Ok(url.in_response(response, documented_errors)),
                Err(error) => Err(url.in_error(error).into()),
            }
        }
    });
}

/// Adds constants for the API as a whole.
pub fn add_constants(file: &mut File, lowered: &Lowered, provenance: &mut Provenance) {
    let of_operations = |member: &str| {
        let members = lowered.operations.values().map(|details| format!("{}{member}", details.pointer));
        members.collect::<BTreeSet<String>>()
    };
    let mut security = of_operations("/security");
    security.extend(["/security", "/components/securitySchemes"].map(str::to_owned));
    provenance.record("DEFAULT_BASE_URL", &BTreeSet::from(["/servers".to_owned()]));
    provenance.record("ACCEPTS_HTTP_BASIC", &security);
    provenance.record("SUCCESSES", &of_operations("/responses"));
    let base_url = &lowered.base_url;
    let accepts_http_basic = lowered.accepts_http_basic;
    let successes = lowered.operations.iter().map(|(operation, details)| {
        let statuses = &details.successes;
        quote! { (#operation, &[#(#statuses),*]) }
    });
    let position = file.items.iter().position(|item| matches!(item, Item::Struct(_))).unwrap_or(0);
    let constants: [Item; 3] = [
        parse_quote! {
            /// The URL of the first server in the document with an absolute URL; if there is none, that of the first server.
            #[allow(dead_code)]
            pub const DEFAULT_BASE_URL: &str = #base_url;
        },
        parse_quote! {
            /// Whether any operation of the document accepts HTTP Basic authentication (RFC 7617) without other credentials.
            #[allow(dead_code)]
            pub const ACCEPTS_HTTP_BASIC: bool = #accepts_http_basic;
        },
        parse_quote! {
            /// The statuses of successful responses that the document lists, by operation.
            #[allow(dead_code)]
            pub const SUCCESSES: &[(&str, &[&str])] = &[#(#successes),*];
        },
    ];
    file.items.splice(position..position, constants);
}
