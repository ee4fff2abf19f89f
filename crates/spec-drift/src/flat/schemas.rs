//! The schemas of a document, and those that apply to the same instance.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

use super::null::non_null_alternative;
use super::{Openness, canonical, names};
use crate::pattern::Pattern;
use crate::{Node, follow, quote};
use openapi_refinery::Normal;
use openapi_refinery::normalize::{ValueKind, value_kind};

/// A document in normal form, with what is known about its schemas.
pub(crate) struct Schemas {
    normal: Normal,
    /// Whether the schemas at these pointers may accept `null`.
    pub(super) accept_null: RefCell<HashMap<String, bool>>,
    /// The compiled patterns of `patternProperties`.
    patterns: RefCell<HashMap<String, Rc<Pattern>>>,
    /// The pointers of all schemas that a schema combines, by its pointer.
    combined: RefCell<HashMap<String, HashSet<String>>>,
}

impl From<Normal> for Schemas {
    fn from(normal: Normal) -> Self {
        Self { normal, accept_null: RefCell::default(), patterns: RefCell::default(), combined: RefCell::default() }
    }
}

impl Deref for Schemas {
    type Target = Normal;

    fn deref(&self) -> &Normal {
        &self.normal
    }
}

impl Schemas {
    /// Returns whether a schema is the one at this pointer, or combines it by `allOf` and `$ref`.
    pub(crate) fn combines<'a>(&'a self, schema: &Node<'a>, pointer: &str) -> bool {
        let combine =
            || conjuncts(self, std::slice::from_ref(schema)).into_iter().map(|(part, _)| part.pointer).collect();
        self.combined.borrow_mut().entry(schema.pointer.clone()).or_insert_with(combine).contains(pointer)
    }

    /// Returns the compiled pattern of a member of `patternProperties`.
    pub(crate) fn pattern(&self, pattern: &str) -> Rc<Pattern> {
        let compile = || Rc::new(Pattern::new(pattern));
        self.patterns.borrow_mut().entry(pattern.to_owned()).or_insert_with(compile).clone()
    }

    /// Returns the names of the properties of schemas, and of all schemas that apply to the same instance.
    pub(crate) fn property_names<'a>(&'a self, schemas: &[Node<'a>]) -> BTreeSet<&'a str> {
        self.property_names_except(schemas, &[])
    }

    /// Returns the names of the properties of the schemas in place ([`schemas_in_place`](Self::schemas_in_place)).
    pub(crate) fn property_names_except<'a>(
        &'a self,
        schemas: &[Node<'a>],
        excluded: &[Node<'a>],
    ) -> BTreeSet<&'a str> {
        let schemas = self.schemas_in_place(schemas, excluded);
        schemas.iter().flat_map(names_of_properties).collect()
    }

    /// Returns which properties or items the given schemas and their subschemas in place ([`schemas_in_place`](Self::schemas_in_place))
    /// evaluate, so that `keyword` of the given schemas does not apply to them.
    pub(crate) fn evaluated<'a>(&'a self, schemas: &[Node<'a>], keyword: &str) -> BTreeSet<Evaluated> {
        let (names, others): (_, &[&str]) = match keyword {
            "unevaluatedItems" => (None, &["prefixItems", "items", "contains"]),
            _ => (Some("properties"), &["patternProperties", "additionalProperties"]),
        };
        let own: HashSet<&str> = schemas.iter().map(|node| node.pointer.as_str()).collect();
        let combined = conjuncts(self, schemas).into_iter().map(|(schema, _)| (schema, true));
        let in_place = self.schemas_in_place(schemas, &[]).into_iter().map(|schema| (schema, false));
        let mut evaluated = BTreeSet::new();
        for (schema, is_certain) in combined.chain(in_place) {
            let named = names.into_iter().flat_map(|names| schema.member(names).members().into_keys());
            let named = named.map(|name| (quote(name), None));
            let nested = (!own.contains(schema.pointer.as_str())).then_some(&keyword);
            let present = others.iter().chain(nested).map(|other| (other, schema.member(other)));
            let present = present.filter(|(_, it)| it.is_present());
            let present = present.map(|(other, it)| (describe_rest(other), Some(canonical(it.value))));
            evaluated.extend(named.chain(present).map(|(what, value)| Evaluated { what, value, is_certain }));
        }
        evaluated
    }

    /// Returns whether one of the schemas in place ([`schemas_in_place`](Self::schemas_in_place)) names a property, or restricts it by a
    /// keyword for properties that are not named, such as `additionalProperties`.
    pub(crate) fn may_describe<'a>(&'a self, schemas: &[Node<'a>], excluded: &[Node<'a>], name: &str) -> bool {
        let is_restricted = |schema: Node<'a>| Openness::of(self, &schema) == Openness::Restricted;
        self.schemas_in_place(schemas, excluded).iter().any(|schema| {
            let others = OtherProperties::of(self, schema).map(|others| others.schemas_of(name));
            names_of_properties(schema).any(|it| it == name)
                || others.into_iter().flatten().any(is_restricted)
                || is_restricted(schema.member("unevaluatedProperties"))
        })
    }

    /// Returns whether a subschema that applies to the same instance, such as an alternative or a condition, describes a property whose
    /// name satisfies `is_name`, or has one of these keywords (JSON Schema 2020-12, Core, section 11).
    pub(crate) fn parts_may_evaluate<'a>(
        &'a self,
        schemas: &[Node<'a>],
        keywords: &[&str],
        is_name: impl Fn(&str) -> bool,
    ) -> bool {
        let own: HashSet<&str> = schemas.iter().map(|node| node.pointer.as_str()).collect();
        let may_accept = |node: Node<'_>| node.is_present() && *node.value != false;
        let parts = self.schemas_in_place(schemas, &[]);
        parts.iter().filter(|part| !own.contains(part.pointer.as_str())).any(|part| {
            part.member("properties").members().into_keys().any(&is_name)
                || keywords.iter().any(|keyword| may_accept(part.member(keyword)))
        })
    }

    /// Returns whether a schema, or one that it consists of, has a default.
    pub(crate) fn states_default<'a>(&'a self, schema: &Node<'a>) -> bool {
        schema.member("default").is_present() || self.states_inner_default(schema)
    }

    /// Returns whether one of the schemas that a schema consists of has a default.
    pub(crate) fn states_inner_default<'a>(&'a self, schema: &Node<'a>) -> bool {
        let (mut visited, mut unvisited) = (HashSet::new(), vec![schema.clone()]);
        while let Some(node) = unvisited.pop() {
            if node.pointer != schema.pointer && node.member("default").is_present() {
                return true;
            }
            if visited.insert(node.pointer.clone()) {
                unvisited.extend(node.text("$ref").map(|_| node.target(self)));
                unvisited.extend(node.members().into_iter().flat_map(|(keyword, value)| match value_kind(keyword) {
                    ValueKind::Schema => vec![value],
                    ValueKind::List => value.items(),
                    ValueKind::ByName => value.members().into_values().collect(),
                    ValueKind::Data | ValueKind::Definitions => Vec::new(),
                }));
            }
        }
        false
    }

    /// Selects the `oneOf` and `anyOf` lists of siblings that contain the given schema or one of its siblings, and returns their
    /// alternatives.
    pub(crate) fn alternatives_around<'a>(&'a self, schema: &[Node<'a>], siblings: &[Node<'a>]) -> Vec<Node<'a>> {
        let applied: HashSet<&str> = schema.iter().chain(siblings).map(|node| node.pointer.as_str()).collect();
        let applies = |node: &Node<'a>| applied.contains(follow(self, node.clone()).pointer.as_str());
        let lists = siblings.iter().flat_map(|it| ["oneOf", "anyOf"].map(|keyword| it.member(keyword).items()));
        lists.filter(|items| items.iter().any(applies)).flatten().collect()
    }

    /// Returns schemas, and all subschemas of them that apply to the same instance (JSON Schema 2020-12, Core, section 10.2). A subschema
    /// in `excluded` is left out, with its own subschemas.
    pub(crate) fn schemas_in_place<'a>(&'a self, schemas: &[Node<'a>], excluded: &[Node<'a>]) -> Vec<Node<'a>> {
        let mut visited: HashSet<String> = excluded.iter().map(|node| node.pointer.clone()).collect();
        schemas.iter().for_each(|node| _ = visited.remove(&node.pointer));
        let (mut found, mut unvisited) = (Vec::new(), schemas.to_vec());
        while let Some(node) = unvisited.pop() {
            if visited.insert(node.pointer.clone()) {
                unvisited.extend(node.text("$ref").map(|_| node.target(self)));
                unvisited.extend(["allOf", "oneOf", "anyOf"].iter().flat_map(|keyword| node.member(keyword).items()));
                let single = ["if", "then", "else", "not"].map(|keyword| node.member(keyword)).into_iter();
                unvisited.extend(single.filter(Node::is_present));
                unvisited.extend(node.member("dependentSchemas").members().into_values());
                found.push(node);
            }
        }
        found
    }
}

