//! Schemas that become named types, their Rust names and their sources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Component, Schemas, Site};
use crate::lower::inspect::enum_values;
use crate::lower::json_schema::SchemaWriter;
use crate::lower::lowered::LoweredSchema;
use crate::lower::{Direction, Discriminator, IntegerRange, NamedType, Part, Warnings};
use crate::names::{self, Looks, Names};
use crate::pointer::{ancestors, escape, last_token};

/// Reserved names of types: keywords, and names with another meaning in generated code.
pub const RESERVED_TYPES: [&str; 4] = ["Self", "Default", "Err", "Ok"];

/// The lowered schemas with their Rust names.
pub struct NamedSchemas {
    /// The components of the lowered document.
    pub components: Map<String, Value>,
    /// All types by name.
    pub types: BTreeMap<String, NamedType>,
    /// The names by their keys in the lock.
    pub names: BTreeMap<String, String>,
    /// The names of variants by their keys in the lock.
    pub variants: BTreeMap<String, String>,
    /// The values that were added to enums, by the key of the type in the lock.
    pub appended: BTreeMap<String, Vec<String>>,
    /// The names outside of ASCII.
    pub looks: Looks,
    /// The ranges of integers in requests.
    pub integers: BTreeSet<IntegerRange>,
    /// Warnings about the document.
    pub warnings: Warnings,
    /// The references, as pairs of location and target.
    pub references: BTreeSet<(String, String)>,
}

/// A schema that becomes a named type.
pub(super) struct PlannedType {
    pub(super) direction: Direction,
    /// Its location in the normal form.
    pub(super) pointer: String,
    pub(super) is_component: bool,
    pub(super) candidates: Vec<String>,
    pub(super) schema: Value,
    is_text: bool,
    /// The labels and the wanted names of its alternatives.
    pub(super) alternatives: Vec<(Vec<String>, String)>,
    /// The positions of its alternatives in the document.
    pub(super) positions: Vec<usize>,
    pub(super) expected: String,
    pub(super) discriminator: Option<Discriminator>,
    pub(super) multipart_fields: Option<BTreeMap<String, Part>>,
    pub(super) additional_field: Option<String>,
    /// The properties that contain passwords, as in [`NamedType`].
    secrets: BTreeSet<String>,
}

/// The values in the normal form from which a schema was lowered, by their locations.
type Sources<'a> = BTreeMap<String, &'a Value>;

impl<'a> Schemas<'a> {
    /// Makes a schema a named type.
    pub(super) fn make_named(
        &mut self,
        mut lowered: Value,
        schema: &Map<String, Value>,
        expected: &str,
        site: &Site<'_>,
    ) -> Value {
        let key = self.name_key(site.direction, site.pointer);
        lowered["title"] = key.clone().into();
        let is_component = site.words.len() == 1;
        let qualified = names::short_type_name(site.words);
        // A component is named after its key, an inline schema preferably after its title.
        let title = schema.get("title").and_then(Value::as_str).filter(|title| !is_component && title.is_ascii());
        let mut candidates: Vec<String> = title.map(|title| names::type_name(&[title])).into_iter().collect();
        candidates.push(qualified.clone());
        if site.direction == Direction::Response {
            candidates.push(names::type_name(&[qualified.as_str(), "Response"]));
        }
        let schema = schema.clone().into();
        let secrets = self.list_secrets(&schema, &lowered);
        let expected = expected.to_owned();
        let pointer = site.pointer.to_owned();
        let direction = site.direction;
        self.planned_types.insert(
            key,
            PlannedType {
                direction,
                pointer,
                is_component,
                candidates,
                schema,
                is_text: lowered["type"] == "string",
                alternatives: Vec::new(),
                positions: Vec::new(),
                expected,
                discriminator: None,
                multipart_fields: None,
                additional_field: None,
                secrets,
            },
        );
        lowered
    }

    /// Returns the locations in the input document that a location in the normal form comes from: several if schemas were combined in
    /// it or in a schema that contains it.
    pub fn origins(&self, pointer: &str) -> BTreeSet<String> {
        self.origins_of(&self.sources(pointer))
    }

    fn origins_of(&self, sources: &Sources<'_>) -> BTreeSet<String> {
        sources.keys().map(|it| self.normal.origin(it)).collect()
    }

