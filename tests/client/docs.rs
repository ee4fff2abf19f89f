//! The pages of the repository: paths exist, and tables of features match the manifest.

use std::fs;
use std::path::Path;

const PAGES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"];

/// The minimum number of paths in all pages, so that the test fails if it no longer finds them.
const MIN_PATHS: usize = 80;

/// Reads a file of the repository. Returns `None` in a copy of the package, which has no pages.
fn read(file: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("docs").exists() {
        println!("skipped: a copy of the package has no pages");
        return None;
    }
    Some(fs::read_to_string(root.join(file)).unwrap())
}

/// Returns the code spans of a page that are paths from the root of the repository.
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
    let mut count = 0;
    let mut missing = Vec::new();
    for page in PAGES {
        let Some(text) = read(page) else { return };
        for path in paths(&text) {
            count += 1;
            if !root.join(path).exists() {
                missing.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(count >= MIN_PATHS, "{count}");
}

/// Returns the features of the manifest, each with whether it is a default.
fn manifest_features(manifest: &str) -> Vec<(&str, bool)> {
    let section = manifest.split("[features]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let features: Vec<(&str, &str)> = section.lines().filter_map(|line| line.split_once(" = ")).collect();
    let (_, defaults) = features.iter().find(|(name, _)| *name == "default").unwrap();
    let features = features.iter().filter(|(name, _)| *name != "default");
    features.map(|(name, _)| (*name, defaults.contains(&format!("\"{name}\"")))).collect()
}

/// Returns the rows of the table of features, each with whether it says that the feature is a default.
fn table_features(page: &str) -> Vec<(&str, bool)> {
    let lines = page.lines().map(|line| line.trim_start_matches("//! "));
    let table = lines.skip_while(|line| !line.starts_with("| feature | default |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (cells[1].trim_matches('`'), cells[2] == "yes")
    })
    .collect()
}

#[test]
fn tables_of_features_match_the_manifest() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let expected = manifest_features(&manifest);
    assert!(expected.contains(&("rustls", true)) && expected.contains(&("mock", false)), "{expected:?}");
    for page in ["README.md", "src/lib.rs"] {
        let Some(text) = read(page) else { return };
        let mut features = table_features(&text);
        features.sort_by_key(|(name, _)| expected.iter().position(|(expected, _)| expected == name));
        assert_eq!(features, expected, "{page}");
    }
}
