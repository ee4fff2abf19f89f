//! Reading a document from a file, a URL or standard input, also from a fenced block of a documentation page.

use std::fs::File;
use std::io::{self, Read};
use std::net::IpAddr;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::{Url, redirect};
use serde_json::Value;

use openapi_refinery::load;

/// Maximum size in bytes, more than ten times that of the largest known document.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_REDIRECTS: usize = 5;

/// A document and where it was read from.
#[derive(Debug)]
pub struct Source {
    /// A path, a URL, or `standard input`.
    pub name: String,
    /// The text of the document.
    pub text: String,
    /// Number of lines before it in the source.
    pub lines_before: usize,
    /// The parsed text.
    pub value: Value,
}

impl Source {
    /// Reads a document from standard input (`-`), a URL or a file.
    ///
    /// # Errors
    /// Returns an error if it cannot be read or parsed. The message states the reason, the location and a remedy.
    pub fn read(from: &str) -> Result<Self, String> {
        if Url::parse(from).is_ok_and(|url| !url.username().is_empty() || url.password().is_some()) {
            // The name appears in reports and in the lock, so credentials are rejected, and the error does not show them.
            return Err("the URL contains a user name or a password; remove them".to_owned());
        }
        let (name, bytes) = match from {
            "-" => ("standard input", read_limited(io::stdin().lock())),
            url if url.contains("://") => (url, fetch(url)),
            path => (path, File::open(path).map_err(|error| unreadable(&error)).and_then(read_limited)),
        };
        let bytes = bytes.map_err(|problem| format!("{name}: {problem}"))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            format!("{name}: byte {} is not UTF-8; convert the document to UTF-8", error.utf8_error().valid_up_to())
        })?;
        Self::of(name, text).map_err(|problem| format!("{name}: {problem}"))
    }

    fn of(name: &str, text: String) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let as_it_is = match load(&text) {
            Ok(value) if value.get("openapi").is_some() => {
                return Ok(Self { name: name.to_owned(), value, text, lines_before: 0 });
            }
            other => other,
        };
        for (lines_before, block) in fenced_blocks(&text) {
            if let Ok(value) = load(&block)
                && value.get("openapi").is_some()
            {
                return Ok(Self { name: name.to_owned(), text: block, lines_before, value });
            }
        }
        Err(match as_it_is {
            _ if text.trim_start().starts_with('<') => {
                "this is an HTML page; use the document itself, in YAML or JSON".to_owned()
            }
            Ok(value) if value.get("swagger").is_some() => {
                "this is Swagger 2.0; convert it to OpenAPI 3.0 or 3.1 first".to_owned()
            }
            Ok(_) => "this is not an OpenAPI document: `openapi` is missing; use OpenAPI 3.0 or 3.1".to_owned(),
            Err(error) => error.to_string(),
        })
    }
}

/// Reads all bytes up to the maximum size.
fn read_limited(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("the document has more than {} MiB; reduce it", MAX_BYTES / 1024 / 1024));
    }
    Ok(bytes)
}

fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let url = Url::parse(url)
        .map_err(|error| format!("this is not a URL: {error}; use one such as https://shelves.example/openapi.yaml"))?;
    let from_loopback = is_loopback(&url);
    if !is_trusted(&url, from_loopback) {
        return Err(format!("`{}` does not protect the document from changes; use an https URL", url.scheme()));
    }
    let policy = redirect::Policy::custom(move |attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            return attempt.error(format!("more than {MAX_REDIRECTS} redirects"));
        }
        if is_trusted(attempt.url(), from_loopback) {
            attempt.follow()
        } else {
            // Credentials may be anywhere else in the URL.
            let url = attempt.url();
            let target = format!("{}://{} is not an https URL", url.scheme(), url.host_str().unwrap_or_default());
            attempt.error(target)
        }
    });
    let agent = concat!("spec-drift/", env!("CARGO_PKG_VERSION"));
    let client = Client::builder().user_agent(agent).redirect(policy).timeout(TIMEOUT).build();
    let response = client.and_then(|client| client.get(url).send()?.error_for_status());
    read_limited(response.map_err(|error| format!("{}; check the URL", all_causes(&error.without_url())))?)
}

/// Describes a file or response that cannot be read.
pub fn unreadable(error: &io::Error) -> String {
    format!("this cannot be read: {}; check the path and its permissions", all_causes(error))
}

/// Returns the message of an error with those of its causes.
fn all_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns whether the host is a loopback address.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Returns whether a URL is trusted: https, or a loopback address if the first URL was one.
fn is_trusted(url: &Url, from_loopback: bool) -> bool {
    url.scheme() == "https" || (from_loopback && is_loopback(url))
}

/// Returns the fenced blocks of a Markdown page (CommonMark 0.31, section 4.5), each with the number of lines before it. Blocks in
/// HTML and indented blocks are included. A block without an end is ignored: the page was truncated.
fn fenced_blocks(page: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize, usize, String)> = None;
    for (number, line) in page.lines().enumerate() {
        let text = line.trim_start_matches(' ');
        let indentation = line.len() - text.len();
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'));
        let fence = mark.map_or("", |mark| &text[..text.len() - text.trim_start_matches(mark).len()]);
        let Some((opening, margin, before, block)) = &mut open else {
            open = (fence.len() >= 3).then(|| (fence, indentation, number + 1, String::new()));
            continue;
        };
        if fence.starts_with(*opening) && text[fence.len()..].trim().is_empty() && indentation <= *margin + 3 {
            blocks.push((*before, std::mem::take(block)));
            open = None;
        } else {
            block.extend([line, "\n"]);
        }
    }
    blocks
}
