//! The first page.

use std::collections::BTreeMap;

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::cadences::acts::{Week, week};
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::id::RunId;
use notebook::retrials::acts::{self, DueQueue, FirstSteps, Today};
use notebook::runs::acts::{Meters, Row, meters};
use notebook::slos::acts::{Budgets, budgets};

use super::coming::coming;
use super::first::{FirstObservation, MakeItYours};
use super::running::Running;
use super::waiting::waiting;
use crate::ask::page;
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::sample::mark;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::slos::budgets::card;
use crate::times::Times;

/// Lessons shown; the list holds the rest.
const ROWS_MAX: usize = 6;

#[component]
pub fn TodayPage() -> impl IntoView {
    page(|desk| async move {
        let today = acts::today(&desk).await?;
        let steps = acts::first_steps(&desk).await?;
        let cards = if today.is_fresh { None } else { Some(Box::pin(Cards::load(&desk)).await?) };
        let times = Times::of(&desk);
        let content = content(&desk, today, cards, steps, &times);
        let plan = (desk.shows(Act::PlanRun) && steps.question)
            .then(|| view! { <a class="button primary" href=paths::choose_run()>"Plan a run"</a> }.into_any());
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Today".into(), href: None }]>
                <PageTitle text="Today"/>
                <PageHead title="Today" actions=view! { {plan} }.into_any()/>
                <div class="stack">{content}</div>
            </Frame>
        }
        .into_any())
    })
}

/// What a notebook has that is not fresh.
struct Cards {
    meters: BTreeMap<RunId, Meters>,
    queue: DueQueue,
    week: Week,
    budgets: Budgets,
}

impl Cards {
    async fn load(desk: &Desk) -> Result<Self> {
        Ok(Self {
            meters: meters(desk).await?,
            queue: acts::due(desk, None).await?,
            week: Box::pin(week(desk)).await?,
            budgets: budgets(desk).await?,
        })
    }
}

/// Running runs come first; what nobody has begun yet comes last.
fn content(desk: &Desk, today: Today, cards: Option<Cards>, steps: FirstSteps, times: &Times) -> AnyView {
    let may_begin = desk.shows(Act::WriteExperiment);
    let yours = (may_begin && !steps.are_done()).then(|| {
        view! { <MakeItYours steps=steps may_invite=desk.shows(Act::ManagePeople)/> }
    });
    let Some(Cards { meters, queue, week, budgets }) = cards else {
        let first = may_begin.then(|| view! { <FirstObservation/> });
        return view! { <div class="cards">{first}{yours}</div>{nobody_began(may_begin)} }.into_any();
    };
    let waiting = waiting(&today, queue, times);
    let planned: Vec<_> = today.planned.into_iter().map(|row| row.run).collect();
    let coming = coming(week, &planned, times);
    let budgets = card(&budgets);
    view! {
        <Running rows=today.running meters=meters times=times.clone()/>
        <div class="cards">
            {coming}
            {waiting}
            {budgets}
            <Learnt rows=today.learnt times=times.clone()/>
            {yours}
        </div>
    }
    .into_any()
}

/// What somebody sees who may only look, while there is nothing to look at.
fn nobody_began(may_begin: bool) -> Option<AnyView> {
    (!may_begin).then(|| {
        let sentence = "Once somebody writes an experiment, what runs and what waits for people stands here.";
        view! { <Empty heading="Nothing here yet" sentence=sentence/> }.into_any()
    })
}

#[component]
fn Learnt(rows: Vec<Row>, times: Times) -> impl IntoView {
    let content = if rows.is_empty() {
        let sentence = "Verdicts of closed runs stand here, upheld or refuted: both are worth knowing.";
        view! { <Empty heading="Nothing learnt yet" sentence=sentence/> }.into_any()
    } else {
        let lines: Vec<_> = rows.into_iter().take(ROWS_MAX).map(|row| learnt(row, &times)).collect();
        view! { <ul class="plain">{lines}</ul> }.into_any()
    };
    view! { <section class="card"><h2>"Recently learnt"</h2>{content}</section> }.into_any()
}

fn learnt(row: Row, times: &Times) -> AnyView {
    let badge = Word::from(row.verdict).badge();
    let (run, targets) = (row.run, row.targets.join(", "));
    let on = if targets.is_empty() { String::new() } else { format!("{targets}, ") };
    let ended = run.ended_at.map(|at| times.when(at));
    view! {
        <li>
            {badge}
            " "
            <span class="id muted">{run.id.to_string()}</span>
            {mark(&run.id.to_string())}
            " "
            <a href=paths::run(run.id)>{run.title}</a>
            <br/>
            <small>{on} {run.environment.to_string()} {ended.map(|when| view! { ", ended " {when} })}</small>
        </li>
    }
    .into_any()
}
