//! Forms for measurements: typed in, withdrawn, or signed where nobody measured.

use leptos::prelude::*;
use notebook::id::SloId;
use notebook::slos::Slo;
use notebook::slos::acts::Recorded;
use notebook::slos::measurements::Said;
use notebook::slos::method::Method;

use crate::form::{Form, FormState};
use crate::kept::{List, MORE_ROWS};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::when::absolute;
use crate::paths;
use crate::times::Times;

const ROWS: List = List { name: "rows", choices: &["counts"] };
/// Rows of a fresh form.
const OWN_ROWS: usize = 1;

/// `first` where entering numbers is what the page waits for.
pub fn enter(id: SloId, slo: &Slo, first: bool, times: &Times) -> AnyView {
    let form = FormState::of(paths::act(&paths::slo(id), "measurements"));
    let rows = ROWS.rows(&form, 0, OWN_ROWS);
    let counts = match slo.method {
        Method::Occurrences => vec![("events".to_owned(), "events".to_owned())],
        Method::TimeSlices(_) => {
            vec![
                ("slices".to_owned(), "slices of time".to_owned()),
                ("events".to_owned(), "events in one slice".to_owned()),
            ]
        }
    };
    let fields: Vec<_> = (0..rows).map(|number| row(&form, number, &counts)).collect();
    let (open, class) = (first || form.came_back(), if first { "primary" } else { "" });
    let more = format!("{}#enter", form.action);
    let hint = format!(
        "Your time, {}. The beginning belongs to an interval, the end does not. Numbers for the same interval again correct the earlier ones; then say why.",
        times.zone
    );
    view! {
        <div id="enter">
            <Disclosure name="Enter numbers" open=open>
                <p class="hint">
                    {hint}
                </p>
                <Form state=form.clone()>
                    {fields}
                    <AreaField form=form.name.clone() name="reason" label="Why they correct earlier numbers"
                        value=form.value("reason", "") error=form.error("reason") rows=2/>
                    <div class="row">
                        <button class=class>"Save numbers"</button>
                        <button name=MORE_ROWS value=ROWS.name formaction=more formnovalidate>"One more row"</button>
                    </div>
                </Form>
            </Disclosure>
        </div>
    }
    .into_any()
}

fn row(form: &FormState, number: usize, counts: &[(String, String)]) -> AnyView {
    let field = |name: &str| format!("rows.{number}.{name}");
    let shown = |name: &str| (form.name.clone(), field(name), form.value(&field(name), ""), form.error(&field(name)));
    let line = |name: &str, label: &'static str, kind: &'static str| {
        let (form, name, value, error) = shown(name);
        view! { <Field form=form name=name label=label kind=kind value=value error=error/> }.into_any()
    };
    let choice = (counts.len() > 1).then(|| {
        let (form, name, value, error) = shown("counts");
        view! { <SelectField form=form name=name label="Counts" options=counts.to_vec() value=value error=error/> }
    });
    view! {
        <fieldset>
            <legend>{format!("Measurement {}", number + 1)}</legend>
            <div class="fields">
                {line("from", "From", "datetime-local")}
                {line("to", "To", "datetime-local")}
                {line("good", "Good", "text")}
                {line("bad", "Bad", "text")}
                {choice}
            </div>
        </fieldset>
    }
    .into_any()
}

pub fn sign_gap(id: SloId, slo: &Slo) -> AnyView {
    let form = FormState::of(paths::act(&paths::slo(id), "sign-gap"));
    let (name, open) = (form.name.clone(), form.came_back());
    let events = (slo.method == Method::Occurrences).then(|| {
        view! {
            <Field form=name.clone() name="events" label="Events in it" value=form.value("events", "")
                error=form.error("events") inputmode="numeric" required=true
                hint="At least as many as there probably were, at the rate of the day around it; all of them count as bad."/>
        }
    });
    view! {
        <Disclosure name="Sign a gap as fully bad" open=open>
            <p>"Where nobody measured, somebody may sign for the worst. There is no entry that signs for good."</p>
            <Form state=form.clone()>
                <div class="fields">
                    <Field form=name.clone() name="from" label="From" kind="datetime-local" value=form.value("from", "")
                        error=form.error("from") required=true/>
                    <Field form=name.clone() name="to" label="To" kind="datetime-local" value=form.value("to", "")
                        error=form.error("to") required=true/>
                    {events}
                </div>
                <AreaField form=name name="reason" label="Why nobody measured" value=form.value("reason", "")
                    error=form.error("reason") rows=2 required=true/>
                <div class="row"><button>"Sign gap"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

/// Of the measurements on this page, those that count can be withdrawn.
pub fn withdraw(id: SloId, rows: &[Recorded], times: &Times) -> Option<AnyView> {
    let counting = rows.iter().filter(|row| row.replaced_by.is_none() && row.record.said != Said::Withdrawn);
    let option = |row: &Recorded| {
        let (from, to) = (row.record.interval.start().micros(), row.record.interval.end().micros());
        let words =
            format!("{}: {} to {}", row.record.sequence, absolute(from, &times.zone), absolute(to, &times.zone));
        (row.record.sequence.to_string(), words)
    };
    let options: Vec<(String, String)> = counting.map(option).collect();
    if options.is_empty() {
        return None;
    }
    let form = FormState::of(paths::act(&paths::slo(id), "withdraw-measurement"));
    let (name, open) = (form.name.clone(), form.came_back());
    let view = view! {
        <Disclosure name="Withdraw a measurement" open=open>
            <p>"Its time is unmeasured again. The measurement stays in the list."</p>
            <Form state=form.clone()>
                <SelectField form=name.clone() name="number" label="Measurement" options=options
                    value=form.value("number", "") error=form.error("number")/>
                <AreaField form=name name="reason" label="What was wrong with it" value=form.value("reason", "")
                    error=form.error("reason") rows=2 required=true/>
                <div class="row"><button class="danger">"Withdraw measurement"</button></div>
            </Form>
        </Disclosure>
    };
    Some(view.into_any())
}
