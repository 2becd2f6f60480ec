//! Every way an operation says no, for the description.

use serde_json::{Map, Value, json};

use crate::{
    api,
    operations::{Operation, Shape},
};

/// What a problem looks like.
pub const SHAPE: Shape = api::problem_shape;

/// Status, name of the response, and when.
const PROBLEMS: [(u16, &str, &str); 12] = [
    (400, "NotRead", "The body does not read as JSON."),
    (401, "SignIn", "The token is missing, unknown, revoked or too old."),
    (403, "NotAllowed", "The token's person may not do this, or its scope ends before."),
    (404, "Missing", "What the address or the body names is not there."),
    (409, "NotNow", "Not as things stand: state, gate, a name that is taken, a key under way. `code` says which."),
    (412, "Stale", "It has changed meanwhile. Nothing was overwritten; `ETag` names the present version."),
    (413, "TooMuch", "More was sent than is taken."),
    (415, "WrongType", "The body is not said to be application/json."),
    (422, "Unfit", "Fields, parameters or headers need another look; `fields` names each. Nothing was saved."),
    (428, "NoVersion", "It takes `If-Match`, or the field `version`."),
    (429, "TooOften", "Too many tries; `Retry-After` says how long to wait."),
    (503, "Busy", "The notebook is busy; `Retry-After` says when to try again. Nothing was saved."),
];

/// How an operation can be refused.
pub fn possible(operation: &Operation) -> Vec<u16> {
    let is_read = operation.is_read();
    let can = |status: u16| match status {
        401 => operation.act.is_some(),
        // A token of any scope reads, and so does everybody who is signed in.
        403 => operation.act.is_some_and(|act| !is_read || act.right() != notebook::actor::Right::Read),
        404 => !is_read || !operation.names.is_empty(),
        400 | 409 | 413 | 415 => !is_read,
        412 | 428 => operation.edits || operation.replaces,
        422 => !is_read || operation.asks.is_some(),
        429 => operation.counts_tries,
        _ => true,
    };
    PROBLEMS.iter().map(|(status, ..)| *status).filter(|status| can(*status)).collect()
}

/// The response for a status, by reference.
pub fn named(status: u16) -> Value {
    let name = PROBLEMS.iter().find(|(known, ..)| *known == status).map_or("", |(_, name, _)| *name);
    json!({ "$ref": format!("#/components/responses/{name}") })
}

pub fn responses(problem: &Value) -> Value {
    let mut responses = Map::new();
    for (status, name, says) in PROBLEMS {
        let mut response =
            json!({ "description": says, "content": { "application/problem+json": { "schema": problem } } });
        let header = |name: &str, shared: &str| json!({ name: { "$ref": format!("#/components/headers/{shared}") } });
        let headers = match status {
            401 => Some(header("WWW-Authenticate", "WwwAuthenticate")),
            412 => Some(header("ETag", "ETag")),
            429 | 503 => Some(header("Retry-After", "RetryAfter")),
            _ => None,
        };
        if let Some(headers) = headers {
            response["headers"] = headers;
        }
        responses.insert(name.to_owned(), response);
    }
    Value::Object(responses)
}
