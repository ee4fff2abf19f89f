#!/usr/bin/env python3
"""Compares the Rust verdicts of spec-drift with cargo-semver-checks, and with the public items of the generated clients.

    pip install pyyaml
    cargo install --locked cargo-semver-checks@0.51.0
    cargo build --workspace --all-features
    python3 crates/spec-drift/tests/semver/compare.py [WORD]

Each mutation of mutations.yaml, and each pair of ../real, is accepted by a project of its own. With WORD, only those whose name contains it
are compared. A verdict is wrong if it is not `breaking` although cargo-semver-checks requires a major version, or a public item was changed
or removed. It is also wrong if it is `breaking` although neither is the case and the change is not breaking on the wire. An item that
becomes deprecated does not differ, since its callers still compile. Exit code 1: a verdict is wrong.
"""

import json
import os
import pathlib
import subprocess
import sys

import yaml

here = pathlib.Path(__file__).resolve().parent
root = here.parents[3]
example = root / "crates/openapi-refinery/example"
target = root / "target/semver"
command = root / "target/debug/spec-drift"


def apply(patch, document):
    """Applies a patch (RFC 6902) to a document."""
    document = json.loads(json.dumps(document))
    for operation in patch:
        value = operation.get("value")
        if operation["op"] in ("remove", "move"):
            removed = at(document, operation["from" if operation["op"] == "move" else "path"], remove)
            value = removed if operation["op"] == "move" else value
        if operation["op"] != "remove":
            at(document, operation["path"], replace if operation["op"] == "replace" else add, value)
    return document


def at(document, pointer, act, *arguments):
    *parents, last = [word.replace("~1", "/").replace("~0", "~") for word in pointer.split("/")[1:]]
    for word in parents:
        document = document[int(word) if isinstance(document, list) else word]
    if isinstance(document, list):
        last = len(document) if last == "-" else int(last)
    return act(document, last, *arguments)


def remove(parent, key):
    return parent.pop(key)


def replace(parent, key, value):
    parent[key]  # Fails if it does not exist.
    parent[key] = value


def add(parent, key, value):
    parent.insert(key, value) if isinstance(parent, list) else parent.update({key: value})


