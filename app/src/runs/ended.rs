//! A run that has ended: its answers and its record, then the closing form or the corrections.

use leptos::prelude::*;

use crate::parts::hypothesis::Hypothesis;
use crate::runs::loaded::Loaded;
use crate::runs::{
    answers, checks, closing, corrections, deviations, effects, head, history, imported, judging, observe, signals, since,
    steady, timeline,
};

pub fn content(run: &Loaded) -> AnyView {
    let (hypothesis, answers) = (hypothesis(run), answers::panel(run));
    let (imported, log, steady, targets) =
        (imported::section(run), timeline::section(run, false), steady::section(run), targets(run));
    let settle = settle(run);
    let aside = aside(run);
    let (record, history) = (record(run), history::section(run));
    view! {
        <div class="stack">
            {hypothesis}
            {answers}
            <div class="page">
                <div class="stack">{imported}{log}{steady}{targets}{settle}{record}{history}</div>
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
    let verdict = run.shown.verdict.map(|verdict| verdict.word().to_owned());
    Some(view! { <Hypothesis fault behaviour safeguard verdict/> }.into_any())
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
    let (next, found, changed, cost, facts) =
        (judging::next(run), since::findings(run), since::section(run), since::cost(run), head::facts(run));
    let decided = since::decisions(run);
    view! { {next}{found}{decided}{changed}{cost}{facts} }.into_any()
}

/// What was forgotten can still be written down while the run is open.
fn record(run: &Loaded) -> Option<AnyView> {
    if run.facts().closed {
        return None;
    }
    let (checks, signals, effects) = (checks::section(run), signals::section(run), effects::forms(run));
    let (deviations, lacks, composer) = (deviations::section(run), deviations::lacks(run), observe::composer(run, false));
    Some(view! { {checks}{signals}{effects}{deviations}{lacks}{composer} }.into_any())
}
