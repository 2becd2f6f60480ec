//! SLOs: what is promised, what is measured, and where the budget stands.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    answer::Answer,
    id::SloId,
    search::lists,
    shapes::{Limit, Param},
    slos::{
        acts::{self, Filter, Recorded, Taken},
        burn::Exhaustion,
        drafts::{ApproveDraft, Draft, RetireDraft},
        entries::{GapDraft, MeasurementsDraft, WithdrawDraft},
        health::Health,
        kept::{Kept, SloState},
        levels::Level,
        measurements::{Said, Source},
        words::{percent_down, rate},
    },
    text::Slug,
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("slos", "Promises to customers with their error budgets, and what was measured of them.")
        .names::<SloId>("id", "The SLO's id.")
        .read("/slos", list, look("list", "List SLOs, newest first.").pages::<Asked>().answers::<Listed>())
        .read("/slos/{id}", show, look("show", "Show what an SLO says, as it can be sent back.").versioned::<Told>())
        .read(
            "/slos/{id}/standing",
            standing,
            look("standing", "Show health, level, budget and burn rate of an SLO now.").answers::<Stands>(),
        )
        .act(
            "/slos",
            write,
            act("write", Act::WriteSlo, "Write an SLO.").takes::<Draft>().without(&["version"]).creates::<Told>(),
        )
        .act(
            "/slos/{id}/edit",
            edit,
            act("edit", Act::WriteSlo, "Change what an SLO says; the approved text stays in force.")
                .takes::<Draft>()
                .edits::<Told>(),
        )
        .act(
            "/slos/{id}/approve",
            approve,
            act("approve", Act::ApproveSlo, "Approve the newest text of an SLO; it needs a customer promise.")
                .takes::<ApproveDraft>()
                .edits::<Told>(),
        )
        .act(
            "/slos/{id}/retire",
            retire,
            act("retire", Act::RetireSlo, "Retire an SLO for good.").takes::<RetireDraft>().answers::<Told>(),
        )
        .and(measuring())
}

fn measuring() -> Doors {
    Doors::of("slos", "Promises to customers with their error budgets, and what was measured of them.")
        .names::<SloId>("id", "The SLO's id.")
        .read(
            "/slos/{id}/measurements",
            measurements,
            look("list_measurements", "List measurements of an SLO, the last written first.")
                .pages::<AskedMeasurements>()
                .answers::<Measurements>(),
        )
        .act(
            "/slos/{id}/measurements",
            measure,
            act("measure", Act::Measure, "Send measurements of an SLO, in any order.")
                .takes::<MeasurementsDraft>()
                .answers::<Taken>()
                .more(
                    "What is known already is passed over, so the same can be sent again. Another count for the same interval corrects it; a person who types it in says why. All are taken, or none. Intervals of one SLO never overlap.",
                ),
        )
        .act(
            "/slos/{id}/sign-gap",
            sign_gap,
            act("sign_gap", Act::Measure, "Sign that all that happened in an unmeasured stretch was bad.")
                .takes::<GapDraft>()
                .answers::<Taken>(),
        )
        .act(
            "/slos/{id}/withdraw-measurement",
            withdraw,
            act("withdraw_measurement", Act::Measure, "Take a measurement back; its time is unmeasured again.")
                .takes::<WithdrawDraft>(),
        )
}

async fn write(door: Door) -> Response {
    let done = |told: &Told| (paths::slo(told.id), format!("{} is written. It is a draft until approved.", told.id));
    door.page(paths::new_slo())
        .make(|desk, draft: Draft| async move { acts::write(&desk, &draft).await.map(Told::from) }, done)
        .await
}

async fn edit(At(id): At<SloId>, door: Door) -> Response {
    let done = |told: &Told| (paths::slo(id), format!("{id} is saved as revision {}.", told.revision));
    door.page(paths::edit_slo(id))
        .run(|desk, draft: Draft| async move { acts::edit(&desk, id, &draft).await.map(Told::from) }, done)
        .await
}

async fn approve(At(id): At<SloId>, door: Door) -> Response {
    let done = |told: &Told| (paths::slo(id), format!("Revision {} of {id} is approved.", told.revision));
    door.page(paths::slo(id))
        .run(|desk, draft: ApproveDraft| async move { acts::approve(&desk, id, &draft).await.map(Told::from) }, done)
        .await
}

