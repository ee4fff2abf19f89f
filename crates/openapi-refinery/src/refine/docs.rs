//! Documentation from the document. Its code blocks are marked as text, because rustdoc would compile them as Rust otherwise.

use std::borrow::Cow;
use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Block, Expr, Field, ImplItemFn, Item, ItemEnum, ItemMod, ItemStruct, ItemTrait, Lit, Meta,
    MetaNameValue, Signature, TraitItemFn, Type, Variant, parse_quote,
};

use super::tree;
use crate::lower::Lowered;

/// Marks all code in documentation as text, and writes each line as a separate attribute, because rustc strips a leading column of
/// asterisks from comments of several lines. Also shows the paths of the document.
pub struct CodeAsText {
    /// The paths of the document, by those that progenitor shows, which have the Rust names of parameters.
    paths: BTreeMap<String, String>,
}

impl CodeAsText {
    pub fn new(lowered: &Lowered) -> Self {
        let path_items = lowered.document["paths"].as_object().into_iter().flatten();
        let paths = path_items.flat_map(|(shown, item)| {
            let names = item.as_object().into_iter().flatten().filter_map(|(_, it)| it["operationId"].as_str());
            let paths = names.filter_map(|name| Some(lowered.operations.get(name)?.path.clone()));
            paths.filter(move |path| path != shown).map(move |path| (shown.clone(), path))
        });
        Self { paths: paths.collect() }
    }

    /// Puts the documentation before other attributes.
    fn rewrite(&self, attributes: &mut Vec<Attribute>) {
        let (docs, others): (Vec<_>, Vec<_>) =
            std::mem::take(attributes).into_iter().partition(|attribute| attribute.path().is_ident("doc"));
        *attributes = docs.into_iter().flat_map(|doc| self.doc_lines(doc)).chain(others).collect();
    }

    fn doc_lines(&self, attribute: Attribute) -> Vec<Attribute> {
        let Some(text) = documentation(&attribute) else { return vec![attribute] };
        let shown = self.with_path(&text);
        let rewritten = escape_invisible(&code_as_text(shown.strip_prefix(' ').unwrap_or(&shown)));
        let indented = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
        let lines: Vec<String> = rewritten.split('\n').map(indented).collect();
        if lines == [text] {
            return vec![attribute];
        }
        lines.iter().map(|line| tree::doc_line(line, attribute.style)).collect()
    }

    /// Replaces the path in the documentation of an operation, and the article before `OPTIONS`.
    fn with_path<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = text.split_once(" request to `").and_then(|(before, rest)| {
            let (path, after) = rest.split_once('`')?;
            let before = before.replace("a `OPTIONS`", "an `OPTIONS`");
            let path = self.paths.get(path).map_or(path, String::as_str);
            Some(format!("{before} request to `{path}`{after}"))
        });
        found.map_or(text.into(), Cow::Owned)
    }
}

macro_rules! visit_documented {
    ($($visit:ident: $documented:ident),*) => {
        impl VisitMut for CodeAsText {
            $(fn $visit(&mut self, documented: &mut $documented) {
                self.rewrite(&mut documented.attrs);
                visit_mut::$visit(self, documented);
            })*

            // These contain no documentation.
            fn visit_attribute_mut(&mut self, _: &mut Attribute) {}
            fn visit_block_mut(&mut self, _: &mut Block) {}
            fn visit_signature_mut(&mut self, _: &mut Signature) {}
            fn visit_type_mut(&mut self, _: &mut Type) {}
        }
    };
}

visit_documented! {
    visit_field_mut: Field,
    visit_impl_item_fn_mut: ImplItemFn,
    visit_item_enum_mut: ItemEnum,
    visit_item_mod_mut: ItemMod,
    visit_item_struct_mut: ItemStruct,
    visit_item_trait_mut: ItemTrait,
    visit_trait_item_fn_mut: TraitItemFn,
    visit_variant_mut: Variant
}

/// Disables the lints of rustdoc for text from the document, which may contain bare URLs, brackets that are not links, and HTML.
pub fn allow_any_text(items: &mut [Item]) {
    for item in items {
        let attributes = match item {
            Item::Impl(item) => &mut item.attrs,
            Item::Mod(item) => &mut item.attrs,
            Item::Struct(item) => &mut item.attrs,
            Item::Trait(item) => &mut item.attrs,
            _ => continue,
        };
        attributes.push(parse_quote!(#[allow(rustdoc::all)]));
    }
}

/// Escapes control characters, including those that change the direction of text, which rustc rejects in comments.
fn escape_invisible(text: &str) -> String {
    replace_invisible(text, |c| c.escape_unicode().to_string())
}

/// Replaces control characters.
pub fn replace_invisible(text: &str, replacement: impl Fn(char) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) { replaced.push_str(&replacement(c)) } else { replaced.push(c) }
    }
    replaced
}

/// Returns whether a character is a control character other than white space, or changes the direction of text (Unicode Standard Annex 9,
/// section 2).
pub fn is_invisible(c: char) -> bool {
    let changes_direction =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    changes_direction || (c.is_control() && !matches!(c, '\n' | '\t'))
}

