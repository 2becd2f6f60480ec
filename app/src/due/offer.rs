//! What is offered to decide about an experiment: to go on unattended or keep it manual, to widen it,
//! and what production shows by itself once it was retired for that.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::Stage;
use notebook::experiments::passive::SeenThere;
use notebook::id::ExperimentId;
use notebook::limits::NOTE_CHARS_MAX;
use notebook::retrials::acts::Graduated;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::paths;
use crate::times::Times;

/// When no more runs are needed.
const RETIREMENT: &str = "It is retired where production exercises it anyway and somebody writes down when it does, such \
     as preemption events. It is ready again after an event that went badly, and when none came for as long as evidence \
     is fresh.";

pub fn card(desk: &Desk, id: ExperimentId, stage: Stage, offered: &Graduated, times: &Times) -> Option<AnyView> {
    let ready = stage == Stage::Ready;
    if !ready && offered.passive.is_none() {
        return None;
    }
    let decide = desk.shows(Act::Decide) && ready;
    let link = |kind: &str, words: &'static str| {
        view! { <a class="button" href=paths::decide_about(id, kind)>{words}</a> }
    };
    let automation = offered.automation.as_ref().filter(|_| ready);
    let (may_automate, may_keep) = answers(offered.unattended.offered, automation.map(|automation| automation.signs));
    let automation = automation.map(|automation| view! { <p>{automation.says.clone()}</p> });
    let unattended = ready.then(|| criteria(offered));
    let automate = (decide && may_automate).then(|| link("automate", "Automate"));
    let keep_manual = (decide && may_keep).then(|| link("keep_manual", "Keep manual"));
    let retire = decide.then(|| link("retire", "Retire"));
    let widen = (decide && offered.widen).then(|| link("widen", "Widen"));
    let not_widened = offered.not_widened.as_ref().filter(|_| ready).map(|says| view! { <p>{says.clone()}</p> });
    let passive = offered.passive.as_ref().map(|kind| passive(desk, id, stage, kind));
    let judges = desk.shows(Act::JudgePassive) && offered.passive.is_some();
    let ruled_out = judges.then(|| rule_out(id, &offered.shown, times)).flatten();
    let view = view! {
        <section class="card">
            <h2>"What it is good for"</h2>
            {automation}
            {unattended}
            {not_widened}
            <div class="row">{automate} {keep_manual} {widen} {retire}</div>
            {passive}
            {ruled_out}
        </section>
    };
    Some(view.into_any())
}

/// Whether to automate it is offered, and to keep it manual: the first unless that is what it is, the second to whoever
/// automated it as well, whatever the criteria say by now. `signs` is none where nobody automated it.
const fn answers(is_offered: bool, signs: Option<bool>) -> (bool, bool) {
    (is_offered && !matches!(signs, Some(true)), is_offered || signs.is_some())
}

fn criteria(offered: &Graduated) -> AnyView {
    let head = if offered.unattended.offered {
        "It may run unattended; keeping it manual is as good an answer."
    } else {
        "It is not offered to run unattended yet."
    };
    let lines = offered.unattended.criteria.iter().map(|criterion| {
        let met = if criterion.met { "Met: " } else { "Not met: " };
        view! { <li>{met} {criterion.says.clone()}</li> }
    });
    view! { <p>{head}</p><ul class="plain">{lines.collect_view()}</ul><p>{RETIREMENT}</p> }.into_any()
}

fn passive(desk: &Desk, id: ExperimentId, stage: Stage, kind: &str) -> AnyView {
    let says = match stage {
        Stage::Retired => format!(
            "Watched in production: {kind}. Without a good one the claim turns stale, and the experiment is ready again."
        ),
        Stage::Draft | Stage::InReview | Stage::Ready => {
            format!("Watched in production: {kind}. A bad one contradicts the claim.")
        }
    };
    let form = desk.shows(Act::Observe).then(|| {
        let form = FormState::of(paths::act(&paths::experiment(id), "record-passive"));
        let open = form.came_back();
        let options = [("", "Choose"), ("yes", "It held"), ("no", "It did not hold")];
        let options = options.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
        view! {
            <Disclosure name="Record one" open=open>
                <Form state=form.clone()>
                    <SelectField form=form.name.clone() name="held" label="Whether the hypothesis held" options=options value=form.value("held", "") error=form.error("held") required=true/>
                    <AreaField form=form.name.clone() name="text" label="What happened" value=form.value("text", "") error=form.error("text") rows=2 required=true max_length=NOTE_CHARS_MAX/>
                    <Field form=form.name.clone() name="at" label="When" value=form.value("at", "") hint="Empty for now; 14:03, -3m, or a date and time." error=form.error("at")/>
                    <div class="row"><button>"Record"</button></div>
                </Form>
            </Disclosure>
        }
    });
    view! { <p>{says}</p>{form} }.into_any()
}

/// What production showed can have been something else, or not so.
fn rule_out(id: ExperimentId, shown: &[SeenThere], times: &Times) -> Option<AnyView> {
    let counts = shown.iter().filter(|seen| seen.ruled_out.is_none());
    let options: Vec<(String, String)> = counts
        .map(|seen| {
            let held = if seen.good { "it held" } else { "it did not hold" };
            (seen.number.to_string(), format!("{}, {held}: {}", times.day(seen.at), seen.text))
        })
        .collect();
    if options.is_empty() {
        return None;
    }
    let form = FormState::of(paths::act(&paths::experiment(id), "rule-out-passive"));
    let open = form.came_back();
    let view = view! {
        <Disclosure name="Rule one out" open=open>
            <Form state=form.clone()>
                <SelectField form=form.name.clone() name="number" label="What production showed" options=options value=form.value("number", "") error=form.error("number") required=true/>
                <AreaField form=form.name.clone() name="reason" label="Why it does not count" value=form.value("reason", "") error=form.error("reason") rows=2 required=true max_length=NOTE_CHARS_MAX/>
                <div class="row"><button>"Rule out"</button></div>
            </Form>
        </Disclosure>
    };
    Some(view.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_automated_it_may_keep_it_manual_again_and_is_not_asked_to_automate_it_twice() {
        for (is_offered, signs, expected) in [
            (false, None, (false, false)),
            (true, None, (true, true)),
            (true, Some(true), (false, true)),
            (true, Some(false), (true, true)),
            (false, Some(true), (false, true)),
            (false, Some(false), (false, true)),
        ] {
            assert_eq!(answers(is_offered, signs), expected, "{is_offered} {signs:?}");
        }
    }
}
