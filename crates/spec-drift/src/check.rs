//! The check: compares documents and generated clients.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};

use clap::Args;
use openapi_refinery::Output::Client;
use openapi_refinery::pointer::ancestors;
use openapi_refinery::{
    Configuration, Input, Inputs, Names, Outcome, Prepared, Provenance, lines, normalize, prepare, reduce_to_operations,
};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use super::aliases::merge_aliased;
use super::api::Api;
use super::attribution;
use super::interface::generate_snapshot;
use super::naming::Naming;
use super::project::{Project, State, find, find_current};
use super::report::{Generated, Report, accept_command};
use super::source::{Source, unreadable};
use super::{Change, Document, Published, Scope, Verdict, compare_published};

/// The rule for corrections that no longer apply.
const OBSOLETE: &str = "correction-obsolete";
/// The rule of a document that no client is generated from.
pub(crate) const NOT_GENERATED: &str = "not-generated";

/// The documents to compare, and the extent of the comparison.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// The vendored document; that of the project by default.
    #[arg(long, value_name = "FILE")]
    pub vendored: Option<PathBuf>,
    /// The candidate: a file, an https URL, or `-` for standard input.
    #[arg(long, value_name = "FILE|URL|-")]
    pub upstream: Option<String>,
    /// The operations of the candidate to use.
    #[arg(long, value_enum, default_value_t)]
    pub scope: Scope,
    /// Compares only the documents, not the generated clients.
    #[arg(long)]
    pub no_regenerate: bool,
}

/// Returns a task for each correction that no longer applies.
pub(crate) fn obsolete_corrections<'a>(
    project: &'a Project,
    corrections: &'a [Outcome],
) -> impl Iterator<Item = String> + 'a {
    let warnings = corrections.iter().filter_map(Outcome::warning);
    warnings.map(|warning| format!("{}: {warning}, and run `spec-drift accept`", project.corrections()))
}

/// Checks the vendored document, or a candidate for it.
///
/// # Errors
/// Returns an error if the documents cannot be compared. The message states the reason, the location and a remedy.
pub fn check(options: &Options) -> Result<Report, String> {
    let (project, vendored) = read_vendored(options.vendored.as_deref())?;
    let upstream = options.upstream.as_deref().map(Source::read).transpose()?;
    if upstream.is_none() && project.is_none() {
        return Err(format!(
            "{} is not the document of a project; pass --upstream to compare it with a candidate",
            vendored.name
        ));
    }
    // An edited document is compared, as a candidate, with the accepted one.
    let edited = project.as_ref().filter(|project| project.is_document_edited());
    let accepted = edited.and_then(accepted_at_head);
    let edit = edited.map(|project| document_edited(project, accepted.is_some()));
    let (vendored, candidate, scope) = match (accepted, upstream) {
        (Some(accepted), None) => (accepted, Some(vendored), Scope::All),
        (accepted, upstream) => (accepted.unwrap_or(vendored), upstream, options.scope),
    };
    let Documents { document, not_vendored, mut changes } = match &candidate {
        Some(candidate) => compare_documents(&vendored, candidate, scope)?,
        None => Documents { document: vendored.value.clone(), ..Documents::default() },
    };
    let regenerated = (!options.no_regenerate)
        .then(|| regenerate(&mut changes, project.as_ref(), &vendored, &document, candidate.as_ref()));
    let (generated, corrections) = regenerated.transpose()?.unzip();
    changes.extend(edit);
    let upstream_or_vendored = candidate.as_ref().unwrap_or(&vendored);
    merge_aliased(&mut changes, upstream_or_vendored, &vendored);
    locate(&mut changes, upstream_or_vendored, &vendored);
    let upstream = options.upstream.as_deref();
    // `accept` is not suggested if it cannot succeed or would change nothing.
    let has = |rule: &str| changes.iter().any(|change| change.rule == rule);
    let can_accept = upstream != Some("-") && !has(NOT_GENERATED) && changes.iter().any(|it| it.rule != OBSOLETE);
    let file = upstream.or(project.as_ref().map(|project| project.configuration.document.as_str()));
    let file = file.filter(|from| *from != "-" && !from.contains("://")).map(str::to_owned);
    let vendored_file = project.as_ref().map_or(vendored.name, |project| project.configuration.document.clone());
    let accept_command = project.filter(|_| can_accept).map(|_| accept_command(upstream, options.scope));
    let report = Report {
        changes,
        not_vendored,
        generated,
        corrections: corrections.unwrap_or_default(),
        accept_command,
        file,
        vendored_file: Some(vendored_file),
        ..Report::default()
    };
    Ok(report.summarize())
}

