//! Another document, the same handwritten lines: copies of this project, built by Cargo as a user would.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cargo;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

/// A copy of this project. It shares the build folder, so that only the copy itself is compiled.
struct Copy {
    root: PathBuf,
}

impl Copy {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        for path in
            ["Cargo.toml", "Cargo.lock", "README.md", "build.rs", "src", "openapi", "examples", "tests", "benches"]
        {
            copy(&project.join(path), &root.join(path));
        }
        // Cargo tells packages in one build folder apart by name and version, not by path.
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let version = concat!("version = \"", env!("CARGO_PKG_VERSION"));
        assert_eq!(manifest.matches(version).count(), 1);
        fs::write(root.join("Cargo.toml"), manifest.replace(version, &format!("{version}-{name}"))).unwrap();
        Self { root }
    }

    fn change(&self, file: &str, change: impl FnOnce(&mut Value)) {
        let path = self.root.join(file);
        let mut value: Value = serde_saphyr::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        change(&mut value);
        // JSON is YAML.
        fs::write(path, value.to_string()).unwrap();
    }

    fn generate(&self, document: &Path, out: &str, what: &str) {
        let output = Command::new(env!("CARGO_BIN_EXE_spec-drift"))
            .args(["generate", "--what", what, "--out", out, "--document"])
            .arg(document)
            .current_dir(&self.root)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", errors(&output));
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        cargo::cargo()
            .args(arguments)
            .args(["--offline", "--all-features"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target)
            .output()
            .unwrap()
    }

    /// Builds, and tells whether the build script ran.
    fn build_script_ran(&self) -> bool {
        let output = self.cargo(&["build", "--lib", "--verbose"]);
        let text = errors(&output);
        assert!(output.status.success(), "{text}");
        text.lines().any(|line| {
            line.contains("Running") && line.contains("sendcloud-integrations-") && line.contains("build-script-build`")
        })
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn additions_to_the_document_are_additions_to_the_crate() {
    let copy = Copy::new("additions");
    copy.change("openapi/integrations.yaml", |document| {
        let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
        properties["nickname"] = json!({ "type": ["string", "null"], "maxLength": 5 });
        properties["mirrors"] = json!({ "type": "array", "items": { "type": "string", "format": "uri" } });
        properties["owner"] = json!({ "$ref": "#/components/schemas/owner" });
        properties["feedback_type"]["enum"].as_array_mut().unwrap().push("late".into());
        properties["delay"] = json!({ "type": "integer", "minimum": 0, "maximum": 30 });
        properties["contact"] = json!({ "anyOf": [{ "type": ["string", "null"] }, { "type": "integer" }] });
        properties["tree"] = json!({ "$ref": "#/components/schemas/tree" });
        document["components"]["schemas"]["owner"] = json!({
            "type": "object",
            "required": ["name", "age"],
            "properties": {
                "name": { "type": "string", "minLength": 2 },
                "age": { "type": "integer", "format": "int32" },
                "type": { "type": "string", "enum": ["person", "company"] },
            },
        });
        document["components"]["schemas"]["tree"] = json!({
            "type": "object",
            "properties": { "branches": { "type": "array", "items": { "$ref": "#/components/schemas/tree" } } },
        });
        document["paths"]["/things"]["get"] = json!({
            "operationId": "x-get-list_things",
            "parameters": [
                { "name": "type", "in": "query", "schema": { "type": "string", "minLength": 1 } },
                { "name": "page", "in": "query", "schema": { "type": "integer", "minimum": 1 } },
                { "name": "X-Partner-Id", "in": "header", "schema": { "type": "string" } },
            ],
            "responses": {
                "200": { "description": "all", "content": { "application/json": { "schema": {
                    "type": "array",
                    "items": { "oneOf": [{ "$ref": "#/components/schemas/tree" }, { "type": "string" }] },
                }}}},
                "500": { "description": "a page", "content": { "text/html": { "schema": { "type": "string" } } } },
            },
        });
        document["paths"]["/things/{code}"] = json!({
            "parameters": [{ "name": "code", "in": "path", "required": true, "schema": { "type": "string", "minLength": 2 } }],
            "get": { "operationId": "x-get-thing", "responses": { "204": { "description": "there" } } },
            "delete": { "operationId": "x-delete-thing", "responses": { "204": { "description": "gone" } } },
        });
        document["paths"]["/integrations/{id}"]["put"] = json!({
            "operationId": "sc-public-v3-integrations-put-update_integration",
            "responses": { "204": { "description": "done" } },
        });
        add_odd_names(document);
    });
    copy_example(&copy, "additions", include_str!("regenerate/additions.rs"));
    let output = copy.cargo(&["run", "--example", "additions"]);
    assert!(output.status.success(), "{}", errors(&output));
    let suites = ["update", "types", "schema", "errors", "codegen"].into_iter().flat_map(|suite| ["--test", suite]);
    let arguments: Vec<&str> = ["test", "--no-fail-fast"].into_iter().chain(suites).collect();
    let output = copy.cargo(&arguments);
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), errors(&output));
}

