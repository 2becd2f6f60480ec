//! Everything that is said about a finding. The act's word in the address is the act's own name.

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
    findings::{Cause, Finding, LinkKind, Status, acts, status::Rulings},
    fixes::Standing,
    id::{FindingId, FixId, RunId},
    retrials::{
        self,
        acts::{FindingRow, FindingShown},
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{asked, fixes::Worth};
use crate::{
    api::Api,
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs, and what programs read.
pub fn routes() -> Router<AppState> {
    let acts = ["/findings", "/api/v1/findings"].iter().fold(Router::new(), |router, folder| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{folder}{path}"), door))
    });
    acts.route("/api/v1/findings", get(list)).route("/api/v1/findings/{id}", get(show))
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
        .make(|desk, draft| async move { acts::write(&desk, &draft).await }, done)
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

// --- for programs

/// `?service=` a slug, `?experiment=` and `?origin=` ids, `?before=` the last id of the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    service: String,
    experiment: String,
    origin: String,
    before: String,
}

impl Asked {
    /// A word nobody knows is refused, not passed over: a longer list than asked for misleads.
    fn filter(&self) -> Result<acts::Filter> {
        Ok(acts::Filter {
            before: asked::id(&self.before, "before", "is no finding's id")?,
            experiment: asked::id(&self.experiment, "experiment", "is no experiment's id")?,
            origin: asked::id(&self.origin, "origin", "is no run's id")?,
            service: asked::slug(&self.service, "service")?,
        })
    }
}

#[derive(Serialize)]
struct FixWorth {
    fix: FixId,
    standing: Standing,
}

#[derive(Serialize)]
struct Line {
    finding: Finding,
    status: Status,
    fixes: Vec<FixWorth>,
}

impl From<FindingRow> for Line {
    fn from(row: FindingRow) -> Self {
        let fixes = row.fixes.into_iter().map(|(fix, standing)| FixWorth { fix, standing });
        Self { finding: row.finding, status: row.status, fixes: fixes.collect() }
    }
}

#[derive(Serialize)]
struct Listed {
    findings: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Query(asked): Query<Asked>, api: Api) -> Response {
    let listed = async {
        let (rows, more) = retrials::acts::findings(&api.desk, &asked.filter()?).await?;
        Ok(Listed { findings: rows.into_iter().map(Line::from).collect(), more })
    };
    let listed = listed.await;
    api.answer(listed)
}

#[derive(Serialize)]
struct CauseSaid {
    number: i64,
    text: String,
    /// Number of the recorded change it points at.
    change: Option<i64>,
    confirmed: bool,
}

impl From<Cause> for CauseSaid {
    fn from(cause: Cause) -> Self {
        Self { number: cause.number, text: cause.text, change: cause.change, confirmed: cause.confirmed }
    }
}

#[derive(Serialize)]
struct Link {
    kind: LinkKind,
    to: FindingId,
}

#[derive(Serialize)]
struct OfFix {
    fix: FixId,
    #[serde(flatten)]
    worth: Worth,
}

#[derive(Serialize)]
struct Whole {
    finding: Finding,
    status: Answer<Status>,
    rulings: Rulings,
    causes: Vec<CauseSaid>,
    links: Vec<Link>,
    seen_again: Vec<RunId>,
    fixes: Vec<OfFix>,
}

impl From<FindingShown> for Whole {
    fn from(shown: FindingShown) -> Self {
        let fixes = shown.fixes.into_iter().map(|worth| OfFix { fix: worth.fix.id, worth: worth.judged.into() });
        Self {
            finding: shown.finding,
            status: shown.status,
            rulings: shown.rulings,
            causes: shown.causes.into_iter().map(CauseSaid::from).collect(),
            links: shown.links.into_iter().map(|(kind, to)| Link { kind, to }).collect(),
            seen_again: shown.seen_again,
            fixes: fixes.collect(),
        }
    }
}

async fn show(At(id): At<FindingId>, api: Api) -> Response {
    let whole = retrials::acts::show_finding(&api.desk, id).await.map(Whole::from);
    api.thing(whole, |whole| whole.finding.version)
}
