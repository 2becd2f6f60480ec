//! What was seen in all runs of a game day, on one timeline.

use leptos::prelude::*;
use notebook::gamedays::acts::Shown;
use notebook::gamedays::{GameDayState, Text};
use notebook::id::RunId;
use notebook::limits::GAME_DAY_NEWEST;
use notebook::runs::acts::Observation;

use crate::parts::log::{Entry, Log};
use crate::parts::prose::Prose;
use crate::parts::refresh::refresh;
use crate::parts::words::Word;
use crate::paths;

/// None where nothing was seen yet.
pub fn section(shown: &Shown) -> Option<AnyView> {
    if shown.timeline.is_empty() {
        return None;
    }
    let text = &shown.gameday.text;
    let label = format!("Timeline of the runs of {}", shown.gameday.id);
    let hint = format!("What is pinned in its runs, and the newest {GAME_DAY_NEWEST} of all that was seen in them.");
    let lines: Vec<_> = shown.timeline.iter().map(|(run, seen)| line(text, *run, seen)).collect();
    let view = view! {
        <section id="timeline">
            <h2>"Timeline"</h2>
            <p class="hint">{hint}</p>
            <Log label=label>{lines}</Log>
        </section>
    };
    Some(view.into_any())
}

/// While it goes on, the page may load itself again.
pub fn refreshing(shown: &Shown, state: GameDayState) -> Option<AnyView> {
    (state == GameDayState::UnderWay).then(|| refresh(&paths::gameday(shown.gameday.id)))
}

fn line(text: &Text, run: RunId, seen: &Observation) -> AnyView {
    let (clock, word) = (text.clock(seen.at), Word::from(seen.kind));
    let (family, badge) = (word.family, word.badge());
    let (href, name) = (paths::observation(run, seen.number), format!("{run} o{}", seen.number));
    let pinned = if seen.pinned { " \u{b7} pinned" } else { "" };
    let (words, by) = (seen.text.clone(), format!(" {}{pinned}", seen.name));
    view! {
        <Entry clock=clock family=family>
            <Prose text=words/>
            <p>{badge}" "<a class="id" href=href>{name}</a><small>{by}</small></p>
        </Entry>
    }
    .into_any()
}
