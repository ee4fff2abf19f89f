//! Documents from files, URLs and pages in Markdown, and documents that are rejected.

use crate::checkout::{Checkout, DOCUMENT, SCHEMA, change_document, document, list_rules, properties};
use httpmock::MockServer;
use openapi_refinery::load;
use serde_json::{Value, json};

/// A closing fence is indented by at most three spaces (CommonMark 0.31, section 4.5); a deeper one is content.
#[test]
fn indented_fences_do_not_close_a_code_block() {
    let fenced = DOCUMENT.replacen("info:\n", "info:\n  x-note: |\n    Call it:\n\n    ```\n    curl\n    ```\n", 1);
    assert_ne!(fenced, DOCUMENT);
    let checkout = Checkout::new("fence");
    let vendored = checkout.write("vendored.yaml", &fenced);
    let page = checkout.write("page.md", format!("# A page\n\n```yaml\n{fenced}```\n"));
    let run = checkout.run(&["check", "--no-regenerate", "--vendored", &vendored, "--upstream", &page]);
    assert_eq!((run.code, run.output.as_str(), run.errors.as_str()), (0, "spec drift: none\n", ""));
}

#[test]
fn insecure_or_unreadable_urls_are_rejected() {
    let checkout = Checkout::new("urls");
    let server = MockServer::start();
    for (path, location) in
        [("/elsewhere", "http://user:secret@192.0.2.1/openapi.yaml?key=secret"), ("/cycle", "/cycle")]
    {
        server.mock(|when, then| {
            when.path(path);
            then.status(302).header("location", location);
        });
    }
    server.mock(|when, then| {
        when.path("/large");
        then.status(200).body(vec![b'#'; 65 * 1024 * 1024]);
    });
    let cases = [
        (server.url("/elsewhere"), "error following redirect: http://192.0.2.1 is not an https URL"),
        (server.url("/cycle"), "more than 5 redirects"),
        (server.url("/large"), "more than 64 MiB"),
        (server.url("/missing"), "404"),
        ("http://sendcloud.example/openapi.yaml".to_owned(), "use an https URL"),
        ("https://".to_owned(), "this is not a URL"),
    ];
    for (url, expected) in cases {
        let run = checkout.run(&["check", "--upstream", &url]);
        assert_eq!((run.code, run.output.as_str()), (2, ""), "{url}");
        assert!(run.errors.contains(expected) && run.errors.lines().count() == 1, "{}", run.errors);
    }
}

/// Returns a document in which every subset of `n` schemas is combined at some location: each `a` in its path adds one.
pub fn combine_exponentially(n: usize, max_properties: usize) -> Value {
    let schema = |number: usize| json!({ "$ref": format!("#/components/schemas/s{number}") });
    let mut document = change_document(|document| properties(document)["shop_name"] = schema(0));
    let schemas = &mut document["components"]["schemas"];
    schemas["s0"] = json!({ "properties": { "a": { "allOf": [schema(0), schema(1)] }, "b": schema(0) } });
    for number in 1..n {
        let next = schema(number + 1);
        schemas[format!("s{number}")] = json!({ "properties": { "a": next, "b": next } });
    }
    schemas[format!("s{n}")] = json!({ "maxProperties": max_properties });
    document
}

/// The limit does not depend on the size of the rest of the documents.
#[test]
fn exponential_combinations_are_rejected() {
    let checkout = Checkout::new("exponential");
    let [old, new] = [2, 1].map(|max| {
        let mut document = combine_exponentially(40, max);
        document["x-numbers"] = vec![0; 20_000].into();
        checkout.write(&format!("{max}.json"), document.to_string())
    });
    let run = checkout.run(&["check", "--no-regenerate", "--vendored", &old, "--upstream", &new]);
    assert_eq!((run.code, run.output.as_str()), (2, ""), "{}", run.errors);
    assert!(run.errors.contains("combined in more ways"), "{}", run.errors);
}

