//! Signing in. A form sent while signed out waits here, and comes back filled afterwards.

use leptos::prelude::*;

use super::fields;
use crate::ask::query;
use crate::form::{Form, FormState};
use crate::frame::Bare;
use crate::parts::field::Field;
use crate::parts::page::PageHead;
use crate::safe::{self, PageTitle};

#[component]
pub fn LoginPage() -> impl IntoView {
    let state = FormState::of("/login");
    let next = state.value("next", query("next"));
    let kept = state.value("_kept", "");
    view! {
        <Bare>
            <PageTitle text="Sign in"/>
            <PageHead title="Sign in"/>
            <Form state=state.clone()>
                {(!next.is_empty()).then(|| fields::hidden("next", safe::local_path(&next)))}
                {(!kept.is_empty()).then(|| fields::hidden("_kept", kept))}
                {fields::email(&state, "", "username")}
                <Field
                    form=state.name.clone()
                    name="password"
                    label="Password"
                    kind="password"
                    error=state.error("password")
                    autocomplete="current-password"
                    required=true
                />
                <div class="row"><button class="primary">"Sign in"</button></div>
            </Form>
            <p class="muted">
                "Forgotten your password? An admin can make you a link under People; whoever runs this notebook can too, with "
                <code>"retrial user reset-password"</code> "."
            </p>
        </Bare>
    }
}
