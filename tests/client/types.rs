//! The generated types: absent, `null` and set properties; validation of requests; tolerant decoding of responses.

use std::borrow::Cow;

use proptest::prelude::*;
use sendcloud_integrations::types::{ErrorObjectCode, Errors, FeedbackType, IntegrationModel};
use serde_json::{Value, json};

fn read(body: &Value) -> Result<IntegrationModel, serde_json::Error> {
    serde_json::from_value(body.clone())
}

fn read_error(body: &Value) -> String {
    read(body).unwrap_err().to_string()
}

#[test]
fn absent_null_and_value_are_preserved() {
    let bodies = [
        json!({}),
        json!({ "webhook_url": null }),
        json!({ "webhook_url": "https://mywebshop.com/feedback" }),
        json!({ "service_point_carriers": [] }),
        json!({ "service_point_carriers": ["ups"] }),
    ];
    for body in bodies {
        assert_eq!(serde_json::to_value(read(&body).unwrap()).unwrap(), body);
    }
}

#[test]
fn the_builder_distinguishes_absent_null_and_value() {
    let builder = IntegrationModel::builder;
    let cases = [
        (builder(), json!({})),
        (builder().webhook_url_null(), json!({ "webhook_url": null })),
        (builder().webhook_url("urn:a:b"), json!({ "webhook_url": "urn:a:b" })),
        (builder().webhook_url("urn:a:b").webhook_url_null(), json!({ "webhook_url": null })),
        (builder().service_point_carriers([""; 0]), json!({ "service_point_carriers": [] })),
        (builder().service_point_carriers(vec!["ups".to_owned()]), json!({ "service_point_carriers": ["ups"] })),
        (builder().feedback_type(FeedbackType::Eager), json!({ "feedback_type": "eager" })),
        (builder().feedback_type("eager"), json!({ "feedback_type": "eager" })),
        (builder().shop_name(String::from("x")), json!({ "shop_name": "x" })),
    ];
    for (builder, body) in cases {
        let model = builder.build().unwrap();
        assert_eq!(serde_json::to_value(&model).unwrap(), body);
        assert_eq!(read(&body).unwrap(), model);
    }
}

#[test]
fn setters_accept_all_kinds_of_strings_and_lists() {
    let name = String::from("x");
    let set = std::collections::BTreeSet::from(["ups".to_owned()]);
    let slice: &[&str] = &["ups"];
    let builder = IntegrationModel::builder;
    let named = [
        builder().shop_name("x"),
        builder().shop_name(&name),
        builder().shop_name(Cow::Borrowed("x")),
        builder().shop_name(builder().shop_name("x").build().unwrap().shop_name.unwrap()),
        builder().shop_name(name),
    ];
    assert!(named.into_iter().all(|named| named.build().unwrap() == builder().shop_name("x").build().unwrap()));
    let listed = [
        builder().service_point_carriers(["ups"]),
        builder().service_point_carriers(vec!["ups"]),
        builder().service_point_carriers(slice),
        builder().service_point_carriers(set.iter().cloned()),
        builder().service_point_carriers(&set),
        builder().service_point_carriers(set.iter().map(String::as_str)),
        builder().enable_service_points(["ups"]).service_point_carriers(vec![Cow::Borrowed("ups")]),
        builder().service_point_carriers(set),
    ];
    for listed in listed {
        assert_eq!(listed.build().unwrap().service_point_carriers.unwrap(), ["ups"]);
    }
    let url = reqwest::Url::parse("https://shop.example/").unwrap();
    let change = builder().shop_url(&url).webhook_url(url).feedback_type(FeedbackType::None).build().unwrap();
    let url = "https://shop.example/";
    let body = json!({ "shop_url": url, "webhook_url": url, "feedback_type": "none" });
    assert_eq!(serde_json::to_value(change).unwrap(), body);
}

