//! The calendar for programs, and the secret addresses at which other calendars read it.

use app::{ask::ShownOnce, paths};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use notebook::{
    actor::Act,
    cadences::acts::{self, Calendar, Scope},
    calendar::freeze::Freeze,
    desk::{Desk, sha256_hex},
    id::{GameDayId, RunId},
    interval::Interval,
    limits::CALENDAR_DAYS_MAX,
    refusal::Refusal,
    runs::Run,
    shapes::{Day, Param},
    subscriptions::{self, About, Draft, Subscription, acts::Read, ics},
    text::Slug,
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    cadences::SlotTold,
    people::{Shown, client},
};
use crate::{
    api::{self, Api},
    operations::{Doors, act, look},
    reply::{self, At, Door, NoDraft},
    state::AppState,
};

pub fn doors() -> Doors {
    Doors::of("calendar", "What is when: runs, slots, game days, freezes, and what gets in each other's way.")
        .read(
            "/calendar",
            show,
            look("show", "Show a stretch of time, four weeks from today unless something else is asked for.")
                .asks::<Asked>()
                .answers::<Told>()
                .more("Dates are those of the token's person. A calendar holds at most 366 days and 500 runs."),
        )
        .file("/calendar/{name}", read)
        .and(subscriptions())
}

fn subscriptions() -> Doors {
    Doors::of("subscriptions", "Secret addresses at which other calendars read one's own.")
        .names::<i64>("id", "The subscription's number.")
        .read(
            "/calendar/subscriptions",
            list,
            act("list", Act::Subscribe, "List your subscriptions, the oldest first.").answers::<Subscriptions>(),
        )
        .act(
            "/calendar/subscriptions",
            subscribe,
            act("subscribe", Act::Subscribe, "Make a secret address for a calendar of yours, of a team or a service.")
                .takes::<Draft>()
                .shows_once::<Shown>()
                .more("The answer's text is the address. It is shown in this answer and nowhere again."),
        )
        .act(
            "/calendar/subscriptions/{id}/renew",
            renew,
            act("renew", Act::Subscribe, "Make a new address in place of an old one, which is useless from now on.")
                .shows_once::<Shown>(),
        )
        .act(
            "/calendar/subscriptions/{id}/revoke",
            revoke,
            act("revoke", Act::Subscribe, "Make one of your addresses useless."),
        )
}

async fn subscribe(door: Door) -> Response {
    door.page(paths::subscriptions())
        .show_once(|desk, draft| async move { subscriptions::acts::subscribe(&desk, &draft).await }, address)
        .await
}

async fn renew(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::subscriptions())
        .show_once(|desk, NoDraft {}| async move { subscriptions::acts::renew(&desk, id).await }, address)
        .await
}

fn address(door: &Door, (made, plain): (Subscription, String)) -> ShownOnce {
    ShownOnce {
        label: format!("The address of the calendar of {}. Copy it now: it is shown once.", made.words()),
        text: door.state.site.base.with(&paths::ics(&plain)),
    }
}

async fn revoke(At(id): At<i64>, door: Door) -> Response {
    let done = |(): &()| (paths::subscriptions(), "The address is useless from now on.");
    door.page(paths::subscriptions())
        .act(|desk| async move { subscriptions::acts::revoke(&desk, id).await }, done)
        .await
}

/// The calendar behind a secret address. Whoever has it needs nothing else.
async fn read(State(state): State<AppState>, request: Request) -> Response {
    let plain = paths::ics_token(request.uri().path()).map(ToOwned::to_owned);
    let Some(plain) = plain else { return StatusCode::NOT_FOUND.into_response() };
    if let Err(refusal) = state.calendars.check(client(request.extensions())) {
        return too_often(&refusal);
    }
    match Box::pin(subscriptions::acts::read(&state.notebook, &plain)).await {
        Ok(Some(read)) => document(&state, request.headers(), &read),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => reply::bare(&state, request, error).await,
    }
}

/// Whoever moves something in the calendar stays there.
pub(super) fn or_calendar(door: &Door, page: String) -> String {
    let from = door.sent.hidden("_page").filter(|from| from.starts_with(&paths::calendar()));
    from.map_or(page, ToOwned::to_owned)
}

/// For a program, which reads no page.
fn too_often(refusal: &Refusal) -> Response {
    let mut response = (StatusCode::TOO_MANY_REQUESTS, refusal.to_string()).into_response();
    api::retry_after(&mut response, refusal);
    response
}

