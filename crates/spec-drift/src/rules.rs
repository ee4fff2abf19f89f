//! The rules, as data: `rules.yaml` has one entry for each, or for each keyword.

use std::fmt::Write;

use heck::ToKebabCase;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Direction, Effect, Verdict};

/// A rule that classifies a change.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// The stable id, as in [`Change::rule`](super::Change::rule).
    pub id: String,
    /// The part of the document that it compares; empty if it compares none.
    #[serde(default)]
    pub compares: String,
    /// The verdict for what a client sends. `None` if no such change exists.
    pub request: Option<Verdict>,
    /// The verdict for what a client reads.
    pub response: Option<Verdict>,
    /// The change and its consequence.
    pub explanation: String,
    /// A change that it classifies.
    #[serde(flatten)]
    pub example: Option<Example>,
}

/// A minimal change that a rule classifies.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Example {
    /// The part of a document that is shown.
    pub of: Part,
    /// Before the change.
    pub before: Value,
    /// After the change.
    pub after: Value,
}

/// A part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// A schema.
    Schema,
    /// The members of an operation that describe its requests.
    Request,
    /// The members of an operation that describe its responses.
    Response,
    /// The members of a document.
    Document,
}

/// A keyword, and the condition under which it narrows a schema.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Keyword {
    /// Its name, or `schema` for unsatisfiable schemas.
    pub keyword: String,
    /// When a schema with it is narrower.
    pub narrower: String,
    wide: Value,
    narrow: Value,
    other: Option<Value>,
}

#[derive(Deserialize)]
struct Registry {
    keywords: Vec<Keyword>,
    rules: Vec<Rule>,
    of_project: Vec<Rule>,
}

/// Returns the keywords that have rules: `max-length-narrowed`, `max-length-widened` and `max-length-changed` for `maxLength`.
///
/// # Errors
/// None in practice: a test parses the included file.
pub fn keywords() -> Result<Vec<Keyword>, String> {
    Ok(registry()?.keywords)
}

/// Returns all rules.
///
/// ```
/// use openapi_spec_drift::{Verdict, rules::rules};
///
/// let rules = rules()?;
/// let rule = rules.iter().find(|rule| rule.id == "parameter-removed").unwrap();
/// assert_eq!(rule.request, Some(Verdict::Breaking));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// None in practice, as for [`keywords`].
pub fn rules() -> Result<Vec<Rule>, String> {
    let Registry { keywords, rules, of_project } = registry()?;
    Ok(keywords.iter().flat_map(Keyword::rules).chain(rules).chain(of_project).collect())
}

fn registry() -> Result<Registry, String> {
    let registry = openapi_refinery::load(include_str!("rules.yaml"))?;
    serde_json::from_value(registry).map_err(|error| format!("rules.yaml: {error}"))
}

impl Keyword {
    /// The rules of a keyword, one for each effect.
    fn rules(&self) -> [Rule; 3] {
        let Self { wide, narrow, other, .. } = self;
        // Under `if`, any change may both narrow and widen the whole schema.
        let within = |schema: &Value| json!({ "if": schema, "then": { "enum": [1] } });
        let other = other.as_ref().map_or_else(|| [within(wide), within(narrow)], |it| [narrow.clone(), it.clone()]);
        [
            (Effect::Narrows, [wide.clone(), narrow.clone()], "fewer values"),
            (Effect::Widens, [narrow.clone(), wide.clone()], "more values"),
            (Effect::Both, other, "different values"),
        ]
        .map(|(effect, [before, after], what)| Rule {
            id: format!("{}-{}", self.keyword.to_kebab_case(), effect.word()),
            compares: format!("{}; narrower when {}", self.keyword, self.narrower),
            request: Some(effect.verdict(Direction::Request)),
            response: Some(effect.verdict(Direction::Response)),
            explanation: format!("`{}` accepts {what}.", self.keyword),
            example: Some(Example { of: Part::Schema, before, after }),
        })
    }
}

impl Rule {
    /// Returns what it means, what it compares, its verdicts and its example, a line each.
    pub fn help(&self) -> String {
        let mut text = format!("{}\n", self.explanation);
        let verdict = |verdict: Option<Verdict>| verdict.map_or_else(|| "-".to_owned(), |it| it.to_string());
        if !self.compares.is_empty() {
            let (request, response) = (verdict(self.request), verdict(self.response));
            let _ = writeln!(text, "compares: {}\nrequest: {request}, response: {response}", self.compares);
        }
        if let Some(Example { before, after, .. }) = &self.example {
            let _ = writeln!(text, "example, before: {before}\nexample, after:  {after}");
        }
        text
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

/// Returns the rules as a JSON array.
///
/// # Errors
/// None in practice, as for [`keywords`].
pub fn json() -> Result<String, String> {
    serde_json::to_string_pretty(&rules()?).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// Returns the rules as plain text.
///
/// # Errors
/// None in practice, as for [`keywords`].
pub fn text() -> Result<String, String> {
    let described = rules()?.iter().fold(String::new(), |mut text, rule| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\n{}", rule.id, indent(&rule.help()));
        text
    });
    Ok(described)
}
