//! Makes many changes, and goes on where it was interrupted.
//!
//! ```sh
//! cargo run --features bulk --example bulk_update -- changes.jsonl
//! ```
//!
//! Each line of the file (`-`: standard input) is a change: `{"id": 12345, "change": {"shop_name": "My Webshop"}}`. All of them
//! are checked before any is sent. The outcome of each is added to `changes.jsonl.outcomes` (`--outcomes FILE` names another) as
//! soon as it is known, and what succeeded there is not sent again: run it once more to finish the rest.
//!
//! The keys are in `SENDCLOUD_PUBLIC_KEY` and `SENDCLOUD_SECRET_KEY`. Without them, a server on loopback takes the changes, with
//! the limits of the API; without arguments, changes are made up.
//!
//! Exit code: 0 if all is done, 1 if some change failed, 2 if nothing was sent because something is wrong before.

#[path = "bulk_update/jobs.rs"]
mod jobs;
#[path = "bulk_update/progress.rs"]
mod progress;
#[path = "bulk_update/stand_in.rs"]
mod stand_in;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::process::ExitCode;

use jobs::{Job, Outcome};
use progress::Progress;
use sendcloud_integrations::types::IntegrationModel;
use sendcloud_integrations::{BulkOptions, Client};
use stand_in::StandIn;

const USAGE: &str = "usage: bulk_update [CHANGES|-] [--outcomes FILE]";

#[tokio::main]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1)).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Returns how many changes failed.
async fn run(arguments: impl Iterator<Item = String>) -> Result<usize, String> {
    let (changes, outcomes) = paths(arguments)?;
    let jobs = jobs::read(&text(changes.as_deref())?)?;
    let outcomes = outcomes.map(Journal::open).transpose()?;
    let (client, _stand_in) = client().await?;
    send(&client, jobs, outcomes).await
}

/// Where changes come from, and where outcomes go: nowhere for changes that are made up.
fn paths(arguments: impl Iterator<Item = String>) -> Result<(Option<String>, Option<String>), String> {
    let (mut changes, mut outcomes) = (None, None);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--outcomes" => outcomes = Some(arguments.next().ok_or(USAGE)?),
            option if option.starts_with("--") => return Err(format!("{option} is no option\n{USAGE}")),
            _ if changes.is_none() => changes = Some(argument),
            _ => return Err(format!("one file at a time\n{USAGE}")),
        }
    }
    let outcomes = outcomes.or_else(|| match changes.as_deref()? {
        "-" => Some("bulk_update.outcomes".to_owned()),
        path => Some(format!("{path}.outcomes")),
    });
    Ok((changes, outcomes))
}

fn text(changes: Option<&str>) -> Result<String, String> {
    match changes {
        None => Ok(stand_in::made_up_changes()),
        Some("-") => io::read_to_string(io::stdin()).map_err(|error| format!("standard input: {error}")),
        Some(path) => std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}")),
    }
}

/// A client with the keys of the environment, else one for a server that stands in for the API while it is kept.
async fn client() -> Result<(Client, Option<StandIn>), String> {
    let has_keys = ["SENDCLOUD_PUBLIC_KEY", "SENDCLOUD_SECRET_KEY"].iter().any(|key| std::env::var_os(key).is_some());
    if has_keys {
        return Ok((Client::from_env().map_err(|error| error.to_string())?, None));
    }
    let stand_in = StandIn::start().await.map_err(|error| error.to_string())?;
    eprintln!("no keys in the environment: a server at {} takes the changes", stand_in.base_url());
    let client = Client::builder().credentials("public key", "secret key").base_url(stand_in.base_url()).build();
    Ok((client.map_err(|error| error.to_string())?, Some(stand_in)))
}

/// Sends what was not done before; returns how many changes failed.
async fn send(client: &Client, jobs: Vec<Job>, mut journal: Option<Journal>) -> Result<usize, String> {
    let all = jobs.len();
    let done = journal.as_mut().map(Journal::done).transpose()?.unwrap_or_default();
    let rest: Vec<Job> = jobs.into_iter().filter(|job| done.get(&job.id) != Some(&job.change)).collect();
    let mut progress = Progress::of(rest.len(), all - rest.len());
    let mut failed = 0;
    let changes: HashMap<u64, &IntegrationModel> = rest.iter().map(|job| (job.id, &job.change)).collect();
    let mut outcomes = client.update_all(rest.iter().map(|job| (job.id, &job.change)), BulkOptions::default());
    while let Some((id, result)) = outcomes.next().await {
        failed += usize::from(result.is_err());
        let outcome = Outcome { id, change: changes[&id], error: result.err().map(|error| error.to_string()) };
        match &mut journal {
            Some(journal) => journal.add(&outcome)?,
            None => progress.show(&outcome),
        }
        progress.step(failed);
    }
    progress.finish();
    Ok(failed)
}

/// The outcomes so far, one a line, each written out as soon as it is there.
struct Journal {
    path: String,
    file: File,
}

impl Journal {
    fn open(path: String) -> Result<Self, String> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        Ok(Self { file: file.map_err(|error| format!("{path}: {error}"))?, path })
    }

    /// What was changed, and how, by id. A line that was not finished is none.
    fn done(&mut self) -> Result<jobs::Done, String> {
        let mut text = String::new();
        let read = self.file.rewind().and_then(|()| self.file.read_to_string(&mut text));
        read.map_err(|error| format!("{}: {error}", self.path))?;
        if !text.is_empty() && !text.ends_with('\n') {
            self.write("\n")?;
        }
        Ok(jobs::done(&text))
    }

    fn add(&mut self, outcome: &Outcome<'_>) -> Result<(), String> {
        self.write(&format!("{outcome}\n"))
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        self.file.write_all(text.as_bytes()).map_err(|error| format!("{}: {error}", self.path))
    }
}
