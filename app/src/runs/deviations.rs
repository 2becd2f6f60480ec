//! What was done differently from the plan, whether that is only context, and versions that lack a fix.

use leptos::prelude::*;
use notebook::runs::facts::Deviation;
use notebook::runs::method;
use notebook::runs::steps::Step;

use crate::form::Form;
use crate::parts::disclosure::Disclosure;
use crate::parts::words::{Word, relation};
use crate::runs::fields::{area, choose, hidden, moment, one_of, select};
use crate::runs::loaded::Loaded;

/// The list with its rulings, and the form for one more.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let deviations = &run.facts().deviations;
    if deviations.is_empty() && !run.can(Step::Deviate) {
        return None;
    }
    let items = deviations.iter().enumerate().map(|(place, deviation)| item(run, deviation, place)).collect_view();
    let list = (!deviations.is_empty()).then(|| view! { <ol class="plain">{items}</ol> });
    let (effect, strays, form) = (effect(run), strays(run), deviate(run));
    Some(view! { <section id="deviations"><h2>"Deviations"</h2>{effect}{list}{strays}{form}</section> }.into_any())
}

/// What follows from all of them for the run's identity.
fn effect(run: &Loaded) -> Option<AnyView> {
    if run.facts().deviations.is_empty() {
        return None;
    }
    let words = if run.facts().follows_its_plan() {
        "All of it was ruled context: this run is still the same experiment as its plan."
    } else {
        "As it stands this run is a different experiment: it verifies no fix, contradicts none and counts for no claim, until somebody other than the runner rules each deviation context."
    };
    Some(view! { <p>{words}</p> }.into_any())
}

/// Where the marked steps and the targets differ from the plan; people say whether that is a deviation.
fn strays(run: &Loaded) -> Option<AnyView> {
    let mut strays = method::strays(run.facts());
    strays.extend(method::missed(run.facts()));
    if strays.is_empty() || !run.can(Step::Deviate) {
        return None;
    }
    let words = format!("It went otherwise than planned: {}. If it was so, record a deviation.", strays.join("; "));
    Some(view! { <p role="note" data-strays="">{words}</p> }.into_any())
}

fn word(deviation: &Deviation) -> Word {
    if deviation.is_context {
        relation::IDENTICAL.saying("Context only")
    } else {
        relation::DIFFERENT.saying("Counts as a different experiment")
    }
}

fn item(run: &Loaded, deviation: &Deviation, place: usize) -> AnyView {
    let (badge, text) = (word(deviation).badge(), deviation.text.clone());
    let rule = run.can(Step::RuleDeviation).then(|| rule(run, deviation, place));
    view! { <li>{badge}" "{text}{rule}</li> }.into_any()
}

fn rule(run: &Loaded, deviation: &Deviation, place: usize) -> AnyView {
    if !run.is_second_person() {
        return view! { <p class="muted">"You ran this run: somebody else rules whether this is context."</p> }
            .into_any();
    }
    let number = deviation.number.to_string();
    let form = one_of(&run.action("rule-deviation"), "number", &number, place);
    let open = form.came_back();
    let answers = [
        ("context", "Context", "It did not matter for the hypothesis: the run stays the same experiment."),
        ("deviation", "Deviation", "It did: the run counts as a different experiment."),
    ];
    let own = if deviation.is_context { "context" } else { "deviation" };
    let (ruling, reason) = (choose(&form, "ruling", "Ruling", &answers, own), area(&form, "reason", "Reason", "", 2));
    let (summary, number) = (format!("Rule on deviation {number}"), hidden("number", number));
    view! {
        <Disclosure name=summary open=open>
            <Form state=form>
                {number}
                {ruling}
                {reason}
                <div class="row"><button>"Rule on deviation"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn deviate(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Deviate) {
        return None;
    }
    let form = run.form("deviate");
    let open = form.came_back();
    let hint = "What was done differently from the plan. The run then proves nothing about fixes until somebody else calls it context.";
    let (text, moment) = (area(&form, "text", "Deviation", hint, 2), moment(&form));
    Some(
        view! {
            <Disclosure name="Record a deviation from the plan" open=open>
                <Form state=form>
                    {text}
                    {moment}
                    <div class="row"><button>"Record deviation"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}

/// The run was on a version that lacks a fix; nothing where no fix is deployed.
pub fn lacks(run: &Loaded) -> Option<AnyView> {
    let mut fixes: Vec<(String, String)> = Vec::new();
    for open in run.open.iter().filter(|open| !run.facts().lacks.contains(&open.fix.id)) {
        let id = open.fix.id.to_string();
        if !fixes.iter().any(|(known, _)| *known == id) {
            fixes.push((id.clone(), format!("{id} · {}", open.fix.title)));
        }
    }
    if fixes.is_empty() || !run.can(Step::RecordLack) {
        return None;
    }
    let form = run.form("record-lack");
    let open = form.came_back();
    let (fix, reason) = (select(&form, "fix", "Fix", fixes, ""), area(&form, "reason", "How that is known", "", 2));
    Some(
        view! {
            <Disclosure name="Record that the version lacks a fix" open=open>
                <Form state=form>
                    <p class="hint">"The run then says nothing about that fix."</p>
                    {fix}
                    {reason}
                    <div class="row"><button>"Record missing fix"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}
