//! The public API of generated code, and the consequences of its changes for code that uses it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, FnArg, ImplItem, ImplItemFn, Item, Token, TraitItem, UseTree, Visibility};

use super::Verdict;
use super::items::differing_items;

/// The public items of generated code that differ from those of other code, each with its signature.
#[derive(Default)]
pub struct Api {
    items: BTreeMap<String, String>,
    /// The code of each item by path, without documentation. A type includes its implementations.
    code: BTreeMap<String, String>,
    /// What fields and setters stand for: the name of a property, or the pointer to a property or parameter in a request.
    members: BTreeMap<String, String>,
    has_different_text: bool,
}

/// A changed item.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemChange {
    /// Its path in the generated module.
    pub path: String,
    /// `added`, `removed` or `changed`.
    pub what: &'static str,
    /// The consequence for code that uses it.
    pub verdict: Verdict,
}

impl Api {
    /// Adds the items of generated code before and after. Items with the same text are left out and not parsed.
    ///
    /// # Errors
    /// Returns an error if either is not Rust.
    pub fn read([before, after]: &mut [Self; 2], old: &str, new: &str) -> Result<(), String> {
        if old == new {
            return Ok(());
        }
        let differing = differing_items(old, new)
            .and_then(|[old, new]| Some([parse_modules(&old).ok()?, parse_modules(&new).ok()?]));
        let whole = |code: &str| parse_modules(&BTreeMap::from([(String::new(), code.to_owned())]));
        let [old, new] = differing.map_or_else(|| Ok([whole(old)?, whole(new)?]), Ok::<_, String>)?;
        for (api, modules) in [(before, old), (after, new)] {
            api.has_different_text = true;
            modules.iter().for_each(|(module, items)| api.collect(module, items));
        }
        Ok(())
    }

    /// Returns how much the code differs, public or not.
    pub fn difference(&self, other: &Self) -> Verdict {
        let is_same_code = (&self.items, &self.code) == (&other.items, &other.code);
        match (self.has_different_text, is_same_code) {
            (false, _) => Verdict::None,
            (true, true) => Verdict::Docs,
            (true, false) => Verdict::Compatible,
        }
    }

