//! What programs read of experiments: plans, their revisions, and what the runs have proven.

use axum::response::Response;
use notebook::{
    experiments::{
        Experiment, Revision, Stage,
        acts::{self, Comparison, RevisionSummary},
        identity::Relation,
        observed::{self, Observed},
    },
    findings::{Finding, Status},
    fixes::{Fix, Standing},
    id::{ExperimentId, FindingId, FixId, RunId},
    retrials::{
        acts::{ChainLink, ChainNode, Graduated, Node, RunRow, graduated, overview},
        claims::Claim,
        targets::TargetHits,
    },
    runs::{
        Run,
        facts::{Execution, Verdict},
        telemetry::Telemetry,
        validity::Validity,
    },
    search::lists,
    services::Change,
    shapes::{Limit, Param},
    templates::{self, TemplateName},
    text::Slug,
    time::Moment,
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
        let (experiments, last) =
            lists::experiments(list.desk(), &asked::query(list.desk(), &asked.q).await?, &filter).await?;
        Ok((Listed { experiments, more: last.is_some() }, last.map(|id| id.to_string())))
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
    runs: Vec<RunLine>,
    /// How many there are: `GET /runs?experiment=` lists all of them.
    runs_all: usize,
    /// What was hit over all valid runs; what nobody ever hit stands first.
    targets: Vec<TargetHits>,
    findings: Vec<FindingLine>,
    fixes: Vec<FixLine>,
    chain: Chain,
}

/// One run in the series.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OverviewRun")]
struct RunLine {
    run: Run,
    /// Names of the targets it was to hit.
    targets: Vec<String>,
    validity: Option<Validity>,
    verdict: Option<Verdict>,
    telemetry: Telemetry,
    /// What its plan is to that of the run that started before it.
    relation: Option<Relation>,
    /// Milliseconds from the fault's end or the abort until all after-checks held.
    revert_ms: Option<i64>,
    /// Recorded between the run before it and this one, the newest of them.
    changes: Vec<Change>,
    /// How many there are.
    changes_all: usize,
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

/// From runs to findings to fixes to reruns, in the order in which things happened.
#[derive(Serialize, JsonSchema)]
struct Chain {
    nodes: Vec<ChainPlace>,
    links: Vec<Arrow>,
}

#[derive(Serialize, JsonSchema)]
struct ChainPlace {
    #[serde(flatten)]
    node: ChainWord,
    at: Moment,
    /// A few words about it; may be empty.
    note: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "what", rename_all = "snake_case")]
enum ChainWord {
    /// The plan that the runs after it ran, and what it is to the one before.
    Revision {
        experiment: ExperimentId,
        number: i64,
        relation: Option<Relation>,
    },
    /// What was recorded between two runs: the first of these changes, and a service it is on.
    Changes {
        first: i64,
        count: usize,
        service: Option<Slug>,
    },
    Run {
        id: RunId,
        execution: Execution,
        validity: Option<Validity>,
        verdict: Option<Verdict>,
    },
    /// Runs in a row that found nothing and prove nothing by themselves.
    Series {
        experiment: ExperimentId,
        from: RunId,
        to: RunId,
        runs: usize,
        upheld: usize,
    },
    Finding {
        id: FindingId,
        status: Status,
    },
    Fix {
        id: FixId,
        standing: Standing,
    },
}

/// Between two places in `nodes`, which are counted from 0.
#[derive(Serialize, JsonSchema)]
struct Arrow {
    from: usize,
    to: usize,
    label: String,
    /// The run proves the fix.
    verifies: bool,
}

impl From<RunRow> for RunLine {
    fn from(row: RunRow) -> Self {
        let RunRow { run, targets, validity, verdict, telemetry, relation, revert_ms, changes, changes_all } = row;
        Self { run, targets, validity, verdict, telemetry, relation, revert_ms, changes, changes_all }
    }
}

impl From<ChainNode> for ChainPlace {
    fn from(node: ChainNode) -> Self {
        let ChainNode { node, at, note } = node;
        let node = match node {
            Node::Revision { experiment, number, relation } => ChainWord::Revision { experiment, number, relation },
            Node::Changes { first, count, service } => ChainWord::Changes { first, count, service },
            Node::Series { experiment, from, to, runs, upheld } => {
                ChainWord::Series { experiment, from, to, runs, upheld }
            }
            Node::Run { id, execution, validity, verdict } => ChainWord::Run { id, execution, validity, verdict },
            Node::Finding { id, status } => ChainWord::Finding { id, status },
            Node::Fix { id, standing } => ChainWord::Fix { id, standing },
        };
        Self { node, at, note }
    }
}

impl From<ChainLink> for Arrow {
    fn from(link: ChainLink) -> Self {
        let ChainLink { from, to, label, verifies } = link;
        Self { from, to, label, verifies }
    }
}

async fn show_overview(At(id): At<ExperimentId>, api: Api) -> Response {
    let shown = overview(&api.desk, id).await.map(|shown| Overview {
        confidence: shown.claim.as_ref().map(|claim| claim.confidence.words()),
        claim: shown.claim,
        runs: shown.runs.into_iter().map(RunLine::from).collect(),
        runs_all: shown.runs_all,
        targets: shown.targets,
        findings: shown.findings.into_iter().map(|(finding, status)| FindingLine { finding, status }).collect(),
        fixes: shown.fixes.into_iter().map(|(fix, standing)| FixLine { fix, standing }).collect(),
        chain: Chain {
            nodes: shown.chain.nodes.into_iter().map(ChainPlace::from).collect(),
            links: shown.chain.links.into_iter().map(Arrow::from).collect(),
        },
    });
    api.answer(shown)
}
