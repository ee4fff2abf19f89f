//! Splits generated code into its items without parsing it, so that only items that differ need to be parsed.

use std::collections::{BTreeMap, HashMap};

/// The items of generated code as text, by the path of their module: `types::`.
type Items<'a> = BTreeMap<String, Vec<&'a str>>;

/// Returns the items that only the old code has and those that only the new code has, as a text for each module, or `None` if either is
/// not formatted as the generator formats it.
pub fn differing_items(old: &str, new: &str) -> Option<[BTreeMap<String, String>; 2]> {
    let (old, new) = (split(old)?, split(new)?);
    Some([subtract(&old, &new), subtract(&new, &old)])
}

/// Returns the items that `others` lacks in the same module. Repeated items are counted.
fn subtract(items: &Items<'_>, others: &Items<'_>) -> BTreeMap<String, String> {
    let of_module = |(module, items): (&String, &Vec<&str>)| {
        let mut known: HashMap<&str, usize> = HashMap::new();
        others.get(module).into_iter().flatten().for_each(|item| *known.entry(item).or_default() += 1);
        let is_new = |item: &&&str| match known.get_mut(**item) {
            Some(count @ 1..) => {
                *count -= 1;
                false
            }
            _ => true,
        };
        (module.clone(), items.iter().filter(is_new).copied().collect::<String>())
    };
    items.iter().map(of_module).filter(|(_, text)| !text.is_empty()).collect()
}

/// Splits code at lines with the indentation of their module. A private module is one item. Attributes and documentation of a public
/// module are not items.
fn split(code: &str) -> Option<Items<'_>> {
    let mut items = Items::new();
    let mut modules: Vec<&str> = Vec::new();
    let mut start = None;
    let mut end_of_literal: Option<String> = None;
    let mut offset = 0;
    for line in code.split_inclusive('\n') {
        let (begin, end) = (offset, offset + line.len());
        offset = end;
        let text = line.trim();
        if let Some(mark) = &end_of_literal {
            if line.contains(mark.as_str()) {
                end_of_literal = None;
            }
            continue;
        }
        let is_comment = text.starts_with("//");
        end_of_literal = raw_literal(text).filter(|_| !is_comment);
        let indentation = line.len() - line.trim_start().len();
        if start.is_none() && text == "}" && indentation + 4 == 4 * modules.len() {
            modules.pop();
            continue;
        }
        if text.is_empty() || (indentation != 4 * modules.len() && start.is_some()) {
            continue;
        }
        if indentation != 4 * modules.len() {
            return None;
        }
        let start_of_item = *start.get_or_insert(begin);
        if let Some(module) = text.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(" {")) {
            modules.push(module);
            start = None;
        } else if !is_comment && !text.starts_with('#') && text.ends_with([';', '}']) {
            let module = modules.iter().map(|module| format!("{module}::")).collect();
            items.entry(module).or_default().push(&code[start_of_item..end]);
            start = None;
        }
    }
    (modules.is_empty() && start.is_none() && end_of_literal.is_none()).then_some(items)
}

/// Returns the closing delimiter of a raw string literal that begins in a line and does not end there.
fn raw_literal(line: &str) -> Option<String> {
    let (_, after) = line.split_once("r#")?;
    let more = after.len() - after.trim_start_matches('#').len();
    let content = after[more..].strip_prefix('"')?;
    let end = format!("\"#{}", "#".repeat(more));
    (!content.contains(&end)).then_some(end)
}
