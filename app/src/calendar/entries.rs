//! Game days, runs and slots as lines of a day.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::cadences::Slot;
use notebook::cadences::acts::OnCalendar;
use notebook::cadences::conflicts::Conflict;
use notebook::desk::Desk;
use notebook::gamedays::GameDay;
use notebook::runs::facts::Execution;

use super::days::OneDay;
use crate::cadences::postpone;
use crate::parts::badge::{Badge, Family};
use crate::parts::icon::IconName;
use crate::parts::sample::mark;
use crate::parts::words::Word;
use crate::paths;
use crate::runs::moving::moving;
use crate::times::Times;

/// Everything of a day; nothing where nothing is.
pub fn entries(day: OneDay, desk: &Desk, times: &Times) -> Option<AnyView> {
    if day.is_empty() {
        return None;
    }
    let conflicts: Vec<_> = day.conflicts.iter().map(conflict).collect();
    let gamedays: Vec<_> = day.gamedays.iter().map(|one| gameday(one, times)).collect();
    let runs: Vec<_> = day.runs.into_iter().map(|on| run(&on, desk, times)).collect();
    let slots: Vec<_> = day.slots.iter().map(|one| slot(one, desk, times)).collect();
    Some(view! { <ul class="plain">{conflicts}{gamedays}{runs}{slots}</ul> }.into_any())
}

/// Two runs in each other's way, on the day of either.
pub fn conflict(conflict: &Conflict) -> AnyView {
    view! { <li><Badge icon=IconName::TriangleAlert word="Conflict" family=Family::Caution/>" "{conflict.words()}</li> }
        .into_any()
}

fn gameday(gameday: &GameDay, times: &Times) -> AnyView {
    let (id, text) = (gameday.id.to_string(), &gameday.text);
    view! {
        <li>
            <span class="num">{times.clock(text.from)}"\u{2013}"{times.clock(text.until)}</span>" "
            {Word::from(gameday.state(times.moment())).badge()}" "
            <span class="id">{id.clone()}</span>{mark(&id)}" "
            <a href=paths::gameday(gameday.id)>{format!("Game day: {}", text.title)}</a>
        </li>
    }
    .into_any()
}

fn run(on: &OnCalendar, desk: &Desk, times: &Times) -> AnyView {
    let run = &on.run;
    let id = run.id.to_string();
    let can_move = run.execution == Execution::Planned && desk.shows(Act::PlanRun);
    let moved = can_move.then(|| moving(run.id, run.planned_at, times));
    let moves = can_move.then(|| id.clone());
    view! {
        <li data-moves=moves>
            <span class="num">{times.clock(on.during.start())}</span>" "
            {Word::from(run.execution).badge()}" "
            <span class="id">{id.clone()}</span>{mark(&id)}" "
            <a href=paths::run(run.id)>{run.title.clone()}</a>
            {moved}
        </li>
    }
    .into_any()
}

fn slot(slot: &Slot, desk: &Desk, times: &Times) -> AnyView {
    let page = paths::cadence(slot.experiment);
    // Of one experiment, no view has two slots of one date.
    let place = usize::from(slot.date.day_of_year().unsigned_abs());
    let can_move = slot.standing.is_open() && desk.shows(Act::ChangeSlot);
    let postponed = can_move.then(|| postpone(&page, slot, place, times));
    let moves = can_move.then(|| format!("{}, slot of {}", slot.experiment, slot.date));
    let why = (!slot.why.is_empty()).then(|| view! { <span class="muted">{slot.why.join("; ")}</span> });
    view! {
        <li data-moves=moves>
            <span class="num">{times.clock(slot.at)}</span>" "
            {Word::from(slot.standing).badge()}" "
            <span class="id">{slot.experiment.to_string()}</span>{mark(&slot.experiment.to_string())}" "
            <a href=page>{format!("Rerun: {}", slot.title)}</a>" "
            {why}
            {postponed}
        </li>
    }
    .into_any()
}
