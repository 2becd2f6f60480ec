//! What an operation takes in its address and headers, and the headers it answers with.

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
    if !operation.is_read() {
        list.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    if operation.edits {
        list.push(json!({ "$ref": "#/components/parameters/IfMatch" }));
    }
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
            "description": "The same key with the same body is done once, and is known for at least a day.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "required": false,
            "description": "The `ETag` of what the edit began from; the field `version` says the same.",
            "schema": { "type": "string", "pattern": "^\"[1-9][0-9]*\"$", "examples": ["\"3\""] },
        },
    })
}

/// Headers that many answers have.
pub fn headers() -> Value {
    json!({
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
    if status == 201 {
        add("Location", "Location");
    }
    headers
}
