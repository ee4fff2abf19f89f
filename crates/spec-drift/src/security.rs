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
            let before = fingerprint(scheme);
            now.is_some_and(|now| fingerprint(now) != before)
                && alternative.iter().any(|asked| asked.starts_with(&before))
        })?;
        Some(format!("{pointer}/{}", super::escape(name)))
    }
}

fn alternatives(document: &Normal, operation: &Value) -> Vec<Alternative> {
    let requirements = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
    requirements.map(|schemes| asked(document.document(), schemes)).collect()
}

fn asked(document: &Value, schemes: &Map<String, Value>) -> Alternative {
    let mut asked = Alternative::new();
    for (name, scopes) in schemes {
        let scheme = &document["components"]["securitySchemes"][name];
        let fingerprint = if scheme.is_object() { fingerprint(scheme) } else { name.clone() };
        let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
        asked.extend(scopes.map(|scope| format!("{fingerprint} {scope}")));
        asked.insert(fingerprint);
    }
    asked
}

/// What a scheme is on the wire.
fn fingerprint(scheme: &Value) -> String {
    let flows = scheme["flows"].as_object().into_iter().flatten().map(|(name, flow)| {
        json!({ "flow": name, "authorize": flow["authorizationUrl"], "token": flow["tokenUrl"], "refresh": flow["refreshUrl"] })
    });
    json!({
        "type": scheme["type"],
        "scheme": scheme["scheme"],
        "in": scheme["in"],
        "name": scheme["name"],
        "flows": flows.collect::<Vec<_>>(),
        "discovery": scheme["openIdConnectUrl"],
    })
    .to_string()
}
