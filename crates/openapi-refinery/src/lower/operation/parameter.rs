//! Lowering of parameters.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use http::HeaderName;
use serde_json::{Map, Value, json};

use super::media_type::{essence, is_range, preferred_media_type};
use super::{Operation, description_or};
use crate::Result;
use crate::lower::encoding::{Location, Style};
use crate::lower::lowered::{LoweredSchema, first_paragraph, is_optional, std_type};
use crate::lower::schema::{Schemas, Site};
use crate::lower::{Documentation, Parameter};
use crate::names;
use crate::normalize::{LOCATIONS, is_json};
use crate::pointer::escape;

/// Headers that the HTTP client sets: they say where a message goes and where it ends (RFC 9112, sections 3.2, 6 and 9.6). Other values
/// would make the next request on the connection a part of this one.
const MANAGED_HEADERS: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];

/// A parameter of the document.
struct DeclaredParameter {
    pointer: String,
    item: Value,
    name: String,
    location: String,
    /// The requirement on a value, if it is not that of the schema.
    expected: Option<String>,
}

impl Operation<'_> {
    /// Lowers the parameters. Those that the path has in braces are renamed in it, too.
    pub(super) fn lower_parameters(
        &self,
        operation: &str,
        path: &mut String,
        schemas: &mut Schemas<'_>,
        known: &mut BTreeMap<(String, String), Parameter>,
    ) -> Result<Value> {
        let (mut parameters, mut in_path) = (Vec::new(), BTreeMap::new());
        let named = self.name_parameters(schemas);
        for (rust_name, declared) in &named {
            let (mut lowered, mut parameter) = self.lower_parameter(declared, operation, schemas)?;
            let others = named.iter().filter(|(_, other)| other.location == declared.location);
            others.for_each(|(_, other)| _ = parameter.members.remove(&other.name));
            known.insert((names::builder_name(operation), rust_name.clone()), parameter);
            if *rust_name != declared.name.to_snake_case() {
                if declared.location == "path" {
                    in_path.insert(declared.name.as_str(), rust_name.as_str());
                }
                lowered["name"] = rust_name.as_str().into();
            }
            parameters.push(lowered);
        }
        *path = rename_parameters(path, &in_path);
        Ok(parameters.into())
    }

    /// Returns the description of a parameter, with its locations.
    fn document_parameter(&self, declared: &DeclaredParameter, schemas: &Schemas<'_>) -> Documentation {
        let DeclaredParameter { pointer, item, name, .. } = declared;
        let mut sources = schemas.origins(&format!("{pointer}/schema"));
        // Comparisons identify a removed parameter by its name, since it no longer has an index.
        let by_name = format!("{}/parameters/{}", schemas.origin(&self.pointer), escape(name));
        sources.extend([schemas.origin(pointer), by_name]);
        Documentation { description: description_or(item, || format!("The parameter `{name}`.")), sources }
    }

    /// Returns the parameters that are sent, including those that only the path template mentions.
    fn list_parameters(&self, schemas: &mut Schemas<'_>) -> Vec<DeclaredParameter> {
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let declared = self.item["parameters"].as_array().into_iter().flatten().enumerate();
        let declared = declared.map(|(index, item)| DeclaredParameter {
            pointer: format!("{}/parameters/{index}", self.pointer),
            item: item.clone(),
            name: text(item, "name"),
            location: text(item, "in"),
            expected: None,
        });
        let in_path: Vec<&str> =
            self.path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        let mut headers = BTreeSet::new();
        let mut parameters: Vec<DeclaredParameter> = declared.collect();
        parameters.retain(|parameter| self.is_sent(parameter, &in_path, &mut headers, schemas));
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
                    expected: None,
                });
            }
        }
        parameters
    }

    /// Returns whether a parameter can be sent. Others are reported, or rejected. `headers` are the names of those before it.
    fn is_sent(
        &self,
        parameter: &DeclaredParameter,
        in_path: &[&str],
        headers: &mut BTreeSet<String>,
        schemas: &mut Schemas<'_>,
    ) -> bool {
        let DeclaredParameter { name, location, pointer, .. } = parameter;
        let lower = name.to_ascii_lowercase();
        let effect = match location.as_str() {
            "path" if !in_path.contains(&name.as_str()) => {
                format!("is not in the path `{}`: the parameter is not sent", self.path)
            }
            "header" if MANAGED_HEADERS.contains(&lower.as_str()) => {
                "is a header that the HTTP client sets itself: the parameter is not sent".to_owned()
            }
            // Both names are tokens.
            "header" | "cookie" if HeaderName::from_bytes(name.as_bytes()).is_err() => {
                let rule = if location == "header" { "RFC 9110, section 5.1" } else { "RFC 6265, section 4.1.1" };
                let problem = format!("`{name}` is not a valid {location} name ({rule})");
                schemas.reject(pointer, problem, "use ASCII letters, digits and `-`");
                return false;
            }
            "header" if !headers.insert(lower) => {
                "differs from another header only in case, which HTTP ignores: the parameter is not sent".to_owned()
            }
            _ => return true,
        };
        schemas.report(name, &effect, pointer);
        false
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
            expected: Some(format!("must be a media type in the range `{media_type}`")),
        })
    }

    /// Returns the parameters with their Rust names. If several have the same name in snake case, the one in the path keeps it, then the
    /// one whose name is in snake case already. The others, and those that would be named like the body, are prefixed with their location.
    fn name_parameters(&self, schemas: &mut Schemas<'_>) -> Vec<(String, DeclaredParameter)> {
        let mut parameters = self.list_parameters(schemas);
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
            (names::reserve_name(&name, &mut taken, &mut schemas.looks), parameter)
        });
        named.collect()
    }

    /// Lowers a parameter. Returns it for progenitor, and what the following steps need to know of it.
    fn lower_parameter(
        &self,
        declared: &DeclaredParameter,
        operation: &str,
        schemas: &mut Schemas<'_>,
    ) -> Result<(Value, Parameter)> {
        let DeclaredParameter { item, name, location: declared_in, expected, .. } = declared;
        let location = match declared_in.as_str() {
            "path" => Location::Path,
            "query" => Location::Query,
            "cookie" => Location::Cookie,
            _ => Location::Header,
        };
        let style = Style::of_parameter(item, location);
        let required = item["required"] == true;
        // progenitor does not support cookies.
        let lowered_in = if location == Location::Cookie { "header" } else { declared_in };
        let mut lowered = json!({ "name": name, "in": lowered_in, "required": required });
        // progenitor lists the parameters in the documentation of the method, so only the first paragraph is used there. The setter has the
        // whole description.
        if let Some(summary) = item["description"].as_str().and_then(first_paragraph) {
            lowered["description"] = summary.into();
        }
        // An empty path parameter is a violation for every type, and is checked when the request is built.
        let needs_items = required && location != Location::Path && item["allowEmptyValue"] != true;
        let deprecated = item["deprecated"] == true || schemas.is_deprecated(&item["schema"]);
        let schema = lower_value(declared, operation, &style, schemas)?;
        let is_split = style.splits_objects(location);
        let members = if is_split { list_members(&schema.schema, schemas) } else { BTreeSet::new() };
        let is_map = schema.schema == json!({}) || schemas.has_unnamed_members(&item["schema"]);
        let secret = schemas.is_secret(name, declared_in) || schemas.has_passwords(&item["schema"], &schema.schema);
        // progenitor treats every type with a builder as a body; a `Box` has no builder.
        let has_builder = schemas.resolve_lowered(&schema.schema)["properties"].is_object();
        lowered["schema"] = if has_builder { std_type("std::boxed::Box", &schema.schema) } else { schema.schema };
        let (name, expected) = (name.clone(), expected.clone().unwrap_or(schema.expected));
        let documentation = self.document_parameter(declared, schemas);
        Ok((
            lowered,
            Parameter {
                name,
                expected,
                required,
                needs_items,
                deprecated,
                secret,
                location,
                style,
                is_exploded_map: is_split && is_map,
                members,
                documentation,
            },
        ))
    }
}