#[test]
fn references_to_anchors_are_resolved() {
    let anchored = |longest: u8| {
        change_document(|document| {
            properties(document)["nickname"] = json!({ "$ref": "#n%69ck" });
            let schemas = &mut document["components"]["schemas"];
            schemas["a%/b"] = json!({ "$anchor": "nick", "type": "string", "maxLength": longest });
            schemas["c"] = json!({ "$anchor": "default", "type": "object" });
            // Neither this response nor the anchor of this name is the keyword `default`.
            document["paths"]["/integrations/{id}"]["patch"]["responses"]["default"] = json!({
                "description": "", "content": { "application/json": { "schema": { "$ref": "#default" } } },
            });
        })
    };
    let checkout = Checkout::new("anchors");
    // Corrections apply to the document as published, before anchors are resolved.
    let pointer = format!("{SCHEMA}/properties/nickname");
    let patch = json!([
        { "op": "test", "path": format!("{pointer}/$ref"), "value": "#n%69ck" },
        { "op": "add", "path": format!("{pointer}/description"), "value": "corrected" },
    ]);
    let mut corrections = load(&checkout.read("openapi/corrections.yaml")).unwrap();
    corrections.as_array_mut().unwrap().push(json!({ "why": "a reason", "patch": patch }));
    checkout.write("openapi/corrections.yaml", corrections.to_string());
    checkout.write("candidate.json", anchored(5).to_string());
    let run = checkout.run(&["accept", "--upstream", "candidate.json"]);
    assert_eq!((run.tasks(), run.errors.as_str()), (vec![], ""));
    assert!(checkout.read("tests/snapshots/client.rs").contains("/// corrected"));
    let accepted = load(&checkout.read("openapi/integrations.yaml")).unwrap();
    assert_eq!(accepted, anchored(5));

    assert_eq!(checkout.check(&anchored(5), &[]).0, 0);
    let (code, report) = checkout.check(&anchored(3), &[]);
    assert_eq!((code, list_rules(&report)), (1, vec!["max-length-narrowed"]));
    assert_eq!(report["changes"][0]["pointer"], "/components/schemas/a%~1b/maxLength");
}

