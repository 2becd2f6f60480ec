//! A run before it starts: its gate, its targets, and the way to call it off.

use leptos::prelude::*;
use notebook::actor::Via;
use notebook::runs::facts::Execution;
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;

use crate::form::Form;
use crate::gate::{of_run, preflight, present};
use crate::parts::disclosure::Disclosure;
use crate::parts::page::Empty;
use crate::runs::fields::{area, moment};
use crate::runs::loaded::Loaded;
use crate::runs::moving::moving;
use crate::runs::planning::{hypothesis, target_hint};
use crate::runs::targets::{self, Named};
use crate::runs::{checks, head, history, measured, since};
use crate::watch::panel;

pub fn content(run: &Loaded) -> AnyView {
    let hypothesis = hypothesis(&run.shown.plan);
    let (start, cancel) = (start(run), cancel(run));
    let moved = run.can(Step::MoveTo).then(|| moving(run.facts().id, run.shown.run.planned_at, &run.times));
    let (gate, present, before) = (of_run::section(run), present::section(run), checks::before(run));
    let (poll, looks) = (preflight::poll(run), preflight::looks(run));
    let (facts, history, measured) = (head::facts(run), history::section(run), measured::section(run));
    let (links, watchers) = (since::links(run), panel::section(run.id(), run.newest(), "plan", None));
    view! {
        <div class="page" id="run-planned">
            <div class="stack" id="run-parts">{hypothesis}{watchers}{present}{measured}{before}{looks}{poll}{start}{moved}{cancel}{history}</div>
            <aside class="stack" id="run-beside">{gate}{links}{facts}</aside>
        </div>
    }
    .into_any()
}

fn start(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Start) {
        return None;
    }
    let form = run.form("start");
    let named: Vec<Named> = run.facts().targets.iter().map(Named::from).collect();
    let own = if named.is_empty() { &run.known } else { &named };
    let rows = targets::rows(&form, own, &target_hint(&run.shown.plan), false);
    let moment = moment(&form);
    Some(
        view! {
            <section>
                <h2>"Start"</h2>
                <p>"From the start on, everybody who can see this run may abort it."</p>
                <Form state=form>
                    {rows}
                    {moment}
                    <div class="row"><button class="primary">"Start run"</button></div>
                </Form>
            </section>
        }
        .into_any(),
    )
}

fn cancel(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Cancel) {
        return None;
    }
    let form = run.form("cancel");
    let open = form.came_back();
    let reason = area(&form, "text", "Reason", "Skipped, postponed, freeze. It stays with the run.", 2);
    Some(
        view! {
            <Disclosure name="Cancel run" open=open>
                <Form state=form>
                    {reason}
                    <div class="row"><button>"Cancel run"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}

/// A run that never happened.
pub fn over(run: &Loaded) -> AnyView {
    let missed = run.facts().execution == Execution::Missed;
    let heading = if missed { "Missed" } else { "Cancelled" };
    let sentence = if missed {
        "Nobody started this run within 60 min of its time. Plan a rerun when there is a better one.".to_owned()
    } else {
        why(run).unwrap_or_else(|| "This run was called off.".to_owned())
    };
    let (facts, history) = (head::facts(run), history::section(run));
    view! {
        <div class="page">
            <div class="stack">
                <Empty heading=heading sentence=sentence/>
                {history}
            </div>
            <aside class="stack">{facts}</aside>
        </div>
    }
    .into_any()
}

/// Why the run was called off, and by whom.
fn why(run: &Loaded) -> Option<String> {
    run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Cancelled { why } if told.entry.via == Via::System => {
            Some(format!("It was called off when its time had passed. {why}"))
        }
        RunEvent::Cancelled { why } => Some(format!("{} called it off: {why}", told.who())),
        _ => None,
    })
}
