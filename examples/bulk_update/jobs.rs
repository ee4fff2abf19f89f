//! The file formats of changes and outcomes: one JSON object per line.

use std::collections::HashMap;
use std::fmt;

use sendcloud_integrations::types::IntegrationModel;
use serde::{Deserialize, Serialize};

/// A line of the file with changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub id: u64,
    pub change: IntegrationModel,
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
    let job: Job =
        serde_json::from_str(line).map_err(|error| error.to_string().replace(" at line 1 column ", ", column "))?;
    if job.id == 0 {
        return Err("/id: must be an integer of at least 1".to_owned());
    }
    job.change.validate().map_err(|violations| violations.to_string())?;
    Ok(job)
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
