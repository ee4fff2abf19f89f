//! Schemas: what a change does to the set of instances that they accept.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Number, Value};

use super::{Comparison, Direction, Effect, Place, Verdict, escape, follow};
use crate::codegen::{Error, Result};

/// How a keyword constrains: the one table, read in two directions.
enum Row {
    /// A lower bound: more narrows.
    Least,
    /// An upper bound: less narrows.
    Most,
    /// `true` narrows.
    Flag,
    /// A divisor: a multiple of it narrows.
    Divisor,
    /// Being there narrows; another value does both.
    Value,
    /// A schema for a part of the instance; being there narrows.
    Schema,
    /// A schema that instances must not fit.
    Not,
    /// Schemas by key; each of them narrows.
    Schemas,
    /// Schemas by position; each of them narrows.
    Positions,
    /// Names by key; each of them narrows.
    Names,
}

/// Keywords that stand for themselves. `type`, `enum`, `const`, `minimum`, `maximum`, `properties`, `required`,
/// `additionalProperties`, `oneOf` and `anyOf` have their own functions below; `allOf` and `$ref` are written out.
const TABLE: [(&str, Row); 26] = [
    ("minLength", Row::Least),
    ("minItems", Row::Least),
    ("minProperties", Row::Least),
    ("minContains", Row::Least),
    ("maxLength", Row::Most),
    ("maxItems", Row::Most),
    ("maxProperties", Row::Most),
    ("maxContains", Row::Most),
    ("uniqueItems", Row::Flag),
    ("multipleOf", Row::Divisor),
    ("pattern", Row::Value),
    ("contentEncoding", Row::Value),
    ("contentMediaType", Row::Value),
    ("if", Row::Value),
    ("then", Row::Value),
    ("else", Row::Value),
    ("items", Row::Schema),
    ("contains", Row::Schema),
    ("propertyNames", Row::Schema),
    ("unevaluatedItems", Row::Schema),
    ("unevaluatedProperties", Row::Schema),
    ("not", Row::Not),
    ("patternProperties", Row::Schemas),
    ("dependentSchemas", Row::Schemas),
    ("prefixItems", Row::Positions),
    ("dependentRequired", Row::Names),
];

/// Keywords with a function of their own, and those that only hold what others refer to.
const OTHERS: [&str; 22] = [
    "type",
    "nullable",
    "enum",
    "const",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "properties",
    "required",
    "additionalProperties",
    "oneOf",
    "anyOf",
    "allOf",
    "$ref",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "discriminator",
    "$defs",
];

/// What is said for people only.
const DOCS: [&str; 8] = ["title", "description", "example", "examples", "externalDocs", "$comment", "xml", "$schema"];

/// A schema with all that it combines by `allOf` and `$ref`, each in the same form whatever it was written in.
#[derive(Clone, Default)]
struct Flat<'a> {
    /// Nothing is accepted.
    never: bool,
    /// `null` among them; none means any.
    types: Option<BTreeSet<&'a str>>,
    /// What is said by each keyword, by whichever schema of the combination.
    keywords: BTreeMap<&'a str, Vec<Place<'a>>>,
    properties: BTreeMap<&'a str, Vec<Place<'a>>>,
    required: BTreeSet<&'a str>,
    /// Bounds of numbers.
    least: Vec<Bound<'a>>,
    greatest: Vec<Bound<'a>>,
}

/// A bound of numbers, and whether it is left out.
#[derive(Clone, Copy)]
struct Bound<'a> {
    at: &'a Number,
    is_left_out: bool,
}

impl<'a> Bound<'a> {
    /// The bounds of one schema. OpenAPI 3.0 has a flag where 3.1 has a number.
    fn of(schema: &'a Value, inclusive: &str, exclusive: &str) -> impl Iterator<Item = Self> {
        let number = |keyword: &str| match schema.get(keyword) {
            Some(Value::Number(at)) => Some(at),
            _ => None,
        };
        let is_left_out = schema.get(exclusive) == Some(&Value::Bool(true));
        let inclusive = number(inclusive).map(|at| Self { at, is_left_out });
        inclusive.into_iter().chain(number(exclusive).map(|at| Self { at, is_left_out: true }))
    }

    /// Whether what keeps to this bound keeps to the other, if what is `beyond` the other keeps to it.
    fn implies(&self, other: &Self, beyond: Ordering) -> bool {
        let order = compared(self.at, other.at);
        order == beyond || (order == Ordering::Equal && (self.is_left_out || !other.is_left_out))
    }
}

