//! A schema together with the schemas that it combines.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::rc::Rc;

use serde_json::{Number, Value};

use super::matching::is_component;
use super::pattern::Pattern;
use super::schema::LIST_KEYWORDS;
use super::{Comparison, Direction, Effect, Node, follow, quote};
use openapi_refinery::Normal;
use openapi_refinery::normalize::is_annotation;
pub(super) use openapi_refinery::normalize::is_documentation as is_docs;
use openapi_refinery::normalize::{Constrains, VALUES, ValueKind, keyword, type_of, value_kind};

/// The keywords that declare the accepted types. An alternative to `null` is combined like a member of `allOf`.
pub(super) const TYPE_KEYWORDS: [&str; 3] = ["type", "anyOf", "oneOf"];

/// The constraints of a schema and of those that it combines by `allOf` and `$ref`.
#[derive(Clone, Default)]
pub(super) struct Flat<'a> {
    /// The combined schemas.
    pub(super) parts: Vec<Node<'a>>,
    /// Whether no instance is accepted.
    pub(super) rejects_all: bool,
    /// The accepted types, including `null`; `None` accepts all.
    pub(super) types: Option<BTreeSet<&'a str>>,
    /// Whether each `oneOf` and `anyOf` accepts `null`; `None` without such a list.
    lists_accept_null: Option<bool>,
    /// Whether `null` is an alternative to a schema with constraints other than types, as in `anyOf: [{minLength: 1}, {type: null}]`.
    /// `None` if there are no such constraints.
    null_is_alternative: Option<bool>,
    /// Whether `not` or a condition rejects `null`.
    excludes_null: bool,
    /// Whether `null` fits several alternatives of a `oneOf`, which rejects it.
    pub(super) null_is_ambiguous: bool,
    /// The values of each keyword in all combined schemas.
    pub(super) keywords: BTreeMap<&'a str, Vec<Node<'a>>>,
    pub(super) properties: BTreeMap<&'a str, Vec<Node<'a>>>,
    pub(super) required: BTreeSet<&'a str>,
    /// The combined schemas with `patternProperties` or `additionalProperties`.
    other_properties: Vec<OtherProperties<'a>>,
    /// The declared types, if scalars are accepted as text.
    declared: Option<BTreeSet<&'a str>>,
    /// The bounds of numbers.
    pub(super) least: Vec<Bound<'a>>,
    pub(super) greatest: Vec<Bound<'a>>,
}

/// A schema with `patternProperties` or `additionalProperties`.
#[derive(Clone)]
struct OtherProperties<'a> {
    schema: Node<'a>,
    patterns: Vec<(Rc<Pattern>, Node<'a>)>,
}

impl<'a> OtherProperties<'a> {
    fn of(document: &Schemas, schema: &Node<'a>) -> Option<Self> {
        let patterns = schema.member("patternProperties");
        if !patterns.is_present() && !schema.member("additionalProperties").is_present() {
            return None;
        }
        let patterns = patterns.members().into_iter().map(|(pattern, schema)| (document.pattern(pattern), schema));
        Some(Self { schema: schema.clone(), patterns: patterns.collect() })
    }

    /// Returns the schemas that apply to a property because of its name (JSON Schema 2020-12, Core, section 10.3.2).
    fn schemas_of(&self, name: &str) -> Vec<Node<'a>> {
        let matching = self.patterns.iter().filter(|(pattern, _)| pattern.may_match(name));
        let mut schemas: Vec<_> = matching.map(|(_, schema)| schema.clone()).collect();
        if schemas.is_empty() && !self.schema.member("properties").member(name).is_present() {
            schemas.push(self.schema.member("additionalProperties"));
        }
        schemas
    }
}

/// Properties or items that a schema evaluates. What a schema evaluates in every valid instance has two entries: one with `is_certain`, and
/// one without.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Evaluated {
    /// The quoted name of a property or, for properties or items without a name here, a text with the keyword that describes them.
    pub(super) what: String,
    /// The value of this keyword; `None` for a named property.
    pub(super) value: Option<String>,
    /// Whether it is evaluated in each valid instance, not only by an alternative or condition.
    is_certain: bool,
}

impl Evaluated {
    /// Returns whether this describes all properties or items of each valid instance that have no schema of their own.
    pub(super) fn is_everything(&self) -> bool {
        self.is_certain && ["additionalProperties", "items"].iter().any(|keyword| self.what == describe_rest(keyword))
    }
}

/// Describes the properties or items to which a keyword applies.
fn describe_rest(keyword: &str) -> String {
    format!("what `{keyword}` describes")
}

/// A bound of numbers, and whether it is exclusive.
#[derive(Clone)]
pub(super) struct Bound<'a> {
    number: Number,
    is_exclusive: bool,
    /// The keyword that states it, unless a format implies it.
    keyword: Option<Node<'a>>,
}

impl<'a> Bound<'a> {
    /// Returns the bounds of one schema.
    fn of(schema: &Node<'a>, inclusive: &str, exclusive: &str) -> impl Iterator<Item = Self> {
        let bound = |keyword: &str, is_exclusive| {
            let keyword = schema.member(keyword);
            Some(Self { number: keyword.value.as_number()?.clone(), is_exclusive, keyword: Some(keyword) })
        };
        bound(inclusive, false).into_iter().chain(bound(exclusive, true))
    }

