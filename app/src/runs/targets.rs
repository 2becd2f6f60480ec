//! Rows of a form that name the run's targets.

use leptos::prelude::*;
use notebook::runs::facts::{Effect, RunTarget};

use crate::form::FormState;
use crate::parts::choices::CheckField;
use crate::runs::fields::{line, select};

/// What a row begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub role: String,
    pub hit: bool,
    pub effect: Option<Effect>,
}

impl From<&RunTarget> for Named {
    fn from(target: &RunTarget) -> Self {
        Self {
            name: target.name.to_string(),
            role: target.role.as_ref().map(ToString::to_string).unwrap_or_default(),
            hit: target.hit,
            effect: Some(target.effect),
        }
    }
}

/// Blank rows for targets nobody listed yet.
const SPARE: usize = 2;

/// The fieldset `targets.0.name`, `.role`, `.hit`; with the effect only once a run goes on.
pub fn rows(form: &FormState, known: &[Named], hint: &str, with_effect: bool) -> AnyView {
    let count = form.rows("targets", known.len(), SPARE);
    let rows = (0..count)
        .map(|index| row(form, index, known.get(index).cloned().unwrap_or_default(), with_effect))
        .collect_view();
    let error = form.error("targets").map(|sentence| view! { <p class="error">{sentence}</p> });
    view! {
        <fieldset>
            <legend>"Targets"</legend>
            <p class="hint">{hint.to_owned()}</p>
            {error}
            {rows}
        </fieldset>
    }
    .into_any()
}

fn row(form: &FormState, index: usize, own: Named, with_effect: bool) -> AnyView {
    let field = |name: &str| format!("targets.{index}.{name}");
    let number = index + 1;
    let name = line(form, &field("name"), &format!("Target {number}"), own.name, "");
    let role = line(form, &field("role"), &format!("Role of target {number}"), own.role, "");
    let effect = with_effect.then(|| {
        let own = own.effect.unwrap_or(Effect::Unknown).word();
        select(form, &field("effect"), &format!("Effect on target {number}"), effects(), own)
    });
    let (id, hit) = (form.name.clone(), form.ticked(&field("hit"), own.hit));
    let label = format!("Hit target {number}");
    view! {
        <div class="row">
            {name}
            {role}
            {effect}
            <CheckField form=id name=field("hit") label=label value="on" checked=hit/>
        </div>
    }
    .into_any()
}

/// Every answer to "did the fault take effect", for a list that opens.
pub fn effects() -> Vec<(String, String)> {
    Effect::ALL.iter().map(|effect| (effect.word().to_owned(), effect.label().to_owned())).collect()
}
