//! Security: alternatives, each a set of schemes, told apart by what they are on the wire.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Comparison, Place, Verdict};
use openapi_refinery::Normal;

/// What one alternative asks for: what it is on the wire, and how it is shown to people.
type Alternative = BTreeMap<String, String>;

fn asks_no_more(one: &Alternative, than: &Alternative) -> bool {
    one.keys().all(|asked| than.contains_key(asked))
}

impl<'a> Comparison<'a> {
    /// Compares the requirements of an operation, or of the document where it has none of its own.
    pub(super) fn security(&mut self, old: &Place<'a>, new: &Place<'a>) {
        let place = new.member("security");
        let [before, after] = [(self.old, old), (self.new, new)].map(|(document, it)| alternatives(document, it.value));
        // A client that satisfies one also satisfies another that asks for no more.
        let is_removed = |it: &&Alternative| !after.iter().any(|other| asks_no_more(other, it));
        let removed: Vec<&Alternative> = before.iter().filter(is_removed).collect();
        let mut refusals: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for alternative in &removed {
            let pointer = self.changed_scheme(alternative).unwrap_or_else(|| place.pointer.clone());
            refusals.entry(pointer).or_default().insert(refusal(alternative, &after));
        }
        for (pointer, refusals) in refusals {
            let refusals = refusals.into_iter().collect::<Vec<_>>().join("; ");
            let message = format!("{refusals}: requests may be refused");
            self.note("security-removed", Verdict::Breaking, &pointer, message);
        }
        // What asks for more than one that is removed was told with it.
        let is_known = |alternative: &&Alternative| {
            before.iter().any(|it| it.keys().eq(alternative.keys()))
                || removed.iter().any(|it| asks_no_more(it, alternative))
        };
        let added: BTreeSet<String> = after.iter().filter(|it| !is_known(it)).map(shown).collect();
        if added.contains("") {
            let message = "authentication is no longer required";
            self.note("security-added", Verdict::Compatible, &place.pointer, message);
        } else if !added.is_empty() {
            let message =
                format!("authentication by {} is possible", added.into_iter().collect::<Vec<_>>().join(", or by "));
            self.note("security-added", Verdict::Compatible, &place.pointer, message);
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
            let wire = |of: &[(String, String)]| of.iter().map(|(wire, _)| wire.clone()).collect::<Vec<_>>();
            now.is_some_and(|now| wire(&fingerprints(now)) != wire(&before))
                && alternative.keys().any(|asked| before.iter().any(|(before, _)| asked.starts_with(before)))
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
        let fingerprints = if scheme.is_object() {
            fingerprints(scheme)
        } else {
            vec![(name.clone(), "an unknown scheme".to_owned())]
        };
        let scopes: Vec<&str> = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let with = |alternative: &Alternative, (fingerprint, sent): &(String, String)| {
            let scopes = scopes.iter().map(|scope| (format!("{fingerprint} {scope}"), format!("the scope `{scope}`")));
            let scheme = (fingerprint.clone(), format!("`{name}` ({sent})"));
            alternative.clone().into_iter().chain(scopes).chain([scheme]).collect()
        };
        alternatives = alternatives.iter().flat_map(|one| fingerprints.iter().map(|it| with(one, it))).collect();
    }
    alternatives
}

/// What all schemes and scopes of an alternative are called.
fn shown(alternative: &Alternative) -> String {
    let shown: Vec<&str> = alternative.values().map(String::as_str).collect();
    shown.join(" and ").replacen(" and the scope ", " with the scope ", 1)
}

/// Why an alternative is not enough any more: by what a stricter one asks for besides, if there is one.
fn refusal(alternative: &Alternative, after: &[Alternative]) -> String {
    let besides = |other: &Alternative| -> Vec<String> {
        let more = other.iter().filter(|(asked, _)| !alternative.contains_key(*asked));
        more.map(|(_, shown)| shown.clone()).collect()
    };
    if alternative.is_empty() {
        let ways: Vec<String> = after.iter().map(shown).collect();
        return format!("authentication is now required, by {}", ways.join(" or by "));
    }
    let stricter = after.iter().filter(|other| asks_no_more(alternative, other));
    match stricter.map(besides).min_by_key(Vec::len) {
        Some(more) => format!("authentication by {} now also requires {}", shown(alternative), more.join(" and ")),
        None => format!("authentication by {} is no longer accepted", shown(alternative)),
    }
}

/// What a scheme sends (OpenAPI 3.1.1, section 4.8.27).
fn sent(scheme: &Value) -> String {
    let text = |key: &str| scheme[key].as_str().unwrap_or_default();
    match text("type") {
        "apiKey" => format!("API key in {} `{}`", text("in"), text("name")),
        "http" => format!("HTTP {}", text("scheme")),
        "oauth2" => "OAuth 2".to_owned(),
        "openIdConnect" => "OpenID Connect".to_owned(),
        "mutualTLS" => "mutual TLS".to_owned(),
        other => other.to_owned(),
    }
}

/// What a scheme is on the wire, for each of its flows, and what that is called. Where a token is refreshed, no request shows.
fn fingerprints(scheme: &Value) -> Vec<(String, String)> {
    let fingerprint = |flow: Value| {
        let sent = ["type", "scheme", "in", "name", "openIdConnectUrl"].map(|key| &scheme[key]);
        json!([sent, flow]).to_string()
    };
    let flows = scheme["flows"].as_object().into_iter().flatten();
    let flows = flows.map(|(name, flow)| {
        let fingerprint = fingerprint(json!([name, flow["authorizationUrl"], flow["tokenUrl"]]));
        (fingerprint, format!("{}, {name}", sent(scheme)))
    });
    let flows: Vec<_> = flows.collect();
    if flows.is_empty() { vec![(fingerprint(Value::Null), sent(scheme))] } else { flows }
}