/// Returns these schemas and all that they combine. The flag says whether a schema is the alternative to `null`, as in
/// `anyOf: [schema, {type: null}]`.
pub(crate) fn conjuncts<'a>(document: &'a Schemas, nodes: &[Node<'a>]) -> Vec<(Node<'a>, bool)> {
    conjuncts_except(document, nodes, &[])
}

/// Returns the same as [`conjuncts`], without `excluded` schemas and those that only they combine.
pub(super) fn conjuncts_except<'a>(
    document: &'a Schemas,
    nodes: &[Node<'a>],
    excluded: &[Node<'a>],
) -> Vec<(Node<'a>, bool)> {
    let both = |node: &Node<'a>| [false, true].map(|is_nullable| (node.pointer.clone(), is_nullable));
    let (mut found, mut seen) = (Vec::new(), excluded.iter().flat_map(both).collect::<HashSet<_>>());
    let mut pending: Vec<_> = nodes.iter().rev().map(|node| (node.clone(), false)).collect();
    while let Some((node, is_nullable)) = pending.pop() {
        if seen.insert((node.pointer.clone(), is_nullable)) {
            let parts = parts(document, &node).into_iter().rev();
            pending.extend(parts.map(|(part, or_null)| (part, is_nullable || or_null)));
            found.push((node, is_nullable));
        }
    }
    found
}

/// Returns the schemas that a schema combines. The flag says whether a schema is the alternative to `null`.
fn parts<'a>(document: &'a Schemas, node: &Node<'a>) -> Vec<(Node<'a>, bool)> {
    let mut parts = Vec::new();
    if node.value.get("$ref").is_some() {
        parts.push((node.target(document), false));
    }
    parts.extend(node.member("allOf").items().into_iter().map(|part| (part, false)));
    parts.extend(["oneOf", "anyOf"].into_iter().filter_map(|keyword| non_null_alternative(&node.member(keyword))));
    parts
}

