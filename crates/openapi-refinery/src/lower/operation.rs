//! Lowering of operations: parameters, request bodies and responses.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use http::{HeaderName, StatusCode};
use serde_json::{Map, Value, json};

use super::encoding::{Body, Location, Style};
use super::lowered::{description, std_type};
use super::schema::{Schemas, Sources};
use super::{Described, Direction, OperationFacts, Parameter, escape};
use crate::Result;
use crate::names;
use crate::normalize::{LOCATIONS, METHODS, Normal, is_json, media_range_includes};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const BYTES: &str = "application/octet-stream";
const MULTIPART: &str = "multipart/form-data";

/// The extension of a lowered operation with the schema of its error bodies, which progenitor ignores.
pub(crate) const ERROR_BODY: &str = "x-error-body";

/// Reserved names of operations: methods of progenitor's clients, of `ClientInfo`, `ClientHooks` and derived traits.
const CLIENT_METHODS: [&str; 10] =
    ["new", "new_with_client", "api_version", "baseurl", "client", "inner", "pre", "post", "exec", "clone"];

/// Reserved names of builders: those that the module of operation builders imports or uses from the prelude.
const BUILDER_TYPES: [&str; 23] = [
    "ByteStream", "ClientHooks", "ClientInfo", "Error", "OperationInfo", "RequestBuilderExt", "ResponseValue", "Box",
    "Default", "Err", "Extend", "From", "Into", "None", "Ok", "Option", "Result", "Some", "String", "ToString",
    "TryFrom", "TryInto", "Vec",
];

/// Headers that the HTTP client sets: they say where a message goes and where it ends (RFC 9112, sections 3.2, 6 and 9.6). Other values
/// would make the next request on the connection a part of this one.
const MANAGED_HEADERS: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];

/// An operation of the document.
pub struct Operation<'a> {
    /// Its method and path, which identify it.
    pub place: String,
    path: String,
    pub method: &'static str,
    /// Its location in the normal form.
    pub pointer: String,
    /// The operation object.
    pub item: &'a Value,
}

/// Returns all operations of a document.
pub fn operations(normal: &Normal) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, path_item) in normal.document()["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if let Some(item) = path_item.get(method).filter(|_| !path.starts_with("x-")) {
                let (place, pointer) = (format!("{method} {path}"), format!("/paths/{}/{method}", escape(path)));
                operations.push(Operation { place, path: path.clone(), method, pointer, item });
            }
        }
    }
    operations
}

/// Rejects members of path items that were meant as operations, and reports other unknown ones, and requests that the API sends.
pub fn check_path_items(normal: &Normal, schemas: &mut Schemas<'_>) {
    let document = normal.document();
    if document["webhooks"].as_object().is_some_and(|webhooks| !webhooks.is_empty()) {
        schemas.report("webhooks", "are requests that the API sends: nothing is generated for them", "/webhooks");
    }
    for (path, path_item) in
        document["paths"].as_object().into_iter().flatten().filter(|(path, _)| path.starts_with('/'))
    {
        for (key, value) in path_item.as_object().into_iter().flatten() {
            let is_known = METHODS.contains(&key.as_str()) || matches!(key.as_str(), "summary" | "description");
            if is_known || key.starts_with("x-") {
                continue;
            }
            let pointer = format!("/paths/{}/{}", escape(path), escape(key));
            if METHODS.contains(&key.to_ascii_lowercase().as_str()) || value.get("responses").is_some() {
                let remedy = format!("use one of {}", METHODS.join(", "));
                schemas.reject(&pointer, format!("`{key}` is not a method"), &remedy);
            } else {
                schemas.report(key, "is not a member of a path item and has no effect", &pointer);
            }
        }
    }
}

