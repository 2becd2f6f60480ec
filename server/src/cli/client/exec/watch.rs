//! What the notebook says of a run while its command goes on. `look` is the one place that asks.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::cli::client::connection::Connection;

/// An abort must reach a command within two seconds, and a server must not notice that it is asked.
const LOOK_EVERY_MS: u64 = 500;

/// What one look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    GoesOn,
    Aborted,
    /// A freeze in its own words.
    Frozen(String),
    /// Nobody knows, and why.
    Unknown(String),
}

/// Tells what is seen until nobody listens any more.
pub fn watch(connection: Arc<Connection>, page: String) -> (mpsc::Receiver<Seen>, JoinHandle<()>) {
    let (tell, told) = mpsc::channel(1);
    let watcher = tokio::spawn(async move {
        let mut looks = interval(Duration::from_millis(LOOK_EVERY_MS));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            if tell.send(look(&connection, &page).await).await.is_err() {
                return;
            }
        }
    });
    (told, watcher)
}

async fn look(connection: &Connection, page: &str) -> Seen {
    match connection.glance(page).await {
        Ok(run) => seen(&run),
        Err(no) => Seen::Unknown(no.to_string()),
    }
}

/// An end of the fault that a person recorded stops nothing: only an abort and a freeze do.
fn seen(run: &Value) -> Seen {
    let execution = run.pointer("/run/execution").and_then(Value::as_str);
    let is_open = run.pointer("/facts/abort_open").and_then(Value::as_bool) == Some(true);
    let has_reason = run.pointer("/facts/abort").is_some_and(Value::is_string);
    // While nobody answered here, people may have come to the abort's end. A result that a tool sends of its
    // own ends a run too, and the tool by itself.
    let is_over = execution == Some("aborted") && run.pointer("/facts/imported").is_none_or(Value::is_null);
    if (execution == Some("reverting") || is_over) && (is_open || has_reason) {
        return Seen::Aborted;
    }
    let prompts = run.get("prompts").and_then(Value::as_array).into_iter().flatten();
    let urges = |prompt: &&Value| prompt.get("urges").and_then(Value::as_bool) == Some(true);
    let frozen = prompts.filter(urges).find(|prompt| prompt.get("about").is_some_and(|about| about == "freeze"));
    match (execution, frozen) {
        (None, _) => Seen::Unknown("the answer is no run".to_owned()),
        (Some(_), Some(freeze)) => {
            let says = freeze.get("says").and_then(Value::as_str).unwrap_or("A freeze is on.");
            Seen::Frozen(says.to_owned())
        }
        (Some(_), None) => Seen::GoesOn,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_abort_or_a_freeze_stops_a_command() {
        let run = |execution: &str, abort: Value, open: bool, prompts: Value| {
            json!({
                "run": { "id": "RUN-1", "execution": execution },
                "facts": { "abort": abort, "abort_open": open },
                "prompts": prompts,
            })
        };
        let imported = |mut answer: Value| {
            answer["facts"]["imported"] = json!({ "tool": "chaostoolkit" });
            answer
        };
        let prompt = |about: &str, urges: bool| json!([{ "about": about, "urges": urges, "says": "Now." }]);
        for (answer, expected) in [
            (run("running", Value::Null, false, json!([])), Seen::GoesOn),
            (run("running", Value::Null, false, prompt("quorum", true)), Seen::GoesOn),
            (run("running", Value::Null, false, prompt("freeze", false)), Seen::GoesOn),
            (run("running", Value::Null, false, prompt("freeze", true)), Seen::Frozen("Now.".into())),
            (run("reverting", json!("people"), false, json!([])), Seen::Aborted),
            (run("reverting", Value::Null, true, prompt("freeze", true)), Seen::Aborted),
            (run("reverting", Value::Null, false, json!([])), Seen::GoesOn),
            (run("aborted", json!("people"), false, json!([])), Seen::Aborted),
            (run("aborted", Value::Null, true, json!([])), Seen::Aborted),
            (imported(run("aborted", json!("people"), false, json!([]))), Seen::GoesOn),
            (run("finished", Value::Null, false, json!([])), Seen::GoesOn),
            (json!({}), Seen::Unknown("the answer is no run".into())),
        ] {
            assert_eq!(seen(&answer), expected, "{answer}");
        }
    }
}
