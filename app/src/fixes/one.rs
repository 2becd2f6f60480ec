//! One fix: what it is worth for each finding and why, where it is deployed, what it waits for.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::fixes::{Fix, Standing};
use notebook::id::{ExperimentId, FixId};
use notebook::retrials::acts::{FixShown, PairShown, overview, show_fix};
use notebook::services;

use super::deployments::{self, Places};
use super::{judged, trail};
use crate::ask::{page, param};
use crate::findings::chain::Part;
use crate::frame::{Crumb, Frame};
use crate::parts::chain::Chain;
use crate::parts::history::History;
use crate::parts::page::PageHead;
use crate::parts::prose::Prose;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;
use crate::tour::TourNote;

#[component]
pub fn FixPage() -> impl IntoView {
    page(|desk| async move {
        let id: FixId = param("id", "fix")?;
        let shown = show_fix(&desk, id).await?;
        let times = Times::of(&desk);
        let chain = chain(&desk, &shown, &times).await?;
        let places = places(&desk, &shown).await?;
        let title = shown.fix.title.to_string();
        let crumbs = vec![
            Crumb { label: "Fixes".into(), href: Some(paths::fixes()) },
            Crumb { label: id.to_string(), href: None },
        ];
        let history = view! {
            <section>
                <h2>"History"</h2>
                <History label=format!("History of {id}") lines=trail::lines(&shown.history)? times=times.clone()/>
            </section>
        };
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("{id} · {title}")/>
                <PageHead title=title eyebrow=id.to_string() badges=badge(&shown) actions=actions(&desk, &shown)/>
                <div class="stack">
                    {said(&shown.fix)}
                    <TourNote/>
                    {pairs(&shown, &times)}
                    {chain}
                    {deployments::section(&desk, &shown.facts, places, &times)}
                    {deployments::other_acts(&desk, &shown.facts)}
                    {history}
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// With one finding the reason of a stale fix fits into the badge.
fn badge(shown: &FixShown) -> AnyView {
    let word = match shown.pairs.as_slice() {
        [only] => judged::word(&only.judged),
        _ => Word::from(shown.headline),
    };
    let several = (shown.pairs.len() > 1).then(|| {
        view! { <span class="muted">"the worst of its " {shown.pairs.len()} " findings"</span> }
    });
    view! { {word.badge()} {several} }.into_any()
}

fn said(fix: &Fix) -> AnyView {
    let summary = fix.body.summary.as_ref().map(|summary| view! { <Prose text=summary.to_string()/> });
    let links = fix.body.links.iter().map(|link| {
        let (href, words) = (link.to_string(), link.to_string());
        view! { <li><a href=href rel="noreferrer nofollow">{words}</a></li> }
    });
    let links = (!fix.body.links.is_empty())
        .then(|| view! { <h3>"Commits, pull requests, tickets"</h3> <ul class="plain">{links.collect_view()}</ul> });
    if summary.is_none() && links.is_none() {
        return ().into_any();
    }
    view! { <section><h2>"What is changed"</h2>{summary}{links}</section> }.into_any()
}

fn pairs(shown: &FixShown, times: &Times) -> AnyView {
    let panels = shown.pairs.iter().map(|pair| panel(shown.fix.id, pair, times));
    view! {
        <section>
            <h2>"What it is worth"</h2>
            <p class="muted">
                "No control sets a standing: it follows from deployments, runs and answers. "
                <a href=paths::help()>"How that works"</a>
            </p>
            {panels.collect_view()}
        </section>
    }
    .into_any()
}

fn panel(fix: FixId, pair: &PairShown, times: &Times) -> AnyView {
    let finding = &pair.finding;
    let question = judged::question(fix, finding.id, &pair.judged);
    view! {
        <article class="card">
            <h3>
                <span class="id">{finding.id.to_string()}</span>
                " "
                <a href=paths::finding(finding.id)>{finding.title.to_string()}</a>
            </h3>
            {judged::panel(&pair.judged, question, true, times)}
        </article>
    }
    .into_any()
}

fn experiments(shown: &FixShown) -> BTreeSet<ExperimentId> {
    shown.pairs.iter().filter_map(|pair| pair.finding.experiment).collect()
}

async fn chain(desk: &Desk, shown: &FixShown, times: &Times) -> Result<Option<AnyView>> {
    let mut chains = Vec::new();
    for experiment in experiments(shown) {
        chains.push(overview(desk, experiment).await?.chain);
    }
    if chains.is_empty() {
        return Ok(None);
    }
    let mut part = Part::default();
    for pair in &shown.pairs {
        part.keep(pair.finding.id);
        if let Some(run) = pair.finding.origin {
            part.keep(run);
        }
        part.keep_fix(shown.fix.id, &pair.judged);
    }
    for chain in &chains {
        part.keep_reruns(chain);
    }
    let (nodes, links) = part.of(&chains, times);
    let title = format!("From the runs to the proof of {}", shown.fix.id);
    let drawn = view! {
        <section>
            <h2>"What was found, fixed and proven"</h2>
            <Chain id="chain" title=title nodes=nodes links=links/>
        </section>
    };
    Ok(Some(drawn.into_any()))
}

async fn places(desk: &Desk, shown: &FixShown) -> Result<Places> {
    let environments = services::acts::environments(desk).await?.into_iter();
    let options = environments.map(|environment| (environment.slug.to_string(), environment.name.to_string()));
    let usual = shown.pairs.first().map(|pair| pair.finding.environment.to_string());
    Ok(Places { options: options.collect(), usual: usual.unwrap_or_default(), is_next: deploys_next(shown.headline) })
}

/// Whether the fix waits for a deployment before a rerun could help.
const fn deploys_next(headline: Standing) -> bool {
    match headline {
        Standing::Proposed | Standing::Reverted | Standing::FailedVerification | Standing::Regressed => true,
        Standing::Deployed | Standing::Verified | Standing::Stale | Standing::Withdrawn => false,
    }
}

fn actions(desk: &Desk, shown: &FixShown) -> AnyView {
    let fix = &shown.fix;
    let edit = desk.shows(Act::WriteFix).then(|| {
        view! { <a class="button" href=paths::edit_fix(fix.id)>"Edit fix"</a> }
    });
    view! { {edit} {rerun(desk, shown)} }.into_any()
}

fn rerun(desk: &Desk, shown: &FixShown) -> Option<AnyView> {
    let owed = shown.pairs.iter().find(|pair| matches!(pair.judged.answer.is, Standing::Deployed | Standing::Stale))?;
    let href = paths::new_run(owed.finding.experiment?);
    // One primary act a page: where a deployment comes first, the rerun steps back.
    let class = if deploys_next(shown.headline) { "button" } else { "button primary" };
    desk.shows(Act::PlanRun).then(|| view! { <a class=class href=href>"Plan rerun"</a> }.into_any())
}
