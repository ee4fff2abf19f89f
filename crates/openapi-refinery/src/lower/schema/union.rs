//! Lowering of unions: `oneOf`, `anyOf`, several types and discriminators.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::typed::tolerant_schema;
use super::{Schemas, Site};
use crate::Result;
use crate::lower::combine::{follow_reference, is_omitted};
use crate::lower::inspect::{
    constants, contradiction, distribute, enum_values, is_combination, is_uri, only_requires, required, types,
    without_null,
};
use crate::lower::keys;
use crate::lower::lowered::{LoweredSchema, ONE_OR_MORE};
use crate::lower::{Direction, Discriminator};
use crate::names::{self, Looks};
use crate::pointer::{escape, last_token};

/// A discriminator and its values for each alternative.
pub(super) struct DiscriminatorValues {
    property: String,
    values: Vec<Vec<String>>,
    /// Whether the document names the discriminator.
    is_declared: bool,
}

/// One of the alternatives of a union.
struct Alternative {
    /// Its labels in the lock, in order of preference.
    labels: Vec<String>,
    /// The wanted name of its variant.
    variant: String,
    /// Its position in the document.
    position: usize,
    /// The name of its component, its title or its properties.
    name: String,
    lowered: LoweredSchema,
    /// The values of the discriminator that select it.
    discriminator_values: Vec<String>,
    /// Whether all other values of the discriminator select it.
    is_fallback: bool,
}

impl<'a> Schemas<'a> {
    /// Rejects names of a discriminator whose schema does not exist.
    pub(super) fn check_mapping(&mut self, schema: &Map<String, Value>, site: &Site<'_>) {
        let mapping = schema.get("discriminator").and_then(|discriminator| discriminator["mapping"].as_object());
        for (name, to) in mapping.into_iter().flatten() {
            let reference = to.as_str().unwrap_or_default();
            if !self.normal.target(reference).1.is_object() {
                let pointer = format!("{}/discriminator/mapping/{}", site.pointer, escape(name));
                let problem = format!("the schema `{reference}` does not exist in this document");
                self.reject(&pointer, problem, "correct the reference, or add the schema to the document");
            }
        }
    }

    /// Lowers a schema with `oneOf` or `anyOf`.
    pub(super) fn lower_union(
        &mut self,
        schema: &Map<String, Value>,
        keyword: &str,
        alternatives: &[Value],
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        if keyword == "anyOf" && schema.contains_key("unevaluatedProperties") {
            self.report_keyword("unevaluatedProperties", site.pointer);
        }
        let only_requires = |it: &Value| it.as_object().is_some_and(only_requires);
        if site.direction == Direction::Response && alternatives.iter().all(only_requires) {
            // Responses may omit required properties, so all alternatives are equal.
            let mut schema = schema.clone();
            schema.remove(keyword);
            return self.lower_typed(&schema, site);
        }
        let pointer = format!("{}/{keyword}", site.pointer);
        let distributed = distribute(schema, keyword, alternatives);
        let contradictions = contradictions(&distributed);
        let possible: Vec<usize> = (0..alternatives.len()).filter(|index| contradictions[*index].is_none()).collect();
        let in_property = match site.direction {
            Direction::Response => self.tolerant_alternatives(alternatives, &possible, keyword, site)?,
            Direction::Request => None,
        };
        let declared = self.find_discriminator_values(schema, alternatives, &possible, &pointer, site.direction)?;
        let labels = self.label_alternatives(alternatives, &pointer);
        let mut alternatives = distributed;
        let discriminator = match declared {
            Some(declared) => {
                self.add_discriminator_property(&mut alternatives, &possible, &declared, &pointer, site.direction)?;
                Some(declared)
            }
            None => self.infer_discriminator(&alternatives, &possible, &pointer, site.direction)?,
        };
        if possible.len() > 1 && in_property.is_none() && discriminator.is_none() {
            self.report_keyword(keyword, site.pointer);
        }
        let lowered = self.lower_alternatives(schema, &alternatives, labels, &pointer, discriminator, site)?;
        Ok(LoweredSchema { in_property: in_property.or(lowered.in_property.clone()), ..lowered })
    }

