//! The command `spec-drift`: arguments, standard streams, files and exit codes.

use std::fs;
use std::process::Command;

use crate::checkout::{
    Checkout, DOCUMENT, Run, SCHEMA, change_document, document, list_rules, markdown_page, properties,
    upstream_document,
};
use httpmock::MockServer;
use openapi_refinery::load;
use openapi_spec_drift::project::digest;
use serde_json::{Value, json};

/// Fails if the generated client of this repository differs from the accepted one.
#[test]
fn this_repository_has_no_drift() {
    let command = Command::new(env!("CARGO_BIN_EXE_spec-drift"))
        .arg("check")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output();
    let run = Run::from(command.unwrap());
    assert_eq!((run.code, run.output.as_str(), run.errors.as_str()), (0, "spec drift: none\n", ""));
}

#[test]
fn edited_files_and_a_changed_generator_have_rules_of_their_own() {
    let edits = [
        (
            "tests/snapshots/client.rs",
            "pub struct Client {",
            "pub struct Client { pub more: u8,",
            vec!["rust-items-changed", "snapshot-edited"],
        ),
        ("openapi/integrations.yaml", "openapi:", "# a note\nopenapi:", vec!["document-edited"]),
        ("openapi/corrections.yaml", "The API rejects", "The API still rejects", vec!["corrections-changed"]),
        (
            "Cargo.lock",
            "name = \"typify\"\nversion = \"",
            "name = \"typify\"\nversion = \"9.",
            vec!["generator-changed"],
        ),
    ];
    for (file, from, to, expected) in edits {
        let checkout = Checkout::new("causes");
        let text = checkout.read(file);
        assert!(text.contains(from), "{file}");
        checkout.write(file, text.replacen(from, to, 1));
        let run = checkout.run(&["check", "--format", "json"]);
        let report: Value = serde_json::from_str(&run.output).unwrap();
        assert_eq!((run.code, list_rules(&report)), (1, expected), "{file}");
    }
    let checkout = Checkout::new("causes");
    fs::remove_file(checkout.0.join("tests/snapshots/client.rs")).unwrap();
    let run = checkout.run(&["check"]);
    assert!(run.code == 1 && run.output.contains("there is no tests/snapshots/client.rs"), "{}", run.output);
}

#[test]
fn drift_is_reported_despite_an_unreadable_snapshot() {
    let checkout = Checkout::new("unreadable");
    let candidate = change_document(|document| drop(properties(document).as_object_mut().unwrap().remove("shop_name")));
    for snapshot in ["", "no Rust {{{"] {
        checkout.write("tests/snapshots/client.rs", snapshot);
        let (code, report) = checkout.check(&candidate, &[]);
        assert_eq!((code, &report["rust"], &report["semver"]), (1, &json!("breaking"), &json!("major")), "{snapshot}");
    }
}

#[test]
fn edits_of_the_vendored_document_appear_in_the_client_diff() {
    let checkout = Checkout::new("edited");
    let document = checkout.read("openapi/integrations.yaml");
    checkout.write("openapi/integrations.yaml", document.replace("- delayed\n", "- delayed\n            - late\n"));
    let run = checkout.run(&["check"]);
    assert_eq!(run.code, 1);
    assert!(run.output.contains("document-edited") && run.output.contains("\n+        Late,\n"), "{}", run.output);
}

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

/// Reverses the arrays that JSON Schema treats as sets.
fn reverse_sets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::Array(set) if ["enum", "required", "type"].contains(&key.as_str()) => set.reverse(),
                    member => reverse_sets(member),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(reverse_sets),
        _ => {}
    }
}

