//! The command `spec-drift`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use openapi_refinery::{Input, Inputs, Outcome, Output, Prepared, Warnings};
use openapi_spec_drift::accept::accept;
use openapi_spec_drift::changelog::changelog;
use openapi_spec_drift::check::{Options, check};
use openapi_spec_drift::junit::junit;
use openapi_spec_drift::project::{Project, find_current};
use openapi_spec_drift::sarif::sarif;
use openapi_spec_drift::source::{Source, unreadable};
use openapi_spec_drift::{Scope, Verdict, rules};

/// Detects changes of an OpenAPI document, and classifies what they mean for a generated client.
///
/// Exit code: 0 if no change reaches `--fail-on`, 1 if one does, 2 if the command fails.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compares the generated client with the accepted one, and the vendored document with a candidate.
    Check {
        #[command(flatten)]
        options: Options,
        /// The format of the report.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// The lowest verdict that results in exit code 1.
        #[arg(long, value_enum, default_value_t = Verdict::Docs)]
        fail_on: Verdict,
    },
    /// Prints the generated code, or an intermediate document.
    Generate {
        /// The document; the vendored one by default.
        #[arg(long, value_name = "FILE|URL|-")]
        document: Option<String>,
        /// Corrections of the document; for the vendored one, those of the project by default.
        #[arg(long, value_name = "FILE")]
        corrections: Option<PathBuf>,
        /// The output: the client, the helpers for its mock, the lowered document or the normal form.
        #[arg(long, value_enum, default_value_t)]
        what: What,
        /// The file to write; standard output by default.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Prints the rules by which changes are classified.
    Rules {
        /// The format of the output.
        #[arg(long, value_enum, default_value_t)]
        format: TextFormat,
    },
    /// Vendors a candidate, and updates the snapshots and the lock; without a candidate, updates them only.
    Accept {
        /// The candidate: a file, an https URL, or `-` for standard input.
        #[arg(long, value_name = "FILE|URL|-")]
        upstream: Option<String>,
        /// The operations of the candidate to use. A document with other operations or unused components is reduced and, unless the result
        /// equals the vendored one, written with sorted keys and without comments; with `all`, it is copied byte for byte.
        #[arg(long, value_enum, default_value_t)]
        scope: Scope,
        /// A changelog with a heading `Unreleased`, for entries on what has changed since the commit HEAD.
        #[arg(long, value_name = "FILE")]
        changelog: Option<PathBuf>,
    },
    /// Prints changelog entries for all changes of the client since the commit HEAD, and the next version: with a candidate, as if it were
    /// accepted; without one, for what has been accepted.
    Changelog {
        /// The candidate: a file, an https URL, or `-` for standard input.
        #[arg(long, value_name = "FILE|URL|-")]
        upstream: Option<String>,
        /// The operations of the candidate to use.
        #[arg(long, value_enum, default_value_t)]
        scope: Scope,
        /// The format of the output.
        #[arg(long, value_enum, default_value_t)]
        format: TextFormat,
    },
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Markdown,
    Github,
    Sarif,
    Junit,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum TextFormat {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum What {
    #[default]
    Client,
    Mock,
    Lowered,
    Normal,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(problem) => {
            // One line for each error.
            for line in problem.lines() {
                eprintln!("spec-drift: {}", line.replace(|c: char| c.is_control(), " "));
            }
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Check { options, format, fail_on } => {
            let report = check(&options)?;
            print(&match format {
                Format::Text => report.text(),
                Format::Json => report.json()?,
                Format::Markdown => report.markdown(),
                Format::Github => report.github(),
                Format::Sarif => sarif(&report)?,
                Format::Junit => junit(&report, fail_on)?,
            })?;
            Ok(if report.verdict >= fail_on { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
        Command::Generate { document, corrections, what, out } => {
            let text = generate(document.as_deref(), corrections, what)?;
            match out {
                Some(path) => std::fs::write(&path, text).map_err(|error| {
                    format!("{}: this cannot be written: {error}; choose another file", path.display())
                })?,
                None => print(&text)?,
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Rules { format } => {
            print(&match format {
                TextFormat::Text => rules::text()?,
                TextFormat::Json => rules::json()?,
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Changelog { upstream, scope, format } => {
            let changelog = changelog(&Options { upstream, scope, ..Options::default() })?;
            print(&match format {
                TextFormat::Text => changelog.text(),
                TextFormat::Json => changelog.json()?,
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Accept { upstream, scope, changelog } => {
            let project = Project::read(find_current(None)?)?;
            let accepted = accept(&project, upstream.as_deref(), scope, changelog.as_deref())?;
            print(&accepted.text())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Returns a generated text, and prints the warnings and the features that the client needs to standard error.
fn generate(document: Option<&str>, corrections: Option<PathBuf>, what: What) -> Result<String, String> {
    let prepared = prepare(document, corrections)?;
    print_warnings(&prepared.corrections, prepared.warnings());
    for (name, feature) in prepared.features() {
        eprintln!("the client needs the feature `{feature}` of `{name}`: enable it in Cargo.toml");
    }
    Ok(match what {
        What::Client => prepared.code(Output::Client)?.text,
        What::Mock => prepared.code(Output::Mock)?.text,
        What::Lowered => format!("{:#}\n", prepared.lowered()),
        What::Normal => format!("{:#}\n", prepared.normal().document()),
    })
}

/// Prepares a document, by default that of the project. If it has errors, the warnings are printed, too.
fn prepare(document: Option<&str>, corrections: Option<PathBuf>) -> Result<Prepared, String> {
    let mut inputs = match document {
        Some(from) => {
            let Source { name, value, .. } = Source::read(from)?;
            Inputs::new(Input { name, value })
        }
        None => find_current(Some("--document"))?.inputs()?,
    };
    if let Some(path) = corrections {
        let name = path.to_string_lossy();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {}", unreadable(&error)))?;
        inputs.corrections = Input::load(&name, &text)?;
    }
    openapi_refinery::prepare(inputs).map_err(|error| {
        print_warnings(error.corrections(), error.warnings());
        error.to_string()
    })
}

/// Prints the warnings about the corrections and the document to standard error.
fn print_warnings(corrections: &[Outcome], warnings: &Warnings) {
    corrections.iter().filter_map(Outcome::warning).for_each(|warning| eprintln!("{warning}"));
    eprint!("{warnings}");
}

/// Writes to standard output. A closed pipe is not an error.
fn print(text: &str) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}; redirect it to another place"))
        }
        _ => Ok(()),
    }
}
