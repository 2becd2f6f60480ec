//! One finding: what was seen, what it amounts to and why, its fixes and what proves them.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::findings::{Finding, Status};
use notebook::id::FindingId;
use notebook::retrials::acts::{FindingShown, FixWorthShown, overview, show_finding};
use notebook::runs;
use notebook::runs::acts::Shown as RunShown;
use notebook::services::Change;

use super::chain::Part;
use super::words::{severity_word, status_word};
use super::{causes, facts, judge, ties, trail};
use crate::ask::{page, param};
use crate::fixes::judged;
use crate::frame::{Crumb, Frame};
use crate::parts::because::Reasons;
use crate::parts::chain::Chain;
use crate::parts::history::History;
use crate::parts::page::{Empty, PageHead};
use crate::parts::why::Why;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;
use crate::tour::TourNote;

/// Everything the page shows.
struct Looked {
    shown: FindingShown,
    origin: Option<RunShown>,
    chain: Option<AnyView>,
    changes: Vec<Change>,
    times: Times,
}

#[component]
pub fn FindingPage() -> impl IntoView {
    page(|desk| async move {
        let id: FindingId = param("id", "finding")?;
        let mut looked = look(&desk, id).await?;
        let chain = looked.chain.take();
        let (finding, times) = (&looked.shown.finding, &looked.times);
        let title = finding.title.to_string();
        let crumbs = vec![
            Crumb { label: "Findings".into(), href: Some(paths::findings()) },
            Crumb { label: id.to_string(), href: None },
        ];
        let badges = view! {
            {status_word(looked.shown.status.is, &looked.shown.rulings, times).badge()}
            {severity_word(finding.severity).badge()}
        };
        let aside = facts::aside(finding, looked.origin.as_ref(), times);
        let actions = actions(&desk, &looked.shown);
        let sections = sections(&desk, &looked, chain)?;
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("{id} · {title}")/>
                <PageHead title=title eyebrow=id.to_string() badges=badges.into_any() actions=actions/>
                <div class="page">
                    <aside class="stack">{aside}</aside>
                    <div class="stack">{sections}</div>
                </div>
            </Frame>
        }
        .into_any())
    })
}

async fn look(desk: &Desk, id: FindingId) -> Result<Looked> {
    let shown = show_finding(desk, id).await?;
    let times = Times::of(desk);
    let origin = match shown.finding.origin {
        Some(run) => Some(runs::acts::show(desk, run).await?),
        None => None,
    };
    let changes = causes::changes(desk, &shown.finding).await?;
    let chain = match shown.finding.experiment {
        Some(experiment) => Some(chain(&shown, overview(desk, experiment).await?.chain, &times)),
        None => None,
    };
    Ok(Looked { shown, origin, chain, changes, times })
}

/// Run, finding, fix, rerun: what concerns this finding only.
fn chain(shown: &FindingShown, chain: notebook::retrials::acts::Chain, times: &Times) -> AnyView {
    let mut part = Part::default();
    part.keep(shown.finding.id);
    if let Some(run) = shown.finding.origin {
        part.keep(run);
    }
    for worth in &shown.fixes {
        part.keep_fix(worth.fix.id, &worth.judged);
    }
    part.keep_reruns(&chain);
    let (nodes, links) = part.of(&[chain], times);
    view! {
        <section>
            <h2>"What was found, fixed and proven"</h2>
            <TourNote/>
            <Chain id="chain" title=format!("From the run to the proof for {}", shown.finding.id) nodes=nodes links=links/>
        </section>
    }
    .into_any()
}

fn sections(desk: &Desk, looked: &Looked, chain: Option<AnyView>) -> Result<AnyView> {
    let Looked { shown, times, .. } = looked;
    let finding = &shown.finding;
    let seen = facts::seen(finding, looked.origin.as_ref());
    let lines = trail::lines(&shown.history, times)?;
    let seen_again = ties::seen_again(desk, finding, &shown.history, times)?;
    let history = view! {
        <section>
            <h2>"History"</h2>
            <History label=format!("History of {}", finding.id) lines=lines times=times.clone()/>
        </section>
    };
    Ok(view! {
        {status(shown, times)}
        {seen}
        {fixes(desk, shown, times)}
        {chain}
        {causes::section(desk, finding, &shown.causes, &looked.changes, times)}
        {ties::links(desk, shown)}
        {seen_again}
        {judge::section(desk, finding, &shown.rulings, times)}
        {history}
    }
    .into_any())
}

fn status(shown: &FindingShown, times: &Times) -> AnyView {
    let question = format!("Why is {} \u{201c}{}\u{201d}?", shown.finding.id, shown.status.is.label().to_lowercase());
    let (because, times) = (shown.status.because.clone(), times.clone());
    view! { <Why question=question><Reasons because=because times=times/></Why> }.into_any()
}

fn fixes(desk: &Desk, shown: &FindingShown, times: &Times) -> AnyView {
    let id = shown.finding.id;
    let words = if shown.fixes.is_empty() { "Propose fix" } else { "Propose another fix" };
    let propose =
        desk.shows(Act::WriteFix).then(|| view! { <a class="button" href=paths::new_fix(id)>{words}</a> }.into_any());
    let content = if shown.fixes.is_empty() {
        view! { <Empty heading="No fix yet" sentence="Who could reduce this risk?">{propose}</Empty> }.into_any()
    } else {
        let panels = shown.fixes.iter().map(|worth| fix(worth, &shown.finding, times));
        view! { <div class="cards">{panels.collect_view()}</div> <div class="row">{propose}</div> }.into_any()
    };
    view! { <section id="fixes"><h2>"Fixes"</h2>{content}</section> }.into_any()
}

fn fix(worth: &FixWorthShown, finding: &Finding, times: &Times) -> AnyView {
    let (id, title) = (worth.fix.id, worth.fix.title.to_string());
    let question = judged::question(id, finding.id, &worth.judged);
    view! {
        <article class="card">
            <h3><span class="id">{id.to_string()}</span> " " <a href=paths::fix(id)>{title}</a></h3>
            {judged::panel(&worth.judged, question, false, times)}
        </article>
    }
    .into_any()
}

/// The next act is the primary one; which it is follows from the status alone.
fn actions(desk: &Desk, shown: &FindingShown) -> AnyView {
    let finding = &shown.finding;
    let edit = desk.shows(Act::WriteFinding).then(|| {
        view! { <a class="button" href=paths::edit_finding(finding.id)>"Edit finding"</a> }
    });
    view! { {edit} {next_act(desk, shown)} }.into_any()
}

fn next_act(desk: &Desk, shown: &FindingShown) -> Option<AnyView> {
    let (finding, is) = (&shown.finding, shown.status.is);
    let propose = || {
        let href = paths::new_fix(finding.id);
        desk.shows(Act::WriteFix).then(|| view! { <a class="button primary" href=href>"Propose fix"</a> }.into_any())
    };
    match is {
        Status::Open | Status::Regressed => propose(),
        Status::FixProposed => {
            let fix = shown.status.because.first()?.of.parse().ok()?;
            let href = format!("{}#deployments", paths::fix(fix));
            desk.shows(Act::RecordDeployment)
                .then(|| view! { <a class="button primary" href=href>"Record deployment"</a> }.into_any())
        }
        Status::FixDeployed | Status::Stale => {
            let href = paths::new_run(finding.experiment?);
            desk.shows(Act::PlanRun).then(|| view! { <a class="button primary" href=href>"Plan rerun"</a> }.into_any())
        }
        Status::Verified | Status::RiskAccepted | Status::Duplicate | Status::NotAFinding => None,
    }
}
