//! Tests that names and text of a document do not collide with those of generated code.

use std::collections::BTreeSet;

use openapi_refinery::{Inputs, Output, Prepared};
use proptest::strategy::{Strategy, ValueTree};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value, json};

use super::{build_empty_lock, build_input, generate_code};

fn prepare_document(document: Value, lock: Value) -> Prepared {
    let inputs = Inputs { lock: build_input("lock", lock), ..Inputs::new(build_input("document", document)) };
    openapi_refinery::prepare(inputs).map_err(|error| error.to_string()).unwrap()
}

fn build_document(paths: Value) -> Value {
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": paths })
}

/// Returns a document with one operation whose request body has this schema.
fn build_document_with_body(schema: Value) -> Value {
    build_document(json!({ "/things": { "post": {
        "operationId": "make_thing",
        "requestBody": { "content": { "application/json": { "schema": schema } } },
        "responses": { "204": { "description": "done" } },
    }}}))
}

fn generate_client(document: Value) -> String {
    generate_code(&prepare_document(document, build_empty_lock()), Output::Client)
}

#[test]
fn descriptions_are_not_parsed_as_attributes() {
    let description = "flatten, deny_unknown_fields, skip_serializing_if = \"Option::is_none\"";
    let code = generate_client(build_document_with_body(json!({
        "type": "object",
        "description": description,
        "required": ["name"],
        "properties": { "name": { "type": "string", "description": description } },
    })));
    assert!(code.contains("pub name: ::std::string::String,"), "{code}");
    assert!(code.contains("violations, ignore, required("), "{code}");
}

#[test]
fn property_names_do_not_shadow_builder_fields() {
    let code =
        generate_client(build_document_with_body(json!({ "type": "object", "required": ["violations", "builder"] })));
    assert!(code.contains("violations_, ignore, required("), "{code}");
}

#[test]
fn mocks_support_scalar_bodies() {
    let document = build_document(json!({ "/number": { "get": {
        "responses": { "200": { "description": "a number", "content": {
            "application/json": { "schema": { "type": "integer" } },
        }}},
    }}}));
    let code = generate_code(&prepare_document(document, build_empty_lock()), Output::Mock);
    assert!(code.contains(".json_body_obj(&value)"), "{code}");
}

#[test]
fn methods_of_mocks_have_distinct_names() {
    let code = generate_mock(&["page", "page_missing", "new"]);
    for method in [
        "the parameter `page`.\n        pub fn page_missing(self)",
        "The parameter `page_missing`.\n        pub fn page_missing_(\n            self,\n            value",
        "The parameter `new`.\n        pub fn new_(",
    ] {
        assert!(code.contains(method), "{method} {code}");
    }
}

/// The builder and the mock have different other methods.
#[test]
fn setters_of_clients_and_mocks_have_the_same_names() {
    let names = [
        "page", "page_missing", "maybe_page", "row_missing", "maybe_row", "send", "violations", "into_inner", "new",
        "type",
    ];
    let [client, mock] = [Output::Client, Output::Mock].map(|output| generate_operation(&names, output));
    let expected = [
        "page", "page_missing_", "maybe_page_", "row_missing_", "maybe_row_", "send_", "violations_", "into_inner_",
        "new_", "type_",
    ];
    for (code, name) in [&client, &mock].into_iter().flat_map(|code| expected.map(|name| (code, name))) {
        let setters = ["<", "("].map(|end| code.matches(&format!("pub fn {name}{end}")).count());
        assert_eq!(setters.iter().sum::<usize>(), 1, "{name} {code}");
    }
}

/// Returns the mock of an operation with these optional parameters.
fn generate_mock(parameters: &[&str]) -> String {
    generate_operation(parameters, Output::Mock)
}

fn generate_operation(parameters: &[&str], output: Output) -> String {
    let parameters: Vec<Value> =
        parameters.iter().map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } })).collect();
    let document = build_document(json!({ "/a": { "get": {
        "parameters": parameters,
        "responses": { "204": { "description": "done" } },
    }}}));
    generate_code(&prepare_document(document, build_empty_lock()), output)
}

#[test]
fn mocks_support_parameters_that_begin_with_a_digit() {
    let code = generate_mock(&["3ds", "0", "2fa_"]);
    for method in ["_3ds_missing", "_0_missing", "_2fa_missing"] {
        assert!(code.contains(&format!("pub fn {method}(self)")), "{method} {code}");
    }
}

/// The members of an exploded object have names of their own. A mock that expects some of them, or none, rejects the others.
#[test]
fn mocks_know_the_members_of_exploded_objects() {
    let object = json!({ "type": "object", "properties": { "n": {}, "e": {}, "other": {} } });
    let either = json!({ "anyOf": [{ "type": "integer" }, object, { "type": "null" }] });
    let list = json!({ "type": "array", "items": object });
    let parameter = |name, schema| json!({ "name": name, "in": "query", "schema": schema });
    let mut parameters = json!([
        parameter("fo", &object),
        parameter("either", &either),
        parameter("whole", &object),
        parameter("deep", &object),
        parameter("list", &list),
        parameter("other", &json!({})),
        parameter("co", &object),
    ]);
    parameters[2]["explode"] = false.into();
    parameters[3]["style"] = "deepObject".into();
    parameters[6]["in"] = "cookie".into();
    let operation = json!({ "parameters": parameters, "responses": { "204": { "description": "done" } } });
    let document = build_document(json!({ "/a": { "get": operation } }));
    let code = generate_code(&prepare_document(document, build_empty_lock()), Output::Mock);
    let code = code.split_whitespace().collect::<String>();
    for expected in [
        r#"query(self.0,"fo",&["e","n"],"#,
        r#"query(self.0,"either",&["e","n"],"#,
        r#"query(self.0,"whole",&[],"#,
        r#"query(self.0,"deep",&[],"#,
        r#"query(self.0,"list",&[],"#,
        r#"cookie(self.0,"co",&["e","n","other"],"#,
    ] {
        assert_eq!(code.matches(expected).count(), 2, "{expected}: {code}");
    }
}