def run(*arguments, codes=(0,), **options):
    done = subprocess.run([str(it) for it in arguments], capture_output=True, text=True, **options)
    if codes is not None and done.returncode not in codes:
        sys.exit(f"{' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def rustdoc(project):
    """Returns the path of the documentation of the project's client as JSON."""
    crate = target / "crate"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    manifest = (example / "Cargo.toml").read_text().split("[build-dependencies]")[0]
    mock = 'httpmock = { version = "0.9.0", default-features = false }\n'
    (crate / "Cargo.toml").write_text(manifest + mock + "[workspace]\n")
    (crate / "Cargo.lock").write_text((root / "Cargo.lock").read_text())
    (crate / "src/lib.rs").write_text("#![allow(warnings)]\npub mod generated;\npub mod mock;\n")
    for what, name in (("client", "generated.rs"), ("mock", "mock.rs")):
        run(command, "generate", "--what", what, "--out", crate / "src" / name, cwd=project)
    arguments = ["--manifest-path", crate / "Cargo.toml", "--target-dir", target / "build"]
    document = ["-Z", "unstable-options", "--output-format", "json"]
    run("cargo", "rustdoc", "--offline", *arguments, "--lib", *document, env={**os.environ, "RUSTC_BOOTSTRAP": "1"})
    found = project / f"{len(list(project.glob('*.json')))}.json"
    found.write_bytes((target / "build/doc/bookshelves.json").read_bytes())
    return found


def items(documentation):
    """Returns the public items by path, each with its signature."""
    crate = json.loads(documentation.read_text())
    index, found = crate["index"], {}

    def signature(value):
        """Writes references as paths: ids differ from one build to another."""
        if isinstance(value, dict):
            ignored = ("id", "docs", "span", "attrs", "links", "impls", "implementations", "items")
            return {key: signature(it) for key, it in value.items() if key not in ignored}
        return [signature(it) for it in value] if isinstance(value, list) else value

    def visit(id, path, depth=0):
        item = index.get(str(id))
        if item is None or depth > 12 or item["visibility"] not in ("public", "default"):
            return
        (kind, inner), = item["inner"].items()
        if kind == "impl":
            if inner.get("trait") is None:
                for member in inner["items"]:
                    visit(member, path, depth + 1)
            elif not inner["is_synthetic"] and not inner.get("blanket_impl"):
                found[f"{path}: {inner['trait']['path']}{json.dumps(signature(inner['trait'].get('args')))}"] = ""
            return
        path = f"{path}::{item['name']}"
        members = []
        if kind == "module":
            members = inner["items"]
        elif kind == "struct":
            plain = inner["kind"].get("plain") if isinstance(inner["kind"], dict) else None
            members = (plain["fields"] if plain else []) + inner["impls"]
        elif kind == "enum":
            members = inner["variants"] + inner["impls"]
        elif kind == "trait":
            members = inner["items"]
        elif kind == "variant" and isinstance(inner["kind"], dict):
            members = inner["kind"].get("tuple") or inner["kind"]["struct"]["fields"]
        shown = {} if kind in ("module", "struct", "enum", "variant") else signature(inner)
        found[path] = json.dumps([kind, shown], sort_keys=True)
        for member in members:
            visit(member, path, depth + 1)

    visit(crate["root"], "")
    return found


def project(name, document):
    """Creates a project that has accepted a document."""
    folder = target / "projects" / "".join(c if c.isalnum() else "-" for c in name)
    if folder.exists():
        run("rm", "-r", folder)
    (folder / "openapi").mkdir(parents=True)
    (folder / "openapi/document.json").write_text(json.dumps(document))
    (folder / "openapi/generate.yaml").write_text(
        "document: openapi/document.json\ncorrections: null\nlock: openapi/lock.yaml\nhandwritten: []\ninner: null\n"
        "constructors: public\nsnapshots: { client: client.rs, mock: mock.rs }\n"
    )
    (folder / "openapi/lock.yaml").write_text("{}\n")
    run(command, "accept", cwd=folder)
    return folder


def check_pair(name, old, new):
    """Prints the verdicts on a pair, and returns whether ours is right."""
    folder = project(name, old)
    before = rustdoc(folder)
    (folder / "candidate.json").write_text(json.dumps(new))
    arguments = ["--upstream", "candidate.json", "--scope", "all"]
    report = json.loads(run(command, "check", *arguments, "--format", "json", cwd=folder, codes=(0, 1)).stdout)
    verdict, wire = report["rust"], report["wire"]
    (folder / "candidate.json").rename(folder / "candidate.yaml")
    arguments[1] = "candidate.yaml"
    run(command, "accept", *arguments, cwd=folder)
    after = rustdoc(folder)
    checks = ["--release-type", "minor", "--baseline-rustdoc", before, "--current-rustdoc", after]
    checked = run("cargo", "semver-checks", *checks, codes=None, cwd=target)
    if "Summary" not in checked.stderr + checked.stdout:
        sys.exit(checked.stderr)
    is_major = checked.returncode != 0
    lints = sorted({line.split()[2].rstrip(":") for line in checked.stdout.splitlines() if line.startswith("--- failure ")})
    old_items, new_items = items(before), items(after)
    changed = sorted(path for path in old_items if new_items.get(path) != old_items[path])
    added = len(new_items.keys() - old_items.keys())
    wrong = []
    if is_major and verdict != "breaking":
        wrong.append("cargo-semver-checks requires a major version: " + ", ".join(lints))
    if changed and verdict != "breaking":
        wrong.append("public items differ: " + ", ".join(changed[:4]))
    if verdict == "breaking" and not is_major and not changed and wire != "breaking":
        wrong.append("no public item differs, nor anything on the wire")
    tool = "major" if is_major else "minor"
    print(f"{verdict:<10} {wire:<10} {tool:<5} {len(changed):>3} changed {added:>3} added  {name}", flush=True)
    for line in wrong:
        print(f"    WRONG: {line}", flush=True)
    return not wrong


def pairs():
    """Returns name, old and new document of each pair."""
    base = yaml.safe_load((example / "openapi/bookshelves.yaml").read_text())
    for mutation in yaml.safe_load((here / "mutations.yaml").read_text()):
        (name, patch), = mutation.items()
        yield name, base, apply(patch, base)
    for old in sorted((here.parent / "real").glob("*-old.yaml")):
        new = old.with_name(old.name.replace("-old", "-new"))
        yield old.stem, yaml.safe_load(old.read_text()), yaml.safe_load(new.read_text())


word = sys.argv[1] if len(sys.argv) > 1 else ""
results = [check_pair(*pair) for pair in pairs() if word in pair[0]]
print(f"{sum(results)} of {len(results)} verdicts are correct")
sys.exit(0 if results and all(results) else 1)
