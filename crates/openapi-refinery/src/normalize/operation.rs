//! Normalization of paths, operations, parameters, bodies, responses and security.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value, json};

use super::keywords::is_annotation;
use super::media_type::{canonical_media_type, is_json, is_xml};
use super::reference::{chain, is_reference, target};
use super::value_kinds::{describe_value, join_alternatives};
use super::{MAX_CALLBACKS, METHODS, Node, Normalizer};
use crate::pointer::{escape, last_token};

/// Header parameters of these names are ignored: other parts of the document determine their values (OpenAPI 3.1.1, section 4.8.12.2.1).
const IGNORED_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The locations of parameters. Those that identify a resource come first.
pub(crate) const LOCATIONS: [&str; 4] = ["path", "query", "header", "cookie"];

/// Returns names with their normal form. If several names have the same one, only the first is normalized, so that none is lost.
fn normalize_names<'n>(
    names: impl Iterator<Item = &'n String>,
    normal: fn(&str) -> String,
) -> Vec<(&'n String, String)> {
    let mut names: Vec<(&String, String)> = names.map(|name| (name, normal(name))).collect();
    names.sort_by_key(|(name, normal)| (*name != normal, *name));
    let mut taken = BTreeSet::new();
    let free = |(name, normal): (&'n String, String)| {
        let is_free = taken.insert(normal.clone());
        (name, if is_free { normal } else { name.clone() })
    };
    names.into_iter().map(free).collect()
}

impl<'a> Normalizer<'a> {
    /// Normalizes paths (OpenAPI 3.1.1, section 4.8.8).
    pub(super) fn normalize_paths(&mut self, node: &Node<'a>) -> Value {
        let mut paths = Map::new();
        for (path, value) in self.expect_members(node).into_iter().flatten() {
            let item = node.member(path);
            if path.starts_with("x-") {
                paths.insert(path.clone(), value.clone());
            } else if path.starts_with('/') {
                paths.insert(path.clone(), self.normalize_path_item(&item, Some(path)));
            } else {
                let remedy = format!("write `/{path}`");
                self.reject(&item, format!("the path `{path}` does not begin with `/`"), &remedy);
            }
        }
        paths.into()
    }

    /// Normalizes a path item (OpenAPI 3.1.1, section 4.8.9). `path` is `None` for a webhook or callback, whose requests the API sends.
    /// Members beside a `$ref` take precedence over those of its target.
    pub(super) fn normalize_path_item(&mut self, node: &Node<'a>, path: Option<&str>) -> Value {
        let layers = self.resolve_all(node.clone());
        let mut item = Map::new();
        for layer in &layers {
            for (key, value) in self.expect_members(layer).into_iter().flatten() {
                let part = layer.member(key);
                if item.contains_key(key) || matches!(key.as_str(), "parameters" | "servers" | "$ref") {
                    continue;
                }
                self.origins.set(&part.to, &part.from);
                let is_operation = METHODS.contains(&key.as_str());
                // A value that is not an object is reported or rejected.
                if !is_operation {
                    item.insert(key.clone(), value.clone());
                } else if self.expect_members(&part).is_some() {
                    item.insert(key.clone(), self.normalize_operation(&part, &layers, path));
                }
            }
        }
        item.into()
    }