    /// Returns a schema that can decode all possible alternatives tolerantly, if there is one. `possible` are their indices.
    fn tolerant_alternatives(
        &mut self,
        alternatives: &[Value],
        possible: &[usize],
        keyword: &str,
        site: &Site<'_>,
    ) -> Result<Option<Value>> {
        if possible.len() < 2 {
            return Ok(None);
        }
        let at = |index: usize| format!("{}/{keyword}/{index}", site.pointer);
        let follow = |index: &usize| follow_reference(self.normal, &at(*index), &alternatives[*index]);
        let targets: Vec<(String, &Value)> = possible.iter().map(follow).collect();
        let types: Vec<&str> = targets.iter().map(|(_, it)| it["type"].as_str().unwrap_or_default()).collect();
        let tolerant = tolerant_schema(&types);
        if !tolerant.as_ref().is_some_and(|it| it["type"] == "array") {
            return Ok(tolerant);
        }
        let (lists, objects): (Vec<_>, Vec<_>) = (0..types.len()).partition(|index| types[*index] == "array");
        if let [list] = lists[..]
            && objects.iter().try_fold(true, |all, it| Ok(all && self.is_item(&targets[*it], &targets[list])?))?
        {
            let list = possible[list];
            let mut lowered = self.lower(&alternatives[list], &Site { pointer: &at(list), ..*site })?.schema;
            if lowered["type"] == "array" {
                // A single object is decoded as a list with one item.
                lowered[ONE_OR_MORE] = true.into();
                return Ok(Some(lowered));
            }
        }
        self.report_keyword(keyword, site.pointer);
        Ok(tolerant)
    }

    /// Returns whether an object can be decoded as an item of a list without a loss of its properties. Both are given with their locations.
    fn is_item(&mut self, (object_at, object): &(String, &Value), (list_at, list): &(String, &Value)) -> Result<bool> {
        let object = self.resolve(object, object_at, Direction::Response)?;
        let item = self.resolve(&list["items"], &format!("{list_at}/items"), Direction::Response)?;
        let mut properties = object.get("properties").and_then(Value::as_object).into_iter().flatten();
        let is_any = ["properties", "additionalProperties"].iter().all(|keyword| !item.contains_key(*keyword));
        let has_all = is_any || properties.all(|(name, property)| item["properties"].get(name) == Some(property));
        Ok(matches!(types(&item)[..], [] | ["object"]) && has_all)
    }

