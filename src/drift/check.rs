//! The check: what moved, who moved it, and what that means.

use std::path::{Path, PathBuf};

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::api::Api;
use super::attribution::{self, Generation};
use super::project::{self, CORRECTIONS, DOCUMENT, Project, SNAPSHOT};
use super::report::{Correction, Generated, Report, remedy};
use super::source::Source;
use super::{Change, Verdict, compare, cut, lines};
use crate::codegen::names::{Names, recorded};
use crate::codegen::{self, Input, Prepared, as_pointers};

/// The rule that tells of a correction that no longer applies.
const OBSOLETE: &str = "correction-obsolete";

/// What to compare, and how far.
#[derive(Debug, Default)]
pub struct Options {
    /// The vendored document; the project's own if none is named.
    pub vendored: Option<PathBuf>,
    /// The candidate: a file, a URL, or `-` for standard input.
    pub upstream: Option<String>,
    /// Whether operations count that are not vendored.
    pub all: bool,
    /// Whether to leave generated code alone.
    pub documents_only: bool,
}

/// Checks.
///
/// # Errors
/// One sentence: why nothing can be compared.
pub fn check(options: &Options) -> Result<Report, String> {
    let project = project(options.vendored.as_deref())?;
    let vendored = match (&options.vendored, &project) {
        (Some(path), _) => path.clone(),
        (None, Some(project)) => project.path(DOCUMENT),
        (None, None) => return Err("there is no vendored document; name --vendored".to_owned()),
    };
    let vendored = Source::read(&vendored.to_string_lossy())?;
    let candidate = options.upstream.as_deref().map(Source::read).transpose()?;
    if candidate.is_none() && project.is_none() {
        return Err(format!("{} has no snapshot to compare with; name --upstream", vendored.name));
    }
    let (document, not_vendored) = match &candidate {
        Some(candidate) if options.all => (candidate.value.clone(), Vec::new()),
        Some(candidate) => {
            cut(&candidate.value, &vendored.value).map_err(|error| to_blame(&vendored, &candidate.name, &error))?
        }
        None => (vendored.value.clone(), Vec::new()),
    };
    let mut changes = match &candidate {
        Some(candidate) => {
            compare(&vendored.value, &document).map_err(|error| to_blame(&vendored, &candidate.name, &error))?
        }
        None => Vec::new(),
    };
    let mut outcome = (None, Vec::new());
    if !options.documents_only {
        let generations = match &project {
            Some(project) => {
                of_project(project, &document, candidate.as_ref().map_or(DOCUMENT, |candidate| &candidate.name))
            }
            None => alone(&vendored, &document),
        };
        let (generated, corrections) =
            judge(&mut changes, [&vendored.value, &document], generations, project.as_ref())?;
        let is_stale = candidate.is_none() && !generated.identical;
        changes.extend(project.iter().flat_map(|project| moved(project, is_stale)));
        changes.extend(corrections.iter().filter_map(obsolete));
        outcome = (Some(generated), corrections);
    }
    locate(&mut changes, candidate.as_ref().unwrap_or(&vendored));
    let (generated, corrections) = outcome;
    // What is outside of a project cannot be accepted, and what is obsolete is to be removed.
    let is_accepted = changes.iter().any(|change| change.rule != OBSOLETE);
    let upstream = options.upstream.as_deref();
    let remedy = project.filter(|_| is_accepted).map(|_| remedy(upstream, options.all));
    let file = Some(upstream.unwrap_or(DOCUMENT)).filter(|from| *from != "-" && !from.contains("://"));
    Ok(Report::new(changes, not_vendored, generated, corrections, remedy, file.map(str::to_owned)))
}

/// Why two documents cannot be compared: for the vendored one, or for the candidate.
fn to_blame(vendored: &Source, candidate: &str, error: &codegen::Error) -> String {
    match compare(&vendored.value, &vendored.value) {
        Err(error) => format!("{}: {error}", vendored.name),
        Ok(_) => format!("{candidate}: {error}"),
    }
}

/// The project, unless a document outside of it is named.
fn project(vendored: Option<&Path>) -> Result<Option<Project>, String> {
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    let Some(vendored) = vendored else { return Project::find(&here).map(Some) };
    let path = vendored.canonicalize().map_err(|error| format!("{}: {error}", vendored.display()))?;
    let project = path.parent().and_then(|folder| Project::find(folder).ok());
    Ok(project.filter(|project| project.path(DOCUMENT).canonicalize().is_ok_and(|own| own == path)))
}

/// Two generations of the client.
struct Generations {
    old: String,
    new: String,
    /// Names of either.
    names: Names,
    corrections: Vec<Correction>,
}

impl Generations {
    fn of(old: String, mut names: Names, new: &Prepared) -> codegen::Result<Self> {
        names.types.extend(new.names().types.clone());
        names.operations.extend(new.names().operations.clone());
        let corrections = new.corrections.iter().map(|it| Correction {
            why: it.why.clone(),
            applies: it.applies,
            left_to_do: it.left_to_do(),
        });
        Ok(Self { old, new: new.client()?, names, corrections: corrections.collect() })
    }
}

/// What was accepted, and what is generated now.
fn of_project(project: &Project, document: &Value, name: &str) -> codegen::Result<Generations> {
    let names = recorded(project.lock.clone())?;
    Generations::of(project.snapshot.clone(), names, &project.prepare(name, document.clone())?)
}