    /// Returns the bound that a format of integers implies. `tighter` is the same as for `implies`.
    fn of_format(format: &str, tighter: Ordering) -> Option<Self> {
        let name = format.trim_matches('"');
        let (is_signed, bits) = match name.strip_prefix("int") {
            Some(bits) => (true, bits),
            None => (false, name.strip_prefix("uint")?),
        };
        let bits: u32 = bits.parse().ok().filter(|bits| [8, 16, 32, 64].contains(bits))?;
        let (least, greatest) = match is_signed {
            true => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
            false => (0, (1i128 << bits) - 1),
        };
        let number = Number::from_i128(if tighter == Ordering::Greater { least } else { greatest })?;
        Some(Self { number, is_exclusive: false, keyword: None })
    }

    /// Returns the keyword and the number as the document writes them, and whether the bound is exclusive: the normal form rounds bounds of
    /// integers.
    pub(super) fn published(&self, comparison: &Comparison<'a>) -> (String, String, bool) {
        let published = self.keyword.as_ref().and_then(|node| comparison.published_value(node));
        let Some((pointer, Value::Number(number))) = published else {
            return (String::new(), self.number.to_string(), self.is_exclusive);
        };
        let (schema, keyword) = pointer.rsplit_once('/').unwrap_or_default();
        // In OpenAPI 3.0, a flag beside the bound makes it exclusive.
        let flag = format!("exclusive{}", keyword.replacen('m', "M", 1));
        let flag = self
            .keyword
            .as_ref()
            .and_then(|node| comparison.published_document(node.document).pointer(&format!("{schema}/{flag}")));
        let is_exclusive = keyword.starts_with("exclusive") || flag == Some(&Value::Bool(true));
        (keyword.to_owned(), number.to_string(), is_exclusive)
    }

    /// Returns whether this upper bound excludes all numbers above a lower bound.
    pub(super) fn is_below(&self, least: &Self) -> bool {
        let order = compare_numbers(&self.number, &least.number);
        order == Ordering::Less || (order == Ordering::Equal && (self.is_exclusive || least.is_exclusive))
    }

    /// Returns whether this bound implies another. `tighter` is `Greater` for lower bounds and `Less` for upper bounds.
    pub(super) fn implies(&self, other: &Self, tighter: Ordering) -> bool {
        let order = compare_numbers(&self.number, &other.number);
        order == tighter || (order == Ordering::Equal && (self.is_exclusive || !other.is_exclusive))
    }

    /// Returns whether a value is a number within this bound. `tighter` is the same as for `implies`.
    pub(super) fn accepts(&self, value: &Value, tighter: Ordering) -> bool {
        let order = value.as_number().map(|number| compare_numbers(number, &self.number));
        order == Some(tighter) || (order == Some(Ordering::Equal) && !self.is_exclusive)
    }
}

/// Compares numbers, integers exactly: beyond 2^53, floats cannot represent each of them.
pub(super) fn compare_numbers(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// Returns these schemas and all that they combine. The flag says whether a schema is the alternative to `null`, as in
/// `anyOf: [schema, {type: null}]`.
pub(super) fn conjuncts<'a>(document: &'a Schemas, nodes: &[Node<'a>]) -> Vec<(Node<'a>, bool)> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
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
pub(super) fn parts<'a>(document: &'a Schemas, node: &Node<'a>) -> Vec<(Node<'a>, bool)> {
    let mut parts = Vec::new();
    if node.value.get("$ref").is_some() {
        parts.push((node.target(document), false));
    }
    parts.extend(node.member("allOf").items().into_iter().map(|part| (part, false)));
    parts.extend(["oneOf", "anyOf"].into_iter().filter_map(|keyword| non_null_alternative(&node.member(keyword))));
    parts
}

/// Returns whether each keyword constrains instances of one type only, so that `null` is accepted.
fn has_only_typed_keywords(schema: &Value) -> bool {
    schema.as_object().map_or(*schema == true, |members| !members.keys().any(|name| constrains_null(name)))
}

/// Returns whether a keyword constrains instances of all types, such as `null`.
fn constrains_null(name: &str) -> bool {
    keyword(name).is_some_and(|row| row.constrains == Constrains::All)
}

