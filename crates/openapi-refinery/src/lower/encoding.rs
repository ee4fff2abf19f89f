//! Encoding of requests: the styles of parameters and form fields, and the media types of bodies.

use serde_json::{Map, Value};

use crate::normalize::{is_json, is_text_or_json, is_untyped_file, is_xml};

/// The location of a parameter that is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// The serialization of a value: a style of the runtime.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Style {
    /// The name of the constant in the runtime.
    pub name: &'static str,
    /// Whether values are exploded, if that differs from the default of the style.
    pub explode: Option<bool>,
    /// Whether reserved characters are left as they are.
    pub reserved: bool,
}

/// The default style of parameters in a path or header.
pub(crate) const SIMPLE: &str = "SIMPLE";

impl Style {
    /// Returns the style of a parameter (OpenAPI 3.1.1, section 4.8.12.2.2).
    pub fn of_parameter(item: &Value, location: Location) -> Self {
        let default = if matches!(location, Location::Query | Location::Cookie) { "form" } else { "simple" };
        let name = match item["style"].as_str().unwrap_or(default) {
            "label" if location == Location::Path => "LABEL",
            "matrix" if location == Location::Path => "MATRIX",
            style if location == Location::Query => query_style(style),
            _ if location == Location::Cookie => "FORM",
            _ => SIMPLE,
        };
        Self::new(name, item)
    }

    /// Returns whether the encoding of a list or object in a form does not distinguish a separator within an item from one between items.
    pub fn may_be_ambiguous(&self) -> bool {
        let is_delimited = matches!(self.name, "SPACE_DELIMITED" | "PIPE_DELIMITED");
        (is_delimited || self.reserved) && !self.explode.unwrap_or(!is_delimited)
    }

    /// Returns whether each member of an object is a query parameter or cookie of its own.
    pub fn splits_objects(&self, location: Location) -> bool {
        matches!(location, Location::Query | Location::Cookie) && self.explode.unwrap_or(self.name == "FORM")
    }

    /// Returns the style of a form field: by `style` if that is given, otherwise by media type (OpenAPI 3.1.1, section 4.8.15.1). The
    /// default is `None`.
    pub fn of_field(encoding: &Value) -> Option<Self> {
        let has_json = encoding["contentType"].as_str().is_some_and(is_json);
        let json = has_json.then_some(Self { name: "JSON", explode: None, reserved: false });
        Self::declared(encoding).or(json)
    }

    /// Returns the style that an encoding declares.
    pub fn declared(encoding: &Value) -> Option<Self> {
        let is_declared = ["style", "explode", "allowReserved"].iter().any(|key| encoding.get(key).is_some());
        is_declared.then(|| Self::new(query_style(encoding["style"].as_str().unwrap_or("form")), encoding))
    }

    fn new(name: &'static str, item: &Value) -> Self {
        let default = matches!(name, "FORM" | "DEEP_OBJECT");
        let explode = item["explode"].as_bool().filter(|explode| *explode != default && name != "DEEP_OBJECT");
        Self { name, explode, reserved: item["allowReserved"] == true }
    }
}

fn query_style(style: &str) -> &'static str {
    match style {
        "spaceDelimited" => "SPACE_DELIMITED",
        "pipeDelimited" => "PIPE_DELIMITED",
        "deepObject" => "DEEP_OBJECT",
        _ => "FORM",
    }
}

/// The encoding of a request body.
pub(crate) enum BodyEncoding {
    /// JSON with this media type.
    Json(String),
    /// `application/x-www-form-urlencoded`, with the fields that have a style other than the default.
    Form(Vec<(String, Style)>),
    /// `multipart/form-data`.
    Multipart,
    /// Bytes with this media type, or in this range if a parameter sets the media type.
    Bytes(String),
}

/// A field of a `multipart/form-data` body.
#[derive(Clone)]
pub(crate) struct Part {
    /// Whether it is a file, or a list of files.
    pub is_file: bool,
    /// Its media types, as a list separated by commas, unless they are the default.
    pub media_type: Option<String>,
    /// The style that replaces its media type. It has no effect on a file.
    pub style: Option<Style>,
}

impl Part {
    /// Returns the encoding of a property (OpenAPI 3.1.1, section 4.8.15.1.1).
    pub fn of(property: &Map<String, Value>, encoding: &Value) -> Self {
        let own = property.get("contentMediaType").and_then(Value::as_str);
        let declared = encoding["contentType"].as_str();
        // A string with XML is sent as a string. A value without a type and with an XML media type is a file, whose bytes the caller
        // provides: it may be an object, which this crate cannot write as XML.
        let is_encoded = property.contains_key("contentEncoding");
        let is_binary = own.is_some_and(|it| !is_text_or_json(it) && !is_xml(it));
        let is_file = !is_encoded && is_binary || is_untyped_file(property, encoding);
        let is_default = |media_type: &&str| {
            *media_type == "application/json" && property.get("type").is_some_and(|it| it == "object")
        };
        let own = if is_encoded {
            Some("application/octet-stream")
        } else {
            own.filter(|it| *it != "application/octet-stream")
        };
        let media_type = declared.or(own);
        let media_type = media_type.filter(|it| !is_default(it));
        Self { is_file, media_type: media_type.map(str::to_owned), style: Style::declared(encoding) }
    }
}