fn documentation(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(MetaNameValue { path, value: Expr::Lit(literal), .. }) = &attribute.meta else { return None };
    match &literal.lit {
        Lit::Str(text) if path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// Rewrites Markdown so that it has only fenced code blocks, with the info string `text` (CommonMark 0.31, sections 4.4 and 4.5).
/// Indentation is limited to three columns: indented code becomes prose, and nested lists lose some of their depth. HTML is not handled.
pub fn code_as_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // Hard breaks are dropped if a backslash might not be interpreted as one.
    let may_break = !["``", "<", "|"].iter().any(|other| text.contains(other));
    let mut in_code = false;
    let mut fence: Option<Fence> = None;
    let following = text.split('\n').skip(1).chain([""]);
    let lines = text.split('\n').zip(following).map(|(line, next)| {
        if let Some(open) = &fence
            && let Some(code) = open.code(line)
        {
            let prefix = &open.prefix;
            return if open.is_closed_by(code) {
                let closed = format!("{prefix}{}", open.mark);
                fence = None;
                closed
            } else {
                format!("{prefix}{code}")
            };
        }
        in_code ^= line.matches('`').count() % 2 == 1;
        let (before, content) = split_prefix(line);
        fence = Fence::open(line, &before, content);
        match &fence {
            // Only a list item with the number 1 can interrupt a paragraph (section 5.2), so the paragraph is ended first.
            Some(Fence { mark, prefix, .. }) if before.contains(|c: char| c.is_ascii_digit()) => {
                format!("{prefix}\n{before}{mark}text")
            }
            Some(Fence { mark, .. }) => format!("{before}{mark}text"),
            None if may_break && !in_code && has_hard_break(content, next) => {
                format!("{before}{}\\", content.trim_end())
            }
            None => before + content,
        }
    });
    let mut lines: Vec<String> = lines.collect();
    // What follows the text is not code.
    lines.extend(fence.map(|Fence { mark, prefix, .. }| format!("{prefix}{mark}")));
    lines.join("\n")
}

/// Returns a text as a code span (CommonMark 0.31, section 6.1). An empty text is shown in quotes.
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let mark = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    let text = if text.is_empty() { "\"\"" } else { text };
    format!("{mark}{space}{text}{space}{mark}")
}

/// Returns whether a line of prose ends in a hard break and the paragraph continues. Trailing spaces would be trimmed, so the break is
/// written as a backslash (section 6.7).
fn has_hard_break(content: &str, next: &str) -> bool {
    let (before, next) = split_prefix(next);
    let is_prose = |content: &str| content.starts_with(char::is_alphanumeric);
    let has_break = content.ends_with("  ") && !content.trim_end().ends_with('\\');
    has_break && is_prose(content) && before.trim().is_empty() && is_prose(next)
}

/// Splits a line into its prefix, which consists of markers of block quotes and list items, and its content. Indentation in the prefix is
/// limited to three columns.
fn split_prefix(line: &str) -> (String, &str) {
    let (mut before, mut rest) = (String::new(), line);
    loop {
        let content = rest.trim_start_matches([' ', '\t']);
        let columns = rest[..rest.len() - content.len()].replace('\t', "    ").len();
        before.push_str(&" ".repeat(columns.min(3)));
        let (mark, behind) = content.split_at(marker_length(content));
        if mark.is_empty() {
            return (before, content);
        }
        before.push_str(mark);
        rest = behind;
    }
}

/// Returns the length of the marker of a block quote or list item at the start of a text.
fn marker_length(content: &str) -> usize {
    if content.starts_with('>') {
        return 1;
    }
    let number = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks = if number > 0 { ".)" } else { "-+*" };
    let behind = content[number..].strip_prefix(|c| marks.contains(c));
    if behind.is_some_and(|behind| behind.starts_with([' ', '\t'])) { number + 1 } else { 0 }
}

/// An open fenced code block.
struct Fence {
    mark: String,
    /// The prefix of its lines: markers of block quotes are repeated, those of list items are replaced by spaces.
    prefix: String,
    /// The prefix with the indentation of the document.
    original: String,
}

impl Fence {
    fn open(line: &str, before: &str, content: &str) -> Option<Self> {
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = content.len() - content.trim_start_matches(mark).len();
        if length < 3 || (mark == '`' && content[length..].contains(mark)) {
            return None;
        }
        let blank = |text: &str| text.replace(|c| c != '>', " ");
        let original = blank(&line[..line.len() - content.len()].replace('\t', "    "));
        Some(Self { mark: content[..length].to_owned(), prefix: blank(before), original })
    }

    /// Returns a line without its prefix; `None` if the enclosing block quote ends, and the code block with it.
    fn code<'l>(&self, line: &'l str) -> Option<&'l str> {
        self.original.chars().try_fold(line, |rest, mark| match mark {
            '>' => rest.trim_start().strip_prefix('>'),
            space => Some(rest.strip_prefix(space).unwrap_or(rest)),
        })
    }

    fn is_closed_by(&self, code: &str) -> bool {
        let content = code.trim_start_matches(' ');
        let behind = content.trim_start_matches(&self.mark[..1]).trim_matches([' ', '\t']);
        code.len() - content.len() <= 3 && content.starts_with(&self.mark) && behind.is_empty()
    }
}
