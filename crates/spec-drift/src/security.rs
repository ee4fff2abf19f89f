//! Security: alternative requirements, each a set of schemes, compared by what they send.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Comparison, Document, Node, Verdict, choose_present, quote};
use openapi_refinery::normalize_url;

/// Maximum number of alternatives that the OAuth flows of a requirement are expanded to. Beyond it, the flows of a scheme count as one.
const MAX_ALTERNATIVES: usize = 64;

/// A set of credentials that satisfies a requirement.
struct Alternative<'a> {
    /// The requirement.
    node: Node<'a>,
    /// The required credentials, by what is sent.
    credentials: BTreeMap<String, Credential>,
}

/// A scheme, or a scope of one.
#[derive(Clone, PartialEq, Eq)]
enum Credential {
    Scheme(Scheme),
    /// A scope of a scheme, by its name.
    Scope {
        scheme: String,
        name: String,
    },
}

/// A scheme by its name, with the kind of credential that is sent and the flow that obtains it.
#[derive(Clone, PartialEq, Eq)]
struct Scheme {
    name: String,
    credential: String,
    flow: Option<String>,
}

/// The name, flow and scopes of each scheme of an alternative.
type Declaration<'p> = BTreeSet<(&'p str, Option<&'p str>, Vec<&'p str>)>;

impl<'a> Alternative<'a> {
    /// Returns whether the credentials for `other` satisfy this alternative.
    fn needs_no_more_than(&self, other: &Self) -> bool {
        self.credentials.keys().all(|key| other.credentials.contains_key(key))
    }

    /// Returns whether its credentials satisfy none of the alternatives.
    fn is_rejected(&self, by: &[Alternative<'_>]) -> bool {
        !by.iter().any(|other| other.needs_no_more_than(self))
    }

    /// Returns the keys of the required credentials.
    fn keys(&self) -> Vec<&str> {
        self.credentials.keys().map(String::as_str).collect()
    }

    fn schemes(&self) -> impl Iterator<Item = &Scheme> {
        self.credentials.values().filter_map(|credential| match credential {
            Credential::Scheme(scheme) => Some(scheme),
            Credential::Scope { .. } => None,
        })
    }

    /// Returns the scopes of a scheme.
    fn scopes(&self, of: &Scheme) -> Vec<&str> {
        let scopes = self.credentials.values().map(|credential| match credential {
            Credential::Scope { scheme, name } if *scheme == of.name => Some(name.as_str()),
            _ => None,
        });
        scopes.flatten().collect()
    }

    /// Returns the part that another alternative does not have.
    fn without(&self, other: &Self) -> Self {
        let credentials = self.credentials.clone().into_iter();
        let credentials = credentials.filter(|(key, _)| !other.credentials.contains_key(key)).collect();
        Self { node: self.node.clone(), credentials }
    }

    /// Returns the names of its schemes.
    fn scheme_names(&self) -> Vec<String> {
        self.schemes().map(|scheme| quote(&scheme.name)).collect()
    }

    /// Returns its schemes in words, each with its scopes.
    fn describe(&self, names_flow: bool) -> Vec<String> {
        let describe = |scheme: &Scheme| match self.scopes(scheme).as_slice() {
            [] => scheme.describe(names_flow),
            scopes => format!("{} with {}", scheme.describe(names_flow), describe_scopes(scopes)),
        };
        self.schemes().map(describe).collect()
    }

    /// Describes, for each scheme, what another alternative requires beyond this one. `verb` has forms for one and for several schemes.
    fn describe_additional(&self, other: &Self, verb: [&str; 2]) -> String {
        let more = other.without(self);
        let scopes = self.schemes().filter_map(|scheme| match more.scopes(scheme).as_slice() {
            [] => None,
            scopes => Some(format!("{} {} {}", quote(&scheme.name), verb[0], describe_scopes(scopes))),
        });
        let schemes = Some(more.describe(false)).filter(|schemes| !schemes.is_empty());
        let schemes =
            schemes.map(|schemes| format!("{} {}", with_verb(&self.scheme_names(), verb), schemes.join(" and ")));
        scopes.chain(schemes).collect::<Vec<_>>().join("; ")
    }

    /// Returns the names, flows and scopes of its schemes, without their definitions. The flow and the scopes of a scheme are left out if its
    /// type differs between the documents, as it does for the names in `other_type`: they depend on the type.
    fn declaration(&self, other_type: &BTreeSet<&str>) -> Declaration<'_> {
        let schemes = self.schemes().map(|scheme| match other_type.contains(scheme.name.as_str()) {
            true => (scheme.name.as_str(), None, Vec::new()),
            false => (scheme.name.as_str(), scheme.flow.as_deref(), self.scopes(scheme)),
        });
        schemes.collect()
    }
}