/// Integers are compared exactly: beyond 2^53, a float does not tell them apart.
fn compared(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// The schemas that all must hold where these stand: they, and what they combine; each once, and whether `null` is as good.
fn conjuncts<'a>(document: &'a Value, places: &[Place<'a>]) -> Result<Vec<(Place<'a>, bool)>> {
    enum Step<'a> {
        Enter(Place<'a>, bool),
        Leave((String, bool)),
    }
    let mut found = Vec::new();
    // Whether what was entered is still open: what is entered again then contains itself.
    let mut entered: HashMap<(String, bool), bool> = HashMap::new();
    let mut steps: Vec<Step<'_>> = places.iter().rev().map(|place| Step::Enter(place.clone(), false)).collect();
    while let Some(step) = steps.pop() {
        let (place, is_nullable) = match step {
            Step::Enter(place, is_nullable) => (place, is_nullable),
            Step::Leave(key) => {
                entered.insert(key, false);
                continue;
            }
        };
        let key = (place.pointer.clone(), is_nullable);
        match entered.insert(key.clone(), true) {
            Some(true) => {
                let problem = "the schema contains itself without an object or a list in between";
                return Err(Error::at(place.pointer, problem, "break the circle"));
            }
            Some(false) => {
                entered.insert(key, false);
                continue;
            }
            None => {}
        }
        steps.push(Step::Leave(key));
        let parts = parts(document, &place)?.into_iter().rev();
        steps.extend(parts.map(|(part, or_null)| Step::Enter(part, is_nullable || or_null)));
        found.push((place, is_nullable));
    }
    Ok(found)
}

/// What a schema combines, and whether `null` is as good.
fn parts<'a>(document: &'a Value, place: &Place<'a>) -> Result<Vec<(Place<'a>, bool)>> {
    let mut parts = Vec::new();
    if place.value.get("$ref").is_some() {
        parts.push((place.target(document)?, false));
    }
    parts.extend(place.member("allOf").items().into_iter().map(|part| (part, false)));
    parts.extend(["oneOf", "anyOf"].into_iter().filter_map(|keyword| only(&place.member(keyword))));
    Ok(parts)
}

/// The only one of several alternatives, `null` aside.
fn only<'a>(alternatives: &Place<'a>) -> Option<(Place<'a>, bool)> {
    match alternatives.items().as_slice() {
        [only] => Some((only.clone(), false)),
        [null, only] | [only, null] if is_null(null.value) => Some((only.clone(), true)),
        _ => None,
    }
}

