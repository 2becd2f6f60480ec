//! A game day's history in plain words, and what was noted.

use leptos::prelude::*;
use notebook::events::Entry;
use notebook::fault::Result;
use notebook::gamedays::Text;
use notebook::gamedays::trail::GameDayEvent;

use crate::parts::history::{Done, who};
use crate::parts::prose::Prose;
use crate::times::Times;

/// Without notes, which stand on their own.
pub fn lines(history: &[Entry]) -> Result<Vec<Done>> {
    let mut lines = Vec::new();
    for entry in history {
        let (did, text) = match entry.read()? {
            GameDayEvent::Written { text } => (format!("wrote it: {}", said(&text)), None),
            GameDayEvent::Edited { text } => (format!("changed it: {}", said(&text)), None),
            GameDayEvent::Cancelled { why } => ("cancelled it".to_owned(), Some(String::from(why))),
            GameDayEvent::Noted { .. } => continue,
        };
        lines.push(Done::of(entry, did, text));
    }
    Ok(lines)
}

fn said(text: &Text) -> String {
    let runs: Vec<String> = text.runs.iter().map(ToString::to_string).collect();
    let runs = if runs.is_empty() { "without runs".to_owned() } else { format!("with {}", runs.join(", ")) };
    format!("\u{201c}{}\u{201d}, {}, {runs}", text.title, text.when())
}

/// The oldest first, as they were written; none where nothing was noted.
pub fn notes(history: &[Entry], times: &Times) -> Result<Option<AnyView>> {
    let mut items = Vec::new();
    for entry in history {
        if let GameDayEvent::Noted { text } = entry.read()? {
            let (at, name, text) = (times.when(entry.at), who(entry), String::from(text));
            items.push(view! { <li><span class="muted">{at}</span>" "<strong>{name}</strong><Prose text=text/></li> });
        }
    }
    Ok((!items.is_empty()).then(|| view! { <ol class="plain">{items}</ol> }.into_any()))
}

/// Why it does not take place, in the words of whoever said so.
pub fn cancelled(history: &[Entry]) -> Result<Option<String>> {
    for entry in history.iter().filter(|entry| entry.act == "cancelled") {
        if let GameDayEvent::Cancelled { why } = entry.read()? {
            return Ok(Some(format!("{} called it off: {why}", who(entry))));
        }
    }
    Ok(None)
}
