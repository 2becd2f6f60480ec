//! What people say a run amounts to: the abort's reason, rulings, the signature, overrulings.

use leptos::prelude::*;
use notebook::runs::facts::Verdict;
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;
use notebook::runs::validity::Validity;

use crate::form::Form;
use crate::parts::disclosure::Disclosure;
use crate::parts::prose::Prose;
use crate::parts::words::{Word, verdict};
use crate::runs::abort;
use crate::runs::answers::by;
use crate::runs::fields::{area, choose, hidden};
use crate::runs::loaded::Loaded;
use crate::runs::why::why;
use crate::words::with_reason;

/// What is due next, beside the record: one sentence and the way there.
pub fn next(run: &Loaded) -> Option<AnyView> {
    if run.facts().closed {
        return None;
    }
    let (heading, sentence) = match validity_of(run) {
        Some(Validity::Open) => ("Validity open", "The abort's reason or a ruling has to say whether this run counts."),
        Some(Validity::Valid) if run.facts().signed.is_none() => ("Verdict due", "Two minutes while memory is fresh."),
        _ => ("Not closed yet", "Answer for the open fixes and record a decision."),
    };
    Some(
        view! {
            <section class="card" data-print="none">
                <h2>{heading}</h2>
                <p>{sentence}</p>
                <p><a href="#closing">"Go to closing"</a></p>
            </section>
        }
        .into_any(),
    )
}

pub fn validity_of(run: &Loaded) -> Option<Validity> {
    run.shown.validity.as_ref().map(|answer| answer.is)
}

/// The reason an import left open.
pub fn abort_reason(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::GiveAbortReason) {
        return None;
    }
    let form = run.form("give-abort-reason");
    let (reason, text) = (abort::reason(&form), area(&form, "text", "What happened", "", 2));
    Some(
        view! {
            <section>
                <h3>"Why was it aborted?"</h3>
                <Form state=form>
                    {reason}
                    {text}
                    <div class="row"><button>"Give abort reason"</button></div>
                </Form>
            </section>
        }
        .into_any(),
    )
}

/// Whether the run counts, and the ruling that may say otherwise.
pub fn validity(run: &Loaded) -> Option<AnyView> {
    let answer = run.shown.validity.as_ref()?;
    let badge = with_reason(answer.is).badge();
    let why = why(format!("Why is {} {}?", run.id(), answer.is.label().to_lowercase()), &answer.because, &run.times);
    let rule = rule(run);
    Some(view! { <section><h3>"Validity"</h3><p>{badge}</p>{why}{rule}</section> }.into_any())
}

