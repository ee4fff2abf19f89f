//! Step 1: parsing of a text as a JSON value.
//!
//! The format is YAML 1.2 with its core schema, which includes JSON. The YAML parser does not recurse, and both depth and size are
//! limited. The size of an alias is that of its target. JSON with escaped surrogate pairs is parsed by `serde_json`, whose depth limit is
//! 127.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use super::{Error, Result};
use crate::pointer::escape;

/// The maximum depth: enough for documents written by people, and safe for recursive code.
const MAX_DEPTH: usize = 100;
/// Maximum size in memory, in bytes (approximate). A document of 4 MB takes about a tenth of it.
const MAX_SIZE: usize = 256 * 1024 * 1024;
/// The maximum number of lines or scalars to which indentation is added.
const MAX_INDENTATIONS: usize = 1000;
/// The approximate size in memory of a value without its text.
const NODE_SIZE: usize = 64;

/// Parses a YAML 1.2 or JSON text.
///
/// Keys are strings as they are written, so that a status code may be `404` or `'404'`. Collections may be nested 100 deep.
///
/// # Errors
/// Returns an error with line and column if the text is not YAML 1.2, contains a value that cannot be represented in JSON, or exceeds the
/// bounds.
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
        Some(Stop::Unreadable(error)) => parse_surrogate_pairs(text).ok_or_else(|| syntax_error(text, &error)),
        Some(Stop::Rejected(error)) => Err(error),
        None => loader.document.ok_or_else(|| Error::at_line(1, 1, "the text is empty", "add a YAML or JSON document")),
    }
}

/// Returns the lines of all values of a YAML or JSON text by JSON pointer, counted from 1. The line of a member is that of its key.
/// Values inside the target of an alias are not listed for the alias.
///
/// ```
/// let lines = openapi_refinery::lines("openapi: 3.1.0\npaths:\n  /shelves: {}\n");
/// assert_eq!(lines["/paths/~1shelves"], 3);
/// ```
pub fn lines(text: &str) -> BTreeMap<String, usize> {
    let (loader, _) = read(text, Some(BTreeMap::new()));
    loader.lines.unwrap_or_default()
}

/// Returns the JSON pointer of the anchor of each YAML alias, by the pointer of the alias. That of a merge key ends with `/<<`.
///
/// ```
/// let aliases = openapi_refinery::aliases("name: &text { type: string }\nlabel: *text\n");
/// assert_eq!(aliases["/label"], "/name");
/// ```
pub fn aliases(text: &str) -> BTreeMap<String, String> {
    let (loader, _) = read(text, Some(BTreeMap::new()));
    loader.aliases
}

/// The reason why reading stopped.
enum Stop {
    /// The text is not YAML.
    Unreadable(ScanError),
    /// A value cannot be represented in JSON, or a bound is exceeded.
    Rejected(Error),
}

/// Reads a text as far as it can be read.
fn read(text: &str, lines: Option<BTreeMap<String, usize>>) -> (Loader, Option<Stop>) {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_INDENTATIONS {
        let mut loader = Loader { lines: lines.clone(), ..Loader::default() };
        let mut events = Parser::new_from_str(&text);
        let stop = events.find_map(|event| match event {
            Ok((event, span)) => loader.take(event, span).err().map(Stop::Rejected),
            Err(error) => Some(Stop::Unreadable(error)),
        });
        match stop {
            Some(Stop::Unreadable(error)) if let Some(indented) = indent(&text, &error) => text = indented.into(),
            stop => return (loader, stop),
        }
    }
    (
        Loader::default(),
        Some(Stop::Rejected(Error::new(
            format!("more than {MAX_INDENTATIONS} lines are indented less than YAML 1.2 requires"),
            "indent them",
        ))),
    )
}

/// Indents a line of a flow collection or quoted scalar if YAML 1.2 requires more indentation (sections 7.3 and 7.4). Other readers accept
/// such lines, and their indentation has no meaning.
fn indent(text: &str, error: &ScanError) -> Option<String> {
    let marker = error.marker();
    let position = text.char_indices().nth(marker.index()).map(|(position, _)| position)?;
    let (start, end) = match error.info() {
        "invalid indentation" => (position, position),
        "invalid indentation in quoted scalar" => (position, position + quoted_length(&text[position..])?),
        _ => return None,
    };
    let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let first = if start == end { first } else { start + text[start..end].find('\n')? + 1 };
    let indentation = " ".repeat(MAX_DEPTH);
    // The line is already indented, so this is not the problem.
    if text[first..].starts_with(&indentation) {
        return None;
    }
    let lines = text[first..end.max(first)].replace('\n', &format!("\n{indentation}"));
    Some(format!("{}{indentation}{lines}{}", &text[..first], &text[end.max(first)..]))
}

