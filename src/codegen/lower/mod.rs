//! Step 3: OpenAPI 3.0 or 3.1 to the OpenAPI 3.0 that progenitor reads, losing nothing that the generated types can express.

mod schema;

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use self::schema::{Named, Schemas};
use super::handwritten::Handwritten;
use super::names::{self, Names};
use super::{Error, Result};

/// What a path item calls its operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const JSON: &str = "application/json";

/// Methods that progenitor's clients have: inherent ones, those of `ClientInfo` and `ClientHooks`, and of traits it derives.
const CLIENT_METHODS: [&str; 10] =
    ["new", "new_with_client", "api_version", "baseurl", "client", "inner", "pre", "post", "exec", "clone"];

/// What the steps after this one work on.
pub struct Lowered {
    /// The document for progenitor.
    pub document: Value,
    /// Rust names in use.
    pub names: Names,
    /// Generated types by their Rust names.
    pub types: BTreeMap<String, NamedType>,
    /// Parameters by the Rust names of operation and parameter.
    pub parameters: BTreeMap<(String, String), Parameter>,
    /// Ranges of integers in requests.
    pub integers: BTreeSet<IntegerRange>,
    /// The statuses of successes by the Rust name of the operation.
    pub successes: BTreeMap<String, Vec<String>>,
    /// The first server's URL, its variables set to their defaults.
    pub base_url: String,
    /// Whether operations accept HTTP Basic authentication.
    pub accepts_http_basic: bool,
    /// What is added by hand.
    pub handwritten: Handwritten,
}

/// Which way an instance of a schema travels: requests are strict, responses tolerant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the API.
    Request,
    /// From the API to the client.
    Response,
}

/// A schema that becomes a type with a name.
pub struct NamedType {
    /// Which way its instances travel.
    pub direction: Direction,
    /// The schema as the corrected document has it, references replaced by `{"$ref": RustName}` or written out.
    pub schema: Value,
    /// What an instance must be, in the words of an error.
    pub expected: String,
    /// The values of an enumeration.
    pub values: Vec<String>,
}

/// A parameter of an operation.
pub struct Parameter {
    /// Its name in the document.
    pub name: String,
    /// What its value must be, in the words of an error.
    pub expected: String,
}

/// The integers that a schema of a request allows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IntegerRange {
    /// The least of them.
    pub min: i128,
    /// The greatest.
    pub max: i128,
}

impl IntegerRange {
    /// A `format` that stands for the range between this step and the next: progenitor has bounds as floats only.
    pub fn format(self) -> String {
        format!("integer from {} to {}", self.min, self.max)
    }
}

/// Lowers a document.
pub fn lower(document: &Value, recorded: &Names, handwritten: Handwritten) -> Result<Lowered> {
    check_version(document)?;
    let operations = operations(document)?;
    let names = operation_names(&operations, &recorded.operations, &handwritten.methods("Client"));
    let mut schemas = Schemas::new(document);
    let mut paths = Map::new();
    let mut parameters = BTreeMap::new();
    let successes =
        operations.iter().map(|operation| (names[&operation.place].clone(), operation.successes())).collect();
    for operation in &operations {
        let name = &names[&operation.place];
        let lowered = operation.lower(name, &mut schemas, &mut parameters)?;
        let path = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        path[operation.method] = lowered;
    }
    let Named { components, types, names: type_names, integers } = schemas.named(&mut paths, &recorded.types)?;
    Ok(Lowered {
        document: json!({
            "openapi": "3.0.3",
            "info": info(document),
            "paths": paths,
            "components": { "schemas": components },
        }),
        names: Names { operations: names, types: type_names },
        types,
        parameters,
        integers,
        successes,
        base_url: base_url(document),
        accepts_http_basic: accepts_http_basic(document, &operations)?,
        handwritten,
    })
}

fn check_version(document: &Value) -> Result<()> {
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0.") || version.starts_with("3.1.") => Ok(()),
        Some(version) => Err(Error::at("/openapi", format!("version `{version}` is not supported"), "give 3.0 or 3.1")),
        None => Err(Error::at("", "this is not an OpenAPI document: `openapi` is missing", "give OpenAPI 3.0 or 3.1")),
    }
}

fn info(document: &Value) -> Value {
    let text = |key: &str, default: &str| document["info"][key].as_str().unwrap_or(default).to_owned();
    let mut info = json!({ "title": text("title", "API"), "version": text("version", "0") });
    if let Some(description) = document["info"]["description"].as_str() {
        info["description"] = description.into();
    }
    info
}

