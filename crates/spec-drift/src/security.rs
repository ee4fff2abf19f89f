//! Security: alternative requirements, each a set of schemes, compared by what they send.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Comparison, Place, Verdict, present};

/// Number of alternatives up to which a requirement of several schemes is expanded by their flows.
const MAX_ALTERNATIVES: usize = 64;

/// A way to satisfy a requirement.
struct Alternative<'a> {
    /// The requirement.
    place: Place<'a>,
    /// What a client must have, by what it is on the wire.
    credentials: BTreeMap<String, Credential>,
}

/// A scheme, or a scope of one.
#[derive(Clone, PartialEq, Eq)]
enum Credential {
    /// A scheme by its name, with what is sent and the flow that gets it.
    Scheme { name: String, sent: String, flow: Option<String> },
    /// A scope by its name.
    Scope(String),
}

impl Alternative<'_> {
    /// Returns whether a client that has what `other` needs has all that this needs.
    fn needs_no_more_than(&self, other: &Self) -> bool {
        self.credentials.keys().all(|key| other.credentials.contains_key(key))
    }

    /// Returns the names of its schemes.
    fn named(&self) -> String {
        let name = |credential: &Credential| match credential {
            Credential::Scheme { name, .. } => Some(format!("`{name}`")),
            Credential::Scope(_) => None,
        };
        self.credentials.values().filter_map(name).collect::<Vec<_>>().join(" and ")
    }

    /// Returns its credentials in words, without those of another.
    fn described(&self, without: Option<&Self>, names_flow: bool) -> String {
        let is_new = |key: &String| without.is_none_or(|other| !other.credentials.contains_key(key));
        let credentials = self.credentials.iter().filter(|(key, _)| is_new(key)).map(|(_, credential)| credential);
        let (schemes, scopes): (Vec<_>, Vec<_>) =
            credentials.partition(|credential| matches!(credential, Credential::Scheme { .. }));
        let scopes: Vec<String> = scopes.into_iter().map(|scope| scope.described(names_flow)).collect();
        let schemes: Vec<String> = schemes.into_iter().map(|scheme| scheme.described(names_flow)).collect();
        let scopes = match scopes.as_slice() {
            [] => None,
            [scope] => Some(format!("the scope {scope}")),
            scopes => Some(format!("the scopes {}", scopes.join(" and "))),
        };
        match scopes {
            Some(scopes) if schemes.is_empty() => scopes,
            Some(scopes) => format!("{} with {scopes}", schemes.join(" and ")),
            None => schemes.join(" and "),
        }
    }
}

impl Credential {
    fn described(&self, names_flow: bool) -> String {
        match self {
            Self::Scheme { name, sent, flow: Some(flow) } if names_flow => format!("`{name}` ({sent}, {flow})"),
            Self::Scheme { name, sent, .. } => format!("`{name}` ({sent})"),
            Self::Scope(name) => format!("`{name}`"),
        }
    }
}

impl<'a> Comparison<'a> {
    /// Compares the requirements of an operation, or of the document where it has none of its own.
    pub(super) fn security(&mut self, old: &Place<'a>, new: &Place<'a>) {
        let (old, new) = (old.member("security"), new.member("security"));
        let before = alternatives(&old, &self.old.document()["components"]["securitySchemes"]);
        let after = alternatives(&new, &self.new.document()["components"]["securitySchemes"]);
        // A client that satisfies one also satisfies another that needs no more.
        let is_refused = |it: &Alternative<'_>| !after.iter().any(|other| other.needs_no_more_than(it));
        let (refused, kept): (Vec<_>, Vec<_>) = before.iter().partition(|it| is_refused(it));
        let mut refusals: BTreeMap<String, (Place<'a>, BTreeSet<String>)> = BTreeMap::new();
        for alternative in &refused {
            // A flow is named if a client may use another one.
            let names_flow = kept.iter().any(|it| it.described(None, false) == alternative.described(None, false));
            let stricter = after.iter().filter(|other| alternative.needs_no_more_than(other));
            let stricter = stricter.min_by_key(|other| other.credentials.len());
            let (place, refusal) = match stricter {
                _ if alternative.credentials.is_empty() => {
                    let ways: BTreeSet<String> = after.iter().map(|it| it.described(None, false)).collect();
                    let ways = ways.into_iter().collect::<Vec<_>>().join(" or ");
                    (new.clone(), format!("authentication by {ways} is now required"))
                }
                Some(stricter) => {
                    let more = stricter.described(Some(alternative), false);
                    (stricter.place.clone(), format!("{} now also requires {more}", alternative.named()))
                }
                None => {
                    let name = alternative.described(None, names_flow);
                    (alternative.place.clone(), format!("{name} is no longer accepted"))
                }
            };
            let place = self.changed_scheme(alternative).unwrap_or(place);
            refusals.entry(place.pointer.clone()).or_insert((place, BTreeSet::new())).1.insert(refusal);
        }
        for (place, refusals) in refusals.into_values() {
            let refusals = refusals.into_iter().collect::<Vec<_>>().join("; ");
            let message = format!("{refusals}: existing requests may be rejected");
            self.note("security-removed", Verdict::Breaking, &place, message);
        }
        // One that needs more than a refused one was reported with it.
        let is_known = |alternative: &&Alternative<'_>| {
            before.iter().any(|it| it.credentials.keys().eq(alternative.credentials.keys()))
                || refused.iter().any(|it| it.needs_no_more_than(alternative))
        };
        let added: Vec<_> = after.iter().filter(|it| !is_known(it)).collect();
        let at = present(&old, &new);
        if added.iter().any(|it| it.credentials.is_empty()) {
            let message = "authentication is no longer required";
            self.note("security-added", Verdict::Compatible, at, message);
        } else if !added.is_empty() {
            let ways: BTreeSet<String> = added.iter().map(|it| it.described(None, false)).collect();
            let ways = ways.into_iter().collect::<Vec<_>>().join(" or ");
            self.note("security-added", Verdict::Compatible, at, format!("authentication by {ways} is now accepted"));
        }
    }

