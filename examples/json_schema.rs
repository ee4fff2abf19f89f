//! The JSON Schema of a change, for forms, for other languages, for a language model's tools: it judges as the type does.
//!
//! ```sh
//! cargo run --example json_schema
//! ```

use sendcloud_integrations::types::IntegrationModel;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let schema = schemars::schema_for!(IntegrationModel);
    println!("{}", serde_json::to_string_pretty(&schema)?);

    let judge = jsonschema::options().should_validate_formats(true).build(schema.as_value())?;
    let changes = [
        json!({ "webhook_active": true, "webhook_url": "https://mywebshop.com/feedback" }),
        json!({ "webhook_active": "yes", "webhook_uri": null, "shop_name": "" }),
    ];
    for change in changes {
        println!("\n{change}");
        let faults: Vec<String> =
            judge.iter_errors(&change).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        println!("by the schema: {}", if faults.is_empty() { "valid".to_owned() } else { faults.join("; ") });
        println!("by the type: {}", by_the_type(change));
    }
    Ok(())
}

fn by_the_type(change: Value) -> String {
    serde_json::from_value::<IntegrationModel>(change).map_or_else(|error| error.to_string(), |_| "valid".to_owned())
}
