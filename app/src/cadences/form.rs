//! Setting a cadence, and ending it.

use leptos::prelude::*;
use notebook::cadences::drafts::{SetDraft, Unit};
use notebook::calendar::recurrence::{Nth, Recurrence};
use notebook::calendar::week::Day;
use notebook::id::ExperimentId;
use notebook::limits::{NOTE_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::time::Zone;

use crate::form::{Form, FormState};
use crate::kept;
use crate::parts::choices::Choice;
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{Field, SelectField};
use crate::parts::ticks::TickField;
use crate::paths;

/// `zone` is that of a cadence that names none.
pub fn setting(id: ExperimentId, rule: Option<&Recurrence>, version: i64, zone: &Zone) -> AnyView {
    let own = SetDraft::of(rule, zone, version);
    let form = FormState::of(paths::cadence(id));
    let name = form.name.clone();
    let option = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    let units = Unit::ALL.iter().map(|unit| option(unit.word(), unit.label())).collect::<Vec<_>>();
    let nths = Nth::ALL.iter().map(|nth| option(nth.word(), nth.label())).collect::<Vec<_>>();
    let days = Day::ALL.iter().map(|day| Choice { value: day.word().into(), label: day.label().into(), hint: None });
    let heading = if rule.is_some() { "Change the cadence" } else { "Set a cadence" };
    view! {
        <section>
            <h2>{heading}</h2>
            <Form state=form.clone()>
                <input type="hidden" name="version" value=kept::version(&form, &own.version)/>
                <div class="fields">
                    <Field form=name.clone() name="number" label="Every" value=form.value("number", own.number.clone())
                        error=form.error("number") inputmode="numeric"/>
                    <SelectField form=name.clone() name="unit" label="Weeks or months" options=units
                        value=form.value("unit", own.unit.clone()) error=form.error("unit")/>
                </div>
                <TickField form=name.clone() name="days" legend="On" choices=days.collect()
                    ticked=form.listed("days", own.days.clone()) error=form.error("days")
                    hint="Of weeks any days, of months one."/>
                <SelectField form=name.clone() name="nth" label="Of months, which one" options=nths
                    value=form.value("nth", own.nth.clone()) error=form.error("nth")/>
                <div class="fields">
                    <Field form=name.clone() name="at" label="At" value=form.value("at", own.at.clone())
                        hint="By the clock on the wall, like 10:00." error=form.error("at") required=true/>
                    <Field form=name.clone() name="zone" label="Zone" value=form.value("zone", own.zone.clone())
                        hint="Like Europe/Berlin." error=form.error("zone") max_length=TITLE_CHARS_MAX/>
                </div>
                <div class="fields">
                    <Field form=name.clone() name="from" label="First date" kind="date"
                        value=form.value("from", own.from.clone()) hint="Empty means today." error=form.error("from")/>
                    <Field form=name.clone() name="until" label="Last date" kind="date"
                        value=form.value("until", own.until.clone()) hint="Empty means none." error=form.error("until")/>
                </div>
                <Field form=name name="promise_days" label="Promised: a valid run every so many days"
                    value=form.value("promise_days", own.promise_days.clone()) error=form.error("promise_days")
                    hint="Empty means once in each of its weeks or months. A rerun is overdue a day later; below 7 days, a seventh of the promise later."
                    inputmode="numeric"/>
                <p class="hint">
                    "Slots outside of working time move to the next working time of their week or month. In a freeze they are cancelled."
                </p>
                <div class="row"><button class="primary">"Set cadence"</button></div>
            </Form>
        </section>
    }
    .into_any()
}

/// Folded away until somebody wants it.
pub fn ending(id: ExperimentId) -> AnyView {
    let form = FormState::of(paths::act(&paths::cadence(id), "end"));
    let (name, open) = (form.name.clone(), form.came_back());
    view! {
        <Disclosure name="End the cadence" open=open>
            <Form state=form.clone()>
                <Field form=name name="text" label="Why it ends" value=form.value("text", "") error=form.error("text")
                    required=true max_length=NOTE_CHARS_MAX/>
                <div class="row"><button>"End cadence"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
