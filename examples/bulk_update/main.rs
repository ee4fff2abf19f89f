//! Sends a file of changes within the rate limit, and resumes where an earlier run was interrupted.
//!
//! ```sh
//! cargo run --features bulk --example bulk_update -- changes.jsonl
//! ```
//!
//! Without keys in the environment, it is a dry run against a local server. `-- --help` describes files and exit codes.

mod jobs;
mod progress;
#[allow(dead_code)] // other examples use the rest
mod server {
    include!("../server/mod.rs");
}
mod simulated_api;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use jobs::{Job, Outcome};
use progress::Progress;
use sendcloud_integrations::types::IntegrationModel;
use sendcloud_integrations::{BulkOptions, Client};
use simulated_api::SimulatedApi;

/// Sends a file of changes within the rate limit.
///
/// Each line of the file is a change: {"id": 12345, "change": {"shop_name": "My Webshop"}}. All lines are validated before the
/// first is sent. Each outcome is appended to the file for outcomes as soon as it is known. To send the changes that failed
/// or were interrupted, run the same command again: changes that succeeded according to that file are skipped.
///
/// The keys are read from SENDCLOUD_PUBLIC_KEY and SENDCLOUD_SECRET_KEY. Without them, it is a dry run: the changes are sent to
/// a local server with the rate limit of the API. To repeat a dry run, remove its file for outcomes.
#[derive(Parser)]
#[command(after_help = "Exit codes: 0 if all changes succeeded, 1 if some failed or an outcome could not be written, \
                        2 if nothing was sent because of an error in the input, the files or the configuration.")]
struct Arguments {
    /// The file with changes, or `-` for standard input. In a dry run, the default is sample changes
    changes: Option<PathBuf>,
    /// The file for outcomes. Default: CHANGES.outcomes, or CHANGES.dry-run in a dry run. For standard input:
    /// bulk_update.outcomes or bulk_update.dry-run. For sample changes: none; outcomes are printed
    #[arg(long, value_name = "FILE")]
    outcomes: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Returns whether all changes succeeded.
async fn run(Arguments { changes, outcomes }: Arguments) -> Result<bool, String> {
    if outcomes.is_some() && outcomes == changes {
        return Err("changes and outcomes are the same file: pass a different file with --outcomes".to_owned());
    }
    let jobs = jobs::read(&read_changes(changes.as_deref())?)?;
    let (client, simulated_api) = build_client().await?;
    let is_dry_run = simulated_api.is_some();
    if changes.is_none() && !is_dry_run {
        return Err("sample changes are sent to a local server only: pass a file with changes, or unset \
                    SENDCLOUD_PUBLIC_KEY and SENDCLOUD_SECRET_KEY"
            .to_owned());
    }
    let outcomes = outcomes.or_else(|| default_outcomes(changes?, is_dry_run));
    let journal = outcomes.map(Journal::open).transpose()?;
    send(&client, jobs, journal).await
}

/// Returns the default file for outcomes. A dry run uses a separate file: it must not mark changes as sent.
fn default_outcomes(changes: PathBuf, is_dry_run: bool) -> Option<PathBuf> {
    let mut name = if changes == Path::new("-") { OsString::from("bulk_update") } else { changes.into_os_string() };
    name.push(if is_dry_run { ".dry-run" } else { ".outcomes" });
    Some(name.into())
}

fn read_changes(file: Option<&Path>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match file {
        None => return Ok(simulated_api::sample_changes().into_bytes()),
        Some(path) if path == Path::new("-") => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        Some(path) => std::fs::read(path),
    }
    .map_err(|error| format!("{}: {error}", file.unwrap_or(Path::new("-")).display()))
}

/// Returns a client with the keys from the environment or, if there are none, a client for a simulated API.
async fn build_client() -> Result<(Client, Option<SimulatedApi>), String> {
    let has_keys = ["SENDCLOUD_PUBLIC_KEY", "SENDCLOUD_SECRET_KEY"].iter().any(|key| std::env::var_os(key).is_some());
    if has_keys {
        return Ok((Client::from_env().map_err(|error| error.to_string())?, None));
    }
    let api = SimulatedApi::start().await.map_err(|error| error.to_string())?;
    eprintln!("dry run, because there are no keys in the environment: sending to a local server at {}", api.base_url());
    let client = Client::builder().credentials("public key", "secret key").base_url(api.base_url()).build();
    Ok((client.map_err(|error| error.to_string())?, Some(api)))
}

/// Sends all changes that no earlier run completed. Returns whether all succeeded.
async fn send(client: &Client, jobs: Vec<Job>, mut journal: Option<Journal>) -> Result<bool, String> {
    let all = jobs.len();
    let completed = journal.as_mut().map(Journal::read_completed).transpose()?.unwrap_or_default();
    let pending: Vec<Job> = jobs.into_iter().filter(|job| completed.get(&job.id) != Some(&job.change)).collect();
    let mut progress = Progress::start(pending.len(), all - pending.len());
    let mut failed = 0;
    let changes: HashMap<u64, &IntegrationModel> = pending.iter().map(|job| (job.id, &job.change)).collect();
    let mut outcomes = client.update_all(pending.iter().map(|job| (job.id, &job.change)), BulkOptions::default());
    while let Some((id, result)) = outcomes.next().await {
        failed += usize::from(result.is_err());
        let outcome = Outcome { id, change: changes[&id], error: result.err().map(|error| error.to_string()) };
        match &mut journal {
            Some(journal) => {
                if let Err(problem) = journal.append(&outcome) {
                    eprintln!("{problem}; the next run repeats changes whose outcome was not recorded");
                    return Ok(false);
                }
            }
            None => progress.print(&outcome),
        }
        progress.advance(failed);
    }
    progress.finish();
    if let Some(journal) = journal.filter(|_| failed > 0) {
        eprintln!("failed changes: {failed}; see {}", journal.path.display());
    }
    Ok(failed == 0)
}

/// The file with outcomes, one per line, each written as soon as it is known.
struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    fn open(path: PathBuf) -> Result<Self, String> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        Ok(Self { file: file.map_err(|error| format!("{}: {error}", path.display()))?, path })
    }

    /// Reads the changes that earlier runs completed, by id. A truncated last line is ignored. A pipe or device is not read.
    fn read_completed(&mut self) -> Result<HashMap<u64, IntegrationModel>, String> {
        let mut bytes = Vec::new();
        if self.file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut bytes));
            read.map_err(|error| format!("{}: {error}", self.path.display()))?;
        }
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            self.write("\n")?;
        }
        Ok(jobs::read_completed(&String::from_utf8_lossy(&bytes)))
    }

    fn append(&mut self, outcome: &Outcome<'_>) -> Result<(), String> {
        self.write(&format!("{outcome}\n"))
    }

    fn write(&mut self, text: &str) -> Result<(), String> {
        self.file.write_all(text.as_bytes()).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}
