//! A JSON answer as people read it: names and values, nested by their indent.

use notebook::time::Moment;
use serde_json::{Map, Value};

use crate::cli::out::{harmless, wrapped};

/// Instants are microseconds, and nothing else in an answer is as large: 2001 to 2286.
const MOMENTS: std::ops::Range<i64> = 1_000_000_000_000_000..10_000_000_000_000_000;
const INDENT: usize = 2;

/// A value in the cell of a table.
pub fn brief(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64().filter(|micros| MOMENTS.contains(micros)) {
            Some(micros) => moment(micros),
            None => number.to_string(),
        },
        Value::Array(items) => items.iter().map(brief).collect::<Vec<_>>().join(", "),
        // A word that brings something along: {"invalid": "ruled_invalid"}.
        Value::Object(fields) => match fields.iter().next() {
            Some((name, value)) if fields.len() == 1 => format!("{name}: {}", brief(value)).trim_end().to_owned(),
            _ => "…".to_owned(),
        },
    }
}

/// `2026-11-02 10:00:03Z`
fn moment(micros: i64) -> String {
    let text = Moment::from_micros(micros).rfc3339();
    let seconds: String = text.chars().take(19).collect();
    format!("{}Z", seconds.replace('T', " "))
}

/// The whole of it. What is empty is left out.
pub fn outline(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) => object(&mut text, fields, 0),
        Value::Array(items) => list(&mut text, items, 0),
        other => line(&mut text, 0, "", &brief(other)),
    }
    text
}

fn object(text: &mut String, fields: &Map<String, Value>, indent: usize) {
    // Values before what nests: whoever reads from the top sees what the thing is.
    let (nested, plain): (Vec<_>, Vec<_>) =
        fields.iter().filter(|(_, value)| !is_empty(value)).partition(|(_, value)| nests(value));
    let width = plain.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in plain {
        line(text, indent, &format!("{name:<width$}  "), &brief(value));
    }
    for (name, value) in nested {
        match value {
            Value::Object(fields) => named(text, name, fields, indent),
            Value::Array(items) => {
                line(text, indent, name, "");
                list(text, items, indent + INDENT);
            }
            _ => {}
        }
    }
}

fn named(text: &mut String, name: &str, fields: &Map<String, Value>, indent: usize) {
    if let Some((is, because)) = answer(fields) {
        line(text, indent, &format!("{name}  "), &brief(is));
        list(text, because, indent + INDENT);
    } else {
        line(text, indent, name, "");
        object(text, fields, indent + INDENT);
    }
}

fn list(text: &mut String, items: &[Value], indent: usize) {
    for item in items {
        match item {
            Value::Object(fields) => entry(text, fields, indent),
            Value::Array(inner) => list(text, inner, indent + INDENT),
            other => line(text, indent, "- ", &brief(other)),
        }
    }
}

fn entry(text: &mut String, fields: &Map<String, Value>, indent: usize) {
    if let Some(says) = sentence(fields) {
        return line(text, indent, "- ", says);
    }
    let mut inner = String::new();
    object(&mut inner, fields, indent + INDENT);
    // The first line of an entry carries its mark.
    let (start, marked) = (" ".repeat(indent + INDENT), format!("{}- ", " ".repeat(indent)));
    text.push_str(&inner.replacen(&start, &marked, 1));
}

/// A computed word with the sentences that led to it.
fn answer(fields: &Map<String, Value>) -> Option<(&Value, &[Value])> {
    let because = fields.get("because")?.as_array()?;
    fields.get("is").filter(|_| fields.len() == 2).map(|is| (is, because.as_slice()))
}

/// One of these sentences.
fn sentence(fields: &Map<String, Value>) -> Option<&str> {
    fields.get("says")?.as_str().filter(|_| fields.len() == 2 && fields.contains_key("of"))
}

fn nests(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.len() != 1 || fields.values().any(nests),
        Value::Array(items) => items.iter().any(|item| item.is_object() || item.is_array()),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn line(text: &mut String, indent: usize, name: &str, value: &str) {
    let start = format!("{}{name}", " ".repeat(indent));
    let value = wrapped(&harmless(value), start.chars().count());
    text.push_str(format!("{start}{value}").trim_end());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_reads_from_the_top_and_leaves_out_what_is_empty() {
        let value = json!({
            "run": {"id": "RUN-1", "started_at": 1_793_613_600_000_000_i64, "planned_at": null},
            "validity": {"is": {"invalid": "ruled_invalid"}, "because": [{"of": "RUN-1", "says": "Ben ruled so."}]},
            "verdict": "upheld",
            "targets": [{"name": "zk-1", "hit": true}, {"name": "zk-2", "hit": false}],
            "names": ["a", "b"],
            "gate": [],
        });
        assert_eq!(
            outline(&value),
            "\
names    a, b
verdict  upheld
run
  id          RUN-1
  started_at  2026-11-02 10:00:00Z
targets
  - hit   yes
    name  zk-1
  - hit   no
    name  zk-2
validity  invalid: ruled_invalid
  - Ben ruled so.
"
        );
    }

    #[test]
    fn long_texts_stay_within_eighty_columns() {
        let text = outline(&json!({"procedure": "start the service by hand ".repeat(10)}));
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn numbers_are_moments_only_where_nothing_else_is_as_large() {
        assert_eq!(brief(&json!(1_793_613_600_000_000_i64)), "2026-11-02 10:00:00Z");
        assert_eq!(brief(&json!(900_000)), "900000");
    }
}
