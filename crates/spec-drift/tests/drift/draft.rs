//! `action/draft-update`: its effects on a forge. A bare repository is the remote, and a script replaces the GitHub CLI.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_refinery::load;
use serde_json::{Value, json};

use crate::checkout::{Checkout, DOCUMENT, Run, SCHEMA, change_document, commit, git, properties};

const BRANCH: &str = "spec-drift/update";

/// Returns the script of the action's last step and its environment, as a runner evaluates them with these inputs.
fn evaluate_step(inputs: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let action = load(include_str!("../../action/action.yml")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let expression =
        |value: &str| value.strip_prefix("${{ ").and_then(|value| value.strip_suffix(" }}")).map(str::to_owned);
    let input = |name: &str| {
        let given = inputs.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned());
        given.unwrap_or_else(|| text(&action["inputs"][name]["default"]))
    };
    let value = |value: String| match expression(&value).as_deref() {
        Some("github.token") => "secret".to_owned(),
        Some("github.repository") => "someone/shop".to_owned(),
        Some(other) => panic!("{other}"),
        None => value,
    };
    let step = action["runs"]["steps"].as_array().unwrap().last().unwrap();
    let variables = step["env"].as_object().unwrap().iter().map(|(name, of)| {
        let of = text(of);
        let name_of_input = expression(&of).and_then(|it| it.strip_prefix("inputs.").map(str::to_owned));
        (name.clone(), value(name_of_input.map_or(of, |name| input(&name))))
    });
    (text(&step["run"]), variables.collect())
}

