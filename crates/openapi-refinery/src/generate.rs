//! Step 5: generation of Rust code from OpenAPI 3.0 with progenitor.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic;
use std::sync::Once;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle};
use serde_json::{Map, Value, json};
use syn::token::Brace;
use syn::{Item, ItemMod, parse_quote};

use super::lower::{Lowered, NamedType, optional};
use super::{Error, Result, Settings};
use crate::pointer::escape;

/// The code to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The client, the types and the runtime: `client.rs`.
    Client,
    /// Helpers for httpmock: `mock.rs`. They expect the client in the module `crate::generated`.
    Mock,
}

impl Output {
    /// Returns the name of the file in `OUT_DIR`.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Client => "client.rs",
            Self::Mock => "mock.rs",
        }
    }
}

/// Generates a syntax tree.
pub fn generate(lowered: &Lowered, output: Output, settings: &Settings) -> Result<syn::File> {
    let generator = Progenitor { lowered, output, settings };
    without_panic_output(|| generator.run(generator.document())).map_err(|problem| {
        let remedy = "change it with an entry in the corrections";
        let errors = without_panic_output(|| generator.locate_failures(&generator.document(), problem))
            .into_iter()
            .map(|(location, problem)| {
                Error::at(location, format!("progenitor cannot generate this: {problem}"), remedy)
            });
        Error::all(errors.collect()).unwrap_or_else(|| Error::at("", "progenitor cannot generate this", remedy))
    })
}

/// Returns the document with success responses only: callers decode error bodies when they need them, with types that the step `refine`
/// adds. All successes of an operation get the same type. Responses to HEAD have no body, whatever the document declares (RFC 9110, section
/// 9.3.2).
fn with_successes_only(document: &Value) -> Value {
    let mut document = document.clone();
    let path_items = document["paths"].as_object_mut().into_iter().flatten().map(|(_, item)| item);
    for (method, operation) in path_items.filter_map(Value::as_object_mut).flatten() {
        if let Some(responses) = operation["responses"].as_object_mut() {
            responses.retain(|status, _| status.starts_with('2'));
            if method == "head" {
                responses.values_mut().filter_map(Value::as_object_mut).for_each(|response| {
                    response.remove("content");
                });
            }
            unify_bodies(responses);
        }
    }
    document
}

/// Makes the body optional for all responses if some of them have none.
fn unify_bodies(responses: &mut Map<String, Value>) {
    let is_empty = |response: &Value| response.get("content").is_none();
    let content = responses.values().find_map(|response| response.get("content").cloned());
    let Some(mut content) = content.filter(|_| responses.values().any(is_empty)) else { return };
    if let Some(schema) = content.pointer_mut("/application~1json/schema") {
        *schema = optional(schema);
    }
    responses.values_mut().for_each(|response| response["content"] = content.clone());
}

/// Rewrites schemas that typify interprets differently. The values of an enum are replaced by placeholders (`V0`, `V1`, …), because
/// typify may derive the same name from several values. `anyOf` becomes `oneOf`, because typify treats `anyOf` as all schemas at once.
fn adapt_to_typify(document: &mut Value, types: &BTreeMap<String, NamedType>) {
    match document {
        Value::Object(members) => {
            let named = members.get("title").and_then(Value::as_str).and_then(|title| types.get(title));
            if let (Some(named), Some(values @ Value::Array(_))) = (named, members.get_mut("enum")) {
                *values = (0..named.variants.len()).map(|index| format!("V{index}")).collect();
            }
            if members.get("anyOf").is_some_and(Value::is_array)
                && let Some(alternatives) = members.remove("anyOf")
            {
                members.insert("oneOf".to_owned(), alternatives);
            }
            members.values_mut().for_each(|member| adapt_to_typify(member, types));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| adapt_to_typify(value, types)),
        _ => {}
    }
}

struct Progenitor<'a> {
    lowered: &'a Lowered,
    output: Output,
    settings: &'a Settings,
}

