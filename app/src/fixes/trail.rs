//! A fix's history in plain words.

use notebook::events::Entry;
use notebook::fault::Result;
use notebook::fixes::FixEvent;

use crate::parts::history::Done;

pub fn lines(history: &[Entry]) -> Result<Vec<Done>> {
    history.iter().map(line).collect()
}

fn line(entry: &Entry) -> Result<Done> {
    let (did, text) = match entry.read()? {
        FixEvent::Proposed { title, findings, .. } => {
            (format!("proposed \u{201c}{title}\u{201d} for {}", listed(findings)), None)
        }
        FixEvent::Edited { title, findings, .. } => (
            format!(
                "changed what is said; the title is \u{201c}{title}\u{201d}, the findings are {}",
                listed(findings)
            ),
            None,
        ),
        FixEvent::Deployed { number, environment, reference } => {
            (format!("recorded deployment {number} in {environment}: {reference}"), None)
        }
        FixEvent::RolledBack { number, reason } => (format!("rolled back deployment {number}"), Some(reason)),
        FixEvent::Withdrawn { reason } => ("withdrew it".to_owned(), Some(reason)),
        FixEvent::TicketClosed { text } => ("noted that a ticket was closed".to_owned(), Some(text)),
        FixEvent::Turned { finding, is, says } => {
            let did = format!("told that it turned {} for {finding}", is.label().to_lowercase());
            return Ok(Done::of(entry, did, Some(says)));
        }
    };
    Ok(Done::of(entry, did, text.map(String::from)))
}

fn listed(ids: impl IntoIterator<Item = impl ToString>) -> String {
    ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}
