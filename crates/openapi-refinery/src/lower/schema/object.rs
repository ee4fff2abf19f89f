//! Lowering of objects, and of bodies that consist of parts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Schemas, Site};
use crate::Result;
use crate::lower::combine::{follow_reference, is_omitted};
use crate::lower::inspect::{is_closed, only_properties, required, types};
use crate::lower::{Direction, Part};
use crate::normalize::{is_30, is_json};
use crate::pointer::escape;

impl<'a> Schemas<'a> {
    /// Lowers a `multipart/form-data` body. Files get a type of the runtime. Returns `None` unless the schema is an object with
    /// properties.
    pub fn lower_multipart(&mut self, content: &Value, pointer: &str, site: &Site<'_>) -> Result<Option<Value>> {
        let at = site.pointer;
        let mut whole = self.resolve(&content["schema"], at, Direction::Request)?;
        let (target, _) = follow_reference(self.normal, at, &content["schema"]);
        self.combined.entry(at.to_owned()).or_default().insert(target);
        if types(&whole) != ["object"] {
            return Ok(None);
        }
        let Some(Value::Object(properties)) = whole.get_mut("properties") else { return Ok(None) };
        let mut fields = BTreeMap::new();
        for (name, property) in properties {
            let property_at = format!("{at}/properties/{}", escape(name));
            let encoding_at = format!("{pointer}/encoding/{}", escape(name));
            let part = self.lower_part(property, &property_at, &content["encoding"][name], &encoding_at)?;
            fields.insert(name.clone(), part);
        }
        let others = whole.get_mut("additionalProperties").filter(|others| others.is_object());
        let others_at = format!("{at}/additionalProperties");
        let others = others.map(|others| self.lower_part(others, &others_at, &Value::Null, pointer)).transpose()?;
        let schema = self.lower_body(&whole.into(), site)?;
        if let Some(planned) = self.planned_types.get_mut(&self.name_key(Direction::Request, at)) {
            fields.extend(planned.additional_field.clone().zip(others));
            planned.multipart_fields = Some(fields);
        }
        Ok(Some(schema))
    }

    /// Returns how a property is sent as a part. The schema of a file gets `format: binary`. No other schema has
    /// this format here, because normalization replaces it.
    fn lower_part(&mut self, property: &mut Value, at: &str, encoding: &Value, encoding_at: &str) -> Result<Part> {
        let (own, is_nullable) = self.resolve_nullable(property, at, Direction::Request)?;
        if is_nullable {
            self.report("null", "is not sent: the part is omitted", at);
        }
        let mut own = self.without_alternatives(own, at, encoding)?;
        let is_list = is_list_of_parts(&own);
        let (item, is_nullable_item) = self.item_of(&own, at)?;
        if is_list && is_nullable_item {
            self.report("null", "is not sent: the item is omitted", &format!("{at}/items"));
        }
        if encoding.get("headers").is_some() {
            self.report("headers", "of a part are not sent", encoding_at);
        }
        let mut part = Part::of(&item, encoding);
        // No value is valid.
        part.is_file &= *property != Value::Bool(false);
        self.check_media_types(&mut part, &item, encoding, encoding_at);
        if part.is_file {
            if part.style.is_some() {
                self.report("style", "has no effect on a file", encoding_at);
            }
            let mut file = json!({ "type": "string", "format": "binary" });
            if let Some(text) = item.get("description") {
                file["description"] = text.clone();
            }
            if is_list {
                own.insert("items".to_owned(), file);
                file = own.into();
            }
            *property = file;
        }
        Ok(part)
    }

    /// Reports media types in which a part that is not a file cannot be written. In OpenAPI 3.0, the default of encoded text is
    /// `text/plain` (3.0.4, section 4.7.15.1.1).
    fn check_media_types(&mut self, part: &mut Part, item: &Map<String, Value>, encoding: &Value, encoding_at: &str) {
        let declared = encoding["contentType"].as_str();
        if is_30(self.document) && declared.is_none() && item.contains_key("contentEncoding") {
            part.media_type = None;
        }
        let is_data = types(item).iter().any(|kind| matches!(*kind, "array" | "object"));
        let can_be_data = |media_types: &&str| media_types.split(", ").any(|it| is_json(it) || it.contains('*'));
        if let Some(media_types) = declared.filter(|it| is_data && !can_be_data(it))
            && !part.is_file
            && part.style.is_none()
        {
            let effect = "is not encoded: an object or list in this part is sent as `application/json`";
            self.report(media_types, effect, encoding_at);
        }
    }

    /// Returns the alternative of a part that can hold the others, if all are files or lists of files: a list, since it may have one item.
    fn without_alternatives(
        &mut self,
        part: Map<String, Value>,
        at: &str,
        encoding: &Value,
    ) -> Result<Map<String, Value>> {
        let union = ["oneOf", "anyOf"].into_iter().find_map(|key| Some((key, part.get(key)?.as_array()?)));
        let Some((key, alternatives)) = union else { return Ok(part) };
        let (mut files, mut widest) = (0, None);
        for (index, alternative) in alternatives.iter().enumerate() {
            let at = format!("{at}/{key}/{index}");
            let whole = self.resolve(alternative, &at, Direction::Request)?;
            let (item, _) = self.item_of(&whole, &at)?;
            files += usize::from(Part::of(&item, encoding).is_file);
            widest = widest.filter(|_| types(&whole) != ["array"]).or(Some(whole));
        }
        if files == alternatives.len() {
            return Ok(widest.unwrap_or(part));
        }
        Ok(part)
    }

