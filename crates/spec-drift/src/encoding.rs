//! Encoding of the properties of a form (OpenAPI 3.1.1, section 4.8.15).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::flat::{Flat, Openness, Schemas, canonical, is_omitted};
use super::matching::same_component;
use super::schema::{describe_values, effect_on};
use super::{Direction, Effect, Node};
use openapi_refinery::media_range_includes;

const BYTES: &str = "application/octet-stream";

/// Returns the descriptions of a property of a form, each a combination of schemas: that of the form itself or, if it has none, those of
/// alternatives, conditions and children. A property that a schema only names, for example in `required` or `propertyNames`, may have any
/// value.
pub(super) fn descriptions_of<'a>(document: &'a Schemas, form: &Node<'a>, name: &str) -> Vec<Vec<Node<'a>>> {
    let own = Flat::of(document, std::slice::from_ref(form)).schemas_of(name);
    if own.iter().any(|schema| *schema.value == false) {
        return Vec::new();
    }
    if !own.is_empty() {
        return vec![own];
    }
    let schemas = document.schemas_in_place(std::slice::from_ref(form), &[]);
    let children = schemas.iter().flat_map(|it| it.member("discriminator").member("mapping").members().into_values());
    let children = children.filter_map(|to| Some(to.resolve(document, to.value.as_str()?)));
    let all: Vec<_> = schemas.iter().cloned().chain(children).collect();
    let describe = |schema: &Node<'a>| {
        let own = Flat::of(document, std::slice::from_ref(schema)).schemas_of(name);
        let unevaluated = schema.member("unevaluatedProperties");
        let applies = own.is_empty() && unevaluated.is_present() && *unevaluated.value != false;
        if applies { vec![unevaluated] } else { own }
    };
    let described: Vec<_> = all.iter().map(describe).filter(|schemas| !schemas.is_empty()).collect();
    let is_listed = |schema: &Node<'a>| {
        let names = Flat::of(document, &[schema.member("propertyNames")]).values();
        names.is_some_and(|names| names.contains(&canonical(&name.into())))
    };
    let is_named = document.property_names(&all).contains(name) || all.iter().any(is_listed);
    if described.is_empty() && is_named { vec![Vec::new()] } else { described }
}

/// Returns the schemas that `patternProperties` and `additionalProperties` of a form have for its parts, by pattern; `None` stands for
/// `additionalProperties`. Schemas that accept all or no parts are left out.
pub(super) fn descriptions_without_name<'a>(
    document: &'a Schemas,
    form: &Node<'a>,
    direction: Direction,
) -> BTreeMap<Option<&'a str>, Vec<Node<'a>>> {
    let flat = Flat::of(document, std::slice::from_ref(form));
    let by_pattern = flat.get("patternProperties").iter().flat_map(Node::members);
    let others = flat.get("additionalProperties").iter().map(|schema| (None, schema.clone()));
    let mut described = BTreeMap::<_, Vec<_>>::new();
    for (pattern, schema) in by_pattern.map(|(pattern, schema)| (Some(pattern), schema)).chain(others) {
        if Openness::of(document, &schema) == Openness::Restricted {
            described.entry(pattern).or_default().push(schema);
        }
    }
    described.retain(|_, schemas| !is_omitted(document, schemas, direction));
    described
}

/// The descriptions of a property of a form.
type Descriptions<'a> = Vec<Vec<Node<'a>>>;

