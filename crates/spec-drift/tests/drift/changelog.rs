//! `spec-drift changelog` and `accept --changelog`.

use openapi_spec_drift::Verdict;
use openapi_spec_drift::changelog::{next_version, replace_entries};
use serde_json::{Value, json};

use crate::checkout::{Checkout, SCHEMA, change_document, document, properties, upstream_document};

/// Returns the output of the command for a candidate.
fn print_changelog(checkout: &Checkout, candidate: &Value, more: &[&str]) -> String {
    checkout.write("candidate.json", candidate.to_string());
    let run = checkout.run(&[&["changelog", "--upstream", "candidate.json"], more].concat());
    assert_eq!((run.code, run.errors.as_str()), (0, ""));
    run.output
}

/// A component has no type of its own in responses that are any JSON value.
#[test]
fn entries_without_items_name_all_operations() {
    let checkout = Checkout::new("changelog-operations");
    let document = |properties: Value| {
        let either = json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/components/schemas/User" }] });
        let body = json!({ "application/json": { "schema": { "type": "object", "properties": { "user": either } } } });
        let get = json!({ "get": { "responses": { "200": { "description": "Done.", "content": body } } } });
        let user = json!({ "type": "object", "properties": properties });
        json!({
            "openapi": "3.1.0", "info": { "title": "Users", "version": "1" }, "paths": { "/a": get, "/b": get },
            "components": { "schemas": { "User": user } },
        })
    };
    checkout.write("openapi/corrections.yaml", "[]");
    checkout.write("old.json", document(json!({ "id": {} })).to_string());
    assert_eq!(checkout.run(&["accept", "--scope", "all", "--upstream", "old.json"]).code, 0);
    let printed = print_changelog(&checkout, &document(json!({ "id": {}, "nick": {} })), &["--scope", "all"]);
    assert!(printed.contains("\n- GET /a, GET /b: `nick` was added\n"), "{printed}");
}

fn write_manifest(checkout: &Checkout, version: &str) {
    checkout.write("Cargo.toml", format!("[package]\nname = \"shop\"\nversion = \"{version}\"\n"));
}

