//! What Alertmanager tells: its webhook, the alerts it brought, and those beside a run.

use app::paths;
use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    alerts::acts::{self, Listed, OfRun},
    desk::Desk,
    id::RunId,
    limits::IMPORT_BYTES_MAX,
    shapes::{Limit, Param},
    text::Slug,
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
    operations::{Doors, act, look},
    paging::List,
    reply::At,
    sent::{NotRead, Sent},
    state::AppState,
};

pub fn doors() -> Doors {
    Doors::of("alerts", "What Alertmanager told, and what it says of the signals that runs expect.")
        .names::<RunId>("id", "The run's id.")
        .read(
            "/alerts",
            list,
            look("list", "List the alerts that were told, the last one heard of first.")
                .pages::<Asked>()
                .answers::<Listed>(),
        )
        .read(
            "/runs/{id}/alerts",
            of_run,
            look("of_run", "Show what alerts say of a run's signals, and the others that fired beside it.")
                .answers::<OfRun>(),
        )
}

/// The door whose bodies are documents.
pub fn large() -> Doors {
    let take = act("take", Act::RecordRun, "Take a message of Alertmanager's webhook.")
        .asks::<Named>()
        .takes_document()
        .answers::<Taken>()
        .more(
            "The body is Alertmanager's own, with a token of the scope *ingest* as bearer. Each alert is kept once, however often and in whatever order it is told. Signals of runs that go on, or ended less than a day ago and have no signed verdict, get their answers.",
        );
    Doors::of("alerts", "").program("/ingest/alertmanager", tell, take).at_most(IMPORT_BYTES_MAX)
}

/// What stands in the webhook's address.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Named {
    /// Where its alerts fire, unless a label of an alert names an environment of the notebook.
    #[schemars(with = "Param<Slug>")]
    environment: String,
}

/// What became of a message. Additive changes only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AlertsTaken")]
struct Taken {
    /// How many of its alerts were understood.
    alerts: usize,
    /// How many of these say something that was not known.
    news: usize,
    /// Nothing was left out of it. Otherwise silence before it says nothing.
    complete: bool,
    /// Runs with a signal whose answer is another one now.
    answered: Vec<RunId>,
    /// Where the alerts are shown.
    url: String,
}

async fn tell(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match take(&state, &parts, Request::from_parts(parts.clone(), body)).await {
        Ok(taken) => answer(&state, taken),
        Err(no) => stopped(&state, &parts, no).await,
    }
}

/// In the order in which it is cheapest to say no.
async fn take(state: &AppState, parts: &Parts, request: Request) -> Result<acts::Taken, NotArrived> {
    let desk = Who::of(parts).desk(&state.notebook);
    let environment = match before_reading(&desk, parts) {
        Ok(environment) => environment,
        Err(no) => {
            document::forget(request.into_body());
            return Err(no);
        }
    };
    let arrived = document::alone(request).await?;
    Ok(acts::take(&desk, environment.as_ref(), &arrived.bytes).await?)
}

fn before_reading(desk: &Desk, parts: &Parts) -> Result<Option<Slug>, NotArrived> {
    desk.may(Act::RecordRun)?;
    if !document::is_json(&parts.headers) {
        return Err(NotArrived::NotRead(NotRead::WrongType));
    }
    let named: Named = Sent::of(ingest::asked(parts)?).draft()?;
    Ok(asked::slug(&named.environment, "environment")?)
}

fn answer(state: &AppState, taken: acts::Taken) -> Response {
    let acts::Taken { alerts, news, complete, answered } = taken;
    let url = state.site.base.with(&paths::alerts());
    (StatusCode::OK, Json(Taken { alerts, news, complete, answered, url })).into_response()
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Only alerts in one environment.
    #[schemars(with = "Param<Slug>")]
    environment: String,
    /// The number of the last alert on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Alerts on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let environment = asked::slug(&asked.environment, "environment")?;
        let before = asked::id(&asked.before, "before", "is no alert's number")?;
        let listed = acts::list(list.desk(), environment.as_ref(), before, asked::rows(&asked.limit)?).await?;
        let last = listed.alerts.last().filter(|_| listed.more).map(|alert| alert.number.to_string());
        Ok((listed, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

async fn of_run(At(id): At<RunId>, api: Api) -> Response {
    let told = acts::of_run(&api.desk, id).await;
    api.answer(told)
}