/// Whether one of the schemas that all must hold sets this flag.
fn is_set(document: &Value, places: &[Place<'_>], flag: &str) -> Result<bool> {
    Ok(conjuncts(document, places)?.iter().any(|(place, _)| place.is_true(flag)))
}

impl<'a> Flat<'a> {
    fn of(document: &'a Value, places: &[Place<'a>]) -> Result<Self> {
        let mut flat = Self::default();
        for (place, is_nullable) in conjuncts(document, places)? {
            flat.add(&place, is_nullable);
        }
        Ok(flat)
    }

    /// Adds what a schema says itself: both must hold.
    fn add(&mut self, place: &Place<'a>, is_nullable: bool) {
        self.never |= place.value == &Value::Bool(false);
        if let Some(mut types) = types(place.value) {
            if is_nullable {
                types.insert("null");
            }
            self.keep_types(types);
        }
        self.least.extend(Bound::of(place.value, "minimum", "exclusiveMinimum"));
        self.greatest.extend(Bound::of(place.value, "maximum", "exclusiveMaximum"));
        for (keyword, value) in place.members() {
            match keyword {
                "$ref" | "allOf" | "type" | "nullable" => {}
                "oneOf" | "anyOf" if only(&value).is_some() => {}
                "properties" => {
                    for (name, property) in value.members() {
                        add(self.properties.entry(name).or_default(), property);
                    }
                }
                "required" => self.required.extend(names(value.value)),
                // These ask for nothing.
                "pattern" if matches!(value.value.as_str(), Some("" | "^" | "$" | ".*" | "^.*$" | "^.*" | ".*$")) => {}
                _ => add(self.keywords.entry(keyword).or_default(), value),
            }
        }
    }

    fn keep_types(&mut self, types: BTreeSet<&'a str>) {
        self.types = Some(match self.types.take() {
            Some(present) => intersection(&present, &types),
            None => types,
        });
    }

    /// In a text, a string may be a number, too, and a list of strings a single one.
    fn allow_scalars_as_text(&mut self) {
        let are_strings = |items: &Value| types(items).is_none_or(|types| types.contains("string"));
        let of_strings = self.get("items").iter().all(|items| are_strings(items.value));
        let Some(types) = &mut self.types else { return };
        let lists_strings = types.contains("array") && of_strings;
        if types.contains("string") || lists_strings {
            types.extend(["string", "integer", "number", "boolean"]);
        }
    }

    /// What is said by a keyword.
    fn get(&self, keyword: &str) -> &[Place<'a>] {
        self.keywords.get(keyword).map_or(&[], Vec::as_slice)
    }

    fn is_set(&self, keyword: &str) -> bool {
        self.get(keyword).iter().any(|place| place.value == &Value::Bool(true))
    }

    fn numbers(&self, keyword: &str) -> Vec<f64> {
        self.get(keyword).iter().filter_map(|place| place.value.as_f64()).collect()
    }

    fn texts(&self, keyword: &str) -> Vec<String> {
        self.get(keyword).iter().map(|place| canonical(place.value)).collect()
    }

    /// The values of `enum` and `const`, as JSON; none means any.
    fn values(&self) -> Option<BTreeSet<String>> {
        let listed = self.get("enum").iter().map(|place| place.items().iter().map(|it| canonical(it.value)).collect());
        let single = self.get("const").iter().map(|place| BTreeSet::from([canonical(place.value)]));
        let values = listed.chain(single).reduce(|these: BTreeSet<String>, those| &these & &those)?;
        // `null` is told by the type, where there is one.
        let null_elsewhere = self.types.is_some();
        Some(values.into_iter().filter(|value| !(null_elsewhere && value == "null")).collect())
    }

    /// Several alternatives, and whether exactly one must fit.
    fn alternatives(&self) -> Option<(Vec<Place<'a>>, bool)> {
        let (keyword, exactly_one) =
            if self.keywords.contains_key("oneOf") { ("oneOf", true) } else { ("anyOf", false) };
        let places = self.keywords.get(keyword)?;
        Some((places.iter().flat_map(Place::items).collect(), exactly_one))
    }

    /// Whether it says anything but one keyword.
    fn says_more_than(&self, keywords: &[&str]) -> bool {
        self.types.is_some()
            || !self.properties.is_empty()
            || !self.required.is_empty()
            || self.keywords.keys().any(|key| !keywords.contains(key) && !is_docs(key))
    }

    /// The names of properties that are there in this direction.
    fn told(&self, document: &'a Value, direction: Direction) -> Result<BTreeSet<&'a str>> {
        let hidden = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let mut told = BTreeSet::new();
        for (name, places) in &self.properties {
            if !is_set(document, places, hidden)? {
                told.insert(*name);
            }
        }
        Ok(told)
    }
}

/// Adds what is not there yet.
fn add<'a>(places: &mut Vec<Place<'a>>, place: Place<'a>) {
    if places.iter().all(|present| present.value != place.value) {
        places.push(place);
    }
}

fn is_docs(keyword: &str) -> bool {
    DOCS.contains(&keyword) || keyword.starts_with("x-")
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null" || schema["enum"].as_array().is_some_and(|values| values.as_slice() == [Value::Null])
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn types(schema: &Value) -> Option<BTreeSet<&str>> {
    let mut types: BTreeSet<&str> = match schema.get("type")? {
        Value::String(only) => BTreeSet::from([only.as_str()]),
        several => names(several),
    };
    if schema["nullable"] == Value::Bool(true) {
        types.insert("null");
    }
    if types.contains("number") {
        types.insert("integer");
    }
    Some(types)
}

fn intersection<'a>(these: &BTreeSet<&'a str>, those: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
    these.intersection(those).copied().collect()
}

/// What becomes of constraints that all must hold, by which of them implies which.
fn effect_on<T>(old: &[T], new: &[T], implies: impl Fn(&T, &T) -> bool) -> Option<Effect> {
    let imply = |these: &[T], those: &[T]| those.iter().all(|that| these.iter().any(|this| implies(this, that)));
    match (imply(new, old), imply(old, new)) {
        (true, true) => None,
        (true, false) => Some(Effect::Narrows),
        (false, true) => Some(Effect::Widens),
        (false, false) => Some(Effect::Both),
    }
}