/// Each input is also documented.
#[test]
fn action_inputs_reach_the_script() {
    let action = load(include_str!("../../action/action.yml")).unwrap();
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(input["description"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        assert_eq!(input.get("default").is_none(), input["required"] == true, "{name}");
        let (_, variables) = evaluate_step(&[(name, "its value"), ("upstream", "none")]);
        assert!(variables.iter().any(|(_, value)| value == "its value"), "{name}");
    }
}

/// Tests the workflow of this repository, and the example in the README.
#[test]
fn workflows_use_existing_inputs_of_the_action() {
    let action = load(include_str!("../../action/action.yml")).unwrap();
    let mut blocks = include_str!("../../README.md").split("```").filter_map(|block| block.strip_prefix("yaml\n"));
    let shown = blocks.find(|block| block.contains("jobs:")).unwrap();
    for workflow in [include_str!("../../../../.github/workflows/spec-drift.yml"), shown] {
        let workflow = load(workflow).unwrap();
        let steps = workflow["jobs"]["draft"]["steps"].as_array().unwrap();
        let inputs = steps.last().unwrap()["with"].as_object().unwrap();
        assert!(inputs.contains_key("upstream"), "{workflow}");
        assert!(inputs.keys().all(|input| action["inputs"].get(input).is_some()), "{workflow}");
        let permissions =
            |of: &Value| ["contents", "issues", "pull-requests"].map(|what| of["permissions"][what].clone());
        assert!(
            [&workflow, &workflow["jobs"]["draft"]].into_iter().any(|of| permissions(of) == ["write"; 3]),
            "{workflow}"
        );
    }
}

/// A repository and its forge.
struct Forge {
    root: PathBuf,
    /// The `scope` input.
    scope: &'static str,
}

/// Fails if the token is in the environment of this process or of its ancestors (where `/proc` exists).
const NO_TOKEN: &str = r#"test -z "${GH_TOKEN:-}"
p=$$
while test "${p:-0}" -gt 1 && test -r "/proc/$p/environ"; do
    if tr '\0' '\n' <"/proc/$p/environ" | grep -q '^GH_TOKEN='; then exit 1; fi
    p=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$p/status")
done"#;

impl Forge {
    fn new(name: &str) -> Self {
        let checkout = Checkout::new(&format!("draft-{name}/origin"));
        checkout.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
        checkout.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n");
        let root = checkout.0.parent().unwrap().to_owned();
        for folder in ["forge", "bin", "remote.git", "run", "contributor"] {
            let _ = fs::remove_dir_all(root.join(folder));
        }
        for folder in ["forge", "bin"] {
            fs::create_dir(root.join(folder)).unwrap();
        }
        symlink(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/drift/gh"), root.join("bin/gh")).unwrap();
        git(&checkout.0, &["init", "--quiet", "--initial-branch", "main"]);
        commit(&checkout.0, "Begin");
        git(&root, &["clone", "--quiet", "--bare", "origin", "remote.git"]);
        let forge = Self { root, scope: "vendored" };
        forge.publish(DOCUMENT);
        forge
    }

    /// Publishes a document as upstream.
    fn publish(&self, document: impl AsRef<[u8]>) {
        fs::write(self.root.join("upstream"), document).unwrap();
    }

    /// Runs the script in a new checkout of `main`, with a command that tests the branch, and returns its changes at the forge.
    fn run_with(&self, test: &str) -> (Run, Vec<String>) {
        let _ = fs::remove_dir_all(self.root.join("run"));
        let _ = fs::remove_file(self.root.join("forge/log"));
        git(&self.root, &["clone", "--quiet", "remote.git", "run"]);
        let path =
            env::join_paths([self.root.join("bin")].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())));
        let upstream = self.root.join("upstream");
        let inputs = [
            ("upstream", upstream.to_str().unwrap()),
            ("scope", self.scope),
            ("changelog", "CHANGELOG.md"),
            ("test", test),
            ("command", env!("CARGO_BIN_EXE_spec-drift")),
        ];
        let (script, variables) = evaluate_step(&inputs);
        let run = Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", &script])
            .current_dir(self.root.join("run"))
            .envs(variables)
            .env("PATH", path.unwrap())
            .env("GITHUB_ACTION_PATH", concat!(env!("CARGO_MANIFEST_DIR"), "/action"))
            .env("RUNNER_TEMP", "/nowhere")
            .env("FORGE", self.root.join("forge"))
            .env("REMOTE", self.root.join("remote.git"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GITHUB_ACTIONS", "true")
            .env_remove("GITHUB_STEP_SUMMARY")
            .output()
            .unwrap();
        let log = fs::read_to_string(self.root.join("forge/log")).unwrap_or_default();
        (Run::from(run), log.lines().map(str::to_owned).collect())
    }

    /// Runs the script, and returns its changes at the forge.
    fn run(&self) -> Vec<String> {
        let (run, log) =
            self.run_with(&format!("{NO_TOKEN}; git diff --quiet HEAD && grep -q Drafted-tree <(git log -1)"));
        assert_eq!(run.code, 0, "{}\n{}", run.output, run.errors);
        log
    }

    /// Returns a file of a pull request or an issue; empty if it does not exist.
    fn read(&self, request: &str, file: &str) -> String {
        fs::read_to_string(self.root.join("forge").join(request).join(file)).unwrap_or_default().trim().to_owned()
    }

    /// Returns the last commit of the branch, if the branch exists.
    fn find_tip(&self) -> Option<String> {
        let tip = git(
            &self.root.join("remote.git"),
            &["for-each-ref", "--format=%(objectname)", &format!("refs/heads/{BRANCH}")],
        );
        Some(tip.trim().to_owned()).filter(|tip| !tip.is_empty())
    }

    /// Returns a file on the branch.
    fn read_on_branch(&self, file: &str) -> String {
        git(&self.root.join("remote.git"), &["show", &format!("{BRANCH}:{file}")])
    }

    /// Commits to the branch as a contributor, with these arguments of `git commit`.
    fn push_as_contributor(&self, arguments: &[&str]) -> String {
        let _ = fs::remove_dir_all(self.root.join("contributor"));
        git(&self.root, &["clone", "--quiet", "--branch", BRANCH, "remote.git", "contributor"]);
        let contributor = self.root.join("contributor");
        fs::write(contributor.join("src/ext.rs"), "impl Client { fn update(&self, locale: &str) {} }").unwrap();
        git(&contributor, &["add", "--all"]);
        git(&contributor, &[&["commit", "--quiet"], arguments].concat());
        git(&contributor, &["push", "--quiet", "--force"]);
        self.find_tip().unwrap()
    }
}

fn add_property(name: &str) -> String {
    change_document(|document| properties(document)[name] = json!({ "type": "string" })).to_string()
}

fn require_property(name: &str) -> String {
    let document: Value = change_document(|document| {
        properties(document)[name] = json!({ "type": "string" });
        document.pointer_mut(SCHEMA).unwrap()["required"] = json!([name]);
    });
    document.to_string()
}

#[test]
fn an_open_pull_request_is_updated_until_upstream_reverts() {
    let forge = Forge::new("update");
    assert_eq!((forge.run(), forge.find_tip()), (vec![], None));

    forge.publish(add_property("shop_locale"));
    assert_eq!(forge.run(), ["pr create"]);
    assert_eq!(forge.read("pr/1", "title"), "upstream added `shop_locale`: minor");
    assert_eq!(
        (forge.read("pr/1", "labels"), forge.read("pr/1", "draft")),
        ("spec-drift\nspec-drift:_minor".to_owned(), String::new())
    );
    let body = forge.read("pr/1", "body");
    for part in [
        "the next version is 0.1.1 (now 0.1.0)",
        "The tests pass.",
        "`IntegrationModel::builder().shop_locale(…)`",
        "## spec drift: compatible",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let [document, client, lock, changelog] =
        ["openapi/integrations.yaml", "tests/snapshots/client.rs", "openapi/lock.yaml", "CHANGELOG.md"]
            .map(|file| forge.read_on_branch(file));
    assert!(
        document.contains("shop_locale") && client.contains("fn shop_locale(") && changelog.contains("shop_locale")
    );
    assert!(lock.contains("source: upstream\n"));

    // Without a change, and after a commit to `main`.
    let tip = forge.find_tip();
    assert_eq!((forge.run(), forge.find_tip()), (vec![], tip.clone()));
    let origin = forge.root.join("origin");
    fs::write(origin.join("note"), "").unwrap();
    commit(&origin, "Note");
    git(&origin, &["push", "--quiet", "../remote.git", "main"]);
    assert_eq!(forge.run(), ["pr edit", "pr ready"]);
    assert_ne!(forge.find_tip(), tip);

    // Another candidate replaces it.
    forge.publish(require_property("webhook_secret"));
    assert_eq!(forge.run(), ["pr edit", "pr ready"]);
    assert_eq!(forge.read("pr/1", "title"), "upstream requires `webhook_secret`: breaking");
    assert_eq!(
        (forge.read("pr/1", "labels"), forge.read("pr/1", "draft")),
        ("spec-drift\nspec-drift:_breaking".to_owned(), "yes".to_owned())
    );
    assert!(!forge.read_on_branch("openapi/integrations.yaml").contains("shop_locale"));
    assert!(!forge.read_on_branch("CHANGELOG.md").contains("shop_locale"));
    forge.publish(add_property("shop_locale"));
    assert_eq!(forge.run(), ["pr edit", "pr ready"]);
    assert_eq!(forge.read("pr/1", "draft"), "");

    // Upstream reverts the change.
    forge.publish(DOCUMENT);
    assert_eq!(forge.run(), ["pr close"]);
    assert_eq!((forge.read("pr/1", "state"), forge.find_tip()), ("closed".to_owned(), None));
    assert_eq!(forge.read("pr/1", "comment"), "Upstream's document is the vendored one again.");
    assert_eq!(forge.run(), [""; 0]);
}

#[test]
fn breaking_changes_and_failing_tests_make_a_draft() {
    let forge = Forge::new("breaking");
    forge.publish(require_property("webhook_secret"));
    assert_eq!(forge.run(), ["pr create"]);
    assert_eq!(
        (forge.read("pr/1", "title"), forge.read("pr/1", "draft")),
        ("upstream requires `webhook_secret`: breaking".to_owned(), "yes".to_owned())
    );
    assert_eq!(forge.read("pr/1", "labels"), "spec-drift\nspec-drift:_breaking");

    let forge = Forge::new("failing");
    forge.publish(add_property("shop_locale"));
    let (run, log) = forge.run_with("echo 'one ``` failed'; exit 7");
    assert_eq!((run.code, log), (0, vec!["pr create".to_owned()]));
    let body = forge.read("pr/1", "body");
    assert!(
        forge.read("pr/1", "draft") == "yes" && body.contains("The tests fail.") && body.contains("\none  failed\n"),
        "{body}"
    );
}

#[test]
fn documents_that_cannot_be_accepted_open_one_issue() {
    let forge = Forge { scope: "all", ..Forge::new("issue") };
    let unreadable = "<html>Maintenance</html>";
    forge.publish(unreadable);
    assert_eq!(forge.run(), ["issue create"]);
    assert_eq!(forge.read("issue/1", "title"), "Upstream's document cannot be read");
    assert!(forge.read("issue/1", "body").contains("this is an HTML page"), "{}", forge.read("issue/1", "body"));
    assert_eq!(forge.read("issue/1", "labels"), "spec-drift");
    assert_eq!(forge.run(), [""; 0]);

    let not_generated = change_document(|document| {
        document["paths"]["/broken/{id"]["get"] = json!({ "responses": { "204": { "description": "" } } });
    });
    forge.publish(not_generated.to_string());
    assert_eq!(forge.run(), ["issue edit"]);
    assert_eq!(forge.read("issue/1", "title"), "Upstream's document cannot be accepted");
    assert!(forge.read("issue/1", "body").contains("not-generated"), "{}", forge.read("issue/1", "body"));
    assert_eq!((forge.run(), forge.find_tip()), (vec![], None));

    forge.publish(add_property("shop_locale"));
    assert_eq!(forge.run(), ["pr create", "issue close"]);
    assert_eq!(forge.read("issue/1", "state"), "closed");
    forge.publish(unreadable);
    assert_eq!(forge.run(), ["issue create"]);
    forge.publish(DOCUMENT);
    assert_eq!(forge.run(), ["pr close", "issue close"]);
}

#[test]
fn commits_of_contributors_are_not_overwritten() {
    let forge = Forge::new("others");
    forge.publish(add_property("shop_locale"));
    assert_eq!(forge.run(), ["pr create"]);
    let drafted = forge.find_tip().unwrap();
    forge.publish(add_property("shop_currency"));
    for (arguments, expected) in [
        (&["--message", "Adapt"][..], &["issue create"][..]),
        (&["--amend", "--no-edit"], &[]),
        (&["--amend", "--no-edit", "--only"], &[]),
    ] {
        git(&forge.root.join("remote.git"), &["update-ref", &format!("refs/heads/{BRANCH}"), &drafted]);
        let tip = Some(forge.push_as_contributor(arguments));
        assert_eq!((forge.run(), forge.find_tip()), (expected.iter().map(ToString::to_string).collect(), tip));
        assert!(forge.read("issue/1", "body").contains("has commits of others"), "{}", forge.read("issue/1", "body"));
    }
    let tip = forge.find_tip();
    forge.publish(DOCUMENT);
    assert_eq!((forge.run(), forge.find_tip()), (vec!["issue edit".to_owned()], tip));
    assert_eq!(forge.read("pr/1", "state"), "open");
}

/// Simulates a push to the branch between the script's fetch and its push.
#[test]
fn concurrent_pushes_are_not_overwritten() {
    let forge = Forge::new("concurrent");
    forge.publish(add_property("shop_locale"));
    assert_eq!(forge.run(), ["pr create"]);
    forge.publish(add_property("shop_currency"));
    let other = "git push --quiet --force origin main:refs/heads/spec-drift/update";
    let (run, log) = forge.run_with(other);
    assert_eq!((run.code, log), (0, vec!["issue create".to_owned()]), "{}", run.errors);
    assert_eq!(forge.find_tip().unwrap(), git(&forge.root.join("remote.git"), &["rev-parse", "main"]).trim());
}

#[test]
fn a_manually_closed_pull_request_is_not_reopened() {
    let forge = Forge::new("closed");
    forge.publish(add_property("shop_locale"));
    assert_eq!(forge.run(), ["pr create"]);
    fs::write(forge.root.join("forge/pr/1/state"), "closed").unwrap();
    fs::write(forge.root.join("forge/pr/1/commit"), forge.find_tip().unwrap()).unwrap();
    assert_eq!(forge.run(), [""; 0]);
    // Nor after an unrelated commit to the base.
    let base = forge.root.join("base");
    let _ = fs::remove_dir_all(&base);
    git(&forge.root, &["clone", "--quiet", "remote.git", "base"]);
    fs::write(base.join("unrelated.txt"), "unrelated").unwrap();
    git(&base, &["add", "--all"]);
    git(&base, &["commit", "--quiet", "--message", "Add a file"]);
    git(&base, &["push", "--quiet"]);
    assert_eq!(forge.run(), [""; 0]);
    // Another candidate opens a new pull request.
    forge.publish(add_property("shop_currency"));
    assert_eq!(forge.run(), ["pr create"]);
    assert_eq!(forge.read("pr/2", "title"), "upstream added `shop_currency`: minor");
}

#[test]
fn interrupted_runs_are_completed_by_the_next() {
    let forge = Forge::new("interrupted");
    forge.publish(add_property("shop_locale"));
    fs::write(forge.root.join("forge/refuse"), "").unwrap();
    let (run, log) = forge.run_with("");
    assert_eq!((run.code, log), (1, vec![]));
    assert!(run.errors.contains("Allow GitHub Actions to create and approve pull requests"), "{}", run.errors);
    let tip = forge.find_tip();
    fs::remove_file(forge.root.join("forge/refuse")).unwrap();
    assert_eq!((forge.run(), forge.find_tip()), (vec!["pr create".to_owned()], tip));
}

/// An update with open tasks is a draft; tasks that remain after the merge open an issue.
#[test]
fn open_tasks_are_listed() {
    let forge = Forge::new("tasks");
    let origin = Checkout(forge.root.join("origin"));
    origin.correct("/info/version", "The version is wrong.");
    commit(&origin.0, "Correct");
    git(&origin.0, &["push", "--quiet", "../remote.git", "main"]);
    let corrected = change_document(|document| document["info"]["version"] = json!("4")).to_string();
    forge.publish(&corrected);
    assert_eq!(forge.run(), ["pr create"]);
    let body = forge.read("pr/1", "body");
    assert!(forge.read("pr/1", "draft") == "yes" && body.contains("- [ ] openapi/corrections.yaml: "), "{body}");

    // Merged without completing the task.
    git(&forge.root.join("remote.git"), &["update-ref", "refs/heads/main", BRANCH]);
    fs::write(forge.root.join("forge/pr/1/state"), "merged").unwrap();
    assert_eq!(forge.run(), ["issue create"]);
    assert!(forge.read("issue/1", "body").contains("correction-obsolete"), "{}", forge.read("issue/1", "body"));
}

/// Text of the document is not interpreted as a workflow command, and the body stays within the limit of the forge.
#[test]
fn large_or_untrusted_documents_are_truncated_and_escaped() {
    let forge = Forge::new("large");
    let text = "\n::error::no\n".repeat(9);
    forge.publish(
        change_document(|document| {
            for number in 0..400 {
                let name = format!("property_with_a_long_name_and_the_number_{number}");
                properties(document)[name] = json!({ "type": "string", "description": text });
            }
        })
        .to_string(),
    );
    let (run, log) = forge.run_with("echo ::error::no; exit 1");
    assert_eq!((run.code, log), (0, vec!["pr create".to_owned()]), "{}", run.errors);
    let body = forge.read("pr/1", "body");
    assert!(body.chars().count() <= 65_536 && body.contains("## spec drift: compatible"), "{}", body.len());
    let mut stopped = None;
    for line in run.output.lines().map(str::trim_start).filter(|line| line.starts_with("::")) {
        stopped = match (stopped, line.strip_prefix("::stop-commands::")) {
            (None, Some(token)) => Some(token),
            (Some(token), _) if line == format!("::{token}::") => None,
            (stopped, _) => stopped.inspect(|_| ()).or_else(|| panic!("{line}")),
        };
    }
    assert!(run.output.contains("::stop-commands::") && stopped.is_none());
}

/// The script requires a branch without uncommitted changes.
#[test]
fn a_checkout_with_changes_is_rejected() {
    let forge = Forge::new("dirty");
    forge.publish(add_property("shop_locale"));
    forge.run();
    let run = forge.root.join("run");
    let fails_with = |expected: &str| {
        let output = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/action/draft-update"))
            .current_dir(&run)
            .env("UPSTREAM", "none")
            .output()
            .unwrap();
        let run = Run::from(output);
        assert!(run.code == 1 && run.errors.contains(expected), "{}", run.errors);
    };
    fails_with("no branch is checked out");
    git(&run, &["switch", "--quiet", "main"]);
    fs::write(run.join("note"), "").unwrap();
    fails_with("the checkout has uncommitted changes");
    assert!(Path::new(&run).join("note").exists());
}
