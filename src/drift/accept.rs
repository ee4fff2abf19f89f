//! Accepting a candidate: document, lock and snapshot change together, or none of them does.

use std::fs;

use super::project::{self, ACCEPTED, CORRECTIONS, DOCUMENT, LOCK, Origin, Project};
use super::source::Source;
use super::{cut, replace};
use crate::codegen::{Outcome, load};

/// Accepts a candidate, or things as they are. Returns what is left to do, a sentence each.
///
/// # Errors
/// One sentence: why it cannot be accepted, and whether anything has changed; if so, the next run goes on with it.
pub fn accept(project: &Project, upstream: Option<&str>, all: bool) -> Result<Vec<String>, String> {
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
    let document = load(&text).map_err(|error| format!("{from}: {error}"))?;
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
    let corrections = prepared.corrections.iter().filter_map(Outcome::left_to_do);
    let mut left: Vec<String> = corrections.map(|left| format!("{CORRECTIONS}: {left}")).collect();
    let gone = project.names_that_go(&prepared)?;
    if !gone.is_empty() {
        left.push(format!(
            "no longer generated: `{}`; where code written by hand names that, change it, or give the successor that name in \
             {LOCK} and accept once more, before anything else is built",
            gone.join("`, `")
        ));
    }
    replace::all(project.root(), &ACCEPTED, &[&text, &lock, &snapshot])?;
    Ok(left)
}

/// The text to vendor: as published, unless operations have to be left out.
fn slice(source: Source, vendored: &Source, all: bool) -> Result<String, String> {
    if all {
        return Ok(source.text);
    }
    let (slice, _) = cut(&source.value, &vendored.value).map_err(|error| format!("{}: {error}", source.name))?;
    // Where nothing that counts has moved, the text stays as it is.
    let same = [&source, vendored].into_iter().find(|same| same.value == slice);
    same.map_or_else(|| project::yaml(&slice), |same| Ok(same.text.clone()))
}
