//! The gate on a run's page: while it is planned with the forms that answer it, afterwards as it was
//! passed.

use leptos::prelude::*;
use notebook::actor::PersonId;
use notebook::gate::answers::{Outcome, Reply, Settled};
use notebook::gate::asked::{Asked, OPERATOR};
use notebook::gate::passed::Passed;
use notebook::runs::steps::Step;

use super::advice::policy_line;
use super::lines::{Names, asked_then, name_of, outcome, row};
use crate::form::Form;
use crate::parts::disclosure::Disclosure;
use crate::runs::fields::{area, hidden, one_of};
use crate::runs::loaded::Loaded;

/// Before the start.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let asked = run.shown.gate.as_ref()?;
    let settled = asked.settled(who(run));
    let rows = rows(run, asked, &settled, 0);
    let (whole, policy, now) =
        (whole(asked, &settled, is_ahead(run)), policy_line(asked.policy), now(run, settled.len()));
    Some(
        view! {
            <section class="card" id="gate">
                <h2>"Gate"</h2>
                <p><strong>{whole}</strong></p>
                <p class="muted">"As things are written down now, if you start the run at its time; asked again when it starts. Whoever answers does not start the run."</p>
                <ul class="plain">{rows}</ul>
                {now}
                {policy}
            </section>
        }
        .into_any(),
    )
}

/// Whoever looks, as the one who would start it.
fn who(run: &Loaded) -> PersonId {
    run.desk.person_id().unwrap_or(OPERATOR)
}

/// Each check with what became of it and the form that answers it. `first` keeps the forms' ids apart.
fn rows(run: &Loaded, asked: &Asked, settled: &[Settled], first: usize) -> AnyView {
    let rows = settled.iter().zip(first..).map(|(settled, place)| {
        let (outcome, own) = (outcome(settled, &run.names), own_answer(asked, settled, who(run)));
        let reply = reply(run, settled, place);
        row(&settled.line, Some(view! { {outcome}{own}{reply} }.into_any()))
    });
    rows.collect_view().into_any()
}

/// One's own answer is somebody else's second person.
fn own_answer(asked: &Asked, settled: &Settled, who: PersonId) -> Option<AnyView> {
    let mine = |reply: &&Reply| reply.check == settled.line.check && reply.by == who;
    let mine = asked.replies.iter().rev().find(mine).filter(|_| !settled.is_open())?;
    let counts = settled.outcome == Outcome::Waits && mine.covers(&settled.line);
    let then = if counts { " That counts once somebody else starts the run." } else { "" };
    let says = format!("You answered: {}{}{then}", mine.text, asked_then(mine, &settled.line));
    Some(view! { <p class="muted">{says}</p> }.into_any())
}

/// What a start now meets that one at the planned time does not.
fn now(run: &Loaded, first: usize) -> Option<AnyView> {
    let asked = run.shown.gate_now.as_ref()?;
    let rows = rows(run, asked, &asked.settled(who(run)), first);
    Some(
        view! {
            <h3>"Started now, before its time"</h3>
            <ul class="plain" id="gate-now">{rows}</ul>
        }
        .into_any(),
    )
}

/// Whether its time has not come yet.
fn is_ahead(run: &Loaded) -> bool {
    run.shown.run.planned_at.is_some_and(|planned| planned > run.desk.now())
}

/// All checks in one sentence; of a run whose time is ahead they are asked for that time.
fn whole(asked: &Asked, settled: &[Settled], is_ahead: bool) -> &'static str {
    let any = |outcome: &Outcome| settled.iter().any(|settled| settled.outcome == *outcome);
    if asked.is_frozen() {
        if is_ahead {
            "At its time a freeze is on: this run cannot start then."
        } else {
            "A freeze is on: this run cannot start now."
        }
    } else if any(&Outcome::Refused) {
        if is_ahead {
            "The gate is closed at its time: this run cannot start then."
        } else {
            "The gate is closed: this run cannot start now."
        }
    } else if any(&Outcome::Waits) {
        "The gate waits for answers by a second person."
    } else if is_ahead {
        "The gate is open at its time."
    } else {
        "The gate is open."
    }
}

/// The form that answers a question, or overrides working hours.
fn reply(run: &Loaded, settled: &Settled, place: usize) -> Option<AnyView> {
    let overrides = settled.line.can_be_overridden;
    let open_to_reply = matches!(settled.outcome, Outcome::Waits | Outcome::Answered(_) | Outcome::Overridden(_));
    if !(open_to_reply || overrides) || !run.can(Step::AnswerGate) {
        return None;
    }
    let check = settled.line.check;
    let form = one_of(&run.action("answer-gate"), "check", check.word(), place);
    let open = form.came_back();
    let (verb, hint) = if overrides {
        (
            "Override",
            "Why it may go on although this is outside of working hours, or nobody knows them. It stays with the run.",
        )
    } else {
        ("Answer", "Why the run may go on nevertheless. It stays with the run.")
    };
    let name = format!("{verb}: {}", check.label());
    let text = area(&form, "text", "Your answer", hint, 2);
    let check = hidden("check", check.word());
    Some(
        view! {
            <Disclosure name=name open=open>
                <Form state=form>
                    {check}
                    {text}
                    <div class="row"><button>{verb}</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}

/// After the start: what the gate said then.
pub fn passed(run: &Loaded) -> Option<AnyView> {
    let passed = run.shown.passed.as_ref()?;
    let rows = passed.checks.iter().map(|settled| row(&settled.line, outcome(settled, &run.names))).collect_view();
    let (present, policy) = (present(passed, &run.names), policy_line(passed.policy));
    let bound = if passed.binding {
        "What the gate said when the run started."
    } else {
        "What the gate would have said, as things stood when it was written down. The run had begun by then, so nothing was kept from starting."
    };
    Some(
        view! {
            <details class="fold" id="gate">
                <summary>"Gate at the start"</summary>
                <p class="muted">{bound}</p>
                <ul class="plain">{rows}</ul>
                {present}
                {policy}
            </details>
        }
        .into_any(),
    )
}

fn present(passed: &Passed, names: &Names) -> Option<AnyView> {
    let here: Vec<String> = passed.present.iter().map(|one| name_of(names, one.person)).collect();
    (!here.is_empty()).then(|| view! { <p>{format!("Present: {}.", here.join(", "))}</p> }.into_any())
}
