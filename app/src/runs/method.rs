//! The steps of the method: what is planned, what was begun and done, by whom, and the next one to mark.

use leptos::prelude::*;
use notebook::experiments::plan::Outcome;
use notebook::experiments::words::step_line;
use notebook::runs::facts::{Execution, StepTaken};
use notebook::runs::method::left;
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;

use crate::form::Form;
use crate::parts::words::{Word, execution, gate};
use crate::runs::clock::clock;
use crate::runs::fields::{hidden, moment, one_of};
use crate::runs::loaded::Loaded;

/// All steps in the order of the plan; nothing where the plan has none.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let method = &run.facts().identity.method;
    if method.is_empty() {
        return None;
    }
    let items = (1..).zip(method).map(|(number, step)| item(run, number, step_line(step))).collect_view();
    Some(view! { <section id="method"><h2>"Method"</h2><ol class="plain">{items}</ol></section> }.into_any())
}

fn item(run: &Loaded, number: i64, words: String) -> AnyView {
    let taken = run.facts().step(number);
    let badge = match taken.map(|step| step.ended) {
        None => Word::from(Outcome::Unknown).saying("To do"),
        Some(None) => execution::RUNNING.saying("Under way"),
        Some(Some(_)) => gate::GO.saying("Done"),
    };
    let (badge, told) = (badge.badge(), taken.map(|step| view! { <small>" "{told(run, step)}</small> }));
    let mark = (next_number(run) != Some(number)).then(|| mark(run, number)).flatten();
    let name = format!("{number}. {words}");
    view! { <li data-step=number.to_string()>{badge}" "<strong>{name}</strong>{told}{mark}</li> }.into_any()
}

/// "T+00:10 Ana, done T+00:41 Ben".
fn told(run: &Loaded, step: &StepTaken) -> String {
    let at = |moment| clock(run.facts(), moment, run.zone());
    let began = format!("{}{}", at(step.began), by(run, &RunEvent::StepBegan { number: step.number }));
    match step.ended {
        Some(ended) => {
            format!("{began}, done {}{}", at(ended), by(run, &RunEvent::StepEnded { number: step.number }))
        }
        None => began,
    }
}

/// " Ben", who wrote this line.
fn by(run: &Loaded, event: &RunEvent) -> String {
    run.trail.iter().find(|told| told.event == *event).map(|told| format!(" {}", told.who())).unwrap_or_default()
}

/// Until the fault has ended the step that goes on, else the first that nobody began: it is marked next.
fn next_number(run: &Loaded) -> Option<i64> {
    let facts = run.facts();
    if facts.execution != Execution::Running {
        return None;
    }
    let open = facts.steps.iter().find(|step| step.ended.is_none()).map(|step| step.number);
    open.or_else(|| left(facts).first().copied())
}

/// The form for the next step, for the bar that stays in reach.
pub fn next(run: &Loaded) -> Option<AnyView> {
    mark(run, next_number(run)?)
}

/// The form that begins one step, or ends it; nothing where it is done or may not be marked.
fn mark(run: &Loaded, number: i64) -> Option<AnyView> {
    let (step, act, button) = match run.facts().step(number).map(|taken| taken.ended) {
        None => (Step::BeginStep, "begin-step", format!("Start step {number}")),
        Some(None) => (Step::EndStep, "end-step", format!("Step {number} done")),
        Some(Some(_)) => return None,
    };
    if !run.can(step) {
        return None;
    }
    let place = usize::try_from(number).unwrap_or_default();
    let form = one_of(&run.action(act), "number", &number.to_string(), place);
    let (number, moment) = (hidden("number", number.to_string()), moment(&form));
    Some(
        view! {
            <Form state=form>
                {number}
                <div class="row"><button>{button}</button>{moment}</div>
            </Form>
        }
        .into_any(),
    )
}
