//! Giving a planned run another time: the same form on its page and in the calendar. The field is one that
//! arrow keys change day by day and minute by minute.

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::limits::NOTE_CHARS_MAX;
use notebook::time::Moment;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{Field, field_id};
use crate::paths;
use crate::times::Times;

/// Folded away until somebody wants it.
pub fn moving(id: RunId, planned_at: Option<Moment>, times: &Times) -> AnyView {
    let form = FormState::of(paths::act(&paths::run(id), "move-to"));
    let (name, open) = (form.name.clone(), form.came_back());
    let own = planned_at.map(|at| times.local_input(at)).unwrap_or_default();
    let against = form.error("anyway").map(|says| {
        let (id, says_id) = (field_id(&form.name, "anyway"), field_id(&form.name, "anyway-error"));
        view! {
            <button id=id name="anyway" value="on" aria-describedby=says_id.clone()>"Move anyway"</button>
            <p class="hint" id=says_id>{says}</p>
        }
    });
    let hint = format!("By the clock of {}. Its hours and freezes are asked again.", times.zone);
    view! {
        <Disclosure name=format!("Move {id} to\u{2026}") open=open>
            <Form state=form.clone()>
                <Field form=name.clone() name="planned_at" label="New time" kind="datetime-local"
                    value=form.value("planned_at", own) hint=hint error=form.error("planned_at") required=true/>
                <Field form=name name="text" label="Why" value=form.value("text", "") error=form.error("text")
                    hint="Postponed, brought forward: it stays with the run." required=true max_length=NOTE_CHARS_MAX/>
                <div class="row"><button>"Move run"</button>{against}</div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
