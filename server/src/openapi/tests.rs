use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::operations::{FACE, Fields, Takes, Twin};

/// Every value below a document with its place.
fn walk<'a>(value: &'a Value, place: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(place, value);
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, item)| walk(item, &format!("{place}/{index}"), visit));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| walk(field, &format!("{place}/{name}"), visit));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_operation_is_named_once_and_said_in_one_sentence() {
    let table = doors::table();
    let mut seen = BTreeSet::new();
    for operation in &table.operations {
        let id = operation.id();
        assert!(seen.insert(id.clone()), "{id} is there twice");
        assert!(operation.says.ends_with('.') && !operation.says.contains(". "), "{id}: {}", operation.says);
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{id}");
        assert!(table.words.iter().any(|word| word.name == operation.word && !word.says.is_empty()), "{id}");
        let last = operation.path.rsplit('/').next().unwrap_or_default().replace('-', "_");
        let listed = table.operations.iter().any(|other| other.is_read() && other.path == operation.path);
        let own_word = !operation.is_read() && !last.starts_with('{') && operation.path.contains("}/") && !listed;
        assert!(!own_word || operation.name.starts_with(&last), "{id} is called {last} in its address");
    }
}

#[test]
fn every_part_of_an_address_is_described() {
    for operation in doors::table().operations {
        let parts = operation.path.matches('{').count();
        assert_eq!(operation.names.len(), parts, "{} {}: call `names`", operation.id(), operation.path);
    }
}

#[test]
fn every_body_that_is_needed_has_an_example_that_fits() {
    let table = doors::table();
    for operation in &table.operations {
        let id = operation.id();
        let needed = document()["paths"][operation.address()]["post"]["requestBody"]["required"] == true;
        let example = examples::of(&id);
        let Takes::Draft { reads, .. } = operation.takes else { continue };
        assert!(example.is_some() || !needed, "{id} needs an example");
        // Numbers and truth values arrive as texts.
        assert_eq!(example.map_or(Ok(()), |example| reads(&crate::sent::plain(example))), Ok(()), "{id}");
    }
    for (id, _) in examples::EXAMPLES {
        assert!(table.operations.iter().any(|operation| operation.id() == id) && examples::of(id).is_some(), "{id}");
    }
}

#[test]
fn whoever_says_a_version_may_be_told_that_it_is_not_the_present_one() {
    for operation in doors::table().operations {
        let post = &document()["paths"][operation.address()]["post"];
        let body = &post["requestBody"]["content"]["application/json"]["schema"];
        let named = body["$ref"].as_str().and_then(|name| document().pointer(name.trim_start_matches('#')));
        if named.unwrap_or(body)["properties"]["version"].is_object() {
            let answers = &post["responses"];
            assert!(answers["412"].is_object() && answers["428"].is_object(), "{}", operation.id());
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut used = BTreeSet::new();
    walk(document, "", &mut |place, value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap_or_default();
            assert!(document.pointer(pointer).is_some(), "{place}: {reference}");
            used.insert(pointer.to_owned());
        }
    });
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let idle: Vec<&String> =
        schemas.keys().filter(|name| !used.contains(&format!("/components/schemas/{name}"))).collect();
    assert!(idle.is_empty(), "nothing uses {idle:?}");
}

#[test]
fn no_two_types_share_a_name() {
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    for name in schemas.keys() {
        let own = name.trim_end_matches(|c: char| c.is_ascii_digit());
        assert!(
            own == name || !schemas.contains_key(own),
            "{name}: give one of them another name with `schemars(rename)`"
        );
        assert!(!["Whole", "Line", "Listed", "Row", "Draft", "Body"].contains(&name.as_str()), "{name} of what?");
    }
}

#[test]
fn a_word_is_the_same_whether_sent_or_answered() {
    let (mut sent, mut answered) = (Shapes::new(), Shapes::new());
    for operation in &doors::table().operations {
        if let Takes::Draft { shape, .. } = operation.takes {
            sent.sent(shape, &[], Fields::All);
        }
        for shape in operation.asks.into_iter().chain(operation.names.iter().map(|named| named.shape)) {
            sent.plain(shape);
        }
        if let Answers::Json(shape) = operation.answers {
            answered.answered(shape);
        }
    }
    let answered: BTreeMap<String, Value> = answered.into_components().into_iter().collect();
    for (name, schema) in sent.into_components() {
        if let Some(other) = answered.get(&name) {
            assert_eq!(*other, schema, "{name} differs");
        }
    }
}

#[test]
fn the_words_of_code_stay_out_of_descriptions() {
    walk(document(), "", &mut |place, value| {
        if let (true, Some(text)) = (place.ends_with("/description"), value.as_str()) {
            assert!(
                !text.contains("::") && !text.contains("[`") && !text.contains("product reference"),
                "{place}: {text}"
            );
        }
    });
}

#[test]
fn the_twin_of_a_form_is_an_operation() {
    let table = doors::table();
    for form in &table.forms {
        assert!(!form.path.starts_with(FACE), "{}", form.path);
        match form.twin {
            Twin::Operation(id) => {
                assert!(table.operations.iter().any(|other| other.id() == id), "{}: {id}", form.path);
            }
            Twin::None(why) => assert!(why.len() > 20, "{}: say why", form.path),
        }
    }
}
