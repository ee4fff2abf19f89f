//! Lowering of request bodies.

use serde_json::{Value, json};

use super::media_type::{
    BYTES, FORM, JSON, MULTIPART, essence, is_range, media_type_is_valid, preferred_media_type, report_unused,
};
use super::parameter::{report_null, report_null_items, report_undefined_style};
use super::{Operation, description_or};
use crate::Result;
use crate::lower::OperationDetails;
use crate::lower::encoding::{BodyEncoding, Style};
use crate::lower::schema::{Schemas, Site};
use crate::normalize::is_json;
use crate::pointer::escape;

impl Operation<'_> {
    /// Lowers the request body. Returns `None` if it has no content.
    pub(super) fn lower_request_body(
        &self,
        pointer: &str,
        body: &Value,
        operation: &str,
        schemas: &mut Schemas<'_>,
        details: &mut OperationDetails,
    ) -> Result<Option<Value>> {
        let Some((media_type, content)) = preferred_media_type(body) else {
            let fault = if body.get("content").is_some() { "declares no media type" } else { "is missing" };
            schemas.report("content", &format!("{fault}: no body is sent"), pointer);
            return Ok(None);
        };
        if body["content"].as_object().is_some_and(|content| content.len() > 1) {
            report_unused(media_type, pointer, schemas);
        }
        if !media_type_is_valid(media_type) {
            let remedy = "use a type and a subtype in ASCII characters, as in `image/png`";
            schemas.reject(pointer, format!("`{media_type}` is not a media type"), remedy);
        }
        let at = format!("{pointer}/content/{}", escape(media_type));
        let (lowered_type, schema, encoding) = self.lower_content(media_type, content, &at, operation, schemas)?;
        if let Some(properties) = schemas.resolve_lowered(&schema)["properties"].as_object().cloned() {
            for (name, encoding) in content["encoding"].as_object().into_iter().flatten() {
                let at = format!("{at}/encoding/{}", escape(name));
                match (properties.get(name), Style::declared(encoding)) {
                    (None, _) => {
                        schemas.report("encoding", "has no effect: the schema does not name the property", &at);
                    }
                    (Some(property), Some(style)) => report_undefined_style(property, &style, &at, schemas),
                    (Some(_), None) => {}
                }
            }
        }
        if matches!(encoding, BodyEncoding::Form(_)) {
            report_null(&schema, &at, schemas);
            report_null_items(&schema, &at, schemas);
        }
        details.body_encoding = Some(encoding);
        details.body_is_secret = schemas.has_passwords(&content["schema"], &schema);
        let is_object = schemas.resolve_lowered(&schema)["properties"].is_object();
        let is_optional = body["required"] != true;
        details.body_may_be_absent = is_optional && is_object && !can_be_empty(&schema, schemas);
        if is_optional && !is_object {
            schemas.report("requestBody", "is optional in the document, but the client always sends it", pointer);
        }
        Ok(Some(json!({
            "description": description_or(body, || "The body of the request.".to_owned()),
            "required": body["required"] == true,
            "content": { lowered_type: { "schema": schema } },
        })))
    }

    /// Lowers the schema of a body for its media type, which is at `pointer`. Returns the media type for progenitor, the schema and the
    /// encoding.
    fn lower_content(
        &self,
        media_type: &str,
        content: &Value,
        pointer: &str,
        operation: &str,
        schemas: &mut Schemas<'_>,
    ) -> Result<(&'static str, Value, BodyEncoding)> {
        let essence = essence(media_type);
        let at = format!("{pointer}/schema");
        let words = [operation.to_owned(), "Body".to_owned()];
        let site = Site::in_request(&at, &words);
        if is_json(essence) {
            if is_range(essence) {
                schemas.report(media_type, "is a range: the body is sent as `application/json`", pointer);
            }
            let media_type = if is_range(essence) { JSON } else { media_type };
            return Ok((
                JSON,
                schemas.lower_body(&content["schema"], &site)?,
                BodyEncoding::Json(media_type.to_owned()),
            ));
        }
        if essence == FORM {
            let styles = self.form_styles(pointer, content, schemas);
            return Ok((FORM, schemas.lower_body(&content["schema"], &site)?, BodyEncoding::Form(styles)));
        }
        if essence == MULTIPART
            && let Some(schema) = schemas.lower_multipart(content, pointer, &site)?
        {
            return Ok((JSON, schema, BodyEncoding::Multipart));
        }
        if essence.starts_with("multipart/") {
            let effect =
                "is not encoded: the body is bytes, which are sent unchanged and without a boundary in `Content-Type`";
            schemas.report(essence, effect, pointer);
        } else if schemas.is_data(&content["schema"]) {
            schemas.report(essence, "is not encoded: the body is bytes", pointer);
        } else {
            schemas.report_unenforced_text(&content["schema"], &at);
        }
        if is_range(essence) {
            let fallback =
                if essence == "*/*" { "the default is `application/octet-stream`" } else { "it is required" };
            let effect = format!("is a range: `content_type` sets the media type of the body; {fallback}");
            schemas.report(media_type, &effect, pointer);
        }
        Ok((BYTES, json!({ "type": "string", "format": "binary" }), BodyEncoding::Bytes(media_type.to_owned())))
    }

    /// Returns the styles of form fields that differ from the default. `pointer` is the location of the media type.
    fn form_styles(&self, pointer: &str, content: &Value, schemas: &mut Schemas<'_>) -> Vec<(String, Style)> {
        let mut styles = Vec::new();
        for (name, encoding) in content["encoding"].as_object().into_iter().flatten() {
            match Style::of_field(encoding) {
                Some(style) => styles.push((name.clone(), style)),
                None => {
                    let at = format!("{pointer}/encoding/{}", escape(name));
                    let is_text = |it: &str| it.starts_with("text/plain");
                    if encoding["contentType"].as_str().is_some_and(|it| !is_text(it)) {
                        schemas.report("contentType", "has no effect: the field is sent as text or JSON", &at);
                    }
                }
            }
        }
        styles
    }
}

/// Returns whether an object may be empty. It is then sent even if the caller sets nothing.
fn can_be_empty(schema: &Value, schemas: &Schemas<'_>) -> bool {
    let object = schemas.resolve_lowered(schema);
    object["properties"].is_object() && object.get("required").is_none()
}