/// Compares the generated client with the accepted one, and records its changes and those of the project.
fn regenerate(
    changes: &mut Vec<Change>,
    project: Option<&Project>,
    vendored: &Source,
    document: &Value,
    candidate: Option<&Source>,
) -> Result<(Generated, Vec<Outcome>), String> {
    let Some(project) = project else {
        return compare_generated(changes, GeneratedCode::of_documents(vendored, document));
    };
    let generated_code = GeneratedCode::of_project(project, project, vendored, document, candidate);
    let (generated, corrections) = compare_generated(changes, generated_code)?;
    let is_stale = candidate.is_none() && !generated.identical && !project.is_document_edited();
    changes.extend(compare_digests(project, is_stale));
    let tasks = obsolete_corrections(project, &corrections);
    changes.extend(tasks.map(|task| Change::in_code(OBSOLETE, Verdict::Docs, "", task)));
    Ok((generated, corrections))
}

/// Reads the vendored document, by default that of the project, and the project whose document it is.
fn read_vendored(path: Option<&Path>) -> Result<(Option<Project>, Source), String> {
    let (project, path) = match path {
        Some(path) => (project_of(path)?, path.to_owned()),
        None => {
            let project = Project::read(find_current(Some("--vendored"))?)?;
            let path = project.configuration.path(&project.configuration.document);
            (Some(project), path)
        }
    };
    let mut vendored = Source::read(&path.to_string_lossy())?;
    if let Some(project) = &project {
        vendored.name.clone_from(&project.configuration.document);
    }
    Ok((project, vendored))
}

/// Compares the document and snapshots of a project at HEAD with a candidate, for changelog entries.
///
/// # Errors
/// Returns an error if [`check`] does.
pub(crate) fn check_since(before: &Project, project: &Project, document: &Source) -> Result<Report, String> {
    let vendored = source_at_head(project, before.document().clone());
    let mut changes = compare_documents(&vendored, document, Scope::All)?.changes;
    let generated_code = GeneratedCode::of_project(before, project, &vendored, &document.value, Some(document));
    let (generated, corrections) = compare_generated(&mut changes, generated_code)?;
    let report = Report { changes, generated: Some(generated), corrections, ..Report::default() };
    Ok(report.summarize())
}

/// A candidate, compared with the vendored document.
#[derive(Default)]
struct Documents {
    /// The part of the candidate that is compared.
    document: Value,
    not_vendored: Vec<String>,
    changes: Vec<Change>,
}

fn compare_documents(vendored: &Source, candidate: &Source, scope: Scope) -> Result<Documents, String> {
    let normal = normalize(&vendored.value).map_err(|error| error.in_input(&vendored.name).to_string())?;
    let old = Published { value: &vendored.value, normal: normal.into() };
    let with_name = |error: openapi_refinery::Error| error.in_input(&candidate.name).to_string();
    let (document, not_vendored, normal) = match scope {
        Scope::All => (candidate.value.clone(), Vec::new(), normalize(&candidate.value).map_err(with_name)?),
        Scope::Vendored => {
            let reduced = reduce_to_operations(&candidate.value, &vendored.value).map_err(with_name)?;
            (reduced.document, reduced.removed_operations, reduced.normal)
        }
    };
    let changes = compare_published(&old, &Published { value: &document, normal: normal.into() }).map_err(with_name)?;
    Ok(Documents { document, not_vendored, changes })
}

/// Returns the project whose document this is.
fn project_of(vendored: &Path) -> Result<Option<Project>, String> {
    let path = vendored.canonicalize().map_err(|error| format!("{}: {}", vendored.display(), unreadable(&error)))?;
    let configuration = path.parent().map_or(Ok(None), find)?;
    let is_own = |it: &Configuration| it.path(&it.document).canonicalize().is_ok_and(|document| document == path);
    configuration.filter(is_own).map(Project::read).transpose()
}

/// A generated file, before and after.
struct GeneratedFile {
    /// Its path.
    name: String,
    /// The accepted text.
    old: String,
    /// The code regenerated from the accepted document, if the snapshot is missing or cannot be parsed. It is then compared in place of
    /// `old`.
    regenerated: Option<String>,
    new: String,
}

/// Generated code before and after.
struct GeneratedCode {
    outputs: Vec<GeneratedFile>,
    /// The locations in the document that items come from, before and after.
    before: Provenance,
    after: Provenance,
    /// The names of both clients.
    names: Names,
    corrections: Vec<Outcome>,
}