impl Scheme {
    fn describe(&self, names_flow: bool) -> String {
        let flow = self.flow.as_ref().filter(|_| names_flow).map_or_else(String::new, |flow| format!(", {flow}"));
        format!("{} ({}{flow})", quote(&self.name), self.credential)
    }
}

/// Returns names with a verb in the singular or plural.
fn with_verb(names: &[String], [singular, plural]: [&str; 2]) -> String {
    format!("{} {}", names.join(" and "), if names.len() == 1 { singular } else { plural })
}

fn describe_scopes(scopes: &[&str]) -> String {
    let names = scopes.iter().map(|scope| quote(scope)).collect::<Vec<_>>().join(" and ");
    format!("the {} {names}", if scopes.len() == 1 { "scope" } else { "scopes" })
}

/// Returns alternatives in words, each once, without the one that has no schemes.
fn join_alternatives<'p, 'a: 'p>(alternatives: impl Iterator<Item = &'p Alternative<'a>>) -> String {
    let described = alternatives.map(|it| it.describe(false).join(" and ")).filter(|schemes| !schemes.is_empty());
    described.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" or ")
}

impl<'a> Comparison<'a> {
    /// Compares the requirements of an operation, or of the document where it has none of its own.
    pub(super) fn compare_security(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let (old, new) = (old.member("security"), new.member("security"));
        let [old_schemes, new_schemes] =
            [self.old, self.new].map(|normal| &normal.document()["components"]["securitySchemes"]);
        if old.value == new.value && old_schemes == new_schemes {
            return;
        }
        let (before, after) = (list_alternatives(&old, old_schemes), list_alternatives(&new, new_schemes));
        let (rejected, kept): (Vec<_>, Vec<_>) = before.iter().partition(|it| it.is_rejected(&after));
        self.record_rejected_alternatives(&rejected, &kept, &after, &new);
        self.record_redundant_security(&before, &after);
        // If the candidate has no `security`, the location is in the vendored document.
        let at = if self.published_value(&new).is_some() { &new } else { &old };
        self.record_accepted_alternatives(&before, &rejected, &after, at);
    }