/// Names operations after their ids. If a name is taken, it is prefixed with the method; then the whole id is used, then method and path.
pub fn operation_names(
    operations: &[Operation<'_>],
    recorded: &BTreeMap<String, String>,
    handwritten: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let wanted = operations.iter().map(|operation| {
        let id = operation.item["operationId"].as_str().filter(|id| !id.to_snake_case().is_empty());
        let with_id = id.into_iter().flat_map(|id| {
            let short = names::value_name(without_namespace(id, operation.method).unwrap_or(id));
            [short.clone(), format!("{}_{short}", operation.method), names::value_name(id)]
        });
        let candidates = with_id.chain([names::value_name(&operation.place)]).collect();
        (operation.place.clone(), candidates)
    });
    let reserved = handwritten.iter().copied().chain(CLIENT_METHODS).chain(BUILDER_TYPES).collect();
    names::assign(&[wanted.collect()], recorded, &reserved)
}

/// Returns the last part of an id that begins with a namespace and the method: `shop-api-get-list_orders`.
fn without_namespace<'i>(id: &'i str, method: &str) -> Option<&'i str> {
    let (before, name) = id.rsplit_once('-')?;
    let namespace = before.strip_suffix(method)?.strip_suffix('-')?;
    // A single letter is not a meaningful name.
    (!namespace.is_empty() && name.chars().count() > 1).then_some(name)
}

/// A parameter of the document.
struct DeclaredParameter {
    pointer: String,
    item: Value,
    name: String,
    location: String,
}

/// The content of a response body.
enum Content {
    None,
    /// A JSON body: the pointer of its schema, the schema and the media type.
    Schema(String, Value, String),
    Bytes,
}

impl Content {
    /// Returns the media type for the `Accept` header, if the body has a type.
    fn accepted(&self) -> Option<&str> {
        match self {
            Self::Schema(_, _, media_type) => Some(if is_range(essence(media_type)) { JSON } else { media_type }),
            Self::None | Self::Bytes => None,
        }
    }
}

