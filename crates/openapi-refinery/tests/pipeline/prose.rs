// The messages in Rust files: parts of string literals. Not an inner comment: the tests of another package include this file.

use std::fs;
use std::path::{Path, PathBuf};

use syn::visit_mut::{VisitMut, visit_item_mod_mut};
use syn::{Attribute, ItemMod, LitStr, Macro};

/// Macros whose literals are patterns, JSON or templates instead of messages.
const WITHOUT_MESSAGES: [&str; 3] = ["json", "macro_rules", "matches"];

/// Asserts that a list has every sentence, except those that cannot be listed, and that each of these is a sentence that the list lacks.
pub fn assert_listed(sentences: &[(String, String)], list: &str, unlisted: &[(&str, &str)]) {
    let is_unlisted = |sentence: &str| unlisted.iter().any(|(text, _)| sentence == *text);
    let missing = sentences.iter().filter(|(_, sentence)| !list.contains(sentence) && !is_unlisted(sentence));
    let missing: Vec<_> = missing.collect();
    assert!(missing.is_empty(), "add cases with these sentences: {missing:#?}");
    let is_needed = |text: &str| !list.contains(text) && sentences.iter().any(|(_, sentence)| sentence == text);
    let needless: Vec<_> = unlisted.iter().filter(|(text, _)| !is_needed(text)).collect();
    assert!(needless.is_empty(), "remove these exceptions, which are listed or no sentences: {needless:#?}");
}

/// Returns the parts of string literals between placeholders, of three words or more, with their files. Reads the Rust files of a folder
/// and its subfolders whose paths within it satisfy `has_messages`. Documentation, tests, literals in templates of code and those that
/// begin in upper case, as no message does, are left out.
pub fn find_sentences(folder: &str, has_messages: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut sentences = Vec::new();
    let mut pending = vec![PathBuf::from(folder)];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            if !has_messages(&name) {
                continue;
            }
            sentences.extend(find_sentences_of(&path).into_iter().map(|sentence| (name.clone(), sentence)));
        }
    }
    sentences
}

fn find_sentences_of(path: &Path) -> Vec<String> {
    let mut file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
    let mut literals = Literals::default();
    literals.visit_file_mut(&mut file);
    let literals = literals.0.iter().filter(|text| !text.starts_with(|c: char| c.is_uppercase()));
    let parts = literals.flat_map(|text| text.split(['{', '}', '\n'])).map(str::trim);
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let is_sentence = |text: &&str| text.split(' ').filter(|word| is_word(word)).count() > 2;
    parts.filter(is_sentence).map(str::to_owned).collect()
}

#[derive(Default)]
struct Literals(Vec<String>);

impl VisitMut for Literals {
    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        if module.ident != "tests" {
            visit_item_mod_mut(self, module);
        }
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        self.0.push(literal.value());
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let name = call.path.segments.last().unwrap().ident.to_string();
        if name.contains("quote") || WITHOUT_MESSAGES.contains(&name.as_str()) {
            return;
        }
        let tokens = call.tokens.to_string();
        // Arguments that are expressions are separated as in an array.
        match syn::parse_str(&format!("[{tokens}]")) {
            Ok(mut arguments) => self.visit_expr_mut(&mut arguments),
            Err(error) => assert!(!tokens.contains('"'), "the literals of {name}!({tokens}) cannot be read: {error}"),
        }
    }
}
