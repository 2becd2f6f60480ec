//! The description as people read it. It is made out of the document that tools read, so the two
//! cannot say different things.

use app::help::api::{ApiAnswer, ApiDocs, ApiField, ApiKind, ApiOperation, ApiShape, ApiWord};
use notebook::shapes::BLANK;
use serde_json::{Map, Value};

/// More words than this are looked up at the shape.
const WORDS_MAX: usize = 12;

pub fn docs(document: &Value) -> ApiDocs {
    let read = Read { document };
    let words = items(&document["tags"]).iter().map(|tag| read.word(tag)).filter(|word| !word.operations.is_empty());
    let shapes = fields(&document["components"]["schemas"]).map(|(name, schema)| shape(name, schema));
    let mut problems: Vec<ApiAnswer> = read.problems().collect();
    problems.sort_by(|a, b| a.status.cmp(&b.status));
    ApiDocs { words: words.collect(), shapes: shapes.collect(), problems }
}

struct Read<'a> {
    document: &'a Value,
}

impl Read<'_> {
    fn word(&self, tag: &Value) -> ApiWord {
        let name = text(&tag["name"]);
        let doors = fields(&self.document["paths"]).flat_map(|(address, doors)| {
            fields(doors).map(move |(method, operation)| (address.clone(), method.clone(), operation))
        });
        let own = doors.filter(|(.., operation)| items(&operation["tags"]).iter().any(|tag| *tag == *name));
        let mut operations: Vec<ApiOperation> =
            own.map(|(address, method, operation)| self.operation(address, &method, operation)).collect();
        // What is read first, then what is done; the document sorts by address alone.
        operations.sort_by_key(|operation| operation.sends);
        ApiWord { says: text(&tag["description"]), name, operations }
    }

    fn operation(&self, address: String, method: &str, operation: &Value) -> ApiOperation {
        let body = &operation["requestBody"]["content"]["application/json"];
        let sent = &body["schema"];
        let mut sent_fields = own_fields(self.resolved(sent));
        let needs = items(&sent["required"]);
        for field in &mut sent_fields {
            field.needed |= needs.iter().any(|name| *name == *field.name);
        }
        let (refused, done): (Vec<_>, Vec<_>) =
            fields(&operation["responses"]).partition(|(status, _)| status.starts_with(['4', '5']));
        ApiOperation {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            address,
            says: text(&operation["summary"]),
            more: text(&operation["description"]),
            parameters: items(&operation["parameters"]).iter().map(|one| parameter(self.resolved(one))).collect(),
            fields: sent_fields,
            answers: done.into_iter().map(|(status, answer)| answered(status, answer)).collect(),
            refusals: refused.into_iter().map(|(status, _)| status.clone()).collect(),
            example: body.get("example").map(|example| serde_json::to_string(example).unwrap_or_default()),
            sends: operation.get("requestBody").is_some(),
            needs_token: !items(&operation["security"]).is_empty(),
        }
    }

    fn resolved<'b>(&'b self, value: &'b Value) -> &'b Value {
        let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    /// Status and meaning; the status of a shared response is what operations call it by.
    fn problems(&self) -> impl Iterator<Item = ApiAnswer> {
        let named = fields(&self.document["components"]["responses"]);
        named.filter_map(|(name, response)| {
            let reference = format!("#/components/responses/{name}");
            let doors = fields(&self.document["paths"]).flat_map(|(_, doors)| fields(doors));
            let mut statuses = doors.flat_map(|(_, operation)| fields(&operation["responses"]));
            let (status, _) = statuses.find(|(_, answer)| answer["$ref"] == reference.as_str())?;
            Some(ApiAnswer { status: status.clone(), says: text(&response["description"]), kind: ApiKind::default() })
        })
    }
}

fn answered(status: &str, answer: &Value) -> ApiAnswer {
    let schema = &answer["content"]["application/json"]["schema"];
    // What a repeat may be told instead is the last choice, and stands among the rules.
    let usual = items(&schema["anyOf"]).first().filter(|_| schema["type"].is_null());
    let kind = kind(usual.unwrap_or(schema));
    ApiAnswer { status: status.to_owned(), says: text(&answer["description"]), kind }
}

