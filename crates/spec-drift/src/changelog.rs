//! The changelog of the generated client: changes of the document as changes of the Rust API, and the next version.

use std::collections::BTreeSet;
use std::fmt::Write;

use openapi_refinery::pointer::unescape;
use semver::{BuildMetadata, Prerelease, Version};
use serde::Serialize;

use super::accept::document_to_vendor;
use super::check::{NOT_GENERATED, Options, check_since};
use super::project::{Project, find_current};
use super::report::{Report, escape_markdown, list_operations, on_one_line};
use super::{Change, Verdict};

/// Changelog entries for a change of the document (Keep a Changelog 1.1.0), and the next version of the client.
#[derive(Clone, Debug, Serialize)]
pub struct Changelog {
    /// One line, for the title of a pull request.
    pub title: String,
    /// The worse one of the verdicts for the API and for the client.
    pub verdict: Verdict,
    /// The next version of the package, if the project is a package.
    pub version: Option<Step>,
    /// The sections with entries, in the order of Keep a Changelog.
    pub sections: Vec<Section>,
}

/// A step from one version to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The version in the manifest.
    pub current: String,
    /// The version that follows from the verdict.
    pub next: String,
}

/// A section of a changelog.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// `Added`, `Changed`, `Deprecated` or `Removed`.
    pub name: &'static str,
    /// Its entries, the breaking ones first.
    pub entries: Vec<Entry>,
}

/// An entry of a changelog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The rule that classified the change.
    pub rule: String,
    /// Whether it breaks callers.
    pub breaking: bool,
    /// The affected items of the client, as callers write them.
    pub items: Vec<String>,
    /// The entry in Markdown, on one line.
    pub text: String,
}

const SECTIONS: [&str; 4] = ["Added", "Changed", "Deprecated", "Removed"];

/// Returns the changelog for a candidate, or without one for the vendored document: all changes since the commit HEAD or, if the document
/// is not in that commit, since the files that were accepted last.
///
/// # Errors
/// Returns an error if the documents cannot be compared, no client can be generated, or the manifest cannot be read.
pub fn changelog(options: &Options) -> Result<Changelog, String> {
    let project = Project::read(find_current(None)?)?;
    let document = document_to_vendor(&project, options.upstream.as_deref(), options.scope)?;
    let committed = if project.is_committed() { project.at_head()? } else { None };
    let report = check_since(committed.as_ref().unwrap_or(&project), &project, &document)?;
    Changelog::new(&report, version_of(&project)?)
}

impl Changelog {
    /// Creates the changelog of a report; `version` is the current version of the package.
    pub(crate) fn new(report: &Report, version: Option<Version>) -> Result<Self, String> {
        if let Some(change) = report.changes.iter().find(|change| change.rule == NOT_GENERATED) {
            return Err(change.message.clone());
        }
        let changes: Vec<&Change> = report.changes.iter().filter(|change| is_user_visible(change)).collect();
        let step = |current: Version| {
            let next = next_version(&current, report.verdict).to_string();
            Step { current: current.to_string(), next }
        };
        Ok(Self {
            title: title(&changes),
            verdict: report.verdict,
            version: version.map(step),
            sections: sections(&changes),
        })
    }

    /// Formats the changelog for a terminal: title, version, and the sections as Markdown.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.title);
        if let Some(Step { current, next }) = self.version.as_ref().filter(|_| self.verdict > Verdict::None) {
            let _ = writeln!(text, "next version: {next} (now {current})");
        }
        if !self.sections.is_empty() {
            let _ = write!(text, "\n{}", self.markdown());
        }
        text
    }

    /// Formats the changelog as JSON.
    ///
    /// # Errors
    /// Returns an error if serialization fails, which does not happen for these types.
    pub fn json(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    /// Formats the sections for a changelog file.
    pub fn markdown(&self) -> String {
        let section = |Section { name, entries }: &Section| {
            let entries: String = entries.iter().map(|entry| format!("- {}\n", entry.text)).collect();
            format!("### {name}\n\n{entries}")
        };
        self.sections.iter().map(section).collect::<Vec<_>>().join("\n")
    }
}

