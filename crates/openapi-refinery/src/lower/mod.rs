//! Step 3: OpenAPI 3.0 or 3.1 to the OpenAPI 3.0 that progenitor reads, losing nothing that the generated types can express.

mod combine;
mod json_schema;
mod keywords;
mod lowered;
mod operation;
mod reading;
mod reference;
mod schema;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub use self::keywords::{Widened, holds_data, holds_names};
pub use self::lowered::optional;
use self::operation::{Operation, operation_names, operations};
pub use self::reference::percent_decoded;
pub use self::reference::{follow_where, target};
use self::schema::{Named, Schemas};
use super::handwritten::Handwritten;
use super::names::Names;
use super::{Error, Result};

/// What a path item calls its operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Schemas that are nested deeper are any JSON value.
const MAX_DEPTH: usize = 128;

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
    /// What else there is to say of operations, by their Rust names.
    pub operations: BTreeMap<String, OperationFacts>,
    /// What the types do not keep of the document.
    pub widened: Widened,
    /// The first server's URL, its variables set to their defaults.
    pub base_url: String,
    /// Whether operations accept HTTP Basic authentication.
    pub accepts_http_basic: bool,
    /// References between schemas, from location to target.
    pub references: BTreeSet<(String, String)>,
}

/// Which way an instance of a schema travels: requests are strict, responses tolerant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to the API.
    Request,
    /// From the API to the client.
    Response,
}

impl Direction {
    /// A place in this direction.
    pub fn place(self, pointer: &str) -> String {
        match self {
            Self::Request => format!("request {pointer}"),
            Self::Response => format!("response {pointer}"),
        }
    }
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
    /// The names of its variants, in the same order.
    pub variants: Vec<String>,
    /// The locations of the schema in the document: see `Provenance`.
    pub sources: BTreeSet<String>,
    /// The locations of its properties or values, by their names in the document.
    pub members: BTreeMap<String, BTreeSet<String>>,
}

/// What is said of an operation beside its schemas.
#[derive(Default)]
pub struct OperationFacts {
    /// The statuses of successes.
    pub successes: Vec<String>,
    /// What the request body is called on the wire, unless progenitor says so.
    pub media_type: Option<String>,
    /// The names of parameters in the document, by what progenitor was given in their place.
    pub parameters: BTreeMap<String, String>,
    /// Its location in the document.
    pub pointer: String,
    /// Its responses, by status.
    pub responses: BTreeMap<String, Described>,
}

/// What the document says of a parameter or a response.
pub struct Described {
    /// Its description, or a text in place of one.
    pub description: String,
    /// Its locations in the document, and those of its schema.
    pub sources: BTreeSet<String>,
}

/// A parameter of an operation.
pub struct Parameter {
    /// Its name in the document.
    pub name: String,
    /// What its value must be, in the words of an error.
    pub expected: String,
    /// What the document says of it.
    pub described: Described,
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

    /// What an integer must be, in the words of an error. Bounds of 64 bits go without saying.
    pub fn expected(self) -> String {
        let Self { min, max } = self;
        match (min > i64::MIN.into(), max < i64::MAX.into()) {
            (true, true) => format!("must be an integer from {min} to {max}"),
            (true, false) => format!("must be an integer of at least {min}"),
            (false, true) => format!("must be an integer of at most {max}"),
            (false, false) => "must be an integer".to_owned(),
        }
    }
}

/// Lowers a document.
pub fn lower(document: &Value, recorded: &Names, handwritten: &Handwritten) -> Result<Lowered> {
    check_version(document)?;
    let operations = operations(document)?;
    let names = operation_names(&operations, &recorded.operations, &handwritten.methods("Client"));
    let mut untyped = BTreeSet::new();
    // Only once all is lowered is it known which components have no type.
    let (schemas, parts) = loop {
        let known = untyped.len();
        let mut schemas = Schemas::new(document, untyped);
        let parts = lower_operations(&operations, &names, &mut schemas)?;
        if schemas.untyped.len() == known {
            break (schemas, parts);
        }
        untyped = schemas.untyped.clone();
    };
    let Parts { mut paths, parameters, facts } = parts;
    let Named { components, types, names: type_names, variants, integers, widened, references } =
        schemas.named(&mut paths, recorded)?;
    Ok(Lowered {
        document: json!({
            "openapi": "3.0.3",
            "info": info(document),
            "paths": paths,
            "components": { "schemas": components },
        }),
        names: Names { operations: names, types: type_names, variants },
        types,
        parameters,
        integers,
        operations: facts,
        widened,
        base_url: base_url(document),
        accepts_http_basic: accepts_http_basic(document, &operations),
        references,
    })
}

/// The operations, lowered.
#[derive(Default)]
struct Parts {
    paths: Map<String, Value>,
    parameters: BTreeMap<(String, String), Parameter>,
    facts: BTreeMap<String, OperationFacts>,
}

fn lower_operations(
    operations: &[Operation<'_>],
    names: &BTreeMap<String, String>,
    schemas: &mut Schemas<'_>,
) -> Result<Parts> {
    let mut parts = Parts::default();
    for operation in operations {
        let name = &names[&operation.place];
        let mut facts = OperationFacts { pointer: operation.pointer.clone(), ..OperationFacts::default() };
        let (path, lowered) = operation.lower(name, schemas, &mut parts.parameters, &mut facts)?;
        let path_item = parts.paths.entry(path).or_insert_with(|| json!({}));
        path_item[operation.method] = lowered;
        parts.facts.insert(name.clone(), facts);
    }
    Ok(parts)
}

/// Refuses what is no document of OpenAPI 3.0 or 3.1.
pub fn check_version(document: &Value) -> Result<()> {
    // In YAML, a version without a patch is a number unless it is quoted.
    let version =
        document.get("openapi").map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned));
    match version {
        Some(version) if ["3.0", "3.1"].contains(&minor(&version)) => Ok(()),
        Some(version) => Err(Error::at("/openapi", format!("version `{version}` is not supported"), "give 3.0 or 3.1")),
        None => Err(Error::at("", "this is not an OpenAPI document: `openapi` is missing", "give OpenAPI 3.0 or 3.1")),
    }
}

/// A version without its patch.
fn minor(version: &str) -> &str {
    version.match_indices('.').nth(1).map_or(version, |(patch, _)| &version[..patch])
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
fn accepts_http_basic(document: &Value, operations: &[Operation<'_>]) -> bool {
    let is_basic = |name: &String| {
        let scheme = &document["components"]["securitySchemes"][name];
        let http_scheme = scheme["scheme"].as_str().unwrap_or_default();
        scheme["type"] == "http" && http_scheme.eq_ignore_ascii_case("basic")
    };
    let defaults = &document["security"];
    let requirements = operations.iter().map(|operation| operation.item.get("security").unwrap_or(defaults));
    let mut alternatives = requirements.filter_map(Value::as_array).flatten().filter_map(Value::as_object);
    alternatives.any(|schemes| schemes.len() == 1 && schemes.keys().all(is_basic))
}

/// How many values a value is made of.
pub fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}

/// A key as a reference token of a JSON pointer (RFC 6901, section 3).
pub fn escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1").into() } else { key.into() }
}
