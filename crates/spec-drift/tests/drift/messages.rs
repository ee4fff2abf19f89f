//! All messages of `spec-drift`, compared with the reviewed list `messages.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::checkout::{Checkout, DOCUMENT, Run, change_document, properties, upstream_document};
use crate::listing::Listing;
use crate::prose::{assert_listed, find_sentences};
use crate::rules::registry::complete;
use httpmock::MockServer;
use openapi_refinery::load;
use openapi_spec_drift::compare;
use openapi_spec_drift::project::digest;
use openapi_spec_drift::rules::{Example, Part, rules};
use serde::Deserialize;
use serde_json::{Value, json};

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/drift/messages.txt");

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// Sentences that cannot be listed, with the reasons.
const UNLISTED: [(&str, &str); 8] = [
    ("; run `git fsck`", "the repository would have to be corrupt"),
    ("; change to another", "a folder that does not exist has no project"),
    ("the generated code is not Rust:", "no output of the generator leads to it"),
    ("the current folder cannot be determined:", "a folder that does not exist has no project"),
    ("standard output cannot be written:", "no test fills a disk"),
    ("; redirect it to another place", "no test fills a disk"),
    ("cannot be replaced:", "a file would have to become a folder while `accept` runs"),
    (
        "; run `spec-drift accept` again, or restore the files with `git restore`",
        "a file would have to become a folder while `accept` runs",
    ),
];

#[test]
fn messages_match_the_reviewed_list() {
    let mut messages = Listing::default();
    list_changes_of_documents(&mut messages);
    list_changes_of_projects(&mut messages);
    list_reports(&mut messages);
    list_updates(&mut messages);
    list_errors_of_sources(&mut messages);
    list_errors_of_projects(&mut messages);
    list_drafted_updates(&mut messages);
    messages.assert_reviewed(LIST);
}

/// No sentence is added without a review.
#[test]
fn the_list_has_all_messages_of_the_sources() {
    let listed = fs::read_to_string(LIST).unwrap();
    assert_listed(&find_sentences(SOURCES, |_| true), &listed, &UNLISTED);
}

/// A pair of documents for sentences that the examples of the rules do not have.
#[derive(Deserialize)]
struct Case {
    case: String,
    #[serde(flatten)]
    example: Example,
}

/// Lists the messages of each rule for its example, and those of further cases.
fn list_changes_of_documents(messages: &mut Listing) {
    messages.section("Changes of documents, by rule");
    let changes = |Example { of, before, after, .. }: &Example| {
        let mut changes = compare(&complete(*of, before), &complete(*of, after)).unwrap();
        // In webhooks, messages on schemas only have "requests" and "responses" exchanged.
        changes.retain(|change| *of != Part::Schema || !change.pointer.starts_with("/webhooks/"));
        changes
    };
    for rule in rules().unwrap() {
        let Some(example) = &rule.example else { continue };
        let own = changes(example).into_iter().filter(|change| change.rule == rule.id);
        let own: BTreeSet<String> = own.map(|change| change.message).collect();
        assert!(!own.is_empty(), "{}", rule.id);
        messages.add(&rule.id, own.into_iter().collect::<Vec<_>>().join("\n"));
    }
    messages.section("Changes of documents, other forms");
    let cases: Vec<Case> = serde_json::from_value(load(include_str!("messages.yaml")).unwrap()).unwrap();
    for Case { case, example } in cases {
        let changes: BTreeSet<String> =
            changes(&example).into_iter().map(|change| format!("{}: {}", change.rule, change.message)).collect();
        messages.add(&case, changes.into_iter().collect::<Vec<_>>().join("\n"));
    }
}

