//! The first minute: one form makes the first admin.

use leptos::prelude::*;
use notebook::people::{BEGIN_EMPTY, BEGIN_WITH_SAMPLE, acts};

use super::fields;
use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::Bare;
use crate::parts::choices::{CheckField, Choice, ChoiceField};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn SetupPage() -> impl IntoView {
    page(|desk| async move {
        let people = acts::count(&desk.notebook).await?;
        let state = FormState::of(paths::setup());
        let token = state.value("token", query("token"));
        let content = if people > 0 {
            set_up_already()
        } else if token.is_empty() {
            without_link()
        } else {
            view! { <SetupForm state token/> }.into_any()
        };
        Ok(view! {
            <Bare>
                <PageTitle text="Set up"/>
                {content}
            </Bare>
        }
        .into_any())
    })
}

fn set_up_already() -> AnyView {
    view! {
        <PageHead title="This notebook is set up"/>
        <p>"It has people already. Sign in, or ask one of its admins for an invitation."</p>
        <p><a class="button primary" href=paths::login("")>"Sign in"</a></p>
    }
    .into_any()
}

fn without_link() -> AnyView {
    view! {
        <PageHead title="Open the setup link"/>
        <p>"This notebook has no people yet. Whoever started it finds a link on the console, and its token in the file "
            <code>"setup-token"</code> " of the data folder. The link makes the first admin."</p>
        <p>"It works for 30 minutes; starting Retrial again makes a new one."</p>
    }
    .into_any()
}

fn beginnings() -> Vec<Choice> {
    let choice = |value: &str, label: &str, hint: &str| Choice {
        value: value.into(),
        label: label.into(),
        hint: Some(hint.into()),
    };
    vec![
        choice(
            BEGIN_WITH_SAMPLE,
            "The sample notebook (recommended)",
            "An invented company\u{2019}s experiments, to look at and to try things on. Marked, counted apart, and removed in one act.",
        ),
        choice(BEGIN_EMPTY, "An empty notebook", "You can have the sample written later."),
    ]
}

#[component]
fn SetupForm(state: FormState, token: String) -> impl IntoView {
    view! {
        <PageHead title="Set up this notebook"/>
        <Form state=state.clone()>
            {fields::hidden("token", token)}
            {fields::name(&state, "")}
            {fields::email(&state, "", "username")}
            {fields::new_password(&state, "password", "Password")}
            {fields::zone(&state, "UTC")}
            <CheckField
                form=state.name.clone()
                name="solo"
                value="on"
                label="I work alone"
                hint="Then you may review your own plans, and history says so. Change it any time under People."
                checked=state.ticked("solo", false)
            />
            <ChoiceField
                form=state.name.clone()
                name="begin_with"
                legend="Begin with"
                choices=beginnings()
                value=state.value("begin_with", BEGIN_WITH_SAMPLE)
                error=state.error("begin_with")
            />
            <div class="row"><button class="primary">"Create and open"</button></div>
        </Form>
    }
    .into_any()
}
