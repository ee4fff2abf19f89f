//! Keys of types in the lock. Unlike JSON pointers, they do not change if elements of a list are added, removed or reordered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::pointer::{escape, last_token};

/// The lists whose elements have labels. The position in other lists, such as `prefixItems`, has a meaning.
const LISTS: [&str; 4] = ["/anyOf", "/oneOf", "/parameters", "/type"];

/// Returns keys for the locations in a document.
pub struct Keys<'a> {
    document: &'a Value,
    /// The labels of the elements, by the location of the list.
    labels: HashMap<String, Vec<String>>,
}

impl<'a> Keys<'a> {
    /// Returns the keys for a document.
    pub fn new(document: &'a Value) -> Self {
        Self { document, labels: HashMap::new() }
    }

    /// Records the labels of a list that the document does not have.
    pub fn record(&mut self, list: String, labels: Vec<String>) {
        self.labels.insert(list, labels);
    }

    /// Returns the location with labels instead of indices. `allOf` and the index of its member are omitted, since the members form one
    /// schema.
    pub fn key(&mut self, pointer: &str) -> String {
        let mut key = String::new();
        let starts = pointer.match_indices('/').map(|(at, _)| at);
        let ends = starts.clone().skip(1).chain([pointer.len()]);
        for (start, end) in starts.zip(ends) {
            let (list, token) = (&pointer[..start], &pointer[start + 1..end]);
            match token.parse() {
                Ok(_) if list.ends_with("/allOf") => key.truncate(key.len() - "/allOf".len()),
                Ok(index) => key.push_str(&format!("/{}", self.label(list, index).map_or(token.into(), escape))),
                Err(_) => key.push_str(&pointer[start..end]),
            }
        }
        key
    }

    fn label(&mut self, list: &str, index: usize) -> Option<&str> {
        if !self.labels.contains_key(list) && LISTS.iter().any(|keyword| list.ends_with(keyword)) {
            let items = self.document.pointer(list).and_then(Value::as_array);
            let labels = items.map(|items| labels(self.document, items.iter())).unwrap_or_default();
            self.labels.insert(list.to_owned(), labels);
        }
        self.labels.get(list)?.get(index).map(String::as_str)
    }
}

/// Returns a label for each element of a list: the first of these that no other element has, as the element or members of its `allOf` state
/// it. `document` resolves references.
///
/// - location and name of a parameter: `in=query,name=sort`
/// - the value of a required property: `{mode=walk}`
/// - the title: `title=Walk`
/// - a reference: `$ref=walk`
/// - the type: `type=string`, `type=enum` or `type=array<string>`, with a number from the second on: `type=string#2`
pub fn labels<'v>(document: &Value, items: impl Iterator<Item = &'v Value>) -> Vec<String> {
    let items: Vec<(&Value, Vec<String>)> = items.map(|item| (item, properties_of(document, item))).collect();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    items.iter().flat_map(|(_, own)| own).for_each(|property| *uses.entry(property).or_default() += 1);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let label = |(item, own): &(&Value, Vec<String>)| {
        own.iter().find(|property| uses[property.as_str()] == 1).cloned().unwrap_or_else(|| {
            let label = format!("type={}", kind(item));
            let count = counts.entry(label.clone()).or_default();
            *count += 1;
            if *count == 1 { label } else { format!("{label}#{count}") }
        })
    };
    items.iter().map(label).collect()
}

/// Returns what may distinguish an element from the others of its list, in order of preference.
fn properties_of(document: &Value, item: &Value) -> Vec<String> {
    if let (Some(location), Some(name)) = (item["in"].as_str(), item["name"].as_str()) {
        return vec![format!("in={location},name={name}")];
    }
    let parts = parts(item);
    let required: BTreeSet<&str> =
        parts.iter().filter_map(|it| it["required"].as_array()).flatten().filter_map(Value::as_str).collect();
    let properties = parts.iter().filter_map(|it| it["properties"].as_object()).flatten();
    let constants = properties.filter(|(name, _)| required.contains(name.as_str()));
    let constants = constants.filter_map(|(name, schema)| Some(format!("{{{name}={}}}", constant(document, schema)?)));
    let constants: BTreeSet<String> = constants.collect();
    let titles: BTreeSet<String> = texts(&parts, "title").map(|title| format!("title={title}")).collect();
    let references: BTreeSet<String> = texts(&parts, "$ref").map(|it| format!("$ref={}", last_token(it))).collect();
    constants.into_iter().chain(titles).chain(references).collect()
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
fn constant(document: &Value, schema: &Value) -> Option<String> {
    let target = schema["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    let schema = target.unwrap_or(schema);
    let only = schema["enum"].as_array().filter(|values| values.len() == 1).map(|values| &values[0]);
    match schema.get("const").or(only)? {
        Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        scalar => Some(scalar.to_string()),
    }
}

/// Returns the type of a schema, or of an element of `type`. `null` is omitted: OpenAPI 3.0 does not list it.
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
    let types: BTreeSet<&str> = types.iter().filter_map(Value::as_str).filter(|it| *it != "null").collect();
    let items = parts.iter().find_map(|it| it.get("items"));
    match (types.into_iter().collect::<Vec<_>>().as_slice(), items) {
        ([], _) => texts(&parts, "$ref").next().map_or_else(|| "any".to_owned(), last_token),
        (["array"], Some(items)) => format!("array<{}>", kind(items)),
        (types, _) => types.join(","),
    }
}
