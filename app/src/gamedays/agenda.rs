//! What is when on a game day, and what its runs came to.

use leptos::prelude::*;
use notebook::cadences::Slot;
use notebook::gamedays::acts::Shown;
use notebook::gamedays::agenda::{self, What};
use notebook::gamedays::summary::Summary;
use notebook::gamedays::{Seen, Text};
use notebook::id::RunId;
use notebook::time::span_words;

use crate::parts::facts::{Fact, Facts};
use crate::parts::prose::Line;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;

/// None where nothing is on it.
pub fn table(shown: &Shown) -> Option<AnyView> {
    if shown.agenda.is_empty() {
        return None;
    }
    let text = &shown.gameday.text;
    let caption = format!("By the clock of {}", text.zone.name());
    let lines: Vec<_> = shown.agenda.iter().map(|one| line(text, one)).collect();
    Some(
        view! {
            <TableRegion id="agenda-table" caption=caption>
                <thead>
                    <tr>
                        <th scope="col">"Time"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Standing"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </TableRegion>
        }
        .into_any(),
    )
}

fn line(text: &Text, one: &agenda::Line) -> AnyView {
    let time = one.at.map_or_else(|| "no time set".to_owned(), |at| text.clock(at));
    let outside = one.is_outside.then(|| view! { <span class="muted">"outside of the game day"</span> });
    let (what, standing) = match &one.what {
        What::Point(what) => (view! { <Line text=what.to_string()/> }.into_any(), None),
        What::Run(seen) => (run(seen), Some(standing(seen))),
    };
    view! { <tr><td><span class="num">{time}</span>" "{outside}</td><td>{what}</td><td>{standing}</td></tr> }.into_any()
}

fn run(seen: &Seen) -> AnyView {
    let (id, title) = (seen.run.id.to_string(), seen.run.title.clone());
    view! {
        <span class="id">{id.clone()}</span>{mark(&id)}" "<a href=paths::run(seen.run.id)>{title}</a>
        <span class="muted">" in "{seen.run.environment.to_string()}</span>
    }
    .into_any()
}

fn standing(seen: &Seen) -> AnyView {
    let verdict = seen.verdict.map(|verdict| view! { " "{Word::from(verdict).badge()} });
    view! { {Word::from(seen.run.execution).badge()}{verdict} }.into_any()
}

/// Slots of experiments that its agenda names, where nothing is or was run; None without any.
pub fn left_out(text: &Text, slots: &[Slot]) -> Option<AnyView> {
    if slots.is_empty() {
        return None;
    }
    let items: Vec<_> = slots.iter().map(|slot| slot_left_out(text, slot)).collect();
    let view = view! {
        <section id="left-out">
            <h2>"Slots without a run"</h2>
            <ul class="plain">{items}</ul>
        </section>
    };
    Some(view.into_any())
}

fn slot_left_out(text: &Text, slot: &Slot) -> AnyView {
    let (id, title, time) = (slot.experiment.to_string(), slot.title.clone(), text.clock(slot.at));
    let why = (!slot.why.is_empty()).then(|| view! { <span class="muted">{slot.why.join("; ")}</span> });
    view! {
        <li>
            <span class="num">{time}</span>" "{Word::from(slot.standing).badge()}" "
            <span class="id">{id.clone()}</span>{mark(&id)}" "
            <a href=paths::cadence(slot.experiment)>{title}</a>" "{why}
        </li>
    }
    .into_any()
}

/// Once a run is over; before that there is nothing to say.
pub fn came_to(summary: &Summary) -> Option<AnyView> {
    let is_over = summary.lists().into_iter().any(|(name, runs)| name != "Still open" && !runs.is_empty());
    if !is_over {
        return None;
    }
    let lists = summary.lists().into_iter().filter(|(_, runs)| !runs.is_empty());
    let lists: Vec<_> = lists.map(|(name, runs)| list(name, runs)).collect();
    let found: Vec<_> = summary
        .findings
        .iter()
        .map(|id| view! { <a class="id" href=paths::finding(*id)>{id.to_string()}</a>" " })
        .collect();
    let found = (!found.is_empty()).then(|| {
        let term = format!("Findings ({})", summary.findings.len());
        view! { <Fact term=term>{found}</Fact> }
    });
    let lasted = summary.lasted_ms.map(|ms| {
        view! { <Fact term="From the first start to the last end">{span_words(ms)}</Fact> }
    });
    Some(
        view! {
            <section id="summary">
                <h2>"What it came to"</h2>
                <Facts>{lists}{found}{lasted}</Facts>
            </section>
        }
        .into_any(),
    )
}

fn list(name: &'static str, runs: &[RunId]) -> AnyView {
    let links: Vec<_> =
        runs.iter().map(|id| view! { <a class="id" href=paths::run(*id)>{id.to_string()}</a>" " }).collect();
    view! { <Fact term=format!("{name} ({})", runs.len())>{links}</Fact> }.into_any()
}
