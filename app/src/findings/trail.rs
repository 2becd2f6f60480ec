//! A finding's history in plain words.

use notebook::events::Entry;
use notebook::fault::Result;
use notebook::findings::FindingEvent;

use crate::parts::history::Done;
use crate::times::Times;

pub fn lines(history: &[Entry], times: &Times) -> Result<Vec<Done>> {
    history.iter().map(|entry| line(entry, times)).collect()
}

fn line(entry: &Entry, times: &Times) -> Result<Done> {
    let (did, text) = match entry.read()? {
        FindingEvent::Written { title, .. } => (format!("wrote \u{201c}{title}\u{201d}"), None),
        FindingEvent::Edited { title, .. } => {
            (format!("changed what is said; the title is \u{201c}{title}\u{201d}"), None)
        }
        FindingEvent::RiskAccepted { owner, reason, until } => {
            (format!("accepted the risk for {owner} until {}", times.until(until)), Some(reason))
        }
        FindingEvent::MarkedDuplicate { of } => (format!("marked it as a duplicate of {of}"), None),
        FindingEvent::Dismissed { reason } => ("ruled that it is no finding".to_owned(), Some(reason)),
        FindingEvent::Undone { act, reason } => (format!("took back {}", taken_back(&act)), Some(reason)),
        FindingEvent::CauseSuspected { number, text, .. } => (format!("suspected cause {number}"), Some(text)),
        FindingEvent::CauseConfirmed { number, reason } => (format!("confirmed cause {number}"), Some(reason)),
        FindingEvent::Linked { kind, to } => (format!("linked it to {to}: {}", kind.label().to_lowercase()), None),
        FindingEvent::SeenAgain { run, text } => (format!("noted that {run} showed it again"), text),
        FindingEvent::RiskExpires { until } => {
            (format!("told that the risk is accepted until {} only", times.until(until)), None)
        }
    };
    Ok(Done::of(entry, did, text.map(String::from)))
}

fn taken_back(act: &str) -> &str {
    match act {
        "risk_accepted" => "the accepted risk",
        "marked_duplicate" => "that it is a duplicate",
        "dismissed" => "that it is no finding",
        other => other,
    }
}