    /// Returns the schema of the items of a list, and whether they may be `null`. Any other schema is returned unchanged.
    fn item_of(&mut self, schema: &Map<String, Value>, at: &str) -> Result<(Map<String, Value>, bool)> {
        if !is_list_of_parts(schema) {
            return Ok((schema.clone(), false));
        }
        let items = schema.get("items").unwrap_or(&Value::Null);
        self.resolve_nullable(items, &format!("{at}/items"), Direction::Request)
    }

    /// Lowers several response bodies to an object with the properties of all, or to any JSON value if one of them is not an object, has
    /// alternatives, or has a schema for properties without a name.
    pub fn lower_merged(&mut self, schemas: &[(String, Value)], site: &Site<'_>) -> Result<Value> {
        let mut properties = Map::new();
        for (at, schema) in schemas {
            let whole = self.resolve(schema, at, Direction::Response)?;
            let Some(named) = only_properties(&whole) else { return Ok(json!({})) };
            for (name, property) in named {
                let property = match properties.get(name) {
                    // The name of a format does not restrict any value.
                    Some(other) if other != property => self.any_of_both(other, property),
                    _ => property.clone(),
                };
                properties.insert(name.clone(), property);
            }
        }
        self.lower_value(&json!({ "type": "object", "properties": properties }), site)
    }

    pub(super) fn lower_object(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        let schema = &*self.without_read_only(schema);
        let closed = is_closed(schema);
        let enforced: &[&str] = if closed { &["unevaluatedProperties"] } else { &[] };
        let enforced = [&["properties", "required", "additionalProperties"], enforced].concat();
        self.report_unenforced(schema, Some("object"), &enforced, site);
        let required: Vec<&str> = match site.direction {
            Direction::Request => required(schema).collect(),
            Direction::Response => Vec::new(),
        };
        let mut properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for name in &required {
            // A required property without a schema accepts any value.
            properties.entry(*name).or_insert(Value::Bool(true));
        }
        let additional = schema.get("additionalProperties").filter(|additional| additional.is_object());
        if properties.is_empty() && !(closed && site.direction == Direction::Request) {
            return self.lower_map(additional.filter(|_| !schema.contains_key("patternProperties")), site);
        }
        // `additionalProperties` does not apply to properties that match a pattern.
        let others = additional.filter(|_| !schema.contains_key("patternProperties"));
        if additional.is_some() && others.is_none() {
            self.report_keyword("additionalProperties", site.pointer);
        }
        let mut lowered = Map::new();
        for (name, property) in &properties {
            let pointer = format!("{}/properties/{}", site.pointer, escape(name));
            let words = [site.words, std::slice::from_ref(name)].concat();
            let property = self.lower_within(property, &Site { pointer: &pointer, words: &words, ..*site })?;
            let is_required = required.contains(&name.as_str());
            lowered.insert(name.clone(), property.into_property(is_required, site.direction));
        }
        let additional_field = others.map(|values| self.lower_additional(values, &mut lowered, site)).transpose()?;
        let mut object = json!({ "type": "object", "properties": lowered });
        // OpenAPI 3.0 does not allow an empty `required`.
        if !required.is_empty() {
            object["required"] = required.into();
        }
        if closed && site.direction == Direction::Request {
            object["additionalProperties"] = false.into();
        }
        let named = self.make_named(object, schema, "must be an object", site);
        if let Some(planned) = self.planned_types.get_mut(&self.name_key(site.direction, site.pointer)) {
            planned.additional_field = additional_field;
        }
        Ok(named)
    }

    /// Returns the schema of any value, as a password if one of these may contain passwords.
    fn any_of_both(&self, one: &Value, other: &Value) -> Value {
        let is_secret = [one, other].into_iter().any(|it| self.has_passwords(it, &json!({})));
        // The name of a format does not restrict any value.
        if is_secret { json!({ "format": "password" }) } else { Value::Bool(true) }
    }

    /// Adds a property for the members beside the named ones. Returns its name.
    fn lower_additional(
        &mut self,
        values: &Value,
        lowered: &mut Map<String, Value>,
        site: &Site<'_>,
    ) -> Result<String> {
        let mut name = "additional_properties".to_owned();
        while lowered.contains_key(&name) {
            name.push('_');
        }
        let mut map = self.lower_map(Some(values), site)?;
        map["nullable"] = true.into();
        lowered.insert(name.clone(), map);
        Ok(name)
    }

    /// Returns the schema of an object without requiring read-only properties, which requests omit.
    fn without_read_only<'s>(&self, schema: &'s Map<String, Value>) -> Cow<'s, Map<String, Value>> {
        let properties = schema.get("properties").unwrap_or(&Value::Null);
        let is_read_only = |name: &&str| is_omitted(self.normal, &properties[*name], Direction::Request);
        let (read_only, sent): (Vec<_>, Vec<_>) = required(schema).partition(is_read_only);
        if read_only.is_empty() {
            return Cow::Borrowed(schema);
        }
        let mut schema = schema.clone();
        schema.insert("required".to_owned(), sent.into());
        Cow::Owned(schema)
    }

    /// Lowers an object without named properties.
    fn lower_map(&mut self, values: Option<&Value>, site: &Site<'_>) -> Result<Value> {
        let Some(values) = values else { return Ok(json!({ "type": "object" })) };
        let pointer = format!("{}/additionalProperties", site.pointer);
        let words = [site.words, &["Value".to_owned()]].concat();
        let values = self.lower_value(values, &Site { pointer: &pointer, words: &words, ..*site })?;
        Ok(json!({ "type": "object", "additionalProperties": values }))
    }
}

/// Returns whether a field has a part for each of its items, which have one schema. Without `items`, they may be any values.
fn is_list_of_parts(schema: &Map<String, Value>) -> bool {
    types(schema) == ["array"] && !schema.contains_key("prefixItems")
}