/// The first server's URL; `/` where there is none (OpenAPI 3.1.1, section 4.8.1).
fn base_url(document: &Value) -> String {
    let server = &document["servers"][0];
    let mut url = server["url"].as_str().unwrap_or("/").to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        if let Some(default) = variable["default"].as_str() {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    url
}

/// Whether HTTP Basic alone is among the alternatives of any operation.
fn accepts_http_basic(document: &Value, operations: &[Operation<'_>]) -> Result<bool> {
    let defaults = &document["security"];
    let requirements = operations.iter().map(|operation| operation.item.get("security").unwrap_or(defaults));
    let alternatives = requirements.flat_map(|alternatives| alternatives.as_array().into_iter().flatten());
    let mut accepted = false;
    for schemes in alternatives.filter_map(Value::as_object) {
        for name in schemes.keys() {
            let scheme = &document["components"]["securitySchemes"][name];
            if scheme.is_null() {
                let problem = format!("operations require the security scheme `{name}`, which is not there");
                return Err(Error::at("/components/securitySchemes", problem, "correct the name or add the scheme"));
            }
            let http_scheme = scheme["scheme"].as_str().unwrap_or_default();
            let is_basic = scheme["type"] == "http" && http_scheme.eq_ignore_ascii_case("basic");
            accepted |= is_basic && schemes.len() == 1;
        }
    }
    Ok(accepted)
}

/// An operation of the document.
struct Operation<'a> {
    document: &'a Value,
    /// What identifies it: method and path.
    place: String,
    path: String,
    method: &'static str,
    pointer: String,
    path_item: &'a Value,
    item: &'a Value,
}

fn operations(document: &Value) -> Result<Vec<Operation<'_>>> {
    let paths = document["paths"]
        .as_object()
        .ok_or_else(|| Error::at("/paths", "there are no paths", "give a document with operations"))?;
    let mut operations = Vec::new();
    for (path, path_item) in paths {
        let pointer = format!("/paths/{}", escape(path));
        if path_item.get("$ref").is_some() {
            return Err(Error::at(pointer, "a path item is a `$ref`", "write the path item out"));
        }
        for method in METHODS {
            if let Some(item) = path_item.get(method) {
                let place = format!("{method} {path}");
                let pointer = format!("{pointer}/{method}");
                operations.push(Operation { document, place, path: path.clone(), method, pointer, path_item, item });
            }
        }
    }
    Ok(operations)
}

