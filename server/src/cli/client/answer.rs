//! What is told after something was done: an id, and where to look.

use serde_json::Value;

use super::{Ask, connection::Connection};
use crate::cli::{Stopped, out};

impl Ask {
    /// Tells what was done to `place`, or what was made there. `said` follows the id.
    pub fn done(
        &self,
        connection: &Connection,
        answer: &Value,
        (name, page): (&str, &str),
        said: &str,
    ) -> Result<(), Stopped> {
        if self.json {
            return out::json(answer);
        }
        if let Some((label, text)) = shown_once(answer) {
            return out::print(&if self.quiet { text.to_owned() } else { format!("{label}\n{text}") });
        }
        let made = id_of(answer);
        if self.quiet {
            return out::print(made.as_deref().unwrap_or(name));
        }
        let page = connection.page(page);
        match made.filter(|made| made != name) {
            Some(made) => out::print(&format!("{name} {said}: {made} · {page}")),
            None => out::print(&format!("{name} {said} · {page}")),
        }
    }

    /// Tells what was made, on the page of its own.
    pub fn made(&self, connection: &Connection, answer: &Value, word: &str, folder: &str) -> Result<(), Stopped> {
        match id_of(answer).filter(|_| !self.json && shown_once(answer).is_none()) {
            Some(id) if self.quiet => out::print(&id),
            Some(id) => out::print(&format!("{id} made · {}", connection.page(&format!("{folder}/{id}")))),
            None => self.done(connection, answer, (word, folder), "made"),
        }
    }
}

/// What a thing is called, by its id or its slug.
pub fn id_of(answer: &Value) -> Option<String> {
    let name = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    // A repeat of what was done before is answered with what the first one made.
    let thing = answer.get("thing").or_else(|| answer.pointer("/about/thing"));
    let before = thing.filter(|_| answer.get("code").is_some_and(|code| code == "done"));
    let before = before.and_then(Value::as_str).and_then(|page| page.rsplit('/').next()).map(str::to_owned);
    before.or_else(|| answer.get("id").or_else(|| answer.get("slug")).and_then(name))
}

/// A secret that is shown now and never again.
fn shown_once(answer: &Value) -> Option<(&str, &str)> {
    let fields = answer.as_object().filter(|fields| fields.len() == 2)?;
    fields.get("label")?.as_str().zip(fields.get("text")?.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_thing_is_called_by_its_id_or_slug() {
        for (answer, id) in [
            (json!({"id": "RUN-1", "slug": "x"}), Some("RUN-1")),
            (json!({"slug": "zookeeper"}), Some("zookeeper")),
            (json!({"id": 3}), Some("3")),
            (json!({"code": "done", "about": {"code": "done", "thing": "RUN-7"}}), Some("RUN-7")),
            (json!({"code": "done", "thing": "services/kafka", "detail": "d"}), Some("kafka")),
            (json!(null), None),
            (json!(4), None),
        ] {
            assert_eq!(id_of(&answer).as_deref(), id, "{answer}");
        }
        assert_eq!(shown_once(&json!({"label": "l", "text": "t"})), Some(("l", "t")));
        assert_eq!(shown_once(&json!({"label": "l", "text": "t", "id": 1})), None);
    }
}
