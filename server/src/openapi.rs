//! The API's description, OpenAPI 3.1, out of the table of operations.

mod examples;
mod parameters;
mod problems;
mod prose;
mod readable;
mod shapes;

use std::sync::OnceLock;

use app::help::api::ApiDocs;
use serde_json::{Map, Value, json};

use crate::{
    doors, once,
    operations::{Answers, JSON, Operation, Table, Takes},
    state::VERSION,
};
use shapes::Shapes;
pub use shapes::in_words;

/// As it is sent; written at first use.
pub fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| serde_json::to_string_pretty(document()).unwrap_or_default() + "\n")
}

/// The whole description; written at first use.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| written(&doors::table()))
}

/// The same for the page that people read.
pub fn readable() -> &'static ApiDocs {
    static DOCS: OnceLock<ApiDocs> = OnceLock::new();
    DOCS.get_or_init(|| readable::docs(document()))
}

const RULES: &str = "\
Every act of the pages, for programs. The same act has the same word in address, button and history.

* Send `Authorization: Bearer rtl_p_...`: a token from the profile page. Its scope says how far it reaches.
* Bodies are JSON objects. Each value may be a text, a number, a truth value or null: `5` and `\"5\"` are the same, \
`true` ticks a box, null is nothing. A field nobody knows is refused.
* Instants in answers are microseconds since 1970 UTC. Instants that are sent are texts.
* What is refused is an `application/problem+json` with a `code` that never changes and `fields` that name what to mend.
* Lists are pages: `Link` has the whole address of the next one.
* Fields are only ever added. Read past what you do not know.";

fn written(table: &Table) -> Value {
    let mut shapes = Shapes::new();
    let mut paths: Map<String, Value> = Map::new();
    for operation in &table.operations {
        let written = operation_written(operation, &mut shapes);
        if let Some(doors) = paths.entry(operation.address()).or_insert_with(|| json!({})).as_object_mut() {
            doors.insert(operation.method.as_str().to_lowercase(), written);
        }
    }
    let tags: Vec<Value> =
        table.words.iter().map(|word| json!({ "name": word.name, "description": word.says })).collect();
    let problem = shapes.answered(problems::SHAPE);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Retrial",
            "version": VERSION,
            "summary": "A lab notebook for chaos experiments: every fix is verified by rerunning the same experiment.",
            "description": RULES,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "rtl_...",
                    "description": "A personal token. Operations name the least scope that reaches them: read, ingest or all.",
                },
            },
            "parameters": parameters::shared(),
            "headers": parameters::headers(),
            "responses": problems::responses(&problem),
            "schemas": shapes.into_components(),
        },
    });
    shapes::drop_idle(&mut document);
    document
}

fn operation_written(operation: &Operation, shapes: &mut Shapes) -> Value {
    let mut written = json!({
        "operationId": operation.id(),
        "tags": [operation.word],
        "summary": operation.says,
        "description": description(operation),
        "parameters": parameters::of(operation, shapes),
        "responses": responses(operation, shapes),
    });
    if let Some(body) = body(operation, shapes) {
        written["requestBody"] = body;
    }
    written["security"] = match operation.scope() {
        Some(scope) => json!([{ "token": [scope.word()] }]),
        None => json!([]),
    };
    written
}

fn description(operation: &Operation) -> String {
    let reach = match (operation.right(), operation.scope()) {
        (Some(right), Some(scope)) => {
            format!("Takes the right to {} and a token with the scope `{}`.", right.word(), scope.word())
        }
        _ => "Nobody has to be signed in: the token in the body is the right to do it.".to_owned(),
    };
    [operation.more, &reach].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

fn body(operation: &Operation, shapes: &mut Shapes) -> Option<Value> {
    if operation.is_read() {
        return None;
    }
    let (kinds, schema, required): (&[&str], Value, bool) = match &operation.takes {
        Takes::Nothing => (JSON, json!({ "type": "object", "additionalProperties": false }), false),
        Takes::Document(kinds) => (kinds, json!({ "description": "The document, as the tool wrote it." }), true),
        Takes::Draft { shape, .. } => {
            let (schema, required) = shapes.sent(*shape, operation.needs, operation.fields);
            (JSON, schema, required)
        }
    };
    let mut content = json!({ "schema": schema });
    if let Some(example) = examples::of(&operation.id()) {
        content["example"] = example;
    }
    let contents: Map<String, Value> = kinds.iter().map(|kind| ((*kind).to_owned(), content.clone())).collect();
    Some(json!({ "required": required, "content": contents }))
}

fn responses(operation: &Operation, shapes: &mut Shapes) -> Value {
    let schema = match operation.answers {
        Answers::Json(shape) => shapes.answered(shape),
        Answers::Document => json!({ "description": "Any JSON, as it was taken." }),
        Answers::Text(_) => json!({ "type": "string" }),
        Answers::Files(_) => json!({ "description": "The file, as it was sent." }),
    };
    let kinds: &[&str] = match &operation.answers {
        Answers::Json(_) | Answers::Document => JSON,
        Answers::Text(kind) => std::slice::from_ref(kind),
        Answers::Files(kinds) => kinds,
    };
    let repeated = operation.takes_key().then(|| shapes.answered(once::repeated_shape));
    let mut done = operation.done();
    let only_repeated = repeated.is_some() && done.iter().all(|(status, _)| *status != 200);
    if only_repeated {
        done.push((200, "Done before, and what was answered then is not known any more."));
    }
    let mut responses = Map::new();
    for (status, says) in done {
        let schema = match &repeated {
            // A key's first answer may be lost, too large or secret; then its repeat is told so.
            Some(repeated) if status == 200 && only_repeated => repeated.clone(),
            Some(repeated) if status == 200 => json!({ "anyOf": [schema, repeated] }),
            _ => schema.clone(),
        };
        let contents: Map<String, Value> =
            kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema }))).collect();
        let mut done = json!({ "description": says, "content": contents });
        let headers = parameters::answered_with(operation, status);
        if !headers.is_empty() {
            done["headers"] = Value::Object(headers);
        }
        responses.insert(status.to_string(), done);
    }
    if operation.versioned {
        responses.insert("304".into(), json!({ "description": "Still the same as the one named in `If-None-Match`." }));
    }
    for status in problems::possible(operation) {
        responses.insert(status.to_string(), problems::named(status));
    }
    Value::Object(responses)
}

#[cfg(test)]
mod tests;
