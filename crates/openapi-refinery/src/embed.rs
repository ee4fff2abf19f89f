//! The source of the runtime, which is embedded in generated clients.

const ROOT: &str = include_str!("runtime/mod.rs");

/// The modules of the runtime with their sources.
const MODULES: [(&str, &str); 19] = [
    ("base_url", include_str!("runtime/base_url.rs")),
    ("boxed", include_str!("runtime/boxed.rs")),
    ("error_body", include_str!("runtime/error_body.rs")),
    ("integer", include_str!("runtime/integer.rs")),
    ("json", include_str!("runtime/json.rs")),
    ("mock", include_str!("runtime/mock.rs")),
    ("multipart", include_str!("runtime/multipart.rs")),
    ("number", include_str!("runtime/number.rs")),
    ("object", include_str!("runtime/object.rs")),
    ("request", include_str!("runtime/request.rs")),
    ("response", include_str!("runtime/response.rs")),
    ("schema", include_str!("runtime/schema.rs")),
    ("secret", include_str!("runtime/secret.rs")),
    ("style", include_str!("runtime/style.rs")),
    ("text", include_str!("runtime/text.rs")),
    ("tolerant", include_str!("runtime/tolerant.rs")),
    ("union", include_str!("runtime/union.rs")),
    ("uri", include_str!("runtime/uri.rs")),
    ("violation", include_str!("runtime/violation.rs")),
];

/// The modules that only some clients need, each with the items by which such a client is recognized.
const OPTIONAL: [(&str, &[&str]); 6] = [
    ("boxed", &["runtime::Boxed<"]),
    // It needs a feature of reqwest.
    ("multipart", &["runtime::Multipart "]),
    ("number", &["runtime::Number"]),
    ("schema", &["runtime::json_schema!"]),
    ("secret", &["runtime::Secret<"]),
    ("union", &["runtime::untagged_union!", "runtime::tagged_request!", "runtime::tagged_response!"]),
];

/// Returns the module `runtime` for the code of a client, with its modules inline.
pub fn runtime(code: &str) -> String {
    // A checkout may have other line endings.
    let lines = |source: &str| source.replace("\r\n", "\n");
    let is_used = |used: &&[&str]| used.iter().any(|name| code.contains(name));
    let root = OPTIONAL.iter().filter(|(_, used)| !is_used(used)).fold(lines(ROOT), |root, (name, _)| {
        let mentions = [format!("mod {name};"), format!("self::{name}::")];
        let statements = root.split_inclusive(";\n");
        statements.filter(|statement| !mentions.iter().any(|mention| statement.contains(mention))).collect()
    });
    let source = MODULES.iter().fold(root, |source, (name, module)| {
        let module = lines(module);
        // The tests of a module are its last item.
        let code = module.split("\n#[cfg(test)]\n").next().unwrap_or_default();
        source.replace(&format!("mod {name};\n"), &format!("mod {name} {{\n{}}}\n\n", indent(code)))
    });
    format!("#[allow(dead_code, unused_imports, unused_macros)]\npub mod runtime {{\n{}}}\n", indent(&source))
}

fn indent(source: &str) -> String {
    source.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_modules_are_embedded_without_their_tests() {
        let runtime = runtime(&OPTIONAL.map(|(_, used)| used.concat()).concat());
        syn::parse_file(&runtime).unwrap();
        assert!(!runtime.lines().any(|line| line.trim().starts_with("mod ") && line.ends_with(';')), "{runtime}");
        assert!(!runtime.contains("#[test]"));
        assert_eq!(runtime.matches("\n    mod ").count(), MODULES.len());
        let smaller = super::runtime("");
        assert_eq!(smaller.matches("\n    mod ").count(), MODULES.len() - OPTIONAL.len());
        syn::parse_file(&smaller).unwrap();
    }
}