fn parameter(parameter: &Value) -> ApiField {
    ApiField {
        name: text(&parameter["name"]),
        place: match parameter["in"].as_str() {
            Some("path") => "address".into(),
            place => place.unwrap_or_default().to_owned(),
        },
        kind: kind(&parameter["schema"]),
        needed: parameter["required"] == true,
        says: text(&parameter["description"]),
    }
}

fn shape(name: &str, schema: &Value) -> ApiShape {
    let fields = own_fields(schema);
    let is = fields.is_empty().then(|| kind(schema)).filter(|kind| *kind != ApiKind::default());
    ApiShape { name: name.to_owned(), says: text(&schema["description"]), kind: is, fields }
}

fn own_fields(schema: &Value) -> Vec<ApiField> {
    let needed = items(&schema["required"]);
    let field = |(name, field): (&String, &Value)| ApiField {
        name: name.clone(),
        place: String::new(),
        kind: kind(field),
        needed: needed.iter().any(|known| *known == **name),
        says: text(&field["description"]),
    };
    fields(&schema["properties"]).map(field).collect()
}

/// What a value is, in words.
fn kind(schema: &Value) -> ApiKind {
    let says = |words: &str| ApiKind { before: words.to_owned(), ..ApiKind::default() };
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return ApiKind { shape: Some(name.to_owned()), ..ApiKind::default() };
    }
    if let Some(words) = schema["enum"].as_array() {
        return says(&one_of(words));
    }
    if let Some(word) = schema.get("const") {
        return says(&spelled(word));
    }
    if let Some(choices) =
        schema["anyOf"].as_array().or(schema["oneOf"].as_array()).filter(|_| schema["type"].is_null())
    {
        return choice(choices);
    }
    match schema["type"].as_str() {
        Some("array") => around("list of ", &schema["items"], ""),
        Some("string") if schema["pattern"] == BLANK => says("nothing"),
        Some("string") => says(&example(schema).map_or("text".to_owned(), |example| format!("text like {example}"))),
        Some("integer") => says("whole number"),
        Some("number") => says("number"),
        Some("boolean") => says("true or false"),
        Some("null") => says("null"),
        Some("object") if schema["additionalProperties"].is_object() => {
            around("object whose values are ", &schema["additionalProperties"], "")
        }
        Some("object") => single(schema),
        _ => several(&schema["type"]),
    }
}

fn around(before: &str, schema: &Value, after: &str) -> ApiKind {
    let inner = kind(schema);
    ApiKind { before: format!("{before}{}", inner.before), after: format!("{}{after}", inner.after), ..inner }
}

/// One of several kinds; a shape among them is linked, if there is only one.
fn choice(choices: &[Value]) -> ApiKind {
    let kinds: Vec<ApiKind> = choices.iter().map(kind).collect();
    let linked = kinds.iter().filter(|kind| kind.shape.is_some()).count();
    if linked == 1
        && let Some(shape) = kinds.iter().find(|kind| kind.shape.is_some())
    {
        let mut others: Vec<String> = kinds.iter().filter(|kind| kind.shape.is_none()).map(flat).collect();
        others.dedup();
        return ApiKind { after: format!("{} or {}", shape.after, others.join(" or ")), ..shape.clone() };
    }
    let mut all: Vec<String> = kinds.iter().map(flat).filter(|words| !words.is_empty()).collect();
    all.dedup();
    ApiKind { before: all.join(" or "), ..ApiKind::default() }
}

fn flat(kind: &ApiKind) -> String {
    format!("{}{}{}", kind.before, kind.shape.as_deref().unwrap_or_default(), kind.after)
}

/// `{ "invalid": ... }`: the object with this one field.
fn single(schema: &Value) -> ApiKind {
    let mut own = fields(&schema["properties"]);
    match (own.next(), own.next()) {
        (Some((name, field)), None) => around(&format!("object with {name}: "), field, ""),
        (Some(_), Some(_)) => {
            let names: Vec<&str> = fields(&schema["properties"]).map(|(name, _)| name.as_str()).collect();
            ApiKind { before: format!("object with {}", names.join(", ")), ..ApiKind::default() }
        }
        (None, _) => ApiKind { before: "object".into(), ..ApiKind::default() },
    }
}