/// A document in normal form, with what is known about its schemas.
pub(super) struct Schemas {
    normal: Normal,
    /// Whether the schemas at these pointers may accept `null`.
    accept_null: RefCell<HashMap<String, bool>>,
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
    /// Returns whether a schema may accept `null`, as the least fixed point of [`null_requirements`](Self::null_requirements): schemas may
    /// form long chains and cycles.
    pub(super) fn may_be_null<'a>(&'a self, schema: &Node<'a>) -> bool {
        let mut known = self.accept_null.borrow_mut();
        // The requirements of each schema, and the schemas whose requirements list it.
        let mut requirements: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        let mut listed_by: HashMap<String, Vec<String>> = HashMap::new();
        let mut unvisited = vec![schema.clone()];
        while let Some(node) = unvisited.pop() {
            if known.contains_key(&node.pointer) {
                continue;
            }
            known.insert(node.pointer.clone(), false);
            if evaluate_null(node.value, Some(true)) == Some(false) {
                continue;
            }
            let lists = self.null_requirements(&node);
            for part in lists.iter().flatten() {
                listed_by.entry(part.pointer.clone()).or_default().push(node.pointer.clone());
            }
            let pointers = lists.iter().map(|list| list.iter().map(|part| part.pointer.clone()).collect());
            requirements.insert(node.pointer, pointers.collect());
            unvisited.extend(lists.into_iter().flatten());
        }
        let mut undecided: Vec<String> = requirements.keys().cloned().collect();
        while let Some(pointer) = undecided.pop() {
            let accepts = |pointer: &String| known.get(pointer) == Some(&true);
            let is_met =
                requirements.get(&pointer).is_some_and(|lists| lists.iter().all(|list| list.iter().any(accepts)));
            if is_met && !accepts(&pointer) {
                undecided.extend(listed_by.remove(&pointer).unwrap_or_default());
                known.insert(pointer, true);
            }
        }
        known.get(&schema.pointer) == Some(&true)
    }

    /// Returns whether a schema is the one at this pointer, or combines it by `allOf` and `$ref`.
    pub(super) fn combines<'a>(&'a self, schema: &Node<'a>, pointer: &str) -> bool {
        let combine =
            || conjuncts(self, std::slice::from_ref(schema)).into_iter().map(|(part, _)| part.pointer).collect();
        self.combined.borrow_mut().entry(schema.pointer.clone()).or_insert_with(combine).contains(pointer)
    }

    /// Returns the compiled pattern of a member of `patternProperties`.
    pub(super) fn pattern(&self, pattern: &str) -> Rc<Pattern> {
        let compile = || Rc::new(Pattern::new(pattern));
        self.patterns.borrow_mut().entry(pattern.to_owned()).or_insert_with(compile).clone()
    }

    /// Returns the names of the properties of schemas, and of all schemas that apply to the same instance.
    pub(super) fn property_names<'a>(&'a self, schemas: &[Node<'a>]) -> BTreeSet<&'a str> {
        self.property_names_except(schemas, &[])
    }

    /// Returns the names of the properties of the schemas in place ([`schemas_in_place`](Self::schemas_in_place)).
    pub(super) fn property_names_except<'a>(
        &'a self,
        schemas: &[Node<'a>],
        excluded: &[Node<'a>],
    ) -> BTreeSet<&'a str> {
        let schemas = self.schemas_in_place(schemas, excluded);
        schemas.iter().flat_map(names_of_properties).collect()
    }

    /// Returns which properties or items the given schemas and their subschemas in place ([`schemas_in_place`](Self::schemas_in_place))
    /// evaluate, so that `keyword` of the given schemas does not apply to them.
    pub(super) fn evaluated<'a>(&'a self, schemas: &[Node<'a>], keyword: &str) -> BTreeSet<Evaluated> {
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
    pub(super) fn may_describe<'a>(&'a self, schemas: &[Node<'a>], excluded: &[Node<'a>], name: &str) -> bool {
        let is_restricted = |schema: Node<'a>| Openness::of(schema.value) == Openness::Restricted;
        self.schemas_in_place(schemas, excluded).iter().any(|schema| {
            let others = OtherProperties::of(self, schema).map(|others| others.schemas_of(name));
            names_of_properties(schema).any(|it| it == name)
                || others.into_iter().flatten().any(is_restricted)
                || is_restricted(schema.member("unevaluatedProperties"))
        })
    }

    /// Returns whether a subschema that applies to the same instance, such as an alternative or a condition, describes a property whose name
    /// satisfies `is_name`, or has one of these keywords (JSON Schema 2020-12, Core, section 11).
    pub(super) fn parts_may_evaluate<'a>(
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

    /// Selects the `oneOf` and `anyOf` lists of siblings that contain the given schema or one of its siblings, and returns their
    /// alternatives.
    pub(super) fn alternatives_around<'a>(&'a self, schema: &[Node<'a>], siblings: &[Node<'a>]) -> Vec<Node<'a>> {
        let applied: HashSet<&str> = schema.iter().chain(siblings).map(|node| node.pointer.as_str()).collect();
        let applies = |node: &Node<'a>| applied.contains(follow(self, node.clone()).pointer.as_str());
        let lists = siblings.iter().flat_map(|it| ["oneOf", "anyOf"].map(|keyword| it.member(keyword).items()));
        lists.filter(|items| items.iter().any(applies)).flatten().collect()
    }

    /// Returns schemas, and all subschemas of them that apply to the same instance (JSON Schema 2020-12, Core, section 10.2). A subschema in
    /// `excluded` is left out, with its own subschemas.
    fn schemas_in_place<'a>(&'a self, schemas: &[Node<'a>], excluded: &[Node<'a>]) -> Vec<Node<'a>> {
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

    /// Returns groups of schemas: a schema accepts `null` if in each group at least one schema does. The target of `$ref` and each member of
    /// `allOf` are a group of one, `oneOf` and `anyOf` a group each.
    fn null_requirements<'a>(&'a self, node: &Node<'a>) -> Vec<Vec<Node<'a>>> {
        let combined = node.text("$ref").map(|_| node.target(self)).into_iter().chain(node.member("allOf").items());
        let lists = ["oneOf", "anyOf"].map(|keyword| node.member(keyword)).into_iter();
        let lists = lists.filter(|list| list.is_present() && non_null_alternative(list).is_none());
        combined.map(|part| vec![part]).chain(lists.map(|list| list.items())).collect()
    }
}

