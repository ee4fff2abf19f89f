//! Measures each step for small and large documents, and progenitor alone: `cargo bench -p openapi-refinery`.
//!
//! `progenitor` is the time to generate tokens from the lowered document without refining them. It is part of `code`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod documents;

use std::time::{Duration, Instant};

use openapi_refinery::{Input, Inputs, Output, load, prepare};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

fn main() {
    println!("{:>9} {:>16} {:>16} {:>16} {:>16}", "bytes", "load", "correct, lower", "code", "progenitor");
    // The last length is that of documents in benchmarks of tools that compare documents.
    for length in [0, 230_000, 925_000, 3_700_000] {
        print_times(&documents::build_large_document(length).to_string());
    }
}

fn print_times(text: &str) {
    let (load_time, value) = measure_time(|| load(text).unwrap());
    let (prepare_time, prepared) =
        measure_time(|| prepare(Inputs::new(Input { name: "document".to_owned(), value })).unwrap());
    let (code_time, _) = measure_time(|| prepared.code(Output::Client).unwrap());
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Builder).with_crate("std", progenitor::CrateVers::Any, None);
    let lowered = serde_json::from_value(prepared.lowered().clone()).unwrap();
    let (progenitor_time, _) = measure_time(|| Generator::new(&settings).generate_tokens(&lowered).unwrap());
    let all = load_time + prepare_time + code_time;
    let shown = [load_time, prepare_time, code_time, progenitor_time].map(|time| {
        let share = 100.0 * time.as_secs_f64() / all.as_secs_f64();
        format!("{:>16}", format!("{} ms {share:.0} %", time.as_millis()))
    });
    println!("{:>9} {}", text.len(), shown.join(" "));
}

fn measure_time<T>(step: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let done = step();
    (started.elapsed(), done)
}
