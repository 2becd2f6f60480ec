//! Each signal of the plan as a row that opens: what it did, and the form that writes it.

use leptos::prelude::*;
use notebook::alerts::telling::Telling;
use notebook::experiments::plan::{Expect, Outcome, Signal};
use notebook::experiments::words::signal_words;
use notebook::runs::facts::{RunFacts, SignalSeen};
use notebook::runs::steps::Step;
use notebook::runs::telemetry::{is_late, telemetry_signal};

use crate::alerts::table::table;
use crate::form::{Form, FormState};
use crate::parts::words::Word;
use crate::runs::fields::{choose, hidden, line, moment, one_of};
use crate::runs::loaded::Loaded;
use crate::runs::{checks, heard};

pub fn section(run: &Loaded) -> Option<AnyView> {
    let signals = &run.facts().identity.signals;
    // Once it has ended they have a place of their own.
    let heard = if run.facts().execution.has_ended() { None } else { heard::section(run) };
    if signals.is_empty() {
        return heard;
    }
    let rows = signals.iter().enumerate().map(|(place, signal)| row(run, signal, place)).collect_view();
    Some(view! { <section id="signals"><h2>"Signals"</h2><div>{rows}</div></section>{heard} }.into_any())
}

fn row(run: &Loaded, signal: &Signal, place: usize) -> AnyView {
    let form = one_of(&run.action("answer-signal"), "signal", signal.signal.as_str(), place);
    let seen = run.facts().signals.get(signal.signal.as_str()).map(|answer| answer.seen);
    let writes = run.can(Step::Answer);
    let open = form.came_back() || (writes && seen.is_none() && run.facts().fault_started.is_some());
    let (name, asks) = (signal.signal.to_string(), format!(" {} ", signal_words(signal)));
    let present = present(run.facts(), signal);
    let form = writes.then(|| write(run, signal, seen, form));
    view! {
        <details class="fold" open=open>
            <summary><strong>{name}</strong><small>{asks}</small>{present}</summary>
            {told(run, signal)}
            {form}
        </details>
    }
    .into_any()
}

/// What alerts say of it, where the plan says which.
fn told(run: &Loaded, signal: &Signal) -> Option<AnyView> {
    let told = run.alerts.signals.iter().find(|told| told.signal == signal.signal)?;
    let by_person = run.facts().signals.get(signal.signal.as_str()).is_some_and(|answer| answer.told.is_none());
    let (Telling::Says { says, .. } | Telling::Waits { says }) = &told.telling;
    let who = if by_person { "A person answered. Alertmanager: " } else { "Alertmanager: " };
    let (says, matchers) = (format!("{who}{says}."), told.matchers.clone());
    let id = format!("told-{}", run.facts().identity.signals.iter().position(|known| known == signal)?);
    let alerts = (!told.alerts.is_empty()).then(|| table(id, "Alerts that fit", &told.alerts, &run.times));
    let more = told.more.then(|| view! { <p class="muted">"There are more of them; these are the newest."</p> });
    Some(view! { <p class="muted">{says}" "<code>{matchers}</code></p>{alerts}{more} }.into_any())
}

/// What the signal did and whether it told the truth, as it stands.
pub fn present(facts: &RunFacts, signal: &Signal) -> AnyView {
    let Some(answer) = facts.signals.get(signal.signal.as_str()) else {
        return Word::from(Outcome::Unknown).saying("Not answered").badge().into_any();
    };
    let word = Word::from(telemetry_signal(facts, signal));
    let word = if is_late(facts, signal) { word.saying("Blind spot, late") } else { word };
    let badge = word.badge();
    view! { <span class="num">{answer.seen.words()}</span>" "{badge} }.into_any()
}

fn write(run: &Loaded, signal: &Signal, seen: Option<SignalSeen>, form: FormState) -> AnyView {
    if run.is_settled() && !run.is_second_person() {
        return checks::not_own();
    }
    let answers = [
        ("fired", "Fired", ""),
        ("silent", "Stayed silent", "Its source was alive."),
        ("no_data", "No data", "Its source gave nothing, so silence means nothing."),
    ];
    let own = match seen {
        Some(SignalSeen::Fired { .. }) => "fired",
        Some(SignalSeen::Silent) => "silent",
        Some(SignalSeen::NoData) => "no_data",
        None => "",
    };
    let seen = choose(&form, "seen", "What it did", &answers, own);
    let hint = match signal.expect {
        Expect::Fire { .. } => "In seconds after the fault took effect: 41 or 40..50. Needed if it fired.",
        Expect::Silent { .. } => "In seconds after the fault took effect: 41 or 40..50.",
    };
    let after = line(&form, "after_s", "Fired after", "", hint);
    let (moment, name) = (moment(&form), hidden("signal", signal.signal.to_string()));
    let amends = checks::amends(run, &form);
    let button = if amends.is_some() { "Amend signal" } else { "Record signal" };
    view! {
        <Form state=form>
            {name}
            {seen}
            {after}
            {moment}
            {amends}
            <div class="row"><button>{button}</button></div>
        </Form>
    }
    .into_any()
}
