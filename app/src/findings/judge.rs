//! What people rule about a finding: accepted risk, duplicate, no finding. Each can be taken back.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::findings::Finding;
use notebook::findings::status::Rulings;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::prose::Line;
use crate::paths;
use crate::times::Times;

/// Rulings in force, by the word that takes them back, each as a sentence.
fn in_force(rulings: &Rulings, times: &Times) -> Vec<(&'static str, String)> {
    let mut list = Vec::new();
    if let Some(of) = rulings.duplicate_of {
        list.push(("marked_duplicate", format!("Marked as a duplicate of {of}.")));
    }
    if let Some(reason) = &rulings.not_a_finding {
        list.push(("dismissed", format!("Ruled to be no finding: {reason}")));
    }
    if let Some(risk) = &rulings.risk {
        let until = times.until(risk.until);
        let says = if risk.until.micros() > times.now {
            format!("{} accepts the risk until {until}: {}", risk.owner, risk.reason)
        } else {
            format!("{} accepted the risk until {until}; that date has passed: {}", risk.owner, risk.reason)
        };
        list.push(("risk_accepted", says));
    }
    list
}

pub fn section(desk: &Desk, finding: &Finding, rulings: &Rulings, times: &Times) -> AnyView {
    let ruled = in_force(rulings, times);
    let list = if ruled.is_empty() {
        view! { <p class="muted">"Nobody has ruled about it: its status follows from its fixes."</p> }.into_any()
    } else {
        let items = ruled.iter().map(|(_, says)| view! { <li><Line text=says.clone()/></li> });
        view! { <ul class="plain">{items.collect_view()}</ul> }.into_any()
    };
    let forms = desk.shows(Act::JudgeFinding).then(|| forms(finding, rulings, ruled, times));
    view! { <section id="judgement"><h2>"Judgement"</h2>{list}{forms}</section> }.into_any()
}

/// What can be ruled now: what is not in force yet, and taking back what is.
fn forms(finding: &Finding, rulings: &Rulings, ruled: Vec<(&'static str, String)>, times: &Times) -> AnyView {
    let page = &paths::finding(finding.id);
    let accepted = rulings.risk.as_ref().is_some_and(|risk| risk.until.micros() > times.now);
    let risk = (!accepted).then(|| accept_risk(page));
    let duplicate = rulings.duplicate_of.is_none().then(|| mark_duplicate(page, finding));
    let dismiss = rulings.not_a_finding.is_none().then(|| dismiss(page));
    let undo = (!ruled.is_empty()).then(|| undo(page, ruled));
    view! { {undo} {risk} {duplicate} {dismiss} }.into_any()
}

fn accept_risk(page: &str) -> AnyView {
    let form = FormState::of(paths::act(page, "accept-risk"));
    let open = form.came_back();
    view! {
        <Disclosure name="Accept the risk until a date" open=open>
            <Form state=form.clone()>
                <Field form=form.name.clone() name="owner" label="Who carries the risk" value=form.value("owner", "") error=form.error("owner") required=true/>
                <Field form=form.name.clone() name="until" label="Until" kind="date" value=form.value("until", "") hint="From the beginning of this day on, where the team is that owns the service, the finding needs action again." error=form.error("until") required=true/>
                <AreaField form=form.name.clone() name="reason" label="Why it can be lived with" value=form.value("reason", "") error=form.error("reason") rows=2 required=true/>
                <div class="row"><button>"Accept the risk"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn mark_duplicate(page: &str, finding: &Finding) -> AnyView {
    let summary = finding.body.summary.as_ref().map(ToString::to_string).unwrap_or_default();
    let like = paths::seen_like(finding.id, &finding.services, &format!("{} {summary}", finding.title));
    let form = FormState::of(paths::act(page, "mark-duplicate"));
    let open = form.came_back();
    view! {
        <Disclosure name="Mark as a duplicate" open=open>
            <Form state=form.clone()>
                <Field form=form.name.clone() name="of" label="Duplicate of" value=form.value("of", "") hint="The finding that stays, like FND-2." error=form.error("of") required=true/>
                <div class="row">
                    <button>"Mark as a duplicate"</button>
                    <a class="button" href=like>"Seen before?"</a>
                </div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn dismiss(page: &str) -> AnyView {
    let form = FormState::of(paths::act(page, "dismiss"));
    let open = form.came_back();
    view! {
        <Disclosure name="Not a finding" open=open>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="reason" label="Why it is none" value=form.value("reason", "") error=form.error("reason") rows=2 required=true/>
                <div class="row"><button>"Rule that it is no finding"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn undo(page: &str, ruled: Vec<(&'static str, String)>) -> AnyView {
    let form = FormState::of(paths::act(page, "undo"));
    let open = form.came_back();
    let options = ruled.into_iter().map(|(word, says)| (word.to_owned(), says)).collect();
    view! {
        <Disclosure name="Take a ruling back" open=open>
            <Form state=form.clone()>
                <SelectField form=form.name.clone() name="of" label="Ruling" options=options value=form.value("of", "") error=form.error("of")/>
                <AreaField form=form.name.clone() name="reason" label="Why" value=form.value("reason", "") error=form.error("reason") rows=2 required=true/>
                <div class="row"><button>"Take this ruling back"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::findings::status::AcceptedRisk;
    use notebook::time::Moment;

    #[test]
    fn a_risk_whose_date_has_passed_says_so() {
        let until = Moment::parse("2027-05-03T00:00:00Z").unwrap();
        let risk = AcceptedRisk { owner: "Ana".into(), reason: "cheap".into(), until };
        let rulings = Rulings { risk: Some(risk), ..Rulings::default() };
        let at = |now: i64| in_force(&rulings, &Times { zone: "UTC".into(), now }).remove(0).1;
        assert_eq!(at(until.micros() - 1), "Ana accepts the risk until 3 May 2027: cheap");
        assert!(at(until.micros()).contains("that date has passed"));
    }
}
