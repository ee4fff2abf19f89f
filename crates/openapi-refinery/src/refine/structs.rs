//! Objects: deserialization, builders and JSON Schemas.
//!
//! A request body is built by its builder, whose setters collect all violations with their pointers. Deserialization uses the builder, too,
//! and stops at the first invalid member. A response is deserialized tolerantly and has no builder.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Generics, Ident, ImplItem, Item, ItemStruct, LitStr, Type, TypePath, parse_quote};

use super::docs::{code, replace_invisible};
use super::json::json;
use super::setters::{self, Conversion};
use super::strings::named_type;
use super::{not_found, tree};
use crate::lower::{Direction, Lowered, NamedType, ONE_OR_MORE, Part};
use crate::names::{self, Looks};
use crate::pointer::escape;
use crate::{Error, Handwritten, Provenance, Result};

/// Names the fields of all objects.
pub fn name_fields(items: &mut [Item], mut looks: Looks) {
    for item in items {
        if let Item::Struct(object) = item {
            make_fields_distinct(object, &mut looks);
        }
    }
}

/// Replaces the deserialization and the builders of objects. Returns the builders. `texts` are the generated types that are parsed from
/// text, `tagged` those that may contain a union with a discriminator, and `forms` those whose builders are serialized as forms.
pub fn rebuild(
    items: &mut Vec<Item>,
    texts: &BTreeSet<Ident>,
    tagged: &BTreeSet<String>,
    forms: &BTreeSet<Ident>,
    lowered: &Lowered,
    handwritten: &Handwritten,
    provenance: &mut Provenance,
) -> Result<Vec<Item>> {
    let mut responses = BTreeSet::new();
    let mut added = Vec::new();
    let mut builders = Vec::new();
    for item in &mut *items {
        let Item::Struct(object) = item else { continue };
        let origin = named_type(&object.ident, lowered)?;
        if origin.direction == Direction::Request {
            added.push(json_schema(&object.ident, origin, lowered));
        }
        if !matches!(object.fields, syn::Fields::Named(_)) {
            continue;
        }
        let closed = make_extensible(object)?;
        let properties = read_properties(object, origin, lowered, handwritten)?;
        properties.iter().for_each(|property| property.record(&object.ident, origin, provenance));
        let others = properties.iter().find(|property| Some(&property.name) == origin.additional_field.as_ref());
        let others = others.map(|property| property.field.clone());
        flatten(object, others.as_ref());
        if let Some(fields) = &origin.multipart_fields {
            added.push(implement_multipart(&object.ident, &properties, others.as_ref(), fields));
        }
        match origin.direction {
            Direction::Request => {
                link_builder(object);
                let violations = free_field("violations", &properties);
                let mut added_builder = builder(&object.ident, &properties, texts, &violations);
                if forms.contains(&object.ident) {
                    derive_serialize(&mut added_builder, &properties, others.as_ref());
                }
                builders.extend(added_builder);
                added.push(request_object(&object.ident, &properties, others.as_ref(), &violations, closed, tagged));
            }
            Direction::Response => {
                responses.insert(object.ident.clone());
                added.push(response_object(&object.ident, &properties, others.as_ref(), lowered));
            }
        }
    }
    added.extend(schemas_of_enums(items, lowered)?);
    retain_builders_of_requests(items, &responses);
    items.extend(added);
    Ok(builders)
}

/// Removes the function `builder` from types of responses, which have no builders, and documents that of all other types.
fn retain_builders_of_requests(items: &mut Vec<Item>, responses: &BTreeSet<Ident>) {
    items.retain(|item| !(is_inherent(item) && tree::self_type(item).is_some_and(|name| responses.contains(name))));
    for item in items.iter_mut().filter(|item| is_inherent(item)) {
        let Item::Impl(block) = item else { continue };
        if let [ImplItem::Fn(builder)] = &mut block.items[..] {
            builder.attrs.push(tree::doc("Creates an empty builder."));
        }
    }
}

/// Returns the JSON Schemas of the enums in requests.
fn schemas_of_enums(items: &[Item], lowered: &Lowered) -> Result<Vec<Item>> {
    let mut schemas = Vec::new();
    for item in items {
        let Item::Enum(enumeration) = item else { continue };
        if enumeration.variants.iter().any(|variant| matches!(variant.fields, syn::Fields::Named(_))) {
            return Err(unsupported(&enumeration.ident, lowered));
        }
        let origin = lowered.types.get(&enumeration.ident.to_string());
        let of_request = origin.filter(|origin| origin.direction == Direction::Request);
        schemas.extend(of_request.map(|origin| json_schema(&enumeration.ident, origin, lowered)));
    }
    Ok(schemas)
}