/// Returns whether users of the client notice a change. They do not notice digests and formatting.
fn is_user_visible(change: &Change) -> bool {
    change.verdict() > Verdict::Docs || change.wire == Verdict::Docs
}

/// Sorts the changes into sections. Changes of documentation become one entry; those that leave the generated code unchanged are omitted.
fn sections(changes: &[&Change]) -> Vec<Section> {
    let (mut reworded, others): (Vec<&Change>, Vec<&Change>) = changes.iter().partition(|change| change.rule == "docs");
    reworded.retain(|change| change.rust > Some(Verdict::None));
    let mut sections = SECTIONS.map(|name| Section { name, entries: Vec::new() });
    let entries = others.into_iter().map(|change| (section_of(change), entry(change)));
    let reworded = (!reworded.is_empty()).then(|| ("Changed", reworded_entry(&reworded)));
    for (name, entry) in entries.chain(reworded) {
        let section = sections.iter_mut().filter(|section| section.name == name);
        section
            .filter(|section| !section.entries.contains(&entry))
            .for_each(|section| section.entries.push(entry.clone()));
    }
    sections.into_iter().filter(|section| !section.entries.is_empty()).collect()
}

fn section_of(change: &Change) -> &'static str {
    let is_item = !change.affected_items.items.is_empty();
    match (change.rule.as_str(), change.affected_items.what) {
        ("deprecated", _) => "Deprecated",
        // A type may be added to express a new constraint.
        (rule, "added") if !rule.ends_with("-narrowed") => "Added",
        (_, "removed") => "Removed",
        (rule, _) if !is_item && rule.ends_with("-added") => "Added",
        (rule, _) if !is_item && rule.ends_with("-removed") => "Removed",
        _ => "Changed",
    }
}

fn entry(change: &Change) -> Entry {
    let breaking = change.verdict() == Verdict::Breaking;
    let items = &change.affected_items.items;
    let lost_traits = &change.affected_items.lost_traits;
    let lost = lost_traits.iter().map(|(name, lost)| format!("`{name}` no longer implements {}", format_items(lost)));
    // If only the generated code changed, the items are the whole entry.
    let is_listed = change.rule == "rust-items-changed" && !(items.is_empty() && lost_traits.is_empty());
    let summary = (!is_listed).then(|| inline(&change.summary));
    let effects: Vec<String> = summary.into_iter().chain(lost).collect();
    let effects = (!effects.is_empty()).then(|| effects.join("; "));
    // A change of the client alone has a path in the generated code.
    let path = Some(&change.pointer).filter(|path| !path.is_empty() && !path.starts_with('/'));
    let location = match (items.is_empty(), path) {
        (false, _) => Some(format_items(items)),
        (true, Some(path)) => Some(format_items(std::slice::from_ref(path))),
        (true, None) => list_operations(&change.operations).map(|names| inline(&names)),
    };
    let text = [location, effects].into_iter().flatten().collect::<Vec<_>>().join(": ");
    let mark = if breaking { "**Breaking:** " } else { "" };
    Entry { rule: change.rule.clone(), breaking, items: items.clone(), text: format!("{mark}{text}") }
}

fn reworded_entry(changes: &[&Change]) -> Entry {
    let items: BTreeSet<&String> = changes.iter().flat_map(|change| &change.affected_items.items).collect();
    let items: Vec<String> = items.into_iter().cloned().collect();
    let of = if items.is_empty() { String::new() } else { format!(" of {}", format_items(&items)) };
    Entry { rule: "docs".to_owned(), breaking: false, text: format!("Documentation{of}"), items }
}

/// Formats the first items as code, followed by the number of further ones.
fn format_items(items: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut listed = items.iter().take(SHOWN).map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN {
        let _ = write!(listed, " and {} more", items.len() - SHOWN);
    }
    listed
}

