//! Comparison of schemas: whether a change narrows or widens the set of accepted instances.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use heck::ToKebabCase;
use serde_json::Value;

use super::alternatives::{Alternatives, Matched, overlap, same_component, same_schema, schema_name, similar};
use super::flat::{Bound, Flat, Openness, Schemas, canonical, constrains_instances, is_docs, names};
use super::{Comparison, Direction, Effect, Place, Verdict, follow, quoted};
use openapi_refinery::lower::size;
use openapi_refinery::{Error, Normal, Result};

/// How a keyword constrains instances. One table, read in two directions.
enum Row {
    /// A lower bound, with its default: a greater one narrows.
    Least(f64),
    /// An upper bound: a lower one narrows.
    Most,
    /// `true` narrows.
    Flag,
    /// A divisor: a multiple of it narrows.
    Divisor,
    /// A value whose presence narrows; another value narrows and widens.
    Value,
    /// A schema for a part of the instance, or for all of it, whose presence narrows.
    Schema(Sense),
    /// A schema for counted items, with the keyword of their upper bound: if there is one, accepting more items may exceed it.
    Counted(&'static str),
    /// Schemas by key, with the keywords for keys without a schema.
    Schemas(&'static [&'static str]),
    /// Schemas by position, with the keywords for later positions.
    Positions(&'static [&'static str]),
    /// Names by key; each narrows.
    Names,
}

/// Keywords that are compared one by one, with the type that they constrain, if it is one. Keywords that depend on each other have
/// functions below; `allOf` and `$ref` are combined first.
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
    ("not", None, Row::Schema(Sense::Reversed)),
    ("patternProperties", Some("object"), Row::Schemas(&["additionalProperties", "unevaluatedProperties"])),
    ("dependentSchemas", Some("object"), Row::Schemas(&[])),
    ("prefixItems", Some("array"), Row::Positions(&["items", "unevaluatedItems"])),
    ("dependentRequired", Some("object"), Row::Names),
];

/// Keywords whose schemas apply to the same instance, in addition to those that name its properties.
const IN_PLACE: [&str; 5] = ["if", "then", "else", "not", "dependentSchemas"];

/// Keywords that depend on each other within one schema, if it has the first of them, and how those that are schemas affect the whole.
const GROUPS: [(&[&str], Sense); 4] = [
    (&["if", "then", "else"], Sense::Either),
    (&["contains", "minContains", "maxContains"], Sense::Either),
    (&["prefixItems", "items"], Sense::Same),
    (&["patternProperties", "additionalProperties"], Sense::Same),
];

/// How a schema changes when a part of it accepts more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sense {
    /// The whole accepts more.
    Same,
    /// The whole accepts less, as with `not`.
    Reversed,
    /// Either, as with `if`.
    Either,
}

impl Sense {
    /// Returns the effect on the whole of an effect on the part.
    fn of(self, effect: Effect) -> Effect {
        match (self, effect) {
            (Self::Same, effect) => effect,
            (Self::Reversed, Effect::Narrows) => Effect::Widens,
            (Self::Reversed, Effect::Widens) => Effect::Narrows,
            _ => Effect::Both,
        }
    }

    /// Composes two senses: that of a part, and that of a part of the part.
    fn then(self, inner: Self) -> Self {
        match (self, inner) {
            (Self::Same, sense) | (sense, Self::Same) => sense,
            (Self::Reversed, Self::Reversed) => Self::Same,
            _ => Self::Either,
        }
    }
}

/// How instances of a schema are transmitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Transmission {
    /// In a body, optional.
    Value,
    /// In a body, required.
    RequiredValue,
    /// As text, as in a URL, optional. A number in text is also a string.
    Text,
    /// As text, required.
    RequiredText,
}

/// The role of a schema in requests or responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Role {
    pub(super) direction: Direction,
    sense: Sense,
    transmission: Transmission,
    /// Whether annotations and the discriminator are compared.
    describes: bool,
    /// Whether other schemas apply to the same instance, as beside `then`.
    is_partial: bool,
    /// Whether instances may be written as XML.
    is_xml: bool,
}

impl Role {
    /// Returns the role of a whole body, parameter or header.
    pub(super) fn of(direction: Direction, transmission: Transmission) -> Self {
        Self { direction, sense: Sense::Same, transmission, describes: true, is_partial: false, is_xml: false }
    }

    /// Returns the same role in a body that may be XML.
    pub(super) fn within_xml(self, is_xml: bool) -> Self {
        Self { is_xml, ..self }
    }

    /// Returns the role of a part.
    fn to(self, inner: Sense) -> Self {
        Self { sense: self.sense.then(inner), transmission: Transmission::Value, describes: true, ..self }
    }

    /// Returns the role of a schema that applies to the same instance.
    fn in_place(self, inner: Sense) -> Self {
        Self { is_partial: true, ..self.to(inner) }
    }

    fn is_text(self) -> bool {
        matches!(self.transmission, Transmission::Text | Transmission::RequiredText)
    }
}

/// Keywords that are not in the table: they have functions below, or are combined first.
const OTHERS: [&str; 19] = [
    "type", "enum", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "properties", "required",
    "additionalProperties", "oneOf", "anyOf", "allOf", "$ref", "default", "deprecated", "readOnly", "writeOnly",
    "discriminator",
];

/// Returns the effect of a change of constraints that must all hold, given whether one implies another.
pub(super) fn effect_on<T>(old: &[T], new: &[T], implies: impl Fn(&T, &T) -> bool) -> Option<Effect> {
    let imply = |these: &[T], those: &[T]| those.iter().all(|that| these.iter().any(|this| implies(this, that)));
    match (imply(new, old), imply(old, new)) {
        (true, true) => None,
        (true, false) => Some(Effect::Narrows),
        (false, true) => Some(Effect::Widens),
        (false, false) => Some(Effect::Both),
    }
}

