//! The form that changes a team. After a stale edit both texts are shown.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::calendar::week::Day;
use notebook::teams::acts;
use notebook::teams::drafts::Draft;

use super::fields::{HOLIDAYS, crumbs, fields, holidays};
use crate::ask::{page, param_text};
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::kept::{Overtaken, Present};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn EditTeamPage() -> impl IntoView {
    page(|desk| async move {
        let slug = param_text("slug");
        desk.may(Act::ManageTeams)?;
        let team = acts::show(&desk, &slug).await?.team;
        let action = paths::edit_team(&team.slug);
        let form = FormState::of(action.clone());
        let own = Draft::of(&team);
        let title = format!("Edit {}", team.name);
        let present = present(&own);
        Ok(view! {
            <Frame crumbs=crumbs(&title)>
                <PageTitle text=title.clone()/>
                <PageHead title=title eyebrow=team.slug.to_string()/>
                <div class="stack">
                    <Overtaken action=action present=present/>
                    <Form state=form.clone()>
                        {fields(&form, &own)}
                        <div class="row">
                            <button class="primary">"Save team"</button>
                            <a class="button" href=paths::team(&team.slug)>"Keep it as it is"</a>
                        </div>
                    </Form>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn present(own: &Draft) -> Vec<Present> {
    let days = Day::ALL.iter().map(|day| Present::one(day.word(), day.label(), own.on(*day)));
    [Present::one("name", "Name", &own.name), Present::one("zone", "Zone", &own.zone)]
        .into_iter()
        .chain(days)
        .chain([Present::one(HOLIDAYS, "Holidays", holidays(own)), Present::one("solo", "One person", &own.solo)])
        .collect()
}