/// Formats a message as Markdown on one line. Text between backticks is code; all other text has no markup.
fn inline(message: &str) -> String {
    let message = on_one_line(message);
    let parts: Vec<&str> = message.split('`').collect();
    let last = parts.len() - 1;
    let part = |(index, part): (usize, &&str)| match index % 2 {
        1 if index < last && !part.trim().is_empty() => format!("`{part}`"),
        1 if index < last => escape_markdown(&format!("`{part}`")),
        // The closing backtick is missing.
        1 => escape_markdown(&format!("`{part}")),
        _ => escape_markdown(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Summarizes the worst changes and their verdict on one line.
fn title(changes: &[&Change]) -> String {
    let Some(worst) = changes.iter().map(|change| change.verdict()).max() else { return "no changes".to_owned() };
    let step = match worst {
        Verdict::Breaking => "breaking",
        Verdict::Compatible => "minor",
        Verdict::Docs | Verdict::None => "patch",
    };
    let of_worst = changes.iter().filter(|change| change.verdict() == worst);
    let Some(verb) = of_worst.clone().find_map(|change| verb(change)) else {
        return format!("the generated client changed: {step}");
    };
    let subjects: Vec<String> =
        of_worst.filter(|change| self::verb(change) == Some(verb)).filter_map(|change| subject(change)).collect();
    let mut names: Vec<&str> = Vec::new();
    for name in &subjects {
        if names.len() < 3 && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let shown = subjects.iter().filter(|name| names.contains(&name.as_str())).count();
    let what = match (names.join(", "), verb) {
        (names, _) if !names.is_empty() => names,
        (_, "reworded") => "its documentation".to_owned(),
        _ => "its document".to_owned(),
    };
    let more = match changes.len() - shown.max(1) {
        0 => String::new(),
        1 => ", and 1 more change".to_owned(),
        count => format!(", and {count} more changes"),
    };
    format!("upstream {verb} {what}{more}: {step}")
}

/// Returns the verb for a change of the document; `None` if only the client changed.
fn verb(change: &Change) -> Option<&'static str> {
    let rule = change.rule.as_str();
    let is_required = |rule: &str| {
        rule == "property-now-required"
            || rule.ends_with("-required-narrowed")
            || rule.starts_with("required-") && rule.ends_with("-added")
    };
    Some(match rule {
        _ if change.wire == Verdict::None => return None,
        "docs" => "reworded",
        "deprecated" => "deprecated",
        rule if rule.starts_with("security-") => "changed",
        rule if is_required(rule) => "requires",
        rule if rule.ends_with("-added") => "added",
        rule if rule.ends_with("-removed") => "removed",
        _ => "changed",
    })
}

/// Returns the added or removed alternative or the changed property, otherwise what the message names as added or removed, the component,
/// or the part of the operation.
fn subject(change: &Change) -> Option<String> {
    let alternative = [" was added: ", " was removed: "].iter().find_map(|verb| change.summary.split_once(verb));
    if let Some((alternative, _)) = alternative.filter(|_| change.rule.starts_with("alternative-")) {
        return Some(on_one_line(alternative).to_string());
    }
    let property = change.pointer.rsplit_once("/properties/").and_then(|(_, rest)| rest.split('/').next());
    let property = property.map(unescape);
    if change.rule == "docs" && property.is_none() {
        return None;
    }
    if change.rule.starts_with("security-") {
        return Some("authentication".to_owned());
    }
    // The message of a changed part begins with the keyword.
    let in_message = || change.summary.split('`').nth(1).filter(|_| verb(change) != Some("changed")).map(str::to_owned);
    let component = || {
        let (kind, rest) = change.pointer.strip_prefix("/components/")?.split_once('/')?;
        // Users know a path item by its path.
        (kind != "pathItems").then(|| unescape(rest.split('/').next().unwrap_or_default()))
    };
    let named = property.or_else(in_message).or_else(component);
    named.filter(|name| !name.trim().is_empty()).map(|name| code(&name)).or_else(|| part_of_operation(change))
}

/// Returns the part of an operation in which a change is located.
fn part_of_operation(change: &Change) -> Option<String> {
    const PARTS: [(&str, &str); 3] =
        [("/parameters/", "a parameter"), ("/requestBody", "the body"), ("/responses/", "a response")];
    if change.rule.starts_with("server-") {
        return Some("a server".to_owned());
    }
    let operation = code(change.operation.as_ref()?);
    let part = PARTS.iter().find(|(key, _)| change.pointer.contains(key));
    Some(part.map_or_else(|| operation.clone(), |(_, part)| format!("{part} of {operation}")))
}

fn code(name: &str) -> String {
    let name: String = on_one_line(name).replace('`', "'").chars().take(60).collect();
    format!("`{name}`")
}

/// Returns the version in the manifest of the project, if it is a package.
pub(crate) fn version_of(project: &Project) -> Result<Option<Version>, String> {
    let path = project.configuration.path("Cargo.toml");
    if !path.exists() {
        return Ok(None);
    }
    let describe = |error: cargo_toml::Error| {
        format!("{}: {}; correct the manifest", path.display(), without_excerpt(&error.to_string()))
    };
    let manifest = cargo_toml::Manifest::from_path(&path).map_err(describe)?;
    let version = manifest.package.map(|package| package.version.get().cloned());
    version.transpose().map_err(describe)
}

/// Returns an error of a TOML file on one line, without the excerpt of the file.
fn without_excerpt(error: &str) -> String {
    let lines = error.lines().filter(|line| !line.contains(" |")).map(str::trim);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(": ")
}

/// Returns the next version by Cargo's rules: the leftmost nonzero component is incremented if, and only if, the change is breaking; after
/// 0.0.x, for every change. A pre-release is followed by the next pre-release.
///
/// ```
/// use openapi_spec_drift::{Verdict, changelog::next_version};
///
/// assert_eq!(next_version(&"0.1.2".parse()?, Verdict::Compatible).to_string(), "0.1.3");
/// assert_eq!(next_version(&"0.1.2".parse()?, Verdict::Breaking).to_string(), "0.2.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn next_version(current: &Version, verdict: Verdict) -> Version {
    let Version { major, minor, patch, .. } = *current;
    match (verdict, major, minor) {
        (Verdict::None, ..) => current.clone(),
        // A pre-release makes no compatibility guarantee (Semantic Versioning 2.0.0, section 9).
        _ if !current.pre.is_empty() => next_prerelease(current),
        (_, 0, 0) | (Verdict::Docs, ..) | (Verdict::Compatible, 0, _) => Version::new(major, minor, patch + 1),
        (Verdict::Breaking, 0, _) | (Verdict::Compatible, ..) => Version::new(major, minor + 1, 0),
        (Verdict::Breaking, ..) => Version::new(major + 1, 0, 0),
    }
}

/// Returns the next pre-release: `1.0.0-beta.2` after `1.0.0-beta.1`, and `1.0.0-beta.1` after `1.0.0-beta`.
fn next_prerelease(current: &Version) -> Version {
    let pre = current.pre.as_str();
    let (name, number) = pre.rsplit_once('.').unwrap_or((pre, ""));
    let next =
        number.parse::<u64>().map_or(format!("{pre}.1"), |number| format!("{name}.{}", number.saturating_add(1)));
    let pre = Prerelease::new(&next).unwrap_or_else(|_| current.pre.clone());
    Version { pre, build: BuildMetadata::EMPTY, ..*current }
}

/// The start of each comment around entries.
const COMMENT: &str = "<!-- spec-drift: ";
/// The start of the comment before entries. It identifies the client that the changes are relative to. Entries relative to another client
/// belong to earlier commits and are kept.
const BEGIN: &str = "<!-- spec-drift: changes since ";
/// The comment after entries.
const END: &str = "<!-- spec-drift: end -->";

/// Returns a changelog file with the entries of these sections below its heading `Unreleased`, in existing sections where possible. They
/// replace the entries relative to the same client, which `since` identifies.
///
/// ```
/// use openapi_spec_drift::changelog::replace_entries;
///
/// let file = "# Changelog\n\n## Unreleased\n\n### Fixed\n\n- By hand.\n";
/// let written = replace_entries(file, "c0ffee", "### Added\n\n- `Shelf::builder().label(…)`\n")?;
/// assert!(written.contains("- `Shelf::builder().label(…)`") && written.contains("- By hand."));
/// assert_eq!(replace_entries(&written, "c0ffee", "")?, file);
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// Returns an error if there is no such heading, or the comment after the entries is missing.
pub fn replace_entries(file: &str, since: &str, sections: &str) -> Result<String, String> {
    let begin = format!("{BEGIN}{since}, replaced by `spec-drift accept --changelog` -->");
    let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = file.lines().collect();
    let is_unreleased = |line: &&str| {
        line.strip_prefix("## ")
            .is_some_and(|title| title.trim_start_matches('[').to_lowercase().starts_with("unreleased"))
    };
    let heading = lines.iter().position(is_unreleased).ok_or("there is no heading `## Unreleased`; add it")?;
    let (before, after) = lines.split_at(heading + 1);
    let end = after.iter().position(|line| line.starts_with("## ")).unwrap_or(after.len());
    let (unreleased, released) = after.split_at(end);
    let mut unreleased = remove_entries(unreleased, &begin, heading + 2)?;
    let mut sections = sections.lines().filter(|line| !is_blank(line)).peekable();
    while let Some(section) = sections.next() {
        let mut entries = vec![begin.as_str()];
        entries.extend(std::iter::from_fn(|| sections.next_if(|line| !is_section(line))));
        entries.push(END);
        insert_entries(&mut unreleased, section, &entries);
    }
    let lines = before.iter().chain(&unreleased).chain(released);
    Ok(lines.map(|line| format!("{line}{newline}")).collect())
}

/// Returns the lines without the entries after a comment, and without sections that are then empty. `first` is the number of the first
/// line.
fn remove_entries<'a>(lines: &[&'a str], begin: &str, first: usize) -> Result<Vec<&'a str>, String> {
    let mut kept: Vec<&str> = Vec::new();
    let mut rest = lines;
    while let Some(start) = rest.iter().position(|line| line.trim() == begin) {
        let entries = &rest[start + 1..];
        let end = entries.iter().position(|line| line.starts_with(COMMENT)).filter(|end| entries[*end].trim() == END);
        let number = first + lines.len() - rest.len() + start;
        let end = end.ok_or_else(|| format!("line {number}: the comment `{END}` is missing below; add it"))?;
        kept.extend(&rest[..start]);
        rest = &entries[end + 1..];
        let heading = kept.iter().rposition(|line| !is_blank(line)).filter(|last| is_section(kept[*last]));
        let next = rest.iter().find(|line| !is_blank(line));
        if let Some(heading) = heading.filter(|_| next.is_none_or(|line| is_section(line))) {
            kept.truncate(heading);
            if rest.first().is_none_or(|line| is_blank(line)) {
                kept.pop_if(|line| is_blank(line));
            }
        }
    }
    kept.extend(rest);
    Ok(kept)
}

/// Inserts entries at the start of the section with this heading. A new section is inserted in the order of Keep a Changelog.
fn insert_entries<'a>(lines: &mut Vec<&'a str>, heading: &'a str, entries: &[&'a str]) {
    if let Some(existing) = lines.iter().position(|line| line.trim() == heading) {
        let next = lines[existing + 1..].iter().position(|line| !is_blank(line)).map(|blank| existing + 1 + blank);
        let at = next.filter(|next| !is_section(lines[*next])).unwrap_or(existing + 1);
        lines.splice(at..at, entries.iter().copied());
        return;
    }
    let rank = |heading: &str| SECTIONS.iter().position(|name| heading[4..].trim() == *name).unwrap_or(SECTIONS.len());
    let section = [&[heading, ""], entries].concat();
    if let Some(next) = lines.iter().position(|line| is_section(line) && rank(line) > rank(heading)) {
        lines.splice(next..next, section.into_iter().chain([""]));
    } else {
        let end = lines.iter().rposition(|line| !is_blank(line)).map_or(0, |last| last + 1);
        lines.splice(end..end, [""].into_iter().chain(section));
    }
}

fn is_section(line: &str) -> bool {
    line.starts_with("### ")
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}
