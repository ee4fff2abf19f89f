//! Rust names and generated code that do not change with unrelated parts of the document.

use super::documents::{
    build_document_with_body, build_document_with_operation, build_lock, load_vendored, prepare_document,
};
use super::{build_empty_lock, generate_code};
use openapi_refinery::lock::parse_lock;
use openapi_refinery::pointer::escape;
use openapi_refinery::{Names, Output, load};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn added_operations_do_not_rename_existing_operations() {
    let mut document = load_vendored();
    let before = prepare_document(document.clone(), build_lock()).unwrap().names().operations.len();
    let mut add = |path: &str, method: &str, id: &str| {
        document["paths"][path][method] = json!({ "responses": { "204": { "description": "done" } } });
        document["paths"][path][method]["operationId"] = id.into();
    };
    add("/a", "put", "sc-public-v3-integrations-put-update_integration");
    add("/a", "get", "sc-public-v3-integrations-get-retrieve");
    add("/b", "patch", "sc-public-v3-others-patch-update_integration");
    add("/0", "patch", "a-patch-update_integration");
    add("/0", "put", "sc-public-v3-integrations-patch-update_integration");
    add("/0", "get", "no");
    add("/0", "post", "x-post-update");
    add("/0", "delete", "x-delete-type");
    document["paths"]["/0"]["get"].as_object_mut().unwrap().remove("operationId");
    let names = prepare_document(document, build_lock()).unwrap().names().operations.clone();
    for (place, name) in build_lock()["operations"].as_object().unwrap() {
        assert_eq!(name, &names[place]);
    }
    assert_eq!(names["get /a"], "retrieve");
    assert_eq!(names["get /0"], "get_0");
    assert_eq!(names["post /0"], "post_update", "the name of a handwritten method is avoided");
    assert_eq!(names["delete /0"], "type_");
    let distinct: std::collections::BTreeSet<&String> = names.values().collect();
    assert_eq!(distinct.len(), before + 8, "{names:?}");
}

#[test]
fn added_types_do_not_rename_existing_types() {
    let mut document = load_vendored();
    let before = prepare_document(document.clone(), build_lock()).unwrap().names().types.clone();
    let schemas = &mut document["components"]["schemas"];
    schemas["FeedbackType"] = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    schemas["Integration-Model"] = json!({ "type": "object", "properties": { "b": { "type": "string" } } });
    let properties = &mut schemas["integration-model"]["properties"];
    properties["other"] = json!({ "$ref": "#/components/schemas/FeedbackType" });
    properties["another"] = json!({ "$ref": "#/components/schemas/Integration-Model" });
    let after = prepare_document(document, build_lock()).unwrap().names().types.clone();
    for added in ["FeedbackType", "Integration-Model"] {
        assert!(after.contains_key(&format!("request /components/schemas/{added}")), "{after:?}");
    }
    for (place, name) in before {
        assert_eq!(after[&place], name);
    }
}

/// A lock may be edited by hand.
#[test]
fn only_names_in_the_form_of_the_generator_are_accepted() {
    let is_accepted = |kind: &str, name: &str| parse_lock(json!({ (kind): { "request /a b": name } })).is_ok();
    for (kind, names) in [
        ("operations", &["list", "get_a_1", "_2fa", "self_", "self_2", "größe"][..]),
        ("types", &["Sort", "X16x16", "Größe", "Pet2"]),
        ("variants", &["Self_", "X1_0", "X1_02", "Minus1_5", "Gpt3_5Turbo", "None"]),
    ] {
        names.iter().for_each(|name| assert!(is_accepted(kind, name), "{name}"));
    }
    for (kind, names) in [
        ("operations", &["", "List", "listAll", "list_", "new", "from", "gen", "a b"][..]),
        ("types", &["", "SortURL", "Ordering_2", "ordering", "my-type", "Self", "Ok"]),
        ("variants", &["", "kilo-m", "km", "Kilo_M", "Km_", "Self", "Unlisted", "1"]),
    ] {
        names.iter().for_each(|name| assert!(!is_accepted(kind, name), "{name}"));
    }
    // Each type has variants of its own. Values may contain spaces; those of locations are escaped.
    let variant = |name: &str| {
        json!({ "types": { "request /a": "A", "request /a b": "B" }, "variants": {
            "request /a x y": "Same", "request /a~2b x": "Same", "request /a~2b y": name,
        }})
    };
    assert!(parse_lock(variant("Other")).is_ok() && parse_lock(variant("Same")).is_err());
}