impl Progenitor<'_> {
    /// Returns the document for progenitor and this output.
    fn document(&self) -> Value {
        let mut document = match self.output {
            Output::Client => with_successes_only(&self.lowered.document),
            Output::Mock => self.lowered.document.clone(),
        };
        adapt_to_typify(&mut document, &self.lowered.types);
        document
    }

    /// Runs progenitor. Takes the document by value, so that it is freed before parsing, which needs most of the memory.
    fn run(&self, document: Value) -> std::result::Result<syn::File, String> {
        let settings = generation_settings(self.lowered, self.settings).map_err(|error| error.to_string())?;
        let generated = panic::catch_unwind(|| {
            let document = serde_json::from_value(document).map_err(|error| error.to_string())?;
            let mut generator = Generator::new(&settings);
            let tokens = match self.output {
                Output::Client => generator.generate_tokens(&document),
                Output::Mock => generator.httpmock(&document, "crate::generated"),
            };
            tokens.map_err(|error| error.to_string())
        });
        let parsed = |tokens| {
            let file = match self.output {
                Output::Client => self.items(tokens, "").map(|items| syn::File { items, ..parse_quote!() }),
                Output::Mock => syn::parse2(tokens),
            };
            file.map_err(|error| error.to_string())
        };
        let problem = match generated.map(|tokens| tokens.and_then(parsed)) {
            Ok(Ok(file)) => return Ok(file),
            Ok(Err(problem)) => problem,
            Err(panic) => match panic.downcast::<String>() {
                Ok(text) => *text,
                Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or("panic without a message").to_owned(),
            },
        };
        Err(problem.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Returns the locations at which generation fails, with the errors: a schema, if the components fail without any operation; otherwise
    /// each operation that fails when it is the only one in the document.
    fn locate_failures(&self, document: &Value, problem: String) -> Vec<(String, String)> {
        let mut without_paths = document.clone();
        without_paths["paths"] = json!({});
        if let Err(problem) = self.run(without_paths.clone()) {
            let location = self.locate_schema(&without_paths).unwrap_or_else(|| "/components/schemas".to_owned());
            return vec![(location, problem)];
        }
        let operations = document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
        });
        let errors = operations.filter_map(|(path, method, operation)| {
            let mut alone = without_paths.clone();
            alone["paths"] = json!({ path.as_str(): { method.as_str(): operation } });
            Some((format!("/paths/{}/{method}", escape(path)), self.run(alone).err()?))
        });
        let errors: Vec<(String, String)> = errors.collect();
        if errors.is_empty() { vec![("/paths".to_owned(), problem)] } else { errors }
    }

    /// Returns the location of the first schema whose replacement by `{}` makes generation succeed.
    fn locate_schema(&self, document: &Value) -> Option<String> {
        let schemas = document["components"]["schemas"].as_object()?;
        let cause = schemas.keys().find(|&name| {
            let mut without = document.clone();
            without["components"]["schemas"][name] = json!({});
            self.run(without).is_ok()
        })?;
        Some(self.lowered.location_of(cause))
    }

    /// Parses the content of a module one item at a time, so that the tokens of an item are freed before the next is parsed: tokens take
    /// most of the memory. Types and methods are parsed without what the refine step replaces.
    fn items(&self, tokens: TokenStream, module: &str) -> syn::Result<Vec<Item>> {
        let mut items = split_items(tokens);
        items.retain(|item| module != "types" || !self.is_replaced(item));
        let parsed = items.into_iter().map(|item| match module_name(&item) {
            Some(name) => self.parse_module(item, &name).map(Item::Mod),
            None if module == "builder" => syn::parse2(without_requests(item)),
            None => syn::parse2(item.into_iter().collect()),
        });
        parsed.collect()
    }

    fn parse_module(&self, mut tokens: Vec<TokenTree>, name: &str) -> syn::Result<ItemMod> {
        let content = take_block(&mut tokens);
        let mut module: ItemMod = syn::parse2(tokens.into_iter().collect())?;
        module.content = Some((Brace::default(), self.items(content, name)?));
        Ok(module)
    }

    /// Returns whether the refine step replaces an item of the module `types`: the builders, and for string types, their trait
    /// implementations and the conversions from them.
    fn is_replaced(&self, item: &[TokenTree]) -> bool {
        let is_for = |token: &TokenTree| matches!(token, TokenTree::Ident(keyword) if keyword == "for");
        let Some(position) = item.iter().position(is_for) else {
            return module_name(item).as_deref() == Some("builder");
        };
        // In `impl Trait<Argument> for Type { … }`, `Type` precedes the block, and `Argument` precedes `>`.
        let names = [item, &item[..position]].map(|tokens| tokens.iter().nth_back(1));
        names.into_iter().flatten().any(|token| match token {
            TokenTree::Ident(name) => self.lowered.types.get(&name.to_string()).is_some_and(|ty| ty.is_text),
            _ => false,
        })
    }
}

/// Splits the content of a block after each `;` and each block in it. A block before `,` or `>` is an argument of a type, as in
/// `Integer<{ i64::MIN as i128 }, 9>`.
fn split_items(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let is_one_of = |token: &TokenTree, signs: &[char]| matches!(token, TokenTree::Punct(punct) if signs.contains(&punct.as_char()));
    let is_block =
        |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let (mut items, mut item) = (Vec::new(), Vec::new());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let goes_on = tokens.peek().is_some_and(|next| is_one_of(next, &[';', ',', '>']));
        let is_last = is_one_of(&token, &[';']) || (is_block(&token) && !goes_on);
        item.push(token);
        if is_last {
            items.push(std::mem::take(&mut item));
        }
    }
    if !item.is_empty() {
        items.push(item);
    }
    items
}

