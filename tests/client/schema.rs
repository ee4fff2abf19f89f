//! Compares the generated types with the schema of the corrected document, by an independent validator.

use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::select;
use sendcloud_integrations::types::IntegrationModel;
use serde_json::{Map, Value, json};

fn load(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// Returns the schema of a request body in the corrected document.
fn corrected_schema() -> Value {
    let mut document = load(include_str!("../../openapi/integrations.yaml"));
    for correction in load(include_str!("../../openapi/corrections.yaml")).as_array().unwrap() {
        let patch: json_patch::Patch = serde_json::from_value(correction["patch"].clone()).unwrap();
        json_patch::patch(&mut document, &patch).unwrap();
    }
    json!({ "$ref": "#/components/schemas/integration-model", "components": document["components"] })
}

/// Returns the JSON Schema of the type (`schemars`).
fn schema_of_the_type() -> Value {
    schemars::schema_for!(IntegrationModel).to_value()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).with_format("uri", is_uri).build(schema).unwrap()
}

/// Returns whether a text is a URI with a scheme for the validator, and has a host if its scheme is http or https (RFC 9110, section
/// 4.2), which is not percent-encoded.
fn is_uri(text: &str) -> bool {
    static URI: LazyLock<Validator> = LazyLock::new(|| {
        let schema = json!({ "type": "string", "format": "uri" });
        jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
    });
    static WITHOUT_HOST: LazyLock<Validator> = LazyLock::new(|| {
        let schema = json!({ "pattern": "^[hH][tT][tT][pP][sS]?:(?!//([^/?#@]*@)?[^/?#@:%][^/?#%]*([/?#]|$))" });
        jsonschema::draft202012::new(&schema).unwrap()
    });
    let text = Value::from(text);
    URI.is_valid(&text) && !WITHOUT_HOST.is_valid(&text)
}

/// Generates any small JSON value.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        select(vec!["eager", "none", "true", "null", "https://a.example", "1", ""]).prop_map(Value::from),
    ];
    scalar.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}|none|eager", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Generates strings with lengths around both bounds, and one to four bytes for each character.
fn name() -> impl Strategy<Value = Value> {
    let length = select(vec![0_usize, 1, 2, 62, 63, 125, 126, 249, 250, 251, 252, 500]);
    let character = select(vec!["a", "ü", "語", "😀", "e\u{301}", "\u{0}", " ", "👩‍👩‍👧"]);
    (length, character).prop_map(|(length, character)| {
        let text: String = character.chars().cycle().take(length).collect();
        Value::from(text)
    })
}

