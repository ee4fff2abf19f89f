//! Generates the client, and with the feature `mock` the mock, from the documents in `openapi/`.

use openapi_refinery::Output;

fn main() {
    let outputs = if cfg!(feature = "mock") { &[Output::Client, Output::Mock][..] } else { &[Output::Client] };
    openapi_refinery::build("openapi/generate.yaml", outputs);
}
