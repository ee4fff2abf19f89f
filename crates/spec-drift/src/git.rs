//! Files at git HEAD.

use std::path::Path;
use std::process::{Command, Output};

/// Returns the text of a file at HEAD, or `None` if it does not exist there. `path` is relative to a folder of the working tree.
pub fn file_at_head(folder: &Path, path: &str) -> Result<Option<String>, String> {
    let revision = git(folder, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    if !revision.status.success() {
        let folder = folder.display().to_string();
        return Err(format!(
            "{}: there is no git HEAD to compare with; commit the accepted state first",
            folder.trim_end_matches('/')
        ));
    }
    let object = format!("HEAD:./{path}");
    if !git(folder, &["cat-file", "-e", &object])?.status.success() {
        return Ok(None);
    }
    let shown = git(folder, &["cat-file", "blob", &object])?;
    if !shown.status.success() {
        return Err(format!("{path} at HEAD: {}; run `git fsck`", String::from_utf8_lossy(&shown.stderr).trim()));
    }
    String::from_utf8(shown.stdout).map(Some).map_err(|_| format!("{path} at HEAD is not UTF-8; commit it as UTF-8"))
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output, String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    output.map_err(|error| format!("git cannot be run: {error}; install git"))
}
