//! Security: alternatives, each a set of schemes, told apart by what they are on the wire.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Comparison, Place, Verdict};
use openapi_refinery::Normal;

/// What one alternative asks for.
type Alternative = BTreeSet<String>;

impl<'a> Comparison<'a> {
    /// Compares the requirements of an operation, or of the document where it has none of its own.
    pub(super) fn security(&mut self, old: &Place<'a>, new: &Place<'a>) {
        let place = new.member("security");
        let [before, after] = [(self.old, old), (self.new, new)].map(|(document, it)| alternatives(document, it.value));
        for alternative in &before {
            // Whoever satisfies it also satisfies one that asks for no more.
            if !after.iter().any(|other| other.is_subset(alternative)) {
                let pointer = self.changed_scheme(alternative).unwrap_or_else(|| place.pointer.clone());
                let message = "a way to authenticate is gone or asks for more: requests that use it may be refused";
                self.note("security-removed", Verdict::Breaking, &pointer, message);
            }
        }
        if after.iter().any(|alternative| !before.contains(alternative)) {
            self.note("security-added", Verdict::Compatible, &place.pointer, "there is another way to authenticate");
        }
    }

    /// What schemes say besides what is sent.
    pub(super) fn schemes(&mut self, old: &Place<'a>, new: &Place<'a>) {
        let mut before = old.members();
        for (name, scheme) in new.members() {
            let Some(old) = before.remove(name) else { continue };
            let elsewhere = ["type", "scheme", "in", "name", "flows", "openIdConnectUrl"];
            self.members(&old, &scheme, &["description", "bearerFormat"], &elsewhere);
            let mut flows = old.member("flows").members();
            for (name, flow) in scheme.member("flows").members() {
                let Some(old) = flows.remove(name) else { continue };
                // Which scopes are needed stands where they are asked for.
                self.members(&old, &flow, &["scopes"], &["authorizationUrl", "tokenUrl", "refreshUrl"]);
            }
        }
    }

    /// The scheme of that name, if it is another than before.
    fn changed_scheme(&self, alternative: &Alternative) -> Option<String> {
        let pointer = "/components/securitySchemes";
        let schemes = self.old.document().pointer(pointer)?.as_object()?;
        let (name, _) = schemes.iter().find(|(name, scheme)| {
            let now = self.new.document().pointer(pointer).and_then(|schemes| schemes.get(name));
            let before = fingerprints(scheme);
            now.is_some_and(|now| fingerprints(now) != before)
                && alternative.iter().any(|asked| before.iter().any(|before| asked.starts_with(before)))
        })?;
        Some(format!("{pointer}/{}", super::escape(name)))
    }
}

fn alternatives(document: &Normal, operation: &Value) -> Vec<Alternative> {
    let requirements = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
    requirements.flat_map(|schemes| required(document.document(), schemes)).collect()
}

/// What a requirement asks for. A client uses one of the flows of a scheme, so that each is an alternative.
fn required(document: &Value, schemes: &Map<String, Value>) -> Vec<Alternative> {
    let mut alternatives = vec![Alternative::new()];
    for (name, scopes) in schemes {
        let scheme = &document["components"]["securitySchemes"][name];
        let fingerprints = if scheme.is_object() { fingerprints(scheme) } else { vec![name.clone()] };
        let scopes: Vec<&str> = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let with = |alternative: &Alternative, fingerprint: &String| {
            let scopes = scopes.iter().map(|scope| format!("{fingerprint} {scope}"));
            alternative.iter().cloned().chain(scopes).chain([fingerprint.clone()]).collect()
        };
        alternatives = alternatives.iter().flat_map(|one| fingerprints.iter().map(|it| with(one, it))).collect();
    }
    alternatives
}

/// What a scheme is on the wire, for each of its flows. Where a token is refreshed, no request shows.
fn fingerprints(scheme: &Value) -> Vec<String> {
    let fingerprint = |flow: Value| {
        let sent = ["type", "scheme", "in", "name", "openIdConnectUrl"].map(|key| &scheme[key]);
        json!([sent, flow]).to_string()
    };
    let flows = scheme["flows"].as_object().into_iter().flatten();
    let flows = flows.map(|(name, flow)| fingerprint(json!([name, flow["authorizationUrl"], flow["tokenUrl"]])));
    let flows: Vec<String> = flows.collect();
    if flows.is_empty() { vec![fingerprint(Value::Null)] } else { flows }
}
