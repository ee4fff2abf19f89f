//! Replacing several files: all of them or none, wherever that is interrupted. One run at a time; who reads meanwhile may see some of
//! either.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// While this is there, all new files are complete: whoever finds it goes on where it was interrupted.
const JOURNAL: &str = "openapi/.accepted";

/// Replaces files, each by a path from the root.
///
/// # Errors
/// One sentence: why they cannot be replaced, and whether anything has changed.
pub fn all(root: &Path, files: &[&str], texts: &[&str]) -> Result<(), String> {
    let journal = stage(root, files, texts).and_then(|()| File::create(root.join(JOURNAL))).map_err(|error| {
        // What cannot be removed, the next run writes over.
        files.iter().for_each(|file| drop(fs::remove_file(staged(root, file))));
        format!("nothing was changed: {error}")
    })?;
    // From here on, another run may have begun to put them in place: there is no way back.
    journal.sync_all().and_then(|()| put_in_place(root, files)).map_err(half_done)
}

/// Writes all new files beside the old ones.
fn stage(root: &Path, files: &[&str], texts: &[&str]) -> io::Result<()> {
    for (file, text) in files.iter().zip(texts) {
        let staged = staged(root, file);
        if let Some(folder) = staged.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut staged = File::create(staged)?;
        staged.write_all(text.as_bytes())?;
        staged.sync_all()?;
    }
    sync_folders(root, files)
}

/// Goes on where a run was interrupted, if its new files were complete.
///
/// # Errors
/// If files cannot be renamed. Then the next run goes on.
pub fn finish(root: &Path, files: &[&str]) -> Result<(), String> {
    if !root.join(JOURNAL).exists() {
        // New files that are there may be those of a run under way.
        return Ok(());
    }
    put_in_place(root, files).map_err(half_done)
}

fn half_done(error: io::Error) -> String {
    format!("what was accepted cannot be put in place: {error}; mend that, and run this again")
}

fn put_in_place(root: &Path, files: &[&str]) -> io::Result<()> {
    // That they are complete has to last before the first of them is gone.
    sync_folders(root, files)?;
    for file in files {
        match fs::rename(staged(root, file), root.join(file)) {
            // It was renamed before the interruption.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            renamed => renamed?,
        }
    }
    sync_folders(root, files)?;
    match fs::remove_file(root.join(JOURNAL)) {
        // Another run did it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        removed => removed?,
    }
    sync_folders(root, files)
}

fn staged(root: &Path, file: &str) -> PathBuf {
    root.join(format!("{file}.new"))
}

/// A new name in a folder lasts once the folder does.
fn sync_folders(root: &Path, files: &[&str]) -> io::Result<()> {
    let paths: Vec<PathBuf> = files.iter().chain([&JOURNAL]).map(|file| root.join(file)).collect();
    let mut folders = paths.iter().filter_map(|path| path.parent()).filter(|_| cfg!(unix));
    folders.try_for_each(|folder| File::open(folder)?.sync_all())
}
