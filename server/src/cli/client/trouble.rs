//! What went wrong, in one line with the way out.

use notebook::refusal::exit_code;
use serde_json::Value;

use crate::cli::{Stopped, out::harmless};

/// A problem of the server. Its code decides what the program ends with.
pub fn refused(problem: &Value, with_token: bool, json: bool) -> Stopped {
    let text = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = text("code");
    if json {
        return Stopped::with(exit_code(code), serde_json::to_string_pretty(problem).unwrap_or_default());
    }
    let says = match (code, with_token) {
        ("sign_in", false) => {
            "This takes a token. Make one on your profile page or with `retrial token create`, and set \
             RETRIAL_TOKEN, or write token = \"…\" into ~/.config/retrial/config.toml"
                .to_owned()
        }
        ("sign_in", true) => "The token is unknown, revoked or at its end. Make another on your profile page or with \
             `retrial token create`"
            .to_owned(),
        _ => fields(problem).unwrap_or_else(|| text("detail").to_owned()),
    };
    Stopped::with(exit_code(code), harmless(&says))
}

/// One line for each field that was not taken: its path, and what about it.
fn fields(problem: &Value) -> Option<String> {
    let fields = problem.get("fields")?.as_array()?;
    let part = |field: &Value, name: &str| field.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let lines: Vec<String> = fields
        .iter()
        .map(|field| format!("{} {}", part(field, "field"), part(field, "says")).trim().to_owned())
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_says_what_to_do_and_ends_with_its_number() {
        for (problem, with_token, number, says) in [
            (json!({"code": "gate", "detail": "The gate is closed: x"}), true, 4, "The gate is closed: x"),
            (json!({"code": "not_allowed", "detail": "You may not"}), true, 11, "You may not"),
            (json!({"code": "sign_in", "detail": "Sign in first."}), false, 11, "RETRIAL_TOKEN"),
            (json!({"code": "sign_in", "detail": "Sign in first."}), true, 11, "revoked"),
            (json!({"code": "ask", "detail": "Two asks"}), true, 3, "Two asks"),
            (json!({"code": "freeze", "detail": "Frozen"}), true, 5, "Frozen"),
            (json!({"code": "missing", "detail": "There is no run RUN-9."}), true, 1, "There is no run RUN-9."),
            (
                json!({"code": "unfit", "detail": "d", "fields": [
                    {"field": "title", "says": "is empty"}, {"field": "checks.0.unit", "says": "is unknown"}]}),
                true,
                1,
                "title is empty\nchecks.0.unit is unknown",
            ),
        ] {
            let stopped = refused(&problem, with_token, false);
            assert_eq!(stopped.number(), number, "{problem}");
            assert!(stopped.to_string().contains(says), "{stopped}");
            let document: Value = serde_json::from_str(&refused(&problem, with_token, true).to_string()).unwrap();
            assert_eq!(document, problem);
        }
    }

    #[test]
    fn what_a_server_says_does_not_steer_the_terminal() {
        let problem = json!({"code": "missing", "detail": "\u{1b}[2Jgone"});
        assert!(!refused(&problem, true, false).to_string().contains('\u{1b}'));
    }
}
