//! Normalization of servers (OpenAPI 3.1.1, sections 4.8.5 and 4.8.6).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Node, Normalizer};

/// Maximum length of an expanded server URL, in bytes, which RFC 9110, section 4.1, recommends to support. A template can repeat variables,
/// so that expanded URLs are much longer than the document.
const MAX_URL: usize = 8_000;

impl<'a> Normalizer<'a> {
    /// Adds the servers of an operation or its path item, unless they equal those of the document.
    pub(super) fn insert_servers(
        &mut self,
        node: &Node<'a>,
        path_item: &[Node<'a>],
        operation: &mut Map<String, Value>,
    ) {
        let holder = std::iter::once(node).chain(path_item).find(|holder| holder.value.get("servers").is_some());
        let Some(holder) = holder else { return };
        let servers = holder.member("servers").at(node.member("servers").to);
        self.origins.set(&servers.to, &servers.from);
        let own = self.normalize_servers(&servers);
        let root = Node::of(self.document, String::new(), "/servers".to_owned());
        if own != self.normalize_servers(&root.member("servers").at("/servers".to_owned())) {
            operation.insert("servers".to_owned(), own);
        }
    }

    /// Normalizes servers. An empty list is one server at `/` (OpenAPI 3.1.1, section 4.8.1).
    pub(super) fn normalize_servers(&mut self, node: &Node<'a>) -> Value {
        let servers = self.normalize_items(node, Self::normalize_server);
        if servers == json!([]) { json!([{ "url": "/" }]) } else { servers }
    }

    /// Normalizes a server. Its variables are numbered, and unused ones are removed. So is a trailing slash, since paths are appended.
    fn normalize_server(&mut self, node: &Node<'a>) -> Value {
        let (template, variables) = (node.text("url"), node.member("variables"));
        let length = longest_url(template, variables.value);
        if length > MAX_URL {
            let problem = format!("with its variables, the URL has {length} bytes; the limit is {MAX_URL}");
            return self.reject(&node.member("url"), problem, "shorten the values or repeat them less often");
        }
        let is_declared = |name: &str| variables.value.get(name).is_some();
        // An undeclared variable keeps its name, which may be a number.
        let is_free = |number: &String| is_declared(number) || !template.contains(&format!("{{{number}}}"));
        let mut numbers = (1..).map(|number: usize| number.to_string()).filter(is_free);
        let mut numbered: BTreeMap<String, String> = BTreeMap::new();
        let url = expand_server_url(template, |name| {
            let next = || numbers.next().unwrap_or_default();
            is_declared(name).then(|| format!("{{{}}}", numbered.entry(name.to_owned()).or_insert_with(next)))
        });
        let mut server = self.copy_members(node, &["url", "variables"], &[]);
        let url = if url.len() > 1 { url.trim_end_matches('/') } else { "/" };
        server.insert("url".to_owned(), url.into());
        let mut normal = Map::new();
        for (name, number) in numbered {
            let variable = variables.member(&name);
            self.origins.set(&format!("{}/{number}", variables.to), &variable.from);
            let mut variable = self.copy_members(&variable, &[], &[]);
            if let Some(Value::Array(values)) = variable.get_mut("enum") {
                values.sort_by_cached_key(Value::to_string);
            }
            normal.insert(number, variable.into());
        }
        if !normal.is_empty() {
            server.insert("variables".to_owned(), normal.into());
        }
        server.into()
    }
}

/// Returns the length of the URL of a server with the longest values of its variables.
fn longest_url(template: &str, variables: &Value) -> usize {
    let longest = |name: &str| {
        let variable = variables.get(name)?;
        let values = variable["enum"].as_array().into_iter().flatten().chain(variable.get("default"));
        values.filter_map(Value::as_str).map(str::len).max()
    };
    let of_part = |part: &str| match part.split_once('}') {
        Some((name, rest)) => longest(name).unwrap_or(name.len()) + rest.len(),
        None => part.len(),
    };
    template.split('{').map(of_part).sum()
}

/// Replaces the variables in the URL of a server, or in a part of it. Values are not expanded again. A variable for which `value` returns
/// `None` is left unchanged.
///
/// ```
/// use openapi_refinery::expand_server_url;
///
/// let url = expand_server_url("https://{region}.example/{version}", |name| (name == "region").then(|| "eu".to_owned()));
/// assert_eq!(url, "https://eu.example/{version}");
/// ```
pub fn expand_server_url(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut parts = template.split('{');
    let mut url = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}').and_then(|(name, rest)| Some((value(name)?, rest))) {
            Some((value, rest)) => url.extend([&value, rest]),
            None => url.extend(["{", part]),
        }
    }
    url
}

/// Normalizes a URL (RFC 3986, sections 6.2.2 and 6.2.3): scheme and host in lower case, no default port, `/` as the empty path, unreserved
/// characters not percent-encoded, and hexadecimal digits of other percent-encoded characters in upper case.
///
/// ```
/// use openapi_refinery::normalize_url;
///
/// assert_eq!(normalize_url("HTTPS://Shelves.Example:443/V1"), "https://shelves.example/V1");
/// assert_eq!(normalize_url("https://shelves.example"), "https://shelves.example/");
/// assert_eq!(normalize_url("/v1"), "/v1");
/// assert_eq!(normalize_url("/%7Eshelf%2fa"), "/~shelf%2Fa");
/// ```
pub fn normalize_url(url: &str) -> String {
    let url = &decode_unreserved(url);
    let is_scheme = |text: &str| text.chars().all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char));
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        return url.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (scheme, host) = (scheme.to_lowercase(), host.to_lowercase());
    let default_port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => ":",
    };
    let host = host.strip_suffix(default_port).unwrap_or(&host);
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{scheme}://{user}{host}{slash}{path}")
}

/// Decodes percent-encoded characters that are unreserved (RFC 3986, section 6.2.2.2), and writes the digits of others in upper case.
fn decode_unreserved(url: &str) -> String {
    let mut parts = url.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        match (digits, byte) {
            (Some(_), Some(char)) if char.is_ascii_alphanumeric() || "-._~".contains(char) => decoded.push(char),
            (Some(digits), _) => decoded.extend(["%", &digits.to_uppercase()]),
            _ => decoded.push('%'),
        }
        decoded.push_str(&part[digits.map_or(0, str::len)..]);
    }
    decoded
}
