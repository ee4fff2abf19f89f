//! Lowering of responses.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::media_type::{BYTES, JSON, essence, is_range, media_type_is_valid, preferred_media_type, report_unused};
use super::{Operation, description_or};
use crate::Result;
use crate::lower::lowered::{SECRET, is_named, std_type};
use crate::lower::schema::{Schemas, Site};
use crate::lower::{Documentation, ErrorContent, OperationDetails};
use crate::normalize::{is_json, media_range_includes};
use crate::pointer::escape;

/// The content of a response body.
enum Content {
    None,
    /// A JSON body: the pointer of its schema, the schema and the media type.
    Schema(String, Value, String),
    /// Text: the pointer of its schema and the schema.
    Text(String, Value),
    Bytes,
}

impl Content {
    /// Returns the media type for the `Accept` header, if the body has a type.
    fn accept_header(&self) -> Option<&str> {
        match self {
            Self::Schema(_, _, media_type) => Some(if is_range(essence(media_type)) { JSON } else { media_type }),
            Self::None | Self::Text(..) | Self::Bytes => None,
        }
    }

    fn of_error(&self) -> ErrorContent {
        match self {
            Self::Schema(..) => ErrorContent::Json,
            Self::Text(..) => ErrorContent::Text,
            Self::None | Self::Bytes => ErrorContent::None,
        }
    }
}

/// The responses of an operation.
#[derive(Default)]
struct Responses {
    /// Those of the lowered document, by status.
    lowered: Map<String, Value>,
    /// The contents of successes, by status.
    successes: Vec<(String, Content)>,
    /// The media types of successes, by status.
    media_types: BTreeMap<String, String>,
    /// The different schemas of JSON error bodies, with their pointers.
    errors: Vec<(String, Value)>,
    /// The different schemas of text error bodies, with their pointers.
    text_errors: Vec<(String, Value)>,
}

impl Responses {
    /// Adds the schema of an error body, unless it is known.
    fn add_error(&mut self, content: &Content) {
        let (errors, at, schema) = match content {
            Content::Schema(at, schema, _) => (&mut self.errors, at, schema),
            Content::Text(at, schema) => (&mut self.text_errors, at, schema),
            Content::None | Content::Bytes => return,
        };
        if errors.iter().all(|(_, other)| other != schema) {
            errors.push((at.clone(), schema.clone()));
        }
    }
}

