//! Decisions in `docs/drift-rules.md` where a specification and practice differ.

use super::*;

/// Returns a document with an operation that has this query parameter and this response.
fn build_document(parameter: &Value, response: &Value) -> Value {
    let content = json!({ "application/json": { "schema": response } });
    let operation = json!({
        "parameters": [{ "name": "probe", "in": "query", "schema": parameter }],
        "responses": { "200": { "description": "done", "content": content } },
    });
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/things": { "get": operation } } })
}

#[test]
fn parameters_are_compared_by_their_serialized_values() {
    let string = json!({ "type": "string" });
    let object = |kind: &str| json!({ "type": "object", "properties": { "a": { "type": kind } } });
    let cases = [
        (json!({ "type": "integer" }), string.clone(), Compatible),
        (json!({ "type": "integer" }), json!({ "type": "string", "minLength": 5 }), Breaking),
        (string.clone(), json!({ "type": "array", "items": string }), Compatible),
        (string.clone(), json!({ "type": "array", "items": { "type": "string", "maxLength": 3 } }), Breaking),
        (json!({ "type": "integer" }), json!({ "type": ["integer", "null"] }), NoChange),
        (json!({ "type": "integer" }), json!({ "type": "array", "items": { "type": "integer" } }), Compatible),
        (json!({ "type": "integer" }), json!({ "type": "array", "items": string }), Compatible),
        (json!({ "type": "array", "items": { "type": "integer" } }), json!({ "type": "integer" }), Breaking),
        (
            json!({ "type": "string", "default": "a" }),
            json!({ "type": "array", "items": string, "default": ["b"] }),
            Breaking,
        ),
        (
            json!({ "anyOf": [{ "type": "integer" }, { "type": "string", "enum": ["all"] }] }),
            string.clone(),
            Compatible,
        ),
        (string.clone(), json!({ "anyOf": [{ "type": "integer" }, { "type": "string", "enum": ["all"] }] }), Breaking),
        (json!({ "anyOf": [{ "type": "integer" }, { "type": "object" }] }), string.clone(), Breaking),
        // Every text is a string, also that of a number.
        (json!({ "type": "integer" }), json!({ "type": ["integer", "string"], "minimum": 3 }), Compatible),
        (json!({ "type": ["integer", "string"], "minimum": 3 }), json!({ "type": "integer", "minimum": 3 }), Breaking),
        (string.clone(), json!({ "type": ["integer", "string"], "minimum": 3 }), Docs),
        (json!({ "type": "integer" }), json!({ "anyOf": [{ "type": "integer", "minimum": 3 }, string] }), Compatible),
        (
            json!({ "type": "integer" }),
            json!({ "type": ["integer", "string"], "minimum": 3, "maxLength": 1 }),
            Breaking,
        ),
        (json!({ "enum": ["a", "b"] }), json!({ "oneOf": [{ "enum": ["a"] }, string] }), Breaking),
        (
            json!({ "type": "array", "items": { "type": "integer" } }),
            json!({ "type": ["integer", "string"], "minimum": 3 }),
            Breaking,
        ),
        (
            json!({ "type": "array", "items": string }),
            json!({ "type": "array", "items": { "type": "array", "items": string } }),
            Breaking,
        ),
        (object("integer"), object("string"), Compatible),
        (object("string"), object("integer"), Breaking),
        (
            json!({ "type": "object", "properties": { "a": { "type": ["integer", "null"] } } }),
            object("integer"),
            NoChange,
        ),
        (
            json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            Compatible,
        ),
        (json!({ "type": "number" }), json!({ "type": "number", "format": "double" }), NoChange),
        (json!({ "type": "string" }), json!({ "type": "string", "format": "string" }), NoChange),
        (json!({ "type": "string" }), json!({ "type": "string", "format": "double" }), Breaking),
        (json!({ "type": "string" }), json!({ "type": "string", "format": "password" }), Docs),
        (json!({ "type": "string", "format": "password" }), json!({ "type": "string", "format": "date" }), Breaking),
        (json!({ "type": "integer" }), json!({ "type": "string", "format": "password" }), Compatible),
        (json!({ "type": "string" }), json!({ "type": "string", "format": "integer" }), Breaking),
        (
            json!({ "type": ["string", "integer"] }),
            json!({ "type": ["string", "integer"], "format": "integer" }),
            Breaking,
        ),
        (json!({ "type": "number" }), json!({ "type": "number", "format": "float" }), Breaking),
        (
            json!({ "type": "integer", "format": "uint8" }),
            json!({ "type": "integer", "minimum": 0, "format": "uint8" }),
            NoChange,
        ),
        (
            json!({ "type": "integer", "format": "uint8" }),
            json!({ "type": "integer", "maximum": 254, "format": "uint8" }),
            Breaking,
        ),
        (json!({ "type": ["integer", "null"] }), json!({ "type": "integer" }), NoChange),
        (json!({ "enum": ["a", null] }), json!({ "enum": ["a"] }), NoChange),
        (
            json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "null" }] }),
            json!({ "type": "integer", "minimum": 1 }),
            NoChange,
        ),
        (
            json!({ "type": "integer", "format": "int32" }),
            json!({ "type": "integer", "format": "int32", "minimum": -5 }),
            Breaking,
        ),
        (
            json!({ "type": "integer", "format": "int32" }),
            json!({ "type": "integer", "format": "int32", "minimum": -2147483648i64 }),
            NoChange,
        ),
    ];
    for (old, new, verdict) in cases {
        let [before, after] = [&old, &new].map(|parameter| build_document(parameter, &json!({})));
        assert_eq!(classify(&before, &after), verdict, "{old} to {new}: {:#?}", list_changes(&before, &after));
    }
}

