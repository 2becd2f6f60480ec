//! All game days.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::gamedays::GameDay;
use notebook::gamedays::acts::Filter;
use notebook::id::GameDayId;
use notebook::search::Found;
use notebook::search::lists::{self, Page};
use notebook::time::Moment;

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::search::{Typed, unreadable};

#[component]
pub fn GameDaysPage() -> impl IntoView {
    page(|desk| async move {
        let before: Option<GameDayId> = query("before").parse().ok();
        let (typed, filter) = (Typed::here(&desk, Found::GameDay).await?, Filter { before, ..Filter::default() });
        let found = match typed.query() {
            Some(query) => Some(lists::gamedays(&desk, query, &filter).await?),
            None => None,
        };
        let may_write = desk.shows(Act::WriteGameDay);
        let nothing_at_all = typed.is_blank() && found.as_ref().is_some_and(|(rows, ..)| rows.is_empty());
        let head = (may_write && !nothing_at_all).then(write).into_any();
        let form =
            (!nothing_at_all).then(|| typed.form(Found::GameDay, paths::gamedays(), Vec::new(), lists::of_gamedays));
        let content = found.map(|found| listed(found, &filter, &typed, (may_write, desk.now())));
        let crumbs = vec![
            Crumb { label: "Calendar".into(), href: Some(paths::calendar()) },
            Crumb { label: "Game days".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Game days"/>
                <PageHead title="Game days" actions=head/>
                <div class="stack">
                    {form}
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn address(typed: &Typed, before: Option<GameDayId>) -> String {
    let parts: Vec<String> = typed.part().into_iter().chain(before.map(|id| format!("before={id}"))).collect();
    paths::with_query(&paths::gamedays(), &parts)
}

fn listed(
    (rows, next, left_out): Page<GameDay, GameDayId>,
    filter: &Filter,
    typed: &Typed,
    (may_write, now): (bool, Moment),
) -> AnyView {
    let first = filter.before.map(|_| address(typed, None));
    let next = next.map(|last| address(typed, Some(last)));
    let content = if !rows.is_empty() {
        table(rows, now)
    } else if typed.is_blank() {
        none(may_write)
    } else {
        typed.nothing(paths::gamedays(), "All game days")
    };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of game days" first=first next=next next_word="Older"/> }
        .into_any()
}

fn write() -> AnyView {
    view! { <a class="button primary" href=paths::new_gameday()>"New game day"</a> }.into_any()
}

fn none(may_write: bool) -> AnyView {
    let sentence = "Put two to four hours and a few runs together, with the people who watch them.";
    view! { <Empty heading="No game days yet" sentence=sentence>{may_write.then(write)}</Empty> }.into_any()
}

fn table(rows: Vec<GameDay>, now: Moment) -> AnyView {
    let lines: Vec<_> = rows.into_iter().map(|gameday| line(&gameday, now)).collect();
    view! {
        <TableRegion id="gamedays" caption="Game days, newest first">
            <thead>
                <tr>
                    <th scope="col">"Game day"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Runs"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(gameday: &GameDay, now: Moment) -> AnyView {
    let (id, text) = (gameday.id.to_string(), &gameday.text);
    let runs: Vec<_> = text
        .runs
        .iter()
        .map(|run| view! { <li><a class="id" href=paths::run(*run)>{run.to_string()}</a></li> })
        .collect();
    view! {
        <tr>
            <td>
                <span class="id muted">{id.clone()}</span>
                {mark(&id)}
                <br/>
                <a href=paths::gameday(gameday.id)>{text.title.to_string()}</a>
            </td>
            <td>{Word::from(gameday.state(now)).badge()}</td>
            <td class="num">{text.when()}</td>
            <td><ul class="plain">{runs}</ul></td>
        </tr>
    }
    .into_any()
}
