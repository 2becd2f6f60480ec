//! All services.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::limits::OWNERSHIP_DAYS;
use notebook::search::Found;
use notebook::search::lists::{self, Page};
use notebook::services::Tier;
use notebook::services::acts::{self, Filter, Row};
use notebook::services::frequency::days_ago;
use notebook::text::Slug;
use notebook::time::Moment;

use super::picture;
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::keys::steps::NEXT;
use crate::parts::choices::CheckField;
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::search::{Typed, unreadable};
use crate::times::Times;

#[component]
pub fn ServicesPage() -> impl IntoView {
    page(|desk| async move {
        let to_confirm = query("confirm") == "on";
        let filter = Filter { after: Slug::new(&query("after")).ok(), to_confirm, ..Filter::default() };
        let typed = Typed::here(&desk, Found::Service).await?;
        let listed = match typed.query() {
            Some(query) => Some(lists::services(&desk, query, &filter).await?),
            None => None,
        };
        let is_whole = typed.is_blank() && filter == Filter::default();
        let drawn = if is_whole { picture::of_all(&acts::dependencies(&desk).await?) } else { None };
        let may_edit = desk.shows(Act::EditServices);
        let nothing_at_all = is_whole && listed.as_ref().is_some_and(|(rows, ..)| rows.is_empty());
        let add = (may_edit && !nothing_at_all).then(add_link);
        let content = if nothing_at_all {
            nothing_yet(may_edit)
        } else {
            view! {
                {asking(&typed, filter.to_confirm)}
                {listed.map(|listed| found(listed, &filter, &typed, &Times::of(&desk)))}
                {drawn}
            }
            .into_any()
        };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Services".into(), href: None }]>
                <PageTitle text="Services"/>
                <PageHead title="Services" actions=actions(add)/>
                <div class="stack">{content}</div>
            </Frame>
        }
        .into_any())
    })
}

fn address(filter: &Filter, typed: &Typed, after: Option<&Slug>) -> String {
    let mut query = Vec::new();
    query.extend(typed.part());
    if filter.to_confirm {
        query.push("confirm=on".to_owned());
    }
    query.extend(after.map(|slug| format!("after={slug}")));
    paths::with_query(&paths::services(), &query)
}

fn actions(add: Option<AnyView>) -> AnyView {
    view! {
        <a class="button" href=paths::coverage()>"Coverage map"</a>
        <a class="button" href=paths::teams()>"Teams"</a>
        <a class="button" href=paths::environments()>"Environments"</a>
        <a class="button" href=paths::chef()>"Chef"</a>
        {add}
    }
    .into_any()
}

fn add_link() -> AnyView {
    view! { <a class="button primary" href=paths::new_service() data-key=NEXT>"Add service"</a> }.into_any()
}

fn nothing_yet(may_edit: bool) -> AnyView {
    view! {
        <Empty heading="No services yet" sentence="Start with the one whose failure wakes you up.">
            {may_edit.then(|| view! { {add_link()} <a class="button" href=paths::imports()>"Import catalog-info.yaml"</a> })}
        </Empty>
    }
    .into_any()
}

fn asking(typed: &Typed, to_confirm: bool) -> AnyView {
    let further = if to_confirm {
        // Nothing in a query asks for this, so it is the list's own answer to programs.
        let json = paths::services_to_confirm_json(typed.part());
        view! { <span>"What it finds as "<a href=json>"JSON"</a></span> }.into_any()
    } else {
        typed.further(Found::Service, lists::of_services)
    };
    view! {
        <form method="get" action=paths::services() role="search">
            <div class="row">
                {typed.field("services")}
                <CheckField form="services" name="confirm" label="Owner to confirm" value="on" checked=to_confirm/>
                <button>"Find services"</button>
                {further}
            </div>
        </form>
    }
    .into_any()
}

fn found((rows, next, left_out): Page<Row, Slug>, filter: &Filter, typed: &Typed, times: &Times) -> AnyView {
    let first = filter.after.as_ref().map(|_| address(filter, typed, None));
    let next = next.map(|last| address(filter, typed, Some(&last)));
    let content = if rows.is_empty() { nothing(filter, typed) } else { table(rows, times) };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of services" first=first next=next/> }.into_any()
}

fn nothing(filter: &Filter, typed: &Typed) -> AnyView {
    if filter.to_confirm && typed.is_blank() {
        let sentence = format!("Each was checked within the last {OWNERSHIP_DAYS} days.");
        return view! {
            <Empty heading="No owner to confirm" sentence=sentence>
                <a class="button" href=paths::services()>"All services"</a>
            </Empty>
        }
        .into_any();
    }
    typed.nothing(paths::services(), "All services")
}

fn table(rows: Vec<Row>, times: &Times) -> AnyView {
    let lines: Vec<_> = rows.into_iter().map(|row| line(row, times)).collect();
    view! {
        <TableRegion id="services" caption="Services by slug">
            <thead>
                <tr>
                    <th scope="col">"Service"</th>
                    <th scope="col">"Tier"</th>
                    <th scope="col">"Team"</th>
                    <th scope="col">"Owner"</th>
                    <th scope="col">"Ownership checked on"</th>
                    <th scope="col">"Needs"</th>
                    <th scope="col">"Stateful, single point"</th>
                    <th scope="col">"Recorded changes"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn link(team: &Slug) -> AnyView {
    view! { <a class="id" href=paths::team(team)>{team.to_string()}</a> }.into_any()
}

fn line(row: Row, times: &Times) -> AnyView {
    let service = row.service;
    let team = service.team.as_ref().map(link);
    let owner = service.owner.as_ref().map_or_else(|| "nobody named".to_owned(), ToString::to_string);
    let needs = match service.needs.len() {
        0 => "nothing".to_owned(),
        1 => "1 service".to_owned(),
        number => format!("{number} services"),
    };
    let changed = row.changed_at.map(|at| {
        let ago = days_ago(at, Moment::from_micros(times.now));
        view! { <br/><span class="muted">"last " {ago}</span> }
    });
    let frequency = row.frequency.words();
    let checked = match service.checked.filter(|_| service.owner.is_some()) {
        Some(checked) => view! { {times.when(checked.at)} <br/> }.into_any(),
        None => ().into_any(),
    };
    let ownership = Word::from(row.ownership).badge();
    let tier = service.tier.map(Tier::word);
    let href = paths::service(&service.slug);
    let (name, slug) = (service.name.to_string(), service.slug.to_string());
    let sample = mark(&slug);
    view! {
        <tr>
            <td><a href=href>{name}</a><br/><span class="id muted">{slug}</span>{sample}</td>
            <td>{tier}</td>
            <td>{team}</td>
            <td>{owner}</td>
            <td>{checked} {ownership}</td>
            <td>{needs}</td>
            <td>{marks(service.stateful, service.single_point)}</td>
            <td>{frequency} {changed}</td>
        </tr>
    }
    .into_any()
}

/// What makes a service worth trying early.
fn marks(stateful: bool, single_point: bool) -> String {
    match (stateful, single_point) {
        (true, true) => "stateful, single point of failure",
        (true, false) => "stateful",
        (false, true) => "single point of failure",
        (false, false) => "neither",
    }
    .to_owned()
}