/// What a change of a set of accepted things does; `None` stands for all things.
fn effect_on_sets<T: Ord>(old: &Option<BTreeSet<T>>, new: &Option<BTreeSet<T>>) -> Option<Effect> {
    effect_on(old.as_slice(), new.as_slice(), BTreeSet::is_subset)
}

/// Two schemas that stand at the same place of two documents.
pub(super) struct Pair<'a> {
    pub old: Vec<Place<'a>>,
    pub new: Vec<Place<'a>>,
    pub direction: Direction,
    /// Whether instances travel as text, as in a URL: there, a string may be a number, too.
    pub is_text: bool,
    pub operation: Option<String>,
}

impl<'a> Comparison<'a> {
    /// Has two schemas compared.
    pub(super) fn schemas(&mut self, old: Place<'a>, new: Place<'a>, direction: Direction) -> Result<()> {
        self.conjunctions(vec![old], vec![new], direction)
    }

    /// Has two schemas of a text compared, such as a parameter or a header.
    pub(super) fn schemas_of_text(&mut self, old: Place<'a>, new: Place<'a>, direction: Direction) -> Result<()> {
        self.pend(vec![old], vec![new], direction, true)
    }

    /// The same for schemas that all must hold.
    fn conjunctions(&mut self, old: Vec<Place<'a>>, new: Vec<Place<'a>>, direction: Direction) -> Result<()> {
        self.pend(old, new, direction, false)
    }

    /// What was compared once is not compared again.
    fn pend(&mut self, old: Vec<Place<'a>>, new: Vec<Place<'a>>, direction: Direction, is_text: bool) -> Result<()> {
        if let ([old, ..], [new, ..]) = (&old[..], &new[..])
            && old.text("$ref").is_some()
            && new.text("$ref").is_some()
        {
            // What stands beside a reference is left behind by following it.
            self.docs(old, new, &["summary", "description"]);
        }
        let old = old.into_iter().map(|place| follow(self.old, place)).collect::<Result<Vec<_>>>()?;
        let new = new.into_iter().map(|place| follow(self.new, place)).collect::<Result<Vec<_>>>()?;
        let pointers =
            |places: &[Place<'_>]| places.iter().map(|place| place.pointer.as_str()).collect::<Vec<_>>().join(" ");
        if self.seen.insert((pointers(&old), pointers(&new), direction, is_text)) {
            self.pending.push(Pair { old, new, direction, is_text, operation: self.operation.clone() });
        }
        Ok(())
    }

    /// Compares what is pending, and what that leads to.
    pub(super) fn settle(&mut self) -> Result<()> {
        while let Some(pair) = self.pending.pop() {
            self.operation.clone_from(&pair.operation);
            self.pair(&pair)?;
        }
        Ok(())
    }

    fn pair(&mut self, pair: &Pair<'a>) -> Result<()> {
        let Some(new_place) = pair.new.first() else { return Ok(()) };
        let (mut old, mut new) = (Flat::of(self.old, &pair.old)?, Flat::of(self.new, &pair.new)?);
        if pair.is_text {
            old.allow_scalars_as_text();
            new.allow_scalars_as_text();
        }
        let mut at = At { comparison: self, pointer: new_place.pointer.clone(), direction: pair.direction };
        at.docs(&old, &new);
        at.wording(&old, &new);
        if old.never != new.never {
            at.effect("schema", if new.never { Effect::Narrows } else { Effect::Widens });
            return Ok(());
        }
        if at.wrapped(&pair.old, &pair.new, &old, &new)? {
            return Ok(());
        }
        let types = effect_on_sets(&old.types, &new.types);
        at.types(types, &old, &new);
        if types == Some(Effect::Both) {
            // Another kind of value: what is said of either has nothing to do with the other.
            return Ok(());
        }
        at.values(&old, &new);
        at.bounds(&old, &new);
        at.format(&old, &new);
        at.properties(&old, &new)?;
        at.additional_properties(&old, &new)?;
        at.alternatives(&old, &new)?;
        for (keyword, row) in &TABLE {
            at.keyword(keyword, row, &old, &new)?;
        }
        at.unknown(&old, &new);
        Ok(())
    }
}

/// A comparison at one place.
struct At<'c, 'a> {
    comparison: &'c mut Comparison<'a>,
    pointer: String,
    direction: Direction,
}

impl<'a> At<'_, 'a> {
    /// Notes what a keyword's change does.
    fn effect(&mut self, keyword: &str, effect: Effect) {
        let what = format!("`{keyword}` is {}", effect.word());
        self.told(keyword, effect, &what);
    }