/// Lowers the schema of a parameter. The value of a parameter with `content` is a string.
fn lower_value(
    DeclaredParameter { pointer, item, name, .. }: &DeclaredParameter,
    operation: &str,
    style: &Style,
    schemas: &mut Schemas<'_>,
) -> Result<LoweredSchema> {
    match (item.get("schema"), item.get("content")) {
        (None, None) => schemas.report(name, "has neither `schema` nor `content`: any value is accepted", pointer),
        (Some(_), Some(_)) => schemas.report("schema", "has no effect beside `content`", pointer),
        _ => {}
    }
    if item.get("content").is_some() {
        let effect = "the parameter is a string, which the caller serializes as the document describes";
        schemas.report_widened("content", effect, pointer);
        return Ok(LoweredSchema::new(json!({ "type": "string" }), "must be a string"));
    }
    let words = [operation.to_owned(), name.clone()];
    let at = format!("{pointer}/schema");
    let schema = schemas.lower_within(&item["schema"], &Site::in_request(&at, &words))?;
    report_undefined_style(&schema.schema, style, pointer, schemas);
    Ok(schema)
}

/// Returns the properties of a lowered schema that is an object, or of those of its alternatives that are objects.
fn list_members(schema: &Value, schemas: &Schemas<'_>) -> BTreeSet<String> {
    let schema = schemas.resolve_lowered(schema);
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    let members = alternatives.flat_map(|alternative| list_members(alternative, schemas));
    schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().chain(members).collect()
}