/// Returns whether `not` or a condition of a schema rejects `null`.
fn excludes_null(schema: &Value) -> bool {
    let accepts = |keyword: &str| schema.get(keyword).and_then(accepts_null);
    let branch = accepts("if").and_then(|is_met| accepts(if is_met { "then" } else { "else" }));
    accepts("not") == Some(true) || branch == Some(false)
}

/// Returns whether a schema accepts `null`; `None` if that depends on a reference or a condition, or if the schema only constrains other types.
fn accepts_null(schema: &Value) -> Option<bool> {
    evaluate_null(schema, is_null(schema).then_some(true))
}

/// Returns whether a schema accepts `null`; `None` if that is unknown. `untyped` is the result for parts that do not constrain `null`, such
/// as `{minLength: 1}`: `Some(true)` if the schema that contains them has the type `null`, otherwise `None`.
fn evaluate_null(schema: &Value, untyped: Option<bool>) -> Option<bool> {
    let accepts_null = |part: &Value| evaluate_null(part, untyped);
    let Value::Object(members) = schema else { return Some(*schema != false) };
    let accepts = |(keyword, value): (&String, &Value)| {
        let mut values = value.as_array().into_iter().flatten();
        match keyword.as_str() {
            "type" => Some(types(schema)?.contains("null")),
            "enum" => Some(values.any(Value::is_null)),
            "const" => Some(value.is_null()),
            "not" => accepts_null(value).map(|accepts| !accepts),
            "if" => {
                let branch = if accepts_null(value)? { "then" } else { "else" };
                members.get(branch).map_or(Some(true), accepts_null)
            }
            "then" | "else" => Some(true),
            "allOf" => all(values.map(accepts_null)),
            "anyOf" => all(values.map(|it| accepts_null(it).map(|accepts| !accepts))).map(|rejects| !rejects),
            "oneOf" => {
                Some(values.map(accepts_null).collect::<Option<Vec<_>>>()?.iter().filter(|it| **it).count() == 1)
            }
            _ => None,
        }
    };
    let decisive: Vec<_> = members.iter().filter(|(keyword, _)| constrains_null(keyword)).collect();
    if decisive.is_empty() && constrains_instances(schema) { untyped } else { all(decisive.into_iter().map(accepts)) }
}

/// Returns whether all conditions hold; `None` if that depends on unknown ones.
fn all(mut conditions: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    conditions
        .try_fold(Some(true), |all, one| if one == Some(false) { Err(()) } else { Ok(all.and(one)) })
        .unwrap_or(Some(false))
}

/// If one of two alternatives is `null`, returns the other one, flagged as an alternative to `null`.
fn non_null_alternative<'a>(alternatives: &Node<'a>) -> Option<(Node<'a>, bool)> {
    match alternatives.items().as_slice() {
        // `oneOf` rejects a `null` that both accept.
        [null, only] | [only, null] if is_null(null.value) && accepts_null(null.value) == Some(true) => {
            let is_decided = alternatives.escaped_name() == "anyOf" || !has_only_typed_keywords(only.value);
            is_decided.then(|| (only.clone(), true))
        }
        _ => None,
    }
}

