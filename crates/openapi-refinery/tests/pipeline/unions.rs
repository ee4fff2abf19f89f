//! Alternatives and discriminators.

use super::documents::{
    build_document_with_body, build_document_with_operation, build_document_with_schemas, lower_body, prepare_document,
};
use super::{build_empty_lock, generate_code};
use openapi_refinery::Output;
use serde_json::{Value, json};

#[test]
fn unsatisfiable_alternatives_are_removed() {
    let possible = json!({ "type": "string" });
    let impossible = json!({ "type": "string", "minLength": 5, "maxLength": 2 });
    assert_eq!(lower_body(json!({ "oneOf": [impossible, possible] })), possible);
    let warnings_of = |schema: Value| {
        let prepared = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap();
        prepared.warnings().to_string()
    };
    let at = "/paths/~1things/post/requestBody/content/application~1json/schema";
    let effect = "contradicts another keyword of the alternative, which accepts no value and is omitted";
    for (schema, expected) in [
        (json!({ "oneOf": [possible, impossible] }), format!("`minLength` {effect} (at {at}/oneOf/1)")),
        (
            json!({ "anyOf": [{ "type": "string", "const": 1 }, possible] }),
            format!("`const` {effect} (at {at}/anyOf/0)"),
        ),
    ] {
        let warnings = warnings_of(schema);
        assert!(warnings.contains(&expected), "{warnings}");
    }
    // The only possible alternative is not widened, and its type is that of the property in a response.
    assert!(!warnings_of(json!({ "oneOf": [possible, impossible] })).contains("widened"));
    let list = json!({ "type": "array", "items": { "type": "string" } });
    for only in [json!({ "type": "boolean" }), list] {
        let lower = |property: Value| {
            let schema = json!({ "type": "object", "properties": { "only": property } });
            let content = json!({ "application/json": { "schema": schema } });
            let operation = json!({ "responses": { "200": { "description": "", "content": content } } });
            let prepared = prepare_document(build_document_with_operation(operation), build_empty_lock()).unwrap();
            prepared.lowered()["components"]["schemas"].clone()
        };
        assert_eq!(lower(json!({ "oneOf": [{ "type": "string", "const": 1 }, only] })), lower(only));
    }
    // A type that no value of the enum has is not an alternative of the document.
    assert_eq!(warnings_of(json!({ "type": ["string", "integer"], "enum": ["a"] })), "");
}