fn rule(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Rule) {
        return None;
    }
    if !run.is_second_person() {
        let words = format!("You ran {}, so a ruling on it comes from somebody else.", run.id());
        return Some(view! { <p class="muted">{words}</p> }.into_any());
    }
    let form = run.form("rule-validity");
    let open = form.came_back() || validity_of(run) == Some(Validity::Open);
    let answers =
        [("valid", "Valid", "The run counts."), ("invalid", "Invalid", "The run counts nowhere; it stays visible.")];
    let (ruling, reason) = (choose(&form, "ruling", "Ruling", &answers, ""), area(&form, "reason", "Reason", "", 2));
    let alone = alone(run);
    Some(
        view! {
            <Disclosure name="Rule on validity" open=open>
                <Form state=form>
                    {alone}
                    {ruling}
                    {reason}
                    <div class="row"><button>"Rule on validity"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}

/// Said where one person judges their own run.
fn alone(run: &Loaded) -> Option<AnyView> {
    let own = run.solo && run.facts().runner.is_some() && run.facts().runner == run.desk.person_id();
    own.then(|| view! { <p class="hint">"You ran this run yourself; \"no second person\" is recorded."</p> }.into_any())
}

/// The proposal to sign, or what was signed and whether it was overruled.
pub fn verdict(run: &Loaded) -> AnyView {
    let content = match (run.facts().signed, &run.shown.proposed) {
        (Some(signed), _) => signed_words(run, signed),
        (None, Some(_)) => sign(run),
        (None, None) => {
            let words = match validity_of(run) {
                Some(Validity::Open) => "The verdict waits until the validity is settled.",
                _ => "An invalid run has no verdict.",
            };
            view! { <p class="muted">{words}</p> }.into_any()
        }
    };
    let overrule = overrule(run);
    view! { <section id="verdict"><h3>"Verdict"</h3>{content}{overrule}</section> }.into_any()
}

fn sign(run: &Loaded) -> AnyView {
    let Some(proposed) = &run.shown.proposed else { return ().into_any() };
    let is = proposed.is;
    let (due, badge) = (verdict::DUE.badge(), Word::from(is).badge());
    let why = why(format!("Why do the values say {}?", is.label().to_lowercase()), &proposed.because, &run.times);
    if !run.can(Step::Sign) {
        let words = "Somebody with the right \"run\" signs it.";
        return view! { <p>{due}" The values propose "{badge}</p>{why}<p class="muted">{words}</p> }.into_any();
    }
    let form = run.form("sign");
    let hint = if is == Verdict::Inconclusive {
        "Needed: say why the run could not tell."
    } else {
        "What was learnt. May be empty."
    };
    let (analysis, word) = (area(&form, "analysis", "Analysis", hint, 4), hidden("verdict", is.word()));
    view! {
        <p>{due}" The values propose "{badge}</p>
        {why}
        <Form state=form>
            {word}
            {analysis}
            <div class="row"><button class="primary">"Sign verdict"</button></div>
        </Form>
        <p class="muted">"The signature is for what the values propose. Another verdict takes an overruling afterwards."</p>
    }
    .into_any()
}

fn signed_words(run: &Loaded, signed: Verdict) -> AnyView {
    let badge = Word::from(signed).badge();
    let by_signer = by(run, |event| matches!(event, RunEvent::Signed { .. }));
    let overruled = run.facts().overruled.map(|verdict| {
        let badge = Word::from(verdict).badge();
        let by_judge = by(run, |event| matches!(event, RunEvent::Overruled { .. }));
        let reason = overruling(run).map(|reason| view! { <Prose text=reason/> });
        view! { <p>{badge}" overruled"{by_judge}"; no check changed by this"</p>{reason} }
    });
    view! { <p>{badge}" signed"{by_signer}</p>{overruled} }.into_any()
}

/// The reason of the overruling in force.
fn overruling(run: &Loaded) -> Option<String> {
    run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Overruled { reason, .. } => Some(reason.to_string()),
        _ => None,
    })
}

fn overrule(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Overrule) {
        return None;
    }
    if !run.is_second_person() {
        return Some(
            view! { <p class="muted">"You ran this run, so only somebody else can overrule its verdict."</p> }
                .into_any(),
        );
    }
    if run.can(Step::RevokeOverruling) {
        return Some(revoke(run));
    }
    let form = run.form("overrule");
    let open = form.came_back();
    let others: Vec<(&str, &str, &str)> = Verdict::ALL
        .iter()
        .filter(|verdict| run.facts().signed != Some(**verdict))
        .map(|verdict| (verdict.word(), verdict.label(), ""))
        .collect();
    let (verdict, reason) =
        (choose(&form, "verdict", "Verdict instead", &others, ""), area(&form, "reason", "Reason", "", 2));
    let alone = alone(run);
    Some(
        view! {
            <Disclosure name="Overrule verdict" open=open>
                <Form state=form>
                    <p class="hint">"Both verdicts stay visible. No check changes, so no fix moves; for that, amend a value."</p>
                    {alone}
                    {verdict}
                    {reason}
                    <div class="row"><button>"Overrule verdict"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}

fn revoke(run: &Loaded) -> AnyView {
    let form = run.form("revoke-overruling");
    let open = form.came_back();
    let reason = area(&form, "text", "Reason", "", 2);
    view! {
        <Disclosure name="Revoke overruling" open=open>
            <Form state=form>
                {reason}
                <div class="row"><button>"Revoke overruling"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
