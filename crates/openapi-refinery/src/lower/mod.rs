//! Step 4: translation of the normal form to the OpenAPI 3.0 that progenitor reads. Everything that generated types can express is
//! preserved.

mod combine;
mod encoding;
mod finite;
mod inspect;
mod json_schema;
mod keys;
mod lowered;
mod operation;
mod schema;
mod warnings;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use serde_json::{Map, Value, json};

pub(crate) use self::encoding::{BodyEncoding, Location, Part, Style};
use self::finite::list_infinite;
use self::inspect::{MAX_INTEGER, MIN_INTEGER};
pub use self::keys::{Label, unique_labels};
pub(crate) use self::lowered::{ONE_OR_MORE, SECRET, optional};
pub(crate) use self::operation::ERROR_BODY;
pub(crate) use self::operation::{BUILDER_TYPES, CLIENT_METHODS};
use self::operation::{Operation, check_path_items, list_operations, name_operations, report_duplicate_ids};
pub(crate) use self::schema::RESERVED_TYPES;
use self::schema::{NamedSchemas, Schemas};
pub use self::warnings::Warnings;
use super::handwritten::Handwritten;
use super::names::{Looks, Names};
use super::normalize::{Normal, expand_server_url, normalize_url};
use super::{Error, Result};

/// Maximum depth of a schema in its component, members of `allOf` included. Deeper schemas become any JSON value.
const MAX_DEPTH: usize = 128;

/// Maximum depth of a schema, including the components that refer to it, which bounds the stack. Deeper schemas become any JSON value.
const MAX_LEVELS: usize = 40_000;

/// The stack size in bytes that lowering needs for a nested schema in unoptimized builds.
const STACK_OF_LEVEL: usize = 24 * 1024;

/// The result of lowering, which the following steps read.
pub(crate) struct Lowered {
    /// The document that progenitor reads.
    pub document: Value,
    /// The assigned Rust names.
    pub names: Names,
    /// The names with non-ASCII letters, except those of fields.
    pub looks: Looks,
    /// Generated types, by Rust name.
    pub types: BTreeMap<String, NamedType>,
    /// Parameters, by the Rust names of the operation and the parameter.
    pub parameters: BTreeMap<(String, String), Parameter>,
    /// The ranges of integers in requests.
    pub integers: BTreeSet<IntegerRange>,
    /// What refine reads of operations in addition to their lowered forms, by Rust name.
    pub operations: BTreeMap<String, OperationDetails>,
    /// The warnings about the document.
    pub warnings: Warnings,
    /// The default base URL: that of the first server with an absolute one, with the defaults of its variables.
    pub base_url: String,
    /// Whether any operation accepts HTTP Basic authentication.
    pub accepts_http_basic: bool,
    /// The references between schemas, as pairs of location and target.
    pub references: BTreeSet<(String, String)>,
}

impl Lowered {
    /// The location of the schema that a type comes from.
    pub fn location_of(&self, type_name: impl ToString) -> String {
        let sources = self.types.get(&type_name.to_string()).map(|it| &it.sources);
        sources.and_then(BTreeSet::first).cloned().unwrap_or_default()
    }
}

/// The direction in which instances of a schema are sent. Requests are strict, responses tolerant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to the API.
    Request,
    /// From the API to the client.
    Response,
}

impl Direction {
    /// Returns the key of the type of a location in this direction.
    pub(crate) fn name_key(self, pointer: &str) -> String {
        match self {
            Self::Request => format!("request {pointer}"),
            Self::Response => format!("response {pointer}"),
        }
    }
}

/// A schema that becomes a named type.
pub(crate) struct NamedType {
    /// The direction in which its instances are sent.
    pub direction: Direction,
    /// The schema in the corrected document, with references replaced by `{"$ref": RustName}` or by their targets.
    pub schema: Value,
    /// Whether its instances are strings, which are parsed: those of an enum, or of limited length.
    pub is_text: bool,
    /// The requirement on an instance, as the text of an error.
    pub expected: String,
    /// The discriminator of a union.
    pub discriminator: Option<Discriminator>,
    /// The property in the lowered schema that holds additional properties, if the document has a schema for those.
    pub additional_field: Option<String>,
    /// The fields, if it is sent as `multipart/form-data`.
    pub multipart_fields: Option<BTreeMap<String, Part>>,
    /// The values of an enum.
    pub values: Vec<String>,
    /// The names of the variants, in the order of the values or alternatives.
    pub variants: Vec<String>,
    /// The positions of the alternatives in the document.
    pub positions: Vec<usize>,
    /// The locations of the schema in the document, for the provenance.
    pub sources: BTreeSet<String>,
    /// The locations of the properties or values, by their names in the document.
    pub members: BTreeMap<String, BTreeSet<String>>,
    /// The properties that the document marks as deprecated.
    pub deprecated: BTreeSet<String>,
    /// The properties that contain passwords, or the empty name if the type has no properties and may be a password itself.
    pub secrets: BTreeSet<String>,
}

