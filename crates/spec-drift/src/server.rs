//! Servers, compared by the URLs that a client can build from them.

use std::collections::{BTreeMap, BTreeSet};

use super::alternatives::{Matched, same_schema};
use super::operation::{last_segment, root};
use super::schema::effect_on_values;
use super::{Comparison, Direction, Document, Effect, Place, Verdict, quoted};
use openapi_refinery::Normal;

/// Number of URLs up to which the variables of a server are expanded.
const MAX_URLS: usize = 1_000;

impl<'a> Comparison<'a> {
    /// Compares the servers of an operation, or of the document where it has none of its own.
    pub(super) fn servers(&mut self, old: &Place<'a>, new: &Place<'a>) {
        let of = |operation: &Place<'a>, root: Place<'a>| {
            let own = operation.member("servers");
            if own.is_present() { own.items() } else { root.member("servers").items() }
        };
        let (before, after) = (of(old, root(self.old, Document::Vendored)), of(new, self.root()));
        let [were, are] = [&before, &after].map(|servers| servers.iter().flat_map(urls).collect::<BTreeSet<_>>());
        let same_default = |old: &Place<'_>, new: &Place<'_>| default_url(old) == default_url(new);
        let Matched { pairs, gone, added } = Matched::of(before, after, &[&same_schema, &same_template, &same_default]);
        for (old, new) in pairs {
            self.server(&old, &new, [!urls(&old).is_subset(&are), !urls(&new).is_subset(&were)]);
        }
        for server in gone.iter().filter(|server| !urls(server).is_subset(&are)) {
            let message = format!("the server {} was removed: requests to it may fail", spelled(self.old, server));
            self.note("server-removed", Verdict::Breaking, server, message);
        }
        for server in added.iter().filter(|server| !urls(server).is_subset(&were)) {
            let message = format!("the server {} was added", spelled(self.new, server));
            self.note("server-added", Verdict::Compatible, server, message);
        }
    }

    /// Compares two servers of one template, or of one URL with the defaults of variables. `differs` is whether
    /// the candidate lacks some URL of the old server, and whether the vendored document lacked some URL of the new one.
    fn server(&mut self, old: &Place<'a>, new: &Place<'a>, differs: [bool; 2]) {
        let [is_lost, is_gained] = differs;
        self.members(old, new, &["description"], &["url", "variables"]);
        let is_same = same_template(old, new);
        let (mut before, after) = (variables(old, is_same), variables(new, is_same));
        for (position, variable) in after {
            match before.remove(&position) {
                Some(old) => self.variable(&old, &variable, differs),
                None if is_gained && values(&variable).len() > 1 => {
                    let what = format!("the server variable {} was added", variable_name(self.new, &variable));
                    self.effect("server-variable", Effect::Widens, &variable, &what, Direction::Request);
                }
                None => {}
            }
        }
        // Without the variable, only its default is left.
        for variable in before.into_values().filter(|variable| is_lost && values(variable).len() > 1) {
            let name = variable_name(self.old, &variable);
            let what = format!("the values of the server variable {name} are reduced to its default");
            self.effect("server-variable", Effect::Narrows, &variable, &what, Direction::Request);
        }
    }

    fn variable(&mut self, old: &Place<'a>, new: &Place<'a>, differs: [bool; 2]) {
        self.members(old, new, &["description"], &["default", "enum"]);
        let name = variable_name(self.new, new);
        // Other servers may have what is removed or added here.
        let effect = effect_on_values(old, new).and_then(|effect| match differs {
            [true, true] => Some(effect),
            [true, false] => Some(Effect::Narrows).filter(|_| effect != Effect::Widens),
            [false, true] => Some(Effect::Widens).filter(|_| effect != Effect::Narrows),
            [false, false] => None,
        });
        if let Some(effect) = effect {
            let list = |variable| values(variable).into_iter().map(quoted).collect::<Vec<_>>().join(", ");
            let what = format!("the values of the server variable {name} were {} and are {}", list(old), list(new));
            self.effect("server-variable", effect, new, &what, Direction::Request);
        }
        let [was, is] = [old, new].map(|variable| variable.text("default").unwrap_or_default());
        if was != is && !matches!(effect, Some(Effect::Narrows | Effect::Both)) {
            let message = format!(
                "the default of the server variable {name} was {} and is {}: requests that rely on it go to another server",
                quoted(was),
                quoted(is)
            );
            self.note("server-default-changed", Verdict::Breaking, new, message);
        }
    }
}

fn same_template(old: &Place<'_>, new: &Place<'_>) -> bool {
    old.text("url") == new.text("url")
}

/// Returns a text of a server with the defaults of its variables.
fn with_defaults(server: &Place<'_>, text: &str) -> String {
    let variables = server.member("variables").members().into_iter();
    variables.fold(text.to_owned(), |text, (name, variable)| {
        text.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default())
    })
}

fn default_url(server: &Place<'_>) -> String {
    with_defaults(server, server.text("url").unwrap_or_default())
}

/// Returns the values of a variable; `{}` stands for any other one.
fn values<'v>(variable: &Place<'v>) -> BTreeSet<&'v str> {
    let listed = variable.member("enum");
    let values = listed.items().into_iter().filter_map(|it| it.value.as_str());
    values.chain(variable.text("default")).chain((!listed.is_present()).then_some("{}")).collect()
}

/// Returns the URLs of a server. If there are more than [`MAX_URLS`], the values of a variable are not expanded.
fn urls(server: &Place<'_>) -> BTreeSet<String> {
    let template = BTreeSet::from([server.text("url").unwrap_or_default().to_owned()]);
    server.member("variables").members().into_iter().fold(template, |urls, (name, variable)| {
        let values = values(&variable);
        let all = format!("{values:?}");
        let values = if urls.len() * values.len() > MAX_URLS { BTreeSet::from([all.as_str()]) } else { values };
        let with =
            |value: &&str| urls.iter().map(|url| url.replace(&format!("{{{name}}}"), value)).collect::<BTreeSet<_>>();
        values.iter().flat_map(with).collect()
    })
}

/// Returns the variables of a server by their position: in its template, or in its URL with defaults.
fn variables<'a>(server: &Place<'a>, in_template: bool) -> BTreeMap<usize, Place<'a>> {
    let template = server.text("url").unwrap_or_default();
    let position = |name: &str| {
        let before = template.split(&format!("{{{name}}}")).next().unwrap_or_default();
        if in_template { before.len() } else { with_defaults(server, before).len() }
    };
    server.member("variables").members().into_iter().map(|(name, variable)| (position(name), variable)).collect()
}

/// Returns the URL of a server with the names of its variables in the document.
fn spelled(normal: &Normal, server: &Place<'_>) -> String {
    let url = server.text("url").unwrap_or_default().to_owned();
    server.member("variables").members().into_iter().fold(url, |url, (name, variable)| {
        let spelled = last_segment(&normal.origin(&variable.pointer));
        url.replace(&format!("{{{name}}}"), &format!("{{{spelled}}}"))
    })
}

/// Returns the name of a variable in the document.
fn variable_name(normal: &Normal, variable: &Place<'_>) -> String {
    quoted(&last_segment(&normal.origin(&variable.pointer)))
}
