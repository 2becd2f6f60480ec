//! The head of a run's page, and the facts beside it.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::experiments::words::blast_words;
use notebook::runs::facts::{Execution, RunFacts};
use notebook::runs::trail::Crew;
use notebook::time::span_words;

use crate::keys::steps::NEXT;
use crate::parts::facts::{Fact, Facts};
use crate::parts::page::PageHead;
use crate::parts::words::Word;
use crate::paths;
use crate::runs::loaded::Loaded;

pub fn head(run: &Loaded) -> AnyView {
    let (row, facts) = (&run.shown.run, run.facts());
    let eyebrow = format!("{} of {}@{}", row.id, row.experiment, row.revision);
    let badge = Word::from(row.execution).badge();
    let when = match (facts.started, row.planned_at) {
        (Some(started), _) => run.times.when(started),
        (None, Some(planned)) => view! { "planned for " {run.times.when(planned)} }.into_any(),
        (None, None) => view! { "no time set" }.into_any(),
    };
    let (environment, hit) = (row.environment.to_string(), hit(facts));
    let badges = view! { {badge}<span class="muted">{when}" · "{environment}{hit}</span> }.into_any();
    let (title, actions) = (row.title.clone(), actions(run));
    view! { <PageHead title=title eyebrow=eyebrow badges=badges actions=actions/> }.into_any()
}

/// The targets that were to be hit.
fn hit(facts: &RunFacts) -> Option<AnyView> {
    let names: Vec<&str> =
        facts.targets.iter().filter(|target| target.hit).map(|target| target.name.as_str()).collect();
    (!names.is_empty()).then(|| view! { " · "<code>{names.join(", ")}</code> }.into_any())
}

fn actions(run: &Loaded) -> AnyView {
    let over = !matches!(run.facts().execution, Execution::Planned | Execution::Running | Execution::Reverting);
    let rerun = (over && run.shows(Act::PlanRun)).then(|| {
        let href = paths::rerun(run.shown.run.experiment, run.id());
        view! { <a class="button" href=href>"Plan rerun"</a> }
    });
    let finding = (run.facts().started.is_some() && run.shows(Act::WriteFinding))
        .then(|| view! { <a class="button" href=paths::new_finding(run.id()) data-key=NEXT>"Write finding"</a> });
    let report = paths::report(run.id());
    view! { <a class="button" href=report>"Report"</a>{finding}{rerun} }.into_any()
}

/// What was planned, by whom and on what: the same facts in every state.
pub fn facts(run: &Loaded) -> AnyView {
    let (row, shown) = (&run.shown.run, &run.shown);
    let revision = format!("{}@{}", row.experiment, row.revision);
    let plan = paths::plan(row.experiment, row.revision);
    let planned = row.planned_at.map(|at| fact("Planned for", run.times.when(at)));
    let started = run.facts().started.map(|at| fact("Started", run.times.when(at)));
    let ended = run.facts().ended.map(|at| fact("Ended", run.times.when(at)));
    let replaces = shown.replaces.clone().map(|id| fact("Replaces", record(id)));
    let blast = blast_words(&shown.plan).map(|words| fact("Blast radius", words.into_any()));
    let deadline = shown.plan.context.revert.deadline_ms;
    let revert = deadline.map(|ms| fact("Revert within", span_words(ms).into_any()));
    let crew = crew(&shown.crew);
    let gamedays: Vec<_> =
        run.gamedays.iter().map(|gameday| fact("Game day", record(gameday.id.to_string()))).collect();
    let note = shown.note.clone().map(|note| fact("Note", note.into_any()));
    let (experiment, title) = (paths::experiment(row.experiment), row.title.clone());
    view! {
        <section class="card">
            <h2>"Facts"</h2>
            <Facts>
                <Fact term="Experiment"><a href=experiment>{title}</a></Fact>
                <Fact term="Plan"><a class="id" href=plan>{revision}</a></Fact>
                {planned}{started}{ended}{replaces}{gamedays}{blast}{revert}{crew}{note}
            </Facts>
        </section>
    }
    .into_any()
}

fn fact(term: &'static str, value: AnyView) -> AnyView {
    view! { <Fact term=term>{value}</Fact> }.into_any()
}

fn record(id: String) -> AnyView {
    let href = format!("/{id}");
    view! { <a class="id" href=href>{id}</a> }.into_any()
}

fn crew(crew: &Crew) -> AnyView {
    let one = |term: &'static str, name: &Option<notebook::text::Title>| {
        name.as_ref().map(|name| fact(term, name.to_string().into_any()))
    };
    let observers: Vec<&str> = crew.observers.iter().map(notebook::text::Title::as_str).collect();
    let observers = (!observers.is_empty()).then(|| fact("Observers", observers.join(", ").into_any()));
    view! { {one("Owner", &crew.owner)}{one("Coordinator", &crew.coordinator)}{one("Reporter", &crew.reporter)}{observers} }
        .into_any()
}
