//! Accepting a candidate: document, lock and snapshot change together, or none of them does.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::cut;
use super::project::{self, DOCUMENT, LOCK, Origin, Project, SNAPSHOT};
use super::source::Source;

/// While this is there, all new files are complete: whoever finds it goes on where `accept` was interrupted.
const JOURNAL: &str = "openapi/.accepted";
const FILES: [&str; 3] = [DOCUMENT, LOCK, SNAPSHOT];

/// Accepts a candidate, or things as they are.
///
/// # Errors
/// One sentence: why it cannot be accepted. Then nothing has changed.
pub fn accept(project: &Project, upstream: Option<&str>, all: bool) -> Result<(), String> {
    let (text, from) = match upstream {
        Some(from) => {
            let source = Source::read(from)?;
            let vendored = Source::read(&project.path(DOCUMENT).to_string_lossy())?;
            (slice(source, &vendored, all)?, from.to_owned())
        }
        None => {
            let path = project.path(DOCUMENT);
            let text = fs::read_to_string(&path).map_err(|error| format!("{DOCUMENT}: {error}"))?;
            (text, project.accepted.source.clone())
        }
    };
    let document = crate::codegen::load(&text).map_err(|error| format!("{from}: {error}"))?;
    super::compare(&document, &document).map_err(|error| format!("{from}: {error}"))?;
    let prepared = project.prepare(&from, document).map_err(|error| error.to_string())?;
    let snapshot = project::snapshot(&prepared.client().map_err(|error| error.to_string())?);
    let origin = Origin {
        source: from,
        document: project::digest(&text),
        snapshot: project::digest(&snapshot),
        ..project.present.clone()
    };
    let lock = project.renewed_lock(&prepared, &origin)?;
    let root = project.root();
    if let Err(error) = stage(root, [&text, &lock, &snapshot]) {
        unstage(root);
        return Err(format!("nothing was changed: {error}"));
    }
    recover(root)
}

/// The text to vendor: as published, unless operations have to be left out.
fn slice(source: Source, vendored: &Source, all: bool) -> Result<String, String> {
    if all {
        return Ok(source.text);
    }
    let (slice, _) = cut(&source.value, &vendored.value).map_err(|error| format!("{}: {error}", source.name))?;
    if slice == source.value { Ok(source.text) } else { project::yaml(&slice) }
}

/// Writes all new files beside the old ones, and then that they are complete.
fn stage(root: &Path, texts: [&str; 3]) -> io::Result<()> {
    for (file, text) in FILES.into_iter().zip(texts) {
        let staged = staged(root, file);
        if let Some(folder) = staged.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut staged = File::create(staged)?;
        staged.write_all(text.as_bytes())?;
        staged.sync_all()?;
    }
    sync_folders(root)?;
    File::create(root.join(JOURNAL))?.sync_all()?;
    sync_folders(root)
}

/// Removes what `stage` has written, its last word first. What cannot be removed, the next `accept` writes over.
fn unstage(root: &Path) {
    drop(fs::remove_file(root.join(JOURNAL)));
    FILES.into_iter().for_each(|file| drop(fs::remove_file(staged(root, file))));
}

/// Puts new files in their place if they are complete, also those of a run that was interrupted.
///
/// # Errors
/// If files cannot be renamed. Then the next run goes on.
pub(super) fn recover(root: &Path) -> Result<(), String> {
    if !root.join(JOURNAL).exists() {
        // New files that are there may be those of an `accept` under way.
        return Ok(());
    }
    put_in_place(root)
        .map_err(|error| format!("what was accepted cannot be put in place: {error}; mend that, and run this again"))
}

fn put_in_place(root: &Path) -> io::Result<()> {
    for file in FILES {
        match fs::rename(staged(root, file), root.join(file)) {
            // It was renamed before the interruption.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            renamed => renamed?,
        }
    }
    sync_folders(root)?;
    match fs::remove_file(root.join(JOURNAL)) {
        // Another run did it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn staged(root: &Path, file: &str) -> PathBuf {
    root.join(format!("{file}.new"))
}

/// A new name in a folder lasts once the folder does.
fn sync_folders(root: &Path) -> io::Result<()> {
    let paths = FILES.map(|file| root.join(file));
    let mut folders = paths.iter().filter_map(|path| path.parent()).filter(|_| cfg!(unix));
    folders.try_for_each(|folder| File::open(folder)?.sync_all())
}
