//! The run's timeline on graph paper.

use leptos::prelude::*;
use notebook::runs::acts::Observation;
use notebook::runs::steps::Step;
use notebook::time::Zone;

use crate::ask::query;
use crate::form::{Form, FormState};
use crate::parts::log::{Entry, Log};
use crate::parts::when::absolute;
use crate::paths;
use crate::runs::clock::clock;
use crate::runs::fields::{hidden, one_of};
use crate::runs::loaded::Loaded;
use crate::runs::marks::{Mark, by_clock, marks};
use crate::runs::zones;

/// While the run goes on the newest line stands on top, below the composer.
pub fn section(run: &Loaded, newest_first: bool) -> AnyView {
    let pinned_only = query("log") == "pinned";
    // The log is told as it was written; what tells the run in short, as it was.
    let mut marks = if pinned_only { by_clock(run) } else { marks(run) };
    if newest_first {
        marks.reverse();
    }
    let (all, kept) = (marks.len(), marks.iter().filter(|mark| !mark.is_loose).count());
    let has_pins = run.shown.observations.iter().any(|observation| observation.pinned);
    let choice = (kept < all && (has_pins || pinned_only)).then(|| choice(run, pinned_only, kept, all));
    let zone = run.zone();
    let pins = Pins::of(run);
    let lines = marks
        .into_iter()
        .filter(|mark| !(pinned_only && mark.is_loose))
        .map(|mark| line(run, mark, zone, pins.as_ref()))
        .collect_view();
    let pins = pins.map(Pins::forms);
    let zones = zones::switch(&run.zones);
    let label = format!("Timeline of {}", run.id());
    view! {
        <section id="log">
            <div class="row spread"><h2>"Timeline"</h2>{choice}</div>
            {zones}
            {pins}
            <Log label=label>{lines}</Log>
        </section>
    }
    .into_any()
}

fn choice(run: &Loaded, pinned_only: bool, kept: usize, all: usize) -> AnyView {
    let (href, words) = if pinned_only {
        (format!("{}#log", paths::run(run.id())), format!("Show full log ({all})"))
    } else {
        (paths::run_pinned(run.id()), format!("Show pinned only ({kept})"))
    };
    view! { <a href=href data-print="none">{words}</a> }.into_any()
}

fn line(run: &Loaded, mark: Mark, zone: &Zone, pins: Option<&Pins>) -> AnyView {
    let Mark { at, anchor, family, body, told, .. } = mark;
    let pin = pins.zip(run.observation(anchor.as_deref())).map(|(pins, observation)| pins.button(observation));
    let clock = clock(run.facts(), at, zone);
    let told = told.map(|told| {
        let late = told.recorded_at.map(|at| format!(", written {}", absolute(at.micros(), &run.times.zone)));
        view! { <small>" "{told.who}{late}</small>{pin} }.into_any()
    });
    let body = body(told);
    match anchor {
        Some(anchor) => view! { <Entry id=anchor clock=clock family=family>{body}</Entry> }.into_any(),
        None => view! { <Entry clock=clock family=family>{body}</Entry> }.into_any(),
    }
}

/// The two forms of all pins: a button in each line would carry one of its own through the page.
struct Pins {
    put: FormState,
    take: FormState,
}

impl Pins {
    fn of(run: &Loaded) -> Option<Self> {
        let form = |pinned: &str, place| one_of(&run.action("pin"), "pinned", pinned, place);
        run.can(Step::Observe).then(|| Self { put: form("on", 0), take: form("off", 1) })
    }

    fn button(&self, observation: &Observation) -> AnyView {
        let number = observation.number.to_string();
        let (form, word) = if observation.pinned { (&self.take, "Unpin") } else { (&self.put, "Pin") };
        let (form, label) = (form.name.clone(), format!("{word} o{number}"));
        let puts = (!observation.pinned).then_some("");
        view! {
            " "
            <button class="quiet" form=form name="observation" value=number aria-label=label data-pin=puts data-print="none">
                {word}
            </button>
        }
        .into_any()
    }

    fn forms(self) -> AnyView {
        let (on, off) = (hidden("pinned", "on"), hidden("pinned", "off"));
        view! { <Form state=self.put>{on}</Form><Form state=self.take>{off}</Form> }.into_any()
    }
}
