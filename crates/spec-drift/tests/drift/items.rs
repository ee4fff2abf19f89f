//! Splitting of generated code into items without parsing it.

use openapi_spec_drift::Verdict;
use openapi_spec_drift::api::Api;
use openapi_spec_drift::items::differing_items;

const CODE: &str = r##"use a::{b, c};
/// Types; all of them.
#[allow(clippy::all)]
pub mod types {
    mod error {
        pub use super::E;
    }
    /// One;
    #[derive(Clone)]
    pub struct One {
        pub a: u8,
    }
    schema!(
        One,
        r#"{
    }
"#
    );
    pub mod builder {
        impl One
        where
            A: B,
        {}
    }
}
pub struct Client;
"##;

#[test]
fn only_differing_items_are_returned() {
    let [old, new] = differing_items(CODE, CODE).unwrap();
    assert!(old.is_empty() && new.is_empty());
    let changed = CODE.replace("a: u8", "a: u16").replace("B,", "C,");
    let [old, new] = differing_items(CODE, &changed).unwrap();
    assert_eq!(old.keys().collect::<Vec<_>>(), ["types::", "types::builder::"]);
    assert_eq!(
        new["types::"],
        "    /// One;\n    #[derive(Clone)]\n    pub struct One {\n        pub a: u16,\n    }\n"
    );
    assert!(new["types::builder::"].starts_with("        impl One\n"));
    let schema = CODE.replace("    }\n\"#", "    },\n    }\n\"#");
    assert!(differing_items(CODE, &schema).unwrap()[1]["types::"].starts_with("    schema!(\n"));
    let twice = format!("{CODE}pub struct Client;\n");
    assert_eq!(differing_items(CODE, &twice).unwrap()[1][""], "pub struct Client;\n");
}

#[test]
fn implementations_of_private_traits_are_no_items() {
    let code =
        |multipart: &str, display: &str| format!("pub mod types {{\n    pub struct One;\n{multipart}{display}}}\n");
    let [multipart, display] =
        ["runtime::Multipart", "::std::fmt::Display"].map(|of| format!("    impl {of} for One {{}}\n"));
    for (old, new, is_changed) in [
        (code(&multipart, &display), code("", &display), false),
        (code(&multipart, &display), code(&multipart, ""), true),
    ] {
        let mut apis = [Api::default(), Api::default()];
        Api::read(&mut apis, &old, &new).unwrap();
        assert_eq!(!apis[0].changes(&apis[1]).is_empty(), is_changed);
    }
}

/// A macro of the runtime implements `Debug` for types with secrets.
#[test]
fn a_trait_may_be_derived_or_implemented_by_a_macro() {
    let derived = "#[derive(Clone, Debug)]\npub struct One<'a> {\n    pub a: &'a str,\n}\n";
    let hidden = derived.replace(", Debug", "") + "runtime::debug_without_secrets!(One < '_ >, \"One\");\n";
    for [old, new] in [[derived, &hidden], [&hidden, derived]] {
        let mut apis = [Api::default(), Api::default()];
        Api::read(&mut apis, old, new).unwrap();
        assert_eq!(apis[0].changes(&apis[1]), []);
        assert_eq!(apis[0].difference(&apis[1]), Verdict::Docs);
    }
}

#[test]
fn code_in_another_format_is_not_split() {
    for code in ["pub mod types {\n", "fn f() {\n", "pub mod types {\n  struct A;\n}\n    }\n"] {
        assert_eq!(differing_items(CODE, code), None, "{code}");
    }
}
