//! What a user writes once the document has grown: see `additions_to_the_document_are_additions_to_the_crate`.

use sendcloud_integrations::Client;
use sendcloud_integrations::types::{FeedbackType, IntegrationModel, Owner, OwnerType};
use serde_json::{Value, from_value, json, to_value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let owner = Owner::builder().name("Ann").age(40).type_(OwnerType::Person).build()?;
    let change = IntegrationModel::builder()
        .nickname_null()
        .mirrors(["https://a.example", "https://b.example"])
        .feedback_type(FeedbackType::Late)
        .owner(owner);
    let body = json!({
        "nickname": null,
        "mirrors": ["https://a.example", "https://b.example"],
        "feedback_type": "late",
        "owner": { "name": "Ann", "age": 40, "type": "person" },
    });
    let change = change.build()?;
    assert_eq!(to_value(&change)?, body);
    assert_eq!(from_value::<IntegrationModel>(body)?, change);

    let faulty = IntegrationModel::builder()
        .nickname("too long")
        .mirrors(["https://a.example", "b"])
        .owner(Owner::builder().name("A").age(3_000_000_000_i64));
    let violations = faulty.validate().unwrap_err();
    let pointers: Vec<&str> = violations.iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, ["/nickname", "/mirrors/1", "/owner/name", "/owner/age"]);
    let missing = Owner::builder().name("Ann").build().unwrap_err();
    assert_eq!(missing.to_string(), "/age: is required");

    let refused = |body: Value| from_value::<IntegrationModel>(body).unwrap_err().to_string();
    assert_eq!(refused(json!({ "owner": { "name": "Ann" } })), "/owner/age: is required");
    assert!(refused(json!({ "owner": { "name": "A", "age": 1 } })).starts_with("/owner/name: must be a string of at least 2"));
    assert!(refused(json!({ "owner": [] })).starts_with("/owner: invalid type: sequence"));

    let client = Client::builder().credentials("public", "secret").build()?;
    let _patch = client.update_integration().id(1_u64).body(change);
    let _put = client.put_update_integration().id(1_u64);
    Ok(())
}