#[test]
fn entries_name_items_of_the_rust_api() {
    let checkout = Checkout::new("changelog");
    write_manifest(&checkout, "0.1.0");
    let response_properties = "/components/schemas/ErrorObject/properties";
    let operation = "/paths/~1integrations~1{id}/patch";
    type Change = fn(&mut Value);
    let add: Change = |document| properties(document)["shop_locale"] = json!({ "type": "string", "maxLength": 5 });
    let require: Change = |document| {
        properties(document)["webhook_secret"] = json!({ "type": "string" });
        document.pointer_mut(SCHEMA).unwrap()["required"] = json!(["webhook_secret"]);
    };
    let require_existing: Change = |document| document.pointer_mut(SCHEMA).unwrap()["required"] = json!(["shop_name"]);
    let shorten: Change = |document| properties(document)["shop_name"]["maxLength"] = json!(100);
    let nullable: Change = |document| properties(document)["shop_name"]["type"] = json!(["string", "null"]);
    let remove: Change = |document| drop(properties(document).as_object_mut().unwrap().remove("shop_name"));
    let rename_value: Change = |document| properties(document)["feedback_type"]["enum"][1] = json!("late");
    let deprecate: Change = |document| properties(document)["shop_url"]["deprecated"] = json!(true);
    let cases: [(Change, &str); 8] = [
        (
            add,
            "upstream added `shop_locale`: minor\nnext version: 0.1.1 (now 0.1.0)\n\n### Added\n\n- `IntegrationModel::builder().shop_locale(…)`: ",
        ),
        (
            require,
            "upstream requires `webhook_secret`: breaking\nnext version: 0.2.0 (now 0.1.0)\n\n### Added\n\n- **Breaking:** \
             `IntegrationModel::builder().webhook_secret(…)`: `webhook_secret` was added and is required: requests without it may be rejected; \
             `IntegrationModel` no longer implements `Default`\n",
        ),
        // The plain setter does not change.
        (
            require_existing,
            "upstream requires `shop_name`: breaking\nnext version: 0.2.0 (now 0.1.0)\n\n### Changed\n\n- **Breaking:** \
             `IntegrationModel::builder().maybe_shop_name(…)`, `IntegrationModel::shop_name`: `shop_name` is now required: requests \
             without it may be rejected; `IntegrationModel` no longer implements `Default`\n",
        ),
        // Code still compiles, but requests may be rejected.
        (
            shorten,
            "upstream changed `shop_name`: breaking\nnext version: 0.2.0 (now 0.1.0)\n\n### Changed\n\n- **Breaking:** \
             `IntegrationModel::builder().shop_name(…)`: ",
        ),
        // Requests are still accepted, but code may not compile.
        (
            nullable,
            "upstream changed `shop_name`: breaking\nnext version: 0.2.0 (now 0.1.0)\n\n### Changed\n\n- **Breaking:** \
             `IntegrationModel::shop_name`: ",
        ),
        (
            remove,
            "upstream removed `shop_name`: breaking\nnext version: 0.2.0 (now 0.1.0)\n\n### Removed\n\n- **Breaking:** \
             `IntegrationModel::builder().shop_name(…)`: ",
        ),
        (
            rename_value,
            "upstream changed `feedback_type`: breaking\nnext version: 0.2.0 (now 0.1.0)\n\n### Changed\n\n- **Breaking:** \
             `FeedbackType::Delayed`, `FeedbackType::Late`: ",
        ),
        (
            deprecate,
            "upstream deprecated `shop_url`: minor\nnext version: 0.1.1 (now 0.1.0)\n\n### Deprecated\n\n- \
             `IntegrationModel::builder().shop_url(…)`: ",
        ),
    ];
    for (change, expected) in cases {
        let printed = print_changelog(&checkout, &change_document(change), &[]);
        assert!(printed.starts_with(expected), "{printed}");
        assert_eq!(printed.lines().filter(|line| line.starts_with("- ")).count(), 1, "{printed}");
    }
    let several = change_document(|document| {
        add(document);
        document.pointer_mut(response_properties).unwrap()["hint"] =
            json!({ "type": "object", "properties": { "text": { "type": "string" } } });
        properties(document)["feedback_type"]["enum"].as_array_mut().unwrap().push(json!("late"));
        document.pointer_mut(&format!("{response_properties}/status")).unwrap()["description"] = json!("The status.");
        properties(document)["shop_name"]["description"] = json!("The name.");
        let responses = document.pointer_mut(&format!("{operation}/responses")).unwrap();
        responses["410"] = json!({ "description": "Gone." });
    });
    let printed = print_changelog(&checkout, &several, &[]);
    let lines: Vec<&str> = printed.lines().map(|line| line.split("`: ").next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "upstream added `hint`, `shop_locale`, a response of `PATCH /integrations/{id}`, and 3 more changes: minor",
            "next version: 0.1.1 (now 0.1.0)",
            "",
            "### Added",
            "",
            "- `ErrorObject::hint",
            "- `FeedbackType::Late",
            "- `IntegrationModel::builder().shop_locale(…)",
            "- `operations::UpdateIntegrationThen::gone()",
            "",
            "### Changed",
            "",
            "- Documentation of `ErrorObject::status`, `IntegrationModel::builder().shop_name(…)`",
        ],
        "{printed}"
    );
    assert_eq!(print_changelog(&checkout, &document(), &[]), "no changes\n");
    // The generated code does not contain the summary of an example.
    let summary = format!("{operation}/requestBody/content/application~1json/examples/UpdatingShopName/summary");
    let reworded = change_document(|document| *document.pointer_mut(&summary).unwrap() = "Other.".into());
    assert_eq!(
        print_changelog(&checkout, &reworded, &[]),
        "upstream reworded its documentation: patch\nnext version: 0.1.1 (now 0.1.0)\n"
    );
}

