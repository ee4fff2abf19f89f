//! Keys of types in the lock. Unlike JSON pointers, they do not change if elements of a list are added, removed or reordered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use serde_json::{Map, Value};

use crate::names::{Names, split_variant_key, variant_key};
use crate::normalize::VALUES;
use crate::pointer::{escape, last_token};

/// The lists whose elements have labels. The position in other lists, such as `prefixItems`, has a meaning.
const LISTS: [&str; 4] = ["/anyOf", "/oneOf", "/parameters", "/type"];

/// Returns keys for the locations in a document.
pub struct Keys<'a> {
    document: &'a Value,
    /// The labels of the elements of lists, by location.
    labels: HashMap<String, Vec<String>>,
    /// Maps each key that an element may have, one for each of its labels, to the rank of that label and to the key with the preferred
    /// label.
    preferred: HashMap<String, (usize, String)>,
}

impl<'a> Keys<'a> {
    /// Returns the keys for a document.
    pub fn new(document: &'a Value) -> Self {
        Self { document, labels: HashMap::new(), preferred: HashMap::new() }
    }

    /// Records the labels of an element. Has no effect if labels are already recorded for it.
    pub fn record(&mut self, location: String, labels: Vec<String>) {
        self.labels.entry(location).or_insert(labels);
    }

    /// Returns the location with the preferred labels instead of indices. `allOf` and the index of its member are omitted, since the
    /// members form one schema.
    pub fn key(&mut self, pointer: &str) -> String {
        let mut key = String::new();
        let starts = pointer.match_indices('/').map(|(at, _)| at);
        let ends = starts.clone().skip(1).chain([pointer.len()]);
        for (start, end) in starts.zip(ends) {
            let (list, token) = (&pointer[..start], &pointer[start + 1..end]);
            let is_index = token.parse::<usize>().is_ok();
            if is_index && list.ends_with("/allOf") {
                key.truncate(key.len() - "/allOf".len());
            } else if is_index && let Some(labels) = self.labels(list, &pointer[..end]) {
                let keys: Vec<String> = labels.iter().map(|label| format!("{key}/{}", escape(label))).collect();
                key.clone_from(&keys[0]);
                for (rank, other) in keys.into_iter().enumerate() {
                    self.preferred.entry(other).or_insert_with(|| (rank, key.clone()));
                }
            } else {
                key.push_str(&pointer[start..end]);
            }
        }
        key
    }

    fn labels(&mut self, list: &str, element: &str) -> Option<&[String]> {
        if !self.labels.contains_key(element) && LISTS.iter().any(|keyword| list.ends_with(keyword)) {
            let items = self.document.pointer(list).and_then(Value::as_array).into_iter().flatten();
            for (index, labels) in labels(self.document, items).into_iter().enumerate() {
                self.record(format!("{list}/{index}"), labels);
            }
        }
        self.labels.get(element).map(Vec::as_slice)
    }

    /// Returns the recorded names of types and variants, and the appended values, under their current keys: each recorded label is replaced
    /// by the preferred one. If several recorded keys become the same key, the names of the one with the more preferred labels are kept.
    /// All keys of the document must have been requested before.
    pub fn translate(&self, recorded: &Names) -> Names {
        let of_variants = recorded.variants.keys().filter_map(|key| Some(split_variant_key(key)?.0));
        let sources: BTreeSet<String> = recorded.types.keys().cloned().chain(of_variants).collect();
        let mut best: BTreeMap<String, (Vec<usize>, &str)> = BTreeMap::new();
        for source in &sources {
            let (target, ranks) = self.translate_key(source);
            let found = best.entry(target).or_insert_with(|| (ranks.clone(), source));
            if ranks < found.0 {
                *found = (ranks, source);
            }
        }
        let targets: BTreeMap<&str, &str> =
            best.iter().map(|(target, (_, source))| (*source, target.as_str())).collect();
        let target = |source: &str| targets.get(source).map(|it| (*it).to_owned());
        let types = recorded.types.iter().filter_map(|(key, name)| Some((target(key)?, name.clone())));
        let appended = recorded.appended.iter().filter_map(|(key, values)| Some((target(key)?, values.clone())));
        let variants = recorded.variants.iter().filter_map(|(key, name)| {
            let (type_key, value) = split_variant_key(key)?;
            Some((variant_key(&target(&type_key)?, value), name.clone()))
        });
        Names {
            operations: BTreeMap::new(),
            types: types.collect(),
            variants: variants.collect(),
            appended: appended.collect(),
        }
    }

    /// Returns the key with the preferred labels, and the ranks of the labels that it replaces.
    fn translate_key(&self, recorded: &str) -> (String, Vec<usize>) {
        let (direction, pointer) = recorded.split_once('/').unwrap_or((recorded, ""));
        let (mut key, mut ranks) = (String::new(), Vec::new());
        for token in pointer.split('/') {
            key = format!("{key}/{token}");
            if let Some((rank, preferred)) = self.preferred.get(&key) {
                key.clone_from(preferred);
                ranks.push(*rank);
            }
        }
        (format!("{direction}{key}"), ranks)
    }
}

/// What may distinguish an element of a list from the others. `Display` formats it for the lock.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Label {
    /// The location and the name of a parameter: `in=query,name=sort`.
    Parameter(String, String),
    /// The value of a required property: `{mode=walk}`.
    Constant(String, Value),
    /// The name of a component that the element refers to: `$ref=walk`.
    Component(String),
    /// The name of a property: `{distance}`.
    Property(String),
    /// The type: `type=string`, `type=enum` or `type=array<string>`.
    Type(String),
    /// The title: `title=Walk`.
    Title(String),
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(location, name) => write!(f, "in={location},name={name}"),
            Self::Constant(name, Value::String(text)) => write!(f, "{{{name}={text}}}"),
            Self::Constant(name, value) => write!(f, "{{{name}={value}}}"),
            Self::Component(name) => write!(f, "$ref={name}"),
            Self::Property(name) => write!(f, "{{{name}}}"),
            Self::Type(kind) => write!(f, "type={kind}"),
            Self::Title(title) => write!(f, "title={title}"),
        }
    }
}

