//! The report of a check, as text, Markdown, annotations of GitHub, and JSON.

use std::fmt::Write;

use openapi_refinery::Outcome;
use serde::Serialize;

use super::{Change, Document, Scope, Verdict};

/// How the generated client differs from the accepted one.
#[derive(Debug, Default, Serialize)]
pub struct Generated {
    /// Whether it is byte for byte the accepted one.
    pub identical: bool,
    /// Number of added lines.
    pub added: usize,
    /// Number of removed lines.
    pub removed: usize,
    /// The difference in unified format.
    pub diff: String,
}

/// The outcome of a check.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The worse of `wire` and `rust`.
    pub verdict: Verdict,
    /// The consequence for clients of the old document.
    pub wire: Verdict,
    /// The consequence for code that uses the generated client; `None` with `--no-regenerate`.
    pub rust: Option<Verdict>,
    /// The step of the version that follows from `rust` (Semantic Versioning 2.0.0): `none`, `patch`, `minor` or `major`.
    pub semver: Option<&'static str>,
    /// The changes, the worst first.
    pub changes: Vec<Change>,
    /// Operations of the candidate that are not vendored.
    pub not_vendored: Vec<String>,
    /// The generated client, if it was regenerated.
    pub generated: Option<Generated>,
    /// Whether each correction still applies.
    pub corrections: Vec<Outcome>,
    /// The command that accepts the change, if it can be accepted.
    #[serde(skip)]
    pub accept_command: Option<String>,
    /// The file of the candidate, if it has one.
    #[serde(skip)]
    pub file: Option<String>,
    /// The file of the vendored document.
    #[serde(skip)]
    pub vendored_file: Option<String>,
}

impl Report {
    /// Sorts the changes and derives the verdicts.
    pub fn summarize(mut self) -> Self {
        self.changes.sort_by(|a, b| b.verdict().cmp(&a.verdict()).then_with(|| a.pointer.cmp(&b.pointer)));
        self.wire = self.changes.iter().map(|change| change.wire).max().unwrap_or_default();
        let rust = self.changes.iter().filter_map(|change| change.rust).max().unwrap_or_default();
        self.rust = self.generated.is_some().then_some(rust);
        self.semver = self.rust.map(|rust| match rust {
            Verdict::None => "none",
            Verdict::Docs => "patch",
            Verdict::Compatible => "minor",
            Verdict::Breaking => "major",
        });
        self.verdict = self.wire.max(self.rust.unwrap_or_default());
        self
    }

    /// Returns the report as text: the verdict first, the command that accepts the change last.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        for change in &self.changes {
            let _ = writeln!(text, "{}", on_one_line(&line(change)));
        }
        if !self.not_vendored.is_empty() {
            let _ = writeln!(text, "not vendored: {}", on_one_line(&self.not_vendored.join(", ")));
        }
        if let Some(generated) = self.generated.as_ref().filter(|it| !it.diff.is_empty()) {
            let _ = write!(text, "\n{}", disable_workflow_commands(&replace_control_characters(&generated.diff)));
        }
        if let Some(command) = self.accept_command.as_ref().filter(|_| self.verdict > Verdict::None) {
            let _ = writeln!(text, "\naccept with: {}", on_one_line(command));
        }
        text
    }

    /// Returns the report as Markdown, for a pull request or an issue.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n", self.headline());
        if !self.changes.is_empty() {
            text.push_str("| wire | rust | where | what it means |\n| --- | --- | --- | --- |\n");
        }
        let rows: Vec<String> = self.changes.iter().map(row).collect();
        let count = count_fitting(&rows);
        text.extend(rows.iter().take(count).map(String::as_str));
        if count < rows.len() {
            let hidden = rows.len() - count;
            let _ = writeln!(text, "\nAnd {hidden} more {}.", if hidden == 1 { "change" } else { "changes" });
        }
        if !self.not_vendored.is_empty() {
            let names: Vec<String> = self.not_vendored.iter().map(|name| escape_markdown(name)).collect();
            let count = count_fitting(&names);
            let more = if count < names.len() { format!(", and {} more", names.len() - count) } else { String::new() };
            let _ = writeln!(text, "\nNot vendored: {}{more}", names[..count].join(", "));
        }
        if let Some(generated) = self.generated.as_ref().filter(|it| !it.diff.is_empty()) {
            let (diff, cut) = truncate_diff(&generated.diff);
            let fence = code_fence(diff);
            let _ = writeln!(
                text,
                "\nThe generated client ({} lines added, {} removed):\n",
                generated.added, generated.removed
            );
            let _ = writeln!(text, "{fence}diff\n{}\n{fence}", replace_control_characters(diff.trim_end()));
            if cut {
                text.push_str("\nThe diff is truncated.\n");
            }
        }
        if let Some(command) = self.accept_command.as_ref().filter(|_| self.verdict > Verdict::None) {
            let _ = writeln!(text, "\nAccept with: `{}`", on_one_line(command));
        }
        text
    }

    /// Returns the report as workflow commands of GitHub Actions, one annotation for each change.
    pub fn github(&self) -> String {
        let mut text = String::new();
        for change in &self.changes {
            let level = match change.verdict() {
                Verdict::Breaking => "error",
                Verdict::Compatible => "warning",
                Verdict::Docs | Verdict::None => "notice",
            };
            let mut properties = Vec::new();
            let (file, line) = self.file_and_line(change);
            properties.extend(file.map(|file| format!("file={}", property(file))));
            properties.extend(line.map(|line| format!("line={line}")));
            properties.push(format!("title={}", property(&format!("{}: {}", change.verdict(), change.rule))));
            let _ = writeln!(
                text,
                "::{level} {}::{}",
                properties.join(","),
                escape_command_message(&locate_message(change))
            );
        }
        let _ = writeln!(text, "{}", self.headline());
        text
    }

    /// Returns the report as JSON.
    ///
    /// # Errors
    /// None in practice: every member is plain data.
    pub fn json(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(|error| error.to_string())
    }

    /// Returns the file and the line of a change. If the candidate is not a file, this is the vendored document, since accepting would
    /// change it.
    pub(crate) fn file_and_line(&self, change: &Change) -> (Option<&String>, Option<usize>) {
        let own = match change.document {
            Document::Candidate => self.file.as_ref(),
            Document::Vendored => self.vendored_file.as_ref(),
        };
        (own.or(self.vendored_file.as_ref()), own.and(change.line))
    }

    fn headline(&self) -> String {
        if self.verdict == Verdict::None {
            return "spec drift: none".to_owned();
        }
        match (self.rust, self.semver) {
            (Some(rust), Some(semver)) => {
                format!("spec drift: {} (wire: {}, rust: {rust}, semver: {semver})", self.verdict, self.wire)
            }
            _ => format!("spec drift: {} (wire: {})", self.verdict, self.wire),
        }
    }
}

