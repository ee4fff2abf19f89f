//! Agreement with another tool on pairs of documents. `DRIFT_ORACLE` names a folder of pairs with a list `pairs.tsv`: base, revision,
//! version, worst level (ERR, WARN, INFO or NONE), topics, rules.
//!
//! ```sh
//! DRIFT_ORACLE=pairs cargo test --workspace --all-features --test drift -- --ignored --nocapture oracle
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use openapi_refinery::load;
use openapi_spec_drift::{Change, Verdict, compare};
use serde_json::Value;

/// The minimum number of pairs on which both tools must agree: one less than measured. `docs/drift-rules.md` lists why they disagree on the
/// others.
const AGREED: usize = 452;

#[test]
#[ignore = "needs a folder of pairs: see the top of this file"]
fn verdicts_agree_with_another_tool() {
    let folder = std::env::var_os("DRIFT_ORACLE").expect("DRIFT_ORACLE is not set");
    let folder = Path::new(&folder);
    let read = |path: &str| -> Value { load(&std::fs::read_to_string(folder.join(path)).unwrap()).unwrap() };
    let list = std::fs::read_to_string(folder.join("pairs.tsv")).unwrap();
    let (mut agreed, mut total) = (0, 0);
    let (mut agreed_in_scope, mut in_scope) = (0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for line in list.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [base, revision, _, level, _, rules] = columns[..] else { panic!("{line}") };
        let changes = match compare(&read(base), &read(revision)) {
            Ok(changes) => changes,
            Err(error) => {
                println!("{base} {revision}: {error}");
                continue;
            }
        };
        total += 1;
        let breaks = changes.iter().any(|change| change.wire == Verdict::Breaking);
        let agree = breaks == matches!(level, "ERR" | "WARN");
        if !is_out_of_scope(rules, &changes) {
            in_scope += 1;
            agreed_in_scope += usize::from(agree);
        }
        if agree {
            agreed += 1;
            continue;
        }
        *kinds.entry(describe_disagreement(level, rules, &changes)).or_default() += 1;
        if std::env::var_os("DRIFT_ORACLE_SHOW").is_some() {
            println!("{level} {base} {revision}\n   theirs {rules}");
            changes.iter().for_each(|it| println!("   ours {} {} {} {}", it.wire, it.rule, it.pointer, it.message));
        }
    }
    for (kind, count) in &kinds {
        println!("{count:4} {kind}");
    }
    println!("{agreed} of {total}; {agreed_in_scope} of {in_scope} in the scope of the other tool");
    assert!(agreed >= AGREED, "{agreed} of {total}");
}

/// Returns whether the pair concerns what the other tool does not classify by its own account: conventions in `x-*`, security, servers.
fn is_out_of_scope(rules: &str, changes: &[Change]) -> bool {
    let theirs = ["sunset", "stability", "extensible-enum", "security"].iter().any(|word| rules.contains(word));
    let breaking = || changes.iter().filter(|change| change.wire == Verdict::Breaking);
    let is_server = |change: &Change| change.rule.starts_with("server-");
    theirs || (breaking().next().is_some() && breaking().all(is_server))
}

/// Describes a disagreement: the level and rules of the other tool, and our breaking rules.
fn describe_disagreement(level: &str, rules: &str, changes: &[Change]) -> String {
    let ours: std::collections::BTreeSet<&str> = changes
        .iter()
        .filter(|change| change.wire == Verdict::Breaking || matches!(level, "ERR" | "WARN"))
        .map(|change| change.rule.as_str())
        .collect();
    format!("{level} {rules} | ours: {ours:?}")
}
