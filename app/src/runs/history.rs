//! Everything that was done to a run, by whom, through which door, and when it was written down.

use leptos::prelude::*;

use crate::parts::history::{Done, History};
use crate::parts::when::absolute;
use crate::runs::loaded::Loaded;

pub fn section(run: &Loaded) -> AnyView {
    let lines = run.trail.iter().map(|told| {
        let (did, text) = told.words();
        let did = if told.is_late() {
            format!("{did} (written down {})", absolute(told.entry.recorded_at.micros(), &run.times.zone))
        } else {
            did
        };
        Done::of(&told.entry, did, text)
    });
    let (lines, times, label) = (lines.collect(), run.times.clone(), format!("History of {}", run.id()));
    view! {
        <details class="fold">
            <summary>"History"</summary>
            <History label lines times/>
        </details>
    }
    .into_any()
}
