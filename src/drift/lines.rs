//! Where the values of a text stand.

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
    // Only along wanted pointers is the path known; elsewhere, how deep it is.
    let mut path = vec![String::new()];
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        let line = span.start.line();
        match event {
            Event::Scalar(text, ..) if matches!(open.last(), Some(Open::Mapping(None))) => {
                let child = format!("{}/{}", path.last().map_or("", String::as_str), escape(&text));
                if wanted.contains(child.as_str()) {
                    found.entry(child).or_insert(line);
                }
                *open.last_mut().unwrap_or(&mut Open::Sequence(0)) = Open::Mapping(Some(text.into_owned()));
            }
            Event::Scalar(..) | Event::Alias(_) => {
                let child = next(&mut open, &path);
                if wanted.contains(child.as_str()) {
                    found.entry(child).or_insert(line);
                }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let child = next(&mut open, &path);
                if wanted.contains(child.as_str()) {
                    found.entry(child.clone()).or_insert(line);
                }
                path.push(child);
                open.push(if matches!(event, Event::SequenceStart(..)) {
                    Open::Sequence(0)
                } else {
                    Open::Mapping(None)
                });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                path.pop();
            }
            _ => {}
        }
    }
    found
}

/// The pointer of the value that begins.
fn next(open: &mut [Open], path: &[String]) -> String {
    let parent = path.last().map_or("", String::as_str);
    match open.last_mut() {
        Some(Open::Sequence(index)) => {
            *index += 1;
            format!("{parent}/{}", *index - 1)
        }
        Some(Open::Mapping(key)) => format!("{parent}/{}", escape(&key.take().unwrap_or_default())),
        None => String::new(),
    }
}