/// Names of headers and cookies are tokens (RFC 9110, section 5.6.2). Names of path parameters cannot contain the delimiters of a path
/// template.
#[test]
fn parameters_may_have_any_name() {
    let symbols = (' '..='~').filter(|c| !c.is_ascii_alphanumeric());
    let around = symbols.flat_map(|c| [format!("{c}x"), format!("x{c}"), format!("x{c}s"), c.to_string()]);
    let ascii = ["it's", "'a'", "+1", "-1", "1+1", "a[0]", "a[]", "3ds", "1", "1_0", "__a", "a__b", "aB", "ABCd"];
    let keywords = ["type", "type_", "path_type", "gen", "self", "crate", "request", "client", "value"];
    let others = ["böse", "Größe", "ﬁn", "İ", "а", "用户", "e\u{301}'s", "q\u{301}", "²", "x²", "😀"];
    let given = [&ascii[..], &keywords, &others].concat().into_iter().map(str::to_owned);
    let names: Vec<String> = around.chain(given).collect();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    for (location, is_allowed) in [
        ("query", &(|_| true) as &dyn Fn(char) -> bool),
        ("header", &is_token),
        ("cookie", &is_token),
        ("path", &|c| !"{}/?#".contains(c)),
    ] {
        let names: Vec<&String> = names.iter().filter(|name| name.chars().all(is_allowed)).collect();
        let in_path: String = names.iter().filter(|_| location == "path").map(|name| format!("/{{{name}}}")).collect();
        let parameter = |name| json!({ "name": name, "in": location, "required": location == "path", "schema": { "type": "string" } });
        let parameters: Vec<Value> = names.iter().map(parameter).collect();
        let responses = json!({ "204": { "description": "done" } });
        let operation = json!({ "operationId": "find", "parameters": parameters, "responses": responses });
        let document = build_document(json!({ format!("/a{in_path}"): { "get": operation } }));
        let prepared = prepare_document(document, build_empty_lock());
        let code = generate_code(&prepared, Output::Client);
        generate_code(&prepared, Output::Mock);
        assert_eq!(code.matches(&format!("request.{location}(")).count(), names.len(), "{location}: {code}");
    }
}

/// The order of the additions has no effect.
#[test]
fn added_parameters_and_properties_rename_no_setter() {
    let mock = |names: &[&str]| generate_mock(names).matches("pub fn page_missing_(").count();
    assert_eq!([mock(&["page_missing"]), mock(&["page_missing", "page"])], [1, 1]);
    for names in [&["page_null", "maybe_page"][..], &["page_null", "maybe_page", "page"]] {
        let properties: Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), json!({ "type": ["string", "null"] }))).collect();
        let code = generate_client(build_document_with_body(json!({ "type": "object", "properties": properties })));
        for setter in ["page_null_", "maybe_page_"] {
            assert_eq!(code.matches(&format!("pub fn {setter}(")).count(), 1, "{setter}: {code}");
        }
    }
}

/// A type of the standard library may be named like an object, but has no builder.
#[test]
fn unions_convert_from_the_builders_of_objects_only() {
    let list = json!({ "type": "array", "items": { "type": "integer" } });
    let object = json!({ "type": "object", "title": "Vec", "properties": { "a": { "type": "string" } } });
    let code = generate_client(build_document_with_body(json!({ "oneOf": [list, object] })));
    assert!(code.contains("::std::convert::From<::std::vec::Vec<"), "{code}");
    assert_eq!(code.matches("union_with_builder!(MakeThingBody, Vec, Vec)").count(), 1, "{code}");
}

/// The type of the error has the name that its operation suggests, whichever bodies it has.
#[test]
fn error_bodies_are_named_after_their_status() {
    let body = |property: &str| {
        let schema = json!({ "type": "object", "properties": { property: {} } });
        json!({ "description": "", "content": { "application/json": { "schema": schema } } })
    };
    for (responses, expected) in [
        (json!({ "404": body("a") }), vec!["GetAError"]),
        (json!({ "404": body("a"), "409": body("a") }), vec!["GetAConflict", "GetAError"]),
        (
            json!({ "204": {}, "404": body("a"), "4XX": body("b"), "default": body("c") }),
            vec!["GetAClientError", "GetADefaultError", "GetAError", "GetANotFound"],
        ),
    ] {
        let document = build_document(json!({ "/a": { "get": { "responses": responses } } }));
        let prepared = prepare_document(document, build_empty_lock());
        let types = prepared.lowered()["components"]["schemas"].as_object().unwrap();
        assert_eq!(types.keys().collect::<Vec<_>>(), expected);
        assert!(generate_code(&prepared, Output::Client).contains("Error<types::GetAError>"));
    }
}