impl Operation<'_> {
    /// Returns the properties that are known before the operation is lowered.
    pub fn facts(&self, schemas: &Schemas<'_>) -> OperationFacts {
        let (method, path) = (self.method, self.path.clone());
        let deprecated = self.item["deprecated"] == true;
        OperationFacts { method, path, deprecated, pointer: schemas.origin(&self.pointer), ..OperationFacts::default() }
    }

    /// Lowers the operation. Returns its path and its operation object for progenitor.
    pub fn lower(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        known: &mut BTreeMap<(String, String), Parameter>,
        facts: &mut OperationFacts,
    ) -> Result<(String, Value)> {
        let mut lowered = json!({ "operationId": name });
        for key in ["summary", "description"] {
            if let Some(text) = description(self.item.get(key)) {
                lowered[key] = text.into();
            }
        }
        let mut path = self.path.clone();
        let mut parameters = Vec::new();
        for (rust_name, declared) in self.named_parameters(schemas) {
            let mut parameter = self.parameter(&declared, name, schemas)?;
            let rust_names = (names::builder_name(name), rust_name.clone());
            let description = description_or(&declared.item, || format!("The parameter `{}`.", declared.name));
            let name = declared.name.clone();
            let mut sources = schemas.origins(&format!("{}/schema", declared.pointer), &mut Sources::new());
            // Comparisons identify a removed parameter by its name, since it no longer has an index.
            let by_name = format!("{}/parameters/{}", schemas.origin(&self.pointer), escape(&declared.name));
            sources.extend([schemas.origin(&declared.pointer), by_name]);
            let described = Described { description, sources };
            let required = parameter.lowered["required"] == true;
            let item = &declared.item;
            let deprecated = item["deprecated"] == true || schemas.is_deprecated(&item["schema"]);
            let (location, style) = (parameter.location, parameter.style);
            let expected = parameter.expected;
            known.insert(rust_names, Parameter { name, expected, required, deprecated, location, style, described });
            if rust_name != declared.name.to_snake_case() {
                if declared.location == "path" {
                    path = path.replace(&format!("{{{}}}", declared.name), &format!("{{{rust_name}}}"));
                }
                parameter.lowered["name"] = rust_name.clone().into();
                facts.parameters.insert(rust_name, declared.name);
            }
            parameters.push(parameter.lowered);
        }
        lowered["parameters"] = parameters.into();
        if let Some(body) = self.item.get("requestBody") {
            let pointer = format!("{}/requestBody", self.pointer);
            facts.body.extend([format!("{}/requestBody", facts.pointer), schemas.origin(&pointer)]);
            if let Some(body) = self.request_body(&pointer, body, name, schemas, facts)? {
                lowered["requestBody"] = body;
            }
        }
        if self.item.get("servers").is_some() {
            schemas.report_widened(
                "servers",
                "requests go to the document's first server",
                &format!("{}/servers", self.pointer),
            );
        }
        if self.item["callbacks"].as_object().is_some_and(|callbacks| !callbacks.is_empty()) {
            let effect = "are requests that the API sends: nothing is generated for them";
            schemas.report("callbacks", effect, &format!("{}/callbacks", self.pointer));
        }
        let (responses, error) = self.responses(name, schemas, facts)?;
        lowered["responses"] = responses;
        if let Some(error) = error {
            lowered[ERROR_BODY] = error;
        }
        Ok((path, lowered))
    }

    /// Returns the parameters, including those that only the path template mentions. Reports cookies and rejects invalid header names.
    fn parameters(&self, schemas: &mut Schemas<'_>) -> Vec<DeclaredParameter> {
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let declared = self.item["parameters"].as_array().into_iter().flatten().enumerate();
        let declared = declared.map(|(index, item)| DeclaredParameter {
            pointer: format!("{}/parameters/{index}", self.pointer),
            item: item.clone(),
            name: text(item, "name"),
            location: text(item, "in"),
        });
        let mut parameters: Vec<DeclaredParameter> = declared.collect();
        let in_path: Vec<&str> =
            self.path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        parameters.retain(|parameter| match parameter.location.as_str() {
            "path" => {
                let is_sent = in_path.contains(&parameter.name.as_str());
                if !is_sent {
                    let effect = format!("is not sent: the path `{}` does not have it in braces", self.path);
                    schemas.report(&parameter.name, &effect, &parameter.pointer);
                }
                is_sent
            }
            "cookie" => {
                schemas.report_widened("in: cookie", "the parameter is not sent", &parameter.pointer);
                false
            }
            "header" if MANAGED_HEADERS.contains(&parameter.name.to_ascii_lowercase().as_str()) => {
                let effect = "is a header that the HTTP client sets itself: the parameter is not sent";
                schemas.report(&parameter.name, effect, &parameter.pointer);
                false
            }
            "header" if HeaderName::from_bytes(parameter.name.as_bytes()).is_err() => {
                let problem = format!("`{}` is not a valid header name (RFC 9110, section 5.1)", parameter.name);
                schemas.reject(&parameter.pointer, problem, "use ASCII letters, digits and `-`");
                false
            }
            _ => true,
        });
        let mut headers = BTreeSet::new();
        parameters.retain(|it| {
            let is_sent = it.location != "header" || headers.insert(it.name.to_ascii_lowercase());
            if !is_sent {
                let effect = "differs from another header in case only, which is ignored: the parameter is not sent";
                schemas.report(&it.name, effect, &it.pointer);
            }
            is_sent
        });
        parameters.extend(self.media_type_of_range());
        for name in in_path {
            let is_declared = parameters.iter().any(|it| it.location == "path" && it.name == name);
            if !is_declared {
                schemas.report(name, "is in the path, but not declared: the parameter is a string", &self.pointer);
                parameters.push(DeclaredParameter {
                    pointer: self.pointer.clone(),
                    item: json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }),
                    name: name.to_owned(),
                    location: "path".to_owned(),
                });
            }
        }
        parameters
    }

    /// Returns a `Content-Type` parameter if the document declares a media range for the body, since a range cannot be sent.
    fn media_type_of_range(&self) -> Option<DeclaredParameter> {
        let (media_type, _) = preferred_media_type(&self.item["requestBody"])?;
        let description = format!("The media type of the body, in the range `{media_type}`.");
        let essence = essence(media_type);
        (is_range(essence) && !is_json(essence)).then(|| DeclaredParameter {
            pointer: format!("{}/requestBody", self.pointer),
            item: json!({ "schema": { "type": "string" }, "description": description, "required": essence != "*/*" }),
            name: "Content-Type".to_owned(),
            location: "header".to_owned(),
        })
    }

    /// Returns the parameters with their Rust names. If several have the same name in snake case, the one in the path keeps it, then the
    /// one whose name is in snake case already. The others, and those that would be named like the body, are prefixed with their location.
    fn named_parameters(&self, schemas: &mut Schemas<'_>) -> Vec<(String, DeclaredParameter)> {
        let mut parameters = self.parameters(schemas);
        parameters.sort_by_cached_key(|it| {
            let location = LOCATIONS.iter().position(|location| *location == it.location);
            (location, it.name.to_snake_case() != it.name, it.name.clone())
        });
        // Reserved even without a body, so that adding one later does not rename a parameter.
        let mut taken = BTreeSet::from(["body", "body_map"].map(str::to_owned));
        let named = parameters.into_iter().map(|parameter| {
            let name = names::value_name(&parameter.name);
            let by_location = || names::value_name(&format!("{} {}", parameter.location, parameter.name));
            let name = if taken.contains(&name) { by_location() } else { name };
            (names::reserve_name(&name, &mut taken), parameter)
        });
        named.collect()
    }

    fn parameter(
        &self,
        declared: &DeclaredParameter,
        operation: &str,
        schemas: &mut Schemas<'_>,
    ) -> Result<LoweredParameter> {
        let DeclaredParameter { pointer, item, name, location: declared_in } = declared;
        let location = match declared_in.as_str() {
            "path" => Location::Path,
            "query" => Location::Query,
            _ => Location::Header,
        };
        let style = Style::of_parameter(item, location);
        let mut lowered = json!({ "name": name, "in": declared_in, "required": item["required"] == true });
        if let Some(description) = item["description"].as_str() {
            lowered["description"] = description.into();
        }
        if item.get("content").is_some() {
            schemas.report_widened(
                "content",
                "the parameter is a string, which the caller serializes as the document describes",
                pointer,
            );
            lowered["schema"] = json!({ "type": "string" });
            return Ok(LoweredParameter { lowered, expected: "must be a string".to_owned(), location, style });
        }
        let words = [operation.to_owned(), name.clone()];
        let schema = schemas.lower_within(&item["schema"], &format!("{pointer}/schema"), Direction::Request, &words)?;
        if style.name == "DEEP_OBJECT" && schemas.resolved(&schema.schema)["type"] == "array" {
            schemas.report("style", "is undefined for lists in OpenAPI: they are written as `name[0]`", pointer);
        }
        if is_nested(&schema.schema, schemas, 0) {
            let effect = match style.name {
                "DEEP_OBJECT" => "is undefined for nested values in OpenAPI: they are written as `name[key][key]`",
                _ => "is undefined for nested values in OpenAPI: they are written as JSON",
            };
            schemas.report("style", effect, pointer);
        }
        // progenitor treats every type with a builder as a body; a `Box` has no builder.
        let has_builder = schemas.resolved(&schema.schema)["properties"].is_object();
        lowered["schema"] = if has_builder { std_type("std::boxed::Box", &schema.schema) } else { schema.schema };
        Ok(LoweredParameter { lowered, expected: schema.expected, location, style })
    }

    /// Lowers the request body. Returns `None` if it has no content.
    fn request_body(
        &self,
        pointer: &str,
        body: &Value,
        operation: &str,
        schemas: &mut Schemas<'_>,
        facts: &mut OperationFacts,
    ) -> Result<Option<Value>> {
        let Some((media_type, content)) = choose_media_type(body, pointer, schemas) else { return Ok(None) };
        let essence = essence(media_type);
        let at = format!("{pointer}/content/{}/schema", escape(media_type));
        let words = [operation.to_owned(), "Body".to_owned()];
        let (lowered_type, schema, sent) = if is_json(essence) {
            if is_range(essence) {
                schemas.report(media_type, "is a range: the body is sent as `application/json`", pointer);
            }
            let media_type = if is_range(essence) { JSON } else { media_type };
            (JSON, schemas.lower_body(&content["schema"], &at, &words)?, Body::Json(media_type.to_owned()))
        } else if essence == FORM {
            let styles = self.form(pointer, media_type, content, schemas);
            (FORM, schemas.lower_body(&content["schema"], &at, &words)?, Body::Form(styles))
        } else {
            let content_at = format!("{pointer}/content/{}", escape(media_type));
            let parts = match essence {
                MULTIPART => schemas.lower_multipart(content, &content_at, &at, &words)?,
                _ => None,
            };
            match parts {
                Some(schema) => (JSON, schema, Body::Multipart),
                None => {
                    if essence.starts_with("multipart/") {
                        let effect =
                            "the body is bytes, which are sent unchanged and without a boundary in `Content-Type`";
                        schemas.report_widened(essence, effect, pointer);
                    } else if schemas.is_data(&content["schema"]) {
                        let effect = "the body is bytes, because only JSON and forms are encoded";
                        schemas.report_widened(essence, effect, pointer);
                    }
                    let bytes = json!({ "type": "string", "format": "binary" });
                    if is_range(essence) {
                        let fallback = if essence == "*/*" {
                            "the default is `application/octet-stream`"
                        } else {
                            "it is required"
                        };
                        let effect = format!("is a range: `content_type` sets the media type of the body; {fallback}");
                        schemas.report(media_type, &effect, pointer);
                    }
                    (BYTES, bytes, Body::Bytes(media_type.to_owned()))
                }
            }
        };
        if !media_type_is_valid(media_type) {
            schemas.reject(
                pointer,
                format!("`{media_type}` is not a media type"),
                "use a type and a subtype in ASCII characters, as in `image/png`",
            );
        }
        let properties = schemas.resolved(&schema)["properties"].as_object().cloned();
        let encoded = content["encoding"].as_object().into_iter().flat_map(Map::keys);
        for name in encoded.filter(|name| properties.as_ref().is_some_and(|known| !known.contains_key(*name))) {
            let at = format!("{pointer}/content/{}/encoding/{}", escape(media_type), escape(name));
            schemas.report("encoding", "has no effect: the schema does not name the property", &at);
        }
        facts.sent = Some(sent);
        if body["required"] != true && !can_be_empty(&schema, schemas) {
            schemas.report("requestBody", "is optional in the document, but the client always sends it", pointer);
        }
        Ok(Some(json!({
            "description": description_or(body, || "The body of the request.".to_owned()),
            "required": body["required"] == true,
            "content": { lowered_type: { "schema": schema } },
        })))
    }

    /// Returns the styles of form fields that differ from the default.
    fn form(
        &self,
        pointer: &str,
        media_type: &str,
        content: &Value,
        schemas: &mut Schemas<'_>,
    ) -> Vec<(String, Style)> {
        let mut styles = Vec::new();
        for (name, encoding) in content["encoding"].as_object().into_iter().flatten() {
            let Some(encoding) = encoding.as_object() else { continue };
            match Style::of_field(encoding) {
                Some(style) => styles.push((name.clone(), style)),
                None => {
                    let at = format!("{pointer}/content/{}/encoding/{}", escape(media_type), escape(name));
                    let is_text = |it: &str| it.starts_with("text/plain");
                    if encoding.get("contentType").and_then(Value::as_str).is_some_and(|it| !is_text(it)) {
                        schemas.report("contentType", "has no effect: the field is sent as text or JSON", &at);
                    }
                }
            }
        }
        styles
    }

    /// Returns the responses, and the schema of all error bodies.
    fn responses(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        facts: &mut OperationFacts,
    ) -> Result<(Value, Option<Value>)> {
        let mut lowered = Map::new();
        let (mut successes, mut errors) = (Vec::new(), Vec::new());
        let responses = self.item["responses"].as_object().into_iter().flatten();
        let has_success = responses.clone().any(|(status, _)| status.starts_with('2'));
        for (declared, response) in responses.filter(|(status, _)| !status.starts_with("x-")) {
            let pointer = format!("{}/responses/{}", self.pointer, escape(declared));
            let Some(status) = status(declared) else {
                schemas.report_widened(
                    "responses",
                    &format!("`{declared}` is not a status code, and the response is ignored"),
                    &pointer,
                );
                continue;
            };
            let description = description_or(response, || format!("Status {status}."));
            let mut body = json!({ "description": description });
            let declaration = format!("{}/responses/{}", facts.pointer, escape(declared));
            let sources = BTreeSet::from([declaration, schemas.origin(&pointer)]);
            facts.responses.insert(status.clone(), Described { description, sources });
            // If no success is declared, `default` includes successes.
            let is_success = status.starts_with('2') || (status == "default" && !has_success);
            let content = content(response, &pointer, schemas);
            if let Content::Schema(at, schema, _) = &content
                && !status.starts_with('2')
                && errors.iter().all(|(_, other)| other != schema)
            {
                errors.push((at.clone(), schema.clone()));
            }
            if is_success {
                let status = if status == "default" { "2XX".to_owned() } else { status };
                lowered.insert(status.clone(), body);
                successes.push((status, content));
            } else if has_reason_phrase(&status) {
                if let Content::Schema(at, schema, _) = content {
                    let words = [name.to_owned(), "Error".to_owned()];
                    let schema = schemas.lower_within(&schema, &at, Direction::Response, &words)?;
                    body["content"] = json!({ JSON: { "schema": schema.schema } });
                }
                lowered.insert(status, body);
            }
        }
        // OpenAPI 3.0 requires at least one response.
        if lowered.is_empty() {
            lowered.insert("default".to_owned(), json!({ "description": "" }));
        }
        let accepted: BTreeSet<&str> = successes.iter().filter_map(|(_, content)| content.accepted()).collect();
        if !accepted.is_empty() && self.method != "head" {
            facts.accept = Some(accepted.into_iter().collect::<Vec<_>>().join(", "));
        }
        let error = self.error(name, &errors, schemas)?;
        let common = self.success(name, &successes, schemas)?;
        for (status, content) in successes {
            if let (Some(common), Content::Schema(..) | Content::Bytes) = (&common, content) {
                lowered[&status]["content"] = common.clone();
            }
            if !facts.successes.contains(&status) {
                facts.successes.push(status);
            }
        }
        Ok((lowered.into(), error))
    }

    /// Returns the schema of all error bodies, if there are any.
    fn error(&self, name: &str, bodies: &[(String, Value)], schemas: &mut Schemas<'_>) -> Result<Option<Value>> {
        let words = [name.to_owned(), "Error".to_owned()];
        Ok(match bodies {
            [] => None,
            [(at, schema)] => Some(schemas.lower_value(schema, at, Direction::Response, &words)?),
            several => {
                let pointer = format!("{}/responses/errors", self.pointer);
                let union = schemas.lower_merged(several, &pointer, &words)?;
                if union == json!({}) {
                    let effect = "error bodies differ and are any JSON value, because not all of them are objects with only named properties";
                    schemas.report_widened("responses", effect, &format!("{}/responses", self.pointer));
                }
                Some(union)
            }
        })
    }

    /// Returns the common content of all successes that have one, since progenitor supports one type for all of them.
    fn success(&self, name: &str, successes: &[(String, Content)], schemas: &mut Schemas<'_>) -> Result<Option<Value>> {
        let pointer = format!("{}/responses", self.pointer);
        let words = [name.to_owned(), "Response".to_owned()];
        let has_bytes = successes.iter().any(|(_, content)| matches!(content, Content::Bytes));
        let mut bodies: Vec<(String, Value)> = Vec::new();
        for (_, content) in successes {
            match content {
                Content::Schema(at, schema, _) if bodies.iter().all(|(_, other)| other != schema) => {
                    bodies.push((at.clone(), schema.clone()));
                }
                _ => {}
            }
        }
        if has_bytes && !bodies.is_empty() {
            let effect = "only success bodies in JSON are decoded; other ones cause an error";
            schemas.report_widened("content", effect, &pointer);
        }
        let schema = match bodies.as_slice() {
            [] if has_bytes => return Ok(Some(json!({ BYTES: {} }))),
            [] => return Ok(None),
            [(at, schema)] => schemas.lower_value(schema, at, Direction::Response, &words)?,
            several => {
                let union = schemas.lower_merged(several, &pointer, &words)?;
                let effect = match union == json!({}) {
                    true => {
                        "success bodies differ and are any JSON value, because not all of them are objects with only named properties"
                    }
                    false => "success bodies differ, and their type has the properties of all",
                };
                schemas.report_widened("responses", effect, &pointer);
                union
            }
        };
        Ok(Some(json!({ JSON: { "schema": schema } })))
    }
}

