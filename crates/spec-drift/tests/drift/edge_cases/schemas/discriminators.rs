//! Discriminators, and the schemas that extend the schema with the discriminator.

use openapi_refinery::load;
use openapi_spec_drift::Verdict::{self, Breaking, Compatible, None as NoChange};
use openapi_spec_drift::compare;
use serde_json::{Value, json};

use super::super::{build_document, build_request, build_response, classify};

const PETS: &str = "
Pet:
  type: object
  required: [t]
  properties: {t: {type: string}, id: {type: string}, slug: {type: string}}
  discriminator: {propertyName: t, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {m: {type: string}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {w: {type: string}}}]}
Lion: {type: object, properties: {u: {type: string}, l: {type: string}}}
Tiger: {type: object, properties: {u: {type: string}, s: {type: string}}}
";

fn with_components(mut document: Value, components: &str) -> Value {
    document["components"]["schemas"] = load(components).unwrap();
    document
}

fn extend(mut object: Value, more: Value) -> Value {
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Returns the verdicts on an edit of the components in requests and in responses that consist of a schema.
fn classify_edit(schema: &Value, components: &str, [from, to]: [&str; 2]) -> [Verdict; 2] {
    assert!(components.contains(from), "{from}");
    [build_request, build_response].map(|build| {
        let [old, new] =
            [components, &components.replace(from, to)].map(|components| with_components(build(schema), components));
        classify(&old, &new)
    })
}

/// The alternatives of the parent do not replace its children.
#[test]
fn children_of_a_parent_with_alternatives_are_compared() {
    let alternatives = "anyOf: [{required: [id]}, {required: [slug]}]";
    let beside = PETS.replace("  discriminator:", &format!("  {alternatives}\n  discriminator:"));
    let combined = PETS.replace("  discriminator:", &format!("  allOf: [{{{alternatives}}}]\n  discriminator:"));
    let around =
        json!({ "allOf": [reference("Pet"), { "oneOf": [{ "required": ["id"] }, { "required": ["slug"] }] }] });
    let retyped = ["m: {type: string}", "m: {type: integer}"];
    for (schema, components) in [(&reference("Pet"), &*beside), (&reference("Pet"), &combined), (&around, PETS)] {
        assert_eq!(classify_edit(schema, components, retyped), [Breaking; 2], "{components}");
    }
    let removed = ["{type: object, properties: {m: {type: string}}}", "{type: object}"];
    let [old, new] = [&*beside, &beside.replace(removed[0], removed[1])]
        .map(|components| with_components(build_response(&reference("Pet")), components));
    let rules: Vec<String> = compare(&old, &new).unwrap().into_iter().map(|change| change.rule).collect();
    assert_eq!(rules, ["property-removed"], "the removal of the only property is no change of the mapping");
}

/// The discriminator and the children of a schema are compared where the schema becomes one of several alternatives, and where it remains
/// as the only one.
#[test]
fn children_of_a_parent_that_becomes_an_alternative_are_compared() {
    let list = json!({ "oneOf": [reference("Pet"), { "type": "string" }] });
    for (edit, expected) in [
        (["m: {type: string}", "m: {type: integer}"], Breaking),
        (["cat: '#", "kat: '#"], Breaking),
        (["m: {type: string}", "m: {type: string}, n: {}"], Compatible),
    ] {
        let edited = PETS.replace(edit[0], edit[1]);
        let request = [(&reference("Pet"), PETS), (&list, &*edited)];
        let response = [(&list, PETS), (&reference("Pet"), &*edited)];
        let [old, new] = request.map(|(schema, components)| with_components(build_request(schema), components));
        assert_eq!(classify(&old, &new), expected, "{edit:?} in a request");
        let rules: Vec<String> = compare(&old, &new).unwrap().into_iter().map(|change| change.rule).collect();
        assert!(!rules.contains(&"discriminator-removed".to_owned()), "{rules:?}");
        let [old, new] = response.map(|(schema, components)| with_components(build_response(schema), components));
        assert_eq!(classify(&old, &new), expected, "{edit:?} in a response");
    }
}

/// Each discriminator has children of its own.
#[test]
fn discriminators_at_several_levels_are_compared_separately() {
    let inner = "allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {m: {type: string}}}, {oneOf: \
        [{$ref: '#/components/schemas/Lion'}, {$ref: '#/components/schemas/Tiger'}], discriminator: {propertyName: u, mapping: {lion: \
        '#/components/schemas/Lion', tiger: '#/components/schemas/Tiger'}}}]";
    let cat = "allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {m: {type: string}}}]";
    let union = PETS.replacen(cat, inner, 1);
    for used in ["Pet", "Cat"] {
        let renamed = ["lion: '#", "leo: '#"];
        assert_eq!(classify_edit(&reference(used), &union, renamed), [Breaking; 2], "{used}");
    }
    let levels = PETS
        .replacen(
            "{m: {type: string}}}]",
            "{m: {type: string}}}], discriminator: {propertyName: u, mapping: {lion: Lion}}",
            1,
        )
        .replacen("Lion: {type", "Lion: {allOf: [{$ref: '#/components/schemas/Cat'}], type", 1);
    assert_eq!(classify_edit(&reference("Lion"), &levels, ["cat: '#", "kitty: '#"]), [Breaking; 2]);
    assert_eq!(classify_edit(&reference("Lion"), &levels, ["dog: '#", "hound: '#"]), [NoChange; 2]);
}

/// A component that the same value of the mapping selects counts as renamed, if the other document has neither name.
#[test]
fn renamed_children_are_compared_if_the_mapping_keeps_their_value() {
    let renamed = PETS.replace("Dog", "Hound");
    for used in ["Pet", "Cat", "Dog"] {
        let after = if used == "Dog" { "Hound" } else { used };
        let classify_both = |new: &str| {
            [build_request, build_response].map(|build| {
                let old = with_components(build(&reference(used)), PETS);
                classify(&old, &with_components(build(&reference(after)), new))
            })
        };
        let is_affected = used != "Cat";
        let expected = |verdicts| if is_affected { verdicts } else { [NoChange; 2] };
        assert_eq!(classify_both(&renamed), [NoChange; 2], "{used}");
        let required = renamed.replace("properties: {w:", "required: [w], properties: {w:");
        assert_eq!(classify_both(&required), expected([Breaking, Compatible]), "{used}");
        assert_eq!(classify_both(&renamed.replace("{w: {type: string}}", "{}")), expected([Breaking; 2]), "{used}");
    }
    assert_eq!(
        classify_edit(&reference("Pet"), PETS, ["dog: '#/components/schemas/Dog'", "dog: '#/components/schemas/Cat'"]),
        [Breaking; 2]
    );
}

/// The name of a renamed component is only a value of the discriminator in one of the documents. If the mapping states it, clients rely on it.
#[test]
fn a_mapped_name_of_a_renamed_component_is_a_value() {
    let list = "List: {oneOf: [{$ref: '#/components/schemas/Lion'}, {$ref: '#/components/schemas/Tiger'}], discriminator: {propertyName: u, mapping: {l: Lion, t: Tiger}}}";
    let components = format!("{PETS}{list}");
    for (used, value, name, renamed) in [("Pet", "dog: '#", "Dog", "Hound"), ("List", "l: L", "Lion", "Puma")] {
        let target = if used == "Pet" {
            format!("{name}: '#/components/schemas/{name}', ")
        } else {
            format!("{name}: {name}, ")
        };
        let with_name = components.replace(value, &format!("{target}{value}"));
        let without_name = components.replace(name, renamed);
        let [with_name, without_name] = [&with_name, &without_name];
        let classify_both = |old: &str, new: &str| {
            [build_request, build_response].map(|build| {
                let [old, new] = [old, new].map(|components| with_components(build(&reference(used)), components));
                classify(&old, &new)
            })
        };
        assert_eq!(classify_both(&components, without_name), [NoChange; 2], "{used}");
        assert_eq!(classify_both(with_name, without_name), [Breaking, Compatible], "{used}");
        assert_eq!(classify_both(without_name, with_name), [Compatible, Breaking], "{used}");
    }
}

/// A value that selects this schema instead of another one can be sent and received in addition.
#[test]
fn a_value_that_comes_to_select_a_child_widens_it() {
    let additional = PETS.replace("dog: '#", "d2: '#/components/schemas/Cat', dog: '#");
    let moved = ["d2: '#/components/schemas/Cat'", "d2: '#/components/schemas/Dog'"];
    assert_eq!(classify_edit(&reference("Dog"), &additional, moved), [Compatible, Breaking]);
    assert_eq!(classify_edit(&reference("Cat"), &additional, moved), [Breaking, Compatible]);
}

#[test]
fn each_member_of_a_discriminator_is_reported_once() {
    let new = PETS.replace("propertyName: t", "propertyName: id").replace("cat: '#", "kat: '#");
    let operation = json!({
        "requestBody": { "content": { "application/json": { "schema": reference("Pet") } } },
        "responses": { "200": { "description": "", "content": { "application/json": { "schema": reference("Cat") } } } },
    });
    let [old, new] = [PETS, &new].map(|components| with_components(build_document(&operation), components));
    let changes = compare(&old, &new).unwrap();
    let found: Vec<_> =
        changes.iter().map(|it| (it.pointer.rsplit('/').next().unwrap(), it.message.as_str())).collect();
    let expected = [
        (
            "kat",
            "the discriminator value `cat` no longer selects `Cat`, the discriminator value `kat` now selects `Cat`: responses may differ from \
             what existing clients expect, existing requests may be rejected, others are accepted",
        ),
        (
            "propertyName",
            "`propertyName` of the discriminator was \"t\" and is \"id\": responses may differ from what existing clients expect, existing \
             requests may be rejected, others are accepted",
        ),
    ];
    assert_eq!(found, expected);
}

/// The property of each alternative lists the values, so the mapping only states what was known.
#[test]
fn a_mapping_that_the_alternatives_imply_is_no_change() {
    let list = |mapping: Value| {
        let discriminator = extend(json!({ "propertyName": "u" }), mapping);
        json!({ "oneOf": [reference("Lion"), reference("Tiger")], "discriminator": discriminator })
    };
    let components = PETS
        .replace(
            "Lion: {type: object, properties: {u: {type: string}",
            "Lion: {type: object, properties: {u: {enum: [lion, cub]}",
        )
        .replace(
            "Tiger: {type: object, properties: {u: {type: string}",
            "Tiger: {type: object, properties: {u: {enum: [tiger]}",
        );
    let mapping = |values: &[[&str; 2]]| {
        let entries =
            values.iter().map(|[value, name]| ((*value).to_owned(), format!("#/components/schemas/{name}").into()));
        json!({ "mapping": entries.collect::<serde_json::Map<_, _>>() })
    };
    for (entries, expected) in [
        (mapping(&[["lion", "Lion"], ["tiger", "Tiger"]]), NoChange),
        (mapping(&[["lion", "Lion"], ["cub", "Lion"], ["tiger", "Tiger"]]), NoChange),
        (mapping(&[["lion", "Tiger"]]), Breaking),
        (mapping(&[["leo", "Lion"]]), Breaking),
    ] {
        let [old, new] =
            [json!({}), entries.clone()].map(|more| with_components(build_response(&list(more)), &components));
        assert_eq!(classify(&old, &new), expected, "{entries}");
        assert_eq!(classify(&new, &old), if expected == NoChange { NoChange } else { Compatible }, "{entries}");
    }
}

/// A value that several schemas list selects none of them.
#[test]
fn a_mapping_is_not_implied_by_values_that_several_children_list() {
    let listed = PETS.replace("properties: {t: {type: string}", "properties: {t: {enum: [cat, dog]}");
    let removed = ["cat: '#/components/schemas/Cat', ", ""];
    assert_eq!(classify_edit(&reference("Pet"), &listed, removed), [Breaking, Compatible]);
    let swapped = [
        "cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'",
        "cat: '#/components/schemas/Dog', dog: '#/components/schemas/Cat'",
    ];
    for used in ["Pet", "Cat"] {
        assert_eq!(classify_edit(&reference(used), &listed, swapped), [Breaking; 2], "{used}");
    }
    // The change is stated once, not again for each child.
    let [old, new] = [&*listed, &listed.replace(swapped[0], swapped[1])]
        .map(|components| with_components(build_request(&reference("Pet")), components));
    let changes = compare(&old, &new).unwrap();
    assert_eq!(changes.len(), 1, "{changes:#?}");
}

/// Values of different discriminators are independent, even if they are equal.
#[test]
fn equal_values_of_several_discriminators_are_compared() {
    let levels = PETS
        .replacen(
            "{m: {type: string}}}]",
            "{m: {type: string}}}], discriminator: {propertyName: u, mapping: {cat: Lion, dog: Tiger}}",
            1,
        )
        .replace("Lion: {type", "Lion: {allOf: [{$ref: '#/components/schemas/Cat'}], type")
        .replace("Tiger: {type", "Tiger: {allOf: [{$ref: '#/components/schemas/Cat'}], type");
    assert_eq!(classify_edit(&reference("Cat"), &levels, ["cat: Lion", "leo: Lion"]), [Breaking; 2]);
    // A tiger is not a lion.
    let retyped = ["l: {type: string}", "l: {type: integer}"];
    assert_eq!(classify_edit(&reference("Tiger"), &levels, retyped), [NoChange; 2]);
    assert_eq!(classify_edit(&reference("Cat"), &levels, retyped), [Breaking; 2]);
}

/// A mapping may select schemas that do not extend the one with the discriminator.
#[test]
fn selected_schemas_beside_alternatives_of_constraints_are_compared() {
    let components = PETS
        .replace("  discriminator:", "  anyOf: [{required: [id]}, {required: [slug]}]\n  discriminator:")
        .replace("Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, ", "Cat: {allOf: [");
    let retyped = ["m: {type: string}", "m: {type: integer}"];
    assert_eq!(classify_edit(&reference("Pet"), &components, retyped), [Breaking; 2]);
}

/// Two parents with equal discriminators remain two parents.
#[test]
fn one_of_two_equal_discriminators_is_compared() {
    let parent =
        "{type: object, properties: {t: {type: string}}, discriminator: {propertyName: t, mapping: {a: A, b: B}}}";
    let components =
        format!("P: {parent}\nQ: {parent}\nA: {{type: object}}\nB: {{type: object}}\nC: {{type: object}}\n");
    let both = json!({ "allOf": [reference("P"), reference("Q")] });
    for mapping in ["{a: A, b: C}", "{a: A, c: B}"] {
        let changed = format!("Q: {}", parent.replace("{a: A, b: B}", mapping));
        let unchanged = format!("Q: {parent}");
        assert_eq!(classify_edit(&both, &components, [&unchanged, &changed]), [Breaking; 2], "{mapping}");
    }
}

/// The mapping that led to a child is known, but that of its other parent is not.
#[test]
fn the_mapping_of_a_second_parent_is_compared() {
    let components = PETS.replace("Cat: {allOf: [", "Cat: {allOf: [{$ref: '#/components/schemas/Animal'}, ")
        + "Animal: {type: object, discriminator: {propertyName: u, mapping: {cat: Cat, dog: Dog}}, properties: {u: {type: string}}}\n";
    assert_eq!(classify_edit(&reference("Pet"), &components, ["{cat: Cat", "{kat: Cat"]), [Breaking; 2]);
    // The property of one of two discriminators.
    assert_eq!(classify_edit(&reference("Cat"), &components, ["propertyName: u", "propertyName: t"]), [Breaking; 2]);
    let reordered = [
        "{$ref: '#/components/schemas/Animal'}, {$ref: '#/components/schemas/Pet'}",
        "{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Animal'}",
    ];
    assert_eq!(classify_edit(&reference("Cat"), &components, reordered), [NoChange; 2]);
}

/// A child may become a part of the parent, as its only alternative, while it no longer extends the parent.
#[test]
fn a_child_that_becomes_a_part_of_its_parent_is_compared() {
    let one = PETS.replace(", dog: '#/components/schemas/Dog'", "");
    let edited = |cat: &str| {
        let cat_before =
            "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {m: {type: string}}}]}";
        let with_list =
            one.replace("  discriminator:", "  oneOf: [{$ref: '#/components/schemas/Cat'}]\n  discriminator:");
        with_list.replace(cat_before, &format!("Cat: {{type: object, properties: {{t: {{type: string}}, {cat}}}}}"))
    };
    for (cat, expected) in [("m: {type: integer}", [Breaking; 2]), ("", [Breaking; 2])] {
        let verdicts = [build_request, build_response].map(|build| {
            let [old, new] = [&one, &edited(cat)].map(|it| with_components(build(&reference("Pet")), it));
            classify(&old, &new)
        });
        assert_eq!(verdicts, expected, "{cat}");
    }
}

/// Without the discriminator, the parent describes none of the properties that its children add.
#[test]
fn removing_the_discriminator_of_a_parent_removes_its_children() {
    let (start, end) = (PETS.find("  discriminator").unwrap(), PETS.find("Cat: {").unwrap());
    let discriminator = &PETS[start..end];
    assert_eq!(classify_edit(&reference("Pet"), PETS, [discriminator, ""]), [Breaking, Compatible]);
    let constrained =
        PETS.replace("  discriminator", "  oneOf: [{required: [id]}, {required: [slug]}]\n  discriminator");
    assert_eq!(classify_edit(&reference("Pet"), &constrained, [discriminator, ""]), [Breaking, Compatible]);
    // Alternatives remain.
    let list = "Pet:\n  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]\n".to_owned()
        + discriminator
        + "Cat: {type: object, required: [t, m], properties: {t: {type: string}, m: {type: string}}}\n"
        + "Dog: {type: object, required: [t, w], properties: {t: {type: string}, w: {type: string}}}\n";
    assert_eq!(classify_edit(&reference("Pet"), &list, [discriminator, ""]), [Compatible; 2]);
}

/// The added discriminator tells the alternatives apart, which accept the same values as before.
#[test]
fn adding_a_discriminator_to_overlapping_alternatives_is_compatible() {
    let components = "Lion: {type: object, properties: {u: {type: string}}}\nTiger: {type: object, properties: {u: {type: string}}}\n";
    let list = json!({ "oneOf": [reference("Lion"), reference("Tiger")] });
    let tagged = extend(list.clone(), json!({ "discriminator": { "propertyName": "u" } }));
    for build in [build_request, build_response] {
        let [old, new] = [&list, &tagged].map(|schema| with_components(build(schema), components));
        let changes: Vec<_> = compare(&old, &new).unwrap().into_iter().map(|it| (it.rule, it.wire)).collect();
        assert_eq!(changes, [("discriminator-added".to_owned(), Compatible)]);
    }
}

/// Returns one object in place of two alternatives with the properties `x` and `y`.
fn merge_alternatives(kind: Value) -> Value {
    let properties = json!({ "k": kind, "x": { "type": "string" }, "y": { "type": "string" } });
    json!({ "type": "object", "required": ["k"], "properties": properties })
}

/// What selected an alternative does not matter once there is only one schema.
#[test]
fn discriminated_alternatives_that_become_one_object_are_compared_with_it() {
    let components = "
A: {type: object, required: [k], properties: {k: {const: a}, x: {type: string}}}
B: {type: object, required: [k], properties: {k: {const: b}, y: {type: string}}}
";
    let union = json!({ "oneOf": [reference("A"), reference("B")], "discriminator": { "propertyName": "k" } });
    for (kind, expected) in [(json!({ "type": "string" }), Compatible), (json!({ "const": "a" }), Breaking)] {
        let merged = merge_alternatives(kind);
        let [old, new] = [&union, &merged].map(|schema| with_components(build_request(schema), components));
        assert_eq!(classify(&old, &new), expected, "{merged}");
    }
}

/// Clients read an instance by the value of the discriminator.
#[test]
fn one_object_in_place_of_discriminated_alternatives_has_values_that_selected_one() {
    let components = "
A: {type: object, required: [k], properties: {k: {type: string}, x: {type: string}}}
B: {type: object, required: [k], properties: {k: {type: string}, y: {type: string}}}
";
    let union = json!({ "oneOf": [reference("A"), reference("B")], "discriminator": { "propertyName": "k" } });
    for (kind, expected) in [
        (json!({ "type": "string" }), Breaking),
        (json!({ "enum": ["A", "C"] }), Breaking),
        (json!({ "enum": ["A", "B"] }), Compatible),
    ] {
        let merged = merge_alternatives(kind);
        let [old, new] = [&union, &merged].map(|schema| with_components(build_response(schema), components));
        assert_eq!(classify(&old, &new), expected, "{merged}");
    }
    let [old, new] = [&union, &reference("A")].map(|schema| with_components(build_response(schema), components));
    assert_eq!(classify(&old, &new), Compatible);
    let integers = components.replace("k: {type: string}", "k: {type: integer}");
    let mapping = json!({ "1": "#/components/schemas/A", "2": "#/components/schemas/B" });
    let union = extend(union, json!({ "discriminator": { "propertyName": "k", "mapping": mapping } }));
    let merged = merge_alternatives(json!({ "enum": [1, 2] }));
    let [old, new] = [&union, &merged].map(|schema| with_components(build_response(schema), &integers));
    assert_eq!(classify(&old, &new), Compatible);
}

/// `Cat` has a child, and also leads to the discriminator of its parent.
#[test]
fn a_removed_discriminator_is_one_change_with_one_message() {
    let (start, end) = (PETS.find("  discriminator").unwrap(), PETS.find("Cat: {").unwrap());
    let used = json!({ "type": "object", "properties": { "pet": reference("Pet"), "cat": reference("Cat") } });
    let components =
        format!("{PETS}Siamese: {{allOf: [{{$ref: '#/components/schemas/Cat'}}, {{properties: {{s: {{}}}}}}]}}\n");
    let without = components.replace(&PETS[start..end], "");
    let [old, new] = [&components, &without].map(|components| with_components(build_request(&used), components));
    let removed: Vec<_> = compare(&old, &new).unwrap().into_iter().filter(|it| it.rule.starts_with("discri")).collect();
    let [change] = &removed[..] else { panic!("{removed:#?}") };
    assert_eq!(change.message.matches("was removed").count(), 1, "{}", change.message);
}
