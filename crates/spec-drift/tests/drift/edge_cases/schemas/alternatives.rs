//! Alternatives: `oneOf`, `anyOf` and discriminators.

use super::Case;
use openapi_spec_drift::Verdict::{Breaking, Compatible, Docs, None as NoChange};
use serde_json::{Value, json};

/// Returns an object schema for each value of the property `kind`, and a string schema.
fn list_alternatives(kinds: &[&str]) -> Vec<Value> {
    let object =
        |kind: &&str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    kinds.iter().map(object).chain([json!({ "type": "string" })]).collect()
}

pub fn list_cases() -> Vec<Case> {
    let types = json!([{ "type": "string" }, { "type": "integer" }]);
    let types_and = |other: Value| [types.as_array().unwrap().as_slice(), &[other]].concat();
    let max_length = |length: u8| json!({ "maxLength": length });
    let object = |property: &str| json!({ "type": "object", "properties": { property: { "type": "string" } } });
    let string = json!({ "type": "string" });
    let closed_object = |property: &str| json!({ "type": "object", "properties": { property: { "type": "string" } }, "additionalProperties": false });
    let requires_a_and_d = json!({ "required": ["a", "d"], "properties": { "a": string, "d": string } });
    let requires_b = json!({ "type": "object", "required": ["b"], "properties": { "b": string } });
    let exactly = |property: &str| json!({ "required": [property], "properties": { property: string } });
    let extended = |mut schema: Value, more: Value| {
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    let nested_with_strings = |alternative: Value| {
        let inner = json!({ "maxProperties": 4, "oneOf": [exactly("a"), alternative] });
        let outer = json!({ "maxProperties": 5, "anyOf": [inner, object("c")] });
        json!({ "type": ["object", "string"], "anyOf": [outer, object("d")] })
    };
    let null_type = json!({ "type": "null" });
    let nested = |innermost: Value| {
        let inner = json!({ "required": ["k"], "properties": { "k": { "const": "x" } }, "anyOf": [innermost, { "required": ["c"] }] });
        json!({ "type": "object", "properties": { "k": string, "a": string, "b": string, "c": string }, "oneOf": [inner, { "required": ["k"], "properties": { "k": { "const": "y" } } }] })
    };
    let overlapping = |schema: Value| {
        let alternatives = json!([{ "required": ["a"], "properties": { "a": schema } }, { "required": ["b"], "properties": { "b": {} } }]);
        json!({ "type": "object", "oneOf": alternatives, "anyOf": [{ "properties": { "b": {} } }, { "minProperties": 3 }] })
    };
    let one_of = |schemas: Value| json!({ "oneOf": schemas });
    let discriminated = |schemas: &[Value]| json!({ "oneOf": schemas, "discriminator": { "propertyName": "kind" } });
    let tagged = |kind: &str| json!({ "type": "object", "properties": { "kind": { "type": "string" }, kind: {} } });
    let mapped = |to: &str| {
        json!({
            "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }],
            "discriminator": { "propertyName": "kind", "mapping": { "a": to } },
        })
    };
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let string_or_integer = json!([
        { "required": ["a"], "properties": { "a": { "type": "string" } } },
        { "required": ["a"], "properties": { "a": { "type": "integer" } } },
    ]);
    let either = |properties: Value| json!({ "required": ["k"], "properties": properties, "anyOf": string_or_integer });
    let other = json!({ "required": ["k"], "properties": { "k": { "const": "y" }, "a": string } });
    let kind =
        |values: Value| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "enum": values } } });
    let with_kinds = |properties: Value, kinds: [&str; 2]| json!({ "type": "object", "properties": properties, "anyOf": kinds.map(|value| kind(json!([value]))) });
    let requiring = json!({ "type": "object", "required": ["b"], "properties": { "a": {}, "b": {} } });
    let around = |alternative: Value| {
        json!({
            "type": "object",
            "properties": { "a": string, "b": string },
            "oneOf": [alternative, { "required": ["z"], "properties": { "z": string } }],
        })
    };
    let exclusive = |a: Value| {
        json!({
            "type": "object",
            "properties": { "a": string, "b": string },
            "oneOf": [{ "required": ["a"], "properties": { "a": a } }, { "required": ["b"], "properties": { "b": string } }],
        })
    };
    // Adds keywords around two alternatives, the first of which has these properties besides.
    let beside = |mut schema: Value, first: Value| {
        let mut alternatives = ["x", "y"].map(|k| json!({ "required": ["k"], "properties": { "k": { "const": k } } }));
        alternatives[0]["properties"].as_object_mut().unwrap().extend(first.as_object().unwrap().clone());
        schema["type"] = "object".into();
        schema["oneOf"] = alternatives.to_vec().into();
        schema
    };
    let nested_if = |innermost: Value| {
        let mut schema = beside(json!({}), json!({}));
        schema["allOf"] = json!([{ "properties": { "a": string }, "if": { "required": ["a"] }, "then": { "properties": { "c": { "minLength": 1 } } } }]);
        schema["oneOf"][0]["anyOf"] = json!([{ "required": ["b"], "properties": innermost }, { "required": ["a"] }]);
        schema
    };
    let short_with_default = json!({ "type": "string", "maxLength": 5, "default": "x" });
    let describing_nested = |base: Value, second: Value| {
        let mut schema = beside(json!({ "properties": base }), json!({}));
        schema["oneOf"][0]["anyOf"] =
            json!([{ "required": ["c"], "properties": { "b": { "maxLength": 3 } } }, { "maxProperties": 3 }]);
        schema["oneOf"][1]["properties"].as_object_mut().unwrap().extend(second.as_object().unwrap().clone());
        schema
    };
    let exclusive_keys = |first: Value| {
        let second = json!({ "required": ["k"], "properties": { "k": { "const": "y" } } });
        let mut first = json!({ "required": ["k"], "properties": first });
        first["properties"]["k"] = json!({ "const": "x" });
        json!([first, second])
    };
    let moved_beside = |base: Value, first: Value, second: Value| {
        let mut alternatives = exclusive_keys(first);
        alternatives[1].as_object_mut().unwrap().extend(second.as_object().unwrap().clone());
        json!({ "type": "object", "properties": base, "oneOf": alternatives })
    };
    let with_condition = |mut base: Value, first: Value| {
        base["if"] = json!({ "required": ["a"] });
        base["then"] = json!({ "minProperties": 2 });
        beside(base, first)
    };
    let choice = json!({ "type": "object", "properties": { "a": string }, "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] });
    let unevaluated_between = |innermost: Value| {
        let mut schema = beside(json!({ "properties": { "a": {}, "b": {} } }), json!({ "a": {} }));
        schema["oneOf"][0]["unevaluatedProperties"] = string.clone();
        schema["oneOf"][0]["anyOf"] = json!([innermost, { "maxProperties": 1 }]);
        schema
    };
    let if_a = json!({ "if": { "required": ["a"] }, "then": { "properties": { "c": { "minLength": 1 } } } });
    let with_list = json!({ "allOf": [{ "anyOf": [{ "required": ["c"] }, { "required": ["a"] }] }] });
    let closed_beside = |alternatives: Value| {
        let alternatives = json!([{ "required": ["k"], "properties": { "k": { "const": "x" } }, "anyOf": alternatives }, { "required": ["k"], "properties": { "k": { "const": "y" } } }]);
        json!({ "type": "object", "unevaluatedProperties": false, "oneOf": alternatives })
    };
    let requiring_elsewhere = |base: Value, first: Value| json!({ "type": "object", "properties": base, "oneOf": [{ "required": ["k"], "properties": first }, { "required": ["a", "l"], "properties": { "l": {} } }] });
    let mapped_with_b = |name: &str, mapping: Value| {
        let discriminator = json!({ "propertyName": "kind", "mapping": mapping });
        json!({ "oneOf": [reference(name), reference("B")], "discriminator": discriminator })
    };
    let named = |name: &str, mapping: Value| {
        let discriminator = json!({ "propertyName": "kind", "mapping": mapping });
        json!({ "oneOf": [reference(name)], "discriminator": discriminator })
    };
    let or_null =
        |name: &str| json!({ "oneOf": [reference(name), null_type], "discriminator": { "propertyName": "kind" } });
    let beside_type = |kinds: &[&str]| {
        let alternatives: Vec<Value> = kinds.iter().map(|value| kind(json!([value]))).collect();
        json!({ "type": "object", "oneOf": alternatives, "discriminator": { "propertyName": "kind" } })
    };
    let read_only = json!({ "type": "string", "readOnly": true });
    let split = |whole: Value, [one, other]: [Value; 2]| {
        let alternatives = [("x", one), ("y", other)].map(|(name, mut properties)| {
            properties[name] = string.clone();
            json!({ "type": "object", "required": [name], "properties": properties })
        });
        json!({ "type": "object", "properties": whole, "oneOf": alternatives })
    };
    let with_b = || json!({ "b": read_only });
    let animal = |name: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "enum": [name] }, name: { "type": "string" } } });
    let with_required =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
    let closed = |name: &str| {
        let mut schema = with_required(name);
        schema["additionalProperties"] = json!(false);
        schema
    };
    vec![
        (
            "a list is removed that alone describes properties",
            json!({ "allOf": [object("f"), { "oneOf": [exactly("a"), requires_b] }] }),
            object("f"),
            Breaking,
            Breaking,
        ),
        (
            "a list is removed beside `additionalProperties` for the properties that it describes",
            json!({ "type": "object", "properties": { "f": string }, "additionalProperties": string, "anyOf": [exactly("a"), exactly("b")] }),
            json!({ "type": "object", "properties": { "f": string }, "additionalProperties": string }),
            Compatible,
            Breaking,
        ),
        (
            "an overlap of two alternatives, of which one overlapped a third one",
            json!({ "oneOf": [{ "required": ["a"], "properties": { "a": string, "c": string } }, requires_a_and_d, requires_b] }),
            json!({ "oneOf": [{ "required": ["a"], "properties": { "a": string, "c": string } }, requires_a_and_d, object("b")] }),
            Breaking,
            Breaking,
        ),
        (
            "several types that an alternative repeats beside an enum of one of them",
            json!({ "type": ["string", "integer"] }),
            json!({ "anyOf": [{ "type": ["string", "integer"] }, { "type": "string", "enum": ["a", "b"] }] }),
            NoChange,
            NoChange,
        ),
        (
            "an optional property of another alternative, which requires it",
            json!({ "oneOf": [exactly("a"), requires_b] }),
            json!({ "oneOf": [{ "required": ["a"], "properties": { "a": string, "b": string } }, requires_b] }),
            Compatible,
            Compatible,
        ),
        (
            "an alternative of integers written as numbers",
            json!({ "oneOf": [{ "type": "integer", "minimum": 3 }, object("a")] }),
            json!({ "oneOf": [{ "type": "number", "minimum": 3, "multipleOf": 1 }, object("a")] }),
            NoChange,
            NoChange,
        ),
        (
            "one of several types written as numbers",
            json!({ "oneOf": [{ "type": "integer" }, { "type": "string" }] }),
            json!({ "oneOf": [{ "type": "number", "multipleOf": 1 }, { "type": "string" }] }),
            NoChange,
            NoChange,
        ),
        (
            "alternatives with properties become an object without any",
            json!({ "oneOf": [exactly("a"), requires_b] }),
            json!({ "type": "object" }),
            Breaking,
            Breaking,
        ),
        (
            "a list is removed that only forbids a property",
            json!({ "type": "object", "anyOf": [{ "properties": { "b": false } }, { "minProperties": 2 }] }),
            json!({ "type": "object" }),
            Compatible,
            Breaking,
        ),
        (
            "items with properties become the first item",
            json!({ "type": "array", "items": object("a"), "maxItems": 1 }),
            json!({ "type": "array", "prefixItems": [object("a")], "maxItems": 1 }),
            Compatible,
            Breaking,
        ),
        (
            "a first item with properties becomes any value",
            json!({ "type": "array", "prefixItems": [object("a")] }),
            json!({ "type": "array" }),
            Breaking,
            Breaking,
        ),
        (
            "a property moves out of alternatives, one of which accepts objects with any properties",
            json!({ "type": "object", "properties": { "f": string }, "anyOf": [exactly("a"), { "type": "object" }] }),
            json!({ "type": "object", "properties": { "f": string, "a": string } }),
            Breaking,
            Breaking,
        ),
        (
            "items with properties become any values",
            json!({ "type": "array", "items": object("a") }),
            json!({ "type": "array", "items": {} }),
            Breaking,
            Breaking,
        ),
        (
            "items with properties become any values in one of several alternatives",
            json!({ "oneOf": [{ "type": "array", "items": object("a") }, string] }),
            json!({ "oneOf": [{ "type": "array" }, string] }),
            Breaking,
            Breaking,
        ),
        (
            "values with properties become any values",
            json!({ "type": "object", "additionalProperties": object("a") }),
            json!({ "type": "object" }),
            Breaking,
            Breaking,
        ),
        (
            "values with a pattern become any values",
            json!({ "type": "object", "patternProperties": { "^a": object("a") } }),
            json!({ "type": "object" }),
            Breaking,
            Breaking,
        ),
        (
            "values that nothing else describes become any values",
            json!({ "type": "object", "unevaluatedProperties": object("a") }),
            json!({ "type": "object" }),
            Breaking,
            Breaking,
        ),
        (
            "a list is removed that alone describes properties of items",
            json!({ "type": "array", "anyOf": [{ "items": object("a") }, { "maxItems": 2 }] }),
            json!({ "type": "array" }),
            Breaking,
            Breaking,
        ),
        (
            "alternatives are removed that describe items beside any value",
            json!({ "anyOf": [{ "type": "array", "items": object("a") }, {}] }),
            json!({}),
            Breaking,
            Breaking,
        ),
        (
            "alternatives are removed that describe values of a map beside any value",
            json!({ "anyOf": [{ "type": "object", "additionalProperties": { "type": "array", "items": object("a") } }, {}] }),
            json!({}),
            Breaking,
            Breaking,
        ),
        (
            "a property of items is removed beside any value",
            json!({ "anyOf": [{ "type": "array", "items": object("a") }, {}] }),
            json!({ "anyOf": [{ "type": "array", "items": object("b") }, {}] }),
            Breaking,
            Docs,
        ),
        (
            "a property of an alternative is removed that another alternative has",
            json!({ "anyOf": [object("a"), { "type": "object", "properties": { "a": {} } }, { "type": "object" }] }),
            json!({ "anyOf": [object("b"), { "type": "object", "properties": { "a": {} } }, { "type": "object" }] }),
            Docs,
            Docs,
        ),
        (
            "a list is removed that repeats the properties of items",
            json!({ "type": "array", "items": object("a"), "anyOf": [{ "prefixItems": [object("a")] }, { "maxItems": 2 }] }),
            json!({ "type": "array", "items": object("a") }),
            Compatible,
            Breaking,
        ),
        (
            "the properties of items are removed beside a map with the same",
            json!({ "type": ["object", "array"], "items": object("a"), "additionalProperties": object("a") }),
            json!({ "type": ["object", "array"], "additionalProperties": object("a") }),
            Breaking,
            Breaking,
        ),
        (
            "values of a map lose properties that some others keep",
            json!({ "type": "object", "additionalProperties": object("a"), "patternProperties": { "^q": object("a") } }),
            json!({ "type": "object", "patternProperties": { "^q": object("a") } }),
            Breaking,
            Breaking,
        ),
        (
            "a removed `anyOf` that repeats the schema of a pattern",
            json!({ "type": "object", "patternProperties": { "^q": object("a") }, "anyOf": [{ "patternProperties": { "^q": object("a") } }, { "required": ["q"] }] }),
            json!({ "type": "object", "patternProperties": { "^q": object("a") } }),
            Compatible,
            Breaking,
        ),
        (
            "a removed `anyOf` with more properties for the values of a pattern",
            json!({ "type": "object", "patternProperties": { "^q": object("a") }, "anyOf": [{ "patternProperties": { "^q": object("b") } }, { "required": ["q"] }] }),
            json!({ "type": "object", "patternProperties": { "^q": object("a") } }),
            Breaking,
            Breaking,
        ),
        (
            "items of lists in a list lose their properties",
            json!({ "type": "array", "items": { "type": "array", "items": object("a") } }),
            json!({ "type": "array" }),
            Breaking,
            Breaking,
        ),
        (
            "types are removed beside alternatives that allow fewer",
            json!({ "type": ["string", "number"], "oneOf": [{ "type": "string", "maxLength": 1 }, { "type": "integer", "minimum": 1 }] }),
            json!({ "oneOf": [{ "type": "string", "maxLength": 1 }, { "type": "integer", "minimum": 1 }] }),
            NoChange,
            NoChange,
        ),
        (
            "nested alternatives that were flattened",
            json!({ "oneOf": [{ "oneOf": [animal("cat"), animal("dog")] }, animal("fish")] }),
            json!({ "oneOf": [animal("cat"), animal("dog"), animal("fish")] }),
            NoChange,
            NoChange,
        ),
        (
            "nested alternatives that overlap",
            json!({ "oneOf": [{ "anyOf": [{ "type": "string", "maxLength": 5 }, { "type": "string", "pattern": "a" }] }, animal("fish")] }),
            json!({ "oneOf": [{ "type": "string", "maxLength": 5 }, { "type": "string", "pattern": "a" }, animal("fish")] }),
            Breaking,
            Breaking,
        ),
        (
            "`anyOf` whose alternatives can be combined becomes `oneOf`",
            json!({ "anyOf": [with_required("email"), with_required("phone")] }),
            json!({ "oneOf": [with_required("email"), with_required("phone")] }),
            Breaking,
            Compatible,
        ),
        (
            "`anyOf` with one closed alternative becomes `oneOf`",
            json!({ "anyOf": [closed("email"), with_required("phone")] }),
            json!({ "oneOf": [closed("email"), with_required("phone")] }),
            NoChange,
            NoChange,
        ),
        (
            "nested alternatives with a default that were flattened",
            json!({ "oneOf": [{ "oneOf": [animal("cat"), animal("dog")], "default": { "kind": "cat" } }, animal("fish")] }),
            json!({ "oneOf": [animal("cat"), animal("dog"), animal("fish")] }),
            Breaking,
            Breaking,
        ),
        (
            "`anyOf` whose alternatives cannot be combined becomes `oneOf`",
            json!({ "anyOf": [closed("email"), closed("phone")] }),
            json!({ "oneOf": [closed("email"), closed("phone")] }),
            NoChange,
            NoChange,
        ),
        (
            "an alternative that is split into members of `allOf`, beside any object",
            json!({ "anyOf": [{ "type": "object", "properties": { "a": {}, "b": {} } }, { "type": "object" }] }),
            json!({ "anyOf": [{ "allOf": [
                { "type": "object", "properties": { "a": {} } },
                { "type": "object", "properties": { "b": {} } },
            ] }, { "type": "object" }] }),
            NoChange,
            NoChange,
        ),
        (
            "an alternative is added to others that are the same as a list of types",
            json!({ "anyOf": types }),
            json!({ "anyOf": types_and(requires_b.clone()) }),
            Compatible,
            Breaking,
        ),
        (
            "an exclusive alternative is added to others that are the same as a list of types",
            json!({ "oneOf": types }),
            json!({ "oneOf": types_and(requires_b.clone()) }),
            Compatible,
            Breaking,
        ),
        (
            "an alternative is added that overlaps one of those that are the same as a list of types",
            json!({ "oneOf": types }),
            json!({ "oneOf": types_and(json!({ "type": "string", "format": "uuid" })) }),
            Breaking,
            Breaking,
        ),
        (
            "a list of types with `null` becomes alternatives without it",
            json!({ "type": ["string", "null"] }),
            json!({ "anyOf": [string, { "type": "integer", "minimum": 3 }] }),
            Breaking,
            Breaking,
        ),
        (
            "`null` becomes alternatives without it",
            null_type.clone(),
            json!({ "anyOf": [string, { "type": "integer", "minimum": 3 }] }),
            Breaking,
            Breaking,
        ),
        (
            "an alternative whose type rejects its only value",
            json!({ "oneOf": [{ "const": "a" }, { "const": "b" }] }),
            json!({ "oneOf": [{ "const": "a", "type": "integer" }, { "const": "b" }] }),
            Breaking,
            Compatible,
        ),
        (
            "one of two alternatives beside a type is removed",
            beside_type(&["a", "b"]),
            beside_type(&["a"]),
            Breaking,
            Compatible,
        ),
        (
            "a `readOnly` property that moves into each alternative",
            split(with_b(), [json!({}), json!({})]),
            split(json!({}), [with_b(), with_b()]),
            NoChange,
            NoChange,
        ),
        (
            "a `readOnly` property of each alternative that moves to the schema around them",
            split(json!({}), [with_b(), with_b()]),
            split(with_b(), [json!({}), json!({})]),
            NoChange,
            NoChange,
        ),
        (
            "a `readOnly` property that moves into one alternative",
            split(with_b(), [json!({}), json!({})]),
            split(json!({}), [with_b(), json!({})]),
            NoChange,
            Docs,
        ),
        (
            "a renamed component, whose name selects the only alternative",
            named("A", json!({})),
            named("Renamed", json!({})),
            Breaking,
            Breaking,
        ),
        (
            "a renamed component, whose name selects the only alternative to `null`",
            or_null("A"),
            or_null("Renamed"),
            Breaking,
            Breaking,
        ),
        (
            "a renamed component, which a value of the mapping still selects",
            named("A", json!({ "a": "A" })),
            named("Renamed", json!({ "a": "Renamed" })),
            NoChange,
            NoChange,
        ),
        (
            "a renamed component, which one of two values of the mapping still selects",
            named("A", json!({ "a": "A", "b": "A" })),
            named("Renamed", json!({ "a": "Renamed" })),
            Breaking,
            Compatible,
        ),
        (
            "a renamed component, whose name selected the only alternative, and a second alternative",
            named("A", json!({})),
            json!({ "oneOf": [reference("Renamed"), reference("B")], "discriminator": { "propertyName": "kind" } }),
            Breaking,
            Breaking,
        ),
        (
            "a second alternative with the schema of the first, which a discriminator distinguishes",
            named("A", json!({})),
            json!({ "oneOf": [reference("A"), reference("Renamed")], "discriminator": { "propertyName": "kind" } }),
            Compatible,
            Breaking,
        ),
        (
            "a property of a closed alternative that the schema around it describes",
            around(json!({ "properties": { "a": string, "b": string }, "additionalProperties": false })),
            around(json!({ "properties": { "b": string }, "additionalProperties": false })),
            Breaking,
            Breaking,
        ),
        (
            "a property of an alternative that now has the schema of other properties",
            around(json!({ "properties": { "a": string }, "additionalProperties": { "type": "integer" } })),
            around(json!({ "additionalProperties": { "type": "integer" } })),
            Breaking,
            Breaking,
        ),
        (
            "an alternative that overlaps through the properties around it",
            exclusive(max_length(5)),
            exclusive(json!({})),
            Breaking,
            Breaking,
        ),
        (
            "unrestricted, then alternatives",
            json!({}),
            one_of(json!([{ "type": "string", "maxLength": 5 }, { "type": "integer" }])),
            Breaking,
            Compatible,
        ),
        (
            "one schema, then alternatives with a discriminator",
            tagged("a"),
            discriminated(&[tagged("a"), string.clone()]),
            Compatible,
            Breaking,
        ),
        (
            "an added alternative with a discriminator",
            discriminated(&[tagged("a"), string.clone()]),
            discriminated(&[tagged("a"), string.clone(), tagged("b")]),
            Compatible,
            Breaking,
        ),
        (
            "an added alternative without a discriminator",
            one_of(json!([tagged("a"), string])),
            one_of(json!([tagged("a"), string, tagged("b")])),
            Breaking,
            Breaking,
        ),
        (
            "an added alternative with another constant",
            one_of(list_alternatives(&["a"]).into()),
            one_of(list_alternatives(&["a", "b"]).into()),
            Compatible,
            Breaking,
        ),
        (
            "an added alternative with other properties",
            one_of(json!([object("a"), string])),
            one_of(json!([object("a"), string, object("b")])),
            Breaking,
            Breaking,
        ),
        (
            "an added alternative that requires a property unknown to the others",
            one_of(json!([object("a"), string])),
            one_of(json!([object("a"), string, requiring])),
            Compatible,
            Breaking,
        ),
        (
            "an added alternative without the property that another requires",
            one_of(json!([requiring.clone(), string])),
            one_of(json!([requiring, string, object("a")])),
            Breaking,
            Breaking,
        ),
        (
            "removed alternatives whose properties were evaluated for `unevaluatedProperties`",
            json!({ "type": "object", "unevaluatedProperties": false, "anyOf": [object("a"), object("b")] }),
            json!({ "type": "object", "unevaluatedProperties": false }),
            Breaking,
            Breaking,
        ),
        (
            "a removed property that an alternative also has",
            json!({ "type": "object", "properties": { "a": { "type": "string" } }, "anyOf": [object("a"), object("b")] }),
            json!({ "type": "object", "anyOf": [object("a"), object("b")] }),
            Breaking,
            Breaking,
        ),
        (
            "a duplicate alternative",
            one_of(json!([string, true])),
            one_of(json!([string, string, true])),
            Breaking,
            Breaking,
        ),
        (
            "nullable alternatives, written in two ways",
            one_of(json!([string, object("a"), null_type])),
            json!({ "anyOf": [one_of(json!([string, object("a")])), null_type] }),
            NoChange,
            NoChange,
        ),
        (
            "a keyword added next to changed alternatives",
            one_of(json!([{ "type": "integer" }, { "type": "string", "minLength": 1 }])),
            json!({ "maxLength": 1, "oneOf": [string, { "type": "integer" }] }),
            Breaking,
            Breaking,
        ),
        (
            "replaced alternatives at the same positions",
            one_of(json!([{ "type": "string", "maxLength": 1 }, { "type": "object" }])),
            one_of(json!([{ "minimum": 1 }, { "maximum": 5 }])),
            Breaking,
            Breaking,
        ),
        (
            "an alternative `null` that rejects `null`, beside a value",
            one_of(json!([null_type, { "const": true }])),
            one_of(json!([{ "type": "null", "oneOf": types }, { "const": true }])),
            Breaking,
            Compatible,
        ),
        (
            "an alternative `null` that no longer rejects `null`, beside a value",
            one_of(json!([{ "type": "null", "$ref": "#/components/schemas/A" }, { "const": true }])),
            one_of(json!([null_type, { "const": true }])),
            Compatible,
            Breaking,
        ),
        (
            "two alternatives `null`, of which the second then rejects `null`",
            one_of(json!([{ "type": ["string", "null"] }, { "type": "integer" }, null_type])),
            one_of(
                json!([{ "type": ["string", "null"] }, { "type": "integer" }, { "type": "null", "not": { "minLength": 1 } }]),
            ),
            Compatible,
            Breaking,
        ),
        (
            "an alternative `null` that rejects `null` by a condition, beside several",
            one_of(json!([null_type, object("a"), string])),
            one_of(json!([{ "type": "null", "if": null_type, "then": string }, object("a"), string])),
            Breaking,
            Compatible,
        ),
        (
            "null removed from `oneOf`, but not from `enum`",
            json!({ "enum": ["a", null], "oneOf": [{ "minLength": 1, "type": "string" }, object("a"), null_type] }),
            json!({ "enum": ["a", null], "oneOf": [{ "minLength": 1, "type": "string" }, object("a")] }),
            Breaking,
            Compatible,
        ),
        (
            "null removed from an `enum`, next to alternatives that never allowed it",
            json!({ "allOf": [{ "enum": ["a", null] }, one_of(json!([{ "type": "string", "minLength": 1 }, object("a")]))] }),
            json!({ "allOf": [{ "enum": ["a"] }, one_of(json!([{ "type": "string", "minLength": 1 }, object("a")]))] }),
            NoChange,
            NoChange,
        ),
        (
            "an alternative whose type rejects its value",
            json!({ "anyOf": [{ "const": 1 }, { "const": "a" }] }),
            json!({ "anyOf": [{ "const": 1, "type": "string" }, { "const": "a" }] }),
            Breaking,
            Compatible,
        ),
        (
            "a required property moved into one of several alternatives",
            json!({ "type": "object", "properties": { "a": string }, "required": ["a"] }),
            json!({ "type": "object", "anyOf": [{ "properties": { "a": string } }, { "required": ["b"], "properties": { "b": string } }] }),
            Breaking,
            Breaking,
        ),
        (
            "bounds of alternatives that begin to overlap",
            one_of(json!([{ "type": "integer", "maximum": 5 }, { "type": "integer", "minimum": 6 }])),
            one_of(json!([{ "type": "integer", "maximum": 7 }, { "type": "integer", "minimum": 6 }])),
            Breaking,
            Breaking,
        ),
        (
            "a restriction that is removed from one of two overlapping alternatives",
            one_of(json!([{ "type": "string", "pattern": "^a" }, { "type": "string", "pattern": "^b" }])),
            one_of(json!([{ "type": "string" }, { "type": "string", "pattern": "^b" }])),
            Breaking,
            Breaking,
        ),
        (
            "a restriction that is added to one of two overlapping alternatives",
            one_of(json!([{ "type": "array" }, { "type": "array", "maxItems": 5 }])),
            one_of(json!([{ "type": "array", "uniqueItems": true }, { "type": "array", "maxItems": 5 }])),
            Breaking,
            Breaking,
        ),
        (
            "a requirement that is removed from one of two overlapping alternatives",
            one_of(json!([{}, { "required": ["b"] }])),
            one_of(json!([{}, {}])),
            Breaking,
            Breaking,
        ),
        (
            "a property of the whole that an alternative restricts",
            json!({ "type": "object", "properties": { "a": string, "b": string }, "anyOf": [requires_b, { "properties": { "b": {} } }] }),
            json!({ "type": "object", "properties": { "a": string, "b": string }, "anyOf": [requires_b, { "properties": { "a": max_length(2), "b": {} } }] }),
            Breaking,
            Compatible,
        ),
        (
            "a property that another alternative has",
            json!({ "anyOf": [requires_b, object("a")] }),
            json!({ "anyOf": [{ "type": "object", "required": ["b"], "properties": { "a": { "type": "integer" }, "b": string } }, object("a")] }),
            Compatible,
            Compatible,
        ),
        (
            "a required property with a schema in one of several alternatives",
            json!({ "type": "object", "required": ["a"], "properties": { "a": string }, "anyOf": [requires_b, { "properties": { "c": string } }] }),
            json!({ "type": "object", "required": ["a"], "anyOf": [requires_b, { "properties": { "a": string, "c": string } }] }),
            Compatible,
            Breaking,
        ),
        (
            "an alternative that overlaps with one of an outer list",
            one_of(json!([{ "type": ["string", "integer"] }, one_of(json!([{ "type": "boolean" }, object("a")]))])),
            one_of(
                json!([{ "type": ["string", "integer"] }, one_of(json!([{ "type": "boolean" }, object("a"), { "type": "number", "minimum": 2 }]))]),
            ),
            Breaking,
            Breaking,
        ),
        (
            "an alternative that no longer excludes what another requires",
            one_of(
                json!([{ "not": { "required": ["b"] }, "type": "object", "properties": { "a": string } }, requires_b]),
            ),
            one_of(json!([object("a"), requires_b])),
            Breaking,
            Breaking,
        ),
        (
            "a restriction that is removed from one of two disjoint alternatives",
            one_of(json!([{ "type": "string", "maxLength": 2 }, { "type": "integer" }, object("a")])),
            one_of(json!([{ "type": "string" }, { "type": "integer" }, object("a")])),
            Compatible,
            Breaking,
        ),
        (
            "alternatives that evaluate properties, beside one that accepts all",
            json!({ "type": "object", "anyOf": [{ "properties": { "a": {} } }, { "required": ["b"] }], "unevaluatedProperties": false }),
            json!({ "type": "object", "anyOf": [{}, { "required": ["b"] }], "unevaluatedProperties": false }),
            Breaking,
            Breaking,
        ),
        (
            "a property that alternatives restrict less than the schema around them",
            json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "anyOf": [{ "properties": { "a": {} } }, { "required": ["a"], "properties": { "a": {} } }] }),
            json!({ "type": "object", "anyOf": [{ "properties": { "a": {} } }, { "required": ["a"], "properties": { "a": {} } }] }),
            Compatible,
            Breaking,
        ),
        (
            "a property of nested alternatives that the outermost schema describes",
            nested(json!({ "required": ["b"] })),
            nested(json!({ "required": ["b"], "properties": { "a": { "maxLength": 2 } } })),
            Breaking,
            Compatible,
        ),
        (
            "alternatives that overlap in a property that another list describes",
            overlapping(max_length(2)),
            overlapping(json!({})),
            Breaking,
            Breaking,
        ),
        (
            "a property that an alternative evaluates",
            json!({ "type": "object", "properties": { "a": {} }, "unevaluatedProperties": false, "anyOf": [{ "required": ["a"] }, { "required": ["b"], "properties": { "b": {} } }] }),
            json!({ "type": "object", "properties": { "a": {}, "b": string }, "unevaluatedProperties": false, "anyOf": [{ "required": ["a"] }, { "required": ["b"], "properties": { "b": {} } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a property that can be present in one of two alternatives",
            json!({ "anyOf": [{ "type": "object", "required": ["b"], "properties": { "a": false, "b": string } }, { "type": "object", "required": ["a"], "properties": { "a": string, "b": false } }] }),
            json!({ "anyOf": [{ "type": "object", "required": ["b"], "properties": { "a": string, "b": string } }, { "type": "object", "required": ["a"], "properties": { "a": string, "b": false } }] }),
            Compatible,
            Breaking,
        ),
        (
            "an alternative that another contains",
            json!({ "anyOf": [string, { "type": "string", "maxLength": 3 }] }),
            string.clone(),
            Docs,
            Docs,
        ),
        ("an alternative that is listed twice", one_of(json!([string, string])), string.clone(), Breaking, Breaking),
        (
            "alternatives that no longer overlap, since one is now `null`",
            one_of(json!([{ "minimum": 3 }, reference("A")])),
            one_of(json!([null_type, reference("A")])),
            Breaking,
            Breaking,
        ),
        (
            "a removed property that all alternatives restrict further",
            with_kinds(json!({ "kind": string, "a": string }), ["x", "y"]),
            with_kinds(json!({ "a": string }), ["x", "y"]),
            NoChange,
            NoChange,
        ),
        (
            "an added property that all alternatives restrict further",
            with_kinds(json!({ "a": string }), ["x", "y"]),
            with_kinds(json!({ "kind": string, "a": string }), ["x", "y"]),
            NoChange,
            NoChange,
        ),
        (
            "a removed property that all alternatives restrict less",
            with_kinds(json!({ "kind": max_length(1) }), ["x", "long"]),
            with_kinds(json!({}), ["x", "long"]),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into new alternatives, of which one restricts it less",
            json!({ "type": "object", "properties": { "a": max_length(1) } }),
            json!({ "type": "object", "anyOf": [{ "minProperties": 2, "properties": { "a": max_length(1) } }, { "maxProperties": 1, "properties": { "a": max_length(2) } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a property moved into one alternative beside one that accepts any object",
            object("a"),
            json!({ "type": "object", "anyOf": [{ "required": ["b"], "properties": { "a": string, "b": string } }, { "maxProperties": 1 }] }),
            Breaking,
            Breaking,
        ),
        (
            "an alternative to null, with alternatives of its own, becomes one of several",
            json!({ "anyOf": [choice, { "type": "null" }] }),
            json!({ "anyOf": [{ "type": "null" }, string, choice] }),
            Compatible,
            Breaking,
        ),
        (
            "a schema with alternatives of its own becomes one of several",
            choice.clone(),
            json!({ "anyOf": [string, choice] }),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into all alternatives, in one of which it has no valid value",
            json!({ "type": "object", "properties": { "a": string }, "anyOf": [requires_b, object("c")] }),
            json!({ "type": "object", "anyOf": [{ "required": ["b"], "properties": { "a": string, "b": string } }, { "properties": { "a": { "type": "string", "enum": [1] }, "c": string } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a schema that consists of alternatives becomes one of several",
            json!({ "anyOf": [object("b"), object("c")] }),
            json!({ "oneOf": [{ "anyOf": [object("b"), object("c")] }, { "type": "integer" }] }),
            Compatible,
            Breaking,
        ),
        (
            "one of several schemas, which consists of alternatives, becomes the only one",
            json!({ "anyOf": [{ "anyOf": [object("b"), object("c")] }, { "type": "integer" }, { "type": "null" }] }),
            json!({ "anyOf": [{ "anyOf": [object("b"), object("c")] }, { "type": "null" }] }),
            Breaking,
            Compatible,
        ),
        (
            "a property moved into all alternatives, one of which is `writeOnly`",
            json!({ "type": "object", "properties": { "a": string }, "anyOf": [object("b"), object("c")] }),
            json!({ "type": "object", "anyOf": [{ "properties": { "a": string, "b": string } }, { "properties": { "a": { "type": "string", "writeOnly": true }, "c": string } }] }),
            NoChange,
            Breaking,
        ),
        (
            "a property moved into all alternatives, beside other properties with the same schema",
            json!({ "type": "object", "additionalProperties": string, "properties": { "a": string }, "anyOf": [object("b"), object("c")] }),
            json!({ "type": "object", "additionalProperties": string, "anyOf": [{ "properties": { "a": { "type": "string", "maxLength": 3 }, "b": string } }, { "properties": { "a": string, "c": string } }] }),
            Breaking,
            Compatible,
        ),
        (
            "a property moved into all alternatives, beside a pattern that excludes it",
            json!({ "type": "object", "properties": { "a": {} }, "patternProperties": { "^a": { "type": "integer" } }, "anyOf": [object("b"), object("c")] }),
            json!({ "type": "object", "patternProperties": { "^a": { "type": "integer" } }, "anyOf": [{ "properties": { "a": string, "b": string } }, { "properties": { "a": string, "c": string } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a property that an alternative excludes, and the schema around the alternatives keeps",
            json!({ "type": "object", "properties": { "a": string }, "anyOf": [object("b"), object("c")] }),
            json!({ "type": "object", "properties": { "a": string }, "anyOf": [object("b"), { "properties": { "a": false, "c": string } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a property moved into one alternative, without which `unevaluatedProperties` rejects it",
            json!({ "type": "object", "unevaluatedProperties": false, "properties": { "a": string }, "anyOf": [requires_b, object("c")] }),
            json!({ "type": "object", "unevaluatedProperties": false, "anyOf": [{ "required": ["b"], "properties": { "a": string, "b": string } }, object("c")] }),
            Breaking,
            Breaking,
        ),
        (
            "a property moved into alternatives that combine the former ones with it",
            json!({ "properties": { "c": string }, "anyOf": [reference("A"), reference("B")] }),
            json!({ "anyOf": [{ "allOf": [reference("A"), object("c")] }, { "allOf": [reference("B"), object("c")] }] }),
            NoChange,
            NoChange,
        ),
        (
            "alternatives merged into one that accepts all their values",
            json!({ "anyOf": [kind(json!(["x"])), kind(json!(["y"])), reference("A")] }),
            json!({ "anyOf": [kind(json!(["x", "y"])), reference("A")] }),
            Compatible,
            Breaking,
        ),
        (
            "alternatives merged into one that restricts them",
            json!({ "anyOf": [kind(json!(["x"])), kind(json!(["y"])), reference("A")] }),
            json!({ "anyOf": [kind(json!(["x"])), reference("A")] }),
            Breaking,
            Compatible,
        ),
        (
            "alternatives merged into one that stands behind another with the same properties",
            json!({ "anyOf": [kind(json!(["z"])), kind(json!(["x"])), kind(json!(["y"]))] }),
            json!({ "anyOf": [kind(json!(["z"])), kind(json!(["x", "y"]))] }),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into an alternative whose own alternatives restrict it less",
            json!({ "type": "object", "properties": { "a": string }, "anyOf": [either(json!({ "k": { "const": "x" } })), other] }),
            json!({ "type": "object", "anyOf": [either(json!({ "k": { "const": "x" }, "a": { "type": "integer" } })), other] }),
            Breaking,
            Breaking,
        ),
        (
            "a property of a closed alternative whose own alternatives describe it",
            json!({ "type": "object", "properties": { "a": string }, "oneOf": [{ "additionalProperties": false, "required": ["k"], "properties": { "k": { "const": "x" } }, "anyOf": string_or_integer }, other] }),
            json!({ "type": "object", "properties": { "a": string }, "oneOf": [{ "additionalProperties": false, "required": ["k"], "properties": { "k": { "const": "x" }, "a": string }, "anyOf": string_or_integer }, other] }),
            Compatible,
            Breaking,
        ),
        (
            "a property that a closed schema no longer describes, although its alternatives do",
            json!({ "type": "object", "additionalProperties": false, "properties": { "a": string }, "anyOf": string_or_integer }),
            json!({ "type": "object", "additionalProperties": false, "anyOf": string_or_integer }),
            Breaking,
            Breaking,
        ),
        (
            "a schema split into alternatives that are part of it",
            kind(json!(["x", "y"])),
            json!({ "anyOf": [kind(json!(["x"])), kind(json!(["y"]))] }),
            Breaking,
            Compatible,
        ),
        (
            "a property of an alternative that `then` beside the alternatives names",
            beside(if_a.clone(), json!({})),
            beside(if_a, json!({ "c": string })),
            Breaking,
            Compatible,
        ),
        (
            "a property of an alternative that `dependentRequired` beside the alternatives names",
            beside(json!({ "dependentRequired": { "a": ["c"] } }), json!({})),
            beside(json!({ "dependentRequired": { "a": ["c"] } }), json!({ "c": string })),
            Breaking,
            Compatible,
        ),
        (
            "a property of an alternative that another list names",
            beside(with_list.clone(), json!({})),
            beside(with_list, json!({ "c": string })),
            Breaking,
            Compatible,
        ),
        (
            "a property of a nested alternative that `then` of the outermost schema names",
            nested_if(json!({})),
            nested_if(json!({ "c": string })),
            Breaking,
            Compatible,
        ),
        (
            "a property moved into an alternative of a list with one that accepts any object",
            json!({ "type": "object", "properties": { "p": string }, "oneOf": [requires_b, { "required": ["c"], "properties": { "c": {} } }] }),
            json!({ "type": "object", "oneOf": [requires_b, { "required": ["c"], "properties": { "c": {} } }], "anyOf": [object("p"), { "maxProperties": 3 }] }),
            Breaking,
            Breaking,
        ),
        (
            "a property moved into one alternative, and another requires it",
            requiring_elsewhere(json!({ "a": string }), json!({ "k": {} })),
            requiring_elsewhere(json!({}), json!({ "k": {}, "a": string })),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into an alternative, and nested alternatives of another restrict it less",
            describing_nested(json!({ "b": { "const": "x" } }), json!({})),
            describing_nested(json!({}), json!({ "b": { "const": "x" } })),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into one alternative, and a nested alternative of another requires it",
            moved_beside(
                json!({ "a": string }),
                json!({}),
                json!({ "anyOf": [{ "required": ["a"] }, { "minProperties": 9 }] }),
            ),
            moved_beside(
                json!({}),
                json!({ "a": string }),
                json!({ "anyOf": [{ "required": ["a"] }, { "minProperties": 9 }] }),
            ),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into one alternative, and a condition requires it",
            with_condition(json!({ "properties": { "a": string } }), json!({})),
            with_condition(json!({}), json!({ "a": string })),
            Compatible,
            Breaking,
        ),
        (
            "a property moved into alternatives, beside `additionalProperties` that apply to it then",
            json!({ "type": "object", "additionalProperties": string, "properties": { "a": { "type": "integer" } }, "oneOf": exclusive_keys(json!({})) }),
            json!({ "type": "object", "additionalProperties": string, "oneOf": exclusive_keys(json!({ "a": { "type": "integer" } })) }),
            Breaking,
            Breaking,
        ),
        (
            "a property of nested alternatives, which `unevaluatedProperties` of the outer alternative restricted",
            unevaluated_between(json!({ "required": ["a"] })),
            unevaluated_between(json!({ "required": ["a"], "properties": { "b": { "maxLength": 3 } } })),
            Breaking,
            Breaking,
        ),
        (
            "a removed alternative whose property an outer `unevaluatedProperties` rejects then",
            closed_beside(
                json!([{ "type": "object" }, { "minProperties": 1 }, { "type": "object", "properties": { "b": string } }]),
            ),
            closed_beside(json!([{ "type": "object" }, { "minProperties": 1 }])),
            Breaking,
            Compatible,
        ),
        (
            "a required property that an outer `unevaluatedProperties` rejects without its schema",
            beside(json!({ "required": ["b"], "unevaluatedProperties": false }), json!({ "b": {} })),
            beside(json!({ "required": ["b"], "unevaluatedProperties": false }), json!({})),
            Breaking,
            Breaking,
        ),
        (
            "a renamed component of several, which one of two values of the mapping still selects",
            mapped_with_b("A", json!({ "a": "A", "b": "A" })),
            mapped_with_b("Renamed", json!({ "a": "Renamed" })),
            Breaking,
            Compatible,
        ),
        (
            "`anyOf` in place of `oneOf`, beside a discriminator that selects each alternative",
            json!({ "oneOf": [reference("A"), reference("B")], "discriminator": { "propertyName": "a" } }),
            json!({ "anyOf": [reference("A"), reference("B")], "discriminator": { "propertyName": "a" } }),
            NoChange,
            NoChange,
        ),
        (
            "`anyOf` in place of `oneOf`, beside a discriminator that does not select each alternative",
            json!({ "oneOf": [reference("A"), { "type": "object", "properties": { "b": string } }], "discriminator": { "propertyName": "a" } }),
            json!({ "anyOf": [reference("A"), { "type": "object", "properties": { "b": string } }], "discriminator": { "propertyName": "a" } }),
            Compatible,
            Breaking,
        ),
        (
            "an object that is split into alternatives",
            json!({ "type": "object", "properties": { "a": string, "b": string, "c": string } }),
            json!({ "oneOf": [
                { "type": "object", "required": ["a"], "properties": { "a": string, "c": string } },
                { "type": "object", "required": ["b"], "properties": { "b": string, "c": string } },
            ] }),
            Breaking,
            Compatible,
        ),
        (
            "an object without other properties that is split into alternatives",
            json!({ "type": "object", "properties": { "a": string, "b": string }, "additionalProperties": false }),
            json!({ "anyOf": [closed_object("a"), closed_object("b")] }),
            Breaking,
            Docs,
        ),
        (
            "an object that is split into alternatives of `anyOf`",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "anyOf": [object("a"), object("b")] }),
            Compatible,
            Docs,
        ),
        (
            "an object that is split into alternatives, one of which has another type for a property",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "anyOf": [object("a"), { "type": "object", "properties": { "b": { "type": "integer" } } }] }),
            Breaking,
            Breaking,
        ),
        (
            "an object that is split into alternatives, one of which restricts a property that has moved to it",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "type": "object", "anyOf": [object("a"), { "properties": { "b": { "enum": ["u"] } } }] }),
            Breaking,
            Compatible,
        ),
        (
            "an object that is split into alternatives, of which the one with the moved property restricts another one",
            json!({ "type": "object", "properties": { "a": string, "b": string, "c": string } }),
            json!({ "anyOf": [
                { "type": "object", "properties": { "a": string, "c": string } },
                { "type": "object", "properties": { "b": string, "c": { "type": "string", "maxLength": 3 } } },
            ] }),
            Breaking,
            Compatible,
        ),
        (
            "an object that is split into alternatives, each with another schema for the properties of the other one",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "anyOf": [
                extended(exactly("a"), json!({ "type": "object", "additionalProperties": { "type": "integer" } })),
                extended(exactly("b"), json!({ "type": "object", "patternProperties": { "^a": { "type": "integer" } } })),
            ] }),
            Breaking,
            Breaking,
        ),
        (
            "an object that is split into alternatives, each with a stricter schema for the properties of the other one",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "anyOf": [
                extended(exactly("a"), json!({ "type": "object", "additionalProperties": { "type": "string", "maxLength": 3 } })),
                extended(exactly("b"), json!({ "type": "object", "patternProperties": { "^a": { "type": "string", "maxLength": 3 } } })),
            ] }),
            Breaking,
            Compatible,
        ),
        (
            "an object that is split into alternatives without one of its properties",
            json!({ "type": "object", "properties": { "a": string, "b": string, "c": string } }),
            json!({ "anyOf": [object("a"), object("b")] }),
            Breaking,
            Breaking,
        ),
        (
            "an object that is split into alternatives which a discriminator selects",
            json!({ "type": "object", "required": ["a"], "properties": { "a": string, "b": string, "c": string } }),
            json!({
                "oneOf": [
                    { "type": "object", "required": ["a"], "properties": { "a": string, "b": string } },
                    { "type": "object", "required": ["a"], "properties": { "a": string, "c": { "type": "integer" } } },
                ],
                "discriminator": { "propertyName": "a" },
            }),
            Breaking,
            Breaking,
        ),
        (
            "properties that move into an `anyOf`, one of whose alternatives accepts all instances",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "type": "object", "anyOf": [{ "properties": { "a": string } }, { "properties": { "b": string } }] }),
            Docs,
            Docs,
        ),
        (
            "an `anyOf` of properties, none of whose alternatives accepts all instances",
            json!({ "type": "object", "properties": { "a": string } }),
            json!({ "type": "object", "anyOf": [{ "required": ["a"], "properties": { "a": string } }, { "properties": { "a": { "type": "integer" } } }] }),
            Breaking,
            Breaking,
        ),
        (
            "an `anyOf` that repeats the properties of a schema, one of whose alternatives accepts all instances",
            json!({ "type": "object", "properties": { "a": string, "b": string } }),
            json!({ "type": "object", "properties": { "a": string, "b": string }, "anyOf": [object("a"), exactly("b")] }),
            NoChange,
            NoChange,
        ),
        (
            "a schema with a default that becomes an alternative",
            json!({ "type": "object", "properties": { "a": short_with_default } }),
            json!({ "type": "object", "properties": { "a": { "anyOf": [short_with_default, { "type": "string", "pattern": "^z" }] } } }),
            Compatible,
            Breaking,
        ),
        (
            "a name instead of a reference in a mapping",
            mapped("#/components/schemas/A"),
            mapped("A"),
            NoChange,
            NoChange,
        ),
        (
            "an alternative that no longer accepts strings, which several alternatives accepted",
            json!({ "type": ["object", "string"], "oneOf": [exactly("a"), exactly("b")] }),
            json!({ "type": ["object", "string"], "oneOf": [exactly("a"), requires_b] }),
            Breaking,
            Breaking,
        ),
        (
            "`anyOf` in place of `oneOf`, whose alternatives all accept strings",
            json!({ "type": ["object", "string"], "oneOf": [exactly("a"), exactly("b")] }),
            json!({ "type": ["object", "string"], "anyOf": [exactly("a"), exactly("b")] }),
            Compatible,
            Breaking,
        ),
        (
            "a nested alternative that no longer accepts strings, which several alternatives accepted",
            nested_with_strings(exactly("b")),
            nested_with_strings(
                json!({ "type": ["object", "null"], "required": ["b"], "properties": { "b": string } }),
            ),
            Breaking,
            Breaking,
        ),
        (
            "a property that moves into an alternative, beside one whose properties cannot be present",
            json!({ "type": "object", "properties": { "a": string } }),
            json!({ "type": "object", "anyOf": [{ "properties": { "b": false } }, { "properties": { "a": string } }] }),
            Breaking,
            Breaking,
        ),
        (
            "an added property of an alternative that overlaps another one with the property",
            one_of(json!([object("c"), { "type": "object", "required": ["b"], "properties": { "b": {}, "c": {} } }])),
            one_of(json!([
                { "type": "object", "properties": { "b": string, "c": string } },
                { "type": "object", "required": ["b"], "properties": { "b": {}, "c": {} } },
            ])),
            Breaking,
            Breaking,
        ),
    ]
}
