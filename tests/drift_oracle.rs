//! How often `drift` and another team's judgement agree. `DRIFT_ORACLE` names a folder of pairs with a list `pairs.tsv`: base,
//! revision, version, worst level (ERR, WARN, INFO or NONE), topics, rules.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;

use sendcloud_integrations::codegen::load;
use sendcloud_integrations::drift::{Change, Verdict, compare};
use serde_json::Value;

#[test]
fn agrees_with_another_judge() {
    let Some(folder) = std::env::var_os("DRIFT_ORACLE") else {
        println!("skipped: DRIFT_ORACLE is not set");
        return;
    };
    let folder = Path::new(&folder);
    let read = |path: &str| -> Value { load(&std::fs::read_to_string(folder.join(path)).unwrap()).unwrap() };
    let list = std::fs::read_to_string(folder.join("pairs.tsv")).unwrap();
    let (mut agreed, mut total) = (0, 0);
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
        if breaks == matches!(level, "ERR" | "WARN") {
            agreed += 1;
            continue;
        }
        *kinds.entry(kind(level, rules, &changes)).or_default() += 1;
        if std::env::var_os("DRIFT_ORACLE_SHOW").is_some() {
            println!("{level} {base} {revision}\n   theirs {rules}");
            changes.iter().for_each(|it| println!("   ours {} {} {} {}", it.wire, it.rule, it.pointer, it.message));
        }
    }
    for (kind, count) in &kinds {
        println!("{count:4} {kind}");
    }
    println!("{agreed} of {total}");
    assert!(agreed * 100 >= total * 80, "{agreed} of {total}");
}

/// What they say, and which of our rules break.
fn kind(level: &str, rules: &str, changes: &[Change]) -> String {
    let ours: std::collections::BTreeSet<&str> = changes
        .iter()
        .filter(|change| change.wire == Verdict::Breaking || matches!(level, "ERR" | "WARN"))
        .map(|change| change.rule.as_str())
        .collect();
    format!("{level} {rules} | ours: {ours:?}")
}