    fn told(&mut self, keyword: &str, effect: Effect, what: &str) {
        let rule = format!("{}-{}", kebab(keyword), effect.word());
        let pointer = format!("{}/{}", self.pointer, escape(keyword));
        let message = format!("{what}: {}", effect.consequence(self.direction));
        self.comparison.note(rule, effect.verdict(self.direction), &pointer, message);
    }

    fn types(&mut self, effect: Option<Effect>, old: &Flat<'_>, new: &Flat<'_>) {
        let Some(effect) = effect else { return };
        let (before, after) = (listed(old.types.as_ref()), listed(new.types.as_ref()));
        self.told("type", effect, &format!("the type was {before} and is {after}"));
    }

    fn values(&mut self, old: &Flat<'_>, new: &Flat<'_>) {
        let (old, new) = (old.values(), new.values());
        let Some(effect) = effect_on_sets(&old, &new) else { return };
        let none = BTreeSet::new();
        let (before, after) = (old.as_ref().unwrap_or(&none), new.as_ref().unwrap_or(&none));
        let missing = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
            these.difference(those).cloned().collect::<Vec<_>>().join(", ")
        };
        let what = match (&old, &new) {
            (None, _) => format!("only {} are allowed", missing(after, before)),
            (_, None) => "any value is allowed".to_owned(),
            _ => match (missing(before, after), missing(after, before)) {
                (gone, added) if added.is_empty() => format!("{gone} is no longer allowed"),
                (gone, added) if gone.is_empty() => format!("{added} is allowed too"),
                (gone, added) => format!("{gone} is no longer allowed, {added} is"),
            },
        };
        self.told("enum", effect, &what);
    }

    fn bounds(&mut self, old: &Flat<'a>, new: &Flat<'a>) {
        for (keyword, old, new, beyond) in [
            ("minimum", &old.least, &new.least, Ordering::Greater),
            ("maximum", &old.greatest, &new.greatest, Ordering::Less),
        ] {
            if let Some(effect) = effect_on(old, new, |a, b| a.implies(b, beyond)) {
                self.effect(keyword, effect);
            }
        }
    }

    fn format(&mut self, old: &Flat<'a>, new: &Flat<'a>) {
        let formats =
            |flat: &Flat<'a>| flat.get("format").iter().filter_map(|it| it.value.as_str()).collect::<Vec<_>>();
        let (old, new) = (formats(old), formats(new));
        let implies = |a: &&str, b: &&str| a == b || matches!((*a, *b), ("int32", "int64") | ("float", "double"));
        if let Some(effect) = effect_on(&old, &new, implies) {
            let listed =
                |formats: Vec<&str>| if formats.is_empty() { "none".to_owned() } else { formats.join(" and ") };
            self.told("format", effect, &format!("the format was {} and is {}", listed(old), listed(new)));
        }
    }

    fn properties(&mut self, old: &Flat<'a>, new: &Flat<'a>) -> Result<()> {
        let before = old.told(self.comparison.old, self.direction)?;
        let after = new.told(self.comparison.new, self.direction)?;
        for &name in before.union(&after) {
            let pointer = self.place_of(name, old, new);
            let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
            match (before.contains(name), after.contains(name), self.direction) {
                (true, true, _) => {
                    self.required(&pointer, name, was_required, is_required);
                    self.comparison.conjunctions(
                        old.properties[name].clone(),
                        new.properties[name].clone(),
                        self.direction,
                    )?;
                }
                (true, false, Direction::Request) => {
                    let message = format!("`{name}` is gone: requests that set it may be refused");
                    self.comparison.note("property-removed", Verdict::Breaking, &pointer, message);
                }
                (true, false, Direction::Response) => {
                    let message = format!("`{name}` is gone: whoever reads it finds nothing");
                    self.comparison.note("property-removed", Verdict::Breaking, &pointer, message);
                }
                (false, _, Direction::Request) if is_required => {
                    let message = format!("`{name}` is new and required: requests without it may be refused");
                    self.comparison.note("required-property-added", Verdict::Breaking, &pointer, message);
                }
                (false, ..) => {
                    let message = format!("`{name}` is new");
                    self.comparison.note("property-added", Verdict::Compatible, &pointer, message);
                }
            }
        }
        for &name in old.required.symmetric_difference(&new.required) {
            if !old.properties.contains_key(name) && !new.properties.contains_key(name) {
                let pointer = self.place_of(name, old, new);
                self.required(&pointer, name, old.required.contains(name), new.required.contains(name));
            }
        }
        Ok(())
    }

    /// Where a property stands: in the candidate if it is there, and in the schema that says it, not the one that refers to it.
    fn place_of(&self, name: &str, old: &Flat<'_>, new: &Flat<'_>) -> String {
        let places = new.properties.get(name).or(old.properties.get(name)).map(Vec::as_slice);
        match places {
            Some([place, ..]) => place.pointer.clone(),
            _ => format!("{}/properties/{}", self.pointer, escape(name)),
        }
    }

    fn required(&mut self, pointer: &str, name: &str, was: bool, is: bool) {
        let (effect, what) = match (was, is) {
            (false, true) => (Effect::Narrows, format!("`{name}` is now required")),
            (true, false) => (Effect::Widens, format!("`{name}` is no longer required")),
            _ => return,
        };
        let rule = if is { "property-now-required" } else { "property-no-longer-required" };
        let consequence = match (self.direction, is) {
            (Direction::Request, true) => "requests without it may be refused",
            (Direction::Request, false) => "requests may leave it out",
            (Direction::Response, true) => "it is always there",
            (Direction::Response, false) => "whoever reads it may find nothing",
        };
        self.comparison.note(rule, effect.verdict(self.direction), pointer, format!("{what}: {consequence}"));
    }

    /// From none allowed over those that fit a schema to any.
    fn additional_properties(&mut self, old: &Flat<'a>, new: &Flat<'a>) -> Result<()> {
        let keyword = "additionalProperties";
        let openness = |flat: &Flat<'_>| flat.get(keyword).iter().map(|place| openness(place.value)).min().unwrap_or(2);
        match (openness(old), openness(new)) {
            (1, 1) => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.comparison.conjunctions(old, new, self.direction)?;
            }
            (before, after) if after < before => self.effect(keyword, Effect::Narrows),
            (before, after) if after > before => self.effect(keyword, Effect::Widens),
            _ => {}
        }
        Ok(())
    }

    /// A schema that became one of several, or the other way round.
    fn wrapped(
        &mut self,
        old_places: &[Place<'a>],
        new_places: &[Place<'a>],
        old: &Flat<'a>,
        new: &Flat<'a>,
    ) -> Result<bool> {
        let only_alternatives = |flat: &Flat<'a>| match flat.alternatives() {
            Some((places, _)) if !flat.says_more_than(&["oneOf", "anyOf", "discriminator"]) => Some(places),
            _ => None,
        };
        let is_one = |flat: &Flat<'a>| flat.alternatives().is_none() && flat.says_more_than(&[]);
        let (old, new) = match (only_alternatives(old), only_alternatives(new), old_places, new_places) {
            (None, Some(new), [place], _) if is_one(old) => (written_out(place), new),
            (Some(old), None, _, [place]) if is_one(new) => (old, written_out(place)),
            _ => return Ok(false),
        };
        self.match_alternatives(old, new)?;
        Ok(true)
    }

    fn alternatives(&mut self, old: &Flat<'a>, new: &Flat<'a>) -> Result<()> {
        match (old.alternatives(), new.alternatives()) {
            (None, None) => {}
            (None, Some(_)) => self.effect("oneOf", Effect::Narrows),
            (Some(_), None) => self.effect("oneOf", Effect::Widens),
            (Some((old, was_one)), Some((new, is_one))) => {
                match (was_one, is_one) {
                    (true, false) => self.effect("anyOf", Effect::Widens),
                    (false, true) => self.effect("oneOf", Effect::Narrows),
                    _ => {}
                }
                self.match_alternatives(old, new)?;
            }
        }
        Ok(())
    }

    fn match_alternatives(&mut self, old: Vec<Place<'a>>, new: Vec<Place<'a>>) -> Result<()> {
        let old = old.into_iter().map(|place| follow(self.comparison.old, place)).collect::<Result<Vec<_>>>()?;
        let mut new = new.into_iter().map(|place| follow(self.comparison.new, place)).collect::<Result<Vec<_>>>()?;
        let mut gone = Vec::new();
        // The most alike first: the same schema, the same component, then what looks alike.
        let mut left = old;
        for is_alike in [same_schema, same_component, similar] {
            gone.clear();
            for place in left.drain(..) {
                match new.iter().position(|other| is_alike(&place, other)) {
                    Some(index) => {
                        self.comparison.conjunctions(vec![place], vec![new.remove(index)], self.direction)?
                    }
                    None => gone.push(place),
                }
            }
            left.append(&mut gone);
        }
        if !left.is_empty() {
            let gone = left.iter().map(|place| place.name()).collect::<Vec<_>>().join(", ");
            let effect = Effect::Narrows;
            let message = format!("alternatives are gone ({gone}): {}", effect.consequence(self.direction));
            let pointer = &self.pointer;
            self.comparison.note("alternative-removed", effect.verdict(self.direction), pointer, message);
        }
        for place in new {
            let message = format!("an alternative is new: {}", Effect::Widens.consequence(self.direction));
            self.comparison.note("alternative-added", Effect::Widens.verdict(self.direction), &place.pointer, message);
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: &str, row: &Row, old: &Flat<'a>, new: &Flat<'a>) -> Result<()> {
        let effect = match row {
            Row::Least => effect_on(&old.numbers(keyword), &new.numbers(keyword), |a, b| a >= b),
            Row::Most => effect_on(&old.numbers(keyword), &new.numbers(keyword), |a, b| a <= b),
            Row::Divisor => effect_on(&old.numbers(keyword), &new.numbers(keyword), |a, b| is_multiple(*a, *b)),
            Row::Flag => effect_on(&[old.is_set(keyword)], &[new.is_set(keyword)], |a, b| a >= b),
            Row::Value => effect_on(&old.texts(keyword), &new.texts(keyword), |a, b| a == b),
            Row::Schema | Row::Not => {
                let is_not = matches!(row, Row::Not);
                let direction = if is_not { self.direction.turned() } else { self.direction };
                let asks = |place: &Place<'_>| {
                    if is_not { place.value != &Value::Bool(false) } else { says_something(place.value) }
                };
                match (old.get(keyword), new.get(keyword)) {
                    ([], new) => new.iter().any(asks).then_some(Effect::Narrows),
                    (old, []) => old.iter().any(asks).then_some(Effect::Widens),
                    (old, new) => {
                        self.comparison.conjunctions(old.to_vec(), new.to_vec(), direction)?;
                        None
                    }
                }
            }
            Row::Schemas => return self.schemas_by_key(keyword, old, new),
            Row::Positions => {
                let positions = |flat: &Flat<'a>| flat.get(keyword).iter().flat_map(Place::items).collect::<Vec<_>>();
                let (old, new) = (positions(old), positions(new));
                let effect = effect_on(&[old.len()], &[new.len()], |a, b| a >= b);
                for (old, new) in old.into_iter().zip(new) {
                    self.comparison.schemas(old, new, self.direction)?;
                }
                effect
            }
            Row::Names => {
                let pairs = |flat: &Flat<'a>| {
                    let members = flat.get(keyword).iter().flat_map(Place::members);
                    members
                        .flat_map(|(key, place)| names(place.value).into_iter().map(move |name| (key, name)))
                        .collect()
                };
                let (old, new): (Vec<_>, Vec<_>) = (pairs(old), pairs(new));
                effect_on(&old, &new, |a, b| a == b)
            }
        };
        if let Some(effect) = effect {
            self.effect(keyword, effect);
        }
        Ok(())
    }

    fn schemas_by_key(&mut self, keyword: &str, old: &Flat<'a>, new: &Flat<'a>) -> Result<()> {
        let members = |flat: &Flat<'a>| flat.get(keyword).iter().flat_map(Place::members).collect::<BTreeMap<_, _>>();
        let (mut before, after) = (members(old), members(new));
        for (key, place) in after {
            match before.remove(key) {
                Some(old) => self.comparison.schemas(old, place, self.direction)?,
                None => self.effect(keyword, Effect::Narrows),
            }
        }
        if !before.is_empty() {
            self.effect(keyword, Effect::Widens);
        }
        Ok(())
    }

    /// What is said for people, by whichever schema of the combination.
    fn docs(&mut self, old: &Flat<'a>, new: &Flat<'a>) {
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| is_docs(key)).collect();
        for key in keys {
            let missing = |these: &Flat<'a>, those: &Flat<'a>| {
                let is_missing = |place: &&Place<'a>| those.get(key).iter().all(|other| other.value != place.value);
                these.get(key).iter().find(is_missing).map(|place| place.pointer.clone())
            };
            if let Some(pointer) = missing(new, old).or_else(|| missing(old, new)) {
                self.comparison.reworded(key, &pointer);
            }
        }
    }

    /// `default`, `deprecated` and `discriminator`: what instances mean, not which there are.
    fn wording(&mut self, old: &Flat<'_>, new: &Flat<'_>) {
        match (old.is_set("deprecated"), new.is_set("deprecated")) {
            (false, true) => {
                self.comparison.note("deprecated", Verdict::Compatible, &self.pointer, "this is now deprecated")
            }
            (true, false) => {
                self.comparison.note(
                    "no-longer-deprecated",
                    Verdict::Docs,
                    &self.pointer,
                    "this is no longer deprecated",
                );
            }
            _ => {}
        }
        let pointer = format!("{}/default", self.pointer);
        match (old.texts("default"), new.texts("default"), self.direction) {
            (old, new, _) if old == new => {}
            (old, _, direction) if old.is_empty() || direction == Direction::Response => {
                self.comparison.note(
                    "default-added",
                    Verdict::Docs,
                    &pointer,
                    "what leaving it out means is said in other words",
                );
            }
            _ => {
                let message = "the default is another: requests that leave it out mean something else";
                self.comparison.note("default-changed", Verdict::Breaking, &pointer, message);
            }
        }
        if old.texts("discriminator") != new.texts("discriminator")
            && (old.alternatives().is_some() && new.alternatives().is_some())
        {
            let pointer = format!("{}/discriminator", self.pointer);
            let message = "how alternatives are told apart is another; which there are is not";
            self.comparison.note("discriminator-changed", Verdict::Compatible, &pointer, message);
        }
    }

    /// On doubt, it breaks.
    fn unknown(&mut self, old: &Flat<'_>, new: &Flat<'_>) {
        let is_known =
            |key: &str| is_docs(key) || OTHERS.contains(&key) || TABLE.iter().any(|(keyword, _)| *keyword == key);
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| !is_known(key)).collect();
        for key in keys {
            if effect_on(&old.texts(key), &new.texts(key), |a, b| a == b).is_some() {
                self.comparison.unclassified(&format!("{}/{}", self.pointer, escape(key)));
            }
        }
    }
}

