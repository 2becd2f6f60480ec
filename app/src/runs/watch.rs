//! What everybody watches while a run goes on: the steady state and the abort conditions, in one table.

use leptos::prelude::*;
use notebook::experiments::plan::{Check, Outcome};
use notebook::experiments::words::{check_label, check_words};
use notebook::runs::slash::numbered;
use notebook::text::Note;

use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::runs::checks::{is_due, is_early};
use crate::runs::clock::clock;
use crate::runs::loaded::Loaded;
use crate::runs::measured::{then, word};

/// What a condition is called that no query watches.
pub const BY_PEOPLE: &str = "Watched by people";

/// Whether the plan has any of them.
pub fn is_there(run: &Loaded) -> bool {
    let context = &run.shown.plan.context;
    let measured = context.probes.as_ref().is_some_and(|probes| !probes.conditions.is_empty());
    measured || !context.abort_conditions.is_empty() || !run.facts().identity.checks.is_empty()
}

/// Nothing where there is none.
pub fn section(run: &Loaded) -> Option<AnyView> {
    if !is_there(run) {
        return None;
    }
    let checks = numbered(&run.facts().identity).into_iter().map(|check| check_row(run, check)).collect_view();
    let measured = measured_rows(run);
    let conditions = run.shown.plan.context.abort_conditions.iter().enumerate();
    let conditions = conditions.map(|(place, condition)| condition_row(place, condition)).collect_view();
    Some(
        view! {
            <section id="watch">
                <h2>"Steady state and abort conditions"</h2>
                <TableRegion id="watched" caption="What is watched, with its present value" unseen_caption=true>
                    <thead>
                        <tr>
                            <th scope="col">"Watched"</th>
                            <th scope="col">"Must be"</th>
                            <th scope="col">"Now"</th>
                            <th scope="col">"Last look"</th>
                        </tr>
                    </thead>
                    <tbody>{checks}{measured}{conditions}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}

fn check_row(run: &Loaded, check: &Check) -> AnyView {
    let look = run.facts().answer(&check.key).map_or_else(
        || "\u{2013}".to_owned(),
        |answer| format!("{}, {}", clock(run.facts(), answer.at, run.zone()), answer.source),
    );
    let (slot, name, allowed, now) = (check.key.slot(), check_label(check), check_words(check), now(run, check));
    view! { <tr data-check=slot><th scope="row">{name}</th><td>{allowed}</td><td>{now}</td><td>{look}</td></tr> }
        .into_any()
}

/// The latest value with what it means, or that there is none.
fn now(run: &Loaded, check: &Check) -> AnyView {
    let Some(answer) = run.facts().answer(&check.key).filter(|_| !is_early(run, check)) else {
        if let Some(read) = run.proposal(check) {
            let (value, badge) = (read.measured.words(check.unit.as_deref()), Word::from(read.outcome).badge());
            return view! { <span class="num">{value}</span>" "{badge}<small>" measured"</small> }.into_any();
        }
        let open = if is_due(run, check.key.phase) { "Not answered" } else { "Not due yet" };
        return Word::from(Outcome::Unknown).saying(open).badge().into_any();
    };
    let value = answer.happened.words(check.unit.as_deref());
    let badge = Word::from(run.facts().outcome(&check.key)).badge();
    view! { <span class="num">{value}</span>" "{badge} }.into_any()
}

/// Conditions that a Prometheus is asked for.
fn measured_rows(run: &Loaded) -> Option<AnyView> {
    let watched = run.shown.watched.as_ref()?;
    let standings = watched.standings(run.facts(), run.times.moment());
    let rows = standings.iter().map(|(number, probe, standing)| {
        let look = watched.readings.of(*number).last().map_or_else(
            || "\u{2013}".to_owned(),
            |reading| format!("{}, Prometheus", clock(run.facts(), reading.at, run.zone())),
        );
        let (name, limit) = (probe.condition.to_string(), format!("not {}; {}", probe.limit(), then(probe)));
        let (value, badge) = (standing.value_words(), word(standing).badge());
        view! {
            <tr data-measured=number.to_string()>
                <th scope="row">{name}</th>
                <td>{limit}</td>
                <td><span class="num">{value}</span>" "{badge}</td>
                <td>{look}</td>
            </tr>
        }
    });
    Some(rows.collect_view().into_any())
}

/// Written in words, so people watch it.
fn condition_row(place: usize, condition: &Note) -> AnyView {
    let (condition, place) = (condition.to_string(), place.to_string());
    view! {
        <tr data-condition=place>
            <th scope="row">{condition}</th>
            <td>"abort when this is so"</td>
            <td><span class="muted">{BY_PEOPLE}</span></td>
            <td>"\u{2013}"</td>
        </tr>
    }
    .into_any()
}
