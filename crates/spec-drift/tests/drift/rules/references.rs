//! Many references: each schema is read once, and each change told once.

use serde_json::{Map, Value, json};

use super::*;

#[test]
fn a_change_is_told_once_however_many_places_reach_it() {
    let mut old = vendored();
    for path in ["/a", "/b"] {
        old["paths"][path]["put"] = json!({
            "requestBody": { "$ref": "#/components/requestBodies/change" },
            "responses": { "204": { "description": "" } },
        });
    }
    old["components"]["requestBodies"]["change"] = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/integration-model" } } } });
    let mut new = old.clone();
    new.pointer_mut(REQUEST).unwrap()["shop_name"]["maxLength"] = 9.into();
    let found = changes(&old, &new);
    assert!(matches!(&found[..], [only] if only.rule == "max-length-narrowed"), "{found:#?}");
}

/// Chains and webs of references take no more time than there are schemas.
#[test]
fn a_web_of_references_ends() {
    let mut old = vendored();
    let schemas = old["components"]["schemas"].as_object_mut().unwrap();
    for n in 0..2_000 {
        let next = |by: usize| json!({ "$ref": format!("#/components/schemas/s{}", (n + by) % 2_000) });
        let properties =
            json!({ "a": next(1), "b": next(2), "c": next(3), "d": { "type": "array", "items": next(5) } });
        schemas.insert(format!("s{n}"), json!({ "type": "object", "properties": properties }));
    }
    old.pointer_mut(REQUEST).unwrap()["web"] = json!({ "$ref": "#/components/schemas/s0" });
    let mut new = old.clone();
    new["components"]["schemas"]["s1999"]["properties"]["b"] = json!({ "type": "string" });
    let found = changes(&old, &new);
    assert!(matches!(&found[..], [only] if only.rule == "type-changed"), "{found:#?}");
}

/// A schema that each of these refers to twice, and the last of them.
fn with_chain(length: usize, references: usize, last: Value) -> Value {
    let mut document = vendored();
    for n in 0..length {
        let next = json!({ "$ref": format!("#/components/schemas/s{}", n + 1) });
        document["components"]["schemas"][format!("s{n}")] = json!({ "allOf": vec![next; references] });
    }
    document["components"]["schemas"][format!("s{length}")] = last;
    document.pointer_mut(REQUEST).unwrap()["chain"] = json!({ "$ref": "#/components/schemas/s0" });
    document
}

/// Each schema is read once, however many references lead to it, and a long way is no circle.
#[test]
fn a_chain_of_combinations_ends() {
    for (length, references) in [(30, 2), (2_000, 1), (2_000, 2)] {
        let [old, new] =
            [9, 5].map(|limit| with_chain(length, references, json!({ "type": "string", "maxLength": limit })));
        let found = changes(&old, &new);
        assert!(matches!(&found[..], [only] if only.rule == "max-length-narrowed"), "{found:#?}");
    }
    let mut plain = vendored();
    for n in 0..200 {
        plain["components"]["schemas"][format!("s{n}")] = json!({ "$ref": format!("#/components/schemas/s{}", n + 1) });
    }
    plain["components"]["schemas"]["s200"] = json!({ "type": "string" });
    plain.pointer_mut(REQUEST).unwrap()["chain"] = json!({ "$ref": "#/components/schemas/s0" });
    assert_eq!(changes(&plain, &plain), []);
}

/// A large document is compared whose schemas are many, and combine nothing.
#[test]
fn what_is_large_is_compared() {
    let properties: Map<String, Value> = (0..100).map(|n| (format!("p{n}"), json!({ "type": "string" }))).collect();
    let mut document = vendored();
    for n in 0..510 {
        document["components"]["schemas"][format!("s{n}")] = json!({ "type": "object", "properties": properties });
        for pointer in [REQUEST, RESPONSE] {
            document.pointer_mut(pointer).unwrap()[format!("s{n}")] =
                json!({ "$ref": format!("#/components/schemas/s{n}") });
        }
    }
    assert_eq!(changes(&document, &document), []);
}