    /// Normalizes an operation, and adds what its path item and the document define for it (OpenAPI 3.1.1, section 4.8.10).
    /// `path_item` is the path item and those that it refers to.
    fn normalize_operation(&mut self, node: &Node<'a>, path_item: &[Node<'a>], path: Option<&str>) -> Value {
        if !self.count_operation(node) {
            return Value::Null;
        }
        self.origins.set(&node.to, &node.from);
        let elsewhere = ["parameters", "requestBody", "responses", "callbacks", "security", "servers"];
        let mut operation = self.copy_members(node, &elsewhere, &["deprecated"]);
        let parameters = self.normalize_parameters(node, path_item);
        operation.insert("parameters".to_owned(), parameters);
        if node.value.get("requestBody").is_some() {
            let body = self.normalize_request_body(&node.member("requestBody"));
            operation.insert("requestBody".to_owned(), body);
        }
        let responses = self.normalize_members(&node.member("responses"), Self::normalize_response);
        operation.insert("responses".to_owned(), self.upper_case_ranges(responses, node));
        if node.value.get("callbacks").is_some() {
            operation.insert(
                "callbacks".to_owned(),
                self.normalize_members(&node.member("callbacks"), Self::normalize_callback),
            );
        }
        // The document's `security` applies to requests to the API, not to webhooks and callbacks.
        if path.is_some() || node.value.get("security").is_some() {
            operation.insert("security".to_owned(), self.normalize_security(node));
        }
        if path.is_some() {
            self.insert_servers(node, path_item, &mut operation);
        }
        operation.into()
    }

    /// Copies the members of an object, except the `excluded` ones and `flags` that are `false`. A description beside a reference to the
    /// object replaces its own.
    pub(super) fn copy_members(&mut self, node: &Node<'a>, excluded: &[&str], flags: &[&str]) -> Map<String, Value> {
        self.check_members(node);
        let members = self.expect_members(node).into_iter().flatten();
        let kept = members.filter(|(key, value)| {
            let key = key.as_str();
            !(excluded.contains(&key) || flags.contains(&key) && **value == false)
        });
        let mut kept: Map<String, Value> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
        if let Some((from, text)) = &node.description {
            self.origins.set(&node.member("description").to, from);
            kept.insert("description".to_owned(), (*text).clone());
        }
        kept
    }

    /// Normalizes the parameters of an operation, and those of its path item that it does not override (OpenAPI 3.1.1, section 4.8.10.1).
    /// They are sorted.
    fn normalize_parameters(&mut self, node: &Node<'a>, path_item: &[Node<'a>]) -> Value {
        let mut parameters: Vec<Node<'a>> = Vec::new();
        for (depth, holder) in path_item.iter().rev().chain([node]).enumerate() {
            let mut own: Vec<Node<'a>> = Vec::new();
            for (index, item) in self.expect_items(&holder.member("parameters")).into_iter().enumerate() {
                let declaration = item.clone();
                // The reference is resolved before the position in the normal form is known.
                let parameter = self.resolve(item.at(format!("{}/unsorted/{depth}/{index}", node.to)));
                if self.check_parameter(&parameter) {
                    let key = |it: &Node<'_>| (it.text("name").to_owned(), it.text("in").to_owned());
                    if own.iter().any(|it| key(it) == key(&parameter) && it.value != parameter.value) {
                        let effect = "is declared twice: the last declaration is used";
                        self.warn(&declaration, parameter.text("name"), effect);
                    }
                    own.retain(|it| key(it) != key(&parameter));
                    own.push(parameter);
                }
            }
            let key = |it: &Node<'_>| (parameter_name(it), it.text("in").to_owned());
            parameters.retain(|it| own.iter().all(|own| key(own) != key(it)));
            parameters.extend(own);
        }
        parameters.retain(|it| {
            let is_ignored =
                it.text("in") == "header" && IGNORED_PARAMETERS.contains(&it.text("name").to_ascii_lowercase().as_str());
            if is_ignored {
                let effect = "is not sent: media types and security schemes determine this header, so OpenAPI ignores the parameter";
                self.warn(it, it.text("name"), effect);
            }
            !is_ignored
        });
        parameters.sort_by_cached_key(|it| {
            let location = LOCATIONS.iter().position(|location| *location == it.text("in"));
            (location, it.text("name").to_owned())
        });
        let pointer = node.member("parameters").to;
        let parameters = parameters.into_iter().enumerate().map(|(index, it)| {
            let to = format!("{pointer}/{index}");
            self.origins.relocate(&it.to, &to);
            self.normalize_parameter(&it.at(to))
        });
        parameters.collect()
    }

    fn check_parameter(&mut self, node: &Node<'a>) -> bool {
        if self.expect_members(node).is_none() {
            return false;
        }
        let location = node.text("in");
        let name = node.member("name");
        if name.exists && !name.value.is_string() {
            let problem = format!("the name `{}` of the parameter is not text", describe_value(name.value));
            self.reject(node, problem, "put it in quotes");
        } else if node.text("name").is_empty() {
            self.reject(node, "the parameter has no name", "add a `name`");
        } else if !LOCATIONS.contains(&location) {
            let problem = format!("the parameter has the unknown location `in: {location}`");
            self.reject(node, problem, "use `path`, `query`, `header` or `cookie`");
        } else {
            return true;
        }
        false
    }

    /// Normalizes a parameter, without explicit defaults (OpenAPI 3.1.1, section 4.8.12).
    fn normalize_parameter(&mut self, node: &Node<'a>) -> Value {
        self.origins.set(&node.to, &node.from);
        let flags = ["required", "deprecated", "allowReserved", "allowEmptyValue"];
        let location = node.text("in");
        self.check_style(node, location);
        // Only parameters in a query can be empty.
        let ignored: &[&str] = if location == "query" { &[] } else { &["allowEmptyValue"] };
        let mut parameter = self.copy_members(node, &[&["schema", "content"], ignored].concat(), &flags);
        remove_default_style(&mut parameter, if matches!(location, "query" | "cookie") { "form" } else { "simple" });
        if location == "path" {
            if node.value["required"] != true {
                self.warn(node, node.text("name"), "is a path parameter without `required: true`: it is required");
            }
            parameter.insert("required".to_owned(), true.into());
        }
        self.normalize_value(node, &mut parameter);
        parameter.into()
    }

    /// Records a warning about a style that is not defined for the location of a parameter (OpenAPI 3.1.1, section 4.8.12.3).
    fn check_style(&mut self, node: &Node<'a>, location: &str) {
        let style = node.member("style");
        let allowed: &[&str] = match location {
            "path" => &["matrix", "label", "simple"],
            "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            "cookie" => &["form"],
            _ => &["simple"],
        };
        if style.value.as_str().is_some_and(|style| !allowed.contains(&style)) {
            self.warn_about_value(&style, &format!("{} in a {location}", join_alternatives(allowed)));
        }
    }

    /// Normalizes the schema, content and examples of a parameter, header or media type.
    fn normalize_value(&mut self, node: &Node<'a>, normal: &mut Map<String, Value>) {
        let examples = node.member("examples");
        if examples.value.is_object() {
            normal.insert("examples".to_owned(), self.normalize_members(&examples, Self::resolve_example));
        }
        if node.value.get("content").is_some() {
            let content = self.normalize_content(&node.member("content"));
            normal.insert("content".to_owned(), content);
        }
        if node.value.get("schema").is_some() {
            let schema = self.normalize_schema(&node.member("schema"));
            normal.insert("schema".to_owned(), schema);
        }
    }

    /// Removes `type: string` and `format: binary`, which OpenAPI 3.0 uses for raw bytes, from the schema of a body. The schema may have
    /// them itself, or through a `$ref`, or through an `allOf`, `anyOf` or `oneOf` with one member. Annotations and constraints of the
    /// length are kept.
    fn remove_raw_schema(&mut self, node: &Node<'a>, media_type: &mut Map<String, Value>) {
        let Some(schema) = media_type.remove("schema") else { return };
        match others_of_raw(&schema).or_else(|| self.others_of_raw_target(node)) {
            Some(others) if others.is_empty() => {}
            Some(others) => drop(media_type.insert("schema".to_owned(), others.into())),
            None => drop(media_type.insert("schema".to_owned(), schema)),
        }
    }

    /// Follows references, and `allOf`, `anyOf` or `oneOf` with one member. If they lead to the schema of raw bytes, returns its members
    /// without the type and the format. Annotations beside a reference take precedence.
    fn others_of_raw_target(&mut self, node: &Node<'a>) -> Option<Map<String, Value>> {
        let (mut at, mut beside, mut visited) = (node.clone(), BTreeMap::new(), HashSet::new());
        while let Some((from, value)) = self.only_part(&at) {
            if !visited.insert(from.clone()) {
                return None;
            }
            let members = at.value["allOf"].as_array().into_iter().flatten().enumerate();
            let annotating = members.filter(|(_, it)| only_annotates_bytes(it));
            let annotating = annotating.map(|(index, it)| (format!("{}/allOf/{index}", at.from), it));
            for (from, schema) in [(at.from.clone(), at.value)].into_iter().chain(annotating) {
                for (key, value) in self.read_members(schema).filter(|(key, _)| is_annotation_of_bytes(key)) {
                    beside.entry(key).or_insert_with(|| (format!("{from}/{}", escape(key)), value));
                }
            }
            at = Node { from, value, ..at };
        }
        let is_own =
            |key: &String| ["type", "nullable"].contains(&key.as_str()) || is_annotation(key) || constrains_bytes(key);
        let is_scalar = |members: &Map<String, Value>| members.keys().all(is_own);
        if visited.is_empty() || !at.value.as_object().is_some_and(is_scalar) {
            return None;
        }
        let target = self.normalize_schema(&at);
        let raw = others_of_raw(&target);
        if raw.is_none() {
            self.origins.set(&node.to, &node.from);
        }
        let mut others = raw?;
        for (key, (from, value)) in beside {
            self.origins.set(&format!("{}/{}", node.to, escape(key)), &from);
            others.insert(key.clone(), value.clone());
        }
        Some(others)
    }

    /// Returns the only schema that a schema consists of, apart from annotations: the target of its `$ref`, or the member of `allOf`,
    /// `anyOf` or `oneOf`. Members of `allOf` that consist of annotations do not count.
    fn only_part(&self, node: &Node<'a>) -> Option<(String, &'a Value)> {
        let mut parts = self.read_members(node.value).filter(|(key, _)| !is_annotation_of_bytes(key));
        match (parts.next()?, parts.next()) {
            ((key, Value::String(text)), None) if key == "$ref" => target(self.document, &node.from, text).ok(),
            ((key, Value::Array(list)), None) if ["allOf", "anyOf", "oneOf"].contains(&key.as_str()) => {
                let counts = |(_, it): &(usize, &Value)| key != "allOf" || !only_annotates_bytes(it);
                let mut members = list.iter().enumerate().filter(counts);
                let (index, only) = members.next()?;
                members.next().is_none().then(|| (format!("{}/{key}/{index}", node.from), only))
            }
            _ => None,
        }
    }

    /// Resolves an example. One that is in another document remains a reference.
    fn resolve_example(&mut self, node: &Node<'a>) -> Value {
        let is_resolved = chain(self.document, &node.from, node.value, is_reference).is_ok();
        if is_resolved { self.resolve(node.clone()).value.clone() } else { node.value.clone() }
    }

    /// Normalizes a request body (OpenAPI 3.1.1, section 4.8.13).
    fn normalize_request_body(&mut self, node: &Node<'a>) -> Value {
        let node = self.resolve(node.clone());
        let mut body = self.copy_members(&node, &["content"], &["required"]);
        let content = self.normalize_content(&node.member("content"));
        let media_types = content.as_object().into_iter().flat_map(Map::keys);
        let forms = media_types.filter(|media_type| media_type.starts_with("multipart/form-data"));
        self.forms.extend(forms.map(|form| format!("{}/content/{}", node.to, escape(form))));
        // Lowering reports a body that lacks it.
        if node.value.get("content").is_some() || !node.value.is_object() {
            body.insert("content".to_owned(), content);
        }
        body.into()
    }

    /// Normalizes bodies by media type (OpenAPI 3.1.1, section 4.8.14).
    fn normalize_content(&mut self, node: &Node<'a>) -> Value {
        let mut content = Map::new();
        let names = self.expect_members(node).into_iter().flat_map(Map::keys);
        for (name, canonical) in normalize_names(names, canonical_media_type) {
            let media_type = node.member(name);
            let media_type = media_type.at(format!("{}/{}", node.to, escape(&canonical)));
            self.origins.set(&media_type.to, &media_type.from);
            let has_encoding = canonical.starts_with("multipart/") || canonical == "application/x-www-form-urlencoded";
            let mut normal = self.copy_members(&media_type, &["schema", "encoding"], &[]);
            self.normalize_value(&media_type, &mut normal);
            if is_raw(&canonical) {
                self.remove_raw_schema(&media_type.member("schema"), &mut normal);
            }
            // OpenAPI 3.0 has no styles in `multipart/form-data` (OpenAPI 3.0.4, section 4.7.15.1.2).
            let has_styles =
                !canonical.starts_with("multipart/") || (canonical.starts_with("multipart/form-data") && !self.is_30);
            let encoding = has_encoding.then(|| {
                self.normalize_members(&media_type.member("encoding"), |normalizer, it| {
                    normalizer.normalize_encoding(it, has_styles)
                })
            });
            if let Some(Value::Object(mut encoding)) = encoding {
                let properties = &normal.get("schema").unwrap_or(&Value::Null)["properties"];
                encoding.retain(|name, it| {
                    // Beside a `contentType`, even the default style has an effect: `contentType` is then ignored.
                    let is_default = it["style"] == "form" && it.get("contentType").is_none();
                    if is_default && !may_be_object(&properties[name]) {
                        it.as_object_mut().into_iter().for_each(|it| drop(it.remove("style")));
                    }
                    *it != json!({})
                });
                if !encoding.is_empty() {
                    normal.insert("encoding".to_owned(), encoding.into());
                }
            }
            content.insert(canonical, normal.into());
        }
        content.into()
    }

    /// Normalizes the encoding of a property (OpenAPI 3.1.1, section 4.8.15), and omits defaults. If the body supports styles, and the
    /// encoding has `style`, `explode` or `allowReserved`, the result states `style`, even if it is the default: with one of these
    /// keywords, `contentType` is ignored (section 4.8.15.1.2), so they must not all be omitted.
    fn normalize_encoding(&mut self, node: &Node<'a>, has_styles: bool) -> Value {
        let mut encoding = self.copy_members(node, &["headers"], &["allowReserved"]);
        self.check_style(node, "query");
        remove_default_style(&mut encoding, "form");
        let style = ["style", "explode", "allowReserved"];
        if !has_styles {
            for key in style.into_iter().filter(|key| encoding.remove(*key).is_some()) {
                self.warn(node, key, "has no effect in a body of this type");
            }
        } else if style.iter().any(|key| node.value.get(key).is_some()) {
            encoding.entry("style").or_insert("form".into());
        }
        if let Some(Value::String(types)) = encoding.get_mut("contentType") {
            *types = types.split(',').map(canonical_media_type).collect::<Vec<_>>().join(", ");
        }
        if node.value.get("headers").is_some() {
            encoding.insert("headers".to_owned(), self.normalize_headers(&node.member("headers")));
        }
        encoding.into()
    }

    /// Normalizes a response (OpenAPI 3.1.1, section 4.8.17). An extension is kept unchanged.
    fn normalize_response(&mut self, node: &Node<'a>) -> Value {
        if last_token(&node.to).starts_with("x-") {
            return node.value.clone();
        }
        let node = self.resolve(node.clone());
        let mut response = self.copy_members(&node, &["headers", "content", "links"], &[]);
        response.insert("headers".to_owned(), self.normalize_headers(&node.member("headers")));
        response.insert("content".to_owned(), self.normalize_content(&node.member("content")));
        if node.value.get("links").is_some() {
            let links = self.normalize_members(&node.member("links"), |normalizer, link| {
                normalizer.resolve(link.clone()).value.clone()
            });
            response.insert("links".to_owned(), links);
        }
        response.into()
    }

    /// Writes ranges of statuses in upper case (OpenAPI 3.1.1, section 4.8.16.2). `20x` is read as a range, too.
    fn upper_case_ranges(&mut self, responses: Value, node: &Node<'a>) -> Value {
        let Value::Object(responses) = responses else { return json!({}) };
        let pointer = node.member("responses").to;
        let responses = responses.into_iter().map(|(status, response)| {
            let canonical = match status.as_bytes() {
                [class @ b'1'..=b'5', b'0'..=b'9' | b'x' | b'X', b'x' | b'X'] => format!("{}XX", char::from(*class)),
                _ => status.clone(),
            };
            self.origins
                .relocate(&format!("{pointer}/{}", escape(&status)), &format!("{pointer}/{}", escape(&canonical)));
            (canonical, response)
        });
        Value::Object(responses.collect())
    }

    /// Normalizes headers, with names in lower case (RFC 9110, section 5.1). `Content-Type` is ignored (OpenAPI 3.1.1, section 4.8.17.1).
    fn normalize_headers(&mut self, node: &Node<'a>) -> Value {
        let mut headers = Map::new();
        let names = self.expect_members(node).into_iter().flat_map(Map::keys);
        for (name, lower) in normalize_names(names, str::to_ascii_lowercase) {
            if lower == "content-type" {
                continue;
            }
            let header = node.member(name);
            let header = self.resolve(header.at(format!("{}/{}", node.to, escape(&lower))));
            self.origins.set(&header.to, &header.from);
            let ignored = ["schema", "content", "name", "in", "allowEmptyValue", "allowReserved"];
            let mut normal = self.copy_members(&header, &ignored, &["required", "deprecated"]);
            self.check_style(&header, "header");
            remove_default_style(&mut normal, "simple");
            self.normalize_value(&header, &mut normal);
            headers.insert(lower, normal.into());
        }
        headers.into()
    }

    /// Normalizes a callback: path items by runtime expression (OpenAPI 3.1.1, section 4.8.18).
    fn normalize_callback(&mut self, node: &Node<'a>) -> Value {
        let node = self.resolve(node.clone());
        if self.callbacks == MAX_CALLBACKS && self.remaining_operations > 0 {
            // Stops after the first error: other callbacks of the cycle would report it again.
            self.remaining_operations = 0;
            let problem = format!("callbacks are nested more than {MAX_CALLBACKS} deep");
            return self.reject(&node, problem, "remove the circular reference to the operation");
        }
        if !self.count_operation(&node) {
            return Value::Null;
        }
        self.callbacks += 1;
        let callback = self.normalize_members(&node, |normalizer, item| {
            let is_extension = last_token(&item.to).starts_with("x-");
            if is_extension { item.value.clone() } else { normalizer.normalize_path_item(item, None) }
        });
        self.callbacks -= 1;
        callback
    }

    /// Normalizes the security alternatives of an operation, or if it has none, of the document (OpenAPI 3.1.1, section 4.8.10.1). An
    /// empty list is one alternative without requirements.
    fn normalize_security(&mut self, node: &Node<'a>) -> Value {
        let root = Node::of(self.document, String::new(), String::new());
        let holder = if node.value.get("security").is_some() { node } else { &root };
        let requirements = holder.member("security").at(node.member("security").to);
        self.origins.set(&requirements.to, &requirements.from);
        let alternatives = self.normalize_items(&requirements, |normalizer, alternative| {
            normalizer.normalize_members(alternative, |normalizer, scopes| {
                let name = scopes.to.rsplit('/').next().unwrap_or_default();
                normalizer.reached.insert(format!("/components/securitySchemes/{name}"));
                let mut scopes = scopes.value.as_array().cloned().unwrap_or_default();
                scopes.sort_by_cached_key(Value::to_string);
                scopes.into()
            })
        });
        if alternatives == json!([]) { json!([{}]) } else { alternatives }
    }

    /// Normalizes security schemes (OpenAPI 3.1.1, section 4.8.27). Names of HTTP schemes are case-insensitive (RFC 9110, section 11.1).
    pub(super) fn normalize_security_schemes(&mut self, node: &Node<'a>) -> Value {
        let mut schemes = self.normalize_members(node, |normalizer, scheme| {
            if !normalizer.reached.contains(&scheme.from) {
                return Value::Null;
            }
            let scheme = normalizer.resolve(scheme.clone());
            let mut normal = normalizer.copy_members(&scheme, &[], &["deprecated"]);
            if let Some(Value::String(scheme)) = normal.get_mut("scheme") {
                scheme.make_ascii_lowercase();
            }
            normal.into()
        });
        if let Value::Object(schemes) = &mut schemes {
            schemes.retain(|_, scheme| !scheme.is_null());
        }
        schemes
    }
}