/// A client reads the text of a number as a string, ignores a body that it does not expect, and handles each status of a range.
#[test]
fn responses_are_compared_by_what_clients_read() {
    let with = |responses: Value| {
        let operation = json!({ "responses": responses });
        let info = json!({ "title": "t", "version": "1" });
        json!({ "openapi": "3.1.0", "info": info, "paths": { "/things": { "get": operation } } })
    };
    let header = |kind: &str| with(json!({ "204": { "headers": { "X-Count": { "schema": { "type": kind } } } } }));
    let content = |schema: Value| json!({ "content": { "application/json": { "schema": schema } } });
    let text = content(json!({ "type": "string" }));
    let cases = [
        (header("string"), header("integer"), [Compatible, Breaking]),
        (with(json!({ "404": {}, "4XX": text })), with(json!({ "4XX": text })), [Compatible, Breaking]),
        (
            with(json!({ "2XX": text })),
            with(json!({ "200": content(json!({ "type": "string", "maxLength": 2 })) })),
            [Compatible, Breaking],
        ),
    ];
    for (old, new, verdicts) in cases {
        assert_eq!([classify(&old, &new), classify(&new, &old)], verdicts, "{old} to {new}");
    }
}

/// The values of an enumeration with documentation may be deprecated one by one.
#[test]
fn a_value_that_becomes_deprecated_is_reported_there() {
    let values = |first: Value| json!({ "oneOf": [first, { "const": "b" }] });
    let plain = values(json!({ "const": "a", "description": "First." }));
    let deprecated = values(json!({ "const": "a", "description": "Last.", "deprecated": true }));
    let [old, new] = [plain, deprecated].map(|schema| add_property(REQUEST, &schema));
    let described = |old: &Value, new: &Value| -> Vec<(String, Verdict, String)> {
        let changes = list_changes(old, new).into_iter();
        changes.map(|it| (it.rule, it.wire, it.message + " at " + it.pointer.trim_start_matches(REQUEST))).collect()
    };
    let text = ("docs".to_owned(), Docs, "`description` was changed at /probe/oneOf/0/description".to_owned());
    let expected = |rule: &str, verdict: Verdict, is_now: &str| {
        vec![text.clone(), (rule.to_owned(), verdict, format!("\"a\" {is_now} deprecated at /probe/oneOf/0"))]
    };
    let sorted = |mut changes: Vec<(String, Verdict, String)>| {
        changes.sort_by(|one, other| one.2.cmp(&other.2).reverse());
        changes
    };
    assert_eq!(sorted(described(&old, &new)), expected("deprecated", Compatible, "is now"));
    assert_eq!(sorted(described(&new, &old)), expected("no-longer-deprecated", Docs, "is no longer"));
}

