//! An activity in short words.

use crate::foreign::{shorten, tree::Tree};

const WORDS_CHARS_MAX: usize = 200;
const ARGUMENTS_CHARS_MAX: usize = 1_000;

/// How an activity is done: `http POST http://host/path`, `python module.func`, `process path`. Empty if
/// a person does it.
pub fn does(activity: &Tree) -> String {
    let Some(provider) = activity.get("provider") else { return String::new() };
    let words = match provider.text_of("type") {
        "http" => {
            let method = Some(provider.text_of("method")).filter(|method| !method.is_empty()).unwrap_or("GET");
            format!("http {} {}", method.to_ascii_uppercase(), provider.text_of("url"))
        }
        "python" => format!("python {}.{}", provider.text_of("module"), provider.text_of("func")),
        "process" => format!("process {}", provider.text_of("path")),
        other => other.to_owned(),
    };
    shorten::line(&words, WORDS_CHARS_MAX)
}

/// With which arguments; empty without any.
pub fn with(activity: &Tree) -> String {
    let words = match activity.get("provider").and_then(|provider| provider.get("arguments")) {
        None => String::new(),
        Some(Tree::Text(text)) => text.clone(),
        Some(Tree::List(items)) if items.is_empty() => String::new(),
        Some(Tree::Members(members)) if members.is_empty() => String::new(),
        Some(other) => other.to_string(),
    };
    shorten::line(&words, ARGUMENTS_CHARS_MAX)
}
