//! Nested and combined schemas.

use super::{build_request, build_response, classify};
use openapi_spec_drift::Verdict::{self, Breaking, Compatible, Docs, None as NoChange};
use serde_json::{Value, json};

/// A label, two schemas, and the verdict on the change in a request and in a response.
type Case = (&'static str, Value, Value, Verdict, Verdict);

fn negate(schema: &Value) -> Value {
    json!({ "not": schema })
}

/// Returns an object schema for each value of the property `kind`, and a string schema.
fn list_alternatives(kinds: &[&str]) -> Vec<Value> {
    let object =
        |kind: &&str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    kinds.iter().map(object).chain([json!({ "type": "string" })]).collect()
}

fn list_schema_cases() -> Vec<Case> {
    let max_length = |length: u8| json!({ "maxLength": length });
    let object = |property: &str| json!({ "type": "object", "properties": { property: { "type": "string" } } });
    let string = json!({ "type": "string" });
    let requires_b = json!({ "type": "object", "required": ["b"], "properties": { "b": string } });
    let null_type = json!({ "type": "null" });
    let dynamic = |kind: &str| {
        json!({
            "type": "array", "items": { "$dynamicRef": "#item" },
            "$defs": { "any": { "$dynamicAnchor": "item" }, "own": { "$dynamicAnchor": "item", "type": kind } },
        })
    };
    let nested = |innermost: Value| {
        let inner = json!({ "required": ["k"], "properties": { "k": { "const": "x" } }, "anyOf": [innermost, { "required": ["c"] }] });
        json!({ "type": "object", "properties": { "k": string, "a": string, "b": string, "c": string }, "oneOf": [inner, { "required": ["k"], "properties": { "k": { "const": "y" } } }] })
    };
    let overlapping = |schema: Value| {
        let alternatives = json!([{ "required": ["a"], "properties": { "a": schema } }, { "required": ["b"], "properties": { "b": {} } }]);
        json!({ "type": "object", "oneOf": alternatives, "anyOf": [{ "properties": { "b": {} } }, { "minProperties": 3 }] })
    };
    let slow_name = format!("{}b", "a".repeat(40));
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
    let kind =
        |values: Value| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "enum": values } } });
    let with_kinds = |properties: Value, kinds: [&str; 2]| json!({ "type": "object", "properties": properties, "anyOf": kinds.map(|value| kind(json!([value]))) });
    let closed = |all: Value| json!({ "type": "object", "unevaluatedProperties": false, "properties": { "k": {}, "l": {} }, "allOf": all });
    let closed_list = |all: Value| json!({ "type": "array", "unevaluatedItems": false, "allOf": all });
    let conditional = |properties: Value, then: Value| {
        let mut schema =
            json!({ "type": "object", "properties": properties, "if": { "required": ["k"] }, "then": then });
        schema["properties"]["k"] = json!({});
        schema
    };
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
    vec![
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
        ("`not` in `not`", negate(&negate(&max_length(5))), negate(&negate(&max_length(3))), Breaking, Compatible),
        (
            "`if` in `not`",
            negate(&json!({ "if": max_length(5), "then": { "pattern": "a" } })),
            negate(&json!({ "if": max_length(3), "then": { "pattern": "a" } })),
            Breaking,
            Breaking,
        ),
        (
            "`not` in `if`",
            json!({ "if": negate(&max_length(5)), "then": { "pattern": "a" } }),
            json!({ "if": negate(&max_length(3)), "then": { "pattern": "a" } }),
            Breaking,
            Breaking,
        ),
        (
            "`if` without `then` or `else`",
            json!({ "if": max_length(5) }),
            json!({ "if": max_length(3) }),
            NoChange,
            NoChange,
        ),
        (
            "`type` in `not`",
            negate(&json!({ "type": "string" })),
            negate(&json!({ "type": ["string", "null"] })),
            Breaking,
            Compatible,
        ),
        (
            "`enum` in `not`",
            negate(&json!({ "enum": ["a"] })),
            negate(&json!({ "enum": ["a", "b"] })),
            Breaking,
            Compatible,
        ),
        ("`not: false`", json!({}), negate(&json!(false)), NoChange, NoChange),
        ("formats of numbers", json!({ "format": "double" }), json!({ "format": "float" }), Breaking, Compatible),
        ("a changed default", json!({ "default": "a" }), json!({ "default": "b" }), Breaking, Docs),
        (
            "the strictest of several bounds",
            json!({ "allOf": [{ "minLength": 1 }, { "minLength": 3 }] }),
            json!({ "allOf": [{ "minLength": 2 }, { "minLength": 3 }] }),
            NoChange,
            NoChange,
        ),
        (
            "bounds that differ by less than the precision of `f64`",
            json!({ "maximum": 9_007_199_254_740_993_u64 }),
            json!({ "maximum": 9_007_199_254_740_992_u64 }),
            Breaking,
            Compatible,
        ),
        (
            "null as the only value of an `enum`",
            json!({ "type": ["string", "null"] }),
            one_of(json!([string, { "enum": [null] }])),
            NoChange,
            NoChange,
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
            "`required` in `not`",
            negate(&object("a")),
            negate(&json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } })),
            Compatible,
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
            "two `dependentSchemas` for the same property",
            json!({ "type": "object", "properties": { "a": true }, "allOf": [{ "dependentSchemas": { "a": { "minProperties": 1 } } }] }),
            json!({
                "type": "object", "properties": { "a": true }, "dependentSchemas": { "a": { "minProperties": 3 } },
                "allOf": [{ "dependentSchemas": { "a": { "minProperties": 1 } } }],
            }),
            Breaking,
            Compatible,
        ),
        (
            "a required property gets the schema that already applied to it",
            json!({ "type": "object", "required": ["a"], "additionalProperties": { "type": "string" } }),
            json!({
                "type": "object", "required": ["a"], "additionalProperties": { "type": "string" },
                "properties": { "a": { "type": "string" } },
            }),
            NoChange,
            NoChange,
        ),
        (
            "a required property gets a schema other than the one that applied to it",
            json!({ "type": "object", "required": ["a"], "additionalProperties": { "type": "string" } }),
            json!({
                "type": "object", "required": ["a"], "additionalProperties": { "type": "string" },
                "properties": { "a": { "type": ["integer", "string"] } },
            }),
            Compatible,
            Breaking,
        ),
        (
            "an added `if` evaluates items that `unevaluatedItems` restricted",
            json!({ "type": "array", "unevaluatedItems": { "type": "string" } }),
            json!({ "type": "array", "unevaluatedItems": { "type": "string" }, "if": { "items": true } }),
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
            "removed items of one of several schemas, which `unevaluatedItems` rejects then",
            closed_list(
                json!([{ "prefixItems": [{ "minLength": 1 }] }, { "prefixItems": [max_length(9), max_length(9)] }]),
            ),
            closed_list(json!([{ "prefixItems": [{ "minLength": 1 }] }])),
            Breaking,
            Breaking,
        ),
        (
            "a removed pattern of one of several schemas, which `unevaluatedProperties` rejects then",
            closed(json!([{ "patternProperties": { "^a": string } }, { "patternProperties": { "^b": string } }])),
            closed(json!([{ "patternProperties": { "^a": string } }])),
            Breaking,
            Breaking,
        ),
        (
            "a removed condition of several, whose property `unevaluatedProperties` rejects then",
            closed(
                json!([{ "if": { "required": ["k"] }, "then": object("a") }, { "if": { "required": ["l"] }, "then": object("b") }]),
            ),
            closed(json!([{ "if": { "required": ["k"] }, "then": object("a") }])),
            Breaking,
            Breaking,
        ),
        (
            "removed `dependentSchemas`, whose property `unevaluatedProperties` rejects then",
            closed(json!([{ "dependentSchemas": { "k": object("a"), "l": object("b") } }])),
            closed(json!([{ "dependentSchemas": { "k": object("a") } }])),
            Breaking,
            Breaking,
        ),
        (
            "a removed property that only `then` had",
            conditional(json!({}), json!({ "properties": { "a": string }, "minProperties": 1 })),
            conditional(json!({}), json!({ "minProperties": 1 })),
            Breaking,
            Breaking,
        ),
        (
            "a removed property without a schema that only `then` had",
            conditional(json!({}), json!({ "properties": { "a": {} }, "minProperties": 1 })),
            conditional(json!({}), json!({ "minProperties": 1 })),
            Breaking,
            Breaking,
        ),
        (
            "a property removed from `then` that another schema has",
            conditional(json!({ "a": string }), json!({ "properties": { "a": max_length(5) }, "minProperties": 1 })),
            conditional(json!({ "a": string }), json!({ "minProperties": 1 })),
            Compatible,
            Breaking,
        ),
        (
            "a nested property removed from `then` that another schema has",
            conditional(
                json!({ "a": object("b") }),
                json!({ "properties": { "a": { "type": "object", "properties": { "b": max_length(5) } } } }),
            ),
            conditional(
                json!({ "a": object("b") }),
                json!({ "properties": { "a": { "type": "object", "minProperties": 1 } } }),
            ),
            Breaking,
            Breaking,
        ),
        (
            "a property without a schema removed from `then` that an alternative has",
            json!({ "type": "object", "anyOf": [object("a"), object("b")], "then": { "properties": { "a": {} }, "minProperties": 1 }, "if": { "required": ["k"] } }),
            json!({ "type": "object", "anyOf": [object("a"), object("b")], "then": { "minProperties": 1 }, "if": { "required": ["k"] } }),
            NoChange,
            NoChange,
        ),
        (
            "a removed property that only `dependentSchemas` had",
            json!({ "type": "object", "properties": { "k": {} }, "dependentSchemas": { "k": { "properties": { "a": {} } } } }),
            json!({ "type": "object", "properties": { "k": {} }, "dependentSchemas": { "k": { "minProperties": 1 } } }),
            Breaking,
            Breaking,
        ),
        (
            "null removed from `type`, next to `not` with several types that excluded it",
            json!({ "type": ["string", "null"], "anyOf": [{ "not": { "type": ["null", "boolean"] } }, { "type": "integer" }] }),
            json!({ "type": "string", "anyOf": [{ "not": { "type": ["null", "boolean"] } }, { "type": "integer" }] }),
            NoChange,
            NoChange,
        ),
        (
            "a closed object that becomes combined with another object",
            json!({ "type": "object", "unevaluatedProperties": false }),
            json!({ "type": "object", "unevaluatedProperties": false, "allOf": [object("a")] }),
            Compatible,
            Compatible,
        ),
        (
            "a duplicate alternative",
            one_of(json!([string, true])),
            one_of(json!([string, string, true])),
            Breaking,
            Breaking,
        ),
        (
            "an added type that all values of the `enum` have",
            json!({ "enum": ["a", "b"] }),
            json!({ "type": "string", "enum": ["a", "b"] }),
            NoChange,
            NoChange,
        ),
        (
            "an added type that all numbers of the `enum` have",
            json!({ "enum": [1, 2] }),
            json!({ "type": "number", "enum": [1, 2] }),
            NoChange,
            NoChange,
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
            "null removed from an `enum`, next to another restriction",
            json!({ "allOf": [{ "enum": ["a", null] }, { "minLength": 1 }] }),
            json!({ "allOf": [{ "enum": ["a"] }, { "minLength": 1 }] }),
            Breaking,
            Compatible,
        ),
        (
            "null removed from alternatives, next to `not`",
            json!({ "allOf": [one_of(json!([string, object("a"), null_type])), { "not": max_length(5) }] }),
            json!({ "allOf": [one_of(json!([string, object("a")])), { "not": max_length(5) }] }),
            Breaking,
            Compatible,
        ),
        (
            "null removed by a second `enum`",
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "allOf": [{ "enum": ["a", null] }, { "enum": ["a"] }] }),
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
            "null removed from `enum`, but not from `type`",
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "type": ["string", "null"], "enum": ["a"] }),
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
            "an empty `required` next to a nullable schema",
            json!({ "anyOf": [{ "properties": { "a": {} } }, null_type] }),
            json!({ "anyOf": [{ "properties": { "a": {} } }, null_type], "required": [] }),
            NoChange,
            NoChange,
        ),
        (
            "the common values of two `enum`s",
            json!({ "allOf": [{ "enum": ["a", 1] }, { "enum": ["a"] }] }),
            json!({ "type": "string", "enum": ["a"] }),
            NoChange,
            NoChange,
        ),
        (
            "an empty `required` next to a nullable `enum`",
            json!({ "enum": ["a", null] }),
            json!({ "enum": ["a", null], "allOf": [{ "required": [] }] }),
            NoChange,
            NoChange,
        ),
        (
            "a nullable `enum`, written in two ways",
            json!({ "anyOf": [{ "enum": ["a"] }, null_type] }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            NoChange,
            NoChange,
        ),
        (
            "a schema without a type becomes nullable",
            json!({ "properties": { "a": {} } }),
            json!({ "anyOf": [{ "properties": { "a": {} } }, null_type] }),
            Compatible,
            Breaking,
        ),
        (
            "an alternative whose type rejects its value",
            json!({ "anyOf": [{ "const": 1 }, { "const": "a" }] }),
            json!({ "anyOf": [{ "const": 1, "type": "string" }, { "const": "a" }] }),
            Breaking,
            Breaking,
        ),
        (
            "a pattern that restricts a property",
            json!({ "type": "object", "properties": { "ab": string }, "additionalProperties": false }),
            json!({ "type": "object", "properties": { "ab": string }, "additionalProperties": false, "patternProperties": { "^a": max_length(2) } }),
            Breaking,
            Breaking,
        ),
        (
            "a property that a pattern allowed, with another type",
            json!({ "type": "object", "patternProperties": { "^a.*b$": string } }),
            json!({ "type": "object", "patternProperties": { "^a.*b$": string }, "properties": { "ab": { "type": "integer" } } }),
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
            "items that a part evaluates",
            json!({ "allOf": [{ "type": "array" }], "unevaluatedItems": string }),
            json!({ "allOf": [{ "type": "array", "unevaluatedItems": true }], "unevaluatedItems": string }),
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
            "a property that only `then` names",
            json!({ "if": { "required": ["a"] }, "then": { "type": "object" } }),
            json!({ "if": { "required": ["a"] }, "then": { "type": "object", "properties": { "c": string } } }),
            Compatible,
            Compatible,
        ),
        (
            "a property that a dependent schema names",
            json!({ "type": "object", "dependentSchemas": { "b": { "properties": { "a": {} } } } }),
            json!({ "type": "object", "dependentSchemas": { "b": { "properties": { "a": {} } } }, "properties": { "a": string } }),
            Breaking,
            Compatible,
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
            "a property that can no longer be present",
            json!({ "type": "object", "properties": { "a": string } }),
            json!({ "type": "object", "properties": { "a": false } }),
            Breaking,
            Breaking,
        ),
        (
            "a property that can be present",
            json!({ "type": "object", "properties": { "a": { "not": {} } } }),
            json!({ "type": "object", "properties": { "a": string } }),
            Compatible,
            Compatible,
        ),
        (
            "a required property that could not be present",
            json!({ "type": "object", "required": ["a"], "properties": { "a": false } }),
            json!({ "type": "object", "properties": { "a": string } }),
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
            "`null` that two lists of values have",
            one_of(
                json!([{ "type": "object", "required": ["a"], "properties": { "a": { "enum": ["x"] } } }, { "type": "object", "required": ["a"], "properties": { "a": { "enum": ["y", null] } } }]),
            ),
            one_of(
                json!([{ "type": "object", "required": ["a"], "properties": { "a": { "enum": ["x", null] } } }, { "type": "object", "required": ["a"], "properties": { "a": { "enum": ["y", null] } } }]),
            ),
            Breaking,
            Breaking,
        ),
        (
            "a property that a schema required, but did not evaluate",
            json!({ "type": "object", "allOf": [{ "required": ["b"] }], "unevaluatedProperties": { "type": "integer" } }),
            json!({ "type": "object", "allOf": [{ "required": ["b"], "properties": { "b": {} } }], "unevaluatedProperties": { "type": "integer" } }),
            Compatible,
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
            "a property that `unevaluatedProperties` of a part rejected",
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "if": { "required": ["a"] }, "then": { "properties": { "a": {} }, "unevaluatedProperties": false } }),
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "if": { "required": ["a"] }, "then": { "properties": { "a": {}, "b": {} }, "unevaluatedProperties": false } }),
            Compatible,
            Breaking,
        ),
        (
            "a property that a combined schema does not evaluate any more",
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "allOf": [{ "properties": { "a": {}, "b": {} }, "unevaluatedProperties": false }] }),
            json!({ "type": "object", "properties": { "a": {}, "b": {} }, "allOf": [{ "properties": { "a": {} }, "unevaluatedProperties": false }] }),
            Breaking,
            Breaking,
        ),
        (
            "one of the schemas that a dynamic reference may reach",
            dynamic("string"),
            dynamic("integer"),
            Breaking,
            Breaking,
        ),
        (
            "a dynamic reference with a JSON pointer",
            json!({ "$dynamicRef": "#/components/schemas/A" }),
            json!({ "$dynamicRef": "#/components/schemas/B" }),
            Breaking,
            Breaking,
        ),
        (
            "a pattern that only ECMA-262 accepts",
            json!({ "type": "object", "patternProperties": { "^[^]$": string }, "additionalProperties": false }),
            json!({ "type": "object", "patternProperties": { "^[^]$": string }, "additionalProperties": false, "properties": { "a": max_length(2) } }),
            Breaking,
            Compatible,
        ),
        (
            "a property that can be present in one of two alternatives",
            json!({ "anyOf": [{ "type": "object", "required": ["b"], "properties": { "a": false, "b": string } }, { "type": "object", "required": ["a"], "properties": { "a": string, "b": false } }] }),
            json!({ "anyOf": [{ "type": "object", "required": ["b"], "properties": { "a": string, "b": string } }, { "type": "object", "required": ["a"], "properties": { "a": string, "b": false } }] }),
            Compatible,
            Breaking,
        ),
        (
            "a value listed beside any string",
            json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, string, { "type": "integer" }] }),
            json!({ "anyOf": [{ "type": "string", "enum": ["a", "b"] }, string, { "type": "integer" }] }),
            Docs,
            Docs,
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
            "items that `contains` exempted",
            json!({ "type": "array", "contains": string, "minContains": 0, "unevaluatedItems": false }),
            json!({ "type": "array", "unevaluatedItems": false }),
            Breaking,
            Breaking,
        ),
        (
            "properties that `additionalProperties` exempts",
            json!({ "type": "object", "allOf": [{ "properties": { "a": {} } }], "unevaluatedProperties": string }),
            json!({ "type": "object", "allOf": [{ "properties": { "a": {} }, "additionalProperties": { "type": "integer" } }], "unevaluatedProperties": string }),
            Breaking,
            Breaking,
        ),
        (
            "a property that only an `if` without effect named",
            json!({ "type": "object", "if": { "required": ["a"] } }),
            json!({ "type": "object", "if": { "required": ["a"] }, "properties": { "a": string } }),
            Breaking,
            Compatible,
        ),
        (
            "the schema that a dynamic reference reaches",
            json!({ "$dynamicRef": "#text", "$defs": { "text": { "$dynamicAnchor": "text", "type": "string" } } }),
            json!({ "$dynamicRef": "#text", "$defs": { "text": { "$dynamicAnchor": "text", "type": "string", "maxLength": 2 } } }),
            Breaking,
            Compatible,
        ),
        (
            "a pattern that a search with backtracking takes exponential time for",
            json!({ "type": "object", "patternProperties": { "^(a+)+$": string }, "properties": { &slow_name: {} } }),
            json!({ "type": "object", "patternProperties": { "^(a+)+$": {} }, "properties": { &slow_name: string } }),
            Breaking,
            Breaking,
        ),
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
            "a property of `not` that all alternatives restrict less",
            json!({ "type": "object", "properties": { "kind": string }, "not": with_kinds(json!({}), ["x", "long"]) }),
            json!({ "type": "object", "properties": { "kind": string }, "not": with_kinds(json!({ "kind": max_length(1) }), ["x", "long"]) }),
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
            "a schema split into alternatives that are part of it",
            kind(json!(["x", "y"])),
            json!({ "anyOf": [kind(json!(["x"])), kind(json!(["y"]))] }),
            Breaking,
            Compatible,
        ),
        (
            "an added `if` that names properties, without `then` or `else`",
            object("a"),
            json!({ "type": "object", "properties": { "a": string }, "if": { "properties": { "a": max_length(1) } } }),
            NoChange,
            NoChange,
        ),
        (
            "a changed `if` whose `then` has no effect",
            json!({ "type": "object", "properties": { "a": string }, "if": { "required": ["a"] }, "then": { "title": "A" } }),
            json!({ "type": "object", "properties": { "a": string }, "if": { "maxProperties": 1 }, "then": { "title": "A" } }),
            NoChange,
            NoChange,
        ),
        (
            "an `if` without effect that moves to another schema with `then`",
            json!({ "type": "object", "allOf": [{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }, { "if": { "required": ["c"] } }] }),
            json!({ "type": "object", "allOf": [{ "if": { "required": ["a"] } }, { "if": { "required": ["c"] }, "then": { "required": ["b"] } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a removed `if` of an alternative, whose property `unevaluatedProperties` rejects then",
            json!({ "type": "object", "unevaluatedProperties": false, "anyOf": [{ "if": object("b"), "properties": { "a": string } }, object("c")] }),
            json!({ "type": "object", "unevaluatedProperties": false, "anyOf": [object("a"), object("c")] }),
            Breaking,
            Breaking,
        ),
        (
            "a name instead of a reference in a mapping",
            mapped("#/components/schemas/A"),
            mapped("A"),
            NoChange,
            NoChange,
        ),
    ]
}

#[test]
fn nested_schemas_are_classified() {
    for (case, old, new, in_request, in_response) in list_schema_cases() {
        assert_eq!(classify(&build_request(&old), &build_request(&new)), in_request, "{case}, in a request");
        assert_eq!(classify(&build_response(&old), &build_response(&new)), in_response, "{case}, in a response");
    }
}

/// An alternative that refers to a component is identified by its name, whatever changes in it.
#[test]
fn alternatives_are_matched_by_component_name() {
    let old = build_response(&json!({ "oneOf": [{ "$ref": "#/components/schemas/A" }, { "type": "string" }] }));
    let mut new = old.clone();
    new["components"]["schemas"]["A"]["properties"] = json!({ "a": { "type": "string" }, "new": { "type": "string" } });
    assert_eq!(classify(&old, &new), Compatible);
}
