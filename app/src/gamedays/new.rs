//! The form for a new game day.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::actor::Act;

use super::fields::{Known, crumbs, fields, usual};
use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn NewGameDayPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::WriteGameDay)?;
        let known = Known::of(&desk, &BTreeSet::new(), false).await?;
        let form = FormState::of(paths::gamedays());
        let own = usual(&desk);
        Ok(view! {
            <Frame crumbs=crumbs("New game day")>
                <PageTitle text="New game day"/>
                <PageHead title="New game day"/>
                <Form state=form.clone()>
                    {fields(&form, &own, known)}
                    <div class="row"><button class="primary">"Write game day"</button></div>
                </Form>
            </Frame>
        }
        .into_any())
    })
}
