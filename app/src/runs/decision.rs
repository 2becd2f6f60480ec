//! The decision that closes a run.

use leptos::prelude::*;
use notebook::decisions::DecisionKind;

use crate::form::FormState;
use crate::parts::field::Field;
use crate::runs::fields::{area, line, select};

/// What choosing a kind means, in one line.
const fn explained(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::FixAndRerun => "something is to be repaired, then the same plan runs again",
        DecisionKind::RepeatAsIs => "run the same plan again to gain confidence",
        DecisionKind::Widen => "the next plan hits more, or harder",
        DecisionKind::Automate => "let it run unattended, once every criterion on the experiment's page is met",
        DecisionKind::KeepManual => "people stay at the controls",
        DecisionKind::AdoptAChange => "what was learnt allows a change elsewhere",
        DecisionKind::AcceptTheRisk => "live with it until a date",
        DecisionKind::Retire => "production exercises this anyway; the experiment is retired",
        DecisionKind::Stop => "not worth going on; the experiment is retired",
    }
}

pub fn fields(form: &FormState) -> AnyView {
    let kinds = DecisionKind::ALL
        .iter()
        .map(|kind| (kind.word().to_owned(), format!("{}: {}", kind.label(), explained(*kind))));
    let options = std::iter::once((String::new(), "Choose what follows".to_owned())).chain(kinds).collect();
    let kind = select(form, "decision", "Decision", options, "");
    let title = line(form, "decision_title", "Title", "", "May be empty: the kind's own words then.");
    let reason = area(form, "decision_reason", "Reason", "", 3);
    let source = "Adopting a change needs it, like: up to 50 % of the compute bill, from the provider's price list.";
    let saving = line(form, "decision_saving", "Saving, with its source", "", source);
    let events = "Retiring needs it, like: preemption events. Without any, the experiment is ready again.";
    let passive = line(form, "decision_passive", "What production exercises anyway", "", events);
    let (id, value, error) = (form.name.clone(), form.value("decision_until", ""), form.error("decision_until"));
    view! {
        <fieldset>
            <legend>"Decision"</legend>
            {kind}
            {title}
            {reason}
            <Field form=id name="decision_until" label="Until" kind="date" value=value error=error
                hint="An accepted risk ends on a date."/>
            {saving}
            {passive}
        </fieldset>
    }
    .into_any()
}
