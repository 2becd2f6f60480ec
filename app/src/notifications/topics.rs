//! Topics as boxes to tick.

use leptos::prelude::*;
use notebook::notifications::topics::Topic;

use crate::form::FormState;
use crate::parts::choices::Choice;
use crate::parts::ticks::TickField;

/// Boxes of topics; `own` are those that are ticked.
pub fn boxes(
    form: &FormState,
    name: &'static str,
    legend: &'static str,
    hint: &'static str,
    topics: impl Iterator<Item = Topic>,
    own: &[String],
) -> AnyView {
    let choices: Vec<Choice> = topics
        .map(|topic| Choice { value: topic.word().to_owned(), label: topic.label().to_owned(), hint: None })
        .collect();
    let ticked = form.listed(name, own.iter().cloned());
    view! {
        <TickField form=form.name.clone() name=name legend=legend choices=choices ticked=ticked hint=hint error=form.error(name)/>
    }
    .into_any()
}
