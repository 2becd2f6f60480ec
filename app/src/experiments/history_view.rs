//! What was done to an experiment, in plain words.

use notebook::events::Entry;
use notebook::experiments::observed::observed;
use notebook::experiments::passive;
use notebook::experiments::trail::{Asked, Moved, Reviewed, Turned, Written, act};
use notebook::fault::Result;
use notebook::id::ExperimentId;
use notebook::templates::trail::BeganFrom;

use crate::parts::history::Done;

pub fn lines(id: ExperimentId, entries: &[Entry]) -> Result<Vec<Done>> {
    entries.iter().map(|entry| line(id, entry)).collect()
}

fn line(id: ExperimentId, entry: &Entry) -> Result<Done> {
    let (did, text) = match entry.act.as_str() {
        act::CREATED => {
            let body: Written = entry.read()?;
            (format!("wrote {id}@{}", body.revision), body.reason)
        }
        act::REVISED => {
            let body: Written = entry.read()?;
            (format!("changed the plan, {id}@{}", body.revision), body.reason)
        }
        act::REVIEW_REQUESTED => {
            let body: Asked = entry.read()?;
            (format!("requested review of {id}@{}", body.revision), None)
        }
        act::APPROVED => {
            let body: Reviewed = entry.read()?;
            let alone = if body.no_second_person { "; no second person looked" } else { "" };
            (format!("approved {id}@{}{alone}", body.revision), body.text)
        }
        act::CHANGES_ASKED => {
            let body: Reviewed = entry.read()?;
            (format!("asked for changes to {id}@{}", body.revision), body.text)
        }
        act::RETIRED => {
            let body: Moved = entry.read()?;
            let did = body.decision.map_or_else(|| format!("abandoned {id}"), |by| format!("retired {id} by {by}"));
            (did, body.reason)
        }
        act::REOPENED => {
            let body: Moved = entry.read()?;
            (format!("reopened {id}"), body.reason)
        }
        act::BEGAN_FROM => (format!("began from the template {}", entry.read::<BeganFrom>()?.template), None),
        act::OBSERVED => {
            let seen = observed(std::slice::from_ref(entry))?.into_iter().next();
            let did = seen.as_ref().map_or_else(|| "observed".to_owned(), |seen| format!("observed o{}", seen.number));
            return Ok(Done::of(entry, did, seen.map(|seen| seen.text.to_string())));
        }
        act::PASSIVE_SEEN => {
            let body: passive::Body = entry.read()?;
            let held = if body.good { "held" } else { "did not hold" };
            (format!("saw in production that it {held}"), Some(body.text))
        }
        act::PASSIVE_RULED_OUT => {
            let body: passive::RuledOut = entry.read()?;
            (format!("ruled out number {} of what production showed", body.number), Some(body.reason))
        }
        act::TURNED => {
            let body: Turned = entry.read()?;
            return Ok(Done::of(entry, format!("told that the claim turned {}", body.is), Some(body.says)));
        }
        act::OVERDUE => {
            let body: Turned = entry.read()?;
            return Ok(Done::of(entry, "told that a rerun is overdue", Some(body.says)));
        }
        other => (other.replace('_', " "), None),
    };
    Ok(Done::of(entry, did, text.map(String::from)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::actor::Via;
    use notebook::time::Moment;

    fn said(act: &str, body: &str) -> (String, Option<String>) {
        let at = Moment::parse("2026-11-20T09:00:00Z").unwrap();
        let entry = Entry {
            seq: 1,
            at,
            recorded_at: at,
            person: None,
            name: "Ben".into(),
            via: Via::Form,
            kind: "experiment".into(),
            object: "EXP-1".into(),
            act: act.into(),
            body: body.into(),
        };
        let line = line(ExperimentId::of(1), &entry).unwrap();
        (line.did, line.text)
    }

    #[test]
    fn each_act_reads_as_a_sentence_after_the_name() {
        let written = r#"{"revision":2,"fingerprint":"ab","reason":"Wider"}"#;
        assert_eq!(said("created", written), ("wrote EXP-1@2".into(), Some("Wider".into())));
        assert_eq!(said("revised", written).0, "changed the plan, EXP-1@2");
        assert_eq!(said("review_requested", r#"{"revision":2}"#).0, "requested review of EXP-1@2");
        let reviewed = r#"{"revision":2,"text":null,"no_second_person":true}"#;
        assert_eq!(said("approved", reviewed).0, "approved EXP-1@2; no second person looked");
        assert_eq!(said("changes_asked", reviewed).0, "asked for changes to EXP-1@2");
        assert_eq!(said("retired", r#"{"reason":"Too rare","decision":null}"#).0, "abandoned EXP-1");
        assert_eq!(said("retired", r#"{"reason":null,"decision":"DEC-3"}"#).0, "retired EXP-1 by DEC-3");
        let seen = r#"{"number":3,"text":"Alerts every 10 s"}"#;
        assert_eq!(said("observed", seen), ("observed o3".into(), Some("Alerts every 10 s".into())));
        assert_eq!(said("began_from", r#"{"template":"full-disk@1"}"#).0, "began from the template full-disk@1");
        let ruled = said("passive_ruled_out", r#"{"number":2,"reason":"A drill"}"#);
        assert_eq!(ruled, ("ruled out number 2 of what production showed".into(), Some("A drill".into())));
        assert_eq!(said("reopened", r#"{"reason":null,"decision":null}"#).0, "reopened EXP-1");
    }
}
