//! Servers, compared by the URLs that a client can build from them.

use std::collections::{BTreeMap, BTreeSet};

use super::matching::{Matched, same_schema};
use super::schema::effect_on_values;
use super::{Comparison, Direction, Document, Effect, Node, Verdict, quote};
use openapi_refinery::pointer::last_token;
use openapi_refinery::{Normal, expand_server_url, normalize_url};

/// Maximum number of URLs of a server that are listed. The normal form limits the length of each.
const MAX_URLS: usize = 1_000;

/// The consequence of another default.
const OTHER_SERVER: &str = "requests that rely on it go to another server";

/// Stands for any value of a variable.
const ANY_VALUE: &str = "{}";

/// How the URLs of two servers differ.
#[derive(Clone, Copy)]
struct Differences {
    /// Whether a URL of the old server is not a URL of any new server.
    has_removed_urls: bool,
    /// Whether a URL of the new server is not a URL of any old server.
    has_added_urls: bool,
    has_other_default: bool,
}

impl<'a> Comparison<'a> {
    /// Compares the servers of an operation, or of the document where it has none of its own.
    pub(super) fn compare_servers(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let [before, after] = [(old, Document::Vendored), (new, Document::Candidate)].map(|(operation, document)| {
            let own = operation.member("servers");
            if own.is_present() { own.items() } else { self.root(document).member("servers").items() }
        });
        if before.iter().map(|it| it.value).eq(after.iter().map(|it| it.value)) {
            return;
        }
        let [urls_before, urls_after] = [&before, &after].map(|servers| map_by_pointer(servers, list_urls));
        let [old_urls, new_urls] =
            [&urls_before, &urls_after].map(|urls| urls.values().flatten().collect::<BTreeSet<_>>());
        let has_removed_urls =
            |server: &Node<'_>| urls_before[&server.pointer].iter().any(|url| !new_urls.contains(url));
        let has_added_urls = |server: &Node<'_>| urls_after[&server.pointer].iter().any(|url| !old_urls.contains(url));
        let [old_defaults, new_defaults] = [&before, &after].map(|servers| map_by_pointer(servers, default_url));
        let same_default = |old: &Node<'_>, new: &Node<'_>| old_defaults[&old.pointer] == new_defaults[&new.pointer];
        let firsts = before.first().cloned().zip(after.first().cloned());
        let Matched { pairs, mut removed, added } =
            Matched::of(before, after, &[&same_schema, &same_template, &same_default]);
        // If the first servers are a pair, the defaults of their variables differ, which `compare_server` records.
        let is_pair = |first: &[&Node<'_>; 2]| {
            pairs.iter().any(|(old, new)| [&old.pointer, &new.pointer] == first.map(|it| &it.pointer))
        };
        let replaced =
            firsts.filter(|(old, new)| !same_default(old, new) && !has_removed_urls(old) && !is_pair(&[old, new]));
        if let Some((old, new)) = &replaced {
            self.record_replaced_server(old, new);
        }
        for (old, new) in pairs {
            let differences = Differences {
                has_removed_urls: has_removed_urls(&old),
                has_added_urls: has_added_urls(&new),
                has_other_default: !same_default(&old, &new),
            };
            if !self.compare_server(&old, &new, differences) && differences.has_removed_urls {
                removed.push(old);
            }
        }
        for server in removed.iter().filter(|server| has_removed_urls(server)) {
            let message =
                format!("the server {} was removed: requests to it may fail", published_url(self.old, server));
            self.record("server-removed", Verdict::Breaking, server, message);
        }
        let is_recorded = |server: &Node<'_>| replaced.as_ref().is_some_and(|(_, new)| new.pointer == server.pointer);
        for server in added.iter().filter(|server| has_added_urls(server) && !is_recorded(server)) {
            let message = format!("the server {} was added", published_url(self.new, server));
            self.record("server-added", Verdict::Compatible, server, message);
        }
    }

    /// Records that another server is now the first one, to which requests are sent by default.
    fn record_replaced_server(&mut self, old: &Node<'a>, new: &Node<'a>) {
        let [was, is] = [published_url(self.old, old), published_url(self.new, new)];
        let message = format!("the first server was {was} and is {is}: {OTHER_SERVER}");
        self.record("server-default-changed", Verdict::Breaking, new, message);
    }

    /// Compares two servers that have the same URL template, or the same URL once defaults are inserted. Returns whether a difference of
    /// their variables was recorded.
    fn compare_server(&mut self, old: &Node<'a>, new: &Node<'a>, differences: Differences) -> bool {
        self.compare_members(old, new, &["description"], &["url", "variables"]);
        let is_same = same_template(old, new);
        let (mut before, after) = (list_variables(old, is_same), list_variables(new, is_same));
        let mut is_recorded = false;
        for (position, variable) in after {
            match before.iter().position(|(it, _)| *it == position) {
                Some(index) => is_recorded |= self.compare_variable(&before.remove(index).1, &variable, differences),
                None if differences.has_added_urls && list_values(&variable).len() > 1 => {
                    let what = format!("the server variable {} was added", variable_name(self.new, &variable));
                    self.record_effect("server-variable", Effect::Widens, &variable, &what, Direction::Request);
                    is_recorded = true;
                }
                None => {}
            }
        }
        // Without the variable, only its default is left.
        for (_, variable) in
            before.into_iter().filter(|(_, variable)| differences.has_removed_urls && list_values(variable).len() > 1)
        {
            let name = variable_name(self.old, &variable);
            let what = format!("the values of the server variable {name} are reduced to its default");
            self.record_effect("server-variable", Effect::Narrows, &variable, &what, Direction::Request);
            is_recorded = true;
        }
        is_recorded
    }