fn several(kinds: &Value) -> ApiKind {
    let kinds: Vec<&str> = items(kinds).iter().filter_map(Value::as_str).collect();
    let before = match kinds.as_slice() {
        [] => "any JSON".to_owned(),
        // What a form sends as a text.
        ["string", "number", "boolean", "null"] | ["string", "number"] => "text".to_owned(),
        [kind, "null"] => format!("{} or null", word(kind)),
        kinds => kinds.iter().map(|kind| word(kind)).collect::<Vec<_>>().join(" or "),
    };
    ApiKind { before, ..ApiKind::default() }
}

fn word(kind: &str) -> &str {
    match kind {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "true or false",
        other => other,
    }
}

fn one_of(words: &[Value]) -> String {
    // Said without a word that is one, false is nothing too.
    if words.iter().all(|word| word.is_null() || *word == false || *word == "") {
        return "nothing".to_owned();
    }
    let real: Vec<String> = words.iter().filter(|word| !word.is_null() && **word != "").map(spelled).collect();
    let rest = if real.len() < words.len() { "nothing" } else { "" };
    let shown = real.iter().take(WORDS_MAX).cloned().chain((real.len() > WORDS_MAX).then(|| "…".to_owned()));
    let shown: Vec<String> = shown.collect();
    match (shown.is_empty(), rest.is_empty()) {
        (true, _) => rest.to_owned(),
        (false, true) => shown.join(", "),
        (false, false) => format!("{}, or {rest}", shown.join(", ")),
    }
}

fn spelled(word: &Value) -> String {
    word.as_str().map_or_else(|| word.to_string(), str::to_owned)
}

fn example(schema: &Value) -> Option<String> {
    items(&schema["examples"]).first().map(spelled)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_are_words_with_one_link() {
        for (schema, words) in [
            (json!({ "type": ["string", "number", "boolean", "null"] }), "text"),
            (json!({ "type": "array", "items": { "$ref": "#/components/schemas/Run" } }), "list of [Run]"),
            (json!({ "type": "array", "items": { "type": ["string", "number"] } }), "list of text"),
            (json!({ "anyOf": [{ "$ref": "#/x/Verdict" }, { "type": "null" }] }), "[Verdict] or null"),
            (
                json!({ "anyOf": [{ "$ref": "#/x/Phase" }, { "type": "string", "pattern": BLANK }, { "enum": [null, false] }] }),
                "[Phase] or nothing",
            ),
            (json!({ "enum": [true, false, "on", "", null] }), "true, false, on, or nothing"),
            (json!({ "type": ["integer", "null"] }), "whole number or null"),
            (json!({ "type": "string", "examples": ["5 min"] }), "text like 5 min"),
            (
                json!({ "oneOf": [{ "const": "valid" }, { "type": "object", "properties": { "invalid": { "$ref": "#/x/Why" } } }] }),
                "object with invalid: [Why] or valid",
            ),
            (json!({}), "any JSON"),
        ] {
            let kind = kind(&schema);
            let link = kind.shape.map(|name| format!("[{name}]")).unwrap_or_default();
            assert_eq!(format!("{}{link}{}", kind.before, kind.after), words, "{schema}");
        }
    }

    #[test]
    fn every_operation_and_shape_of_the_description_can_be_read() {
        let docs = docs(super::super::document());
        let operations: usize = docs.words.iter().map(|word| word.operations.len()).sum();
        assert_eq!(operations, crate::doors::table().operations.len());
        let named = |kind: &ApiKind| kind.shape.as_ref().is_none_or(|name| docs.shapes.iter().any(|s| s.name == *name));
        for operation in docs.words.iter().flat_map(|word| &word.operations) {
            assert!(!operation.answers.is_empty() && !operation.refusals.is_empty(), "{}", operation.id);
            assert!(operation.fields.iter().all(|field| named(&field.kind)), "{}", operation.id);
            assert!(operation.answers.iter().all(|answer| named(&answer.kind)), "{}", operation.id);
        }
        assert!(docs.shapes.iter().all(|shape| shape.kind.is_some() || !shape.fields.is_empty()));
        assert_eq!(docs.problems.len(), 12);
    }
}
