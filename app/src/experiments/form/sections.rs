//! The four parts of a plan, in the order people think of them.

use leptos::prelude::*;
use notebook::limits::{NOTE_CHARS_MAX, PROSE_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::text::Slug;

use super::Known;
use super::rows;
use super::widgets::{area, choice, hinted, line, marked};
use crate::experiments::typed::Typed;
use crate::parts::choices::Choice;
use crate::parts::field::Field;
use crate::parts::ticks::TickField;

pub fn question(typed: &Typed, known: &Known) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value("title"), typed.error("title"));
    view! {
        <fieldset>
            <legend>"1 Question"</legend>
            <Field form=form name="title" label="Title" value=value error=error required=true max_length=TITLE_CHARS_MAX
                hint="What is done, to how much: Restart one ZooKeeper."/>
            {area(typed, "question", "Question", PROSE_CHARS_MAX, "What happens if\u{2026}")}
            {services(typed, known)}
        </fieldset>
    }
    .into_any()
}

fn services(typed: &Typed, known: &Known) -> AnyView {
    let choice = |(slug, name): &(Slug, String)| Choice { value: slug.to_string(), label: name.clone(), hint: None };
    let choices = known.services.iter().map(choice).collect();
    let (form, ticked, error) = (typed.form.name.clone(), typed.services(), typed.error("services"));
    view! {
        <TickField form=form name="services" legend=marked("services", "Services") choices=choices ticked=ticked
            hint="At least one." error=error/>
    }
    .into_any()
}

pub fn hypothesis(typed: &Typed) -> AnyView {
    view! {
        <fieldset>
            <legend>"2 Hypothesis"</legend>
            {hinted(typed, "if_fault", "If", NOTE_CHARS_MAX, "the fault: one ZooKeeper is restarted")}
            {hinted(typed, "then_behaviour", "then", NOTE_CHARS_MAX, "what can be observed: alerts keep arriving, with no gap longer than 60 s")}
            {hinted(typed, "because_safeguard", "because", NOTE_CHARS_MAX, "the safeguard it trusts: a new leader takes over")}
        </fieldset>
    }
    .into_any()
}

pub fn safety(typed: &Typed, known: &Known) -> AnyView {
    let none = [("", "not chosen yet")];
    let places: Vec<(&str, &str)> = none
        .into_iter()
        .chain(known.environments.iter().map(|place| (place.slug.as_str(), place.name.as_str())))
        .collect();
    let kinds = [("matching", "by expression"), ("names", "by name")];
    view! {
        <fieldset>
            <legend>"3 Safety"</legend>
            {choice(typed, "environment", "Environment", &places, "")}
            <div class="fields">
                {choice(typed, "selector_kind", "May be hit", &kinds, "matching")}
                {hinted(typed, "selector", "Selector", NOTE_CHARS_MAX, "like role=zookeeper")}
                {hinted(typed, "pick", "Pick", TITLE_CHARS_MAX, "random, leader\u{2026}")}
                {hinted(typed, "count", "Count", TITLE_CHARS_MAX, "a number or all")}
                {hinted(typed, "at_once", "At once", TITLE_CHARS_MAX, "a number or all")}
                {hinted(typed, "unit", "Unit", TITLE_CHARS_MAX, "usually instance")}
            </div>
            {area(typed, "abort_conditions", "Abort conditions", PROSE_CHARS_MAX, "One a line: what makes everybody stop at once.")}
            {area(typed, "revert_procedure", "Revert procedure", PROSE_CHARS_MAX, "Step by step, for somebody who is nervous.")}
            <div class="fields">
                {hinted(typed, "revert_owner", "Revert owner", TITLE_CHARS_MAX, "a person or a role")}
                {hinted(typed, "revert_deadline", "Revert deadline", TITLE_CHARS_MAX, "like 5 min")}
            </div>
            <p><strong>"Worst case"</strong></p>
            <p class="hint">"What a run can cost an error budget at most. Without it nobody knows whether the budget holds it, and in production that is a no."</p>
            <div class="fields">
                {hinted(typed, "affected_share", "Affected at most", TITLE_CHARS_MAX, "a share of all events; empty for targets hit of targets listed")}
                {hinted(typed, "failing_share", "Of these failing at most", TITLE_CHARS_MAX, "like 100 %")}
                {hinted(typed, "traffic", "Events a second at most", TITLE_CHARS_MAX, "empty for what the SLO measured")}
                {hinted(typed, "detect_within", "Noticed within", TITLE_CHARS_MAX, "like 2 min; the revert counts with its deadline")}
            </div>
        </fieldset>
    }
    .into_any()
}

pub fn method(typed: &Typed) -> AnyView {
    view! {
        <fieldset>
            <legend>"4 Method and steady-state checks"</legend>
            <div class="fields">
                {hinted(typed, "fault_kind", "Fault kind", TITLE_CHARS_MAX, "such as process-restart")}
                {hinted(typed, "fault_duration", "Fault duration", TITLE_CHARS_MAX, "like 5 min")}
            </div>
            <p><strong>{marked("method", "Method")}</strong></p>
            <p class="hint">"What is done, step by step; arguments one a line, like signal=TERM."</p>
            {rows::steps(typed)}
            <p><strong>{marked("checks", "Steady-state checks")}</strong></p>
            <p class="hint">"What is normal, as statements with numbers. At least one looks during or after the fault."</p>
            {rows::checks(typed)}
            {hinted(typed, "recovery", "Recovery", TITLE_CHARS_MAX, "all after-checks hold again within this time of the fault\u{2019}s end, like 5 min")}
        </fieldset>
    }
    .into_any()
}

/// Why this revision; only a plan that is changed has one.
pub fn reason(typed: &Typed) -> AnyView {
    view! {
        <fieldset>
            <legend>"Why this change"</legend>
            {line(typed, "reason", "Reason", NOTE_CHARS_MAX)}
        </fieldset>
    }
    .into_any()
}