/// Both documents refer to the same component, so only the list of alternatives differs.
#[test]
fn null_beside_a_reference_is_located_at_the_alternatives() {
    let reference = json!({ "$ref": "#/components/schemas/integration-model" });
    let nullable = json!({ "anyOf": [reference, { "type": "null" }] });
    let [old, new] = [reference, nullable].map(|schema| add_property(RESPONSE, &schema));
    for (old, new) in [(&old, &new), (&new, &old)] {
        let pointers: Vec<String> = list_changes(old, new).into_iter().map(|change| change.pointer).collect();
        assert_eq!(pointers, [format!("{RESPONSE}/probe/anyOf")]);
    }
}

/// OpenAPI 3.0 reads `nullable` as an addition to `type`, but authors mean the whole schema.
#[test]
fn nullable_allows_null_whatever_stands_beside_it() {
    let objects = ["allOf", "anyOf", "oneOf"].map(|keyword| json!({ keyword: [{ "$ref": "#/components/schemas/a" }] }));
    let objects = objects.map(|schema| (schema, "object"));
    for (untyped, kind) in objects.into_iter().chain([(json!({ "enum": ["a", "b"] }), "string")]) {
        let typed = extend(untyped.clone(), json!({ "type": kind }));
        let [nullable, untyped] = [&typed, &untyped].map(|it| extend(it.clone(), json!({ "nullable": true })));
        let converted = json!({ "anyOf": [typed, { "type": "null" }] });
        for (place, added, removed) in [(REQUEST, Compatible, Breaking), (RESPONSE, Breaking, Compatible)] {
            let list_verdicts = |old: &Value, new: &Value| {
                let [old, new] = [old, new].map(|schema| {
                    let mut document = add_property(place, schema);
                    document["components"]["schemas"]["a"] = json!({ "type": "object", "properties": { "b": {} } });
                    document
                });
                list_changes(&old, &new).into_iter().map(|change| change.wire).collect::<Vec<_>>()
            };
            assert_eq!(list_verdicts(&typed, &nullable), [added], "{nullable}");
            assert_eq!(list_verdicts(&nullable, &typed), [removed], "{nullable}");
            assert_eq!(list_verdicts(&nullable, &untyped), [], "{nullable}");
            assert_eq!(list_verdicts(&nullable, &converted), [], "{nullable}");
        }
    }
}

