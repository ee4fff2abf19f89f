//! Step 1: parsing of a text as a JSON value.
//!
//! The format is YAML 1.2 with its core schema, which includes JSON. Nothing here recurses, and both depth and size are bounded. An
//! alias counts for everything that it refers to.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use super::lower::escape;
use super::{Error, Result};

/// The maximum depth: enough for documents written by people, and safe for recursive code.
const MAX_DEPTH: usize = 100;
/// The maximum size in bytes of memory, approximately: about ten times that of a document of 4 MB.
const MAX_SIZE: usize = 256 * 1024 * 1024;
/// The maximum number of places where more indentation is added.
const MAX_INDENTED: usize = 1000;
/// The approximate size in memory of a value without its text.
const NODE_SIZE: usize = 64;

/// Parses a YAML 1.2 or JSON text.
///
/// Keys are strings as they are written, so that a status code may be `404` or `'404'`. Collections may be nested 100 deep.
///
/// # Errors
/// If the text is not YAML 1.2, contains something that has no counterpart in JSON, or exceeds the bounds. The error mentions the line
/// and column.
///
/// ```
/// use openapi_refinery::load;
/// use serde_json::json;
///
/// assert_eq!(load("404: { description: Not found. }")?, json!({ "404": { "description": "Not found." } }));
/// assert!(load("limit: .inf").is_err());
/// # Ok::<(), openapi_refinery::Error>(())
/// ```
pub fn load(text: &str) -> Result<Value> {
    let (loader, stop) = read(text, None);
    match stop {
        Some(Stop::Unreadable(error)) => surrogate_pairs(text).ok_or_else(|| unreadable(text, &error)),
        Some(Stop::Rejected(error)) => Err(error),
        None => loader.document.ok_or_else(|| Error::at_line(1, 1, "there is no document", "give one in YAML or JSON")),
    }
}

/// Returns the lines of all values of a YAML or JSON text, counted from 1, by JSON pointer; that of a member is the line of its key.
/// What an alias stands for has the line of the alias only.
pub fn lines(text: &str) -> BTreeMap<String, usize> {
    let (loader, _) = read(text, Some(BTreeMap::new()));
    loader.lines.unwrap_or_default()
}

/// Why reading stopped.
enum Stop {
    /// The text is not YAML.
    Unreadable(ScanError),
    /// It has no counterpart in JSON.
    Rejected(Error),
}

/// Reads a text as far as it can be read.
fn read(text: &str, lines: Option<BTreeMap<String, usize>>) -> (Loader, Option<Stop>) {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_INDENTED {
        let mut loader = Loader { lines: lines.clone(), ..Loader::default() };
        let mut events = Parser::new_from_str(&text);
        let stop = events.find_map(|event| match event {
            Ok((event, span)) => loader.take(event, span).err().map(Stop::Rejected),
            Err(error) => Some(Stop::Unreadable(error)),
        });
        match stop {
            Some(Stop::Unreadable(error)) if let Some(indented) = indented(&text, &error) => text = indented.into(),
            stop => return (loader, stop),
        }
    }
    (
        Loader::default(),
        Some(Stop::Rejected(Error::new("too many lines are indented less than YAML 1.2 asks", "indent them"))),
    )
}

/// Returns the text with more indentation where a line inside a flow collection or a quoted scalar is indented less than YAML 1.2 asks
/// (sections 7.3 and 7.4) and other readers accept it. Indentation there has no meaning.
fn indented(text: &str, error: &ScanError) -> Option<String> {
    let marker = error.marker();
    let position = text.char_indices().nth(marker.index()).map(|(position, _)| position)?;
    let (start, end) = match error.info() {
        "invalid indentation" => (position, position),
        "invalid indentation in quoted scalar" => (position, position + end_of_quoted(&text[position..])?),
        _ => return None,
    };
    let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let first = if start == end { first } else { start + text[start..end].find('\n')? + 1 };
    let indentation = " ".repeat(MAX_DEPTH);
    // Once is enough.
    if text[first..].starts_with(&indentation) {
        return None;
    }
    let lines = text[first..end.max(first)].replace('\n', &format!("\n{indentation}"));
    Some(format!("{}{indentation}{lines}{}", &text[..first], &text[end.max(first)..]))
}

