//! The lines of a cadence in words.

use notebook::cadences::trail::CadenceEvent;
use notebook::events::Entry;
use notebook::fault::Result;

use crate::parts::history::Done;

pub fn told(entries: &[Entry]) -> Result<Vec<Done>> {
    entries.iter().map(|entry| Ok(one(entry, entry.read()?))).collect()
}

fn one(entry: &Entry, event: CadenceEvent) -> Done {
    let (did, text) = match event {
        CadenceEvent::Set { rule } => (format!("set the cadence: {}", rule.words()), None),
        CadenceEvent::Ended { why } => ("ended the cadence".to_owned(), Some(why)),
        CadenceEvent::SlotSkipped { date, why } => (format!("skipped the slot of {date}"), Some(why)),
        CadenceEvent::SlotPostponed { date, why, .. } => (format!("postponed the slot of {date}"), Some(why)),
        CadenceEvent::SlotPlanned { date, run } => (format!("planned {run} from the slot of {date}"), None),
        CadenceEvent::SlotReminded { date, .. } => (format!("told that the slot of {date} comes without a run"), None),
        CadenceEvent::SlotMissed { date, .. } => (format!("told that the slot of {date} was missed"), None),
    };
    Done::of(entry, did, text.map(String::from))
}
