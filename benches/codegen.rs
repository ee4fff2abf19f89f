//! What each step of `codegen` takes of the time, for the vendored document and for larger ones:
//! `cargo bench --features drift --bench codegen`. Times grow with the document, and generating is progenitor's.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod documents;

use std::time::{Duration, Instant};

use sendcloud_integrations::codegen::{self, Handwritten, Input, Inputs, load};
use serde_json::json;

fn main() {
    println!(
        "{:>9} {:>14} {:>14} {:>14} {:>14} {:>14}",
        "bytes", "load", "correct, lower", "generate", "refine", "write"
    );
    // The last is what tools that compare documents are measured with.
    for length in [0, 230_000, 925_000, 3_700_000] {
        measure(&documents::large(length).to_string());
    }
}

fn measure(text: &str) {
    let mut times = Vec::new();
    let document = timed(&mut times, || load(text).unwrap());
    let input = |name: &str, value| Input { name: name.to_owned(), value };
    let inputs = Inputs {
        document: input("document", document),
        corrections: input("corrections", json!([])),
        lock: input("lock", json!({ "operations": {}, "types": {} })),
        handwritten: Handwritten::default(),
    };
    let prepared = timed(&mut times, || codegen::prepare(inputs).unwrap());
    let generated = timed(&mut times, || prepared.generated().unwrap());
    let refined = timed(&mut times, || prepared.refined(generated).unwrap());
    timed(&mut times, || codegen::write(&refined));
    let all: Duration = times.iter().sum();
    let shown = times.iter().map(|time| {
        let share = 100.0 * time.as_secs_f64() / all.as_secs_f64();
        format!("{:>14}", format!("{} ms {share:.0} %", time.as_millis()))
    });
    println!("{:>9} {}", text.len(), shown.collect::<Vec<_>>().join(" "));
}

fn timed<T>(times: &mut Vec<Duration>, step: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = step();
    times.push(started.elapsed());
    done
}
