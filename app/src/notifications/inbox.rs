//! One's own inbox: what happened, and why one is told.

use leptos::prelude::*;
use notebook::id::number_of;
use notebook::notifications::Notice;
use notebook::notifications::acts::{self, Filter, Inbox};
use notebook::notifications::topics::Topic;

use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::keys::steps::DONE;
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn InboxPage() -> impl IntoView {
    page(|desk| async move {
        let with_done = query("done") == "on";
        let before = number_of(&query("before"));
        let Inbox { notices, more, open, muted } =
            acts::read(&desk, &Filter { before, with_done, ..Filter::default() }).await?;
        let next = notices.last().filter(|_| more).map(|notice| paths::inbox_before(notice.id, with_done));
        let first = before.map(|_| if with_done { paths::inbox_done() } else { paths::inbox() });
        let times = Times::of(&desk);
        let all_done = (open > 0).then(all_done).into_any();
        let content = if notices.is_empty() { none() } else { table(notices, &times) };
        let other = if with_done {
            view! { <a href=paths::inbox()>"Only what is not done"</a> }.into_any()
        } else {
            view! { <a href=paths::inbox_done()>"What is done, too"</a> }.into_any()
        };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Inbox".into(), href: None }]>
                <PageTitle text="Inbox"/>
                <PageHead title="Inbox" actions=all_done/>
                <div class="stack">
                    <p>
                        {format!("{open} not done. ")}
                        {other}
                        " · "
                        <a href=paths::notifications()>"Choose what you are told"</a>
                        " · "
                        <a href=paths::digest()>"Weekly digest"</a>
                    </p>
                    {content}
                    <Pager label="Pages of the inbox" first=first next=next next_word="Older"/>
                    {(!muted.is_empty()).then(|| mutes(muted))}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn all_done() -> AnyView {
    let state = FormState::of(paths::act(&paths::inbox(), "done-all"));
    view! { <Form state=state><button class="primary">"Mark all done"</button></Form> }.into_any()
}

fn none() -> AnyView {
    view! {
        <Empty heading="Inbox empty" sentence="Here stands what happens to runs you are on and to services you own.">
            <a class="button" href=paths::runs()>"Open runs"</a>
        </Empty>
    }
    .into_any()
}

fn table(notices: Vec<Notice>, times: &Times) -> AnyView {
    let lines: Vec<_> = notices.into_iter().map(|notice| line(notice, times)).collect();
    view! {
        <TableRegion id="notices" caption="What you were told, newest first">
            <thead>
                <tr>
                    <th scope="col">"What happened"</th>
                    <th scope="col">"Why you are told"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Then"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(notice: Notice, times: &Times) -> AnyView {
    let because = format!("Because {}", notice.because);
    let then = match notice.done_at {
        Some(at) => view! { <span class="muted">"Done " {times.when(at)}</span> }.into_any(),
        None => acts_of(&notice),
    };
    view! {
        <tr>
            <td><a href=paths::thing(&notice.object)>{notice.says}</a></td>
            <td>{because}</td>
            <td>{times.when(notice.at)}</td>
            <td>{then}</td>
        </tr>
    }
    .into_any()
}

fn acts_of(notice: &Notice) -> AnyView {
    let done = FormState::of(format!("{}/{}/done", paths::inbox(), notice.id));
    let what = format!(": {}", notice.says);
    let comes_again = !matches!(notice.topic, Topic::Digest | Topic::TokenExpires);
    view! {
        <div class="row">
            <Form state=done><button data-key=DONE>"Done" <span class="unseen">{what}</span></button></Form>
            {comes_again.then(|| muting("mute", "Mute", notice.object.clone(), notice.id.to_string()))}
        </div>
    }
    .into_any()
}

/// One button with a thing behind it. Several stand on the page, so each has a number of its own.
fn muting(act: &'static str, word: &'static str, object: String, number: String) -> AnyView {
    let mut state = FormState::of(paths::act(&paths::inbox(), act));
    state.name = format!("{}-{number}", state.name);
    view! {
        <Form state=state>
            <input type="hidden" name="object" value=object.clone()/>
            <button class="quiet">{word} " " {object}</button>
        </Form>
    }
    .into_any()
}

fn mutes(muted: Vec<String>) -> AnyView {
    let items = muted.into_iter().enumerate();
    let items: Vec<_> = items
        .map(|(number, object)| view! { <li>{muting("unmute", "Hear again of", object, number.to_string())}</li> })
        .collect();
    view! { <section class="card"><h2>"Muted"</h2><ul class="plain">{items}</ul></section> }.into_any()
}
