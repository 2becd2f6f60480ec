//! Types as JSON schemas. Serde's attributes are followed on both sides, and what `sent.rs` does to a
//! body on its way to a draft is said here.

use std::collections::BTreeSet;

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

use super::prose;
use crate::operations::{Fields, Shape};

const COMPONENTS: &str = "/components/schemas";

/// What was asked for so far, sent and answered apart: an optional field may be left out of what is
/// sent, and always stands in an answer.
pub struct Shapes {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Shapes {
    pub fn new() -> Self {
        let generator = |contract: Contract| {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = COMPONENTS.into();
                settings.meta_schema = None;
                settings.contract = contract;
            });
            settings.into_generator()
        };
        Self { sent: generator(Contract::Deserialize), answered: generator(Contract::Serialize) }
    }

    /// What comes back, by reference where it has a name.
    pub fn answered(&mut self, shape: Shape) -> Value {
        tidied(shape(&mut self.answered))
    }

    /// A part of an address. It is text to begin with, so nothing becomes one.
    pub fn plain(&mut self, shape: Shape) -> Value {
        tidied(shape(&mut self.sent))
    }

    /// A body and whether it has to be there: it may be left out where no field is needed.
    pub fn sent(&mut self, shape: Shape, needs: &[&str], read: Fields) -> (Value, bool) {
        let mut schema = tidied(shape(&mut self.sent));
        let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
        let draft = self.sent.definitions().get(name).cloned().unwrap_or_default();
        let always = draft["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let needed: Vec<&str> = always.chain(needs.iter().copied()).filter(|field| read.has(field)).collect();
        if read != Fields::All {
            schema = part_of(draft.clone(), read);
        }
        if read != Fields::All || !needs.is_empty() {
            schema["required"] = json!(needed);
        }
        (schema, !needed.is_empty())
    }

    /// Everything that has a name, also what only parts were taken of.
    pub fn into_components(mut self) -> Map<String, Value> {
        let mut components = Map::new();
        for (name, mut schema) in self.sent.take_definitions(true) {
            leaves(&mut schema);
            prose::tidy(&mut schema);
            components.insert(name, schema);
        }
        for (name, mut schema) in self.answered.take_definitions(true) {
            prose::tidy(&mut schema);
            components.insert(name, schema);
        }
        components
    }
}

/// A draft as it stands in an answer: under its name, and those of its rows, it would be what may be sent, numbers
/// and all.
pub fn in_words<Draft: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let settings = generator.settings().clone().with(|settings| settings.inline_subschemas = true);
    Draft::json_schema(&mut settings.into_generator())
}

/// The fields an act reads of a draft it shares with others.
fn part_of(mut draft: Value, read: Fields) -> Value {
    if let Some(fields) = draft["properties"].as_object_mut() {
        fields.retain(|name, _| read.has(name));
    }
    leaves(&mut draft);
    prose::tidy(&mut draft);
    draft
}

fn tidied(schema: Schema) -> Value {
    let mut value = schema.to_value();
    prose::tidy(&mut value);
    value
}

/// A text of a draft may be sent as a number, a truth value or null: each becomes the text a form
/// would send. What says itself which texts it takes stays as it is.
fn leaves(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    let says_more = ["enum", "const", "pattern", "format", "anyOf"].iter().any(|word| schema.contains_key(*word));
    if schema.get("type") == Some(&json!("string")) && !says_more {
        schema.insert("type".into(), json!(["string", "number", "boolean", "null"]));
    }
    for fields in ["properties", "$defs"] {
        schema
            .get_mut(fields)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
            .for_each(|(_, field)| leaves(field));
    }
    schema.get_mut("additionalProperties").into_iter().for_each(leaves);
    schema.get_mut("items").into_iter().for_each(item);
}

/// The same in a list, of which neither a truth value nor null is an item.
fn item(schema: &mut Value) {
    leaves(schema);
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "boolean" && kind != "null");
    }
}

/// Takes out what nothing refers to: a draft of which every act takes a part.
pub fn drop_idle(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        references(document, &mut used);
        let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
        let before = schemas.len();
        schemas.retain(|name, _| used.contains(&format!("#{COMPONENTS}/{name}")));
        if schemas.len() == before {
            return;
        }
    }
}

fn references(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| references(item, used)),
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                used.insert(reference.clone());
            }
            fields.values().for_each(|field| references(field, used));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_without_a_word_of_their_own_take_other_leaves() {
        let mut schema = json!({
            "type": "object",
            "properties": {
                "title": { "type": "string" },
                "kind": { "type": "string", "enum": ["a"] },
                "rows": { "type": "array", "items": { "type": "string" } },
            },
        });
        leaves(&mut schema);
        let any = json!(["string", "number", "boolean", "null"]);
        assert_eq!(schema["properties"]["title"]["type"], any);
        assert_eq!(schema["properties"]["rows"]["items"]["type"], json!(["string", "number"]), "as a body is read");
        assert_eq!(schema["properties"]["kind"]["type"], "string");
    }
}
