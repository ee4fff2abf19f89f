//! Lowering of schemas by their type.

use serde_json::{Map, Value, json};

use super::{Schemas, Site};
use crate::Result;
use crate::lower::combine::follow_reference;
use crate::lower::inspect::{
    INTEGER_BOUNDS, SCALARS, bound_beyond_64_bits, enum_values, expected, integer_range, is_uri, length,
    received_integer, single_type, types,
};
use crate::lower::lowered::{LoweredSchema, ONE_OR_MORE};
use crate::lower::warnings::unenforced_keywords;
use crate::lower::{Direction, Part};

impl<'a> Schemas<'a> {
    /// Reports the keywords that constrain instances of this type, or of any type, and are not enforced.
    pub(super) fn report_unenforced(
        &mut self,
        schema: &Map<String, Value>,
        kind: Option<&str>,
        enforced: &[&str],
        site: &Site<'_>,
    ) {
        for keyword in unenforced_keywords(schema, kind, enforced) {
            self.report_keyword(keyword, site.pointer);
        }
    }

    /// Reports the constraints on a text that is sent without validation.
    pub fn report_unenforced_text(&mut self, schema: &Value, pointer: &str) {
        let (pointer, schema) = follow_reference(self.normal, pointer, schema);
        let keywords = schema.as_object().into_iter().flat_map(|it| unenforced_keywords(it, Some("string"), &[]));
        keywords.for_each(|keyword| self.report_keyword(keyword, &pointer));
    }

    /// Lowers a schema without references and `allOf`.
    pub(super) fn lower_typed(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<LoweredSchema> {
        if let Some((base, subtypes)) = self.subtypes(schema, site) {
            return self.lower_hierarchy(schema, base, subtypes, site);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema.get(keyword).and_then(Value::as_array) {
                return self.lower_union(schema, keyword, alternatives, site);
            }
        }
        if let Some(keyword) = ["properties", "items"].iter().find(|it| schema.contains_key(**it))
            && !schema.contains_key("type")
        {
            let effect = "implies a type that the schema does not declare: values of other types are rejected";
            self.report(keyword, effect, site.pointer);
        }
        let mut in_property = None;
        let lowered = match (types(schema).as_slice(), site.direction) {
            (["string"], _) => self.lower_string(schema, site),
            (["object"], _) => self.lower_object(schema, site)?,
            (["array"], _) => self.lower_array(schema, site)?,
            ([number @ ("integer" | "number")], _) => self.lower_number(number, schema, site),
            (["boolean"], _) => {
                self.report_unenforced(schema, Some("boolean"), &[], site);
                json!({ "type": "boolean" })
            }
            (["null"], _) => {
                self.report_widened("type", "a schema that only allows `null` accepts any JSON value", site.pointer);
                json!({})
            }
            ([], _) => {
                self.report_unenforced(schema, None, &[], site);
                json!({})
            }
            (several, Direction::Response) => {
                in_property = tolerant_schema(several);
                if in_property.is_none() {
                    self.report_keyword("type", site.pointer);
                }
                json!({})
            }
            (several, Direction::Request) => {
                let alternatives: Vec<Value> = several.iter().map(|one| single_type(schema, one)).collect();
                let pointer = format!("{}/type", site.pointer);
                let labels = self.label_alternatives(&alternatives, &pointer);
                return self.lower_alternatives(schema, &alternatives, labels, &pointer, None, site);
            }
        };
        Ok(LoweredSchema { in_property, ..LoweredSchema::new(lowered, expected(schema)) })
    }

    /// Lowers a number. In a request, `format` represents its range, or that it is finite. The `format` in the document is dropped.
    fn lower_number(&mut self, name: &str, schema: &Map<String, Value>, site: &Site<'_>) -> Value {
        let enforced: &[&str] = if name == "integer" { &INTEGER_BOUNDS } else { &[] };
        self.report_unenforced(schema, Some(name), enforced, site);
        let format = match (name, site.direction) {
            ("integer", Direction::Request) => {
                if let Some(keyword) = bound_beyond_64_bits(schema) {
                    self.report(keyword, "allows integers beyond 64 bits, which are not supported", site.pointer);
                }
                let range = integer_range(schema);
                self.integers.insert(range);
                Some(range.format())
            }
            ("integer", Direction::Response) => received_integer(schema).map(str::to_owned),
            (_, Direction::Request) => Some("finite".to_owned()),
            (_, Direction::Response) => None,
        };
        let mut lowered = json!({ "type": name });
        if let Some(format) = format {
            lowered["format"] = format.into();
        }
        lowered
    }

    fn lower_string(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Value {
        let mut lowered = json!({ "type": "string" });
        let values = enum_values(schema);
        if !values.is_empty() {
            self.report_unenforced(schema, Some("string"), &["enum", "const", "minLength", "maxLength"], site);
            lowered["enum"] = values.clone().into();
            return self.make_named(lowered, schema, &expected(schema), site);
        }
        if schema.get("format").is_some_and(|format| format == "binary") {
            return json!({ "type": "string", "format": "file" });
        }
        if site.direction == Direction::Request && Part::of(schema, &Value::Null).is_file {
            let keyword = self.written_keyword("contentMediaType", site.pointer);
            self.report(&keyword, "has no effect: the file is sent as a string", site.pointer);
        }
        let (min, max) = (length(schema, "minLength"), length(schema, "maxLength"));
        if is_uri(schema) {
            // No URI is empty, so `minLength: 1` is always satisfied.
            let enforced: &[&str] = if min.is_none_or(|min| min <= 1) { &["minLength"] } else { &[] };
            self.report_unenforced(schema, Some("string"), enforced, site);
            if site.direction == Direction::Request {
                lowered["format"] = "uri".into();
            }
            return lowered;
        }
        self.report_unenforced(schema, Some("string"), &["minLength", "maxLength"], site);
        if site.direction == Direction::Response || (min, max) == (None, None) {
            return lowered;
        }
        for (keyword, bound) in [("minLength", min), ("maxLength", max)] {
            if let Some(bound) = bound {
                lowered[keyword] = bound.into();
            }
        }
        self.make_named(lowered, schema, &expected(schema), site)
    }

    pub(super) fn lower_array(&mut self, schema: &Map<String, Value>, site: &Site<'_>) -> Result<Value> {
        self.report_unenforced(schema, Some("array"), &["items"], site);
        let pointer = format!("{}/items", site.pointer);
        let words = [site.words, &["Item".to_owned()]].concat();
        // Beside `prefixItems`, `items` only applies to the items after the prefix.
        let items = schema.get("items").filter(|_| !schema.contains_key("prefixItems"));
        let items =
            self.lower_value(items.unwrap_or(&Value::Bool(true)), &Site { pointer: &pointer, words: &words, ..*site })?;
        Ok(json!({ "type": "array", "items": items }))
    }
}

/// Returns a schema that can decode values of several types tolerantly: an object as a list with one item, a scalar as its text.
pub(super) fn tolerant_schema(types: &[&str]) -> Option<Value> {
    let are_all = |known: &[&str]| types.iter().all(|one| known.contains(one));
    match types {
        types if types.contains(&"array") && are_all(&["array", "object"]) => {
            Some(json!({ "type": "array", "items": {}, ONE_OR_MORE: types.contains(&"object") }))
        }
        types if types.contains(&"string") && are_all(&SCALARS) => Some(json!({ "type": "string" })),
        _ => None,
    }
}
