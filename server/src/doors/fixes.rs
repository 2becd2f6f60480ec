//! Everything that happens to a fix. No door verifies one: that follows from runs.

use std::future::Future;

use app::paths;
use axum::{
    Router,
    response::Response,
    routing::{MethodRouter, post},
};
use notebook::{
    desk::Desk,
    fault::Result,
    fixes::{Fix, acts},
    id::FixId,
};
use serde::de::DeserializeOwned;

use crate::{
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs.
pub fn routes() -> Router<AppState> {
    ["/fixes", "/api/v1/fixes"].iter().fold(Router::new(), |router, folder| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{folder}{path}"), door))
    })
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
        .run(|desk, draft| async move { acts::propose(&desk, &draft).await }, done)
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
