//! Fields of the run's forms in few words, and forms that share one address.

use leptos::prelude::*;

use crate::form::FormState;
use crate::parts::choices::{Choice, ChoiceField};
use crate::parts::field::{AreaField, Field, SelectField};
use crate::reading::ZONE;
use crate::runs::zones::TypedIn;

/// One of several forms sent to the same address, told apart by what they send in `field`. What
/// came back belongs to the form that sent it. `place` keeps their ids apart.
pub fn one_of(action: &str, field: &str, value: &str, place: usize) -> FormState {
    let sent = FormState::of(action);
    let name = format!("{}-{place}", sent.name);
    let is_own = !sent.came_back() || sent.value(field, "") == value;
    let mut form = if is_own { sent } else { FormState::default() };
    action.clone_into(&mut form.action);
    form.name = name;
    form
}

/// A line of text. An empty hint is left out.
pub fn line(form: &FormState, name: &str, label: &str, own: impl Into<String>, hint: &str) -> AnyView {
    let (id, value, error) = (form.name.clone(), form.value(name, own), form.error(name));
    if hint.is_empty() {
        return view! { <Field form=id name=name label=label value=value error=error/> }.into_any();
    }
    view! { <Field form=id name=name label=label value=value error=error hint=hint/> }.into_any()
}

/// Several lines of text.
pub fn area(form: &FormState, name: &str, label: &str, hint: &str, rows: u16) -> AnyView {
    let (id, value, error) = (form.name.clone(), form.value(name, ""), form.error(name));
    if hint.is_empty() {
        return view! { <AreaField form=id name=name label=label value=value error=error rows=rows/> }.into_any();
    }
    view! { <AreaField form=id name=name label=label value=value error=error rows=rows hint=hint/> }.into_any()
}

/// When it was: now, unless somebody opens this and says otherwise.
pub fn moment(form: &FormState) -> AnyView {
    moment_from(form, "")
}

/// The same with a time already known.
pub fn moment_from(form: &FormState, own: &str) -> AnyView {
    let open = !form.value("at", own).is_empty() || form.error("at").is_some();
    let zone = use_context::<TypedIn>().map(|TypedIn(zone)| zone.name().to_owned());
    let whose = zone.as_deref().unwrap_or("your own zone");
    let hint = format!("Empty is now. Takes 14:03 in {whose}, -3m or 2026-11-22T14:03.");
    let (field, zone) = (line(form, "at", "When", own, &hint), zone.map(|zone| hidden(ZONE, zone)));
    view! { {zone}<details class="why" open=open><summary>"At another time"</summary>{field}</details> }.into_any()
}

pub fn select(form: &FormState, name: &str, label: &str, options: Vec<(String, String)>, own: &str) -> AnyView {
    let (id, value, error) = (form.name.clone(), form.value(name, own), form.error(name));
    view! { <SelectField form=id name=name label=label options=options value=value error=error/> }.into_any()
}

/// Value, label and hint of each answer; an empty hint is left out.
pub fn choose(form: &FormState, name: &str, legend: &str, answers: &[(&str, &str, &str)], own: &str) -> AnyView {
    let choices = answers.iter().map(|(value, label, hint)| Choice {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
        hint: (!hint.is_empty()).then(|| (*hint).to_owned()),
    });
    let (id, value, error) = (form.name.clone(), form.value(name, own), form.error(name));
    view! {
        <ChoiceField form=id name=name legend=legend choices=choices.collect() value=value error=error required=true/>
    }
    .into_any()
}

pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> AnyView {
    view! { <input type="hidden" name=name.into() value=value.into()/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Returned;
    use notebook::refusal::Refusal;

    #[test]
    fn what_came_back_belongs_to_the_form_that_sent_it() {
        Owner::new().with(|| {
            provide_context(Returned {
                action: "/runs/RUN-1/answer-check".into(),
                values: vec![("check".into(), "b".into()), ("seen".into(), "x".into())],
                refusal: Some(Refusal::unfit("seen", "is no number")),
                note: None,
            });
            let form = |value: &str, place| one_of("/runs/RUN-1/answer-check", "check", value, place);
            let (first, second) = (form("a", 0), form("b", 1));
            assert_eq!((first.value("seen", "38"), first.errors().len()), ("38".into(), 0));
            assert_eq!((second.value("seen", "38"), second.errors().len()), ("x".into(), 1));
            assert_eq!(first.action, second.action);
            assert_ne!(first.name, second.name);
        });
    }
}
