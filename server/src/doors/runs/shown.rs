//! What programs read of runs.

use std::collections::BTreeSet;

use axum::response::Response;
use notebook::{
    actor::PersonId,
    answer::Answer,
    experiments::{
        identity::Compared,
        plan::{Outcome, Plan},
    },
    findings::Finding,
    fixes::Fix,
    gate::{
        answers::Settled,
        asked::{Asked as Gate, OPERATOR},
        passed::Passed,
        preflight::{Looked, Polled},
        prompts::Prompt,
        told::Marked,
    },
    id::{ExperimentId, RunId},
    retrials::acts::{RunsCompared, compare_runs, open_fixes},
    runs::{
        Run,
        acts::{self, Observation, Row, Shown},
        facts::{Execution, FixAnswer, RunFacts, Verdict},
        phase::{Phase, phase},
        telemetry::{Telemetry, detection_delay_ms},
        trail::{Crew, ObservationKind},
        validity::Validity,
    },
    search::lists,
    shapes::{Limit, Param, Tick},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measured;
use crate::{
    api::Api,
    doors::asked::{self, Asking},
    operations::{Doors, look},
    paging::List,
    reply::At,
};

pub fn doors() -> Doors {
    Doors::of("runs", "One execution of one revision, from its plan to its verdict and decision.")
        .names::<RunId>("id", "The run's id.")
        .read("/runs", list, look("list", "List runs, newest first.").pages::<Asked>().answers::<Listed>())
        .read(
            "/runs/compare",
            compare,
            look("compare", "Say in what two to six runs differ, and what was changed between them.")
                .asks::<AskedRuns>()
                .answers::<RunsCompared>(),
        )
        .read(
            "/runs/{id}",
            show,
            look("show", "Show a run with its facts and what they amount to.").versioned::<Whole>(),
        )
        .read(
            "/runs/{id}/observations",
            observations,
            look("list_observations", "List what was written down during a run, in the order written.")
                .pages::<AskedObservations>()
                .answers::<Observations>(),
        )
        .read(
            "/runs/{id}/readings",
            measured::readings,
            look("list_readings", "List what the queries of a run's plan were answered, the oldest first.")
                .pages::<measured::Asked>()
                .answers::<measured::Readings>(),
        )
        .read(
            "/runs/{id}/open-fixes",
            fixes,
            look("open_fixes", "List the fixes this run has to be answered for when it is closed.")
                .answers::<OpenFixes>(),
        )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// Only runs that stand here.
    #[schemars(with = "Param<Execution>")]
    execution: String,
    /// Only runs of this experiment.
    #[schemars(with = "Param<ExperimentId>")]
    experiment: String,
    /// The last run on the page before.
    #[schemars(with = "Param<RunId>")]
    before: String,
    /// Runs on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One run in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RunLine")]
pub(in crate::doors) struct Line {
    run: Run,
    /// Names of the targets it was to hit.
    targets: Vec<String>,
    /// None until the run has ended.
    validity: Option<Validity>,
    /// What stands: signed, or overruled.
    verdict: Option<Verdict>,
    telemetry: Telemetry,
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        let Row { run, targets, validity, verdict, telemetry } = row;
        Self { run, targets, validity, verdict, telemetry }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Runs")]
struct Listed {
    runs: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let filter = acts::Filter {
            before: asked::id(&asked.before, "before", "is no run's id")?,
            execution: asked::word(&asked.execution, "execution", Execution::named)?,
            experiment: asked::id(&asked.experiment, "experiment", "is no experiment's id")?,
            rows: asked::rows(&asked.limit)?,
        };
        let (rows, last, unreadable) =
            lists::runs(list.desk(), &asked::query(list.desk(), &asked.q).await?, &filter).await?;
        let runs = rows.into_iter().map(Line::from).collect();
        Ok((Listed { runs, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["ids"]))]
struct AskedRuns {
    /// The ids of two to six runs, with commas between them.
    ids: String,
    /// `on` for all that is said of them, not only what differs.
    #[schemars(with = "Param<Tick>")]
    all: String,
}

async fn compare(Asking(asked): Asking<AskedRuns>, api: Api) -> Response {
    let compared = async {
        let all = asked::flag(&asked.all, "all")?;
        let ids = asked.ids.split(',').map(|id| asked::needed(id, "ids", "holds something that is no run's id"));
        let ids = ids.collect::<Result<BTreeSet<RunId>, _>>()?;
        compare_runs(&api.desk, &ids, all).await
    };
    let compared = compared.await;
    api.answer(compared)
}

/// What somebody wrote down during a run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Observation")]
struct Observed {
    /// `o1`, `o2`… of its run.
    number: i64,
    /// When it was so.
    at: Moment,
    recorded_at: Moment,
    by: String,
    kind: ObservationKind,
    text: String,
    pinned: bool,
}

impl From<Observation> for Observed {
    fn from(line: Observation) -> Self {
        let Observation { number, at, recorded_at, name, kind, text, pinned } = line;
        Self { number, at, recorded_at, by: name, kind, text, pinned }
    }
}

/// The newest earlier run that was valid, and how this run's plan relates to that one's.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RunBefore")]
struct Before {
    run: RunId,
    compared: Compared,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RunWhole")]
struct Whole {
    run: Run,
    facts: RunFacts,
    /// Where it is while it goes on.
    phase: Option<Phase>,
    /// The revision that runs.
    plan: Plan,
    crew: Crew,
    /// What was said when it was planned.
    note: Option<String>,
    /// The run it repeats or stands for.
    replaces: Option<String>,
    /// None until the run has ended.
    validity: Option<Answer<Validity>>,
    /// What the values say; a person signs it.
    proposed: Option<Answer<Verdict>>,
    /// What stands: signed, or overruled.
    verdict: Option<Verdict>,
    telemetry: Answer<Telemetry>,
    /// What the gate says of a start at the planned time by whoever asks, and what was answered to it;
    /// only while planned. One's own answers count where there is no second person.
    gate: Vec<Settled>,
    /// The checks that say something else of a start now; only while planned for later.
    gate_now: Vec<Settled>,
    /// What the gate said when it started; none for runs from before that was kept.
    passed: Option<Passed>,
    /// What speaks for aborting it now, while it goes on.
    prompts: Vec<Prompt>,
    /// Milliseconds from the fault's start until a signal or a reading showed it, at least and at most.
    detect_ms: Option<(i64, i64)>,
    /// Milliseconds from the fault's end until every after-check held again, at least and at most.
    revert_ms: Option<(i64, i64)>,
    /// Answers that readings speak for.
    proposals: Vec<measured::Proposed>,
    /// The abort conditions that queries watch.
    conditions: Vec<measured::Watched>,
    /// Who is on it, present or expected.
    attending: Vec<Marked>,
    /// Go or no-go of each part before the start; the gate asks about a no-go.
    polled: Vec<Polled>,
    /// What looking both ways showed.
    looked: Vec<Looked>,
    before: Option<Before>,
    /// In the order written.
    observations: Vec<Observed>,
}

async fn show(At(id): At<RunId>, api: Api) -> Response {
    let who = api.desk.person_id().unwrap_or(OPERATOR);
    let now = api.desk.now();
    let shown = acts::show(&api.desk, id).await.map(|shown| Whole::of(shown, who, now));
    api.thing(shown, |shown| shown.run.version)
}

impl Whole {
    fn of(shown: Shown, who: PersonId, now: Moment) -> Self {
        let (detect_ms, revert_ms) = (detection_delay_ms(&shown.facts), shown.facts.revert_ms());
        let (proposals, conditions) = (measured::proposed(&shown, now), measured::conditions(&shown, now));
        let settled = |gate: Option<Gate>| gate.map(|asked| asked.settled(who)).unwrap_or_default();
        Self {
            run: shown.run,
            phase: phase(&shown.facts).map(|(phase, _)| phase),
            facts: shown.facts,
            plan: shown.plan,
            crew: shown.crew,
            note: shown.note,
            replaces: shown.replaces,
            validity: shown.validity,
            proposed: shown.proposed,
            verdict: shown.verdict,
            telemetry: shown.telemetry,
            gate: settled(shown.gate),
            gate_now: settled(shown.gate_now),
            passed: shown.passed,
            prompts: shown.prompts,
            detect_ms,
            revert_ms,
            proposals,
            conditions,
            attending: shown.attending,
            polled: shown.polled,
            looked: shown.looked,
            before: shown.before.map(|(run, compared)| Before { run: run.id, compared }),
            observations: shown.observations.into_iter().map(Observed::from).collect(),
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AskedObservations {
    /// The number of the last observation on the page before.
    #[schemars(with = "Param<i64>")]
    after: String,
    /// Observations on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
struct Observations {
    observations: Vec<Observed>,
    /// Whether there are later ones.
    more: bool,
}

async fn observations(At(id): At<RunId>, Asking(asked): Asking<AskedObservations>, list: List) -> Response {
    let listed = async {
        let after = asked::id(&asked.after, "after", "is no observation's number")?.unwrap_or(0);
        let rows = asked::rows(&asked.limit)?;
        let (found, more) = acts::list_observations(list.desk(), id, after, rows).await?;
        let last = found.last().filter(|_| more).map(|seen| seen.number.to_string());
        Ok((Observations { observations: found.into_iter().map(Observed::from).collect(), more }, last))
    };
    let listed = listed.await;
    list.answer("after", listed)
}

#[derive(Serialize, JsonSchema)]
struct OpenFixes {
    fixes: Vec<OpenFix>,
}

/// A fix that was live when the run began.
#[derive(Serialize, JsonSchema)]
struct OpenFix {
    fix: Fix,
    finding: Finding,
    /// The finding's condition matches a target on which the fault took effect.
    can_exercise: bool,
    /// What the revealing check says in this run.
    check: Outcome,
    /// The answer given so far.
    answer: Option<FixAnswer>,
}

async fn fixes(At(id): At<RunId>, api: Api) -> Response {
    let open = open_fixes(&api.desk, id).await.map(|open| {
        let fixes = open.into_iter().map(|open| OpenFix {
            fix: open.fix,
            finding: open.finding,
            can_exercise: open.can_exercise,
            check: open.check,
            answer: open.answer,
        });
        OpenFixes { fixes: fixes.collect() }
    });
    api.answer(open)
}
