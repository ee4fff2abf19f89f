//! Nested and combined schemas.

mod alternatives;
mod conditions;
mod defaults;
mod discriminators;
mod properties;
mod values;

use super::{build_document, build_request, build_response, classify};
use openapi_spec_drift::Verdict::{self, Breaking, Compatible, None as NoChange};
use openapi_spec_drift::compare;
use serde_json::{Value, json};

/// A label, two schemas, and the verdict on the change in a request and in a response.
type Case = (&'static str, Value, Value, Verdict, Verdict);

#[test]
fn nested_schemas_are_classified() {
    let cases = [alternatives::list_cases(), conditions::list_cases(), properties::list_cases(), values::list_cases()];
    for (case, old, new, in_request, in_response) in cases.into_iter().flatten() {
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

/// The alternatives of an added `anyOf` are those of the candidate, whatever their components are in the vendored document.
#[test]
fn an_added_list_refers_to_components_of_the_candidate() {
    let reference = json!({ "$ref": "#/components/schemas/Code" });
    let [text, referring] = [json!({ "type": "string" }), reference].map(|code| json!({ "code": code }));
    let object = |properties: &Value| json!({ "type": "object", "properties": properties });
    let document = |mut schema: Value, code: &str, list: Option<Value>| {
        list.into_iter().for_each(|list| schema["anyOf"] = list);
        let mut document = build_request(&schema);
        document["components"]["schemas"]["Code"] = json!({ "type": code });
        document
    };
    let list = json!([object(&referring), { "required": ["code"], "properties": text, "maxProperties": 1 }]);
    let old = document(object(&referring), "string", None);
    for (code, expected) in [("integer", Breaking), ("string", NoChange)] {
        assert_eq!(classify(&old, &document(object(&text), code, Some(list.clone()))), expected, "{code}");
    }
}

/// A `Cat` is a `Siamese`, but never a `Dog`, which extends the same schema.
#[test]
fn children_of_a_discriminator_are_compared_where_their_parent_is_used() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let document = |used: &str, changed: &str, kind: &str, mapping: Value| {
        let mut document = build_response(&reference(used));
        document["openapi"] = "3.0.3".into();
        let pet = json!({ "type": "object", "discriminator": mapping, "properties": { "t": { "type": "string" } } });
        let tagged = json!({ "type": "object", "properties": { "etag": { "type": "string" } } });
        document["components"]["schemas"] = json!({
            "Pet": pet,
            "Alias": { "allOf": [reference("Pet")], "description": "The stored pet." },
            "Stored": { "allOf": [reference("Pet"), { "required": ["t"] }], "nullable": true },
            "Tagged": { "allOf": [reference("Pet"), tagged] },
        });
        for (name, parent) in [("Cat", "Pet"), ("Dog", "Pet"), ("Siamese", "Cat")] {
            let kind = if name == changed { kind } else { "string" };
            let own = json!({ "type": "object", "properties": { name: { "type": kind } } });
            document["components"]["schemas"][name] = json!({ "allOf": [reference(parent), own] });
        }
        document
    };
    let implicit = json!({ "propertyName": "t" });
    let explicit =
        json!({ "propertyName": "t", "mapping": { "c": "Cat", "d": "#/components/schemas/Dog", "s": "Siamese" } });
    let by_name = json!({ "propertyName": "t", "mapping": { "Cat": "Cat", "Dog": "Dog", "Siamese": "Siamese" } });
    // Without a mapping, the name of `Tagged` selects it.
    for (mapping, if_tagged) in [(implicit, NoChange), (explicit, Breaking), (by_name, Breaking)] {
        for (used, changed, expected) in [
            ("Alias", "Dog", Breaking),
            ("Stored", "Dog", Breaking),
            ("Tagged", "Dog", if_tagged),
            ("Pet", "Dog", Breaking),
            ("Pet", "Siamese", Breaking),
            ("Cat", "Dog", NoChange),
            ("Cat", "Siamese", Breaking),
            ("Siamese", "Dog", NoChange),
            ("Siamese", "Cat", Breaking),
        ] {
            let [old, new] = ["string", "integer"].map(|kind| document(used, changed, kind, mapping.clone()));
            assert_eq!(classify(&old, &new), expected, "{changed} where {used} is used");
        }
        for (used, parent, expected) in [("Pet", "Pet", Breaking), ("Cat", "Pet", NoChange), ("Cat", "Cat", Breaking)] {
            let old = document(used, "", "", mapping.clone());
            let mut new = old.clone();
            new["components"]["schemas"]["Fox"] = json!({ "allOf": [reference(parent), { "required": ["f"] }] });
            if let Some(mapping) = new.pointer_mut("/components/schemas/Pet/discriminator/mapping") {
                mapping["f"] = "Fox".into();
            }
            assert_eq!(classify(&old, &new), expected, "`Fox` extends {parent} where {used} is used");
        }
    }
}

/// `null` is compared for all alternatives together, whichever of them accept it.
#[test]
fn null_of_alternatives_is_reported_once() {
    let integer = json!({ "type": "integer" });
    let strings = json!({ "type": "array", "items": { "type": "string" } });
    let listed = json!({ "type": "string", "enum": ["a"] });
    let listed_or_null = json!({ "type": "string", "nullable": true, "enum": ["a", null] });
    let reference = json!({ "$ref": "#/components/schemas/A" });
    let object = json!({ "type": "object", "properties": { "b": {} } });
    let or_null = |schema: &Value| {
        let mut schema = schema.clone();
        schema["nullable"] = true.into();
        schema
    };
    let any_of = |one: &Value, other: &Value| json!({ "anyOf": [one, other] });
    for (without, with) in [
        (any_of(&listed, &integer), any_of(&listed_or_null, &integer)),
        (any_of(&strings, &integer), any_of(&or_null(&strings), &integer)),
        (any_of(&strings, &object), any_of(&strings, &or_null(&object))),
        (any_of(&reference, &listed), any_of(&reference, &listed_or_null)),
        (any_of(&reference, &strings), json!({ "oneOf": [reference, strings, { "enum": [null] }] })),
        (json!({ "anyOf": [listed] }), any_of(&listed, &json!({ "enum": [null] }))),
    ] {
        for version in ["3.0.3", "3.1.0"] {
            let list_changes = |build: fn(&Value) -> Value, old: &Value, new: &Value| {
                let [mut old, mut new] = [build(old), build(new)];
                old["openapi"] = version.into();
                new["openapi"] = version.into();
                let changes = compare(&old, &new).unwrap().into_iter();
                changes.map(|change| (change.rule, change.wire)).collect::<Vec<_>>()
            };
            let [narrowed, widened] = ["type-narrowed", "type-widened"].map(str::to_owned);
            let (fewer, more) = (&without, &with);
            assert_eq!(list_changes(build_request, more, fewer), [(narrowed.clone(), Breaking)], "{more}");
            assert_eq!(list_changes(build_request, fewer, more), [(widened.clone(), Compatible)], "{more}");
            assert_eq!(list_changes(build_response, more, fewer), [(narrowed, Compatible)], "{more}");
            assert_eq!(list_changes(build_response, fewer, more), [(widened, Breaking)], "{more}");
        }
    }
}

#[test]
fn null_of_an_alternative_is_reported_at_its_component() {
    let old = build_request(&json!({ "anyOf": [{ "$ref": "#/components/schemas/A" }, { "type": "integer" }] }));
    let mut new = old.clone();
    new["components"]["schemas"]["A"]["type"] = json!(["object", "null"]);
    for (old, new) in [(&old, &new), (&new, &old)] {
        let pointers: Vec<String> = compare(old, new).unwrap().into_iter().map(|change| change.pointer).collect();
        assert_eq!(pointers, ["/components/schemas/A/type"]);
    }
}

/// Returns the rules of a changed schema in a request, and those in a response.
fn list_rules(old: &Value, new: &Value) -> [Vec<(String, Verdict)>; 2] {
    [build_request, build_response].map(|build| {
        let changes = compare(&build(old), &build(new)).unwrap().into_iter();
        changes.map(|change| (change.rule, change.wire)).collect()
    })
}

fn expect<const N: usize>(rules: [(&str, Verdict); N]) -> Vec<(String, Verdict)> {
    rules.map(|(rule, wire)| (rule.to_owned(), wire)).to_vec()
}

/// The normal form of such a list is `allOf`.
#[test]
fn a_list_of_one_alternative_is_compared_as_a_list() {
    let alternative = |name: &str, kind: &str, more: Value| {
        let properties = json!({ "k": { "enum": [kind] }, name: more });
        json!({ "type": "object", "required": ["k"], "properties": properties })
    };
    let one = alternative("a", "p", json!({ "type": "string" }));
    let shorter = alternative("a", "p", json!({ "type": "string", "maxLength": 2 }));
    let other = alternative("b", "q", json!({ "type": "string" }));
    let reference = json!({ "$ref": "#/components/schemas/A" });
    let beside = |keyword: &str, alternatives: Value| json!({ "type": "object", "properties": { "f": {} }, keyword: alternatives });
    for keyword in ["oneOf", "anyOf"] {
        let both = beside(keyword, json!([one, other]));
        let with_reference = beside(keyword, json!([reference, other]));
        for (single, both) in [
            (beside(keyword, json!([one])), &both),
            (beside("allOf", json!([one])), &both),
            (beside(keyword, json!([reference])), &with_reference),
        ] {
            let removed = [Breaking, Compatible].map(|wire| expect([("alternative-removed", wire)]));
            assert_eq!(list_rules(both, &single), removed, "{both} to {single}");
            let added = [Compatible, Breaking].map(|wire| expect([("alternative-added", wire)]));
            assert_eq!(list_rules(&single, both), added, "{single} to {both}");
        }
        let [in_request, in_response] = list_rules(&both, &beside(keyword, json!([shorter])));
        assert_eq!(in_request, expect([("max-length-narrowed", Breaking), ("alternative-removed", Breaking)]));
        assert_eq!(in_response, expect([("max-length-narrowed", Compatible), ("alternative-removed", Compatible)]));
        // Other members of `allOf` are not alternatives.
        let found = list_rules(&both, &beside("allOf", json!([shorter])));
        assert!(found.iter().flatten().all(|(rule, _)| rule != "alternative-removed"), "{found:?}");
    }
    // An object in a parameter is compared like one in a body.
    let query = |schema: Value| {
        let parameter = json!({ "name": "q", "in": "query", "schema": schema });
        build_document(&json!({ "parameters": [parameter], "responses": {} }))
    };
    let [single, both] = [json!([one]), json!([one, other])].map(|list| query(beside("oneOf", list)));
    assert_eq!([classify(&single, &both), classify(&both, &single)], [Compatible, Breaking]);
    // An alternative that overlaps the only one excludes instances of it.
    let overlapping = json!({ "type": "object", "properties": { "c": {} } });
    let found = list_rules(&beside("oneOf", json!([one])), &beside("oneOf", json!([one, overlapping])));
    assert_eq!(found[0], expect([("alternative-added", Breaking)]));
}

#[test]
fn a_list_of_another_kind_is_reported_once() {
    let alternatives = |required: Value| {
        json!([
            { "type": "object", "properties": { "a": { "type": "string" } } },
            { "type": "object", "properties": { "b": { "type": "string" } }, "required": required },
        ])
    };
    let [any_of, one_of] = ["anyOf", "oneOf"].map(|keyword| json!({ keyword: alternatives(json!(["b"])) }));
    let found = list_rules(&any_of, &one_of);
    assert_eq!(found, [Breaking, Compatible].map(|wire| expect([("one-of-narrowed", wire)])));
    let found = list_rules(&one_of, &any_of);
    assert_eq!(found, [Compatible, Breaking].map(|wire| expect([("any-of-widened", wire)])));
    // The normal form of the list without overlaps is `anyOf`.
    let tagged = |kind: &str| json!({ "type": "object", "properties": { "k": { "enum": [kind] } }, "required": ["k"] });
    let disjoint = json!({ "type": "object", "properties": { "f": {} }, "oneOf": [tagged("a"), tagged("b")] });
    let plain = json!({ "type": "object", "properties": { "f": {} } });
    let message = compare(&build_request(&disjoint), &build_request(&plain)).unwrap().remove(0).message;
    assert!(message.starts_with("`oneOf` was removed"), "{message}");
}

#[test]
fn types_that_alternatives_state_are_described() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let alternatives = json!({ "oneOf": [reference("A"), reference("B")] });
    let mut nullable = alternatives.clone();
    nullable["type"] = "object".into();
    nullable["nullable"] = true.into();
    let [old, new] = [&nullable, &alternatives].map(build_request);
    let [old, new] = [old, new].map(|mut document| {
        document["components"]["schemas"]["A"]["required"] = json!(["a"]);
        document
    });
    let messages: Vec<String> = compare(&old, &new).unwrap().into_iter().map(|change| change.message).collect();
    assert_eq!(messages, ["the type was object or null and is object: existing requests may be rejected"]);
}

#[test]
fn properties_of_items_that_move_into_alternatives_are_not_removed() {
    let items = json!({ "items": { "type": "object", "properties": { "a": {} } } });
    let mut old = items.clone();
    old["type"] = "array".into();
    let new = json!({ "type": "array", "anyOf": [items, { "maxItems": 2 }] });
    let [in_request, _] = list_rules(&old, &new);
    assert_eq!(in_request, expect([("any-of-narrowed", Breaking), ("items-widened", Compatible)]));
}

/// Returns keywords with a schema, and the type that they constrain.
fn list_schemas_with(schema: &Value) -> [Value; 7] {
    [
        json!({ "type": "array", "items": schema }),
        json!({ "type": "array", "prefixItems": [schema] }),
        json!({ "type": "array", "unevaluatedItems": schema }),
        json!({ "type": "object", "additionalProperties": schema }),
        json!({ "type": "object", "patternProperties": { "^a": schema } }),
        json!({ "type": "object", "propertyNames": schema }),
        json!({ "type": "object", "dependentSchemas": { "a": schema } }),
    ]
}

#[test]
fn a_schema_that_accepts_everything_restricts_nothing() {
    let any_of = json!({ "type": "object", "anyOf": [{}, { "required": ["a"] }] });
    for with in list_schemas_with(&json!({})).into_iter().chain([any_of]) {
        let without = json!({ "type": with["type"] });
        for (old, new) in [(&with, &without), (&without, &with)] {
            assert_eq!(list_rules(old, new), [vec![], vec![]], "{old} to {new}");
        }
    }
    let closed = |more: Value| json!({ "type": "object", "additionalProperties": false, "patternProperties": more });
    let found = [closed(json!({})), closed(json!({ "^a": {} }))];
    assert_eq!(list_rules(&found[0], &found[1])[1], expect([("pattern-properties-widened", Breaking)]));
}

#[test]
fn annotations_of_a_schema_that_accepts_everything_are_compared() {
    let absent = [json!({ "type": "array" }), json!({ "type": "object" })];
    for (annotation, added, removed) in [
        (json!({ "description": "Any value." }), ("docs", Verdict::Docs), ("docs", Verdict::Docs)),
        (json!({ "title": "Any value" }), ("docs", Verdict::Docs), ("docs", Verdict::Docs)),
        (json!({ "deprecated": true }), ("deprecated", Compatible), ("no-longer-deprecated", Verdict::Docs)),
    ] {
        for (with, without) in list_schemas_with(&annotation).into_iter().zip(list_schemas_with(&json!({}))) {
            let absent = absent.iter().find(|it| it["type"] == with["type"]).unwrap();
            for without in [&without, absent] {
                let expected = [added, removed].map(|rule| [expect([rule]), expect([rule])]);
                assert_eq!([list_rules(without, &with), list_rules(&with, without)], expected, "{without} and {with}");
            }
        }
    }
}

#[test]
fn a_bound_of_one_of_several_types_is_reported_at_its_alternative() {
    let types = |string: Value| build_request(&json!({ "oneOf": [string, { "type": "integer" }] }));
    let [all, short] = [json!({ "type": "string" }), json!({ "type": "string", "maxLength": 3 })].map(types);
    let list = |old: &Value, new: &Value| -> Vec<_> {
        compare(old, new).unwrap().into_iter().map(|it| (it.rule, it.pointer, it.message)).collect()
    };
    let at = "/paths/~1things/post/requestBody/content/application~1json/schema/oneOf/0/maxLength";
    let change = |rule: &str, message: &str| vec![(rule.to_owned(), at.to_owned(), message.to_owned())];
    let added = "`maxLength` 3 was added: existing requests may be rejected";
    assert_eq!(list(&all, &short), change("max-length-narrowed", added));
    let removed = "`maxLength` 3 was removed: more requests are accepted";
    assert_eq!(list(&short, &all), change("max-length-widened", removed));
    let objects = build_request(&json!({ "oneOf": [{ "type": "integer" }, { "type": "object", "required": ["a"] }] }));
    // The order of the types in the document is kept.
    let listed = build_request(&json!({ "type": ["string", "integer"] }));
    for (old, at) in [(&all, "oneOf/0"), (&listed, "type/0")] {
        let mut removed = list(old, &objects).into_iter().filter(|it| it.0 == "alternative-removed");
        let (_, pointer, message) = removed.next().unwrap();
        assert!(pointer.ends_with(at), "{pointer}");
        assert!(message.starts_with("the alternative of type `string` was removed"), "{message}");
    }
}