/// A schema of requests and responses has a type for each.
#[test]
fn entries_name_the_items_of_both_directions() {
    let checkout = Checkout::new("changelog-directions");
    let with = |required: &[&str], names: &[&str]| {
        change_document(|document| {
            let properties = names.iter().map(|name| (name.to_string(), json!({ "type": "string" })));
            let properties: serde_json::Map<String, Value> = properties.collect();
            document["components"]["schemas"]["Order"] =
                json!({ "type": "object", "required": required, "properties": properties });
            let order = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } });
            document["paths"]["/orders"]["post"] = json!({
                "requestBody": { "required": true, "content": order },
                "responses": { "200": { "description": "Done", "content": order } },
            });
        })
    };
    checkout.write("old.json", with(&["a"], &["a", "old"]).to_string());
    assert!(checkout.run(&["accept", "--scope", "all", "--upstream", "old.json"]).tasks().is_empty());
    for (candidate, expected) in [
        (
            with(&["a", "b"], &["a", "b", "old"]),
            "### Added\n\n- **Breaking:** `Order::builder().b(…)`, `OrderResponse::b`: `b` was added and is required: requests \
             without it may be rejected\n",
        ),
        (
            with(&["a"], &["a", "b", "old"]),
            "### Added\n\n- `Order::builder().b(…)`, `OrderResponse::b`: `b` was added\n",
        ),
        (
            with(&["a"], &["a"]),
            "### Removed\n\n- **Breaking:** `Order::builder().old(…)`, `OrderResponse::old`: `old` was removed: responses no \
             longer contain it, requests that set it may be rejected\n",
        ),
    ] {
        let printed = print_changelog(&checkout, &candidate, &["--scope", "all"]);
        assert_eq!(printed.split_once("\n\n").unwrap().1, expected);
        let (_, report) = checkout.check(&candidate, &["--scope", "all"]);
        assert_eq!(report["changes"].as_array().unwrap().len(), 1, "{:#}", report["changes"]);
    }
}

/// A change whose message names nothing is located by its component, or by the part of its operation.
#[test]
fn titles_name_the_changed_part() {
    let checkout = Checkout::new("changelog-title");
    let path = "/paths/~1integrations~1{id}";
    let cases = [
        (SCHEMA.to_owned(), "minProperties", json!(1), "`integration-model`"),
        (format!("{path}/parameters/0/schema"), "maximum", json!(9), "a parameter of `PATCH /integrations/{id}`"),
        (format!("{path}/patch/requestBody"), "required", json!(true), "the body of `PATCH /integrations/{id}`"),
    ];
    for (at, keyword, value, named) in cases {
        let candidate = change_document(|document| document.pointer_mut(&at).unwrap()[keyword] = value);
        let printed = print_changelog(&checkout, &candidate, &[]);
        assert!(printed.lines().next().unwrap().contains(named), "{printed}");
    }
}

#[test]
fn titles_name_added_and_removed_alternatives() {
    let checkout = Checkout::new("changelog-alternatives");
    let object =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
    let with = |alternatives: Value| {
        change_document(|document| properties(document)["pet"] = json!({ "oneOf": alternatives }))
    };
    let [few, more] = [
        with(json!([object("bark"), object("meow")])),
        with(json!([object("bark"), object("meow"), object("tweet"), { "type": "integer" }])),
    ];
    let named = "the alternative with `tweet`, the alternative of type `integer`";
    for (old, new, verb) in [(&few, &more, "added"), (&more, &few, "removed")] {
        checkout.write("old.json", old.to_string());
        assert_eq!(checkout.run(&["accept", "--upstream", "old.json"]).code, 0);
        let printed = print_changelog(&checkout, new, &[]);
        assert!(printed.starts_with(&format!("upstream {verb} {named}")), "{printed}");
    }
}

