//! The closing form: everything in its order, and nothing that can be skipped.

use leptos::prelude::*;
use notebook::experiments::plan::Outcome;
use notebook::retrials::acts::OpenFix;
use notebook::runs::facts::Exercised;
use notebook::runs::steps::Step;
use notebook::runs::validity::Validity;

use crate::form::{Form, FormState};
use crate::parts::words::Word;
use crate::paths;
use crate::runs::fields::{area, choose, hidden};
use crate::runs::loaded::Loaded;
use crate::runs::why::why;
use crate::runs::{decision, judging};

pub fn section(run: &Loaded) -> AnyView {
    let (reason, validity, verdict) = (judging::abort_reason(run), judging::validity(run), judging::verdict(run));
    let (telemetry, close) = (telemetry(run), close(run));
    view! {
        <section id="closing" class="card" data-print="none">
            <h2>"Closing"</h2>
            <div class="stack">{reason}{validity}{verdict}{telemetry}{close}</div>
        </section>
    }
    .into_any()
}

fn telemetry(run: &Loaded) -> AnyView {
    let answer = &run.shown.telemetry;
    let badge = Word::from(answer.is).badge();
    let why = why(format!("Why does telemetry say {}?", answer.is.label().to_lowercase()), &answer.because, &run.times);
    view! { <section><h3>"Telemetry"</h3><p>{badge}</p>{why}</section> }.into_any()
}

/// Fixes and decision, once the run's own answers are settled.
fn close(run: &Loaded) -> AnyView {
    let waits = match judging::validity_of(run) {
        Some(Validity::Open) => Some("Fixes and decision come once the validity is settled."),
        Some(Validity::Valid) if run.facts().signed.is_none() => {
            Some("Fixes and decision come once the verdict is signed.")
        }
        _ => None,
    };
    if let Some(words) = waits {
        return view! { <section><h3>"Fixes and decision"</h3><p class="muted">{words}</p></section> }.into_any();
    }
    if !run.can(Step::Close) {
        return view! { <p class="muted">"Somebody with the right \"run\" closes this run."</p> }.into_any();
    }
    let form = run.form("close");
    let fixes = fixes(run, &form);
    let decision = decision::fields(&form);
    view! {
        <Form state=form>
            {fixes}
            {decision}
            <div class="row"><button class="primary">"Close run"</button></div>
        </Form>
    }
    .into_any()
}

fn fixes(run: &Loaded, form: &FormState) -> AnyView {
    if run.open.is_empty() {
        return view! { <p class="muted">"No fix was deployed when this run began, so there is none to answer for."</p> }
            .into_any();
    }
    let error = form.error("answers").map(|sentence| view! { <p class="error">{sentence}</p> });
    let rows = run.open.iter().enumerate().map(|(place, open)| fix(run, form, open, place)).collect_view();
    view! { {error}{rows} }.into_any()
}

/// One open fix for one finding: what its check showed, and the answer.
fn fix(run: &Loaded, form: &FormState, open: &OpenFix, place: usize) -> AnyView {
    let at = |name: &str| format!("answers.{place}.{name}");
    let legend = format!("{} for {}", open.fix.id, open.finding.id);
    let ids = (hidden(at("fix"), open.fix.id.to_string()), hidden(at("finding"), open.finding.id.to_string()));
    let about = about(open);
    let answer = if open.can_exercise { exercised(form, open, &at) } else { fixed(run, open, &at) };
    view! {
        <fieldset>
            <legend>{legend}</legend>
            {ids.0}
            {ids.1}
            {about}
            {answer}
        </fieldset>
    }
    .into_any()
}

fn about(open: &OpenFix) -> AnyView {
    let check = Word::from(open.check);
    let words = match open.check {
        Outcome::Held => "The revealing check held",
        Outcome::Failed => "The revealing check failed",
        Outcome::Unknown => "The revealing check is unclear",
    };
    let (badge, fix, finding) = (check.saying(words).badge(), paths::fix(open.fix.id), paths::finding(open.finding.id));
    let (title, found) = (open.fix.title.to_string(), open.finding.title.to_string());
    view! { <p><a href=fix>{title}</a>" claims to remove "<a href=finding>{found}</a>". "{badge}</p> }.into_any()
}

fn exercised(form: &FormState, open: &OpenFix, at: &dyn Fn(&str) -> String) -> AnyView {
    let answers = [
        ("held", "Exercised and held", "The run tried it, and the weakness did not show."),
        ("failed", "Exercised and failed", "The run tried it, and the weakness showed again."),
        ("not", "Not exercised", "The run did not try it; say why below."),
    ];
    // A failed check is presumed to be the finding; a held one counts for nothing until somebody says so.
    let own = match (&open.answer, open.check) {
        (Some(answer), _) => answer.exercised.word(),
        (None, Outcome::Failed) => Exercised::Failed.word(),
        (None, Outcome::Held | Outcome::Unknown) => "",
    };
    let choice = choose(form, &at("exercised"), "What this run means for the fix", &answers, own);
    let reason = area(form, &at("reason"), "Reason", "Needed for \"not exercised\".", 2);
    view! { {choice}{reason} }.into_any()
}

/// The fault took effect on nothing that the finding asks for: there is only one answer.
fn fixed(run: &Loaded, open: &OpenFix, at: &dyn Fn(&str) -> String) -> AnyView {
    let hit: Vec<&str> = run.facts().hit().map(|target| target.name.as_str()).collect();
    let hit = if hit.is_empty() { "no target".to_owned() } else { hit.join(", ") };
    let reason =
        format!("the fault took effect on {hit}; {} asks for {}", open.finding.id, open.finding.body.condition.words());
    let id = format!("close-fixed-{}-{}", open.fix.id, open.finding.id);
    let sent = (hidden(at("exercised"), "not"), hidden(at("reason"), reason.clone()));
    let words = format!("Fixed, since {reason}.");
    view! {
        {sent.0}
        {sent.1}
        <div class="check">
            <input id=id.clone() r#type="radio" checked=true disabled=true/>
            <label for=id>"Not exercised"</label>
            <p class="hint">{words}</p>
        </div>
    }
    .into_any()
}
