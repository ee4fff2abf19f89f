//! Builds a copy of this package with other documents and unchanged handwritten code.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

mod cargo {
    include!("../client/cargo.rs");
}
mod documents;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Mutex, MutexGuard, PoisonError};

use openapi_refinery::{self as refinery, Configuration, Input, Inputs, prepare};
use serde_json::Value;

/// A copy of this package. It shares the other packages and the build folder, so that only the copy itself is compiled.
struct Copy {
    root: PathBuf,
    /// All tests share one folder, so they run one after another.
    _lock: MutexGuard<'static, ()>,
}

impl Copy {
    fn new() -> Self {
        static LOCK: Mutex<()> = Mutex::new(());
        let lock = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("regenerate");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        for path in
            ["Cargo.toml", "Cargo.lock", "README.md", "build.rs", "src", "openapi", "examples", "tests", "benches"]
        {
            copy_files(&package.join(path), &root.join(path));
        }
        std::os::unix::fs::symlink(package.join("crates"), root.join("crates")).unwrap();
        // Both are built in one folder, where their versions distinguish them.
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let version = "name = \"sendcloud-integrations\"\nversion.workspace = true";
        assert_eq!(manifest.matches(version).count(), 1);
        let version_of_copy = "name = \"sendcloud-integrations\"\nversion = \"0.0.0-copy\"";
        fs::write(root.join("Cargo.toml"), manifest.replace(version, version_of_copy)).unwrap();
        Self { root, _lock: lock }
    }

    /// Changes a YAML file, starting from the original.
    fn change_yaml(&self, file: &str, change: impl FnOnce(&mut Value)) {
        let original = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let mut value: Value = serde_saphyr::from_str(&original).unwrap();
        change(&mut value);
        // JSON is YAML.
        fs::write(self.root.join(file), value.to_string()).unwrap();
    }

    /// Runs Cargo on the whole workspace, so that dependencies keep their features and are not built again. For the same
    /// reason, `arguments` must select tests: otherwise the features that development dependencies need are missing.
    fn run_cargo(&self, arguments: &[&str]) -> Output {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let (command, rest) = arguments.split_first().unwrap();
        cargo::cargo()
            .args([command, "--offline", "--workspace", "--all-features"])
            .args(rest)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target)
            .output()
            .unwrap()
    }

    /// Builds the library. Returns the output of Cargo if that fails.
    fn build_library(&self) -> Result<(), String> {
        let output = self.run_cargo(&["test", "--no-run", "--lib"]);
        if output.status.success() { Ok(()) } else { Err(read_stderr(&output)) }
    }

    /// Builds, and returns whether the build script ran.
    fn runs_build_script(&self) -> bool {
        let output = self.run_cargo(&["test", "--no-run", "--lib", "--verbose"]);
        let text = read_stderr(&output);
        assert!(output.status.success(), "{text}");
        text.lines().any(|line| {
            line.contains("Running") && line.contains("sendcloud-integrations-") && line.contains("build-script-build`")
        })
    }

    /// Returns the files that make Cargo run the build script again, as the script has printed them.
    fn inputs_of_build_script(&self) -> BTreeSet<String> {
        let output = self.run_cargo(&["test", "--no-run", "--lib", "--message-format", "json"]);
        let messages = String::from_utf8(output.stdout).unwrap();
        let folder = messages
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .find(|message| {
                message["reason"] == "build-script-executed" && message["package_id"].to_string().contains("-copy")
            })
            .map(|message| PathBuf::from(message["out_dir"].as_str().unwrap()).with_file_name("output"));
        let printed = fs::read_to_string(folder.unwrap()).unwrap();
        printed.lines().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed=")).map(str::to_owned).collect()
    }
}

