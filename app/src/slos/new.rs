//! The form for a new SLO.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::slos::drafts::Draft;

use super::fields::{Known, fields, usual};
use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn NewSloPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::WriteSlo)?;
        let known = Known::of(&desk).await?;
        let form = FormState::of(paths::slos());
        let own = Draft { service: query("service"), ..usual() };
        let crumbs = vec![
            Crumb { label: "SLOs".into(), href: Some(paths::slos()) },
            Crumb { label: "Define SLO".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Define SLO"/>
                <PageHead title="Define SLO"/>
                <Form state=form.clone()>
                    {fields(&form, &own, known)}
                    <div class="row"><button class="primary">"Save SLO"</button></div>
                </Form>
            </Frame>
        }
        .into_any())
    })
}
