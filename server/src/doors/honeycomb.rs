//! What Honeycomb says of an SLO: where it is asked, what it said, and its burn alerts on their way in.

use app::paths;
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    desk::Desk,
    id::SloId,
    limits::IMPORT_BYTES_MAX,
    shapes::{Limit, Param},
    slos::{
        acts::honeycomb::{self as acts, AlertTaken},
        honeycomb::{
            Connected, HoneycombDraft, Kind, Observation, RemoveHoneycombDraft, Said, age, alert::BurnAlert,
            budget::Budget,
        },
    },
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    chaostoolkit::stopped,
    ingest,
};
use crate::{
    api::Api,
    document::{self, NotArrived},
    guard::Who,
    openapi::in_words,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
    sent::{NotRead, Sent},
    state::AppState,
};

/// Under which Honeycomb tells one delivery from another.
const DELIVERY: &str = "x-honeycomb-webhook-delivery-id";

pub fn doors() -> Doors {
    Doors::of("slos", "Promises to customers with their error budgets, and what was measured of them.")
        .names::<SloId>("id", "The SLO's id.")
        .read(
            "/slos/{id}/honeycomb",
            show,
            look("show_honeycomb", "Show which SLO of Honeycomb stands beside this one, and how asking there goes.")
                .versioned::<Told>(),
        )
        .read(
            "/slos/{id}/honeycomb/observations",
            list,
            look("list_honeycomb", "List what Honeycomb said of an SLO, the last one first.")
                .pages::<Asked>()
                .answers::<Listed>()
                .more("These are Honeycomb's own numbers. No budget, level or gate counts them."),
        )
        .act(
            "/slos/{id}/honeycomb",
            write,
            act("write_honeycomb", Act::ConnectSource, "Say which SLO of Honeycomb stands beside this one.")
                .takes::<HoneycombDraft>()
                .replaces::<Told>()
                .more(
                    "A change names in `version` the one it began from. Honeycomb is asked at most every five minutes. The credential holds the header `X-Honeycomb-Team` and its value.",
                ),
        )
        .act(
            "/slos/{id}/remove-honeycomb",
            remove,
            act("remove_honeycomb", Act::ConnectSource, "Ask Honeycomb no more about an SLO; what it said stays.")
                .takes::<RemoveHoneycombDraft>(),
        )
}

/// The door whose bodies are documents.
pub fn large() -> Doors {
    let take = act("take_burn_alert", Act::Measure, "Take a burn alert of Honeycomb beside an SLO.")
        .asks::<Named>()
        .takes_document()
        .answers::<Taken>()
        .also(&[(201, "It is kept.")])
        .more(
            "The body is what the webhook's template says. Its shared secret is a token of the scope *ingest*, in the header X-Honeycomb-Webhook-Token or as bearer. One delivery is kept once.",
        );
    Doors::of("slos", "").program("/ingest/honeycomb", burn_alert, take).at_most(IMPORT_BYTES_MAX)
}

/// An SLO of Honeycomb, and how asking for it goes. Instants are microseconds since 1970 UTC.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HoneycombSource")]
struct Told {
    /// In the words in which it is sent.
    #[schemars(schema_with = "in_words::<HoneycombDraft>")]
    source: HoneycombDraft,
    /// From when on it is asked.
    since: Moment,
    succeeded_at: Option<Moment>,
    failed_at: Option<Moment>,
    /// Why it fails; none while it does not.
    failure: Option<String>,
    /// How often it failed in a row.
    failures: i64,
    /// When it is asked next at the earliest; none where it was never asked.
    next_at: Option<Moment>,
    version: i64,
}

impl From<Connected> for Told {
    fn from(connected: Connected) -> Self {
        let polls = connected.polls;
        Self {
            source: HoneycombDraft::of(&connected.source, connected.version),
            since: connected.since,
            succeeded_at: polls.succeeded_at,
            failed_at: polls.failed_at,
            failure: polls.failure,
            failures: polls.failures,
            next_at: polls.next_at,
            version: connected.version,
        }
    }
}

/// Where it stands on the SLO's page.
fn shown_at(id: SloId) -> String {
    format!("{}#honeycomb", paths::slo(id))
}

async fn write(At(id): At<SloId>, door: Door) -> Response {
    let done = |_: &Told| (shown_at(id), "Saved. What Honeycomb says stands beside this SLO.");
    door.page(paths::slo(id))
        .run(|desk, draft: HoneycombDraft| async move { acts::write(&desk, id, &draft).await.map(Told::from) }, done)
        .await
}

