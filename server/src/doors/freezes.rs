//! Freezes: set from now on or in a window, ended, listed.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::{Act, PersonId},
    desk::Desk,
    freezes::{
        FreezeState, Kept,
        acts::{self, Filter},
        drafts::{Draft, EndDraft},
    },
    shapes::{Limit, Param},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    services::found_at,
};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("freezes", "Times in which nothing is broken on purpose.")
        .names::<i64>("id", "The freeze's number.")
        .read("/freezes", list, look("list", "List freezes, the last set first.").pages::<Asked>().answers::<Listed>())
        .read("/freezes/{id}", show, look("show", "Show a freeze.").answers::<Told>())
        .act(
            "/freezes",
            set,
            act("set", Act::SetFreeze, "Set a freeze, from now on or in a window.")
                .takes::<Draft>()
                .creates::<Told>()
                .more("While it holds, no run in its scope starts. Without `until` it holds until somebody ends it."),
        )
        .act(
            "/freezes/{id}/end",
            end,
            act("end", Act::EndFreeze, "End a freeze, or call off one that is still to come.")
                .takes::<EndDraft>()
                .answers::<Told>(),
        )
}

async fn set(door: Door) -> Response {
    let done = |told: &Told| (paths::freezes(), format!("The freeze of {} is set.", told.scope));
    let act = |desk: Desk, draft: Draft| async move {
        let kept = acts::set(&desk, &draft).await.map_err(|error| found_at(error, |_| paths::freezes()));
        kept.map(|kept| Told::of(kept, desk.now()))
    };
    door.page(paths::freezes()).make_at(act, done, |told| paths::freeze(told.id)).await
}

async fn end(At(id): At<i64>, door: Door) -> Response {
    let done = |told: &Told| (paths::freezes(), format!("The freeze of {} is over.", told.scope));
    let act = |desk: Desk, draft: EndDraft| async move {
        let kept = acts::end(&desk, id, &draft).await.map_err(|error| found_at(error, |_| paths::freezes()));
        kept.map(|kept| Told::of(kept, desk.now()))
    };
    door.page(paths::freezes()).run(act, done).await
}

// --- for programs

/// One freeze, and what it is now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Freeze")]
struct Told {
    id: i64,
    state: FreezeState,
    /// `everything`, or one team, service or environment: `service:kafka`.
    scope: String,
    from: Moment,
    /// The first moment that it does not hold any more; none while nobody knows.
    until: Option<Moment>,
    why: String,
    by: PersonId,
    /// Who set it.
    name: String,
    /// When somebody ended it.
    ended_at: Option<Moment>,
    ended_by: Option<PersonId>,
    ended_why: Option<String>,
    created_at: Moment,
}

impl Told {
    fn of(kept: Kept, now: Moment) -> Self {
        let ended = kept.ended.as_ref();
        Self {
            id: kept.id,
            state: kept.state(now),
            scope: kept.freeze.scope.word(),
            from: kept.freeze.from,
            until: kept.until(),
            why: kept.freeze.why.to_string(),
            by: kept.freeze.by,
            ended_at: ended.map(|ended| ended.at),
            ended_by: ended.and_then(|ended| ended.by),
            ended_why: ended.and_then(|ended| ended.why.as_ref()).map(ToString::to_string),
            created_at: kept.created_at,
            name: kept.name,
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Only those that are this now.
    #[schemars(with = "Param<FreezeState>")]
    state: String,
    /// The number of the last freeze on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Freezes on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Freezes")]
struct Listed {
    freezes: Vec<Told>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let filter = Filter {
            before: asked::id(&asked.before, "before", "is no freeze's number")?,
            state: asked::word(&asked.state, "state", FreezeState::named)?,
            rows: asked::rows(&asked.limit)?,
        };
        let (freezes, more) = acts::list(list.desk(), &filter).await?;
        let last = freezes.last().filter(|_| more).map(|kept| kept.id.to_string());
        let now = list.desk().now();
        Ok((Listed { freezes: freezes.into_iter().map(|kept| Told::of(kept, now)).collect(), more }, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

async fn show(At(id): At<i64>, api: Api) -> Response {
    let told = acts::show(&api.desk, id).await.map(|kept| Told::of(kept, api.desk.now()));
    api.answer(told)
}
