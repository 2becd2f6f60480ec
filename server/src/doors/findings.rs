//! Everything that is said about a finding. The act's word in the address is the act's own name.

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
    findings::{Finding, acts},
    id::FindingId,
};
use serde::de::DeserializeOwned;

use crate::{
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs.
pub fn routes() -> Router<AppState> {
    ["/findings", "/api/v1/findings"].iter().fold(Router::new(), |router, folder| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{folder}{path}"), door))
    })
}

fn doors() -> [(&'static str, MethodRouter<AppState>); 10] {
    [
        ("", post(write)),
        ("/{id}/edit", post(edit)),
        ("/{id}/suspect-cause", post(suspect_cause)),
        ("/{id}/confirm-cause", post(confirm_cause)),
        ("/{id}/accept-risk", post(accept_risk)),
        ("/{id}/mark-duplicate", post(mark_duplicate)),
        ("/{id}/dismiss", post(dismiss)),
        ("/{id}/undo", post(undo)),
        ("/{id}/link", post(link)),
        ("/{id}/see-again", post(see_again)),
    ]
}

/// One act on one finding. Afterwards its page, at a place on it (`#causes`, or nothing for its top).
async fn on<D, Doing>(
    id: FindingId,
    door: Door,
    place: &str,
    said: impl Into<String>,
    act: impl FnOnce(Desk, D) -> Doing,
) -> Response
where
    D: DeserializeOwned,
    Doing: Future<Output = Result<()>>,
{
    let page = paths::finding(id);
    let after = format!("{page}{place}");
    door.page(page).run(act, |()| (after, said)).await
}

async fn write(door: Door) -> Response {
    let done = |finding: &Finding| (paths::finding(finding.id), format!("{} is written down.", finding.id));
    door.page(paths::new_finding_without_run())
        .run(|desk, draft| async move { acts::write(&desk, &draft).await }, done)
        .await
}

async fn edit(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::edit(&desk, id, &draft).await };
    door.page(paths::edit_finding(id)).run(act, |_| (paths::finding(id), format!("{id} is saved."))).await
}

async fn suspect_cause(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::suspect_cause(&desk, id, &draft).await };
    on(id, door, "#causes", "Cause suspected. It stays a suspicion until somebody confirms it.", act).await
}

async fn confirm_cause(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::confirm_cause(&desk, id, &draft).await };
    on(id, door, "#causes", "Cause confirmed.", act).await
}

async fn accept_risk(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::accept_risk(&desk, id, &draft).await };
    on(id, door, "", "Risk accepted. After its date the finding needs action again.", act).await
}

async fn mark_duplicate(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::mark_duplicate(&desk, id, &draft).await };
    on(id, door, "", format!("{id} is marked as a duplicate."), act).await
}

async fn dismiss(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::dismiss(&desk, id, &draft).await };
    on(id, door, "", format!("{id} is ruled to be no finding."), act).await
}

async fn undo(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::undo(&desk, id, &draft).await };
    on(id, door, "#judgement", "Ruling taken back.", act).await
}

async fn link(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::link(&desk, id, &draft).await };
    on(id, door, "#links", "Findings linked.", act).await
}

async fn see_again(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::see_again(&desk, id, &draft).await };
    on(id, door, "#seen-again", "Noted: seen again.", act).await
}
