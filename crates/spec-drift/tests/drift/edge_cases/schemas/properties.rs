//! Properties and items: which are required, allowed and evaluated.

use super::Case;
use openapi_spec_drift::Verdict::{Breaking, Compatible, Docs, None as NoChange};
use serde_json::{Value, json};

pub fn list_cases() -> Vec<Case> {
    let max_length = |length: u8| json!({ "maxLength": length });
    let object = |property: &str| json!({ "type": "object", "properties": { property: { "type": "string" } } });
    let string = json!({ "type": "string" });
    let null_type = json!({ "type": "null" });
    let closed = |all: Value| json!({ "type": "object", "unevaluatedProperties": false, "properties": { "k": {}, "l": {} }, "allOf": all });
    let around_alternatives = |properties: Value, unevaluated: Value| {
        let alternatives = json!([{ "required": ["x"], "properties": properties }, { "required": ["y"], "properties": { "y": string } }]);
        json!({ "type": "object", "unevaluatedProperties": unevaluated, "anyOf": alternatives })
    };
    let read_only = json!({ "type": "string", "readOnly": true });
    let write_only = json!({ "type": "string", "writeOnly": true });
    let tagged_alternatives = |id: &Value, properties: Value| {
        let tagged =
            |kind: &str, id: &Value| json!({ "required": ["k"], "properties": { "k": { "const": kind }, "id": id } });
        json!({ "type": "object", "properties": properties, "oneOf": [tagged("x", id), { "required": ["k"], "properties": { "k": { "const": "y" } } }] })
    };
    let exclusive = |properties: Value| {
        let alternatives = json!([
            { "required": ["b"], "properties": properties },
            { "required": ["a"], "properties": { "a": { "type": "integer" }, "c": string } },
        ]);
        json!({ "type": "object", "unevaluatedProperties": string, "oneOf": alternatives })
    };
    let closed_object =
        |properties: Value| json!({ "type": "object", "unevaluatedProperties": false, "properties": properties });
    let closed_list = |all: Value| json!({ "type": "array", "unevaluatedItems": false, "allOf": all });
    let unevaluated = |kind: &str| if kind == "array" { "unevaluatedItems" } else { "unevaluatedProperties" };
    let evaluated_within =
        |kind: &str, part: &Value| json!({ "type": kind, "allOf": [part], unevaluated(kind): { "enum": [2] } });
    let evaluated_around = |kind: &str, mut part: Value| {
        part["type"] = kind.into();
        part["allOf"] = json!([{ unevaluated(kind): { "enum": [2] } }]);
        part
    };
    let closed_part = |kind: &str, unevaluated: &str, part: &Value| {
        let keyword = if kind == "array" { "items" } else { "additionalProperties" };
        let closed = json!({ "allOf": [part], unevaluated: { "enum": [2] } });
        json!({ "type": kind, "allOf": [closed, { keyword: { "multipleOf": 2 } }] })
    };
    vec![
        (
            "a schema for all items that is repeated for the first one",
            json!({ "type": "array", "items": string }),
            json!({ "type": "array", "prefixItems": [string], "items": string }),
            NoChange,
            NoChange,
        ),
        (
            "a first item with a narrower schema than the others",
            json!({ "type": "array", "items": string }),
            json!({ "type": "array", "prefixItems": [{ "type": "string", "maxLength": 3 }], "items": string }),
            Breaking,
            Compatible,
        ),
        (
            "a first item that has the schema of the others again",
            json!({ "type": "array", "prefixItems": [{ "type": "integer" }], "items": string }),
            json!({ "type": "array", "items": string }),
            Breaking,
            Breaking,
        ),
        (
            "properties with a pattern that become `readOnly`",
            json!({ "patternProperties": { "^a": {} } }),
            json!({ "patternProperties": { "^a": { "readOnly": true } } }),
            Breaking,
            NoChange,
        ),
        (
            "properties with a pattern that become `writeOnly`",
            json!({ "patternProperties": { "^a": string } }),
            json!({ "patternProperties": { "^a": write_only } }),
            NoChange,
            Breaking,
        ),
        (
            "additional properties that become `writeOnly`",
            json!({ "additionalProperties": string }),
            json!({ "additionalProperties": write_only }),
            NoChange,
            Breaking,
        ),
        (
            "additional properties that are no longer `readOnly`",
            json!({ "additionalProperties": read_only }),
            json!({ "additionalProperties": string }),
            Compatible,
            NoChange,
        ),
        (
            "unevaluated properties that become `writeOnly`",
            json!({ "allOf": [object("b")], "unevaluatedProperties": string }),
            json!({ "allOf": [object("b")], "unevaluatedProperties": write_only }),
            NoChange,
            Breaking,
        ),
        (
            "`readOnly` properties with a pattern and another type",
            json!({ "patternProperties": { "^a": read_only } }),
            json!({ "patternProperties": { "^a": { "type": "integer", "readOnly": true } } }),
            Docs,
            Breaking,
        ),
        (
            "a property whose alternatives all become `readOnly`",
            json!({ "properties": { "a": { "anyOf": [string, { "type": "integer" }] } } }),
            json!({ "properties": { "a": { "anyOf": [read_only, { "type": "integer", "readOnly": true }, null_type] } } }),
            Breaking,
            Breaking,
        ),
        (
            "a property whose values all become `readOnly`",
            json!({ "properties": { "a": { "oneOf": [{ "const": "a" }, { "const": "b" }] } } }),
            json!({ "properties": { "a": { "oneOf": [{ "const": "a", "readOnly": true }, { "const": "b", "readOnly": true }] } } }),
            Breaking,
            Docs,
        ),
        (
            "a property with an alternative that becomes `readOnly`",
            json!({ "properties": { "a": { "oneOf": [string, { "type": "integer" }] } } }),
            json!({ "properties": { "a": { "oneOf": [read_only, { "type": "integer" }] } } }),
            Docs,
            NoChange,
        ),
        (
            "a property of an alternative that becomes `readOnly` around it",
            tagged_alternatives(&string, json!({})),
            tagged_alternatives(&string, json!({ "id": read_only })),
            Breaking,
            Compatible,
        ),
        (
            "a `readOnly` property that becomes one of an alternative",
            tagged_alternatives(&json!({}), json!({ "id": read_only })),
            tagged_alternatives(&string, json!({})),
            Compatible,
            Breaking,
        ),
        (
            "a required property that requests omit loses its schema",
            json!({ "type": "object", "required": ["id"], "properties": { "id": read_only } }),
            json!({ "type": "object", "required": ["id"] }),
            Breaking,
            Breaking,
        ),
        (
            "a property that distinguishes alternatives is removed beside `unevaluatedProperties`",
            exclusive(json!({ "a": string, "b": string })),
            exclusive(json!({ "b": string })),
            Breaking,
            Breaking,
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
            "removed items of one of several schemas, which `unevaluatedItems` rejects then",
            closed_list(
                json!([{ "prefixItems": [{ "minLength": 1 }] }, { "prefixItems": [max_length(9), max_length(9)] }]),
            ),
            closed_list(json!([{ "prefixItems": [{ "minLength": 1 }] }])),
            Breaking,
            Breaking,
        ),
        (
            "added items of an alternative, which `unevaluatedItems` rejected",
            json!({ "unevaluatedItems": false, "anyOf": [{ "type": "array" }, { "type": "boolean" }] }),
            json!({ "unevaluatedItems": false, "anyOf": [{ "type": "array", "prefixItems": [{}] }, { "type": "boolean" }] }),
            Breaking,
            Breaking,
        ),
        (
            "added items of a list whose `items` exempt all others from `unevaluatedItems`",
            closed_list(json!([{ "items": {} }])),
            closed_list(json!([{ "items": {}, "prefixItems": [max_length(9)] }])),
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
            "a closed object that becomes combined with another object",
            json!({ "type": "object", "unevaluatedProperties": false }),
            json!({ "type": "object", "unevaluatedProperties": false, "allOf": [object("a")] }),
            Compatible,
            Compatible,
        ),
        (
            "an empty `required` next to a nullable schema",
            json!({ "anyOf": [{ "properties": { "a": {} } }, null_type] }),
            json!({ "anyOf": [{ "properties": { "a": {} } }, null_type], "required": [] }),
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
            "items that a part evaluates",
            json!({ "allOf": [{ "type": "array" }], "unevaluatedItems": string }),
            json!({ "allOf": [{ "type": "array", "unevaluatedItems": true }], "unevaluatedItems": string }),
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
            "a property that another requires",
            json!({ "type": "object", "properties": { "a": string }, "dependentRequired": { "a": ["c"] } }),
            json!({ "type": "object", "properties": { "a": string, "c": string }, "dependentRequired": { "a": ["c"] } }),
            Breaking,
            Compatible,
        ),
        (
            "a property that a schema required, but did not evaluate",
            json!({ "type": "object", "allOf": [{ "required": ["b"] }], "unevaluatedProperties": { "type": "integer" } }),
            json!({ "type": "object", "allOf": [{ "required": ["b"], "properties": { "b": {} } }], "unevaluatedProperties": { "type": "integer" } }),
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
            "items that `contains` exempted",
            json!({ "type": "array", "contains": string, "minContains": 0, "unevaluatedItems": false }),
            json!({ "type": "array", "unevaluatedItems": false }),
            Breaking,
            Breaking,
        ),
        (
            "properties that `additionalProperties` exempts, although it restricts nothing",
            json!({ "type": "object", "allOf": [object("a")], "unevaluatedProperties": string }),
            json!({ "type": "object", "allOf": [{ "properties": { "a": string }, "additionalProperties": {} }], "unevaluatedProperties": string }),
            Compatible,
            Breaking,
        ),
        (
            "a property that `unevaluatedProperties` allows once it is no longer described",
            json!({ "type": "object", "properties": { "a": string, "b": string }, "unevaluatedProperties": string }),
            json!({ "type": "object", "properties": { "b": string }, "unevaluatedProperties": string }),
            NoChange,
            Breaking,
        ),
        (
            "a property that `unevaluatedProperties` of a combination allows",
            json!({ "type": "object", "allOf": [object("a")], "unevaluatedProperties": string }),
            json!({ "type": "object", "allOf": [{ "type": "object" }], "unevaluatedProperties": string }),
            NoChange,
            Breaking,
        ),
        (
            "a property that `unevaluatedProperties` around alternatives allows",
            around_alternatives(json!({ "x": string, "a": string }), string.clone()),
            around_alternatives(json!({ "x": string }), string.clone()),
            NoChange,
            Breaking,
        ),
        (
            "a property that `unevaluatedProperties` around alternatives restricts",
            around_alternatives(json!({ "x": string, "a": string }), max_length(2)),
            around_alternatives(json!({ "x": string }), max_length(2)),
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
            "a property that `unevaluatedProperties` of a part allowed, and thus exempted from another",
            json!({ "type": "object", "required": ["b"], "allOf": [{ "unevaluatedProperties": string }], "unevaluatedProperties": false }),
            json!({ "type": "object", "required": ["b"], "allOf": [{ "unevaluatedProperties": string }], "unevaluatedProperties": false, "properties": { "b": max_length(3) } }),
            Breaking,
            Compatible,
        ),
        (
            "a property that `unevaluatedProperties` of a part restricted",
            json!({ "type": "object", "required": ["b"], "allOf": [{ "unevaluatedProperties": string }], "unevaluatedProperties": false }),
            json!({ "type": "object", "required": ["b"], "allOf": [{ "unevaluatedProperties": string, "properties": { "b": {} } }], "unevaluatedProperties": false }),
            Compatible,
            Breaking,
        ),
        (
            "an added item that `items` and `enum` contradicted",
            json!({ "type": "array", "items": { "type": "object" }, "enum": [[2]] }),
            json!({ "type": "array", "items": { "type": "object" }, "enum": [[2]], "prefixItems": [{ "type": "integer" }] }),
            Breaking,
            Breaking,
        ),
        (
            "`unevaluatedProperties` around `additionalProperties`, which leaves nothing",
            json!({ "allOf": [{ "type": "object", "additionalProperties": false }, object("a")] }),
            json!({ "allOf": [{ "type": "object", "additionalProperties": false }, object("a")], "unevaluatedProperties": false }),
            NoChange,
            NoChange,
        ),
        (
            "`unevaluatedItems` around `items`, which leaves nothing",
            json!({ "allOf": [{ "items": { "maximum": 9 } }, { "type": "array", "minItems": 1 }] }),
            json!({ "allOf": [{ "items": { "maximum": 9 } }, { "type": "array", "minItems": 1 }], "unevaluatedItems": false }),
            NoChange,
            NoChange,
        ),
        (
            "`unevaluatedProperties` around an alternative with `additionalProperties`",
            json!({ "type": "object", "anyOf": [{ "additionalProperties": string }, object("a")] }),
            json!({ "type": "object", "anyOf": [{ "additionalProperties": string }, object("a")], "unevaluatedProperties": false }),
            Breaking,
            Compatible,
        ),
        (
            "`items` is removed from one of several schemas, so that `unevaluatedItems` applies to the items",
            closed_part("array", "unevaluatedItems", &json!({ "items": { "maximum": 9 } })),
            closed_part("array", "unevaluatedItems", &json!({ "minItems": 1 })),
            Breaking,
            Breaking,
        ),
        (
            "`additionalProperties` is removed from one of several schemas, so that `unevaluatedProperties` applies to the properties",
            closed_part("object", "unevaluatedProperties", &json!({ "additionalProperties": { "maximum": 9 } })),
            closed_part("object", "unevaluatedProperties", &json!({ "minProperties": 1 })),
            Breaking,
            Breaking,
        ),
        (
            "`items` that move to a schema around the one with `unevaluatedItems`",
            evaluated_within("array", &json!({ "items": { "maximum": 9 } })),
            evaluated_around("array", json!({ "items": { "maximum": 9 } })),
            Breaking,
            Compatible,
        ),
        (
            "`contains` that moves to a schema around the one with `unevaluatedItems`",
            evaluated_within("array", &json!({ "contains": { "maximum": 9 } })),
            evaluated_around("array", json!({ "contains": { "maximum": 9 } })),
            Breaking,
            Compatible,
        ),
        (
            "`additionalProperties` that move to a schema around the one with `unevaluatedProperties`",
            evaluated_within("object", &json!({ "additionalProperties": { "maximum": 9 } })),
            evaluated_around("object", json!({ "additionalProperties": { "maximum": 9 } })),
            Breaking,
            Compatible,
        ),
        (
            "alternatives that move to a schema around the one with `unevaluatedProperties`",
            evaluated_within("object", &json!({ "anyOf": [object("a"), object("b")] })),
            evaluated_around("object", json!({ "anyOf": [object("a"), object("b")] })),
            Breaking,
            Breaking,
        ),
        (
            "a property that a closed schema within a closed one no longer describes",
            closed(json!([closed_object(json!({ "a": {}, "b": {} })), { "properties": { "b": {} } }])),
            closed(json!([closed_object(json!({ "a": {} })), { "properties": { "b": {} } }])),
            Breaking,
            Breaking,
        ),
        (
            "a property that a closed schema within a closed one now describes, too",
            closed(json!([closed_object(json!({ "a": {} })), { "properties": { "b": {} } }])),
            closed(json!([closed_object(json!({ "a": {}, "b": {} })), { "properties": { "b": {} } }])),
            Compatible,
            Breaking,
        ),
        (
            "a schema within a closed one becomes closed, too",
            closed(json!([{ "properties": { "a": {} } }, { "properties": { "b": {} } }])),
            closed(json!([closed_object(json!({ "a": {} })), { "properties": { "b": {} } }])),
            Breaking,
            Breaking,
        ),
        (
            "items that a closed list within a closed one no longer describes",
            closed_list(json!([{ "prefixItems": [{}], "unevaluatedItems": false }, { "items": {} }])),
            closed_list(json!([{ "minItems": 0, "unevaluatedItems": false }, { "items": {}, "prefixItems": [{}] }])),
            Breaking,
            Breaking,
        ),
        (
            "a property that a closed schema within a closed one evaluates under a condition only",
            closed(json!([
                { "type": "object", "unevaluatedProperties": false, "properties": { "a": {}, "b": {} }, "dependentSchemas": { "a": { "properties": { "b": {} } } } },
                { "properties": { "b": {} } },
            ])),
            closed(json!([
                { "type": "object", "unevaluatedProperties": false, "properties": { "a": {} }, "dependentSchemas": { "a": { "properties": { "b": {} } } } },
                { "properties": { "b": {} } },
            ])),
            Breaking,
            Breaking,
        ),
        (
            "a component that a closed schema within others no longer combines",
            json!({ "allOf": [{ "$ref": "#/components/schemas/A" }, { "allOf": [{ "$ref": "#/components/schemas/A" }], "unevaluatedProperties": false }] }),
            json!({ "allOf": [{ "$ref": "#/components/schemas/A" }, { "type": "object", "unevaluatedProperties": false }] }),
            Breaking,
            Breaking,
        ),
        (
            "added `unevaluatedProperties` of an alternative, which exempts properties from another",
            json!({ "type": "object", "unevaluatedProperties": { "type": "null" }, "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] }),
            json!({ "type": "object", "unevaluatedProperties": { "type": "null" }, "anyOf": [{ "required": ["a"], "unevaluatedProperties": max_length(3) }, { "required": ["b"] }] }),
            Breaking,
            Breaking,
        ),
        (
            "an added required property that requests omit",
            object("x"),
            json!({ "type": "object", "properties": { "x": string, "a": read_only }, "required": ["a"] }),
            Docs,
            Compatible,
        ),
        (
            "an added required property that responses omit",
            object("x"),
            json!({ "type": "object", "properties": { "x": string, "a": { "type": "string", "writeOnly": true } }, "required": ["a"] }),
            Breaking,
            Docs,
        ),
        (
            "a property whose types exclude each other",
            json!({ "allOf": [object("a"), object("a")] }),
            json!({ "allOf": [object("a"), { "type": "object", "properties": { "a": { "type": "integer" } } }] }),
            Breaking,
            Breaking,
        ),
        (
            "a property without a listed value",
            object("a"),
            json!({ "type": "object", "properties": { "a": { "type": "string", "enum": [] } } }),
            Breaking,
            Breaking,
        ),
        (
            "a property without a listed value of its type",
            object("a"),
            json!({ "type": "object", "properties": { "a": { "type": "string", "enum": [1] } } }),
            Breaking,
            Breaking,
        ),
    ]
}
