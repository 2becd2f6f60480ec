//! The calendar's page: views of months, weeks and lists, what is in the way, and where else it is read.

use jiff::civil::Date;
use leptos::prelude::*;
use notebook::actor::Act;
use notebook::cadences::acts::{Calendar, Scope, calendar};
use notebook::calendar::week::Day;
use notebook::desk::Desk;
use notebook::runs::facts::Execution;
use notebook::text::Slug;

use super::days::{OneDay, days};
use super::entries::{conflict, entries};
use super::free;
use super::span::{Span, View, date};
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::paths;
use crate::safe::PageTitle;
use crate::shifting::keys::sentence;
use crate::shifting::live::CalendarKeys;
use crate::shifting::{HINT, SAID};
use crate::times::Times;

#[component]
pub fn CalendarPage() -> impl IntoView {
    page(|desk| async move {
        let times = Times::of(&desk);
        let zone = times.own_zone();
        let today = times.moment().civil(&zone).date();
        let span = Span::of(View::named(&query("view")), date(&query("from")).unwrap_or(today));
        let team = Slug::new(&query("team")).ok();
        let scope = Scope { team: team.clone(), ..Scope::default() };
        let shown = Box::pin(calendar(&desk, span.interval(&zone), &scope)).await?;
        let team = team.map(String::from).unwrap_or_default();
        let (head, keys, legend) = (head(&desk, &span), keys(&desk, &shown), legend(&shown));
        let (tabs, teams, steps) = (tabs(&span, &team), teams(&desk, &span, &team).await?, steps(&span, today, &team));
        let (conflicts, cut) = (conflicts(&shown), shown.is_cut);
        let empty =
            shown.runs.is_empty() && shown.gamedays.is_empty() && shown.slots.iter().all(|slot| slot.run.is_some());
        let empty = empty.then(|| nothing(&desk, &shown, &span, &times));
        let days = days(shown, &span, &zone);
        let table = match span.view {
            View::Month => Some(month(days, &desk, &times, &span, &team)),
            View::Week => Some(list(days, &desk, &times, &span)),
            View::Agenda => {
                let days: Vec<OneDay> = days.into_iter().filter(|day| !day.is_empty()).collect();
                (!days.is_empty()).then(|| list(days, &desk, &times, &span))
            }
        };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Calendar".into(), href: None }]>
                <PageTitle text=format!("Calendar \u{b7} {}", span.title())/>
                {head}
                <div class="stack">
                    <Tabs label="Views of the calendar" tabs=tabs/>
                    {teams}
                    {steps}
                    {conflicts}
                    {cut.then(|| view! { <p>"There are more runs than a calendar holds, and the earliest are left out. Look at a shorter time."</p> })}
                    {empty}
                    {legend}
                    {keys}
                    {table}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn head(desk: &Desk, span: &Span) -> AnyView {
    let plan =
        desk.shows(Act::PlanRun).then(|| view! { <a class="button primary" href=paths::choose_run()>"Plan run"</a> });
    let actions = view! {
        <a class="button" href=paths::gamedays()>"Game days"</a>
        <a class="button" href=paths::freezes()>"Freezes"</a>
        <a class="button" href=paths::subscriptions()>"Subscribe"</a>
        {plan}
    }
    .into_any();
    view! { <PageHead title=span.title() eyebrow="Calendar" actions=actions/> }.into_any()
}

fn tabs(span: &Span, team: &str) -> Vec<Tab> {
    let tab = |view: View| Tab {
        label: view.label().to_owned(),
        href: paths::calendar_view(view.word(), &span.about.to_string(), team),
        current: view == span.view,
        count: None,
    };
    View::ALL.into_iter().map(tab).collect()
}

/// One team's hours are said on each day.
async fn teams(desk: &Desk, span: &Span, chosen: &str) -> notebook::fault::Result<Option<AnyView>> {
    let all = notebook::teams::acts::choices(desk).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let tab = |label: String, team: String| Tab {
        href: paths::calendar_view(span.view.word(), &span.about.to_string(), &team),
        current: team == chosen,
        count: None,
        label,
    };
    let tabs = std::iter::once(tab("All teams".into(), String::new()))
        .chain(all.into_iter().map(|(slug, name)| tab(name, slug.into())));
    Ok(Some(view! { <Tabs label="Teams" tabs=tabs.collect()/> }.into_any()))
}

fn steps(span: &Span, today: Date, team: &str) -> AnyView {
    let to = |date: Date| paths::calendar_view(span.view.word(), &date.to_string(), team);
    let (before, after) = span.beside();
    view! {
        <nav class="row" aria-label="Earlier and later">
            <a class="button" href=to(before) rel="prev">"Earlier"</a>
            <a class="button" href=to(today)>"Today"</a>
            <a class="button" href=to(after) rel="next">"Later"</a>
        </nav>
    }
    .into_any()
}

fn conflicts(shown: &Calendar) -> Option<AnyView> {
    if shown.conflicts.is_empty() {
        return None;
    }
    let lines: Vec<_> = shown.conflicts.iter().map(conflict).collect();
    Some(
        view! { <section id="conflicts"><h2>"In each other\u{2019}s way"</h2><ul class="plain">{lines}</ul></section> }
            .into_any(),
    )
}

/// What the shading means; each day says the same in words.
fn legend(shown: &Calendar) -> Option<AnyView> {
    let is_shaded = !shown.teams.is_empty() || !shown.freezes.is_empty();
    let says = "Hatched: nobody works, or something is frozen. The strip is the day from midnight to midnight: filled \
                where all of the teams work, striped where something is frozen.";
    is_shaded.then(|| view! { <p class="muted">{says}</p> }.into_any())
}

/// Where something can be moved, arrow keys move it, too. Without script the form beside it does.
fn keys(desk: &Desk, shown: &Calendar) -> Option<AnyView> {
    let runs = shown.runs.iter().any(|on| on.run.execution == Execution::Planned) && desk.shows(Act::PlanRun);
    let slots = shown.slots.iter().any(|slot| slot.standing.is_open()) && desk.shows(Act::ChangeSlot);
    (runs || slots).then(|| {
        view! {
            <p class="muted" id=HINT hidden=true>{sentence()}</p>
            <p class="unseen" id=SAID role="status"></p>
            <CalendarKeys/>
        }
        .into_any()
    })
}

fn nothing(desk: &Desk, shown: &Calendar, span: &Span, times: &Times) -> AnyView {
    let heading = match span.view {
        View::Month => "No runs this month",
        View::Week => "No runs this week",
        View::Agenda => "No runs in these four weeks",
    };
    let sentence = free::sentence(&shown.teams, &shown.freezes, shown.within, times.moment(), &times.own_zone());
    let plan = desk.shows(Act::PlanRun).then(|| view! { <a class="button" href=paths::choose_run()>"Plan run"</a> });
    view! { <Empty heading=heading sentence=sentence>{plan}</Empty> }.into_any()
}

fn month(days: Vec<OneDay>, desk: &Desk, times: &Times, span: &Span, team: &str) -> AnyView {
    let heads = Day::ALL.iter().map(|day| view! { <th scope="col">{day.label()}</th> }).collect_view();
    let mut weeks = Vec::new();
    let mut cells = Vec::new();
    for day in days {
        cells.push(cell(day, desk, times, span, team));
        if cells.len() == 7 {
            weeks.push(view! { <tr>{std::mem::take(&mut cells)}</tr> });
        }
    }
    view! {
        <div class="month">
            <TableRegion id="month" caption=span.title() unseen_caption=true>
                <thead><tr>{heads}</tr></thead>
                <tbody>{weeks}</tbody>
            </TableRegion>
        </div>
    }
    .into_any()
}

fn cell(day: OneDay, desk: &Desk, times: &Times, span: &Span, team: &str) -> AnyView {
    let is_own = day.date.month() == span.about.month();
    let number = if is_own { day.date.day().to_string() } else { day.date.strftime("%-d %b").to_string() };
    let (weekday, whole) = (day.date.strftime("%a").to_string(), day.date.strftime("%-d %B %Y").to_string());
    let (date, says, kind, shade) = (day.date.to_string(), day.says(), day.shade.kind(), day.shade.lines());
    let href = paths::calendar_view(View::Week.word(), &date, team);
    let current = current(&day, times);
    view! {
        <td data-date=date data-says=says data-day=kind>
            <a href=href aria-label=format!("Week of {whole}") aria-current=current>
                <span class="weekday">{weekday}" "</span>
                {number}
            </a>
            {shade}
            {entries(day, desk, times)}
        </td>
    }
    .into_any()
}

/// What says of a day that it is today.
fn current(day: &OneDay, times: &Times) -> Option<&'static str> {
    (day.date == times.moment().civil(&times.own_zone()).date()).then_some("date")
}

fn list(days: Vec<OneDay>, desk: &Desk, times: &Times, span: &Span) -> AnyView {
    let lines: Vec<_> = days
        .into_iter()
        .map(|day| {
            let (name, date) = (day.date.strftime("%A, %-d %B").to_string(), day.date.to_string());
            let (says, kind, shade) = (day.says(), day.shade.kind(), day.shade.lines());
            let current = current(&day, times);
            view! {
                <tr data-date=date data-says=says data-day=kind>
                    <th scope="row" aria-current=current>{name}</th>
                    <td>{shade}</td>
                    <td>{entries(day, desk, times)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <TableRegion id=span.view.word() caption=span.title() unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Day"</th>
                    <th scope="col">"Hours and freezes"</th>
                    <th scope="col">"Game days, runs and reruns"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}
