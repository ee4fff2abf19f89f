// The sentences in Rust files. Not an inner comment: the tests of another package include this file.

use std::fs;
use std::path::Path;

use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_item_mod_mut};
use syn::{Attribute, Expr, ItemMod, LitStr, Macro, Token};

/// Returns the parts of string literals between placeholders, of three words or more, in the Rust files of a folder, with the name of the
/// file. Documentation, tests, literals in templates of code and those that begin in upper case, as no message does, are left out.
pub fn find_sentences(folder: &str) -> Vec<(String, String)> {
    let mut sentences = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
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
        let is_template = call.path.segments.last().is_some_and(|name| name.ident.to_string().contains("quote"));
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        for mut argument in arguments.into_iter().flatten().filter(|_| !is_template) {
            self.visit_expr_mut(&mut argument);
        }
    }
}