impl<'a> Flat<'a> {
    pub(super) fn of(document: &'a Schemas, nodes: &[Node<'a>]) -> Self {
        let mut flat = Self::default();
        for (node, is_nullable) in conjuncts(document, nodes) {
            flat.add(document, &node, is_nullable);
            flat.other_properties.extend(OtherProperties::of(document, &node));
            flat.parts.push(node);
        }
        // A `null` that is not listed, or is excluded, is rejected, whatever the type.
        if flat.rejects_null() {
            flat.remove_null();
        }
        flat
    }

    /// Returns whether alternatives, `not` or a condition reject `null`, whatever the type.
    pub(super) fn rejects_null(&self) -> bool {
        self.lists_accept_null == Some(false) || self.excludes_null
    }

    /// Returns whether no instance is accepted, also because the types or the listed values exclude each other.
    pub(super) fn has_no_value(&self) -> bool {
        let accepts_null = self.null_is_alternative == Some(true) || self.accepts("null") && self.lists_null();
        self.rejects_all
            || self.types.as_ref().is_some_and(BTreeSet::is_empty)
            || !accepts_null && self.values().is_some_and(|values| values.is_empty())
    }

    /// Returns whether no listed value has an accepted type, so that the schema, read strictly, accepts no value.
    pub(super) fn lists_other_types(&self) -> bool {
        self.value_lists().iter().any(|list| !list.iter().any(|it| self.accepts(type_of(it.value))))
    }

    /// Returns whether `null` is the only instance that may be accepted.
    pub(super) fn is_null(&self) -> bool {
        self.types.as_ref().is_some_and(|types| types.iter().eq(&["null"]))
    }

    /// Adds the constraints of a schema itself.
    fn add(&mut self, document: &'a Schemas, node: &Node<'a>, is_nullable: bool) {
        self.rejects_all |= *node.value == false;
        if let Some(mut types) = types(node.value) {
            types.extend(is_nullable.then_some("null"));
            self.intersect_types(types);
        }
        self.add_null(document, node, is_nullable);
        self.least.extend(Bound::of(node, "minimum", "exclusiveMinimum"));
        self.greatest.extend(Bound::of(node, "maximum", "exclusiveMaximum"));
        for (keyword, value) in node.members() {
            match keyword {
                "$ref" | "allOf" | "type" => {}
                "oneOf" | "anyOf" if non_null_alternative(&value).is_some() => {}
                "properties" => {
                    for (name, property) in value.members() {
                        add_distinct(self.properties.entry(name).or_default(), property);
                    }
                }
                "required" => self.required.extend(names(value.value)),
                _ => add_distinct(self.keywords.entry(keyword).or_default(), value),
            }
        }
    }

    /// Records whether lists and constraints without a type accept `null`.
    fn add_null(&mut self, document: &'a Schemas, node: &Node<'a>, is_nullable: bool) {
        let has_discriminator = node.value.get("discriminator").is_some();
        self.excludes_null |= !is_nullable && excludes_null(node.value);
        for (keyword, value) in node.members() {
            if matches!(keyword, "oneOf" | "anyOf") {
                let count = value.items().iter().filter(|alternative| document.may_be_null(alternative)).count();
                self.null_is_ambiguous |= keyword == "oneOf" && count > 1 && !has_discriminator && !is_nullable;
                if non_null_alternative(&value).is_none() {
                    *self.lists_accept_null.get_or_insert(true) &= is_nullable || count > 0;
                    continue;
                }
            }
            if constrains(keyword) {
                *self.null_is_alternative.get_or_insert(false) |= is_nullable;
            }
        }
    }

    /// Accepts these types only.
    pub(super) fn intersect_types(&mut self, types: BTreeSet<&'a str>) {
        self.types = Some(match self.types.take() {
            Some(present) => intersect(&present, &types),
            None => types,
        });
    }

    /// Removes `null` from the types.
    pub(super) fn remove_null(&mut self) {
        self.types.iter_mut().for_each(|types| _ = types.remove("null"));
    }

    /// Removes `null`, which has no text. If `are_strings`, a schema that accepts strings accepts all scalars, since the text of a number
    /// is a string.
    pub(super) fn accept_text(&mut self, are_strings: bool) {
        self.declared.clone_from(&self.types);
        let Some(types) = &mut self.types else { return };
        if types.len() > 1 {
            types.remove("null");
        }
        if are_strings && types.contains("string") {
            types.extend(["string", "integer", "number", "boolean"]);
        }
    }

    /// Adds those types, required names and properties of `other` that all alternatives or a sibling of this schema state. Constraints that
    /// only moved there are then equal in both documents.
    pub(super) fn add_implied_constraints(&mut self, other: &Self, document: &'a Schemas, siblings: &Self) {
        let states_more = other.types.is_some() && self.types.is_none()
            || !other.required.is_subset(&self.required)
            || other.properties.keys().any(|name| !self.properties.contains_key(name));
        if !states_more {
            return;
        }
        let alternatives = self.alternatives().into_iter().filter_map(|list| Self::common_part(document, &list));
        let mut known: Vec<Self> = alternatives.collect();
        // `null` may be an alternative to the lists.
        if self.accepts_null_untyped() == Some(true) {
            known.iter_mut().filter_map(|part| part.types.as_mut()).for_each(|types| _ = types.insert("null"));
        }
        for part in known.iter().chain([siblings]) {
            if other.types.is_some() && self.types.is_none() {
                self.types.clone_from(&part.types);
            }
            self.required.extend(intersect(&part.required, &other.required));
        }
        for (name, nodes) in known.into_iter().flat_map(|part| part.properties) {
            if other.properties.contains_key(name) {
                self.properties.entry(name).or_insert(nodes);
            }
        }
    }

    /// Returns the types that all alternatives of a list state, and the required names and properties that all objects among them have.
    fn common_part(document: &'a Schemas, alternatives: &Node<'a>) -> Option<Self> {
        let flats: Vec<Self> = alternatives.items().into_iter().map(|node| Self::of(document, &[node])).collect();
        let types =
            flats.first()?.types.clone().filter(|types| flats.iter().all(|it| it.types.as_ref() == Some(types)));
        let same = |these: &[Node<'a>], those: &[Node<'a>]| {
            these.iter().map(|it| it.value).eq(those.iter().map(|it| it.value))
        };
        let objects = flats.into_iter().filter(|flat| flat.accepts("object"));
        let common = objects.reduce(|mut common, flat| {
            common.required = intersect(&common.required, &flat.required);
            common.properties.retain(|name, nodes| flat.properties.get(name).is_some_and(|it| same(it, nodes)));
            common
        });
        let Self { required, properties, .. } = common.unwrap_or_default();
        Some(Self { types, required, properties, ..Self::default() })
    }

    /// Returns whether this combines a component with others.
    pub(super) fn combines(&self, component: &Node<'_>) -> bool {
        is_component(component) && self.parts.iter().any(|part| part.pointer == component.pointer)
    }

    /// Returns the schemas of a property: its own, and those of [`other_schemas_of`](Self::other_schemas_of).
    pub(super) fn schemas_of(&self, name: &str) -> Vec<Node<'a>> {
        let own = self.properties.get(name).map_or(&[][..], Vec::as_slice);
        own.iter().cloned().chain(self.other_schemas_of(name)).collect()
    }

    /// Returns the schemas of matching `patternProperties`, and `additionalProperties` of each schema that does not describe the property.
    pub(super) fn other_schemas_of(&self, name: &str) -> Vec<Node<'a>> {
        let schemas = self.other_properties.iter().flat_map(|others| others.schemas_of(name));
        schemas.filter(|schema| schema.is_present() && Openness::of(schema.value) != Openness::Allowed).collect()
    }

    /// Returns the values of a keyword.
    pub(super) fn get(&self, keyword: &str) -> &[Node<'a>] {
        self.keywords.get(keyword).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_set(&self, keyword: &str) -> bool {
        self.get(keyword).iter().any(|node| node.value == &Value::Bool(true))
    }

    /// Returns the first keyword that declares the accepted types: `type`, or a list of alternatives.
    pub(super) fn type_node(&self) -> Option<Node<'a>> {
        let of_part = |part: &Node<'a>| TYPE_KEYWORDS.iter().map(|it| part.member(it)).find(Node::is_present);
        self.parts.iter().find_map(of_part)
    }

    pub(super) fn accepts(&self, kind: &str) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(kind))
    }

    /// Returns the formats that add to the type: some documents repeat the type, JSON numbers are doubles (RFC 8259, section 6), and
    /// `password` is a hint.
    pub(super) fn formats(&self) -> Vec<String> {
        let declared = self.declared.as_ref().or(self.types.as_ref());
        let kinds: BTreeSet<&str> = declared.into_iter().flatten().copied().filter(|kind| *kind != "null").collect();
        let adds_to_type = |format: &String| match format.trim_matches('"') {
            "password" => false,
            "double" | "number" => kinds != BTreeSet::from(["integer", "number"]),
            name => kinds != BTreeSet::from([name]),
        };
        self.texts("format").into_iter().filter(adds_to_type).collect()
    }

    /// Returns whether the format is `password`.
    pub(super) fn is_hidden(&self) -> bool {
        self.get("format").iter().any(|format| is_hint("format", format))
    }

    /// Returns bounds, and those that the formats imply on the same side (OpenAPI Format Registry: `int32`, `uint8` and so on).
    pub(super) fn with_implied(&self, bounds: &[Bound<'a>], tighter: Ordering) -> Vec<Bound<'a>> {
        let implied = self.texts("format").into_iter().filter_map(|format| Bound::of_format(&format, tighter));
        bounds.iter().cloned().chain(implied).collect()
    }

    /// Returns whether a schema of integers has bounds or listed values within the range of a format.
    pub(super) fn implies_format(&self, format: &str) -> bool {
        let is_integer = self.types.as_ref().is_some_and(|types| !types.contains("number"));
        let limits = [(Ordering::Greater, &self.least), (Ordering::Less, &self.greatest)];
        let is_within = |(tighter, bounds): (Ordering, &Vec<Bound<'a>>)| {
            Bound::of_format(format, tighter).is_some_and(|limit| {
                bounds.iter().any(|bound| bound.implies(&limit, tighter))
                    || self.lists_only(|value| limit.accepts(value, tighter))
            })
        };
        is_integer && limits.into_iter().all(is_within)
    }

    /// Returns which values these keywords accept, by the strictest of them.
    pub(super) fn openness(&self, keywords: &[&str]) -> Openness {
        let schemas = keywords.iter().flat_map(|keyword| self.get(keyword));
        schemas.map(|node| Openness::of(node.value)).min().unwrap_or(Openness::Allowed)
    }

    pub(super) fn numbers(&self, keyword: &str) -> Vec<f64> {
        self.get(keyword).iter().filter_map(|node| node.value.as_f64()).collect()
    }

    pub(super) fn texts(&self, keyword: &str) -> Vec<String> {
        self.get(keyword).iter().map(|node| canonical(node.value)).collect()
    }

    /// Returns the values of `enum` that have an accepted type, as JSON, without `null`, which counts as a type; `None` accepts all. If no
    /// value of an `enum` has an accepted type, returns all of them: such an `enum` means the texts of its values.
    pub(super) fn values(&self) -> Option<BTreeSet<String>> {
        let is_typed = |node: &&Node<'a>| self.accepts(type_of(node.value));
        let values_of = |listed: Vec<Node<'a>>| {
            let typed: BTreeSet<_> = listed.iter().filter(is_typed).map(|it| canonical(it.value)).collect();
            let have_texts = typed.is_empty() && !self.is_null();
            if have_texts { listed.iter().map(|it| canonical(it.value)).collect() } else { typed }
        };
        let values = self.value_lists().into_iter().map(values_of).reduce(|these, those| &these & &those)?;
        Some(values.into_iter().filter(|value| value != "null").collect())
    }

    /// Returns the values of each `enum`, and each `const`: the normal form has a `const` only if an `enum` excludes it.
    fn value_lists(&self) -> Vec<Vec<Node<'a>>> {
        let constants = self.get("const").iter().map(|value| vec![value.clone()]);
        self.get("enum").iter().map(Node::items).chain(constants).collect()
    }

    /// Returns whether the values of an `enum` all satisfy a condition. `null` counts as a type.
    pub(super) fn lists_only(&self, holds: impl Fn(&Value) -> bool) -> bool {
        self.get("enum").iter().any(|list| list.items().iter().all(|it| it.value.is_null() || holds(it.value)))
    }

    /// Returns whether all instances of another schema are certainly accepted: `false` for a schema with properties or required names.
    pub(super) fn accepts_all_of(&self, other: &Self) -> bool {
        let has_types =
            self.types.as_ref().is_none_or(|types| other.types.as_ref().is_some_and(|it| it.is_subset(types)));
        let is_alone = !self.rejects_all && self.properties.is_empty() && self.required.is_empty();
        let is_scalar = |keyword: &str, value: &Value| value.is_number() || value.is_string() || keyword == "enum";
        let is_in_other = |node: &Node<'a>, keyword: &str| other.get(keyword).iter().any(|it| it.value == node.value);
        let mut keywords = self.keywords.iter().flat_map(|(keyword, nodes)| nodes.iter().map(move |it| (*keyword, it)));
        has_types
            && is_alone
            && keywords.all(|(keyword, node)| {
                is_hint(keyword, node) || is_scalar(keyword, node.value) && is_in_other(node, keyword)
            })
    }

    /// Returns whether `null` is among the values of each `enum` and `const`.
    pub(super) fn lists_null(&self) -> bool {
        self.value_lists().iter().all(|list| list.iter().any(|it| it.value.is_null()))
    }

    /// Returns whether a schema without types accepts `null`; `None` if it has no constraints.
    pub(super) fn accepts_null_untyped(&self) -> Option<bool> {
        self.lists_accept_null.or(self.null_is_alternative).map(|accepts| accepts && !self.excludes_null)
    }

    /// Returns the lists of alternatives.
    pub(super) fn alternatives(&self) -> Vec<Node<'a>> {
        self.get("oneOf").iter().chain(self.get("anyOf")).cloned().collect()
    }

    /// Returns the alternatives that accept objects, by list, without empty lists.
    pub(super) fn object_alternatives(&self, document: &'a Schemas) -> Vec<Vec<Self>> {
        let flats = |list: Node<'a>| list.items().into_iter().map(|node| Self::of(document, &[node]));
        let objects = |list| flats(list).filter(|flat| flat.accepts("object")).collect::<Vec<_>>();
        self.alternatives().into_iter().map(objects).filter(|objects| !objects.is_empty()).collect()
    }

    /// Returns the alternatives of a list that accept objects, if there are some and this holds for all of them.
    pub(super) fn alternatives_if_all(
        &self,
        document: &'a Schemas,
        holds: impl Fn(&Self) -> bool,
    ) -> Option<Vec<Self>> {
        self.object_alternatives(document).into_iter().find(|objects| objects.iter().all(&holds))
    }

    /// Returns whether there are constraints by other keywords than these, which may include `type`.
    pub(super) fn has_constraints_except(&self, keywords: &[&str]) -> bool {
        let is_own = |(key, nodes): (&&str, &Vec<Node<'a>>)| {
            !keywords.contains(key) && !LIST_KEYWORDS.contains(key) && !nodes.iter().all(|node| is_hint(key, node))
        };
        (self.types.is_some() && !keywords.contains(&"type"))
            || !self.properties.is_empty()
            || !self.required.is_empty()
            || self.keywords.iter().any(is_own)
    }

    /// Returns whether both combine the same constraints. `are_same` compares two values of a keyword.
    pub(super) fn has_constraints_of(
        &self,
        other: &Self,
        are_same: impl Fn(&Node<'a>, &Node<'a>, ValueKind) -> bool,
    ) -> bool {
        let constraints = |flat: &Self| -> Vec<(&'a str, Vec<Node<'a>>, ValueKind)> {
            let keywords = flat.keywords.iter().filter(|(key, _)| !is_docs(key));
            let keywords = keywords.map(|(key, nodes)| (*key, nodes.clone(), value_kind(key)));
            let properties = flat.properties.iter().map(|(name, nodes)| (*name, nodes.clone(), ValueKind::Schema));
            keywords.chain(properties).collect()
        };
        let (these, those) = (constraints(self), constraints(other));
        let are_same = |((name, one, kind), (other_name, another, _)): (&(_, Vec<_>, _), &(_, Vec<_>, _))| {
            name == other_name
                && one.iter().all(|it| another.iter().any(|other| are_same(it, other, *kind)))
                && another.iter().all(|it| one.iter().any(|other| are_same(other, it, *kind)))
        };
        self.types == other.types
            && self.required == other.required
            && these.len() == those.len()
            && these.iter().zip(&those).all(are_same)
    }

    /// Returns the names of the properties that exist in a direction: those that are neither `readOnly` in requests nor `writeOnly` in responses.
    pub(super) fn visible_properties(&self, document: &'a Schemas, direction: Direction) -> BTreeSet<&'a str> {
        let visible = self.properties.iter().filter(|(_, nodes)| !is_omitted(document, nodes, direction));
        visible.map(|(name, _)| *name).collect()
    }
}

