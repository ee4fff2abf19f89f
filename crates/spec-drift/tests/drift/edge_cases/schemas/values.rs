//! Types, `enum`, `null`, formats, bounds and patterns.

use super::Case;
use openapi_spec_drift::Verdict::{Breaking, Compatible, Docs, None as NoChange};
use serde_json::{Value, json};

pub fn list_cases() -> Vec<Case> {
    let max_length = |length: u8| json!({ "maxLength": length });
    let max_length_of_string = |length: u8| json!({ "type": "string", "maxLength": length });
    let string = json!({ "type": "string" });
    let null_type = json!({ "type": "null" });
    let slow_name = format!("{}b", "a".repeat(40));
    let property = |mut schema: Value, more: Value| {
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "type": "object", "properties": { "a": schema } })
    };
    let listed = |more: Value| property(json!({ "enum": ["a", "b"] }), more);
    let with_defaults = json!([{ "const": "a", "default": "a" }, { "const": "b", "default": "b" }]);
    let annotated = |more: Value| property(json!({ "oneOf": with_defaults }), more);
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
        ("values with different defaults", listed(json!({})), annotated(json!({})), Docs, Docs),
        ("values that no longer have different defaults", annotated(json!({})), listed(json!({})), Breaking, Docs),
        (
            "an enum with a further value than those with different defaults",
            json!({ "type": "object", "properties": { "a": { "enum": ["a", "b", "c"] } } }),
            annotated(json!({})),
            Breaking,
            Compatible,
        ),
        (
            "a changed default beside values of which one is the default",
            annotated(json!({ "default": "b" })),
            annotated(json!({ "default": "a" })),
            Breaking,
            Docs,
        ),
        (
            "a default that differs from that of a value",
            listed(json!({ "default": "a" })),
            json!({ "type": "object", "properties": { "a": { "oneOf": [{ "const": "a", "default": "b" }, { "const": "b" }], "default": "a" } } }),
            NoChange,
            NoChange,
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
            "an alternative beside `null` and several values",
            one_of(json!([{ "const": "a" }, { "const": "b" }, null_type])),
            one_of(json!([{ "const": "a" }, { "const": "b" }, null_type, { "type": "integer" }])),
            Compatible,
            Breaking,
        ),
        (
            "an alternative that accepts a listed value, too, beside `null` and several values",
            one_of(json!([{ "const": "a" }, { "const": 1 }, null_type])),
            one_of(json!([{ "const": "a" }, { "const": 1 }, null_type, { "type": "integer" }])),
            Breaking,
            Breaking,
        ),
        (
            "fewer values beside `null` and a type",
            one_of(
                json!([{ "const": "a" }, null_type, { "type": "object", "required": ["a"] }, { "type": "integer" }]),
            ),
            one_of(json!([{ "const": "a" }, { "const": 1 }, null_type])),
            Breaking,
            Compatible,
        ),
        (
            "an alternative beside values of several types with annotations",
            one_of(json!([{ "const": "a", "readOnly": true }, { "const": 1 }])),
            one_of(json!([{ "const": "a", "readOnly": true }, { "const": 1 }, { "type": "object" }])),
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
        (
            "a listed null that none of the alternatives accepts",
            json!({ "enum": ["a", null] }),
            json!({ "anyOf": [{ "enum": ["a"] }, { "type": "integer" }] }),
            Breaking,
            Breaking,
        ),
        (
            "a type in place of null",
            json!({ "anyOf": [{ "const": "a" }, null_type] }),
            json!({ "anyOf": [{ "const": "a" }, string] }),
            Breaking,
            Breaking,
        ),
        (
            "null in place of an alternative",
            json!({ "anyOf": [{ "enum": ["a", "b"] }, { "type": "integer" }] }),
            json!({ "type": ["string", "null"], "enum": ["a", "b", null] }),
            Breaking,
            Breaking,
        ),
        (
            "a listed null beside a constant that excludes it",
            json!({ "anyOf": [{ "enum": [null] }, { "const": 1 }] }),
            json!({ "anyOf": [{ "enum": [null], "const": true }, { "const": 1 }] }),
            Breaking,
            Compatible,
        ),
        (
            "the constant null beside a type that excludes it",
            one_of(json!([{ "const": "abc" }, { "const": null }, { "enum": [1] }])),
            one_of(json!([{ "const": "abc" }, { "const": null, "type": "string" }, { "enum": [1] }])),
            Breaking,
            Compatible,
        ),
        (
            "null that another alternative still accepts",
            json!({ "anyOf": [{ "type": ["string", "null"], "maxLength": 3 }, { "type": ["integer", "null"] }] }),
            json!({ "anyOf": [{ "type": "string", "maxLength": 3 }, { "type": ["integer", "null"] }] }),
            NoChange,
            NoChange,
        ),
        (
            "`format: password` in one of several types",
            json!({ "anyOf": [{ "type": "string", "format": "password" }, { "type": "integer" }] }),
            json!({ "type": ["string", "integer"] }),
            Docs,
            Docs,
        ),
        (
            "an alternative beside `format: password`, which accepts every string",
            json!({ "anyOf": [max_length_of_string(3), { "type": "string", "format": "password" }] }),
            json!({ "anyOf": [max_length_of_string(2), { "type": "string", "format": "password" }] }),
            Docs,
            Docs,
        ),
    ]
}