    /// Returns the paths of types that both have and whose code differs.
    pub fn types_with_different_code<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        // `items` has only types that differ, so a type that is missing on both sides is unchanged.
        let is_in_both = |name: &&str| self.items.contains_key(*name) == other.items.contains_key(*name);
        self.differing_code(other).filter(is_in_both)
    }

    /// Returns whether only private code of the runtime differs. Its macros may implement public traits.
    pub fn differs_in_runtime_only(&self, other: &Self) -> bool {
        self.differing_code(other).all(|path| path.starts_with("runtime::"))
    }

    fn differing_code<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let names: BTreeSet<&String> = self.code.keys().chain(other.code.keys()).collect();
        names.into_iter().filter(|name| self.code.get(*name) != other.code.get(*name)).map(String::as_str)
    }

    /// Returns the changed items. An added field or variant is compatible if its type is `non_exhaustive`.
    pub fn changes(&self, new: &Self) -> Vec<ItemChange> {
        let paths: BTreeSet<&String> =
            [&self.items, &new.items, &new.members].into_iter().flat_map(|it| it.keys()).collect();
        let change = |path: &String| {
            let (what, verdict) = match (self.items.get(path), new.items.get(path)) {
                (before, after) if before == after && !self.gets_name_of_another(new, path) => return None,
                (None, None) | (Some(_), Some(_)) => ("changed", Verdict::Breaking),
                (Some(_), None) => ("removed", Verdict::Breaking),
                (None, _) => ("added", self.addition(path)),
            };
            Some(ItemChange { path: path.clone(), what, verdict })
        };
        paths.into_iter().filter_map(change).collect()
    }

    /// Returns whether a field or setter stands for something else, and what it stood for has another name.
    fn gets_name_of_another(&self, new: &Self, path: &str) -> bool {
        let owner = |path: &str| path.rsplit_once("::").map_or("", |(owner, _)| owner).to_owned();
        let (Some(before), Some(after)) = (self.members.get(path), new.members.get(path)) else { return false };
        before != after && new.members.iter().any(|(other, it)| it == before && owner(other) == owner(path))
    }

    fn addition(&self, path: &str) -> Verdict {
        let is_type = |owner: &str| self.items.get(owner).is_some_and(|item| item.ends_with("exhaustive"));
        let owner = path.rsplit_once("::").map_or("", |(owner, _)| owner);
        let closed = is_type(owner) && !path.ends_with(')') && !self.items[owner].ends_with("non_exhaustive");
        if closed { Verdict::Breaking } else { Verdict::Compatible }
    }

    fn collect(&mut self, module: &str, items: &[Item]) {
        let private: BTreeSet<String> = items.iter().filter_map(private_type).collect();
        for item in items {
            match item {
                // Public items of a private module are used from the surrounding module.
                Item::Mod(it) => {
                    let items = it.content.as_ref().map_or(&[][..], |(_, items)| items);
                    let name = if is_public(&it.vis) { format!("{}::", it.ident) } else { String::new() };
                    self.collect(&format!("{module}{name}"), items);
                }
                Item::Use(it) if is_public(&it.vis) => self.reexport(module, "", &it.tree),
                Item::Struct(it) if is_public(&it.vis) => self.structure(&format!("{module}{}", it.ident), it),
                Item::Enum(it) if is_public(&it.vis) => self.enumeration(&format!("{module}{}", it.ident), it),
                Item::Type(it) if is_public(&it.vis) => self.add(&format!("{module}{}", it.ident), text(&it.ty)),
                Item::Const(it) if is_public(&it.vis) => {
                    let path = format!("{module}{}", it.ident);
                    self.code_of(&path, it);
                    self.add(&path, format!("{} {}", text(&it.ty), scalar(&it.expr)));
                }
                Item::Trait(it) if is_public(&it.vis) => {
                    let path = format!("{module}{}", it.ident);
                    for item in &it.items {
                        if let TraitItem::Fn(method) = item {
                            self.add(&format!("{path}::{}()", method.sig.ident), text(&method.sig));
                        }
                    }
                    self.add(&path, format!("trait {}", text(&it.generics)));
                }
                Item::Fn(it) if is_public(&it.vis) => {
                    let path = format!("{module}{}()", it.sig.ident);
                    self.code_of(&path, it);
                    self.add(&path, text(&it.sig));
                }
                Item::Impl(it) if !private.contains(type_name(&text(&it.self_ty))) => self.implementation(module, it),
                Item::Macro(it) if it.ident.is_none() => self.invocation(module, it),
                private => self.code_of(module, private),
            }
        }
    }

    /// Adds re-exported items under their names in a module. Those of a private module are already known under these names.
    fn reexport(&mut self, module: &str, from: &str, tree: &UseTree) {
        let mut add = |name: &dyn std::fmt::Display, source: &dyn std::fmt::Display| {
            self.items.entry(format!("{module}{name}")).or_insert_with(|| format!("{from}{source}"));
        };
        match tree {
            UseTree::Path(it) => self.reexport(module, &format!("{from}{}::", it.ident), &it.tree),
            UseTree::Group(it) => it.items.iter().for_each(|tree| self.reexport(module, from, tree)),
            UseTree::Name(it) => add(&it.ident, &it.ident),
            UseTree::Rename(it) => add(&it.rename, &it.ident),
            UseTree::Glob(_) => add(&format!("{from}*"), &"*"),
        }
    }

    fn structure(&mut self, path: &str, item: &syn::ItemStruct) {
        let all_public = item.fields.iter().all(|field| is_public(&field.vis));
        let signature = format!("struct {} {}", text(&item.generics), exhaustiveness(&item.attrs, all_public));
        let code = syn::ItemStruct { attrs: without_derives(&item.attrs), ..item.clone() };
        self.type_item(path, signature, &code, &item.attrs);
        for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
            let name = field.ident.as_ref().map_or_else(String::new, ToString::to_string);
            self.add(&format!("{path}::{name}"), text(&field.ty));
        }
    }

    fn enumeration(&mut self, path: &str, item: &syn::ItemEnum) {
        let signature = format!("enum {} {}", text(&item.generics), exhaustiveness(&item.attrs, true));
        let code = syn::ItemEnum { attrs: without_derives(&item.attrs), ..item.clone() };
        self.type_item(path, signature, &code, &item.attrs);
        for variant in &item.variants {
            self.add(&format!("{path}::{}", variant.ident), text(&variant.fields));
        }
    }

    fn implementation(&mut self, module: &str, block: &syn::ItemImpl) {
        let owner = text(&block.self_ty);
        let of = block.trait_.as_ref().map(|it| text(&it.0));
        // A JSON Schema repeats constraints that other code enforces; the rest is documentation.
        if of.as_ref().is_none_or(|of| !of.ends_with("JsonSchema")) {
            self.code_of(&format!("{module}{owner}"), block);
        }
        // The traits of the runtime that generated code implements are private to it.
        if of.as_ref().is_some_and(|of| of.starts_with("runtime::")) {
            return;
        }
        if let Some(of) = of {
            // A conversion into a foreign type belongs to the converted type.
            let path = match of.split_once('<').filter(|_| owner.starts_with("::")) {
                Some((_, converted)) => format!("{module}{}: {of} for {owner}", converted.trim_end_matches('>')),
                None => format!("{module}{owner}: {of}"),
            };
            self.add(&path, text(&block.generics));
            return;
        }
        let owner = type_name(&owner);
        for item in &block.items {
            if let ImplItem::Fn(method) = item
                && is_public(&method.vis)
            {
                let path = format!("{module}{owner}::{}()", method.sig.ident);
                self.members.extend(pointer_of_setter(method).map(|pointer| (path.clone(), pointer)));
                self.add(&path, text(&method.sig));
            }
        }
    }

    /// Adds the invocation of a macro of the runtime, which implements traits for the type in its arguments.
    fn invocation(&mut self, module: &str, item: &syn::ItemMacro) {
        let arguments = text(&item.mac.tokens);
        let path = format!("{module}{}", arguments.split(',').next().unwrap_or_default().trim());
        let name = item.mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if name == "debug_without_secrets" {
            // It takes the place of a derived trait.
            return self.add(&format!("{}: Debug", type_name(&path)), String::new());
        }
        match name.as_str() {
            "json_schema" => {}
            // The message for values that match no alternative lists titles and locations.
            "untagged_union" => {
                let arguments = item.mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
                let arguments = arguments.into_iter().flatten().filter(|it| !matches!(it, Expr::Lit(_)));
                arguments.for_each(|argument| self.code_of(&path, &argument));
            }
            _ => self.code_of(&path, item),
        }
        if name.ends_with("_object") {
            let fields = fields_of(item.mac.tokens.clone()).into_iter();
            self.members.extend(fields.map(|(field, property)| (format!("{path}::{field}"), property)));
        }
        self.add(&format!("{path}: {}", text(&item.mac.path)), String::new());
    }

    fn type_item(&mut self, path: &str, signature: String, code: &impl ToTokens, attributes: &[Attribute]) {
        self.add(path, signature);
        self.code_of(path, code);
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            // A derive that cannot be parsed is ignored.
            let _ = attribute.parse_nested_meta(|meta| {
                self.add(&format!("{path}: {}", text(&meta.path)), String::new());
                Ok(())
            });
        }
    }

    fn code_of(&mut self, owner: &str, item: &impl ToTokens) {
        // A type and its implementations count as one, whatever the names of type parameters.
        self.code.entry(type_name(owner).to_owned()).or_default().push_str(&item.to_token_stream().to_string());
    }

    fn add(&mut self, path: &str, signature: String) {
        self.items.insert(path.to_owned(), signature);
    }
}

