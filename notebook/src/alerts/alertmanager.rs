//! Reads what Alertmanager's webhook sends (its version 4), and what copies of it send in its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Body;
use crate::{
    experiments::matchers::ALERT_NAME,
    foreign::{
        ReadTrouble, lenient_json, redact,
        shorten::{line, prose},
    },
    limits::{ALERT_LABELS_MAX, ALERTS_A_DELIVERY_MAX, IMPORT_BYTES_MAX, NOTE_CHARS_MAX, TITLE_CHARS_MAX},
    refusal::Refusal,
    text::{Link, Note, Slug, Title, slug_from},
    time::Moment,
};

/// Labels that name an environment, the first that is there.
const ENVIRONMENT: [&str; 2] = ["environment", "env"];
const SERVICE: &str = "service";

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub alerts: Vec<Told>,
    /// Nothing was left out of it, and all of it was understood.
    pub complete: bool,
}

/// One alert in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub fingerprint: Title,
    pub name: Title,
    pub body: Body,
    /// As its labels name them; whether the notebook knows them is another question.
    pub environment: Option<Slug>,
    pub service: Option<Slug>,
    pub starts_at: Moment,
    pub ended_at: Option<Moment>,
}

pub fn read(bytes: &[u8], now: Moment) -> Result<Delivery, Refusal> {
    let mut document: Value = lenient_json::parse(bytes, IMPORT_BYTES_MAX).map_err(refused)?;
    redact::redact(&mut document);
    let sent = document.get("alerts").and_then(Value::as_array);
    let Some(sent) = sent else {
        let says = "holds no list of alerts; leave the payload of the webhook as Alertmanager makes it";
        return Err(Refusal::unfit("document", says));
    };
    let alerts: Vec<Told> = sent.iter().take(ALERTS_A_DELIVERY_MAX).filter_map(|alert| told(alert, now)).collect();
    let left_out = document.get("truncatedAlerts").is_some_and(|left| left.as_u64() != Some(0));
    let complete = alerts.len() == sent.len() && !left_out;
    Ok(Delivery { alerts, complete })
}

/// None for what is no alert: without labels nobody knows what fired, and without a time not when.
fn told(alert: &Value, now: Moment) -> Option<Told> {
    let alert = alert.as_object()?;
    let labels = texts(alert.get("labels")?.as_object()?);
    let annotations = alert.get("annotations").and_then(Value::as_object).map(texts).unwrap_or_default();
    let starts_at = moment(alert, "startsAt")?;
    // What is neither is taken for firing: an unknown word is never good news.
    let is_over = text(alert, "status").is_some_and(|status| status.eq_ignore_ascii_case("resolved"));
    let ended_at = is_over.then(|| moment(alert, "endsAt").unwrap_or(now).max(starts_at));
    let name = labels.get(ALERT_NAME).map_or("An alert without a name", String::as_str);
    let summary = ["summary", "description", "message"].into_iter().find_map(|name| annotations.get(name));
    let link = text(alert, "generatorURL").and_then(|link| Link::new(link).ok());
    Some(Told {
        fingerprint: fingerprint(alert, &labels)?,
        name: Title::new(name).ok()?,
        environment: ENVIRONMENT.into_iter().find_map(|name| labels.get(name)).and_then(|name| slug_from(name)),
        service: labels.get(SERVICE).and_then(|name| slug_from(name)),
        body: Body {
            summary: summary.and_then(|text| Note::new(&prose(text, NOTE_CHARS_MAX)).ok()),
            link: link.filter(|link| !link.as_str().to_ascii_lowercase().starts_with("mailto:")),
            labels,
        },
        starts_at,
        ended_at,
    })
}

/// Members that are texts, within limits; empty ones say nothing, as with Prometheus.
fn texts(members: &Map<String, Value>) -> BTreeMap<String, String> {
    let texts = members.iter().filter_map(|(name, value)| {
        let (name, value) = (line(name, TITLE_CHARS_MAX), value.as_str()?);
        let chars_max = if name == ALERT_NAME { TITLE_CHARS_MAX } else { NOTE_CHARS_MAX };
        Some((name, line(value, chars_max))).filter(|(name, value)| !name.is_empty() && !value.is_empty())
    });
    texts.take(ALERT_LABELS_MAX).collect()
}

