//! What is sent: a JSON file, `name=value` words, or both. Words take the names that forms take:
//! `checks.0.threshold=60` is a row's field, and `services[]=zookeeper` a list of one.

use std::io::Read as _;

use notebook::limits::BODY_BYTES_MAX;
use serde_json::{Map, Value};

use crate::{cli::Stopped, sent::nest};

/// The body of one act.
pub fn body(from: Option<&str>, words: &[String]) -> Result<Value, Stopped> {
    let mut body = match from {
        Some(from) => document(from)?,
        None => Value::Object(Map::new()),
    };
    let pairs = words.iter().map(|word| pair(word)).collect::<Result<Vec<_>, _>>()?;
    if !pairs.is_empty() {
        let typed = nest(&pairs)
            .map_err(|refusal| Stopped::usage(Stopped::from(notebook::fault::Error::from(refusal)).to_string()))?;
        lay_over(&mut body, typed);
    }
    Ok(body)
}

/// `name=value`; the value may hold further signs.
pub fn pair(word: &str) -> Result<(String, String), Stopped> {
    let (name, value) = word
        .split_once('=')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or_else(|| Stopped::usage(format!("\"{word}\" is no field; write name=value")))?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// What a list is asked: `name=value`, and of all other words one query.
pub fn filters(words: &[String]) -> Vec<(String, String)> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let (mut pairs, mut query) = (Vec::new(), Vec::new());
    for word in words {
        match word.split_once('=') {
            Some((name, value)) if is_name(name) => pairs.push((name.to_owned(), value.to_owned())),
            Some(_) | None => query.push(word.as_str()),
        }
    }
    if !query.is_empty() {
        pairs.push(("q".to_owned(), query.join(" ")));
    }
    pairs
}

/// A file, or standard input by the name `-`.
pub fn bytes(from: &str, bytes_max: usize) -> Result<Vec<u8>, Stopped> {
    let no = |trouble: std::io::Error| {
        let name = if from == "-" { "standard input" } else { from };
        Stopped::new(format!("{name} cannot be read: {trouble}"))
    };
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    match from {
        "-" => std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(no)?,
        path => std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(no)?,
    };
    if bytes.len() > bytes_max {
        return Err(Stopped::new(format!("{from} is larger than {bytes_max} bytes; nothing was sent")));
    }
    Ok(bytes)
}

fn document(from: &str) -> Result<Value, Stopped> {
    let value: Value = serde_json::from_slice(&bytes(from, BODY_BYTES_MAX)?)
        .map_err(|trouble| Stopped::usage(format!("{from} is no JSON: {trouble}")))?;
    if value.is_object() { Ok(value) } else { Err(Stopped::usage(format!("{from} holds no JSON object"))) }
}

/// Typed fields win over the file's; rows meet by their number, so that one field of one row can be said anew.
fn lay_over(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                lay_over(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(below), Value::Array(above)) if above.iter().all(Value::is_object) => {
            for (at, value) in above.into_iter().enumerate() {
                if at < below.len() {
                    lay_over(&mut below[at], value);
                } else {
                    below.push(value);
                }
            }
        }
        (below, above) => *below = above,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn typed(words: &[&str]) -> Result<Value, Stopped> {
        body(None, &words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_no_filter_of_a_list_is_its_query() {
        let words = ["service=kafka", "is:open", "measured:alert-gap>=10min", "\"leader election\""].map(str::to_owned);
        let asked = [("service", "kafka"), ("q", "is:open measured:alert-gap>=10min \"leader election\"")];
        assert_eq!(filters(&words), asked.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(filters(&[]).is_empty());
    }

    #[test]
    fn words_become_fields_rows_and_lists() {
        assert_eq!(
            typed(&["title=a=b", "services[]=zookeeper", "checks.1.measure=gap"]).unwrap(),
            json!({"title": "a=b", "services": ["zookeeper"], "checks": [{}, {"measure": "gap"}]})
        );
        assert_eq!(typed(&[]).unwrap(), json!({}));
        for bad in ["title", "=x", ""] {
            assert_eq!(typed(&[bad]).unwrap_err().number(), 2, "{bad}");
        }
    }

    #[test]
    fn typed_fields_win_over_the_file() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("plan.json");
        std::fs::write(
            &file,
            r#"{"title": "T", "checks": [{"measure": "gap", "threshold": "60"}], "services": ["a", "b"]}"#,
        )
        .unwrap();
        let words = ["checks.0.threshold=30".to_owned(), "services[]=c".to_owned()];
        assert_eq!(
            body(file.to_str(), &words).unwrap(),
            json!({"title": "T", "checks": [{"measure": "gap", "threshold": "30"}], "services": ["c"]})
        );
        std::fs::write(&file, "[1]").unwrap();
        assert!(body(file.to_str(), &[]).is_err());
        assert!(body(Some("/nonexistent"), &[]).unwrap_err().to_string().contains("/nonexistent"));
    }
}
