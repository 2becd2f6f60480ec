//! All SLOs, or those of one service.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::id::SloId;
use notebook::search::lists::{self, Page};
use notebook::search::{Found, Query};
use notebook::slos::acts::Filter;
use notebook::slos::kept::Kept;
use notebook::text::Slug;

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
pub fn SlosPage() -> impl IntoView {
    page(|desk| async move {
        let before: Option<SloId> = query("before").parse().ok();
        let filter = Filter { before, service: Slug::new(&query("service")).ok(), ..Filter::default() };
        let typed = Typed::here(&desk, Found::Slo).await?;
        let found = match typed.query() {
            Some(query) => Some(lists::slos(&desk, query, &filter).await?),
            None => None,
        };
        let service = filter.service.as_ref();
        let may_write = desk.shows(Act::WriteSlo);
        let nothing_at_all = typed.is_blank() && found.as_ref().is_some_and(|(rows, ..)| rows.is_empty());
        let head = (!nothing_at_all).then(|| head(may_write, service)).into_any();
        let kept = service.map(|service| ("service", service.to_string())).into_iter().collect();
        let of = |query: &Query| lists::of_slos(query, &filter);
        let form = (!nothing_at_all).then(|| typed.form(Found::Slo, paths::slos(), kept, of));
        let content = found.map(|found| listed(found, &filter, &typed, may_write));
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "SLOs".into(), href: None }]>
                <PageTitle text="SLOs"/>
                <PageHead title="SLOs" actions=head/>
                <div class="stack">
                    {form}
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn address(service: Option<&Slug>, typed: &Typed, before: Option<SloId>) -> String {
    let service = service.map(|service| format!("service={service}"));
    let before = before.map(|id| format!("before={id}"));
    let parts: Vec<String> = service.into_iter().chain(typed.part()).chain(before).collect();
    paths::with_query(&paths::slos(), &parts)
}

fn listed((rows, next, left_out): Page<Kept, SloId>, filter: &Filter, typed: &Typed, may_write: bool) -> AnyView {
    let service = filter.service.as_ref();
    let first = filter.before.map(|_| address(service, typed, None));
    let next = next.map(|last| address(service, typed, Some(last)));
    let content = if !rows.is_empty() {
        table(rows, service)
    } else if typed.is_blank() {
        none(service, may_write)
    } else {
        typed.nothing(paths::slos(), "All SLOs")
    };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of SLOs" first=first next=next next_word="Older"/> }.into_any()
}

fn head(may_write: bool, service: Option<&Slug>) -> AnyView {
    let define = may_write.then(|| define(service));
    view! {
        <a class="button" href=paths::ledger()>"Ledger"</a>
        <a class="button" href=paths::slos_openslo()>"Download all as OpenSLO"</a>
        {define}
    }
    .into_any()
}

fn define(service: Option<&Slug>) -> AnyView {
    let href = service.map_or_else(paths::new_slo, paths::new_slo_of);
    view! { <a class="button primary" href=href>"Define SLO"</a> }.into_any()
}

fn none(service: Option<&Slug>, may_write: bool) -> AnyView {
    let define = may_write.then(|| {
        view! { {define(service)} <a class="button" href=paths::imports()>"Import OpenSLO"</a> }
    });
    let all = service.map(|_| view! { <a class="button" href=paths::slos()>"All SLOs"</a> });
    let heading = service.map_or_else(|| "No SLOs yet".to_owned(), |service| format!("No SLO for {service}"));
    view! {
        <Empty heading=heading sentence="Say what good enough means.">
            {define}
            {all}
        </Empty>
    }
    .into_any()
}

fn table(rows: Vec<Kept>, service: Option<&Slug>) -> AnyView {
    let caption = match service {
        Some(service) => format!("SLOs of {service}, newest first"),
        None => "SLOs, newest first".to_owned(),
    };
    let lines: Vec<_> = rows.into_iter().map(line).collect();
    let all = service.map(|_| view! { <p><a href=paths::slos()>"All SLOs"</a></p> });
    view! {
        {all}
        <TableRegion id="slos" caption=caption>
            <thead>
                <tr>
                    <th scope="col">"SLO"</th>
                    <th scope="col">"Service"</th>
                    <th scope="col">"Environment"</th>
                    <th scope="col">"Target"</th>
                    <th scope="col">"Window"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(kept: Kept) -> AnyView {
    let (id, state) = (kept.id.to_string(), Word::from(kept.state()));
    let slo = kept.text;
    let sample = mark(&id);
    view! {
        <tr>
            <td><a href=paths::slo(kept.id)>{slo.name.to_string()}</a><br/><span class="id muted">{id}</span>{sample}</td>
            <td><a class="id" href=paths::service(&slo.service)>{slo.service.to_string()}</a></td>
            <td>{slo.environment.to_string()}</td>
            <td>{slo.target.words()}</td>
            <td>{slo.window.words()}</td>
            <td>{state.badge()}</td>
        </tr>
    }
    .into_any()
}