/// Renames parameters in a path template. The new name of one may be the old name of another.
fn rename_parameters(path: &str, names: &BTreeMap<&str, &str>) -> String {
    let mut parts = path.split('{');
    let start = parts.next().unwrap_or_default().to_owned();
    parts.fold(start, |path, part| {
        let (name, rest) = part.split_at(part.find('}').unwrap_or(part.len()));
        path + "{" + names.get(name).copied().unwrap_or(name) + rest
    })
}

/// Reports a value that the style of a parameter or form field does not define.
pub(super) fn report_undefined_style(schema: &Value, style: &Style, pointer: &str, schemas: &mut Schemas<'_>) {
    if style.name == "DEEP_OBJECT" && schemas.resolve_lowered(schema)["type"] == "array" {
        schemas.report("style", "is undefined for lists in OpenAPI: they are written as `name[0]`", pointer);
    }
    if is_nested(schema, schemas, 0) {
        let effect = match style.name {
            "DEEP_OBJECT" => "is undefined for nested values in OpenAPI: they are written as `name[key][key]`",
            _ => "is undefined for nested values in OpenAPI: they are written as JSON",
        };
        schemas.report("style", effect, pointer);
    }
    report_null(schema, pointer, schemas);
}

/// Reports the properties and items that may be `null`, which parameters and forms omit: an undefined value is not expanded (RFC 6570,
/// section 3.2.1).
pub(super) fn report_null(schema: &Value, pointer: &str, schemas: &mut Schemas<'_>) {
    for part in list_nullable(schema, schemas) {
        schemas.report("null", &format!("is not sent: {part} is omitted"), pointer);
    }
}

/// Reports the properties that are lists of items that may be `null`, which forms omit.
pub(super) fn report_null_items(schema: &Value, pointer: &str, schemas: &mut Schemas<'_>) {
    let properties = schemas.resolve_lowered(schema)["properties"].as_object().into_iter().flatten();
    let has_null = |property: &Value| {
        let list = property.pointer("/x-rust-type/parameters/0").unwrap_or(property);
        is_optional(&schemas.resolve_lowered(list)["items"])
    };
    let lists: Vec<String> = properties.filter(|(_, list)| has_null(list)).map(|(name, _)| name.clone()).collect();
    for name in lists {
        schemas.report("null", &format!("is not sent: an item of `{name}` is omitted"), pointer);
    }
}

/// Returns the parts that may be `null` of a lowered schema or of one of its alternatives.
fn list_nullable(schema: &Value, schemas: &Schemas<'_>) -> BTreeSet<String> {
    let schema = schemas.resolve_lowered(schema);
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    let nested = alternatives.flat_map(|alternative| list_nullable(alternative, schemas));
    let properties = schema["properties"].as_object().into_iter().flatten();
    let parts = properties.map(|(name, part)| (format!("`{name}`"), part));
    let others = [("the item", "items"), ("the member", "additionalProperties")];
    let parts = parts.chain(others.map(|(part, keyword)| (part.to_owned(), &schema[keyword])));
    parts.filter(|(_, part)| is_optional(part)).map(|(part, _)| part).chain(nested).collect()
}

/// Returns whether a lowered schema is a list or object that contains lists or objects.
fn is_nested(schema: &Value, schemas: &Schemas<'_>, level: usize) -> bool {
    let schema = schemas.resolve_lowered(schema.pointer("/x-rust-type/parameters/0").unwrap_or(schema));
    let schema = schema.pointer("/x-rust-type/parameters/0").map_or(schema, |inner| schemas.resolve_lowered(inner));
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