/// A discriminator and its values for each alternative.
#[derive(Clone)]
pub(crate) struct Discriminator {
    /// The property that selects the alternative.
    pub property: String,
    /// The values of the property for each alternative, in their order.
    pub values: Vec<Vec<String>>,
    /// The index of the alternative for all other values.
    pub fallback: Option<usize>,
}

/// What refine reads of an operation in addition to its lowered form.
#[derive(Default)]
pub(crate) struct OperationDetails {
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// The statuses that are successes.
    pub successes: Vec<String>,
    /// The method, in lower case.
    pub method: &'static str,
    /// The path in the document.
    pub path: String,
    /// How the body of a request is encoded.
    pub body_encoding: Option<BodyEncoding>,
    /// Whether the body is an optional object with required properties, which is sent only if it is set.
    pub body_may_be_absent: bool,
    /// Whether the body may be a password, or a list or map that contains passwords.
    pub body_is_secret: bool,
    /// The value of the `Accept` header, if the body of a success has a type.
    pub accept: Option<String>,
    /// The contents of responses other than 2xx, by status.
    pub errors: BTreeMap<String, ErrorContent>,
    /// The responses whose body the mock takes as bytes, by status, each with its media type in the document.
    pub bytes: BTreeMap<String, String>,
    /// The location of the operation in the document.
    pub pointer: String,
    /// The locations of the request body.
    pub body_sources: BTreeSet<String>,
    /// Its responses, by status.
    pub responses: BTreeMap<String, Documentation>,
}

/// The content of an error response.
#[derive(Clone, Copy)]
pub(crate) enum ErrorContent {
    /// No content, or content that is read as bytes.
    None,
    Json,
    Text,
}

/// The description of a parameter or a response, with its locations.
pub(crate) struct Documentation {
    /// Its description, or a default text.
    pub description: String,
    /// Its locations in the document, and those of its schema.
    pub sources: BTreeSet<String>,
}

/// A parameter of an operation.
pub(crate) struct Parameter {
    /// The name in the document.
    pub name: String,
    /// The requirement on a value, as the text of an error.
    pub expected: String,
    /// Whether requests must have it.
    pub required: bool,
    /// Whether a list must have an item, since an empty list is not sent.
    pub needs_items: bool,
    /// Whether the document marks it as deprecated.
    pub deprecated: bool,
    /// Whether its value may be a secret.
    pub secret: bool,
    /// Where it is sent.
    pub location: Location,
    /// How its value is written.
    pub style: Style,
    /// Whether each member of an object is sent as a parameter or cookie of its own, and the document need not name all members.
    pub is_exploded_map: bool,
    /// If each property of an object is sent as a parameter or cookie of its own: the names of these properties, except for those that
    /// other parameters have.
    pub members: BTreeSet<String>,
    /// Its description and locations.
    pub documentation: Documentation,
}

/// The range of integers that a schema of a request allows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct IntegerRange {
    /// The least integer.
    pub min: i128,
    /// The greatest integer.
    pub max: i128,
}

impl IntegerRange {
    /// Returns a `format` that represents the range in the lowered document, since progenitor reads bounds as floats.
    pub(crate) fn format(self) -> String {
        format!("integer from {} to {}", self.min, self.max)
    }

    /// Returns the runtime type of integers in this range, such as `Integer<1, 100>`. Bounds that are defaults of the type are omitted.
    pub(crate) fn rust_type(self) -> String {
        let Self { min, max } = self;
        let is_of = |least: i128, greatest: i128| (min, max) == (least, greatest);
        match (min == MIN_INTEGER, max == MAX_INTEGER) {
            (true, true) => "Integer".to_owned(),
            (false, true) => format!("Integer<{min}>"),
            _ if is_of(i32::MIN.into(), i32::MAX.into()) => "Int32".to_owned(),
            _ if is_of(i64::MIN.into(), i64::MAX.into()) => "Int64".to_owned(),
            (true, false) => format!("Integer<{{ i64::MIN as i128 }}, {max}>"),
            (false, false) => format!("Integer<{min}, {max}>"),
        }
    }