/// Returns the length of the quoted scalar at the start of a text.
fn quoted_length(text: &str) -> Option<usize> {
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

/// Returns the error of a text that is not YAML. If it starts like JSON, the error describes it as JSON.
fn syntax_error(text: &str, error: &ScanError) -> Error {
    let is_json = text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'));
    if is_json && let Err(error) = serde_json::from_str::<IgnoredAny>(text.trim_end()) {
        let message = error.to_string();
        let problem = message.split(" at line ").next().unwrap_or_default();
        return Error::at_line(error.line(), error.column(), problem, "correct the JSON");
    }
    let marker = error.marker();
    Error::at_line(marker.line(), marker.col() + 1, error.info(), "correct the YAML")
}

/// Parses JSON with escaped surrogate pairs, which YAML does not have.
fn parse_surrogate_pairs(text: &str) -> Option<Value> {
    let has_halves = text.contains("\\ud") || text.contains("\\uD");
    has_halves.then(|| serde_json::from_str(text).ok()).flatten()
}

#[derive(Default)]
struct Loader {
    open: Vec<Collection>,
    anchors: HashMap<usize, Node>,
    size: usize,
    document: Option<Value>,
    /// The lines of values by pointer, if requested.
    lines: Option<BTreeMap<String, usize>>,
    /// The pointers of anchors, by those of their aliases, if lines are requested.
    aliases: BTreeMap<String, String>,
}

/// A complete value with its size and depth.
#[derive(Clone)]
struct Node {
    value: Value,
    size: usize,
    depth: usize,
    /// Its pointer, if lines are requested; that of the anchor for an alias.
    pointer: String,
}

/// A collection that is not complete.
struct Collection {
    items: Items,
    anchor: usize,
    size: usize,
    depth: usize,
    /// Its pointer, if lines are requested.
    pointer: String,
}

enum Items {
    Sequence(Vec<Value>),
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    members: Map<String, Value>,
    /// The key whose value is read next.
    key: Option<Key>,
    /// The value of the merge key.
    merged: Option<Value>,
}

enum Key {
    Name(String),
    /// A merge key (YAML 1.1, "Merge Key Language-Independent Type"): `<<` without quotes.
    Merge,
}

impl Key {
    fn as_str(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Merge => MERGE,
        }
    }
}

const MERGE: &str = "<<";

