//! Operations: parameters, bodies and responses as far as progenitor has them, JSON first.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::reading::SCALARS;
use super::schema::{Schemas, Sources};
use super::{Described, Direction, OperationFacts, Parameter, escape};
use crate::Result;
use crate::names;
use crate::normalize::{LOCATIONS, METHODS, Normal, is_json};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const BYTES: &str = "application/octet-stream";
const MULTIPART: &str = "multipart/form-data";

/// Methods that progenitor's clients have: inherent ones, those of `ClientInfo` and `ClientHooks`, and of traits it derives.
const CLIENT_METHODS: [&str; 10] =
    ["new", "new_with_client", "api_version", "baseurl", "client", "inner", "pre", "post", "exec", "clone"];

/// What the module of the operations' types has from elsewhere: what it imports, and what it uses of the prelude.
const BUILDER_TYPES: [&str; 23] = [
    "ByteStream", "ClientHooks", "ClientInfo", "Error", "OperationInfo", "RequestBuilderExt", "ResponseValue", "Box",
    "Default", "Err", "Extend", "From", "Into", "None", "Ok", "Option", "Result", "Some", "String", "ToString",
    "TryFrom", "TryInto", "Vec",
];

/// An operation of the document.
pub struct Operation<'a> {
    /// What identifies it: method and path.
    pub place: String,
    path: String,
    pub method: &'static str,
    /// Its location in the normal form.
    pub pointer: String,
    /// The operation object.
    pub item: &'a Value,
}

/// All operations of a document.
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