/// A lowered parameter. `expected` is the requirement on its value, as the text of an error.
struct LoweredParameter {
    lowered: Value,
    expected: String,
    location: Location,
    style: Style,
}

/// Chooses the media type of a body and returns it with its object. Unused media types are reported.
fn choose_media_type<'v>(body: &'v Value, pointer: &str, schemas: &mut Schemas<'_>) -> Option<(&'v str, &'v Value)> {
    let (media_type, content) = preferred_media_type(body)?;
    if body["content"].as_object().is_some_and(|content| content.len() > 1) {
        schemas.report_widened("content", &format!("only `{media_type}` of several media types is used"), pointer);
    }
    Some((media_type, content))
}

/// Returns the preferred media type of a body: JSON, then forms, then others; ranges last.
fn preferred_media_type(body: &Value) -> Option<(&str, &Value)> {
    let rank = |media_type: &str| match essence(media_type) {
        JSON => 0,
        essence if is_json(essence) => 1 + usize::from(is_range(essence)),
        FORM => 3,
        MULTIPART => 4,
        essence => 5 + usize::from(is_range(essence)),
    };
    let content = body["content"].as_object()?.iter();
    let preferred = content.min_by_key(|(media_type, _)| (rank(media_type), media_type.as_str()))?;
    Some((preferred.0, preferred.1))
}