    /// Returns the requirement on an integer, as the text of an error. Bounds of 64 bits are not mentioned.
    pub(crate) fn expected(self) -> String {
        let Self { min, max } = self;
        match (min > i64::MIN.into(), max < i64::MAX.into()) {
            (true, true) => format!("must be an integer from {min} to {max}"),
            (true, false) => format!("must be an integer of at least {min}"),
            (false, true) => format!("must be an integer of at most {max}"),
            (false, false) => "must be an integer".to_owned(),
        }
    }
}

/// Lowers the normal form of a corrected document. `rejected` are the errors of the parts that the normal form does not have.
pub(crate) fn lower(
    corrected: &Value,
    normal: &Normal,
    rejected: Vec<Error>,
    recorded: &Names,
    handwritten: &Handwritten,
) -> Result<Lowered> {
    // Chains of references may be as long as the document and need more stack than a thread has by default. Unused stack needs no
    // memory.
    let levels = size(normal.document()).min(MAX_LEVELS);
    let builder = thread::Builder::new().stack_size((levels + 100) * STACK_OF_LEVEL);
    let outcome = thread::scope(|scope| {
        let thread = builder.spawn_scoped(scope, || lower_document(corrected, normal, rejected, recorded, handwritten));
        thread.map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    outcome.unwrap_or_else(|error| Err(Error::new(format!("cannot start a thread: {error}"), "free some memory")))
}

fn lower_document(
    corrected: &Value,
    normal: &Normal,
    mut errors: Vec<Error>,
    recorded: &Names,
    handwritten: &Handwritten,
) -> Result<Lowered> {
    let operations = list_operations(normal);
    let document = normal.document();
    let mut looks = Looks::default();
    let names = name_operations(&operations, &recorded.operations, &handwritten.methods("Client"), &mut looks);
    let (mut schemas, lowered) = lower_until_typed(corrected, normal, &operations, &names, &looks)
        .map_err(|error| error.with_warnings(Warnings::of(normal)))?;
    report_duplicate_ids(&operations, &mut schemas);
    report_infinite(normal, &mut schemas);
    reject_empty(corrected, &mut schemas);
    let base_url = default_base_url(document, &mut schemas);
    errors.append(&mut schemas.errors);
    if let Some(error) = Error::all(errors) {
        return Err(error.with_warnings(schemas.warnings));
    }
    let LoweredOperations { mut paths, parameters, details } = lowered;
    let NamedSchemas {
        components,
        types,
        names: type_names,
        variants,
        appended,
        looks,
        integers,
        warnings,
        references,
    } = schemas.assign_names(&mut paths, recorded);
    let mut lowered = json!({ "openapi": "3.0.3", "info": lower_info(document), "components": {} });
    // `json!` would copy these.
    lowered["paths"] = paths.into();
    lowered["components"]["schemas"] = components.into();
    Ok(Lowered {
        document: lowered,
        names: Names { operations: names, types: type_names, variants, appended },
        looks,
        types,
        parameters,
        integers,
        operations: details,
        warnings,
        base_url,
        accepts_http_basic: accepts_http_basic(document, &operations),
        references,
    })
}

/// The lowered operations.
#[derive(Default)]
struct LoweredOperations {
    paths: Map<String, Value>,
    parameters: BTreeMap<(String, String), Parameter>,
    details: BTreeMap<String, OperationDetails>,
}

/// Lowers the operations. Components without a type are found by lowering, so it is repeated until it finds no more.
fn lower_until_typed<'a>(
    corrected: &'a Value,
    normal: &'a Normal,
    operations: &[Operation<'_>],
    names: &BTreeMap<String, String>,
    looks: &Looks,
) -> Result<(Schemas<'a>, LoweredOperations)> {
    let mut untyped = BTreeMap::new();
    loop {
        let untyped_before = untyped.len();
        let mut schemas = Schemas::new(corrected, normal, untyped, looks.clone());
        check_path_items(normal, &mut schemas);
        let lowered = lower_operations(operations, names, &mut schemas)?;
        if schemas.untyped.len() == untyped_before {
            return Ok((schemas, lowered));
        }
        untyped = schemas.untyped.clone();
    }
}

fn lower_operations(
    operations: &[Operation<'_>],
    names: &BTreeMap<String, String>,
    schemas: &mut Schemas<'_>,
) -> Result<LoweredOperations> {
    let mut all = LoweredOperations::default();
    for operation in operations {
        let name = &names[&operation.key];
        let mut details = operation.details(schemas);
        let (path, lowered) = operation.lower(name, schemas, &mut all.parameters, &mut details)?;
        let path_item = all.paths.entry(path).or_insert_with(|| json!({}));
        path_item[operation.method] = lowered;
        all.details.insert(name.clone(), details);
    }
    Ok(all)
}

fn lower_info(document: &Value) -> Value {
    let text = |key: &str, default: &str| document["info"][key].as_str().unwrap_or(default).to_owned();
    let mut info = json!({ "title": text("title", "API"), "version": text("version", "0") });
    if let Some(description) = document["info"]["description"].as_str() {
        info["description"] = description.into();
    }
    info
}

/// Returns the default base URL: that of the first server with an absolute one, otherwise that of the first server. Variables have their
/// defaults.
fn default_base_url(document: &Value, schemas: &mut Schemas<'_>) -> String {
    let expand = |server: &Value| {
        let default = |name: &str| server["variables"][name]["default"].as_str().map(str::to_owned);
        expand_server_url(server["url"].as_str().unwrap_or_default(), default)
    };
    let urls: Vec<String> = document["servers"].as_array().into_iter().flatten().map(expand).collect();
    let first = urls.first().cloned().unwrap_or_default();
    let absolute = urls.iter().find(|url| is_absolute(url));
    // `/` is implied by OpenAPI if the document has no servers, and not worth a warning.
    if absolute != Some(&first) && first != "/" {
        let other = absolute.map_or_else(
            || "pass another base URL to the client".to_owned(),
            |url| format!("the default base URL is `{url}`"),
        );
        let problem = match undeclared_variable(&document["servers"][0]) {
            Some(name) => format!("cannot be the base URL, because the variable `{name}` is not declared"),
            None => "is not an absolute http or https URL without a query, so it cannot be the base URL".to_owned(),
        };
        schemas.report(&first, &format!("{problem}: {other}"), "/servers");
    }
    absolute.map_or(first, |url| normalize_url(url).trim_end_matches('/').to_owned())
}

/// Returns the first variable in the URL of a server that it does not declare.
fn undeclared_variable(server: &Value) -> Option<&str> {
    let in_braces = server["url"].as_str()?.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    in_braces.into_iter().find(|name| server["variables"].get(name).is_none())
}

/// Warns about schemas that no value matches, because each value would have to contain another one without end.
fn report_infinite(normal: &Normal, schemas: &mut Schemas<'_>) {
    let effect =
        "makes each value contain another one without end: make one of the properties optional, nullable or a list";
    list_infinite(normal).iter().for_each(|pointer| schemas.report("required", effect, pointer));
}

/// Rejects a document that describes nothing (OpenAPI 3.1.1, section 4.8.1). The input document is checked, because a normal form always
/// has `paths` and `components`.
fn reject_empty(corrected: &Value, schemas: &mut Schemas<'_>) {
    if ["paths", "components", "webhooks"].iter().all(|key| corrected.get(key).is_none()) {
        schemas.reject("", "the document has neither `paths` nor `components` nor `webhooks`", "add `paths`");
    }
}

/// Returns whether paths can be appended to a URL (RFC 9110, section 4.2).
fn is_absolute(url: &str) -> bool {
    let uri = url.parse::<http::Uri>().ok().filter(|uri| uri.query().is_none() && !url.contains(['{', '#']));
    uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}

/// Returns whether any operation accepts HTTP Basic authentication without other credentials.
fn accepts_http_basic(document: &Value, operations: &[Operation<'_>]) -> bool {
    let is_basic = |name: &String| {
        let scheme = &document["components"]["securitySchemes"][name];
        scheme["type"] == "http" && scheme["scheme"] == "basic"
    };
    let alternatives = operations.iter().flat_map(|operation| operation.item["security"].as_array()).flatten();
    let mut alternatives = alternatives.filter_map(Value::as_object);
    alternatives.any(|schemes| schemes.len() == 1 && schemes.keys().all(is_basic))
}

/// Returns the number of values that a JSON value consists of, including itself.
pub fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}