/// Generates valid and almost valid URIs.
fn uri() -> impl Strategy<Value = Value> {
    let part = |parts: &[&'static str]| select(parts.to_vec());
    let made = (
        part(&["https", "HTTP", "urn", "mailto", "a+b.c-1", "1a", "", "ht tp", "é"]),
        part(&[":", "", "::", ":/"]),
        part(&["//", "", "/", "///"]),
        part(&[
            "shop.example", "", "[::1]", "[::1", "[v1.x]", "a:b@c", "@", ":80", "x:80", "x:port", "é.example", "a b",
            "%7e", "%zz",
        ]),
        part(&[
            "", "/", "/a/../b", "/%41", "/%4", "/ü", "/a b", "/\"", "/{id}", "/a|b", "//", "/\\", "/:@!$&'()*+,;=~",
        ]),
        part(&["", "?", "?a=b&c[]=1", "?ü", "?a/b?c", "#", "#a", "#a#b", "#%zz", "#/?"]),
    )
        .prop_map(|(scheme, colon, slashes, host, path, rest)| format!("{scheme}{colon}{slashes}{host}{path}{rest}"));
    let near = select(vec![
        "http:", "http://", "https:///a", "http:a", "//a.example/", "/a", "a", "?a", "#a", " https://a", "https://a\n",
    ]);
    prop_oneof![4 => made, 1 => near.prop_map(str::to_owned), 1 => "[a-z]{1,4}:[!-~]{0,12}"].prop_map(Value::from)
}

fn property() -> impl Strategy<Value = (String, Value)> {
    let of = |names: &[&'static str], values: BoxedStrategy<Value>| (select(names.to_vec()), values).boxed();
    let carriers = prop::collection::vec(prop_oneof![8 => ".{0,5}".prop_map(Value::from), 1 => any_json()], 0..4);
    let known = vec![
        "shop_name", "shop_url", "service_point_enabled", "service_point_carriers", "webhook_active", "webhook_url",
        "feedback_type",
    ];
    let unknown = vec!["", "Shop_name", "shop_name ", "shopName", "webhook", "feedback-type", "violations"];
    prop_oneof![
        4 => of(&["shop_name"], name().boxed()),
        6 => of(&["shop_url", "webhook_url"], uri().boxed()),
        3 => of(&["service_point_enabled", "webhook_active"], any::<bool>().prop_map(Value::from).boxed()),
        3 => of(&["service_point_carriers"], carriers.prop_map(Value::from).boxed()),
        3 => of(&["feedback_type"], select(vec!["eager", "delayed", "none", "None", "", "eager "]).prop_map(Value::from).boxed()),
        1 => of(&["webhook_url"], Just(Value::Null).boxed()),
        2 => of(&known, any_json().boxed()),
        1 => of(&unknown, any_json().boxed()),
    ]
    .prop_map(|(name, value)| (name.to_owned(), value))
}

fn body() -> impl Strategy<Value = Value> {
    let object = prop::collection::vec(property(), 0..5)
        .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
        .boxed();
    prop_oneof![30 => object.clone(), 1 => object.prop_map(|object| json!([object])), 1 => any_json()]
}

#[test]
fn types_and_schemas_agree_on_every_body() {
    let (corrected, own) = (validator(&corrected_schema()), validator(&schema_of_the_type()));
    let (valid, invalid) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let mut runner = proptest::test_runner::TestRunner::new(crate::reproducible(12_000));
    let result = runner.run(&body(), |body| {
        let read = serde_json::from_value::<IntegrationModel>(body.clone());
        let is_valid = corrected.is_valid(&body);
        prop_assert_eq!(own.is_valid(&body), is_valid, "the schema of the type differs on {}", body);
        // Reading from text has the same result.
        let from_text = serde_json::from_str::<IntegrationModel>(&body.to_string());
        prop_assert_eq!(from_text.is_ok(), read.is_ok(), "{}", body);
        match read {
            Ok(model) => {
                prop_assert!(is_valid, "the type accepts {}", body);
                prop_assert_eq!(serde_json::to_value(model).unwrap(), body);
            }
            Err(error) => prop_assert!(!is_valid, "the type rejects {}: {}", body, error),
        }
        let count = if is_valid { &valid } else { &invalid };
        count.set(count.get() + 1);
        Ok(())
    });
    result.unwrap();
    // Both verdicts are tested often enough.
    assert!(valid.get() > 2_000 && invalid.get() > 2_000, "{} valid, {} invalid", valid.get(), invalid.get());
}

/// Checks the validators and the type with bodies whose validity is known.
#[test]
fn the_validators_accept_and_reject_known_bodies() {
    let corrected = validator(&corrected_schema());
    let own = validator(&schema_of_the_type());
    let bodies = [
        (json!({ "shop_name": "ü".repeat(250) }), true),
        (json!({ "shop_name": "ü".repeat(251) }), false),
        (json!({ "shop_url": "https://shop.example/ü" }), false),
        (json!({ "shop_url": "https://shop.example" }), true),
        (json!({ "shop_url": "https:" }), false),
        (json!({ "webhook_url": null }), true),
        (json!({ "feedback_type": null }), false),
        (json!({ "no such property": "x" }), false),
        (json!([]), false),
    ];
    for (body, is_valid) in bodies {
        assert_eq!((corrected.is_valid(&body), own.is_valid(&body)), (is_valid, is_valid), "{body}");
        assert_eq!(serde_json::from_value::<IntegrationModel>(body).is_ok(), is_valid);
    }
}