/// Returns the effect of a change of a set of accepted values; `None` accepts all.
fn effect_on_sets<T: Ord>(old: &Option<BTreeSet<T>>, new: &Option<BTreeSet<T>>) -> Option<Effect> {
    effect_on(old.as_slice(), new.as_slice(), BTreeSet::is_subset)
}

/// Returns whether a schema may accept a type.
pub(super) fn may_accept(document: &Schemas, schema: &Place<'_>, kind: &str) -> Result<bool> {
    Ok(Flat::of(document, std::slice::from_ref(schema))?.accepts(kind))
}

/// Returns the effect of a change of `enum`.
pub(super) fn effect_on_values(old: &Place<'_>, new: &Place<'_>) -> Option<Effect> {
    let listed = |place: &Place<'_>| {
        let values = place.member("enum");
        values.is_present().then(|| values.items().iter().map(|it| canonical(it.value)).collect::<BTreeSet<_>>())
    };
    effect_on_sets(&listed(old), &listed(new))
}

/// Number of schema pairs that are compared whatever the size of the documents; takes up to two seconds.
const MAX_COMPARED: usize = 100_000;

/// Returns the number of pairs that may be compared: of single schemas, each in two directions; and of combined schemas, whose number
/// may double with each level of nesting.
pub(super) fn allowance(old: &Value, new: &Value) -> [usize; 2] {
    [MAX_COMPARED + 2 * size(old).max(size(new)), MAX_COMPARED]
}

/// Two corresponding schemas, each a combination of several.
pub(super) struct Pair<'a> {
    old: Vec<Place<'a>>,
    new: Vec<Place<'a>>,
    role: Role,
    /// The new schemas that apply to the same instance, if these are partial.
    around: Vec<Place<'a>>,
    operation: Option<String>,
}

impl<'a> Comparison<'a> {
    /// Queues two schemas for comparison.
    pub(super) fn schemas(&mut self, old: Place<'a>, new: Place<'a>, role: Role) -> Result<()> {
        self.conjunctions(vec![old], vec![new], role)
    }

    /// Queues two combinations of schemas, unless they have been queued before.
    fn conjunctions(&mut self, old: Vec<Place<'a>>, new: Vec<Place<'a>>, role: Role) -> Result<()> {
        self.conjunctions_within(old, new, role, Vec::new())
    }

    /// Queues two combinations of schemas, with the new schemas around them.
    fn conjunctions_within(
        &mut self,
        old: Vec<Place<'a>>,
        new: Vec<Place<'a>>,
        role: Role,
        around: Vec<Place<'a>>,
    ) -> Result<()> {
        if let ([old, ..], [new, ..]) = (&old[..], &new[..])
            && old.text("$ref").is_some()
            && new.text("$ref").is_some()
        {
            // Following a reference loses the annotations beside it.
            self.docs(old, new, &["summary", "description"]);
        }
        let old: Vec<_> = old.into_iter().map(|place| follow(self.old, place)).collect();
        let new: Vec<_> = new.into_iter().map(|place| follow(self.new, place)).collect();
        let pointers =
            |places: &[Place<'_>]| places.iter().map(|place| place.pointer.as_str()).collect::<Vec<_>>().join(" ");
        let around = if role.is_partial { around } else { Vec::new() };
        if !self.seen.insert((pointers(&old), format!("{}, {}", pointers(&new), pointers(&around)), role)) {
            return Ok(());
        }
        let compared = old.len() * new.len();
        let left = &mut self.left[usize::from(compared > 1)];
        let Some(rest) = left.checked_sub(compared) else {
            let pointer = new.first().map_or_else(String::new, |place| place.pointer.clone());
            let problem = "schemas are combined in more ways than can be compared";
            return Err(Error::at(pointer, problem, "move the combined schemas to one component"));
        };
        *left = rest;
        self.pending.push(Pair { old, new, role, around, operation: self.operation.clone() });
        Ok(())
    }

    /// Compares the queued schemas, and those that they lead to.
    pub(super) fn compare_pending(&mut self) -> Result<()> {
        while let Some(pair) = self.pending.pop() {
            self.operation.clone_from(&pair.operation);
            self.direction = Some(pair.role.direction);
            self.pair(&pair)?;
        }
        self.direction = None;
        Ok(())
    }

    fn pair(&mut self, pair: &Pair<'a>) -> Result<()> {
        let Some(place) = pair.new.first() else { return Ok(()) };
        let (mut old, mut new) = (Flat::of(self.old, &pair.old)?, Flat::of(self.new, &pair.new)?);
        // A number in text is also a string, but bounds apply to numbers only.
        let are_numbers = old.accepts("integer") == new.accepts("integer");
        let declared = [listed(old.types.as_ref()), listed(new.types.as_ref())];
        let (place, role) = (place.clone(), pair.role);
        if role.is_text() {
            let (place, around) = (place.clone(), &pair.around);
            let mut at = At { comparison: self, old: &old, new: &new, place, role, around };
            if at.text(pair)? {
                return Ok(());
            }
            old.accept_scalars_as_text();
            new.accept_scalars_as_text();
        }
        let mut at = At { comparison: self, old: &old, new: &new, place, role, around: &pair.around };
        if role.describes {
            at.docs();
            at.meaning()?;
        }
        if old.never != new.never {
            let (effect, what) = match new.never {
                true => (Effect::Narrows, "no value is accepted any more"),
                false => (Effect::Widens, "values are accepted where none was"),
            };
            at.note_keyword("schema", effect, what);
            return Ok(());
        }
        match (old.null_is_ambiguous, new.null_is_ambiguous) {
            (false, true) => at.note_keyword(
                "type",
                Effect::Narrows,
                "`null` fits several alternatives of `oneOf`, which rejects it",
            ),
            (true, false) => {
                at.note_keyword("type", Effect::Widens, "`null` no longer fits several alternatives of `oneOf`")
            }
            _ => {}
        }
        if at.single_and_alternatives(&pair.old, &pair.new)? {
            return Ok(());
        }
        let types = effect_on_sets(&old.types, &new.types);
        if let Some(effect) = types {
            let [was, is] = declared;
            at.note_keyword("type", effect, &format!("the type was {was} and is {is}"));
        }
        at.null();
        if types == Some(Effect::Both) {
            // The types have nothing in common, so their constraints are not compared.
            return Ok(());
        }
        at.values();
        at.format();
        at.alternatives()?;
        // Constraints on a type that is accepted on one side only do not concern the other values. If neither side accepts the type, they
        // are still compared, since the document declares them.
        let compares = |kind: &str| old.accepts(kind) == new.accepts(kind);
        if are_numbers {
            at.bounds();
        }
        if compares("object") {
            at.properties()?;
        }
        let grouped = at.groups()?;
        if compares("object") && !grouped.contains("additionalProperties") {
            at.additional_properties()?;
        }
        for (keyword, kind, row) in &TABLE {
            if kind.is_none_or(compares) && !grouped.contains(keyword) {
                at.keyword(keyword, row)?;
            }
        }
        at.unknown_keywords();
        Ok(())
    }
}

/// A comparison of two combinations of schemas.
struct At<'c, 'a> {
    comparison: &'c mut Comparison<'a>,
    old: &'c Flat<'a>,
    new: &'c Flat<'a>,
    /// The first of the new schemas.
    place: Place<'a>,
    role: Role,
    /// The new schemas that apply to the same instance, if these are partial.
    around: &'c [Place<'a>],
}

