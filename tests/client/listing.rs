// A list of messages, to be reviewed as prose. Not an inner comment: the tests of other packages include this file.

use std::fmt::Write;

/// A list of messages in sections, each with the case in which a user meets it.
#[derive(Default)]
pub struct Listing(String);

impl Listing {
    pub fn section(&mut self, title: &str) {
        let separator = if self.0.is_empty() { "" } else { "\n" };
        write!(self.0, "{separator}# {title}\n\n").unwrap();
    }

    pub fn add(&mut self, case: &str, message: impl ToString) {
        writeln!(self.0, "{case}").unwrap();
        for line in message.to_string().lines() {
            writeln!(self.0, "{}", format!("    {line}").trim_end()).unwrap();
        }
    }

    /// Compares the list with a file that was reviewed. If they differ, the error shows how, and the command that renews the file.
    pub fn assert_reviewed(&self, file: &str) {
        let reviewed = std::fs::read_to_string(file).unwrap_or_default();
        if self.0 == reviewed {
            return;
        }
        let missing = |text: &str, other: &str, mark: &str| {
            let others: std::collections::HashSet<&str> = other.lines().collect();
            text.lines().filter(|line| !others.contains(line)).map(|line| format!("{mark}{line}\n")).collect::<String>()
        };
        let (removed, added) = (missing(&reviewed, &self.0, "-"), missing(&self.0, &reviewed, "+"));
        let name = file.rsplit("/tests/").next().unwrap().replace('/', "-");
        let renewed = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&renewed, &self.0).unwrap();
        panic!("the messages differ:\n{removed}{added}review them, and renew the list: cp {renewed} {file}");
    }
}
