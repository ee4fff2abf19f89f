//! Schemas: what a change does to the set of instances that they accept.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use heck::ToKebabCase;
use serde_json::Value;

use super::alternatives::{Alternatives, Matched, overlap, same_component, same_schema, similar};
use super::flat::{Bound, Flat, Openness, canonical, is_docs, names, says_something};
use super::{Comparison, Direction, Effect, Place, Verdict, follow, quoted};
use openapi_refinery::lower::size;
use openapi_refinery::{Error, Normal, Result};

/// How a keyword constrains: the one table, read in two directions.
enum Row {
    /// A lower bound, and what holds without it: more narrows.
    Least(f64),
    /// An upper bound: less narrows.
    Most,
    /// `true` narrows.
    Flag,
    /// A divisor: a multiple of it narrows.
    Divisor,
    /// Being there narrows; another value does both.
    Value,
    /// A schema for a part of the instance, or for all of it; being there narrows.
    Schema(Sense),
    /// A schema for parts that are counted: of what is bounded above, more may be too many.
    Counted(&'static str),
    /// Schemas by key, and what holds for keys that none is for.
    Schemas(&'static [&'static str]),
    /// Schemas by position, and what holds for the positions after them.
    Positions(&'static [&'static str]),
    /// Names by key; each of them narrows.
    Names,
}

/// Keywords that stand for themselves, with the type that they constrain, if it is one. `type`, `enum`, `const`, `minimum`,
/// `maximum`, `properties`, `required`, `additionalProperties`, `oneOf`, `anyOf` and `discriminator` have their own functions
/// below; `allOf` and `$ref` are written out.
const TABLE: [(&str, Option<&str>, Row); 27] = [
    ("minLength", Some("string"), Row::Least(0.0)),
    ("minItems", Some("array"), Row::Least(0.0)),
    ("minProperties", Some("object"), Row::Least(0.0)),
    ("minContains", Some("array"), Row::Least(1.0)),
    ("maxLength", Some("string"), Row::Most),
    ("maxItems", Some("array"), Row::Most),
    ("maxProperties", Some("object"), Row::Most),
    ("maxContains", Some("array"), Row::Most),
    ("uniqueItems", Some("array"), Row::Flag),
    ("multipleOf", Some("integer"), Row::Divisor),
    ("pattern", Some("string"), Row::Value),
    ("contentEncoding", Some("string"), Row::Value),
    ("contentMediaType", Some("string"), Row::Value),
    ("contentSchema", Some("string"), Row::Schema(Sense::Same)),
    ("if", None, Row::Schema(Sense::Either)),
    ("then", None, Row::Schema(Sense::Same)),
    ("else", None, Row::Schema(Sense::Same)),
    ("items", Some("array"), Row::Schema(Sense::Same)),
    ("contains", Some("array"), Row::Counted("maxContains")),
    ("propertyNames", Some("object"), Row::Schema(Sense::Same)),
    ("unevaluatedItems", Some("array"), Row::Schema(Sense::Same)),
    ("unevaluatedProperties", Some("object"), Row::Schema(Sense::Same)),
    ("not", None, Row::Schema(Sense::Turned)),
    ("patternProperties", Some("object"), Row::Schemas(&["additionalProperties", "unevaluatedProperties"])),
    ("dependentSchemas", Some("object"), Row::Schemas(&[])),
    ("prefixItems", Some("array"), Row::Positions(&["items", "unevaluatedItems"])),
    ("dependentRequired", Some("object"), Row::Names),
];

/// What becomes of the whole when a part accepts more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sense {
    /// It accepts more.
    Same,
    /// It accepts less, as around `not`.
    Turned,
    /// Either, as around `if`.
    Either,
}

impl Sense {
    /// What an effect on the part does to the whole.
    fn of(self, effect: Effect) -> Effect {
        match (self, effect) {
            (Self::Same, effect) => effect,
            (Self::Turned, Effect::Narrows) => Effect::Widens,
            (Self::Turned, Effect::Widens) => Effect::Narrows,
            _ => Effect::Both,
        }
    }

    /// The sense of a part of the part.
    fn then(self, inner: Self) -> Self {
        match (self, inner) {
            (Self::Same, sense) | (sense, Self::Same) => sense,
            (Self::Turned, Self::Turned) => Self::Same,
            _ => Self::Either,
        }
    }
}

/// How instances of a schema travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Travel {
    /// In a body.
    Value,
    /// In a body that must have it.
    RequiredValue,
    /// As text, as in a URL: there, a string may be a number, too.
    Text,
    /// As text that must be sent.
    RequiredText,
}