/// Returns, for each element, its unique labels: those that no other element has, in the following order of preference. They come from the
/// element itself or from members of its `allOf`. `document` resolves references.
///
/// - location and name of a parameter
/// - the value of a required property
/// - a reference
/// - a property, the required ones first
/// - the type
/// - the title
///
/// The title is last, since it is only documentation. If a nested type no longer has the label that its key in the lock contains, it loses
/// its recorded name and gets a new one, preferably its title.
pub fn unique_labels<'v>(document: &Value, items: impl Iterator<Item = &'v Value>) -> Vec<Vec<Label>> {
    let mut items: Vec<Vec<Label>> = items.map(|item| describe(document, item)).collect();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    items.iter().flatten().for_each(|label| *uses.entry(label.to_string()).or_default() += 1);
    items.iter_mut().for_each(|labels| labels.retain(|label| uses[&label.to_string()] == 1));
    items
}

/// Returns, for each element, its unique labels as text. The label of an element without a unique label is its type; if there are several
/// of one type, with a number from the second one on: `type=string#2`.
pub fn labels<'v>(document: &Value, items: impl Iterator<Item = &'v Value>) -> Vec<Vec<String>> {
    let items: Vec<&Value> = items.collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut labels = Vec::new();
    for (item, unique) in items.iter().zip(unique_labels(document, items.iter().copied())) {
        let mut unique: Vec<String> = unique.iter().map(Label::to_string).collect();
        if unique.is_empty() {
            let kind = Label::Type(kind(item)).to_string();
            let count = counts.entry(kind.clone()).or_default();
            *count += 1;
            unique.push(if *count == 1 { kind } else { format!("{kind}#{count}") });
        }
        labels.push(unique);
    }
    labels
}

/// Returns all labels that may distinguish an element from the others of its list, in order of preference.
fn describe(document: &Value, item: &Value) -> Vec<Label> {
    if let (Some(location), Some(name)) = (item["in"].as_str(), item["name"].as_str()) {
        return vec![Label::Parameter(location.to_owned(), name.to_owned())];
    }
    let parts = parts(item);
    let required: BTreeSet<&str> =
        parts.iter().filter_map(|it| it["required"].as_array()).flatten().filter_map(Value::as_str).collect();
    let properties: BTreeMap<&str, &Value> = parts
        .iter()
        .filter_map(|it| it["properties"].as_object())
        .flatten()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    let constants = required.iter().filter_map(|name| {
        let value = constant(document, properties.get(name)?)?;
        Some(Label::Constant((*name).to_owned(), value.clone()))
    });
    let references = texts(&parts, "$ref").map(|it| Label::Component(last_token(it)));
    let optional = properties.keys().filter(|name| !required.contains(*name));
    let names = required.iter().chain(optional).map(|name| Label::Property((*name).to_owned()));
    // Alternatives that list values are merged in the normal form.
    let merged = parts.iter().filter_map(|it| it[VALUES].as_object()).flat_map(Map::values);
    let titles = parts.iter().copied().chain(merged).filter_map(|it| it["title"].as_str());
    let titles = titles.map(|title| Label::Title(title.to_owned()));
    let mut labels = Vec::new();
    for label in constants.chain(references).chain(names).chain([Label::Type(kind(item))]).chain(titles) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// Returns a schema and the members of its `allOf`, recursively.
fn parts(schema: &Value) -> Vec<&Value> {
    let members = schema["allOf"].as_array().into_iter().flatten();
    std::iter::once(schema).chain(members.flat_map(parts)).collect()
}

fn texts<'v>(parts: &[&'v Value], keyword: &str) -> impl Iterator<Item = &'v str> {
    parts.iter().filter_map(move |it| it[keyword].as_str())
}

/// Returns the only value that a schema, or the one that it refers to, allows, if it is a scalar.
fn constant<'v>(document: &'v Value, schema: &'v Value) -> Option<&'v Value> {
    let target = schema["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    let schema = target.unwrap_or(schema);
    let only = schema["enum"].as_array().filter(|values| values.len() == 1).map(|values| &values[0]);
    schema.get("const").or(only).filter(|value| !value.is_array() && !value.is_object())
}

/// Returns the type of a schema, or of an element of `type`. `null` is omitted beside other types: OpenAPI 3.0 does not list it.
fn kind(schema: &Value) -> String {
    if let Value::String(kind) = schema {
        return kind.clone();
    }
    let parts = parts(schema);
    if parts.iter().any(|it| it.get("enum").or(it.get("const")).is_some()) {
        return "enum".to_owned();
    }
    let listed = |it: &&Value| it["type"].as_array().cloned().unwrap_or_else(|| vec![it["type"].clone()]);
    let types: Vec<Value> = parts.iter().flat_map(listed).collect();
    let mut types: BTreeSet<&str> = types.iter().filter_map(Value::as_str).collect();
    if types.len() > 1 {
        types.remove("null");
    }
    let items = parts.iter().find_map(|it| it.get("items"));
    match (types.into_iter().collect::<Vec<_>>().as_slice(), items) {
        ([], _) => texts(&parts, "$ref").next().map_or_else(|| "any".to_owned(), last_token),
        (["array"], Some(items)) => format!("array<{}>", kind(items)),
        (types, _) => types.join(","),
    }
}