async fn retire(At(id): At<SloId>, door: Door) -> Response {
    let done = |_: &Told| (paths::slo(id), format!("{id} is retired. What was measured stays."));
    door.page(paths::slo(id))
        .run(|desk, draft: RetireDraft| async move { acts::retire(&desk, id, &draft).await.map(Told::from) }, done)
        .await
}

/// Where measurements are listed.
fn listed_at(id: SloId) -> String {
    format!("{}#measurements", paths::slo(id))
}

async fn measure(At(id): At<SloId>, door: Door) -> Response {
    let done = |taken: &Taken| (listed_at(id), said(*taken));
    door.page(paths::slo(id))
        .run(|desk, draft: MeasurementsDraft| async move { acts::measure(&desk, id, &draft).await }, done)
        .await
}

/// "2 measurements taken, 1 of them corrects an earlier one."
fn said(taken: Taken) -> String {
    let written = taken.new + taken.corrected;
    let noun = if written == 1 { "measurement" } else { "measurements" };
    match (written, taken.corrected) {
        (0, _) => "Known already; nothing was written.".into(),
        (_, 0) => format!("{written} {noun} taken."),
        (_, corrected) => format!("{written} {noun} taken; corrections: {corrected}."),
    }
}

async fn sign_gap(At(id): At<SloId>, door: Door) -> Response {
    let done = |_: &Taken| (listed_at(id), "The gap is signed: all that happened in it counts as bad.");
    door.page(paths::slo(id))
        .run(|desk, draft: GapDraft| async move { acts::sign_gap(&desk, id, &draft).await }, done)
        .await
}

async fn withdraw(At(id): At<SloId>, door: Door) -> Response {
    let done = |(): &()| (listed_at(id), "The measurement is withdrawn; its time is unmeasured again.");
    door.page(paths::slo(id))
        .run(|desk, draft: WithdrawDraft| async move { acts::withdraw(&desk, id, &draft).await }, done)
        .await
}

// --- for programs

/// An SLO and what it says.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Slo")]
struct Told {
    id: SloId,
    state: SloState,
    /// The newest revision of its text.
    revision: i64,
    /// The approved one, whose text measurements are held against.
    approved: Option<i64>,
    /// The newest text, in the words in which it is sent.
    #[schemars(schema_with = "in_words::<Draft>")]
    text: Draft,
    /// Microseconds since 1970 UTC.
    retired_at: Option<Moment>,
    created_at: Moment,
    version: i64,
}