    /// Lowers the alternatives of a union, without duplicates and those that no instance can satisfy. `labels` are those in the lock.
    pub(super) fn lower_alternatives(
        &mut self,
        schema: &Map<String, Value>,
        alternatives: &[Value],
        labels: Vec<Vec<String>>,
        pointer: &str,
        discriminator: Option<DiscriminatorValues>,
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        let variants = self.variants(alternatives, discriminator.as_ref());
        let mut distinct: Vec<Alternative> = Vec::new();
        let mut nullable = false;
        let contradictions = contradictions(alternatives);
        for (index, alternative) in alternatives.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            if let Some(keyword) = contradictions[index] {
                let effect = "contradicts another keyword of the alternative, which accepts no value and is omitted";
                self.report(&self.written_keyword(keyword, &pointer), effect, &pointer);
                continue;
            }
            // Beside `null`, a single alternative is the whole type.
            let word = if alternatives.len() > 1 { std::slice::from_ref(&variants[index]) } else { &[] };
            let words = [site.words, word].concat();
            let inner = Site { pointer: &pointer, words: &words, ..*site };
            // The alternative for `nullable` has the location of the schema itself, which makes it a component.
            let lowered = match self.origin(&pointer) == self.origin(site.pointer) {
                true => self.lower(alternative, &inner)?,
                false => self.lower_within(alternative, &inner)?,
            };
            let alternative = lowered.boxed();
            nullable |= alternative.nullable;
            let values =
                discriminator.as_ref().map(|discriminator| discriminator.values[index].clone()).unwrap_or_default();
            match distinct.iter_mut().find(|other| other.lowered.schema == alternative.schema) {
                Some(other) => other.discriminator_values.extend(values),
                None => {
                    distinct.push(Alternative {
                        labels: labels[index].clone(),
                        variant: variants[index].clone(),
                        position: index,
                        name: self.describe(&alternatives[index]),
                        lowered: alternative,
                        discriminator_values: values,
                        is_fallback: false,
                    });
                }
            }
        }
        self.build_union(schema, distinct, discriminator.map(|discriminator| discriminator.property), nullable, site)
    }

    /// Builds the union of lowered alternatives, the narrowest first, whatever their order in the document. In a response without a
    /// discriminator, any JSON value is accepted: objects are decoded tolerantly, so that every alternative would match.
    fn build_union(
        &mut self,
        schema: &Map<String, Value>,
        mut alternatives: Vec<Alternative>,
        discriminator: Option<String>,
        nullable: bool,
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        if alternatives.len() < 2 {
            let only = alternatives.pop().map_or_else(LoweredSchema::any, |only| only.lowered);
            return Ok(LoweredSchema { nullable, ..only });
        }
        let expected = expected_of_any(&alternatives);
        alternatives.sort_by_cached_key(|it| (self.breadth(&it.lowered.schema), it.labels[0].clone()));
        let accepts_any = alternatives.iter().any(|alternative| alternative.lowered.schema == json!({}));
        let is_undiscriminated = site.direction == Direction::Response && discriminator.is_none();
        if accepts_any || is_undiscriminated {
            return Ok(LoweredSchema { nullable, ..LoweredSchema::new(json!({}), expected) });
        }
        let schemas: Vec<&Value> = alternatives.iter().map(|alternative| &alternative.lowered.schema).collect();
        let lowered = self.make_named(json!({ "anyOf": schemas }), schema, &expected, site);
        let labels = alternatives.iter().map(|it| (it.labels.clone(), it.variant.clone())).collect();
        let positions = alternatives.iter().map(|it| it.position).collect();
        let discriminator = discriminator.map(|property| Discriminator {
            property,
            fallback: alternatives.iter().position(|alternative| alternative.is_fallback),
            values: alternatives.into_iter().map(|alternative| alternative.discriminator_values).collect(),
        });
        if let Some(planned) = self.planned_types.get_mut(&self.name_key(site.direction, site.pointer)) {
            planned.discriminator = discriminator;
            planned.alternatives = labels;
            planned.positions = positions;
        }
        Ok(LoweredSchema { nullable, ..LoweredSchema::new(lowered, expected) })
    }

    /// Returns the labels of each alternative in the lock, and records them for its location.
    pub(super) fn label_alternatives(&mut self, alternatives: &[Value], pointer: &str) -> Vec<Vec<String>> {
        let labels = keys::labels(self.normal.document(), alternatives.iter());
        for (index, labels) in labels.iter().enumerate() {
            self.keys.record(self.normal.origin(&format!("{pointer}/{index}")), labels.clone());
        }
        labels
    }

    /// Returns the wanted name of the variant for each alternative: the name of its component, otherwise the value of a declared
    /// discriminator, its title, the value of another discriminator, the only value of a property, the property that distinguishes it, or
    /// its types.
    fn variants(&self, alternatives: &[Value], discriminator: Option<&DiscriminatorValues>) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let owns: Vec<&Value> = alternatives.iter().map(without_distributed).collect();
        let label = |(index, own): (usize, &&Value)| {
            let value = |is_declared: bool| {
                let discriminator = discriminator.filter(|discriminator| discriminator.is_declared == is_declared)?;
                discriminator.values[index].first().cloned()
            };
            let title = || own["title"].as_str().filter(|title| title.is_ascii()).map(str::to_owned);
            let label = own["$ref"].as_str().map(last_token).or_else(|| value(true)).or_else(title);
            let label =
                label.or_else(|| value(false)).or_else(|| self.constant(own)).or_else(|| only_property(own, &owns));
            let label = label.unwrap_or_else(|| self.kind(own));
            names::reserve_name(&names::variant_name(&label), &mut taken, &mut Looks::default())
        };
        owns.iter().enumerate().map(label).collect()
    }

    /// Returns the name of an alternative for messages: that of its component, otherwise its title, or its properties in braces.
    fn describe(&self, alternative: &Value) -> String {
        let own = without_distributed(alternative);
        let component = own["$ref"].as_str().map(|it| last_token(&self.origin(it.trim_start_matches('#'))));
        component.or_else(|| own["title"].as_str().map(str::to_owned)).unwrap_or_else(|| list_properties(own))
    }

    /// Returns a label for the type of a schema, or for those that it combines if they are few.
    fn kind(&self, schema: &Value) -> String {
        let members = schema.as_object().map(|members| without_null(members).0).unwrap_or_default();
        let nested = ["oneOf", "anyOf"].iter().find_map(|keyword| members.get(*keyword)?.as_array());
        let kinds = match nested {
            Some(alternatives) => self.variants(alternatives, None),
            None => types(&members).into_iter().map(|kind| word(kind, &members).to_owned()).collect(),
        };
        if (1..=3).contains(&kinds.len()) { kinds.join(" or ") } else { "Value".to_owned() }
    }

    /// Returns the only value of a property that an object requires.
    fn constant(&self, schema: &Value) -> Option<String> {
        let mut required = schema.as_object().into_iter().flat_map(required);
        required.find_map(|name| {
            let (_, property) = follow_reference(self.normal, "", &schema["properties"][name]);
            match property.as_object().map(enum_values)?.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            }
        })
    }

    /// Returns the discriminator if it has values for each possible alternative: from its mapping, or from an enum in the alternative. In
    /// a request, returns `None` if several alternatives list a value that the mapping lacks: the discriminator cannot select one of them.
    fn find_discriminator_values(
        &mut self,
        schema: &Map<String, Value>,
        alternatives: &[Value],
        possible: &[usize],
        pointer: &str,
        direction: Direction,
    ) -> Result<Option<DiscriminatorValues>> {
        let declared = schema.get("discriminator").or_else(|| self.inherited_discriminator(alternatives));
        let discriminator = declared.unwrap_or(&Value::Null);
        let Some(property) = discriminator["propertyName"].as_str() else { return Ok(None) };
        let names = |alternative: &Value| -> Vec<String> {
            let mapping = discriminator["mapping"].as_object().into_iter().flatten();
            let named = mapping.filter(|(_, to)| alternative.get("$ref") == Some(*to));
            named.map(|(name, _)| name.clone()).collect()
        };
        let mut values: Vec<Vec<String>> = alternatives.iter().map(names).collect();
        let mut listed = vec![Vec::new(); alternatives.len()];
        for index in possible {
            let at = format!("{pointer}/{index}");
            listed[*index] = self.listed_values(property, &alternatives[*index], &at, direction)?;
        }
        let are_distinct = add_listed(&mut values, listed);
        let is_each_named = possible.iter().all(|index| !values[*index].is_empty());
        let is_usable = is_each_named && (are_distinct || direction == Direction::Response);
        Ok(is_usable.then(|| DiscriminatorValues { property: property.to_owned(), values, is_declared: true }))
    }

    /// Returns the discriminator of a component that each alternative extends by `allOf` (OpenAPI 3.1.1, section 4.8.25.2). In a chain of
    /// such components, the nearest one with a discriminator counts.
    fn inherited_discriminator(&self, alternatives: &[Value]) -> Option<&'a Value> {
        let parents = |alternative: &Value| {
            let (mut open, mut parents) = (vec![alternative], Vec::<String>::new());
            while let Some(schema) = open.pop() {
                open.extend(schema["allOf"].as_array().into_iter().flatten());
                if let Some(reference) = schema["$ref"].as_str().filter(|it| parents.iter().all(|parent| parent != it))
                {
                    parents.push(reference.to_owned());
                    open.push(self.normal.document().pointer(reference.trim_start_matches('#'))?);
                }
            }
            Some(parents)
        };
        let all = alternatives.iter().map(parents).collect::<Option<Vec<_>>>()?;
        let common = all.first()?.iter().filter(|parent| all.iter().all(|parents| parents.contains(*parent)));
        let pointers = common.map(|parent| parent.trim_start_matches('#'));
        pointers.into_iter().find_map(|it| self.normal.document().pointer(it)?.get("discriminator"))
    }

    /// Returns the values of a discriminator that an alternative lists. If it has the same discriminator, they include those by which it
    /// selects its own alternatives or children.
    fn listed_values(
        &mut self,
        property: &str,
        alternative: &Value,
        at: &str,
        direction: Direction,
    ) -> Result<Vec<String>> {
        let (target_at, target) = follow_reference(self.normal, at, alternative);
        let whole = self.resolve(alternative, at, direction)?;
        let selector = whole.get("properties").map_or(&Value::Null, |properties| &properties[property]);
        let mut values =
            constants(&self.resolve(selector, &format!("{at}/properties/{}", escape(property)), direction)?);
        if target["discriminator"]["propertyName"] == property && !self.nested_unions.contains(&target_at) {
            self.nested_unions.push(target_at.clone());
            let nested = self.values_of_union(target, &target_at, direction);
            self.nested_unions.pop();
            values.extend(nested?);
        }
        Ok(values)
    }

    /// Returns the values by which a schema with a discriminator selects its alternatives or, if it has none, its children.
    fn values_of_union(&mut self, schema: &Value, at: &str, direction: Direction) -> Result<Vec<String>> {
        let union =
            ["oneOf", "anyOf"].into_iter().find_map(|keyword| Some((keyword, schema.get(keyword)?.as_array()?)));
        let (Some((keyword, alternatives)), Some(members)) = (union, schema.as_object()) else {
            let mapping = schema["discriminator"]["mapping"].as_object();
            return Ok(mapping.into_iter().flat_map(Map::keys).cloned().collect());
        };
        let all: Vec<usize> = (0..alternatives.len()).collect();
        let found =
            self.find_discriminator_values(members, alternatives, &all, &format!("{at}/{keyword}"), direction)?;
        Ok(found.map(|found| found.values.concat()).unwrap_or_default())
    }

    /// Returns the first property by name that distinguishes the possible alternatives as a discriminator does: all of them require it, and
    /// no two allow the same value.
    fn infer_discriminator(
        &mut self,
        alternatives: &[Value],
        possible: &[usize],
        pointer: &str,
        direction: Direction,
    ) -> Result<Option<DiscriminatorValues>> {
        let mut constants = Vec::new();
        for index in possible {
            let at = format!("{pointer}/{index}");
            let whole = self.resolve(&alternatives[*index], &at, direction)?;
            let own = self.required_constants(&whole, &at, direction)?;
            if own.is_empty() {
                return Ok(None);
            }
            constants.push(own);
        }
        let mut names = constants.iter().take(1).flat_map(BTreeMap::keys);
        Ok(names.find_map(|property| {
            let mut values = vec![Vec::new(); alternatives.len()];
            for (index, own) in possible.iter().zip(&constants) {
                values[*index].clone_from(own.get(property)?);
            }
            let mut known = BTreeSet::new();
            let are_distinct = values.iter().flatten().all(|value| known.insert(value));
            are_distinct.then(|| DiscriminatorValues { property: property.clone(), values, is_declared: false })
        }))
    }

    /// Returns the values of those properties of an object that must be one of certain scalars.
    fn required_constants(
        &mut self,
        schema: &Map<String, Value>,
        pointer: &str,
        direction: Direction,
    ) -> Result<BTreeMap<String, Vec<String>>> {
        let mut constants_of = BTreeMap::new();
        for name in required(schema).filter(|_| types(schema) == ["object"]) {
            let property = schema.get("properties").map_or(&Value::Null, |properties| &properties[name]);
            let at = format!("{pointer}/properties/{}", escape(name));
            let (_, target) = follow_reference(self.normal, &at, property);
            let is_sent = !is_omitted(self.normal, property, direction);
            let Some(members) = target.as_object().filter(|members| is_sent && !without_null(members).1) else {
                continue;
            };
            let values = match is_combination(members) {
                true => listed_scalars(&self.resolve(property, &at, direction)?),
                false => listed_scalars(members),
            };
            constants_of.extend(values.map(|values| (name.to_owned(), values)));
        }
        Ok(constants_of)
    }

    /// Adds the property of the discriminator to objects that do not define it, because the API selects the alternative by it.
    fn add_discriminator_property(
        &mut self,
        alternatives: &mut [Value],
        possible: &[usize],
        discriminator: &DiscriminatorValues,
        pointer: &str,
        direction: Direction,
    ) -> Result<()> {
        let DiscriminatorValues { property, values, .. } = discriminator;
        for index in possible {
            let (alternative, names) = (&mut alternatives[*index], &values[*index]);
            let whole = self.resolve(alternative, &format!("{pointer}/{index}"), direction)?;
            let defines = whole.get("properties").is_some_and(|properties| properties.get(property).is_some());
            if types(&whole) == ["object"] && !defines {
                let value = json!({ "type": "string", "enum": names });
                let object = json!({ "type": "object", "required": [property], "properties": { (property): value } });
                *alternative = json!({ "allOf": [alternative, object] });
            }
        }
        Ok(())
    }

    /// Returns a base schema without its discriminator, and the values of the discriminator for each schema that extends it by `allOf`, by
    /// reference (OpenAPI 3.1.1, section 4.8.25.2).
    pub(super) fn subtypes(
        &self,
        schema: &Map<String, Value>,
        site: &Site<'_>,
    ) -> Option<(Value, BTreeMap<String, Vec<String>>)> {
        let mapping = schema.get("discriminator")?["mapping"].as_object()?;
        if ["oneOf", "anyOf"].iter().any(|keyword| schema.contains_key(*keyword)) || types(schema) != ["object"] {
            return None;
        }
        let mut subtypes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, to) in mapping {
            let reference = json!({ "$ref": to });
            let (target, _) = follow_reference(self.normal, "", &reference);
            let is_component = self.normal.document().pointer(&target).is_some_and(Value::is_object);
            if is_component && target != site.pointer {
                subtypes.entry(format!("#{target}")).or_default().push(name.clone());
            }
        }
        let mut base = schema.clone();
        base.remove("discriminator");
        (!subtypes.is_empty()).then(|| (base.into(), subtypes))
    }

    /// Lowers a base schema to a union of its subtypes and itself.
    pub(super) fn lower_hierarchy(
        &mut self,
        schema: &Map<String, Value>,
        base: Value,
        subtypes: BTreeMap<String, Vec<String>>,
        site: &Site<'_>,
    ) -> Result<LoweredSchema> {
        let property = schema["discriminator"]["propertyName"].as_str().unwrap_or_default().to_owned();
        let mut alternatives: Vec<Alternative> = Vec::new();
        let references: Vec<Value> = subtypes.keys().map(|reference| json!({ "$ref": reference })).collect();
        let mut values: Vec<Vec<String>> = subtypes.into_values().collect();
        let mapping = format!("{}/discriminator/mapping", site.pointer);
        let listed = references.iter().map(|it| self.listed_values(&property, it, &mapping, site.direction));
        add_listed(&mut values, listed.collect::<Result<_>>()?);
        let labels = keys::labels(self.normal.document(), references.iter());
        for ((labels, subtype), discriminator_values) in labels.into_iter().zip(&references).zip(values) {
            let lowered = self.lower_within(subtype, site)?.boxed();
            match alternatives.iter_mut().find(|other| other.lowered.schema == lowered.schema) {
                Some(other) => other.discriminator_values.extend(discriminator_values),
                None => {
                    let variant = subtype["$ref"].as_str().map(last_token).unwrap_or_default();
                    alternatives.push(Alternative {
                        labels,
                        variant,
                        position: alternatives.len(),
                        name: self.describe(subtype),
                        lowered,
                        discriminator_values,
                        is_fallback: false,
                    });
                }
            }
        }
        let pointer = format!("{}/discriminator", site.pointer);
        self.combined.entry(pointer.clone()).or_default().insert(site.pointer.to_owned());
        let mut variants = alternatives.iter().map(|alternative| alternative.variant.clone()).collect();
        let variant = names::reserve_name("Base", &mut variants, &mut Looks::default());
        let words = [site.words, std::slice::from_ref(&variant)].concat();
        let lowered = self.lower_within(&base, &Site { pointer: &pointer, words: &words, ..*site })?.boxed();
        alternatives.push(Alternative {
            labels: vec!["base".to_owned()],
            variant,
            position: alternatives.len(),
            name: last_token(&self.origin(site.pointer)),
            lowered,
            discriminator_values: Vec::new(),
            is_fallback: true,
        });
        self.build_union(schema, alternatives, Some(property), false, site)
    }

    /// Returns a key that sorts narrow schemas before wide ones, because the first one is used if several alternatives preserve the same
    /// amount of the value. A closed object is narrower than an open one, then one with more required constants, then one with more
    /// required properties.
    fn breadth(&self, schema: &Value) -> (bool, Reverse<usize>, Reverse<usize>) {
        let object = self.resolve_lowered(schema);
        let required: Vec<&str> = object.as_object().into_iter().flat_map(required).collect();
        let is_constant = |name: &&&str| {
            let values = &self.resolve_lowered(&object["properties"][**name])["enum"];
            values.as_array().is_some_and(|values| values.len() == 1)
        };
        let constants = required.iter().filter(is_constant).count();
        (object["additionalProperties"] != false, Reverse(constants), Reverse(required.len()))
    }
}

