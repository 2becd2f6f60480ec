//! Everything that is done to a run. The act's word in the address is the act's own name.

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
    experiments::identity::Compared,
    fault::Result,
    id::RunId,
    refusal::Refusal,
    retrials,
    runs::{
        Run, acts,
        facts::{Execution, RunFacts, Verdict},
        gate::GateLine,
        telemetry::Telemetry,
        trail::ObservationKind,
        validity::Validity,
    },
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
    let acts = ["/runs", "/api/v1/runs"].iter().fold(Router::new(), |router, folder| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{folder}{path}"), door))
    });
    acts.route("/api/v1/runs", get(list)).route("/api/v1/runs/{id}", get(show))
}

fn doors() -> [(&'static str, MethodRouter<AppState>); 25] {
    [
        ("/plan", post(plan)),
        ("/past", post(record_past)),
        ("/{id}/start", post(start)),
        ("/{id}/cancel", post(cancel)),
        ("/{id}/resolve-targets", post(resolve_targets)),
        ("/{id}/record-effect", post(record_effect)),
        ("/{id}/begin-fault", post(begin_fault)),
        ("/{id}/end-fault", post(end_fault)),
        ("/{id}/observe", post(observe)),
        ("/{id}/answer-check", post(answer_check)),
        ("/{id}/answer-signal", post(answer_signal)),
        ("/{id}/deviate", post(deviate)),
        ("/{id}/rule-deviation", post(rule_deviation)),
        ("/{id}/abort", post(abort)),
        ("/{id}/give-abort-reason", post(give_abort_reason)),
        ("/{id}/fail-revert", post(fail_revert)),
        ("/{id}/finish", post(finish)),
        ("/{id}/rule-validity", post(rule_validity)),
        ("/{id}/sign", post(sign)),
        ("/{id}/overrule", post(overrule)),
        ("/{id}/revoke-overruling", post(revoke_overruling)),
        ("/{id}/record-lack", post(record_lack)),
        ("/{id}/close", post(close)),
        ("/{id}/amend", post(amend)),
        ("/{id}/amend-answer", post(amend_answer)),
    ]
}

/// One act on one run. Afterwards its page, at a place on it (`#checks`, or nothing for its top).
async fn on<D, T, Doing>(id: RunId, door: Door, place: &str, said: &str, act: impl FnOnce(Desk, D) -> Doing) -> Response
where
    D: DeserializeOwned,
    T: Serialize,
    Doing: Future<Output = Result<T>>,
{
    let page = paths::run(id);
    let after = format!("{page}{place}");
    door.page(page).run(act, |_| (after, said)).await
}

// --- before

async fn plan(door: Door) -> Response {
    let done = |run: &Run| (paths::run(run.id), format!("{} is planned.", run.id));
    door.page(paths::choose_run()).make(|desk, draft| async move { acts::plan(&desk, &draft).await }, done).await
}

async fn record_past(door: Door) -> Response {
    let done = |run: &Run| (paths::run(run.id), format!("{} is written down. Now record what was seen.", run.id));
    door.page(paths::choose_past_run())
        .make(|desk, draft| async move { acts::record_past(&desk, &draft).await }, done)
        .await
}

async fn start(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Run started.", |desk, draft| async move { acts::start(&desk, id, &draft).await }).await
}

async fn cancel(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Run cancelled.", |desk, draft| async move { acts::cancel(&desk, id, &draft).await }).await
}

// --- while it goes on

async fn resolve_targets(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::resolve_targets(&desk, id, &draft).await };
    on(id, door, "#targets", "Targets saved.", act).await
}

async fn record_effect(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::record_effect(&desk, id, &draft).await };
    on(id, door, "#targets", "Effect recorded.", act).await
}

async fn begin_fault(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::begin_fault(&desk, id, &draft).await };
    on(id, door, "", "The fault began.", act).await
}

async fn end_fault(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::end_fault(&desk, id, &draft).await };
    on(id, door, "", "The fault ended; the revert is timed.", act).await
}

async fn observe(At(id): At<RunId>, door: Door) -> Response {
    let done = |number: &i64| (paths::observation(id, *number), "Observation added.");
    door.page(paths::run(id)).make(|desk, draft| async move { acts::observe(&desk, id, &draft).await }, done).await
}

async fn answer_check(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::answer_check(&desk, id, &draft).await };
    on(id, door, "#checks", "Value recorded.", act).await
}

async fn answer_signal(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::answer_signal(&desk, id, &draft).await };
    on(id, door, "#signals", "Signal recorded.", act).await
}

async fn deviate(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::deviate(&desk, id, &draft).await };
    on(id, door, "#deviations", "Deviation recorded.", act).await
}

async fn abort(At(id): At<RunId>, door: Door) -> Response {
    let said = "Run aborted; the revert is timed until all after-checks hold.";
    on(id, door, "", said, |desk, draft| async move { acts::abort(&desk, id, &draft).await }).await
}

