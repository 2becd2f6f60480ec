//! What was done to an SLO, in plain words.

use notebook::events::Entry;
use notebook::fault::Result;
use notebook::slos::trail::SloEvent;
use notebook::slos::words::thousands;
use notebook::time::Moment;

use crate::parts::history::Done;
use crate::parts::when::absolute;

pub fn lines(entries: &[Entry], zone: &str) -> Result<Vec<Done>> {
    let line = |entry: &Entry| {
        let (did, text) = said(entry.read()?, zone);
        Ok(Done::of(entry, did, text))
    };
    entries.iter().map(line).collect()
}

/// Slices of another length or share, which say nothing of those that are counted from now on.
fn stopped(withdrawn: u64) -> String {
    match withdrawn {
        0 => String::new(),
        1 => "; 1 measurement of slices counts no more".into(),
        many => format!("; {} measurements of slices count no more", thousands(many)),
    }
}

fn said(event: SloEvent, zone: &str) -> (String, Option<String>) {
    let between =
        |from: Moment, to: Moment| format!("from {} to {}", absolute(from.micros(), zone), absolute(to.micros(), zone));
    match event {
        SloEvent::Written { text, .. } => ("wrote this SLO".into(), Some(text.words())),
        SloEvent::Edited { revision, text, withdrawn } => {
            (format!("wrote revision {revision}{}", stopped(withdrawn)), Some(text.words()))
        }
        SloEvent::Approved { revision, withdrawn } => {
            (format!("approved revision {revision}{}", stopped(withdrawn)), None)
        }
        SloEvent::Retired { reason } => ("retired it".into(), Some(reason.to_string())),
        SloEvent::Measured { first, last, from, to, .. } => {
            (format!("sent measurements {first} to {last}, {}", between(from, to)), None)
        }
        SloEvent::Corrected { first, last, corrected, from, to, reason, .. } => {
            let all =
                if first == last { format!("measurement {first}") } else { format!("measurements {first} to {last}") };
            let says = format!("sent {all}, {}; {corrected} of them correct earlier ones", between(from, to));
            (says, reason.map(|reason| reason.to_string()))
        }
        SloEvent::GapSigned { from, to, events, reason, .. } => {
            let bad = if events == 0 { String::new() } else { format!(": {} events", thousands(events)) };
            (format!("signed the time {} as fully bad{bad}", between(from, to)), Some(reason.to_string()))
        }
        SloEvent::Withdrawn { number, from, to, reason } => {
            (format!("withdrew measurement {number}, {}", between(from, to)), Some(reason.to_string()))
        }
        SloEvent::SourceWritten { source } => {
            let asked = if source.on { "" } else { ", switched off" };
            let selectors = format!("{}: {}\nAll events: {}", source.counts.label(), source.part, source.total);
            (format!("named {} as its source{asked}", source.address), Some(selectors))
        }
        SloEvent::SourceRemoved { reason } => ("removed its source".into(), Some(reason.to_string())),
        SloEvent::HoneycombWritten { source } => {
            let asked = if source.on { "" } else { ", switched off" };
            let named = format!("{} of {} at {}", source.slo, source.dataset, source.address);
            (format!("set an SLO of Honeycomb beside it{asked}"), Some(named))
        }
        SloEvent::HoneycombRemoved { reason } => {
            ("removed the SLO of Honeycomb beside it".into(), Some(reason.to_string()))
        }
        SloEvent::HoneycombBudget { budget, .. } => ("heard a budget of Honeycomb".into(), Some(budget.words())),
        SloEvent::HoneycombAlert { alert, .. } => ("took a burn alert of Honeycomb".into(), Some(alert.words())),
    }
}