/// How instances of a schema travel, and what they are to those that travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) direction: Direction,
    sense: Sense,
    travel: Travel,
}

impl Way {
    /// The way of a part.
    fn to(self, inner: Sense) -> Self {
        Self { sense: self.sense.then(inner), travel: Travel::Value, ..self }
    }

    fn is_text(self) -> bool {
        matches!(self.travel, Travel::Text | Travel::RequiredText)
    }
}

/// Keywords with a function of their own, and those that only hold what others refer to.
const OTHERS: [&str; 19] = [
    "type", "enum", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "properties", "required",
    "additionalProperties", "oneOf", "anyOf", "allOf", "$ref", "default", "deprecated", "readOnly", "writeOnly",
    "discriminator",
];

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

/// Whether a schema may accept this type.
pub(super) fn may_be(document: &Normal, schema: &Place<'_>, kind: &str) -> Result<bool> {
    Ok(Flat::of(document, std::slice::from_ref(schema))?.accepts(kind))
}

/// The names of the properties of a schema.
pub(super) fn properties<'a>(document: &'a Normal, schema: &Place<'a>) -> Result<BTreeSet<&'a str>> {
    Ok(Flat::of(document, std::slice::from_ref(schema))?.properties.into_keys().collect())
}

/// What becomes of the values that an `enum` lists.
pub(super) fn effect_on_values(old: &Place<'_>, new: &Place<'_>) -> Option<Effect> {
    let listed = |place: &Place<'_>| {
        let values = place.member("enum");
        values.is_there().then(|| values.items().iter().map(|it| canonical(it.value)).collect::<BTreeSet<_>>())
    };
    effect_on_sets(&listed(old), &listed(new))
}

/// How many schemas are compared whatever the size of the documents: that ends within two seconds.
const MAX_COMPARED: usize = 100_000;

/// How many schemas are compared: alone, where each of a document counts on its way to the API and back; and of what must hold
/// together, each with each of the other document's, which may double with each step of a path of properties.
pub(super) fn allowance(old: &Value, new: &Value) -> [usize; 2] {
    [MAX_COMPARED + 2 * size(old).max(size(new)), MAX_COMPARED]
}

/// Two schemas that stand at the same place of two documents.
pub(super) struct Pair<'a> {
    old: Vec<Place<'a>>,
    new: Vec<Place<'a>>,
    way: Way,
    operation: Option<String>,
}

impl<'a> Comparison<'a> {
    /// Has two schemas compared.
    pub(super) fn schemas(
        &mut self,
        old: Place<'a>,
        new: Place<'a>,
        direction: Direction,
        travel: Travel,
    ) -> Result<()> {
        self.conjunctions(vec![old], vec![new], Way { direction, sense: Sense::Same, travel })
    }

