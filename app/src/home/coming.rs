//! What comes within the next days, in order: planned runs, reruns that nobody planned yet, and game days.

use leptos::prelude::*;
use notebook::cadences::Slot;
use notebook::cadences::acts::Week;
use notebook::gamedays::GameDay;
use notebook::limits::AGENDA_DAYS;
use notebook::runs::Run;
use notebook::time::Moment;

use crate::parts::page::Empty;
use crate::parts::sample::mark;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

/// Lines shown; the calendar holds the rest.
const LINES_MAX: usize = 10;

/// `planned` are runs that are planned for whatever time, or for none.
pub fn coming(week: Week, planned: &[Run], times: &Times) -> AnyView {
    let Week { runs, slots, gamedays } = week;
    let is_planned = !planned.is_empty();
    let runs = runs.into_iter().filter_map(|one| Some((one.planned_at?, run(&one, times))));
    let slots = slots.iter().map(|one| (one.at, slot(one, times)));
    let gamedays = gamedays.iter().map(|one| (one.text.from, gameday(one, times)));
    let mut lines: Vec<(Moment, AnyView)> = gamedays.chain(runs).chain(slots).collect();
    lines.sort_by_key(|(at, _)| *at);
    // Runs without a time wait for everybody to be ready.
    let untimed = planned.iter().filter(|run| run.planned_at.is_none()).map(|one| run(one, times));
    let lines: Vec<AnyView> = lines.into_iter().map(|(_, line)| line).chain(untimed).collect();
    let more = lines.len() > LINES_MAX;
    let content = if lines.is_empty() {
        nothing(is_planned)
    } else {
        let lines: Vec<_> = lines.into_iter().take(LINES_MAX).collect();
        view! { <ul class="plain">{lines}</ul> }.into_any()
    };
    let calendar = if more { "All of it in the calendar" } else { "Calendar" };
    let all = is_planned.then(|| view! { " \u{b7} " <a href=paths::runs_where("planned")>"All planned runs"</a> });
    view! {
        <section class="card" id="next">
            <h2>{format!("Next {AGENDA_DAYS} days")}</h2>
            {content}
            <p><a href=paths::calendar()>{calendar}</a>{all}</p>
        </section>
    }
    .into_any()
}

fn nothing(is_planned: bool) -> AnyView {
    let (heading, sentence) = if is_planned {
        ("Nothing this week", "The planned runs come later.")
    } else {
        ("Nothing scheduled", "Pick a ready experiment and a daytime slot.")
    };
    view! { <Empty heading=heading sentence=sentence/> }.into_any()
}

fn run(run: &Run, times: &Times) -> AnyView {
    let id = run.id.to_string();
    let when = match run.planned_at {
        Some(at) => times.when(at),
        None => "when everybody is ready".into_any(),
    };
    view! {
        <li>
            <span class="id muted">{id.clone()}</span>
            {mark(&id)}
            " "
            <a href=paths::run(run.id)>{run.title.clone()}</a>
            <br/>
            <small>{run.environment.to_string()} ", " {when}</small>
        </li>
    }
    .into_any()
}

fn slot(slot: &Slot, times: &Times) -> AnyView {
    let id = slot.experiment.to_string();
    let why = (!slot.why.is_empty()).then(|| format!("; {}", slot.why.join("; ")));
    view! {
        <li>
            {Word::from(slot.standing).badge()}
            " "
            <span class="id muted">{id.clone()}</span>
            {mark(&id)}
            " "
            <a href=paths::cadence(slot.experiment)>{format!("Rerun: {}", slot.title)}</a>
            <br/>
            <small>{times.when(slot.at)} {why}</small>
        </li>
    }
    .into_any()
}

fn gameday(gameday: &GameDay, times: &Times) -> AnyView {
    let (id, text) = (gameday.id.to_string(), &gameday.text);
    view! {
        <li>
            {Word::from(gameday.state(times.moment())).badge()}
            " "
            <span class="id muted">{id.clone()}</span>
            {mark(&id)}
            " "
            <a href=paths::gameday(gameday.id)>{format!("Game day: {}", text.title)}</a>
            <br/>
            <small>{times.when(text.from)}</small>
        </li>
    }
    .into_any()
}