    /// Records the alternatives whose credentials are no longer sufficient.
    fn record_rejected_alternatives(
        &mut self,
        rejected: &[&Alternative<'a>],
        kept: &[&Alternative<'a>],
        after: &[Alternative<'a>],
        security: &Node<'a>,
    ) {
        let other_type = self.schemes_of_other_type();
        let defined_after = map_by_declaration(after, &other_type);
        let mut rejections: BTreeMap<String, (Node<'a>, BTreeSet<String>)> = BTreeMap::new();
        for alternative in rejected {
            let stricter = after.iter().filter(|other| alternative.needs_no_more_than(other));
            let stricter = stricter.min_by_key(|other| other.credentials.len());
            let (node, reason) = match (stricter, defined_after.get(&alternative.declaration(&other_type))) {
                _ if alternative.credentials.is_empty() => {
                    (security.clone(), format!("authentication by {} is now required", join_alternatives(after.iter())))
                }
                (Some(stricter), _) => (
                    stricter.node.clone(),
                    alternative.describe_additional(stricter, ["now also requires", "now also require"]),
                ),
                (None, Some(redefined)) => self.describe_redefinition(alternative, redefined),
                (None, None) => {
                    let flow = self.flow_of_one(alternative, [Document::Vendored, Document::Candidate]);
                    // A flow is also named if a client may use another one.
                    let keeps_other = || kept.iter().any(|it| it.describe(false) == alternative.describe(false));
                    let names = alternative.describe(flow.is_some() || keeps_other());
                    let node = flow.unwrap_or_else(|| alternative.node.clone());
                    (node, with_verb(&names, ["is no longer accepted", "are no longer accepted"]))
                }
            };
            let key = format!("{:?} {}", node.document, node.pointer);
            rejections.entry(key).or_insert((node, BTreeSet::new())).1.insert(reason);
        }
        for (node, rejections) in rejections.into_values() {
            let rejections = rejections.into_iter().collect::<Vec<_>>().join("; ");
            let message = format!("{rejections}: existing requests may be rejected");
            self.record("security-removed", Verdict::Breaking, &node, message);
        }
    }

    /// Records the alternatives that were added, or require less than before.
    fn record_accepted_alternatives(
        &mut self,
        before: &[Alternative<'a>],
        rejected: &[&Alternative<'a>],
        after: &[Alternative<'a>],
        at: &Node<'a>,
    ) {
        let other_type = self.schemes_of_other_type();
        let (needed_before, defined_before) = (list_keys(before), map_by_declaration(before, &other_type));
        // An alternative that requires more than a rejected one, or redefines its schemes, was reported with the rejected one.
        let is_known = |alternative: &&Alternative<'_>| {
            needed_before.contains(&alternative.keys())
                || rejected.iter().any(|it| it.needs_no_more_than(alternative))
                || defined_before.get(&alternative.declaration(&other_type)).is_some_and(|it| it.is_rejected(after))
        };
        let added = after.iter().filter(|it| !is_known(it));
        let (relaxed, added): (Vec<_>, Vec<_>) =
            added.partition(|it| !it.credentials.is_empty() && before.iter().any(|other| it.needs_no_more_than(other)));
        for alternative in relaxed {
            let stricter = before.iter().filter(|other| alternative.needs_no_more_than(other));
            if let Some(stricter) = stricter.min_by_key(|other| other.credentials.len()) {
                let message = alternative.describe_additional(stricter, ["no longer requires", "no longer require"]);
                self.record("security-added", Verdict::Compatible, &alternative.node, message);
            }
        }
        if added.iter().any(|it| it.credentials.is_empty()) {
            self.record("security-added", Verdict::Compatible, at, "authentication is no longer required");
            return;
        }
        // Several operations may use an added flow.
        let (mut flows, mut others) = (Vec::new(), Vec::new());
        for alternative in added {
            match self.flow_of_one(alternative, [Document::Candidate, Document::Vendored]) {
                Some(flow) => flows.push((flow, alternative.describe(true).join(" and "))),
                None => others.push(alternative),
            }
        }
        let names = Some(join_alternatives(others.into_iter())).filter(|names| !names.is_empty());
        for (at, names) in flows.iter().map(|(flow, name)| (flow, name)).chain(names.iter().map(|names| (at, names))) {
            let message = format!("authentication by {names} is now accepted");
            self.record("security-added", Verdict::Compatible, at, message);
        }
    }

    /// Records the removed alternatives whose credentials satisfy a remaining alternative.
    fn record_redundant_security(&mut self, before: &[Alternative<'a>], after: &[Alternative<'a>]) {
        let [needed_before, needed_after] = [before, after].map(list_keys);
        for alternative in before.iter().filter(|it| !needed_after.contains(&it.keys())) {
            let kept: Vec<_> = after.iter().filter(|other| other.needs_no_more_than(alternative)).collect();
            let Some(least) = kept.iter().min_by_key(|other| other.credentials.len()) else { continue };
            if kept.iter().all(|other| needed_before.contains(&other.keys())) {
                let names = alternative.describe(false).join(" and ");
                let reason = match least.describe(false).as_slice() {
                    [] => "requests without authentication are still accepted".to_owned(),
                    schemes => with_verb(schemes, ["alone still suffices", "alone still suffice"]),
                };
                let message = format!("the alternative {names} was removed: {reason}");
                self.record("security-redundant-removed", Verdict::Compatible, &alternative.node, message);
            }
        }
    }

    /// Compares the `security` of a webhook or callback. That of the document is ignored: it applies to requests to the API only.
    pub(super) fn compare_webhook_security(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let (old, new) = (old.member("security"), new.member("security"));
        let own = |node: &Node<'a>, document: &Value| match node.is_present() {
            true => list_alternatives(node, &document["components"]["securitySchemes"]),
            false => vec![Alternative { node: node.clone(), credentials: BTreeMap::new() }],
        };
        let (before, after) = (own(&old, self.old.document()), own(&new, self.new.document()));
        if list_keys(&before) == list_keys(&after) {
            return;
        }
        // A webhook receiver that checks some credentials also accepts requests with additional ones.
        let is_known = |it: &&Alternative<'_>| before.iter().any(|other| other.needs_no_more_than(it));
        let is_empty = |it: &Alternative<'a>| it.credentials.is_empty();
        let describe = |alternatives: &[Alternative<'a>]| match alternatives {
            these if these.iter().all(is_empty) => "not authenticated".to_owned(),
            these => {
                let or_not = if these.iter().any(is_empty) { " or not at all" } else { "" };
                format!("authenticated by {}{or_not}", join_alternatives(these.iter()))
            }
        };
        let sender = if old.pointer.starts_with("/webhooks/") { "webhook" } else { "callback" };
        let what = format!("requests of the {sender} were {} and are {}", describe(&before), describe(&after));
        let (rule, verdict, consequence) = match after.iter().all(|it| is_known(&it)) {
            true => ("webhook-security-narrowed", Verdict::Compatible, "receivers still accept them"),
            false => ("webhook-security-widened", Verdict::Breaking, "receivers that verify them may reject them"),
        };
        self.record(rule, verdict, choose_present(&old, &new), format!("{what}: {consequence}"));
    }

    /// Describes how the schemes of an alternative are defined now, and where.
    fn describe_redefinition(&self, old: &Alternative<'a>, new: &Alternative<'a>) -> (Node<'a>, String) {
        let [old_schemes, new_schemes] = [Document::Vendored, Document::Candidate]
            .map(|document| self.root(document).member("components").member("securitySchemes"));
        let (mut node, mut differences) = (new.node.clone(), Vec::new());
        for before in old.schemes() {
            let Some(after) = new.schemes().find(|after| after.name == before.name) else { continue };
            let [mut old, mut new] = [old_schemes.member(&before.name), new_schemes.member(&after.name)];
            if before.credential != after.credential {
                node = choose_present(&old, &new).clone();
                differences.push(format!(
                    "{} was {} and is {}",
                    quote(&before.name),
                    before.credential,
                    after.credential
                ));
                continue;
            }
            if let Some(flow) = &before.flow {
                [old, new] = [old, new].map(|scheme| scheme.member("flows").member(flow));
            }
            for key in ["authorizationUrl", "tokenUrl", "openIdConnectUrl"] {
                let [old_url, new_url] = [&old, &new].map(|holder| holder.text(key).unwrap_or_default());
                if old_url != new_url {
                    node = if new.member(key).is_present() { new.member(key) } else { new.clone() };
                    differences.push(format!(
                        "`{key}` of {} was {} and is {}",
                        quote(&before.name),
                        quote(old_url),
                        quote(new_url)
                    ));
                }
            }
        }
        (node, differences.join("; "))
    }

    /// Returns the names of the schemes whose type differs between the documents.
    fn schemes_of_other_type(&self) -> BTreeSet<&'a str> {
        let [old, new] = [self.old, self.new].map(|normal| &normal.document()["components"]["securitySchemes"]);
        let all = [old, new].map(|schemes| schemes.as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
        all.into_iter().flatten().filter(|name| old[*name]["type"] != new[*name]["type"]).collect()
    }

    /// Returns the first flow that an alternative uses in one document, and that the scheme of the same name lacks in the other.
    fn flow_of_one(&self, alternative: &Alternative<'a>, [document, other]: [Document; 2]) -> Option<Node<'a>> {
        let flows = |root: Node<'a>, scheme: &Scheme| {
            root.member("components").member("securitySchemes").member(&scheme.name).member("flows")
        };
        alternative.schemes().find_map(|scheme| {
            let flow = scheme.flow.as_ref()?;
            let others = flows(self.root(other), scheme);
            let is_of_one = others.is_present() && !others.member(flow).is_present();
            is_of_one.then(|| flows(self.root(document), scheme).member(flow))
        })
    }

    /// Compares the parts of schemes that do not change what is sent, and the scopes that a client can ask for.
    pub(super) fn compare_schemes(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let mut before = old.members();
        for (name, scheme) in new.members() {
            let Some(old) = before.remove(name) else { continue };
            let elsewhere = ["type", "scheme", "in", "name", "flows", "openIdConnectUrl"];
            self.compare_members(&old, &scheme, &["description", "bearerFormat"], &elsewhere);
            let [old_flows, new_flows] = [&old, &scheme].map(|it| it.member("flows"));
            self.compare_annotations(&old_flows, &new_flows, &[]);
            let mut flows = old_flows.members();
            for (flow_name, flow) in new_flows.members().into_iter().filter(|(name, _)| !name.starts_with("x-")) {
                let Some(old) = flows.remove(flow_name) else { continue };
                self.compare_members(&old, &flow, &[], &["scopes", "authorizationUrl", "tokenUrl", "refreshUrl"]);
                self.compare_scopes(name, &old, &flow);
                self.compare_refresh_url(name, &old, &flow);
            }
        }
    }

    fn compare_scopes(&mut self, scheme: &str, old: &Node<'a>, new: &Node<'a>) {
        let mut before = old.member("scopes").members();
        for (name, scope) in new.member("scopes").members() {
            match before.remove(name) {
                Some(old) if old.value != scope.value => {
                    self.record_documentation("scopes", &new.member("scopes"), [true; 2])
                }
                Some(_) => {}
                None => {
                    let message = format!("the scope {} was added to {}", quote(name), quote(scheme));
                    self.record("scope-added", Verdict::Compatible, &scope, message);
                }
            }
        }
        for (name, scope) in before {
            let message = format!(
                "the scope {} was removed from {}: requests for a token with it may be rejected",
                quote(name),
                quote(scheme)
            );
            self.record("scope-removed", Verdict::Breaking, &scope, message);
        }
    }

    /// Compares the `refreshUrl` of a flow. If it was removed, clients refresh their tokens at the `tokenUrl` (RFC 6749, section 6).
    /// Existing clients do not use one that was added.
    fn compare_refresh_url(&mut self, scheme: &str, old: &Node<'a>, flow: &Node<'a>) {
        let (old, new) = (old.member("refreshUrl"), flow.member("refreshUrl"));
        let current = if new.is_present() { new.clone() } else { flow.member("tokenUrl") };
        if !old.is_present() || normalize_text(old.value) == normalize_text(current.value) {
            return;
        }
        let [old_url, new_url] = [&old, &new].map(|url| quote(url.value.as_str().unwrap_or_default()));
        let of = format!("`refreshUrl` of {}", quote(scheme));
        let what = if new.is_present() {
            format!("{of} was {old_url} and is {new_url}")
        } else {
            format!("{of} {old_url} was removed")
        };
        let message = format!("{what}: tokens can no longer be refreshed at the old URL");
        self.record("refresh-url-changed", Verdict::Breaking, choose_present(&old, &new), message);
    }
}

/// Returns the keys of the credentials of each alternative.
fn list_keys<'p>(alternatives: &'p [Alternative<'_>]) -> BTreeSet<Vec<&'p str>> {
    alternatives.iter().map(Alternative::keys).collect()
}

/// Returns alternatives by the names, flows and scopes of their schemes; of several, the first.
fn map_by_declaration<'p, 'a>(
    alternatives: &'p [Alternative<'a>],
    other_type: &BTreeSet<&str>,
) -> BTreeMap<Declaration<'p>, &'p Alternative<'a>> {
    alternatives.iter().rev().map(|alternative| (alternative.declaration(other_type), alternative)).collect()
}

/// Returns the alternatives of requirements. A client uses one of the flows of a scheme, so that each is an alternative.
fn list_alternatives<'a>(security: &Node<'a>, schemes: &Value) -> Vec<Alternative<'a>> {
    let mut alternatives = Vec::new();
    for node in security.items() {
        let mut credentials = vec![BTreeMap::new()];
        for (name, scopes) in node.members() {
            let with_scheme = |present: &BTreeMap<String, Credential>, (fingerprint, scheme): &(String, Scheme)| {
                let scopes = scopes.value.as_array().into_iter().flatten().filter_map(Value::as_str);
                let scopes = scopes.map(|name| {
                    let scope = Credential::Scope { scheme: scheme.name.clone(), name: name.to_owned() };
                    (format!("{fingerprint} {name}"), scope)
                });
                let scheme = (fingerprint.clone(), Credential::Scheme(scheme.clone()));
                present.clone().into_iter().chain(scopes).chain([scheme]).collect()
            };
            let mut fingerprints = list_fingerprints(name, &schemes[name]);
            if credentials.len() * fingerprints.len() > MAX_ALTERNATIVES {
                fingerprints = combine_flows(fingerprints);
            }
            credentials =
                credentials.iter().flat_map(|one| fingerprints.iter().map(|it| with_scheme(one, it))).collect();
        }
        alternatives.extend(credentials.into_iter().map(|credentials| Alternative { node: node.clone(), credentials }));
    }
    alternatives
}

/// Combines the flows of a scheme, so that it is one alternative.
fn combine_flows(fingerprints: Vec<(String, Scheme)>) -> Vec<(String, Scheme)> {
    let fingerprint = fingerprints.iter().map(|(fingerprint, _)| fingerprint.as_str()).collect::<Vec<_>>().join(" or ");
    let scheme = fingerprints.into_iter().next().map(|(_, scheme)| Scheme { flow: None, ..scheme });
    scheme.into_iter().map(|scheme| (fingerprint.clone(), scheme)).collect()
}

/// Returns what a client sends for a scheme (OpenAPI 3.1.1, section 4.8.27).
fn describe_credential(scheme: &Value) -> String {
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

/// Returns the identity of a scheme by what is sent, for each of its flows. The refresh URL does not count: requests do not depend on it.
/// Names of headers are case-insensitive (RFC 9110, section 5.1).
fn list_fingerprints(name: &str, scheme: &Value) -> Vec<(String, Scheme)> {
    let with_flow = |credential: String, flow: Option<&str>| Scheme {
        name: name.to_owned(),
        credential,
        flow: flow.map(str::to_owned),
    };
    if !scheme.is_object() {
        return vec![(name.to_owned(), with_flow("an unknown scheme".to_owned(), None))];
    }
    let fingerprint = |flow: Value| {
        let text = |key: &str| scheme[key].as_str();
        let discovery = normalize_text(&scheme["openIdConnectUrl"]);
        let key =
            text("name").map(|key| if text("in") == Some("header") { key.to_lowercase() } else { key.to_owned() });
        json!([text("type"), text("scheme"), text("in"), key, discovery, flow]).to_string()
    };
    let flows = scheme["flows"].as_object().into_iter().flatten().filter(|(name, _)| !name.starts_with("x-"));
    let flows = flows.map(|(name, flow)| {
        let urls = [&flow["authorizationUrl"], &flow["tokenUrl"]].map(normalize_text);
        (fingerprint(json!([name, urls])), with_flow(describe_credential(scheme), Some(name)))
    });
    let flows: Vec<_> = flows.collect();
    if flows.is_empty() {
        vec![(fingerprint(Value::Null), with_flow(describe_credential(scheme), None))]
    } else {
        flows
    }
}

fn normalize_text(url: &Value) -> Option<String> {
    url.as_str().map(normalize_url)
}