impl<'a> At<'_, 'a> {
    /// Queues parts that apply to the same instance.
    fn in_place(&mut self, old: Vec<Place<'a>>, new: Vec<Place<'a>>, role: Role) -> Result<()> {
        let parts = &self.new.parts;
        let others = self.around.iter().filter(|place| parts.iter().all(|part| part.pointer != place.pointer));
        self.comparison.conjunctions_within(old, new, role, parts.iter().chain(others).cloned().collect())
    }

    /// Notes the effect of a change of a keyword, with its values.
    fn note_values(&mut self, keyword: &str, effect: Effect, old: &[String], new: &[String]) {
        self.note_keyword(keyword, effect, &describe_values(keyword, old, new));
    }

    /// Notes that a keyword was added or removed.
    fn note_presence(&mut self, keyword: &str, effect: Effect, is_added: bool) {
        let what = format!("`{keyword}` was {}", if is_added { "added" } else { "removed" });
        self.note_keyword(keyword, effect, &what);
    }

    fn note_keyword(&mut self, keyword: &str, effect: Effect, what: &str) {
        let effect = self.role.sense.of(effect);
        let place = self.stated(keyword);
        self.note(&format!("{}-{}", keyword.to_kebab_case(), effect.word()), effect, &place, what);
    }

    /// Notes an effect on the whole, with the consequence for callers.
    fn note(&mut self, rule: &str, effect: Effect, at: &Place<'a>, what: &str) {
        let message = format!("{what}: {}", effect.consequence(self.role.direction));
        self.comparison.note(rule, effect.verdict(self.role.direction), at, message);
    }

    /// Returns the place of a keyword that differs: in one of the combined schemas of the candidate, otherwise of the vendored document.
    fn stated(&self, keyword: &str) -> Place<'a> {
        let keywords = match keyword {
            "minimum" => &["minimum", "exclusiveMinimum"],
            "maximum" => &["maximum", "exclusiveMaximum"],
            _ => std::slice::from_ref(&keyword),
        };
        let places = |flat: &'_ Flat<'a>| -> Vec<Place<'a>> {
            let stated = |part: &Place<'a>| keywords.iter().map(|it| part.member(it)).find(Place::is_present);
            flat.parts.iter().filter_map(stated).collect()
        };
        let (old, new) = (places(self.old), places(self.new));
        let differs = |place: &&Place<'a>, others: &[Place<'a>]| others.iter().all(|it| it.value != place.value);
        let changed = new.iter().find(|it| differs(it, &old)).or_else(|| old.iter().find(|it| differs(it, &new)));
        changed.or(new.first()).cloned().unwrap_or_else(|| self.place.member(keyword))
    }

    /// Compares text that becomes or was a number, and a single string that becomes or was a list. Returns whether that is all to compare.
    fn text(&mut self, pair: &Pair<'a>) -> Result<bool> {
        let (old, new) = (self.old, self.new);
        let declares = |flat: &Flat<'_>, kind: &str| flat.types.as_ref().is_some_and(|types| types.contains(kind));
        let is_scalar = |flat: &Flat<'_>| {
            ["integer", "boolean"].iter().any(|kind| declares(flat, kind)) && !declares(flat, "string")
        };
        let is_restricted = |flat: &Flat<'_>| {
            let keywords = ["minLength", "maxLength", "pattern", "enum", "format"];
            declares(flat, "string") && keywords.iter().any(|keyword| !flat.get(keyword).is_empty())
        };
        if is_scalar(old) && is_restricted(new) || is_restricted(old) && is_scalar(new) {
            let [was, is] = [old, new].map(|flat| listed(flat.types.as_ref()));
            self.note_keyword(
                "type",
                Effect::Both,
                &format!("the type was {was} and is {is}, which is written differently"),
            );
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
            self.comparison.conjunctions(before, after, self.role)?;
        }
        // A single text is a list of one item.
        let needs_more = |flat: &Flat<'_>| {
            let is_beyond = |keyword: &str, fits: fn(f64) -> bool| !flat.numbers(keyword).into_iter().all(fits);
            is_beyond("minItems", |least| least <= 1.0)
                || is_beyond("maxItems", |most| most >= 1.0)
                || ["contains", "prefixItems"].iter().any(|keyword| !flat.get(keyword).is_empty())
        };
        if is_list(old) && needs_more(old) || is_list(new) && needs_more(new) {
            let [was, is] = [old, new].map(|flat| listed(flat.types.as_ref()));
            let what = format!("the type was {was} and is {is}, with restrictions that one item does not meet");
            self.note_keyword("type", Effect::Both, &what);
            return Ok(true);
        }
        Ok(false)
    }

    /// Compares whether `null` is accepted where no type is declared.
    fn null(&mut self) {
        let (old, new) = (self.old, self.new);
        if old.types.is_some() || new.types.is_some() {
            return;
        }
        match (old.accepts_null_untyped(), new.accepts_null_untyped()) {
            (Some(false), Some(true)) => self.note_keyword("type", Effect::Widens, "`null` is now allowed"),
            (Some(true), Some(false)) => self.note_keyword("type", Effect::Narrows, "`null` is no longer allowed"),
            _ => {}
        }
    }

    fn values(&mut self) {
        let (old, new) = (self.old.values(), self.new.values());
        let Some(effect) = effect_on_sets(&old, &new) else { return };
        let none = BTreeSet::new();
        let (before, after) = (old.as_ref().unwrap_or(&none), new.as_ref().unwrap_or(&none));
        let missing =
            |these: &BTreeSet<String>, those: &BTreeSet<String>| these.difference(those).cloned().collect::<Vec<_>>();
        let are = |values: &[String], what: &str| {
            format!("{} {} {what}", values.join(", "), if values.len() == 1 { "is" } else { "are" })
        };
        let what = match (&old, &new) {
            (None, Some(values)) if values.is_empty() => "no value is allowed any more".to_owned(),
            (None, _) => format!("only {}", are(&missing(after, before), "allowed")),
            (_, None) => format!("any value is allowed instead of only {}", missing(before, after).join(", ")),
            _ => match (missing(before, after), missing(after, before)) {
                (gone, added) if added.is_empty() => are(&gone, "no longer allowed"),
                (gone, added) if gone.is_empty() => are(&added, "now allowed"),
                (gone, added) => {
                    format!("{}, {}", are(&gone, "no longer allowed"), are(&added, "allowed instead"))
                }
            },
        };
        self.note_keyword("enum", effect, &what);
    }

    /// Compares bounds, including those that a format implies.
    fn bounds(&mut self) {
        let (before, after) = (self.old, self.new);
        for (keyword, old, new, beyond) in [
            ("minimum", &before.least, &after.least, Ordering::Greater),
            ("maximum", &before.greatest, &after.greatest, Ordering::Less),
        ] {
            if old.is_empty() && new.is_empty() {
                // A change of the format has its own rule.
                continue;
            }
            let [before, after] = [(old, before), (new, after)].map(|(said, flat)| flat.with_implied(said, beyond));
            if let Some(effect) = effect_on(&before, &after, |a, b| a.implies(b, beyond)) {
                let written =
                    |bounds: &[Bound<'a>]| bounds.iter().map(|it| it.written(self.comparison)).collect::<Vec<_>>();
                let (old, new) = (written(old), written(new));
                let keywords: BTreeSet<&String> = old.iter().chain(&new).map(|(keyword, ..)| keyword).collect();
                // If both documents use one keyword, it says whether the bounds are exclusive.
                let (shown, is_one) = match Vec::from_iter(keywords)[..] {
                    [only] if only.starts_with("exclusive") => (only.as_str(), true),
                    _ => (keyword, false),
                };
                let described = |(_, number, is_exclusive): &(String, String, bool)| {
                    format!("{number}{}", if *is_exclusive && !is_one { " (exclusive)" } else { "" })
                };
                let [old, new] = [&old, &new].map(|bounds| bounds.iter().map(described).collect::<Vec<_>>());
                self.note_keyword(keyword, effect, &describe_values(shown, &old, &new));
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
            self.note_values("format", effect, &old.texts("format"), &new.texts("format"));
        }
    }

    fn properties(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let around = Flat::of(self.comparison.new, self.around)?;
        let named_around = self.comparison.new.property_names(self.around);
        let before = old.visible_properties(self.comparison.old, self.role.direction)?;
        let mut after = new.visible_properties(self.comparison.new, self.role.direction)?;
        // A property that another schema no longer allows was removed.
        let is_refused = |flat: &Flat<'a>, name: &str| flat.applied(name).iter().any(|schema| *schema.value == false);
        after.retain(|name| !before.contains(name) || is_refused(old, name) || !is_refused(new, name));
        for &name in before.union(&after) {
            let place = self.property(name);
            let (was_required, is_required) = (old.required.contains(name), new.required.contains(name));
            match (before.contains(name), after.contains(name), self.role.direction) {
                (true, true, _) => {
                    self.required(&place, name, was_required, is_required);
                    // The default of a required value has no effect.
                    let transmission = if was_required { Transmission::RequiredValue } else { Transmission::Value };
                    let role = Role { transmission, ..self.role.to(Sense::Same) };
                    let (before, after) = (old.schemas_of(name), new.schemas_of(name));
                    self.comparison.conjunctions_within(before, after, role, around.schemas_of(name))?;
                }
                (true, false, _) if named_around.contains(name) && !new.properties.contains_key(name) => {
                    self.required(&place, name, was_required, is_required);
                    if old.properties[name].iter().any(|place| constrains_instances(place.value)) {
                        let what = format!("{} no longer has a schema", quoted(name));
                        let effect = self.role.sense.of(Effect::Widens);
                        self.note("property-no-longer-restricted", effect, &place, &what);
                    }
                }
                // Other properties may have its name.
                (true, false, Direction::Request)
                    if !new.properties.contains_key(name) && allows_some(&new.applied(name)) =>
                {
                    self.required(&place, name, was_required, is_required);
                    let role = self.role.to(Sense::Same);
                    self.comparison.conjunctions(old.schemas_of(name), new.applied(name), role)?;
                }
                // It has moved into an alternative: values may still have it.
                (true, false, _)
                    if new.has_in_alternative(self.comparison.new, name, &old.properties[name])?
                        && !old.has_in_alternative(self.comparison.old, name, &old.properties[name])? =>
                {
                    let is_required = is_required || new.is_required_by_alternatives(self.comparison.new, name)?;
                    self.required(&place, name, was_required, is_required);
                }
                (false, true, _)
                    if !old.properties.contains_key(name)
                        && (self.role.is_partial
                            || allows_some(&old.applied(name))
                            || old.names_elsewhere(self.comparison.old, name)?) =>
                {
                    self.required(&place, name, was_required, is_required);
                    self.restricted_property(&place, name)?;
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
                    // Under `not` and `if`, the effect is reversed.
                    let is_plain = self.role.sense == Sense::Same;
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

    /// Compares an added schema of a property that was named before. The schema for other properties applied to it, if there was one.
    fn restricted_property(&mut self, at: &Place<'a>, name: &str) -> Result<()> {
        let (old, own) = (self.old, &self.new.properties[name]);
        let others = [old.applied(name), old.get("unevaluatedProperties").to_vec()];
        let applied = others.into_iter().find(|places| !places.is_empty());
        let effect = match applied {
            _ if self.role.is_partial => Effect::Narrows,
            Some(applied) => {
                return self.comparison.conjunctions(applied, self.new.schemas_of(name), self.role.to(Sense::Same));
            }
            None if own.iter().any(|place| constrains_instances(place.value)) => Effect::Narrows,
            None => return Ok(()),
        };
        let what = format!("{} now has a schema", quoted(name));
        self.note("property-restricted", self.role.sense.of(effect), at, &what);
        Ok(())
    }

    /// Returns the place of a property: in the candidate, unless it was removed. A property without a schema has the place of `required`.
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
        let effect = self.role.sense.of(effect);
        let consequence = match (self.role.direction, effect) {
            (Direction::Request, Effect::Narrows) => "requests without it may be rejected",
            (Direction::Request, Effect::Widens) => "requests can omit it",
            (Direction::Response, Effect::Narrows) => "responses always contain it",
            (Direction::Response, Effect::Widens) => "responses may omit it",
            (direction, Effect::Both) => effect.consequence(direction),
        };
        self.comparison.note(rule, effect.verdict(self.role.direction), at, format!("{what}: {consequence}"));
    }

    /// Compares which additional properties are accepted: none, those that fit a schema, or any.
    fn additional_properties(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let keyword = "additionalProperties";
        match (old.openness(&[keyword]), new.openness(&[keyword])) {
            (Openness::Some, Openness::Some) => {
                let (old, new) = (old.get(keyword).to_vec(), new.get(keyword).to_vec());
                self.comparison.conjunctions(old, new, self.role.to(Sense::Same))?;
            }
            (before, after) if after != before => {
                let effect = if after < before { Effect::Narrows } else { Effect::Widens };
                let what = format!("`{keyword}` was {} and is {}", before.described(), after.described());
                self.note_keyword(keyword, effect, &what);
            }
            _ => {}
        }
        Ok(())
    }

    /// Compares a schema with alternatives that replace it, or the reverse. Returns whether that is the case.
    fn single_and_alternatives(&mut self, old_places: &[Place<'a>], new_places: &[Place<'a>]) -> Result<bool> {
        let (old, new) = (self.old, self.new);
        let only_alternatives = |flat: &Flat<'a>| match &flat.alternatives()[..] {
            [list] if !flat.has_more_than(&[list.name()]) => Some(list.clone()),
            _ => None,
        };
        let is_one = |flat: &Flat<'a>| flat.alternatives().is_empty() && flat.has_more_than(&[]);
        let (before, after) = match (only_alternatives(old), only_alternatives(new), old_places, new_places) {
            (None, Some(list), [place], _) if is_one(old) => {
                (Alternatives::written_out(self.comparison.old, place), Alternatives::of(&list, new))
            }
            (Some(list), None, _, [place]) if is_one(new) => {
                (Alternatives::of(&list, old), Alternatives::written_out(self.comparison.new, place))
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
        // `null` is compared with the types, or by `null`.
        let without_null = old.types.is_some() == new.types.is_some();
        let Matched { pairs, gone, added } =
            Matched::of(old.alternatives(), new.alternatives(), &[&same, &same_keyword, &any]);
        for (before, after) in pairs {
            // For disjoint alternatives, both keywords mean the same.
            if before.name() != after.name() && overlap(self.comparison.old, &before.items())? {
                let effect = if after.name() == "anyOf" { Effect::Widens } else { Effect::Narrows };
                let what = format!("`{}` is now `{}`", before.name(), after.name());
                self.note_keyword(after.name(), effect, &what);
            }
            let of = |list: &Place<'a>, flat: &Flat<'a>| {
                let alternatives = Alternatives::of(list, flat);
                if without_null { alternatives.without_null() } else { alternatives }
            };
            self.match_alternatives(of(&before, old), of(&after, new))?;
        }
        let [widens, narrows] = [Effect::Widens, Effect::Narrows].map(|effect| self.effect_of_evaluating(effect));
        gone.iter().for_each(|list| self.note_presence(list.name(), widens, false));
        added.iter().for_each(|list| self.note_presence(list.name(), narrows, true));
        Ok(())
    }

    fn match_alternatives(&mut self, old: Alternatives<'a>, new: Alternatives<'a>) -> Result<()> {
        let (before, after) = (old.followed(self.comparison.old)?, new.followed(self.comparison.new)?);
        // The closest matches first: equal schemas, the same component, then similar schemas.
        let same =
            |one: &Place<'_>, other: &Place<'_>| same_schema(one, other) && old.are_selected_alike(&new, one, other);
        let Matched { pairs, gone, added } = Matched::of(before, after, &[&same, &same_component, &similar]);
        let (kept_before, kept_after): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
        for place in gone {
            let effect =
                if old.excludes(self.comparison.old, &place, &kept_before)? { Effect::Both } else { Effect::Narrows };
            let what = format!("the alternative {} was removed", alternative_name(&place));
            self.note("alternative-removed", self.role.sense.of(effect), &place, &what);
        }
        for place in added {
            let effect =
                if new.excludes(self.comparison.new, &place, &kept_after)? { Effect::Both } else { Effect::Widens };
            let what = format!("the alternative {} was added", alternative_name(&place));
            self.note("alternative-added", self.role.sense.of(effect), &place, &what);
        }
        let overlaps = new.is_exactly_one && overlap(self.comparison.new, &kept_after)?;
        if overlaps && !overlap(self.comparison.old, &kept_before)? {
            let what = "alternatives now overlap, and `oneOf` rejects values that match several";
            self.note("one-of-narrowed", self.role.sense.of(Effect::Narrows), &self.place.clone(), what);
        }
        // The annotations of the whole were compared with those of the list.
        let role = Role { describes: !(old.is_whole || new.is_whole), ..self.role.to(Sense::Same) };
        for (old, new) in pairs {
            self.comparison.conjunctions_within(vec![old], vec![new], role, self.around.to_vec())?;
        }
        Ok(())
    }

    /// Compares keywords that depend on each other, where several of the combined schemas have them. Returns those that it has compared.
    fn groups(&mut self) -> Result<BTreeSet<&'static str>> {
        let mut compared = BTreeSet::new();
        for (keywords, sense) in GROUPS {
            let stating = |flat: &Flat<'a>| -> Vec<Place<'a>> {
                let states = |part: &&Place<'a>| keywords.iter().any(|keyword| part.member(keyword).is_present());
                flat.parts.iter().filter(states).cloned().collect()
            };
            let (before, after) = (stating(self.old), stating(self.new));
            let depends = before.iter().chain(&after).any(|part| part.member(keywords[0]).is_present());
            if !depends || before.len().max(after.len()) < 2 {
                continue;
            }
            compared.extend(keywords);
            let is_same = |old: &Place<'_>, new: &Place<'_>| {
                keywords.iter().all(|keyword| old.member(keyword).value == new.member(keyword).value)
            };
            let Matched { pairs, gone, added } = Matched::of(before, after, &[&is_same]);
            let schemas = |part: &Place<'a>| -> Vec<Place<'a>> {
                let schemas = keywords.iter().flat_map(|keyword| match *keyword {
                    "prefixItems" => part.member(keyword).items(),
                    "patternProperties" => part.member(keyword).members().into_values().collect(),
                    _ => vec![part.member(keyword)],
                });
                schemas.filter(|schema| schema.value.is_object()).collect()
            };
            // Equal schemas may refer to components that differ.
            for (old, new) in pairs {
                for (old, new) in schemas(&old).into_iter().zip(schemas(&new)) {
                    let role = self.role.in_place(sense);
                    match IN_PLACE.contains(&keywords[0]) {
                        true => self.in_place(vec![old], vec![new], role)?,
                        false => self.comparison.conjunctions(vec![old], vec![new], role)?,
                    }
                }
            }
            let (effect, became) = match (gone.is_empty(), added.is_empty()) {
                (true, true) => continue,
                (false, true) => (Effect::Widens, "removed"),
                (true, false) => (Effect::Narrows, "added"),
                (false, false) => (Effect::Both, "replaced"),
            };
            let named = keywords.iter().map(|keyword| quoted(keyword)).collect::<Vec<_>>().join(", ");
            let what = format!("one of several schemas with {named} was {became}");
            self.note_keyword(keywords[0], self.effect_of_evaluating(effect), &what);
        }
        Ok(compared)
    }

    fn keyword(&mut self, keyword: &str, row: &Row) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let pairs = |flat: &Flat<'a>| -> Vec<(&'a str, &'a str)> {
            let members = flat.get(keyword).iter().flat_map(Place::members);
            members.flat_map(|(key, place)| names(place.value).into_iter().map(move |name| (key, name))).collect()
        };
        let count = |flat: &Flat<'a>| flat.get(keyword).iter().map(|it| it.items().len()).sum::<usize>();
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
                    Ordering::Greater => Some(Sense::Reversed.of(one_more)),
                };
                for (old, new) in before.into_iter().zip(after) {
                    self.comparison.conjunctions(vec![old], vec![new], self.role.to(Sense::Same))?;
                }
                effect
            }
            Row::Names => effect_on(&pairs(old), &pairs(new), |a, b| a == b),
        };
        if let Some(effect) = effect {
            let what = match row {
                Row::Positions(_) => format!("the number of `{keyword}` was {} and is {}", count(old), count(new)),
                Row::Names => describe_names(&pairs(old), &pairs(new)),
                _ => describe_values(keyword, &old.texts(keyword), &new.texts(keyword)),
            };
            self.note_keyword(keyword, effect, &what);
        }
        Ok(())
    }

    /// Compares a keyword whose value is a schema. A schema that accepts everything counts as absent.
    fn schema(&mut self, keyword: &str, sense: Sense) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let asks = |place: &Place<'_>| match sense {
            Sense::Reversed => place.value != &Value::Bool(false),
            // `contains: true` requires an item.
            _ if keyword == "contains" => true,
            _ => constrains_instances(place.value),
        };
        let is_evaluated = match keyword {
            "items" | "contains" => self.restricts(&["unevaluatedItems"]),
            "if" | "then" | "else" => self.restricts(&["unevaluatedProperties", "unevaluatedItems"]),
            _ => false,
        };
        let one_more = if is_evaluated { Effect::Both } else { Effect::Narrows };
        match (old.get(keyword), new.get(keyword)) {
            ([], new) if is_evaluated && !new.is_empty() || new.iter().any(asks) => {
                self.note_presence(keyword, one_more, true);
            }
            (old, []) if is_evaluated && !old.is_empty() || old.iter().any(asks) => {
                self.note_presence(keyword, Sense::Reversed.of(one_more), false);
            }
            ([], _) | (_, []) => {}
            (old, new) if sense == Sense::Reversed && old.len().max(new.len()) > 1 => {
                // Each schema excludes instances independently.
                let any = |_: &Place<'_>, _: &Place<'_>| true;
                let Matched { pairs, gone, added } = Matched::of(old.to_vec(), new.to_vec(), &[&same_schema, &any]);
                for (old, new) in pairs {
                    self.in_place(vec![old], vec![new], self.role.in_place(sense))?;
                }
                let effect = match (gone.is_empty(), added.is_empty()) {
                    (true, true) => return Ok(()),
                    (false, _) => Effect::Widens,
                    (true, false) => Effect::Narrows,
                };
                let what = if effect == Effect::Widens { "removed from" } else { "added to" };
                self.note_keyword(keyword, effect, &format!("a schema was {what} those under `{keyword}`"));
            }
            (old, new) => {
                // The items of a list in text are text.
                let transmission =
                    if keyword == "items" && self.role.is_text() { Transmission::Text } else { Transmission::Value };
                let (old, new) = (old.to_vec(), new.to_vec());
                if IN_PLACE.contains(&keyword) {
                    return self.in_place(old, new, Role { transmission, ..self.role.in_place(sense) });
                }
                self.comparison.conjunctions(old, new, Role { transmission, ..self.role.to(sense) })?;
            }
        }
        Ok(())
    }

    /// Returns whether one of these keywords restricts what others do not evaluate. A keyword that evaluates less then also exempts less.
    fn restricts(&self, unevaluated: &[&str]) -> bool {
        [self.old, self.new].iter().any(|flat| flat.openness(unevaluated) != Openness::Anything)
    }

    /// Returns the effect of a schema that comes or goes: what it evaluates is exempt from `unevaluatedProperties` and `unevaluatedItems`.
    fn effect_of_evaluating(&self, effect: Effect) -> Effect {
        if self.restricts(&["unevaluatedProperties", "unevaluatedItems"]) { Effect::Both } else { effect }
    }

    fn schemas_by_key(&mut self, keyword: &str, others: &[&str]) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let members = |flat: &Flat<'a>| {
            let mut members: BTreeMap<&str, Vec<Place<'a>>> = BTreeMap::new();
            for (key, place) in flat.get(keyword).iter().flat_map(Place::members) {
                members.entry(key).or_default().push(place);
            }
            members
        };
        let (mut before, after) = (members(old), members(new));
        let is_in_place = IN_PLACE.contains(&keyword);
        let one_more = match old.openness(others).effect_of_one_more(new.openness(others)) {
            effect if is_in_place => self.effect_of_evaluating(effect),
            effect => effect,
        };
        for (key, places) in after {
            match before.remove(key) {
                Some(old) if is_in_place => self.in_place(old, places, self.role.in_place(Sense::Same))?,
                Some(old) => self.comparison.conjunctions(old, places, self.role.to(Sense::Same))?,
                None => self.note_keyword(keyword, one_more, &format!("{} was added to `{keyword}`", quoted(key))),
            }
        }
        for key in before.into_keys() {
            let what = format!("{} was removed from `{keyword}`", quoted(key));
            self.note_keyword(keyword, Sense::Reversed.of(one_more), &what);
        }
        Ok(())
    }

    /// Compares the annotations of all combined schemas.
    fn docs(&mut self) {
        let (old, new) = (self.old, self.new);
        let keys: BTreeSet<&str> =
            old.keywords.keys().chain(new.keywords.keys()).copied().filter(|key| is_docs(key)).collect();
        for key in keys {
            let (old, new) = (old.texts(key), new.texts(key));
            if old.iter().collect::<BTreeSet<_>>() == new.iter().collect() {
                continue;
            }
            let at = self.stated(key);
            if key == "xml" && self.role.is_xml {
                let written = |flat: &Flat<'a>| flat.get(key).iter().map(|it| it.value.to_string()).collect::<Vec<_>>();
                let what = describe_values(key, &written(self.old), &written(self.new));
                self.note("xml-changed", Effect::Both, &at, &what);
            } else {
                self.comparison.documentation(key, &at, [!old.is_empty(), !new.is_empty()]);
            }
        }
    }

    /// Compares `default`, `deprecated` and `discriminator`, which determine the meaning of instances.
    fn meaning(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        self.comparison.deprecation(&self.place, old.is_set("deprecated"), new.is_set("deprecated"));
        let (before, after) = (old.texts("default"), new.texts("default"));
        if before != after {
            let place = self.stated("default");
            let rule = if before.is_empty() { "default-added" } else { "default-changed" };
            let what = describe_values("default", &before, &after);
            // An omitted property may remain unset; an omitted parameter always has a meaning.
            let was_unset = match self.role.transmission {
                Transmission::Value => before.is_empty(),
                Transmission::Text => false,
                Transmission::RequiredValue | Transmission::RequiredText => true,
            };
            if self.role.direction == Direction::Response || was_unset {
                let message = format!("{what}: documentation only");
                self.comparison.note(rule, Verdict::Docs, &place, message);
            } else {
                let message = format!("{what}: requests that omit the value mean something else");
                self.comparison.note(rule, Verdict::Breaking, &place, message);
            }
        }
        self.discriminator();
        // Alternatives are compared separately.
        if new.alternatives().is_empty() { self.mapped() } else { Ok(()) }
    }

    /// Compares the schemas that extend this one, as its discriminator lists them.
    fn mapped(&mut self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        let mapping = |flat: &Flat<'a>, document: &'a Normal| -> BTreeMap<&'a str, Place<'a>> {
            let members = flat.get("discriminator").iter().flat_map(|it| it.member("mapping").members());
            let target = |to: Place<'a>| Some(to.referred(document, to.value.as_str()?));
            members.filter_map(|(name, to)| Some((name, target(to).filter(Place::is_present)?))).collect()
        };
        let (before, mut after) = (mapping(old, self.comparison.old), mapping(new, self.comparison.new));
        for (name, old) in before {
            // A change of the target is a change of the mapping.
            if let Some(new) = after.remove(name).filter(|new| same_component(&old, new)) {
                self.comparison.conjunctions(vec![old], vec![new], self.role)?;
            }
        }
        Ok(())
    }

    /// Compares which values of the discriminator stand for which alternative.
    fn discriminator(&mut self) {
        let (old, new) = (self.old, self.new);
        let listed = |flat: &Flat<'a>| -> BTreeSet<&'a str> {
            let alternatives = flat.alternatives().into_iter().flat_map(|list| list.items());
            alternatives.chain(flat.parts.clone()).filter_map(|place| place.text("$ref")).collect()
        };
        // The names of an alternative are added and removed with it.
        let (are_old, are_new) = (listed(old), listed(new));
        let is_in_one =
            |to: &Place<'a>| to.value.as_str().is_some_and(|to| are_old.contains(to) != are_new.contains(to));
        let stated = |flat: &Flat<'a>| -> BTreeMap<String, Place<'a>> {
            let members = flat.get("discriminator").iter().flat_map(Place::members).filter(|(key, _)| !is_docs(key));
            let stated = members.flat_map(|(key, place)| match key {
                // A target is a reference or the name of a component.
                "mapping" => place
                    .members()
                    .into_iter()
                    .filter(|(_, to)| !is_in_one(to))
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
        let Some(effect) = effect.map(|effect| self.role.sense.of(effect)) else { return };
        let gone = before.iter().filter(|(what, _)| !after.contains_key(*what));
        let added = after.iter().filter(|(what, _)| !before.contains_key(*what));
        let mut values: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
        let sides = gone.clone().map(|(what, _)| (what, 0)).chain(added.clone().map(|(what, _)| (what, 1)));
        for (what, side) in sides {
            let (key, value) = what.split_once("` ").unwrap_or((what, ""));
            values.entry(key).or_default()[side] = Some(value);
        }
        let all = values.into_iter().map(|(key, values)| match values {
            [Some(was), Some(is)] => format!("{key}` was {was} and is {is}"),
            [Some(was), None] => format!("{key}` {was} was removed"),
            [None, is] => format!("{key}` {} was added", is.unwrap_or_default()),
        });
        let what = format!("in the discriminator, {}", all.collect::<Vec<_>>().join(", "));
        let place = added.chain(gone).next().map_or(place, |(_, place)| place.clone());
        self.note(&format!("discriminator-{}", effect.word()), effect, &place, &what);
    }

    /// Notes changes of keywords without a rule; they count as breaking.
    fn unknown_keywords(&mut self) {
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

/// Describes a change of the pairs of a property and a name that it requires.
fn describe_names(old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
    let missing = |these: &[(&str, &str)], those: &[(&str, &str)], verb: &str| -> Vec<String> {
        let missing = these.iter().filter(|pair| !those.contains(pair));
        missing.map(|(key, name)| format!("{} {verb} {}", quoted(key), quoted(name))).collect()
    };
    [missing(old, new, "no longer requires"), missing(new, old, "now requires")].concat().join(", ")
}

/// Describes a change of the values of a keyword.
fn describe_values(keyword: &str, old: &[String], new: &[String]) -> String {
    let list = |values: &[String]| values.join(" and ");
    match (old, new) {
        ([], new) => format!("`{keyword}` {} was added", list(new)),
        (old, []) => format!("`{keyword}` {} was removed", list(old)),
        (old, new) => format!("`{keyword}` was {} and is {}", list(old), list(new)),
    }
}

/// Returns the name of an alternative: its title, its component or its position.
fn alternative_name(place: &Place<'_>) -> String {
    quoted(place.text("title").unwrap_or(place.name()))
}

/// Returns whether schemas restrict a value, but do not reject all.
fn allows_some(schemas: &[Place<'_>]) -> bool {
    !schemas.is_empty() && schemas.iter().all(|schema| *schema.value != false)
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