/// OpenAPI 3.1 adds `null` to the alternatives.
#[test]
fn nullable_alternatives_with_a_discriminator_are_equal_in_openapi_3_1() {
    let [cat, dog] = ["cat", "dog"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    let union = |alternatives: Value| json!({ "oneOf": alternatives, "discriminator": { "propertyName": "kind" } });
    let nullable = extend(union(json!([cat, dog])), json!({ "nullable": true }));
    let spellings = [
        nullable.clone(),
        extend(nullable, json!({ "type": "object" })),
        union(json!([cat, dog, { "type": "null" }])),
        json!({ "anyOf": [union(json!([cat, dog])), { "type": "null" }] }),
    ];
    for place in [REQUEST, RESPONSE] {
        let documents = spellings.each_ref().map(|schema| {
            let mut document = add_property(place, schema);
            for (name, property) in [("cat", "a"), ("dog", "b")] {
                let properties = json!({ "kind": { "type": "string" }, property: {} });
                document["components"]["schemas"][name] = json!({ "type": "object", "properties": properties });
            }
            document
        });
        for old in &documents {
            documents.iter().for_each(|new| assert_eq!(list_changes(old, new), [], "{place}"));
        }
    }
}

/// Clients send only what an alternative names.
#[test]
fn requests_may_combine_the_properties_of_former_alternatives() {
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let requiring =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "maxLength": 5 } } });
    let list = json!([requiring("a"), requiring("b")]);
    let beside = extend(object(json!({ "f": {} })), json!({ "oneOf": list }));
    for (old, own) in [(json!({ "oneOf": list }), json!({})), (beside, json!({ "f": {} }))] {
        let merge = |length: u8| {
            let both = json!({ "a": { "maxLength": 5 }, "b": { "maxLength": length } });
            object(extend(own.clone(), both))
        };
        let required = extend(merge(5), json!({ "required": ["b"] }));
        for (new, expected) in [(merge(5), Compatible), (merge(4), Breaking), (required, Breaking)] {
            let [old, new] = [&old, &new].map(|schema| add_property(REQUEST, schema));
            assert_eq!(classify(&old, &new), expected, "{:#?}", list_changes(&old, &new));
        }
    }
}

/// The format implies the bound.
#[test]
fn a_bound_of_a_new_format_is_not_reported_again() {
    let number = |more: Value| add_property(REQUEST, &extend(json!({ "type": "integer" }), more));
    let new = number(json!({ "format": "int64", "maximum": i64::MAX }));
    let rules: Vec<String> = list_changes(&number(json!({})), &new).into_iter().map(|change| change.rule).collect();
    assert_eq!(rules, ["format-narrowed"]);
}

#[test]
fn an_added_flow_is_reported_once() {
    let with = |flows: Value| {
        let schemes = json!({ "login": { "type": "oauth2", "flows": flows } });
        let operation = json!({ "security": [{ "login": ["read"] }], "responses": { "204": { "description": "" } } });
        json!({
            "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "components": { "securitySchemes": schemes },
            "paths": { "/a": { "get": operation, "put": operation } },
        })
    };
    let credentials = json!({ "tokenUrl": "https://a.example/t", "scopes": { "read": "" } });
    let code = extend(credentials.clone(), json!({ "authorizationUrl": "https://a.example/a" }));
    let old = with(json!({ "clientCredentials": credentials }));
    let found = list_changes(&old, &with(json!({ "clientCredentials": credentials, "authorizationCode": code })));
    let [change] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(change.pointer, "/components/securitySchemes/login/flows/authorizationCode");
    assert_eq!(change.operations, ["GET /a", "PUT /a"]);
}

#[test]
fn a_changed_type_of_items_is_reported_once() {
    let list = |kind: &str| build_document(&json!({ "type": "array", "items": { "type": kind } }), &json!({}));
    let found = list_changes(&list("integer"), &list("string"));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].pointer.ends_with("/schema/items/type"), "{found:#?}");
}

/// A change of the type is also about `null`.
#[test]
fn alternatives_that_add_types_are_reported_once() {
    let object = json!({ "properties": { "a": { "type": "string" } } });
    let alternatives = json!({ "anyOf": [extend(json!({ "type": "object" }), object.clone()), { "type": "string" }] });
    for (old, new, expected) in [
        (&object, &alternatives, ["alternative-added", "type-narrowed"]),
        (&alternatives, &object, ["alternative-removed", "type-widened"]),
    ] {
        let [old, new] = [old, new].map(|schema| add_property(RESPONSE, schema));
        let found = list_changes(&old, &new);
        let mut rules: Vec<&str> = found.iter().map(|change| change.rule.as_str()).collect();
        rules.sort_unstable();
        assert_eq!(rules, expected, "{found:#?}");
    }
}