/// Returns the name of a parameter, in lower case for headers, whose names are case-insensitive (RFC 9110, section 5.1).
fn parameter_name(parameter: &Node<'_>) -> String {
    let name = parameter.text("name");
    if parameter.text("in") == "header" { name.to_ascii_lowercase() } else { name.to_owned() }
}

/// Returns whether instances of a property may be objects, for which a style and the encoding by media type differ.
fn may_be_object(property: &Value) -> bool {
    match &property["type"] {
        Value::String(only) => only == "object",
        Value::Array(several) => several.iter().any(|one| one == "object"),
        _ => true,
    }
}

/// Returns whether bodies of a media type are bytes that no schema describes (OpenAPI 3.1.1, section 4.8.14.3).
pub fn is_raw(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    let is_described = essence.contains('*') || essence.starts_with("text/") || essence.starts_with("multipart/");
    !(is_described || is_json(essence) || is_xml(essence) || essence == "application/x-www-form-urlencoded")
}

/// If a normalized schema is that of raw bytes, returns its members without `type` and `contentMediaType`. The type `null` is ignored,
/// since a body of bytes cannot be `null`.
fn others_of_raw(schema: &Value) -> Option<Map<String, Value>> {
    let mut others = schema.as_object()?.clone();
    let is_string = others.remove("type").is_some_and(|it| it == "string" || it == json!(["null", "string"]));
    let is_raw = is_string && others.remove("contentMediaType").is_some_and(|it| it == "application/octet-stream");
    (is_raw && others.keys().all(|key| is_annotation_of_bytes(key) || constrains_bytes(key))).then_some(others)
}

/// Returns whether a keyword constrains bytes.
fn constrains_bytes(keyword: &str) -> bool {
    ["minLength", "maxLength"].contains(&keyword)
}

/// Returns whether a schema has no other keywords than annotations.
fn only_annotates_bytes(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| members.keys().all(|key| is_annotation_of_bytes(key)))
}

/// Returns whether a keyword neither constrains bytes nor says what they contain.
fn is_annotation_of_bytes(keyword: &str) -> bool {
    is_annotation(keyword) && keyword != "format" && !keyword.starts_with("content")
}

/// Removes `style` and `explode` if they are the default (OpenAPI 3.1.1, section 4.8.12.2.2): `explode` is true for `form` only.
/// `deepObject` is defined in one form only (section 4.8.12.4), so that `explode` has no effect there.
fn remove_default_style(normal: &mut Map<String, Value>, default: &str) {
    let style = normal.get("style").and_then(Value::as_str).unwrap_or(default);
    let (explodes, has_explode) = (style == "form", style != "deepObject");
    if style == default {
        normal.remove("style");
    }
    if !has_explode || normal.get("explode") == Some(&Value::Bool(explodes)) {
        normal.remove("explode");
    }
}