/// Returns the command that accepts a candidate.
pub fn accept_command(upstream: Option<&str>, scope: Scope) -> String {
    // Cargo sets this variable for the alias `cargo drift`.
    let command = if std::env::var_os("CARGO").is_some() { "cargo drift" } else { "spec-drift" };
    let mut command = format!("{command} accept");
    if let Some(from) = upstream {
        let _ = write!(command, " --upstream {}", quote(from));
    }
    if scope == Scope::All {
        command.push_str(" --scope all");
    }
    command
}

/// Quotes a word for a shell.
fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// Returns a change as a row of a Markdown table.
fn row(change: &Change) -> String {
    let rust = change.rust.map_or_else(String::new, |rust| rust.to_string());
    let (location, message) = (escape_markdown(&describe_location(change)), escape_markdown(&change.message));
    format!("| {} | {rust} | {location} | {message} ({}) |\n", change.wire, change.rule)
}

/// Returns how many of these fit into an issue, besides the diff.
fn count_fitting(texts: &[String]) -> usize {
    let mut left = 15_000_usize;
    let fits = |text: &&String| {
        let rest = left.checked_sub(text.len() + 2);
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    texts.iter().take_while(fits).count()
}

/// Returns a change as a line: verdict, rule, location and message.
fn line(change: &Change) -> String {
    format!("{:<10} {:<26} {}", change.verdict().to_string(), change.rule, locate_message(change))
}

/// Lists up to three operations, and the number of others.
pub(crate) fn list_operations(operations: &[String]) -> Option<String> {
    const SHOWN: usize = 3;
    let names = operations.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match operations.len() {
        0 => None,
        count if count <= SHOWN => Some(names),
        count => Some(format!("{names} and {} more", count - SHOWN)),
    }
}

/// Returns the message of a change after its location, if it has one.
pub(crate) fn locate_message(change: &Change) -> String {
    let location = describe_location(change);
    if location.is_empty() { change.message.clone() } else { format!("{location}: {}", change.message) }
}

pub(crate) fn describe_location(change: &Change) -> String {
    let of = if change.document == Document::Vendored { " of the vendored document" } else { "" };
    let line = change.line.map(|line| format!("line {line}{of}"));
    let parts =
        [list_operations(&change.operations), Some(change.pointer.clone()).filter(|pointer| !pointer.is_empty()), line];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Replaces control characters and those that change the direction of text.
fn replace_control_characters(text: &str) -> String {
    let is_replaced = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if is_replaced(c) { '\u{fffd}' } else { c }).collect()
}

/// Replaces control characters and line breaks: CI systems interpret lines of the output as commands.
pub(crate) fn on_one_line(text: &str) -> String {
    replace_control_characters(text).replace('\n', "\u{fffd}")
}

/// Disables workflow commands in code: a line that begins with two colons, unless it is a path of one of these crates.
fn disable_workflow_commands(code: &str) -> String {
    const CRATES: [&str; 5] = ["std", "serde", "serde_json", "schemars", "reqwest"];
    let is_path = |rest: &str| rest.split_once("::").is_some_and(|(name, _)| CRATES.contains(&name));
    let inert = |line: &str| match line.trim_start().strip_prefix("::") {
        Some(rest) if !is_path(rest) => line.replacen("::", ": :", 1),
        _ => line.to_owned(),
    };
    code.lines().map(|line| inert(line) + "\n").collect()
}

/// Escapes text for Markdown: no markup, no mention, no end of a table cell.
pub(crate) fn escape_markdown(text: &str) -> String {
    let mut escaped = String::new();
    for c in replace_control_characters(text).replace('\n', " ").chars() {
        match c {
            '@' => escaped.push_str("&#64;"),
            '<' => escaped.push_str("&lt;"),
            '`' | '|' | '*' | '_' | '[' | ']' | '\\' | '#' | '~' | '!' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Truncates a diff: an issue holds 65,536 characters.
fn truncate_diff(diff: &str) -> (&str, bool) {
    match diff.char_indices().nth(30_000) {
        Some((end, _)) => (&diff[..end], true),
        None => (diff, false),
    }
}

/// Returns a fence that is longer than any run of backticks in the text.
fn code_fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// Escapes the message of a workflow command.
fn escape_command_message(text: &str) -> String {
    replace_control_characters(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

fn property(text: &str) -> String {
    escape_command_message(text).replace(':', "%3A").replace(',', "%2C")
}
