//! The pages of the repository name paths that exist.

use std::fs;
use std::path::Path;

const PAGES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"];

/// Fewer would mean that they are not found.
const LEAST: usize = 80;

/// Returns the code spans of a page that name a path of the repository, from its root.
fn paths(page: &str) -> Vec<&str> {
    let mut paths = Vec::new();
    let mut is_fenced = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced {
            paths.extend(line.split('`').skip(1).step_by(2).filter(|span| is_path(span)));
        }
    }
    paths
}

fn is_path(span: &str) -> bool {
    let is_other = |start: &&str| span.starts_with(*start);
    // JSON pointers and paths of an API begin with a slash, media types with their top-level type.
    let is_other = ["/", "$", "application/", "multipart/", "text/"].iter().any(is_other)
        || span.contains("::")
        || span.contains(|c: char| c.is_whitespace() || "<>{}*:".contains(c));
    let extension = span.rsplit_once('.').map(|(_, extension)| extension);
    !is_other && (span.contains('/') || matches!(extension, Some("md" | "rs" | "toml" | "yaml" | "yml")))
}

#[test]
fn paths_in_pages_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("docs").exists() {
        println!("skipped: a copy of the package has no pages");
        return;
    }
    let mut found = 0;
    let mut missing = Vec::new();
    for page in PAGES {
        let text = fs::read_to_string(root.join(page)).unwrap();
        for path in paths(&text) {
            found += 1;
            if !root.join(path).exists() {
                missing.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(found >= LEAST, "{found}");
}