/// The last part of an operation id is the name people want; where it is taken, the method goes before it, then all of the id,
/// then the path.
pub fn operation_names(
    operations: &[Operation<'_>],
    recorded: &BTreeMap<String, String>,
    handwritten: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let wanted = operations.iter().map(|operation| {
        let id = operation.item["operationId"].as_str().filter(|id| !id.to_snake_case().is_empty());
        let with_id = id.into_iter().flat_map(|id| {
            // A single letter says nothing.
            let last = id.rsplit('-').next().map(names::value_name).filter(|last| last.len() > 1);
            let short = last.into_iter().flat_map(|last| [last.clone(), format!("{}_{last}", operation.method)]);
            short.chain([names::value_name(id)])
        });
        let candidates = with_id.chain([names::value_name(&operation.place)]).collect();
        (operation.place.clone(), candidates)
    });
    let reserved = handwritten.iter().copied().chain(CLIENT_METHODS).chain(BUILDER_TYPES).collect();
    names::assign(&wanted.collect(), recorded, &reserved)
}

/// A parameter of the document.
struct Declared {
    pointer: String,
    item: Value,
    name: String,
    location: String,
}

/// What a body is made of.
enum Content {
    None,
    /// A schema, and its pointer.
    Schema(String, Value),
    Bytes,
}

impl Operation<'_> {
    /// The operation and its path for progenitor.
    pub fn lower(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        known: &mut BTreeMap<(String, String), Parameter>,
        facts: &mut OperationFacts,
    ) -> Result<(String, Value)> {
        let mut lowered = json!({ "operationId": name });
        for key in ["summary", "description"] {
            if let Some(text) = self.item[key].as_str() {
                lowered[key] = text.into();
            }
        }
        let mut path = self.path.clone();
        let mut parameters = Vec::new();
        for (rust_name, declared) in self.named_parameters(schemas) {
            let mut parameter = self.parameter(&declared, name, schemas)?;
            let rust_names = (names::operation_type(name), rust_name.clone());
            let description = said_or(&declared.item, || format!("The parameter `{}`.", declared.name));
            let name = declared.name.clone();
            let mut sources = schemas.origins(&format!("{}/schema", declared.pointer), &mut Sources::new());
            // By its name, too: what is compared is known by that once it is gone.
            let by_name = format!("{}/parameters/{}", schemas.origin(&self.pointer), escape(&declared.name));
            sources.extend([schemas.origin(&declared.pointer), by_name]);
            let described = Described { description, sources };
            let required = parameter.lowered["required"] == true;
            known.insert(rust_names, Parameter { name, expected: parameter.expected, required, described });
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
            schemas.note("servers", "requests go to the document's first server", &format!("{}/servers", self.pointer));
        }
        lowered["responses"] = self.responses(name, schemas, facts)?;
        Ok((path, lowered))
    }

    /// The parameters, and those that only the path names.
    fn parameters(&self, schemas: &mut Schemas<'_>) -> Vec<Declared> {
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let declared = self.item["parameters"].as_array().into_iter().flatten().enumerate();
        let declared = declared.map(|(index, item)| Declared {
            pointer: format!("{}/parameters/{index}", self.pointer),
            item: item.clone(),
            name: text(item, "name"),
            location: text(item, "in"),
        });
        let mut parameters: Vec<Declared> = declared.collect();
        let in_path: Vec<&str> =
            self.path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        parameters.retain(|parameter| match parameter.location.as_str() {
            "path" => in_path.contains(&parameter.name.as_str()),
            "cookie" => {
                schemas.note("in: cookie", "the parameter is not sent", &parameter.pointer);
                false
            }
            _ => true,
        });
        for name in in_path {
            let is_declared = parameters.iter().any(|it| it.location == "path" && it.name == name);
            if !is_declared {
                parameters.push(Declared {
                    pointer: self.pointer.clone(),
                    item: json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }),
                    name: name.to_owned(),
                    location: "path".to_owned(),
                });
            }
        }
        parameters
    }

    /// The parameters by their Rust names. Of those that casing makes one, the one in the path keeps the name, then the one that
    /// is called just so; the others are called by their location, too, and so is what would be called as a body is.
    fn named_parameters(&self, schemas: &mut Schemas<'_>) -> Vec<(String, Declared)> {
        let mut parameters = self.parameters(schemas);
        parameters.sort_by_cached_key(|it| {
            let location = LOCATIONS.iter().position(|location| *location == it.location);
            (location, it.name.to_snake_case() != it.name, it.name.clone())
        });
        // A body that is added later shall rename no parameter.
        let mut taken = BTreeSet::from(["body", "body_map"].map(str::to_owned));
        let named = parameters.into_iter().map(|parameter| {
            let name = names::value_name(&parameter.name);
            let by_location = || names::value_name(&format!("{} {}", parameter.location, parameter.name));
            let name = if taken.contains(&name) { by_location() } else { name };
            (names::free(&name, &mut taken), parameter)
        });
        named.collect()
    }

    fn parameter(&self, declared: &Declared, operation: &str, schemas: &mut Schemas<'_>) -> Result<LoweredParameter> {
        let Declared { pointer, item, name, location } = declared;
        let at = format!("{pointer}/schema");
        let words = [operation.to_owned(), name.clone()];
        let style = item["style"].as_str().unwrap_or(if location == "query" { "form" } else { "simple" });
        let properties = if location == "query" { schemas.properties(&item["schema"], &at)? } else { None };
        let mut schema = item["schema"].clone();
        if properties.is_some() {
            // progenitor writes a map into a query, and no struct.
            schema = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        }
        let schema = schemas.lower(&schema, &at, Direction::Request, &words)?;
        let kind = schemas.resolved(&schema.schema)["type"].as_str().unwrap_or_default();
        let as_text = if item.get("content").is_some() {
            Some("content")
        } else if location == "query" {
            let is_joined = match kind {
                "array" => style != "form" || item["explode"] == false,
                "object" => style == "form" && item["explode"] == false,
                _ => false,
            };
            (is_joined || properties == Some(false)).then_some("style")
        } else {
            (!SCALARS.contains(&kind)).then_some("style")
        };
        let mut lowered = json!({ "name": name, "in": location, "required": item["required"] == true });
        if let Some(description) = item["description"].as_str() {
            lowered["description"] = description.into();
        }
        if let Some(key) = as_text {
            schemas.note(key, "the parameter is a text, to be written as the document says", pointer);
            lowered["schema"] = json!({ "type": "string" });
            return Ok(LoweredParameter { lowered, expected: "must be a string".to_owned() });
        }
        if properties.is_some() {
            schemas.note("style", "the parameter is a map of any keys to texts", pointer);
        }
        if location == "query" && style != "form" {
            schemas.note("style", "keys are sent as they are given, so `filter[name]` is to be given whole", pointer);
        }
        lowered["schema"] = schema.schema;
        Ok(LoweredParameter { lowered, expected: schema.expected })
    }

    /// The body for progenitor; none if there is nothing that it could be.
    fn request_body(
        &self,
        pointer: &str,
        body: &Value,
        operation: &str,
        schemas: &mut Schemas<'_>,
        facts: &mut OperationFacts,
    ) -> Result<Option<Value>> {
        let Some((media_type, content)) = chosen(body, pointer, schemas) else { return Ok(None) };
        let essence = essence(media_type);
        let lowered_type = if is_json(essence) {
            JSON
        } else if essence == FORM {
            FORM
        } else {
            BYTES
        };
        if lowered_type != essence {
            facts.media_type = Some(media_type.to_owned());
        }
        let schema = if lowered_type == BYTES {
            json!({ "type": "string", "format": "binary" })
        } else {
            let at = format!("{pointer}/content/{}/schema", escape(media_type));
            let words = [operation.to_owned(), "Body".to_owned()];
            schemas.body(&content["schema"], &at, &words)?
        };
        if body["required"] != true && !is_sent_empty(&schema, schemas) {
            schemas.tell("requestBody", "cannot be left out, though the document has it optional", pointer);
        }
        if essence == MULTIPART {
            let became = "the body is bytes, sent as they are given; no header names their boundary";
            schemas.note(MULTIPART, became, pointer);
        }
        if lowered_type == FORM && has_nested(&schema, schemas) {
            schemas.note(FORM, "lists and objects have no place in a form: sending them fails", pointer);
        }
        Ok(Some(json!({
            "description": said_or(body, || "The body of the request.".to_owned()),
            "required": body["required"] == true,
            "content": { lowered_type: { "schema": schema } },
        })))
    }

    fn responses(&self, name: &str, schemas: &mut Schemas<'_>, facts: &mut OperationFacts) -> Result<Value> {
        let mut lowered = Map::new();
        let mut successes = Vec::new();
        let responses = self.item["responses"].as_object().into_iter().flatten();
        let has_success = responses.clone().any(|(status, _)| status.starts_with('2'));
        for (declared, response) in responses.filter(|(status, _)| !status.starts_with("x-")) {
            let pointer = format!("{}/responses/{}", self.pointer, escape(declared));
            let Some(status) = status(declared) else {
                schemas.note("responses", "no answer has a status that is none of HTTP's", &pointer);
                continue;
            };
            let description = said_or(response, || format!("Status {status}."));
            let mut body = json!({ "description": description });
            let declaration = format!("{}/responses/{}", facts.pointer, escape(declared));
            let sources = BTreeSet::from([declaration, schemas.origin(&pointer)]);
            facts.responses.insert(status.clone(), Described { description, sources });
            // Where no success is declared, what is said of all the rest is said of successes too.
            let is_success = status.starts_with('2') || (status == "default" && !has_success);
            let content = content(response, &pointer, schemas);
            if is_success {
                let status = if status == "default" { "2XX".to_owned() } else { status };
                lowered.insert(status.clone(), body);
                successes.push((status, content));
            } else if has_reason(&status) {
                // Whatever else it holds, an error shows it as text.
                if let Content::Schema(at, schema) = content {
                    let words = [name.to_owned(), "Error".to_owned()];
                    let schema = schemas.lower_within(&schema, &at, Direction::Response, &words)?;
                    body["content"] = json!({ JSON: { "schema": schema.schema } });
                }
                lowered.insert(status, body);
            }
        }
        // OpenAPI 3.0: at least one.
        if lowered.is_empty() {
            lowered.insert("default".to_owned(), json!({ "description": "" }));
        }
        let common = self.success(name, &successes, schemas)?;
        for (status, content) in successes {
            if let (Some(common), Content::Schema(..) | Content::Bytes) = (&common, content) {
                lowered[&status]["content"] = common.clone();
            }
            if !facts.successes.contains(&status) {
                facts.successes.push(status);
            }
        }
        Ok(lowered.into())
    }

    /// The content of all successes that have one: progenitor has one type for them.
    fn success(&self, name: &str, successes: &[(String, Content)], schemas: &mut Schemas<'_>) -> Result<Option<Value>> {
        let pointer = format!("{}/responses", self.pointer);
        let words = [name.to_owned(), "Response".to_owned()];
        let has_bytes = successes.iter().any(|(_, content)| matches!(content, Content::Bytes));
        let mut bodies: Vec<(String, Value)> = Vec::new();
        for (_, content) in successes {
            match content {
                Content::Schema(at, schema) if bodies.iter().all(|(_, other)| other != schema) => {
                    bodies.push((at.clone(), schema.clone()));
                }
                _ => {}
            }
        }
        if has_bytes && !bodies.is_empty() {
            let became = "of several successes, those in JSON are read; the body of another is told by an error";
            schemas.note("content", became, &pointer);
        }
        let schema = match bodies.as_slice() {
            [] if has_bytes => return Ok(Some(json!({ BYTES: {} }))),
            [] => return Ok(None),
            [(at, schema)] => schemas.value(schema, at, Direction::Response, &words)?,
            several => {
                let union = schemas.union(several, &pointer, &words)?;
                let became = match union == json!({}) {
                    true => "of several bodies, one is more than named properties, so that they are any JSON value",
                    false => "of several bodies, the type has the properties of all",
                };
                schemas.note("responses", became, &pointer);
                union
            }
        };
        Ok(Some(json!({ JSON: { "schema": schema } })))
    }
}