fn document(state: &AppState, headers: &HeaderMap, read: &Read) -> Response {
    let base = &state.site.base;
    let link = |about: About| match about {
        About::Run(id) => base.with(&paths::run(id)),
        About::Slot(id) => base.with(&paths::cadence(id)),
        About::GameDay(id) => base.with(&paths::gameday(id)),
    };
    let title = format!("Retrial: {}", read.subscription.words());
    let host = base.origin().rsplit('/').next().unwrap_or_default();
    let body = ics::document(&title, &read.events, host, link);
    let tag = format!("\"{}\"", &sha256_hex(body.as_bytes())[..32]);
    let has = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let mut response = if has.is_some_and(|tags| tags.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], body).into_response()
    };
    // Asked for anew each time, since an address can be revoked, and sent again only where something changed.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

// --- for programs

#[derive(Serialize, JsonSchema)]
struct Subscriptions {
    subscriptions: Vec<Subscription>,
}

async fn list(api: Api) -> Response {
    let own = subscriptions::acts::list(&api.desk).await.map(|subscriptions| Subscriptions { subscriptions });
    api.answer(own)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The first date; today, if it is left out.
    #[schemars(with = "Param<Day>")]
    from: String,
    /// The date after the last one.
    #[schemars(with = "Param<Day>")]
    to: String,
    /// Only runs on services of this team.
    #[schemars(with = "Param<Slug>")]
    team: String,
    /// Only runs on this service.
    #[schemars(with = "Param<Slug>")]
    service: String,
}

/// A stretch of time.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Calendar")]
struct Told {
    from: Moment,
    to: Moment,
    /// The earliest first.
    runs: Vec<Run>,
    slots: Vec<SlotTold>,
    /// Those of the team, and those with one of the runs.
    gamedays: Vec<GameDayId>,
    /// The freezes that touch it, a sentence each.
    freezes: Vec<String>,
    conflicts: Vec<ConflictTold>,
    /// There were more runs than a calendar holds; the earliest are left out.
    cut: bool,
}

/// Two runs that get in each other's way.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RunConflict")]
struct ConflictTold {
    runs: [RunId; 2],
    services: Vec<Slug>,
    words: String,
}

impl From<Calendar> for Told {
    fn from(calendar: Calendar) -> Self {
        Self {
            from: calendar.within.start(),
            to: calendar.within.end(),
            runs: calendar.runs.into_iter().map(|on| on.run).collect(),
            slots: calendar.slots.into_iter().map(SlotTold::from).collect(),
            gamedays: calendar.gamedays.iter().map(|gameday| gameday.id).collect(),
            freezes: calendar.freezes.iter().map(Freeze::words).collect(),
            conflicts: calendar
                .conflicts
                .into_iter()
                .map(|conflict| ConflictTold {
                    words: conflict.words(),
                    runs: [conflict.first, conflict.second],
                    services: conflict.services.into_iter().collect(),
                })
                .collect(),
            cut: calendar.is_cut,
        }
    }
}

/// Where no end is asked for.
const USUAL_DAYS: i64 = 28;

async fn show(Asking(asked): Asking<Asked>, api: Api) -> Response {
    let told = async {
        let stretch = stretch(&api.desk, &asked)?;
        let (team, service) = (asked::slug(&asked.team, "team")?, asked::slug(&asked.service, "service")?);
        let scope = Scope { team, service, person: None };
        Box::pin(acts::calendar(&api.desk, stretch, &scope)).await.map(Told::from)
    };
    let told = told.await;
    api.answer(told)
}

fn stretch(desk: &Desk, asked: &Asked) -> Result<Interval, Refusal> {
    let zone = desk.zone();
    let day = |text: &str, name: &str| match text.trim() {
        "" => Ok(None),
        text => {
            let at = Moment::from_local(&format!("{text}T00:00"), &zone);
            at.map(Some).ok_or_else(|| Refusal::unfit(name, "is no date such as 2026-11-24"))
        }
    };
    let today = desk.now().local_input(&zone);
    let today = day(today.split('T').next().unwrap_or_default(), "from")?;
    let from = day(&asked.from, "from")?.or(today).unwrap_or(desk.now());
    let to = day(&asked.to, "to")?.unwrap_or(from.plus_days(USUAL_DAYS));
    let stretch = Interval::new(from, to).ok_or_else(|| Refusal::unfit("to", "lies before the first date"))?;
    // A day with its hour more when clocks change.
    if stretch.end() > from.plus_days(CALENDAR_DAYS_MAX).plus_hours(1) {
        return Err(Refusal::unfit("to", format!("lies more than {CALENDAR_DAYS_MAX} days after the first date")));
    }
    Ok(stretch)
}
