//! The file formats of changes and outcomes: one JSON object per line.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use sendcloud_integrations::types::IntegrationModel;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// A change of an integration.
pub struct Job {
    pub id: u64,
    pub change: IntegrationModel,
}

/// A line of the file with changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    id: Value,
    #[serde(borrow)]
    change: &'a RawValue,
}

/// Reads and validates all changes, or returns a message with all invalid lines.
pub fn read(bytes: &[u8]) -> Result<Vec<Job>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut jobs = Vec::new();
    let mut lines = HashMap::new();
    let mut problems = Vec::new();
    for (number, line) in
        (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty())
    {
        match parse_job(line) {
            Ok(job) => match lines.insert(job.id, number) {
                None => jobs.push(job),
                Some(other) => {
                    problems.push(format!("line {number}: integration {} is already on line {other}", job.id));
                }
            },
            Err(problem) => problems.push(format!("line {number}: {problem}")),
        }
    }
    if problems.is_empty() {
        Ok(jobs)
    } else {
        Err(format!("invalid changes (nothing was sent):\n{}", problems.join("\n")))
    }
}

fn parse_job(line: &[u8]) -> Result<Job, String> {
    let line = std::str::from_utf8(line).map_err(|_| "invalid UTF-8")?;
    if !line.trim_start().starts_with('{') {
        return Err("must be an object with `id` and `change`".to_owned());
    }
    let Line { id, change } =
        serde_json::from_str(line).map_err(|error| error.to_string().replace(" at line 1 column ", ", column "))?;
    let id = id.as_u64().filter(|id| *id > 0).ok_or_else(|| "/id: must be an integer of at least 1".to_owned());
    match (id, parse_change(change)) {
        (Ok(id), Ok(change)) => Ok(Job { id, change }),
        (id, change) => Err(id.err().into_iter().chain(change.err()).collect::<Vec<_>>().join("; ")),
    }
}

/// Parses and validates a change, or returns all violations.
fn parse_change(json: &RawValue) -> Result<IntegrationModel, String> {
    let error = match serde_json::from_str::<IntegrationModel>(json.get()) {
        Ok(change) => return change.validate().map(|()| change).map_err(|violations| violations.to_string()),
        Err(error) => error.to_string(),
    };
    // Parsing stops at the first error. To find all, each property is parsed separately.
    let mut properties: Map<String, Value> = serde_json::from_str(json.get()).unwrap_or_default();
    let parse = |properties: Value| serde_json::from_value::<IntegrationModel>(properties);
    let mut violations: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in &properties {
        if let Err(error) = parse(json!({ name: value })) {
            violations.insert(format!("/{name}"), error.to_string());
        }
    }
    properties.retain(|name, _| !violations.contains_key(&format!("/{name}")));
    let other_violations = parse(properties.into()).ok().and_then(|change| change.validate().err());
    for violation in other_violations.into_iter().flatten() {
        violations.entry(violation.pointer.clone()).or_insert(violation.to_string());
    }
    if violations.is_empty() {
        // Each property is valid by itself, so the error is that of the change as a whole: for example, a property occurs twice.
        let message = error.rsplit_once(" at line ").map_or(error.as_str(), |(error, _)| error);
        Err(message.to_owned())
    } else {
        Err(violations.into_values().collect::<Vec<_>>().join("; "))
    }
}

/// A line of the file with outcomes.
#[derive(Serialize)]
pub struct Outcome<'a> {
    pub id: u64,
    pub change: &'a IntegrationModel,
    pub error: Option<String>,
}

impl fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Reads a file with outcomes. Returns the last change of each integration by id, unless it failed. Other lines are ignored.
pub fn read_completed(outcomes: &str) -> HashMap<u64, IntegrationModel> {
    #[derive(Deserialize)]
    struct Read {
        id: u64,
        change: IntegrationModel,
        // Required, although it may be `null`.
        #[serde(deserialize_with = "Option::deserialize")]
        error: Option<String>,
    }
    let mut completed = HashMap::new();
    for Read { id, change, error } in outcomes.lines().filter_map(|line| serde_json::from_str(line).ok()) {
        match error {
            None => completed.insert(id, change),
            Some(_) => completed.remove(&id),
        };
    }
    completed
}