async fn fail_revert(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::fail_revert(&desk, id, &draft).await };
    on(id, door, "#end", "Failed revert recorded.", act).await
}

async fn finish(At(id): At<RunId>, door: Door) -> Response {
    let page = paths::run(id);
    let done = |run: &Run| {
        let how = if run.execution == Execution::Aborted { "aborted" } else { "finished" };
        (paths::run(id), format!("{id} is {how}. The verdict is due."))
    };
    door.page(page).run(|desk, draft| async move { acts::finish(&desk, id, &draft).await }, done).await
}

async fn record_lack(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::record_lack(&desk, id, &draft).await };
    on(id, door, "", "Missing fix recorded.", act).await
}

// --- judging and closing

async fn give_abort_reason(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::give_abort_reason(&desk, id, &draft).await };
    on(id, door, "#closing", "Abort reason given.", act).await
}

async fn rule_validity(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::rule_validity(&desk, id, &draft).await };
    on(id, door, "", "Ruling recorded.", act).await
}

async fn rule_deviation(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::rule_deviation(&desk, id, &draft).await };
    on(id, door, "#deviations", "Ruling recorded.", act).await
}

async fn sign(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "#closing", "Verdict signed.", |desk, draft| async move { acts::sign(&desk, id, &draft).await }).await
}

async fn overrule(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Verdict overruled.", |desk, draft| async move { acts::overrule(&desk, id, &draft).await }).await
}

async fn revoke_overruling(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::revoke_overruling(&desk, id, &draft).await };
    on(id, door, "", "Overruling revoked.", act).await
}

async fn close(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { retrials::acts::close(&desk, id, &draft).await };
    door.page(paths::run(id))
        .make_at(
            act,
            |decision| (paths::run(id), format!("{id} is closed; {} is recorded.", decision.id)),
            |decision| paths::decision(decision.id),
        )
        .await
}

async fn amend(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Amendment added.", |desk, draft| async move { acts::amend(&desk, id, &draft).await }).await
}

async fn amend_answer(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { retrials::acts::amend_answer(&desk, id, &draft).await };
    on(id, door, "", "Answer amended.", act).await
}

// --- for programs

/// `?execution=` one word, `?before=` the last id of the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    execution: String,
    before: String,
}

#[derive(Serialize)]
struct Line {
    run: Run,
    targets: Vec<String>,
    validity: Option<Validity>,
    verdict: Option<Verdict>,
    telemetry: Telemetry,
}

#[derive(Serialize)]
struct Listed {
    runs: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
}

async fn list(Query(query): Query<Asked>, api: Api) -> Response {
    let listed = async {
        let before = asked::id(&query.before, "before", "is no run's id")?;
        let execution = match query.execution.trim() {
            "" => None,
            word => Some(Execution::named(word).map_err(|says| Refusal::unfit("execution", says))?),
        };
        let (rows, more) = acts::list(&api.desk, before, execution).await?;
        let lines = rows.into_iter().map(|row| Line {
            run: row.run,
            targets: row.targets,
            validity: row.validity,
            verdict: row.verdict,
            telemetry: row.telemetry,
        });
        Ok(Listed { runs: lines.collect(), more })
    };
    let listed = listed.await;
    api.answer(listed)
}

#[derive(Serialize)]
struct Observed {
    number: i64,
    /// Microseconds since 1970 UTC, like every instant here.
    at: Moment,
    recorded_at: Moment,
    by: String,
    kind: ObservationKind,
    text: String,
    pinned: bool,
}

/// The newest earlier run that was valid, and how this run's plan relates to that one's.
#[derive(Serialize)]
struct Before {
    run: RunId,
    compared: Compared,
}

#[derive(Serialize)]
struct Whole {
    run: Run,
    facts: RunFacts,
    /// None until the run has ended.
    validity: Option<Answer<Validity>>,
    /// What the values say; a person signs it.
    proposed: Option<Answer<Verdict>>,
    /// What stands: signed, or overruled.
    verdict: Option<Verdict>,
    telemetry: Answer<Telemetry>,
    /// Only while planned.
    gate: Vec<GateLine>,
    before: Option<Before>,
    observations: Vec<Observed>,
}

async fn show(At(id): At<RunId>, api: Api) -> Response {
    let shown = acts::show(&api.desk, id).await.map(|shown| Whole {
        run: shown.run,
        facts: shown.facts,
        validity: shown.validity,
        proposed: shown.proposed,
        verdict: shown.verdict,
        telemetry: shown.telemetry,
        gate: shown.gate,
        before: shown.before.map(|(run, compared)| Before { run: run.id, compared }),
        observations: shown.observations.into_iter().map(observed).collect(),
    });
    api.thing(shown, |shown| shown.run.version)
}

fn observed(line: acts::Observation) -> Observed {
    let acts::Observation { number, at, recorded_at, name, kind, text, pinned } = line;
    Observed { number, at, recorded_at, by: name, kind, text, pinned }
}
