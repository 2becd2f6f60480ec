//! Runs that are under way now.

use std::collections::BTreeMap;

use leptos::prelude::*;
use notebook::experiments::plan::Outcome;
use notebook::experiments::probes::ConditionProbe;
use notebook::id::RunId;
use notebook::runs::acts::{Meters, Row};
use notebook::runs::readings::Standing;
use notebook::text::Note;

use crate::parts::sample::mark;
use crate::parts::words::{Word, level};
use crate::paths;
use crate::runs::measured;
use crate::runs::watch::BY_PEOPLE;
use crate::times::Times;

/// Nothing while nothing runs: an empty frame on top of the page would only be in the way.
#[component]
pub fn Running(rows: Vec<Row>, meters: BTreeMap<RunId, Meters>, times: Times) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let cards: Vec<_> = rows.into_iter().map(|row| one(row, &meters, &times)).collect();
        view! { <section aria-labelledby="now"><h2 id="now">"Now"</h2>{cards}</section> }.into_any()
    })
}

fn one(row: Row, meters: &BTreeMap<RunId, Meters>, times: &Times) -> AnyView {
    let conditions = meters.get(&row.run.id).and_then(|meters| conditions(row.run.id, meters));
    let badge = Word::from(row.run.execution).badge();
    let (run, targets) = (row.run, row.targets.join(", "));
    let since = run.started_at.map(|at| times.when(at));
    let href = paths::run(run.id);
    view! {
        <div class="card paper stack">
            <div class="row spread">
                <div class="row">
                    {badge}
                    <span class="id muted">{run.id.to_string()}</span>
                    {mark(&run.id.to_string())}
                    <a href=href.clone()><strong>{run.title}</strong></a>
                    <small>
                        {run.environment.to_string()}
                        {(!targets.is_empty()).then(|| view! { ", " <code>{targets}</code> })}
                    </small>
                </div>
                {since.map(|when| view! { <span>"started " {when}</span> })}
            </div>
            {conditions}
        </div>
    }
    .into_any()
}

/// What makes everybody stop, each with what was read last beside its limit. Nothing where the plan says nothing.
fn conditions(run: RunId, meters: &Meters) -> Option<AnyView> {
    if meters.measured.is_empty() && meters.watched.is_empty() {
        return None;
    }
    let measured = meters.measured.iter().map(|(probe, standing)| measured_by(probe, standing)).collect_view();
    let watched = meters.watched.iter().map(watched_by_people).collect_view();
    let name = format!("Abort conditions of {run}");
    Some(view! { <ul class="plain" data-meters=run.to_string() aria-label=name>{measured}{watched}</ul> }.into_any())
}

fn measured_by(probe: &ConditionProbe, standing: &Standing) -> AnyView {
    let now = match standing {
        Standing::Unknown(why) => format!("no reading: {why}"),
        Standing::Clear(_) | Standing::Pending { .. } | Standing::Reached { .. } => {
            format!("now {}", standing.value_words())
        }
    };
    let says = format!("{}: {now}, limit {}; {}", probe.condition, probe.limit(), measured::then(probe));
    view! { <li class="row">{word(standing).badge()} " " <span class="num">{says}</span></li> }.into_any()
}

fn watched_by_people(condition: &Note) -> AnyView {
    view! { <li class="row"><span class="muted">{BY_PEOPLE}</span> " " <span>{condition.to_string()}</span></li> }
        .into_any()
}

/// How long it has been at its limit is said where all readings are: on the page of the run.
fn word(standing: &Standing) -> Word {
    match standing {
        Standing::Pending { .. } => level::AT_RISK.saying("At its limit"),
        Standing::Unknown(_) => Word::from(Outcome::Unknown).saying("No reading"),
        Standing::Clear(_) | Standing::Reached { .. } => measured::word(standing),
    }
}

#[cfg(test)]
mod tests {
    use notebook::experiments::plan::Allowed;
    use notebook::text::Title;
    use notebook::time::Moment;

    use super::*;

    fn html(measured: Vec<Standing>, watched: &[&str]) -> String {
        let probe = || ConditionProbe {
            condition: Title::new("errors pile up").unwrap(),
            query: Note::new("errors").unwrap(),
            reached: Allowed::Above(8.into()),
            for_ms: 0,
            aborts: false,
        };
        let measured = measured.into_iter().map(|standing| (probe(), standing)).collect();
        let watched = watched.iter().map(|condition| Note::new(condition).unwrap()).collect();
        let meters = Meters { measured, watched };
        Owner::new().with(|| conditions(RunId::of(1), &meters).map(RenderHtml::to_html).unwrap_or_default())
    }

    #[test]
    fn each_condition_is_called_what_the_page_of_its_run_calls_it() {
        const WORDS: [&str; 5] = ["No reading", "Not reached", "At its limit", "Reached", BY_PEOPLE];
        let since = Moment::from_micros(0);
        for (measured, watched, word) in [
            (vec![Standing::Unknown("nobody measured it of late".into())], Vec::new(), "No reading"),
            (vec![Standing::Clear(3.into())], Vec::new(), "Not reached"),
            (vec![Standing::Pending { since, value: 9.into() }], Vec::new(), "At its limit"),
            (vec![Standing::Reached { since, value: 9.into() }], Vec::new(), "Reached"),
            (Vec::new(), vec!["somebody is worried"], BY_PEOPLE),
        ] {
            let html = html(measured, &watched);
            assert_eq!(WORDS.map(|one| html.contains(one)), WORDS.map(|one| one == word), "{word}: {html}");
        }
        assert_eq!(html(Vec::new(), &[]), "", "a plan that says nothing");
    }
}
