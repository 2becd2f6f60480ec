//! The form for a new team.

use leptos::prelude::*;
use notebook::actor::Act;

use super::fields::{crumbs, fields, usual};
use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn NewTeamPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::ManageTeams)?;
        let form = FormState::of(paths::teams());
        let own = usual(desk.zone().name());
        Ok(view! {
            <Frame crumbs=crumbs("Add team")>
                <PageTitle text="Add team"/>
                <PageHead title="Add team"/>
                <Form state=form.clone()>
                    {fields(&form, &own)}
                    <div class="row"><button class="primary">"Add team"</button></div>
                </Form>
            </Frame>
        }
        .into_any())
    })
}