#[test]
fn operations_are_listed_if_in_scope() {
    let checkout = Checkout::new("changelog-scope");
    assert_eq!(print_changelog(&checkout, &upstream_document(), &[]), "no changes\n");
    let printed = print_changelog(&checkout, &upstream_document(), &["--scope", "all"]);
    assert!(printed.starts_with("upstream added `"), "{printed}");
    assert!(printed.contains("\n- `Client::list()`: ") && printed.contains("\n- `Client::delete()`: "), "{printed}");
    // Without a package, there is no version.
    assert!(!printed.contains("next version"), "{printed}");
}

#[test]
fn parameters_are_named_with_their_operation() {
    let checkout = Checkout::new("changelog-parameter");
    // Its builder is `Get2fa`, from which the name of the method does not follow.
    let operation = json!({ "operationId": "get_2fa", "responses": { "204": { "description": "Done" } } });
    let mut document = change_document(|document| document["paths"]["/2fa"]["get"] = operation.clone());
    checkout.write("old.json", document.to_string());
    assert!(checkout.run(&["accept", "--scope", "all", "--upstream", "old.json"]).tasks().is_empty());
    for path in ["/2fa/get", "/integrations~1{id}/patch"] {
        let pointer = format!("/paths/~1{}", &path[1..]);
        document.pointer_mut(&pointer).unwrap()["parameters"] =
            json!([{ "name": "dry-run", "in": "query", "schema": { "type": "boolean" } }]);
    }
    let printed = print_changelog(&checkout, &document, &["--scope", "all"]);
    assert!(printed.starts_with("upstream added `dry-run`: minor\n"), "{printed}");
    for call in ["Client::get_2fa().dry_run(…)", "Client::update_integration().dry_run(…)"] {
        assert!(printed.contains(&format!("\n- `{call}`: ")), "{printed}");
    }
}

/// The client can change without the document, for example after an update of the generator.
#[test]
fn changes_of_the_client_alone_are_described() {
    let checkout = Checkout::new("changelog-client");
    let client = checkout.read("tests/snapshots/client.rs");
    let cases = [
        ("pub fn more() {}", "### Removed\n\n- **Breaking:** `more()`\n"),
        (
            "impl ::std::fmt::LowerHex for types::FeedbackType {}",
            "### Changed\n\n\
             - **Breaking:** `FeedbackType`: `FeedbackType` no longer implements `LowerHex`\n",
        ),
    ];
    for (code, expected) in cases {
        checkout.write("tests/snapshots/client.rs", format!("{client}\n{code}\n"));
        let run = checkout.run(&["changelog"]);
        assert_eq!(run.output, format!("the generated client changed: breaking\n\n{expected}"));
    }
}

/// As in Cargo, the leftmost nonzero component determines compatibility.
#[test]
fn the_next_version_follows_from_the_verdict() {
    let cases = [
        ("1.2.3", ["1.2.3", "1.2.4", "1.3.0", "2.0.0"]),
        ("0.2.3", ["0.2.3", "0.2.4", "0.2.4", "0.3.0"]),
        ("0.0.3", ["0.0.3", "0.0.4", "0.0.4", "0.0.4"]),
        ("1.0.0-beta.9", ["1.0.0-beta.9", "1.0.0-beta.10", "1.0.0-beta.10", "1.0.0-beta.10"]),
        ("1.0.0-beta+7", ["1.0.0-beta+7", "1.0.0-beta.1", "1.0.0-beta.1", "1.0.0-beta.1"]),
    ];
    for (current, expected) in cases {
        let next = [Verdict::None, Verdict::Docs, Verdict::Compatible, Verdict::Breaking]
            .map(|verdict| next_version(&current.parse().unwrap(), verdict).to_string());
        assert_eq!(next, expected, "{current}");
    }
    let checkout = Checkout::new("versions");
    let breaking = change_document(|document| properties(document)["shop_name"]["maxLength"] = json!(100));
    // A version inherited from the workspace.
    checkout.write(
        "Cargo.toml",
        "[workspace.package]\nversion = \"3.4.5\"\n[workspace]\n[package]\nname = \"shop\"\nversion.workspace = true\n",
    );
    let printed = print_changelog(&checkout, &breaking, &[]);
    assert!(printed.contains("\nnext version: 4.0.0 (now 3.4.5)\n"), "{printed}");
    checkout.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"one\"\n");
    let run = checkout.run(&["changelog", "--upstream", "candidate.json"]);
    assert_eq!((run.code, run.output.as_str()), (2, ""));
    assert!(
        run.errors.contains("Cargo.toml: TOML parse error at line 3") && run.errors.lines().count() == 1,
        "{}",
        run.errors
    );
}