/// Returns the length of the quoted scalar that a text begins with.
fn end_of_quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        let is_escape =
            if quote == '"' { c == '\\' } else { c == quote && characters.peek().is_some_and(|it| it.1 == quote) };
        if is_escape {
            characters.next();
        } else if c == quote {
            return Some(at + 1);
        }
    }
    None
}

/// Why a text cannot be read, in the terms of JSON if it begins like JSON.
fn unreadable(text: &str, error: &ScanError) -> Error {
    let is_json = text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'));
    if is_json && let Err(error) = serde_json::from_str::<IgnoredAny>(text.trim_end()) {
        let message = error.to_string();
        let problem = message.split(" at line ").next().unwrap_or_default();
        return Error::at_line(error.line(), error.column(), problem, "mend the JSON");
    }
    let marker = error.marker();
    Error::at_line(marker.line(), marker.col() + 1, error.info(), "mend the YAML")
}

/// Parses JSON with surrogate pairs, the only JSON syntax that YAML lacks.
fn surrogate_pairs(text: &str) -> Option<Value> {
    let has_halves = text.contains("\\ud") || text.contains("\\uD");
    has_halves.then(|| serde_json::from_str(text).ok()).flatten()
}

#[derive(Default)]
struct Loader {
    open: Vec<Collection>,
    anchors: HashMap<usize, Node>,
    size: usize,
    document: Option<Value>,
    /// The lines of values by pointer, if they are asked for.
    lines: Option<BTreeMap<String, usize>>,
}

/// A complete value with its size and depth.
#[derive(Clone)]
struct Node {
    value: Value,
    size: usize,
    depth: usize,
}

/// A collection that is still open.
struct Collection {
    items: Items,
    anchor: usize,
    size: usize,
    depth: usize,
    /// Where it is, if lines are asked for.
    pointer: String,
}

enum Items {
    Sequence(Vec<Value>),
    Mapping(Map<String, Value>, Option<String>),
}

/// A merge key (YAML 1.1, "Merge Key Language-Independent Type"), which is not the key `<<` in quotes. No text contains this character.
const MERGE: &str = "\0<<";

