//! Formatting of JSON for readers.

use serde_json::Value;

/// The maximum length of a line, in characters.
const WIDTH: usize = 100;

/// Formats a value on one line if it fits, otherwise with a line for each of its parts.
pub fn json(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, depth: usize, text: &mut String) {
    let on_one_line = on_one_line(value);
    let parts: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| (String::new(), item)).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (format!("{}: ", quote_key(key)), value)).collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() || 2 * depth + on_one_line.chars().count() <= WIDTH {
        text.push_str(&on_one_line);
        return;
    }
    let [open, close] = if value.is_array() { ["[", "]"] } else { ["{", "}"] };
    text.push_str(open);
    for (index, (key, value)) in parts.into_iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        text.push_str(&key);
        write(value, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push_str(close);
}

fn on_one_line(value: &Value) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", list(items.iter().map(on_one_line).collect())),
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(key, value)| format!("{}: {}", quote_key(key), on_one_line(value)));
            format!("{{ {} }}", list(members.collect()))
        }
        value => value.to_string(),
    }
}

fn quote_key(key: &str) -> String {
    Value::from(key).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_values_are_written_on_one_line() {
        let value = json!({
            "description": "d".repeat(WIDTH),
            "properties": { "name": { "maxLength": 9, "type": ["string", "null"] }, "tags": {} },
        });
        let text = json(&value);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            lines,
            [r#"  "properties": { "name": { "maxLength": 9, "type": ["string", "null"] }, "tags": {} }"#, "}",]
        );
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}