/// Upstream's document has more operations than the vendored slice: they change no handwritten line, and no test that is not
/// about the snapshot.
#[test]
fn the_whole_document_takes_the_place_of_the_slice() {
    let copy = Copy::new("whole");
    let others = fs::read_to_string(copy.root.join("tests/documents/whole.yaml")).unwrap();
    copy.change("openapi/integrations.yaml", |document| lay_over(document, serde_saphyr::from_str(&others).unwrap()));
    copy_example(&copy, "whole", include_str!("regenerate/whole.rs"));
    let output = copy.cargo(&["run", "--example", "whole"]);
    assert!(output.status.success(), "{}", errors(&output));
    let suites = ["errors", "faults", "front_door", "mock", "schema", "trace", "types", "update"];
    let suites = suites.into_iter().flat_map(|suite| ["--test", suite]);
    let arguments: Vec<&str> = ["test", "--no-fail-fast"].into_iter().chain(suites).collect();
    let output = copy.cargo(&arguments);
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), errors(&output));
}

fn lay_over(value: &mut Value, other: Value) {
    match (value, other) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, other) in others {
                lay_over(members.entry(name).or_insert(Value::Null), other);
            }
        }
        (value, other) => *value = other,
    }
}

/// Names that something else has already: a keyword, a method, a field, a helper, each other.
fn add_odd_names(document: &mut Value) {
    let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
    for name in [
        "validate",
        "build",
        "violations",
        "enable_webhook",
        "clear_webhook",
        "self",
        "2fa",
        "it's",
        "fooBar",
        "foo_bar",
    ] {
        properties[name] = json!({ "type": "string", "minLength": 1 });
    }
    properties["type"] =
        json!({ "type": ["array", "null"], "items": { "type": "string", "enum": ["a-b", "a_b", "unlisted"] } });
    properties["closed"] = json!({ "type": "object", "additionalProperties": false });
    properties["asked"] = json!({ "type": "object", "required": ["anything"] });
    properties["locals"] = json!({
        "type": "object",
        "required": ["violations", "builder", "value"],
        "properties": { "violations": { "type": "string" }, "member": { "type": "string" } },
    });
    properties["either"] = json!({
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "type": "string" } },
        "anyOf": [{ "properties": { "a": { "type": "integer" } }, "required": ["a"] }, { "required": ["b"] }],
    });
    // Names of types that generated code has from elsewhere.
    for name in ["Uri", "default", "String", "Ok", "Err", "Option", "Vec"] {
        document["components"]["schemas"][name] = json!({ "type": "object", "properties": { "name": { "type": "string", "minLength": 1, "x-docs": { "$ref": "./docs.md" } } } });
        document["components"]["schemas"]["integration-model"]["properties"][name] =
            json!({ "$ref": format!("#/components/schemas/{name}") });
    }
    let codes = &mut document["components"]["schemas"]["ErrorObject"]["properties"]["code"]["enum"];
    codes.as_array_mut().unwrap().push("unlisted".into());
    let done = json!({ "204": { "description": "done" } });
    let operations = "client inner baseurl post exec clone builder update new fmt self gen get_a_1 get_a1 \
        error response_value byte_stream client_info client_hooks operation_info request_builder_ext \
        option result string into from try_into try_from default ok err some none box vec extend to_string";
    for name in operations.split_whitespace() {
        document["paths"][format!("/odd/{name}/{{x}}")]["get"] = json!({
            "operationId": format!("x-{name}"),
            "parameters": [{ "name": "self", "in": "query", "schema": { "type": "integer" } }],
            "responses": done,
        });
    }
    let numbers = json!({ "type": "object", "properties": {
        "list": { "type": "array", "items": { "type": "integer" } },
        "map": { "type": "object", "additionalProperties": { "type": "integer" } },
    }});
    for (path, method, schema) in [
        ("/number/{x}/{x}", "get", json!({ "type": "integer" })),
        ("/numbers", "get", numbers.clone()),
        ("/numbers", "head", numbers),
        ("/text", "get", json!({ "type": "string" })),
        ("/text", "options", json!({ "type": "string" })),
        ("/text", "trace", json!({ "type": "string" })),
    ] {
        let content = json!({ "application/json": { "schema": schema } });
        document["paths"][path][method]["responses"]["200"] = json!({ "description": "a value", "content": content });
    }
    let parameters = ["send", "violations", "new", "client", "request", "url", "info", "result", "response", "gen"];
    let parameters =
        parameters.map(|name| json!({ "name": name, "in": "query", "schema": { "type": "integer", "minimum": 1 } }));
    let mut parameters = parameters.to_vec();
    parameters.push(json!({ "name": "api-version", "in": "header", "schema": { "type": "string" } }));
    document["paths"]["/odd"]["post"] = json!({
        "operationId": "x-odd",
        "parameters": parameters,
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/owner" } } } },
        "responses": done,
    });
}