/// What either document gives by itself, names that were given kept.
fn alone(vendored: &Source, document: &Value) -> codegen::Result<Generations> {
    let input = |value: Value| Input { name: vendored.name.clone(), value };
    let old = project::prepare_alone(input(vendored.value.clone()), None, &Names::default())?;
    let new = project::prepare_alone(input(document.clone()), None, old.names())?;
    Generations::of(old.client()?, old.names().clone(), &new)
}

/// Judges the generated code, and tells of each change of a document what it does to it.
fn judge(
    changes: &mut Vec<Change>,
    [before, after]: [&Value; 2],
    generations: codegen::Result<Generations>,
    project: Option<&Project>,
) -> Result<(Generated, Vec<Correction>), String> {
    let Generations { old, new, names, corrections } = match generations {
        Ok(generations) => generations,
        Err(error) => {
            changes.iter_mut().for_each(|change| change.rust = Some(Verdict::None));
            let message = format!("no client can be generated: {error}");
            changes.push(change(
                "not-generated",
                Some(Verdict::Breaking),
                error.pointer().unwrap_or_default(),
                message,
            ));
            return Ok((Generated::default(), Vec::new()));
        }
    };
    let [old_api, new_api] = apis(&old, &new, before, project)?;
    let (before, after) = (as_pointers(before), as_pointers(after));
    let before = Generation { document: &before, api: old_api };
    let after = Generation { document: &after, api: new_api };
    attribution::attribute(changes, &before, &after, &names);
    Ok((differences(&old, &new), corrections))
}

/// The API that was accepted, and the new one. A snapshot that is gone, or edited until it is no Rust, must hide nothing: it is
/// made once more.
fn apis(snapshot: &str, new: &str, document: &Value, project: Option<&Project>) -> Result<[Api; 2], String> {
    let read = if snapshot.is_empty() { Err("there is none".to_owned()) } else { read_both(snapshot, new) };
    match project {
        Some(project) if read.is_err() => {
            let client = project.prepare(DOCUMENT, document.clone()).and_then(|prepared| prepared.client());
            read_both(&client.map_err(|error| error.to_string())?, new)
        }
        _ => read,
    }
}

/// What both stand on is not read where it is the same.
fn read_both(old: &str, new: &str) -> Result<[Api; 2], String> {
    let without_support = codegen::without_support(old).zip(codegen::without_support(new));
    let (old, new) = without_support.unwrap_or((old, new));
    Ok([Api::read(old)?, Api::read(new)?])
}

fn differences(old: &str, new: &str) -> Generated {
    let diff = TextDiff::configure().timeout(std::time::Duration::from_secs(1)).diff_lines(old, new);
    let count = |tag: ChangeTag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    Generated {
        identical: old == new,
        added: count(ChangeTag::Insert),
        removed: count(ChangeTag::Delete),
        diff: diff.unified_diff().header("accepted", "regenerated").to_string(),
    }
}

/// Who moved, as far as the digests of what was accepted tell.
fn moved(project: &Project, is_stale: bool) -> Vec<Change> {
    let (accepted, present) = (&project.accepted, &project.present);
    if project.snapshot.is_empty() {
        return vec![change(
            "snapshot-missing",
            Some(Verdict::Docs),
            "",
            format!("there is no {SNAPSHOT}: have `accept` make it"),
        )];
    }
    let mut moved = Vec::new();
    let mut tell = |rule: &str, message: String| moved.push(change(rule, Some(Verdict::Docs), "", message));
    if accepted.snapshot != present.snapshot {
        tell(
            "snapshot-edited",
            format!("{SNAPSHOT} is not what was accepted: it is generated, have `accept` renew it"),
        );
    }
    if accepted.document != present.document {
        tell(
            "document-edited",
            format!("{DOCUMENT} is not the document that was accepted: restore it, or accept it as it is"),
        );
    }
    if accepted.corrections != present.corrections {
        tell("corrections-changed", format!("{CORRECTIONS} is not what was accepted with the snapshot"));
    }
    if accepted.generator != present.generator {
        tell("generator-changed", format!("the generator was {} and is {}", accepted.generator, present.generator));
    }
    if moved.is_empty() && is_stale {
        moved.push(change(
            "codegen-changed",
            Some(Verdict::Docs),
            "",
            "src/ generates another client from the same document".to_owned(),
        ));
    }
    moved
}

fn obsolete(correction: &Correction) -> Option<Change> {
    let left = correction.left_to_do.as_ref()?;
    Some(change(OBSOLETE, Some(Verdict::Docs), "", format!("{CORRECTIONS}: {left}")))
}

fn change(rule: &str, rust: Option<Verdict>, pointer: &str, message: String) -> Change {
    // What is ours takes no part in what is on the wire.
    Change {
        rule: rule.to_owned(),
        wire: Verdict::None,
        rust,
        pointer: pointer.to_owned(),
        line: None,
        operation: None,
        message,
    }
}

/// Finds the line of each change.
fn locate(changes: &mut [Change], source: &Source) {
    let pointers: Vec<String> = changes.iter().map(|change| change.pointer.clone()).collect();
    let pointers = pointers.iter().map(String::as_str).filter(|pointer| pointer.starts_with('/'));
    let lines = lines(&source.text, pointers);
    for change in changes {
        change.line = lines.get(change.pointer.as_str()).map(|line| line + source.lines_before);
    }
}
