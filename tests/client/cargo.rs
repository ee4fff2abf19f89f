// Not an inner comment: other files include this one.

use std::process::Command;

/// Returns a command that runs Cargo as outside of tests. Variables that describe this package would make other build scripts run
/// again.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            cargo.env_remove(name);
        }
    }
    cargo
}
