// Strategies for schemas and instances, and a validator. This is not an inner comment because tests of another package include this file.

use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Generates schemas with keywords of JSON Schema 2020-12.
pub fn any_schema() -> impl Strategy<Value = Value> {
    let bound = || select(vec![0, 1, 2, 3, 5]).prop_map(Value::from);
    let one_type =
        select(vec!["string", "integer", "number", "boolean", "object", "array", "null"]).prop_map(Value::from);
    let types = prop_oneof![
        3 => one_type.clone(),
        1 => prop::collection::hash_set(one_type.prop_map(|it| it.as_str().unwrap().to_owned()), 1..4)
            .prop_map(|types| types.into_iter().map(Value::from).collect()),
    ];
    let value = || any_instance(1);
    let scalar_keyword = prop_oneof![
        6 => types.prop_map(|value| ("type", value)),
        1 => (select(vec!["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains"]), bound()),
        1 => (select(vec!["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]), select(vec![-1.0, 0.0, 1.5, 3.0]).prop_map(Value::from)),
        1 => Just(("multipleOf", json!(2))),
        1 => Just(("uniqueItems", json!(true))),
        1 => select(vec!["^a", "b$", "^.$"]).prop_map(|pattern| ("pattern", json!(pattern))),
        1 => prop::collection::vec(value(), 1..4).prop_map(|values| ("enum", Value::from(remove_duplicates(values)))),
        1 => value().prop_map(|value| ("const", value)),
        1 => select(vec!["uri", "date-time", "uuid", "int32", "int64", "byte"]).prop_map(|format| ("format", json!(format))),
        2 => prop::collection::hash_set(select(vec!["a", "b", "c"]), 1..3)
            .prop_map(|names| ("required", names.into_iter().map(Value::from).collect())),
        1 => Just(("dependentRequired", json!({ "a": ["b"] }))),
    ];
    let leaf = prop_oneof![
        10 => prop::collection::vec(scalar_keyword.clone(), 0..4).prop_map(build_object),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!({ "$ref": "#/components/schemas/tree" })),
        1 => any_annotated_enum(),
    ];
    leaf.prop_recursive(3, 16, 3, move |inner| {
        let keyword = prop_oneof![
            4 => prop::collection::vec((select(vec!["a", "b", "c"]), inner.clone()), 1..4)
                .prop_map(|properties| ("properties", build_object(properties))),
            2 => inner.clone().prop_map(|schema| ("items", schema)),
            2 => (select(vec!["additionalProperties", "not", "contains", "propertyNames", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems"]), inner.clone()),
            3 => (select(vec!["allOf", "anyOf", "oneOf", "prefixItems"]), prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from)),
            1 => inner.clone().prop_map(|schema| ("patternProperties", json!({ "^a": schema }))),
            1 => inner.prop_map(|schema| ("dependentSchemas", json!({ "a": schema }))),
        ];
        let scalars = prop::collection::vec(scalar_keyword.clone(), 0..3);
        (prop::collection::vec(keyword, 1..4), scalars).prop_map(|(mut keywords, scalars)| {
            keywords.extend(scalars);
            // Without a type, these keywords imply one, so that fewer values are accepted. This is reported.
            let implied = [("properties", "object"), ("items", "array")];
            let implied = implied.into_iter().find(|(keyword, _)| keywords.iter().any(|(name, _)| name == keyword));
            let mut schema = build_object(keywords);
            if let Some((_, implied)) = implied.filter(|_| schema.get("type").is_none()) {
                schema["type"] = implied.into();
            }
            schema
        })
    })
}

/// Generates schemas that list values, some of which are `null`, and schemas with alternatives that do so or have one of their types, some
/// of them with an `enum` beside.
pub fn any_annotated_enum() -> impl Strategy<Value = Value> {
    let mixed = json!(["a", null, 1, "b"]);
    let values = select(vec![json!(["a", "b", "ab", ""]), json!([1, 2, 3, 4]), mixed.clone(), mixed]);
    let indices = || prop::collection::vec(0..4_usize, 1..5).prop_map(remove_duplicates);
    let alternatives = prop::collection::vec((indices(), 0..4_u8), 2..5);
    let keyword = select(vec!["oneOf", "anyOf", "enum"]);
    (values, keyword, alternatives, prop::option::of(indices())).prop_map(|(values, keyword, alternatives, beside)| {
        let list = |indices: &[usize]| -> Value { indices.iter().map(|index| values[*index].clone()).collect() };
        if keyword == "enum" {
            return json!({ "enum": list(&alternatives[0].0) });
        }
        let build = |(indices, kind): &(Vec<usize>, u8)| match (kind, &values[indices[0]]) {
            (0, Value::Null) => json!({ "type": "null" }),
            (0, Value::String(_)) => json!({ "type": "string" }),
            (0, _) => json!({ "type": ["integer", "null"] }),
            (1, _) => json!({ "enum": list(indices) }),
            (_, value) => json!({ "const": value, "title": format!("{}", indices[0]) }),
        };
        let alternatives = remove_duplicates(alternatives.iter().map(build).collect());
        let mut members = vec![(keyword, alternatives.into())];
        members.extend(beside.map(|indices| ("enum", list(&indices))));
        build_object(members)
    })
}

pub fn build_object(members: Vec<(&'static str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn remove_duplicates<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    values.into_iter().fold(Vec::new(), |mut distinct, value| {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
        distinct
    })
}

/// Generates instances for these schemas.
pub fn any_instance(depth: u32) -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(vec![-1, 0, 1, 2, 3, 4]).prop_map(Value::from),
        select(vec![0.5, 1.5, 2.0]).prop_map(Value::from),
        select(vec!["", "a", "b", "ab", "https://a.example", "aaaaaa"]).prop_map(Value::from),
    ];
    scalar.prop_recursive(depth, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((select(vec!["a", "b", "c", "branches"]), inner), 0..3).prop_map(build_object),
        ]
    })
}

/// Returns a validator for the schema at this pointer in a document.
pub fn build_validator(document: &Value, pointer: &str) -> Validator {
    let mut schema = document.pointer(pointer).unwrap().clone();
    if let Some(members) = schema.as_object_mut() {
        members.insert("components".to_owned(), document["components"].clone());
    }
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(false)
        .build(&schema)
        .unwrap()
}