/// An added value may lead to the same variant name as an existing value, which must keep its name.
#[test]
fn added_enum_values_do_not_rename_existing_variants() {
    let place = "request /paths/~1things/post/requestBody/content/application~1json/schema";
    let names = |values: Value, lock: Value| {
        let prepared =
            prepare_document(build_document_with_body(json!({ "type": "string", "enum": values })), lock).unwrap();
        json!(prepared.names())
    };
    let before = names(json!(["none", "not_found"]), build_empty_lock());
    assert_eq!(before["variants"][format!("{place} none")], "None");
    let after = names(json!(["None", "not-found", "none", "NOT_FOUND", "not_found"]), before.clone());
    for value in ["none", "not_found"] {
        let place = format!("{place} {value}");
        assert_eq!(after["variants"][&place], before["variants"][&place]);
    }
    assert_eq!(after["variants"].as_object().unwrap().len(), 5);
}

/// Checks that types and variants of a document keep their names if it changes. `exceptions` are the types that may change.
fn check_names(old: Value, new: Value, exceptions: &[&str]) {
    let before = prepare_document(old, build_empty_lock()).unwrap();
    let after = prepare_document(new, json!(before.names())).unwrap();
    let [old, new] = [&before, &after].map(|it| &it.lowered()["components"]["schemas"]);
    for name in before.names().types.values().filter(|name| !exceptions.contains(&name.as_str())) {
        assert_eq!(old[name], new[name], "{name}: {:?} {:?}", before.names(), after.names());
    }
    let after_variants = list_variants(after.names());
    for variant in list_variants(before.names()).iter().filter(|it| !exceptions.contains(&it.1.as_str())) {
        assert!(after_variants.contains(variant), "{variant:?}: {:?} {:?}", before.names(), after.names());
    }
}