impl Loader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<()> {
        match event {
            Event::DocumentStart(_) if self.document.is_some() => {
                Err(error_at(span, "a second document begins", "keep one document"))
            }
            Event::SequenceStart(anchor, _) => self.begin(Items::Sequence(Vec::new()), anchor, span),
            Event::MappingStart(anchor, _) => self.begin(Items::Mapping(Mapping::default()), anchor, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    let pointer = self.record_line("", span);
                    if self.lines.is_some() {
                        self.aliases.insert(pointer, node.pointer.clone());
                    }
                    self.add_size(node.size, span)?;
                    self.add(node, 0, span)
                }
                None => Err(error_at(span, "an alias refers to a collection that contains it", "write out the value")),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn begin(&mut self, items: Items, anchor: usize, span: Span) -> Result<()> {
        if self.expects_key() {
            return Err(error_at(span, "a key is a collection", "use a string as key, as JSON requires"));
        }
        self.check_depth(1, span)?;
        self.add_size(NODE_SIZE, span)?;
        let pointer = self.record_line("", span);
        self.open.push(Collection { items, anchor, size: NODE_SIZE, depth: 1, pointer });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<()> {
        let Some(Collection { items, anchor, size, depth, pointer }) = self.open.pop() else {
            return Err(error_at(span, "the end of a collection has no start", "correct the YAML"));
        };
        let value = match items {
            Items::Sequence(values) => Value::Array(values),
            Items::Mapping(mapping) => Value::Object(merge(mapping).ok_or_else(|| {
                error_at(
                    span,
                    "the value of the merge key `<<` is neither a mapping nor a list of mappings",
                    "merge a mapping, or quote the key",
                )
            })?),
        };
        self.add(Node { value, size, depth, pointer }, anchor, span)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<()> {
        let is_key = self.expects_key();
        let value = if is_key {
            // A key is the string as written: the status codes `404` and `'404'` are equal.
            Value::String(text.to_owned())
        } else {
            resolve(text, style, tag).ok_or_else(|| {
                error_at(span, format!("`{text}` cannot be represented in JSON"), "quote it if it is a string")
            })?
        };
        let pointer = self.record_line(text, span);
        let size = NODE_SIZE + text.len();
        self.add_size(size, span)?;
        if is_key && text == MERGE && style == ScalarStyle::Plain {
            return self.set_merge_key(span);
        }
        self.add(Node { value, size, depth: 0, pointer }, anchor, span)
    }

    fn set_merge_key(&mut self, span: Span) -> Result<()> {
        match self.open.last_mut() {
            Some(Collection { items: Items::Mapping(Mapping { key, merged: None, .. }), .. }) => {
                *key = Some(Key::Merge);
                Ok(())
            }
            _ => Err(duplicate_key(span, MERGE)),
        }
    }

    /// Records the line of the value that starts here, or of the member with this key. Returns its pointer.
    fn record_line(&mut self, key: &str, span: Span) -> String {
        let Some(lines) = &mut self.lines else { return String::new() };
        let pointer = match self.open.last() {
            None => String::new(),
            Some(Collection { items: Items::Sequence(items), pointer, .. }) => format!("{pointer}/{}", items.len()),
            Some(Collection { items: Items::Mapping(mapping), pointer, .. }) => {
                format!("{pointer}/{}", escape(mapping.key.as_ref().map_or(key, Key::as_str)))
            }
        };
        lines.entry(pointer.clone()).or_insert(span.start.line());
        pointer
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Collection { items: Items::Mapping(Mapping { key: None, .. }), .. }))
    }

    /// Returns an error if `depth` further levels of nesting exceed the maximum depth.
    fn check_depth(&self, depth: usize, span: Span) -> Result<()> {
        if self.open.len() + depth > MAX_DEPTH {
            let problem = format!("collections are nested more than {MAX_DEPTH} deep");
            return Err(error_at(span, problem, "flatten the document"));
        }
        Ok(())
    }

    /// Adds to the size of the document, and returns an error if it exceeds the maximum. Anchored values count twice: once in place, once
    /// as the target of aliases. Each alias has the size of its target.
    fn add_size(&mut self, size: usize, span: Span) -> Result<()> {
        self.size = self.size.saturating_add(size);
        if self.size > MAX_SIZE {
            let problem = format!("the document takes more than {} MiB with its aliases expanded", MAX_SIZE >> 20);
            return Err(error_at(span, problem, "reduce it, or use fewer aliases"));
        }
        Ok(())
    }

    /// Adds a complete value to the innermost open collection, or sets the document.
    fn add(&mut self, node: Node, anchor: usize, span: Span) -> Result<()> {
        self.check_depth(node.depth, span)?;
        if anchor != 0 {
            self.add_size(node.size, span)?;
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
            (Items::Mapping(Mapping { members, key, merged }), value) => match (key.take(), value) {
                (Some(Key::Merge), value) => *merged = Some(value),
                (Some(Key::Name(name)), value) => {
                    members.insert(name, value);
                }
                (None, Value::String(name)) if !members.contains_key(&name) => *key = Some(Key::Name(name)),
                (None, Value::String(name)) => return Err(duplicate_key(span, &name)),
                (None, _) => {
                    return Err(error_at(span, "a key is not a string", "quote it, as JSON requires"));
                }
            },
        }
        Ok(())
    }
}

/// Adds the members of merged mappings that the mapping does not have. Earlier mappings take precedence.
fn merge(Mapping { mut members, merged, .. }: Mapping) -> Option<Map<String, Value>> {
    let sources = match merged {
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

fn duplicate_key(span: Span, name: &str) -> Error {
    error_at(span, format!("duplicate key `{name}`"), "remove one of the two")
}

fn error_at(span: Span, problem: impl Into<String>, remedy: &str) -> Error {
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
    // `parse` also accepts `inf`, `NaN` and `infinity`, which are strings in YAML.
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