/// Returns the keyword of properties that a direction omits.
pub(super) fn hiding_keyword(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

/// Returns whether a direction omits a property with these schemas: requests if it is `readOnly`, responses if it is `writeOnly`, by one of
/// the combined schemas or by all alternatives of a list.
pub(super) fn is_omitted<'a>(document: &'a Schemas, property: &[Node<'a>], direction: Direction) -> bool {
    let mut known = HashMap::new();
    property.iter().any(|node| is_hidden_by(document, node, hiding_keyword(direction), &mut known))
}

/// Returns whether a schema has an annotation that is `true`, itself or by what it combines. `known` are the results by pointer: alternatives
/// may refer back to the schema.
fn is_hidden_by<'a>(document: &'a Schemas, schema: &Node<'a>, hidden: &str, known: &mut HashMap<String, bool>) -> bool {
    if let Some(is_hidden) = known.get(&schema.pointer) {
        return *is_hidden;
    }
    known.insert(schema.pointer.clone(), false);
    let mut all_hide = |list: Node<'a>| {
        let mut values = list.items().into_iter().filter(|item| !is_null(item.value)).peekable();
        values.peek().is_some() && values.all(|item| is_hidden_by(document, &item, hidden, known))
    };
    let is_hidden = conjuncts(document, std::slice::from_ref(schema)).into_iter().any(|(part, _)| {
        part.is_true(hidden)
            || lists_hidden_values(&part, hidden)
            || ["oneOf", "anyOf"].iter().any(|it| all_hide(part.member(it)))
    });
    known.insert(schema.pointer.clone(), is_hidden);
    is_hidden
}

