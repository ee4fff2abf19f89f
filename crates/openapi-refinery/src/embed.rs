//! The source of the runtime, which is embedded in generated modules.

const ROOT: &str = include_str!("runtime/mod.rs");

/// The modules of the runtime with their sources.
const MODULES: [(&str, &str); 12] = [
    ("base_url", include_str!("runtime/base_url.rs")),
    ("integer", include_str!("runtime/integer.rs")),
    ("mock", include_str!("runtime/mock.rs")),
    ("object", include_str!("runtime/object.rs")),
    ("request", include_str!("runtime/request.rs")),
    ("schema", include_str!("runtime/schema.rs")),
    ("style", include_str!("runtime/style.rs")),
    ("text", include_str!("runtime/text.rs")),
    ("tolerant", include_str!("runtime/tolerant.rs")),
    ("union", include_str!("runtime/union.rs")),
    ("uri", include_str!("runtime/uri.rs")),
    ("violation", include_str!("runtime/violation.rs")),
];

/// Returns the module `runtime` with its modules inline.
pub fn runtime() -> String {
    // A checkout may have other line ends.
    let lines = |source: &str| source.replace("\r\n", "\n");
    let source = MODULES.iter().fold(lines(ROOT), |source, (name, module)| {
        let module = lines(module);
        // Their tests are the last item.
        let code = module.split("\n#[cfg(test)]\n").next().unwrap_or_default();
        source.replace(&format!("mod {name};\n"), &format!("mod {name} {{\n{}}}\n\n", indented(code)))
    });
    format!("#[allow(dead_code, unused_imports, unused_macros)]\npub mod runtime {{\n{}}}\n", indented(&source))
}

fn indented(source: &str) -> String {
    source.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_modules_are_embedded_without_their_tests() {
        let runtime = runtime();
        syn::parse_file(&runtime).unwrap();
        assert!(!runtime.lines().any(|line| line.trim().starts_with("mod ") && line.ends_with(';')), "{runtime}");
        assert!(!runtime.contains("#[test]"));
        assert_eq!(runtime.matches("\n    mod ").count(), MODULES.len());
    }
}
