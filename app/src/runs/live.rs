//! The live page: what goes on now, and everything that can be written down about it.

use leptos::prelude::*;
use notebook::runs::steps::Step;

use crate::form::Form;
use crate::gate::{of_run, present};
use crate::keys::list as keys;
use crate::parts::disclosure::Disclosure;
use crate::parts::refresh::refresh;
use crate::paths;
use crate::runs::fields::{area, moment};
use crate::runs::loaded::Loaded;
use crate::runs::planning::hypothesis;
use crate::runs::{
    checks, deviations, effects, head, history, lanes, measured, method, now, observe, signals, since, spent, timeline,
    watch,
};
use crate::watch::panel;

pub fn content(run: &Loaded) -> AnyView {
    let (refresh, bar, now) = (refresh(&paths::run(run.id())), now::bar(run), now::section(run));
    let measured_every_ms = run.shown.plan.context.probes.as_ref().map(|probes| probes.every_ms);
    let watchers = panel::section(run.id(), run.newest(), "live", measured_every_ms);
    let (composer, log) = (observe::composer(run, true), timeline::section(run, true));
    let (watch, method, lanes) = (watch::section(run), method::section(run), lanes::section(run));
    let (checks, signals, effects) = (checks::section(run), signals::section(run), effects::section(run));
    let (deviations, lacks, end) = (deviations::section(run), deviations::lacks(run), end(run));
    let (present, gate, chef) = (present::section(run), of_run::passed(run), since::chef(run));
    let (spent, measured, durations) = (spent::section(run), measured::section(run), since::durations(run));
    let (links, keys) = (since::links(run), keys::section());
    let (facts, history, hypothesis) = (head::facts(run), history::section(run), hypothesis(&run.shown.plan));
    view! {
        // With ids: a page that takes another's place knows them again, whatever stands before them.
        <div class="live" id="run-live">
            {bar}
            <div class="stack" id="run-parts">
                {now}
                {watchers}
                {keys}
                {measured}
                {refresh}
                <div class="cards" id="run-cards">
                    <div class="stack" id="run-written">{composer}{watch}{log}</div>
                    <div class="stack" id="run-done">{method}{checks}{signals}{effects}{deviations}{lacks}{chef}{links}{present}{end}{durations}{facts}</div>
                </div>
                {lanes}
                {hypothesis}
                {spent}
                {gate}
                {history}
            </div>
        </div>
    }
    .into_any()
}

/// The last steps: a revert that failed, and the end.
fn end(run: &Loaded) -> AnyView {
    let (failed, finish) = (fail_revert(run), finish(run));
    view! { <section id="end"><h2>"End"</h2>{finish}{failed}</section> }.into_any()
}

fn finish(run: &Loaded) -> AnyView {
    if !run.shows(Step::Finish.act()) {
        return view! { <p class="muted">"Somebody with the right \"run\" ends this run."</p> }.into_any();
    }
    if let Some(state) = run.waits(Step::Finish) {
        return view! { <p class="muted">{format!("This run cannot be finished yet: {state}.")}</p> }.into_any();
    }
    let form = run.form("finish");
    let moment = moment(&form);
    view! {
        <Form state=form>
            {moment}
            <div class="row"><button>"Finish run"</button></div>
        </Form>
    }
    .into_any()
}

fn fail_revert(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::FailRevert) {
        return None;
    }
    let form = run.form("fail-revert");
    let open = form.came_back();
    let (text, moment) = (area(&form, "text", "What happened", "", 2), moment(&form));
    Some(
        view! {
            <Disclosure name="Revert failed" open=open>
                <Form state=form>
                    <p class="hint">"The after-checks did not hold again. The run can then be finished without them."</p>
                    {text}
                    {moment}
                    <div class="row"><button>"Record failed revert"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}