fn copy_files(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy_files(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

fn read_stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Handwritten code and tests of the client work with additional operations and properties, which other programs use.
/// A module that is generated from another document compiles in the same package, without further dependencies.
#[test]
fn the_client_builds_from_an_extended_document() {
    let copy = Copy::new();
    copy.change_yaml("openapi/integrations.yaml", |document| {
        documents::add_operations(document);
        documents::add_properties(document);
        documents::add_odd_names(document);
    });
    let programs = [
        ("additions", include_str!("additions.rs")),
        ("whole", include_str!("whole.rs")),
        ("shelves", include_str!("shelves.rs")),
    ];
    for (name, program) in programs {
        fs::write(copy.root.join("tests").join(name).with_extension("rs"), program).unwrap();
    }
    let shelves = Input::load("shelves.yaml", include_str!("../documents/shelves.yaml")).unwrap();
    let shelves = prepare(Inputs::new(shelves)).map_err(|error| error.to_string()).unwrap();
    for (file, output) in [("shelves.rs", refinery::Output::Client), ("shelves_mock.rs", refinery::Output::Mock)] {
        fs::write(copy.root.join(file), shelves.code(output).unwrap().text).unwrap();
    }
    let tests = ["client", "additions", "whole", "shelves"].into_iter().flat_map(|test| ["--test", test]);
    let arguments =
        ["test", "--no-fail-fast"].into_iter().chain(tests).chain(["--", "--skip", "bulk::", "--skip", "messages::"]);
    let output = copy.run_cargo(&arguments.collect::<Vec<_>>());
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), read_stderr(&output));
}

#[test]
fn build_errors_name_their_cause() {
    let copy = Copy::new();
    type Change = fn(&mut Value);
    let version: Change = |document| document["openapi"] = "2.0".into();
    let scheme: Change =
        |document| document["components"]["securitySchemes"]["HTTPBasicAuth"]["scheme"] = "bearer".into();
    let property: Change = |document| {
        let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
        properties.as_object_mut().unwrap().remove("webhook_url").unwrap();
    };
    for (change, expected) in [
        (version, "openapi/integrations.yaml, at /openapi: version `2.0` is not supported; use 3.0 or 3.1"),
        (scheme, "no longer accept HTTP Basic authentication"),
        (property, "no field `webhook_url` on type"),
    ] {
        copy.change_yaml("openapi/integrations.yaml", change);
        let text = copy.build_library().unwrap_err();
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("panicked") || text.contains("evaluation panicked"), "{text}");
        assert!(!expected.starts_with("no field") || text.contains("src/ext.rs"), "{text}");
    }
    // A property that no handwritten code uses can be removed.
    copy.change_yaml("openapi/integrations.yaml", |document| {
        let properties = &mut document["components"]["schemas"]["integration-model"]["properties"];
        properties.as_object_mut().unwrap().remove("feedback_type").unwrap();
    });
    copy.build_library().unwrap();
}

/// The hooks add keys and retries, so a client without them must not compile.
#[test]
fn a_client_without_hooks_does_not_compile() {
    let copy = Copy::new();
    let transport = copy.root.join("src/transport.rs");
    let original = fs::read_to_string(&transport).unwrap();
    let hooks = "impl ClientHooks<Transport> for Client {";
    assert!(original.contains(hooks));
    fs::write(&transport, original.replace(hooks, "struct Unused;\nimpl Unused {")).unwrap();
    let text = copy.build_library().unwrap_err();
    assert!(text.contains("missing `impl ClientHooks<"), "{text}");
    fs::write(&transport, original).unwrap();
    copy.change_yaml("openapi/generate.yaml", |configuration| configuration["inner"] = Value::Null);
    assert!(copy.build_library().unwrap_err().contains("src/transport.rs"));
}

#[test]
fn the_build_script_reruns_only_when_an_input_changes() {
    let copy = Copy::new();
    // Only the build script matters here.
    fs::write(copy.root.join("src/lib.rs"), "").unwrap();
    assert!(copy.runs_build_script());
    fs::write(copy.root.join("openapi/notes.txt"), "not an input").unwrap();
    fs::write(copy.root.join("README.md"), "# Other").unwrap();
    assert!(!copy.runs_build_script());

    let configuration = Configuration::read(&copy.root, "openapi/generate.yaml").unwrap();
    let sources: BTreeSet<String> = configuration.sources().map(str::to_owned).collect();
    assert_eq!((sources.len(), copy.inputs_of_build_script()), (8, sources));
    let document = copy.root.join("openapi/integrations.yaml");
    let text = fs::read_to_string(&document).unwrap();
    fs::write(document, format!("{text}\n# changed\n")).unwrap();
    assert!(copy.runs_build_script());
    assert!(!copy.runs_build_script());
}