impl From<Kept> for Told {
    fn from(kept: Kept) -> Self {
        Self {
            state: kept.state(),
            text: Draft::of(&kept.text, kept.version),
            id: kept.id,
            revision: kept.revision,
            approved: kept.approved.map(|approved| approved.revision),
            retired_at: kept.retired_at,
            created_at: kept.created_at,
            version: kept.version,
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// The last SLO on the page before.
    #[schemars(with = "Param<SloId>")]
    before: String,
    /// A service's slug.
    #[schemars(with = "Param<Slug>")]
    service: String,
    /// SLOs on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One SLO in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SloLine")]
struct Line {
    id: SloId,
    state: SloState,
    title: String,
    service: Slug,
    environment: Slug,
    /// "at least 99.99 % good".
    target: String,
    /// "28 days".
    window: String,
}

impl From<Kept> for Line {
    fn from(kept: Kept) -> Self {
        Self {
            state: kept.state(),
            id: kept.id,
            title: kept.text.name.to_string(),
            target: kept.text.target.words(),
            window: kept.text.window.words(),
            service: kept.text.service,
            environment: kept.text.environment,
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Slos")]
struct Listed {
    slos: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let before = asked::id(&asked.before, "before", "is no SLO's id")?;
        let service = asked::slug(&asked.service, "service")?;
        let filter = Filter { before, service, rows: asked::rows(&asked.limit)? };
        let (rows, last, unreadable) =
            lists::slos(list.desk(), &asked::query(list.desk(), &asked.q).await?, &filter).await?;
        let slos = rows.into_iter().map(Line::from).collect();
        Ok((Listed { slos, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

async fn show(At(id): At<SloId>, api: Api) -> Response {
    let told = acts::show(&api.desk, id).await.map(|shown| Told::from(shown.kept));
    api.thing(told, |told| told.version)
}

/// The nearest number a program can read.
fn within_64_bits(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

/// Where an SLO stands now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SloStanding")]
struct Stands {
    /// Whose text it is held against.
    revision: i64,
    health: Answer<Health>,
    level: Answer<Level>,
    /// The part of the window that lies behind, in microseconds since 1970 UTC.
    from: Moment,
    to: Moment,
    /// Events, or slices of time where the SLO counts these.
    good: u64,
    bad: u64,
    unmeasured_ms: i64,
    /// Whether the promise is kept; none without anything counted, as are the fields below.
    met: Option<bool>,
    /// How many more bad ones keep the promise; below zero, how many too many there were.
    still_allowed: Option<i64>,
    /// "60 %", rounded down.
    remaining: Option<String>,
    /// How fast the budget is spent just now; "1" spends it exactly within the window.
    burn_rate: Option<String>,
    /// `never`, `already` or `in`.
    exhaustion: Option<&'static str>,
    exhausted_in_ms: Option<i64>,
}

async fn standing(At(id): At<SloId>, api: Api) -> Response {
    let stands = acts::show(&api.desk, id).await.map(|shown| {
        let (budget, standing) = (shown.standing.budget, shown.standing);
        let (exhaustion, exhausted_in_ms) = match standing.exhaustion {
            None => (None, None),
            Some(Exhaustion::Never) => (Some("never"), None),
            Some(Exhaustion::Already) => (Some("already"), None),
            Some(Exhaustion::In { ms }) => (Some("in"), Some(ms)),
        };
        Stands {
            revision: shown.kept.revision_in_force(),
            from: standing.window.start(),
            to: standing.window.end(),
            good: standing.counted.counts.good,
            bad: standing.counted.counts.bad,
            unmeasured_ms: standing.counted.unmeasured_ms(),
            health: standing.health,
            level: standing.level,
            met: budget.map(|budget| budget.is_met()),
            still_allowed: budget.map(|budget| within_64_bits(budget.still_allowed())),
            remaining: budget.map(|budget| percent_down(budget.remaining())),
            burn_rate: standing.burn_now.map(rate),
            exhaustion,
            exhausted_in_ms,
        }
    });
    api.answer(stands)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AskedMeasurements {
    /// The number of the last measurement on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Measurements on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One measurement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MeasurementLine")]
struct MeasurementLine {
    number: i64,
    /// Microseconds since 1970 UTC.
    from: Moment,
    to: Moment,
    /// `events`, `slices`, `fully_bad` or `withdrawn`.
    said: &'static str,
    good: u64,
    bad: u64,
    source: Source,
    /// Who sent or signed it; empty for the operator.
    by: String,
    reason: Option<String>,
    /// The number of the later one for the same interval that counts instead.
    replaced_by: Option<i64>,
    recorded_at: Moment,
}

impl From<Recorded> for MeasurementLine {
    fn from(recorded: Recorded) -> Self {
        let record = recorded.record;
        let (said, good, bad) = match record.said {
            Said::Events { good, bad } => ("events", good, bad),
            Said::Slices { good, bad } => ("slices", good, bad),
            Said::FullyBad { events } => ("fully_bad", 0, events),
            Said::Withdrawn => ("withdrawn", 0, 0),
        };
        Self {
            number: record.sequence,
            from: record.interval.start(),
            to: record.interval.end(),
            said,
            good,
            bad,
            source: record.source,
            by: recorded.name,
            reason: recorded.reason,
            replaced_by: recorded.replaced_by,
            recorded_at: record.recorded_at,
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct Measurements {
    measurements: Vec<MeasurementLine>,
    /// Whether there are older ones.
    more: bool,
}

async fn measurements(At(id): At<SloId>, Asking(asked): Asking<AskedMeasurements>, list: List) -> Response {
    let listed = async {
        let before = asked::id(&asked.before, "before", "is no measurement's number")?;
        let (rows, more) = acts::measurements(list.desk(), id, before, asked::rows(&asked.limit)?).await?;
        let last = rows.last().filter(|_| more).map(|row| row.record.sequence.to_string());
        Ok((Measurements { measurements: rows.into_iter().map(MeasurementLine::from).collect(), more }, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}
