//! Where the values of a text stand.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Parser};

use super::escape;

enum Open {
    Sequence(usize),
    Mapping(Option<String>),
}

/// The lines of these JSON pointers in a YAML or JSON text, counted from 1; of what is not there, the line of what is around it.
pub fn lines<'p>(text: &str, pointers: impl IntoIterator<Item = &'p str>) -> BTreeMap<&'p str, usize> {
    let wanted: BTreeSet<&str> = pointers.into_iter().collect();
    let prefixes: BTreeSet<&str> = wanted.iter().flat_map(|pointer| ancestors(pointer)).collect();
    let found = find(text, &prefixes);
    let line = |pointer: &'p str| ancestors(pointer).find_map(|ancestor| found.get(ancestor).copied());
    wanted.into_iter().filter_map(|pointer| Some((pointer, line(pointer)?))).collect()
}

/// The pointer itself and what it leads through, the innermost first.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| pointer.rsplit_once('/').map(|(parent, _)| parent))
}

fn find(text: &str, wanted: &BTreeSet<&str>) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut open: Vec<Open> = Vec::new();
    // Of what is open, the pointers, as long as they are wanted.
    let mut path: Vec<Option<String>> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let inner = match event {
            Event::Scalar(text, ..) => {
                if let Some(Open::Mapping(key @ None)) = open.last_mut() {
                    // A key stands where its value does, and before it.
                    note(&mut found, member(&path, wanted, || escape(&text)), span.start.line());
                    *key = Some(text.into_owned());
                    continue;
                }
                None
            }
            Event::Alias(_) => None,
            Event::SequenceStart(..) => Some(Open::Sequence(0)),
            Event::MappingStart(..) => Some(Open::Mapping(None)),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                path.pop();
                continue;
            }
            _ => continue,
        };
        let pointer = match open.last_mut() {
            Some(Open::Sequence(index)) => {
                *index += 1;
                member(&path, wanted, || (*index - 1).to_string().into())
            }
            Some(Open::Mapping(key)) => {
                let key = key.take().unwrap_or_default();
                member(&path, wanted, || escape(&key))
            }
            None => Some(String::new()),
        };
        note(&mut found, pointer.clone(), span.start.line());
        if let Some(inner) = inner {
            open.push(inner);
            path.push(pointer);
        }
    }
    found
}

/// The pointer of a member of what is open, if it is wanted.
fn member<'k>(path: &[Option<String>], wanted: &BTreeSet<&str>, key: impl FnOnce() -> Cow<'k, str>) -> Option<String> {
    let parent = path.last()?.as_ref()?;
    Some(format!("{parent}/{}", key())).filter(|pointer| wanted.contains(pointer.as_str()))
}

fn note(found: &mut BTreeMap<String, usize>, pointer: Option<String>, line: usize) {
    if let Some(pointer) = pointer {
        found.entry(pointer).or_insert(line);
    }
}