impl Loader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<()> {
        match event {
            Event::DocumentStart(_) if self.document.is_some() => {
                Err(fault(span, "a second document begins", "give one document"))
            }
            Event::SequenceStart(anchor, _) => self.begin(Items::Sequence(Vec::new()), anchor, span),
            Event::MappingStart(anchor, _) => self.begin(Items::Mapping(Map::new(), None), anchor, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    self.note("", span);
                    self.charge(node.size, span)?;
                    self.add(node, 0, span)
                }
                None => Err(fault(span, "an alias stands inside what it refers to", "write the value out")),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn begin(&mut self, items: Items, anchor: usize, span: Span) -> Result<()> {
        if self.expects_key() {
            return Err(fault(span, "a key is a collection", "JSON has only strings as keys: use one"));
        }
        self.check_depth(1, span)?;
        self.charge(NODE_SIZE, span)?;
        let pointer = self.note("", span);
        self.open.push(Collection { items, anchor, size: NODE_SIZE, depth: 1, pointer });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<()> {
        let Some(Collection { items, anchor, size, depth, .. }) = self.open.pop() else {
            return Err(fault(span, "a collection ends that never began", "mend the YAML"));
        };
        let value = match items {
            Items::Sequence(values) => Value::Array(values),
            Items::Mapping(members, _) => Value::Object(merged(members).ok_or_else(|| {
                fault(span, "a merge key is neither a mapping nor a list of mappings", "merge mappings, or quote `<<`")
            })?),
        };
        self.add(Node { value, size, depth }, anchor, span)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<()> {
        let value = if self.expects_key() {
            // A key is a string as it is written: the status codes `404` and `'404'` are the same.
            let is_merge = text == "<<" && style == ScalarStyle::Plain;
            Value::String(if is_merge { MERGE } else { text }.to_owned())
        } else {
            resolve(text, style, tag)
                .ok_or_else(|| fault(span, format!("`{text}` has no counterpart in JSON"), "quote it if it is text"))?
        };
        self.note(text, span);
        let size = NODE_SIZE + text.len();
        self.charge(size, span)?;
        self.add(Node { value, size, depth: 0 }, anchor, span)
    }

    /// Notes the line of the value that begins here, or of the member with this key. Returns its pointer.
    fn note(&mut self, key: &str, span: Span) -> String {
        let Some(lines) = &mut self.lines else { return String::new() };
        let pointer = match self.open.last() {
            None => String::new(),
            Some(Collection { items: Items::Sequence(items), pointer, .. }) => format!("{pointer}/{}", items.len()),
            Some(Collection { items: Items::Mapping(_, pending), pointer, .. }) => {
                format!("{pointer}/{}", escape(pending.as_deref().unwrap_or(key)))
            }
        };
        lines.entry(pointer.clone()).or_insert(span.start.line());
        pointer
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Collection { items: Items::Mapping(_, None), .. }))
    }

    /// Rejects `depth` more nested collections if that exceeds the maximum depth.
    fn check_depth(&self, depth: usize, span: Span) -> Result<()> {
        if self.open.len() + depth > MAX_DEPTH {
            let problem = format!("collections are nested more than {MAX_DEPTH} deep");
            return Err(fault(span, problem, "flatten the document"));
        }
        Ok(())
    }

    /// Adds to the size of the document, and rejects it beyond the maximum. Values kept for aliases count as well, and each alias counts
    /// for everything that it refers to.
    fn charge(&mut self, size: usize, span: Span) -> Result<()> {
        self.size = self.size.saturating_add(size);
        if self.size > MAX_SIZE {
            let problem = format!("the document takes more than {MAX_SIZE} bytes once its aliases are followed");
            return Err(fault(span, problem, "use fewer aliases"));
        }
        Ok(())
    }

    /// Adds a complete value to the innermost open collection, or sets the document.
    fn add(&mut self, node: Node, anchor: usize, span: Span) -> Result<()> {
        self.check_depth(node.depth, span)?;
        if anchor != 0 {
            self.charge(node.size, span)?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(collection) = self.open.last_mut() else {
            self.document = Some(node.value);
            return Ok(());
        };
        collection.size += node.size;
        collection.depth = collection.depth.max(node.depth + 1);
        match (&mut collection.items, node.value) {
            (Items::Sequence(values), value) => values.push(value),
            (Items::Mapping(members, key), value) => match (key.take(), value) {
                (Some(key), value) => {
                    members.insert(key, value);
                }
                (None, Value::String(name)) if !members.contains_key(&name) => *key = Some(name),
                (None, Value::String(name)) => {
                    return Err(fault(span, format!("the key `{name}` is there twice"), "remove one of the two"));
                }
                (None, _) => {
                    return Err(fault(span, "a key is not a string", "JSON has only strings as keys: quote it"));
                }
            },
        }
        Ok(())
    }
}

/// Adds the members of merged mappings, unless the mapping has them. Of several, the first counts.
fn merged(mut members: Map<String, Value>) -> Option<Map<String, Value>> {
    let sources = match members.remove(MERGE) {
        None => return Some(members),
        Some(Value::Array(sources)) => sources,
        Some(source) => vec![source],
    };
    for source in sources {
        let Value::Object(source) = source else { return None };
        for (key, value) in source {
            members.entry(key).or_insert(value);
        }
    }
    Some(members)
}

fn fault(span: Span, problem: impl Into<String>, remedy: &str) -> Error {
    Error::at_line(span.start.line(), span.start.col() + 1, problem, remedy)
}

/// Resolves a scalar by the core schema (YAML 1.2.2, section 10.3.2).
fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<Value> {
    match tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str()) {
        Some("str") => Some(text.into()),
        Some("null" | "bool" | "int" | "float") => plain(text),
        Some(_) => None,
        None if style == ScalarStyle::Plain => plain(text),
        None => Some(text.into()),
    }
}

fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(true.into()),
        "false" | "False" | "FALSE" => Some(false.into()),
        _ if is_special_float(text) => None,
        _ => Some(number(text).map_or_else(|| text.into(), Value::Number)),
    }
}

/// Returns whether a scalar is an infinity or NaN, which are floats in YAML and do not exist in JSON.
fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    // `parse` also takes `inf`, `NaN` and `infinity`, which are text in YAML.
    let looks_numeric = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if !looks_numeric {
        return None;
    }
    let integer = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    integer.ok().or_else(|| text.parse().ok().and_then(Number::from_f64))
}

fn radix(digits: &str, radix: u32) -> Option<Number> {
    let unsigned = !digits.starts_with(['+', '-']);
    unsigned.then(|| u64::from_str_radix(digits, radix).ok()).flatten().map(Number::from)
}
