//! One team: when it works, its holidays, and the services it owns.

use jiff::civil::Date;
use leptos::prelude::*;
use notebook::actor::Act;
use notebook::calendar::week::Day;
use notebook::desk::Desk;
use notebook::events::Entry;
use notebook::teams::Team;
use notebook::teams::acts::{self, Shown};
use notebook::text::Slug;

use super::fields::crumbs;
use crate::ask::{page, param_text};
use crate::frame::Frame;
use crate::freezes::bars;
use crate::parts::facts::{Fact, Facts};
use crate::parts::history::{Done, History};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn TeamPage() -> impl IntoView {
    page(|desk| async move {
        let shown = acts::show(&desk, &param_text("slug")).await?;
        let frozen = bars::of_team(&desk, &shown.team.slug).await?;
        let times = Times::of(&desk);
        let Shown { team, services, history } = shown;
        let name = team.name.to_string();
        let lines = lines(&history);
        let today = desk.now().civil(&team.zone).date();
        Ok(view! {
            <Frame crumbs=crumbs(&name)>
                <PageTitle text=name.clone()/>
                <PageHead title=name eyebrow=team.slug.to_string() actions=actions(&desk, &team.slug)/>
                {frozen}
                <div class="page">
                    <div class="stack">
                        <section><h2>"Working hours"</h2>{week(&team)}</section>
                        <section><h2>"Holidays"</h2>{holidays(&team, today)}</section>
                        <section><h2>"Services"</h2>{owned(services)}</section>
                        <section><h2>"History"</h2><History label="History of this team" lines=lines times=times/></section>
                    </div>
                    {aside(&team)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn actions(desk: &Desk, slug: &Slug) -> AnyView {
    let edit = desk.shows(Act::ManageTeams).then(|| {
        view! { <a class="button" href=paths::edit_team(slug)>"Edit team"</a> }
    });
    let freeze = desk.shows(Act::SetFreeze).then(|| {
        view! { <a class="button" href=paths::freeze_team(slug)>"Freeze\u{2026}"</a> }
    });
    view! { {edit} {freeze} }.into_any()
}

fn week(team: &Team) -> AnyView {
    let lines = Day::ALL.iter().map(|day| {
        let hours: Vec<_> = team.week.on(*day).iter().map(|hours| hours.words()).collect();
        let hours = if hours.is_empty() { "nobody works".to_owned() } else { hours.join(", ") };
        view! { <tr><th scope="row">{day.label()}</th><td>{hours}</td></tr> }
    });
    let lines = lines.collect_view();
    let caption = format!("Working hours by the clock of {}", team.zone.name());
    view! {
        <TableRegion id="week" caption=caption>
            <thead><tr><th scope="col">"Day"</th><th scope="col">"Hours"</th></tr></thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

/// Those that are over are counted only.
fn holidays(team: &Team, today: Date) -> AnyView {
    let over = team.holidays.range(..today).count();
    let over = (over > 0).then(|| view! { <p class="muted">{format!("Over: {over}")}</p> });
    let coming: Vec<_> = team.holidays.range(today..).collect();
    if coming.is_empty() {
        return view! { <Empty heading="No holidays to come" sentence="On a holiday no run starts."/> {over} }
            .into_any();
    }
    let lines = coming.into_iter().map(|(date, name)| {
        let name = name.as_ref().map(ToString::to_string).unwrap_or_default();
        view! { <tr><td class="num">{format!("{date}, {}", Day::of(*date).label())}</td><td>{name}</td></tr> }
    });
    let lines = lines.collect_view();
    view! {
        <TableRegion id="holidays" caption="Holidays to come" unseen_caption=true>
            <thead><tr><th scope="col">"Date"</th><th scope="col">"Holiday"</th></tr></thead>
            <tbody>{lines}</tbody>
        </TableRegion>
        {over}
    }
    .into_any()
}

fn owned(services: Vec<(Slug, String)>) -> AnyView {
    if services.is_empty() {
        let sentence = "Name this team on the page of a service, and its hours hold for runs on it.";
        return view! {
            <Empty heading="No services" sentence=sentence>
                <a class="button" href=paths::services()>"All services"</a>
            </Empty>
        }
        .into_any();
    }
    let lines = services.into_iter().map(|(slug, name)| {
        view! {
            <li><a href=paths::service(&slug)>{name}</a> " " <span class="id muted">{slug.to_string()}</span></li>
        }
    });
    view! { <ul>{lines.collect_view()}</ul> }.into_any()
}

fn aside(team: &Team) -> AnyView {
    let (zone, solo) = (team.zone.name().to_owned(), team.solo);
    view! {
        <aside class="stack">
            <section class="card">
                <h2>"Facts"</h2>
                <Facts>
                    <Fact term="Zone">{zone}</Fact>
                    <Fact term="People">{if solo { "one: no second person is asked" } else { "more than one" }}</Fact>
                </Facts>
            </section>
        </aside>
    }
    .into_any()
}

fn lines(entries: &[Entry]) -> Vec<Done> {
    let line = |entry: &Entry| {
        let did = match entry.act.as_str() {
            "added" => "added this team",
            "edited" => "changed this team",
            other => other,
        };
        Done::of(entry, did, None)
    };
    entries.iter().map(line).collect()
}
