//! Everything that happens to a fix. No door verifies one: that follows from runs.

use std::future::Future;

use app::paths;
use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{MethodRouter, get, post},
};
use notebook::{
    answer::Answer,
    desk::Desk,
    fault::Result,
    fixes::{
        Fix, FixFacts, Standing, acts,
        standing::{Judged, StaleReason},
    },
    id::{FindingId, FixId, RunId},
    retrials,
    time::Moment,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::asked;
use crate::{
    api::Api,
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs, and what programs read.
pub fn routes() -> Router<AppState> {
    let acts = ["/fixes", "/api/v1/fixes"].iter().fold(Router::new(), |router, folder| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{folder}{path}"), door))
    });
    acts.route("/api/v1/fixes", get(list)).route("/api/v1/fixes/{id}", get(show))
}

fn doors() -> [(&'static str, MethodRouter<AppState>); 6] {
    [
        ("", post(propose)),
        ("/{id}/edit", post(edit)),
        ("/{id}/deploy", post(deploy)),
        ("/{id}/roll-back", post(roll_back)),
        ("/{id}/withdraw", post(withdraw)),
        ("/{id}/note-closed-ticket", post(note_closed_ticket)),
    ]
}

/// One act on one fix. Afterwards its page, at a place on it.
async fn on<D, Doing>(
    id: FixId,
    door: Door,
    place: &str,
    said: impl Into<String>,
    act: impl FnOnce(Desk, D) -> Doing,
) -> Response
where
    D: DeserializeOwned,
    Doing: Future<Output = Result<()>>,
{
    let page = paths::fix(id);
    let after = format!("{page}{place}");
    door.page(page).run(act, |()| (after, said)).await
}

async fn propose(door: Door) -> Response {
    let done = |fix: &Fix| (paths::fix(fix.id), format!("{} is proposed.", fix.id));
    door.page(paths::new_fix_without_finding())
        .make(|desk, draft| async move { acts::propose(&desk, &draft).await }, done)
        .await
}

async fn edit(At(id): At<FixId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::edit(&desk, id, &draft).await };
    door.page(paths::edit_fix(id)).run(act, |_| (paths::fix(id), format!("{id} is saved."))).await
}

async fn deploy(At(id): At<FixId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::deploy(&desk, id, &draft).await };
    on(id, door, "", "Deployment recorded. Only a rerun can verify the fix.", act).await
}

async fn roll_back(At(id): At<FixId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::roll_back(&desk, id, &draft).await };
    on(id, door, "#deployments", "Roll-back recorded.", act).await
}

async fn withdraw(At(id): At<FixId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::withdraw(&desk, id, &draft).await };
    on(id, door, "", format!("{id} is withdrawn."), act).await
}

async fn note_closed_ticket(At(id): At<FixId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::note_closed_ticket(&desk, id, &draft).await };
    on(id, door, "", "Closed ticket noted. It proves nothing: the fix waits as before.", act).await
}

// --- for programs

/// What a fix is worth for one finding, and why.
#[derive(Serialize)]
pub(super) struct Worth {
    standing: Answer<Standing>,
    verified_by: Option<RunId>,
    contradicted_by: Option<RunId>,
    /// `plan`, `age` or `change`.
    stale_by: Option<&'static str>,
    /// Microseconds since 1970 UTC.
    fresh_until: Option<Moment>,
    /// What a rerun must do; none where no rerun is owed.
    waits: Option<String>,
}

impl From<Judged> for Worth {
    fn from(judged: Judged) -> Self {
        Self {
            standing: judged.answer,
            verified_by: judged.verified_by,
            contradicted_by: judged.contradicted_by,
            stale_by: judged.stale_reason.map(StaleReason::word),
            fresh_until: judged.fresh_until,
            waits: judged.waits,
        }
    }
}

/// `?before=` the last id of the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    before: String,
}

#[derive(Serialize)]
struct Line {
    fix: Fix,
    /// The worst of its findings.
    standing: Standing,
    waits: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    fixes: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Query(query): Query<Asked>, api: Api) -> Response {
    let listed = async {
        let before = asked::id(&query.before, "before", "is no fix's id")?;
        let (rows, more) = retrials::acts::fixes(&api.desk, before).await?;
        let lines = rows.into_iter().map(|row| Line { fix: row.fix, standing: row.headline, waits: row.waits });
        Ok(Listed { fixes: lines.collect(), more })
    };
    let listed = listed.await;
    api.answer(listed)
}

#[derive(Serialize)]
struct Pair {
    finding: FindingId,
    #[serde(flatten)]
    worth: Worth,
}

#[derive(Serialize)]
struct Whole {
    fix: Fix,
    /// Deployments in the order written, and when it was withdrawn.
    facts: FixFacts,
    /// The worst of its findings.
    standing: Standing,
    findings: Vec<Pair>,
}

async fn show(At(id): At<FixId>, api: Api) -> Response {
    let whole = retrials::acts::show_fix(&api.desk, id).await.map(|shown| Whole {
        fix: shown.fix,
        facts: shown.facts,
        standing: shown.headline,
        findings: shown
            .pairs
            .into_iter()
            .map(|pair| Pair { finding: pair.finding.id, worth: pair.judged.into() })
            .collect(),
    });
    api.thing(whole, |whole| whole.fix.version)
}