    /// The same for schemas that all must hold. What was compared once is not compared again.
    fn conjunctions(&mut self, old: Vec<Place<'a>>, new: Vec<Place<'a>>, way: Way) -> Result<()> {
        if let ([old, ..], [new, ..]) = (&old[..], &new[..])
            && old.text("$ref").is_some()
            && new.text("$ref").is_some()
        {
            // What stands beside a reference is left behind by following it.
            self.docs(old, new, &["summary", "description"]);
        }
        let old: Vec<_> = old.into_iter().map(|place| follow(self.old, place)).collect();
        let new: Vec<_> = new.into_iter().map(|place| follow(self.new, place)).collect();
        let pointers =
            |places: &[Place<'_>]| places.iter().map(|place| place.pointer.as_str()).collect::<Vec<_>>().join(" ");
        if !self.seen.insert((pointers(&old), pointers(&new), way)) {
            return Ok(());
        }
        let compared = old.len() * new.len();
        let left = &mut self.left[usize::from(compared > 1)];
        let Some(rest) = left.checked_sub(compared) else {
            let pointer = new.first().map_or_else(String::new, |place| place.pointer.clone());
            let problem = "schemas are combined in more ways than can be compared";
            return Err(Error::at(pointer, problem, "give what is combined a component of its own"));
        };
        *left = rest;
        self.pending.push(Pair { old, new, way, operation: self.operation.clone() });
        Ok(())
    }

    /// Compares what is pending, and what that leads to.
    pub(super) fn settle(&mut self) -> Result<()> {
        while let Some(pair) = self.pending.pop() {
            self.operation.clone_from(&pair.operation);
            self.direction = Some(pair.way.direction);
            self.pair(&pair)?;
        }
        self.direction = None;
        Ok(())
    }

    fn pair(&mut self, pair: &Pair<'a>) -> Result<()> {
        let Some(place) = pair.new.first() else { return Ok(()) };
        let (mut old, mut new) = (Flat::of(self.old, &pair.old)?, Flat::of(self.new, &pair.new)?);
        // As text, a string may be a number, too, but its bounds are not those of a number.
        let are_numbers = old.accepts("integer") == new.accepts("integer");
        let declared = [listed(old.types.as_ref()), listed(new.types.as_ref())];
        let (place, way) = (place.clone(), pair.way);
        if way.is_text() {
            let mut at = At { comparison: self, old: &old, new: &new, place: place.clone(), way };
            if at.text(pair)? {
                return Ok(());
            }
            old.allow_scalars_as_text();
            new.allow_scalars_as_text();
        }
        let mut at = At { comparison: self, old: &old, new: &new, place, way };
        at.docs();
        at.wording()?;
        if old.never != new.never {
            at.effect("schema", if new.never { Effect::Narrows } else { Effect::Widens });
            return Ok(());
        }
        if at.wrapped(&pair.old, &pair.new)? {
            return Ok(());
        }
        let types = effect_on_sets(&old.types, &new.types);
        if let Some(effect) = types {
            let [was, is] = declared;
            at.told("type", effect, &format!("the type was {was} and is {is}"));
        }
        at.null();
        if types == Some(Effect::Both) {
            // Another kind of value: what is said of either has nothing to do with the other.
            return Ok(());
        }
        at.values();
        at.format();
        at.alternatives()?;
        // What is said of a type that comes or goes refuses nothing of what else there is. Where it is on neither side, whoever says
        // it means something by it.
        let compares = |kind: &str| old.accepts(kind) == new.accepts(kind);
        if are_numbers {
            at.bounds();
        }
        if compares("object") {
            at.properties()?;
            at.additional_properties()?;
        }
        for (keyword, kind, row) in &TABLE {
            if kind.is_none_or(compares) {
                at.keyword(keyword, row)?;
            }
        }
        at.unknown();
        Ok(())
    }
}

/// Two schemas under comparison.
struct At<'c, 'a> {
    comparison: &'c mut Comparison<'a>,
    old: &'c Flat<'a>,
    new: &'c Flat<'a>,
    /// The place of the new one.
    place: Place<'a>,
    way: Way,
}

impl<'a> At<'_, 'a> {
    /// Notes what a keyword's change does.
    fn effect(&mut self, keyword: &str, effect: Effect) {
        let what = format!("`{keyword}` is {}", self.way.sense.of(effect).word());
        self.told(keyword, effect, &what);
    }

    /// The same with what the keyword says.
    fn was_and_is(&mut self, keyword: &str, effect: Effect, old: &[String], new: &[String]) {
        let listed = |values: &[String]| values.join(" and ");
        let what = match (old, new) {
            ([], new) => format!("`{keyword}` {} was added", listed(new)),
            (old, []) => format!("`{keyword}` {} was removed", listed(old)),
            (old, new) => format!("`{keyword}` was {} and is {}", listed(old), listed(new)),
        };
        self.told(keyword, effect, &what);
    }

    fn told(&mut self, keyword: &str, effect: Effect, what: &str) {
        let effect = self.way.sense.of(effect);
        let place = self.stated(keyword);
        self.note(&format!("{}-{}", keyword.to_kebab_case(), effect.word()), effect, &place, what);
    }

    /// Notes an effect on the whole, with what it means for a caller.
    fn note(&mut self, rule: &str, effect: Effect, at: &Place<'a>, what: &str) {
        let message = format!("{what}: {}", effect.consequence(self.way.direction));
        self.comparison.note(rule, effect.verdict(self.way.direction), at, message);
    }