impl Operation<'_> {
    /// Returns the responses, and the schema of all error bodies.
    pub(super) fn lower_responses(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        details: &mut OperationDetails,
    ) -> Result<(Value, Option<Value>)> {
        let Responses { mut lowered, successes, media_types, errors, text_errors } =
            self.read_responses(name, schemas, details)?;
        // OpenAPI 3.0 requires at least one response.
        if lowered.is_empty() {
            lowered.insert("default".to_owned(), json!({ "description": "" }));
        }
        let accepted: BTreeSet<&str> = successes.iter().filter_map(|(_, content)| content.accept_header()).collect();
        if !accepted.is_empty() && self.method != "head" {
            details.accept = Some(accepted.into_iter().collect::<Vec<_>>().join(", "));
        }
        let error = match errors.is_empty() {
            true => self.lower_text_error(name, &text_errors, schemas)?,
            // Text is read as a string on demand.
            false => self.lower_error(name, &errors, schemas)?,
        };
        let common = self.lower_success(name, &successes, schemas)?;
        if common.as_ref().is_some_and(|content| content.get(BYTES).is_some()) {
            for (status, content) in &successes {
                if let Content::Text(at, _) = content {
                    schemas.report(&media_types[status], "is not decoded: the body is bytes", at);
                }
            }
            details.bytes.extend(media_types);
        }
        for (status, content) in successes {
            if let (Some(common), Content::Schema(..) | Content::Text(..) | Content::Bytes) = (&common, content) {
                lowered[&status]["content"] = common.clone();
            }
            if !details.successes.contains(&status) {
                details.successes.push(status);
            }
        }
        Ok((lowered.into(), error))
    }

    /// Reads the declared responses. Those of successes are lowered without content.
    fn read_responses(
        &self,
        name: &str,
        schemas: &mut Schemas<'_>,
        details: &mut OperationDetails,
    ) -> Result<Responses> {
        let mut read = Responses::default();
        let responses = self.item["responses"].as_object().into_iter().flatten();
        let has_success = responses.clone().any(|(status, _)| status.starts_with('2'));
        for (declared, response) in responses.filter(|(status, _)| !status.starts_with("x-")) {
            let pointer = format!("{}/responses/{}", self.pointer, escape(declared));
            let Some(status) = parse_status(declared) else {
                schemas.report(declared, "is not a status code: the response is ignored", &pointer);
                continue;
            };
            let description = description_or(response, || format!("Status {status}."));
            let mut body = json!({ "description": description });
            let declaration = format!("{}/responses/{}", details.pointer, escape(declared));
            let sources = BTreeSet::from([declaration, schemas.origin(&pointer)]);
            details.responses.insert(status.clone(), Documentation { description, sources });
            let content = read_content(response, &pointer, schemas);
            if !status.starts_with('2') {
                details.errors.insert(status.clone(), content.of_error());
                read.add_error(&content);
            }
            // If no success is declared, `default` includes successes.
            if status.starts_with('2') || (status == "default" && !has_success) {
                let status = if status == "default" { "2XX".to_owned() } else { status };
                read.lowered.insert(status.clone(), body);
                if let Some((media_type, _)) = preferred_media_type(response) {
                    read.media_types.insert(status.clone(), media_type.to_owned());
                }
                read.successes.push((status, content));
            } else if let Some(reason) = name_status(&status) {
                if let (Content::Text(..) | Content::Bytes, Some((media_type, _))) =
                    (&content, preferred_media_type(response))
                {
                    body["content"] = json!({ BYTES: {} });
                    details.bytes.insert(status.clone(), media_type.to_owned());
                } else if let Content::Schema(at, schema, _) = content {
                    // Named after the status. If all error bodies are equal, `lower_error` renames the first one after the operation.
                    let words = [name.to_owned(), reason.to_owned()];
                    let schema = schemas.lower_within(&schema, &Site::in_response(&at, &words))?;
                    body["content"] = json!({ JSON: { "schema": schema.schema } });
                }
                read.lowered.insert(status, body);
            }
        }
        Ok(read)
    }

    /// Returns the schema of all error bodies of an operation whose error bodies are text, if there are any.
    fn lower_text_error(
        &self,
        name: &str,
        bodies: &[(String, Value)],
        schemas: &mut Schemas<'_>,
    ) -> Result<Option<Value>> {
        match bodies {
            [_, _, ..] => Ok(Some(hide_passwords(json!({ "type": "string" }), bodies, schemas))),
            _ => self.lower_error(name, bodies, schemas),
        }
    }

    /// Returns the schema of all error bodies, if there are any.
    fn lower_error(&self, name: &str, bodies: &[(String, Value)], schemas: &mut Schemas<'_>) -> Result<Option<Value>> {
        let words = [name.to_owned(), "Error".to_owned()];
        let lowered = match bodies {
            [] => None,
            [(at, schema)] => Some(schemas.lower_value(schema, &Site::in_response(at, &words))?),
            several => {
                let pointer = format!("{}/responses/errors", self.pointer);
                let union = schemas.lower_merged(several, &Site::in_response(&pointer, &words))?;
                if union == json!({}) {
                    let effect = "error bodies differ and are any JSON value, because not all of them are objects with only named properties";
                    schemas.report_widened("responses", effect, &format!("{}/responses", self.pointer));
                }
                Some(union)
            }
        };
        Ok(lowered.map(|schema| hide_passwords(schema, bodies, schemas)))
    }

    /// Returns the common content of all successes that have one, since progenitor supports one type for all of them.
    fn lower_success(
        &self,
        name: &str,
        successes: &[(String, Content)],
        schemas: &mut Schemas<'_>,
    ) -> Result<Option<Value>> {
        let pointer = format!("{}/responses", self.pointer);
        let words = [name.to_owned(), "Response".to_owned()];
        let has_bytes = successes.iter().any(|(_, content)| matches!(content, Content::Bytes | Content::Text(..)));
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
            let effect = "of success responses differs: JSON is decoded, other bodies cause an error";
            schemas.report("content", effect, &pointer);
        }
        let schema = match bodies.as_slice() {
            [] if has_bytes => return Ok(Some(json!({ BYTES: {} }))),
            [] => return Ok(None),
            [(at, schema)] => schemas.lower_value(schema, &Site::in_response(at, &words))?,
            several => {
                let union = schemas.lower_merged(several, &Site::in_response(&pointer, &words))?;
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
        Ok(Some(json!({ JSON: { "schema": hide_passwords(schema, &bodies, schemas) } })))
    }
}