/// Keeps only the `match` that reads the response in each method `send` of an `impl`. The statements before it are replaced by the refine
/// step.
fn without_requests(mut item: Vec<TokenTree>) -> TokenStream {
    let methods = split_items(take_block(&mut item)).into_iter().flat_map(|mut method| {
        if method.iter().any(|token| matches!(token, TokenTree::Ident(name) if name == "send")) {
            let body = take_block(&mut method);
            replace_block(&mut method, from_last_match(body));
        }
        method
    });
    let methods = methods.collect();
    replace_block(&mut item, methods);
    item.into_iter().collect()
}

fn from_last_match(body: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let is_match = |token: &TokenTree| matches!(token, TokenTree::Ident(keyword) if keyword == "match");
    let start = tokens.iter().rposition(is_match).unwrap_or(0);
    tokens.into_iter().skip(start).collect()
}

/// Takes the content of the block at the end of an item, and leaves the block empty.
fn take_block(item: &mut [TokenTree]) -> TokenStream {
    replace_block(item, TokenStream::new())
}

/// Replaces the content of the block at the end of an item and returns the previous one.
fn replace_block(item: &mut [TokenTree], content: TokenStream) -> TokenStream {
    match item.last_mut() {
        Some(TokenTree::Group(block)) => std::mem::replace(block, Group::new(Delimiter::Brace, content)).stream(),
        _ => TokenStream::new(),
    }
}

fn module_name(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [.., TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(_)] if keyword == "mod" => {
            Some(name.to_string())
        }
        _ => None,
    }
}

fn generation_settings(lowered: &Lowered, settings: &Settings) -> serde_json::Result<GenerationSettings> {
    let inner = settings.inner.as_deref().and_then(|inner| inner.parse().ok());
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_derive("PartialEq").with_crate("std", CrateVers::Any, None);
    if let Some(inner) = inner {
        settings.with_inner_type(inner).with_hooks(HooksMode::Expected);
    } else {
        settings.with_hooks(HooksMode::Optional);
    }
    let mut convert = |schema: Value, rust_type: &str| -> serde_json::Result<()> {
        settings.with_conversion(serde_json::from_value(schema)?, rust_type, std::iter::empty());
        Ok(())
    };
    convert(json!({ "type": "string", "format": "uri" }), "super::runtime::Uri")?;
    convert(json!({ "type": "integer", "format": "int128" }), "i128")?;
    convert(json!({ "type": "number", "format": "finite" }), "super::runtime::Number")?;
    convert(json!({ "type": "string", "format": "file" }), "super::runtime::File")?;
    for range in &lowered.integers {
        let rust_type = format!("super::runtime::{}", range.rust_type());
        convert(json!({ "type": "integer", "format": range.format() }), &rust_type)?;
    }
    Ok(settings)
}

thread_local! {
    static IS_SUPPRESSED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function without printing panics, which [`Progenitor::run`] returns as errors. Panics of other threads are printed as usual.
fn without_panic_output<T>(work: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_SUPPRESSED.get() {
                previous(info);
            }
        }));
    });
    IS_SUPPRESSED.set(true);
    let result = work();
    IS_SUPPRESSED.set(false);
    result
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::lower::lower;
    use super::super::{Handwritten, Names, Settings, normalize};
    use super::*;

    #[test]
    fn panics_of_progenitor_become_errors_with_a_location() {
        let operation = json!({ "responses": { "204": { "description": "" } } });
        let document = json!({ "openapi": "3.1.0", "paths": { "/fine": { "get": operation }, "/{id}": { "get": operation, "put": operation } } });
        let normal = normalize(&document).unwrap();
        let mut lowered =
            lower(&document, &normal, Vec::new(), &Names::default(), &Handwritten::default()).ok().unwrap();
        for method in ["get", "put"] {
            lowered.document["paths"]["/{id}"][method]["parameters"] = json!([]);
        }
        let message = generate(&lowered, Output::Client, &Settings::default()).err().unwrap().to_string();
        for (line, method) in message.lines().zip(["get", "put"]) {
            let expected = format!("at /paths/~1{{id}}/{method}: progenitor cannot generate this: missing path");
            assert!(line.starts_with(&expected), "{message}");
        }
        assert_eq!(message.lines().count(), 2);
    }
}
