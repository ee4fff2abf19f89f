//! Prints the JSON Schema of a change, for example to generate a form, or for a program in another language. Then it validates two changes
//! with the schema and with the Rust type, and prints both results. Requires the crates `schemars` 1 and, to validate, `jsonschema`.
//!
//! ```sh
//! cargo run --example json_schema
//! ```

mod console;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use sendcloud_integrations::types::IntegrationModel;
use serde_json::{Value, json};

/// Prints the JSON Schema of a change, and validates two changes with it and with the Rust type.
#[derive(Parser)]
struct Arguments;

fn main() -> ExitCode {
    let Arguments = Arguments::parse();
    console::exit_code(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    Ok(io::stdout().write_all(describe_changes()?.as_bytes())?)
}

fn describe_changes() -> Result<String, Box<dyn Error>> {
    let schema = schemars::schema_for!(IntegrationModel);
    let mut text = serde_json::to_string_pretty(&schema)? + "\n";

    let validator = jsonschema::options().should_validate_formats(true).build(schema.as_value())?;
    let changes = [
        json!({ "webhook_active": true, "webhook_url": "https://mywebshop.com/feedback" }),
        json!({ "webhook_active": "yes", "webhook_uri": null, "shop_name": "" }),
    ];
    for change in changes {
        writeln!(text, "\n{change}")?;
        let errors: Vec<String> =
            validator.iter_errors(&change).map(|error| format!("{}: {error}", error.instance_path())).collect();
        writeln!(text, "schema: {}", if errors.is_empty() { "valid".to_owned() } else { errors.join("; ") })?;
        writeln!(text, "type: {}", validate_by_type(change))?;
    }
    Ok(text)
}

fn validate_by_type(change: Value) -> String {
    serde_json::from_value::<IntegrationModel>(change).map_or_else(|error| error.to_string(), |_| "valid".to_owned())
}