#[test]
fn messages_state_parameter_types_as_declared() {
    let [old, new] = ["integer", "string"].map(|kind| build_document(&json!({ "type": kind }), &json!({})));
    let message = &list_changes(&old, &new)[0].message;
    assert!(message.starts_with("the type was integer and is string:"), "{message}");
}

#[test]
fn a_property_moved_into_an_alternative_is_not_removed() {
    let [text, other] = ["text", "other"].map(|name| json!({ "properties": { name: { "type": "string" } } }));
    let shared = extend(json!({ "type": "object" }), text.clone());
    let split = json!({ "type": "object", "oneOf": [extend(text, json!({ "required": ["text"] })), extend(other, json!({ "required": ["other"] }))] });
    let [old, new] = [shared, split].map(|response| build_document(&json!({ "type": "string" }), &response));
    assert!(
        list_changes(&old, &new).iter().all(|change| change.rule != "property-removed"),
        "{:#?}",
        list_changes(&old, &new)
    );
}

/// If the property has a narrower schema or another type in the alternative, that is reported as a separate change.
#[test]
fn a_property_that_changes_in_the_alternative_it_moves_into_is_not_removed() {
    let text = json!({ "type": "string" });
    let object = |more: Value| extend(json!({ "type": "object" }), json!({ "properties": more }));
    let requiring =
        |name: &str, more: Value| extend(object(extend(json!({ name: text }), more)), json!({ "required": [name] }));
    let list = |more: Value, third: &[Value]| {
        let mut list = vec![requiring("c", more), requiring("d", json!({}))];
        list.extend_from_slice(third);
        json!({ "oneOf": list })
    };
    let old = extend(object(json!({ "k": text, "a": text })), list(json!({}), &[]));
    let new = |more: Value, third: &[Value]| extend(object(json!({ "k": text })), list(more, third));
    let short = json!({ "type": "string", "maxLength": 3 });
    let (moved, removed, integer) = ("property-moved", "property-removed", json!({ "type": "integer" }));
    let hidden = |keyword: &str| json!({ "a": { "type": "string", keyword: true } });
    let third = |a: &Value| [requiring("e", json!({ "a": a }))];
    let impossible = json!({ "type": "string", "enum": [1] });
    let cases = [
        (new(json!({ "a": text }), &[]), [vec![moved], vec![moved]]),
        (new(json!({ "a": impossible }), &[]), [vec!["enum-narrowed", moved], vec![removed]]),
        (new(json!({ "a": short }), &[]), [vec!["max-length-narrowed", moved], vec!["max-length-narrowed", moved]]),
        (new(json!({ "a": integer }), &[]), [vec![moved, "type-changed"], vec![moved, "type-changed"]]),
        (new(json!({ "a": false }), &[]), [vec![removed, "schema-narrowed"], vec![removed]]),
        (new(hidden("readOnly"), &[]), [vec![removed], vec![moved]]),
        (new(hidden("writeOnly"), &[]), [vec![moved], vec![removed]]),
        // No alternative of the vendored document is compared with the new one.
        (
            new(json!({}), &third(&integer)),
            [vec!["alternative-added", moved, "type-changed"], vec!["alternative-added", moved, "type-changed"]],
        ),
    ];
    for (new, expected) in cases {
        for (place, expected) in [REQUEST, RESPONSE].into_iter().zip(expected) {
            let changes = list_changes(&add_property(place, &old), &add_property(place, &new));
            let mut rules: Vec<&str> = changes.iter().map(|change| change.rule.as_str()).collect();
            rules.sort_unstable();
            assert_eq!(rules, expected, "{place}, {new}: {changes:#?}");
        }
    }
    // The alternative may have restricted it before.
    let restricted = extend(object(json!({ "k": text, "a": text })), list(json!({ "a": short }), &[]));
    let changes =
        list_changes(&add_property(REQUEST, &restricted), &add_property(REQUEST, &new(json!({ "a": text }), &[])));
    assert!(changes.iter().all(|change| change.wire < Breaking), "{changes:#?}");
}