#[test]
fn json_contains_the_entries_by_section() {
    let checkout = Checkout::new("changelog-json");
    let candidate = change_document(|document| drop(properties(document).as_object_mut().unwrap().remove("shop_name")));
    let printed: Value = serde_json::from_str(&print_changelog(&checkout, &candidate, &["--format", "json"])).unwrap();
    assert_eq!((&printed["verdict"], &printed["version"]), (&json!("breaking"), &Value::Null));
    assert_eq!(printed["title"], "upstream removed `shop_name`: breaking");
    let [section] = &printed["sections"].as_array().unwrap()[..] else { panic!("{printed}") };
    let entry = &section["entries"][0];
    assert_eq!(
        (&section["name"], &entry["rule"], &entry["breaking"]),
        (&json!("Removed"), &json!("property-removed"), &json!(true))
    );
    assert_eq!(entry["items"], json!(["IntegrationModel::builder().shop_name(…)"]));
    assert!(entry["text"].as_str().unwrap().starts_with("**Breaking:** `IntegrationModel::builder().shop_name(…)`: "));
}

#[test]
fn documents_without_a_generated_client_are_rejected() {
    let checkout = Checkout::new("changelog-impossible");
    let candidate = change_document(|document| {
        document["paths"]["/broken/{id"]["get"] = json!({ "responses": { "204": { "description": "" } } });
    });
    checkout.write("candidate.json", candidate.to_string());
    for (upstream, expected) in [("candidate.json", "no client can be generated: "), ("missing.json", "missing.json: ")]
    {
        let run = checkout.run(&["changelog", "--scope", "all", "--upstream", upstream]);
        assert_eq!((run.code, run.output.as_str()), (2, ""));
        assert!(run.errors.contains(expected) && run.errors.lines().count() == 1, "{}", run.errors);
    }
}

/// Names in the document neither end an entry nor are interpreted as markup.
#[test]
fn untrusted_names_are_escaped() {
    let checkout = Checkout::new("changelog-hostile");
    for name in ["a`b <!-- spec-drift: end -->\n## [9.9.9] @someone", "``` @all", "<script>", "`"] {
        let candidate = change_document(|document| properties(document)[name] = json!({ "type": "string" }));
        let printed = print_changelog(&checkout, &candidate, &[]);
        let [title, "", "### Added", "", entry] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
        assert!(title.starts_with("upstream added `") && title.matches('`').count() == 2, "{title}");
        // Text outside code spans is escaped.
        let prose: String = entry.replace("\\`", "").split('`').step_by(2).collect();
        assert!(!prose.contains(['@', '<']), "{entry}");
    }
}

const FILE: &str =
    "# Changelog\n\n## Unreleased\n\nFor 0.2.0.\n\n### Added\n\n- By hand.\n\n## 0.1.0\n\n### Added\n\n- The first.\n";

/// Replaces the comments around entries by brackets.
fn with_brackets(file: &str) -> String {
    let bracket = |line: &str| match line.strip_prefix("<!-- spec-drift: ") {
        Some("end -->") => "]".to_owned(),
        Some(_) => "[".to_owned(),
        None => line.to_owned(),
    };
    file.lines().map(bracket).collect::<Vec<_>>().join("\n")
}

