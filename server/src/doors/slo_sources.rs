//! Where measurements of an SLO are pulled from.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    id::SloId,
    slos::{
        acts,
        source::{Connected, RemoveSourceDraft, SourceDraft},
    },
    time::Moment,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act, look},
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("slos", "Promises to customers with their error budgets, and what was measured of them.")
        .names::<SloId>("id", "The SLO's id.")
        .read(
            "/slos/{id}/source",
            show,
            look("show_source", "Show where an SLO is measured, and how asking there goes.").versioned::<Told>(),
        )
        .act(
            "/slos/{id}/source",
            write,
            act("write_source", Act::ConnectSource, "Say where an SLO is measured, or change that.")
                .takes::<SourceDraft>()
                .replaces::<Told>()
                .more(
                    "A change names in `version` the one it began from. Asking begins anew from where it began first; what was measured already stays. The server calls public addresses only, and the networks its operator named.",
                ),
        )
        .act(
            "/slos/{id}/remove-source",
            remove,
            act("remove_source", Act::ConnectSource, "Pull no more measurements of an SLO.")
                .takes::<RemoveSourceDraft>(),
        )
}

/// A source, and how asking it goes. Instants are microseconds since 1970 UTC.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MeasurementSource")]
struct Told {
    /// In the words in which it is sent.
    #[schemars(schema_with = "in_words::<SourceDraft>")]
    source: SourceDraft,
    /// From when on it is asked.
    since: Moment,
    /// Up to where it was asked and answered.
    asked_to: Option<Moment>,
    succeeded_at: Option<Moment>,
    failed_at: Option<Moment>,
    /// Why it fails; none while it does not.
    failure: Option<String>,
    /// How often it failed in a row.
    failures: i64,
    /// What the last answer lacked, though it was one.
    remark: Option<String>,
    /// When it is asked next; none where it was never asked.
    next_at: Option<Moment>,
    version: i64,
}

impl From<Connected> for Told {
    fn from(connected: Connected) -> Self {
        let pulls = connected.pulls;
        Self {
            source: SourceDraft::of(&connected.source, connected.version),
            since: connected.since,
            asked_to: pulls.asked_to,
            succeeded_at: pulls.succeeded_at,
            failed_at: pulls.failed_at,
            failure: pulls.failure,
            failures: pulls.failures,
            remark: pulls.remark,
            next_at: pulls.next_at,
            version: connected.version,
        }
    }
}

/// Where the source stands on the SLO's page.
fn shown_at(id: SloId) -> String {
    format!("{}#source", paths::slo(id))
}

async fn write(At(id): At<SloId>, door: Door) -> Response {
    let done = |_: &Told| (shown_at(id), "The source is saved.");
    door.page(paths::slo(id))
        .run(
            |desk, draft: SourceDraft| async move { acts::write_source(&desk, id, &draft).await.map(Told::from) },
            done,
        )
        .await
}

async fn remove(At(id): At<SloId>, door: Door) -> Response {
    let done = |(): &()| (shown_at(id), "The source is removed. What was measured stays.");
    door.page(paths::slo(id))
        .run(|desk, draft: RemoveSourceDraft| async move { acts::remove_source(&desk, id, &draft).await }, done)
        .await
}

async fn show(At(id): At<SloId>, api: Api) -> Response {
    let told = acts::show_source(&api.desk, id).await.map(Told::from);
    api.thing(told, |told| told.version)
}
