//! A run that has ended: its answers and its record, then the closing form or the corrections.

use leptos::prelude::*;

use notebook::runs::facts::Execution;
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;

use crate::gate::of_run;
use crate::parts::hypothesis::Hypothesis;
use crate::parts::prose::Prose;
use crate::runs::loaded::Loaded;
use crate::runs::{
    answers, checks, closing, corrections, deviations, effects, head, heard, history, imported, judging, measured,
    observe, signals, since, spent, steady, timeline,
};
use crate::tour::TourNote;

pub fn content(run: &Loaded) -> AnyView {
    let (hypothesis, answers) = (hypothesis(run), answers::panel(run));
    let (imported, log, steady, targets) =
        (imported::section(run), timeline::section(run, false), steady::section(run), targets(run));
    let (learnt, settle) = (learnt(run), settle(run));
    let aside = aside(run);
    let deviations = (has_deviations(run) && !run.facts().closed).then(|| deviations::section(run));
    let (record, gate, history) = (record(run), of_run::passed(run), history::section(run));
    let (spent, heard, measured) = (spent::section(run), heard::section(run), measured::section(run));
    view! {
        <div class="stack">
            {hypothesis}
            <TourNote/>
            {answers}
            <div class="page">
                <div class="stack">{learnt}{imported}{log}{steady}{measured}{heard}{targets}{spent}{deviations}{settle}{record}{gate}{history}</div>
                <aside class="stack">{aside}</aside>
            </div>
        </div>
    }
    .into_any()
}

/// The hypothesis with the rule in the hue of the verdict that stands.
fn hypothesis(run: &Loaded) -> Option<AnyView> {
    let sentence = &run.shown.plan.context.hypothesis;
    let (fault, behaviour, safeguard) =
        (sentence.fault.as_ref()?, sentence.behaviour.as_ref()?, sentence.safeguard.as_ref()?);
    let (fault, behaviour, safeguard) = (fault.to_string(), behaviour.to_string(), safeguard.to_string());
    let aborted = (run.facts().execution == Execution::Aborted).then(|| "aborted".to_owned());
    let verdict = run.shown.verdict.map(|verdict| verdict.word().to_owned()).or(aborted);
    Some(view! { <Hypothesis fault behaviour safeguard verdict/> }.into_any())
}

/// The analysis that was signed with the verdict.
fn learnt(run: &Loaded) -> Option<AnyView> {
    let signed = run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Signed { analysis, .. } => Some(analysis.as_ref().map(ToString::to_string)),
        _ => None,
    });
    let text = signed.flatten()?;
    Some(view! { <section><h2>"What was learnt"</h2><Prose text=text/></section> }.into_any())
}

fn targets(run: &Loaded) -> AnyView {
    let table = effects::table(run);
    view! { <section><h2>"Targets"</h2>{table}</section> }.into_any()
}

/// Closing, until it is done; afterwards what can still be put right.
fn settle(run: &Loaded) -> AnyView {
    if run.facts().closed { corrections::section(run) } else { closing::section(run) }
}

fn aside(run: &Loaded) -> AnyView {
    let (next, found, changed, durations, facts) =
        (judging::next(run), since::findings(run), since::section(run), since::durations(run), head::facts(run));
    let (decided, chef) = (since::decisions(run), since::chef(run));
    view! { {next}{found}{decided}{chef}{changed}{durations}{facts} }.into_any()
}

/// The acts whose forms stand in the folded part below.
const RECORDING: [&str; 9] = [
    "answer-check",
    "answer-signal",
    "record-effect",
    "resolve-targets",
    "record-lack",
    "deviate",
    "observe",
    "attach-image",
    "attach-link",
];

/// Then they stand on the page itself, with their rulings.
fn has_deviations(run: &Loaded) -> bool {
    !run.facts().deviations.is_empty()
}

/// What was forgotten can still be written down while the run is open.
fn record(run: &Loaded) -> Option<AnyView> {
    if run.facts().closed || !run.can(Step::Answer) {
        return None;
    }
    let facts = run.facts();
    let unanswered = facts.identity.checks.iter().any(|check| facts.answer(&check.key).is_none());
    let came_back = RECORDING.iter().any(|act| run.form(act).came_back());
    let open = came_back || (unanswered && facts.signed.is_none());
    let (checks, signals, effects) = (checks::section(run), signals::section(run), effects::forms(run));
    let deviate = (!has_deviations(run)).then(|| deviations::section(run));
    let (lacks, composer) = (deviations::lacks(run), observe::composer(run, false));
    Some(
        view! {
            <details class="fold" id="record" open=open data-print="none">
                <summary>"Add to the record: values, effects, observations"</summary>
                <div class="stack">{checks}{signals}{effects}{deviate}{lacks}{composer}</div>
            </details>
        }
        .into_any(),
    )
}