/// The boundary of a multipart body is random.
#[test]
fn mocks_do_not_compare_multipart_bodies() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    for (media_type, expected) in [
        ("multipart/form-data", None),
        ("application/x-www-form-urlencoded", Some("/// Matches exactly these form fields, in any order,")),
        ("application/json", Some("/// Matches exactly this body.")),
    ] {
        let document = build_document(json!({ "/a": { "post": {
            "requestBody": { "required": true, "content": { media_type: { "schema": schema } } },
            "responses": { "204": { "description": "done" } },
        }}}));
        let code = generate_code(&prepare_document(document, build_empty_lock()), Output::Mock);
        assert_eq!(code.contains("pub fn body("), expected.is_some(), "{code}");
        assert!(code.contains(expected.unwrap_or("Their bodies are not compared")), "{code}");
    }
}

#[test]
fn added_properties_do_not_rename_null_setters() {
    let nullable = json!({ "type": ["string", "null"] });
    let mut properties = json!({ "url": nullable });
    let before = generate_client(build_document_with_body(json!({ "type": "object", "properties": properties })));
    properties["url_null"] = json!({ "type": "string" });
    let after = generate_client(build_document_with_body(json!({ "type": "object", "properties": properties })));
    for code in [before, after] {
        let (_, setter) = code.split_once("/// Sets `url` to `null`.").unwrap();
        assert!(setter.trim_start().starts_with("pub fn url_null(mut self) -> Self"), "{code}");
    }
}

#[test]
fn array_bodies_accept_any_iterator() {
    let code = generate_client(build_document_with_body(
        json!({ "type": "array", "items": { "type": "string", "maxLength": 3 } }),
    ));
    assert!(code.contains(r#"violations.take_texts("", value)"#), "{code}");
}

/// rustdoc shows both under the same name.
#[test]
fn types_and_builders_link_to_each_other() {
    let schema = json!({ "type": "object", "description": "A thing.", "properties": { "name": {} } });
    let code = generate_client(build_document_with_body(schema));
    let structs: Vec<&str> = code.split("pub struct MakeThingBody {").collect();
    let [before, between, _] = structs[..] else { panic!("{code}") };
    let docs = |code: &str| -> String {
        let lines = code.trim_end().lines().rev().map(str::trim).take_while(|line| !line.is_empty() && *line != "}");
        lines.collect::<Vec<_>>().join(" ")
    };
    let (of_type, of_builder) = (docs(before), docs(between));
    // Attributes follow.
    assert!(before.contains("/// A thing.\n    ///\n    /// [`MakeThingBody::builder`] creates"), "{before}");
    assert!(of_type.contains("[`builder::MakeThingBody`]"), "{of_type}");
    assert!(of_builder.contains("[`types::MakeThingBody`](super::MakeThingBody)"), "{of_builder}");
}

#[test]
fn option_setters_take_precedence_over_properties_and_parameters() {
    let setter = "pub fn maybe_page";
    let mut document =
        build_document_with_body(json!({ "type": "object", "properties": { "page": {}, "maybe_page": {} } }));
    let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "integer" } });
    document["paths"]["/things"]["post"]["parameters"] = json!([parameter("page"), parameter("maybe_page")]);
    let code = generate_client(document);
    assert_eq!(code.matches("value.into_iter().fold(self, Self::page)").count(), 2, "{code}");
    assert_eq!(code.matches("value.into_iter().fold(self, Self::maybe_page_)").count(), 2, "{code}");
    let names = code.matches(setter).count();
    assert_eq!((names, code.matches("pub fn maybe_page_").count()), (4, 2), "{code}");
}

/// The name of a parameter must not shadow a variable or function that `send` uses.
#[test]
fn send_reads_parameters_from_builder_fields() {
    let mut document = build_document_with_body(json!({ "type": "object", "required": ["try_into"] }));
    let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let names = ["request", "execute", "response", "client", "runtime", "types"];
    document["paths"]["/things"]["post"]["parameters"] = names.map(parameter).into();
    let code = generate_client(document);
    let (_, send) = code.split_once("pub async fn send(self)").unwrap();
    let (send, _) = send.split_once("match response").unwrap();
    let declared: Vec<&str> = send.split("let ").skip(1).filter_map(|rest| rest.split(" =").next()).collect();
    assert_eq!(declared, ["mut request", "::std::option::Option::Some(body)", "response"], "{send}");
    for name in names {
        assert!(send.contains(&format!("\"{name}\", runtime::Style::FORM, self.{name})")), "{send}");
    }
    // A setter may have the name of a trait method, so the trait method is called by its path.
    assert!(code.contains("::std::convert::TryFrom::try_from(builder)"), "{code}");
}

#[test]
fn bidirectional_control_characters_are_escaped() {
    let text = "a\u{202e}b";
    let code = generate_client(build_document_with_body(json!({
        "type": "object",
        "description": text,
        "properties": { "a": { "type": "string", "enum": [text, "c"] }, (text): { "type": "string" } },
    })));
    assert!(!code.contains('\u{202e}'), "{code}");
    for escaped in [r"/// a\u{202e}b", r#"Ab("a\u{202e}b")"#, r#""description": "a\u202eb""#] {
        assert!(code.contains(escaped), "{escaped}: {code}");
    }
}

