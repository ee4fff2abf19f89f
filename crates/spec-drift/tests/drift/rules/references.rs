//! Many references: each schema is compared once, and each change reported once.

use serde_json::{Map, Value, json};

use super::*;

#[test]
fn changes_reachable_from_many_locations_are_reported_once() {
    let mut old = load_vendored();
    for path in ["/a", "/b"] {
        old["paths"][path]["put"] = json!({
            "requestBody": { "$ref": "#/components/requestBodies/change" },
            "responses": { "204": { "description": "" } },
        });
    }
    old["components"]["requestBodies"]["change"] = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/integration-model" } } } });
    let mut new = old.clone();
    new.pointer_mut(REQUEST).unwrap()["shop_name"]["maxLength"] = 9.into();
    let found = list_changes(&old, &new);
    assert!(matches!(&found[..], [only] if only.rule == "max-length-narrowed"), "{found:#?}");
}

/// A part is the same inline and by reference.
#[test]
fn extracted_conditions_are_equal() {
    let [k, l, a] = ["k", "l", "a"].map(|name| json!({ "required": [name], "properties": { name: {} } }));
    let extracted = json!({ "$ref": "#/components/schemas/extracted" });
    let conditions =
        |one: &Value, then: &Value| json!({ "allOf": [{ "if": one, "then": then }, { "if": l, "then": k }] });
    let described = extend(a.clone(), json!({ "description": "A thing." }));
    for place in [REQUEST, RESPONSE] {
        for (target, new, expected) in [
            (&a, conditions(&k, &extracted), NoChange),
            (&k, conditions(&extracted, &a), NoChange),
            (&a, conditions(&k, &described), Docs),
            (&l, conditions(&k, &extracted), Breaking),
        ] {
            let documents = [conditions(&k, &a), new].map(|schema| {
                let mut document = add_property(place, &schema);
                document["components"]["schemas"]["extracted"] = target.clone();
                document
            });
            let [old, new] = documents;
            assert_eq!([classify(&old, &new), classify(&new, &old)], [expected; 2], "{target}");
        }
    }
}

/// Alternatives of listed values are compared with an `enum` by their values.
#[test]
fn extracted_values_are_equal() {
    let values = |values: &[&str]| json!({ "type": "string", "enum": values });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let [few, more] = [&["a", "b", "c"][..], &["a", "b", "c", "d"]].map(values);
    for (keyword, place) in [("oneOf", REQUEST), ("oneOf", RESPONSE), ("anyOf", REQUEST), ("anyOf", RESPONSE)] {
        for alternatives in [[values(&["a"]), reference("rest")], [reference("first"), reference("rest")]] {
            let [few, more, extracted] = [few.clone(), more.clone(), json!({ keyword: alternatives })].map(|schema| {
                let mut document = add_property(place, &schema);
                document["components"]["schemas"]["first"] = json!({ "enum": ["a"] });
                document["components"]["schemas"]["rest"] = values(&["b", "c"]);
                document
            });
            let rules =
                |old: &Value, new: &Value| list_changes(old, new).into_iter().map(|it| it.rule).collect::<Vec<_>>();
            assert_eq!(rules(&few, &extracted), [""; 0]);
            assert_eq!(rules(&extracted, &few), [""; 0]);
            assert_eq!(rules(&extracted, &more), ["enum-widened"]);
            assert_eq!(rules(&more, &extracted), ["enum-narrowed"]);
        }
    }
}

/// Otherwise, the number of comparisons would grow exponentially.
#[test]
fn cyclic_references_are_compared_once() {
    let mut old = load_vendored();
    let schemas = old["components"]["schemas"].as_object_mut().unwrap();
    for n in 0..1_000 {
        let next = |by: usize| json!({ "$ref": format!("#/components/schemas/s{}", (n + by) % 1_000) });
        let properties =
            json!({ "a": next(1), "b": next(2), "c": next(3), "d": { "type": "array", "items": next(5) } });
        schemas.insert(format!("s{n}"), json!({ "type": "object", "properties": properties }));
    }
    old.pointer_mut(REQUEST).unwrap()["web"] = json!({ "$ref": "#/components/schemas/s0" });
    let mut new = old.clone();
    new["components"]["schemas"]["s999"]["properties"]["b"] = json!({ "type": "string" });
    let found = list_changes(&old, &new);
    assert!(matches!(&found[..], [only] if only.rule == "type-changed"), "{found:#?}");
}

#[test]
fn alternatives_that_contain_their_union_are_compared() {
    let with_properties = |properties: Value| {
        let mut document = load_vendored();
        document["components"]["schemas"]["node"] = json!({
            "type": "object",
            "properties": properties,
            "anyOf": [{ "$ref": "#/components/schemas/node" }, { "type": "object", "minProperties": 1 }],
        });
        document.pointer_mut(REQUEST).unwrap()["node"] = json!({ "$ref": "#/components/schemas/node" });
        document
    };
    let [old, new] = [json!({}), json!({ "added": { "type": "string" } })].map(with_properties);
    let rules: Vec<String> = list_changes(&old, &new).into_iter().map(|change| change.rule).collect();
    assert_eq!(rules, ["property-added"]);
}