impl GeneratedCode {
    /// Returns the snapshots of a project, and the client that it generates from a document.
    fn of_project(
        before: &Project,
        project: &Project,
        vendored: &Source,
        document: &Value,
        candidate: Option<&Source>,
    ) -> openapi_refinery::Result<Self> {
        let path = &project.configuration.document;
        // Preparation takes much memory, so the documents are prepared one after the other.
        let (mut generated_code, codes) = {
            let new = project.prepare(candidate.map_or(path, |candidate| &candidate.name), document.clone())?;
            let codes = before.snapshots.iter().map(|snapshot| generate_snapshot(&new, snapshot.output));
            (Self::new(before.names()?, &new), codes.collect::<openapi_refinery::Result<Vec<_>>>()?)
        };
        let is_other = before.snapshots.iter().zip(&codes).any(|(snapshot, (code, _))| snapshot.code != *code);
        let accepted = candidate.filter(|_| is_other);
        let accepted = accepted.and_then(|_| before.prepare(path, vendored.value.clone()).ok());
        for (snapshot, (code, provenance)) in before.snapshots.iter().zip(codes) {
            let mut regenerated = None;
            if snapshot.code != code {
                let (accepted, provenance) = match &accepted {
                    Some(accepted) => generate_snapshot(accepted, snapshot.output)?,
                    None => (code.clone(), provenance.clone()),
                };
                generated_code.before.extend(provenance);
                let is_readable = Api::read(&mut Default::default(), &snapshot.code, &accepted).is_ok();
                regenerated = (snapshot.code.is_empty() || !is_readable).then_some(accepted);
            }
            generated_code.after.extend(provenance);
            generated_code.add(&snapshot.path, snapshot.code.clone(), regenerated, code);
        }
        Ok(generated_code)
    }

    /// Returns the clients of two documents without a project. The names of the vendored one are kept.
    fn of_documents(vendored: &Source, document: &Value) -> openapi_refinery::Result<Self> {
        let input = |value: &Value| Input { name: vendored.name.clone(), value: value.clone() };
        // Preparation takes much memory, so the documents are prepared one after the other.
        let (names, (old, before)) = {
            let old = prepare(Inputs::new(input(&vendored.value)))?;
            (old.names().clone(), generate_snapshot(&old, Client)?)
        };
        let lock = Input { name: "lock".to_owned(), value: json!(names) };
        let new = prepare(Inputs { lock, ..Inputs::new(input(document)) })?;
        let mut generated_code = Self::new(names, &new);
        let (new, after) = generate_snapshot(&new, Client)?;
        generated_code.before.extend(before);
        generated_code.after.extend(after);
        generated_code.add("client.rs", old, None, new);
        Ok(generated_code)
    }

    fn new(mut names: Names, new: &Prepared) -> Self {
        names.types.extend(new.names().types.clone());
        names.operations.extend(new.names().operations.clone());
        let corrections = new.corrections.clone();
        let [before, after] = [Provenance::default(), Provenance::default()];
        Self { outputs: Vec::new(), before, after, names, corrections }
    }

    fn add(&mut self, name: &str, old: String, regenerated: Option<String>, new: String) {
        self.outputs.push(GeneratedFile { name: name.to_owned(), old, regenerated, new });
    }

    /// Returns the APIs of the old and the new code.
    fn apis(&self) -> Result<[Api; 2], String> {
        let mut apis = [Api::default(), Api::default()];
        for GeneratedFile { old, regenerated, new, .. } in &self.outputs {
            Api::read(&mut apis, regenerated.as_ref().unwrap_or(old), new)?;
        }
        Ok(apis)
    }

    fn differences(&self) -> Generated {
        let mut generated = Generated { identical: true, ..Generated::default() };
        for GeneratedFile { name, old, new, .. } in self.outputs.iter().filter(|output| output.old != output.new) {
            let diff = TextDiff::configure().timeout(std::time::Duration::from_secs(1)).diff_lines(old, new);
            let count = |tag: ChangeTag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            generated.identical = false;
            generated.added += count(ChangeTag::Insert);
            generated.removed += count(ChangeTag::Delete);
            let [old, new] = ["accepted", "regenerated"].map(|state| format!("{state} {name}"));
            generated.diff += &diff.unified_diff().header(&old, &new).to_string();
        }
        generated
    }
}

/// Compares the generated code, and records its changes with the changes of the document that cause them.
fn compare_generated(
    changes: &mut Vec<Change>,
    generated_code: openapi_refinery::Result<GeneratedCode>,
) -> Result<(Generated, Vec<Outcome>), String> {
    let generated_code = match generated_code {
        Ok(generated_code) => generated_code,
        Err(error) => {
            changes.iter_mut().for_each(|change| change.rust = Some(Verdict::None));
            let message = format!("no client can be generated: {error}");
            let pointer = error.pointer().unwrap_or_default();
            changes.push(Change::in_code(NOT_GENERATED, Verdict::Breaking, pointer, message));
            return Ok((Generated::default(), Vec::new()));
        }
    };
    let [old, new] = generated_code.apis()?;
    let GeneratedCode { before, after, names, .. } = &generated_code;
    let mut both = before.clone();
    both.extend(after.clone());
    let parameters = attribution::parameters_with_same_index(before, after);
    let caused = attribution::attribute(
        changes,
        &attribution::Generations { old: &old, new: &new, before, after, both: &both, names, parameters },
    );
    let naming = Naming::new(&both, names);
    for (index, change) in changes.iter_mut().enumerate() {
        change.affected_items = naming.affected_items(&change.pointer, caused.get(&index).map_or(&[], Vec::as_slice));
    }
    Ok((generated_code.differences(), generated_code.corrections))
}