#[test]
fn maybe_setters_accept_options() {
    let builder = |name: Option<String>, carriers: Option<&[String]>, active: Option<bool>, url: Option<&str>| {
        IntegrationModel::builder()
            .maybe_shop_name(name)
            .maybe_service_point_carriers(carriers)
            .maybe_webhook_active(active)
            .maybe_webhook_url(url)
            .maybe_feedback_type(None::<FeedbackType>)
    };
    let carriers = ["ups".to_owned()];
    let all = builder(Some("x".to_owned()), Some(&carriers), Some(false), Some("urn:a:b"));
    let body = json!({ "shop_name": "x", "service_point_carriers": ["ups"], "webhook_active": false, "webhook_url": "urn:a:b" });
    assert_eq!(serde_json::to_value(all.build().unwrap()).unwrap(), body);
    let none = builder(None, None, None, None);
    assert_eq!(none, IntegrationModel::builder());
    // `None` leaves the property unchanged, and an invalid value is reported.
    let kept = none.shop_name("y").webhook_url_null().maybe_shop_name(None::<&str>).maybe_webhook_url(None::<&str>);
    assert_eq!(serde_json::to_value(kept.build().unwrap()).unwrap(), json!({ "shop_name": "y", "webhook_url": null }));
    assert_eq!(IntegrationModel::builder().maybe_shop_name(Some("")).build().unwrap_err()[0].pointer, "/shop_name");
}

#[test]
fn changes_are_read_from_other_formats() {
    let change: IntegrationModel = serde_saphyr::from_str("shop_name: x\nwebhook_url: null\n").unwrap();
    assert_eq!(serde_json::to_value(change).unwrap(), json!({ "shop_name": "x", "webhook_url": null }));
}

#[test]
fn a_quoted_value_does_not_split_a_violation() {
    let message = read_error(&json!({ "webhook_active": "a; /b: c" }));
    assert_eq!(message, "/webhook_active: invalid type: string \"a; /b: c\", expected a boolean");
}

#[test]
fn null_is_rejected_unless_the_document_allows_it() {
    let properties =
        ["shop_name", "shop_url", "service_point_enabled", "service_point_carriers", "webhook_active", "feedback_type"];
    for property in properties {
        let message = read_error(&json!({ property: null }));
        assert!(message.contains(&format!("/{property}")) && message.contains("null"), "{message}");
    }
    assert!(read_error(&json!({ "service_point_carriers": ["ups", null] })).starts_with("/service_point_carriers/1: "));
}

#[test]
fn values_that_violate_the_schema_are_rejected() {
    let bodies = [
        (json!({ "shop_name": "" }), "/shop_name: must be a string of 1 to 250 characters"),
        (json!({ "shop_name": "ü".repeat(251) }), "/shop_name: must be a string of 1 to 250 characters"),
        (json!({ "shop_url": "shop.example" }), "/shop_url: must be a URI with a scheme"),
        (json!({ "shop_url": "" }), "/shop_url: must be a URI with a scheme"),
        (
            json!({ "webhook_url": "https:///feedback" }),
            "/webhook_url: must have a host because the scheme is http or https",
        ),
        (
            json!({ "webhook_url": "http:feedback" }),
            "/webhook_url: must have a host because the scheme is http or https",
        ),
        (json!({ "feedback_type": "never" }), "/feedback_type: must be one of `delayed`, `eager`"),
        (
            json!({ "feedback_type": { "none": null } }),
            "/feedback_type: invalid type: map, expected one of `delayed`, `eager`",
        ),
        (json!({ "shop_name": null }), "/shop_name: invalid type: null, expected a string of 1 to 250 characters"),
        (json!({ "webhook_url": 5 }), "/webhook_url: invalid type: integer `5`, expected a URI with a scheme, or null"),
        (json!({ "webhook_active": "true" }), "/webhook_active: invalid type: string"),
        (json!({ "shop": "x" }), "/shop: unknown property, expected one of "),
        (json!([]), "invalid type: sequence, expected an object"),
    ];
    for (body, expected) in bodies {
        let message = read_error(&body);
        assert!(message.starts_with(expected), "{body}: {message}");
    }
    let twice = serde_json::from_str::<IntegrationModel>(r#"{"shop_name": "a", "shop_name": "b"}"#);
    assert!(twice.unwrap_err().to_string().starts_with("/shop_name: duplicate property"));
}

#[test]
fn a_later_setter_call_replaces_an_earlier_one() {
    let model = IntegrationModel::builder().shop_name("").shop_name("ok").build().unwrap();
    assert_eq!(serde_json::to_value(model).unwrap(), json!({ "shop_name": "ok" }));
    let violations = IntegrationModel::builder().shop_name("ok").shop_name("").build().unwrap_err();
    assert_eq!(violations.len(), 1);
}

#[test]
fn rules_stated_in_prose_are_validated() {
    let invalid = [
        (json!({ "webhook_active": true }), "/webhook_url"),
        (json!({ "webhook_active": true, "webhook_url": null }), "/webhook_url"),
        (json!({ "service_point_enabled": true }), "/service_point_carriers"),
        (json!({ "service_point_enabled": true, "service_point_carriers": [] }), "/service_point_carriers"),
    ];
    for (body, pointer) in invalid {
        let violations = read(&body).unwrap().validate().unwrap_err();
        assert_eq!(violations.len(), 1, "{body}");
        assert_eq!(violations[0].pointer, pointer);
    }
    let valid = [
        json!({ "webhook_active": true, "webhook_url": "https://mywebshop.com" }),
        json!({ "webhook_active": false }),
        json!({ "webhook_url": null }),
        json!({ "service_point_enabled": true, "service_point_carriers": ["ups"] }),
        json!({ "service_point_enabled": false, "service_point_carriers": [] }),
    ];
    for body in valid {
        assert_eq!(read(&body).unwrap().validate(), Ok(()), "{body}");
    }
    // An invalid URL is one violation: it is not also missing.
    let violations = IntegrationModel::builder().enable_webhook("mywebshop.com").validate().unwrap_err();
    assert_eq!(violations.len(), 1);
    assert!(violations[0].message.starts_with("must be a URI with a scheme"));
}

#[test]
fn invalid_parts_of_responses_are_ignored() {
    let read = |body: Value| serde_json::from_value::<Errors>(body).unwrap().errors.unwrap();
    let [error] = &read(json!({ "errors": { "status": 404, "code": "brand_new", "more": 1 } }))[..] else {
        panic!("an object is read as a list with one item");
    };
    assert_eq!(error.status.as_deref(), Some("404"));
    assert_eq!(error.code, Some(ErrorObjectCode::Unlisted("brand_new".to_owned())));
    assert_eq!(serde_json::to_value(error).unwrap(), json!({ "status": "404", "code": "brand_new" }));

    let errors = read(json!({ "errors": [
        { "detail": "", "source": null, "title": ["?"], "links": { "about": 7 } },
        "not an object",
        { "code": "not_found", "meta": {} },
    ]}));
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0].detail.as_deref(), Some(""));
    assert_eq!((errors[0].source.as_ref(), errors[0].title.as_ref()), (None, None));
    assert_eq!(errors[1].code, Some(ErrorObjectCode::NotFound));
}

