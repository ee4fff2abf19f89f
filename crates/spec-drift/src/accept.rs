//! Accepting a candidate: it becomes the vendored document, and snapshots and lock are updated.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use openapi_refinery::{load, normalize, reduce_to_operations};

use super::Scope;
use super::changelog::{Changelog, replace_entries};
use super::check::{check_since, obsolete_corrections};
use super::interface::generate_snapshot;
use super::project::{HEADER, Project, State, digest, lock_text, yaml};
use super::report::on_one_line;
use super::source::{Source, unreadable};

/// What was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The file or URL of the document.
    pub document: String,
    /// The files that were changed.
    pub changed: Vec<String>,
    /// What remains to be done, a sentence each.
    pub tasks: Vec<String>,
    /// Whether the generated code has changed, no changelog was written, and the commit HEAD has the document. The text then refers to
    /// `spec-drift changelog`.
    has_unlisted_changes: bool,
}

impl Accepted {
    /// Returns a line with the document and the changed files, and a line for each task.
    pub fn text(&self) -> String {
        let changed = match self.changed.as_slice() {
            [] => "no file has changed".to_owned(),
            files => format!("changed {}", files.join(", ")),
        };
        let tasks = self.tasks.iter().map(|task| on_one_line(task) + "\n").collect::<String>();
        let hint = if self.has_unlisted_changes {
            "; `spec-drift changelog` lists what has changed in the client since the last commit"
        } else {
            ""
        };
        format!("accepted {}: {changed}{hint}\n{tasks}", self.document)
    }
}

/// A file to write.
struct File {
    name: String,
    path: PathBuf,
    text: String,
}

/// Accepts a candidate, or the vendored document as it is.
///
/// In the file `changelog`, entries for what has changed since the commit HEAD are written under `Unreleased`.
///
/// Files are written only if all of them can be generated. The lock is written last: until then, its digests show that the other files
/// are not those that were accepted.
///
/// # Errors
/// Returns an error if it cannot be accepted. The message states the reason, and whether a file was changed.
pub fn accept(
    project: &Project,
    upstream: Option<&str>,
    scope: Scope,
    changelog: Option<&Path>,
) -> Result<Accepted, String> {
    let configuration = &project.configuration;
    let Some(lock_path) = &configuration.lock else {
        return Err(
            "openapi/generate.yaml, at /lock: there is no lock to record what is accepted; set `lock` to a file"
                .to_owned(),
        );
    };
    let document = document_to_vendor(project, upstream, scope)?;
    normalize(&document.value).map_err(|error| error.in_input(&document.name))?;
    let prepared = project.prepare(&document.name, document.value.clone())?;
    let entries = changelog.map(|path| {
        let text = add_entries(path, project, &document)?;
        Ok::<_, String>(File { name: path.display().to_string(), path: path.to_owned(), text })
    });
    let entries = entries.transpose()?;
    let Source { name, text, .. } = document;
    let source = upstream.map_or_else(|| project.accepted.source.clone(), |_| without_folder(&name));
    let mut accepted = State { source, document: digest(&text), ..project.present.clone() };
    let file = |name: &str, text| File { name: name.to_owned(), path: configuration.path(name), text };
    let mut files = vec![file(&configuration.document, text)];
    for snapshot in &project.snapshots {
        let (code, _) = generate_snapshot(&prepared, snapshot.output)?;
        let text = HEADER.to_owned() + &code;
        accepted.snapshots.insert(snapshot.path.clone(), digest(&text));
        files.push(file(&snapshot.path, text));
    }
    files.extend(entries);
    files.push(file(lock_path, lock_text(prepared.names(), &accepted)?));
    let mut tasks: Vec<String> = obsolete_corrections(project, &prepared.corrections).collect();
    let unused = project.unused_names(&prepared)?;
    let names = unused.join("`, `");
    let remedy = format!("or assign the name to the replacement in {lock_path}, and run `spec-drift accept` again");
    match unused.len() {
        0 => {}
        1 => tasks.push(format!("`{names}` is no longer generated: change the code that uses it, {remedy}")),
        _ => tasks.push(format!("`{names}` are no longer generated: change the code that uses them, {remedy}")),
    }
    let is_changed = |file: &&File| fs::read_to_string(&file.path).ok().as_ref() != Some(&file.text);
    let changed: Vec<String> = files.iter().filter(is_changed).map(|file| file.name.clone()).collect();
    let has_changed_code = project.snapshots.iter().any(|snapshot| changed.contains(&snapshot.path));
    let has_unlisted_changes = has_changed_code && changelog.is_none() && project.is_committed();
    replace(&files)?;
    Ok(Accepted { document: name, changed, tasks, has_unlisted_changes })
}