/// Returns the properties of an object, whose fields are documented, renamed and marked as deprecated if necessary.
fn read_properties(
    object: &mut ItemStruct,
    origin: &NamedType,
    lowered: &Lowered,
    handwritten: &Handwritten,
) -> Result<Vec<Property>> {
    document_fields(object, origin.additional_field.as_deref());
    if object.fields.iter().any(|field| tree::serde(&field.attrs, "flatten").is_some()) {
        return Err(unsupported(&object.ident, lowered));
    }
    let properties = object.fields.iter().map(|field| Property::read(field, lowered));
    let mut properties = properties.collect::<Result<Vec<_>>>()?;
    name_setters(&mut properties, &handwritten.methods(&format!("builder::{}", object.ident)));
    for (property, field) in properties.iter_mut().zip(&mut object.fields) {
        if origin.deprecated.contains(&property.name) {
            field.attrs.push(parse_quote!(#[deprecated]));
            property.is_deprecated = true;
        }
    }
    Ok(properties)
}

/// Returns whether an item is an inherent `impl`. Those of types only have the method `builder`.
fn is_inherent(item: &Item) -> bool {
    matches!(item, Item::Impl(block) if block.trait_.is_none())
}

/// Documents fields without a description by the name of their property. `further` is the name of the field for further members.
fn document_fields(object: &mut ItemStruct, further: Option<&str>) {
    for field in object.fields.iter_mut().filter(|field| tree::docs(&field.attrs).is_empty()) {
        let name = tree::serde(&field.attrs, "rename").or(field.ident.as_ref().map(ToString::to_string));
        let text = match name {
            Some(name) if Some(name.as_str()) == further => "Further members, by name.".to_owned(),
            name => format!("The property {}.", code(&name.unwrap_or_default())),
        };
        field.attrs.insert(0, tree::doc(&text));
    }
}

/// Makes field names distinct if several properties have the same name in snake case, without letters that
/// rustc warns about. The property that is most similar to the name keeps it; the others get a number.
fn make_fields_distinct(object: &mut ItemStruct, looks: &mut Looks) {
    let mut taken = BTreeSet::new();
    let mut fields: Vec<&mut Field> = object.fields.iter_mut().collect();
    fields.sort_by_cached_key(|field| {
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        tree::serde(&field.attrs, "rename").map_or(0, |property| names::loss(&property, &name))
    });
    for field in fields {
        let Some(name) = field.ident.as_mut() else { continue };
        let before = name.to_string();
        let clear = if before.is_ascii() { before.clone() } else { names::value_name(&before) };
        let distinct = names::reserve_name(&clear, &mut taken, looks);
        if distinct != before && tree::serde(&field.attrs, "rename").is_none() {
            field.attrs.push(parse_quote!(#[serde(rename = #before)]));
        }
        *name = format_ident!("{distinct}");
    }
}

/// Marks a struct `non_exhaustive`. Returns whether the document forbids further properties.
fn make_extensible(object: &mut ItemStruct) -> Result<bool> {
    tree::remove_derives(&mut object.attrs, &["Deserialize"])?;
    let before = object.attrs.len();
    object.attrs.retain(|attribute| tree::serde([attribute], "deny_unknown_fields").is_none());
    let closed = object.attrs.len() < before;
    object.attrs.push(parse_quote!(#[non_exhaustive]));
    Ok(closed)
}

/// A property of an object, as described by its field.
struct Property {
    field: Ident,
    setter: Ident,
    /// The setter for `null`, if that is allowed.
    null_setter: Option<Ident>,
    /// The setter for an `Option`, if the property is optional.
    option_setter: Option<Ident>,
    /// The name in the document.
    name: String,
    docs: Vec<Attribute>,
    required: bool,
    is_deprecated: bool,
    /// The type of a value that is present and not `null`, as written in the module of builders.
    value: Type,
    /// The same, as an `Option` if `null` is allowed.
    with_null: Type,
}

impl Property {
    fn read(field: &Field, lowered: &Lowered) -> Result<Self> {
        let ident = field.ident.clone().ok_or_else(|| not_found("name for a field"))?;
        let name = tree::serde(&field.attrs, "rename").unwrap_or_else(|| ident.to_string());
        let optional = tree::serde(&field.attrs, "skip_serializing_if").is_some();
        let with_null = match (optional, tree::argument(&field.ty, "Option")) {
            (true, Some(inner)) => inner,
            (true, None) => return Err(not_found(&format!("`Option` for the optional property `{name}`"))),
            (false, _) => &field.ty,
        };
        let not_null = tree::argument(with_null, "Option");
        let value = not_null.unwrap_or(with_null);
        Ok(Self {
            setter: ident.clone(),
            option_setter: optional.then(|| setters::name_of_option(&ident)),
            null_setter: not_null.map(|_| format_ident!("{}_null", ident.to_string().trim_end_matches('_'))),
            field: ident,
            name,
            docs: tree::docs(&field.attrs),
            required: !optional,
            is_deprecated: false,
            value: from_builders(value, lowered),
            with_null: from_builders(with_null, lowered),
        })
    }

    fn pointer(&self) -> String {
        format!("/{}", escape(&self.name))
    }

    /// Records the provenance of its field and its setters.
    fn record(&self, object: &Ident, origin: &NamedType, provenance: &mut Provenance) {
        let Some(sources) = origin.members.get(&self.name) else { return };
        provenance.record(format!("types::{object}::{}", self.field), sources);
        if origin.direction == Direction::Request {
            for setter in [&self.null_setter, &self.option_setter].into_iter().flatten().chain([&self.setter]) {
                provenance.record(format!("types::builder::{object}::{setter}()"), sources);
            }
            provenance.record(format!("types::builder::{object}"), &origin.sources);
        }
    }
}

fn unsupported(name: &Ident, lowered: &Lowered) -> Error {
    let problem = "progenitor would generate a type that cannot represent `null` and violations";
    let remedy = "move the alternatives to `components`, with an entry in the corrections";
    Error::at(lowered.location_of(name), problem, remedy)
}

/// Returns a type as written in the module of builders, which is nested in that of types.
fn from_builders(ty: &Type, lowered: &Lowered) -> Type {
    let mut ty = ty.clone();
    Qualify(lowered).visit_type_mut(&mut ty);
    ty
}

struct Qualify<'a>(&'a Lowered);

impl VisitMut for Qualify<'_> {
    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        visit_mut::visit_type_path_mut(self, ty);
        if let Some(name) = ty.path.get_ident().filter(|name| self.0.types.contains_key(&name.to_string())) {
            *ty = parse_quote!(super::#name);
        }
    }
}

/// Flattens the field for members that the document does not name.
fn flatten(object: &mut ItemStruct, others: Option<&Ident>) {
    for field in object.fields.iter_mut().filter(|field| others.is_some() && field.ident.as_ref() == others) {
        field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
        field.attrs.push(parse_quote!(#[serde(flatten)]));
    }
}

/// Returns the implementation of `Multipart`.
fn implement_multipart(
    object: &Ident,
    properties: &[Property],
    others: Option<&Ident>,
    parts: &BTreeMap<String, Part>,
) -> Item {
    let parts = properties.iter().filter_map(|Property { name, field, .. }| {
        let Part { is_file, media_type, style } = parts.get(name)?;
        let media_type = match media_type {
            Some(media_type) => quote!(::std::option::Option::Some(#media_type)),
            None => quote!(::std::option::Option::None),
        };
        Some(match (Some(field) == others, is_file, style) {
            (true, true, _) => quote! { runtime::add_file_members(parts, #media_type, self.#field); },
            (true, false, _) => quote! { runtime::add_members(parts, &self.#field); },
            (false, true, _) => quote! { runtime::add_files(parts, #name, #media_type, self.#field); },
            (false, false, Some(style)) => quote! { runtime::add_styled(parts, #name, #style, &self.#field); },
            (false, false, None) => quote! { runtime::add_value(parts, #name, #media_type, &self.#field); },
        })
    });
    parse_quote! {
        impl runtime::Multipart for builder::#object {
            fn add_to(self, parts: &mut runtime::Parts) {
                #(#parts)*
            }
        }
    }
}

/// Returns the deserialization of an object in a response.
fn response_object(object: &Ident, properties: &[Property], others: Option<&Ident>, lowered: &Lowered) -> Item {
    let schemas = &lowered.document["components"]["schemas"][object.to_string()]["properties"];
    let is_one_or_more = |property: &&Property| {
        let schema = &schemas[&property.name];
        schema.pointer("/x-rust-type/parameters/0").unwrap_or(schema)[ONE_OR_MORE] == true
    };
    let named = properties.iter().filter(|property| Some(&property.field) != others);
    let (lists, values): (Vec<_>, Vec<_>) = named.partition(is_one_or_more);
    let members = |properties: &[&Property]| -> Vec<TokenStream> {
        properties.iter().map(|Property { name, field, .. }| quote!(#field(#name))).collect()
    };
    let (lists, values) = (members(&lists), members(&values));
    let lists = (!lists.is_empty()).then(|| quote!(, [#(#lists),*]));
    let others = others.map(|others| quote!(; #others));
    parse_quote!(runtime::response_object!(#object #(, #values)* #lists #others);)
}

/// Returns the deserialization of an object in a request, and its conversions from and to its builder.
fn request_object(
    object: &Ident,
    properties: &[Property],
    others: Option<&Ident>,
    violations: &Ident,
    closed: bool,
    tagged: &BTreeSet<String>,
) -> Item {
    let members = |required: bool| {
        let named = properties.iter().filter(move |property| Some(&property.field) != others);
        named.filter(move |property| property.required == required).map(|property| {
            let Property { name, field, with_null, .. } = property;
            let read = read_by(with_null);
            quote!(#field(#name, #read))
        })
    };
    let (required, optional) = (members(true), members(false));
    let unknown = if closed { quote!(reject) } else { quote!(ignore) };
    let tagged: Vec<TokenStream> = properties
        .iter()
        .filter(|property| tree::mentions(&property.value, tagged))
        .map(|property| {
            let (field, is_other) = (&property.field, Some(&property.field) == others);
            let pointer = if is_other { String::new() } else { property.pointer() };
            quote!(#field(#pointer))
        })
        .collect();
    let tagged = (!tagged.is_empty()).then(|| quote!(, tagged(#(#tagged),*)));
    let others = properties.iter().find(|property| Some(&property.field) == others).map(|property| {
        let Property { field, with_null, .. } = property;
        let (pointer, read) = (property.pointer(), tree::map_value(with_null).map_or(quote!(Plain), read_by));
        quote!(, others(#field(#pointer), #read))
    });
    parse_quote! {
        runtime::request_object!(
            #object, #violations, #unknown, required(#(#required),*), optional(#(#optional),*) #others #tagged
        );
    }
}

/// Returns the type of the runtime that deserializes values of a type.
fn read_by(ty: &Type) -> TokenStream {
    let nested = |container: TokenStream, part: &Type| {
        let part = read_by(part);
        quote!(#container<#part>)
    };
    if let Some(value) = tree::argument(ty, "Option") {
        return nested(quote!(Nullable), value);
    }
    if let Some(item) = tree::argument(ty, "Vec") {
        return nested(quote!(List), item);
    }
    tree::map_value(ty).map_or(quote!(Plain), |value| nested(quote!(Map), value))
}

/// Returns the builder of an object in a request.
fn builder(name: &Ident, properties: &[Property], texts: &BTreeSet<Ident>, violations: &Ident) -> [Item; 2] {
    let fields = properties.iter().map(|Property { field, with_null, .. }| {
        quote! { pub(crate) #field: ::std::option::Option<#with_null> }
    });
    let setters = properties.iter().map(|property| setters(property, texts, violations));
    let summary = format!(" Builder for [`types::{name}`](super::{name}).");
    let alias = format!("{name}Builder");
    [
        parse_quote! {
            #[doc = #summary]
            ///
            /// Setters do not fail; [`build`](Self::build) reports all violations at once.
            #[doc(alias = #alias)]
            #[derive(Clone, Debug, Default, PartialEq)]
            #[must_use]
            pub struct #name {
                #(#fields,)*
                pub(crate) #violations: runtime::Violations,
            }
        },
        parse_quote! {
            impl #name {
                #(#setters)*

                /// Returns the violations in the values set so far, including missing required properties.
                #[must_use]
                pub fn violations(&self) -> runtime::Violations {
                    runtime::Builder::violations(self)
                }

                /// Builds the value.
                ///
                /// # Errors
                /// Returns all [violations](Self::violations) of the schemas in the OpenAPI document. Rules stated only in prose are not checked.
                pub fn build(self) -> ::std::result::Result<super::#name, runtime::Violations> {
                    ::std::convert::TryFrom::try_from(self)
                }
            }
        },
    ]
}

/// Derives `Serialize` for a builder, which writes the properties that are set.
fn derive_serialize(items: &mut [Item], properties: &[Property], others: Option<&Ident>) {
    for item in items {
        let Item::Struct(builder) = item else { continue };
        builder.attrs.push(parse_quote!(#[derive(::serde::Serialize)]));
        for field in &mut builder.fields {
            let property = properties.iter().find(|property| Some(&property.field) == field.ident.as_ref());
            field.attrs.push(match property {
                None => parse_quote!(#[serde(skip)]),
                Some(_) if field.ident.as_ref() == others => parse_quote!(#[serde(flatten)]),
                Some(Property { name, .. }) => {
                    parse_quote!(#[serde(rename = #name, skip_serializing_if = "::std::option::Option::is_none")])
                }
            });
        }
    }
}

/// Adds a link to the builder, which has the same name.
fn link_builder(object: &mut ItemStruct) {
    let name = &object.ident;
    let text = format!("[`{name}::builder`] creates a [`builder::{name}`], which builds values of this type.");
    object.attrs.extend([parse_quote!(#[doc = ""]), tree::doc(&text)]);
}

/// Returns a field name that no property has.
fn free_field(wanted: &str, properties: &[Property]) -> Ident {
    let mut name = wanted.to_owned();
    while properties.iter().any(|property| property.field == name) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// Names each setter after its field, unless the builder may have another method with that name.
fn name_setters(properties: &mut [Property], handwritten: &BTreeSet<&str>) {
    let mut taken = handwritten.iter().chain(&["build", "violations"]).map(ToString::to_string).collect();
    setters::make_distinct(properties.iter_mut().filter_map(|property| property.null_setter.as_mut()), &mut taken);
    setters::make_distinct(properties.iter_mut().filter_map(|property| property.option_setter.as_mut()), &mut taken);
    let plain = properties.iter_mut().map(|property| &mut property.setter);
    let plain = setters::avoid_derived(plain, |name| name.starts_with("maybe_") || name.ends_with("_null"));
    setters::make_distinct(plain, &mut taken);
}

fn setters(property: &Property, texts: &BTreeSet<Ident>, violations: &Ident) -> TokenStream {
    let Property { field, setter: name, docs, value, .. } = property;
    let pointer = property.pointer();
    let present = property.null_setter.as_ref().map(|_| quote!(.map(::std::option::Option::Some)));
    let Conversion { bounds, take, borrow, boxing } = Conversion::to(value, texts);
    let deprecated = property.is_deprecated.then(|| quote!(#[deprecated]));
    let setter = quote! {
        #(#docs)*
        #deprecated
        pub fn #name(mut self, value: impl #bounds) -> Self {
            self.#field = self.#violations.#take(#pointer, value #borrow)#boxing #present;
            self
        }
    };
    let of_option = property.option_setter.as_ref();
    let of_option =
        of_option.map(|option| setters::of_option(option, name, &Generics::default(), &quote!(impl #bounds)));
    let of_option = of_option.map(|of_option| quote!(#deprecated #of_option));
    let null = property.null_setter.as_ref().map(|name| {
        let summary = format!(" Sets `{}` to `null`.", property.name);
        quote! {
            #[doc = #summary]
            #deprecated
            pub fn #name(mut self) -> Self {
                self.#field = self.#violations.replace_value(#pointer, None);
                self
            }
        }
    });
    quote! { #setter #of_option #null }
}

/// Returns the implementation of `JsonSchema`, with the schema of the corrected document: a derived one would lack constraints.
fn json_schema(name: &Ident, origin: &NamedType, lowered: &Lowered) -> Item {
    let schema = raw_literal(&json(&origin.schema));
    let mut referred_to = BTreeSet::new();
    find_references(&origin.schema, &mut referred_to);
    let types = referred_to.into_iter().filter(|other| lowered.types.contains_key(*other));
    let types = types.map(|other| format_ident!("{other}"));
    parse_quote!(runtime::json_schema!(#name, #schema #(, #types)*);)
}

fn find_references<'a>(schema: &'a Value, found: &mut BTreeSet<&'a str>) {
    match schema {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| find_references(member, found));
        }
        Value::Array(values) => values.iter().for_each(|value| find_references(value, found)),
        _ => {}
    }
}

/// Returns a JSON text as a raw string literal. Invisible characters are escaped.
fn raw_literal(json: &str) -> LitStr {
    let text =
        replace_invisible(json, |c| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect());
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    syn::parse_str(&format!("r{hashes}\"{text}\"{hashes}"))
        .unwrap_or_else(|_| LitStr::new(&text, proc_macro2::Span::call_site()))
}