    /// Returns where a keyword is stated in another way than before: in any of the combined schemas of the candidate, or else of the
    /// vendored document.
    fn stated(&self, keyword: &str) -> Place<'a> {
        let keywords = match keyword {
            "minimum" => &["minimum", "exclusiveMinimum"],
            "maximum" => &["maximum", "exclusiveMaximum"],
            _ => std::slice::from_ref(&keyword),
        };
        let places = |flat: &'_ Flat<'a>| -> Vec<Place<'a>> {
            let stated = |part: &Place<'a>| keywords.iter().map(|it| part.member(it)).find(Place::is_there);
            flat.parts.iter().filter_map(stated).collect()
        };
        let (old, new) = (places(self.old), places(self.new));
        let differs = |place: &&Place<'a>, others: &[Place<'a>]| others.iter().all(|it| it.value != place.value);
        let changed = new.iter().find(|it| differs(it, &old)).or_else(|| old.iter().find(|it| differs(it, &new)));
        changed.or(new.first()).cloned().unwrap_or_else(|| self.place.member(keyword))
    }

    /// What a text becomes that was a number before, and a list that was a single text. Returns whether there is nothing else to compare.
    fn text(&mut self, pair: &Pair<'a>) -> Result<bool> {
        let (old, new) = (self.old, self.new);
        let declares = |flat: &Flat<'_>, kind: &str| flat.types.as_ref().is_some_and(|types| types.contains(kind));
        let is_number = |flat: &Flat<'_>| declares(flat, "integer") && !declares(flat, "string");
        let is_restricted = |flat: &Flat<'_>| {
            let keywords = ["minLength", "maxLength", "pattern", "enum", "format"];
            declares(flat, "string") && keywords.iter().any(|keyword| !flat.get(keyword).is_empty())
        };
        if is_number(old) && is_restricted(new) || is_restricted(old) && is_number(new) {
            let [was, is] = [old, new].map(|flat| listed(flat.types.as_ref()));
            self.told("type", Effect::Both, &format!("the type was {was} and is {is}, of another form"));
            return Ok(true);
        }
        let is_list = |flat: &Flat<'_>| declares(flat, "array") && !declares(flat, "string");
        let (before, after) = match (declares(old, "string") && !is_list(old), declares(new, "string") && !is_list(new))
        {
            (true, false) if is_list(new) => (pair.old.clone(), new.get("items").to_vec()),
            (false, true) if is_list(old) => (old.get("items").to_vec(), pair.new.clone()),
            _ => return Ok(false),
        };
        if !before.is_empty() && !after.is_empty() {
            self.comparison.conjunctions(before, after, self.way)?;
        }
        Ok(false)
    }

    /// Where nothing says a type, `null` may be told all the same.
    fn null(&mut self) {
        let (old, new) = (self.old, self.new);
        if old.types.is_some() || new.types.is_some() {
            return;
        }
        match (old.or_null(), new.or_null()) {
            (Some(false), Some(true)) => self.told("type", Effect::Widens, "`null` is now allowed"),
            (Some(true), Some(false)) => self.told("type", Effect::Narrows, "`null` is no longer allowed"),
            _ => {}
        }
    }

    fn values(&mut self) {
        let (old, new) = (self.old.values(), self.new.values());
        let Some(effect) = effect_on_sets(&old, &new) else { return };
        let none = BTreeSet::new();
        let (before, after) = (old.as_ref().unwrap_or(&none), new.as_ref().unwrap_or(&none));
        let missing = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
            these.difference(those).cloned().collect::<Vec<_>>().join(", ")
        };
        let what = match (&old, &new) {
            (None, Some(values)) if values.is_empty() => "no value is allowed any more".to_owned(),
            (None, _) => format!("only {} are allowed", missing(after, before)),
            (_, None) => "any value is allowed".to_owned(),
            _ => match (missing(before, after), missing(after, before)) {
                (gone, added) if added.is_empty() => format!("{gone} is no longer allowed"),
                (gone, added) if gone.is_empty() => format!("{added} is now allowed"),
                (gone, added) => format!("{gone} is no longer allowed, {added} is allowed instead"),
            },
        };
        self.told("enum", effect, &what);
    }

    /// Bounds, those that a format implies among them.
    fn bounds(&mut self) {
        let (before, after) = (self.old, self.new);
        let as_said = |bounds: &[Bound]| bounds.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (keyword, old, new, beyond) in [
            ("minimum", &before.least, &after.least, Ordering::Greater),
            ("maximum", &before.greatest, &after.greatest, Ordering::Less),
        ] {
            if old.is_empty() && new.is_empty() {
                // Another format has a rule of its own.
                continue;
            }
            let [before, after] = [(old, before), (new, after)].map(|(said, flat)| flat.with_implied(said, beyond));
            if let Some(effect) = effect_on(&before, &after, |a, b| a.implies(b, beyond)) {
                self.was_and_is(keyword, effect, &as_said(old), &as_said(new));
            }
        }
    }

    fn format(&mut self) {
        let (old, new) = (self.old, self.new);
        let [before, after] = [old, new].map(Flat::formats);
        let implies = |a: &String, b: &String| {
            a == b || matches!((&**a, &**b), (r#""int32""#, r#""int64""#) | (r#""float""#, r#""double""#))
        };
        if let Some(effect) = effect_on(&before, &after, implies) {
            self.was_and_is("format", effect, &old.texts("format"), &new.texts("format"));
        }
    }

    fn properties(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let before = old.told(self.comparison.old, self.way.direction)?;
        let after = new.told(self.comparison.new, self.way.direction)?;
        for &name in before.union(&after) {
            let place = self.property(name);
            let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
            match (before.contains(name), after.contains(name), self.way.direction) {
                (true, true, _) => {
                    self.required(&place, name, was_required, is_required);
                    // A default of what must be sent means nothing.
                    let travel = if was_required { Travel::RequiredValue } else { Travel::Value };
                    let way = Way { travel, ..self.way.to(Sense::Same) };
                    self.comparison.conjunctions(old.properties[name].clone(), new.properties[name].clone(), way)?;
                }
                // It has moved into an alternative: a value that has it still may.
                (true, false, _) if new.has_in_alternative(self.comparison.new, name, &old.properties[name])? => {}
                (false, true, _)
                    if !old.properties.contains_key(name) && old.names_otherwise(self.comparison.old, name)? =>
                {
                    self.required(&place, name, was_required, is_required);
                    if new.properties[name].iter().any(|place| says_something(place.value)) {
                        let what = format!("{} now has a schema", quoted(name));
                        self.note("property-restricted", self.way.sense.of(Effect::Narrows), &place, &what);
                    }
                }
                (true, false, direction) => {
                    let consequence = match direction {
                        Direction::Request => "requests that set it may be rejected",
                        Direction::Response => "responses no longer contain it",
                    };
                    let message = format!("{} was removed: {consequence}", quoted(name));
                    self.comparison.note("property-removed", Verdict::Breaking, &place, message);
                }
                (false, _, Direction::Request) if is_required => {
                    let message =
                        format!("{} was added and is required: requests without it may be rejected", quoted(name));
                    self.comparison.note("required-property-added", Verdict::Breaking, &place, message);
                }
                (false, ..) => {
                    let message = format!("{} was added", quoted(name));
                    // Around it, who must not be met may be met now.
                    let is_plain = self.way.sense == Sense::Same;
                    let verdict = if is_plain { Verdict::Compatible } else { Verdict::Breaking };
                    self.comparison.note("property-added", verdict, &place, message);
                }
            }
        }
        for &name in old.required.symmetric_difference(&new.required) {
            if !old.properties.contains_key(name) && !new.properties.contains_key(name) {
                let place = self.property(name);
                self.required(&place, name, old.required.contains(name), new.required.contains(name));
            }
        }
        Ok(())
    }

    /// Returns where a property is defined: in the candidate, unless it is gone. Without a schema, it is only required.
    fn property(&self, name: &str) -> Place<'a> {
        let places = [self.new, self.old].into_iter().find_map(|flat| flat.properties.get(name));
        let place = places.and_then(|places| places.first()).cloned();
        place.unwrap_or_else(|| self.stated("required"))
    }

    fn required(&mut self, at: &Place<'a>, name: &str, was: bool, is: bool) {
        let (effect, what) = match (was, is) {
            (false, true) => (Effect::Narrows, format!("{} is now required", quoted(name))),
            (true, false) => (Effect::Widens, format!("{} is no longer required", quoted(name))),
            _ => return,
        };
        let rule = if is { "property-now-required" } else { "property-no-longer-required" };
        let effect = self.way.sense.of(effect);
        let consequence = match (self.way.direction, effect) {
            (Direction::Request, Effect::Narrows) => "requests without it may be rejected",
            (Direction::Request, Effect::Widens) => "requests can omit it",
            (Direction::Response, Effect::Narrows) => "responses always contain it",
            (Direction::Response, Effect::Widens) => "responses may omit it",
            (direction, Effect::Both) => effect.consequence(direction),
        };
        self.comparison.note(rule, effect.verdict(self.way.direction), at, format!("{what}: {consequence}"));
    }

    /// From none allowed over those that fit a schema to any.
    fn additional_properties(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let keyword = "additionalProperties";
        match (old.openness(&[keyword]), new.openness(&[keyword])) {
            (Openness::Some, Openness::Some) => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.comparison.conjunctions(old, new, self.way.to(Sense::Same))?;
            }
            (before, after) if after < before => self.effect(keyword, Effect::Narrows),
            (before, after) if after > before => self.effect(keyword, Effect::Widens),
            _ => {}
        }
        Ok(())
    }

    /// A schema that became one of several, or the other way round.
    fn wrapped(&mut self, old_places: &[Place<'a>], new_places: &[Place<'a>]) -> Result<bool> {
        let (old, new) = (self.old, self.new);
        let only_alternatives = |flat: &Flat<'a>| match &flat.alternatives()[..] {
            [list] if !flat.says_more_than(&["oneOf", "anyOf", "discriminator"]) => Some(list.clone()),
            _ => None,
        };
        let is_one = |flat: &Flat<'a>| flat.alternatives().is_empty() && flat.says_more_than(&[]);
        let (before, after) = match (only_alternatives(old), only_alternatives(new), old_places, new_places) {
            (None, Some(list), [place], _) if is_one(old) => {
                (Alternatives::written_out(place), Alternatives::of(&list, new))
            }
            (Some(list), None, _, [place]) if is_one(new) => {
                (Alternatives::of(&list, old), Alternatives::written_out(place))
            }
            _ => return Ok(false),
        };
        self.match_alternatives(before, after)?;
        Ok(true)
    }

    fn alternatives(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let same = |old: &Place<'_>, new: &Place<'_>| old.value == new.value && old.name() == new.name();
        let same_keyword = |old: &Place<'_>, new: &Place<'_>| old.name() == new.name();
        let any = |_: &Place<'_>, _: &Place<'_>| true;
        // `null` is told by the types, or where neither has any, by itself.
        let without_null = old.types.is_some() == new.types.is_some();
        let Matched { pairs, gone, added } =
            Matched::of(old.alternatives(), new.alternatives(), &[&same, &same_keyword, &any]);
        for (before, after) in pairs {
            // Alternatives that do not overlap mean the same in either.
            if before.name() != after.name() && overlap(self.comparison.old, &before.items())? {
                let effect = if after.name() == "anyOf" { Effect::Widens } else { Effect::Narrows };
                self.effect(after.name(), effect);
            }
            let of = |list: &Place<'a>, flat: &Flat<'a>| {
                let alternatives = Alternatives::of(list, flat);
                if without_null { alternatives.without_null() } else { alternatives }
            };
            self.match_alternatives(of(&before, old), of(&after, new))?;
        }
        gone.iter().for_each(|list| self.effect(list.name(), Effect::Widens));
        added.iter().for_each(|list| self.effect(list.name(), Effect::Narrows));
        Ok(())
    }

    fn match_alternatives(&mut self, old: Alternatives<'a>, new: Alternatives<'a>) -> Result<()> {
        let (before, after) = (old.followed(self.comparison.old)?, new.followed(self.comparison.new)?);
        // The most alike first: the same schema, the same component, then what looks alike.
        let Matched { pairs, gone, added } = Matched::of(before, after, &[&same_schema, &same_component, &similar]);
        let (kept_before, kept_after): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
        for place in gone {
            let effect =
                if old.excludes(self.comparison.old, &place, &kept_before)? { Effect::Both } else { Effect::Narrows };
            let what = format!("the alternative {} was removed", alternative_name(&place));
            self.note("alternative-removed", self.way.sense.of(effect), &place, &what);
        }
        for place in added {
            let effect =
                if new.excludes(self.comparison.new, &place, &kept_after)? { Effect::Both } else { Effect::Widens };
            let what = format!("the alternative {} was added", alternative_name(&place));
            self.note("alternative-added", self.way.sense.of(effect), &place, &what);
        }
        let overlaps = new.is_exactly_one && overlap(self.comparison.new, &kept_after)?;
        if overlaps && !overlap(self.comparison.old, &kept_before)? {
            let what = "alternatives overlap now, which `oneOf` rejects";
            self.note("one-of-narrowed", self.way.sense.of(Effect::Narrows), &self.place.clone(), what);
        }
        for (old, new) in pairs {
            self.comparison.conjunctions(vec![old], vec![new], self.way.to(Sense::Same))?;
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: &str, row: &Row) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let effect = match row {
            Row::Least(default) => {
                let least = |flat: &Flat<'_>| flat.numbers(keyword).into_iter().reduce(f64::max).unwrap_or(*default);
                effect_on(&[least(old)], &[least(new)], |a, b| a >= b)
            }
            Row::Most => effect_on(&old.numbers(keyword), &new.numbers(keyword), |a, b| a <= b),
            Row::Divisor => effect_on(&old.numbers(keyword), &new.numbers(keyword), |a, b| is_multiple(*a, *b)),
            Row::Flag => effect_on(&[old.is_set(keyword)], &[new.is_set(keyword)], |a, b| a >= b),
            Row::Value => effect_on(&old.texts(keyword), &new.texts(keyword), |a, b| a == b),
            Row::Schema(sense) => return self.schema(keyword, *sense),
            Row::Counted(most) => {
                let is_bounded = !old.get(most).is_empty() || !new.get(most).is_empty();
                return self.schema(keyword, if is_bounded { Sense::Either } else { Sense::Same });
            }
            Row::Schemas(others) => return self.schemas_by_key(keyword, others),
            Row::Positions(others) => {
                let positions = |flat: &Flat<'a>| flat.get(keyword).iter().flat_map(Place::items).collect::<Vec<_>>();
                let (before, after) = (positions(old), positions(new));
                let one_more = old.openness(others).effect_of_one_more(new.openness(others));
                let effect = match before.len().cmp(&after.len()) {
                    Ordering::Less => Some(one_more),
                    Ordering::Equal => None,
                    Ordering::Greater => Some(Sense::Turned.of(one_more)),
                };
                for (old, new) in before.into_iter().zip(after) {
                    self.comparison.conjunctions(vec![old], vec![new], self.way.to(Sense::Same))?;
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
            match row {
                Row::Positions(_) | Row::Names => self.effect(keyword, effect),
                _ => self.was_and_is(keyword, effect, &old.texts(keyword), &new.texts(keyword)),
            }
        }
        Ok(())
    }

    /// A schema that means no more than one that accepts all is as good as none.
    fn schema(&mut self, keyword: &str, sense: Sense) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let asks = |place: &Place<'_>| match sense {
            Sense::Turned => place.value != &Value::Bool(false),
            // To contain anything is to have an item.
            _ if keyword == "contains" => true,
            _ => says_something(place.value),
        };
        // What it evaluates, another keyword leaves alone.
        let is_evaluated = matches!(keyword, "items" | "contains")
            && [old, new].iter().any(|flat| flat.openness(&["unevaluatedItems"]) != Openness::Anything);
        let one_more = if is_evaluated { Effect::Both } else { Effect::Narrows };
        match (old.get(keyword), new.get(keyword)) {
            ([], new) if is_evaluated && !new.is_empty() || new.iter().any(asks) => self.effect(keyword, one_more),
            (old, []) if is_evaluated && !old.is_empty() || old.iter().any(asks) => {
                self.effect(keyword, Sense::Turned.of(one_more));
            }
            ([], _) | (_, []) => {}
            (old, new) if sense == Sense::Turned && old.len().max(new.len()) > 1 => {
                // Each of several excludes by itself.
                let any = |_: &Place<'_>, _: &Place<'_>| true;
                let Matched { pairs, gone, added } = Matched::of(old.to_vec(), new.to_vec(), &[&same_schema, &any]);
                for (old, new) in pairs {
                    self.comparison.conjunctions(vec![old], vec![new], self.way.to(sense))?;
                }
                let effect = match (gone.is_empty(), added.is_empty()) {
                    (true, true) => return Ok(()),
                    (false, _) => Effect::Widens,
                    (true, false) => Effect::Narrows,
                };
                self.effect(keyword, effect);
            }
            (old, new) => {
                // The items of a list in a text are texts.
                let travel = if keyword == "items" && self.way.is_text() { Travel::Text } else { Travel::Value };
                let way = Way { travel, ..self.way.to(sense) };
                self.comparison.conjunctions(old.to_vec(), new.to_vec(), way)?;
            }
        }
        Ok(())
    }

    fn schemas_by_key(&mut self, keyword: &str, others: &[&str]) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let members = |flat: &Flat<'a>| flat.get(keyword).iter().flat_map(Place::members).collect::<BTreeMap<_, _>>();
        let (mut before, after) = (members(old), members(new));
        let one_more = old.openness(others).effect_of_one_more(new.openness(others));
        for (key, place) in after {
            match before.remove(key) {
                Some(old) => self.comparison.conjunctions(vec![old], vec![place], self.way.to(Sense::Same))?,
                None => self.effect(keyword, one_more),
            }
        }
        if !before.is_empty() {
            self.effect(keyword, Sense::Turned.of(one_more));
        }
        Ok(())
    }

    /// What is said for people, by whichever schema of the combination.
    fn docs(&mut self) {
        let (old, new) = (self.old, self.new);
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| is_docs(key)).collect();
        for key in keys {
            if old.texts(key).into_iter().collect::<BTreeSet<_>>() != new.texts(key).into_iter().collect() {
                self.comparison.reworded(key, &self.stated(key));
            }
        }
    }

    /// `default`, `deprecated` and `discriminator`: what instances mean.
    fn wording(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        self.comparison.deprecation(&self.place, old.is_set("deprecated"), new.is_set("deprecated"));
        let (before, after) = (old.texts("default"), new.texts("default"));
        if before != after {
            let place = self.stated("default");
            let rule = if before.is_empty() { "default-added" } else { "default-changed" };
            // A property that is left out may well stay unset; a parameter that is left out always means something.
            let was_unset = match self.way.travel {
                Travel::Value => before.is_empty(),
                Travel::Text => false,
                Travel::RequiredValue | Travel::RequiredText => true,
            };
            if self.way.direction == Direction::Response || was_unset {
                let message = "the documented default is another; values in use are not affected";
                self.comparison.note(rule, Verdict::Docs, &place, message);
            } else {
                let message = "the default is another: requests that leave it out mean something else";
                self.comparison.note(rule, Verdict::Breaking, &place, message);
            }
        }
        self.discriminator();
        // Alternatives are compared by themselves.
        if new.alternatives().is_empty() { self.mapped() } else { Ok(()) }
    }

    /// Schemas that extend this one, as its discriminator names them.
    fn mapped(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let mapping = |flat: &Flat<'a>, document: &'a Normal| -> BTreeMap<&'a str, Place<'a>> {
            let members = flat.get("discriminator").iter().flat_map(|it| it.member("mapping").members());
            let target = |to: Place<'a>| Some(to.referred(document, to.value.as_str()?));
            members.filter_map(|(name, to)| Some((name, target(to).filter(Place::is_there)?))).collect()
        };
        let (before, mut after) = (mapping(old, self.comparison.old), mapping(new, self.comparison.new));
        for (name, old) in before {
            // Another schema is a change of the mapping.
            if let Some(new) = after.remove(name).filter(|new| same_component(&old, new)) {
                self.comparison.conjunctions(vec![old], vec![new], self.way)?;
            }
        }
        Ok(())
    }

    /// A discriminator says which values mean which alternative.
    fn discriminator(&mut self) {
        let (old, new) = (self.old, self.new);
        let stated = |flat: &Flat<'a>| -> BTreeMap<String, Place<'a>> {
            let members = flat.get("discriminator").iter().flat_map(Place::members).filter(|(key, _)| !is_docs(key));
            let stated = members.flat_map(|(key, place)| match key {
                // A schema is named by a reference, or by its name alone.
                "mapping" => place
                    .members()
                    .into_iter()
                    .map(|(value, to)| (format!("{} for {}", quoted(value), quoted(schema_name(to.value))), to))
                    .collect(),
                _ => vec![(format!("`{key}` {}", canonical(place.value)), place)],
            });
            stated.collect()
        };
        let (before, after) = (stated(old), stated(new));
        let place = self.stated("discriminator");
        let mut note = |rule: &str, what: &str| self.comparison.note(rule, Verdict::Compatible, &place, what);
        match (before.is_empty(), after.is_empty()) {
            (true, false) => return note("discriminator-added", "a discriminator was added"),
            (false, true) => return note("discriminator-removed", "the discriminator was removed"),
            _ => {}
        }
        let effect = effect_on_sets(&Some(before.keys().collect()), &Some(after.keys().collect()));
        let Some(effect) = effect.map(|effect| self.way.sense.of(effect)) else { return };
        let gone = before.iter().filter(|(what, _)| !after.contains_key(*what));
        let added = after.iter().filter(|(what, _)| !before.contains_key(*what));
        let described = |(what, _): (&String, &Place<'a>), became: &str| format!("{what} was {became}");
        let all = gone.clone().map(|it| described(it, "removed")).chain(added.clone().map(|it| described(it, "added")));
        let what = format!("in the discriminator, {}", all.collect::<Vec<_>>().join(", "));
        let place = added.chain(gone).next().map_or(place, |(_, place)| place.clone());
        self.note(&format!("discriminator-{}", effect.word()), effect, &place, &what);
    }

    /// On doubt, it breaks.
    fn unknown(&mut self) {
        let (old, new) = (self.old, self.new);
        let is_known =
            |key: &str| is_docs(key) || OTHERS.contains(&key) || TABLE.iter().any(|(keyword, ..)| *keyword == key);
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| !is_known(key)).collect();
        for key in keys {
            if effect_on(&old.texts(key), &new.texts(key), |a, b| a == b).is_some() {
                self.comparison.unclassified(&self.stated(key));
            }
        }
    }
}

/// Returns how an alternative is called: by its component or its title, otherwise by its position.
fn alternative_name(place: &Place<'_>) -> String {
    quoted(place.text("title").unwrap_or(place.name()))
}

/// The name that a reference to a schema ends in.
fn schema_name(reference: &Value) -> &str {
    reference.as_str().and_then(|text| text.rsplit('/').next()).unwrap_or_default()
}

fn is_multiple(of: f64, by: f64) -> bool {
    (of / by).fract().abs() < 1e-9
}

fn listed(types: Option<&BTreeSet<&str>>) -> String {
    types.map_or_else(
        || "any".to_owned(),
        |types| {
            let shown = types.iter().filter(|name| **name != "integer" || !types.contains("number"));
            let shown = shown.copied().collect::<Vec<_>>().join(" or ");
            if shown.is_empty() { "none".to_owned() } else { shown }
        },
    )
}
