//! Where a run is right now: the bar that stays in reach, with phase, clock, abort and the next mark, and
//! below it what there is to know before one presses.

use std::cmp::Ordering;

use leptos::prelude::*;
use notebook::experiments::words::blast_words;
use notebook::gate::prompts::About;
use notebook::runs::facts::{Execution, RunFacts};
use notebook::runs::phase::{Phase, phase};
use notebook::runs::steps::Step;
use notebook::time::{Moment, ago_words, extent_words, so_far_words, span_words};

use crate::form::Form;
use crate::parts::prose::Prose;
use crate::parts::when::absolute;
use crate::parts::words::Word;
use crate::runs::abort;
use crate::runs::fields::moment;
use crate::runs::loaded::Loaded;
use crate::runs::{method, watch};
use crate::ticking::{self, run_clock};

/// Stands on top of the page, and on a phone below the thumb.
pub fn bar(run: &Loaded) -> AnyView {
    let facts = run.facts();
    let now = run.times.moment();
    let badge = Word::from(facts.execution).saying(phase_words(facts)).badge();
    let clock = facts.fault_started.map(|began| run_clock(now.ms_since(began)));
    let (watch, reasons, beside) = (stopwatch(run), reasons(run), beside(run));
    let (abort, fault, step) = (abort::section(run), fault(run), method::next(run));
    let note = run.can(Step::Observe).then(|| view! { <a class="button" href="#observe">"Note"</a> });
    view! {
        <section class="helm" id="run-bar" aria-label="Now">
            <h2 class="unseen">"Now"</h2>
            <div class="row">{badge}{clock}{watch}{reasons}<span class="muted">{beside}</span></div>
            <div class="row" id="run-next">{step}{fault}{note}{abort}</div>
        </section>
    }
    .into_any()
}

/// Where there is room: the time, how much is hit, and the abort conditions that are measured.
fn beside(run: &Loaded) -> String {
    let wall = format!("As of {}.", absolute(run.times.now, &run.times.zone));
    let blast = blast_words(&run.shown.plan).map(|words| format!("Blast radius: {words}."));
    let watched = run.shown.watched.as_ref();
    let standings = watched.map(|watched| watched.standings(run.facts(), run.times.moment())).unwrap_or_default();
    let conditions = standings.iter().map(|(_, probe, standing)| {
        format!("{}: {}, limit {}.", probe.condition, standing.value_words(), probe.limit())
    });
    std::iter::once(wall).chain(blast).chain(conditions).collect::<Vec<_>>().join(" ")
}

/// How long the fault is waited for, or the revert takes.
fn stopwatch(run: &Loaded) -> Option<AnyView> {
    let (phase, since) = phase(run.facts())?;
    let of = match phase {
        Phase::Before => "Started",
        Phase::Reverting => "Reverting for",
        Phase::Fault | Phase::After => return None,
    };
    let watch = ticking::stopwatch(run.times.moment().ms_since(since).max(0));
    let late = overdue(run).map(|deadline| view! { <strong class="error">{past(deadline)}</strong> });
    let ago = (phase == Phase::Before).then_some(" ago");
    Some(view! { <span>{of}" "{watch}{ago}</span>{late} }.into_any())
}

/// How much speaks for the abort, wherever one has scrolled to, and the way there.
fn reasons(run: &Loaded) -> Option<AnyView> {
    let words = match run.shown.prompts.iter().filter(|prompt| prompt.speaks_for_abort()).count() {
        0 => return None,
        1 => "1 reason to abort".to_owned(),
        many => format!("{many} reasons to abort"),
    };
    Some(view! { <strong class="error"><a href="#prompts">{words}</a></strong> }.into_any())
}

/// What is to be known while it goes on: how long, what speaks for the abort, how to revert.
pub fn section(run: &Loaded) -> AnyView {
    let (phases, places) = (phases(run.facts()), places(run));
    let class = if overdue(run).is_some() { "error" } else { "" };
    let elapsed = elapsed(run, run.times.moment()).map(|words| view! { <p class=class>{words}</p> });
    let (prompts, revert) = (prompts(run), revert(run));
    view! {
        <section class="card" id="now">
            {phases}
            <nav class="row" aria-label="On this page" data-print="none">{places}</nav>
            {elapsed}
            {prompts}
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
    let places = [
        ("#watch", "Steady state", watch::is_there(run)),
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

/// The deadline of a revert that takes longer.
fn overdue(run: &Loaded) -> Option<i64> {
    let is_late = run.shown.prompts.iter().any(|prompt| prompt.about == About::Revert);
    run.shown.plan.context.revert.deadline_ms.filter(|_| is_late)
}

fn past(deadline: i64) -> String {
    format!("past the deadline of {}", span_words(deadline))
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
    let passed = now.ms_since(since).max(0);
    Some(match phase {
        Phase::Before => format!("The run started {}.", ago_words(passed)),
        Phase::Fault => format!("The fault began {}.", ago_words(passed)),
        Phase::After if facts.revert_failed && facts.recovered.is_none() => {
            format!("The revert is written down as failed, {} after it began.", so_far_words(passed))
        }
        Phase::After if !facts.looks_at_the_way_back() => {
            let ago = ago_words(passed);
            format!("The fault ended {ago}. No check looks at the way back, so the time to revert is unknown.")
        }
        Phase::After => {
            let took = facts.revert_ms().map_or_else(|| "unknown".into(), extent_words);
            format!("All after-checks hold. Time to revert: {took}.")
        }
        Phase::Reverting => reverting(run, passed),
    })
}

fn reverting(run: &Loaded, for_ms: i64) -> String {
    let words = so_far_words(for_ms);
    match run.shown.plan.context.revert.deadline_ms {
        Some(deadline) if for_ms > deadline => format!("Reverting for {words}, {}.", past(deadline)),
        Some(deadline) => format!("Reverting for {words}; the deadline is {}.", span_words(deadline)),
        None => format!("Reverting for {words}."),
    }
}

/// What speaks for the abort, or calls everybody to the revert; what nobody knows is said more quietly.
fn prompts(run: &Loaded) -> Option<AnyView> {
    let prompts = &run.shown.prompts;
    if prompts.is_empty() {
        return None;
    }
    let rows = prompts.iter().map(|prompt| {
        let (class, about) = (if prompt.urges { "error" } else { "muted" }, prompt.about.word());
        let advice = prompt.speaks_for_abort().then_some(" Consider aborting the run.");
        view! { <p class=class data-prompt=about>{prompt.says.clone()}{advice}</p> }
    });
    let rows = rows.collect_view();
    Some(view! { <div id="prompts">{rows}</div> }.into_any())
}

fn fault(run: &Loaded) -> Option<AnyView> {
    let (step, act, button) = if run.facts().execution == Execution::Running && run.can(Step::BeginFault) {
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
