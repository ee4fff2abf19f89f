//! The fixed fields of the objects of OpenAPI 3.0 and 3.1 (OpenAPI 3.1.1, section 4.8).

use serde_json::Value;

use super::Warning;
use crate::pointer::escape;

/// An object of OpenAPI other than a schema.
struct Object {
    /// The name in messages, with its article.
    name: &'static str,
    /// The fields of either version.
    fields: &'static [(&'static str, Content)],
    /// The object in each member that is not a fixed field, if the names of such members are patterns, such as paths.
    pattern: Option<&'static Object>,
}

/// The content of a field.
enum Content {
    /// A value without objects of OpenAPI, or a schema.
    Data,
    One(&'static Object),
    List(&'static Object),
    ByName(&'static Object),
}

use Content::{ByName, Data, List, One};

const fn object(name: &'static str, fields: &'static [(&'static str, Content)]) -> Object {
    Object { name, fields, pattern: None }
}

const fn patterned(pattern: &'static Object) -> Object {
    Object { name: "", fields: &[], pattern: Some(pattern) }
}

static DOCUMENT: Object = object(
    "an OpenAPI document",
    &[
        ("openapi", Data),
        ("info", One(&INFO)),
        ("jsonSchemaDialect", Data),
        ("servers", List(&SERVER)),
        ("paths", One(&PATHS)),
        ("webhooks", ByName(&PATH_ITEM)),
        ("components", One(&COMPONENTS)),
        ("security", Data),
        ("tags", List(&TAG)),
        ("externalDocs", One(&EXTERNAL_DOCS)),
    ],
);

static INFO: Object = object(
    "`info`",
    &[
        ("title", Data),
        ("summary", Data),
        ("description", Data),
        ("termsOfService", Data),
        ("contact", One(&CONTACT)),
        ("license", One(&LICENSE)),
        ("version", Data),
    ],
);

static CONTACT: Object = object("a contact", &[("name", Data), ("url", Data), ("email", Data)]);

static LICENSE: Object = object("a license", &[("name", Data), ("identifier", Data), ("url", Data)]);

static SERVER: Object = object("a server", &[("url", Data), ("description", Data), ("variables", ByName(&VARIABLE))]);

static VARIABLE: Object = object("a server variable", &[("enum", Data), ("default", Data), ("description", Data)]);

static COMPONENTS: Object = object(
    "`components`",
    &[
        ("schemas", Data),
        ("responses", ByName(&RESPONSE)),
        ("parameters", ByName(&PARAMETER)),
        ("examples", ByName(&EXAMPLE)),
        ("requestBodies", ByName(&REQUEST_BODY)),
        ("headers", ByName(&HEADER)),
        ("securitySchemes", ByName(&SECURITY_SCHEME)),
        ("links", ByName(&LINK)),
        ("callbacks", ByName(&CALLBACK)),
        ("pathItems", ByName(&PATH_ITEM)),
    ],
);

static PATHS: Object = patterned(&PATH_ITEM);

static PATH_ITEM: Object = object(
    "a path item",
    &[
        ("$ref", Data),
        ("summary", Data),
        ("description", Data),
        ("get", One(&OPERATION)),
        ("put", One(&OPERATION)),
        ("post", One(&OPERATION)),
        ("delete", One(&OPERATION)),
        ("options", One(&OPERATION)),
        ("head", One(&OPERATION)),
        ("patch", One(&OPERATION)),
        ("trace", One(&OPERATION)),
        ("servers", List(&SERVER)),
        ("parameters", List(&PARAMETER)),
    ],
);

static OPERATION: Object = object(
    "an operation",
    &[
        ("tags", Data),
        ("summary", Data),
        ("description", Data),
        ("externalDocs", One(&EXTERNAL_DOCS)),
        ("operationId", Data),
        ("parameters", List(&PARAMETER)),
        ("requestBody", One(&REQUEST_BODY)),
        ("responses", One(&RESPONSES)),
        ("callbacks", ByName(&CALLBACK)),
        ("deprecated", Data),
        ("security", Data),
        ("servers", List(&SERVER)),
    ],
);

static EXTERNAL_DOCS: Object = object("`externalDocs`", &[("description", Data), ("url", Data)]);

static PARAMETER: Object = object(
    "a parameter",
    &[
        ("name", Data),
        ("in", Data),
        ("description", Data),
        ("required", Data),
        ("deprecated", Data),
        ("allowEmptyValue", Data),
        ("style", Data),
        ("explode", Data),
        ("allowReserved", Data),
        ("schema", Data),
        ("example", Data),
        ("examples", ByName(&EXAMPLE)),
        ("content", ByName(&MEDIA_TYPE)),
    ],
);

static REQUEST_BODY: Object =
    object("a request body", &[("description", Data), ("content", ByName(&MEDIA_TYPE)), ("required", Data)]);

static MEDIA_TYPE: Object = object(
    "a media type",
    &[("schema", Data), ("example", Data), ("examples", ByName(&EXAMPLE)), ("encoding", ByName(&ENCODING))],
);

static ENCODING: Object = object(
    "an encoding",
    &[("contentType", Data), ("headers", ByName(&HEADER)), ("style", Data), ("explode", Data), ("allowReserved", Data)],
);

static RESPONSES: Object = patterned(&RESPONSE);

static RESPONSE: Object = object(
    "a response",
    &[("description", Data), ("headers", ByName(&HEADER)), ("content", ByName(&MEDIA_TYPE)), ("links", ByName(&LINK))],
);

static CALLBACK: Object = patterned(&PATH_ITEM);

static EXAMPLE: Object =
    object("an example", &[("summary", Data), ("description", Data), ("value", Data), ("externalValue", Data)]);

static LINK: Object = object(
    "a link",
    &[
        ("operationRef", Data),
        ("operationId", Data),
        ("parameters", Data),
        ("requestBody", Data),
        ("description", Data),
        ("server", One(&SERVER)),
    ],
);

static HEADER: Object = object(
    "a header",
    &[
        ("description", Data),
        ("required", Data),
        ("deprecated", Data),
        ("style", Data),
        ("explode", Data),
        ("schema", Data),
        ("example", Data),
        ("examples", ByName(&EXAMPLE)),
        ("content", ByName(&MEDIA_TYPE)),
    ],
);

static TAG: Object = object("a tag", &[("name", Data), ("description", Data), ("externalDocs", One(&EXTERNAL_DOCS))]);

/// In OpenAPI 3.0, `summary` and `description` have no effect beside `$ref`; this loses documentation only.
static REFERENCE: Object = object("a reference", &[("$ref", Data), ("summary", Data), ("description", Data)]);

static SECURITY_SCHEME: Object = object(
    "a security scheme",
    &[
        ("type", Data),
        ("description", Data),
        ("name", Data),
        ("in", Data),
        ("scheme", Data),
        ("bearerFormat", Data),
        ("flows", One(&FLOWS)),
        ("openIdConnectUrl", Data),
    ],
);

static FLOWS: Object = object(
    "`flows`",
    &[
        ("implicit", One(&FLOW)),
        ("password", One(&FLOW)),
        ("clientCredentials", One(&FLOW)),
        ("authorizationCode", One(&FLOW)),
    ],
);

static FLOW: Object =
    object("a flow", &[("authorizationUrl", Data), ("tokenUrl", Data), ("refreshUrl", Data), ("scopes", Data)]);

/// Returns a warning about each member of an object of a document that is neither a fixed field nor an extension, and thus ignored.
pub(super) fn list_unknown_members(document: &Value) -> Vec<Warning> {
    let mut warnings = Vec::new();
    DOCUMENT.check(document, "", &mut warnings);
    warnings
}

impl Object {
    fn check(&'static self, value: &Value, pointer: &str, warnings: &mut Vec<Warning>) {
        let has_reference = self.pattern.is_none() && value.get("$ref").is_some_and(Value::is_string);
        let allows_reference = self.fields.iter().any(|(name, _)| *name == "$ref");
        let object = if has_reference && !allows_reference { &REFERENCE } else { self };
        for (key, member) in value.as_object().into_iter().flatten().filter(|(key, _)| !key.starts_with("x-")) {
            let pointer = format!("{pointer}/{}", escape(key));
            match (object.fields.iter().find(|(name, _)| name == key), object.pattern) {
                (Some((_, content)), _) => content.check(member, &pointer, warnings),
                (None, Some(part)) => part.check(member, &pointer, warnings),
                (None, None) => {
                    let effect = format!("is not a member of {} and has no effect", object.name);
                    warnings.push(Warning { part: key.clone(), effect, pointer, invalid_at: None });
                }
            }
        }
    }
}

impl Content {
    fn check(&self, value: &Value, pointer: &str, warnings: &mut Vec<Warning>) {
        match self {
            Data => {}
            One(object) => object.check(value, pointer, warnings),
            List(object) => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    object.check(item, &format!("{pointer}/{index}"), warnings);
                }
            }
            ByName(object) => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    object.check(member, &format!("{pointer}/{}", escape(name)), warnings);
                }
            }
        }
    }
}