    fn sources(&self, pointer: &str) -> Sources<'a> {
        let document = self.normal.document();
        // Most schemas contain no combined ones and are contained in none, so they need not be searched from the root.
        if !ancestors(pointer).any(|it| self.combined.contains_key(it)) {
            let existing = ancestors(pointer).find_map(|it| Some((it.to_owned(), document.pointer(it)?)));
            return existing.into_iter().collect();
        }
        self.sources_below(&BTreeMap::from([(String::new(), document)]), "", pointer)
    }

    /// Returns the sources of the location `pointer` + `below`. `sources` are those of `pointer`.
    fn sources_below(&self, sources: &Sources<'a>, pointer: &str, below: &str) -> Sources<'a> {
        let mut sources = sources.clone();
        let mut start = 0;
        for end in below.match_indices('/').map(|(at, _)| at).skip(1).chain([below.len()]) {
            let of_child = self.sources_of_child(&sources, &format!("{pointer}{}", &below[..end]), &below[start..end]);
            // A location that does not exist in the document comes from the one that contains it.
            if !of_child.is_empty() {
                sources = of_child;
            }
            start = end;
        }
        sources
    }

    /// Returns the sources of a location. `parents` are those of its parent, and `last` is its last token.
    fn sources_of_child(&self, parents: &Sources<'a>, pointer: &str, last: &str) -> Sources<'a> {
        let below = |(parent, value): (&String, &&'a Value)| (format!("{parent}{last}"), value.pointer(last));
        let mut open: Vec<_> = parents.iter().map(below).chain([(pointer.to_owned(), None)]).collect();
        let mut sources = BTreeMap::new();
        while let Some((location, value)) = open.pop() {
            let combined = self.combined.get(&location).into_iter().flatten();
            let combined = combined.filter(|it| !sources.contains_key(*it));
            open.extend(combined.map(|it| (it.clone(), self.normal.document().pointer(it))));
            sources.extend(value.map(|value| (location, value)));
        }
        sources
    }

    /// Removes the types that no operation uses: those of alternatives that became any JSON value.
    fn retain_used(&mut self, paths: &Map<String, Value>) {
        let mut used = BTreeSet::new();
        let mut open: Vec<&Value> = paths.values().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(members) => {
                    let keys = ["title", "$ref"].iter().filter_map(|key| members.get(*key)?.as_str());
                    for key in keys.filter(|key| self.planned_types.contains_key(*key)) {
                        if let (true, Some(Component::Lowered(component))) =
                            (used.insert(key.to_owned()), self.components.get(key))
                        {
                            open.push(&component.schema);
                        }
                    }
                    open.extend(members.values());
                }
                Value::Array(values) => open.extend(values),
                _ => {}
            }
        }
        self.planned_types.retain(|key, _| used.contains(key));
        self.components.retain(|key, _| used.contains(key));
    }

    /// Assigns a Rust name to each key and replaces the keys in the lowered schemas with the names.
    pub fn assign_names(mut self, paths: &mut Map<String, Value>, recorded: &Names) -> NamedSchemas {
        self.retain_used(paths);
        let mut looks = std::mem::take(&mut self.looks);
        let keys = self.lock_keys();
        let recorded = &self.keys.translate(recorded);
        let names = self.name_types(&keys, &recorded.types, &mut looks);
        paths.values_mut().for_each(|path| replace_keys(path, &names));
        let components = self.take_components(&names);
        let (mut types, mut variants, mut appended) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut writer = SchemaWriter::new(self.normal, &names, self.max_schemas);
        for (key, planned) in std::mem::take(&mut self.planned_types) {
            let mut values = planned.schema.as_object().map(enum_values).unwrap_or_default();
            let lock_key = &keys[&key];
            let added = names::appended_values(lock_key, &values, recorded);
            values.retain(|value| !added.contains(value));
            values.extend(added.iter().cloned());
            if !added.is_empty() {
                appended.insert(lock_key.clone(), added);
            }
            let mut named = planned.alternatives.clone();
            if named.is_empty() {
                named = values.iter().map(|value| (vec![value.clone()], value.clone())).collect();
            }
            let given = names::name_variants(lock_key, &named, &recorded.variants, &mut looks);
            let own_variants = named.iter().map(|(labels, _)| given[&names::variant_key(lock_key, &labels[0])].clone());
            let own_variants = own_variants.collect();
            variants.extend(given);
            let ty = self.build_named_type(planned, values, own_variants, &mut writer);
            types.insert(names[&key].clone(), ty);
        }
        let located = self.references.iter().flat_map(|(from, to)| {
            let to = self.normal.origin(to);
            self.origins(from).into_iter().map(|from| (from, to.clone())).collect::<Vec<_>>()
        });
        let references = located.collect();
        let (integers, warnings) = (self.integers, self.warnings);
        let names = names.iter().map(|(key, name)| (keys[key].clone(), name.clone())).collect();
        NamedSchemas { components, types, names, variants, appended, looks, integers, warnings, references }
    }

    /// Returns the keys of the planned types in the lock. If two of them would be equal, the second type keeps its own key, which has
    /// indices.
    fn lock_keys(&mut self) -> BTreeMap<String, String> {
        let mut taken = BTreeSet::new();
        let keys = self.planned_types.iter().map(|(key, planned)| {
            let lock_key = planned.direction.name_key(&self.keys.key(&self.normal.origin(&planned.pointer)));
            (key.clone(), if taken.insert(lock_key.clone()) { lock_key } else { key.clone() })
        });
        keys.collect()
    }

    /// Returns the Rust name of each key. Components get their names first, so that an inline schema never gets the name of a component.
    fn name_types(
        &self,
        keys: &BTreeMap<String, String>,
        recorded: &BTreeMap<String, String>,
        looks: &mut Looks,
    ) -> BTreeMap<String, String> {
        let (components, inline) = self.planned_types.iter().partition::<Vec<_>, _>(|(_, it)| it.is_component);
        let components = components.into_iter().map(|(key, it)| {
            // Only a component of both directions needs a name for its responses.
            let is_alone = !self.planned_types.contains_key(&self.name_key(Direction::Request, &it.pointer));
            let candidates = if is_alone { &it.candidates[..1] } else { &it.candidates };
            (keys[key].clone(), last_token(key), candidates.to_vec())
        });
        let mut wanted = names::group_by_similarity(components);
        wanted.push(inline.into_iter().map(|(key, it)| (keys[key].clone(), it.candidates.clone())).collect());
        let reserved = BTreeSet::from(RESERVED_TYPES);
        let given = names::assign(&wanted, recorded, &reserved, names::shape_of_type, looks);
        keys.iter().map(|(key, lock_key)| (key.clone(), given[lock_key].clone())).collect()
    }

    /// Returns the lowered components by their Rust names.
    fn take_components(&mut self, names: &BTreeMap<String, String>) -> Map<String, Value> {
        let components = std::mem::take(&mut self.components).into_iter().filter_map(|(key, component)| {
            let Component::Lowered(LoweredSchema { mut schema, .. }) = component else { return None };
            replace_keys(&mut schema, names);
            Some((names[&key].clone(), schema))
        });
        components.collect()
    }

    /// Returns what the following steps need to know of a named type.
    fn build_named_type(
        &self,
        planned: PlannedType,
        values: Vec<String>,
        variants: Vec<String>,
        writer: &mut SchemaWriter<'_>,
    ) -> NamedType {
        let PlannedType {
            direction,
            pointer,
            schema: original,
            is_text,
            expected,
            discriminator,
            multipart_fields,
            additional_field,
            positions,
            secrets,
            ..
        } = planned;
        let schema = match direction {
            Direction::Request => writer.write_schema(&original),
            Direction::Response => Value::Null,
        };
        let own = self.sources(&pointer);
        let mut sources = self.origins_of(&own);
        // The encoding beside the schema of a form determines how it is sent.
        let media_type = multipart_fields.as_ref().and_then(|_| pointer.strip_suffix("/schema"));
        sources.extend(media_type.iter().flat_map(|media_type| self.origins(&format!("{media_type}/encoding"))));
        let origins_below = |below: &str| self.origins_of(&self.sources_below(&own, &pointer, below));
        let of_values = origins_below("/enum");
        let properties = original["properties"].as_object().into_iter().flat_map(Map::keys);
        let properties = properties.map(|name| (name.clone(), origins_below(&format!("/properties/{}", escape(name)))));
        let of_values = values.iter().map(|value| (value.clone(), of_values.clone()));
        let members: BTreeMap<String, BTreeSet<String>> = properties.chain(of_values).collect();
        let deprecated = members.keys().filter(|name| self.is_deprecated(&original["properties"][*name]));
        let deprecated = deprecated.cloned().collect();
        NamedType {
            direction,
            schema,
            is_text,
            expected,
            discriminator,
            additional_field,
            multipart_fields,
            values,
            variants,
            positions,
            sources,
            members,
            deprecated,
            secrets,
        }
    }
}

/// Replaces keys with Rust names.
fn replace_keys(schema: &mut Value, names: &BTreeMap<String, String>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value.as_str().and_then(|key| names.get(key))) {
                    ("title", Some(name)) => *value = name.as_str().into(),
                    ("$ref", Some(name)) => *value = format!("#/components/schemas/{name}").into(),
                    _ => replace_keys(value, names),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| replace_keys(value, names)),
        _ => {}
    }
}