/// Returns whether this is a media range (RFC 9110, section 12.5.1) or a wildcard with a structured suffix, such as `*/*+json`.
fn is_range(essence: &str) -> bool {
    essence.contains('*')
}

/// Returns the content of a response. Data in a media range that includes JSON is JSON.
fn content(response: &Value, pointer: &str, schemas: &mut Schemas<'_>) -> Content {
    let Some((media_type, content)) = choose_media_type(response, pointer, schemas) else { return Content::None };
    let essence = essence(media_type);
    let is_data = schemas.is_data(&content["schema"]);
    if is_json(essence) || (is_data && media_range_includes(essence, JSON)) {
        let at = format!("{pointer}/content/{}/schema", escape(media_type));
        return Content::Schema(at, content["schema"].clone(), media_type.to_owned());
    }
    if !media_type_is_valid(media_type) {
        schemas.report(media_type, "is not a media type: the body is read as bytes", pointer);
    } else if is_data {
        schemas.report_widened(essence, "the body is bytes, because only JSON is decoded", pointer);
    }
    Content::Bytes
}

/// Returns whether a text can be sent as a media type, or is a range of them (RFC 9110, section 8.3.1).
fn media_type_is_valid(media_type: &str) -> bool {
    let is_token = |token: &str| HeaderName::from_bytes(token.as_bytes()).is_ok();
    let is_pair =
        essence(media_type).split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    is_pair && media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Returns whether an object may be empty. Its builder is then sent even if the caller sets nothing.
fn can_be_empty(schema: &Value, schemas: &Schemas<'_>) -> bool {
    let object = schemas.resolved(schema);
    object["properties"].is_object() && object.get("required").is_none()
}

/// Returns whether a lowered schema is a list or object that contains lists or objects.
fn is_nested(schema: &Value, schemas: &Schemas<'_>, level: usize) -> bool {
    let schema = schemas.resolved(schema.pointer("/x-rust-type/parameters/0").unwrap_or(schema));
    let schema = schema.pointer("/x-rust-type/parameters/0").map_or(schema, |inner| schemas.resolved(inner));
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    let is_collection = matches!(schema["type"].as_str(), Some("array" | "object"));
    if is_collection && level > 0 {
        return true;
    }
    let parts = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key));
    let mut parts = parts.chain(schema["properties"].as_object().into_iter().flat_map(Map::values));
    parts.any(|part| is_nested(part, schemas, level + 1))
        || alternatives.into_iter().any(|alternative| is_nested(alternative, schemas, level))
}

/// Returns a media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default()
}

/// Returns a status that OpenAPI 3.0 supports: `default`, three digits, or a class such as `4XX`. Returns `None` for any other text.
fn status(declared: &str) -> Option<String> {
    match declared.as_bytes() {
        b"default" | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => Some(declared.to_owned()),
        [b'1'..=b'5', b'X', b'X'] => Some(declared.to_owned()),
        _ => None,
    }
}

/// Returns whether a status has a reason phrase (RFC 9110, section 15.1), after which progenitor names the methods of a mock.
fn has_reason_phrase(status: &str) -> bool {
    let is_known = |code: u16| StatusCode::from_u16(code).is_ok_and(|code| code.canonical_reason().is_some());
    status == "default" || status.ends_with("XX") || status.parse().is_ok_and(is_known)
}

/// Returns the description of a part of the document, or a default.
fn description_or(item: &Value, default: impl FnOnce() -> String) -> String {
    description(item.get("description")).map_or_else(default, |text| text.trim().to_owned())
}
