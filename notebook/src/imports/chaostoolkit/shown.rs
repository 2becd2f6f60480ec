//! Short forms of what a probe gave, what is allowed, and how an activity is done.

use serde_json::Value;

use crate::imports::{VALUE_CHARS_MAX, shorten};

/// How an activity is done: `http GET http://host/path`, `python module.func`, `process path`.
/// Without arguments and queries, which may be long or secret.
pub(super) fn provider(activity: &Value) -> String {
    let provider = activity.get("provider").unwrap_or(&Value::Null);
    let part = |name: &str| provider.get(name).and_then(Value::as_str).unwrap_or("?");
    let words = match provider.get("type").and_then(Value::as_str) {
        Some("http") => {
            let method = provider.get("method").and_then(Value::as_str).unwrap_or("GET");
            let url = part("url");
            format!("http {method} {}", url.split(['?', '#']).next().unwrap_or(url))
        }
        Some("python") => format!("python {}.{}", part("module"), part("func")),
        Some("process") => format!("process {}", part("path")),
        Some(other) => other.to_owned(),
        None => "unknown".to_owned(),
    };
    shorten::line(&words, VALUE_CHARS_MAX)
}

/// What an activity gave; None if nothing. A process that ends with an error status still
/// succeeded for the tool, so the status is always shown.
pub(super) fn value(activity: &Value, output: &Value, chars_max: usize) -> Option<String> {
    let text = match (output.get("status").and_then(Value::as_i64), is_process(activity)) {
        (Some(status), true) => {
            let stream =
                |name: &str| output.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
            let said = match (status, stream("stdout"), stream("stderr")) {
                (0, Some(out), _) | (_, Some(out), None) => format!(", output {out}"),
                (_, _, Some(error)) => format!(", error {error}"),
                (_, None, None) => String::new(),
            };
            format!("exit status {status}{said}")
        }
        (Some(status), false) => match output.get("body").map(plain).filter(|body| !body.trim().is_empty()) {
            Some(body) => format!("status {status}, body {body}"),
            None => format!("status {status}"),
        },
        (None, _) => match output {
            Value::Null => return None,
            other => plain(other),
        },
    };
    Some(shorten::line(&text, chars_max)).filter(|text| !text.is_empty())
}

/// The allowed values of an activity's tolerance; None if it has none.
pub(super) fn tolerance(activity: &Value) -> Option<String> {
    let text = match activity.get("tolerance")? {
        Value::Null => return None,
        Value::Number(number) if gives_status(activity) => format!("status {number}"),
        Value::Array(items) if gives_status(activity) => format!("status one of {}", listed(items)),
        Value::Array(items) => match items.as_slice() {
            [low, high] => format!("{} to {}", plain(low), plain(high)),
            _ => format!("one of {}", listed(items)),
        },
        Value::Object(map) => {
            let part = |name: &str| map.get(name).map(plain);
            let target = part("target").map(|target| format!(" in {target}")).unwrap_or_default();
            match map.get("type").and_then(Value::as_str) {
                Some("regex") => format!("matches {}{target}", part("pattern").unwrap_or_default()),
                Some("range") => format!("{}{target}", range(map.get("range"))),
                Some("jsonpath") => {
                    format!("{}{}{target}", part("path").unwrap_or_default(), expected(part("expect"), part("count")))
                }
                Some("probe") => format!(
                    "the probe {} ({}) says so",
                    part("name").unwrap_or_default(),
                    provider(activity.get("tolerance")?)
                ),
                Some(_) | None => plain(activity.get("tolerance")?),
            }
        }
        other => plain(other),
    };
    Some(shorten::line(&text, VALUE_CHARS_MAX)).filter(|text| !text.is_empty())
}

fn is_process(activity: &Value) -> bool {
    provider_is(activity, "process")
}

/// These providers give an object with a status, which a number or a list is compared with.
fn gives_status(activity: &Value) -> bool {
    is_process(activity) || provider_is(activity, "http")
}

fn provider_is(activity: &Value, word: &str) -> bool {
    activity.pointer("/provider/type").and_then(Value::as_str) == Some(word)
}

fn range(bounds: Option<&Value>) -> String {
    match bounds.and_then(Value::as_array).map(Vec::as_slice) {
        Some([low, high]) => format!("{} to {}", plain(low), plain(high)),
        _ => "a range".to_owned(),
    }
}

fn expected(expect: Option<String>, count: Option<String>) -> String {
    match (expect, count) {
        (Some(expect), _) => format!(" gives {expect}"),
        (None, Some(count)) => format!(" gives {count} matches"),
        (None, None) => " gives a match".to_owned(),
    }
}

fn listed(items: &[Value]) -> String {
    let words: Vec<String> = items.iter().take(20).map(plain).collect();
    words.join(", ")
}

/// Texts as they are, the rest as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
