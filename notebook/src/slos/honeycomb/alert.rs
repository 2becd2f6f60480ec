//! A burn alert as Honeycomb's webhook sends it. Its body is a template that people write, so names are
//! looked for in every spelling, and what nobody knows is unknown, never over.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    experiments::plan::vocabulary,
    foreign::{
        ReadTrouble, lenient_json, redact,
        shorten::{line, prose},
    },
    limits::{HONEYCOMB_ALERT_BYTES_MAX, NOTE_CHARS_MAX, TITLE_CHARS_MAX},
    refusal::Refusal,
    text::{Link, Note, Title},
};

vocabulary! {
    /// What a burn alert says of now.
    #[cfg_attr(feature = "store", schemars(rename = "HoneycombAlertState"))]
    AlertState {
        Burning = "burning", "burning";
        Over = "over", "over";
        Unknown = "unknown", "unknown";
    }
}

/// A burn alert in Honeycomb's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "HoneycombBurnAlert"))]
pub struct BurnAlert {
    pub state: AlertState,
    /// The word from which the state was read.
    pub status: Option<Title>,
    pub name: Option<Title>,
    pub summary: Option<Note>,
    /// Where Honeycomb shows more.
    pub url: Option<Link>,
    /// The alert's id at Honeycomb.
    pub alert: Option<Title>,
    /// Which time it went off.
    pub instance: Option<Title>,
}

impl BurnAlert {
    /// "Shop answers: burning".
    pub fn words(&self) -> String {
        let name = self.name.as_ref().map_or("Burn alert", Title::as_str);
        let state = match (self.state, &self.status) {
            (AlertState::Unknown, Some(status)) => format!("says \"{status}\", which nobody knows"),
            (state, _) => state.label().to_owned(),
        };
        format!("{name}: {state}")
    }
}

/// Reads an alert. An object that a name or a summary broke is one, too: Honeycomb does not send it again.
pub fn read(bytes: &[u8]) -> Result<BurnAlert, Refusal> {
    let mut document = match lenient_json::parse(bytes, HONEYCOMB_ALERT_BYTES_MAX) {
        Ok(document) => document,
        Err(ReadTrouble::Malformed { .. }) if bytes.trim_ascii_start().starts_with(b"{") => return Ok(broken()),
        Err(trouble) => return Err(refused(trouble)),
    };
    redact::redact(&mut document);
    let Value::Object(members) = &document else {
        return Err(Refusal::unfit("document", "is no object; take the template of the documentation"));
    };
    let status = title(members, &["status", "alertstatus"]);
    let url = text(members, &["url", "resulturl"]).and_then(|url| Link::new(&url).ok());
    Ok(BurnAlert {
        state: status.as_ref().map_or(AlertState::Unknown, |status| state(status.as_str())),
        name: title(members, &["name", "alertname"]),
        summary: text(members, &["summary", "alertsummary", "description", "alertdescription"])
            .and_then(|text| Note::new(&prose(&text, NOTE_CHARS_MAX)).ok()),
        url: url.filter(|url| !url.as_str().to_ascii_lowercase().starts_with("mailto:")),
        alert: title(members, &["id", "alertid"]),
        instance: title(members, &["instance", "instanceid", "alertinstanceid"]),
        status,
    })
}

/// What came is known, and nothing of what it says.
fn broken() -> BurnAlert {
    let says = "What came is no JSON, so nobody knows what it says; take the template of the documentation.";
    BurnAlert {
        state: AlertState::Unknown,
        status: None,
        name: None,
        summary: Note::new(says).ok(),
        url: None,
        alert: None,
        instance: None,
    }
}

/// Honeycomb does not say which words there are.
fn state(status: &str) -> AlertState {
    match status.to_lowercase().as_str() {
        "triggered" | "firing" | "alerting" | "active" | "open" => AlertState::Burning,
        "resolved" | "ok" | "inactive" | "closed" => AlertState::Over,
        _ => AlertState::Unknown,
    }
}

fn title(members: &Map<String, Value>, names: &[&str]) -> Option<Title> {
    Title::new(&line(&text(members, names)?, TITLE_CHARS_MAX)).ok()
}