/// Returns the document that `accept` vendors for a candidate; without one, the vendored document.
pub(crate) fn document_to_vendor(project: &Project, upstream: Option<&str>, scope: Scope) -> Result<Source, String> {
    let configuration = &project.configuration;
    let (name, text) = match upstream {
        Some(from) => {
            let vendored = Source::read(&configuration.path(&configuration.document).to_string_lossy())?;
            let candidate = Source::read(from)?;
            (candidate.name.clone(), text_to_vendor(candidate, &vendored, scope)?)
        }
        None => (configuration.document.clone(), configuration.read_file("document", &configuration.document)?),
    };
    let value = load(&text).map_err(|error| error.in_input(&name))?;
    Ok(Source { name, text, lines_before: 0, value })
}

/// Returns a source as the lock records it: a URL, or the name of a file without its folder, which differs between machines.
fn without_folder(source: &str) -> String {
    let file = Path::new(source).file_name().filter(|_| !source.contains("://"));
    file.map_or_else(|| source.to_owned(), |file| file.to_string_lossy().into_owned())
}

/// Returns the text of a changelog, with entries for what has changed since the commit HEAD.
fn add_entries(path: &Path, project: &Project, document: &Source) -> Result<String, String> {
    let with_name = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| with_name(&unreadable(&error)))?;
    // Without a document at HEAD, all of the client is new.
    let Some(before) = project.at_head()? else { return Ok(text) };
    let sections = Changelog::new(&check_since(&before, project, document)?, None)?.markdown();
    replace_entries(&text, &before.identity(), &sections).map_err(|error| with_name(&error))
}

/// Returns the text to vendor: as published if nothing has to be removed, as vendored if the reduced document equals that one, otherwise
/// the reduced document as YAML.
fn text_to_vendor(source: Source, vendored: &Source, scope: Scope) -> Result<String, String> {
    if scope == Scope::All {
        return Ok(source.text);
    }
    let reduced =
        reduce_to_operations(&source.value, &vendored.value).map_err(|error| error.in_input(&source.name))?.document;
    // If the reduced document equals the published or the vendored one, the text of that one is used.
    let same = [&source, vendored].into_iter().find(|same| same.value == reduced);
    same.map_or_else(|| yaml(&reduced), |same| Ok(same.text.clone()))
}

/// Replaces files in order, each by renaming. All are written beside the old ones before the first is replaced.
fn replace(files: &[File]) -> Result<(), String> {
    for File { path, text, .. } in files {
        let path = staging_path(path);
        write(&path, text).map_err(|error| {
            // A file that cannot be removed is overwritten by the next `accept`.
            files.iter().for_each(|file| drop(fs::remove_file(staging_path(&file.path))));
            format!("nothing was changed: {} cannot be written: {error}; make its folder writable", path.display())
        })?;
    }
    for File { name, path, .. } in files {
        fs::rename(staging_path(path), path).map_err(|error| {
            format!("{name} cannot be replaced: {error}; run `spec-drift accept` again, or restore the files with `git restore`")
        })?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}

fn staging_path(path: &Path) -> PathBuf {
    let mut staged = OsString::from(path);
    staged.push(".new");
    staged.into()
}