#[test]
fn unions_are_compared_with_lists_that_contain_them() {
    let union = json!({ "$ref": "#/components/schemas/union" });
    let with_alternatives = |alternatives: &[&Value]| {
        let mut document = load_vendored();
        document["components"]["schemas"]["union"] = json!({
            "anyOf": [{ "type": "object", "required": ["a"] }, { "type": "object", "required": ["b"] }],
            "discriminator": { "propertyName": "a" },
            "default": { "a": 1 },
        });
        document.pointer_mut(REQUEST).unwrap()["union"] = json!({ "anyOf": alternatives });
        document
    };
    let [integer, null] = ["integer", "null"].map(|kind| json!({ "type": kind }));
    let [few, more] = [&[&union, &null][..], &[&union, &integer, &null]].map(with_alternatives);
    for (old, new, expected) in [(&few, &more, "alternative-added"), (&more, &few, "alternative-removed")] {
        let rules: Vec<String> = list_changes(old, new).into_iter().map(|change| change.rule).collect();
        assert_eq!(rules, [expected]);
    }
}

/// Returns a document with a chain of schemas, each of which combines this number of references to the next.
fn add_chain(length: usize, references: usize, last: Value) -> Value {
    let mut document = load_vendored();
    for n in 0..length {
        let next = json!({ "$ref": format!("#/components/schemas/s{}", n + 1) });
        document["components"]["schemas"][format!("s{n}")] = json!({ "allOf": vec![next; references] });
    }
    document["components"]["schemas"][format!("s{length}")] = last;
    document.pointer_mut(REQUEST).unwrap()["chain"] = json!({ "$ref": "#/components/schemas/s0" });
    document
}

/// A long chain is not mistaken for a cycle.
#[test]
fn schemas_in_long_chains_are_compared_once() {
    for (length, references) in [(30, 2), (2_000, 1), (2_000, 2)] {
        let [old, new] =
            [9, 5].map(|limit| add_chain(length, references, json!({ "type": "string", "maxLength": limit })));
        let found = list_changes(&old, &new);
        assert!(matches!(&found[..], [only] if only.rule == "max-length-narrowed"), "{found:#?}");
    }
    let mut plain = load_vendored();
    for n in 0..200 {
        plain["components"]["schemas"][format!("s{n}")] = json!({ "$ref": format!("#/components/schemas/s{}", n + 1) });
    }
    plain["components"]["schemas"]["s200"] = json!({ "type": "string" });
    plain.pointer_mut(REQUEST).unwrap()["chain"] = json!({ "$ref": "#/components/schemas/s0" });
    assert_eq!(list_changes(&plain, &plain), []);
}

/// The limit on combinations does not apply to many schemas that are not combined.
#[test]
fn large_documents_are_compared() {
    let document = |description: &str| {
        let properties: Map<String, Value> =
            (0..100).map(|n| (format!("p{n}"), json!({ "description": description }))).collect();
        let mut document = load_vendored();
        for n in 0..30 {
            document["components"]["schemas"][format!("s{n}")] = json!({ "type": "object", "properties": properties });
            for pointer in [REQUEST, RESPONSE] {
                document.pointer_mut(pointer).unwrap()[format!("s{n}")] =
                    json!({ "$ref": format!("#/components/schemas/s{n}") });
            }
        }
        document
    };
    assert_eq!(classify(&document("a"), &document("b")), Docs);
}

/// A path item may have operations of its own beside a reference to another.
#[test]
fn operations_beside_a_reference_of_a_path_item_are_removed() {
    let reference = json!({ "$ref": "#/components/pathItems/shared" });
    let shared = ("/components/pathItems", json!({ "shared": { "get": { "responses": {} } } }));
    let vendored = edit_vendored(&[shared.clone(), ("/paths/~1other", reference.clone())]);
    let own = extend(reference, json!({ "post": { "responses": {} } }));
    let reduced =
        openapi_refinery::reduce_to_operations(&edit_vendored(&[shared, ("/paths/~1other", own)]), &vendored).unwrap();
    assert_eq!(reduced.removed_operations, ["POST /other"]);
    assert_eq!(list_changes(&vendored, &reduced.document), []);
}