/// Returns a keyword for each alternative that contradicts another one, so that the alternative accepts no value; none if this applies to
/// all alternatives.
fn contradictions(alternatives: &[Value]) -> Vec<Option<&'static str>> {
    let contradiction_in = |it: &Value| it.as_object().and_then(|members| contradiction(members).first().copied());
    let found: Vec<_> = alternatives.iter().map(contradiction_in).collect();
    if found.iter().all(Option::is_some) { vec![None; found.len()] } else { found }
}

/// Adds the discriminator values that only one alternative lists to the values that the mapping, which may be implicit, has for this
/// alternative. Returns whether the mapping has all values that several alternatives list.
fn add_listed(named: &mut [Vec<String>], listed: Vec<Vec<String>>) -> bool {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for (named, listed) in named.iter().zip(&listed) {
        let distinct: BTreeSet<&String> = named.iter().chain(listed).collect();
        distinct.into_iter().for_each(|value| *uses.entry(value.clone()).or_default() += 1);
    }
    let mapped: BTreeSet<String> = named.iter().flatten().cloned().collect();
    for (named, listed) in named.iter_mut().zip(listed) {
        named.extend(listed.into_iter().filter(|value| uses[value] == 1 && !mapped.contains(value)));
    }
    uses.iter().all(|(value, count)| *count == 1 || mapped.contains(value))
}

