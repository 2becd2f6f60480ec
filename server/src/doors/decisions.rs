//! Recording decisions and ending them. Whether one still stands follows from its claims.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    answer::Answer,
    decisions::{
        Decision, DecisionStanding, acts,
        drafts::{Draft, SavingDraft, StopDraft},
    },
    desk::Desk,
    id::{DecisionId, ExperimentId, RunId},
    retrials::{self, acts::DecisionRow, claims::ClaimStanding},
    search::lists,
    shapes::{Limit, Param},
    text::Note,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("decisions", "What was concluded, with the claims it rests on as they stood.")
        .names::<DecisionId>("id", "The decision's id.")
        .read("/decisions", list, look("list", "List decisions, newest first.").pages::<Asked>().answers::<Listed>())
        .read(
            "/decisions/{id}",
            show,
            look("show", "Show a decision with its claims, then and now.").versioned::<Whole>(),
        )
        .act(
            "/decisions",
            decide,
            act("decide", Act::Decide, "Record a decision.")
                .takes::<Draft>()
                .creates::<Decision>()
                .more("`automate` is refused where `unattended` under `GET …/graduation` is not offered for a claim."),
        )
        .act(
            "/decisions/{id}/stop",
            stop,
            act("stop", Act::Decide, "End a decision before its time.").takes::<StopDraft>(),
        )
        .act(
            "/decisions/{id}/realise-saving",
            realise_saving,
            act("realise_saving", Act::Decide, "Write down what adopting a change saved in the end.")
                .takes::<SavingDraft>(),
        )
}

async fn decide(door: Door) -> Response {
    let done = |decision: &Decision| (paths::decision(decision.id), format!("{} is recorded.", decision.id));
    door.page(paths::new_decision())
        .make(|desk, draft| async move { retrials::acts::decide(&desk, &draft).await }, done)
        .await
}

async fn stop(At(id): At<DecisionId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::stop(&desk, id, &draft).await };
    door.page(paths::decision(id)).run(act, |()| (paths::decision(id), format!("{id} is ended."))).await
}

async fn realise_saving(At(id): At<DecisionId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::realise_saving(&desk, id, &draft).await };
    door.page(paths::decision(id)).run(act, |()| (paths::decision(id), "The saving is recorded.".to_owned())).await
}

// --- for programs

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// Only decisions taken at this run.
    #[schemars(with = "Param<RunId>")]
    run: String,
    /// Only decisions that rest on this experiment.
    #[schemars(with = "Param<ExperimentId>")]
    experiment: String,
    /// The last decision on the page before.
    #[schemars(with = "Param<DecisionId>")]
    before: String,
    /// Decisions on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One decision in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DecisionLine")]
pub(super) struct Line {
    decision: Decision,
    standing: DecisionStanding,
}

impl From<DecisionRow> for Line {
    fn from(row: DecisionRow) -> Self {
        Self { decision: row.decision, standing: row.standing }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Decisions")]
struct Listed {
    decisions: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let filter = acts::Filter {
            before: asked::id(&asked.before, "before", "is no decision's id")?,
            run: asked::id(&asked.run, "run", "is no run's id")?,
            experiment: asked::id(&asked.experiment, "experiment", "is no experiment's id")?,
            rows: asked::rows(&asked.limit)?,
        };
        let (rows, last, unreadable) =
            lists::decisions(list.desk(), &asked::query(list.desk(), &asked.q).await?, &filter).await?;
        let decisions = rows.into_iter().map(Line::from).collect();
        Ok((Listed { decisions, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

/// One claim as it was when the decision was taken, and as it is.
#[derive(Serialize, JsonSchema)]
struct ClaimNow {
    experiment: ExperimentId,
    then: String,
    standing: ClaimStanding,
    now: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DecisionWhole")]
struct Whole {
    decision: Decision,
    standing: Answer<DecisionStanding>,
    claims: Vec<ClaimNow>,
    /// What it saved in the end, with its source.
    realised_saving: Option<Note>,
}

async fn show(At(id): At<DecisionId>, api: Api) -> Response {
    let whole = retrials::acts::show_decision(&api.desk, id).await.and_then(|shown| {
        let realised_saving = acts::saved(&shown.history)?;
        let claims = shown.claims.into_iter().map(|(claimed, standing, now)| ClaimNow {
            experiment: claimed.experiment,
            then: claimed.snapshot,
            standing,
            now,
        });
        Ok(Whole { decision: shown.decision, standing: shown.standing, claims: claims.collect(), realised_saving })
    });
    api.thing(whole, |whole| whole.decision.version)
}
