//! A program that uses additions to the document. Compiled by `the_client_builds_from_an_extended_document`.

use sendcloud_integrations::Client;
use sendcloud_integrations::mock::{MockServerExt, httpmock::MockServer};
use sendcloud_integrations::types::{IntegrationModelAsked as Asked, IntegrationModelClosed as Closed, FeedbackType, IntegrationModel, Owner, OwnerType};
use serde_json::{Value, from_value, json, to_value};

#[test]
fn added_properties_and_operations_are_usable() -> Result<(), Box<dyn std::error::Error>> {
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

    let decode_error = |body: Value| from_value::<IntegrationModel>(body).unwrap_err().to_string();
    assert_eq!(decode_error(json!({ "owner": { "name": "Ann" } })), "/owner/age: is required");
    assert!(decode_error(json!({ "owner": { "name": "A", "age": 1 } })).starts_with("/owner/name: must be a string of at least 2"));
    assert!(decode_error(json!({ "owner": [] })).starts_with("/owner: invalid type: sequence"));

    assert_eq!(
        decode_error(json!({ "owner": {} })),
        "/owner/age: is required; /owner/name: is required"
    );
    assert!(decode_error(json!({ "mirrors": ["https://a.example", "b"] })).starts_with("/mirrors/1: must be a URI with a scheme"));

    // A range is checked for all integer types.
    let delay = |delay: i32| IntegrationModel::builder().delay(delay).build();
    assert_eq!(to_value(delay(30)?)?, json!({ "delay": 30 }));
    assert_eq!(delay(31).unwrap_err().to_string(), "/delay: must be an integer from 0 to 30");
    assert_eq!(delay(-1).unwrap_err().to_string(), "/delay: must be an integer from 0 to 30");
    assert!(decode_error(json!({ "delay": 31 })).starts_with("/delay: must be an integer from 0 to 30"));
    assert_eq!(from_value::<IntegrationModel>(json!({ "delay": 7 }))?, IntegrationModel::builder().delay(7_u8).build()?);

    // Alternatives and a recursive object keep their values.
    for body in [json!({ "contact": "Ann" }), json!({ "contact": 7 }), json!({ "contact": null })] {
        assert_eq!(to_value(from_value::<IntegrationModel>(body.clone())?)?, body);
    }
    let tree = json!({ "tree": { "branches": [{ "branches": [] }, {}] } });
    assert_eq!(to_value(from_value::<IntegrationModel>(tree.clone())?)?, tree);

    // Each message names the property and what is allowed.
    let invalid_bodies = [
        (json!({ "nickname": "too long" }), "/nickname: must be a string of at most 5 characters, or null"),
        (json!({ "nickname": 7 }), "/nickname: invalid type: integer `7`, expected a string of at most 5 characters, or null"),
        (json!({ "feedback_type": 7 }), "/feedback_type: invalid type: integer `7`, expected one of `delayed`, `eager`, `none`, `late`"),
        (json!({ "delay": "x" }), "/delay: must be an integer from 0 to 30: invalid type: string \"x\", expected a JSON number"),
        (json!({ "contact": true }), "/contact: must be an integer or a string, or null"),
        (json!({ "owner": { "name": "Ann", "age": 1, "type": 1 } }), "/owner/type: invalid type: integer `1`, expected one of `company`, `person`"),
    ];
    for (body, message) in invalid_bodies {
        assert_eq!(decode_error(body), message);
    }

    // Names that collide with other names.
    let odd = IntegrationModel::builder()
        .validate_("1")
        .build_("2")
        .violations_("3")
        .enable_webhook_("4")
        .foo_bar("5")
        .foo_bar2("6")
        .type_(["a-b", "a_b"])
        .closed(Closed::builder())
        .asked(Asked::builder().anything(json!(null)));
    let body = json!({
        "validate": "1", "build": "2", "violations": "3", "enable_webhook": "4", "foo_bar": "5", "fooBar": "6",
        "type": ["a-b", "a_b"], "closed": {}, "asked": { "anything": null },
    });
    let odd = odd.build()?;
    assert_eq!(to_value(&odd)?, body);
    assert_eq!(from_value::<IntegrationModel>(body)?, odd);
    assert_eq!(decode_error(json!({ "closed": { "a": 1 } })), "/closed/a: unknown property, expected none");
    assert_eq!(decode_error(json!({ "asked": {} })), "/asked/anything: is required");
    for (body, allowed) in [
        (json!({ "either": { "kind": "x", "a": 1 } }), true),
        (json!({ "either": { "kind": "x", "b": null } }), true),
        (json!({ "either": { "kind": "x" } }), false),
        (json!({ "either": { "a": 1 } }), false),
    ] {
        let read = from_value::<IntegrationModel>(body.clone());
        assert_eq!(read.is_ok(), allowed, "{body}");
        if let Ok(read) = read {
            assert_eq!(to_value(read)?, body);
        }
    }

    let client = Client::builder().credentials("public", "secret").build()?;
    let _patch = client.update_integration().id(1).body(change);
    let listing = client.list_things().type_("x").page(0);
    assert_eq!(listing.violations().to_string(), "/page: must be an integer of at least 1");
    // A parameter that two operations share has one type.
    assert_eq!(client.get_thing().code("x").violations().to_string(), "/code: must be a string of at least 2 characters");
    assert!(client.delete_thing().code("xy").violations().is_empty());
    let _put = client.put_update_integration().id(1);
    let _odd = (client.get_client(), client.get_post(), client.get_update(), client.get_new());
    let odd = client.odd().send_(1).violations_(1).new_(1).client(0).api_version("1").body(Owner::builder().name("Ann").age(1));
    assert_eq!(odd.violations().to_string(), "/client: must be an integer of at least 1");
    // Violations of parameters and body are reported together.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let error = runtime.block_on(client.odd().client(0).body(Owner::builder().name("A")).send());
    let error = sendcloud_integrations::Error::from(error.err().ok_or("the request was sent")?);
    let pointers: Vec<&str> = error.violations().iter().map(|violation| violation.pointer.as_str()).collect();
    assert_eq!(pointers, ["/client", "/name", "/age"]);
    // Operations whose names collide with other items.
    let (_error, _self, _option) = (client.get_error().x("1"), client.self_().x("1").self_(1), client.get_option());
    runtime.block_on(check_responses())
}

/// Checks that integers are decoded in any notation, and that the response to a HEAD request has no body.
async fn check_responses() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start_async().await;
    let client = Client::builder().credentials("public", "secret").base_url(server.base_url()).build()?;
    let number = server.get_number_x_x(|when, then| {
        when.x("a.b");
        then.ok(7);
    });
    assert_eq!(client.get_number_x_x().x("a.b").send().await?.into_inner(), 7);
    number.assert();
    let responses = [
        ("/number/1/1", "7.0"),
        ("/numbers", r#"{"list": [7.0, 8, "x"], "map": {"a": 7.0, "b": 8}}"#),
        ("/text", "\"OPTIONS\""),
    ];
    for (path, body) in responses {
        server.mock(|when, then| {
            when.path(path);
            then.status(200).body(body);
        });
    }
    assert_eq!(client.get_number_x_x().x("1").send().await?.into_inner(), 7);
    let numbers = client.get_numbers().send().await?.into_inner();
    assert_eq!(numbers.list, Some(vec![7, 8]));
    assert_eq!(to_value(numbers.map)?, json!({ "a": 7, "b": 8 }));
    client.head_numbers().send().await?;
    assert_eq!(client.options_text().send().await?.into_inner(), "OPTIONS");
    let _trace = client.trace_text();
    Ok(())
}