/// Each change to a body of bytes is reported once, with keywords as the document writes them. Base64 and raw bytes are incompatible.
#[test]
fn schemas_of_bytes_are_compared_by_their_constraints() {
    let raw = |more: Value| extend(json!({ "type": "string", "format": "binary" }), more);
    let reference = json!({ "$ref": "#/components/schemas/Raw" });
    let document = |schema: &Value, direction: &str| {
        let content = json!({ "content": { "application/pdf": { "schema": schema } }, "description": "" });
        let operation = match direction {
            "request" => json!({ "requestBody": content, "responses": {} }),
            _ => json!({ "responses": { "200": content } }),
        };
        let schemas = json!({ "Raw": raw(json!({ "maxLength": 3 })) });
        json!({
            "openapi": "3.0.3", "info": { "title": "t", "version": "1" }, "paths": { "/things": { "post": operation } },
            "components": { "schemas": schemas },
        })
    };
    let byte = json!({ "type": "string", "format": "byte" });
    let (narrowed, encoded) = (["max-length-narrowed", "max-length-widened"], ["content-encoding-changed"; 2]);
    let cases = [
        (raw(json!({ "maxLength": 3 })), Some((narrowed, [Breaking, Compatible]))),
        (reference, Some((narrowed, [Breaking, Compatible]))),
        (raw(json!({ "nullable": true })), None),
        (json!({ "type": "integer" }), Some((["type-changed"; 2], [Breaking, Breaking]))),
        (byte, Some((encoded, [Breaking, Breaking]))),
        (json!({ "type": "string", "contentEncoding": "base64url" }), Some((encoded, [Breaking, Breaking]))),
    ];
    for (schema, expected) in cases {
        for direction in ["request", "response"] {
            let [old, new] = [&raw(json!({})), &schema].map(|schema| document(schema, direction));
            let found = [[&old, &new], [&new, &old]].map(|[old, new]| list_changes(old, new));
            let Some((rules, mut verdicts)) = expected else {
                assert_eq!(found, [[], []], "{direction}, {schema}");
                continue;
            };
            if direction == "response" {
                verdicts.reverse();
            }
            for (changes, (rule, verdict)) in found.iter().zip(rules.into_iter().zip(verdicts)) {
                let [change] = &changes[..] else { panic!("{direction}, {schema}: {changes:#?}") };
                assert_eq!((change.rule.as_str(), change.wire), (rule, verdict), "{direction}, {schema}");
            }
        }
    }
}

/// A change of a component is one change, in however many bodies it is used.
#[test]
fn a_changed_type_of_bytes_is_located_at_the_type() {
    let document = |schema: Value| {
        let content = json!({ "application/pdf": { "schema": { "$ref": "#/components/schemas/Raw" } } });
        let operation = json!({ "responses": { "200": { "description": "", "content": content } } });
        json!({
            "openapi": "3.1.0", "info": { "title": "t", "version": "1" },
            "paths": { "/a": { "get": operation }, "/b": { "get": operation } },
            "components": { "schemas": { "Raw": schema } },
        })
    };
    let bytes = document(json!({ "type": "string", "format": "binary" }));
    let object = document(json!({ "type": "object" }));
    for (old, new) in [(&bytes, &object), (&object, &bytes)] {
        let changes = list_changes(old, new);
        let [change] = &changes[..] else { panic!("{changes:#?}") };
        assert_eq!((&*change.rule, &*change.pointer), ("type-changed", "/components/schemas/Raw/type"));
        assert_eq!(change.operations.len(), 2, "{change:#?}");
    }
}