#[test]
fn entries_are_inserted_in_sections_in_order() {
    let sections = "### Changed\n\n- `c`\n\n### Removed\n\n- `r`\n- `s`\n";
    let cases = [
        ("", "\n### Changed\n\n[\n- `c`\n]\n\n### Removed\n\n[\n- `r`\n- `s`\n]"),
        ("\nFor 0.2.0.\n", "\nFor 0.2.0.\n\n### Changed\n\n[\n- `c`\n]\n\n### Removed\n\n[\n- `r`\n- `s`\n]"),
        (
            "\n### Removed\n\n- By hand.\n",
            "\n### Changed\n\n[\n- `c`\n]\n\n### Removed\n\n[\n- `r`\n- `s`\n]\n- By hand.",
        ),
        (
            "\n### Added\n\n- By hand.\n\n### Fixed\n\n- By hand.\n",
            "\n### Added\n\n- By hand.\n\n### Changed\n\n[\n- `c`\n]\n\n### Removed\n\n[\n- `r`\n- `s`\n]\n\n### Fixed\n\n- By hand.",
        ),
    ];
    for (unreleased, expected) in cases {
        for released in ["", "\n## 0.1.0\n"] {
            let file = format!("## Unreleased\n{unreleased}{released}");
            let written = replace_entries(&file, "c0ffee", sections).unwrap();
            assert_eq!(with_brackets(&written) + "\n", format!("## Unreleased\n{expected}\n{released}"));
            assert_eq!(replace_entries(&written, "c0ffee", "").unwrap(), file);
        }
    }
}

