//! Experiments and the revisions of their plans.

use app::paths;
use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{MethodRouter, get, post},
};
use notebook::{
    experiments::{
        Experiment, Revision, Stage,
        acts::{self, RevisionSummary},
        observed::{self, Observed},
    },
    id::{ExperimentId, number_of},
    refusal::Refusal,
    text::Slug,
};
use serde::{Deserialize, Serialize};

use crate::{
    api::Api,
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs, and what programs read.
pub fn routes() -> Router<AppState> {
    let acts = ["/experiments", "/api/v1/experiments"].iter().fold(Router::new(), |router, folder| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{folder}{path}"), door))
    });
    acts.route("/api/v1/experiments", get(list))
        .route("/api/v1/experiments/{id}", get(show))
        .route("/api/v1/experiments/{id}/plan/{number}", get(show_plan))
}

fn doors() -> [(&'static str, MethodRouter<AppState>); 8] {
    [
        ("/create", post(create)),
        ("/{id}/revise", post(revise)),
        ("/{id}/observe", post(observe)),
        ("/{id}/request-review", post(request_review)),
        ("/{id}/plan/{number}/approve", post(approve)),
        ("/{id}/plan/{number}/ask-changes", post(ask_changes)),
        ("/{id}/retire", post(retire)),
        ("/{id}/reopen", post(reopen)),
    ]
}

/// What a reviewer writes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ReviewDraft {
    text: String,
}

/// Why an experiment goes out of use, or comes back.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ReasonDraft {
    reason: String,
}

// --- writing

async fn create(door: Door) -> Response {
    let done = |made: &Experiment| (paths::experiment(made.id), format!("{} is saved as a draft.", made.id));
    door.page(paths::new_experiment()).make(|desk, draft| async move { acts::create(&desk, &draft).await }, done).await
}

async fn revise(At(id): At<ExperimentId>, door: Door) -> Response {
    let done = |saved: &Experiment| {
        (paths::experiment(id), format!("The plan is saved as {}.", saved.revision_name(saved.revision)))
    };
    door.page(paths::edit_plan(id)).run(|desk, draft| async move { acts::revise(&desk, id, &draft).await }, done).await
}

async fn observe(At(id): At<ExperimentId>, door: Door) -> Response {
    let page = paths::experiment(id);
    let done = |seen: &Observed| (format!("{}#o{}", paths::experiment(id), seen.number), "Observation added.");
    door.page(page).make(|desk, draft| async move { observed::observe(&desk, id, &draft).await }, done).await
}

// --- review

async fn request_review(At(id): At<ExperimentId>, door: Door) -> Response {
    let page = paths::experiment(id);
    let done = |asked: &Experiment| {
        (paths::experiment(id), format!("Review of {} is requested.", asked.revision_name(asked.revision)))
    };
    door.page(page).act(|desk| async move { acts::request_review(&desk, id).await }, done).await
}

async fn approve(At((id, number)): At<(ExperimentId, i64)>, door: Door) -> Response {
    let done = |ready: &Experiment| {
        (paths::experiment(id), format!("{} is approved: it runs from now on.", ready.revision_name(number)))
    };
    let act = |desk, draft: ReviewDraft| async move { acts::approve(&desk, id, number, &draft.text).await };
    door.page(paths::plan(id, number)).run(act, done).await
}

async fn ask_changes(At((id, number)): At<(ExperimentId, i64)>, door: Door) -> Response {
    let done = |asked: &Experiment| {
        (paths::experiment(id), format!("Changes to {} are asked for.", asked.revision_name(number)))
    };
    let act = |desk, draft: ReviewDraft| async move { acts::ask_changes(&desk, id, number, &draft.text).await };
    door.page(paths::plan(id, number)).run(act, done).await
}

// --- out of use

async fn retire(At(id): At<ExperimentId>, door: Door) -> Response {
    let done = |_: &Experiment| (paths::experiment(id), format!("{id} is abandoned."));
    let act = |desk, draft: ReasonDraft| async move { acts::retire(&desk, id, &draft.reason).await };
    door.page(paths::experiment(id)).run(act, done).await
}

async fn reopen(At(id): At<ExperimentId>, door: Door) -> Response {
    let done =
        |back: &Experiment| (paths::experiment(id), format!("{id} is back: {}.", back.stage.label().to_lowercase()));
    let act = |desk, draft: ReasonDraft| async move { acts::reopen(&desk, id, &draft.reason).await };
    door.page(paths::experiment(id)).run(act, done).await
}

// --- for programs

/// `?q=` part of title or id, `?stage=` a stage's word, `?service=` a slug, `?before=` the last
/// id of the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    stage: String,
    service: String,
    before: String,
}

#[derive(Serialize)]
struct Listed {
    experiments: Vec<acts::Row>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Query(asked): Query<Asked>, api: Api) -> Response {
    let filter = match asked.filter() {
        Ok(filter) => filter,
        Err(refusal) => return api.answer::<()>(Err(refusal.into())),
    };
    let listed = acts::list(&api.desk, &filter).await.map(|(experiments, more)| Listed { experiments, more });
    api.answer(listed)
}

impl Asked {
    /// A word nobody knows is refused, not passed over: a longer list than asked for misleads.
    fn filter(self) -> Result<acts::Filter, Refusal> {
        let mut filter = acts::Filter { text: self.q, ..acts::Filter::default() };
        if !self.stage.is_empty() {
            filter.stage = Some(Stage::named(&self.stage).map_err(|says| Refusal::unfit("stage", says))?);
        }
        if !self.service.is_empty() {
            filter.service =
                Some(Slug::new(&self.service).map_err(|trouble| Refusal::unfit("service", trouble.to_string()))?);
        }
        if !self.before.is_empty() {
            filter.before = Some(self.before.parse().map_err(|_| Refusal::unfit("before", "is no experiment's id"))?);
        }
        Ok(filter)
    }
}

#[derive(Serialize)]
struct Whole {
    experiment: Experiment,
    newest: Revision,
    /// The revision that runs.
    approved: Option<Revision>,
    revisions: Vec<RevisionSummary>,
    observed: Vec<Observed>,
}

async fn show(At(id): At<ExperimentId>, api: Api) -> Response {
    let whole = async {
        let shown = acts::show(&api.desk, id).await?;
        Ok(Whole {
            observed: observed::observed(&shown.history)?,
            experiment: shown.experiment,
            newest: shown.newest,
            approved: shown.approved,
            revisions: shown.revisions,
        })
    };
    let whole = whole.await;
    api.thing(whole, |whole| whole.experiment.version)
}

/// One revision, or with `2..3` the comparison of two.
async fn show_plan(At((id, which)): At<(ExperimentId, String)>, api: Api) -> Response {
    let number = |text: &str| number_of(text).ok_or_else(|| Refusal::missing("revision", format!("{id}@{text}")));
    let numbers = match which.split_once("..") {
        Some((from, to)) => number(from).and_then(|from| Ok((from, Some(number(to)?)))),
        None => number(&which).map(|only| (only, None)),
    };
    match numbers {
        Ok((from, Some(to))) => {
            let compared = acts::compare(&api.desk, id, from, to).await;
            api.answer(compared)
        }
        Ok((only, None)) => {
            let revision = acts::show_revision(&api.desk, id, only).await;
            api.thing(revision, |revision| revision.number)
        }
        Err(refusal) => api.answer::<()>(Err(refusal.into())),
    }
}