/// Text of a document must not cause rustdoc warnings in a crate that includes the generated code.
#[test]
fn rustdoc_lints_are_allowed_for_generated_items() {
    let prepared = prepare_document(
        build_document_with_body(json!({ "type": "object", "description": "<b> [x] http://a.example" })),
        build_empty_lock(),
    );
    let (client, mock) = (generate_code(&prepared, Output::Client), generate_code(&prepared, Output::Mock));
    for (code, item) in [
        (&client, "pub mod types {"),
        (&client, "pub mod builder {"),
        (&client, "pub struct Client {"),
        (&client, "impl Client {"),
        (&mock, "pub mod operations {"),
        (&mock, "pub trait MockServerExt"),
    ] {
        assert!(code.contains(&format!("#[allow(rustdoc::all)]\n{item}")), "{item}: {code}");
    }
}

#[test]
fn responses_to_head_have_no_body() {
    let content = json!({ "application/json": { "schema": { "type": "integer" } } });
    let done = json!({ "responses": { "200": { "description": "a number", "content": content } } });
    let code = generate_client(build_document(json!({ "/things": { "get": done, "head": done } })));
    assert!(code.contains("Result<ResponseValue<i64>, Error<()>>"), "{code}");
    assert!(code.contains("Result<ResponseValue<()>, Error<()>>"), "{code}");
    assert_eq!(code.matches("runtime::body(response)").count(), 1, "{code}");
}

#[test]
fn type_names_consist_of_letters_and_digits() {
    let schema = json!({
        "type": "object",
        "properties": {
            "größe": { "type": "object", "title": "Größe", "properties": { "a": { "type": "string" } } },
            "x": { "type": "string", "title": "配送", "enum": ["é", "配", "", "\u{301}"] },
        },
    });
    let prepared = prepare_document(build_document_with_body(schema), build_empty_lock());
    let components = prepared.lowered()["components"]["schemas"].as_object().unwrap();
    assert!(components.keys().all(|key| key.chars().all(char::is_alphanumeric)), "{components:?}");
    for name in ["MakeThingBodyX", "MakeThingBodyGröße"] {
        assert!(prepared.names().types.values().any(|it| it == name), "{components:?}");
    }
    assert!(prepared.code(Output::Client).is_ok());
}

/// The methods `new` and `send` of the builder must not be mistaken for setters.
#[test]
fn parameter_setters_do_not_collide_with_builder_methods() {
    let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" }, "description": format!("It is {name}.") });
    let operation = json!({
        "operationId": "find",
        "parameters": [parameter("new"), parameter("send")],
        "responses": { "204": { "description": "done" } },
    });
    let code = generate_client(build_document(json!({ "/things": { "get": operation } })));
    assert!(code.contains("pub(crate) fn new(client"), "{code}");
    for name in ["new", "send"] {
        assert!(code.contains(&format!("/// It is {name}.\n        pub fn {name}_<V>")), "{code}");
        assert_eq!(code.matches(&format!("/// It is {name}.")).count(), 1, "{code}");
    }
}

/// The names of these parameters differ only in case, location or an underscore.
#[test]
fn parameters_that_share_a_rust_keyword_have_distinct_names() {
    let parameter = |location: &str, name: &str| {
        json!({ "name": name, "in": location, "required": true, "schema": { "type": "string" },
            "description": format!("{name} in {location}.") })
    };
    let parameters = json!([
        parameter("query", "Type"),
        parameter("path", "type"),
        parameter("header", "TYPE"),
        parameter("query", "type"),
        parameter("query", "_type"),
    ]);
    let responses = json!({ "204": { "description": "done" } });
    let operation = json!({ "operationId": "find", "parameters": parameters, "responses": responses });
    let code = generate_client(build_document(json!({ "/things/{type}": { "get": operation } })));
    for (name, parameter) in
        [("type_", "type in path"), ("query_type", "type in query"), ("header_type", "TYPE in header")]
    {
        assert!(code.contains(&format!("/// {parameter}.\n        pub fn {name}<V>")), "{code}");
    }
    for parameter in parameters.as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        assert!(code.contains(&format!("\"/{name}: ")), "{name}: {code}");
    }
}

