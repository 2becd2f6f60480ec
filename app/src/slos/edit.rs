//! The form that changes what an SLO says. After a stale edit both texts are shown.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::id::SloId;
use notebook::slos::acts;
use notebook::slos::drafts::Draft;

use super::fields::{Known, fields, texts};
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept::{self, Overtaken, Present};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn EditSloPage() -> impl IntoView {
    page(|desk| async move {
        let id: SloId = param("id", "slo")?;
        desk.may(Act::WriteSlo)?;
        let kept = acts::show(&desk, id).await?.kept;
        let known = Known::of(&desk).await?;
        let action = paths::edit_slo(id);
        let form = FormState::of(action.clone());
        let own = Draft::of(&kept.text, kept.version);
        let present = texts(&own).into_iter().map(|(name, label, text)| Present::one(name, label, text)).collect();
        let version = kept::version(&form, &own.version);
        let in_force = kept.approved.map(|approved| {
            format!("Revision {} is approved and stays in force until the new one is approved.", approved.revision)
        });
        let crumbs = vec![
            Crumb { label: "SLOs".into(), href: Some(paths::slos()) },
            Crumb { label: id.to_string(), href: Some(paths::slo(id)) },
            Crumb { label: "Edit".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("Edit {id} · {}", own.title)/>
                <PageHead title=format!("Edit {id}") eyebrow=id.to_string()/>
                <div class="stack">
                    {in_force.map(|says| view! { <p>{says}</p> })}
                    <Overtaken action=action present=present/>
                    <Form state=form.clone()>
                        <input type="hidden" name="version" value=version/>
                        {fields(&form, &own, known)}
                        <div class="row">
                            <button class="primary">"Save SLO"</button>
                            <a class="button" href=paths::slo(id)>"Keep it as it is"</a>
                        </div>
                    </Form>
                </div>
            </Frame>
        }
        .into_any())
    })
}