#[test]
fn an_unchanged_document_has_no_drift_in_any_format_or_source() {
    let checkout = Checkout::new("sources");
    let json = document().to_string();
    let mut reversed = document();
    reverse_sets(&mut reversed);
    assert_ne!(reversed, document());
    let files = [
        ("same.yaml", DOCUMENT.to_owned()),
        ("same.json", json.clone()),
        ("reversed.json", reversed.to_string()),
        ("page.md", markdown_page()),
    ];
    for (file, text) in files {
        let path = checkout.write(file, text);
        let run = checkout.run(&["check", "--upstream", &path]);
        assert_eq!((run.code, run.output.as_str()), (0, "spec drift: none\n"), "{file}: {}", run.errors);
    }
    for text in [DOCUMENT.to_owned(), json, markdown_page(), format!("\u{feff}{DOCUMENT}")] {
        let run = checkout.run_with(&["check", "--upstream", "-"], text.as_bytes());
        assert_eq!((run.code, run.output.as_str()), (0, "spec drift: none\n"), "{}", run.errors);
    }
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/openapi.yaml");
        then.status(200).body(DOCUMENT);
    });
    server.mock(|when, then| {
        when.path("/moved");
        then.status(302).header("location", "/openapi.yaml");
    });
    for path in ["/openapi.yaml", "/moved"] {
        let run = checkout.run(&["check", "--upstream", &server.url(path)]);
        assert_eq!((run.code, run.output.as_str()), (0, "spec drift: none\n"), "{}", run.errors);
    }
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
    for numbers in [0, 50_000] {
        let [old, new] = [2, 1].map(|max| {
            let mut document = combine_exponentially(40, max);
            document["x-numbers"] = vec![0; numbers].into();
            checkout.write(&format!("{max}.json"), document.to_string())
        });
        let run = checkout.run(&["check", "--no-regenerate", "--vendored", &old, "--upstream", &new]);
        assert_eq!((run.code, run.output.as_str()), (2, ""), "{}", run.errors);
        assert!(run.errors.contains("combined in more ways"), "{}", run.errors);
    }
}

#[test]
fn diffs_show_code_verbatim() {
    let checkout = Checkout::new("code");
    // The added line is next to one that begins with a path.
    let candidate = change_document(|document| properties(document)["webhook_secret"] = json!({ "type": "string" }));
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["check", "--upstream", "candidate.json"]);
    let shows = |code: &str| run.output.lines().any(|line| line.trim_start().starts_with(code));
    assert!(shows("::std::option::Option<super::runtime::Uri>"), "{}", run.output);
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
    assert!(checkout.read("tests/snapshots/client.rs").contains("///corrected"));
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
fn an_added_required_property_is_breaking_and_located() {
    let candidate = change_document(|document| {
        properties(document)["webhook_secret"] = json!({ "type": "string" });
        document.pointer_mut(SCHEMA).unwrap()["required"] = json!(["webhook_secret"]);
    });
    let checkout = Checkout::new("required");
    let (code, report) = checkout.check(&candidate, &[]);
    assert_eq!(code, 1);
    for (member, expected) in [("verdict", "breaking"), ("wire", "breaking"), ("rust", "breaking"), ("semver", "major")]
    {
        assert_eq!(report[member], expected);
    }
    assert_eq!(list_rules(&report), ["required-property-added"]);
    let change = &report["changes"][0];
    assert_eq!(change["pointer"], format!("{SCHEMA}/properties/webhook_secret"));
    assert_eq!(change["operation"], "PATCH /integrations/{id}");
    assert_eq!(change["line"], 1, "the candidate is one line of JSON");
    let generated = &report["generated"];
    assert_eq!(generated["identical"], false);
    assert!(generated["diff"].as_str().unwrap().contains("+        pub webhook_secret: ::std::string::String,"));
    assert!(generated["added"].as_u64() > Some(0));

    // In a file of several lines and in a Markdown page, the line is that of the property.
    let pretty = format!("{candidate:#}");
    let line = 1 + pretty.lines().position(|line| line.contains("\"webhook_secret\": {")).unwrap();
    for (name, text, before) in
        [("lines.json", pretty.clone(), 0), ("page.md", format!("# A page\n\n```json\n{pretty}\n```\n"), 3)]
    {
        let path = checkout.write(name, text);
        let run = checkout.run(&["check", "--format", "json", "--upstream", &path]);
        let report: Value = serde_json::from_str(&run.output).unwrap();
        assert_eq!(report["changes"][0]["line"], line + before, "{name}");
    }
}

