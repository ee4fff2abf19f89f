//! Temporary projects, and the command `spec-drift` run in them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use openapi_refinery::load;
use serde_json::{Value, json};

pub const DOCUMENT: &str = include_str!("../../../../tests/documents/integrations.yaml");
const CORRECTIONS: &str = include_str!("../../../../tests/documents/corrections.yaml");
const LOCK: &str = "openapi/lock.yaml";
/// Files that `accept` writes in addition to the document.
const ACCEPTED_FILES: [&str; 3] = ["tests/snapshots/client.rs", "tests/snapshots/mock.rs", LOCK];
const CONFIGURATION: &str = "
document: openapi/integrations.yaml
corrections: openapi/corrections.yaml
lock: openapi/lock.yaml
snapshots:
  client: tests/snapshots/client.rs
  mock: tests/snapshots/mock.rs
handwritten: [src/ext.rs]
inner: null
constructors: private
";
pub const SCHEMA: &str = "/components/schemas/integration-model";

/// A temporary project with the files that the command reads.
pub struct Checkout(pub PathBuf);

impl Checkout {
    pub fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spec-drift").join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        for folder in ["openapi", "src", "tests/snapshots"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
        let checkout = Self(root);
        checkout.write("openapi/generate.yaml", CONFIGURATION);
        checkout.write("src/ext.rs", "impl Client { fn update(&self) {} }");
        checkout.write("openapi/integrations.yaml", DOCUMENT);
        checkout.write("openapi/corrections.yaml", CORRECTIONS);
        static ACCEPTED: OnceLock<[String; 3]> = OnceLock::new();
        for (file, text) in ACCEPTED_FILES.iter().zip(ACCEPTED.get_or_init(|| checkout.accept_initially())) {
            checkout.write(file, text);
        }
        checkout
    }

    /// Accepts the document without earlier files, and returns the snapshots and the lock.
    fn accept_initially(&self) -> [String; 3] {
        self.write(LOCK, "operations: {}\ntypes: {}\n");
        assert!(self.run(&["accept"]).tasks().is_empty());
        ACCEPTED_FILES.map(|file| self.read(file))
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.join(file);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"")
    }

    /// Adds a correction of a string in the document, and accepts it.
    pub fn correct(&self, pointer: &str, why: &str) {
        let mut corrections = load(&self.read("openapi/corrections.yaml")).unwrap();
        let text = document().pointer(pointer).unwrap().clone();
        corrections.as_array_mut().unwrap().push(json!({ "why": why, "patch": [
            { "op": "test", "path": pointer, "value": text },
            { "op": "replace", "path": pointer, "value": format!("{text} corrected") },
        ]}));
        self.write("openapi/corrections.yaml", corrections.to_string());
        assert!(self.run(&["accept"]).tasks().is_empty());
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spec-drift"));
        command.args(arguments).current_dir(&self.0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut child = self.start(arguments);
        // The command may exit before it has read all of its input.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::from(child.wait_with_output().unwrap())
    }

    /// Checks a candidate, and returns the exit code and the JSON report.
    pub fn check(&self, candidate: &Value, more: &[&str]) -> (i32, Value) {
        let candidate = self.write("candidate.json", candidate.to_string());
        let run = self.run(&[&["check", "--format", "json", "--upstream", &candidate], more].concat());
        assert_eq!(run.errors, "");
        (run.code, serde_json::from_str(&run.output).unwrap())
    }
}

pub struct Run {
    pub code: i32,
    pub output: String,
    pub errors: String,
}

impl Run {
    /// Returns the tasks that an `accept` leaves.
    pub fn tasks(&self) -> Vec<&str> {
        let mut lines = self.output.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("accepted ")), "{}{}", self.output, self.errors);
        lines.collect()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Returns the vendored document.
pub fn document() -> Value {
    load(DOCUMENT).unwrap()
}

/// Returns the vendored document with a change.
pub fn change_document(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = document();
    change(&mut document);
    document
}

/// Returns the properties of the request body.
pub fn properties(document: &mut Value) -> &mut Value {
    document.pointer_mut(&format!("{SCHEMA}/properties")).unwrap()
}

/// Returns the rule of each change.
pub fn list_rules(report: &Value) -> Vec<&str> {
    report["changes"].as_array().unwrap().iter().map(|change| change["rule"].as_str().unwrap()).collect()
}

/// Returns upstream's document: the vendored one with other operations.
pub fn upstream_document() -> Value {
    change_document(|document| {
        let done = json!({ "204": { "description": "done" } });
        document["paths"]["/integrations"]["get"] = json!({ "operationId": "x-get-list", "responses": done });
        document["paths"]["/integrations/{id}"]["delete"] = json!({ "operationId": "x-delete-delete", "responses": done, "parameters": [
            { "name": "why", "in": "query", "schema": { "$ref": "#/components/schemas/reason" } },
        ]});
        document["components"]["schemas"]["reason"] = json!({ "type": "string", "pattern": "^[a-z]+$" });
    })
}

/// Returns a Markdown page with the vendored document in a code block, whose fence is longer than any fence in it.
pub fn markdown_page() -> String {
    format!(
        "# Update\n\n> Note: this is *not* YAML: at all\n\n```sh\ncurl\n```\n\n````yaml openapi.yaml\n{DOCUMENT}````\n\nMore.\n"
    )
}

/// Runs git in a folder without the user's configuration, and returns its output.
#[cfg(unix)]
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    for (key, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")] {
        command.env(key, value);
    }
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Someone").env(format!("GIT_{who}_EMAIL"), "someone@example.com");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Commits all files of a folder.
#[cfg(unix)]
pub fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}