/// Sorts the old and the new descriptions of a property, so that those which correspond have the same position: those of the same component,
/// then those of schemas with the same properties, then equal ones. Descriptions without a counterpart come last.
pub(super) fn align_descriptions<'a>(
    documents: [&'a Schemas; 2],
    [mut before, mut after]: [Descriptions<'a>; 2],
) -> [Descriptions<'a>; 2] {
    type Criterion<'l, 'a> = &'l dyn Fn(&Vec<Node<'a>>, &Vec<Node<'a>>) -> bool;
    let holder = |description: &Vec<Node<'a>>| description.first().map(|node| node.parent().parent());
    let of_component = |one: &Vec<Node<'a>>, other: &Vec<Node<'a>>| {
        holder(one).zip(holder(other)).is_some_and(|(one, other)| same_component(&one, &other))
    };
    let same_names = |one: &Vec<Node<'a>>, other: &Vec<Node<'a>>| {
        names_beside(documents[0], one) == names_beside(documents[1], other)
    };
    let values = |description: &Vec<Node<'a>>| description.iter().map(|node| node.value).collect::<Vec<_>>();
    let same_values = |one: &Vec<Node<'a>>, other: &Vec<Node<'a>>| values(one) == values(other);
    let same_both = |one: &Vec<Node<'a>>, other: &Vec<Node<'a>>| same_names(one, other) && same_values(one, other);
    let any = |_: &Vec<Node<'a>>, _: &Vec<Node<'a>>| true;
    let criteria: [Criterion<'_, 'a>; 5] = [&of_component, &same_both, &same_names, &same_values, &any];
    let mut aligned = [Vec::new(), Vec::new()];
    for corresponds in criteria {
        for one in std::mem::take(&mut before) {
            match after.iter().position(|other| corresponds(&one, other)) {
                Some(index) => {
                    aligned[0].push(one);
                    aligned[1].push(after.remove(index));
                }
                None => before.push(one),
            }
        }
    }
    aligned[0].extend(before);
    aligned[1].extend(after);
    aligned
}

/// Returns the names of the properties beside a described one, with its own name.
fn names_beside<'a>(document: &'a Schemas, description: &[Node<'a>]) -> BTreeSet<&'a str> {
    let holders =
        description.iter().filter_map(|node| document.document().pointer(&node.parent().pointer)?.as_object());
    holders.flat_map(|properties| properties.keys().map(String::as_str)).collect()
}

/// Describes which members of an encoding differ.
pub(super) fn describe(old: &Node<'_>, new: &Node<'_>) -> String {
    let keys = ["contentType", "style", "explode", "allowReserved"].into_iter();
    let values = |node: &Node<'_>, key: &str| node.value.get(key).map(canonical).into_iter().collect::<Vec<_>>();
    let differing = keys.filter(|key| old.value.get(key) != new.value.get(key));
    let described: Vec<String> =
        differing.map(|key| describe_values(key, &values(old, key), &values(new, key))).collect();
    described.join(", ")
}

/// The style of a property that is serialized like a parameter in a query.
#[derive(PartialEq, Eq)]
pub(super) struct Style<'a> {
    name: &'a str,
    explode: bool,
    is_reserved: bool,
}

/// Returns the style of a property with these schemas; `None` if it is serialized by its media type (OpenAPI 3.1.1, section 4.8.15.1.2).
/// In the default style, values other than objects are written as in their default media type. What has no effect on a value of any of
/// these schemas is ignored.
pub(super) fn style<'a>(encoding: &Node<'a>, schemas: &[Flat<'_>]) -> Option<Style<'a>> {
    let accept = |kind: &str| schemas.iter().any(|schema| schema.accepts(kind));
    let name = encoding.text("style").unwrap_or("form");
    let has_parts = accept("array") || accept("object");
    let style = Style {
        name,
        explode: encoding.value["explode"].as_bool().filter(|_| has_parts).unwrap_or(name == "form"),
        is_reserved: encoding.is_true("allowReserved") && schemas.iter().any(may_be_reserved),
    };
    let is_declared = ["style", "explode", "allowReserved"].iter().any(|key| encoding.value.get(key).is_some());
    let is_default = style == Style { name: "form", explode: true, is_reserved: false };
    let has_effect = !is_default || accept("object") || encoding.text("contentType").is_some();
    (is_declared && has_effect).then_some(style)
}

/// Returns whether values of a schema may contain reserved characters: those of numbers and booleans do not.
pub(super) fn may_be_reserved(schema: &Flat<'_>) -> bool {
    ["string", "array", "object"].iter().any(|kind| schema.accepts(kind))
}

/// Returns whether all values of a schema are objects.
pub(super) fn is_object(schema: &Flat<'_>) -> bool {
    let others = ["string", "integer", "number", "boolean", "array"];
    schema.accepts("object") && !others.iter().any(|kind| schema.accepts(kind))
}

/// Returns the media types and ranges that a property may have: those that its encoding lists, otherwise the default for its schema.
/// `of_object` is the default for an object.
pub(super) fn media_types<'a>(
    document: &'a Schemas,
    encoding: &Node<'a>,
    schemas: &[Node<'a>],
    of_object: &str,
) -> BTreeSet<String> {
    match encoding.text("contentType") {
        Some(listed) => listed.split(", ").map(str::to_owned).collect(),
        None => default_media_types(document, schemas, of_object),
    }
}

/// Returns the default media types (OpenAPI 3.1.1, section 4.8.15.1.1). Each type has its own; those of an array are those of its items.
pub(super) fn default_media_types<'a>(
    document: &'a Schemas,
    schemas: &[Node<'a>],
    of_object: &str,
) -> BTreeSet<String> {
    let mut media_types = BTreeSet::new();
    // The items of a list may be that list.
    let (mut schemas, mut entered) = (schemas.to_vec(), HashSet::new());
    loop {
        let flat = Flat::of(document, &schemas);
        let content_types: Vec<&str> = flat.get("contentMediaType").iter().filter_map(|it| it.value.as_str()).collect();
        let items = flat.get("items");
        let mut is_list = false;
        match &flat.types {
            _ if !content_types.is_empty() => media_types.extend(content_types.into_iter().map(str::to_owned)),
            None => drop(media_types.insert(BYTES.to_owned())),
            Some(types) => {
                is_list = types.contains("array") && !items.is_empty();
                let own = types.iter().filter(|kind| **kind != "null" && !(is_list && **kind == "array"));
                media_types.extend(own.map(|kind| match *kind {
                    "array" => BYTES.to_owned(),
                    "object" => of_object.to_owned(),
                    "string" if !flat.get("contentEncoding").is_empty() => BYTES.to_owned(),
                    _ => "text/plain".to_owned(),
                }));
            }
        }
        if !is_list || items.iter().filter(|it| entered.insert(it.pointer.clone())).count() == 0 {
            return media_types;
        }
        schemas = items.to_vec();
    }
}

/// Returns the effect of a change of the media types that a property may have. `old` and `new` have a set for each description of the
/// property.
pub(super) fn effect(old: &[BTreeSet<String>], new: &[BTreeSet<String>]) -> Option<Effect> {
    let is_within = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
        these.iter().all(|one| those.iter().any(|range| media_range_includes(range, one)))
    };
    let [before, after] = [old, new].map(|descriptions| descriptions.iter().collect::<BTreeSet<_>>());
    if old.len() != new.len() && before.len().max(after.len()) > 1 {
        // It is not known which of them correspond.
        return (before != after).then_some(Effect::Both);
    }
    let effects = old.iter().zip(new).filter_map(|(old, new)| effect_on(&[old], &[new], |a, b| is_within(a, b)));
    effects.reduce(|one, other| if one == other { one } else { Effect::Both })
}
