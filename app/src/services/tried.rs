//! What is tried on a service: its experiments with their last verdict, and its findings.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::experiments::Experiment;
use notebook::experiments::acts::{self as experiments, Filter};
use notebook::fault::Result;
use notebook::findings;
use notebook::retrials::acts::{self as retrials, FindingRow, RunRow};
use notebook::retrials::claims::ClaimStanding;
use notebook::text::Slug;

use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;
use crate::words::verdict_due;

/// One experiment with what its newest ended run left.
pub struct Tried {
    experiment: Experiment,
    last: Option<RunRow>,
    claim: Option<ClaimStanding>,
}

/// The newest experiments on a service, and whether there are older ones.
pub async fn on(desk: &Desk, service: &Slug) -> Result<(Vec<Tried>, bool)> {
    let filter = Filter { service: Some(service.clone()), ..Filter::default() };
    let (rows, more) = experiments::list(desk, &filter).await?;
    let mut tried = Vec::with_capacity(rows.len());
    for row in rows {
        let overview = retrials::overview(desk, row.experiment.id).await?;
        tried.push(Tried {
            last: overview.runs.into_iter().find(|row| row.run.execution.has_ended()),
            claim: overview.claim.map(|claim| claim.answer.is),
            experiment: row.experiment,
        });
    }
    Ok((tried, more))
}

/// The newest findings on a service, and whether there are older ones.
pub async fn findings(desk: &Desk, service: &Slug) -> Result<(Vec<FindingRow>, bool)> {
    let filter = findings::acts::Filter { service: Some(service.clone()), ..findings::acts::Filter::default() };
    retrials::findings(desk, &filter).await
}

#[component]
pub fn Experiments(service: Slug, tried: Vec<Tried>, more: bool, may_write: bool, times: Times) -> impl IntoView {
    if tried.is_empty() {
        return view! {
            <Empty heading="Never tried" sentence="Nothing is known yet about how this service fails.">
                {may_write.then(|| view! { <a class="button" href=paths::new_experiment_on(&service)>"New experiment"</a> })}
            </Empty>
        }
        .into_any();
    }
    let all = more.then(|| view! { <p><a href=paths::experiments()>"Older ones are under Experiments"</a></p> });
    let lines: Vec<_> = tried.into_iter().map(|tried| line(tried, &times)).collect();
    view! {
        <TableRegion id="tried" caption="Experiments on this service" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Experiment"</th>
                    <th scope="col">"Stage"</th>
                    <th scope="col">"Last verdict"</th>
                    <th scope="col">"Claim"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
        {all}
    }
    .into_any()
}

fn line(tried: Tried, times: &Times) -> AnyView {
    let id = tried.experiment.id;
    let (title, stage) = (tried.experiment.title.to_string(), Word::from(tried.experiment.stage));
    view! {
        <tr>
            <td><a href=paths::experiment(id)>{title}</a><br/><span class="id muted">{id.to_string()}</span></td>
            <td>{stage.badge()}</td>
            <td>{last(tried.last, times)}</td>
            <td>{tried.claim.map(|claim| Word::from(claim).badge())}</td>
        </tr>
    }
    .into_any()
}

fn last(row: Option<RunRow>, times: &Times) -> AnyView {
    let Some(row) = row else {
        return view! { <span class="muted">"never run"</span> }.into_any();
    };
    let word = verdict_due(row.run.execution, row.validity, row.verdict)
        .or_else(|| row.validity.map(Word::from))
        .map(Word::badge);
    let id = row.run.id;
    view! {
        {word}
        <br/>
        <a class="id" href=paths::run(id)>{id.to_string()}</a>
        " "
        <span class="muted">{row.run.started_at.map(|at| times.when(at))}</span>
    }
    .into_any()
}

#[component]
pub fn Findings(rows: Vec<FindingRow>, more: bool) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty heading="No findings" sentence="Either all hypotheses held, or nobody looked."/>
        }
        .into_any();
    }
    let all = more.then(|| view! { <p><a href=paths::findings()>"Older ones are under Findings"</a></p> });
    let lines: Vec<_> = rows.into_iter().map(finding).collect();
    view! {
        <TableRegion id="found" caption="Findings on this service" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Finding"</th>
                    <th scope="col">"Severity"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Environment"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
        {all}
    }
    .into_any()
}

fn finding(row: FindingRow) -> AnyView {
    let finding = row.finding;
    let id = finding.id;
    view! {
        <tr>
            <td><a href=paths::finding(id)>{finding.title.to_string()}</a><br/><span class="id muted">{id.to_string()}</span></td>
            <td>{Word::from(finding.severity).badge()}</td>
            <td>{Word::from(row.status).badge()}</td>
            <td>{finding.environment.to_string()}</td>
        </tr>
    }
    .into_any()
}
