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
//! The keys are in `SENDCLOUD_PUBLIC_KEY` and `SENDCLOUD_SECRET_KEY`. Without them it is a rehearsal: a server on loopback takes the
//! changes, with the limits of the API, and outcomes go to `changes.jsonl.rehearsal`; without arguments, changes are made up.
//!
//! Exit code: 0 if all is done, 1 if some change failed or its outcome could not be written, 2 if nothing was sent because
//! something is wrong before.

mod jobs;
mod progress;
#[allow(dead_code)] // other examples use the rest
mod server {
    include!("../server/mod.rs");
}
mod stand_in;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jobs::{Job, Outcome};
use progress::Progress;
use sendcloud_integrations::types::IntegrationModel;
use sendcloud_integrations::{BulkOptions, Client};
use stand_in::StandIn;

const USAGE: &str = "usage: bulk_update [CHANGES|-] [--outcomes FILE]";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match run(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether all is done.
async fn run(arguments: &[OsString]) -> Result<bool, String> {
    let (changes, outcomes) = paths(arguments)?;
    let jobs = jobs::read(&bytes(changes.as_deref())?)?;
    let (client, stand_in) = client().await?;
    let rehearses = stand_in.is_some();
    let outcomes = outcomes.or_else(|| default_outcomes(changes?, rehearses));
    let journal = outcomes.map(Journal::open).transpose()?;
    send(&client, jobs, journal).await
}

/// Where changes come from, and where outcomes go.
fn paths(arguments: &[OsString]) -> Result<(Option<PathBuf>, Option<PathBuf>), String> {
    let (mut changes, mut outcomes) = (None, None);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--outcomes") => outcomes = Some(arguments.next().ok_or(USAGE)?.into()),
            Some(option) if option.starts_with('-') && option != "-" => {
                return Err(format!("{option} is no option\n{USAGE}"));
            }
            _ if changes.is_none() => changes = Some(argument.into()),
            _ => return Err(format!("one file at a time\n{USAGE}")),
        }
    }
    if outcomes.is_some() && outcomes == changes {
        return Err(format!("changes and outcomes cannot be one file\n{USAGE}"));
    }
    Ok((changes, outcomes))
}

/// What a rehearsal has done is not done.
fn default_outcomes(changes: PathBuf, rehearses: bool) -> Option<PathBuf> {
    let mut name = if changes == Path::new("-") { OsString::from("bulk_update") } else { changes.into_os_string() };
    name.push(if rehearses { ".rehearsal" } else { ".outcomes" });
    Some(name.into())
}

fn bytes(changes: Option<&Path>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match changes {
        None => return Ok(stand_in::made_up_changes().into_bytes()),
        Some(path) if path == Path::new("-") => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        Some(path) => std::fs::read(path),
    }
    .map_err(|error| format!("{}: {error}", changes.unwrap_or(Path::new("-")).display()))
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

/// Sends what was not done before; returns whether all is done.
async fn send(client: &Client, jobs: Vec<Job>, mut journal: Option<Journal>) -> Result<bool, String> {
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
            Some(journal) => {
                if let Err(problem) = journal.add(&outcome) {
                    eprintln!("{problem}; what was under way may be sent again by the next run");
                    return Ok(false);
                }
            }
            None => progress.show(&outcome),
        }
        progress.step(failed);
    }
    progress.finish();
    if let Some(journal) = journal.filter(|_| failed > 0) {
        eprintln!("{failed} failed: see {}", journal.path.display());
    }
    Ok(failed == 0)
}

/// The outcomes so far, one a line, each written out as soon as it is there.
struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    fn open(path: PathBuf) -> Result<Self, String> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        Ok(Self { file: file.map_err(|error| format!("{}: {error}", path.display()))?, path })
    }

    /// What was changed, and how, by id. A line that was not finished is none; what is no file is read by nobody.
    fn done(&mut self) -> Result<jobs::Done, String> {
        let mut bytes = Vec::new();
        if self.file.metadata().is_ok_and(|it| it.is_file()) {
            let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut bytes));
            read.map_err(|error| format!("{}: {error}", self.path.display()))?;
        }
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            self.write("\n")?;
        }
        Ok(jobs::done(&String::from_utf8_lossy(&bytes)))
    }

    fn add(&mut self, outcome: &Outcome<'_>) -> Result<(), String> {
        self.write(&format!("{outcome}\n"))
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        self.file.write_all(text.as_bytes()).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}