#[test]
fn unsatisfiable_alternatives_need_no_value_of_a_discriminator() {
    let tagged = |kind: &str| json!({ "type": "object", "required": ["k"], "properties": { "k": { "const": kind } } });
    let impossible = json!({ "type": "object", "required": ["x"], "additionalProperties": false });
    for discriminator in [Value::Null, json!({ "propertyName": "k" })] {
        let mut union = json!({ "oneOf": [tagged("a"), impossible, tagged("b")] });
        if discriminator.is_object() {
            union["discriminator"] = discriminator;
        }
        let prepared = prepare_document(build_document_with_body(union), build_empty_lock()).unwrap();
        let code: String = generate_code(&prepared, Output::Client).split_whitespace().collect();
        assert!(code.contains(r#""k",["a"=>A,"b"=>B]"#), "{code}");
    }
}

#[test]
fn values_of_a_nested_union_select_it() {
    let tagged = |kind: &str| json!({ "type": "object", "required": ["k"], "properties": { "k": { "const": kind } } });
    let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let union = |names: [&str; 2]| json!({ "oneOf": names.map(refer), "discriminator": { "propertyName": "k" } });
    let components = json!({
        "Text": tagged("text"), "Fn": tagged("fn"), "Web": tagged("web"),
        "Call": union(["Fn", "Web"]), "Item": union(["Text", "Call"]),
        // Contains itself.
        "Own": union(["Text", "Own"]),
    });
    let schema = json!({ "type": "object", "properties": { "item": refer("Item"), "own": refer("Own") } });
    let prepared = prepare_document(build_document_with_schemas(schema, components), build_empty_lock()).unwrap();
    let code: String = generate_code(&prepared, Output::Client).split_whitespace().collect();
    let nested = r#""Call"=>Call,"Fn"=>Call,"fn"=>Call,"Web"=>Call,"web"=>Call"#;
    assert_eq!(code.matches(nested).count(), 2, "{code}");
}

/// In a request, other members then tell the alternatives apart. A response keeps the value as it was received.
#[test]
fn a_value_that_several_alternatives_list_selects_none_of_them() {
    let tagged = |kinds: [&str; 2], own: &str| json!({ "type": "object", "required": ["k", own], "properties": { "k": { "enum": kinds }, (own): {} } });
    let components = json!({ "One": tagged(["one", "both"], "a"), "Two": tagged(["two", "both"], "b") });
    let targets = ["One", "Two"].map(|name| format!("#/components/schemas/{name}"));
    let generate = |mapping: Value| {
        let union = json!({
            "oneOf": targets.each_ref().map(|target| json!({ "$ref": target })),
            "discriminator": { "propertyName": "k", "mapping": mapping },
        });
        let schema = json!({ "type": "object", "properties": { "p": union } });
        let prepared =
            prepare_document(build_document_with_schemas(schema, components.clone()), build_empty_lock()).unwrap();
        generate_code(&prepared, Output::Client).split_whitespace().collect::<String>()
    };
    let code = generate(json!({ "one": targets[0], "two": targets[1] }));
    assert!(code.contains("untagged_union!("), "{code}");
    assert!(code.contains(r#"["One"=>One,"one"=>One,"Two"=>Two,"two"=>Two],Unlisted"#), "{code}");
    // The mapping decides.
    let code = generate(json!({ "one": targets[0], "two": targets[1], "both": targets[1] }));
    assert!(code.contains(r#"tagged_request!("#) && !code.contains("untagged_union!("), "{code}");
}

/// `nullable` means the same as an alternative `null`, and does not change the keys in the lock.
#[test]
fn nullable_schemas_are_alternatives_to_null() {
    let tagged = |kind: &str| json!({ "type": "object", "required": ["k"], "properties": { "k": { "type": "string", "enum": [kind] }, (kind): {} } });
    let components = json!({ "A": tagged("a"), "B": tagged("b") });
    let refs = ["A", "B"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    let prepare = |version: &str, property: Value| {
        let body = json!({ "type": "object", "properties": { "p": property } });
        let mut document = build_document_with_schemas(body, components.clone());
        document["openapi"] = version.into();
        prepare_document(document, build_empty_lock()).unwrap()
    };
    for schema in [
        json!({ "type": "object", "anyOf": refs }),
        json!({ "type": "object", "additionalProperties": { "type": "integer" }, "anyOf": refs }),
        json!({ "anyOf": refs, "discriminator": { "propertyName": "k" } }),
        json!({ "type": "object", "oneOf": refs }),
        json!({ "type": "object", "properties": { "x": {}, "y": {} }, "anyOf": [{ "required": ["x"] }, { "required": ["y"] }] }),
        json!({ "type": "string", "anyOf": [{ "maxLength": 3 }, { "maxLength": 5, "pattern": "x" }] }),
        json!({ "type": "integer", "format": "uint64", "not": { "enum": [0] } }),
        json!({ "type": "string", "format": "uri", "unit": "none" }),
    ] {
        let mut nullable = schema.clone();
        nullable["nullable"] = true.into();
        let nullable = prepare("3.0.3", nullable);
        let expected = prepare("3.1.0", json!({ "anyOf": [schema, { "type": "null" }] }));
        assert_eq!(nullable.lowered(), expected.lowered(), "{schema}");
        assert_eq!(json!(nullable.names()), json!(prepare("3.0.3", schema.clone()).names()), "{schema}");
    }
}

#[test]
fn more_specific_alternatives_are_tried_first() {
    let object = |kind: Value, required: Value| json!({ "type": "object", "required": required, "properties": { "kind": kind, "a": {}, "b": {} } });
    let text = json!({ "type": "string" });
    let constant = json!({ "type": "string", "const": "round" });
    let closed = json!({ "type": "object", "properties": { "c": {} }, "additionalProperties": false });
    let alternatives = json!([
        { "type": "object", "properties": { "kind": {} } },
        object(text.clone(), json!(["a", "b"])),
        object(constant, json!(["kind"])),
        object(text, json!(["a"])),
        closed,
    ]);
    let lowered = lower_body(json!({ "anyOf": alternatives }));
    let order: Vec<&Value> = lowered["anyOf"].as_array().unwrap().iter().map(|one| &one["required"]).collect();
    assert_eq!(order, [&Value::Null, &json!(["kind"]), &json!(["a", "b"]), &json!(["a"]), &Value::Null]);
    assert_eq!(lowered["anyOf"][0]["additionalProperties"], false);
}

/// A schema extends another one with `allOf`, directly or through a third one. This holds for requests and responses.
#[test]
fn schemas_that_extend_a_schema_with_a_discriminator_become_its_alternatives() {
    let extend = |parent: &str, name: &str| {
        let reference = json!({ "$ref": format!("#/components/schemas/{parent}") });
        json!({ "allOf": [reference, { "type": "object", "properties": { (name): { "type": "integer" } } }] })
    };
    let pet = json!({
        "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
        "discriminator": { "propertyName": "kind", "mapping": { "c": "#/components/schemas/Cat" } },
    });
    let only = json!({ "allOf": [{ "$ref": "#/components/schemas/Pet" }] });
    let schemas = json!({ "Pet": pet, "Cat": extend("Pet", "lives"), "Lion": extend("Cat", "mane"), "Fish": only });
    let reference = json!({ "$ref": "#/components/schemas/Pet" });
    // A type that the reference implies changes nothing.
    for schema in [reference.clone(), json!({ "type": "object", "allOf": [reference] })] {
        let document = build_document_with_schemas(schema, schemas.clone());
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        assert_eq!(prepared.warnings().to_string(), "");
        let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
        for expected in [
            r#"tagged_request!(Pet,"kind",["Cat"=>Cat,"c"=>Cat,"Lion"=>Lion],Base);"#,
            r#"tagged_response!(PetResponse,"kind",["Cat"=>Cat,"c"=>Cat,"Lion"=>Lion],Unlisted,Base);"#,
            "pubmane:::std::option::Option<i64>,",
        ] {
            assert!(code.contains(expected), "{expected}: {code}");
        }
    }
}

/// The alternatives of a union have the values that the discriminator of their common parent has for them.
#[test]
fn alternatives_that_extend_one_schema_have_its_discriminator() {
    let extend = |name: &str| {
        let properties = json!({ "type": "object", "properties": { (name): { "type": "integer" } } });
        json!({ "allOf": [{ "$ref": "#/components/schemas/Pet" }, properties] })
    };
    let mapping = json!({ "CAT": "#/components/schemas/Cat", "DOG": "#/components/schemas/Dog" });
    let pet = json!({
        "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
        "discriminator": { "propertyName": "kind", "mapping": mapping },
    });
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let schemas = json!({ "Pet": pet, "Cat": extend("lives"), "Dog": extend("bark"), "Stone": { "type": "object", "properties": { "weight": {} } } });
    let prepare = |other: &str| {
        let union = json!({ "oneOf": [reference("Cat"), reference(other)] });
        prepare_document(build_document_with_schemas(union, schemas.clone()), build_empty_lock()).unwrap()
    };
    let prepared = prepare("Dog");
    assert_eq!(prepared.warnings().to_string(), "");
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    assert!(code.contains(r#","kind",["CAT"=>Cat,"Cat"=>Cat,"DOG"=>Dog,"Dog"=>Dog]"#), "{code}");
    assert!(prepare("Stone").warnings().to_string().contains("without a discriminator"));
}

/// The value is a name of the mapping or a constant of the alternative.
#[test]
fn a_discriminator_selects_alternatives_if_each_has_a_value() {
    let tagged =
        |kind: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    let alternatives = json!([{ "$ref": "#/components/schemas/A" }, tagged("b")]);
    let named = json!({ "oneOf": alternatives, "discriminator": { "propertyName": "kind", "mapping": { "a": "A" } } });
    let unnamed = json!({ "oneOf": [tagged("b"), { "type": "string" }], "discriminator": { "propertyName": "kind" } });
    for (schema, is_tagged) in [(named, true), (unnamed, false)] {
        let schemas = json!({ "A": { "type": "object", "properties": { "size": { "type": "number" } } } });
        let prepared = prepare_document(build_document_with_schemas(schema, schemas), build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client);
        for kind in ["request", "response"] {
            assert_eq!(code.contains(&format!("runtime::tagged_{kind}!(")), is_tagged, "{code}");
        }
        assert_eq!(prepared.warnings().to_string().contains("Of` is widened"), !is_tagged, "{}", prepared.warnings());
    }
}

/// A mapping, which may be implicit, often lacks the values that the alternatives allow.
#[test]
fn a_discriminator_has_the_values_that_only_one_alternative_allows() {
    let tagged = |kinds: &[&str]| json!({ "type": "object", "properties": { "kind": { "enum": kinds } } });
    let child = |kinds: &[&str]| json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, tagged(kinds)] });
    let discriminator = json!({ "propertyName": "kind" });
    let union = json!({ "discriminator": discriminator, "oneOf": [
        { "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" },
    ]});
    let base =
        json!({ "type": "object", "properties": { "kind": { "type": "string" } }, "discriminator": discriminator });
    for (schema, schemas, count) in [
        // `x` may be sent, so the discriminator does not select an alternative in requests.
        (union, json!({ "A": tagged(&["A", "a", "x"]), "B": tagged(&["b", "x"]) }), 1),
        (
            json!({ "$ref": "#/components/schemas/Base" }),
            json!({ "Base": base, "A": child(&["A", "a", "x"]), "B": child(&["b", "x"]) }),
            2,
        ),
    ] {
        let prepared = prepare_document(build_document_with_schemas(schema, schemas), build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
        let arms = r#""kind",["A"=>A,"a"=>A,"B"=>B,"b"=>B]"#;
        assert_eq!(code.matches(arms).count(), count, "{code}");
    }
}

/// A property that all alternatives require, with different values, is a discriminator that the document does not name.
#[test]
fn required_constants_distinguish_alternatives() {
    let object = |required: &[&str], kind: Value| json!({ "type": "object", "required": required, "properties": { "kind": kind, "a": {} } });
    let (one, two) = (json!({ "const": "one" }), json!({ "enum": ["two", "three"] }));
    let any = object(&["kind"], json!({ "type": "string" }));
    for (alternatives, is_tagged) in [
        ([object(&["kind"], one.clone()), object(&["a", "kind"], two.clone())], true),
        ([object(&["kind"], json!({ "const": 1 })), object(&["kind"], json!({ "const": true }))], true),
        ([json!({ "allOf": [any.clone(), object(&[], one.clone())] }), object(&["kind"], two.clone())], true),
        ([object(&["kind"], one.clone()), object(&["a"], two.clone())], false),
        ([object(&["kind"], one.clone()), object(&["kind"], json!({ "enum": ["two", null] }))], false),
        ([object(&["kind"], one.clone()), object(&["kind"], json!({ "enum": ["two", "one"] }))], false),
        ([object(&["kind"], one.clone()), object(&["kind"], json!({ "type": "string" }))], false),
    ] {
        for keyword in ["oneOf", "anyOf"] {
            let union = json!({ (keyword): alternatives, "title": "Union" });
            let prepared = prepare_document(build_document_with_schemas(union, json!({})), build_empty_lock()).unwrap();
            let code = generate_code(&prepared, Output::Client);
            for kind in ["request", "response"] {
                assert_eq!(code.contains(&format!("runtime::tagged_{kind}!(")), is_tagged, "{alternatives:?}");
            }
            assert_eq!(prepared.warnings().to_string().contains("without a discriminator"), !is_tagged);
        }
    }
    // Requests omit a property that is read-only, responses one that is write-only.
    for (keyword, omitted, sent) in [("readOnly", "request", "response"), ("writeOnly", "response", "request")] {
        let kind = |kind: &str| object(&["kind"], json!({ "const": kind, (keyword): true }));
        let union = json!({ "oneOf": [kind("one"), kind("two")] });
        let prepared = prepare_document(build_document_with_schemas(union, json!({})), build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client);
        let is_tagged = |kind: &str| code.contains(&format!("runtime::tagged_{kind}!("));
        assert!(is_tagged(sent) && !is_tagged(omitted), "{keyword}: {code}");
    }
}

/// Variants are named like those of an enum.
#[test]
fn variants_name_the_symbols_and_digits_of_a_discriminator() {
    let one =
        |kind: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    let names = [("", "Empty"), ("*", "Star"), ("1.0", "X1_0"), ("10", "X10"), ("-a", "MinusA"), ("Self", "Self_")];
    let alternatives = names.map(|(value, _)| one(value));
    let prepared = prepare_document(build_document_with_body(json!({ "oneOf": alternatives })), build_empty_lock());
    let code = generate_code(&prepared.unwrap(), Output::Client).split_whitespace().collect::<String>();
    for (value, name) in names {
        assert!(code.contains(&format!("\"{value}\"=>{name}")), "{name}");
    }
    // Only serde's derives know its attributes.
    assert!(!code.contains("serde(rename"), "an attribute of a derive that was removed");
    assert!(code.contains("///Thealternativewiththe`kind``\"\"`."), "no description of an empty value");
}

/// A union within a union, and its violation, are named after the alternatives.
#[test]
fn nested_unions_name_their_alternatives() {
    let object = |a: &str| json!({ "type": "object", "required": ["a"], "properties": { "a": { "const": a } } });
    let nested = json!({ "oneOf": [object("x"), { "type": "array", "items": object("y") }] });
    for (alternatives, expected) in [
        (json!([nested, object("z")]), "XOrList(MakeThingBodyXOrList)"),
        (json!([nested, object("z")]), "MakeThingBody, \"must be an object or an array\""),
        (
            json!([{ "enum": ["auto", "none", ""] }, { "type": "boolean" }]),
            "\"must be true or false, or one of \\\"\\\", `auto`, `none`\"",
        ),
        (
            json!([{ "type": "string" }, { "title": "an a", "properties": { "a": {} } }, { "properties": { "b": {} } }]),
            "\"must be a string, or one of the objects an a, {b}\"",
        ),
        (json!([{ "type": ["integer", "string"] }]), "\"must be an integer or a string\""),
    ] {
        let prepared = prepare_document(build_document_with_body(json!({ "oneOf": alternatives })), build_empty_lock());
        let code = generate_code(&prepared.unwrap(), Output::Client);
        assert!(code.contains(expected), "{expected}");
    }
}

/// The narrowest alternative is tried first, but callers read the document.
#[test]
fn alternatives_are_numbered_in_the_order_of_the_document() {
    let object =
        |required: &[&str]| json!({ "type": "object", "required": required, "properties": { "a": {}, "b": {} } });
    let union = json!({ "oneOf": [{ "type": "string" }, object(&["a"]), object(&["a", "b"]), object(&[])] });
    let prepared = prepare_document(build_document_with_body(union), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client);
    let numbers = code.split("/// Alternative ").skip(1).filter_map(|rest| rest.split(" of 4.").next());
    assert_eq!(numbers.collect::<Vec<_>>(), ["3", "2", "4", "1"]);
    assert!(code.contains("\"must be a string, or one of the objects {a}, {a, b}, {a, b}\""), "{code}");
}

/// In the normal form, alternatives that exclude each other and several types are `anyOf`.
#[test]
fn warnings_name_the_keyword_of_the_document() {
    let alternatives = json!([{ "type": "integer", "minimum": 3 }, { "type": "string", "maxLength": 2 }]);
    for (keyword, schema) in [
        ("oneOf", json!({ "oneOf": alternatives })),
        ("anyOf", json!({ "anyOf": alternatives })),
        ("type", json!({ "type": ["integer", "string"], "minimum": 3, "maxLength": 2 })),
    ] {
        let prepared = prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap();
        let warnings = prepared.warnings().to_string();
        assert!(warnings.starts_with(&format!("`{keyword}` is widened: without a discriminator, ")), "{warnings}");
    }
}

/// Without the property, the discriminator value would not be serialized.
#[test]
fn missing_discriminator_properties_are_added() {
    let schema = json!({
        "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }],
        "discriminator": { "propertyName": "kind" },
    });
    let object = |name: &str| json!({ "type": "object", "properties": { (name): { "type": "string" } } });
    let schemas = json!({ "A": object("a"), "B": object("kind") });
    let prepared = prepare_document(build_document_with_schemas(schema, schemas), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    assert_eq!(code.matches(r#"kind("kind""#).count(), 4, "{code}");
    assert!(code.contains(r#"required(kind("kind",Plain)),optional(a("a",Plain))"#), "{code}");
}

#[test]
fn alternatives_that_extend_their_union_become_its_variants() {
    let child = |name: &str| json!({ "allOf": [{ "$ref": "#/components/schemas/pet" }, { "type": "object", "properties": { (name): { "type": "integer" } } }] });
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/pet" }));
    document["components"]["schemas"] = json!({
        "pet": {
            "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
            "discriminator": { "propertyName": "kind", "mapping": { "tabby": "#/components/schemas/cat" } },
            "oneOf": [{ "$ref": "#/components/schemas/cat" }, { "$ref": "#/components/schemas/dog" }],
        },
        "cat": child("claws"),
        "dog": child("age"),
    });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    assert_eq!(prepared.warnings().to_string(), "");
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in ["Cat(Cat)", "Dog(Dog)", r#""tabby"=>Cat"#, r#""dog"=>Dog"#, "pubclaws:"] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

#[test]
fn a_discriminator_may_be_a_number() {
    let one = |kind: u8| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    let union = json!({ "oneOf": [one(1), one(2), one(3)], "discriminator": { "propertyName": "kind" } });
    let prepared = prepare_document(build_document_with_schemas(union, json!({})), build_empty_lock()).unwrap();
    let code = generate_code(&prepared, Output::Client).split_whitespace().collect::<String>();
    for expected in ["tagged_request!(", "tagged_response!(", r#""3"=>X3"#] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
    assert!(!prepared.warnings().to_string().contains("without a discriminator"));
}

/// A wrong discriminator is a violation before the request is sent, even if its union is an alternative of a union without a discriminator,
/// or a part of a nested object.
#[test]
fn discriminators_are_checked_by_builders() {
    let tagged = |kind: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" }, (kind): {} } });
    let union = json!({
        "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }],
        "discriminator": { "propertyName": "kind" },
    });
    let one = json!({ "$ref": "#/components/schemas/Union" });
    let [list, map] = [
        json!({ "type": "array", "items": one }),
        json!({ "type": "object", "additionalProperties": { "type": "array", "items": one } }),
    ];
    let optional = json!({ "oneOf": [one, { "type": "null" }] });
    let mixed = json!({ "oneOf": [one, { "type": "string" }] });
    let properties =
        json!({ "one": one, "list": list, "map": map, "optional": optional, "mixed": mixed, "other": tagged("a") });
    let nested = json!({ "type": "object", "properties": { "deep": one } });
    let object = json!({ "type": "object", "properties": properties, "additionalProperties": nested });
    let generate = |body: &Value| {
        let mut document = build_document_with_body(body.clone());
        document["components"]["schemas"] = json!({ "Union": union, "A": tagged("a"), "B": tagged("b") });
        let prepared = prepare_document(document, build_empty_lock()).unwrap();
        let code = generate_code(&prepared, Output::Client);
        let code = code.split("pub mod runtime").next().unwrap_or_default().split_whitespace().collect::<String>();
        let checked = code.split("check_tagged(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let tagged = code.split(",tagged(").skip(1).filter_map(|rest| rest.split("))").next());
        checked.chain(tagged).map(str::to_owned).collect::<Vec<_>>()
    };
    let fields =
        r#"additional_properties(""),list("/list"),map("/map"),mixed("/mixed"),one("/one"),optional("/optional""#;
    assert_eq!(generate(&object), [fields, r#"deep("/deep""#]);
    for (body, expected) in [(&one, &[""][..]), (&list, &[""]), (&mixed, &[""]), (&tagged("a"), &[])] {
        assert_eq!(generate(body), expected, "{body}");
    }
}

/// The warning names `anyOf` and not `$ref`: the one for `$ref` says that the list contains itself without a union in between.
#[test]
fn a_union_that_contains_itself_is_reported_as_a_union() {
    let list = |item: &str| json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{item}") } });
    let schemas = json!({
        "Mix": { "anyOf": [{ "type": "integer" }, list("Mix")] },
        "Deep": { "anyOf": [{ "type": "integer" }, { "type": "object", "properties": { "deep": list("Deep") } }] },
        "Loop": list("Loop"),
    });
    for (name, keyword) in [("Mix", "anyOf"), ("Deep", "anyOf"), ("Loop", "$ref")] {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        let document = build_document_with_schemas(schema, schemas.clone());
        let warnings = prepare_document(document, build_empty_lock()).unwrap().warnings().to_string();
        let reported = ["anyOf", "$ref"].map(|it| warnings.contains(&format!("`{it}` is widened")));
        assert_eq!(reported, [keyword == "anyOf", keyword == "$ref"], "{warnings}");
    }
}