/// Returns the lowered schema of these bodies, as a secret if it has no type of its own and they may contain passwords.
fn hide_passwords(lowered: Value, bodies: &[(String, Value)], schemas: &Schemas<'_>) -> Value {
    let is_secret = !is_named(&lowered) && bodies.iter().any(|(_, schema)| schemas.has_passwords(schema, &lowered));
    if is_secret { std_type(SECRET, &lowered) } else { lowered }
}

/// Returns the content of a response. Data in a media range that includes JSON is JSON.
fn read_content(response: &Value, pointer: &str, schemas: &mut Schemas<'_>) -> Content {
    let Some((media_type, content)) = preferred_media_type(response) else { return Content::None };
    let essence = essence(media_type);
    let at = format!("{pointer}/content/{}/schema", escape(media_type));
    let is_data = schemas.is_data(&content["schema"]);
    let all = response["content"].as_object().into_iter().flat_map(Map::values);
    // If the body is read as bytes, other media types without a schema are read as well.
    let is_unused = |other: &Value| is_json(essence) || schemas.is_data(&other["schema"]);
    if all.filter(|it| !std::ptr::eq(*it, content)).any(is_unused) {
        report_unused(media_type, pointer, schemas);
    }
    if is_json(essence) || (is_data && media_range_includes(essence, JSON)) {
        return Content::Schema(at, content["schema"].clone(), media_type.to_owned());
    }
    if essence.starts_with("text/") && !is_data {
        let schema = content.get("schema").cloned();
        return Content::Text(at, schema.unwrap_or_else(|| json!({ "type": "string" })));
    }
    if !media_type_is_valid(media_type) {
        schemas.report(media_type, "is not a media type: the body is read as bytes", pointer);
    } else if is_data {
        schemas.report(essence, "is not decoded: the body is bytes", pointer);
    }
    Content::Bytes
}

/// Returns a status that OpenAPI 3.0 supports: `default`, three digits, or a class such as `4XX`. Returns `None` for any other text.
fn parse_status(declared: &str) -> Option<String> {
    match declared.as_bytes() {
        b"default" | [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => Some(declared.to_owned()),
        [b'1'..=b'5', b'X', b'X'] => Some(declared.to_owned()),
        _ => None,
    }
}

/// Returns the name of a status: its reason phrase (RFC 9110, section 15.1), after which progenitor names the methods of a mock. Returns
/// `None` if it has none.
fn name_status(status: &str) -> Option<&'static str> {
    Some(match status {
        "default" => "DefaultError",
        "4XX" => "ClientError",
        "5XX" => "ServerError",
        "3XX" => "Redirection",
        "1XX" => "Informational",
        code => StatusCode::from_bytes(code.as_bytes()).ok()?.canonical_reason()?,
    })
}
