//! A schema together with the schemas that it combines.

mod bound;
mod null;
mod omission;
mod openness;
mod schemas;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(super) use self::bound::Bound;
use self::null::{excludes_null, non_null_alternative};
pub(super) use self::omission::{hiding_keyword, is_omitted};
pub(super) use self::openness::{Openness, constrains_instances};
pub(super) use self::schemas::{Evaluated, Schemas, conjuncts};
use self::schemas::{OtherProperties, conjuncts_except};
use super::matching::is_component;
use super::schema::LIST_KEYWORDS;
use super::{Direction, Node};
use openapi_refinery::normalize::is_annotation;
pub(super) use openapi_refinery::normalize::is_documentation as is_docs;
use openapi_refinery::normalize::{ValueKind, type_of, value_kind};

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
    /// The values of alternatives that only list values, if they are read as an `enum`.
    values_of_alternatives: Option<Vec<Node<'a>>>,
    /// The declared types, if scalars are accepted as text.
    declared: Option<BTreeSet<&'a str>>,
    /// The bounds of numbers.
    pub(super) least: Vec<Bound<'a>>,
    pub(super) greatest: Vec<Bound<'a>>,
}

impl<'a> Flat<'a> {
    pub(super) fn of(document: &'a Schemas, nodes: &[Node<'a>]) -> Self {
        Self::default().with(document, conjuncts(document, nodes))
    }

    /// Returns the constraints of schemas, of which one has a list in its `allOf` that counts as a list of alternatives.
    pub(super) fn with_list(document: &'a Schemas, nodes: &[Node<'a>], list: Node<'a>, keyword: &'a str) -> Self {
        let alternatives = list.items();
        let accept_null = alternatives.iter().any(|alternative| document.may_be_null(alternative));
        let keywords = BTreeMap::from([(keyword, vec![list])]);
        let flat = Self { keywords, lists_accept_null: Some(accept_null), ..Self::default() };
        flat.with(document, conjuncts_except(document, nodes, &alternatives))
    }

    /// Adds the constraints of schemas. The flag says whether a schema is the alternative to `null`.
    fn with(mut self, document: &'a Schemas, schemas: Vec<(Node<'a>, bool)>) -> Self {
        for (node, is_nullable) in schemas {
            self.add(document, &node, is_nullable);
            self.other_properties.extend(OtherProperties::of(document, &node));
            self.parts.push(node);
        }
        // A `null` that is not listed, or is excluded, is rejected, whatever the type.
        if self.rejects_null() {
            self.remove_null();
        }
        self
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

    /// Returns a schema that accepts all instances of one type.
    pub(super) fn of_type(kind: &'a str) -> Self {
        Self { types: Some(BTreeSet::from([kind])), ..Self::default() }
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
                // Equal discriminators of several schemas select different children.
                "discriminator" => self.keywords.entry(keyword).or_default().push(value),
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

    /// Reads a number that is a multiple of an integer as an integer (JSON Schema 2020-12, Core, section 4.2.3), if the other document has
    /// integers.
    pub(super) fn read_multiples_as_integers(&mut self, other: &Self) {
        let is_whole = self.numbers("multipleOf").iter().any(|divisor| divisor.fract() == 0.0);
        if is_whole && other.has_integers_only() {
            self.types.iter_mut().for_each(|types| _ = types.remove("number"));
        }
    }

    /// Returns whether integers are the only numbers that the declared types allow.
    fn has_integers_only(&self) -> bool {
        self.types.as_ref().is_some_and(|types| types.contains("integer") && !types.contains("number"))
    }

    /// Returns the values of `multipleOf`, and 1 if integers are the only numbers that both schemas allow.
    pub(super) fn divisors(&self, other: &Self) -> Vec<f64> {
        let are_integers = self.has_integers_only() && other.has_integers_only();
        self.numbers("multipleOf").into_iter().chain(are_integers.then_some(1.0)).collect()
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
        let alternatives = self.alternatives().into_iter().map(|list| Self::common_part(document, &list));
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

    /// Removes declared types that no alternative of a list allows. `null` may be an alternative to the lists.
    pub(super) fn limit_types_to_alternatives(&mut self, document: &'a Schemas) {
        for list in self.alternatives() {
            if let Some(mut types) = Self::common_part(document, &list).types {
                types.insert("null");
                self.intersect_types(types);
            }
        }
    }

    /// Returns the types that the alternatives of a list state together, unless one of them accepts all, and the required names and
    /// properties that all objects among them have.
    fn common_part(document: &'a Schemas, alternatives: &Node<'a>) -> Self {
        let flats: Vec<Self> = alternatives.items().into_iter().map(|node| Self::of(document, &[node])).collect();
        let types: Option<Vec<_>> = flats.iter().map(|flat| flat.types.clone()).collect();
        let types = types.map(|types| types.into_iter().flatten().collect());
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
        Self { types, required, properties, ..Self::default() }
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

    /// Returns the schemas of matching `patternProperties`, and `additionalProperties` of each schema that does not describe the property,
    /// without those that accept everything.
    pub(super) fn other_schemas_of(&self, name: &str) -> Vec<Node<'a>> {
        self.other_properties.iter().flat_map(|others| others.schemas_of(name)).collect()
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
    pub(super) fn openness(&self, document: &'a Schemas, keywords: &[&str]) -> Openness {
        let schemas = keywords.iter().flat_map(|keyword| self.get(keyword));
        schemas.map(|node| Openness::of(document, node)).min().unwrap_or(Openness::Allowed)
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
        self.enums().chain(constants).collect()
    }

    fn enums(&self) -> impl Iterator<Item = Vec<Node<'a>>> {
        self.get("enum").iter().map(Node::items).chain(self.values_of_alternatives.clone())
    }

    /// Returns whether the values of an `enum` all satisfy a condition. `null` counts as a type.
    pub(super) fn lists_only(&self, holds: impl Fn(&Value) -> bool) -> bool {
        self.enums().any(|list| list.iter().all(|it| it.value.is_null() || holds(it.value)))
    }

    /// Reads alternatives that only list values, such as references to components, as an `enum`, if the schema of the other document is one.
    pub(super) fn read_alternatives_as_values(&mut self, other: &Self, document: &'a Schemas) {
        if other.get("enum").is_empty() || !other.alternatives().is_empty() {
            return;
        }
        let Some(list) = self.only_alternatives(document) else { return };
        let (mut types, mut values) = (BTreeSet::new(), Vec::new());
        for alternative in list.items().into_iter().map(|node| Self::of(document, &[node])) {
            if alternative.is_null() && !alternative.has_constraints_except(&["type"]) {
                types.insert("null");
                continue;
            }
            let [own] = &alternative.value_lists()[..] else { return };
            let is_typed = |node: &&Node<'a>| alternative.accepts(type_of(node.value));
            values.extend(own.iter().filter(is_typed).cloned());
            types.extend(alternative.types.iter().flatten().copied());
            if alternative.types.is_none() || alternative.has_constraints_except(&["type", "enum"]) {
                return;
            }
        }
        let distinct: BTreeSet<String> = values.iter().map(|it| canonical(it.value)).collect();
        // `oneOf` rejects a value that several alternatives list.
        if list.escaped_name() == "anyOf" || distinct.len() == values.len() {
            self.keywords.remove(list.escaped_name());
            self.intersect_types(types);
            self.values_of_alternatives = Some(values);
        }
    }

    /// Returns whether all instances of another schema are certainly accepted: `false` for a schema with properties or required names.
    pub(super) fn accepts_all_of(&self, other: &Self) -> bool {
        self.properties.is_empty() && self.required.is_empty() && self.has_keywords_of(other)
    }

    /// Returns whether all instances of another schema are certainly accepted, because it has the same properties and required names, or
    /// more. `are_same` compares two schemas of a property.
    pub(super) fn accepts_objects_of(&self, other: &Self, are_same: impl Fn(&Node<'a>, &Node<'a>) -> bool) -> bool {
        let is_in_other = |(name, nodes): (&&'a str, &Vec<Node<'a>>)| {
            let others = other.schemas_of(name);
            nodes.iter().all(|node| others.iter().any(|it| are_same(node, it)))
        };
        self.required.is_subset(&other.required)
            && self.properties.iter().all(is_in_other)
            && self.has_keywords_of(other)
    }

    /// Returns whether another schema has at least the constraints of this one, apart from properties and required names.
    fn has_keywords_of(&self, other: &Self) -> bool {
        let has_types =
            self.types.as_ref().is_none_or(|types| other.types.as_ref().is_some_and(|it| it.is_subset(types)));
        let is_scalar = |keyword: &str, value: &Value| value.is_number() || value.is_string() || keyword == "enum";
        let is_in_other = |node: &Node<'a>, keyword: &str| other.get(keyword).iter().any(|it| it.value == node.value);
        let mut keywords = self.keywords.iter().flat_map(|(keyword, nodes)| nodes.iter().map(move |it| (*keyword, it)));
        has_types
            && !self.rejects_all
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

    /// Returns the list of alternatives if it is the only constraint of a schema, apart from types that every alternative implies.
    pub(super) fn only_alternatives(&self, document: &'a Schemas) -> Option<Node<'a>> {
        let lists = self.alternatives();
        let [list] = &lists[..] else { return None };
        let is_implied = |types: &BTreeSet<&str>| {
            list.items().into_iter().all(|node| {
                let own = Self::of(document, &[node]).types;
                own.is_some_and(|own| own.is_subset(types))
            })
        };
        let has_own_types = self.types.as_ref().is_some_and(|types| !is_implied(types));
        (!has_own_types && !self.has_constraints_except(&["type", list.escaped_name()])).then(|| list.clone())
    }

    /// Returns the alternatives that accept objects, by list, without empty lists.
    pub(super) fn object_alternatives(&self, document: &'a Schemas) -> Vec<Vec<Self>> {
        let objects = self.alternatives().into_iter().map(|list| Self::objects_among(document, list.items()));
        objects.filter(|objects| !objects.is_empty()).collect()
    }

    /// Returns the alternatives that accept objects.
    pub(super) fn objects_among(document: &'a Schemas, alternatives: Vec<Node<'a>>) -> Vec<Self> {
        let flats = alternatives.into_iter().map(|node| Self::of(document, &[node]));
        flats.filter(|flat| flat.accepts("object")).collect()
    }

    /// Returns the alternatives that accept objects, of the first list that has some and in which `holds` is true for all of them.
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

    /// Returns the names of the properties that exist in a direction: those that are neither `readOnly` in requests nor `writeOnly` in
    /// responses.
    pub(super) fn visible_properties(&self, document: &'a Schemas, direction: Direction) -> BTreeSet<&'a str> {
        let visible = self.properties.iter().filter(|(_, nodes)| !is_omitted(document, nodes, direction));
        visible.map(|(name, _)| *name).collect()
    }
}

/// Returns the values of a key of [`VALUES`](openapi_refinery::normalize::VALUES), none if it consists of types.
pub(super) fn values_of(list: &str) -> impl Iterator<Item = Value> + use<> {
    serde_json::from_str::<Vec<Value>>(list).unwrap_or_default().into_iter()
}

/// Adds a value, unless an equal one is present.
pub(super) fn add_distinct<'a>(nodes: &mut Vec<Node<'a>>, node: Node<'a>) {
    if nodes.iter().all(|present| present.value != node.value) {
        nodes.push(node);
    }
}

/// Returns whether a keyword is documentation. `format: password` is a hint to obscure the value (OpenAPI 3.1.1, section 4.4.1).
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
