//! The ledger of a quarter, for programs.

use axum::response::Response;
use notebook::{
    id::{ExperimentId, FindingId, RunId, SloId},
    ledger::{
        Cost, Until,
        acts::{self, Entry, Ledger, Total},
        quarter::Quarter,
    },
    refusal::Refusal,
    runs::{
        facts::{Execution, Verdict},
        validity::Validity,
    },
    shapes::{self, Param},
    slos::spend::share_words,
    text::Slug,
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::Asking;
use crate::{
    api::Api,
    operations::{Doors, look},
};

pub fn doors() -> Doors {
    Doors::of("ledger", "What runs cost the promises they touched, and what they gave for it.").read(
        "/ledger",
        show,
        look("show", "Show the runs of a quarter with what each cost, and what they cost together.")
            .asks::<Asked>()
            .answers::<Told>()
            .more("Quarters are those of UTC. What a run cost follows from measurements and changes with them; where these are missing it is null, never zero."),
    )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The present one if it is left out.
    #[schemars(with = "Param<shapes::Quarter>")]
    quarter: String,
}

/// The book of a quarter.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Ledger")]
struct Told {
    /// "2026-Q4".
    quarter: String,
    /// Microseconds since 1970 UTC.
    from: Moment,
    to: Moment,
    /// What the runs cost together.
    slos: Vec<TotalTold>,
    /// The runs, the newest first.
    ledger: Vec<Line>,
    /// There were more runs than a ledger holds; older ones are left out.
    cut: bool,
}

/// What all runs of a quarter cost one SLO.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LedgerTotal")]
struct TotalTold {
    slo: SloId,
    title: String,
    runs: usize,
    /// Bad events, or slices.
    at_least: u64,
    /// None where measurements are missing.
    at_most: Option<u64>,
    /// The upper end beside what the target allows of all that was measured in the quarter, rounded up; "unknown" without both, and where the ledger is cut.
    share: String,
}

/// One run of a quarter.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LedgerLine")]
struct Line {
    run: RunId,
    experiment: ExperimentId,
    title: String,
    environment: Slug,
    services: Vec<Slug>,
    execution: Execution,
    validity: Option<Validity>,
    verdict: Option<Verdict>,
    started_at: Option<Moment>,
    /// The start of the fault; none while none began.
    booked_from: Option<Moment>,
    booked_to: Option<Moment>,
    /// Where the booked time ends: `recovered`, `fault_ended`, `ended` or `now`.
    until: Option<&'static str>,
    /// The costs in words.
    cost: String,
    costs: Vec<CostTold>,
    findings: Vec<FindingId>,
}

/// What one run cost one SLO.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LedgerCost")]
struct CostTold {
    slo: SloId,
    /// Bad events, or slices, that were surely of this time.
    at_least: u64,
    /// With those that measurements reaching over an end may hold; none where measurements are missing.
    at_most: Option<u64>,
    unmeasured_ms: i64,
    /// What as much time costs at the rate of the day before, rounded up; none where that was not measured.
    usual: Option<u64>,
}

async fn show(Asking(asked): Asking<Asked>, api: Api) -> Response {
    let told = async {
        let quarter = match asked.quarter.trim() {
            "" => Quarter::of(api.desk.now()),
            text => text.parse().map_err(|_| Refusal::unfit("quarter", "is no quarter such as 2026-Q4"))?,
        };
        acts::quarter(&api.desk, quarter).await.map(Told::from)
    };
    let told = told.await;
    api.answer(told)
}

impl From<Ledger> for Told {
    fn from(ledger: Ledger) -> Self {
        let within = ledger.quarter.interval();
        Self {
            quarter: ledger.quarter.to_string(),
            from: within.start(),
            to: within.end(),
            slos: ledger.totals.into_iter().map(TotalTold::from).collect(),
            ledger: ledger.entries.into_iter().map(Line::from).collect(),
            cut: ledger.is_cut,
        }
    }
}

impl From<Total> for TotalTold {
    fn from(total: Total) -> Self {
        Self {
            slo: total.slo,
            title: total.title,
            runs: total.runs,
            at_least: total.bad.least,
            at_most: total.bad.most,
            share: share_words(total.bad, total.allowed),
        }
    }
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        let Entry { run: row, services, booked, costs, findings } = entry;
        let says: Vec<String> = costs.iter().map(|cost| format!("{}: {}", cost.slo, cost.words())).collect();
        Self {
            run: row.run.id,
            experiment: row.run.experiment,
            title: row.run.title,
            environment: row.run.environment,
            services: services.into_iter().collect(),
            execution: row.run.execution,
            validity: row.validity,
            verdict: row.verdict,
            started_at: row.run.started_at,
            booked_from: booked.map(|booked| booked.during.start()),
            booked_to: booked.map(|booked| booked.during.end()),
            until: booked.map(|booked| match booked.until {
                Until::Recovered => "recovered",
                Until::FaultEnded => "fault_ended",
                Until::Ended => "ended",
                Until::Now => "now",
            }),
            cost: says.join("; "),
            costs: costs.into_iter().map(CostTold::from).collect(),
            findings: findings.into_iter().map(|finding| finding.id).collect(),
        }
    }
}

impl From<Cost> for CostTold {
    fn from(cost: Cost) -> Self {
        Self {
            slo: cost.slo,
            at_least: cost.spend.bad.least,
            at_most: cost.spend.bad.most,
            unmeasured_ms: cost.spend.unmeasured_ms,
            usual: cost.spend.usual,
        }
    }
}
