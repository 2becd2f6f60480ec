//! Everything that happens to a fix. No door verifies one: that follows from runs.

use std::future::Future;

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    answer::Answer,
    desk::Desk,
    fault::Result,
    fixes::{
        Deployment, Fix, FixFacts, Standing, acts,
        drafts::{DeployDraft, Draft, WordsDraft},
        standing::{Judged, StaleReason},
    },
    id::{FindingId, FixId, RunId},
    retrials::{self, acts::FixRow},
    search::lists,
    shapes::{Limit, Param},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::asked::{self, Asking};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("fixes", "Changes that claim to remove findings, and where they are deployed.")
        .names::<FixId>("id", "The fix's id.")
        .read("/fixes", list, look("list", "List fixes, newest first.").pages::<Asked>().answers::<Listed>())
        .read(
            "/fixes/{id}",
            show,
            look("show", "Show a fix with its deployments and what it is worth for each finding.").versioned::<Whole>(),
        )
        .read(
            "/fixes/{id}/deployments",
            deployments,
            look("list_deployments", "List where and when a fix was deployed, in the order written.")
                .answers::<Deployments>(),
        )
        .act(
            "/fixes",
            propose,
            act("propose", Act::WriteFix, "Propose a fix for one or more findings.")
                .takes::<Draft>()
                .without(&["version"])
                .creates::<Fix>(),
        )
        .act(
            "/fixes/{id}/edit",
            edit,
            act("edit", Act::WriteFix, "Change what is said of a fix.").takes::<Draft>().edits::<Fix>(),
        )
        .act(
            "/fixes/{id}/deploy",
            deploy,
            act(
                "deploy",
                Act::RecordDeployment,
                "Record that a fix is live in an environment; only a rerun can verify it.",
            )
            .takes::<DeployDraft>(),
        )
        .act(
            "/fixes/{id}/roll-back",
            roll_back,
            act("roll_back", Act::RecordDeployment, "Record that a deployment was rolled back.")
                .takes::<WordsDraft>()
                .needs(&["number"])
                .more("Deployments count from 1 in the order written."),
        )
        .act(
            "/fixes/{id}/withdraw",
            withdraw,
            act("withdraw", Act::WriteFix, "Give a fix up.").takes::<WordsDraft>().only(&["text"]),
        )
        .act(
            "/fixes/{id}/note-closed-ticket",
            note_closed_ticket,
            act(
                "note_closed_ticket",
                Act::RecordDeployment,
                "Note that a ticket elsewhere was closed; it proves nothing.",
            )
            .takes::<WordsDraft>()
            .only(&["text"]),
        )
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
#[derive(Serialize, JsonSchema)]
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

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// The last fix on the page before.
    #[schemars(with = "Param<FixId>")]
    before: String,
    /// Fixes on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One fix in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FixLine")]
pub(super) struct Line {
    fix: Fix,
    /// The worst of its findings.
    standing: Standing,
    /// What a rerun must do; none where no rerun is owed.
    waits: Option<String>,
}

impl From<FixRow> for Line {
    fn from(row: FixRow) -> Self {
        Self { fix: row.fix, standing: row.headline, waits: row.waits }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fixes")]
struct Listed {
    fixes: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let before = asked::id(&asked.before, "before", "is no fix's id")?;
        let (query, filter) =
            (asked::query(list.desk(), &asked.q).await?, acts::Filter { before, rows: asked::rows(&asked.limit)? });
        let (rows, last, unreadable) = lists::fixes(list.desk(), &query, &filter).await?;
        let fixes = rows.into_iter().map(Line::from).collect();
        Ok((Listed { fixes, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FixFinding")]
struct Pair {
    finding: FindingId,
    #[serde(flatten)]
    worth: Worth,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FixWhole")]
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

#[derive(Serialize, JsonSchema)]
struct Deployments {
    deployments: Vec<Deployment>,
}

async fn deployments(At(id): At<FixId>, api: Api) -> Response {
    let shown = retrials::acts::show_fix(&api.desk, id).await;
    let deployments = shown.map(|shown| Deployments { deployments: shown.facts.deployments });
    api.answer(deployments)
}
