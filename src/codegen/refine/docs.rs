//! Documentation: what a document shows as code is no Rust that could run here, so rustdoc is told that it is text.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, Lit, LitStr, Meta, MetaNameValue};

/// Shows all code in documentation as text.
pub struct CodeAsText;

impl VisitMut for CodeAsText {
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::NameValue(MetaNameValue { path, value: Expr::Lit(literal), .. }) = &mut attribute.meta
            && path.is_ident("doc")
            && let Lit::Str(text) = &mut literal.lit
        {
            *text = LitStr::new(&code_as_text(&text.value()), text.span());
        }
    }
}

/// A text in Markdown whose only code stands in fences, and is said to be text (CommonMark 0.31, sections 4.4 and 4.5).
fn code_as_text(text: &str) -> String {
    let mut markdown = Markdown { fence: None, column: 0 };
    text.split('\n').map(|line| markdown.line(line)).collect::<Vec<_>>().join("\n")
}

/// What is open where a line begins.
struct Markdown {
    /// A fence, and whether it stands in a quotation.
    fence: Option<(String, bool)>,
    /// Where the content of the last list item begins: what is four columns further in is code.
    column: usize,
}

impl Markdown {
    fn line(&mut self, line: &str) -> String {
        let content = line.trim_start();
        let is_quoted = content.starts_with('>');
        if let Some((fence, in_quotation)) = &self.fence
            && (is_quoted || !in_quotation)
        {
            let inner = content.trim_start_matches(['>', ' ']).trim_end();
            if inner.starts_with(fence.as_str()) && inner.trim_start_matches(&fence[..1]).is_empty() {
                self.fence = None;
            }
            return line.to_owned();
        }
        self.fence = None;
        let (mark, inner) = content.split_at(mark(content));
        let inner = inner.trim_start();
        let indent = line[..line.len() - content.len()].replace('\t', "    ").len();
        let before = self.before(indent, mark, inner);
        let fence = ["`", "~"].map(|mark| &inner[..inner.len() - inner.trim_start_matches(mark).len()]);
        match fence.into_iter().find(|fence| fence.len() >= 3) {
            Some(fence) => {
                self.fence = Some((fence.to_owned(), is_quoted));
                format!("{before}{fence}text")
            }
            None => before + inner,
        }
    }

    /// What a line begins with, less far in than code is.
    fn before(&mut self, indent: usize, mark: &str, inner: &str) -> String {
        if inner.is_empty() && mark.is_empty() {
            return String::new();
        }
        let is_item = !mark.is_empty() && !mark.starts_with('>');
        if indent < self.column && !is_item {
            self.column = 0;
        }
        let indent = indent.min(self.column + 3);
        if is_item {
            // In a paragraph, another number begins no list, and what is empty no item (section 5.2).
            let begins = !inner.is_empty() && matches!(mark, "-" | "+" | "*" | "1." | "1)");
            self.column = if begins { indent + mark.len() + 1 } else { 0 };
        }
        let space = if mark.is_empty() { "" } else { " " };
        " ".repeat(indent) + mark + space
    }
}

/// How long the mark is of a quotation or of a list item.
fn mark(content: &str) -> usize {
    if content.starts_with('>') {
        let marks = content.len() - content.trim_start_matches(['>', ' ']).len();
        return content[..marks].trim_end().len();
    }
    let number = content.len() - content.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks = if number > 0 { ".)" } else { "-+*" };
    let behind = content[number..].strip_prefix(|c| marks.contains(c));
    if behind.is_some_and(|behind| behind.starts_with([' ', '\t'])) { number + 1 } else { 0 }
}
