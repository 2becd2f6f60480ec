//! A closed run: nothing in it changes; what is put right stands beside it, visibly.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::retrials::acts::OpenFix;
use notebook::runs::steps::Step;
use notebook::runs::trail::RunEvent;

use crate::form::Form;
use crate::parts::disclosure::Disclosure;
use crate::parts::prose::Prose;
use crate::runs::fields::{area, choose, hidden};
use crate::runs::loaded::Loaded;
use crate::runs::{checks, deviations, judging, signals};

pub fn section(run: &Loaded) -> AnyView {
    let (amendments, judged) = (amendments(run), judged(run));
    let values = run.can(Step::Answer).then(|| (checks::section(run), signals::section(run)));
    let deviations = deviations::section(run);
    let (answers, amend) = (answers(run), amend(run));
    view! {
        {amendments}
        <section class="card" data-print="none">
            <h2>"Corrections"</h2>
            <p>"This run is closed and does not change. What is put right is added, with its reason, and counts from then on."</p>
            <div class="stack">{judged}{values}{answers}{deviations}{amend}</div>
        </section>
    }
    .into_any()
}

fn judged(run: &Loaded) -> AnyView {
    let (validity, verdict) = (judging::validity(run), judging::verdict(run));
    view! { {validity}{verdict} }.into_any()
}

fn amendments(run: &Loaded) -> Option<AnyView> {
    let items: Vec<AnyView> = run
        .trail
        .iter()
        .filter_map(|told| match &told.event {
            RunEvent::Amended { text } => Some((told, text.to_string())),
            _ => None,
        })
        .map(|(told, text)| {
            let (who, when) = (told.who(), run.times.when(told.entry.at));
            view! { <li><p class="muted">{who}", "{when}</p><Prose text=text/></li> }.into_any()
        })
        .collect();
    (!items.is_empty())
        .then(|| view! { <section><h2>"Amendments"</h2><ol class="plain">{items}</ol></section> }.into_any())
}

fn amend(run: &Loaded) -> Option<AnyView> {
    if !run.can(Step::Amend) {
        return None;
    }
    let form = run.form("amend");
    let open = form.came_back();
    let text = area(&form, "text", "Amendment", "What should be known beside this run. It moves nothing.", 4);
    Some(
        view! {
            <Disclosure name="Add amendment" open=open>
                <Form state=form>
                    {text}
                    <div class="row"><button>"Add amendment"</button></div>
                </Form>
            </Disclosure>
        }
        .into_any(),
    )
}

/// The answers for fixes, each with the form that replaces it.
fn answers(run: &Loaded) -> Option<AnyView> {
    let can = run.can(Step::Amend) && run.shows(Act::AnswerFix);
    let rows = run.open.iter().filter(|open| open.can_exercise).enumerate();
    let rows: Vec<AnyView> = rows.filter(|_| can).map(|(place, open)| answer(run, open, place)).collect();
    (!rows.is_empty()).then(|| view! { <section><h3>"Answers for fixes"</h3><div>{rows}</div></section> }.into_any())
}

fn answer(run: &Loaded, open: &OpenFix, place: usize) -> AnyView {
    let (fix, finding) = (open.fix.id.to_string(), open.finding.id.to_string());
    let summary = format!("Amend the answer of {fix} for {finding}");
    if !run.is_second_person() {
        return view! { <p class="muted">{format!("{summary}: you ran this run, so this takes somebody else.")}</p> }
            .into_any();
    }
    let form = pair_form(run, &fix, &finding, place);
    let came_back = form.came_back();
    let answers =
        [("held", "Exercised and held", ""), ("failed", "Exercised and failed", ""), ("not", "Not exercised", "")];
    let own = open.answer.as_ref().map_or("", |answer| answer.exercised.word());
    let choice = choose(&form, "exercised", "What this run means for the fix", &answers, own);
    let reason = area(&form, "reason", "Why the answer changes", "", 2);
    let ids = (hidden("fix", fix), hidden("finding", finding));
    view! {
        <Disclosure name=summary open=came_back>
            <Form state=form>
                {ids.0}
                {ids.1}
                {choice}
                {reason}
                <div class="row"><button>"Amend answer"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

/// A fix may stand here for two findings: the form that came back is told by both.
fn pair_form(run: &Loaded, fix: &str, finding: &str, place: usize) -> crate::form::FormState {
    let action = run.action("amend-answer");
    let form = crate::runs::fields::one_of(&action, "fix", fix, place);
    if form.came_back() && form.value("finding", "") != finding {
        return crate::runs::fields::one_of(&action, "fix", "", place);
    }
    form
}
