//! One thing that was found.

use leptos::prelude::*;
use notebook::runs::validity::Validity;
use notebook::search::Found;
use notebook::search::acts::{Hit, State};
use notebook::search::snippet::Piece;
use notebook::text::Slug;

use crate::parts::sample::mark;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;
use crate::words::verdict_due;

/// Its page; none where the index knows a name that no page has.
pub fn address(kind: Found, object: &str) -> Option<String> {
    match kind {
        Found::Service => Slug::new(object).ok().map(|slug| paths::service(&slug)),
        Found::Slo => object.parse().ok().map(paths::slo),
        Found::Experiment => object.parse().ok().map(paths::experiment),
        Found::Run => object.parse().ok().map(paths::run),
        Found::Observation => observation(object),
        Found::Finding => object.parse().ok().map(paths::finding),
        Found::Fix => object.parse().ok().map(paths::fix),
        Found::Decision => object.parse().ok().map(paths::decision),
        Found::GameDay => object.parse().ok().map(paths::gameday),
    }
}

/// Its place on the page of what it was seen in; a note of a game day has none of its own.
fn observation(object: &str) -> Option<String> {
    let (of, place) = object.split_once('#')?;
    let page = of.parse().ok().map(paths::run).or_else(|| of.parse().ok().map(paths::experiment));
    match (page, place.starts_with('o')) {
        (Some(page), true) => Some(format!("{page}#{place}")),
        _ => Some(paths::thing(of)),
    }
}

/// Its state as a badge.
fn badge(state: State) -> AnyView {
    let word = match state {
        State::Slo { now: Some((health, _)), .. } => Word::from(health),
        State::Slo { state, .. } => Word::from(state),
        State::Experiment { stage, .. } => Word::from(stage),
        State::GameDay(state) => Word::from(state),
        State::Finding(status) => Word::from(status),
        State::Fix(standing) => Word::from(standing),
        State::Decision(standing) => Word::from(standing),
        State::Run { validity: Some(validity @ Validity::Invalid(_)), .. } => Word::from(validity),
        State::Run { execution, validity, verdict, .. } => {
            verdict_due(execution, validity, verdict).unwrap_or_else(|| Word::from(execution))
        }
    };
    word.badge().into_any()
}

/// In the place of the state.
const UNREADABLE: &str =
    "Something of it cannot be read, so nobody can say where it stands. The command retrial verify names the row.";

/// As a line of a list.
pub fn line(hit: &Hit, times: &Times) -> AnyView {
    let name = hit.object.clone();
    let title = if hit.title.is_empty() { view! { "Observation" }.into_any() } else { pieces(&hit.title) };
    let title = match address(hit.kind, &hit.object) {
        Some(href) => view! { <a href=href>{title}</a> }.into_any(),
        None => title,
    };
    let possible = hit.possible.then_some(" (possible: only a part of what was measured is as asked)");
    let shows = hit.shows.clone().map(|shows| view! { <p>{shows}{possible}</p> });
    let alone = if hit.shows.is_none() { possible } else { None };
    let unreadable = hit.unreadable.then(|| view! { <p>{UNREADABLE}</p> });
    view! {
        <li>
            <div class="row">
                <span class="id">{name.clone()}</span>
                {mark(&name)}
                <strong>{title}</strong>
                {hit.state.map(badge)}
                <small>{times.when(hit.created_at)}</small>
            </div>
            {shows}
            {alone.map(|possible| view! { <p>{possible.trim()}</p> })}
            {unreadable}
            <p class="muted">{pieces(&hit.snippet)}</p>
        </li>
    }
    .into_any()
}

/// A text with what was looked for marked.
fn pieces(pieces: &[Piece]) -> AnyView {
    let shown = pieces.iter().map(|piece| {
        let text = piece.text.clone();
        if piece.marked { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    });
    shown.collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_leads_to_its_place() {
        for (object, expected) in [
            ("RUN-317#o12", "/runs/RUN-317#o12"),
            ("DEMO-RUN-3#o1", "/runs/DEMO-RUN-3#o1"),
            ("EXP-42#o1", "/experiments/EXP-42#o1"),
            ("GD-1#77", "/GD-1"),
        ] {
            assert_eq!(address(Found::Observation, object).as_deref(), Some(expected), "{object}");
        }
    }
}
