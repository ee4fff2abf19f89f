//! Progress on standard error: a bar on a terminal, lines elsewhere.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Interval between lines if there is no bar.
const INTERVAL: Duration = Duration::from_secs(10);

pub struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
    last_line: Instant,
}

impl Progress {
    /// Starts with the number of changes to send, and the number of those that succeeded in an earlier run.
    pub fn start(changes: usize, succeeded_before: usize) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = if is_terminal { ProgressBar::new(changes as u64) } else { ProgressBar::hidden() };
        bar.set_length(changes as u64);
        let template = "{bar:40} {pos}/{len}, {per_sec}, {eta} left{msg}";
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        if succeeded_before > 0 {
            eprintln!("changes that succeeded in an earlier run: {succeeded_before}; left: {changes}");
        }
        Self { bar, is_terminal, last_line: Instant::now() }
    }

    /// Counts a change whose outcome is known.
    pub fn advance(&mut self, failed: usize) {
        self.bar.inc(1);
        if failed > 0 {
            self.bar.set_message(format!(", {failed} failed"));
        }
        let is_last = Some(self.bar.position()) == self.bar.length();
        if !self.is_terminal && !is_last && self.last_line.elapsed() >= INTERVAL {
            self.last_line = Instant::now();
            self.print_state();
        }
    }

    /// Prints a line on standard output, unless its reader has closed it.
    pub fn print(&self, line: &impl fmt::Display) {
        self.bar.suspend(|| drop(writeln!(std::io::stdout(), "{line}")));
    }

    /// Shows the final state.
    pub fn finish(self) {
        if self.is_terminal {
            self.bar.finish();
        } else {
            self.print_state();
        }
    }

    fn print_state(&self) {
        let (completed, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        let left = indicatif::HumanDuration(self.bar.eta());
        let (rate, message) = (self.bar.per_sec(), self.bar.message());
        eprintln!("{completed} of {all} changes, {rate:.1} per second, {left} left{message}");
    }
}
