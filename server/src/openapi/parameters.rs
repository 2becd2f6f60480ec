//! What an operation takes in its address and headers, and the headers it answers with.

use notebook::limits::ONCE_KEY_CHARS_MAX;
use serde_json::{Map, Value, json};

use super::shapes::Shapes;
use crate::operations::Operation;

pub fn of(operation: &Operation, shapes: &mut Shapes) -> Value {
    let mut list: Vec<Value> = operation
        .names
        .iter()
        .map(|named| {
            let schema = shapes.plain(named.shape);
            json!({ "name": named.name, "in": "path", "required": true, "description": named.says, "schema": schema })
        })
        .collect();
    if let Some(asks) = operation.asks {
        list.extend(asked(&shapes.plain(asks)));
    }
    let headers =
        [(operation.takes_key(), "IdempotencyKey"), (operation.edits, "IfMatch"), (operation.versioned, "IfNoneMatch")];
    let taken = headers.into_iter().filter(|(takes, _)| *takes);
    list.extend(taken.map(|(_, name)| json!({ "$ref": format!("#/components/parameters/{name}") })));
    Value::Array(list)
}

/// The fields of a struct as parameters of the address, in their own order.
fn asked(schema: &Value) -> Vec<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let parameter = |(name, field): (&String, &Value)| {
        let mut field = field.clone();
        let says = field.as_object_mut().and_then(|field| field.remove("description")).unwrap_or_default();
        let is_required = required.contains(&json!(name));
        json!({ "name": name, "in": "query", "required": is_required, "description": says, "schema": field })
    };
    fields.map(parameter).collect()
}

/// Parameters that many operations take.
pub fn shared() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "The same request under the same key is done once; keys are known for at least a day.",
            "schema": { "type": "string", "minLength": 1, "maxLength": ONCE_KEY_CHARS_MAX, "pattern": "^[!-~]+$" },
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "required": false,
            "description": "The `ETag` of what the edit began from; the field `version` says the same.",
            "schema": {
                "type": "string",
                "pattern": "^(\\*|\"[1-9][0-9]{0,17}(-[0-9a-f]{16})?\")$",
                "examples": ["\"3\""],
            },
        },
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "required": false,
            "description": "The `ETag` of an answer one has: then 304 says that it is still the same.",
            "schema": { "type": "string" },
        },
    })
}

/// Headers that many answers have.
pub fn headers() -> Value {
    json!({
        "ETag": {
            "description": "The version, and on a reading answer what else follows from the whole: `\"3-1f2e3d4c5b6a7988\"`.",
            "required": false,
            "schema": { "type": "string" },
        },
        "IdempotencyReplayed": {
            "description": "`true` on the answer to a request that was done before under the same key.",
            "required": false,
            "schema": { "type": "string" },
        },
        "Link": {
            "description": "The whole address of the next page, where there is one: `<...>; rel=\"next\"`.",
            "required": false,
            "schema": { "type": "string" },
        },
        "Location": {
            "description": "The address of what was made.",
            "required": true,
            "schema": { "type": "string" },
        },
        "RetryAfter": {
            "description": "Seconds to wait.",
            "required": true,
            "schema": { "type": "integer", "minimum": 0 },
        },
        "WwwAuthenticate": {
            "description": "`Bearer`.",
            "required": true,
            "schema": { "type": "string" },
        },
    })
}

/// The headers of an answer that something is done.
pub fn answered_with(operation: &Operation, status: u16) -> Map<String, Value> {
    let mut headers = Map::new();
    let mut add = |name: &str, shared: &str| {
        headers.insert(name.to_owned(), json!({ "$ref": format!("#/components/headers/{shared}") }));
    };
    if operation.pages {
        add("Link", "Link");
    }
    if operation.creates && status == 201 {
        add("Location", "Location");
    }
    if operation.versioned || operation.creates || operation.edits {
        add("ETag", "ETag");
    }
    if operation.takes_key() {
        add("Idempotency-Replayed", "IdempotencyReplayed");
    }
    headers
}