/// Returns an alternative as the document has it: `distribute` combines each with the other keywords of the union.
fn without_distributed(alternative: &Value) -> &Value {
    alternative.get("allOf").map_or(alternative, |all| &all[0])
}

/// Returns the names of the properties that an object requires, otherwise those of all its properties, in braces.
fn list_properties(schema: &Value) -> String {
    const SHOWN: usize = 3;
    let mut names: Vec<&str> = schema.as_object().into_iter().flat_map(required).collect();
    if names.is_empty() {
        names = schema["properties"].as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
    }
    let more = if names.len() > SHOWN { ", …" } else { "" };
    names.truncate(SHOWN);
    format!("{{{}{more}}}", names.join(", "))
}

/// Returns the message for values that match no alternative of a union: `must be`, and what each alternative requires, joined by `or`. If
/// several alternatives are objects, their names are listed. Alternatives of the same kind are in the order of the document.
fn expected_of_any(alternatives: &[Alternative]) -> String {
    let is_object = |it: &&Alternative| it.lowered.expected == "must be an object";
    let names: Vec<&str> = alternatives.iter().filter(is_object).map(|it| it.name.as_str()).collect();
    let objects = format!("one of the objects {}", names.join(", "));
    let requirement = |it| match names.len() {
        2.. if is_object(&it) => objects.as_str(),
        _ => it.lowered.expected.trim_start_matches("must be "),
    };
    let mut sorted: Vec<&str> = alternatives.iter().map(requirement).collect();
    // Lists of values come last. Unions come first, since they may repeat other alternatives.
    sorted.sort_by_key(|one| (one.starts_with("one of"), !one.contains(" or ")));
    let mut parts: Vec<&str> = Vec::new();
    for one in sorted {
        if !parts.iter().any(|other| *other == one || other.split(" or ").any(|part| part == one)) {
            parts.push(one);
        }
    }
    let is_list = |one: &&str| one.starts_with("one of") || one.contains(" or ");
    format!("must be {}", parts.join(if parts.iter().any(is_list) { ", or " } else { " or " }))
}

