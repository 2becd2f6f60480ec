//! The one history in which the whole loop ends, through whichever door it is walked.

use serde_json::Value;

/// How people come in differs by door: by a link, by the operator, with a token. What they do then does not.
const COMING_IN: [&str; 2] = ["person", "setting"];

/// Kind, object, act and who, of every line in order.
pub fn of(events: &Value) -> Vec<[String; 4]> {
    let lines = events["events"].as_array().unwrap();
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = lines.iter().map(|line| ["kind", "object", "act", "by"].map(|name| text(line, name)));
    lines.filter(|[kind, ..]| !COMING_IN.contains(&kind.as_str())).collect()
}

/// What the walk has to end in.
pub fn golden() -> Vec<[String; 4]> {
    serde_json::from_str(include_str!("../../../notebook/tests/documents/loop_history.json")).unwrap()
}

/// Compares line by line, so that a failure names the first that differs.
pub fn assert_golden(walked: &[[String; 4]]) {
    let golden = golden();
    for (number, (walked, expected)) in walked.iter().zip(&golden).enumerate() {
        assert_eq!(walked, expected, "line {number} of the history");
    }
    assert_eq!(walked.len(), golden.len(), "{:?}", walked.get(golden.len()).or(golden.get(walked.len())));
}
