//! Servers and their variables.

use super::{build_document, classify};
use openapi_spec_drift::Verdict::{Breaking, Compatible, None as NoChange};
use serde_json::{Value, json};

/// A server is equivalent to all URLs that result from the values of its variables.
#[test]
fn servers_are_compared_by_their_urls() {
    let with = |servers: &Value| {
        let mut document = build_document(&json!({}));
        document["servers"] = servers.clone();
        document
    };
    let server = |url: &str| json!({ "url": url });
    let variable = |url: &str, values: &[&str], more: &[&str]| {
        let listed = |values: &[&str]| json!({ "default": values[0], "enum": values });
        let open = |values: &[&str]| json!({ "default": values[0] });
        let second = if more.is_empty() { open(&["a"]) } else { listed(more) };
        let first = if values.len() > 1 { listed(values) } else { open(values) };
        json!({ "url": url, "variables": { "region": first, "zone": second } })
    };
    let [eu, us] = ["https://eu.example", "https://us.example"].map(server);
    let region = "https://{region}.example";
    let any = variable(region, &["eu"], &[]);
    let both = variable(region, &["eu", "us"], &[]);
    let many: Vec<String> = (0..40).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let zoned = |zones: &[&str]| variable("https://{region}.{zone}.example", &many, zones);
    for (case, old, new, expected) in [
        (
            "a removed server with a free variable, next to its default",
            json!([eu, any]),
            json!([eu]),
            [Breaking, Compatible],
        ),
        ("one of two servers with the same default removed", json!([any, both]), json!([both]), [Breaking, Compatible]),
        ("a server for each value instead of a variable", json!([both]), json!([eu, us]), [NoChange, NoChange]),
        ("a server for only one of two values", json!([both]), json!([eu]), [Breaking, Compatible]),
        (
            "a variable that loses its `enum`",
            json!([both, us]),
            json!([variable(region, &["eu"], &[]), us]),
            [Compatible, Breaking],
        ),
        ("a changed default", json!([both]), json!([variable(region, &["us", "eu"], &[])]), [Breaking, Breaking]),
        (
            "a variable replaced by its default",
            json!([variable("https://{region}.{zone}.example", &["eu", "us"], &["a", "b"])]),
            json!([variable("https://eu.{zone}.example", &["eu"], &["a", "b"])]),
            [Breaking, Compatible],
        ),
        (
            "one of two variables with empty defaults removed",
            json!([variable("https://a.example/{region}{zone}", &["", "x"], &["", "y"])]),
            json!([{ "url": "https://a.example/{zone}", "variables": { "zone": { "default": "", "enum": ["", "y"] } } }]),
            [Breaking, Compatible],
        ),
        (
            "a value with braces",
            json!([variable("https://{region}.{zone}.example", &["{2}", "{3}"], &["a", "b"])]),
            json!(
                ["a.a", "a.b", "b.a", "b.b", "{3}.a", "{3}.b"].map(|name| server(&format!("https://{name}.example")))
            ),
            [Breaking, Breaking],
        ),
        (
            "another spelling of the scheme, the host and the port",
            json!([server("https://eu.example/v1/")]),
            json!([server("HTTPS://EU.example:443/v1")]),
            [NoChange, NoChange],
        ),
        (
            "other servers in another order",
            json!([eu, us, server("/a")]),
            json!([eu, server("/a"), us]),
            [NoChange, NoChange],
        ),
        ("a first server that is another value", json!([both]), json!([us, eu]), [Breaking, Breaking]),
        (
            "percent-encoded characters",
            json!([server("https://a.example/%7Eeu%2f")]),
            json!([server("https://a.example/~%65u%2F")]),
            [NoChange, NoChange],
        ),
        (
            "a percent-encoded slash",
            json!([server("https://a.example/eu%2Fa")]),
            json!([server("https://a.example/eu/a")]),
            [Breaking, Breaking],
        ),
        ("another port", json!([eu]), json!([server("https://eu.example:444")]), [Breaking, Breaking]),
        (
            "another spelling of values in the host",
            json!([both]),
            json!([variable(region, &["EU", "US"], &[])]),
            [NoChange, NoChange],
        ),
        (
            "another spelling of values in the path",
            json!([variable("https://a.example/{region}", &["eu", "us"], &[])]),
            json!([variable("https://a.example/{region}", &["EU", "US"], &[])]),
            [Breaking, Breaking],
        ),
        (
            "a variable that is repeated instead of another with the same values",
            json!([variable("https://{region}.example/{zone}", &["eu", "us"], &["eu", "us"])]),
            json!([variable("https://{region}.example/{region}", &["eu", "us"], &[])]),
            [Breaking, Compatible],
        ),
        (
            "an undeclared variable with a number as its name",
            json!([variable("https://{2}.example/{zone}", &["eu"], &["a", "b"])]),
            json!(
                ["a.example/a", "a.example/b", "b.example/a", "b.example/b"]
                    .map(|url| server(&format!("https://{url}")))
            ),
            [Breaking, Breaking],
        ),
        (
            "a variable without values",
            json!([{ "url": "https://{region}.example", "variables": { "region": { "enum": [] } } }]),
            json!([eu]),
            [Breaking, Breaking],
        ),
        ("one of many values removed", json!([zoned(&many)]), json!([zoned(&many[..39])]), [Breaking, Compatible]),
    ] {
        let [old, new] = [with(&old), with(&new)];
        assert_eq!([classify(&old, &new), classify(&new, &old)], expected, "{case}");
    }
}

/// Each variable would double the length of the URL if its value were expanded.
#[test]
fn values_of_server_variables_are_not_expanded() {
    let with = |count: usize| {
        let mut document = build_document(&json!({}));
        let variable = |number: usize| {
            let next = number % count + 1;
            (number.to_string(), json!({ "default": format!("{{{next}}}{{{next}}}") }))
        };
        let variables: serde_json::Map<String, Value> = (1..=count).map(variable).collect();
        let url: String = (1..=count).map(|number| format!("{{{number}}}")).collect();
        document["servers"] = json!([{ "url": format!("https://{url}.example"), "variables": variables }]);
        document
    };
    assert_eq!(classify(&with(28), &with(27)), Breaking);
}