/// Returns the accepted document if the commit HEAD has it.
fn accepted_at_head(project: &Project) -> Option<Source> {
    project.accepted_document().map(|document| source_at_head(project, document))
}

/// Returns a document of the commit HEAD. It has no text, since its lines are not those of a file.
fn source_at_head(project: &Project, value: Value) -> Source {
    let name = format!("{} at HEAD", project.configuration.document);
    Source { name, text: String::new(), lines_before: 0, value }
}

/// Returns the change for an edited document. Its effect is unknown unless the accepted document is compared.
fn document_edited(project: &Project, is_compared: bool) -> Change {
    let path = &project.configuration.document;
    let (wire, remedy) = if is_compared {
        (Verdict::None, format!("`git restore {path}`"))
    } else {
        let unknown = "restore that file; its effect cannot be determined, because the commit HEAD does not have the accepted file";
        (Verdict::Breaking, unknown.to_owned())
    };
    Change { wire, ..Change::in_code("document-edited", Verdict::Docs, "", describe_edit(path, &remedy)) }
}

/// Describes a file that differs from the accepted one.
fn describe_edit(path: &str, remedy: &str) -> String {
    format!(
        "{path} differs from the accepted file, because it was edited or `accept` was interrupted: run `spec-drift accept` again \
         (with the same `--upstream`), or {remedy}"
    )
}

/// Compares the snapshots, the corrections and the generator with the accepted ones.
fn compare_digests(project: &Project, is_stale: bool) -> Vec<Change> {
    let (accepted, present) = (&project.accepted, &project.present);
    let mut changed = Vec::new();
    let mut record = |rule: &str, message: String| changed.push(Change::in_code(rule, Verdict::Docs, "", message));
    if *accepted == State::default() {
        record("not-accepted", "no document has been accepted yet: run `spec-drift accept`".to_owned());
        return changed;
    }
    for snapshot in &project.snapshots {
        let path = &snapshot.path;
        if snapshot.code.is_empty() {
            record("snapshot-missing", format!("there is no {path}: run `spec-drift accept`, or `git restore {path}`"));
        } else if accepted.snapshots.get(path) != present.snapshots.get(path) {
            record("snapshot-edited", describe_edit(path, &format!("`git restore {path}`")));
        }
    }
    for path in accepted.snapshots.keys().filter(|path| !present.snapshots.contains_key(*path)) {
        record(
            "snapshot-missing",
            format!("{path} was accepted, but is no longer one of the snapshots: run `spec-drift accept`"),
        );
    }
    if accepted.corrections != present.corrections {
        record(
            "corrections-changed",
            format!("{} has changed since it was accepted: run `spec-drift accept`", project.corrections()),
        );
    }
    // Without a `Cargo.lock`, the versions are unknown.
    let is_known = [accepted, present].iter().all(|state| !state.generator.is_empty());
    if is_known && accepted.generator != present.generator {
        record(
            "generator-changed",
            format!(
                "the generator changed from {} to {}: run `spec-drift accept`",
                accepted.generator, present.generator
            ),
        );
    }
    if changed.is_empty() && is_stale {
        let message = "a different client is generated from the same document, because the generator, its configuration or a \
                       handwritten file has changed: run `spec-drift accept`";
        changed.push(Change::in_code("codegen-changed", Verdict::Docs, "", message));
    }
    changed
}

/// Finds the line of each change. A location that the document does not have is replaced by its nearest existing ancestor.
fn locate(changes: &mut [Change], candidate: &Source, vendored: &Source) {
    let [candidate, vendored] = [candidate, vendored].map(|source| (source, LazyCell::new(|| lines(&source.text))));
    for change in changes.iter_mut().filter(|change| change.pointer.starts_with('/')) {
        let (source, lines) = if change.document == Document::Vendored { &vendored } else { &candidate };
        let exists = |pointer: &&str| source.value.pointer(pointer).is_some();
        let pointer = ancestors(&change.pointer).find(exists).unwrap_or_default().to_owned();
        // The content of a YAML alias has no line of its own.
        let line = ancestors(&pointer).find_map(|pointer| lines.get(pointer));
        change.line = line.map(|line| line + source.lines_before);
        change.pointer = pointer;
    }
}
