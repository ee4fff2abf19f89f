// Not an inner comment: other files include this one.

use std::process::Command;

/// Cargo as it runs outside of tests: of what it tells this one about this package, build scripts of others would take notice, and
/// be run again.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    cargo
}