#[test]
fn entries_are_inserted_below_the_heading_without_other_changes() {
    let replaced = |file: &str, sections: &str| replace_entries(file, "c0ffee", sections).unwrap();
    let (added, removed) = ("### Added\n\n- `a`\n", "### Removed\n\n- `b`\n");
    let written = replaced(FILE, added);
    assert_eq!(with_brackets(&written), FILE.trim_end().replacen("- By hand.", "[\n- `a`\n]\n- By hand.", 1));
    assert_eq!(replaced(&written, added), written);
    assert_eq!(replaced(&replaced(&written, removed), added), written);
    assert_eq!(replaced(&written, ""), FILE);

    for file in ["## [Unreleased]\n", "## Unreleased\n\n## 1.0.0\n", &FILE.replace('\n', "\r\n")] {
        let written = replaced(file, added);
        assert_eq!(replaced(&written, added), written);
        assert_eq!(replaced(&written, ""), *file);
        assert_eq!(written.contains('\r'), file.contains('\r'));
        assert_eq!(written.matches('\n').count(), written.matches("\r\n").count().max(written.lines().count()));
    }
    // Released entries, and those based on an earlier client, are not replaced.
    let released = written.replace("## Unreleased\n", "## Unreleased\n\n## 0.2.0\n");
    assert!(replaced(&released, removed).contains("- `a`"));
    for sections in [removed, "### Added\n\n- `b`\n"] {
        let both = replace_entries(&written, "decaf", sections).unwrap();
        assert!(both.contains("- `a`") && both.contains("- `b`"), "{both}");
        assert_eq!(both.matches("### Added").count(), 2, "{both}");
        assert_eq!(replace_entries(&both, "decaf", "").unwrap(), written);
        assert_eq!(replaced(&replaced(&both, ""), ""), replace_entries(FILE, "decaf", sections).unwrap());
    }
    let both = replace_entries(&written, "decaf", added).unwrap();

    let error = replace_entries("# Changelog\n", "c0ffee", added).unwrap_err();
    assert!(error.contains("## Unreleased"), "{error}");
    for faulty in [&written, &both] {
        let error =
            replace_entries(&faulty.replacen("<!-- spec-drift: end -->\n", "", 2), "c0ffee", added).unwrap_err();
        assert!(error.starts_with(if faulty == &written { "line 9: " } else { "line 11: " }), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn accept_writes_the_changes_since_the_last_commit() {
    use crate::checkout::{commit, git};

    let checkout = Checkout::new("accept-changelog");
    checkout.write("CHANGELOG.md", FILE);
    let accept = |upstream: &[&str]| checkout.run(&[&["accept", "--changelog", "CHANGELOG.md"], upstream].concat());
    let candidate = |name: &str, property: &str| {
        let candidate = change_document(|document| properties(document)[property] = json!({ "type": "string" }));
        checkout.write(name, candidate.to_string())
    };
    let (locale, currency) = (candidate("locale.json", "shop_locale"), candidate("currency.json", "shop_currency"));

    git(&checkout.0, &["init", "--quiet"]);
    let run = accept(&["--upstream", &locale]);
    assert_eq!((run.code, run.output.as_str()), (2, ""));
    assert!(run.errors.contains("there is no git HEAD"), "{}", run.errors);
    assert_eq!(checkout.read("CHANGELOG.md"), FILE);

    commit(&checkout.0, "Accept");
    assert!(accept(&["--upstream", &locale]).tasks().is_empty());
    let written = checkout.read("CHANGELOG.md");
    assert!(
        written.contains("- `IntegrationModel::builder().shop_locale(…)`: ") && written.contains("- By hand."),
        "{written}"
    );
    // Again, with and without the candidate.
    for upstream in [&["--upstream", &locale][..], &[]] {
        let files =
            ["CHANGELOG.md", "openapi/integrations.yaml", "tests/snapshots/client.rs"].map(|file| checkout.read(file));
        assert!(accept(upstream).tasks().is_empty());
        assert_eq!(
            ["CHANGELOG.md", "openapi/integrations.yaml", "tests/snapshots/client.rs"].map(|file| checkout.read(file)),
            files
        );
    }
    accept(&["--upstream", &currency]);
    let replaced = checkout.read("CHANGELOG.md");
    assert_eq!(replaced, written.replace("shop_locale", "shop_currency"));
    // The previous document: nothing has changed since the last commit.
    checkout.write("before.json", document().to_string());
    accept(&["--upstream", "before.json"]);
    assert_eq!(checkout.read("CHANGELOG.md"), FILE);

    // Committed entries are not replaced, even if they have not been released.
    accept(&["--upstream", &locale]);
    commit(&checkout.0, "Accept a locale");
    let locale_entries = checkout.read("CHANGELOG.md");
    assert_eq!(locale_entries, written);
    accept(&["--upstream", &currency]);
    let both = checkout.read("CHANGELOG.md");
    let both = with_brackets(&both);
    assert!(
        both.contains("### Removed\n\n[\n- **Breaking:** `IntegrationModel::builder().shop_locale(…)`: "),
        "{both}"
    );
    assert!(both.contains("### Added\n\n[\n- `IntegrationModel::builder().shop_currency(…)`: "), "{both}");
    accept(&["--upstream", &locale]);
    assert_eq!(checkout.read("CHANGELOG.md"), locale_entries);

    // The command lists what has changed since the commit, before and after a candidate is accepted.
    let listed = checkout.run(&["changelog", "--upstream", &currency]).output;
    assert!(listed.starts_with("upstream removed `shop_locale`, and 1 more change: breaking\n"), "{listed}");
    let accepted = checkout.run(&["accept", "--upstream", &currency]);
    assert!(accepted.output.contains("; `spec-drift changelog` lists what has changed"), "{}", accepted.output);
    assert_eq!(checkout.run(&["changelog"]).output, listed);

    checkout.write("CHANGELOG.md", "# Changelog\n");
    let before = checkout.read("openapi/integrations.yaml");
    let run = accept(&["--upstream", &currency]);
    assert_eq!((run.code, run.output.as_str()), (2, ""));
    assert!(run.errors.contains("CHANGELOG.md: there is no heading"), "{}", run.errors);
    assert_eq!(checkout.read("openapi/integrations.yaml"), before);
}