    /// Compares the parts of schemes that do not change what is sent.
    pub(super) fn schemes(&mut self, old: &Place<'a>, new: &Place<'a>) {
        let mut before = old.members();
        for (name, scheme) in new.members() {
            let Some(old) = before.remove(name) else { continue };
            let elsewhere = ["type", "scheme", "in", "name", "flows", "openIdConnectUrl"];
            self.members(&old, &scheme, &["description", "bearerFormat"], &elsewhere);
            let mut flows = old.member("flows").members();
            for (name, flow) in scheme.member("flows").members() {
                let Some(old) = flows.remove(name) else { continue };
                // Requirements list the scopes.
                self.members(&old, &flow, &["scopes"], &["authorizationUrl", "tokenUrl", "refreshUrl"]);
            }
        }
    }

    /// Returns the first scheme of an alternative that is another in the candidate.
    fn changed_scheme(&self, alternative: &Alternative<'a>) -> Option<Place<'a>> {
        let schemes = self.root().member("components").member("securitySchemes");
        let was = &self.old.document()["components"]["securitySchemes"];
        let wire = |name: &str, scheme: &Value| fingerprints(name, scheme).into_iter().map(|(wire, _)| wire);
        let is_changed =
            |name: &str, scheme: &Place<'_>| scheme.is_present() && wire(name, scheme.value).ne(wire(name, &was[name]));
        alternative.credentials.values().find_map(|credential| match credential {
            Credential::Scheme { name, .. } => Some(schemes.member(name)).filter(|scheme| is_changed(name, scheme)),
            Credential::Scope(_) => None,
        })
    }
}

/// Returns the alternatives of requirements. A client uses one of the flows of a scheme, so that each is an alternative.
fn alternatives<'a>(security: &Place<'a>, schemes: &Value) -> Vec<Alternative<'a>> {
    let mut alternatives = Vec::new();
    for place in security.items() {
        let mut credentials = vec![BTreeMap::new()];
        for (name, scopes) in place.members() {
            let with = |present: &BTreeMap<String, Credential>, (fingerprint, scheme): &(String, Credential)| {
                let scopes = scopes.value.as_array().into_iter().flatten().filter_map(Value::as_str);
                let scopes =
                    scopes.map(|scope| (format!("{fingerprint} {scope}"), Credential::Scope(scope.to_owned())));
                present.clone().into_iter().chain(scopes).chain([(fingerprint.clone(), scheme.clone())]).collect()
            };
            let mut fingerprints = fingerprints(name, &schemes[name]);
            if credentials.len() * fingerprints.len() > MAX_ALTERNATIVES {
                fingerprints = any_flow(fingerprints);
            }
            credentials = credentials.iter().flat_map(|one| fingerprints.iter().map(|it| with(one, it))).collect();
        }
        alternatives
            .extend(credentials.into_iter().map(|credentials| Alternative { place: place.clone(), credentials }));
    }
    alternatives
}

/// Combines the flows of a scheme, so that it is one alternative.
fn any_flow(fingerprints: Vec<(String, Credential)>) -> Vec<(String, Credential)> {
    let wire = fingerprints.iter().map(|(wire, _)| wire.as_str()).collect::<Vec<_>>().join(" or ");
    let scheme = fingerprints.into_iter().next().map(|(_, scheme)| scheme);
    let scheme = scheme.map(|scheme| match scheme {
        Credential::Scheme { name, sent, .. } => Credential::Scheme { name, sent, flow: None },
        scope @ Credential::Scope(_) => scope,
    });
    scheme.into_iter().map(|scheme| (wire.clone(), scheme)).collect()
}

/// Returns what a client sends for a scheme (OpenAPI 3.1.1, section 4.8.27).
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

/// Returns what a scheme is on the wire, for each of its flows. The refresh URL does not count: requests do not depend on it.
fn fingerprints(name: &str, scheme: &Value) -> Vec<(String, Credential)> {
    if !scheme.is_object() {
        let sent = "an unknown scheme".to_owned();
        return vec![(name.to_owned(), Credential::Scheme { name: name.to_owned(), sent, flow: None })];
    }
    let credential = |flow: Option<&str>| Credential::Scheme {
        name: name.to_owned(),
        sent: sent(scheme),
        flow: flow.map(str::to_owned),
    };
    let fingerprint = |flow: Value| {
        let sent = ["type", "scheme", "in", "name", "openIdConnectUrl"].map(|key| &scheme[key]);
        json!([sent, flow]).to_string()
    };
    let flows = scheme["flows"].as_object().into_iter().flatten();
    let flows = flows.map(|(name, flow)| {
        (fingerprint(json!([name, flow["authorizationUrl"], flow["tokenUrl"]])), credential(Some(name)))
    });
    let flows: Vec<_> = flows.collect();
    if flows.is_empty() { vec![(fingerprint(Value::Null), credential(None))] } else { flows }
}