/// Returns the fields that an invocation of a macro lists, each with the name of its property: `id("ID")`.
fn fields_of(arguments: TokenStream) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut previous = None;
    for token in arguments {
        if let TokenTree::Group(group) = &token {
            match (&previous, group.stream().into_iter().next()) {
                (Some(TokenTree::Ident(field)), Some(TokenTree::Literal(property))) => {
                    fields.push((field.to_string(), property.to_string()));
                }
                _ => fields.extend(fields_of(group.stream())),
            }
        }
        previous = Some(token);
    }
    fields
}

/// Returns the pointer that begins the violations of a setter: what it sets.
fn pointer_of_setter(method: &ImplItemFn) -> Option<String> {
    let takes_value = |argument: &FnArg| matches!(argument, FnArg::Typed(it) if text(&it.pat) == "value");
    method.sig.inputs.iter().find(|it| takes_value(it))?;
    let text = method.block.to_token_stream().to_string();
    let (pointer, _) = text.split_once("\"/")?.1.split_once(['"', ':'])?;
    Some(pointer.to_owned())
}

/// Parses the items of each module, without documentation.
fn parse_modules(modules: &BTreeMap<String, String>) -> Result<Vec<(String, Vec<Item>)>, String> {
    let modules = modules.iter().map(|(module, code)| {
        let mut file = syn::parse_file(code).map_err(|error| format!("the generated code is not Rust: {error}"))?;
        WithoutDocs.visit_file_mut(&mut file);
        Ok((module.clone(), file.items))
    });
    modules.collect()
}

/// Returns attributes without those that derive traits: the traits are items.
fn without_derives(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| !attribute.path().is_ident("derive")).cloned().collect()
}

/// Returns whether fields or variants can be added without breaking callers.
fn exhaustiveness(attributes: &[Attribute], all_public: bool) -> &'static str {
    let is_open = !all_public || attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if is_open { "non_exhaustive" } else { "exhaustive" }
}

/// Returns the value of a constant that callers may rely on. The value of a list is not compared, since it may grow.
fn scalar(value: &syn::Expr) -> String {
    if matches!(value, syn::Expr::Lit(_)) { text(value) } else { String::new() }
}

pub(crate) fn private_type(item: &Item) -> Option<String> {
    match item {
        Item::Struct(it) if !is_public(&it.vis) => Some(it.ident.to_string()),
        Item::Enum(it) if !is_public(&it.vis) => Some(it.ident.to_string()),
        _ => None,
    }
}

/// Returns the name of a type without its parameters.
fn type_name(of: &str) -> &str {
    of.split('<').next().unwrap_or_default()
}

pub(crate) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns tokens as text, without most of the spaces between them.
fn text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let tight = [(" :: ", "::"), (":: ", "::"), (" < ", "<"), (" >", ">"), ("& ", "&"), (" ,", ",")];
    tight.into_iter().fold(text, |text, (spaced, tight)| text.replace(spaced, tight))
}

/// Removes documentation, and `info.version`, which progenitor writes and no request uses.
pub(crate) struct WithoutDocs;

impl VisitMut for WithoutDocs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }

    fn visit_impl_item_fn_mut(&mut self, method: &mut syn::ImplItemFn) {
        visit_mut::visit_impl_item_fn_mut(self, method);
        if method.sig.ident == "api_version" && method.sig.inputs.is_empty() {
            method.block.stmts.clear();
        }
    }
}