/// The last part of an operation id is the name people want; where it is taken, the method goes before it, then all of the id,
/// then the path.
fn operation_names(
    operations: &[Operation<'_>],
    recorded: &BTreeMap<String, String>,
    handwritten: &BTreeSet<&str>,
) -> BTreeMap<String, String> {
    let wanted = operations.iter().map(|operation| {
        let id = operation.item["operationId"].as_str().filter(|id| !id.to_snake_case().is_empty());
        let with_id = id.into_iter().flat_map(|id| {
            let last = id.rsplit('-').map(names::value_name).find(|part| part.len() > 1).unwrap_or_default();
            [last.clone(), format!("{}_{last}", operation.method), names::value_name(id)]
        });
        let candidates = with_id.chain([names::value_name(&operation.place)]).collect();
        (operation.place.clone(), candidates)
    });
    names::assign(&wanted.collect(), recorded, &handwritten.iter().copied().chain(CLIENT_METHODS).collect())
}

impl Operation<'_> {
    fn lower(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        known: &mut BTreeMap<(String, String), Parameter>,
    ) -> Result<Value> {
        let mut lowered = json!({ "operationId": name });
        for key in ["summary", "description"] {
            if let Some(text) = self.item.get(key) {
                lowered[key] = text.clone();
            }
        }
        let mut parameters = Vec::new();
        let mut taken: BTreeSet<String> = self.item.get("requestBody").map(|_| "body".to_owned()).into_iter().collect();
        for (pointer, parameter) in self.parameters()? {
            let api_name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let words = [name.to_owned(), api_name.clone()];
            let at = format!("{pointer}/schema");
            let lowered = schemas.lower(&parameter["schema"], &at, Direction::Request, &words)?;
            let rust_name = names::value_name(&api_name);
            if !taken.insert(rust_name.clone()) {
                let problem = format!("another parameter, or the body, is called `{rust_name}` too");
                return Err(Error::at(pointer, problem, "leave one of them out with an entry in the corrections"));
            }
            let rust_names = (names::type_name(&[name]), rust_name);
            known.insert(rust_names, Parameter { name: api_name, expected: lowered.expected });
            parameters.push(with_schema(&parameter, lowered.schema));
        }
        lowered["parameters"] = parameters.into();
        if let Some((pointer, body)) = self.resolved("requestBody")? {
            lowered["requestBody"] = self.body(&pointer, &body, name, "Body", Direction::Request, schemas)?;
        }
        lowered["responses"] = self.responses(name, schemas)?;
        Ok(lowered)
    }

    /// The operation's own parameters, and those of its path item that it does not replace.
    fn parameters(&self) -> Result<Vec<(String, Value)>> {
        let path_pointer = format!("/paths/{}", escape(&self.path));
        let mut parameters: Vec<(String, Value)> = Vec::new();
        for (pointer, holder) in [(path_pointer, self.path_item), (self.pointer.clone(), self.item)] {
            for (index, parameter) in holder["parameters"].as_array().into_iter().flatten().enumerate() {
                let (pointer, parameter) =
                    schema::follow(self.document, &format!("{pointer}/parameters/{index}"), parameter)?;
                let identity = |value: &Value| (value["name"].clone(), value["in"].clone());
                parameters.retain(|(_, other)| identity(other) != identity(parameter));
                parameters.push((pointer, parameter.clone()));
            }
        }
        Ok(parameters)
    }

    fn resolved(&self, key: &str) -> Result<Option<(String, Value)>> {
        let Some(value) = self.item.get(key) else { return Ok(None) };
        let (pointer, value) = schema::follow(self.document, &format!("{}/{key}", self.pointer), value)?;
        Ok(Some((pointer, value.clone())))
    }

    fn successes(&self) -> Vec<String> {
        let responses = self.item["responses"].as_object().into_iter().flatten();
        responses.map(|(status, _)| status.to_uppercase()).filter(|status| status.starts_with('2')).collect()
    }

    fn responses(&self, name: &str, schemas: &mut Schemas<'_>) -> Result<Value> {
        let mut responses = Map::new();
        let mut successes: Vec<Value> = Vec::new();
        for (status, response) in self.item["responses"].as_object().into_iter().flatten() {
            let pointer = format!("{}/responses/{status}", self.pointer);
            let (pointer, response) = schema::follow(self.document, &pointer, response)?;
            let lowered = if status.starts_with('2') {
                let success = self.body(&pointer, response, name, "Response", Direction::Response, schemas)?;
                successes.push(success["content"].clone());
                success
            } else if response["content"].get(JSON).is_some() {
                self.body(&pointer, response, name, "Error", Direction::Response, schemas)?
            } else {
                // Whatever it holds, an error shows it as text.
                json!({ "description": description(response) })
            };
            responses.insert(status.clone(), lowered);
        }
        successes.dedup();
        if successes.len() > 1 {
            let problem = "successes have different bodies";
            let remedy = "leave the one that clients read, with an entry in the corrections";
            return Err(Error::at(format!("{}/responses", self.pointer), problem, remedy));
        }
        Ok(responses.into())
    }

    /// A request body or a response, with its JSON content only.
    fn body(
        &self,
        pointer: &str,
        body: &Value,
        operation: &str,
        suffix: &str,
        direction: Direction,
        schemas: &mut Schemas<'_>,
    ) -> Result<Value> {
        let mut lowered = json!({ "description": description(body) });
        if let Some(required) = body.get("required") {
            lowered["required"] = required.clone();
        }
        let Some(content) = body["content"].as_object().filter(|content| !content.is_empty()) else {
            return Ok(lowered);
        };
        let Some(media_type) = content.get(JSON) else {
            let found = content.keys().cloned().collect::<Vec<_>>().join(", ");
            let problem = format!("the content is {found}, and only {JSON} is supported");
            return Err(Error::at(format!("{pointer}/content"), problem, format!("describe the content as {JSON}")));
        };
        let at = format!("{pointer}/content/{}/schema", escape(JSON));
        let words = [operation.to_owned(), suffix.to_owned()];
        let schema = schemas.lower(&media_type["schema"], &at, direction, &words)?;
        lowered["content"] = json!({ JSON: { "schema": schema.schema } });
        Ok(lowered)
    }
}

fn description(described: &Value) -> &str {
    described["description"].as_str().unwrap_or_default()
}

/// A parameter with another schema and without what progenitor does not read.
fn with_schema(parameter: &Value, schema: Value) -> Value {
    let mut lowered = json!({ "schema": schema });
    for key in ["name", "in", "required", "description", "style", "explode"] {
        if let Some(value) = parameter.get(key) {
            lowered[key] = value.clone();
        }
    }
    lowered
}

/// A key as a reference token of a JSON pointer (RFC 6901, section 3).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