/// Returns the scalars that a schema lists, as text, if it lists nothing else.
fn listed_scalars(schema: &Map<String, Value>) -> Option<Vec<String>> {
    let values = constants(schema);
    let count = schema.get("enum").and_then(Value::as_array).map_or(1, Vec::len);
    (!values.is_empty() && values.len() == count).then_some(values)
}

/// Returns the name of the property that distinguishes an object: the only one that no other alternative has, otherwise the only one.
/// Required properties are tried before optional ones in both cases.
fn only_property(schema: &Value, alternatives: &[&Value]) -> Option<String> {
    let required: Vec<&str> = schema.as_object().into_iter().flat_map(required).collect();
    let named: Vec<&str> =
        schema["properties"].as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
    let is_own = |name: &&str| alternatives.iter().filter(|it| it["properties"].get(name).is_some()).count() < 2;
    let [own_required, own_named]: [Vec<&str>; 2] =
        [&required, &named].map(|names| names.iter().copied().filter(is_own).collect());
    let candidates = [own_required, own_named, required, named];
    candidates.into_iter().find_map(|names| if let [name] = names[..] { Some(name.to_owned()) } else { None })
}

/// Returns a label for a type of a schema.
fn word(kind: &str, schema: &Map<String, Value>) -> &'static str {
    match kind {
        "string" if is_uri(schema) => "Uri",
        "string" => "Text",
        "integer" => "Integer",
        "number" => "Number",
        "boolean" => "Boolean",
        "array" => "List",
        _ => "Object",
    }
}