/// `spec-drift generate` for other APIs, as a user includes it: modules on this package's dependencies. With the documents of
/// the folder `DOCUMENTS`, if that is set.
#[test]
fn what_is_generated_for_other_documents_compiles_and_works_alone() {
    let copy = Copy::new("alone");
    let shelves = copy.root.join("tests/documents/shelves.yaml");
    copy.generate(&shelves, "shelves.rs", "client");
    copy.generate(&shelves, "shelves_mock.rs", "mock");
    let folder = std::env::var_os("DOCUMENTS").map(|folder| fs::read_dir(folder).unwrap());
    let mut others = String::new();
    for (index, document) in folder.into_iter().flatten().map(|entry| entry.unwrap().path()).enumerate() {
        let is_document = document.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json");
        if is_document {
            copy.generate(&document, &format!("other{index}.rs"), "client");
            others += &format!("#[allow(dead_code)] mod other{index} {{ include!(\"other{index}.rs\"); }}\n");
        }
    }
    fs::write(copy.root.join("others.rs"), others).unwrap();
    copy_example(&copy, "shelves", include_str!("regenerate/shelves.rs"));
    let output = copy.cargo(&["run", "--example", "shelves"]);
    assert!(output.status.success(), "{}", errors(&output));
}

fn copy_example(copy: &Copy, name: &str, code: &str) {
    let examples = copy.root.join("examples");
    fs::create_dir_all(&examples).unwrap();
    fs::write(examples.join(name).with_extension("rs"), code).unwrap();
}

/// A change of the document, and what the build then says.
type Case<'a> = (&'a dyn Fn(&mut Value), String);

#[test]
fn what_cannot_be_built_stops_the_build_with_a_reason() {
    let copy = Copy::new("reasons");
    let original = fs::read_to_string(copy.root.join("openapi/integrations.yaml")).unwrap();
    let cases: [Case<'_>; 2] = [
        (
            &|document| document["openapi"] = "2.0".into(),
            "openapi/integrations.yaml, at /openapi: version `2.0` is not supported; give 3.0 or 3.1".to_owned(),
        ),
        (
            &|document| document["components"]["securitySchemes"]["HTTPBasicAuth"]["scheme"] = "bearer".into(),
            "no longer accept HTTP Basic authentication".to_owned(),
        ),
    ];
    for (change, expected) in cases {
        fs::write(copy.root.join("openapi/integrations.yaml"), &original).unwrap();
        copy.change("openapi/integrations.yaml", change);
        let output = copy.cargo(&["build", "--lib"]);
        let text = errors(&output);
        assert!(!output.status.success(), "{expected}");
        assert!(text.contains(&expected), "{text}");
        assert!(!text.contains("panicked") || text.contains("evaluation panicked"), "{text}");
    }
}

#[test]
fn what_the_handwritten_lines_use_is_missed_by_name() {
    let copy = Copy::new("removals");
    let original = fs::read_to_string(copy.root.join("openapi/integrations.yaml")).unwrap();
    let properties = |document: &mut Value, removed: &str| {
        let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
        properties.as_object_mut().unwrap().remove(removed).unwrap();
    };
    let cases: [Case<'_>; 2] = [
        (&|document| properties(document, "webhook_url"), "no field `webhook_url` on type".to_owned()),
        (
            &|document| properties(document, "service_point_enabled"),
            "no field `service_point_enabled` on type".to_owned(),
        ),
    ];
    for (change, expected) in cases {
        fs::write(copy.root.join("openapi/integrations.yaml"), &original).unwrap();
        copy.change("openapi/integrations.yaml", change);
        let output = copy.cargo(&["build", "--lib"]);
        let text = errors(&output);
        assert!(!output.status.success(), "{expected}");
        assert!(text.contains(&expected) && text.contains("src/ext.rs"), "{text}");
    }
    // What it does not use, it does not miss.
    fs::write(copy.root.join("openapi/integrations.yaml"), &original).unwrap();
    copy.change("openapi/integrations.yaml", |document| properties(document, "feedback_type"));
    let output = copy.cargo(&["build", "--lib"]);
    assert!(output.status.success(), "{}", errors(&output));
}

#[test]
fn the_build_script_runs_again_when_an_input_changes_and_only_then() {
    let copy = Copy::new("reruns");
    assert!(copy.build_script_ran());
    assert!(!copy.build_script_ran());
    fs::write(copy.root.join("openapi/notes.txt"), "not an input").unwrap();
    fs::write(copy.root.join("README.md"), "# Other").unwrap();
    assert!(!copy.build_script_ran());
    let inputs = [("openapi/integrations.yaml", '#'), ("openapi/corrections.yaml", '#'), ("openapi/lock.yaml", '#')];
    let code = [("src/ext.rs", '/'), ("src/transport.rs", '/')];
    for (file, comment) in inputs.into_iter().chain(code) {
        let path = copy.root.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{text}\n{comment}{comment} changed\n")).unwrap();
        assert!(copy.build_script_ran(), "{file}");
        assert!(!copy.build_script_ran(), "{file}");
    }
}
