//! Types, `enum`, `null`, formats, bounds and patterns.

use super::Case;
use openapi_spec_drift::Verdict::{Breaking, Compatible, Docs, None as NoChange};
use serde_json::{Value, json};

pub fn list_cases() -> Vec<Case> {
    let max_length = |length: u8| json!({ "maxLength": length });
    let string = json!({ "type": "string" });
    let null_type = json!({ "type": "null" });
    let slow_name = format!("{}b", "a".repeat(40));
    let one_of = |schemas: Value| json!({ "oneOf": schemas });
    let ambiguous = || json!({ "oneOf": [{ "enum": [1, null] }, { "type": ["integer", "null"], "minimum": 2 }] });
    let nullable = |schema: Value| json!({ "anyOf": [schema, null_type] });
    vec![
        ("formats of numbers", json!({ "format": "double" }), json!({ "format": "float" }), Breaking, Compatible),
        ("a changed default", json!({ "default": "a" }), json!({ "default": "b" }), Breaking, Docs),
        (
            "a removed default beside an alternative with the same one",
            json!({ "type": "object", "properties": { "a": { "default": 1, "oneOf": [{ "type": "integer", "maximum": 5 }, { "type": "string", "default": 1 }] } } }),
            json!({ "type": "object", "properties": { "a": { "oneOf": [{ "type": "integer", "maximum": 5 }, { "type": "string", "default": 1 }] } } }),
            Breaking,
            Docs,
        ),
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
            "bounds that all values of the replaced `enum` satisfy",
            json!({ "type": "integer", "enum": [1, 2] }),
            json!({ "type": "integer", "minimum": 1, "exclusiveMaximum": 10 }),
            Compatible,
            Breaking,
        ),
        (
            "a bound that a value of the replaced `enum` violates",
            json!({ "type": "integer", "enum": [1, 10] }),
            json!({ "type": "integer", "exclusiveMaximum": 10 }),
            Breaking,
            Breaking,
        ),
        (
            "lengths and a pattern that all values of the added `enum` satisfy",
            json!({ "type": "string", "maxLength": 1, "minLength": 1, "pattern": "^[xä]$" }),
            json!({ "type": "string", "enum": ["x", "ä"] }),
            Breaking,
            Compatible,
        ),
        (
            "a divisor that all values of the replaced `enum` satisfy",
            json!({ "type": "integer", "enum": [2, 4] }),
            json!({ "type": "integer", "multipleOf": 2 }),
            Compatible,
            Breaking,
        ),
        (
            "a length that a value of the added `enum` exceeds",
            json!({ "type": "string", "maxLength": 1 }),
            json!({ "type": "string", "enum": ["x", "yy"] }),
            Breaking,
            Breaking,
        ),
        (
            "a pattern that cannot be evaluated, beside a replaced `enum`",
            json!({ "type": "string", "enum": ["x"] }),
            json!({ "type": "string", "pattern": "(" }),
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
            "null removed by a second `enum`",
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
            json!({ "allOf": [{ "enum": ["a", null] }, { "enum": ["a"] }] }),
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
            "the common values of two `enum`s",
            json!({ "allOf": [{ "enum": ["a", 1] }, { "enum": ["a"] }] }),
            json!({ "type": "string", "enum": ["a"] }),
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
            "a pattern that only ECMA-262 accepts",
            json!({ "type": "object", "patternProperties": { "^[^]$": string }, "additionalProperties": false }),
            json!({ "type": "object", "patternProperties": { "^[^]$": string }, "additionalProperties": false, "properties": { "a": max_length(2) } }),
            Breaking,
            Compatible,
        ),
        (
            "a value listed beside any string",
            json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, string, { "type": "integer" }] }),
            json!({ "anyOf": [{ "type": "string", "enum": ["a", "b"] }, string, { "type": "integer" }] }),
            Docs,
            Docs,
        ),
        (
            "a value that is documented, beside any string",
            json!({ "anyOf": [{ "enum": ["a"] }, string] }),
            json!({ "anyOf": [{ "enum": ["a"], "title": "A" }, string] }),
            Docs,
            Docs,
        ),
        (
            "an annotation of one of several values",
            one_of(json!([{ "const": "a" }, { "const": "b" }])),
            one_of(json!([{ "const": "a" }, { "const": "b", "readOnly": true, "default": "b" }])),
            Docs,
            Docs,
        ),
        (
            "an annotation of one of several values beside another alternative",
            one_of(json!([{ "const": 1 }, { "const": "a" }, { "const": "b" }, { "type": "object" }])),
            one_of(json!([{ "const": 1 }, { "const": "a", "readOnly": true }, { "const": "b" }, { "type": "object" }])),
            Docs,
            Docs,
        ),
        (
            "an alternative beside several values",
            one_of(json!([{ "const": "a" }, { "const": "b" }])),
            one_of(json!([{ "const": "a" }, { "type": "integer" }, { "const": "b" }])),
            Compatible,
            Breaking,
        ),
        (
            "an `enum` beside alternatives that list values",
            one_of(json!([{ "const": "a" }, { "const": "b" }])),
            json!({ "oneOf": [{ "const": "a" }, { "const": "b" }], "enum": ["a"] }),
            Breaking,
            Compatible,
        ),
        (
            "a value of an `enum` beside alternatives that list values",
            json!({ "enum": [1, 2], "anyOf": [{ "const": 1 }, { "const": 2 }, { "const": 3 }] }),
            json!({ "enum": [1], "anyOf": [{ "const": 1 }, { "const": 2 }, { "const": 3 }] }),
            Breaking,
            Compatible,
        ),
        (
            "another list of alternatives with values",
            json!({ "anyOf": [{ "const": "a" }, { "const": "b" }] }),
            json!({ "anyOf": [{ "const": "a" }, { "const": "b" }], "oneOf": [{ "const": "b" }, { "const": "c" }] }),
            Breaking,
            Compatible,
        ),
        (
            "the default of alternatives that list values",
            json!({ "type": "object", "properties": { "a": one_of(json!([{ "const": "a", "default": "a" }, { "const": "b" }])) } }),
            json!({ "type": "object", "properties": { "a": one_of(json!([{ "const": "a" }, { "const": "b", "default": "b" }])) } }),
            Breaking,
            Docs,
        ),
        (
            "another value beside one with a default",
            one_of(json!([{ "const": "a", "default": "a" }, { "type": "integer" }])),
            one_of(json!([{ "const": "a", "default": "a" }, { "type": "integer" }, { "const": "b" }])),
            Compatible,
            Breaking,
        ),
        (
            "a value with a default becomes an alternative",
            json!({ "type": "string", "enum": ["a"], "default": "a" }),
            one_of(json!([{ "const": "a", "default": "a" }, { "const": "b" }])),
            Compatible,
            Breaking,
        ),
        (
            "`null` as one of several values becomes deprecated",
            one_of(json!([{ "const": "a" }, { "const": null }])),
            one_of(json!([{ "const": "a" }, { "const": null, "deprecated": true }])),
            Compatible,
            Compatible,
        ),
        (
            "`true`, in a list of both booleans, gets a description",
            one_of(json!([{ "const": true }, { "const": false }])),
            one_of(json!([{ "const": true, "description": "Yes." }, { "const": false }])),
            Docs,
            Docs,
        ),
        (
            "a pattern that a search with backtracking takes exponential time for",
            json!({ "type": "object", "patternProperties": { "^(a+)+$": string }, "properties": { &slow_name: {} } }),
            json!({ "type": "object", "patternProperties": { "^(a+)+$": {} }, "properties": { &slow_name: string } }),
            Breaking,
            Breaking,
        ),
        (
            "null beside a `oneOf` that rejects it because several alternatives accept it",
            ambiguous(),
            nullable(ambiguous()),
            Compatible,
            Breaking,
        ),
        (
            "null is added to `anyOf` beside a `oneOf` that rejects it, because two of its alternatives accept it",
            json!({ "anyOf": [{ "type": "boolean" }, ambiguous()] }),
            nullable(json!({ "anyOf": [{ "type": "boolean" }, ambiguous()] })),
            Compatible,
            Breaking,
        ),
        (
            "null beside a schema that excludes it",
            json!({ "type": ["string", "null"], "not": { "enum": ["a", null] } }),
            nullable(json!({ "type": ["string", "null"], "not": { "enum": ["a", null] } })),
            Compatible,
            Breaking,
        ),
        (
            "null is added to alternatives beside a `not` that excludes it",
            json!({ "anyOf": [{ "minimum": 1 }, string], "not": { "anyOf": [null_type, max_length(1)] } }),
            nullable(json!({ "anyOf": [{ "minimum": 1 }, string], "not": { "anyOf": [null_type, max_length(1)] } })),
            Compatible,
            Breaking,
        ),
    ]
}