/// Whether `null` is accepted is decided once for each schema, without recursion.
#[test]
fn long_and_branching_chains_of_alternatives_are_compared() {
    let reference = |n: usize| json!({ "$ref": format!("#/components/schemas/s{n}") });
    let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let chain = |length: usize, alternatives: &dyn Fn(Value) -> Value, last: &Value| {
        let mut document = load_vendored();
        for n in 0..length {
            document["components"]["schemas"][format!("s{n}")] = alternatives(reference(n + 1));
        }
        document["components"]["schemas"][format!("s{length}")] = last.clone();
        document.pointer_mut(REQUEST).unwrap()["chain"] = reference(0);
        document
    };
    let single = |next: Value| json!({ "oneOf": [next, object] });
    let branching = |next: Value| json!({ "anyOf": [next, extend(next.clone(), json!({ "title": "x" })), object] });
    for (length, alternatives) in [(150, &single as &dyn Fn(Value) -> Value), (40, &branching)] {
        let [old, new] = ["string", "integer"].map(|kind| chain(length, alternatives, &json!({ "type": kind })));
        let found = list_changes(&old, &new);
        assert!(matches!(&found[..], [only] if only.rule == "type-changed"), "{found:#?}");
    }
}

/// Alternatives with properties of their own are compared once for each schema that lists them, not for each way to them.
#[test]
fn alternatives_of_many_schemas_are_compared_once() {
    let document = |length: u8| {
        let mut document = load_vendored();
        for level in 0..10 {
            for n in 0..3 {
                let next: Vec<Value> = (0..3)
                    .map(|next| json!({ "$ref": format!("#/components/schemas/s{}-{next}", level + 1) }))
                    .collect();
                document["components"]["schemas"][format!("s{level}-{n}")] =
                    json!({ "type": "object", "properties": { format!("p{level}"): {} }, "anyOf": next });
            }
        }
        for n in 0..3 {
            document["components"]["schemas"][format!("s10-{n}")] =
                json!({ "type": "object", "properties": { "z": { "maxLength": length } } });
        }
        document.pointer_mut(REQUEST).unwrap()["layers"] = json!({ "$ref": "#/components/schemas/s0-0" });
        document
    };
    assert_eq!(classify(&document(5), &document(4)), Breaking);
}

/// Without a mapping, the name of a component is the value of the discriminator. A mapping keeps the value.
#[test]
fn renamed_components_that_a_discriminator_selects_by_name_are_breaking() {
    let document = |place: &str, name: &str, mapping: Option<&str>| {
        let animals = [name, "dog"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
        let mut pet = json!({ "oneOf": animals, "discriminator": { "propertyName": "kind" } });
        if let Some(value) = mapping {
            pet["discriminator"]["mapping"] = json!({ value: format!("#/components/schemas/{name}") });
        }
        let mut document = add_property(place, &pet);
        for (name, property) in [(name, "meow"), ("dog", "bark")] {
            document["components"]["schemas"][name] = json!({
                "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" }, property: { "type": "string" } },
            });
        }
        document
    };
    for place in [REQUEST, RESPONSE] {
        let [cat, feline] = ["cat", "feline"].map(|name| document(place, name, None));
        assert_eq!((classify(&cat, &feline), classify(&feline, &cat)), (Breaking, Breaking), "{place}");
        let mapped = document(place, "feline", Some("cat"));
        assert_eq!((classify(&cat, &mapped), classify(&mapped, &cat)), (NoChange, NoChange), "{place}");
        assert_eq!(classify(&mapped, &document(place, "lynx", Some("tabby"))), Breaking, "{place}");
    }
}

/// However a component extends the schema with the discriminator, its instances are accepted where that schema is used.
#[test]
fn components_that_extend_a_schema_with_a_discriminator_are_compared() {
    let pet = json!({ "$ref": "#/components/schemas/pet" });
    let alias = json!({ "$ref": "#/components/schemas/alias" });
    let cats = |kind: &str| {
        let meow = json!({ "properties": { "meow": { "type": kind } } });
        [
            combine([pet.clone(), meow.clone()]),
            combine([alias.clone(), meow.clone()]),
            combine([combine([pet.clone()]), meow.clone()]),
            extend(pet.clone(), meow),
        ]
    };
    let document = |cat: Value| {
        let mut document = add_property(RESPONSE, &pet);
        let kind = json!({ "kind": { "type": "string" } });
        document["components"]["schemas"]["pet"] = json!({
            "type": "object", "required": ["kind"], "properties": kind, "discriminator": { "propertyName": "kind" },
        });
        document["components"]["schemas"]["alias"] = pet.clone();
        document["components"]["schemas"]["cat"] = cat;
        document
    };
    for (old, new) in cats("string").into_iter().zip(cats("integer")) {
        let found = list_changes(&document(old), &document(new.clone()));
        let [change] = &found[..] else { panic!("{new}: {found:#?}") };
        assert_eq!(change.rule, "type-changed", "{new}");
        assert!(change.pointer.starts_with("/components/schemas/cat/"), "{new}: {}", change.pointer);
    }
}