/// Lists the messages of rules that concern the files of a project.
fn list_changes_of_projects(messages: &mut Listing) {
    messages.section("Changes of projects, by rule");
    let mut by_rule: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut check = |checkout: &Checkout, arguments: &[&str]| {
        let run = checkout.run(&[&["check", "--format", "json", "--scope", "all"], arguments].concat());
        let report: Value = serde_json::from_str(&run.output).unwrap_or_else(|_| panic!("{}", run.errors));
        for change in report["changes"].as_array().unwrap() {
            let text = |member: &str| change[member].as_str().unwrap().to_owned();
            by_rule.entry(text("rule")).or_default().insert(replace_versions(&text("message")));
        }
    };
    let edits = [
        ("tests/snapshots/client.rs", "pub struct Client {", "pub struct Client { pub more: u8,"),
        ("tests/snapshots/client.rs", "const SHA_256: &str = \"", "const SHA_256: &str = \"0"),
        ("openapi/integrations.yaml", "  title: Integrations", "  x-note: a\n  title: Integrations"),
        ("openapi/integrations.yaml", "/integrations/{id}:", "/integration/{id}:"),
        ("openapi/integrations.yaml", "maxLength: 250", "maxLength: 100"),
        ("openapi/integrations.yaml", "Name of the shop.", "The name."),
        ("openapi/corrections.yaml", "The API rejects", "The API still rejects"),
        ("openapi/generate.yaml", "mock: tests/snapshots/mock.rs", "mock: null"),
        ("Cargo.lock", "name = \"typify\"\nversion = \"", "name = \"typify\"\nversion = \"9."),
    ];
    for (file, from, to) in edits {
        let checkout = Checkout::new("messages");
        let text = checkout.read(file);
        assert!(text.contains(from), "{file}: {from}");
        checkout.write(file, text.replacen(from, to, 1));
        check(&checkout, &[]);
    }
    let checkout = Checkout::new("messages");
    fs::remove_file(checkout.0.join("tests/snapshots/client.rs")).unwrap();
    check(&checkout, &[]);
    let checkout = Checkout::new("messages");
    checkout.write("openapi/lock.yaml", "{}");
    check(&checkout, &[]);
    let checkout = Checkout::new("messages");
    let accepted = checkout.read("tests/snapshots/client.rs");
    let other = accepted.replace("ShopName", "NameOfShop");
    let lock = checkout.read("openapi/lock.yaml").replace(&digest(&accepted), &digest(&other));
    checkout.write("tests/snapshots/client.rs", &other);
    checkout.write("openapi/lock.yaml", lock);
    check(&checkout, &[]);
    let checkout = Checkout::new("messages");
    checkout.correct("/info/version", "The version is misspelled.");
    let fixed = change_document(|document| document["info"]["version"] = "4".into());
    let removed = change_document(|document| drop(document["info"].as_object_mut().unwrap().remove("version")));
    let unsupported = change_document(|document| {
        document["paths"]["/broken/{id"]["get"] = json!({ "responses": { "204": { "description": "" } } });
    });
    let narrowed = change_document(|document| {
        let code = &mut document["components"]["schemas"]["ErrorObject"]["properties"]["code"];
        code["enum"].as_array_mut().unwrap().retain(|value| value != "not_a_list");
    });
    for candidate in [fixed, removed, unsupported, narrowed] {
        checkout.write("candidate.json", candidate.to_string());
        check(&checkout, &["--upstream", "candidate.json"]);
    }
    let of_project = rules().unwrap().into_iter().filter(|rule| rule.example.is_none()).map(|rule| rule.id);
    for rule in of_project.chain(["enum-narrowed".to_owned()]) {
        let own = by_rule.get(&rule).unwrap_or_else(|| panic!("no case of {rule}"));
        messages.add(&rule, own.iter().cloned().collect::<Vec<_>>().join("\n"));
    }
}

