//! Setters of the builders of bodies and operations.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Generics, Ident, Type};

use super::unions::{has_builder, is_union, may_be_wrong};
use super::{text, tree};
use crate::lower::{Lowered, Parameter};
use crate::pointer::escape;

/// How a setter converts its argument.
pub struct Conversion {
    /// The bounds of the argument's type.
    pub bounds: TokenStream,
    /// The method of `Violations` that converts it.
    pub take: Ident,
    /// The method that is called on the argument before.
    pub borrow: Option<TokenStream>,
    /// The method that puts the result into boxes, if these are stored.
    pub boxing: Option<TokenStream>,
}

impl Conversion {
    /// Returns the conversion to this type. If it is a box, the argument may be anything that converts to its content. `texts` are the
    /// generated types that are parsed from text.
    pub fn to(value: &Type, texts: &BTreeSet<Ident>) -> Self {
        let list_item = tree::argument(value, "Vec");
        let map_value = tree::map_value(value).filter(|value| tree::unboxed(value).is_none());
        let part = list_item.or(map_value);
        if let Some(item) = part.and_then(|part| tree::argument(part, "Option")) {
            return Self::to_nullable(item, list_item.is_some());
        }
        let stored = part.unwrap_or(value);
        let unboxed = tree::unboxed(stored);
        let item = unboxed.unwrap_or(stored);
        let boxing = unboxed.map(|_| match list_item {
            Some(_) => quote! {
                .map(|items: ::std::vec::Vec<#item>| items.into_iter().map(::std::convert::Into::into).collect())
            },
            None => quote!(.map(|value: #item| ::std::convert::Into::into(value))),
        });
        let is_text = tree::is_text(item, texts);
        let item = if is_text {
            quote!(::std::convert::AsRef<str>)
        } else {
            quote!(::std::convert::TryInto<#item, Error: ::std::convert::Into<runtime::Violations>>)
        };
        let members =
            quote!(::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, impl #item)>);
        let (bounds, take) = match (list_item, map_value) {
            (Some(_), _) if is_text => (quote!(::std::iter::IntoIterator<Item: #item>), "take_texts"),
            (Some(_), _) => (quote!(::std::iter::IntoIterator<Item: #item>), "take_list"),
            (_, Some(_)) if is_text => (members, "take_text_map"),
            (_, Some(_)) => (members, "take_map"),
            _ => (item, "take"),
        };
        let borrow = (take == "take" && is_text).then(|| quote!(.as_ref()));
        Self { bounds, take: format_ident!("{take}"), borrow, boxing }
    }

    /// Returns the conversion to a list or map of optional items.
    fn to_nullable(item: &Type, is_list: bool) -> Self {
        let item = quote! {
            ::std::option::Option<impl ::std::convert::TryInto<#item, Error: ::std::convert::Into<runtime::Violations>>>
        };
        let (item, take) = match is_list {
            true => (item, format_ident!("take_nullable_list")),
            false => {
                (quote!((impl ::std::convert::Into<::std::string::String>, #item)), format_ident!("take_nullable_map"))
            }
        };
        Self { bounds: quote!(::std::iter::IntoIterator<Item = #item>), take, borrow: None, boxing: None }
    }
}

/// The argument of a setter for a parameter or a body.
pub struct Setter {
    /// The type of the result.
    pub ty: Type,
    /// The type of the argument, which is called `value`.
    pub argument: TokenStream,
    /// The expression that converts it to a `Result`. The error is a text.
    pub value: TokenStream,
}

impl Setter {
    /// Returns the setter of a list or map (its items are converted), an object (it has a builder), a number or union (its type reports the
    /// violations), or any other body except bytes. Bodies have no parameter.
    pub fn of_parts(
        ty: &Type,
        parameter: Option<&Parameter>,
        texts: &BTreeSet<Ident>,
        lowered: &Lowered,
    ) -> Option<Self> {
        let is_json_body = parameter.is_none() && text(ty) != "reqwest::Body";
        let is_collection = tree::argument(ty, "Vec").or_else(|| tree::map_value(ty)).is_some();
        let is_converted = is_json_body || is_collection || is_number(ty) || is_union(ty, lowered);
        // Lowering puts objects into a `Box`.
        let ty = tree::argument(ty, "Box").or_else(|| is_converted.then_some(ty))?.clone();
        // A body is at the empty pointer, and its items are at `/0` and so on.
        let pointer = parameter.map_or_else(String::new, |parameter| format!("/{}", escape(&parameter.name)));
        let Conversion { bounds, take, borrow, .. } = Conversion::to(&ty, texts);
        let checked =
            may_be_wrong(&ty, lowered).then(|| quote!(.and_then(|value| violations.check_tagged(#pointer, value))));
        let needs_items = parameter.is_some_and(|it| it.needs_items) && tree::argument(&ty, "Vec").is_some();
        let present = needs_items.then(|| quote!(.and_then(|items| violations.require_items(#pointer, items))));
        let value = quote!(runtime::convert(|violations| violations.#take(#pointer, value #borrow)#checked #present));
        Some(Self { ty, argument: quote!(impl #bounds), value })
    }

    /// Returns the setter of any other parameter.
    pub fn of_value(ty: &Type, parameter: &Parameter) -> Self {
        let message = format!("/{}: {}", escape(&parameter.name), parameter.expected);
        let value = quote!(value.try_into().map_err(|_| #message.to_string()));
        Self { ty: ty.clone(), argument: quote!(impl ::std::convert::TryInto<#ty>), value }
    }

    /// Returns the setter of a body that has a builder.
    pub fn of_builder(ty: &Type, lowered: &Lowered) -> Option<Self> {
        let name = tree::last_ident(ty).filter(|_| has_builder(ty, lowered))?;
        let argument = quote!(impl ::std::convert::Into<types::builder::#name>);
        Some(Self { ty: ty.clone(), argument, value: quote!(runtime::build(value.into())) })
    }
}

/// Returns whether a type is a number of the runtime.
fn is_number(ty: &Type) -> bool {
    text(ty).split_once("runtime::").is_some_and(|(_, name)| name.starts_with("Int") || name == "Number")
}

/// The methods of an operation's builder and of its mock that are not setters.
const OTHER_METHODS: [&str; 4] = ["new", "send", "violations", "into_inner"];

/// The names of the methods for a parameter.
pub struct SetterNames {
    /// The setter of the builder and of the mock.
    pub plain: Ident,
    /// The setter of the builder for an `Option`, if the parameter is optional.
    pub of_option: Option<Ident>,
    /// The method of the mock for requests without the parameter, if it is optional.
    pub missing: Option<Ident>,
}

/// Names the methods for the parameters of an operation, by the names of their fields. `operation` is the name of its builder. The setters
/// of the mock and of the builder have the same names, so each avoids the names of the other's methods, too.
pub fn name_setters(operation: &str, lowered: &Lowered) -> BTreeMap<String, SetterNames> {
    let from = lowered.parameters.range((operation.to_owned(), String::new())..);
    let own = from.take_while(|((it, _), _)| it == operation);
    let names = own.map(|((_, field), parameter)| {
        let plain = format_ident!("{field}");
        let derived = (!parameter.required)
            .then(|| (name_of_option(&plain), format_ident!("{}_missing", field.trim_end_matches('_'))));
        let (of_option, missing) = derived.unzip();
        (field.clone(), SetterNames { plain, of_option, missing })
    });
    let mut names: BTreeMap<String, SetterNames> = names.collect();
    let mut taken = OTHER_METHODS.map(str::to_owned).into();
    make_distinct(names.values_mut().filter_map(|names| names.of_option.as_mut()), &mut taken);
    make_distinct(names.values_mut().filter_map(|names| names.missing.as_mut()), &mut taken);
    let plain = names.values_mut().map(|names| &mut names.plain);
    let is_derived = |name: &str| name.starts_with("maybe_") || name.ends_with("_missing");
    make_distinct(avoid_derived(plain, is_derived), &mut taken);
    names
}

/// Returns a setter that takes an `Option` and, if it is `Some`, calls `setter`. `generics` and `argument` are those of `setter`.
pub fn of_option(name: &Ident, setter: &Ident, generics: &Generics, argument: &TokenStream) -> TokenStream {
    let summary = format!(" Calls [`{setter}`](Self::{setter}) if `value` is `Some`.");
    let bounds = &generics.where_clause;
    quote! {
        #[doc = #summary]
        pub fn #name #generics(self, value: ::std::option::Option<#argument>) -> Self #bounds {
            value.into_iter().fold(self, Self::#setter)
        }
    }
}

/// Returns the name of a setter for an `Option`.
pub fn name_of_option(setter: &Ident) -> Ident {
    format_ident!("maybe_{}", setter.to_string().trim_matches('_'))
}

/// Appends `_` to the names of plain setters that have the form of derived ones, such as `maybe_…`. So the setter `maybe_x_` of a property
/// `maybe_x` keeps its name if a property `x`, with the derived setter `maybe_x`, is added later.
pub fn avoid_derived<'a>(
    plain: impl IntoIterator<Item = &'a mut Ident>,
    is_derived: fn(&str) -> bool,
) -> impl Iterator<Item = &'a mut Ident> {
    plain.into_iter().map(move |name| {
        if is_derived(&name.to_string()) {
            *name = format_ident!("{name}_");
        }
        name
    })
}

/// Makes names distinct from each other and from those that are taken. Earlier names take precedence.
pub fn make_distinct<'a>(names: impl IntoIterator<Item = &'a mut Ident>, taken: &mut BTreeSet<String>) {
    for name in names {
        while !taken.insert(name.to_string()) {
            *name = format_ident!("{name}_");
        }
    }
}
