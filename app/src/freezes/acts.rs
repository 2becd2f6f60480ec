//! Setting a freeze, and ending one.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::freezes::drafts::EVERYTHING;
use notebook::freezes::{FreezeState, Kept};
use notebook::limits::NOTE_CHARS_MAX;
use notebook::services::acts as services;
use notebook::teams::acts as teams;

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::paths;

type Options = Vec<(String, String)>;

/// What can be held still, the widest first.
pub async fn scopes(desk: &Desk) -> Result<Options> {
    let environments = services::environments(desk).await?.into_iter();
    let environments = environments.map(|place| ("environment", place.slug, place.name.to_string()));
    let teams = teams::choices(desk).await?.into_iter().map(|(slug, name)| ("team", slug, name));
    let services = services::choices(desk).await?.into_iter().map(|(slug, name)| ("service", slug, name));
    let narrower = environments.chain(teams).chain(services);
    let narrower = narrower.map(|(kind, slug, name)| (format!("{kind}:{slug}"), format!("the {kind} {name}")));
    let all = [(EVERYTHING.to_owned(), "everything".to_owned())];
    Ok(all.into_iter().chain(narrower).collect())
}

/// `asked` is the scope that the address names.
pub fn set(scopes: Options, asked: String) -> AnyView {
    let form = FormState::of(paths::freezes());
    let name = form.name.clone();
    view! {
        <Form state=form.clone()>
            <SelectField form=name.clone() name="scope" label="What" options=scopes value=form.value("scope", asked)
                hint="No run on it starts; running ones are asked to abort." error=form.error("scope")/>
            <div class="fields">
                <Field form=name.clone() name="from" label="From" value=form.value("from", "")
                    hint="Empty means now. Or 14:03, or 2026-12-20T00:00." error=form.error("from")/>
                <Field form=name.clone() name="until" label="Until" kind="datetime-local" value=form.value("until", "")
                    hint="Empty means until somebody ends it." error=form.error("until")/>
            </div>
            <AreaField form=name name="why" label="Why" value=form.value("why", "") error=form.error("why") rows=2
                required=true max_length=NOTE_CHARS_MAX/>
            <div class="row"><button class="primary">"Set freeze"</button></div>
        </Form>
    }
    .into_any()
}

/// Folded away until somebody wants it.
pub fn end(kept: &Kept, state: FreezeState) -> AnyView {
    let form = FormState::of(paths::act(&paths::freeze(kept.id), "end"));
    let (name, open) = (form.name.clone(), form.came_back());
    let (open_with, word) = match state {
        FreezeState::Coming => ("Call it off", "Call off"),
        FreezeState::Active | FreezeState::Past => ("End it", "End freeze"),
    };
    view! {
        <Disclosure name=open_with open=open>
            <Form state=form.clone()>
                <Field form=name name="why" label="Why it ends" value=form.value("why", "")
                    error=form.error("why") required=true max_length=NOTE_CHARS_MAX/>
                <div class="row"><button>{word}</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
