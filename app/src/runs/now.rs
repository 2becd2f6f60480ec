//! Where a run is right now: phase, clock, abort, and the two marks of the fault.

use leptos::prelude::*;
use notebook::runs::facts::{Execution, RunFacts};
use notebook::runs::steps::Step;
use notebook::time::{Moment, extent_words, span_words};

use crate::form::Form;
use crate::parts::prose::Prose;
use crate::parts::when::absolute;
use crate::parts::words::Word;
use crate::runs::abort;
use crate::runs::clock;
use crate::runs::fields::moment;
use crate::runs::loaded::Loaded;

pub fn section(run: &Loaded) -> AnyView {
    let facts = run.facts();
    let now = Moment::from_micros(run.times.now);
    let badge = Word::from(facts.execution).saying(phase(facts)).badge();
    let clock = facts.fault_started.map(|began| view! { <span class="big">{clock::since(now.ms_since(began))}</span> });
    let elapsed = elapsed(run, now).map(|words| view! { <p>{words}</p> });
    let wall = format!("As of {}.", absolute(run.times.now, &run.times.zone));
    let (abort, fault, conditions, revert) = (abort::section(run), fault(run), conditions(run), revert(run));
    let prompts = prompts(run);
    view! {
        <section class="card" aria-label="Now">
            <h2 class="unseen">"Now"</h2>
            <div class="row spread">
                <div class="row">{badge}{clock}<span class="muted">{wall}</span></div>
                <nav class="row" aria-label="On this page">
                    <a href="#observe">"Observe"</a>
                    <a href="#checks">"Checks"</a>
                    <a href="#targets">"Targets"</a>
                    <a href="#end">"End"</a>
                </nav>
            </div>
            {elapsed}
            {prompts}
            <div class="row">{abort}{fault}</div>
            {conditions}
            {revert}
        </section>
    }
    .into_any()
}

/// The phase in words.
fn phase(facts: &RunFacts) -> &'static str {
    match facts.execution {
        Execution::Running if facts.fault_started.is_some() => "Fault under way",
        Execution::Running => "Before the fault",
        Execution::Reverting if facts.abort.is_some() || facts.abort_open => "Reverting after the abort",
        _ => "Reverting",
    }
}

/// How long the phase has lasted, against the deadline where there is one.
fn elapsed(run: &Loaded, now: Moment) -> Option<String> {
    let facts = run.facts();
    if facts.execution == Execution::Running {
        let (from, what) = match facts.fault_started {
            Some(began) => (began, "The fault began"),
            None => (facts.started?, "The run started"),
        };
        return Some(format!("{what} {} ago.", span_words(now.ms_since(from).max(0))));
    }
    let reverting_ms = now.ms_since(facts.fault_ended?).max(0);
    if let Some(took) = facts.revert_ms().map(extent_words) {
        return Some(format!("All after-checks hold. Time to revert: {took}."));
    }
    let words = span_words(reverting_ms);
    Some(match run.shown.plan.context.revert.deadline_ms {
        Some(deadline) if reverting_ms > deadline => {
            format!("Reverting for {words}, past the deadline of {}.", span_words(deadline))
        }
        Some(deadline) => format!("Reverting for {words}; the deadline is {}.", span_words(deadline)),
        None => format!("Reverting for {words}."),
    })
}

/// What speaks for the abort, beside its button; what nobody knows is said more quietly.
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
    Some(view! { <div role="status" id="prompts">{rows}</div> }.into_any())
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

fn conditions(run: &Loaded) -> Option<AnyView> {
    let conditions = &run.shown.plan.context.abort_conditions;
    if conditions.is_empty() {
        return None;
    }
    let items = conditions.iter().map(|condition| view! { <li>{condition.to_string()}</li> }).collect_view();
    Some(view! { <h3>"Abort when"</h3><ul>{items}</ul> }.into_any())
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