/// An added body must not rename a parameter, so the names are the same with and without a body.
#[test]
fn parameter_setters_do_not_collide_with_body_setters() {
    let parameter = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" }, "description": format!("It is {name}.") });
    let mut operation = json!({
        "operationId": "find",
        "parameters": [parameter("body"), parameter("body_map")],
        "responses": { "204": { "description": "done" } },
    });
    for has_body in [false, true] {
        if has_body {
            let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
            operation["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
        }
        let prepared =
            prepare_document(build_document(json!({ "/things": { "post": operation } })), build_empty_lock());
        let code = generate_code(&prepared, Output::Client);
        let mock = generate_code(&prepared, Output::Mock);
        for name in ["body", "body_map"] {
            assert!(code.contains(&format!("/// It is {name}.\n        pub fn query_{name}<V>")), "{code}");
            assert!(mock.contains(&format!("/// It is {name}.\n        pub fn query_{name}(")), "{mock}");
            assert_eq!(code.contains(&format!("pub fn {name}")), has_body, "{code}");
        }
        assert_eq!(mock.contains("/// Matches exactly this body."), has_body, "{mock}");
    }
}

#[test]
fn descriptions_keep_their_markdown_structure() {
    let description = "one  \ntwo \nthree\n\n- four  \n  five\n- six";
    let property = json!({ "type": "string", "description": description });
    let code =
        generate_client(build_document_with_body(json!({ "type": "object", "properties": { "name": property } })));
    let (_, shown) = code.split_once("/// one").unwrap();
    let shown = shown.lines().map(shown_line);
    let shown = format!("one{}", shown.take_while(|line| !line.starts_with("#[")).collect::<Vec<_>>().join("\n"));
    let events = |text| Parser::new(text).collect::<Vec<_>>();
    assert_eq!(events(&shown), events(description));
}

/// Returns a line of documentation as rustdoc reads it, which removes the indentation that all lines have.
fn shown_line(line: &str) -> &str {
    let line = line.trim_start();
    let text = line.strip_prefix("///").unwrap_or(line);
    text.strip_prefix(' ').unwrap_or(text)
}

/// rustdoc would compile code blocks of a description, so they are marked as text. The text itself must not change.
#[test]
fn code_blocks_in_descriptions_are_not_doctests() {
    const LINES: [&str; 43] = [
        "",
        "",
        "words",
        "broken  ",
        "broken  \nonce more  ",
        "in `code  ",
        "``in code  ",
        "one | two  ",
        "--|--",
        "one <b  ",
        "  words",
        "    words",
        "\twords",
        "      words",
        "- item",
        "  - inner item",
        "        - far item",
        "1. first",
        "2) second",
        "10. tenth",
        "- ",
        "* * *",
        "* starred",
        "**strong** words",
        "2) ```\nlet x = 1;\n```",
        "```\n\t```\nwords\n```",
        "- - -",
        "-     far",
        "- -     far",
        "> quoted",
        ">     quoted",
        "> > quoted",
        "- > quoted",
        "- >     quoted",
        "```inline``` words",
        "words\r\nwords\rwords",
        "```\nlet x = 1;\n\n    let y = 2;\n      ```\n```",
        "    ```json\n    {}\n    ```",
        "1. first\n   ```json\n{}\n   ```",
        "- ```\n  let x = 1;\n  ```",
        "- > ```rust\n  > let x = 1;\n  > ```",
        "> ~~~rust\n> let x = 1;\n> ~~~",
        "  ````json\n  {}\n  ````",
    ];
    let texts = proptest::collection::vec(proptest::sample::select(LINES.as_slice()), 1..9);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<String> = (0..2_000).map(|_| texts.new_tree(&mut runner).unwrap().current().join("\n")).collect();
    let described = |(n, text): (usize, &String)| {
        (format!("p{n}"), json!({ "type": "string", "description": format!("begin{n}\n\n{text}\n\nend{n}") }))
    };
    let properties: Map<String, Value> = texts.iter().enumerate().map(described).collect();
    let code = generate_client(build_document_with_body(json!({ "type": "object", "properties": properties })));
    assert!(!code.contains('\r'), "rustc rejects carriage returns in documentation");
    let in_frame = |line: &str| line.trim_start().starts_with("/**");
    assert!(!code.lines().any(in_frame), "rustc removes a column of asterisks from a block comment");
    let (mut blocks, mut breaks) = (0, 0);
    for (n, text) in texts.iter().enumerate() {
        let (_, rest) = code.split_once(&format!("/// begin{n}\n")).unwrap();
        let (shown, _) = rest.split_once(&format!("/// end{n}\n")).unwrap();
        let shown = shown.lines().map(shown_line);
        let shown = shown.collect::<Vec<_>>().join("\n");
        let in_full = format!("{shown}\n\nend");
        let mut in_code = false;
        for event in Parser::new_ext(&in_full, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    assert_eq!(kind, CodeBlockKind::Fenced("text".into()), "{text}\n=>\n{shown}");
                    in_code = true;
                    blocks += 1;
                }
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                    assert!(!words.contains('\\'), "{text}\n=>\n{shown}");
                }
                Event::Text(words) => {
                    assert!(!(in_code && words.contains("end")), "{text}\n=>\n{shown}");
                    assert!(!words.contains('\\'), "{text}\n=>\n{shown}");
                }
                Event::HardBreak => breaks += 1,
                _ => {}
            }
        }
        let words = |text: &str| {
            let text: String = text.chars().filter(|c| !c.is_whitespace() && !['>', '\\'].contains(c)).collect();
            ["text", "rust", "json"].iter().fold(text, |text, info| text.replace(info, ""))
        };
        assert_eq!(words(&shown), words(text));
    }
    assert!(blocks > 500 && breaks > 20, "{blocks} {breaks}");
}