/// Returns the names of variants, each with that of its type. A variant for a value has none.
fn list_variants(names: &Names) -> BTreeSet<(String, String)> {
    let type_of = |label: &str| {
        let of_label = names.types.iter().find(|(key, _)| key.ends_with(&format!("/{}", escape(label))));
        of_label.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let variants = names.variants.iter().filter_map(|(key, name)| Some((name.clone(), key.splitn(3, ' ').nth(2)?)));
    variants.map(|(name, label)| (name, type_of(label))).collect()
}

/// Parameters are identified by location and name, also those of a path item.
#[test]
fn added_and_reordered_parameters_do_not_rename_types() {
    let parameter = |place: &str, name: &str| json!({ "in": place, "name": name, "required": place == "path", "schema": { "enum": [format!("{place} {name}"), "x"] } });
    let document = |own: [&str; 3], shared: &[&str]| {
        let mut document = build_document_with_operation(json!({ "operationId": "get_it", "responses": {} }));
        let item = &mut document["paths"]["/things/{id}"];
        item["post"]["parameters"] = own.iter().map(|name| parameter("query", name)).collect();
        let path = parameter("path", "id");
        item["parameters"] = shared.iter().map(|name| parameter("header", name)).chain([path]).collect();
        item["put"] = json!({ "operationId": "put_it", "responses": {} });
        document
    };
    let old = document(["a", "b/c", "d"], &["a"]);
    check_names(old.clone(), document(["d", "b/c", "a"], &["Z", "a"]), &[]);
    let names = prepare_document(old, build_empty_lock()).unwrap().names().types.clone();
    let path = "request /paths/~1things~1{id}";
    assert!(names.contains_key(&format!("{path}/parameters/in=header,name=a/schema")), "{names:?}");
    assert!(names.contains_key(&format!("{path}/post/parameters/in=query,name=b~1c/schema")), "{names:?}");
}

/// Alternatives are identified by what they state: a constant, the title, a reference or the type.
#[test]
fn added_and_reordered_alternatives_do_not_rename_types() {
    let object = |name: &str| json!({ "type": "object", "properties": { name: { "enum": [name, "x"] } } });
    let titled = |name: &str| {
        let mut titled = object(name);
        titled["title"] = name.into();
        titled
    };
    let tagged = |tag: &str| {
        let properties = json!({ "kind": { "const": tag }, "size": { "enum": [tag, "x"] } });
        json!({ "type": "object", "title": "Same", "required": ["kind"], "properties": properties })
    };
    let all_of = |union: Value| json!({ "allOf": [{ "properties": { "id": { "type": "string" } } }, union] });
    let list = |of: Value| json!({ "type": "array", "items": of });
    let (text, number, null) = (json!({ "type": "string" }), json!({ "type": "integer" }), json!({ "type": "null" }));
    let tree = json!({ "$ref": "#/components/schemas/tree" });
    let one_of = |alternatives: &[Value]| json!({ "oneOf": alternatives });
    let any_of = |alternatives: &[Value]| json!({ "anyOf": alternatives });
    let several = |types: &[&str]| json!({ "type": types, "maxLength": 3, "properties": object("a")["properties"] });
    let untyped = |name: &str| json!({ "properties": object(name)["properties"] });
    let based = |name: &str| json!({ "allOf": [tree, object(name)] });
    let nested = |first: &[Value]| {
        let unions = [["a", "b"], ["c", "d"]].map(|names| one_of(&names.map(titled)));
        any_of(&[first, &unions].concat())
    };
    let requiring = |names: &[&str]| {
        let all = json!({ "a": object("a")["properties"]["a"], "b": {}, "c": {} });
        let required: Vec<Value> = names.iter().map(|name| json!({ "required": [name] })).collect();
        json!({ "type": "object", "properties": all, "anyOf": required })
    };
    for (old, new) in [
        (one_of(&[tagged("a"), tagged("b")]), one_of(&[tagged("c"), tagged("b"), tagged("a")])),
        (any_of(&[titled("a"), titled("b")]), any_of(&[titled("0"), titled("b"), titled("a")])),
        (any_of(&[object("a"), text.clone()]), any_of(&[tree.clone(), titled("b"), text.clone(), object("a")])),
        (any_of(&[object("a"), object("b")]), any_of(&[object("a"), object("b"), object("c")])),
        (any_of(&[object("a"), object("b")]), any_of(&[null.clone(), object("a"), object("b")])),
        (any_of(&[text.clone(), list(object("a"))]), any_of(&[list(number.clone()), list(object("a")), text.clone()])),
        (any_of(&[tree.clone(), object("a")]), any_of(&[number, text, object("a"), tree.clone()])),
        (any_of(&[untyped("a"), untyped("b")]), any_of(&[null.clone(), untyped("a"), untyped("b")])),
        (nested(&[]), nested(&[null])),
        (one_of(&[object("a"), object("b")]), one_of(&[object("b"), object("a")])),
        (one_of(&[object("b"), object("c")]), one_of(&[object("a"), object("b"), object("c")])),
        (one_of(&[based("a"), based("b")]), one_of(&[based("c"), based("b"), based("a")])),
        (requiring(&["a", "b"]), requiring(&["b", "c", "a"])),
        (all_of(one_of(&[tagged("a"), tagged("b")])), all_of(one_of(&[tagged("c"), tagged("a"), tagged("b")]))),
        (several(&["string", "object"]), several(&["integer", "string", "object"])),
    ] {
        check_names(build_document_with_body(old), build_document_with_body(new), &["MakeThingBody"]);
    }
}

/// The other alternatives keep their names.
#[test]
fn a_removed_alternative_does_not_rename_types() {
    let object = |name: &str| json!({ "type": "object", "properties": { name: { "enum": [name, "x"] } } });
    let document = |names: &[&str]| {
        let alternatives: Vec<Value> = names.iter().map(|name| object(name)).collect();
        build_document_with_body(json!({ "oneOf": alternatives }))
    };
    let removed = ["MakeThingBody", "MakeThingBodyA", "MakeThingBodyAa"];
    check_names(document(&["a", "b", "c"]), document(&["b", "c"]), &removed);
}

/// A title is only documentation. A name in the lock is found by each label that no other alternative has.
#[test]
fn changed_titles_do_not_rename_types() {
    let titled = |title: Option<&str>, name: &str| {
        let mut schema = json!({ "type": "object", "properties": { name: { "enum": [name, "x"] } } });
        if let Some(title) = title {
            schema["title"] = title.into();
        }
        schema
    };
    let listed = |title: &str, value: &str| json!({ "type": "string", "enum": [value], "title": title });
    let named = titled(Some("Named"), "n");
    let any_of = |alternatives: &[&Value]| build_document_with_body(json!({ "anyOf": alternatives }));
    let one_of = |a: Option<&str>, b: Option<&str>| {
        build_document_with_body(json!({ "oneOf": [titled(a, "a"), titled(b, "b")] }))
    };
    let (auto, off) = (&listed("Auto", "auto"), &listed("Off", "none"));
    for (old, new) in [
        (one_of(Some("A"), Some("B")), one_of(Some("A v2"), Some("B"))),
        (one_of(None, None), one_of(Some("First"), Some("Second"))),
        (one_of(Some("First"), Some("Second")), one_of(None, None)),
        (any_of(&[auto, &named]), any_of(&[&listed("Automatic", "auto"), &named])),
        (any_of(&[auto, &named]), any_of(&[off, auto, &named])),
        (any_of(&[auto, &named]), any_of(&[auto, &named, off])),
    ] {
        check_names(old, new, &["MakeThingBody", "Auto"]);
    }
}

/// The lock records one label for each alternative. An older lock may have recorded a different label.
#[test]
fn names_are_found_by_each_unique_label() {
    let object = json!({ "type": "object", "title": "Shelf", "properties": { "a": { "enum": ["a", "x"] } } });
    let list = "/paths/~1things/post/requestBody/content/application~1json/schema";
    let recorded = |labels: [&str; 2]| {
        let mut lock = build_empty_lock();
        for (label, name) in labels.iter().zip(["One", "Two"]) {
            lock["types"][format!("request {list}/anyOf/{label}")] = name.into();
            lock["types"][format!("request {list}/anyOf/{label}/properties/a")] = format!("{name}Part").into();
            lock["variants"][format!("request {list} {label}")] = name.into();
            lock["variants"][format!("request {list}/anyOf/{label}/properties/a a")] = format!("{name}A").into();
        }
        lock
    };
    let document = build_document_with_body(json!({ "anyOf": [object, { "type": "integer" }] }));
    let names = |labels| prepare_document(document.clone(), recorded(labels)).unwrap().names().clone();
    // The preferred label takes precedence, with all names below it.
    for (labels, name) in [
        (["title=Shelf", "title=Other"], "One"),
        (["title=Shelf", "{a}"], "Two"),
        (["{a}", "type=object"], "One"),
        (["type=object", "title=Shelf"], "One"),
    ] {
        let names = names(labels);
        let key = format!("request {list}/anyOf/{{a}}");
        assert_eq!(names.types[&key], name, "{labels:?}");
        assert_eq!(names.types[&format!("{key}/properties/a")], format!("{name}Part"), "{labels:?}");
        assert_eq!(names.variants[&format!("request {list} {{a}}")], name, "{labels:?}");
        assert_eq!(names.variants[&format!("{key}/properties/a a")], format!("{name}A"), "{labels:?}");
        assert!(names.appended.values().all(|values| values == &["x"]), "{names:?}");
    }
}

/// Keys of properties and values may contain spaces.
#[test]
fn keys_of_variants_are_unambiguous() {
    let document = build_document_with_body(json!({ "type": "object", "properties": {
        "a": { "type": "string", "enum": ["b c", "x"] }, "a b": { "type": "string", "enum": ["c", "y"] },
    }}));
    let names = prepare_document(document.clone(), build_empty_lock()).unwrap().names().clone();
    assert_eq!(names.variants.len(), 4, "{names:?}");
    assert_eq!(prepare_document(document, json!(names)).unwrap().names(), &names);
}

/// The members of `allOf` form one schema.
#[test]
fn an_added_member_of_all_of_does_not_rename_types() {
    let member = |name: &str| json!({ "type": "object", "properties": { name: { "enum": [name, "x"] } } });
    let document = |members: &[Value]| build_document_with_body(json!({ "allOf": members }));
    check_names(document(&[member("a")]), document(&[member("b"), member("a")]), &["MakeThingBody"]);
}

#[test]
fn the_most_similar_name_takes_precedence() {
    let texts =
        json!({ "type": "object", "properties": { "@type": {}, "type": {}, "SELF": {}, "self": {}, "`": {}, "": {} } });
    let mut document =
        build_document_with_body(json!({ "type": "array", "items": { "$ref": "#/components/schemas/User" } }));
    for name in ["USER", "User", "user"] {
        document["components"]["schemas"][name] = texts.clone();
    }
    let properties = ["USER", "user"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    document["components"]["schemas"]["User"]["properties"]["others"] = json!({ "anyOf": properties });
    let prepared = prepare_document(document, build_empty_lock()).unwrap();
    let names = json!(prepared.names())["types"].clone();
    assert_eq!(names["request /components/schemas/User"], "User");
    let code = generate_code(&prepared, Output::Client);
    for expected in [r#"type_("type""#, r#"type_2("@type""#, r#"self_("self""#, r#"self_2("SELF""#] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
    assert!(code.contains("/// The property `` ` ``.") && code.contains("/// The property `\"\"`."), "{code}");
}

#[test]
fn method_names_omit_the_namespace_of_the_operation_id() {
    for (id, name) in [
        ("a", "a"),
        ("things-post-a", "things_post_a"),
        ("things-post-all", "all"),
        ("my-api-post-add_thing", "add_thing"),
        ("list-things", "list_things"),
        ("post-thing", "post_thing"),
        ("show-thing-by-id", "show_thing_by_id"),
    ] {
        let document = build_document_with_operation(json!({ "operationId": id, "responses": {} }));
        assert_eq!(
            prepare_document(document, build_empty_lock()).unwrap().names().operations["post /things/{id}"],
            name
        );
    }
}

#[test]
fn names_become_valid_rust_identifiers() {
    let document = build_document_with_body(json!({ "type": "object", "properties": {
        "2fa": { "type": "object", "properties": { "x_y": { "type": "string", "enum": ["a", "b"] } } },
        "self": { "type": "string", "minLength": 1 },
        "build": { "type": ["string", "null"], "minLength": 1 },
        "build_null": { "type": "string" },
        "violations": { "type": "string" },
        "it's": { "type": "string", "maxLength": 3, "title": "Self" },
    }}));
    let names = prepare_document(document, build_empty_lock()).unwrap().names().types.clone();
    assert!(names.values().any(|name| name == "MakeThingBody2faXY" || name == "MakeThingBody2faXy"), "{names:?}");
}

#[test]
fn generated_code_does_not_depend_on_key_order() {
    let shuffled = "components: {schemas: {b: {type: object, properties: {y: {type: string}, x: {type: string}}},
        a: {properties: {z: {$ref: '#/components/schemas/b'}}, type: object}}}
paths: {/q: {get: {responses: {'204': {description: d}}}, delete: {responses: {'204': {description: d}}}},
    /p: {put: {responses: {'204': {description: d}},
        requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/a'}}}}}}}
info: {version: '1', title: t}
openapi: 3.1.0";
    let document = load(shuffled).unwrap();
    let sorted = load(&document.to_string()).unwrap();
    let code = |document| generate_code(&prepare_document(document, build_empty_lock()).unwrap(), Output::Client);
    assert_eq!(code(document), code(sorted));
}

/// Lists in a constant are not sorted, even if their key is a keyword whose list is a set.
#[test]
fn constants_keep_their_order_and_enum_values_are_sorted() {
    let constant = json!({ "required": ["b", "a"] });
    let client = |schema: Value| {
        generate_code(&prepare_document(build_document_with_body(schema), build_empty_lock()).unwrap(), Output::Client)
    };
    let code = client(json!({ "type": "object", "properties": { "default": { "const": constant } } }));
    let compact = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert!(compact(&code).contains(&compact(&format!("\"enum\": [{constant}]"))), "{code}");
    let listed =
        |values: [&str; 2]| client(json!({ "type": "object", "properties": { "default": { "enum": values } } }));
    assert_eq!(listed(["b", "a"]), listed(["a", "b"]));
}