/// The first of these members that says something.
fn text(members: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| members.iter().filter(|(key, _)| plain(key) == *name).find_map(|(_, value)| words(value)))
}

/// `Alert_Status`, `alertStatus` and `alert.status` are one name.
fn plain(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn refused(trouble: ReadTrouble) -> Refusal {
    match trouble {
        ReadTrouble::TooLarge { .. } => Refusal::TooMuch {
            what: "The burn alert".into(),
            limit: format!("the limit of {} KiB", HONEYCOMB_ALERT_BYTES_MAX / 1024),
        },
        other => Refusal::unfit(other.field().unwrap_or("document"), other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn alert(document: &Value) -> BurnAlert {
        read(document.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_template_of_the_documentation_is_read() {
        let seen = alert(&json!({
            "id": "bA1", "name": "Shop answers", "status": "TRIGGERED", "instance": 7,
            "summary": "Budget is gone in 4 hours", "url": "https://ui.honeycomb.io/a/slo/1",
        }));
        assert_eq!((seen.state, seen.words().as_str()), (AlertState::Burning, "Shop answers: burning"));
        assert_eq!(seen.url.unwrap().as_str(), "https://ui.honeycomb.io/a/slo/1");
        assert_eq!((seen.alert.unwrap().as_str(), seen.instance.unwrap().as_str()), ("bA1", "7"));
        assert_eq!(seen.summary.unwrap().as_str(), "Budget is gone in 4 hours");
    }

    #[test]
    fn names_in_every_spelling_and_words_nobody_knows_are_taken() {
        for (document, expected) in [
            (json!({ "alertStatus": "Resolved" }), AlertState::Over),
            (json!({ "alert_status": "ok" }), AlertState::Over),
            (json!({ "Alert.Status": "firing", "new": [{}] }), AlertState::Burning),
            (json!({ "status": "purple" }), AlertState::Unknown),
            (json!({ "status": "" }), AlertState::Unknown),
            (json!({ "status": true }), AlertState::Unknown),
            (json!({ "version": "1", "result_groups": [] }), AlertState::Unknown),
            (json!({}), AlertState::Unknown),
        ] {
            assert_eq!(alert(&document).state, expected, "{document}");
        }
        assert_eq!(alert(&json!({ "status": "purple" })).words(), "Burn alert: says \"purple\", which nobody knows");
        assert_eq!(alert(&json!({ "url": "javascript:alert(1)" })).url, None);
        assert_eq!(alert(&json!({ "url": "mailto:ana@example.org" })).url, None);
        assert_eq!(
            alert(&json!({ "name": "x".repeat(5_000) })).name.unwrap().as_str().chars().count(),
            TITLE_CHARS_MAX
        );
    }

    #[test]
    fn nothing_but_its_own_members_is_kept() {
        let document = json!({
            "status": "firing", "headers": { "Authorization": "Bearer s3cret" },
            "token": "s3cret", "api_key": "s3cret", "routing_key": "s3cret",
        });
        let kept = serde_json::to_string(&alert(&document)).unwrap();
        assert!(kept.contains("firing") && !kept.contains("s3cret"), "{kept}");
    }

    #[test]
    fn an_object_that_a_quotation_mark_broke_is_an_alert_of_which_nothing_is_known() {
        for body in [
            "{\"name\": \"Shop \"fast\" answers\", \"status\": \"TRIGGERED\"}",
            " {\"summary\": \"two\nlines\"}",
            "{\"status\": \"firing\"",
        ] {
            let seen = read(body.as_bytes()).unwrap();
            assert_eq!((seen.state, seen.words().as_str()), (AlertState::Unknown, "Burn alert: unknown"), "{body}");
            assert!(seen.summary.unwrap().as_str().contains("no JSON"), "{body}");
        }
    }

    #[test]
    fn what_is_no_alert_is_refused() {
        for body in ["", "[]", "5", "<html>"] {
            assert_eq!(read(body.as_bytes()).unwrap_err().troubles()[0].field, "document", "{body}");
        }
        let large = json!({ "name": "x".repeat(HONEYCOMB_ALERT_BYTES_MAX) }).to_string();
        assert_eq!(read(large.as_bytes()).unwrap_err().status(), 413);
    }
}
