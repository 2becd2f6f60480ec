//! Pages behind one-time links: taking up an invitation, setting a new password.

use leptos::prelude::*;
use notebook::actor::Role;
use notebook::fault::Error;
use notebook::people::acts;
use notebook::refusal::Refusal;

use super::fields;
use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::Bare;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::{self, PageTitle};

#[component]
pub fn InvitePage() -> impl IntoView {
    page(|desk| async move {
        let state = FormState::of("/invite");
        let token = state.value("token", query("token"));
        let content = match acts::invitation(&desk.notebook, &token).await {
            Ok((email, role)) => view! { <AcceptForm state token email role/> }.into_any(),
            Err(error) => dead_link(error)?,
        };
        Ok(view! {
            <Bare>
                <PageTitle text="Join"/>
                {content}
            </Bare>
        }
        .into_any())
    })
}

#[component]
fn AcceptForm(state: FormState, token: String, email: String, role: Role) -> impl IntoView {
    view! {
        <PageHead title="Join this notebook"/>
        <p>"You are invited as " <strong>{email}</strong> ". Your role is " {fields::title(role)} ": it " {role.explained()} "."</p>
        <Form state=state.clone()>
            {fields::hidden("token", token)}
            {fields::name(&state, "")}
            {fields::new_password(&state, "password", "Password")}
            {fields::zone(&state, "UTC")}
            <div class="row"><button class="primary">"Join"</button></div>
        </Form>
    }
    .into_any()
}

#[component]
pub fn ResetPage() -> impl IntoView {
    page(|desk| async move {
        let state = FormState::of("/reset");
        let token = state.value("token", query("token"));
        let content = match acts::reset_for(&desk.notebook, &token).await {
            Ok(account) => view! { <ResetForm state token email=account.email/> }.into_any(),
            Err(error) => dead_link(error)?,
        };
        Ok(view! {
            <Bare>
                <PageTitle text="New password"/>
                {content}
            </Bare>
        }
        .into_any())
    })
}

#[component]
fn ResetForm(state: FormState, token: String, email: String) -> impl IntoView {
    view! {
        <PageHead title="Set a new password"/>
        <p>"For " <strong>{email}</strong> ". Every login session of this account ends."</p>
        <Form state=state.clone()>
            {fields::hidden("token", token)}
            {fields::new_password(&state, "password", "New password")}
            <div class="row"><button class="primary">"Set password"</button></div>
        </Form>
    }
    .into_any()
}

/// A link that does not work any more is a page of its own; a fault is not.
fn dead_link(error: Error) -> Result<AnyView, Error> {
    let Error::Refused(Refusal::NotNow { state, .. }) = error else { return Err(error) };
    safe::status(404);
    Ok(view! {
        <PageHead title="This link does not work"/>
        <p>"It cannot be used: " {state} "."</p>
        <p><a class="button" href=paths::login("")>"Sign in"</a></p>
    }
    .into_any())
}