/// Documentation beside a reference to a schema of bytes is compared where it is written.
#[test]
fn documentation_of_bytes_is_located_beside_the_reference() {
    let reference = json!({ "$ref": "#/components/schemas/Raw" });
    let text = json!({ "description": "A label." });
    let document = |schema: &Value| {
        let content = json!({ "application/pdf": { "schema": schema } });
        json!({
            "openapi": "3.1.0", "info": { "title": "t", "version": "1" },
            "paths": { "/things": { "get": { "responses": { "200": { "description": "", "content": content } } } } },
            "components": { "schemas": { "Raw": { "type": "string", "format": "binary", "maxLength": 9 } } },
        })
    };
    let cases = [
        (json!({ "allOf": [reference, text] }), "/schema/allOf/1/description"),
        (json!({ "allOf": [text, reference] }), "/schema/allOf/0/description"),
        (extend(text.clone(), reference.clone()), "/schema/description"),
    ];
    for (schema, location) in cases {
        let changes = list_changes(&document(&reference), &document(&schema));
        let [change] = &changes[..] else { panic!("{schema}: {changes:#?}") };
        assert_eq!(change.wire, Docs, "{schema}");
        assert!(change.pointer.ends_with(location), "{schema}: {changes:#?}");
    }
}

#[test]
fn defaults_of_required_values_are_documentation() {
    let document = |schema: Value, is_required: bool| {
        let mut document = build_document(&schema, &json!({}));
        document["paths"]["/things"]["get"]["parameters"][0]["required"] = is_required.into();
        document
    };
    let [plain, a] = [json!({ "type": "string" }), json!({ "type": "string", "default": "a" })];
    let changes = list_changes(&document(plain, false), &document(a, true));
    let found: Vec<_> = changes.iter().map(|change| (change.rule.as_str(), change.wire)).collect();
    assert_eq!(found, [("parameter-required-narrowed", Breaking), ("default-added", Docs)]);
    let object = |schema: Value, required: Value| {
        let schema = json!({ "type": "object", "properties": { "a": schema }, "required": required });
        add_property(REQUEST, &schema)
    };
    let [a, b] = ["a", "b"].map(|text| json!({ "type": "string", "default": text }));
    let changes = list_changes(&object(a, json!([])), &object(b, json!(["a"])));
    let found: Vec<_> = changes.iter().map(|change| (change.rule.as_str(), change.wire)).collect();
    assert_eq!(found, [("property-now-required", Breaking), ("default-changed", Docs)]);
}

#[test]
fn messages_write_objects_as_json() {
    let [old, new] = ["b", "c"].map(|text| add_property(REQUEST, &json!({ "enum": [{ "d": text }] })));
    let message = &list_changes(&old, &new)[0].message;
    assert!(message.starts_with(r#"{"d": "b"} is no longer allowed, {"d": "c"} is allowed instead:"#), "{message}");
}

#[test]
fn several_not_schemas_all_apply() {
    let not = |length: u32| json!({ "not": { "type": "string", "minLength": length } });
    let both = extend(not(9), json!({ "allOf": [{ "not": { "type": "string", "maxLength": 1 } }] }));
    let [old, new] = [not(9), both].map(|schema| add_property(REQUEST, &schema));
    assert_eq!((classify(&old, &new), classify(&new, &old)), (Breaking, Compatible), "{:#?}", list_changes(&old, &new));
}

#[test]
fn one_of_unrestricted_and_null_rejects_null() {
    let [old, new] =
        [json!({ "oneOf": [{}, { "type": "null" }] }), json!({})].map(|schema| add_property(RESPONSE, &schema));
    assert_eq!(classify(&old, &new), Breaking, "{:#?}", list_changes(&old, &new));
}

/// Requests could already contain a property that only `not` names.
#[test]
fn a_property_named_in_not_is_not_an_added_property() {
    let excluding = json!({ "type": "object", "not": { "properties": { "a": { "const": 1 } }, "required": ["a"] } });
    let restricted = extend(excluding.clone(), json!({ "properties": { "a": { "type": "string" } } }));
    let [old, new] = [excluding, restricted].map(|schema| add_property(REQUEST, &schema));
    assert_eq!(classify(&old, &new), Breaking, "{:#?}", list_changes(&old, &new));
}
