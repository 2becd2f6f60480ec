//! What waits for somebody, for programs.

use axum::response::Response;
use notebook::{
    experiments::Experiment,
    retrials::acts::{FirstSteps, first_steps, today},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{decisions, findings, fixes, runs::shown as runs};
use crate::{
    api::Api,
    operations::{Doors, look},
};

pub fn doors() -> Doors {
    Doors::of("today", "What waits for somebody.").read(
        "/today",
        show,
        look("show", "Show what is running, what is due and what is owed.").answers::<Today>(),
    )
}

#[derive(Serialize, JsonSchema)]
struct Today {
    /// Running or reverting.
    running: Vec<runs::Line>,
    planned: Vec<runs::Line>,
    /// Ended, and not yet signed or closed.
    due: Vec<runs::Line>,
    /// A review is asked for.
    reviews: Vec<Experiment>,
    /// Fixes that owe a rerun.
    reruns: Vec<fixes::Line>,
    /// Findings that nothing removes yet.
    open: Vec<findings::Line>,
    /// Decisions whose evidence is stale or lost, or whose review is due.
    shaken: Vec<decisions::Line>,
    /// The newest runs that showed something.
    learnt: Vec<runs::Line>,
    /// What makes a notebook somebody's own.
    first_steps: FirstSteps,
}

async fn show(api: Api) -> Response {
    let waits = async {
        let waits = today(&api.desk).await?;
        let lines = |rows: Vec<_>| rows.into_iter().map(runs::Line::from).collect();
        Ok(Today {
            running: lines(waits.running),
            planned: lines(waits.planned),
            due: lines(waits.due),
            reviews: waits.reviews,
            reruns: waits.reruns.into_iter().map(fixes::Line::from).collect(),
            open: waits.open.into_iter().map(findings::Line::from).collect(),
            shaken: waits.shaken.into_iter().map(decisions::Line::from).collect(),
            learnt: lines(waits.learnt),
            first_steps: first_steps(&api.desk).await?,
        })
    };
    let waits = waits.await;
    api.answer(waits)
}
