//! What became of a promise in windows that are over, and what its budget is for, for programs.

use axum::response::Response;
use notebook::{
    id::{ExperimentId, SloId},
    ledger::{acts::suggestion, untested::Suggestion},
    slos::{
        acts,
        compliance::{Compliance, Past},
        words::percent_down,
    },
    time::Moment,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    api::Api,
    operations::{Doors, look},
    reply::At,
};

pub fn doors() -> Doors {
    Doors::of("slos", "Promises to customers with their error budgets, and what was measured of them.")
        .names::<SloId>("id", "The SLO's id.")
        .read(
            "/slos/{id}/compliance",
            compliance,
            look("compliance", "Show whether an SLO was met in windows that are over, the newest first.")
                .answers::<History>()
                .more("Held against the text in force now. A rolling window is looked at where it ended with a month, in UTC. Windows of which nothing was measured, and those too far back to read, are left out."),
        )
        .read(
            "/slos/{id}/suggestion",
            suggest,
            look("suggest", "Suggest what to spend the budget of an SLO on.").answers::<Told>(),
        )
}

/// Windows that are over.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SloHistory")]
struct History {
    windows: Vec<WindowTold>,
}

/// One window that is over.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SloWindowPast")]
struct WindowTold {
    /// Microseconds since 1970 UTC.
    from: Moment,
    to: Moment,
    is: Compliance,
    /// Events, or slices of time where the SLO counts these.
    good: u64,
    bad: u64,
    unmeasured_ms: i64,
    /// "60 %", rounded down; none without anything counted.
    remaining: Option<String>,
}

async fn compliance(At(id): At<SloId>, api: Api) -> Response {
    let past = acts::compliance(&api.desk, id).await;
    api.answer(past.map(|past| History { windows: past.into_iter().map(WindowTold::from).collect() }))
}

impl From<Past> for WindowTold {
    fn from(past: Past) -> Self {
        Self {
            from: past.window.start(),
            to: past.window.end(),
            is: past.is,
            good: past.counts.good,
            bad: past.counts.bad,
            unmeasured_ms: past.unmeasured_ms,
            remaining: past.remaining.map(percent_down),
        }
    }
}

/// What to spend a budget on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SloSuggestion")]
struct Told {
    /// `try` an experiment that was never run, `write` a further one, or `nothing` now.
    is: &'static str,
    /// The one to try, or the one whose worst case is to be written.
    experiment: Option<ExperimentId>,
    /// The question it asks, or the one to write.
    question: Option<String>,
    /// The most bad events it may cost.
    worst: Option<u64>,
    /// Sentences.
    because: Vec<String>,
}

async fn suggest(At(id): At<SloId>, api: Api) -> Response {
    let told = async {
        let shown = acts::show(&api.desk, id).await?;
        suggestion(&api.desk, &shown).await.map(Told::from)
    };
    let told = told.await;
    api.answer(told)
}

impl From<Suggestion> for Told {
    fn from(suggestion: Suggestion) -> Self {
        match suggestion {
            Suggestion::Try { untested, worst, because } => Self {
                is: "try",
                experiment: Some(untested.experiment),
                question: Some(untested.question),
                worst: Some(worst),
                because,
            },
            Suggestion::Write { because, asks, on } => Self {
                is: "write",
                experiment: on,
                question: asks.map(|question| question.asks.to_owned()),
                worst: None,
                because,
            },
            Suggestion::Nothing { because } => {
                Self { is: "nothing", experiment: None, question: None, worst: None, because: vec![because] }
            }
        }
    }
}
