use openapi_refinery::{build, Output};

fn main() {
    build("openapi/generate.yaml", &[Output::Client, Output::Mock]);
}