/// A parameter for progenitor, and what its value must be, in the words of an error.
struct LoweredParameter {
    lowered: Value,
    expected: String,
}

/// The media type that is used of a body's, JSON if there is one, and its object.
fn chosen<'v>(body: &'v Value, pointer: &str, schemas: &mut Schemas<'_>) -> Option<(&'v str, &'v Value)> {
    let content = body["content"].as_object()?;
    let rank = |media_type: &str| match essence(media_type) {
        JSON => 0,
        essence if is_json(essence) => 1,
        FORM => 2,
        _ => 3,
    };
    let chosen = content.iter().min_by_key(|(media_type, _)| (rank(media_type), media_type.as_str()))?;
    if content.len() > 1 {
        schemas.note("content", &format!("of several media types, `{}` is used", chosen.0), pointer);
    }
    Some((chosen.0, chosen.1))
}

fn content(response: &Value, pointer: &str, schemas: &mut Schemas<'_>) -> Content {
    match chosen(response, pointer, schemas) {
        None => Content::None,
        Some((media_type, content)) if is_json(essence(media_type)) => {
            Content::Schema(format!("{pointer}/content/{}/schema", escape(media_type)), content["schema"].clone())
        }
        Some(_) => Content::Bytes,
    }
}

/// Whether a builder that nothing was set on makes a body of this schema.
fn is_sent_empty(schema: &Value, schemas: &Schemas<'_>) -> bool {
    let object = schemas.resolved(schema);
    object["properties"].is_object() && object.get("required").is_none()
}

