//! Conditions: `if`, `not`, `dependentSchemas` and dynamic references.

use super::Case;
use openapi_spec_drift::Verdict::{Breaking, Compatible, None as NoChange};
use serde_json::{Value, json};

fn negate(schema: &Value) -> Value {
    json!({ "not": schema })
}

pub fn list_cases() -> Vec<Case> {
    let max_length = |length: u8| json!({ "maxLength": length });
    let object = |property: &str| json!({ "type": "object", "properties": { property: { "type": "string" } } });
    let string = json!({ "type": "string" });
    let null_type = json!({ "type": "null" });
    let dynamic = |kind: &str| {
        json!({
            "type": "array", "items": { "$dynamicRef": "#item" },
            "$defs": { "any": { "$dynamicAnchor": "item" }, "own": { "$dynamicAnchor": "item", "type": kind } },
        })
    };
    let identified = {
        let mut schema = dynamic("string");
        schema["$id"] = "https://shelves.example/list".into();
        schema
    };
    let one_of = |schemas: Value| json!({ "oneOf": schemas });
    let kind =
        |values: Value| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "enum": values } } });
    let with_kinds = |properties: Value, kinds: [&str; 2]| json!({ "type": "object", "properties": properties, "anyOf": kinds.map(|value| kind(json!([value]))) });
    let closed = |all: Value| json!({ "type": "object", "unevaluatedProperties": false, "properties": { "k": {}, "l": {} }, "allOf": all });
    let conditional = |properties: Value, then: Value| {
        let mut schema =
            json!({ "type": "object", "properties": properties, "if": { "required": ["k"] }, "then": then });
        schema["properties"]["k"] = json!({});
        schema
    };
    let integer = json!({ "type": "integer" });
    let requiring = |property: &str| json!({ "required": [property], "properties": { property: string } });
    let closed_with = |mut schema: Value, alternatives: Value| {
        schema["type"] = "object".into();
        schema["unevaluatedProperties"] = false.into();
        schema["anyOf"] = alternatives;
        schema
    };
    let keys = |schema: Value| json!({ "type": "object", "properties": { "k": string }, "dependentSchemas": schema });
    vec![
        (
            "a condition is removed that alone describes a property",
            conditional(json!({}), object("a")),
            json!({ "type": "object", "properties": { "k": {} } }),
            Breaking,
            Breaking,
        ),
        (
            "a condition is removed that describes a property of the schema",
            conditional(json!({ "a": string }), object("a")),
            json!({ "type": "object", "properties": { "k": {}, "a": string } }),
            Compatible,
            Breaking,
        ),
        (
            "one of several conditions is removed that alone describes a property",
            json!({ "allOf": [conditional(json!({}), object("a")), conditional(json!({}), object("b"))] }),
            conditional(json!({}), object("b")),
            Breaking,
            Breaking,
        ),
        (
            "`dependentSchemas` are removed that alone describe a property",
            keys(json!({ "k": object("a") })),
            keys(json!({})),
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
        (
            "`required` in `not`",
            negate(&object("a")),
            negate(&json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } })),
            Compatible,
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
            "an added `if` evaluates items that `unevaluatedItems` restricted",
            json!({ "type": "array", "unevaluatedItems": { "type": "string" } }),
            json!({ "type": "array", "unevaluatedItems": { "type": "string" }, "if": { "items": true } }),
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
            "null removed from alternatives, next to `not`",
            json!({ "allOf": [one_of(json!([string, object("a"), null_type])), { "not": max_length(5) }] }),
            json!({ "allOf": [one_of(json!([string, object("a")])), { "not": max_length(5) }] }),
            Breaking,
            Compatible,
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
            "a property under `not` that `unevaluatedProperties` rejected unless an alternative evaluated it",
            json!({ "type": "object", "properties": { "a": string }, "not": { "unevaluatedProperties": false, "anyOf": [{}, { "required": ["b"], "properties": { "a": {} } }] } }),
            json!({ "type": "object", "properties": { "a": string }, "not": { "properties": { "a": string }, "unevaluatedProperties": false, "anyOf": [{}, { "required": ["b"], "properties": { "a": {} } }] } }),
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
            "a property that only an `if` without effect named",
            json!({ "type": "object", "if": { "required": ["a"] } }),
            json!({ "type": "object", "if": { "required": ["a"] }, "properties": { "a": string } }),
            Breaking,
            Compatible,
        ),
        (
            "the target of a dynamic reference refers to a schema by `$id`",
            json!({
                "$id": "https://shelves.example/names",
                "$ref": "list",
                "$defs": {
                    "item": { "$dynamicAnchor": "item", "$ref": "name" },
                    "name": { "$id": "https://shelves.example/name", "type": "string" },
                    "list": {
                        "$id": "https://shelves.example/list",
                        "items": { "$dynamicRef": "#item" },
                        "$defs": { "any": { "$dynamicAnchor": "item" } },
                    },
                },
            }),
            json!({
                "$id": "https://shelves.example/names",
                "$ref": "list",
                "$defs": {
                    "item": { "$dynamicAnchor": "item", "$ref": "name" },
                    "name": { "$id": "https://shelves.example/name", "type": "string", "maxLength": 2 },
                    "list": {
                        "$id": "https://shelves.example/list",
                        "items": { "$dynamicRef": "#item" },
                        "$defs": { "any": { "$dynamicAnchor": "item" } },
                    },
                },
            }),
            Breaking,
            Breaking,
        ),
        (
            "an `$id`, which limits what a dynamic reference reaches",
            json!({ "type": "object", "properties": { "a": dynamic("string") } }),
            json!({ "type": "object", "properties": { "a": identified } }),
            Breaking,
            Breaking,
        ),
        (
            "the schema that a dynamic reference reaches",
            json!({ "$dynamicRef": "#text", "$defs": { "text": { "$dynamicAnchor": "text", "type": "string" } } }),
            json!({ "$dynamicRef": "#text", "$defs": { "text": { "$dynamicAnchor": "text", "type": "string", "maxLength": 2 } } }),
            Breaking,
            Compatible,
        ),
        (
            "a property of `not` that all alternatives restrict less",
            json!({ "type": "object", "properties": { "kind": string }, "not": with_kinds(json!({}), ["x", "long"]) }),
            json!({ "type": "object", "properties": { "kind": string }, "not": with_kinds(json!({ "kind": max_length(1) }), ["x", "long"]) }),
            Compatible,
            Breaking,
        ),
        (
            "alternatives under `then` become a schema that evaluates a property",
            json!({
                "type": "object", "required": ["a"], "if": { "required": ["a"] },
                "then": { "oneOf": [{}, { "type": "boolean" }] }, "unevaluatedProperties": { "type": "string" },
            }),
            json!({
                "type": "object", "required": ["a"], "if": { "required": ["a"] },
                "then": { "type": "object", "properties": { "c": { "type": "object" } } },
                "unevaluatedProperties": { "type": "string" },
            }),
            Breaking,
            Breaking,
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
            "a nested property added to one that only `then` describes",
            json!({ "type": "object", "if": { "required": ["k"] }, "then": { "properties": { "a": object("b") } } }),
            json!({ "type": "object", "if": { "required": ["k"] }, "then": { "properties": { "a": { "type": "object", "properties": { "b": string, "c": string } } } } }),
            Compatible,
            Compatible,
        ),
        (
            "an added pattern for a property that an alternative exempted from `unevaluatedProperties`",
            closed_with(json!({}), json!([requiring("a"), requiring("b")])),
            closed_with(json!({ "patternProperties": { "^a": integer } }), json!([requiring("a"), requiring("b")])),
            Breaking,
            Breaking,
        ),
        (
            "an added pattern for properties that no alternative evaluates",
            closed_with(json!({}), json!([requiring("a"), requiring("b")])),
            closed_with(json!({ "patternProperties": { "^x-": integer } }), json!([requiring("a"), requiring("b")])),
            Compatible,
            Breaking,
        ),
        (
            "an added item beside `contains`, which exempted it from `unevaluatedItems`",
            json!({ "type": "array", "unevaluatedItems": false, "contains": string }),
            json!({ "type": "array", "unevaluatedItems": false, "contains": string, "prefixItems": [integer] }),
            Breaking,
            Breaking,
        ),
        (
            "an added item that an alternative exempted from `unevaluatedItems`",
            json!({ "type": "array", "unevaluatedItems": false, "anyOf": [{ "items": string }, { "maxItems": 0 }] }),
            json!({ "type": "array", "unevaluatedItems": false, "anyOf": [{ "items": string }, { "maxItems": 0 }], "prefixItems": [integer] }),
            Breaking,
            Breaking,
        ),
        (
            "an added property that `additionalProperties` of an alternative exempted from `unevaluatedProperties`",
            closed_with(json!({}), json!([{ "required": ["k"], "additionalProperties": string }, requiring("l")])),
            closed_with(
                json!({ "properties": { "b": max_length(3) } }),
                json!([{ "required": ["k"], "additionalProperties": string }, requiring("l")]),
            ),
            Breaking,
            Breaking,
        ),
        (
            "a required property that `patternProperties` of `then` exempted from `unevaluatedProperties`",
            json!({ "type": "object", "required": ["b"], "unevaluatedProperties": false, "if": { "minProperties": 2 }, "then": { "patternProperties": { "^b": string } } }),
            json!({ "type": "object", "required": ["b"], "unevaluatedProperties": false, "if": { "minProperties": 2 }, "then": { "patternProperties": { "^b": string } }, "properties": { "b": max_length(3) } }),
            Breaking,
            Breaking,
        ),
        (
            "an added property that a pattern beside `unevaluatedProperties` allowed",
            json!({ "type": "object", "unevaluatedProperties": false, "patternProperties": { "^b": string } }),
            json!({ "type": "object", "unevaluatedProperties": false, "patternProperties": { "^b": string }, "properties": { "b": max_length(3) } }),
            Breaking,
            Compatible,
        ),
        (
            "an added property that a schema of `unevaluatedProperties` allowed",
            json!({ "type": "object", "unevaluatedProperties": string, "anyOf": [{ "required": ["a"] }, { "required": ["c"] }] }),
            json!({ "type": "object", "unevaluatedProperties": string, "anyOf": [{ "required": ["a"] }, { "required": ["c"] }], "properties": { "b": { "type": "string", "maxLength": 3 } } }),
            Breaking,
            Compatible,
        ),
        (
            "an added property that `additionalProperties` of `then` restricted and exempted from `unevaluatedProperties`",
            json!({ "type": "object", "properties": { "k": string }, "unevaluatedProperties": false, "if": { "minProperties": 1 }, "then": { "additionalProperties": string }, "dependentSchemas": { "k": { "minProperties": 1 } } }),
            json!({ "type": "object", "properties": { "k": string }, "unevaluatedProperties": false, "if": { "minProperties": 1 }, "then": { "additionalProperties": string }, "dependentSchemas": { "k": { "minProperties": 1, "properties": { "b": max_length(3) } } } }),
            Breaking,
            Breaking,
        ),
        (
            "an added property that `additionalProperties` of `then` restricted",
            conditional(json!({}), json!({ "additionalProperties": string })),
            conditional(json!({ "b": max_length(3) }), json!({ "additionalProperties": string })),
            Breaking,
            Compatible,
        ),
    ]
}