fn is_multiple(of: f64, by: f64) -> bool {
    (of / by).fract().abs() < 1e-9
}

/// What may be there that is not named: anything, what fits a schema, nothing.
fn openness(schema: &Value) -> u8 {
    match schema {
        Value::Bool(false) => 0,
        schema if says_something(schema) => 1,
        _ => 2,
    }
}

/// A schema as alternatives: itself, or one and `null`, if that is how it is written.
fn written_out<'a>(place: &Place<'a>) -> Vec<Place<'a>> {
    let keywords = place.members();
    let alternatives = keywords.get("oneOf").or(keywords.get("anyOf")).map(Place::items);
    alternatives.unwrap_or_else(|| vec![place.clone()])
}

fn says_something(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.keys().any(|key| !is_docs(key)),
        Value::Bool(accepts) => !accepts,
        _ => false,
    }
}

/// A value as text, the same for what is equal: without what is said for people, whatever the order of its members.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<_, _> =
                members.iter().filter(|(key, _)| !is_docs(key)).map(|(key, value)| (key, canonical(value))).collect();
            format!("{members:?}")
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

fn same_schema(old: &Place<'_>, new: &Place<'_>) -> bool {
    old.value == new.value
}

/// Components are told apart by name.
fn same_component(old: &Place<'_>, new: &Place<'_>) -> bool {
    old.pointer == new.pointer && old.pointer.starts_with("/components/")
}

/// Inline schemas of one type are taken for the same alternative; objects if they share a property.
fn similar(old: &Place<'_>, new: &Place<'_>) -> bool {
    let are_components = |place: &Place<'_>| {
        place.pointer.starts_with("/components/schemas/") && place.pointer.matches('/').count() == 3
    };
    if are_components(old) && are_components(new) {
        return false;
    }
    let properties = |place: &Place<'_>| {
        place.member("properties").members().into_keys().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let (old_names, new_names) = (properties(old), properties(new));
    types(old.value) == types(new.value)
        && (old_names.is_empty() && new_names.is_empty() || old_names.intersection(&new_names).next().is_some())
}

fn listed(types: Option<&BTreeSet<&str>>) -> String {
    types.map_or_else(
        || "any".to_owned(),
        |types| {
            let shown = types.iter().filter(|name| **name != "integer" || !types.contains("number"));
            shown.copied().collect::<Vec<_>>().join(" or ")
        },
    )
}

/// `maxLength` as `max-length`.
fn kebab(keyword: &str) -> String {
    keyword.chars().fold(String::new(), |mut kebab, c| {
        if c.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
        kebab
    })
}
