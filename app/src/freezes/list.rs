//! All freezes: those that hold, those to come, those that are over; and the form that sets one.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::freezes::acts::{self, Filter};
use notebook::freezes::drafts::EVERYTHING;
use notebook::freezes::{FreezeState, Kept};
use notebook::id::number_of;

use super::acts::{scopes, set};
use super::rows::table;
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn FreezesPage() -> impl IntoView {
    page(|desk| async move {
        let times = Times::of(&desk);
        let (active, coming) = (held(&desk, FreezeState::Active).await?, held(&desk, FreezeState::Coming).await?);
        let before = number_of(&query("before"));
        let over = Filter { before, state: Some(FreezeState::Past), ..Filter::default() };
        let (past, more) = acts::list(&desk, &over).await?;
        let next = past.last().filter(|_| more).map(|kept| paths::freezes_before(kept.id));
        let first = before.map(|_| paths::freezes());
        let may_end = desk.shows(Act::EndFreeze);
        let setting = if desk.shows(Act::SetFreeze) { Some(setting(&desk).await?) } else { None };
        let now = if active.is_empty() {
            view! { <Empty heading="Nothing is frozen" sentence="Runs start when their gate is open."/> }.into_any()
        } else {
            table("active", "Freezes that hold now", active, may_end, &times)
        };
        let coming = (!coming.is_empty()).then(|| table("coming", "Freezes to come", coming, may_end, &times));
        let past = (!past.is_empty()).then(|| table("past", "Freezes that are over", past, false, &times));
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Freezes".into(), href: None }]>
                <PageTitle text="Freezes"/>
                <PageHead title="Freezes"/>
                <div class="stack">
                    <p>"While something is frozen, nothing is broken on purpose there."</p>
                    <section><h2>"Now"</h2>{now}</section>
                    {coming.map(|table| view! { <section><h2>"To come"</h2>{table}</section> })}
                    {setting}
                    {past.map(|table| view! { <section><h2>"Over"</h2>{table}</section> })}
                    <Pager label="Pages of freezes" first=first next=next next_word="Older"/>
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// One page of them is more than anybody keeps at a time.
async fn held(desk: &Desk, state: FreezeState) -> Result<Vec<Kept>> {
    Ok(acts::list(desk, &Filter { state: Some(state), ..Filter::default() }).await?.0)
}

async fn setting(desk: &Desk) -> Result<AnyView> {
    let asked = Some(query("scope")).filter(|scope| !scope.is_empty()).unwrap_or_else(|| EVERYTHING.to_owned());
    let form = set(scopes(desk).await?, asked);
    Ok(view! { <section id="set"><h2>"Set a freeze"</h2>{form}</section> }.into_any())
}