#[test]
fn invalid_documents_are_rejected_with_a_one_line_error() {
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    let random: Vec<u8> = (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let refers = |to: &str| {
        change_document(|document| properties(document)["shop_name"] = json!({ "$ref": to })).to_string().into_bytes()
    };
    let cycle = change_document(|document| {
        document["components"]["schemas"]["a"] = json!({ "$ref": "#/components/schemas/b" });
        document["components"]["schemas"]["b"] = json!({ "$ref": "#/components/schemas/a" });
        properties(document)["shop_name"] = json!({ "$ref": "#/components/schemas/a" });
    });
    let contains_itself = change_document(|document| {
        document["components"]["schemas"]["a"] = json!({ "allOf": [{ "$ref": "#/components/schemas/a" }] });
        properties(document)["shop_name"] = json!({ "$ref": "#/components/schemas/a" });
    });
    let inputs: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "the text is empty"),
        (b"a: [1, 2".to_vec(), "correct the YAML"),
        (b"just words".to_vec(), "this is not an OpenAPI document"),
        (b"<!DOCTYPE html>\n<html><body>: x</body></html>".to_vec(), "this is an HTML page"),
        (br#"{"swagger": "2.0", "paths": {}}"#.to_vec(), "this is Swagger 2.0"),
        (br#"{"openapi": "4.0.0", "paths": {}}"#.to_vec(), "version `4.0.0` is not supported"),
        (b"openapi: 3.2\npaths: {}\n".to_vec(), "version `3.2` is not supported"),
        (random, "is not UTF-8"),
        (format!("a0: &a0 [x]\n{bomb}").into_bytes(), "with its aliases expanded"),
        ("[".repeat(200_000).into_bytes(), "recursion limit exceeded"),
        (refers("#/components/schemas/nowhere"), "does not exist"),
        (refers("other.yaml#/a"), "does not exist"),
        (cycle.to_string().into_bytes(), "circular `$ref`"),
        (contains_itself.to_string().into_bytes(), "contains itself"),
    ];
    let checkout = Checkout::new("bad");
    for (input, expected) in inputs {
        for arguments in [
            &["check", "--upstream", "-"][..],
            &["check", "--upstream", "-", "--no-regenerate"],
            &["accept", "--upstream", "-"],
        ] {
            let run = checkout.run_with(arguments, &input);
            assert_eq!((run.code, run.output.as_str()), (2, ""), "{expected}: {}", run.errors);
            assert!(
                run.errors.starts_with("spec-drift: ") && run.errors.contains(expected),
                "{expected}: {}",
                run.errors
            );
            assert_eq!(run.errors.lines().count(), 1, "{}", run.errors);
        }
        assert_eq!(checkout.read("openapi/integrations.yaml"), DOCUMENT);
    }
    let run = checkout.run(&["check", "--upstream", "nowhere.yaml"]);
    assert!(run.code == 2 && run.errors.starts_with("spec-drift: nowhere.yaml: "), "{}", run.errors);
}

#[test]
fn recursive_schemas_are_compared() {
    let tree = |limit: u32| {
        change_document(|document| {
            document["components"]["schemas"]["tree"] = json!({ "type": "object", "properties": {
                "name": { "type": "string", "maxLength": limit },
                "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } },
            }});
            properties(document)["tree"] = json!({ "$ref": "#/components/schemas/tree" });
        })
    };
    let checkout = Checkout::new("tree");
    let vendored = checkout.write("vendored.json", tree(9).to_string());
    let (code, report) = checkout.check(&tree(5), &["--vendored", &vendored]);
    assert_eq!((code, list_rules(&report)), (1, vec!["max-length-narrowed"]));
    assert_eq!(report["changes"][0]["pointer"], "/components/schemas/tree/properties/name/maxLength");
}

#[test]
fn errors_name_the_invalid_document() {
    let checkout = Checkout::new("fault");
    let dangling =
        change_document(|document| properties(document)["shop_name"] = json!({ "$ref": "#/nowhere" })).to_string();
    checkout.write("dangling.json", dangling);
    checkout.write("valid.json", document().to_string());
    for (vendored, upstream) in [("dangling.json", "valid.json"), ("valid.json", "dangling.json")] {
        let run = checkout.run(&["check", "--no-regenerate", "--vendored", vendored, "--upstream", upstream]);
        assert!(run.code == 2 && run.errors.starts_with("spec-drift: dangling.json, at "), "{}", run.errors);
    }
}

#[test]
fn urls_with_plain_http_or_a_password_are_rejected() {
    let checkout = Checkout::new("url-passwords");
    for url in ["http://docs.example/a", "ftp://docs.example/a"] {
        let run = checkout.run(&["check", "--upstream", url]);
        assert_eq!(run.code, 2);
        assert!(run.errors.contains("use an https URL"), "{}", run.errors);
    }
    let run = checkout.run(&["check", "--upstream", "https://ann:sesame@127.0.0.1:1/a"]);
    assert_eq!(run.code, 2);
    let error = run.errors;
    assert!(error.contains("password") && !error.contains("sesame") && !error.contains("ann:"), "{error}");
}

/// Without its closing fence, a page may be truncated.
#[test]
fn code_blocks_may_be_nested_in_html_and_must_be_closed() {
    let checkout = Checkout::new("blocks");
    let indented: String = DOCUMENT.lines().map(|line| format!("    {line}\n")).collect();
    let check = |page: String| {
        let page = checkout.write("page.md", page);
        checkout.run(&["check", "--no-regenerate", "--upstream", &page])
    };
    for page in [
        format!("<details>\n```yaml\n{DOCUMENT}```\n</details>\n"),
        format!("<Tabs>\n    ```yaml\n{indented}    ```\n</Tabs>\n"),
    ] {
        let run = check(page);
        assert_eq!((run.code, run.output.as_str()), (0, "spec drift: none\n"), "{}", run.errors);
    }
    let run = check(format!("# A page\n\n```yaml\n{DOCUMENT}"));
    assert_eq!((run.code, run.output.as_str()), (2, ""), "{}", run.errors);
}
