//! The API's description as tests hold answers against it.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use server::{
    doors,
    operations::{Operation, Table},
};

use crate::world::Answer;

pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(doors::table)
}

pub fn operation(id: &str) -> &'static Operation {
    table().operations.iter().find(|operation| operation.id() == id).unwrap_or_else(|| panic!("no operation {id}"))
}

/// The description, in which objects hold the fields they name and no others: in a test an answer may
/// not say more than is described.
fn strict() -> &'static Value {
    static STRICT: OnceLock<Value> = OnceLock::new();
    STRICT.get_or_init(|| {
        let mut document = server::openapi::document().clone();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            close(schema);
        }
        document
    })
}

fn close(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else { return };
    let has_fields = fields.contains_key("properties");
    let composed = has_fields && ["oneOf", "anyOf", "allOf"].iter().any(|word| fields.contains_key(*word));
    if has_fields && !fields.contains_key("additionalProperties") {
        fields.insert("unevaluatedProperties".into(), false.into());
    }
    for (name, field) in fields.iter_mut() {
        match (name.as_str(), field) {
            ("properties", Value::Object(inner)) => inner.values_mut().for_each(close),
            // The choices of an object that has fields of its own are closed together with them.
            ("oneOf" | "anyOf" | "allOf", Value::Array(list)) if !composed => list.iter_mut().for_each(close),
            ("oneOf" | "anyOf", Value::Array(list)) => list.iter_mut().for_each(close_fields),
            ("items" | "additionalProperties", inner) => close(inner),
            _ => {}
        }
    }
}

/// What stands below the fields of a choice.
fn close_fields(choice: &mut Value) {
    if let Some(fields) = choice.get_mut("properties").and_then(Value::as_object_mut) {
        fields.values_mut().for_each(close);
    }
}

fn validator(schema: &Value) -> Validator {
    let mut whole: Map<String, Value> = schema.as_object().cloned().unwrap();
    let mut named = Map::new();
    take_along(schema, &mut named);
    whole.insert("components".into(), json!({ "schemas": named }));
    jsonschema::draft202012::new(&Value::Object(whole)).unwrap()
}

/// What a schema refers to, and what that refers to; all the others would be read anew with each answer.
fn take_along(schema: &Value, named: &mut Map<String, Value>) {
    match schema {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            let name = reference.and_then(|reference| reference.strip_prefix("#/components/schemas/"));
            if let Some(name) = name.filter(|name| !named.contains_key(*name)) {
                let referred = &strict()["components"]["schemas"][name];
                named.insert(name.to_owned(), referred.clone());
                take_along(referred, named);
            }
            fields.values().for_each(|field| take_along(field, named));
        }
        Value::Array(list) => list.iter().for_each(|inner| take_along(inner, named)),
        _ => {}
    }
}

fn resolved(value: &Value) -> &Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(value, |pointer| strict().pointer(pointer).unwrap())
}

/// Holds an answer against its operation: status, content type, headers and every field.
pub fn expect_described(operation: &Operation, answer: &Answer) {
    let id = operation.id();
    let described = &strict()["paths"][operation.address()][operation.method.as_str().to_lowercase()];
    let response = resolved(&described["responses"][answer.status.as_str()]);
    assert!(response.is_object(), "{id} does not name {}: {}", answer.status, answer.text());
    let kind = answer.header("content-type").split(';').next().unwrap();
    let schema = &response["content"][kind]["schema"];
    assert!(schema.is_object(), "{id} {} does not name {kind}", answer.status);
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let missing = resolved(header)["required"] == true && !answer.headers.contains_key(name.to_lowercase());
        assert!(!missing, "{id} {} has no {name}", answer.status);
    }
    let json = answer.value();
    let wrong: Vec<String> =
        validator(schema).iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{id} {} is not as described:\n{}\n{json:#}", answer.status, wrong.join("\n"));
}

/// Holds a body against what its operation says it takes.
pub fn expect_taken(operation: &Operation, body: &Value) {
    let described = &strict()["paths"][operation.address()]["post"]["requestBody"]["content"]["application/json"];
    let wrong: Vec<String> = validator(&described["schema"])
        .iter_errors(body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{} says it does not take {body}:\n{}", operation.id(), wrong.join("\n"));
}

#[test]
fn a_body_or_an_answer_that_differs_from_its_description_is_found() {
    let found = |check: fn()| std::panic::catch_unwind(check).is_err();
    assert!(found(|| expect_taken(operation("runs_abort"), &json!({ "reason": "bored" }))));
    assert!(found(|| expect_taken(operation("runs_abort"), &json!({ "reason": "people", "mood": "bad" }))));
    assert!(found(|| expect_taken(operation("runs_abort"), &json!({}))));
    expect_taken(operation("runs_abort"), &json!({ "reason": "people", "text": null, "at": "-3m" }));
    let answer = |body: Value| Answer {
        status: axum::http::StatusCode::OK,
        headers: [(axum::http::header::CONTENT_TYPE, "application/json".parse().unwrap())].into_iter().collect(),
        body: body.to_string().into_bytes(),
    };
    expect_described(operation("settings_show"), &answer(json!({ "solo": true })));
    for wrong in [json!({}), json!({ "solo": "on" }), json!({ "solo": true, "duo": false })] {
        assert!(
            std::panic::catch_unwind(|| expect_described(operation("settings_show"), &answer(wrong.clone()))).is_err()
        );
    }
}

#[test]
fn an_empty_text_in_a_list_names_nothing_and_null_is_no_item() {
    let gameday = json!({ "title": "Quorum day", "date": "2026-12-02", "from": "10:00", "until": "13:00" });
    for (id, body, list) in [
        ("fixes_propose", json!({ "title": "Shorter timeout" }), "findings"),
        ("decisions_decide", json!({ "kind": "keep_manual" }), "claims"),
        ("gamedays_write", gameday.clone(), "runs"),
        ("gamedays_write", gameday.clone(), "teams"),
        ("gamedays_write", gameday, "observers"),
        ("runs_attend", json!({ "person": 1 }), "parts"),
        ("cadences_set", json!({ "at": "10:00" }), "days"),
        ("templates_promote", json!({}), "requires"),
        (
            "experiments_create",
            json!({ "title": "Restart one ZooKeeper", "services": ["zookeeper"] }),
            "relevant_changes",
        ),
    ] {
        let with = |item: &Value| {
            let mut body = body.clone();
            body[list] = json!([item]);
            body
        };
        expect_taken(operation(id), &with(&json!("")));
        for none in [Value::Null, json!(false)] {
            let taken = std::panic::catch_unwind(|| expect_taken(operation(id), &with(&none)));
            assert!(taken.is_err(), "{id} takes {none} among {list}");
        }
    }
}
