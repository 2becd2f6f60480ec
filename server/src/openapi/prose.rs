//! Comments of the code, as descriptions for people who do not read the code.

use serde_json::Value;

/// Makes the descriptions of a schema readable, and leaves out defaults that say nothing.
pub fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(list) => list.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = readable(text);
            }
            if fields.get("default").is_some_and(says_nothing) {
                fields.remove("default");
            }
            // A field may itself be called "description" or "default"; then it holds a schema.
            fields
                .iter_mut()
                .filter(|(name, _)| !["enum", "const", "examples"].contains(&name.as_str()))
                .for_each(|(_, value)| tidy(value));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn says_nothing(default: &Value) -> bool {
    match default {
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Without links into the code and without chapters of texts that readers do not have.
fn readable(text: &str) -> String {
    let joined = text.replace('\n', " ");
    let mut out = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once("[`") {
        let Some((link, after)) = after.split_once("`]") else { break };
        out.push_str(before);
        out.push('`');
        out.push_str(link.rsplit("::").next().unwrap_or(link));
        out.push('`');
        rest = after;
    }
    out.push_str(rest);
    match out.split_once(" (product reference, section ") {
        Some((before, after)) => format!("{before}{}", after.split_once(')').map_or("", |(_, after)| after)),
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn links_into_the_code_are_words() {
        assert_eq!(
            readable("Spellings of [`super::plan::ChangeKind`]; none for\nall."),
            "Spellings of `ChangeKind`; none for all."
        );
        assert_eq!(readable("What a fix amounts to (product reference, section 3.6)."), "What a fix amounts to.");
        assert_eq!(readable("Somewhere in [lo, hi]."), "Somewhere in [lo, hi].");
    }

    #[test]
    fn a_default_that_says_nothing_is_left_out_and_a_field_of_that_name_stays() {
        let mut schema =
            json!({ "properties": { "default": { "type": "string", "default": "" }, "q": { "default": 50 } } });
        tidy(&mut schema);
        assert_eq!(schema, json!({ "properties": { "default": { "type": "string" }, "q": { "default": 50 } } }));
    }
}
