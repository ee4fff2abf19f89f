//! Changes and outcomes, as they stand in files.

use std::collections::HashMap;
use std::fmt;

use sendcloud_integrations::types::IntegrationModel;
use serde::{Deserialize, Serialize};

/// A change of one integration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub id: u64,
    pub change: IntegrationModel,
}

/// The changes that were made, by id.
pub type Done = HashMap<u64, IntegrationModel>;

/// Reads the changes, one a line, or tells every line that is faulty.
pub fn read(bytes: &[u8]) -> Result<Vec<Job>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut jobs = Vec::new();
    let mut lines = HashMap::new();
    let mut faults = Vec::new();
    for (number, line) in
        (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty())
    {
        match job(line) {
            Ok(job) => match lines.insert(job.id, number) {
                None => jobs.push(job),
                Some(other) => faults.push(format!("line {number}: integration {} is on line {other} already", job.id)),
            },
            Err(fault) => faults.push(format!("line {number}: {fault}")),
        }
    }
    if faults.is_empty() { Ok(jobs) } else { Err(format!("nothing was sent:\n{}", faults.join("\n"))) }
}

fn job(line: &[u8]) -> Result<Job, String> {
    let line = std::str::from_utf8(line).map_err(|_| "this is not UTF-8")?;
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

/// What became of a change.
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

/// The changes that outcomes say were made: of each integration the last, unless it failed.
pub fn done(outcomes: &str) -> Done {
    #[derive(Deserialize)]
    struct Read {
        id: u64,
        change: IntegrationModel,
        // Without it, the line is no outcome.
        #[serde(deserialize_with = "Option::deserialize")]
        error: Option<String>,
    }
    let mut done = Done::new();
    for Read { id, change, error } in outcomes.lines().filter_map(|line| serde_json::from_str(line).ok()) {
        match error {
            None => done.insert(id, change),
            Some(_) => done.remove(&id),
        };
    }
    done
}
