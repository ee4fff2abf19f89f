//! Generates the client, and the mock if its feature is on, from the documents in `openapi/`.

use openapi_refinery::Output;

fn main() {
    let outputs = if cfg!(feature = "mock") { &[Output::Client, Output::Mock][..] } else { &[Output::Client] };
    openapi_refinery::build("openapi/generate.yaml", outputs);
}