proptest! {
    #![proptest_config(crate::reproducible(256))]

    #[test]
    fn reading_and_writing_a_change_preserves_it(
        shop_name in proptest::option::of(".{1,250}"),
        path in proptest::option::of("[a-z0-9/%~]{0,20}"),
        webhook in 0..3,
        carriers in proptest::option::of(proptest::collection::vec(".*", 0..4)),
        active in proptest::option::of(any::<bool>()),
    ) {
        let mut body = json!({});
        if let Some(shop_name) = shop_name { body["shop_name"] = shop_name.into(); }
        if let Some(path) = path { body["shop_url"] = format!("HTTPS://Shop.example/{}", path.replace('%', "%7e")).into(); }
        match webhook {
            0 => {}
            1 => body["webhook_url"] = Value::Null,
            _ => body["webhook_url"] = "urn:example:feedback".into(),
        }
        if let Some(carriers) = carriers { body["service_point_carriers"] = carriers.into(); }
        if let Some(active) = active { body["webhook_active"] = active.into(); }
        prop_assert_eq!(serde_json::to_value(read(&body).unwrap()).unwrap(), body);
    }
}

#[test]
fn types_implement_common_traits() {
    use std::collections::HashSet;
    fn is_key<T: Eq + std::hash::Hash>() {}
    is_key::<IntegrationModel>();
    is_key::<Errors>();
    is_key::<ErrorObjectCode>();
    let name = |name: &str| IntegrationModel::builder().shop_name(name);
    assert_eq!(name("x"), name("x"));
    assert_ne!(name("x"), name("y"));
    let distinct: HashSet<_> = ["x", "y", "x"].map(|text| name(text).build().unwrap()).into();
    assert_eq!(distinct.len(), 2);
    let violations = name("").build().unwrap_err();
    let expected = json!([{ "pointer": "/shop_name", "message": "must be a string of 1 to 250 characters" }]);
    assert_eq!(json!(violations), expected);
    assert_eq!(json!(violations[0]), expected[0]);
}