/// Items of combined schemas are attributed to the schemas that define them.
#[test]
fn provenance_lists_the_locations_of_each_item() {
    let text = json!({ "type": "string" });
    let mut document = build_document_with_body(json!({
        "allOf": [{ "$ref": "#/components/schemas/base" }, { "properties": { "own": text } }],
    }));
    document["components"]["schemas"] = json!({
        "base": { "type": "object", "properties": {
            "shared": { "$ref": "#/components/schemas/kind" },
            "name": { "$ref": "#/components/schemas/text" },
        }},
        "kind": { "type": "string", "enum": ["a", "b"] },
        "text": text,
    });
    document["paths"]["/things"]["post"]["parameters"] = json!([{ "name": "page", "in": "query", "schema": text }]);
    for status in ["404", "5XX", "default"] {
        document["paths"]["/things"]["post"]["responses"][status] = json!({ "description": "no thing" });
    }
    let prepared = prepare_document(document, build_empty_lock());
    let mut provenance = prepared.code(Output::Client).unwrap().provenance;
    provenance.extend(prepared.code(Output::Mock).unwrap().provenance);
    let operation = "/paths/~1things/post";
    let body = format!("{operation}/requestBody/content/application~1json/schema");
    let own = format!("{body}/allOf/1/properties/own");
    let page = ["0", "0/schema", "page"].map(|part| format!("{operation}/parameters/{part}")).to_vec();
    let shared = "/components/schemas/base/properties/shared".to_owned();
    for (item, expected) in [
        ("types::MakeThingBody::own", vec![own.clone()]),
        ("types::builder::MakeThingBody::own()", vec![own]),
        ("types::builder::MakeThingBody::shared()", vec![shared]),
        (
            "types::MakeThingBody::name",
            vec!["/components/schemas/base/properties/name".to_owned(), "/components/schemas/text".to_owned()],
        ),
        ("types::Kind::A", vec!["/components/schemas/kind/enum".to_owned()]),
        ("types::Kind: Copy", vec!["/components/schemas/kind".to_owned()]),
        ("Client::make_thing()", vec![operation.to_owned()]),
        ("builder::MakeThing::page()", page.clone()),
        ("builder::MakeThing::body()", vec![format!("{operation}/requestBody")]),
        ("operations::MakeThingWhen::page()", page),
        ("operations::MakeThingThen::not_found()", vec![format!("{operation}/responses/404")]),
        ("operations::MakeThingThen::server_error()", vec![format!("{operation}/responses/5XX")]),
        ("operations::MakeThingThen::default_response()", vec![format!("{operation}/responses/default")]),
        ("MockServerExt::make_thing()", vec![operation.to_owned()]),
    ] {
        let recorded = provenance.owner(item).unwrap();
        assert_eq!(provenance.sources(recorded).collect::<Vec<_>>(), expected, "{item}");
    }
    let referrers = provenance.referrers(vec!["/components/schemas/kind"]);
    assert!(referrers.contains("/components/schemas/base/properties/shared"), "{referrers:?}");
    assert!(provenance.targets(vec![body.as_str()]).contains("/components/schemas/base"));
}

#[test]
fn alternatives_are_named_after_title_constant_or_type() {
    let with_kind = |kind: &str| {
        let kind = json!({ "type": "string", "enum": [kind] });
        json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind } })
    };
    let code = generate_client(build_document_with_body(json!({ "anyOf": [
        { "type": "object", "title": "Wild Cat", "required": ["a"], "properties": { "a": { "type": "string" } } },
        with_kind("dog"),
        with_kind("dog-like"),
        { "type": "string" },
        { "type": "integer" },
        { "type": "array", "items": { "type": "string" } },
        { "type": "array", "items": { "type": "integer" } },
    ]})));
    for variant in
        ["WildCat(WildCat)", "Dog(", "DogLike(", "Text(::std", "Integer(super::runtime::Integer)", "List(", "List2("]
    {
        assert!(code.contains(&format!(" {variant}")), "{variant}: {code}");
    }
    assert!(!code.contains("Variant"), "{code}");
}

/// An alternative is named after the property that no other alternative has.
#[test]
fn alternatives_are_named_after_the_property_that_distinguishes_them() {
    let object = |required: &[&str], names: &[&str]| {
        let properties: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        json!({ "type": "object", "required": required, "properties": properties })
    };
    let code = generate_client(build_document_with_body(json!({ "anyOf": [
        object(&["property", "checkbox"], &["property", "checkbox"]),
        object(&["property", "number"], &["property", "number", "text"]),
        object(&["property"], &["property", "date"]),
        object(&["property"], &["property"]),
    ]})));
    for variant in ["Checkbox", "Number", "Date", "Property"] {
        assert!(code.contains(&format!(" {variant}(MakeThingBody{variant})")), "{variant}: {code}");
    }
}

/// A discriminator that the document names is the name of an alternative; another constant says less than a title.
#[test]
fn only_a_declared_discriminator_names_alternatives_before_their_titles() {
    let one = |title: &str, value: Value| json!({ "type": "object", "title": title, "required": ["type"], "properties": { "type": { "const": value } } });
    let numbers = json!([one("Card", json!(1)), one("Bank", json!(2))]);
    let texts = json!([one("Card payment", json!("card")), one("Bank transfer", json!("bank"))]);
    for (union, names) in [
        (json!({ "oneOf": numbers }), ["Card(", "Bank("]),
        (json!({ "oneOf": texts }), ["CardPayment(", "BankTransfer("]),
        (json!({ "oneOf": texts, "discriminator": { "propertyName": "type" } }), ["Card(", "Bank("]),
    ] {
        let code = generate_client(build_document_with_body(union));
        for name in names {
            assert!(code.contains(&format!(" {name}")), "{name}: {code}");
        }
    }
}

#[test]
fn nullable_unions_keep_their_name_and_discriminator() {
    let one = |name: &str| json!({ "type": "object", "title": name, "properties": { "kind": { "type": "string" } } });
    let pet = json!({ "oneOf": [
        { "$ref": "#/components/schemas/cat" },
        { "$ref": "#/components/schemas/dog" },
    ], "discriminator": { "propertyName": "kind" } });
    for more in [json!({}), json!({ "nullable": true }), json!({ "type": "object", "nullable": true })] {
        let mut pet = pet.clone();
        pet.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut document = build_document_with_body(json!({ "type": "object", "properties": { "pet": pet } }));
        document["openapi"] = "3.0.3".into();
        document["components"]["schemas"] = json!({ "cat": one("Cat"), "dog": one("Dog") });
        let code = generate_client(document);
        assert!(code.contains("runtime::tagged_request!(MakeThingBodyPet, \"kind\", [\"cat\" =>"), "{more}: {code}");
    }
}