    /// Compares two variables. Returns whether a difference of their values was recorded.
    fn compare_variable(&mut self, old: &Node<'a>, new: &Node<'a>, differences: Differences) -> bool {
        self.compare_members(old, new, &["description"], &["default", "enum"]);
        let name = variable_name(self.new, new);
        // A value counts only if its URLs are not also those of another server.
        let effect = effect_on_values(old, new).and_then(|effect| {
            match (differences.has_removed_urls, differences.has_added_urls) {
                (true, true) => Some(effect),
                (true, false) => Some(Effect::Narrows).filter(|_| effect != Effect::Widens),
                (false, true) => Some(Effect::Widens).filter(|_| effect != Effect::Narrows),
                (false, false) => None,
            }
        });
        if let Some(effect) = effect {
            let list = |variable| match list_values(variable) {
                values if values.contains(ANY_VALUE) => "any value".to_owned(),
                values => values.into_iter().map(quote).collect::<Vec<_>>().join(", "),
            };
            let what = format!("the values of the server variable {name} changed from {} to {}", list(old), list(new));
            self.record_effect("server-variable", effect, new, &what, Direction::Request);
        }
        let [old_default, new_default] = [old, new].map(|variable| variable.text("default").unwrap_or_default());
        let has_other_default = differences.has_other_default && old_default != new_default;
        if has_other_default && !matches!(effect, Some(Effect::Narrows | Effect::Both)) {
            let message = format!(
                "the default of the server variable {name} was {} and is {}: {OTHER_SERVER}",
                quote(old_default),
                quote(new_default)
            );
            self.record("server-default-changed", Verdict::Breaking, new, message);
        }
        has_other_default || effect.is_some()
    }
}

fn same_template(old: &Node<'_>, new: &Node<'_>) -> bool {
    old.text("url") == new.text("url")
}

/// Maps the pointer of each server to the result of `of`.
fn map_by_pointer<T>(servers: &[Node<'_>], of: fn(&Node<'_>) -> T) -> BTreeMap<String, T> {
    servers.iter().map(|server| (server.pointer.clone(), of(server))).collect()
}

/// Inserts the defaults of the variables of a server into a text.
fn insert_defaults(server: &Node<'_>, text: &str) -> String {
    let variables = server.member("variables");
    expand_server_url(text, |name| {
        let variable = variables.member(name);
        variable.is_present().then(|| variable.text("default").unwrap_or_default().to_owned())
    })
}

fn default_url(server: &Node<'_>) -> String {
    url_key(&insert_defaults(server, server.text("url").unwrap_or_default()))
}

/// Returns a URL in the form that equivalent ones share. Paths are appended, so that a slash at the end makes no difference.
fn url_key(url: &str) -> String {
    normalize_url(url).trim_end_matches('/').to_owned()
}

/// Returns the values of a variable.
fn list_values<'v>(variable: &Node<'v>) -> BTreeSet<&'v str> {
    let listed = variable.member("enum");
    let values = listed.items().into_iter().filter_map(|it| it.value.as_str()).chain(variable.text("default"));
    let mut values: BTreeSet<&str> = values.collect();
    if !listed.is_present() || values.is_empty() {
        values.insert(ANY_VALUE);
    }
    values
}

/// Returns the URLs of a server. If there are more than [`MAX_URLS`], one text stands for all of them.
fn list_urls(server: &Node<'_>) -> BTreeSet<String> {
    let template = server.text("url").unwrap_or_default();
    let variables = server.member("variables").members().into_iter();
    let choices: Vec<(&str, Vec<&str>)> =
        variables.map(|(name, variable)| (name, list_values(&variable).into_iter().collect())).collect();
    let count = choices.iter().try_fold(1, |count: usize, (_, values)| count.checked_mul(values.len()));
    let Some(count) = count.filter(|count| *count <= MAX_URLS) else {
        return BTreeSet::from([format!("{template} {choices:?}")]);
    };
    let url = |mut index: usize| {
        let mut chosen = BTreeMap::new();
        for (name, values) in &choices {
            chosen.insert(*name, values[index % values.len()]);
            index /= values.len();
        }
        url_key(&expand_server_url(template, |name| chosen.get(name).map(ToString::to_string)))
    };
    (0..count).map(url).collect()
}

/// Returns the variables of a server by their position: in its template, or in its URL with defaults, where several may be at one.
fn list_variables<'a>(server: &Node<'a>, in_template: bool) -> Vec<(usize, Node<'a>)> {
    let template = server.text("url").unwrap_or_default();
    let before = |name: &str| template.split(&format!("{{{name}}}")).next().unwrap_or_default();
    let mut variables: Vec<_> = server.member("variables").members().into_iter().collect();
    variables.sort_by_cached_key(|(name, _)| before(name).len());
    let position = |name| if in_template { before(name).len() } else { insert_defaults(server, before(name)).len() };
    variables.into_iter().map(|(name, variable)| (position(name), variable)).collect()
}

/// Returns the URL of a server with the names of its variables in the document.
fn published_url(normal: &Normal, server: &Node<'_>) -> String {
    let variables = server.member("variables");
    expand_server_url(server.text("url").unwrap_or_default(), |name| {
        let variable = variables.member(name);
        variable.is_present().then(|| format!("{{{}}}", last_token(&normal.origin(&variable.pointer))))
    })
}

/// Returns the name of a variable in the document.
fn variable_name(normal: &Normal, variable: &Node<'_>) -> String {
    quote(&last_token(&normal.origin(&variable.pointer)))
}