/// Go's time that was never set is none.
fn moment(members: &Map<String, Value>, name: &str) -> Option<Moment> {
    text(members, name).and_then(Moment::parse).filter(|moment| moment.micros() > 0)
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// Alertmanager's own, else one of the labels.
fn fingerprint(alert: &Map<String, Value>, labels: &BTreeMap<String, String>) -> Option<Title> {
    if labels.is_empty() {
        return None;
    }
    let own = text(alert, "fingerprint").and_then(|own| Title::new(own).ok());
    own.or_else(|| {
        let mut sum = Sha256::new();
        for (name, value) in labels {
            for part in [name, value] {
                sum.update(part.len().to_be_bytes());
                sum.update(part.as_bytes());
            }
        }
        let sum = sum.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Title::new(&sum).ok()
    })
}

fn refused(trouble: ReadTrouble) -> Refusal {
    Refusal::unfit(trouble.field().unwrap_or("document"), trouble.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn now() -> Moment {
        Moment::parse("2026-11-02T10:05:00Z").unwrap()
    }

    /// As Alertmanager 0.25 sends it.
    fn delivery(status: &str, ends_at: &str) -> Value {
        json!({
            "receiver": "retrial",
            "status": status,
            "alerts": [{
                "status": status,
                "labels": { "alertname": "ZooKeeperDown", "environment": "Production", "service": "zookeeper", "severity": "page" },
                "annotations": { "summary": "zk-1 does not answer" },
                "startsAt": "2026-11-02T10:01:12.345Z",
                "endsAt": ends_at,
                "generatorURL": "http://prometheus.example.org/graph?g0.expr=up+%3D%3D+0",
                "fingerprint": "0ad7b8b0c6a5f3de",
            }],
            "groupLabels": { "alertname": "ZooKeeperDown" },
            "commonLabels": { "alertname": "ZooKeeperDown" },
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example.org",
            "version": "4",
            "groupKey": "{}:{alertname=\"ZooKeeperDown\"}",
            "truncatedAlerts": 0,
        })
    }

    fn told(document: &Value) -> Delivery {
        read(document.to_string().as_bytes(), now()).unwrap()
    }

    #[test]
    fn a_message_of_alertmanager_is_read() {
        let firing = told(&delivery("firing", "0001-01-01T00:00:00Z"));
        assert!(firing.complete);
        let [alert] = firing.alerts.as_slice() else { panic!("{firing:?}") };
        assert_eq!((alert.name.as_str(), alert.fingerprint.as_str()), ("ZooKeeperDown", "0ad7b8b0c6a5f3de"));
        assert_eq!(alert.environment.as_ref().map(Slug::as_str), Some("production"));
        assert_eq!(alert.service.as_ref().map(Slug::as_str), Some("zookeeper"));
        assert_eq!((alert.starts_at.rfc3339().as_str(), alert.ended_at), ("2026-11-02T10:01:12.345Z", None));
        assert_eq!(alert.body.summary.as_ref().map(Note::as_str), Some("zk-1 does not answer"));
        let over = told(&delivery("resolved", "2026-11-02T10:03:00Z"));
        assert_eq!(over.alerts[0].ended_at, Moment::parse("2026-11-02T10:03:00Z"));
        assert_eq!(over.alerts[0].fingerprint, alert.fingerprint);
    }

    #[test]
    fn what_is_not_said_is_never_good_news() {
        let with = |change: fn(&mut Value)| {
            let mut document = delivery("firing", "0001-01-01T00:00:00Z");
            change(&mut document);
            told(&document)
        };
        let truncated = with(|document| document["truncatedAlerts"] = json!(3));
        assert_eq!((truncated.complete, truncated.alerts.len()), (false, 1));
        assert!(!with(|document| document["truncatedAlerts"] = json!("many")).complete);
        assert!(with(|document| drop(document.as_object_mut().unwrap().remove("truncatedAlerts"))).complete);
        let changes: [fn(&mut Value); 5] = [
            |document| document["alerts"][0]["startsAt"] = json!("0001-01-01T00:00:00Z"),
            |document| document["alerts"][0]["startsAt"] = json!("soon"),
            |document| document["alerts"][0]["labels"] = json!({}),
            |document| document["alerts"][0]["labels"] = json!("alertname"),
            |document| document["alerts"][0] = json!(7),
        ];
        for change in changes {
            let left = with(change);
            assert_eq!((left.complete, left.alerts.len()), (false, 0), "what is not understood is left out");
        }
        let strange = with(|document| document["alerts"][0]["status"] = json!("suppressed"));
        assert_eq!(strange.alerts[0].ended_at, None, "an unknown status is no end");
        let unsaid = with(|document| document["alerts"][0]["status"] = json!("resolved"));
        assert_eq!(unsaid.alerts[0].ended_at, Some(now()), "it is over, and nobody says since when");
    }

    #[test]
    fn without_a_fingerprint_the_labels_are_one() {
        let bare = |name: &str| {
            let alert = json!({ "labels": { "alertname": name }, "startsAt": "2026-11-02T10:01:12Z" });
            told(&json!({ "alerts": [alert] })).alerts.remove(0)
        };
        assert_eq!(bare("A").fingerprint, bare("A").fingerprint);
        assert_ne!(bare("A").fingerprint, bare("B").fingerprint);
        assert_eq!((bare("A").environment, bare("A").service), (None, None));
    }

    #[test]
    fn what_is_no_message_of_it_is_refused() {
        for body in ["", "5", "[]", "{}", "<html>", "{\"alerts\": {}}", "{\"alerts\": [}"] {
            assert_eq!(read(body.as_bytes(), now()).unwrap_err().troubles()[0].field, "document", "{body}");
        }
    }

    #[test]
    fn more_than_can_be_told_apart_is_incomplete() {
        let alert = |n: usize| json!({ "labels": { "n": n.to_string() }, "startsAt": "2026-11-02T10:01:12Z" });
        let many: Vec<Value> = (0..=ALERTS_A_DELIVERY_MAX).map(alert).collect();
        let read = told(&json!({ "alerts": many }));
        assert_eq!((read.alerts.len(), read.complete), (ALERTS_A_DELIVERY_MAX, false));
    }
}