/// Replaces versions, which change with each update of the dependencies.
fn replace_versions(message: &str) -> String {
    let is_version = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.matches('.').count() > 1;
    let words = message.split(' ').map(|word| match word.trim_end_matches([',', ':', ';']) {
        version if is_version(version) => word.replace(version, "VERSION"),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Replaces numbers of lines, which depend on the generated code.
fn replace_numbers(line: &str) -> String {
    let words = line.split(' ').map(|word| match word.trim_start_matches('(') {
        number if number.parse::<usize>().is_ok() => word.replace(number, "NUMBER"),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Adds what a command prints to both streams, and its exit code. Parts that differ in each run are replaced.
fn add(messages: &mut Listing, checkout: &Checkout, case: &str, Run { code, output, errors }: &Run) {
    let mut is_in_diff = false;
    let mut shown = String::new();
    for line in output.lines().chain(errors.lines()) {
        let is_diff = line.starts_with("--- accepted") || (is_in_diff && line.starts_with(['+', '-', ' ', '@']));
        if is_diff && !is_in_diff {
            shown.push_str("(the diff)\n");
        }
        if !is_diff {
            let is_count = line.starts_with("The generated client (");
            shown.push_str(&if is_count { replace_numbers(line) } else { line.to_owned() });
            shown.push('\n');
        }
        is_in_diff = is_diff;
    }
    // The number of the error depends on the operating system.
    let shown = shown.replace("refused (os error 61)", "refused (os error 111)");
    let shown = shown.replace(&*checkout.0.to_string_lossy(), "FOLDER");
    messages.add(&format!("{case} (exit code {code})"), shown);
}

fn list_reports(messages: &mut Listing) {
    messages.section("Reports");
    let checkout = Checkout::new("messages");
    let mut run = |case: &str, arguments: &[&str]| add(messages, &checkout, case, &checkout.run(arguments));
    run("no change", &["check"]);
    let candidate = change_document(|document| {
        let mut other = upstream_document();
        document["paths"] = other["paths"].take();
        document["components"]["schemas"]["reason"] = other["components"]["schemas"]["reason"].take();
        properties(document)["shop_name"]["maxLength"] = 100.into();
        properties(document).as_object_mut().unwrap().remove("webhook_url");
        properties(document)["shop_url"]["description"] = "The URL.".into();
    });
    checkout.write("candidate.json", candidate.to_string());
    checkout.write("vendored.yaml", DOCUMENT);
    for format in ["text", "markdown", "github"] {
        run(&format!("changes as {format}"), &["check", "--upstream", "candidate.json", "--format", format]);
    }
    let arguments = ["--vendored", "vendored.yaml", "--upstream", "candidate.json"];
    run("changes of documents only", &[&["check", "--no-regenerate"][..], &arguments].concat());
    let many = change_document(|document| {
        for number in 0..300 {
            properties(document)[format!("property_{number}")] = json!({ "type": "string" });
        }
    });
    checkout.write("many.json", many.to_string());
    let report = checkout.run(&["check", "--upstream", "many.json", "--format", "markdown"]);
    let cut = report.output.lines().filter(|line| line.starts_with("And ") || line.starts_with("The "));
    messages.add("the ends of what is too long", cut.map(replace_numbers).collect::<Vec<_>>().join("\n"));
    let rules = checkout.run(&["rules"]).output;
    messages.add("spec-drift rules: the first one", rules.split("\n\n").next().unwrap());
}

fn list_updates(messages: &mut Listing) {
    messages.section("Updates");
    let checkout = Checkout::new("messages");
    checkout.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
    let candidate = change_document(|document| {
        let properties = properties(document).as_object_mut().unwrap();
        properties.remove("shop_name");
        properties.insert("nickname".to_owned(), json!({ "type": "string" }));
        properties["feedback_type"]["enum"] = json!(["delayed"]);
        document["info"]["version"] = "4".into();
    });
    checkout.correct("/info/version", "The version is misspelled.");
    checkout.write("candidate.json", candidate.to_string());
    checkout.write("upstream.json", upstream_document().to_string());
    checkout.write("same.yaml", DOCUMENT);
    let mut run = |case: &str, arguments: &[&str]| add(messages, &checkout, case, &checkout.run(arguments));
    run("changelog without changes", &["changelog", "--upstream", "same.yaml"]);
    run("changelog", &["changelog", "--upstream", "candidate.json"]);
    run("changelog of added operations", &["changelog", "--upstream", "upstream.json", "--scope", "all"]);
    let two = change_document(|document| {
        let properties = properties(document).as_object_mut().unwrap();
        properties.remove("shop_name");
        properties.insert("nickname".to_owned(), json!({ "type": "string" }));
    });
    checkout.write("two.json", two.to_string());
    run("changelog of two changes", &["changelog", "--upstream", "two.json"]);
    let required =
        change_document(|it| it["components"]["schemas"]["integration-model"]["required"] = json!(["shop_name"]));
    checkout.write("required.json", required.to_string());
    run("changelog of a required property", &["changelog", "--upstream", "required.json"]);
    checkout.write("reworded.json", change_document(|it| it["info"]["title"] = "Another".into()).to_string());
    run("changelog of documentation", &["changelog", "--upstream", "reworded.json"]);
    run("accept without changes", &["accept"]);
    run("accept with tasks", &["accept", "--upstream", "candidate.json"]);
    run("accept of added operations", &["accept", "--upstream", "upstream.json", "--scope", "all"]);
    run("accept with unused names", &["accept", "--upstream", "reworded.json"]);
    checkout.write("value.yaml", DOCUMENT.replace("            - none\n", ""));
    run("accept with an unused name", &["accept", "--upstream", "value.yaml"]);
    checkout.write("openapi/integrations.yaml", checkout.read("openapi/integrations.yaml").replace("250", "100"));
    run("changelog of an edited document", &["changelog"]);
    checkout.write("openapi/lock.yaml", "{}");
    run("accept first", &["accept"]);
    let form = json!({ "content": { "multipart/form-data": { "schema": { "type": "object", "properties": {
        "file": { "type": "string", "format": "binary" },
        "name": { "type": "string", "pattern": "^a" },
    }}}}});
    let with_form =
        json!({ "openapi": "3.1.0", "paths": { "/files": { "post": { "requestBody": form, "responses": {} } } } });
    checkout.write("form.json", with_form.to_string());
    run("generate with warnings", &["generate", "--document", "form.json", "--out", "client.rs"]);
}

fn list_errors_of_sources(messages: &mut Listing) {
    messages.section("Errors of documents");
    let checkout = Checkout::new("messages");
    let inputs: [(&str, &[u8]); 8] = [
        ("an empty document", b""),
        ("a syntax error", b"a: [1, 2"),
        ("a document of another kind", b"just words"),
        ("an HTML page", b"<!DOCTYPE html>\n<html></html>"),
        ("Swagger 2.0", br#"{"swagger": "2.0", "paths": {}}"#),
        ("another version", b"openapi: 3.2\npaths: {}\n"),
        ("bytes that are not UTF-8", b"openapi: \xff"),
        ("a document that is too large", &vec![b'#'; 65 * 1024 * 1024]),
    ];
    for (case, input) in inputs {
        add(messages, &checkout, case, &checkout.run_with(&["check", "--upstream", "-"], input));
    }
    let reference = |to: &str| change_document(|document| properties(document)["shop_name"] = json!({ "$ref": to }));
    let mut itself = reference("#/components/schemas/a");
    itself["components"]["schemas"]["a"] = json!({ "allOf": [{ "$ref": "#/components/schemas/a" }] });
    for (case, document) in
        [("a reference to a missing target", reference("#/nowhere")), ("a schema that contains itself", itself)]
    {
        let run = checkout.run_with(&["check", "--no-regenerate", "--upstream", "-"], document.to_string().as_bytes());
        add(messages, &checkout, case, &run);
    }
    let [vendored, upstream] = [2, 1].map(|max| {
        let document = crate::sources::combine_exponentially(40, max);
        checkout.write(&format!("{max}.json"), document.to_string())
    });
    let run = checkout.run(&["check", "--no-regenerate", "--vendored", &vendored, "--upstream", &upstream]);
    add(messages, &checkout, "schemas that are combined in many ways", &run);
    let server = MockServer::start();
    for (path, location) in [("/elsewhere", "http://192.0.2.1/openapi.yaml"), ("/circle", "/circle")] {
        server.mock(|when, then| {
            when.path(path);
            then.status(302).header("location", location);
        });
    }
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (case, url) in [
        ("a redirect to plain http", server.url("/elsewhere")),
        ("a redirect to itself", server.url("/circle")),
        ("a document that is not found", server.url("/missing")),
        ("a server that is not reachable", format!("http://{refused}")),
        ("a URL with plain http", "http://shelves.example/openapi.yaml".to_owned()),
        ("a URL without host", "https://".to_owned()),
        ("a URL with a password", "https://ann:sesame@shelves.example".to_owned()),
    ] {
        let Run { code, output, errors } = checkout.run(&["check", "--upstream", &url]);
        let errors =
            errors.replace(&server.base_url(), "http://127.0.0.1:PORT").replace(&refused.to_string(), "127.0.0.1:PORT");
        add(messages, &checkout, case, &Run { code, output, errors });
    }
    let mut run = |case: &str, arguments: &[&str]| add(messages, &checkout, case, &checkout.run(arguments));
    run("check of a missing file", &["check", "--upstream", "missing.yaml"]);
    run("check of a folder", &["check", "--upstream", "openapi"]);
    run("check with a missing vendored document", &["check", "--vendored", "missing.yaml"]);
    run("accept of a missing file", &["accept", "--upstream", "missing.yaml"]);
    run("changelog of a missing file", &["changelog", "--upstream", "missing.yaml"]);
    run("generate from a missing file", &["generate", "--document", "missing.yaml"]);
    run("generate with missing corrections", &["generate", "--corrections", "missing.yaml"]);
    run("generate into a missing folder", &["generate", "--what", "normal", "--out", "missing/normal.json"]);
}

fn list_errors_of_projects(messages: &mut Listing) {
    messages.section("Errors of projects");
    // The build's own folders are inside of a project.
    let folder = std::env::temp_dir().join(format!("spec-drift-messages-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let outside = Checkout(folder);
    for command in ["check", "generate", "accept", "changelog"] {
        add(messages, &outside, &format!("{command} without a project"), &outside.run(&[command]));
    }
    outside.write("vendored.yaml", DOCUMENT);
    let run = outside.run(&["check", "--vendored", "vendored.yaml"]);
    add(messages, &outside, "check of a document outside of a project, without a candidate", &run);
    fs::remove_dir_all(&outside.0).unwrap();

    let checkout = Checkout::new("messages");
    checkout.write("candidate.json", change_document(|it| properties(it)["nickname"] = json!({})).to_string());
    let configuration = checkout.read("openapi/generate.yaml");
    let snapshots = "snapshots:\n  client: tests/snapshots/client.rs\n  mock: tests/snapshots/mock.rs";
    for (case, from, to, arguments) in [
        ("an unknown key", "handwritten:", "handwriten:", &["check"][..]),
        ("no snapshots", snapshots, "snapshots: null", &["check"]),
        ("one path for both snapshots", "snapshots/mock.rs", "snapshots/client.rs", &["check"]),
        ("no lock", "lock: openapi/lock.yaml", "lock: null", &["accept"]),
        ("a snapshot that is a folder", "snapshots/mock.rs", "snapshots", &["check"]),
        ("a file that does not exist", "corrections.yaml", "missing.yaml", &["check"]),
    ] {
        checkout.write("openapi/generate.yaml", configuration.replace(from, to));
        add(messages, &checkout, case, &checkout.run(arguments));
    }
    checkout.write("openapi/generate.yaml", configuration);
    let lock = checkout.read("openapi/lock.yaml");
    checkout.write("openapi/lock.yaml", "{ types: {}, origin: 7, operations: {} }");
    add(messages, &checkout, "a lock with a wrong origin", &checkout.run(&["check"]));
    checkout.write("openapi/lock.yaml", lock);
    checkout.write("Cargo.toml", "[package]\nname = 7\n");
    let arguments = ["changelog", "--upstream", "candidate.json"];
    add(messages, &checkout, "an invalid manifest", &checkout.run(&arguments));
    let arguments = ["accept", "--upstream", "candidate.json"];
    fs::create_dir(checkout.0.join("tests/snapshots/client.rs.new")).unwrap();
    add(messages, &checkout, "a file that cannot be written", &checkout.run(&arguments));
    fs::remove_dir(checkout.0.join("tests/snapshots/client.rs.new")).unwrap();
    list_errors_of_changelogs(messages, &checkout);
}

fn list_errors_of_changelogs(messages: &mut Listing, checkout: &Checkout) {
    use crate::checkout::{commit, git};

    let arguments = ["accept", "--upstream", "candidate.json", "--changelog", "CHANGELOG.md"];
    add(messages, checkout, "a missing changelog", &checkout.run(&arguments));
    checkout.write("CHANGELOG.md", "# Changelog\n");
    git(&checkout.0, &["init", "--quiet"]);
    add(messages, checkout, "no commit", &checkout.run(&arguments));
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_spec-drift"))
        .args(arguments)
        .current_dir(&checkout.0)
        .env("PATH", "")
        .output();
    add(messages, checkout, "no git", &Run::from(command.unwrap()));
    commit(&checkout.0, "Accept");
    add(messages, checkout, "a changelog without a heading", &checkout.run(&arguments));
    checkout.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n");
    checkout.run(&arguments);
    let written = checkout.read("CHANGELOG.md");
    let mut comments = [checkout.read("tests/snapshots/client.rs").lines().next().unwrap().to_owned()].to_vec();
    comments.extend(checkout.read("openapi/lock.yaml").lines().filter(|line| line.starts_with('#')).map(str::to_owned));
    let since = |line: &str| match line.split_once("since ").zip(line.split_once(',')) {
        Some(((before, _), (_, after))) => format!("{before}since DIGEST,{after}"),
        None => line.to_owned(),
    };
    comments.extend(written.lines().filter(|line| line.starts_with("<!-- ")).map(since));
    messages.add("comments in written files", comments.join("\n"));
    checkout.write("CHANGELOG.md", written.replace("<!-- spec-drift: end -->", ""));
    add(messages, checkout, "a changelog without the end of the entries", &checkout.run(&arguments));
    checkout.write("other.json", change_document(|it| properties(it)["alias"] = json!({})).to_string());
    add(messages, checkout, "accept after a commit", &checkout.run(&["accept", "--upstream", "other.json"]));
    let vendored = checkout.read("openapi/integrations.yaml");
    for (case, text) in [
        ("a committed document with a syntax error", &b"a: [1"[..]),
        ("a committed document that is not UTF-8", b"\xff"),
    ] {
        checkout.write("openapi/integrations.yaml", text);
        commit(&checkout.0, case);
        checkout.write("openapi/integrations.yaml", &vendored);
        add(messages, checkout, case, &checkout.run(&arguments));
    }
}

/// Lists the texts in the script that drafts updates.
fn list_drafted_updates(messages: &mut Listing) {
    messages.section("Drafted updates: texts of the script");
    let script = include_str!("../../action/draft-update");
    let lines = script.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let is_sentence = |text: &&&str| {
        let is_code = text.contains(['|', '=']) || text.contains("$(") || text.contains(" -");
        let starts_with_word = text.trim_start_matches("\\n").trim().starts_with(char::is_alphabetic);
        !is_code && starts_with_word && text.split(' ').filter(is_word).count() > 2
    };
    let texts: Vec<Vec<&str>> = lines.map(find_quoted).collect();
    messages.add("quoted texts", texts.iter().flatten().filter(is_sentence).copied().collect::<Vec<_>>().join("\n"));
}

/// Returns the texts in quotes of a line of a shell script.
fn find_quoted(line: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['\'', '"']) {
        let quote = &rest[start..=start];
        let Some((text, after)) = rest[start + 1..].split_once(quote) else { break };
        texts.push(text);
        rest = after;
    }
    texts
}
