//! `spec-drift check` of a project: snapshots, generated code, and changes of its document.

use std::fs;
use std::process::Command;

use crate::checkout::{
    Checkout, DOCUMENT, Run, SCHEMA, change_document, document, list_rules, markdown_page, properties,
    upstream_document,
};
use httpmock::MockServer;
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
    checkout.write("Cargo.lock", "");
    assert_eq!(checkout.run(&["check"]).output, "spec drift: none\n");
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

/// An edit is compared with the accepted document at HEAD. Without it, the effect is unknown.
#[cfg(unix)]
#[test]
fn a_manual_edit_has_the_verdict_of_its_changes() {
    use crate::checkout::{commit, git};

    let checkout = Checkout::new("manual-edit");
    git(&checkout.0, &["init", "--quiet"]);
    commit(&checkout.0, "Accept");
    let check = |edited: &Value, arguments: &[&str]| {
        checkout.write("openapi/integrations.yaml", edited.to_string());
        let run = checkout.run(&[&["check", "--fail-on", "breaking", "--format", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&run.output).unwrap_or_else(|_| panic!("{}", run.errors));
        let rules = list_rules(&report).into_iter().map(str::to_owned).collect::<Vec<_>>();
        (run.code, report["wire"].as_str().unwrap().to_owned(), rules.join(" "))
    };
    let narrowed = change_document(|document| properties(document)["shop_name"]["maxLength"] = 100.into());
    let extended = change_document(|document| properties(document)["shop_locale"] = json!({ "type": "string" }));
    let added = upstream_document();
    checkout.write("narrowed.json", narrowed.to_string());
    let narrowing: &[&str] = &["--upstream", "narrowed.json"];
    let cases: [(&Value, &[&str], i32, &str, &str); 6] = [
        (&narrowed, &[], 1, "breaking", "max-length-narrowed document-edited"),
        (&narrowed, &["--no-regenerate"], 1, "breaking", "max-length-narrowed document-edited"),
        (&narrowed, narrowing, 1, "breaking", "max-length-narrowed document-edited"),
        (&extended, &[], 0, "compatible", "property-added document-edited"),
        (&added, &[], 0, "compatible", "operation-added operation-added document-edited"),
        (&document(), &[], 0, "none", "document-edited"),
    ];
    for (edited, arguments, code, wire, rules) in cases {
        assert_eq!(check(edited, arguments), (code, wire.to_owned(), rules.to_owned()), "{arguments:?}");
    }
    commit(&checkout.0, "Edit");
    for arguments in [&[][..], &["--no-regenerate"], narrowing] {
        let (code, wire, rules) = check(&narrowed, arguments);
        assert_eq!((code, wire.as_str()), (1, "breaking"), "{rules}");
        assert!(rules.contains("document-edited"), "{rules}");
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
fn reducing_a_document_follows_references() {
    let checkout = Checkout::new("reduce");
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
    let mut described = by_reference.clone();
    described["components"]["pathItems"]["own"]["patch"]["summary"] = "Changed".into();
    let (_, report) = checkout.check(&described, &["--no-regenerate"]);
    assert_eq!(report["changes"][0]["pointer"], "/components/pathItems/own/patch/summary");
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

/// Simulates a change of the generator that has not been accepted.
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
