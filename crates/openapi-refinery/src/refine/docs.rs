//! Documentation: what a document shows as code is no Rust that could run here, so rustdoc is told that it is text.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Field, ImplItemFn, Item, ItemEnum, ItemMod, ItemStruct, ItemTrait, Lit, Meta, MetaNameValue,
    TraitItemFn, Variant, parse_quote,
};

/// Shows all code in documentation as text, and gives each line an attribute of its own: of a comment of several lines, rustc
/// takes a column of asterisks for its frame.
pub struct CodeAsText;

macro_rules! visit_documented {
    ($($visit:ident: $documented:ident),*) => {
        impl VisitMut for CodeAsText {
            $(fn $visit(&mut self, documented: &mut $documented) {
                show(&mut documented.attrs);
                visit_mut::$visit(self, documented);
            })*
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

fn show(attributes: &mut Vec<Attribute>) {
    *attributes = std::mem::take(attributes).into_iter().flat_map(shown).collect();
}

fn shown(attribute: Attribute) -> Vec<Attribute> {
    let Some(text) = documentation(&attribute) else { return vec![attribute] };
    let style = attribute.style;
    let of_line = |line: &str| Attribute { style, ..parse_quote!(#[doc = #line]) };
    visible(&code_as_text(&text)).split('\n').map(of_line).collect()
}

/// Allows what rustdoc warns of in text that comes from the document: addresses, brackets that are no links, HTML.
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

/// Escapes control characters, those that change the direction of text among them: rustc rejects these in comments.
fn visible(text: &str) -> String {
    let shown = |c: char| if is_invisible(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// Returns whether a character is a control character other than white space (Unicode Standard Annex 9, section 2, for directions).
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

/// A text in Markdown whose only code stands in fences, and is said to be text (CommonMark 0.31, sections 4.4 and 4.5). Nothing else is
/// further in than three columns: what is code by that alone becomes prose, and lists within lists lose some of their depth. HTML is not
/// looked at.
fn code_as_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // Where a backslash may stand in something else than prose, breaks are lost.
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
        let (before, content) = parted(line);
        fence = Fence::opened(line, &before, content);
        match &fence {
            // Within a paragraph, a number other than 1 begins no list, and the fence behind it would be none (section 5.2).
            Some(Fence { mark, prefix, .. }) if before.contains(|c: char| c.is_ascii_digit()) => {
                format!("{prefix}\n{before}{mark}text")
            }
            Some(Fence { mark, .. }) => format!("{before}{mark}text"),
            None if may_break && !in_code && breaks(content, next) => format!("{before}{}\\", content.trim_end()),
            None => before + content,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a line of prose ends in a hard break. Spaces would be trimmed, so it is written as a backslash (section 6.7), which is one
/// only if the paragraph goes on: where that is not plain to see, the break is lost.
fn breaks(content: &str, next: &str) -> bool {
    let (before, next) = parted(next);
    let is_prose = |content: &str| content.starts_with(char::is_alphanumeric);
    let is_broken = content.ends_with("  ") && !content.trim_end().ends_with('\\');
    is_broken && is_prose(content) && before.trim().is_empty() && is_prose(next)
}

/// What begins a line, less far in than code is, and its content: behind the marks of quotations and of items of lists.
fn parted(line: &str) -> (String, &str) {
    let (mut before, mut rest) = (String::new(), line);
    loop {
        let content = rest.trim_start_matches([' ', '\t']);
        let columns = rest[..rest.len() - content.len()].replace('\t', "    ").len();
        before.push_str(&" ".repeat(columns.min(3)));
        let (mark, behind) = content.split_at(mark(content));
        if mark.is_empty() {
            return (before, content);
        }
        before.push_str(mark);
        rest = behind;
    }
}

/// How long the mark is of a quotation or of an item of a list.
fn mark(content: &str) -> usize {
    if content.starts_with('>') {
        return 1;
    }
    let number = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks = if number > 0 { ".)" } else { "-+*" };
    let behind = content[number..].strip_prefix(|c| marks.contains(c));
    if behind.is_some_and(|behind| behind.starts_with([' ', '\t'])) { number + 1 } else { 0 }
}

/// A fence that is open.
struct Fence {
    mark: String,
    /// What its lines begin with: quotations are marked on each line, items of lists on the first.
    prefix: String,
    /// The same as the document has it.
    original: String,
}

impl Fence {
    fn opened(line: &str, before: &str, content: &str) -> Option<Self> {
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = content.len() - content.trim_start_matches(mark).len();
        if length < 3 || (mark == '`' && content[length..].contains(mark)) {
            return None;
        }
        let blank = |text: &str| text.replace(|c| c != '>', " ");
        let original = blank(&line[..line.len() - content.len()].replace('\t', "    "));
        Some(Self { mark: content[..length].to_owned(), prefix: blank(before), original })
    }

    /// A line without what begins it; none if the quotation ends that the fence stands in, and the fence with it.
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