/// Differences anywhere in the generated code are attributed to the change that causes them.
#[test]
fn each_change_is_reported_once_with_its_effects_on_the_code() {
    let operation = |document: &mut Value| document["paths"]["/integrations/{id}"]["patch"].take();
    let path_changed = change_document(|document| {
        let operation = operation(document);
        document["paths"] = json!({ "/integrations": { "get": operation } });
    });
    let response_replaced = change_document(|document| {
        let model = json!({ "schema": { "$ref": "#/components/schemas/integration-model" } });
        let responses = &mut document["paths"]["/integrations/{id}"]["patch"]["responses"];
        responses.as_object_mut().unwrap().remove("204");
        responses["200"] = json!({ "description": "done", "content": { "application/json": model } });
    });
    let property_added = change_document(|document| {
        document["components"]["schemas"]["ErrorObject"]["properties"]["trace"] = json!({ "type": "string" });
    });
    let parameter_required = change_document(|document| {
        document["paths"]["/integrations/{id}"]["patch"]["parameters"] =
            json!([{ "name": "why", "in": "query", "required": true, "schema": { "type": "string" } }]);
    });
    let minimum_added = change_document(|document| {
        document["paths"]["/integrations/{id}"]["parameters"][0]["schema"] = json!({ "type": "integer", "minimum": 7 });
    });
    let type_changed = change_document(|document| {
        document["paths"]["/integrations/{id}"]["parameters"][0]["schema"]["type"] = "string".into();
    });
    let parameter = "/paths/~1integrations~1{id}/parameters/0/schema";
    let scheme_changed = change_document(|document| {
        document["components"]["securitySchemes"]["HTTPBasicAuth"]["scheme"] = "bearer".into();
    });
    let cases = [
        (minimum_added, vec!["minimum-narrowed"], "breaking", &*format!("{parameter}/minimum")),
        (type_changed, vec!["type-widened"], "breaking", &format!("{parameter}/type")),
        (scheme_changed, vec!["security-removed"], "breaking", "/components/securitySchemes/HTTPBasicAuth"),
        (path_changed, vec!["operation-removed"], "breaking", "/paths/~1integrations~1{id}/patch"),
        (
            response_replaced,
            vec!["response-added", "response-removed"],
            "breaking",
            "/paths/~1integrations~1{id}/patch/responses/200",
        ),
        (property_added, vec!["property-added"], "compatible", "/components/schemas/ErrorObject/properties/trace"),
        (
            parameter_required,
            vec!["required-parameter-added"],
            "breaking",
            "/paths/~1integrations~1{id}/patch/parameters/0",
        ),
    ];
    let checkout = Checkout::new("once");
    for (candidate, expected, rust, pointer) in cases {
        let (_, report) = checkout.check(&candidate, &[]);
        let rules: Vec<&str> = list_rules(&report).into_iter().filter(|rule| *rule != "correction-obsolete").collect();
        assert_eq!((rules, &report["rust"]), (expected, &json!(rust)), "{pointer}");
        assert_eq!(report["changes"][0]["pointer"], pointer);
    }
}

/// Messages also state the effect on the generated code.
#[test]
fn messages_state_the_old_and_the_new_value() {
    let candidate = change_document(|document| {
        properties(document)["shop_name"]["maxLength"] = 100.into();
        let code = &mut document["components"]["schemas"]["ErrorObject"]["properties"]["code"];
        code["enum"].as_array_mut().unwrap().retain(|value| value != "not_a_list");
    });
    let checkout = Checkout::new("facts");
    let (_, report) = checkout.check(&candidate, &[]);
    let messages: Vec<&str> =
        report["changes"].as_array().unwrap().iter().map(|change| change["message"].as_str().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "\"not_a_list\" is no longer allowed: responses are more restricted than before; in the generated code, \
             `ErrorObjectCode::NotAList` is removed",
            "`maxLength` was 250 and is 100: existing requests may be rejected",
        ]
    );
}

/// Code that still compiles may behave differently: it calls another server, or authenticates in another way.
#[test]
fn changed_behavior_of_the_client_is_breaking() {
    let elsewhere = change_document(|document| document["servers"][0]["url"] = "https://b.example".into());
    let bearer = change_document(|document| {
        document["components"]["securitySchemes"]["HTTPBasicAuth"]["scheme"] = "bearer".into()
    });
    let checkout = Checkout::new("behavior");
    for (candidate, rule) in [(elsewhere, "server-"), (bearer, "security-")] {
        let (_, report) = checkout.check(&candidate, &[]);
        assert_eq!((&report["rust"], &report["semver"]), (&json!("breaking"), &json!("major")), "{report:#}");
        assert!(list_rules(&report).iter().all(|it| it.starts_with(rule)), "{:?}", list_rules(&report));
    }
    // The added success status explains the code that changes with it.
    let more = change_document(|document| {
        document["paths"]["/integrations/{id}"]["patch"]["responses"]["202"] = json!({ "description": "" });
    });
    assert!(!list_rules(&checkout.check(&more, &[]).1).contains(&"rust-items-changed"));
}

