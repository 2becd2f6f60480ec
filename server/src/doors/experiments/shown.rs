//! What programs read of experiments: plans, their revisions, and what the runs have proven.

use axum::response::Response;
use notebook::{
    experiments::{
        Experiment, Revision, Stage,
        acts::{self, Comparison, RevisionSummary},
        observed::{self, Observed},
    },
    findings::{Finding, Status},
    fixes::{Fix, Standing},
    id::ExperimentId,
    retrials::{
        acts::{Chain, Graduated, RunRow, graduated, overview},
        claims::Claim,
        targets::TargetHits,
    },
    search::lists,
    shapes::{Limit, Param},
    templates::{self, TemplateName},
    text::Slug,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    api::Api,
    doors::asked::{self, Asking},
    operations::{Doors, look},
    paging::List,
    reply::At,
};

pub fn of_experiments() -> Doors {
    Doors::of("experiments", "Hypotheses with their plans, revisions and reviews.")
        .names::<ExperimentId>("id", "The experiment's id.")
        .names::<i64>("number", "The revision's number.")
}

pub fn doors() -> Doors {
    of_experiments()
        .read(
            "/experiments",
            list,
            look("list", "List experiments, newest first.").pages::<Asked>().answers::<Listed>(),
        )
        .read("/experiments/{id}", show, look("show", "Show an experiment with its plan.").versioned::<Whole>())
        .read(
            "/experiments/{id}/plan/{number}",
            show_plan,
            look("show_plan", "Show one revision of the plan with its reviews.").versioned::<Revision>(),
        )
        .read(
            "/experiments/{id}/compare",
            compare,
            look("compare", "Say what the later of two revisions is to the earlier one, and why.")
                .asks::<AskedTwo>()
                .answers::<Comparison>(),
        )
        .read(
            "/experiments/{id}/overview",
            show_overview,
            look("overview", "Show what the runs have proven: claim, confidence, and the chain from runs to fixes.")
                .answers::<Overview>(),
        )
        .read(
            "/experiments/{id}/graduation",
            show_graduation,
            look("graduation", "Say whether it is offered to go on unattended or to be widened, and why.")
                .answers::<Graduated>(),
        )
}

async fn show_graduation(At(id): At<ExperimentId>, api: Api) -> Response {
    let graduated = graduated(&api.desk, id).await;
    api.answer(graduated)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// Only experiments that stand here.
    #[schemars(with = "Param<Stage>")]
    stage: String,
    /// Only experiments on this service.
    #[schemars(with = "Param<Slug>")]
    service: String,
    /// The last experiment on the page before.
    #[schemars(with = "Param<ExperimentId>")]
    before: String,
    /// Experiments on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Experiments")]
struct Listed {
    experiments: Vec<acts::Row>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let filter = acts::Filter {
            before: asked::id(&asked.before, "before", "is no experiment's id")?,
            stage: asked::word(&asked.stage, "stage", Stage::named)?,
            newest: None,
            service: asked::slug(&asked.service, "service")?,
            rows: asked::rows(&asked.limit)?,
        };
        let (experiments, last, unreadable) =
            lists::experiments(list.desk(), &asked::query(list.desk(), &asked.q).await?, &filter).await?;
        Ok((Listed { experiments, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExperimentWhole")]
struct Whole {
    experiment: Experiment,
    newest: Revision,
    /// The revision that runs.
    approved: Option<Revision>,
    /// Oldest first.
    revisions: Vec<RevisionSummary>,
    /// What was seen before any run, oldest first.
    observed: Vec<Observed>,
    /// The template it began from.
    template: Option<TemplateName>,
}

async fn show(At(id): At<ExperimentId>, api: Api) -> Response {
    let whole = async {
        let shown = acts::show(&api.desk, id).await?;
        Ok(Whole {
            template: templates::acts::began_from_in(&shown.history)?,
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

async fn show_plan(At((id, number)): At<(ExperimentId, i64)>, api: Api) -> Response {
    let revision = acts::show_revision(&api.desk, id, number).await;
    api.thing(revision, |revision| revision.number)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["from", "to"]))]
struct AskedTwo {
    /// One revision's number.
    #[schemars(with = "i64")]
    from: String,
    /// The other's. The lower number counts as the earlier plan, whichever is named first.
    #[schemars(with = "i64")]
    to: String,
}

async fn compare(At(id): At<ExperimentId>, Asking(asked): Asking<AskedTwo>, api: Api) -> Response {
    let compared = async {
        let from = asked::needed(&asked.from, "from", "is no revision's number")?;
        let to = asked::needed(&asked.to, "to", "is no revision's number")?;
        acts::compare(&api.desk, id, from, to).await
    };
    let compared = compared.await;
    api.answer(compared)
}

// --- what the runs have proven

/// Everything that follows from an experiment's runs.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExperimentOverview")]
struct Overview {
    /// None until there is an approved plan.
    claim: Option<Claim>,
    /// The claim's confidence as a sentence with counts; never a score.
    confidence: Option<String>,
    /// The newest, newest first.
    runs: Vec<RunRow>,
    /// How many there are: `GET /runs?experiment=` lists all of them.
    runs_all: usize,
    /// What was hit over all valid runs; what nobody ever hit stands first.
    targets: Vec<TargetHits>,
    findings: Vec<FindingLine>,
    fixes: Vec<FixLine>,
    chain: Chain,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OverviewFinding")]
struct FindingLine {
    finding: Finding,
    status: Status,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OverviewFix")]
struct FixLine {
    fix: Fix,
    /// The worst among this experiment's findings.
    standing: Standing,
}

async fn show_overview(At(id): At<ExperimentId>, api: Api) -> Response {
    let shown = overview(&api.desk, id).await.map(|shown| Overview {
        confidence: shown.claim.as_ref().map(|claim| claim.confidence.words()),
        claim: shown.claim,
        runs: shown.runs,
        runs_all: shown.runs_all,
        targets: shown.targets,
        findings: shown.findings.into_iter().map(|(finding, status)| FindingLine { finding, status }).collect(),
        fixes: shown.fixes.into_iter().map(|(fix, standing)| FixLine { fix, standing }).collect(),
        chain: shown.chain,
    });
    api.answer(shown)
}
