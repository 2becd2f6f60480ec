//! The form that changes a game day. After a stale edit both texts are shown.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::gamedays::acts;
use notebook::gamedays::drafts::Draft;
use notebook::id::GameDayId;

use super::fields::{Known, crumbs, fields};
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::kept::{Overtaken, Present};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn EditGameDayPage() -> impl IntoView {
    page(|desk| async move {
        let id: GameDayId = param("id", "game day")?;
        desk.may(Act::WriteGameDay)?;
        let gameday = acts::load(&desk, id).await?;
        let known = Known::of(&desk, &gameday.text.runs, id.is_sample()).await?;
        let action = paths::edit_gameday(id);
        let form = FormState::of(action.clone());
        let own = Draft::of(&gameday.text, gameday.version);
        let title = format!("Edit {id}");
        let present = present(&own);
        Ok(view! {
            <Frame crumbs=crumbs(&title)>
                <PageTitle text=format!("{title} \u{b7} {}", own.title)/>
                <PageHead title=title eyebrow=id.to_string()/>
                <div class="stack">
                    <Overtaken action=action present=present/>
                    <Form state=form.clone()>
                        {fields(&form, &own, known)}
                        <div class="row">
                            <button class="primary">"Save game day"</button>
                            <a class="button" href=paths::gameday(id)>"Keep it as it is"</a>
                        </div>
                    </Form>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn present(own: &Draft) -> Vec<Present> {
    let ones = [
        ("title", "Title", &own.title),
        ("date", "Date", &own.date),
        ("from", "From", &own.from),
        ("until", "Until", &own.until),
        ("zone", "Zone", &own.zone),
        ("agenda", "Agenda beside the runs", &own.agenda),
        ("owner", "Owner", &own.owner),
        ("coordinator", "Coordinator", &own.coordinator),
        ("reporter", "Reporter", &own.reporter),
    ];
    let lists =
        [("runs", "Runs", &own.runs), ("teams", "Teams", &own.teams), ("observers", "Observers", &own.observers)];
    let ones = ones.into_iter().map(|(field, label, value)| Present::one(field, label, value));
    ones.chain(lists.into_iter().map(|(field, label, values)| Present::list(field, label, values))).collect()
}
