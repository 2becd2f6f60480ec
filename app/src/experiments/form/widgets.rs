//! The controls of the plan's form: a name and a label give the rest.

use leptos::prelude::*;

use crate::experiments::typed::Typed;
use crate::kept::MORE_ROWS;
use crate::parts::field::{AreaField, Field, SelectField, field_id};

/// What the mark beside a label means.
pub const LEGEND: &str = "\u{25c6} marks what makes this experiment itself: changing it makes a stricter, looser or different one, and decides whose findings its runs speak for.";

/// Fields that form the plan's identity.
const IDENTITY: [&str; 17] = [
    "services",
    "environment",
    "fault_kind",
    "fault_duration",
    "fault_params",
    "selector",
    "selector_kind",
    "pick",
    "count",
    "at_once",
    "unit",
    "method",
    "load_kind",
    "load_rate",
    "checks",
    "signals",
    "recovery",
];

/// Fields of its lists that say only how something is heard of.
const AROUND: [&str; 1] = ["alert"];

/// The label, with a mark if the field belongs to the identity.
pub fn marked(name: &str, label: &str) -> String {
    let first = name.split(['.', '[']).next().unwrap_or_default();
    let is_around = name.rsplit('.').next().is_some_and(|last| AROUND.contains(&last));
    if IDENTITY.contains(&first) && !is_around { format!("{label} \u{25c6}") } else { label.to_owned() }
}

pub fn line(typed: &Typed, name: &str, label: &str, max_length: usize) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value(name), typed.error(name));
    view! { <Field form=form name=name label=marked(name, label) value=value error=error max_length=max_length/> }
        .into_any()
}

pub fn hinted(typed: &Typed, name: &str, label: &str, max_length: usize, hint: &str) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value(name), typed.error(name));
    view! {
        <Field form=form name=name label=marked(name, label) value=value error=error max_length=max_length hint=hint/>
    }
    .into_any()
}

/// Several short lines.
pub fn lines(typed: &Typed, name: &str, label: &str, max_length: usize) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value(name), typed.error(name));
    view! {
        <AreaField form=form name=name label=marked(name, label) value=value error=error max_length=max_length rows=2/>
    }
    .into_any()
}

pub fn area(typed: &Typed, name: &str, label: &str, max_length: usize, hint: &str) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.value(name), typed.error(name));
    view! {
        <AreaField form=form name=name label=marked(name, label) value=value error=error max_length=max_length hint=hint/>
    }
    .into_any()
}

/// `usual` is chosen while nothing is.
pub fn choice(typed: &Typed, name: &str, label: &str, options: &[(&str, &str)], usual: &str) -> AnyView {
    let (form, value, error) = (typed.form.name.clone(), typed.choice(name, usual), typed.error(name));
    let options = options.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect();
    view! { <SelectField form=form name=name label=marked(name, label) options=options value=value error=error/> }
        .into_any()
}

/// The rows of a list with a button for more; the button keeps everything typed.
pub fn list(typed: &Typed, list: &'static str, noun: &'static str, row: impl Fn(usize) -> AnyView) -> AnyView {
    let id = field_id(&typed.form.name, list);
    let rows: Vec<_> = (0..typed.rows(list))
        .map(|index| {
            let (name_id, named_by) = (format!("{id}-{index}"), format!("{id}-{index}"));
            view! {
                <div class="fields" role="group" aria-labelledby=named_by>
                    <p class="muted" id=name_id>{format!("{noun} {}", index + 1)}</p>
                    {row(index)}
                </div>
            }
        })
        .collect();
    let more = format!("{}#{id}-more", typed.form.action);
    let trouble = typed.error(list).map(|says| view! { <p class="error">{says}</p> });
    view! {
        <div class="stack" id=id.clone()>
            {trouble}
            {rows}
            <div class="row">
                <button id=format!("{id}-more") name=MORE_ROWS value=list formaction=more formnovalidate>"Add rows"</button>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fields_of_the_identity_carry_the_mark() {
        assert_eq!(marked("checks.0.unit", "Unit"), "Unit \u{25c6}");
        assert_eq!(marked("services[]", "Services"), "Services \u{25c6}");
        assert_eq!(marked("revert_owner", "Owner"), "Owner");
        assert_eq!(marked("signals.0.alert", "Alert"), "Alert");
        assert_eq!(marked("load_kind", "Load"), "Load \u{25c6}");
    }
}