#[test]
fn deprecated_parts_are_marked_with_an_attribute() {
    let mut document = build_document_with_body(json!({
        "type": "object",
        "properties": { "old": { "type": ["string", "null"], "deprecated": true }, "new": { "type": "string" } },
    }));
    let operation = document["paths"].as_object_mut().unwrap().values_mut().next().unwrap();
    let operation = operation.as_object_mut().unwrap().values_mut().next().unwrap();
    operation["deprecated"] = true.into();
    operation["parameters"] =
        json!([{ "name": "page", "in": "query", "deprecated": true, "schema": { "type": "string" } }]);
    let code = generate_client(document);
    // The field and its three setters, the operation, the parameter's two setters.
    assert_eq!(code.matches("#[deprecated]").count(), 7, "{code}");
    assert_eq!(code.matches("#[allow(deprecated)]").count(), 2, "{code}");
}

#[test]
fn integers_of_64_bits_have_short_types() {
    for (schema, name) in [
        (json!({}), "Integer"),
        (json!({ "minimum": 1 }), "Integer<1>"),
        (json!({ "format": "int32" }), "Int32"),
        (json!({ "format": "int64" }), "Int64"),
        (json!({ "maximum": 9 }), "Integer<{ i64::MIN as i128 }, 9>"),
        (json!({ "minimum": 0, "maximum": 9 }), "Integer<0, 9>"),
    ] {
        let mut integer = schema;
        integer["type"] = "integer".into();
        let code = generate_client(build_document_with_body(
            json!({ "type": "object", "required": ["a"], "properties": { "a": integer, "b": { "anyOf": [integer, { "type": "boolean" }] } } }),
        ));
        assert!(code.contains(&format!("pub a: super::runtime::{name},")), "{name}: {code}");
        assert!(code.contains(&format!("Integer(super::runtime::{name}),")), "{name}: {code}");
    }
}

/// Returns the names of the structs and enums in generated code.
fn list_types(code: &str) -> Vec<&str> {
    let types = code.split("\npub mod runtime").next().unwrap_or_default();
    let words: Vec<&str> = types.split(|c: char| c.is_whitespace() || "({<;".contains(c)).collect();
    words.windows(3).filter(|it| it[0] == "pub" && ["struct", "enum"].contains(&it[1])).map(|it| it[2]).collect()
}

/// Responses may omit required properties, so alternatives that only require some are one type in responses.
#[test]
fn alternatives_that_only_require_properties_are_one_type_in_responses() {
    let schema = json!({
        "type": "object",
        "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
        "anyOf": [{ "required": ["a"] }, { "required": ["b"] }],
    });
    let mut document = build_document_with_body(json!({ "$ref": "#/components/schemas/either" }));
    document["components"]["schemas"]["either"] = schema;
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/either" } } });
    document["paths"]["/things"]["post"]["responses"]["200"] = json!({ "description": "done", "content": content });
    let code = generate_client(document);
    let types = list_types(&code);
    for name in ["Either", "EitherA", "EitherB", "EitherResponse"] {
        assert!(types.contains(&name), "{name}: {types:?}");
    }
    assert!(code.contains("types::EitherResponse>"), "{code}");
}

/// Both unions of an `allOf` can be sent.
#[test]
fn unions_are_combined_with_each_other() {
    let object =
        |name: &str| json!({ "type": "object", "required": [name], "properties": { (name): { "type": "string" } } });
    let union = |one: &str, other: &str| json!({ "oneOf": [object(one), object(other)] });
    let schema = json!({ "allOf": [union("left", "right"), union("up", "down")] });
    let code = generate_client(build_document_with_body(schema));
    for name in ["LeftUp", "LeftDown", "RightUp", "RightDown"] {
        assert!(list_types(&code).contains(&format!("MakeThingBody{name}").as_str()), "{code}");
    }
}

/// Alternatives are multiplied only up to a limit, beyond which further unions of the same `allOf` are widened.
#[test]
fn many_unions_are_not_combined() {
    let object = |name: String| json!({ "type": "object", "properties": { (name): { "type": "string" } } });
    let union = |number| (0..4).map(|index| object(format!("a{number}_{index}"))).collect::<Value>();
    let unions: Value = (0..8).map(|number| json!({ "oneOf": union(number) })).collect();
    let required =
        |number| (0..3).map(|index| json!({ "required": [format!("a{number}_{index}")] })).collect::<Value>();
    let any: Value = (0..14).map(|number| json!({ "anyOf": required(number) })).collect();
    for (schema, alternatives) in [(json!({ "allOf": unions }), 64), (json!({ "type": "object", "allOf": any }), 27)] {
        let prepared = prepare_document(build_document_with_body(schema), build_empty_lock());
        assert!(prepared.warnings().to_string().contains("`allOf` is widened"), "{}", prepared.warnings());
        let code = generate_code(&prepared, Output::Client);
        let types = list_types(&code);
        assert!((alternatives..3 * alternatives).contains(&types.len()), "{} types", types.len());
    }
}

