//! Where a run is right now: the bar that stays in reach, with phase, clock, abort and the next mark, and
//! below it what there is to know before one presses.

use std::cmp::Ordering;

use leptos::prelude::*;
use notebook::experiments::words::blast_words;
use notebook::runs::facts::RunFacts;
use notebook::runs::phase::{Phase, phase};
use notebook::runs::steps::Step;
use notebook::time::{Moment, extent_words, span_words};

use crate::form::Form;
use crate::parts::prose::Prose;
use crate::parts::when::absolute;
use crate::parts::words::Word;
use crate::runs::abort;
use crate::runs::fields::moment;
use crate::runs::loaded::Loaded;
use crate::runs::method;
use crate::ticking::run_clock;

/// Stands on top of the page, and on a phone below the thumb.
pub fn bar(run: &Loaded) -> AnyView {
    let facts = run.facts();
    let now = run.times.moment();
    let badge = Word::from(facts.execution).saying(phase_words(facts)).badge();
    let clock = facts.fault_started.map(|began| run_clock(now.ms_since(began)));
    let wall = format!("As of {}.", absolute(run.times.now, &run.times.zone));
    let (abort, fault, step) = (abort::section(run), fault(run), method::next(run));
    let note = run.can(Step::Observe).then(|| view! { <a class="button" href="#observe">"Note"</a> });
    view! {
        <section class="helm" aria-label="Now">
            <h2 class="unseen">"Now"</h2>
            <div class="row">{badge}{clock}<span class="muted">{wall}</span></div>
            <div class="row">{step}{fault}{note}{abort}</div>
        </section>
    }
    .into_any()
}

/// What is to be known while it goes on: how long, what speaks for the abort, how to revert.
pub fn section(run: &Loaded) -> AnyView {
    let (phases, places) = (phases(run.facts()), places(run));
    let class = if is_late(run) { "error" } else { "" };
    let elapsed = elapsed(run, run.times.moment()).map(|words| view! { <p class=class>{words}</p> });
    let (prompts, revert) = (prompts(run), revert(run));
    let blast = blast_words(&run.shown.plan).map(|words| view! { <p class="muted">"Blast radius: "{words}"."</p> });
    view! {
        <section class="card" id="now">
            {phases}
            <nav class="row" aria-label="On this page" data-print="none">{places}</nav>
            {elapsed}
            {prompts}
            {blast}
            {revert}
        </section>
    }
    .into_any()
}

/// All four, with the present one marked.
fn phases(facts: &RunFacts) -> Option<AnyView> {
    let (now, _) = phase(facts)?;
    let items = Phase::ALL.iter().map(|one| {
        let state = match one.cmp(&now) {
            Ordering::Less => "done",
            Ordering::Equal => "now",
            Ordering::Greater => "todo",
        };
        let current = (*one == now).then_some("step");
        view! { <li data-state=state aria-current=current><span class="name">{one.label()}</span></li> }
    });
    let items = items.collect_view();
    Some(view! { <ol class="steps" aria-label="Phases">{items}</ol> }.into_any())
}

/// The way to each part of the page that is there.
fn places(run: &Loaded) -> AnyView {
    let plan = &run.facts().identity;
    let is_watched = !plan.checks.is_empty() || !run.shown.plan.context.abort_conditions.is_empty();
    let places = [
        ("#watch", "Steady state", is_watched),
        ("#method", "Method", !plan.method.is_empty()),
        ("#observe", "Observe", run.can(Step::Observe)),
        ("#log", "Timeline", true),
        ("#checks", "Checks", true),
        ("#targets", "Targets", true),
        ("#end", "End", true),
    ];
    let there = places.into_iter().filter(|(_, _, is_there)| *is_there);
    there.map(|(href, words, _)| view! { <a href=href>{words}</a> }).collect_view().into_any()
}

/// Whether the revert takes longer than planned.
fn is_late(run: &Loaded) -> bool {
    let deadline = run.shown.plan.context.revert.deadline_ms;
    let since = phase(run.facts()).filter(|(phase, _)| *phase == Phase::Reverting).map(|(_, since)| since);
    deadline.zip(since).is_some_and(|(deadline, since)| run.times.moment().ms_since(since) > deadline)
}

/// The phase in words.
fn phase_words(facts: &RunFacts) -> &'static str {
    match phase(facts) {
        Some((Phase::Reverting, _)) if facts.abort.is_some() || facts.abort_open => "Reverting after the abort",
        Some((phase, _)) => phase.label(),
        None => facts.execution.label(),
    }
}

/// How long the phase has lasted, against the deadline where there is one.
fn elapsed(run: &Loaded, now: Moment) -> Option<String> {
    let facts = run.facts();
    let (phase, since) = phase(facts)?;
    let words = span_words(now.ms_since(since).max(0));
    Some(match phase {
        Phase::Before => format!("The run started {words} ago."),
        Phase::Fault => format!("The fault began {words} ago."),
        Phase::After if facts.revert_failed && facts.recovered.is_none() => {
            format!("The revert is written down as failed, {words} after it began.")
        }
        Phase::After => {
            let took = facts.revert_ms().map_or_else(|| "unknown".into(), extent_words);
            format!("All after-checks hold. Time to revert: {took}.")
        }
        Phase::Reverting => reverting(run, now.ms_since(since).max(0)),
    })
}

fn reverting(run: &Loaded, for_ms: i64) -> String {
    let words = span_words(for_ms);
    match run.shown.plan.context.revert.deadline_ms {
        Some(deadline) if for_ms > deadline => {
            format!("Reverting for {words}, past the deadline of {}.", span_words(deadline))
        }
        Some(deadline) => format!("Reverting for {words}; the deadline is {}.", span_words(deadline)),
        None => format!("Reverting for {words}."),
    }
}

/// What speaks for the abort; what nobody knows is said more quietly.
fn prompts(run: &Loaded) -> Option<AnyView> {
    let prompts = &run.shown.prompts;
    if prompts.is_empty() {
        return None;
    }
    let rows = prompts.iter().map(|prompt| {
        let (class, about) = (if prompt.urges { "error" } else { "muted" }, prompt.about.word());
        let advice = prompt.urges.then_some(" Consider aborting the run.");
        view! { <p class=class data-prompt=about>{prompt.says.clone()}{advice}</p> }
    });
    let rows = rows.collect_view();
    Some(view! { <div id="prompts">{rows}</div> }.into_any())
}

fn fault(run: &Loaded) -> Option<AnyView> {
    let (step, act, button) = if run.can(Step::BeginFault) {
        (Step::BeginFault, "begin-fault", "Fault began")
    } else {
        (Step::EndFault, "end-fault", "Fault ended")
    };
    if !run.can(step) {
        return None;
    }
    let form = run.form(act);
    let moment = moment(&form);
    Some(
        view! {
            <Form state=form>
                <div class="row"><button>{button}</button>{moment}</div>
            </Form>
        }
        .into_any(),
    )
}

fn revert(run: &Loaded) -> Option<AnyView> {
    let revert = &run.shown.plan.context.revert;
    let procedure = revert.procedure.as_ref()?.to_string();
    let summary = match &revert.owner {
        Some(owner) => format!("Revert procedure ({owner})"),
        None => "Revert procedure".to_owned(),
    };
    Some(view! { <details class="why"><summary>{summary}</summary><Prose text=procedure/></details> }.into_any())
}