#[test]
fn a_manual_edit_that_rejects_requests_is_breaking() {
    let checkout = Checkout::new("manual-edit");
    let narrowed = change_document(|document| properties(document)["shop_name"]["maxLength"] = 100.into());
    checkout.write("openapi/integrations.yaml", narrowed.to_string());
    let run = checkout.run(&["check", "--fail-on", "breaking", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!((run.code, list_rules(&report)), (1, vec!["rust-code-changed", "document-edited"]), "{report:#}");
}

#[test]
fn json_reports_have_stable_members() {
    let checkout = Checkout::new("json");
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let candidate = change_document(|document| properties(document)["shop_name"]["maxLength"] = 300.into());
    let (_, report) = checkout.check(&candidate, &[]);
    let expected = ["changes", "corrections", "generated", "not_vendored", "rust", "semver", "verdict", "wire"];
    assert_eq!(members(&report), expected);
    let expected = ["document", "line", "message", "operation", "operations", "pointer", "rule", "rust", "wire"];
    assert_eq!(members(&report["changes"][0]), expected);
    assert_eq!(members(&report["generated"]), ["added", "diff", "identical", "removed"]);
    assert_eq!(members(&report["corrections"][0]), ["applies", "why"]);
    assert_eq!((&report["verdict"], &report["semver"]), (&json!("compatible"), &json!("minor")));

    let (code, report) = checkout.check(&candidate, &["--no-regenerate"]);
    assert_eq!(
        (code, &report["rust"], &report["generated"], &report["wire"]),
        (1, &Value::Null, &Value::Null, &json!("compatible"))
    );
}

#[test]
fn fail_on_sets_the_lowest_failing_verdict() {
    let checkout = Checkout::new("fail-on");
    let docs = change_document(|document| document["info"]["title"] = "Another".into());
    let compatible = change_document(|document| properties(document)["shop_name"]["maxLength"] = 300.into());
    let breaking = change_document(|document| properties(document)["shop_name"]["maxLength"] = 100.into());
    for (candidate, codes) in [(docs, [1, 0, 0]), (compatible, [1, 1, 0]), (breaking, [1, 1, 1])] {
        for (threshold, code) in ["docs", "compatible", "breaking"].into_iter().zip(codes) {
            assert_eq!(checkout.check(&candidate, &["--fail-on", threshold]).0, code, "{threshold}");
        }
    }
}

#[test]
fn operations_that_are_not_vendored_are_not_drift() {
    let checkout = Checkout::new("whole");
    let (code, report) = checkout.check(&upstream_document(), &[]);
    assert_eq!((code, &report["verdict"]), (0, &json!("none")));
    assert_eq!(report["not_vendored"], json!(["DELETE /integrations/{id}", "GET /integrations"]));
    let (code, report) = checkout.check(&upstream_document(), &["--scope", "all", "--no-regenerate"]);
    assert_eq!(
        (code, list_rules(&report), &report["not_vendored"]),
        (1, vec!["operation-added", "operation-added"], &json!([]))
    );
    // Schemas that the vendored operation reaches are compared.
    let mut moved = upstream_document();
    properties(&mut moved)["shop_name"]["maxLength"] = 9.into();
    let (_, report) = checkout.check(&moved, &[]);
    assert_eq!(list_rules(&report), ["max-length-narrowed"]);
}

/// An omitted part may be the target of a reference, and a kept part may be given by reference.
#[test]
fn slicing_a_document_follows_references() {
    let checkout = Checkout::new("slice");
    let item = || document()["paths"]["/integrations/{id}"].clone();
    let model = || document()["components"]["schemas"]["integration-model"].clone();
    let into_another = change_document(|document| {
        let content = json!({ "application/json": { "schema": model() } });
        document["paths"]["/other"]["put"] = json!({ "requestBody": { "content": content }, "responses": {} });
        document.pointer_mut("/paths/~1integrations~1{id}/patch/requestBody/content/application~1json").unwrap()["schema"] =
            json!({ "$ref": "#/paths/~1other/put/requestBody/content/application~1json/schema" });
    });
    let encoded = change_document(|document| {
        document["components"]["schemas"]["a b"] = model();
        document.pointer_mut("/paths/~1integrations~1{id}/patch/requestBody/content/application~1json").unwrap()["schema"] =
            json!({ "$ref": "#/components/schemas/a%20b" });
    });
    let by_reference = change_document(|document| {
        document["components"]["pathItems"]["own"] = item();
        document["components"]["pathItems"]["other"] = json!({ "get": { "responses": {} } });
        document["paths"] = json!({
            "/integrations/{id}": { "$ref": "#/components/pathItems/own" },
            "/other": { "$ref": "#/components/pathItems/other" },
        });
    });
    let shared = change_document(|document| {
        document["paths"]["/other"] = item();
        document["paths"]["/integrations/{id}"] = json!({ "$ref": "#/paths/~1other" });
    });
    for (candidate, left_out) in [
        (&into_another, json!(["PUT /other"])),
        (&encoded, json!([])),
        (&by_reference, json!(["GET /other"])),
        (&shared, json!(["PATCH /other"])),
    ] {
        let (code, report) = checkout.check(candidate, &["--no-regenerate"]);
        assert_eq!((code, &report["changes"], &report["not_vendored"]), (0, &json!([]), &left_out));
    }
    let vendored = checkout.write("vendored.json", by_reference.to_string());
    let inline = change_document(|document| document["paths"]["/other"]["get"] = json!({ "responses": {} }));
    let (code, report) = checkout.check(&inline, &["--no-regenerate", "--vendored", &vendored]);
    assert_eq!((code, &report["changes"]), (0, &json!([])));
}

#[test]
fn obsolete_corrections_are_reported() {
    let checkout = Checkout::new("corrections");
    checkout.correct("/info/version", "The version is wrong.");
    let candidate = change_document(|document| document["info"]["version"] = "4".into());
    let (_, report) = checkout.check(&candidate, &[]);
    let obsolete: Vec<&Value> =
        report["corrections"].as_array().unwrap().iter().filter(|it| it["applies"] == false).collect();
    assert!(matches!(&obsolete[..], [only] if only["why"] == "The version is wrong."), "{obsolete:?}");
    let change = report["changes"].as_array().unwrap().iter().find(|it| it["rule"] == "correction-obsolete").unwrap();
    assert_eq!((&change["wire"], &change["rust"]), (&json!("none"), &json!("docs")), "corrections are local");
    let text = checkout.run(&["check", "--upstream", "candidate.json"]).output;
    assert_eq!(text.matches("The version is wrong.").count(), 1, "{text}");
}

#[test]
fn generator_errors_are_reported_with_their_reason() {
    let checkout = Checkout::new("not-generated");
    let candidate = change_document(|document| {
        document["paths"]["/broken/{id"]["get"] = json!({ "responses": { "204": { "description": "" } } });
    });
    let (code, report) = checkout.check(&candidate, &["--scope", "all"]);
    let changes = report["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["rule"] == "not-generated").expect("a change");
    assert!(change["message"].as_str().unwrap().contains("the braces of the path do not match"), "{change}");
    assert_eq!((code, &report["rust"]), (1, &json!("breaking")));
    let text = checkout.run(&["check", "--scope", "all", "--upstream", "candidate.json"]).output;
    assert!(text.contains("not-generated") && !text.contains("accept with"), "`accept` rejects it: {text}");
    assert_eq!(checkout.run(&["accept", "--scope", "all", "--upstream", "candidate.json"]).code, 2);
    assert_eq!(checkout.read("openapi/integrations.yaml"), DOCUMENT);
}

#[test]
fn reports_start_with_the_verdict_and_end_with_the_remedy() {
    let candidate = change_document(|document| {
        properties(document)["shop_name"]["maxLength"] = 100.into();
        document["info"]["title"] = "Another".into();
    });
    let checkout = Checkout::new("report");
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&["check", "--upstream", "candidate.json"]);
    let lines: Vec<&str> = run.output.lines().collect();
    assert_eq!(lines[0], "spec drift: breaking (wire: breaking, rust: breaking, semver: major)");
    assert!(lines[1].starts_with("breaking") && lines[1].contains("existing requests may be rejected"), "{}", lines[1]);
    assert!(lines[2].starts_with("docs"), "{}", lines[2]);
    assert!(
        lines.contains(&"--- accepted tests/snapshots/client.rs")
            && lines.contains(&"+++ regenerated tests/snapshots/client.rs")
    );
    assert_eq!(lines.last(), Some(&"accept with: cargo drift accept --upstream candidate.json"));

    let markdown = checkout.run(&["check", "--upstream", "candidate.json", "--format", "markdown"]).output;
    assert!(markdown.starts_with("## spec drift: breaking"), "{markdown}");
    assert!(markdown.contains("\n```diff\n--- accepted tests/snapshots/client.rs\n"), "{markdown}");

    let annotations = checkout.run(&["check", "--upstream", "candidate.json", "--format", "github"]).output;
    let annotation = annotations.lines().next().unwrap();
    assert!(
        annotation.starts_with("::error file=candidate.json,line=1,title=breaking%3A max-length-narrowed::PATCH "),
        "{annotation}"
    );
}

#[test]
fn each_verdict_has_a_semver_level_and_an_annotation() {
    let checkout = Checkout::new("levels");
    let reworded =
        change_document(|document| properties(document)["shop_name"]["description"] = "What it is called.".into());
    let added = change_document(|document| properties(document)["nickname"] = json!({ "type": "string" }));
    let narrowed = change_document(|document| properties(document)["shop_name"]["maxLength"] = 100.into());
    for (candidate, verdict, semver, annotation) in [
        (reworded, "docs", "patch", "::notice "),
        (added, "compatible", "minor", "::warning "),
        (narrowed, "breaking", "major", "::error "),
    ] {
        let (code, report) = checkout.check(&candidate, &[]);
        assert_eq!((code, &report["wire"], &report["rust"]), (1, &json!(verdict), &json!(verdict)));
        assert_eq!(report["semver"], semver);
        let annotations = checkout.run(&["check", "--upstream", "candidate.json", "--format", "github"]).output;
        assert!(annotations.starts_with(annotation), "{annotations}");
    }
}

/// Simulates a change of `src/codegen` that has not been accepted.
#[test]
fn unaccepted_generator_changes_are_reported() {
    let checkout = Checkout::new("codegen");
    let accepted = checkout.read("tests/snapshots/client.rs");
    let other = accepted.replace("ShopName", "NameOfShop");
    let lock = checkout.read("openapi/lock.yaml").replace(&digest(&accepted), &digest(&other));
    checkout.write("tests/snapshots/client.rs", &other);
    checkout.write("openapi/lock.yaml", lock);
    let run = checkout.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!((run.code, &report["rust"]), (1, &json!("breaking")));
    assert!(list_rules(&report).contains(&"codegen-changed"), "{report}");
}

#[test]
fn suggested_commands_can_be_run_verbatim() {
    let checkout = Checkout::new("remedy");
    let candidate = change_document(|document| document["info"]["title"] = "Another".into()).to_string();
    checkout.write("it's a $(candidate).json", &candidate);
    let run = checkout.run(&["check", "--no-regenerate", "--upstream", "it's a $(candidate).json"]);
    let remedy = r"accept with: cargo drift accept --upstream 'it'\''s a $(candidate).json'";
    assert_eq!(run.output.lines().last(), Some(remedy));
    let run = checkout.run(&["check", "--no-regenerate", "--scope", "all", "--upstream", "it's a $(candidate).json"]);
    assert_eq!(run.output.lines().last(), Some(format!("{remedy} --scope all").as_str()));
    // Outside Cargo, the command suggests itself instead of Cargo's alias.
    let installed = Command::new(env!("CARGO_BIN_EXE_spec-drift"))
        .args(["check", "--no-regenerate", "--upstream", "it's a $(candidate).json"])
        .current_dir(&checkout.0)
        .env_remove("CARGO")
        .output()
        .unwrap();
    let output = String::from_utf8(installed.stdout).unwrap();
    assert_eq!(output.lines().last(), Some(remedy.replace("cargo drift", "spec-drift").as_str()));
    // Standard input cannot be read again.
    let run = checkout.run_with(&["check", "--no-regenerate", "--upstream", "-"], candidate.as_bytes());
    assert!(run.code == 1 && !run.output.contains("accept with"), "{}", run.output);
    // Documents outside a project cannot be accepted.
    let vendored = checkout.write("vendored.yaml", DOCUMENT);
    let candidate = checkout.write("candidate.json", &candidate);
    for format in ["text", "markdown"] {
        let run = checkout.run(&["check", "--vendored", &vendored, "--upstream", &candidate, "--format", format]);
        assert!(run.code == 1 && !run.output.to_lowercase().contains("accept with"), "{}", run.output);
    }
}

#[test]
fn markdown_reports_fit_into_an_issue() {
    let checkout = Checkout::new("long");
    let candidate = change_document(|document| {
        for n in 0..1_000 {
            properties(document)[format!("property_{n}")] = json!({ "type": "string" });
            document["paths"][format!("/other/path/{n}")]["get"] = json!({ "responses": {} });
        }
    });
    checkout.write("candidate.json", candidate.to_string());
    let report = checkout.run(&["check", "--upstream", "candidate.json", "--format", "markdown"]).output;
    assert!(report.chars().count() < 65_536, "{}", report.chars().count());
    assert!(report.contains(" more changes.") && report.contains(" more\n"), "{report}");
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
        assert!(run.code == 2 && run.errors.starts_with("spec-drift: dangling.json: "), "{}", run.errors);
    }
}

#[test]
fn untrusted_text_is_escaped_in_reports() {
    let hostile = "x`|@someone\u{1b}[31m\u{202e}\n::error::no%0A<!-- ";
    let candidate =
        change_document(|document| properties(document)[hostile] = json!({ "type": "string", "description": hostile }));
    let checkout = Checkout::new("hostile");
    checkout.write("candidate.json", candidate.to_string());
    for format in ["text", "markdown", "github"] {
        let run = checkout.run(&["check", "--upstream", "candidate.json", "--format", format]);
        assert_eq!(run.code, 1, "{}", run.errors);
        assert!(!run.output.contains(['\u{1b}', '\u{202e}']), "{}", run.output);
        if format == "markdown" {
            let table = run.output.split("```").next().unwrap();
            assert!(!table.contains("@someone") && !table.contains("<!--") && !table.contains("x`|"), "{table}");
        }
        if format == "github" {
            assert!(run.output.lines().all(|line| !line.starts_with("::error::")), "{}", run.output);
        }
    }
}

#[test]
fn line_breaks_in_names_are_escaped() {
    let checkout = Checkout::new("lines");
    let hostile = change_document(|document| properties(document)["a\n::error::b"] = json!({ "type": "string" }));
    let candidate = checkout.write("candidate.json", hostile.to_string());
    for format in ["text", "markdown", "github"] {
        let run = checkout.run(&["check", "--upstream", &candidate, "--format", format]);
        assert_eq!(run.code, 1);
        assert!(run.output.contains("::error::b"), "{}", run.output);
        assert!(!run.output.lines().any(|line| line.starts_with("::error::b")), "{}", run.output);
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

#[test]
fn documents_are_compared_outside_a_project() {
    // Unlike the target folder, the temporary folder is not part of a checkout.
    let folder = std::env::temp_dir().join(format!("spec-drift-outside-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let checkout = Checkout(folder);
    checkout.write("old.yaml", DOCUMENT);
    let (code, report) = checkout.check(&document(), &["--vendored", "old.yaml"]);
    assert_eq!((code, &report["generated"]["identical"], &report["corrections"]), (0, &json!(true), &json!([])));
    let candidate = change_document(|document| properties(document)["nickname"] = json!({ "type": "string" }));
    let (code, report) = checkout.check(&candidate, &["--vendored", "old.yaml"]);
    assert_eq!((code, list_rules(&report), &report["rust"]), (1, vec!["property-added"], &json!("compatible")));
    let run = checkout.run(&["check", "--vendored", "old.yaml"]);
    assert!(run.code == 2 && run.errors.contains("pass --upstream"), "{}", run.errors);
    let run = Checkout(std::env::temp_dir()).run(&["check"]);
    assert!(run.code == 2 && run.errors.contains("pass --vendored"), "{}", run.errors);
    fs::remove_dir_all(&checkout.0).unwrap();
}

#[test]
fn generate_prints_the_accepted_client() {
    let checkout = Checkout::new("generate");
    let client = checkout.run(&["generate"]);
    assert_eq!(client.code, 0, "{}", client.errors);
    let snapshot = checkout.read("tests/snapshots/client.rs");
    assert!(snapshot.ends_with(&client.output) && !client.output.is_empty());
    assert!(!client.output.contains("#!["), "`include!` takes no inner attributes");
    let lowered: Value = serde_json::from_str(&checkout.run(&["generate", "--what", "lowered"]).output).unwrap();
    assert_eq!(lowered["openapi"], "3.0.3");
    assert!(checkout.run(&["generate", "--what", "mock"]).output.contains("httpmock"));
    // Corrections apply to another document only if they are given.
    checkout.write("other.json", document().to_string());
    let uncorrected = checkout.run(&["generate", "--document", "other.json"]).output;
    assert!(
        uncorrected.contains(" ignore, required(") && client.output.contains(" reject, required("),
        "{uncorrected}"
    );
    let run = checkout.run(&[
        "generate",
        "--document",
        "other.json",
        "--corrections",
        "openapi/corrections.yaml",
        "--out",
        "out.rs",
    ]);
    assert_eq!((run.code, run.output.as_str()), (0, ""));
    let corrected = checkout.read("out.rs");
    assert!(corrected.contains(" reject, required("), "{corrected}");
}

#[test]
fn configuration_errors_name_file_and_key() {
    let checkout = Checkout::new("configuration");
    let configuration = checkout.read("openapi/generate.yaml");
    for (from, to, expected) in [
        ("lock: openapi/lock.yaml\n", "", "openapi/generate.yaml, at the root: missing field `lock`; "),
        ("inner: null\n", "", "openapi/generate.yaml, at the root: missing field `inner`; "),
        (
            "document:",
            "documnet:",
            "openapi/generate.yaml, at /documnet: unknown field `documnet`, expected one of `document`, ",
        ),
        (
            "corrections.yaml",
            "none.yaml",
            "openapi/generate.yaml, at /corrections: `openapi/none.yaml` cannot be read: ",
        ),
        ("[src/ext.rs]", "[src/gone.rs]", "openapi/generate.yaml, at /handwritten/0: `src/gone.rs` cannot be read: "),
        ("inner: null", "inner: a b", "openapi/generate.yaml, at /inner: `a b` is not a Rust type; "),
        (
            "private",
            "secret",
            "openapi/generate.yaml, at /constructors: unknown variant `secret`, expected `public` or `private`; ",
        ),
        ("inner: null", "inner: [", "openapi/generate.yaml, at line "),
    ] {
        assert!(configuration.contains(from), "{from}");
        checkout.write("openapi/generate.yaml", configuration.replacen(from, to, 1));
        for arguments in [["check", "--upstream", "openapi/integrations.yaml"].as_slice(), &["accept"], &["generate"]] {
            let run = checkout.run(arguments);
            assert_eq!((run.code, run.output.as_str()), (2, ""), "{to}");
            assert!(run.errors.starts_with(&format!("spec-drift: {expected}")), "{}", run.errors);
        }
    }
    checkout.write("openapi/generate.yaml", configuration.replacen("lock: openapi/lock.yaml", "lock: null", 1));
    let run = checkout.run(&["accept"]);
    assert!(run.code == 2 && run.errors.contains("at /lock: there is no lock"), "{}", run.errors);
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

#[test]
fn configuration_errors_are_reported_even_if_both_documents_are_given() {
    let checkout = Checkout::new("both-given");
    let configuration = checkout.read("openapi/generate.yaml");
    checkout.write("openapi/generate.yaml", configuration.replace("handwritten:", "handwriten:"));
    let arguments = ["check", "--vendored", "openapi/integrations.yaml", "--upstream", "openapi/integrations.yaml"];
    let run = checkout.run(&arguments);
    assert!(run.code == 2 && run.errors.contains("unknown field `handwriten`"), "{}", run.errors);
}

/// A new project has an empty lock; one without snapshots supports only `generate`.
#[test]
fn a_new_project_must_be_accepted_first() {
    let checkout = Checkout::new("new");
    checkout.write("openapi/lock.yaml", "{}");
    let run = checkout.run(&["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.output).unwrap();
    assert_eq!((run.code, list_rules(&report)), (1, vec!["not-accepted"]));
    assert_eq!(checkout.run(&["accept"]).code, 0);
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");

    let configuration = checkout.read("openapi/generate.yaml");
    let (before, after) = configuration.split_once("snapshots:").unwrap();
    let after = after.split_once("handwritten:").unwrap().1;
    checkout.write("openapi/generate.yaml", format!("{before}snapshots: null\nhandwritten:{after}"));
    assert_eq!(checkout.run(&["generate"]).code, 0);
    let run = checkout.run(&["check"]);
    assert!(run.code == 2 && run.errors.contains("at /snapshots: there is nothing to compare with"), "{}", run.errors);

    checkout.write("openapi/generate.yaml", configuration.replace("snapshots/mock.rs", "snapshots/client.rs"));
    let run = checkout.run(&["check"]);
    assert!(run.code == 2 && run.errors.contains("at /snapshots/mock: `client` has the same path"), "{}", run.errors);
}
