//! Loading and correcting documents.

use super::documents::{build_lock, load_vendored, prepare_corrected};
use super::{CORRECTIONS, DOCUMENT, build_empty_lock};
use openapi_refinery::{lines, load};
use serde_json::{Value, json};

#[test]
fn load_parses_like_serde_saphyr() {
    for text in [
        DOCUMENT,
        CORRECTIONS,
        "{a: 404, b: '404', c: null, d: 'null', e: ~, f: , g: true, h: 'true', i: yes, j: 0x1F, k: 0o17, l: 1e3, m: -1.5}",
        "a: [1, +2, -3, .5, 1., 12e03, 0.0]\nb: >-\n  folded\n  text\nc: |\n  kept\n",
        "base: &x {p: 1}\nuse: [*x, *x]",
        "{\"json\": [1, \"\\u00fc\", null, {\"deep\": {}}]}",
        "'404': quoted key\n405: plain key",
        "2026-11-23",
        "text: 1.2.3\nplus: +\ndash: -x\nversion: 3.0.0",
    ] {
        // YAML 1.2: `yes` is text.
        let options = serde_saphyr::options! { strict_booleans: true };
        let expected: Value = serde_saphyr::from_str_with_options(text, options).unwrap();
        assert_eq!(load(text).unwrap(), expected, "{text}");
    }
    // `serde_saphyr` deviates from YAML 1.2.2, section 10.3.2, for these scalars.
    assert_eq!(load("[01, 1_000, !!str 1, !!int '7']").unwrap(), json!([1, "1_000", "1", 7]));
}

#[test]
fn parse_errors_name_the_location_and_cause() {
    let bomb: String = (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    let texts = [
        (String::new(), "line 1, column 1: the text is empty"),
        ("a: 1\na: 2".to_owned(), "line 2, column 1: duplicate key `a`"),
        ("a: .nan".to_owned(), "line 1, column 4: `.nan` cannot be represented in JSON"),
        ("? [a, b]\n: c".to_owned(), "line 1, column 3: a key is a collection"),
        ("a: 1\n---\nb: 2".to_owned(), "a second document begins"),
        ("a: &x [*x]".to_owned(), "an alias refers to a collection that contains it"),
        ("a: [1, 2".to_owned(), "correct the YAML"),
        (
            "{\n  \"a\": 1,\n  \"b\": [1, 2\n".to_owned(),
            "line 3, column 12: EOF while parsing a list; correct the JSON",
        ),
        ("\u{0}\u{1}".to_owned(), "line 1"),
        ("[".repeat(200_000), "line 1, column 256: recursion limit exceeded"),
        (
            (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
            "line 101, column 101: collections are nested more than 100 deep",
        ),
        (format!("a0: &a0 [x]\n{bomb}"), "with its aliases expanded"),
    ];
    for (text, expected) in texts {
        let start = &text[..text.len().min(40)];
        let message = load(&text).map(|value| value.to_string().len()).unwrap_err().to_string();
        assert!(message.contains(expected), "{start:?}: {message}");
    }
}

#[test]
fn inapplicable_corrections_are_reported_and_invalid_ones_are_rejected() {
    let corrections = json!([{
        "why": "the mistake was corrected upstream",
        "patch": [
            { "op": "remove", "path": "/info/version" },
            { "op": "test", "path": "/info/title", "value": "Something else" },
        ],
    }]);
    let outcome = prepare_corrected(load_vendored(), corrections, build_lock()).unwrap();
    assert!(!outcome.corrections[0].applies);
    assert_eq!(outcome.corrections[0].why, "the mistake was corrected upstream");
    assert_eq!(outcome.corrected, load_vendored());
    let title = load_vendored()["info"]["title"].clone();
    let patch = json!([
        { "op": "test", "path": "/info/title", "value": title },
        { "op": "replace", "path": "/info/title", "value": title },
    ]);
    let idle =
        prepare_corrected(load_vendored(), json!([{ "why": "has no effect", "patch": patch }]), build_lock()).unwrap();
    assert!(!idle.corrections[0].applies);

    let untested = json!([{ "why": "no test operation", "patch": [{ "op": "remove", "path": "/info" }] }]);
    let message = prepare_corrected(load_vendored(), untested, build_lock()).err().unwrap();
    assert!(message.contains("corrections, at /0/patch: the correction has no `test` operation"), "{message}");
    let mistyped = json!([{ "why": "the path is mistyped", "patch": [
        { "op": "test", "path": "/info/title", "value": title },
        { "op": "add", "path": "/imfo/x", "value": 1 },
    ]}]);
    let message = prepare_corrected(load_vendored(), mistyped, build_lock()).err().unwrap();
    assert!(message.contains("corrections, at /0/patch/1: the operation fails at /imfo/x"), "{message}");
}

/// The correction in the README is for the document of the example.
#[test]
fn the_readme_shows_a_correction_that_applies() {
    let document = load(include_str!("../../example/openapi/bookshelves.yaml")).unwrap();
    let (_, section) = include_str!("../../README.md").split_once("## Corrections").unwrap();
    let corrections = load(section.split("```").find_map(|block| block.strip_prefix("yaml\n")).unwrap()).unwrap();
    let prepared = prepare_corrected(document, corrections, build_empty_lock()).unwrap();
    assert!(prepared.corrections.iter().all(|correction| correction.applies), "{:?}", prepared.corrections);
}

#[test]
fn anchors_are_returned_by_the_pointer_of_the_alias() {
    let text = "a: &a { x: &x [1] }\nb: [*x, { y: *a }]\nc: { <<: *a, z: 1 }\n&k d: *k\n";
    let expected = [("/b/0", "/a/x"), ("/b/1/y", "/a"), ("/c/<<", "/a"), ("/d", "/d")];
    let expected = expected.map(|(alias, anchor)| (alias.to_owned(), anchor.to_owned()));
    assert_eq!(openapi_refinery::aliases(text), expected.into());
}

#[test]
fn lines_are_returned_by_pointer() {
    let lines = lines("list:\n  - &one 1\n  - *one\n  - x: 2\n/a/b~:\n  y: 3\n");
    let expected = [("", 1), ("/list", 1), ("/list/1", 3), ("/list/2/x", 4), ("/~1a~1b~0", 5), ("/~1a~1b~0/y", 6)];
    for (pointer, line) in expected {
        assert_eq!(lines.get(pointer), Some(&line), "{pointer}");
    }
    assert_eq!(lines.get("/~1a~1b~0/z"), None);
}