/// Returns whether a schema lists values, and each of them, apart from `null`, comes from an alternative with an annotation that is `true`.
fn lists_hidden_values(schema: &Node<'_>, hidden: &str) -> bool {
    let annotated = schema.member(VALUES).members().into_iter().filter(|(_, annotations)| annotations.is_true(hidden));
    let annotated: Vec<Value> = annotated.flat_map(|(list, _)| values_of(list)).collect();
    let listed = schema.member("enum").items();
    !annotated.is_empty() && listed.iter().all(|it| it.value.is_null() || annotated.contains(it.value))
}

/// Returns the values of a key of [`VALUES`], none if it consists of types.
pub(super) fn values_of(list: &str) -> impl Iterator<Item = Value> + use<> {
    serde_json::from_str::<Vec<Value>>(list).unwrap_or_default().into_iter()
}

/// Adds a value, unless an equal one is present.
pub(super) fn add_distinct<'a>(nodes: &mut Vec<Node<'a>>, node: Node<'a>) {
    if nodes.iter().all(|present| present.value != node.value) {
        nodes.push(node);
    }
}

/// Returns the names of properties that a schema states itself.
pub(super) fn names_of_properties<'a>(schema: &Node<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let dependent = schema.member("dependentRequired").members().into_iter();
    let dependent = dependent.flat_map(|(name, others)| names(others.value).into_iter().chain([name]));
    let described = schema.member("properties").members().into_keys();
    described.chain(dependent).chain(names(schema.member("required").value))
}