async fn remove(At(id): At<SloId>, door: Door) -> Response {
    let done = |(): &()| (shown_at(id), "Honeycomb is asked no more. What it said stays.");
    door.page(paths::slo(id))
        .run(|desk, draft: RemoveHoneycombDraft| async move { acts::remove(&desk, id, &draft).await }, done)
        .await
}

async fn show(At(id): At<SloId>, api: Api) -> Response {
    let told = acts::show(&api.desk, id).await.map(Told::from);
    api.thing(told, |told| told.version)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The number of the last observation on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Observations on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One thing that Honeycomb said. Instants are microseconds since 1970 UTC.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HoneycombObservation")]
struct Line {
    number: i64,
    kind: Kind,
    /// In one line.
    says: String,
    budget: Option<Budget>,
    burn_alert: Option<BurnAlert>,
    /// When it was said first.
    observed_at: Moment,
    /// When it was said last.
    seen_at: Moment,
    /// What its age leaves unknown; none while it is new.
    stale: Option<String>,
}

impl Line {
    fn of(observation: Observation, now: Moment) -> Self {
        let (kind, says) = (observation.said.kind(), observation.said.words());
        let stale = age::stale(&observation, now);
        let (budget, burn_alert) = match observation.said {
            Said::Budget(budget) => (Some(budget), None),
            Said::BurnAlert(alert) => (None, Some(alert)),
        };
        let Observation { number, observed_at, seen_at, .. } = observation;
        Self { number, kind, says, budget, burn_alert, observed_at, seen_at, stale }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "HoneycombObservations")]
struct Listed {
    observations: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(At(id): At<SloId>, Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let before = asked::id(&asked.before, "before", "is no observation's number")?;
        let (rows, more) = acts::observations(list.desk(), id, before, asked::rows(&asked.limit)?).await?;
        let now = list.desk().now();
        let last = rows.last().filter(|_| more).map(|row| row.number.to_string());
        Ok((Listed { observations: rows.into_iter().map(|row| Line::of(row, now)).collect(), more }, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

// --- burn alerts

/// What stands in the webhook's address.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(extend("required" = ["slo"]))]
#[serde(default, deny_unknown_fields)]
struct Named {
    /// The SLO that it is about.
    #[schemars(with = "SloId")]
    slo: String,
}

/// What became of a burn alert. Additive changes only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BurnAlertTaken")]
struct Taken {
    slo: SloId,
    /// The number of its observation.
    observation: i64,
    /// The same delivery was here before.
    again: bool,
    /// Where it is shown.
    url: String,
}

async fn burn_alert(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&state, &parts, Request::from_parts(parts.clone(), body)).await {
        Ok((slo, taken)) => answer(&state, slo, taken),
        Err(no) => stopped(&state, &parts, no).await,
    }
}

/// In the order in which it is cheapest to say no.
async fn take(state: &AppState, parts: &Parts, request: Request) -> Result<(SloId, AlertTaken), NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let slo = match before_reading(&desk, parts) {
        Ok(slo) => slo,
        Err(no) => {
            document::forget(request.into_body());
            return Err(no);
        }
    };
    let arrived = document::alone(request).await?;
    let delivery = parts.headers.get(DELIVERY).and_then(|value| value.to_str().ok());
    Ok((slo, acts::take_alert(&desk, slo, delivery, &arrived.bytes).await?))
}

fn before_reading(desk: &Desk, parts: &Parts) -> Result<SloId, NotArrived> {
    desk.may(Act::Measure)?;
    if !document::is_json(&parts.headers) {
        return Err(NotArrived::NotRead(NotRead::WrongType));
    }
    let named: Named = Sent::of(ingest::asked(parts)?).draft()?;
    Ok(asked::needed(&named.slo, "slo", "is no SLO's id; write it into the webhook's address, like ?slo=SLO-7")?)
}

fn answer(state: &AppState, slo: SloId, taken: AlertTaken) -> Response {
    let url = state.site.base.with(&shown_at(slo));
    let location = HeaderValue::from_str(&url).ok().filter(|_| !taken.again);
    let status = if taken.again { StatusCode::OK } else { StatusCode::CREATED };
    let told = Taken { slo, observation: taken.number, again: taken.again, url };
    let mut response = (status, Json(told)).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
