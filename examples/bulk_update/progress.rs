//! How far it is: a bar on a terminal, lines elsewhere.

use std::fmt;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// So often a line tells how far it is, where there is no bar.
const INTERVAL: Duration = Duration::from_secs(10);

/// Told on standard error.
pub struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
    told: Instant,
}

impl Progress {
    /// So many changes are to be made, so many were made before.
    pub fn of(changes: usize, before: usize) -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let bar = if on_terminal { ProgressBar::new(changes as u64) } else { ProgressBar::hidden() };
        bar.set_length(changes as u64);
        let template = "{bar:40} {pos}/{len}, {per_sec}, {eta} left{msg}";
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        if before > 0 {
            eprintln!("{before} changes were made before, {changes} are left");
        }
        Self { bar, on_terminal, told: Instant::now() }
    }

    /// One change more has an outcome.
    pub fn step(&mut self, failed: usize) {
        self.bar.inc(1);
        if failed > 0 {
            self.bar.set_message(format!(", {failed} failed"));
        }
        if !self.on_terminal && self.told.elapsed() >= INTERVAL {
            self.told = Instant::now();
            self.tell_state();
        }
    }

    /// A line of its own, on standard output.
    pub fn show(&self, line: &impl fmt::Display) {
        self.bar.suspend(|| println!("{line}"));
    }

    /// There are no more.
    pub fn finish(self) {
        if self.on_terminal {
            self.bar.finish();
        } else {
            self.tell_state();
        }
    }

    fn tell_state(&self) {
        let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        let left = indicatif::HumanDuration(self.bar.eta());
        eprintln!("{done} of {all}, {:.1} a second, {left} left{}", self.bar.per_sec(), self.bar.message());
    }
}