/// Properties or items that a schema evaluates. What a schema evaluates in every valid instance has two entries: one with `is_certain`, and
/// one without.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Evaluated {
    /// The quoted name of a property or, for properties or items without a name here, a text with the keyword that describes them.
    pub(crate) what: String,
    /// The value of this keyword; `None` for a named property.
    pub(crate) value: Option<String>,
    /// Whether it is evaluated in each valid instance, not only by an alternative or condition.
    is_certain: bool,
}

impl Evaluated {
    /// Returns whether this describes all properties or items of each valid instance that have no schema of their own.
    pub(crate) fn is_everything(&self) -> bool {
        self.is_certain && ["additionalProperties", "items"].iter().any(|keyword| self.what == describe_rest(keyword))
    }
}

/// Describes the properties or items to which a keyword applies.
fn describe_rest(keyword: &str) -> String {
    format!("what `{keyword}` describes")
}

/// A schema with `patternProperties` or `additionalProperties`.
#[derive(Clone)]
pub(super) struct OtherProperties<'a> {
    document: &'a Schemas,
    schema: Node<'a>,
    patterns: Vec<(Rc<Pattern>, Node<'a>)>,
}

impl<'a> OtherProperties<'a> {
    pub(super) fn of(document: &'a Schemas, schema: &Node<'a>) -> Option<Self> {
        let patterns = schema.member("patternProperties");
        if !patterns.is_present() && !schema.member("additionalProperties").is_present() {
            return None;
        }
        let patterns = patterns.members().into_iter().map(|(pattern, schema)| (document.pattern(pattern), schema));
        Some(Self { document, schema: schema.clone(), patterns: patterns.collect() })
    }

    /// Returns the schemas that restrict a property because of its name (JSON Schema 2020-12, Core, section 10.3.2).
    pub(super) fn schemas_of(&self, name: &str) -> Vec<Node<'a>> {
        let matching = self.patterns.iter().filter(|(pattern, _)| pattern.may_match(name));
        let mut schemas: Vec<_> = matching.map(|(_, schema)| schema.clone()).collect();
        if schemas.is_empty() && !self.schema.member("properties").member(name).is_present() {
            schemas.push(self.schema.member("additionalProperties"));
        }
        schemas.retain(|schema| Openness::of(self.document, schema) != Openness::Allowed);
        schemas
    }
}

/// Returns the names of properties that a schema states itself.
fn names_of_properties<'a>(schema: &Node<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let dependent = schema.member("dependentRequired").members().into_iter();
    let dependent = dependent.flat_map(|(name, others)| names(others.value).into_iter().chain([name]));
    let described = schema.member("properties").members().into_keys();
    described.chain(dependent).chain(names(schema.member("required").value))
}