#[test]
fn types_of_responses_are_named_after_their_component_or_location() {
    let schemas = json!({
        "V1.Foo": { "type": "object", "properties": { "a": { "type": "string" } } },
        "V1_Foo": { "type": "object", "properties": { "list": {
            "type": "array", "items": { "type": "object", "properties": { "b": { "type": "string" } } },
        }}},
    });
    let content = |reference: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{reference}") });
        json!({ "responses": { "200": { "description": "", "content": { "application/json": { "schema": schema } } } } })
    };
    let mut document = build_document(json!({
        "/a": { "get": content("V1.Foo") }, "/b": { "get": content("V1_Foo") },
        "/c": { "get": content("V1_Foo/properties/list/items") },
    }));
    document["components"]["schemas"] = schemas;
    let code = generate_client(document);
    let types = list_types(&code);
    for name in ["V1Foo", "V1Foo2", "V1FooListItem"] {
        assert!(types.contains(&name), "{name}: {types:?}");
    }
}

/// Fields are written in letters that rustc accepts without a warning, and the document's names are sent.
#[test]
fn fields_have_normalized_names() {
    let properties = json!({ "\u{fb01}le": {}, "file": {}, "\u{441}": {}, "gr\u{f6}\u{df}e": {} });
    let code = generate_client(build_document_with_body(json!({ "type": "object", "properties": properties })));
    for field in ["pub file:", "pub file2:", "pub u0441:", "pub gr\u{f6}\u{df}e:", "rename = \"\u{441}\""] {
        assert!(code.contains(field), "{field}: {code}");
    }
}

/// `Box` is a keyword in snake case, and taken in Pascal case.
#[test]
fn methods_of_mocks_with_reserved_names_are_documented() {
    let operation = json!({ "operationId": "Box", "responses": { "204": { "description": "" } } });
    let document = build_document(json!({ "/a": { "get": operation } }));
    let code = generate_code(&prepare_document(document, build_empty_lock()), Output::Mock);
    assert!(code.contains("/// Mocks `GET /a`.\n    fn get_box<"), "{code}");
}

/// An unused import is a warning.
#[test]
fn mocks_may_use_no_types() {
    let document = build_document(json!({ "/a": { "get": { "responses": { "204": { "description": "" } } } } }));
    let code = generate_code(&prepare_document(document, build_empty_lock()), Output::Mock);
    assert!(code.contains("#[allow(unused_imports)]\n    use crate::generated::*;"), "{code}");
}

/// rustc warns about two names in one crate that look alike, in whatever scopes they are.
#[test]
fn names_that_look_alike_get_a_number_in_all_scopes() {
    let (kho, khuat) = ('\u{e02}', '\u{e03}');
    let parameter =
        |letter: char| json!({ "name": format!("{letter}n"), "in": "query", "schema": { "type": "string" } });
    let property = |letter: char| json!({ "type": "object", "properties": { format!("{letter}p"): { "type": "string", "enum": [format!("{letter}v")] } } });
    let operation = |letter: char, other: char| {
        json!({
            "operationId": format!("{letter}o"),
            "parameters": [parameter(letter), parameter(other)],
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": {
                "$ref": format!("#/components/schemas/{letter}t"),
            } } } } },
        })
    };
    let mut document = build_document(json!({
        "/a": { "get": operation(kho, khuat) },
        "/b": { "get": operation(khuat, khuat) },
    }));
    document["components"]["schemas"] =
        json!({ format!("{kho}t"): property(kho), format!("{khuat}t"): property(khuat) });
    let prepared = prepare_document(document, build_empty_lock());
    for output in [Output::Client, Output::Mock] {
        let code = generate_code(&prepared, output);
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '"' && c != '`' && c != '/');
        let names: BTreeSet<&str> = words.filter(|word| !word.contains(['"', '`', '/'])).collect();
        let with = |letter: char| names.iter().filter(move |name| name.contains(letter)).map(ToString::to_string);
        let alike = with(khuat).filter(|name| names.contains(name.replace(khuat, &kho.to_string()).as_str()));
        assert_eq!(alike.collect::<Vec<_>>(), [""; 0]);
        assert!(with(kho).next().is_some() && with(khuat).next().is_some(), "{code}");
    }
}

/// In Markdown, the text after a list item of several lines could become part of the item, or of a code block that the item opens.
#[test]
fn methods_list_parameters_in_one_line_each() {
    let described = [
        ("a", "First\nsecond.\n\nThird."),
        ("b", "```\ncode\n```\nmore"),
        ("c", "One of:\n- x\n- y"),
        ("d", "Text\n```rust\ncode"),
        ("e", "1. one\n2. two"),
        ("f", "2.5 times\r\n*as* much"),
    ];
    let parameters = described.map(
        |(name, text)| json!({ "name": name, "in": "query", "description": text, "schema": { "type": "string" } }),
    );
    let operation =
        json!({ "operationId": "find", "parameters": parameters, "responses": { "204": { "description": "" } } });
    let code = generate_client(build_document(json!({ "/a": { "get": operation } })));
    let items: Vec<&str> = code.lines().filter_map(|line| line.trim().strip_prefix("/// - ")).take(6).collect();
    assert_eq!(items, ["`a`: First second.", "`b`", "`c`: One of:", "`d`: Text", "`e`", "`f`: 2.5 times *as* much"]);
    let after: Vec<&str> =
        code.lines().skip_while(|line| !line.contains("/// - `f`")).skip(1).take(2).map(str::trim).collect();
    assert_eq!(after, ["/// ```text", "/// let response = client.find()"]);
    assert!(code.contains("/// Third."), "{code}");
}