/// Whether a lowered object has properties that are no scalars.
fn has_nested(schema: &Value, schemas: &Schemas<'_>) -> bool {
    let properties = schemas.resolved(schema)["properties"].as_object().into_iter().flatten();
    let mut kinds = properties.map(|(_, property)| {
        let property = property.pointer("/x-rust-type/parameters/0").unwrap_or(property);
        schemas.resolved(property)["type"].as_str().unwrap_or("object")
    });
    kinds.any(|kind| !SCALARS.contains(&kind))
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default()
}

/// A status as OpenAPI 3.0 writes it: `default`, three digits, or a class of them. What is no status is none.
fn status(declared: &str) -> Option<String> {
    match declared.as_bytes() {
        b"default" | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => Some(declared.to_owned()),
        [b'1'..=b'5', b'X', b'X'] => Some(declared.to_owned()),
        _ => None,
    }
}

/// Whether a status has a reason phrase (RFC 9110, section 15.1): a mock's methods are called by them.
fn has_reason(status: &str) -> bool {
    let is_known = |code: u16| StatusCode::from_u16(code).is_ok_and(|code| code.canonical_reason().is_some());
    status == "default" || status.ends_with("XX") || status.parse().is_ok_and(is_known)
}

/// What the document says of it, or else this.
fn said_or(item: &Value, otherwise: impl FnOnce() -> String) -> String {
    match item["description"].as_str().unwrap_or_default().trim() {
        "" => otherwise(),
        said => said.to_owned(),
    }
}