/// Returns whether a schema accepts no other value than `null`, by its type.
fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

/// Returns whether a keyword is documentation. `format: password` is a hint for user interfaces (OpenAPI 3.1.1, section 4.4.3).
fn is_hint(keyword: &str, value: &Node<'_>) -> bool {
    is_docs(keyword) || (keyword == "format" && *value.value == "password")
}

/// Returns whether a keyword constrains instances, other than by type or reference.
fn constrains(keyword: &str) -> bool {
    !matches!(keyword, "$ref" | "allOf" | "type") && !is_annotation(keyword)
}

pub(super) fn names(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn types(schema: &Value) -> Option<BTreeSet<&str>> {
    let mut types: BTreeSet<&str> = match schema.get("type")? {
        Value::String(only) => BTreeSet::from([only.as_str()]),
        several => names(several),
    };
    if types.contains("number") {
        types.insert("integer");
    }
    Some(types)
}

pub(super) fn intersect<'a>(these: &BTreeSet<&'a str>, those: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    these.intersection(those).copied().collect()
}

/// Which values are accepted where no other schema applies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Openness {
    Rejected,
    Restricted,
    Allowed,
}

impl Openness {
    pub(super) fn of(schema: &Value) -> Self {
        match schema {
            Value::Bool(false) => Self::Rejected,
            schema if constrains_instances(schema) => Self::Restricted,
            _ => Self::Allowed,
        }
    }

    /// Describes the value of the keyword.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Rejected => "`false`",
            Self::Restricted => "a schema",
            Self::Allowed => "`true`",
        }
    }

    /// Returns the effect of an entry that is added to `properties`, `patternProperties` or `prefixItems`, given which other values are accepted
    /// before and after.
    pub(super) fn effect_of_adding_entry(self, after: Self) -> Effect {
        match (self, after) {
            (Self::Allowed, Self::Allowed) => Effect::Narrows,
            (Self::Rejected, Self::Rejected) => Effect::Widens,
            _ => Effect::Both,
        }
    }
}

/// Returns a value as text, the same for equal values, whatever the order of their members.
pub(super) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().map(|(key, value)| (key, canonical(value))).collect();
            let members = members.iter().map(|(key, value)| format!("{}: {value}", Value::from(key.as_str())));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(", ")),
        // A float without a fraction is an integer (JSON Schema 2020-12, section 4.2.3).
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        scalar => scalar.to_string(),
    }
}

/// Returns whether two lists have the same values, in any order.
pub(super) fn is_same_set(one: &Value, other: &Value) -> bool {
    let set = |list: &Value| list.as_array().map(|values| values.iter().map(canonical).collect::<BTreeSet<_>>());
    set(one) == set(other)
}

pub(super) fn constrains_instances(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.keys().any(|key| !is_docs(key)),
        Value::Bool(accepts) => !accepts,
        _ => false,
    }
}
